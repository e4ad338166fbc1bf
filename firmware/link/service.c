// SPDX-License-Identifier: EUPL-1.2
//
// Makes service codes and takes them, once.
#include "link/service.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/text.h"
#include "link/jws.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_FILE_BYTES_MAX = 4096 };

static const char begins_with[] = "KS1:";
static const char key_id[] = "service";

struct claims {
    char aud[SERVICE_AUDIENCE_BYTES];
    char jti[UUID_TEXT_BYTES];
    int64_t iat_s;
    int64_t exp_s;
};

static enum err audience(const char *location, const char *device,
                         char out[SERVICE_AUDIENCE_BYTES]);
static enum err check(const struct service_reader *reader, const char *text, size_t len,
                      struct claims *claims);
static enum err read_claims(const struct json *payload, struct claims *claims);
static void forget_old(struct service_reader *reader, int64_t now_s);

enum err service_mint(const struct crypto_key *key, const char *location, const char *device,
                      int64_t now_s, char out[SERVICE_CODE_BYTES])
{
    char aud[SERVICE_AUDIENCE_BYTES];
    char jti[UUID_TEXT_BYTES];
    if (audience(location, device, aud) != OK) {
        return ERR_TOO_BIG;
    }
    entropy_uuid(jti);
    struct json *payload = json_new_object();
    json_set_text(payload, "aud", aud);
    json_set_int(payload, "exp", now_s + SERVICE_LIFE_S_MAX);
    json_set_int(payload, "iat", now_s);
    json_set_text(payload, "jti", jti);
    memcpy(out, begins_with, sizeof begins_with);
    const size_t begin_len = sizeof begins_with - 1;
    return jws_mint(payload, key, key_id, out + begin_len, SERVICE_CODE_BYTES - begin_len);
}

enum err service_reader_open(struct service_reader *reader, const char *path, const char *location,
                             const char *device, struct fault *fault)
{
    *reader = (struct service_reader){0};
    char *pem = NULL;
    size_t len = 0;
    if (audience(location, device, reader->audience) != OK) {
        return fault_set(fault, ERR_TOO_BIG, "location or device: too long");
    }
    enum err err = file_read(path, KEY_FILE_BYTES_MAX, &pem, &len);
    if (err != OK) {
        return fault_set(fault, ERR_NOT_FOUND, "%s: cannot be read", path);
    }
    err = len > KEY_FILE_BYTES_MAX ? ERR_MALFORMED
                                   : crypto_public_read(pem, len, reader->x, reader->y);
    free(pem);
    return err == OK ? OK : fault_set(fault, ERR_MALFORMED, "%s: no P-256 key", path);
}

bool service_code_is(const char *text, size_t len)
{
    return len >= sizeof begins_with - 1 && memcmp(text, begins_with, sizeof begins_with - 1) == 0;
}

enum err service_reader_use(struct service_reader *reader, const char *text, size_t len,
                            int64_t now_s)
{
    struct claims claims = {0};
    enum err err = check(reader, text, len, &claims);
    if (err != OK) {
        return err;
    }
    if (!text_equal(claims.aud, reader->audience)) {
        return ERR_REFUSED;
    }
    const bool lives_too_long =
        claims.exp_s <= claims.iat_s || claims.exp_s - claims.iat_s > SERVICE_LIFE_S_MAX;
    if (lives_too_long || claims.iat_s > now_s + SERVICE_SKEW_S ||
        claims.exp_s + SERVICE_SKEW_S < now_s) {
        return ERR_EXPIRED;
    }
    forget_old(reader, now_s);
    for (size_t i = 0; i < reader->used_count; i++) {
        if (text_equal(reader->used[i].jti, claims.jti)) {
            return ERR_DUPLICATE;
        }
    }
    if (reader->used_count == SERVICE_USED_MAX) {
        return ERR_FULL;
    }
    memcpy(reader->used[reader->used_count].jti, claims.jti, sizeof claims.jti);
    reader->used[reader->used_count].exp_s = claims.exp_s;
    reader->used_count += 1;
    return OK;
}

static enum err audience(const char *location, const char *device, char out[SERVICE_AUDIENCE_BYTES])
{
    struct text text;
    text_init(&text, out, SERVICE_AUDIENCE_BYTES);
    text_format(&text, "%s/%s", location, device);
    return text.is_cut ? ERR_TOO_BIG : OK;
}

static enum err check(const struct service_reader *reader, const char *text, size_t len,
                      struct claims *claims)
{
    struct jws_part parts[JWS_PARTS];
    struct jws_check signature;
    const size_t begin_len = sizeof begins_with - 1;
    if (!service_code_is(text, len) || len >= SERVICE_CODE_BYTES ||
        !jws_split(text + begin_len, len - begin_len, parts)) {
        return ERR_MALFORMED;
    }
    enum err err = jws_begin(text + begin_len, parts, &signature);
    if (err == OK && !text_equal(signature.key_id, key_id)) {
        err = ERR_CRYPTO;
    }
    err = err != OK ? err : jws_verify(&signature, reader->x, reader->y);
    struct json *payload = NULL;
    err = err != OK ? err : jws_parse(parts[1], &payload);
    err = err != OK ? err : read_claims(payload, claims);
    json_free(payload);
    return err;
}

static enum err read_claims(const struct json *payload, struct claims *claims)
{
    const char *aud = json_get_text(payload, "aud");
    const char *jti = json_get_text(payload, "jti");
    const int64_t most = INT64_C(1) << 40;
    if (json_len(payload) != 4 || aud == NULL || jti == NULL ||
        text_copy(claims->aud, sizeof claims->aud, aud) != OK ||
        text_copy(claims->jti, sizeof claims->jti, jti) != OK || !uuid_is_valid(claims->jti) ||
        json_get_int(payload, "iat", &claims->iat_s) != OK ||
        json_get_int(payload, "exp", &claims->exp_s) != OK || claims->iat_s < 0 ||
        claims->exp_s < 0 || claims->iat_s > most || claims->exp_s > most) {
        return ERR_MALFORMED;
    }
    return OK;
}

// What nobody could use any more need not be remembered. The skew counts twice: a clock that is set
// back within it must not make a code good again.
static void forget_old(struct service_reader *reader, int64_t now_s)
{
    size_t kept = 0;
    for (size_t i = 0; i < reader->used_count; i++) {
        if (reader->used[i].exp_s + 2 * SERVICE_SKEW_S >= now_s) {
            reader->used[kept++] = reader->used[i];
        }
    }
    reader->used_count = kept;
}
