// SPDX-License-Identifier: EUPL-1.2
//
// Promises of the hall that hold whatever happens: random events from fixed seeds, each followed by
// a look at every ticket, desk and queue.
#include "hall_steps.h"

enum {
    SEEDS_COUNT = 5,
    EVENTS_PER_SEED = 10000,
    COMPARE_EVERY = 500,
    RESTORE_EVERY = 1000,
    DESKS_COUNT = 5,
    ACCEPTED_MIN = 20, // of every kind of event in the whole walk; fewer would prove nothing
};

static const char letters[] = "ABC";
static const char *const desks[DESKS_COUNT] = {"1", "2", "3", "4", "5"};

// What may never change after issue, kept beside the hall.
struct promise {
    char number[TICKET_NUMBER_BYTES];
    int64_t due_ms;
    uint32_t seq;
    bool has_context;
};

struct walk {
    struct hall *hall;
    struct hall *shadow; // is given the accepted events only
    struct promise *promises;
    size_t promises_count;
    uint64_t random;
    int64_t now_ms;
    unsigned ids_count;
    unsigned visits_count;
    unsigned *accepted_count; // by kind
};

static struct hall *hall_new(void)
{
    static const uint32_t services[DESKS_COUNT] = {1, 3, 7, 4, 6};
    struct hall *hall = malloc(sizeof *hall);
    assert_non_null(hall);
    hall_init(hall, "hall", STEPS_DAY);
    for (size_t i = 0; letters[i] != '\0'; i++) {
        const struct service service = {.letter = letters[i],
                                        .promise_ms = (int64_t)(10 + 5 * i) * STEPS_MINUTE_MS,
                                        .mean_ms_prior = 5 * STEPS_MINUTE_MS};
        assert_int_equal(hall_add_service(hall, &service), OK);
    }
    for (size_t i = 0; i < DESKS_COUNT; i++) {
        assert_int_equal(hall_add_counter(hall, desks[i], services[i]), OK);
    }
    return hall;
}

// A number below `limit`; the generator is Knuth's MMIX, seeded, so that a failure comes back.
static unsigned draw(struct walk *walk, unsigned limit)
{
    walk->random = walk->random * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(walk->random >> 33) % limit;
}

static void copy(char *to, size_t to_size, const char *from)
{
    assert_int_equal(text_copy(to, to_size, from), OK);
}

// The state in which an event of this kind mostly finds its ticket.
static enum ticket_state usual_state(enum hall_event_kind kind)
{
    switch (kind) {
    case HALL_RECALL:
    case HALL_ARRIVED:
    case HALL_ABSENT:
        return TICKET_CALLED;
    case HALL_PARK:
    case HALL_REQUEUE:
    case HALL_TRANSFER:
    case HALL_DOCUMENT_SEEN:
    case HALL_FINISH:
        return TICKET_SERVING;
    case HALL_RETURN:
        return TICKET_NO_SHOW;
    case HALL_RESUME:
        return TICKET_PARKED;
    case HALL_DAY:
    case HALL_VISIT_OPEN:
    case HALL_SECOND_FACT:
    case HALL_VISIT_END:
    case HALL_COUNTER_OPEN:
    case HALL_COUNTER_PAUSE:
    case HALL_COUNTER_CLOSE:
    case HALL_ISSUE:
    case HALL_PRINTED:
    case HALL_CALL_NEXT:
    case HALL_CALL_TICKET:
    case HALL_CANCEL:
        return TICKET_WAITING;
    }
    return TICKET_WAITING;
}

// Mostly a ticket that the event can be about, else any, else one that does not exist.
static void draw_ticket_id(struct walk *walk, enum hall_event_kind kind, char *out,
                           size_t out_bytes)
{
    const struct hall *hall = walk->hall;
    const size_t count = hall->tickets_count;
    const size_t start = count == 0 ? 0 : draw(walk, (unsigned)count);
    const bool is_usual = draw(walk, 5) != 0;
    (void)snprintf(out, out_bytes, "none"); // always fits
    for (size_t i = 0; i < count && draw(walk, 200) != 0; i++) {
        const struct ticket *ticket = &hall->tickets[(start + i) % count];
        if (!is_usual || ticket->state == usual_state(kind)) {
            copy(out, out_bytes, ticket->id);
            return;
        }
    }
}

// The desk of an event: mostly the one where the ticket is, sometimes any.
static const char *draw_desk(struct walk *walk, const char *ticket_id)
{
    const struct ticket *ticket = hall_find_ticket(walk->hall, ticket_id);
    const char *desk = ticket == NULL ? "" : ticket->desk;
    if (ticket != NULL && ticket->state == TICKET_PARKED) {
        desk = ticket->desk_only;
    }
    return desk[0] != '\0' && draw(walk, 8) != 0 ? desk : desks[draw(walk, DESKS_COUNT)];
}

static void fill_visit(struct walk *walk, struct hall_event *event)
{
    char id[UUID_TEXT_BYTES];
    const bool is_new = event->kind == HALL_VISIT_OPEN && draw(walk, 10) != 0;
    const unsigned at = is_new ? ++walk->visits_count : draw(walk, walk->visits_count + 1);
    (void)snprintf(id, sizeof id, "v%u", at); // always fits
    copy(event->actor, sizeof event->actor, draw(walk, 10) == 0 ? "kiosk-2" : STEPS_KIOSK);
    if (event->kind == HALL_VISIT_OPEN) {
        copy(event->visit_open.id, sizeof event->visit_open.id, id);
        event->visit_open.evidence.kinds = draw(walk, 1U << EVIDENCE_KINDS_COUNT);
    } else if (event->kind == HALL_SECOND_FACT) {
        copy(event->second_fact.visit, sizeof event->second_fact.visit, id);
        event->second_fact.is_equal = draw(walk, 3) != 0;
    } else {
        copy(event->visit, sizeof event->visit, id);
    }
}

static void fill_issue(struct walk *walk, struct hall_event *event)
{
    const bool is_fresh = draw(walk, 20) != 0;
    const unsigned id = is_fresh ? ++walk->ids_count : walk->ids_count;
    (void)snprintf(event->issue.id, sizeof event->issue.id, "t%u", id); // always fits
    copy(event->actor, sizeof event->actor, STEPS_KIOSK);
    event->issue.service = draw(walk, 30) == 0 ? 'Z' : letters[draw(walk, 3)];
    event->issue.need_granted = draw(walk, 10) == 0;
    if (draw(walk, 2) == 0 && walk->visits_count > 0) {
        const unsigned visit = 1 + draw(walk, walk->visits_count);
        (void)snprintf(event->issue.visit, sizeof event->issue.visit, "v%u", visit);
        copy(event->issue.request, sizeof event->issue.request, "taken:1");
        event->issue.class = draw(walk, 3) == 0 ? REQUEST_SENSITIVE : REQUEST_ORDINARY;
        event->issue.wants_context = draw(walk, 4) != 0;
    }
}

static void fill_at_desk(struct walk *walk, struct hall_event *event)
{
    char id[UUID_TEXT_BYTES];
    draw_ticket_id(walk, event->kind, id, sizeof id);
    const char *desk = draw_desk(walk, id);
    if (event->kind == HALL_TRANSFER) {
        copy(event->transfer.desk, sizeof event->transfer.desk, desk);
        copy(event->transfer.ticket, sizeof event->transfer.ticket, id);
        event->transfer.to_service = draw(walk, 3) == 0 ? 0 : letters[draw(walk, 3)];
        if (draw(walk, 3) == 0) {
            copy(event->transfer.to_desk, sizeof event->transfer.to_desk,
                 draw(walk, 20) == 0 ? "9" : desks[draw(walk, DESKS_COUNT)]);
        }
    } else if (event->kind == HALL_FINISH) {
        copy(event->finish.desk, sizeof event->finish.desk, desk);
        copy(event->finish.ticket, sizeof event->finish.ticket, id);
        event->finish.outcome = (enum finish_outcome)draw(walk, FINISH_FAILED + 1);
    } else if (event->kind == HALL_PRINTED) {
        copy(event->print.ticket, sizeof event->print.ticket, id);
        event->print.state = (enum print_state)draw(walk, PRINT_NONE + 1);
    } else {
        copy(event->call.desk, sizeof event->call.desk, desk);
        copy(event->call.ticket, sizeof event->call.ticket, id);
    }
}

static struct hall_event draw_event(struct walk *walk)
{
    // Issues and calls come oftener than their share, so that the hall fills and moves.
    static const enum hall_event_kind often[] = {HALL_ISSUE,     HALL_ISSUE,     HALL_ISSUE,
                                                 HALL_CALL_NEXT, HALL_CALL_NEXT, HALL_COUNTER_OPEN,
                                                 HALL_ARRIVED,   HALL_FINISH};
    struct hall_event event = {.now_ms = walk->now_ms};
    event.kind = draw(walk, 2) == 0 ? often[draw(walk, sizeof often / sizeof often[0])]
                                    : (enum hall_event_kind)(1 + draw(walk, HALL_CANCEL));
    if (draw(walk, 1500) == 0) {
        event.kind = HALL_DAY;
        event.day = walk->hall->day + (int64_t)draw(walk, 2);
        return event;
    }
    switch (event.kind) {
    case HALL_VISIT_OPEN:
    case HALL_SECOND_FACT:
    case HALL_VISIT_END:
        fill_visit(walk, &event);
        break;
    case HALL_COUNTER_OPEN:
        copy(event.counter.staff, sizeof event.counter.staff, draw(walk, 9) == 0 ? "noor" : "sami");
        copy(event.counter.desk, sizeof event.counter.desk, desks[draw(walk, DESKS_COUNT)]);
        break;
    case HALL_COUNTER_PAUSE:
    case HALL_COUNTER_CLOSE:
        copy(event.counter.desk, sizeof event.counter.desk, desks[draw(walk, DESKS_COUNT)]);
        break;
    case HALL_ISSUE:
        fill_issue(walk, &event);
        break;
    case HALL_DAY:
    case HALL_PRINTED:
    case HALL_CALL_NEXT:
    case HALL_CALL_TICKET:
    case HALL_RECALL:
    case HALL_ARRIVED:
    case HALL_ABSENT:
    case HALL_RETURN:
    case HALL_PARK:
    case HALL_RESUME:
    case HALL_REQUEUE:
    case HALL_TRANSFER:
    case HALL_DOCUMENT_SEEN:
    case HALL_FINISH:
    case HALL_CANCEL:
        fill_at_desk(walk, &event);
        break;
    }
    return event;
}

static void note_promises(struct walk *walk, const struct hall_event *event)
{
    const struct hall *hall = walk->hall;
    if (event->kind == HALL_DAY) {
        walk->promises_count = 0;
    } else if (event->kind == HALL_ISSUE) {
        const struct ticket *ticket = hall_find_ticket(hall, event->issue.id);
        struct promise *promise = &walk->promises[walk->promises_count++];
        *promise = (struct promise){
            .due_ms = ticket->due_ms, .seq = ticket->seq, .has_context = ticket->has_context};
        copy(promise->number, sizeof promise->number, ticket->number);
        assert_int_equal(ticket->seq, walk->promises_count);
    } else if (event->kind == HALL_RETURN) {
        const struct ticket *ticket = hall_find_ticket(hall, event->call.ticket);
        walk->promises[ticket - hall->tickets].due_ms = ticket->due_ms;
    }
}

static void assert_promises_are_kept(const struct walk *walk)
{
    const struct hall *hall = walk->hall;
    static bool is_given[128][TICKET_NUMBER_MAX + 1];
    memset(is_given, 0, sizeof is_given);
    assert_int_equal(hall->tickets_count, walk->promises_count);
    for (size_t i = 0; i < hall->tickets_count; i++) {
        const struct ticket *ticket = &hall->tickets[i];
        const struct promise *promise = &walk->promises[i];
        if (strcmp(ticket->number, promise->number) != 0 || ticket->due_ms != promise->due_ms ||
            ticket->seq != promise->seq || ticket->has_context != promise->has_context) {
            fail_msg("ticket %s (%s) does not keep its promise", ticket->id, promise->number);
        }
        bool *given = &is_given[(unsigned char)ticket->number[0] & 127][atoi(ticket->number + 1)];
        if (*given) {
            fail_msg("number %s is given twice", ticket->number);
        }
        *given = true;
    }
}

static void assert_desks_hold_one_ticket_each(const struct hall *hall)
{
    size_t held_count = 0;
    for (size_t i = 0; i < hall->tickets_count; i++) {
        const struct ticket *ticket = &hall->tickets[i];
        const bool is_held = ticket->state == TICKET_CALLED || ticket->state == TICKET_SERVING;
        if (is_held != (ticket->desk[0] != '\0')) {
            fail_msg("ticket %s is %s at desk '%s'", ticket->id, ticket_state_name(ticket->state),
                     ticket->desk);
        }
        held_count += is_held ? 1 : 0;
    }
    size_t busy_count = 0;
    for (size_t i = 0; i < hall->counters_count; i++) {
        const struct counter *counter = &hall->counters[i];
        assert_int_equal(counter->state == COUNTER_BUSY, counter->ticket[0] != '\0');
        if (counter->state == COUNTER_BUSY) {
            const struct ticket *ticket = hall_find_ticket(hall, counter->ticket);
            assert_non_null(ticket);
            assert_string_equal(ticket->desk, counter->desk);
            busy_count += 1;
        }
        assert_int_equal(counter->state == COUNTER_CLOSED, counter->staff[0] == '\0');
    }
    assert_int_equal(held_count, busy_count);
}

// The same choice by the plainest means: look at every ticket, keep the least (due, seq).
static const struct ticket *next_by_scan(const struct hall *hall, const struct counter *counter)
{
    const struct ticket *best = NULL;
    for (size_t i = 0; i < hall->tickets_count; i++) {
        const struct ticket *ticket = &hall->tickets[i];
        const size_t service = (size_t)(strchr(letters, ticket->service) - letters);
        const bool is_eligible =
            ticket->state == TICKET_WAITING && (counter->services >> service & 1) != 0 &&
            (ticket->desk_only[0] == '\0' || strcmp(ticket->desk_only, counter->desk) == 0);
        if (is_eligible && (best == NULL || ticket->due_ms < best->due_ms ||
                            (ticket->due_ms == best->due_ms && ticket->seq < best->seq))) {
            best = ticket;
        }
    }
    return best;
}

static void assert_queues_are_those_who_wait(const struct hall *hall)
{
    size_t waiting_count = 0;
    for (size_t i = 0; i < hall->tickets_count; i++) {
        waiting_count += hall->tickets[i].state == TICKET_WAITING ? 1 : 0;
    }
    size_t queued_count = 0;
    for (size_t i = 0; i < hall->services_count; i++) {
        queued_count += queue_count(&hall->queues[i]);
    }
    assert_int_equal(queued_count, waiting_count);
    for (size_t i = 0; i < hall->counters_count; i++) {
        const struct counter *counter = &hall->counters[i];
        assert_ptr_equal(hall_next(hall, counter->desk), next_by_scan(hall, counter));
    }
}

static void assert_same_queues_and_next(const struct hall *left, const struct hall *right)
{
    for (size_t i = 0; i < left->services_count; i++) {
        const size_t count = queue_count(&left->queues[i]);
        assert_int_equal(queue_count(&right->queues[i]), count);
        for (size_t at = 0; at < count; at++) {
            const struct queue_entry *entry = queue_at(&left->queues[i], at);
            const struct queue_entry *other = queue_at(&right->queues[i], at);
            assert_int_equal(queue_compare(entry, other), 0);
            assert_string_equal(left->tickets[entry->ticket].id, right->tickets[other->ticket].id);
        }
    }
    for (size_t i = 0; i < DESKS_COUNT; i++) {
        const struct ticket *next = hall_next(left, desks[i]);
        const struct ticket *other = hall_next(right, desks[i]);
        assert_int_equal(next == NULL, other == NULL);
        if (next != NULL) {
            assert_string_equal(next->id, other->id);
        }
    }
}

static void assert_rows_rebuild_the_hall(const struct hall *hall)
{
    struct hall *rebuilt = hall_new();
    rebuilt->day = hall->day;
    for (size_t i = hall->tickets_count; i > 0; i--) { // rows come in any order
        assert_int_equal(hall_restore_ticket(rebuilt, &hall->tickets[i - 1]), OK);
    }
    for (size_t i = 0; i < hall->visits_count; i++) {
        assert_int_equal(hall_restore_visit(rebuilt, &hall->visits[i]), OK);
    }
    for (size_t i = 0; i < hall->counters_count; i++) {
        assert_int_equal(hall_restore_counter(rebuilt, &hall->counters[i]), OK);
    }

    assert_int_equal(rebuilt->tickets_count, hall->tickets_count);
    for (size_t i = 0; i < hall->tickets_count; i++) {
        const struct ticket *ticket = hall_find_ticket(rebuilt, hall->tickets[i].id);
        assert_non_null(ticket);
        assert_memory_equal(ticket, &hall->tickets[i], sizeof *ticket);
    }
    for (size_t i = 0; i < hall->visits_count; i++) {
        const bool is_ended = hall->visits[i].state == VISIT_ENDED;
        assert_int_equal(hall_find_visit(rebuilt, hall->visits[i].id) == NULL, is_ended);
    }
    assert_memory_equal(rebuilt->counters, hall->counters, sizeof hall->counters);
    assert_same_queues_and_next(hall, rebuilt);
    free(rebuilt);
}

static void step(struct walk *walk)
{
    struct hall_effects effects;
    // Often two things happen in the same moment: then seq decides.
    walk->now_ms += draw(walk, 3) == 0 ? draw(walk, 60000) : 0;
    const struct hall_event event = draw_event(walk);

    const enum err err = hall_apply(walk->hall, &event, &effects);
    if (err == OK) {
        assert_true(effects.count > 0);
        note_promises(walk, &event);
        walk->accepted_count[event.kind] += 1;
        assert_int_equal(hall_apply(walk->shadow, &event, &effects), OK);
    } else {
        assert_int_equal(effects.count, 0);
    }

    assert_promises_are_kept(walk);
    assert_desks_hold_one_ticket_each(walk->hall);
    assert_queues_are_those_who_wait(walk->hall);
}

static void whatever_happens_the_promises_of_the_hall_hold(void **state)
{
    (void)state;
    unsigned accepted_count[HALL_CANCEL + 1] = {0};
    for (unsigned seed = 1; seed <= SEEDS_COUNT; seed++) {
        struct walk walk = {.hall = hall_new(),
                            .shadow = hall_new(),
                            .promises = calloc(HALL_TICKETS_MAX, sizeof(struct promise)),
                            .random = seed * 0x9e3779b97f4a7c15U,
                            .now_ms = STEPS_START_MS,
                            .accepted_count = accepted_count};
        assert_non_null(walk.promises);
        for (unsigned i = 1; i <= EVENTS_PER_SEED; i++) {
            step(&walk);
            if (i % COMPARE_EVERY == 0) {
                // Refused events left no trace: the hall that never saw them is the same.
                assert_int_equal(memcmp(walk.hall, walk.shadow, sizeof *walk.hall), 0);
            }
            if (i % RESTORE_EVERY == 0) {
                assert_rows_rebuild_the_hall(walk.hall);
            }
        }
        free(walk.promises);
        free(walk.shadow);
        free(walk.hall);
    }
    for (enum hall_event_kind kind = HALL_DAY + 1; kind <= HALL_CANCEL; kind++) {
        assert_in_range(accepted_count[kind], ACCEPTED_MIN, SEEDS_COUNT * EVENTS_PER_SEED);
    }
    assert_in_range(accepted_count[HALL_DAY], SEEDS_COUNT, SEEDS_COUNT * EVENTS_PER_SEED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_the_promises_of_the_hall_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
