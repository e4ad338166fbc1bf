// SPDX-License-Identifier: EUPL-1.2
//
// BER-TLV: what chips and certificates write is read, and no length leads past its parent.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "drivers/document/ber.h"

#include <string.h>

static bool reads(const void *data, size_t len)
{
    struct bytes_in in;
    struct ber ber;
    bytes_in_init(&in, data, len);
    return ber_next(&in, &ber);
}

static void elements_come_one_after_the_other_with_tag_and_value(void **state)
{
    (void)state;
    static const uint8_t data[] = {0x30, 0x02, 0x05, 0x00, 0x7f, 0x49, 0x81, 0x01, 0xaa};
    struct bytes_in in;
    struct ber ber;
    bytes_in_init(&in, data, sizeof data);

    assert_true(ber_next(&in, &ber));
    assert_int_equal(ber.tag, 0x30);
    assert_int_equal(ber.len, 2);
    assert_ptr_equal(ber.whole, data);
    assert_int_equal(ber.whole_len, 4);
    struct bytes_in inside = ber_inside(&ber);
    assert_true(ber_expect(&inside, 0x05, &ber));
    assert_int_equal(ber.len, 0);
    assert_true(ber_next(&in, &ber));
    assert_int_equal(ber.tag, 0x7f49);
    assert_int_equal(ber.value[0], 0xaa);
    assert_int_equal(ber.whole_len, 5);

    assert_false(ber_next(&in, &ber));
    assert_false(in.failed);
}

static void long_lengths_are_read_up_to_three_bytes(void **state)
{
    (void)state;
    static uint8_t data[5 + 0x10000] = {0x04, 0x83, 0x01, 0x00, 0x00};
    struct bytes_in in;
    struct ber ber;
    bytes_in_init(&in, data, sizeof data);

    assert_true(ber_next(&in, &ber));

    assert_int_equal(ber.len, 0x10000);
    assert_int_equal(bytes_in_left(&in), 0);
}

static void what_is_no_element_fails_and_stays_failed(void **state)
{
    (void)state;
    static const uint8_t indefinite[] = {0x30, 0x80, 0x00, 0x00};
    static const uint8_t too_long[] = {0x30, 0x84, 0x00, 0x00, 0x00, 0x00};
    static const uint8_t huge[] = {0x30, 0x83, 0xff, 0xff, 0xff, 0x00};
    static const uint8_t short_by_one[] = {0x04, 0x02, 0x01};
    static const uint8_t three_bytes_of_tag[] = {0x7f, 0x81, 0x01, 0x00};
    static const uint8_t only_a_tag[] = {0x7f};
    static const uint8_t no_tag[] = {0x00, 0x00};
    assert_false(reads(indefinite, sizeof indefinite));
    assert_false(reads(too_long, sizeof too_long));
    assert_false(reads(huge, sizeof huge));
    assert_false(reads(short_by_one, sizeof short_by_one));
    assert_false(reads(three_bytes_of_tag, sizeof three_bytes_of_tag));
    assert_false(reads(only_a_tag, sizeof only_a_tag));
    assert_false(reads(no_tag, sizeof no_tag));

    struct bytes_in in;
    struct ber ber;
    bytes_in_init(&in, short_by_one, sizeof short_by_one);
    assert_false(ber_next(&in, &ber));
    assert_true(in.failed);
    assert_false(ber_next(&in, &ber));
}

static void another_tag_than_the_expected_one_fails(void **state)
{
    (void)state;
    static const uint8_t data[] = {0x31, 0x00};
    struct bytes_in in;
    struct ber ber;
    bytes_in_init(&in, data, sizeof data);

    assert_false(ber_expect(&in, 0x30, &ber));

    assert_true(in.failed);
}

static void finding_skips_others_and_leaves_the_reader_alone(void **state)
{
    (void)state;
    static const uint8_t data[] = {0x80, 0x01, 0x01, 0x81, 0x01, 0x02, 0x82, 0x05};
    struct bytes_in in;
    struct ber ber;
    bytes_in_init(&in, data, sizeof data);

    assert_true(ber_find(&in, 0x81, &ber));
    assert_int_equal(ber.value[0], 2);
    assert_false(ber_find(&in, 0x82, &ber));
    assert_int_equal(in.pos, 0);
    assert_false(in.failed);
}

static void numbers_are_minimal_and_not_negative(void **state)
{
    (void)state;
    static const uint8_t good[] = {0x00, 0xff, 0x00, 0x01};
    static const uint8_t zero[] = {0x00};
    static const uint8_t negative[] = {0xff};
    static const uint8_t padded[] = {0x00, 0x01};
    static const uint8_t big[] = {0x01, 0, 0, 0, 0};
    uint32_t value = 7;
    const uint8_t *magnitude = NULL;
    size_t len = 0;

    assert_true(ber_number(&(struct ber){.tag = 2, .value = good, .len = 4}, &value));
    assert_int_equal(value, 0xff0001);
    assert_true(ber_magnitude(&(struct ber){.tag = 2, .value = good, .len = 4}, &magnitude, &len));
    assert_ptr_equal(magnitude, good + 1);
    assert_int_equal(len, 3);
    assert_true(ber_number(&(struct ber){.tag = 2, .value = zero, .len = 1}, &value));
    assert_int_equal(value, 0);

    assert_false(ber_number(&(struct ber){.tag = 2, .value = negative, .len = 1}, &value));
    assert_false(ber_number(&(struct ber){.tag = 2, .value = padded, .len = 2}, &value));
    assert_false(ber_number(&(struct ber){.tag = 2, .value = zero, .len = 0}, &value));
    assert_false(ber_number(&(struct ber){.tag = 2, .value = big, .len = 5}, &value));
    assert_false(ber_number(&(struct ber){.tag = 4, .value = good, .len = 4}, &value));
}

static void heads_are_written_as_they_are_read(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000};
    static uint8_t out[8 + 0x10000];
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct bytes_in in;
        struct ber ber;

        const size_t head = ber_head(0x7f49, lengths[i], out, sizeof out);

        assert_true(head > 0);
        bytes_in_init(&in, out, head + lengths[i]);
        assert_true(ber_next(&in, &ber));
        assert_int_equal(ber.tag, 0x7f49);
        assert_int_equal(ber.len, lengths[i]);
        assert_int_equal(bytes_in_left(&in), 0);
    }
    assert_int_equal(ber_head(0x87, 0x80, out, 2), 0);
    assert_int_equal(ber_head(0x87, 0x80, out, 3), 3);
}

static void an_oid_is_equal_or_not(void **state)
{
    (void)state;
    static const uint8_t oid[] = {0x2a, 0x86, 0x48};
    const struct ber ber = {.tag = 6, .value = oid, .len = sizeof oid};

    assert_true(ber_is_oid(&ber, oid, sizeof oid));
    assert_false(ber_is_oid(&ber, oid, 2));
    assert_false(ber_is_oid(&(struct ber){0}, oid, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_come_one_after_the_other_with_tag_and_value),
        cmocka_unit_test(long_lengths_are_read_up_to_three_bytes),
        cmocka_unit_test(what_is_no_element_fails_and_stays_failed),
        cmocka_unit_test(another_tag_than_the_expected_one_fails),
        cmocka_unit_test(finding_skips_others_and_leaves_the_reader_alone),
        cmocka_unit_test(numbers_are_minimal_and_not_negative),
        cmocka_unit_test(heads_are_written_as_they_are_read),
        cmocka_unit_test(an_oid_is_equal_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
