// SPDX-License-Identifier: EUPL-1.2
//
// Messages come from devices and from the hub. Whatever the bytes are, each reader (chosen by the
// first byte) refuses them or gives a struct that writes and reads back the same.
#include "link/api_fleet.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Each trial reads, and on success writes and reads again; the two must be equal.
#define TRIAL(name, type, read_fn, write_fn)                                                       \
    static void name(const struct json *json)                                                      \
    {                                                                                              \
        static type first;                                                                         \
        static type second;                                                                        \
        struct fault fault = {0};                                                                  \
        if (read_fn(json, &first, &fault) != OK) {                                                 \
            if (fault.text[0] == '\0') {                                                           \
                abort();                                                                           \
            }                                                                                      \
            return;                                                                                \
        }                                                                                          \
        struct json *again = write_fn(&first);                                                     \
        if (read_fn(again, &second, NULL) != OK || memcmp(&first, &second, sizeof first) != 0) {   \
            abort();                                                                               \
        }                                                                                          \
        json_free(again);                                                                          \
    }

TRIAL(try_visit_open, struct api_visit_open_private, api_visit_open_read, api_visit_open_write)
TRIAL(try_second_fact, struct api_second_fact_private, api_second_fact_read, api_second_fact_write)
TRIAL(try_visit, struct api_visit_private, api_visit_read, api_visit_write)
TRIAL(try_begin, struct api_begin, api_begin_read, api_begin_write)
TRIAL(try_catalogue, struct catalogue, api_catalogue_read, api_catalogue_write)
TRIAL(try_issue, struct api_issue, api_issue_read, api_issue_write)
TRIAL(try_ticket, struct api_ticket, api_ticket_read, api_ticket_write)
TRIAL(try_call, struct api_call, api_call_read, api_call_write)
TRIAL(try_transition, struct api_transition, api_transition_read, api_transition_write)
TRIAL(try_context, struct context_private, api_context_read, api_context_write)
TRIAL(try_why, struct hall_why, api_why_read, api_why_write)
TRIAL(try_session, struct api_session, api_session_read, api_session_write)
TRIAL(try_counter, struct counter, api_counter_read, api_counter_write)
TRIAL(try_health, struct api_health, api_health_read, api_health_write)
TRIAL(try_report, struct api_report, api_report_read, api_report_write)
TRIAL(try_orders, struct api_orders, api_orders_read, api_orders_write)
TRIAL(try_state, struct api_state, api_state_read, api_state_write)
TRIAL(try_person, struct person_private, api_person_read, api_person_write)
TRIAL(try_requests, struct request_list_private, api_requests_read, api_requests_write)

// The same for those with documents: what is written must be equal.
#define TRIAL_OWNED(name, type, read_fn, write_fn, free_fn)                                        \
    static void name(const struct json *json)                                                      \
    {                                                                                              \
        static type first;                                                                         \
        static type second;                                                                        \
        static const type nothing;                                                                 \
        struct fault fault = {0};                                                                  \
        if (read_fn(json, &first, &fault) != OK) {                                                 \
            if (fault.text[0] == '\0' || memcmp(&first, &nothing, sizeof first) != 0) {            \
                abort();                                                                           \
            }                                                                                      \
            return;                                                                                \
        }                                                                                          \
        struct json *again = write_fn(&first);                                                     \
        if (read_fn(again, &second, NULL) != OK) {                                                 \
            abort();                                                                               \
        }                                                                                          \
        struct json *once_more = write_fn(&second);                                                \
        if (!json_same(again, once_more)) {                                                        \
            abort();                                                                               \
        }                                                                                          \
        json_free(again);                                                                          \
        json_free(once_more);                                                                      \
        free_fn(&first);                                                                           \
        free_fn(&second);                                                                          \
    }

TRIAL(try_form_open, struct api_form_open, api_form_open_read, api_form_open_write)
TRIAL(try_form_sent, struct api_form_sent, api_form_sent_read, api_form_sent_write)
TRIAL(try_upload_open, struct api_upload_open, api_upload_open_read, api_upload_open_write)
TRIAL(try_upload, struct api_upload_private, api_upload_read, api_upload_write)
TRIAL_OWNED(try_uploads, struct api_uploads_private, api_uploads_read, api_uploads_write,
            api_uploads_free)
TRIAL_OWNED(try_form, struct api_form_private, api_form_read, api_form_write, api_form_free)
TRIAL_OWNED(try_form_answers, struct api_form_answers_private, api_form_answers_read,
            api_form_answers_write, api_form_answers_free)
TRIAL_OWNED(try_form_saved, struct api_form_saved_private, api_form_saved_read,
            api_form_saved_write, api_form_saved_free)
TRIAL_OWNED(try_form_send, struct api_form_send_private, api_form_send_read, api_form_send_write,
            api_form_send_free)

static void try_form_pen(const struct json *json)
{
    enum api_pen pen;
    if (api_form_pen_read(json, &pen, NULL) == OK) {
        json_free(api_form_pen_write(pen));
    }
}

static void try_print(const struct json *json)
{
    enum print_state state;
    if (api_print_read(json, &state, NULL) == OK) {
        json_free(api_print_write(state));
    }
}

static void try_problem(const struct json *json)
{
    struct api_problem problem;
    enum err err = api_problem_read(json, 409, &problem);
    if (problem.status != 409 || (err == OK) != (problem.code[0] != '\0')) {
        abort();
    }
}

static void try_events(const struct json *json)
{
    static const char *const names[] = {"ticket", "call", "counter", "service",
                                        "visit",  "day",  "form",    "upload"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        static struct api_event first;
        static struct api_event second;
        if (api_event_read(names[i], json, &first, NULL) != OK) {
            continue;
        }
        const char *name = NULL;
        struct json *again = api_event_write(&first, &name);
        if (strcmp(name, names[i]) != 0 || api_event_read(name, again, &second, NULL) != OK ||
            memcmp(&first, &second, sizeof first) != 0) {
            abort();
        }
        json_free(again);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const trials[])(const struct json *) = {
        try_visit_open,   try_second_fact, try_visit,      try_issue,     try_ticket,
        try_print,        try_call,        try_transition, try_context,   try_why,
        try_session,      try_counter,     try_health,     try_state,     try_events,
        try_person,       try_requests,    try_problem,    try_form_open, try_form,
        try_form_answers, try_form_saved,  try_form_send,  try_form_sent, try_form_pen,
        try_upload_open,  try_upload,      try_uploads,    try_begin,     try_catalogue,
        try_report,       try_orders,
    };
    enum { TRIALS_COUNT = sizeof trials / sizeof trials[0] };
    struct json *json = NULL;
    if (size < 2 || json_parse((const char *)data + 1, size - 1, &json) != OK) {
        return 0;
    }
    // Letters from 'a' on, so that seeds can be read and written by hand.
    trials[(uint8_t)(data[0] - 'a') % TRIALS_COUNT](json);
    json_free(json);
    return 0;
}
