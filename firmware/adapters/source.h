// SPDX-License-Identifier: EUPL-1.2
//
// One back office as a place to send requests to: base address, its way of showing who we are, its
// patience. Requests may name a person in their path (two of the APIs allow nothing else), so a
// path is never logged and never part of a fault.
#ifndef INLOOP_ADAPTERS_SOURCE_H
#define INLOOP_ADAPTERS_SOURCE_H

#include "base/clock.h"
#include "base/config.h"
#include "base/entropy.h"
#include "base/err.h"
#include "base/json.h"

struct loop;      // link/loop.h
struct http_head; // link/http_parse.h

enum {
    SOURCE_PATH_BYTES = 1024,
    SOURCE_BODY_BYTES = 16384,
    SOURCE_MORE_HEADERS_BYTES = 2048,
    SOURCE_ANSWER_BYTES_MAX = 512 * 1024,
    SOURCE_TIMEOUT_MS = 3000,
    SOURCE_UPLOAD_MS = 60000, // for a document, as long as its owner is told it may take
    SOURCE_CONTENT_TYPE_BYTES = 96,
    SOURCE_TAIL_BYTES = 64,
};

enum source_login { LOGIN_TOKEN, LOGIN_BEARER, LOGIN_API_KEY, LOGIN_JWT, LOGIN_NONE };

// Built by the pure halves of the adapters.
struct source_request_private {
    bool is_post;
    const char *method; // "PUT", "PATCH", with a body; NULL: POST or GET, by is_post
    bool is_repeatable; // asking twice changes nothing: may be sent again when a kept line is cut
    bool wants_crs;     // the ZGW headers
    char path[SOURCE_PATH_BYTES];
    char body[SOURCE_BODY_BYTES];                 // JSON; empty for GET
    char *long_body;                              // instead of `body`; owned, source_request_finish
    char content_type[SOURCE_CONTENT_TYPE_BYTES]; // of a long_body; empty: JSON
    const char *kept;                             // follows long_body; kept until the answer
    size_t kept_len;
    char tail[SOURCE_TAIL_BYTES];                 // follows `kept`
    int64_t timeout_ms;                           // 0: the source's own
    size_t answer_bytes_max;                      // 0: SOURCE_ANSWER_BYTES_MAX
    char key[UUID_TEXT_BYTES];                    // Idempotency-Key; empty: none
    char more_headers[SOURCE_MORE_HEADERS_BYTES]; // whole lines, each ending with CR LF
};

// Fills `request` with a JSON body, then wipes and frees `body`. ERR_TOO_BIG: does not fit.
MUST_USE enum err source_post(struct source_request_private *request, const char *path,
                              struct json *body);
// The same for any method and a body of any length. Finish `request` afterwards, also on
// ERR_TOO_BIG (the path).
MUST_USE enum err source_write(struct source_request_private *request, const char *method,
                               const char *path, struct json *body);
void source_request_finish(struct source_request_private *request); // wipes

struct source_answer {
    int status;
    const char *body; // borrowed until return
    size_t len;
    const struct http_head *head; // borrowed until return; NULL: no headers are known
};
// A header of the answer. ERR_NOT_FOUND; ERR_TOO_BIG.
MUST_USE enum err source_header(const struct source_answer *answer, const char *name, char *out,
                                size_t out_bytes);

struct source;

// `err` not OK: no answer (ERR_TIMEOUT, ERR_UNAVAILABLE, ERR_CRYPTO, ERR_TOO_BIG); `answer` is then
// NULL. Never called inside source_send.
typedef void (*source_answered_fn)(void *ctx, enum err err, const struct source_answer *answer,
                                   const struct fault *fault);

// Reads `<name>.url`, `.ca`, `.timeout_ms` and the secret of its login. ERR_NOT_FOUND: no url.
MUST_USE enum err source_open(struct source **source, const char *name, enum source_login login,
                              struct loop *loop, const struct clock *clock,
                              const struct config *config, struct fault *fault);
void source_close(struct source *source); // drops running calls; NULL allowed
const char *source_name(const struct source *source);
// Borrows `request`, but keeps what its `kept` points to.
void source_send(struct source *source, const struct source_request_private *request,
                 source_answered_fn done, void *ctx);

// How often each answered since the program began, by what it said; for metrics. One line a source
// that is open.
struct source_counts {
    uint64_t good;    // 2xx, 3xx
    uint64_t refused; // 4xx
    uint64_t failed;  // 5xx, or no answer that can be read
};
typedef void (*source_counts_fn)(void *ctx, const char *name, const struct source_counts *counts);
void source_each_count(source_counts_fn each, void *ctx);

// Reads `<name>.upload_timeout_ms`: 100 to SOURCE_UPLOAD_MS, which it is when not set.
MUST_USE enum err source_upload_ms(const struct config *config, const char *name,
                                   int64_t *upload_ms, struct fault *fault);

// What a status other than the hoped one means for a caller: ERR_NOT_FOUND for 404,
// ERR_UNAVAILABLE for 5xx, 429 and our own refused login, ERR_MALFORMED for the rest. Fills
// `fault`.
enum err source_refusal(const char *name, int status, struct fault *fault);

#endif
