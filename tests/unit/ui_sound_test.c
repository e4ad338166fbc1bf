// SPDX-License-Identifier: EUPL-1.2
//
// When the chime can be heard. How it sounds is ui_canvas_test.c's.
#include "ui/sound.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

static void a_loudspeaker_that_comes_later_is_used(void **state)
{
    (void)state;
    struct sound sound;
    struct fault fault;
    assert_int_equal(setenv("SDL_AUDIODRIVER", "none of these", 1), 0);
    assert_int_equal(sound_open(&sound, &fault), ERR_UNAVAILABLE);
    assert_int_equal(sound.device, 0);

    assert_int_equal(setenv("SDL_AUDIODRIVER", "dummy", 1), 0);
    sound_chime(&sound, 50);

    assert_int_not_equal(sound.device, 0);
    sound_close(&sound);
}

static void a_sound_that_nobody_opened_stays_silent(void **state)
{
    (void)state;
    struct sound sound = {0};
    assert_int_equal(setenv("SDL_AUDIODRIVER", "dummy", 1), 0);

    sound_chime(&sound, 50);

    assert_int_equal(sound.device, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loudspeaker_that_comes_later_is_used),
        cmocka_unit_test(a_sound_that_nobody_opened_stays_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
