// SPDX-License-Identifier: EUPL-1.2
//
// The hall's state machine row by row, what it refuses, and who may see a context.
#include "hall_steps.h"

#define NOW STEPS_START_MS

struct stage {
    struct hall *hall;
    struct hall_effects effects;
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    stage->hall = steps_hall_new();
    assert_int_equal(steps_open_desk(stage->hall, "1", "noor"), OK);
    assert_int_equal(steps_open_desk(stage->hall, "2", "sami"), OK);
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    free(stage->hall);
    free(stage);
    return 0;
}

// A ticket about an ordinary request, with context, of a visit with a letter's code and birth date.
static struct hall_event issue_with_context(struct hall *hall, const char *id)
{
    assert_int_equal(steps_open_visit(hall, "visit", EVIDENCE_PAPER_CODE), OK);
    assert_int_equal(steps_second_fact(hall, "visit", STEPS_KIOSK, true), OK);
    struct hall_event event = steps_issue_event(id, 'A', NOW);
    assert_int_equal(text_copy(event.issue.visit, sizeof event.issue.visit, "visit"), OK);
    assert_int_equal(text_copy(event.issue.request, sizeof event.issue.request, "taken:1"), OK);
    event.issue.wants_context = true;
    return event;
}

// Issued as "t", called to and served at desk 1.
static const struct ticket *serve_with_context(struct hall *hall)
{
    struct hall_effects effects;
    struct hall_event event = issue_with_context(hall, "t");
    assert_int_equal(hall_apply(hall, &event, &effects), OK);
    assert_int_equal(steps_at(hall, HALL_CALL_NEXT, "1", "", NOW), OK);
    assert_int_equal(steps_at(hall, HALL_ARRIVED, "1", "t", NOW), OK);
    return hall_find_ticket(hall, "t");
}

static struct hall_event transfer_event(const char *to_desk, char to_service)
{
    struct hall_event event = {.kind = HALL_TRANSFER, .now_ms = NOW};
    assert_int_equal(text_copy(event.transfer.desk, sizeof event.transfer.desk, "1"), OK);
    assert_int_equal(text_copy(event.transfer.ticket, sizeof event.transfer.ticket, "t"), OK);
    assert_int_equal(text_copy(event.transfer.to_desk, sizeof event.transfer.to_desk, to_desk), OK);
    event.transfer.to_service = to_service;
    return event;
}

static struct hall_event finish_event(enum finish_outcome outcome)
{
    struct hall_event event = {.kind = HALL_FINISH, .now_ms = NOW + 6 * STEPS_MINUTE_MS};
    assert_int_equal(text_copy(event.finish.desk, sizeof event.finish.desk, "1"), OK);
    assert_int_equal(text_copy(event.finish.ticket, sizeof event.finish.ticket, "t"), OK);
    event.finish.outcome = outcome;
    return event;
}

static void an_issued_ticket_waits_with_number_seq_and_promise(void **state)
{
    struct stage *stage = *state;
    const struct hall_event event = steps_issue_event("t", 'A', NOW);

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    const struct ticket *ticket = hall_find_ticket(stage->hall, "t");
    assert_non_null(ticket);
    assert_string_equal(ticket->number, "A001");
    assert_int_equal(ticket->seq, 1);
    assert_int_equal(ticket->due_ms, NOW + STEPS_PROMISE_MS);
    assert_int_equal(ticket->state, TICKET_WAITING);
    assert_int_equal(ticket->print_state, PRINT_PENDING);
    assert_int_equal(ticket->level, LEVEL_0);
    assert_false(ticket->has_context);
    assert_ptr_equal(steps_effect(&stage->effects, EFFECT_TICKET)->ticket, ticket);
    assert_int_equal(steps_effect(&stage->effects, EFFECT_SERVICE)->service->last_number, 1);
    assert_null(steps_effect(&stage->effects, EFFECT_CONTEXT_KEEP));
    assert_ptr_equal(hall_find_number(stage->hall, "A001"), ticket);
}

static void an_agreed_context_is_kept_with_its_ticket(void **state)
{
    struct stage *stage = *state;
    const struct hall_event event = issue_with_context(stage->hall, "t");

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    const struct ticket *ticket = hall_find_ticket(stage->hall, "t");
    assert_true(ticket->has_context);
    assert_int_equal(ticket->level, LEVEL_2);
    assert_ptr_equal(steps_effect(&stage->effects, EFFECT_CONTEXT_KEEP)->ticket, ticket);
}

static void a_need_granted_by_staff_is_promised_sooner(void **state)
{
    struct stage *stage = *state;
    struct hall_event event = steps_issue_event("t", 'A', NOW);
    event.issue.need_granted = true;

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_int_equal(hall_find_ticket(stage->hall, "t")->due_ms, NOW + HALL_PROMISE_GRANTED_MS);
}

static void the_same_ticket_id_is_issued_once(void **state)
{
    struct stage *stage = *state;
    const struct hall_event event = steps_issue_event("t", 'A', NOW);
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_DUPLICATE);

    assert_int_equal(stage->effects.count, 0);
    assert_int_equal(stage->hall->tickets_count, 1);
}

static void a_service_gives_999_numbers_a_day_and_no_more(void **state)
{
    struct stage *stage = *state;
    char id[UUID_TEXT_BYTES];
    for (int i = 1; i <= TICKET_NUMBER_MAX; i++) {
        (void)snprintf(id, sizeof id, "t%d", i); // always fits
        (void)steps_issue(stage->hall, id, 'A', NOW);
    }

    struct hall_event event = steps_issue_event("more", 'A', NOW);
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_FULL);
    event = steps_issue_event("other", 'B', NOW);
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_string_equal(hall_find_ticket(stage->hall, "t999")->number, "A999");
    assert_string_equal(hall_find_ticket(stage->hall, "other")->number, "B001");
    assert_null(hall_find_ticket(stage->hall, "more"));
}

static void a_print_result_is_kept_with_the_ticket(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    struct hall_event event = {.kind = HALL_PRINTED, .print = {"t", PRINT_FAILED}};

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);
    assert_int_equal(ticket->print_state, PRINT_FAILED);
    event.print.state = PRINT_PRINTED;
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);
    assert_int_equal(ticket->print_state, PRINT_PRINTED);

    event.print.state = PRINT_PENDING;
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_STATE);
    assert_int_equal(ticket->print_state, PRINT_PRINTED);
    assert_int_equal(ticket->state, TICKET_WAITING);
}

static void the_earliest_promise_is_called_first_then_the_lower_seq(void **state)
{
    struct stage *stage = *state;
    (void)steps_issue(stage->hall, "later", 'A', NOW + 1);
    (void)steps_issue(stage->hall, "first", 'B', NOW);
    (void)steps_issue(stage->hall, "second", 'A', NOW);

    assert_string_equal(hall_next(stage->hall, "1")->id, "first");
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);
    assert_int_equal(hall_find_ticket(stage->hall, "first")->state, TICKET_CALLED);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "2", "", NOW), OK);
    assert_int_equal(hall_find_ticket(stage->hall, "second")->state, TICKET_CALLED);
    assert_string_equal(hall_next(stage->hall, "1")->id, "later");
}

static void a_call_is_told_to_displays_with_its_desk(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    const struct hall_event event = {.kind = HALL_CALL_NEXT, .now_ms = NOW + 7, .call = {"1", ""}};

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_ptr_equal(steps_effect(&stage->effects, EFFECT_CALL)->ticket, ticket);
    assert_int_equal(steps_effect(&stage->effects, EFFECT_COUNTER)->counter->state, COUNTER_BUSY);
    assert_string_equal(ticket->desk, "1");
    assert_int_equal(ticket->called_ms, NOW + 7);
    assert_int_equal(ticket->calls_count, 1);
    assert_string_equal(hall_find_counter(stage->hall, "1")->ticket, "t");
}

static void a_desk_calls_only_services_it_serves(void **state)
{
    struct stage *stage = *state;
    struct hall_event event = {.kind = HALL_COUNTER_OPEN,
                               .counter = {"1", "noor", STEPS_SERVICE_B}};
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);
    (void)steps_issue(stage->hall, "t", 'A', NOW);

    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), ERR_EMPTY);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "2", "", NOW), OK);
}

static void one_ticket_may_be_called_out_of_order(void **state)
{
    struct stage *stage = *state;
    (void)steps_issue(stage->hall, "first", 'A', NOW);
    (void)steps_issue(stage->hall, "t", 'A', NOW);

    assert_int_equal(steps_at(stage->hall, HALL_CALL_TICKET, "1", "t", NOW), OK);

    assert_int_equal(hall_find_ticket(stage->hall, "t")->state, TICKET_CALLED);
    assert_string_equal(hall_next(stage->hall, "2")->id, "first");
    assert_int_equal(steps_at(stage->hall, HALL_CALL_TICKET, "2", "t", NOW), ERR_STATE);
}

static void a_busy_paused_or_closed_counter_calls_nobody(void **state)
{
    struct stage *stage = *state;
    (void)steps_issue(stage->hall, "t", 'A', NOW);
    (void)steps_issue(stage->hall, "u", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);

    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), ERR_STATE);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_TICKET, "1", "u", NOW), ERR_STATE);
    struct hall_event event = {.kind = HALL_COUNTER_PAUSE, .counter = {.desk = "2"}};
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "2", "", NOW), ERR_STATE);
    event.kind = HALL_COUNTER_CLOSE;
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "2", "", NOW), ERR_STATE);
}

static void a_recall_comes_no_sooner_than_the_gap_and_no_oftener_than_the_limit(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);

    int64_t now_ms = NOW;
    for (int i = 0; i < RECALL_MAX; i++) {
        const int64_t soon_ms = now_ms + HALL_RECALL_GAP_MS - 1;
        assert_int_equal(steps_at(stage->hall, HALL_RECALL, "1", "t", soon_ms), ERR_STATE);
        now_ms += HALL_RECALL_GAP_MS;
        assert_int_equal(steps_at(stage->hall, HALL_RECALL, "1", "t", now_ms), OK);
        assert_int_equal(ticket->called_ms, now_ms);
    }

    now_ms += HALL_RECALL_GAP_MS;
    assert_int_equal(steps_at(stage->hall, HALL_RECALL, "1", "t", now_ms), ERR_STATE);
    assert_int_equal(ticket->calls_count, RECALL_MAX + 1);
    assert_int_equal(ticket->state, TICKET_CALLED);
}

static void who_arrives_is_served_from_that_moment(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);

    assert_int_equal(steps_at(stage->hall, HALL_ARRIVED, "1", "t", NOW + 30000), OK);

    assert_int_equal(ticket->state, TICKET_SERVING);
    assert_int_equal(ticket->serving_ms, NOW + 30000);
    assert_int_equal(steps_at(stage->hall, HALL_ARRIVED, "1", "t", NOW + 30001), ERR_STATE);
    assert_int_equal(steps_at(stage->hall, HALL_RECALL, "1", "t", NOW + 90000), ERR_STATE);
    assert_int_equal(steps_at(stage->hall, HALL_ABSENT, "1", "t", NOW + 90000), ERR_STATE);
}

static void who_does_not_come_frees_the_desk_and_keeps_the_number(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);

    assert_int_equal(steps_at(stage->hall, HALL_ABSENT, "1", "t", NOW + 60000), OK);

    assert_int_equal(ticket->state, TICKET_NO_SHOW);
    assert_string_equal(ticket->desk, "");
    assert_string_equal(ticket->number, "A001");
    const struct counter *counter = hall_find_counter(stage->hall, "1");
    assert_int_equal(counter->state, COUNTER_FREE);
    assert_string_equal(counter->ticket, "");
    assert_null(hall_next(stage->hall, "1"));
}

static void a_return_is_promised_five_minutes_once_then_as_a_walk_in(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);
    assert_int_equal(steps_at(stage->hall, HALL_ABSENT, "1", "t", NOW), OK);

    assert_int_equal(steps_at(stage->hall, HALL_RETURN, "", "t", NOW + 1000), OK);
    assert_int_equal(ticket->state, TICKET_WAITING);
    assert_int_equal(ticket->due_ms, NOW + 1000 + 5 * STEPS_MINUTE_MS);
    assert_int_equal(steps_at(stage->hall, HALL_RETURN, "", "t", NOW + 1000), ERR_STATE);

    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW + 2000), OK);
    assert_int_equal(steps_at(stage->hall, HALL_ABSENT, "1", "t", NOW + 3000), OK);
    assert_int_equal(steps_at(stage->hall, HALL_RETURN, "", "t", NOW + 4000), OK);
    assert_int_equal(ticket->due_ms, NOW + 4000 + STEPS_PROMISE_MS);
    assert_int_equal(ticket->returns_count, 2);
    assert_string_equal(ticket->number, "A001");
    assert_int_equal(ticket->seq, 1);
}

static void a_parked_ticket_frees_the_desk_and_resumes_there_only(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = serve_with_context(stage->hall);

    assert_int_equal(steps_at(stage->hall, HALL_PARK, "1", "t", NOW), OK);
    assert_int_equal(ticket->state, TICKET_PARKED);
    assert_int_equal(hall_find_counter(stage->hall, "1")->state, COUNTER_FREE);
    assert_null(hall_next(stage->hall, "1"));
    assert_int_equal(steps_at(stage->hall, HALL_RESUME, "2", "t", NOW), ERR_REFUSED);

    assert_int_equal(steps_at(stage->hall, HALL_RESUME, "1", "t", NOW + 9), OK);
    assert_int_equal(ticket->state, TICKET_SERVING);
    assert_int_equal(ticket->serving_ms, NOW + 9);
    assert_string_equal(ticket->desk, "1");
    assert_string_equal(ticket->desk_only, "");
    assert_int_equal(ticket->due_ms, NOW + STEPS_PROMISE_MS);
    assert_true(ticket->has_context);
}

static void a_called_ticket_may_be_parked_too(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);

    assert_int_equal(steps_at(stage->hall, HALL_PARK, "1", "t", NOW), OK);

    assert_int_equal(ticket->state, TICKET_PARKED);
}

static void a_parked_ticket_does_not_resume_at_a_busy_desk(void **state)
{
    struct stage *stage = *state;
    (void)serve_with_context(stage->hall);
    assert_int_equal(steps_at(stage->hall, HALL_PARK, "1", "t", NOW), OK);
    (void)steps_issue(stage->hall, "u", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);

    assert_int_equal(steps_at(stage->hall, HALL_RESUME, "1", "t", NOW), ERR_STATE);
}

static void back_in_the_queue_keeps_the_promise(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    (void)steps_issue(stage->hall, "u", 'A', NOW + 1);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);

    assert_int_equal(steps_at(stage->hall, HALL_REQUEUE, "1", "t", NOW + 600000), OK);

    assert_int_equal(ticket->state, TICKET_WAITING);
    assert_int_equal(ticket->due_ms, NOW + STEPS_PROMISE_MS);
    assert_string_equal(hall_next(stage->hall, "1")->id, "t");
}

static void a_transfer_keeps_number_due_seq_and_context(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = serve_with_context(stage->hall);
    const struct hall_event event = transfer_event("2", 'B');

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_int_equal(ticket->state, TICKET_WAITING);
    assert_int_equal(ticket->service, 'B');
    assert_string_equal(ticket->number, "A001");
    assert_int_equal(ticket->due_ms, NOW + STEPS_PROMISE_MS);
    assert_int_equal(ticket->seq, 1);
    assert_true(ticket->has_context);
    assert_null(steps_effect(&stage->effects, EFFECT_CONTEXT_ERASE));
    assert_null(hall_next(stage->hall, "1"));
    assert_ptr_equal(hall_next(stage->hall, "2"), ticket);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_TICKET, "1", "t", NOW), ERR_REFUSED);
}

static void a_transfer_to_any_desk_waits_for_both(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = serve_with_context(stage->hall);
    const struct hall_event event = transfer_event("", 'B');

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_ptr_equal(hall_next(stage->hall, "1"), ticket);
    assert_ptr_equal(hall_next(stage->hall, "2"), ticket);
}

static void a_transfer_to_nowhere_changes_nothing(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = serve_with_context(stage->hall);
    struct hall_event event = transfer_event("9", 'B');

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_NOT_FOUND);
    event = transfer_event("", 'Z');
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_NOT_FOUND);

    assert_int_equal(ticket->state, TICKET_SERVING);
    assert_int_equal(ticket->service, 'A');
    assert_string_equal(ticket->desk, "1");
}

static void a_finish_registers_the_contact_and_erases_the_context(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = serve_with_context(stage->hall);
    const struct hall_event event = finish_event(FINISH_VISITOR_MUST_ACT);

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_int_equal(ticket->state, TICKET_DONE);
    const struct hall_effect *contact = steps_effect(&stage->effects, EFFECT_CONTACT);
    assert_ptr_equal(contact->ticket, ticket);
    assert_int_equal(contact->outcome, FINISH_VISITOR_MUST_ACT);
    assert_ptr_equal(steps_effect(&stage->effects, EFFECT_CONTEXT_ERASE)->ticket, ticket);
    assert_int_equal(steps_effect(&stage->effects, EFFECT_SERVICE)->service->served_count, 1);
    assert_int_equal(hall_find_counter(stage->hall, "1")->state, COUNTER_FREE);
    assert_false(hall_may_see_context(stage->hall, "1", ticket));
}

static void only_who_is_served_can_be_finished(void **state)
{
    struct stage *stage = *state;
    (void)steps_issue(stage->hall, "t", 'A', NOW);
    const struct hall_event event = finish_event(FINISH_DONE);

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_STATE);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_STATE);
    assert_int_equal(stage->effects.count, 0);
}

static void waiting_parked_and_missed_tickets_can_be_cancelled(void **state)
{
    struct stage *stage = *state;
    static const enum hall_event_kind before[] = {HALL_PARK, HALL_ABSENT};
    (void)steps_issue(stage->hall, "waiting", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CANCEL, "", "waiting", NOW), OK);
    assert_null(hall_next(stage->hall, "1"));

    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        const char *id = i == 0 ? "parked" : "missed";
        const struct ticket *ticket = steps_issue(stage->hall, id, 'A', NOW);
        assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);
        assert_int_equal(steps_at(stage->hall, HALL_CANCEL, "", id, NOW), ERR_STATE);
        assert_int_equal(steps_at(stage->hall, before[i], "1", id, NOW), OK);
        assert_int_equal(steps_at(stage->hall, HALL_CANCEL, "", id, NOW), OK);
        assert_int_equal(ticket->state, TICKET_CANCELLED);
        assert_int_equal(steps_at(stage->hall, HALL_CANCEL, "", id, NOW), ERR_STATE);
    }
}

static void a_cancelled_ticket_loses_its_context(void **state)
{
    struct stage *stage = *state;
    struct hall_event event = issue_with_context(stage->hall, "t");
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    event = (struct hall_event){.kind = HALL_CANCEL, .call = {"", "t"}};
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_string_equal(steps_effect(&stage->effects, EFFECT_CONTEXT_ERASE)->ticket->id, "t");
}

static void a_document_seen_raises_the_level(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = serve_with_context(stage->hall);
    assert_int_equal(ticket->level, LEVEL_2);

    assert_int_equal(steps_at(stage->hall, HALL_DOCUMENT_SEEN, "1", "t", NOW), OK);

    assert_int_equal(ticket->level, LEVEL_3);
    assert_int_equal(ticket->state, TICKET_SERVING);
}

static void a_new_day_closes_everything_and_begins_numbers_again(void **state)
{
    struct stage *stage = *state;
    (void)serve_with_context(stage->hall);
    (void)steps_issue(stage->hall, "u", 'A', NOW);
    struct hall_event event = {.kind = HALL_DAY, .day = STEPS_DAY};
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_STATE);

    event.day = STEPS_DAY + 1;
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_non_null(steps_effect(&stage->effects, EFFECT_DAY));
    assert_null(hall_find_ticket(stage->hall, "t"));
    assert_null(hall_find_visit(stage->hall, "visit"));
    assert_null(hall_next(stage->hall, "1"));
    assert_int_equal(hall_find_counter(stage->hall, "1")->state, COUNTER_CLOSED);
    assert_string_equal(hall_find_counter(stage->hall, "1")->staff, "");
    assert_string_equal(steps_issue(stage->hall, "t", 'A', NOW)->number, "A001");
}

static void only_the_desk_of_a_ticket_may_go_on_with_it(void **state)
{
    struct stage *stage = *state;
    static const enum hall_event_kind kinds[] = {HALL_RECALL, HALL_ARRIVED, HALL_ABSENT,
                                                 HALL_PARK,   HALL_REQUEUE, HALL_DOCUMENT_SEEN};
    const struct ticket *ticket = steps_issue(stage->hall, "t", 'A', NOW);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);
    const uint32_t version = ticket->version;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        assert_int_equal(steps_at(stage->hall, kinds[i], "2", "t", NOW + 60000), ERR_REFUSED);
        assert_int_equal(steps_at(stage->hall, kinds[i], "9", "t", NOW), ERR_NOT_FOUND);
        assert_int_equal(steps_at(stage->hall, kinds[i], "1", "x", NOW), ERR_NOT_FOUND);
    }

    assert_int_equal(ticket->version, version);
    assert_int_equal(ticket->state, TICKET_CALLED);
}

static void another_kiosk_may_not_go_on_with_a_visit(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(steps_open_visit(stage->hall, "visit", EVIDENCE_PAPER_CODE), OK);
    assert_int_equal(steps_second_fact(stage->hall, "visit", "kiosk-2", true), ERR_REFUSED);
    assert_int_equal(steps_second_fact(stage->hall, "visit", STEPS_KIOSK, true), OK);

    struct hall_event event = steps_issue_event("t", 'A', NOW);
    assert_int_equal(text_copy(event.issue.visit, sizeof event.issue.visit, "visit"), OK);
    assert_int_equal(text_copy(event.actor, sizeof event.actor, "kiosk-2"), OK);
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_REFUSED);
    struct hall_event end = {.kind = HALL_VISIT_END, .actor = "kiosk-2", .visit = "visit"};
    assert_int_equal(hall_apply(stage->hall, &end, &stage->effects), ERR_REFUSED);

    assert_int_equal(hall_find_visit(stage->hall, "visit")->state, VISIT_OPEN);
    assert_int_equal(stage->hall->tickets_count, 0);
}

static void three_wrong_second_facts_lock_the_visit(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(steps_open_visit(stage->hall, "visit", EVIDENCE_PORTAL_TOKEN), OK);
    for (int i = 0; i < SECOND_FACT_TRIES_MAX; i++) {
        assert_int_equal(hall_find_visit(stage->hall, "visit")->state, VISIT_NEEDS_SECOND_FACT);
        assert_int_equal(steps_second_fact(stage->hall, "visit", STEPS_KIOSK, false), OK);
    }

    assert_int_equal(hall_find_visit(stage->hall, "visit")->state, VISIT_LOCKED);
    assert_int_equal(steps_second_fact(stage->hall, "visit", STEPS_KIOSK, true), ERR_STATE);
    struct hall_event event = steps_issue_event("t", 'A', NOW);
    assert_int_equal(text_copy(event.issue.visit, sizeof event.issue.visit, "visit"), OK);
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_STATE);
}

static void a_visit_needs_evidence_and_a_fresh_id(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(steps_open_visit(stage->hall, "visit", EVIDENCE_BIRTH_DATE), ERR_REFUSED);
    assert_int_equal(steps_open_visit(stage->hall, "visit", EVIDENCE_PAPER_CODE), OK);
    assert_int_equal(steps_open_visit(stage->hall, "visit", EVIDENCE_PAPER_CODE), ERR_DUPLICATE);
}

static void a_verified_document_opens_a_visit_without_a_second_fact(void **state)
{
    struct stage *stage = *state;
    struct hall_event event = {
        .kind = HALL_VISIT_OPEN, .actor = STEPS_KIOSK, .visit_open = {.id = "visit"}};
    evidence_add(&event.visit_open.evidence, EVIDENCE_CHIP_GENUINE);
    evidence_add(&event.visit_open.evidence, EVIDENCE_CHIP_NOT_CLONED);
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_int_equal(hall_find_visit(stage->hall, "visit")->state, VISIT_OPEN);
    assert_int_equal(steps_second_fact(stage->hall, "visit", STEPS_KIOSK, true), ERR_STATE);
}

static void a_pass_and_a_chip_without_its_key_need_a_second_fact(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(steps_open_visit(stage->hall, "pass", EVIDENCE_PASS_NUMBER), OK);
    assert_int_equal(steps_open_visit(stage->hall, "chip", EVIDENCE_CHIP_GENUINE), OK);

    assert_int_equal(hall_find_visit(stage->hall, "pass")->state, VISIT_NEEDS_SECOND_FACT);
    assert_int_equal(hall_find_visit(stage->hall, "chip")->state, VISIT_NEEDS_SECOND_FACT);
    assert_int_equal(steps_open_visit(stage->hall, "key", EVIDENCE_CHIP_NOT_CLONED), ERR_REFUSED);
}

static void a_visit_by_link_is_open_without_a_person_and_gets_a_ticket_about_its_form(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(steps_open_visit(stage->hall, "visit", EVIDENCE_RESUME_LINK), OK);
    assert_int_equal(hall_find_visit(stage->hall, "visit")->state, VISIT_OPEN);
    assert_int_equal(steps_second_fact(stage->hall, "visit", STEPS_KIOSK, true), ERR_STATE);
    struct hall_event event = steps_issue_event("t", 'A', NOW);
    assert_int_equal(text_copy(event.issue.visit, sizeof event.issue.visit, "visit"), OK);
    assert_int_equal(text_copy(event.issue.request, sizeof event.issue.request, "forms:1"), OK);
    event.issue.wants_context = true;
    event.issue.class = REQUEST_BY_LINK;

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    const struct ticket *ticket = hall_find_ticket(stage->hall, "t");
    assert_true(ticket->has_context);
    assert_int_equal(ticket->level, LEVEL_1);
    assert_true(evidence_has(ticket->evidence, EVIDENCE_RESUME_LINK));
}

static void a_visit_of_nobody_is_open_and_gets_a_ticket_about_what_was_begun_in_it(void **state)
{
    struct stage *stage = *state;
    struct hall_event open = {
        .kind = HALL_VISIT_OPEN, .actor = STEPS_KIOSK, .visit_open = {.id = "visit"}};
    assert_int_equal(hall_apply(stage->hall, &open, &stage->effects), OK);
    assert_int_equal(hall_find_visit(stage->hall, "visit")->state, VISIT_OPEN);
    assert_int_equal(steps_second_fact(stage->hall, "visit", STEPS_KIOSK, true), ERR_STATE);
    struct hall_event event = steps_issue_event("t", 'A', NOW);
    assert_int_equal(text_copy(event.issue.visit, sizeof event.issue.visit, "visit"), OK);
    assert_int_equal(text_copy(event.issue.request, sizeof event.issue.request, "forms:1"), OK);
    event.issue.wants_context = true;
    event.issue.class = REQUEST_ORDINARY;
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_REFUSED);
    event.issue.class = REQUEST_BEGUN_HERE;

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    const struct ticket *ticket = hall_find_ticket(stage->hall, "t");
    assert_true(ticket->has_context);
    assert_int_equal(ticket->level, LEVEL_0);
}

static void ended_visits_make_room_for_new_ones(void **state)
{
    struct stage *stage = *state;
    char id[UUID_TEXT_BYTES];
    for (int i = 0; i < HALL_VISITS_MAX; i++) {
        (void)snprintf(id, sizeof id, "v%d", i); // always fits
        assert_int_equal(steps_open_visit(stage->hall, id, EVIDENCE_PAPER_CODE), OK);
    }
    assert_int_equal(steps_open_visit(stage->hall, "more", EVIDENCE_PAPER_CODE), ERR_FULL);
    struct hall_event end = {.kind = HALL_VISIT_END, .actor = STEPS_KIOSK, .visit = "v7"};
    assert_int_equal(hall_apply(stage->hall, &end, &stage->effects), OK);

    assert_int_equal(steps_open_visit(stage->hall, "more", EVIDENCE_PAPER_CODE), OK);

    assert_null(hall_find_visit(stage->hall, "v7"));
    assert_non_null(hall_find_visit(stage->hall, "v8"));
}

static void an_anonymous_ticket_carries_neither_request_nor_context(void **state)
{
    struct stage *stage = *state;
    struct hall_event event = steps_issue_event("t", 'A', NOW);
    event.issue.wants_context = true;
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_REFUSED);
    event.issue.wants_context = false;
    assert_int_equal(text_copy(event.issue.request, sizeof event.issue.request, "taken:1"), OK);
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_REFUSED);

    assert_int_equal(stage->hall->tickets_count, 0);
}

static void a_sensitive_request_by_a_letter_carries_no_context(void **state)
{
    struct stage *stage = *state;
    struct hall_event event = issue_with_context(stage->hall, "t");
    event.issue.class = REQUEST_SENSITIVE;

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_false(hall_find_ticket(stage->hall, "t")->has_context);
    assert_null(steps_effect(&stage->effects, EFFECT_CONTEXT_KEEP));
}

static void nobody_signs_in_at_a_desk_where_another_serves(void **state)
{
    struct stage *stage = *state;
    (void)serve_with_context(stage->hall);

    assert_int_equal(steps_open_desk(stage->hall, "1", "sami"), ERR_STATE);
    assert_int_equal(steps_open_desk(stage->hall, "1", "noor"), OK);
    assert_int_equal(steps_open_desk(stage->hall, "1", ""), ERR_REFUSED);
    assert_int_equal(steps_open_desk(stage->hall, "9", "noor"), ERR_NOT_FOUND);

    assert_string_equal(hall_find_counter(stage->hall, "1")->staff, "noor");
    assert_int_equal(hall_find_counter(stage->hall, "1")->state, COUNTER_BUSY);
}

static void a_serving_desk_neither_pauses_nor_closes(void **state)
{
    struct stage *stage = *state;
    (void)serve_with_context(stage->hall);

    struct hall_event event = {.kind = HALL_COUNTER_PAUSE, .counter = {.desk = "1"}};
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_STATE);
    event.kind = HALL_COUNTER_CLOSE;
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_STATE);
}

static void only_the_desk_it_is_at_may_see_a_context(void **state)
{
    struct stage *stage = *state;
    struct hall_event event = issue_with_context(stage->hall, "t");
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);
    const struct ticket *ticket = hall_find_ticket(stage->hall, "t");
    assert_false(hall_may_see_context(stage->hall, "1", ticket));

    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "1", "", NOW), OK);
    assert_true(hall_may_see_context(stage->hall, "1", ticket));
    assert_false(hall_may_see_context(stage->hall, "2", ticket));
    assert_false(hall_may_see_context(stage->hall, "9", ticket));
    assert_int_equal(steps_at(stage->hall, HALL_ARRIVED, "1", "t", NOW), OK);
    assert_true(hall_may_see_context(stage->hall, "1", ticket));
    assert_int_equal(steps_at(stage->hall, HALL_PARK, "1", "t", NOW), OK);
    assert_true(hall_may_see_context(stage->hall, "1", ticket));
    assert_false(hall_may_see_context(stage->hall, "2", ticket));
}

static void a_context_follows_a_transfer_by_name_and_hides_after_a_no_show(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = serve_with_context(stage->hall);
    const struct hall_event event = transfer_event("2", 'B');
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);
    assert_true(hall_may_see_context(stage->hall, "2", ticket));
    assert_false(hall_may_see_context(stage->hall, "1", ticket));

    assert_int_equal(steps_at(stage->hall, HALL_CALL_NEXT, "2", "", NOW), OK);
    assert_int_equal(steps_at(stage->hall, HALL_ABSENT, "2", "t", NOW), OK);

    assert_false(hall_may_see_context(stage->hall, "2", ticket));
}

static void a_closed_desk_sees_no_context(void **state)
{
    struct stage *stage = *state;
    const struct ticket *ticket = serve_with_context(stage->hall);
    assert_int_equal(steps_at(stage->hall, HALL_PARK, "1", "t", NOW), OK);
    const struct hall_event event = {.kind = HALL_COUNTER_CLOSE, .counter = {.desk = "1"}};

    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), OK);

    assert_false(hall_may_see_context(stage->hall, "1", ticket));
}

static void why_counts_those_before_and_nobody_else(void **state)
{
    struct stage *stage = *state;
    (void)steps_issue(stage->hall, "earlier", 'B', NOW - 1);
    (void)steps_issue(stage->hall, "same", 'A', NOW);
    (void)steps_issue(stage->hall, "t", 'A', NOW);
    (void)steps_issue(stage->hall, "later", 'A', NOW + 1);
    struct hall_event granted = steps_issue_event("granted", 'A', NOW + 2);
    granted.issue.need_granted = true;
    assert_int_equal(hall_apply(stage->hall, &granted, &stage->effects), OK);

    struct hall_why why;
    assert_int_equal(hall_why(stage->hall, "t", &why), OK);

    assert_int_equal(why.earlier_promise, 2);
    assert_int_equal(why.same_promise, 1);
    assert_int_equal(why.granted, 1);
    assert_int_equal(why.desks_open, 2);
    assert_int_equal(hall_why(stage->hall, "x", &why), ERR_NOT_FOUND);
    assert_int_equal(steps_at(stage->hall, HALL_CALL_TICKET, "1", "t", NOW), OK);
    assert_int_equal(hall_why(stage->hall, "t", &why), ERR_STATE);
}

static void a_row_that_cannot_be_is_not_restored(void **state)
{
    struct stage *stage = *state;
    const struct ticket good = {.id = "t", .service = 'A', .number = "A001", .seq = 1};
    struct ticket bad[7] = {good, good, good, good, good, good, good};
    bad[0].id[0] = '\0';
    bad[1].service = 'Z';
    memcpy(bad[2].number, "I001", sizeof bad[2].number);
    memcpy(bad[3].number, "A000", sizeof bad[3].number);
    memcpy(bad[4].number, "A1\0\0", sizeof bad[4].number);
    bad[5].state = TICKET_STATES_COUNT;
    bad[6].print_state = PRINT_NONE + 1;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(hall_restore_ticket(stage->hall, &bad[i]), ERR_MALFORMED);
    }
    assert_int_equal(hall_restore_ticket(stage->hall, &good), OK);
    assert_int_equal(hall_restore_ticket(stage->hall, &good), ERR_MALFORMED);

    assert_int_equal(stage->hall->tickets_count, 1);
    assert_string_equal(hall_next(stage->hall, "1")->id, "t");
}

// Tickets come in from other services, so a queue can be full before its numbers are used up.
static void a_full_queue_refuses_who_comes_back_and_changes_nothing(void **state)
{
    struct stage *stage = *state;
    struct ticket row = {.service = 'A', .number = "A001", .due_ms = NOW};
    for (uint32_t i = 0; i < QUEUE_TICKETS_MAX; i++) {
        row.seq = i + 1;
        (void)snprintf(row.id, sizeof row.id, "w%u", i); // always fits
        assert_int_equal(hall_restore_ticket(stage->hall, &row), OK);
    }
    struct ticket missed = {.id = "missed", .service = 'A', .number = "A002", .seq = 5001};
    missed.state = TICKET_NO_SHOW;
    assert_int_equal(hall_restore_ticket(stage->hall, &missed), OK);
    struct ticket called = {.id = "called", .service = 'A', .number = "A003", .seq = 5002};
    called.state = TICKET_CALLED;
    memcpy(called.desk, "1", 2);
    assert_int_equal(hall_restore_ticket(stage->hall, &called), OK);
    const struct counter busy = {
        .desk = "1", .state = COUNTER_BUSY, .staff = "noor", .ticket = "called"};
    assert_int_equal(hall_restore_counter(stage->hall, &busy), OK);

    struct hall_event event = {.kind = HALL_RETURN, .now_ms = NOW, .call = {"", "missed"}};
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_FULL);
    assert_int_equal(stage->effects.count, 0);
    assert_memory_equal(hall_find_ticket(stage->hall, "missed"), &missed, sizeof missed);

    event = (struct hall_event){.kind = HALL_REQUEUE, .now_ms = NOW, .call = {"1", "called"}};
    assert_int_equal(hall_apply(stage->hall, &event, &stage->effects), ERR_FULL);
    assert_int_equal(stage->effects.count, 0);
    assert_memory_equal(hall_find_ticket(stage->hall, "called"), &called, sizeof called);
    assert_string_equal(hall_find_counter(stage->hall, "1")->ticket, "called");
}

static void services_and_counters_are_added_once_and_within_limits(void **state)
{
    struct stage *stage = *state;
    const struct service again = {.letter = 'A'};
    const struct service letter_o = {.letter = 'O'};

    assert_int_equal(hall_add_service(stage->hall, &again), ERR_DUPLICATE);
    assert_int_equal(hall_add_service(stage->hall, &letter_o), ERR_MALFORMED);
    assert_int_equal(hall_add_counter(stage->hall, "1", 1), ERR_DUPLICATE);
    assert_int_equal(hall_add_counter(stage->hall, "", 1), ERR_MALFORMED);
    assert_int_equal(hall_add_counter(stage->hall, "12345678", 1), ERR_MALFORMED);

    assert_int_equal(stage->hall->services_count, 2);
    assert_int_equal(stage->hall->counters_count, 2);
}

#define STEP(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STEP(an_issued_ticket_waits_with_number_seq_and_promise),
        STEP(an_agreed_context_is_kept_with_its_ticket),
        STEP(a_need_granted_by_staff_is_promised_sooner),
        STEP(the_same_ticket_id_is_issued_once),
        STEP(a_service_gives_999_numbers_a_day_and_no_more),
        STEP(a_print_result_is_kept_with_the_ticket),
        STEP(the_earliest_promise_is_called_first_then_the_lower_seq),
        STEP(a_call_is_told_to_displays_with_its_desk),
        STEP(a_desk_calls_only_services_it_serves),
        STEP(one_ticket_may_be_called_out_of_order),
        STEP(a_busy_paused_or_closed_counter_calls_nobody),
        STEP(a_recall_comes_no_sooner_than_the_gap_and_no_oftener_than_the_limit),
        STEP(who_arrives_is_served_from_that_moment),
        STEP(who_does_not_come_frees_the_desk_and_keeps_the_number),
        STEP(a_return_is_promised_five_minutes_once_then_as_a_walk_in),
        STEP(a_parked_ticket_frees_the_desk_and_resumes_there_only),
        STEP(a_called_ticket_may_be_parked_too),
        STEP(a_parked_ticket_does_not_resume_at_a_busy_desk),
        STEP(back_in_the_queue_keeps_the_promise),
        STEP(a_transfer_keeps_number_due_seq_and_context),
        STEP(a_transfer_to_any_desk_waits_for_both),
        STEP(a_transfer_to_nowhere_changes_nothing),
        STEP(a_finish_registers_the_contact_and_erases_the_context),
        STEP(only_who_is_served_can_be_finished),
        STEP(waiting_parked_and_missed_tickets_can_be_cancelled),
        STEP(a_cancelled_ticket_loses_its_context),
        STEP(a_document_seen_raises_the_level),
        STEP(a_new_day_closes_everything_and_begins_numbers_again),
        STEP(only_the_desk_of_a_ticket_may_go_on_with_it),
        STEP(another_kiosk_may_not_go_on_with_a_visit),
        STEP(three_wrong_second_facts_lock_the_visit),
        STEP(a_visit_needs_evidence_and_a_fresh_id),
        STEP(a_verified_document_opens_a_visit_without_a_second_fact),
        STEP(a_pass_and_a_chip_without_its_key_need_a_second_fact),
        STEP(a_visit_by_link_is_open_without_a_person_and_gets_a_ticket_about_its_form),
        STEP(a_visit_of_nobody_is_open_and_gets_a_ticket_about_what_was_begun_in_it),
        STEP(ended_visits_make_room_for_new_ones),
        STEP(an_anonymous_ticket_carries_neither_request_nor_context),
        STEP(a_sensitive_request_by_a_letter_carries_no_context),
        STEP(nobody_signs_in_at_a_desk_where_another_serves),
        STEP(a_serving_desk_neither_pauses_nor_closes),
        STEP(only_the_desk_it_is_at_may_see_a_context),
        STEP(a_context_follows_a_transfer_by_name_and_hides_after_a_no_show),
        STEP(a_closed_desk_sees_no_context),
        STEP(why_counts_those_before_and_nobody_else),
        STEP(a_row_that_cannot_be_is_not_restored),
        STEP(a_full_queue_refuses_who_comes_back_and_changes_nothing),
        STEP(services_and_counters_are_added_once_and_within_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
