// SPDX-License-Identifier: EUPL-1.2
//
// The agent's line to the hub: reports go, orders come, a bundle is fetched from where it was cut.
#ifndef INLOOP_APPS_TECHNICIAN_AGENT_LINE_H
#define INLOOP_APPS_TECHNICIAN_AGENT_LINE_H

#include "link/api_fleet.h"
#include "link/hub_address.h"

struct agent_line;

// From the loop. `why` is borrowed.
struct agent_line_events {
    void (*orders)(void *ctx, const struct api_orders *orders);
    void (*silent)(void *ctx, const char *why); // a report was not answered
    // ERR_FULL, ERR_IO: this disk. ERR_UNAVAILABLE, ERR_TIMEOUT, ERR_UNKNOWN: the line, or a hub
    // that has it not now. ERR_DUPLICATE: the hub gives more than it said; the file is gone.
    void (*fetched)(void *ctx, enum err err, const char *why);
    void *ctx;
};

// Reads what hub_address reads. ERR_NOT_FOUND, ERR_MALFORMED, ERR_CRYPTO: not enrolled, or wrongly.
MUST_USE enum err agent_line_open(struct agent_line **line, struct loop *loop,
                                  const struct config *config,
                                  const struct agent_line_events *events, struct fault *fault);
void agent_line_close(struct agent_line *line); // NULL allowed; then no more events

void agent_line_report(struct agent_line *line, const struct api_report *report);
void agent_line_log(struct agent_line *line, const char *log); // borrows
// Goes on at the end of the file. One at a time (CHECKed); borrows `orders`, keeps `path`.
void agent_line_fetch(struct agent_line *line, const struct api_orders *orders, const char *path);
bool agent_line_is_fetching(const struct agent_line *line);
void agent_line_stop(struct agent_line *line); // fetching, when it does; then `fetched` never comes

#endif
