// SPDX-License-Identifier: EUPL-1.2
//
// What a role program says of itself, for the technician's program beside it: one small file in
// memory, written whole and renamed. Holds states and counts, never a word of a visitor's.
#ifndef INLOOP_BASE_HEALTH_H
#define INLOOP_BASE_HEALTH_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    HEALTH_ROLE_BYTES = 16,
    HEALTH_FILE_BYTES_MAX = 4096,
};

enum health_state {
    HEALTH_UNUSED, // this device has none
    HEALTH_OK,
    HEALTH_LOW,     // paper
    HEALTH_OUT,     // paper
    HEALTH_FAULT,   // it is there and does not do what it should
    HEALTH_MISSING, // configured, not there
    HEALTH_STATES_COUNT,
};

enum health_part {
    HEALTH_SCANNER,
    HEALTH_CARD,
    HEALTH_PRINTER,
    HEALTH_PARTS_COUNT,
};

struct health {
    char role[HEALTH_ROLE_BYTES]; // "kiosk"
    bool is_drawn;                // a picture of its own has reached the screen; a hub: it serves
    bool is_connected;            // the hub has answered this program; a hub: its store works
    bool is_busy;                 // somebody is being served: do not restart now
    int64_t at_ms;                // of the wall, when this was written
    enum health_state parts[HEALTH_PARTS_COUNT];
};

// "ok", "scanner": the words used in the file, in the hub's API and by the technician's tables.
const char *health_state_name(enum health_state state);
const char *health_part_name(enum health_part part);
// ERR_NOT_FOUND: no such word.
MUST_USE enum err health_state_parse(const char *name, enum health_state *state);

// Writes `path` under a temporary name beside it, then renames. Lines of `key = value`
// (base/config.h). ERR_IO.
MUST_USE enum err health_write(const char *path, const struct health *health, struct fault *fault);
// ERR_NOT_FOUND: no file yet. ERR_MALFORMED: not ours; `health` is zeroed then.
MUST_USE enum err health_read(const char *path, struct health *health, struct fault *fault);

#endif
