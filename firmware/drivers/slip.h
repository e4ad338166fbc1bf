// SPDX-License-Identifier: EUPL-1.2
//
// The slip a visitor takes along, drawn whole by our own text engine as one raster of single dots.
// All words come from the caller; nothing personal is among them.
#ifndef INLOOP_DRIVERS_SLIP_H
#define INLOOP_DRIVERS_SLIP_H

#include "ports/printer.h"
#include "ui/look.h"

struct canvas_icons;
struct text_shaper;

struct slip {
    const char *town;
    const char *date;    // "23 november 2026"
    const char *title;   // "Uw nummer"
    const char *number;  // "B042", or the reference of what was sent
    const char *time;    // "Rond 14.05 uur", in the black bar; NULL when not known
    const char *wait;    // "U wacht 10 tot 15 minuten"; NULL when not known
    const char *todo;    // "Kijk en luister in de hal."
    const char *subject; // kind of request when policy lets it be printed, else NULL
    const char *picture; // its pictogram, or NULL
    const char *bring;   // "Neem mee: kenteken", or NULL; printed only with `subject`
    const char *follow;  // words beside the code
    const char *help;    // "Hulp nodig? Vraag het in de hal."
    const char *privacy; // "Op dit papier staat geen naam."
    const char *copy;    // "kopie" on a reprint, else NULL
    const char *code;    // text of the QR code; NULL: none, and `follow` is not printed
};

enum { SLIP_BYTES = PRINTER_WIDTH_DOTS / 8 * PRINTER_HEIGHT_DOTS_MAX };

// Fills `bits` (SLIP_BYTES) and `raster`, which points into it. `look` gives language and
// direction only. Borrows all. ERR_TOO_BIG: the code is too long.
MUST_USE enum err slip_draw(const struct slip *slip, const struct look *look,
                            struct text_shaper *shaper, struct canvas_icons *icons, uint8_t *bits,
                            struct raster *raster);

#endif
