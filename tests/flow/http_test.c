// SPDX-License-Identifier: EUPL-1.2
//
// Our server and client together over mutual TLS on loopback, and the server against everything a
// stranger may send. Deadlines are configured short and waited for as conditions.
#include "link/conn.h"
#include "link/crypto.h"
#include "link/http_client.h"
#include "link/http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    STREAMS_COUNT = 40,
    PATIENCE_MS = 60000,
    LONG_BYTES = 9 * 1024 * 1024 + 7,
    LONG_ANSWER_BYTES = 3 * 1024 * 1024 + 5
};

static struct loop *loop;
static struct http_server *secure;
static struct http_server *plain;
static struct http_server *patient; // takes long bodies
static struct tls_config *server_tls;
static struct tls_config *client_tls;
static struct tls_config *stranger_tls;
static char folder[64];
static struct loop_timer *patience;

static char got_body[1 << 20];
static size_t got_len;
static int got_status;
static enum err got_err;
static int done_count;
static int wanted_count;
static int failures_count;
static struct http_request *held;
static struct http_stream *streams[STREAMS_COUNT];
static size_t streams_count;
static int events_count;
static int overs_count;

static bool wants_body;
static char *long_body;
static size_t long_got;
static bool is_long_as_sent;
static bool was_cut;
static bool stops_at_piece;
static size_t pieces_count;
static size_t piece_bytes_max; // so many are taken

static const char *path_of(const char *name)
{
    static char paths[8][128];
    static int at;
    at = (at + 1) % 8;
    (void)snprintf(paths[at], sizeof paths[at], "%s/%s", folder, name);
    return paths[at];
}

static void write_file(const char *name, const char *words)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    assert_true(fputs(words, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void on_stream_over(void *ctx, struct http_stream *stream)
{
    (void)ctx;
    for (size_t i = 0; i < streams_count; i++) {
        if (streams[i] == stream) {
            streams[i] = streams[--streams_count];
        }
    }
    overs_count++;
}

static void handle(void *ctx, struct http_request *request)
{
    (void)ctx;
    size_t len = 0;
    const char *path = http_request_path(request);
    const char *body = http_request_body(request, &len);
    if (strcmp(path, "/echo") == 0) {
        char copy[HTTP_BODY_BYTES_MAX];
        memcpy(copy, body, len);
        http_reply(request, &(struct http_answer){.status = 201, .body = copy, .body_len = len});
    } else if (strcmp(path, "/long") == 0) {
        http_reply(request, &(struct http_answer){
                                .status = 200, .body = long_body, .body_len = LONG_ANSWER_BYTES});
    } else if (strcmp(path, "/hold") == 0) {
        held = request;
        loop_stop(loop);
    } else if (strcmp(path, "/who") == 0) {
        uint8_t print[32];
        bool is_known = http_request_fingerprint(request, print);
        http_reply(request, &(struct http_answer){
                                .status = is_known ? 200 : 403, .body = "", .body_len = 0});
    } else if (strcmp(path, "/events") == 0) {
        assert_true(streams_count < STREAMS_COUNT);
        streams[streams_count++] = http_stream_start(request, on_stream_over, NULL);
        if ((int)streams_count == wanted_count) {
            loop_stop(loop);
        }
    } else {
        http_reply_problem(request, 404, "not_found", NULL);
    }
}

static void on_done(void *ctx, const struct http_result *result)
{
    (void)ctx;
    got_err = result->err;
    got_status = result->status;
    got_len = result->body_len;
    failures_count += result->err == OK ? 0 : 1;
    if (result->err == OK) {
        assert_true(result->body_len < sizeof got_body);
        memcpy(got_body, result->body, result->body_len);
        got_body[result->body_len] = '\0';
    }
    if (++done_count == wanted_count) {
        loop_stop(loop);
    }
}

static void out_of_patience(void *ctx)
{
    (void)ctx;
    fail_msg("nothing happened in time");
}

static void run_loop(void)
{
    loop_timer_start(patience, PATIENCE_MS);
    loop_run(loop);
    loop_timer_stop(patience);
}

static struct http_client *client_for(struct http_server *server, struct tls_config *tls,
                                      const char *host)
{
    char origin[80];
    struct http_client *client = NULL;
    (void)snprintf(origin, sizeof origin, "%s://%s:%u", tls == NULL ? "http" : "https", host,
                   http_server_port(server));
    struct http_client_options options = {.loop = loop, .origin = origin, .tls = tls};
    assert_int_equal(http_client_open(&client, &options, NULL), OK);
    return client;
}

static void call(struct http_client *client, const char *method, const char *target,
                 const char *body)
{
    struct http_call call = {.method = method,
                             .target = target,
                             .body = body,
                             .body_len = body == NULL ? 0 : strlen(body),
                             .timeout_ms = 5000,
                             .may_repeat = true,
                             .done = on_done};
    (void)http_client_call(client, &call);
}

static void call_and_wait(struct http_client *client, const char *method, const char *target,
                          const char *body)
{
    done_count = 0;
    wanted_count = 1;
    call(client, method, target, body);
    run_loop();
}

// A plain socket's whole conversation: sends the bytes (a pause of `drip_ms` between each when not
// 0) and gives what came back until the server closed.
struct raw {
    int fd;
    const char *send;
    size_t send_len;
    size_t sent;
    int64_t drip_ms;
    struct loop_watch *watch;
    struct loop_timer *drip;
    char got[8192];
    size_t got_len;
    bool shuts_after;
};

static void raw_send(struct raw *raw)
{
    size_t len = raw->drip_ms > 0 ? 1 : raw->send_len - raw->sent;
    if (raw->sent == raw->send_len) {
        return;
    }
    ssize_t put = write(raw->fd, raw->send + raw->sent, len);
    if (put <= 0) {
        return; // the server has cut us off, which is what we wait for
    }
    raw->sent += (size_t)put;
    if (raw->drip_ms > 0) {
        loop_timer_start(raw->drip, raw->drip_ms);
    } else if (raw->shuts_after && raw->sent == raw->send_len) {
        (void)shutdown(raw->fd, SHUT_WR);
    }
}

static void on_drip(void *ctx)
{
    raw_send(ctx);
}

static void on_raw(void *ctx, bool can_read, bool can_write)
{
    struct raw *raw = ctx;
    (void)can_read;
    (void)can_write;
    ssize_t got = read(raw->fd, raw->got + raw->got_len, sizeof raw->got - 1 - raw->got_len);
    if (got > 0) {
        raw->got_len += (size_t)got;
        raw->got[raw->got_len] = '\0';
        return;
    }
    loop_watch_set(raw->watch, false, false);
    loop_stop(loop);
}

static void converse(struct raw *raw, struct http_server *server, const char *send, size_t send_len)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(http_server_port(server))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    raw->fd = socket(AF_INET, SOCK_STREAM, 0);
    raw->send = send;
    raw->send_len = send_len;
    raw->sent = 0;
    raw->got_len = 0;
    raw->got[0] = '\0';
    assert_int_equal(connect(raw->fd, (struct sockaddr *)&address, sizeof address), 0);
    raw->watch = loop_watch_new(loop, raw->fd, on_raw, raw);
    raw->drip = loop_timer_new(loop, on_drip, raw);
    loop_watch_set(raw->watch, true, false);
    raw_send(raw);
    run_loop();
    loop_watch_free(raw->watch);
    loop_timer_free(raw->drip);
    (void)close(raw->fd);
}

static bool begin_long(void *ctx, struct http_request *request, uint64_t len)
{
    (void)ctx;
    (void)request;
    assert_true(len > LONG_BYTES);
    long_got = 0;
    is_long_as_sent = true;
    was_cut = false;
    return wants_body;
}

// What is sent is "[" and the long body and "]".
static void take_long(void *ctx, struct http_request *request, const char *bytes, size_t len)
{
    (void)ctx;
    (void)request;
    for (size_t i = 0; i < len; i++) {
        size_t at = long_got + i;
        char wanted = at == 0 ? '[' : at <= LONG_BYTES ? long_body[at - 1] : ']';
        is_long_as_sent = is_long_as_sent && bytes[i] == wanted;
    }
    long_got += len;
    if (stops_at_piece) {
        stops_at_piece = false;
        loop_stop(loop);
    }
}

static void lose_long(void *ctx, struct http_request *request)
{
    (void)ctx;
    (void)request;
    was_cut = true;
    loop_stop(loop);
}

static void call_long(struct http_client *client, int64_t timeout_ms)
{
    struct http_call call = {.method = "POST",
                             .target = "/echo",
                             .body = "[",
                             .body_len = 1,
                             .kept = long_body,
                             .kept_len = LONG_BYTES,
                             .tail = "]",
                             .timeout_ms = timeout_ms,
                             .done = on_done};
    done_count = 0;
    wanted_count = 1;
    (void)http_client_call(client, &call);
}

static void a_long_body_goes_out_in_pieces_and_comes_whole(void **state)
{
    (void)state;
    struct http_client *client = client_for(patient, client_tls, "localhost");
    wants_body = true;

    call_long(client, PATIENCE_MS);
    run_loop();

    assert_int_equal(got_err, OK);
    assert_int_equal(got_status, 201);
    assert_int_equal(long_got, LONG_BYTES + 2);
    assert_true(is_long_as_sent);
    call_and_wait(client, "GET", "/who", NULL); // and the line is good for another
    assert_int_equal(got_status, 200);
    assert_int_equal(http_server_connections(patient), 1);
    http_client_close(client);
}

static void an_answer_before_the_end_of_a_long_body_is_heard(void **state)
{
    (void)state;
    struct http_client *client = client_for(patient, client_tls, "localhost");
    wants_body = false;

    call_long(client, PATIENCE_MS);
    run_loop();

    assert_int_equal(got_err, OK);
    assert_int_equal(got_status, 201);
    assert_int_equal(long_got, 0);
    http_client_close(client);
}

static void a_long_body_is_let_go_when_its_client_closes(void **state)
{
    (void)state;
    struct http_client *client = client_for(patient, client_tls, "localhost");
    wants_body = true;
    stops_at_piece = true;
    call_long(client, PATIENCE_MS);
    run_loop();

    http_client_close(client);
    run_loop();

    assert_true(was_cut);
    assert_true(is_long_as_sent);
}

static bool take_piece(void *ctx, const struct http_head *head, const char *bytes, size_t len)
{
    (void)ctx;
    assert_int_equal(head->status, 200);
    assert_true(long_got + len <= head->content_length);
    is_long_as_sent = is_long_as_sent && memcmp(bytes, long_body + long_got, len) == 0;
    long_got += len;
    pieces_count += 1;
    return long_got <= piece_bytes_max;
}

static void call_for_pieces(struct http_client *client, const char *target, size_t bytes_max)
{
    struct http_call call = {.method = "GET",
                             .target = target,
                             .timeout_ms = PATIENCE_MS,
                             .answer_bytes_max = bytes_max,
                             .may_repeat = true,
                             .piece = take_piece,
                             .done = on_done};
    long_got = 0;
    pieces_count = 0;
    is_long_as_sent = true;
    done_count = 0;
    wanted_count = 1;
    (void)http_client_call(client, &call);
    run_loop();
}

static void a_long_answer_is_taken_in_pieces_and_never_held(void **state)
{
    (void)state;
    struct http_client *client = client_for(secure, client_tls, "localhost");
    piece_bytes_max = SIZE_MAX;

    for (int i = 0; i < 2; i++) { // and the line is good for another
        call_for_pieces(client, "/long", LONG_ANSWER_BYTES);

        assert_int_equal(got_err, OK);
        assert_int_equal(got_status, 200);
        assert_int_equal(got_len, 0);
        assert_int_equal(long_got, LONG_ANSWER_BYTES);
        assert_true(is_long_as_sent);
        assert_true(pieces_count > 1);
    }
    call_for_pieces(client, "/nothing", LONG_ANSWER_BYTES);
    assert_int_equal(got_status, 404);
    assert_true(got_len > 0); // a problem is read whole
    assert_int_equal(pieces_count, 0);
    assert_int_equal(http_server_connections(secure), 1);
    http_client_close(client);
}

static void who_takes_no_more_of_an_answer_ends_its_call(void **state)
{
    (void)state;
    struct http_client *client = client_for(secure, client_tls, "localhost");
    piece_bytes_max = 1000;

    call_for_pieces(client, "/long", LONG_ANSWER_BYTES);
    assert_int_equal(got_err, ERR_REFUSED);
    assert_int_equal(pieces_count, 1);

    call_for_pieces(client, "/long", LONG_ANSWER_BYTES - 1);
    assert_int_equal(got_err, ERR_TOO_BIG);
    assert_int_equal(pieces_count, 0);
    http_client_close(client);
}

static void answers_come_over_mutual_tls_on_a_kept_connection(void **state)
{
    (void)state;
    struct http_client *client = client_for(secure, client_tls, "localhost");

    call_and_wait(client, "POST", "/echo", "{\"a\":1}");

    assert_int_equal(got_err, OK);
    assert_int_equal(got_status, 201);
    assert_string_equal(got_body, "{\"a\":1}");
    call_and_wait(client, "GET", "/who", NULL);
    assert_int_equal(got_status, 200);
    assert_int_equal(http_server_connections(secure), 1);
    call_and_wait(client, "GET", "/nothing", NULL);
    assert_int_equal(got_status, 404);
    http_client_close(client);
}

static void many_calls_at_once_are_all_answered(void **state)
{
    (void)state;
    struct http_client *client = client_for(secure, client_tls, "localhost");
    done_count = 0;
    wanted_count = 200;
    for (int i = 0; i < wanted_count; i++) {
        call(client, "POST", "/echo", "x");
    }

    run_loop();

    assert_int_equal(done_count, 200);
    assert_true(http_server_connections(secure) <= 8);
    http_client_close(client);
}

static void a_client_without_certificate_is_refused(void **state)
{
    (void)state;
    struct http_client *client = client_for(secure, stranger_tls, "localhost");

    call_and_wait(client, "GET", "/who", NULL);

    assert_int_not_equal(got_err, OK);
    http_client_close(client);
}

static void a_server_under_another_name_is_refused(void **state)
{
    (void)state;
    struct http_client *client = client_for(secure, client_tls, "127.0.0.1");

    call_and_wait(client, "GET", "/who", NULL);

    assert_int_equal(got_err, ERR_CRYPTO);
    http_client_close(client);
}

static void plain_text_on_the_tls_port_is_cut(void **state)
{
    (void)state;
    static struct raw raw;
    raw = (struct raw){0};
    static const char request[] = "GET /who HTTP/1.1\r\nHost: x\r\n\r\n";

    converse(&raw, secure, request, sizeof request - 1);

    assert_null(strstr(raw.got, "HTTP/1.1"));
}

static void malformed_requests_are_answered_400_and_cut(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "GET /echo HTTP/1.1\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /echo HTTP/1.0\r\nHost: a\r\n\r\n",
        "get /echo HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET echo HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /ec ho HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\nx",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4611686018427387904\r\n\r\nx",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
        "GET /echo HTTP/1.1\nHost: a\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: a\r\nX: b\001c\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        static struct raw raw;
        raw = (struct raw){0};

        converse(&raw, plain, requests[i], strlen(requests[i]));

        assert_int_equal(strncmp(raw.got, "HTTP/1.1 400 ", 13), 0);
        assert_non_null(strstr(raw.got, "application/problem+json"));
        assert_non_null(strstr(raw.got, "Connection: close"));
    }
}

static void too_large_heads_and_bodies_are_refused(void **state)
{
    (void)state;
    static struct raw raw;
    static char request[16 * 1024];
    raw = (struct raw){0};
    (void)snprintf(request, sizeof request, "GET /echo HTTP/1.1\r\nHost: a\r\nX: %012000d\r\n\r\n",
                   0);
    converse(&raw, plain, request, strlen(request));
    assert_int_equal(strncmp(raw.got, "HTTP/1.1 431 ", 13), 0);

    raw = (struct raw){0};
    static const char body[] = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n";
    converse(&raw, plain, body, sizeof body - 1);
    assert_int_equal(strncmp(raw.got, "HTTP/1.1 413 ", 13), 0);
}

static void a_request_that_drips_is_cut_at_its_deadline(void **state)
{
    (void)state;
    static struct raw raw;
    raw = (struct raw){.drip_ms = 20};
    static const char request[] =
        "GET /echo HTTP/1.1\r\nHost: a\r\nX-Long: 0123456789012345678901234567890123456789\r\n\r\n";

    converse(&raw, plain, request, sizeof request - 1);

    assert_true(raw.sent < raw.send_len);
    assert_int_equal(raw.got_len, 0);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    static struct raw raw;
    raw = (struct raw){.shuts_after = true};
    static const char request[] =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n2"
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\n3";

    converse(&raw, plain, request, sizeof request - 1);

    const char *first = strstr(raw.got, "\r\n\r\n1");
    const char *second = strstr(raw.got, "\r\n\r\n2");
    const char *third = strstr(raw.got, "\r\n\r\n3");
    assert_true(first != NULL && second > first && third > second);
}

static void a_half_closed_peer_still_gets_its_answer(void **state)
{
    (void)state;
    static struct raw raw;
    raw = (struct raw){.shuts_after = true};
    static const char request[] =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    converse(&raw, plain, request, sizeof request - 1);

    assert_int_equal(strncmp(raw.got, "HTTP/1.1 201 ", 13), 0);
}

// Both ends of one TLS line; what arrives at the far end is compared as it comes.
static struct conn *near_end;
static struct conn *far_end;
static size_t arrived_bytes;
static bool is_in_order;
static size_t ends_ready;

enum { PIECE_BYTES = 300 };

static char byte_at(size_t position)
{
    return (char)('a' + position / PIECE_BYTES % 26);
}

static void on_end_ready(void *ctx)
{
    (void)ctx;
    if (++ends_ready == 2) {
        loop_stop(loop);
    }
}

static void on_far_data(void *ctx)
{
    size_t wanted_bytes = *(size_t *)ctx;
    size_t len = 0;
    const char *bytes = conn_bytes(far_end, &len);
    for (size_t i = 0; i < len; i++) {
        is_in_order = is_in_order && bytes[i] == byte_at(arrived_bytes + i);
    }
    arrived_bytes += len;
    conn_take(far_end, len);
    if (arrived_bytes == wanted_bytes || !is_in_order) {
        loop_stop(loop);
    }
}

static void on_end_over(void *ctx, enum err err)
{
    (void)ctx;
    (void)err;
    fail_msg("the line ended");
}

static void what_is_added_to_a_full_line_is_not_lost(void **state)
{
    (void)state;
    static const struct conn_events events = {
        .ready = on_end_ready, .data = on_far_data, .over = on_end_over};
    size_t sent_bytes = 0;
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    struct conn_options options = {.loop = loop,
                                   .tls = server_tls,
                                   .in_bytes_max = 1 << 20,
                                   .out_bytes_max = 1 << 20,
                                   .events = &events,
                                   .ctx = &sent_bytes};
    near_end = conn_new(fds[0], false, &options);
    options.tls = client_tls;
    options.hostname = "localhost";
    far_end = conn_new(fds[1], false, &options);
    ends_ready = 0;
    arrived_bytes = 0;
    is_in_order = true;
    run_loop();

    // Until the kernel takes no more, and then many pieces more.
    while (conn_unsent(near_end) < 20 * PIECE_BYTES) {
        char piece[PIECE_BYTES];
        memset(piece, byte_at(sent_bytes), sizeof piece);
        assert_int_equal(conn_write(near_end, piece, sizeof piece), OK);
        sent_bytes += sizeof piece;
    }
    run_loop();

    assert_true(is_in_order);
    assert_int_equal(arrived_bytes, sent_bytes);
    conn_free(near_end);
    conn_free(far_end);
}

static void an_unknown_name_fails_its_own_call_only(void **state)
{
    (void)state;
    struct http_client *lost = NULL;
    struct http_client_options options = {.loop = loop, .origin = "http://nobody.invalid:80"};
    assert_int_equal(http_client_open(&lost, &options, NULL), OK);
    struct http_client *client = client_for(secure, client_tls, "localhost");
    done_count = 0;
    failures_count = 0;
    wanted_count = 2;
    call(lost, "GET", "/who", NULL);
    call(client, "GET", "/who", NULL);

    run_loop();

    assert_int_equal(failures_count, 1);
    http_client_close(lost);
    http_client_close(client);
}

static void an_answer_to_a_vanished_peer_is_dropped(void **state)
{
    (void)state;
    struct http_client *client = client_for(secure, client_tls, "localhost");
    held = NULL;
    wanted_count = -1;
    call(client, "GET", "/hold", NULL);
    run_loop();
    assert_non_null(held);
    http_client_close(client);

    client = client_for(secure, client_tls, "localhost");
    call_and_wait(client, "GET", "/who", NULL);
    http_reply(held, &(struct http_answer){.status = 200, .body = "", .body_len = 0});

    call_and_wait(client, "GET", "/who", NULL);
    assert_int_equal(got_status, 200);
    http_client_close(client);
}

static struct http_client *readers_client;
static struct http_events *readers[STREAMS_COUNT];
static size_t readers_count;

static void open_reader(void);

// One after the other: all at once, their handshakes would wait for each other's sums.
static void on_open(void *ctx)
{
    (void)ctx;
    if (readers_count < STREAMS_COUNT) {
        open_reader();
    }
}

static void on_event(void *ctx, uint64_t id, const char *event, const char *data)
{
    (void)ctx;
    assert_int_equal(id, 7);
    assert_string_equal(event, "call");
    assert_string_equal(data, "{\"number\":\"B042\"}");
    if (++events_count == STREAMS_COUNT) {
        loop_stop(loop);
    }
}

static void on_events_over(void *ctx, enum err err, int status)
{
    (void)ctx;
    (void)err;
    (void)status;
    fail_msg("a stream ended");
}

static void open_reader(void)
{
    static const struct http_events_handlers handlers = {
        .open = on_open, .event = on_event, .over = on_events_over};
    readers[readers_count] = http_events_open(readers_client, "/events", 15000, &handlers);
    readers_count += 1;
}

static void an_event_reaches_every_stream(void **state)
{
    (void)state;
    readers_client = client_for(secure, client_tls, "localhost");
    readers_count = 0;
    streams_count = 0;
    events_count = 0;
    wanted_count = STREAMS_COUNT;
    open_reader();
    run_loop();
    assert_int_equal(streams_count, STREAMS_COUNT);

    for (size_t i = 0; i < streams_count; i++) {
        http_stream_send(streams[i], 7, "call", "{\"number\":\"B042\"}");
    }
    run_loop();

    assert_int_equal(events_count, STREAMS_COUNT);
    for (size_t i = 0; i < STREAMS_COUNT; i++) {
        http_events_close(readers[i]);
    }
    while (streams_count > 0) {
        http_stream_close(streams[--streams_count]);
    }
    http_client_close(readers_client);
}

static void a_reader_that_does_not_read_is_dropped(void **state)
{
    (void)state;
    static struct raw raw;
    raw = (struct raw){0};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(http_server_port(plain))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    raw.fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(raw.fd, (struct sockaddr *)&address, sizeof address), 0);
    static const char request[] = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_int_equal(write(raw.fd, request, sizeof request - 1), sizeof request - 1);
    streams_count = 0;
    overs_count = 0;
    wanted_count = 1;
    run_loop();
    static char data[4096];
    memset(data, 'x', sizeof data - 1);

    for (int i = 0; i < 5000 && streams_count == 1; i++) {
        http_stream_send(streams[0], 1, "call", data);
    }
    struct http_client *client = client_for(plain, NULL, "127.0.0.1");
    while (overs_count == 0) {
        call_and_wait(client, "GET", "/nothing", NULL);
    }

    assert_int_equal(streams_count, 0);
    http_client_close(client);
    (void)close(raw.fd);
}

static void make_certificates(void)
{
    static const char *const hosts[] = {"localhost", NULL};
    struct crypto_key *ca = crypto_key_new();
    struct crypto_key *server = crypto_key_new();
    struct crypto_key *client = crypto_key_new();
    int64_t now_s = time(NULL);
    char pem[CRYPTO_PEM_BYTES];
    struct crypto_subject subject = {
        .name = "test ca", .is_authority = true, .from_s = now_s - 60, .to_s = now_s + 3600};
    assert_int_equal(crypto_certify(ca, &subject, ca, "test ca", pem), OK);
    write_file("ca.pem", pem);
    subject = (struct crypto_subject){.name = "hub",
                                      .hosts = hosts,
                                      .is_server = true,
                                      .from_s = now_s - 60,
                                      .to_s = now_s + 3600};
    assert_int_equal(crypto_certify(server, &subject, ca, "test ca", pem), OK);
    write_file("server.pem", pem);
    uint8_t der[1024];
    size_t der_len = 0;
    uint8_t print[32];
    subject = (struct crypto_subject){.name = "kiosk-1",
                                      .uri = "urn:inloop:device:kiosk-1",
                                      .from_s = now_s - 60,
                                      .to_s = now_s + 3600};
    assert_int_equal(crypto_request(client, "kiosk-1", der, sizeof der, &der_len), OK);
    assert_int_equal(crypto_certify_request(der, der_len, &subject, ca, "test ca", pem, print), OK);
    der[der_len / 2] ^= 1;
    char other[CRYPTO_PEM_BYTES];
    assert_int_not_equal(
        crypto_certify_request(der, der_len, &subject, ca, "test ca", other, print), OK);
    write_file("client.pem", pem);
    assert_int_equal(crypto_key_write(server, path_of("server.key"), NULL), OK);
    assert_int_equal(crypto_key_write(client, path_of("client.key"), NULL), OK);
    crypto_key_free(ca);
    crypto_key_free(server);
    crypto_key_free(client);
}

static int open_all(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/inloop-http-XXXXXX");
    assert_non_null(mkdtemp(folder));
    make_certificates();
    struct fault fault = {0};
    struct tls_options options = {.is_server = true,
                                  .wants_peer_certificate = true,
                                  .ca_file = path_of("ca.pem"),
                                  .certificate_file = path_of("server.pem"),
                                  .key_file = path_of("server.key")};
    assert_int_equal(tls_config_new(&server_tls, &options, &fault), OK);
    options = (struct tls_options){.ca_file = path_of("ca.pem"),
                                   .certificate_file = path_of("client.pem"),
                                   .key_file = path_of("client.key")};
    assert_int_equal(tls_config_new(&client_tls, &options, &fault), OK);
    options = (struct tls_options){.ca_file = path_of("ca.pem")};
    assert_int_equal(tls_config_new(&stranger_tls, &options, &fault), OK);
    loop = loop_new();
    patience = loop_timer_new(loop, out_of_patience, NULL);
    struct http_server_options server = {
        .loop = loop, .address = "127.0.0.1", .tls = server_tls, .handler = handle};
    assert_int_equal(http_server_open(&secure, &server, &fault), OK);
    static const struct http_bodies bodies = {
        .begin = begin_long, .piece = take_long, .cut = lose_long};
    server.bodies = &bodies;
    assert_int_equal(http_server_open(&patient, &server, &fault), OK);
    long_body = malloc(LONG_BYTES);
    assert_non_null(long_body);
    for (size_t i = 0; i < LONG_BYTES; i++) {
        long_body[i] = (char)(i * 2654435761U >> 13);
    }
    server.bodies = NULL;
    server.tls = NULL;
    server.request_ms = 300;
    assert_int_equal(http_server_open(&plain, &server, &fault), OK);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    http_server_close(secure);
    http_server_close(plain);
    http_server_close(patient);
    free(long_body);
    loop_timer_free(patience);
    loop_free(loop);
    tls_config_free(server_tls);
    tls_config_free(client_tls);
    tls_config_free(stranger_tls);
    static const char *const names[] = {"ca.pem", "server.pem", "client.pem", "server.key",
                                        "client.key"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(unlink(path_of(names[i])), 0);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_answer_is_taken_in_pieces_and_never_held),
        cmocka_unit_test(who_takes_no_more_of_an_answer_ends_its_call),
        cmocka_unit_test(answers_come_over_mutual_tls_on_a_kept_connection),
        cmocka_unit_test(many_calls_at_once_are_all_answered),
        cmocka_unit_test(a_client_without_certificate_is_refused),
        cmocka_unit_test(a_server_under_another_name_is_refused),
        cmocka_unit_test(plain_text_on_the_tls_port_is_cut),
        cmocka_unit_test(malformed_requests_are_answered_400_and_cut),
        cmocka_unit_test(too_large_heads_and_bodies_are_refused),
        cmocka_unit_test(a_request_that_drips_is_cut_at_its_deadline),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_half_closed_peer_still_gets_its_answer),
        cmocka_unit_test(what_is_added_to_a_full_line_is_not_lost),
        cmocka_unit_test(an_unknown_name_fails_its_own_call_only),
        cmocka_unit_test(an_answer_to_a_vanished_peer_is_dropped),
        cmocka_unit_test(a_long_body_goes_out_in_pieces_and_comes_whole),
        cmocka_unit_test(an_answer_before_the_end_of_a_long_body_is_heard),
        cmocka_unit_test(a_long_body_is_let_go_when_its_client_closes),
        cmocka_unit_test(an_event_reaches_every_stream),
        cmocka_unit_test(a_reader_that_does_not_read_is_dropped),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
