// SPDX-License-Identifier: EUPL-1.2
//
// Basic access control (ICAO Doc 9303-11 section 4.3): two commands, for documents from before
// PACE. Always 3DES; the password is as weak as the zone's fields are guessable.
#ifndef INLOOP_DRIVERS_DOCUMENT_BAC_H
#define INLOOP_DRIVERS_DOCUMENT_BAC_H

#include "drivers/document/apdu.h"
#include "drivers/document/cipher.h"
#include "drivers/document/password.h"

enum { BAC_CHALLENGE_BYTES = 8, BAC_KEY_BYTES = 16 };

// What we choose for one session.
struct bac_choice_private {
    uint8_t challenge[BAC_CHALLENGE_BYTES];
    uint8_t key[BAC_KEY_BYTES];
};

struct bac_private {
    struct cipher_key_private encrypt;
    struct cipher_key_private authenticate;
    uint8_t chip_challenge[BAC_CHALLENGE_BYTES];
    struct bac_choice_private ours;
    uint8_t seed[BAC_KEY_BYTES];          // of the session's keys, and
    uint8_t counter[BAC_CHALLENGE_BYTES]; // where they begin to count, once it is through
};

// Copies `password`, which is the zone's.
void bac_begin(struct bac_private *bac, const struct password_private *password);
void bac_ask_challenge(struct apdu *apdu);
MUST_USE enum err bac_take_challenge(struct bac_private *bac, const uint8_t *answer, size_t len,
                                     struct fault *fault);
// `given` is what a vector prescribes; NULL everywhere else: chosen afresh.
void bac_ask_authenticate(struct bac_private *bac, const struct bac_choice_private *given,
                          struct apdu *apdu);
// ERR_MALFORMED, or ERR_CRYPTO: the chip does not know the password's keys, or answers something
// that is not ours.
MUST_USE enum err bac_take_authenticate(struct bac_private *bac, const uint8_t *answer, size_t len,
                                        struct fault *fault);

#endif
