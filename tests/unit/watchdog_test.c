// SPDX-License-Identifier: EUPL-1.2
//
// What a watchdog's device is told and when. A file stands for the device, which takes any byte for
// food; what the kernel does with them is tried in a guest (journey.kms_guest).
#include "base/watchdog.h"

#include "base/file.h"

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

static char path[] = "/tmp/inloop-watchdog-XXXXXX";

static int make_device(void **state)
{
    (void)state;
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_device(void **state)
{
    (void)state;
    return unlink(path);
}

static void expect_told(const char *bytes, size_t len)
{
    char *told = NULL;
    size_t told_len = 0;
    assert_int_equal(file_read(path, 64, &told, &told_len), OK);
    assert_int_equal(told_len, len);
    assert_memory_equal(told, bytes, len);
    free(told);
}

static struct watchdog opened_for(int64_t timeout_ms)
{
    struct watchdog watchdog;
    assert_int_equal(watchdog_open(&watchdog, path, timeout_ms, 1000, NULL), OK);
    return watchdog;
}

static void opening_feeds_and_a_part_of_a_second_is_a_second(void **state)
{
    (void)state;
    struct watchdog watchdog = opened_for(29001);

    expect_told("\0", 1);

    assert_int_equal(watchdog.timeout_ms, 30000);
    assert_int_equal(watchdog_next_ms(&watchdog), 1000 + 10000);
    watchdog_close(&watchdog, false);
}

static void it_is_fed_when_a_third_has_passed_and_not_before(void **state)
{
    (void)state;
    struct watchdog watchdog = opened_for(30000);

    watchdog_feed(&watchdog, 10999);
    expect_told("\0", 1);
    watchdog_feed(&watchdog, 11000);
    expect_told("\0\0", 2);

    assert_int_equal(watchdog_next_ms(&watchdog), 21000);
    watchdog_close(&watchdog, false);
}

static void closing_feeds_for_whoever_comes_next(void **state)
{
    (void)state;
    struct watchdog watchdog = opened_for(30000);

    watchdog_close(&watchdog, false);

    expect_told("\0\0", 2);
    assert_int_equal(watchdog_next_ms(&watchdog), INT64_MAX);
}

static void stopping_says_the_word(void **state)
{
    (void)state;
    struct watchdog watchdog = opened_for(30000);

    watchdog_close(&watchdog, true);

    expect_told("\0V", 2);
}

static void none_asks_for_nothing(void **state)
{
    (void)state;
    struct watchdog watchdog = {0};

    watchdog_feed(&watchdog, 1000000);

    assert_int_equal(watchdog_next_ms(&watchdog), INT64_MAX);
    watchdog_close(&watchdog, true);
    expect_told("", 0);
}

static void a_device_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct watchdog watchdog;
    struct fault fault;

    assert_int_equal(watchdog_open(&watchdog, "no/such/watchdog", 1000, 0, &fault), ERR_NOT_FOUND);

    assert_non_null(strstr(fault.text, "no/such/watchdog"));
    assert_int_equal(watchdog_next_ms(&watchdog), INT64_MAX);
}

static enum err open_by(struct watchdog *watchdog, const char *lines)
{
    static struct config config;
    assert_int_equal(config_parse(&config, lines, strlen(lines), NULL), OK);
    return watchdog_open_by(watchdog, &config, 0, NULL);
}

static void the_configuration_says_which_and_how_long(void **state)
{
    (void)state;
    struct watchdog watchdog;
    char lines[128];

    assert_int_equal(open_by(&watchdog, "watchdog.timeout_s = 9\n"), OK); // none is named
    assert_int_equal(watchdog_next_ms(&watchdog), INT64_MAX);
    (void)snprintf(lines, sizeof lines, "watchdog.device = %s\n", path);
    assert_int_equal(open_by(&watchdog, lines), OK);
    assert_int_equal(watchdog.timeout_ms, 60000);
    watchdog_close(&watchdog, false);
    (void)snprintf(lines, sizeof lines, "watchdog.device = %s\nwatchdog.timeout_s = 9\n", path);
    assert_int_equal(open_by(&watchdog, lines), OK);
    assert_int_equal(watchdog.timeout_ms, 9000);
    watchdog_close(&watchdog, false);
    assert_int_equal(open_by(&watchdog, "watchdog.timeout_s = 1\n"), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opening_feeds_and_a_part_of_a_second_is_a_second,
                                        make_device, remove_device),
        cmocka_unit_test_setup_teardown(it_is_fed_when_a_third_has_passed_and_not_before,
                                        make_device, remove_device),
        cmocka_unit_test_setup_teardown(closing_feeds_for_whoever_comes_next, make_device,
                                        remove_device),
        cmocka_unit_test_setup_teardown(stopping_says_the_word, make_device, remove_device),
        cmocka_unit_test_setup_teardown(none_asks_for_nothing, make_device, remove_device),
        cmocka_unit_test(a_device_that_is_not_there_is_told),
        cmocka_unit_test_setup_teardown(the_configuration_says_which_and_how_long, make_device,
                                        remove_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
