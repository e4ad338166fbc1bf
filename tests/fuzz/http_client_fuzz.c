// SPDX-License-Identifier: EUPL-1.2
//
// Whatever something that is not a hub or a register may answer to the real client over a real
// socket, in pieces of any length: a call ends once, with a whole answer or an error. A first 'E'
// is not said: then a reader of events asks as well. Nor is a first 'P': then the body is taken in
// pieces.
#include "link/http_client.h"
#include "tests/fuzz/peer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ANSWER_BYTES_MAX = 8192 };

struct asked {
    uint64_t taken_bytes;
    bool is_in_pieces;
    size_t done_count;
    size_t overs_count;
};

static struct loop *loop;
static struct peer_listener listener;

static void ask(struct http_client *client, struct asked *asked);
static bool on_piece(void *ctx, const struct http_head *head, const char *bytes, size_t len);
static void on_done(void *ctx, const struct http_result *result);
static void on_open(void *ctx);
static void on_event(void *ctx, uint64_t id, const char *event, const char *data);
static void on_over(void *ctx, enum err err, int status);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (loop == NULL) {
        loop = loop_new();
        peer_listen(&listener);
    }
    char origin[64];
    (void)snprintf(origin, sizeof origin, "http://127.0.0.1:%u", listener.port); // always fits
    struct http_client *client = NULL;
    struct fault fault;
    const struct http_client_options options = {
        .loop = loop, .origin = origin, .connections_max = 1};
    CHECK(http_client_open(&client, &options, &fault) == OK);
    struct asked asked = {.is_in_pieces = len > 0 && data[0] == 'P'};
    ask(client, &asked);
    struct http_events *events = NULL;
    const bool is_events = len > 0 && data[0] == 'E';
    const size_t unsaid = is_events || asked.is_in_pieces ? 1 : 0;
    const uint8_t *said = data + unsaid;
    const size_t said_len = len - unsaid;
    if (is_events) {
        events = http_events_open(
            client, "/events", 200,
            &(struct http_events_handlers){
                .open = on_open, .event = on_event, .over = on_over, .ctx = &asked});
    }
    while (asked.done_count < 1 || (events != NULL && asked.overs_count < 1)) {
        struct peer peer;
        peer_accept(&peer, loop, &listener, said, said_len);
        while (!peer_is_over(&peer) &&
               (asked.done_count < 1 || (events != NULL && asked.overs_count < 1))) {
            peer_turn(&peer);
        }
        peer_close(&peer);
    }
    CHECK(asked.done_count == 1 && asked.overs_count <= 1);
    http_events_close(events);
    http_client_close(client);
    return 0;
}

static void ask(struct http_client *client, struct asked *asked)
{
    const struct http_call call = {.method = "GET",
                                   .target = "/state",
                                   .timeout_ms = 200,
                                   .answer_bytes_max = ANSWER_BYTES_MAX,
                                   .piece = asked->is_in_pieces ? on_piece : NULL,
                                   .done = on_done,
                                   .ctx = asked};
    (void)http_client_call(client, &call); // never cancelled
}

static bool on_piece(void *ctx, const struct http_head *head, const char *bytes, size_t len)
{
    struct asked *asked = ctx;
    CHECK(asked->done_count == 0 && len > 0 && bytes != NULL);
    CHECK(head->status == 200 || head->status == 206);
    asked->taken_bytes += len;
    CHECK(asked->taken_bytes <= head->content_length && head->content_length <= ANSWER_BYTES_MAX);
    return bytes[0] != '!';
}

static void on_done(void *ctx, const struct http_result *result)
{
    struct asked *asked = ctx;
    asked->done_count += 1;
    if (result->err == OK) {
        CHECK(result->head != NULL && result->status >= 100 && result->status <= 599);
        CHECK(result->body_len <= ANSWER_BYTES_MAX);
        CHECK(result->body[result->body_len] == '\0');
    }
}

static void on_open(void *ctx)
{
    (void)ctx;
}

static void on_event(void *ctx, uint64_t id, const char *event, const char *data)
{
    const struct asked *asked = ctx;
    (void)id;
    CHECK(asked->overs_count == 0);
    CHECK(strlen(event) < HTTP_EVENT_BYTES_MAX && strlen(data) < HTTP_EVENT_BYTES_MAX);
}

static void on_over(void *ctx, enum err err, int status)
{
    struct asked *asked = ctx;
    CHECK(err != OK || status != 0);
    asked->overs_count += 1;
}
