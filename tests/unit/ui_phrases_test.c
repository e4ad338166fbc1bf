// SPDX-License-Identifier: EUPL-1.2
//
// Phrases: looking up, filling, plural forms of the shipped languages, refusal of broken files.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/phrases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct phrases phrases;

static void read_language(const char *language)
{
    const char *build = getenv("INLOOP_BUILD");
    char dir[256];
    struct text text;
    text_init(&text, dir, sizeof dir);
    text_format(&text, "%s/strings", build == NULL ? "build" : build);
    struct fault fault = {0};
    assert_int_equal(phrases_read(&phrases, dir, language, &fault), OK);
}

static void a_known_key_gives_its_words_and_an_unknown_one_itself(void **state)
{
    (void)state;
    read_language("nl");

    assert_string_equal(phrases_get(&phrases, "common.stop"), "Stoppen");
    assert_string_equal(phrases_get(&phrases, "no.such.key"), "no.such.key");
    assert_string_equal(phrases_get(&phrases, ""), phrases_get(&phrases, ""));
}

static void placeholders_are_filled_by_name_and_unknown_ones_stay(void **state)
{
    (void)state;
    const struct phrases_value values[] = {{"hour", "14"}, {"minute", "05"}};
    char out[PHRASE_BYTES];

    assert_int_equal(phrases_fill("Rond {hour}.{minute} {unit", values, 2, out, sizeof out), OK);
    assert_string_equal(out, "Rond 14.05 {unit");
    assert_int_equal(phrases_fill("{a}{hour}", values, 2, out, sizeof out), OK);
    assert_string_equal(out, "{a}14");
}

static void a_phrase_that_does_not_fit_leaves_nothing(void **state)
{
    (void)state;
    const struct phrases_value value = {"name", "twaalf letters"};
    char out[8] = "old";

    assert_int_equal(phrases_fill("{name}", &value, 1, out, sizeof out), ERR_TOO_BIG);
    assert_string_equal(out, "");
}

static void values_in_a_right_to_left_phrase_are_isolated(void **state)
{
    (void)state;
    const struct phrases_value value = {"who", "N. H."};
    char out[PHRASE_BYTES];

    assert_int_equal(phrases_fill("مرحبا {who}", &value, 1, out, sizeof out), OK);

    assert_string_equal(out, "مرحبا \u2068N. H.\u2069");
}

static void dutch_has_one_day_and_seven_days(void **state)
{
    (void)state;
    read_language("nl");
    char out[PHRASE_BYTES];

    assert_int_equal(phrases_fill_count(&phrases, "common.days_left", 1, out, sizeof out), OK);
    assert_string_equal(out, "nog 1 dag");
    assert_int_equal(phrases_fill_count(&phrases, "common.days_left", 7, out, sizeof out), OK);
    assert_string_equal(out, "nog 7 dagen");
    assert_int_equal(phrases_fill_count(&phrases, "common.days_left", 0, out, sizeof out), OK);
    assert_string_equal(out, "nog 0 dagen");
}

static void arabic_uses_all_six_of_its_forms(void **state)
{
    (void)state;
    read_language("ar");
    static const uint64_t counts[] = {0, 1, 2, 3, 11, 100};

    for (size_t i = 0; i < 6; i++) {
        for (size_t j = i + 1; j < 6; j++) {
            const char *one = phrases_plural(&phrases, "common.days_left", counts[i]);
            const char *other = phrases_plural(&phrases, "common.days_left", counts[j]);
            assert_ptr_not_equal(one, other);
        }
    }
    assert_ptr_equal(phrases_plural(&phrases, "common.days_left", 3),
                     phrases_plural(&phrases, "common.days_left", 110));
    assert_ptr_equal(phrases_plural(&phrases, "common.days_left", 11),
                     phrases_plural(&phrases, "common.days_left", 99));
}

static void every_language_has_the_same_keys(void **state)
{
    (void)state;
    static struct phrases dutch;
    read_language("nl");
    dutch = phrases;
    static const char *const others[] = {"en", "ar"};
    for (size_t i = 0; i < 2; i++) {
        read_language(others[i]);
        assert_int_equal(phrases.count, dutch.count);
    }
}

static void every_cut_of_a_file_is_refused_and_leaves_no_phrases(void **state)
{
    (void)state;
    read_language("nl");
    static struct phrases whole;
    whole = phrases;
    for (size_t len = 0; len + 1 < whole.len; len += len < 64 ? 1 : 37) {
        assert_int_not_equal(phrases_parse(&phrases, whole.bytes, len, NULL), OK);
        assert_string_equal(phrases_get(&phrases, "common.stop"), "common.stop");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_key_gives_its_words_and_an_unknown_one_itself),
        cmocka_unit_test(placeholders_are_filled_by_name_and_unknown_ones_stay),
        cmocka_unit_test(a_phrase_that_does_not_fit_leaves_nothing),
        cmocka_unit_test(values_in_a_right_to_left_phrase_are_isolated),
        cmocka_unit_test(dutch_has_one_day_and_seven_days),
        cmocka_unit_test(arabic_uses_all_six_of_its_forms),
        cmocka_unit_test(every_language_has_the_same_keys),
        cmocka_unit_test(every_cut_of_a_file_is_refused_and_leaves_no_phrases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
