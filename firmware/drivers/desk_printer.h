// SPDX-License-Identifier: EUPL-1.2
//
// A printer for desks without one: each slip becomes a picture in a folder. Files called paper_out,
// paper_low, cover_open or offline in that folder make it behave so. Not in device builds.
#ifndef INLOOP_DRIVERS_DESK_PRINTER_H
#define INLOOP_DRIVERS_DESK_PRINTER_H

#include "ports/printer.h"

enum { DESK_PRINTER_PATH_BYTES = 400 };

struct desk_printer {
    struct printer port; // first: the port's operations find the rest behind it
    char folder[DESK_PRINTER_PATH_BYTES];
    printer_event_fn on_event;
    void *ctx;
    int news; // inotify: a file came or went
    struct printer_status status;
    bool has_told;
    bool has_job;
    uint32_t job_id;
    struct raster raster;
    uint8_t bits[PRINTER_WIDTH_DOTS / 8 * PRINTER_HEIGHT_DOTS_MAX];
};

// Writes slip-<job>.png and slip.png. ERR_TOO_BIG: the path is too long.
MUST_USE enum err desk_printer_init(struct desk_printer *printer, const char *folder);

#endif
