// SPDX-License-Identifier: EUPL-1.2
//
// An HTTP/1.1 client for one origin on the loop: calls with a timeout each, connections kept, and a
// reader of server-sent events. Every answer is bounded.
#ifndef INLOOP_LINK_HTTP_CLIENT_H
#define INLOOP_LINK_HTTP_CLIENT_H

#include "link/http_parse.h"
#include "link/loop.h"
#include "link/tls.h"

#include <stdbool.h>
#include <stddef.h>

struct http_client;

struct http_client_options {
    struct loop *loop;
    const char *origin;     // "https://host:port"; a path after it is put before every target
    struct tls_config *tls; // for https; NULL for http
    size_t connections_max; // 0: 4
};

// Never waits: a name is looked up beside the loop, now and again when none of its addresses takes
// a connection; calls wait for it. ERR_MALFORMED: not an origin, or https without `tls`.
MUST_USE enum err http_client_open(struct http_client **client,
                                   const struct http_client_options *options, struct fault *fault);
// Calls still open are never answered. NULL allowed.
void http_client_close(struct http_client *client);

// Borrowed during the call. With `err` OK the answer is complete, whatever its status says.
struct http_result {
    // ERR_UNAVAILABLE: nothing was sent. ERR_CRYPTO: TLS refused, nothing was sent. ERR_TIMEOUT,
    // ERR_UNKNOWN: sent, no answer. ERR_MALFORMED, ERR_TOO_BIG: an answer we do not read.
    enum err err;
    int status;
    const struct http_head *head; // NULL unless OK
    const char *body;             // terminated
    size_t body_len;
};
typedef void (*http_done_fn)(void *ctx, const struct http_result *result);

// A piece of an answer's body, borrowed. False: no more of it; the call ends with ERR_REFUSED. Must
// not cancel the call or close the client.
typedef bool (*http_piece_fn)(void *ctx, const struct http_head *head, const char *bytes,
                              size_t len);

struct http_call {
    const char *method;
    const char *target;       // "/path?query"
    const char *headers;      // more header lines, each ending with CR LF; may be NULL
    const char *content_type; // with a body; NULL: application/json
    const char *body;         // NULL: none
    size_t body_len;
    // Goes out behind `body` as the peer takes it, so that a long one is never held twice. Kept
    // until `done`, or until the call is cancelled or the client closed.
    const char *kept;
    size_t kept_len;
    const char *tail;        // follows `kept`; NULL: nothing
    int64_t timeout_ms;      // for the whole call, waiting in line included
    size_t answer_bytes_max; // 0: 1 MiB
    // A kept connection may be cut just when we use it. True: ask once more on a fresh one. False:
    // always a fresh connection.
    bool may_repeat;
    // Takes the body of a 200 or 206 in pieces as they come, so that a long one is never held;
    // `body` is empty then. Such an answer must say its length. NULL: the body is kept whole.
    http_piece_fn piece;
    http_done_fn done; // exactly once, from the loop, never before this returns
    void *ctx;
};
// Copies everything but `kept`. Gives an id for http_client_cancel.
uint64_t http_client_call(struct http_client *client, const struct http_call *call);
void http_client_cancel(struct http_client *client, uint64_t id); // then never answered

// Server-sent events (WHATWG HTML, section 9.2): id, event, data; comments count as life.
struct http_events;
struct http_events_handlers {
    void (*open)(void *ctx); // the stream began
    void (*event)(void *ctx, uint64_t id, const char *event, const char *data);
    // Once: ERR_TIMEOUT silence, ERR_GONE or ERR_IO ended, ERR_UNAVAILABLE never began; `status` of
    // an answer that was not a stream (410), else 0.
    void (*over)(void *ctx, enum err err, int status);
    void *ctx;
};
enum { HTTP_EVENT_BYTES_MAX = 64 * 1024 };
struct http_events *http_events_open(struct http_client *client, const char *target,
                                     int64_t silence_ms,
                                     const struct http_events_handlers *handlers);
void http_events_close(struct http_events *events); // also inside handlers; NULL allowed

// The line parser by itself, for tests and fuzzing: feed bytes, get events.
struct http_event_parser {
    char line[HTTP_EVENT_BYTES_MAX];
    size_t line_len;
    char event[32];
    char data[HTTP_EVENT_BYTES_MAX];
    size_t data_len;
    uint64_t id;
    bool has_data;
};
// ERR_TOO_BIG: a line or event beyond the limit.
MUST_USE enum err http_event_feed(struct http_event_parser *parser, const char *bytes, size_t len,
                                  const struct http_events_handlers *handlers);

#endif
