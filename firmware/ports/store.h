// SPDX-License-Identifier: EUPL-1.2
//
// What makes the hub's decisions durable: one contract for SQLite (and PostgreSQL later) and the
// fake (tests/ports/store_test.c). The hub decides in memory; the store makes a batch durable, all
// or nothing, and refuses an old epoch. No SQL decides who is next.
#ifndef INLOOP_PORTS_STORE_H
#define INLOOP_PORTS_STORE_H

#include "core/hall.h"

enum {
    STORE_BODY_BYTES_MAX = 64 * 1024,
    STORE_HASH_BYTES = 32,
    STORE_KEY_BYTES = 64, // an Idempotency-Key with its terminator
    STORE_BUNDLE_ID_BYTES = 48,
    STORE_VERSION_BYTES = 24,
    STORE_BOARD_BYTES = 24,
    STORE_TOWN_BYTES = 24,
    STORE_CLOCK_BYTES = 6, // "22:00"
    STORE_UPDATE_STATES_MAX = 16,
    STORE_UPDATE_REASON_BYTES = 120,
    STORE_ROLLOUT_REASON_BYTES = 160,
};

// Bytes that are already sealed (AES-256-GCM, key of the day); the store never sees inside.
struct store_blob {
    const uint8_t *data;
    size_t len;
};

enum store_change_kind {
    STORE_TICKET,        // upsert
    STORE_VISIT,         // upsert, with its sealed blob (person, requests); ended visits: blob gone
    STORE_COUNTER,       // upsert
    STORE_SERVICE,       // learned mean, last number of the day
    STORE_CONTEXT,       // put the sealed blob under a ticket's id
    STORE_CONTEXT_ERASE, // by ticket id, overwriting
    STORE_EVENT,         // one line of the stream; seq is dense, checked
    STORE_ANSWER,        // idempotency: key, device, hash of the request, status, body
    STORE_OUTBOX,        // a sealed contact waiting to be delivered
    STORE_OUTBOX_DONE,   // delivered or given up: state and reason, payload erased
    STORE_AUDIT,         // one row; the store computes the chain hash
    STORE_DEVICE,        // registry: fingerprint, id, role, state
    STORE_CODE,          // one-time enrolment code: hash, role, id, expiry, tries
    STORE_STAFF,         // id, name, PIN hash
    STORE_DAY,           // new day: tickets and desks are closed, forms gone; day key destroyed
    STORE_DAY_KEY,       // wrapped key of a day
    STORE_FORM,          // upsert: a form being filled in, with its sealed answers
    STORE_FORM_ERASE,    // by id, overwriting
    STORE_SEEN,          // upsert: what is remembered of a device between two hubs
    STORE_BUNDLE,        // upsert: an update that lies in the data folder
    STORE_BUNDLE_ERASE,  // by id
    STORE_ROLLOUT,       // upsert
    STORE_ROLLOUT_ERASE, // by id
};

enum store_role {
    ROLE_NONE,
    ROLE_KIOSK,
    ROLE_COUNTER,
    ROLE_DISPLAY,
    ROLE_TECHNICIAN,
    ROLE_INTEGRATOR,
    ROLE_HUB, // the box the hub itself runs on
    ROLES_COUNT,
};

struct store_device {
    char id[DEVICE_ID_BYTES];
    enum store_role role;
    char desk[DESK_BYTES];                 // of a counter
    uint8_t fingerprint[STORE_HASH_BYTES]; // SHA-256 of the certificate
    bool is_revoked;
    int64_t enrolled_ms;
};

struct store_code {
    uint8_t hash[STORE_HASH_BYTES];
    char device[DEVICE_ID_BYTES];
    enum store_role role;
    char desk[DESK_BYTES];
    int64_t expires_ms;
    uint8_t tries_left;
    bool is_used;
};

struct store_staff {
    char id[STAFF_ID_BYTES];
    char name[PERSON_NAME_BYTES];
    uint8_t salt[16];
    uint8_t pin_hash[STORE_HASH_BYTES];
};

// Coarse: a device reports each minute, this is written when it changes or is an hour old.
struct store_seen {
    char device[DEVICE_ID_BYTES];
    int64_t at_ms;
    char version[STORE_VERSION_BYTES];
    char board[STORE_BOARD_BYTES];
    unsigned update_state; // enum api_update_state
    char update_version[STORE_VERSION_BYTES];
    char update_reason[STORE_UPDATE_REASON_BYTES];
    int64_t update_ms; // since when
};

struct store_bundle {
    char id[STORE_BUNDLE_ID_BYTES]; // "<board>-<version>", and the name of its file
    char version[STORE_VERSION_BYTES];
    char minimum[STORE_VERSION_BYTES];
    char board[STORE_BOARD_BYTES];
    char town[STORE_TOWN_BYTES];
    char made[11];
    int64_t bytes_count;
    uint8_t sha256[STORE_HASH_BYTES];
    int64_t added_ms;
    char added_by[DEVICE_ID_BYTES];
};

enum store_ring { RING_ONE, RING_TENTH, RING_ALL, RINGS_COUNT };

struct store_rollout {
    char id[UUID_TEXT_BYTES];
    char bundle[STORE_BUNDLE_ID_BYTES];
    char version[STORE_VERSION_BYTES];
    char board[STORE_BOARD_BYTES];
    enum store_ring ring;
    char device[DEVICE_ID_BYTES]; // with RING_ONE
    char from[STORE_CLOCK_BYTES];
    char to[STORE_CLOCK_BYTES];
    bool is_stopped;
    char reason[STORE_ROLLOUT_REASON_BYTES]; // why it stopped
    int64_t started_ms;
    char started_by[DEVICE_ID_BYTES];
    int64_t stopped_ms;
};

// The six fields of BIO2 8.15.01. Never personal data, never a secret.
struct store_audit {
    char action[32];
    char object[64];
    char result[32];
    char origin[DEVICE_ID_BYTES];
    char actor[STAFF_ID_BYTES];
    int64_t when_ms;
};

struct store_change {
    enum store_change_kind kind;
    union {
        struct ticket ticket;
        struct {
            struct visit visit;
            struct store_blob blob;
        } visit;
        struct counter counter;
        struct service service;
        struct {
            char ticket[UUID_TEXT_BYTES];
            struct store_blob blob;
        } context;
        struct {
            uint64_t seq;
            int64_t when_ms;
            char name[24];
            struct store_blob body; // JSON, public to devices of the hall; no personal data
        } event;
        struct {
            char key[STORE_KEY_BYTES];
            char device[DEVICE_ID_BYTES];
            uint8_t request_hash[STORE_HASH_BYTES];
            int status;
            int64_t when_ms;
            struct store_blob body; // sealed: answers may hold personal data
        } answer;
        struct {
            char key[UUID_TEXT_BYTES];
            int64_t when_ms;
            struct store_blob blob;
        } outbox;
        struct {
            char key[UUID_TEXT_BYTES];
            bool is_delivered;
            char reason[64];
        } outbox_done;
        struct store_audit audit;
        struct store_device device;
        struct store_code code;
        struct store_staff staff;
        int64_t day;
        struct {
            int64_t day;
            struct store_blob wrapped;
        } day_key;
        struct {
            char id[UUID_TEXT_BYTES];
            char visit[UUID_TEXT_BYTES];
            char request[REQUEST_ID_BYTES];
            struct store_blob blob;
        } form; // to erase: id only
        struct store_seen seen;
        struct store_bundle bundle;   // to erase: id only
        struct store_rollout rollout; // likewise
    };
};

// Blobs are borrowed during the call.
struct store_loader {
    void (*ticket)(void *ctx, const struct ticket *ticket);
    void (*visit)(void *ctx, const struct visit *visit, struct store_blob blob);
    void (*counter)(void *ctx, const struct counter *counter);
    void (*service)(void *ctx, const struct service *service); // letter, mean, served, last number
    void (*outbox)(void *ctx, const char *key, int64_t when_ms, struct store_blob blob);
    void (*device)(void *ctx, const struct store_device *device);
    void (*code)(void *ctx, const struct store_code *code);
    void (*staff)(void *ctx, const struct store_staff *staff);
    void (*answer)(void *ctx, const char *key, const char *device, const uint8_t *request_hash,
                   int status, struct store_blob body);
    void (*day_key)(void *ctx, int64_t day, struct store_blob wrapped);
    void (*form)(void *ctx, const char *id, const char *visit, const char *request,
                 struct store_blob blob);
    void (*seen)(void *ctx, const struct store_seen *seen);
    void (*bundle)(void *ctx, const struct store_bundle *bundle);
    void (*rollout)(void *ctx, const struct store_rollout *rollout); // the oldest first
    void *ctx;
};

struct store_state {
    int64_t day;
    uint64_t event_seq; // of the last event
    uint64_t epoch;
};

struct store {
    const struct store_ops *ops;
};

typedef void (*store_event_fn)(void *ctx, uint64_t seq, const char *name, struct store_blob body);
typedef void (*store_blob_fn)(void *ctx, struct store_blob blob);

// apply runs on the commit thread, everything else on the loop thread; an implementation keeps
// separate connections for the two.
struct store_ops {
    // Creates or migrates, takes the location with a higher epoch than any before (ERR_STATE: newer
    // schema than ours), and gives what is known. Files are made 0600.
    enum err (*open)(struct store *store, const char *location, struct store_state *state,
                     struct fault *fault);
    // Calls every loader function for every row of `day` (visits, tickets, ...) and of the
    // registry. ERR_MALFORMED: a stored row breaks its limits; the fault names table and key.
    enum err (*load)(struct store *store, int64_t day, const struct store_loader *loader,
                     struct fault *fault);
    // All changes durable (fsync done) or none. ERR_REFUSED: another hub took the location
    // (fenced). ERR_STATE: an event out of step, or a number given twice on a day. ERR_IO: disk
    // full or broken; nothing was made durable. ERR_UNKNOWN: cannot tell: stop and load.
    enum err (*apply)(struct store *store, const struct store_change *changes, size_t changes_count,
                      struct fault *fault);
    // Events after `from`, at most `max`. ERR_GONE: `from` is older than what is kept, or newer
    // than what exists. ERR_MALFORMED: a stored row breaks its limits.
    enum err (*events)(struct store *store, uint64_t from, size_t max, store_event_fn each,
                       void *ctx);
    // ERR_NOT_FOUND: none, or erased.
    enum err (*context)(struct store *store, const char *ticket, store_blob_fn each, void *ctx);
    // Walks the audit chain from its first row. ERR_CRYPTO: broken at row `*bad_row`.
    enum err (*audit_check)(struct store *store, uint64_t *rows_count, uint64_t *bad_row,
                            struct fault *fault);
    void (*close)(struct store *store);
};

#endif
