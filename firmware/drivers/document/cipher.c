// SPDX-License-Identifier: EUPL-1.2
//
// mbedtls' hashes and ciphers behind our names. The calls used here are alike in 2.28 and 3.6.
#include "drivers/document/cipher.h"

#include "base/bytes.h"

#include <mbedtls/version.h>

#include <mbedtls/aes.h>
#include <mbedtls/cipher.h>
#include <mbedtls/cmac.h>
#include <mbedtls/des.h>
#include <mbedtls/md.h>

#include <string.h>

enum { DES_BLOCK_BYTES = 8, AES_BLOCK_BYTES = 16, SECRET_BYTES_MAX = 128 };

struct hash_row {
    mbedtls_md_type_t type;
    size_t bytes;
    uint8_t oid[9];
    size_t oid_len;
};

static const struct hash_row hash_rows[HASHES_COUNT] = {
    [HASH_SHA1] = {MBEDTLS_MD_SHA1, 20, {0x2b, 0x0e, 0x03, 0x02, 0x1a}, 5},
    [HASH_SHA224] = {MBEDTLS_MD_SHA224,
                     28,
                     {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04},
                     9},
    [HASH_SHA256] = {MBEDTLS_MD_SHA256,
                     32,
                     {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01},
                     9},
    [HASH_SHA384] = {MBEDTLS_MD_SHA384,
                     48,
                     {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02},
                     9},
    [HASH_SHA512] = {MBEDTLS_MD_SHA512,
                     64,
                     {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03},
                     9},
};

static void crypt_des(const struct cipher_key_private *key, int mode, const uint8_t *iv,
                      const uint8_t *data, size_t len, uint8_t *out);
static void crypt_aes(const struct cipher_key_private *key, int mode, const uint8_t *iv,
                      const uint8_t *data, size_t len, uint8_t *out);
static void retail_mac(const struct cipher_key_private *key, const uint8_t *data, size_t len,
                       bool is_padded, uint8_t mac[CIPHER_MAC_BYTES]);
static void chain_block(mbedtls_des_context *des, uint8_t chain[DES_BLOCK_BYTES],
                        const uint8_t *block);
static void cmac(const struct cipher_key_private *key, const uint8_t *data, size_t len,
                 uint8_t mac[CIPHER_MAC_BYTES]);

size_t hash_bytes(enum hash hash)
{
    CHECK(hash < HASHES_COUNT);

    return hash_rows[hash].bytes;
}

void hash_once(enum hash hash, const void *data, size_t len, uint8_t out[HASH_BYTES_MAX])
{
    CHECK(hash < HASHES_COUNT);
    CHECK(data != NULL || len == 0);

    static const uint8_t nothing[1] = {0};
    CHECK(mbedtls_md(mbedtls_md_info_from_type(hash_rows[hash].type), len == 0 ? nothing : data,
                     len, out) == 0);
}

enum err hash_from_oid(const uint8_t *oid, size_t len, enum hash *hash)
{
    for (size_t i = 0; i < HASHES_COUNT; i++) {
        if (len == hash_rows[i].oid_len && memcmp(oid, hash_rows[i].oid, len) == 0) {
            *hash = (enum hash)i;
            return OK;
        }
    }
    return ERR_UNSUPPORTED;
}

size_t cipher_block_bytes(enum cipher cipher)
{
    return cipher == CIPHER_3DES ? DES_BLOCK_BYTES : AES_BLOCK_BYTES;
}

size_t cipher_key_bytes(enum cipher cipher)
{
    switch (cipher) {
    case CIPHER_3DES:
    case CIPHER_AES128:
        return 16;
    case CIPHER_AES192:
        return 24;
    case CIPHER_AES256:
        return 32;
    }
    CHECK(false);
    return 0;
}

void cipher_derive(enum cipher cipher, enum cipher_use use, const uint8_t *secret, size_t len,
                   struct cipher_key_private *key)
{
    CHECK(len > 0 && len <= SECRET_BYTES_MAX);

    uint8_t input[SECRET_BYTES_MAX + 4] = {0};
    uint8_t hash[HASH_BYTES_MAX];
    memcpy(input, secret, len);
    input[len + 3] = (uint8_t)use;
    const bool is_long = cipher == CIPHER_AES192 || cipher == CIPHER_AES256;
    hash_once(is_long ? HASH_SHA256 : HASH_SHA1, input, len + 4, hash);

    *key = (struct cipher_key_private){.cipher = cipher};
    memcpy(key->bytes, hash, cipher_key_bytes(cipher));
    if (cipher == CIPHER_3DES) {
        mbedtls_des_key_set_parity(key->bytes);
        mbedtls_des_key_set_parity(key->bytes + MBEDTLS_DES_KEY_SIZE);
    }
    wipe(input, sizeof input);
    wipe(hash, sizeof hash);
}

void cipher_encrypt(const struct cipher_key_private *key, const uint8_t *iv, const uint8_t *data,
                    size_t len, uint8_t *out)
{
    CHECK(len % cipher_block_bytes(key->cipher) == 0);

    if (key->cipher == CIPHER_3DES) {
        crypt_des(key, MBEDTLS_DES_ENCRYPT, iv, data, len, out);
    } else {
        crypt_aes(key, MBEDTLS_AES_ENCRYPT, iv, data, len, out);
    }
}

void cipher_decrypt(const struct cipher_key_private *key, const uint8_t *iv, const uint8_t *data,
                    size_t len, uint8_t *out)
{
    CHECK(len % cipher_block_bytes(key->cipher) == 0);

    if (key->cipher == CIPHER_3DES) {
        crypt_des(key, MBEDTLS_DES_DECRYPT, iv, data, len, out);
    } else {
        crypt_aes(key, MBEDTLS_AES_DECRYPT, iv, data, len, out);
    }
}

void cipher_block(const struct cipher_key_private *key, const uint8_t *in, uint8_t *out)
{
    cipher_encrypt(key, NULL, in, cipher_block_bytes(key->cipher), out);
}

void cipher_mac(const struct cipher_key_private *key, const uint8_t *data, size_t len,
                bool is_padded, uint8_t mac[CIPHER_MAC_BYTES])
{
    CHECK(!is_padded || len % cipher_block_bytes(key->cipher) == 0);

    if (key->cipher == CIPHER_3DES) {
        retail_mac(key, data, len, is_padded, mac);
    } else {
        cmac(key, data, len, mac);
    }
}

static void crypt_des(const struct cipher_key_private *key, int mode, const uint8_t *iv,
                      const uint8_t *data, size_t len, uint8_t *out)
{
    mbedtls_des3_context des;
    uint8_t chain[DES_BLOCK_BYTES] = {0};
    if (iv != NULL) {
        memcpy(chain, iv, sizeof chain);
    }
    mbedtls_des3_init(&des);
    CHECK((mode == MBEDTLS_DES_ENCRYPT ? mbedtls_des3_set2key_enc(&des, key->bytes)
                                       : mbedtls_des3_set2key_dec(&des, key->bytes)) == 0);
    CHECK(mbedtls_des3_crypt_cbc(&des, mode, len, chain, data, out) == 0);
    mbedtls_des3_free(&des);
    wipe(chain, sizeof chain);
}

static void crypt_aes(const struct cipher_key_private *key, int mode, const uint8_t *iv,
                      const uint8_t *data, size_t len, uint8_t *out)
{
    mbedtls_aes_context aes;
    uint8_t chain[AES_BLOCK_BYTES] = {0};
    const unsigned bits = (unsigned)cipher_key_bytes(key->cipher) * 8;
    if (iv != NULL) {
        memcpy(chain, iv, sizeof chain);
    }
    mbedtls_aes_init(&aes);
    CHECK((mode == MBEDTLS_AES_ENCRYPT ? mbedtls_aes_setkey_enc(&aes, key->bytes, bits)
                                       : mbedtls_aes_setkey_dec(&aes, key->bytes, bits)) == 0);
    CHECK(mbedtls_aes_crypt_cbc(&aes, mode, len, chain, data, out) == 0);
    mbedtls_aes_free(&aes);
    wipe(chain, sizeof chain);
}

// DES with the first key in a chain, and at the end once with each.
static void retail_mac(const struct cipher_key_private *key, const uint8_t *data, size_t len,
                       bool is_padded, uint8_t mac[CIPHER_MAC_BYTES])
{
    mbedtls_des_context first;
    mbedtls_des_context second;
    uint8_t chain[DES_BLOCK_BYTES] = {0};
    uint8_t last[DES_BLOCK_BYTES] = {0};
    mbedtls_des_init(&first);
    mbedtls_des_init(&second);
    CHECK(mbedtls_des_setkey_enc(&first, key->bytes) == 0);
    CHECK(mbedtls_des_setkey_dec(&second, key->bytes + MBEDTLS_DES_KEY_SIZE) == 0);
    const size_t whole = len / DES_BLOCK_BYTES * DES_BLOCK_BYTES;
    for (size_t i = 0; i < whole; i += DES_BLOCK_BYTES) {
        chain_block(&first, chain, data + i);
    }
    if (!is_padded) {
        for (size_t i = whole; i < len; i++) {
            last[i - whole] = data[i];
        }
        last[len - whole] = 0x80;
        chain_block(&first, chain, last);
    }
    CHECK(mbedtls_des_crypt_ecb(&second, chain, chain) == 0);
    CHECK(mbedtls_des_crypt_ecb(&first, chain, mac) == 0);
    mbedtls_des_free(&first);
    mbedtls_des_free(&second);
    wipe(chain, sizeof chain);
    wipe(last, sizeof last);
}

static void chain_block(mbedtls_des_context *des, uint8_t chain[DES_BLOCK_BYTES],
                        const uint8_t *block)
{
    for (size_t i = 0; i < DES_BLOCK_BYTES; i++) {
        chain[i] = (uint8_t)(chain[i] ^ block[i]);
    }
    CHECK(mbedtls_des_crypt_ecb(des, chain, chain) == 0);
}

static void cmac(const struct cipher_key_private *key, const uint8_t *data, size_t len,
                 uint8_t mac[CIPHER_MAC_BYTES])
{
    static const uint8_t nothing[1] = {0};
    const size_t bits = cipher_key_bytes(key->cipher) * 8;
    const mbedtls_cipher_info_t *info =
        mbedtls_cipher_info_from_values(MBEDTLS_CIPHER_ID_AES, (int)bits, MBEDTLS_MODE_ECB);
    uint8_t whole[AES_BLOCK_BYTES];
    CHECK(info != NULL);
    CHECK(mbedtls_cipher_cmac(info, key->bytes, bits, len == 0 ? nothing : data, len, whole) == 0);
    memcpy(mac, whole, CIPHER_MAC_BYTES);
    wipe(whole, sizeof whole);
}
