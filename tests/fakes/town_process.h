// SPDX-License-Identifier: EUPL-1.2
//
// The fictional town hall as a program of its own beside a test, and its demo door.
#ifndef INLOOP_TESTS_FAKES_TOWN_PROCESS_H
#define INLOOP_TESTS_FAKES_TOWN_PROCESS_H

#include "base/clock.h"
#include "base/config.h"
#include "base/json.h"
#include "link/loop.h"

#include <stdint.h>
#include <sys/types.h>

struct backoffice; // ports/backoffice.h

struct town_process {
    pid_t pid;
    char url[64];
    char dir[64];
};

// On any free port, with a memory that outlives it. Stops the process when it cannot.
void town_process_start(struct town_process *town);
void town_process_kill(struct town_process *town);  // as when the power goes
void town_process_reap(struct town_process *town);  // one that fell over by itself
void town_process_again(struct town_process *town); // after either: same port, same memory
// Ends it the friendly way and removes what it left. False: it did not end well.
bool town_process_stop(struct town_process *town);
// The settings of every source it plays, and `more` lines.
void town_process_config(const struct town_process *town, const char *more, struct config *config);
// The hub's own side of it, open. The caller closes it.
struct backoffice *town_process_backoffice(struct loop *loop, const struct clock *clock,
                                           const struct config *config);
// One exchange at its address. `headers` and `body` may be NULL. Caller frees.
struct json *town_process_ask(const struct town_process *town, struct loop *loop,
                              const char *method, const char *target, const char *headers,
                              const char *body, int *status);

#endif
