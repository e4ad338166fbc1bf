// SPDX-License-Identifier: EUPL-1.2
//
// The store port in memory: the same promises as a disk (ports/store.h), for tests of what stands
// on it. tests/ports/store_test.c holds it and the real one to one contract.
#ifndef INLOOP_TESTS_STORE_FAKE_H
#define INLOOP_TESTS_STORE_FAKE_H

#include "ports/store.h"

enum { STORE_FAKE_KEY_BYTES = 160 };

struct store_fake_row {
    struct store_change change; // its blob points to `bytes`
    uint8_t *bytes;
    int64_t day;                    // when it was written
    uint8_t hash[STORE_HASH_BYTES]; // of an audit row
    bool is_over;                   // of an outbox row: delivered or given up
    bool is_damaged;                // a test says that it breaks its limits
};

// What a disk would be: it stays when stores close, and several stores may stand on it.
struct store_fake_place {
    struct store_fake_row *rows;
    size_t rows_count;
    size_t rows_size;
    int64_t day;
    uint64_t epoch;
    uint8_t audit_hash[STORE_HASH_BYTES]; // of the newest row
    bool is_newer;                        // made by a newer hub
    bool is_full;                         // no room for a single change more
};

struct store_fake {
    struct store port; // first: the port's operations find the rest behind it
    struct store_fake_place *place;
    uint64_t epoch;
};

// Keeps `place` until the store closes; both start zeroed.
void store_fake_init(struct store_fake *store, struct store_fake_place *place);
void store_fake_place_free(struct store_fake_place *place); // what is in it, not the struct

#endif
