// SPDX-License-Identifier: EUPL-1.2
//
// The order of requests, the bounded list, and the API's names.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "core/request.h"
#include "tests/unit/names.h"

#include <stdio.h>
#include <stdlib.h>

static struct request_list_private *list_new(void)
{
    struct request_list_private *list = calloc(1, sizeof *list);
    assert_non_null(list);
    return list;
}

static void add(struct request_list_private *list, const char *id, int64_t deadline_ms,
                enum request_state state, int64_t started_ms)
{
    struct request_private request = {
        .deadline_ms = deadline_ms, .state = state, .started_ms = started_ms};
    assert_int_equal(text_copy(request.id, sizeof request.id, id), OK);
    request_add(list, &request);
}

static void the_nearest_deadline_comes_first_and_none_comes_last(void **state)
{
    (void)state;
    struct request_list_private *list = list_new();
    add(list, "none", 0, REQUEST_MISSING, 1);
    add(list, "far", 900, REQUEST_MISSING, 1);
    add(list, "near", 100, REQUEST_DONE, 1);

    request_sort(list);

    assert_string_equal(list->requests[0].id, "near");
    assert_string_equal(list->requests[1].id, "far");
    assert_string_equal(list->requests[2].id, "none");
    free(list);
}

static void equal_deadlines_go_by_state_then_age_then_id(void **state)
{
    (void)state;
    struct request_list_private *list = list_new();
    add(list, "e-done", 100, REQUEST_DONE, 1);
    add(list, "d-newer", 100, REQUEST_MISSING, 3);
    add(list, "c-older", 100, REQUEST_MISSING, 2);
    add(list, "b-older", 100, REQUEST_MISSING, 2);
    add(list, "a-question", 100, REQUEST_QUESTION, 1);

    request_sort(list);

    static const char *const order[] = {"b-older", "c-older", "d-newer", "a-question", "e-done"};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        assert_string_equal(list->requests[i].id, order[i]);
    }
    free(list);
}

static void the_order_does_not_depend_on_who_came_first(void **state)
{
    (void)state;
    struct request_list_private *forward = list_new();
    struct request_list_private *backward = list_new();
    char id[REQUEST_ID_BYTES];
    for (int i = 0; i < REQUESTS_MAX; i++) {
        const int other = REQUESTS_MAX - 1 - i;
        (void)snprintf(id, sizeof id, "r%02d", i); // always fits
        add(forward, id, i % 5 * 100, (enum request_state)(i % 3), i % 2);
        (void)snprintf(id, sizeof id, "r%02d", other);
        add(backward, id, other % 5 * 100, (enum request_state)(other % 3), other % 2);
    }

    request_sort(forward);
    request_sort(backward);

    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        assert_string_equal(forward->requests[i].id, backward->requests[i].id);
    }
    free(backward);
    free(forward);
}

static void a_full_list_keeps_the_nearest_deadlines(void **state)
{
    (void)state;
    struct request_list_private *list = list_new();
    char id[REQUEST_ID_BYTES];
    for (int i = 1; i <= REQUESTS_MAX; i++) {
        (void)snprintf(id, sizeof id, "r%d", i); // always fits
        add(list, id, i * 100, REQUEST_MISSING, 1);
    }

    add(list, "near", 50, REQUEST_MISSING, 1);
    add(list, "far", REQUESTS_MAX * 100 + 1, REQUEST_MISSING, 1);
    add(list, "none", 0, REQUEST_MISSING, 1);

    assert_int_equal(list->requests_count, REQUESTS_MAX);
    assert_non_null(request_find(list, "near"));
    assert_non_null(request_find(list, "r23"));
    assert_null(request_find(list, "r24"));
    assert_null(request_find(list, "far"));
    assert_null(request_find(list, "none"));
    free(list);
}

static void an_unknown_id_is_not_found(void **state)
{
    (void)state;
    struct request_list_private *list = list_new();
    assert_null(request_find(list, "x"));
    add(list, "taken:1", 0, REQUEST_BUSY, 0);

    assert_ptr_equal(request_find(list, "taken:1"), &list->requests[0]);
    assert_null(request_find(list, "taken:"));
    free(list);
}

static void every_name_leads_back_to_its_value(void **state)
{
    (void)state;
    ASSERT_NAMES(request_source, enum request_source, REQUEST_SOURCES_COUNT);
    ASSERT_NAMES(request_kind, enum request_kind, REQUEST_CASE + 1);
    ASSERT_NAMES(request_state, enum request_state, REQUEST_DONE + 1);
    ASSERT_NAMES(request_subject, enum request_subject, SUBJECTS_COUNT);
    ASSERT_NAMES(request_class, enum request_class, REQUEST_CLASSES_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_deadline_comes_first_and_none_comes_last),
        cmocka_unit_test(equal_deadlines_go_by_state_then_age_then_id),
        cmocka_unit_test(the_order_does_not_depend_on_who_came_first),
        cmocka_unit_test(a_full_list_keeps_the_nearest_deadlines),
        cmocka_unit_test(an_unknown_id_is_not_found),
        cmocka_unit_test(every_name_leads_back_to_its_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
