// SPDX-License-Identifier: EUPL-1.2
//
// The I/O thread of the technician's screen: its cables, the network, the small files, enrolling.
// Decides nothing; everything it learns is posted as news.
#ifndef INLOOP_APPS_TECHNICIAN_SCREEN_IO_H
#define INLOOP_APPS_TECHNICIAN_SCREEN_IO_H

#include "apps/technician/screen.h"
#include "base/mailbox.h"

struct technician_io;

// What is remembered: results in device.dir/tests.conf, the calibration in local.file
// (/data/device/local.conf).
struct technician_kept {
    struct technician_result results[TECHNICIAN_TESTS_COUNT];
    bool has_matrix;
    float matrix[6];
};
// Missing or unreadable: nothing was tried yet.
void technician_kept_read(struct technician_result results[TECHNICIAN_TESTS_COUNT],
                          const struct config *config);

// Keeps `config` and `news` (of struct technician_news). Starts the thread. ERR_MALFORMED: a key.
MUST_USE enum err technician_io_open(struct technician_io **io, const struct config *config,
                                     struct mailbox *news, struct fault *fault);
void technician_io_close(struct technician_io *io); // joins the thread; NULL allowed

// From the screen's thread; each copies what it is given and never waits.
void technician_io_enrol(struct technician_io *io, const struct enrol_request *request);
void technician_io_print(struct technician_io *io, const struct raster *raster);
void technician_io_keep(struct technician_io *io, const struct technician_kept *kept);

#endif
