// SPDX-License-Identifier: EUPL-1.2
//
// What a card says when it is powered (ISO/IEC 7816-3 section 8), as far as talking to it needs it.
#ifndef INLOOP_DRIVERS_CARD_ATR_H
#define INLOOP_DRIVERS_CARD_ATR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct card_atr {
    bool is_inverse;     // convention; the reader turns the bits, parameters tell it to
    bool is_contactless; // made up by the reader for a contactless chip (PC/SC part 3)
    bool has_t0;
    bool has_t1;
    bool is_specific;    // the card has chosen already (TA2)
    uint8_t protocol;    // the one to speak, before a reader's own limits: 0 or 1
    uint8_t rate;        // TA1: Fi and Di; 0x11 when it says none
    uint8_t guard_time;  // TC1
    uint8_t waiting;     // T=0: TC2
    uint8_t ifsc;        // T=1: 1..254
    uint8_t block_times; // T=1: BWI and CWI
    bool uses_crc;       // T=1, else LRC
};

// ERR_MALFORMED: no ATR, or its check byte is wrong. ERR_UNSUPPORTED: neither T=0 nor T=1.
MUST_USE enum err card_atr_read(const uint8_t *bytes, size_t len, struct card_atr *atr);

#endif
