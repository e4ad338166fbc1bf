// SPDX-License-Identifier: EUPL-1.2
//
// A receipt printer on the scripted bus: understands the few commands a slip needs as the makers'
// manuals describe them, puts bands together into what would be on the paper, and writes down the
// conversation.
#ifndef INLOOP_TESTS_USB_PAPER_H
#define INLOOP_TESTS_USB_PAPER_H

#include "ports/printer.h"
#include "tests/fakes/usb_script.h"

enum { USB_PAPER_TALK_BYTES = 2048, USB_PAPER_COMMAND_BYTES = 8, USB_PAPER_ROWS = 2600 };

struct usb_paper {
    struct usb_script *script;
    struct usb_script_device *device;
    uint8_t answers[5]; // by DLE EOT's own number; 0: none comes
    bool is_silent;     // answers no question at all
    bool echoes;        // knows GS r
    bool holds_echo;    // still at work
    size_t takes_bytes; // before it takes no more; SIZE_MAX: never stops
    bool heeds_reset;
    bool has_port_status;
    uint8_t port_status;
    // What happened.
    char talk[USB_PAPER_TALK_BYTES]; // "ask1 ask2 ask3 ask4 init band band cut echo "
    unsigned resets_count;
    unsigned cuts_count;
    unsigned strange_count;                                // bytes outside any command
    uint8_t rows[USB_PAPER_ROWS * PRINTER_WIDTH_DOTS / 8]; // since the last cut
    size_t rows_bytes;
    uint8_t slip[USB_PAPER_ROWS * PRINTER_WIDTH_DOTS / 8]; // before it
    size_t slip_bytes;
    // Of the command that is coming in.
    uint8_t command[USB_PAPER_COMMAND_BYTES];
    size_t command_len;
    size_t raster_left;
};

// A healthy one, plugged in at `port`; `paper` must not move.
void usb_paper_plug(struct usb_paper *paper, struct usb_script *script, const char *port);
// Forgets the conversation so far.
void usb_paper_hush(struct usb_paper *paper);

#endif
