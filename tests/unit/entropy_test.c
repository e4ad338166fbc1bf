// SPDX-License-Identifier: EUPL-1.2
//
// Identifiers: their shape, that no two are the same, and that those made in order stand in order.
#include "base/entropy.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

static void a_random_uuid_says_version_four(void **state)
{
    (void)state;
    char first[UUID_TEXT_BYTES];
    char second[UUID_TEXT_BYTES];

    entropy_uuid(first);
    entropy_uuid(second);

    assert_true(uuid_is_valid(first) && uuid_is_valid(second));
    assert_int_equal(first[14], '4');
    assert_non_null(strchr("89ab", first[19]));
    assert_string_not_equal(first, second);
}

static void uuids_in_order_stand_in_the_order_of_their_moments(void **state)
{
    (void)state;
    // The time of RFC 9562, appendix A.6.
    static const int64_t moment_ms = 0x017F22E279B0;
    char first[UUID_TEXT_BYTES];
    char twin[UUID_TEXT_BYTES];
    char later[UUID_TEXT_BYTES];

    entropy_uuid_in_order(moment_ms, first);
    entropy_uuid_in_order(moment_ms, twin);
    entropy_uuid_in_order(moment_ms + 1, later);

    assert_true(uuid_is_valid(first));
    assert_memory_equal(first, "017f22e2-79b0-7", 15);
    assert_non_null(strchr("89ab", first[19]));
    assert_string_not_equal(first, twin);
    assert_true(strcmp(first, later) < 0 && strcmp(twin, later) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_random_uuid_says_version_four),
        cmocka_unit_test(uuids_in_order_stand_in_the_order_of_their_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
