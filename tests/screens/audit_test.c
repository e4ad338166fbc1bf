// SPDX-License-Identifier: EUPL-1.2
//
// The audit itself can fail: each kind of finding is found on a page made wrong in that one way.
#include "base/text.h"
#include "tests/fakes/stage.h"
#include "ui/layout.h"
#include "ui/widget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct stage stage;

// A page with one good button; what is wrong is added to it.
static struct node *page(struct maker *maker)
{
    stage_set(&stage, "nl", STAGE_NORMAL);
    tree_clear(&stage.tree);
    *maker = (struct maker){.tree = &stage.tree, .look = &stage.look};
    struct node *made = tree_add(&stage.tree, NULL, "page", ROLE_SCREEN, "Proef");
    made->has_text = false;
    made->style = STYLE_PAGE;
    made->box.pad = (struct edges){DRAWN(48), DRAWN(48), DRAWN(48), DRAWN(48)};
    made->box.gap_mm = DRAWN(20);
    return made;
}

static struct node *button(struct maker maker, struct node *parent, const char *id)
{
    return widget_button(
        maker, parent,
        (struct widget_button){.id = id, .words = "Verder", .style = STYLE_BUTTON_OUTLINED});
}

static bool finds(enum audit_kind kind)
{
    struct audit_finding findings[32];
    layout_tree(&stage.tree, &stage.look, stage.shaper);
    size_t count = audit_tree(&stage.tree, &stage.look, stage.shaper, &audit_kiosk, findings, 32);
    bool is_found = false;
    for (size_t i = 0; i < count && i < 32; i++) {
        is_found = is_found || findings[i].kind == kind;
    }
    return is_found;
}

static void a_good_page_has_no_findings(void **state)
{
    (void)state;
    struct maker maker;
    struct node *parent = page(&maker);
    button(maker, parent, "one");
    button(maker, parent, "two");
    struct audit_finding findings[4];

    layout_tree(&stage.tree, &stage.look, stage.shaper);

    assert_int_equal(audit_tree(&stage.tree, &stage.look, stage.shaper, &audit_kiosk, findings, 4),
                     0);
}

static void words_that_are_cut_small_or_faint_are_found(void **state)
{
    (void)state;
    struct maker maker;
    struct node *parent = page(&maker);
    widget_text(maker, parent, "cut", TYPE_BODY, "Onbreekbaar")->box.width_mm = 5;
    assert_true(finds(AUDIT_TEXT_CUT));
    parent = page(&maker);
    widget_text(maker, parent, "small", TYPE_BODY, "klein")->cap_mm = 4;
    assert_true(finds(AUDIT_TEXT_SMALL));
    parent = page(&maker);
    struct node *faint = widget_text(maker, parent, "faint", TYPE_WELCOME, "vaag");
    faint->ink = COLOUR_LINE; // however large
    assert_true(finds(AUDIT_CONTRAST));
    parent = page(&maker);
    widget_text(maker, parent, "glyph", TYPE_BODY, "\U000F0000");
    assert_true(finds(AUDIT_NO_GLYPH));
}

static void targets_that_are_small_close_nameless_or_twice_there_are_found(void **state)
{
    (void)state;
    struct maker maker;
    struct node *parent = page(&maker);
    struct node *small = button(maker, parent, "small");
    small->box.self = ALIGN_START;
    small->box.width_mm = 19;
    assert_true(finds(AUDIT_TARGET_SMALL));
    parent = page(&maker);
    parent->box.gap_mm = 2;
    button(maker, parent, "one");
    button(maker, parent, "two");
    assert_true(finds(AUDIT_TARGETS_CLOSE));
    parent = page(&maker);
    tree_set_name(&stage.tree, button(maker, parent, "nameless"), "");
    assert_true(finds(AUDIT_NAMELESS));
    parent = page(&maker);
    button(maker, parent, "twice");
    button(maker, parent, "twice");
    assert_true(finds(AUDIT_SAME_ID));
    parent = page(&maker);
    button(maker, parent, "one")->style = STYLE_BUTTON_FILLED;
    button(maker, parent, "two")->style = STYLE_BUTTON_FILLED;
    assert_true(finds(AUDIT_TWO_FILLED));
}

static void parts_that_stand_in_the_wrong_place_are_found(void **state)
{
    (void)state;
    struct maker maker;
    struct node *parent = page(&maker);
    button(maker, parent, "below")->box.height_mm = stage.look.height_mm;
    assert_true(finds(AUDIT_OUTSIDE));
    parent = page(&maker);
    struct node *tight = widget_column(maker, parent, 0);
    tight->box.height_mm = 10;
    button(maker, tight, "spills");
    assert_true(finds(AUDIT_SPILLS));
    parent = page(&maker);
    button(maker, parent, "one");
    struct node *placed = button(maker, parent, "over");
    placed->box.is_placed = true;
    placed->box.start_mm = DRAWN(60);
    placed->box.top_mm = DRAWN(60);
    assert_true(finds(AUDIT_OVERLAP));
    parent = page(&maker);
    widget_space(maker, parent, 150);
    button(maker, parent, "low");
    struct node *high = button(maker, parent, "high"); // drawn above, reached after
    high->box.is_placed = true;
    high->box.start_mm = DRAWN(60);
    high->box.top_mm = DRAWN(60);
    assert_true(finds(AUDIT_READING_ORDER));
    parent = page(&maker);
    stage.look.is_low = true;
    button(maker, parent, "high");
    assert_true(finds(AUDIT_TOO_HIGH));
}

static void a_row_that_is_not_turned_round_is_found(void **state)
{
    (void)state;
    struct maker maker;
    struct node *parent = page(&maker);
    struct node *row = widget_row(maker, parent, DRAWN(20));
    button(maker, row, "one");
    button(maker, row, "two");
    layout_tree(&stage.tree, &stage.look, stage.shaper);
    look_set_language(&stage.look, "ar");
    struct audit_finding finding = {0};

    size_t count = audit_tree(&stage.tree, &stage.look, stage.shaper, &audit_kiosk, &finding, 1);

    assert_true(count > 0);
    assert_int_equal(finding.kind, AUDIT_NOT_MIRRORED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_page_has_no_findings),
        cmocka_unit_test(words_that_are_cut_small_or_faint_are_found),
        cmocka_unit_test(targets_that_are_small_close_nameless_or_twice_there_are_found),
        cmocka_unit_test(parts_that_stand_in_the_wrong_place_are_found),
        cmocka_unit_test(a_row_that_is_not_turned_round_is_found),
    };
    stage_open(&stage, 1080, 1920, 3.61F);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    stage_close(&stage);
    return failed;
}
