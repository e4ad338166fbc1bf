// SPDX-License-Identifier: EUPL-1.2
//
// QR scanners on the scripted bus: their makers' report descriptors, and a code cut into reports as
// each of them does it.
#ifndef INLOOP_TESTS_USB_SCANNER_H
#define INLOOP_TESTS_USB_SCANNER_H

#include "tests/fakes/usb_script.h"

// How a maker's reports look; offsets in bytes, 0 where it has no such part.
struct usb_scanner_layout {
    const char *maker;
    uint16_t vendor;
    uint16_t product;
    const uint8_t *descriptor;
    size_t descriptor_len;
    uint8_t report_id;
    size_t report_bytes;
    size_t length_at;
    size_t aim_at;
    size_t data_at;
    size_t data_bytes;
    size_t continued_at;
};

enum { USB_SCANNER_LAYOUTS = 3 };
extern const struct usb_scanner_layout usb_scanner_layouts[USB_SCANNER_LAYOUTS];
extern const uint8_t usb_scanner_keyboard[]; // a descriptor that types, and is no boot keyboard
extern const size_t usb_scanner_keyboard_len;

// Plugs one in at `port`, in HID POS mode.
struct usb_script_device *usb_scanner_plug(struct usb_script *script,
                                           const struct usb_scanner_layout *layout,
                                           const char *port);
// The scanner reads `code`; `aim` is three characters, or NULL where it tells no symbology.
void usb_scanner_show(struct usb_script *script, const struct usb_scanner_layout *layout,
                      const char *aim, const void *code, size_t len);
// One report of it, and whether more will follow.
void usb_scanner_report(struct usb_script *script, const struct usb_scanner_layout *layout,
                        const char *aim, const void *part, size_t len, bool is_continued);

#endif
