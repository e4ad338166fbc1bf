// SPDX-License-Identifier: EUPL-1.2
//
// The row of waiting tickets: its order, its limit, taking from the middle.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/queue.h"

#include <stdlib.h>

static struct queue *queue_new(void)
{
    struct queue *queue = malloc(sizeof *queue);
    assert_non_null(queue);
    queue_init(queue);
    return queue;
}

static void put(struct queue *queue, int64_t due_ms, uint32_t seq)
{
    const struct queue_entry entry = {due_ms, seq, seq * 10};
    assert_int_equal(queue_put(queue, &entry), OK);
}

static void assert_seqs(const struct queue *queue, const uint32_t *seqs, size_t count)
{
    assert_int_equal(queue_count(queue), count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(queue_at(queue, i)->seq, seqs[i]);
        assert_int_equal(queue_at(queue, i)->ticket, seqs[i] * 10);
    }
    assert_null(queue_at(queue, count));
}

static void an_empty_queue_gives_nobody(void **state)
{
    (void)state;
    struct queue *queue = queue_new();
    const struct queue_entry entry = {1, 1, 1};

    assert_int_equal(queue_take(queue, &entry), ERR_NOT_FOUND);

    assert_int_equal(queue_count(queue), 0);
    assert_null(queue_at(queue, 0));
    free(queue);
}

static void the_earlier_due_stands_first_and_the_lower_seq_among_equals(void **state)
{
    (void)state;
    struct queue *queue = queue_new();

    put(queue, 200, 1);
    put(queue, 100, 4);
    put(queue, 100, 2);
    put(queue, -50, 9);

    assert_seqs(queue, (const uint32_t[]){9, 2, 4, 1}, 4);
    free(queue);
}

static void comparing_is_one_total_order(void **state)
{
    (void)state;
    const struct queue_entry first = {1, 9, 0};
    const struct queue_entry second = {2, 1, 0};
    const struct queue_entry third = {2, 2, 0};
    const struct queue_entry same = {2, 2, 7};

    assert_int_equal(queue_compare(&first, &second), -1);
    assert_int_equal(queue_compare(&second, &first), 1);
    assert_int_equal(queue_compare(&second, &third), -1);
    assert_int_equal(queue_compare(&third, &second), 1);
    assert_int_equal(queue_compare(&third, &same), 0);
}

static void one_is_taken_from_front_middle_or_end_and_only_once(void **state)
{
    (void)state;
    struct queue *queue = queue_new();
    for (uint32_t seq = 1; seq <= 5; seq++) {
        put(queue, 100, seq);
    }

    assert_int_equal(queue_take(queue, &(struct queue_entry){100, 3, 0}), OK);
    assert_int_equal(queue_take(queue, &(struct queue_entry){100, 1, 0}), OK);
    assert_int_equal(queue_take(queue, &(struct queue_entry){100, 5, 0}), OK);

    assert_seqs(queue, (const uint32_t[]){2, 4}, 2);
    assert_int_equal(queue_take(queue, &(struct queue_entry){100, 3, 0}), ERR_NOT_FOUND);
    assert_int_equal(queue_take(queue, &(struct queue_entry){101, 4, 0}), ERR_NOT_FOUND);
    assert_int_equal(queue_take(queue, &(struct queue_entry){100, 1, 0}), ERR_NOT_FOUND);
    free(queue);
}

static void a_full_queue_refuses_and_keeps_everybody(void **state)
{
    (void)state;
    struct queue *queue = queue_new();
    for (uint32_t seq = 1; seq <= QUEUE_TICKETS_MAX; seq++) {
        put(queue, 100, seq);
    }
    const struct queue_entry more = {1, 9999, 9999};

    assert_int_equal(queue_put(queue, &more), ERR_FULL);

    assert_int_equal(queue_count(queue), QUEUE_TICKETS_MAX);
    assert_int_equal(queue_at(queue, 0)->seq, 1);
    assert_int_equal(queue_at(queue, QUEUE_TICKETS_MAX - 1)->seq, QUEUE_TICKETS_MAX);
    free(queue);
}

static void room_of_those_taken_is_used_again(void **state)
{
    (void)state;
    struct queue *queue = queue_new();
    uint32_t seq = 1;
    for (; seq <= QUEUE_TICKETS_MAX; seq++) {
        put(queue, 100, seq);
    }

    for (uint32_t round = 0; round < 3 * QUEUE_TICKETS_MAX; round++) {
        const struct queue_entry next = *queue_at(queue, 0);
        assert_int_equal(next.seq, round + 1);
        assert_int_equal(queue_take(queue, &next), OK);
        put(queue, 100, seq++);
    }

    assert_int_equal(queue_count(queue), QUEUE_TICKETS_MAX);
    free(queue);
}

static void an_emptied_queue_starts_anew(void **state)
{
    (void)state;
    struct queue *queue = queue_new();
    put(queue, 100, 1);

    queue_init(queue);

    assert_seqs(queue, NULL, 0);
    put(queue, 5, 7);
    assert_seqs(queue, (const uint32_t[]){7}, 1);
    free(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_queue_gives_nobody),
        cmocka_unit_test(the_earlier_due_stands_first_and_the_lower_seq_among_equals),
        cmocka_unit_test(comparing_is_one_total_order),
        cmocka_unit_test(one_is_taken_from_front_middle_or_end_and_only_once),
        cmocka_unit_test(a_full_queue_refuses_and_keeps_everybody),
        cmocka_unit_test(room_of_those_taken_is_used_again),
        cmocka_unit_test(an_emptied_queue_starts_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
