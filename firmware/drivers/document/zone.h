// SPDX-License-Identifier: EUPL-1.2
//
// The machine-readable zone as DG1 holds it (ICAO Doc 9303 parts 3 to 6): its three forms, check
// digits, names and dates. Optional data, where older documents hold a BSN, is checked and left.
#ifndef INLOOP_DRIVERS_DOCUMENT_ZONE_H
#define INLOOP_DRIVERS_DOCUMENT_ZONE_H

#include "base/text.h"
#include "drivers/document/document.h"

// The check digit of a field of A-Z, 0-9 and '<' (part 3 section 4.9); '\0' when it holds others.
char zone_check_digit(const char *field, size_t len);

// Reads a whole EF.DG1. Borrows `file`, which the caller wipes: nothing of it but what `holder` has
// is kept. `today` decides centuries. ERR_MALFORMED: not DG1, or no zone of ours; ERR_CRYPTO: a
// check digit is wrong. `holder` is then wiped.
MUST_USE enum err zone_read(const uint8_t *file, size_t len, struct date today,
                            struct document_holder_private *holder);

#endif
