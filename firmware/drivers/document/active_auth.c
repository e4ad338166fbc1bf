// SPDX-License-Identifier: EUPL-1.2
//
// Active authentication's one step.
#include "drivers/document/active_auth.h"

#include "base/bytes.h"
#include "base/entropy.h"

#include <string.h>

enum {
    TAG_DG15 = 0x6f,
    HEAD_PARTLY_RECOVERED = 0x6a, // ISO/IEC 9796-2: the challenge is not inside, nothing pads
    TRAILER_SHA1 = 0xbc,
    TRAILER_NAMED = 0xcc, // the byte before names the hash
    ANSWER_BYTES_MAX = 1024,
};

static bool is_signed_rsa(const struct active_auth *auth, const uint8_t *answer, size_t len);
static bool read_trailer(const uint8_t *message, size_t len, enum hash *hash, size_t *trailer_len);
static bool is_signed_curve(const struct active_auth *auth, const uint8_t *answer, size_t len);
static void strip(const uint8_t **value, size_t *len);

enum err active_auth_begin(struct active_auth *auth, const uint8_t *file, size_t len,
                           const struct chip_infos *infos)
{
    struct ber group;
    *auth = (struct active_auth){.has_hash = infos->has_active_hash, .hash = infos->active_hash};
    if (!ber_only(file, len, TAG_DG15, &group)) {
        return ERR_MALFORMED;
    }
    if (group.len > sizeof auth->der) {
        return ERR_TOO_BIG;
    }
    memcpy(auth->der, group.value, group.len);
    return public_key_read(auth->der, group.len, &auth->key);
}

void active_auth_ask(struct active_auth *auth, bool is_extended, struct apdu *apdu)
{
    entropy_fill(auth->challenge, sizeof auth->challenge);
    *apdu = (struct apdu){.cla = 0x00,
                          .ins = 0x88,
                          .len = ACTIVE_CHALLENGE_BYTES,
                          .answer_bytes = is_extended ? ANSWER_BYTES_MAX : APDU_SHORT_ANSWER};
    memcpy(apdu->data, auth->challenge, sizeof auth->challenge);
}

enum err active_auth_take(const struct active_auth *auth, const uint8_t *answer, size_t len)
{
    bool is_signed = false;
    switch (auth->key.kind) {
    case PUBLIC_KEY_RSA:
        is_signed = is_signed_rsa(auth, answer, len);
        break;
    case PUBLIC_KEY_CURVE:
        is_signed = is_signed_curve(auth, answer, len);
        break;
    }
    return is_signed ? OK : ERR_CRYPTO;
}

// 6A, what the chip chose, the hash of that and the challenge, and a trailer (scheme 1).
static bool is_signed_rsa(const struct active_auth *auth, const uint8_t *answer, size_t len)
{
    uint8_t message[RSA_BYTES_MAX];
    uint8_t hashed[RSA_BYTES_MAX + ACTIVE_CHALLENGE_BYTES];
    uint8_t hash[HASH_BYTES_MAX];
    enum hash kind = HASH_SHA1;
    size_t trailer_len = 0;
    const size_t whole = auth->key.rsa.modulus_len;
    if (len != whole || rsa_open(&auth->key.rsa, answer, len, message) != OK ||
        message[0] != HEAD_PARTLY_RECOVERED || !read_trailer(message, whole, &kind, &trailer_len)) {
        return false;
    }
    const size_t hash_len = hash_bytes(kind);
    if (whole < 1 + hash_len + trailer_len) {
        return false;
    }
    const size_t chosen_len = whole - 1 - hash_len - trailer_len;
    memcpy(hashed, message + 1, chosen_len);
    memcpy(hashed + chosen_len, auth->challenge, sizeof auth->challenge);
    hash_once(kind, hashed, chosen_len + sizeof auth->challenge, hash);
    return bytes_equal_secret(hash, message + 1 + chosen_len, hash_len);
}

static bool read_trailer(const uint8_t *message, size_t len, enum hash *hash, size_t *trailer_len)
{
    // ISO/IEC 10118-3's numbers of the hashes.
    static const struct {
        uint8_t number;
        enum hash hash;
    } rows[] = {{0x33, HASH_SHA1},
                {0x34, HASH_SHA256},
                {0x35, HASH_SHA512},
                {0x36, HASH_SHA384},
                {0x38, HASH_SHA224}};
    *hash = HASH_SHA1;
    *trailer_len = 1;
    if (message[len - 1] == TRAILER_SHA1) {
        return true;
    }
    *trailer_len = 2;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (message[len - 1] == TRAILER_NAMED && message[len - 2] == rows[i].number) {
            *hash = rows[i].hash;
            return true;
        }
    }
    return false;
}

// r and s of one length behind each other (BSI TR-03111 section 5.2.1).
static bool is_signed_curve(const struct active_auth *auth, const uint8_t *answer, size_t len)
{
    uint8_t hash[HASH_BYTES_MAX];
    if (!auth->has_hash || len != 2 * curve_bytes(auth->key.curve)) {
        return false;
    }
    const uint8_t *r = answer;
    size_t r_len = len / 2;
    const uint8_t *s = answer + r_len;
    size_t s_len = len - r_len;
    strip(&r, &r_len);
    strip(&s, &s_len);
    hash_once(auth->hash, auth->challenge, sizeof auth->challenge, hash);
    return curve_verify(auth->key.curve, &auth->key.point, hash, hash_bytes(auth->hash), r, r_len,
                        s, s_len) == OK;
}

static void strip(const uint8_t **value, size_t *len)
{
    while (*len > 0 && **value == 0) {
        *value += 1;
        *len -= 1;
    }
}
