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

// `esp` is the partition's mount point. Files that are not ours are left alone; a temporary one of
// a write that was broken off is not a slot. ERR_IO.
MUST_USE enum err slots_read(struct slots *slots, const char *esp, struct fault *fault);
const struct slot *slots_find(const struct slots *slots, const char *version);

// Copies the payload of an opened, checked bundle file under a temporary name, syncs, reads it back
// against the payload's hash, renames to ..._<version>+3.efi, syncs the folder. Before that, room
// is made: every slot goes that is neither `running` nor blessed and newest of the others.
// ERR_FULL: no room. ERR_CRYPTO: what was read back differs. Nothing that boots was touched then.
MUST_USE enum err slots_write(const char *esp, const char *bundle_path, const struct bundle *bundle,
                              const char *running, struct fault *fault);
// Takes the counter off the running version's name. OK when it has none.
MUST_USE enum err slots_bless(const char *esp, const char *version, struct fault *fault);
// Removes what a broken-off write left, and slots out of tries (their version has failed).
MUST_USE enum err slots_tidy(const char *esp, const char *running, struct fault *fault);

#endif
