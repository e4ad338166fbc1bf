// SPDX-License-Identifier: EUPL-1.2
//
// Bounded text, UTF-8, strict numbers, dates and timestamps.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"

#include <string.h>

static void text_that_does_not_fit_is_cut_and_says_so(void **state)
{
    (void)state;
    char buf[8];
    struct text text;
    text_init(&text, buf, sizeof buf);

    text_add(&text, "abc");
    text_format(&text, "%d", 42);
    assert_false(text.is_cut);
    assert_string_equal(buf, "abc42");
    text_add(&text, "xyz");

    assert_true(text.is_cut);
    assert_string_equal(buf, "abc42xy");
    assert_int_equal(text.len, 7);
    text_format(&text, "%s", "more");
    text_add_bytes(&text, "m", 1);
    assert_string_equal(buf, "abc42xy");
}

static void text_that_fits_exactly_is_not_cut(void **state)
{
    (void)state;
    char buf[4];
    struct text text;
    text_init(&text, buf, sizeof buf);

    text_format(&text, "%s", "abc");

    assert_false(text.is_cut);
    assert_string_equal(buf, "abc");
    text_format(&text, "%s", "");
    assert_false(text.is_cut);
    text_format(&text, "%s", "d");
    assert_true(text.is_cut);
}

static void a_copy_is_whole_or_empty(void **state)
{
    (void)state;
    char to[4] = "old";

    assert_int_equal(text_copy(to, sizeof to, "abcd"), ERR_TOO_BIG);
    assert_string_equal(to, "");
    assert_int_equal(text_copy(to, sizeof to, "abc"), OK);
    assert_string_equal(to, "abc");
}

static void a_cut_copy_ends_at_a_whole_character(void **state)
{
    (void)state;
    char to[6];

    text_copy_cut(to, 6, "abcd\xc3\xab"); // four letters and an e with two dots
    assert_string_equal(to, "abcd");
    text_copy_cut(to, 3, "\xe2\x82\xac"); // a euro sign needs three bytes and the end
    assert_string_equal(to, "");
    text_copy_cut(to, 4, "\xe2\x82\xac");
    assert_string_equal(to, "\xe2\x82\xac");
    text_copy_cut(to, 1, "a");
    assert_string_equal(to, "");
}

static void beginnings_and_equality_are_exact(void **state)
{
    (void)state;
    assert_true(text_equal("", ""));
    assert_false(text_equal("a", "A"));
    assert_true(text_starts_with("taken:1", "taken:"));
    assert_true(text_starts_with("x", ""));
    assert_false(text_starts_with("tak", "taken:"));
}

static void a_word_is_found_among_words_or_changes_nothing(void **state)
{
    (void)state;
    static const char *const words[] = {"ok", "low", "out", "low"};
    size_t index = 7;

    assert_int_equal(text_find(words, 4, "low", &index), OK);
    assert_int_equal(index, 1);
    assert_int_equal(text_find(words, 2, "out", &index), ERR_NOT_FOUND);
    assert_int_equal(text_find(words, 0, "ok", &index), ERR_NOT_FOUND);
    assert_int_equal(index, 1);
}

static void every_character_is_written_as_it_is_read(void **state)
{
    (void)state;
    static const uint32_t points[] = {'a',    0x7f,   0x80,    0x7ff,   0x800,
                                      0x20ac, 0xffff, 0x10000, 0x10ffff};
    char bytes[UTF8_BYTES];
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        size_t len = utf8_put(points[i], bytes);
        size_t pos = 0;
        assert_int_equal(strlen(bytes), len);
        assert_int_equal(utf8_next(bytes, len, &pos), points[i]);
        assert_int_equal(pos, len);
    }
    static const uint32_t none[] = {0, 0xd800, 0xdfff, 0x110000};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_int_equal(utf8_put(none[i], bytes), 0);
        assert_string_equal(bytes, "");
    }
}

static void well_formed_utf8_is_valid(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "\x7f",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbd",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(utf8_is_valid(good[i], strlen(good[i])));
    }
}

static void overlong_surrogate_cut_and_stray_bytes_are_not(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",         "\xbf",         "\xc0\x80",         "\xc1\xbf",         "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80",
        "\xff",         "\xc3",         "\xe2\x82",         "\xf0\x90\x80",     "\xc3(",
        "a\xe2\x82z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(utf8_is_valid(bad[i], strlen(bad[i])));
    }
    assert_false(utf8_is_valid("a\0b", 3));
}

static void stepping_gives_code_points_and_passes_one_bad_byte(void **state)
{
    (void)state;
    static const char words[] = "a\xc3\xab\xe2\x82\xac\xf0\x9f\x98\x80\x80z";
    static const uint32_t points[] = {'a', 0xeb, 0x20ac, 0x1f600, 0xfffd, 'z'};
    size_t pos = 0;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        assert_int_equal(utf8_next(words, sizeof words - 1, &pos), points[i]);
    }
    assert_int_equal(pos, sizeof words - 1);
    assert_int_equal(utf8_next(words, sizeof words - 1, &pos), 0);
    assert_int_equal(pos, sizeof words - 1);
}

static void controls_and_bidi_overrides_cannot_be_shown(void **state)
{
    (void)state;
    assert_true(text_is_printable("Caf\xc3\xa9 \xd8\xa7"));
    assert_true(text_is_printable("\xef\xbf\xbd")); // a replacement character is a character
    static const char *const bad[] = {"a\n",          "\x1b[0m",      "\x7f", "\xc2\x85",
                                      "\xe2\x80\xae", "\xe2\x81\xa6", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(text_is_printable(bad[i]));
    }
}

static void numbers_are_digits_within_their_limits(void **state)
{
    (void)state;
    int64_t value = 7;

    assert_int_equal(text_to_int64("0", 0, 10, &value), OK);
    assert_int_equal(value, 0);
    assert_int_equal(text_to_int64("10", 0, 10, &value), OK);
    assert_int_equal(value, 10);
    assert_int_equal(text_to_int64("-5", -5, 10, &value), OK);
    assert_int_equal(value, -5);
    assert_int_equal(text_to_int64("999999999999999999", 0, INT64_MAX, &value), OK);
    assert_true(value == INT64_C(999999999999999999));
}

static void what_is_no_number_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {"",        "-",   "+1",  " 1", "1 ", "1.0",
                                      "0x1",     "1e3", "--1", "11", "-6", "9999999999999999999",
                                      "\xd9\xa1"};
    int64_t value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(text_to_int64(bad[i], -5, 10, &value), ERR_MALFORMED);
    }
    assert_int_equal(text_to_int64("-1", 0, 10, &value), ERR_MALFORMED);
    assert_int_equal(text_to_int64("-0", 0, 10, &value), ERR_MALFORMED);
    assert_int_equal(value, 7);
}

static void dates_of_the_calendar_are_read_and_others_not(void **state)
{
    (void)state;
    static const char *const good[] = {"1970-01-01", "2000-02-29", "2024-02-29", "1800-01-01",
                                       "2200-12-31"};
    static const char *const bad[] = {"",           "1900-02-29", "2100-02-29", "2023-02-29",
                                      "2023-00-01", "2023-13-01", "2023-01-00", "2023-04-31",
                                      "1799-12-31", "2201-01-01", "2023-1-01",  "2023/01/01",
                                      "2023-01-1 ", "2023-01-011"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct date date;
        char text[DATE_TEXT_BYTES];
        assert_int_equal(date_from_text(good[i], &date), OK);
        date_to_text(date, text);
        assert_string_equal(text, good[i]);
    }
    struct date date = {.year = 1};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(date_from_text(bad[i], &date), ERR_MALFORMED);
    }
    assert_int_equal(date.year, 1);
}

static void days_count_from_1970_and_go_both_ways(void **state)
{
    (void)state;
    assert_int_equal(date_to_days((struct date){1970, 1, 1}), 0);
    assert_int_equal(date_to_days((struct date){1969, 12, 31}), -1);
    assert_int_equal(date_to_days((struct date){2000, 3, 1}), 11017);
    assert_int_equal(date_to_days((struct date){2026, 11, 23}), 20780);

    struct date before = date_from_days(-62092);
    assert_int_equal(before.year, 1799);
    for (int64_t days = -62091; days <= 84370; days++) { // every day of 1800 to 2200
        const struct date date = date_from_days(days);
        assert_true(date_is_valid(date));
        assert_int_equal(date_to_days(date), days);
        const bool is_later =
            date.year > before.year || date.month > before.month || date.day > before.day;
        assert_true(is_later);
        before = date;
    }
    assert_int_equal(before.year, 2200);
    assert_int_equal(before.day, 31);
}

static void timestamps_are_read_with_any_offset(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int64_t time_ms;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-11-23T13:52:07Z", INT64_C(1795441927000)},
        {"2026-11-23T14:52:07+01:00", INT64_C(1795441927000)},
        {"2026-11-23T08:22:07-05:30", INT64_C(1795441927000)},
        {"2026-11-23t13:52:07z", INT64_C(1795441927000)},
        {"2026-11-23T13:52:07.5Z", INT64_C(1795441927500)},
        {"2026-11-23T13:52:07.123456789+00:00", INT64_C(1795441927123)},
        {"1969-12-31T23:59:59.999Z", -1},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t time_ms = 7;
        assert_int_equal(time_from_text(good[i].words, &time_ms), OK);
        assert_true(time_ms == good[i].time_ms);
    }
}

static void what_is_no_timestamp_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026-11-23",
                                      "2026-11-23T13:52:07",
                                      "2026-11-23 13:52:07Z",
                                      "2026-11-31T13:52:07Z",
                                      "2026-11-23T24:00:00Z",
                                      "2026-11-23T13:60:07Z",
                                      "2026-11-23T13:52:61Z",
                                      "2026-11-23T13:52:07.Z",
                                      "2026-11-23T13:52:07.1234567890Z",
                                      "2026-11-23T13:52:07+1:00",
                                      "2026-11-23T13:52:07+24:00",
                                      "2026-11-23T13:52:07+01:60",
                                      "2026-11-23T13:52:07+0100",
                                      "2026-11-23T13:52:07ZZ",
                                      "2026-11-23T13-52-07Z"};
    int64_t time_ms = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(time_from_text(bad[i], &time_ms), ERR_MALFORMED);
    }
    assert_int_equal(time_ms, 7);
}

static void a_written_timestamp_reads_back_before_1970_too(void **state)
{
    (void)state;
    static const int64_t times_ms[] = {0,         INT64_C(1795441927000), 951868799000, -1000,
                                       -86400000, INT64_C(-2208988800000)};
    for (size_t i = 0; i < sizeof times_ms / sizeof times_ms[0]; i++) {
        char text[TIME_TEXT_BYTES];
        int64_t back_ms = 7;
        time_to_text(times_ms[i], text);
        assert_int_equal(time_from_text(text, &back_ms), OK);
        assert_true(back_ms == times_ms[i]);
    }
    char text[TIME_TEXT_BYTES];
    time_to_text(INT64_C(1795441927999), text);
    assert_string_equal(text, "2026-11-23T13:52:07Z");
    time_to_text(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_does_not_fit_is_cut_and_says_so),
        cmocka_unit_test(text_that_fits_exactly_is_not_cut),
        cmocka_unit_test(a_copy_is_whole_or_empty),
        cmocka_unit_test(a_cut_copy_ends_at_a_whole_character),
        cmocka_unit_test(beginnings_and_equality_are_exact),
        cmocka_unit_test(a_word_is_found_among_words_or_changes_nothing),
        cmocka_unit_test(every_character_is_written_as_it_is_read),
        cmocka_unit_test(well_formed_utf8_is_valid),
        cmocka_unit_test(overlong_surrogate_cut_and_stray_bytes_are_not),
        cmocka_unit_test(stepping_gives_code_points_and_passes_one_bad_byte),
        cmocka_unit_test(controls_and_bidi_overrides_cannot_be_shown),
        cmocka_unit_test(numbers_are_digits_within_their_limits),
        cmocka_unit_test(what_is_no_number_is_refused_and_changes_nothing),
        cmocka_unit_test(dates_of_the_calendar_are_read_and_others_not),
        cmocka_unit_test(days_count_from_1970_and_go_both_ways),
        cmocka_unit_test(timestamps_are_read_with_any_offset),
        cmocka_unit_test(what_is_no_timestamp_is_refused),
        cmocka_unit_test(a_written_timestamp_reads_back_before_1970_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
