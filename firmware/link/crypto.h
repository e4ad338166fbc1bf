// SPDX-License-Identifier: EUPL-1.2
//
// Hashes, sealing, signatures and certificates: P-256 and SHA-256 only. Beside tls.c the one file
// that knows mbedtls; must compile on 2.28 and 3.6.
#ifndef INLOOP_LINK_CRYPTO_H
#define INLOOP_LINK_CRYPTO_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CRYPTO_HASH_BYTES = 32,
    CRYPTO_KEY_BYTES = 32, // AES-256
    CRYPTO_NONCE_BYTES = 12,
    CRYPTO_TAG_BYTES = 16,
    CRYPTO_SEAL_BYTES = CRYPTO_NONCE_BYTES + CRYPTO_TAG_BYTES, // what sealing adds
    CRYPTO_SIGNATURE_BYTES = 64,                               // r and s
    CRYPTO_POINT_BYTES = 32,                                   // x or y of a public key
    CRYPTO_PEM_BYTES = 4096,
};

void crypto_sha256(const void *data, size_t len, uint8_t hash[CRYPTO_HASH_BYTES]);
// The same of what comes in pieces.
struct crypto_digest;
struct crypto_digest *crypto_digest_new(void);
void crypto_digest_free(struct crypto_digest *digest); // NULL allowed
void crypto_digest_add(struct crypto_digest *digest, const void *data, size_t len);
// Once, after the last piece.
void crypto_digest_end(struct crypto_digest *digest, uint8_t hash[CRYPTO_HASH_BYTES]);
void crypto_hmac(const void *key, size_t key_len, const void *data, size_t len,
                 uint8_t mac[CRYPTO_HASH_BYTES]);
// PBKDF2-HMAC-SHA256 (RFC 8018), for PINs.
void crypto_stretch(const char *words, const uint8_t salt[16], unsigned rounds,
                    uint8_t out[CRYPTO_HASH_BYTES]);

// AES-256-GCM: `out` gets nonce, ciphertext, tag. `out` needs len + CRYPTO_SEAL_BYTES.
void crypto_seal(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound_to, const void *data,
                 size_t len, uint8_t *out);
// Gives len - CRYPTO_SEAL_BYTES bytes. ERR_CRYPTO: another key, another place, or changed.
// ERR_MALFORMED: too short.
MUST_USE enum err crypto_open(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound_to,
                              const uint8_t *sealed, size_t len, uint8_t *out);

// An ECDSA P-256 key pair.
struct crypto_key;
struct crypto_key *crypto_key_new(void);
void crypto_key_free(struct crypto_key *key); // NULL allowed
// PEM with mode 0600; written under a temporary name first. ERR_IO.
MUST_USE enum err crypto_key_write(const struct crypto_key *key, const char *path,
                                   struct fault *fault);
// ERR_NOT_FOUND: no such file. ERR_CRYPTO: not a P-256 key.
MUST_USE enum err crypto_key_read(struct crypto_key **key, const char *path, struct fault *fault);
// As above; makes and writes one when there is none.
MUST_USE enum err crypto_key_ensure(struct crypto_key **key, const char *path, struct fault *fault);
void crypto_key_point(const struct crypto_key *key, uint8_t x[CRYPTO_POINT_BYTES],
                      uint8_t y[CRYPTO_POINT_BYTES]);
// A public key by itself (SubjectPublicKeyInfo in PEM). Reading borrows `len` bytes that hold one
// key; ERR_MALFORMED: not a key, or not on P-256.
void crypto_public_write(const struct crypto_key *key, char pem[CRYPTO_PEM_BYTES]);
MUST_USE enum err crypto_public_read(const char *pem, size_t len, uint8_t x[CRYPTO_POINT_BYTES],
                                     uint8_t y[CRYPTO_POINT_BYTES]);

// ES256 (RFC 7518 section 3.4): raw r and s over SHA-256 of the data.
MUST_USE enum err crypto_sign(const struct crypto_key *key, const void *data, size_t len,
                              uint8_t signature[CRYPTO_SIGNATURE_BYTES]);
// ERR_CRYPTO: no. The point is checked to lie on the curve.
MUST_USE enum err crypto_verify(const uint8_t x[CRYPTO_POINT_BYTES],
                                const uint8_t y[CRYPTO_POINT_BYTES], const void *data, size_t len,
                                const uint8_t signature[CRYPTO_SIGNATURE_BYTES]);

// A PKCS#10 request for `name` (CN), signed by the key itself. Fills DER.
MUST_USE enum err crypto_request(const struct crypto_key *key, const char *name, uint8_t *der,
                                 size_t der_bytes, size_t *der_len);

// Certificates. Serial numbers are random. `uri` and `hosts` (NULL-terminated list of names and
// IPv4 addresses) go into subjectAltName; either may be NULL.
struct crypto_subject {
    const char *name; // CN
    const char *uri;  // "urn:inloop:device:kiosk-1"
    const char *const *hosts;
    bool is_authority;
    bool is_server;
    int64_t from_s; // seconds since 1970
    int64_t to_s;
};
// Self-signed or signed by `authority` named `authority_name`. Fills PEM.
MUST_USE enum err crypto_certify(const struct crypto_key *subject_key,
                                 const struct crypto_subject *subject,
                                 const struct crypto_key *authority, const char *authority_name,
                                 char pem[CRYPTO_PEM_BYTES]);
// The same for the public key inside a PKCS#10 request (DER or base64 of it), whose signature is
// checked. ERR_MALFORMED, ERR_CRYPTO. Also gives the SHA-256 of the new certificate (DER).
MUST_USE enum err crypto_certify_request(const uint8_t *der, size_t der_len,
                                         const struct crypto_subject *subject,
                                         const struct crypto_key *authority,
                                         const char *authority_name, char pem[CRYPTO_PEM_BYTES],
                                         uint8_t fingerprint[CRYPTO_HASH_BYTES]);
// SHA-256 of the first certificate's DER in PEM text.
MUST_USE enum err crypto_fingerprint(const char *pem, uint8_t fingerprint[CRYPTO_HASH_BYTES]);

// Standard base64 with padding, as EST and Basic authentication use it. Reading is as lenient as
// the library: line ends (RFC 7030) and a missing last '=' are no fault. ERR_TOO_BIG,
// ERR_MALFORMED.
MUST_USE enum err crypto_base64_encode(const void *data, size_t len, char *out, size_t out_bytes);
MUST_USE enum err crypto_base64_decode(const char *text, size_t len, uint8_t *out, size_t out_bytes,
                                       size_t *out_len);

#endif
