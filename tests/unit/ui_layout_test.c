// SPDX-License-Identifier: EUPL-1.2
//
// The tree and its layout: places by start and end, rows, grids, growth, wrapping, digests.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/layout.h"
#include "ui/text.h"
#include "ui/tree.h"

#include <stdlib.h>
#include <string.h>

static struct look look;
static struct tree tree;
static struct text_shaper *shaper;

static int open_fonts(void **state)
{
    (void)state;
    look_init(&look, 361, 722, 3.61f); // 100 x 200 mm
    return text_open(&shaper, NULL, NULL) == OK ? 0 : -1;
}

static int close_fonts(void **state)
{
    (void)state;
    text_close(shaper);
    return 0;
}

static int empty_tree(void **state)
{
    (void)state;
    tree_clear(&tree);
    look_set_language(&look, "nl");
    return 0;
}

static struct node *add_box(struct node *parent, const char *id, float width_mm, float height_mm)
{
    struct node *node = tree_add(&tree, parent, id, ROLE_GROUP, NULL);
    node->box.width_mm = width_mm;
    node->box.height_mm = height_mm;
    return node;
}

static void assert_area(const char *id, float x_mm, float y_mm, float width_mm, float height_mm)
{
    const struct node *node = tree_find(&tree, id);
    assert_non_null(node);
    assert_float_equal(node->area.x_mm, x_mm, 0.01);
    assert_float_equal(node->area.y_mm, y_mm, 0.01);
    assert_float_equal(node->area.width_mm, width_mm, 0.01);
    assert_float_equal(node->area.height_mm, height_mm, 0.01);
}

static void a_column_stacks_with_gaps_and_stretches_across(void **state)
{
    (void)state;
    struct node *root = add_box(NULL, "root", 0, 0);
    root->box.gap_mm = 5;
    root->box.pad = (struct edges){10, 20, 30, 40};
    (void)add_box(root, "one", 0, 12);
    add_box(root, "rest", 0, 0)->box.grow = 1;

    layout_tree(&tree, &look, shaper);

    assert_area("one", 10, 20, 60, 12);
    assert_area("rest", 10, 37, 60, 200 - 37 - 40);
}

static void build_row(void)
{
    struct node *root = add_box(NULL, "root", 0, 0);
    root->box.flow = FLOW_ROW;
    root->box.gap_mm = 2;
    root->box.pad.start_mm = 10;
    (void)add_box(root, "one", 20, 0);
    (void)add_box(root, "two", 0, 0);
    tree_find(&tree, "two")->box.grow = 1;
    struct node *last = add_box(root, "last", 8, 6);
    last->box.self = ALIGN_END;
}

static void a_row_goes_from_start_to_end_and_mirrors_as_a_whole(void **state)
{
    (void)state;
    build_row();
    layout_tree(&tree, &look, shaper);
    assert_area("one", 10, 0, 20, 200);
    assert_area("two", 32, 0, 58, 200);
    assert_area("last", 92, 194, 8, 6);

    look_set_language(&look, "ar");
    layout_tree(&tree, &look, shaper);

    assert_area("one", 70, 0, 20, 200);
    assert_area("two", 10, 0, 58, 200);
    assert_area("last", 0, 194, 8, 6);
}

static void a_keypad_row_is_never_mirrored(void **state)
{
    (void)state;
    look_set_language(&look, "ar");
    struct node *root = add_box(NULL, "root", 0, 0);
    root->box.flow = FLOW_ROW;
    root->box.is_left_to_right = true;
    (void)add_box(root, "one", 20, 0);
    layout_tree(&tree, &look, shaper);
    assert_area("one", 0, 0, 20, 200);
}

static void a_grid_has_equal_columns_and_honours_spans(void **state)
{
    (void)state;
    struct node *root = add_box(NULL, "root", 0, 0);
    root->box.flow = FLOW_GRID;
    root->box.columns = 3;
    root->box.gap_mm = 5;
    (void)add_box(root, "a", 0, 10);
    (void)add_box(root, "b", 0, 20);
    tree_find(&tree, "b")->box.span = 2;
    (void)add_box(root, "c", 0, 7);

    layout_tree(&tree, &look, shaper);

    assert_area("a", 0, 0, 30, 20);
    assert_area("b", 35, 0, 65, 20);
    assert_area("c", 0, 25, 30, 7);
}

static void a_placed_node_counts_from_the_end_when_negative(void **state)
{
    (void)state;
    struct node *root = add_box(NULL, "root", 0, 0);
    struct node *badge = add_box(root, "badge", 10, 10);
    badge->box.is_placed = true;
    badge->box.start_mm = -5;
    badge->box.top_mm = 3;
    layout_tree(&tree, &look, shaper);
    assert_area("badge", 85, 3, 10, 10);
}

static void words_take_more_lines_where_there_is_less_room(void **state)
{
    (void)state;
    struct node *root = add_box(NULL, "root", 0, 0);
    root->box.across = ALIGN_START;
    struct node *text =
        tree_add(&tree, root, "text", ROLE_TEXT, "Dit zijn een paar gewone woorden op een rij");
    layout_tree(&tree, &look, shaper);
    float wide_mm = text->area.height_mm;

    text->box.width_mm = 40;
    layout_tree(&tree, &look, shaper);

    assert_true(wide_mm > 0);
    assert_true(text->area.height_mm > wide_mm * 1.5f);
}

static void a_pressed_card_changes_its_digest_and_its_stubs_but_no_places(void **state)
{
    (void)state;
    struct node *root = add_box(NULL, "root", 0, 0);
    struct node *card = tree_add(&tree, root, "card", ROLE_CARD, "Aanvraag");
    card->style = STYLE_CARD_FIRST;
    struct node *stub = tree_add(&tree, card, "stub", ROLE_TEXT, "Verder");
    stub->style = STYLE_STUB;
    layout_tree(&tree, &look, shaper);
    uint64_t card_before = card->digest;
    uint64_t stub_before = stub->digest;
    uint64_t root_before = root->digest;
    struct area area = stub->area;

    card->states |= NODE_PRESSED;
    layout_resolve(&tree, &look);

    assert_true(card->digest != card_before);
    assert_true(stub->digest != stub_before);
    assert_true(root->digest == root_before);
    assert_memory_equal(&area, &stub->area, sizeof area);
}

static void clearing_leaves_no_word_behind(void **state)
{
    (void)state;
    struct node *root = tree_add(&tree, NULL, "root", ROLE_SCREEN, "Nadia Haddad");
    tree_set_value(&tree, root, "17 mei 1984");

    tree_clear(&tree);

    static const struct tree empty;
    assert_memory_equal(&tree, &empty, sizeof tree);
}

static void only_live_actionable_nodes_take_touch_and_focus(void **state)
{
    (void)state;
    struct node *root = add_box(NULL, "root", 0, 0);
    struct node *on = tree_add(&tree, root, "on", ROLE_BUTTON, "Aan");
    struct node *off = tree_add(&tree, root, "off", ROLE_BUTTON, "Uit");
    on->box.height_mm = 100;
    off->box.height_mm = 100;
    off->states |= NODE_DISABLED;
    layout_tree(&tree, &look, shaper);
    int16_t order[4];

    assert_int_equal(tree_focus_order(&tree, order, 4), 1);
    assert_ptr_equal(tree_at(&tree, 50, 50), on);
    assert_null(tree_at(&tree, 50, 150));
}

static void nodes_without_a_name_get_steady_ids(void **state)
{
    (void)state;
    struct node *root = add_box(NULL, "root", 0, 0);
    const struct node *first = tree_add(&tree, root, NULL, ROLE_GROUP, NULL);
    const struct node *second = tree_add(&tree, root, NULL, ROLE_GROUP, NULL);
    const struct node *item = tree_add_item(&tree, root, "request", 3, ROLE_CARD, "x");
    assert_string_equal(first->id, "root/0");
    assert_string_equal(second->id, "root/1");
    assert_string_equal(item->id, "request.3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_column_stacks_with_gaps_and_stretches_across, empty_tree),
        cmocka_unit_test_setup(a_row_goes_from_start_to_end_and_mirrors_as_a_whole, empty_tree),
        cmocka_unit_test_setup(a_keypad_row_is_never_mirrored, empty_tree),
        cmocka_unit_test_setup(a_grid_has_equal_columns_and_honours_spans, empty_tree),
        cmocka_unit_test_setup(a_placed_node_counts_from_the_end_when_negative, empty_tree),
        cmocka_unit_test_setup(words_take_more_lines_where_there_is_less_room, empty_tree),
        cmocka_unit_test_setup(a_pressed_card_changes_its_digest_and_its_stubs_but_no_places,
                               empty_tree),
        cmocka_unit_test_setup(clearing_leaves_no_word_behind, empty_tree),
        cmocka_unit_test_setup(only_live_actionable_nodes_take_touch_and_focus, empty_tree),
        cmocka_unit_test_setup(nodes_without_a_name_get_steady_ids, empty_tree),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
