// SPDX-License-Identifier: EUPL-1.2
//
// All answers before sending: each card changes its own; what is missing comes first.
#include "apps/kiosk/form_frame.h"

#include "base/text.h"
#include "fill/fill_words.h"

#include <stdio.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static size_t rows_shown(const struct kiosk *kiosk, const struct look *look);
static void build_row(struct frame *frame, size_t index, struct form_place place);
static const char *label_of(struct frame *frame, struct form_place place);
static void build_consent(struct frame *frame);

const struct scene kiosk_scene_form_check = {
    .id = "form_check", .build = build, .event = event, .tick = form_frame_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct fill_private *form = &kiosk->visit.form;
    const struct fill_rows *rows = fill_rows(&kiosk->visit.form);
    size_t missing = fill_missing_count(form);
    size_t shown = rows_shown(kiosk, look);
    struct frame frame = frame_open(kiosk, look, tree, "form_check", "form.check.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, "form.check.title"));
    bool has_error = form_frame_error(&frame);
    if (!has_error && !look->is_large) {
        frame_lead(&frame, missing == 0 ? frame_say(&frame, "form.check.lead")
                                        : frame_count(&frame, "form.check.missing", missing));
    }
    size_t end = form->check_first + shown < rows->count ? form->check_first + shown : rows->count;
    struct node *list = widget_column(frame.maker, frame.content, DRAWN(12));
    struct node *content = frame.content;
    frame.content = list;
    for (size_t i = form->check_first; i < end; i++) {
        build_row(&frame, i, rows->places[i]);
    }
    frame.content = content;
    if (rows->count > shown) {
        form_frame_more(&frame, end < rows->count
                                    ? frame_count(&frame, "form.check.more", rows->count - end)
                                    : frame_say(&frame, "requests.first_page"));
    }
    if (missing == 0) {
        build_consent(&frame);
    }
    form_frame_buttons(&frame, "form.ask", missing == 0 ? "form.check.send" : "form.check.fill");
    form_frame_saved(&frame);
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    struct fill_private *form = &kiosk->visit.form;
    struct walk_page page;
    struct check_result result;
    size_t index = 0;
    if (form_frame_event(kiosk, scenes, event)) {
        return;
    }
    const struct fill_rows *rows = fill_rows(&kiosk->visit.form);
    if (scene_event_item(event, "answer", &index) && index < rows->count) {
        if (walk_at(&form->walk, rows->places[index], &page)) {
            fill_change(&kiosk->visit.form, page);
        }
    } else if (scene_event_is(event, "more")) {
        size_t next = form->check_first + rows_shown(kiosk, kiosk->look);
        form->check_first = next < rows->count ? next : 0;
    } else if (scene_event_is(event, "privacy")) {
        form->agrees_privacy = !form->agrees_privacy;
        form->error[0] = '\0';
    } else if (scene_event_is(event, "truth")) {
        form->agrees_truth = !form->agrees_truth;
        form->error[0] = '\0';
    } else if (scene_event_is(event, "next")) {
        if (walk_first_fault(&form->walk, &page, &result)) {
            fill_change(&kiosk->visit.form, page);
        } else {
            fill_send_checked(form);
        }
    }
}

// A tick to be set takes the room of a row.
static size_t rows_shown(const struct kiosk *kiosk, const struct look *look)
{
    const struct fill_private *form = &kiosk->visit.form;
    size_t roomy = look->is_large && look->is_low ? 2 : look->is_large || look->is_low ? 3 : 6;
    size_t taken = (form->needs_privacy ? 1U : 0U) + (form->needs_truth ? 1U : 0U) +
                   (form->error[0] != '\0' && !look->is_low ? 1U : 0U);
    return roomy > taken + 1 ? roomy - taken : 1;
}

static void build_row(struct frame *frame, size_t index, struct form_place place)
{
    const struct look *look = frame->maker.look;
    bool misses = fill_is_missing(&frame->kiosk->visit.form, place);
    char words[PHRASE_BYTES];
    char id[24];
    const char *label = label_of(frame, place);
    const char *answer = form_frame_answer(frame, place);
    struct text text;
    text_init(&text, words, sizeof words);
    text_format(&text, "%s: %s", label, answer);
    (void)snprintf(id, sizeof id, "answer.%u", (unsigned)index % 10000); // always fits
    struct node *card = tree_add(frame->maker.tree, frame->content, id, ROLE_BUTTON, words);
    tree_set_description(frame->maker.tree, card, frame_say(frame, "form.check.change"));
    card->has_text = false;
    card->privacy = PRIVACY_PRIVATE;
    card->style = misses ? STYLE_NOTICE : STYLE_CARD;
    card->tone = misses ? TONE_TODO : TONE_NONE;
    card->states |= NODE_ACTIONABLE;
    card->box.flow = FLOW_ROW;
    card->box.across = ALIGN_CENTER;
    card->box.gap_mm = DRAWN(20);
    card->box.min_height_mm = DRAWN(look->is_low ? 96 : 116);
    card->box.pad = (struct edges){DRAWN(30), DRAWN(8), DRAWN(24), DRAWN(8)};
    struct node *column = widget_column(frame->maker, card, 0);
    column->box.grow = 1;
    struct node *question = widget_text(frame->maker, column, NULL, TYPE_DETAIL, label);
    question->privacy = PRIVACY_PRIVATE;
    question->ink = misses ? COLOUR_TODO_INK : COLOUR_MUTED;
    struct node *told = widget_text(frame->maker, column, NULL, TYPE_BADGE, answer);
    told->privacy = PRIVACY_PRIVATE;
    told->ink = misses ? COLOUR_TODO_INK : COLOUR_INHERIT;
    if (!look->is_large) {
        struct node *change = widget_text(frame->maker, card, NULL, TYPE_DETAIL,
                                          frame_say(frame, "form.check.change"));
        change->ink = misses ? COLOUR_TODO_INK : COLOUR_ON_TINT;
        change->is_nowrap = true;
    }
    struct node *mark = widget_icon(frame->maker, card, "icon-ask", DRAWN(48));
    mark->ink = misses ? COLOUR_TODO_INK : COLOUR_ON_TINT;
}

static const char *label_of(struct frame *frame, struct form_place place)
{
    const struct walk *walk = &frame->kiosk->visit.form.walk;
    const struct form_field *field = &walk->form.fields[place.field];
    struct fill_say say = {frame->maker, &frame->kiosk->phrases, &frame->kiosk->visit.form};
    const struct look *look = frame->maker.look;
    // Large and low there is room for one line of each.
    const char *label = fill_words_label(say, field, look->is_large && look->is_low ? 20 : 60);
    if (place.item < 0) {
        return label;
    }
    char number[12];
    (void)snprintf(number, sizeof number, "%u", (unsigned)place.item % 100 + 1); // always fits
    struct phrases_value values[] = {{"label", label}, {"number", number}};
    return frame_fill_two(frame, "form.part", values);
}

static void build_consent(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    if (form->needs_privacy) {
        frame_toggle(frame, (struct frame_toggle){.id = "privacy",
                                                  .words = frame_say(frame, "form.check.privacy"),
                                                  .is_on = form->agrees_privacy});
    }
    if (form->needs_truth) {
        frame_toggle(frame, (struct frame_toggle){.id = "truth",
                                                  .words = frame_say(frame, "form.check.truth"),
                                                  .is_on = form->agrees_truth});
    }
}
