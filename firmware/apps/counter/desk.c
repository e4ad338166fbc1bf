// SPDX-License-Identifier: EUPL-1.2
//
// The counter's model: keeps up with the hub and sends what the keys ask.
#include "apps/counter/desk.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void take_state(struct desk *desk, struct scenes *scenes, const struct api_state *state);
static void take_event(struct desk *desk, const struct api_event *event);
static void take_answer(struct desk *desk, struct hub_message_private *message);
static void take_problem(struct desk *desk, const struct api_problem *problem);
static void take_ticket(struct desk *desk, const struct ticket *ticket);
static void take_counter(struct desk *desk, const struct counter *counter, const char *staff_name);
static void choose_scene(const struct desk *desk, struct scenes *scenes);
static void follow_own_ticket(struct desk *desk);
static void drop_ticket(struct desk *desk);
static bool may_send(struct desk *desk);
static void sent(struct desk *desk, uint32_t command_id);
static bool may_serve(const struct desk *desk, const struct ticket *ticket);
static bool is_aside(const struct desk *desk, const struct ticket *ticket);
static void say(struct desk *desk, const char *key);

void desk_init(struct desk *desk, struct look *look)
{
    desk->look = look;
    desk->clock = clock_system();
    desk_form_init(desk);
}

void desk_take(struct desk *desk, struct scenes *scenes, struct hub_message_private *message)
{
    switch (message->kind) {
    case HUB_CONNECTED:
        take_state(desk, scenes, &message->state);
        break;
    case HUB_LOST:
        desk->is_connected = false;
        break;
    case HUB_EVENT:
        take_event(desk, &message->event);
        choose_scene(desk, scenes);
        break;
    case HUB_ANSWER:
        take_answer(desk, message);
        choose_scene(desk, scenes);
        break;
    case HUB_IO:
        break; // a counter has no devices of its own
    }
}

void desk_sign_in(struct desk *desk)
{
    struct desk_sign_in_private *fields = &desk->sign_in;
    if (fields->staff[0] == '\0') {
        fields->active = DESK_FIELD_STAFF;
        return;
    }
    if (fields->pin[0] == '\0') {
        fields->active = DESK_FIELD_PIN;
        return;
    }
    if (!may_send(desk)) {
        return;
    }
    struct api_session session = {.is_open = true};
    CHECK(text_copy(session.staff, sizeof session.staff, fields->staff) == OK);
    CHECK(text_copy(session.pin_private, sizeof session.pin_private, fields->pin) == OK);
    sent(desk, desk->client == NULL ? 1 : hub_session(desk->client, desk->desk, &session));
    wipe(&session, sizeof session);
}

void desk_sign_out(struct desk *desk)
{
    if (desk->ticket[0] != '\0') {
        say(desk, "counter.problem.finish_first");
        return;
    }
    if (may_send(desk)) {
        struct api_session session = {.is_open = false};
        sent(desk, desk->client == NULL ? 1 : hub_session(desk->client, desk->desk, &session));
    }
}

void desk_pause(struct desk *desk, bool is_paused)
{
    const struct counter *own = desk_own(desk);
    if (own == NULL || !may_send(desk)) {
        return;
    }
    struct api_session session = {.is_open = true, .is_paused = is_paused};
    CHECK(text_copy(session.staff, sizeof session.staff, own->staff) == OK);
    sent(desk, desk->client == NULL ? 1 : hub_session(desk->client, desk->desk, &session));
}

void desk_next(struct desk *desk)
{
    if (desk->ticket[0] != '\0') {
        say(desk, "counter.problem.finish_first");
        return;
    }
    if (may_send(desk)) {
        struct api_call call = {.kind = API_CALL_NEXT};
        sent(desk, desk->client == NULL ? 1 : hub_call(desk->client, &call));
    }
}

void desk_pick(struct desk *desk, const char *ticket)
{
    const struct ticket *picked = desk_ticket(desk, ticket);
    if (picked == NULL || !may_send(desk)) {
        return;
    }
    if (picked->state != TICKET_WAITING) {
        struct api_transition back = {.action = picked->state == TICKET_PARKED ? HALL_RESUME
                                                                               : HALL_RETURN};
        sent(desk, desk->client == NULL ? 1 : hub_transition(desk->client, picked->id, &back));
        return;
    }
    if (desk->ticket[0] != '\0') {
        say(desk, "counter.problem.finish_first");
        return;
    }
    struct api_call call = {.kind = API_CALL_TICKET, .reason = "staff"};
    CHECK(text_copy(call.ticket, sizeof call.ticket, picked->id) == OK);
    sent(desk, desk->client == NULL ? 1 : hub_call(desk->client, &call));
}

void desk_do(struct desk *desk, enum hall_event_kind action)
{
    if (desk->ticket[0] == '\0' || !may_send(desk)) {
        return;
    }
    struct api_transition transition = {.action = action};
    sent(desk, desk->client == NULL ? 1 : hub_transition(desk->client, desk->ticket, &transition));
}

void desk_transfer(struct desk *desk, char to_service)
{
    if (desk->ticket[0] == '\0' || !may_send(desk)) {
        return;
    }
    struct api_transition transition = {.action = HALL_TRANSFER, .to_service = to_service};
    sent(desk, desk->client == NULL ? 1 : hub_transition(desk->client, desk->ticket, &transition));
}

void desk_finish(struct desk *desk, bool calls_next_after)
{
    if (desk->ticket[0] == '\0' || !may_send(desk)) {
        return;
    }
    struct api_transition transition = {.action = HALL_FINISH, .outcome = desk->outcome};
    desk->calls_next_after = calls_next_after;
    sent(desk, desk->client == NULL ? 1 : hub_transition(desk->client, desk->ticket, &transition));
}

void desk_ask_why(struct desk *desk)
{
    const struct ticket *first = desk_waiting(desk, 0);
    const struct ticket *last = first;
    for (size_t i = 1; desk_waiting(desk, i) != NULL; i++) {
        last = desk_waiting(desk, i);
    }
    desk->has_why = false;
    desk->sheet = SHEET_WHY;
    if (last == NULL) {
        return;
    }
    CHECK(text_copy(desk->why_number, sizeof desk->why_number, last->number) == OK);
    if (desk->client != NULL) {
        desk->reads_why = hub_why(desk->client, last->id);
    }
}

void desk_wipe(struct desk *desk)
{
    wipe(&desk->sign_in, sizeof desk->sign_in);
    drop_ticket(desk);
}

struct health desk_health(const struct desk *desk, bool is_drawn)
{
    return (struct health){.role = "counter",
                           .is_drawn = is_drawn,
                           .is_connected = desk->is_connected,
                           .is_busy = desk->ticket[0] != '\0'};
}

const struct counter *desk_own(const struct desk *desk)
{
    for (size_t i = 0; i < desk->state.counters_count; i++) {
        if (text_equal(desk->state.counters[i].desk, desk->desk)) {
            return &desk->state.counters[i];
        }
    }
    return NULL;
}

const struct ticket *desk_ticket(const struct desk *desk, const char *id)
{
    for (size_t i = 0; i < desk->state.tickets_count; i++) {
        if (text_equal(desk->state.tickets[i].id, id)) {
            return &desk->state.tickets[i];
        }
    }
    return NULL;
}

const struct ticket *desk_current(const struct desk *desk)
{
    return desk->ticket[0] == '\0' ? NULL : desk_ticket(desk, desk->ticket);
}

const struct ticket *desk_waiting(const struct desk *desk, size_t position)
{
    // The list is short (one hall) and asked for a screenful: picking the next larger key each time
    // needs no second list to keep in step.
    const struct ticket *before = NULL;
    for (size_t step = 0; step <= position; step++) {
        const struct ticket *best = NULL;
        for (size_t i = 0; i < desk->state.tickets_count; i++) {
            const struct ticket *ticket = &desk->state.tickets[i];
            struct queue_entry key = {ticket->due_ms, ticket->seq, 0};
            if (ticket->state != TICKET_WAITING || !may_serve(desk, ticket) ||
                (before != NULL &&
                 queue_compare(&key, &(struct queue_entry){before->due_ms, before->seq, 0}) <= 0)) {
                continue;
            }
            if (best == NULL ||
                queue_compare(&key, &(struct queue_entry){best->due_ms, best->seq, 0}) < 0) {
                best = ticket;
            }
        }
        if (best == NULL) {
            return NULL;
        }
        before = best;
    }
    return before;
}

size_t desk_waiting_count(const struct desk *desk)
{
    size_t count = 0;
    for (size_t i = 0; i < desk->state.tickets_count; i++) {
        const struct ticket *ticket = &desk->state.tickets[i];
        count += ticket->state == TICKET_WAITING && may_serve(desk, ticket) ? 1 : 0;
    }
    return count;
}

const struct ticket *desk_aside(const struct desk *desk, size_t position)
{
    for (size_t i = 0; i < desk->state.tickets_count; i++) {
        if (is_aside(desk, &desk->state.tickets[i]) && position-- == 0) {
            return &desk->state.tickets[i];
        }
    }
    return NULL;
}

const struct api_state_service *desk_service(const struct desk *desk, char letter)
{
    for (size_t i = 0; i < desk->state.services_count; i++) {
        if (desk->state.services[i].letter == letter) {
            return &desk->state.services[i];
        }
    }
    return NULL;
}

const char *desk_service_name(const struct desk *desk, const struct look *look, char letter)
{
    const struct api_state_service *service = desk_service(desk, letter);
    if (service == NULL) {
        return "";
    }
    size_t language = text_equal(look->language, "en")   ? 1
                      : text_equal(look->language, "ar") ? 2
                                                         : 0;
    return service->names[language];
}

const char *desk_problem(const struct desk *desk)
{
    bool is_only_lost = desk->problem[0] == '\0' && !desk->is_connected;
    return is_only_lost ? "counter.problem.no_hub" : desk->problem;
}

void desk_time(int64_t time_ms, char out[DESK_TIME_BYTES])
{
    struct clock_local at = clock_local(time_ms);
    (void)snprintf(out, DESK_TIME_BYTES, "%02u.%02u", (unsigned)at.hour % 24,
                   (unsigned)at.minute % 60); // always five characters
}

static void take_state(struct desk *desk, struct scenes *scenes, const struct api_state *state)
{
    desk->state = *state;
    desk->is_connected = true;
    desk->waits_for = 0;
    desk->problem[0] = '\0';
    follow_own_ticket(desk);
    choose_scene(desk, scenes);
}

static void take_event(struct desk *desk, const struct api_event *event)
{
    switch (event->kind) {
    case API_EVENT_TICKET:
        take_ticket(desk, &event->ticket);
        follow_own_ticket(desk);
        break;
    case API_EVENT_COUNTER:
        take_counter(desk, &event->counter, NULL);
        follow_own_ticket(desk);
        break;
    case API_EVENT_SERVICE:
        for (size_t i = 0; i < desk->state.services_count; i++) {
            if (desk->state.services[i].letter == event->service.letter) {
                desk->state.services[i] = event->service;
            }
        }
        break;
    case API_EVENT_CALL:
    case API_EVENT_FORM:
        fill_news(&desk->form, &event->form);
        break;
    case API_EVENT_VISIT:
    case API_EVENT_UPLOAD:
    case API_EVENT_DAY:
        break; // calls are the display's; a new day brings a fresh state
    }
}

static void take_answer(struct desk *desk, struct hub_message_private *message)
{
    if (fill_take(&desk->form, message)) {
        return;
    }
    uint32_t id = message->command_id;
    bool is_awaited = id == desk->waits_for || id == desk->reads_context || id == desk->reads_why;
    if (id == desk->waits_for) {
        desk->waits_for = 0;
    }
    switch (message->answer) {
    case HUB_ANSWER_PROBLEM:
        if (is_awaited) { // a form that was closed meanwhile is nobody's problem
            take_problem(desk, &message->problem);
        }
        break;
    case HUB_ANSWER_NO_HUB:
        if (is_awaited) {
            say(desk, "counter.problem.no_hub");
        }
        break;
    case HUB_ANSWER_TICKET:
    case HUB_ANSWER_CALLED:
        take_ticket(desk, &message->ticket.ticket);
        desk->problem[0] = '\0';
        follow_own_ticket(desk);
        if (desk->calls_next_after && message->ticket.ticket.state == TICKET_DONE) {
            desk->calls_next_after = false;
            drop_ticket(desk);
            desk_next(desk);
        }
        break;
    case HUB_ANSWER_CONTEXT:
        desk->context = message->context;
        desk->has_context = desk->ticket[0] != '\0';
        break;
    case HUB_ANSWER_WHY:
        desk->why = message->why;
        desk->has_why = true;
        break;
    case HUB_ANSWER_COUNTER:
        take_counter(desk, &message->own.counter, message->own.staff_name);
        wipe(&desk->sign_in, sizeof desk->sign_in);
        desk->problem[0] = '\0';
        break;
    case HUB_ANSWER_VISIT:
    case HUB_ANSWER_CATALOGUE:
    case HUB_ANSWER_FORM:
    case HUB_ANSWER_FORM_SAVED:
    case HUB_ANSWER_FORM_SENT:
    case HUB_ANSWER_UPLOAD:
    case HUB_ANSWER_UPLOADS:
    case HUB_ANSWER_DONE:
        break;
    }
}

static void take_problem(struct desk *desk, const struct api_problem *problem)
{
    static const struct {
        const char *code;
        const char *phrase;
    } table[] = {
        {"nobody_waits", "counter.problem.nobody_waits"},
        {"desk_busy", "counter.problem.finish_first"},
        {"not_now", "counter.problem.not_now"},
        {"sign_in_wrong", "counter.problem.sign_in_wrong"},
        {"not_yours", "counter.problem.not_yours"},
    };
    desk->calls_next_after = false;
    if (text_equal(problem->code, "sign_in_wrong")) {
        wipe(desk->sign_in.pin, sizeof desk->sign_in.pin);
        desk->sign_in.was_wrong = true;
        desk->sign_in.active = DESK_FIELD_PIN;
    }
    if (text_equal(problem->code, "not_yours") && !desk->has_context) {
        desk->context_refused = true;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (text_equal(problem->code, table[i].code)) {
            say(desk, table[i].phrase);
            return;
        }
    }
    say(desk, "counter.problem.other");
}

static void take_ticket(struct desk *desk, const struct ticket *ticket)
{
    struct api_state *state = &desk->state;
    for (size_t i = 0; i < state->tickets_count; i++) {
        if (!text_equal(state->tickets[i].id, ticket->id)) {
            continue;
        }
        if (ticket->version < state->tickets[i].version) {
            return; // an answer that was overtaken by its own event
        }
        state->tickets[i] = *ticket;
        if (!ticket_is_open(ticket)) {
            state->tickets_count -= 1;
            state->tickets[i] = state->tickets[state->tickets_count];
        }
        return;
    }
    if (ticket_is_open(ticket) && state->tickets_count < API_TICKETS_MAX) {
        state->tickets[state->tickets_count++] = *ticket;
    }
}

// Events tell no name (`staff_name` NULL): the one that is known stays with its person.
static void take_counter(struct desk *desk, const struct counter *counter, const char *staff_name)
{
    for (size_t i = 0; i < desk->state.counters_count; i++) {
        struct counter *own = &desk->state.counters[i];
        char *name = desk->state.counter_staff_name[i];
        if (!text_equal(own->desk, counter->desk)) {
            continue;
        }
        if (staff_name != NULL) {
            text_copy_cut(name, API_NAME_BYTES, staff_name);
        } else if (!text_equal(own->staff, counter->staff)) {
            name[0] = '\0';
        }
        *own = *counter;
    }
}

static void choose_scene(const struct desk *desk, struct scenes *scenes)
{
    const struct counter *own = desk_own(desk);
    bool is_in = own != NULL && own->state != COUNTER_CLOSED;
    const struct scene *wanted = is_in ? &desk_scene_work : &desk_scene_sign_in;
    if (scenes != NULL && scenes_top(scenes) != wanted) {
        scenes_reset(scenes, wanted);
    }
}

// The ticket at this desk is the one the hub says; its context is asked for once and forgotten when
// it leaves.
static void follow_own_ticket(struct desk *desk)
{
    const struct ticket *mine = NULL;
    for (size_t i = 0; i < desk->state.tickets_count; i++) {
        const struct ticket *ticket = &desk->state.tickets[i];
        if (text_equal(ticket->desk, desk->desk) &&
            (ticket->state == TICKET_CALLED || ticket->state == TICKET_SERVING)) {
            mine = ticket;
        }
    }
    if (mine == NULL) {
        if (desk->ticket[0] != '\0') {
            drop_ticket(desk);
        }
        return;
    }
    if (text_equal(mine->id, desk->ticket)) {
        return;
    }
    drop_ticket(desk);
    CHECK(text_copy(desk->ticket, sizeof desk->ticket, mine->id) == OK);
    if (mine->has_context && desk->client != NULL) {
        desk->reads_context = hub_context(desk->client, mine->id);
    }
}

static void drop_ticket(struct desk *desk)
{
    desk_form_drop(desk);
    wipe(&desk->context, sizeof desk->context);
    desk->has_context = false;
    desk->context_refused = false;
    desk->ticket[0] = '\0';
    desk->sheet = SHEET_NONE;
    desk->outcome = FINISH_DONE;
}

static bool may_send(struct desk *desk)
{
    if (!desk->is_connected) {
        say(desk, "counter.problem.no_hub");
        return false;
    }
    return desk->waits_for == 0; // the answer to the last key is still to come
}

static void sent(struct desk *desk, uint32_t command_id)
{
    desk->commands_count += 1;
    desk->waits_for = desk->client == NULL ? 0 : command_id;
    desk->form.wish = FORM_NO_WISH;
    desk->problem[0] = '\0';
}

static bool may_serve(const struct desk *desk, const struct ticket *ticket)
{
    const struct counter *own = desk_own(desk);
    if (own == NULL ||
        (ticket->desk_only[0] != '\0' && !text_equal(ticket->desk_only, desk->desk))) {
        return false;
    }
    for (size_t i = 0; i < desk->state.services_count; i++) {
        if (desk->state.services[i].letter == ticket->service) {
            return (own->services >> i & 1) != 0;
        }
    }
    return false;
}

static bool is_aside(const struct desk *desk, const struct ticket *ticket)
{
    bool is_parked_here =
        ticket->state == TICKET_PARKED &&
        (ticket->desk_only[0] == '\0' || text_equal(ticket->desk_only, desk->desk));
    return (is_parked_here || ticket->state == TICKET_NO_SHOW) &&
           (is_parked_here || may_serve(desk, ticket));
}

static void say(struct desk *desk, const char *key)
{
    CHECK(text_copy(desk->problem, sizeof desk->problem, key) == OK);
}
