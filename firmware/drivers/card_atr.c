// SPDX-License-Identifier: EUPL-1.2
//
// The chain of interface bytes: each TD says which of TA, TB, TC and TD come next, and for which
// protocol.
#include "drivers/card_atr.h"

#include "base/bytes.h"

enum { DIRECT = 0x3B, INVERSE = 0x3F, ATR_BYTES_MIN = 2, ATR_BYTES_MAX = 33, NO_PROTOCOL = 16 };
enum { HAS_TA = 1, HAS_TB = 2, HAS_TC = 4, HAS_TD = 8, ROUNDS_MAX = 8 };

// Interface bytes of one round; bit set where one is there.
struct round {
    unsigned has;
    uint8_t ta;
    uint8_t tb;
    uint8_t tc;
};

// The protocols it names.
struct offers {
    unsigned all; // a bit each
    unsigned first;
};

static void read_rounds(struct bytes_in *in, unsigned next, struct card_atr *atr,
                        struct offers *offers);
static void note_round(struct card_atr *atr, unsigned number, unsigned protocol,
                       const struct round *round, bool *has_t1_bytes);
static bool is_made_up(const uint8_t *bytes, size_t len);
static bool is_check_right(const uint8_t *bytes, size_t len);

enum err card_atr_read(const uint8_t *bytes, size_t len, struct card_atr *atr)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    uint8_t first = bytes_in_u8(&in);
    uint8_t format = bytes_in_u8(&in);
    *atr = (struct card_atr){.is_inverse = first == INVERSE,
                             .rate = 0x11,
                             .waiting = 10,
                             .ifsc = 32,
                             .block_times = 0x4D};
    if (len < ATR_BYTES_MIN || len > ATR_BYTES_MAX || (first != DIRECT && first != INVERSE)) {
        return ERR_MALFORMED;
    }
    struct offers offers = {.first = NO_PROTOCOL};
    read_rounds(&in, format >> 4, atr, &offers);
    bool names_none = offers.first == NO_PROTOCOL; // then it is T=0
    atr->has_t0 = names_none || (offers.all & 1U << 0) != 0;
    atr->has_t1 = (offers.all & 1U << 1) != 0;
    (void)bytes_in_take(&in, format & 0x0FU); // historical bytes: the card's own
    bool has_check = (offers.all & ~1U) != 0;
    if (in.failed || bytes_in_left(&in) != (has_check ? 1U : 0U) ||
        (has_check && !is_check_right(bytes, len))) {
        return ERR_MALFORMED;
    }
    atr->is_contactless = is_made_up(bytes, len);
    if (!atr->is_specific) {
        atr->protocol = atr->is_contactless || offers.first == 1 || !atr->has_t0 ? 1 : 0;
    }
    bool is_offered = atr->protocol == 0 ? atr->has_t0 : atr->protocol == 1 && atr->has_t1;
    return is_offered ? OK : ERR_UNSUPPORTED;
}

static void read_rounds(struct bytes_in *in, unsigned next, struct card_atr *atr,
                        struct offers *offers)
{
    unsigned protocol = 0; // what the round's bytes are for
    bool has_t1_bytes = false;
    for (unsigned number = 1; number <= ROUNDS_MAX && next != 0; number++) {
        struct round round = {.has = next};
        round.ta = (next & HAS_TA) != 0 ? bytes_in_u8(in) : 0;
        round.tb = (next & HAS_TB) != 0 ? bytes_in_u8(in) : 0;
        round.tc = (next & HAS_TC) != 0 ? bytes_in_u8(in) : 0;
        note_round(atr, number, protocol, &round, &has_t1_bytes);
        next = 0;
        if ((round.has & HAS_TD) != 0) {
            uint8_t td = bytes_in_u8(in);
            protocol = td & 0x0FU;
            next = td >> 4;
            offers->all |= 1U << protocol;
            offers->first = offers->first == NO_PROTOCOL ? protocol : offers->first;
        }
    }
}

static void note_round(struct card_atr *atr, unsigned number, unsigned protocol,
                       const struct round *round, bool *has_t1_bytes)
{
    if (number == 1) {
        atr->rate = (round->has & HAS_TA) != 0 ? round->ta : atr->rate;
        atr->guard_time = round->tc;
    } else if (number == 2) {
        atr->is_specific = (round->has & HAS_TA) != 0;
        atr->protocol = atr->is_specific ? round->ta & 0x0FU : 0;
        atr->waiting = (round->has & HAS_TC) != 0 ? round->tc : atr->waiting;
    } else if (protocol == 1 && !*has_t1_bytes) {
        *has_t1_bytes = true; // the first round for T=1 counts (section 11.4.1)
        bool has_size = (round->has & HAS_TA) != 0 && round->ta != 0 && round->ta != UINT8_MAX;
        atr->ifsc = has_size ? round->ta : atr->ifsc;
        atr->block_times = (round->has & HAS_TB) != 0 ? round->tb : atr->block_times;
        atr->uses_crc = (round->tc & 1U) != 0;
    }
}

// 3B 8n 80 01: n bytes of the chip's own and nothing to set. It names T=0 first and means T=1.
static bool is_made_up(const uint8_t *bytes, size_t len)
{
    return len >= 4 && bytes[0] == DIRECT && (bytes[1] & 0xF0U) == 0x80U && bytes[2] == 0x80 &&
           bytes[3] == 0x01;
}

// All but the first byte, the check byte too, make zero.
static bool is_check_right(const uint8_t *bytes, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 1; i < len; i++) {
        sum ^= bytes[i];
    }
    return sum == 0;
}
