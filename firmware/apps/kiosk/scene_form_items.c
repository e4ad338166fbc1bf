// SPDX-License-Identifier: EUPL-1.2
//
// What is asked several times: the items so far, each to be changed or taken away, and one more.
#include "apps/kiosk/form_frame.h"

#include "base/text.h"

#include <stdio.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static size_t rows_of(const struct look *look);
static void build_items(struct frame *frame, size_t count);
static void build_item(struct frame *frame, size_t item);
static void build_sure(struct frame *frame);
static size_t items_count(const struct kiosk *kiosk);

const struct scene kiosk_scene_form_items = {
    .id = "form_items", .build = build, .event = event, .tick = form_frame_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct fill_private *form = &kiosk->visit.form;
    const struct form_field *field = fill_field(&kiosk->visit.form);
    size_t count = items_count(kiosk);
    struct frame frame = frame_open(kiosk, look, tree, "form_items", "form.name");
    form_frame_steps(&frame);
    form_frame_title(&frame, form_frame_label(&frame, field));
    if (form->is_removing) {
        build_sure(&frame);
        frame_close(&frame, FRAME_BAR_BACK);
        return;
    }
    bool has_error = form_frame_error(&frame);
    bool has_told = field->description != NULL && field->description[0] != '\0';
    if (has_told && !has_error && !look->is_large) {
        widget_text(frame.maker, frame_info(&frame), "told", TYPE_BODY,
                    form_frame_words(&frame, field->description, 180));
    }
    build_items(&frame, count);
    if (!fill_may_add_item(form)) {
        widget_text(frame.maker, frame.content, "full", TYPE_DETAIL,
                    frame_say(&frame, "form.items.full"));
    } else {
        widget_button(
            frame.maker, frame.content,
            (struct widget_button){
                .id = "add",
                .words = frame_say(&frame, count == 0 ? "form.items.add" : "form.items.more"),
                .icon = "icon-plus",
                .style = STYLE_BUTTON_OUTLINED,
                .height_mm = look->is_low ? DRAWN(100) : DRAWN(124)});
    }
    form_frame_buttons(&frame, "form.ask", "common.next");
    form_frame_saved(&frame);
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    struct fill_private *form = &kiosk->visit.form;
    size_t item = 0;
    if (form_frame_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "add")) {
        fill_add_item(&kiosk->visit.form);
    } else if (scene_event_is(event, "next")) {
        fill_next(&kiosk->visit.form);
    } else if (scene_event_is(event, "remove.yes")) {
        fill_remove_item(&kiosk->visit.form);
    } else if (scene_event_is(event, "remove.no")) {
        form->is_removing = false;
    } else if (scene_event_is(event, "more")) {
        size_t next = form->items_first + rows_of(kiosk->look);
        form->items_first = next < items_count(kiosk) ? next : 0;
    } else if (scene_event_item(event, "remove", &item)) {
        fill_ask_removing(form, item);
    } else if (scene_event_item(event, "item", &item)) {
        fill_change_item(form, item);
    }
}

static size_t rows_of(const struct look *look)
{
    return look->is_low || look->is_large ? 2 : 4;
}

static size_t items_count(const struct kiosk *kiosk)
{
    const struct walk *walk = &kiosk->visit.form.walk;
    return answers_items_count(&walk->answers, &walk->form, kiosk->visit.form.page.place.field);
}

static void build_items(struct frame *frame, size_t count)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    size_t rows = rows_of(frame->maker.look);
    if (count == 0) {
        widget_text(frame->maker, frame->content, "none", TYPE_BODY,
                    frame_say(frame, "form.items.none"));
    }
    for (size_t i = form->items_first; i < count && i < form->items_first + rows; i++) {
        build_item(frame, i);
    }
    if (count > rows) {
        form_frame_more(frame, frame_say(frame, "common.more"));
    }
}

// The whole card changes the item; somebody whom the register gave only stands there.
static void build_item(struct frame *frame, size_t item)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct look *look = frame->maker.look;
    bool may_change = fill_may_change_item(form, item);
    char number[12];
    char id[16];
    struct node *row = widget_row(frame->maker, frame->content, DRAWN(16));
    row->box.across = ALIGN_STRETCH;
    (void)snprintf(number, sizeof number, "%u", (unsigned)item % 100 + 1); // always fits
    (void)snprintf(id, sizeof id, "item.%u", (unsigned)item % 100);        // always fits
    const char *words = form_frame_item(frame, item);
    struct node *card = tree_add(frame->maker.tree, row, id, may_change ? ROLE_BUTTON : ROLE_GROUP,
                                 may_change ? words : NULL);
    card->has_text = false;
    card->privacy = PRIVACY_PRIVATE;
    card->style = STYLE_CARD;
    card->states |= may_change ? NODE_ACTIONABLE : 0;
    card->box.grow = 1;
    card->box.flow = FLOW_ROW;
    card->box.across = ALIGN_CENTER;
    card->box.gap_mm = DRAWN(24);
    card->box.min_height_mm = DRAWN(look->is_low ? 96 : 124);
    card->box.pad = (struct edges){DRAWN(30), DRAWN(12), DRAWN(24), DRAWN(12)};
    struct node *place = widget_text(frame->maker, card, NULL, TYPE_SECTION, number);
    place->ink = COLOUR_ON_TINT;
    place->is_nowrap = true; // long words beside it leave it its room
    struct node *told = widget_text(frame->maker, card, NULL, TYPE_BADGE, words);
    told->privacy = PRIVACY_PRIVATE;
    told->box.grow = 1;
    if (may_change) {
        widget_icon(frame->maker, card, "icon-chev", DRAWN(60))->ink = COLOUR_ON_TINT;
    }
    if (fill_may_remove_item(form, item)) {
        (void)snprintf(id, sizeof id, "remove.%u", (unsigned)item % 100); // always fits
        form_frame_remove(frame, row, id);
    }
}

static void build_sure(struct frame *frame)
{
    widget_notice(frame->maker, frame_info(frame),
                  (struct widget_notice){.id = "sure",
                                         .tone = TONE_TODO,
                                         .icon = "icon-warn",
                                         .cause = frame_say(frame, "form.items.sure"),
                                         .consequence = frame_say(frame, "form.items.sure.so")});
    struct node *told = widget_text(frame->maker, frame_info(frame), "removing", TYPE_BODY_BOLD,
                                    form_frame_item(frame, frame->kiosk->visit.form.item));
    told->privacy = PRIVACY_PRIVATE;
    widget_button(frame->maker, frame->content,
                  (struct widget_button){.id = "remove.no",
                                         .words = frame_say(frame, "form.items.no"),
                                         .style = STYLE_BUTTON_FILLED});
    widget_button(frame->maker, frame->content,
                  (struct widget_button){.id = "remove.yes",
                                         .words = frame_say(frame, "form.items.yes"),
                                         .style = STYLE_BUTTON_STOP});
}
