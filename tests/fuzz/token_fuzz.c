// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a visitor may hold under the scanner, and whatever a portal may publish as its keys. The
// first byte chooses: any text; a header and a payload which we sign, so that hostile claims get
// past the signature; or a set of keys.
#include "base/bytes.h"
#include "base/text.h"
#include "link/token.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { NOW_S = 1764000000, PART_BYTES = 1400 };

static struct crypto_key *key;
static struct token_keys keys;

static void make_key(void);
static void try_text(const char *text, size_t len, bool is_signed);
static void try_signed(const char *words, size_t len);
static void try_keys(const char *words, size_t len);
static void try_link(const char *text, size_t len, enum token_kind kind);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (key == NULL) {
        make_key();
    }
    const char *words = (const char *)data + (len > 0);
    size_t words_len = len - (len > 0);
    switch (len == 0 ? 't' : (char)data[0]) {
    case 's':
        try_signed(words, words_len);
        break;
    case 'k':
        try_keys(words, words_len);
        break;
    default:
        try_text(words, words_len, false);
    }
    return 0;
}

static void make_key(void)
{
    char set[1024];
    key = crypto_key_new();
    CHECK(token_keys_write(key, "k", set, sizeof set) == OK);
    CHECK(token_keys_parse(&keys, set, strlen(set)) == OK);
}

static void try_text(const char *text, size_t len, bool is_signed)
{
    const struct token_expect expect = {.audience = "hal", .now_s = NOW_S};
    struct token_claims claims;
    const enum token_kind kind = token_classify(text, len);
    CHECK(kind != TOKEN_PAPER || len == TOKEN_REFERENCE_BYTES - 1);
    CHECK(kind != TOKEN_TICKET || len == TOKEN_TICKET_BYTES - 1);
    CHECK(kind != TOKEN_BSN || len == 9);
    try_link(text, len, kind);
    const enum err err = token_verify(text, len, &keys, &expect, &claims);
    if (!is_signed) {
        CHECK(err == ERR_MALFORMED || err == ERR_CRYPTO); // nobody signs by chance
    }
    if (err == OK) {
        CHECK(kind == TOKEN_LIVE && len <= TOKEN_BYTES_MAX);
        CHECK(text_equal(claims.aud, "hal"));
        CHECK(claims.exp_s > claims.iat_s && claims.exp_s - claims.iat_s <= TOKEN_LIFE_S_MAX);
        CHECK(claims.exp_s + TOKEN_SKEW_S >= NOW_S && claims.iat_s <= NOW_S + TOKEN_SKEW_S);
    }
}

// Header and payload stand on a line each.
static void try_signed(const char *words, size_t len)
{
    static char token[2 * PART_BYTES * 2];
    const char *feed = memchr(words, '\n', len);
    size_t header_len = feed == NULL ? 0 : (size_t)(feed - words);
    if (feed == NULL || len > PART_BYTES) {
        return;
    }
    char header[PART_BYTES * 2];
    char payload[PART_BYTES * 2];
    char signature_text[CRYPTO_SIGNATURE_BYTES * 2];
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    CHECK(base64url_encode((const uint8_t *)words, header_len, header, sizeof header) == OK);
    CHECK(base64url_encode((const uint8_t *)feed + 1, len - header_len - 1, payload,
                           sizeof payload) == OK);
    struct text text;
    text_init(&text, token, sizeof token);
    text_format(&text, "%s.%s", header, payload);
    CHECK(crypto_sign(key, token, text.len, signature) == OK);
    CHECK(base64url_encode(signature, sizeof signature, signature_text, sizeof signature_text) ==
          OK);
    text_format(&text, ".%s", signature_text);
    CHECK(!text.is_cut);
    try_text(token, text.len, true);
}

static void try_keys(const char *words, size_t len)
{
    struct token_keys read;
    const enum err err = token_keys_parse(&read, words, len);
    CHECK(read.keys_count <= TOKEN_KEYS_MAX);
    CHECK(err != OK || read.keys_count > 0);
    for (size_t i = 0; i < read.keys_count; i++) {
        CHECK(memchr(read.keys[i].id, '\0', sizeof read.keys[i].id) != NULL);
    }
    static const uint8_t signature[CRYPTO_SIGNATURE_BYTES] = {1};
    if (err == OK) {
        CHECK(crypto_verify(read.keys[0].x, read.keys[0].y, "x", 1, signature) == ERR_CRYPTO);
    }
}

// Read of our own place only when its shape is a link's and it begins with that place.
static void try_link(const char *text, size_t len, enum token_kind kind)
{
    static const char place[] = "https://forms.example";
    char link[TOKEN_RESUME_BYTES] = "";
    struct token_resume resume;
    CHECK(kind != TOKEN_RESUME || len < sizeof link);
    if (len >= sizeof link) {
        return;
    }
    memcpy(link, text, len);
    if (token_resume_read(link, place, &resume)) {
        CHECK(token_classify(link, strlen(link)) == TOKEN_RESUME);
        CHECK(text_starts_with(link, place) && uuid_is_valid(resume.submission));
        CHECK(resume.day >= -1);
    }
}
