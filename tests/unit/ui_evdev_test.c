// SPDX-License-Identifier: EUPL-1.2
//
// Fingers and keys as the kernel tells them, written down as lines: "down 10 20", "key 5", "type
// a".
#include "ui/evdev_events.h"

#include "base/text.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

// Linux' numbers.
enum { SYN = 0, KEY = 1, ABS = 3 };
enum { SLOT = 0x2f, SLOT_X = 0x35, SLOT_Y = 0x36, TRACKING = 0x39, BUTTON = 0x110, TOUCH = 0x14a };
enum { SHIFT = 42, CONTROL = 29, ALT = 56, META = 125, SYSRQ = 99 };

struct desk {
    struct evdev_device devices[2];
    struct evdev_device *device; // the one that speaks
    struct evdev_target target;
    char told[512];
    struct text text;
};

static void note(void *ctx, const struct window_input *input)
{
    static const char *const pointers[] = {"down", "move", "up", "cancel"};
    static const char *const moves[] = {"next", "previous", "left", "right", "up", "down"};
    struct text *text = &((struct desk *)ctx)->text;
    if (text->len > 0) {
        text_format(text, ", ");
    }
    switch (input->kind) {
    case INPUT_POINTER:
        text_format(text, "%s %d %d", pointers[input->pointer], input->x_px, input->y_px);
        return;
    case INPUT_MOVE:
        text_format(text, "focus %s", moves[input->move]);
        return;
    case INPUT_KEY:
        text_format(text, "key %d", (int)input->key);
        return;
    case INPUT_TYPED:
        text_format(text, "%c", (char)input->character);
        return;
    case INPUT_KEY_DOWN:
        text_format(text, "key down");
        return;
    }
}

static void set_up(struct desk *desk, struct evdev_kind kind)
{
    *desk = (struct desk){
        .target = {.width_px = 200, .height_px = 100, .calibration = {1, 0, 0, 0, 1, 0}}};
    desk->device = &desk->devices[0];
    evdev_device_init(&desk->devices[0], &kind);
    evdev_device_init(&desk->devices[1], &kind);
    text_init(&desk->text, desk->told, sizeof desk->told);
}

static const struct evdev_kind tablet = {.has_pointer = true, .x = {0, 1999}, .y = {-500, 499}};
static const struct evdev_kind fingers = {
    .has_pointer = true, .has_slots = true, .x = {0, 1999}, .y = {-500, 499}};
static const struct evdev_kind keyboard = {.has_keys = true};

static void take(struct desk *desk, int type, int code, int value)
{
    const struct evdev_event event = {(uint16_t)type, (uint16_t)code, value, 7};
    evdev_take(desk->device, &desk->target, &event, note, desk);
}

static void report(struct desk *desk)
{
    take(desk, SYN, 0, 0);
}

static void expect(struct desk *desk, const char *told)
{
    assert_string_equal(desk->told, told);
    text_init(&desk->text, desk->told, sizeof desk->told);
    desk->told[0] = '\0';
}

static void place(struct desk *desk, int x, int y)
{
    bool has_slots = desk->device->kind.has_slots;
    take(desk, ABS, has_slots ? SLOT_X : 0, x);
    take(desk, ABS, has_slots ? SLOT_Y : 1, y);
}

static void lay(struct desk *desk, int slot, int x, int y)
{
    take(desk, ABS, SLOT, slot);
    take(desk, ABS, TRACKING, 7);
    place(desk, x, y);
}

static void lift(struct desk *desk, int slot)
{
    take(desk, ABS, SLOT, slot);
    take(desk, ABS, TRACKING, -1);
}

static void press(struct desk *desk, int code)
{
    take(desk, KEY, code, 1);
    take(desk, KEY, code, 0);
    report(desk);
}

static void a_tap_is_told_where_it_is_once_it_is_whole(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, tablet);
    take(&desk, KEY, BUTTON, 1); // the button comes before the place, in one report
    place(&desk, 1000, 0);
    expect(&desk, "");
    report(&desk);
    expect(&desk, "down 100 50");
    take(&desk, KEY, BUTTON, 0);
    report(&desk);
    expect(&desk, "up 100 50");
}

static void the_devices_own_range_fills_the_surface(void **state)
{
    (void)state;
    static const int places[][4] = {
        {0, -500, 0, 0}, {1999, 499, 199, 99}, {-9, 5000, 0, 99}, {19, -481, 1, 1}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct desk desk;
        char told[32];
        struct text text;
        set_up(&desk, tablet);
        place(&desk, places[i][0], places[i][1]);
        take(&desk, KEY, TOUCH, 1);
        report(&desk);
        text_init(&text, told, sizeof told);
        text_format(&text, "down %d %d", places[i][2], places[i][3]);
        expect(&desk, told);
    }
}

static void moving_without_touching_says_nothing(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, tablet);
    place(&desk, 10, 10);
    report(&desk);
    expect(&desk, "");
}

static void a_move_is_told_when_it_reaches_another_pixel(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, tablet);
    place(&desk, 1000, 0);
    take(&desk, KEY, TOUCH, 1);
    report(&desk);
    place(&desk, 1001, 0);
    report(&desk);
    place(&desk, 1100, 0);
    report(&desk);
    expect(&desk, "down 100 50, move 110 50");
}

static void only_the_first_of_several_fingers_counts(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, fingers);
    lay(&desk, 0, 1000, 0);
    report(&desk);
    lay(&desk, 1, 200, 0);
    report(&desk);
    take(&desk, ABS, SLOT, 1);
    place(&desk, 300, 0);
    report(&desk);
    expect(&desk, "down 100 50");
    lift(&desk, 0);
    report(&desk);
    expect(&desk, "up 100 50"); // the resting one does not take its place
    lift(&desk, 1);
    lay(&desk, 0, 0, -500);
    report(&desk);
    expect(&desk, "down 0 0");
}

static void another_finger_in_the_same_slot_is_another_tap(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, fingers);
    lay(&desk, 0, 1000, 0);
    report(&desk);
    lift(&desk, 0);
    lay(&desk, 0, 0, 0);
    report(&desk);
    expect(&desk, "down 100 50, up 100 50, down 0 50");
}

static void a_finger_beyond_those_followed_is_passed_over(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, fingers);
    lay(&desk, EVDEV_FINGERS_MAX, 1000, 0);
    lay(&desk, -1, 1000, 0);
    lay(&desk, INT32_MAX, 1000, 0);
    report(&desk);
    expect(&desk, "");
}

static void the_emulated_single_finger_does_not_press_twice(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, fingers);
    lay(&desk, 0, 1000, 0);
    take(&desk, KEY, TOUCH, 1);
    take(&desk, ABS, 0, 5);
    take(&desk, ABS, 1, 5);
    report(&desk);
    expect(&desk, "down 100 50");
}

static void a_second_device_waits_until_the_first_lets_go(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, tablet);
    place(&desk, 1000, 0);
    take(&desk, KEY, TOUCH, 1);
    report(&desk);
    desk.device = &desk.devices[1];
    take(&desk, KEY, TOUCH, 1);
    report(&desk);
    take(&desk, KEY, TOUCH, 0);
    report(&desk);
    expect(&desk, "down 100 50");

    desk.device = &desk.devices[0];
    take(&desk, KEY, TOUCH, 0);
    report(&desk);
    desk.device = &desk.devices[1];
    take(&desk, KEY, TOUCH, 1);
    report(&desk);

    expect(&desk, "up 100 50, down 0 50");
}

static void the_picture_turned_the_touch_turns_with_it(void **state)
{
    (void)state;
    static const struct {
        int degrees;
        const char *told;
    } turns[] = {{0, "down 20 10"}, {90, "down 20 89"}, {180, "down 179 89"}, {270, "down 179 10"}};
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        struct desk desk;
        set_up(&desk, tablet);
        desk.target.rotation_degrees = turns[i].degrees;
        place(&desk, 209, -396); // a tenth across and down
        take(&desk, KEY, TOUCH, 1);
        report(&desk);
        expect(&desk, turns[i].told);
    }
}

static void calibration_is_libinputs_matrix(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, tablet);
    const float mirrored[6] = {-1, 0, 1, 0, 0.5F, 0.25F};
    memcpy(desk.target.calibration, mirrored, sizeof mirrored);
    place(&desk, 209, -500);
    take(&desk, KEY, TOUCH, 1);
    report(&desk);
    expect(&desk, "down 179 25");
}

static void lost_events_call_the_finger_back(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, fingers);
    lay(&desk, 0, 1000, 0);
    report(&desk);
    take(&desk, SYN, 3, 0);
    lay(&desk, 1, 0, 0); // old: before the next report
    report(&desk);
    expect(&desk, "down 100 50, cancel 100 50");
    take(&desk, ABS, SLOT, 0);
    place(&desk, 0, 0); // still lying there
    report(&desk);
    expect(&desk, "");
    lift(&desk, 0);
    report(&desk);
    lay(&desk, 0, 1000, 0);
    report(&desk);
    expect(&desk, "down 100 50");
}

static void a_device_that_goes_calls_its_finger_back_once(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, tablet);
    place(&desk, 1000, 0);
    take(&desk, KEY, TOUCH, 1);
    report(&desk);
    evdev_forget(desk.device, &desk.target, 9, note, &desk);
    evdev_forget(desk.device, &desk.target, 9, note, &desk);
    expect(&desk, "down 100 50, cancel 100 50");
    assert_null(desk.target.pointing);
}

static void a_device_without_a_range_points_nowhere(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, (struct evdev_kind){.has_pointer = true});
    take(&desk, KEY, TOUCH, 1);
    report(&desk);
    expect(&desk, "");
}

static void keys_say_what_they_say_in_a_window(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, keyboard);
    static const int codes[] = {59, 68, 87, 88, 28, 96, 1, 14};
    static const enum tree_key keys[] = {KEY_F1,    KEY_F10,   KEY_F11,    KEY_F12,
                                         KEY_ENTER, KEY_ENTER, KEY_ESCAPE, KEY_BACKSPACE};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        char told[16];
        struct text text;
        press(&desk, codes[i]);
        text_init(&text, told, sizeof told);
        text_format(&text, "key %d", (int)keys[i]);
        expect(&desk, told);
    }
    press(&desk, 103);
    press(&desk, 105);
    press(&desk, 106);
    press(&desk, 108);
    press(&desk, 15);
    take(&desk, KEY, SHIFT, 1);
    press(&desk, 15);
    expect(&desk, "focus up, focus left, focus right, focus down, focus next, focus previous");
}

static void a_keyboard_types_and_a_keypad_counts(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, keyboard);
    static const int codes[] = {2, 11, 16, 25, 30, 44, 50, 57, 53, 79, 82, 71, 83};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        press(&desk, codes[i]);
    }
    expect(&desk, "1, 0, q, p, a, z, m,  , /, 1, 0, 7, .");
}

static void shift_and_capitals_change_what_they_should(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, keyboard);
    take(&desk, KEY, SHIFT, 1);
    press(&desk, 30);
    press(&desk, 3);
    press(&desk, 80);
    take(&desk, KEY, SHIFT, 0);
    press(&desk, 58);
    press(&desk, 30);
    press(&desk, 3);
    take(&desk, KEY, 54, 1);
    press(&desk, 30);
    expect(&desk, "A, @, 2, A, 2, a");
}

static void a_key_held_down_does_nothing_more(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, keyboard);
    take(&desk, KEY, 30, 1);
    take(&desk, KEY, 30, 2);
    take(&desk, KEY, 30, 2);
    take(&desk, KEY, 30, 0);
    expect(&desk, "a");
}

static void no_chord_means_anything(void **state)
{
    (void)state;
    static const int modifiers[] = {CONTROL, 97, ALT, 100, META, 126, SYSRQ};
    struct desk desk;
    set_up(&desk, keyboard);
    for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
        take(&desk, KEY, modifiers[i], 1);
        take(&desk, KEY, SHIFT, 1);
        for (int code = 0; code < 0x2ff; code++) {
            bool is_modifier = code == SHIFT || code == 54;
            for (size_t k = 0; k < sizeof modifiers / sizeof modifiers[0]; k++) {
                is_modifier = is_modifier || code == modifiers[k];
            }
            if (!is_modifier) {
                press(&desk, code);
            }
        }
        take(&desk, KEY, SHIFT, 0);
        take(&desk, KEY, modifiers[i], 0);
    }
    expect(&desk, "");
    press(&desk, 30);
    expect(&desk, "a"); // let go, it types again; the lock was not turned either
}

static void other_keys_and_kinds_of_event_mean_nothing(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, keyboard);
    for (int code = 113; code < 0x2ff; code++) {
        bool is_modifier = code == META || code == 126;
        if (!is_modifier) {
            press(&desk, code);
        }
    }
    for (int type = 2; type < 0x20; type++) {
        take(&desk, type, 0, 1);
    }
    report(&desk);
    expect(&desk, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tap_is_told_where_it_is_once_it_is_whole),
        cmocka_unit_test(the_devices_own_range_fills_the_surface),
        cmocka_unit_test(moving_without_touching_says_nothing),
        cmocka_unit_test(a_move_is_told_when_it_reaches_another_pixel),
        cmocka_unit_test(only_the_first_of_several_fingers_counts),
        cmocka_unit_test(another_finger_in_the_same_slot_is_another_tap),
        cmocka_unit_test(a_finger_beyond_those_followed_is_passed_over),
        cmocka_unit_test(the_emulated_single_finger_does_not_press_twice),
        cmocka_unit_test(a_second_device_waits_until_the_first_lets_go),
        cmocka_unit_test(the_picture_turned_the_touch_turns_with_it),
        cmocka_unit_test(calibration_is_libinputs_matrix),
        cmocka_unit_test(lost_events_call_the_finger_back),
        cmocka_unit_test(a_device_that_goes_calls_its_finger_back_once),
        cmocka_unit_test(a_device_without_a_range_points_nowhere),
        cmocka_unit_test(keys_say_what_they_say_in_a_window),
        cmocka_unit_test(a_keyboard_types_and_a_keypad_counts),
        cmocka_unit_test(shift_and_capitals_change_what_they_should),
        cmocka_unit_test(a_key_held_down_does_nothing_more),
        cmocka_unit_test(no_chord_means_anything),
        cmocka_unit_test(other_keys_and_kinds_of_event_mean_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
