// SPDX-License-Identifier: EUPL-1.2
//
// What the agent remembers over a restart comes back whole, or counts as nothing.
#include "apps/technician/agent_memory.h"

#include "base/file.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/inloop-memory-XXXXXX";
static struct fault fault;

static void a_memory_is_read_as_it_was_kept(void **state)
{
    (void)state;
    struct agent_memory kept = {.update = {.state = API_UPDATE_TRYING, .version = "1.12.3"},
                                .boot = "0f7c8a52-0000-4000-8000-00000000000a",
                                .stage = AGENT_STAGE_CONNECTED,
                                .tries = 2,
                                .mismatches = 1,
                                .has_parts = true,
                                .parts = {HEALTH_OK, HEALTH_MISSING, HEALTH_OUT}};
    struct agent_memory read;
    memset(kept.sha256, 'a', sizeof kept.sha256 - 1);
    text_copy_cut(kept.update.reason, sizeof kept.update.reason, "scanner = missing\n# since");

    assert_int_equal(agent_memory_write(&kept, path, &fault), OK);
    assert_int_equal(agent_memory_read(&read, path, &fault), OK);

    assert_string_equal(read.update.reason, "scanner = missing?# since"); // one line
    text_copy_cut(kept.update.reason, sizeof kept.update.reason, read.update.reason);
    assert_true(agent_memory_equal(&kept, &read));
}

static void an_empty_memory_is_one_too(void **state)
{
    (void)state;
    const struct agent_memory kept = {0};
    struct agent_memory read;

    assert_int_equal(agent_memory_write(&kept, path, &fault), OK);
    assert_int_equal(agent_memory_read(&read, path, &fault), OK);

    assert_true(agent_memory_equal(&kept, &read));
    assert_false(read.has_parts);
}

static void what_is_none_counts_as_nothing_tried(void **state)
{
    (void)state;
    static const char *const files[] = {
        "",
        "\x01\x02",
        "state = flying\nversion =\nreason =\n",
        "state = trying\nversion = 2\nreason =\n",
        "state = trying\nversion = 2\nreason =\nsha256 =\nboot =\nstage = 9\ntries = 0\n"
        "mismatches = 0\n",
        "state = trying\nversion = 2\nreason =\nsha256 =\nboot =\nstage = 1\ntries = -1\n"
        "mismatches = 0\n",
        "state = trying\nversion = 2\nreason =\nsha256 =\nboot =\nstage = 1\ntries = 1\n"
        "mismatches = 0\nparts.scanner = gone\n",
        "state = trying\nversion = 1.1111111111.1111111111111\nreason =\nsha256 =\nboot =\n"
        "stage = 1\ntries = 1\nmismatches = 0\n",
    };
    const struct agent_memory nothing = {0};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct agent_memory read = {.tries = 7};
        assert_int_equal(file_write(path, 0600, files[i], strlen(files[i]), &fault), OK);

        assert_int_equal(agent_memory_read(&read, path, &fault), ERR_MALFORMED);

        assert_true(agent_memory_equal(&read, &nothing));
    }
    struct agent_memory read = {.tries = 7};
    assert_int_equal(agent_memory_read(&read, "/nonexistent", &fault), ERR_NOT_FOUND);
    assert_true(agent_memory_equal(&read, &nothing));
}

static void the_screen_reads_what_the_agent_tells_it(void **state)
{
    (void)state;
    const struct api_update told = {
        .state = API_UPDATE_FELL_BACK, .version = "2", .reason = "never started"};
    struct api_update read;

    assert_int_equal(agent_update_write(&told, path, &fault), OK);
    assert_int_equal(agent_update_read(&read, path, &fault), OK);

    assert_int_equal(read.state, API_UPDATE_FELL_BACK);
    assert_string_equal(read.version, "2");
    assert_string_equal(read.reason, "never started");
    assert_int_equal(agent_update_read(&read, "/nonexistent", &fault), ERR_NOT_FOUND);
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
        cmocka_unit_test(a_memory_is_read_as_it_was_kept),
        cmocka_unit_test(an_empty_memory_is_one_too),
        cmocka_unit_test(what_is_none_counts_as_nothing_tried),
        cmocka_unit_test(the_screen_reads_what_the_agent_tells_it),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
