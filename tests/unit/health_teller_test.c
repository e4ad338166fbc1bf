// SPDX-License-Identifier: EUPL-1.2
//
// When a program's health is written: at once, then never twice within a second, and only news.
#include "base/health_teller.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/inloop-health-XXXXXX";
static char path[64];
static struct health_teller teller;

static int set_up(void **state)
{
    (void)state;
    teller = (struct health_teller){.path = path};
    (void)unlink(path); // of the test before
    return 0;
}

static struct health read_back(void)
{
    struct health health = {0};
    struct fault fault = {0};
    assert_int_equal(health_read(path, &health, &fault), OK);
    return health;
}

static void the_first_word_is_written_at_once(void **state)
{
    (void)state;
    struct health health = {.role = "kiosk", .is_drawn = true};
    health.parts[HEALTH_PRINTER] = HEALTH_LOW;

    assert_int_equal(health_tell(&teller, &health, 1795438320000, 500), INT64_MAX);

    struct health told = read_back();
    assert_string_equal(told.role, "kiosk");
    assert_true(told.is_drawn);
    assert_int_equal(told.parts[HEALTH_PRINTER], HEALTH_LOW);
    assert_int_equal(told.at_ms / 1000, 1795438320);
}

static void nothing_new_writes_nothing_and_wakes_nobody(void **state)
{
    (void)state;
    struct health health = {.role = "kiosk"};
    assert_int_equal(health_tell(&teller, &health, 0, 0), INT64_MAX);
    assert_int_equal(unlink(path), 0);

    assert_int_equal(health_tell(&teller, &health, 60000, 60000), INT64_MAX);

    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_change_within_the_second_waits_for_its_end(void **state)
{
    (void)state;
    struct health health = {.role = "kiosk"};
    assert_int_equal(health_tell(&teller, &health, 0, 100), INT64_MAX);
    health.is_busy = true;

    assert_int_equal(health_tell(&teller, &health, 0, 300), 1100);
    assert_false(read_back().is_busy);
    assert_int_equal(health_tell(&teller, &health, 0, 1100), INT64_MAX);

    assert_true(read_back().is_busy);
}

static void without_a_path_nobody_is_told(void **state)
{
    (void)state;
    struct health_teller silent = {0};
    struct health health = {.role = "kiosk"};

    assert_int_equal(health_tell(&silent, &health, 0, 0), INT64_MAX);
}

static int make_folder(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/health", folder); // always fits
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path); // may be gone already
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_word_is_written_at_once, set_up),
        cmocka_unit_test_setup(nothing_new_writes_nothing_and_wakes_nobody, set_up),
        cmocka_unit_test_setup(a_change_within_the_second_waits_for_its_end, set_up),
        cmocka_unit_test_setup(without_a_path_nobody_is_told, set_up),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
