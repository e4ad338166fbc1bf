// SPDX-License-Identifier: EUPL-1.2
//
// A descriptor comes from whatever was plugged in. Every part of a layout lies within a report.
#include "drivers/hid.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_inside(struct hid_part part)
{
    if (part.offset_bits + part.bits > HID_REPORT_BYTES * 8) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hid_layout layout;
    if (hid_parse(data, size, &layout) != OK) {
        return 0;
    }
    require_inside(layout.data);
    require_inside(layout.data_length);
    require_inside(layout.is_continued);
    for (size_t i = 0; i < HID_AIM_CHARS; i++) {
        require_inside(layout.aim[i]);
    }
    if (layout.data.bits % 8 != 0 || layout.data.offset_bits % 8 != 0) {
        abort();
    }
    return 0;
}
