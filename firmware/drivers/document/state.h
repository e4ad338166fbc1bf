// SPDX-License-Identifier: EUPL-1.2
//
// The two spellings of one state: two letters in certificates, three in machine-readable zones
// (ISO 3166-1, ICAO Doc 9303-3 section 5).
#ifndef INLOOP_DRIVERS_DOCUMENT_STATE_H
#define INLOOP_DRIVERS_DOCUMENT_STATE_H

#include <stdbool.h>

// `issuer` as the zone has it, without filling: "NLD", "D". False for what neither list knows.
bool state_is_same(const char letters[3], const char *issuer);

#endif
