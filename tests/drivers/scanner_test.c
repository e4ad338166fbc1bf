// SPDX-License-Identifier: EUPL-1.2
//
// The USB scanner on a scripted bus: each maker's layout, joins, what is refused, and the cable.
#include "drivers/scanner.h"

#include "tests/fakes/ears.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/usb_scanner.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

enum { LONG_BYTES = 300 };

static const struct usb_scanner_layout *const honeywell = &usb_scanner_layouts[0];
static const struct usb_device stick = {
    .vendor = 0x16C0, .product = 0x27DB, .port = "1-4", .can_type = true};

static struct usb_script script;
static struct scanner scanner;
static struct reader_ears ears;
static struct scanner_rules rules;
static int64_t now_ms;

static void poll(void)
{
    scanner.port.ops->poll(&scanner.port);
}

static void poll_after(int64_t ms)
{
    now_ms += ms;
    poll();
}

// The bus as the test has laid it out.
static void open_scanner(void)
{
    struct fault fault = {0};
    scanner_init(&scanner, &script.port, hand_clock(&now_ms), &rules);
    assert_int_equal(scanner.port.ops->open(&scanner.port, reader_ears_hear, &ears, &fault), OK);
    poll();
}

static void open_with(const struct usb_scanner_layout *layout)
{
    (void)usb_scanner_plug(&script, layout, "1-2");
    open_scanner();
}

static int set_up(void **state)
{
    (void)state;
    usb_script_init(&script);
    memset(&ears, 0, sizeof ears);
    memset(&rules, 0, sizeof rules);
    now_ms = 1000000;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scanner.port.ops->close(&scanner.port);
    assert_null(script.open);
    return 0;
}

static void every_makers_layout_gives_the_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < USB_SCANNER_LAYOUTS; i++) {
        (void)set_up(NULL);
        open_with(&usb_scanner_layouts[i]);
        usb_scanner_show(&script, &usb_scanner_layouts[i], "]Q1", "KR1:HELLO\r\n", 11);
        poll();
        assert_int_equal(ears.codes_count, 1);
        assert_string_equal(ears.code, "KR1:HELLO");
        (void)tear_down(NULL);
    }
}

static void reports_of_one_code_are_joined(void **state)
{
    (void)state;
    char words[LONG_BYTES + 1] = {0};
    for (size_t i = 0; i < LONG_BYTES; i++) {
        words[i] = (char)('A' + i % 26);
    }
    open_with(honeywell);
    usb_scanner_show(&script, honeywell, "]Q1", words, LONG_BYTES);
    poll();
    assert_int_equal(ears.codes_count, 1);
    assert_string_equal(ears.code, words);
}

static void parts_may_come_in_different_polls(void **state)
{
    (void)state;
    open_with(honeywell);
    usb_scanner_report(&script, honeywell, "]Q1", "KR1:", 4, true);
    poll();
    assert_int_equal(ears.codes_count, 0);
    assert_int_equal(script.wake_ms, SCANNER_PART_WAIT_MS);
    usb_scanner_report(&script, honeywell, "]Q1", "TWO", 3, false);
    poll_after(SCANNER_PART_WAIT_MS - 1);
    assert_string_equal(ears.code, "KR1:TWO");
}

static void a_part_that_is_left_alone_is_forgotten(void **state)
{
    (void)state;
    open_with(honeywell);
    usb_scanner_report(&script, honeywell, "]Q1", "KR1:LOST", 8, true);
    poll();
    usb_scanner_report(&script, honeywell, "]Q1", "KR1:NEXT", 8, false);
    poll_after(SCANNER_PART_WAIT_MS);
    assert_int_equal(ears.codes_count, 1);
    assert_string_equal(ears.code, "KR1:NEXT");
}

static void a_code_without_end_is_swallowed_whole(void **state)
{
    (void)state;
    char part[56];
    memset(part, 'A', sizeof part);
    open_with(honeywell);
    for (int i = 0; i < 100; i++) {
        usb_scanner_report(&script, honeywell, "]Q1", part, sizeof part, true);
    }
    poll();
    poll();
    usb_scanner_report(&script, honeywell, "]Q1", part, sizeof part, false);
    usb_scanner_report(&script, honeywell, "]Q1", "KR1:AFTER", 9, false);
    poll();
    assert_int_equal(ears.codes_count, 1);
    assert_string_equal(ears.code, "KR1:AFTER");
}

static void only_qr_symbologies_are_codes(void **state)
{
    (void)state;
    open_with(honeywell);
    static const char *const others[] = {"]C0", "]L2", "]d1", "]E0", "]z0"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        usb_scanner_show(&script, honeywell, others[i], "KR1:OTHER", 9);
        poll();
    }
    assert_int_equal(ears.codes_count, 0);
    usb_scanner_show(&script, honeywell, "]Q3", "KR1:FIRST", 9);
    poll();
    usb_scanner_show(&script, honeywell, NULL, "KR1:UNTOLD", 10); // the field is there, but empty
    poll();
    assert_int_equal(ears.codes_count, 2);
}

static void reports_that_break_their_layout_are_dropped(void **state)
{
    (void)state;
    open_with(honeywell);
    uint8_t report[64] = {2, 57, ']', 'Q', '1', 'K'}; // longer than its field
    usb_script_say(&script, report, sizeof report);
    report[1] = 1;
    usb_script_say(&script, report, 40); // ends before its flags
    usb_script_say(&script, report, 0);
    report[0] = 7; // of another kind
    usb_script_say(&script, report, sizeof report);
    report[0] = 2;
    report[1] = 0; // nothing in it
    usb_script_say(&script, report, sizeof report);
    poll();
    assert_int_equal(ears.codes_count, 0);
    usb_scanner_show(&script, honeywell, "]Q1", "KR1:GOOD", 8);
    poll();
    assert_int_equal(ears.codes_count, 1);
}

static void a_keyboard_on_the_bus_is_reported_and_the_scanner_works_on(void **state)
{
    (void)state;
    (void)usb_script_plug(&script, USB_CLASS_HID, &stick);
    open_with(honeywell);
    assert_int_equal(ears.refused_count, 1);
    assert_int_equal(ears.refused.err, ERR_REFUSED);
    assert_string_equal(ears.refused.text,
                        "scanner: 16c0:27db at 1-4 types like a keyboard: refused");
    assert_true(reader_ears_is_ready(&ears));
    poll_after(60000);
    assert_int_equal(ears.refused_count, 1); // once is enough
}

static void a_keyboard_is_reported_again_when_it_is_plugged_in_again(void **state)
{
    (void)state;
    open_with(honeywell);
    poll_after(5000);
    struct usb_script_device *device = usb_script_plug(&script, USB_CLASS_HID, &stick);
    poll();
    assert_int_equal(ears.refused_count, 1);
    poll_after(5000);
    usb_script_unplug(&script, device);
    poll();
    poll_after(5000);
    usb_script_plug_back(&script, device);
    poll();
    assert_int_equal(ears.refused_count, 2);
}

static void a_scanner_in_keyboard_mode_is_refused_until_it_changes(void **state)
{
    (void)state;
    struct usb_script_device *device = usb_scanner_plug(&script, honeywell, "1-2");
    device->about.can_type = true;
    open_scanner();
    assert_int_equal(ears.refused_count, 1);
    assert_false(reader_ears_is_ready(&ears));
    assert_int_equal(script.opens_count, 0);

    poll_after(5000);
    assert_int_equal(ears.refused_count, 1);
    device->about.can_type = false; // somebody scanned the service sheet
    script.has_changed = true;
    poll_after(USB_RETRY_MS);
    assert_true(reader_ears_is_ready(&ears));
}

static void a_keyboard_beside_the_scanner_in_one_device_is_refused(void **state)
{
    (void)state;
    struct usb_script_device *device = usb_scanner_plug(&script, honeywell, "1-2");
    usb_script_describe(device, usb_scanner_keyboard, usb_scanner_keyboard_len);
    open_scanner();
    assert_int_equal(ears.refused.err, ERR_REFUSED);
    assert_string_equal(ears.refused.text,
                        "scanner: 0c2e:0907 at 1-2 types like a keyboard: refused");
    assert_false(reader_ears_is_ready(&ears));
    assert_null(script.open);
    poll_after(60000);
    assert_int_equal(script.opens_count, 1);
}

static void a_scanner_in_another_mode_is_refused(void **state)
{
    (void)state;
    static const uint8_t mouse[] = {0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0xC0};
    struct usb_device about = {.vendor = 0x0C2E, .product = 1, .port = "1-2"};
    struct usb_script_device *device = usb_script_plug(&script, USB_CLASS_HID, &about);
    usb_script_describe(device, mouse, sizeof mouse);
    usb_script_describe(device, mouse, 3); // and one that is cut short
    open_scanner();
    assert_int_equal(ears.refused.err, ERR_UNSUPPORTED);
    assert_string_equal(ears.refused.text,
                        "scanner: 0c2e:0001 at 1-2 is not in HID POS mode: refused");
}

static void the_interface_with_the_codes_is_the_one_listened_to(void **state)
{
    (void)state;
    static const uint8_t mouse[] = {0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0xC0};
    struct usb_device about = {.vendor = 0x0C2E, .product = 1, .port = "1-2"};
    struct usb_script_device *device = usb_script_plug(&script, USB_CLASS_HID, &about);
    usb_script_describe(device, mouse, sizeof mouse);
    usb_script_describe(device, honeywell->descriptor, honeywell->descriptor_len);
    open_scanner();
    assert_true(reader_ears_is_ready(&ears));
    assert_int_equal(script.listens_to, 1);
}

static void what_no_table_and_no_rule_names_is_left_alone(void **state)
{
    (void)state;
    struct usb_device about = {.vendor = 0x1234, .product = 1, .port = "1-2"};
    struct usb_script_device *device = usb_script_plug(&script, USB_CLASS_HID, &about);
    usb_script_describe(device, honeywell->descriptor, honeywell->descriptor_len);
    open_scanner();
    assert_int_equal(script.opens_count, 0);
    assert_int_equal(ears.refused_count, 0);
    assert_false(reader_ears_is_ready(&ears));
    assert_string_equal(ears.gone.text, "scanner: none is plugged in");
}

static void a_rule_admits_the_device_it_names_only(void **state)
{
    (void)state;
    struct fault fault = {0};
    assert_int_equal(usb_rule_parse(&rules.scanner, "0c2e:0907:S1@1-2", &fault), OK);
    struct usb_script_device *device = usb_scanner_plug(&script, honeywell, "1-3");
    open_scanner();
    assert_false(reader_ears_is_ready(&ears)); // the wrong place

    usb_script_unplug(&script, device);
    (void)usb_scanner_plug(&script, &usb_scanner_layouts[1], "1-2");
    poll_after(5000);
    assert_false(reader_ears_is_ready(&ears)); // the wrong device in the right place
    assert_string_equal(ears.refused.text,
                        "scanner: 1eab:0d10 at 1-2 is not the scanner that belongs here: refused");

    usb_script_unplug(&script, &script.devices[1]);
    poll_after(5000);
    (void)usb_scanner_plug(&script, honeywell, "1-2");
    poll_after(5000);
    assert_true(reader_ears_is_ready(&ears));
}

static void the_keypad_that_was_named_may_type(void **state)
{
    (void)state;
    struct fault fault = {0};
    assert_int_equal(usb_rule_parse(&rules.keypad, "16c0:27db@1-4", &fault), OK);
    (void)usb_script_plug(&script, USB_CLASS_HID, &stick);
    open_with(honeywell);
    assert_int_equal(ears.refused_count, 0);
    struct usb_device other = stick;
    other.port[2] = '5';
    (void)usb_script_plug(&script, USB_CLASS_HID, &other);
    poll_after(5000);
    assert_int_equal(ears.refused_count, 1);
}

static void more_keyboards_than_can_be_remembered_are_still_not_used(void **state)
{
    (void)state;
    struct usb_device one = stick;
    one.vendor = 0x0C2E;
    for (int i = 0; i < USB_REFUSED_MAX + 2; i++) {
        one.port[2] = (char)('A' + i);
        (void)usb_script_plug(&script, USB_CLASS_HID, &one);
    }
    open_scanner();
    poll_after(5000);
    assert_int_equal(ears.refused_count, USB_REFUSED_MAX);
    assert_int_equal(script.opens_count, 0);
}

static void unplugged_is_gone_and_plugged_back_is_ready(void **state)
{
    (void)state;
    open_with(honeywell);
    usb_scanner_report(&script, honeywell, "]Q1", "KR1:HALF", 8, true);
    poll();
    usb_script_unplug(&script, &script.devices[0]);
    poll_after(100);
    assert_false(reader_ears_is_ready(&ears));
    assert_string_equal(ears.gone.text, "scanner: 0c2e:0907 at 1-2 was unplugged");
    assert_null(script.open);

    usb_script_plug_back(&script, &script.devices[0]);
    poll_after(100);
    assert_false(reader_ears_is_ready(&ears)); // looked a moment ago
    assert_int_equal(script.wake_ms, USB_RETRY_MS);
    poll_after(USB_RETRY_MS);
    assert_true(reader_ears_is_ready(&ears));
    usb_scanner_show(&script, honeywell, "]Q1", "KR1:AGAIN", 9);
    poll();
    assert_string_equal(ears.code, "KR1:AGAIN"); // nothing of the half before it
}

static void a_device_that_breaks_off_is_opened_anew(void **state)
{
    (void)state;
    open_with(honeywell);
    script.read_err = ERR_IO;
    poll_after(5000);
    assert_string_equal(ears.gone.text, "scanner: 0c2e:0907 at 1-2 does not answer");
    script.read_err = OK;
    poll_after(5000);
    assert_true(reader_ears_is_ready(&ears));
}

static void what_cannot_be_opened_yet_is_tried_once_a_second(void **state)
{
    (void)state;
    enum err *const troubles[] = {&script.open_err, &script.descriptor_err, &script.listen_err};
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        (void)set_up(NULL);
        *troubles[i] = ERR_IO;
        open_with(honeywell);
        for (int j = 0; j < 30; j++) {
            poll_after(100);
        }
        assert_int_equal(script.opens_count, 4);
        assert_int_equal(script.wake_ms, USB_RETRY_MS);
        assert_null(script.open);
        *troubles[i] = OK;
        poll_after(1000);
        assert_true(reader_ears_is_ready(&ears));
        (void)tear_down(NULL);
    }
}

static void an_idle_scanner_sets_no_alarm(void **state)
{
    (void)state;
    open_with(honeywell);
    poll_after(5000);
    assert_int_equal(script.wake_ms, 0);
    unsigned looks = script.looks_count;
    poll_after(5000);
    assert_int_equal(script.looks_count, looks);

    usb_scanner_show(&script, honeywell, "]Q1", "KR1:WIPED", 9);
    poll();
    assert_int_equal(script.wake_ms, CODE_GATE_SAME_MS); // to forget it in time
    poll_after(CODE_GATE_SAME_MS);
    assert_int_equal(script.wake_ms, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_makers_layout_gives_the_code),
        TEST(reports_of_one_code_are_joined),
        TEST(parts_may_come_in_different_polls),
        TEST(a_part_that_is_left_alone_is_forgotten),
        TEST(a_code_without_end_is_swallowed_whole),
        TEST(only_qr_symbologies_are_codes),
        TEST(reports_that_break_their_layout_are_dropped),
        TEST(a_keyboard_on_the_bus_is_reported_and_the_scanner_works_on),
        TEST(a_keyboard_is_reported_again_when_it_is_plugged_in_again),
        TEST(a_scanner_in_keyboard_mode_is_refused_until_it_changes),
        TEST(a_keyboard_beside_the_scanner_in_one_device_is_refused),
        TEST(a_scanner_in_another_mode_is_refused),
        TEST(the_interface_with_the_codes_is_the_one_listened_to),
        TEST(what_no_table_and_no_rule_names_is_left_alone),
        TEST(a_rule_admits_the_device_it_names_only),
        TEST(the_keypad_that_was_named_may_type),
        TEST(more_keyboards_than_can_be_remembered_are_still_not_used),
        TEST(unplugged_is_gone_and_plugged_back_is_ready),
        TEST(a_device_that_breaks_off_is_opened_anew),
        TEST(what_cannot_be_opened_yet_is_tried_once_a_second),
        TEST(an_idle_scanner_sets_no_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
