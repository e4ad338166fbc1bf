// SPDX-License-Identifier: EUPL-1.2
//
// The machine's watchdog (Linux watchdog API). Fed by the loop of the program that serves people:
// when that loop stands still, the machine starts again.
#ifndef INLOOP_BASE_WATCHDOG_H
#define INLOOP_BASE_WATCHDOG_H

#include "base/config.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct watchdog {
    int fd; // 0: none
    int64_t timeout_ms;
    int64_t fed_ms;
};

// From then on the machine restarts unless it is fed. `timeout_ms` is asked for in whole seconds;
// the device may choose another, which is then in `watchdog->timeout_ms`. `now_ms` is monotonic.
// ERR_NOT_FOUND: no such device. ERR_IO.
MUST_USE enum err watchdog_open(struct watchdog *watchdog, const char *path, int64_t timeout_ms,
                                int64_t now_ms, struct fault *fault);
// As watchdog_open by the keys watchdog.device (none: nothing is opened, OK) and watchdog.timeout_s
// (60). ERR_MALFORMED: not a timeout.
MUST_USE enum err watchdog_open_by(struct watchdog *watchdog, const struct config *config,
                                   int64_t now_ms, struct fault *fault);
// Feeds when a third of the timeout has passed since the last time; cheap to call on every turn.
void watchdog_feed(struct watchdog *watchdog, int64_t now_ms);
// When it wants to be fed at the latest: what a loop may sleep until. INT64_MAX: none open.
int64_t watchdog_next_ms(const struct watchdog *watchdog);
// `stops`: the machine need not restart (the magic close). Else whoever comes next feeds it.
void watchdog_close(struct watchdog *watchdog, bool stops);

#endif
