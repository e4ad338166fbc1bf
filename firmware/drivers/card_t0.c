// SPDX-License-Identifier: EUPL-1.2
//
// T=0 as far as a reader leaves it to the host: procedure bytes are its own.
#include "drivers/card_t0.h"

#include "base/bytes.h"

#include <string.h>

enum { HEAD_BYTES = 4, P3_AT = 4, GET_RESPONSE = 0xC0, MORE = 0x61, OTHER_LENGTH = 0x6C };
enum { CHANNEL_BITS = 0x03 };

enum err card_t0_begin(struct card_t0 *t0, const uint8_t *command, size_t len, uint8_t *answer,
                       size_t answer_bytes)
{
    CHECK(len >= HEAD_BYTES);
    memset(t0, 0, sizeof *t0);
    size_t data = len > P3_AT + 1 ? command[P3_AT] : 0;
    if (len > P3_AT + 1 && data == 0) {
        return ERR_UNSUPPORTED;
    }
    size_t with_data = P3_AT + 1 + data;
    if (len > P3_AT + 1 && len != with_data && len != with_data + 1) {
        return ERR_MALFORMED;
    }
    // With data, what is expected back is fetched afterwards; without, P3 is its length or zero.
    t0->command_len = with_data;
    memcpy(t0->command_private, command, len < with_data ? len : with_data);
    t0->class_private = command[0] & CHANNEL_BITS;
    t0->answer_private = answer;
    t0->answer_bytes = answer_bytes;
    return OK;
}

const uint8_t *card_t0_command(const struct card_t0 *t0, size_t *len)
{
    *len = t0->command_len;
    return t0->command_private;
}

enum card_turn card_t0_take(struct card_t0 *t0, const uint8_t *bytes, size_t len)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    size_t data_len = len < 2 ? 0 : len - 2;
    const uint8_t *data = bytes_in_take(&in, data_len);
    uint8_t status = bytes_in_u8(&in);
    uint8_t value = bytes_in_u8(&in);
    size_t room = t0->answer_bytes - t0->answer_len;
    t0->rounds++;
    if (in.failed || len > room || t0->rounds > CARD_T0_ROUNDS_MAX) {
        return CARD_BROKEN;
    }
    if (data_len > 0) {
        memcpy(t0->answer_private + t0->answer_len, data, data_len);
        t0->answer_len += data_len;
    }
    if (status == MORE) {
        const uint8_t fetch[] = {t0->class_private, GET_RESPONSE, 0, 0, value};
        memcpy(t0->command_private, fetch, sizeof fetch);
        t0->command_len = sizeof fetch;
        return CARD_SENDS;
    }
    if (status == OTHER_LENGTH && data_len == 0 && t0->command_len == P3_AT + 1) {
        t0->command_private[P3_AT] = value;
        return CARD_SENDS;
    }
    t0->answer_private[t0->answer_len++] = status;
    t0->answer_private[t0->answer_len++] = value;
    return CARD_DONE;
}

void card_t0_wipe(struct card_t0 *t0)
{
    wipe(t0, sizeof *t0);
}
