// SPDX-License-Identifier: EUPL-1.2
//
// The USB printer on a scripted bus: the conversation word by word, what goes wrong with paper, and
// the cable.
#include "drivers/printer.h"

#include "base/text.h"
#include "tests/fakes/ears.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/usb_paper.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

enum {
    ROW = PRINTER_WIDTH_DOTS / 8,
    HEIGHT = 2 * ESCPOS_BAND_LINES + 8,
    TURN_MS = 100,
    INIT_BYTES = ESCPOS_INIT_BYTES,
    ROUND_BYTES = 4 * ESCPOS_ASK_BYTES, // of one round of questions
};

#define ROUND "ask1 ask2 ask3 ask4 "

static struct usb_script script;
static struct usb_paper paper;
static struct usb_printer printer;
static struct printer_ears ears;
static struct usb_rule rule;
static uint8_t bits[ROW * HEIGHT];
static const struct raster slip = {PRINTER_WIDTH_DOTS, HEIGHT, bits};
static int64_t now_ms;

static void pass(int64_t ms)
{
    for (int64_t i = 0; i < ms; i += TURN_MS) {
        now_ms += TURN_MS;
        printer.port.ops->poll(&printer.port);
    }
}

static void open_printer(void)
{
    struct fault fault = {0};
    usb_printer_init(&printer, &script.port, hand_clock(&now_ms), &rule);
    assert_int_equal(printer.port.ops->open(&printer.port, printer_ears_hear, &ears, &fault), OK);
    printer.port.ops->poll(&printer.port);
}

static int set_up(void **state)
{
    (void)state;
    usb_script_init(&script);
    memset(&ears, 0, sizeof ears);
    memset(&rule, 0, sizeof rule);
    now_ms = 1000000;
    for (size_t i = 0; i < sizeof bits; i++) {
        // Dots that look like questions, so that one inside a raster would be noticed.
        bits[i] = (uint8_t)(i % 3 == 0 ? 0x10 : i % 3 == 1 ? 0x04 : i % 251);
    }
    usb_paper_plug(&paper, &script, "1-3");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    printer.port.ops->close(&printer.port);
    assert_null(script.open);
    assert_int_equal(paper.strange_count, 0);
    return 0;
}

static enum err print(uint32_t job_id)
{
    struct fault fault = {0};
    return printer.port.ops->print(&printer.port, job_id, &slip, &fault);
}

static void it_is_asked_before_and_after_and_never_inside_a_raster(void **state)
{
    (void)state;
    open_printer();
    assert_string_equal(paper.talk, ROUND);
    usb_paper_hush(&paper);

    assert_int_equal(print(1), OK);
    pass(TURN_MS);

    assert_string_equal(paper.talk, ROUND "init band band band cut echo " ROUND);
    assert_int_equal(paper.slip_bytes, sizeof bits);
    assert_memory_equal(paper.slip, bits, sizeof bits);
    assert_int_equal(ears.printed_count, 1);
}

static void each_answer_becomes_its_word(void **state)
{
    (void)state;
    static const struct {
        uint8_t topic;
        uint8_t byte;
        struct printer_status wanted;
        const char *words;
    } cases[] = {
        {1, 0x12 | 0x08, {.is_offline = true}, "printer: it is offline"},
        {2, 0x12 | 0x04, {.cover_open = true}, "printer: the cover is open"},
        {3, 0x12 | 0x08, {.cutter_error = true}, "printer: the cutter is stuck"},
        {3, 0x12 | 0x20, {.other_error = true}, "printer: it reports an error"},
        {4, 0x12 | 0x60, {.paper_out = true}, "printer: the paper is out"},
    };
    open_printer();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        paper.answers[cases[i].topic] = cases[i].byte;
        pass(6000);
        assert_memory_equal(&ears.status, &cases[i].wanted, sizeof ears.status);
        struct fault fault = {0};
        assert_int_equal(printer.port.ops->print(&printer.port, 1, &slip, &fault), ERR_UNAVAILABLE);
        assert_string_equal(fault.text, cases[i].words);
        paper.answers[cases[i].topic] = 0x12;
        pass(6000);
        assert_true(printer_can_print(ears.status));
    }
}

static void low_paper_is_told_and_still_prints(void **state)
{
    (void)state;
    open_printer();
    paper.answers[4] = 0x12 | 0x0C;
    pass(6000);
    assert_true(ears.status.paper_low);
    assert_int_equal(print(1), OK);
    pass(1000);
    assert_int_equal(ears.printed_count, 1);
}

static void a_printer_at_rest_is_asked_every_few_seconds(void **state)
{
    (void)state;
    open_printer();
    usb_paper_hush(&paper);
    pass(USB_PRINTER_LOOK_MS - TURN_MS);
    assert_string_equal(paper.talk, "");
    assert_int_equal(script.wake_ms, 0); // and wakes nobody for it
    pass(TURN_MS);
    assert_string_equal(paper.talk, ROUND);
}

static void printed_waits_until_the_printer_has_worked_it_off(void **state)
{
    (void)state;
    open_printer();
    paper.holds_echo = true;
    assert_int_equal(print(1), OK);
    pass(3000);
    assert_int_equal(ears.printed_count, 0);
    assert_true(script.wake_ms > 0);
    usb_script_say(&script, "\0", 1); // now it has
    pass(TURN_MS);
    assert_int_equal(ears.printed_count, 1);
}

static void paper_that_runs_out_while_it_prints_fails_the_slip(void **state)
{
    (void)state;
    open_printer();
    paper.holds_echo = true;
    assert_int_equal(print(1), OK);
    pass(1000);
    paper.answers[4] = 0x12 | 0x60;
    pass(2000);
    assert_int_equal(ears.failed_count, 1);
    assert_string_equal(ears.fault.text, "printer: the paper is out");
    assert_int_equal(paper.resets_count, 1); // so that it does not come out with the new paper
    assert_int_equal(ears.printed_count, 0);
    assert_int_equal(print(2), ERR_UNAVAILABLE);

    paper.answers[4] = 0x12;
    paper.holds_echo = false;
    pass(6000);
    assert_int_equal(print(3), OK);
    pass(1000);
    assert_int_equal(ears.job_id, 3);
    assert_int_equal(ears.printed_count, 1);
}

static void a_printer_without_echo_is_believed_after_a_while_and_then_at_once(void **state)
{
    (void)state;
    open_printer();
    paper.echoes = false;
    assert_int_equal(print(1), OK);
    pass(USB_PRINTER_ECHO_MS - 1000);
    assert_int_equal(ears.printed_count, 0);
    pass(2000);
    assert_int_equal(ears.printed_count, 1);
    usb_paper_hush(&paper);
    assert_int_equal(print(2), OK);
    pass(TURN_MS);
    assert_int_equal(ears.printed_count, 2);
    assert_string_equal(paper.talk, ROUND "init band band band cut " ROUND);
}

// `bytes`: how many it still takes of what is sent to it.
static void stall_after(size_t bytes)
{
    open_printer();
    usb_paper_hush(&paper);
    paper.takes_bytes = bytes;
    assert_int_equal(print(9), OK);
    pass(USB_PRINTER_STALL_MS + 500);
    assert_int_equal(ears.failed_count, 1);
    assert_int_equal(ears.job_id, 9);
}

static void a_stall_inside_a_band_is_cleared_away_before_the_next_slip(void **state)
{
    (void)state;
    for (int heeds_reset = 0; heeds_reset < 2; heeds_reset++) {
        (void)set_up(NULL);
        paper.heeds_reset = heeds_reset != 0;
        paper.port_status = 0x38; // no paper
        stall_after(ROUND_BYTES + INIT_BYTES + 1000);
        assert_string_equal(ears.fault.text, "printer: the paper is out");
        assert_true(ears.status.paper_out);
        assert_string_equal(paper.talk, ROUND "init band ");
        pass(10000);
        assert_true(ears.status.paper_out);
        assert_int_equal(print(10), ERR_UNAVAILABLE);

        paper.takes_bytes = SIZE_MAX; // a new roll
        pass(3000);
        assert_string_equal(paper.talk, ROUND "init band init cut " ROUND);
        assert_true(printer_can_print(ears.status));
        assert_int_equal(print(11), OK);
        pass(1000);
        assert_int_equal(ears.printed_count, 1);
        assert_int_equal(paper.slip_bytes, sizeof bits); // whole, nothing of the one before
        assert_memory_equal(paper.slip, bits, sizeof bits);
        (void)tear_down(NULL);
    }
}

static void a_stall_says_what_the_class_says(void **state)
{
    (void)state;
    static const struct {
        bool has_status;
        uint8_t byte;
        const char *words;
    } cases[] = {
        {true, 0x38, "printer: the paper is out"}, {true, 0x10, "printer: it reports an error"},
        {true, 0x08, "printer: it is offline"},    {true, 0x18, "printer: it takes no data"},
        {false, 0, "printer: it is offline"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)set_up(NULL);
        paper.has_port_status = cases[i].has_status;
        paper.port_status = cases[i].byte;
        stall_after(ROUND_BYTES);
        assert_string_equal(ears.fault.text, cases[i].words);
        assert_false(printer_can_print(ears.status));
        (void)tear_down(NULL);
    }
}

static void a_printer_that_takes_questions_no_more_is_offline(void **state)
{
    (void)state;
    open_printer();
    paper.takes_bytes = 1;
    pass(10000);
    assert_true(ears.status.is_offline);
    paper.takes_bytes = SIZE_MAX;
    paper.command_len = 0; // the byte that was left over
    pass(10000);
    assert_true(printer_can_print(ears.status));
}

static void a_printer_that_does_not_answer_is_offline(void **state)
{
    (void)state;
    paper.is_silent = true;
    open_printer();
    pass(10000);
    assert_true(ears.status.is_offline);
    assert_int_equal(ears.statuses_count, 1);
    paper.is_silent = false;
    pass(6000);
    assert_true(printer_can_print(ears.status));
}

static void a_job_ends_even_when_answers_stop(void **state)
{
    (void)state;
    open_printer();
    assert_int_equal(print(1), OK);
    paper.is_silent = true;
    pass(60000);
    assert_int_equal(ears.failed_count, 1);
    assert_int_equal(ears.printed_count, 0);
}

static void a_slip_that_crawls_fails_within_a_minute(void **state)
{
    (void)state;
    static uint8_t long_bits[ROW * PRINTER_HEIGHT_DOTS_MAX];
    static const struct raster long_slip = {PRINTER_WIDTH_DOTS, PRINTER_HEIGHT_DOTS_MAX, long_bits};
    open_printer();
    assert_int_equal(printer.port.ops->print(&printer.port, 1, &long_slip, NULL), OK);
    int64_t began_ms = now_ms;
    paper.takes_bytes = ROUND_BYTES + INIT_BYTES;
    pass(TURN_MS);
    while (ears.failed_count + ears.printed_count == 0) {
        // Each band takes just less than a stall does.
        paper.takes_bytes = 0;
        pass(USB_PRINTER_STALL_MS - TURN_MS);
        paper.takes_bytes = ESCPOS_BAND_BYTES;
        pass(TURN_MS);
    }
    assert_string_equal(ears.fault.text, "printer: the slip took too long");
    assert_true(now_ms - began_ms < 60000);
    paper.takes_bytes = SIZE_MAX;
    pass(6000);
    assert_true(printer_can_print(ears.status));
    assert_int_equal(print(2), OK);
    pass(1000);
    assert_memory_equal(paper.slip, bits, sizeof bits);
}

static void noise_is_not_taken_for_an_answer(void **state)
{
    (void)state;
    open_printer();
    static const uint8_t noise[] = {0xFF, 0x13, 0x12, 0x7E, 0x72, 0x1A, 0x00};
    usb_script_say(&script, noise, sizeof noise);
    size_t told = ears.statuses_count;
    pass(1000);
    assert_int_equal(ears.statuses_count, told);
    assert_int_equal(print(1), OK);
    pass(1000);
    assert_int_equal(ears.printed_count, 1);
}

static void unplugged_while_it_prints_fails_once_and_recovers(void **state)
{
    (void)state;
    open_printer();
    paper.takes_bytes = ROUND_BYTES + 500;
    assert_int_equal(print(4), OK);
    pass(TURN_MS);
    usb_script_unplug(&script, paper.device);
    pass(1000);
    assert_int_equal(ears.failed_count, 1);
    assert_int_equal(ears.job_id, 4);
    assert_string_equal(ears.fault.text, "printer: it was unplugged");
    assert_true(ears.status.is_offline);
    assert_int_equal(print(5), ERR_UNAVAILABLE);

    paper.takes_bytes = SIZE_MAX; // its memory is empty after this
    paper.raster_left = 0;
    usb_script_plug_back(&script, paper.device);
    pass(3000);
    assert_true(printer_can_print(ears.status));
    assert_int_equal(print(6), OK);
    pass(1000);
    assert_int_equal(ears.printed_count, 1);
    assert_int_equal(ears.failed_count, 1);
}

static void only_a_printer_that_is_allowed_is_opened(void **state)
{
    (void)state;
    struct fault fault = {0};
    assert_int_equal(usb_rule_parse(&rule, "04b8:0e28", &fault), OK);
    open_printer();
    pass(5000);
    assert_int_equal(script.opens_count, 0);
    assert_true(ears.status.is_offline);
    paper.device->about.vendor = 0x04B8;
    paper.device->about.product = 0x0E28;
    pass(5000);
    assert_true(printer_can_print(ears.status));
}

static void what_cannot_be_opened_yet_is_tried_again(void **state)
{
    (void)state;
    enum err *const troubles[] = {&script.open_err, &script.listen_err, &script.write_err,
                                  &script.read_err};
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        (void)set_up(NULL);
        *troubles[i] = ERR_IO;
        open_printer();
        pass(3000);
        assert_true(ears.status.is_offline);
        assert_true(script.opens_count >= 3 && script.opens_count <= 4);
        *troubles[i] = OK;
        pass(2000);
        assert_true(printer_can_print(ears.status));
        (void)tear_down(NULL);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_is_asked_before_and_after_and_never_inside_a_raster),
        TEST(each_answer_becomes_its_word),
        TEST(low_paper_is_told_and_still_prints),
        TEST(a_printer_at_rest_is_asked_every_few_seconds),
        TEST(printed_waits_until_the_printer_has_worked_it_off),
        TEST(paper_that_runs_out_while_it_prints_fails_the_slip),
        TEST(a_printer_without_echo_is_believed_after_a_while_and_then_at_once),
        TEST(a_stall_inside_a_band_is_cleared_away_before_the_next_slip),
        TEST(a_stall_says_what_the_class_says),
        TEST(a_printer_that_takes_questions_no_more_is_offline),
        TEST(a_printer_that_does_not_answer_is_offline),
        TEST(a_job_ends_even_when_answers_stop),
        TEST(a_slip_that_crawls_fails_within_a_minute),
        TEST(noise_is_not_taken_for_an_answer),
        TEST(unplugged_while_it_prints_fails_once_and_recovers),
        TEST(only_a_printer_that_is_allowed_is_opened),
        TEST(what_cannot_be_opened_yet_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
