// SPDX-License-Identifier: EUPL-1.2
//
// What a travel document's chip reckons with (ICAO Doc 9303-11), by OpenSSL. The kiosk's own
// arithmetic is another library's: where both agree, neither copied the other's mistake.
#ifndef INLOOP_DEMO_CHIP_CRYPTO_H
#define INLOOP_DEMO_CHIP_CRYPTO_H

#include "base/err.h"
#include "demo/chip/chip_openssl.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHIP_KEY_BYTES = 32, CHIP_BLOCK_BYTES = 16, CHIP_MAC_BYTES = 8, CHIP_POINT_BYTES = 133 };
enum { CHIP_HASH_BYTES = 64, CHIP_SM_BYTES = 4600 };

enum chip_cipher { CHIP_3DES, CHIP_AES128, CHIP_AES192, CHIP_AES256, CHIP_CIPHERS_COUNT };
MUST_USE enum err chip_cipher_from_name(const char *name, enum chip_cipher *cipher); // "aes128"
size_t chip_cipher_key_bytes(enum chip_cipher cipher); // of two keys for 3DES
size_t chip_cipher_block_bytes(enum chip_cipher cipher);

struct chip_key {
    enum chip_cipher cipher;
    uint8_t bytes[CHIP_KEY_BYTES];
};

enum chip_key_use { CHIP_KEY_ENCRYPT = 1, CHIP_KEY_MAC = 2, CHIP_KEY_PASSWORD = 3 };

size_t chip_hash(const char *name, const void *data, size_t len, uint8_t out[CHIP_HASH_BYTES]);
// KDF of section 9.7.1.
void chip_derive(enum chip_cipher cipher, const uint8_t *secret, size_t len, enum chip_key_use use,
                 struct chip_key *key);
// CBC without padding; `iv` NULL: zeros.
void chip_encrypt(const struct chip_key *key, const uint8_t *iv, const uint8_t *data, size_t len,
                  uint8_t *out);
void chip_decrypt(const struct chip_key *key, const uint8_t *iv, const uint8_t *data, size_t len,
                  uint8_t *out);
// Retail MAC, which pads by itself, or CMAC.
void chip_mac(const struct chip_key *key, const uint8_t *data, size_t len,
              uint8_t mac[CHIP_MAC_BYTES]);
// ISO/IEC 9797-1 padding method 2, in place; returns the new length.
size_t chip_pad(uint8_t *data, size_t len, size_t block_bytes);

struct chip_curve {
    const char *name; // in our own files
    const char *group_name;
    unsigned parameter; // PACE's standardised domain parameter
};
enum { CHIP_CURVES = 6 };
extern const struct chip_curve chip_curves[CHIP_CURVES];
const struct chip_curve *chip_curve_find(const char *name); // NULL: none

EC_GROUP *chip_group(const struct chip_curve *curve);
size_t chip_group_bytes(const EC_GROUP *group);
BIGNUM *chip_secret(const EC_GROUP *group); // random, below the order
// NULL: not a point of this curve.
EC_POINT *chip_point_read(const EC_GROUP *group, const uint8_t *bytes, size_t len);
size_t chip_point_write(const EC_GROUP *group, const EC_POINT *point,
                        uint8_t out[CHIP_POINT_BYTES]);
// x of secret * peer; false: infinity.
bool chip_agree(const EC_GROUP *group, const BIGNUM *secret, const EC_POINT *peer,
                uint8_t out[CHIP_POINT_BYTES]);

#endif
