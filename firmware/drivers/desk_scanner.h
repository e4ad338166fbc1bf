// SPDX-License-Identifier: EUPL-1.2
//
// A scanner for desks without one: listens on a local socket for what the pocket holds up. Not in
// device builds.
#ifndef INLOOP_DRIVERS_DESK_SCANNER_H
#define INLOOP_DRIVERS_DESK_SCANNER_H

#include "base/clock.h"
#include "drivers/code_gate.h"
#include "ports/id_reader.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    DESK_SCANNER_PATH_BYTES = 100,
    DESK_SCANNER_TEXT_BYTES = ID_READER_CODE_BYTES + 1, // a code and its line ending
};

struct desk_scanner {
    struct id_reader port; // first: the port's operations find the rest behind it
    char path[DESK_SCANNER_PATH_BYTES];
    struct clock clock;
    id_reader_event_fn on_event;
    void *ctx;
    int listener; // 0: closed
    int alarm;    // a timer
    int client;   // 0: none
    char buf_private[DESK_SCANNER_TEXT_BYTES + 2];
    size_t buf_len;
    struct code_gate gate;
    bool has_told;
};

// One message: two bytes of length, high byte first, then that many bytes of text. ERR_TOO_BIG: the
// path is too long for a local socket.
MUST_USE enum err desk_scanner_init(struct desk_scanner *scanner, const char *path,
                                    struct clock clock);

#endif
