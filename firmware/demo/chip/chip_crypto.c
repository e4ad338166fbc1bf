// SPDX-License-Identifier: EUPL-1.2
//
// OpenSSL 3 as the chip uses it. What OpenSSL refuses here is our mistake and stops the process;
// what the terminal sent is judged where it is read.
#include "demo/chip/chip_crypto.h"

#include "base/text.h"

#include <string.h>

static void crypt_blocks(const struct chip_key *key, bool is_encrypting, const uint8_t *iv,
                         const uint8_t *data, size_t len, uint8_t *out);
static void retail_mac(const struct chip_key *key, const uint8_t *data, size_t len, uint8_t *mac);
static void cmac(const struct chip_key *key, const uint8_t *data, size_t len, uint8_t *mac);

static const struct {
    const char *name;
    const char *openssl;
    size_t key_bytes;
    size_t block_bytes;
    const char *hash; // of the derivation
} ciphers[CHIP_CIPHERS_COUNT] = {
    [CHIP_3DES] = {"3des", "DES-EDE-CBC", 16, 8, "SHA1"},
    [CHIP_AES128] = {"aes128", "AES-128-CBC", 16, 16, "SHA1"},
    [CHIP_AES192] = {"aes192", "AES-192-CBC", 24, 16, "SHA256"},
    [CHIP_AES256] = {"aes256", "AES-256-CBC", 32, 16, "SHA256"},
};

// ICAO Doc 9303-11 table 6.
const struct chip_curve chip_curves[CHIP_CURVES] = {
    {"p256", "P-256", 12},
    {"brainpool256", "brainpoolP256r1", 13},
    {"p384", "P-384", 15},
    {"brainpool384", "brainpoolP384r1", 16},
    {"brainpool512", "brainpoolP512r1", 17},
    {"p521", "P-521", 18},
};

enum err chip_cipher_from_name(const char *name, enum chip_cipher *cipher)
{
    for (size_t i = 0; i < CHIP_CIPHERS_COUNT; i++) {
        if (text_equal(ciphers[i].name, name)) {
            *cipher = (enum chip_cipher)i;
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}

size_t chip_cipher_key_bytes(enum chip_cipher cipher)
{
    return ciphers[cipher].key_bytes;
}

size_t chip_cipher_block_bytes(enum chip_cipher cipher)
{
    return ciphers[cipher].block_bytes;
}

size_t chip_hash(const char *name, const void *data, size_t len, uint8_t out[CHIP_HASH_BYTES])
{
    size_t out_len = 0;
    CHECK(EVP_Q_digest(NULL, name, NULL, data, len, out, &out_len) == 1);
    return out_len;
}

void chip_derive(enum chip_cipher cipher, const uint8_t *secret, size_t len, enum chip_key_use use,
                 struct chip_key *key)
{
    uint8_t data[CHIP_POINT_BYTES + 4];
    uint8_t hash[CHIP_HASH_BYTES];
    CHECK(len <= CHIP_POINT_BYTES);
    memcpy(data, secret, len);
    memcpy(data + len, (const uint8_t[]){0, 0, 0, (uint8_t)use}, 4);
    (void)chip_hash(ciphers[cipher].hash, data, len + 4, hash); // at least as long as the key
    *key = (struct chip_key){.cipher = cipher};
    memcpy(key->bytes, hash, ciphers[cipher].key_bytes);
}

void chip_encrypt(const struct chip_key *key, const uint8_t *iv, const uint8_t *data, size_t len,
                  uint8_t *out)
{
    crypt_blocks(key, true, iv, data, len, out);
}

void chip_decrypt(const struct chip_key *key, const uint8_t *iv, const uint8_t *data, size_t len,
                  uint8_t *out)
{
    crypt_blocks(key, false, iv, data, len, out);
}

void chip_mac(const struct chip_key *key, const uint8_t *data, size_t len,
              uint8_t mac[CHIP_MAC_BYTES])
{
    if (key->cipher == CHIP_3DES) {
        retail_mac(key, data, len, mac);
    } else {
        cmac(key, data, len, mac);
    }
}

size_t chip_pad(uint8_t *data, size_t len, size_t block_bytes)
{
    data[len++] = 0x80;
    while (len % block_bytes != 0) {
        data[len++] = 0;
    }
    return len;
}

static void crypt_blocks(const struct chip_key *key, bool is_encrypting, const uint8_t *iv,
                         const uint8_t *data, size_t len, uint8_t *out)
{
    static const uint8_t zeros[CHIP_BLOCK_BYTES];
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, ciphers[key->cipher].openssl, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int done = 0;
    CHECK(cipher != NULL && ctx != NULL);
    CHECK(EVP_CipherInit_ex2(ctx, cipher, key->bytes, iv == NULL ? zeros : iv, is_encrypting,
                             NULL) == 1);
    CHECK(EVP_CIPHER_CTX_set_padding(ctx, 0) == 1);
    CHECK(EVP_CipherUpdate(ctx, out, &done, data, (int)len) == 1 && (size_t)done == len);
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
}

// ISO/IEC 9797-1 algorithm 3 with DES. Plain DES is not offered any more; two equal halves of a
// double key make one of it.
static void retail_mac(const struct chip_key *key, const uint8_t *data, size_t len, uint8_t *mac)
{
    uint8_t padded[CHIP_SM_BYTES];
    uint8_t chained[CHIP_SM_BYTES];
    CHECK(len + 8 <= sizeof padded);
    memcpy(padded, data, len);
    const size_t padded_len = chip_pad(padded, len, 8);
    struct chip_key single = *key;
    memcpy(single.bytes + 8, single.bytes, 8);
    chip_encrypt(&single, NULL, padded, padded_len, chained);
    const uint8_t *before = padded_len == 8 ? NULL : chained + padded_len - 16;
    chip_encrypt(key, before, padded + padded_len - 8, 8, mac);
}

static void cmac(const struct chip_key *key, const uint8_t *data, size_t len, uint8_t *mac)
{
    uint8_t whole[CHIP_BLOCK_BYTES];
    size_t whole_len = 0;
    CHECK(EVP_Q_mac(NULL, "CMAC", NULL, ciphers[key->cipher].openssl, NULL, key->bytes,
                    ciphers[key->cipher].key_bytes, data, len, whole, sizeof whole,
                    &whole_len) != NULL);
    memcpy(mac, whole, CHIP_MAC_BYTES);
}

const struct chip_curve *chip_curve_find(const char *name)
{
    for (size_t i = 0; i < CHIP_CURVES; i++) {
        if (text_equal(chip_curves[i].name, name)) {
            return &chip_curves[i];
        }
    }
    return NULL;
}

EC_GROUP *chip_group(const struct chip_curve *curve)
{
    const int nist = EC_curve_nist2nid(curve->group_name);
    EC_GROUP *group =
        EC_GROUP_new_by_curve_name(nist == NID_undef ? OBJ_sn2nid(curve->group_name) : nist);
    CHECK(group != NULL);
    return group;
}

size_t chip_group_bytes(const EC_GROUP *group)
{
    return ((size_t)EC_GROUP_get_degree(group) + 7) / 8;
}

BIGNUM *chip_secret(const EC_GROUP *group)
{
    BIGNUM *secret = BN_new();
    CHECK(secret != NULL);
    do {
        CHECK(BN_rand_range(secret, EC_GROUP_get0_order(group)) == 1);
    } while (BN_is_zero(secret));
    return secret;
}

EC_POINT *chip_point_read(const EC_GROUP *group, const uint8_t *bytes, size_t len)
{
    EC_POINT *point = EC_POINT_new(group);
    CHECK(point != NULL);
    if (len != 1 + 2 * chip_group_bytes(group) ||
        EC_POINT_oct2point(group, point, bytes, len, NULL) != 1) {
        EC_POINT_free(point);
        return NULL;
    }
    return point;
}

size_t chip_point_write(const EC_GROUP *group, const EC_POINT *point, uint8_t out[CHIP_POINT_BYTES])
{
    const size_t len = EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out,
                                          CHIP_POINT_BYTES, NULL);
    CHECK(len > 0);
    return len;
}

bool chip_agree(const EC_GROUP *group, const BIGNUM *secret, const EC_POINT *peer,
                uint8_t out[CHIP_POINT_BYTES])
{
    EC_POINT *shared = EC_POINT_new(group);
    BIGNUM *x = BN_new();
    CHECK(shared != NULL && x != NULL);
    CHECK(EC_POINT_mul(group, shared, NULL, peer, secret, NULL) == 1);
    const bool is_finite = EC_POINT_get_affine_coordinates(group, shared, x, NULL, NULL) == 1;
    if (is_finite) {
        CHECK(BN_bn2binpad(x, out, (int)chip_group_bytes(group)) > 0);
    }
    BN_clear_free(x);
    EC_POINT_clear_free(shared);
    return is_finite;
}
