// SPDX-License-Identifier: EUPL-1.2
//
// A document without six digits opens with what its holder's page says: number, birth date and the
// day it ends. One question a page.
#include "apps/kiosk/card_frame.h"

#include "base/text.h"

#include <stdio.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_number(struct frame *frame);
static void build_date(struct frame *frame, const struct pick_date_private *pick);
static void go_on(struct kiosk *kiosk);
static enum keyboard_result type(struct card_private *card, const struct scene_event *event);

const struct scene kiosk_scene_card_zone = {.id = "card_zone",
                                            .enter = kiosk_enter,
                                            .build = build,
                                            .event = event,
                                            .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    static const char *const titles[CARD_ZONE_PAGES] = {"card.zone.number", "birth.title",
                                                        "card.zone.expiry"};
    const struct kiosk *kiosk = model;
    const struct card_private *card = &kiosk->visit.card;
    struct frame frame = frame_open(kiosk, look, tree, "card_zone", titles[card->zone_page]);
    frame.content->box.gap_mm = DRAWN(16);
    char step[12];
    char all[12];
    (void)snprintf(step, sizeof step, "%u", card->zone_page + 1); // always fits
    (void)snprintf(all, sizeof all, "%d", CARD_ZONE_PAGES);       // always fits
    const struct phrases_value values[] = {{"step", step}, {"steps", all}};
    widget_steps(frame.maker, frame.field, frame_fill_two(&frame, "form.step", values),
                 card->zone_page + 1, CARD_ZONE_PAGES);
    bool is_tight = look->is_large && card->error[0] != '\0';
    widget_heading(frame.maker, frame.field, "title", is_tight ? TYPE_SECTION : TYPE_QUESTION,
                   frame_say(&frame, titles[card->zone_page]));
    if (!card_frame_error(&frame) && card->zone_page != 1 && !look->is_large) {
        struct node *told =
            widget_text(frame.maker, frame_info(&frame), "told", TYPE_BODY,
                        frame_say(&frame, card->zone_page == 0 ? "card.zone.number.so"
                                                               : "card.zone.expiry.so"));
        told->ink = look->is_low ? COLOUR_INHERIT : COLOUR_MUTED;
    }
    if (card->zone_page == 0) {
        build_number(&frame);
    } else {
        build_date(&frame, card->zone_page == 1 ? &card->birth : &card->expiry);
    }
    struct node *row = widget_grid(frame.maker, frame.content, 2, DRAWN(20));
    float height_mm = look->is_low ? DRAWN(96) : DRAWN(116);
    struct node *ask =
        widget_button(frame.maker, row,
                      (struct widget_button){.id = "give_up",
                                             .words = frame_say(&frame, "form.ask"),
                                             .icon = look->is_large ? NULL : "icon-desk",
                                             .style = STYLE_BUTTON_OUTLINED,
                                             .height_mm = height_mm});
    ask->text_align = ALIGN_CENTER;
    ask->cap_mm = look->is_large ? DRAWN_CAP(48) : 0;
    widget_button(frame.maker, row,
                  (struct widget_button){.id = "next",
                                         .words = frame_say(&frame, "common.next"),
                                         .arrow = "icon-next",
                                         .style = STYLE_BUTTON_FILLED,
                                         .key = KEY_ENTER,
                                         .height_mm = height_mm})
        ->icon_mirrors = true;
    bool is_first = card->zone_page == 0 && card->is_old; // nothing else opens this one
    frame_close(&frame, is_first ? FRAME_BAR_STOP : FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    struct card_private *card = &kiosk->visit.card;
    if (scene_event_is(event, "bar.back")) {
        kiosk_touch(kiosk, event->now_ms);
        card->error[0] = '\0';
        if (card->zone_page > 0) {
            card->zone_page -= 1;
        } else {
            kiosk_card_by_digits(kiosk);
        }
        return;
    }
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "next")) {
        go_on(kiosk);
    } else if (scene_event_is(event, "give_up")) {
        scenes_push(scenes, &kiosk_scene_subject);
    } else {
        enum keyboard_result result = type(card, event);
        if (result == KEYBOARD_CHANGED) {
            card->error[0] = '\0';
        } else if (result == KEYBOARD_NEXT) {
            go_on(kiosk);
        }
    }
}

static void build_number(struct frame *frame)
{
    const struct card_private *card = &frame->kiosk->visit.card;
    struct node *typed = keyboard_field(frame->maker, frame->content,
                                        (struct widget_input){.id = "number",
                                                              .privacy = PRIVACY_PRIVATE,
                                                              .is_active = true,
                                                              .is_invalid = card->error[0] != '\0'},
                                        &card->number);
    tree_set_name(frame->maker.tree, typed, frame_say(frame, "card.zone.number"));
    struct keyboard_words words = frame_keys(frame, NULL);
    float key_mm = frame->maker.look->is_low ? DRAWN(74) : DRAWN(104);
    keyboard_build(frame->maker, frame->content, &card->keyboard, &words, key_mm);
}

static void build_date(struct frame *frame, const struct pick_date_private *pick)
{
    struct pick_date_words words =
        frame_date_words(frame, frame->kiosk->visit.card.error[0] != '\0');
    pick_date_build(frame->maker, frame->content, pick, &words);
}

// A page that is not right is said at once, not two pages later.
static void go_on(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    unsigned page = card->zone_page;
    bool is_sent = kiosk_card_send(kiosk);
    if (is_sent) {
        return;
    }
    if (card->zone_page > page) {
        card->zone_page = page + 1;
        card->error[0] = '\0'; // it was not asked yet
    }
}

static enum keyboard_result type(struct card_private *card, const struct scene_event *event)
{
    if (card->zone_page == 0) {
        return keyboard_event(&card->keyboard, &card->number, event);
    }
    return pick_date_event(card->zone_page == 1 ? &card->birth : &card->expiry, event);
}
