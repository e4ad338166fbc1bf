// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a hub may send as events: in one piece and in pieces of any length it reads the same.
#include "link/http_client.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct seen {
    uint64_t digest;
    size_t events_count;
};

static void on_event(void *ctx, uint64_t id, const char *event, const char *data);
static enum err feed(const char *bytes, size_t len, uint32_t seed, struct seen *seen);
static uint64_t mix(uint64_t digest, const void *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct seen whole = {0};
    struct seen pieces = {0};
    const uint32_t seed = len == 0 ? 1 : data[0] + 1U;
    const enum err err = feed((const char *)data, len, 0, &whole);
    CHECK(err == OK || err == ERR_TOO_BIG);
    CHECK(feed((const char *)data, len, seed, &pieces) == err);
    CHECK(pieces.events_count == whole.events_count);
    CHECK(pieces.digest == whole.digest);
    return 0;
}

// `seed` 0: in one piece.
static enum err feed(const char *bytes, size_t len, uint32_t seed, struct seen *seen)
{
    struct http_event_parser *parser = calloc(1, sizeof *parser);
    CHECK(parser != NULL);
    const struct http_events_handlers handlers = {.event = on_event, .ctx = seen};
    enum err err = OK;
    for (size_t at = 0; at < len && err == OK;) {
        seed = seed * 1103515245U + (seed != 0 ? 12345U : 0U);
        size_t piece = seed == 0 ? len : 1 + (seed >> 16) % 40;
        piece = piece < len - at ? piece : len - at;
        err = http_event_feed(parser, bytes + at, piece, &handlers);
        at += piece;
    }
    free(parser);
    return err;
}

static void on_event(void *ctx, uint64_t id, const char *event, const char *data)
{
    struct seen *seen = ctx;
    CHECK(strchr(event, '\n') == NULL);
    CHECK(strlen(data) < HTTP_EVENT_BYTES_MAX);
    seen->events_count += 1;
    seen->digest = mix(seen->digest, &id, sizeof id);
    seen->digest = mix(seen->digest, event, strlen(event) + 1);
    seen->digest = mix(seen->digest, data, strlen(data) + 1);
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
