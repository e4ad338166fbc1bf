// SPDX-License-Identifier: EUPL-1.2
//
// ESC/POS as all common kiosk printers understand it: rasters, never text.
#include "drivers/escpos.h"

#include <string.h>

enum { DLE = 0x10, EOT = 0x04, ESC = 0x1B, GS = 0x1D };
enum { CUT_AFTER_FEED = 66, FIXED_MASK = 0x93, FIXED_BITS = 0x12 };

// Bits of the four answers.
enum {
    PRINTER_OFFLINE = 0x08,
    CAUSE_COVER = 0x04,
    ERROR_CUTTER = 0x08,
    ERROR_OTHER = 0x60, // cannot recover, or recovers by itself
    PAPER_LOW = 0x0C,
    PAPER_OUT = 0x60,
    ECHO_ZEROS = 0x90, // zero in an answer to GS r, one of them set in every real-time answer
    PORT_NO_ERROR = 0x08,
    PORT_SELECTED = 0x10,
    PORT_PAPER_OUT = 0x20,
};

void escpos_init(uint8_t out[ESCPOS_INIT_BYTES])
{
    out[0] = ESC;
    out[1] = '@';
}

void escpos_cut(uint8_t out[ESCPOS_CUT_BYTES])
{
    memcpy(out, (const uint8_t[]){GS, 'V', CUT_AFTER_FEED, 0}, ESCPOS_CUT_BYTES);
}

void escpos_ask(enum escpos_topic topic, uint8_t out[ESCPOS_ASK_BYTES])
{
    out[0] = DLE;
    out[1] = EOT;
    out[2] = (uint8_t)topic;
}

void escpos_echo(uint8_t out[ESCPOS_ECHO_BYTES])
{
    memcpy(out, (const uint8_t[]){GS, 'r', 1}, ESCPOS_ECHO_BYTES);
}

bool escpos_is_echo(uint8_t byte)
{
    return (byte & ECHO_ZEROS) == 0;
}

size_t escpos_bands(const struct raster *raster)
{
    bool fits = raster->width_dots > 0 && raster->width_dots <= PRINTER_WIDTH_DOTS &&
                raster->width_dots % 8 == 0 && raster->height_dots <= PRINTER_HEIGHT_DOTS_MAX;
    return fits ? (raster->height_dots + ESCPOS_BAND_LINES - 1U) / ESCPOS_BAND_LINES : 0;
}

size_t escpos_band(const struct raster *raster, size_t band, uint8_t out[ESCPOS_BAND_BYTES])
{
    CHECK(band < escpos_bands(raster));
    size_t row_bytes = raster->width_dots / 8U;
    size_t first = band * ESCPOS_BAND_LINES;
    size_t lines = raster->height_dots - first;
    lines = lines > ESCPOS_BAND_LINES ? ESCPOS_BAND_LINES : lines;
    const uint8_t head[ESCPOS_BAND_HEAD_BYTES] = {
        GS, 'v', '0', 0, (uint8_t)row_bytes, 0, (uint8_t)lines, 0};
    memcpy(out, head, sizeof head);
    memcpy(out + sizeof head, raster->bits + first * row_bytes, lines * row_bytes);
    return sizeof head + lines * row_bytes;
}

enum err escpos_take_status(enum escpos_topic topic, uint8_t byte, struct printer_status *status)
{
    if ((byte & FIXED_MASK) != FIXED_BITS) {
        return ERR_MALFORMED;
    }
    switch (topic) {
    case ESCPOS_PRINTER:
        status->is_offline = (byte & PRINTER_OFFLINE) != 0;
        break;
    case ESCPOS_OFFLINE_CAUSE:
        status->cover_open = (byte & CAUSE_COVER) != 0;
        break;
    case ESCPOS_ERROR:
        status->cutter_error = (byte & ERROR_CUTTER) != 0;
        status->other_error = (byte & ERROR_OTHER) != 0;
        break;
    case ESCPOS_PAPER:
        status->paper_low = (byte & PAPER_LOW) != 0;
        status->paper_out = (byte & PAPER_OUT) != 0;
        break;
    }
    return OK;
}

void escpos_take_port_status(uint8_t byte, struct printer_status *status)
{
    status->paper_out = (byte & PORT_PAPER_OUT) != 0;
    status->is_offline = (byte & PORT_SELECTED) == 0;
    status->other_error = (byte & PORT_NO_ERROR) == 0 && !status->paper_out;
}
