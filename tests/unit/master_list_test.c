// SPDX-License-Identifier: EUPL-1.2
//
// The states' signers: the Dutch master list as it is published, whole and damaged.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/file.h"
#include "drivers/document/certificate.h"
#include "drivers/document/signed_data.h"
#include "drivers/document/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    LIST_CERTIFICATES = 411,
    LIST_EXPLICIT = 111,
    LIST_CHECKED = 309,
    NOW_S = 1795780800,
    YEAR_S = 31557600
};

static uint8_t *list;
static size_t list_len;
static uint8_t *root;
static size_t root_len;

static uint8_t *read_whole(const char *name, size_t *len)
{
    char *bytes = NULL;
    char path[256];
    (void)snprintf(path, sizeof path, "assets/csca/%s", name);
    assert_int_equal(file_read(path, TRUST_LIST_BYTES_MAX, &bytes, len), OK);
    return (uint8_t *)bytes;
}

static int read_files(void **state)
{
    (void)state;
    list = read_whole("NL_ML_2026-07-22.ml", &list_len);
    root = read_whole("NL_ROOT_CA.cer", &root_len);
    return 0;
}

static int free_files(void **state)
{
    (void)state;
    free(list);
    free(root);
    return 0;
}

static enum err add(struct trust *trust, int64_t now_s, size_t *added)
{
    size_t left_out = 0;
    struct fault fault = {0};
    const enum err err =
        trust_add_list(trust, list, list_len, root, root_len, now_s, added, &left_out, &fault);
    assert_int_equal(left_out, 0);
    assert_true(err == OK || (fault.err == err && fault.text[0] != '\0'));
    return err;
}

static enum err add_changed(size_t at)
{
    struct trust *trust = trust_new();
    size_t added = 0;
    list[at] ^= 1;
    const enum err err = add(trust, NOW_S, &added);
    list[at] ^= 1;
    assert_int_equal(trust_count(trust), 0);
    trust_free(trust);
    return err;
}

// Where `count` bytes first stand in the list.
static size_t place_of(const void *bytes, size_t count)
{
    const uint8_t *found = memmem(list, list_len, bytes, count);
    assert_non_null(found);
    return (size_t)(found - list);
}

static struct bytes_in certificates_of(struct signed_data *data)
{
    struct fault fault;
    assert_int_equal(signed_data_read(list, list_len, data, &fault), OK);
    struct bytes_in in = ber_inside(&data->content);
    struct ber whole;
    struct ber version;
    struct ber set;
    assert_true(ber_expect(&in, 0x30, &whole));
    in = ber_inside(&whole);
    assert_true(ber_expect(&in, 0x02, &version) && ber_expect(&in, 0x31, &set));
    return ber_inside(&set);
}

static void every_certificate_of_the_dutch_list_comes_in(void **state)
{
    (void)state;
    struct trust *trust = trust_new();
    size_t added = 0;
    const clock_t start = clock(); // this process alone, whatever runs beside it

    assert_int_equal(add(trust, NOW_S, &added), OK);

    const double took_ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
    print_message("read, checked and indexed in %.1f ms\n", took_ms);
    assert_int_equal(added, LIST_CERTIFICATES);
    assert_int_equal(trust_count(trust), LIST_CERTIFICATES);
    trust_free(trust);
}

static void read_one(const struct ber *one, struct certificate *certificate, struct public_key *key)
{
    assert_int_equal(certificate_read(one->whole, one->whole_len, certificate), OK);
    assert_int_equal(public_key_read(certificate->key.whole, certificate->key.whole_len, key), OK);
}

static void every_key_of_the_list_is_understood_written_out_curves_too(void **state)
{
    (void)state;
    struct signed_data data;
    struct bytes_in in = certificates_of(&data);
    struct ber one;
    size_t explicit_count = 0;
    size_t count = 0;
    while (ber_next(&in, &one)) {
        struct certificate certificate;
        struct public_key key;
        read_one(&one, &certificate, &key);
        assert_true(certificate.is_authority && !certificate.has_unknown_demand);
        assert_int_not_equal(certificate.subject_state[0], '\0');
        assert_true(key.kind == PUBLIC_KEY_RSA || curve_has_point(key.curve, &key.point));
        explicit_count += key.kind == PUBLIC_KEY_CURVE && certificate.key.len > 250;
        count++;
    }
    assert_int_equal(count, LIST_CERTIFICATES);
    assert_int_equal(explicit_count, LIST_EXPLICIT);
}

// A self-signature proves nothing; that we can check it shows that we read key and algorithm alike
// with whoever made it.
static void every_self_signed_certificate_of_the_list_verifies(void **state)
{
    (void)state;
    struct signed_data data;
    struct bytes_in in = certificates_of(&data);
    struct ber one;
    size_t checked = 0;
    size_t curves = 0;
    while (ber_next(&in, &one)) {
        struct certificate certificate;
        struct public_key key;
        read_one(&one, &certificate, &key);
        const bool is_own =
            certificate_same(&certificate.issuer, &certificate.subject) &&
            (certificate.authority_key.len == 0 ||
             certificate_same(&certificate.authority_key, &certificate.subject_key));
        // Curves are slow under the sanitizers: every tenth of them.
        curves += key.kind == PUBLIC_KEY_CURVE;
        if (is_own && (key.kind == PUBLIC_KEY_RSA || curves % 10 == 1)) {
            assert_int_equal(certificate_verify(&certificate, &certificate), OK);
            checked++;
        }
    }
    assert_int_equal(checked, LIST_CHECKED);
}

static void a_list_changed_in_one_bit_is_not_signed(void **state)
{
    (void)state;
    static const uint8_t lithuania[] = {'A', 'D', 'I', 'C'};

    assert_int_equal(add_changed(place_of(lithuania, sizeof lithuania)), ERR_CRYPTO); // content
    assert_int_equal(add_changed(list_len - 1), ERR_CRYPTO);                          // signature
}

static void a_list_below_another_root_is_refused(void **state)
{
    (void)state;
    struct signed_data data;
    struct bytes_in in = certificates_of(&data);
    struct ber one;
    struct trust *trust = trust_new();
    size_t added = 0;
    size_t left_out = 0;
    struct fault fault;
    assert_true(ber_next(&in, &one));

    // Any state on the list is no root of it.
    assert_int_equal(trust_add_list(trust, list, list_len, one.whole, one.whole_len, NOW_S, &added,
                                    &left_out, &fault),
                     ERR_CRYPTO);
    assert_int_equal(
        trust_add_list(trust, list, list_len, root, root_len - 1, NOW_S, &added, &left_out, &fault),
        ERR_MALFORMED);

    assert_int_equal(trust_count(trust), 0);
    trust_free(trust);
}

static void a_list_says_itself_when_it_was_signed(void **state)
{
    (void)state;
    struct trust *trust = trust_new();
    size_t added = 0;

    // A kiosk that starts with a clock of 1970, or in the year the signer has long expired.
    assert_int_equal(add(trust, 0, &added), OK);
    assert_int_equal(add(trust, NOW_S + 40LL * YEAR_S, &added), OK);

    trust_free(trust);
}

static void a_list_cut_anywhere_is_malformed(void **state)
{
    (void)state;
    struct trust *trust = trust_new();
    const size_t whole_len = list_len;
    size_t added = 0;
    for (size_t len = 0; len < whole_len; len += len < 64 ? 1 : 9973) {
        list_len = len;
        assert_int_equal(add(trust, NOW_S, &added), ERR_MALFORMED);
        assert_int_equal(added, 0);
    }
    list_len = whole_len;
    assert_int_equal(trust_count(trust), 0);
    trust_free(trust);
}

static void a_list_that_does_not_fit_changes_nothing(void **state)
{
    (void)state;
    struct trust *trust = trust_new();
    size_t added = 0;
    assert_int_equal(add(trust, NOW_S, &added), OK);
    assert_int_equal(add(trust, NOW_S, &added), OK);

    assert_int_equal(add(trust, NOW_S, &added), ERR_FULL);

    assert_int_equal(added, 0);
    assert_int_equal(trust_count(trust), 2 * LIST_CERTIFICATES);
    trust_free(trust);
}

static void a_list_longer_than_any_is_refused_unread(void **state)
{
    (void)state;
    struct trust *trust = trust_new();
    size_t added = 0;
    size_t left_out = 0;
    struct fault fault;
    uint8_t *much = calloc(1, TRUST_LIST_BYTES_MAX + 1);
    assert_non_null(much);

    assert_int_equal(trust_add_list(trust, much, TRUST_LIST_BYTES_MAX + 1, root, root_len, NOW_S,
                                    &added, &left_out, &fault),
                     ERR_TOO_BIG);

    free(much);
    trust_free(trust);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_certificate_of_the_dutch_list_comes_in),
        cmocka_unit_test(every_key_of_the_list_is_understood_written_out_curves_too),
        cmocka_unit_test(every_self_signed_certificate_of_the_list_verifies),
        cmocka_unit_test(a_list_changed_in_one_bit_is_not_signed),
        cmocka_unit_test(a_list_below_another_root_is_refused),
        cmocka_unit_test(a_list_says_itself_when_it_was_signed),
        cmocka_unit_test(a_list_cut_anywhere_is_malformed),
        cmocka_unit_test(a_list_that_does_not_fit_changes_nothing),
        cmocka_unit_test(a_list_longer_than_any_is_refused_unread),
    };
    return cmocka_run_group_tests(tests, read_files, free_files);
}
