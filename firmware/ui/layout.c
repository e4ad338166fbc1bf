// SPDX-License-Identifier: EUPL-1.2
//
// Four passes over the nodes: wanted widths upwards, widths downwards, wanted heights upwards,
// heights and places downwards. Then colours and digests.
#include "ui/layout.h"

#include "base/err.h"
#include "ui/text.h"

#include <math.h>
#include <string.h>

// Between an icon and its words, unless the node says otherwise.
#define ICON_GAP_MM DRAWN(16)
#define ICON_ABOVE_GAP_MM DRAWN(2)

// One parent's flow while its children get room along one direction.
struct run {
    struct tree *tree;
    struct node *parent;
    bool is_width; // along the width, else along the height
};

static void want_width(struct tree *tree, struct node *node, const struct look *look,
                       struct text_shaper *shaper);
static void give_widths(struct tree *tree, struct node *parent);
static void want_height(struct tree *tree, struct node *node, const struct look *look,
                        struct text_shaper *shaper);
static void give_places(struct tree *tree, struct node *parent, const struct look *look);
static void resolve_node(struct tree *tree, struct node *node, const struct look *look);

static struct node *first_child(struct tree *tree, const struct node *node)
{
    return node->first_child < 0 ? NULL : &tree->nodes[node->first_child];
}

static struct node *next_child(struct tree *tree, const struct node *node)
{
    return node->next < 0 ? NULL : &tree->nodes[node->next];
}

void layout_tree(struct tree *tree, const struct look *look, struct text_shaper *shaper)
{
    CHECK(tree->nodes_count > 0);

    for (size_t i = tree->nodes_count; i > 0; i--) {
        want_width(tree, &tree->nodes[i - 1], look, shaper);
    }
    tree->nodes[0].area = (struct area){0, 0, look->width_mm, look->height_mm};
    for (size_t i = 0; i < tree->nodes_count; i++) {
        give_widths(tree, &tree->nodes[i]);
    }
    for (size_t i = tree->nodes_count; i > 0; i--) {
        want_height(tree, &tree->nodes[i - 1], look, shaper);
    }
    for (size_t i = 0; i < tree->nodes_count; i++) {
        give_places(tree, &tree->nodes[i], look);
    }
    layout_resolve(tree, look);
}

void layout_resolve(struct tree *tree, const struct look *look)
{
    for (size_t i = 0; i < tree->nodes_count; i++) {
        resolve_node(tree, &tree->nodes[i], look);
    }
}

const char *layout_words(const struct node *node)
{
    if (node->role == ROLE_FIELD) {
        return node->value;
    }
    return node->has_text ? node->name : "";
}

struct text_setting layout_setting(const struct node *node, const struct look *look)
{
    struct text_setting setting = text_setting(look, node->type, node->cap_mm);
    if (node->role == ROLE_FIELD) {
        setting.is_mirrored = text_begins_backward(node->value);
        setting.fills_lines = true;
    }
    return setting;
}

static float icon_gap(const struct node *node)
{
    if (node->icon_gap_mm > 0) {
        return node->icon_gap_mm;
    }
    return node->icon_above ? ICON_ABOVE_GAP_MM : ICON_GAP_MM;
}

static bool has_icon(const struct node *node)
{
    return node->icon != NULL && node->icon_mm > 0;
}

static float pad_across(const struct node *node)
{
    return node->box.pad.start_mm + node->box.pad.end_mm;
}

static float pad_down(const struct node *node)
{
    return node->box.pad.top_mm + node->box.pad.bottom_mm;
}

// The width its words may take when the node is `width_mm` wide; 0 is no limit.
static float words_room_mm(const struct node *node, float width_mm)
{
    float room_mm = width_mm - pad_across(node);
    if (has_icon(node) && !node->icon_above) {
        room_mm -= node->icon_mm + icon_gap(node);
    }
    return fmaxf(room_mm, 1.0f);
}

static void break_words(const struct node *node, const struct look *look,
                        struct text_shaper *shaper, float width_mm, struct text_lines *lines)
{
    struct text_setting setting = layout_setting(node, look);
    if (width_mm > 0 && !node->is_nowrap) {
        setting.room_px = look_px(look, words_room_mm(node, width_mm));
    }
    text_break(shaper, look, layout_words(node), &setting, lines);
}

static float at_least(float wanted_mm, float fixed_mm, float min_mm)
{
    return fixed_mm > 0 ? fixed_mm : fmaxf(wanted_mm, min_mm);
}

// A field that scrolls is as large as its box says, however much is typed.
static bool takes_room(const struct node *node)
{
    return !node->scrolls && layout_words(node)[0] != '\0';
}

static float own_width(const struct node *node, const struct look *look, struct text_shaper *shaper)
{
    float words_mm = 0;
    if (takes_room(node)) {
        struct text_lines lines;
        break_words(node, look, shaper, 0, &lines);
        words_mm = look_mm(look, (float)lines.width_px);
    }
    if (!has_icon(node)) {
        return words_mm;
    }
    if (node->icon_above) {
        return fmaxf(words_mm, node->icon_mm);
    }
    return node->icon_mm + (words_mm > 0 ? words_mm + icon_gap(node) : 0);
}

static unsigned span_of(const struct node *node)
{
    return node->box.span > 1 ? node->box.span : 1;
}

static float grid_width(struct tree *tree, const struct node *node)
{
    float column_mm = 0;
    for (struct node *child = first_child(tree, node); child != NULL;
         child = next_child(tree, child)) {
        column_mm = fmaxf(column_mm, child->wanted_width_mm / (float)span_of(child));
    }
    float columns = (float)node->box.columns;
    return columns * column_mm + (columns - 1) * node->box.gap_mm;
}

static float children_width(struct tree *tree, const struct node *node)
{
    if (node->box.flow == FLOW_GRID) {
        return grid_width(tree, node);
    }
    float sum_mm = 0;
    float widest_mm = 0;
    for (struct node *child = first_child(tree, node); child != NULL;
         child = next_child(tree, child)) {
        if (child->box.is_placed) {
            continue;
        }
        widest_mm = fmaxf(widest_mm, child->wanted_width_mm);
        sum_mm += child->wanted_width_mm + (sum_mm > 0 ? node->box.gap_mm : 0);
    }
    return node->box.flow == FLOW_ROW ? sum_mm : widest_mm;
}

static void want_width(struct tree *tree, struct node *node, const struct look *look,
                       struct text_shaper *shaper)
{
    CHECK(node->box.flow != FLOW_GRID || node->box.columns > 0);
    float content_mm = fmaxf(own_width(node, look, shaper), children_width(tree, node));
    node->wanted_width_mm =
        at_least(content_mm + pad_across(node), node->box.width_mm, node->box.min_width_mm);
}

static enum align align_of(const struct node *parent, const struct node *child)
{
    enum align align = child->box.self != ALIGN_AUTO ? child->box.self : parent->box.across;
    return align == ALIGN_AUTO ? ALIGN_STRETCH : align;
}

static float *length_of(struct node *node, bool is_width)
{
    return is_width ? &node->area.width_mm : &node->area.height_mm;
}

static float fixed_of(const struct node *node, bool is_width)
{
    return is_width ? node->box.width_mm : node->box.height_mm;
}

static float min_of(const struct node *node, bool is_width)
{
    return is_width ? node->box.min_width_mm : node->box.min_height_mm;
}

static float inner_of(const struct node *node, bool is_width)
{
    return is_width ? node->area.width_mm - pad_across(node)
                    : node->area.height_mm - pad_down(node);
}

struct run_sums {
    float used_mm;
    float grow;
    float soft_mm; // of children that may become narrower
};

// May become narrower than it wants: its words then take more lines.
static bool is_soft(const struct node *node, bool is_width)
{
    return fixed_of(node, is_width) <= 0 && !node->is_nowrap;
}

static struct run_sums sum_run(const struct run *run)
{
    struct run_sums sums = {0};
    bool is_first = true;
    for (struct node *child = first_child(run->tree, run->parent); child != NULL;
         child = next_child(run->tree, child)) {
        if (child->box.is_placed) {
            continue;
        }
        float wanted_mm = run->is_width ? child->wanted_width_mm : child->wanted_height_mm;
        sums.used_mm += wanted_mm + (is_first ? 0 : run->parent->box.gap_mm);
        sums.grow += child->box.grow;
        sums.soft_mm += is_soft(child, run->is_width) ? wanted_mm : 0;
        is_first = false;
    }
    return sums;
}

// Gives the children of a row (or column) their lengths along it; what is missing is taken from
// children without a fixed width, what is left goes to those that grow.
static void give_along(const struct run *run)
{
    struct run_sums sums = sum_run(run);
    float free_mm = inner_of(run->parent, run->is_width) - sums.used_mm;
    for (struct node *child = first_child(run->tree, run->parent); child != NULL;
         child = next_child(run->tree, child)) {
        if (child->box.is_placed) {
            continue;
        }
        float length_mm = run->is_width ? child->wanted_width_mm : child->wanted_height_mm;
        if (free_mm > 0 && sums.grow > 0) {
            length_mm += free_mm * child->box.grow / sums.grow;
        } else if (free_mm < 0 && run->is_width && sums.soft_mm > 0 && is_soft(child, true)) {
            length_mm += free_mm * length_mm / sums.soft_mm;
            length_mm = fmaxf(length_mm, fmaxf(min_of(child, true), 1.0f));
        }
        *length_of(child, run->is_width) = length_mm;
    }
}

static void give_across(const struct run *run)
{
    float inner_mm = inner_of(run->parent, run->is_width);
    for (struct node *child = first_child(run->tree, run->parent); child != NULL;
         child = next_child(run->tree, child)) {
        float wanted_mm = run->is_width ? child->wanted_width_mm : child->wanted_height_mm;
        float fixed_mm = fixed_of(child, run->is_width);
        bool is_stretched =
            align_of(run->parent, child) == ALIGN_STRETCH && fixed_mm <= 0 && !child->box.is_placed;
        float length_mm = is_stretched ? inner_mm : wanted_mm;
        if (fixed_mm <= 0 && run->is_width) {
            length_mm = fminf(length_mm, inner_mm);
        }
        *length_of(child, run->is_width) = length_mm;
    }
}

static void give_placed(const struct run *run)
{
    for (struct node *child = first_child(run->tree, run->parent); child != NULL;
         child = next_child(run->tree, child)) {
        if (child->box.is_placed) {
            *length_of(child, run->is_width) =
                run->is_width ? child->wanted_width_mm : child->wanted_height_mm;
        }
    }
}

static float column_width(const struct node *grid)
{
    float columns = (float)grid->box.columns;
    return (inner_of(grid, true) - (columns - 1) * grid->box.gap_mm) / columns;
}

static void give_grid_widths(struct tree *tree, struct node *grid)
{
    float column_mm = column_width(grid);
    for (struct node *child = first_child(tree, grid); child != NULL;
         child = next_child(tree, child)) {
        float span = (float)span_of(child);
        child->area.width_mm = span * column_mm + (span - 1) * grid->box.gap_mm;
    }
}

static void give_widths(struct tree *tree, struct node *parent)
{
    struct run run = {tree, parent, true};
    switch (parent->box.flow) {
    case FLOW_GRID:
        give_grid_widths(tree, parent);
        return;
    case FLOW_ROW:
        give_along(&run);
        give_placed(&run);
        return;
    case FLOW_COLUMN:
    case FLOW_STACK:
        give_across(&run);
        return;
    }
}

static float own_height(const struct node *node, const struct look *look,
                        struct text_shaper *shaper)
{
    float words_mm = 0;
    if (takes_room(node)) {
        struct text_lines lines;
        break_words(node, look, shaper, node->area.width_mm, &lines);
        words_mm = look_mm(look, (float)lines.height_px);
    }
    if (!has_icon(node)) {
        return words_mm;
    }
    if (node->icon_above) {
        return node->icon_mm + (words_mm > 0 ? words_mm + icon_gap(node) : 0);
    }
    return fmaxf(words_mm, node->icon_mm);
}

// Goes along a grid's children row by row. Gives the height of each row in turn.
struct grid_walk {
    struct node *child; // first of the row
    unsigned column;
};

static float grid_row_height(struct tree *tree, const struct node *grid, struct node *child,
                             struct node **after)
{
    float row_mm = 0;
    unsigned column = 0;
    while (child != NULL && column + span_of(child) <= grid->box.columns) {
        row_mm = fmaxf(row_mm, child->wanted_height_mm);
        column += span_of(child);
        child = next_child(tree, child);
    }
    // A child wider than the grid would never end its row: our mistake.
    CHECK(column > 0);
    *after = child;
    return row_mm;
}

static float children_height(struct tree *tree, const struct node *node)
{
    float sum_mm = 0;
    float tallest_mm = 0;
    if (node->box.flow == FLOW_GRID) {
        for (struct node *child = first_child(tree, node); child != NULL;) {
            sum_mm += sum_mm > 0 ? node->box.gap_mm : 0;
            sum_mm += grid_row_height(tree, node, child, &child);
        }
        return sum_mm;
    }
    bool is_first = true;
    for (struct node *child = first_child(tree, node); child != NULL;
         child = next_child(tree, child)) {
        if (child->box.is_placed) {
            continue;
        }
        tallest_mm = fmaxf(tallest_mm, child->wanted_height_mm);
        sum_mm += child->wanted_height_mm + (is_first ? 0 : node->box.gap_mm);
        is_first = false;
    }
    return node->box.flow == FLOW_COLUMN ? sum_mm : tallest_mm;
}

static void want_height(struct tree *tree, struct node *node, const struct look *look,
                        struct text_shaper *shaper)
{
    float content_mm = fmaxf(own_height(node, look, shaper), children_height(tree, node));
    node->wanted_height_mm =
        at_least(content_mm + pad_down(node), node->box.height_mm, node->box.min_height_mm);
}

// Puts a child at `start_mm`, `top_mm` inside its parent's edges.
static void put_child(const struct node *parent, struct node *child, float start_mm, float top_mm,
                      const struct look *look)
{
    child->area.y_mm = parent->area.y_mm + top_mm;
    if (look->is_mirrored && !parent->box.is_left_to_right) {
        child->area.x_mm =
            parent->area.x_mm + parent->area.width_mm - start_mm - child->area.width_mm;
    } else {
        child->area.x_mm = parent->area.x_mm + start_mm;
    }
}

static void put_placed(const struct node *parent, struct node *child, const struct look *look)
{
    float start_mm = child->box.start_mm;
    float top_mm = child->box.top_mm;
    if (start_mm < 0) {
        start_mm += parent->area.width_mm - child->area.width_mm;
    }
    if (top_mm < 0) {
        top_mm += parent->area.height_mm - child->area.height_mm;
    }
    put_child(parent, child, start_mm, top_mm, look);
}

static float shift_of(enum align align, float free_mm)
{
    switch (align) {
    case ALIGN_CENTER:
        return free_mm / 2;
    case ALIGN_END:
        return free_mm;
    case ALIGN_AUTO:
    case ALIGN_START:
    case ALIGN_STRETCH:
    case ALIGN_SPREAD:
        break;
    }
    return 0;
}

static size_t flowing_children(struct tree *tree, const struct node *parent)
{
    size_t count = 0;
    for (struct node *child = first_child(tree, parent); child != NULL;
         child = next_child(tree, child)) {
        count += child->box.is_placed ? 0 : 1;
    }
    return count;
}

static float used_along(const struct run *run)
{
    float used_mm = 0;
    bool is_first = true;
    for (struct node *child = first_child(run->tree, run->parent); child != NULL;
         child = next_child(run->tree, child)) {
        if (!child->box.is_placed) {
            used_mm += *length_of(child, run->is_width);
            used_mm += is_first ? 0 : run->parent->box.gap_mm;
            is_first = false;
        }
    }
    return used_mm;
}

// Children of a row or column, whose lengths are known, one after another.
static void put_along(const struct run *run, const struct look *look)
{
    const struct node *parent = run->parent;
    float free_mm = inner_of(parent, run->is_width) - used_along(run);
    size_t count = flowing_children(run->tree, parent);
    float extra_mm = parent->box.along == ALIGN_SPREAD && count > 1 && free_mm > 0
                         ? free_mm / (float)(count - 1)
                         : 0;
    float at_mm = shift_of(parent->box.along, free_mm);
    at_mm += run->is_width ? parent->box.pad.start_mm : parent->box.pad.top_mm;
    for (struct node *child = first_child(run->tree, parent); child != NULL;
         child = next_child(run->tree, child)) {
        if (child->box.is_placed) {
            put_placed(parent, child, look);
            continue;
        }
        float across_free_mm = inner_of(parent, !run->is_width) - *length_of(child, !run->is_width);
        float across_mm = shift_of(align_of(parent, child), across_free_mm);
        if (run->is_width) {
            put_child(parent, child, at_mm, parent->box.pad.top_mm + across_mm, look);
        } else {
            put_child(parent, child, parent->box.pad.start_mm + across_mm, at_mm, look);
        }
        at_mm += *length_of(child, run->is_width) + parent->box.gap_mm + extra_mm;
    }
}

static void put_grid(struct tree *tree, struct node *grid, const struct look *look)
{
    float column_mm = column_width(grid) + grid->box.gap_mm;
    float top_mm = grid->box.pad.top_mm;
    for (struct node *child = first_child(tree, grid); child != NULL;) {
        struct node *after = NULL;
        float row_mm = grid_row_height(tree, grid, child, &after);
        unsigned column = 0;
        for (; child != after; child = next_child(tree, child)) {
            child->area.height_mm = row_mm;
            put_child(grid, child, grid->box.pad.start_mm + (float)column * column_mm, top_mm,
                      look);
            column += span_of(child);
        }
        top_mm += row_mm + grid->box.gap_mm;
    }
}

// Children one upon another; each aligned by `along` from top to bottom, by `across` from start.
static void put_stack(struct tree *tree, struct node *parent, const struct look *look)
{
    for (struct node *child = first_child(tree, parent); child != NULL;
         child = next_child(tree, child)) {
        if (child->box.is_placed) {
            put_placed(parent, child, look);
            continue;
        }
        float start_mm =
            shift_of(align_of(parent, child), inner_of(parent, true) - child->area.width_mm);
        float top_mm = shift_of(parent->box.along, inner_of(parent, false) - child->area.height_mm);
        put_child(parent, child, parent->box.pad.start_mm + start_mm,
                  parent->box.pad.top_mm + top_mm, look);
    }
}

static void give_stack_heights(struct tree *tree, struct node *parent)
{
    bool is_stretched = parent->box.along == ALIGN_AUTO || parent->box.along == ALIGN_STRETCH;
    for (struct node *child = first_child(tree, parent); child != NULL;
         child = next_child(tree, child)) {
        bool fills = is_stretched && child->box.height_mm <= 0 && !child->box.is_placed;
        child->area.height_mm = fills ? inner_of(parent, false) : child->wanted_height_mm;
    }
}

static void give_places(struct tree *tree, struct node *parent, const struct look *look)
{
    struct run down = {tree, parent, false};
    struct run across = {tree, parent, true};
    switch (parent->box.flow) {
    case FLOW_GRID:
        put_grid(tree, parent, look);
        return;
    case FLOW_ROW:
        give_across(&down);
        put_along(&across, look);
        return;
    case FLOW_COLUMN:
        give_along(&down);
        give_placed(&down);
        put_along(&down, look);
        return;
    case FLOW_STACK:
        give_stack_heights(tree, parent);
        put_stack(tree, parent, look);
        return;
    }
}

static bool is_centred(const struct node *node)
{
    if (node->text_align != ALIGN_AUTO) {
        return node->text_align == ALIGN_CENTER;
    }
    return node->role == ROLE_BUTTON || node->role == ROLE_KEY || node->role == ROLE_FIELD ||
           node->icon_above;
}

// Text keeps to its top; buttons, badges and the like hold their words in the middle.
static bool is_middled(const struct node *node)
{
    return node->role != ROLE_TEXT && node->role != ROLE_HEADING;
}

struct area layout_inner(const struct node *node, const struct look *look)
{
    const struct edges *pad = &node->box.pad;
    float left_mm = look->is_mirrored ? pad->end_mm : pad->start_mm;
    return (struct area){node->area.x_mm + left_mm, node->area.y_mm + pad->top_mm,
                         fmaxf(node->area.width_mm - pad_across(node), 0),
                         fmaxf(node->area.height_mm - pad_down(node), 0)};
}

static struct layout_content content_above(const struct node *node, struct area inner,
                                           float words_mm)
{
    struct layout_content content = {.words = inner};
    float group_mm = node->icon_mm + icon_gap(node) + words_mm;
    float top_mm = inner.y_mm + fmaxf(inner.height_mm - group_mm, 0) / 2;
    content.icon = (struct area){inner.x_mm + (inner.width_mm - node->icon_mm) / 2, top_mm,
                                 node->icon_mm, node->icon_mm};
    content.words.y_mm = top_mm + node->icon_mm + icon_gap(node);
    content.words.height_mm = words_mm;
    return content;
}

static struct layout_content content_beside(const struct node *node, const struct look *look,
                                            struct area inner, float words_mm[2])
{
    struct layout_content content = {0};
    float icon_mm = has_icon(node) ? node->icon_mm : 0;
    float gap_mm = has_icon(node) && words_mm[0] > 0 ? icon_gap(node) : 0;
    float group_mm = icon_mm + gap_mm + words_mm[0];
    float free_mm = fmaxf(inner.width_mm - group_mm, 0);
    float start_mm = is_centred(node) ? free_mm / 2 : node->text_align == ALIGN_END ? free_mm : 0;
    bool icon_left = node->icon_is_last == look->is_mirrored;
    float left_mm = inner.x_mm + (look->is_mirrored ? free_mm - start_mm : start_mm);
    float middle_mm = inner.y_mm + (inner.height_mm - words_mm[1]) / 2;
    float top_mm = inner.y_mm + fmaxf(icon_mm - words_mm[1], 0) / 2;
    content.words = (struct area){left_mm + (icon_left ? icon_mm + gap_mm : 0),
                                  is_middled(node) ? middle_mm : top_mm, words_mm[0], words_mm[1]};
    float icon_y_mm = is_middled(node) ? inner.y_mm + (inner.height_mm - icon_mm) / 2 : inner.y_mm;
    content.icon = (struct area){left_mm + (icon_left ? 0 : words_mm[0] + gap_mm), icon_y_mm,
                                 icon_mm, icon_mm};
    return content;
}

struct layout_content layout_content(const struct node *node, const struct look *look,
                                     struct text_shaper *shaper)
{
    struct area inner = layout_inner(node, look);
    struct text_lines lines = {0};
    if (layout_words(node)[0] != '\0') {
        break_words(node, look, shaper, node->area.width_mm, &lines);
    }
    float words_mm[2] = {look_mm(look, (float)lines.width_px),
                         look_mm(look, (float)lines.height_px)};
    if (node->icon_above && has_icon(node)) {
        return content_above(node, inner, words_mm[1]);
    }
    return content_beside(node, look, inner, words_mm);
}

// Chosen: on a tint, or in high contrast black on white.
static bool turns_over(const struct node *node)
{
    return node->style == STYLE_BUTTON_SERVICE || node->style == STYLE_BUTTON_OUTLINED ||
           node->style == STYLE_KEY;
}

// What the class says in this state.
static enum colour class_ground(const struct node *node, bool is_pressed, const struct look *look)
{
    const struct style_spec *spec = style_spec(node->style);
    bool is_checked = (node->states & NODE_CHECKED) != 0;
    bool has_tone =
        node->tone != TONE_NONE && (node->style == STYLE_BADGE || node->style == STYLE_NOTICE);
    if (look->is_contrast && (node->style == STYLE_BADGE || node->style == STYLE_TILE ||
                              node->style == STYLE_TILE_PAPER || node->style == STYLE_CHIP)) {
        return COLOUR_NONE;
    }
    if (look->is_contrast && node->style == STYLE_CARD_FIRST) {
        return is_pressed ? COLOUR_ACTION_PRESSED : COLOUR_ACTION;
    }
    if (is_checked && turns_over(node)) {
        return look->is_contrast ? COLOUR_INK : COLOUR_TINT;
    }
    if (is_checked && node->style == STYLE_STEP) {
        return COLOUR_LIGHT;
    }
    if (is_checked && node->style == STYLE_STEP_PAPER) {
        return COLOUR_FIELD;
    }
    if (is_pressed && spec->pressed_ground != COLOUR_INHERIT) {
        return spec->pressed_ground;
    }
    return has_tone ? style_tone(node->tone)->ground : spec->ground;
}

static enum colour class_ink(const struct node *node, const struct look *look)
{
    bool is_checked = (node->states & NODE_CHECKED) != 0;
    if (is_checked && turns_over(node)) {
        return look->is_contrast ? COLOUR_PAGE : COLOUR_ON_TINT;
    }
    if (node->tone != TONE_NONE && node->style == STYLE_BADGE) {
        return style_tone(node->tone)->ink;
    }
    return style_spec(node->style)->ink;
}

static uint64_t mix_hash(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ bytes[i]) * 1099511628211ULL;
    }
    return hash;
}

static uint64_t mix_words(uint64_t hash, const char *words)
{
    return words == NULL ? hash * 31 : mix_hash(hash, words, strlen(words) + 1);
}

static uint64_t digest_of(const struct node *node, const struct look *look, bool is_pressed)
{
    const unsigned visible = NODE_DISABLED | NODE_FOCUSED | NODE_PRESSED | NODE_CHECKED |
                             NODE_INVALID | NODE_HIDDEN | NODE_TYPING;
    const int numbers[] = {
        (int)node->style,
        (int)node->tone,
        (int)node->type,
        (int)node->seen_ground,
        (int)node->seen_ink,
        (int)(node->states & visible),
        (int)is_pressed,
        (int)node->text_align,
        node->draw_value,
        (int)node->modules_count,
        look_px(look, node->area.x_mm),
        look_px(look, node->area.y_mm),
        look_px(look, node->area.width_mm),
        look_px(look, node->area.height_mm),
        look_px(look, node->icon_mm),
        look_px(look, node->cap_mm * 8),
    };
    uint64_t hash = mix_hash(14695981039346656037ULL, numbers, sizeof numbers);
    hash = mix_words(hash, layout_words(node));
    hash = mix_hash(hash, &node->behind, sizeof node->behind);
    hash = mix_words(hash, node->icon);
    if (node->modules != NULL) {
        size_t dots = (size_t)node->modules_count * node->modules_count;
        hash = mix_hash(hash, node->modules, dots);
    }
    return hash;
}

static void resolve_node(struct tree *tree, struct node *node, const struct look *look)
{
    const struct node *parent = tree_parent(tree, node);
    bool is_pressed = (node->states & NODE_PRESSED) != 0;
    if (node->style == STYLE_STUB && parent != NULL) {
        is_pressed = (parent->states & NODE_PRESSED) != 0;
    }
    enum colour under = parent == NULL ? COLOUR_PAGE : parent->seen_ground;
    enum colour ground =
        node->ground != COLOUR_INHERIT ? node->ground : class_ground(node, is_pressed, look);
    bool is_clear = ground == COLOUR_NONE || ground == COLOUR_INHERIT;
    node->seen_ground = is_clear ? under : ground;

    enum colour ink = node->ink != COLOUR_INHERIT ? node->ink : class_ink(node, look);
    enum colour inherited = parent == NULL ? COLOUR_INK : parent->seen_ink;
    node->seen_ink = ink == COLOUR_INHERIT ? inherited : ink;
    if ((node->states & NODE_DISABLED) != 0) {
        node->seen_ink = COLOUR_CONTROL;
    }
    // On the one yellow surface of high contrast everything is black.
    if (look->is_contrast &&
        (node->seen_ground == COLOUR_ACTION || node->seen_ground == COLOUR_ACTION_PRESSED)) {
        node->seen_ink = COLOUR_ON_ACTION;
    }
    node->digest = digest_of(node, look, is_pressed);
}
