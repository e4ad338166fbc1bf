// SPDX-License-Identifier: EUPL-1.2
//
// JSON: what is refused, quiet reading, walking, writing within a buffer.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct json *parsed(const char *words)
{
    struct json *json = NULL;
    assert_int_equal(json_parse(words, strlen(words), &json), OK);
    return json;
}

static void every_kind_of_value_is_read(void **state)
{
    (void)state;
    struct json *json = parsed(
        "{\"t\":\"caf\\u00e9\",\"i\":-42,\"d\":1.5,\"b\":true,\"n\":null,\"l\":[1,2],\"o\":{}}");
    int64_t whole = 0;
    double real = 0;
    bool truth = false;

    assert_string_equal(json_get_text(json, "t"), "caf\xc3\xa9");
    assert_int_equal(json_get_int(json, "i", &whole), OK);
    assert_int_equal(whole, -42);
    assert_int_equal(json_double(json_get(json, "d"), &real), OK);
    assert_float_equal(real, 1.5, 0);
    assert_int_equal(json_double(json_get(json, "i"), &real), OK);
    assert_float_equal(real, -42, 0);
    assert_int_equal(json_get_bool(json, "b", &truth), OK);
    assert_true(truth);
    assert_true(json_is_absent(json_get(json, "n")));
    assert_true(json_is_list(json_get(json, "l")));
    assert_int_equal(json_len(json_get(json, "l")), 2);
    assert_true(json_has_keys(json_get(json, "o")));
    assert_int_equal(json_len(json), 7);
    json_free(json);
}

static void what_is_not_strict_json_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " ",
                                      "{",
                                      "[1,]",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{'a':1}",
                                      "[1] x",
                                      "[1][2]",
                                      "{\"a\":1,\"a\":2}",
                                      "01",
                                      "+1",
                                      "NaN",
                                      "\"\\u0000\"",
                                      "\"\\ud800\"",
                                      "\"a\nb\"",
                                      "\"\xff\"",
                                      "\"\xc0\x80\"",
                                      "[1 /* one */]",
                                      "tru",
                                      "99999999999999999999",
                                      "1e999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct json *json = parsed("1");
        json_free(json);
        assert_int_equal(json_parse(bad[i], strlen(bad[i]), &json), ERR_MALFORMED);
        assert_null(json);
    }
    struct json *json = NULL;
    assert_int_equal(json_parse("[1]\0", 4, &json), ERR_MALFORMED);
}

static void one_value_of_any_kind_is_a_whole_text(void **state)
{
    (void)state;
    static const char *const good[] = {"null", "true", "3", "\"x\"", " [] ", "{}"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        json_free(parsed(good[i]));
    }
}

static void nesting_has_a_limit_and_brackets_in_strings_do_not_count(void **state)
{
    (void)state;
    char words[2 * JSON_DEPTH_MAX + 8] = {0};
    memset(words, '[', JSON_DEPTH_MAX);
    memset(words + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    json_wipe_free(parsed(words));

    memset(words, '[', JSON_DEPTH_MAX + 1);
    memset(words + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    struct json *json = NULL;
    assert_int_equal(json_parse(words, strlen(words), &json), ERR_MALFORMED);

    json_free(parsed("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[\""));
}

static void the_text_ends_where_its_length_says(void **state)
{
    (void)state;
    struct json *json = NULL;

    assert_int_equal(json_parse("[1]garbage", 3, &json), OK);

    assert_int_equal(json_len(json), 1);
    json_free(json);
}

static void reading_what_is_absent_or_of_another_kind_is_quiet(void **state)
{
    (void)state;
    struct json *json = parsed("{\"t\":\"x\",\"d\":1.5,\"l\":[1]}");
    int64_t whole = 7;
    bool truth = true;
    double real = 7;

    assert_null(json_get(json, "z"));
    assert_null(json_get(NULL, "t"));
    assert_null(json_get(json_get(json, "t"), "t"));
    assert_null(json_get_text(json, "d"));
    assert_null(json_text(NULL));
    assert_int_equal(json_get_int(json, "t", &whole), ERR_NOT_FOUND);
    assert_int_equal(json_get_int(json, "d", &whole), ERR_NOT_FOUND); // 1.5 is not whole
    assert_int_equal(json_get_int(NULL, "d", &whole), ERR_NOT_FOUND);
    assert_int_equal(json_get_bool(json, "t", &truth), ERR_NOT_FOUND);
    assert_int_equal(json_double(NULL, &real), ERR_NOT_FOUND);
    assert_int_equal(whole, 7);
    assert_true(truth);
    assert_int_equal(json_len(NULL), 0);
    assert_int_equal(json_len(json_get(json, "t")), 0);
    assert_null(json_at(json, 0));
    assert_null(json_at(json_get(json, "l"), 1));
    assert_null(json_at(NULL, 0));
    assert_true(json_is_absent(NULL));
    assert_false(json_has_keys(NULL));
    assert_false(json_is_list(NULL));
    json_free(json);
    json_free(NULL);
    json_wipe_free(NULL);
}

static void a_path_steps_through_objects_and_lists(void **state)
{
    (void)state;
    struct json *json = parsed("{\"steps\":[{\"name\":\"first\"},{\"name\":\"second\"}],\"a\":1}");

    assert_string_equal(json_text(json_path(json, "steps.1.name")), "second");
    assert_ptr_equal(json_path(json, ""), json);
    static const char *const absent[] = {"steps.2.name", "steps.x", "steps.-1",
                                         "a.b",          "z",       "steps..name"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        assert_null(json_path(json, absent[i]));
    }
    assert_null(json_path(NULL, "a"));
    char longest[200] = {0};
    memset(longest, 'k', sizeof longest - 1);
    assert_null(json_path(json, longest));
    json_free(json);
}

static void keys_are_walked_in_the_order_they_came(void **state)
{
    (void)state;
    struct json *json = parsed("{\"z\":1,\"a\":2,\"m\":3}");
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    char order[4] = {0};
    for (size_t i = 0; json_each(json, &iter, &key, &value); i++) {
        int64_t whole = 0;
        assert_in_range(i, 0, 2);
        assert_int_equal(json_whole(value, &whole), OK);
        assert_int_equal(whole, i + 1);
        order[i] = key[0];
    }

    assert_string_equal(order, "zam");
    iter = NULL;
    assert_false(json_each(NULL, &iter, &key, &value));
    json_free(json);
}

static struct json *sample(void)
{
    struct json *json = json_new_object();
    json_set_text(json, "t", "\"caf\xc3\xa9\"\n");
    json_set_text(json, "n", NULL);
    json_set_int(json, "i", INT64_MIN);
    json_set_bool(json, "b", false);
    struct json *list = json_new_array();
    json_append(list, json_new_real(0.5));
    json_append(list, json_new_null());
    json_append(list, json_new_bool(true));
    json_set(json, "l", list);
    return json;
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    struct json *json = sample();
    char words[200];
    size_t len = 0;

    assert_int_equal(json_write(json, words, sizeof words, &len), OK);
    assert_int_equal(len, strlen(words));
    struct json *back = parsed(words);
    assert_true(json_same(json, back));
    char *fresh = json_write_new(json);
    assert_string_equal(fresh, words);

    json_set_int(back, "i", 1);
    assert_false(json_same(json, back));
    free(fresh);
    json_free(back);
    json_free(json);
}

static void writing_stays_within_its_buffer(void **state)
{
    (void)state;
    struct json *json = sample();
    char words[200];
    size_t len = 0;
    assert_int_equal(json_write(json, words, sizeof words, &len), OK);
    const size_t whole_len = len;
    for (size_t room = 1; room <= whole_len; room++) {
        char *exact = malloc(room); // the address sanitizer sees one byte too far
        assert_non_null(exact);
        assert_int_equal(json_write(json, exact, room, &len), ERR_TOO_BIG);
        assert_string_equal(exact, "");
        assert_int_equal(len, 0);
        free(exact);
    }
    assert_int_equal(json_write(json, words, whole_len + 1, &len), OK);
    assert_int_equal(len, whole_len);
    json_free(json);
}

static void a_clone_is_deep(void **state)
{
    (void)state;
    struct json *json = sample();
    struct json *clone = json_clone(json);
    assert_true(json_same(json, clone));

    json_free(json);

    assert_string_equal(json_get_text(clone, "t"), "\"caf\xc3\xa9\"\n");
    assert_int_equal(json_len(json_get(clone, "l")), 3);
    json_free(clone);
}

static void wiping_a_value_leaves_its_clone_alone(void **state)
{
    (void)state;
    struct json *json = parsed("{\"a\":[{\"name\":\"secret-1\"}],\"b\":\"secret-2\",\"c\":[],"
                               "\"d\":{},\"e\":1}");
    struct json *clone = json_clone(json);

    json_wipe_free(json);

    assert_string_equal(json_get_text(clone, "b"), "secret-2");
    assert_string_equal(json_text(json_path(clone, "a.0.name")), "secret-1");
    json_wipe_free(clone);
}

static void what_one_owns_is_changed_in_place(void **state)
{
    (void)state;
    struct json *json = parsed("{\"a\":[1,2,3],\"b\":{\"c\":1},\"d\":1}");

    json_set_int(json_member(json, "b"), "c", 2);
    json_set_at(json_member(json, "a"), 1, json_new_text("two"));
    json_remove_at(json_member(json, "a"), 0);
    json_remove(json, "d");
    json_remove(json, "absent");

    char *words = json_write_new(json);
    assert_string_equal(words, "{\"a\":[\"two\",3],\"b\":{\"c\":2}}");
    assert_null(json_member(json, "d"));
    assert_null(json_item(json_member(json, "a"), 2));
    free(words);
    json_free(json);
}

static void the_length_is_known_before_it_is_written(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "null",
        "\"\\u0001\\u0001\\n\\\"\"",
        "[]",
        "{}",
        "[1.7976931348623157e308,-1e-300]",
        "{\"a\\\"b\":[[{\"c\":true}],\"caf\xc3\xa9\"],\"d\":-9223372036854775808}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct json *json = parsed(texts[i]);
        char *words = json_write_new(json);
        assert_true(json_bytes(json, JSON_DEPTH_MAX) >= strlen(words));
        assert_true(json_bytes(json, JSON_DEPTH_MAX) <= strlen(words) + 64);
        free(words);
        json_free(json);
    }
    struct json *deep = parsed("[[[1]]]");
    assert_true(json_bytes(deep, 3) < 100);
    assert_true(json_bytes(deep, 2) == SIZE_MAX);
    json_free(deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_is_read),
        cmocka_unit_test(what_is_not_strict_json_is_refused),
        cmocka_unit_test(one_value_of_any_kind_is_a_whole_text),
        cmocka_unit_test(nesting_has_a_limit_and_brackets_in_strings_do_not_count),
        cmocka_unit_test(the_text_ends_where_its_length_says),
        cmocka_unit_test(reading_what_is_absent_or_of_another_kind_is_quiet),
        cmocka_unit_test(a_path_steps_through_objects_and_lists),
        cmocka_unit_test(keys_are_walked_in_the_order_they_came),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(writing_stays_within_its_buffer),
        cmocka_unit_test(a_clone_is_deep),
        cmocka_unit_test(what_one_owns_is_changed_in_place),
        cmocka_unit_test(the_length_is_known_before_it_is_written),
        cmocka_unit_test(wiping_a_value_leaves_its_clone_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
