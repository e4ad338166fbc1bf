// SPDX-License-Identifier: EUPL-1.2
//
// Codes and live tokens.
#include "link/token.h"

#include "base/bytes.h"
#include "base/json.h"
#include "base/text.h"
#include "link/http_parse.h"
#include "link/jws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_FILE_BYTES_MAX = 16 * 1024 };

// Open Forms counts the days of its links from 1 January 2001, base 36.
enum { LINK_DAY_ZERO = 11323, LINK_DAYS_MAX = 0xffff, LINK_HASH_CHARS_MIN = 16 };

static bool is_resume_shape(const char *text, size_t len);
static bool is_behind(const char *part, struct token_resume *resume);
static int64_t link_day(const char *digits, size_t len);
static bool is_live_shape(const char *text, size_t len);
static bool is_reference(const char *text, size_t len);
static bool is_bsn(const char *text, size_t len);
static enum err check_signature(const char *text, const struct jws_part parts[JWS_PARTS],
                                const struct token_keys *keys);
static enum err read_claims(const struct json *payload, struct token_claims *claims);
static enum err read_key(const struct json *json, struct token_keys *keys);
static enum err copy_text(const struct json *object, const char *name, char *out, size_t out_bytes);

enum token_kind token_classify(const char *text, size_t len)
{
    if (len == 0 || len > TOKEN_SCAN_BYTES_MAX) {
        return TOKEN_UNKNOWN;
    }
    if (len == TOKEN_REFERENCE_BYTES - 1 && memcmp(text, "KR1:", 4) == 0) {
        return is_reference(text + 4, len - 4) ? TOKEN_PAPER : TOKEN_UNKNOWN;
    }
    if (len == TOKEN_TICKET_BYTES - 1 && memcmp(text, "KQ1:", 4) == 0 && text[8] == ':') {
        return is_reference(text + 9, len - 9) ? TOKEN_TICKET : TOKEN_UNKNOWN;
    }
    if (is_bsn(text, len)) {
        return TOKEN_BSN;
    }
    if (is_resume_shape(text, len)) {
        return TOKEN_RESUME;
    }
    return is_live_shape(text, len) ? TOKEN_LIVE : TOKEN_UNKNOWN;
}

bool token_resume_read(const char *text, const char *place, struct token_resume *resume)
{
    size_t len = strlen(place);
    while (len > 0 && place[len - 1] == '/') {
        len -= 1;
    }
    *resume = (struct token_resume){.day = -1};
    return len > 0 && is_resume_shape(text, strlen(text)) && strncmp(text, place, len) == 0 &&
           is_behind(text + len, resume);
}

void token_reference(const uint8_t raw[TOKEN_REFERENCE_RAW_BYTES], char out[TOKEN_REFERENCE_BYTES])
{
    memcpy(out, "KR1:", 4);
    CHECK(base45_encode(raw, TOKEN_REFERENCE_RAW_BYTES, out + 4, TOKEN_REFERENCE_BYTES - 4) == OK);
}

void token_ticket(const char number[5], const uint8_t raw[TOKEN_REFERENCE_RAW_BYTES],
                  char out[TOKEN_TICKET_BYTES])
{
    (void)snprintf(out, TOKEN_TICKET_BYTES, "KQ1:%.4s:", number); // nine characters
    CHECK(base45_encode(raw, TOKEN_REFERENCE_RAW_BYTES, out + 9, TOKEN_TICKET_BYTES - 9) == OK);
}

enum err token_keys_parse(struct token_keys *keys, const char *bytes, size_t len)
{
    *keys = (struct token_keys){0};
    struct json *set = NULL;
    if (json_parse(bytes, len, &set) != OK) {
        return ERR_MALFORMED;
    }
    const struct json *list = json_get(set, "keys");
    enum err err = json_len(list) == 0 ? ERR_MALFORMED : OK;
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        err = read_key(json_at(list, i), keys);
    }
    json_free(set);
    return err;
}

enum err token_keys_read_file(struct token_keys *keys, const char *path, struct fault *fault)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return fault_set(fault, ERR_NOT_FOUND, "%s: cannot be read", path);
    }
    char bytes[KEYS_FILE_BYTES_MAX];
    size_t len = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file); // only read from
    enum err err = token_keys_parse(keys, bytes, len);
    return err == OK ? OK : fault_set(fault, err, "%s: not a set of P-256 keys", path);
}

enum err token_verify(const char *text, size_t len, const struct token_keys *keys,
                      const struct token_expect *expect, struct token_claims *claims)
{
    struct jws_part parts[JWS_PARTS];
    *claims = (struct token_claims){0};
    if (len > TOKEN_BYTES_MAX || !jws_split(text, len, parts)) {
        return ERR_MALFORMED;
    }
    enum err err = check_signature(text, parts, keys);
    if (err != OK) {
        return err;
    }
    struct json *payload = NULL;
    err = jws_parse(parts[1], &payload);
    if (err == OK) {
        err = read_claims(payload, claims);
    }
    json_wipe_free(payload);
    if (err != OK) {
        return err;
    }
    if (!text_equal(claims->aud, expect->audience) ||
        (expect->issuer != NULL && !text_equal(claims->iss, expect->issuer))) {
        return ERR_REFUSED;
    }
    bool lives_too_long =
        claims->exp_s <= claims->iat_s || claims->exp_s - claims->iat_s > TOKEN_LIFE_S_MAX;
    if (lives_too_long || claims->iat_s > expect->now_s + TOKEN_SKEW_S ||
        claims->exp_s + TOKEN_SKEW_S < expect->now_s) {
        return ERR_EXPIRED;
    }
    return OK;
}

enum err token_mint(const struct token_claims *claims, const struct crypto_key *key,
                    const char *key_id, char out[TOKEN_BYTES_MAX + 1])
{
    struct json *payload = json_new_object();
    json_set_text(payload, "iss", claims->iss);
    json_set_text(payload, "aud", claims->aud);
    json_set_int(payload, "iat", claims->iat_s);
    json_set_int(payload, "exp", claims->exp_s);
    json_set_text(payload, "jti", claims->jti);
    json_set_text(payload, "acr", claims->acr);
    return jws_mint(payload, key, key_id, out, TOKEN_BYTES_MAX + 1);
}

enum err token_keys_write(const struct crypto_key *key, const char *key_id, char *out,
                          size_t out_bytes)
{
    uint8_t x[CRYPTO_POINT_BYTES];
    uint8_t y[CRYPTO_POINT_BYTES];
    char x_text[48];
    char y_text[48];
    crypto_key_point(key, x, y);
    CHECK(base64url_encode(x, sizeof x, x_text, sizeof x_text) == OK);
    CHECK(base64url_encode(y, sizeof y, y_text, sizeof y_text) == OK);
    struct json *jwk = json_new_object();
    json_set_text(jwk, "kty", "EC");
    json_set_text(jwk, "crv", "P-256");
    json_set_text(jwk, "alg", "ES256");
    json_set_text(jwk, "use", "sig");
    json_set_text(jwk, "kid", key_id);
    json_set_text(jwk, "x", x_text);
    json_set_text(jwk, "y", y_text);
    struct json *set = json_new_object();
    struct json *list = json_new_array();
    json_append(list, jwk);
    json_set(set, "keys", list);
    size_t len = 0;
    enum err err = json_write(set, out, out_bytes, &len);
    json_free(set);
    return err;
}

// Over TLS; without it only to this very machine, where a desk's fictional town is. What stands in
// front of "/submissions/" is any place: whether it is ours is for token_resume_read.
static bool is_resume_shape(const char *text, size_t len)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~/:";
    char link[TOKEN_RESUME_BYTES] = "";
    struct http_url url = {0};
    struct token_resume resume;
    if (len >= sizeof link) {
        return false;
    }
    memcpy(link, text, len);
    link[len] = '\0';
    bool is_shaped = strspn(link, plain) == len && http_url_parse(link, &url) == OK &&
                     (url.is_tls || text_equal(url.host, "127.0.0.1"));
    const char *behind = is_shaped ? strstr(url.target, "/submissions/") : NULL;
    is_shaped = behind != NULL && is_behind(behind, &resume);
    wipe(link, sizeof link);
    wipe(&url, sizeof url);
    wipe(&resume, sizeof resume);
    return is_shaped;
}

// "/submissions/<uuid>/<days>-<hash>/resume" and at most one '/' more.
static bool is_behind(const char *part, struct token_resume *resume)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    static const char start[] = "/submissions/";
    const size_t uuid_len = UUID_TEXT_BYTES - 1;
    if (!text_starts_with(part, start) || strlen(part) < sizeof start + uuid_len) {
        return false;
    }
    const char *at = part + sizeof start - 1;
    memcpy(resume->submission, at, uuid_len);
    resume->submission[uuid_len] = '\0';
    at += uuid_len;
    const size_t days_len = at[0] == '/' ? strspn(at + 1, word) : 0;
    if (!uuid_is_valid(resume->submission) || days_len == 0 || at[1 + days_len] != '-') {
        return false;
    }
    resume->day = link_day(at + 1, days_len);
    at += 1 + days_len + 1;
    const size_t hash_len = strspn(at, word);
    at += hash_len;
    return hash_len >= LINK_HASH_CHARS_MIN &&
           (strcmp(at, "/resume") == 0 || strcmp(at, "/resume/") == 0);
}

static int64_t link_day(const char *digits, size_t len)
{
    int64_t days = 0;
    for (size_t i = 0; i < len; i++) {
        const char c = digits[i];
        const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : -1;
        days = days * 36 + value;
        if (value < 0 || days > LINK_DAYS_MAX) {
            return -1;
        }
    }
    return LINK_DAY_ZERO + days;
}

// Three parts of base64url of sensible lengths; every JWS header begins with `{"`, thus "ey".
static bool is_live_shape(const char *text, size_t len)
{
    struct jws_part parts[JWS_PARTS];
    return len <= TOKEN_BYTES_MAX && jws_split(text, len, parts) && parts[0].len > 10 &&
           memcmp(parts[0].text, "ey", 2) == 0 && parts[1].len > 10 && parts[2].len == 86;
}

static bool is_reference(const char *text, size_t len)
{
    uint8_t raw[TOKEN_REFERENCE_RAW_BYTES];
    size_t raw_len = 0;
    return base45_decode(text, len, raw, sizeof raw, &raw_len) == OK && raw_len == sizeof raw;
}

// The eleven test: weights 9 to 2, and -1 for the last digit.
static bool is_bsn(const char *text, size_t len)
{
    int sum = 0;
    if (len != 9) {
        return false;
    }
    for (int i = 0; i < 9; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        sum += (text[i] - '0') * (i == 8 ? -1 : 9 - i);
    }
    return sum != 0 && sum % 11 == 0;
}

static enum err check_signature(const char *text, const struct jws_part parts[JWS_PARTS],
                                const struct token_keys *keys)
{
    struct jws_check check;
    enum err err = jws_begin(text, parts, &check);
    if (err != OK) {
        return err;
    }
    for (size_t i = 0; i < keys->keys_count; i++) {
        if (text_equal(keys->keys[i].id, check.key_id)) {
            return jws_verify(&check, keys->keys[i].x, keys->keys[i].y);
        }
    }
    return ERR_CRYPTO;
}

static enum err read_claims(const struct json *payload, struct token_claims *claims)
{
    if (json_len(payload) != 6 || // a subject or any other word is not the profile
        copy_text(payload, "iss", claims->iss, sizeof claims->iss) != OK ||
        copy_text(payload, "aud", claims->aud, sizeof claims->aud) != OK ||
        copy_text(payload, "jti", claims->jti, sizeof claims->jti) != OK ||
        copy_text(payload, "acr", claims->acr, sizeof claims->acr) != OK ||
        json_get_int(payload, "iat", &claims->iat_s) != OK ||
        json_get_int(payload, "exp", &claims->exp_s) != OK || claims->iat_s < 0 ||
        claims->exp_s < 0 || claims->exp_s > INT64_C(1) << 40 || claims->iat_s > INT64_C(1) << 40) {
        return ERR_MALFORMED;
    }
    return OK;
}

static enum err read_key(const struct json *json, struct token_keys *keys)
{
    if (keys->keys_count == TOKEN_KEYS_MAX) {
        return ERR_FULL;
    }
    const char *kty = json_get_text(json, "kty");
    const char *crv = json_get_text(json, "crv");
    const char *x = json_get_text(json, "x");
    const char *y = json_get_text(json, "y");
    size_t at = keys->keys_count;
    size_t x_len = 0;
    size_t y_len = 0;
    if (kty == NULL || crv == NULL || x == NULL || y == NULL || !text_equal(kty, "EC") ||
        !text_equal(crv, "P-256") ||
        copy_text(json, "kid", keys->keys[at].id, sizeof keys->keys[at].id) != OK ||
        base64url_decode(x, strlen(x), keys->keys[at].x, CRYPTO_POINT_BYTES, &x_len) != OK ||
        base64url_decode(y, strlen(y), keys->keys[at].y, CRYPTO_POINT_BYTES, &y_len) != OK ||
        x_len != CRYPTO_POINT_BYTES || y_len != CRYPTO_POINT_BYTES) {
        return ERR_MALFORMED;
    }
    keys->keys_count += 1;
    return OK;
}

static enum err copy_text(const struct json *object, const char *name, char *out, size_t out_bytes)
{
    const char *words = json_get_text(object, name);
    if (words == NULL || words[0] == '\0' || !text_is_printable(words)) {
        return ERR_MALFORMED;
    }
    return text_copy(out, out_bytes, words) == OK ? OK : ERR_MALFORMED;
}
