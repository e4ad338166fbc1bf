// SPDX-License-Identifier: EUPL-1.2
//
// Passive authentication: documents of states that exist nowhere, good ones and every sort of bad
// one. Most are made by tests/tools/signers.py with OpenSSL while the test runs; two good ones and
// their twins with one bit turned came with the vectors.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "drivers/document/trust.h"
#include "tests/fakes/signers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NOW_S = 1795780800, TIMES = 5 };

struct expected {
    const char *name;
    enum document_reason reason;
};

// What stands on the list of the made-up world.
static const char *const states[] = {
    "state-rsa",      "state-pss",   "state-p384",          "state-explicit",
    "state-curve",    "state-small", "state-dutch",         "state-link",
    "state-again",    "state-ended", "state-no-ca",         "state-no-usage",
    "state-no-lists", "state-near",  "state-unknown-curve", "state-base",
};

static struct trust *trust;

static int64_t now_s(void)
{
    const struct clock clock = clock_system();
    return clock_now_ms(&clock) / 1000;
}

static int make_world(void **state)
{
    (void)state;
    signers_make();
    trust = trust_new();
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct fault fault;
        size_t len = 0;
        uint8_t *der = signers_read(states[i], ".der", &len);
        assert_int_equal(trust_add(trust, der, len, &fault), OK);
        free(der);
    }
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    trust_free(trust);
    signers_remove();
    return 0;
}

static enum document_reason check(const char *name, struct sod_hashes *hashes)
{
    size_t len = 0;
    uint8_t *sod = signers_read(name, ".sod", &len);
    struct fault fault = {0};
    const enum document_reason reason = trust_check(trust, sod, len, now_s(), hashes, &fault);
    assert_true((reason == DOCUMENT_NO_REASON) == (fault.text[0] == '\0'));
    free(sod);
    return reason;
}

static void expect_all(const struct expected *rows, size_t count)
{
    bool are_right = true;
    for (size_t i = 0; i < count; i++) {
        struct sod_hashes hashes;
        const enum document_reason reason = check(rows[i].name, &hashes);
        if (reason != rows[i].reason) {
            print_error("%s: %d, not %d\n", rows[i].name, (int)reason, (int)rows[i].reason);
            are_right = false;
        }
        if (reason != DOCUMENT_NO_REASON) {
            assert_int_equal(hashes.groups, 0);
        }
    }
    assert_true(are_right);
}

static enum err add_crl(const char *name)
{
    size_t len = 0;
    uint8_t *crl = signers_read(name, ".crl", &len);
    struct fault fault;
    const enum err err = trust_add_crl(trust, crl, len, &fault);
    free(crl);
    return err;
}

static uint8_t *read_vector(const char *name, size_t *len)
{
    char path[256];
    char *bytes = NULL;
    const char *shared = getenv("INLOOP_SHARED");
    assert_non_null(shared);
    (void)snprintf(path, sizeof path, "%s/vectors/emrtd-synthetic/%s", shared, name);
    assert_int_equal(file_read(path, 65536, &bytes, len), OK);
    return (uint8_t *)bytes;
}

static enum document_reason check_vector(const char *name, const char *authority,
                                         struct sod_hashes *hashes)
{
    struct fault fault;
    size_t len = 0;
    struct trust *one = trust_new();
    uint8_t *der = read_vector(authority, &len);
    assert_int_equal(trust_add(one, der, len, &fault), OK);
    free(der);
    uint8_t *sod = read_vector(name, &len);
    const enum document_reason reason = trust_check(one, sod, len, NOW_S, hashes, &fault);
    free(sod);
    trust_free(one);
    return reason;
}

static void the_vectors_documents_are_genuine_and_their_twins_are_not(void **state)
{
    (void)state;
    struct sod_hashes hashes;
    size_t len = 0;
    uint8_t *dg1 = read_vector("EF.DG1.bin", &len);

    assert_int_equal(check_vector("EF.SOD.ecdsa-bp256.bin", "csca.ecdsa-bp256.der", &hashes),
                     DOCUMENT_NO_REASON);
    assert_true(sod_has(&hashes, 1, dg1, len));
    assert_true(sod_is_of(&hashes, "UTO"));
    assert_int_equal(check_vector("EF.SOD.rsa-pkcs1.bin", "csca.rsa-pkcs1.der", &hashes),
                     DOCUMENT_NO_REASON);
    assert_true(sod_has(&hashes, 1, dg1, len));

    assert_int_equal(
        check_vector("EF.SOD.ecdsa-bp256.tampered.bin", "csca.ecdsa-bp256.der", &hashes),
        DOCUMENT_SIGNATURE_WRONG);
    assert_int_equal(hashes.groups, 0);
    assert_int_equal(check_vector("EF.SOD.rsa-pkcs1.tampered.bin", "csca.rsa-pkcs1.der", &hashes),
                     DOCUMENT_SIGNATURE_WRONG);
    assert_int_equal(check_vector("EF.SOD.rsa-pkcs1.bin", "csca.ecdsa-bp256.der", &hashes),
                     DOCUMENT_UNKNOWN_SIGNER);
    free(dg1);
}

static void every_file_must_be_the_one_that_was_signed(void **state)
{
    (void)state;
    struct sod_hashes hashes;
    size_t len = 0;
    uint8_t *dg1 = signers_read("dg1", "", &len);
    assert_int_equal(check("plain", &hashes), DOCUMENT_NO_REASON);

    assert_true(sod_has(&hashes, 1, dg1, len));

    assert_false(sod_has(&hashes, 14, dg1, len)); // another file's hash
    assert_false(sod_has(&hashes, 2, dg1, len));  // none was signed
    assert_false(sod_has(&hashes, 0, dg1, len));
    assert_false(sod_has(&hashes, 17, dg1, len));
    assert_false(sod_has(&hashes, 33, dg1, len));
    assert_false(sod_has(&hashes, 1, dg1, len - 1));
    dg1[len - 1] ^= 1;
    assert_false(sod_has(&hashes, 1, dg1, len));
    free(dg1);
}

static void documents_of_every_sort_of_signer_are_genuine(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"plain", DOCUMENT_NO_REASON},         {"good-pss", DOCUMENT_NO_REASON},
        {"good-p384", DOCUMENT_NO_REASON},     {"good-pkcs1", DOCUMENT_NO_REASON},
        {"good-explicit", DOCUMENT_NO_REASON}, {"good-p521", DOCUMENT_NO_REASON},
        {"good-by-key", DOCUMENT_NO_REASON},   {"good-small-letters", DOCUMENT_NO_REASON},
        {"good-dutch", DOCUMENT_NO_REASON},    {"old-digest", DOCUMENT_NO_REASON},
        {"good-spelling", DOCUMENT_NO_REASON},
    };

    expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void a_signer_is_found_after_its_state_took_a_new_key_or_name(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"good-rollover", DOCUMENT_NO_REASON},
        {"good-same-name", DOCUMENT_NO_REASON},
        {"good-by-name", DOCUMENT_NO_REASON},
    };

    expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void a_signer_must_have_been_valid_when_it_signed(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"good-old", DOCUMENT_NO_REASON},           {"good-no-time", DOCUMENT_NO_REASON},
        {"expired", DOCUMENT_SIGNER_EXPIRED},       {"expired-no-time", DOCUMENT_SIGNER_EXPIRED},
        {"expired-state", DOCUMENT_SIGNER_EXPIRED}, {"not-yet", DOCUMENT_SIGNER_EXPIRED},
        {"future", DOCUMENT_SIGNER_EXPIRED},
    };

    expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void a_stranger_is_a_stranger_and_a_forger_no_signer(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"unknown-state", DOCUMENT_UNKNOWN_STATE},
        {"unknown-signer", DOCUMENT_UNKNOWN_SIGNER},
        {"unknown-brings-none", DOCUMENT_UNKNOWN_SIGNER},
        {"unknown-which", DOCUMENT_UNKNOWN_SIGNER},
        {"no-ca", DOCUMENT_UNKNOWN_SIGNER},
        {"no-usage", DOCUMENT_UNKNOWN_SIGNER},
        {"authority-signs", DOCUMENT_UNKNOWN_SIGNER},
        {"wrong-usage", DOCUMENT_UNKNOWN_SIGNER},
        {"wrong-country", DOCUMENT_UNKNOWN_SIGNER},
        {"other-purpose", DOCUMENT_UNKNOWN_SIGNER},
        {"unknown-demand", DOCUMENT_UNKNOWN_SIGNER},
        {"md5-chain", DOCUMENT_UNKNOWN_SIGNER},
        {"unknown-curve", DOCUMENT_UNKNOWN_SIGNER},
        {"forged-chain", DOCUMENT_SIGNATURE_WRONG},
        {"signature-wrong", DOCUMENT_SIGNATURE_WRONG},
        {"digest-wrong", DOCUMENT_SIGNATURE_WRONG},
        {"digest-short", DOCUMENT_SIGNATURE_WRONG},
    };

    expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void a_curve_of_the_signers_own_making_proves_nothing(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"near-state", DOCUMENT_UNKNOWN_SIGNER},
        {"near-signer", DOCUMENT_UNKNOWN_SIGNER},
        {"base-state", DOCUMENT_UNKNOWN_SIGNER},
        {"base-signer", DOCUMENT_UNKNOWN_SIGNER},
    };

    expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void what_is_no_security_object_is_unreadable(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"wrong-type", DOCUMENT_SOD_UNREADABLE},
        {"dutch-type-elsewhere", DOCUMENT_SOD_UNREADABLE},
        {"type-mismatch", DOCUMENT_SOD_UNREADABLE},
        {"two-signers", DOCUMENT_SOD_UNREADABLE},
        {"no-signer", DOCUMENT_SOD_UNREADABLE},
        {"no-attributes", DOCUMENT_SOD_UNREADABLE},
        {"two-digests", DOCUMENT_SOD_UNREADABLE},
        {"two-times", DOCUMENT_SOD_UNREADABLE},
        {"indefinite", DOCUMENT_SOD_UNREADABLE},
        {"trailing", DOCUMENT_SOD_UNREADABLE},
        {"md5", DOCUMENT_SOD_UNREADABLE},
        {"md5-digest", DOCUMENT_SOD_UNREADABLE},
        {"md5-hashes", DOCUMENT_SOD_UNREADABLE},
        {"group-twice", DOCUMENT_SOD_UNREADABLE},
        {"group-zero", DOCUMENT_SOD_UNREADABLE},
        {"group-high", DOCUMENT_SOD_UNREADABLE},
        {"hash-short", DOCUMENT_SOD_UNREADABLE},
        {"no-groups", DOCUMENT_SOD_UNREADABLE},
    };

    expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void no_byte_of_a_security_object_can_change_unseen(void **state)
{
    (void)state;
    size_t len = 0;
    uint8_t *sod = signers_read("good-pkcs1", ".sod", &len);
    struct sod_hashes right;
    struct fault fault;
    assert_int_equal(trust_check(trust, sod, len, now_s(), &right, &fault), DOCUMENT_NO_REASON);
    for (size_t at = 0; at < len; at++) {
        struct sod_hashes hashes;
        sod[at] ^= 4;
        // Some bytes bind nobody (versions, a name the signature does not cover): whatever they
        // say, the hashes stay those that were signed.
        if (trust_check(trust, sod, len, now_s(), &hashes, &fault) == DOCUMENT_NO_REASON) {
            assert_memory_equal(&hashes, &right, sizeof right);
        }
        sod[at] ^= 4;
    }
    free(sod);
}

static void a_security_object_cut_anywhere_is_unreadable(void **state)
{
    (void)state;
    size_t len = 0;
    uint8_t *sod = signers_read("good-p384", ".sod", &len);
    struct sod_hashes hashes;
    struct fault fault;
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(trust_check(trust, sod, cut, now_s(), &hashes, &fault),
                         DOCUMENT_SOD_UNREADABLE);
    }
    free(sod);
}

static void only_a_states_own_list_withdraws_its_signers(void **state)
{
    (void)state;
    struct sod_hashes hashes;
    assert_int_equal(check("withdrawn", &hashes), DOCUMENT_NO_REASON);
    assert_int_equal(add_crl("nobody"), OK);
    assert_int_equal(add_crl("stranger"), ERR_NOT_FOUND);
    assert_int_equal(add_crl("forged"), ERR_CRYPTO);
    assert_int_equal(add_crl("not-allowed"), ERR_NOT_FOUND);
    assert_int_equal(add_crl("delta"), ERR_UNSUPPORTED);
    assert_int_equal(add_crl("indirect"), ERR_UNSUPPORTED);
    assert_int_equal(check("withdrawn", &hashes), DOCUMENT_NO_REASON);

    assert_int_equal(add_crl("withdrawn"), OK);

    assert_int_equal(check("withdrawn", &hashes), DOCUMENT_WITHDRAWN_SIGNER);
    assert_int_equal(check("plain", &hashes), DOCUMENT_NO_REASON);
}

static void the_zone_must_name_the_state_that_signed(void **state)
{
    (void)state;
    struct sod_hashes hashes;
    assert_int_equal(check("good-dutch", &hashes), DOCUMENT_NO_REASON);
    assert_true(sod_is_of(&hashes, "NLD"));
    assert_false(sod_is_of(&hashes, "BEL"));
    assert_false(sod_is_of(&hashes, "NL"));
    assert_false(sod_is_of(&hashes, ""));
    static const struct sod_hashes germany = {.state = "DE"};
    static const struct sod_hashes britain = {.state = "GB"};
    static const struct sod_hashes nobody = {.state = ""};

    assert_true(sod_is_of(&germany, "D"));
    assert_true(sod_is_of(&britain, "GBR") && sod_is_of(&britain, "GBN"));
    assert_false(sod_is_of(&nobody, ""));
}

static enum err add_list(struct trust *fresh, const char *name, size_t *added, size_t *left_out)
{
    size_t len = 0;
    size_t root_len = 0;
    uint8_t *list = signers_read(name, ".sod", &len);
    uint8_t *root = signers_read("state-curve", ".der", &root_len);
    struct fault fault;
    const enum err err =
        trust_add_list(fresh, list, len, root, root_len, now_s(), added, left_out, &fault);
    free(root);
    free(list);
    return err;
}

static void only_a_signer_of_lists_may_appoint_states(void **state)
{
    (void)state;
    struct trust *fresh = trust_new();
    size_t added = 0;
    size_t left_out = 0;

    assert_int_equal(add_list(fresh, "document-signer-list", &added, &left_out), ERR_CRYPTO);
    assert_int_equal(add_list(fresh, "expired-list", &added, &left_out), ERR_EXPIRED);
    assert_int_equal(add_list(fresh, "no-list", &added, &left_out), ERR_MALFORMED);
    assert_int_equal(trust_count(fresh), 0);
    assert_int_equal(add_list(fresh, "good-list", &added, &left_out), OK);
    assert_int_equal(added, 2);
    assert_int_equal(left_out, 0);
    assert_int_equal(add_list(fresh, "broken-one-list", &added, &left_out), OK);
    assert_int_equal(added, 2);
    assert_int_equal(left_out, 1);

    trust_free(fresh);
}

static void a_document_is_checked_before_anybody_waits(void **state)
{
    (void)state;
    static const char *const names[] = {"good-pkcs1", "good-pss",  "plain",
                                        "good-p384",  "good-p521", "good-explicit"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct sod_hashes hashes;
        const clock_t start = clock(); // this process alone, whatever runs beside it
        for (int turn = 0; turn < TIMES; turn++) {
            assert_int_equal(check(names[i], &hashes), DOCUMENT_NO_REASON);
        }
        const double took_ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC / TIMES;
        print_message("%s: %.1f ms\n", names[i], took_ms);
        assert_true(took_ms < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_documents_are_genuine_and_their_twins_are_not),
        cmocka_unit_test(every_file_must_be_the_one_that_was_signed),
        cmocka_unit_test(documents_of_every_sort_of_signer_are_genuine),
        cmocka_unit_test(a_signer_is_found_after_its_state_took_a_new_key_or_name),
        cmocka_unit_test(a_signer_must_have_been_valid_when_it_signed),
        cmocka_unit_test(a_stranger_is_a_stranger_and_a_forger_no_signer),
        cmocka_unit_test(a_curve_of_the_signers_own_making_proves_nothing),
        cmocka_unit_test(what_is_no_security_object_is_unreadable),
        cmocka_unit_test(no_byte_of_a_security_object_can_change_unseen),
        cmocka_unit_test(a_security_object_cut_anywhere_is_unreadable),
        cmocka_unit_test(the_zone_must_name_the_state_that_signed),
        cmocka_unit_test(only_a_signer_of_lists_may_appoint_states),
        cmocka_unit_test(a_document_is_checked_before_anybody_waits),
        cmocka_unit_test(only_a_states_own_list_withdraws_its_signers),
    };
    return cmocka_run_group_tests(tests, make_world, remove_world);
}
