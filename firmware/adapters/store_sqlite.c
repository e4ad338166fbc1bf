// SPDX-License-Identifier: EUPL-1.2
//
// Batches into one SQLite transaction, rows back into structs through bounded checks, and the
// audit chain.
#include "adapters/store_sqlite.h"

#include "adapters/store_sqlite_schema.h"
#include "base/bytes.h"
#include "base/text.h"
#include "link/crypto.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { BUSY_MS = 3000, CHECKPOINT_COMMITS = 2000 };

typedef void (*row_fn)(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);

struct table {
    const char *name;
    const char *sql; // the key first
    row_fn fn;
    bool is_registry;
};

static enum err store_open(struct store *port, const char *location, struct store_state *state,
                           struct fault *fault);
static enum err store_load(struct store *port, int64_t day, const struct store_loader *loader,
                           struct fault *fault);
static enum err store_apply(struct store *port, const struct store_change *changes,
                            size_t changes_count, struct fault *fault);
static enum err store_events(struct store *port, uint64_t from, size_t max, store_event_fn each,
                             void *ctx);
static enum err store_context(struct store *port, const char *ticket, store_blob_fn each,
                              void *ctx);
static enum err store_audit_check(struct store *port, uint64_t *rows_count, uint64_t *bad_row,
                                  struct fault *fault);
static bool audit_kinds_hold(struct sqlite3_stmt *row);
static void store_close(struct store *port);

static enum err open_one(struct store_sqlite *store, struct sqlite3 **db, struct fault *fault);
static enum err run(struct sqlite3 *db, const char *sql, struct fault *fault);
static enum err check_schema(struct store_sqlite *store, struct fault *fault);
static enum err take_epoch(struct store_sqlite *store, struct store_state *state,
                           struct fault *fault);
static enum err read_audit_head(struct store_sqlite *store, struct fault *fault);
static int64_t read_number(struct sqlite3 *db, const char *sql, int64_t fallback);
static enum err check_epoch(struct store_sqlite *store);
static enum err commit(struct store_sqlite *store, struct fault *fault);
static void checkpoint(struct store_sqlite *store);
static int put(struct store_sqlite *store, const struct store_change *change, int64_t day);
static int put_ticket(struct sqlite3_stmt *row, const struct ticket *ticket, int64_t day);
static int put_audit(struct store_sqlite *store, struct sqlite3_stmt *row,
                     const struct store_audit *audit);
static int put_registry(struct sqlite3_stmt *row, const struct store_change *change);
static int put_other(struct sqlite3_stmt *row, const struct store_change *change, int64_t day);
static int put_form(struct sqlite3_stmt *row, const struct store_change *change, int64_t day);
static int put_fleet(struct sqlite3_stmt *row, const struct store_change *change);
static int put_rollout(struct sqlite3_stmt *row, const struct store_rollout *rollout);
static int put_day(struct store_sqlite *store, int64_t day);
static int step(struct sqlite3_stmt *row);
static void bind_text(struct sqlite3_stmt *row, int column, const char *words);
static void bind_blob(struct sqlite3_stmt *row, int column, const void *data, size_t len);
static void chain(uint8_t hash[STORE_HASH_BYTES], uint64_t row, const struct store_audit *audit);
static enum err each_row(struct store_sqlite *store, const struct table *table, int64_t day,
                         const struct store_loader *loader, struct fault *fault);
static void name_row(struct sqlite3_stmt *row, char *out, size_t out_bytes);
static bool get_text(struct sqlite3_stmt *row, int column, char *out, size_t out_bytes);
static bool get_number(struct sqlite3_stmt *row, int column, int64_t min, int64_t max,
                       int64_t *value);
static bool get_bytes(struct sqlite3_stmt *row, int column, void *out, size_t len);
static struct store_blob get_blob(struct sqlite3_stmt *row, int column);
static void load_ticket(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_visit(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_counter(struct sqlite3_stmt *row, const struct store_loader *loader,
                         bool *is_good);
static void load_service(struct sqlite3_stmt *row, const struct store_loader *loader,
                         bool *is_good);
static void load_outbox(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_answer(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_day_key(struct sqlite3_stmt *row, const struct store_loader *loader,
                         bool *is_good);
static void load_form(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_seen(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_bundle(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_rollout(struct sqlite3_stmt *row, const struct store_loader *loader,
                         bool *is_good);
static void load_device(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_code(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);
static void load_staff(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good);

static const struct store_ops ops = {
    .open = store_open,
    .load = store_load,
    .apply = store_apply,
    .events = store_events,
    .context = store_context,
    .audit_check = store_audit_check,
    .close = store_close,
};

enum err store_sqlite_init(struct store_sqlite *store, const char *path, bool is_aside)
{
    *store = (struct store_sqlite){.port = {.ops = &ops}, .is_aside = is_aside};
    return text_copy(store->path, sizeof store->path, path);
}

static struct store_sqlite *self(struct store *port)
{
    return (struct store_sqlite *)port;
}

static enum err store_open(struct store *port, const char *location, struct store_state *state,
                           struct fault *fault)
{
    struct store_sqlite *store = self(port);
    (void)location; // one file a location
    mode_t mask = umask(0077);
    enum err err = open_one(store, &store->writer, fault);
    err = err != OK ? err : check_schema(store, fault);
    err = err != OK ? err : run(store->writer, store_sqlite_tables, fault);
    err = err != OK ? err : run(store->writer, store_sqlite_numbers, fault);
    err = err != OK ? err : open_one(store, &store->reader, fault);
    (void)umask(mask);
    for (int i = 0; err == OK && i < STATEMENTS_COUNT; i++) {
        if (sqlite3_prepare_v3(store->writer, store_sqlite_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK) {
            err = fault_set(fault, ERR_IO, "store: %s", sqlite3_errmsg(store->writer));
        }
    }
    err = err != OK ? err : take_epoch(store, state, fault);
    err = err != OK ? err : read_audit_head(store, fault);
    if (err != OK) {
        store_close(port);
    } else if (!store->is_aside) {
        store->must_forget = true; // the hub before us may not have come to it
        checkpoint(store);
    }
    return err;
}

static enum err store_load(struct store *port, int64_t day, const struct store_loader *loader,
                           struct fault *fault)
{
    static const struct table tables[] = {
        {"device", "SELECT * FROM device", load_device, true},
        {"code", "SELECT * FROM code", load_code, true},
        {"staff", "SELECT * FROM staff", load_staff, true},
        {"day_key", "SELECT * FROM day_key WHERE day=?1", load_day_key, false},
        {"service", "SELECT letter,mean,served,last FROM service", load_service, false},
        {"ticket", "SELECT * FROM ticket WHERE day=?1", load_ticket, false},
        {"visit", "SELECT * FROM visit WHERE day=?1", load_visit, false},
        {"counter", "SELECT * FROM counter", load_counter, false},
        {"outbox", "SELECT key,at,sealed FROM outbox WHERE done=0 AND sealed NOT NULL ORDER BY at",
         load_outbox, false},
        {"answer", "SELECT key,device,hash,status,sealed FROM answer WHERE day=?1", load_answer,
         false},
        {"form", "SELECT id,visit,request,sealed FROM form WHERE day=?1", load_form, false},
        {"seen", "SELECT * FROM seen", load_seen, false},
        {"bundle", "SELECT * FROM bundle ORDER BY added", load_bundle, false},
        {"rollout", "SELECT * FROM rollout ORDER BY started,id", load_rollout, false},
    };
    enum err err = OK;
    for (size_t i = 0; err == OK && i < sizeof tables / sizeof tables[0]; i++) {
        if (tables[i].is_registry || day >= 0) {
            err = each_row(self(port), &tables[i], day, loader, fault);
        }
    }
    return err;
}

static enum err store_apply(struct store *port, const struct store_change *changes,
                            size_t changes_count, struct fault *fault)
{
    struct store_sqlite *store = self(port);
    if (step(store->statements[BEGIN_BATCH]) != SQLITE_DONE) {
        return fault_set(fault, ERR_IO, "store: %s", sqlite3_errmsg(store->writer));
    }
    enum err err = check_epoch(store);
    // A command line beside us may have added rows to the chain since we looked.
    err = err != OK ? err : read_audit_head(store, fault);
    int64_t day = read_number(store->writer, "SELECT value FROM meta WHERE name='day'", 0);
    for (size_t i = 0; err == OK && i < changes_count; i++) {
        if (changes[i].kind == STORE_DAY) {
            day = changes[i].day;
            store->must_forget = true;
        }
        int result = put(store, &changes[i], day);
        if (result != SQLITE_DONE) {
            err = fault_set(fault, result == SQLITE_CONSTRAINT ? ERR_STATE : ERR_IO, "store: %s",
                            sqlite3_errmsg(store->writer));
        }
    }
    err = err != OK ? err : commit(store, fault);
    if (err != OK) {
        if (sqlite3_get_autocommit(store->writer) == 0) {
            (void)step(store->statements[ROLLBACK_BATCH]); // nothing of it was told
        }
        return err == ERR_REFUSED ? fault_set(fault, err, "store: another hub took the location")
                                  : err;
    }
    checkpoint(store);
    return OK;
}

static enum err store_events(struct store *port, uint64_t from, size_t max, store_event_fn each,
                             void *ctx)
{
    struct store_sqlite *store = self(port);
    int64_t first = read_number(store->reader, "SELECT min(seq) FROM event", 0);
    int64_t last = read_number(store->reader, "SELECT max(seq) FROM event", 0);
    if ((int64_t)from > last || (first > 0 && (int64_t)from < first - 1)) {
        return ERR_GONE;
    }
    struct sqlite3_stmt *row = NULL;
    if (max == 0 || each == NULL) {
        return OK;
    }
    if (sqlite3_prepare_v2(store->reader,
                           "SELECT seq,name,body FROM event WHERE seq>?1 ORDER BY seq LIMIT ?2", -1,
                           &row, NULL) != SQLITE_OK) {
        return ERR_IO;
    }
    sqlite3_bind_int64(row, 1, (int64_t)from);
    sqlite3_bind_int64(row, 2, (int64_t)max);
    int result = SQLITE_ROW;
    bool is_good = true;
    while (is_good && (result = sqlite3_step(row)) == SQLITE_ROW) {
        char name[24];
        struct store_blob body = get_blob(row, 2);
        is_good = get_text(row, 1, name, sizeof name) && body.len > 0 &&
                  utf8_is_valid((const char *)body.data, body.len);
        if (is_good) {
            each(ctx, (uint64_t)sqlite3_column_int64(row, 0), name, body);
        }
    }
    (void)sqlite3_finalize(row); // its error is `result`
    return !is_good ? ERR_MALFORMED : result == SQLITE_DONE ? OK : ERR_IO;
}

static enum err store_context(struct store *port, const char *ticket, store_blob_fn each, void *ctx)
{
    struct store_sqlite *store = self(port);
    struct sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(store->reader, "SELECT sealed FROM context WHERE ticket=?1", -1, &row,
                           NULL) != SQLITE_OK) {
        return ERR_IO;
    }
    bind_text(row, 1, ticket);
    int result = sqlite3_step(row);
    if (result == SQLITE_ROW) {
        each(ctx, get_blob(row, 0));
    }
    (void)sqlite3_finalize(row); // its error is `result`
    return result == SQLITE_ROW ? OK : result == SQLITE_DONE ? ERR_NOT_FOUND : ERR_IO;
}

static enum err store_audit_check(struct store *port, uint64_t *rows_count, uint64_t *bad_row,
                                  struct fault *fault)
{
    struct store_sqlite *store = self(port);
    struct sqlite3_stmt *row = NULL;
    *rows_count = 0;
    *bad_row = 0;
    if (sqlite3_prepare_v2(store->reader, "SELECT * FROM audit ORDER BY row", -1, &row, NULL) !=
        SQLITE_OK) {
        return fault_set(fault, ERR_IO, "store: %s", sqlite3_errmsg(store->reader));
    }
    uint8_t hash[STORE_HASH_BYTES] = {0};
    enum err err = OK;
    int result = SQLITE_ROW;
    while (err == OK && (result = sqlite3_step(row)) == SQLITE_ROW) {
        struct store_audit audit = {0};
        uint8_t stored[STORE_HASH_BYTES];
        *rows_count += 1;
        bool is_read = audit_kinds_hold(row) &&
                       sqlite3_column_int64(row, 0) == (int64_t)*rows_count &&
                       get_text(row, 1, audit.action, sizeof audit.action) &&
                       get_text(row, 2, audit.object, sizeof audit.object) &&
                       get_text(row, 3, audit.result, sizeof audit.result) &&
                       get_text(row, 4, audit.origin, sizeof audit.origin) &&
                       get_text(row, 5, audit.actor, sizeof audit.actor) &&
                       get_bytes(row, 7, stored, sizeof stored);
        audit.when_ms = sqlite3_column_int64(row, 6);
        chain(hash, *rows_count, &audit);
        if (!is_read || memcmp(hash, stored, sizeof hash) != 0) {
            *bad_row = *rows_count;
            err = fault_set(fault, ERR_CRYPTO, "audit: row %llu was changed",
                            (unsigned long long)*bad_row);
        }
    }
    (void)sqlite3_finalize(row); // its error is `result`
    return err != OK || result == SQLITE_DONE ? err
                                              : fault_set(fault, ERR_IO, "audit: cannot be read");
}

// "12x" in a column of numbers still reads as 12, and bytes as words: the chain would not see it.
static bool audit_kinds_hold(struct sqlite3_stmt *row)
{
    static const int kinds[] = {SQLITE_INTEGER, SQLITE_TEXT, SQLITE_TEXT,    SQLITE_TEXT,
                                SQLITE_TEXT,    SQLITE_TEXT, SQLITE_INTEGER, SQLITE_BLOB};
    for (int i = 0; i < (int)(sizeof kinds / sizeof kinds[0]); i++) {
        if (sqlite3_column_type(row, i) != kinds[i]) {
            return false;
        }
    }
    return true;
}

static void store_close(struct store *port)
{
    struct store_sqlite *store = self(port);
    for (int i = 0; i < STATEMENTS_COUNT; i++) {
        (void)sqlite3_finalize(store->statements[i]); // NULL is fine
        store->statements[i] = NULL;
    }
    (void)sqlite3_close(store->reader); // NULL is fine
    (void)sqlite3_close(store->writer);
    store->reader = NULL;
    store->writer = NULL;
}

static enum err open_one(struct store_sqlite *store, struct sqlite3 **db, struct fault *fault)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
    if (sqlite3_open_v2(store->path, db, flags, store->vfs) != SQLITE_OK) {
        return fault_set(fault, ERR_IO, "%s: %s", store->path, sqlite3_errmsg(*db));
    }
    (void)sqlite3_busy_timeout(*db, BUSY_MS); // cannot fail
    return run(*db,
               "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
               "PRAGMA wal_autocheckpoint=0; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-32768",
               fault);
}

static enum err run(struct sqlite3 *db, const char *sql, struct fault *fault)
{
    const int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (result == SQLITE_OK) {
        return OK;
    }
    // Rows that are stored already break one of our rules: we never wrote them.
    return fault_set(fault, result == SQLITE_CONSTRAINT ? ERR_MALFORMED : ERR_IO, "store: %s",
                     sqlite3_errmsg(db));
}

static enum err check_schema(struct store_sqlite *store, struct fault *fault)
{
    int64_t schema = read_number(store->writer, "SELECT value FROM meta WHERE name='schema'",
                                 STORE_SQLITE_SCHEMA);
    return schema <= STORE_SQLITE_SCHEMA
               ? OK
               : fault_set(fault, ERR_STATE, "%s: made by a newer hub", store->path);
}

static enum err take_epoch(struct store_sqlite *store, struct store_state *state,
                           struct fault *fault)
{
    enum err err = OK;
    if (!store->is_aside) {
        err = run(store->writer,
                  "INSERT OR REPLACE INTO meta VALUES('schema',1);"
                  "INSERT INTO meta VALUES('epoch',1)"
                  " ON CONFLICT(name) DO UPDATE SET value=value+1",
                  fault);
    }
    store->epoch =
        (uint64_t)read_number(store->writer, "SELECT value FROM meta WHERE name='epoch'", 0);
    *state = (struct store_state){
        .day = read_number(store->writer, "SELECT value FROM meta WHERE name='day'", 0),
        .event_seq = (uint64_t)read_number(store->writer, "SELECT max(seq) FROM event", 0),
        .epoch = store->epoch,
    };
    return err;
}

static enum err read_audit_head(struct store_sqlite *store, struct fault *fault)
{
    struct sqlite3_stmt *row = store->statements[AUDIT_HEAD];
    store->audit_rows = 0;
    memset(store->audit_hash, 0, sizeof store->audit_hash);
    int result = sqlite3_step(row);
    bool is_good = result == SQLITE_DONE;
    if (result == SQLITE_ROW) {
        store->audit_rows = (uint64_t)sqlite3_column_int64(row, 0);
        is_good = get_bytes(row, 1, store->audit_hash, sizeof store->audit_hash);
    }
    (void)sqlite3_reset(row); // its error is `result`
    return is_good ? OK : fault_set(fault, ERR_MALFORMED, "audit: the last row is damaged");
}

static int64_t read_number(struct sqlite3 *db, const char *sql, int64_t fallback)
{
    struct sqlite3_stmt *row = NULL;
    int64_t number = fallback;
    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK &&
        sqlite3_step(row) == SQLITE_ROW && sqlite3_column_type(row, 0) == SQLITE_INTEGER) {
        number = sqlite3_column_int64(row, 0);
    }
    (void)sqlite3_finalize(row); // NULL is fine
    return number;
}

// Fencing: the hub that opened the location last is the only one that may write.
static enum err check_epoch(struct store_sqlite *store)
{
    struct sqlite3_stmt *row = store->statements[CHECK_EPOCH];
    bool is_ours = store->is_aside || (sqlite3_step(row) == SQLITE_ROW &&
                                       sqlite3_column_int64(row, 0) == (int64_t)store->epoch);
    (void)sqlite3_reset(row); // read only
    return is_ours ? OK : ERR_REFUSED;
}

// When the last step fails, the transaction may stand in the log all the same and be found there by
// the next opening. Only a full disk or a neighbour's lock stops it before anything is written
// whole.
static enum err commit(struct store_sqlite *store, struct fault *fault)
{
    int result = step(store->statements[COMMIT_BATCH]);
    if (result == SQLITE_DONE) {
        return OK;
    }
    bool is_undone = result == SQLITE_FULL || result == SQLITE_BUSY;
    return fault_set(fault, is_undone ? ERR_IO : ERR_UNKNOWN, "store: %s",
                     sqlite3_errmsg(store->writer));
}

// Now and then the log goes into the file. After a new day it is emptied as well: until then the
// destroyed key and what it sealed could still be read in it.
static void checkpoint(struct store_sqlite *store)
{
    if (store->must_forget) {
        store->must_forget =
            sqlite3_wal_checkpoint_v2(store->writer, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                      NULL) != SQLITE_OK; // else with the next one
    } else if (++store->commits_since_checkpoint >= CHECKPOINT_COMMITS) {
        store->commits_since_checkpoint = 0;
        (void)sqlite3_wal_checkpoint_v2(store->writer, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    }
}

static const enum store_sqlite_statement statement_of[] = {
    [STORE_TICKET] = PUT_TICKET,
    [STORE_VISIT] = PUT_VISIT,
    [STORE_COUNTER] = PUT_COUNTER,
    [STORE_SERVICE] = PUT_SERVICE,
    [STORE_CONTEXT] = PUT_CONTEXT,
    [STORE_CONTEXT_ERASE] = ERASE_CONTEXT,
    [STORE_EVENT] = PUT_EVENT,
    [STORE_ANSWER] = PUT_ANSWER,
    [STORE_OUTBOX] = PUT_OUTBOX,
    [STORE_OUTBOX_DONE] = END_OUTBOX,
    [STORE_AUDIT] = PUT_AUDIT,
    [STORE_DEVICE] = PUT_DEVICE,
    [STORE_CODE] = PUT_CODE,
    [STORE_STAFF] = PUT_STAFF,
    [STORE_DAY] = PUT_DAY,
    [STORE_DAY_KEY] = PUT_DAY_KEY,
    [STORE_FORM] = PUT_FORM,
    [STORE_FORM_ERASE] = ERASE_FORM,
    [STORE_SEEN] = PUT_SEEN,
    [STORE_BUNDLE] = PUT_BUNDLE,
    [STORE_ROLLOUT] = PUT_ROLLOUT,
    [STORE_BUNDLE_ERASE] = ERASE_BUNDLE,
    [STORE_ROLLOUT_ERASE] = ERASE_ROLLOUT,
};

static int put(struct store_sqlite *store, const struct store_change *change, int64_t day)
{
    struct sqlite3_stmt *row = store->statements[statement_of[change->kind]];
    switch (change->kind) {
    case STORE_TICKET:
        return put_ticket(row, &change->ticket, day);
    case STORE_AUDIT:
        return put_audit(store, row, &change->audit);
    case STORE_DAY:
        return put_day(store, change->day);
    case STORE_DEVICE:
    case STORE_CODE:
    case STORE_STAFF:
    case STORE_COUNTER:
    case STORE_SERVICE:
        return put_registry(row, change);
    case STORE_VISIT:
    case STORE_CONTEXT:
    case STORE_CONTEXT_ERASE:
    case STORE_EVENT:
    case STORE_ANSWER:
    case STORE_OUTBOX:
    case STORE_OUTBOX_DONE:
    case STORE_DAY_KEY:
        return put_other(row, change, day);
    case STORE_FORM:
    case STORE_FORM_ERASE:
        return put_form(row, change, day);
    case STORE_SEEN:
    case STORE_BUNDLE:
    case STORE_BUNDLE_ERASE:
        return put_fleet(row, change);
    case STORE_ROLLOUT:
        return put_rollout(row, &change->rollout);
    case STORE_ROLLOUT_ERASE:
        bind_text(row, 1, change->rollout.id);
        return step(row);
    }
    return SQLITE_MISUSE;
}

static int put_ticket(struct sqlite3_stmt *row, const struct ticket *ticket, int64_t day)
{
    bind_text(row, 1, ticket->id);
    sqlite3_bind_int64(row, 2, day);
    bind_text(row, 3, ticket->visit);
    bind_text(row, 4, ticket->request);
    sqlite3_bind_int(row, 5, ticket->service);
    bind_text(row, 6, ticket->number);
    sqlite3_bind_int64(row, 7, ticket->seq);
    sqlite3_bind_int64(row, 8, ticket->issued_ms);
    sqlite3_bind_int64(row, 9, ticket->due_ms);
    sqlite3_bind_int(row, 10, (int)ticket->state);
    sqlite3_bind_int(row, 11, (int)ticket->print_state);
    bind_text(row, 12, ticket->desk);
    bind_text(row, 13, ticket->desk_only);
    sqlite3_bind_int64(row, 14, ticket->called_ms);
    sqlite3_bind_int64(row, 15, ticket->serving_ms);
    sqlite3_bind_int(row, 16, ticket->calls_count);
    sqlite3_bind_int(row, 17, ticket->returns_count);
    sqlite3_bind_int(row, 18, (int)ticket->level);
    sqlite3_bind_int64(row, 19, ticket->evidence.kinds);
    sqlite3_bind_int64(row, 20, ticket->needs);
    bind_text(row, 21, ticket->language);
    sqlite3_bind_int(row, 22, (int)ticket->subject);
    sqlite3_bind_int(row, 23, ticket->has_context);
    sqlite3_bind_int(row, 24, ticket->need_granted);
    sqlite3_bind_int64(row, 25, ticket->version);
    return step(row);
}

static int put_audit(struct store_sqlite *store, struct sqlite3_stmt *row,
                     const struct store_audit *audit)
{
    store->audit_rows += 1;
    chain(store->audit_hash, store->audit_rows, audit);
    sqlite3_bind_int64(row, 1, (int64_t)store->audit_rows);
    bind_text(row, 2, audit->action);
    bind_text(row, 3, audit->object);
    bind_text(row, 4, audit->result);
    bind_text(row, 5, audit->origin);
    bind_text(row, 6, audit->actor);
    sqlite3_bind_int64(row, 7, audit->when_ms);
    bind_blob(row, 8, store->audit_hash, sizeof store->audit_hash);
    return step(row);
}

static int put_registry(struct sqlite3_stmt *row, const struct store_change *change)
{
    if (change->kind == STORE_DEVICE) {
        bind_blob(row, 1, change->device.fingerprint, sizeof change->device.fingerprint);
        bind_text(row, 2, change->device.id);
        sqlite3_bind_int(row, 3, (int)change->device.role);
        bind_text(row, 4, change->device.desk);
        sqlite3_bind_int(row, 5, change->device.is_revoked);
        sqlite3_bind_int64(row, 6, change->device.enrolled_ms);
    } else if (change->kind == STORE_CODE) {
        bind_blob(row, 1, change->code.hash, sizeof change->code.hash);
        bind_text(row, 2, change->code.device);
        sqlite3_bind_int(row, 3, (int)change->code.role);
        bind_text(row, 4, change->code.desk);
        sqlite3_bind_int64(row, 5, change->code.expires_ms);
        sqlite3_bind_int(row, 6, change->code.tries_left);
        sqlite3_bind_int(row, 7, change->code.is_used);
    } else if (change->kind == STORE_STAFF) {
        bind_text(row, 1, change->staff.id);
        bind_text(row, 2, change->staff.name);
        bind_blob(row, 3, change->staff.salt, sizeof change->staff.salt);
        bind_blob(row, 4, change->staff.pin_hash, sizeof change->staff.pin_hash);
    } else if (change->kind == STORE_COUNTER) {
        bind_text(row, 1, change->counter.desk);
        sqlite3_bind_int(row, 2, (int)change->counter.state);
        bind_text(row, 3, change->counter.staff);
        bind_text(row, 4, change->counter.ticket);
    } else {
        sqlite3_bind_int(row, 1, change->service.letter);
        sqlite3_bind_int64(row, 2, change->service.mean_ms);
        sqlite3_bind_int64(row, 3, change->service.served_count);
        sqlite3_bind_int64(row, 4, change->service.last_number);
    }
    return step(row);
}

static int put_other(struct sqlite3_stmt *row, const struct store_change *change, int64_t day)
{
    if (change->kind == STORE_VISIT) {
        bind_text(row, 1, change->visit.visit.id);
        sqlite3_bind_int64(row, 2, day);
        bind_text(row, 3, change->visit.visit.kiosk);
        sqlite3_bind_int(row, 4, (int)change->visit.visit.state);
        sqlite3_bind_int64(row, 5, change->visit.visit.evidence.kinds);
        sqlite3_bind_int64(row, 6, change->visit.visit.opened_ms);
        sqlite3_bind_int(row, 7, change->visit.visit.second_fact_tries);
        bind_blob(row, 8, change->visit.blob.data, change->visit.blob.len);
    } else if (change->kind == STORE_CONTEXT) {
        bind_text(row, 1, change->context.ticket);
        bind_blob(row, 2, change->context.blob.data, change->context.blob.len);
    } else if (change->kind == STORE_CONTEXT_ERASE) {
        bind_text(row, 1, change->context.ticket);
    } else if (change->kind == STORE_EVENT) {
        sqlite3_bind_int64(row, 1, (int64_t)change->event.seq);
        sqlite3_bind_int64(row, 2, change->event.when_ms);
        bind_text(row, 3, change->event.name);
        sqlite3_bind_text(row, 4, (const char *)change->event.body.data,
                          (int)change->event.body.len, SQLITE_STATIC);
    } else if (change->kind == STORE_ANSWER) {
        bind_text(row, 1, change->answer.key);
        bind_text(row, 2, change->answer.device);
        sqlite3_bind_int64(row, 3, day);
        bind_blob(row, 4, change->answer.request_hash, sizeof change->answer.request_hash);
        sqlite3_bind_int(row, 5, change->answer.status);
        sqlite3_bind_int64(row, 6, change->answer.when_ms);
        bind_blob(row, 7, change->answer.body.data, change->answer.body.len);
    } else if (change->kind == STORE_OUTBOX) {
        bind_text(row, 1, change->outbox.key);
        sqlite3_bind_int64(row, 2, change->outbox.when_ms);
        bind_blob(row, 3, change->outbox.blob.data, change->outbox.blob.len);
    } else if (change->kind == STORE_OUTBOX_DONE) {
        bind_text(row, 1, change->outbox_done.key);
        sqlite3_bind_int(row, 2, change->outbox_done.is_delivered ? 1 : 2);
        bind_text(row, 3, change->outbox_done.reason);
    } else {
        sqlite3_bind_int64(row, 1, change->day_key.day);
        bind_blob(row, 2, change->day_key.wrapped.data, change->day_key.wrapped.len);
    }
    return step(row);
}

static int put_form(struct sqlite3_stmt *row, const struct store_change *change, int64_t day)
{
    bind_text(row, 1, change->form.id);
    if (change->kind == STORE_FORM) {
        sqlite3_bind_int64(row, 2, day);
        bind_text(row, 3, change->form.visit);
        bind_text(row, 4, change->form.request);
        bind_blob(row, 5, change->form.blob.data, change->form.blob.len);
    }
    return step(row);
}

static int put_fleet(struct sqlite3_stmt *row, const struct store_change *change)
{
    if (change->kind == STORE_SEEN) {
        bind_text(row, 1, change->seen.device);
        sqlite3_bind_int64(row, 2, change->seen.at_ms);
        bind_text(row, 3, change->seen.version);
        bind_text(row, 4, change->seen.board);
        sqlite3_bind_int64(row, 5, change->seen.update_state);
        bind_text(row, 6, change->seen.update_version);
        bind_text(row, 7, change->seen.update_reason);
        sqlite3_bind_int64(row, 8, change->seen.update_ms);
        return step(row);
    }
    bind_text(row, 1, change->bundle.id);
    if (change->kind == STORE_BUNDLE) {
        bind_text(row, 2, change->bundle.version);
        bind_text(row, 3, change->bundle.minimum);
        bind_text(row, 4, change->bundle.board);
        bind_text(row, 5, change->bundle.town);
        bind_text(row, 6, change->bundle.made);
        sqlite3_bind_int64(row, 7, change->bundle.bytes_count);
        bind_blob(row, 8, change->bundle.sha256, sizeof change->bundle.sha256);
        sqlite3_bind_int64(row, 9, change->bundle.added_ms);
        bind_text(row, 10, change->bundle.added_by);
    }
    return step(row);
}

static int put_rollout(struct sqlite3_stmt *row, const struct store_rollout *rollout)
{
    bind_text(row, 1, rollout->id);
    bind_text(row, 2, rollout->bundle);
    bind_text(row, 3, rollout->version);
    bind_text(row, 4, rollout->board);
    sqlite3_bind_int(row, 5, (int)rollout->ring);
    bind_text(row, 6, rollout->device);
    bind_text(row, 7, rollout->from);
    bind_text(row, 8, rollout->to);
    sqlite3_bind_int(row, 9, rollout->is_stopped);
    bind_text(row, 10, rollout->reason);
    sqlite3_bind_int64(row, 11, rollout->started_ms);
    bind_text(row, 12, rollout->started_by);
    sqlite3_bind_int64(row, 13, rollout->stopped_ms);
    return step(row);
}

static int put_day(struct store_sqlite *store, int64_t day)
{
    static const enum store_sqlite_statement statements[] = {
        PUT_DAY,  DAY_TICKETS, DAY_VISITS,   DAY_CONTEXTS, DAY_ANSWERS,
        DAY_KEYS, DAY_EVENTS,  DAY_SERVICES, DAY_COUNTERS, DAY_FORMS};
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        struct sqlite3_stmt *row = store->statements[statements[i]];
        if (sqlite3_bind_parameter_count(row) > 0) {
            sqlite3_bind_int64(row, 1, day);
        }
        int result = step(row);
        if (result != SQLITE_DONE) {
            return result;
        }
    }
    return SQLITE_DONE;
}

static int step(struct sqlite3_stmt *row)
{
    int result = sqlite3_step(row);
    int reset = sqlite3_reset(row); // repeats the error of the step
    return reset == SQLITE_OK ? result : reset;
}

static void bind_text(struct sqlite3_stmt *row, int column, const char *words)
{
    sqlite3_bind_text(row, column, words, -1, SQLITE_STATIC);
}

static void bind_blob(struct sqlite3_stmt *row, int column, const void *data, size_t len)
{
    sqlite3_bind_blob(row, column, data, (int)len, SQLITE_STATIC); // NULL data binds NULL
}

// Each row's hash covers the one before it, its place and its six fields, each ended by a zero.
static void chain(uint8_t hash[STORE_HASH_BYTES], uint64_t row, const struct store_audit *audit)
{
    char bytes[600];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add_bytes(&text, (const char *)hash, STORE_HASH_BYTES);
    text_format(&text, "%llu", (unsigned long long)row);
    const char *const fields[] = {audit->action, audit->object, audit->result, audit->origin,
                                  audit->actor};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        text_add_bytes(&text, "", 1);
        text_add(&text, fields[i]);
    }
    text_add_bytes(&text, "", 1);
    text_format(&text, "%lld", (long long)audit->when_ms);
    CHECK(!text.is_cut);
    crypto_sha256(bytes, text.len, hash);
}

static enum err each_row(struct store_sqlite *store, const struct table *table, int64_t day,
                         const struct store_loader *loader, struct fault *fault)
{
    struct sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(store->reader, table->sql, -1, &row, NULL) != SQLITE_OK) {
        return fault_set(fault, ERR_IO, "store: %s", sqlite3_errmsg(store->reader));
    }
    if (sqlite3_bind_parameter_count(row) > 0) {
        sqlite3_bind_int64(row, 1, day);
    }
    char key[80] = "";
    bool is_good = true;
    int result = SQLITE_ROW;
    while (is_good && (result = sqlite3_step(row)) == SQLITE_ROW) {
        table->fn(row, loader, &is_good);
        if (!is_good) {
            name_row(row, key, sizeof key);
        }
    }
    (void)sqlite3_finalize(row); // its error is `result`
    if (!is_good) {
        return fault_set(fault, ERR_MALFORMED, "store: %s: the row of \"%s\" is damaged",
                         table->name, key);
    }
    return result == SQLITE_DONE
               ? OK
               : fault_set(fault, ERR_IO, "store: %s: cannot be read", table->name);
}

// The key of a row that may hold anything: as it is when a person can read it, else its bytes.
static void name_row(struct sqlite3_stmt *row, char *out, size_t out_bytes)
{
    enum { BYTES_SHOWN = 16 };
    const void *bytes = sqlite3_column_blob(row, 0);
    size_t len = (size_t)sqlite3_column_bytes(row, 0);
    bool is_text = sqlite3_column_type(row, 0) != SQLITE_BLOB;
    if (is_text && get_text(row, 0, out, out_bytes) && text_is_printable(out)) {
        return;
    }
    size_t shown = bytes == NULL ? 0 : len < BYTES_SHOWN ? len : BYTES_SHOWN;
    CHECK(hex_encode(bytes, shown, out, out_bytes) == OK);
}

static bool get_text(struct sqlite3_stmt *row, int column, char *out, size_t out_bytes)
{
    const unsigned char *words = sqlite3_column_text(row, column);
    size_t len = (size_t)sqlite3_column_bytes(row, column);
    out[0] = '\0';
    if (words == NULL || len >= out_bytes || strlen((const char *)words) != len ||
        !utf8_is_valid((const char *)words, len)) {
        return false;
    }
    memcpy(out, words, len + 1);
    return true;
}

static bool get_number(struct sqlite3_stmt *row, int column, int64_t min, int64_t max,
                       int64_t *value)
{
    *value = sqlite3_column_int64(row, column);
    return sqlite3_column_type(row, column) == SQLITE_INTEGER && *value >= min && *value <= max;
}

static bool get_bytes(struct sqlite3_stmt *row, int column, void *out, size_t len)
{
    const void *bytes = sqlite3_column_blob(row, column);
    if (bytes == NULL || (size_t)sqlite3_column_bytes(row, column) != len) {
        return false;
    }
    memcpy(out, bytes, len);
    return true;
}

static struct store_blob get_blob(struct sqlite3_stmt *row, int column)
{
    const void *bytes = sqlite3_column_blob(row, column);
    return (struct store_blob){.data = bytes, .len = (size_t)sqlite3_column_bytes(row, column)};
}

static void load_ticket(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct ticket ticket = {0};
    int64_t n[26] = {0};
    static const struct {
        int column;
        int64_t max;
    } numbers[] = {
        {4, 'Z'},
        {6, UINT32_MAX},
        {7, INT64_MAX},
        {8, INT64_MAX},
        {9, TICKET_STATES_COUNT - 1},
        {10, PRINT_NONE},
        {13, INT64_MAX},
        {14, INT64_MAX},
        {15, UINT16_MAX},
        {16, UINT16_MAX},
        {17, LEVEL_3},
        {18, UINT32_MAX},
        {19, UINT32_MAX},
        {21, SUBJECTS_COUNT - 1},
        {22, 1},
        {23, 1},
        {24, UINT32_MAX},
    };
    *is_good = get_text(row, 0, ticket.id, sizeof ticket.id) &&
               get_text(row, 2, ticket.visit, sizeof ticket.visit) &&
               get_text(row, 3, ticket.request, sizeof ticket.request) &&
               get_text(row, 5, ticket.number, sizeof ticket.number) &&
               get_text(row, 11, ticket.desk, sizeof ticket.desk) &&
               get_text(row, 12, ticket.desk_only, sizeof ticket.desk_only) &&
               get_text(row, 20, ticket.language, sizeof ticket.language);
    for (size_t i = 0; *is_good && i < sizeof numbers / sizeof numbers[0]; i++) {
        *is_good = get_number(row, numbers[i].column, 0, numbers[i].max, &n[numbers[i].column]);
    }
    if (!*is_good || loader->ticket == NULL) {
        return;
    }
    ticket.service = (char)n[4];
    ticket.seq = (uint32_t)n[6];
    ticket.issued_ms = n[7];
    ticket.due_ms = n[8];
    ticket.state = (enum ticket_state)n[9];
    ticket.print_state = (enum print_state)n[10];
    ticket.called_ms = n[13];
    ticket.serving_ms = n[14];
    ticket.calls_count = (uint16_t)n[15];
    ticket.returns_count = (uint16_t)n[16];
    ticket.level = (enum level)n[17];
    ticket.evidence.kinds = (uint32_t)n[18];
    ticket.needs = (uint32_t)n[19];
    ticket.subject = (enum request_subject)n[21];
    ticket.has_context = n[22] == 1;
    ticket.need_granted = n[23] == 1;
    ticket.version = (uint32_t)n[24];
    loader->ticket(loader->ctx, &ticket);
}

static void load_visit(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct visit visit = {0};
    int64_t state = 0;
    int64_t kinds = 0;
    int64_t tries = 0;
    *is_good = get_text(row, 0, visit.id, sizeof visit.id) &&
               get_text(row, 2, visit.kiosk, sizeof visit.kiosk) &&
               get_number(row, 3, 0, VISIT_ENDED, &state) &&
               get_number(row, 4, 0, UINT32_MAX, &kinds) &&
               get_number(row, 5, 0, INT64_MAX, &visit.opened_ms) &&
               get_number(row, 6, 0, UINT8_MAX, &tries);
    visit.state = (enum visit_state)state;
    visit.evidence.kinds = (uint32_t)kinds;
    visit.second_fact_tries = (uint8_t)tries;
    if (*is_good && loader->visit != NULL) {
        loader->visit(loader->ctx, &visit, get_blob(row, 7));
    }
}

static void load_counter(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct counter counter = {0};
    int64_t state = 0;
    *is_good = get_text(row, 0, counter.desk, sizeof counter.desk) &&
               get_number(row, 1, 0, COUNTER_PAUSED, &state) &&
               get_text(row, 2, counter.staff, sizeof counter.staff) &&
               get_text(row, 3, counter.ticket, sizeof counter.ticket);
    counter.state = (enum counter_state)state;
    if (*is_good && loader->counter != NULL) {
        loader->counter(loader->ctx, &counter);
    }
}

static void load_service(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct service service = {0};
    int64_t letter = 0;
    int64_t served = 0;
    int64_t last = 0;
    *is_good = get_number(row, 0, 'A', 'Z', &letter) &&
               get_number(row, 1, 0, INT64_MAX, &service.mean_ms) &&
               get_number(row, 2, 0, UINT32_MAX, &served) &&
               get_number(row, 3, 0, TICKET_NUMBER_MAX, &last);
    service.letter = (char)letter;
    service.served_count = (uint32_t)served;
    service.last_number = (unsigned)last;
    if (*is_good && loader->service != NULL) {
        loader->service(loader->ctx, &service);
    }
}

static void load_outbox(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    char key[UUID_TEXT_BYTES];
    int64_t when_ms = 0;
    *is_good = get_text(row, 0, key, sizeof key) && get_number(row, 1, 0, INT64_MAX, &when_ms);
    if (*is_good && loader->outbox != NULL) {
        loader->outbox(loader->ctx, key, when_ms, get_blob(row, 2));
    }
}

static void load_answer(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    char key[STORE_KEY_BYTES];
    char device[DEVICE_ID_BYTES];
    uint8_t hash[STORE_HASH_BYTES];
    int64_t status = 0;
    *is_good = get_text(row, 0, key, sizeof key) && get_text(row, 1, device, sizeof device) &&
               get_bytes(row, 2, hash, sizeof hash) && get_number(row, 3, 100, 599, &status);
    if (*is_good && loader->answer != NULL) {
        loader->answer(loader->ctx, key, device, hash, (int)status, get_blob(row, 4));
    }
}

static void load_day_key(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    int64_t day = 0;
    *is_good = get_number(row, 0, 0, INT32_MAX, &day);
    if (*is_good && loader->day_key != NULL) {
        loader->day_key(loader->ctx, day, get_blob(row, 1));
    }
}

static void load_form(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    char id[UUID_TEXT_BYTES];
    char visit[UUID_TEXT_BYTES];
    char request[REQUEST_ID_BYTES];
    *is_good = get_text(row, 0, id, sizeof id) && get_text(row, 1, visit, sizeof visit) &&
               get_text(row, 2, request, sizeof request);
    if (*is_good && loader->form != NULL) {
        loader->form(loader->ctx, id, visit, request, get_blob(row, 3));
    }
}

static void load_seen(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct store_seen seen = {0};
    int64_t state = 0;
    *is_good = get_text(row, 0, seen.device, sizeof seen.device) &&
               get_number(row, 1, 0, INT64_MAX, &seen.at_ms) &&
               get_text(row, 2, seen.version, sizeof seen.version) &&
               get_text(row, 3, seen.board, sizeof seen.board) &&
               get_number(row, 4, 0, STORE_UPDATE_STATES_MAX - 1, &state) &&
               get_text(row, 5, seen.update_version, sizeof seen.update_version) &&
               get_text(row, 6, seen.update_reason, sizeof seen.update_reason) &&
               get_number(row, 7, 0, INT64_MAX, &seen.update_ms);
    seen.update_state = (unsigned)state;
    if (*is_good && loader->seen != NULL) {
        loader->seen(loader->ctx, &seen);
    }
}

static void load_bundle(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct store_bundle bundle = {0};
    *is_good = get_text(row, 0, bundle.id, sizeof bundle.id) &&
               get_text(row, 1, bundle.version, sizeof bundle.version) &&
               get_text(row, 2, bundle.minimum, sizeof bundle.minimum) &&
               get_text(row, 3, bundle.board, sizeof bundle.board) &&
               get_text(row, 4, bundle.town, sizeof bundle.town) &&
               get_text(row, 5, bundle.made, sizeof bundle.made) &&
               get_number(row, 6, 1, INT32_MAX, &bundle.bytes_count) &&
               get_bytes(row, 7, bundle.sha256, sizeof bundle.sha256) &&
               get_number(row, 8, 0, INT64_MAX, &bundle.added_ms) &&
               get_text(row, 9, bundle.added_by, sizeof bundle.added_by);
    if (*is_good && loader->bundle != NULL) {
        loader->bundle(loader->ctx, &bundle);
    }
}

static void load_rollout(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct store_rollout rollout = {0};
    int64_t ring = 0;
    int64_t stopped = 0;
    *is_good = get_text(row, 0, rollout.id, sizeof rollout.id) &&
               get_text(row, 1, rollout.bundle, sizeof rollout.bundle) &&
               get_text(row, 2, rollout.version, sizeof rollout.version) &&
               get_text(row, 3, rollout.board, sizeof rollout.board) &&
               get_number(row, 4, 0, RINGS_COUNT - 1, &ring) &&
               get_text(row, 5, rollout.device, sizeof rollout.device) &&
               get_text(row, 6, rollout.from, sizeof rollout.from) &&
               get_text(row, 7, rollout.to, sizeof rollout.to) &&
               get_number(row, 8, 0, 1, &stopped) &&
               get_text(row, 9, rollout.reason, sizeof rollout.reason) &&
               get_number(row, 10, 0, INT64_MAX, &rollout.started_ms) &&
               get_text(row, 11, rollout.started_by, sizeof rollout.started_by) &&
               get_number(row, 12, 0, INT64_MAX, &rollout.stopped_ms);
    rollout.ring = (enum store_ring)ring;
    rollout.is_stopped = stopped == 1;
    if (*is_good && loader->rollout != NULL) {
        loader->rollout(loader->ctx, &rollout);
    }
}

static void load_device(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct store_device device = {0};
    int64_t role = 0;
    int64_t revoked = 0;
    *is_good = get_bytes(row, 0, device.fingerprint, sizeof device.fingerprint) &&
               get_text(row, 1, device.id, sizeof device.id) &&
               get_number(row, 2, 0, ROLES_COUNT - 1, &role) &&
               get_text(row, 3, device.desk, sizeof device.desk) &&
               get_number(row, 4, 0, 1, &revoked) &&
               get_number(row, 5, 0, INT64_MAX, &device.enrolled_ms);
    device.role = (enum store_role)role;
    device.is_revoked = revoked == 1;
    if (*is_good && loader->device != NULL) {
        loader->device(loader->ctx, &device);
    }
}

static void load_code(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct store_code code = {0};
    int64_t role = 0;
    int64_t tries = 0;
    int64_t used = 0;
    *is_good = get_bytes(row, 0, code.hash, sizeof code.hash) &&
               get_text(row, 1, code.device, sizeof code.device) &&
               get_number(row, 2, 0, ROLES_COUNT - 1, &role) &&
               get_text(row, 3, code.desk, sizeof code.desk) &&
               get_number(row, 4, 0, INT64_MAX, &code.expires_ms) &&
               get_number(row, 5, 0, UINT8_MAX, &tries) && get_number(row, 6, 0, 1, &used);
    code.role = (enum store_role)role;
    code.tries_left = (uint8_t)tries;
    code.is_used = used == 1;
    if (*is_good && loader->code != NULL) {
        loader->code(loader->ctx, &code);
    }
}

static void load_staff(struct sqlite3_stmt *row, const struct store_loader *loader, bool *is_good)
{
    struct store_staff staff = {0};
    *is_good = get_text(row, 0, staff.id, sizeof staff.id) &&
               get_text(row, 1, staff.name, sizeof staff.name) &&
               get_bytes(row, 2, staff.salt, sizeof staff.salt) &&
               get_bytes(row, 3, staff.pin_hash, sizeof staff.pin_hash);
    if (*is_good && loader->staff != NULL) {
        loader->staff(loader->ctx, &staff);
    }
}
