// SPDX-License-Identifier: EUPL-1.2
//
// Configuration files: what is read, what is refused and on which line, the limits.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/config.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int set_up(void **state)
{
    *state = calloc(1, sizeof(struct config));
    assert_non_null(*state);
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static enum err parse(struct config *config, const char *words, struct fault *fault)
{
    return config_parse(config, words, strlen(words), fault);
}

static void keys_values_comments_and_blanks_are_read(void **state)
{
    struct config *config = *state;

    assert_int_equal(parse(config,
                           "# a comment\n\n  a.key-1_x =  a value = with more \t\r\n"
                           "empty=\n  # another\nlast = caf\xc3\xa9 # not a comment",
                           NULL),
                     OK);

    assert_int_equal(config->entries_count, 3);
    assert_string_equal(config_get(config, "a.key-1_x", NULL), "a value = with more");
    assert_string_equal(config_get(config, "empty", "x"), "");
    assert_string_equal(config_get(config, "last", NULL), "caf\xc3\xa9 # not a comment");
}

static void nothing_is_a_configuration_too(void **state)
{
    struct config *config = *state;
    config->entries_count = 5;

    assert_int_equal(config_parse(config, NULL, 0, NULL), OK);

    assert_int_equal(config->entries_count, 0);
}

static void an_absent_key_gives_the_fallback(void **state)
{
    struct config *config = *state;
    assert_int_equal(parse(config, "a = 1\n", NULL), OK);

    assert_string_equal(config_get(config, "b", "other"), "other");
    assert_null(config_get(config, "b", NULL));
    assert_null(config_get(config, "A", NULL));
}

static void a_wrong_line_is_named(void **state)
{
    static const char *const wrong[] = {"no equals",    "= no key",        "Upper = 1",
                                        "two keys = 1", "caf\xc3\xa9 = 1", "good = 2"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char words[64];
        struct fault fault = {0};
        (void)snprintf(words, sizeof words, "good = 1\n# remark\n%s\n", wrong[i]); // always fits

        assert_int_equal(parse(*state, words, &fault), ERR_MALFORMED);

        assert_int_equal(fault.err, ERR_MALFORMED);
        assert_true(text_starts_with(fault.text, "line 3: "));
    }
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    assert_int_equal(config_parse(*state, "a = 1\0", 6, NULL), ERR_MALFORMED);
    assert_int_equal(config_parse(*state, "a = \xff", 5, NULL), ERR_MALFORMED);
    assert_int_equal(config_parse(*state, "\0", 1, NULL), ERR_MALFORMED);
}

static void keys_and_values_have_a_longest_length(void **state)
{
    struct config *config = *state;
    char words[CONFIG_KEY_BYTES + CONFIG_VALUE_BYTES + 8];
    char key[CONFIG_KEY_BYTES + 1] = {0};
    char value[CONFIG_VALUE_BYTES + 1] = {0};
    memset(key, 'k', CONFIG_KEY_BYTES - 1);
    memset(value, 'v', CONFIG_VALUE_BYTES - 1);
    (void)snprintf(words, sizeof words, "%s=%s", key, value); // always fits
    assert_int_equal(parse(config, words, NULL), OK);
    assert_string_equal(config_get(config, key, NULL), value);

    value[CONFIG_VALUE_BYTES - 1] = 'v';
    (void)snprintf(words, sizeof words, "k=%s", value);
    assert_int_equal(parse(config, words, NULL), ERR_TOO_BIG);
    key[CONFIG_KEY_BYTES - 1] = 'k';
    (void)snprintf(words, sizeof words, "%s=v", key);
    assert_int_equal(parse(config, words, NULL), ERR_MALFORMED);
}

static void entries_have_a_limit(void **state)
{
    struct config *config = *state;
    char words[(CONFIG_ENTRIES_MAX + 1) * 12] = {0};
    struct text text;
    text_init(&text, words, sizeof words);
    for (int i = 0; i < CONFIG_ENTRIES_MAX; i++) {
        text_format(&text, "k%d=%d\n", i, i);
    }
    assert_int_equal(parse(config, words, NULL), OK);
    assert_string_equal(config_get(config, "k511", NULL), "511");

    text_add(&text, "more=1\n");

    struct fault fault;
    assert_false(text.is_cut);
    assert_int_equal(parse(config, words, &fault), ERR_TOO_BIG);
    assert_true(text_starts_with(fault.text, "line 513: "));
}

static void a_file_has_a_longest_length(void **state)
{
    char *bytes = malloc(CONFIG_FILE_BYTES_MAX + 1);
    assert_non_null(bytes);
    memset(bytes, '\n', CONFIG_FILE_BYTES_MAX + 1);

    assert_int_equal(config_parse(*state, bytes, CONFIG_FILE_BYTES_MAX, NULL), OK);
    assert_int_equal(config_parse(*state, bytes, CONFIG_FILE_BYTES_MAX + 1, NULL), ERR_TOO_BIG);

    free(bytes);
}

static void whole_numbers_are_read_within_their_limits(void **state)
{
    struct config *config = *state;
    int64_t value = 7;
    assert_int_equal(parse(config, "a = 12\nb = 12x\nc =\nd = -3\n", NULL), OK);

    assert_int_equal(config_get_int(config, "a", 0, 12, &value), OK);
    assert_int_equal(value, 12);
    assert_int_equal(config_get_int(config, "d", -3, 12, &value), OK);
    assert_int_equal(value, -3);
    assert_int_equal(config_get_int(config, "a", 0, 11, &value), ERR_MALFORMED);
    assert_int_equal(config_get_int(config, "b", 0, 99, &value), ERR_MALFORMED);
    assert_int_equal(config_get_int(config, "c", 0, 99, &value), ERR_MALFORMED);
    assert_int_equal(config_get_int(config, "e", 0, 99, &value), ERR_NOT_FOUND);
    assert_int_equal(value, -3);
}

static void a_file_is_read_and_its_faults_carry_its_name(void **state)
{
    struct config *config = *state;
    struct fault fault = {0};
    char path[] = "/tmp/config_test_XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a = 1\n", 6), 6);
    assert_int_equal(config_read_file(config, path, &fault), OK);
    assert_string_equal(config_get(config, "a", NULL), "1");

    assert_int_equal(write(fd, "bad\n", 4), 4);
    assert_int_equal(config_read_file(config, path, &fault), ERR_MALFORMED);
    assert_true(text_starts_with(fault.text, path));
    assert_non_null(strstr(fault.text, "line 2: "));

    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(config_read_file(config, path, &fault), ERR_NOT_FOUND);
    assert_true(text_starts_with(fault.text, path));
}

#define STEP(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STEP(keys_values_comments_and_blanks_are_read),
        STEP(nothing_is_a_configuration_too),
        STEP(an_absent_key_gives_the_fallback),
        STEP(a_wrong_line_is_named),
        STEP(bytes_that_are_no_text_are_refused),
        STEP(keys_and_values_have_a_longest_length),
        STEP(entries_have_a_limit),
        STEP(a_file_has_a_longest_length),
        STEP(whole_numbers_are_read_within_their_limits),
        STEP(a_file_is_read_and_its_faults_carry_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
