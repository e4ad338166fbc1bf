// SPDX-License-Identifier: EUPL-1.2
//
// The sheets that stand beside the context: how did it end, where should it go, why this order.
// They never cover the visitor's name.
#include "apps/counter/parts.h"

#include <stdio.h>

static struct node *sheet_head(struct parts parts, struct node *card, const char *title,
                               const char *question);
static void finish_sheet(struct parts parts, struct node *card);
static void finish_choice(struct parts parts, struct node *card, unsigned choice);
static void transfer_sheet(struct parts parts, struct node *card);
static void why_sheet(struct parts parts, struct node *card);

void parts_sheet(struct parts parts, struct node *parent)
{
    struct node *card = widget_column(parts.maker, parent, DESK_PX(8));
    card->style = STYLE_CARD_STRONG;
    card->box.width_mm = DESK_PX(508);
    card->box.pad = (struct edges){DESK_PX(22), DESK_PX(14), DESK_PX(20), DESK_PX(14)};
    switch (parts.desk->sheet) {
    case SHEET_NONE:
        break;
    case SHEET_FINISH:
        finish_sheet(parts, card);
        break;
    case SHEET_TRANSFER:
        transfer_sheet(parts, card);
        break;
    case SHEET_WHY:
        why_sheet(parts, card);
        break;
    }
}

static struct node *sheet_head(struct parts parts, struct node *card, const char *title,
                               const char *question)
{
    struct node *row = widget_row(parts.maker, card, DESK_PX(10));
    row->box.across = ALIGN_CENTER;
    struct node *words = parts_words(parts, row, parts.maker.look->is_large ? 20 : 23, true, title);
    words->box.grow = 1;
    struct node *close =
        parts_button(parts, row,
                     (struct parts_button){.id = "close",
                                           .words = parts_phrase(parts, "counter.close"),
                                           .cap = "Esc",
                                           .key = KEY_ESCAPE,
                                           .style = STYLE_BUTTON_TEXT,
                                           .height_px = 36});
    close->box.grow = 0;
    close->box.pad = (struct edges){DESK_PX(12), 0, 0, 0};
    if (question != NULL) {
        struct node *below = parts_words(parts, card, 16, false, question);
        below->ink = COLOUR_MUTED;
    }
    return row;
}

static void finish_sheet(struct parts parts, struct node *card)
{
    sheet_head(parts, card, parts_phrase(parts, "counter.finish"),
               parts_phrase(parts, "counter.finish.question"));
    for (unsigned choice = 0; choice < 4; choice++) {
        finish_choice(parts, card, choice);
    }
    struct node *room = widget_space(parts.maker, card, 0);
    room->box.grow = 1;
    struct node *row = widget_row(parts.maker, card, DESK_PX(8));
    row->box.across = ALIGN_CENTER;
    widget_icon(parts.maker, row, "icon-info", DESK_PX(20));
    struct node *words =
        parts_words(parts, row, 15, false, parts_phrase(parts, "counter.finish.registered"));
    words->ink = COLOUR_MUTED;
    words->box.grow = 1;
}

static void finish_choice(struct parts parts, struct node *card, unsigned choice)
{
    static const struct {
        const char *title;
        const char *detail;
    } phrases[4] = {
        {"counter.outcome.done", "counter.outcome.done.detail"},
        {"counter.outcome.must_act", "counter.outcome.must_act.detail"},
        {"counter.outcome.passed_on", "counter.outcome.passed_on.detail"},
        {"counter.outcome.failed", "counter.outcome.failed.detail"},
    };
    static const enum tree_key keys[4] = {KEY_1, KEY_2, KEY_3, KEY_4};
    bool is_chosen = (unsigned)parts.desk->outcome == choice;
    const char *title = parts_phrase(parts, phrases[choice].title);
    struct node *row = tree_add_item(parts.maker.tree, card, "outcome", choice, ROLE_BUTTON, title);
    row->has_text = false;
    row->style = is_chosen ? STYLE_CARD_TICKET : STYLE_CARD;
    row->key = keys[choice];
    row->states |= NODE_ACTIONABLE | (is_chosen ? NODE_CHECKED : 0);
    row->box.flow = FLOW_ROW;
    row->box.across = ALIGN_CENTER;
    row->box.gap_mm = DESK_PX(14);
    row->box.height_mm = parts.maker.look->is_large ? DESK_PX(72) : DESK_PX(56);
    row->box.pad = (struct edges){DESK_PX(14), 0, DESK_PX(14), 0};
    char digit[4];
    (void)snprintf(digit, sizeof digit, "%u", choice % 10 + 1); // one digit
    parts_keycap(parts, row, digit);
    struct node *column = widget_column(parts.maker, row, 0);
    column->box.grow = 1;
    parts_words(parts, column, 18, true, title);
    struct node *detail =
        parts_words(parts, column, 15, false, parts_phrase(parts, phrases[choice].detail));
    detail->ink = COLOUR_MUTED;
    if (is_chosen) {
        widget_icon(parts.maker, row, "icon-check", DESK_PX(26));
    }
}

static void transfer_sheet(struct parts parts, struct node *card)
{
    static const enum tree_key keys[] = {KEY_1, KEY_2, KEY_3, KEY_4, KEY_5,
                                         KEY_6, KEY_7, KEY_8, KEY_9};
    sheet_head(parts, card, parts_phrase(parts, "counter.transfer"),
               parts_phrase(parts, "counter.transfer.question"));
    const struct desk *desk = parts.desk;
    for (size_t i = 0; i < desk->state.services_count && i < 8; i++) {
        char cap[4];
        (void)snprintf(cap, sizeof cap, "%u", (unsigned)i % 9 + 1); // one digit
        const char *name =
            desk_service_name(desk, parts.maker.look, desk->state.services[i].letter);
        char id[TREE_ID_BYTES];
        (void)snprintf(id, sizeof id, "service.%u", (unsigned)i); // a small number
        struct node *button =
            parts_button(parts, card,
                         (struct parts_button){.id = tree_words(parts.maker.tree, id),
                                               .words = name,
                                               .icon = "icon-send",
                                               .cap = tree_words(parts.maker.tree, cap),
                                               .key = keys[i],
                                               .style = STYLE_BUTTON_SERVICE,
                                               .height_px = 46});
        button->box.grow = 0;
    }
}

static void why_sheet(struct parts parts, struct node *card)
{
    sheet_head(parts, card, parts_phrase(parts, "counter.why"), NULL);
    const struct desk *desk = parts.desk;
    parts_words(parts, card, 18, false, parts_phrase(parts, "counter.why.rule"));
    if (!desk->has_why) {
        return;
    }
    parts_words(parts, card, 19, true,
                parts_filled(parts, "counter.why.number", "number", desk->why_number));
    parts_words(parts, card, 18, false,
                parts_count(parts, "counter.why.earlier", desk->why.earlier_promise));
    if (desk->why.same_promise > 0) {
        parts_words(parts, card, 18, false,
                    parts_count(parts, "counter.why.same", desk->why.same_promise));
    }
    if (desk->why.granted > 0) {
        parts_words(parts, card, 18, false,
                    parts_count(parts, "counter.why.granted", desk->why.granted));
    }
    parts_words(parts, card, 18, false,
                parts_count(parts, "counter.why.desks", desk->why.desks_open));
}
