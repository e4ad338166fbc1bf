// SPDX-License-Identifier: EUPL-1.2
//
// PACE on curves (ICAO Doc 9303-11 section 4.4): five commands after which chip and terminal share
// keys that the password alone would never give away. Generic mapping, and the one by which the
// chip proves itself on the way.
#ifndef INLOOP_DRIVERS_DOCUMENT_PACE_H
#define INLOOP_DRIVERS_DOCUMENT_PACE_H

#include "drivers/document/apdu.h"
#include "drivers/document/files.h"
#include "drivers/document/password.h"

enum { PACE_NONCE_BYTES_MAX = 32 };

struct pace_private {
    struct pace_info info;
    struct cipher_key_private password; // K_pi
    bool is_can;
    uint8_t nonce[PACE_NONCE_BYTES_MAX];
    size_t nonce_len;
    struct curve_pair_private map_pair;
    struct curve_point chip_map;
    struct curve_point base; // the mapped generator
    struct curve_pair_private pair;
    struct curve_point chip_open;
    struct cipher_key_private encrypt;
    struct cipher_key_private authenticate;
    bool has_proof; // chip-authentication mapping: the chip's own secret over its mapping secret
    uint8_t proof[CURVE_VALUE_BYTES];
};

// A secret of ours that a vector prescribes; NULL everywhere else: a fresh one.
struct pace_secret {
    const uint8_t *bytes;
    size_t len;
};

// Copies both.
void pace_begin(struct pace_private *pace, const struct pace_info *info,
                const struct password_private *password);
// The commands in their order, and what came back without its status. ERR_MALFORMED: not the
// answer of this step. ERR_CRYPTO: a point, a key or a token that must not be.
void pace_ask_set(const struct pace_private *pace, struct apdu *apdu);
void pace_ask_nonce(struct apdu *apdu);
MUST_USE enum err pace_take_nonce(struct pace_private *pace, const uint8_t *answer, size_t len,
                                  struct fault *fault);
void pace_ask_map(struct pace_private *pace, const struct pace_secret *given, struct apdu *apdu);
MUST_USE enum err pace_take_map(struct pace_private *pace, const uint8_t *answer, size_t len,
                                struct fault *fault);
void pace_ask_agree(struct pace_private *pace, const struct pace_secret *given, struct apdu *apdu);
MUST_USE enum err pace_take_agree(struct pace_private *pace, const uint8_t *answer, size_t len,
                                  struct fault *fault);
void pace_ask_token(const struct pace_private *pace, struct apdu *apdu);
// Afterwards `encrypt` and `authenticate` are the session's.
MUST_USE enum err pace_take_token(struct pace_private *pace, const uint8_t *answer, size_t len,
                                  struct fault *fault);
// True when the chip that did the mapping holds the secret of `key`: it is no copy. Only with
// is_chip_mapping, after the token.
bool pace_is_proof_of(const struct pace_private *pace, const struct chip_key *key);
// Wipes all but what pace_is_proof_of needs.
void pace_finish(struct pace_private *pace);

#endif
