// SPDX-License-Identifier: EUPL-1.2
//
// The level every set of evidence earns, and the names the hub's API has for it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/evidence.h"

static struct evidence of(enum evidence_kind first, enum evidence_kind second)
{
    struct evidence evidence = {0};
    evidence_add(&evidence, first);
    evidence_add(&evidence, second);
    return evidence;
}

static enum level level_of(enum evidence_kind first, enum evidence_kind second)
{
    return evidence_level(of(first, second));
}

static void nothing_earns_nothing(void **state)
{
    (void)state;
    assert_int_equal(evidence_level((struct evidence){0}), LEVEL_0);
}

static void a_birth_date_alone_earns_nothing(void **state)
{
    (void)state;
    assert_int_equal(level_of(EVIDENCE_BIRTH_DATE, EVIDENCE_BIRTH_DATE), LEVEL_0);
}

static void a_code_of_a_letter_is_a_claim_until_the_birth_date_is_equal(void **state)
{
    (void)state;
    assert_int_equal(level_of(EVIDENCE_PAPER_CODE, EVIDENCE_PAPER_CODE), LEVEL_1);
    assert_int_equal(level_of(EVIDENCE_PAPER_CODE, EVIDENCE_BIRTH_DATE), LEVEL_2);
}

static void a_live_token_is_more_than_a_claim_and_most_with_the_birth_date(void **state)
{
    (void)state;
    assert_int_equal(level_of(EVIDENCE_PORTAL_TOKEN, EVIDENCE_PORTAL_TOKEN), LEVEL_2);
    assert_int_equal(level_of(EVIDENCE_PORTAL_TOKEN, EVIDENCE_PAPER_CODE), LEVEL_2);
    assert_int_equal(level_of(EVIDENCE_PORTAL_TOKEN, EVIDENCE_BIRTH_DATE), LEVEL_3);
}

static void a_document_seen_by_staff_earns_the_most_by_itself(void **state)
{
    (void)state;
    for (enum evidence_kind kind = 0; kind < EVIDENCE_KINDS_COUNT; kind++) {
        assert_int_equal(level_of(EVIDENCE_DOCUMENT_SEEN, kind), LEVEL_3);
    }
}

static void a_link_earns_a_claim_with_or_without_a_birth_date(void **state)
{
    (void)state;
    assert_int_equal(level_of(EVIDENCE_RESUME_LINK, EVIDENCE_RESUME_LINK), LEVEL_1);
    assert_int_equal(level_of(EVIDENCE_RESUME_LINK, EVIDENCE_BIRTH_DATE), LEVEL_1);
}

static void a_pass_is_a_claim_until_the_birth_date_is_equal(void **state)
{
    (void)state;
    assert_int_equal(level_of(EVIDENCE_PASS_NUMBER, EVIDENCE_PASS_NUMBER), LEVEL_1);
    assert_int_equal(level_of(EVIDENCE_PASS_NUMBER, EVIDENCE_BIRTH_DATE), LEVEL_2);
}

static void a_genuine_chip_is_a_claim_until_it_proves_its_key(void **state)
{
    (void)state;
    assert_int_equal(level_of(EVIDENCE_CHIP_GENUINE, EVIDENCE_CHIP_GENUINE), LEVEL_1);
    assert_int_equal(level_of(EVIDENCE_CHIP_GENUINE, EVIDENCE_CHIP_NOT_CLONED), LEVEL_2);
    assert_true(evidence_is_document(of(EVIDENCE_CHIP_GENUINE, EVIDENCE_CHIP_NOT_CLONED)));
    assert_false(evidence_is_document(of(EVIDENCE_CHIP_GENUINE, EVIDENCE_BIRTH_DATE)));
    assert_false(evidence_is_document(of(EVIDENCE_CHIP_NOT_CLONED, EVIDENCE_DOCUMENT_SEEN)));
}

static void a_birth_date_adds_nothing_to_a_chip_that_says_it_itself(void **state)
{
    (void)state;
    struct evidence evidence = of(EVIDENCE_CHIP_GENUINE, EVIDENCE_CHIP_NOT_CLONED);
    evidence_add(&evidence, EVIDENCE_BIRTH_DATE);
    assert_int_equal(evidence_level(evidence), LEVEL_2);
    assert_int_equal(level_of(EVIDENCE_CHIP_GENUINE, EVIDENCE_BIRTH_DATE), LEVEL_1);
}

static void a_key_that_nobody_signed_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(level_of(EVIDENCE_CHIP_NOT_CLONED, EVIDENCE_BIRTH_DATE), LEVEL_0);
    assert_false(evidence_names_person(of(EVIDENCE_CHIP_NOT_CLONED, EVIDENCE_BIRTH_DATE)));
}

static void a_link_and_a_date_name_nobody(void **state)
{
    (void)state;
    assert_false(evidence_names_person(of(EVIDENCE_RESUME_LINK, EVIDENCE_BIRTH_DATE)));
    assert_false(evidence_names_person((struct evidence){0}));
    assert_true(evidence_names_person(of(EVIDENCE_PAPER_CODE, EVIDENCE_RESUME_LINK)));
    assert_true(evidence_names_person(of(EVIDENCE_PORTAL_TOKEN, EVIDENCE_PORTAL_DIGID)));
    assert_true(evidence_names_person(of(EVIDENCE_DOCUMENT_SEEN, EVIDENCE_BIRTH_DATE)));
    assert_true(evidence_names_person(of(EVIDENCE_PASS_NUMBER, EVIDENCE_RESUME_LINK)));
    assert_true(evidence_names_person(of(EVIDENCE_CHIP_GENUINE, EVIDENCE_CHIP_NOT_CLONED)));
}

static void more_evidence_never_lowers_the_level(void **state)
{
    (void)state;
    for (uint32_t kinds = 0; kinds < 1U << EVIDENCE_KINDS_COUNT; kinds++) {
        for (enum evidence_kind kind = 0; kind < EVIDENCE_KINDS_COUNT; kind++) {
            struct evidence more = {kinds};
            evidence_add(&more, kind);
            assert_true(evidence_level(more) >= evidence_level((struct evidence){kinds}));
        }
    }
}

static void a_set_has_what_was_added_and_nothing_else(void **state)
{
    (void)state;
    const struct evidence evidence = of(EVIDENCE_PAPER_CODE, EVIDENCE_BIRTH_DATE);
    for (enum evidence_kind kind = 0; kind < EVIDENCE_KINDS_COUNT; kind++) {
        const bool is_added = kind == EVIDENCE_PAPER_CODE || kind == EVIDENCE_BIRTH_DATE;
        assert_int_equal(evidence_has(evidence, kind), is_added);
    }
}

static void every_name_leads_back_to_its_kind(void **state)
{
    (void)state;
    for (enum evidence_kind kind = 0; kind < EVIDENCE_KINDS_COUNT; kind++) {
        enum evidence_kind back = EVIDENCE_KINDS_COUNT;
        assert_int_equal(evidence_from_name(evidence_name(kind), &back), OK);
        assert_int_equal(back, kind);
    }
    enum evidence_kind kind = EVIDENCE_BIRTH_DATE;
    assert_int_equal(evidence_from_name("Paper_code", &kind), ERR_NOT_FOUND);
    assert_int_equal(evidence_from_name("", &kind), ERR_NOT_FOUND);
    assert_int_equal(kind, EVIDENCE_BIRTH_DATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_earns_nothing),
        cmocka_unit_test(a_birth_date_alone_earns_nothing),
        cmocka_unit_test(a_code_of_a_letter_is_a_claim_until_the_birth_date_is_equal),
        cmocka_unit_test(a_live_token_is_more_than_a_claim_and_most_with_the_birth_date),
        cmocka_unit_test(a_document_seen_by_staff_earns_the_most_by_itself),
        cmocka_unit_test(a_link_earns_a_claim_with_or_without_a_birth_date),
        cmocka_unit_test(a_pass_is_a_claim_until_the_birth_date_is_equal),
        cmocka_unit_test(a_genuine_chip_is_a_claim_until_it_proves_its_key),
        cmocka_unit_test(a_birth_date_adds_nothing_to_a_chip_that_says_it_itself),
        cmocka_unit_test(a_key_that_nobody_signed_says_nothing),
        cmocka_unit_test(a_link_and_a_date_name_nobody),
        cmocka_unit_test(more_evidence_never_lowers_the_level),
        cmocka_unit_test(a_set_has_what_was_added_and_nothing_else),
        cmocka_unit_test(every_name_leads_back_to_its_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
