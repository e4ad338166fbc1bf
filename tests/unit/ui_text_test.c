// SPDX-License-Identifier: EUPL-1.2
//
// Words into lines: where they break, which words are hyphenated, that all scripts have glyphs,
// that Latin stands the right way round inside Arabic, that digits are equally wide.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "ui/canvas.h"
#include "ui/text.h"

#include <SDL2/SDL.h>
#include <string.h>

static struct look look;
static struct text_shaper *shaper;

static int open_fonts(void **state)
{
    (void)state;
    look_init(&look, 1080, 1920, 3.61f);
    return text_open(&shaper, NULL, NULL) == OK ? 0 : -1;
}

static int close_fonts(void **state)
{
    (void)state;
    text_close(shaper);
    return 0;
}

static int plain_dutch(void **state)
{
    (void)state;
    look_set_language(&look, "nl");
    text_forget(shaper);
    return 0;
}

static struct text_lines broken(const char *words, int width_px)
{
    struct text_setting setting = text_setting(&look, TYPE_BODY, 0);
    struct text_lines lines;
    setting.room_px = width_px;
    text_break(shaper, &look, words, &setting, &lines);
    return lines;
}

static void lines_break_between_words_and_never_before_a_full_stop(void **state)
{
    (void)state;
    const char *words = "Wij roepen u zo. Blijf in de hal.";
    int whole_px = broken(words, 0).width_px;
    for (int width_px = whole_px; width_px > 250; width_px -= 10) {
        struct text_lines lines = broken(words, width_px);
        assert_false(lines.overflows);
        for (size_t i = 0; i < lines.lines_count; i++) {
            const struct text_line *line = &lines.lines[i];
            assert_true(line->width_px <= width_px);
            assert_true(words[line->from] != '.' && words[line->from] != ' ');
            assert_false(line->has_hyphen);
        }
    }
}

static void no_last_word_stands_alone_when_the_lines_can_share(void **state)
{
    (void)state;
    const char *words = "Er zijn nu geen nummers meer";
    int all_but_one_px = broken("Er zijn nu geen nummers", 0).width_px;

    struct text_lines lines = broken(words, all_but_one_px + 2);

    assert_int_equal(lines.lines_count, 2);
    assert_true(lines.lines[1].len > strlen("meer"));
    assert_true(lines.width_px < all_but_one_px);
}

static void a_newline_always_breaks(void **state)
{
    (void)state;
    assert_int_equal(broken("een\ntwee", 0).lines_count, 2);
    assert_int_equal(broken("een twee", 0).lines_count, 1);
}

static void a_word_wider_than_its_line_is_hyphenated_where_dutch_allows(void **state)
{
    (void)state;
    const char *word = "parkeervergunningaanvraag";
    int whole_px = broken(word, 0).width_px;

    struct text_lines lines = broken(word, whole_px * 2 / 3);

    assert_false(lines.overflows);
    assert_int_equal(lines.lines_count, 2);
    assert_true(lines.lines[0].has_hyphen);
    size_t at = lines.lines[1].from;
    // par-keer-ver-gun-ning-aan-vraag
    assert_true(at == 3 || at == 7 || at == 10 || at == 13 || at == 17 || at == 20);
}

static void a_dutch_title_on_an_arabic_screen_is_hyphenated_too(void **state)
{
    (void)state;
    look_set_language(&look, "ar");
    const char *word = "\u2068parkeervergunningaanvraag\u200e\u2069";
    int whole_px = broken(word, 0).width_px;

    struct text_lines lines = broken(word, whole_px * 2 / 3);

    assert_false(lines.overflows);
    assert_int_equal(lines.lines_count, 2);
    assert_true(lines.lines[0].has_hyphen);
}

static void a_word_no_dictionary_knows_is_reported_and_not_cut(void **state)
{
    (void)state;
    look_set_language(&look, "tr");
    const char *word = "Belediyebaskanligi";
    struct text_lines lines = broken(word, 100);
    assert_true(lines.overflows);
    assert_int_equal(lines.lines[0].len, strlen(word));
}

static void digits_are_equally_wide(void **state)
{
    (void)state;
    int width_px = broken("0000", 0).width_px;
    static const char *const times[] = {"1111", "7777", "4096", "5238"};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        assert_in_range(broken(times[i], 0).width_px, width_px - 3, width_px + 3);
    }
}

static void every_script_we_offer_has_glyphs(void **state)
{
    (void)state;
    static const char *const words[] = {"Één €, vóór 14.05", "العربية (42) –", "ትግርኛ – ።",
                                        "Українська",        "Türkçe ığş",     "हिन्दी",
                                        "Polski łąż"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_true(text_covers(shaper, words[i]));
    }
    assert_false(text_covers(shaper, "\U0001F600"));
}

// The leftmost and rightmost dark columns of drawn words say which way round they stand.
static int dark_columns(const char *words, int from_x, int to_x)
{
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormat(0, 600, 80, 32, SDL_PIXELFORMAT_RGB888);
    struct canvas canvas;
    canvas_init(&canvas, surface, NULL);
    canvas_fill(&canvas, canvas.clip, (struct rgb){255, 255, 255});
    struct text_setting setting = text_setting(&look, TYPE_BODY, 0);
    struct text_lines lines;
    text_break(shaper, &look, words, &setting, &lines);
    const struct text_piece piece = {
        .words = words, .line = lines.lines[0], .place = {0, 10, 600, -1}};
    text_draw_line(shaper, &canvas, &setting, &piece);
    int dark = 0;
    for (int x = from_x; x < to_x; x++) {
        for (int y = 0; y < surface->h; y++) {
            const uint8_t *row = (const uint8_t *)surface->pixels + y * surface->pitch;
            dark += row[x * 4] < 128;
        }
    }
    SDL_FreeSurface(surface);
    return dark;
}

static void arabic_begins_at_the_right_and_a_number_inside_keeps_its_direction(void **state)
{
    (void)state;
    look_set_language(&look, "ar");
    // The full stop of an Arabic sentence stands at its left end, of a Dutch one at its right.
    const char *words = "رقم 42.";
    int width_px = broken(words, 0).width_px;
    int dot_px = broken(".", 0).width_px;
    int dot_dark = dark_columns(".", 0, 600);
    assert_in_range(dark_columns(words, 0, dot_px), dot_dark - 4, dot_dark + 4);
    assert_true(width_px > 3 * dot_px);
}

static void bytes_that_are_no_words_do_no_harm(void **state)
{
    (void)state;
    const char *words = "a\xff\xfe b\xc3";
    struct text_lines lines = broken(words, 60);
    assert_true(lines.lines_count >= 1);
    assert_true(dark_columns(words, 0, 600) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(lines_break_between_words_and_never_before_a_full_stop, plain_dutch),
        cmocka_unit_test_setup(no_last_word_stands_alone_when_the_lines_can_share, plain_dutch),
        cmocka_unit_test_setup(a_newline_always_breaks, plain_dutch),
        cmocka_unit_test_setup(a_word_wider_than_its_line_is_hyphenated_where_dutch_allows,
                               plain_dutch),
        cmocka_unit_test_setup(a_dutch_title_on_an_arabic_screen_is_hyphenated_too, plain_dutch),
        cmocka_unit_test_setup(a_word_no_dictionary_knows_is_reported_and_not_cut, plain_dutch),
        cmocka_unit_test_setup(digits_are_equally_wide, plain_dutch),
        cmocka_unit_test_setup(every_script_we_offer_has_glyphs, plain_dutch),
        cmocka_unit_test_setup(arabic_begins_at_the_right_and_a_number_inside_keeps_its_direction,
                               plain_dutch),
        cmocka_unit_test_setup(bytes_that_are_no_words_do_no_harm, plain_dutch),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
