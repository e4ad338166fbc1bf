// SPDX-License-Identifier: EUPL-1.2
//
// The whole policy table, right by right, and what stays of a request on the kiosk.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/policy.h"

#include <string.h>

struct row {
    enum request_class class;
    enum level level;
    bool count, title, detail, ticket, context, print;
};

// Written out a second time on purpose: a change of the table must be made twice.
static const struct row rows[] = {
    // class, level, count, title, detail, ticket, context, print
    {REQUEST_ORDINARY, LEVEL_0, false, false, false, false, false, false},
    {REQUEST_ORDINARY, LEVEL_1, true, false, false, true, false, false},
    {REQUEST_ORDINARY, LEVEL_2, true, true, false, true, true, false},
    {REQUEST_ORDINARY, LEVEL_3, true, true, true, true, true, true},
    {REQUEST_SENSITIVE, LEVEL_0, false, false, false, false, false, false},
    {REQUEST_SENSITIVE, LEVEL_1, false, false, false, false, false, false},
    {REQUEST_SENSITIVE, LEVEL_2, true, false, false, true, false, false},
    {REQUEST_SENSITIVE, LEVEL_3, true, true, true, true, true, false},
    {REQUEST_BY_LINK, LEVEL_0, false, false, false, false, false, false},
    {REQUEST_BY_LINK, LEVEL_1, true, true, true, true, true, false},
    {REQUEST_BY_LINK, LEVEL_2, true, true, true, true, true, false},
    {REQUEST_BY_LINK, LEVEL_3, true, true, true, true, true, false},
    {REQUEST_BEGUN_HERE, LEVEL_0, true, true, true, true, true, false},
    {REQUEST_BEGUN_HERE, LEVEL_1, true, true, true, true, true, false},
    {REQUEST_BEGUN_HERE, LEVEL_2, true, true, true, true, true, false},
    {REQUEST_BEGUN_HERE, LEVEL_3, true, true, true, true, true, false},
};

static struct request_private full_request(enum request_class class)
{
    return (struct request_private){
        .id = "taken:1",
        .state = REQUEST_MISSING,
        .subject = SUBJECT_MONEY,
        .class = class,
        .service = 'A',
        .title = "Title",
        .words = "Words",
        .reference = "Z-1",
        .deadline_ms = 5,
        .started_ms = 4,
        .steps_done = 2,
        .steps_count = 3,
        .missing = {"A letter"},
        .missing_count = 1,
        .facts = {{"Street", "Canal 1"}},
        .facts_count = 1,
    };
}

static void every_row_gives_its_rights_and_no_others(void **state)
{
    (void)state;
    assert_int_equal(sizeof rows / sizeof rows[0], REQUEST_CLASSES_COUNT * (LEVEL_3 + 1));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        assert_int_equal(policy_allows(row->class, row->level, POLICY_COUNT), row->count);
        assert_int_equal(policy_allows(row->class, row->level, POLICY_TITLE), row->title);
        assert_int_equal(policy_allows(row->class, row->level, POLICY_DETAIL), row->detail);
        assert_int_equal(policy_allows(row->class, row->level, POLICY_TICKET), row->ticket);
        assert_int_equal(policy_allows(row->class, row->level, POLICY_CONTEXT), row->context);
        assert_int_equal(policy_allows(row->class, row->level, POLICY_PRINT), row->print);
        assert_int_equal(policy_rights(row->class, row->level) >> 6, 0);
    }
}

static void a_higher_level_never_takes_a_right_away(void **state)
{
    (void)state;
    for (enum request_class class = 0; class < REQUEST_CLASSES_COUNT; class ++) {
        for (enum level level = LEVEL_0; level < LEVEL_3; level++) {
            const unsigned rights = policy_rights(class, level);
            assert_int_equal(rights & ~policy_rights(class, level + 1), 0);
        }
    }
}

static void a_sensitive_request_never_has_more_rights_than_an_ordinary_one(void **state)
{
    (void)state;
    for (enum level level = LEVEL_0; level <= LEVEL_3; level++) {
        const unsigned sensitive = policy_rights(REQUEST_SENSITIVE, level);
        assert_int_equal(sensitive & ~policy_rights(REQUEST_ORDINARY, level), 0);
    }
}

static void a_link_opens_its_own_form_and_nothing_else(void **state)
{
    (void)state;
    struct evidence evidence = {0};
    evidence_add(&evidence, EVIDENCE_RESUME_LINK);
    const enum level level = evidence_level(evidence);

    assert_true(policy_allows(REQUEST_BY_LINK, level, POLICY_DETAIL));
    assert_false(policy_allows(REQUEST_ORDINARY, level, POLICY_TITLE));
    assert_false(policy_allows(REQUEST_ORDINARY, level, POLICY_DETAIL));
    assert_int_equal(policy_rights(REQUEST_SENSITIVE, level), 0);
}

static void what_may_not_be_seen_is_blank_for_every_class_and_level(void **state)
{
    (void)state;
    static const char zeros[REQUEST_MISSING_MAX * REQUEST_MISSING_BYTES];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct request_private request = full_request(row->class);

        policy_redact(&request, row->level);

        assert_string_equal(request.title, row->title ? "Title" : "");
        assert_string_equal(request.words, row->title ? "Words" : "");
        assert_int_equal(request.subject, row->title ? SUBJECT_MONEY : SUBJECT_LETTER);
        assert_string_equal(request.reference, row->detail ? "Z-1" : "");
        assert_int_equal(request.deadline_ms, row->detail ? 5 : 0);
        assert_int_equal(request.started_ms, row->detail ? 4 : 0);
        assert_int_equal(request.steps_done, row->detail ? 2 : 0);
        assert_int_equal(request.steps_count, row->detail ? 3 : 0);
        assert_int_equal(request.missing_count, row->detail ? 1 : 0);
        if (!row->detail) {
            assert_memory_equal(request.missing, zeros, sizeof request.missing);
        }
        assert_string_equal(request.id, "taken:1");
    }
}

static void facts_are_never_on_the_kiosk(void **state)
{
    (void)state;
    struct request_private request = full_request(REQUEST_ORDINARY);
    static const struct request_fact nothing[REQUEST_FACTS_MAX];

    policy_redact(&request, LEVEL_3);

    assert_int_equal(request.facts_count, 0);
    assert_memory_equal(request.facts, nothing, sizeof nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_gives_its_rights_and_no_others),
        cmocka_unit_test(a_higher_level_never_takes_a_right_away),
        cmocka_unit_test(a_sensitive_request_never_has_more_rights_than_an_ordinary_one),
        cmocka_unit_test(a_link_opens_its_own_form_and_nothing_else),
        cmocka_unit_test(what_may_not_be_seen_is_blank_for_every_class_and_level),
        cmocka_unit_test(facts_are_never_on_the_kiosk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
