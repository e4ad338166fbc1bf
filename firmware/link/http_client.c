// SPDX-License-Identifier: EUPL-1.2
//
// Calls in line, connections kept, answers put together.
#include "link/http_client.h"

#include "base/bytes.h"
#include "base/text.h"
#include "link/conn.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ANSWER_BYTES_DEFAULT = 1024 * 1024,
    CONNECTIONS_DEFAULT = 4,
    CONNECT_MS = 5000,
    IDLE_MS = 30000, // shorter than a server's, so that it is we who let go
    PIECE_BYTES = 64 * 1024,
    TURN_PIECES = 4, // sent to one peer before the others have their turn
};

struct call {
    struct call *next;
    uint64_t id;
    char *request; // the whole head and body
    size_t request_len;
    const char *kept; // follows it; the caller's
    size_t kept_len;
    size_t kept_sent;
    char *tail;   // follows that; NULL: nothing
    bool is_head; // HEAD has no body
    size_t answer_bytes_max;
    bool may_repeat;
    http_piece_fn piece;
    size_t refused_count; // addresses that took no connection
    struct loop_timer *timeout;
    struct line *line; // that carries it, or NULL: waiting
    struct http_client *client;
    http_done_fn done;
    void *ctx;
};

// One connection.
struct line {
    struct line *next;
    struct http_client *client;
    struct conn *conn;
    struct call *call; // in work, or NULL
    bool is_ready;
    bool is_sent;
    bool was_used; // carried a whole call before
    bool is_dead;  // freed at the end of its event
    bool is_feeding;
    struct loop_timer *turn; // feeds on; NULL: never had to
    struct http_head head;
    size_t head_len;      // 0: not yet
    char *kept_head;      // of an answer taken in pieces: what `head` points into; NULL: none such
    uint64_t taken_bytes; // of its body
    char *body;           // of a chunked answer, put together
    size_t body_len;
    size_t body_size;
};

struct http_client {
    struct http_client_options options;
    struct http_url url;
    struct loop_address addresses[LOOP_ADDRESSES_MAX];
    size_t addresses_count;
    size_t address_at; // the one that is used now
    bool is_name;      // the host; its addresses are asked for and may change
    struct loop_lookup *lookup;
    struct line *lines;
    size_t lines_count;
    struct call *first;
    struct call *last;
    uint64_t ids_count;
    struct loop_timer *kick; // starts calls from the loop
};

struct http_events {
    struct http_client *client;
    struct http_events_handlers handlers;
    struct conn *conn;
    char *request;
    size_t request_len;
    int64_t silence_ms;
    size_t refused_count; // addresses that took no connection
    bool is_ready;        // connected
    bool is_open;
    bool is_closed; // by the owner, inside a handler
    int depth;
    struct http_event_parser parser;
};

static void know_address(struct http_client *client);
static void look_up(struct http_client *client);
static void on_found(void *ctx, const struct loop_address *addresses, size_t count);
static bool try_next_address(struct line *line, enum err err);
static bool next_address(struct http_client *client, size_t *refused_count);
static void on_kick(void *ctx);
static void on_timeout(void *ctx);
static void line_ready(void *ctx);
static void line_data(void *ctx);
static void line_feed(void *ctx);
static bool has_more(const struct call *call);
static void line_over(void *ctx, enum err err);
static struct line *line_for(struct http_client *client, const struct call *call);
static struct line *line_new(struct http_client *client);
static void line_free(struct line *line);
static void line_send(struct line *line, struct call *call);
static enum err take_answer(struct line *line, bool is_ended, bool *is_complete);
static bool is_in_pieces(const struct line *line);
static enum err keep_head(struct line *line);
static enum err take_pieces(struct line *line, bool *is_complete);
static void drop_head(struct line *line);
static enum err take_chunks(struct line *line, size_t limit, bool *is_complete);
static enum err body_add(struct line *line, const char *bytes, size_t len, size_t limit);
static void finish_call(struct line *line);
static void fail_call(struct line *line, enum err err);
static void answer(struct call *call, const struct http_result *result);
static void queue_put_first(struct http_client *client, struct call *call);
static void queue_remove(struct http_client *client, struct call *call);
static char *whole_request(const struct http_client *client, const struct http_call *call,
                           size_t *len);
static int open_socket(const struct http_client *client, bool *is_hopeless);
static void events_connect(struct http_events *events);
static void events_ready(void *ctx);
static void events_data(void *ctx);
static void events_over(void *ctx, enum err err);
static void events_end(struct http_events *events, enum err err, int status);
static void events_leave(struct http_events *events);
static enum err event_line(struct http_event_parser *parser,
                           const struct http_events_handlers *handlers);

static const struct conn_events line_events = {
    .ready = line_ready, .data = line_data, .drained = line_feed, .over = line_over};
static const struct conn_events stream_events = {
    .ready = events_ready, .data = events_data, .over = events_over};

enum err http_client_open(struct http_client **client, const struct http_client_options *options,
                          struct fault *fault)
{
    struct http_client *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->options = *options;
    if (made->options.connections_max == 0) {
        made->options.connections_max = CONNECTIONS_DEFAULT;
    }
    enum err err = http_url_parse(options->origin, &made->url);
    if (err != OK || (made->url.is_tls && options->tls == NULL)) {
        free(made);
        return fault_set(fault, ERR_MALFORMED, "%s: not a usable address", options->origin);
    }
    size_t len = strlen(made->url.target);
    if (made->url.target[len - 1] == '/') {
        made->url.target[len - 1] = '\0';
    }
    made->kick = loop_timer_new(options->loop, on_kick, made);
    know_address(made);
    *client = made;
    return OK;
}

void http_client_close(struct http_client *client)
{
    if (client == NULL) {
        return;
    }
    while (client->lines != NULL) {
        struct line *line = client->lines;
        if (line->call != NULL) {
            struct call *call = line->call;
            line->call = NULL;
            call->line = NULL;
            queue_put_first(client, call);
        }
        line_free(line);
    }
    while (client->first != NULL) {
        http_client_cancel(client, client->first->id);
    }
    loop_lookup_cancel(client->lookup);
    loop_timer_free(client->kick);
    free(client);
}

uint64_t http_client_call(struct http_client *client, const struct http_call *call)
{
    CHECK(call->kept_len == 0 || (call->kept != NULL && call->body != NULL));
    CHECK(call->tail == NULL || call->kept_len > 0);

    struct call *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    *made = (struct call){
        .id = ++client->ids_count,
        .answer_bytes_max =
            call->answer_bytes_max == 0 ? ANSWER_BYTES_DEFAULT : call->answer_bytes_max,
        .may_repeat = call->may_repeat,
        .is_head = text_equal(call->method, "HEAD"),
        .kept = call->kept,
        .kept_len = call->kept_len,
        .client = client,
        .piece = call->piece,
        .done = call->done,
        .ctx = call->ctx,
    };
    made->request = whole_request(client, call, &made->request_len);
    if (call->tail != NULL) {
        made->tail = strdup(call->tail);
        CHECK(made->tail != NULL);
    }
    made->timeout = loop_timer_new(client->options.loop, on_timeout, made);
    loop_timer_start(made->timeout, call->timeout_ms);
    if (client->last == NULL) {
        client->first = made;
    } else {
        client->last->next = made;
    }
    client->last = made;
    loop_timer_start(client->kick, 0);
    return made->id;
}

void http_client_cancel(struct http_client *client, uint64_t id)
{
    struct call *call = client->first;
    while (call != NULL && call->id != id) {
        call = call->next;
    }
    for (struct line *line = client->lines; call == NULL && line != NULL; line = line->next) {
        if (line->call != NULL && line->call->id == id) {
            call = line->call;
            line->call = NULL;
            line->is_dead = true; // its answer would be taken for the next call's
            conn_finish(line->conn);
            call->line = NULL;
            answer(call, NULL);
            return;
        }
    }
    if (call != NULL) {
        queue_remove(client, call);
        answer(call, NULL);
    }
}

struct http_events *http_events_open(struct http_client *client, const char *target,
                                     int64_t silence_ms,
                                     const struct http_events_handlers *handlers)
{
    struct http_events *events = calloc(1, sizeof *events);
    CHECK(events != NULL);
    *events =
        (struct http_events){.client = client, .handlers = *handlers, .silence_ms = silence_ms};
    struct http_call call = {.method = "GET",
                             .target = target,
                             .headers = "Accept: text/event-stream\r\nConnection: close\r\n"};
    events->request = whole_request(client, &call, &events->request_len);
    events_connect(events);
    return events;
}

void http_events_close(struct http_events *events)
{
    if (events == NULL) {
        return;
    }
    events->is_closed = true;
    if (events->depth == 0) {
        events->depth = 1;
        events_leave(events);
    }
}

enum err http_event_feed(struct http_event_parser *parser, const char *bytes, size_t len,
                         const struct http_events_handlers *handlers)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\r') {
            continue; // our hub ends lines with LF; CR LF is the same
        }
        if (bytes[i] != '\n') {
            if (parser->line_len == sizeof parser->line - 1) {
                return ERR_TOO_BIG;
            }
            parser->line[parser->line_len++] = bytes[i];
            continue;
        }
        parser->line[parser->line_len] = '\0';
        enum err err = event_line(parser, handlers);
        parser->line_len = 0;
        if (err != OK) {
            return err;
        }
    }
    return OK;
}

// Numbers and localhost (RFC 6761, section 6.3) need nobody's help; every other name is asked.
static void know_address(struct http_client *client)
{
    static const char *const local[] = {"::1", "127.0.0.1"};
    bool is_local = text_equal(client->url.host, "localhost");
    char port[8];
    (void)snprintf(port, sizeof port, "%u", client->url.port); // at most five digits
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    for (size_t i = 0; i < (is_local ? 2 : 1); i++) {
        struct addrinfo *found = NULL;
        const char *host = is_local ? local[i] : client->url.host;
        if (getaddrinfo(host, port, &hints, &found) == 0) {
            struct loop_address *to = &client->addresses[client->addresses_count++];
            CHECK(found->ai_addrlen <= sizeof to->storage);
            memcpy(&to->storage, found->ai_addr, found->ai_addrlen);
            to->len = found->ai_addrlen;
            freeaddrinfo(found);
        }
    }
    client->is_name = client->addresses_count == 0;
    if (client->is_name) {
        look_up(client);
    }
}

static void look_up(struct http_client *client)
{
    if (client->lookup == NULL) {
        client->lookup = loop_look_up(client->options.loop, client->url.host, client->url.port,
                                      on_found, client);
    }
}

static void on_found(void *ctx, const struct loop_address *addresses, size_t count)
{
    struct http_client *client = ctx;
    client->lookup = NULL;
    if (count > 0) {
        memcpy(client->addresses, addresses, count * sizeof addresses[0]);
        client->addresses_count = count;
        client->address_at = 0;
    }
    uint64_t last_id = client->ids_count; // who asks anew in his answer is asked for anew
    while (client->addresses_count == 0 && client->first != NULL && client->first->id <= last_id) {
        struct call *call = client->first;
        queue_remove(client, call);
        answer(call, &(struct http_result){.err = ERR_UNAVAILABLE});
    }
    loop_timer_start(client->kick, 0);
}

// Gives waiting calls to free connections, in order.
static void on_kick(void *ctx)
{
    struct http_client *client = ctx;
    if (client->first != NULL && client->addresses_count == 0) {
        look_up(client); // and then we are kicked again
        return;
    }
    while (client->first != NULL) {
        struct call *call = client->first;
        struct line *line = line_for(client, call);
        if (line == NULL) {
            return;
        }
        queue_remove(client, call);
        line_send(line, call);
    }
}

static void on_timeout(void *ctx)
{
    struct call *call = ctx;
    struct line *line = call->line;
    if (line == NULL) {
        queue_remove(call->client, call);
        answer(call, &(struct http_result){.err = ERR_TIMEOUT});
        return;
    }
    enum err err = line->is_sent ? ERR_TIMEOUT : ERR_UNAVAILABLE;
    line->call = NULL;
    call->line = NULL;
    line_free(line);
    answer(call, &(struct http_result){.err = err});
}

static void line_ready(void *ctx)
{
    struct line *line = ctx;
    line->is_ready = true;
    conn_deadline(line->conn, 0);
    if (line->call != NULL) {
        line_send(line, line->call);
    }
}

static void line_data(void *ctx)
{
    struct line *line = ctx;
    bool is_complete = false;
    if (line->call == NULL) {
        size_t len = 0;
        (void)conn_bytes(line->conn, &len);
        conn_take(line->conn, len);
        line->is_dead = true; // nobody asked
        conn_finish(line->conn);
        return;
    }
    enum err err = take_answer(line, false, &is_complete);
    if (err != OK) {
        fail_call(line, err);
    } else if (is_complete) {
        finish_call(line);
    }
}

// Everything before it has gone: the next pieces follow. Called again from inside conn_write when a
// piece goes out at once; the loop below is what goes on then.
static void line_feed(void *ctx)
{
    struct line *line = ctx;
    size_t pieces_count = 0;
    if (line->is_feeding) {
        return;
    }
    line->is_feeding = true;
    while (line->call != NULL && line->is_sent && has_more(line->call) &&
           conn_unsent(line->conn) == 0 && pieces_count < TURN_PIECES) {
        struct call *call = line->call;
        size_t left = call->kept_len - call->kept_sent;
        size_t len = left < PIECE_BYTES ? left : PIECE_BYTES;
        const char *from = call->kept + call->kept_sent;
        call->kept_sent += len;
        pieces_count += 1;
        CHECK(conn_write(line->conn, from, len) == OK);
        if (call->kept_sent == call->kept_len && call->tail != NULL) {
            CHECK(conn_write(line->conn, call->tail, strlen(call->tail)) == OK);
        }
    }
    line->is_feeding = false;
    if (pieces_count == TURN_PIECES && line->turn == NULL) {
        line->turn = loop_timer_new(line->client->options.loop, line_feed, line);
    }
    if (pieces_count == TURN_PIECES) {
        loop_timer_start(line->turn, 0);
    }
}

static bool has_more(const struct call *call)
{
    return call->kept_sent < call->kept_len;
}

static void line_over(void *ctx, enum err err)
{
    struct line *line = ctx;
    if (line->call == NULL) {
        line_free(line);
        return;
    }
    bool is_complete = false;
    if (err == ERR_GONE && line->head_len > 0 && take_answer(line, true, &is_complete) == OK &&
        is_complete) {
        finish_call(line);
        return;
    }
    struct call *call = line->call;
    if (line->was_used && line->head_len == 0 && call->may_repeat) {
        line->call = NULL;
        call->line = NULL;
        call->may_repeat = false;
        queue_put_first(line->client, call);
        loop_timer_start(line->client->kick, 0);
        line_free(line);
        return;
    }
    if (try_next_address(line, err)) {
        return;
    }
    if (!line->is_sent) {
        fail_call(line, err == ERR_CRYPTO ? ERR_CRYPTO : ERR_UNAVAILABLE);
    } else {
        fail_call(line, err == ERR_TIMEOUT ? ERR_TIMEOUT : ERR_UNKNOWN);
    }
}

static bool try_next_address(struct line *line, enum err err)
{
    struct http_client *client = line->client;
    struct call *call = line->call;
    if (line->is_ready || line->is_sent || err == ERR_CRYPTO ||
        !next_address(client, &call->refused_count)) {
        return false;
    }
    line->call = NULL;
    call->line = NULL;
    queue_put_first(client, call);
    loop_timer_start(client->kick, 0);
    line_free(line);
    return true;
}

// A host may have several addresses and not answer at all of them. When none answers its name is
// asked anew: it may have moved.
static bool next_address(struct http_client *client, size_t *refused_count)
{
    *refused_count += 1;
    if (client->addresses_count > 0) {
        client->address_at = (client->address_at + 1) % client->addresses_count;
    }
    if (*refused_count < client->addresses_count) {
        return true;
    }
    if (client->is_name) {
        look_up(client);
    }
    return false;
}

// A kept free connection, else a new one, else NULL.
static struct line *line_for(struct http_client *client, const struct call *call)
{
    for (struct line *line = client->lines; call->may_repeat && line != NULL; line = line->next) {
        if (line->call == NULL && line->is_ready && !line->is_dead) {
            return line;
        }
    }
    if (client->lines_count < client->options.connections_max) {
        return line_new(client);
    }
    for (struct line *line = client->lines; line != NULL; line = line->next) {
        if (line->call == NULL) {
            line_free(line); // make room for a fresh one
            return line_new(client);
        }
    }
    return NULL;
}

static struct line *line_new(struct http_client *client)
{
    struct line *line = calloc(1, sizeof *line);
    CHECK(line != NULL);
    line->client = client;
    line->next = client->lines;
    client->lines = line;
    client->lines_count += 1;
    bool is_hopeless = false;
    line->conn = conn_new(open_socket(client, &is_hopeless), true,
                          &(struct conn_options){.loop = client->options.loop,
                                                 .tls = client->options.tls,
                                                 .hostname = client->url.host,
                                                 .in_bytes_max = 16 * ANSWER_BYTES_DEFAULT,
                                                 .out_bytes_max = 16 * ANSWER_BYTES_DEFAULT,
                                                 .events = &line_events,
                                                 .ctx = line});
    conn_deadline(line->conn, is_hopeless ? 1 : CONNECT_MS);
    return line;
}

static void line_free(struct line *line)
{
    struct line **at = &line->client->lines;
    while (*at != line) {
        at = &(*at)->next;
    }
    *at = line->next;
    line->client->lines_count -= 1;
    loop_timer_free(line->turn);
    drop_head(line);
    conn_free(line->conn);
    if (line->body != NULL) {
        wipe(line->body, line->body_size);
        free(line->body);
    }
    free(line);
}

static void line_send(struct line *line, struct call *call)
{
    line->call = call;
    call->line = line;
    if (!line->is_ready) {
        return;
    }
    line->is_sent = true;
    line->head_len = 0;
    line->body_len = 0;
    conn_deadline(line->conn, 0);
    call->kept_sent = 0;
    CHECK(conn_write(line->conn, call->request, call->request_len) == OK);
    line_feed(line);
}

static enum err take_answer(struct line *line, bool is_ended, bool *is_complete)
{
    size_t len = 0;
    const char *bytes = conn_bytes(line->conn, &len);
    size_t limit = line->call->answer_bytes_max;
    if (line->head_len == 0) {
        line->head_len = http_head_len(bytes, len);
        if (line->head_len == 0) {
            return len > HTTP_HEAD_BYTES_MAX ? ERR_TOO_BIG : OK;
        }
        enum err err = http_parse_response(bytes, line->head_len, &line->head);
        if (err != OK) {
            return err;
        }
        if (line->head.content_length > limit) {
            return ERR_TOO_BIG;
        }
        err = is_in_pieces(line) ? keep_head(line) : OK;
        if (err != OK) {
            return err;
        }
    }
    if (line->kept_head != NULL) {
        return take_pieces(line, is_complete);
    }
    if (line->head.is_chunked) {
        return take_chunks(line, limit, is_complete);
    }
    size_t body_len = len - line->head_len;
    bool has_none = line->call->is_head || line->head.status == 204 || line->head.status == 304;
    if (line->head.has_length || has_none) {
        *is_complete = has_none || body_len >= line->head.content_length;
        return OK;
    }
    line->head.keeps_alive = false;
    *is_complete = is_ended; // without a length the end is the end of the connection
    return body_len > limit ? ERR_TOO_BIG : OK;
}

static bool is_in_pieces(const struct line *line)
{
    return line->call->piece != NULL && (line->head.status == 200 || line->head.status == 206);
}

// The head moves aside, so that what is taken of the body can be let go.
static enum err keep_head(struct line *line)
{
    if (!line->head.has_length || line->head.is_chunked || line->call->is_head) {
        return ERR_MALFORMED;
    }
    size_t len = 0;
    line->kept_head = malloc(line->head_len);
    CHECK(line->kept_head != NULL);
    memcpy(line->kept_head, conn_bytes(line->conn, &len), line->head_len);
    line->taken_bytes = 0;
    conn_take(line->conn, line->head_len);
    return http_parse_response(line->kept_head, line->head_len, &line->head);
}

static enum err take_pieces(struct line *line, bool *is_complete)
{
    size_t len = 0;
    const char *bytes = conn_bytes(line->conn, &len);
    uint64_t left = line->head.content_length - line->taken_bytes;
    size_t piece_len = len < left ? len : (size_t)left;
    if (piece_len > 0) {
        if (!line->call->piece(line->call->ctx, &line->head, bytes, piece_len)) {
            return ERR_REFUSED;
        }
        conn_take(line->conn, piece_len);
        line->taken_bytes += piece_len;
    }
    *is_complete = line->taken_bytes == line->head.content_length;
    return OK;
}

static void drop_head(struct line *line)
{
    free(line->kept_head);
    line->kept_head = NULL;
}

// Takes whole chunks off the connection; the head stays in front of them.
static enum err take_chunks(struct line *line, size_t limit, bool *is_complete)
{
    size_t len = 0;
    const char *bytes = conn_bytes(line->conn, &len);
    size_t at = line->head_len;
    line->body_len = 0; // put together anew from the first chunk; answers are small
    while (at < len) {
        const char *feed = memmem(bytes + at, len - at, "\r\n", 2);
        if (feed == NULL) {
            return len - at > 64 ? ERR_MALFORMED : OK;
        }
        size_t digits = strspn(bytes + at, "0123456789abcdefABCDEF");
        if (digits == 0 || digits > 7 ||
            (bytes[at + digits] != '\r' && bytes[at + digits] != ';')) {
            return ERR_MALFORMED;
        }
        size_t chunk_len = strtoul(bytes + at, NULL, 16);
        at = (size_t)(feed - bytes) + 2;
        if (chunk_len == 0) {
            *is_complete = memmem(bytes + at - 2, len - at + 2, "\r\n\r\n", 4) != NULL;
            return OK;
        }
        if (chunk_len > limit) {
            return ERR_TOO_BIG;
        }
        if (len - at < chunk_len + 2) {
            return OK;
        }
        enum err err = body_add(line, bytes + at, chunk_len, limit);
        if (err != OK || memcmp(bytes + at + chunk_len, "\r\n", 2) != 0) {
            return err != OK ? err : ERR_MALFORMED;
        }
        at += chunk_len + 2;
    }
    return OK;
}

static enum err body_add(struct line *line, const char *bytes, size_t len, size_t limit)
{
    if (line->body_len + len > limit) {
        return ERR_TOO_BIG;
    }
    if (line->body_len + len + 1 > line->body_size) {
        size_t size = (line->body_len + len + 1) * 2;
        char *body = malloc(size);
        CHECK(body != NULL);
        if (line->body != NULL) {
            memcpy(body, line->body, line->body_len);
            wipe(line->body, line->body_size);
            free(line->body);
        }
        line->body = body;
        line->body_size = size;
    }
    memcpy(line->body + line->body_len, bytes, len);
    line->body_len += len;
    line->body[line->body_len] = '\0';
    return OK;
}

static void finish_call(struct line *line)
{
    size_t len = 0;
    const char *bytes = conn_bytes(line->conn, &len);
    struct call *call = line->call;
    struct http_result result = {.status = line->head.status, .head = &line->head};
    if (line->kept_head != NULL) {
        result.body = "";
        line->body_len = 0;
    } else if (line->head.is_chunked) {
        result.body = line->body == NULL ? "" : line->body;
        result.body_len = line->body_len;
    } else {
        bool has_none = call->is_head || line->head.status == 204 || line->head.status == 304;
        size_t body_len = has_none                ? 0
                          : line->head.has_length ? (size_t)line->head.content_length
                                                  : len - line->head_len;
        line->body_len = 0;
        CHECK(body_add(line, bytes + line->head_len, body_len, SIZE_MAX / 4) == OK);
        result.body = line->body;
        result.body_len = body_len;
    }
    // Parsed headers point into the connection's bytes: answer first, then let them go.
    line->call = NULL;
    call->line = NULL;
    struct http_client *client = line->client;
    line->is_dead = true;
    bool is_heard_out = !has_more(call); // a peer may answer before it has heard all of it
    answer(call, &result);
    wipe(line->body, line->body_len);
    drop_head(line);
    conn_take(line->conn, len);
    line->was_used = true;
    if (line->head.keeps_alive && is_heard_out && conn_unsent(line->conn) == 0) {
        line->is_dead = false;
        line->head_len = 0;
        conn_deadline(line->conn, IDLE_MS);
    } else {
        conn_finish(line->conn);
    }
    if (client->first != NULL) {
        loop_timer_start(client->kick, 0);
    }
}

static void fail_call(struct line *line, enum err err)
{
    struct call *call = line->call;
    struct http_client *client = line->client;
    line->call = NULL;
    call->line = NULL;
    line_free(line);
    if (client->first != NULL) {
        loop_timer_start(client->kick, 0);
    }
    answer(call, &(struct http_result){.err = err});
}

// Tells the result (NULL: cancelled) and forgets the call.
static void answer(struct call *call, const struct http_result *result)
{
    http_done_fn done = call->done;
    void *ctx = call->ctx;
    loop_timer_free(call->timeout);
    wipe(call->request, call->request_len);
    free(call->request);
    free(call->tail);
    free(call);
    if (result != NULL) {
        done(ctx, result);
    }
}

static void queue_put_first(struct http_client *client, struct call *call)
{
    call->next = client->first;
    client->first = call;
    if (client->last == NULL) {
        client->last = call;
    }
}

static void queue_remove(struct http_client *client, struct call *call)
{
    struct call *previous = NULL;
    for (struct call *at = client->first; at != call; at = at->next) {
        CHECK(at != NULL);
        previous = at;
    }
    if (previous == NULL) {
        client->first = call->next;
    } else {
        previous->next = call->next;
    }
    if (client->last == call) {
        client->last = previous;
    }
    call->next = NULL;
}

static char *whole_request(const struct http_client *client, const struct http_call *call,
                           size_t *len)
{
    size_t size = HTTP_HEAD_BYTES_MAX + call->body_len;
    char *request = malloc(size);
    CHECK(request != NULL);
    struct text text;
    text_init(&text, request, size);
    text_format(&text, "%s %s%s HTTP/1.1\r\nHost: %s:%u\r\n%s", call->method, client->url.target,
                call->target, client->url.host, client->url.port,
                call->headers == NULL ? "" : call->headers);
    if (call->body != NULL) {
        text_format(&text, "Content-Type: %s\r\nContent-Length: %zu\r\n",
                    call->content_type == NULL ? "application/json" : call->content_type,
                    call->body_len + call->kept_len +
                        (call->tail == NULL ? 0 : strlen(call->tail)));
    }
    text_add(&text, "\r\n");
    CHECK(!text.is_cut);
    if (call->body != NULL) {
        memcpy(request + text.len, call->body, call->body_len);
        text.len += call->body_len;
    }
    *len = text.len;
    return request;
}

static int open_socket(const struct http_client *client, bool *is_hopeless)
{
    const struct loop_address *address = &client->addresses[client->address_at];
    int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); // no IPv6 here
    }
    CHECK(fd >= 0);
    int result = connect(fd, (const struct sockaddr *)&address->storage, address->len);
    *is_hopeless = result != 0 && errno != EINPROGRESS; // the socket itself would never tell
    return fd;
}

static void events_connect(struct http_events *events)
{
    bool is_hopeless = false;
    events->conn = conn_new(open_socket(events->client, &is_hopeless), true,
                            &(struct conn_options){.loop = events->client->options.loop,
                                                   .tls = events->client->options.tls,
                                                   .hostname = events->client->url.host,
                                                   .in_bytes_max = 2 * HTTP_EVENT_BYTES_MAX,
                                                   .out_bytes_max = 2 * HTTP_HEAD_BYTES_MAX,
                                                   .events = &stream_events,
                                                   .ctx = events});
    conn_deadline(events->conn, is_hopeless ? 1 : events->silence_ms);
}

static void events_ready(void *ctx)
{
    struct http_events *events = ctx;
    events->is_ready = true;
    CHECK(conn_write(events->conn, events->request, events->request_len) == OK);
    conn_deadline(events->conn, events->silence_ms);
}

static void events_data(void *ctx)
{
    struct http_events *events = ctx;
    size_t len = 0;
    const char *bytes = conn_bytes(events->conn, &len);
    events->depth += 1;
    conn_deadline(events->conn, events->silence_ms);
    if (!events->is_open) {
        static _Thread_local struct http_head head;
        size_t head_len = http_head_len(bytes, len);
        if (head_len == 0 && len <= HTTP_HEAD_BYTES_MAX) {
            events_leave(events);
            return;
        }
        if (head_len == 0 || http_parse_response(bytes, head_len, &head) != OK) {
            events_end(events, ERR_MALFORMED, 0);
            events_leave(events);
            return;
        }
        if (head.status != 200 || head.is_chunked || head.has_length) {
            events_end(events, ERR_REFUSED, head.status);
            events_leave(events);
            return;
        }
        events->is_open = true;
        conn_take(events->conn, head_len);
        events->handlers.open(events->handlers.ctx);
        bytes = conn_bytes(events->conn, &len);
    }
    enum err err = http_event_feed(&events->parser, bytes, len, &events->handlers);
    if (!events->is_closed) {
        conn_take(events->conn, len);
        if (err != OK) {
            events_end(events, err, 0);
        }
    }
    events_leave(events);
}

static void events_over(void *ctx, enum err err)
{
    struct http_events *events = ctx;
    if (!events->is_ready && err != ERR_CRYPTO &&
        next_address(events->client, &events->refused_count)) {
        conn_free(events->conn);
        events_connect(events);
        return;
    }
    events->depth += 1;
    events_end(events, err, 0);
    events_leave(events);
}

static void events_end(struct http_events *events, enum err err, int status)
{
    if (!events->is_closed) {
        conn_free(events->conn);
        events->conn = NULL;
        events->handlers.over(events->handlers.ctx, err, status);
    }
}

// Frees what its owner closed inside a handler, when the last handler has returned.
static void events_leave(struct http_events *events)
{
    events->depth -= 1;
    if (events->depth == 0 && events->is_closed) {
        conn_free(events->conn);
        wipe(events->request, events->request_len);
        free(events->request);
        wipe(&events->parser, sizeof events->parser);
        free(events);
    }
}

static enum err event_line(struct http_event_parser *parser,
                           const struct http_events_handlers *handlers)
{
    if (parser->line_len == 0) {
        if (parser->has_data) {
            handlers->event(handlers->ctx, parser->id,
                            parser->event[0] == '\0' ? "message" : parser->event, parser->data);
        }
        parser->has_data = false;
        parser->data_len = 0;
        parser->event[0] = '\0';
        return OK;
    }
    char *colon = strchr(parser->line, ':');
    if (colon == NULL || colon == parser->line) {
        return OK; // a field without value, or a comment
    }
    *colon = '\0';
    const char *value = colon[1] == ' ' ? colon + 2 : colon + 1;
    if (text_equal(parser->line, "data")) {
        size_t len = strlen(value);
        if (parser->data_len + len + 2 > sizeof parser->data) {
            return ERR_TOO_BIG;
        }
        if (parser->has_data) {
            parser->data[parser->data_len++] = '\n';
        }
        memcpy(parser->data + parser->data_len, value, len + 1);
        parser->data_len += len;
        parser->has_data = true;
    } else if (text_equal(parser->line, "event")) {
        text_copy_cut(parser->event, sizeof parser->event, value);
    } else if (text_equal(parser->line, "id")) {
        int64_t id = 0;
        if (text_to_int64(value, 0, INT64_MAX, &id) == OK) {
            parser->id = (uint64_t)id;
        }
    }
    return OK;
}
