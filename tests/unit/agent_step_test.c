// SPDX-License-Identifier: EUPL-1.2
//
// What the agent does next: from an order to a version that is kept, and every way in which it is
// not.
#include "apps/technician/agent_step.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { BUNDLE_BYTES = 1000, TRIAL_MS = 120000, NIGHT = 23 * 60, NOON = 12 * 60 };

static const char hash_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char hash_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static struct agent_known known;
static struct agent_memory memory;

static int setup(void **state)
{
    (void)state;
    memory = (struct agent_memory){0};
    known = (struct agent_known){.version = "1.2",
                                 .boot = "boot-1",
                                 .trial_ms = TRIAL_MS,
                                 .has_health = true,
                                 .minute = NIGHT,
                                 .has_orders = true};
    known.health.is_drawn = true;
    known.health.is_connected = true;
    known.health.parts[HEALTH_SCANNER] = HEALTH_OK;
    known.health.parts[HEALTH_PRINTER] = HEALTH_LOW;
    return 0;
}

static void order(const char *version, const char *sha256)
{
    known.orders.has_run = true;
    known.orders.run.bytes = BUNDLE_BYTES;
    assert_int_equal(text_copy(known.orders.run.version, API_VERSION_BYTES, version), OK);
    assert_int_equal(text_copy(known.orders.run.sha256, API_SHA256_TEXT_BYTES, sha256), OK);
    assert_int_equal(text_copy(known.orders.run.from, API_CLOCK_BYTES, "22:00"), OK);
    assert_int_equal(text_copy(known.orders.run.to, API_CLOCK_BYTES, "05:00"), OK);
}

static void expect(enum agent_action action, enum api_update_state state)
{
    assert_string_equal(agent_action_name(agent_step(&known, &memory)), agent_action_name(action));
    assert_string_equal(api_update_state_name(memory.update.state), api_update_state_name(state));
}

static void did(enum agent_action action)
{
    assert_false(agent_did(&memory, action, OK, ""));
}

// Up to the moment the new version was written.
static void install(void)
{
    order("2", hash_a);
    known.have_bytes = BUNDLE_BYTES;
    text_copy_cut(memory.sha256, sizeof memory.sha256, hash_a);
    text_copy_cut(memory.update.version, sizeof memory.update.version, "2");
    known.is_checked = true;
    expect(AGENT_INSTALL, API_UPDATE_INSTALLING);
    did(AGENT_INSTALL);
}

// The next start, of the version that was written, or of the old one.
static void start(const char *version, const char *boot)
{
    known.is_counted = text_equal(version, "2");
    known.version = version;
    known.boot = boot;
    known.up_ms = 0;
    known.has_slot = true;
    known.has_orders = false;
    known.has_health = false;
    known.is_checked = false;
}

static void fell_back(const char *reason)
{
    start("1.2", "boot-9");
    expect(AGENT_FORGET, API_UPDATE_FELL_BACK);
    assert_string_equal(memory.update.reason, reason);
    assert_string_equal(memory.update.version, "2");
}

static void an_order_is_fetched_checked_installed_tried_and_kept(void **state)
{
    (void)state;
    expect(AGENT_REST, API_UPDATE_NONE);

    order("2", hash_a);
    expect(AGENT_FETCH, API_UPDATE_DOWNLOADING);
    assert_string_equal(memory.update.version, "2");
    known.have_bytes = 400; // cut off: it goes on from there
    expect(AGENT_FETCH, API_UPDATE_DOWNLOADING);
    known.have_bytes = BUNDLE_BYTES;
    did(AGENT_FETCH);
    expect(AGENT_CHECK, API_UPDATE_DOWNLOADING);
    known.is_checked = true;
    did(AGENT_CHECK);
    expect(AGENT_INSTALL, API_UPDATE_INSTALLING);
    did(AGENT_INSTALL);
    expect(AGENT_REBOOT, API_UPDATE_TRYING);

    start("2", "boot-2");
    expect(AGENT_REST, API_UPDATE_TRYING);
    known.has_health = true;
    known.health.is_drawn = true;
    known.health.is_connected = true;
    expect(AGENT_REST, API_UPDATE_TRYING); // this program has not heard of the hub itself
    known.has_orders = true;
    expect(AGENT_BLESS, API_UPDATE_TRYING);
    did(AGENT_BLESS);
    known.is_counted = false;
    expect(AGENT_DROP, API_UPDATE_BLESSED);
    known.have_bytes = 0;
    expect(AGENT_REST, API_UPDATE_BLESSED);
    assert_string_equal(memory.update.reason, "");
}

static void the_same_question_has_the_same_answer(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);
    struct agent_memory before = memory;

    expect(AGENT_FETCH, API_UPDATE_DOWNLOADING);

    assert_memory_equal(&before, &memory, sizeof memory);
}

static void a_window_may_go_over_midnight(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        int minute;
        bool is_in;
    } cases[] = {
        {"22:00", "05:00", 22 * 60, true},  {"22:00", "05:00", 23 * 60 + 59, true},
        {"22:00", "05:00", 0, true},        {"22:00", "05:00", 4 * 60 + 59, true},
        {"22:00", "05:00", 5 * 60, false},  {"22:00", "05:00", 21 * 60 + 59, false},
        {"12:30", "13:00", 12 * 60, false}, {"12:30", "13:00", 12 * 60 + 30, true},
        {"12:30", "13:00", 13 * 60, false}, {"00:00", "00:00", 17, true},
        {"09:00", "09:00", 17 * 60, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(agent_is_in_window(cases[i].from, cases[i].to, cases[i].minute),
                         cases[i].is_in);
    }
}

static void nobody_is_disturbed_and_the_window_is_kept(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);
    known.have_bytes = BUNDLE_BYTES;
    known.is_checked = true;

    known.minute = NOON;
    expect(AGENT_REST, API_UPDATE_WAITING);
    known.minute = NIGHT;
    known.health.is_busy = true;
    expect(AGENT_REST, API_UPDATE_WAITING);
    known.has_health = false; // nothing serves: nobody is served
    expect(AGENT_INSTALL, API_UPDATE_INSTALLING);
}

static void a_silent_hub_orders_nothing_any_more(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);
    known.have_bytes = BUNDLE_BYTES;
    known.is_checked = true;

    known.orders_age_ms = AGENT_ORDERS_MS + 1;
    expect(AGENT_REST, API_UPDATE_DOWNLOADING);
    known.orders_age_ms = 0;
    expect(AGENT_INSTALL, API_UPDATE_INSTALLING);
}

static void an_order_that_is_taken_back_is_forgotten(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);
    known.have_bytes = 400;

    known.orders.has_run = false;
    expect(AGENT_DROP, API_UPDATE_NONE);
    assert_string_equal(memory.update.version, "");
    known.have_bytes = 0;
    expect(AGENT_REST, API_UPDATE_NONE);
}

static void another_order_begins_anew(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);
    known.have_bytes = 400;

    order("3", hash_b);
    expect(AGENT_DROP, API_UPDATE_DOWNLOADING);
    assert_string_equal(memory.update.version, "3");
    known.have_bytes = 0;
    expect(AGENT_FETCH, API_UPDATE_DOWNLOADING);
}

static void an_older_version_or_none_is_refused_at_once(void **state)
{
    (void)state;
    order("1.1.9", hash_a);
    expect(AGENT_REST, API_UPDATE_REFUSED);
    assert_string_equal(memory.update.reason, "older than what runs here");

    order("latest", hash_b);
    expect(AGENT_REST, API_UPDATE_REFUSED);
    assert_string_equal(memory.update.reason, "the hub names no version");
    assert_string_equal(memory.update.version, "");
}

// What failed to fit or to verify is not fetched again until the hub has other bytes.
static void what_was_refused_once_is_not_fetched_again(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);

    assert_false(
        agent_did(&memory, AGENT_CHECK, ERR_CRYPTO, "bundle: not signed by a key we believe"));
    expect(AGENT_REST, API_UPDATE_REFUSED);
    assert_string_equal(memory.update.reason, "bundle: not signed by a key we believe");
    order("2", hash_b);
    expect(AGENT_FETCH, API_UPDATE_DOWNLOADING);
    assert_string_equal(memory.update.reason, "");
}

static void a_hub_that_gives_other_bytes_than_it_said_is_believed_once(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);

    known.have_bytes = BUNDLE_BYTES + 1; // longer than it said
    expect(AGENT_DROP, API_UPDATE_DOWNLOADING);
    known.have_bytes = 0;
    assert_false(agent_did(&memory, AGENT_CHECK, ERR_DUPLICATE, "not what the hub said it is"));
    expect(AGENT_FETCH, API_UPDATE_DOWNLOADING);
    assert_false(agent_did(&memory, AGENT_CHECK, ERR_DUPLICATE, "not what the hub said it is"));
    expect(AGENT_REST, API_UPDATE_REFUSED);
    assert_string_equal(memory.update.reason, "not what the hub said it is");
}

static void what_may_pass_is_tried_again_later(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);

    assert_true(agent_did(&memory, AGENT_FETCH, ERR_FULL, "no room"));
    known.is_paused = true;
    expect(AGENT_REST, API_UPDATE_DOWNLOADING);
    assert_string_equal(memory.update.reason, "no room");
    known.is_paused = false;
    expect(AGENT_FETCH, API_UPDATE_DOWNLOADING);
    did(AGENT_FETCH);
    assert_string_equal(memory.update.reason, "");
}

static void a_full_boot_partition_leaves_the_update_waiting(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);
    known.have_bytes = BUNDLE_BYTES;
    known.is_checked = true;
    expect(AGENT_INSTALL, API_UPDATE_INSTALLING);

    assert_true(agent_did(&memory, AGENT_INSTALL, ERR_FULL, "the boot partition has 3 KiB left"));

    known.is_paused = true;
    expect(AGENT_REST, API_UPDATE_WAITING);
    assert_string_equal(memory.update.reason, "the boot partition has 3 KiB left");
    known.is_paused = false;
    expect(AGENT_INSTALL, API_UPDATE_INSTALLING);
    assert_false(agent_did(&memory, AGENT_INSTALL, ERR_CRYPTO, "reads back differently"));
    expect(AGENT_DROP, API_UPDATE_REFUSED);
}

static void a_version_that_never_comes_up_falls_back(void **state)
{
    (void)state;
    install();
    fell_back("never started");
    known.has_slot = false;
    expect(AGENT_REST, API_UPDATE_FELL_BACK);
}

static void a_version_that_draws_nothing_falls_back(void **state)
{
    (void)state;
    install();
    static const char *const boots[] = {"boot-2", "boot-3", "boot-4"};
    for (size_t i = 0; i < 3; i++) {
        start("2", boots[i]);
        known.has_orders = true;
        expect(AGENT_REST, API_UPDATE_TRYING);
        known.up_ms = TRIAL_MS - 1;
        expect(AGENT_REST, API_UPDATE_TRYING);
        known.up_ms = TRIAL_MS;
        expect(AGENT_REBOOT, API_UPDATE_TRYING);
        assert_int_equal(memory.tries, i + 1);
    }
    fell_back("started, but drew nothing");
}

static void a_version_that_cannot_reach_the_hub_falls_back(void **state)
{
    (void)state;
    install();
    start("2", "boot-2");
    known.has_health = true;
    known.health.is_drawn = true;
    known.health.is_connected = false;
    known.has_orders = true;
    known.up_ms = TRIAL_MS;
    expect(AGENT_REBOOT, API_UPDATE_TRYING);
    fell_back("drew, but did not reach the hub");
}

static void a_version_under_which_a_part_is_gone_falls_back(void **state)
{
    (void)state;
    static const struct {
        enum health_part part;
        enum health_state now;
        const char *reason;
    } cases[] = {
        {HEALTH_SCANNER, HEALTH_MISSING, "scanner is missing since"},
        {HEALTH_PRINTER, HEALTH_FAULT, "printer is at fault since"},
        {HEALTH_PRINTER, HEALTH_UNUSED, "printer is missing since"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)setup(NULL);
        install();
        start("2", "boot-2");
        known.has_health = true;
        known.has_orders = true;
        known.health.parts[cases[i].part] = cases[i].now;
        expect(AGENT_REST, API_UPDATE_TRYING);
        known.up_ms = TRIAL_MS;
        expect(AGENT_REBOOT, API_UPDATE_TRYING);
        fell_back(cases[i].reason);
    }
}

static void parts_that_did_not_work_before_hold_nothing_up(void **state)
{
    (void)state;
    known.health.parts[HEALTH_SCANNER] = HEALTH_MISSING;
    known.health.parts[HEALTH_CARD] = HEALTH_UNUSED;
    known.health.parts[HEALTH_PRINTER] = HEALTH_OUT;
    install();
    start("2", "boot-2");
    known.has_health = true;
    known.has_orders = true;
    known.health.parts[HEALTH_CARD] = HEALTH_FAULT;
    expect(AGENT_BLESS, API_UPDATE_TRYING);
}

// A try that panics or is reset by the watchdog says nothing of its end.
static void a_version_that_is_cut_off_is_told_by_how_far_it_came(void **state)
{
    (void)state;
    install();
    start("2", "boot-2");
    expect(AGENT_REST, API_UPDATE_TRYING);
    fell_back("started, then stopped before it drew anything");

    (void)setup(NULL);
    install();
    start("2", "boot-2");
    known.has_health = true;
    known.health.is_connected = false;
    expect(AGENT_REST, API_UPDATE_TRYING);
    fell_back("drew, then stopped before it reached the hub");
}

static void what_fell_back_is_not_tried_again(void **state)
{
    (void)state;
    install();
    fell_back("never started");
    known.has_slot = false;
    known.has_orders = true;
    known.have_bytes = BUNDLE_BYTES;

    expect(AGENT_DROP, API_UPDATE_FELL_BACK);
    known.have_bytes = 0;
    expect(AGENT_REST, API_UPDATE_FELL_BACK);
    order("2.1", hash_b);
    expect(AGENT_FETCH, API_UPDATE_DOWNLOADING);
}

static void power_that_fails_while_writing_begins_again(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);
    known.have_bytes = BUNDLE_BYTES;
    known.is_checked = true;
    expect(AGENT_INSTALL, API_UPDATE_INSTALLING);

    known.boot = "boot-2"; // the old version, and no slot of the new one
    known.is_checked = false;
    expect(AGENT_REST, API_UPDATE_WAITING);
    expect(AGENT_CHECK, API_UPDATE_WAITING);
}

static void power_that_fails_after_writing_is_a_trial_all_the_same(void **state)
{
    (void)state;
    order("2", hash_a);
    (void)agent_step(&known, &memory);
    known.have_bytes = BUNDLE_BYTES;
    known.is_checked = true;
    expect(AGENT_INSTALL, API_UPDATE_INSTALLING);

    start("2", "boot-2");
    expect(AGENT_REST, API_UPDATE_TRYING);
    assert_int_equal(memory.tries, 1);
    assert_true(memory.has_parts);
}

static void power_that_fails_between_keeping_and_noting_it_is_no_fall_back(void **state)
{
    (void)state;
    install();
    start("2", "boot-2");
    expect(AGENT_REST, API_UPDATE_TRYING);

    start("2", "boot-3");
    known.is_counted = false; // blessed already
    expect(AGENT_REST, API_UPDATE_BLESSED);
}

static void an_agent_that_starts_again_before_the_machine_does_goes_on(void **state)
{
    (void)state;
    install();
    known.is_checked = false;
    known.has_slot = true;
    expect(AGENT_REBOOT, API_UPDATE_TRYING);
}

static void a_trial_nobody_remembers_is_a_trial(void **state)
{
    (void)state;
    start("2", "boot-5");
    expect(AGENT_REST, API_UPDATE_TRYING);
    known.up_ms = TRIAL_MS;
    expect(AGENT_REBOOT, API_UPDATE_TRYING);
    known.has_health = true;
    known.health.is_drawn = true;
    known.health.is_connected = true;
    known.has_orders = true;
    expect(AGENT_BLESS, API_UPDATE_TRYING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_order_is_fetched_checked_installed_tried_and_kept, setup),
        cmocka_unit_test_setup(the_same_question_has_the_same_answer, setup),
        cmocka_unit_test_setup(a_window_may_go_over_midnight, setup),
        cmocka_unit_test_setup(nobody_is_disturbed_and_the_window_is_kept, setup),
        cmocka_unit_test_setup(a_silent_hub_orders_nothing_any_more, setup),
        cmocka_unit_test_setup(an_order_that_is_taken_back_is_forgotten, setup),
        cmocka_unit_test_setup(another_order_begins_anew, setup),
        cmocka_unit_test_setup(an_older_version_or_none_is_refused_at_once, setup),
        cmocka_unit_test_setup(what_was_refused_once_is_not_fetched_again, setup),
        cmocka_unit_test_setup(a_hub_that_gives_other_bytes_than_it_said_is_believed_once, setup),
        cmocka_unit_test_setup(what_may_pass_is_tried_again_later, setup),
        cmocka_unit_test_setup(a_full_boot_partition_leaves_the_update_waiting, setup),
        cmocka_unit_test_setup(a_version_that_never_comes_up_falls_back, setup),
        cmocka_unit_test_setup(a_version_that_draws_nothing_falls_back, setup),
        cmocka_unit_test_setup(a_version_that_cannot_reach_the_hub_falls_back, setup),
        cmocka_unit_test_setup(a_version_under_which_a_part_is_gone_falls_back, setup),
        cmocka_unit_test_setup(parts_that_did_not_work_before_hold_nothing_up, setup),
        cmocka_unit_test_setup(a_version_that_is_cut_off_is_told_by_how_far_it_came, setup),
        cmocka_unit_test_setup(what_fell_back_is_not_tried_again, setup),
        cmocka_unit_test_setup(power_that_fails_while_writing_begins_again, setup),
        cmocka_unit_test_setup(power_that_fails_after_writing_is_a_trial_all_the_same, setup),
        cmocka_unit_test_setup(power_that_fails_between_keeping_and_noting_it_is_no_fall_back,
                               setup),
        cmocka_unit_test_setup(an_agent_that_starts_again_before_the_machine_does_goes_on, setup),
        cmocka_unit_test_setup(a_trial_nobody_remembers_is_a_trial, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
