// SPDX-License-Identifier: EUPL-1.2
//
// Shapes, icons and bits on a surface, and the chime: what is drawn stays inside its clip and has
// the area it should have.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "ui/canvas.h"
#include "ui/sound.h"

#include <SDL2/SDL.h>
#include <math.h>
#include <string.h>

enum { SIDE = 200 };

static const struct rgb black = {0, 0, 0};
static const struct rgb white = {255, 255, 255};
static SDL_Surface *surface;
static struct canvas canvas;

static int open_canvas(void **state)
{
    (void)state;
    surface = SDL_CreateRGBSurfaceWithFormat(0, SIDE, SIDE, 32, SDL_PIXELFORMAT_RGB888);
    canvas_init(&canvas, surface, NULL);
    canvas_fill(&canvas, canvas.clip, white);
    return 0;
}

static int close_canvas(void **state)
{
    (void)state;
    SDL_FreeSurface(surface);
    return 0;
}

static int grey_at(int x, int y)
{
    const uint8_t *row = (const uint8_t *)surface->pixels + y * surface->pitch;
    return row[x * 4];
}

// How much black there is, in pixels.
static float darkness(void)
{
    double sum = 0;
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            sum += (255 - grey_at(x, y)) / 255.0;
        }
    }
    return (float)sum;
}

static void discs_and_rounded_corners_have_their_true_area(void **state)
{
    (void)state;
    canvas_disc(&canvas, 100, 100, 40, black);
    assert_float_equal(darkness(), 3.14159f * 40 * 40, 12);

    canvas_fill(&canvas, canvas.clip, white);
    canvas_round(&canvas, (struct rect_px){20, 20, 120, 80}, 30, black);
    assert_float_equal(darkness(), 120 * 80 - (4 - 3.14159f) * 30 * 30, 12);
}

static void a_frame_is_what_the_outer_shape_has_more_than_the_inner(void **state)
{
    (void)state;
    canvas_frame(&canvas, (struct rect_px){20, 20, 120, 80}, 20, 4, black);
    float outer = 120 * 80 - (4 - 3.14159f) * 20 * 20;
    float inner = 112 * 72 - (4 - 3.14159f) * 16 * 16;
    assert_float_equal(darkness(), outer - inner, 12);
    assert_int_equal(grey_at(80, 60), 255);
}

static void nothing_is_drawn_outside_the_clip(void **state)
{
    (void)state;
    canvas_set_clip(&canvas, (struct rect_px){50, 50, 10, 10});
    canvas_round(&canvas, (struct rect_px){0, 0, SIDE, SIDE}, 20, black);
    canvas_disc(&canvas, 100, 100, 90, black);
    canvas_frame(&canvas, (struct rect_px){-5, -5, SIDE + 10, SIDE + 10}, 9, 5, black);
    const float points[3][2] = {{-10, -10}, {300, -10}, {100, 300}};
    canvas_polygon(&canvas, points, 3, black);
    assert_float_equal(darkness(), 100, 0.01);
}

static void a_polygon_has_its_true_area(void **state)
{
    (void)state;
    const float points[3][2] = {{10, 10}, {110, 10}, {10, 110}};
    canvas_polygon(&canvas, points, 3, black);
    assert_float_equal(darkness(), 5000, 30);
}

static void a_code_is_drawn_in_whole_dots(void **state)
{
    (void)state;
    const uint8_t modules[9] = {1, 0, 1, 0, 1, 0, 1, 0, 0};
    int dot = canvas_qr(&canvas, (struct rect_px){0, 0, 100, 100}, modules, 3, black);
    assert_int_equal(dot, 33);
    assert_float_equal(darkness(), 4 * 33 * 33, 0.01);
    assert_int_equal(canvas_qr(&canvas, (struct rect_px){0, 0, 2, 2}, modules, 3, black), 0);
}

static void bits_are_thresholded_and_padded(void **state)
{
    (void)state;
    canvas_fill(&canvas, (struct rect_px){0, 0, 9, 1}, (struct rgb){100, 100, 100});
    canvas_fill(&canvas, (struct rect_px){9, 0, 3, 1}, (struct rgb){160, 160, 160});
    static uint8_t bits[(SIDE + 7) / 8 * SIDE];
    canvas_to_bits(&canvas, bits);
    assert_int_equal(bits[0], 0xff);
    assert_int_equal(bits[1], 0x80);
    assert_int_equal(bits[2], 0);
}

static void icons_take_the_colours_given_and_names_cannot_leave_the_folder(void **state)
{
    (void)state;
    struct canvas_icons *icons = NULL;
    assert_int_equal(canvas_icons_open(&icons, "assets/icons", NULL), OK);
    canvas.icons = icons;
    const struct icon_colours colours = {{0, 0, 255}, white, white, white};

    assert_true(
        canvas_icon(&canvas, "icon-done", (struct rect_px){0, 0, 100, 100}, false, &colours));

    const uint8_t *pixel =
        (const uint8_t *)surface->pixels + 20 * surface->pitch + 50 * 4; // in the disc
    assert_int_equal(pixel[0], 255);                                     // blue
    assert_int_equal(pixel[2], 0);
    assert_false(canvas_icons_has(icons, "../themes/README"));
    assert_false(canvas_icon(&canvas, "no-such", (struct rect_px){0, 0, 50, 50}, false, &colours));
    canvas_icons_close(icons);
}

static void a_picture_in_lines_only_keeps_what_was_drawn_on_its_fills(void **state)
{
    (void)state;
    struct canvas_icons *icons = NULL;
    assert_int_equal(canvas_icons_open(&icons, "assets/icons", NULL), OK);
    canvas.icons = icons;
    const struct icon_colours lines = {white, black, black, black};
    canvas_fill(&canvas, (struct rect_px){0, 0, 100, 100}, black);

    assert_true(
        canvas_icon(&canvas, "picto-passport", (struct rect_px){0, 0, 96, 96}, false, &lines));

    const uint8_t *globe = (const uint8_t *)surface->pixels + 40 * surface->pitch + 48 * 4;
    assert_true(globe[0] > 200); // its equator
    canvas_icons_close(icons);
}

// The strength of one tone (Goertzel).
static double strength(const int16_t *samples, int count, double hz)
{
    double turn = 2 * cos(6.283185307179586 * hz / SOUND_RATE);
    double before = 0;
    double last = 0;
    for (int i = 0; i < count; i++) {
        double now = samples[i] + turn * last - before;
        before = last;
        last = now;
    }
    return sqrt(last * last + before * before - turn * last * before) / count;
}

static void the_chime_is_880_then_660_hertz(void **state)
{
    (void)state;
    static int16_t samples[SOUND_CHIME_SAMPLES];
    sound_synthesize_chime(samples, 80);
    int half = SOUND_CHIME_SAMPLES / 2;
    assert_true(strength(samples, half, 880) > 20 * strength(samples, half, 660));
    assert_true(strength(samples + half, half, 660) > 20 * strength(samples + half, half, 880));
    assert_in_range(samples[SOUND_CHIME_SAMPLES - 1] + 200, 0, 400);
    sound_synthesize_chime(samples, 0);
    assert_int_equal(samples[1000], 0);
}

static void without_a_device_the_chime_is_silent(void **state)
{
    (void)state;
    struct sound sound = {0};
    sound_chime(&sound, 50);
    sound_stop(&sound);
    sound_close(&sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(discs_and_rounded_corners_have_their_true_area, open_canvas,
                                        close_canvas),
        cmocka_unit_test_setup_teardown(a_frame_is_what_the_outer_shape_has_more_than_the_inner,
                                        open_canvas, close_canvas),
        cmocka_unit_test_setup_teardown(nothing_is_drawn_outside_the_clip, open_canvas,
                                        close_canvas),
        cmocka_unit_test_setup_teardown(a_polygon_has_its_true_area, open_canvas, close_canvas),
        cmocka_unit_test_setup_teardown(a_code_is_drawn_in_whole_dots, open_canvas, close_canvas),
        cmocka_unit_test_setup_teardown(bits_are_thresholded_and_padded, open_canvas, close_canvas),
        cmocka_unit_test_setup_teardown(
            icons_take_the_colours_given_and_names_cannot_leave_the_folder, open_canvas,
            close_canvas),
        cmocka_unit_test_setup_teardown(a_picture_in_lines_only_keeps_what_was_drawn_on_its_fills,
                                        open_canvas, close_canvas),
        cmocka_unit_test(the_chime_is_880_then_660_hertz),
        cmocka_unit_test(without_a_device_the_chime_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
