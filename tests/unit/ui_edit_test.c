// SPDX-License-Identifier: EUPL-1.2
//
// A text while it is typed: what each kind takes, the caret, limits, and that nothing stays behind.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/edit.h"

#include <string.h>

static struct edit_private edit;

static void begin(enum edit_kind kind)
{
    edit_init(&edit, (struct edit_rules){.kind = kind});
}

// Types what is taken of some words; the rest is refused one by one.
static void type(const char *words)
{
    size_t len = strlen(words);
    size_t pos = 0;
    while (pos < len) {
        (void)edit_insert(&edit, utf8_next(words, len, &pos));
    }
}

static bool is_wiped(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != '\0') {
            return false;
        }
    }
    return true;
}

static void each_kind_takes_what_belongs_to_it_only(void **state)
{
    (void)state;
    static const struct {
        enum edit_kind kind;
        const char *typed;
        const char *taken;
    } cases[] = {
        {EDIT_FREE, "Zoë\n d'Été", "Zoë d'Été"},
        {EDIT_FREE, "a\u202eb\x07", "ab"},
        {EDIT_LINES, "een\ntwee\t", "een\ntwee"},
        {EDIT_DIGITS, "1a2 3-\u0664", "1234"},
        {EDIT_PHONE, "+31 (0)70-1+x", "+31 (0)70-1"},
        {EDIT_CODE, " 2511 bt\u0665!", "2511 BT5"},
        {EDIT_PLATE, "-gv-27-x y", "GV-27-XY"},
        {EDIT_EMAIL, "n. h@voor\"beeld.nl@", "n.h@voorbeeld.nl"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(cases[i].kind);
        type(cases[i].typed);
        assert_string_equal(edit.text, cases[i].taken);
    }
}

static void a_number_keeps_its_form_wherever_it_is_typed(void **state)
{
    (void)state;
    edit_init(&edit,
              (struct edit_rules){.kind = EDIT_NUMBER, .has_minus = true, .decimals_max = 2});
    type("-1.2,345-");
    assert_string_equal(edit.text, "-1,23");

    // Nothing before the minus, no third decimal before the others.
    while (edit_move_back(&edit)) {
    }
    assert_false(edit_insert(&edit, '9'));
    for (int i = 0; i < 3; i++) {
        assert_true(edit_move_forth(&edit));
    }
    assert_false(edit_insert(&edit, '9'));
    assert_true(edit_move_back(&edit));
    assert_true(edit_insert(&edit, '9'));
    assert_string_equal(edit.text, "-19,23");

    edit_init(&edit, (struct edit_rules){.kind = EDIT_NUMBER});
    type("-1,5");
    assert_string_equal(edit.text, "15");
}

static void the_caret_stands_between_characters_whatever_their_length(void **state)
{
    (void)state;
    begin(EDIT_FREE);
    type("aé€😀");
    assert_int_equal(edit_chars(&edit), 4);

    assert_true(edit_move_back(&edit));
    assert_int_equal(edit_behind(&edit), 4);
    assert_true(edit_erase(&edit));
    assert_string_equal(edit.text, "aé😀");
    assert_true(edit_insert(&edit, 'x'));
    assert_string_equal(edit.text, "aéx😀");

    edit_move_to_end(&edit);
    assert_false(edit_move_forth(&edit));
    while (edit_erase(&edit)) {
    }
    assert_int_equal(edit.len, 0);
}

static void a_letter_goes_with_the_marks_that_stand_on_it(void **state)
{
    (void)state;
    begin(EDIT_FREE);
    type("e\u0301\u0302x");
    assert_true(edit_erase(&edit));
    assert_true(edit_erase(&edit));
    assert_int_equal(edit.len, 0);
}

static void several_characters_are_typed_all_or_none(void **state)
{
    (void)state;
    edit_init(&edit, (struct edit_rules){.kind = EDIT_EMAIL, .chars_max = 6});
    type("n@v");
    assert_false(edit_insert_words(&edit, ".com"));
    assert_string_equal(edit.text, "n@v");
    assert_true(edit_insert_words(&edit, ".nl"));
    assert_string_equal(edit.text, "n@v.nl");
    assert_false(edit_insert(&edit, 'x'));
}

static void what_was_there_is_shown_as_it_is_or_not_at_all(void **state)
{
    (void)state;
    static char large[EDIT_BYTES + 1];
    memset(large, 'x', EDIT_BYTES);
    edit_init(&edit, (struct edit_rules){.kind = EDIT_DIGITS, .chars_max = 2});

    assert_int_equal(edit_set(&edit, "06 12 34"), OK);
    assert_string_equal(edit.text, "06 12 34");
    assert_int_equal(edit_set(&edit, large), ERR_TOO_BIG);
    assert_int_equal(edit_set(&edit, "a\nb"), ERR_MALFORMED);
    assert_int_equal(edit_set(&edit, "\xff"), ERR_MALFORMED);
    assert_string_equal(edit.text, "06 12 34");

    begin(EDIT_LINES);
    assert_int_equal(edit_set(&edit, "a\nb"), OK);
    assert_string_equal(edit.text, "a\nb");
}

static void the_text_is_never_longer_than_its_memory(void **state)
{
    (void)state;
    begin(EDIT_FREE);
    for (size_t i = 0; i < EDIT_BYTES - 2; i++) {
        assert_true(edit_insert(&edit, 'x'));
    }
    assert_false(edit_insert(&edit, 0xe9));
    assert_true(edit_insert(&edit, 'y'));
    assert_false(edit_insert(&edit, 'z'));
    assert_int_equal(strlen(edit.text), EDIT_BYTES - 1);
}

static void what_is_erased_leaves_nothing_behind(void **state)
{
    (void)state;
    begin(EDIT_FREE);
    type("geheim");
    assert_true(edit_erase(&edit));
    assert_true(edit_erase(&edit));
    assert_true(is_wiped(edit.text + edit.len, sizeof edit.text - edit.len));
    edit_clear(&edit);
    assert_true(is_wiped(edit.text, sizeof edit.text));
    type("geheim");
    edit_finish(&edit);
    assert_true(is_wiped((const char *)&edit, sizeof edit));
}

static void blanks_alone_are_no_answer(void **state)
{
    (void)state;
    begin(EDIT_LINES);
    type(" \n ");
    assert_true(edit_is_empty(&edit));
    type("x");
    assert_false(edit_is_empty(&edit));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_takes_what_belongs_to_it_only),
        cmocka_unit_test(a_number_keeps_its_form_wherever_it_is_typed),
        cmocka_unit_test(the_caret_stands_between_characters_whatever_their_length),
        cmocka_unit_test(a_letter_goes_with_the_marks_that_stand_on_it),
        cmocka_unit_test(several_characters_are_typed_all_or_none),
        cmocka_unit_test(what_was_there_is_shown_as_it_is_or_not_at_all),
        cmocka_unit_test(the_text_is_never_longer_than_its_memory),
        cmocka_unit_test(what_is_erased_leaves_nothing_behind),
        cmocka_unit_test(blanks_alone_are_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
