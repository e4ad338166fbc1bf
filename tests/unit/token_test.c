// SPDX-License-Identifier: EUPL-1.2
//
// What a visitor may show, told apart and held against keys, hall and time. The signed vector is
// the example of RFC 7515 appendix A.3; everything else is signed here.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/text.h"
#include "link/token.h"

#include <stdio.h>
#include <string.h>

enum { NOW_S = 1764000000 };

static struct crypto_key *key;
static struct token_keys keys;
static char token[TOKEN_BYTES_MAX * 4];

static const struct token_expect expect = {
    .issuer = "https://portaal.example", .audience = "hal", .now_s = NOW_S};

static int open_keys(void **state)
{
    (void)state;
    char set[1024];
    key = crypto_key_new();
    return token_keys_write(key, "k1", set, sizeof set) != OK ||
           token_keys_parse(&keys, set, strlen(set)) != OK;
}

static int close_keys(void **state)
{
    (void)state;
    crypto_key_free(key);
    return 0;
}

static struct token_claims good_claims(void)
{
    struct token_claims claims = {.iat_s = NOW_S, .exp_s = NOW_S + TOKEN_LIFE_S_MAX};
    text_copy_cut(claims.iss, sizeof claims.iss, "https://portaal.example");
    text_copy_cut(claims.aud, sizeof claims.aud, "hal");
    text_copy_cut(claims.jti, sizeof claims.jti, "00000000-0000-4000-8000-000000000001");
    text_copy_cut(claims.acr, sizeof claims.acr, "urn:acr");
    return claims;
}

static enum err verify_claims(const struct token_claims *claims)
{
    struct token_claims read;
    assert_int_equal(token_mint(claims, key, "k1", token), OK);
    return token_verify(token, strlen(token), &keys, &expect, &read);
}

// Signs any header and payload.
static enum err verify_words(const char *header, const char *payload)
{
    char encoded[TOKEN_BYTES_MAX * 2];
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    struct token_claims claims;
    struct text text;
    text_init(&text, token, sizeof token);
    assert_int_equal(
        base64url_encode((const uint8_t *)header, strlen(header), encoded, sizeof encoded), OK);
    text_format(&text, "%s.", encoded);
    assert_int_equal(
        base64url_encode((const uint8_t *)payload, strlen(payload), encoded, sizeof encoded), OK);
    text_add(&text, encoded);
    assert_int_equal(crypto_sign(key, token, text.len, signature), OK);
    assert_int_equal(base64url_encode(signature, sizeof signature, encoded, sizeof encoded), OK);
    text_format(&text, ".%s", encoded);
    return token_verify(token, strlen(token), &keys, &expect, &claims);
}

#define HEADER "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k1\"}"
#define PAYLOAD                                                                                    \
    "{\"iss\":\"https://portaal.example\",\"aud\":\"hal\",\"iat\":1764000000,"                     \
    "\"exp\":1764000300,\"jti\":\"j\",\"acr\":\"a\""

#define LINK_UUID "db530851-200a-40f3-8aec-1618638a7a46"
#define LINK_TOKEN "7av-9c45bd8ac14848ab8e13"
#define LINK "/submissions/" LINK_UUID "/" LINK_TOKEN "/resume"

static void codes_are_told_apart_by_their_shape(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum token_kind kind;
    } table[] = {
        {"KR1:000000000000000000000000", TOKEN_PAPER},
        {"KR1:00000000000000000000000", TOKEN_UNKNOWN},  // a character short
        {"KR1:00000000000000000000000a", TOKEN_UNKNOWN}, // not base45
        {"kr1:000000000000000000000000", TOKEN_UNKNOWN},
        {"KQ1:B042:000000000000000000000000", TOKEN_TICKET},
        {"KQ1:B0421000000000000000000000000", TOKEN_UNKNOWN},
        {"111222333", TOKEN_BSN},
        {"111222334", TOKEN_UNKNOWN}, // fails the eleven test
        {"000000000", TOKEN_UNKNOWN},
        {"11122233", TOKEN_UNKNOWN},
        {"https://www.example.org/", TOKEN_UNKNOWN},
        {"https://forms.example" LINK, TOKEN_RESUME},
        {"https://forms.example" LINK "/", TOKEN_RESUME},
        {"https://forms.example:8443/a/b" LINK, TOKEN_RESUME},
        {"http://127.0.0.1:8000/openforms" LINK, TOKEN_RESUME}, // a desk's fictional town
        {"http://forms.example" LINK, TOKEN_UNKNOWN},           // anybody on the way reads it
        {"http://127.0.0.1.evil.example" LINK, TOKEN_UNKNOWN},
        {"https://user@forms.example" LINK, TOKEN_UNKNOWN},
        {"https://user:word@forms.example" LINK, TOKEN_UNKNOWN},
        {"https://forms.example:0" LINK, TOKEN_UNKNOWN},
        {"https://forms.example:99999" LINK, TOKEN_UNKNOWN},
        {"https://" LINK, TOKEN_UNKNOWN},
        {"ftp://forms.example" LINK, TOKEN_UNKNOWN},
        {"https://forms.example" LINK "?next=//evil.example", TOKEN_UNKNOWN},
        {"https://forms.example" LINK "#x", TOKEN_UNKNOWN},
        {"https://forms.example" LINK "//", TOKEN_UNKNOWN},
        {"https://forms.example" LINK "\r\nX: y", TOKEN_UNKNOWN},
        {"https://forms.example/%2e%2e" LINK, TOKEN_UNKNOWN},
        {"https://forms.example/submissions/" LINK_UUID "/9h3/resume", TOKEN_UNKNOWN},
        {"https://forms.example/submissions/" LINK_UUID "/9h3-short/resume", TOKEN_UNKNOWN},
        {"https://forms.example/submissions/" LINK_UUID "/../resume", TOKEN_UNKNOWN},
        {"https://forms.example/submissions/nobody/" LINK_TOKEN "/resume", TOKEN_UNKNOWN},
        {"https://forms.example/submissions/" LINK_UUID "/" LINK_TOKEN, TOKEN_UNKNOWN},
        {"eyJhbGciOiJub25lIn0.eyJhdWQiOiJoYWwifQ.", TOKEN_UNKNOWN},
        {"", TOKEN_UNKNOWN},
        {"    ", TOKEN_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(token_classify(table[i].text, strlen(table[i].text)), table[i].kind);
    }
}

static void a_link_is_as_long_as_we_keep_and_no_longer(void **state)
{
    (void)state;
    char link[TOKEN_RESUME_BYTES + 1] = "https://forms.example/";
    const size_t room = TOKEN_RESUME_BYTES - 1 - strlen(LINK);
    memset(link + strlen(link), 'a', room - strlen(link));
    assert_int_equal(text_copy(link + room, sizeof link - room, LINK), OK);
    assert_int_equal(token_classify(link, TOKEN_RESUME_BYTES - 1), TOKEN_RESUME);

    assert_int_equal(text_copy(link + TOKEN_RESUME_BYTES - 1, 2, "/"), OK);

    assert_int_equal(token_classify(link, TOKEN_RESUME_BYTES), TOKEN_UNKNOWN);
}

static void a_link_is_read_of_our_own_place_only(void **state)
{
    (void)state;
    static const char link[] = "https://forms.example/app" LINK;
    static const char *const others[] = {
        "",
        "/",
        "https://forms.example",
        "https://forms.example:443/app",
        "http://forms.example/app",
        "https://forms.example.evil/app",
        "https://forms.exampl",
        "https://forms.example/ap",
        "https://forms.example/app/submissions",
        "https://evil.example/app",
        "https://f0rms.example/app", // as long as ours, as all below
        "https://FORMS.example/app",
        "https://forms.example/ap1",
        "http://forms.example./app",
    };
    struct token_resume resume;

    assert_true(token_resume_read(link, "https://forms.example/app", &resume));
    assert_string_equal(resume.submission, LINK_UUID);
    assert_int_equal(resume.day, 11323 + 9463); // 28 November 2026
    assert_true(token_resume_read(link, "https://forms.example/app/", &resume));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(token_resume_read(link, others[i], &resume));
    }
    assert_false(token_resume_read("https://forms.example/app@evil.example" LINK,
                                   "https://forms.example/app", &resume));
}

static void a_link_without_a_day_says_so(void **state)
{
    (void)state;
    static const char *const stamps[] = {"zzzzzzzz", "AAA", "9_9"};
    struct token_resume resume;
    char link[200];
    for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++) {
        struct text text;
        text_init(&text, link, sizeof link);
        text_format(&text,
                    "https://forms.example/submissions/" LINK_UUID "/%s-0123456789abcdef/resume",
                    stamps[i]);

        assert_true(token_resume_read(link, "https://forms.example", &resume));
        assert_int_equal(resume.day, -1);
    }
}

static void what_we_make_is_what_we_recognise(void **state)
{
    (void)state;
    static const uint8_t raw[TOKEN_REFERENCE_RAW_BYTES] = {0, 1, 2, 253, 254, 255};
    char reference[TOKEN_REFERENCE_BYTES];
    char ticket[TOKEN_TICKET_BYTES];
    struct token_claims claims = good_claims();

    token_reference(raw, reference);
    token_ticket("B042", raw, ticket);

    assert_int_equal(token_classify(reference, strlen(reference)), TOKEN_PAPER);
    assert_int_equal(token_classify(ticket, strlen(ticket)), TOKEN_TICKET);
    assert_int_equal(token_mint(&claims, key, "k1", token), OK);
    assert_int_equal(token_classify(token, strlen(token)), TOKEN_LIVE);
}

static void a_minted_token_verifies_and_gives_its_claims(void **state)
{
    (void)state;
    struct token_claims claims = good_claims();
    struct token_claims read;
    assert_int_equal(token_mint(&claims, key, "k1", token), OK);

    assert_int_equal(token_verify(token, strlen(token), &keys, &expect, &read), OK);

    assert_string_equal(read.jti, claims.jti);
    assert_string_equal(read.acr, claims.acr);
    assert_int_equal(read.exp_s, claims.exp_s);
}

static void a_changed_letter_anywhere_is_refused(void **state)
{
    (void)state;
    struct token_claims claims = good_claims();
    struct token_claims read;
    assert_int_equal(token_mint(&claims, key, "k1", token), OK);
    size_t len = strlen(token);
    for (size_t i = 0; i + 1 < len; i++) { // the last letter's low bits must be zero: checked below
        const char was = token[i];
        token[i] = was == 'A' ? 'B' : 'A';
        assert_int_not_equal(token_verify(token, len, &keys, &expect, &read), OK);
        token[i] = was;
    }
    token[len - 1] = (char)(token[len - 1] == 'Q' ? 'R' : 'B'); // bits that carry nothing
    assert_int_not_equal(token_verify(token, len, &keys, &expect, &read), OK);
}

static void another_key_under_the_same_name_is_refused(void **state)
{
    (void)state;
    struct crypto_key *other = crypto_key_new();
    struct token_claims claims = good_claims();
    struct token_claims read;
    assert_int_equal(token_mint(&claims, other, "k1", token), OK);

    assert_int_equal(token_verify(token, strlen(token), &keys, &expect, &read), ERR_CRYPTO);

    assert_int_equal(token_mint(&claims, key, "k2", token), OK);
    assert_int_equal(token_verify(token, strlen(token), &keys, &expect, &read), ERR_CRYPTO);
    crypto_key_free(other);
}

static void another_hall_or_issuer_is_refused(void **state)
{
    (void)state;
    struct token_claims claims = good_claims();
    text_copy_cut(claims.aud, sizeof claims.aud, "elders");
    assert_int_equal(verify_claims(&claims), ERR_REFUSED);

    claims = good_claims();
    text_copy_cut(claims.iss, sizeof claims.iss, "https://elders.example");
    assert_int_equal(verify_claims(&claims), ERR_REFUSED);
}

static void times_are_held_to_five_minutes_and_one_of_grace(void **state)
{
    (void)state;
    static const struct {
        int64_t iat_s;
        int64_t exp_s;
        enum err err;
    } table[] = {
        {NOW_S, NOW_S + 300, OK},
        {NOW_S, NOW_S + 301, ERR_EXPIRED},      // lives too long
        {NOW_S, NOW_S, ERR_EXPIRED},            // ends before it begins
        {NOW_S - 300, NOW_S - 60, OK},          // a clock may be a minute off
        {NOW_S - 300, NOW_S - 61, ERR_EXPIRED}, // too old
        {NOW_S + 60, NOW_S + 300, OK},          //
        {NOW_S + 61, NOW_S + 300, ERR_EXPIRED}, // from the future
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct token_claims claims = good_claims();
        claims.iat_s = table[i].iat_s;
        claims.exp_s = table[i].exp_s;
        assert_int_equal(verify_claims(&claims), table[i].err);
    }
}

static void the_header_is_exactly_the_profile(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"k1\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES256\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k1\",\"crit\":[]}",
        "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k1\"}",
        "[\"ES256\"]",
    };
    assert_int_equal(verify_words(HEADER, PAYLOAD "}"), OK);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        assert_int_equal(verify_words(headers[i], PAYLOAD "}"), ERR_MALFORMED);
    }
}

static void the_payload_is_exactly_the_profile(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        PAYLOAD ",\"sub\":\"somebody\"}", // no subject inside
        PAYLOAD ",\"aud\":\"hal\"}",      // a member twice
        "{\"aud\":\"hal\"}",
        "{\"iss\":\"https://portaal.example\",\"aud\":\"hal\",\"iat\":\"1764000000\","
        "\"exp\":1764000300,\"jti\":\"j\",\"acr\":\"a\"}", // a time in words
        "{\"iss\":\"https://portaal.example\",\"aud\":\"hal\",\"iat\":-1,"
        "\"exp\":1764000300,\"jti\":\"j\",\"acr\":\"a\"}",
        "{\"iss\":\"https://portaal.example\",\"aud\":[\"hal\"],\"iat\":1764000000,"
        "\"exp\":1764000300,\"jti\":\"j\",\"acr\":\"a\"}",
        "7",
    };
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        assert_int_equal(verify_words(HEADER, payloads[i]), ERR_MALFORMED);
    }
}

static void a_token_beyond_the_limit_is_not_even_read(void **state)
{
    (void)state;
    struct token_claims claims;
    memset(token, 'A', sizeof token);
    token[100] = '.';
    token[500] = '.';

    assert_int_equal(token_verify(token, TOKEN_BYTES_MAX + 1, &keys, &expect, &claims),
                     ERR_MALFORMED);
    assert_int_equal(token_classify(token, TOKEN_BYTES_MAX + 1), TOKEN_UNKNOWN);
}

static void claims_that_do_not_fit_are_not_minted(void **state)
{
    (void)state;
    struct token_claims claims = good_claims();
    memset(claims.iss, 'i', sizeof claims.iss - 1);
    memset(claims.aud, 'a', sizeof claims.aud - 1);
    memset(claims.jti, 'j', sizeof claims.jti - 1);
    memset(claims.acr, 'c', sizeof claims.acr - 1);
    char long_id[400];
    memset(long_id, 'k', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';

    assert_int_equal(token_mint(&claims, key, long_id, token), ERR_TOO_BIG);
}

// RFC 7515 appendix A.3.1: the key and the signed example.
static void the_example_of_the_standard_verifies(void **state)
{
    (void)state;
    static const char set[] =
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ES256\",\"kid\":\"rfc\","
        "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
        "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";
    static const char signed_part[] = "eyJhbGciOiJFUzI1NiJ9."
                                      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9"
                                      "leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    static const char signature_text[] = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxL"
                                         "a8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    struct token_keys rfc;
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    size_t len = 0;
    assert_int_equal(token_keys_parse(&rfc, set, sizeof set - 1), OK);
    assert_int_equal(base64url_decode(signature_text, sizeof signature_text - 1, signature,
                                      sizeof signature, &len),
                     OK);

    assert_int_equal(
        crypto_verify(rfc.keys[0].x, rfc.keys[0].y, signed_part, sizeof signed_part - 1, signature),
        OK);
}

static void a_set_without_a_usable_key_is_refused(void **state)
{
    (void)state;
    static const char *const sets[] = {
        "",
        "{}",
        "{\"keys\":[]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"s\",\"x\":\"AAAA\",\"y\":\"AAAA\"}]"
        "}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"s\","
        "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
        "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}",
    };
    struct token_keys read;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        assert_int_equal(token_keys_parse(&read, sets[i], strlen(sets[i])), ERR_MALFORMED);
    }
}

static void a_key_more_than_the_limit_is_refused(void **state)
{
    (void)state;
    char set[4096];
    struct token_keys read;
    struct text text;
    text_init(&text, set, sizeof set);
    for (int i = 0; i <= TOKEN_KEYS_MAX; i++) {
        text_format(&text,
                    "%s{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ES256\",\"kid\":\"k%d\","
                    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
                    i == 0 ? "{\"keys\":[" : ",", i);
    }
    text_add(&text, "]}");
    assert_false(text.is_cut);

    assert_int_equal(token_keys_parse(&read, set, text.len), ERR_FULL);
}

static void a_file_of_keys_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct token_keys read;
    struct fault fault = {0};

    assert_int_equal(token_keys_read_file(&read, "nowhere/portal.jwks", &fault), ERR_NOT_FOUND);

    assert_non_null(strstr(fault.text, "nowhere/portal.jwks"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_told_apart_by_their_shape),
        cmocka_unit_test(a_link_is_as_long_as_we_keep_and_no_longer),
        cmocka_unit_test(a_link_is_read_of_our_own_place_only),
        cmocka_unit_test(a_link_without_a_day_says_so),
        cmocka_unit_test(what_we_make_is_what_we_recognise),
        cmocka_unit_test(a_minted_token_verifies_and_gives_its_claims),
        cmocka_unit_test(a_changed_letter_anywhere_is_refused),
        cmocka_unit_test(another_key_under_the_same_name_is_refused),
        cmocka_unit_test(another_hall_or_issuer_is_refused),
        cmocka_unit_test(times_are_held_to_five_minutes_and_one_of_grace),
        cmocka_unit_test(the_header_is_exactly_the_profile),
        cmocka_unit_test(the_payload_is_exactly_the_profile),
        cmocka_unit_test(a_token_beyond_the_limit_is_not_even_read),
        cmocka_unit_test(claims_that_do_not_fit_are_not_minted),
        cmocka_unit_test(the_example_of_the_standard_verifies),
        cmocka_unit_test(a_set_without_a_usable_key_is_refused),
        cmocka_unit_test(a_key_more_than_the_limit_is_refused),
        cmocka_unit_test(a_file_of_keys_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, open_keys, close_keys);
}
