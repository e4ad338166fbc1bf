// SPDX-License-Identifier: EUPL-1.2
//
// The queue between two threads: order, limits, waking, wiped slots.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/mailbox.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

enum { SLOTS_COUNT = 4, MESSAGES_COUNT = 20000 };

struct message {
    uint32_t number;
    uint32_t check; // not the number: a torn message shows
};

struct post {
    struct mailbox mailbox;
    struct message slots[SLOTS_COUNT];
    unsigned woken_count;
};

static struct message message_of(uint32_t number)
{
    return (struct message){number, ~number};
}

static void count_wake(void *ctx)
{
    struct post *post = ctx;
    post->woken_count += 1; // the sender's thread only
}

static void post_open(struct post *post, mailbox_wake_fn wake)
{
    *post = (struct post){0};
    mailbox_init(&post->mailbox, post->slots, sizeof post->slots[0], SLOTS_COUNT, wake, post);
}

static void messages_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    struct post post;
    post_open(&post, NULL);
    struct message message;
    for (uint32_t round = 0; round < 10; round++) { // the ring goes round
        for (uint32_t i = 0; i < 3; i++) {
            message = message_of(round * 3 + i);
            assert_int_equal(mailbox_send(&post.mailbox, &message), OK);
        }
        for (uint32_t i = 0; i < 3; i++) {
            assert_int_equal(mailbox_take(&post.mailbox, &message), OK);
            assert_int_equal(message.number, round * 3 + i);
        }
    }
    mailbox_finish(&post.mailbox);
}

static void an_empty_mailbox_gives_nothing_and_does_not_block(void **state)
{
    (void)state;
    struct post post;
    post_open(&post, NULL);
    struct message message = message_of(7);

    assert_int_equal(mailbox_take(&post.mailbox, &message), ERR_EMPTY);

    assert_int_equal(message.number, 7);
    mailbox_finish(&post.mailbox);
}

static void a_full_mailbox_refuses_keeps_the_old_and_wakes_nobody(void **state)
{
    (void)state;
    struct post post;
    post_open(&post, count_wake);
    struct message message;
    for (uint32_t i = 0; i < SLOTS_COUNT; i++) {
        message = message_of(i);
        assert_int_equal(mailbox_send(&post.mailbox, &message), OK);
    }

    message = message_of(99);
    assert_int_equal(mailbox_send(&post.mailbox, &message), ERR_FULL);

    assert_int_equal(post.woken_count, SLOTS_COUNT);
    for (uint32_t i = 0; i < SLOTS_COUNT; i++) {
        assert_int_equal(mailbox_take(&post.mailbox, &message), OK);
        assert_int_equal(message.number, i);
    }
    assert_int_equal(mailbox_take(&post.mailbox, &message), ERR_EMPTY);
    mailbox_finish(&post.mailbox);
}

static void a_message_taken_leaves_nothing_behind(void **state)
{
    (void)state;
    static const struct message nothing[SLOTS_COUNT];
    struct post post;
    post_open(&post, NULL);
    struct message message = message_of(42);
    assert_int_equal(mailbox_send(&post.mailbox, &message), OK);
    assert_int_equal(mailbox_take(&post.mailbox, &message), OK);
    assert_memory_equal(post.slots, nothing, sizeof nothing);

    assert_int_equal(mailbox_send(&post.mailbox, &message), OK);
    mailbox_finish(&post.mailbox); // one that nobody took is wiped too

    assert_memory_equal(post.slots, nothing, sizeof nothing);
}

static void finishing_twice_or_nothing_does_no_harm(void **state)
{
    (void)state;
    struct post post;
    struct mailbox never = {0};
    post_open(&post, NULL);

    mailbox_finish(&post.mailbox);
    mailbox_finish(&post.mailbox);
    mailbox_finish(&never);
    mailbox_finish(NULL);

    assert_null(post.mailbox.slots);
}

// Sends every number once; a full mailbox is tried again until the reader has made room.
static void *send_all(void *ctx)
{
    struct post *post = ctx;
    for (uint32_t i = 0; i < MESSAGES_COUNT; i++) {
        const struct message message = message_of(i);
        while (mailbox_send(&post->mailbox, &message) == ERR_FULL) {
            (void)sched_yield();
        }
    }
    return NULL;
}

static void two_threads_lose_double_and_reorder_nothing_by_waiting(void **state)
{
    (void)state;
    struct post post;
    post_open(&post, count_wake);
    pthread_t sender;
    assert_int_equal(pthread_create(&sender, NULL, send_all, &post), 0);
    uint32_t wrong_count = 0;
    for (uint32_t i = 0; i < MESSAGES_COUNT; i++) {
        struct message message = {0};
        mailbox_wait(&post.mailbox, &message);
        wrong_count += message.number == i && message.check == ~i ? 0 : 1;
    }

    assert_int_equal(pthread_join(sender, NULL), 0);

    struct message message;
    assert_int_equal(wrong_count, 0);
    assert_int_equal(mailbox_take(&post.mailbox, &message), ERR_EMPTY);
    assert_int_equal(post.woken_count, MESSAGES_COUNT);
    mailbox_finish(&post.mailbox);
}

static void two_threads_lose_double_and_reorder_nothing_by_asking(void **state)
{
    (void)state;
    struct post post;
    post_open(&post, NULL);
    pthread_t sender;
    assert_int_equal(pthread_create(&sender, NULL, send_all, &post), 0);
    uint32_t wrong_count = 0;
    for (uint32_t i = 0; i < MESSAGES_COUNT;) {
        struct message message = {0};
        if (mailbox_take(&post.mailbox, &message) == ERR_EMPTY) {
            (void)sched_yield();
            continue;
        }
        wrong_count += message.number == i && message.check == ~i ? 0 : 1;
        i++;
    }

    assert_int_equal(pthread_join(sender, NULL), 0);

    assert_int_equal(wrong_count, 0);
    mailbox_finish(&post.mailbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_out_in_the_order_they_went_in),
        cmocka_unit_test(an_empty_mailbox_gives_nothing_and_does_not_block),
        cmocka_unit_test(a_full_mailbox_refuses_keeps_the_old_and_wakes_nobody),
        cmocka_unit_test(a_message_taken_leaves_nothing_behind),
        cmocka_unit_test(finishing_twice_or_nothing_does_no_harm),
        cmocka_unit_test(two_threads_lose_double_and_reorder_nothing_by_waiting),
        cmocka_unit_test(two_threads_lose_double_and_reorder_nothing_by_asking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
