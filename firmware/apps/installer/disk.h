// SPDX-License-Identifier: EUPL-1.2
//
// The disks of this machine and which one an installation may be written over. Reads /sys and the
// first bytes of each disk; writes nothing.
#ifndef INLOOP_APPS_INSTALLER_DISK_H
#define INLOOP_APPS_INSTALLER_DISK_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum {
    DISKS_MAX = 16,
    DISK_NAME_BYTES = 32,
    DISK_WORDS_BYTES = 64,
    DISK_HEAD_BYTES = 1024 * 1024, // what disk_content looks at
    DISK_SECTOR_BYTES = 512,       // the image's partition table counts in these
};

enum disk_content {
    DISK_EMPTY,  // zeros, as from the factory
    DISK_INLOOP, // every partition is one of ours
    DISK_OTHER,  // anything else: somebody may want it
};

struct disk {
    char name[DISK_NAME_BYTES]; // "nvme0n1"
    char model[DISK_WORDS_BYTES];
    char serial[DISK_WORDS_BYTES]; // empty: it tells none
    uint64_t bytes_count;
    uint64_t sector_bytes;
    enum disk_content content;
};

struct disks {
    struct disk disks[DISKS_MAX];
    size_t disks_count;
};

// What stands on a disk, by its first bytes. Pure.
enum disk_content disk_content(const uint8_t *head, size_t len);
// The disks built into this machine: not removable, not on USB, not made of others. `sys` and `dev`
// are "/sys" and "/dev". ERR_IO.
MUST_USE enum err disks_find(struct disks *disks, const char *sys, const char *dev,
                             struct fault *fault);
// The one to write over. `serial` (may be NULL) is the one somebody named in site.conf: it may
// carry anything and have others beside it. Without a name: ERR_NOT_FOUND none; ERR_FULL several;
// ERR_REFUSED something else stands on it. With one: ERR_NOT_FOUND none of that number. Either way
// ERR_TOO_BIG: the image does not fit; ERR_UNSUPPORTED: its sectors are not of 512 bytes.
MUST_USE enum err disks_choose(const struct disks *disks, uint64_t image_bytes, const char *serial,
                               const struct disk **chosen, struct fault *fault);

#endif
