// SPDX-License-Identifier: EUPL-1.2
//
// Two makers' report layouts, and descriptors that must be refused.
#include "drivers/hid.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#define START 0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x09, 0x12, 0xA1, 0x02, 0x75, 0x08
#define LENGTH 0xA4, 0x05, 0x01, 0x09, 0x3B, 0x95, 0x01, 0x81, 0x02, 0xB4
#define DATA 0x09, 0xFE, 0x95, 0x38, 0x81, 0x02
#define CONTINUED 0x09, 0xFF, 0x75, 0x01, 0x95, 0x01, 0x81, 0x02, 0x95, 0x07, 0x81, 0x03

static const uint8_t with_aim[] = {START, LENGTH, 0x09, 0xFB,      0x09, 0xFC, 0x09,
                                   0xFD,  0x95,   0x03, 0x81,      0x02, DATA, 0x95,
                                   0x02,  0x81,   0x03, CONTINUED, 0xC0, 0xC0};
static const uint8_t without_aim[] = {START, LENGTH, DATA,      0x95, 0x05,
                                      0x81,  0x03,   CONTINUED, 0xC0, 0xC0};
static const uint8_t keyboard[] = {0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0xC0};

static void a_layout_with_symbology_is_found(void **state)
{
    (void)state;
    struct hid_layout layout;
    assert_int_equal(hid_parse(with_aim, sizeof with_aim, &layout), OK);
    assert_false(layout.is_keyboard);
    assert_int_equal(layout.report_id, 2);
    assert_int_equal(layout.data_length.offset_bits, 1 * 8);
    for (unsigned i = 0; i < HID_AIM_CHARS; i++) {
        assert_int_equal(layout.aim[i].offset_bits, (2 + i) * 8);
    }
    assert_int_equal(layout.data.offset_bits, 5 * 8);
    assert_int_equal(layout.data.bits, 56 * 8);
    assert_int_equal(layout.is_continued.offset_bits, 63 * 8);
}

static void a_layout_without_symbology_is_found(void **state)
{
    (void)state;
    struct hid_layout layout;
    assert_int_equal(hid_parse(without_aim, sizeof without_aim, &layout), OK);
    assert_int_equal(layout.data_length.offset_bits, 1 * 8);
    assert_int_equal(layout.aim[0].bits, 0);
    assert_int_equal(layout.data.offset_bits, 2 * 8);
    assert_int_equal(layout.data.bits, 56 * 8);
    assert_int_equal(layout.is_continued.offset_bits, 63 * 8);
}

static void a_keyboard_beside_a_scanner_is_seen(void **state)
{
    (void)state;
    uint8_t both[sizeof with_aim + sizeof keyboard];
    memcpy(both, with_aim, sizeof with_aim);
    memcpy(both + sizeof with_aim, keyboard, sizeof keyboard);
    struct hid_layout layout;
    assert_int_equal(hid_parse(both, sizeof both, &layout), OK);
    assert_true(layout.is_keyboard);
    assert_int_equal(layout.data.bits, 56 * 8);
}

static void a_keyboard_named_by_a_range_is_seen(void **state)
{
    (void)state;
    static const uint8_t range[] = {0x05, 0x01, 0x19, 0x06, 0x29, 0x06, 0xA1, 0x01, 0xC0};
    struct hid_layout layout;
    assert_int_equal(hid_parse(range, sizeof range, &layout), OK);
    assert_true(layout.is_keyboard);
}

static void every_cut_descriptor_is_refused(void **state)
{
    (void)state;
    struct hid_layout layout;
    for (size_t len = 0; len < sizeof with_aim; len++) {
        bool is_before_collection = len == 2 || len == 4;
        enum err want = is_before_collection ? OK : ERR_MALFORMED;
        assert_int_equal(hid_parse(with_aim, len, &layout), want);
    }
}

static void endless_descriptors_are_refused(void **state)
{
    (void)state;
    struct hid_layout layout;
    static const uint8_t endless[][2] = {{0xA1, 0x01}, {0xA4, 0xA4}, {0x09, 0x06}};
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        uint8_t many[256];
        for (size_t at = 0; at < sizeof many; at += 2) {
            memcpy(many + at, endless[i], 2);
        }
        assert_int_equal(hid_parse(many, sizeof many, &layout), ERR_TOO_BIG);
    }
    static const uint8_t wide[] = {0x76, 0x00, 0x20, 0x96, 0x00, 0x20, 0x81, 0x02};
    assert_int_equal(hid_parse(wide, sizeof wide, &layout), ERR_TOO_BIG);
    static uint8_t long_one[HID_DESCRIPTOR_BYTES + 1];
    assert_int_equal(hid_parse(long_one, sizeof long_one, &layout), ERR_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_layout_with_symbology_is_found),
        cmocka_unit_test(a_layout_without_symbology_is_found),
        cmocka_unit_test(a_keyboard_beside_a_scanner_is_seen),
        cmocka_unit_test(a_keyboard_named_by_a_range_is_seen),
        cmocka_unit_test(every_cut_descriptor_is_refused),
        cmocka_unit_test(endless_descriptors_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
