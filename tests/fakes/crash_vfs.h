// SPDX-License-Identifier: EUPL-1.2
//
// A disk in memory for SQLite whose power can be cut. What was really synced is kept apart from
// what was only written; when the power goes, each unsynced write, size and name is kept, lost or
// torn at 512 bytes, in any order, as a seed decides. One disk a process.
#ifndef INLOOP_TESTS_CRASH_VFS_H
#define INLOOP_TESTS_CRASH_VFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Makes the disk SQLite's default, so that whoever opens a file finds it here.
void crash_vfs_register(void);
// An empty disk with its power on.
void crash_vfs_format(uint64_t seed);
// Returns to the disk of the machine and frees all memory.
void crash_vfs_unregister(void);

// The power goes at the n-th write, size, sync or removal from now; 0: not at all.
void crash_vfs_fail_after(unsigned steps);
bool crash_vfs_has_failed(void);
// The next sync fails once, with the power on.
void crash_vfs_fail_sync(void);
// From now on a sync says done and does nothing.
void crash_vfs_lie(bool lies);

enum crash_kind {
    CRASH_POWER,   // only what was synced is sure
    CRASH_PROCESS, // kill -9: the machine lives on and keeps what was written
};
// The machine comes back. Every connection must be closed.
void crash_vfs_restart(enum crash_kind kind);
// A number below `limit` from the seed.
uint32_t crash_vfs_chance(uint32_t limit);

struct crash_count {
    unsigned kept;
    unsigned lost;
    unsigned torn;
    unsigned names_back; // files that came back, or never were
};
// What happened to unsynced steps since the disk was formatted.
struct crash_count crash_vfs_count(void);

#endif
