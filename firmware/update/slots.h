// SPDX-License-Identifier: EUPL-1.2
//
// The two places of an image on the EFI system partition, as systemd-boot counts them (Boot Loader
// Specification, "Boot counting"): EFI/Linux/inloop_<version>[+<left>[-<done>]].efi. Files only;
// the caller has made the partition writable.
#ifndef INLOOP_UPDATE_SLOTS_H
#define INLOOP_UPDATE_SLOTS_H

#include "base/err.h"
#include "update/bundle.h"

#include <stdbool.h>
#include <stddef.h>

enum { SLOTS_MAX = 8, SLOTS_TRIES = 3, SLOTS_NAME_BYTES = 64 };

struct slot {
    char file[SLOTS_NAME_BYTES];
    char version[BUNDLE_VERSION_BYTES];
    bool is_counted; // not blessed yet
    unsigned tries_left;
    unsigned tries_done;
};

struct slots {
    struct slot slots[SLOTS_MAX];
    size_t slots_count; // newest version first
};

// `esp` is the partition's mount point. Case does not matter in names, as FAT has it. Files that
// are not ours are left alone; a temporary one of a write that was broken off is not a slot. More
// than SLOTS_MAX: the newest of those that were found first. ERR_IO.
MUST_USE enum err slots_read(struct slots *slots, const char *esp, struct fault *fault);
const struct slot *slots_find(const struct slots *slots, const char *version);
// The newest blessed slot that is not `running`: what boots when all else fails. NULL: none.
const struct slot *slots_older(const struct slots *slots, const char *running);

// Copies the payload "uki" of a checked bundle file under a temporary name, syncs, reads it back
// from the disk against the payload's hash, renames to ..._<version>+3.efi, syncs the partition.
// Before that, room is made: every slot goes that is neither `running` nor slots_older.
// ERR_STATE: it is the running version. ERR_FULL: no room. ERR_CRYPTO: what was read back differs,
// or the file is no longer the one that was checked. ERR_NOT_FOUND: the bundle holds no "uki".
// ERR_IO. After any of them the slots that boot are as they were.
MUST_USE enum err slots_write(const char *esp, const char *bundle_path, const struct bundle *bundle,
                              const char *running, struct fault *fault);
// Takes the counter off the running version's name. OK when it has none. ERR_NOT_FOUND, ERR_IO.
MUST_USE enum err slots_bless(const char *esp, const char *version, struct fault *fault);
// Removes every slot of `version` that is on trial: it has failed. OK when there is none. ERR_IO.
MUST_USE enum err slots_forget(const char *esp, const char *version, struct fault *fault);
// Removes what a broken-off write left, and slots out of tries (their version has failed), but
// never `running`. ERR_IO.
MUST_USE enum err slots_tidy(const char *esp, const char *running, struct fault *fault);

#endif
