// SPDX-License-Identifier: EUPL-1.2
//
// Children and partners: whom the register gave stays, who is added by hand is asked question by
// question and goes back in the source's own shape.
#include "form_samples.h"

static int tear_down(void **state)
{
    (void)state;
    walk_close(&samples_walk);
    return 0;
}

static const char ticked[] = "[{'type':'children','key':'k','enableSelection':true}]";
static const char plain[] = "[{'type':'children','key':'k'}]";
static const char partner[] = "[{'type':'partners','key':'p'}]";
static const char given_and_by_hand[] =
    "{'k':[{'bsn':'','firstNames':'Pero','selected':false},"
    "{'bsn':'999970112','firstNames':'Onne','dateOfBirth':'2022-02-02','selected':true,"
    "'__addedManually':true}]}";

static void expect_page(const struct walk *walk, struct walk_page page, enum walk_page_kind kind,
                        const char *key, int item)
{
    assert_int_equal(page.kind, kind);
    assert_string_equal(walk->form.fields[page.place.field].key, key);
    assert_int_equal(page.place.item, item);
}

static void answer_item(struct walk *walk, const char *key, int16_t item, const char *typed)
{
    struct form_place place = samples_place(walk, key);
    struct json *value = NULL;
    place.item = item;
    assert_int_equal(answers_value(&walk->form.fields[place.field], typed, &value), OK);
    assert_int_equal(walk_answer(walk, place, value, NULL), OK);
}

static enum check_fault check_item(const struct walk *walk, const char *key, int16_t item)
{
    struct form_place place = samples_place(walk, key);
    place.item = item;
    return check_place(&walk->form, &walk->answers, &walk->logic, place, walk->today).fault;
}

static void expect_answers(const struct walk *walk, const char *words)
{
    struct json *written = answers_write(&walk->answers, &walk->form, &walk->logic, -1);
    struct json *wanted = samples_json(words);
    char *given = json_write_new(written);
    if (!json_same(written, wanted)) {
        fail_msg("%s", given);
    }
    free(given);
    json_free(written);
    json_free(wanted);
}

static void what_is_asked_of_a_person_belongs_to_no_definition(void **state)
{
    (void)state;
    struct walk *walk = samples_open(plain, NULL, NULL);
    assert_null(form_find(&walk->form, "bsn"));
    assert_non_null(form_find(&walk->form, "k.bsn"));
    assert_null(form_find(&walk->form, "k.selected"));
    walk_close(walk);

    walk = samples_open("[{'type':'children','key':'k','enableSelection':true},{'type':'bsn','key':"
                        "'bsn'},{'type':'checkbox','key':'ja'}]",
                        "[{'jsonLogicTrigger':true,'actions':[{'component':'bsn','action':{'type':"
                        "'property','property':{'value':'hidden'},'state':true}}]}]",
                        "{'k':[]}");
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    assert_true(samples_is_hidden(walk, "bsn"));
    struct walk_page page;
    struct form_place place = samples_place(walk, "k.bsn");
    place.item = 0;
    assert_true(walk_at(walk, place, &page));
    assert_non_null(form_find(&walk->form, "k.selected"));
}

static void a_child_added_by_hand_has_the_sources_own_shape_and_comes_back(void **state)
{
    (void)state;
    static const char whole[] =
        "{'k':[{'bsn':'999970112','firstNames':'Onne Bo','dateOfBirth':'2022-02-02','selected':"
        "true,'_OF_INTERNAL_addedManually':true,'__addedManually':true,'_OF_INTERNAL_id':'1'}]}";
    struct walk *walk = samples_open(ticked, NULL, NULL);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    expect_answers(walk, "{'k':[{'bsn':'','firstNames':'','dateOfBirth':'','selected':true,"
                         "'_OF_INTERNAL_addedManually':true,'__addedManually':true,"
                         "'_OF_INTERNAL_id':'1'}]}");

    answer_item(walk, "k.firstNames", 0, "Onne Bo");
    answer_item(walk, "k.dateOfBirth", 0, "2022-02-02");
    answer_item(walk, "k.bsn", 0, "999970112");
    expect_answers(walk, whole);
    assert_int_equal(walk_resume(walk).kind, WALK_CHECK);
    walk_close(walk);

    walk = samples_open(ticked, NULL, whole);
    expect_page(walk, walk_first(walk), WALK_ITEMS, "k", -1);
    expect_answers(walk, whole);
}

static void where_no_tick_is_asked_it_is_null(void **state)
{
    (void)state;
    struct walk *walk = samples_open(plain, NULL, "{'k':[{'bsn':'999970409'}]}");
    expect_answers(walk, "{'k':[{'bsn':'999970409','selected':null}]}");
    walk_close(walk);
    walk = samples_open(ticked, NULL, "{'k':[{'bsn':'999970409'},{'selected':true}]}");
    expect_answers(walk, "{'k':[{'bsn':'999970409','selected':false},{'selected':true}]}");
    walk_close(walk);
    walk = samples_open(plain, NULL, NULL);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    expect_answers(walk, "{'k':[{'bsn':'','firstNames':'','dateOfBirth':'','selected':null,"
                         "'_OF_INTERNAL_addedManually':true,'__addedManually':true,"
                         "'_OF_INTERNAL_id':'1'}]}");
    walk_close(walk);
    walk = samples_open(partner, NULL, "{'p':[{'bsn':'999970136'}]}");
    expect_answers(walk, "{'p':[{'bsn':'999970136'}]}");
}

static void one_partner_is_added_and_no_more(void **state)
{
    (void)state;
    struct walk *walk = samples_open(partner, NULL, NULL);
    assert_true(answers_may_add(&walk->answers, &walk->form, 0));
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    expect_answers(walk, "{'p':[{'bsn':'','initials':'','affixes':'','lastName':'','dateOfBirth':"
                         "'','_OF_INTERNAL_addedManually':true,'__addedManually':true}]}");
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), ERR_FULL);
    answers_remove_item(&walk->answers, &walk->form, 0, 0);
    assert_true(answers_may_add(&walk->answers, &walk->form, 0));
    expect_answers(walk, "{'p':[]}");
    walk_close(walk);

    walk = samples_open(partner, NULL, "{'p':[{'lastName':'Pauw'},{'lastName':'Puk'}]}");
    assert_int_equal(samples_check(walk, "p"), CHECK_OK); // the register may know of two
    walk_close(walk);
    walk = samples_open(partner, NULL,
                        "{'p':[{'lastName':'Pauw','__addedManually':true},{'lastName':'Puk'}]}");
    assert_int_equal(samples_check(walk, "p"), CHECK_TOO_MANY);
}

static void
children_are_added_up_to_what_the_definition_allows_each_with_its_own_number(void **state)
{
    (void)state;
    struct walk *walk =
        samples_open("[{'type':'children','key':'k','validate':{'maxLength':3}}]", NULL, NULL);
    const struct form_place place = {0, -1};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    }
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), ERR_FULL);

    answers_remove_item(&walk->answers, &walk->form, 0, 1);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);

    const struct json *people = answers_get(&walk->answers, &walk->form, place);
    static const char *const numbers[] = {"1", "3", "2"};
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(json_get_text(json_at(people, i), "_OF_INTERNAL_id"), numbers[i]);
    }
    walk_close(walk);

    walk = samples_open(plain, NULL, NULL);
    for (size_t i = 0; i < ANSWERS_ITEMS_MAX; i++) {
        assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    }
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), ERR_FULL);
}

static void whom_the_register_gave_is_shown_together_and_nobody_is_added(void **state)
{
    (void)state;
    struct walk *walk = samples_open(ticked, NULL, "{'k':[{'firstNames':'Pero','bsn':''}]}");
    struct walk_page page = walk_first(walk);
    expect_page(walk, page, WALK_QUESTION, "k", -1);
    assert_int_equal(walk_next(walk, page).kind, WALK_CHECK);
    assert_false(answers_may_add(&walk->answers, &walk->form, 0));
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), ERR_FULL);
    assert_false(walk_first_fault(walk, &page, &(struct check_result){0}));
    assert_false(walk_item(walk, 0, 0, &page));
}

static void beside_the_registers_only_what_was_added_by_hand_is_asked(void **state)
{
    (void)state;
    struct walk *walk = samples_open(ticked, NULL, given_and_by_hand);
    struct walk_page page = walk_first(walk);
    expect_page(walk, page, WALK_ITEMS, "k", -1);
    assert_false(answers_may_add(&walk->answers, &walk->form, 0));
    assert_false(answers_person_is_by_hand(&walk->answers, &walk->form, page.place, 0));
    assert_true(answers_person_is_by_hand(&walk->answers, &walk->form, page.place, 1));
    assert_int_equal(walk_resume(walk).kind, WALK_CHECK); // the register's own gaps stop nobody

    assert_true(walk_item(walk, 0, 0, &page));
    expect_page(walk, page, WALK_QUESTION, "selected", 0);
    assert_int_equal(walk_next(walk, page).kind, WALK_ITEMS);
    static const char *const asked[] = {"firstNames", "dateOfBirth", "bsn", "selected"};
    assert_true(walk_item(walk, 0, 1, &page));
    for (size_t i = 0; i < 4; i++) {
        expect_page(walk, page, WALK_QUESTION, asked[i], 1);
        page = walk_next(walk, page);
    }
    expect_page(walk, page, WALK_ITEMS, "k", -1);
}

static void nobody_is_added_where_nothing_may_be_changed_or_within_a_group(void **state)
{
    (void)state;
    struct walk *walk =
        samples_open("[{'type':'children','key':'k','disabled':true}]", NULL, "{'k':[]}");
    expect_page(walk, walk_first(walk), WALK_QUESTION, "k", -1);
    walk_close(walk);
    walk =
        samples_open("[{'type':'editgrid','key':'g','components':[{'type':'children','key':'k'}]}]",
                     NULL, "{'g':[{}]}");
    assert_int_equal(walk->form.fields_count, 2);
    struct walk_page page;
    assert_true(walk_item(walk, 0, 0, &page));
    expect_page(walk, page, WALK_QUESTION, "k", 0);
    walk_close(walk);
    // Not a list of people at all: never changed here.
    static const char *const odd[] = {"{'k':[5]}", "{'k':5}"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        walk = samples_open(plain, NULL, odd[i]);
        expect_page(walk, walk_first(walk), WALK_QUESTION, "k", -1);
        assert_false(answers_may_add(&walk->answers, &walk->form, 0));
        expect_answers(walk, odd[i]);
        walk_close(walk);
    }
}

static void what_we_ask_ourselves_is_no_deeper_than_the_people(void **state)
{
    (void)state;
    static const char inner[] = "{'type':'children','key':'k'}";
    char components[1024];
    struct text text;
    text_init(&text, components, sizeof components);
    text_add(&text, "[");
    for (int i = 1; i < FORM_DEPTH_MAX; i++) {
        text_format(&text, "{'type':'fieldset','key':'f%d','components':[", i);
    }
    text_add(&text, inner);
    for (int i = 1; i < FORM_DEPTH_MAX; i++) {
        text_add(&text, "]}");
    }
    text_add(&text, "]");

    struct walk *walk = samples_open(components, NULL, NULL);

    expect_page(walk, walk_first(walk), WALK_ITEMS, "k", -1);
}

static void each_answer_about_a_person_is_checked(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'children','key':'k','enableSelection':true,'validate':{'required':true}}]", NULL,
        NULL);
    assert_int_equal(samples_check(walk, "k"), CHECK_MISSING);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    assert_int_equal(samples_check(walk, "k"), CHECK_OK);
    assert_int_equal(check_item(walk, "k.firstNames", 0), CHECK_MISSING);
    assert_int_equal(check_item(walk, "k.bsn", 0), CHECK_MISSING);

    static const struct {
        const char *born;
        enum check_fault fault;
    } rows[] = {{"2026-11-25", CHECK_OK},
                {"2026-11-26", CHECK_TOO_LATE},
                {"1906-11-26", CHECK_OK},
                {"1906-11-25", CHECK_TOO_EARLY}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answer_item(walk, "k.dateOfBirth", 0, rows[i].born);
        assert_int_equal(check_item(walk, "k.dateOfBirth", 0), rows[i].fault);
    }
    answer_item(walk, "k.bsn", 0, "999970112");
    answer_item(walk, "k.bsn", 1, "999970112");
    assert_int_equal(check_item(walk, "k.bsn", 0), CHECK_OK);
    assert_int_equal(check_item(walk, "k.bsn", 1), CHECK_SAME_BSN);
    answer_item(walk, "k.bsn", 1, "999970100");
    assert_int_equal(check_item(walk, "k.bsn", 1), CHECK_OK);

    for (int16_t i = 0; i < 2; i++) {
        struct form_place place = samples_place(walk, "k.selected");
        place.item = i;
        assert_int_equal(walk_answer(walk, place, json_new_bool(false), NULL), OK);
    }
    assert_int_equal(samples_check(walk, "k"), CHECK_MISSING); // nobody is ticked
}

static void a_rule_sees_that_somebody_was_added(void **state)
{
    (void)state;
    struct walk *walk =
        samples_open("[{'type':'children','key':'k'},{'type':'text','key':'a'}]",
                     "[{'jsonLogicTrigger':{'!':[{'var':'k'}]},'actions':[{'component':'a','action'"
                     ":{'type':'property','property':{'value':'hidden'},'state':true}}]}]",
                     NULL);
    assert_true(samples_is_hidden(walk, "a"));

    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 0), OK);
    assert_int_equal(logic_apply(&walk->logic, &walk->form, &walk->answers, walk->today, NULL), OK);

    assert_false(samples_is_hidden(walk, "a"));
}

static void people_who_are_hidden_and_clear_do_not_go_back(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'checkbox','key':'a'},{'type':'children','key':'k','conditional':{'show':true,"
        "'when':'a','eq':true}}]",
        NULL, "{'a':true}");
    assert_int_equal(answers_add_item(&walk->answers, &walk->form, 1), OK);
    answer_item(walk, "k.firstNames", 0, "Onne");

    samples_answer(walk, "a", "false");
    expect_answers(walk, "{'a':false}");
    samples_answer(walk, "a", "true");

    struct form_place place = samples_place(walk, "k.firstNames");
    place.item = 0;
    assert_string_equal(json_text(answers_get(&walk->answers, &walk->form, place)), "Onne");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_asked_of_a_person_belongs_to_no_definition, tear_down),
        cmocka_unit_test_teardown(a_child_added_by_hand_has_the_sources_own_shape_and_comes_back,
                                  tear_down),
        cmocka_unit_test_teardown(where_no_tick_is_asked_it_is_null, tear_down),
        cmocka_unit_test_teardown(one_partner_is_added_and_no_more, tear_down),
        cmocka_unit_test_teardown(
            children_are_added_up_to_what_the_definition_allows_each_with_its_own_number,
            tear_down),
        cmocka_unit_test_teardown(whom_the_register_gave_is_shown_together_and_nobody_is_added,
                                  tear_down),
        cmocka_unit_test_teardown(beside_the_registers_only_what_was_added_by_hand_is_asked,
                                  tear_down),
        cmocka_unit_test_teardown(nobody_is_added_where_nothing_may_be_changed_or_within_a_group,
                                  tear_down),
        cmocka_unit_test_teardown(what_we_ask_ourselves_is_no_deeper_than_the_people, tear_down),
        cmocka_unit_test_teardown(each_answer_about_a_person_is_checked, tear_down),
        cmocka_unit_test_teardown(a_rule_sees_that_somebody_was_added, tear_down),
        cmocka_unit_test_teardown(people_who_are_hidden_and_clear_do_not_go_back, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
