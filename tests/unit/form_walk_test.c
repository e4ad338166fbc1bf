// SPDX-License-Identifier: EUPL-1.2
//
// The way through a form: items, hand-overs, what hides while one walks, where one goes on.
#include "form_samples.h"

static int tear_down(void **state)
{
    (void)state;
    walk_close(&samples_walk);
    return 0;
}

static void expect_page(const struct walk *walk, struct walk_page page, enum walk_page_kind kind,
                        const char *key, int item)
{
    assert_int_equal(page.kind, kind);
    assert_string_equal(walk->form.fields[page.place.field].key, key);
    assert_int_equal(page.place.item, item);
}

static struct walk *open_group(void)
{
    return samples_open(
        "[{'type':'text','key':'first'},{'type':'editgrid','key':'g','components':[{'type':"
        "'content','key':'c','html':'<p>x</p>'},{'type':'text','key':'a','validate':{'required':"
        "true}},{'type':'fieldset','key':'f','components':[{'type':'map','key':'m'}]},{'type':"
        "'text','key':'b'}]},{'type':'text','key':'last'}]",
        NULL, "{'g':[{'a':'een'},{}]}");
}

static void an_item_is_walked_from_and_back_to_its_group(void **state)
{
    (void)state;
    struct walk *walk = open_group();
    struct walk_page page = walk_next(walk, walk_first(walk));
    expect_page(walk, page, WALK_ITEMS, "g", -1);
    expect_page(walk, walk_next(walk, page), WALK_QUESTION, "last", -1);

    assert_true(walk_item(walk, page.place.field, 1, &page));
    expect_page(walk, page, WALK_QUESTION, "a", 1);
    int16_t lead[2];
    assert_int_equal(walk_lead(walk, page, lead, 2), 1);
    page = walk_next(walk, page);
    expect_page(walk, page, WALK_HAND_OVER, "m", 1);
    page = walk_next(walk, page);
    expect_page(walk, page, WALK_QUESTION, "b", 1);
    size_t step = 0;
    size_t steps = 0;
    walk_position(walk, page, &step, &steps);
    assert_int_equal(step, 2);
    assert_int_equal(steps, 3);
    expect_page(walk, walk_next(walk, page), WALK_ITEMS, "g", -1);
    assert_true(walk_back(walk, page, &page));
    expect_page(walk, page, WALK_HAND_OVER, "m", 1);
    assert_true(walk_back(walk, page, &page));
    assert_true(walk_back(walk, page, &page));
    expect_page(walk, page, WALK_ITEMS, "g", -1);
    assert_false(walk_item(walk, page.place.field, 2, &page));
}

static void one_goes_on_at_the_first_answer_that_will_not_do(void **state)
{
    (void)state;
    struct walk *walk = open_group();
    struct walk_page page = walk_resume(walk);
    expect_page(walk, page, WALK_QUESTION, "a", 1);
    assert_int_equal(walk_answer(walk, page.place, json_new_text("twee"), NULL), OK);
    assert_int_equal(walk_resume(walk).kind, WALK_CHECK);
    size_t answered = 0;
    size_t asked = 0;
    walk_progress(walk, &answered, &asked);
    assert_int_equal(answered, 1);
    assert_int_equal(asked, 3);
}

static void a_place_is_found_again_while_it_is_asked(void **state)
{
    (void)state;
    struct walk *walk = open_group();
    struct walk_page page;
    assert_true(walk_find(walk, "last", &page));
    expect_page(walk, page, WALK_QUESTION, "last", -1);
    assert_true(walk_find(walk, "g.b", &page));
    expect_page(walk, page, WALK_ITEMS, "g", -1);
    struct form_place place = samples_place(walk, "g.b");
    place.item = 1;
    assert_true(walk_at(walk, place, &page));
    expect_page(walk, page, WALK_QUESTION, "b", 1);
    place.item = 2;
    assert_false(walk_at(walk, place, &page));
    assert_false(walk_at(walk, FORM_NOWHERE, &page));
    assert_false(walk_at(walk, (struct form_place){30000, -1}, &page));
    assert_false(walk_find(walk, "nergens", &page));
}

static void a_question_that_hides_is_stepped_over_both_ways(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'checkbox','key':'a'},{'type':'text','key':'b','conditional':{'show':true,'when':"
        "'a','eq':true}},{'type':'text','key':'c'}]",
        NULL, NULL);
    struct walk_page page = walk_first(walk);
    expect_page(walk, walk_next(walk, page), WALK_QUESTION, "c", -1);
    samples_answer(walk, "a", "true");
    struct walk_page hidden = walk_next(walk, page);
    expect_page(walk, hidden, WALK_QUESTION, "b", -1);
    samples_answer(walk, "a", "false");
    // Standing on a page that is no longer asked, one still gets away.
    expect_page(walk, walk_next(walk, hidden), WALK_QUESTION, "c", -1);
    assert_true(walk_back(walk, hidden, &page));
    expect_page(walk, page, WALK_QUESTION, "a", -1);
    assert_false(walk_find(walk, "b", &page));
}

static void words_at_the_end_of_a_step_have_one_page(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'content','key':'a','html':'1'},{'type':'text','key':'b'},{'type':'content',"
        "'key':'c','html':'2'},{'type':'softRequiredErrors','key':'d'},{'type':'content','key':"
        "'e','html':'3','hidden':true}]",
        NULL, NULL);
    int16_t lead[4];
    struct walk_page page = walk_first(walk);
    expect_page(walk, page, WALK_QUESTION, "b", -1);
    assert_int_equal(walk_lead(walk, page, lead, 4), 1);
    page = walk_next(walk, page);
    expect_page(walk, page, WALK_READ, "c", -1);
    assert_int_equal(walk_lead(walk, page, lead, 4), 2);
    assert_int_equal(walk_lead(walk, page, lead, 1), 1);
    assert_int_equal(walk_next(walk, page).kind, WALK_CHECK);
    assert_int_equal(walk_lead(walk, walk_next(walk, page), lead, 4), 0);
}

static void what_a_source_would_like_is_named_and_stops_nobody(void **state)
{
    (void)state;
    struct walk *walk = samples_open(
        "[{'type':'file','key':'a','openForms':{'softRequired':true}},{'type':'file','key':'b'}]",
        NULL, NULL);
    int16_t fields[4];
    assert_int_equal(walk_soft_missing(walk, fields, 4), 1);
    assert_int_equal(fields[0], 0);
    samples_answer(walk, "a", "[{'name':'x.pdf'}]");
    assert_int_equal(walk_soft_missing(walk, fields, 4), 0);
    assert_int_equal(walk_resume(walk).kind, WALK_CHECK);
}

static void a_form_that_asks_nothing_goes_to_the_check_page(void **state)
{
    (void)state;
    struct walk *walk = samples_open("[]", NULL, NULL);
    struct walk_page page = walk_first(walk);
    assert_int_equal(page.kind, WALK_CHECK);
    assert_int_equal(walk_next(walk, page).kind, WALK_CHECK);
    assert_false(walk_back(walk, page, &page));
    size_t step = 1;
    size_t steps = 1;
    walk_position(walk, walk_first(walk), &step, &steps);
    assert_int_equal(step + steps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_item_is_walked_from_and_back_to_its_group, tear_down),
        cmocka_unit_test_teardown(one_goes_on_at_the_first_answer_that_will_not_do, tear_down),
        cmocka_unit_test_teardown(a_place_is_found_again_while_it_is_asked, tear_down),
        cmocka_unit_test_teardown(a_question_that_hides_is_stepped_over_both_ways, tear_down),
        cmocka_unit_test_teardown(words_at_the_end_of_a_step_have_one_page, tear_down),
        cmocka_unit_test_teardown(what_a_source_would_like_is_named_and_stops_nobody, tear_down),
        cmocka_unit_test_teardown(a_form_that_asks_nothing_goes_to_the_check_page, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
