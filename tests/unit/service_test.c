// SPDX-License-Identifier: EUPL-1.2
//
// Service codes: for one device, once, for ten minutes, and by the hub's own key; and that a header
// or claims which say anything else are not the profile.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/text.h"
#include "link/jws.h"
#include "link/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOW_S = 1764000000 };

#define JTI "6a8c0a52-0000-4000-8000-00000000000a"

static struct crypto_key *key;
static struct service_reader reader;
static char code[SERVICE_CODE_BYTES * 2];

static int open_reader(void **state)
{
    (void)state;
    char path[] = "/tmp/service_test_XXXXXX";
    char pem[CRYPTO_PEM_BYTES];
    struct fault fault = {0};
    const int fd = mkstemp(path);
    key = crypto_key_new();
    crypto_public_write(key, pem);
    int bad = fd < 0 || !file_put(fd, pem, strlen(pem)) ||
              service_reader_open(&reader, path, "stadhuis", "kiosk-1", &fault) != OK;
    (void)close(fd); // only a test's
    (void)unlink(path);
    return bad;
}

static int close_reader(void **state)
{
    (void)state;
    crypto_key_free(key);
    return 0;
}

static enum err use(const char *text, int64_t now_s)
{
    return service_reader_use(&reader, text, strlen(text), now_s);
}

static const char *minted(const char *device)
{
    assert_int_equal(service_mint(key, "stadhuis", device, NOW_S, code), OK);
    return code;
}

// Signs any payload under any key's name.
static enum err use_words(const struct crypto_key *signer, const char *key_id, const char *payload)
{
    struct json *json = NULL;
    assert_int_equal(json_parse(payload, strlen(payload), &json), OK);
    memcpy(code, "KS1:", 5);
    assert_int_equal(jws_mint(json, signer, key_id, code + 4, sizeof code - 4), OK);
    return use(code, NOW_S);
}

// Signs any header.
static enum err use_header(const char *header, const char *payload)
{
    char encoded[600];
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    struct text text;
    text_init(&text, code, sizeof code);
    text_add(&text, "KS1:");
    const char *const parts[] = {header, payload};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(
            base64url_encode((const uint8_t *)parts[i], strlen(parts[i]), encoded, sizeof encoded),
            OK);
        text_format(&text, "%s%s", i == 0 ? "" : ".", encoded);
    }
    assert_int_equal(crypto_sign(key, code + 4, text.len - 4, signature), OK);
    assert_int_equal(base64url_encode(signature, sizeof signature, encoded, sizeof encoded), OK);
    text_format(&text, ".%s", encoded);
    assert_false(text.is_cut);
    return use(code, NOW_S);
}

static void a_code_opens_its_device_once(void **state)
{
    (void)state;
    const char *text = minted("kiosk-1");

    assert_true(service_code_is(text, strlen(text)));
    assert_true(text_starts_with(text, "KS1:ey"));
    assert_int_equal(use(text, NOW_S), OK);
    assert_int_equal(use(text, NOW_S), ERR_DUPLICATE);
    assert_int_equal(use(text, NOW_S + SERVICE_LIFE_S_MAX), ERR_DUPLICATE);
    assert_int_equal(use(minted("kiosk-1"), NOW_S), OK); // the next is another
}

static void another_devices_code_opens_nothing(void **state)
{
    (void)state;
    assert_int_equal(use(minted("kiosk-2"), NOW_S), ERR_REFUSED);
    assert_int_equal(service_mint(key, "elders", "kiosk-1", NOW_S, code), OK);
    assert_int_equal(use(code, NOW_S), ERR_REFUSED);
}

static void a_code_has_its_ten_minutes(void **state)
{
    (void)state;
    const int64_t end_s = NOW_S + SERVICE_LIFE_S_MAX;

    assert_int_equal(use(minted("kiosk-1"), end_s + SERVICE_SKEW_S), OK);
    assert_int_equal(use(minted("kiosk-1"), end_s + SERVICE_SKEW_S + 1), ERR_EXPIRED);
    assert_int_equal(use(minted("kiosk-1"), NOW_S - SERVICE_SKEW_S), OK);
    assert_int_equal(use(minted("kiosk-1"), NOW_S - SERVICE_SKEW_S - 1), ERR_EXPIRED);
    assert_int_equal(use_words(key, "service",
                               "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":1764000601,"
                               "\"iat\":1764000000,\"jti\":\"" JTI "\"}"),
                     ERR_EXPIRED);
    assert_int_equal(use_words(key, "service",
                               "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":1764000000,"
                               "\"iat\":1764000000,\"jti\":\"" JTI "\"}"),
                     ERR_EXPIRED);
}

static void only_the_hubs_key_counts(void **state)
{
    (void)state;
    static const char payload[] = "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":1764000600,"
                                  "\"iat\":1764000000,\"jti\":\"" JTI "\"}";
    struct crypto_key *stranger = crypto_key_new();

    assert_int_equal(use_words(stranger, "service", payload), ERR_CRYPTO);
    assert_int_equal(use_words(key, "portal", payload), ERR_CRYPTO);
    crypto_key_free(stranger);
    assert_int_equal(use_words(key, "service", payload), OK);
}

static void a_changed_letter_anywhere_is_refused(void **state)
{
    (void)state;
    char changed[SERVICE_CODE_BYTES];
    const size_t len = strlen(minted("kiosk-1"));
    for (size_t i = 0; i < len; i++) {
        memcpy(changed, code, len + 1);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';

        assert_int_not_equal(use(changed, NOW_S), OK);
    }
    assert_int_equal(use(code, NOW_S), OK);
}

static void what_is_not_the_profile_is_no_code(void **state)
{
    (void)state;
    static const char claims[] = "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":1764000600,"
                                 "\"iat\":1764000000,\"jti\":\"" JTI "\"}";
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"service\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"service\"}",
        "{\"alg\":\"ES256\",\"kid\":\"service\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"service\",\"crit\":[]}",
        "{\"alg\":\"ES256\",\"typ\":\"JWS\",\"kid\":\"service\"}",
    };
    static const char *const payloads[] = {
        "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":1764000600,\"iat\":1764000000}",
        "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":1764000600,\"iat\":1764000000,\"jti\":\"1\"}",
        "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":1764000600,\"iat\":1764000000,\"jti\":\"" JTI
        "\",\"sub\":\"x\"}",
        "{\"aud\":[\"stadhuis/kiosk-1\"],\"exp\":1764000600,\"iat\":1764000000,\"jti\":\"" JTI
        "\"}",
        "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":\"x\",\"iat\":1764000000,\"jti\":\"" JTI "\"}",
        "{\"aud\":\"stadhuis/kiosk-1\",\"exp\":1764000600,\"iat\":-1,\"jti\":\"" JTI "\"}",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        assert_int_equal(use_header(headers[i], claims), ERR_MALFORMED);
    }
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        assert_int_equal(use_words(key, "service", payloads[i]), ERR_MALFORMED);
    }
    static const char *const others[] = {"", "KS1:", "KR1:ABC", "KS1:a.b", "ks1:ey.ey.ey"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(use(others[i], NOW_S), ERR_MALFORMED);
    }
    minted("kiosk-1");
    text_copy_cut(code + strlen(code), 2, "=");
    assert_int_equal(use(code, NOW_S), ERR_MALFORMED);
}

static void a_flood_of_codes_is_refused_until_they_are_old(void **state)
{
    (void)state;
    reader.used_count = 0;
    for (size_t i = 0; i < SERVICE_USED_MAX; i++) {
        assert_int_equal(use(minted("kiosk-1"), NOW_S), OK);
    }

    assert_int_equal(use(minted("kiosk-1"), NOW_S), ERR_FULL);
    const int64_t later_s = NOW_S + SERVICE_LIFE_S_MAX + 2 * SERVICE_SKEW_S + 1;
    assert_int_equal(service_mint(key, "stadhuis", "kiosk-1", later_s, code), OK);
    assert_int_equal(use(code, later_s), OK);
    assert_int_equal(reader.used_count, 1);
}

static void a_key_that_is_none_is_said(void **state)
{
    (void)state;
    static struct service_reader other;
    struct fault fault = {0};
    assert_int_equal(service_reader_open(&other, "/nowhere", "stadhuis", "kiosk-1", &fault),
                     ERR_NOT_FOUND);
    assert_int_equal(service_reader_open(&other, "/etc/hostname", "stadhuis", "kiosk-1", &fault),
                     ERR_MALFORMED);
    assert_non_null(strstr(fault.text, "no P-256 key"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_opens_its_device_once),
        cmocka_unit_test(another_devices_code_opens_nothing),
        cmocka_unit_test(a_code_has_its_ten_minutes),
        cmocka_unit_test(only_the_hubs_key_counts),
        cmocka_unit_test(a_changed_letter_anywhere_is_refused),
        cmocka_unit_test(what_is_not_the_profile_is_no_code),
        cmocka_unit_test(a_flood_of_codes_is_refused_until_they_are_old),
        cmocka_unit_test(a_key_that_is_none_is_said),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
