// SPDX-License-Identifier: EUPL-1.2
//
// What a role program says of itself comes back as it was said, or not at all.
#include "base/health.h"

#include "base/file.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/inloop-health-XXXXXX";
static struct fault fault;

static enum err read_words(const char *words, struct health *health)
{
    assert_int_equal(file_write(path, 0600, words, strlen(words), &fault), OK);
    return health_read(path, health, &fault);
}

static void what_was_said_is_read(void **state)
{
    (void)state;
    const struct health said = {.role = "kiosk",
                                .is_drawn = true,
                                .is_connected = false,
                                .is_busy = true,
                                .at_ms = 1795788000000,
                                .parts = {[HEALTH_SCANNER] = HEALTH_OK,
                                          [HEALTH_CARD] = HEALTH_MISSING,
                                          [HEALTH_PRINTER] = HEALTH_LOW}};
    struct health read;

    assert_int_equal(health_write(path, &said, &fault), OK);
    assert_int_equal(health_read(path, &read, &fault), OK);

    assert_string_equal(read.role, "kiosk");
    assert_true(read.is_drawn && !read.is_connected && read.is_busy);
    assert_int_equal(read.at_ms, said.at_ms);
    assert_memory_equal(read.parts, said.parts, sizeof read.parts);
}

static void every_word_is_found_by_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < HEALTH_STATES_COUNT; i++) {
        enum health_state found = HEALTH_UNUSED;
        assert_int_equal(health_state_parse(health_state_name((enum health_state)i), &found), OK);
        assert_int_equal(found, i);
    }
    for (int i = 0; i < HEALTH_PARTS_COUNT; i++) {
        assert_true(health_part_name((enum health_part)i)[0] != '\0');
    }
    enum health_state found = HEALTH_UNUSED;
    assert_int_equal(health_state_parse("", &found), ERR_NOT_FOUND);
}

static void what_is_not_ours_is_refused_and_nothing_of_it_kept(void **state)
{
    (void)state;
    static const char *const files[] = {
        "",
        "role = kiosk\n",
        "not a line\n",
        "role =\nis_drawn = 1\nis_connected = 1\nis_busy = 0\nat = 2026-11-27T14:00:00Z\n",
        "role = kiosk\nis_drawn = yes\nis_connected = 1\nis_busy = 0\nat = 2026-11-27T14:00:00Z\n",
        "role = kiosk\nis_drawn = 1\nis_connected = 1\nis_busy = 0\nat = yesterday\n",
        "role = kiosk\nis_drawn = 1\nis_connected = 1\nis_busy = 0\nat = 2026-11-27T14:00:00Z\n"
        "printer = burning\n",
        "role = a-role-that-is-much-too-long\nis_drawn = 1\nis_connected = 1\nis_busy = 0\n"
        "at = 2026-11-27T14:00:00Z\n",
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct health health;

        assert_int_equal(read_words(files[i], &health), ERR_MALFORMED);

        assert_int_equal(health.role[0], '\0');
        assert_false(health.is_drawn);
    }
}

static void a_part_nobody_spoke_of_is_unused(void **state)
{
    (void)state;
    struct health health;

    assert_int_equal(read_words("role = display\nis_drawn = 1\nis_connected = 1\nis_busy = 0\n"
                                "at = 2026-11-27T14:00:00Z\n",
                                &health),
                     OK);

    assert_int_equal(health.parts[HEALTH_PRINTER], HEALTH_UNUSED);
}

static void no_file_and_no_folder_are_told_apart_from_nonsense(void **state)
{
    (void)state;
    struct health health = {.role = "kiosk"};
    assert_int_equal(health_write("/nonexistent/health", &health, &fault), ERR_IO);
    assert_int_equal(health_read("/nonexistent/health", &health, &fault), ERR_NOT_FOUND);
}

static int setup(void **state)
{
    (void)state;
    return close(mkstemp(path));
}

static int teardown(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_is_read),
        cmocka_unit_test(every_word_is_found_by_its_name),
        cmocka_unit_test(what_is_not_ours_is_refused_and_nothing_of_it_kept),
        cmocka_unit_test(a_part_nobody_spoke_of_is_unused),
        cmocka_unit_test(no_file_and_no_folder_are_told_apart_from_nonsense),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
