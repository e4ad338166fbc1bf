// SPDX-License-Identifier: EUPL-1.2
//
// The codes a visitor may show: telling them apart, and the live token: compact JWS, ES256, five
// minutes, one use, no subject inside (RFC 7515, RFC 7519; SPEC.md). Never logs what it reads.
#ifndef INLOOP_LINK_TOKEN_H
#define INLOOP_LINK_TOKEN_H

#include "base/entropy.h"
#include "link/crypto.h"

enum {
    TOKEN_BYTES_MAX = 1024,
    TOKEN_SCAN_BYTES_MAX = 4096,
    TOKEN_REFERENCE_RAW_BYTES = 16,
    TOKEN_REFERENCE_BYTES = 29, // "KR1:", 24 characters, terminator
    TOKEN_TICKET_BYTES = 34,    // "KQ1:B042:", 24 characters, terminator
    TOKEN_CLAIM_BYTES = 128,
    TOKEN_KEYS_MAX = 4,
    TOKEN_KEY_ID_BYTES = 40,
    TOKEN_LIFE_S_MAX = 300,
    TOKEN_SKEW_S = 60,
    TOKEN_RESUME_BYTES = 512, // a link to continue a form
};

enum token_kind {
    TOKEN_UNKNOWN, // anything else in the world
    TOKEN_LIVE,    // has the shape of a live token; not yet checked
    TOKEN_PAPER,   // a letter's reference
    TOKEN_TICKET,  // one of our own slips
    TOKEN_BSN,     // nine digits that pass the eleven test: an identity card's code
    TOKEN_RESUME,  // a link to continue a form, of whatever place
};
// Borrows `text` (any bytes). Nothing is trusted by this.
enum token_kind token_classify(const char *text, size_t len);

// What a link to continue a form says: "<place>/submissions/<uuid>/<days>-<hash>/resume", as Open
// Forms mails it.
struct token_resume {
    char submission[UUID_TEXT_BYTES];
    int64_t day; // it was made on, since 1970; -1: it does not say
};
// Only a link of exactly `place` ("https://forms.example", with or without a path) is read: another
// scheme, host, port, path, or anything behind it gives false. Borrows both.
bool token_resume_read(const char *text, const char *place, struct token_resume *resume);

// `raw` 16 random bytes.
void token_reference(const uint8_t raw[TOKEN_REFERENCE_RAW_BYTES], char out[TOKEN_REFERENCE_BYTES]);
void token_ticket(const char number[5], const uint8_t raw[TOKEN_REFERENCE_RAW_BYTES],
                  char out[TOKEN_TICKET_BYTES]);

// The portal's keys (JWK set, RFC 7517): kty EC, crv P-256, alg ES256.
struct token_keys {
    struct {
        char id[TOKEN_KEY_ID_BYTES];
        uint8_t x[CRYPTO_POINT_BYTES];
        uint8_t y[CRYPTO_POINT_BYTES];
    } keys[TOKEN_KEYS_MAX];
    size_t keys_count;
};
// ERR_MALFORMED: not a key set, or without a usable key. ERR_FULL: more than TOKEN_KEYS_MAX.
MUST_USE enum err token_keys_parse(struct token_keys *keys, const char *bytes, size_t len);
MUST_USE enum err token_keys_read_file(struct token_keys *keys, const char *path,
                                       struct fault *fault);

struct token_claims {
    char iss[TOKEN_CLAIM_BYTES];
    char aud[TOKEN_CLAIM_BYTES];
    char jti[TOKEN_CLAIM_BYTES];
    char acr[TOKEN_CLAIM_BYTES];
    int64_t iat_s;
    int64_t exp_s;
};
// What a token is held against.
struct token_expect {
    const char *issuer; // NULL: any
    const char *audience;
    int64_t now_s;
};
// ERR_MALFORMED: not the profile (header not exactly alg, typ, kid; a subject; duplicate members;
// padding; too long). ERR_CRYPTO: unknown key or wrong signature. ERR_REFUSED: another hall or
// issuer. ERR_EXPIRED: too old, too new, or living longer than allowed. The signature is checked
// before anything inside is believed.
MUST_USE enum err token_verify(const char *text, size_t len, const struct token_keys *keys,
                               const struct token_expect *expect, struct token_claims *claims);

// For a portal: signs the claims. ERR_TOO_BIG.
MUST_USE enum err token_mint(const struct token_claims *claims, const struct crypto_key *key,
                             const char *key_id, char out[TOKEN_BYTES_MAX + 1]);
// The public half as a JWK set. ERR_TOO_BIG.
MUST_USE enum err token_keys_write(const struct crypto_key *key, const char *key_id, char *out,
                                   size_t out_bytes);

#endif
