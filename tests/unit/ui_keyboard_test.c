// SPDX-License-Identifier: EUPL-1.2
//
// The keyboard's state: what keys, held keys and a real keyboard do to a text.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/keyboard.h"
#include "ui/keyboard_keys.h"

#include <string.h>

static struct edit_private edit;
static struct keyboard keyboard;

static void begin(enum edit_kind kind, const char *language)
{
    edit_init(&edit, (struct edit_rules){.kind = kind, .decimals_max = 2, .has_minus = true});
    keyboard_init(&keyboard, keyboard_setup_for(&edit.rules, language));
}

static enum keyboard_result send(enum scene_event_kind kind, const char *id)
{
    const struct scene_event event = {.kind = kind, .id = id};
    return keyboard_event(&keyboard, &edit, &event);
}

static enum keyboard_result tap(const char *id)
{
    return send(SCENE_ACTIVATED, id);
}

static void letters_begin_with_a_capital_and_go_on_small(void **state)
{
    (void)state;
    begin(EDIT_FREE, "nl");
    assert_int_equal(tap("key.z"), KEYBOARD_CHANGED);
    assert_int_equal(tap("key.o"), KEYBOARD_CHANGED);
    assert_int_equal(tap("key.space"), KEYBOARD_CHANGED);
    assert_int_equal(tap("key.7"), KEYBOARD_CHANGED);
    assert_string_equal(edit.text, "Zo 7");
}

static void shift_is_for_one_letter_or_until_pressed_again(void **state)
{
    (void)state;
    begin(EDIT_FREE, "nl");
    (void)tap("key.a");
    assert_int_equal(tap("key.shift"), KEYBOARD_SHOWN);
    (void)tap("key.b");
    (void)tap("key.c");
    (void)tap("key.shift");
    (void)tap("key.shift");
    (void)tap("key.d");
    (void)tap("key.e");
    (void)tap("key.shift");
    (void)tap("key.f");
    assert_string_equal(edit.text, "ABcDEf");
}

static void a_held_letter_shows_its_variants_and_one_is_chosen(void **state)
{
    (void)state;
    begin(EDIT_FREE, "nl");
    (void)tap("key.z");

    assert_int_equal(send(SCENE_HELD, "key.e"), KEYBOARD_SHOWN);
    assert_int_equal(keyboard.held, 'e');
    assert_string_equal(edit.text, "Z");
    assert_int_equal(tap("key.ueb"), KEYBOARD_CHANGED);

    assert_string_equal(edit.text, "Zë");
    assert_int_equal(keyboard.held, 0);
    assert_int_equal(send(SCENE_HELD, "key.x"), KEYBOARD_NOT_OURS);
}

static void variants_are_reached_without_holding_too(void **state)
{
    (void)state;
    begin(EDIT_FREE, "nl");
    assert_int_equal(tap("key.accents"), KEYBOARD_SHOWN);
    assert_true(keyboard.is_choosing);
    assert_int_equal(tap("key.e"), KEYBOARD_SHOWN);
    assert_int_equal(keyboard.held, 'e');
    assert_int_equal(tap("key.ue9"), KEYBOARD_CHANGED);
    assert_string_equal(edit.text, "É");

    (void)tap("key.accents");
    assert_int_equal(tap("key.q"), KEYBOARD_CHANGED); // has no variants: it is typed
    assert_false(keyboard.is_choosing);
    assert_string_equal(edit.text, "Éq");
}

static void the_row_of_variants_closes_without_typing(void **state)
{
    (void)state;
    begin(EDIT_FREE, "nl");
    const struct scene_event escape = {.kind = SCENE_KEY, .id = "", .key = KEY_ESCAPE};
    (void)send(SCENE_HELD, "key.a");
    assert_int_equal(tap("key.close"), KEYBOARD_SHOWN);
    assert_int_equal(keyboard.held, 0);
    (void)send(SCENE_HELD, "key.a");
    assert_int_equal(keyboard_event(&keyboard, &edit, &escape), KEYBOARD_SHOWN);
    assert_int_equal(keyboard.held, 0);
    assert_int_equal(keyboard_event(&keyboard, &edit, &escape), KEYBOARD_NOT_OURS);
    assert_int_equal(edit.len, 0);
}

static void signs_have_their_own_layer(void **state)
{
    (void)state;
    begin(EDIT_LINES, "nl");
    assert_int_equal(tap("key.signs"), KEYBOARD_SHOWN);
    assert_true(keyboard.has_signs);
    (void)tap("key.u20ac");
    (void)tap("key.new_line");
    (void)tap("key.question");
    (void)tap("key.letters");
    assert_false(keyboard.has_signs);
    assert_string_equal(edit.text, "€\n?");
}

static void the_caret_moves_the_way_its_arrow_points(void **state)
{
    (void)state;
    begin(EDIT_FREE, "ar");
    assert_true(keyboard.is_arabic);
    (void)tap("key.u627");
    (void)tap("key.u628");
    assert_string_equal(edit.text, "اب");
    assert_int_equal(tap("key.right"), KEYBOARD_SHOWN); // towards the first letter
    assert_int_equal(edit_behind(&edit), 2);
    assert_int_equal(tap("key.left"), KEYBOARD_SHOWN);
    assert_int_equal(tap("key.left"), KEYBOARD_REFUSED);

    edit_clear(&edit);
    assert_int_equal(tap("key.script"), KEYBOARD_SHOWN);
    assert_false(keyboard.is_arabic);
    (void)tap("key.a");
    assert_int_equal(tap("key.left"), KEYBOARD_SHOWN);
    assert_int_equal(edit_behind(&edit), 1);
}

static void ends_of_addresses_are_one_key(void **state)
{
    (void)state;
    begin(EDIT_EMAIL, "nl");
    (void)tap("key.n");
    (void)tap("key.at");
    (void)tap("key.v");
    assert_int_equal(tap("key.dot_nl"), KEYBOARD_CHANGED);
    assert_string_equal(edit.text, "n@v.nl");
    assert_int_equal(tap("key.at"), KEYBOARD_REFUSED);
}

static void numbers_have_the_signs_their_rules_allow(void **state)
{
    (void)state;
    begin(EDIT_NUMBER, "nl");
    assert_int_equal(keyboard.setup.layout, KEYBOARD_NUMBERS);
    assert_int_equal(keyboard.setup.point, ',');
    (void)tap("key.dash");
    (void)tap("key.5");
    (void)tap("key.comma");
    assert_string_equal(edit.text, "-5,");
    assert_int_equal(tap("key.comma"), KEYBOARD_REFUSED);
    assert_int_equal(tap("key.next"), KEYBOARD_NEXT);
    assert_int_equal(tap("key.erase"), KEYBOARD_CHANGED);
    assert_string_equal(edit.text, "-5");
    assert_true(keyboard_setup_for(&(struct edit_rules){.kind = EDIT_PHONE}, "nl").has_plus);
}

static void a_real_keyboard_types_as_well(void **state)
{
    (void)state;
    begin(EDIT_PLATE, "nl");
    const struct scene_event typed = {.kind = SCENE_TYPED, .id = "", .character = 'g'};
    const struct scene_event back = {.kind = SCENE_KEY, .id = "", .key = KEY_BACKSPACE};
    const struct scene_event enter = {.kind = SCENE_KEY, .id = "", .key = KEY_ENTER};
    assert_int_equal(keyboard_event(&keyboard, &edit, &typed), KEYBOARD_CHANGED);
    assert_string_equal(edit.text, "G");
    assert_int_equal(keyboard_event(&keyboard, &edit, &enter), KEYBOARD_NEXT);
    assert_int_equal(keyboard_event(&keyboard, &edit, &back), KEYBOARD_CHANGED);
    assert_int_equal(keyboard_event(&keyboard, &edit, &back), KEYBOARD_REFUSED);
    begin(EDIT_LINES, "nl");
    assert_int_equal(keyboard_event(&keyboard, &edit, &enter), KEYBOARD_CHANGED);
    assert_string_equal(edit.text, "\n");
}

static void what_is_no_key_is_left_to_the_scene(void **state)
{
    (void)state;
    begin(EDIT_FREE, "nl");
    assert_int_equal(tap("next"), KEYBOARD_NOT_OURS);
    assert_int_equal(tap("key."), KEYBOARD_NOT_OURS);
    assert_int_equal(tap("key.uzz"), KEYBOARD_NOT_OURS);
    assert_int_equal(tap("key.u110000"), KEYBOARD_NOT_OURS);
    assert_int_equal(send(SCENE_POSTED, ""), KEYBOARD_NOT_OURS);
    assert_int_equal(edit.len, 0);
}

static void every_character_is_found_by_its_own_id(void **state)
{
    (void)state;
    static const uint32_t characters[] = {'a', 'z',  '0',    '.',    ' ',
                                          '-', 0xe9, 0x0153, 0x0641, 0x20ac};
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        char id[TREE_ID_BYTES];
        keyboard_keys_id(characters[i], id);
        assert_int_equal(keyboard_keys_character(id), characters[i]);
    }
}

static void capitals_and_accents_come_down_to_one_letter(void **state)
{
    (void)state;
    static const struct {
        uint32_t small;
        uint32_t capital;
        uint32_t base;
    } letters[] = {{'e', 'E', 'e'},       {0xe9, 0xc9, 'e'},       {0x0142, 0x0141, 'l'},
                   {0x0161, 0x0160, 's'}, {0x017e, 0x017d, 'z'},   {0x0171, 0x0170, 'u'},
                   {0xff, 0x0178, 'y'},   {0xf7, 0xf7, 0xf7},      {0xdf, 0xdf, 's'},
                   {0x0219, 0x0218, 's'}, {0x0623, 0x0623, 0x0627}};
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        assert_int_equal(keyboard_keys_capital(letters[i].small), letters[i].capital);
        assert_int_equal(keyboard_keys_small(letters[i].capital), letters[i].small);
        assert_int_equal(keyboard_base(letters[i].capital), letters[i].base);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_begin_with_a_capital_and_go_on_small),
        cmocka_unit_test(shift_is_for_one_letter_or_until_pressed_again),
        cmocka_unit_test(a_held_letter_shows_its_variants_and_one_is_chosen),
        cmocka_unit_test(variants_are_reached_without_holding_too),
        cmocka_unit_test(the_row_of_variants_closes_without_typing),
        cmocka_unit_test(signs_have_their_own_layer),
        cmocka_unit_test(the_caret_moves_the_way_its_arrow_points),
        cmocka_unit_test(ends_of_addresses_are_one_key),
        cmocka_unit_test(numbers_have_the_signs_their_rules_allow),
        cmocka_unit_test(a_real_keyboard_types_as_well),
        cmocka_unit_test(what_is_no_key_is_left_to_the_scene),
        cmocka_unit_test(every_character_is_found_by_its_own_id),
        cmocka_unit_test(capitals_and_accents_come_down_to_one_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
