// SPDX-License-Identifier: EUPL-1.2
//
// What a screen says of its own size (VESA E-EDID 1.4, the first block), as far as it can be true.
// Pure: bytes in, millimetres out.
#ifndef INLOOP_UI_EDID_H
#define INLOOP_UI_EDID_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { EDID_BLOCK_BYTES = 128 };

struct edid {
    int width_mm; // both 0: it does not say, or says what no screen is
    int height_mm;
};

// ERR_MALFORMED: no EDID, or its sum is wrong; `edid` is zeroed then. Blocks behind the first are
// not looked at.
MUST_USE enum err edid_parse(const uint8_t *data, size_t len, struct edid *edid);
// Pixels a millimetre of a mode that fills the screen; 0: not known, or not to be believed (below
// 1, above 20, or a tenth apart between across and down).
float edid_px_per_mm(const struct edid *edid, int width_px, int height_px);

#endif
