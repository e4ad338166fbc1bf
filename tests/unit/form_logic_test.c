// SPDX-License-Identifier: EUPL-1.2
//
// JsonLogic one expression at a time; conditionals and rules on a form; rules that go round.
#include "form_samples.h"

static int tear_down(void **state)
{
    (void)state;
    walk_close(&samples_walk);
    return 0;
}

static enum err value_of(const char *rule, const char *data, struct json **result)
{
    struct json *parsed_rule = samples_json(rule);
    struct json *parsed_data = samples_json(data);
    const enum err err = logic_value(parsed_rule, parsed_data, SAMPLES_TODAY, result);
    json_free(parsed_rule);
    json_free(parsed_data);
    return err;
}

static const char *const operation_data =
    "{'a':1,'b':'2','t':'tekst','l':[1,2,3],'o':{'p':{'q':7}},'n':null,'leeg':'',"
    "'mensen':[{'naam':'An','jaar':30},{'naam':'Bo','jaar':12}],'dag':'2008-11-26'}";

static const char *const operation_rows[][2] = {
    {"{'var':'a'}", "1"},
    {"{'var':'o.p.q'}", "7"},
    {"{'var':'l.1'}", "2"},
    {"{'var':['x',5]}", "5"},
    {"{'var':{'cat':['t','']}}", "'tekst'"},
    {"{'missing':['a','x','leeg']}", "['x','leeg']"},
    {"{'missing':{'merge':['a',['x']]}}", "['x']"},
    {"{'missing_some':[1,['a','x']]}", "[]"},
    {"{'missing_some':[2,['a','x']]}", "['x']"},
    {"{'if':[false,1,true,2,3]}", "2"},
    {"{'if':[false,1,false,2,3]}", "3"},
    {"{'if':[false,1]}", "null"},
    {"{'?:':[{'var':'a'},'ja','nee']}", "'ja'"},
    {"{'==':[1,'1']}", "true"},
    {"{'===':[1,'1']}", "false"},
    {"{'!=':[1,2]}", "true"},
    {"{'!==':[1,'1']}", "true"},
    {"{'==':[{'var':'n'},0]}", "false"},
    {"{'==':[{'var':'x'},null]}", "true"},
    {"{'!':[[]]}", "true"},
    {"{'!!':['0']}", "true"},
    {"{'and':[1,'x',[]]}", "[]"},
    {"{'and':[]}", "null"},
    {"{'or':[0,'',false,'x']}", "'x'"},
    {"{'>':[2,'1.5']}", "true"},
    {"{'<':[1,2,3]}", "true"},
    {"{'<':[1,4,3]}", "false"},
    {"{'<=':[1,1]}", "true"},
    {"{'>=':[{'var':'n'},0]}", "false"},
    {"{'<':[{'var':'n'},18]}", "false"},
    {"{'<':['abc',1]}", "false"},
    {"{'max':[1,7,3]}", "7"},
    {"{'min':[4,-2,3]}", "-2"},
    {"{'+':[1,'2',0.5]}", "3.5"},
    {"{'+':'3'}", "3"},
    {"{'-':[5,2]}", "3"},
    {"{'-':5}", "-5"},
    {"{'*':[2,3,4]}", "24"},
    {"{'/':[7,2]}", "3.5"},
    {"{'/':[7,0]}", "null"},
    {"{'%':[7,4]}", "3"},
    {"{'+':[{'var':'n'},1]}", "null"},
    {"{'in':['eks','tekst']}", "true"},
    {"{'in':[2,{'var':'l'}]}", "true"},
    {"{'in':[9,{'var':'l'}]}", "false"},
    {"{'in':['x',null]}", "false"},
    {"{'cat':['a',1,true,null]}", "'a1true'"},
    {"{'substr':['jsonlogic',4]}", "'logic'"},
    {"{'substr':['jsonlogic',-5]}", "'logic'"},
    {"{'substr':['jsonlogic',1,3]}", "'son'"},
    {"{'substr':['jsonlogic',4,-2]}", "'log'"},
    {"{'merge':[1,[2,3],[[4]]]}", "[1,2,3,[4]]"},
    {"{'map':[{'var':'mensen'},{'var':'naam'}]}", "['An','Bo']"},
    {"{'filter':[{'var':'l'},{'>':[{'var':''},1]}]}", "[2,3]"},
    {"{'reduce':[{'var':'l'},{'+':[{'var':'current'},{'var':'accumulator'}]},10]}", "16"},
    {"{'all':[{'var':'mensen'},{'>':[{'var':'jaar'},18]}]}", "false"},
    {"{'some':[{'var':'mensen'},{'>':[{'var':'jaar'},18]}]}", "true"},
    {"{'none':[{'var':'mensen'},{'>':[{'var':'jaar'},40]}]}", "true"},
    {"{'all':[[],true]}", "false"},
    {"{'none':[[],true]}", "true"},
    {"{'today':[]}", "'2026-11-26'"},
    {"{'-':[{'today':[]},{'rdelta':[18]}]}", "'2008-11-26'"},
    {"{'+':[{'date':'2024-01-31'},{'rdelta':[0,1]}]}", "'2024-02-29'"},
    {"{'+':[{'rdelta':[0,0,3]},{'date':'2024-12-30'}]}", "'2025-01-02'"},
    {"{'<=':[{'date':{'var':'dag'}},{'-':[{'today':[]},{'rdelta':[18]}]}]}", "true"},
    {"{'>':[{'var':'dag'},{'-':[{'today':[]},{'rdelta':[18]}]}]}", "false"},
    {"{'<':[{'date':{'var':'leeg'}},{'today':[]}]}", "false"},
    {"{'==':[{'datetime':'2026-11-26T12:00:00+01:00'},{'datetime':'2026-11-26T11:00:00Z'}]}",
     "true"},
    {"{'date':'morgen'}", "null"},
    {"{'a':1,'b':2}", "{'a':1,'b':2}"},
    {"true", "true"},
    {"[{'var':'a'},[{'var':'b'}]]", "[1,['2']]"},
};

static void each_operation_gives_what_jsonlogic_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof operation_rows / sizeof operation_rows[0]; i++) {
        struct json *result = NULL;
        const enum err err = value_of(operation_rows[i][0], operation_data, &result);
        struct json *wanted = samples_json(operation_rows[i][1]);
        if (err != OK || !json_same(result, wanted)) {
            char *said = err == OK ? json_write_new(result) : NULL;
            fail_msg("%s: %s %s", operation_rows[i][0], err_name(err), said == NULL ? "" : said);
        }
        json_free(result);
        json_free(wanted);
    }
}

static void what_is_true_is_as_jsonlogic_counts(void **state)
{
    (void)state;
    static const char *const no[] = {"null", "false", "0", "''", "[]"};
    static const char *const yes[] = {"true", "1", "-1", "'0'", "[0]", "{}"};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        struct json *json = samples_json(no[i]);
        assert_false(logic_is_true(json));
        json_free(json);
    }
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        struct json *json = samples_json(yes[i]);
        assert_true(logic_is_true(json));
        json_free(json);
    }
}

static void an_expression_that_is_unknown_deep_or_endless_ends(void **state)
{
    (void)state;
    struct json *result = NULL;
    assert_int_equal(value_of("{'log':'x'}", "{}", &result), ERR_UNSUPPORTED);
    assert_int_equal(value_of("{'and':[true,{'fetch':1}]}", "{}", &result), ERR_UNSUPPORTED);
    assert_int_equal(value_of("{'-':[{'today':[]},{'today':[]}]}", "{}", &result), ERR_UNSUPPORTED);
    assert_int_equal(value_of("{'rdelta':['x']}", "{}", &result), ERR_MALFORMED);
    assert_int_equal(value_of("{'map':[1]}", "{}", &result), ERR_MALFORMED);

    char deep[256] = "";
    for (int i = 0; i < LOGIC_DEPTH_MAX + 1; i++) {
        strcat(deep, "{'!':");
    }
    strcat(deep, "1");
    for (int i = 0; i < LOGIC_DEPTH_MAX + 1; i++) {
        strcat(deep, "}");
    }
    assert_int_equal(value_of(deep, "{}", &result), ERR_STATE);

    static const char *const endless[] = {
        // Twice as long, forty times over; a list in itself; every pair of pairs.
        "{'reduce':[{'var':'l'},{'cat':[{'var':'accumulator'},{'var':'accumulator'}]},'xx']}",
        "{'reduce':[{'var':'l'},{'merge':[{'var':'accumulator'},{'var':'accumulator'}]},[1]]}",
        "{'reduce':[{'var':'l'},[{'var':'accumulator'}],1]}",
        "{'reduce':[{'var':'l'},[{'var':'accumulator'},{'var':'accumulator'}],1]}",
    };
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        assert_int_equal(value_of(endless[i],
                                  "{'l':[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,"
                                  "23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40]}",
                                  &result),
                         ERR_STATE);
        assert_null(result);
    }
}

static void a_conditional_shows_and_hides(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'radio','key':'a','values':['ja','nee']},{'type':'text','key':'b','conditional':"
        "{'show':true,'when':'a','eq':'ja'}},{'type':'text','key':'c','conditional':{'show':"
        "'false','when':'a','eq':'ja'}},{'type':'checkbox','key':'d'},{'type':'text','key':'e',"
        "'conditional':{'show':true,'when':'d','eq':'true'}},{'type':'selectboxes','key':'s',"
        "'values':['x','y']},{'type':'fieldset','key':'f','conditional':{'show':true,'when':'s',"
        "'eq':'x'},'components':[{'type':'text','key':'g'}]},{'type':'text','key':'h',"
        "'conditional':{'json':{'==':[{'var':'a'},'nee']}}}]",
        NULL, NULL);
    assert_true(samples_is_hidden(walk, "b"));
    assert_false(samples_is_hidden(walk, "c"));
    assert_true(samples_is_hidden(walk, "e"));
    assert_true(samples_is_hidden(walk, "g"));
    assert_true(samples_is_hidden(walk, "h"));

    samples_answer(walk, "a", "'ja'");
    samples_answer(walk, "d", "true");
    samples_answer(walk, "s", "{'x':true,'y':false}");
    assert_false(samples_is_hidden(walk, "b"));
    assert_true(samples_is_hidden(walk, "c"));
    assert_false(samples_is_hidden(walk, "e"));
    assert_false(samples_is_hidden(walk, "g"));
    samples_answer(walk, "a", "'nee'");
    assert_false(samples_is_hidden(walk, "h"));
}

static void what_is_hidden_counts_as_empty_is_not_sent_and_is_not_lost(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'checkbox','key':'a'},{'type':'text','key':'b','conditional':{'show':true,"
        "'when':'a','eq':true}},{'type':'text','key':'c','conditional':{'show':true,'when':'b',"
        "'eq':'x'}}]",
        NULL, "{'a':true,'b':'x','c':'y'}");
    assert_false(samples_is_hidden(walk, "c"));

    samples_answer(walk, "a", "false");
    assert_true(samples_is_hidden(walk, "b"));
    assert_true(samples_is_hidden(walk, "c"));
    struct json *written = answers_write(&walk->answers, &walk->form, &walk->logic, -1);
    struct json *wanted = samples_json("{'a':false}");
    assert_true(json_same(written, wanted));
    json_free(written);
    json_free(wanted);

    samples_answer(walk, "a", "true");
    assert_false(samples_is_hidden(walk, "c"));
    assert_string_equal(
        json_text(answers_get(&walk->answers, &walk->form, samples_place(walk, "c"))), "y");
}

static void each_action_does_what_it_says(void **state)
{
    (void)state;
    struct json *document = samples_document(
        "[{'type':'number','key':'a'},{'type':'text','key':'b'},{'type':'text','key':'c'}]",
        "[{'json_logic_trigger':{'>':[{'var':'a'},1]},'actions':[{'component':'b','action':{'type':"
        "'property','property':{'value':'validate.required','type':'bool'},'state':true}},"
        "{'component':'b','action':{'type':'property','property':{'value':'disabled'},'state':true}"
        "},{'variable':'c','action':{'type':'variable','value':{'cat':['x',{'var':'a'}]}}},"
        "{'variable':'mine','action':{'type':'variable','value':5}}]},"
        "{'jsonLogicTrigger':{'==':[{'var':'mine'},5]},'actions':[{'form_step_uuid':'step-2',"
        "'action':{'type':'step-not-applicable'}}]},"
        "{'jsonLogicTrigger':{'>':[{'var':'a'},10]},'actions':[{'action':{'type':'disable-next'}},"
        "{'action':{'type':'set-registration-backend','value':'x'}}]},"
        "{'jsonLogicTrigger':{'>':[{'var':'a'},100]},'actions':[{'component':'','action':{'type':"
        "'fetch-from-service','value':1}}]}]",
        NULL);
    struct json *second = samples_json("{'id':'step-2','name':'Stap 2','components':[{'type':"
                                       "'text','key':'d','validate':{'required':true}}]}");
    json_append(json_member(document, "steps"), second);
    struct walk *walk = &samples_walk;
    assert_int_equal(walk_open(walk, document, SAMPLES_TODAY, NULL), OK);
    assert_false(logic_is_required(&walk->logic, &walk->form, samples_place(walk, "b")));
    assert_false(samples_is_hidden(walk, "d"));

    samples_answer(walk, "a", "2");
    assert_true(logic_is_required(&walk->logic, &walk->form, samples_place(walk, "b")));
    assert_int_equal(walk->logic.states[1], LOGIC_REQUIRED | LOGIC_DISABLED);
    assert_string_equal(
        json_text(answers_get(&walk->answers, &walk->form, samples_place(walk, "c"))), "x2");
    assert_true(samples_is_hidden(walk, "d"));
    assert_false(walk->logic.is_blocked || walk->logic.is_unsure);

    samples_answer(walk, "a", "11");
    assert_true(walk->logic.is_blocked);
    assert_false(walk->logic.is_unsure);
    samples_answer(walk, "a", "101");
    assert_true(walk->logic.is_unsure);
    assert_string_equal(walk->logic.why_private, "fetch-from-service");
    samples_answer(walk, "a", "1");
    assert_false(walk->logic.is_blocked || walk->logic.is_unsure);
    assert_false(samples_is_hidden(walk, "d"));
}

static void rules_that_go_round_leave_the_definition_and_the_answers(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'number','key':'a'},{'type':'text','key':'b'}]",
        "[{'jsonLogicTrigger':{'>':[{'var':'a'},0]},'actions':[{'variable':'a','action':{'type':"
        "'variable','value':{'+':[{'var':'a'},1]}}},{'component':'b','action':{'type':'property',"
        "'property':{'value':'hidden'},'state':true}}]}]",
        NULL);
    struct fault fault = {0};
    assert_int_equal(walk_answer(walk, samples_place(walk, "a"), json_new_int(1), &fault),
                     ERR_STATE);

    int64_t value = 0;
    assert_int_equal(
        json_whole(answers_get(&walk->answers, &walk->form, samples_place(walk, "a")), &value), OK);
    assert_int_equal(value, 1);
    assert_false(samples_is_hidden(walk, "b"));
    assert_true(walk->logic.is_unsure);
    assert_non_null(strstr(fault.text, "go round"));

    walk_close(walk);
    walk = samples_open("[{'type':'text','key':'p','conditional':{'show':true,'when':'q','eq':''}},"
                        "{'type':'text','key':'q','conditional':{'show':false,'when':'p','eq':'x'}}"
                        ",{'type':'text','key':'r'}]",
                        NULL, "{'p':'x','q':'y'}");
    assert_false(samples_is_hidden(walk, "r"));
}

static void a_condition_within_an_item_looks_at_that_item(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'editgrid','key':'g','components':[{'type':'radio','key':'a','values':['ja',"
        "'nee']},{'type':'text','key':'b','conditional':{'show':true,'when':'g.a','eq':'ja'},"
        "'validate':{'required':true}}]}]",
        NULL, "{'g':[{'a':'nee','b':'oud'},{'a':'ja'}]}");
    struct form_place place = samples_place(walk, "g.b");
    place.item = 0;
    assert_true(logic_is_hidden(&walk->logic, &walk->form, &walk->answers, place));
    place.item = 1;
    assert_false(logic_is_hidden(&walk->logic, &walk->form, &walk->answers, place));

    struct walk_page page;
    struct check_result result;
    assert_true(walk_first_fault(walk, &page, &result));
    assert_int_equal(page.place.item, 1);
    assert_int_equal(result.fault, CHECK_MISSING);
    struct json *written = answers_write(&walk->answers, &walk->form, &walk->logic, 0);
    struct json *wanted = samples_json("{'g':[{'a':'nee'},{'a':'ja'}]}");
    assert_true(json_same(written, wanted));
    json_free(written);
    json_free(wanted);
}

static void what_the_source_says_stands_until_it_says_otherwise(void **state)
{
    (void)state;
    struct walk *walk = samples_open("[{'type':'text','key':'a'},{'type':'fieldset','key':'f',"
                                     "'components':[{'type':'text','key':'b','hidden':true}]}]",
                                     NULL, NULL);
    struct json *told = samples_json(
        "{'submission':{'steps':[{'id':'step-1','isApplicable':true}]},'step':{'configuration':{"
        "'components':[{'type':'text','key':'a','hidden':true},{'type':'fieldset','key':'f',"
        "'components':[{'type':'text','key':'b','hidden':false,'validate':{'required':true}}]}]},"
        "'data':{'b':'van de bron'},'canSubmit':false}}");
    struct fault fault = {0};
    assert_int_equal(logic_hear(&walk->logic, &walk->form, &walk->answers, told, &fault), OK);
    assert_true(samples_is_hidden(walk, "a"));
    assert_false(samples_is_hidden(walk, "b"));
    assert_true(walk->logic.is_blocked);
    samples_answer(walk, "b", "'nieuw'");
    assert_true(samples_is_hidden(walk, "a"));
    assert_true(logic_is_required(&walk->logic, &walk->form, samples_place(walk, "b")));
    assert_true(walk->logic.is_blocked);
    json_free(told);

    static const char *const lies[] = {"[]", "{'step':{'data':[]}}",
                                       "{'data':{'b':{'x':[[[[[[[[[[[[[1]]]]]]]]]]]]]}}}"};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        told = samples_json(lies[i]);
        assert_int_not_equal(logic_hear(&walk->logic, &walk->form, &walk->answers, told, &fault),
                             OK);
        json_free(told);
    }
    assert_string_equal(
        json_text(answers_get(&walk->answers, &walk->form, samples_place(walk, "b"))), "nieuw");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation_gives_what_jsonlogic_says),
        cmocka_unit_test(what_is_true_is_as_jsonlogic_counts),
        cmocka_unit_test(an_expression_that_is_unknown_deep_or_endless_ends),
        cmocka_unit_test_teardown(a_conditional_shows_and_hides, tear_down),
        cmocka_unit_test_teardown(what_is_hidden_counts_as_empty_is_not_sent_and_is_not_lost,
                                  tear_down),
        cmocka_unit_test_teardown(each_action_does_what_it_says, tear_down),
        cmocka_unit_test_teardown(rules_that_go_round_leave_the_definition_and_the_answers,
                                  tear_down),
        cmocka_unit_test_teardown(a_condition_within_an_item_looks_at_that_item, tear_down),
        cmocka_unit_test_teardown(what_the_source_says_stands_until_it_says_otherwise, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
