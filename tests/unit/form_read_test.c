// SPDX-License-Identifier: EUPL-1.2
//
// Reading a definition: what becomes what, what is refused and in which words.
#include "form_samples.h"

static struct form form;

static enum err read_form(const char *components, struct fault *fault)
{
    *fault = (struct fault){0};
    return form_read(&form, samples_document(components, NULL, NULL), fault);
}

// Reads one component that must be well.
static const struct form_field *read_one(const char *component)
{
    char components[2048];
    struct fault fault;
    (void)snprintf(components, sizeof components, "[%s]", component);
    if (read_form(components, &fault) != OK) {
        fail_msg("%s", fault.text);
    }
    for (size_t i = 1; i < form.fields_count; i++) {
        assert_true(form_is_of_person(&form, &form.fields[i])); // our own, below it
    }
    return &form.fields[0];
}

static int tear_down(void **state)
{
    (void)state;
    form_free(&form);
    return 0;
}

static void every_type_of_the_sources_becomes_its_kind(void **state)
{
    (void)state;
    static const struct {
        const char *component;
        enum form_kind kind;
    } rows[] = {
        {"{'type':'textfield','key':'a'}", FORM_TEXT},
        {"{'type':'text','key':'a'}", FORM_TEXT},
        {"{'type':'textarea','key':'a'}", FORM_LONG_TEXT},
        {"{'type':'number','key':'a'}", FORM_NUMBER},
        {"{'type':'currency','key':'a'}", FORM_MONEY},
        {"{'type':'date','key':'a'}", FORM_DATE},
        {"{'type':'date','key':'a','enableTime':true}", FORM_DATE_TIME},
        {"{'type':'datetime','key':'a'}", FORM_DATE_TIME},
        {"{'type':'time','key':'a'}", FORM_TIME},
        {"{'type':'email','key':'a'}", FORM_EMAIL},
        {"{'type':'phoneNumber','key':'a'}", FORM_PHONE},
        {"{'type':'bsn','key':'a'}", FORM_BSN},
        {"{'type':'iban','key':'a'}", FORM_IBAN},
        {"{'type':'licenseplate','key':'a'}", FORM_PLATE},
        {"{'type':'postcode','key':'a'}", FORM_POSTCODE},
        {"{'type':'addressNL','key':'a'}", FORM_ADDRESS},
        {"{'type':'radio','key':'a','values':[{'value':'x','label':'X'}]}", FORM_ONE},
        {"{'type':'select','key':'a','data':{'values':[{'value':'x','label':'X'}]}}", FORM_ONE},
        {"{'type':'select','key':'a','multiple':true,'values':['x','y']}", FORM_SOME},
        {"{'type':'selectboxes','key':'a','values':[{'value':'x','label':'X'}]}", FORM_SOME},
        {"{'type':'checkbox','key':'a'}", FORM_YES},
        {"{'type':'signature','key':'a'}", FORM_SIGNATURE},
        {"{'type':'file','key':'a'}", FORM_FILE},
        {"{'type':'children','key':'a'}", FORM_PEOPLE},
        {"{'type':'partners','key':'a'}", FORM_PEOPLE},
        {"{'type':'content','key':'a','html':'<p>x</p>'}", FORM_CONTENT},
        {"{'type':'fieldset','key':'a'}", FORM_GROUP},
        {"{'type':'columns','key':'a'}", FORM_GROUP},
        {"{'type':'editgrid','key':'a'}", FORM_REPEAT},
        {"{'type':'softRequiredErrors','key':'a'}", FORM_SOFT_ERRORS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct form_field *field = read_one(rows[i].component);
        if (field->kind != rows[i].kind) {
            fail_msg("%s became %d", rows[i].component, field->kind);
        }
        form_free(&form);
    }
}

static void what_we_cannot_honour_is_never_guessed(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{'type':'map','key':'a'}",
        "{'type':'customerProfile','key':'a'}",
        "{'type':'npFamilyMembers','key':'a'}",
        "{'type':'cosign','key':'a'}",
        "{'type':'datagrid','key':'a','components':[{'type':'text','key':'b'}]}",
        "{'type':'neverHeardOf','key':'a'}",
        "{'type':'select','key':'a','dataSrc':'url','data':{'url':'https://x'}}",
        "{'type':'select','key':'a','data':{'values':[{'label':'','value':''}]}}",
        "{'type':'textfield','key':'a','customConditional':'show = data.b'}",
        "{'type':'textfield','key':'a','calculateValue':'value = 1'}",
        "{'type':'textfield','key':'a','validate':{'custom':'valid = true'}}",
        "{'type':'textfield','key':'a','validate':{'pattern':'(a)\\\\1'}}",
        "{'type':'textarea','key':'a','multiple':true}",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct form_field *field = read_one(rows[i]);
        if (field->kind != FORM_UNKNOWN) {
            fail_msg("%s became %d", rows[i], field->kind);
        }
        form_free(&form);
    }
}

static void limits_are_read_as_numbers_as_text_and_as_nothing(void **state)
{
    (void)state;
    const struct form_field *field =
        read_one("{'type':'number','key':'n','label':'N','validate':{'required':true,'min':'-1.5',"
                 "'max':10,'integer':''},'decimalLimit':2}");
    assert_true(field->is_required && field->has_min && field->has_max);
    assert_true(field->min == -1.5 && field->max == 10);
    assert_int_equal(field->decimals_max, 2);
    form_free(&form);

    field = read_one("{'type':'textfield','key':'t','validate':{'maxLength':'','minLength':null,"
                     "'maxWords':'7','required':''},'isSensitiveData':true,'clearOnHide':false}");
    assert_int_equal(field->length_max, 0);
    assert_int_equal(field->words_max, 7);
    assert_false(field->is_required || field->clears_when_hidden);
    assert_true(field->is_sensitive);
    form_free(&form);

    field = read_one("{'type':'currency','key':'c','allowNegative':false}");
    assert_true(field->has_min && field->min == 0);
    assert_int_equal(field->decimals_max, 2);
}

static void groups_are_flattened_in_reading_order(void **state)
{
    (void)state;
    struct fault fault;
    assert_int_equal(
        read_form("[{'type':'fieldset','key':'f','components':[{'type':'text','key':'a'},"
                  "{'type':'columns','key':'c','columns':[{'size':6,'components':[{'type':'text',"
                  "'key':'b'}]},{'size':6,'components':[{'type':'text','key':'d'}]}]}]},"
                  "{'type':'editgrid','key':'g','components':[{'type':'text','key':'a'}]},"
                  "{'type':'button','key':'submit'},{'type':'text','key':'e'}]",
                  &fault),
        OK);

    static const char *const keys[] = {"f", "a", "c", "b", "d", "g", "a", "e"};
    assert_int_equal(form.fields_count, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_string_equal(form.fields[i].key, keys[i]);
    }
    assert_int_equal(form.fields[3].parent, 2);
    assert_int_equal(form.fields[4].parent, 2);
    assert_ptr_equal(form_find(&form, "a"), &form.fields[1]);
    assert_ptr_equal(form_find(&form, "g.a"), &form.fields[6]);
    assert_ptr_equal(form_repeat_of(&form, &form.fields[6]), &form.fields[5]);
    assert_null(form_find(&form, "submit"));
}

static void choices_come_from_either_place_without_the_empty_row(void **state)
{
    (void)state;
    struct form_choice choice;
    const struct form_field *field = read_one(
        "{'type':'select','key':'s','data':{'values':[{'label':'','value':''},{'label':'Man',"
        "'value':'m'},{'value':'v'}]}}");
    assert_int_equal(form_choices_count(field), 2);
    assert_true(form_choice(field, 0, &choice));
    assert_string_equal(choice.label, "Man");
    assert_string_equal(form_choice_label(field, "v"), "v");
    assert_null(form_choice_label(field, ""));
    assert_false(form_choice(field, 2, &choice));
}

static void a_bad_definition_is_refused_by_key_and_member(void **state)
{
    (void)state;
    static const struct {
        const char *components;
        const char *said; // in the fault
    } rows[] = {
        {"[{'type':'text','key':'a'},{'type':'text','key':'a'}]", "a: key: used twice"},
        {"[{'type':'text','key':'a'},{'type':'text','key':'a.b'}]", "a.b: key: lies within"},
        {"[{'type':'text'}]", "key: absent"},
        {"[{'type':'text','key':7}]", "key: no text"},
        {"[{'type':'text','key':'a b'}]", "key: not a name"},
        {"[{'type':'text','key':'a.b.c.d.e.f.g'}]", "key: not a name"},
        {"[{'type':7,'key':'a'}]", "a: type: no text"},
        {"[{'key':'a'}]", "a: type: absent"},
        {"[7]", "no object"},
        {"[{'type':'text','key':'a','label':{}}]", "a: label: no text"},
        {"[{'type':'text','key':'a','label':'x\\u202ey'}]", "a: label: characters"},
        {"[{'type':'text','key':'a','validate':[]}]", "a: validate: no object"},
        {"[{'type':'text','key':'a','hidden':'maybe'}]", "a: hidden: neither"},
        {"[{'type':'text','key':'a','validate':{'maxLength':'many'}}]", "a: maxLength: no number"},
        {"[{'type':'text','key':'a','validate':{'maxLength':-1}}]", "a: maxLength: no count"},
        {"[{'type':'number','key':'a','validate':{'min':true}}]", "a: min: no number"},
        {"[{'type':'radio','key':'a','values':[{'label':'x','value':1}]}]", "a: values: value"},
        {"{}", "no list of components"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fault fault;
        assert_int_equal(read_form(rows[i].components, &fault), ERR_MALFORMED);
        if (strstr(fault.text, rows[i].said) == NULL) {
            fail_msg("%s: %s", rows[i].components, fault.text);
        }
        assert_null(form.root);
    }
}

static void words_without_an_answer_may_share_a_key(void **state)
{
    (void)state;
    struct fault fault;
    assert_int_equal(read_form("[{'type':'content','key':'content','html':'a'},{'type':'content',"
                               "'key':'content','html':'b'}]",
                               &fault),
                     OK);
    assert_null(form_find(&form, ""));
}

static void a_group_within_a_group_of_items_is_handed_over(void **state)
{
    (void)state;
    struct fault fault;
    assert_int_equal(read_form("[{'type':'editgrid','key':'g','components':[{'type':'editgrid',"
                               "'key':'h','components':[{'type':'text','key':'a'}]}]}]",
                               &fault),
                     OK);
    assert_int_equal(form.fields[1].kind, FORM_UNKNOWN);
    assert_int_equal(form.fields_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_type_of_the_sources_becomes_its_kind, tear_down),
        cmocka_unit_test_teardown(what_we_cannot_honour_is_never_guessed, tear_down),
        cmocka_unit_test_teardown(limits_are_read_as_numbers_as_text_and_as_nothing, tear_down),
        cmocka_unit_test_teardown(groups_are_flattened_in_reading_order, tear_down),
        cmocka_unit_test_teardown(choices_come_from_either_place_without_the_empty_row, tear_down),
        cmocka_unit_test_teardown(a_bad_definition_is_refused_by_key_and_member, tear_down),
        cmocka_unit_test_teardown(words_without_an_answer_may_share_a_key, tear_down),
        cmocka_unit_test_teardown(a_group_within_a_group_of_items_is_handed_over, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
