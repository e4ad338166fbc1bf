// SPDX-License-Identifier: EUPL-1.2
//
// RSA with open keys only: the bare operation and the two kinds of signature states use (RFC 8017).
// With curve.c and cipher.c what knows mbedtls here; builds on 2.28 and 3.6.
#ifndef INLOOP_DRIVERS_DOCUMENT_RSA_H
#define INLOOP_DRIVERS_DOCUMENT_RSA_H

#include "drivers/document/cipher.h"

// States sign with 2048 to 6144 bits; chips prove themselves with 1024 and more. An exponent of
// any length would let a chip keep the processor busy for seconds.
enum { RSA_BYTES_MIN = 128, RSA_BYTES_MAX = 1024, RSA_EXPONENT_BYTES_MAX = 8 };

// Both big-endian without leading zeros; borrowed from the DER they were read from.
struct rsa_key {
    const uint8_t *modulus;
    size_t modulus_len;
    const uint8_t *exponent;
    size_t exponent_len;
};

// An RSAPublicKey (RFC 8017 appendix A.1.1): what a SubjectPublicKeyInfo holds for RSA; see
// public_key.h for the whole one. ERR_MALFORMED; ERR_UNSUPPORTED: outside the limits above.
MUST_USE enum err rsa_key_read(const uint8_t *der, size_t len, struct rsa_key *key);

// in ^ exponent modulo modulus, `modulus_len` bytes each. ERR_CRYPTO: `in` is not below the
// modulus, or that is no modulus.
MUST_USE enum err rsa_open(const struct rsa_key *key, const uint8_t *in, size_t in_len,
                           uint8_t out[RSA_BYTES_MAX]);
// PKCS #1 v1.5 and PSS over a hash. ERR_CRYPTO: no. In PSS the mask is made by the same hash and
// the salt has exactly `salt_bytes`.
MUST_USE enum err rsa_verify(const struct rsa_key *key, enum hash hash, const uint8_t *digest,
                             const uint8_t *signature, size_t signature_len);
struct rsa_pss {
    enum hash hash;
    size_t salt_bytes;
};
MUST_USE enum err rsa_verify_pss(const struct rsa_key *key, const struct rsa_pss *pss,
                                 const uint8_t *digest, const uint8_t *signature,
                                 size_t signature_len);

#endif
