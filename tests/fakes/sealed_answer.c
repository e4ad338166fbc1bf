// SPDX-License-Identifier: EUPL-1.2
//
// Seals answers (ICAO Doc 9303-11 section 9.8).
#include "tests/fakes/sealed_answer.h"

#include "drivers/document/ber.h"

#include <string.h>

static size_t seal(const struct sealed_answer *answer, const uint8_t *counter, uint8_t *out);
static size_t pad(uint8_t *data, size_t len, size_t block);

size_t sealed_answer_write(const struct sealed_answer *answer, uint8_t out[SEALED_ANSWER_BYTES])
{
    const size_t block = cipher_block_bytes(answer->encrypt->cipher);
    const uint8_t status[2] = {(uint8_t)(answer->status >> 8), (uint8_t)answer->status};
    uint8_t counter[CIPHER_BLOCK_BYTES_MAX];
    uint8_t code[CIPHER_MAC_BYTES];
    static uint8_t work[SEALED_ANSWER_BYTES + 64];
    memcpy(counter, answer->counter, block);
    for (size_t i = block; i > 0 && ++counter[i - 1] == 0; i--) {
    }
    size_t len = answer->plain != NULL || answer->padded != NULL ? seal(answer, counter, out) : 0;
    len += ber_put(0x99, status, sizeof status, out + len, SEALED_ANSWER_BYTES - len);
    memcpy(work, counter, block);
    memcpy(work + block, out, len);
    cipher_mac(answer->authenticate, work, block + pad(work + block, len, block), true, code);
    len += ber_put(0x8e, code, sizeof code, out + len, SEALED_ANSWER_BYTES - len);
    memcpy(out + len, status, sizeof status);
    return len + sizeof status;
}

static size_t seal(const struct sealed_answer *answer, const uint8_t *counter, uint8_t *out)
{
    const size_t block = cipher_block_bytes(answer->encrypt->cipher);
    static uint8_t data[SEALED_ANSWER_BYTES + 64];
    uint8_t iv[CIPHER_BLOCK_BYTES_MAX] = {0};
    size_t len = answer->plain != NULL ? answer->plain_len : answer->padded_len;
    CHECK(len + 64 < SEALED_ANSWER_BYTES);
    data[0] = 0x01;
    memcpy(data + 1, answer->plain != NULL ? answer->plain : answer->padded, len);
    if (answer->plain != NULL) {
        len = pad(data + 1, len, block);
    }
    if (answer->encrypt->cipher != CIPHER_3DES) {
        cipher_block(answer->encrypt, counter, iv);
    }
    cipher_encrypt(answer->encrypt, iv, data + 1, len, data + 1);
    return ber_put(0x87, data, 1 + len, out, SEALED_ANSWER_BYTES);
}

static size_t pad(uint8_t *data, size_t len, size_t block)
{
    data[len++] = 0x80;
    while (len % block != 0) {
        data[len++] = 0;
    }
    return len;
}
