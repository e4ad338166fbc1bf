// SPDX-License-Identifier: EUPL-1.2
//
// The real definitions: each is read, walked page by page, filled with its own data as if it were
// typed, checked, and given back equal.
#include "form_samples.h"

#include "forms/plain.h"

static int tear_down(void **state)
{
    (void)state;
    walk_close(&samples_walk);
    return 0;
}

static struct walk *open_document(struct json *document)
{
    struct fault fault = {0};
    if (walk_open(&samples_walk, document, SAMPLES_TODAY, &fault) != OK) {
        fail_msg("%s", fault.text);
    }
    return &samples_walk;
}

static struct json *all_components(void)
{
    struct json *root = samples_file("open-forms-all-components.json");
    struct json *step = json_new_object();
    json_set_text(step, "id", "1");
    json_set_text(step, "name", "Alles");
    json_set(step, "components", json_clone(json_get(root, "components")));
    struct json *steps = json_new_array();
    json_append(steps, step);
    struct json *document = json_new_object();
    json_set(document, "steps", steps);
    json_free(root);
    return document;
}

static struct json *of_definitions(const char *name)
{
    struct json *definitions = samples_file(name);
    struct json *document = json_new_object();
    json_set(document, "steps", samples_steps(definitions));
    json_free(definitions);
    return document;
}

// Walks to the check page and back again. Gives how many pages there are.
static size_t walk_through(const struct walk *walk)
{
    static struct walk_page pages[FORM_FIELDS_MAX];
    size_t count = 0;
    struct walk_page page = walk_first(walk);
    while (page.kind != WALK_CHECK) {
        assert_true(count < FORM_FIELDS_MAX);
        pages[count++] = page;
        page = walk_next(walk, page);
    }
    for (size_t i = count; i > 0; i--) {
        assert_true(walk_back(walk, page, &page));
        assert_memory_equal(&page, &pages[i - 1], sizeof page);
        size_t step = 0;
        size_t steps = 0;
        walk_position(walk, page, &step, &steps);
        assert_int_equal(step, i);
        assert_int_equal(steps, count);
    }
    assert_false(count > 0 && walk_back(walk, page, &page));
    return count;
}

// What a person would type or pick to give this value again; false: this kind is not typed.
static bool typed_again(const struct walk *walk, struct form_place place, char *typed,
                        size_t typed_bytes)
{
    const struct form_field *field = &walk->form.fields[place.field];
    const struct json *value = answers_get(&walk->answers, &walk->form, place);
    struct form_choice choice;
    struct text text;
    text_init(&text, typed, typed_bytes);
    if (field->kind == FORM_ONE || field->kind == FORM_SIGNATURE) {
        text_add(&text, json_text(value));
    } else if (field->kind == FORM_SOME) {
        for (size_t i = 0; form_choice(field, i, &choice); i++) {
            bool is_on = false;
            if (json_get_bool(value, choice.value, &is_on) == OK && is_on) {
                text_format(&text, "%s\n", choice.value);
            }
        }
    } else if (field->kind == FORM_ADDRESS) {
        for (size_t i = 0; i < ANSWERS_ADDRESS_PARTS; i++) {
            text_format(&text, "%s\n", json_get_text(value, answers_address_parts[i]));
        }
    } else if (field->kind != FORM_FILE && field->kind != FORM_PEOPLE) {
        answers_text(&walk->answers, &walk->form, place, typed, typed_bytes);
    } else {
        return false;
    }
    return true;
}

static void every_component_is_walked_typed_checked_and_given_back_equal(void **state)
{
    (void)state;
    struct json *data = samples_file("open-forms-all-components-data.json");
    struct json *document = all_components();
    json_set(document, "data", json_clone(data));
    struct walk *walk = open_document(document);
    assert_int_equal(walk_through(walk), 23);

    size_t typed_count = 0;
    for (struct walk_page page = walk_first(walk); page.kind != WALK_CHECK;
         page = walk_next(walk, page)) {
        const struct form_field *field = &walk->form.fields[page.place.field];
        const bool is_strange = page.kind == WALK_HAND_OVER;
        assert_int_equal(is_strange, strcmp(field->type, "map") == 0 ||
                                         strcmp(field->type, "customerProfile") == 0);
        const struct check_result result =
            check_place(&walk->form, &walk->answers, &walk->logic, page.place, walk->today);
        if (result.fault != CHECK_OK) {
            fail_msg("%s: %s", field->key, check_fault_name(result.fault));
        }
        char typed[512];
        if (is_strange || !typed_again(walk, page.place, typed, sizeof typed)) {
            continue;
        }
        struct json *value = NULL;
        if (answers_value(field, typed, &value) != OK) {
            fail_msg("%s: %s", field->key, typed);
        }
        struct json *old = json_clone(answers_get(&walk->answers, &walk->form, page.place));
        assert_int_equal(walk_answer(walk, page.place, NULL, NULL), OK);
        assert_int_equal(walk_answer(walk, page.place, value, NULL), OK);
        if (!json_same(old, answers_get(&walk->answers, &walk->form, page.place))) {
            fail_msg("%s: %s", field->key, typed);
        }
        json_free(old);
        typed_count++;
    }
    assert_int_equal(typed_count, 16);
    struct json *written = answers_write(&walk->answers, &walk->form, &walk->logic, -1);
    assert_true(json_same(written, data));
    json_free(written);
    json_free(data);
}

static void the_simple_form_asks_two_steps_and_resumes_at_what_is_missing(void **state)
{
    (void)state;
    struct walk *walk =
        open_document(of_definitions("open-forms-simple-form.formDefinitions.json"));
    assert_int_equal(walk->form.steps_count, 2);
    assert_string_equal(walk->form.steps[1].name, "Persoonsgegevens");
    assert_int_equal(walk_through(walk), 4);

    struct walk_page page = walk_resume(walk);
    assert_int_equal(page.place.field, samples_place(walk, "omschrijving").field);
    assert_int_equal(samples_check(walk, "omschrijving"), CHECK_MISSING);
    samples_answer(walk, "omschrijving", "'De lantaarn is stuk.'");
    page = walk_resume(walk);
    assert_int_equal(page.place.field, samples_place(walk, "achternaam").field);
    samples_answer(walk, "achternaam", "'De Vries'");
    samples_answer(walk, "email", "'anna@example'");
    assert_int_equal(samples_check(walk, "email"), CHECK_NO_EMAIL);
    samples_answer(walk, "email", "'anna@example.com'");
    assert_int_equal(walk_resume(walk).kind, WALK_CHECK);

    struct json *second = answers_write(&walk->answers, &walk->form, &walk->logic, 1);
    struct json *wanted = samples_json("{'achternaam':'De Vries','email':'anna@example.com'}");
    assert_true(json_same(second, wanted));
    json_free(second);
    json_free(wanted);
}

static void the_advanced_rule_shows_its_content_when_all_three_hold_and_not_before(void **state)
{
    (void)state;
    struct json *document = of_definitions("open-forms-advanced-logic.formDefinitions.json");
    json_set(document, "rules", samples_file("open-forms-advanced-logic.formLogic.json"));
    struct walk *walk = open_document(document);
    assert_false(walk->logic.is_unsure);
    assert_true(samples_is_hidden(walk, "content1"));
    assert_int_equal(walk_through(walk), 4);

    samples_answer(walk, "geslacht", "'m'");
    samples_answer(walk, "leeftijd", "18");
    samples_answer(walk, "uwInkomen", "40000");
    assert_true(samples_is_hidden(walk, "content1"));
    samples_answer(walk, "partnerInkomen", "30000");
    assert_false(samples_is_hidden(walk, "content1"));
    assert_int_equal(walk_through(walk), 5);
    struct walk_page last;
    assert_true(walk_back(walk, (struct walk_page){WALK_CHECK, FORM_NOWHERE}, &last));
    assert_int_equal(last.kind, WALK_READ);

    samples_answer(walk, "partnerInkomen", "29999");
    assert_true(samples_is_hidden(walk, "content1"));
    samples_answer(walk, "partnerInkomen", "30000");
    samples_answer(walk, "leeftijd", "17");
    assert_true(samples_is_hidden(walk, "content1"));
    samples_answer(walk, "leeftijd", "18");
    samples_answer(walk, "geslacht", "'v'");
    assert_true(samples_is_hidden(walk, "content1"));
}

static void content_leads_the_question_behind_it(void **state)
{
    (void)state;
    struct walk *walk =
        open_document(of_definitions("open-forms-advanced-logic.formDefinitions.json"));
    const struct walk_page first = walk_first(walk);
    int16_t lead[4];

    assert_int_equal(first.place.field, samples_place(walk, "geslacht").field);
    assert_int_equal(walk_lead(walk, first, lead, 4), 1);
    assert_string_equal(walk->form.fields[lead[0]].key, "content");
    assert_int_equal(walk_lead(walk, walk_next(walk, first), lead, 4), 0);
}

static void a_derived_address_is_shown_and_left_to_the_source(void **state)
{
    (void)state;
    struct walk *walk =
        open_document(of_definitions("open-forms-autofill-address.formDefinitions.json"));
    assert_int_equal(walk_through(walk), 4);
    assert_true(walk->form.fields[samples_place(walk, "straat").field].is_disabled);
    samples_answer(walk, "postcode", "'1234 SA'");
    assert_int_equal(samples_check(walk, "postcode"), CHECK_NO_POSTCODE);
    const struct check_result result = check_place(&walk->form, &walk->answers, &walk->logic,
                                                   samples_place(walk, "postcode"), walk->today);
    assert_string_equal(result.words, "Invalid Postcode");
    samples_answer(walk, "postcode", "'1234 AB'");
    assert_int_equal(walk_resume(walk).kind, WALK_CHECK);
}

// What Open VTB's description of formulierDefinitie promises: label, key and type, and a few more.
static void a_task_of_open_vtb_is_prefilled_and_gives_back_what_was_asked(void **state)
{
    (void)state;
    struct json *document = samples_document(
        "[{'label':'Voornaam','key':'voornaam','type':'text'},{'label':'Achternaam',"
        "'key':'achternaam','type':'text'},{'label':'Toestemming','key':'toestemming',"
        "'type':'checkbox','validate':{'required':true}},{'label':'Geboortedatum',"
        "'key':'geboortedatum','type':'date','format':'dd-MM-yyyy'},{'label':'Afspraak','key':"
        "'afspraak','type':'date','enableTime':true},{'label':'Soort','key':'soort','type':"
        "'select','values':[{'label':'Nieuw','value':'nieuw'}]},{'label':'Bijlage','key':"
        "'bijlage','type':'file','fileTypes':['application/pdf']}]",
        NULL, NULL);
    struct json *task = samples_file("objecttype-taak-v2.schema.json");
    const struct json *task_data = json_path(task, "examples.0.portaalformulier.data");
    struct json *prefill = json_clone(task_data);
    json_set_text(prefill, "sjabloonveld", "niet van het formulier");
    json_set(document, "prefill", prefill);
    struct walk *walk = open_document(document);
    assert_int_equal(walk_through(walk), 7);

    char words[64];
    answers_text(&walk->answers, &walk->form, samples_place(walk, "geboortedatum"), words,
                 sizeof words);
    assert_string_equal(words, "1970-01-01");
    assert_int_equal(samples_check(walk, "geboortedatum"), CHECK_OK);
    struct json *written = answers_write(&walk->answers, &walk->form, &walk->logic, -1);
    assert_true(json_same(written, task_data));
    json_free(written);
    json_free(task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_component_is_walked_typed_checked_and_given_back_equal,
                                  tear_down),
        cmocka_unit_test_teardown(the_simple_form_asks_two_steps_and_resumes_at_what_is_missing,
                                  tear_down),
        cmocka_unit_test_teardown(
            the_advanced_rule_shows_its_content_when_all_three_hold_and_not_before, tear_down),
        cmocka_unit_test_teardown(content_leads_the_question_behind_it, tear_down),
        cmocka_unit_test_teardown(a_derived_address_is_shown_and_left_to_the_source, tear_down),
        cmocka_unit_test_teardown(a_task_of_open_vtb_is_prefilled_and_gives_back_what_was_asked,
                                  tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
