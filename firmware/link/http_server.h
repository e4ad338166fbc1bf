// SPDX-License-Identifier: EUPL-1.2
//
// A strict HTTP/1.1 server on the loop: one handler, answers when they are ready, events streamed.
// Limits and deadlines are all ours; whatever breaks them is answered as a problem and cut.
#ifndef INLOOP_LINK_HTTP_SERVER_H
#define INLOOP_LINK_HTTP_SERVER_H

#include "link/loop.h"
#include "link/tls.h"

#include <stddef.h>

enum {
    HTTP_BODY_BYTES_MAX = 64 * 1024,
    HTTP_STREAM_BACKLOG_BYTES = 64 * 1024,
    HTTP_HEARTBEAT_MS = 5000,
};

struct http_server;
struct http_request; // from the handler's call until its reply
struct http_stream;

// Must lead to exactly one http_reply or http_stream_start, now or later.
typedef void (*http_handler_fn)(void *ctx, struct http_request *request);
typedef void (*http_stream_over_fn)(void *ctx, struct http_stream *stream);

// For a server that takes bodies longer than memory should hold: they come in pieces. None of these
// replies; the handler does, once, when the whole body has come.
struct http_bodies {
    // Which of them; may be asked several times about one request. NULL: all. The others are whole,
    // at most HTTP_BODY_BYTES_MAX.
    bool (*takes)(void *ctx, const char *method, const char *target);
    // The head is there and says that `len` bytes follow. True: each of them goes to `piece` and
    // the handler finds an empty body. False: nobody wants them; the handler is called at once and
    // its answer ends the connection.
    bool (*begin)(void *ctx, struct http_request *request, uint64_t len);
    void (*piece)(void *ctx, struct http_request *request, const char *bytes, size_t len);
    // The peer went away or was too slow before the last of them. The request is gone afterwards.
    void (*cut)(void *ctx, struct http_request *request);
};

struct http_server_options {
    struct loop *loop;
    const char *address;    // "127.0.0.1", "0.0.0.0"
    uint16_t port;          // 0: any free one
    struct tls_config *tls; // NULL: plain text, for loopback only
    int64_t request_ms;     // from the first byte of a request to its last; 0: 4000
    int64_t idle_ms;        // between requests; 0: 60000
    size_t connections_max; // 0: 512
    http_handler_fn handler;
    void *ctx;                        // of the handler and of `bodies`
    const struct http_bodies *bodies; // NULL: bodies are whole, at most HTTP_BODY_BYTES_MAX
    int64_t body_ms;                  // for a body in pieces; 0: 180000
};

MUST_USE enum err http_server_open(struct http_server **server,
                                   const struct http_server_options *options, struct fault *fault);
// Cuts every connection; requests still open are answered into nothing. NULL allowed.
void http_server_close(struct http_server *server);
uint16_t http_server_port(const struct http_server *server);
size_t http_server_connections(const struct http_server *server);

// Borrowed until the reply.
const char *http_request_method(const struct http_request *request);
const char *http_request_path(const struct http_request *request);  // without the query
const char *http_request_query(const struct http_request *request); // without '?', may be ""
const char *http_request_body(const struct http_request *request, size_t *len);
MUST_USE enum err http_request_header(const struct http_request *request, const char *name,
                                      char *out, size_t out_bytes);
// Where it came from, "192.0.2.7".
const char *http_request_address(const struct http_request *request);
// False: no client certificate.
bool http_request_fingerprint(const struct http_request *request,
                              uint8_t fingerprint[TLS_FINGERPRINT_BYTES]);
// Opaque value of the app's, NULL at first.
void http_request_set_user(struct http_request *request, void *user);
void *http_request_user(const struct http_request *request);

struct http_answer {
    int status;
    const char *content_type; // NULL: application/json
    const char *body;         // borrowed
    size_t body_len;
    const char *headers; // more header lines, each ending with CR LF; may be NULL
    bool closes;         // cut the connection afterwards
};
void http_reply(struct http_request *request, const struct http_answer *answer);
// application/problem+json with `code` as the last part of its type (RFC 9457).
void http_reply_problem(struct http_request *request, int status, const char *code,
                        const char *detail);

// A part of a file as the answer, read as the peer takes it: never held whole, and in turns with
// all others. Takes `fd`. A file that turns out shorter, and a peer that takes nothing for half a
// minute, end the connection.
struct http_file {
    int status;
    const char *content_type;
    const char *headers; // as above
    int fd;
    uint64_t from;
    uint64_t bytes_count;
};
void http_reply_file(struct http_request *request, const struct http_file *file);

// Turns the request into a stream of server-sent events; the request is gone. `over` is called once
// when the reader is gone or too slow (not by http_stream_close).
struct http_stream *http_stream_start(struct http_request *request, http_stream_over_fn over,
                                      void *ctx);
// One event; `data` holds no line feeds. A reader with too much unread is cut off, then `over`
// comes from the loop. `id` 0: none.
void http_stream_send(struct http_stream *stream, uint64_t id, const char *event, const char *data);
// Ends it soon, from the loop, with a call of `over`; nothing more is sent.
void http_stream_cut(struct http_stream *stream);
void http_stream_close(struct http_stream *stream);
// False when the connection is gone and `over` is still to come.
bool http_stream_is_open(const struct http_stream *stream);

#endif
