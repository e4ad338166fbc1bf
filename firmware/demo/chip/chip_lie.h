// SPDX-License-Identifier: EUPL-1.2
//
// What a card can do wrong on purpose, so that the kiosk can be seen to refuse it.
#ifndef INLOOP_DEMO_CHIP_LIE_H
#define INLOOP_DEMO_CHIP_LIE_H

#include "base/err.h"

enum chip_lie {
    CHIP_HONEST,
    CHIP_WRONG_POINT,    // PACE mapping: a point beside the curve
    CHIP_INFINITY,       // PACE mapping: the point at infinity
    CHIP_EQUAL_KEYS,     // PACE agreement: the terminal's own key back
    CHIP_BAD_TOKEN,      // PACE token
    CHIP_BAD_MAPPING,    // chip-authentication mapping: a wrong proof
    CHIP_PLAIN_STATUS,   // an answer without protection in a protected session
    CHIP_TRUNCATED_FILE, // EF.SOD ends before its own length
    CHIP_ENDLESS_FILE,   // every file announces 60000 bytes and goes on
    CHIP_DRIPPING_FILE,  // one byte a reading
    CHIP_HUGE_LENGTH,    // EF.SOD announces 64 kB
    CHIP_WRONG_SSC,
    CHIP_BAD_MAC,
    CHIP_TAMPERED_DG1,
    CHIP_TAMPERED_SOD,
    CHIP_UNKNOWN_SIGNER,
    CHIP_EXPIRED_SIGNER,
    CHIP_CLONED, // has the files, not the keys
    CHIP_SILENT, // proves nothing about itself
    CHIP_PULLED, // leaves after some commands
    CHIP_LIES_COUNT,
};

const char *chip_lie_name(enum chip_lie lie); // "wrong-point"
MUST_USE enum err chip_lie_from_name(const char *name, enum chip_lie *lie);

#endif
