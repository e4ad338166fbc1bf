// SPDX-License-Identifier: EUPL-1.2
//
// Every number of the worked examples of ICAO Doc 9303 (part 11, appendices D and G.1; the
// specimens of parts 3 to 6) made again by our code. Built against both mbedtls versions.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/json.h"
#include "drivers/document/bac.h"
#include "drivers/document/ber.h"
#include "drivers/document/files.h"
#include "drivers/document/pace.h"
#include "drivers/document/password.h"
#include "drivers/document/secure.h"
#include "drivers/document/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEX_BYTES = 512, VECTORS_BYTES_MAX = 1 << 20 };

static struct json *vectors;

struct hex {
    uint8_t bytes[HEX_BYTES];
    size_t len;
};

static struct hex hex_of(const char *text)
{
    struct hex hex = {.len = 0};
    char lower[2 * HEX_BYTES];
    assert_non_null(text);
    assert_true(strlen(text) < sizeof lower);
    for (size_t i = 0; i <= strlen(text); i++) {
        lower[i] = (char)(text[i] >= 'A' && text[i] <= 'F' ? text[i] + 32 : text[i]);
    }
    assert_int_equal(hex_decode(lower, strlen(lower), hex.bytes, sizeof hex.bytes, &hex.len), OK);
    return hex;
}

static struct hex at(const char *path)
{
    return hex_of(json_text(json_path(vectors, path)));
}

static void expect(const uint8_t *bytes, size_t len, const char *path)
{
    const struct hex hex = at(path);
    assert_int_equal(len, hex.len);
    assert_memory_equal(bytes, hex.bytes, hex.len);
}

static void expect_apdu(const struct apdu *apdu, const char *path)
{
    uint8_t written[APDU_BYTES_MAX];
    const size_t len = apdu_write(apdu, written);
    expect(written, len, path);
}

// An answer of the vectors without its status, which is 9000.
static struct hex answer_at(const char *path)
{
    struct hex hex = at(path);
    assert_true(hex.len >= 2);
    assert_int_equal(hex.bytes[hex.len - 2], 0x90);
    hex.len -= 2;
    return hex;
}

static int read_vectors(void **state)
{
    (void)state;
    const char *shared = getenv("INLOOP_SHARED");
    char path[512];
    char *words = NULL;
    size_t len = 0;
    assert_non_null(shared);
    (void)snprintf(path, sizeof path, "%s/vectors/icao9303.json", shared);
    assert_int_equal(file_read(path, VECTORS_BYTES_MAX, &words, &len), OK);
    assert_int_equal(json_parse(words, len, &vectors), OK);
    free(words);
    return 0;
}

static int free_vectors(void **state)
{
    (void)state;
    json_free(vectors);
    return 0;
}

static struct document_password_private typed_at(const char *part)
{
    struct document_password_private typed = {.can = ""};
    const struct json *json = json_get(vectors, part);
    assert_int_equal(text_copy(typed.number, sizeof typed.number, json_get_text(json, "doc_no")),
                     OK);
    assert_int_equal(text_copy(typed.birth, sizeof typed.birth, json_get_text(json, "dob")), OK);
    assert_int_equal(text_copy(typed.expiry, sizeof typed.expiry, json_get_text(json, "doe")), OK);
    return typed;
}

static void check_digits_are_the_specimens(void **state)
{
    (void)state;
    const struct json *rows = json_get(vectors, "check_digits");
    assert_true(json_len(rows) > 0);
    for (size_t i = 0; i < json_len(rows); i++) {
        const char *field = json_get_text(json_at(rows, i), "field");
        const char *digit = json_get_text(json_at(rows, i), "digit");

        assert_int_equal(zone_check_digit(field, strlen(field)), digit[0]);
    }
}

static enum cipher cipher_named(const char *name)
{
    static const char *const names[] = {"3DES-112", "AES-128", "AES-192", "AES-256"};
    for (size_t i = 0; i < 4; i++) {
        if (text_equal(names[i], name)) {
            return (enum cipher)i;
        }
    }
    fail();
    return CIPHER_3DES;
}

static void keys_are_derived_as_written(void **state)
{
    (void)state;
    const struct json *rows = json_get(vectors, "kdf");
    assert_true(json_len(rows) > 0);
    for (size_t i = 0; i < json_len(rows); i++) {
        const struct json *row = json_at(rows, i);
        const struct hex secret = hex_of(json_get_text(row, "k"));
        const struct hex out = hex_of(json_get_text(row, "out"));
        int64_t counter = 0;
        struct cipher_key_private key;
        assert_int_equal(json_get_int(row, "counter", &counter), OK);

        cipher_derive(cipher_named(json_get_text(row, "alg")), (enum cipher_use)counter,
                      secret.bytes, secret.len, &key);

        assert_int_equal(cipher_key_bytes(key.cipher), out.len);
        assert_memory_equal(key.bytes, out.bytes, out.len);
    }
}

static void basic_access_control_goes_as_in_appendix_d(void **state)
{
    (void)state;
    const struct document_password_private typed = typed_at("bac");
    const char *information = json_text(json_path(vectors, "bac.mrz_information"));
    struct password_private password;
    struct bac_private bac;
    struct bac_choice_private ours;
    struct cipher_key_private key;
    struct apdu apdu;
    struct fault fault;
    uint8_t hash[HASH_BYTES_MAX];

    assert_int_equal(password_from_zone(&typed, &password), OK);
    hash_once(HASH_SHA1, information, strlen(information), hash);
    assert_memory_equal(password.bytes, hash, password.len);
    expect(password.bytes, PASSWORD_SEED_BYTES, "bac.k_seed");
    bac_begin(&bac, &password);
    expect(bac.encrypt.bytes, 16, "bac.k_enc");
    expect(bac.authenticate.bytes, 16, "bac.k_mac");

    bac_ask_challenge(&apdu);
    expect_apdu(&apdu, "bac.get_challenge.command");
    const struct hex challenge = answer_at("bac.get_challenge.response");
    assert_int_equal(bac_take_challenge(&bac, challenge.bytes, challenge.len, &fault), OK);
    expect(bac.chip_challenge, BAC_CHALLENGE_BYTES, "bac.rnd_ic");

    memcpy(ours.challenge, at("bac.rnd_ifd").bytes, sizeof ours.challenge);
    memcpy(ours.key, at("bac.k_ifd").bytes, sizeof ours.key);
    bac_ask_authenticate(&bac, &ours, &apdu);
    expect(apdu.data, 32, "bac.e_ifd");
    expect(apdu.data + 32, 8, "bac.m_ifd");
    expect_apdu(&apdu, "bac.external_authenticate.command");
    const struct hex answer = answer_at("bac.external_authenticate.response");
    assert_int_equal(bac_take_authenticate(&bac, answer.bytes, answer.len, &fault), OK);
    expect(bac.seed, sizeof bac.seed, "bac.session_k_seed");
    expect(bac.counter, sizeof bac.counter, "bac.ssc");
    for (size_t i = 0; i < BAC_KEY_BYTES; i++) { // the chip's part of it
        assert_int_equal(bac.seed[i] ^ ours.key[i], at("bac.k_ic").bytes[i]);
    }
    cipher_derive(CIPHER_3DES, CIPHER_ENCRYPT, bac.seed, sizeof bac.seed, &key);
    expect(key.bytes, 16, "bac.ks_enc");
    cipher_derive(CIPHER_3DES, CIPHER_AUTHENTICATE, bac.seed, sizeof bac.seed, &key);
    expect(key.bytes, 16, "bac.ks_mac");
}

static void send_sealed(struct secure_private *secure, const struct json *step, uint8_t *file,
                        size_t *file_len)
{
    const struct hex header = hex_of(json_get_text(step, "plain_command_header"));
    const struct hex data = hex_of(json_get_text(step, "plain_command_data"));
    const struct hex sealed = hex_of(json_get_text(step, "protected_command"));
    const struct hex answer = hex_of(json_get_text(step, "protected_response"));
    const struct hex plain = hex_of(json_get_text(step, "plain_response_data"));
    const struct hex counter = hex_of(json_get_text(step, "ssc_after"));
    struct apdu apdu = {.cla = header.bytes[0],
                        .ins = header.bytes[1],
                        .p1 = header.bytes[2],
                        .p2 = header.bytes[3],
                        .len = data.len};
    int64_t answer_bytes = 0;
    uint8_t written[APDU_BYTES_MAX];
    uint8_t opened[256];
    size_t opened_len = 0;
    uint16_t status = 0;
    struct fault fault;
    memcpy(apdu.data, data.bytes, data.len);
    if (json_get_int(step, "le", &answer_bytes) == OK) {
        apdu.answer_bytes = (size_t)answer_bytes;
    }

    const size_t len = secure_command(secure, &apdu, written);
    assert_int_equal(len, sealed.len);
    assert_memory_equal(written, sealed.bytes, len);

    assert_int_equal(secure_answer(secure, answer.bytes, answer.len, opened, sizeof opened,
                                   &opened_len, &status, &fault),
                     OK);
    assert_int_equal(status, strtol(json_get_text(step, "sw"), NULL, 16));
    assert_int_equal(opened_len, plain.len);
    assert_memory_equal(opened, plain.bytes, plain.len);
    assert_memory_equal(secure->counter, counter.bytes, counter.len);
    memcpy(file + *file_len, opened, opened_len);
    *file_len += opened_len;
}

struct talk {
    const char *part;
    enum cipher cipher;
    const char *counter;
    const char *steps;
};

// All its steps; what they read becomes the file.
static void talk_sealed(const struct talk *talk, uint8_t *file, size_t *file_len)
{
    char path[64];
    struct cipher_key_private encrypt = {.cipher = talk->cipher};
    struct cipher_key_private authenticate = {.cipher = talk->cipher};
    struct secure_private secure;
    (void)snprintf(path, sizeof path, "%s.ks_enc", talk->part);
    memcpy(encrypt.bytes, at(path).bytes, cipher_key_bytes(talk->cipher));
    (void)snprintf(path, sizeof path, "%s.ks_mac", talk->part);
    memcpy(authenticate.bytes, at(path).bytes, cipher_key_bytes(talk->cipher));
    (void)snprintf(path, sizeof path, "%s.%s", talk->part, talk->counter);
    secure_open(&secure, &encrypt, &authenticate, at(path).bytes);
    const struct json *steps = json_get(json_get(vectors, talk->part), talk->steps);
    assert_int_equal(json_len(steps), 3);
    for (size_t i = 0; i < json_len(steps); i++) {
        send_sealed(&secure, json_at(steps, i), file, file_len);
    }
    secure_close(&secure);
}

static void messages_in_3des_are_those_of_appendix_d(void **state)
{
    (void)state;
    uint8_t file[256];
    size_t len = 0;
    uint32_t groups = 0;

    talk_sealed(&(struct talk){"bac", CIPHER_3DES, "ssc", "secure_messaging"}, file, &len);

    expect(file, len, "bac.ef_com");
    assert_int_equal(files_com(file, len, &groups), OK);
    assert_int_equal(groups, 1U << 1 | 1U << 2);
}

static void messages_in_aes_256_are_those_of_another_reader(void **state)
{
    (void)state;
    uint8_t file[256];
    size_t len = 0;
    uint32_t groups = 0;

    talk_sealed(&(struct talk){"aes256_secure_messaging", CIPHER_AES256, "ssc_before", "steps"},
                file, &len);

    assert_int_equal(files_com(file, len, &groups), OK);
    assert_int_equal(groups, 1U << 1 | 1U << 2 | 1U << 3 | 1U << 4 | 1U << 13 | 1U << 14);
}

static struct pace_private begin_pace(void)
{
    const struct document_password_private typed = typed_at("pace_g1");
    const struct hex access = at("pace_g1.ef_cardaccess");
    struct password_private password;
    struct pace_info info;
    struct pace_private pace;
    assert_int_equal(files_pace(access.bytes, access.len, &info), OK);
    assert_int_equal(info.curve, CURVE_BRAINPOOL256);
    assert_int_equal(info.cipher, CIPHER_AES128);
    assert_int_equal(info.parameter, 13);
    assert_false(info.is_chip_mapping);
    expect(info.oid, sizeof info.oid, "pace_g1.oid_hex");
    assert_int_equal(password_from_zone(&typed, &password), OK);
    expect(password.bytes, password.len, "pace_g1.k");
    pace_begin(&pace, &info, &password);
    expect(pace.password.bytes, 16, "pace_g1.k_pi");
    return pace;
}

static void pace_goes_as_in_appendix_g(void **state)
{
    (void)state;
    struct pace_private pace = begin_pace();
    struct apdu apdu;
    struct fault fault;

    pace_ask_set(&pace, &apdu);
    expect_apdu(&apdu, "pace_g1.apdus.0.command");
    pace_ask_nonce(&apdu);
    expect_apdu(&apdu, "pace_g1.apdus.1.command");
    struct hex answer = answer_at("pace_g1.apdus.1.response");
    assert_int_equal(pace_take_nonce(&pace, answer.bytes, answer.len, &fault), OK);
    expect(pace.nonce, pace.nonce_len, "pace_g1.nonce");

    struct hex secret = at("pace_g1.terminal_map_private");
    pace_ask_map(&pace, &(struct pace_secret){secret.bytes, secret.len}, &apdu);
    expect(pace.map_pair.open.bytes, pace.map_pair.open.len, "pace_g1.terminal_map_public");
    expect_apdu(&apdu, "pace_g1.apdus.2.command");
    answer = answer_at("pace_g1.apdus.2.response");
    assert_int_equal(pace_take_map(&pace, answer.bytes, answer.len, &fault), OK);
    expect(pace.chip_map.bytes, pace.chip_map.len, "pace_g1.chip_map_public");
    expect(pace.base.bytes, pace.base.len, "pace_g1.mapped_generator");

    secret = at("pace_g1.terminal_eph_private");
    pace_ask_agree(&pace, &(struct pace_secret){secret.bytes, secret.len}, &apdu);
    expect(pace.pair.open.bytes, pace.pair.open.len, "pace_g1.terminal_eph_public");
    expect_apdu(&apdu, "pace_g1.apdus.3.command");
    answer = answer_at("pace_g1.apdus.3.response");
    assert_int_equal(pace_take_agree(&pace, answer.bytes, answer.len, &fault), OK);
    expect(pace.chip_open.bytes, pace.chip_open.len, "pace_g1.chip_eph_public");
    expect(pace.encrypt.bytes, 16, "pace_g1.ks_enc");
    expect(pace.authenticate.bytes, 16, "pace_g1.ks_mac");

    pace_ask_token(&pace, &apdu);
    expect_apdu(&apdu, "pace_g1.apdus.4.command");
    expect(apdu.data + 4, CIPHER_MAC_BYTES, "pace_g1.t_terminal");
    answer = answer_at("pace_g1.apdus.4.response");
    expect(answer.bytes + 4, CIPHER_MAC_BYTES, "pace_g1.t_chip");
    assert_int_equal(pace_take_token(&pace, answer.bytes, answer.len, &fault), OK);
}

// The chip's side with the same arithmetic: its secrets lead to the same points and keys.
static void both_sides_of_pace_meet(void **state)
{
    (void)state;
    const enum curve curve = CURVE_BRAINPOOL256;
    const struct hex map_secret = at("pace_g1.chip_map_private");
    const struct hex secret = at("pace_g1.chip_eph_private");
    const struct hex terminal_secret = at("pace_g1.terminal_map_private");
    const struct hex nonce = at("pace_g1.nonce");
    const struct hex terminal_map = at("pace_g1.terminal_map_public");
    const struct hex terminal_open = at("pace_g1.terminal_eph_public");
    struct curve_point point = {.len = terminal_map.len};
    struct curve_point base;
    struct curve_pair_private pair;
    struct curve_pair_private shared_h;
    uint8_t shared[CURVE_VALUE_BYTES];

    memcpy(point.bytes, terminal_map.bytes, terminal_map.len);
    assert_int_equal(curve_pair_of(curve, NULL, map_secret.bytes, map_secret.len, &pair), OK);
    expect(pair.open.bytes, pair.open.len, "pace_g1.chip_map_public");
    assert_int_equal(
        curve_pair_of(curve, &pair.open, terminal_secret.bytes, terminal_secret.len, &shared_h),
        OK);
    expect(shared_h.open.bytes, shared_h.open.len, "pace_g1.shared_h");
    assert_int_equal(curve_map(curve, &pair, &point, nonce.bytes, nonce.len, &base), OK);
    expect(base.bytes, base.len, "pace_g1.mapped_generator");

    assert_int_equal(curve_pair_of(curve, &base, secret.bytes, secret.len, &pair), OK);
    expect(pair.open.bytes, pair.open.len, "pace_g1.chip_eph_public");
    memcpy(point.bytes, terminal_open.bytes, terminal_open.len);
    assert_int_equal(curve_agree(curve, &pair, &point, shared), OK);
    expect(shared, curve_bytes(curve), "pace_g1.shared_secret");
}

static void pace_counts_from_where_it_says(void **state)
{
    (void)state;
    const struct cipher_key_private key = {.cipher = CIPHER_AES128};
    struct secure_private secure;

    secure_open(&secure, &key, &key, NULL);

    expect(secure.counter, sizeof secure.counter, "pace_g1.initial_ssc");
}

// The specimens' lines as DG1 holds them.
static size_t wrap_zone(const char *key, uint8_t *file, size_t file_bytes)
{
    const struct json *lines = json_get(json_get(vectors, "mrz_specimens"), key);
    char zone[96] = "";
    uint8_t inside[128];
    for (size_t i = 0; i < json_len(lines); i++) {
        (void)strcat(zone, json_text(json_at(lines, i)));
    }
    const size_t len = ber_put(0x5f1f, zone, strlen(zone), inside, sizeof inside);
    return ber_put(0x61, inside, len, file, file_bytes);
}

static void the_specimens_of_all_three_sizes_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *kind;
    } rows[] = {{"td1", "I"}, {"td2", "I"}, {"td3", "P"}};
    const struct date today = {.year = 2026, .month = 11, .day = 27};
    for (size_t i = 0; i < 3; i++) {
        uint8_t file[160];
        struct document_holder_private holder;
        const size_t len = wrap_zone(rows[i].key, file, sizeof file);

        assert_int_equal(zone_read(file, len, today, &holder), OK);

        assert_string_equal(holder.kind, rows[i].kind);
        assert_string_equal(holder.issuer, "UTO");
        assert_string_equal(holder.surname, "ERIKSSON");
        assert_string_equal(holder.given, "ANNA MARIA");
        assert_false(holder.is_name_cut);
        assert_string_equal(holder.birth, "740812");
        assert_string_equal(holder.birth_iso, "1974-08-12");
        assert_string_equal(holder.expiry_iso, "2012-04-15");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_digits_are_the_specimens),
        cmocka_unit_test(keys_are_derived_as_written),
        cmocka_unit_test(basic_access_control_goes_as_in_appendix_d),
        cmocka_unit_test(messages_in_3des_are_those_of_appendix_d),
        cmocka_unit_test(messages_in_aes_256_are_those_of_another_reader),
        cmocka_unit_test(pace_goes_as_in_appendix_g),
        cmocka_unit_test(both_sides_of_pace_meet),
        cmocka_unit_test(pace_counts_from_where_it_says),
        cmocka_unit_test(the_specimens_of_all_three_sizes_are_read),
    };
    return cmocka_run_group_tests(tests, read_vectors, free_vectors);
}
