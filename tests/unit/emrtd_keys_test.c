// SPDX-License-Identifier: EUPL-1.2
//
// Open keys and their signatures, piece by piece: what OpenSSL signed with a key that was thrown
// away verifies, and nothing beside it; moments as certificates write them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "drivers/document/certificate.h"
#include "drivers/document/public_key.h"

#include <string.h>

enum { KEY_BYTES = 128, OPEN_KEY_BYTES_MAX = 256 };

// SubjectPublicKeyInfo, 1024 bits, exponent 65537.
static const char open_key[] =
    "30819f300d06092a864886f70d010101050003818d0030818902818100b8997ffe007e359cbb827d1c6e"
    "af2d75f941c5c84d0dbdd8fbd13bc95329e325358d53a56f7a4fb45469587ecab3b9b904607c4d786f5b"
    "10303def03ccde515dbc7d135d3a05ace21d3aceab0191250c6efad7dec6b2767e3b53d27daf40089cbb"
    "8441f1f0e07cdb4384c5aeea1cc20ea80a3d9b9a7387d7c780afc422bfaa830203010001";
static const char message[] = "Inloop";

static const struct {
    enum hash hash;
    size_t salt_bytes;
    const char *plain;
    const char *pss;
} signatures[] = {
    {HASH_SHA1, 20,
     "3a4a389de94a08e245438213918f51d59224b62e00e1b8a84d74d2f10d87ec7106e212699d51caf33e1"
     "0cdef996f3cee16c693ecbc3d33c8a018a3c664aaa8145f354ec566624fe5147376f2f72621f104ec43"
     "cbd82cbcff02b3ed5fa1caf8428eded5fa9fe56e005bf13d66662e892acdfea18b8d5be08bf90cc53de"
     "a154daf",
     "2c31680366e4e1983e66c020801306a19b55b93316e74e4835668c130383f81489082442de9e5c89c21"
     "3565d8ebf8ebb3a00047d870e8203facadbf2e50d7f2b6913eb0319abaf73295fe77e3564067fbf668b"
     "32e6868bafd3b611d86efc81301525dd897011e6451974e4a8459e9a360553b114a0336a7d0e5aa2b79"
     "9ffb843"},
    {HASH_SHA224, 28,
     "57893dee2aceebfd556b92b9e7ec5f614ba3fa89491001746cb5e8eac0cb5592341b21ef1bbebf81749"
     "a850e3df6426601e098e1c1350106de38bcc15b062425a753744a7ce4a8f7fc0a1a3f5a0809925a6102"
     "b4c4747a2e1563fcc96ccfab2214eb68dac91136fe91d93ce78213ce461e49316ba235cddfc6045dc18"
     "8d1b22a",
     "0bf1a3591fc87a032e3d215246c191cee590cca43e6c4bfee4b82879db7ca82484187cd7d1fb8694321"
     "123609d0a94cbe184ab0694883a3b5351257b1f7f4c7df051681f5775580519c00b6f840030e885d53d"
     "7b6006060e767ba1ed6d7a05c0c37c0e53057e21c8d3db11a26cd9437a8a2dfa0be7007a5829b2e5d1f"
     "8ca6731"},
    {HASH_SHA256, 32,
     "788cda1c60aaa3b8d1d0546ec222a450ebe5fcf5ef8827bbbaf29b1a81ffa5813ee368e9f958b708f37"
     "9718a31a4d405578ea35b93b81534fe79189bbb57205ea48a7c5390d70fb16374ba8b304efe98a15f08"
     "77c8c9349d027dd88089c24a82d2b0c29079fb4bf634c720b1a4d1e71b0b5d9dc7aa40fb941ee0e5528"
     "cc9f0c6",
     "a1ffa7e4f36b4a5b1daeb1afcdc0dc40143a6d4664a81377ab214a8fad5df96b01bcf1b8b3c262f90f0"
     "aa6fa75172e4c43ee2ef6cd4357ada0086d1cce810bf67fbdd72ebce9c28008d4cee378855cfa0fade8"
     "13c1b2311dd521ffb554479dde991a23e09888e7d45f7de8d12e75dc26c6a5d46c8b151b9048c22843d"
     "d4c6bc3"},
    {HASH_SHA384, 48,
     "4e6c05ed9815f7df75e503b0cd6babf9170b594d881f672a81a4f1da2f19d69e7b6cfc02939badf5145"
     "1f955c4ab4693d32dc348097049d88e0b8b1fed6aab74231e58a107afb1d8b14919a6efda7291d03732"
     "877a02ab8300e4a1721be5feac1bd8f595bae50bb7c469e335334738bb26350e0232b3aa5aa20011a01"
     "1c5619c",
     "6c6fb79f784d2b594d4f240da84ffe514b383314c976a100f3d5d0b75e2ac25696f9aafa531827ec21b"
     "abe290a870b79db0ecf656b071dfd42c337f6d64c697e82e5c0de1a12e892dcda91dc3c22ab2459f582"
     "d3ce496563d90a46dc289f92681374a480bee291fdb2e73c890ae78652eee1839166cf477d9bf678241"
     "9676ef9"},
    {HASH_SHA512, 32,
     "24797c31c790c84fb40ab8a5249150747be26993752251bf0aff4edfdde23f99febb9f0ec9986cc5f90"
     "2293a995838fc73cb2df6e44cb603c85b399da046df4fe32c686354dddf1a26fd668e57fdf94e3183e0"
     "ad87492a270ec610d5b4d3154aea66cfea69889a6ffd22680fd8140bffcb5041b1881f60d9e52d7f2c5"
     "014b83d",
     "8ce02bbc67d29cdd5ba0d0ae9dbac2dce1f903694ed59fe60b40ec64c2c12d442b724c256841ad3fbfd"
     "53f1a187c82bee48a9fee8d955240af7623147cc997c7b004fa7402d19ea9226754e31fb568678636eb"
     "31ed79b8a77f521df53fdb9cd3d85d764f5dd09ce9227f4324f4a7786576d37d14bef131fa17b11df30"
     "54a026b"},
};
// 2 ^ 65537 modulo the modulus.
static const char power_of_two[] =
    "3da9c5af24efefbee6d644e61b7bb7ff5f304cdf7b76bcbd86a40e40f8e18973bd13f652f15f8bf22b17"
    "b891709b37f6d3053d3259abc3dddb48263fe3e01e16a87d21454b867dbf6eec174dc4905dda612c5df4"
    "3baf498bb32c374f462e1b67bc049275e3d7abbbe4711f72b135b0b666a1efe72c62a2b23f1fd20c733a"
    "ff1f";

struct open_key {
    uint8_t der[OPEN_KEY_BYTES_MAX];
    size_t len;
    struct public_key key;
};

static void read_key(struct open_key *open)
{
    assert_int_equal(
        hex_decode(open_key, strlen(open_key), open->der, sizeof open->der, &open->len), OK);
    assert_int_equal(public_key_read(open->der, open->len, &open->key), OK);
    assert_int_equal(open->key.kind, PUBLIC_KEY_RSA);
}

static void read_value(const char *words, uint8_t value[KEY_BYTES])
{
    size_t len = 0;
    assert_int_equal(hex_decode(words, strlen(words), value, KEY_BYTES, &len), OK);
    assert_int_equal(len, KEY_BYTES);
}

static void a_signature_verifies_with_its_own_hash_only(void **state)
{
    (void)state;
    struct open_key open;
    read_key(&open);
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        uint8_t digest[HASH_BYTES_MAX];
        uint8_t signature[KEY_BYTES];
        hash_once(signatures[i].hash, message, strlen(message), digest);
        read_value(signatures[i].plain, signature);
        for (int hash = 0; hash < HASHES_COUNT; hash++) {
            const enum err err =
                rsa_verify(&open.key.rsa, (enum hash)hash, digest, signature, sizeof signature);
            assert_int_equal(err, hash == (int)signatures[i].hash ? OK : ERR_CRYPTO);
        }
        digest[0] ^= 1;
        assert_int_equal(
            rsa_verify(&open.key.rsa, signatures[i].hash, digest, signature, sizeof signature),
            ERR_CRYPTO);
    }
}

static void a_pss_signature_needs_its_hash_and_its_salt(void **state)
{
    (void)state;
    struct open_key open;
    read_key(&open);
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        struct rsa_pss pss = {signatures[i].hash, signatures[i].salt_bytes};
        uint8_t digest[HASH_BYTES_MAX];
        uint8_t signature[KEY_BYTES];
        hash_once(pss.hash, message, strlen(message), digest);
        read_value(signatures[i].pss, signature);
        assert_int_equal(rsa_verify_pss(&open.key.rsa, &pss, digest, signature, sizeof signature),
                         OK);

        pss.salt_bytes -= 1;
        assert_int_equal(rsa_verify_pss(&open.key.rsa, &pss, digest, signature, sizeof signature),
                         ERR_CRYPTO);
        pss.salt_bytes += 1;
        pss.hash = pss.hash == HASH_SHA1 ? HASH_SHA256 : HASH_SHA1;
        assert_int_equal(rsa_verify_pss(&open.key.rsa, &pss, digest, signature, sizeof signature),
                         ERR_CRYPTO);
    }
}

static void a_pss_signature_with_a_foreign_mask_is_not_taken(void **state)
{
    (void)state;
    // RSASSA-PSS with SHA-256 and a salt of 32, and a mask by SHA-256, then by SHA-512.
    static const char same[] = "303d06092a864886f70d01010a3030a00d300b0609608648016503040201"
                               "a11a301806092a864886f70d010108300b0609608648016503040201a203020120";
    uint8_t der[128];
    size_t len = 0;
    assert_int_equal(hex_decode(same, strlen(same), der, sizeof der, &len), OK);
    struct bytes_in in;
    struct ber identifier;
    struct signature_algorithm algorithm;
    bytes_in_init(&in, der, len);
    assert_true(ber_expect(&in, 0x30, &identifier));
    assert_int_equal(signature_algorithm_read(&identifier, &algorithm), OK);
    assert_int_equal(algorithm.kind, SIGNATURE_RSA_PSS);
    assert_int_equal(algorithm.pss.hash, HASH_SHA256);
    assert_int_equal(algorithm.pss.salt_bytes, 32);

    der[len - 6] = 3;
    assert_int_equal(signature_algorithm_read(&identifier, &algorithm), ERR_UNSUPPORTED);
}

static void the_bare_operation_raises_to_the_exponent(void **state)
{
    (void)state;
    struct open_key open;
    read_key(&open);
    uint8_t two[KEY_BYTES] = {0};
    uint8_t expected[KEY_BYTES];
    uint8_t out[RSA_BYTES_MAX];
    two[KEY_BYTES - 1] = 2;
    read_value(power_of_two, expected);

    assert_int_equal(rsa_open(&open.key.rsa, two, sizeof two, out), OK);

    assert_memory_equal(out, expected, sizeof expected);
    assert_int_equal(rsa_open(&open.key.rsa, two, sizeof two - 1, out), ERR_CRYPTO);
    assert_int_equal(rsa_open(&open.key.rsa, open.key.rsa.modulus, sizeof two, out), ERR_CRYPTO);
}

static void a_key_that_would_keep_the_processor_busy_is_refused(void **state)
{
    (void)state;
    // RSAPublicKey: a modulus of 1024 bits, then an exponent of nine bytes; and one of 512 bits.
    uint8_t der[3 + 3 + 129 + 11] = {0x30, 0x81, 3 + 129 + 11, 0x02, 0x81, 129, 0x00};
    memset(der + 7, 0xff, 128);
    der[135] = 0x02;
    der[136] = 9;
    memset(der + 137, 0x7f, 9);
    struct rsa_key key;
    assert_int_equal(rsa_key_read(der, sizeof der, &key), ERR_UNSUPPORTED);
    uint8_t weak[2 + 67 + 3] = {0x30, 67 + 3, 0x02, 65, 0x00};
    memset(weak + 5, 0xff, 64);
    memcpy(weak + 69, "\x02\x01\x03", 3);

    assert_int_equal(rsa_key_read(weak, sizeof weak, &key), ERR_UNSUPPORTED);
    assert_int_equal(rsa_key_read(weak, sizeof weak - 1, &key), ERR_MALFORMED);
}

static void a_key_cut_anywhere_is_malformed(void **state)
{
    (void)state;
    struct open_key open;
    read_key(&open);
    for (size_t len = 0; len < open.len; len++) {
        struct public_key key;
        assert_int_equal(public_key_read(open.der, len, &key), ERR_MALFORMED);
    }
}

static bool read_time(uint32_t tag, const char *words, int64_t *time_s)
{
    const struct ber ber = {.tag = tag, .value = (const uint8_t *)words, .len = strlen(words)};
    return certificate_time(&ber, time_s);
}

static void moments_are_read_in_both_spellings_and_no_other(void **state)
{
    (void)state;
    int64_t time_s = 0;
    assert_true(read_time(0x17, "261127121234Z", &time_s));
    assert_int_equal(time_s, 1795781554);
    assert_true(read_time(0x18, "20261127121234Z", &time_s));
    assert_int_equal(time_s, 1795781554);
    assert_true(read_time(0x17, "491231235959Z", &time_s));
    assert_int_equal(time_s, 2524607999);
    assert_true(read_time(0x17, "500101000000Z", &time_s));
    assert_int_equal(time_s, -631152000);

    static const char *const bad[] = {"2611271212Z",
                                      "261127121234",
                                      "261127121234+0100",
                                      "261327121234Z",
                                      "260229121234Z",
                                      "261127241234Z",
                                      "261127126034Z",
                                      "261127121260Z",
                                      "26112712123aZ",
                                      "26112712123412345",
                                      ""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(read_time(0x17, bad[i], &time_s));
    }
    assert_false(read_time(0x18, "261127121234Z", &time_s));
    assert_false(read_time(0x04, "261127121234Z", &time_s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_verifies_with_its_own_hash_only),
        cmocka_unit_test(a_pss_signature_needs_its_hash_and_its_salt),
        cmocka_unit_test(a_pss_signature_with_a_foreign_mask_is_not_taken),
        cmocka_unit_test(the_bare_operation_raises_to_the_exponent),
        cmocka_unit_test(a_key_that_would_keep_the_processor_busy_is_refused),
        cmocka_unit_test(a_key_cut_anywhere_is_malformed),
        cmocka_unit_test(moments_are_read_in_both_spellings_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
