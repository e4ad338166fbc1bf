// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a stranger may send to the real server over a real socket, in pieces of any length. The
// server must end every connection and keep nothing of it.
#include "base/text.h"
#include "link/http_parse.h"
#include "link/http_server.h"
#include "tests/fuzz/peer.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct loop *loop;
static struct http_server *server;

static void open_server(void);
static void handle(void *ctx, struct http_request *request);
static void on_stream_over(void *ctx, struct http_stream *stream);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (loop == NULL) {
        open_server();
    }
    struct peer peer;
    peer_connect(&peer, loop, http_server_port(server), data, len);
    while (!peer_is_over(&peer) || http_server_connections(server) > 0) {
        peer_turn(&peer);
    }
    peer_close(&peer);
    return 0;
}

static void open_server(void)
{
    struct fault fault;
    loop = loop_new();
    const struct http_server_options options = {
        .loop = loop, .address = "127.0.0.1", .request_ms = 50, .idle_ms = 50, .handler = handle};
    CHECK(http_server_open(&server, &options, &fault) == OK);
}

static void handle(void *ctx, struct http_request *request)
{
    (void)ctx;
    size_t len = 0;
    char value[HTTP_TARGET_BYTES];
    const char *body = http_request_body(request, &len);
    CHECK(len <= HTTP_BODY_BYTES_MAX && body[len] == '\0');
    CHECK(http_request_path(request)[0] == '/');
    CHECK(http_request_method(request)[0] != '\0');
    if (http_query_get(http_request_query(request), "from", value, sizeof value) == OK) {
        CHECK(utf8_is_valid(value, strlen(value)));
    }
    if (http_request_header(request, "Idempotency-Key", value, 64) != OK) {
        value[0] = '\0';
    }
    CHECK(strlen(value) < 64);
    if (text_equal(http_request_path(request), "/events")) {
        struct http_stream *stream = http_stream_start(request, on_stream_over, NULL);
        http_stream_send(stream, 1, "ticket", "{}");
        return;
    }
    char *copy = malloc(len + 1);
    CHECK(copy != NULL);
    memcpy(copy, body, len);
    http_reply(request, &(struct http_answer){.status = 200, .body = copy, .body_len = len});
    free(copy);
}

static void on_stream_over(void *ctx, struct http_stream *stream)
{
    (void)ctx;
    CHECK(!http_stream_is_open(stream));
}
