// SPDX-License-Identifier: EUPL-1.2
//
// Secure messaging (ICAO Doc 9303-11 section 9.8): every command sealed, every answer opened, in
// 3DES and AES. The first answer that is not as it must be ends it: the keys are wiped.
#ifndef INLOOP_DRIVERS_DOCUMENT_SECURE_H
#define INLOOP_DRIVERS_DOCUMENT_SECURE_H

#include "drivers/document/apdu.h"
#include "drivers/document/cipher.h"

enum { SECURE_ANSWER_BYTES_MAX = 4098, SECURE_WORK_BYTES = SECURE_ANSWER_BYTES_MAX + 32 };

struct secure_private {
    struct cipher_key_private encrypt;
    struct cipher_key_private authenticate;
    uint8_t counter[CIPHER_BLOCK_BYTES_MAX]; // one block of it counts commands and answers
    bool is_open;
    uint8_t work[SECURE_WORK_BYTES];
};

// Copies the keys, which are of one cipher. `counter` is a block long; NULL: zeros.
void secure_open(struct secure_private *secure, const struct cipher_key_private *encrypt,
                 const struct cipher_key_private *authenticate, const uint8_t *counter);
// Both keys from one shared secret, counting from zero: after an agreement.
void secure_open_secret(struct secure_private *secure, enum cipher cipher, const uint8_t *secret,
                        size_t len);
void secure_close(struct secure_private *secure); // wipes; zeroed memory allowed

// The longest plain answer that fits when the sealed one has `answer_bytes` without its status.
size_t secure_room(enum cipher cipher, size_t answer_bytes);
// Writes the sealed command; returns its bytes. `answer_bytes` of the plain one is kept, the sealed
// one asks for as much as its kind of length allows. Only while open.
size_t secure_command(struct secure_private *secure, const struct apdu *plain,
                      uint8_t out[APDU_BYTES_MAX]);
// Opens a whole answer with its status. Fills `plain` (at most `plain_bytes`) and the status the
// chip sealed. Any error closes: ERR_REFUSED: a status without protection; ERR_MALFORMED,
// ERR_TOO_BIG; ERR_CRYPTO: the code of authenticity is wrong. Only while open.
MUST_USE enum err secure_answer(struct secure_private *secure, const uint8_t *answer, size_t len,
                                uint8_t *plain, size_t plain_bytes, size_t *plain_len,
                                uint16_t *status, struct fault *fault);

#endif
