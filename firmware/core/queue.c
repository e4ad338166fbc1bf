// SPDX-License-Identifier: EUPL-1.2
//
// A sorted row of waiting tickets: binary search, then one move of what stands behind.
#include "core/queue.h"

#include <string.h>

static size_t place_of(const struct queue *queue, const struct queue_entry *entry);

void queue_init(struct queue *queue)
{
    queue->count = 0;
    queue->first = 0;
}

size_t queue_count(const struct queue *queue)
{
    CHECK(queue->first <= queue->count);
    return queue->count - queue->first;
}

enum err queue_put(struct queue *queue, const struct queue_entry *entry)
{
    if (queue_count(queue) == QUEUE_TICKETS_MAX) {
        return ERR_FULL;
    }
    if (queue->count == QUEUE_TICKETS_MAX) {
        memmove(queue->entries, queue->entries + queue->first,
                queue_count(queue) * sizeof queue->entries[0]);
        queue->count -= queue->first;
        queue->first = 0;
    }
    size_t place = place_of(queue, entry);
    memmove(queue->entries + place + 1, queue->entries + place,
            (queue->count - place) * sizeof queue->entries[0]);
    queue->entries[place] = *entry;
    queue->count += 1;
    return OK;
}

enum err queue_take(struct queue *queue, const struct queue_entry *entry)
{
    size_t place = place_of(queue, entry);
    if (place == queue->count || queue_compare(&queue->entries[place], entry) != 0) {
        return ERR_NOT_FOUND;
    }
    if (place == queue->first) {
        queue->first += 1; // the usual case: the next one is called
        return OK;
    }
    memmove(queue->entries + place, queue->entries + place + 1,
            (queue->count - place - 1) * sizeof queue->entries[0]);
    queue->count -= 1;
    return OK;
}

const struct queue_entry *queue_at(const struct queue *queue, size_t position)
{
    return position < queue_count(queue) ? &queue->entries[queue->first + position] : NULL;
}

int queue_compare(const struct queue_entry *left, const struct queue_entry *right)
{
    if (left->due_ms != right->due_ms) {
        return left->due_ms < right->due_ms ? -1 : 1;
    }
    return (left->seq > right->seq) - (left->seq < right->seq);
}

// The first place whose entry is not before `entry`.
static size_t place_of(const struct queue *queue, const struct queue_entry *entry)
{
    size_t low = queue->first;
    size_t high = queue->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (queue_compare(&queue->entries[middle], entry) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
