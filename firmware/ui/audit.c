// SPDX-License-Identifier: EUPL-1.2
//
// The checks that code misses and eyes catch, done by code.
#include "ui/audit.h"

#include "base/err.h"
#include "base/text.h"
#include "ui/draw.h"
#include "ui/layout.h"

#include <math.h>
#include <string.h>

// Rounding to pixels may shift an edge by this much.
#define SLACK_MM 0.6f
#define RATIO_TEXT 4.5
#define LOW_HEIGHT_MM 300.0f

const struct audit_profile audit_kiosk = {7.33f, 20.0f, 3.0f};
const struct audit_profile audit_counter = {0, 0, 0};
const struct audit_profile audit_display = {0, 0, 0};

struct audit {
    struct tree *tree;
    const struct look *look;
    struct text_shaper *shaper;
    const struct audit_profile *profile;
    struct audit_finding *findings;
    size_t findings_max;
    size_t count;
};

static void check_node(struct audit *audit, struct node *node);
static void check_pairs(struct audit *audit);
static void check_filled(struct audit *audit);
static void check_order(struct audit *audit);

const char *audit_kind_name(enum audit_kind kind)
{
    static const char *const names[] = {
        [AUDIT_TEXT_CUT] = "words do not fit",
        [AUDIT_TEXT_SMALL] = "words too small",
        [AUDIT_OUTSIDE] = "outside the panel",
        [AUDIT_OVERLAP] = "overlaps",
        [AUDIT_TARGET_SMALL] = "target too small",
        [AUDIT_TARGETS_CLOSE] = "targets too close",
        [AUDIT_CONTRAST] = "contrast too low",
        [AUDIT_UNREACHABLE] = "not reachable by keypad",
        [AUDIT_READING_ORDER] = "the keypad goes back up",
        [AUDIT_SPILLS] = "reaches out of what holds it",
        [AUDIT_NOT_MIRRORED] = "runs against the direction of the language",
        [AUDIT_NAMELESS] = "no name",
        [AUDIT_TWO_FILLED] = "more than one filled surface",
        [AUDIT_NO_GLYPH] = "a character has no glyph",
        [AUDIT_SAME_ID] = "id used twice",
        [AUDIT_TOO_HIGH] = "too high for the low mode",
    };
    CHECK((size_t)kind < sizeof names / sizeof names[0]);
    return names[kind];
}

size_t audit_tree(struct tree *tree, const struct look *look, struct text_shaper *shaper,
                  const struct audit_profile *profile, struct audit_finding *findings,
                  size_t findings_max)
{
    struct audit audit = {tree, look, shaper, profile, findings, findings_max, 0};
    for (size_t i = 0; i < tree->nodes_count; i++) {
        if ((tree->nodes[i].states & NODE_HIDDEN) == 0) {
            check_node(&audit, &tree->nodes[i]);
        }
    }
    check_pairs(&audit);
    check_filled(&audit);
    check_order(&audit);
    return audit.count;
}

static void report(struct audit *audit, enum audit_kind kind, const struct node *node,
                   const char *words)
{
    if (audit->count < audit->findings_max) {
        struct audit_finding *finding = &audit->findings[audit->count];
        *finding = (struct audit_finding){.kind = kind};
        text_copy_cut(finding->id, sizeof finding->id, node->id);
        text_copy_cut(finding->text, sizeof finding->text, words);
    }
    audit->count += 1;
}

static bool has_words(const struct node *node)
{
    return layout_words(node)[0] != '\0';
}

static bool reaches_out(struct area inner, struct area outer)
{
    return inner.x_mm < outer.x_mm - SLACK_MM || inner.y_mm < outer.y_mm - SLACK_MM ||
           inner.x_mm + inner.width_mm > outer.x_mm + outer.width_mm + SLACK_MM ||
           inner.y_mm + inner.height_mm > outer.y_mm + outer.height_mm + SLACK_MM;
}

static void check_words(struct audit *audit, const struct node *node)
{
    const struct look *look = audit->look;
    struct text_setting setting = layout_setting(node, look);
    struct layout_content content = layout_content(node, look, audit->shaper);
    struct text_lines lines;
    setting.room_px = node->is_nowrap ? 0 : look_px(look, content.words.width_mm) + 1;
    text_break(audit->shaper, look, layout_words(node), &setting, &lines);
    bool is_cut = lines.overflows || reaches_out(content.words, node->area) ||
                  (node->icon != NULL && reaches_out(content.icon, node->area));
    is_cut = is_cut || lines.width_px > look_px(look, node->area.width_mm) + 1;
    if (is_cut && !node->scrolls) {
        report(audit, AUDIT_TEXT_CUT, node, layout_words(node));
    }
    float cap_mm = look_mm(look, (float)setting.size_px) * STYLE_CAP_PER_SIZE;
    // A pixel of rounding is allowed: 38 px is the drawn minimum.
    if (audit->profile->cap_mm_min > 0 && cap_mm < audit->profile->cap_mm_min) {
        report(audit, AUDIT_TEXT_SMALL, node, layout_words(node));
    }
    if (!text_covers(audit->shaper, layout_words(node))) {
        report(audit, AUDIT_NO_GLYPH, node, layout_words(node));
    }
    double ratio = theme_ratio(theme_colour(look->theme, node->seen_ink),
                               theme_colour(look->theme, node->seen_ground));
    if (ratio < RATIO_TEXT) {
        report(audit, AUDIT_CONTRAST, node, layout_words(node));
    }
}

static bool is_in_order(struct audit *audit, const struct node *node)
{
    int16_t order[TREE_NODES_MAX];
    size_t count = tree_focus_order(audit->tree, order, TREE_NODES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (&audit->tree->nodes[order[i]] == node) {
            return true;
        }
    }
    return false;
}

static void check_target(struct audit *audit, const struct node *node)
{
    float least_mm = audit->profile->target_mm_min - 0.01f;
    if (node->area.width_mm < least_mm || node->area.height_mm < least_mm) {
        report(audit, AUDIT_TARGET_SMALL, node, node->name);
    }
    if (node->name[0] == '\0') {
        report(audit, AUDIT_NAMELESS, node, tree_role_name(node->role));
    }
    if (!is_in_order(audit, node)) {
        report(audit, AUDIT_UNREACHABLE, node, node->name);
    }
    if (audit->look->is_low && audit->profile->target_mm_min > 0 &&
        node->area.y_mm < audit->look->height_mm - LOW_HEIGHT_MM - SLACK_MM) {
        report(audit, AUDIT_TOO_HIGH, node, node->name);
    }
}

static float middle_of(const struct node *node)
{
    return node->area.x_mm + node->area.width_mm / 2;
}

// The box of a line is higher than its letters: that air may reach out of a tight place.
static bool spills(struct audit *audit, const struct node *node, const struct node *parent)
{
    struct area inner = node->area;
    if (has_words(node) && node->first_child < 0) {
        struct text_setting setting = text_setting(audit->look, node->type, node->cap_mm);
        float air_mm = look_mm(audit->look, (float)setting.size_px) * (1 - STYLE_CAP_PER_SIZE) / 2;
        inner.y_mm += air_mm;
        inner.height_mm -= 2 * air_mm;
    }
    return reaches_out(inner, parent->area);
}

// Children of a row begin where the language begins.
static void check_direction(struct audit *audit, const struct node *node)
{
    if (node->box.flow != FLOW_ROW && node->box.flow != FLOW_GRID) {
        return;
    }
    bool is_mirrored = audit->look->is_mirrored && !node->box.is_left_to_right;
    const struct node *before = NULL;
    for (int16_t i = node->first_child; i >= 0; i = audit->tree->nodes[i].next) {
        const struct node *child = &audit->tree->nodes[i];
        if (child->box.is_placed) {
            continue;
        }
        bool is_row = node->box.flow == FLOW_ROW;
        bool is_beside = before != NULL && before->area.width_mm > 0 && child->area.width_mm > 0 &&
                         (is_row || child->area.y_mm < before->area.y_mm + SLACK_MM);
        if (is_beside && (middle_of(child) < middle_of(before)) != is_mirrored) {
            report(audit, AUDIT_NOT_MIRRORED, child, child->name);
        }
        before = child;
    }
}

static void check_node(struct audit *audit, struct node *node)
{
    const struct area panel = {0, 0, audit->look->width_mm, audit->look->height_mm};
    if (reaches_out(node->area, panel)) {
        report(audit, AUDIT_OUTSIDE, node, node->name);
    }
    const struct node *parent = tree_parent(audit->tree, node);
    if (parent != NULL && !node->box.is_placed && spills(audit, node, parent)) {
        report(audit, AUDIT_SPILLS, node, node->name);
    }
    check_direction(audit, node);
    if (has_words(node)) {
        check_words(audit, node);
    }
    if (tree_takes_focus(node)) {
        check_target(audit, node);
    }
}

// The room between two areas: negative when they overlap.
static float gap_between(struct area left, struct area right)
{
    float across = fmaxf(left.x_mm, right.x_mm) -
                   fminf(left.x_mm + left.width_mm, right.x_mm + right.width_mm);
    float down = fmaxf(left.y_mm, right.y_mm) -
                 fminf(left.y_mm + left.height_mm, right.y_mm + right.height_mm);
    return fmaxf(across, down);
}

static struct area common_area(struct area one, struct area other)
{
    float right_mm = fminf(one.x_mm + one.width_mm, other.x_mm + other.width_mm);
    float bottom_mm = fminf(one.y_mm + one.height_mm, other.y_mm + other.height_mm);
    struct area both = {fmaxf(one.x_mm, other.x_mm), fmaxf(one.y_mm, other.y_mm), 0, 0};
    both.width_mm = fmaxf(right_mm - both.x_mm, 0);
    both.height_mm = fmaxf(bottom_mm - both.y_mm, 0);
    return both;
}

static struct area words_area(struct audit *audit, const struct node *node)
{
    struct area words = layout_content(node, audit->look, audit->shaper).words;
    return node->scrolls ? common_area(words, node->area) : words; // the rest is not drawn
}

static void check_pair(struct audit *audit, const struct node *one, const struct node *other)
{
    if (text_equal(one->id, other->id)) {
        report(audit, AUDIT_SAME_ID, one, other->name);
    }
    if (tree_is_within(audit->tree, other, one)) {
        return;
    }
    if (tree_takes_focus(one) && tree_takes_focus(other)) {
        float gap_mm = gap_between(one->area, other->area);
        if (gap_mm < -SLACK_MM) {
            report(audit, AUDIT_OVERLAP, one, other->id);
        } else if (gap_mm < audit->profile->gap_mm_min - 0.3f) {
            report(audit, AUDIT_TARGETS_CLOSE, one, other->id);
        }
    }
    if (has_words(one) && has_words(other) &&
        gap_between(words_area(audit, one), words_area(audit, other)) < -SLACK_MM) {
        report(audit, AUDIT_OVERLAP, one, other->id);
    }
}

static void check_pairs(struct audit *audit)
{
    for (size_t i = 0; i < audit->tree->nodes_count; i++) {
        for (size_t j = i + 1; j < audit->tree->nodes_count; j++) {
            const struct node *one = &audit->tree->nodes[i];
            const struct node *other = &audit->tree->nodes[j];
            if (((one->states | other->states) & NODE_HIDDEN) == 0) {
                check_pair(audit, one, other);
            }
        }
    }
}

static void check_filled(struct audit *audit)
{
    size_t filled = 0;
    for (size_t i = 0; i < audit->tree->nodes_count; i++) {
        const struct node *node = &audit->tree->nodes[i];
        bool is_filled = node->style == STYLE_BUTTON_FILLED || node->style == STYLE_CARD_FILLED ||
                         (node->style == STYLE_STUB && node->seen_ground == COLOUR_ACTION);
        filled += is_filled && (node->states & NODE_HIDDEN) == 0 ? 1 : 0;
        if (is_filled && filled == 2) {
            report(audit, AUDIT_TWO_FILLED, node, node->name);
        }
    }
}

// On a screen that is touched the keypad goes down the page, never back up. (A desk's screen has
// its queue beside the rest.)
static void check_order(struct audit *audit)
{
    if (audit->profile->target_mm_min <= 0) {
        return;
    }
    int16_t order[TREE_NODES_MAX];
    size_t count = tree_focus_order(audit->tree, order, TREE_NODES_MAX);
    for (size_t i = 1; i < count; i++) {
        const struct node *before = &audit->tree->nodes[order[i - 1]];
        const struct node *node = &audit->tree->nodes[order[i]];
        if (node->area.y_mm + node->area.height_mm < before->area.y_mm + SLACK_MM) {
            report(audit, AUDIT_READING_ORDER, node, node->name);
        }
    }
}
