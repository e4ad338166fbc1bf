// SPDX-License-Identifier: EUPL-1.2
//
// Layouts after the makers' manuals (Honeywell 2020, Newland FM420) and one of the smallest kind
// the standard allows; none was taken from a device.
#include "tests/fakes/usb_scanner.h"

#include "base/text.h"

#include <string.h>

#define START 0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x09, 0x12, 0xA1, 0x02, 0x75, 0x08
#define LENGTH 0xA4, 0x05, 0x01, 0x09, 0x3B, 0x95, 0x01, 0x81, 0x02, 0xB4
#define AIM 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x95, 0x03, 0x81, 0x02
#define DATA 0x09, 0xFE, 0x95, 0x38, 0x81, 0x02
#define UNUSED(bytes) 0x95, bytes, 0x81, 0x03
#define CONTINUED 0x09, 0xFF, 0x75, 0x01, 0x95, 0x01, 0x81, 0x02, 0x95, 0x07, 0x81, 0x03
#define END 0xC0, 0xC0

static const uint8_t honeywell[] = {START, LENGTH, AIM, DATA, UNUSED(2), CONTINUED, END};
static const uint8_t newland[] = {START, LENGTH, DATA, UNUSED(5), CONTINUED, END};
// No report id, no length, no symbology, no continuation: a field of text filled up with zeros.
static const uint8_t plain[] = {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x12, 0xA1, 0x02, 0x75,
                                0x08, 0x09, 0xFE, 0x96, 0x00, 0x01, 0x81, 0x02, 0xC0, 0xC0};

const uint8_t usb_scanner_keyboard[] = {0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0xC0};
const size_t usb_scanner_keyboard_len = sizeof usb_scanner_keyboard;

const struct usb_scanner_layout usb_scanner_layouts[USB_SCANNER_LAYOUTS] = {
    {"Honeywell", 0x0C2E, 0x0907, honeywell, sizeof honeywell, 2, 64, 1, 2, 5, 56, 63},
    {"Newland", 0x1EAB, 0x0D10, newland, sizeof newland, 2, 64, 1, 0, 2, 56, 63},
    {"plain", 0x05F9, 0x1204, plain, sizeof plain, 0, 256, 0, 0, 0, 256, 0},
};

struct usb_script_device *usb_scanner_plug(struct usb_script *script,
                                           const struct usb_scanner_layout *layout,
                                           const char *port)
{
    struct usb_device about = {
        .vendor = layout->vendor, .product = layout->product, .serial = "S1"};
    CHECK(text_copy(about.port, sizeof about.port, port) == OK);
    struct usb_script_device *device = usb_script_plug(script, USB_CLASS_HID, &about);
    usb_script_describe(device, layout->descriptor, layout->descriptor_len);
    return device;
}

void usb_scanner_show(struct usb_script *script, const struct usb_scanner_layout *layout,
                      const char *aim, const void *code, size_t len)
{
    const uint8_t *bytes = code;
    size_t at = 0;
    do {
        size_t part = len - at < layout->data_bytes ? len - at : layout->data_bytes;
        usb_scanner_report(script, layout, aim, bytes + at, part, at + part < len);
        at += part;
    } while (at < len);
}

void usb_scanner_report(struct usb_script *script, const struct usb_scanner_layout *layout,
                        const char *aim, const void *part, size_t len, bool is_continued)
{
    uint8_t report[USB_PACKET_BYTES] = {0};
    if (layout->report_id != 0) {
        report[0] = layout->report_id;
    }
    if (layout->length_at != 0) {
        report[layout->length_at] = (uint8_t)len;
    }
    if (layout->aim_at != 0 && aim != NULL) {
        memcpy(report + layout->aim_at, aim, 3);
    }
    if (layout->continued_at != 0) {
        report[layout->continued_at] = is_continued ? 1 : 0;
    }
    memcpy(report + layout->data_at, part, len);
    usb_script_say(script, report, layout->report_bytes);
}
