// SPDX-License-Identifier: EUPL-1.2
//
// A QR scanner in HID POS mode on USB as an id_reader. What types like a keyboard is never used,
// and reported.
#ifndef INLOOP_DRIVERS_SCANNER_H
#define INLOOP_DRIVERS_SCANNER_H

#include "base/clock.h"
#include "drivers/code_gate.h"
#include "drivers/hid.h"
#include "drivers/models.h"
#include "drivers/usb.h"
#include "drivers/usb_refused.h"
#include "ports/id_reader.h"

enum {
    SCANNER_PART_WAIT_MS = 500, // between two reports of one code
    SCANNER_REPORTS_MAX = 64,   // taken in one poll; more is noise and may wait
};

struct scanner_rules {
    struct usb_rule scanner; // not given: the models we know
    struct usb_rule keypad;  // the one device that is meant to type (an accessible keypad)
};

struct scanner {
    struct id_reader port; // first: the port's operations find the rest behind it
    struct usb *usb;
    struct clock clock;
    struct scanner_rules rules;
    id_reader_event_fn on_event;
    void *ctx;
    bool has_told;
    bool told_open; // what was told last
    bool is_open;
    bool must_look;   // round on the bus, as soon as the last look is USB_RETRY_MS ago
    int64_t tried_ms; // when that was
    struct usb_device device;
    struct hid_layout layout;
    struct usb_refused refused;
    bool has_candidate;
    struct usb_device candidate;
    char code_private[ID_READER_CODE_BYTES + 2]; // a code and its line ending
    size_t code_len;
    bool is_joining;   // a code is begun
    bool is_discarded; // and is no code for us: not a QR code
    bool is_too_long;
    int64_t part_ms;
    struct code_gate gate;
};

// Keeps `usb`, which must have no other user.
void scanner_init(struct scanner *scanner, struct usb *usb, struct clock clock,
                  const struct scanner_rules *rules);

#endif
