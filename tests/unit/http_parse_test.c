// SPDX-License-Identifier: EUPL-1.2
//
// Heads of requests and responses, and addresses, by their contract: what is exactly right is read,
// everything else is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "link/http_parse.h"

#include <stdio.h>
#include <string.h>

#define HOST "Host: hal\r\n"

static struct http_head head;

static enum err parse_request(const char *words)
{
    return http_parse_request(words, strlen(words), &head);
}

static enum err parse_response(const char *words)
{
    return http_parse_response(words, strlen(words), &head);
}

static void a_head_ends_with_its_empty_line(void **state)
{
    (void)state;
    static const char words[] = "GET / HTTP/1.1\r\n" HOST "\r\nbody";

    assert_int_equal(http_head_len(words, sizeof words - 1), sizeof words - 1 - 4);
    assert_int_equal(http_head_len(words, sizeof words - 1 - 5), 0); // a byte is still to come
    assert_int_equal(http_head_len("", 0), 0);
}

static void a_request_is_taken_apart(void **state)
{
    (void)state;
    char value[8];

    assert_int_equal(parse_request("POST /v1/x?from=3 HTTP/1.1\r\n" HOST
                                   "Content-Length:  12 \r\nX-Key:\tabc\r\n\r\n"),
                     OK);

    assert_string_equal(head.method, "POST");
    assert_string_equal(head.target, "/v1/x?from=3");
    assert_true(head.has_length);
    assert_int_equal(head.content_length, 12);
    assert_true(head.keeps_alive);
    assert_int_equal(http_header_copy(&head, "x-KEY", value, sizeof value), OK);
    assert_string_equal(value, "abc");
    assert_int_equal(http_header_copy(&head, "X-Key", value, 3), ERR_TOO_BIG);
    assert_int_equal(http_header_copy(&head, "X-Other", value, sizeof value), ERR_NOT_FOUND);
}

static void a_request_that_wants_to_end_says_so(void **state)
{
    (void)state;
    assert_int_equal(parse_request("GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"), OK);
    assert_false(head.keeps_alive);
}

static void a_request_of_any_other_shape_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "GET / HTTP/1.1\n" HOST "\r\n",                 // bare line feeds
        "GET / HTTP/1.1\r\nHost: hal\n\r\n",            //
        "GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", // folded
        "GET / HTTP/1.1\r\n" HOST "X : a\r\n\r\n",      // a blank before the colon
        "GET / HTTP/1.1\r\n" HOST "X\r\n\r\n",          //
        "GET / HTTP/1.1\r\n" HOST "X: a\x01\r\n\r\n",   // a control character
        "GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n",   //
        "GET / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\n",  //
        "GET / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n", //
        "GET / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n",  //
        "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n", //
        "GET / HTTP/1.1\r\n\r\n",                                        // nobody's
        "GET / HTTP/1.1\r\n" HOST HOST "\r\n",                           //
        "GET / HTTP/1.0\r\n" HOST "\r\n",                                //
        "GET / HTTP/2.0\r\n" HOST "\r\n",                                //
        "GET http://hal/ HTTP/1.1\r\n" HOST "\r\n",                      //
        "GET  / HTTP/1.1\r\n" HOST "\r\n",                               //
        "GET / HTTP/1.1 \r\n" HOST "\r\n",                               //
        "GET /\r\n" HOST "\r\n",                                         //
        "\r\nGET / HTTP/1.1\r\n" HOST "\r\n",                            //
        "",                                                              //
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(parse_request(wrong[i]), ERR_MALFORMED);
    }
}

static void a_zero_byte_is_refused_anywhere(void **state)
{
    (void)state;
    static const char good[] = "GET /a HTTP/1.1\r\n" HOST "X: ab\r\n\r\n";
    char words[sizeof good];
    for (size_t i = 0; i < sizeof good - 1; i++) {
        memcpy(words, good, sizeof good);
        words[i] = '\0';
        assert_int_equal(http_parse_request(words, sizeof good - 1, &head), ERR_MALFORMED);
    }
}

static void limits_are_kept(void **state)
{
    (void)state;
    static char words[HTTP_HEAD_BYTES_MAX + 64];
    size_t len = (size_t)snprintf(words, sizeof words, "GET / HTTP/1.1\r\n" HOST);
    for (size_t i = 0; i < HTTP_HEADERS_MAX; i++) {
        len += (size_t)snprintf(words + len, sizeof words - len, "X%zu: y\r\n", i);
    }
    len += (size_t)snprintf(words + len, sizeof words - len, "\r\n");
    assert_int_equal(http_parse_request(words, len, &head), ERR_TOO_BIG);

    memset(words, 'a', sizeof words);
    memcpy(words, "GET /", 5);
    assert_int_equal(http_parse_request(words, sizeof words, &head), ERR_TOO_BIG);
}

static void a_response_is_taken_apart(void **state)
{
    (void)state;
    assert_int_equal(parse_response("HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n\r\n"), OK);
    assert_int_equal(head.status, 410);
    assert_true(head.is_chunked);
    assert_true(head.keeps_alive);
    assert_int_equal(parse_response("HTTP/1.0 200\r\nContent-Length: 0\r\n\r\n"), OK);
    assert_false(head.keeps_alive);
}

static void a_response_of_any_other_shape_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "HTTP/1.1 000 X\r\n\r\n",
        "HTTP/1.1 099 X\r\n\r\n",
        "HTTP/1.1 600 X\r\n\r\n",
        "HTTP/1.1 2000 X\r\n\r\n",
        "HTTP/1.1 20 X\r\n\r\n",
        "HTTP/2.0 200 X\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\n\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(parse_response(wrong[i]), ERR_MALFORMED);
    }
}

static void an_address_is_taken_apart(void **state)
{
    (void)state;
    struct http_url url;

    assert_int_equal(http_url_parse("https://hub.hal.example:8443/v1?x=1", &url), OK);
    assert_true(url.is_tls);
    assert_string_equal(url.host, "hub.hal.example");
    assert_int_equal(url.port, 8443);
    assert_string_equal(url.target, "/v1?x=1");

    assert_int_equal(http_url_parse("http://127.0.0.1", &url), OK);
    assert_false(url.is_tls);
    assert_int_equal(url.port, 80);
    assert_string_equal(url.target, "/");
}

static void an_address_of_any_other_shape_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "ftp://x/",       "https://",    "https://:1/",
        "http://x:0", "http://x:99999", "http://x:1a", "http://x/a b",
        "http://x/#a"};
    struct http_url url;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(http_url_parse(wrong[i], &url), ERR_MALFORMED);
    }
}

static void what_is_percent_encoded_decodes_to_itself(void **state)
{
    (void)state;
    char coded[64];
    char plain[64];
    assert_int_equal(http_url_encode("a-b_c.d~ &=/\xc3\xab", coded, sizeof coded), OK);
    assert_string_equal(coded, "a-b_c.d~%20%26%3D%2F%C3%AB");
    assert_int_equal(http_url_decode(coded, strlen(coded), plain, sizeof plain), OK);
    assert_string_equal(plain, "a-b_c.d~ &=/\xc3\xab");
    assert_int_equal(http_url_encode("ab", coded, 2), ERR_TOO_BIG);
}

static void a_bad_escape_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"%", "%4", "%zz", "%00", "%ff", "%C3"};
    char plain[16];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(http_url_decode(wrong[i], strlen(wrong[i]), plain, sizeof plain),
                         ERR_MALFORMED);
    }
}

static void a_parameter_is_found_by_its_whole_name(void **state)
{
    (void)state;
    char value[8];
    assert_int_equal(http_query_get("from2=1&from=7&x=%41", "from", value, sizeof value), OK);
    assert_string_equal(value, "7");
    assert_int_equal(http_query_get("from2=1&from=7&x=%41", "x", value, sizeof value), OK);
    assert_string_equal(value, "A");
    assert_int_equal(http_query_get("xfrom=1", "from", value, sizeof value), ERR_NOT_FOUND);
    assert_int_equal(http_query_get("", "from", value, sizeof value), ERR_NOT_FOUND);
    assert_int_equal(http_query_get("from=%zz", "from", value, sizeof value), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_ends_with_its_empty_line),
        cmocka_unit_test(a_request_is_taken_apart),
        cmocka_unit_test(a_request_that_wants_to_end_says_so),
        cmocka_unit_test(a_request_of_any_other_shape_is_refused),
        cmocka_unit_test(a_zero_byte_is_refused_anywhere),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(a_response_is_taken_apart),
        cmocka_unit_test(a_response_of_any_other_shape_is_refused),
        cmocka_unit_test(an_address_is_taken_apart),
        cmocka_unit_test(an_address_of_any_other_shape_is_refused),
        cmocka_unit_test(what_is_percent_encoded_decodes_to_itself),
        cmocka_unit_test(a_bad_escape_is_refused),
        cmocka_unit_test(a_parameter_is_found_by_its_whole_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
