// SPDX-License-Identifier: EUPL-1.2
//
// Hashes, ciphers and codes of authenticity against the vectors of their standards; the key
// derivation and the retail MAC of travel documents are in icao9303_test.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/document/cipher.h"

#include <string.h>

static size_t unhex(const char *text, uint8_t *out, size_t out_bytes)
{
    size_t len = 0;
    assert_int_equal(hex_decode(text, strlen(text), out, out_bytes, &len), OK);
    return len;
}

static struct cipher_key_private make_key(enum cipher cipher, const char *hex)
{
    struct cipher_key_private key = {.cipher = cipher};
    assert_int_equal(unhex(hex, key.bytes, sizeof key.bytes), cipher_key_bytes(cipher));
    return key;
}

static void expect_bytes(const uint8_t *bytes, const char *hex)
{
    uint8_t expected[64];
    const size_t len = unhex(hex, expected, sizeof expected);
    assert_memory_equal(bytes, expected, len);
}

// FIPS 180-4, the hash of "abc".
static void hashes_are_those_of_their_standard(void **state)
{
    (void)state;
    static const char *const expected[HASHES_COUNT] = {
        "a9993e364706816aba3e25717850c26c9cd0d89d",
        "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134"
        "c825a7",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3"
        "feebbd454d4423643ce80e2a9ac94fa54ca49f",
    };
    for (size_t i = 0; i < HASHES_COUNT; i++) {
        uint8_t hash[HASH_BYTES_MAX];

        hash_once((enum hash)i, "abc", 3, hash);

        assert_int_equal(strlen(expected[i]), 2 * hash_bytes((enum hash)i));
        expect_bytes(hash, expected[i]);
    }
}

static void a_hash_is_known_by_its_oid_and_no_other(void **state)
{
    (void)state;
    static const uint8_t sha256[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
    static const uint8_t md5[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05};
    enum hash hash = HASH_SHA1;

    assert_int_equal(hash_from_oid(sha256, sizeof sha256, &hash), OK);
    assert_int_equal(hash, HASH_SHA256);
    assert_int_equal(hash_from_oid(sha256, sizeof sha256 - 1, &hash), ERR_UNSUPPORTED);
    assert_int_equal(hash_from_oid(md5, sizeof md5, &hash), ERR_UNSUPPORTED);
}

// NIST SP 800-38A section F.2, the first two blocks.
static void aes_in_a_chain_is_the_standards(void **state)
{
    (void)state;
    static const struct {
        enum cipher cipher;
        const char *key;
        const char *coded;
    } rows[] = {
        {CIPHER_AES128, "2b7e151628aed2a6abf7158809cf4f3c",
         "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
        {CIPHER_AES192, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
         "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"},
        {CIPHER_AES256, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
         "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"},
    };
    static const char plain_hex[] =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
    uint8_t iv[16];
    uint8_t plain[32];
    (void)unhex("000102030405060708090a0b0c0d0e0f", iv, sizeof iv);
    (void)unhex(plain_hex, plain, sizeof plain);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cipher_key_private key = make_key(rows[i].cipher, rows[i].key);
        uint8_t coded[32];

        cipher_encrypt(&key, iv, plain, sizeof plain, coded);
        expect_bytes(coded, rows[i].coded);

        cipher_decrypt(&key, iv, coded, sizeof coded, coded);
        expect_bytes(coded, plain_hex);
    }
}

// RFC 4493 section 4 and NIST SP 800-38B appendix D: 0, 16 and 40 bytes.
static void cmac_is_the_standards_first_eight_bytes(void **state)
{
    (void)state;
    static const struct {
        enum cipher cipher;
        const char *key;
        const char *macs[3];
    } rows[] = {
        {CIPHER_AES128,
         "2b7e151628aed2a6abf7158809cf4f3c",
         {"bb1d6929e9593728", "070a16b46b4d4144", "dfa66747de9ae630"}},
        {CIPHER_AES192,
         "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
         {"d17ddf46adaacde5", "9e99a7bf31e71090", "8a1de5be2eb31aad"}},
        {CIPHER_AES256,
         "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
         {"028962f61b7bf89e", "28a7023f452e8f82", "aaf3d8f1de5640c2"}},
    };
    static const size_t lengths[] = {0, 16, 40};
    uint8_t message[40];
    (void)unhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
                message, sizeof message);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cipher_key_private key = make_key(rows[i].cipher, rows[i].key);
        for (size_t j = 0; j < 3; j++) {
            uint8_t mac[CIPHER_MAC_BYTES];

            cipher_mac(&key, message, lengths[j], false, mac);

            expect_bytes(mac, rows[i].macs[j]);
        }
    }
}

static void a_retail_mac_of_padded_and_unpadded_data_is_one(void **state)
{
    (void)state;
    const struct cipher_key_private key = make_key(CIPHER_3DES, "7962d9ece03d1acd4c76089dce131543");
    static const uint8_t padded[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0x80};
    uint8_t one[CIPHER_MAC_BYTES];
    uint8_t other[CIPHER_MAC_BYTES];

    cipher_mac(&key, padded, 9, false, one);
    cipher_mac(&key, padded, sizeof padded, true, other);

    assert_memory_equal(one, other, sizeof one);
    cipher_mac(&key, padded, 8, false, other);
    assert_memory_not_equal(one, other, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_their_standard),
        cmocka_unit_test(a_hash_is_known_by_its_oid_and_no_other),
        cmocka_unit_test(aes_in_a_chain_is_the_standards),
        cmocka_unit_test(cmac_is_the_standards_first_eight_bytes),
        cmocka_unit_test(a_retail_mac_of_padded_and_unpadded_data_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
