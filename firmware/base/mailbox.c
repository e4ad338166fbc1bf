// SPDX-License-Identifier: EUPL-1.2
//
// A ring of messages behind one mutex.
#include "base/mailbox.h"

#include "base/bytes.h"

#include <string.h>

static void take_locked(struct mailbox *mailbox, void *message);

void mailbox_init(struct mailbox *mailbox, void *slots, size_t message_bytes, size_t slots_count,
                  mailbox_wake_fn wake, void *wake_ctx)
{
    CHECK(mailbox != NULL);
    CHECK(slots != NULL);
    CHECK(message_bytes > 0 && slots_count > 0);

    *mailbox = (struct mailbox){
        .slots = slots,
        .message_bytes = message_bytes,
        .slots_count = slots_count,
        .wake = wake,
        .wake_ctx = wake_ctx,
    };
    CHECK(pthread_mutex_init(&mailbox->lock, NULL) == 0);
    CHECK(pthread_cond_init(&mailbox->has_message, NULL) == 0);
}

void mailbox_finish(struct mailbox *mailbox)
{
    if (mailbox == NULL || mailbox->slots == NULL) {
        return;
    }
    wipe(mailbox->slots, mailbox->message_bytes * mailbox->slots_count);
    CHECK(pthread_cond_destroy(&mailbox->has_message) == 0);
    CHECK(pthread_mutex_destroy(&mailbox->lock) == 0);
    mailbox->slots = NULL;
}

enum err mailbox_send(struct mailbox *mailbox, const void *message)
{
    CHECK(pthread_mutex_lock(&mailbox->lock) == 0);
    bool is_full = mailbox->count == mailbox->slots_count;
    if (!is_full) {
        size_t slot = (mailbox->first + mailbox->count) % mailbox->slots_count;
        memcpy(mailbox->slots + slot * mailbox->message_bytes, message, mailbox->message_bytes);
        mailbox->count += 1;
        CHECK(pthread_cond_signal(&mailbox->has_message) == 0);
    }
    CHECK(pthread_mutex_unlock(&mailbox->lock) == 0);
    if (is_full) {
        return ERR_FULL;
    }
    if (mailbox->wake != NULL) {
        mailbox->wake(mailbox->wake_ctx);
    }
    return OK;
}

enum err mailbox_take(struct mailbox *mailbox, void *message)
{
    CHECK(pthread_mutex_lock(&mailbox->lock) == 0);
    bool is_empty = mailbox->count == 0;
    if (!is_empty) {
        take_locked(mailbox, message);
    }
    CHECK(pthread_mutex_unlock(&mailbox->lock) == 0);
    return is_empty ? ERR_EMPTY : OK;
}

void mailbox_wait(struct mailbox *mailbox, void *message)
{
    CHECK(pthread_mutex_lock(&mailbox->lock) == 0);
    while (mailbox->count == 0) {
        CHECK(pthread_cond_wait(&mailbox->has_message, &mailbox->lock) == 0);
    }
    take_locked(mailbox, message);
    CHECK(pthread_mutex_unlock(&mailbox->lock) == 0);
}

static void take_locked(struct mailbox *mailbox, void *message)
{
    uint8_t *slot = mailbox->slots + mailbox->first * mailbox->message_bytes;
    memcpy(message, slot, mailbox->message_bytes);
    wipe(slot, mailbox->message_bytes);
    mailbox->first = (mailbox->first + 1) % mailbox->slots_count;
    mailbox->count -= 1;
}
