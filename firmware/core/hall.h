// SPDX-License-Identifier: EUPL-1.2
//
// The rules of one location, decided in one pure function: no clock, no I/O, no randomness. What
// happened goes in as an event; the new state and what must be made durable and told come out.
// Order is one promise: due_ms, then seq (knowledge: 7.1 state machine, 7.2 call order).
#ifndef INLOOP_CORE_HALL_H
#define INLOOP_CORE_HALL_H

#include "core/context.h"
#include "core/policy.h"
#include "core/queue.h"
#include "core/ticket.h"

enum {
    HALL_SERVICES_MAX = 24, // letters A..Z without I and O
    HALL_COUNTERS_MAX = 32,
    HALL_TICKETS_MAX = HALL_SERVICES_MAX * TICKET_NUMBER_MAX, // a day's
    HALL_VISITS_MAX = 512,                                    // open at the same time
    HALL_EFFECTS_MAX = 8,
    SECOND_FACT_TRIES_MAX = 3,
    RECALL_MAX = 3,
    SERVICE_ID_BYTES = 24,
    LOCATION_ID_BYTES = 32,
};

enum {
    HALL_RECALL_GAP_MS = 10 * 1000,      // between two calls of one number
    HALL_PROMISE_GRANTED_MS = 5 * 60000, // a need granted by staff
    HALL_PROMISE_RETURN_MS = 5 * 60000,  // back after a no-show, the first time
};

// Fixed at start from configuration; order of the array is the order of the choice on the kiosk.
struct service {
    char letter;
    char id[SERVICE_ID_BYTES]; // "parking"; phrases and names hang on it
    int64_t promise_ms;        // P: default 20 minutes
    int64_t mean_ms_prior;     // configured mean of call to finish
    // learned today and before: log-scale mean; see core/wait.h
    int64_t mean_ms;
    uint32_t served_count;
    unsigned last_number; // given today
};

enum counter_state { COUNTER_CLOSED, COUNTER_FREE, COUNTER_BUSY, COUNTER_PAUSED };

struct counter {
    char desk[DESK_BYTES]; // "3"
    enum counter_state state;
    uint32_t services;            // bit n: services[n] may be served here
    char staff[STAFF_ID_BYTES];   // who is signed in; empty when closed
    char ticket[UUID_TEXT_BYTES]; // being called or served; empty otherwise
};

enum visit_state { VISIT_NEEDS_SECOND_FACT, VISIT_OPEN, VISIT_LOCKED, VISIT_ENDED };

struct visit {
    char id[UUID_TEXT_BYTES];
    char kiosk[DEVICE_ID_BYTES]; // only this device may go on with it
    enum visit_state state;
    struct evidence evidence;
    int64_t opened_ms;
    uint8_t second_fact_tries;
};

struct hall {
    char location[LOCATION_ID_BYTES];
    int64_t day; // local calendar day, days since 1970-01-01
    struct service services[HALL_SERVICES_MAX];
    size_t services_count;
    struct counter counters[HALL_COUNTERS_MAX];
    size_t counters_count;
    struct visit visits[HALL_VISITS_MAX];
    size_t visits_count;
    struct ticket tickets[HALL_TICKETS_MAX];
    size_t tickets_count;
    struct queue queues[HALL_SERVICES_MAX]; // waiting tickets by due, seq: indexes into tickets
    uint32_t ticket_index[65536];           // open addressing on the id: index + 1, 0 is free
};

enum hall_event_kind {
    HALL_DAY,           // day: a new day; open tickets expire, numbers start again
    HALL_VISIT_OPEN,    // visit_open
    HALL_SECOND_FACT,   // second_fact: was the birth date equal?
    HALL_VISIT_END,     // visit
    HALL_COUNTER_OPEN,  // counter: desk, staff, services
    HALL_COUNTER_PAUSE, // counter: desk
    HALL_COUNTER_CLOSE, // counter: desk; ERR_STATE while a ticket is being served there
    HALL_ISSUE,         // issue
    HALL_PRINTED,       // print: ticket, print_state
    HALL_CALL_NEXT,     // call: desk
    HALL_CALL_TICKET,   // call: desk, ticket (out of order)
    HALL_RECALL,        // call: desk, ticket
    HALL_ARRIVED,       // call: desk, ticket
    HALL_ABSENT,        // call: desk, ticket
    HALL_RETURN,        // call: ticket (desk may be empty): undo of absent
    HALL_PARK,          // call: desk, ticket
    HALL_RESUME,        // call: desk, ticket
    HALL_REQUEUE,       // call: desk, ticket: back in the queue, due unchanged
    HALL_TRANSFER,      // transfer
    HALL_DOCUMENT_SEEN, // call: desk, ticket: the level rises to L3
    HALL_FINISH,        // finish
    HALL_CANCEL,        // call: ticket
};

struct hall_event {
    enum hall_event_kind kind;
    int64_t now_ms;              // wall time, decided once by the caller
    char actor[DEVICE_ID_BYTES]; // device that asks
    union {
        int64_t day;
        struct {
            char id[UUID_TEXT_BYTES]; // fresh, from the caller
            struct evidence evidence;
        } visit_open;
        struct {
            char visit[UUID_TEXT_BYTES];
            bool is_equal;
        } second_fact;
        char visit[UUID_TEXT_BYTES];
        struct {
            char desk[DESK_BYTES];
            char staff[STAFF_ID_BYTES];
            uint32_t services;
        } counter;
        struct {
            char id[UUID_TEXT_BYTES];    // fresh, from the caller
            char visit[UUID_TEXT_BYTES]; // empty: anonymous
            char request[REQUEST_ID_BYTES];
            enum request_class class;
            enum request_subject subject;
            char service;
            uint32_t needs;
            char language[LANGUAGE_BYTES];
            bool wants_context; // the visitor agreed to share
            bool need_granted;  // by staff only
        } issue;
        struct {
            char ticket[UUID_TEXT_BYTES];
            enum print_state state;
        } print;
        struct {
            char desk[DESK_BYTES];
            char ticket[UUID_TEXT_BYTES];
        } call;
        struct {
            char desk[DESK_BYTES];
            char ticket[UUID_TEXT_BYTES];
            char to_service;          // 0: unchanged
            char to_desk[DESK_BYTES]; // empty: any
        } transfer;
        struct {
            char desk[DESK_BYTES];
            char ticket[UUID_TEXT_BYTES];
            enum finish_outcome outcome;
        } finish;
    };
};

enum hall_effect_kind {
    EFFECT_DAY,           // the day changed: every earlier ticket and context is closed
    EFFECT_VISIT,         // visit changed (borrowed pointer, valid until the next apply)
    EFFECT_TICKET,        // ticket changed
    EFFECT_COUNTER,       // counter changed
    EFFECT_SERVICE,       // learned mean or last number changed
    EFFECT_CALL,          // tell displays: this number, this desk
    EFFECT_CONTEXT_KEEP,  // seal the context under ticket->id in the same commit
    EFFECT_CONTEXT_ERASE, // the visit's subject is closed: erase it
    EFFECT_CONTACT,       // register the contact of this ticket (outcome), durable outbox
};

struct hall_effect {
    enum hall_effect_kind kind;
    const struct visit *visit;
    const struct ticket *ticket;
    const struct counter *counter;
    const struct service *service;
    enum finish_outcome outcome;
};

struct hall_effects {
    struct hall_effect list[HALL_EFFECTS_MAX];
    size_t count;
};

// Empty hall of `location` on `day`. Services with learned means and counters are put in by the
// caller through hall_add_service/hall_add_counter before the first event. Large: static or heap.
void hall_init(struct hall *hall, const char *location, int64_t day);
MUST_USE enum err hall_add_service(struct hall *hall, const struct service *service);
MUST_USE enum err hall_add_counter(struct hall *hall, const char *desk, uint32_t services);

// Decides. On OK the hall has changed and `effects` says what; on any error nothing has changed and
// `effects` is empty. ERR_NOT_FOUND: no such visit, ticket, desk or service. ERR_STATE: not
// possible now (a counter has at most one called or served ticket; see the state machine).
// ERR_REFUSED: the policy, the tries or the owner say no. ERR_EMPTY: nobody this desk may serve is
// waiting. ERR_FULL: a named limit. Borrows `event`.
MUST_USE enum err hall_apply(struct hall *hall, const struct hall_event *event,
                             struct hall_effects *effects);

// Rebuilding from the store: rows exactly as effects gave them, in any order, before the first
// event. ERR_MALFORMED: a row that cannot be (bad letter, number, state, twice the same id).
MUST_USE enum err hall_restore_ticket(struct hall *hall, const struct ticket *ticket);
MUST_USE enum err hall_restore_visit(struct hall *hall, const struct visit *visit);
MUST_USE enum err hall_restore_counter(struct hall *hall, const struct counter *counter);

// Borrowed until the next apply, or NULL.
const struct ticket *hall_find_ticket(const struct hall *hall, const char *id);
const struct ticket *hall_find_number(const struct hall *hall, const char *number);
const struct visit *hall_find_visit(const struct hall *hall, const char *id);
const struct counter *hall_find_counter(const struct hall *hall, const char *desk);
const struct service *hall_find_service(const struct hall *hall, char letter);

// May this desk see the ticket's context? Only while it is called to, served by or parked at it,
// or was passed on to it by name.
bool hall_may_see_context(const struct hall *hall, const char *desk, const struct ticket *ticket);

// Who would be called now at this desk, or NULL: the same choice as HALL_CALL_NEXT.
const struct ticket *hall_next(const struct hall *hall, const char *desk);

// "Why am I not next?": counts of those before this waiting ticket.
struct hall_why {
    unsigned earlier_promise; // promised earlier
    unsigned same_promise;    // promised at the same moment, but came first
    unsigned granted;         // among both: needs granted by staff or returns
    unsigned desks_open;      // desks that may serve it
};
MUST_USE enum err hall_why(const struct hall *hall, const char *ticket, struct hall_why *why);

#endif
