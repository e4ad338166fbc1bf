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

enum { SLIP_HEIGHT_DOTS = 1400, MODULE_DOTS = 7, QUIET_DOTS = 28 };

static void build(const struct slip *slip, const struct qr *qr, struct maker maker);
static struct node *add_words(struct maker maker, struct node *parent, float dots, bool is_bold,
                              const char *words);
static void add_rule(struct maker maker, struct node *parent);
static void add_code(const struct slip *slip, const struct qr *qr, struct maker maker,
                     struct node *page);

enum err slip_draw(const struct slip *slip, const struct look *look, struct text_shaper *shaper,
                   struct canvas_icons *icons, uint8_t *bits, struct raster *raster)
{
    struct qr qr;
    enum err err = qr_make(&qr, slip->code);
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
    struct node *head = widget_row(maker, page, DOTS(16));
    head->box.across = ALIGN_CENTER;
    struct node *town = add_words(maker, head, 34, true, slip->town);
    town->box.grow = 1;
    if (slip->copy != NULL) {
        add_words(maker, head, 34, true, slip->copy);
    }
    add_rule(maker, page);
    add_words(maker, page, 36, false, slip->title);
    struct node *number = add_words(maker, page, 208, true, slip->number);
    number->text_align = ALIGN_CENTER;
    number->is_nowrap = true;
    if (slip->time != NULL) {
        struct node *time = add_words(maker, page, 52, true, slip->time);
        time->style = STYLE_SLIP_BAR;
        time->ground = COLOUR_BLACK;
        time->ink = COLOUR_WHITE;
        time->text_align = ALIGN_CENTER;
        time->box.pad = (struct edges){DOTS(12), DOTS(8), DOTS(12), DOTS(8)};
    }
    add_words(maker, page, 36, false, slip->todo);
    add_rule(maker, page);
    if (slip->subject != NULL) {
        struct node *row = widget_row(maker, page, DOTS(16));
        row->box.across = ALIGN_CENTER;
        if (slip->picture != NULL) {
            widget_icon(maker, row, slip->picture, DOTS(80));
        }
        struct node *subject = add_words(maker, row, 40, true, slip->subject);
        subject->box.grow = 1;
    }
    add_code(slip, qr, maker, page);
    add_rule(maker, page);
    add_words(maker, page, 30, false, slip->privacy);
    struct node *end = widget_space(maker, page, DOTS(24));
    (void)end;
    struct node *mark = tree_add(maker.tree, page, "slip.end", ROLE_GROUP, NULL);
    mark->box.height_mm = DOTS(1);
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
