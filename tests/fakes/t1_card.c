// SPDX-License-Identifier: EUPL-1.2
//
// Control bytes are written as the standard prints them.
#include "tests/fakes/t1_card.h"

#include <string.h>

static size_t check_len(const struct t1_card *t1)
{
    return t1->uses_crc ? 2 : 1;
}

// The CRC by table 1 of ISO/IEC 13239's polynomial, one nibble at a time.
static void check_of(const struct t1_card *t1, const uint8_t *bytes, size_t len, uint8_t out[2])
{
    static const uint16_t nibbles[16] = {0x0000, 0x1081, 0x2102, 0x3183, 0x4204, 0x5285,
                                         0x6306, 0x7387, 0x8408, 0x9489, 0xA50A, 0xB58B,
                                         0xC60C, 0xD68D, 0xE70E, 0xF78F};
    uint16_t crc = 0xFFFF;
    uint8_t sum = 0;
    for (size_t i = 0; i < len; i++) {
        sum ^= bytes[i];
        crc = (uint16_t)(crc >> 4 ^ nibbles[(crc ^ bytes[i]) & 15]);
        crc = (uint16_t)(crc >> 4 ^ nibbles[(crc ^ bytes[i] >> 4) & 15]);
    }
    out[0] = t1->uses_crc ? (uint8_t)(crc >> 8) : sum;
    out[1] = (uint8_t)crc;
}

static size_t say(struct t1_card *t1, uint8_t control, const uint8_t *bytes, size_t len,
                  uint8_t out[T1_CARD_BLOCK_BYTES])
{
    uint8_t check[2];
    uint8_t *last = t1->last;
    last[0] = 0;
    last[1] = control;
    last[2] = (uint8_t)len;
    if (len > 0) {
        memcpy(last + 3, bytes, len);
    }
    check_of(t1, last, 3 + len, check);
    memcpy(last + 3 + len, check, check_len(t1));
    t1->last_len = 3 + len + check_len(t1);
    memcpy(out, last, t1->last_len);
    return t1->last_len;
}

static size_t say_again(const struct t1_card *t1, uint8_t *out)
{
    memcpy(out, t1->last, t1->last_len);
    return t1->last_len;
}

static size_t say_receipt(struct t1_card *t1, uint8_t error, uint8_t *out)
{
    return say(t1, (uint8_t)((t1->nr != 0 ? 0x90 : 0x80) | error), NULL, 0, out);
}

static size_t say_part(struct t1_card *t1, uint8_t *out)
{
    if (t1->wtx_left > 0) {
        t1->wtx_left--;
        return say(t1, 0xC3, &t1->wtx_value, 1, out);
    }
    if (t1->ifsc_wanted > 0) {
        t1->ifsc = t1->ifsc_wanted;
        t1->ifsc_wanted = 0;
        return say(t1, 0xC1, &t1->ifsc, 1, out);
    }
    size_t left = t1->answer_len - t1->answer_at;
    t1->part_len = left < t1->ifsd ? left : t1->ifsd;
    t1->has_part = true;
    return say(t1, (uint8_t)((t1->ns != 0 ? 0x40 : 0x00) | (t1->part_len < left ? 0x20 : 0x00)),
               t1->answer + t1->answer_at, t1->part_len, out);
}

static size_t take_information(struct t1_card *t1, const uint8_t *block, uint8_t *out)
{
    uint8_t number = (block[1] & 0x40) != 0 ? 1 : 0;
    if (number != t1->nr || block[2] > t1->ifsc ||
        t1->command_len + block[2] > sizeof t1->command) {
        return say_receipt(t1, 2, out);
    }
    if (t1->has_part) { // the last answer has come, then
        t1->has_part = false;
        t1->ns ^= 1;
        t1->command_len = 0;
    }
    memcpy(t1->command + t1->command_len, block + 3, block[2]);
    t1->command_len += block[2];
    t1->nr ^= 1;
    if ((block[1] & 0x20) != 0) {
        return say_receipt(t1, 0, out);
    }
    t1->commands_count++;
    t1->answer_len = t1->card->answer(t1->card->ctx, t1->command, t1->command_len, t1->answer,
                                      sizeof t1->answer);
    t1->command_len = 0;
    t1->answer_at = 0;
    t1->wtx_left = t1->wtx_wanted;
    return t1->answer_len == 0 ? 0 : say_part(t1, out);
}

static size_t take_receipt(struct t1_card *t1, const uint8_t *block, uint8_t *out)
{
    uint8_t number = (block[1] & 0x10) != 0 ? 1 : 0;
    bool is_supervision = t1->last_len > 0 && (t1->last[1] & 0xC0) == 0xC0;
    if (is_supervision || (t1->has_part && number == t1->ns)) {
        return say_again(t1, out);
    }
    if (!t1->has_part || t1->answer_at + t1->part_len == t1->answer_len) {
        return say_receipt(t1, 0, out); // it is the reader's turn
    }
    t1->answer_at += t1->part_len;
    t1->ns ^= 1;
    return say_part(t1, out);
}

static size_t take_supervision(struct t1_card *t1, const uint8_t *block, uint8_t *out)
{
    switch (block[1]) {
    case 0xC0:
        t1->resyncs_count++;
        t1->ns = 0;
        t1->nr = 0;
        t1->has_part = false;
        t1->command_len = 0;
        return say(t1, 0xE0, NULL, 0, out);
    case 0xC1:
        if (t1->refuses_ifsd) {
            return say_receipt(t1, 2, out);
        }
        t1->ifsd = block[3];
        return say(t1, 0xE1, block + 3, 1, out);
    case 0xE1:
    case 0xE3:
        return say_part(t1, out);
    default:
        return say_receipt(t1, 2, out);
    }
}

void t1_card_reset(struct t1_card *t1)
{
    t1->ifsd = 32;
    t1->ns = 0;
    t1->nr = 0;
    t1->has_part = false;
    t1->command_len = 0;
    t1->last_len = 0;
}

size_t t1_card_take(struct t1_card *t1, const uint8_t *block, size_t len,
                    uint8_t out[T1_CARD_BLOCK_BYTES])
{
    uint8_t check[2];
    size_t around = 3 + check_len(t1);
    if (len == 0) {
        return 0;
    }
    if (len < around || len != around + block[2]) {
        return say_receipt(t1, 2, out);
    }
    check_of(t1, block, len - check_len(t1), check);
    if (memcmp(check, block + len - check_len(t1), check_len(t1)) != 0) {
        return say_receipt(t1, 1, out);
    }
    if ((block[1] & 0x80) == 0) {
        return take_information(t1, block, out);
    }
    return (block[1] & 0xC0) == 0x80 ? take_receipt(t1, block, out)
                                     : take_supervision(t1, block, out);
}
