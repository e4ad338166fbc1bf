// SPDX-License-Identifier: EUPL-1.2
//
// Rows of the store that hold any values at all: they load as rows that could be, or are refused by
// table and key. The bytes say which row of which table gets what in which column; a column may
// keep a value that is good, so that a single bad one gets far. The hall takes what was loaded.
#include "adapters/store_sqlite.h"
#include "base/bytes.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DAY = 20000, COLUMNS_MAX = 25, ROWS_MAX = 16 };

#define ID "6a8c0a52-0000-4000-8000-00000000000b"

// Each table with values that are good: n a number, t a text, b a blob of so many bytes.
static const struct table {
    const char *name;
    const char *columns; // one letter each
    const char *texts[COLUMNS_MAX];
    int64_t numbers[COLUMNS_MAX]; // of a blob: its length
} tables[] = {
    {"meta", "tn", {"day"}, {0, DAY}},
    {"ticket",
     "tnttntnnnnnttnnnnnnntnnnn",
     {[0] = ID, [2] = "", [3] = "", [5] = "B042", [11] = "3", [12] = "", [20] = "nl"},
     {[1] = DAY, [4] = 'B', [6] = 1, [7] = 1728000000000, [8] = 1728000000001, [24] = 1}},
    {"visit", "tntnnnnb", {[0] = ID, [2] = "kiosk-1"}, {[1] = DAY, [7] = 60}},
    {"counter", "tntt", {"3", NULL, "s3", ""}, {[1] = COUNTER_FREE}},
    {"service", "nnnn", {NULL}, {'B', 420000, 17, 42}},
    {"context", "tb", {ID}, {[1] = 90}},
    {"event", "nntt", {[2] = "ticket", [3] = "{}"}, {1, 1728000000000}},
    {"answer",
     "ttnbnnb",
     {"key-of-sixteen-chars", "kiosk-1"},
     {[2] = DAY, [3] = 32, [4] = 201, [6] = 50}},
    {"outbox", "tnbnt", {[0] = ID, [4] = ""}, {[1] = 1728000000000, [2] = 70}},
    {"audit",
     "ntttttnb",
     {NULL, "issue", "B042", "done", "kiosk-1", "visitor"},
     {[0] = 1, [6] = 1, [7] = 32}},
    {"device", "btntnn", {[1] = "kiosk-1", [3] = ""}, {[0] = 32, [2] = ROLE_KIOSK}},
    {"code", "btntnnn", {[1] = "kiosk-1", [3] = ""}, {[0] = 32, [2] = ROLE_KIOSK, [5] = 5}},
    {"staff", "ttbb", {"s3", "M. de Wit"}, {[2] = 16, [3] = 32}},
    {"day_key", "nb", {NULL}, {DAY, 60}},
    {"form", "tnttb", {[0] = ID, [2] = ID, [3] = "taken:7"}, {[1] = DAY, [4] = 80}},
    {"seen",
     "tnttnttn",
     {"kiosk-1", [2] = "1.0.0", [3] = "pc-x86_64", [5] = "1.1.0", [6] = "drew nothing"},
     {[1] = 1728000000000, [4] = 7, [7] = 1728000000000}},
    {"bundle",
     "ttttttnbnt",
     {"pc-x86_64-1.1.0", "1.1.0", "1.0.0", "pc-x86_64", "*", "2026-11-27", [9] = "technician-1"},
     {[6] = 2400000, [7] = 32, [8] = 1728000000000}},
    {"rollout",
     "ttttntttntntn",
     {ID, "pc-x86_64-1.1.0", "1.1.0", "pc-x86_64", [5] = "kiosk-1", [6] = "22:00", [7] = "05:00",
      [9] = "kiosk-1 fell back", [11] = "technician-1"},
     {[4] = RING_ONE, [8] = 1, [10] = 1728000000000, [12] = 1728000000001}},
};
enum { TABLES = sizeof tables / sizeof tables[0] };

static struct store_sqlite store;
static sqlite3 *db;
static sqlite3_stmt *puts_row[TABLES];
static sqlite3_stmt *empties[TABLES];
static struct hall hall;
static uint64_t touched; // so that no read is left out

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void open_once(void);
static void prepare_table(size_t at);
static void open_beside(void);
static void let_anything_in(void);
static void run(const char *sql);
static void clear(void);
static void put_row(struct bytes_in *in);
static void bind(sqlite3_stmt *row, int column, const struct table *table, struct bytes_in *in);
static void load(void);
static void check_words(const char *words, size_t size);
static void touch(struct store_blob blob);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct bytes_in in;
    bytes_in_init(&in, data, len);
    open_once();
    clear();
    for (int i = 0; i < ROWS_MAX && bytes_in_left(&in) > 0; i++) {
        put_row(&in);
    }
    load();
    if (len > 0 && data[0] % TABLES == 0) {
        open_beside(); // slow, and only what `meta` holds makes a difference
    }
    return 0;
}

static void open_once(void)
{
    static struct store_state state;
    if (db != NULL) {
        return;
    }
    struct fault fault = {0};
    CHECK(store_sqlite_init(&store, "/rows", false) == OK);
    store.vfs = "memdb"; // SQLite's own: named, shared by connections, gone with the last
    CHECK(store.port.ops->open(&store.port, "hall", &state, &fault) == OK);
    CHECK(sqlite3_open_v2(store.path, &db, SQLITE_OPEN_READWRITE, store.vfs) == SQLITE_OK);
    let_anything_in();
    for (size_t i = 0; i < TABLES; i++) {
        prepare_table(i);
    }
    hall_init(&hall, "hall", DAY);
    const struct service service = {.letter = 'B', .promise_ms = 1200000};
    CHECK(hall_add_service(&hall, &service) == OK);
    CHECK(hall_add_counter(&hall, "3", 1) == OK);
}

static void open_beside(void)
{
    struct store_sqlite beside;
    struct store_state state;
    CHECK(store_sqlite_init(&beside, store.path, true) == OK);
    beside.vfs = store.vfs;
    struct fault fault = {0};
    enum err err = beside.port.ops->open(&beside.port, "hall", &state, &fault);
    CHECK(err == OK || err == ERR_STATE || err == ERR_MALFORMED);
    CHECK(err == OK || fault.text[0] != '\0');
    beside.port.ops->close(&beside.port);
    let_anything_in();
}

// The opening makes them; here they would keep the worst rows out.
static void let_anything_in(void)
{
    run("DROP TRIGGER IF EXISTS event_follows; DROP TRIGGER IF EXISTS audit_stays;"
        "DROP TRIGGER IF EXISTS audit_keeps");
}

static void run(const char *sql)
{
    CHECK(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void clear(void)
{
    run("BEGIN");
    for (size_t i = 0; i < TABLES; i++) {
        CHECK(sqlite3_step(empties[i]) == SQLITE_DONE);
        (void)sqlite3_reset(empties[i]); // it was done
    }
    run("COMMIT");
    hall.tickets_count = 0;
    hall.visits_count = 0;
    memset(hall.ticket_index, 0, sizeof hall.ticket_index);
    queue_init(&hall.queues[0]);
}

static void put_row(struct bytes_in *in)
{
    size_t at = bytes_in_u8(in) % TABLES;
    for (int i = 0; tables[at].columns[i] != '\0'; i++) {
        bind(puts_row[at], i, &tables[at], in);
    }
    (void)sqlite3_step(puts_row[at]);  // a key of the wrong kind is refused by SQLite itself
    (void)sqlite3_reset(puts_row[at]); // likewise
}

static void prepare_table(size_t at)
{
    const struct table *table = &tables[at];
    char sql[160];
    struct text text;
    text_init(&text, sql, sizeof sql);
    text_format(&text, "INSERT OR REPLACE INTO %s VALUES(?", table->name);
    for (size_t i = 1; i < strlen(table->columns); i++) {
        text_add(&text, ",?");
    }
    text_add(&text, ")");
    CHECK(sqlite3_prepare_v2(db, sql, -1, &puts_row[at], NULL) == SQLITE_OK);
    text_init(&text, sql, sizeof sql);
    text_format(&text, "DELETE FROM %s", table->name);
    CHECK(sqlite3_prepare_v2(db, sql, -1, &empties[at], NULL) == SQLITE_OK);
}

static void bind(sqlite3_stmt *row, int column, const struct table *table, struct bytes_in *in)
{
    enum { NOTHING, WHOLE, BROKEN, TEXT, BLOB };
    static const uint8_t zeros[128];
    uint8_t kind = in->failed || bytes_in_left(in) == 0 ? UINT8_MAX : bytes_in_u8(in);
    size_t left = bytes_in_left(in);
    size_t len = kind == TEXT || kind == BLOB ? bytes_in_u8(in) : sizeof(int64_t);
    len = len < left ? len : left;
    if (kind > BLOB) {
        if (table->columns[column] == 'n') {
            sqlite3_bind_int64(row, column + 1, table->numbers[column]);
        } else if (table->columns[column] == 't') {
            sqlite3_bind_text(row, column + 1, table->texts[column], -1, SQLITE_STATIC);
        } else {
            sqlite3_bind_blob(row, column + 1, zeros, (int)table->numbers[column], SQLITE_STATIC);
        }
        return;
    }
    const uint8_t *bytes = kind == NOTHING ? NULL : bytes_in_take(in, len);
    int64_t number = 0;
    if (bytes == NULL) {
        sqlite3_bind_null(row, column + 1);
        return;
    }
    memcpy(&number, bytes, len < sizeof number ? len : sizeof number);
    if (kind == WHOLE) {
        sqlite3_bind_int64(row, column + 1, number);
    } else if (kind == BROKEN) {
        sqlite3_bind_double(row, column + 1, (double)number / 3);
    } else if (kind == TEXT) {
        sqlite3_bind_text(row, column + 1, (const char *)bytes, (int)len, SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_blob(row, column + 1, bytes, (int)len, SQLITE_TRANSIENT);
    }
}

// --- what the hub does with them

static void on_ticket(void *ctx, const struct ticket *ticket)
{
    (void)ctx;
    check_words(ticket->id, sizeof ticket->id);
    check_words(ticket->visit, sizeof ticket->visit);
    check_words(ticket->request, sizeof ticket->request);
    check_words(ticket->desk, sizeof ticket->desk);
    check_words(ticket->desk_only, sizeof ticket->desk_only);
    check_words(ticket->language, sizeof ticket->language);
    CHECK(ticket->state < TICKET_STATES_COUNT && ticket->print_state <= PRINT_NONE);
    CHECK(ticket->level <= LEVEL_3 && ticket->subject < SUBJECTS_COUNT);
    enum err err = hall_restore_ticket(&hall, ticket);
    CHECK(err == OK || err == ERR_MALFORMED || err == ERR_FULL);
}

static void on_visit(void *ctx, const struct visit *visit, struct store_blob blob)
{
    (void)ctx;
    check_words(visit->id, sizeof visit->id);
    check_words(visit->kiosk, sizeof visit->kiosk);
    CHECK(visit->state <= VISIT_ENDED);
    touch(blob);
    enum err err = hall_restore_visit(&hall, visit);
    CHECK(err == OK || err == ERR_MALFORMED || err == ERR_FULL);
}

static void on_counter(void *ctx, const struct counter *counter)
{
    (void)ctx;
    check_words(counter->desk, sizeof counter->desk);
    check_words(counter->staff, sizeof counter->staff);
    check_words(counter->ticket, sizeof counter->ticket);
    CHECK(counter->state <= COUNTER_PAUSED);
    enum err err = hall_restore_counter(&hall, counter);
    CHECK(err == OK || err == ERR_MALFORMED);
}

static void on_service(void *ctx, const struct service *service)
{
    (void)ctx;
    CHECK(service->letter >= 'A' && service->letter <= 'Z');
    CHECK(service->last_number <= TICKET_NUMBER_MAX && service->mean_ms >= 0);
}

static void on_outbox(void *ctx, const char *key, int64_t when_ms, struct store_blob blob)
{
    (void)ctx;
    check_words(key, UUID_TEXT_BYTES);
    CHECK(when_ms >= 0);
    touch(blob);
}

static void on_device(void *ctx, const struct store_device *device)
{
    (void)ctx;
    check_words(device->id, sizeof device->id);
    check_words(device->desk, sizeof device->desk);
    CHECK(device->role <= ROLE_INTEGRATOR);
}

static void on_code(void *ctx, const struct store_code *code)
{
    (void)ctx;
    check_words(code->device, sizeof code->device);
    check_words(code->desk, sizeof code->desk);
    CHECK(code->role <= ROLE_INTEGRATOR);
}

static void on_staff(void *ctx, const struct store_staff *staff)
{
    (void)ctx;
    check_words(staff->id, sizeof staff->id);
    check_words(staff->name, sizeof staff->name);
}

static void on_answer(void *ctx, const char *key, const char *device, const uint8_t *request_hash,
                      int status, struct store_blob body)
{
    (void)ctx;
    check_words(key, STORE_KEY_BYTES);
    check_words(device, DEVICE_ID_BYTES);
    CHECK(status >= 100 && status <= 599);
    touch((struct store_blob){request_hash, STORE_HASH_BYTES});
    touch(body);
}

static void on_day_key(void *ctx, int64_t day, struct store_blob wrapped)
{
    (void)ctx;
    CHECK(day == DAY);
    touch(wrapped);
}

static void on_form(void *ctx, const char *id, const char *visit, const char *request,
                    struct store_blob blob)
{
    (void)ctx;
    check_words(id, UUID_TEXT_BYTES);
    check_words(visit, UUID_TEXT_BYTES);
    check_words(request, REQUEST_ID_BYTES);
    touch(blob);
}

static void on_seen(void *ctx, const struct store_seen *seen)
{
    (void)ctx;
    check_words(seen->device, sizeof seen->device);
    check_words(seen->version, sizeof seen->version);
    check_words(seen->board, sizeof seen->board);
    check_words(seen->update_version, sizeof seen->update_version);
    check_words(seen->update_reason, sizeof seen->update_reason);
    CHECK(seen->update_state < STORE_UPDATE_STATES_MAX && seen->at_ms >= 0);
}

static void on_bundle(void *ctx, const struct store_bundle *bundle)
{
    (void)ctx;
    check_words(bundle->id, sizeof bundle->id);
    check_words(bundle->version, sizeof bundle->version);
    check_words(bundle->minimum, sizeof bundle->minimum);
    check_words(bundle->board, sizeof bundle->board);
    check_words(bundle->town, sizeof bundle->town);
    check_words(bundle->made, sizeof bundle->made);
    check_words(bundle->added_by, sizeof bundle->added_by);
    CHECK(bundle->bytes_count > 0);
    touch((struct store_blob){bundle->sha256, sizeof bundle->sha256});
}

static void on_rollout(void *ctx, const struct store_rollout *rollout)
{
    (void)ctx;
    check_words(rollout->id, sizeof rollout->id);
    check_words(rollout->bundle, sizeof rollout->bundle);
    check_words(rollout->version, sizeof rollout->version);
    check_words(rollout->board, sizeof rollout->board);
    check_words(rollout->device, sizeof rollout->device);
    check_words(rollout->from, sizeof rollout->from);
    check_words(rollout->to, sizeof rollout->to);
    check_words(rollout->reason, sizeof rollout->reason);
    check_words(rollout->started_by, sizeof rollout->started_by);
    CHECK(rollout->ring < RINGS_COUNT);
}

static void on_event(void *ctx, uint64_t seq, const char *name, struct store_blob body)
{
    (void)ctx;
    (void)seq;
    CHECK(utf8_is_valid(name, strlen(name)) && body.len > 0);
    touch(body);
}

static void on_context(void *ctx, struct store_blob blob)
{
    (void)ctx;
    touch(blob);
}

static void load(void)
{
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
                                        .rollout = on_rollout};
    struct fault fault = {0};
    enum err err = store.port.ops->load(&store.port, DAY, &loader, &fault);
    bool is_named = false;
    for (size_t i = 0; i < TABLES; i++) {
        char words[40];
        (void)snprintf(words, sizeof words, "store: %s: the row of \"", tables[i].name);
        is_named = is_named || text_starts_with(fault.text, words);
    }
    CHECK(err == OK || (err == ERR_MALFORMED && is_named));
    CHECK(utf8_is_valid(fault.text, strlen(fault.text)));
    err = store.port.ops->events(&store.port, 0, ROWS_MAX, on_event, NULL);
    CHECK(err == OK || err == ERR_GONE || err == ERR_MALFORMED);
    err = store.port.ops->context(&store.port, ID, on_context, NULL);
    CHECK(err == OK || err == ERR_NOT_FOUND);
    uint64_t rows_count = 0;
    uint64_t bad_row = 0;
    err = store.port.ops->audit_check(&store.port, &rows_count, &bad_row, &fault);
    CHECK(err == OK || (err == ERR_CRYPTO && bad_row > 0 && bad_row <= rows_count));
}

static void check_words(const char *words, size_t size)
{
    size_t len = strnlen(words, size);
    CHECK(len < size && utf8_is_valid(words, len));
}

static void touch(struct store_blob blob)
{
    for (size_t i = 0; i < blob.len; i++) {
        touched += blob.data[i];
    }
}
