// SPDX-License-Identifier: EUPL-1.2
//
// Layout of the slip: 576 dots wide, threshold and never dither, the code in whole dots.
#include "drivers/slip.h"

#include "drivers/qr.h"
#include "ui/canvas.h"
#include "ui/draw.h"
#include "ui/layout.h"
#include "ui/tree.h"
#include "ui/widget.h"

#include <stdlib.h>
#include <string.h>

// 203 dots an inch.
#define DOTS(dots) ((float)(dots) / 8.0F)
#define DOTS_CAP(dots) (DOTS(dots) * STYLE_CAP_PER_SIZE)

enum { SLIP_HEIGHT_DOTS = 1400, MODULE_DOTS = 7, QUIET_DOTS = 28, NUMBER_CHARS_MAX = 6 };

static void build(const struct slip *slip, const struct qr *qr, struct maker maker);
static void add_head(const struct slip *slip, struct maker maker, struct node *page);
static void add_subject(const struct slip *slip, struct maker maker, struct node *page);
static struct node *add_words(struct maker maker, struct node *parent, float dots, bool is_bold,
                              const char *words);
static struct node *add_centred(struct maker maker, struct node *parent, float dots, bool is_bold,
                                const char *words);
static void draw_dashes(const struct node *node, struct canvas *canvas, const struct look *look);
static void add_rule(struct maker maker, struct node *parent);
static void add_code(const struct slip *slip, const struct qr *qr, struct maker maker,
                     struct node *page);

enum err slip_draw(const struct slip *slip, const struct look *look, struct text_shaper *shaper,
                   struct canvas_icons *icons, uint8_t *bits, struct raster *raster)
{
    struct qr qr = {0};
    enum err err = slip->code == NULL ? OK : qr_make(&qr, slip->code);
    if (err != OK) {
        return err;
    }
    struct tree *tree = calloc(1, sizeof *tree);
    struct look *paper = calloc(1, sizeof *paper);
    CHECK(tree != NULL && paper != NULL);
    look_init(paper, PRINTER_WIDTH_DOTS, SLIP_HEIGHT_DOTS, 8.0F);
    look_set_language(paper, look->language);
    look_set_contrast(paper, false);
    build(slip, &qr, (struct maker){.tree = tree, .look = paper});
    layout_tree(tree, paper, shaper);

    struct canvas canvas;
    struct SDL_Surface *surface = canvas_surface_new(PRINTER_WIDTH_DOTS, SLIP_HEIGHT_DOTS);
    canvas_init(&canvas, surface, icons);
    canvas_fill(&canvas, (struct rect_px){0, 0, PRINTER_WIDTH_DOTS, SLIP_HEIGHT_DOTS},
                (struct rgb){255, 255, 255});
    draw_tree(tree, paper, shaper, &canvas);
    memset(bits, 0, SLIP_BYTES);
    canvas_to_bits(&canvas, bits);
    canvas_surface_free(surface);

    const struct node *end = tree_find(tree, "slip.end");
    int height = look_px(paper, end->area.y_mm);
    *raster = (struct raster){.width_dots = PRINTER_WIDTH_DOTS,
                              .height_dots =
                                  (uint16_t)(height < SLIP_HEIGHT_DOTS ? height : SLIP_HEIGHT_DOTS),
                              .bits = bits};
    tree_clear(tree);
    free(tree);
    free(paper);
    return OK;
}

static void build(const struct slip *slip, const struct qr *qr, struct maker maker)
{
    struct node *page = tree_add(maker.tree, NULL, "slip", ROLE_SCREEN, slip->title);
    page->has_text = false;
    page->ground = COLOUR_WHITE;
    page->ink = COLOUR_BLACK;
    page->box.pad = (struct edges){DOTS(24), DOTS(24), DOTS(24), 0};
    page->box.gap_mm = DOTS(14);
    add_head(slip, maker, page);
    add_rule(maker, page);
    add_centred(maker, page, 36, true, slip->title);
    bool is_long = strlen(slip->number) > NUMBER_CHARS_MAX; // a reference: still read at a glance
    struct node *number = add_centred(maker, page, is_long ? 56 : 208, true, slip->number);
    number->is_nowrap = !is_long;
    if (slip->time != NULL) {
        struct node *time = add_centred(maker, page, 52, true, slip->time);
        time->style = STYLE_SLIP_BAR;
        time->ground = COLOUR_BLACK;
        time->ink = COLOUR_WHITE;
        time->box.pad = (struct edges){DOTS(12), DOTS(8), DOTS(12), DOTS(8)};
    }
    struct node *words = widget_column(maker, page, 0);
    if (slip->wait != NULL) {
        add_centred(maker, words, 34, false, slip->wait);
    }
    add_centred(maker, words, 34, false, slip->todo);
    struct node *tear = tree_add(maker.tree, page, NULL, ROLE_IMAGE, NULL);
    tear->box.height_mm = DOTS(4);
    tear->draw = draw_dashes;
    if (slip->subject != NULL) {
        add_subject(slip, maker, page);
    }
    if (slip->code != NULL) {
        add_code(slip, qr, maker, page);
    }
    add_rule(maker, page);
    struct node *foot = widget_column(maker, page, 0);
    add_centred(maker, foot, 30, false, slip->help);
    add_centred(maker, foot, 30, false, slip->privacy);
    (void)widget_space(maker, page, DOTS(24));
    struct node *mark = tree_add(maker.tree, page, "slip.end", ROLE_GROUP, NULL);
    mark->box.height_mm = DOTS(1);
}

static void add_head(const struct slip *slip, struct maker maker, struct node *page)
{
    struct node *head = widget_column(maker, page, DOTS(4));
    struct node *row = widget_row(maker, head, DOTS(16));
    row->box.along = ALIGN_CENTER;
    row->box.across = ALIGN_CENTER;
    widget_mark(maker, row, DOTS(48));
    add_words(maker, row, 34, true, slip->town);
    if (slip->copy != NULL) {
        add_words(maker, row, 34, true, slip->copy);
    }
    add_centred(maker, head, 28, false, slip->date);
}

static void add_subject(const struct slip *slip, struct maker maker, struct node *page)
{
    struct node *row = widget_row(maker, page, DOTS(20));
    row->box.across = ALIGN_CENTER;
    if (slip->picture != NULL) {
        widget_icon(maker, row, slip->picture, DOTS(96));
    }
    struct node *column = widget_column(maker, row, 0);
    column->box.grow = 1;
    add_words(maker, column, 36, true, slip->subject);
    if (slip->bring != NULL) {
        add_words(maker, column, 32, false, slip->bring);
    }
}

static struct node *add_centred(struct maker maker, struct node *parent, float dots, bool is_bold,
                                const char *words)
{
    struct node *node = add_words(maker, parent, dots, is_bold, words);
    node->text_align = ALIGN_CENTER;
    return node;
}

// Where the slip may be torn.
static void draw_dashes(const struct node *node, struct canvas *canvas, const struct look *look)
{
    int x = look_px(look, node->area.x_mm);
    int y = look_px(look, node->area.y_mm);
    int end = look_px(look, node->area.x_mm + node->area.width_mm);
    for (; x + 8 <= end; x += 12) {
        canvas_fill(canvas, (struct rect_px){x, y, 8, 4}, (struct rgb){0, 0, 0});
    }
}

static struct node *add_words(struct maker maker, struct node *parent, float dots, bool is_bold,
                              const char *words)
{
    struct node *node =
        widget_text(maker, parent, NULL, is_bold ? TYPE_BODY_BOLD : TYPE_BODY, words);
    node->cap_mm = DOTS_CAP(dots);
    node->ink = COLOUR_BLACK;
    return node;
}

static void add_rule(struct maker maker, struct node *parent)
{
    struct node *rule = widget_space(maker, parent, DOTS(4));
    rule->ground = COLOUR_BLACK;
}

static void add_code(const struct slip *slip, const struct qr *qr, struct maker maker,
                     struct node *page)
{
    struct node *row = widget_row(maker, page, DOTS(20));
    row->box.across = ALIGN_CENTER;
    row->box.pad.start_mm = DOTS(QUIET_DOTS - 24); // the margin is part of the quiet zone
    struct node *quiet = widget_column(maker, row, 0);
    // Words beside it never push into the quiet zone.
    quiet->box.width_mm = DOTS((float)(qr->modules_count * MODULE_DOTS)) + DOTS(QUIET_DOTS - 20);
    quiet->box.pad =
        (struct edges){0, DOTS(QUIET_DOTS - 14), DOTS(QUIET_DOTS - 20), DOTS(QUIET_DOTS - 14)};
    struct node *code = tree_add(maker.tree, quiet, "slip.code", ROLE_QR, NULL);
    code->modules = qr->modules;
    code->modules_count = qr->modules_count;
    code->box.width_mm = DOTS((float)(qr->modules_count * MODULE_DOTS));
    code->box.height_mm = code->box.width_mm;
    // Never narrower: the words beside it would run into the code.
    quiet->box.width_mm = code->box.width_mm + quiet->box.pad.start_mm + quiet->box.pad.end_mm;
    struct node *words = add_words(maker, row, 32, false, slip->follow);
    words->box.grow = 1;
}
