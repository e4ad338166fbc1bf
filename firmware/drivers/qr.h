// SPDX-License-Identifier: EUPL-1.2
//
// Text into the modules of a QR code (ISO/IEC 18004). The one file that knows libqrencode.
#ifndef INLOOP_DRIVERS_QR_H
#define INLOOP_DRIVERS_QR_H

#include "base/err.h"

#include <stdint.h>

enum { QR_MODULES_MAX = 97 }; // a side; version 20: a service code has 69, a slip 25

struct qr {
    uint8_t modules[QR_MODULES_MAX * QR_MODULES_MAX]; // rows of bytes, 1 is dark
    unsigned modules_count;                           // a side
};

// Level M; upper-case codes take the alphanumeric mode by themselves. ERR_TOO_BIG: too long.
MUST_USE enum err qr_make(struct qr *qr, const char *text);

#endif
