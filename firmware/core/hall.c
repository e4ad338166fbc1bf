// SPDX-License-Identifier: EUPL-1.2
//
// The hall: which rule decides an event, lookups, rebuilding from the store, who is next and why.
#include "core/hall.h"

#include "base/text.h"
#include "core/hall_parts.h"

#include <string.h>

static enum err begin_day(struct hall *hall, int64_t day, struct hall_effects *effects);
static uint32_t hash_id(const char *id);
static bool is_served_at(const struct hall *hall, const struct counter *counter,
                         const struct ticket *ticket);
static bool is_well_formed(const struct hall *hall, const struct ticket *ticket);
static void count_before(const struct hall *hall, const struct ticket *other,
                         const struct queue_entry *entry, const struct ticket *ticket,
                         struct hall_why *why);

void hall_init(struct hall *hall, const char *location, int64_t day)
{
    memset(hall, 0, sizeof *hall);
    CHECK(text_copy(hall->location, sizeof hall->location, location) == OK);
    hall->day = day;
}

enum err hall_add_service(struct hall *hall, const struct service *service)
{
    if (!ticket_letter_is_valid(service->letter) || service->promise_ms < 0 ||
        service->last_number > TICKET_NUMBER_MAX) {
        return ERR_MALFORMED;
    }
    if (hall_find_service(hall, service->letter) != NULL) {
        return ERR_DUPLICATE;
    }
    if (hall->services_count == HALL_SERVICES_MAX) {
        return ERR_FULL;
    }
    queue_init(&hall->queues[hall->services_count]);
    hall->services[hall->services_count++] = *service;
    return OK;
}

enum err hall_add_counter(struct hall *hall, const char *desk, uint32_t services)
{
    if (desk[0] == '\0' || strlen(desk) >= DESK_BYTES) {
        return ERR_MALFORMED;
    }
    if (hall_find_counter(hall, desk) != NULL) {
        return ERR_DUPLICATE;
    }
    if (hall->counters_count == HALL_COUNTERS_MAX) {
        return ERR_FULL;
    }
    struct counter *counter = &hall->counters[hall->counters_count++];
    *counter = (struct counter){.services = services};
    return text_copy(counter->desk, sizeof counter->desk, desk);
}

enum err hall_apply(struct hall *hall, const struct hall_event *event, struct hall_effects *effects)
{
    CHECK(hall != NULL && event != NULL && effects != NULL);

    effects->count = 0;
    switch (event->kind) {
    case HALL_DAY:
        return begin_day(hall, event->day, effects);
    case HALL_VISIT_OPEN:
        return hall_visit_open(hall, event, effects);
    case HALL_SECOND_FACT:
        return hall_second_fact(hall, event, effects);
    case HALL_VISIT_END:
        return hall_visit_end(hall, event, effects);
    case HALL_COUNTER_OPEN:
        return hall_counter_open(hall, event, effects);
    case HALL_COUNTER_PAUSE:
        return hall_counter_pause(hall, event, effects);
    case HALL_COUNTER_CLOSE:
        return hall_counter_close(hall, event, effects);
    case HALL_ISSUE:
        return hall_issue(hall, event, effects);
    case HALL_PRINTED:
        return hall_printed(hall, event, effects);
    case HALL_CALL_NEXT:
    case HALL_CALL_TICKET:
        return hall_call(hall, event, effects);
    case HALL_RECALL:
    case HALL_ARRIVED:
    case HALL_ABSENT:
    case HALL_PARK:
    case HALL_REQUEUE:
    case HALL_DOCUMENT_SEEN:
        return hall_at_desk(hall, event, effects);
    case HALL_RETURN:
        return hall_return(hall, event, effects);
    case HALL_RESUME:
        return hall_resume(hall, event, effects);
    case HALL_TRANSFER:
        return hall_transfer(hall, event, effects);
    case HALL_FINISH:
        return hall_finish(hall, event, effects);
    case HALL_CANCEL:
        return hall_cancel(hall, event, effects);
    }
    return ERR_UNSUPPORTED;
}

enum err hall_restore_ticket(struct hall *hall, const struct ticket *ticket)
{
    if (!is_well_formed(hall, ticket)) {
        return ERR_MALFORMED;
    }
    bool is_waiting = ticket->state == TICKET_WAITING;
    if (hall->tickets_count == HALL_TICKETS_MAX ||
        (is_waiting && !hall_queue_has_room(hall, ticket->service))) {
        return ERR_FULL;
    }
    hall->tickets[hall->tickets_count] = *ticket;
    if (hall_index_ticket(hall, (uint32_t)hall->tickets_count) != OK) {
        return ERR_MALFORMED;
    }
    hall->tickets_count += 1;
    return is_waiting ? hall_queue_put(hall, ticket) : OK;
}

enum err hall_restore_visit(struct hall *hall, const struct visit *visit)
{
    if (visit->id[0] == '\0' || visit->state > VISIT_ENDED ||
        hall_find_visit(hall, visit->id) != NULL) {
        return ERR_MALFORMED;
    }
    if (visit->state == VISIT_ENDED) {
        return OK;
    }
    if (hall->visits_count == HALL_VISITS_MAX) {
        return ERR_FULL;
    }
    hall->visits[hall->visits_count++] = *visit;
    return OK;
}

enum err hall_restore_counter(struct hall *hall, const struct counter *counter)
{
    struct counter *own = hall_counter(hall, counter->desk);
    if (own == NULL) {
        return OK; // a desk that configuration no longer knows
    }
    if (counter->state > COUNTER_PAUSED) {
        return ERR_MALFORMED;
    }
    uint32_t services = own->services;
    *own = *counter;
    own->services = services;
    return OK;
}

const struct ticket *hall_find_ticket(const struct hall *hall, const char *id)
{
    uint32_t slots = sizeof hall->ticket_index / sizeof hall->ticket_index[0];
    for (uint32_t at = hash_id(id) % slots;; at = (at + 1) % slots) {
        uint32_t position = hall->ticket_index[at];
        if (position == 0) {
            return NULL;
        }
        if (text_equal(hall->tickets[position - 1].id, id)) {
            return &hall->tickets[position - 1];
        }
    }
}

const struct ticket *hall_find_number(const struct hall *hall, const char *number)
{
    for (size_t i = 0; i < hall->tickets_count; i++) {
        if (text_equal(hall->tickets[i].number, number)) {
            return &hall->tickets[i];
        }
    }
    return NULL;
}

const struct visit *hall_find_visit(const struct hall *hall, const char *id)
{
    for (size_t i = 0; i < hall->visits_count; i++) {
        if (text_equal(hall->visits[i].id, id)) {
            return &hall->visits[i];
        }
    }
    return NULL;
}

const struct counter *hall_find_counter(const struct hall *hall, const char *desk)
{
    for (size_t i = 0; i < hall->counters_count; i++) {
        if (text_equal(hall->counters[i].desk, desk)) {
            return &hall->counters[i];
        }
    }
    return NULL;
}

const struct service *hall_find_service(const struct hall *hall, char letter)
{
    size_t index = hall_service_index(hall, letter);
    return index == hall->services_count ? NULL : &hall->services[index];
}

bool hall_may_see_context(const struct hall *hall, const char *desk, const struct ticket *ticket)
{
    const struct counter *counter = hall_find_counter(hall, desk);
    if (counter == NULL || counter->state == COUNTER_CLOSED || !ticket->has_context) {
        return false;
    }
    switch (ticket->state) {
    case TICKET_CALLED:
    case TICKET_SERVING:
        return text_equal(ticket->desk, desk);
    case TICKET_WAITING:
    case TICKET_PARKED:
        return text_equal(ticket->desk_only, desk);
    case TICKET_NO_SHOW:
    case TICKET_DONE:
    case TICKET_CANCELLED:
    case TICKET_EXPIRED:
    case TICKET_STATES_COUNT:
        return false;
    }
    return false;
}

const struct ticket *hall_next(const struct hall *hall, const char *desk)
{
    const struct counter *counter = hall_find_counter(hall, desk);
    const struct queue_entry *best = NULL;
    for (size_t i = 0; counter != NULL && i < hall->services_count; i++) {
        if ((counter->services >> i & 1) == 0) {
            continue;
        }
        // Tickets kept for another desk are stepped over; there are few of them.
        const struct queue_entry *entry = queue_at(&hall->queues[i], 0);
        for (size_t at = 1;
             entry != NULL && !is_served_at(hall, counter, &hall->tickets[entry->ticket]); at++) {
            entry = queue_at(&hall->queues[i], at);
        }
        if (entry != NULL && (best == NULL || queue_compare(entry, best) < 0)) {
            best = entry;
        }
    }
    return best == NULL ? NULL : &hall->tickets[best->ticket];
}

enum err hall_why(const struct hall *hall, const char *ticket_id, struct hall_why *why)
{
    const struct ticket *ticket = hall_find_ticket(hall, ticket_id);
    if (ticket == NULL) {
        return ERR_NOT_FOUND;
    }
    if (ticket->state != TICKET_WAITING) {
        return ERR_STATE;
    }
    *why = (struct hall_why){0};
    uint32_t services = 0; // of the desks that may serve it: their other queues come before it too
    for (size_t i = 0; i < hall->counters_count; i++) {
        const struct counter *counter = &hall->counters[i];
        if (counter->state != COUNTER_CLOSED && is_served_at(hall, counter, ticket)) {
            why->desks_open += 1;
            services |= counter->services;
        }
    }
    for (size_t i = 0; i < hall->services_count; i++) {
        if (hall->services[i].letter != ticket->service && (services >> i & 1) == 0) {
            continue;
        }
        const struct queue_entry *entry = NULL;
        for (size_t at = 0; (entry = queue_at(&hall->queues[i], at)) != NULL; at++) {
            count_before(hall, &hall->tickets[entry->ticket], entry, ticket, why);
        }
    }
    return OK;
}

struct ticket *hall_ticket(struct hall *hall, const char *id)
{
    const struct ticket *found = hall_find_ticket(hall, id);
    return found == NULL ? NULL : &hall->tickets[found - hall->tickets];
}

struct visit *hall_visit(struct hall *hall, const char *id)
{
    const struct visit *found = hall_find_visit(hall, id);
    return found == NULL ? NULL : &hall->visits[found - hall->visits];
}

struct counter *hall_counter(struct hall *hall, const char *desk)
{
    const struct counter *found = hall_find_counter(hall, desk);
    return found == NULL ? NULL : &hall->counters[found - hall->counters];
}

struct service *hall_service(struct hall *hall, char letter)
{
    size_t index = hall_service_index(hall, letter);
    return index == hall->services_count ? NULL : &hall->services[index];
}

size_t hall_service_index(const struct hall *hall, char letter)
{
    size_t index = 0;
    while (index < hall->services_count && hall->services[index].letter != letter) {
        index++;
    }
    return index;
}

enum err hall_index_ticket(struct hall *hall, uint32_t position)
{
    const char *id = hall->tickets[position].id;
    uint32_t slots = sizeof hall->ticket_index / sizeof hall->ticket_index[0];
    uint32_t at = hash_id(id) % slots;
    while (hall->ticket_index[at] != 0) {
        if (text_equal(hall->tickets[hall->ticket_index[at] - 1].id, id)) {
            return ERR_DUPLICATE;
        }
        at = (at + 1) % slots;
    }
    hall->ticket_index[at] = position + 1;
    return OK;
}

bool hall_queue_has_room(const struct hall *hall, char letter)
{
    size_t index = hall_service_index(hall, letter);
    CHECK(index < hall->services_count);
    return queue_count(&hall->queues[index]) < QUEUE_TICKETS_MAX;
}

enum err hall_queue_put(struct hall *hall, const struct ticket *ticket)
{
    size_t index = hall_service_index(hall, ticket->service);
    CHECK(index < hall->services_count);
    struct queue_entry entry = {ticket->due_ms, ticket->seq, (uint32_t)(ticket - hall->tickets)};
    const struct ticket *own = hall_find_ticket(hall, ticket->id);
    entry.ticket = (uint32_t)(own - hall->tickets);
    return queue_put(&hall->queues[index], &entry);
}

void hall_queue_take(struct hall *hall, const struct ticket *ticket)
{
    size_t index = hall_service_index(hall, ticket->service);
    struct queue_entry entry = {ticket->due_ms, ticket->seq, 0};
    CHECK(queue_take(&hall->queues[index], &entry) == OK);
}

static void add_effect(struct hall_effects *effects, const struct hall_effect *effect)
{
    CHECK(effects->count < HALL_EFFECTS_MAX);
    effects->list[effects->count++] = *effect;
}

void hall_tell_visit(struct hall_effects *effects, const struct visit *visit)
{
    add_effect(effects, &(struct hall_effect){.kind = EFFECT_VISIT, .visit = visit});
}

void hall_tell_ticket(struct hall_effects *effects, enum hall_effect_kind kind,
                      const struct ticket *ticket)
{
    add_effect(effects, &(struct hall_effect){.kind = kind, .ticket = ticket});
}

void hall_tell_counter(struct hall_effects *effects, const struct counter *counter)
{
    add_effect(effects, &(struct hall_effect){.kind = EFFECT_COUNTER, .counter = counter});
}

void hall_tell_service(struct hall_effects *effects, const struct service *service)
{
    add_effect(effects, &(struct hall_effect){.kind = EFFECT_SERVICE, .service = service});
}

static enum err begin_day(struct hall *hall, int64_t day, struct hall_effects *effects)
{
    if (day <= hall->day) {
        return ERR_STATE;
    }
    hall->day = day;
    hall->tickets_count = 0;
    hall->visits_count = 0;
    memset(hall->ticket_index, 0, sizeof hall->ticket_index);
    for (size_t i = 0; i < hall->services_count; i++) {
        hall->services[i].last_number = 0;
        queue_init(&hall->queues[i]);
    }
    for (size_t i = 0; i < hall->counters_count; i++) {
        hall->counters[i].state = COUNTER_CLOSED;
        memset(hall->counters[i].staff, 0, sizeof hall->counters[i].staff);
        memset(hall->counters[i].ticket, 0, sizeof hall->counters[i].ticket);
    }
    add_effect(effects, &(struct hall_effect){.kind = EFFECT_DAY});
    return OK;
}

static uint32_t hash_id(const char *id)
{
    uint32_t hash = 2166136261U;
    for (; *id != '\0'; id++) {
        hash = (hash ^ (unsigned char)*id) * 16777619U;
    }
    return hash;
}

static bool is_served_at(const struct hall *hall, const struct counter *counter,
                         const struct ticket *ticket)
{
    size_t index = hall_service_index(hall, ticket->service);
    return (counter->services >> index & 1) != 0 &&
           (ticket->desk_only[0] == '\0' || text_equal(ticket->desk_only, counter->desk));
}

static bool is_well_formed(const struct hall *hall, const struct ticket *ticket)
{
    int64_t count = 0;
    return ticket->id[0] != '\0' && ticket->state < TICKET_STATES_COUNT &&
           ticket_letter_is_valid(ticket->number[0]) &&
           strnlen(ticket->number, sizeof ticket->number) == TICKET_NUMBER_BYTES - 1 &&
           text_to_int64(ticket->number + 1, 1, TICKET_NUMBER_MAX, &count) == OK &&
           hall_find_service(hall, ticket->service) != NULL && ticket->level <= LEVEL_3 &&
           ticket->subject < SUBJECTS_COUNT && ticket->print_state <= PRINT_NONE;
}

static void count_before(const struct hall *hall, const struct ticket *other,
                         const struct queue_entry *entry, const struct ticket *ticket,
                         struct hall_why *why)
{
    (void)hall;
    struct queue_entry own = {ticket->due_ms, ticket->seq, 0};
    if (queue_compare(entry, &own) >= 0) {
        return;
    }
    if (other->due_ms == ticket->due_ms) {
        why->same_promise += 1;
    } else {
        why->earlier_promise += 1;
    }
    why->granted += other->need_granted || other->returns_count > 0 ? 1 : 0;
}
