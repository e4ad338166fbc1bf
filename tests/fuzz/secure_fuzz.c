// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a chip may answer in a protected session. The first byte chooses the cipher, and whether
// the rest is the answer as it is or what is inside one that was sealed as it must be.
#include "base/bytes.h"
#include "drivers/document/secure.h"
#include "tests/fakes/sealed_answer.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { SEALED = 0x10, PADDED = 0x20, DATA_BYTES_MAX = 4000 };

static const struct cipher_key_private *key_of(enum cipher cipher);
static size_t seal(const struct secure_private *secure, uint8_t how, const uint8_t *data,
                   size_t len, uint8_t *answer);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct secure_private secure;
    static uint8_t plain[SECURE_ANSWER_BYTES_MAX];
    static uint8_t answer[SEALED_ANSWER_BYTES];
    const struct apdu apdu = {.ins = 0xb0, .answer_bytes = 200};
    uint8_t command[APDU_BYTES_MAX];
    size_t plain_len = 0;
    uint16_t status = 0;
    struct fault fault = {.err = OK};
    if (len < 1 || len > DATA_BYTES_MAX) {
        return 0;
    }
    const struct cipher_key_private *key = key_of((enum cipher)(data[0] & 3));
    secure_open(&secure, key, key, NULL);
    CHECK(secure_command(&secure, &apdu, command) > 0);
    const bool is_sealed = (data[0] & (SEALED | PADDED)) != 0;
    size_t answer_len = len - 1;
    if (is_sealed) {
        answer_len = seal(&secure, data[0], data + 1, len - 1, answer);
    } else {
        memcpy(answer, data + 1, answer_len);
    }
    const enum err err = secure_answer(&secure, answer, answer_len, plain, sizeof plain, &plain_len,
                                       &status, &fault);
    CHECK(err == OK || (!secure.is_open && fault.err == err && plain_len == 0));
    if (err == OK) {
        CHECK(is_sealed && plain_len < len); // nobody finds a code of authenticity by chance
        CHECK(memcmp(plain, data + 1, plain_len) == 0);
    }
    CHECK((data[0] & SEALED) == 0 || err == OK);
    secure_close(&secure);
    return 0;
}

static const struct cipher_key_private *key_of(enum cipher cipher)
{
    static struct cipher_key_private key;
    cipher_derive(cipher, CIPHER_ENCRYPT, (const uint8_t *)"known to both", 13, &key);
    return &key;
}

static size_t seal(const struct secure_private *secure, uint8_t how, const uint8_t *data,
                   size_t len, uint8_t *answer)
{
    const size_t block = cipher_block_bytes(secure->encrypt.cipher);
    const bool is_padded = (how & SEALED) == 0;
    struct sealed_answer sealed = {.encrypt = &secure->encrypt,
                                   .authenticate = &secure->authenticate,
                                   .counter = secure->counter,
                                   .status = 0x9000};
    if (is_padded) {
        sealed.padded = data;
        sealed.padded_len = len / block * block;
    } else if (len > 0) {
        sealed.plain = data;
        sealed.plain_len = len;
    }
    return sealed_answer_write(&sealed, answer);
}
