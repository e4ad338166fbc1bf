// SPDX-License-Identifier: EUPL-1.2
//
// Patterns: what they take, what is not taken on, and that no pattern takes long.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forms/pattern.h"

#include <string.h>
#include <time.h>

static void a_pattern_takes_the_whole_text_or_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *words;
        bool is_match;
    } rows[] = {
        {"abc", "abc", true},
        {"abc", "abcd", false},
        {"^abc$", "abc", true},
        {"", "", true},
        {"", "a", false},
        {"a|bc|", "bc", true},
        {"a|bc|", "", true},
        {"a|bc|", "abc", false},
        {"^[a-zA-Z0-9]{1,3}\\-[a-zA-Z0-9]{1,3}\\-[a-zA-Z0-9]{1,3}$", "1-AAA-BB", true},
        {"^[a-zA-Z0-9]{1,3}\\-[a-zA-Z0-9]{1,3}\\-[a-zA-Z0-9]{1,3}$", "1-AAAA-B", false},
        {"[^0-9]+", "abc", true},
        {"[^0-9]+", "ab1", false},
        {"(ab|cd){2}", "abcd", true},
        {"(ab|cd){2}", "ab", false},
        {"(?:ab){1,}", "ababab", true},
        {"(a*)*b", "aaab", true},
        {"((a|b)+c?)+?", "abcab", true},
        {"a{0}b", "b", true},
        {"a{2,3}", "aaaa", false},
        {"a{,3}", "a{,3}", true},
        {"\\d{4}\\s?\\w\\w", "1234 AB", true},
        {"\\d{4}\\s?\\w\\w", "123x AB", false},
        {"[\\s\\S]*", "a\nb", true},
        {".+", "a\nb", false},
        {"[\\w.-]+", "a.b-c", true},
        {"[A-Za-z\xc3\x80-\xc3\xbf' -]+", "Zo\xc3\xab d'Arc", true},
        {".{3}", "\xc3\xa9\xc3\xa9\xc3\xa9", true},
        {"[]a]", "a", false},
        {"x^y", "xy", false},
        {"a\\.b\\\\", "a.b\\", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_match = false;
        const enum err err = pattern_match(rows[i].pattern, rows[i].words, &is_match);
        if (strcmp(rows[i].pattern, "[]a]") == 0) {
            assert_int_equal(err, ERR_UNSUPPORTED);
        } else if (err != OK || is_match != rows[i].is_match) {
            fail_msg("%s on %s: %s", rows[i].pattern, rows[i].words, err_name(err));
        }
    }
}

static void what_is_no_pattern_or_not_ours_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        enum err err;
    } rows[] = {
        {"(", ERR_MALFORMED},
        {")", ERR_MALFORMED},
        {"*", ERR_MALFORMED},
        {"a**", ERR_MALFORMED},
        {"[a", ERR_MALFORMED},
        {"[z-a]", ERR_MALFORMED},
        {"a{3,2}", ERR_MALFORMED},
        {"\\", ERR_MALFORMED},
        {"(?!sa)b", ERR_UNSUPPORTED},
        {"(?<=a)b", ERR_UNSUPPORTED},
        {"(a)\\1", ERR_UNSUPPORTED},
        {"\\bword", ERR_UNSUPPORTED},
        {"\\p{L}+", ERR_UNSUPPORTED},
        {"a{1001}", ERR_TOO_BIG},
        {"(((a{99}){99}){99}){99}", ERR_TOO_BIG},
        {"((((((((((((((((((((((((((((a))))))))))))))))))))))))))))", ERR_TOO_BIG},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_match = false;
        const enum err err = pattern_match(rows[i].pattern, "a", &is_match);
        if (err != rows[i].err) {
            fail_msg("%s: %s", rows[i].pattern, err_name(err));
        }
        assert_false(pattern_is_usable(rows[i].pattern));
    }
}

static void the_patterns_that_hang_others_take_no_time(void **state)
{
    (void)state;
    static char words[4001];
    static const char *const patterns[] = {"(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*a){20}b"};
    memset(words, 'a', sizeof words - 2);
    words[sizeof words - 2] = '!';
    const clock_t start = clock();
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        bool is_match = true;
        assert_int_equal(pattern_match(patterns[i], words, &is_match), OK);
        assert_false(is_match);
    }
    // Others need longer than the world stands; a slow machine under sanitizers a second.
    assert_true((clock() - start) / CLOCKS_PER_SEC < 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_takes_the_whole_text_or_nothing),
        cmocka_unit_test(what_is_no_pattern_or_not_ours_is_refused),
        cmocka_unit_test(the_patterns_that_hang_others_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
