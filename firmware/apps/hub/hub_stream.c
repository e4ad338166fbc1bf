// SPDX-License-Identifier: EUPL-1.2
//
// Telling: snapshots and the stream. Every reader gets every sequence number; what its role may not
// see comes as "skip", so that a gap is always a gap.
#include "apps/hub/hub.h"

#include "base/text.h"
#include "link/http_parse.h"

#include <stdlib.h>
#include <string.h>

enum { REPLAY_EVENTS_MAX = 2000 };

struct replay {
    const struct hub *hub;
    struct hub_stream *to;
};

static void on_over(void *ctx, struct http_stream *stream);
static void on_replay(void *ctx, uint64_t seq, const char *name, struct store_blob body);
static void send_event(const struct hub *hub, struct hub_stream *to, uint64_t seq, const char *name,
                       const char *body);
static bool may_see(const struct hub *hub, const struct store_device *device, const char *name,
                    const char *body);
static void fill_services(const struct hub *hub, struct api_state *state);
static void fill_counters(const struct hub *hub, const struct store_device *device,
                          struct api_state *state);
static void fill_calls(const struct hub *hub, struct api_state *state);
static bool was_called_before(const struct ticket *left, const struct ticket *right);

void hub_get_state(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct api_state *state = calloc(1, sizeof *state);
    CHECK(state != NULL);
    state->seq = hub->event_seq;
    state->now_ms = hub_now_ms(hub);
    memcpy(state->location, hub->hall.location, sizeof state->location);
    memcpy(state->town, hub->town, sizeof state->town);
    state->has_catalogue = hub_has_catalogue(hub);
    fill_services(hub, state);
    fill_calls(hub, state);
    if (call->device->role == ROLE_COUNTER) {
        fill_counters(hub, call->device, state);
        for (size_t i = 0; i < hub->hall.tickets_count && state->tickets_count < API_TICKETS_MAX;
             i++) {
            if (ticket_is_open(&hub->hall.tickets[i])) {
                state->tickets[state->tickets_count++] = hub->hall.tickets[i];
            }
        }
    }
    // Told after everything decided before it is on the disk: the commit queue is the barrier.
    struct hub_work *work = hub_work_new(hub);
    hub_work_answer(work, call->request, NULL, 200, api_state_write(state));
    free(state);
    hub_work_commit(work);
}

void hub_get_events(struct hub_call *call)
{
    struct hub *hub = call->hub;
    char words[24];
    int64_t from = 0;
    enum err err =
        http_request_header(call->request, "Last-Event-ID", words, sizeof words) == OK
            ? OK
            : http_query_get(http_request_query(call->request), "from", words, sizeof words);
    if (err != OK || text_to_int64(words, 0, INT64_MAX / 2, &from) != OK) {
        hub_refuse(call, 400, "bad_request");
        return;
    }
    if (hub->streams_count == HUB_STREAMS_MAX) {
        hub_refuse(call, 503, "full");
        return;
    }
    // A state may have been told that is still being written; then its events are yet to come.
    bool is_ahead = (uint64_t)from > hub->committed_seq && (uint64_t)from <= hub->event_seq;
    struct hub_stream *to = &hub->streams[hub->streams_count];
    *to = (struct hub_stream){.device = *call->device, .told_seq = (uint64_t)from};
    struct replay replay = {.hub = hub, .to = to};
    if (!is_ahead) {
        err = hub->store->ops->events(hub->store, (uint64_t)from, 0, NULL, NULL);
    }
    bool is_far_behind = (uint64_t)from + REPLAY_EVENTS_MAX < hub->committed_seq;
    if (!is_ahead && (err == ERR_GONE || is_far_behind)) {
        hub_refuse(call, 410, "gone"); // the state is shorter than what happened since
        return;
    }
    to->stream = http_stream_start(call->request, on_over, hub);
    hub->streams_count += 1;
    if (!is_ahead && hub->store->ops->events(hub->store, (uint64_t)from, REPLAY_EVENTS_MAX,
                                             on_replay, &replay) != OK) {
        http_stream_cut(to->stream); // the reader comes back and asks for the state
    }
}

void hub_stream_tell(struct hub *hub, uint64_t seq, const char *name, const char *body)
{
    for (size_t i = 0; i < hub->streams_count; i++) {
        send_event(hub, &hub->streams[i], seq, name, body);
    }
}

void hub_streams_close(struct hub *hub)
{
    while (hub->streams_count > 0) {
        hub->streams_count -= 1;
        http_stream_close(hub->streams[hub->streams_count].stream);
    }
}

void hub_streams_end_revoked(struct hub *hub)
{
    for (size_t i = hub->streams_count; i > 0; i--) {
        struct http_stream *stream = hub->streams[i - 1].stream;
        struct store_device device;
        if (!hub_find_device(hub, hub->streams[i - 1].device.fingerprint, &device)) {
            on_over(hub, stream); // the last one takes its place, and was looked at already
            http_stream_close(stream);
        }
    }
}

static void on_over(void *ctx, struct http_stream *stream)
{
    struct hub *hub = ctx;
    for (size_t i = 0; i < hub->streams_count; i++) {
        if (hub->streams[i].stream == stream) {
            hub->streams_count -= 1;
            hub->streams[i] = hub->streams[hub->streams_count];
            return;
        }
    }
}

static void on_replay(void *ctx, uint64_t seq, const char *name, struct store_blob body)
{
    struct replay *replay = ctx;
    char *words = malloc(body.len + 1);
    CHECK(words != NULL);
    memcpy(words, body.data, body.len);
    words[body.len] = '\0';
    send_event(replay->hub, replay->to, seq, name, words);
    free(words);
}

static void send_event(const struct hub *hub, struct hub_stream *to, uint64_t seq, const char *name,
                       const char *body)
{
    if (seq <= to->told_seq) {
        return; // read from the store before its commit was told
    }
    to->told_seq = seq;
    if (may_see(hub, &to->device, name, body)) {
        http_stream_send(to->stream, seq, name, body);
    } else {
        http_stream_send(to->stream, seq, "skip", "{}");
    }
}

static bool may_see(const struct hub *hub, const struct store_device *device, const char *name,
                    const char *body)
{
    if (text_equal(name, "ticket") || text_equal(name, "counter")) {
        return device->role == ROLE_COUNTER;
    }
    if (text_equal(name, "visit")) {
        // Only the kiosk it is for: no other needs to know that anybody came.
        struct json *json = NULL;
        bool is_own = false;
        if (json_parse(body, strlen(body), &json) == OK) {
            const char *id = json_get_text(json, "visit");
            const struct visit *visit = id == NULL ? NULL : hall_find_visit(&hub->hall, id);
            is_own = visit != NULL && text_equal(visit->kiosk, device->id);
        }
        json_free(json);
        return is_own;
    }
    bool is_upload = text_equal(name, "upload");
    if (is_upload || text_equal(name, "form")) {
        struct json *json = NULL;
        bool may_hear =
            json_parse(body, strlen(body), &json) == OK &&
            (is_upload ? hub_upload_may_hear : hub_form_may_hear)(hub, device->id, json);
        json_free(json);
        return may_hear;
    }
    return true;
}

static void fill_services(const struct hub *hub, struct api_state *state)
{
    for (size_t i = 0; i < hub->hall.services_count; i++) {
        struct api_state_service *to = &state->services[state->services_count++];
        const struct service *service = &hub->hall.services[i];
        to->letter = service->letter;
        memcpy(to->id, service->id, sizeof to->id);
        memcpy(to->names, hub->names[i], sizeof to->names);
        to->subject = hub->subjects[i];
        to->wait = wait_estimate(&hub->hall, NULL, service->letter, hub_now_ms(hub));
        to->waiting = (unsigned)queue_count(&hub->hall.queues[i]);
    }
}

static void fill_counters(const struct hub *hub, const struct store_device *device,
                          struct api_state *state)
{
    for (size_t i = 0; i < hub->hall.counters_count; i++) {
        const struct counter *counter = &hub->hall.counters[i];
        state->counters[i] = *counter;
        state->counters_count += 1;
        if (text_equal(counter->desk, device->desk)) {
            text_copy_cut(state->counter_staff_name[i], sizeof state->counter_staff_name[i],
                          hub_staff_name(hub, counter->staff));
        }
    }
}

// The last calls of the day, newest first.
static void fill_calls(const struct hub *hub, struct api_state *state)
{
    const struct ticket *last = NULL;
    while (state->calls_count < API_CALLS_MAX) {
        const struct ticket *best = NULL;
        for (size_t i = 0; i < hub->hall.tickets_count; i++) {
            const struct ticket *ticket = &hub->hall.tickets[i];
            bool was_called = ticket->called_ms != 0 && ticket->desk[0] != '\0';
            if (was_called && (last == NULL || was_called_before(ticket, last)) &&
                (best == NULL || was_called_before(best, ticket))) {
                best = ticket;
            }
        }
        if (best == NULL) {
            return;
        }
        struct api_state_call *call = &state->calls[state->calls_count++];
        memcpy(call->number, best->number, sizeof call->number);
        memcpy(call->desk, best->desk, sizeof call->desk);
        call->called_ms = best->called_ms;
        call->calls_count = best->calls_count;
        last = best;
    }
}

// Two desks may call in the same millisecond.
static bool was_called_before(const struct ticket *left, const struct ticket *right)
{
    return left->called_ms != right->called_ms ? left->called_ms < right->called_ms
                                               : left->seq < right->seq;
}
