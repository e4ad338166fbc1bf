// SPDX-License-Identifier: EUPL-1.2
//
// Bounded reading, wiping and comparing, and the encodings against the vectors of their standards.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"

#include <string.h>

struct vector {
    const char *plain;
    const char *coded;
};

// RFC 4648 section 10, without the padding that RFC 7515 leaves out.
static const struct vector base64_vectors[] = {
    {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
    {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"},
};

// RFC 9285 sections 4.3 and 4.4.
static const struct vector base45_vectors[] = {
    {"", ""},
    {"AB", "BB8"},
    {"Hello!!", "%69 VD92EX0"},
    {"base-45", "UJCLQE7W581"},
    {"ietf!", "QED8WEX0"},
};

static void reading_gives_what_is_there_in_both_byte_orders(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 0x34, 0x12, 0x12, 0x34, 0x78, 0x56, 0x34, 0xf2, 9};
    struct bytes_in in;
    bytes_in_init(&in, data, sizeof data);

    assert_int_equal(bytes_in_u8(&in), 1);
    assert_int_equal(bytes_in_u16le(&in), 0x1234);
    assert_int_equal(bytes_in_u16be(&in), 0x1234);
    assert_int_equal(bytes_in_u32le(&in), 0xf2345678);
    assert_int_equal(bytes_in_left(&in), 1);
    assert_ptr_equal(bytes_in_take(&in, 1), data + 9);

    assert_false(in.failed);
    assert_int_equal(bytes_in_left(&in), 0);
}

static void a_read_past_the_end_fails_for_good_and_gives_zeros(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 2, 3};
    struct bytes_in in;
    bytes_in_init(&in, data, sizeof data);

    assert_int_equal(bytes_in_u32le(&in), 0);
    assert_true(in.failed);
    assert_int_equal(bytes_in_u8(&in), 0);
    assert_int_equal(bytes_in_u16le(&in), 0);
    assert_int_equal(bytes_in_u16be(&in), 0);
    assert_null(bytes_in_take(&in, 0));
    assert_true(in.failed);
}

static void a_length_that_would_wrap_round_is_past_the_end(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 2, 3};
    struct bytes_in in;
    bytes_in_init(&in, data, sizeof data);
    assert_int_equal(bytes_in_u8(&in), 1);

    assert_null(bytes_in_take(&in, SIZE_MAX));

    assert_true(in.failed);
}

static void taking_nothing_at_the_end_is_no_failure(void **state)
{
    (void)state;
    static const uint8_t data[] = {1};
    struct bytes_in in;
    bytes_in_init(&in, data, sizeof data);
    (void)bytes_in_u8(&in);

    (void)bytes_in_take(&in, 0);

    assert_false(in.failed);
}

static void wiped_memory_is_zero_and_nothing_may_be_wiped(void **state)
{
    (void)state;
    char secret[] = "geheim";
    static const char zeros[sizeof secret];

    wipe(secret, sizeof secret);
    wipe(NULL, 0);

    assert_memory_equal(secret, zeros, sizeof secret);
}

static void secrets_are_equal_only_when_every_byte_is(void **state)
{
    (void)state;
    assert_true(bytes_equal_secret("abc", "abc", 3));
    assert_false(bytes_equal_secret("abc", "Xbc", 3));
    assert_false(bytes_equal_secret("abc", "abX", 3));
    assert_true(bytes_equal_secret("abc", "abX", 2));
    assert_true(bytes_equal_secret("a", "b", 0));
}

static void hex_goes_there_and_back(void **state)
{
    (void)state;
    static const uint8_t data[] = {0x00, 0x7f, 0xff, 0xa5};
    char text[9];
    uint8_t back[4] = {0};
    size_t len = 0;

    assert_int_equal(hex_encode(data, sizeof data, text, sizeof text), OK);
    assert_string_equal(text, "007fffa5");
    assert_int_equal(hex_decode(text, 8, back, sizeof back, &len), OK);
    assert_int_equal(len, 4);
    assert_memory_equal(back, data, sizeof data);

    assert_int_equal(hex_encode(data, sizeof data, text, 8), ERR_TOO_BIG);
    assert_int_equal(hex_decode(text, 8, back, 3, &len), ERR_TOO_BIG);
}

static void hex_of_another_spelling_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0", "000", "FF", "0g", "0x", " 0", "0\n"};
    uint8_t out[4];
    size_t len = 99;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(hex_decode(wrong[i], strlen(wrong[i]), out, sizeof out, &len),
                         ERR_MALFORMED);
    }
    assert_int_equal(hex_decode("0\0", 2, out, sizeof out, &len), ERR_MALFORMED);
    assert_int_equal(len, 99);
}

static void base64url_keeps_the_vectors_of_rfc_4648(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof base64_vectors / sizeof base64_vectors[0]; i++) {
        const struct vector *vector = &base64_vectors[i];
        const size_t plain_len = strlen(vector->plain);
        char text[16];
        uint8_t back[16];
        size_t len = 99;

        assert_int_equal(base64url_encode((const uint8_t *)vector->plain, plain_len, text,
                                          strlen(vector->coded) + 1),
                         OK);
        assert_string_equal(text, vector->coded);
        assert_int_equal(base64url_decode(text, strlen(text), back, plain_len, &len), OK);
        assert_int_equal(len, plain_len);
        assert_memory_equal(back, vector->plain, plain_len);
    }
}

static void base64url_uses_the_alphabet_of_urls(void **state)
{
    (void)state;
    static const uint8_t data[] = {0xfb, 0xff, 0xbf};
    char text[5];

    assert_int_equal(base64url_encode(data, sizeof data, text, sizeof text), OK);

    assert_string_equal(text, "-_-_");
}

static void base64url_of_another_spelling_is_refused(void **state)
{
    (void)state;
    // One character left over, padding, the other alphabet, blanks, and bits behind the last byte.
    static const char *const wrong[] = {"Z",     "Zm9vY", "Zg==", "Zm8=",   "+/+/",    "Zm 8",
                                        "Zm8\n", "Zh",    "Zm9",  "Zm9vYn", "\xc3\xa9"};
    uint8_t out[16];
    size_t len = 99;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(base64url_decode(wrong[i], strlen(wrong[i]), out, sizeof out, &len),
                         ERR_MALFORMED);
    }
    assert_int_equal(base64url_decode("Zm\0v", 4, out, sizeof out, &len), ERR_MALFORMED);
    assert_int_equal(len, 99);
}

static void base64url_stays_within_its_buffer(void **state)
{
    (void)state;
    char text[3];
    uint8_t out[2];
    size_t len = 0;

    assert_int_equal(base64url_encode((const uint8_t *)"fo", 2, text, sizeof text), ERR_TOO_BIG);
    assert_int_equal(base64url_decode("Zm9v", 4, out, sizeof out, &len), ERR_TOO_BIG);
}

static void base45_keeps_the_vectors_of_rfc_9285(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof base45_vectors / sizeof base45_vectors[0]; i++) {
        const struct vector *vector = &base45_vectors[i];
        const size_t plain_len = strlen(vector->plain);
        char text[16];
        uint8_t back[16];
        size_t len = 99;

        assert_int_equal(base45_encode((const uint8_t *)vector->plain, plain_len, text,
                                       strlen(vector->coded) + 1),
                         OK);
        assert_string_equal(text, vector->coded);
        assert_int_equal(base45_decode(text, strlen(text), back, plain_len, &len), OK);
        assert_int_equal(len, plain_len);
        assert_memory_equal(back, vector->plain, plain_len);
    }
}

static void base45_reaches_the_highest_values_and_no_further(void **state)
{
    (void)state;
    uint8_t out[4] = {0};
    size_t len = 0;

    assert_int_equal(base45_decode("FGW", 3, out, sizeof out, &len), OK);
    assert_int_equal(len, 2);
    assert_memory_equal(out, "\xff\xff", 2);
    assert_int_equal(base45_decode("U5", 2, out, sizeof out, &len), OK);
    assert_int_equal(len, 1);
    assert_int_equal(out[0], 0xff);

    assert_int_equal(base45_decode("GGW", 3, out, sizeof out, &len), ERR_MALFORMED); // 65536
    assert_int_equal(base45_decode(":::", 3, out, sizeof out, &len), ERR_MALFORMED);
    assert_int_equal(base45_decode("V5", 2, out, sizeof out, &len), ERR_MALFORMED); // 256
}

static void base45_of_another_spelling_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"B", "BB8B", "bb8", "B=8", "BB\n", "B\xc3\xa9"};
    uint8_t out[16];
    size_t len = 99;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(base45_decode(wrong[i], strlen(wrong[i]), out, sizeof out, &len),
                         ERR_MALFORMED);
    }
    assert_int_equal(base45_decode("B\0B", 3, out, sizeof out, &len), ERR_MALFORMED);
    assert_int_equal(len, 99);
}

static void base45_stays_within_its_buffer(void **state)
{
    (void)state;
    char text[3];
    uint8_t out[2];
    size_t len = 0;

    assert_int_equal(base45_encode((const uint8_t *)"AB", 2, text, sizeof text), ERR_TOO_BIG);
    assert_int_equal(base45_decode("BB8BB", 5, out, sizeof out, &len), ERR_TOO_BIG);
}

static void every_byte_survives_every_encoding(void **state)
{
    (void)state;
    uint8_t data[256];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)i;
    }
    char text[600];
    uint8_t back[256];
    size_t len = 0;
    for (size_t part = 0; part <= sizeof data; part++) {
        const uint8_t *from = data + sizeof data - part;
        assert_int_equal(base64url_encode(from, part, text, sizeof text), OK);
        assert_int_equal(base64url_decode(text, strlen(text), back, part, &len), OK);
        assert_int_equal(len, part);
        assert_memory_equal(back, from, part);
        assert_int_equal(base45_encode(from, part, text, sizeof text), OK);
        assert_int_equal(base45_decode(text, strlen(text), back, part, &len), OK);
        assert_int_equal(len, part);
        assert_memory_equal(back, from, part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_gives_what_is_there_in_both_byte_orders),
        cmocka_unit_test(a_read_past_the_end_fails_for_good_and_gives_zeros),
        cmocka_unit_test(a_length_that_would_wrap_round_is_past_the_end),
        cmocka_unit_test(taking_nothing_at_the_end_is_no_failure),
        cmocka_unit_test(wiped_memory_is_zero_and_nothing_may_be_wiped),
        cmocka_unit_test(secrets_are_equal_only_when_every_byte_is),
        cmocka_unit_test(hex_goes_there_and_back),
        cmocka_unit_test(hex_of_another_spelling_is_refused),
        cmocka_unit_test(base64url_keeps_the_vectors_of_rfc_4648),
        cmocka_unit_test(base64url_uses_the_alphabet_of_urls),
        cmocka_unit_test(base64url_of_another_spelling_is_refused),
        cmocka_unit_test(base64url_stays_within_its_buffer),
        cmocka_unit_test(base45_keeps_the_vectors_of_rfc_9285),
        cmocka_unit_test(base45_reaches_the_highest_values_and_no_further),
        cmocka_unit_test(base45_of_another_spelling_is_refused),
        cmocka_unit_test(base45_stays_within_its_buffer),
        cmocka_unit_test(every_byte_survives_every_encoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
