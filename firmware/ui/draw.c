// SPDX-License-Identifier: EUPL-1.2
//
// Paints the classes: ground, border, bites, then icon and words; focus rings last, over
// everything.
#include "ui/draw.h"

#include "base/err.h"
#include "ui/layout.h"

#include <math.h>
#include <string.h>

#define DESCENDER_MM 5.0F // the longest that leaves its line
#define FOCUS_INNER_MM DRAWN(6)
#define FOCUS_OUTER_MM DRAWN(5)
#define PRESSED_BORDER_MM DRAWN(4)
#define INVALID_BORDER_MM DRAWN(5)
#define BITE_MM DRAWN(20)        // radius at a stub
#define TICKET_BITE_MM DRAWN(34) // radius at a ticket's tear line
#define TICKET_RADIUS_MM DRAWN(24)

// Everything a node's painting needs.
struct brush {
    const struct tree *tree;
    const struct look *look;
    struct text_shaper *shaper;
    struct canvas *canvas;
};

static void draw_node(const struct brush *brush, const struct node *node);
static void draw_focus(const struct brush *brush, const struct node *node);

void draw_tree(const struct tree *tree, const struct look *look, struct text_shaper *shaper,
               struct canvas *canvas)
{
    const struct brush brush = {tree, look, shaper, canvas};
    for (size_t i = 0; i < tree->nodes_count; i++) {
        const struct node *node = &tree->nodes[i];
        if (rect_px_meets(draw_reach(node, look), canvas->clip)) {
            draw_node(&brush, node);
        }
    }
    for (size_t i = 0; i < tree->nodes_count; i++) {
        if ((tree->nodes[i].states & NODE_FOCUSED) != 0) {
            draw_focus(&brush, &tree->nodes[i]);
        }
    }
}

static struct rect_px grown(struct rect_px rect, int by_px)
{
    return (struct rect_px){rect.x - by_px, rect.y - by_px, rect.width + 2 * by_px,
                            rect.height + 2 * by_px};
}

static int quiet_px(const struct node *node, const struct look *look)
{
    struct rect_px rect = draw_rect(look, node->area);
    return 4 * (rect.width / (int)node->modules_count);
}

struct rect_px draw_reach(const struct node *node, const struct look *look)
{
    struct rect_px rect = draw_rect(look, node->area);
    if (node->style == STYLE_STUB || node->style == STYLE_TEAR || node->style == STYLE_TEAR_DOWN) {
        rect = grown(rect, look_px(look, TICKET_BITE_MM) + 2); // its bites reach out of it
    }
    if (node->modules != NULL) {
        rect = grown(rect, quiet_px(node, look));
    }
    if (layout_words(node)[0] != '\0') {
        // Descenders hang out of a tight line; what is left of them under the next words looks like
        // dirt on the glass.
        int hangs_px = look_px(look, DESCENDER_MM);
        rect = grown(rect, (rect.height / 2 < hangs_px ? rect.height / 2 : hangs_px) + 1);
    }
    if ((node->states & NODE_FOCUSED) == 0) {
        return rect;
    }
    return grown(rect, look_px(look, FOCUS_INNER_MM) + look_px(look, FOCUS_OUTER_MM) + 1);
}

// Edges are rounded, not sizes, so that neighbours neither overlap nor part.
struct rect_px draw_rect(const struct look *look, struct area area)
{
    int x = look_px(look, area.x_mm);
    int y = look_px(look, area.y_mm);
    return (struct rect_px){x, y, look_px(look, area.x_mm + area.width_mm) - x,
                            look_px(look, area.y_mm + area.height_mm) - y};
}

static struct rgb colour_of(const struct brush *brush, enum colour role)
{
    return theme_colour(brush->look->theme, role);
}

static struct rgb ground_behind(const struct brush *brush, const struct node *node)
{
    const struct node *parent = tree_parent(brush->tree, node);
    return colour_of(brush, parent == NULL ? COLOUR_PAGE : parent->seen_ground);
}

static float radius_px(const struct brush *brush, const struct node *node)
{
    const struct theme *theme = brush->look->theme;
    float scale = brush->look->px_per_mm;
    switch (style_spec(node->style)->radius) {
    case RADIUS_CONTROL:
        return theme->control_radius_mm * scale;
    case RADIUS_CARD:
        return theme->card_radius_mm * scale;
    case RADIUS_PILL:
        return fminf(node->area.height_mm, node->area.width_mm) * scale / 2.0f;
    case RADIUS_TICKET:
        return TICKET_RADIUS_MM * scale;
    case RADIUS_NONE:
        break;
    }
    return 0.0f;
}

static bool is_control(enum style style)
{
    return style == STYLE_CARD || style == STYLE_CARD_STRONG || style == STYLE_CARD_FIRST ||
           style == STYLE_CARD_TICKET || style == STYLE_BUTTON_OUTLINED ||
           style == STYLE_BUTTON_STOP || style == STYLE_BUTTON_SERVICE || style == STYLE_KEY;
}

struct border {
    enum colour colour;
    float width_mm;
};

static struct border border_of(const struct brush *brush, const struct node *node)
{
    const struct style_spec *spec = style_spec(node->style);
    bool is_as_ink = spec->border == COLOUR_INHERIT; // key caps
    struct border border = {is_as_ink ? node->seen_ink : spec->border, spec->border_mm};
    bool is_contrast = brush->look->is_contrast;
    if (node->tone != TONE_NONE && node->style == STYLE_NOTICE) {
        border.colour = style_tone(node->tone)->edge;
    }
    if ((node->states & NODE_PRESSED) != 0 && is_control(node->style)) {
        border = (struct border){spec->pressed_border, PRESSED_BORDER_MM};
    } else if ((node->states & NODE_CHECKED) != 0 && is_control(node->style)) {
        border = (struct border){is_contrast ? COLOUR_INK : COLOUR_ACTION, PRESSED_BORDER_MM};
    }
    if ((node->states & NODE_INVALID) != 0) {
        border = (struct border){COLOUR_STOP_INK, INVALID_BORDER_MM};
    }
    if (is_contrast && (node->style == STYLE_TICKET || node->style == STYLE_CALL_NEW)) {
        border = (struct border){COLOUR_LINE, DRAWN(4)};
    }
    if (is_contrast && border.width_mm > 0) {
        border.width_mm = fmaxf(border.width_mm, DRAWN(4));
    }
    return border;
}

// A stub is the end of its card: the card's own shape, cut off at the stub's place.
static void paint_stub(const struct brush *brush, const struct node *node)
{
    const struct node *card = tree_parent(brush->tree, node);
    struct canvas part = *brush->canvas;
    if (card == NULL || brush->look->is_contrast) {
        return;
    }
    part.clip = rect_px_common(part.clip, draw_rect(brush->look, node->area));
    canvas_round(&part, draw_rect(brush->look, card->area), radius_px(brush, card),
                 colour_of(brush, node->seen_ground));
}

// The head of a card keeps to the card's rounded shape, inside its border.
static void paint_head(const struct brush *brush, const struct node *node)
{
    const struct node *card = tree_parent(brush->tree, node);
    if (card == NULL) {
        return;
    }
    struct canvas part = *brush->canvas;
    int border = look_px(brush->look, border_of(brush, card).width_mm);
    part.clip = rect_px_common(part.clip, draw_rect(brush->look, node->area));
    canvas_round(&part, grown(draw_rect(brush->look, card->area), -border),
                 fmaxf(radius_px(brush, card) - (float)border, 0.0f),
                 colour_of(brush, node->seen_ground));
}

static void paint_ground(const struct brush *brush, const struct node *node)
{
    bool is_own = node->ground != COLOUR_INHERIT && node->ground != COLOUR_NONE;
    const struct style_spec *spec = style_spec(node->style);
    struct rect_px rect = draw_rect(brush->look, node->area);
    struct border border = border_of(brush, node);
    const struct node *parent = tree_parent(brush->tree, node);
    bool is_clear = spec->ground == COLOUR_NONE && !is_own &&
                    (parent == NULL || parent->seen_ground == node->seen_ground);
    bool is_line =
        node->style == STYLE_ROW || node->style == STYLE_ROW_MARKED || node->style == STYLE_BAR;
    if (!is_clear) {
        canvas_round(brush->canvas, rect, radius_px(brush, node),
                     colour_of(brush, node->seen_ground));
    }
    if (border.width_mm > 0 && border.colour != COLOUR_NONE && !is_line) {
        canvas_frame(brush->canvas, rect, radius_px(brush, node),
                     border.width_mm * brush->look->px_per_mm, colour_of(brush, border.colour));
    }
}

struct bite {
    float x_px;
    float y_px;
    float radius_px;
    struct rgb ground; // of what lies behind the card
    bool has_edge;
    struct rgb edge;
    float edge_px;
};

// A half-round bite in a card's edge: what is behind shows through, the border goes round it.
static void paint_bite(const struct brush *brush, struct rect_px card, const struct bite *bite)
{
    struct canvas inside = *brush->canvas;
    inside.clip = rect_px_common(inside.clip, card);
    if (bite->has_edge) {
        canvas_disc(&inside, bite->x_px, bite->y_px, bite->radius_px + bite->edge_px / 2.0f,
                    bite->edge);
    }
    canvas_disc(&inside, bite->x_px, bite->y_px,
                bite->radius_px - (bite->has_edge ? bite->edge_px / 2.0f : 0.0f), bite->ground);
}

static void paint_two_bites(const struct brush *brush, struct rect_px card, struct bite bite,
                            bool is_across)
{
    float x = bite.x_px;
    float y = bite.y_px;
    bite.x_px = is_across ? (float)card.x : x;
    bite.y_px = is_across ? y : (float)card.y;
    paint_bite(brush, card, &bite);
    bite.x_px = is_across ? (float)(card.x + card.width) : x;
    bite.y_px = is_across ? y : (float)(card.y + card.height);
    paint_bite(brush, card, &bite);
}

// Dashes where high contrast has no second surface to show the tear.
static void paint_dashes(const struct brush *brush, struct rect_px rect, struct rgb colour)
{
    int dash = look_px(brush->look, DRAWN(12));
    int line = look_px(brush->look, DRAWN(5));
    int gap = look_px(brush->look, DRAWN(8));
    for (int x = rect.x; x < rect.x + rect.width; x += dash + gap) {
        int width = x + dash > rect.x + rect.width ? rect.x + rect.width - x : dash;
        canvas_fill(brush->canvas, (struct rect_px){x, rect.y, width, line}, colour);
    }
}

static void paint_stub_bites(const struct brush *brush, const struct node *node)
{
    const struct node *card = tree_parent(brush->tree, node);
    if (card == NULL) {
        return;
    }
    struct rect_px stub = draw_rect(brush->look, node->area);
    struct rect_px rect = draw_rect(brush->look, card->area);
    bool is_strip = stub.width * 10 >= rect.width * 9;
    if (brush->look->is_contrast) {
        if (is_strip) {
            paint_dashes(brush, stub, colour_of(brush, node->seen_ink));
        }
        return;
    }
    bool is_at_left = stub.x - rect.x < rect.width / 2;
    float least_mm = fminf(card->area.height_mm, card->area.width_mm);
    struct border border = border_of(brush, card);
    struct bite bite = {
        .x_px = (float)(is_at_left ? stub.x + stub.width : stub.x),
        .y_px = (float)stub.y,
        .radius_px = fminf(BITE_MM, least_mm * 0.11f) * brush->look->px_per_mm,
        .ground = ground_behind(brush, card),
        .has_edge = true,
        .edge = colour_of(brush, border.colour),
        .edge_px = border.width_mm * brush->look->px_per_mm,
    };
    paint_two_bites(brush, rect, bite, is_strip);
}

static void paint_tear_line(const struct brush *brush, const struct node *node, bool is_across,
                            float bite_px)
{
    // From bite to bite, whatever the card's padding is.
    const struct node *card = tree_parent(brush->tree, node);
    struct rect_px rect = draw_rect(brush->look, node->area);
    if (is_across && card != NULL) {
        struct rect_px whole = draw_rect(brush->look, card->area);
        rect.x = whole.x;
        rect.width = whole.width;
    }
    float scale = brush->look->px_per_mm;
    float air = bite_px + DRAWN(12) * scale;
    float x = (float)rect.x + (float)rect.width / 2.0f;
    float y = (float)rect.y + (float)rect.height / 2.0f;
    bool is_dark = node->seen_ground == COLOUR_FIELD;
    struct canvas_dots dots = {
        .x0_px = is_across ? (float)rect.x + air : x,
        .y0_px = is_across ? y : (float)rect.y + air,
        .x1_px = is_across ? (float)(rect.x + rect.width) - air : x,
        .y1_px = is_across ? y : (float)(rect.y + rect.height) - air,
        .dot_px = DRAWN(6) * scale,
        .pitch_px = DRAWN(12) * scale,
    };
    canvas_dots(brush->canvas, dots,
                colour_of(brush, is_dark ? COLOUR_FIELD_NEAR : style_spec(node->style)->border));
}

// The tear line of a ticket (across) or of a call (down) with its two bites.
static void paint_tear(const struct brush *brush, const struct node *node)
{
    const struct node *card = tree_parent(brush->tree, node);
    if (card == NULL) {
        return;
    }
    bool is_across = node->style == STYLE_TEAR;
    float least_mm = fminf(card->area.height_mm, card->area.width_mm);
    float radius_mm = is_across ? TICKET_BITE_MM : fminf(DRAWN(26), least_mm * 0.11f);
    struct border border = border_of(brush, card);
    struct bite bite = {
        .x_px = (node->area.x_mm + node->area.width_mm / 2) * brush->look->px_per_mm,
        .y_px = (node->area.y_mm + node->area.height_mm / 2) * brush->look->px_per_mm,
        .radius_px = radius_mm * brush->look->px_per_mm,
        .ground = ground_behind(brush, card),
        .has_edge = border.width_mm > 0,
        .edge = colour_of(brush, border.colour),
        .edge_px = border.width_mm * brush->look->px_per_mm,
    };
    paint_two_bites(brush, draw_rect(brush->look, card->area), bite, is_across);
    paint_tear_line(brush, node, is_across, bite.radius_px);
}

// A strip at the start edge, within the node's own rounded shape.
static void paint_start_edge(const struct brush *brush, const struct node *node, float width_mm,
                             enum colour role)
{
    struct rect_px rect = draw_rect(brush->look, node->area);
    struct rect_px edge = rect;
    edge.width = look_px(brush->look, width_mm);
    if (brush->look->is_mirrored) {
        edge.x = rect.x + rect.width - edge.width;
    }
    struct canvas part = *brush->canvas;
    part.clip = rect_px_common(part.clip, edge);
    canvas_round(&part, rect, radius_px(brush, node), colour_of(brush, role));
}

static void paint_line(const struct brush *brush, const struct node *node, bool is_at_top)
{
    struct rect_px rect = draw_rect(brush->look, node->area);
    int height = look_px(brush->look, brush->look->is_contrast ? DRAWN(3) : DRAWN(2));
    height = height < 1 ? 1 : height;
    int y = is_at_top ? rect.y : rect.y + rect.height - height;
    canvas_fill(brush->canvas, (struct rect_px){rect.x, y, rect.width, height},
                colour_of(brush, COLOUR_LINE));
}

static void paint_plate(const struct brush *brush, const struct node *node)
{
    struct rect_px rect = draw_rect(brush->look, node->area);
    int border = look_px(brush->look, DRAWN(4));
    struct rect_px blue = grown(rect, -border);
    blue.width = look_px(brush->look, DRAWN(92)); // the country is at the left in every language
    canvas_fill(brush->canvas, blue, colour_of(brush, COLOUR_PLATE_BLUE));
}

static void paint_whole_stub(const struct brush *brush, const struct node *node)
{
    paint_stub(brush, node);
    paint_stub_bites(brush, node);
}

static void paint_bar(const struct brush *brush, const struct node *node)
{
    paint_ground(brush, node);
    paint_line(brush, node, true);
}

static void paint_row(const struct brush *brush, const struct node *node)
{
    paint_ground(brush, node);
    paint_line(brush, node, false);
}

static void paint_field(const struct brush *brush, const struct node *node)
{
    paint_ground(brush, node);
    if (brush->look->is_contrast) {
        paint_line(brush, node, false);
    }
}

static void paint_marked_row(const struct brush *brush, const struct node *node)
{
    paint_row(brush, node);
    paint_start_edge(brush, node, style_spec(node->style)->border_mm, COLOUR_ACTION);
}

static void paint_new_call(const struct brush *brush, const struct node *node)
{
    paint_ground(brush, node);
    paint_start_edge(brush, node, DRAWN(36), COLOUR_LIGHT);
}

static void paint_whole_plate(const struct brush *brush, const struct node *node)
{
    paint_ground(brush, node);
    paint_plate(brush, node);
}

typedef void (*paint_fn)(const struct brush *brush, const struct node *node);

// Classes that are more than a ground with a border.
static const paint_fn paints[STYLES_COUNT] = {
    [STYLE_STUB] = paint_whole_stub,   [STYLE_TEAR] = paint_tear,
    [STYLE_TEAR_DOWN] = paint_tear,    [STYLE_BAR] = paint_bar,
    [STYLE_HEAD] = paint_head,         [STYLE_ROW] = paint_row,
    [STYLE_FIELD] = paint_field,       [STYLE_ROW_MARKED] = paint_marked_row,
    [STYLE_CALL_NEW] = paint_new_call, [STYLE_PLATE] = paint_whole_plate,
};

static void paint_class(const struct brush *brush, const struct node *node)
{
    paint_fn paint = paints[node->style] == NULL ? paint_ground : paints[node->style];
    paint(brush, node);
}

static struct icon_colours icon_colours_of(const struct brush *brush, const struct node *node)
{
    struct rgb ink = colour_of(brush, node->seen_ink);
    struct rgb ground = colour_of(brush, node->seen_ground);
    bool is_picture = strncmp(node->icon, "picto-", 6) == 0;
    if (!is_picture || brush->look->is_contrast) {
        return (struct icon_colours){ink, is_picture ? ground : ink, is_picture ? ground : ink,
                                     ground};
    }
    if (node->tone != TONE_NONE) {
        const struct tone_spec *tone = style_tone(node->tone);
        return (struct icon_colours){
            colour_of(brush, tone->ink), colour_of(brush, COLOUR_PICTURE_PAPER),
            colour_of(brush, tone->edge), colour_of(brush, COLOUR_PICTURE_PAPER)};
    }
    return (struct icon_colours){
        colour_of(brush, COLOUR_PICTURE_LINE), colour_of(brush, COLOUR_PICTURE_TINT),
        colour_of(brush, COLOUR_PICTURE_ACCENT), colour_of(brush, COLOUR_PICTURE_PAPER)};
}

static void paint_icon(const struct brush *brush, const struct node *node, struct area area)
{
    struct icon_colours colours = icon_colours_of(brush, node);
    bool is_mirrored = node->icon_mirrors && brush->look->is_mirrored;
    (void)canvas_icon(brush->canvas, node->icon, draw_rect(brush->look, area), is_mirrored,
                      &colours); // a missing picture leaves its place empty; tests look for it
}

static int physical_align(const struct brush *brush, const struct node *node)
{
    enum align align = node->text_align;
    if (align == ALIGN_AUTO && (node->icon_above || node->role == ROLE_BUTTON ||
                                node->role == ROLE_KEY || node->role == ROLE_FIELD)) {
        align = ALIGN_CENTER;
    }
    if (align == ALIGN_CENTER) {
        return 0;
    }
    return (align == ALIGN_END) == brush->look->is_mirrored ? -1 : 1;
}

static void paint_lines(const struct brush *brush, const struct node *node,
                        const struct text_setting *setting, const struct text_lines *broken,
                        struct rect_px room)
{
    int y = room.y;
    int top_px = look_px(brush->look, layout_inner(node, brush->look).y_mm);
    for (size_t i = 0; i < broken->lines_count; i++, y += setting->line_px) {
        if (node->scrolls && y + setting->line_px <= top_px) {
            continue; // scrolled away, with all that hangs out of it
        }
        const struct text_piece piece = {
            .words = layout_words(node),
            .line = broken->lines[i],
            .place = {room.x, y, room.width, physical_align(brush, node)},
            .colour = colour_of(brush, node->seen_ink),
        };
        text_draw_line(brush->shaper, brush->canvas, setting, &piece);
    }
}

static bool has_caret(const struct node *node)
{
    return node->role == ROLE_FIELD && (node->states & NODE_TYPING) != 0;
}

// The line the caret stands in; one more than there are after a line end.
static size_t caret_line(const struct node *node, const struct text_lines *lines)
{
    size_t len = strlen(node->value);
    size_t caret = len - (node->behind < len ? node->behind : len);
    size_t at = 0;
    while (at + 1 < lines->lines_count && lines->lines[at + 1].from <= caret) {
        at += 1;
    }
    bool is_after_end = caret == len && len > 0 && node->value[len - 1] == '\n';
    return is_after_end ? lines->lines_count : at;
}

// Where typing goes on: as far into its line as the words before it are wide.
static struct rect_px caret_place(const struct brush *brush, const struct node *node,
                                  const struct text_setting *setting,
                                  const struct text_lines *lines, struct rect_px room)
{
    struct rect_px caret = {0, 0, look_px(brush->look, DRAWN(5)), setting->size_px};
    size_t len = strlen(node->value);
    size_t at = caret_line(node, lines);
    int line_px = lines->lines_count > 1 || !node->is_nowrap ? setting->line_px : room.height;
    caret.y = room.y + (int)at * setting->line_px + (line_px - caret.height) / 2;
    struct text_line none = {.from = len};
    const struct text_line *line = at < lines->lines_count ? &lines->lines[at] : &none;
    size_t before = len - (node->behind < len ? node->behind : len) - line->from;
    int before_px = text_width(brush->shaper, setting, node->value + line->from, before);
    int align = physical_align(brush, node);
    int free_px = room.width - line->width_px;
    int left_px = room.x + (align < 0 ? 0 : align == 0 ? free_px / 2 : free_px);
    bool is_between = node->behind > 0 && setting->space_px == 0;
    int air_px = is_between ? -caret.width / 2 : setting->space_px;
    caret.x = setting->is_mirrored ? left_px + line->width_px - before_px - caret.width - air_px
                                   : left_px + before_px + air_px;
    return caret;
}

// Moves what is longer than its field so far that the caret is seen.
static void scroll_to(struct rect_px inner, int line_px, struct rect_px *room,
                      struct rect_px *caret)
{
    int across = 0;
    int down = 0;
    if (caret->x + caret->width > inner.x + inner.width) {
        across = inner.x + inner.width - caret->x - caret->width;
    } else if (caret->x < inner.x) {
        across = inner.x - caret->x;
    }
    if (caret->y + caret->height > inner.y + inner.height) {
        int over_px = caret->y + caret->height - inner.y - inner.height;
        down = -(over_px + line_px - 1) / line_px * line_px; // by whole lines
    }
    room->x += across;
    caret->x += across;
    room->y += down;
    caret->y += down;
}

// What somebody types, with the caret.
static void paint_typed(const struct brush *brush, const struct node *node, struct area area)
{
    struct text_setting setting = layout_setting(node, brush->look);
    struct rect_px room = draw_rect(brush->look, area);
    struct rect_px inner = draw_rect(brush->look, layout_inner(node, brush->look));
    struct text_lines lines;
    setting.room_px = node->is_nowrap ? 0 : inner.width;
    text_break(brush->shaper, brush->look, node->value, &setting, &lines);
    struct brush part = *brush;
    struct canvas inside = *brush->canvas;
    part.canvas = &inside;
    room.y = node->is_nowrap ? room.y : inner.y;
    struct rect_px caret = caret_place(brush, node, &setting, &lines, room);
    if (node->scrolls) {
        if (has_caret(node)) {
            scroll_to(inner, setting.line_px, &room, &caret);
        }
        struct rect_px seen = draw_rect(brush->look, node->area);
        seen.x = inner.x;
        seen.width = inner.width;
        inside.clip = rect_px_common(inside.clip, node->is_nowrap ? seen : inner);
    }
    paint_lines(&part, node, &setting, &lines, room);
    if (has_caret(node)) {
        canvas_fill(&inside, caret, colour_of(brush, COLOUR_INK));
    }
}

static void paint_words(const struct brush *brush, const struct node *node, struct area area)
{
    if (node->role == ROLE_FIELD) {
        paint_typed(brush, node, area);
        return;
    }
    struct text_setting setting = layout_setting(node, brush->look);
    struct rect_px room = draw_rect(brush->look, area);
    struct text_lines lines;
    setting.room_px = node->is_nowrap ? 0 : room.width + 1;
    text_break(brush->shaper, brush->look, layout_words(node), &setting, &lines);
    paint_lines(brush, node, &setting, &lines, room);
}

// Scanners need black on white and four white modules around, whatever the theme.
static void paint_code(const struct brush *brush, const struct node *node)
{
    struct rect_px rect = draw_rect(brush->look, node->area);
    canvas_fill(brush->canvas, grown(rect, quiet_px(node, brush->look)),
                colour_of(brush, COLOUR_WHITE));
    (void)canvas_qr(brush->canvas, rect, node->modules, node->modules_count,
                    colour_of(brush, COLOUR_BLACK)); // too small a place shows nothing
}

static void draw_node(const struct brush *brush, const struct node *node)
{
    if ((node->states & NODE_HIDDEN) != 0) {
        return;
    }
    paint_class(brush, node);
    bool has_words = layout_words(node)[0] != '\0';
    if (has_words || has_caret(node) || node->icon != NULL) {
        struct layout_content content = layout_content(node, brush->look, brush->shaper);
        if (node->icon != NULL) {
            paint_icon(brush, node, content.icon);
        }
        if (has_words || has_caret(node)) {
            paint_words(brush, node, content.words);
        }
    }
    if (node->modules != NULL) {
        paint_code(brush, node);
    }
    if (node->draw != NULL) {
        node->draw(node, brush->canvas, brush->look);
    }
}

// Two tones, always both: one of them stands out from whatever is behind.
static void draw_focus(const struct brush *brush, const struct node *node)
{
    const struct look *look = brush->look;
    bool is_contrast = look->is_contrast;
    int inner = look_px(look, is_contrast ? FOCUS_OUTER_MM : FOCUS_INNER_MM);
    int outer = look_px(look, is_contrast ? FOCUS_INNER_MM : FOCUS_OUTER_MM);
    struct rect_px rect = draw_rect(look, node->area);
    float radius = radius_px(brush, node);
    // Yellow would merge with the number plate.
    bool is_plate = node->style == STYLE_PLATE && !is_contrast;
    canvas_frame(brush->canvas, grown(rect, inner), radius + (float)inner, (float)inner,
                 colour_of(brush, is_plate ? COLOUR_WHITE : COLOUR_FOCUS_INNER));
    canvas_frame(brush->canvas, grown(rect, inner + outer), radius + (float)(inner + outer),
                 (float)outer, colour_of(brush, COLOUR_FOCUS_OUTER));
}
