// SPDX-License-Identifier: EUPL-1.2
//
// One growing array of rows; a change replaces the row with its kind and key. A batch is checked
// whole before its first change is made, so it happens or it does not.
#include "tests/fakes/store_fake.h"

#include "base/bytes.h"
#include "base/text.h"
#include "link/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_KEPT = 5000 };

static const char *const tables[] = {
    [STORE_TICKET] = "ticket",
    [STORE_VISIT] = "visit",
    [STORE_COUNTER] = "counter",
    [STORE_SERVICE] = "service",
    [STORE_CONTEXT] = "context",
    [STORE_CONTEXT_ERASE] = "context",
    [STORE_EVENT] = "event",
    [STORE_ANSWER] = "answer",
    [STORE_OUTBOX] = "outbox",
    [STORE_OUTBOX_DONE] = "outbox",
    [STORE_AUDIT] = "audit",
    [STORE_DEVICE] = "device",
    [STORE_CODE] = "code",
    [STORE_STAFF] = "staff",
    [STORE_DAY] = "meta",
    [STORE_DAY_KEY] = "day_key",
    [STORE_FORM] = "form",
    [STORE_FORM_ERASE] = "form",
    [STORE_SEEN] = "seen",
    [STORE_BUNDLE] = "bundle",
    [STORE_BUNDLE_ERASE] = "bundle",
    [STORE_ROLLOUT] = "rollout",
    [STORE_ROLLOUT_ERASE] = "rollout",
};

static enum err fake_open(struct store *port, const char *location, struct store_state *state,
                          struct fault *fault);
static enum err fake_load(struct store *port, int64_t day, const struct store_loader *loader,
                          struct fault *fault);
static enum err fake_apply(struct store *port, const struct store_change *changes,
                           size_t changes_count, struct fault *fault);
static enum err fake_events(struct store *port, uint64_t from, size_t max, store_event_fn each,
                            void *ctx);
static enum err fake_context(struct store *port, const char *ticket, store_blob_fn each, void *ctx);
static enum err fake_audit_check(struct store *port, uint64_t *rows_count, uint64_t *bad_row,
                                 struct fault *fault);
static void fake_close(struct store *port);

static uint64_t last_seq(const struct store_fake_place *place);
static uint64_t first_seq(const struct store_fake_place *place);
static enum err check_batch(const struct store_fake_place *place,
                            const struct store_change *changes, size_t changes_count);
static bool number_is_taken(const struct store_fake_place *place, const struct ticket *ticket);
static void put(struct store_fake_place *place, const struct store_change *change);
static enum store_change_kind erased_by(enum store_change_kind kind);
static void begin_day(struct store_fake_place *place, int64_t day);
static struct store_fake_row *find(struct store_fake_place *place, enum store_change_kind kind,
                                   const char *key);
static void drop(struct store_fake_place *place, size_t at);
static void fill(struct store_fake_row *row, const struct store_change *change);
static struct store_blob *blob_of(struct store_change *change);
static void key_of(const struct store_change *change, char key[STORE_FAKE_KEY_BYTES]);
static void chain(uint8_t hash[STORE_HASH_BYTES], const struct store_audit *audit);
static void tell(const struct store_fake_row *row, const struct store_loader *loader);
static void tell_registry(const struct store_change *change, const struct store_loader *loader);

static const struct store_ops ops = {
    .open = fake_open,
    .load = fake_load,
    .apply = fake_apply,
    .events = fake_events,
    .context = fake_context,
    .audit_check = fake_audit_check,
    .close = fake_close,
};

void store_fake_init(struct store_fake *store, struct store_fake_place *place)
{
    *store = (struct store_fake){.port = {.ops = &ops}, .place = place};
}

void store_fake_place_free(struct store_fake_place *place)
{
    while (place->rows_count > 0) {
        drop(place, place->rows_count - 1);
    }
    free(place->rows);
    *place = (struct store_fake_place){0};
}

static struct store_fake_place *place_of(struct store *port)
{
    return ((struct store_fake *)port)->place;
}

static enum err fake_open(struct store *port, const char *location, struct store_state *state,
                          struct fault *fault)
{
    struct store_fake_place *place = place_of(port);
    (void)location; // one place a location
    if (place->is_newer) {
        return fault_set(fault, ERR_STATE, "store: made by a newer hub");
    }
    place->epoch += 1;
    ((struct store_fake *)port)->epoch = place->epoch;
    *state = (struct store_state){
        .day = place->day, .event_seq = last_seq(place), .epoch = place->epoch};
    return OK;
}

static enum err fake_load(struct store *port, int64_t day, const struct store_loader *loader,
                          struct fault *fault)
{
    const struct store_fake_place *place = place_of(port);
    for (size_t i = 0; i < place->rows_count; i++) {
        const struct store_fake_row *row = &place->rows[i];
        enum store_change_kind kind = row->change.kind;
        bool is_registry = kind == STORE_DEVICE || kind == STORE_CODE || kind == STORE_STAFF;
        bool is_dayless = kind == STORE_COUNTER || kind == STORE_SERVICE || kind == STORE_OUTBOX ||
                          kind == STORE_SEEN || kind == STORE_BUNDLE || kind == STORE_ROLLOUT;
        if (!is_registry && (day < 0 || (!is_dayless && row->day != day))) {
            continue;
        }
        if (row->is_damaged) {
            char key[STORE_FAKE_KEY_BYTES];
            key_of(&row->change, key);
            return fault_set(fault, ERR_MALFORMED, "store: %s: the row of \"%s\" is damaged",
                             tables[kind], key);
        }
        tell(row, loader);
    }
    return OK;
}

static enum err fake_apply(struct store *port, const struct store_change *changes,
                           size_t changes_count, struct fault *fault)
{
    struct store_fake_place *place = place_of(port);
    if (((struct store_fake *)port)->epoch != place->epoch) {
        return fault_set(fault, ERR_REFUSED, "store: another hub took the location");
    }
    if (place->is_full && changes_count > 0) {
        return fault_set(fault, ERR_IO, "store: no room");
    }
    enum err err = check_batch(place, changes, changes_count);
    if (err != OK) {
        return fault_set(fault, err, "store: a change does not follow what is stored");
    }
    for (size_t i = 0; i < changes_count; i++) {
        put(place, &changes[i]);
    }
    return OK;
}

static enum err fake_events(struct store *port, uint64_t from, size_t max, store_event_fn each,
                            void *ctx)
{
    const struct store_fake_place *place = place_of(port);
    uint64_t first = first_seq(place);
    if (from > last_seq(place) || (first > 0 && from < first - 1)) {
        return ERR_GONE;
    }
    size_t told_count = 0;
    for (size_t i = 0; each != NULL && i < place->rows_count && told_count < max; i++) {
        const struct store_change *change = &place->rows[i].change;
        if (change->kind == STORE_EVENT && change->event.seq > from) {
            each(ctx, change->event.seq, change->event.name, change->event.body);
            told_count += 1;
        }
    }
    return OK;
}

static enum err fake_context(struct store *port, const char *ticket, store_blob_fn each, void *ctx)
{
    const struct store_fake_row *row = find(place_of(port), STORE_CONTEXT, ticket);
    if (row == NULL) {
        return ERR_NOT_FOUND;
    }
    each(ctx, row->change.context.blob);
    return OK;
}

static enum err fake_audit_check(struct store *port, uint64_t *rows_count, uint64_t *bad_row,
                                 struct fault *fault)
{
    const struct store_fake_place *place = place_of(port);
    uint8_t hash[STORE_HASH_BYTES] = {0};
    *rows_count = 0;
    *bad_row = 0;
    for (size_t i = 0; i < place->rows_count; i++) {
        const struct store_fake_row *row = &place->rows[i];
        if (row->change.kind != STORE_AUDIT) {
            continue;
        }
        chain(hash, &row->change.audit);
        *rows_count += 1;
        if (memcmp(hash, row->hash, sizeof hash) != 0) {
            *bad_row = *rows_count;
            return fault_set(fault, ERR_CRYPTO, "audit: row %llu was changed",
                             (unsigned long long)*bad_row);
        }
    }
    return OK;
}

static void fake_close(struct store *port)
{
    ((struct store_fake *)port)->epoch = 0; // no epoch is: a closed store writes nothing
}

static uint64_t last_seq(const struct store_fake_place *place)
{
    uint64_t last = 0;
    for (size_t i = 0; i < place->rows_count; i++) {
        last = place->rows[i].change.kind == STORE_EVENT ? place->rows[i].change.event.seq : last;
    }
    return last;
}

static uint64_t first_seq(const struct store_fake_place *place)
{
    for (size_t i = 0; i < place->rows_count; i++) {
        if (place->rows[i].change.kind == STORE_EVENT) {
            return place->rows[i].change.event.seq;
        }
    }
    return 0;
}

// What the rules of a store refuse: events out of step, a number given twice.
static enum err check_batch(const struct store_fake_place *place,
                            const struct store_change *changes, size_t changes_count)
{
    uint64_t seq = last_seq(place);
    for (size_t i = 0; i < changes_count; i++) {
        const struct ticket *ticket = &changes[i].ticket;
        if (changes[i].kind == STORE_EVENT && changes[i].event.seq != ++seq) {
            return ERR_STATE;
        }
        bool is_taken = changes[i].kind == STORE_TICKET && number_is_taken(place, ticket);
        for (size_t j = 0; changes[i].kind == STORE_TICKET && j < i; j++) {
            is_taken = is_taken || (changes[j].kind == STORE_TICKET &&
                                    text_equal(changes[j].ticket.number, ticket->number) &&
                                    !text_equal(changes[j].ticket.id, ticket->id));
        }
        if (is_taken) {
            return ERR_STATE;
        }
    }
    return OK;
}

static bool number_is_taken(const struct store_fake_place *place, const struct ticket *ticket)
{
    for (size_t i = 0; i < place->rows_count; i++) {
        const struct store_fake_row *row = &place->rows[i];
        if (row->change.kind == STORE_TICKET && row->day == place->day &&
            text_equal(row->change.ticket.number, ticket->number) &&
            !text_equal(row->change.ticket.id, ticket->id)) {
            return true;
        }
    }
    return false;
}

static void put(struct store_fake_place *place, const struct store_change *change)
{
    char key[STORE_FAKE_KEY_BYTES];
    key_of(change, key);
    if (change->kind == STORE_DAY) {
        begin_day(place, change->day);
        return;
    }
    enum store_change_kind erased = erased_by(change->kind);
    if (erased != change->kind) {
        struct store_fake_row *row = find(place, erased, key);
        if (row != NULL) {
            drop(place, (size_t)(row - place->rows));
        }
        return;
    }
    struct store_fake_row *row =
        find(place, change->kind == STORE_OUTBOX_DONE ? STORE_OUTBOX : change->kind, key);
    if (change->kind == STORE_OUTBOX_DONE) {
        if (row != NULL) {
            row->is_over = true;
        }
        return;
    }
    if (change->kind == STORE_OUTBOX && row != NULL) {
        return; // never twice
    }
    if (row == NULL) {
        if (place->rows_count == place->rows_size) {
            place->rows_size = place->rows_size == 0 ? 64 : place->rows_size * 2;
            place->rows = realloc(place->rows, place->rows_size * sizeof place->rows[0]);
            CHECK(place->rows != NULL);
        }
        row = &place->rows[place->rows_count++];
        *row = (struct store_fake_row){0};
    }
    fill(row, change);
    row->day = change->kind == STORE_DAY_KEY ? change->day_key.day : place->day;
    if (change->kind == STORE_AUDIT) {
        chain(place->audit_hash, &change->audit);
        memcpy(row->hash, place->audit_hash, sizeof row->hash);
    }
}

// The kind of row that this change takes away; the change's own when it takes none.
static enum store_change_kind erased_by(enum store_change_kind kind)
{
    return kind == STORE_CONTEXT_ERASE   ? STORE_CONTEXT
           : kind == STORE_FORM_ERASE    ? STORE_FORM
           : kind == STORE_BUNDLE_ERASE  ? STORE_BUNDLE
           : kind == STORE_ROLLOUT_ERASE ? STORE_ROLLOUT
                                         : kind;
}

static void begin_day(struct store_fake_place *place, int64_t day)
{
    uint64_t last = last_seq(place);
    place->day = day;
    size_t kept_count = 0;
    for (size_t i = 0; i < place->rows_count; i++) {
        struct store_fake_row *row = &place->rows[i];
        struct store_change *change = &row->change;
        bool is_before = row->day < day;
        if (change->kind == STORE_CONTEXT ||
            (change->kind == STORE_EVENT && change->event.seq + EVENTS_KEPT <= last) ||
            (is_before && (change->kind == STORE_VISIT || change->kind == STORE_ANSWER ||
                           change->kind == STORE_DAY_KEY || change->kind == STORE_FORM))) {
            free(row->bytes);
            continue;
        }
        if (change->kind == STORE_TICKET && is_before && ticket_is_open(&change->ticket)) {
            change->ticket.state = TICKET_EXPIRED;
        } else if (change->kind == STORE_SERVICE) {
            change->service.last_number = 0;
        } else if (change->kind == STORE_COUNTER) {
            change->counter.state = COUNTER_CLOSED;
            change->counter.staff[0] = '\0';
            change->counter.ticket[0] = '\0';
        }
        place->rows[kept_count++] = *row;
    }
    place->rows_count = kept_count;
}

static struct store_fake_row *find(struct store_fake_place *place, enum store_change_kind kind,
                                   const char *key)
{
    for (size_t i = 0; key[0] != '\0' && i < place->rows_count; i++) {
        char other[STORE_FAKE_KEY_BYTES];
        if (place->rows[i].change.kind != kind) {
            continue;
        }
        key_of(&place->rows[i].change, other);
        if (text_equal(other, key)) {
            return &place->rows[i];
        }
    }
    return NULL;
}

static void drop(struct store_fake_place *place, size_t at)
{
    free(place->rows[at].bytes);
    place->rows_count -= 1;
    memmove(place->rows + at, place->rows + at + 1,
            (place->rows_count - at) * sizeof place->rows[0]);
}

static void fill(struct store_fake_row *row, const struct store_change *change)
{
    free(row->bytes);
    row->change = *change;
    row->bytes = NULL;
    struct store_blob *blob = blob_of(&row->change);
    if (blob != NULL && blob->len > 0) {
        row->bytes = malloc(blob->len);
        CHECK(row->bytes != NULL);
        memcpy(row->bytes, blob->data, blob->len);
        blob->data = row->bytes;
    }
}

static struct store_blob *blob_of(struct store_change *change)
{
    switch (change->kind) {
    case STORE_VISIT:
        return &change->visit.blob;
    case STORE_CONTEXT:
        return &change->context.blob;
    case STORE_EVENT:
        return &change->event.body;
    case STORE_ANSWER:
        return &change->answer.body;
    case STORE_OUTBOX:
        return &change->outbox.blob;
    case STORE_DAY_KEY:
        return &change->day_key.wrapped;
    case STORE_FORM:
        return &change->form.blob;
    case STORE_TICKET:
    case STORE_COUNTER:
    case STORE_SERVICE:
    case STORE_CONTEXT_ERASE:
    case STORE_OUTBOX_DONE:
    case STORE_AUDIT:
    case STORE_DEVICE:
    case STORE_CODE:
    case STORE_STAFF:
    case STORE_DAY:
    case STORE_FORM_ERASE:
    case STORE_SEEN:
    case STORE_BUNDLE:
    case STORE_BUNDLE_ERASE:
    case STORE_ROLLOUT:
    case STORE_ROLLOUT_ERASE:
        return NULL;
    }
    return NULL;
}

// Empty: every change is a row of its own.
static void key_of(const struct store_change *change, char key[STORE_FAKE_KEY_BYTES])
{
    struct text text;
    text_init(&text, key, STORE_FAKE_KEY_BYTES);
    if (change->kind == STORE_TICKET) {
        text_add(&text, change->ticket.id);
    } else if (change->kind == STORE_VISIT) {
        text_add(&text, change->visit.visit.id);
    } else if (change->kind == STORE_COUNTER) {
        text_add(&text, change->counter.desk);
    } else if (change->kind == STORE_SERVICE) {
        text_format(&text, "%c", change->service.letter);
    } else if (change->kind == STORE_CONTEXT || change->kind == STORE_CONTEXT_ERASE) {
        text_add(&text, change->context.ticket);
    } else if (change->kind == STORE_FORM || change->kind == STORE_FORM_ERASE) {
        text_add(&text, change->form.id);
    } else if (change->kind == STORE_ANSWER) {
        text_format(&text, "%s|%s", change->answer.key, change->answer.device);
    } else if (change->kind == STORE_OUTBOX || change->kind == STORE_OUTBOX_DONE) {
        text_add(&text, change->outbox.key);
    } else if (change->kind == STORE_DEVICE || change->kind == STORE_CODE) {
        const uint8_t *hash =
            change->kind == STORE_DEVICE ? change->device.fingerprint : change->code.hash;
        char hex[STORE_HASH_BYTES * 2 + 1];
        CHECK(hex_encode(hash, STORE_HASH_BYTES, hex, sizeof hex) == OK);
        text_add(&text, hex);
    } else if (change->kind == STORE_STAFF) {
        text_add(&text, change->staff.id);
    } else if (change->kind == STORE_DAY_KEY) {
        text_format(&text, "%lld", (long long)change->day_key.day);
    } else if (change->kind == STORE_SEEN) {
        text_add(&text, change->seen.device);
    } else if (change->kind == STORE_BUNDLE || change->kind == STORE_BUNDLE_ERASE) {
        text_add(&text, change->bundle.id);
    } else if (change->kind == STORE_ROLLOUT || change->kind == STORE_ROLLOUT_ERASE) {
        text_add(&text, change->rollout.id);
    }
}

// From the hash of the row before to the hash of this one.
static void chain(uint8_t hash[STORE_HASH_BYTES], const struct store_audit *audit)
{
    struct {
        uint8_t before[STORE_HASH_BYTES];
        struct store_audit audit;
    } covered = {.audit = *audit};
    memcpy(covered.before, hash, sizeof covered.before);
    crypto_sha256(&covered, sizeof covered, hash);
}

static void tell(const struct store_fake_row *row, const struct store_loader *loader)
{
    const struct store_change *change = &row->change;
    if (change->kind == STORE_TICKET && loader->ticket != NULL) {
        loader->ticket(loader->ctx, &change->ticket);
    } else if (change->kind == STORE_VISIT && loader->visit != NULL) {
        loader->visit(loader->ctx, &change->visit.visit, change->visit.blob);
    } else if (change->kind == STORE_COUNTER && loader->counter != NULL) {
        loader->counter(loader->ctx, &change->counter);
    } else if (change->kind == STORE_SERVICE && loader->service != NULL) {
        loader->service(loader->ctx, &change->service);
    } else if (change->kind == STORE_OUTBOX && loader->outbox != NULL && !row->is_over) {
        loader->outbox(loader->ctx, change->outbox.key, change->outbox.when_ms,
                       change->outbox.blob);
    } else if (change->kind == STORE_ANSWER && loader->answer != NULL) {
        loader->answer(loader->ctx, change->answer.key, change->answer.device,
                       change->answer.request_hash, change->answer.status, change->answer.body);
    } else if (change->kind == STORE_DAY_KEY && loader->day_key != NULL) {
        loader->day_key(loader->ctx, change->day_key.day, change->day_key.wrapped);
    } else if (change->kind == STORE_FORM && loader->form != NULL) {
        loader->form(loader->ctx, change->form.id, change->form.visit, change->form.request,
                     change->form.blob);
    } else {
        tell_registry(change, loader);
    }
}

static void tell_registry(const struct store_change *change, const struct store_loader *loader)
{
    if (change->kind == STORE_DEVICE && loader->device != NULL) {
        loader->device(loader->ctx, &change->device);
    } else if (change->kind == STORE_CODE && loader->code != NULL) {
        loader->code(loader->ctx, &change->code);
    } else if (change->kind == STORE_STAFF && loader->staff != NULL) {
        loader->staff(loader->ctx, &change->staff);
    } else if (change->kind == STORE_SEEN && loader->seen != NULL) {
        loader->seen(loader->ctx, &change->seen);
    } else if (change->kind == STORE_BUNDLE && loader->bundle != NULL) {
        loader->bundle(loader->ctx, &change->bundle);
    } else if (change->kind == STORE_ROLLOUT && loader->rollout != NULL) {
        loader->rollout(loader->ctx, &change->rollout);
    }
}
