// SPDX-License-Identifier: EUPL-1.2
//
// Calibration from four touches: what is off is set right by the matrix, on a turned picture too,
// and what was no touch on four rings changes nothing.
#include "apps/technician/screen_touch.h"
#include "ui/rotate.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <string.h>

static const float same[6] = {1, 0, 0, 0, 1, 0};

static struct touch_point through(const float m[6], struct touch_point p)
{
    return (struct touch_point){m[0] * p.x + m[1] * p.y + m[2], m[3] * p.x + m[4] * p.y + m[5]};
}

// A finger on the middle of each ring, on a panel that turns `wrong` what it feels.
static struct touch_try touch_all(const float wrong[6], const struct touch_panel *panel)
{
    struct touch_try touch = {.count = TOUCH_CORNERS};
    for (size_t i = 0; i < TOUCH_CORNERS; i++) {
        struct touch_point finger = touch_unturn(touch_corner(i), panel->rotation);
        touch.touched[i] = through(panel->matrix, through(wrong, finger));
    }
    touch_judge(&touch, panel);
    return touch;
}

static struct touch_panel panel_turned(int rotation)
{
    struct touch_panel panel = {.width_mm = 299, .height_mm = 532, .rotation = rotation};
    memcpy(panel.matrix, same, sizeof same);
    return panel;
}

static void assert_sets_right(const float wrong[6], const struct touch_panel *panel)
{
    struct touch_try touch = touch_all(wrong, panel);
    assert_true(touch.is_off);
    for (size_t i = 0; i < TOUCH_CORNERS; i++) {
        struct touch_point meant = touch_unturn(touch_corner(i), panel->rotation);
        struct touch_point now = through(touch.matrix, through(wrong, meant));
        assert_true(fabsf(now.x - meant.x) < 0.001F && fabsf(now.y - meant.y) < 0.001F);
    }
}

static void a_panel_that_feels_right_is_left_alone(void **state)
{
    (void)state;
    const struct touch_panel panel = panel_turned(0);
    struct touch_try touch = touch_all(same, &panel);
    assert_false(touch.is_off || touch.is_unsure);
    assert_true(touch.off_mm < 0.01F);
}

static void a_shift_of_less_than_two_millimetres_is_left_alone(void **state)
{
    (void)state;
    const struct touch_panel panel = panel_turned(0);
    const float shifted[6] = {1, 0, 1.5F / 299, 0, 1, 0};
    assert_false(touch_all(shifted, &panel).is_off);
}

static void a_shifted_and_stretched_panel_is_set_right(void **state)
{
    (void)state;
    const float wrong[6] = {0.97F, 0.004F, 0.02F, -0.003F, 1.02F, -0.015F};
    for (int rotation = 0; rotation <= 270; rotation += 90) {
        const struct touch_panel panel = panel_turned(rotation);
        assert_sets_right(wrong, &panel);
    }
}

static void a_turned_picture_is_turned_back_as_the_window_turns_it(void **state)
{
    (void)state;
    for (int rotation = 0; rotation <= 270; rotation += 90) {
        const struct touch_point seen = {0.2F, 0.7F};
        const struct touch_point panel = touch_unturn(seen, rotation);
        double across = (double)panel.x;
        double down = (double)panel.y;
        rotate_back(rotation, &across, &down);
        assert_true(fabs(across - (double)seen.x) < 1e-6 && fabs(down - (double)seen.y) < 1e-6);
    }
}

static void a_calibration_in_force_is_built_upon(void **state)
{
    (void)state;
    struct touch_panel panel = panel_turned(0);
    const float before[6] = {1.01F, 0, -0.01F, 0, 0.99F, 0.005F};
    const float wrong[6] = {0.98F, 0, 0.03F, 0, 1.01F, 0.01F};
    memcpy(panel.matrix, before, sizeof before);
    assert_sets_right(wrong, &panel);
}

static void four_touches_on_one_ring_are_not_believed(void **state)
{
    (void)state;
    const struct touch_panel panel = panel_turned(0);
    struct touch_try touch = {.count = TOUCH_CORNERS};
    for (size_t i = 0; i < TOUCH_CORNERS; i++) {
        touch.touched[i] = touch_corner(0);
    }
    touch_judge(&touch, &panel);
    assert_true(touch.is_unsure);
    assert_false(touch.is_off);
}

static void a_matrix_is_read_as_it_was_written_and_nothing_else(void **state)
{
    (void)state;
    static const char *const bad[] = {"",          "1 0 0 0 1",    "1 0 0 0 1 0 0", "1 0 0 0 1 nan",
                                      "1,0,0,0,1", "1 0 0 0 1 0x", "1 0 0 0 1 1e9"};
    const float matrix[6] = {0.97F, 0.004F, 0.02F, -0.003F, 1.02F, -0.015F};
    float read[6];
    char words[TOUCH_MATRIX_WORDS_BYTES];
    touch_matrix_write(matrix, words);
    assert_int_equal(touch_matrix_read(words, read), OK);
    for (size_t i = 0; i < 6; i++) {
        assert_true(fabsf(read[i] - matrix[i]) < 0.0001F);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(touch_matrix_read(bad[i], read), ERR_MALFORMED);
        assert_memory_equal(read, same, sizeof same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_panel_that_feels_right_is_left_alone),
        cmocka_unit_test(a_shift_of_less_than_two_millimetres_is_left_alone),
        cmocka_unit_test(a_shifted_and_stretched_panel_is_set_right),
        cmocka_unit_test(a_turned_picture_is_turned_back_as_the_window_turns_it),
        cmocka_unit_test(a_calibration_in_force_is_built_upon),
        cmocka_unit_test(four_touches_on_one_ring_are_not_believed),
        cmocka_unit_test(a_matrix_is_read_as_it_was_written_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
