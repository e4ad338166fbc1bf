// SPDX-License-Identifier: EUPL-1.2
//
// The messages about tickets and desks: issue, print, call, transition, why, session, health, and
// the problem that answers them.
#include "link/api.h"

#include "link/api_parts.h"

#include <string.h>

static const char *ticket_state_word(size_t index);
static const char *print_state_word(size_t index);
static const char *outcome_word(size_t index);
static const char *need_word(size_t index);
static const char *counter_state_word(size_t index);
static const char *call_kind_word(size_t index);
static const char *action_word(size_t index);
static enum err check_issue(const struct api_issue *issue, struct fault *fault);
static enum err read_invalid(const struct json *json, struct api_problem *problem);
static enum err read_details(const struct json *json, struct api_transition *transition,
                             struct fault *fault);

enum { NEEDS_COUNT = 5 };
_Static_assert(NEED_INTERPRETER == 1 << (NEEDS_COUNT - 1), "every need has its bit and its name");

// The actions of a transition, in the order of the contract.
static const struct {
    enum hall_event_kind kind;
    const char *name;
} actions[] = {
    {HALL_RECALL, "recall"},   {HALL_ARRIVED, "arrived"},
    {HALL_ABSENT, "absent"},   {HALL_RETURN, "return"},
    {HALL_PARK, "park"},       {HALL_RESUME, "resume"},
    {HALL_REQUEUE, "requeue"}, {HALL_TRANSFER, "transfer"},
    {HALL_FINISH, "finish"},   {HALL_DOCUMENT_SEEN, "document_seen"},
    {HALL_CANCEL, "cancel"},
};
enum { ACTIONS_COUNT = sizeof actions / sizeof actions[0] };

const struct api_names api_need_names = {NEEDS_COUNT, need_word};
static const struct api_names ticket_state_names = {TICKET_STATES_COUNT, ticket_state_word};
static const struct api_names print_state_names = {PRINT_NONE + 1, print_state_word};
static const struct api_names outcome_names = {FINISH_FAILED + 1, outcome_word};
static const struct api_names counter_state_names = {COUNTER_PAUSED + 1, counter_state_word};
static const struct api_names call_kind_names = {API_CALL_TICKET + 1, call_kind_word};
static const struct api_names action_names = {ACTIONS_COUNT, action_word};

static const struct api_field issue_fields[] = {
    {"visit", API_UUID, API_AT(struct api_issue, visit)},
    {"request", API_ID, API_AT(struct api_issue, request)},
    {"service", API_LETTER, API_AT(struct api_issue, service)},
    {"language", API_LANGUAGE, API_AT(struct api_issue, language), .is_required = true},
    {"needs", API_NAMES, API_AT(struct api_issue, needs), .names = &api_need_names},
};
static const struct api_shape issue_shape = API_SHAPE(issue_fields);

static const struct api_field ticket_fields[] = {
    {"id", API_UUID, API_AT(struct ticket, id), .is_required = true},
    {"visit", API_UUID, API_AT(struct ticket, visit)},
    {"request", API_ID, API_AT(struct ticket, request)},
    {"service", API_LETTER, API_AT(struct ticket, service), .is_required = true},
    {"number", API_NUMBER, API_AT(struct ticket, number), .is_required = true},
    {"seq", API_WHOLE, API_AT(struct ticket, seq), .is_required = true, .max = UINT32_MAX},
    {"issued_at", API_TIME, API_AT(struct ticket, issued_ms)},
    {"due_at", API_TIME, API_AT(struct ticket, due_ms)},
    {"state", API_NAME, API_AT(struct ticket, state), .is_required = true,
     .names = &ticket_state_names},
    {"print_state", API_NAME, API_AT(struct ticket, print_state), .is_required = true,
     .names = &print_state_names},
    {"desk", API_ID, API_AT(struct ticket, desk)},
    {"desk_only", API_ID, API_AT(struct ticket, desk_only)},
    {"called_at", API_TIME, API_AT(struct ticket, called_ms)},
    {"serving_at", API_TIME, API_AT(struct ticket, serving_ms)},
    {"calls_count", API_WHOLE, API_AT(struct ticket, calls_count), .max = UINT16_MAX},
    {"returns_count", API_WHOLE, API_AT(struct ticket, returns_count), .max = UINT16_MAX},
    {"level", API_WHOLE, API_AT(struct ticket, level), .max = LEVEL_3},
    {"evidence", API_NAMES, API_AT(struct ticket, evidence.kinds), .names = &api_evidence_names},
    {"needs", API_NAMES, API_AT(struct ticket, needs), .names = &api_need_names},
    {"language", API_LANGUAGE, API_AT(struct ticket, language)},
    {"subject", API_NAME, API_AT(struct ticket, subject), .is_required = true,
     .names = &api_subject_names},
    {"has_context", API_TRUTH, API_AT(struct ticket, has_context)},
    {"need_granted", API_TRUTH, API_AT(struct ticket, need_granted)},
    {"version", API_WHOLE, API_AT(struct ticket, version), .max = UINT32_MAX},
};
static const struct api_shape ticket_shape = API_SHAPE(ticket_fields);

static const struct api_field slip_fields[] = {
    {"reference", API_WORDS, API_AT(struct api_ticket, reference)}, // base45: blanks and signs
};
static const struct api_shape slip_shape = API_SHAPE(slip_fields);

static const struct api_field wait_fields[] = {
    {"is_known", API_TRUTH, API_AT(struct wait_band, is_known), .is_required = true},
    {"minutes_min", API_WHOLE, API_AT(struct wait_band, minutes_min), .max = 24 * 60},
    {"minutes_max", API_WHOLE, API_AT(struct wait_band, minutes_max), .max = 24 * 60},
    {"likely_at", API_TIME, API_AT(struct wait_band, likely_ms)},
    {"ahead", API_WHOLE, API_AT(struct wait_band, ahead), .max = HALL_TICKETS_MAX},
};
static const struct api_shape wait_shape = API_SHAPE(wait_fields);

static const struct api_field call_fields[] = {
    {"kind", API_NAME, API_AT(struct api_call, kind), .is_required = true,
     .names = &call_kind_names},
    {"ticket", API_UUID, API_AT(struct api_call, ticket)},
    {"reason", API_WORDS, API_AT(struct api_call, reason)},
};
static const struct api_shape call_shape = API_SHAPE(call_fields);

static const struct api_field transfer_fields[] = {
    {"to_service", API_LETTER, API_AT(struct api_transition, to_service)},
    {"to_desk", API_ID, API_AT(struct api_transition, to_desk)},
};
static const struct api_shape transfer_shape = API_SHAPE(transfer_fields);

static const struct api_field finish_fields[] = {
    {"outcome", API_NAME, API_AT(struct api_transition, outcome), .is_required = true,
     .names = &outcome_names},
};
static const struct api_shape finish_shape = API_SHAPE(finish_fields);

static const struct api_field why_fields[] = {
    {"earlier_promise", API_WHOLE, API_AT(struct hall_why, earlier_promise), .is_required = true,
     .max = HALL_TICKETS_MAX},
    {"same_promise", API_WHOLE, API_AT(struct hall_why, same_promise), .is_required = true,
     .max = HALL_TICKETS_MAX},
    {"granted", API_WHOLE, API_AT(struct hall_why, granted), .is_required = true,
     .max = HALL_TICKETS_MAX},
    {"desks_open", API_WHOLE, API_AT(struct hall_why, desks_open), .is_required = true,
     .max = HALL_COUNTERS_MAX},
};
static const struct api_shape why_shape = API_SHAPE(why_fields);

static const struct api_field session_fields[] = {
    {"is_open", API_TRUTH, API_AT(struct api_session, is_open), .is_required = true},
    {"is_paused", API_TRUTH, API_AT(struct api_session, is_paused)},
    {"staff", API_WORDS, API_AT(struct api_session, staff)},
    {"pin", API_WORDS, API_AT(struct api_session, pin_private)},
};
static const struct api_shape session_shape = API_SHAPE(session_fields);

static const struct api_field counter_fields[] = {
    {"desk", API_ID, API_AT(struct counter, desk), .is_required = true},
    {"state", API_NAME, API_AT(struct counter, state), .is_required = true,
     .names = &counter_state_names},
    {"services", API_PLACES, API_AT(struct counter, services), .max = HALL_SERVICES_MAX},
    {"staff", API_WORDS, API_AT(struct counter, staff)},
    {"ticket", API_UUID, API_AT(struct counter, ticket)},
};
static const struct api_shape counter_shape = API_SHAPE(counter_fields);

static const struct api_field health_fields[] = {
    {"printer_ok", API_TRUTH, API_AT(struct api_health, printer_ok), .is_required = true},
    {"paper_low", API_TRUTH, API_AT(struct api_health, paper_low), .is_required = true},
    {"scanner_ok", API_TRUTH, API_AT(struct api_health, scanner_ok), .is_required = true},
    {"refused_keyboard", API_TRUTH, API_AT(struct api_health, refused_keyboard),
     .is_required = true},
    {"version", API_WORDS, API_AT(struct api_health, version)},
};
static const struct api_shape health_shape = API_SHAPE(health_fields);

static const struct api_field problem_fields[] = {
    {"code", API_ID, API_AT(struct api_problem, code), .is_required = true},
    {"tries_left", API_WHOLE, API_AT(struct api_problem, tries_left), .max = SECOND_FACT_TRIES_MAX},
    {"login_url", API_WORDS, API_AT(struct api_problem, login_url)},
};
static const struct api_shape problem_shape = API_SHAPE(problem_fields);

// The refused answers live in an unnamed struct; offsets count from the first one.
#define INVALID(member)                                                                            \
    .offset =                                                                                      \
        offsetof(struct api_problem, invalid[0].member) - offsetof(struct api_problem, invalid),   \
    .size = sizeof(((struct api_problem *)0)->invalid[0].member)
static const struct api_field invalid_fields[] = {
    {"key", API_WORDS, INVALID(key)},
    {"reason", API_WORDS, INVALID(reason)},
};
static const struct api_shape invalid_shape = API_SHAPE(invalid_fields);

enum err api_issue_read(const struct json *json, struct api_issue *issue, struct fault *fault)
{
    memset(issue, 0, sizeof *issue);
    enum err err = api_shape_read(json, &issue_shape, issue, fault);
    const struct json *consent = json_get(json, "consent");
    if (err == OK && !json_is_absent(consent)) {
        err = api_part_consent_read(consent, &issue->consent, fault);
    }
    const struct json *form = json_get(json, "form");
    if (err == OK && !json_is_absent(form)) {
        err = api_part_context_form_read(form, &issue->form, fault);
    }
    if (err == OK) {
        err = check_issue(issue, fault);
    }
    return api_done(err, issue, sizeof *issue);
}

struct json *api_issue_write(const struct api_issue *issue)
{
    struct json *json = json_new_object();
    api_shape_write(json, &issue_shape, issue);
    json_set(json, "consent", api_part_consent_write(&issue->consent));
    if (issue->form.id[0] != '\0') {
        json_set(json, "form", api_part_context_form_write(&issue->form));
    }
    return json;
}

enum err api_ticket_read(const struct json *json, struct api_ticket *ticket, struct fault *fault)
{
    memset(ticket, 0, sizeof *ticket);
    enum err err = api_shape_read(json, &slip_shape, ticket, fault);
    if (err == OK) {
        err = api_part_ticket_read(json_get(json, "ticket"), &ticket->ticket, fault);
    }
    if (err == OK) {
        err = api_part_wait_read(json_get(json, "wait"), &ticket->wait, fault);
    }
    return api_done(err, ticket, sizeof *ticket);
}

struct json *api_ticket_write(const struct api_ticket *ticket)
{
    struct json *json = json_new_object();
    json_set(json, "ticket", api_part_ticket_write(&ticket->ticket));
    api_shape_write(json, &slip_shape, ticket);
    json_set(json, "wait", api_part_wait_write(&ticket->wait));
    return json;
}

enum err api_print_read(const struct json *json, enum print_state *state, struct fault *fault)
{
    *state = PRINT_PENDING;
    const struct api_field field = {"print_state", API_NAME, .size = sizeof *state,
                                    .is_required = true, .names = &print_state_names};
    const struct api_shape shape = {.fields = &field, .fields_count = 1};
    return api_shape_read(json, &shape, state, fault);
}

struct json *api_print_write(enum print_state state)
{
    struct json *json = json_new_object();
    json_set_text(json, "print_state", print_state_name(state));
    return json;
}

enum err api_call_read(const struct json *json, struct api_call *call, struct fault *fault)
{
    memset(call, 0, sizeof *call);
    enum err err = api_shape_read(json, &call_shape, call, fault);
    if (err == OK && call->kind == API_CALL_TICKET) {
        if (call->ticket[0] == '\0') {
            err = fault_set(fault, ERR_MALFORMED, "ticket: is missing");
        } else if (call->reason[0] == '\0') {
            err = fault_set(fault, ERR_MALFORMED, "reason: is missing, out of order needs one");
        }
    }
    return api_done(err, call, sizeof *call);
}

struct json *api_call_write(const struct api_call *call)
{
    struct json *json = json_new_object();
    api_shape_write(json, &call_shape, call);
    return json;
}

enum err api_transition_read(const struct json *json, struct api_transition *transition,
                             struct fault *fault)
{
    memset(transition, 0, sizeof *transition);
    unsigned index = 0;
    const struct api_field field = {"action", API_NAME, .size = sizeof index, .is_required = true,
                                    .names = &action_names};
    const struct api_shape shape = {.fields = &field, .fields_count = 1};
    enum err err = api_shape_read(json, &shape, &index, fault);
    if (err == OK) {
        transition->action = actions[index].kind;
        err = read_details(json, transition, fault);
    }
    return api_done(err, transition, sizeof *transition);
}

struct json *api_transition_write(const struct api_transition *transition)
{
    struct json *json = json_new_object();
    for (size_t i = 0; i < ACTIONS_COUNT; i++) {
        if (actions[i].kind == transition->action) {
            json_set_text(json, "action", actions[i].name);
        }
    }
    CHECK(json_get(json, "action") != NULL);
    if (transition->action == HALL_TRANSFER) {
        api_shape_write(json, &transfer_shape, transition);
    }
    if (transition->action == HALL_FINISH) {
        api_shape_write(json, &finish_shape, transition);
    }
    return json;
}

enum err api_why_read(const struct json *json, struct hall_why *why, struct fault *fault)
{
    memset(why, 0, sizeof *why);
    return api_done(api_shape_read(json, &why_shape, why, fault), why, sizeof *why);
}

struct json *api_why_write(const struct hall_why *why)
{
    struct json *json = json_new_object();
    api_shape_write(json, &why_shape, why);
    return json;
}

enum err api_session_read(const struct json *json, struct api_session *session, struct fault *fault)
{
    memset(session, 0, sizeof *session);
    return api_done(api_shape_read(json, &session_shape, session, fault), session, sizeof *session);
}

struct json *api_session_write(const struct api_session *session)
{
    struct json *json = json_new_object();
    api_shape_write(json, &session_shape, session);
    return json;
}

enum err api_counter_read(const struct json *json, struct counter *counter, struct fault *fault)
{
    memset(counter, 0, sizeof *counter);
    return api_done(api_shape_read(json, &counter_shape, counter, fault), counter, sizeof *counter);
}

struct json *api_counter_write(const struct counter *counter)
{
    struct json *json = json_new_object();
    api_shape_write(json, &counter_shape, counter);
    return json;
}

enum err api_own_counter_read(const struct json *json, struct counter *counter,
                              char staff_name[API_NAME_BYTES], struct fault *fault)
{
    const struct json *name = json_get(json, "staff_name");
    memset(staff_name, 0, API_NAME_BYTES);
    enum err err = api_counter_read(json, counter, fault);
    if (err == OK && !json_is_absent(name) && api_words(name, staff_name, API_NAME_BYTES) != OK) {
        memset(counter, 0, sizeof *counter);
        return fault_set(fault, ERR_MALFORMED, "staff_name: must be printable");
    }
    return err;
}

struct json *api_own_counter_write(const struct counter *counter, const char *staff_name)
{
    struct json *json = api_counter_write(counter);
    if (staff_name[0] != '\0') {
        json_set(json, "staff_name", api_words_new(staff_name));
    }
    return json;
}

enum err api_health_read(const struct json *json, struct api_health *health, struct fault *fault)
{
    memset(health, 0, sizeof *health);
    return api_done(api_shape_read(json, &health_shape, health, fault), health, sizeof *health);
}

struct json *api_health_write(const struct api_health *health)
{
    struct json *json = json_new_object();
    api_shape_write(json, &health_shape, health);
    return json;
}

enum err api_problem_read(const struct json *json, int status, struct api_problem *problem)
{
    memset(problem, 0, sizeof *problem);
    enum err err = api_shape_read(json, &problem_shape, problem, NULL);
    if (err == OK) {
        err = read_invalid(json, problem);
    }
    err = api_done(err, problem, sizeof *problem);
    problem->status = status;
    return err;
}

enum err api_part_ticket_read(const struct json *json, struct ticket *ticket, struct fault *fault)
{
    return api_within(api_shape_read(json, &ticket_shape, ticket, fault), "ticket", fault);
}

struct json *api_part_ticket_write(const struct ticket *ticket)
{
    struct json *json = json_new_object();
    api_shape_write(json, &ticket_shape, ticket);
    return json;
}

enum err api_part_wait_read(const struct json *json, struct wait_band *wait, struct fault *fault)
{
    enum err err = api_shape_read(json, &wait_shape, wait, fault);
    if (err == OK && wait->minutes_min > wait->minutes_max) {
        err = fault_set(fault, ERR_MALFORMED, "minutes_min: must be at most minutes_max");
    }
    return api_within(err, "wait", fault);
}

struct json *api_part_wait_write(const struct wait_band *wait)
{
    struct json *json = json_new_object();
    api_shape_write(json, &wait_shape, wait);
    return json;
}

static enum err check_issue(const struct api_issue *issue, struct fault *fault)
{
    if (issue->request[0] != '\0' && issue->visit[0] == '\0') {
        return fault_set(fault, ERR_MALFORMED, "visit: is missing, a request belongs to one");
    }
    if (issue->form.id[0] != '\0' && issue->request[0] == '\0') {
        return fault_set(fault, ERR_MALFORMED, "request: is missing, a form belongs to one");
    }
    if (issue->request[0] == '\0' && issue->service == '\0') {
        return fault_set(fault, ERR_MALFORMED, "service: is missing, and so is request");
    }
    return OK;
}

static enum err read_invalid(const struct json *json, struct api_problem *problem)
{
    const struct json *list = NULL;
    enum err err = api_list(json, "invalid", API_INVALID_MAX, &list, NULL);
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        err = api_shape_read(json_at(list, i), &invalid_shape, &problem->invalid[i], NULL);
        problem->invalid_count = i + 1;
    }
    return err;
}

static enum err read_details(const struct json *json, struct api_transition *transition,
                             struct fault *fault)
{
    if (transition->action == HALL_FINISH) {
        return api_shape_read(json, &finish_shape, transition, fault);
    }
    if (transition->action != HALL_TRANSFER) {
        return OK;
    }
    enum err err = api_shape_read(json, &transfer_shape, transition, fault);
    if (err == OK && transition->to_service == '\0' && transition->to_desk[0] == '\0') {
        err = fault_set(fault, ERR_MALFORMED, "to_service: is missing, and so is to_desk");
    }
    return err;
}

static const char *ticket_state_word(size_t index)
{
    return ticket_state_name((enum ticket_state)index);
}

static const char *print_state_word(size_t index)
{
    return print_state_name((enum print_state)index);
}

static const char *outcome_word(size_t index)
{
    return finish_outcome_name((enum finish_outcome)index);
}

static const char *need_word(size_t index)
{
    return need_name((enum need)(1U << index));
}

static const char *counter_state_word(size_t index)
{
    static const char *const names[] = {"closed", "free", "busy", "paused"};
    return names[index];
}

static const char *call_kind_word(size_t index)
{
    static const char *const names[] = {"next", "ticket"};
    return names[index];
}

static const char *action_word(size_t index)
{
    return actions[index].name;
}
