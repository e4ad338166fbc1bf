// SPDX-License-Identifier: EUPL-1.2
//
// What a screen starts from and what changes it afterwards: the state and the events of the
// stream.
#include "link/api.h"

#include "base/bytes.h"
#include "base/text.h"
#include "link/api_parts.h"

#include <string.h>

static enum err read_services(const struct json *json, struct api_state *state,
                              struct fault *fault);
static enum err read_service(const struct json *json, struct api_state_service *service,
                             struct fault *fault);
static struct json *write_service(const struct api_state_service *service);
static enum err read_counters(const struct json *json, struct api_state *state,
                              struct fault *fault);
static enum err read_tickets(const struct json *json, struct api_state *state, struct fault *fault);
static enum err read_calls(const struct json *json, struct api_state *state, struct fault *fault);
static struct json *write_call(const struct api_state_call *call);
static enum err read_fact(const struct json *json, struct api_event *event, struct fault *fault);

static const char *const languages[3] = {"nl", "en", "ar"};

static const char *const event_names[] = {
    [API_EVENT_TICKET] = "ticket",   [API_EVENT_CALL] = "call",     [API_EVENT_COUNTER] = "counter",
    [API_EVENT_SERVICE] = "service", [API_EVENT_VISIT] = "visit",   [API_EVENT_DAY] = "day",
    [API_EVENT_FORM] = "form",       [API_EVENT_UPLOAD] = "upload",
};
enum { EVENTS_COUNT = sizeof event_names / sizeof event_names[0] };

static const struct api_field state_fields[] = {
    {"seq", API_WHOLE, API_AT(struct api_state, seq), .is_required = true, .max = INT64_MAX},
    {"now", API_TIME, API_AT(struct api_state, now_ms), .is_required = true},
    {"location", API_ID, API_AT(struct api_state, location), .is_required = true},
    {"town", API_WORDS, API_AT(struct api_state, town)},
    {"has_catalogue", API_TRUTH, API_AT(struct api_state, has_catalogue)},
};
static const struct api_shape state_shape = API_SHAPE(state_fields);

static const struct api_field service_fields[] = {
    {"letter", API_LETTER, API_AT(struct api_state_service, letter), .is_required = true},
    {"id", API_ID, API_AT(struct api_state_service, id), .is_required = true},
    {"subject", API_NAME, API_AT(struct api_state_service, subject), .is_required = true,
     .names = &api_subject_names},
    {"waiting", API_WHOLE, API_AT(struct api_state_service, waiting), .max = HALL_TICKETS_MAX},
};
static const struct api_shape service_shape = API_SHAPE(service_fields);

static const struct api_field call_fields[] = {
    {"number", API_NUMBER, API_AT(struct api_state_call, number), .is_required = true},
    {"desk", API_ID, API_AT(struct api_state_call, desk), .is_required = true},
    {"called_at", API_TIME, API_AT(struct api_state_call, called_ms), .is_required = true},
    {"calls_count", API_WHOLE, API_AT(struct api_state_call, calls_count), .max = UINT16_MAX},
};
static const struct api_shape call_shape = API_SHAPE(call_fields);

static const struct api_field event_fields[] = {
    {"seq", API_WHOLE, API_AT(struct api_event, seq), .is_required = true, .max = INT64_MAX},
};
static const struct api_shape event_shape = API_SHAPE(event_fields);

static const struct api_field visit_fields[] = {
    {"visit", API_UUID, API_AT(struct api_event, visit), .is_required = true},
};
static const struct api_shape visit_shape = API_SHAPE(visit_fields);

static const struct api_field form_fields[] = {
    {"id", API_UUID, API_AT(struct api_form_news, id), .is_required = true},
    {"revision", API_WHOLE, API_AT(struct api_form_news, revision), .is_required = true,
     .max = INT64_MAX},
    {"state", API_NAME, API_AT(struct api_form_news, state), .is_required = true,
     .names = &api_form_state_names},
    {"holder", API_ID, API_AT(struct api_form_news, holder)},
};
static const struct api_shape form_shape = API_SHAPE(form_fields);

enum err api_state_read(const struct json *json, struct api_state *state, struct fault *fault)
{
    static enum err (*const parts[])(const struct json *, struct api_state *, struct fault *) = {
        read_services, read_counters, read_tickets, read_calls};
    memset(state, 0, sizeof *state);
    enum err err = api_shape_read(json, &state_shape, state, fault);
    for (size_t i = 0; err == OK && i < sizeof parts / sizeof parts[0]; i++) {
        err = parts[i](json, state, fault);
    }
    return api_done(err, state, sizeof *state);
}

struct json *api_state_write(const struct api_state *state)
{
    CHECK(state->services_count <= HALL_SERVICES_MAX);
    CHECK(state->counters_count <= HALL_COUNTERS_MAX);
    CHECK(state->tickets_count <= API_TICKETS_MAX);
    CHECK(state->calls_count <= API_CALLS_MAX);

    struct json *json = json_new_object();
    api_shape_write(json, &state_shape, state);
    struct json *services = json_new_array();
    for (size_t i = 0; i < state->services_count; i++) {
        json_append(services, write_service(&state->services[i]));
    }
    json_set(json, "services", services);
    struct json *counters = json_new_array();
    for (size_t i = 0; i < state->counters_count; i++) {
        json_append(counters,
                    api_own_counter_write(&state->counters[i], state->counter_staff_name[i]));
    }
    json_set(json, "counters", counters);
    struct json *tickets = json_new_array();
    for (size_t i = 0; i < state->tickets_count; i++) {
        json_append(tickets, api_part_ticket_write(&state->tickets[i]));
    }
    json_set(json, "tickets", tickets);
    struct json *calls = json_new_array();
    for (size_t i = 0; i < state->calls_count; i++) {
        json_append(calls, write_call(&state->calls[i]));
    }
    json_set(json, "calls", calls);
    return json;
}

enum err api_event_read(const char *name, const struct json *json, struct api_event *event,
                        struct fault *fault)
{
    memset(event, 0, sizeof *event);
    for (size_t i = 0; i < EVENTS_COUNT; i++) {
        if (text_equal(event_names[i], name)) {
            event->kind = (enum api_event_kind)i;
            enum err err = api_shape_read(json, &event_shape, event, fault);
            return api_done(err == OK ? read_fact(json, event, fault) : err, event, sizeof *event);
        }
    }
    return fault_set(fault, ERR_UNSUPPORTED, "event: is of an unknown kind");
}

struct json *api_event_write(const struct api_event *event, const char **name)
{
    CHECK((size_t)event->kind < EVENTS_COUNT);

    *name = event_names[event->kind];
    struct json *json = json_new_object();
    api_shape_write(json, &event_shape, event);
    switch (event->kind) {
    case API_EVENT_TICKET:
        json_set(json, "ticket", api_part_ticket_write(&event->ticket));
        break;
    case API_EVENT_CALL:
        json_set(json, "call", write_call(&event->call));
        break;
    case API_EVENT_COUNTER:
        json_set(json, "counter", api_counter_write(&event->counter));
        break;
    case API_EVENT_SERVICE:
        json_set(json, "service", write_service(&event->service));
        break;
    case API_EVENT_VISIT:
        api_shape_write(json, &visit_shape, event);
        break;
    case API_EVENT_DAY:
        break;
    case API_EVENT_FORM: {
        struct json *form = json_new_object();
        api_shape_write(form, &form_shape, &event->form);
        json_set(json, "form", form);
        break;
    }
    case API_EVENT_UPLOAD:
        json_set(json, "upload", api_upload_news_write(&event->upload));
        break;
    }
    return json;
}

static enum err read_services(const struct json *json, struct api_state *state, struct fault *fault)
{
    const struct json *list = NULL;
    enum err err = api_list(json, "services", HALL_SERVICES_MAX, &list, fault);
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        err = api_within(read_service(json_at(list, i), &state->services[i], fault), "services",
                         fault);
        state->services_count = i + 1;
    }
    return err;
}

static enum err read_service(const struct json *json, struct api_state_service *service,
                             struct fault *fault)
{
    enum err err = api_shape_read(json, &service_shape, service, fault);
    if (err != OK) {
        return err;
    }
    const struct json *names = json_get(json, "names");
    if (!json_is_absent(names) && !json_has_keys(names)) {
        return fault_set(fault, ERR_MALFORMED, "names: must be an object");
    }
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        const struct json *words = json_get(names, languages[i]);
        if (!json_is_absent(words) &&
            api_words(words, service->names[i], sizeof service->names[i]) != OK) {
            return fault_set(fault, ERR_MALFORMED, "names: must be printable texts");
        }
    }
    return api_part_wait_read(json_get(json, "wait"), &service->wait, fault);
}

static struct json *write_service(const struct api_state_service *service)
{
    struct json *json = json_new_object();
    api_shape_write(json, &service_shape, service);
    struct json *names = json_new_object();
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (service->names[i][0] != '\0') {
            json_set(names, languages[i], api_words_new(service->names[i]));
        }
    }
    json_set(json, "names", names);
    json_set(json, "wait", api_part_wait_write(&service->wait));
    return json;
}

static enum err read_counters(const struct json *json, struct api_state *state, struct fault *fault)
{
    const struct json *list = NULL;
    enum err err = api_list(json, "counters", HALL_COUNTERS_MAX, &list, fault);
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        err = api_own_counter_read(json_at(list, i), &state->counters[i],
                                   state->counter_staff_name[i], fault);
        err = api_within(err, "counters", fault);
        state->counters_count = i + 1;
    }
    return err;
}

static enum err read_tickets(const struct json *json, struct api_state *state, struct fault *fault)
{
    const struct json *list = NULL;
    enum err err = api_list(json, "tickets", API_TICKETS_MAX, &list, fault);
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        err = api_within(api_part_ticket_read(json_at(list, i), &state->tickets[i], fault),
                         "tickets", fault);
        state->tickets_count = i + 1;
    }
    return err;
}

static enum err read_calls(const struct json *json, struct api_state *state, struct fault *fault)
{
    const struct json *list = NULL;
    enum err err = api_list(json, "calls", API_CALLS_MAX, &list, fault);
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        err = api_within(api_shape_read(json_at(list, i), &call_shape, &state->calls[i], fault),
                         "calls", fault);
        state->calls_count = i + 1;
    }
    return err;
}

static struct json *write_call(const struct api_state_call *call)
{
    struct json *json = json_new_object();
    api_shape_write(json, &call_shape, call);
    return json;
}

static enum err read_fact(const struct json *json, struct api_event *event, struct fault *fault)
{
    switch (event->kind) {
    case API_EVENT_TICKET:
        return api_part_ticket_read(json_get(json, "ticket"), &event->ticket, fault);
    case API_EVENT_CALL:
        return api_within(api_shape_read(json_get(json, "call"), &call_shape, &event->call, fault),
                          "call", fault);
    case API_EVENT_COUNTER:
        return api_within(api_counter_read(json_get(json, "counter"), &event->counter, fault),
                          "counter", fault);
    case API_EVENT_SERVICE:
        return api_within(read_service(json_get(json, "service"), &event->service, fault),
                          "service", fault);
    case API_EVENT_VISIT:
        return api_shape_read(json, &visit_shape, event, fault);
    case API_EVENT_DAY:
        return OK;
    case API_EVENT_FORM:
        return api_within(api_shape_read(json_get(json, "form"), &form_shape, &event->form, fault),
                          "form", fault);
    case API_EVENT_UPLOAD:
        return api_within(api_upload_news_read(json_get(json, "upload"), &event->upload, fault),
                          "upload", fault);
    }
    return ERR_UNSUPPORTED;
}
