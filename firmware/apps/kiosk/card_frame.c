// SPDX-License-Identifier: EUPL-1.2
//
// Drawings of documents with few words beside them.
#include "apps/kiosk/card_frame.h"

#include "base/text.h"

#include <stdio.h>

struct node *card_frame_act(struct frame *frame, const char *picture, const char *title,
                            const char *detail)
{
    const struct look *look = frame->maker.look;
    bool is_tight = look->is_low || look->is_large;
    struct node *row = widget_row(frame->maker, frame_info(frame), DRAWN(32));
    row->style = STYLE_CARD;
    row->box.across = ALIGN_CENTER;
    float air_mm = is_tight ? DRAWN(14) : DRAWN(26);
    row->box.pad = (struct edges){DRAWN(30), air_mm, DRAWN(30), air_mm};
    widget_tile(frame->maker, row, picture, is_tight ? DRAWN(120) : DRAWN(200),
                is_tight ? DRAWN(96) : DRAWN(164));
    struct node *column = widget_column(frame->maker, row, DRAWN(6));
    column->box.grow = 1;
    widget_heading(frame->maker, column, NULL, TYPE_CARD, frame_say(frame, title));
    if (detail != NULL) {
        widget_text(frame->maker, column, NULL, TYPE_DETAIL, frame_say(frame, detail));
    }
    return row;
}

void card_frame_digits(struct frame *frame)
{
    static const struct {
        const char *picture;
        const char *words;
    } places[2] = {{"picto-canid", "card.code.id"}, {"picto-canpassport", "card.code.passport"}};
    struct node *grid = widget_grid(frame->maker, frame_info(frame), 2, DRAWN(20));
    for (size_t i = 0; i < 2; i++) {
        struct node *row = widget_row(frame->maker, grid, DRAWN(20));
        row->box.across = ALIGN_CENTER;
        widget_tile(frame->maker, row, places[i].picture, DRAWN(176), DRAWN(148));
        struct node *words =
            widget_text(frame->maker, row, NULL, TYPE_DETAIL, frame_say(frame, places[i].words));
        words->box.grow = 1;
    }
}

bool card_frame_error(struct frame *frame)
{
    const struct card_private *card = &frame->kiosk->visit.card;
    if (card->error[0] == '\0') {
        return false;
    }
    char so[CARD_KEY_BYTES + 8];
    (void)snprintf(so, sizeof so, "%s.so", card->error); // room for the three characters more
    bool counts =
        text_equal(card->error, "card.code.wrong") || text_equal(card->error, "card.zone.wrong");
    struct node *notice =
        widget_notice(frame->maker, frame_info(frame),
                      (struct widget_notice){
                          .id = "error",
                          .tone = TONE_STOP,
                          .icon = "icon-warn",
                          .cause = frame_say(frame, card->error),
                          .consequence = counts ? frame_count(frame, "birth.error.wrong.so",
                                                              CARD_TRIES_MAX - card->wrong_count)
                                                : frame_say(frame, so)});
    notice->box.pad.top_mm = DRAWN(14);
    notice->box.pad.bottom_mm = DRAWN(14);
    return true;
}

void card_frame_give_up(struct frame *frame)
{
    widget_button(frame->maker, frame->content,
                  (struct widget_button){.id = "give_up",
                                         .words = frame_say(frame, "birth.give_up"),
                                         .icon = frame->maker.look->is_large ? NULL : "icon-desk",
                                         .style = STYLE_BUTTON_OUTLINED,
                                         .height_mm = DRAWN(124)});
}

bool card_frame_take(struct frame *frame, struct node *parent)
{
    if (!kiosk_card_lies(frame->kiosk)) {
        return false;
    }
    struct node *row = widget_row(frame->maker, parent, DRAWN(20));
    row->box.across = ALIGN_CENTER;
    widget_icon(frame->maker, row, "picto-cardread", DRAWN(84));
    struct node *words =
        widget_text(frame->maker, row, "take", TYPE_BADGE, frame_say(frame, "card.take.title"));
    words->box.grow = 1;
    return true;
}
