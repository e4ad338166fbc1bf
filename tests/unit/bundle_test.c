// SPDX-License-Identifier: EUPL-1.2
//
// A bundle as it was made is read; anything else that has become of it on its way is refused.
#include "update/bundle.h"

#include "base/file.h"
#include "tests/fakes/bundles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FLIPS_COUNT = 100, CUTS_COUNT = 60, FILE_BYTES_MAX = 1024 * 1024 };

static struct bundles made;
static struct fault fault;
static char path[BUNDLES_PATH_BYTES];
static char other_path[BUNDLES_PATH_BYTES];

// What is read of a file of those bytes.
static enum err check_bytes(const char *bytes, size_t len)
{
    struct bundle bundle;
    bundles_put(&made, "changed", bytes, len);
    enum err err =
        bundle_check_file(&bundle, bundles_path(&made, "changed", other_path), &made.keys, &fault);
    assert_true(err == OK || bundle.payloads_count == 0);
    return err;
}

static char *read_made(const char *version, size_t *len)
{
    char *bytes = NULL;
    assert_int_equal(file_read(bundles_make(&made, version, path), FILE_BYTES_MAX, &bytes, len),
                     OK);
    return bytes;
}

static void a_bundle_says_what_it_was_made_of(void **state)
{
    (void)state;
    struct bundle bundle;

    assert_int_equal(
        bundle_check_file(&bundle, bundles_make(&made, "1.12.3", path), &made.keys, &fault), OK);

    assert_string_equal(bundle.version, "1.12.3");
    assert_string_equal(bundle.minimum, "1.0");
    assert_string_equal(bundle.board, "qemu-x86_64");
    assert_string_equal(bundle.town, "*");
    assert_string_equal(bundle.made, "2026-11-27");
    assert_int_equal(bundle.payloads_count, 1);
    assert_int_equal(bundle.payloads[0].bytes_count, BUNDLES_UKI_BYTES);
    assert_int_equal(bundle.payloads[0].offset + BUNDLES_UKI_BYTES, bundle.bytes_count);
    assert_ptr_equal(bundle_payload_find(&bundle, "uki"), &bundle.payloads[0]);
    assert_null(bundle_payload_find(&bundle, "firmware"));
}

static void several_payloads_stand_one_behind_the_other(void **state)
{
    (void)state;
    struct bundle bundle;
    struct bundle words = bundles_words("2");
    words.payloads_count = 3;
    (void)snprintf(words.payloads[1].name, sizeof words.payloads[1].name, "reader");
    (void)snprintf(words.payloads[2].name, sizeof words.payloads[2].name, "printer");
    char paths[3][BUNDLES_PATH_BYTES];
    bundles_put(&made, "a", "first", 5);
    bundles_put(&made, "b", "second", 6);
    bundles_put(&made, "c", "third!!", 7);
    const char *const list[] = {bundles_path(&made, "a", paths[0]),
                                bundles_path(&made, "b", paths[1]),
                                bundles_path(&made, "c", paths[2])};
    assert_int_equal(
        bundle_make(&words, list, made.key, bundles_path(&made, "three", path), &fault), OK);

    assert_int_equal(bundle_check_file(&bundle, path, &made.keys, &fault), OK);

    assert_int_equal(bundle.payloads_count, 3);
    assert_int_equal(bundle.payloads[1].offset, bundle.payloads[0].offset + 5);
    assert_int_equal(bundle.payloads[2].offset, bundle.payloads[1].offset + 6);
    assert_int_equal(bundle.bytes_count, bundle.payloads[2].offset + 7);
}

static void a_strangers_signature_is_refused(void **state)
{
    (void)state;
    struct bundle bundle;
    struct bundles stranger;
    bundles_open(&stranger);

    enum err err =
        bundle_check_file(&bundle, bundles_make(&made, "2", path), &stranger.keys, &fault);

    bundles_close(&stranger);
    assert_int_equal(err, ERR_CRYPTO);
    assert_non_null(strstr(fault.text, "not signed by a key we believe"));
    assert_int_equal(bundle.payloads_count, 0);
}

static void one_flipped_bit_anywhere_is_refused(void **state)
{
    (void)state;
    size_t len = 0;
    char *bytes = read_made("2", &len);
    size_t head_len = len - BUNDLES_UKI_BYTES;
    unsigned seed = 20261127;
    for (size_t i = 0; i < FLIPS_COUNT; i++) {
        size_t at = (size_t)rand_r(&seed) % len;
        int bit = rand_r(&seed) % 8;

        bytes[at] = (char)(bytes[at] ^ 1 << bit);
        enum err err = check_bytes(bytes, len);
        bytes[at] = (char)(bytes[at] ^ 1 << bit);

        if (err == OK) {
            fail_msg("bit %d of byte %zu of %zu", bit, at, len);
        }
    }
    // Every bit of what stands before the payload: magic, length, signature, manifest.
    for (size_t at = 0; at < head_len; at++) {
        struct bundle bundle;
        for (int bit = 0; bit < 8; bit += 1 + (at >= BUNDLE_HEAD_BYTES) * 3) {
            bytes[at] = (char)(bytes[at] ^ 1 << bit);
            assert_int_not_equal(
                bundle_parse(&bundle, (const uint8_t *)bytes, len, &made.keys, &fault), OK);
            bytes[at] = (char)(bytes[at] ^ 1 << bit);
        }
    }
    assert_int_equal(check_bytes(bytes, len), OK);
    free(bytes);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    size_t len = 0;
    char *bytes = read_made("2", &len);
    size_t manifest_end = len - BUNDLES_UKI_BYTES;
    const size_t ends[] = {0,
                           1,
                           7,
                           8,
                           11,
                           12,
                           75,
                           BUNDLE_HEAD_BYTES,
                           BUNDLE_HEAD_BYTES + 1,
                           manifest_end - 1,
                           manifest_end,
                           manifest_end + 1,
                           len - 1};
    unsigned seed = 7;

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        assert_int_equal(check_bytes(bytes, ends[i]), ERR_MALFORMED);
    }
    for (size_t i = 0; i < CUTS_COUNT; i++) {
        assert_int_equal(check_bytes(bytes, (size_t)rand_r(&seed) % len), ERR_MALFORMED);
    }
    free(bytes);
}

static void bytes_behind_the_end_are_refused(void **state)
{
    (void)state;
    size_t len = 0;
    char *bytes = read_made("2", &len);
    char *longer = calloc(1, len + 1);
    memcpy(longer, bytes, len);

    assert_int_equal(check_bytes(longer, len + 1), ERR_MALFORMED);

    free(longer);
    free(bytes);
}

static void head_and_manifest_are_asked_for_until_they_are_there(void **state)
{
    (void)state;
    size_t len = 0;
    struct bundle bundle;
    char *bytes = read_made("2", &len);
    for (size_t got = 0; got < len - BUNDLES_UKI_BYTES; got++) {
        assert_int_equal(bundle_parse(&bundle, (const uint8_t *)bytes, got, &made.keys, &fault),
                         ERR_NOT_FOUND);
    }

    assert_int_equal(
        bundle_parse(&bundle, (const uint8_t *)bytes, len - BUNDLES_UKI_BYTES, &made.keys, &fault),
        OK);

    assert_int_equal(bundle.bytes_count, len);
    free(bytes);
}

static void a_bundle_must_fit_the_machine(void **state)
{
    (void)state;
    static const struct {
        const char *version, *minimum, *board, *town;
        const char *here, *here_town;
        const char *why; // NULL: fits
    } cases[] = {
        {"1.3", "1.0", "qemu-x86_64", "*", "1.2", "denhaag", NULL},
        {"1.10", "1.0", "qemu-x86_64", "*", "1.9", "denhaag", NULL},
        {"2", "1.2", "qemu-x86_64", "denhaag", "1.2", "denhaag", NULL},
        {"2", "1.2", "qemu-x86_64", "*", "1.2", NULL, NULL},
        {"1.2", "1.0", "qemu-x86_64", "*", "1.2", "denhaag", "the same as"},
        {"1.2.0", "1.0", "qemu-x86_64", "*", "1.2", "denhaag", "the same as"},
        {"1.1.9", "1.0", "qemu-x86_64", "*", "1.2", "denhaag", "older than"},
        {"3", "2", "qemu-x86_64", "*", "1.2", "denhaag", "needs version 2 first"},
        {"2", "1.0", "rpi-cm4", "*", "1.2", "denhaag", "made for board rpi-cm4"},
        {"2", "1.0", "qemu-x86_64", "utrecht", "1.2", "denhaag", "made for town utrecht"},
        {"2", "1.0", "qemu-x86_64", "utrecht", "1.2", "", "this is not set"},
        {"2", "1.0", "qemu-x86_64", "denhaa", "1.2", "denhaag", "made for town denhaa"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bundle bundle = {0};
        (void)snprintf(bundle.version, sizeof bundle.version, "%s", cases[i].version);
        (void)snprintf(bundle.minimum, sizeof bundle.minimum, "%s", cases[i].minimum);
        (void)snprintf(bundle.board, sizeof bundle.board, "%s", cases[i].board);
        (void)snprintf(bundle.town, sizeof bundle.town, "%s", cases[i].town);
        const struct bundle_here here = {
            .version = cases[i].here, .board = "qemu-x86_64", .town = cases[i].here_town};

        enum err err = bundle_fits(&bundle, &here, &fault);

        assert_int_equal(err, cases[i].why == NULL ? OK : ERR_REFUSED);
        assert_true(cases[i].why == NULL || strstr(fault.text, cases[i].why) != NULL);
    }
}

static void versions_are_numbers_and_not_words(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "1", "1.2", "1.2.3", "999999.0.1"};
    static const char *const bad[] = {"",        ".",  "1.", "1..2", "01",  "1.02", "1.2.3.4",
                                      "1000000", "v1", "1 ", " 1",   "1+3", "-1",   "1.2-rc1"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(bundle_version_is(good[i]));
        assert_int_equal(bundle_version_compare(good[i], good[i]), 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(bundle_version_is(bad[i]));
    }
    assert_int_equal(bundle_version_compare("1.9", "1.10"), -1);
    assert_int_equal(bundle_version_compare("2", "1.99.99"), 1);
    assert_int_equal(bundle_version_compare("1", "1.0.0"), 0);
}

// A signature of ours under words that are none.
static void signed_nonsense_is_refused(void **state)
{
    (void)state;
    static const char sha[] = "sha256 = "
                              "0000000000000000000000000000000000000000000000000000000000000000\n";
    static const struct {
        const char *words;
        const char *payload_bytes;
    } manifests[] = {
        {"version = 2\nminimum = 1\nboard = b\ntown = *\nmade = 2026-11-27\npayloads = 1\n", "0"},
        {"version = 2\nminimum = 1\nboard = b\ntown = *\nmade = 2026-11-27\npayloads = 1\n",
         "268435457"},
        {"version = 2\nminimum = 1\nboard = b\ntown = *\nmade = 2026-11-27\npayloads = 1\n",
         "18446744073709551617"},
        {"version = 2\nminimum = 1\nboard = b\ntown = *\nmade = 2026-11-27\npayloads = 0\n", "5"},
        {"version = 2\nminimum = 1\nboard = b\ntown = *\nmade = 2026-11-27\npayloads = 5\n", "5"},
        {"version = 2\nminimum = 1\nboard = b\ntown = *\nmade = 2026-02-30\npayloads = 1\n", "5"},
        {"version = 2\nminimum = 1\nboard = ../b\ntown = *\nmade = 2026-11-27\npayloads = 1\n",
         "5"},
        {"version = 2\nminimum = 1\nboard = b\ntown =\nmade = 2026-11-27\npayloads = 1\n", "5"},
        {"version = x\nminimum = 1\nboard = b\ntown = *\nmade = 2026-11-27\npayloads = 1\n", "5"},
        {"version = 2\nversion = 3\nminimum = 1\nboard = b\ntown = *\nmade = 2026-11-27\n"
         "payloads = 1\n",
         "5"},
    };
    for (size_t i = 0; i < sizeof manifests / sizeof manifests[0]; i++) {
        uint8_t bytes[BUNDLE_HEAD_BYTES + 2048] = "INLBNDL1";
        uint8_t covered[sizeof bytes];
        char *manifest = (char *)bytes + BUNDLE_HEAD_BYTES;
        int len =
            snprintf(manifest, 2048, "%spayload.1.name = uki\npayload.1.bytes = %s\npayload.1.%s",
                     manifests[i].words, manifests[i].payload_bytes, sha);
        bytes[10] = (uint8_t)(len >> 8);
        bytes[11] = (uint8_t)len;
        memcpy(covered, bytes, 12);
        memcpy(covered + 12, manifest, (size_t)len);
        assert_int_equal(crypto_sign(made.key, covered, 12 + (size_t)len, bytes + 12), OK);
        struct bundle bundle;

        assert_int_equal(
            bundle_parse(&bundle, bytes, BUNDLE_HEAD_BYTES + (size_t)len, &made.keys, &fault),
            ERR_MALFORMED);

        assert_int_equal(bundle.payloads_count, 0);
    }
}

static void the_maker_refuses_what_a_reader_would(void **state)
{
    (void)state;
    bundles_put(&made, "small", "small", 5);
    bundles_put(&made, "empty", "", 0);
    char small[BUNDLES_PATH_BYTES];
    char empty[BUNDLES_PATH_BYTES];
    const char *const paths[] = {bundles_path(&made, "small", small), small};
    const char *const empty_paths[] = {bundles_path(&made, "empty", empty)};
    const char *const no_paths[] = {"/nonexistent"};
    struct bundle words = bundles_words("2");
    bundles_path(&made, "out", path);
    struct bundle bad = words;
    bad.version[0] = 'v';
    struct bundle twice = words;
    twice.payloads[1] = twice.payloads[0];
    twice.payloads_count = 2;

    assert_int_equal(bundle_make(&bad, paths, made.key, path, &fault), ERR_MALFORMED);
    assert_int_equal(bundle_make(&twice, paths, made.key, path, &fault), ERR_MALFORMED);
    assert_int_equal(bundle_make(&words, empty_paths, made.key, path, &fault), ERR_TOO_BIG);
    assert_int_equal(bundle_make(&words, no_paths, made.key, path, &fault), ERR_NOT_FOUND);
    assert_int_equal(bundle_make(&words, paths, made.key, "/nonexistent/out", &fault), ERR_IO);

    assert_int_equal(access(path, F_OK), -1);
}

// Four keys: this one, the next, and what a town adds.
static void up_to_four_keys_are_believed(void **state)
{
    (void)state;
    struct bundle_keys keys;
    struct bundle bundle;
    char file[BUNDLE_KEYS_MAX * 400 + 800] = "# what a person notes beside a key is left alone\n";
    for (size_t i = 0; i < BUNDLE_KEYS_MAX; i++) {
        struct crypto_key *key = i == 2 ? made.key : crypto_key_new();
        char pem[CRYPTO_PEM_BYTES];
        crypto_public_write(key, pem);
        (void)strcat(file, pem);
        if (key != made.key) {
            crypto_key_free(key);
        }
    }
    bundles_put(&made, "update.pem", file, strlen(file));
    bundles_path(&made, "update.pem", path);

    assert_int_equal(bundle_keys_read(&keys, path, &fault), OK);

    assert_int_equal(keys.keys_count, BUNDLE_KEYS_MAX);
    assert_int_equal(
        bundle_check_file(&bundle, bundles_make(&made, "2", other_path), &keys, &fault), OK);
    char pem[CRYPTO_PEM_BYTES];
    crypto_public_write(made.key, pem);
    (void)strcat(file, pem);
    bundles_put(&made, "update.pem", file, strlen(file));
    assert_int_equal(bundle_keys_read(&keys, path, &fault), ERR_FULL);
}

static void what_is_no_key_is_refused(void **state)
{
    (void)state;
    // secp256k1 has 256 bits as well.
    static const char other_curve[] =
        "-----BEGIN PUBLIC KEY-----\n"
        "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEeb5mfvncu6xVoGKVzocLBwKb/NstzijZ\n"
        "WfKBWxb4F5hIOtp3JqPEZV2k+/wOEQio/Re0SKaFVBmcR9CP+xDUuA==\n"
        "-----END PUBLIC KEY-----\n";
    static const char *const files[] = {"", "words", other_curve,
                                        "-----BEGIN PUBLIC KEY-----\nMFkw",
                                        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"};
    struct bundle_keys keys;
    bundles_path(&made, "bad.pem", path);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        bundles_put(&made, "bad.pem", files[i], strlen(files[i]));

        assert_int_equal(bundle_keys_read(&keys, path, &fault), ERR_MALFORMED);
    }
    assert_int_equal(bundle_keys_read(&keys, "/nonexistent", &fault), ERR_NOT_FOUND);
}

static int setup(void **state)
{
    (void)state;
    bundles_open(&made);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    bundles_close(&made);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bundle_says_what_it_was_made_of),
        cmocka_unit_test(several_payloads_stand_one_behind_the_other),
        cmocka_unit_test(a_strangers_signature_is_refused),
        cmocka_unit_test(one_flipped_bit_anywhere_is_refused),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(bytes_behind_the_end_are_refused),
        cmocka_unit_test(head_and_manifest_are_asked_for_until_they_are_there),
        cmocka_unit_test(a_bundle_must_fit_the_machine),
        cmocka_unit_test(versions_are_numbers_and_not_words),
        cmocka_unit_test(signed_nonsense_is_refused),
        cmocka_unit_test(the_maker_refuses_what_a_reader_would),
        cmocka_unit_test(up_to_four_keys_are_believed),
        cmocka_unit_test(what_is_no_key_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
