// SPDX-License-Identifier: EUPL-1.2
//
// What a document's security object says: which files there are and what their hashes are
// (LDSSecurityObject, ICAO Doc 9303-10 section 4.7). Whether it is to be believed is trust.c.
#ifndef INLOOP_DRIVERS_DOCUMENT_SOD_H
#define INLOOP_DRIVERS_DOCUMENT_SOD_H

#include "drivers/document/trust.h"

// Of a whole EF.SOD, borrowed, what is inside its tag. ERR_MALFORMED.
MUST_USE enum err sod_unwrap(const uint8_t *file, size_t len, const uint8_t **inside,
                             size_t *inside_len);
// Reads the signed content. ERR_MALFORMED; ERR_UNSUPPORTED: a hash we do not take. `hashes` is then
// empty: it has no group.
MUST_USE enum err sod_read(const uint8_t *content, size_t len, struct sod_hashes *hashes);

#endif
