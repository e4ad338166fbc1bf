// SPDX-License-Identifier: EUPL-1.2
//
// Takes a compact JWS apart, checks it and makes one.
#include "link/jws.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

bool jws_split(const char *text, size_t len, struct jws_part parts[JWS_PARTS])
{
    size_t at = 0;
    for (size_t i = 0; i < JWS_PARTS; i++) {
        const char *dot = at <= len ? memchr(text + at, '.', len - at) : NULL;
        bool is_last = i == JWS_PARTS - 1;
        if ((dot == NULL) != is_last) {
            return false;
        }
        size_t end = is_last ? len : (size_t)(dot - text);
        parts[i] = (struct jws_part){text + at, end - at};
        if (parts[i].len == 0) {
            return false;
        }
        for (size_t c = 0; c < parts[i].len; c++) {
            char letter = parts[i].text[c];
            bool is_letter = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                             (letter >= 'A' && letter <= 'Z') || letter == '-' || letter == '_';
            if (!is_letter) {
                return false;
            }
        }
        at = end + 1;
    }
    return true;
}

// The algorithm is ours, never the token's: a header that says anything else is malformed.
enum err jws_begin(const char *text, const struct jws_part parts[JWS_PARTS],
                   struct jws_check *check)
{
    struct json *header = NULL;
    *check = (struct jws_check){.text = text, .signed_len = (size_t)(parts[2].text - text) - 1};
    enum err err = jws_parse(parts[0], &header);
    const char *alg = json_get_text(header, "alg");
    const char *typ = json_get_text(header, "typ");
    const char *kid = json_get_text(header, "kid");
    size_t len = 0;
    bool is_ours = err == OK && alg != NULL && typ != NULL && kid != NULL &&
                   json_len(header) == 3 && text_equal(alg, "ES256") && text_equal(typ, "JWT") &&
                   text_copy(check->key_id, sizeof check->key_id, kid) == OK &&
                   base64url_decode(parts[2].text, parts[2].len, check->signature,
                                    sizeof check->signature, &len) == OK &&
                   len == sizeof check->signature;
    json_free(header);
    return is_ours ? OK : ERR_MALFORMED;
}

enum err jws_verify(const struct jws_check *check, const uint8_t x[CRYPTO_POINT_BYTES],
                    const uint8_t y[CRYPTO_POINT_BYTES])
{
    return crypto_verify(x, y, check->text, check->signed_len, check->signature);
}

enum err jws_parse(struct jws_part part, struct json **json)
{
    uint8_t bytes[JWS_BYTES_MAX];
    size_t len = 0;
    enum err err = base64url_decode(part.text, part.len, bytes, sizeof bytes, &len);
    if (err == OK) {
        err = json_parse((const char *)bytes, len, json);
    }
    wipe(bytes, sizeof bytes);
    return err == OK && json_has_keys(*json) ? OK : ERR_MALFORMED;
}

enum err jws_mint(struct json *payload, const struct crypto_key *key, const char *key_id, char *out,
                  size_t out_bytes)
{
    struct json *header = json_new_object();
    json_set_text(header, "alg", "ES256");
    json_set_text(header, "typ", "JWT");
    json_set_text(header, "kid", key_id);
    const struct json *both[2] = {header, payload};
    struct text text;
    text_init(&text, out, out_bytes);
    for (size_t i = 0; i < 2; i++) {
        char words[JWS_BYTES_MAX];
        char encoded[JWS_BYTES_MAX * 2];
        size_t len = 0;
        if (json_write(both[i], words, sizeof words, &len) != OK) {
            text.is_cut = true;
            break;
        }
        CHECK(base64url_encode((const uint8_t *)words, len, encoded, sizeof encoded) == OK);
        text_format(&text, "%s%s", i == 0 ? "" : ".", encoded);
    }
    json_free(header);
    json_free(payload);
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    if (text.is_cut || crypto_sign(key, out, text.len, signature) != OK) {
        return ERR_TOO_BIG;
    }
    char encoded[CRYPTO_SIGNATURE_BYTES * 2];
    CHECK(base64url_encode(signature, sizeof signature, encoded, sizeof encoded) == OK);
    text_format(&text, ".%s", encoded);
    return text.is_cut ? ERR_TOO_BIG : OK;
}
