// SPDX-License-Identifier: EUPL-1.2
//
// Screens that say their size truly, in one place or two, and what screens have been seen to say
// instead.
#include "ui/edid.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdbool.h>
#include <string.h>

enum { CM_AT = 21, CLOCK_AT = 54, MM_AT = 66 };

// A block with these sizes; without a detailed mode when `is_mode` is false.
struct said {
    uint8_t width_cm;
    uint8_t height_cm;
    int width_mm;
    int height_mm;
    bool is_mode;
};

static void add_up(uint8_t block[EDID_BLOCK_BYTES])
{
    unsigned sum = 0;
    for (size_t i = 0; i + 1 < EDID_BLOCK_BYTES; i++) {
        sum += block[i];
    }
    block[EDID_BLOCK_BYTES - 1] = (uint8_t)(0U - sum);
}

static void make(struct said said, uint8_t block[EDID_BLOCK_BYTES])
{
    static const uint8_t header[] = {0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};
    memset(block, 0, EDID_BLOCK_BYTES);
    memcpy(block, header, sizeof header);
    block[CM_AT] = said.width_cm;
    block[CM_AT + 1] = said.height_cm;
    block[CLOCK_AT] = said.is_mode ? 2 : 0;
    block[MM_AT] = (uint8_t)(said.width_mm & 255);
    block[MM_AT + 1] = (uint8_t)(said.height_mm & 255);
    block[MM_AT + 2] = (uint8_t)(said.width_mm >> 8 << 4 | said.height_mm >> 8);
    add_up(block);
}

static struct edid read(struct said said)
{
    uint8_t block[EDID_BLOCK_BYTES];
    make(said, block);
    struct edid edid;
    assert_int_equal(edid_parse(block, sizeof block, &edid), OK);
    return edid;
}

static void expect(struct said said, int width_mm, int height_mm)
{
    struct edid edid = read(said);
    assert_int_equal(edid.width_mm, width_mm);
    assert_int_equal(edid.height_mm, height_mm);
}

static void the_best_modes_millimetres_are_taken(void **state)
{
    (void)state;
    expect((struct said){53, 30, 527, 296, true}, 527, 296);
    expect((struct said){0, 0, 527, 296, true}, 527, 296);
}

static void centimetres_are_taken_where_there_are_no_millimetres(void **state)
{
    (void)state;
    expect((struct said){53, 30, 0, 0, true}, 530, 300);
    expect((struct said){53, 30, 527, 296, false}, 530, 300);
}

static void millimetres_of_another_screen_are_not_believed(void **state)
{
    (void)state;
    expect((struct said){53, 30, 700, 390, true}, 530, 300);
    expect((struct said){53, 30, 52, 29, true}, 530, 300);
}

static void a_ratio_in_place_of_a_size_is_none(void **state)
{
    (void)state;
    expect((struct said){0, 0, 160, 90, true}, 0, 0);
    expect((struct said){0, 0, 1600, 900, true}, 0, 0);
    expect((struct said){16, 9, 160, 90, true}, 0, 0);
    expect((struct said){0, 79, 0, 0, true}, 0, 0); // only a ratio, since 1.4
}

static void a_projector_has_no_size(void **state)
{
    (void)state;
    expect((struct said){0}, 0, 0);
    expect((struct said){0, 0, 4095, 4095, true}, 0, 0);
}

static void pixels_a_millimetre_follow_from_the_mode(void **state)
{
    (void)state;
    struct edid edid = {527, 296};

    float px_per_mm = edid_px_per_mm(&edid, 1920, 1080);

    assert_true(px_per_mm > 3.64F && px_per_mm < 3.66F);
}

static void densities_that_no_screen_has_are_unknown(void **state)
{
    (void)state;
    assert_true(edid_px_per_mm(&(struct edid){0}, 1920, 1080) == 0);
    assert_true(edid_px_per_mm(&(struct edid){3000, 1700}, 1920, 1080) == 0); // too coarse
    assert_true(edid_px_per_mm(&(struct edid){80, 45}, 3840, 2160) == 0);     // too fine
    assert_true(edid_px_per_mm(&(struct edid){400, 300}, 1920, 1080) == 0);   // stretched
    assert_true(edid_px_per_mm(&(struct edid){96, 52}, 1920, 1080) == 0);     // too fine, down
    assert_true(edid_px_per_mm(&(struct edid){527, 296}, 0, 0) == 0);
}

static void every_cut_or_changed_block_is_refused(void **state)
{
    (void)state;
    uint8_t block[EDID_BLOCK_BYTES];
    struct edid edid;
    make((struct said){53, 30, 527, 296, true}, block);
    for (size_t len = 0; len < sizeof block; len++) {
        assert_int_equal(edid_parse(block, len, &edid), ERR_MALFORMED);
        assert_int_equal(edid.width_mm, 0);
    }
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] ^= 0x10;
        assert_int_equal(edid_parse(block, sizeof block, &edid), ERR_MALFORMED);
        block[i] ^= 0x10;
    }
}

static void what_follows_the_first_block_is_not_looked_at(void **state)
{
    (void)state;
    uint8_t blocks[2 * EDID_BLOCK_BYTES];
    struct edid edid;
    make((struct said){53, 30, 527, 296, true}, blocks);
    memset(blocks + EDID_BLOCK_BYTES, 0xFF, EDID_BLOCK_BYTES);

    assert_int_equal(edid_parse(blocks, sizeof blocks, &edid), OK);

    assert_int_equal(edid.width_mm, 527);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_modes_millimetres_are_taken),
        cmocka_unit_test(centimetres_are_taken_where_there_are_no_millimetres),
        cmocka_unit_test(millimetres_of_another_screen_are_not_believed),
        cmocka_unit_test(a_ratio_in_place_of_a_size_is_none),
        cmocka_unit_test(a_projector_has_no_size),
        cmocka_unit_test(pixels_a_millimetre_follow_from_the_mode),
        cmocka_unit_test(densities_that_no_screen_has_are_unknown),
        cmocka_unit_test(every_cut_or_changed_block_is_refused),
        cmocka_unit_test(what_follows_the_first_block_is_not_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
