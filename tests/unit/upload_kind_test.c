// SPDX-License-Identifier: EUPL-1.2
//
// What a document is by its first bytes, what its sender may not say of it, and what a question
// allows.
#include "forms/upload_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct upload_rule rule_of(const char *words)
{
    struct json *json = NULL;
    assert_int_equal(json_parse(words, strlen(words), &json), OK);
    struct upload_rule rule = upload_rule_of(json);
    json_free(json);
    return rule;
}

static void first_bytes_decide_and_nothing_else(void **state)
{
    (void)state;
    static const char mp4[] = "\0\0\0\x18"
                              "ftypisom....";
    static const char heic[] = "\0\0\0\x18"
                               "ftypheic....";

    assert_int_equal(upload_kind_of("\xff\xd8\xff\xe1", 4), UPLOAD_JPEG);
    assert_int_equal(upload_kind_of("\x89PNG\r\n\x1a\n.", 9), UPLOAD_PNG);
    assert_int_equal(upload_kind_of("%PDF-1.7", 8), UPLOAD_PDF);
    assert_int_equal(upload_kind_of(heic, sizeof heic - 1), UPLOAD_HEIC);
    assert_int_equal(upload_kind_of(mp4, sizeof mp4 - 1), UPLOAD_KINDS_COUNT);
    assert_int_equal(upload_kind_of(heic, 12), UPLOAD_KINDS_COUNT);
    assert_int_equal(upload_kind_of("\xff\xd8", 2), UPLOAD_KINDS_COUNT);
    assert_int_equal(upload_kind_of(" %PDF-1.7", 9), UPLOAD_KINDS_COUNT);
    assert_int_equal(upload_kind_of("", 0), UPLOAD_KINDS_COUNT);
}

static void a_type_or_an_ending_of_something_else_is_a_lie(void **state)
{
    (void)state;

    assert_false(upload_kind_is_denied(UPLOAD_JPEG, "image/JPG", "a.JPEG"));
    assert_false(upload_kind_is_denied(UPLOAD_PDF, "application/octet-stream", "scan"));
    assert_false(upload_kind_is_denied(UPLOAD_HEIC, "", "a photo of 3.5 by 4.5 cm"));
    assert_true(upload_kind_is_denied(UPLOAD_JPEG, "image/png", "a.jpg"));
    assert_true(upload_kind_is_denied(UPLOAD_JPEG, "image/jpeg", "a.jpg.exe"));
    assert_true(upload_kind_is_denied(UPLOAD_PDF, "text/html", "a.pdf"));
}

static void a_question_allows_what_its_definition_says(void **state)
{
    (void)state;
    unsigned all = (1U << UPLOAD_KINDS_COUNT) - 1;

    assert_int_equal(rule_of("{}").kinds, all);
    assert_int_equal(rule_of("{\"filePattern\":\"\",\"file\":{\"type\":[]}}").kinds, all);
    assert_int_equal(rule_of("{\"filePattern\":\"image/png, .pdf\"}").kinds,
                     1U << UPLOAD_PNG | 1U << UPLOAD_PDF);
    assert_int_equal(rule_of("{\"filePattern\":\"image/*\"}").kinds, all & ~(1U << UPLOAD_PDF));
    assert_int_equal(rule_of("{\"file\":{\"type\":[\"image/heif\"]},\"filePattern\":\"*\"}").kinds,
                     1U << UPLOAD_HEIC);
    assert_int_equal(rule_of("{\"filePattern\":\".docx\"}").kinds, 0);
    assert_int_equal(rule_of("{\"fileMaxSize\":\"5 MB\"}").bytes_max, 5 * 1024 * 1024);
    assert_int_equal(rule_of("{\"fileMaxSize\":\"100kb\"}").bytes_max, 100 * 1024);
    assert_int_equal(rule_of("{\"fileMaxSize\":4096}").bytes_max, 4096);
    assert_int_equal(rule_of("{\"fileMaxSize\":\"1GB\"}").bytes_max, UPLOAD_BYTES_MAX);
    assert_int_equal(rule_of("{\"fileMaxSize\":\"-1\"}").bytes_max, UPLOAD_BYTES_MAX);
    assert_int_equal(rule_of("{\"fileMaxSize\":\"nan MB\"}").bytes_max, UPLOAD_BYTES_MAX);
}

static void a_name_has_no_folders_and_an_ending_that_fits(void **state)
{
    (void)state;
    char name[UPLOAD_NAME_BYTES];
    char long_name[300];
    memset(long_name, 'a', sizeof long_name - 1);
    memcpy(long_name + sizeof long_name - 5, ".png", 5);

    upload_name(UPLOAD_PDF, "C:\\scans\\..\\akte.pdf", name);
    assert_string_equal(name, "akte.pdf");
    upload_name(UPLOAD_JPEG, "../../etc/passwd", name);
    assert_string_equal(name, "passwd.jpg");
    upload_name(UPLOAD_HEIC, "", name);
    assert_string_equal(name, "document.heic");
    upload_name(UPLOAD_PNG, ".png", name);
    assert_string_equal(name, "document.png");
    upload_name(UPLOAD_PNG, long_name, name);
    assert_true(strlen(name) < UPLOAD_NAME_BYTES && strstr(name, ".png") != NULL);
}

static void limits_are_said_in_words(void **state)
{
    (void)state;
    char kinds[UPLOAD_KINDS_BYTES];
    char size[UPLOAD_SIZE_BYTES];

    upload_kinds_words(1U << UPLOAD_JPEG | 1U << UPLOAD_PDF, kinds);
    assert_string_equal(kinds, "JPEG, PDF");
    upload_kinds_words(0, kinds);
    assert_string_equal(kinds, "");
    assert_string_equal(upload_type_word("image/heif"), "HEIC");
    assert_string_equal(upload_type_word("text/html"), "");
    upload_size_words(UPLOAD_BYTES_MAX, size);
    assert_string_equal(size, "20\u00a0MB");
    upload_size_words(1536, size);
    assert_string_equal(size, "1\u00a0kB");
    upload_size_words(0, size);
    assert_string_equal(size, "0\u00a0bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_bytes_decide_and_nothing_else),
        cmocka_unit_test(a_type_or_an_ending_of_something_else_is_a_lie),
        cmocka_unit_test(a_question_allows_what_its_definition_says),
        cmocka_unit_test(a_name_has_no_folders_and_an_ending_that_fits),
        cmocka_unit_test(limits_are_said_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
