// SPDX-License-Identifier: EUPL-1.2
//
// A picture of numbered pixels on a panel: each stands where turning it by hand would put it, and a
// touch finds the way back.
#include "ui/rotate.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

enum { WIDTH = 70, HEIGHT = 41, PAD = 3, UNTOUCHED = 0x5A5A5A5A };

struct board {
    uint32_t cells[WIDTH * (WIDTH + PAD)];
    struct pixels pixels;
};

static void make(struct board *board, int width_px, int height_px)
{
    for (size_t i = 0; i < sizeof board->cells / sizeof board->cells[0]; i++) {
        board->cells[i] = UNTOUCHED;
    }
    board->pixels = (struct pixels){.bytes = (uint8_t *)board->cells,
                                    .pitch = (size_t)(width_px + PAD) * sizeof(uint32_t),
                                    .width_px = width_px,
                                    .height_px = height_px};
}

static uint32_t *cell(struct board *board, int x, int y)
{
    return &board->cells[y * (board->pixels.width_px + PAD) + x];
}

static void make_picture(struct board *board)
{
    make(board, WIDTH, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            *cell(board, x, y) = (uint32_t)(y * 1000 + x);
        }
    }
}

// Turned clockwise by a quarter: what was at the left is at the top, what was at the bottom is
// left.
static void turn_by_hand(int degrees, int x, int y, int *to_x, int *to_y)
{
    int width = WIDTH;
    int height = HEIGHT;
    for (int turned = 0; turned < degrees; turned += 90) {
        int left = height - 1 - y;
        y = x;
        x = left;
        int was = width;
        width = height;
        height = was;
    }
    *to_x = x;
    *to_y = y;
}

static void expect_copied(int degrees, struct rect_px rect)
{
    struct board picture;
    struct board panel;
    make_picture(&picture);
    make(&panel, degrees % 180 == 0 ? WIDTH : HEIGHT, degrees % 180 == 0 ? HEIGHT : WIDTH);

    rotate_copy(degrees, &picture.pixels, rect, &panel.pixels);

    size_t count = 0;
    for (int y = rect.y; y < rect.y + rect.height; y++) {
        for (int x = rect.x; x < rect.x + rect.width; x++) {
            int to_x = 0;
            int to_y = 0;
            turn_by_hand(degrees, x, y, &to_x, &to_y);
            assert_int_equal(*cell(&panel, to_x, to_y), *cell(&picture, x, y));
            count += 1;
        }
    }
    for (size_t i = 0; i < sizeof panel.cells / sizeof panel.cells[0]; i++) {
        count -= panel.cells[i] != UNTOUCHED;
    }
    assert_int_equal(count, 0); // and nothing else was written
}

static void every_turn_puts_every_pixel_where_it_belongs(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 360; degrees += 90) {
        expect_copied(degrees, (struct rect_px){0, 0, WIDTH, HEIGHT});
    }
}

static void a_part_is_copied_and_nothing_beside_it(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 360; degrees += 90) {
        expect_copied(degrees, (struct rect_px){5, 3, 37, 33});
        expect_copied(degrees, (struct rect_px){WIDTH - 1, HEIGHT - 1, 1, 1});
        expect_copied(degrees, (struct rect_px){0, 7, WIDTH, 1});
        expect_copied(degrees, (struct rect_px){7, 7, 0, 0});
    }
}

static void a_rectangle_stands_where_its_pixels_stand(void **state)
{
    (void)state;
    const struct rect_px rect = {5, 3, 20, 10};
    for (int degrees = 0; degrees < 360; degrees += 90) {
        struct rect_px at = rotate_rect(degrees, WIDTH, HEIGHT, rect);
        int x[2];
        int y[2];
        turn_by_hand(degrees, rect.x, rect.y, &x[0], &y[0]);
        turn_by_hand(degrees, rect.x + rect.width - 1, rect.y + rect.height - 1, &x[1], &y[1]);
        assert_int_equal(at.x, x[0] < x[1] ? x[0] : x[1]);
        assert_int_equal(at.y, y[0] < y[1] ? y[0] : y[1]);
        assert_int_equal(at.width, degrees % 180 == 0 ? rect.width : rect.height);
        assert_int_equal(at.height, degrees % 180 == 0 ? rect.height : rect.width);
    }
}

static void a_touch_finds_the_way_back(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 360; degrees += 90) {
        int panel_width = degrees % 180 == 0 ? WIDTH : HEIGHT;
        int panel_height = degrees % 180 == 0 ? HEIGHT : WIDTH;
        int to_x = 0;
        int to_y = 0;
        turn_by_hand(degrees, 11, 37, &to_x, &to_y);
        double across = (to_x + 0.5) / panel_width;
        double down = (to_y + 0.5) / panel_height;

        rotate_back(degrees, &across, &down);

        assert_int_equal((int)(across * WIDTH), 11);
        assert_int_equal((int)(down * HEIGHT), 37);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_turn_puts_every_pixel_where_it_belongs),
        cmocka_unit_test(a_part_is_copied_and_nothing_beside_it),
        cmocka_unit_test(a_rectangle_stands_where_its_pixels_stand),
        cmocka_unit_test(a_touch_finds_the_way_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
