// SPDX-License-Identifier: EUPL-1.2
//
// The chip's half of secure messaging, for answers that must be right but for one thing.
#ifndef INLOOP_TESTS_FAKES_SEALED_ANSWER_H
#define INLOOP_TESTS_FAKES_SEALED_ANSWER_H

#include "drivers/document/cipher.h"

enum { SEALED_ANSWER_BYTES = 4400 };

struct sealed_answer {
    const struct cipher_key_private *encrypt;
    const struct cipher_key_private *authenticate;
    const uint8_t *counter; // as it was when the command had been sealed; the answer's is one more
    const void *plain;      // NULL: padded already is `padded`
    size_t plain_len;
    const void *padded; // whole blocks, any padding
    size_t padded_len;
    uint16_t status;
};

// Writes elements, code and outer status; returns the bytes. Without plain and padded: a status.
size_t sealed_answer_write(const struct sealed_answer *answer, uint8_t out[SEALED_ANSWER_BYTES]);

#endif
