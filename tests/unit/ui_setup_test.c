// SPDX-License-Identifier: EUPL-1.2
//
// What a configuration says of the screen, and what it must not say.
#include "ui/setup.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

static struct setup setup;
static struct look look;
static struct config config;

static enum err read(const char *lines, struct fault *fault)
{
    assert_int_equal(config_parse(&config, lines, strlen(lines), NULL), OK);
    return setup_read(&setup, &look, &config, fault);
}

static void a_window_needs_its_size(void **state)
{
    (void)state;
    struct fault fault;

    assert_int_equal(read("window.driver = sdl\n", &fault), ERR_NOT_FOUND);
    assert_non_null(strstr(fault.text, "window.width_px"));
    assert_int_equal(read("window.width_px = 1280\nwindow.height_px = 800\n", &fault), OK);

#ifdef INLOOP_DESK
    assert_int_equal(setup.screen.driver, SCREEN_SDL);
#else
    assert_int_equal(setup.screen.driver, SCREEN_KMS);
#endif
    assert_false(setup.screen.keeps_density);
}

static void a_bare_machine_has_a_panel_until_its_screen_says(void **state)
{
    (void)state;
    assert_int_equal(read("window.driver = kms\n", NULL), OK);
    assert_int_equal(setup.screen.driver, SCREEN_KMS);
    assert_int_equal(look.width_px, 1920);
    assert_int_equal(look.height_px, 1080);
    assert_false(setup.screen.has_calibration);

    assert_int_equal(read("window.driver = kms\nwindow.rotation = 270\n"
                          "window.px_per_mm_x100 = 400\nwindow.card = /dev/dri/card1\n"
                          "touch.device = ELO\ntouch.calibration = 1 0 -0.5 0 1.25  0\n",
                          NULL),
                     OK);

    assert_int_equal(setup.screen.rotation_degrees, 270);
    assert_int_equal(look.width_px, 1080);
    assert_int_equal(look.height_px, 1920);
    assert_true(setup.screen.keeps_density);
    assert_string_equal(setup.screen.card, "/dev/dri/card1");
    assert_string_equal(setup.screen.touch, "ELO");
    assert_true(setup.screen.has_calibration);
    assert_true(setup.screen.calibration[2] == -0.5F);
    assert_true(setup.screen.calibration[4] == 1.25F);
    struct window_options options = setup_window(&setup, &config, "test");
    assert_int_equal(options.screen.rotation_degrees, 270);
}

static void what_no_screen_can_be_is_named(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"window.driver = mesa\n", "window.driver"},
        {"window.rotation = 45\n", "window.rotation"},
        {"window.rotation = 360\n", "window.rotation"},
        {"window.rotation = left\n", "window.rotation"},
        {"touch.calibration = 1 0 0 0 1\n", "touch.calibration"},
        {"touch.calibration = 1 0 0 0 1 0 0\n", "touch.calibration"},
        {"touch.calibration = 1 0 0 0 nan 0\n", "touch.calibration"},
        {"touch.calibration = 1 0 0 0 1e9 0\n", "touch.calibration"},
        {"touch.calibration = 1,0,0,0,1,0\n", "touch.calibration"},
        {"touch.calibration = \n", "touch.calibration"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct fault fault = {0};
        assert_int_equal(read(wrong[i][0], &fault), ERR_MALFORMED);
        assert_non_null(strstr(fault.text, wrong[i][1]));
    }
}

static void a_watchdog_that_is_not_there_stops_nobody(void **state)
{
    (void)state;
    struct watchdog watchdog;
    assert_int_equal(read("window.driver = kms\nwatchdog.device = /no/such/watchdog\n", NULL), OK);

    setup_watchdog(&watchdog, &config);

    assert_int_equal(watchdog_next_ms(&watchdog), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_needs_its_size),
        cmocka_unit_test(a_bare_machine_has_a_panel_until_its_screen_says),
        cmocka_unit_test(what_no_screen_can_be_is_named),
        cmocka_unit_test(a_watchdog_that_is_not_there_stops_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
