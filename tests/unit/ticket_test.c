// SPDX-License-Identifier: EUPL-1.2
//
// Numbers a person can read, which tickets are open, and the API's names.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/ticket.h"
#include "tests/unit/names.h"

static void numbers_begin_with_a_letter_that_is_no_digit_in_disguise(void **state)
{
    (void)state;
    int valid_count = 0;
    for (int c = -128; c < 128; c++) {
        const bool is_valid = ticket_letter_is_valid((char)c);
        assert_int_equal(is_valid, c >= 'A' && c <= 'Z' && c != 'I' && c != 'O');
        valid_count += is_valid ? 1 : 0;
    }
    assert_int_equal(valid_count, 24);
}

static void a_number_is_a_letter_and_three_digits(void **state)
{
    (void)state;
    char number[TICKET_NUMBER_BYTES];

    ticket_number('B', 42, number);
    assert_string_equal(number, "B042");
    ticket_number('A', 1, number);
    assert_string_equal(number, "A001");
    ticket_number('Z', TICKET_NUMBER_MAX, number);
    assert_string_equal(number, "Z999");
}

static void a_ticket_is_open_until_done_cancelled_or_expired(void **state)
{
    (void)state;
    for (enum ticket_state i = 0; i < TICKET_STATES_COUNT; i++) {
        const struct ticket ticket = {.state = i};
        const bool is_closed = i == TICKET_DONE || i == TICKET_CANCELLED || i == TICKET_EXPIRED;
        assert_int_equal(ticket_is_open(&ticket), !is_closed);
    }
}

static void every_name_leads_back_to_its_value(void **state)
{
    (void)state;
    ASSERT_NAMES(ticket_state, enum ticket_state, TICKET_STATES_COUNT);
    ASSERT_NAMES(print_state, enum print_state, PRINT_NONE + 1);
    ASSERT_NAMES(finish_outcome, enum finish_outcome, FINISH_FAILED + 1);
}

static void every_need_is_one_bit_with_one_name(void **state)
{
    (void)state;
    enum need found = 0;
    for (unsigned need = NEED_WHEELCHAIR; need <= NEED_INTERPRETER; need <<= 1) {
        assert_int_equal(need_from_name(need_name((enum need)need), &found), OK);
        assert_int_equal(found, need);
    }
    assert_int_equal(need_from_name("patience", &found), ERR_NOT_FOUND);
    assert_int_equal(found, NEED_INTERPRETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_begin_with_a_letter_that_is_no_digit_in_disguise),
        cmocka_unit_test(a_number_is_a_letter_and_three_digits),
        cmocka_unit_test(a_ticket_is_open_until_done_cancelled_or_expired),
        cmocka_unit_test(every_name_leads_back_to_its_value),
        cmocka_unit_test(every_need_is_one_bit_with_one_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
