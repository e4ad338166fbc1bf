// SPDX-License-Identifier: EUPL-1.2
//
// Answers: where they come from, how they read, what typing makes of them, what is given back.
#include "form_samples.h"

static int tear_down(void **state)
{
    (void)state;
    walk_close(&samples_walk);
    return 0;
}

// What one component makes of typed text, as JSON; NULL when it refuses.
static char *made_of(const char *component, const char *typed)
{
    char components[1024];
    (void)snprintf(components, sizeof components, "[%s]", component);
    walk_close(&samples_walk);
    struct walk *walk = samples_open(components, NULL, NULL);
    struct json *value = NULL;
    const enum err err = answers_value(&walk->form.fields[0], typed, &value);
    if (err != OK) {
        assert_int_equal(err, ERR_MALFORMED);
        assert_null(value);
        return NULL;
    }
    char *words = json_write_new(value);
    json_free(value);
    return words;
}

static const struct {
    const char *component;
    const char *typed;
    const char *value; // NULL: refused
} typed_rows[] = {
    {"{'type':'text','key':'a'}", "  An  na \t", "\"An  na\""},
    {"{'type':'text','key':'a'}", "", "\"\""},
    {"{'type':'text','key':'a'}", "x\xe2\x80\xaey", "\"xy\""},
    {"{'type':'textarea','key':'a'}", "een\ntwee\n", "\"een\\ntwee\""},
    {"{'type':'number','key':'a'}", "12,5", "12.5"},
    {"{'type':'number','key':'a'}", "-3", "-3"},
    {"{'type':'number','key':'a'}", "1.234,50", "1234.5"},
    {"{'type':'number','key':'a'}", "12.5", "12.5"},
    {"{'type':'number','key':'a'}", "1.000", NULL},
    {"{'type':'number','key':'a'}", "1,2,3", NULL},
    {"{'type':'number','key':'a'}", "1.2.3", NULL},
    {"{'type':'number','key':'a'}", "1e5", NULL},
    {"{'type':'number','key':'a'}", "1234567890123456", NULL},
    {"{'type':'number','key':'a'}", "", "null"},
    {"{'type':'number','key':'a','decimalLimit':1}", "1,25", NULL},
    {"{'type':'currency','key':'a'}", "12,50", "12.5"},
    {"{'type':'date','key':'a'}", "30-11-2026", "\"2026-11-30\""},
    {"{'type':'date','key':'a'}", "2026-11-31", NULL},
    {"{'type':'datetime','key':'a'}", "2026-07-01 09:30", "\"2026-07-01T09:30:00+02:00\""},
    {"{'type':'datetime','key':'a'}", "2026-11-30 14:05", "\"2026-11-30T14:05:00+01:00\""},
    {"{'type':'datetime','key':'a'}", "2026-11-30", NULL},
    {"{'type':'time','key':'a'}", "9:30", NULL},
    {"{'type':'time','key':'a'}", "09:30", "\"09:30:00\""},
    {"{'type':'bsn','key':'a'}", "1234.56.782", "\"123456782\""},
    {"{'type':'bsn','key':'a'}", "10464554", "\"010464554\""},
    {"{'type':'bsn','key':'a'}", "123456789", NULL},
    {"{'type':'licenseplate','key':'a'}", "gv 27 xk", "\"GV-27-XK\""},
    {"{'type':'postcode','key':'a'}", "2511cs", "\"2511 CS\""},
    {"{'type':'iban','key':'a'}", "nl91abna0417164300", "\"NL91 ABNA 0417 1643 00\""},
    {"{'type':'addressNL','key':'a'}", "2511 cs\n70\n\nII",
     "{\"postcode\":\"2511CS\",\"houseNumber\":\"70\",\"houseLetter\":\"\","
     "\"houseNumberAddition\":\"II\"}"},
    {"{'type':'addressNL','key':'a'}", "1\n2\n3\n4\n5", NULL},
    {"{'type':'radio','key':'a','values':['x','y']}", "y", "\"y\""},
    {"{'type':'radio','key':'a','values':['x','y']}", "z", NULL},
    {"{'type':'selectboxes','key':'a','values':['x','y']}", "y\n", "{\"x\":false,\"y\":true}"},
    {"{'type':'select','multiple':true,'key':'a','values':['x','y']}", "y\nx", "[\"y\",\"x\"]"},
    {"{'type':'checkbox','key':'a'}", "true", "true"},
    {"{'type':'checkbox','key':'a'}", "ja", NULL},
    {"{'type':'text','multiple':true,'key':'a'}", "een\n\ntwee", "[\"een\",\"twee\"]"},
    {"{'type':'number','multiple':true,'key':'a'}", "1\nx", NULL},
    {"{'type':'signature','key':'a'}", "data:image/png;base64,iVBO",
     "\"data:image/png;base64,iVBO\""},
    {"{'type':'signature','key':'a'}", "data:text/html,x", NULL},
    {"{'type':'file','key':'a'}", "x", NULL},
    {"{'type':'text','key':'a'}", "\xff\xfe", NULL},
};

static void typed_text_becomes_what_the_source_wants(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof typed_rows / sizeof typed_rows[0]; i++) {
        char *made = made_of(typed_rows[i].component, typed_rows[i].typed);
        if ((made == NULL) != (typed_rows[i].value == NULL) ||
            (made != NULL && strcmp(made, typed_rows[i].value) != 0)) {
            fail_msg("%s with %s: %s", typed_rows[i].component, typed_rows[i].typed, made);
        }
        free(made);
    }
}

static void a_value_reads_as_a_person_would_type_it(void **state)
{
    (void)state;
    static const struct {
        const char *component;
        const char *value;
        const char *words;
    } rows[] = {
        {"{'type':'number','key':'a'}", "42.123", "42,123"},
        {"{'type':'number','key':'a'}", "'7.5'", "7,5"},
        {"{'type':'number','key':'a'}", "0.1", "0,1"},
        {"{'type':'currency','key':'a'}", "12.5", "12,50"},
        {"{'type':'currency','key':'a'}", "12", "12"},
        {"{'type':'date','key':'a'}", "'2026-11-30T00:00:00+01:00'", "2026-11-30"},
        {"{'type':'datetime','key':'a'}", "'2023-01-18T16:00:00+01:00'", "2023-01-18 16:00"},
        {"{'type':'time','key':'a'}", "'16:26:00'", "16:26"},
        {"{'type':'radio','key':'a','values':[{'value':'m','label':'Man'}]}", "'m'", "Man"},
        {"{'type':'selectboxes','key':'a','values':[{'value':'x','label':'X'},{'value':'y','label':"
         "'Y'}]}",
         "{'x':true,'y':true}", "X, Y"},
        {"{'type':'addressNL','key':'a'}",
         "{'postcode':'2511CS','houseNumber':'70','houseLetter':'','houseNumberAddition':'II'}",
         "2511CS 70 II"},
        {"{'type':'file','key':'a'}", "[{'originalName':'a.pdf'},{'name':'b.pdf'}]",
         "a.pdf, b.pdf"},
        {"{'type':'partners','key':'a'}",
         "[{'firstNames':'Pia','affixes':'van','lastName':'Pauw'},{'initials':'B.','lastName':"
         "'Bo'}]",
         "Pia van Pauw, B. Bo"},
        {"{'type':'text','multiple':true,'key':'a'}", "['een','twee']", "een\ntwee"},
        {"{'type':'checkbox','key':'a'}", "true", "true"},
        {"{'type':'checkbox','key':'a'}", "false", ""},
        {"{'type':'text','key':'a'}", "'a\\u202eb\\u0007c'", "abc"},
        {"{'type':'text','key':'a'}", "{'x':1}", ""},
        {"{'type':'text','key':'a'}", "5", "5"},
        {"{'type':'date','key':'a'}", "'gisteren'", "gisteren"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char components[512];
        char words[128];
        (void)snprintf(components, sizeof components, "[%s]", rows[i].component);
        walk_close(&samples_walk);
        struct walk *walk = samples_open(components, NULL, NULL);
        samples_answer(walk, "a", rows[i].value);
        answers_text(&walk->answers, &walk->form, samples_place(walk, "a"), words, sizeof words);
        if (strcmp(words, rows[i].words) != 0) {
            fail_msg("%s with %s: %s", rows[i].component, rows[i].value, words);
        }
    }
}

static void words_that_do_not_fit_are_cut_at_a_character(void **state)
{
    (void)state;
    struct walk *walk =
        samples_open("[{'type':'text','key':'a'}]", NULL, "{'a':'\xc3\xa9\xc3\xa9\xc3\xa9'}");
    char words[6];
    answers_text(&walk->answers, &walk->form, samples_place(walk, "a"), words, sizeof words);
    assert_string_equal(words, "\xc3\xa9\xc3\xa9");
}

static void data_goes_before_prefill_and_prefill_before_defaults(void **state)
{
    (void)state;
    struct json *document = samples_document(
        "[{'type':'text','key':'a','defaultValue':'1'},{'type':'text','key':'b.c','defaultValue':"
        "'1'},{'type':'text','key':'d','defaultValue':'1'},{'type':'text','key':'e','defaultValue':"
        "''}]",
        NULL, "{'a':'3','x':{'y':1}}");
    json_set(document, "prefill", samples_json("{'a':'2','b':{'c':'2','z':9},'other':5}"));
    struct walk *walk = &samples_walk;
    assert_int_equal(walk_open(walk, document, SAMPLES_TODAY, NULL), OK);

    struct json *written = answers_write(&walk->answers, &walk->form, &walk->logic, -1);
    struct json *wanted = samples_json("{'a':'3','b':{'c':'2'},'d':'1','x':{'y':1}}");
    assert_true(json_same(written, wanted));
    json_free(written);
    json_free(wanted);
    written = answers_write(&walk->answers, &walk->form, &walk->logic, 0);
    wanted = samples_json("{'a':'3','b':{'c':'2'},'d':'1'}");
    assert_true(json_same(written, wanted));
    json_free(written);
    json_free(wanted);
}

static void items_are_added_up_to_the_limit_and_taken_away(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'editgrid','key':'g','validate':{'required':true,'minLength':2,'maxLength':3},"
        "'components':[{'type':'text','key':'a','defaultValue':'z'},{'type':'number','key':'b'}]}]",
        NULL, NULL);
    assert_int_equal(samples_check(walk, "g"), CHECK_MISSING);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    assert_int_equal(samples_check(walk, "g"), CHECK_TOO_FEW);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), ERR_FULL);
    assert_int_equal(samples_check(walk, "g"), CHECK_OK);

    struct form_place place = samples_place(walk, "g.b");
    place.item = 1;
    assert_int_equal(walk_answer(walk, place, json_new_int(7), NULL), OK);
    answers_remove_item(&walk->answers, &walk->form, 0, 0);
    assert_int_equal(answers_items_count(&walk->answers, &walk->form, 0), 2);
    struct json *wanted = samples_json("{'g':[{'a':'z','b':7},{'a':'z'}]}");
    assert_true(json_same(walk->answers.data_private, wanted));
    json_free(wanted);
}

static void a_person_is_ticked_by_name(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'children','key':'k','enableSelection':true,'validate':{'required':true}}]", NULL,
        "{'k':[{'firstNames':'Pero','affixes':'van','lastName':'Paassen','selected':false}]}");
    const struct form_place place = samples_place(walk, "k");
    char name[64];
    assert_int_equal(samples_check(walk, "k"), CHECK_MISSING);
    assert_int_equal(answers_people_count(&walk->answers, &walk->form, place), 1);
    assert_true(answers_person(&walk->answers, &walk->form, place, 0, name, sizeof name));
    assert_string_equal(name, "Pero van Paassen");
    assert_false(answers_person(&walk->answers, &walk->form, place, 1, name, sizeof name));

    struct json *ticked = answers_tick_person(&walk->answers, &walk->form, place, 0, true);
    assert_int_equal(walk_answer(walk, place, ticked, NULL), OK);
    assert_true(answers_person_is_ticked(&walk->answers, &walk->form, place, 0));
    assert_int_equal(samples_check(walk, "k"), CHECK_OK);
}

static void whether_a_child_is_ticked_is_said_of_each_as_the_source_insists(void **state)
{
    (void)state;
    static const struct {
        const char *components;
        const char *data;
        const char *wanted;
    } rows[] = {
        {"[{'type':'children','key':'k'}]", "{'k':[{'bsn':'1'}]}",
         "{'k':[{'bsn':'1','selected':null}]}"},
        {"[{'type':'children','key':'k','enableSelection':true}]",
         "{'k':[{'bsn':'1'},{'selected':true}]}",
         "{'k':[{'bsn':'1','selected':false},{'selected':true}]}"},
        {"[{'type':'partners','key':'k'}]", "{'k':[{'bsn':'1'}]}", "{'k':[{'bsn':'1'}]}"},
        {"[{'type':'children','key':'k'}]", "{'k':[5]}", "{'k':[5]}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct walk *walk = samples_open(rows[i].components, NULL, rows[i].data);
        struct json *written = answers_write(&walk->answers, &walk->form, &walk->logic, -1);
        struct json *wanted = samples_json(rows[i].wanted);
        assert_true(json_same(written, wanted));
        json_free(written);
        json_free(wanted);
        walk_close(walk);
    }
}

static void too_much_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct walk *walk = samples_open("[{'type':'textarea','key':'a'}]", NULL, "{'a':'oud'}");
    char *many = malloc(ANSWERS_BYTES_MAX + 1);
    memset(many, 'x', ANSWERS_BYTES_MAX);
    many[ANSWERS_BYTES_MAX] = '\0';
    assert_int_equal(walk_answer(walk, samples_place(walk, "a"), json_new_text(many), NULL),
                     ERR_TOO_BIG);
    assert_string_equal(
        json_text(answers_get(&walk->answers, &walk->form, samples_place(walk, "a"))), "oud");
    free(many);
}

static void answers_of_a_wrong_shape_are_refused_by_key(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        enum err err;
    } rows[] = {
        {"[]", ERR_MALFORMED},
        {"'x'", ERR_MALFORMED},
        {"{'g':5}", ERR_MALFORMED},
        {"{'g':[5]}", ERR_MALFORMED},
        {"{'g':[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}"
         ",{},{},{},{},{}]}",
         ERR_TOO_BIG},
        {"{'x':[[[[[[[[[[[[[1]]]]]]]]]]]]]}", ERR_TOO_BIG},
        {"{'g':null}", OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fault fault = {0};
        const enum err err = walk_open(
            &samples_walk,
            samples_document("[{'type':'editgrid','key':'g','components':[]}]", NULL, rows[i].data),
            SAMPLES_TODAY, &fault);
        if (err != rows[i].err) {
            fail_msg("%s: %s", rows[i].data, err_name(err));
        }
        walk_close(&samples_walk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(typed_text_becomes_what_the_source_wants, tear_down),
        cmocka_unit_test_teardown(a_value_reads_as_a_person_would_type_it, tear_down),
        cmocka_unit_test_teardown(words_that_do_not_fit_are_cut_at_a_character, tear_down),
        cmocka_unit_test_teardown(data_goes_before_prefill_and_prefill_before_defaults, tear_down),
        cmocka_unit_test_teardown(items_are_added_up_to_the_limit_and_taken_away, tear_down),
        cmocka_unit_test_teardown(a_person_is_ticked_by_name, tear_down),
        cmocka_unit_test_teardown(whether_a_child_is_ticked_is_said_of_each_as_the_source_insists,
                                  tear_down),
        cmocka_unit_test_teardown(too_much_is_refused_and_changes_nothing, tear_down),
        cmocka_unit_test_teardown(answers_of_a_wrong_shape_are_refused_by_key, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
