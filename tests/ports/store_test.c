// SPDX-License-Identifier: EUPL-1.2
//
// The store port by its contract (ports/store.h), once in memory and once with the real SQLite on
// a file. What only a file can show (its mode, its bytes, a full disk) stands at the end.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "adapters/store_sqlite.h"
#include "base/text.h"
#include "tests/fakes/store_fake.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY = 20000, STORES_MAX = 3, LINES_MAX = 40, LINE_BYTES = 200, EVENTS_KEPT = 5000 };

#define VISIT_ID "6a8c0a52-0000-4000-8000-00000000000a"
#define TICKET_ID "6a8c0a52-0000-4000-8000-00000000000b"
#define OTHER_ID "6a8c0a52-0000-4000-8000-00000000000c"

enum damage { DAMAGE_AUDIT, DAMAGE_TICKET, DAMAGE_NEWER };

// One place to store on and the stores that stand on it.
struct ground {
    bool is_fake;
    struct store_fake_place place;
    struct store_fake fakes[STORES_MAX];
    struct store_sqlite files[STORES_MAX];
    size_t stores_count;
    char folder[64];
    char path[96];
};

// What a loader or a reader was told, a line each.
struct told {
    char lines[LINES_MAX][LINE_BYTES];
    size_t count;
    uint64_t last_seq;
    size_t events_count;
};

static int lay(void **state, bool is_fake)
{
    struct ground *ground = calloc(1, sizeof *ground);
    assert_non_null(ground);
    ground->is_fake = is_fake;
    assert_int_equal(text_copy(ground->folder, sizeof ground->folder, "/tmp/store_test_XXXXXX"),
                     OK);
    assert_non_null(mkdtemp(ground->folder));
    (void)snprintf(ground->path, sizeof ground->path, "%s/hub.db", ground->folder);
    *state = ground;
    return 0;
}

static int lay_memory(void **state)
{
    return lay(state, true);
}

static int lay_file(void **state)
{
    return lay(state, false);
}

static int clear(void **state)
{
    struct ground *ground = *state;
    for (size_t i = 0; i < STORES_MAX; i++) {
        if (ground->files[i].port.ops != NULL) {
            ground->files[i].port.ops->close(&ground->files[i].port);
        }
    }
    store_fake_place_free(&ground->place);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[120];
        (void)snprintf(path, sizeof path, "%s%s", ground->path, ends[i]);
        (void)unlink(path); // may not be there
    }
    (void)rmdir(ground->folder); // only tidiness
    free(ground);
    return 0;
}

static struct store *made(struct ground *ground)
{
    size_t at = ground->stores_count++;
    assert_true(at < STORES_MAX);
    if (ground->is_fake) {
        store_fake_init(&ground->fakes[at], &ground->place);
        return &ground->fakes[at].port;
    }
    assert_int_equal(store_sqlite_init(&ground->files[at], ground->path, false), OK);
    return &ground->files[at].port;
}

static struct store *opened(struct ground *ground, struct store_state *state)
{
    struct store_state unused;
    struct store *store = made(ground);
    struct fault fault = {0};
    assert_int_equal(store->ops->open(store, "hall", state == NULL ? &unused : state, &fault), OK);
    return store;
}

static struct store *on_day(struct ground *ground, int64_t day)
{
    struct store *store = opened(ground, NULL);
    struct fault fault = {0};
    const struct store_change change = {.kind = STORE_DAY, .day = day};
    assert_int_equal(store->ops->apply(store, &change, 1, &fault), OK);
    return store;
}

static enum err put(struct store *store, const struct store_change *change)
{
    struct fault fault = {0};
    return store->ops->apply(store, change, 1, &fault);
}

static struct store_blob blob_of(const char *words)
{
    return (struct store_blob){.data = (const uint8_t *)words, .len = strlen(words)};
}

// --- what was told, as lines

static void note(struct told *told, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(struct told *told, const char *format, ...)
{
    assert_true(told->count < LINES_MAX);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(told->lines[told->count], LINE_BYTES, format, arguments);
    va_end(arguments);
    told->count += 1;
}

static bool was_told(const struct told *told, const char *start)
{
    for (size_t i = 0; i < told->count; i++) {
        if (text_starts_with(told->lines[i], start)) {
            return true;
        }
    }
    return false;
}

static void on_ticket(void *ctx, const struct ticket *t)
{
    note(ctx, "ticket %s %s %s %c %s seq %u %lld %lld state %d print %d desk %s only %s %lld %lld",
         t->id, t->visit, t->request, t->service, t->number, t->seq, (long long)t->issued_ms,
         (long long)t->due_ms, (int)t->state, (int)t->print_state, t->desk, t->desk_only,
         (long long)t->called_ms, (long long)t->serving_ms);
    note(ctx, "more %u %u level %d %u needs %u %s %d context %d %d version %u", t->calls_count,
         t->returns_count, (int)t->level, t->evidence.kinds, t->needs, t->language, (int)t->subject,
         t->has_context, t->need_granted, t->version);
}

static void on_visit(void *ctx, const struct visit *v, struct store_blob blob)
{
    note(ctx, "visit %s %s state %d %u %lld tries %u [%.*s]", v->id, v->kiosk, (int)v->state,
         v->evidence.kinds, (long long)v->opened_ms, v->second_fact_tries, (int)blob.len,
         blob.len == 0 ? "" : (const char *)blob.data);
}

static void on_counter(void *ctx, const struct counter *c)
{
    note(ctx, "counter %s state %d staff %s ticket %s", c->desk, (int)c->state, c->staff,
         c->ticket);
}

static void on_service(void *ctx, const struct service *s)
{
    note(ctx, "service %c mean %lld served %u last %u", s->letter, (long long)s->mean_ms,
         s->served_count, s->last_number);
}

static void on_outbox(void *ctx, const char *key, int64_t when_ms, struct store_blob blob)
{
    note(ctx, "outbox %s %lld [%.*s]", key, (long long)when_ms, (int)blob.len,
         (const char *)blob.data);
}

static void on_device(void *ctx, const struct store_device *d)
{
    note(ctx, "device %s role %d desk %s print %02x%02x revoked %d %lld", d->id, (int)d->role,
         d->desk, d->fingerprint[0], d->fingerprint[31], d->is_revoked, (long long)d->enrolled_ms);
}

static void on_code(void *ctx, const struct store_code *c)
{
    note(ctx, "code %s role %d desk %s hash %02x%02x %lld tries %u used %d", c->device,
         (int)c->role, c->desk, c->hash[0], c->hash[31], (long long)c->expires_ms, c->tries_left,
         c->is_used);
}

static void on_staff(void *ctx, const struct store_staff *s)
{
    note(ctx, "staff %s %s salt %02x%02x pin %02x%02x", s->id, s->name, s->salt[0], s->salt[15],
         s->pin_hash[0], s->pin_hash[31]);
}

static void on_answer(void *ctx, const char *key, const char *device, const uint8_t *request_hash,
                      int status, struct store_blob body)
{
    note(ctx, "answer %s %s %02x%02x %d [%.*s]", key, device, request_hash[0], request_hash[31],
         status, (int)body.len, (const char *)body.data);
}

static void on_day_key(void *ctx, int64_t day, struct store_blob wrapped)
{
    note(ctx, "day_key %lld [%.*s]", (long long)day, (int)wrapped.len, (const char *)wrapped.data);
}

static void on_form(void *ctx, const char *id, const char *visit, const char *request,
                    struct store_blob blob)
{
    note(ctx, "form %s %s %s [%.*s]", id, visit, request, (int)blob.len, (const char *)blob.data);
}

static void on_seen(void *ctx, const struct store_seen *s)
{
    note(ctx, "seen %s %lld %s %s update %u %s [%s] %lld", s->device, (long long)s->at_ms,
         s->version, s->board, s->update_state, s->update_version, s->update_reason,
         (long long)s->update_ms);
}

static void on_bundle(void *ctx, const struct store_bundle *b)
{
    note(ctx, "bundle %s %s needs %s %s town %s made %s %lld bytes %02x%02x %lld by %s", b->id,
         b->version, b->minimum, b->board, b->town, b->made, (long long)b->bytes_count,
         b->sha256[0], b->sha256[31], (long long)b->added_ms, b->added_by);
}

static void on_rollout(void *ctx, const struct store_rollout *r)
{
    note(ctx, "rollout %s %s %s %s ring %d %s %s-%s stopped %d [%s] %lld by %s %lld", r->id,
         r->bundle, r->version, r->board, (int)r->ring, r->device, r->from, r->to, r->is_stopped,
         r->reason, (long long)r->started_ms, r->started_by, (long long)r->stopped_ms);
}

static enum err load(struct store *store, int64_t day, struct told *told, struct fault *fault)
{
    *told = (struct told){0};
    const struct store_loader loader = {.ticket = on_ticket,
                                        .visit = on_visit,
                                        .counter = on_counter,
                                        .service = on_service,
                                        .outbox = on_outbox,
                                        .device = on_device,
                                        .code = on_code,
                                        .staff = on_staff,
                                        .answer = on_answer,
                                        .day_key = on_day_key,
                                        .form = on_form,
                                        .seen = on_seen,
                                        .bundle = on_bundle,
                                        .rollout = on_rollout,
                                        .ctx = told};
    return store->ops->load(store, day, &loader, fault);
}

static void on_event(void *ctx, uint64_t seq, const char *name, struct store_blob body)
{
    struct told *told = ctx;
    assert_true(told->events_count == 0 || seq == told->last_seq + 1);
    told->last_seq = seq;
    told->events_count += 1;
    if (told->count < LINES_MAX) {
        note(told, "%llu %s %.*s", (unsigned long long)seq, name, (int)body.len,
             (const char *)body.data);
    }
}

static void on_context(void *ctx, struct store_blob blob)
{
    note(ctx, "%.*s", (int)blob.len, (const char *)blob.data);
}

// --- changes

static struct store_change ticket_change(const char *id, const char *number)
{
    struct store_change change = {.kind = STORE_TICKET};
    struct ticket *ticket = &change.ticket;
    *ticket = (struct ticket){.visit = VISIT_ID,
                              .request = "request-7",
                              .service = number[0],
                              .seq = 12,
                              .issued_ms = 1728000000000,
                              .due_ms = 1728000000001,
                              .state = TICKET_CALLED,
                              .print_state = PRINT_FAILED,
                              .desk = "3",
                              .desk_only = "4",
                              .called_ms = 1728000000002,
                              .serving_ms = 1728000000003,
                              .calls_count = 2,
                              .returns_count = 1,
                              .level = LEVEL_2,
                              .evidence = {.kinds = 2},
                              .needs = NEED_CALM,
                              .language = "ar",
                              .subject = (enum request_subject)1,
                              .has_context = true,
                              .need_granted = true,
                              .version = 7};
    assert_int_equal(text_copy(ticket->id, sizeof ticket->id, id), OK);
    assert_int_equal(text_copy(ticket->number, sizeof ticket->number, number), OK);
    return change;
}

static struct store_change visit_change(enum visit_state visit_state, const char *sealed)
{
    struct store_change change = {.kind = STORE_VISIT};
    change.visit.visit = (struct visit){.id = VISIT_ID,
                                        .kiosk = "kiosk-1",
                                        .state = visit_state,
                                        .evidence = {.kinds = 2},
                                        .opened_ms = 1728000000004,
                                        .second_fact_tries = 2};
    if (sealed != NULL) {
        change.visit.blob = blob_of(sealed);
    }
    return change;
}

static struct store_change counter_change(enum counter_state counter_state, const char *staff)
{
    struct store_change change = {.kind = STORE_COUNTER};
    change.counter = (struct counter){.desk = "3", .state = counter_state, .ticket = TICKET_ID};
    assert_int_equal(text_copy(change.counter.staff, sizeof change.counter.staff, staff), OK);
    return change;
}

static struct store_change context_change(const char *sealed)
{
    struct store_change change = {.kind = STORE_CONTEXT};
    change.context.blob = blob_of(sealed);
    memcpy(change.context.ticket, TICKET_ID, sizeof change.context.ticket);
    return change;
}

static struct store_change event_change(uint64_t seq)
{
    struct store_change change = {.kind = STORE_EVENT};
    change.event.seq = seq;
    change.event.when_ms = 1728000000000;
    change.event.body = blob_of("{\"a\":1}");
    memcpy(change.event.name, "ticket", sizeof "ticket");
    return change;
}

static struct store_change answer_change(int status, const char *sealed)
{
    struct store_change change = {.kind = STORE_ANSWER};
    change.answer.status = status;
    change.answer.body = blob_of(sealed);
    memcpy(change.answer.key, "key-of-sixteen-chars", sizeof "key-of-sixteen-chars");
    memcpy(change.answer.device, "kiosk-1", sizeof "kiosk-1");
    memset(change.answer.request_hash, 0x5a, sizeof change.answer.request_hash);
    return change;
}

static struct store_change outbox_change(const char *sealed)
{
    struct store_change change = {.kind = STORE_OUTBOX};
    change.outbox.when_ms = 1728000000005;
    change.outbox.blob = blob_of(sealed);
    memcpy(change.outbox.key, TICKET_ID, sizeof change.outbox.key);
    return change;
}

static struct store_change day_key_change(int64_t day, const char *wrapped)
{
    struct store_change change = {.kind = STORE_DAY_KEY};
    change.day_key.day = day;
    change.day_key.wrapped = blob_of(wrapped);
    return change;
}

static struct store_change form_change(const char *sealed)
{
    struct store_change change = {.kind = STORE_FORM};
    change.form.blob = blob_of(sealed);
    memcpy(change.form.id, OTHER_ID, sizeof change.form.id);
    memcpy(change.form.visit, VISIT_ID, sizeof change.form.visit);
    memcpy(change.form.request, "taken:7", sizeof "taken:7");
    return change;
}

static struct store_change audit_change(const char *action)
{
    struct store_change change = {.kind = STORE_AUDIT};
    change.audit = (struct store_audit){.object = "B042",
                                        .result = "called",
                                        .origin = "counter-3",
                                        .actor = "s3",
                                        .when_ms = 1728000000006};
    assert_int_equal(text_copy(change.audit.action, sizeof change.audit.action, action), OK);
    return change;
}

static void apply_registry(struct store *store)
{
    struct store_change changes[3] = {
        {.kind = STORE_DEVICE}, {.kind = STORE_CODE}, {.kind = STORE_STAFF}};
    changes[0].device = (struct store_device){
        .id = "counter-3", .role = ROLE_COUNTER, .desk = "3", .enrolled_ms = 1728000000007};
    memset(changes[0].device.fingerprint, 0xab, sizeof changes[0].device.fingerprint);
    changes[1].code = (struct store_code){.device = "kiosk-2",
                                          .role = ROLE_KIOSK,
                                          .desk = "9",
                                          .expires_ms = 1728000000008,
                                          .tries_left = 4};
    memset(changes[1].code.hash, 0xcd, sizeof changes[1].code.hash);
    changes[2].staff = (struct store_staff){.id = "s3", .name = "M. de Wit"};
    memset(changes[2].staff.salt, 0x11, sizeof changes[2].staff.salt);
    memset(changes[2].staff.pin_hash, 0x22, sizeof changes[2].staff.pin_hash);
    struct fault fault = {0};
    assert_int_equal(store->ops->apply(store, changes, 3, &fault), OK);
}

static struct store_change seen_change(const char *version)
{
    struct store_change change = {.kind = STORE_SEEN};
    change.seen = (struct store_seen){.device = "kiosk-1",
                                      .at_ms = 1728000000009,
                                      .board = "pc-x86_64",
                                      .update_state = 7,
                                      .update_version = "1.1.0",
                                      .update_reason = "drew nothing",
                                      .update_ms = 1728000000010};
    text_copy_cut(change.seen.version, sizeof change.seen.version, version);
    return change;
}

static struct store_change bundle_change(const char *town)
{
    struct store_change change = {.kind = STORE_BUNDLE};
    change.bundle = (struct store_bundle){.id = "pc-x86_64-1.1.0",
                                          .version = "1.1.0",
                                          .minimum = "1.0.0",
                                          .board = "pc-x86_64",
                                          .made = "2026-11-27",
                                          .bytes_count = 2400000,
                                          .added_ms = 1728000000011,
                                          .added_by = "technician-1"};
    memset(change.bundle.sha256, 0x33, sizeof change.bundle.sha256);
    text_copy_cut(change.bundle.town, sizeof change.bundle.town, town);
    return change;
}

static struct store_change rollout_change(const char *id, bool is_stopped)
{
    struct store_change change = {.kind = STORE_ROLLOUT};
    change.rollout = (struct store_rollout){.bundle = "pc-x86_64-1.1.0",
                                            .version = "1.1.0",
                                            .board = "pc-x86_64",
                                            .ring = RING_ONE,
                                            .device = "kiosk-1",
                                            .from = "22:00",
                                            .to = "05:00",
                                            .is_stopped = is_stopped,
                                            .started_ms = 1728000000012,
                                            .started_by = "technician-1"};
    text_copy_cut(change.rollout.id, sizeof change.rollout.id, id);
    text_copy_cut(change.rollout.reason, sizeof change.rollout.reason,
                  is_stopped ? "kiosk-1 fell back" : "");
    return change;
}

static void apply_everything(struct store *store)
{
    struct store_change changes[] = {
        ticket_change(TICKET_ID, "B042"),
        visit_change(VISIT_OPEN, "sealed visit"),
        counter_change(COUNTER_BUSY, "s3"),
        {.kind = STORE_SERVICE},
        context_change("sealed context"),
        answer_change(201, "sealed answer"),
        outbox_change("sealed contact"),
        day_key_change(DAY, "wrapped key"),
        form_change("sealed form"),
        seen_change("1.0.0"),
        bundle_change("*"),
        rollout_change(VISIT_ID, false),
    };
    changes[3].service =
        (struct service){.letter = 'B', .mean_ms = 420000, .served_count = 17, .last_number = 42};
    struct fault fault = {0};
    assert_int_equal(store->ops->apply(store, changes, sizeof changes / sizeof changes[0], &fault),
                     OK);
    apply_registry(store);
}

static void expect_everything(const struct told *told)
{
    static const char *const lines[] = {
        "ticket " TICKET_ID " " VISIT_ID " request-7 B B042 seq 12 1728000000000 1728000000001 "
        "state 1 print 2 desk 3 only 4 1728000000002 1728000000003",
        "more 2 1 level 2 2 needs 8 ar 1 context 1 1 version 7",
        "visit " VISIT_ID " kiosk-1 state 1 2 1728000000004 tries 2 [sealed visit]",
        "counter 3 state 2 staff s3 ticket " TICKET_ID,
        "service B mean 420000 served 17 last 42",
        "answer key-of-sixteen-chars kiosk-1 5a5a 201 [sealed answer]",
        "outbox " TICKET_ID " 1728000000005 [sealed contact]",
        "day_key 20000 [wrapped key]",
        "form " OTHER_ID " " VISIT_ID " taken:7 [sealed form]",
        "seen kiosk-1 1728000000009 1.0.0 pc-x86_64 update 7 1.1.0 [drew nothing] 1728000000010",
        "bundle pc-x86_64-1.1.0 1.1.0 needs 1.0.0 pc-x86_64 town * made 2026-11-27 2400000 bytes "
        "3333 1728000000011 by technician-1",
        "rollout " VISIT_ID " pc-x86_64-1.1.0 1.1.0 pc-x86_64 ring 0 kiosk-1 22:00-05:00 "
        "stopped 0 [] 1728000000012 by technician-1 0",
        "device counter-3 role 2 desk 3 print abab revoked 0 1728000000007",
        "code kiosk-2 role 1 desk 9 hash cdcd 1728000000008 tries 4 used 0",
        "staff s3 M. de Wit salt 1111 pin 2222",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!was_told(told, lines[i])) {
            fail_msg("not told: %s", lines[i]);
        }
    }
    assert_int_equal(told->count, sizeof lines / sizeof lines[0]);
}

static void spoil(struct ground *ground, enum damage damage)
{
    static const char *const sql[] = {
        [DAMAGE_AUDIT] = "DROP TRIGGER audit_stays; UPDATE audit SET actor='s4' WHERE row=2",
        [DAMAGE_TICKET] = "UPDATE ticket SET state=99",
        [DAMAGE_NEWER] = "UPDATE meta SET value=99 WHERE name='schema'; DROP TABLE staff",
    };
    if (!ground->is_fake) {
        sqlite3 *db = NULL;
        assert_int_equal(sqlite3_open(ground->path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, sql[damage], NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        return;
    }
    ground->place.is_newer = damage == DAMAGE_NEWER;
    size_t audits_count = 0;
    for (size_t i = 0; i < ground->place.rows_count; i++) {
        struct store_fake_row *row = &ground->place.rows[i];
        if (row->change.kind == STORE_TICKET) {
            row->is_damaged = damage == DAMAGE_TICKET;
        }
        audits_count += row->change.kind == STORE_AUDIT ? 1 : 0;
        if (damage == DAMAGE_AUDIT && row->change.kind == STORE_AUDIT && audits_count == 2) {
            row->change.audit.actor[1] = '4';
        }
    }
}

// --- open

static void a_new_store_is_made_and_knows_nothing(void **state)
{
    struct store_state known;
    struct store *store = opened(*state, &known);
    struct told told;
    struct fault fault = {0};

    assert_int_equal(known.day, 0);
    assert_int_equal(known.event_seq, 0);
    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_int_equal(told.count, 0);
}

static void each_opening_takes_a_higher_epoch_than_any_before(void **state)
{
    struct store_state first;
    struct store_state second;
    struct store_state third;
    struct store *store = opened(*state, &first);
    (void)opened(*state, &second);
    store->ops->close(store);
    (void)opened(*state, &third);

    assert_true(first.epoch > 0);
    assert_true(second.epoch > first.epoch);
    assert_true(third.epoch > second.epoch);
}

static void opening_gives_day_and_last_event(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change events[] = {event_change(1), event_change(2), event_change(3)};
    struct fault fault = {0};
    assert_int_equal(store->ops->apply(store, events, 3, &fault), OK);
    struct store_state known;

    (void)opened(*state, &known);

    assert_int_equal(known.day, DAY);
    assert_int_equal(known.event_seq, 3);
}

static void a_store_made_by_a_newer_hub_is_refused(void **state)
{
    (void)on_day(*state, DAY);
    spoil(*state, DAMAGE_NEWER);
    struct store *store = made(*state);
    struct store_state known;
    struct fault fault = {0};

    assert_int_equal(store->ops->open(store, "hall", &known, &fault), ERR_STATE);

    assert_non_null(strstr(fault.text, "newer"));
}

// --- load

static void every_kind_of_row_comes_back_as_it_was_put(void **state)
{
    struct store *store = on_day(*state, DAY);
    apply_everything(store);
    struct told told;
    struct fault fault = {0};

    assert_int_equal(load(store, DAY, &told, &fault), OK);
    expect_everything(&told);

    store->ops->close(store);
    assert_int_equal(load(opened(*state, NULL), DAY, &told, &fault), OK);
    expect_everything(&told);
}

static void rows_of_another_day_stay_where_they_are_and_the_registry_is_of_every_day(void **state)
{
    struct store *store = on_day(*state, DAY);
    apply_everything(store);
    struct told told;
    struct fault fault = {0};

    assert_int_equal(load(store, DAY + 1, &told, &fault), OK);

    assert_true(was_told(&told, "device counter-3"));
    assert_true(was_told(&told, "code kiosk-2"));
    assert_true(was_told(&told, "staff s3"));
    assert_false(was_told(&told, "ticket"));
    assert_false(was_told(&told, "visit"));
    assert_false(was_told(&told, "answer"));
    assert_false(was_told(&told, "day_key"));
}

static void a_loader_is_told_only_what_it_asks_for(void **state)
{
    struct store *store = on_day(*state, DAY);
    apply_everything(store);
    struct told told = {0};
    const struct store_loader loader = {.counter = on_counter, .ctx = &told};
    struct fault fault = {0};

    assert_int_equal(store->ops->load(store, DAY, &loader, &fault), OK);

    assert_int_equal(told.count, 1);
    assert_true(was_told(&told, "counter 3"));
}

static void a_row_that_breaks_its_limits_is_named_by_table_and_key(void **state)
{
    struct store *store = on_day(*state, DAY);
    apply_everything(store);
    spoil(*state, DAMAGE_TICKET);
    struct told told;
    struct fault fault = {0};

    assert_int_equal(load(store, DAY, &told, &fault), ERR_MALFORMED);

    assert_int_equal(fault.err, ERR_MALFORMED);
    assert_non_null(strstr(fault.text, "ticket"));
    assert_non_null(strstr(fault.text, TICKET_ID));
}

// --- apply

static void a_later_row_takes_the_place_of_the_earlier(void **state)
{
    struct store *store = on_day(*state, DAY);
    apply_everything(store);
    struct store_change ticket = ticket_change(TICKET_ID, "B042");
    ticket.ticket.state = TICKET_WAITING;
    ticket.ticket.service = 'C';
    ticket.ticket.due_ms = 1728000300000;
    ticket.ticket.desk[0] = '\0';
    ticket.ticket.desk_only[0] = '\0';
    ticket.ticket.called_ms = 5;
    ticket.ticket.serving_ms = 6;
    ticket.ticket.calls_count = 3;
    ticket.ticket.returns_count = 2;
    ticket.ticket.level = LEVEL_3;
    ticket.ticket.evidence.kinds = 18;
    ticket.ticket.print_state = PRINT_PRINTED;
    ticket.ticket.version = 8;
    const struct store_change changes[] = {ticket, visit_change(VISIT_LOCKED, "other visit"),
                                           counter_change(COUNTER_PAUSED, "s4")};
    struct told told;
    struct fault fault = {0};

    assert_int_equal(store->ops->apply(store, changes, 3, &fault), OK);

    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_true(was_told(&told, "ticket " TICKET_ID " " VISIT_ID
                                " request-7 C B042 seq 12 1728000000000 1728000300000 state 0 "
                                "print 1 desk  only  5 6"));
    assert_true(was_told(&told, "more 3 2 level 3 18 needs 8 ar 1 context 1 1 version 8"));
    assert_true(was_told(&told, "visit " VISIT_ID
                                " kiosk-1 state 2 2 1728000000004 tries 2 [other visit]"));
    assert_true(was_told(&told, "counter 3 state 3 staff s4"));
    assert_int_equal(told.count, 15);
}

static void an_ended_visit_keeps_nothing_sealed(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change open = visit_change(VISIT_OPEN, "sealed visit");
    const struct store_change ended = visit_change(VISIT_ENDED, NULL);
    assert_int_equal(put(store, &open), OK);
    struct told told;
    struct fault fault = {0};

    assert_int_equal(put(store, &ended), OK);

    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_true(was_told(&told, "visit " VISIT_ID " kiosk-1 state 3 2 1728000000004 tries 2 []"));
}

static void a_batch_with_one_bad_change_changes_nothing(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change changes[] = {ticket_change(TICKET_ID, "B042"),
                                           context_change("sealed"),
                                           outbox_change("contact"),
                                           event_change(1),
                                           audit_change("issue"),
                                           event_change(3)};
    struct told told;
    struct fault fault = {0};

    assert_int_equal(store->ops->apply(store, changes, 6, &fault), ERR_STATE);

    assert_true(fault.text[0] != '\0');
    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_int_equal(told.count, 0);
    assert_int_equal(store->ops->context(store, TICKET_ID, on_context, &told), ERR_NOT_FOUND);
    uint64_t rows_count = 0;
    uint64_t bad_row = 0;
    assert_int_equal(store->ops->audit_check(store, &rows_count, &bad_row, &fault), OK);
    assert_int_equal(rows_count, 0);
    // And the same changes without the bad one are welcome.
    assert_int_equal(store->ops->apply(store, changes, 5, &fault), OK);
    assert_int_equal(store->ops->audit_check(store, &rows_count, &bad_row, &fault), OK);
    assert_int_equal(rows_count, 1);
}

static void an_event_out_of_step_is_refused(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change first = event_change(1);
    const struct store_change second = event_change(2);
    const struct store_change third = event_change(3);

    assert_int_equal(put(store, &second), ERR_STATE);
    assert_int_equal(put(store, &first), OK);
    assert_int_equal(put(store, &first), ERR_STATE);
    assert_int_equal(put(store, &third), ERR_STATE);
    assert_int_equal(put(store, &second), OK);
    assert_int_equal(put(store, &third), OK);
}

static void a_number_given_before_the_restart_stays_given(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change first = ticket_change(TICKET_ID, "B042");
    const struct store_change second = ticket_change(OTHER_ID, "B042");
    const struct store_change next = ticket_change(OTHER_ID, "B043");
    assert_int_equal(put(store, &first), OK);
    store = opened(*state, NULL);

    assert_int_equal(put(store, &second), ERR_STATE);
    assert_int_equal(put(store, &next), OK);
}

static void a_number_is_given_once_a_day(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change first = ticket_change(TICKET_ID, "B042");
    const struct store_change second = ticket_change(OTHER_ID, "B042");
    const struct store_change tomorrow = {.kind = STORE_DAY, .day = DAY + 1};

    assert_int_equal(put(store, &first), OK);
    assert_int_equal(put(store, &second), ERR_STATE);
    assert_int_equal(put(store, &tomorrow), OK);
    assert_int_equal(put(store, &second), OK);
}

static void a_hub_that_lost_the_location_writes_nothing(void **state)
{
    struct store *old = on_day(*state, DAY);
    struct store *new = opened(*state, NULL);
    const struct store_change change = ticket_change(TICKET_ID, "B042");
    struct told told;
    struct fault fault = {0};

    assert_int_equal(old->ops->apply(old, &change, 1, &fault), ERR_REFUSED);

    assert_non_null(strstr(fault.text, "another hub"));
    assert_int_equal(load(new, DAY, &told, &fault), OK);
    assert_int_equal(told.count, 0);
    assert_int_equal(new->ops->apply(new, &change, 1, &fault), OK);
}

static void a_full_disk_makes_nothing_durable_and_can_be_cleared(void **state)
{
    struct ground *ground = *state;
    struct store *store = on_day(ground, DAY);
    const struct store_change small = ticket_change(TICKET_ID, "B042");
    static char words[STORE_BODY_BYTES_MAX];
    memset(words, 'x', sizeof words - 1);
    const struct store_change changes[] = {small, context_change(words)};
    struct told told;
    struct fault fault = {0};
    ground->place.is_full = true;
    if (!ground->is_fake) {
        assert_int_equal(
            sqlite3_exec(ground->files[0].writer, "PRAGMA max_page_count=1", NULL, NULL, NULL),
            SQLITE_OK); // never below what is in use
    }

    assert_int_equal(store->ops->apply(store, changes, 2, &fault), ERR_IO);

    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_int_equal(told.count, 0);
    ground->place.is_full = false;
    if (!ground->is_fake) {
        assert_int_equal(
            sqlite3_exec(ground->files[0].writer, "PRAGMA max_page_count=100000", NULL, NULL, NULL),
            SQLITE_OK);
    }
    assert_int_equal(store->ops->apply(store, changes, 2, &fault), OK);
}

static void a_contact_waits_once_and_leaves_when_it_is_done(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change first = outbox_change("sealed contact");
    const struct store_change again = outbox_change("another");
    struct store_change done = {.kind = STORE_OUTBOX_DONE};
    memcpy(done.outbox_done.key, TICKET_ID, sizeof done.outbox_done.key);
    done.outbox_done.is_delivered = true;
    struct told told;
    struct fault fault = {0};

    assert_int_equal(put(store, &first), OK);
    assert_int_equal(put(store, &again), OK);
    assert_int_equal(load(store, DAY + 9, &told, &fault), OK); // of whatever day: it must be told
    assert_int_equal(told.count, 1);
    assert_true(was_told(&told, "outbox " TICKET_ID " 1728000000005 [sealed contact]"));

    assert_int_equal(put(store, &done), OK);
    assert_int_equal(put(store, &again), OK); // delivered is delivered
    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_int_equal(told.count, 0);
}

static void a_new_day_closes_what_was_of_the_day_before(void **state)
{
    struct store *store = on_day(*state, DAY);
    apply_everything(store);
    struct store_change done = ticket_change(OTHER_ID, "B043");
    done.ticket.state = TICKET_DONE;
    assert_int_equal(put(store, &done), OK);
    const struct store_change day = {.kind = STORE_DAY, .day = DAY + 1};
    struct told told;
    struct fault fault = {0};

    assert_int_equal(put(store, &day), OK);

    assert_int_equal(store->ops->context(store, TICKET_ID, on_context, &told), ERR_NOT_FOUND);
    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_false(was_told(&told, "day_key")); // and with it all it sealed
    assert_false(was_told(&told, "visit"));
    assert_false(was_told(&told, "answer"));
    assert_false(was_told(&told, "form"));
    assert_true(was_told(&told, "ticket " TICKET_ID " " VISIT_ID
                                " request-7 B B042 seq 12 1728000000000 1728000000001 state 7"));
    assert_true(was_told(&told, "ticket " OTHER_ID " " VISIT_ID
                                " request-7 B B043 seq 12 1728000000000 1728000000001 state 5"));
    assert_true(was_told(&told, "service B mean 420000 served 17 last 0"));
    assert_true(was_told(&told, "outbox")); // the municipality still has to hear
}

static void a_new_day_finds_every_desk_closed(void **state)
{
    struct store *store = on_day(*state, DAY);
    apply_everything(store);
    const struct store_change day = {.kind = STORE_DAY, .day = DAY + 1};
    struct told told;
    struct fault fault = {0};

    assert_int_equal(put(store, &day), OK);

    assert_int_equal(load(store, DAY + 1, &told, &fault), OK);
    assert_true(was_told(&told, "counter 3 state 0 staff  ticket "));
    assert_false(was_told(&told, "counter 3 state 0 staff  ticket 6"));
}

static void what_comes_with_a_new_day_belongs_to_it(void **state)
{
    struct store *store = on_day(*state, DAY);
    apply_everything(store);
    const struct store_change changes[] = {{.kind = STORE_DAY, .day = DAY + 1},
                                           day_key_change(DAY + 1, "next key"),
                                           ticket_change(OTHER_ID, "B001")};
    struct told told;
    struct fault fault = {0};

    assert_int_equal(store->ops->apply(store, changes, 3, &fault), OK);

    assert_int_equal(load(store, DAY + 1, &told, &fault), OK);
    assert_true(was_told(&told, "day_key 20001 [next key]"));
    assert_true(was_told(&told, "ticket " OTHER_ID));
    assert_false(was_told(&told, "ticket " TICKET_ID));
}

// --- events, context, audit, close

static void events_come_in_order_after_the_one_named_and_not_more_than_asked(void **state)
{
    struct store *store = on_day(*state, DAY);
    for (uint64_t seq = 1; seq <= 5; seq++) {
        const struct store_change event = event_change(seq);
        assert_int_equal(put(store, &event), OK);
    }
    struct told told = {0};

    assert_int_equal(store->ops->events(store, 1, 3, on_event, &told), OK);

    assert_int_equal(told.count, 3);
    assert_string_equal(told.lines[0], "2 ticket {\"a\":1}");
    assert_int_equal(told.last_seq, 4);
    told = (struct told){0};
    assert_int_equal(store->ops->events(store, 5, 3, on_event, &told), OK);
    assert_int_equal(told.count, 0);
    assert_int_equal(store->ops->events(store, 0, 9, on_event, &told), OK);
    assert_int_equal(told.count, 5);
}

static void events_that_do_not_exist_yet_are_gone(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change event = event_change(1);
    struct told told = {0};
    assert_int_equal(store->ops->events(store, 0, 9, on_event, &told), OK);
    assert_int_equal(put(store, &event), OK);

    assert_int_equal(store->ops->events(store, 2, 9, on_event, &told), ERR_GONE);
    assert_int_equal(store->ops->events(store, 2, 0, NULL, NULL), ERR_GONE);
    assert_int_equal(told.count, 0);
}

static void events_older_than_what_is_kept_are_gone_and_the_rest_stays_dense(void **state)
{
    struct store *store = on_day(*state, DAY);
    static struct store_change events[500];
    struct fault fault = {0};
    uint64_t seq = 0;
    while (seq < EVENTS_KEPT + 500) {
        for (size_t i = 0; i < 500; i++) {
            events[i] = event_change(++seq);
        }
        assert_int_equal(store->ops->apply(store, events, 500, &fault), OK);
    }
    const struct store_change day = {.kind = STORE_DAY, .day = DAY + 1};
    struct told told = {0};

    assert_int_equal(put(store, &day), OK);

    assert_int_equal(store->ops->events(store, 0, 9, on_event, &told), ERR_GONE);
    assert_int_equal(store->ops->events(store, seq - EVENTS_KEPT - 1, 9, on_event, &told),
                     ERR_GONE);
    assert_int_equal(store->ops->events(store, seq - EVENTS_KEPT, EVENTS_KEPT + 9, on_event, &told),
                     OK);
    assert_int_equal(told.events_count, EVENTS_KEPT);
    assert_int_equal(told.last_seq, seq);
    const struct store_change next = event_change(seq + 1);
    assert_int_equal(put(store, &next), OK);
}

static void a_context_is_kept_replaced_and_erased(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change first = context_change("sealed");
    const struct store_change second = context_change("sealed again");
    struct store_change erase = {.kind = STORE_CONTEXT_ERASE};
    memcpy(erase.context.ticket, TICKET_ID, sizeof erase.context.ticket);
    struct told told = {0};

    assert_int_equal(store->ops->context(store, TICKET_ID, on_context, &told), ERR_NOT_FOUND);
    assert_int_equal(put(store, &first), OK);
    assert_int_equal(store->ops->context(store, OTHER_ID, on_context, &told), ERR_NOT_FOUND);
    assert_int_equal(store->ops->context(store, TICKET_ID, on_context, &told), OK);
    assert_int_equal(put(store, &second), OK);
    assert_int_equal(store->ops->context(store, TICKET_ID, on_context, &told), OK);
    assert_int_equal(put(store, &erase), OK);
    assert_int_equal(put(store, &erase), OK); // already gone is fine
    assert_int_equal(store->ops->context(store, TICKET_ID, on_context, &told), ERR_NOT_FOUND);

    assert_int_equal(told.count, 2);
    assert_string_equal(told.lines[0], "sealed");
    assert_string_equal(told.lines[1], "sealed again");
}

static void a_form_is_kept_replaced_and_erased(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change first = form_change("answers");
    const struct store_change second = form_change("more answers");
    struct store_change erase = {.kind = STORE_FORM_ERASE};
    memcpy(erase.form.id, OTHER_ID, sizeof erase.form.id);
    struct told told;
    struct fault fault = {0};

    assert_int_equal(put(store, &first), OK);
    assert_int_equal(put(store, &second), OK);
    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_true(was_told(&told, "form " OTHER_ID " " VISIT_ID " taken:7 [more answers]"));
    assert_false(was_told(&told, "form " OTHER_ID " " VISIT_ID " taken:7 [answers]"));
    assert_int_equal(put(store, &erase), OK);
    assert_int_equal(put(store, &erase), OK); // already gone is fine

    assert_int_equal(load(store, DAY, &told, &fault), OK);
    assert_false(was_told(&told, "form"));
}

static void devices_bundles_and_rollouts_outlive_the_day(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change changes[] = {
        seen_change("1.0.0"),
        seen_change("1.1.0"),
        bundle_change("*"),
        rollout_change(VISIT_ID, false),
        rollout_change(OTHER_ID, false),
        rollout_change(VISIT_ID, true),
    };
    struct store_change erases[] = {{.kind = STORE_BUNDLE_ERASE}, {.kind = STORE_ROLLOUT_ERASE}};
    memcpy(erases[0].bundle.id, "pc-x86_64-1.1.0", sizeof "pc-x86_64-1.1.0");
    memcpy(erases[1].rollout.id, OTHER_ID, sizeof erases[1].rollout.id);
    const struct store_change day = {.kind = STORE_DAY, .day = DAY + 1};
    struct told told;
    struct fault fault = {0};

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        assert_int_equal(put(store, &changes[i]), OK);
    }
    assert_int_equal(put(store, &day), OK);
    assert_int_equal(load(store, DAY + 1, &told, &fault), OK);
    assert_int_equal(told.count, 4);
    assert_true(was_told(&told, "seen kiosk-1 1728000000009 1.1.0"));
    assert_true(was_told(&told, "bundle pc-x86_64-1.1.0"));
    assert_true(was_told(&told, "rollout " VISIT_ID " pc-x86_64-1.1.0 1.1.0 pc-x86_64 ring 0 "
                                "kiosk-1 22:00-05:00 stopped 1 [kiosk-1 fell back]"));
    assert_true(was_told(&told, "rollout " OTHER_ID));
    assert_int_equal(put(store, &erases[0]), OK);
    assert_int_equal(put(store, &erases[1]), OK);

    assert_int_equal(load(store, DAY + 1, &told, &fault), OK);
    assert_int_equal(told.count, 2);
    assert_false(was_told(&told, "bundle"));
    assert_false(was_told(&told, "rollout " OTHER_ID));
}

static void the_audit_chain_holds_across_openings(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change first = audit_change("call_next");
    const struct store_change second = audit_change("finish");
    assert_int_equal(put(store, &first), OK);
    store->ops->close(store);
    store = opened(*state, NULL);
    assert_int_equal(put(store, &second), OK);
    uint64_t rows_count = 0;
    uint64_t bad_row = 9;
    struct fault fault = {0};

    assert_int_equal(store->ops->audit_check(store, &rows_count, &bad_row, &fault), OK);

    assert_int_equal(rows_count, 2);
    assert_int_equal(bad_row, 0);
}

static void a_changed_audit_row_is_found(void **state)
{
    struct store *store = on_day(*state, DAY);
    const struct store_change changes[] = {audit_change("issue"), audit_change("call_next"),
                                           audit_change("finish")};
    struct fault fault = {0};
    assert_int_equal(store->ops->apply(store, changes, 3, &fault), OK);
    spoil(*state, DAMAGE_AUDIT);
    uint64_t rows_count = 0;
    uint64_t bad_row = 0;

    assert_int_equal(store->ops->audit_check(store, &rows_count, &bad_row, &fault), ERR_CRYPTO);

    assert_int_equal(bad_row, 2);
    assert_true(fault.text[0] != '\0');
}

static void closing_twice_is_fine(void **state)
{
    struct store *store = on_day(*state, DAY);
    struct store *never_opened = made(*state);

    store->ops->close(store);
    store->ops->close(store);
    never_opened->ops->close(never_opened);
}

// --- only a file can show it

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 0777;
}

static void files_are_the_owners_alone(void **state)
{
    struct ground *ground = *state;
    mode_t mask = umask(0);
    struct store *store = on_day(ground, DAY);
    apply_everything(store);
    (void)umask(mask);
    char wal[120];
    (void)snprintf(wal, sizeof wal, "%s-wal", ground->path);

    assert_int_equal(mode_of(ground->path), 0600);
    assert_int_equal(mode_of(wal), 0600);
}

static void a_newer_file_is_left_as_it_was(void **state)
{
    struct ground *ground = *state;
    (void)on_day(ground, DAY);
    spoil(ground, DAMAGE_NEWER);
    struct store *store = made(ground);
    struct store_state known;
    struct fault fault = {0};

    assert_int_equal(store->ops->open(store, "hall", &known, &fault), ERR_STATE);

    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_open(ground->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM sqlite_schema WHERE name='staff'",
                                        -1, &row, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(row, 0), 0);
    assert_int_equal(sqlite3_finalize(row), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static bool file_holds(const char *path, const char *words)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    static char bytes[4 << 20];
    size_t len = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file); // only read from
    return memmem(bytes, len, words, strlen(words)) != NULL;
}

static void what_the_day_sealed_and_its_key_stand_in_no_file_the_day_after(void **state)
{
    struct ground *ground = *state;
    struct store *store = on_day(ground, DAY);
    apply_everything(store);
    char wal[120];
    (void)snprintf(wal, sizeof wal, "%s-wal", ground->path);
    static const char *const gone[] = {"wrapped key", "sealed visit", "sealed context",
                                       "sealed answer", "sealed form"};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        assert_true(file_holds(ground->path, gone[i]) || file_holds(wal, gone[i]));
    }
    const struct store_change day = {.kind = STORE_DAY, .day = DAY + 1};

    assert_int_equal(put(store, &day), OK);

    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        assert_false(file_holds(ground->path, gone[i]));
        assert_false(file_holds(wal, gone[i]));
    }
}

static void too_long_a_path_is_refused(void **state)
{
    (void)state;
    char path[STORE_SQLITE_PATH_BYTES + 1];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    struct store_sqlite store;

    assert_int_equal(store_sqlite_init(&store, path, false), ERR_TOO_BIG);
}

// A command line beside the hub: it writes, and the hub keeps the location.
static void a_store_beside_takes_no_epoch_and_its_audit_rows_join_the_chain(void **state)
{
    struct ground *ground = *state;
    struct store *hub = on_day(ground, DAY);
    struct store_sqlite *aside = &ground->files[STORES_MAX - 1];
    struct store_state known;
    struct fault fault = {0};
    assert_int_equal(store_sqlite_init(aside, ground->path, true), OK);
    assert_int_equal(aside->port.ops->open(&aside->port, "hall", &known, &fault), OK);
    const struct store_change change = audit_change("staff_add");

    assert_int_equal(put(hub, &change), OK);
    assert_int_equal(put(&aside->port, &change), OK);
    assert_int_equal(put(hub, &change), OK);
    assert_int_equal(put(&aside->port, &change), OK);

    uint64_t rows_count = 0;
    uint64_t bad_row = 0;
    assert_int_equal(hub->ops->audit_check(hub, &rows_count, &bad_row, &fault), OK);
    assert_int_equal(rows_count, 4);
}

#define ON_BOTH(test)                                                                              \
    {"memory: " #test, test, lay_memory, clear, NULL},                                             \
    {                                                                                              \
        "sqlite: " #test, test, lay_file, clear, NULL                                              \
    }
#define ON_FILE(test)                                                                              \
    {                                                                                              \
        "sqlite: " #test, test, lay_file, clear, NULL                                              \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_new_store_is_made_and_knows_nothing),
        ON_BOTH(each_opening_takes_a_higher_epoch_than_any_before),
        ON_BOTH(opening_gives_day_and_last_event),
        ON_BOTH(a_store_made_by_a_newer_hub_is_refused),
        ON_BOTH(every_kind_of_row_comes_back_as_it_was_put),
        ON_BOTH(rows_of_another_day_stay_where_they_are_and_the_registry_is_of_every_day),
        ON_BOTH(a_loader_is_told_only_what_it_asks_for),
        ON_BOTH(a_row_that_breaks_its_limits_is_named_by_table_and_key),
        ON_BOTH(a_later_row_takes_the_place_of_the_earlier),
        ON_BOTH(an_ended_visit_keeps_nothing_sealed),
        ON_BOTH(a_batch_with_one_bad_change_changes_nothing),
        ON_BOTH(an_event_out_of_step_is_refused),
        ON_BOTH(a_number_is_given_once_a_day),
        ON_BOTH(a_number_given_before_the_restart_stays_given),
        ON_BOTH(a_hub_that_lost_the_location_writes_nothing),
        ON_BOTH(a_full_disk_makes_nothing_durable_and_can_be_cleared),
        ON_BOTH(a_contact_waits_once_and_leaves_when_it_is_done),
        ON_BOTH(a_new_day_closes_what_was_of_the_day_before),
        ON_BOTH(a_new_day_finds_every_desk_closed),
        ON_BOTH(what_comes_with_a_new_day_belongs_to_it),
        ON_BOTH(events_come_in_order_after_the_one_named_and_not_more_than_asked),
        ON_BOTH(events_that_do_not_exist_yet_are_gone),
        ON_BOTH(events_older_than_what_is_kept_are_gone_and_the_rest_stays_dense),
        ON_BOTH(a_context_is_kept_replaced_and_erased),
        ON_BOTH(a_form_is_kept_replaced_and_erased),
        ON_BOTH(devices_bundles_and_rollouts_outlive_the_day),
        ON_BOTH(the_audit_chain_holds_across_openings),
        ON_BOTH(a_changed_audit_row_is_found),
        ON_BOTH(closing_twice_is_fine),
        ON_FILE(files_are_the_owners_alone),
        ON_FILE(a_newer_file_is_left_as_it_was),
        ON_FILE(what_the_day_sealed_and_its_key_stand_in_no_file_the_day_after),
        ON_FILE(too_long_a_path_is_refused),
        ON_FILE(a_store_beside_takes_no_epoch_and_its_audit_rows_join_the_chain),
    };
    return cmocka_run_group_tests_name("ports/store", tests, NULL, NULL);
}
