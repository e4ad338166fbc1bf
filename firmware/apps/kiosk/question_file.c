// SPDX-License-Identifier: EUPL-1.2
//
// A document comes by phone: scan, send, and see here that it arrived. Of what arrived only kind
// and size are shown: its name is private and the hall is not.
#include "apps/kiosk/question_file.h"

#include "apps/kiosk/form_frame.h"
#include "base/text.h"
#include "forms/upload_kind.h"

#include <stdio.h>

// Drawn px; far more than the 40 mm that any phone reads at arm's length.
enum { CODE_PX = 400, CODE_SMALL_PX = 250, ROWS_MAX = 3 };

static void build_there(struct frame *frame);
static void build_one(struct frame *frame, const struct json *file, size_t index);
static const char *words_of(const struct frame *frame, const struct json *file);
static void build_way(struct frame *frame, const struct form_field *field);
static void build_code(struct frame *frame);
static void build_limits(struct frame *frame, const struct form_field *field);
static void build_refused(struct frame *frame);
static void build_wait(struct frame *frame);
static void build_later(struct frame *frame);

void question_file_build(struct frame *frame, const struct form_field *field)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    if (fill_files_count(form) > 0) {
        build_there(frame);
    }
    if (fill_may_add_file(form)) {
        build_way(frame, field);
    }
}

bool question_file_event(struct kiosk *kiosk, const struct scene_event *event)
{
    struct fill_private *form = &kiosk->visit.form;
    size_t index = 0;
    if (!fill_is_file(form)) {
        return false;
    }
    if (scene_event_is(event, "file.add")) {
        fill_add_file(form);
    } else if (scene_event_item(event, "file.remove", &index)) {
        fill_remove_file(form, index);
    } else {
        return false;
    }
    return true;
}

static void build_there(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct look *look = frame->maker.look;
    const struct json *list = answers_get(&form->walk.answers, &form->walk.form, form->page.place);
    size_t count = json_len(list);
    size_t rows =
        look->is_large || look->is_low || form->file.way != FILE_NO_WAY_YET ? 1 : ROWS_MAX;
    struct node *row = widget_row(frame->maker, frame_info(frame), DRAWN(20));
    row->box.across = ALIGN_CENTER;
    struct node *icon = widget_icon(frame->maker, row, "icon-done", DRAWN(64));
    struct node *told = widget_text(frame->maker, row, "file.there", TYPE_CARD,
                                    frame_count(frame, "form.file.there", count));
    told->box.grow = 1;
    told->states |= NODE_LIVE;
    if (!look->is_low) {
        icon->ink = COLOUR_GOOD_INK;
    }
    for (size_t i = count > rows ? count - rows : 0; i < count; i++) {
        build_one(frame, json_at(list, i), i);
    }
}

static void build_one(struct frame *frame, const struct json *file, size_t index)
{
    const struct look *look = frame->maker.look;
    char id[20];
    struct node *row = widget_row(frame->maker, frame->content, DRAWN(16));
    row->box.across = ALIGN_STRETCH;
    struct node *card = widget_row(frame->maker, row, DRAWN(24));
    card->style = STYLE_CARD;
    card->box.grow = 1;
    card->box.across = ALIGN_CENTER;
    card->box.min_height_mm = DRAWN(look->is_low ? 96 : 124);
    card->box.pad = (struct edges){DRAWN(30), DRAWN(12), DRAWN(24), DRAWN(12)};
    widget_text(frame->maker, card, NULL, TYPE_CARD, words_of(frame, file))->box.grow = 1;
    (void)snprintf(id, sizeof id, "file.remove.%u", (unsigned)index % 100); // always fits
    form_frame_remove(frame, row, id);
}

static const char *words_of(const struct frame *frame, const struct json *file)
{
    char size[UPLOAD_SIZE_BYTES];
    int64_t bytes = 0;
    const char *type = json_get_text(file, "type");
    if (json_get_int(file, "size", &bytes) != OK || bytes < 0) {
        bytes = 0; // one that was brought elsewhere and says little of itself
    }
    upload_size_words((size_t)bytes, size);
    const struct phrases_value values[2] = {{"kind", type == NULL ? "" : upload_type_word(type)},
                                            {"size", size}};
    return values[0].words[0] == '\0' || bytes == 0
               ? frame_say(frame, "form.given")
               : frame_fill_two(frame, "form.file.one", values);
}

static void build_way(struct frame *frame, const struct form_field *field)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct form_file_private *file = &form->file;
    bool has_code = frame->kiosk->visit.file_code.modules_count > 0;
    switch (file->way) {
    case FILE_NO_WAY_YET:
        widget_button(frame->maker, frame->content,
                      (struct widget_button){.id = "file.add",
                                             .words = frame_say(frame, "form.file.more"),
                                             .icon = "icon-plus",
                                             .style = STYLE_BUTTON_OUTLINED,
                                             .height_mm = DRAWN(116)});
        break;
    case FILE_ASKING:
        build_wait(frame);
        break;
    case FILE_CODE:
        if (file->is_refused && form->error[0] == '\0') {
            build_refused(frame); // one thing at a time
        } else {
            build_limits(frame, field);
        }
        if (has_code) {
            build_code(frame);
        } else {
            build_later(frame);
        }
        break;
    case FILE_LATER:
    case FILE_COUNTER: // never here: the page then hands over
        build_later(frame);
        break;
    }
}

static void build_code(struct frame *frame)
{
    const struct qr *qr = &frame->kiosk->visit.file_code;
    const struct look *look = frame->maker.look;
    bool is_tight = look->is_low || look->is_large;
    struct node *card = widget_row(frame->maker, frame->content, DRAWN(56));
    card->style = STYLE_CARD;
    card->box.across = ALIGN_CENTER;
    card->box.pad = (struct edges){DRAWN(52), DRAWN(48), DRAWN(32), DRAWN(48)};
    (void)frame_code(frame, card, "file.code", qr, is_tight ? CODE_SMALL_PX : CODE_PX);
    struct node *column = widget_column(frame->maker, card, DRAWN(16));
    column->box.grow = 1;
    if (!is_tight) {
        struct node *tile =
            widget_tile(frame->maker, column, "picto-phoneqr", DRAWN(140), DRAWN(110));
        tile->box.self = ALIGN_START;
    }
    struct node *scan = widget_heading(frame->maker, column, "file.scan", TYPE_CARD,
                                       frame_say(frame, "form.file.scan"));
    scan->states |= NODE_LIVE;
    if (!is_tight) {
        widget_text(frame->maker, column, "file.scan.so", TYPE_BODY,
                    frame_say(frame, "form.file.scan.so"));
    }
}

static void build_limits(struct frame *frame, const struct form_field *field)
{
    char kinds[UPLOAD_KINDS_BYTES];
    char size[UPLOAD_SIZE_BYTES];
    struct upload_rule rule = upload_rule_of(field->definition);
    upload_kinds_words(rule.kinds, kinds);
    upload_size_words(rule.bytes_max, size);
    const struct phrases_value values[2] = {{"kinds", kinds}, {"size", size}};
    struct node *limits = widget_text(frame->maker, frame_info(frame), "file.limits", TYPE_BODY,
                                      frame_fill_two(frame, "upload.limits", values));
    limits->ink = frame->maker.look->is_low ? COLOUR_INHERIT : COLOUR_MUTED;
}

static void build_refused(struct frame *frame)
{
    struct node *notice = widget_notice(
        frame->maker, frame_info(frame),
        (struct widget_notice){.id = "file.refused",
                               .tone = TONE_TODO,
                               .icon = "icon-warn",
                               .cause = frame_say(frame, "form.file.refused"),
                               .consequence = frame_say(frame, "form.file.refused.so")});
    notice->states |= NODE_LIVE;
}

static void build_wait(struct frame *frame)
{
    struct node *row = widget_row(frame->maker, frame_info(frame), DRAWN(16));
    widget_icon(frame->maker, row, "icon-busy", DRAWN(52));
    struct node *words =
        widget_text(frame->maker, row, "file.wait", TYPE_BODY, frame_say(frame, "form.file.wait"));
    words->box.grow = 1;
    words->states |= NODE_LIVE;
}

static void build_later(struct frame *frame)
{
    widget_notice(frame->maker, frame_info(frame),
                  (struct widget_notice){.id = "file.later",
                                         .tone = TONE_TODO,
                                         .icon = "picto-plugoff",
                                         .cause = frame_say(frame, "form.file.later"),
                                         .consequence = frame_say(frame, "form.file.later.so")});
    widget_button(frame->maker, frame->content,
                  (struct widget_button){.id = "file.add",
                                         .words = frame_say(frame, "common.retry"),
                                         .icon = "icon-retry",
                                         .style = STYLE_BUTTON_OUTLINED,
                                         .height_mm = DRAWN(116)});
}
