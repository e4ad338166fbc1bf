// SPDX-License-Identifier: EUPL-1.2
//
// Configuration files: lines of `key = value`, `#` comments, UTF-8. Bounded; wrong lines are named.
#ifndef INLOOP_BASE_CONFIG_H
#define INLOOP_BASE_CONFIG_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CONFIG_ENTRIES_MAX = 512,
    CONFIG_KEY_BYTES = 64,    // terminator included
    CONFIG_VALUE_BYTES = 512, // terminator included
    CONFIG_FILE_BYTES_MAX = 128 * 1024,
};

struct config_entry {
    char key[CONFIG_KEY_BYTES];
    char value[CONFIG_VALUE_BYTES];
};

struct config {
    struct config_entry entries[CONFIG_ENTRIES_MAX];
    size_t entries_count;
};

// Keys: lower-case letters, digits, '.', '-', '_'. A key given twice, a line without '=', a NUL or
// bad UTF-8 is ERR_MALFORMED and the fault names the line; more than the limits ERR_TOO_BIG.
MUST_USE enum err config_parse(struct config *config, const char *bytes, size_t len,
                               struct fault *fault);
MUST_USE enum err config_read_file(struct config *config, const char *path, struct fault *fault);

// Borrowed value, or `fallback` (may be NULL) when the key is absent.
const char *config_get(const struct config *config, const char *key, const char *fallback);
// ERR_NOT_FOUND: absent. ERR_MALFORMED: not a whole number within [min, max].
MUST_USE enum err config_get_int(const struct config *config, const char *key, int64_t min,
                                 int64_t max, int64_t *value);

#endif
