// SPDX-License-Identifier: EUPL-1.2
//
// A log before it leaves: what helps stays, what could name somebody or open something does not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/redact.h"

#include <string.h>

static char out[2048];

static const char *redacted(const char *log)
{
    struct text text;
    text_init(&text, out, sizeof out);
    redact(log, strlen(log), &text);
    assert_false(text.is_cut);
    return out;
}

static void what_helps_stays(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "2026-11-27T14:00:00Z warn printer: usb: no answer within 2000 ms\n",
        "2026-11-27T14:00:00Z info hub: serving stadhuis on port 41234\n",
        "2026-11-27T14:00:00Z warn scanner: 0c2e:0907 at 1-2.3 is gone\nand on\n",
        "/usr/share/inloop/strings/nl.mo: cannot be read\n",
        "caf\xc3\xa9 \xe2\x82\xac\n",
        "",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_string_equal(redacted(lines[i]), lines[i]);
    }
}

static void numbers_dates_addresses_and_codes_do_not(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"bsn 999990019.", "bsn <number>"},
        {"999.990.019", "<number>"},
        {"born 1984-05-17,", "born <date>"},
        {"x 2026-11-27T14:00:00Z y", "x <date> y"},
        {"(n.haddad@example.org)", "<address>"},
        {"code=KR1:AB", "<code>"},
        {"\"KS1:eyJ\"", "<code>"},
        {"6a8c0a52-0000-4000-8000-00000000000a", "<code>"},
        {"Bearer eyJhbGciOiJFUzI1NiJ9.abc", "Bearer <code>"},
        {"GET /partijen/6a8c0a52000040008000 400", "GET <code> 400"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(redacted(cases[i][0]), cases[i][1]);
    }
}

static void bytes_that_are_no_words_are_shown_as_such(void **state)
{
    (void)state;
    assert_string_equal(redacted("a\x07\x1b[31m \xff\xfe z\x7f\tq\r\n"), "a??[31m ?? z? q \n");
}

static void what_does_not_fit_is_cut(void **state)
{
    (void)state;
    char small[8];
    struct text text;
    text_init(&text, small, sizeof small);

    redact("words and more", 14, &text);

    assert_true(text.is_cut);
    assert_string_equal(small, "words a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_helps_stays),
        cmocka_unit_test(numbers_dates_addresses_and_codes_do_not),
        cmocka_unit_test(bytes_that_are_no_words_are_shown_as_such),
        cmocka_unit_test(what_does_not_fit_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
