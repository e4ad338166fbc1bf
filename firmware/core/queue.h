// SPDX-License-Identifier: EUPL-1.2
//
// The waiting tickets of one service in the order of their promise: due, then seq. Holds indexes
// into the hall's ticket table with a copy of the keys, so that it needs no other memory. Pure.
#ifndef INLOOP_CORE_QUEUE_H
#define INLOOP_CORE_QUEUE_H

#include "core/ticket.h"

// More than one letter's numbers, because tickets of other services are transferred in.
enum { QUEUE_TICKETS_MAX = 4096 };

struct queue_entry {
    int64_t due_ms;
    uint32_t seq;
    uint32_t ticket; // index
};

struct queue {
    struct queue_entry entries[QUEUE_TICKETS_MAX];
    size_t count;
    size_t first; // entries before it are already taken; compacted when room is needed
};

void queue_init(struct queue *queue);
size_t queue_count(const struct queue *queue);
// ERR_FULL: QUEUE_TICKETS_MAX wait; nothing has changed.
MUST_USE enum err queue_put(struct queue *queue, const struct queue_entry *entry);
// Takes the entry with this seq out. ERR_NOT_FOUND: not in this queue.
MUST_USE enum err queue_take(struct queue *queue, const struct queue_entry *entry);
// Borrowed; `position` 0 is next. NULL past the end.
const struct queue_entry *queue_at(const struct queue *queue, size_t position);
// -1, 0 or 1: the one order of the house.
int queue_compare(const struct queue_entry *left, const struct queue_entry *right);

#endif
