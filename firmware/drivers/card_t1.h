// SPDX-License-Identifier: EUPL-1.2
//
// The block protocol T=1 (ISO/IEC 7816-3 chapter 11) from the reader's side: which block goes next
// and what a block that came means. Pure: bytes in and out; who sends them waits and tells when
// nothing came.
#ifndef INLOOP_DRIVERS_CARD_T1_H
#define INLOOP_DRIVERS_CARD_T1_H

#include "drivers/card_turn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CARD_T1_BLOCK_BYTES = 3 + 254 + 2, // prologue, information field, CRC
    CARD_T1_TRIES_MAX = 3,             // of one block, then of resynchronising
    CARD_T1_RESYNCS_MAX = 3,           // of one command
    CARD_T1_PATIENCE_MAX = 1000,       // blocks of one command that move nothing on
};

struct card_t1 {
    uint8_t room; // for an information field on the way to the card
    uint8_t ifsc; // longest information field the card takes
    uint8_t ifsd; // that we take
    bool uses_crc;
    uint8_t ns;       // of our next information block
    uint8_t nr;       // that the card's next one must have
    uint8_t wait_for; // multiplier of the waiting time for the next block, at least 1
    const uint8_t *command_private;
    size_t command_len;
    size_t sent_bytes; // acknowledged
    size_t part_bytes; // in the block that is on its way
    uint8_t *answer_private;
    size_t answer_bytes;
    size_t answer_len;
    uint8_t asked;   // the S request that is on its way; 0: none
    uint8_t offered; // with S(IFS)
    unsigned tries;
    unsigned resyncs;
    unsigned patience;
    uint8_t block_private[CARD_T1_BLOCK_BYTES];
    size_t block_len;
};

// After powering. `ifsc` is what the card takes, by its ATR; `room` what fits a block on the way
// there. Both 1..254.
void card_t1_init(struct card_t1 *t1, uint8_t ifsc, uint8_t room, bool uses_crc);
// The first exchange after powering: tells the card how much we take. When it ends with CARD_BROKEN
// before anything else was said, the card takes the default of 32 and may still be spoken to.
void card_t1_offer_ifsd(struct card_t1 *t1, uint8_t ifsd);
// Keeps `command` and `answer` until the turn is CARD_DONE or CARD_BROKEN; then `answer_len`
// counts.
void card_t1_begin(struct card_t1 *t1, const uint8_t *command, size_t len, uint8_t *answer,
                   size_t answer_bytes);
// The block to send now; borrowed until card_t1_take.
const uint8_t *card_t1_block(const struct card_t1 *t1, size_t *len);
// The block that came, or NULL with 0: nothing came in time, or not what was sent.
enum card_turn card_t1_take(struct card_t1 *t1, const uint8_t *block, size_t len);
void card_t1_wipe(struct card_t1 *t1);

#endif
