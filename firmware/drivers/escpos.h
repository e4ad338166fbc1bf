// SPDX-License-Identifier: EUPL-1.2
//
// The few ESC/POS commands a slip needs and the status bytes that come back. Pure: bytes only.
#ifndef INLOOP_DRIVERS_ESCPOS_H
#define INLOOP_DRIVERS_ESCPOS_H

#include "ports/printer.h"

enum {
    ESCPOS_INIT_BYTES = 2,
    ESCPOS_CUT_BYTES = 4,
    ESCPOS_ASK_BYTES = 3,
    ESCPOS_ECHO_BYTES = 3,
    ESCPOS_BAND_HEAD_BYTES = 8,
    ESCPOS_BAND_LINES = 96, // no longer than a printer's buffer, no shorter than its motor likes
    ESCPOS_BAND_BYTES = ESCPOS_BAND_HEAD_BYTES + PRINTER_WIDTH_DOTS / 8 * ESCPOS_BAND_LINES,
};

// Which of the four questions a status byte answers; the number is the command's own.
enum escpos_topic {
    ESCPOS_PRINTER = 1,
    ESCPOS_OFFLINE_CAUSE = 2,
    ESCPOS_ERROR = 3,
    ESCPOS_PAPER = 4,
};

void escpos_init(uint8_t out[ESCPOS_INIT_BYTES]);
void escpos_cut(uint8_t out[ESCPOS_CUT_BYTES]); // feeds to the knife first
void escpos_ask(enum escpos_topic topic, uint8_t out[ESCPOS_ASK_BYTES]);
// Answered in its turn, so once everything before it was printed; escpos_ask is answered at once.
void escpos_echo(uint8_t out[ESCPOS_ECHO_BYTES]);
bool escpos_is_echo(uint8_t byte);

// How many bands the raster takes; 0 when it is empty or beyond the limits of the port.
size_t escpos_bands(const struct raster *raster);
// Writes band `band` (below escpos_bands) to `out`; gives its length.
size_t escpos_band(const struct raster *raster, size_t band, uint8_t out[ESCPOS_BAND_BYTES]);

// Takes the answer to `topic` into `status`, touching only what that answer tells. ERR_MALFORMED:
// not a status byte; nothing has changed.
MUST_USE enum err escpos_take_status(enum escpos_topic topic, uint8_t byte,
                                     struct printer_status *status);

// Takes the byte of the printer class's own GET_PORT_STATUS, which is answered even when the
// printer takes no data; it knows less: paper out, an error, offline. The rest is left as it was.
void escpos_take_port_status(uint8_t byte, struct printer_status *status);

#endif
