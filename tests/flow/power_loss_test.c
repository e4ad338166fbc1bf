// SPDX-License-Identifier: EUPL-1.2
//
// A thousand power losses under the real store with the real SQLite. A hall's work of random kind
// and size is written; at a random write, size, sync or removal the power goes; what the disk kept
// is opened again and held against a store in memory that was given exactly what was confirmed.
// Nothing confirmed may be missing, nothing may be half there. The same test on a disk that lies
// about syncs, and with syncs left out, must lose something: then it could have seen it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "adapters/store_sqlite.h"
#include "base/text.h"
#include "tests/fakes/crash_vfs.h"
#include "tests/fakes/store_fake.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORLDS = 20, // each from an empty disk
    LOSSES_A_WORLD = 50,
    LOSSES_WHEN_BROKEN = 100, // at most; one found is enough
    DAY = 20000,
    SERVICES = 6,
    TICKETS_MAX = 120, // a day; then the next one begins
    CHANGES_MAX = 64,
    BLOBS_MAX = 32,
    BLOB_BYTES_MAX = 5000,
    WORKS_MAX = 4, // decided during one commit
    CHECKPOINT_NEAR = 1990,
};

#define START_MS INT64_C(1728000000000)
#define PATH "/hall/hub.db"

// The hall as its hub would hold it: enough to make rows that could be.
struct hall_now {
    int64_t day;
    uint64_t event_seq;
    uint64_t audit_rows;
    uint32_t ids;
    struct ticket tickets[TICKETS_MAX];
    size_t tickets_count;
    unsigned last_numbers[SERVICES];
};

struct batch {
    struct store_change changes[CHANGES_MAX];
    size_t changes_count;
    uint8_t bytes[BLOBS_MAX][BLOB_BYTES_MAX];
    size_t blobs_count;
};

// Everything a store tells, folded; rows in any order give the same.
struct picture {
    uint64_t rows; // of all tables
    uint64_t rows_count;
    uint64_t events;
    uint64_t events_last;
    bool events_are_dense;
    uint64_t contexts;
    uint64_t audit_rows;
    bool audit_holds;
    bool is_loaded;
    bool has_number_twice;
    bool numbers[SERVICES][TICKET_NUMBER_MAX + 1];
    int64_t numbers_day;
};

struct world {
    struct hall_now now;    // after the batch in flight
    struct hall_now before; // before it
    struct batch batch;
    struct store_fake_place place; // exactly what was confirmed
    struct store_fake sure;
    struct store_sqlite store;
    bool leaves_syncs_out;
    unsigned losses;
    unsigned deaths;
    unsigned confirmed;
    unsigned in_flight_kept;
    unsigned in_flight_gone;
};

// --- a picture of a store

static uint64_t fold(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    for (size_t at = 0; at < len; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, bytes + at, len - at < sizeof word ? len - at : sizeof word);
        hash = (hash ^ word) * UINT64_C(1099511628211);
        hash ^= hash >> 29;
    }
    return hash ^ len;
}

static uint64_t fold_words(const char *words)
{
    return fold(UINT64_C(14695981039346656037), words, strlen(words));
}

static void add_row(struct picture *picture, const char *words, struct store_blob blob)
{
    picture->rows += fold(fold_words(words), blob.data, blob.len);
    picture->rows_count += 1;
}

static void on_ticket(void *ctx, const struct ticket *t)
{
    struct picture *picture = ctx;
    char words[400];
    (void)snprintf(words, sizeof words, "t%s%s%s%c%s,%u,%lld,%lld,%d,%d,%s,%s,%lld,%u,%u,%d,%u,%u",
                   t->id, t->visit, t->request, t->service, t->number, t->seq,
                   (long long)t->issued_ms, (long long)t->due_ms, (int)t->state,
                   (int)t->print_state, t->desk, t->desk_only, (long long)t->called_ms,
                   t->calls_count, t->returns_count, (int)t->level, t->needs, t->version);
    add_row(picture, words, (struct store_blob){0});
    int64_t number = 0;
    assert_int_equal(text_to_int64(t->number + 1, 1, TICKET_NUMBER_MAX, &number), OK);
    bool *is_given = &picture->numbers[t->number[0] - 'A'][number];
    picture->has_number_twice = picture->has_number_twice || *is_given;
    *is_given = true;
}

static void on_visit(void *ctx, const struct visit *v, struct store_blob blob)
{
    char words[200];
    (void)snprintf(words, sizeof words, "v%s%s,%d,%u,%lld,%u", v->id, v->kiosk, (int)v->state,
                   v->evidence.kinds, (long long)v->opened_ms, v->second_fact_tries);
    add_row(ctx, words, blob);
}

static void on_counter(void *ctx, const struct counter *c)
{
    char words[200];
    (void)snprintf(words, sizeof words, "c%s,%d,%s,%s", c->desk, (int)c->state, c->staff,
                   c->ticket);
    add_row(ctx, words, (struct store_blob){0});
}

static void on_service(void *ctx, const struct service *s)
{
    char words[100];
    (void)snprintf(words, sizeof words, "s%c,%lld,%u,%u", s->letter, (long long)s->mean_ms,
                   s->served_count, s->last_number);
    add_row(ctx, words, (struct store_blob){0});
}

static void on_outbox(void *ctx, const char *key, int64_t when_ms, struct store_blob blob)
{
    char words[100];
    (void)snprintf(words, sizeof words, "o%s,%lld", key, (long long)when_ms);
    add_row(ctx, words, blob);
}

static void on_answer(void *ctx, const char *key, const char *device, const uint8_t *request_hash,
                      int status, struct store_blob body)
{
    char words[200];
    (void)snprintf(words, sizeof words, "a%s,%s,%02x,%d", key, device, request_hash[0], status);
    add_row(ctx, words, body);
}

static void on_day_key(void *ctx, int64_t day, struct store_blob wrapped)
{
    char words[40];
    (void)snprintf(words, sizeof words, "k%lld", (long long)day);
    add_row(ctx, words, wrapped);
}

static void on_event(void *ctx, uint64_t seq, const char *name, struct store_blob body)
{
    struct picture *picture = ctx;
    picture->events_are_dense = picture->events_are_dense && seq == picture->events_last + 1;
    picture->events_last = seq;
    picture->events = fold(picture->events ^ fold_words(name), body.data, body.len);
}

static void on_context(void *ctx, struct store_blob blob)
{
    struct picture *picture = ctx;
    picture->contexts += fold(fold_words("x"), blob.data, blob.len);
}

static void take_picture(struct store *store, const struct hall_now *now, struct picture *picture)
{
    const struct store_loader loader = {.ticket = on_ticket,
                                        .visit = on_visit,
                                        .counter = on_counter,
                                        .service = on_service,
                                        .outbox = on_outbox,
                                        .answer = on_answer,
                                        .day_key = on_day_key,
                                        .ctx = picture};
    *picture = (struct picture){.events_are_dense = true};
    struct fault fault = {0};
    picture->is_loaded = true;
    for (int64_t day = now->day > DAY ? now->day - 1 : now->day; day <= now->day; day++) {
        memset(picture->numbers, 0, sizeof picture->numbers);
        picture->is_loaded =
            picture->is_loaded && store->ops->load(store, day, &loader, &fault) == OK;
    }
    // From where events are still kept: all of them when few, else the last ones.
    uint64_t from = now->event_seq > 4000 ? now->event_seq - 4000 : 0;
    picture->events_last = from;
    picture->is_loaded =
        picture->is_loaded && store->ops->events(store, from, 100000, on_event, picture) == OK;
    for (size_t i = 0; i < now->tickets_count; i++) {
        (void)store->ops->context(store, now->tickets[i].id, on_context, picture); // may be none
    }
    uint64_t bad_row = 0;
    picture->audit_holds =
        store->ops->audit_check(store, &picture->audit_rows, &bad_row, &fault) == OK;
}

static bool is_same(const struct picture *left, const struct picture *right)
{
    return left->is_loaded && right->is_loaded && left->rows == right->rows &&
           left->rows_count == right->rows_count && left->events == right->events &&
           left->events_last == right->events_last && left->contexts == right->contexts &&
           left->audit_rows == right->audit_rows;
}

// --- work of a hall

static void next_id(struct hall_now *now, char out[UUID_TEXT_BYTES])
{
    now->ids += 1;
    (void)snprintf(out, UUID_TEXT_BYTES, "%08x-0000-4000-8000-%012x", now->ids * 2654435761U,
                   now->ids);
}

static struct store_change *add(struct batch *batch, enum store_change_kind kind)
{
    assert_true(batch->changes_count < CHANGES_MAX);
    struct store_change *change = &batch->changes[batch->changes_count++];
    *change = (struct store_change){.kind = kind};
    return change;
}

static struct store_blob blob(struct batch *batch, uint32_t len_max)
{
    assert_true(batch->blobs_count < BLOBS_MAX);
    uint8_t *bytes = batch->bytes[batch->blobs_count++];
    size_t len = 1 + crash_vfs_chance(len_max);
    for (size_t at = 0; at < len; at += sizeof(uint32_t)) {
        uint32_t word = crash_vfs_chance(UINT32_MAX);
        memcpy(bytes + at, &word, len - at < sizeof word ? len - at : sizeof word);
    }
    return (struct store_blob){.data = bytes, .len = len};
}

static void add_event(struct world *world, const char *name)
{
    struct store_change *change = add(&world->batch, STORE_EVENT);
    assert_true(world->batch.blobs_count < BLOBS_MAX);
    char *words = (char *)world->batch.bytes[world->batch.blobs_count++];
    change->event.seq = ++world->now.event_seq;
    change->event.when_ms = START_MS + (int64_t)world->now.event_seq;
    int len =
        snprintf(words, BLOB_BYTES_MAX, "{\"seq\":%llu}", (unsigned long long)change->event.seq);
    change->event.body = (struct store_blob){(const uint8_t *)words, (size_t)len};
    text_copy_cut(change->event.name, sizeof change->event.name, name);
}

static void add_audit(struct world *world, const char *action, const char *object)
{
    struct store_audit *audit = &add(&world->batch, STORE_AUDIT)->audit;
    text_copy_cut(audit->action, sizeof audit->action, action);
    text_copy_cut(audit->object, sizeof audit->object, object);
    text_copy_cut(audit->result, sizeof audit->result, "done");
    text_copy_cut(audit->origin, sizeof audit->origin, "kiosk-1");
    text_copy_cut(audit->actor, sizeof audit->actor, "visitor");
    audit->when_ms = START_MS;
    world->now.audit_rows += 1;
}

static void add_answer(struct world *world)
{
    struct store_change *change = add(&world->batch, STORE_ANSWER);
    next_id(&world->now, change->answer.key);
    text_copy_cut(change->answer.device, sizeof change->answer.device, "kiosk-1");
    memset(change->answer.request_hash, (int)crash_vfs_chance(256),
           sizeof change->answer.request_hash);
    change->answer.status = 201;
    change->answer.body = blob(&world->batch, 900);
}

static void change_ticket(struct world *world, struct ticket *ticket, enum ticket_state state)
{
    ticket->state = state;
    ticket->version += 1;
    add(&world->batch, STORE_TICKET)->ticket = *ticket;
    add_event(world, "ticket");
}

static void issue(struct world *world)
{
    struct hall_now *now = &world->now;
    if (now->tickets_count == TICKETS_MAX) {
        return;
    }
    unsigned at = crash_vfs_chance(SERVICES);
    struct ticket *ticket = &now->tickets[now->tickets_count++];
    *ticket = (struct ticket){.service = (char)('A' + at),
                              .seq = (uint32_t)now->tickets_count,
                              .issued_ms = START_MS,
                              .due_ms = START_MS + (int64_t)now->tickets_count,
                              .language = "nl",
                              .has_context = crash_vfs_chance(2) == 0};
    next_id(now, ticket->id);
    ticket_number(ticket->service, ++now->last_numbers[at], ticket->number);
    change_ticket(world, ticket, TICKET_WAITING);
    add(&world->batch, STORE_SERVICE)->service =
        (struct service){.letter = ticket->service, .last_number = now->last_numbers[at]};
    if (ticket->has_context) {
        struct store_change *context = add(&world->batch, STORE_CONTEXT);
        memcpy(context->context.ticket, ticket->id, sizeof ticket->id);
        context->context.blob = blob(&world->batch, BLOB_BYTES_MAX);
    }
    add_audit(world, "issue", ticket->number);
    add_answer(world);
}

static void tell_desk(struct world *world, const struct ticket *ticket)
{
    struct counter counter = {.state = ticket == NULL ? COUNTER_FREE : COUNTER_BUSY, .staff = "s3"};
    (void)snprintf(counter.desk, sizeof counter.desk, "%u", 1 + crash_vfs_chance(4));
    if (ticket != NULL) {
        memcpy(counter.ticket, ticket->id, sizeof counter.ticket);
    }
    add(&world->batch, STORE_COUNTER)->counter = counter;
    add_event(world, "counter");
}

// One step further with one ticket: called, served, done and its contact put out.
static void serve(struct world *world)
{
    struct hall_now *now = &world->now;
    if (now->tickets_count == 0) {
        return;
    }
    struct ticket *ticket = &now->tickets[crash_vfs_chance((uint32_t)now->tickets_count)];
    if (ticket->state == TICKET_WAITING) {
        ticket->called_ms = START_MS + ticket->seq;
        ticket->calls_count = 1;
        change_ticket(world, ticket, TICKET_CALLED);
        tell_desk(world, ticket);
    } else if (ticket->state == TICKET_CALLED) {
        change_ticket(world, ticket, TICKET_SERVING);
    } else if (ticket->state == TICKET_SERVING) {
        change_ticket(world, ticket, TICKET_DONE);
        tell_desk(world, NULL);
        if (ticket->has_context) {
            memcpy(add(&world->batch, STORE_CONTEXT_ERASE)->context.ticket, ticket->id,
                   sizeof ticket->id);
        }
        struct store_change *outbox = add(&world->batch, STORE_OUTBOX);
        memcpy(outbox->outbox.key, ticket->id, sizeof ticket->id);
        outbox->outbox.when_ms = START_MS;
        outbox->outbox.blob = blob(&world->batch, 1500);
    } else if (ticket->state == TICKET_DONE) {
        struct store_change *done = add(&world->batch, STORE_OUTBOX_DONE);
        memcpy(done->outbox_done.key, ticket->id, sizeof ticket->id);
        done->outbox_done.is_delivered = true;
    }
    add_audit(world, "step", ticket->number);
    add_answer(world);
}

static void visit(struct world *world)
{
    struct store_change *change = add(&world->batch, STORE_VISIT);
    next_id(&world->now, change->visit.visit.id);
    text_copy_cut(change->visit.visit.kiosk, sizeof change->visit.visit.kiosk, "kiosk-1");
    change->visit.visit.state = VISIT_OPEN;
    change->visit.visit.opened_ms = START_MS;
    change->visit.blob = blob(&world->batch, BLOB_BYTES_MAX);
    struct visit opened = change->visit.visit;
    if (crash_vfs_chance(2) == 0) {
        struct store_change *end = add(&world->batch, STORE_VISIT);
        end->visit.visit = opened;
        end->visit.visit.state = VISIT_ENDED;
    }
    add_event(world, "visit");
    add_audit(world, "visit", opened.id);
}

static void begin_day(struct world *world)
{
    struct hall_now *now = &world->now;
    now->day += 1;
    now->tickets_count = 0;
    memset(now->last_numbers, 0, sizeof now->last_numbers);
    add(&world->batch, STORE_DAY)->day = now->day;
    struct store_change *key = add(&world->batch, STORE_DAY_KEY);
    key->day_key.day = now->day;
    key->day_key.wrapped = blob(&world->batch, 60);
    add_event(world, "day");
    add_audit(world, "day", "hall");
}

static void decide(struct world *world)
{
    struct batch *batch = &world->batch;
    batch->changes_count = 0;
    batch->blobs_count = 0;
    world->before = world->now;
    if (world->now.day == 0 || world->now.tickets_count == TICKETS_MAX ||
        crash_vfs_chance(200) == 0) {
        world->now.day = world->now.day == 0 ? DAY - 1 : world->now.day;
        begin_day(world);
        return;
    }
    for (uint32_t works = 1 + crash_vfs_chance(WORKS_MAX); works > 0; works--) {
        uint32_t kind = crash_vfs_chance(8);
        if (kind < 3) {
            issue(world);
        } else if (kind < 7) {
            serve(world);
        } else {
            visit(world);
        }
    }
}

// --- lives and losses

static void world_begin(struct world *world, uint64_t seed)
{
    crash_vfs_format(seed);
    memset(world, 0, sizeof *world);
    store_fake_init(&world->sure, &world->place);
    struct store_state state;
    assert_int_equal(world->sure.port.ops->open(&world->sure.port, "hall", &state, NULL), OK);
    assert_int_equal(store_sqlite_init(&world->store, PATH, false), OK);
}

static void world_end(struct world *world)
{
    world->store.port.ops->close(&world->store.port);
    store_fake_place_free(&world->place);
}

static enum err confirm(struct world *world)
{
    world->confirmed += 1;
    return world->sure.port.ops->apply(&world->sure.port, world->batch.changes,
                                       world->batch.changes_count, NULL);
}

static bool open_again(struct world *world, struct store_state *state)
{
    struct fault fault = {0};
    enum err err = world->store.port.ops->open(&world->store.port, "hall", state, &fault);
    if (err == OK && world->leaves_syncs_out) {
        assert_int_equal(
            sqlite3_exec(world->store.writer, "PRAGMA synchronous=OFF", NULL, NULL, NULL),
            SQLITE_OK);
    }
    if (err == OK && crash_vfs_chance(3) == 0) {
        world->store.commits_since_checkpoint = CHECKPOINT_NEAR; // it comes soon
    }
    return err == OK;
}

// Does the store hold exactly what was confirmed, or that and the whole batch in flight?
static bool is_whole(struct world *world, bool was_in_flight, const struct store_state *state)
{
    static struct picture found;
    static struct picture sure;
    struct hall_now *now = was_in_flight ? &world->before : &world->now;
    take_picture(&world->store.port, now, &found);
    take_picture(&world->sure.port, now, &sure);
    bool is_good = is_same(&found, &sure);
    if (is_good && was_in_flight) {
        world->now = world->before; // it never was
        world->in_flight_gone += 1;
    } else if (!is_good && was_in_flight) {
        assert_int_equal(confirm(world), OK);
        take_picture(&world->store.port, &world->now, &found);
        take_picture(&world->sure.port, &world->now, &sure);
        is_good = is_same(&found, &sure);
        world->in_flight_kept += 1;
    }
    return is_good && found.events_are_dense && found.audit_holds && !found.has_number_twice &&
           found.events_last == world->now.event_seq && state->event_seq == world->now.event_seq &&
           found.audit_rows == world->now.audit_rows && state->day == world->now.day;
}

// When the power goes: early, while the store is opened; some batches later; or, 0, only after the
// store was closed in peace.
static unsigned when(void)
{
    uint32_t kind = crash_vfs_chance(8);
    return kind == 0 ? 0 : 1 + crash_vfs_chance(kind < 3 ? 60 : kind < 5 ? 300 : 800);
}

// From one opening to the next loss. False: something was lost or half there.
static bool live_once(struct world *world, bool *is_in_flight)
{
    struct store_state state;
    bool is_death = crash_vfs_chance(5) == 0;
    unsigned steps = when();
    crash_vfs_fail_after(steps);
    if (open_again(world, &state)) {
        if (!is_whole(world, *is_in_flight, &state)) {
            return false;
        }
        *is_in_flight = false;
        struct fault fault = {0};
        for (int i = 0; !*is_in_flight && (steps > 0 || i < 3); i++) {
            decide(world);
            *is_in_flight = world->store.port.ops->apply(&world->store.port, world->batch.changes,
                                                         world->batch.changes_count, &fault) != OK;
            if (!*is_in_flight && confirm(world) != OK) {
                return false;
            }
        }
        assert_true(crash_vfs_has_failed() == *is_in_flight);
    } else if (!crash_vfs_has_failed()) {
        return false; // what is left cannot be opened
    }
    world->store.port.ops->close(&world->store.port);
    crash_vfs_restart(is_death ? CRASH_PROCESS : CRASH_POWER);
    world->deaths += is_death ? 1 : 0;
    world->losses += is_death ? 0 : 1;
    return true;
}

static bool database_is_sound(void)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    bool is_sound = sqlite3_open(PATH, &db) == SQLITE_OK &&
                    sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &row, NULL) == SQLITE_OK &&
                    sqlite3_step(row) == SQLITE_ROW &&
                    text_equal((const char *)sqlite3_column_text(row, 0), "ok");
    (void)sqlite3_finalize(row); // only read
    (void)sqlite3_close(db);
    return is_sound;
}

static bool survives(struct world *world, unsigned losses)
{
    bool is_in_flight = false;
    while (world->losses < losses) {
        if (!live_once(world, &is_in_flight)) {
            return false;
        }
    }
    return database_is_sound();
}

static void a_thousand_power_losses_lose_nothing_confirmed_and_leave_nothing_half(void **state)
{
    struct world *world = *state;
    struct world sum = {0};
    struct crash_count count = {0};
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        world_begin(world, seed);
        if (!survives(world, LOSSES_A_WORLD)) {
            fail_msg("seed %u, after %u losses", (unsigned)seed, world->losses);
        }
        const struct crash_count here = crash_vfs_count();
        sum.losses += world->losses;
        sum.deaths += world->deaths;
        sum.confirmed += world->confirmed;
        sum.in_flight_kept += world->in_flight_kept;
        sum.in_flight_gone += world->in_flight_gone;
        count.kept += here.kept;
        count.lost += here.lost;
        count.torn += here.torn;
        count.names_back += here.names_back;
        world_end(world);
    }
    print_message("%u power losses, %u deaths: %u batches confirmed, 0 lost; in flight %u kept "
                  "whole, %u gone whole; unsynced writes %u kept, %u lost, %u torn, %u names\n",
                  sum.losses, sum.deaths, sum.confirmed, sum.in_flight_kept, sum.in_flight_gone,
                  count.kept, count.lost, count.torn, count.names_back);
    assert_true(sum.in_flight_gone > 0 && sum.in_flight_kept > 0);
    assert_true(count.torn > 0 && count.lost > 0 && count.kept > 0 && count.names_back > 0);
}

static void without_syncs_the_same_losses_lose_something(void **state)
{
    struct world *world = *state;
    world_begin(world, 1);
    world->leaves_syncs_out = true;

    assert_false(survives(world, LOSSES_WHEN_BROKEN));

    print_message("found after %u losses\n", world->losses);
}

static void on_a_disk_that_lies_about_syncs_the_same_losses_lose_something(void **state)
{
    struct world *world = *state;
    world_begin(world, 2);
    crash_vfs_lie(true);

    assert_false(survives(world, LOSSES_WHEN_BROKEN));

    print_message("found after %u losses\n", world->losses);
}

// The disk says no, but the power stays: whether the batch is there only the next opening knows.
static void a_sync_that_fails_is_unknown_and_the_next_opening_tells(void **state)
{
    struct world *world = *state;
    world_begin(world, 3);
    struct store *store = &world->store.port;
    struct store_state known;
    struct fault fault = {0};
    assert_true(open_again(world, &known));
    decide(world);
    assert_int_equal(
        store->ops->apply(store, world->batch.changes, world->batch.changes_count, &fault), OK);
    assert_int_equal(confirm(world), OK);
    decide(world);
    crash_vfs_fail_sync();

    assert_int_equal(
        store->ops->apply(store, world->batch.changes, world->batch.changes_count, &fault),
        ERR_UNKNOWN);

    store->ops->close(store);
    crash_vfs_restart(CRASH_PROCESS);
    assert_true(open_again(world, &known));
    assert_true(is_whole(world, true, &known));
}

static int world_new(void **state)
{
    crash_vfs_register();
    *state = calloc(1, sizeof(struct world));
    return *state == NULL ? -1 : 0;
}

static int world_free(void **state)
{
    world_end(*state);
    free(*state);
    crash_vfs_unregister();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_thousand_power_losses_lose_nothing_confirmed_and_leave_nothing_half, world_new,
            world_free),
        cmocka_unit_test_setup_teardown(without_syncs_the_same_losses_lose_something, world_new,
                                        world_free),
        cmocka_unit_test_setup_teardown(
            on_a_disk_that_lies_about_syncs_the_same_losses_lose_something, world_new, world_free),
        cmocka_unit_test_setup_teardown(a_sync_that_fails_is_unknown_and_the_next_opening_tells,
                                        world_new, world_free),
    };
    return cmocka_run_group_tests_name("power loss", tests, NULL, NULL);
}
