// SPDX-License-Identifier: EUPL-1.2
//
// The hall's rules for tickets: issue, call, and every step until the end. Number, due, seq and
// context survive all of them; only a return after a no-show makes a new promise.
#include "core/hall_parts.h"

#include "base/text.h"
#include "core/wait.h"

#include <string.h>

static enum err check_issue(struct hall *hall, const struct hall_event *event, enum level *level,
                            struct evidence *evidence);
static void fill_ticket(struct ticket *ticket, const struct hall_event *event, int64_t due_ms);
static enum err own_ticket(struct hall *hall, const char *desk, const char *id,
                           struct counter **counter, struct ticket **ticket);
static void leave_desk(struct counter *counter, struct ticket *ticket,
                       struct hall_effects *effects);
static void change(struct ticket *ticket, enum ticket_state state, struct hall_effects *effects);
static enum err recall(struct ticket *ticket, int64_t now_ms, struct hall_effects *effects);
static enum err arrived(struct ticket *ticket, int64_t now_ms, struct hall_effects *effects);
static enum err document_seen(struct ticket *ticket, struct hall_effects *effects);
static void learn(struct hall *hall, const struct ticket *ticket, int64_t now_ms,
                  struct hall_effects *effects);

enum err hall_issue(struct hall *hall, const struct hall_event *event, struct hall_effects *effects)
{
    struct service *service = hall_service(hall, event->issue.service);
    if (service == NULL) {
        return ERR_NOT_FOUND;
    }
    if (hall_find_ticket(hall, event->issue.id) != NULL) {
        return ERR_DUPLICATE;
    }
    enum level level = LEVEL_0;
    struct evidence evidence = {0};
    enum err err = check_issue(hall, event, &level, &evidence);
    if (err != OK) {
        return err;
    }
    if (service->last_number == TICKET_NUMBER_MAX || hall->tickets_count == HALL_TICKETS_MAX ||
        !hall_queue_has_room(hall, service->letter)) {
        return ERR_FULL;
    }
    int64_t promise_ms = event->issue.need_granted ? HALL_PROMISE_GRANTED_MS : service->promise_ms;
    struct ticket *ticket = &hall->tickets[hall->tickets_count];
    fill_ticket(ticket, event, event->now_ms + promise_ms);
    ticket->seq = (uint32_t)hall->tickets_count + 1;
    ticket->level = level;
    ticket->evidence = evidence;
    ticket->has_context =
        event->issue.wants_context && policy_allows(event->issue.class, level, POLICY_CONTEXT);
    service->last_number += 1;
    ticket_number(service->letter, service->last_number, ticket->number);
    CHECK(hall_index_ticket(hall, (uint32_t)hall->tickets_count) == OK);
    hall->tickets_count += 1;
    CHECK(hall_queue_put(hall, ticket) == OK);
    hall_tell_ticket(effects, EFFECT_TICKET, ticket);
    hall_tell_service(effects, service);
    if (ticket->has_context) {
        hall_tell_ticket(effects, EFFECT_CONTEXT_KEEP, ticket);
    }
    return OK;
}

enum err hall_printed(struct hall *hall, const struct hall_event *event,
                      struct hall_effects *effects)
{
    struct ticket *ticket = hall_ticket(hall, event->print.ticket);
    if (ticket == NULL) {
        return ERR_NOT_FOUND;
    }
    if (!ticket_is_open(ticket) || event->print.state == PRINT_PENDING) {
        return ERR_STATE;
    }
    ticket->print_state = event->print.state;
    change(ticket, ticket->state, effects);
    return OK;
}

enum err hall_call(struct hall *hall, const struct hall_event *event, struct hall_effects *effects)
{
    struct counter *counter = hall_counter(hall, event->call.desk);
    if (counter == NULL) {
        return ERR_NOT_FOUND;
    }
    if (counter->state != COUNTER_FREE || counter->ticket[0] != '\0') {
        return ERR_STATE;
    }
    struct ticket *ticket = NULL;
    if (event->kind == HALL_CALL_NEXT) {
        const struct ticket *next = hall_next(hall, counter->desk);
        if (next == NULL) {
            return ERR_EMPTY;
        }
        ticket = hall_ticket(hall, next->id);
    } else {
        ticket = hall_ticket(hall, event->call.ticket);
    }
    if (ticket == NULL) {
        return ERR_NOT_FOUND;
    }
    if (ticket->state != TICKET_WAITING) {
        return ERR_STATE;
    }
    if (ticket->desk_only[0] != '\0' && !text_equal(ticket->desk_only, counter->desk)) {
        return ERR_REFUSED;
    }
    hall_queue_take(hall, ticket);
    memcpy(ticket->desk, counter->desk, sizeof ticket->desk);
    memcpy(counter->ticket, ticket->id, sizeof counter->ticket);
    counter->state = COUNTER_BUSY;
    ticket->called_ms = event->now_ms;
    ticket->calls_count = 1;
    change(ticket, TICKET_CALLED, effects);
    hall_tell_counter(effects, counter);
    hall_tell_ticket(effects, EFFECT_CALL, ticket);
    return OK;
}

enum err hall_at_desk(struct hall *hall, const struct hall_event *event,
                      struct hall_effects *effects)
{
    struct counter *counter = NULL;
    struct ticket *ticket = NULL;
    enum err err = own_ticket(hall, event->call.desk, event->call.ticket, &counter, &ticket);
    if (err != OK) {
        return err;
    }
    switch (event->kind) {
    case HALL_RECALL:
        return recall(ticket, event->now_ms, effects);
    case HALL_ARRIVED:
        return arrived(ticket, event->now_ms, effects);
    case HALL_DOCUMENT_SEEN:
        return document_seen(ticket, effects);
    case HALL_ABSENT:
        if (ticket->state != TICKET_CALLED) {
            return ERR_STATE;
        }
        leave_desk(counter, ticket, effects);
        change(ticket, TICKET_NO_SHOW, effects);
        return OK;
    case HALL_PARK:
        memcpy(ticket->desk_only, counter->desk, sizeof ticket->desk_only);
        leave_desk(counter, ticket, effects);
        change(ticket, TICKET_PARKED, effects);
        return OK;
    case HALL_REQUEUE:
        if (!hall_queue_has_room(hall, ticket->service)) {
            return ERR_FULL;
        }
        leave_desk(counter, ticket, effects);
        change(ticket, TICKET_WAITING, effects);
        return hall_queue_put(hall, ticket);
    default:
        CHECK(false); // dispatched here for these kinds only
        return ERR_UNSUPPORTED;
    }
}

enum err hall_return(struct hall *hall, const struct hall_event *event,
                     struct hall_effects *effects)
{
    struct ticket *ticket = hall_ticket(hall, event->call.ticket);
    if (ticket == NULL) {
        return ERR_NOT_FOUND;
    }
    if (ticket->state != TICKET_NO_SHOW) {
        return ERR_STATE;
    }
    if (!hall_queue_has_room(hall, ticket->service)) {
        return ERR_FULL;
    }
    const struct service *service = hall_find_service(hall, ticket->service);
    ticket->due_ms =
        event->now_ms + (ticket->returns_count == 0 ? HALL_PROMISE_RETURN_MS : service->promise_ms);
    ticket->returns_count += 1;
    change(ticket, TICKET_WAITING, effects);
    return hall_queue_put(hall, ticket);
}

enum err hall_resume(struct hall *hall, const struct hall_event *event,
                     struct hall_effects *effects)
{
    struct counter *counter = hall_counter(hall, event->call.desk);
    struct ticket *ticket = hall_ticket(hall, event->call.ticket);
    if (counter == NULL || ticket == NULL) {
        return ERR_NOT_FOUND;
    }
    if (ticket->state != TICKET_PARKED || counter->state != COUNTER_FREE) {
        return ERR_STATE;
    }
    if (!text_equal(ticket->desk_only, counter->desk)) {
        return ERR_REFUSED;
    }
    memset(ticket->desk_only, 0, sizeof ticket->desk_only);
    memcpy(ticket->desk, counter->desk, sizeof ticket->desk);
    memcpy(counter->ticket, ticket->id, sizeof counter->ticket);
    counter->state = COUNTER_BUSY;
    ticket->serving_ms = event->now_ms;
    change(ticket, TICKET_SERVING, effects);
    hall_tell_counter(effects, counter);
    return OK;
}

enum err hall_transfer(struct hall *hall, const struct hall_event *event,
                       struct hall_effects *effects)
{
    struct counter *counter = NULL;
    struct ticket *ticket = NULL;
    enum err err =
        own_ticket(hall, event->transfer.desk, event->transfer.ticket, &counter, &ticket);
    if (err != OK) {
        return err;
    }
    char letter = event->transfer.to_service == 0 ? ticket->service : event->transfer.to_service;
    bool has_desk = event->transfer.to_desk[0] != '\0';
    if (hall_find_service(hall, letter) == NULL ||
        (has_desk && hall_find_counter(hall, event->transfer.to_desk) == NULL)) {
        return ERR_NOT_FOUND;
    }
    if (!hall_queue_has_room(hall, letter)) {
        return ERR_FULL;
    }
    ticket->service = letter;
    memcpy(ticket->desk_only, event->transfer.to_desk, sizeof ticket->desk_only);
    leave_desk(counter, ticket, effects);
    change(ticket, TICKET_WAITING, effects);
    return hall_queue_put(hall, ticket);
}

enum err hall_finish(struct hall *hall, const struct hall_event *event,
                     struct hall_effects *effects)
{
    struct counter *counter = NULL;
    struct ticket *ticket = NULL;
    enum err err = own_ticket(hall, event->finish.desk, event->finish.ticket, &counter, &ticket);
    if (err != OK) {
        return err;
    }
    if (ticket->state != TICKET_SERVING || event->finish.outcome > FINISH_FAILED) {
        return ERR_STATE;
    }
    learn(hall, ticket, event->now_ms, effects);
    leave_desk(counter, ticket, effects);
    change(ticket, TICKET_DONE, effects);
    hall_tell_ticket(effects, EFFECT_CONTACT, ticket);
    effects->list[effects->count - 1].outcome = event->finish.outcome;
    if (ticket->has_context) {
        hall_tell_ticket(effects, EFFECT_CONTEXT_ERASE, ticket);
    }
    return OK;
}

enum err hall_cancel(struct hall *hall, const struct hall_event *event,
                     struct hall_effects *effects)
{
    struct ticket *ticket = hall_ticket(hall, event->call.ticket);
    if (ticket == NULL) {
        return ERR_NOT_FOUND;
    }
    if (ticket->state != TICKET_WAITING && ticket->state != TICKET_PARKED &&
        ticket->state != TICKET_NO_SHOW) {
        return ERR_STATE;
    }
    if (ticket->state == TICKET_WAITING) {
        hall_queue_take(hall, ticket);
    }
    change(ticket, TICKET_CANCELLED, effects);
    if (ticket->has_context) {
        hall_tell_ticket(effects, EFFECT_CONTEXT_ERASE, ticket);
    }
    return OK;
}

// A ticket about a request needs the visit that may take it; an anonymous one carries nothing.
static enum err check_issue(struct hall *hall, const struct hall_event *event, enum level *level,
                            struct evidence *evidence)
{
    if (event->issue.visit[0] == '\0') {
        return event->issue.request[0] == '\0' && !event->issue.wants_context ? OK : ERR_REFUSED;
    }
    const struct visit *visit = hall_find_visit(hall, event->issue.visit);
    if (visit == NULL) {
        return ERR_NOT_FOUND;
    }
    if (!text_equal(visit->kiosk, event->actor)) {
        return ERR_REFUSED;
    }
    if (visit->state != VISIT_OPEN) {
        return ERR_STATE;
    }
    *level = evidence_level(visit->evidence);
    *evidence = visit->evidence;
    bool is_about = event->issue.request[0] != '\0';
    return is_about && !policy_allows(event->issue.class, *level, POLICY_TICKET) ? ERR_REFUSED : OK;
}

static void fill_ticket(struct ticket *ticket, const struct hall_event *event, int64_t due_ms)
{
    *ticket = (struct ticket){
        .service = event->issue.service,
        .issued_ms = event->now_ms,
        .due_ms = due_ms,
        .state = TICKET_WAITING,
        .print_state = PRINT_PENDING,
        .needs = event->issue.needs,
        .subject = event->issue.subject,
        .need_granted = event->issue.need_granted,
        .version = 1,
    };
    memcpy(ticket->id, event->issue.id, sizeof ticket->id);
    memcpy(ticket->visit, event->issue.visit, sizeof ticket->visit);
    memcpy(ticket->request, event->issue.request, sizeof ticket->request);
    memcpy(ticket->language, event->issue.language, sizeof ticket->language);
}

// The ticket that is called to or served at this desk, and no other.
static enum err own_ticket(struct hall *hall, const char *desk, const char *id,
                           struct counter **counter, struct ticket **ticket)
{
    *counter = hall_counter(hall, desk);
    *ticket = hall_ticket(hall, id);
    if (*counter == NULL || *ticket == NULL) {
        return ERR_NOT_FOUND;
    }
    if ((*ticket)->state != TICKET_CALLED && (*ticket)->state != TICKET_SERVING) {
        return ERR_STATE;
    }
    return text_equal((*counter)->ticket, (*ticket)->id) ? OK : ERR_REFUSED;
}

static void leave_desk(struct counter *counter, struct ticket *ticket, struct hall_effects *effects)
{
    memset(ticket->desk, 0, sizeof ticket->desk);
    ticket->serving_ms = 0;
    memset(counter->ticket, 0, sizeof counter->ticket);
    counter->state = COUNTER_FREE;
    hall_tell_counter(effects, counter);
}

static void change(struct ticket *ticket, enum ticket_state state, struct hall_effects *effects)
{
    ticket->state = state;
    ticket->version += 1;
    hall_tell_ticket(effects, EFFECT_TICKET, ticket);
}

static enum err recall(struct ticket *ticket, int64_t now_ms, struct hall_effects *effects)
{
    if (ticket->state != TICKET_CALLED || ticket->calls_count > RECALL_MAX ||
        now_ms - ticket->called_ms < HALL_RECALL_GAP_MS) {
        return ERR_STATE;
    }
    ticket->calls_count += 1;
    ticket->called_ms = now_ms;
    change(ticket, TICKET_CALLED, effects);
    hall_tell_ticket(effects, EFFECT_CALL, ticket);
    return OK;
}

static enum err arrived(struct ticket *ticket, int64_t now_ms, struct hall_effects *effects)
{
    if (ticket->state != TICKET_CALLED) {
        return ERR_STATE;
    }
    ticket->serving_ms = now_ms;
    change(ticket, TICKET_SERVING, effects);
    return OK;
}

static enum err document_seen(struct ticket *ticket, struct hall_effects *effects)
{
    evidence_add(&ticket->evidence, EVIDENCE_DOCUMENT_SEEN);
    ticket->level = evidence_level(ticket->evidence);
    change(ticket, ticket->state, effects);
    return OK;
}

static void learn(struct hall *hall, const struct ticket *ticket, int64_t now_ms,
                  struct hall_effects *effects)
{
    struct service *service = hall_service(hall, ticket->service);
    int64_t took_ms = now_ms - ticket->called_ms;
    int64_t mean_ms = service->mean_ms > 0 ? service->mean_ms : service->mean_ms_prior;
    service->mean_ms = wait_learn(mean_ms, service->served_count, took_ms);
    service->served_count += 1;
    hall_tell_service(effects, service);
}
