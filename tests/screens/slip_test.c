// SPDX-License-Identifier: EUPL-1.2
//
// The slip as the printer gets it: single dots, in every language, and nobody's name on it.
#include "base/text.h"
#include "drivers/slip.h"
#include "tests/fakes/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
    return (raster->bits[y * raster->width_dots / 8 + x / 8] >> (7 - x % 8) & 1) != 0;
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

static void words_keep_clear_of_the_code(void **state)
{
    (void)state;
    enum { CODE_X = 28, FINDER_DOTS = 7, CODE_DOTS = 25 * 7, QUIET_DOTS = 28 };
    stage_set(&stage, "nl", STAGE_NORMAL);
    struct slip wordy = plain;
    wordy.follow = "Laat deze code zien als een medewerker in de hal of aan de balie erom vraagt.";
    struct raster raster = drawn(&wordy);
    int rows = 0;
    for (int y = raster.height_dots / 2; y < raster.height_dots; y++) {
        bool is_finder = !is_black(&raster, CODE_X - 1, y);
        for (int x = CODE_X; x < CODE_X + FINDER_DOTS; x++) {
            is_finder = is_finder && is_black(&raster, x, y);
        }
        for (int x = 0; is_finder && x < QUIET_DOTS; x++) {
            assert_false(is_black(&raster, CODE_X + CODE_DOTS + x, y));
        }
        rows += is_finder ? 1 : 0;
    }

    assert_true(rows >= 2 * 49); // two finders stand at the start of the code
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
        cmocka_unit_test(words_keep_clear_of_the_code),
        cmocka_unit_test(what_may_not_be_printed_leaves_no_gap),
        cmocka_unit_test(a_slip_without_a_known_time_says_none),
    };
    stage_open(&stage, 1080, 1920, 3.61F);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    stage_close(&stage);
    return failed;
}
