// SPDX-License-Identifier: EUPL-1.2
//
// Accepts connections, cuts requests out of their bytes, writes answers and events.
#include "link/http_server.h"

#include "base/bytes.h"
#include "base/text.h"
#include "link/conn.h"
#include "link/http_parse.h"
#include "link/problem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ACCEPT_PAUSE_MS = 1000, // when the process has no descriptors left
    IN_BYTES_MAX = HTTP_HEAD_BYTES_MAX + HTTP_BODY_BYTES_MAX + 16 * 1024,
    OUT_BYTES_MAX = 4 * 1024 * 1024,
    PIECE_BYTES = 64 * 1024, // of a file, between two turns of the others
    PIECE_MS = 30000,
};

// A file on its way out.
struct sending {
    int fd;
    uint64_t at;
    uint64_t left;
    bool closes;
    struct loop_timer *turn;
};

// One connection; it lives until both the socket and the request in work are gone.
struct peer {
    struct http_server *server;
    struct peer *next;
    struct peer *previous;
    struct conn *conn;            // NULL: the socket is gone
    struct http_request *request; // in work, or NULL
    struct http_stream *stream;   // or NULL
    struct sending *sending;      // or NULL
    char address[INET_ADDRSTRLEN];
    uint64_t body_left; // of a body in pieces
    bool is_in_body;    // of `request`
    bool has_first_byte;
    bool is_cutting; // requests are being cut out of the bytes further up the stack
    bool is_closing;
};

struct http_request {
    struct peer *peer;
    struct http_head head;
    char *head_bytes; // what `head` points into
    char path[HTTP_TARGET_BYTES];
    char query[HTTP_TARGET_BYTES];
    char *body;
    size_t body_len;
    bool is_unread; // its body is left where it is
    void *user;
};

struct http_stream {
    struct peer *peer;
    struct http_server *server;
    struct http_stream *next;
    struct http_stream *previous;
    http_stream_over_fn over;
    void *ctx;
    bool is_cut; // ends from the loop; whatever came after the first lost event would hide the gap
};

struct http_server {
    struct http_server_options options;
    int fd;
    uint16_t port;
    struct loop_watch *watch;
    struct loop_timer *pause;     // accept again
    struct loop_timer *heartbeat; // of all streams
    struct peer *peers;
    struct http_stream *streams;
    size_t peers_count;
};

static void on_accept(void *ctx, bool can_read, bool can_write);
static void on_pause_over(void *ctx);
static void on_heartbeat(void *ctx);
static void on_ready(void *ctx);
static void on_data(void *ctx);
static void on_drained(void *ctx);
static void on_turn(void *ctx);
static void on_over(void *ctx, enum err err);
static void after_answer(struct peer *peer, bool closes);
static void sending_free(struct peer *peer);
static void accept_one(struct http_server *server, int fd, const struct sockaddr_in *from);
static bool cut_request(struct peer *peer);
static void begin_body(struct peer *peer, const struct http_head *head, size_t head_len);
static void take_piece(struct peer *peer);
static void cut_body(struct peer *peer);
static void refuse(struct peer *peer, int status, const char *code);
static void begin_request(struct peer *peer, const struct http_head *head, size_t head_len,
                          size_t body_len);
static struct http_request *request_new(struct peer *peer, const struct http_head *head,
                                        size_t head_len, size_t body_len);
static void request_free(struct http_request *request);
static void peer_free(struct peer *peer);
static void write_answer(struct peer *peer, const struct http_answer *answer, bool closes);
static void write_head(struct peer *peer, const struct http_answer *answer, uint64_t bytes_count,
                       bool closes);
static const char *reason(int status);

static const struct conn_events events = {
    .ready = on_ready, .data = on_data, .drained = on_drained, .over = on_over};

enum err http_server_open(struct http_server **server, const struct http_server_options *options,
                          struct fault *fault)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(options->port)};
    if (inet_pton(AF_INET, options->address, &address.sin_addr) != 1) {
        return fault_set(fault, ERR_MALFORMED, "%s: not an address", options->address);
    }
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    int one = 1;
    socklen_t size = sizeof address;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 256) != 0) {
        int error = errno;
        (void)close(fd); // never listened
        return fault_set(fault, ERR_UNAVAILABLE, "port %u: %s", options->port, strerror(error));
    }
    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    struct http_server *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->options = *options;
    made->options.request_ms = options->request_ms == 0 ? 4000 : options->request_ms;
    made->options.idle_ms = options->idle_ms == 0 ? 60000 : options->idle_ms;
    made->options.body_ms = options->body_ms == 0 ? 180000 : options->body_ms;
    made->options.connections_max = options->connections_max == 0 ? 512 : options->connections_max;
    made->fd = fd;
    made->port = ntohs(address.sin_port);
    made->watch = loop_watch_new(options->loop, fd, on_accept, made);
    made->pause = loop_timer_new(options->loop, on_pause_over, made);
    made->heartbeat = loop_timer_new(options->loop, on_heartbeat, made);
    loop_watch_set(made->watch, true, false);
    *server = made;
    return OK;
}

void http_server_close(struct http_server *server)
{
    if (server == NULL) {
        return;
    }
    struct peer *peer = server->peers;
    while (peer != NULL) {
        struct peer *next = peer->next;
        if (peer->stream != NULL) {
            http_stream_close(peer->stream); // and its peer
        } else {
            if (peer->request != NULL) {
                request_free(peer->request);
            }
            peer_free(peer);
        }
        peer = next;
    }
    loop_watch_free(server->watch);
    loop_timer_free(server->pause);
    loop_timer_free(server->heartbeat);
    (void)close(server->fd); // nothing is lost with it
    free(server);
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

size_t http_server_connections(const struct http_server *server)
{
    return server->peers_count;
}

const char *http_request_method(const struct http_request *request)
{
    return request->head.method;
}

const char *http_request_path(const struct http_request *request)
{
    return request->path;
}

const char *http_request_query(const struct http_request *request)
{
    return request->query;
}

const char *http_request_body(const struct http_request *request, size_t *len)
{
    *len = request->body_len;
    return request->body;
}

enum err http_request_header(const struct http_request *request, const char *name, char *out,
                             size_t out_bytes)
{
    return http_header_copy(&request->head, name, out, out_bytes);
}

const char *http_request_address(const struct http_request *request)
{
    return request->peer->address;
}

bool http_request_fingerprint(const struct http_request *request,
                              uint8_t fingerprint[TLS_FINGERPRINT_BYTES])
{
    return request->peer->conn != NULL && conn_peer_fingerprint(request->peer->conn, fingerprint);
}

void http_request_set_user(struct http_request *request, void *user)
{
    request->user = user;
}

void *http_request_user(const struct http_request *request)
{
    return request->user;
}

void http_reply(struct http_request *request, const struct http_answer *answer)
{
    struct peer *peer = request->peer;
    bool closes = answer->closes || !request->head.keeps_alive || request->is_unread;
    CHECK(peer->request == request && !peer->is_in_body);
    peer->request = NULL;
    request_free(request);
    if (peer->conn == NULL) {
        peer_free(peer); // the visitor's device went away; the key brings it back
        return;
    }
    write_answer(peer, answer, closes);
    after_answer(peer, closes);
}

void http_reply_problem(struct http_request *request, int status, const char *code,
                        const char *detail)
{
    char body[PROBLEM_BYTES];
    size_t len = problem_write(body, sizeof body, status, code, detail);
    http_reply(request, &(struct http_answer){.status = status,
                                              .content_type = PROBLEM_CONTENT_TYPE,
                                              .body = body,
                                              .body_len = len});
}

void http_reply_file(struct http_request *request, const struct http_file *file)
{
    struct peer *peer = request->peer;
    bool closes = !request->head.keeps_alive || request->is_unread;
    CHECK(peer->request == request && !peer->is_in_body && peer->sending == NULL);
    peer->request = NULL;
    request_free(request);
    if (peer->conn == NULL) {
        (void)close(file->fd); // only read from
        peer_free(peer);
        return;
    }
    struct sending *sending = calloc(1, sizeof *sending);
    CHECK(sending != NULL);
    *sending = (struct sending){.fd = file->fd,
                                .at = file->from,
                                .left = file->bytes_count,
                                .closes = closes,
                                .turn = loop_timer_new(peer->server->options.loop, on_turn, peer)};
    peer->sending = sending;
    write_head(peer,
               &(struct http_answer){.status = file->status,
                                     .content_type = file->content_type,
                                     .headers = file->headers},
               file->bytes_count, closes);
    conn_deadline(peer->conn, PIECE_MS);
    loop_timer_start(sending->turn, 0);
}

struct http_stream *http_stream_start(struct http_request *request, http_stream_over_fn over,
                                      void *ctx)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                               "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
    struct peer *peer = request->peer;
    struct http_server *server = peer->server;
    struct http_stream *stream = calloc(1, sizeof *stream);
    CHECK(stream != NULL);
    *stream = (struct http_stream){.peer = peer, .server = server, .over = over, .ctx = ctx};
    peer->request = NULL;
    request_free(request);
    peer->stream = stream;
    stream->next = server->streams;
    if (stream->next != NULL) {
        stream->next->previous = stream;
    } else {
        loop_timer_repeat(server->heartbeat, HTTP_HEARTBEAT_MS);
    }
    server->streams = stream;
    if (peer->conn != NULL) {
        conn_hold(peer->conn, false);
        conn_deadline(peer->conn, 0);
        CHECK(conn_write(peer->conn, head, sizeof head - 1) == OK);
    }
    return stream;
}

void http_stream_send(struct http_stream *stream, uint64_t id, const char *event, const char *data)
{
    struct peer *peer = stream->peer;
    if (peer->conn == NULL || stream->is_cut) {
        return;
    }
    size_t size = strlen(event) + strlen(data) + 64;
    if (conn_unsent(peer->conn) + size > HTTP_STREAM_BACKLOG_BYTES) {
        http_stream_cut(stream); // too slow: ends from the loop, not inside a broadcast
        return;
    }
    char *line = malloc(size);
    CHECK(line != NULL);
    int len = id == 0 ? snprintf(line, size, "event: %s\ndata: %s\n\n", event, data)
                      : snprintf(line, size, "id: %llu\nevent: %s\ndata: %s\n\n",
                                 (unsigned long long)id, event, data);
    CHECK(len > 0 && (size_t)len < size);
    CHECK(conn_write(peer->conn, line, (size_t)len) == OK);
    free(line);
}

void http_stream_cut(struct http_stream *stream)
{
    stream->is_cut = true;
    if (stream->peer->conn != NULL) {
        conn_deadline(stream->peer->conn, 1);
    }
}

void http_stream_close(struct http_stream *stream)
{
    struct http_server *server = stream->server;
    if (stream->previous != NULL) {
        stream->previous->next = stream->next;
    } else {
        server->streams = stream->next;
    }
    if (stream->next != NULL) {
        stream->next->previous = stream->previous;
    }
    if (server->streams == NULL) {
        loop_timer_stop(server->heartbeat);
    }
    stream->peer->stream = NULL;
    peer_free(stream->peer);
    free(stream);
}

bool http_stream_is_open(const struct http_stream *stream)
{
    return stream->peer->conn != NULL;
}

static void on_accept(void *ctx, bool can_read, bool can_write)
{
    struct http_server *server = ctx;
    (void)can_read;
    (void)can_write;
    while (server->peers_count < server->options.connections_max) {
        struct sockaddr_in from = {0};
        socklen_t size = sizeof from;
        int fd = accept4(server->fd, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            accept_one(server, fd, &from);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            loop_watch_set(server->watch, false, false);
            loop_timer_start(server->pause, ACCEPT_PAUSE_MS);
        }
        return;
    }
    loop_watch_set(server->watch, false, false); // full: peer_free opens again
}

static void on_pause_over(void *ctx)
{
    struct http_server *server = ctx;
    loop_watch_set(server->watch, true, false);
}

static void on_heartbeat(void *ctx)
{
    static const char beat[] = ": beat\n\n";
    struct http_server *server = ctx;
    for (struct http_stream *stream = server->streams; stream != NULL; stream = stream->next) {
        if (stream->peer->conn != NULL &&
            conn_unsent(stream->peer->conn) < HTTP_STREAM_BACKLOG_BYTES) {
            CHECK(conn_write(stream->peer->conn, beat, sizeof beat - 1) == OK);
        }
    }
}

static void on_ready(void *ctx)
{
    struct peer *peer = ctx;
    conn_deadline(peer->conn, peer->server->options.idle_ms);
}

static void on_data(void *ctx)
{
    struct peer *peer = ctx;
    if (peer->stream != NULL) {
        on_over(peer, ERR_MALFORMED); // a reader of events has nothing to say
        return;
    }
    if (peer->is_in_body) {
        take_piece(peer);
        return;
    }
    if (peer->is_cutting || peer->sending != NULL) {
        return;
    }
    // One request at a time; what follows waits in the bounded buffer. A loop and not the reply
    // calling back, or a thousand small requests in one packet would be a thousand frames deep.
    peer->is_cutting = true;
    while (peer->request == NULL && peer->stream == NULL && peer->sending == NULL &&
           !peer->is_closing && cut_request(peer)) {
    }
    peer->is_cutting = false;
}

// What the handler's answer leaves to do: say goodbye, or look for the next request.
static void after_answer(struct peer *peer, bool closes)
{
    conn_hold(peer->conn, false);
    if (closes) {
        peer->is_closing = true;
        conn_finish(peer->conn);
        return;
    }
    conn_deadline(peer->conn, peer->server->options.idle_ms);
    on_data(peer); // the next request may have come along already
    bool is_idle =
        peer->request == NULL && peer->stream == NULL && peer->sending == NULL && !peer->is_closing;
    if (is_idle && !peer->is_cutting && conn_has_heard_all(peer->conn)) {
        peer->is_closing = true; // a peer that stopped sending would only hold its place
        conn_finish(peer->conn);
    }
}

// Everything else that is ready comes before the next piece.
static void on_drained(void *ctx)
{
    struct peer *peer = ctx;
    if (peer->sending != NULL) {
        loop_timer_start(peer->sending->turn, 0);
    }
}

static void on_turn(void *ctx)
{
    struct peer *peer = ctx;
    struct sending *sending = peer->sending;
    if (peer->conn == NULL || conn_unsent(peer->conn) > 0) {
        return; // its end, or the kernel's "drained", is still to come
    }
    if (sending->left == 0) {
        const bool closes = sending->closes;
        sending_free(peer);
        after_answer(peer, closes);
        return;
    }
    static _Thread_local char piece[PIECE_BYTES];
    size_t len = sending->left < sizeof piece ? (size_t)sending->left : sizeof piece;
    ssize_t got = pread(sending->fd, piece, len, (off_t)sending->at);
    if (got <= 0) {
        sending->left = 0; // the peer was told more: only the end of the line says so
        conn_deadline(peer->conn, 1);
        return;
    }
    sending->at += (uint64_t)got;
    sending->left -= (uint64_t)got;
    conn_deadline(peer->conn, PIECE_MS);
    CHECK(conn_write(peer->conn, piece, (size_t)got) == OK);
    loop_timer_start(sending->turn, 0);
}

static void sending_free(struct peer *peer)
{
    if (peer->sending != NULL) {
        loop_timer_free(peer->sending->turn);
        (void)close(peer->sending->fd); // only read from
        free(peer->sending);
        peer->sending = NULL;
    }
}

static void on_over(void *ctx, enum err err)
{
    struct peer *peer = ctx;
    (void)err;
    conn_free(peer->conn);
    peer->conn = NULL;
    if (peer->stream != NULL) {
        struct http_stream *stream = peer->stream;
        if (stream->over != NULL) {
            stream->over(stream->ctx, stream);
        }
        http_stream_close(stream);
        return;
    }
    if (peer->is_in_body) {
        cut_body(peer);
    }
    if (peer->request == NULL) {
        peer_free(peer);
    }
}

static void accept_one(struct http_server *server, int fd, const struct sockaddr_in *from)
{
    struct peer *peer = calloc(1, sizeof *peer);
    CHECK(peer != NULL);
    CHECK(inet_ntop(AF_INET, &from->sin_addr, peer->address, sizeof peer->address) != NULL);
    peer->server = server;
    peer->next = server->peers;
    if (peer->next != NULL) {
        peer->next->previous = peer;
    }
    server->peers = peer;
    server->peers_count += 1;
    int send_bytes = HTTP_STREAM_BACKLOG_BYTES;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof send_bytes) == 0);
    peer->conn = conn_new(fd, false,
                          &(struct conn_options){.loop = server->options.loop,
                                                 .tls = server->options.tls,
                                                 .in_bytes_max = IN_BYTES_MAX,
                                                 .out_bytes_max = OUT_BYTES_MAX,
                                                 .events = &events,
                                                 .ctx = peer});
    conn_deadline(peer->conn, server->options.request_ms); // for the handshake or the first byte
}

// True when a whole request was there and went to the handler.
static bool cut_request(struct peer *peer)
{
    size_t len = 0;
    const char *bytes = conn_bytes(peer->conn, &len);
    if (len == 0) {
        return false;
    }
    if (!peer->has_first_byte) {
        // From here the whole request has one deadline, however slowly it drips.
        peer->has_first_byte = true;
        conn_deadline(peer->conn, peer->server->options.request_ms);
    }
    size_t head_len = http_head_len(bytes, len);
    if (head_len == 0) {
        if (len > HTTP_HEAD_BYTES_MAX) {
            refuse(peer, 431, "too_big");
        }
        return false;
    }
    static _Thread_local struct http_head head; // large; copied into the request
    enum err err = http_parse_request(bytes, head_len, &head);
    if (err != OK) {
        refuse(peer, err == ERR_TOO_BIG ? 431 : 400,
               err == ERR_TOO_BIG ? "too_big" : "bad_request");
        return false;
    }
    const struct http_bodies *bodies = peer->server->options.bodies;
    if (bodies != NULL && head.content_length > 0 &&
        (bodies->takes == NULL ||
         bodies->takes(peer->server->options.ctx, head.method, head.target))) {
        begin_body(peer, &head, head_len);
        return true;
    }
    if (head.content_length > HTTP_BODY_BYTES_MAX) {
        refuse(peer, 413, "too_big");
        return false;
    }
    if (len - head_len < head.content_length) {
        return false;
    }
    begin_request(peer, &head, head_len, (size_t)head.content_length);
    return true;
}

// An answer to something that is not even a request; then the connection is cut.
static void refuse(struct peer *peer, int status, const char *code)
{
    char body[PROBLEM_BYTES];
    size_t len = problem_write(body, sizeof body, status, code, NULL);
    size_t waiting = 0;
    (void)conn_bytes(peer->conn, &waiting);
    conn_take(peer->conn, waiting);
    write_answer(
        peer,
        &(struct http_answer){
            .status = status, .content_type = PROBLEM_CONTENT_TYPE, .body = body, .body_len = len},
        true);
    peer->is_closing = true;
    conn_finish(peer->conn);
}

static void begin_body(struct peer *peer, const struct http_head *head, size_t head_len)
{
    const struct http_server_options *options = &peer->server->options;
    struct http_request *request = request_new(peer, head, head_len, 0);
    peer->body_left = head->content_length;
    if (options->bodies->begin(options->ctx, request, head->content_length)) {
        peer->is_in_body = true;
        conn_deadline(peer->conn, options->body_ms);
        take_piece(peer);
        return;
    }
    size_t waiting = 0;
    (void)conn_bytes(peer->conn, &waiting);
    conn_take(peer->conn, waiting);
    request->is_unread = true;
    conn_deadline(peer->conn, 0);
    conn_hold(peer->conn, true);
    options->handler(options->ctx, request);
}

// Until the last piece has come a peer that goes away is the request's end.
static void take_piece(struct peer *peer)
{
    const struct http_server_options *options = &peer->server->options;
    size_t len = 0;
    const char *bytes = conn_bytes(peer->conn, &len);
    len = len < peer->body_left ? len : (size_t)peer->body_left;
    if (len > 0) {
        options->bodies->piece(options->ctx, peer->request, bytes, len);
        conn_take(peer->conn, len);
        peer->body_left -= len;
    }
    if (peer->body_left == 0) {
        peer->is_in_body = false;
        conn_deadline(peer->conn, 0);
        conn_hold(peer->conn, true);
        options->handler(options->ctx, peer->request);
    }
}

static void cut_body(struct peer *peer)
{
    const struct http_server_options *options = &peer->server->options;
    options->bodies->cut(options->ctx, peer->request);
    request_free(peer->request);
    peer->request = NULL;
    peer->is_in_body = false;
}

static void begin_request(struct peer *peer, const struct http_head *head, size_t head_len,
                          size_t body_len)
{
    struct http_request *request = request_new(peer, head, head_len, body_len);
    conn_deadline(peer->conn, 0);
    conn_hold(peer->conn, true);
    peer->server->options.handler(peer->server->options.ctx, request);
}

// Takes head and body out of the connection's bytes.
static struct http_request *request_new(struct peer *peer, const struct http_head *head,
                                        size_t head_len, size_t body_len)
{
    size_t len = 0;
    const char *bytes = conn_bytes(peer->conn, &len);
    struct http_request *request = calloc(1, sizeof *request);
    CHECK(request != NULL);
    request->peer = peer;
    request->head_bytes = malloc(head_len);
    request->body = malloc(body_len + 1);
    CHECK(request->head_bytes != NULL && request->body != NULL);
    memcpy(request->head_bytes, bytes, head_len);
    memcpy(request->body, bytes + head_len, body_len);
    request->body[body_len] = '\0';
    request->body_len = body_len;
    request->head = *head;
    for (size_t i = 0; i < head->headers_count; i++) {
        request->head.headers[i].name = request->head_bytes + (head->headers[i].name - bytes);
        request->head.headers[i].value = request->head_bytes + (head->headers[i].value - bytes);
    }
    size_t path_len = strcspn(head->target, "?");
    memcpy(request->path, head->target, path_len);
    if (head->target[path_len] == '?') {
        text_copy_cut(request->query, sizeof request->query, head->target + path_len + 1);
    }
    conn_take(peer->conn, head_len + body_len);
    peer->request = request;
    peer->has_first_byte = false;
    return request;
}

static void request_free(struct http_request *request)
{
    wipe(request->body, request->body_len);
    free(request->body);
    free(request->head_bytes);
    free(request);
}

static void peer_free(struct peer *peer)
{
    struct http_server *server = peer->server;
    sending_free(peer);
    conn_free(peer->conn);
    if (peer->previous != NULL) {
        peer->previous->next = peer->next;
    } else {
        server->peers = peer->next;
    }
    if (peer->next != NULL) {
        peer->next->previous = peer->previous;
    }
    server->peers_count -= 1;
    loop_watch_set(server->watch, true, false);
    free(peer);
}

static void write_answer(struct peer *peer, const struct http_answer *answer, bool closes)
{
    write_head(peer, answer, answer->body_len, closes);
}

// And the body that is there: one write, one TLS record.
static void write_head(struct peer *peer, const struct http_answer *answer, uint64_t bytes_count,
                       bool closes)
{
    char head[2048];
    struct text text;
    text_init(&text, head, sizeof head);
    text_format(&text,
                "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %llu\r\n"
                "Cache-Control: no-store\r\n%s%s\r\n",
                answer->status, reason(answer->status),
                answer->content_type == NULL ? "application/json" : answer->content_type,
                (unsigned long long)bytes_count, answer->headers == NULL ? "" : answer->headers,
                closes ? "Connection: close\r\n" : "");
    CHECK(!text.is_cut);
    size_t len = text.len + answer->body_len;
    char *whole = malloc(len);
    CHECK(whole != NULL);
    memcpy(whole, head, text.len);
    if (answer->body_len > 0) {
        memcpy(whole + text.len, answer->body, answer->body_len);
    }
    if (conn_write(peer->conn, whole, len) != OK) {
        conn_deadline(peer->conn, 1); // the peer does not read what it asked for
    }
    wipe(whole, len);
    free(whole);
}

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *words;
    } table[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {410, "Gone"},
        {413, "Content Too Large"},
        {416, "Range Not Satisfiable"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].status == status) {
            return table[i].words;
        }
    }
    return "Other";
}
