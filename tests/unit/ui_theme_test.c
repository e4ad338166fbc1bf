// SPDX-License-Identifier: EUPL-1.2
//
// Themes: CSS values, the two shipped token files, fallbacks that stay legible.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "ui/look.h"
#include "ui/theme.h"

#include <string.h>

static void assert_rgb(struct rgb colour, int r, int g, int b)
{
    assert_int_equal(colour.r, r);
    assert_int_equal(colour.g, g);
    assert_int_equal(colour.b, b);
}

static void colours_are_read_in_every_form_tokens_use(void **state)
{
    (void)state;
    static const char *const reds[] = {"#f00",
                                       "#ff0000",
                                       "#FF0000ff",
                                       "hsl(0 100% 50%)",
                                       "hsla(360, 100%, 50%, 1)",
                                       "rgb(255 0 0 / 100%)"};
    for (size_t i = 0; i < sizeof reds / sizeof reds[0]; i++) {
        struct rgb colour = {0};
        assert_int_equal(theme_colour_parse(reds[i], &colour), OK);
        assert_rgb(colour, 255, 0, 0);
    }
}

static void what_is_no_colour_is_refused(void **state)
{
    (void)state;
    static const char *const others[] = {"",
                                         "#12",
                                         "#ggg",
                                         "hsl(1 2%)",
                                         "rgb(1,2,3",
                                         "green",
                                         "{a.b.c}",
                                         "rgba(0, 0, 0, 0)",
                                         "hsl(0 0% 0%) x"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct rgb colour = {0};
        assert_int_not_equal(theme_colour_parse(others[i], &colour), OK);
    }
}

static void lengths_are_read_in_px_rem_and_clamp(void **state)
{
    (void)state;
    float length_px = 0;
    assert_int_equal(theme_length_parse("3px", &length_px), OK);
    assert_float_equal(length_px, 3, 0.001);
    assert_int_equal(theme_length_parse("0.5rem", &length_px), OK);
    assert_float_equal(length_px, 8, 0.001);
    assert_int_equal(theme_length_parse("clamp(1rem, 2vw, 2rem)", &length_px), OK);
    assert_float_equal(length_px, 24, 0.001);
    assert_int_not_equal(theme_length_parse("2vw", &length_px), OK);
    assert_int_not_equal(theme_length_parse("clamp(1rem)", &length_px), OK);
}

static void the_hague_gives_its_green_and_its_small_radius(void **state)
{
    (void)state;
    struct theme theme;
    assert_int_equal(theme_read_file(&theme, "assets/themes/denhaag.tokens.json", NULL), OK);

    assert_rgb(theme_colour(&theme, COLOUR_ACTION), 35, 133, 65);
    assert_rgb(theme_colour(&theme, COLOUR_FIELD), 30, 108, 53);
    assert_string_equal(theme.sources[COLOUR_FIELD], "denhaag.color.green.4");
    assert_float_equal(theme.control_radius_mm, DRAWN(8), 0.2);
    assert_false(theme.heading_is_serif);
}

static void the_example_theme_gives_purple_and_serif_headings(void **state)
{
    (void)state;
    struct theme theme;
    assert_int_equal(theme_read_file(&theme, "assets/themes/voorbeeld.tokens.json", NULL), OK);

    assert_rgb(theme_colour(&theme, COLOUR_ACTION), 0x51, 0x15, 0xef);
    assert_rgb(theme_colour(&theme, COLOUR_FIELD), 0x3b, 0x0f, 0xb0);
    assert_float_equal(theme.control_radius_mm, DRAWN(20), 0.2);
    assert_true(theme.heading_is_serif);
}

static void a_lone_action_colour_is_enough_and_the_field_is_darkened(void **state)
{
    (void)state;
    const char *tokens = "{\"nl.button.primary.background-color\": \"#e0703a\"}";
    struct theme theme;

    assert_int_equal(theme_parse(&theme, tokens, strlen(tokens), NULL), OK);

    struct rgb white = {255, 255, 255};
    assert_rgb(theme_colour(&theme, COLOUR_ACTION), 0xe0, 0x70, 0x3a);
    assert_true(theme_ratio(theme_colour(&theme, COLOUR_FIELD), white) >= 6.0);
    assert_string_equal(theme.sources[COLOUR_FIELD], "computed");
}

static void a_token_that_cannot_be_read_on_its_ground_is_passed_over(void **state)
{
    (void)state;
    const char *tokens = "{\"utrecht.button.primary-action.background-color\": \"#1d5fa8\","
                         "\"basis.color.default.color-document\": \"#dddddd\"}";
    struct theme theme;

    assert_int_equal(theme_parse(&theme, tokens, strlen(tokens), NULL), OK);

    assert_string_equal(theme.sources[COLOUR_INK], "default");
}

static void a_file_without_an_action_colour_is_refused(void **state)
{
    (void)state;
    const char *tokens = "{\"some.token\": \"1px\"}";
    struct theme theme;
    assert_int_equal(theme_parse(&theme, tokens, strlen(tokens), NULL), ERR_MALFORMED);
    assert_int_equal(theme_parse(&theme, "[", 1, NULL), ERR_MALFORMED);
}

static void high_contrast_reads_at_fifteen_to_one(void **state)
{
    (void)state;
    struct theme theme;
    theme_contrast(&theme);
    assert_true(theme_ratio(theme_colour(&theme, COLOUR_INK), theme_colour(&theme, COLOUR_PAGE)) >
                20.9);
    assert_true(theme_ratio(theme_colour(&theme, COLOUR_ON_ACTION),
                            theme_colour(&theme, COLOUR_ACTION)) > 15.0);
}

static void languages_set_the_direction_and_a_reset_takes_it_back(void **state)
{
    (void)state;
    static struct look look;
    look_init(&look, 1080, 1920, 3.61f);
    look_set_language(&look, "ar");
    look_set_contrast(&look, true);
    assert_true(look.is_mirrored);

    look_reset(&look, "nl");

    assert_false(look.is_mirrored);
    assert_ptr_equal(look.theme, &look.town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_read_in_every_form_tokens_use),
        cmocka_unit_test(what_is_no_colour_is_refused),
        cmocka_unit_test(lengths_are_read_in_px_rem_and_clamp),
        cmocka_unit_test(the_hague_gives_its_green_and_its_small_radius),
        cmocka_unit_test(the_example_theme_gives_purple_and_serif_headings),
        cmocka_unit_test(a_lone_action_colour_is_enough_and_the_field_is_darkened),
        cmocka_unit_test(a_token_that_cannot_be_read_on_its_ground_is_passed_over),
        cmocka_unit_test(a_file_without_an_action_colour_is_refused),
        cmocka_unit_test(high_contrast_reads_at_fifteen_to_one),
        cmocka_unit_test(languages_set_the_direction_and_a_reset_takes_it_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
