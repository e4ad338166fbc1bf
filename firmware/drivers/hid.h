// SPDX-License-Identifier: EUPL-1.2
//
// Where a code stands in a scanner's reports, read from its HID report descriptor (HID 1.11 section
// 6.2.2, HID POS usage page 0x8C). Pure: bytes in, a layout out.
#ifndef INLOOP_DRIVERS_HID_H
#define INLOOP_DRIVERS_HID_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HID_DESCRIPTOR_BYTES = 4096, HID_REPORT_BYTES = 1024, HID_AIM_CHARS = 3 };

// Part of an input report, in bits from its first byte (the report id, when there is one, counts);
// `bits` 0: the report has no such part.
struct hid_part {
    uint16_t offset_bits;
    uint16_t bits;
};

struct hid_layout {
    bool is_keyboard;            // some collection can type; the device must not be used
    uint8_t report_id;           // 0: reports carry no id
    struct hid_part data;        // decoded text, whole bytes; `bits` 0: not a HID POS scanner
    struct hid_part data_length; // one byte
    struct hid_part aim[HID_AIM_CHARS];
    struct hid_part is_continued; // the next report holds more of the same code
};

// ERR_MALFORMED: cut short, or its items do not match. ERR_TOO_BIG: more than our limits. `layout`
// is filled only with OK.
MUST_USE enum err hid_parse(const uint8_t *descriptor, size_t len, struct hid_layout *layout);

#endif
