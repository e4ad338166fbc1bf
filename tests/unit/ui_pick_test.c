// SPDX-License-Identifier: EUPL-1.2
//
// Choosing a date and choosing from a list: state and events, nothing drawn.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/pick_date.h"
#include "ui/pick_list.h"

#include <stdio.h>
#include <string.h>

static struct pick_date_private date;
static struct pick_list_private list;
static struct look look;

static enum keyboard_result tap_date(const char *id)
{
    const struct scene_event event = {.kind = SCENE_ACTIVATED, .id = id};
    return pick_date_event(&date, &event);
}

static void tap_dates(const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tap_date(ids[i]), KEYBOARD_CHANGED);
    }
}

static void a_date_is_entered_from_part_to_part(void **state)
{
    (void)state;
    static const char *const taps[] = {"key.1", "key.7", "month.5", "key.1",
                                       "key.9", "key.8", "key.4"};
    struct pick_date_value value;
    pick_date_init(&date, PICK_DATE);
    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_EMPTY);

    tap_dates(taps, 3);
    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_HALF);
    tap_dates(taps + 3, 4);

    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_WHOLE);
    assert_int_equal(value.date.day, 17);
    assert_int_equal(value.date.month, 5);
    assert_int_equal(value.date.year, 1984);
    assert_int_equal(tap_date("key.1"), KEYBOARD_REFUSED); // the year is full
    assert_int_equal(tap_date("key.next"), KEYBOARD_NEXT);
}

static void a_day_that_cannot_go_on_moves_to_the_month(void **state)
{
    (void)state;
    pick_date_init(&date, PICK_DATE);
    (void)tap_date("key.4");
    assert_int_equal(date.active, PICK_MONTH);
    pick_date_init(&date, PICK_DATE);
    (void)tap_date("key.3");
    assert_int_equal(date.active, PICK_DAY);
}

static void a_day_that_does_not_exist_is_told_not_changed(void **state)
{
    (void)state;
    static const char *const taps[] = {"key.3", "key.0", "month.2", "key.2",
                                       "key.0", "key.2", "key.6"};
    struct pick_date_value value;
    pick_date_init(&date, PICK_DATE);
    tap_dates(taps, 7);
    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_IMPOSSIBLE);
    assert_int_equal(value.date.day, 30);

    assert_int_equal(tap_date("date.month"), KEYBOARD_SHOWN);
    assert_int_equal(tap_date("month.3"), KEYBOARD_CHANGED);
    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_WHOLE);
}

static void erasing_goes_back_part_by_part(void **state)
{
    (void)state;
    struct pick_date_value value;
    pick_date_init(&date, PICK_DATE);
    pick_date_set(&date, (struct pick_date_value){.date = {1984, 12, 7}});
    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_WHOLE);
    assert_int_equal(tap_date("date.year"), KEYBOARD_SHOWN);

    enum keyboard_result result = KEYBOARD_CHANGED;
    int taps = 0;
    for (; result != KEYBOARD_REFUSED && taps < 20; taps++) {
        result = tap_date("key.erase");
    }

    assert_int_equal(taps, 9); // 4 digits, back, a name, back, 1 digit, nothing left
    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_EMPTY);
}

static void a_time_of_day_has_its_own_limits(void **state)
{
    (void)state;
    static const char *const taps[] = {"key.2", "key.5", "key.3", "key.0"};
    struct pick_date_value value;
    pick_date_init(&date, PICK_TIME);
    tap_dates(taps, 4);
    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_IMPOSSIBLE);
    assert_int_equal(tap_date("date.day"), KEYBOARD_NOT_OURS);
    assert_int_equal(tap_date("month.5"), KEYBOARD_NOT_OURS);

    pick_date_init(&date, PICK_DATE_TIME);
    pick_date_set(&date, (struct pick_date_value){{2026, 11, 26}, 0, 0});
    assert_int_equal(pick_date_get(&date, &value), PICK_DATE_WHOLE);
}

static const char *label(const void *ctx, size_t index)
{
    (void)ctx;
    static char words[48];
    (void)snprintf(words, sizeof words, index == 41 ? "Curaçao" : "Land nummer %zu", index);
    return words;
}

static struct pick_list_choices choices = {.count = 240, .label = label};

static enum keyboard_result tap_list(const char *id)
{
    const struct scene_event event = {.kind = SCENE_ACTIVATED, .id = id};
    return pick_list_event(&list, &look, &choices, 0, &event);
}

static int begin_list(void **state)
{
    (void)state;
    look_init(&look, 1080, 1920, 3.61F);
    choices.count = 240;
    pick_list_init(&list, false, "nl");
    return 0;
}

static void one_of_a_list_replaces_the_one_before(void **state)
{
    (void)state;
    assert_int_equal(tap_list("choice.3"), KEYBOARD_CHANGED);
    assert_int_equal(tap_list("choice.4"), KEYBOARD_CHANGED);
    assert_false(pick_list_is_chosen(&list, 3));
    assert_int_equal(tap_list("choice.4"), KEYBOARD_SHOWN); // stays
    assert_int_equal(pick_list_chosen_count(&list), 1);
    assert_int_equal(tap_list("choice.240"), KEYBOARD_NOT_OURS);
}

static void several_are_ticked_and_unticked(void **state)
{
    (void)state;
    pick_list_init(&list, true, "nl");
    (void)tap_list("choice.3");
    (void)tap_list("choice.9");
    assert_int_equal(pick_list_chosen_count(&list), 2);
    assert_int_equal(tap_list("choice.3"), KEYBOARD_CHANGED);
    assert_true(pick_list_is_chosen(&list, 9));
    assert_int_equal(pick_list_chosen_count(&list), 1);
}

static void pages_go_on_and_back_over_the_whole_list(void **state)
{
    (void)state;
    size_t starts[240];
    size_t pages = 0;
    do {
        starts[pages++] = list.first;
        (void)tap_list("list.more");
    } while (list.first < choices.count && pages < 240 && list.first != starts[pages - 1]);
    assert_true(pages > 10);
    assert_int_equal(list.first, choices.count); // the last page has no "more" to press

    list.first = starts[pages - 1];
    for (size_t i = pages - 1; i > 0; i--) {
        (void)tap_list("list.before");
        assert_int_equal(list.first, starts[i - 1]);
    }
}

static void whoever_comes_back_sees_what_was_chosen(void **state)
{
    (void)state;
    pick_list_choose(&list, 200, true);
    pick_list_show_chosen(&list, &look, &choices, 0);
    assert_true(list.first > 180 && list.first <= 200);
}

static void searching_asks_neither_capitals_nor_accents(void **state)
{
    (void)state;
    const struct scene_event typed[] = {{.kind = SCENE_TYPED, .id = "", .character = 'C'},
                                        {.kind = SCENE_TYPED, .id = "", .character = 'a'},
                                        {.kind = SCENE_TYPED, .id = "", .character = 'o'}};
    list.first = 100;
    assert_int_equal(pick_list_event(&list, &look, &choices, 0, &typed[0]), KEYBOARD_SHOWN);
    assert_true(list.is_searching);
    assert_int_equal(list.first, 0);
    assert_int_equal(tap_list("key.erase"), KEYBOARD_SHOWN);
    (void)pick_list_event(&list, &look, &choices, 0, &typed[0]);
    (void)pick_list_event(&list, &look, &choices, 0, &typed[2]); // "co": nothing has it
    list.is_searching = false;
    assert_int_equal(tap_list("list.more"), KEYBOARD_SHOWN);
    assert_int_equal(list.first, 0);

    assert_int_equal(edit_set(&list.search, "CACAO"), OK);
    assert_int_equal(edit_set(&list.search, "RACAO"), OK);
    (void)tap_list("list.more");
    assert_int_equal(list.first, 1); // one found
}

static void a_short_list_is_not_searched(void **state)
{
    (void)state;
    choices.count = 3;
    const struct scene_event typed = {.kind = SCENE_TYPED, .id = "", .character = 'c'};
    assert_int_equal(pick_list_event(&list, &look, &choices, 0, &typed), KEYBOARD_NOT_OURS);
    assert_false(list.is_searching);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_entered_from_part_to_part),
        cmocka_unit_test(a_day_that_cannot_go_on_moves_to_the_month),
        cmocka_unit_test(a_day_that_does_not_exist_is_told_not_changed),
        cmocka_unit_test(erasing_goes_back_part_by_part),
        cmocka_unit_test(a_time_of_day_has_its_own_limits),
        cmocka_unit_test_setup(one_of_a_list_replaces_the_one_before, begin_list),
        cmocka_unit_test_setup(several_are_ticked_and_unticked, begin_list),
        cmocka_unit_test_setup(pages_go_on_and_back_over_the_whole_list, begin_list),
        cmocka_unit_test_setup(whoever_comes_back_sees_what_was_chosen, begin_list),
        cmocka_unit_test_setup(searching_asks_neither_capitals_nor_accents, begin_list),
        cmocka_unit_test_setup(a_short_list_is_not_searched, begin_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
