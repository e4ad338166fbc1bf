// SPDX-License-Identifier: EUPL-1.2
//
// The one queue between two threads: fixed-size messages, bounded, first in first out. The only
// lock in a program.
#ifndef INLOOP_BASE_MAILBOX_H
#define INLOOP_BASE_MAILBOX_H

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void (*mailbox_wake_fn)(void *ctx);

struct mailbox {
    pthread_mutex_t lock;
    pthread_cond_t has_message;
    uint8_t *slots; // message_bytes * slots_count, the caller's memory
    size_t message_bytes;
    size_t slots_count;
    size_t first;
    size_t count;
    mailbox_wake_fn wake;
    void *wake_ctx;
};

// Keeps `slots` (message_bytes * slots_count bytes, the caller's). `wake` (may be NULL) is called
// by the sender's thread after each message, outside the lock: post a window event, write an
// eventfd.
void mailbox_init(struct mailbox *mailbox, void *slots, size_t message_bytes, size_t slots_count,
                  mailbox_wake_fn wake, void *wake_ctx);
void mailbox_finish(struct mailbox *mailbox);
// Copies the message in. ERR_FULL: the reader does not keep up; nothing has changed.
MUST_USE enum err mailbox_send(struct mailbox *mailbox, const void *message);
// Copies the oldest message out and wipes its slot. ERR_EMPTY: none waits. Never blocks.
MUST_USE enum err mailbox_take(struct mailbox *mailbox, void *message);
// As mailbox_take, but waits until a message comes.
void mailbox_wait(struct mailbox *mailbox, void *message);

#endif
