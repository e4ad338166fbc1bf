// SPDX-License-Identifier: EUPL-1.2
//
// An ESC/POS receipt printer of the USB printer class as a printer. Moved on by poll alone; nothing
// here waits for paper.
#ifndef INLOOP_DRIVERS_PRINTER_H
#define INLOOP_DRIVERS_PRINTER_H

#include "base/clock.h"
#include "drivers/escpos.h"
#include "drivers/models.h"
#include "drivers/usb.h"
#include "ports/printer.h"

enum {
    USB_PRINTER_LOOK_MS = 4000,   // between two rounds of questions to a printer at rest
    USB_PRINTER_ANSWER_MS = 1000, // longest wait for one answer
    USB_PRINTER_STALL_MS = 3000,  // longest wait until one command is taken
    USB_PRINTER_ECHO_MS = 8000,   // longest wait for an echo; a printer that never echoes has none
    USB_PRINTER_JOB_MS = 54000,   // with a poll every 5 s: told within the port's 60 s
    USB_PRINTER_TURN_MS = 250,    // between two polls while something is under way
};

// What the cable is used for.
enum usb_printer_work {
    USB_PRINTER_RESTS,
    USB_PRINTER_ASKS,   // the four questions, one after another
    USB_PRINTER_SENDS,  // the job's commands
    USB_PRINTER_WAITS,  // for the echo behind them
    USB_PRINTER_CLEARS, // what a job that was broken off has left behind
};

// How far the job is; decides what the end of a round of questions means.
enum usb_printer_stage {
    USB_PRINTER_BEFORE, // taken; asked first
    USB_PRINTER_DURING, // sent, at least in part
    USB_PRINTER_AFTER,  // printed, when the answers are good
};

struct usb_printer {
    struct printer port; // first: the port's operations find the rest behind it
    struct usb *usb;
    struct clock clock;
    struct usb_rule rule; // not given: the models we know
    printer_event_fn on_event;
    void *ctx;
    bool is_open;
    bool must_look;   // round on the bus, as soon as the last look is USB_RETRY_MS ago
    int64_t tried_ms; // when that was
    bool has_candidate;
    struct usb_device device;

    struct printer_status status; // of the last whole round
    struct printer_status told;
    bool has_told;

    enum usb_printer_work work;
    int64_t write_ms; // when the last command was given to the cable
    enum escpos_topic topic;
    bool is_asked;
    int64_t asked_ms;
    struct printer_status answers; // of the round that is going on
    int64_t looked_ms;             // end of the last round
    int64_t waits_ms;              // since when for the echo
    bool has_echo;
    bool never_echoes;
    size_t
        owed_bytes; // of a band that was cut short; sent as white so that commands are heard again
    size_t clear_step;

    bool has_job;
    uint32_t job_id;
    int64_t job_ms;
    enum usb_printer_stage stage;
    size_t step; // next command: 0 is init, then the bands, the cut, the echo
    size_t command_bytes;
    struct raster raster;
    uint8_t bits[PRINTER_WIDTH_DOTS / 8 * PRINTER_HEIGHT_DOTS_MAX];
};

// Keeps `usb`, which must have no other user.
void usb_printer_init(struct usb_printer *printer, struct usb *usb, struct clock clock,
                      const struct usb_rule *rule);

#endif
