// SPDX-License-Identifier: EUPL-1.2
//
// The card's side of T=1 (ISO/IEC 7816-3 chapter 11), written apart from the driver's: blocks in,
// blocks out, with a fake card's answers inside.
#ifndef INLOOP_TESTS_T1_CARD_H
#define INLOOP_TESTS_T1_CARD_H

#include "tests/fakes/fake_card_reader.h"

enum { T1_CARD_BLOCK_BYTES = 3 + 254 + 2 };

struct t1_card {
    const struct fake_card *card;
    bool uses_crc;
    uint8_t ifsc;        // the longest information field it takes
    unsigned wtx_wanted; // asks for more time so often before each answer
    uint8_t wtx_value;   // so much
    uint8_t ifsc_wanted; // tells before the first answer that it takes more; 0: does not
    bool refuses_ifsd;   // does not know S(IFS)
    // Where it is.
    uint8_t ifsd; // the longest it may send
    uint8_t ns;
    uint8_t nr;
    uint8_t command[CARD_COMMAND_BYTES];
    size_t command_len;
    uint8_t answer[CARD_ANSWER_BYTES];
    size_t answer_len;
    size_t answer_at;
    size_t part_len; // of the answer, on its way
    bool has_part;
    unsigned wtx_left;
    size_t resyncs_count;
    size_t commands_count;
    uint8_t last[T1_CARD_BLOCK_BYTES];
    size_t last_len;
};

// As after powering.
void t1_card_reset(struct t1_card *t1);
// Gives the block it answers with; 0: none.
size_t t1_card_take(struct t1_card *t1, const uint8_t *block, size_t len,
                    uint8_t out[T1_CARD_BLOCK_BYTES]);

#endif
