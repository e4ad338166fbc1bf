// SPDX-License-Identifier: EUPL-1.2
//
// A card that says anything over T=1 and T=0: block after block (a byte of length each) until the
// command ends. It always ends, what is sent always fits, and the answer stays within its bounds.
// Where the top bit of the length is set, the check byte is made right first.
#include "base/bytes.h"
#include "drivers/card_t0.h"
#include "drivers/card_t1.h"

#include <string.h>

enum { COMMAND_BYTES = 300, ANSWER_BYTES = 400, MENDED = 0x80, ROUNDS_MAX = 20000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Like the fuzzer's own bytes, but with a right LRC more often than by chance.
static size_t next_block(struct bytes_in *in, uint8_t *block)
{
    uint8_t head = bytes_in_u8(in);
    size_t len = head & ~(unsigned)MENDED;
    len = len < bytes_in_left(in) ? len : bytes_in_left(in);
    if (len > 0) {
        memcpy(block, bytes_in_take(in, len), len);
    }
    if ((head & MENDED) != 0 && len >= 3) {
        block[0] = 0;
        block[2] = (uint8_t)(len - 3);
        block[len] = 0;
        for (size_t i = 0; i < len; i++) {
            block[len] ^= block[i];
        }
        len++;
    }
    return len;
}

static void speak_t1(struct bytes_in *in, uint8_t ifsc, bool uses_crc)
{
    static struct card_t1 t1;
    static const uint8_t command[COMMAND_BYTES];
    uint8_t answer[ANSWER_BYTES];
    card_t1_init(&t1, ifsc, ifsc, uses_crc);
    card_t1_offer_ifsd(&t1, 254);
    for (int commands = 0; commands < 3; commands++) {
        enum card_turn turn = CARD_SENDS;
        int rounds = 0;
        while (turn == CARD_SENDS) {
            uint8_t block[UINT8_MAX] = {0};
            size_t len = 0;
            (void)card_t1_block(&t1, &len);
            CHECK(len >= 4 && len <= CARD_T1_BLOCK_BYTES);
            size_t got = bytes_in_left(in) > 0 ? next_block(in, block) : 0;
            turn = card_t1_take(&t1, got > 0 ? block : NULL, got);
            CHECK(t1.wait_for > 0 && t1.answer_len <= ANSWER_BYTES);
            CHECK(++rounds < ROUNDS_MAX);
        }
        if (turn == CARD_BROKEN && commands > 0) {
            break;
        }
        card_t1_begin(&t1, command, sizeof command, answer, sizeof answer);
    }
    card_t1_wipe(&t1);
}

static void speak_t0(struct bytes_in *in)
{
    static struct card_t0 t0;
    static const uint8_t command[] = {0x00, 0xA4, 0x04, 0x0C, 0x02, 0x3F, 0x00, 0x00};
    uint8_t answer[ANSWER_BYTES];
    CHECK(card_t0_begin(&t0, command, sizeof command, answer, sizeof answer) == OK);
    enum card_turn turn = CARD_SENDS;
    int rounds = 0;
    while (turn == CARD_SENDS) {
        uint8_t bytes[UINT8_MAX] = {0};
        size_t got = bytes_in_left(in) > 0 ? next_block(in, bytes) : 0;
        turn = card_t0_take(&t0, bytes, got);
        CHECK(t0.answer_len <= ANSWER_BYTES);
        CHECK(++rounds < ROUNDS_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes_in in;
    bytes_in_init(&in, data, size);
    uint8_t how = bytes_in_u8(&in);
    uint8_t ifsc = (uint8_t)((how >> 2) * 4 + 1);
    if ((how & 1U) != 0) {
        speak_t0(&in);
    } else {
        speak_t1(&in, ifsc > 254 ? 254 : ifsc, (how & 2U) != 0);
    }
    return 0;
}
