// SPDX-License-Identifier: EUPL-1.2
//
// The printer of tests that need no paper: a job is printed by the next poll, unless its status
// says otherwise.
#ifndef INLOOP_TESTS_FAKE_PRINTER_H
#define INLOOP_TESTS_FAKE_PRINTER_H

#include "ports/printer.h"

struct fake_printer {
    struct printer port;       // first: the port's operations find the rest behind it
    printer_event_fn on_event; // NULL: closed
    void *ctx;
    struct printer_status next; // what the next poll finds
    struct printer_status status;
    bool has_told;
    bool has_job;
    uint32_t job_id;
    struct raster raster; // of the last job
    uint8_t bits[PRINTER_WIDTH_DOTS / 8 * PRINTER_HEIGHT_DOTS_MAX];
};

void fake_printer_init(struct fake_printer *printer);

#endif
