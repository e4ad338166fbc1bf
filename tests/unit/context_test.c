// SPDX-License-Identifier: EUPL-1.2
//
// What travels with a ticket: consent and policy, each with a veto.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/context.h"
#include "core/policy.h"

#include <stdlib.h>
#include <string.h>

struct stage {
    struct request_list_private list;
    struct context_private context;
};

static const struct person_private person = {
    .party = "11111111-1111-4111-8111-111111111111", .name = "N. Haddad", .initials = "N. H."};

static const struct consent everything = {.person = true, .request = true, .others = true};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    stage->list = (struct request_list_private){
        .requests =
            {
                {.id = "taken:1",
                 .title = "Permit",
                 .class = REQUEST_ORDINARY,
                 .facts = {{"Plate", "X-01"}},
                 .facts_count = 1},
                {.id = "zaken:2", .title = "Debts", .class = REQUEST_SENSITIVE},
                {.id = "zaken:3",
                 .title = "Move",
                 .class = REQUEST_ORDINARY,
                 .subject = SUBJECT_MOVING,
                 .state = REQUEST_BUSY,
                 .deadline_ms = 77},
            },
        .requests_count = 3};
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void build(struct stage *stage, enum level level, size_t about, struct consent consent)
{
    memset(&stage->context, 0, sizeof stage->context);
    stage->context.level = level;
    context_build(&stage->context, &person, &stage->list, &stage->list.requests[about], consent);
}

static void every_consent_at_every_level_shares_what_both_allow(void **state)
{
    struct stage *stage = *state;
    for (unsigned bits = 0; bits < 8; bits++) {
        const struct consent consent = {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
        for (enum level level = LEVEL_0; level <= LEVEL_3; level++) {
            for (size_t about = 0; about < 2; about++) {
                const enum request_class class = stage->list.requests[about].class;
                build(stage, level, about, consent);

                const bool is_named = stage->context.person.name[0] != '\0';
                assert_int_equal(is_named, consent.person && level >= LEVEL_2);
                assert_int_equal(stage->context.has_request,
                                 consent.request && policy_allows(class, level, POLICY_CONTEXT));
                const size_t shown = about == 0 ? 1 : 2; // ordinary ones beside what it is about
                assert_int_equal(stage->context.others_count,
                                 consent.others && level >= LEVEL_2 ? shown : 0);
                assert_memory_equal(&stage->context.consent, &consent, sizeof consent);
            }
        }
    }
}

static void without_consent_nothing_of_the_person_is_inside(void **state)
{
    struct stage *stage = *state;
    const struct consent none = {0};
    const struct person_private nobody = {0};
    const struct request_private nothing = {0};

    build(stage, LEVEL_3, 0, none);

    assert_memory_equal(&stage->context.person, &nobody, sizeof nobody);
    assert_memory_equal(&stage->context.request, &nothing, sizeof nothing);
    assert_false(stage->context.has_request);
    assert_int_equal(stage->context.others_count, 0);
}

static void a_sensitive_request_is_never_among_the_others(void **state)
{
    struct stage *stage = *state;

    build(stage, LEVEL_3, 0, everything);

    assert_int_equal(stage->context.others_count, 1);
    assert_string_equal(stage->context.others[0].id, "zaken:3");
    assert_string_equal(stage->context.others[0].title, "Move");
    assert_int_equal(stage->context.others[0].subject, SUBJECT_MOVING);
    assert_int_equal(stage->context.others[0].state, REQUEST_BUSY);
    assert_int_equal(stage->context.others[0].deadline_ms, 77);
}

static void a_sensitive_request_itself_goes_along_at_the_highest_level_only(void **state)
{
    struct stage *stage = *state;

    build(stage, LEVEL_2, 1, everything);
    assert_false(stage->context.has_request);
    build(stage, LEVEL_3, 1, everything);

    assert_true(stage->context.has_request);
    assert_string_equal(stage->context.request.id, "zaken:2");
}

static void the_request_goes_along_with_its_facts(void **state)
{
    struct stage *stage = *state;

    build(stage, LEVEL_2, 0, everything);

    assert_memory_equal(&stage->context.request, &stage->list.requests[0],
                        sizeof stage->context.request);
}

static void a_ticket_about_nothing_shares_the_others_all_the_same(void **state)
{
    struct stage *stage = *state;
    stage->context.level = LEVEL_3;

    context_build(&stage->context, &person, &stage->list, NULL, everything);

    assert_false(stage->context.has_request);
    assert_int_equal(stage->context.others_count, 2);
}

#define STEP(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STEP(every_consent_at_every_level_shares_what_both_allow),
        STEP(without_consent_nothing_of_the_person_is_inside),
        STEP(a_sensitive_request_is_never_among_the_others),
        STEP(a_sensitive_request_itself_goes_along_at_the_highest_level_only),
        STEP(the_request_goes_along_with_its_facts),
        STEP(a_ticket_about_nothing_shares_the_others_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
