// SPDX-License-Identifier: EUPL-1.2
//
// The store port on SQLite: WAL, synchronous=FULL, one connection that writes and one that reads.
#ifndef INLOOP_ADAPTERS_STORE_SQLITE_H
#define INLOOP_ADAPTERS_STORE_SQLITE_H

#include "ports/store.h"

enum { STORE_SQLITE_PATH_BYTES = 512, STORE_SQLITE_STATEMENTS = 40 };

struct sqlite3;
struct sqlite3_stmt;

struct store_sqlite {
    struct store port; // first: the port's operations find the rest behind it
    char path[STORE_SQLITE_PATH_BYTES];
    const char *vfs; // NULL: the system's; tests put a crashing one here
    bool is_aside;   // the command line beside a running hub: takes no epoch
    struct sqlite3 *writer;
    struct sqlite3 *reader;
    struct sqlite3_stmt *statements[STORE_SQLITE_STATEMENTS]; // prepared on the writer
    uint64_t epoch;
    uint64_t audit_rows;
    uint8_t audit_hash[STORE_HASH_BYTES];
    unsigned commits_since_checkpoint;
    bool must_forget; // the log still holds what was erased
};

// Only prepares; the port's open opens `path`. ERR_TOO_BIG: the path is too long.
MUST_USE enum err store_sqlite_init(struct store_sqlite *store, const char *path, bool is_aside);

#endif
