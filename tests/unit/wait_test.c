// SPDX-License-Identifier: EUPL-1.2
//
// Waiting times: when they are known, that they repeat, that they grow, and what is learned.
#include "hall_steps.h"

#include "core/wait.h"

#define NOW STEPS_START_MS
#define MEAN_MS INT64_C(360000)

static int set_up(void **state)
{
    struct hall *hall = steps_hall_new();
    assert_int_equal(steps_open_desk(hall, "1", "noor"), OK);
    *state = hall;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void open_for(struct hall *hall, const char *desk, uint32_t services)
{
    struct hall_effects effects;
    struct hall_event event = {.kind = HALL_COUNTER_OPEN, .now_ms = NOW};
    assert_int_equal(text_copy(event.counter.desk, sizeof event.counter.desk, desk), OK);
    assert_int_equal(text_copy(event.counter.staff, sizeof event.counter.staff, "sami"), OK);
    event.counter.services = services;
    assert_int_equal(hall_apply(hall, &event, &effects), OK);
}

static void pause_desk(struct hall *hall, const char *desk)
{
    struct hall_effects effects;
    struct hall_event event = {.kind = HALL_COUNTER_PAUSE, .now_ms = NOW};
    assert_int_equal(text_copy(event.counter.desk, sizeof event.counter.desk, desk), OK);
    assert_int_equal(hall_apply(hall, &event, &effects), OK);
}

static void issue_many(struct hall *hall, char service, unsigned first, unsigned count)
{
    char id[UUID_TEXT_BYTES];
    for (unsigned i = first; i < first + count; i++) {
        (void)snprintf(id, sizeof id, "%c%u", service, i); // always fits
        (void)steps_issue(hall, id, service, NOW);
    }
}

// A ticket that waits for one desk by name, as a transfer leaves it.
static const struct ticket *restore_for_desk(struct hall *hall, const char *desk)
{
    struct ticket row = {.id = "own", .service = 'A', .number = "A900", .seq = 900, .due_ms = NOW};
    assert_int_equal(text_copy(row.desk_only, sizeof row.desk_only, desk), OK);
    assert_int_equal(hall_restore_ticket(hall, &row), OK);
    return hall_find_ticket(hall, "own");
}

static void no_open_desk_means_not_known(void **state)
{
    struct hall *hall = *state;
    assert_true(wait_estimate(hall, NULL, 'A', NOW).is_known);

    pause_desk(hall, "1");

    assert_false(wait_estimate(hall, NULL, 'A', NOW).is_known);
}

static void an_open_desk_for_something_else_does_not_help(void **state)
{
    struct hall *hall = *state;
    open_for(hall, "1", STEPS_SERVICE_B);

    assert_false(wait_estimate(hall, NULL, 'A', NOW).is_known);
    assert_true(wait_estimate(hall, NULL, 'B', NOW).is_known);
}

static void an_unknown_service_is_not_known(void **state)
{
    assert_false(wait_estimate(*state, NULL, 'Z', NOW).is_known);
}

static void without_a_configured_mean_five_must_be_served_first(void **state)
{
    struct hall *hall = *state;
    hall->services[0].mean_ms_prior = 0;
    hall->services[0].mean_ms = MEAN_MS;
    hall->services[0].served_count = WAIT_SERVED_KNOWN - 1;
    assert_false(wait_estimate(hall, NULL, 'A', NOW).is_known);

    hall->services[0].served_count = WAIT_SERVED_KNOWN;

    assert_true(wait_estimate(hall, NULL, 'A', NOW).is_known);
}

static void an_empty_hall_with_a_free_desk_means_at_once(void **state)
{
    const struct wait_band band = wait_estimate(*state, NULL, 'A', NOW);

    assert_true(band.is_known);
    assert_int_equal(band.minutes_min, 0);
    assert_int_equal(band.minutes_max, 5);
    assert_int_equal(band.likely_ms, NOW);
    assert_int_equal(band.ahead, 0);
}

static void the_same_hall_gives_the_same_band(void **state)
{
    struct hall *hall = *state;
    issue_many(hall, 'A', 1, 9);
    const struct ticket *ticket = hall_find_ticket(hall, "A7");

    const struct wait_band band = wait_estimate(hall, ticket, 'A', NOW);
    (void)wait_estimate(hall, NULL, 'B', NOW + 99); // something else in between
    const struct wait_band again = wait_estimate(hall, ticket, 'A', NOW);

    assert_int_equal(band.is_known, again.is_known);
    assert_int_equal(band.minutes_min, again.minutes_min);
    assert_int_equal(band.minutes_max, again.minutes_max);
    assert_int_equal(band.likely_ms, again.likely_ms);
    assert_int_equal(band.ahead, again.ahead);
}

static void a_band_is_whole_fives_around_the_likely_moment(void **state)
{
    struct hall *hall = *state;
    issue_many(hall, 'A', 1, 10);

    const struct wait_band band = wait_estimate(hall, NULL, 'A', NOW);

    assert_int_equal(band.ahead, 10);
    assert_int_equal(band.minutes_min % 5, 0);
    assert_int_equal(band.minutes_max % 5, 0);
    assert_true(band.minutes_min < band.minutes_max);
    assert_in_range((uint64_t)(band.likely_ms - NOW), band.minutes_min * 60000U,
                    band.minutes_max * 60000U);
    // Ten cases of six minutes at one desk: an hour, give or take.
    assert_in_range((uint64_t)(band.likely_ms - NOW), 45 * 60000, 75 * 60000);
}

static void more_people_ahead_never_means_a_shorter_wait(void **state)
{
    struct hall *hall = *state;
    open_for(hall, "2", STEPS_EVERY_SERVICE);
    issue_many(hall, 'A', 1, 2);
    assert_int_equal(steps_at(hall, HALL_CALL_NEXT, "1", "", NOW), OK);
    struct wait_band before = wait_estimate(hall, NULL, 'A', NOW);
    for (unsigned i = 3; i < 120; i++) {
        issue_many(hall, i % 3 == 0 ? 'B' : 'A', i, 1);

        const struct wait_band band = wait_estimate(hall, NULL, 'A', NOW);

        assert_true(band.is_known);
        assert_int_equal(band.ahead, before.ahead + 1);
        assert_true(band.likely_ms >= before.likely_ms);
        assert_true(band.minutes_min >= before.minutes_min);
        assert_true(band.minutes_max >= before.minutes_max);
        before = band;
    }
}

static void who_stands_behind_never_reads_a_shorter_wait_than_who_stands_before(void **state)
{
    struct hall *hall = *state;
    issue_many(hall, 'A', 1, 60);
    struct wait_band before = {0};
    char id[UUID_TEXT_BYTES];
    for (unsigned i = 1; i <= 60; i++) {
        (void)snprintf(id, sizeof id, "A%u", i); // always fits

        const struct wait_band band = wait_estimate(hall, hall_find_ticket(hall, id), 'A', NOW);

        assert_int_equal(band.ahead, i - 1);
        assert_true(band.likely_ms >= before.likely_ms);
        assert_true(band.minutes_max >= before.minutes_max);
        before = band;
    }
}

static void another_open_desk_makes_it_shorter(void **state)
{
    struct hall *hall = *state;
    issue_many(hall, 'A', 1, 20);
    const struct wait_band one = wait_estimate(hall, NULL, 'A', NOW);

    open_for(hall, "2", STEPS_EVERY_SERVICE);

    const struct wait_band two = wait_estimate(hall, NULL, 'A', NOW);
    assert_true(two.likely_ms < one.likely_ms);
    assert_int_equal(two.ahead, one.ahead);
}

static void who_is_served_elsewhere_is_not_ahead(void **state)
{
    struct hall *hall = *state;
    open_for(hall, "1", STEPS_SERVICE_A);
    open_for(hall, "2", STEPS_SERVICE_B);
    issue_many(hall, 'B', 1, 30);
    issue_many(hall, 'A', 1, 1);
    const struct ticket *ticket = hall_find_ticket(hall, "A1");

    const struct wait_band band = wait_estimate(hall, ticket, 'A', NOW);

    struct hall_why why;
    assert_int_equal(hall_why(hall, "A1", &why), OK);
    assert_int_equal(why.earlier_promise + why.same_promise, 0);
    assert_int_equal(band.ahead, 0);
    assert_int_equal(band.likely_ms, NOW);
}

static void who_must_go_to_a_paused_desk_is_told_not_known(void **state)
{
    struct hall *hall = *state;
    open_for(hall, "2", STEPS_EVERY_SERVICE);
    const struct ticket *ticket = restore_for_desk(hall, "2");
    assert_true(wait_estimate(hall, ticket, 'A', NOW).is_known);

    pause_desk(hall, "2");

    const struct wait_band band = wait_estimate(hall, ticket, 'A', NOW);
    assert_false(band.is_known);
    assert_int_equal(band.minutes_max, 0);
}

static void who_must_go_to_a_busy_desk_waits_for_that_one(void **state)
{
    struct hall *hall = *state;
    open_for(hall, "2", STEPS_EVERY_SERVICE);
    (void)steps_issue(hall, "first", 'A', NOW);
    assert_int_equal(steps_at(hall, HALL_CALL_NEXT, "2", "", NOW), OK);

    const struct wait_band band = wait_estimate(hall, restore_for_desk(hall, "2"), 'A', NOW);

    assert_true(band.is_known);
    assert_true(band.likely_ms > NOW); // desk 1 is free, but not for this ticket
}

static void too_many_to_replay_is_told_not_known(void **state)
{
    struct hall *hall = *state;
    issue_many(hall, 'A', 1, 400);

    const struct wait_band band = wait_estimate(hall, NULL, 'A', NOW);

    assert_false(band.is_known);
}

static void a_longer_case_moves_the_mean_up_and_a_shorter_one_down(void **state)
{
    (void)state;
    assert_true(wait_learn(MEAN_MS, 0, 2 * MEAN_MS) > MEAN_MS);
    assert_true(wait_learn(MEAN_MS, 0, MEAN_MS / 2) < MEAN_MS);
    assert_in_range((uint64_t)wait_learn(MEAN_MS, 0, MEAN_MS), MEAN_MS - 1, MEAN_MS + 1);
}

static void the_prior_counts_as_twenty_cases_and_the_weight_ends_at_two_percent(void **state)
{
    (void)state;
    const int64_t first_ms = wait_learn(MEAN_MS, 0, 2 * MEAN_MS);
    const int64_t later_ms = wait_learn(MEAN_MS, 30, 2 * MEAN_MS);
    const int64_t latest_ms = wait_learn(MEAN_MS, 100000, 2 * MEAN_MS);

    // 2^(1/20) = 1.03526 and 2^(1/50) = 1.01396
    assert_in_range((uint64_t)first_ms, 372600, 372800);
    assert_in_range((uint64_t)later_ms, 364950, 365100);
    assert_int_equal(latest_ms, later_ms);
}

static void a_forgotten_finish_teaches_nothing(void **state)
{
    (void)state;
    // Three times the 95th percentile: 3 * exp(1.645 * 0.6 - 0.18) = 6.72 means.
    assert_true(wait_learn(MEAN_MS, 7, MEAN_MS * 66 / 10) > MEAN_MS);
    assert_int_equal(wait_learn(MEAN_MS, 7, MEAN_MS * 68 / 10), MEAN_MS);
    assert_int_equal(wait_learn(MEAN_MS, 7, INT64_C(12) * 3600000), MEAN_MS);
}

static void a_case_of_no_time_or_a_clock_set_back_teaches_nothing(void **state)
{
    (void)state;
    assert_int_equal(wait_learn(MEAN_MS, 7, 0), MEAN_MS);
    assert_int_equal(wait_learn(MEAN_MS, 7, 999), MEAN_MS);
    assert_int_equal(wait_learn(MEAN_MS, 7, -MEAN_MS), MEAN_MS);
}

static void without_a_prior_the_first_case_is_the_mean(void **state)
{
    (void)state;
    assert_int_equal(wait_learn(0, 0, MEAN_MS), MEAN_MS);
    assert_int_equal(wait_learn(0, 0, 10), 0);
}

#define STEP(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STEP(no_open_desk_means_not_known),
        STEP(an_open_desk_for_something_else_does_not_help),
        STEP(an_unknown_service_is_not_known),
        STEP(without_a_configured_mean_five_must_be_served_first),
        STEP(an_empty_hall_with_a_free_desk_means_at_once),
        STEP(the_same_hall_gives_the_same_band),
        STEP(a_band_is_whole_fives_around_the_likely_moment),
        STEP(more_people_ahead_never_means_a_shorter_wait),
        STEP(who_stands_behind_never_reads_a_shorter_wait_than_who_stands_before),
        STEP(another_open_desk_makes_it_shorter),
        STEP(who_is_served_elsewhere_is_not_ahead),
        STEP(who_must_go_to_a_paused_desk_is_told_not_known),
        STEP(who_must_go_to_a_busy_desk_waits_for_that_one),
        STEP(too_many_to_replay_is_told_not_known),
        cmocka_unit_test(a_longer_case_moves_the_mean_up_and_a_shorter_one_down),
        cmocka_unit_test(the_prior_counts_as_twenty_cases_and_the_weight_ends_at_two_percent),
        cmocka_unit_test(a_forgotten_finish_teaches_nothing),
        cmocka_unit_test(a_case_of_no_time_or_a_clock_set_back_teaches_nothing),
        cmocka_unit_test(without_a_prior_the_first_case_is_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
