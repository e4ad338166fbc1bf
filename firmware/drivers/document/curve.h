// SPDX-License-Identifier: EUPL-1.2
//
// The six curves of travel documents: points, agreement, generic mapping, signatures. The one file
// of curve arithmetic; builds on mbedtls 2.28 and 3.6. Values are big-endian, `curve_bytes` long;
// points are uncompressed: 04, x, y (BSI TR-03111 section 3.2).
#ifndef INLOOP_DRIVERS_DOCUMENT_CURVE_H
#define INLOOP_DRIVERS_DOCUMENT_CURVE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum curve {
    CURVE_P256,
    CURVE_P384,
    CURVE_P521,
    CURVE_BRAINPOOL256,
    CURVE_BRAINPOOL384,
    CURVE_BRAINPOOL512,
    CURVES_COUNT,
};

enum { CURVE_VALUE_BYTES = 66, CURVE_POINT_BYTES = 1 + 2 * CURVE_VALUE_BYTES };

struct curve_point {
    uint8_t bytes[CURVE_POINT_BYTES];
    size_t len;
};

struct curve_pair_private {
    uint8_t secret[CURVE_VALUE_BYTES];
    struct curve_point open;
};

size_t curve_bytes(enum curve curve);
// By PACE's standardised domain parameter (ICAO Doc 9303-11 table 6: 12, 13, 15, 16, 17, 18).
// ERR_UNSUPPORTED: one of the others, also those with known 192 and 224 bit curves.
MUST_USE enum err curve_from_parameter(unsigned parameter, enum curve *curve);
// By the contents of a namedCurve OBJECT IDENTIFIER.
MUST_USE enum err curve_from_oid(const uint8_t *oid, size_t len, enum curve *curve);

// Explicit parameters as a key brought them, each without leading zeros; the generator
// uncompressed. Equal byte for byte with one we know or ERR_UNSUPPORTED; a near miss is never used.
struct curve_parameters {
    const uint8_t *p, *a, *b, *g, *n;
    size_t p_len, a_len, b_len, g_len, n_len;
};
MUST_USE enum err curve_from_parameters(const struct curve_parameters *parameters,
                                        enum curve *curve);

// `base` NULL: the curve's own generator.
MUST_USE enum err curve_pair(enum curve curve, const struct curve_point *base,
                             struct curve_pair_private *pair);
// The open half of a given secret; for vectors and tests of the same arithmetic.
MUST_USE enum err curve_pair_of(enum curve curve, const struct curve_point *base,
                                const uint8_t *secret, size_t secret_len,
                                struct curve_pair_private *pair);
// The x of secret * peer. ERR_CRYPTO: the peer's point is not on the curve or is infinity, or the
// result is.
MUST_USE enum err curve_agree(enum curve curve, const struct curve_pair_private *pair,
                              const struct curve_point *peer, uint8_t shared[CURVE_VALUE_BYTES]);
// Generic mapping (ICAO Doc 9303-11 section 4.4.3.3.1): nonce * G + secret * peer. ERR_CRYPTO as
// curve_agree.
MUST_USE enum err curve_map(enum curve curve, const struct curve_pair_private *pair,
                            const struct curve_point *peer, const uint8_t *nonce, size_t nonce_len,
                            struct curve_point *base);
// ECDSA over a hash; r and s without leading zeros. ERR_CRYPTO: no.
MUST_USE enum err curve_verify(enum curve curve, const struct curve_point *key, const uint8_t *hash,
                               size_t hash_len, const uint8_t *r, size_t r_len, const uint8_t *s,
                               size_t s_len);
bool curve_has_point(enum curve curve, const struct curve_point *point); // on it, not infinity

#endif
