// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a phone may send as a form: a first line that stands for its Content-Type, then the
// body. In one piece and in pieces of any length it reads the same, and no content is larger than
// what came in.
#include "link/multipart.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct seen {
    uint64_t digest;
    size_t parts_count;
    size_t bytes_count;
};

static enum err feed(const char *type, const char *body, size_t len, uint32_t seed,
                     struct seen *seen, bool *is_whole);
static void on_part(void *ctx, const struct multipart_part *part);
static void on_data(void *ctx, const char *bytes, size_t len);
static uint64_t mix(uint64_t digest, const void *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct seen whole = {0};
    struct seen pieces = {0};
    bool is_whole[2] = {false, false};
    const uint8_t *end = len == 0 ? NULL : memchr(data, '\n', len);
    const size_t type_len = end == NULL ? len : (size_t)(end - data);
    char *type = strndup(len == 0 ? "" : (const char *)data, type_len);
    CHECK(type != NULL);
    const char *body = end == NULL ? "" : (const char *)end + 1;
    const size_t body_len = end == NULL ? 0 : len - type_len - 1;
    const uint32_t seed = body_len == 0 ? 1 : (uint32_t)(uint8_t)body[body_len - 1] + 1U;
    const enum err err = feed(type, body, body_len, 0, &whole, &is_whole[0]);
    CHECK(err == OK || err == ERR_MALFORMED || err == ERR_TOO_BIG);
    CHECK(feed(type, body, body_len, seed, &pieces, &is_whole[1]) == err);
    CHECK(is_whole[0] == is_whole[1] && (err == OK || !is_whole[0]));
    CHECK(pieces.parts_count == whole.parts_count && pieces.digest == whole.digest);
    CHECK(whole.bytes_count <= body_len);
    free(type);
    return 0;
}

// `seed` 0: in one piece.
static enum err feed(const char *type, const char *body, size_t len, uint32_t seed,
                     struct seen *seen, bool *is_whole)
{
    struct multipart multipart;
    const struct multipart_events handlers = {.part = on_part, .data = on_data, .ctx = seen};
    enum err err = multipart_init(&multipart, type);
    for (size_t at = 0; at < len && err == OK;) {
        seed = seed * 1103515245U + (seed != 0 ? 12345U : 0U);
        size_t piece = seed == 0 ? len : 1 + (seed >> 16) % 40;
        piece = piece < len - at ? piece : len - at;
        err = multipart_feed(&multipart, body + at, piece, &handlers);
        at += piece;
    }
    *is_whole = multipart_is_whole(&multipart);
    return err;
}

static void on_part(void *ctx, const struct multipart_part *part)
{
    struct seen *seen = ctx;
    seen->parts_count += 1;
    CHECK(seen->parts_count <= MULTIPART_PARTS_MAX);
    seen->digest = mix(seen->digest, part->name, strlen(part->name) + 1);
    seen->digest = mix(seen->digest, part->file_name, strlen(part->file_name) + 1);
    seen->digest = mix(seen->digest, part->type, strlen(part->type) + 1);
}

static void on_data(void *ctx, const char *bytes, size_t len)
{
    struct seen *seen = ctx;
    seen->bytes_count += len;
    seen->digest = mix(seen->digest, bytes, len);
}

// FNV-1a.
static uint64_t mix(uint64_t digest, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < len; i++) {
        digest = (digest ^ at[i]) * UINT64_C(1099511628211);
    }
    return digest;
}
