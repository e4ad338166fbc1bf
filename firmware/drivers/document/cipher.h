// SPDX-License-Identifier: EUPL-1.2
//
// Hashes, block ciphers and codes of authenticity as travel documents use them (ICAO Doc 9303-11
// section 9.8). With curve.c and rsa.c what knows mbedtls here; builds on 2.28 and 3.6.
#ifndef INLOOP_DRIVERS_DOCUMENT_CIPHER_H
#define INLOOP_DRIVERS_DOCUMENT_CIPHER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hash { HASH_SHA1, HASH_SHA224, HASH_SHA256, HASH_SHA384, HASH_SHA512, HASHES_COUNT };
enum { HASH_BYTES_MAX = 64 };

size_t hash_bytes(enum hash hash);
void hash_once(enum hash hash, const void *data, size_t len, uint8_t out[HASH_BYTES_MAX]);
MUST_USE enum err hash_from_oid(const uint8_t *oid, size_t len, enum hash *hash);

enum cipher { CIPHER_3DES, CIPHER_AES128, CIPHER_AES192, CIPHER_AES256 };
enum { CIPHER_KEY_BYTES_MAX = 32, CIPHER_BLOCK_BYTES_MAX = 16, CIPHER_MAC_BYTES = 8 };

size_t cipher_block_bytes(enum cipher cipher); // 8 or 16
size_t cipher_key_bytes(enum cipher cipher);   // 16 for 3DES: two keys

struct cipher_key_private {
    enum cipher cipher;
    uint8_t bytes[CIPHER_KEY_BYTES_MAX];
};

// What a derived key is for (section 9.7.1).
enum cipher_use { CIPHER_ENCRYPT = 1, CIPHER_AUTHENTICATE = 2, CIPHER_PASSWORD = 3 };
// KDF(secret, use); SHA-1 or SHA-256 as the cipher wants; the parity of 3DES keys adjusted.
void cipher_derive(enum cipher cipher, enum cipher_use use, const uint8_t *secret, size_t len,
                   struct cipher_key_private *key);

// CBC without padding, `len` a multiple of the block; `iv` NULL: zeros. In place is allowed.
void cipher_encrypt(const struct cipher_key_private *key, const uint8_t *iv, const uint8_t *data,
                    size_t len, uint8_t *out);
void cipher_decrypt(const struct cipher_key_private *key, const uint8_t *iv, const uint8_t *data,
                    size_t len, uint8_t *out);
// One block, for IV = E(K, SSC).
void cipher_block(const struct cipher_key_private *key, const uint8_t *in, uint8_t *out);
// Retail MAC (ISO/IEC 9797-1 MAC algorithm 3, padded here by method 2) or the first eight bytes of
// CMAC, as the cipher wants; `len` is any. `is_padded`: the data is padded already.
void cipher_mac(const struct cipher_key_private *key, const uint8_t *data, size_t len,
                bool is_padded, uint8_t mac[CIPHER_MAC_BYTES]);

#endif
