// SPDX-License-Identifier: EUPL-1.2
//
// Load on a running hub over mutual TLS: tickets issued, numbers called, and an event to the last
// of many readers. A device keeps its connection, so the clock starts when all are open. For `next`
// each client is a desk of its own: folder-1, folder-2, ...; only the calls are timed, not the
// arriving and finishing between them. hub_bench URL LOCATION CERTIFICATES-FOLDER issue|next|stream
// COUNT AMOUNT [FROM]
//   -> {"per_s":..,"p50_ms":..,"p99_ms":..}
#include "base/entropy.h"
#include "base/json.h"
#include "base/text.h"
#include "link/http_client.h"
#include "tests/bench/times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENTS_MAX = 256, SAMPLES_MAX = 200000 };

struct bench_client {
    struct http_client *client;
    struct http_events *events;
    double asked_ms;
    char ticket[UUID_TEXT_BYTES];
    int step; // of a call: next, arrived, finish
};

static struct loop *loop;
static struct bench_client clients[CLIENTS_MAX];
static int clients_count;
static const char *location;
static const char *mode;
static double samples_ms[SAMPLES_MAX];
static int samples_count;
static int samples_wanted;
static int open_count;
static int seen_count;
static double sent_ms;

static void ask(struct bench_client *client);
static void ask_one(struct bench_client *client);
static void take_step(struct bench_client *client, const struct http_result *result);

static void on_done(void *ctx, const struct http_result *result)
{
    struct bench_client *client = ctx;
    if (result->err != OK || result->status >= 300) {
        fprintf(stderr, "%s: %s %d %s\n", mode, err_name(result->err), result->status,
                result->err == OK ? result->body : "");
        exit(1);
    }
    if (text_equal(mode, "stream")) {
        return;
    }
    bool is_timed = client->step == 0;
    if (text_equal(mode, "next")) {
        take_step(client, result);
    }
    if (is_timed && samples_count < samples_wanted) {
        samples_ms[samples_count++] = now_ms() - client->asked_ms;
    }
    if (samples_count == samples_wanted) {
        loop_stop(loop);
    } else {
        ask(client);
    }
}

// A called ticket is served and finished before the desk calls again.
static void take_step(struct bench_client *client, const struct http_result *result)
{
    struct json *json = NULL;
    if (client->step == 0 && json_parse(result->body, result->body_len, &json) == OK) {
        const char *id = json_text(json_path(json, "ticket.id"));
        text_copy_cut(client->ticket, sizeof client->ticket, id == NULL ? "" : id);
    }
    json_free(json);
    client->step = (client->step + 1) % 3;
}

static void post(struct bench_client *client, const char *path, const char *body)
{
    char key[UUID_TEXT_BYTES];
    char headers[128];
    char target[256];
    entropy_uuid(key);
    (void)snprintf(headers, sizeof headers, "Idempotency-Key: %s\r\n", key);
    (void)snprintf(target, sizeof target, "/v1/locations/%s%s", location, path);
    struct http_call call = {.method = "POST",
                             .target = target,
                             .headers = headers,
                             .body = body,
                             .body_len = strlen(body),
                             .timeout_ms = 20000,
                             .may_repeat = true,
                             .done = on_done,
                             .ctx = client};
    (void)http_client_call(client->client, &call);
}

static void ask(struct bench_client *client)
{
    client->asked_ms = now_ms();
    ask_one(client);
}

// One ticket for any of the services in turn, so that no letter runs out of numbers too soon.
static void ask_one(struct bench_client *client)
{
    static unsigned turn;
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    char body[128];
    if (text_equal(mode, "next") && client->step == 0) {
        post(client, "/calls", "{\"kind\":\"next\"}");
        return;
    }
    if (text_equal(mode, "next")) {
        char path[80];
        (void)snprintf(path, sizeof path, "/tickets/%s/transitions", client->ticket);
        post(client, path,
             client->step == 1 ? "{\"action\":\"arrived\"}"
                               : "{\"action\":\"finish\",\"outcome\":\"done\"}");
        return;
    }
    (void)snprintf(body, sizeof body,
                   "{\"service\":\"%c\",\"language\":\"nl\",\"needs\":[],\"consent\":"
                   "{\"person\":false,\"request\":false,\"others\":false}}",
                   letters[turn++ % 24]);
    post(client, "/tickets", body);
}

static void on_open(void *ctx)
{
    (void)ctx;
    if (++open_count == clients_count) {
        loop_stop(loop);
    }
}

static void on_connected(void *ctx, const struct http_result *result)
{
    if (result->err != OK || result->status != 200) {
        fprintf(stderr, "health: %s %d\n", err_name(result->err), result->status);
        exit(1);
    }
    on_open(ctx);
}

static void run_connect(void)
{
    for (int i = 0; i < clients_count; i++) {
        struct http_call call = {
            .method = "GET", .target = "/v1/health", .timeout_ms = 20000, .done = on_connected};
        (void)http_client_call(clients[i].client, &call);
    }
    loop_run(loop);
    open_count = 0;
}

static void on_event(void *ctx, uint64_t id, const char *event, const char *data)
{
    (void)ctx;
    (void)id;
    (void)data;
    if (text_equal(event, "skip") && ++seen_count == clients_count) {
        samples_ms[samples_count++] = now_ms() - sent_ms;
        loop_stop(loop);
    }
}

static void on_over(void *ctx, enum err err, int status)
{
    (void)ctx;
    fprintf(stderr, "stream: %s %d\n", err_name(err), status);
    exit(1);
}

static void run_stream(int amount, uint64_t from)
{
    char target[128];
    (void)snprintf(target, sizeof target, "/v1/locations/%s/events?from=%llu", location,
                   (unsigned long long)from);
    struct http_events_handlers handlers = {.open = on_open, .event = on_event, .over = on_over};
    for (int i = 0; i < clients_count; i++) {
        clients[i].events = http_events_open(clients[i].client, target, 15000, &handlers);
    }
    loop_run(loop);
    for (int i = 0; i < amount; i++) {
        seen_count = 0;
        sent_ms = now_ms();
        ask_one(&clients[0]);
        loop_run(loop);
    }
}

static void open_client(const char *url, const char *folder, int index)
{
    static const char *const names[3] = {"ca.pem", "device.pem", "device.key"};
    char paths[3][600];
    struct fault fault = {0};
    struct tls_config *tls = NULL;
    for (int i = 0; i < 3; i++) {
        if (text_equal(mode, "next")) {
            (void)snprintf(paths[i], sizeof paths[i], "%s-%d/%s", folder, index + 1, names[i]);
        } else {
            (void)snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
        }
    }
    struct tls_options options = {
        .ca_file = paths[0], .certificate_file = paths[1], .key_file = paths[2]};
    if (tls_config_new(&tls, &options, &fault) == OK) {
        struct http_client_options own = {
            .loop = loop, .origin = url, .tls = tls, .connections_max = 1};
        if (http_client_open(&clients[index].client, &own, &fault) == OK) {
            return;
        }
    }
    fprintf(stderr, "%s\n", fault.text);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 7 && argc != 8) {
        fprintf(stderr, "usage: %s url location folder issue|next|stream count amount [from]\n",
                argv[0]);
        return 2;
    }
    location = argv[2];
    mode = argv[4];
    clients_count = (int)strtol(argv[5], NULL, 10);
    samples_wanted = (int)strtol(argv[6], NULL, 10);
    if (clients_count < 1 || clients_count > CLIENTS_MAX || samples_wanted > SAMPLES_MAX) {
        return 2;
    }
    loop = loop_new();
    for (int i = 0; i < clients_count; i++) {
        open_client(argv[1], argv[3], i);
    }
    run_connect();
    double start_ms = now_ms();
    if (text_equal(mode, "stream")) {
        run_stream(samples_wanted, argc == 8 ? strtoull(argv[7], NULL, 10) : 0);
    } else {
        for (int i = 0; i < clients_count; i++) {
            ask(&clients[i]);
        }
        loop_run(loop);
    }
    double took_ms = now_ms() - start_ms;
    qsort(samples_ms, (size_t)samples_count, sizeof samples_ms[0], by_size);
    printf("{\"per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n", samples_count / took_ms * 1e3,
           samples_ms[samples_count / 2], samples_ms[samples_count * 99 / 100]);
    return 0;
}
