// SPDX-License-Identifier: EUPL-1.2
//
// Compact JWS (RFC 7515) of one profile: ES256, header exactly alg, typ "JWT", kid. What the claims
// mean is token.c's and service.c's.
#ifndef INLOOP_LINK_JWS_H
#define INLOOP_LINK_JWS_H

#include "base/json.h"
#include "link/crypto.h"

enum { JWS_PARTS = 3, JWS_BYTES_MAX = 1024, JWS_KEY_ID_BYTES = 64 };

struct jws_part {
    const char *text;
    size_t len;
};
// Three parts of base64url letters, none empty; borrows `text`.
bool jws_split(const char *text, size_t len, struct jws_part parts[JWS_PARTS]);

struct jws_check {
    const char *text;
    size_t signed_len;
    char key_id[JWS_KEY_ID_BYTES];
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
};
// Reads header and signature; believes nothing. ERR_MALFORMED: not the profile.
MUST_USE enum err jws_begin(const char *text, const struct jws_part parts[JWS_PARTS],
                            struct jws_check *check);
// ERR_CRYPTO: not signed by this key.
MUST_USE enum err jws_verify(const struct jws_check *check, const uint8_t x[CRYPTO_POINT_BYTES],
                             const uint8_t y[CRYPTO_POINT_BYTES]);
// A part's JSON object; caller frees. ERR_MALFORMED.
MUST_USE enum err jws_parse(struct jws_part part, struct json **json);

// Signs; takes `payload`. ERR_TOO_BIG: does not fit `out_bytes`.
MUST_USE enum err jws_mint(struct json *payload, const struct crypto_key *key, const char *key_id,
                           char *out, size_t out_bytes);

#endif
