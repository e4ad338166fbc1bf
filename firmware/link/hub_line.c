// SPDX-License-Identifier: EUPL-1.2
//
// The state and the stream that keeps it up to date: ask the state, follow its events, and begin
// again at a gap, at silence or when the line is cut. On the I/O thread.
#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "link/hub_client_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void ask_state(void *ctx);
static void on_state(void *ctx, const struct http_result *result);
static enum err read_state(struct hub_client *client, const struct http_result *result,
                           struct fault *fault);
static void follow(struct hub_client *client);
static void on_open(void *ctx);
static void on_event(void *ctx, uint64_t id, const char *name, const char *data);
static enum err read_event(const char *name, const char *data, struct hub_message_private *message,
                           struct fault *fault);
static void on_over(void *ctx, enum err err, int status);
static void begin_again(struct hub_client *client);
static void lose(struct hub_client *client, enum err err, int status);

void hub_line_init(struct hub_client *client)
{
    client->line.retry = loop_timer_new(client->loop, ask_state, client);
    loop_timer_start(client->line.retry, 0);
}

void hub_line_finish(struct hub_client *client)
{
    http_events_close(client->line.events);
    hub_message_free(client->line.fresh);
    loop_timer_free(client->line.retry);
    client->line = (struct hub_line){0};
}

static void ask_state(void *ctx)
{
    struct hub_client *client = ctx;
    char target[HUB_TARGET_BYTES];
    struct text text;
    text_init(&text, target, sizeof target);
    text_format(&text, "%s/state", client->hub.base);
    struct http_call call = {
        .method = "GET",
        .target = target,
        .timeout_ms = HUB_STATE_MS,
        .may_repeat = true,
        .done = on_state,
        .ctx = client,
    };
    (void)http_client_call(client->hub.http, &call); // never cancelled
}

static void on_state(void *ctx, const struct http_result *result)
{
    struct hub_client *client = ctx;
    if (result->err != OK || result->status != 200) {
        lose(client, result->err, result->status);
        return;
    }
    struct fault fault = {0};
    if (read_state(client, result, &fault) != OK) {
        log_warn("hub", "state: %s", fault.text);
        lose(client, ERR_MALFORMED, 0);
        return;
    }
    follow(client);
}

static enum err read_state(struct hub_client *client, const struct http_result *result,
                           struct fault *fault)
{
    struct json *json = NULL;
    enum err err = json_parse(result->body, result->body_len, &json);
    if (err != OK) {
        return fault_set(fault, err, "is no JSON");
    }
    struct hub_message_private *message = hub_message_new(HUB_CONNECTED);
    err = api_state_read(json, &message->state, fault);
    json_wipe_free(json);
    if (err != OK) {
        hub_message_free(message);
        return err;
    }
    hub_message_free(client->line.fresh);
    client->line.fresh = message;
    client->line.seq = message->state.seq;
    return OK;
}

static void follow(struct hub_client *client)
{
    char target[HUB_TARGET_BYTES];
    struct text text;
    text_init(&text, target, sizeof target);
    text_format(&text, "%s/events?from=%" PRIu64, client->hub.base, client->line.seq);
    struct http_events_handlers handlers = {
        .open = on_open, .event = on_event, .over = on_over, .ctx = client};
    client->line.events = http_events_open(client->hub.http, target, HUB_SILENCE_MS, &handlers);
}

// Only now is the screen connected: a state without its stream would grow old unseen.
static void on_open(void *ctx)
{
    struct hub_client *client = ctx;
    struct hub_message_private *fresh = client->line.fresh;
    client->line.fresh = NULL;
    client->line.backoff = (struct hub_backoff){0};
    client->line.is_lost = false;
    if (!hub_post(client, fresh)) {
        begin_again(client);
    }
}

static void on_event(void *ctx, uint64_t id, const char *name, const char *data)
{
    struct hub_client *client = ctx;
    if (client->line.events == NULL || id <= client->line.seq) {
        return; // begun again meanwhile, or told before
    }
    // A program that does not keep up gets one state later instead of all that happened till then.
    if (id != client->line.seq + 1 || hub_is_held(client)) {
        begin_again(client);
        return;
    }
    client->line.seq = id;
    struct hub_message_private *message = hub_message_new(HUB_EVENT);
    struct fault fault = {0};
    enum err err = read_event(name, data, message, &fault);
    if (err == OK && message->event.seq == id) {
        if (!hub_post(client, message)) {
            begin_again(client);
        }
        return;
    }
    hub_message_free(message);
    // Events of other roles, and of newer hubs, count but say nothing to us.
    if (err != ERR_UNSUPPORTED) {
        log_warn("hub", "event: %s", err == OK ? "seq: is not the id" : fault.text);
        begin_again(client);
    }
}

static enum err read_event(const char *name, const char *data, struct hub_message_private *message,
                           struct fault *fault)
{
    struct json *json = NULL;
    enum err err = json_parse(data, strlen(data), &json);
    if (err != OK) {
        return fault_set(fault, err, "is no JSON");
    }
    err = api_event_read(name, json, &message->event, fault);
    json_wipe_free(json);
    return err;
}

static void on_over(void *ctx, enum err err, int status)
{
    struct hub_client *client = ctx;
    if (client->line.events == NULL) {
        return;
    }
    if (status == 410) {
        begin_again(client);
    } else {
        lose(client, err, status);
    }
}

// The line works but we missed something: a fresh state, without alarming anyone.
static void begin_again(struct hub_client *client)
{
    http_events_close(client->line.events);
    client->line.events = NULL;
    hub_message_free(client->line.fresh);
    client->line.fresh = NULL;
    loop_timer_start(client->line.retry, hub_backoff_next_ms(&client->line.backoff));
}

static void lose(struct hub_client *client, enum err err, int status)
{
    begin_again(client);
    if (client->line.is_lost) {
        return;
    }
    client->line.is_lost = true;
    log_warn("hub", "line lost: %s, status %d", err_name(err), status);
    struct hub_message_private *message = hub_message_new(HUB_LOST);
    int64_t now_ms = clock_monotonic_ms(&client->clock);
    message->lost_since_ms = err == ERR_TIMEOUT ? now_ms - HUB_SILENCE_MS : now_ms;
    if (!hub_post(client, message)) {
        log_warn("hub", "the program takes no messages");
    }
}
