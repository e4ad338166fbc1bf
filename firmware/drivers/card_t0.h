// SPDX-License-Identifier: EUPL-1.2
//
// Commands over the byte protocol T=0 (ISO/IEC 7816-3 section 12.2): how a command is laid out for
// it, and fetching what the card keeps (61xx) or sends only at its own length (6Cxx). Pure.
#ifndef INLOOP_DRIVERS_CARD_T0_H
#define INLOOP_DRIVERS_CARD_T0_H

#include "base/err.h"
#include "drivers/card_turn.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CARD_T0_COMMAND_BYTES = 5 + 255,
    CARD_T0_ROUNDS_MAX = 64, // of one command; a card that always keeps more ends here
};

struct card_t0 {
    uint8_t class_private; // of GET RESPONSE
    uint8_t *answer_private;
    size_t answer_bytes;
    size_t answer_len;
    unsigned rounds;
    uint8_t command_private[CARD_T0_COMMAND_BYTES];
    size_t command_len;
};

// Copies a short command; keeps `answer` until the turn is CARD_DONE or CARD_BROKEN; then
// `answer_len` counts. ERR_UNSUPPORTED: extended. ERR_MALFORMED: its lengths do not fit.
MUST_USE enum err card_t0_begin(struct card_t0 *t0, const uint8_t *command, size_t len,
                                uint8_t *answer, size_t answer_bytes);
// What to send now; borrowed until card_t0_take.
const uint8_t *card_t0_command(const struct card_t0 *t0, size_t *len);
// What came: data and two status bytes.
enum card_turn card_t0_take(struct card_t0 *t0, const uint8_t *bytes, size_t len);
void card_t0_wipe(struct card_t0 *t0);

#endif
