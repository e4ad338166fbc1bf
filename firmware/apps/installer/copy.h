// SPDX-License-Identifier: EUPL-1.2
//
// Puts the image that a checked bundle carries onto a disk: payload "disk" is what is in use of it,
// piece behind piece; payload "map" says where each piece belongs. SPEC.md, "The installing stick".
#ifndef INLOOP_APPS_INSTALLER_COPY_H
#define INLOOP_APPS_INSTALLER_COPY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COPY_RANGES_MAX = 500, COPY_PIECE_BYTES = 1024 * 1024 };

struct copy_range {
    uint64_t start;
    uint64_t bytes_count;
};

struct copy_map {
    uint64_t image_bytes;
    struct copy_range ranges[COPY_RANGES_MAX];
    size_t ranges_count;
};

// Lines of `key = value`: image.bytes, ranges (count), range.N = start and count of bytes, N from
// 1, ascending, all together `payload_bytes`. ERR_MALFORMED, ERR_TOO_BIG.
MUST_USE enum err copy_map_parse(struct copy_map *map, const char *bytes, size_t len,
                                 uint64_t payload_bytes, struct fault *fault);

struct copy {
    const struct copy_map *map;
    const char *from; // the bundle
    uint64_t from_offset;
    const char *to; // the disk
    void (*progress)(void *ctx, uint64_t done, uint64_t total);
    void *ctx;
};

// The first MiB is blank until all the rest is on the disk: one that was broken off starts nothing.
// ERR_IO.
MUST_USE enum err copy_write(const struct copy *copy, struct fault *fault);
// Reads everything back from the disk itself. ERR_CRYPTO: a byte differs. ERR_IO.
MUST_USE enum err copy_verify(const struct copy *copy, struct fault *fault);

#endif
