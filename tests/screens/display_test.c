// SPDX-License-Identifier: EUPL-1.2
//
// How the wall display looks and behaves: rows, new calls, the lost line.
#include "apps/display/display.h"
#include "base/text.h"
#include "tests/fakes/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct stage stage;
static struct display display;

static struct api_state_call call(const char *number, const char *desk, int64_t called_ms)
{
    struct api_state_call made = {.called_ms = called_ms, .calls_count = 1};
    assert_int_equal(text_copy(made.number, sizeof made.number, number), OK);
    assert_int_equal(text_copy(made.desk, sizeof made.desk, desk), OK);
    return made;
}

// 24 November 2026, 12:58 in Amsterdam.
enum { NOON_S = 1795521480 };

static void fill(void)
{
    static struct api_state state;
    memset(&display, 0, sizeof display);
    state =
        (struct api_state){.town = "Gemeente Voorbeeldstad", .calls_count = 3, .services_count = 1};
    state.calls[0] = call("B042", "3", NOON_S * 1000LL);
    state.calls[1] = call("C017", "1", NOON_S * 1000LL - 60000);
    state.calls[2] = call("A101", "12", NOON_S * 1000LL - 120000);
    state.services[0].wait =
        (struct wait_band){.is_known = true, .minutes_min = 10, .minutes_max = 15};
    display_take_state(&display, &state);
    assert_int_equal(text_copy(display.now_text, sizeof display.now_text, "12.58"), OK);
}

static void speak(const char *language)
{
    stage_phrases(&display.phrases, language);
    stage_phrases(&display.second, text_equal(language, "en") ? "nl" : "en");
}

static void every_language_and_mode_passes_the_audit(void **state)
{
    (void)state;
    size_t findings = 0;
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        for (enum stage_mode mode = 0; mode < STAGE_MODES_COUNT; mode++) {
            stage_set(&stage, stage_languages[i], mode);
            fill();
            speak(stage_languages[i]);
            display.is_new = true;
            stage_lay(&stage, &display_scene, &display, "display-called");
            findings += stage_audit(&stage, "called", &audit_display);
            display.is_new = false;
            stage_lay(&stage, &display_scene, &display, "display-several");
            findings += stage_audit(&stage, "several", &audit_display);
            display.rows_count = 1;
            stage_lay(&stage, &display_scene, &display, "display-one");
            findings += stage_audit(&stage, "one", &audit_display);
            fill();
            speak(stage_languages[i]);
            display_lose(&display);
            stage_lay(&stage, &display_scene, &display, "display-lost");
            findings += stage_audit(&stage, "lost", &audit_display);
            memset(display.rows, 0, sizeof display.rows);
            display.rows_count = 0;
            display.is_lost = false;
            display.had_state = true;
            stage_lay(&stage, &display_scene, &display, "display-empty");
            findings += stage_audit(&stage, "empty", &audit_display);
        }
    }

    assert_int_equal(findings, 0);
}

// True when the wall looks as it did when somebody last looked at it. To renew the pictures:
// INLOOP_GOLDEN=write, then look at each of them beside the drawn design.
static size_t differs(const char *name)
{
    stage_show(&stage, &display_scene, &display);
    return stage_is_golden(&stage, name) ? 0 : 1;
}

static void scenes_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    stage_set(&stage, "nl", STAGE_NORMAL);
    fill();
    speak("nl");
    display.is_new = false;
    different += differs("display-several");
    display.is_new = true;
    different += differs("display-called");
    stage_set(&stage, "nl", STAGE_OTHER_TOWN);
    different += differs("display-called-voorbeeld");
    stage_set(&stage, "nl", STAGE_NORMAL);
    assert_int_equal(text_copy(display.now_text, sizeof display.now_text, "13.03"), OK);
    display_lose(&display);
    different += differs("display-lost");
    display.is_lost = false;
    display.rows_count = 0;
    different += differs("display-idle");

    assert_int_equal(different, 0);
}

static void a_new_call_comes_first_and_stands_out_for_ten_seconds(void **state)
{
    (void)state;
    fill();
    struct api_state_call fresh = call("B043", "2", NOON_S * 1000LL + 1000);

    display_take_call(&display, &fresh);

    assert_int_equal(display_step(&display, 1000), 1000 + DISPLAY_NEW_MS);
    assert_string_equal(display.rows[0].number, "B043");
    assert_string_equal(display.rows[2].number, "C017");
    assert_true(display.is_new);
    assert_int_equal(display_step(&display, 1000 + DISPLAY_NEW_MS), SCENE_NEVER);
    assert_false(display.is_new);
}

static void two_calls_at_once_each_get_their_least_time(void **state)
{
    (void)state;
    fill();
    struct api_state_call first = call("B043", "2", NOON_S * 1000LL + 1000);
    struct api_state_call second = call("C018", "1", NOON_S * 1000LL + 1001);

    display_take_call(&display, &first);
    display_take_call(&display, &second);

    assert_int_equal(display_step(&display, 0), DISPLAY_LEAST_MS);
    assert_string_equal(display.rows[0].number, "B043");
    display_step(&display, DISPLAY_LEAST_MS - 1);
    assert_string_equal(display.rows[0].number, "B043");
    display_step(&display, DISPLAY_LEAST_MS);
    assert_string_equal(display.rows[0].number, "C018");
    assert_int_equal(display.chimes_count, 2);
}

static void the_same_number_called_again_stands_there_once(void **state)
{
    (void)state;
    fill();
    struct api_state_call again = call("A101", "12", NOON_S * 1000LL + 1000);

    display_take_call(&display, &again);
    display_step(&display, 0);

    assert_string_equal(display.rows[0].number, "A101");
    assert_string_equal(display.rows[1].number, "B042");
    assert_string_equal(display.rows[2].number, "C017");
    assert_int_equal(display.rows_count, 3);
}

static void what_was_called_while_the_line_was_lost_is_called_after(void **state)
{
    (void)state;
    static struct api_state fresh;
    fill();
    display_lose(&display);
    fresh = (struct api_state){.calls_count = 2};
    fresh.calls[0] = call("B043", "2", NOON_S * 1000LL + 5000);
    fresh.calls[1] = call("B042", "3", NOON_S * 1000LL);

    display_take_state(&display, &fresh);
    display_step(&display, 0);

    assert_false(display.is_lost);
    assert_string_equal(display.rows[0].number, "B043");
    assert_int_equal(display.chimes_count, 1);
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, 1920, 1080, 3.61F);
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
        cmocka_unit_test(every_language_and_mode_passes_the_audit),
        cmocka_unit_test(scenes_equal_their_golden_pictures),
        cmocka_unit_test(a_new_call_comes_first_and_stands_out_for_ten_seconds),
        cmocka_unit_test(two_calls_at_once_each_get_their_least_time),
        cmocka_unit_test(the_same_number_called_again_stands_there_once),
        cmocka_unit_test(what_was_called_while_the_line_was_lost_is_called_after),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
