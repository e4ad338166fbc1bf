// SPDX-License-Identifier: EUPL-1.2
//
// The slip as the printer gets it: single dots, in every language, and nobody's name on it.
#include "base/text.h"
#include "drivers/qr.h"
#include "drivers/slip.h"
#include "tests/fakes/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MODULE_DOTS = 7, QUIET_MODULES = 4 };

static struct stage stage;
static uint8_t bits[SLIP_BYTES];

static const struct slip plain = {
    .town = "Gemeente Voorbeeldstad",
    .date = "23 november 2026",
    .title = "Uw nummer",
    .number = "B042",
    .time = "Rond 14.05 uur",
    .wait = "U wacht 10 tot 15 minuten",
    .todo = "Kijk en luister in de hal.\nWij roepen u.",
    .subject = "Parkeervergunning",
    .picture = "picto-car",
    .bring = "Neem mee: Kenteken",
    .follow = "Laat deze code zien als wij erom vragen.",
    .help = "Hulp nodig? Vraag het in de hal.",
    .privacy = "Op dit papier staat geen naam.",
    .code = "KQ1:B042:JHT6RKUWG+MH4+QT8BPXVFA1",
};

static struct raster drawn(const struct slip *slip)
{
    struct raster raster = {0};
    assert_int_equal(slip_draw(slip, &stage.look, stage.shaper, stage.icons, bits, &raster), OK);
    return raster;
}

static bool is_black(const struct raster *raster, int x, int y)
{
    if (x < 0 || y < 0 || x >= raster->width_dots || y >= raster->height_dots) {
        return false; // the paper around the print
    }
    return (raster->bits[y * (raster->width_dots / 8) + x / 8] >> (7 - x % 8) & 1) != 0;
}

// Does the whole code, with its white, stand with its first module at x, y?
static bool stands_at(const struct raster *raster, const struct qr *qr, int x, int y)
{
    int side = (int)qr->modules_count;
    int quiet = QUIET_MODULES * MODULE_DOTS;
    for (int row = -quiet; row < side * MODULE_DOTS + quiet; row++) {
        for (int column = -quiet; column < side * MODULE_DOTS + quiet; column++) {
            int module_y = row / MODULE_DOTS;
            int module_x = column / MODULE_DOTS;
            bool is_inside = row >= 0 && column >= 0 && module_y < side && module_x < side;
            bool is_dark = is_inside && qr->modules[module_y * side + module_x] == 1;
            if (is_black(raster, x + column, y + row) != is_dark) {
                return false;
            }
        }
    }
    return true;
}

static bool has_whole_code(const struct raster *raster, const struct qr *qr)
{
    for (int y = 0; y < raster->height_dots; y++) {
        for (int x = 0; x < raster->width_dots; x++) {
            bool is_corner = is_black(raster, x, y) && !is_black(raster, x - 1, y) &&
                             !is_black(raster, x, y - 1);
            if (is_corner && stands_at(raster, qr, x, y)) {
                return true;
            }
        }
    }
    return false;
}

static void the_slip_equals_its_golden_picture(void **state)
{
    (void)state;
    stage_set(&stage, "nl", STAGE_NORMAL);

    struct raster raster = drawn(&plain);

    assert_int_equal(raster.width_dots, PRINTER_WIDTH_DOTS);
    assert_true(stage_is_golden_slip(&raster, "slip"));
}

static void nothing_touches_the_edges_of_the_paper(void **state)
{
    (void)state;
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        stage_set(&stage, stage_languages[i], STAGE_NORMAL);
        struct raster raster = drawn(&plain);
        for (int y = 0; y < raster.height_dots; y++) {
            for (int x = 0; x < 20; x++) {
                assert_false(is_black(&raster, x, y));
                assert_false(is_black(&raster, PRINTER_WIDTH_DOTS - 1 - x, y));
            }
        }
    }
}

static void the_code_is_whole_in_every_language(void **state)
{
    (void)state;
    struct qr qr;
    assert_int_equal(qr_make(&qr, plain.code), OK);
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        stage_set(&stage, stage_languages[i], STAGE_NORMAL);
        struct raster raster = drawn(&plain);
        assert_true(has_whole_code(&raster, &qr));
    }
}

static void long_words_beside_the_code_leave_it_alone(void **state)
{
    (void)state;
    struct qr qr;
    assert_int_equal(qr_make(&qr, plain.code), OK);
    stage_set(&stage, "nl", STAGE_NORMAL);
    struct slip wordy = plain;
    wordy.follow = "Laat deze code zien als een medewerker in de hal of aan de balie erom vraagt.";

    struct raster raster = drawn(&wordy);

    assert_true(has_whole_code(&raster, &qr));
}

static void a_code_that_does_not_fit_is_told(void **state)
{
    (void)state;
    static char code[2000];
    memset(code, 'a', sizeof code - 1);
    struct slip slip = plain;
    slip.code = code;
    struct raster raster;

    assert_int_equal(slip_draw(&slip, &stage.look, stage.shaper, stage.icons, bits, &raster),
                     ERR_TOO_BIG);
}

static void what_may_not_be_printed_leaves_no_gap(void **state)
{
    (void)state;
    stage_set(&stage, "nl", STAGE_NORMAL);
    int whole = drawn(&plain).height_dots;
    struct slip silent = plain;
    silent.subject = NULL;
    silent.picture = NULL;
    silent.bring = NULL;

    int shorter = drawn(&silent).height_dots;

    assert_true(shorter < whole - 90); // a picture of 96 dots less
}

static void a_slip_without_a_known_time_says_none(void **state)
{
    (void)state;
    stage_set(&stage, "nl", STAGE_NORMAL);
    int whole = drawn(&plain).height_dots;
    struct slip unknown = plain;
    unknown.time = NULL;
    unknown.wait = NULL;

    assert_true(drawn(&unknown).height_dots < whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slip_equals_its_golden_picture),
        cmocka_unit_test(nothing_touches_the_edges_of_the_paper),
        cmocka_unit_test(the_code_is_whole_in_every_language),
        cmocka_unit_test(long_words_beside_the_code_leave_it_alone),
        cmocka_unit_test(a_code_that_does_not_fit_is_told),
        cmocka_unit_test(what_may_not_be_printed_leaves_no_gap),
        cmocka_unit_test(a_slip_without_a_known_time_says_none),
    };
    stage_open(&stage, 1080, 1920, 3.61F);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    stage_close(&stage);
    return failed;
}
