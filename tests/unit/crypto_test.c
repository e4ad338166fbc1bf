// SPDX-License-Identifier: EUPL-1.2
//
// Hashes against published vectors, sealing against tampering, keys and certificates by their
// contract.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/text.h"
#include "link/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FROM_S = 1764000000, DAY_S = 86400, DER_BYTES = 1024 };

static char folder[64];

static int open_folder(void **state)
{
    (void)state;
    text_copy_cut(folder, sizeof folder, "/tmp/inloop-crypto-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void assert_hex(const uint8_t *data, size_t len, const char *hex)
{
    char words[200];
    assert_int_equal(hex_encode(data, len, words, sizeof words), OK);
    assert_string_equal(words, hex);
}

// FIPS 180-4, the examples "" and "abc".
static void sha256_gives_the_standards_examples(void **state)
{
    (void)state;
    uint8_t hash[CRYPTO_HASH_BYTES];
    crypto_sha256("", 0, hash);
    assert_hex(hash, sizeof hash,
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    crypto_sha256("abc", 3, hash);
    assert_hex(hash, sizeof hash,
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 4231, test cases 1, 2 and 6 (a key longer than a block).
static void hmac_gives_the_standards_examples(void **state)
{
    (void)state;
    uint8_t mac[CRYPTO_HASH_BYTES];
    uint8_t key[131];
    memset(key, 0x0b, 20);
    crypto_hmac(key, 20, "Hi There", 8, mac);
    assert_hex(mac, sizeof mac, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    crypto_hmac("Jefe", 4, "what do ya want for nothing?", 28, mac);
    assert_hex(mac, sizeof mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    crypto_hmac(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54, mac);
    assert_hex(mac, sizeof mac, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// Computed with Python's hashlib.pbkdf2_hmac.
static void a_stretched_pin_is_what_pbkdf2_gives(void **state)
{
    (void)state;
    uint8_t salt[16];
    uint8_t out[CRYPTO_HASH_BYTES];
    for (size_t i = 0; i < sizeof salt; i++) {
        salt[i] = (uint8_t)i;
    }
    crypto_stretch("482913", salt, 1000, out);
    assert_hex(out, sizeof out, "c244b3eb4f25507ed8b8ad789e97c7d8a4cfa28fc257cbd6fe1612f7fcb694a2");
}

static void what_was_sealed_opens_under_the_same_key_and_place(void **state)
{
    (void)state;
    static const uint8_t key[CRYPTO_KEY_BYTES] = {7};
    static const char words[] = "borrowed, not owned";
    uint8_t sealed[sizeof words + CRYPTO_SEAL_BYTES];
    uint8_t again[sizeof sealed];
    uint8_t plain[sizeof words];

    crypto_seal(key, "hal|visit|1", words, sizeof words, sealed);
    crypto_seal(key, "hal|visit|1", words, sizeof words, again);

    assert_int_equal(crypto_open(key, "hal|visit|1", sealed, sizeof sealed, plain), OK);
    assert_memory_equal(plain, words, sizeof words);
    assert_null(memmem(sealed, sizeof sealed, "borrowed", 8));
    assert_memory_not_equal(sealed, again, sizeof sealed); // a nonce of its own each time
}

static void a_sealed_value_opens_nowhere_else(void **state)
{
    (void)state;
    static const uint8_t key[CRYPTO_KEY_BYTES] = {7};
    static const uint8_t other[CRYPTO_KEY_BYTES] = {8};
    uint8_t sealed[4 + CRYPTO_SEAL_BYTES];
    uint8_t plain[4];
    crypto_seal(key, "hal|visit|1", "data", 4, sealed);

    assert_int_equal(crypto_open(other, "hal|visit|1", sealed, sizeof sealed, plain), ERR_CRYPTO);
    assert_int_equal(crypto_open(key, "hal|visit|2", sealed, sizeof sealed, plain), ERR_CRYPTO);
    assert_int_equal(crypto_open(key, "", sealed, sizeof sealed, plain), ERR_CRYPTO);
}

static void one_bit_anywhere_or_a_byte_less_and_it_does_not_open(void **state)
{
    (void)state;
    static const uint8_t key[CRYPTO_KEY_BYTES] = {7};
    uint8_t sealed[4 + CRYPTO_SEAL_BYTES];
    uint8_t plain[4 + CRYPTO_SEAL_BYTES];
    crypto_seal(key, "place", "data", 4, sealed);
    for (size_t i = 0; i < sizeof sealed * 8; i++) {
        sealed[i / 8] ^= (uint8_t)(1U << i % 8);
        assert_int_equal(crypto_open(key, "place", sealed, sizeof sealed, plain), ERR_CRYPTO);
        sealed[i / 8] ^= (uint8_t)(1U << i % 8);
    }
    assert_int_equal(crypto_open(key, "place", sealed, sizeof sealed - 1, plain), ERR_CRYPTO);
    assert_int_equal(crypto_open(key, "place", sealed, CRYPTO_SEAL_BYTES - 1, plain),
                     ERR_MALFORMED);
    assert_int_equal(crypto_open(key, "place", sealed, 0, plain), ERR_MALFORMED);
}

static void nothing_can_be_sealed_too(void **state)
{
    (void)state;
    static const uint8_t key[CRYPTO_KEY_BYTES] = {7};
    uint8_t sealed[CRYPTO_SEAL_BYTES];
    uint8_t plain[1];

    crypto_seal(key, "place", "", 0, sealed);

    assert_int_equal(crypto_open(key, "place", sealed, sizeof sealed, plain), OK);
}

static void a_signature_holds_for_its_key_and_words_only(void **state)
{
    (void)state;
    struct crypto_key *key = crypto_key_new();
    struct crypto_key *other = crypto_key_new();
    uint8_t x[CRYPTO_POINT_BYTES];
    uint8_t y[CRYPTO_POINT_BYTES];
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    assert_int_equal(crypto_sign(key, "words", 5, signature), OK);

    crypto_key_point(key, x, y);
    assert_int_equal(crypto_verify(x, y, "words", 5, signature), OK);
    assert_int_equal(crypto_verify(x, y, "word", 4, signature), ERR_CRYPTO);
    signature[40] ^= 1;
    assert_int_equal(crypto_verify(x, y, "words", 5, signature), ERR_CRYPTO);
    signature[40] ^= 1;
    crypto_key_point(other, x, y);
    assert_int_equal(crypto_verify(x, y, "words", 5, signature), ERR_CRYPTO);
    crypto_key_free(other);
    crypto_key_free(key);
}

static void a_point_off_the_curve_verifies_nothing(void **state)
{
    (void)state;
    static const uint8_t none[CRYPTO_POINT_BYTES];
    static const uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    uint8_t x[CRYPTO_POINT_BYTES];
    memset(x, 0x41, sizeof x);

    assert_int_equal(crypto_verify(none, none, "x", 1, signature), ERR_CRYPTO);
    assert_int_equal(crypto_verify(x, x, "x", 1, signature), ERR_CRYPTO);
}

static void a_key_file_is_made_once_and_for_its_owner_only(void **state)
{
    (void)state;
    char path[128];
    struct crypto_key *first = NULL;
    struct crypto_key *again = NULL;
    struct fault fault = {0};
    struct stat about;
    uint8_t points[2][2][CRYPTO_POINT_BYTES];
    (void)snprintf(path, sizeof path, "%s/a.key", folder); // always fits
    assert_int_equal(crypto_key_read(&first, path, &fault), ERR_NOT_FOUND);

    assert_int_equal(crypto_key_ensure(&first, path, &fault), OK);
    assert_int_equal(crypto_key_ensure(&again, path, &fault), OK);

    crypto_key_point(first, points[0][0], points[0][1]);
    crypto_key_point(again, points[1][0], points[1][1]);
    assert_memory_equal(points[0], points[1], sizeof points[0]);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    crypto_key_free(again);
    crypto_key_free(first);
    assert_int_equal(unlink(path), 0);
}

static void a_file_that_is_no_key_is_refused(void **state)
{
    (void)state;
    char path[128];
    struct crypto_key *key = NULL;
    struct fault fault = {0};
    (void)snprintf(path, sizeof path, "%s/b.key", folder); // always fits
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(
        fputs("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", file) >= 0);
    assert_int_equal(fclose(file), 0);

    assert_int_equal(crypto_key_read(&key, path, &fault), ERR_CRYPTO);
    assert_int_equal(crypto_key_ensure(&key, path, &fault), ERR_CRYPTO); // and is not overwritten

    assert_int_equal(unlink(path), 0);
}

static const struct crypto_subject kiosk = {.name = "kiosk-1",
                                            .uri = "urn:inloop:device:kiosk-1",
                                            .from_s = FROM_S,
                                            .to_s = FROM_S + DAY_S};

static void a_request_becomes_a_certificate_for_its_key(void **state)
{
    (void)state;
    struct crypto_key *authority = crypto_key_new();
    struct crypto_key *device = crypto_key_new();
    uint8_t der[DER_BYTES];
    size_t len = 0;
    char pem[CRYPTO_PEM_BYTES];
    uint8_t told[CRYPTO_HASH_BYTES];
    uint8_t read[CRYPTO_HASH_BYTES];
    assert_int_equal(crypto_request(device, "kiosk-1", der, sizeof der, &len), OK);

    assert_int_equal(crypto_certify_request(der, len, &kiosk, authority, "Hal", pem, told), OK);

    assert_true(text_starts_with(pem, "-----BEGIN CERTIFICATE-----\n"));
    assert_int_equal(crypto_fingerprint(pem, read), OK);
    assert_memory_equal(told, read, sizeof told);
    crypto_key_free(device);
    crypto_key_free(authority);
}

static void a_request_its_key_did_not_sign_is_refused(void **state)
{
    (void)state;
    struct crypto_key *authority = crypto_key_new();
    struct crypto_key *device = crypto_key_new();
    uint8_t der[DER_BYTES];
    size_t len = 0;
    char pem[CRYPTO_PEM_BYTES];
    uint8_t hash[CRYPTO_HASH_BYTES];
    assert_int_equal(crypto_request(device, "kiosk-1", der, sizeof der, &len), OK);

    uint8_t *name = memmem(der, len, "kiosk-1", 7);
    assert_non_null(name);
    name[6] = '2';
    assert_int_equal(crypto_certify_request(der, len, &kiosk, authority, "Hal", pem, hash),
                     ERR_CRYPTO);
    assert_int_equal(crypto_certify_request(der, len - 1, &kiosk, authority, "Hal", pem, hash),
                     ERR_MALFORMED);
    assert_int_equal(crypto_certify_request(der, 0, &kiosk, authority, "Hal", pem, hash),
                     ERR_MALFORMED);
    crypto_key_free(device);
    crypto_key_free(authority);
}

static void a_request_says_when_it_does_not_fit(void **state)
{
    (void)state;
    struct crypto_key *device = crypto_key_new();
    uint8_t der[16];
    size_t len = 0;

    assert_int_equal(crypto_request(device, "kiosk-1", der, sizeof der, &len), ERR_TOO_BIG);

    crypto_key_free(device);
}

static void two_certificates_of_one_key_are_told_apart(void **state)
{
    (void)state;
    static const char *const hosts[] = {"hub.hal.example", "127.0.0.1", NULL};
    const struct crypto_subject hub = {
        .name = "hub", .hosts = hosts, .is_server = true, .from_s = FROM_S, .to_s = FROM_S + DAY_S};
    struct crypto_key *key = crypto_key_new();
    char pem[2][CRYPTO_PEM_BYTES];
    uint8_t hash[2][CRYPTO_HASH_BYTES];
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(crypto_certify(key, &hub, key, "hub", pem[i]), OK);
        assert_int_equal(crypto_fingerprint(pem[i], hash[i]), OK);
    }
    assert_memory_not_equal(hash[0], hash[1], sizeof hash[0]); // serial numbers are random
    crypto_key_free(key);
}

static void text_that_is_no_certificate_has_no_fingerprint(void **state)
{
    (void)state;
    uint8_t hash[CRYPTO_HASH_BYTES];

    assert_int_equal(crypto_fingerprint("", hash), ERR_MALFORMED);
    assert_int_equal(crypto_fingerprint("-----BEGIN CERTIFICATE-----\nAAAA\n"
                                        "-----END CERTIFICATE-----\n",
                                        hash),
                     ERR_MALFORMED);
}

// RFC 4648 section 10.
static void base64_gives_the_standards_examples_both_ways(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char words[16];
        uint8_t plain[16];
        size_t len = 0;
        const size_t plain_len = strlen(pairs[i][0]);
        assert_int_equal(crypto_base64_encode(pairs[i][0], plain_len, words, sizeof words), OK);
        assert_string_equal(words, pairs[i][1]);
        assert_int_equal(
            crypto_base64_decode(pairs[i][1], strlen(pairs[i][1]), plain, sizeof plain, &len), OK);
        assert_int_equal(len, plain_len);
        assert_memory_equal(plain, pairs[i][0], len);
    }
}

static void base64_that_is_wrong_or_does_not_fit_is_refused(void **state)
{
    (void)state;
    uint8_t plain[2];
    char words[4];
    size_t len = 0;

    assert_int_equal(crypto_base64_decode("Zg=x", 4, plain, sizeof plain, &len), ERR_MALFORMED);
    assert_int_equal(crypto_base64_decode("Z*==", 4, plain, sizeof plain, &len), ERR_MALFORMED);
    assert_int_equal(crypto_base64_decode("Zm9v", 4, plain, sizeof plain, &len), ERR_TOO_BIG);
    assert_int_equal(crypto_base64_encode("foo", 3, words, sizeof words), ERR_TOO_BIG);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    crypto_key_free(NULL);
}

static void a_hash_of_pieces_is_the_hash_of_the_whole(void **state)
{
    (void)state;
    uint8_t bytes[1000];
    uint8_t whole[CRYPTO_HASH_BYTES];
    uint8_t pieces[CRYPTO_HASH_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 7);
    }
    crypto_sha256(bytes, sizeof bytes, whole);
    struct crypto_digest *digest = crypto_digest_new();

    for (size_t at = 0; at < sizeof bytes; at += 125) {
        crypto_digest_add(digest, bytes + at, 125);
    }
    crypto_digest_end(digest, pieces);

    assert_memory_equal(whole, pieces, sizeof whole);
    crypto_digest_free(digest);
    crypto_digest_free(NULL);
}

static void a_public_key_is_written_and_read(void **state)
{
    (void)state;
    struct crypto_key *key = crypto_key_new();
    uint8_t x[CRYPTO_POINT_BYTES];
    uint8_t y[CRYPTO_POINT_BYTES];
    uint8_t read_x[CRYPTO_POINT_BYTES];
    uint8_t read_y[CRYPTO_POINT_BYTES];
    char pem[CRYPTO_PEM_BYTES];
    crypto_key_point(key, x, y);

    crypto_public_write(key, pem);

    assert_int_equal(crypto_public_read(pem, strlen(pem), read_x, read_y), OK);
    assert_memory_equal(x, read_x, sizeof x);
    assert_memory_equal(y, read_y, sizeof y);
    assert_int_equal(crypto_public_read(pem, strlen(pem) - 30, read_x, read_y), ERR_MALFORMED);
    assert_int_equal(crypto_public_read("", 0, read_x, read_y), ERR_MALFORMED);
    crypto_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_standards_examples),
        cmocka_unit_test(hmac_gives_the_standards_examples),
        cmocka_unit_test(a_stretched_pin_is_what_pbkdf2_gives),
        cmocka_unit_test(what_was_sealed_opens_under_the_same_key_and_place),
        cmocka_unit_test(a_sealed_value_opens_nowhere_else),
        cmocka_unit_test(one_bit_anywhere_or_a_byte_less_and_it_does_not_open),
        cmocka_unit_test(nothing_can_be_sealed_too),
        cmocka_unit_test(a_signature_holds_for_its_key_and_words_only),
        cmocka_unit_test(a_point_off_the_curve_verifies_nothing),
        cmocka_unit_test(a_key_file_is_made_once_and_for_its_owner_only),
        cmocka_unit_test(a_file_that_is_no_key_is_refused),
        cmocka_unit_test(a_request_becomes_a_certificate_for_its_key),
        cmocka_unit_test(a_request_its_key_did_not_sign_is_refused),
        cmocka_unit_test(a_request_says_when_it_does_not_fit),
        cmocka_unit_test(two_certificates_of_one_key_are_told_apart),
        cmocka_unit_test(text_that_is_no_certificate_has_no_fingerprint),
        cmocka_unit_test(base64_gives_the_standards_examples_both_ways),
        cmocka_unit_test(base64_that_is_wrong_or_does_not_fit_is_refused),
        cmocka_unit_test(freeing_nothing_is_allowed),
        cmocka_unit_test(a_hash_of_pieces_is_the_hash_of_the_whole),
        cmocka_unit_test(a_public_key_is_written_and_read),
    };
    return cmocka_run_group_tests(tests, open_folder, remove_folder);
}
