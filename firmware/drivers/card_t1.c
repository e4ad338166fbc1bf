// SPDX-License-Identifier: EUPL-1.2
//
// T=1 by the rules of section 11.6.3, named where they are followed. Node addresses are zero.
#include "drivers/card_t1.h"

#include "base/bytes.h"
#include "base/err.h"

#include <string.h>

enum { NODE = 0, PROLOGUE_BYTES = 3, INFORMATION_MAX = 254, IFS_DEFAULT = 32 };
enum { R_BLOCK = 0x80, S_BLOCK = 0xC0, KIND_BITS = 0xC0, I_BIT = 0x80 };
enum { I_NUMBER = 0x40, I_MORE = 0x20, I_RFU = 0x1F, R_NUMBER = 0x10, R_RFU = 0x2C };
enum { S_RESYNCH = 0xC0, S_IFS = 0xC1, S_ABORT = 0xC2, S_WTX = 0xC3, S_RESPONSE = 0x20 };
enum { R_OK = 0, R_CHECK = 1, R_OTHER = 2 };

// A block that came, taken apart; the information is borrowed.
struct block {
    uint8_t control;
    const uint8_t *information;
    size_t len;
};

static bool read_block(const struct card_t1 *t1, const uint8_t *bytes, size_t len,
                       struct block *block, uint8_t *error);
static size_t put_check(const struct card_t1 *t1, const uint8_t *bytes, size_t len, uint8_t out[2]);
static enum card_turn take_information(struct card_t1 *t1, const struct block *block);
static enum card_turn take_receipt(struct card_t1 *t1, const struct block *block);
static enum card_turn take_request(struct card_t1 *t1, const struct block *block);
static enum card_turn take_response(struct card_t1 *t1, const struct block *block);
static enum card_turn again(struct card_t1 *t1, bool wants_part, uint8_t error);
static void put_request(struct card_t1 *t1);
static void put_part(struct card_t1 *t1);
static void put_block(struct card_t1 *t1, uint8_t control, const uint8_t *information, size_t len);

void card_t1_init(struct card_t1 *t1, uint8_t ifsc, uint8_t room, bool uses_crc)
{
    CHECK(ifsc > 0 && ifsc <= INFORMATION_MAX && room > 0 && room <= INFORMATION_MAX);
    *t1 = (struct card_t1){.ifsc = ifsc,
                           .ifsd = IFS_DEFAULT,
                           .room = room,
                           .uses_crc = uses_crc,
                           .wait_for = 1,
                           .resyncs = CARD_T1_RESYNCS_MAX}; // with nothing said, in vain
}

void card_t1_offer_ifsd(struct card_t1 *t1, uint8_t ifsd)
{
    CHECK(ifsd > 0 && ifsd <= INFORMATION_MAX);
    t1->command_private = NULL;
    t1->command_len = 0;
    t1->sent_bytes = 0;
    t1->part_bytes = 0;
    t1->patience = 0;
    t1->tries = 0;
    t1->asked = S_IFS;
    t1->offered = ifsd;
    put_request(t1);
}

void card_t1_begin(struct card_t1 *t1, const uint8_t *command, size_t len, uint8_t *answer,
                   size_t answer_bytes)
{
    CHECK(len > 0);
    t1->command_private = command;
    t1->command_len = len;
    t1->sent_bytes = 0;
    t1->answer_private = answer;
    t1->answer_bytes = answer_bytes;
    t1->answer_len = 0;
    t1->asked = 0;
    t1->resyncs = 0;
    t1->patience = 0;
    t1->tries = 0;
    put_part(t1);
}

const uint8_t *card_t1_block(const struct card_t1 *t1, size_t *len)
{
    *len = t1->block_len;
    return t1->block_private;
}

enum card_turn card_t1_take(struct card_t1 *t1, const uint8_t *block, size_t len)
{
    struct block read = {0};
    uint8_t error = R_OTHER;
    t1->wait_for = 1;
    t1->patience++;
    if (t1->patience > CARD_T1_PATIENCE_MAX) {
        return CARD_BROKEN;
    }
    if (!read_block(t1, block, len, &read, &error)) {
        return again(t1, false, error);
    }
    if ((read.control & I_BIT) == 0) {
        return take_information(t1, &read);
    }
    if ((read.control & KIND_BITS) == R_BLOCK) {
        return take_receipt(t1, &read);
    }
    return (read.control & S_RESPONSE) == 0 ? take_request(t1, &read) : take_response(t1, &read);
}

void card_t1_wipe(struct card_t1 *t1)
{
    wipe(t1->block_private, sizeof t1->block_private);
    t1->command_private = NULL;
    t1->answer_private = NULL;
    t1->command_len = 0;
    t1->block_len = 0;
}

static bool read_block(const struct card_t1 *t1, const uint8_t *bytes, size_t len,
                       struct block *block, uint8_t *error)
{
    struct bytes_in in;
    uint8_t check[2];
    bytes_in_init(&in, bytes, len);
    uint8_t node = bytes_in_u8(&in);
    block->control = bytes_in_u8(&in);
    block->len = bytes_in_u8(&in);
    block->information = bytes_in_take(&in, block->len);
    size_t check_bytes = t1->uses_crc ? 2 : 1;
    const uint8_t *told = bytes_in_take(&in, check_bytes);
    if (in.failed || bytes_in_left(&in) > 0) {
        return false;
    }
    (void)put_check(t1, bytes, len - check_bytes, check);
    *error = memcmp(told, check, check_bytes) == 0 ? R_OTHER : R_CHECK;
    return *error == R_OTHER && node == NODE && block->len <= INFORMATION_MAX;
}

static size_t put_check(const struct card_t1 *t1, const uint8_t *bytes, size_t len, uint8_t out[2])
{
    if (!t1->uses_crc) {
        out[0] = 0;
        for (size_t i = 0; i < len; i++) {
            out[0] ^= bytes[i];
        }
        return 1;
    }
    unsigned crc = 0xFFFF; // ISO/IEC 13239, low bit first, not inverted at the end
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1U) != 0 ? crc >> 1 ^ 0x8408U : crc >> 1;
        }
    }
    out[0] = (uint8_t)(crc >> 8);
    out[1] = (uint8_t)crc;
    return 2;
}

// Its number is the one that is due, and it is the card's turn to give information.
static enum card_turn take_information(struct card_t1 *t1, const struct block *block)
{
    uint8_t number = (block->control & I_NUMBER) != 0 ? 1 : 0;
    bool is_ours_whole = t1->sent_bytes + t1->part_bytes == t1->command_len;
    if (t1->asked != 0 || t1->command_private == NULL || number != t1->nr || !is_ours_whole ||
        (block->control & I_RFU) != 0 || block->len > t1->ifsd) {
        return again(t1, false, R_OTHER);
    }
    if (block->len > t1->answer_bytes - t1->answer_len) {
        return CARD_BROKEN; // an endless answer
    }
    // The first one also says that our last block has come (rule 2.1).
    if (t1->part_bytes > 0) {
        t1->sent_bytes = t1->command_len;
        t1->part_bytes = 0;
        t1->ns ^= 1;
    }
    if (block->len > 0) {
        memcpy(t1->answer_private + t1->answer_len, block->information, block->len);
        t1->patience = 0;
    }
    t1->answer_len += block->len;
    t1->nr ^= 1;
    t1->tries = 0;
    if ((block->control & I_MORE) == 0) {
        return CARD_DONE;
    }
    put_block(t1, (uint8_t)(R_BLOCK | (t1->nr != 0 ? R_NUMBER : 0) | R_OK), NULL, 0);
    return CARD_SENDS;
}

static enum card_turn take_receipt(struct card_t1 *t1, const struct block *block)
{
    uint8_t number = (block->control & R_NUMBER) != 0 ? 1 : 0;
    bool is_on_its_way = t1->asked == 0 && t1->part_bytes > 0;
    bool is_last = t1->sent_bytes + t1->part_bytes == t1->command_len;
    if (block->len > 0 || (block->control & R_RFU) != 0) {
        return again(t1, false, R_OTHER);
    }
    if (!is_on_its_way || number == t1->ns || is_last) {
        return again(t1, is_on_its_way && number == t1->ns, R_OK); // rules 7.2 and 7.4
    }
    t1->sent_bytes += t1->part_bytes; // rule 2.2: the next one, please
    t1->ns ^= 1;
    t1->patience = 0;
    t1->tries = 0;
    put_part(t1);
    return CARD_SENDS;
}

static enum card_turn take_request(struct card_t1 *t1, const struct block *block)
{
    uint8_t value = block->len == 1 ? block->information[0] : 0;
    switch (block->control) {
    case S_WTX: // rule 3
        if (block->len == 1) {
            put_block(t1, S_WTX | S_RESPONSE, &value, 1);
            t1->wait_for = value > 0 ? value : 1;
            return CARD_SENDS;
        }
        break;
    case S_IFS: // rule 4
        if (value > 0 && value <= INFORMATION_MAX) {
            t1->ifsc = value;
            put_block(t1, S_IFS | S_RESPONSE, &value, 1);
            return CARD_SENDS;
        }
        break;
    case S_ABORT: // rule 9: what it was about to say will not come
        return CARD_BROKEN;
    default:
        break;
    }
    return again(t1, false, R_OTHER);
}

static enum card_turn take_response(struct card_t1 *t1, const struct block *block)
{
    if (t1->asked == 0 || block->control != (t1->asked | S_RESPONSE)) {
        return again(t1, false, R_OTHER);
    }
    if (t1->asked == S_IFS) {
        if (block->len != 1 || block->information[0] != t1->offered) {
            return again(t1, false, R_OTHER);
        }
        t1->ifsd = t1->offered;
        t1->asked = 0;
        return CARD_DONE;
    }
    if (block->len > 0) {
        return again(t1, false, R_OTHER);
    }
    t1->asked = 0; // rule 6.3: both begin with zero, and the command begins anew
    t1->ns = 0;
    t1->nr = 0;
    t1->sent_bytes = 0;
    t1->answer_len = 0;
    t1->tries = 0;
    put_part(t1);
    return CARD_SENDS;
}

// Rules 7.1 to 7.4: say again what was not understood, or ask for the block again; in vain three
// times, resynchronise (rule 6).
static enum card_turn again(struct card_t1 *t1, bool wants_part, uint8_t error)
{
    t1->tries++;
    if (t1->tries < CARD_T1_TRIES_MAX) {
        if (t1->asked != 0) {
            put_request(t1);
        } else if (wants_part) {
            put_part(t1);
        } else {
            put_block(t1, (uint8_t)(R_BLOCK | (t1->nr != 0 ? R_NUMBER : 0) | error), NULL, 0);
        }
        return CARD_SENDS;
    }
    if (t1->asked != 0 || t1->resyncs >= CARD_T1_RESYNCS_MAX) {
        return CARD_BROKEN;
    }
    t1->tries = 0;
    t1->resyncs++;
    t1->asked = S_RESYNCH;
    put_request(t1);
    return CARD_SENDS;
}

static void put_request(struct card_t1 *t1)
{
    put_block(t1, t1->asked, &t1->offered, t1->asked == S_IFS ? 1 : 0);
}

static void put_part(struct card_t1 *t1)
{
    size_t left = t1->command_len - t1->sent_bytes;
    size_t most = t1->ifsc < t1->room ? t1->ifsc : t1->room;
    t1->part_bytes = left < most ? left : most;
    bool is_last = t1->part_bytes == left;
    put_block(t1, (uint8_t)((t1->ns != 0 ? I_NUMBER : 0) | (is_last ? 0 : I_MORE)),
              t1->command_private + t1->sent_bytes, t1->part_bytes);
}

static void put_block(struct card_t1 *t1, uint8_t control, const uint8_t *information, size_t len)
{
    uint8_t *block = t1->block_private;
    block[0] = NODE;
    block[1] = control;
    block[2] = (uint8_t)len;
    if (len > 0) {
        memcpy(block + PROLOGUE_BYTES, information, len);
    }
    size_t at = PROLOGUE_BYTES + len;
    t1->block_len = at + put_check(t1, block, at, block + at);
}
