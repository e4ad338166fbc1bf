// SPDX-License-Identifier: EUPL-1.2
//
// What prints the slip: one contract for the ESC/POS printer, the desk's spool and the fake
// (tests/ports/printer_test.c).
#ifndef INLOOP_PORTS_PRINTER_H
#define INLOOP_PORTS_PRINTER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PRINTER_WIDTH_DOTS = 576, PRINTER_HEIGHT_DOTS_MAX = 2400 };

// One bit a dot, 1 is black, most significant bit is the left dot; rows of width_dots / 8 bytes.
struct raster {
    uint16_t width_dots; // a multiple of 8
    uint16_t height_dots;
    const uint8_t *bits;
};

// Everything a person on call may need to know; all false is a healthy printer.
struct printer_status {
    bool is_offline; // not there or not answering
    bool paper_low;
    bool paper_out;
    bool cover_open;
    bool cutter_error;
    bool other_error;
    bool slip_in_mouth; // an earlier slip was not taken
};

static inline bool printer_can_print(struct printer_status status)
{
    return !status.is_offline && !status.paper_out && !status.cover_open && !status.cutter_error &&
           !status.other_error;
}

enum printer_event_kind {
    PRINTER_STATUS,  // it changed; `status`
    PRINTER_PRINTED, // the job `job_id` left the printer and its status was good afterwards
    PRINTER_FAILED,  // the job `job_id` did not, `fault` says why; it is dropped, never retried
};

struct printer_event {
    enum printer_event_kind kind;
    uint32_t job_id;
    struct printer_status status;
    struct fault fault;
};

// Called on the I/O thread, from within poll only.
typedef void (*printer_event_fn)(const struct printer_event *event, void *ctx);

struct printer {
    const struct printer_ops *ops;
};

struct printer_ops {
    // Starts; never fails because no printer is plugged in (then status says offline).
    enum err (*open)(struct printer *printer, printer_event_fn on_event, void *ctx,
                     struct fault *fault);
    // Takes a job: copies the raster. Exactly one PRINTED or FAILED follows within 60 s. ERR_STATE:
    // a job is still running. ERR_UNAVAILABLE: the last status cannot print; nothing was taken.
    // ERR_TOO_BIG: wider or higher than the limits.
    enum err (*print)(struct printer *printer, uint32_t job_id, const struct raster *raster,
                      struct fault *fault);
    void (*poll)(struct printer *printer); // as id_reader; the first one tells the status
    size_t (*fds)(struct printer *printer, int *fds, size_t fds_max);
    struct printer_status (*status)(const struct printer *printer);
    void (*close)(struct printer *printer);
};

#endif
