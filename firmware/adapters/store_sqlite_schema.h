// SPDX-License-Identifier: EUPL-1.2
//
// The tables of the SQLite store and every statement that touches them. Times are milliseconds
// since 1970, days are days since 1970; "sealed" columns are AES-256-GCM (SPEC.md).
#ifndef INLOOP_ADAPTERS_STORE_SQLITE_SCHEMA_H
#define INLOOP_ADAPTERS_STORE_SQLITE_SCHEMA_H

enum { STORE_SQLITE_SCHEMA = 1 };

static const char store_sqlite_tables[] =
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value INT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS ticket(id TEXT PRIMARY KEY, day INT, visit TEXT, request TEXT,"
    " service INT, number TEXT, seq INT, issued INT, due INT, state INT, print INT, desk TEXT,"
    " desk_only TEXT, called INT, serving INT, calls INT, returns INT, level INT, evidence INT,"
    " needs INT, language TEXT, subject INT, has_context INT, granted INT, version INT)"
    " WITHOUT ROWID;"
    // Ids rise with time, so both grow at their end only.
    "CREATE INDEX IF NOT EXISTS ticket_day ON ticket(day);"
    "CREATE TABLE IF NOT EXISTS visit(id TEXT PRIMARY KEY, day INT, kiosk TEXT, state INT,"
    " evidence INT, opened INT, tries INT, sealed BLOB) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS counter(desk TEXT PRIMARY KEY, state INT, staff TEXT, ticket TEXT)"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS service(letter INT PRIMARY KEY, mean INT, served INT, last INT);"
    "CREATE TABLE IF NOT EXISTS context(ticket TEXT PRIMARY KEY, sealed BLOB) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS event(seq INTEGER PRIMARY KEY, at INT, name TEXT, body TEXT);"
    // Only added to and read whole at start: a key is answered once, and an index over random keys
    // would touch a page of its own for each.
    "CREATE TABLE IF NOT EXISTS answer(key TEXT, device TEXT, day INT, hash BLOB, status INT,"
    " at INT, sealed BLOB);"
    "CREATE TABLE IF NOT EXISTS outbox(key TEXT PRIMARY KEY, at INT, sealed BLOB, done INT,"
    " reason TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS audit(row INTEGER PRIMARY KEY, action TEXT, object TEXT,"
    " result TEXT, origin TEXT, actor TEXT, at INT, hash BLOB);"
    "CREATE TABLE IF NOT EXISTS device(fingerprint BLOB PRIMARY KEY, id TEXT, role INT, desk TEXT,"
    " revoked INT, enrolled INT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS code(hash BLOB PRIMARY KEY, device TEXT, role INT, desk TEXT,"
    " expires INT, tries INT, used INT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS staff(id TEXT PRIMARY KEY, name TEXT, salt BLOB, pin BLOB)"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS day_key(day INTEGER PRIMARY KEY, wrapped BLOB);"
    "CREATE TABLE IF NOT EXISTS form(id TEXT PRIMARY KEY, day INT, visit TEXT, request TEXT,"
    " sealed BLOB) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS seen(device TEXT PRIMARY KEY, at INT, version TEXT, board TEXT,"
    " state INT, new_version TEXT, reason TEXT, since INT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS bundle(id TEXT PRIMARY KEY, version TEXT, minimum TEXT, board TEXT,"
    " town TEXT, made TEXT, bytes INT, sha256 BLOB, added INT, added_by TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS rollout(id TEXT PRIMARY KEY, bundle TEXT, version TEXT, board TEXT,"
    " ring INT, device TEXT, begins TEXT, ends TEXT, stopped INT, reason TEXT, started INT,"
    " started_by TEXT, stopped_at INT) WITHOUT ROWID;"
    // Dense: a reader that misses a number asks for all anew.
    "CREATE TRIGGER IF NOT EXISTS event_follows BEFORE INSERT ON event"
    " WHEN new.seq IS NOT (SELECT coalesce(max(seq),0)+1 FROM event) BEGIN"
    " SELECT RAISE(ABORT, 'out of step'); END;"
    // Only added to: what stands in the audit log stays.
    "CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit BEGIN"
    " SELECT RAISE(ABORT, 'append only'); END;"
    "CREATE TRIGGER IF NOT EXISTS audit_keeps BEFORE DELETE ON audit BEGIN"
    " SELECT RAISE(ABORT, 'append only'); END;";

// That a number is given once a day is watched in memory, within the same transaction: an index
// over numbers in the file would write a page of its own for each letter.
static const char store_sqlite_numbers[] =
    "PRAGMA temp_store=MEMORY;"
    "CREATE TEMP TABLE given(day INT, number TEXT, PRIMARY KEY(day, number)) WITHOUT ROWID;"
    "INSERT INTO temp.given SELECT day,number FROM main.ticket"
    " WHERE day>=(SELECT value FROM main.meta WHERE name='day');"
    "CREATE TEMP TRIGGER number_once AFTER INSERT ON main.ticket BEGIN"
    " INSERT INTO given VALUES(new.day, new.number); END;";

enum store_sqlite_statement {
    PUT_TICKET,
    PUT_VISIT,
    PUT_COUNTER,
    PUT_SERVICE,
    PUT_CONTEXT,
    ERASE_CONTEXT,
    PUT_EVENT,
    PUT_ANSWER,
    PUT_OUTBOX,
    END_OUTBOX,
    PUT_AUDIT,
    PUT_DEVICE,
    PUT_CODE,
    PUT_STAFF,
    PUT_DAY_KEY,
    PUT_DAY,
    PUT_FORM,
    ERASE_FORM,
    PUT_SEEN,
    PUT_BUNDLE,
    ERASE_BUNDLE,
    PUT_ROLLOUT,
    ERASE_ROLLOUT,
    CHECK_EPOCH,
    DAY_TICKETS,
    DAY_VISITS,
    DAY_CONTEXTS,
    DAY_ANSWERS,
    DAY_KEYS,
    DAY_EVENTS,
    DAY_FORMS,
    DAY_SERVICES,
    DAY_COUNTERS,
    AUDIT_HEAD,
    BEGIN_BATCH,
    COMMIT_BATCH,
    ROLLBACK_BATCH,
    STATEMENTS_COUNT,
};

static const char *const store_sqlite_sql[STATEMENTS_COUNT] = {
    [PUT_TICKET] = "INSERT INTO ticket VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,"
                   "?16,?17,?18,?19,?20,?21,?22,?23,?24,?25) ON CONFLICT(id) DO UPDATE SET"
                   " service=?5,due=?9,state=?10,print=?11,desk=?12,desk_only=?13,called=?14,"
                   "serving=?15,calls=?16,returns=?17,level=?18,evidence=?19,version=?25",
    [PUT_VISIT] = "INSERT OR REPLACE INTO visit VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
    [PUT_COUNTER] = "INSERT OR REPLACE INTO counter VALUES(?1,?2,?3,?4)",
    [PUT_SERVICE] = "INSERT OR REPLACE INTO service VALUES(?1,?2,?3,?4)",
    [PUT_CONTEXT] = "INSERT OR REPLACE INTO context VALUES(?1,?2)",
    [ERASE_CONTEXT] = "DELETE FROM context WHERE ticket=?1",
    [PUT_EVENT] = "INSERT INTO event VALUES(?1,?2,?3,?4)",
    [PUT_ANSWER] = "INSERT INTO answer VALUES(?1,?2,?3,?4,?5,?6,?7)",
    [PUT_OUTBOX] = "INSERT OR IGNORE INTO outbox VALUES(?1,?2,?3,0,'')",
    [END_OUTBOX] = "UPDATE outbox SET sealed=NULL, done=?2, reason=?3 WHERE key=?1",
    [PUT_AUDIT] = "INSERT INTO audit VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
    [PUT_DEVICE] = "INSERT OR REPLACE INTO device VALUES(?1,?2,?3,?4,?5,?6)",
    [PUT_CODE] = "INSERT OR REPLACE INTO code VALUES(?1,?2,?3,?4,?5,?6,?7)",
    [PUT_STAFF] = "INSERT OR REPLACE INTO staff VALUES(?1,?2,?3,?4)",
    [PUT_DAY_KEY] = "INSERT OR REPLACE INTO day_key VALUES(?1,?2)",
    [PUT_DAY] = "INSERT OR REPLACE INTO meta VALUES('day',?1)",
    [PUT_FORM] = "INSERT OR REPLACE INTO form VALUES(?1,?2,?3,?4,?5)",
    [ERASE_FORM] = "DELETE FROM form WHERE id=?1",
    [PUT_SEEN] = "INSERT OR REPLACE INTO seen VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
    [PUT_BUNDLE] = "INSERT OR REPLACE INTO bundle VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
    [ERASE_BUNDLE] = "DELETE FROM bundle WHERE id=?1",
    [PUT_ROLLOUT] = "REPLACE INTO rollout VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)",
    [ERASE_ROLLOUT] = "DELETE FROM rollout WHERE id=?1",
    [CHECK_EPOCH] = "SELECT value FROM meta WHERE name='epoch'",
    [DAY_TICKETS] = "UPDATE ticket SET state=7 WHERE day<?1 AND state<5",
    [DAY_VISITS] = "DELETE FROM visit WHERE day<?1",
    [DAY_CONTEXTS] = "DELETE FROM context",
    [DAY_ANSWERS] = "DELETE FROM answer WHERE day<?1",
    [DAY_KEYS] = "DELETE FROM day_key WHERE day<?1",
    [DAY_EVENTS] = "DELETE FROM event WHERE seq<=(SELECT max(seq) FROM event)-5000",
    [DAY_FORMS] = "DELETE FROM form WHERE day<?1",
    [DAY_SERVICES] = "UPDATE service SET last=0",
    [DAY_COUNTERS] = "UPDATE counter SET state=0,staff='',ticket=''",
    [AUDIT_HEAD] = "SELECT row,hash FROM audit ORDER BY row DESC LIMIT 1",
    [BEGIN_BATCH] = "BEGIN IMMEDIATE",
    [COMMIT_BATCH] = "COMMIT",
    [ROLLBACK_BATCH] = "ROLLBACK",
};

#endif
