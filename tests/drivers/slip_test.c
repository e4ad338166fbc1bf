// SPDX-License-Identifier: EUPL-1.2
//
// The slip's code as a scanner meets it: every module a whole square of dots, four modules of white
// all round, in every language and however long the words beside it are.
#include "drivers/slip.h"

#include "drivers/qr.h"
#include "tests/fakes/stage.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

enum { MODULE_DOTS = 7, QUIET_MODULES = 4 };
#define CODE "KQ1:B042:KFA1$BI1IAIC/A491E:NIM1K"

static struct stage stage;
static uint8_t bits[SLIP_BYTES];

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

static void the_code_is_whole_in_every_language(void **state)
{
    (void)state;
    static struct phrases phrases;
    struct qr qr;
    assert_int_equal(qr_make(&qr, CODE), OK);
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        stage_set(&stage, stage_languages[i], STAGE_NORMAL);
        stage_phrases(&phrases, stage_languages[i]);
        struct slip slip = {.town = "Gemeente Voorbeeldstad",
                            .title = phrases_get(&phrases, "slip.title"),
                            .number = "B042",
                            .time = "14.05",
                            .todo = phrases_get(&phrases, "slip.todo"),
                            .subject = "Parkeervergunning",
                            .picture = "picto-car",
                            .follow = phrases_get(&phrases, "slip.follow"),
                            .privacy = phrases_get(&phrases, "slip.privacy"),
                            .code = CODE};
        struct raster raster;
        assert_int_equal(slip_draw(&slip, &stage.look, stage.shaper, stage.icons, bits, &raster),
                         OK);
        assert_true(has_whole_code(&raster, &qr));
    }
}

static void long_words_beside_the_code_leave_it_alone(void **state)
{
    (void)state;
    struct qr qr;
    assert_int_equal(qr_make(&qr, CODE), OK);
    stage_set(&stage, "nl", STAGE_NORMAL);
    struct slip slip = {.town = "Gemeente Voorbeeldstad",
                        .title = "Uw nummer",
                        .number = "B042",
                        .todo = "Kijk en luister in de hal.",
                        .follow = "Laat deze code zien als wij erom vragen, aan de balie, bij de "
                                  "deur of aan wie u verder helpt in dit gebouw.",
                        .privacy = "Op dit papier staat geen naam.",
                        .code = CODE};
    struct raster raster;

    assert_int_equal(slip_draw(&slip, &stage.look, stage.shaper, stage.icons, bits, &raster), OK);

    assert_true(has_whole_code(&raster, &qr));
}

static void a_code_that_does_not_fit_is_told(void **state)
{
    (void)state;
    static char code[2000];
    for (size_t i = 0; i + 1 < sizeof code; i++) {
        code[i] = 'a';
    }
    struct slip slip = {.town = "",
                        .title = "",
                        .number = "B042",
                        .todo = "",
                        .follow = "",
                        .privacy = "",
                        .code = code};
    struct raster raster;

    assert_int_equal(slip_draw(&slip, &stage.look, stage.shaper, stage.icons, bits, &raster),
                     ERR_TOO_BIG);
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, 1080, 1920, 3.61F);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_is_whole_in_every_language),
        cmocka_unit_test(long_words_beside_the_code_leave_it_alone),
        cmocka_unit_test(a_code_that_does_not_fit_is_told),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
