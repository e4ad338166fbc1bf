// SPDX-License-Identifier: EUPL-1.2
//
// Group commit: whatever is decided while a transaction is being written forms the next one. An
// answer leaves only after its transaction is on the disk; events after the answers.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WORK_CHANGES_MAX = 24,
    WORK_BLOBS_MAX = 24,
    WORK_EVENTS_MAX = 8,
};

// Large, and one a request: kept for the next when done, with nothing in it but zeros.
struct hub_work {
    struct hub *hub;
    struct hub_work *next;
    struct store_change changes[WORK_CHANGES_MAX];
    size_t changes_count;
    void *blobs[WORK_BLOBS_MAX];
    size_t blob_lens[WORK_BLOBS_MAX];
    size_t blobs_count;
    struct {
        uint64_t seq;
        const char *name; // constant
        const char *body; // in blobs
    } events[WORK_EVENTS_MAX];
    size_t events_count;
    const char *contact; // in blobs; goes to the register once this is on the disk; may be NULL
    char contact_key[UUID_TEXT_BYTES];
    void (*then)(struct hub *hub, const char *id); // once it is on the disk; may be NULL
    char then_id[UUID_TEXT_BYTES];
    struct http_request *request; // NULL: nobody waits
    struct hub_key *entry;
    int status;
    char *body;
    size_t body_len;
};

struct hub_batch {
    struct hub_batch *next; // of the written, or of the spare ones
    struct hub_work *first;
    struct hub_work *last;
    size_t works_count;
    struct store_change *changes;
    size_t changes_count;
    size_t changes_size;
    int64_t written_us; // how long that took
    enum err err;
    struct fault fault;
};

static void *commit_main(void *ctx);
static int64_t now_us(void);
static void on_committed(void *ctx);
static void keep_disk_busy(struct hub *hub);
static void take_batch(struct hub *hub, struct hub_batch *batch);
static void send_batch(struct hub *hub);
static void tell_written(struct hub *hub);
static void finish_batch(struct hub *hub, struct hub_batch *batch);
static void tell(struct hub_work *work);
static void refuse(struct hub_work *work);
static void work_free(struct hub_work *work);
static struct hub_batch *batch_new(struct hub *hub);
static void batch_free(struct hub *hub, struct hub_batch *batch);
static void free_spares(struct hub *hub);
static void *work_keep(struct hub_work *work, size_t len);
static void add_changes(struct hub_batch *batch, const struct hub_work *work);
static void effect_contact(struct hub_work *work, const struct hall_effect *effect,
                           struct json *contact);

struct hub_work *hub_work_new(struct hub *hub)
{
    struct hub_work *work = hub->spare_works;
    if (work != NULL) {
        hub->spare_works = work->next;
        work->next = NULL;
    } else {
        work = calloc(1, sizeof *work);
        CHECK(work != NULL);
    }
    work->hub = hub;
    return work;
}

void hub_work_answer(struct hub_work *work, struct http_request *request, struct hub_key *entry,
                     int status, struct json *body)
{
    CHECK(work->body == NULL);

    work->request = request;
    work->entry = entry;
    work->status = status;
    work->body = json_write_new(body);
    work->body_len = strlen(work->body);
    json_wipe_free(body);
    if (entry != NULL) {
        hub_key_answered(work->hub, entry, status, work->body, work->body_len, work);
    }
}

struct store_change *hub_work_change(struct hub_work *work, enum store_change_kind kind)
{
    CHECK(work->changes_count < WORK_CHANGES_MAX);

    struct store_change *change = &work->changes[work->changes_count++];
    change->kind = kind;
    return change;
}

struct store_blob hub_work_seal(struct hub_work *work, const char *kind, const char *id,
                                const void *data, size_t len)
{
    char bound_to[200];
    hub_seal_bound_to(work->hub, kind, id, bound_to, sizeof bound_to);
    uint8_t *sealed = work_keep(work, len + CRYPTO_SEAL_BYTES);
    uint8_t key[CRYPTO_KEY_BYTES];
    hub_seal_key(work->hub, kind, key);
    crypto_seal(key, bound_to, data, len, sealed);
    wipe(key, sizeof key);
    return (struct store_blob){.data = sealed, .len = len + CRYPTO_SEAL_BYTES};
}

struct store_blob hub_work_keep_bytes(struct hub_work *work, const void *data, size_t len)
{
    uint8_t *copy = work_keep(work, len);
    memcpy(copy, data, len);
    return (struct store_blob){.data = copy, .len = len};
}

struct store_blob hub_work_seal_json(struct hub_work *work, const char *kind, const char *id,
                                     struct json *json)
{
    char *words = json_write_new(json);
    size_t len = strlen(words);
    struct store_blob blob = hub_work_seal(work, kind, id, words, len);
    wipe(words, len);
    free(words);
    json_wipe_free(json);
    return blob;
}

void hub_work_event(struct hub_work *work, const struct api_event *event)
{
    CHECK(work->events_count < WORK_EVENTS_MAX);

    const char *name = NULL;
    struct api_event numbered = *event;
    numbered.seq = ++work->hub->event_seq;
    struct json *json = api_event_write(&numbered, &name);
    char *words = json_write_new(json);
    json_free(json);
    size_t len = strlen(words);
    char *body = work_keep(work, len + 1);
    memcpy(body, words, len + 1);
    free(words);
    work->events[work->events_count].seq = numbered.seq;
    work->events[work->events_count].name = name;
    work->events[work->events_count].body = body;
    work->events_count += 1;
    struct store_change *change = hub_work_change(work, STORE_EVENT);
    change->event.seq = numbered.seq;
    change->event.when_ms = hub_now_ms(work->hub);
    text_copy_cut(change->event.name, sizeof change->event.name, name);
    change->event.body = (struct store_blob){.data = (const uint8_t *)body, .len = len};
}

void hub_work_effects(struct hub_work *work, const struct hall_effects *effects,
                      struct json *context, struct json *contact)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct hall_effect *effect = &effects->list[i];
        switch (effect->kind) {
        case EFFECT_DAY:
            hub_work_change(work, STORE_DAY)->day = work->hub->hall.day;
            hub_work_event(work, &(struct api_event){.kind = API_EVENT_DAY});
            break;
        case EFFECT_VISIT:
            break; // its private half is put beside it by hub_visits.c
        case EFFECT_TICKET:
            hub_work_change(work, STORE_TICKET)->ticket = *effect->ticket;
            hub_work_event(
                work, &(struct api_event){.kind = API_EVENT_TICKET, .ticket = *effect->ticket});
            break;
        case EFFECT_COUNTER:
            hub_work_change(work, STORE_COUNTER)->counter = *effect->counter;
            hub_work_event(
                work, &(struct api_event){.kind = API_EVENT_COUNTER, .counter = *effect->counter});
            break;
        case EFFECT_SERVICE:
            hub_work_change(work, STORE_SERVICE)->service = *effect->service;
            break;
        case EFFECT_CALL: {
            struct api_event call = {.kind = API_EVENT_CALL};
            work->hub->fleet->counts.calls += 1;
            call.call.called_ms = effect->ticket->called_ms;
            call.call.calls_count = effect->ticket->calls_count;
            memcpy(call.call.number, effect->ticket->number, sizeof call.call.number);
            memcpy(call.call.desk, effect->ticket->desk, sizeof call.call.desk);
            hub_work_event(work, &call);
            break;
        }
        case EFFECT_CONTEXT_KEEP: {
            CHECK(context != NULL);
            struct store_blob blob =
                hub_work_seal_json(work, "context", effect->ticket->id, context);
            struct store_change *change = hub_work_change(work, STORE_CONTEXT);
            memcpy(change->context.ticket, effect->ticket->id, sizeof change->context.ticket);
            change->context.blob = blob;
            break;
        }
        case EFFECT_CONTEXT_ERASE: {
            struct store_change *change = hub_work_change(work, STORE_CONTEXT_ERASE);
            memcpy(change->context.ticket, effect->ticket->id, sizeof change->context.ticket);
            break;
        }
        case EFFECT_CONTACT:
            effect_contact(work, effect, contact);
            break;
        }
    }
}

void hub_work_audit(struct hub_work *work, const char *action, const char *object,
                    const char *result, const char *origin, const char *actor)
{
    struct store_audit *audit = &hub_work_change(work, STORE_AUDIT)->audit;
    text_copy_cut(audit->action, sizeof audit->action, action);
    text_copy_cut(audit->object, sizeof audit->object, object);
    text_copy_cut(audit->result, sizeof audit->result, result);
    text_copy_cut(audit->origin, sizeof audit->origin, origin);
    text_copy_cut(audit->actor, sizeof audit->actor, actor);
    audit->when_ms = hub_now_ms(work->hub);
}

void hub_work_then(struct hub_work *work, void (*then)(struct hub *hub, const char *id),
                   const char *id)
{
    work->then = then;
    CHECK(text_copy(work->then_id, sizeof work->then_id, id) == OK);
}

void hub_work_commit(struct hub_work *work)
{
    struct hub *hub = work->hub;
    if (work->changes_count == 0 && hub->gathering == NULL && hub->writing == NULL &&
        hub->written == NULL) {
        tell(work); // only a question, and everything told is on the disk
        work_free(work);
        return;
    }
    if (hub->gathering == NULL) {
        hub->gathering = batch_new(hub);
    }
    struct hub_batch *batch = hub->gathering;
    if (batch->last == NULL) {
        batch->first = work;
    } else {
        batch->last->next = work;
    }
    batch->last = work;
    batch->works_count += 1;
    add_changes(batch, work);
    keep_disk_busy(hub);
}

enum err hub_commit_start(struct hub *hub)
{
    hub->committed = loop_bell_new(hub->loop, on_committed, hub);
    mailbox_init(&hub->to_commit, hub->to_commit_slots, sizeof hub->to_commit_slots[0], 2, NULL,
                 NULL);
    mailbox_init(&hub->from_commit, hub->from_commit_slots, sizeof hub->from_commit_slots[0], 2,
                 loop_bell_ring, hub->committed);
    CHECK(pthread_create(&hub->commit_thread, NULL, commit_main, hub) == 0);
    return OK;
}

void hub_commit_stop(struct hub *hub)
{
    if (hub->committed == NULL) {
        return;
    }
    while (hub->writing != NULL || hub->written != NULL) {
        tell_written(hub); // may decide more
        if (hub->writing != NULL) {
            struct hub_batch *batch = NULL; // and what was decided meanwhile is the next one
            mailbox_wait(&hub->from_commit, &batch);
            take_batch(hub, batch);
        }
    }
    struct hub_batch *nothing = NULL;
    CHECK(mailbox_send(&hub->to_commit, &nothing) == OK);
    CHECK(pthread_join(hub->commit_thread, NULL) == 0);
    loop_bell_free(hub->committed);
    hub->committed = NULL;
    mailbox_finish(&hub->to_commit);
    mailbox_finish(&hub->from_commit);
    for (struct hub_work *work = hub->gathering == NULL ? NULL : hub->gathering->first;
         work != NULL;) {
        struct hub_work *next = work->next;
        refuse(work);
        work_free(work);
        work = next;
    }
    if (hub->gathering != NULL) {
        batch_free(hub, hub->gathering);
        hub->gathering = NULL;
    }
    free_spares(hub);
}

static void *commit_main(void *ctx)
{
    struct hub *hub = ctx;
    for (;;) {
        struct hub_batch *batch = NULL;
        mailbox_wait(&hub->to_commit, &batch);
        if (batch == NULL) {
            return NULL;
        }
        const int64_t begin_us = now_us();
        batch->err = batch->changes_count == 0
                         ? OK
                         : hub->store->ops->apply(hub->store, batch->changes, batch->changes_count,
                                                  &batch->fault);
        batch->written_us = now_us() - begin_us;
        CHECK(mailbox_send(&hub->from_commit, &batch) == OK);
    }
}

static int64_t now_us(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void on_committed(void *ctx)
{
    struct hub *hub = ctx;
    keep_disk_busy(hub);
    tell_written(hub);
}

// Also looked at between two requests and two answers: the bell comes only when all that was ready
// has had its turn, and the disk would stand still until then.
static void keep_disk_busy(struct hub *hub)
{
    struct hub_batch *batch = NULL;
    if (hub->writing == NULL && hub->gathering != NULL && !hub->has_failed) {
        send_batch(hub);
    } else if (mailbox_take(&hub->from_commit, &batch) == OK) {
        take_batch(hub, batch);
    }
}

static void take_batch(struct hub *hub, struct hub_batch *batch)
{
    CHECK(hub->writing == batch);
    hub->writing = NULL;
    if (batch->changes_count > 0) {
        hub_count_commit(hub, batch->written_us);
    }
    struct hub_batch **end = &hub->written;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = batch;
    if (batch->err != OK && !hub->has_failed) {
        // Memory is now ahead of the disk: stop, and let the supervisor start us from the store.
        hub->has_failed = true;
        hub->fault = batch->fault;
        loop_stop(hub->loop);
    }
    if (hub->gathering != NULL && !hub->has_failed) {
        send_batch(hub);
    }
}

static void send_batch(struct hub *hub)
{
    hub->writing = hub->gathering;
    hub->gathering = NULL;
    CHECK(mailbox_send(&hub->to_commit, &hub->writing) == OK);
}

static void tell_written(struct hub *hub)
{
    while (hub->written != NULL) {
        struct hub_batch *batch = hub->written;
        hub->written = batch->next;
        finish_batch(hub, batch);
    }
}

static void finish_batch(struct hub *hub, struct hub_batch *batch)
{
    for (struct hub_work *work = batch->first; work != NULL; work = work->next) {
        if (batch->err == OK) {
            tell(work);
        } else {
            refuse(work);
        }
        keep_disk_busy(hub);
    }
    struct hub_work *work = batch->first;
    while (work != NULL) {
        struct hub_work *next = work->next;
        for (size_t i = 0; batch->err == OK && i < work->events_count; i++) {
            hub->committed_seq = work->events[i].seq;
            hub_stream_tell(hub, work->events[i].seq, work->events[i].name, work->events[i].body);
        }
        work_free(work);
        work = next;
    }
    batch_free(hub, batch);
}

static void tell(struct hub_work *work)
{
    if (work->then != NULL) {
        work->then(work->hub, work->then_id);
    }
    if (work->contact != NULL) {
        hub_outbox_put(work->hub, work->contact_key, work->contact);
    }
    if (work->body == NULL) {
        return;
    }
    if (work->entry != NULL) {
        hub_key_release(work->hub, work->entry, work->status, work->body, work->body_len);
    }
    if (work->request != NULL) {
        http_reply(work->request,
                   &(struct http_answer){
                       .status = work->status,
                       .content_type = work->status >= 400 ? "application/problem+json" : NULL,
                       .body = work->body,
                       .body_len = work->body_len});
    }
    work->request = NULL;
}

static void refuse(struct hub_work *work)
{
    if (work->request != NULL) {
        http_reply_problem(work->request, 503, "storage", NULL);
    }
    work->request = NULL;
}

static void work_free(struct hub_work *work)
{
    for (size_t i = 0; i < work->blobs_count; i++) {
        wipe(work->blobs[i], work->blob_lens[i]);
        free(work->blobs[i]);
    }
    if (work->body != NULL) {
        wipe(work->body, work->body_len);
        free(work->body);
    }
    struct hub *hub = work->hub;
    wipe(work->changes, work->changes_count * sizeof work->changes[0]);
    memset(&work->changes_count, 0, sizeof *work - offsetof(struct hub_work, changes_count));
    work->next = hub->spare_works;
    hub->spare_works = work;
}

static struct hub_batch *batch_new(struct hub *hub)
{
    struct hub_batch *batch = hub->spare_batches;
    if (batch != NULL) {
        hub->spare_batches = batch->next;
        batch->next = NULL;
        return batch;
    }
    batch = calloc(1, sizeof *batch);
    CHECK(batch != NULL);
    return batch;
}

static void batch_free(struct hub *hub, struct hub_batch *batch)
{
    wipe(batch->changes, batch->changes_count * sizeof batch->changes[0]);
    *batch = (struct hub_batch){
        .next = hub->spare_batches, .changes = batch->changes, .changes_size = batch->changes_size};
    hub->spare_batches = batch;
}

static void free_spares(struct hub *hub)
{
    while (hub->spare_works != NULL) {
        struct hub_work *next = hub->spare_works->next;
        free(hub->spare_works);
        hub->spare_works = next;
    }
    while (hub->spare_batches != NULL) {
        struct hub_batch *next = hub->spare_batches->next;
        free(hub->spare_batches->changes);
        free(hub->spare_batches);
        hub->spare_batches = next;
    }
}

static void *work_keep(struct hub_work *work, size_t len)
{
    CHECK(work->blobs_count < WORK_BLOBS_MAX);

    void *memory = malloc(len == 0 ? 1 : len);
    CHECK(memory != NULL);
    work->blobs[work->blobs_count] = memory;
    work->blob_lens[work->blobs_count] = len;
    work->blobs_count += 1;
    return memory;
}

static void add_changes(struct hub_batch *batch, const struct hub_work *work)
{
    if (batch->changes_count + work->changes_count > batch->changes_size) {
        batch->changes_size = (batch->changes_count + work->changes_count) * 2;
        batch->changes = realloc(batch->changes, batch->changes_size * sizeof batch->changes[0]);
        CHECK(batch->changes != NULL);
    }
    if (work->changes_count > 0) {
        memcpy(batch->changes + batch->changes_count, work->changes,
               work->changes_count * sizeof work->changes[0]);
    }
    batch->changes_count += work->changes_count;
}

// The contact lies sealed beside the ticket's end; the outbox takes it once that is on the disk.
static void effect_contact(struct hub_work *work, const struct hall_effect *effect,
                           struct json *contact)
{
    if (contact == NULL) {
        return; // nobody is known and nothing is left to do: no contact is registered
    }
    char *words = json_write_new(contact);
    size_t len = strlen(words);
    struct store_blob blob = hub_work_seal(work, "outbox", effect->ticket->id, words, len);
    struct store_change *change = hub_work_change(work, STORE_OUTBOX);
    memcpy(change->outbox.key, effect->ticket->id, sizeof change->outbox.key);
    change->outbox.when_ms = hub_now_ms(work->hub);
    change->outbox.blob = blob;
    work->contact = (const char *)hub_work_keep_bytes(work, words, len + 1).data;
    memcpy(work->contact_key, effect->ticket->id, sizeof work->contact_key);
    wipe(words, len);
    free(words);
    json_wipe_free(contact);
}
