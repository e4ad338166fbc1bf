// SPDX-License-Identifier: EUPL-1.2
//
// One question: what it asks, what belongs to it, the right way to answer its kind, and two ways
// on: the next page or the counter.
#include "apps/kiosk/form_frame.h"
#include "apps/kiosk/question_file.h"

#include "base/text.h"

#include <stdio.h>

enum { LEADS_MAX = 3, DESCRIPTION_CHARS = 180 };

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_told(struct frame *frame, const struct form_field *field);
static bool may_stay_open(const struct kiosk *kiosk, const struct form_field *field);
static void build_why(struct frame *frame, const struct form_field *field);
static void build_beyond(struct frame *frame, const struct form_field *field);
static void build_answering(struct frame *frame, const struct form_field *field);
static void build_fixed(struct frame *frame);
static void build_texts(struct frame *frame, const struct form_field *field);
static void build_address(struct frame *frame);
static void build_part(struct frame *frame, struct node *parent, size_t part);
static void build_date(struct frame *frame);
static void build_list(struct frame *frame);
static void build_sign(struct frame *frame);
static bool is_tight(const struct frame *frame);
static float key_mm(const struct frame *frame, const struct keyboard *keyboard);
static bool is_searching(const struct kiosk *kiosk);

const struct scene kiosk_scene_question = {
    .id = "question", .build = build, .event = event, .tick = form_frame_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct fill_private *form = &kiosk->visit.form;
    const struct form_field *field = fill_field(&kiosk->visit.form);
    struct frame frame = frame_open(kiosk, look, tree, "question", "form.name");
    if (!is_tight(&frame)) {
        frame.content->box.gap_mm = DRAWN(16);
        frame.content->box.pad.bottom_mm = DRAWN(20);
    } else {
        frame.content->box.gap_mm = DRAWN(14);
        frame.content->box.pad.top_mm = DRAWN(14);
        frame.content->box.pad.bottom_mm = DRAWN(14);
    }
    form_frame_steps(&frame);
    bool is_reading = form->page.kind == WALK_READ || field == NULL;
    form_frame_title(&frame,
                     is_reading ? frame_say(&frame, "form.name") : form_frame_label(&frame, field));
    if (form->shows_why && field != NULL) {
        build_why(&frame, field);
        frame_close(&frame, FRAME_BAR_BACK);
        return;
    }
    bool is_beyond = !is_reading && (form->page.kind == WALK_HAND_OVER ||
                                     fill_is_beyond(&kiosk->visit.form, form->page.place));
    bool has_error = form_frame_error(&frame);
    if (!has_error || is_reading) {
        build_told(&frame, field);
    }
    if (is_beyond) {
        build_beyond(&frame, field);
    } else if (!is_reading) {
        build_answering(&frame, field);
    }
    bool may_skip = is_beyond && field->kind != FORM_UNKNOWN && !field->is_required &&
                    form->page.kind != WALK_HAND_OVER;
    bool can_sign = !is_reading && field->kind == FORM_SIGNATURE;
    if (!is_searching(kiosk)) {
        form_frame_buttons(&frame, can_sign ? "form.sign.cannot" : "form.ask",
                           is_beyond && !may_skip ? NULL : "common.next");
        if (look->is_low || !is_tight(&frame)) {
            form_frame_saved(&frame);
        }
    }
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    struct fill_private *form = &kiosk->visit.form;
    if (form_frame_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "why") || scene_event_is(event, "why.close")) {
        form->shows_why = !form->shows_why;
    } else if (scene_event_is(event, "yes")) {
        fill_toggle(&kiosk->visit.form);
    } else if (scene_event_is(event, "next")) {
        if (!fill_next_part(&kiosk->visit.form)) {
            fill_next(&kiosk->visit.form);
        }
    } else if (!form->shows_why && !question_file_event(kiosk, event)) {
        (void)fill_type(&kiosk->visit.form, event); // nothing else can be touched here
    }
}

// What belongs to the question: content before it, its own words, and why it is asked.
static void build_told(struct frame *frame, const struct form_field *field)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct look *look = frame->maker.look;
    bool is_reading = form->page.kind == WALK_READ || field == NULL;
    int16_t leads[LEADS_MAX];
    size_t count = walk_lead(&form->walk, form->page, leads, LEADS_MAX);
    count = count < LEADS_MAX ? count : LEADS_MAX;
    for (size_t i = 0; i < count && (!look->is_large || is_reading); i++) {
        const char *words = form_frame_words(frame, form->walk.form.fields[leads[i]].description,
                                             is_reading ? 420 : DESCRIPTION_CHARS);
        widget_text(frame->maker, frame_info(frame), NULL, TYPE_BODY, words)->privacy =
            PRIVACY_PRIVATE;
    }
    if (is_reading || look->is_large) {
        if (is_reading && field != NULL && count == 0) {
            widget_text(frame->maker, frame_info(frame), NULL, TYPE_BODY,
                        form_frame_words(frame, field->description, 420));
        }
        return; // in large type that is behind Help
    }
    if (field->description != NULL && field->description[0] != '\0') {
        struct node *told =
            widget_text(frame->maker, frame_info(frame), "told", TYPE_BODY,
                        form_frame_words(frame, field->description, DESCRIPTION_CHARS));
        told->privacy = PRIVACY_PRIVATE;
        told->ink = look->is_low ? COLOUR_INHERIT : COLOUR_MUTED;
    } else if (may_stay_open(frame->kiosk, field)) {
        struct node *told = widget_text(frame->maker, frame_info(frame), "optional", TYPE_BODY,
                                        frame_say(frame, "form.optional"));
        told->ink = look->is_low ? COLOUR_INHERIT : COLOUR_MUTED;
    }
    if (field->tooltip != NULL && field->tooltip[0] != '\0' && !look->is_low) {
        struct node *why =
            widget_button(frame->maker, frame->content,
                          (struct widget_button){.id = "why",
                                                 .words = frame_say(frame, "form.why"),
                                                 .icon = "icon-info",
                                                 .style = STYLE_BUTTON_TEXT,
                                                 .height_mm = DRAWN(80)});
        why->type = TYPE_BODY;
        why->box.self = ALIGN_START;
        why->box.pad = (struct edges){0, DRAWN(4), DRAWN(24), DRAWN(4)};
    }
}

static bool may_stay_open(const struct kiosk *kiosk, const struct form_field *field)
{
    const struct fill_private *form = &kiosk->visit.form;
    return form->page.kind == WALK_QUESTION && field->kind != FORM_YES &&
           !fill_is_fixed(&kiosk->visit.form) &&
           !logic_is_required(&form->walk.logic, &form->walk.form, form->page.place);
}

static void build_why(struct frame *frame, const struct form_field *field)
{
    struct node *card = widget_column(frame->maker, frame_info(frame), DRAWN(16));
    card->style = STYLE_CARD;
    card->box.pad = (struct edges){DRAWN(38), DRAWN(32), DRAWN(38), DRAWN(32)};
    widget_heading(frame->maker, card, NULL, TYPE_CARD, frame_say(frame, "form.why"));
    widget_text(frame->maker, card, "reason", TYPE_BODY,
                form_frame_words(frame, field->tooltip, 420))
        ->privacy = PRIVACY_PRIVATE;
    widget_button(frame->maker, frame->content,
                  (struct widget_button){.id = "why.close",
                                         .words = frame_say(frame, "form.why.close"),
                                         .style = STYLE_BUTTON_FILLED});
}

// Said instead of guessed; everything so far is kept.
static void build_beyond(struct frame *frame, const struct form_field *field)
{
    bool is_file = field->kind == FORM_FILE;
    widget_notice(frame->maker, frame_info(frame),
                  (struct widget_notice){
                      .id = "beyond",
                      .tone = TONE_TODO,
                      .icon = is_file ? "picto-letterqr" : "picto-desk2",
                      .cause = frame_say(frame, is_file ? "form.file" : "form.cannot"),
                      .consequence = frame_say(frame, is_file ? "form.file.so" : "form.cannot.so"),
                  });
}

static void build_answering(struct frame *frame, const struct form_field *field)
{
    const struct form_entry_private *entry = &frame->kiosk->visit.form.entry;
    if (fill_is_fixed(&frame->kiosk->visit.form)) {
        build_fixed(frame);
    } else if (field->kind == FORM_FILE) {
        question_file_build(frame, field);
    } else if (field->kind == FORM_YES) {
        frame_toggle(frame, (struct frame_toggle){
                                .id = "yes",
                                .words = form_frame_label(frame, field),
                                .is_on = fill_is_yes(&frame->kiosk->visit.form, entry->place),
                            });
    } else if (field->kind == FORM_ADDRESS) {
        build_address(frame);
    } else if (entry->edits_count > 0) {
        build_texts(frame, field);
    } else if (fill_choices(&frame->kiosk->visit.form).count > 0) {
        build_list(frame);
    } else if (field->kind == FORM_SIGNATURE) {
        build_sign(frame);
    } else {
        build_date(frame);
    }
}

static void build_fixed(struct frame *frame)
{
    struct node *card = widget_column(frame->maker, frame->content, 0);
    card->style = STYLE_CARD;
    card->box.pad = (struct edges){DRAWN(38), DRAWN(32), DRAWN(38), DRAWN(32)};
    struct node *words =
        widget_text(frame->maker, card, "fixed", TYPE_CARD, form_frame_fixed(frame));
    words->privacy = PRIVACY_PRIVATE;
}

static void build_texts(struct frame *frame, const struct form_field *field)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct form_entry_private *entry = &form->entry;
    bool has_lines = entry->edits[0].rules.kind == EDIT_LINES;
    bool is_tight = frame->maker.look->is_large || frame->maker.look->is_low;
    struct node *typed =
        keyboard_field(frame->maker, frame->content,
                       (struct widget_input){
                           .id = "part.0",
                           .privacy = field->is_sensitive ? PRIVACY_MASKED : PRIVACY_PRIVATE,
                           .is_active = true,
                           .is_invalid = form->error[0] != '\0',
                           .is_plate = field->kind == FORM_PLATE,
                           .lines = has_lines ? (is_tight ? 1 : 3) : 0,
                       },
                       &entry->edits[0]);
    tree_set_name(frame->maker.tree, typed,
                  form_frame_label(frame, field)); // spoken; the title shows it
    struct keyboard_words words = frame_keys(frame, NULL);
    keyboard_build(frame->maker, frame->content, &entry->keyboard, &words,
                   key_mm(frame, &entry->keyboard));
}

// Four short fields; in large type and low mode one at a time, each with its name.
static void build_address(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct look *look = frame->maker.look;
    if (look->is_large || look->is_low) {
        build_part(frame, frame->content, form->entry.active);
    } else {
        struct node *grid = widget_grid(frame->maker, frame->content, 2, DRAWN(20));
        for (size_t i = 0; i < form->entry.edits_count; i++) {
            build_part(frame, grid, i);
        }
    }
    struct keyboard_words words = frame_keys(frame, NULL);
    keyboard_build(frame->maker, frame->content, &form->entry.keyboard, &words,
                   key_mm(frame, &form->entry.keyboard));
}

static void build_part(struct frame *frame, struct node *parent, size_t part)
{
    static const char *const labels[FORM_EDITS_MAX] = {"form.address.postcode",
                                                       "form.address.number", "form.address.letter",
                                                       "form.address.addition"};
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct look *look = frame->maker.look;
    bool is_alone = look->is_large || look->is_low;
    const char *name = frame_say(frame, labels[part]);
    char id[12];
    if (is_alone) {
        widget_text(frame->maker, frame->field, "part", TYPE_BODY_BOLD, name);
    }
    (void)snprintf(id, sizeof id, "part.%u", (unsigned)part % 10); // always fits
    struct node *typed = keyboard_field(frame->maker, parent,
                                        (struct widget_input){
                                            .id = tree_words(frame->maker.tree, id),
                                            .label = is_alone ? NULL : name,
                                            .privacy = PRIVACY_PRIVATE,
                                            .is_active = part == form->entry.active,
                                            .is_invalid = form->error[0] != '\0' && part < 2,
                                        },
                                        &form->entry.edits[part]);
    tree_set_name(frame->maker.tree, typed, name);
}

static void build_date(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    struct pick_date_words words = frame_date_words(frame, form->error[0] != '\0');
    bool is_time = fill_shows_time(&frame->kiosk->visit.form);
    pick_date_build(frame->maker, frame->content, is_time ? &form->entry.time : &form->entry.date,
                    &words);
}

static void build_list(struct frame *frame)
{
    const struct form_entry_private *entry = &frame->kiosk->visit.form.entry;
    struct pick_list_choices choices = fill_choices(&frame->kiosk->visit.form);
    struct pick_list_words words = {
        .search = frame_say(frame, "form.search"),
        .done = frame_say(frame, "form.list.done"),
        .more = frame_say(frame, "common.more"),
        .before = frame_say(frame, "form.list.before"),
        .none = frame_say(frame, "form.list.none"),
        .keyboard = frame_keys(frame, NULL),
    };
    pick_list_build(frame->maker, frame->content, &entry->list, &choices, &words, 0);
}

static void build_sign(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    struct sign_words words = {
        .pad = frame_say(frame, "form.sign.pad"),
        .empty = frame_say(frame, "form.sign.empty"),
        .done = frame_say(frame, "form.signed"),
        .erase = frame_say(frame, "common.erase"),
        .is_invalid = form->error[0] != '\0',
    };
    bool has_one = !answers_is_empty(&form->walk.answers, &form->walk.form, form->page.place);
    if (has_one && sign_is_empty(&form->entry.sign)) {
        struct node *row = widget_row(frame->maker, frame_info(frame), DRAWN(16));
        widget_icon(frame->maker, row, "icon-done", DRAWN(52));
        widget_text(frame->maker, row, "signed", TYPE_BODY, frame_say(frame, "form.signed"));
    }
    sign_build(frame->maker, frame->content, &form->entry.sign, &words);
}

// Where much stands on one page, air and the line below give way; no key gets too small.
static bool is_tight(const struct frame *frame)
{
    const struct look *look = frame->maker.look;
    const struct form_field *field = fill_field(&frame->kiosk->visit.form);
    bool is_wide = field != NULL && field->kind == FORM_ADDRESS;
    return look->is_large || look->is_low || is_wide || frame->kiosk->visit.form.error[0] != '\0';
}

static float key_mm(const struct frame *frame, const struct keyboard *keyboard)
{
    if (!is_tight(frame)) {
        return 0; // as drawn
    }
    bool is_keypad = keyboard->setup.layout == KEYBOARD_NUMBERS;
    bool is_low = frame->maker.look->is_low;
    bool is_few = keyboard->setup.layout == KEYBOARD_CODE && !keyboard->setup.has_space &&
                  !keyboard->setup.has_dash;
    if (is_low && is_few && !frame->maker.look->is_large) {
        return DRAWN(104); // four rows: there is room for a whole finger
    }
    bool has_error = frame->kiosk->visit.form.error[0] != '\0';
    return is_low      ? DRAWN(is_keypad ? 80 : 74)
           : has_error ? DRAWN(is_keypad ? 108 : 92)
                       : DRAWN(is_keypad ? 128 : 104);
}

static bool is_searching(const struct kiosk *kiosk)
{
    return kiosk->visit.form.entry.is_loaded && fill_choices(&kiosk->visit.form).count > 0 &&
           kiosk->visit.form.entry.list.is_searching;
}
