// SPDX-License-Identifier: EUPL-1.2
//
// Definitions, rules and data made to hurt: a clear fault or a form that works, soon, in bounded
// memory.
#include "form_samples.h"

#include <time.h>

static struct text made;
static char made_bytes[4 * 1024 * 1024];

static int tear_down(void **state)
{
    (void)state;
    walk_close(&samples_walk);
    return 0;
}

static enum err open_made(struct fault *fault)
{
    struct json *document = NULL;
    *fault = (struct fault){0};
    assert_false(made.is_cut);
    const enum err err = json_parse(made.buf, made.len, &document);
    return err != OK ? err : walk_open(&samples_walk, document, SAMPLES_TODAY, fault);
}

static void start(void)
{
    text_init(&made, made_bytes, sizeof made_bytes);
    text_add(&made, "{\"steps\":[{\"id\":\"1\",\"components\":[");
}

static void end(const char *rules, const char *data)
{
    text_format(&made, "]}],\"rules\":%s,\"data\":%s}", rules, data);
}

static void five_hundred_questions_are_walked_soon(void **state)
{
    (void)state;
    struct fault fault;
    start();
    for (int i = 0; i < 500; i++) {
        text_format(&made,
                    "%s{\"type\":\"textfield\",\"key\":\"q%d\",\"label\":\"Vraag %d\","
                    "\"conditional\":{\"show\":true,\"when\":\"q%d\",\"eq\":\"\"}}",
                    i == 0 ? "" : ",", i, i, i == 0 ? 499 : 0);
    }
    end("null", "{}");
    assert_int_equal(open_made(&fault), OK);

    const clock_t began = clock();
    struct walk_page page = walk_first(&samples_walk);
    size_t count = 0;
    while (page.kind != WALK_CHECK) {
        size_t step = 0;
        size_t steps = 0;
        walk_position(&samples_walk, page, &step, &steps);
        page = walk_next(&samples_walk, page);
        count++;
    }
    assert_int_equal(count, 500);
    // A page of a sanitized build on a slow machine: far from the 50 ms that count on a kiosk.
    assert_true((double)(clock() - began) / CLOCKS_PER_SEC / 500 < 0.05);
}

static void one_component_too_many_is_said(void **state)
{
    (void)state;
    struct fault fault;
    start();
    for (int i = 0; i <= FORM_FIELDS_MAX; i++) {
        text_format(&made, "%s{\"type\":\"textfield\",\"key\":\"q%d\"}", i == 0 ? "" : ",", i);
    }
    end("null", "{}");
    assert_int_equal(open_made(&fault), ERR_TOO_BIG);
    assert_non_null(strstr(fault.text, "more than 1024 components"));
}

static void huge_words_are_refused_by_name_and_a_huge_form_as_one(void **state)
{
    (void)state;
    struct fault fault;
    for (int bytes = FORM_LABEL_BYTES_MAX; bytes <= 2 * 1024 * 1024; bytes *= 1000) {
        start();
        text_add(&made, "{\"type\":\"textfield\",\"key\":\"a\",\"label\":\"");
        for (int i = 0; i <= bytes; i++) {
            text_add_bytes(&made, "x", 1);
        }
        text_add(&made, "\"}");
        end("null", "{}");
        assert_int_equal(open_made(&fault), ERR_TOO_BIG);
        assert_non_null(strstr(fault.text, bytes < FORM_BYTES_MAX ? "a: label: longer than"
                                                                  : "form: more than 1048576"));
    }
}

static void nesting_fifty_deep_never_gets_in(void **state)
{
    (void)state;
    struct fault fault;
    for (int depth = FORM_DEPTH_MAX; depth <= 50; depth += 50 - FORM_DEPTH_MAX) {
        start();
        for (int i = 0; i < depth; i++) {
            text_format(&made, "{\"type\":\"fieldset\",\"key\":\"f%d\",\"components\":[", i);
        }
        for (int i = 0; i < depth; i++) {
            text_add(&made, "]}");
        }
        end("null", "{}");
        assert_int_equal(open_made(&fault), depth == 50 ? ERR_MALFORMED : ERR_TOO_BIG);
    }
    assert_null(samples_walk.form.root);
}

static void a_rule_for_everything_ends_in_time(void **state)
{
    (void)state;
    struct fault fault;
    start();
    text_add(&made, "{\"type\":\"textfield\",\"key\":\"a\"}");
    text_add(&made, "]}],\"data\":{\"a\":\"1\"},\"rules\":[");
    // Each goes over forty items forty times, and sets what the next one looks at.
    static const char *const items = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,"
                                     "24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40]";
    for (int i = 0; i < FORM_RULES_MAX; i++) {
        text_format(&made,
                    "%s{\"jsonLogicTrigger\":{\"all\":[%s,{\"all\":[%s,{\"!!\":1}]}]},\"actions\":"
                    "[{\"variable\":\"a\",\"action\":{\"type\":\"variable\",\"value\":\"%d\"}}]}",
                    i == 0 ? "" : ",", items, items, i);
    }
    text_add(&made, "]}");
    const clock_t began = clock();
    assert_int_equal(open_made(&fault), OK);
    assert_true(samples_walk.logic.is_unsure);
    assert_string_equal(json_text(answers_get(&samples_walk.answers, &samples_walk.form,
                                              (struct form_place){0, -1})),
                        "1");
    assert_true((clock() - began) / CLOCKS_PER_SEC < 20);
}

static void rules_of_the_wrong_type_make_us_unsure_and_no_more(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "[7]",
        "[{}]",
        "[{'jsonLogicTrigger':true}]",
        "[{'jsonLogicTrigger':true,'actions':{}}]",
        "[{'jsonLogicTrigger':true,'actions':[7]}]",
        "[{'jsonLogicTrigger':true,'actions':[{'action':7}]}]",
        "[{'jsonLogicTrigger':true,'actions':[{'component':7,'action':{'type':'property'}}]}]",
        "[{'jsonLogicTrigger':true,'actions':[{'component':'a','action':{'type':'property',"
        "'property':{'value':'colour'},'state':true}}]}]",
        "[{'jsonLogicTrigger':true,'actions':[{'component':'a','action':{'type':'property',"
        "'property':{'value':'hidden'},'state':'yes'}}]}]",
        "[{'jsonLogicTrigger':true,'actions':[{'variable':7,'action':{'type':'variable'}}]}]",
        "[{'jsonLogicTrigger':true,'actions':[{'variable':'g','action':{'type':'variable','value':"
        "[1]}}]}]",
        "[{'jsonLogicTrigger':true,'actions':[{'action':{'type':'step-not-applicable'}}]}]",
        "[{'jsonLogicTrigger':{'var':{'var':[[]]}},'actions':[{'action':{'type':'evaluate-dmn'}}]},"
        "{'jsonLogicTrigger':{'nonsense':1},'actions':[]}]",
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct walk *walk = samples_open("[{'type':'text','key':'a'},{'type':'editgrid','key':'g',"
                                         "'components':[]}]",
                                         rules[i], NULL);
        if (!walk->logic.is_unsure) {
            fail_msg("sure of %s", rules[i]);
        }
        assert_false(samples_is_hidden(walk, "a"));
        walk_close(walk);
    }
}

static void no_list_of_steps_or_rules_is_said(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "{}",
        "[]",
        "{'steps':{}}",
        "{'steps':[]}",
        "{'steps':[7]}",
        "{'steps':[{'components':[]}],'rules':{}}",
        "{'steps':[{'components':[]},{'components':7}]}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        struct fault fault = {0};
        assert_int_equal(
            walk_open(&samples_walk, samples_json(documents[i]), SAMPLES_TODAY, &fault),
            ERR_MALFORMED);
        assert_true(strlen(fault.text) > 0);
    }
}

static void marks_that_turn_text_do_not_reach_the_screen(void **state)
{
    (void)state;
    struct fault fault = {0};
    assert_int_equal(walk_open(&samples_walk,
                               samples_document("[{'type':'text','key':'a','label':"
                                                "'Betaal \\u202e001 \\u20ac'}]",
                                                NULL, NULL),
                               SAMPLES_TODAY, &fault),
                     ERR_MALFORMED);
    // The plain marks of Arabic text are well.
    struct walk *walk = samples_open("[{'type':'text','key':'a','label':'\\u200f\\u0627'}]", NULL,
                                     "{'a':'x\\u2067y'}");
    char words[16];
    answers_text(&walk->answers, &walk->form, (struct form_place){0, -1}, words, sizeof words);
    assert_string_equal(words, "xy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(five_hundred_questions_are_walked_soon, tear_down),
        cmocka_unit_test_teardown(one_component_too_many_is_said, tear_down),
        cmocka_unit_test_teardown(huge_words_are_refused_by_name_and_a_huge_form_as_one, tear_down),
        cmocka_unit_test_teardown(nesting_fifty_deep_never_gets_in, tear_down),
        cmocka_unit_test_teardown(a_rule_for_everything_ends_in_time, tear_down),
        cmocka_unit_test_teardown(rules_of_the_wrong_type_make_us_unsure_and_no_more, tear_down),
        cmocka_unit_test_teardown(no_list_of_steps_or_rules_is_said, tear_down),
        cmocka_unit_test_teardown(marks_that_turn_text_do_not_reach_the_screen, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
