// SPDX-License-Identifier: EUPL-1.2
//
// The pages of a form within the kiosk's frame.
#include "apps/kiosk/form_frame.h"

#include "fill/fill_words.h"

enum { BARS_MAX = 12, LABEL_CHARS_MAX = 220, ANSWER_CHARS_MAX = 90 };

static struct fill_say say_of(const struct frame *frame);

void form_frame_steps(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    size_t step = 0;
    size_t steps = 0;
    walk_position(&form->walk, form->page, &step, &steps);
    unsigned bars = steps > BARS_MAX ? BARS_MAX : (unsigned)steps;
    if (steps == 0) {
        return;
    }
    // Of a long form the bars show the share; the words carry the number.
    unsigned lit = (unsigned)((step * bars + steps - 1) / steps);
    widget_steps(frame->maker, frame->field, fill_words_step(say_of(frame)), lit, bars);
}

struct node *form_frame_title(struct frame *frame, const char *words)
{
    bool is_large = frame->maker.look->is_large;
    size_t chars = fill_words_chars(words);
    chars += is_large && frame->kiosk->visit.form.error[0] != '\0' ? 31U : 0U; // room for the error
    enum type type = chars <= (is_large ? 30U : 56U)    ? TYPE_QUESTION
                     : chars <= (is_large ? 70U : 140U) ? TYPE_SECTION
                                                        : TYPE_BODY_BOLD;
    struct node *title = widget_heading(frame->maker, frame->field, "title", type, words);
    title->privacy = PRIVACY_PRIVATE;
    return title;
}

const char *form_frame_words(struct frame *frame, const char *html, size_t chars_max)
{
    return fill_words(say_of(frame), html, chars_max);
}

const char *form_frame_label(struct frame *frame, const struct form_field *field)
{
    return fill_words_label(say_of(frame), field, LABEL_CHARS_MAX);
}

const char *form_frame_answer(struct frame *frame, struct form_place place)
{
    return fill_words_answer(say_of(frame), place, ANSWER_CHARS_MAX);
}

const char *form_frame_fixed(struct frame *frame)
{
    return fill_words_fixed(say_of(frame), LABEL_CHARS_MAX);
}

const char *form_frame_item(struct frame *frame, size_t item)
{
    return fill_words_item(say_of(frame), item);
}

bool form_frame_error(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    if (form->error[0] == '\0') {
        return false;
    }
    struct node *notice = widget_notice(frame->maker, frame_info(frame),
                                        (struct widget_notice){
                                            .id = "error",
                                            .tone = TONE_STOP,
                                            .icon = "icon-warn",
                                            .cause = frame_say(frame, form->error),
                                            .consequence = fill_words_how(say_of(frame)),
                                        });
    notice->box.pad.top_mm = DRAWN(14);
    notice->box.pad.bottom_mm = DRAWN(14);
    return true;
}

void form_frame_more(struct frame *frame, const char *words)
{
    widget_button(frame->maker, frame->content,
                  (struct widget_button){.id = "more",
                                         .words = words,
                                         .icon = "icon-list",
                                         .style = STYLE_BUTTON_SERVICE,
                                         .height_mm = DRAWN(96)});
}

void form_frame_remove(struct frame *frame, struct node *row, const char *id)
{
    struct node *remove =
        widget_button(frame->maker, row,
                      (struct widget_button){.id = id,
                                             .words = frame_say(frame, "form.items.remove"),
                                             .style = STYLE_BUTTON_SERVICE,
                                             .height_mm = DRAWN(96)});
    remove->box.width_mm = DRAWN(frame->maker.look->is_large ? 340 : 240);
}

void form_frame_buttons(struct frame *frame, const char *ask_key, const char *next_key)
{
    const struct look *look = frame->maker.look;
    bool has_error = frame->kiosk->visit.form.error[0] != '\0';
    float height_mm = look->is_low                  ? DRAWN(96)
                      : look->is_large || has_error ? DRAWN(116)
                                                    : DRAWN(140);
    struct node *row =
        widget_grid(frame->maker, frame->content, next_key == NULL ? 1 : 2, DRAWN(20));
    struct node *ask =
        widget_button(frame->maker, row,
                      (struct widget_button){.id = "ask",
                                             .words = frame_say(frame, ask_key),
                                             .icon = look->is_large ? NULL : "icon-desk",
                                             .style = next_key == NULL ? STYLE_BUTTON_FILLED
                                                                       : STYLE_BUTTON_OUTLINED,
                                             .height_mm = height_mm});
    ask->text_align = ALIGN_CENTER;
    ask->cap_mm = look->is_large ? DRAWN_CAP(48) : 0; // one line: the question needs the room
    if (next_key != NULL) {
        widget_button(frame->maker, row,
                      (struct widget_button){.id = "next",
                                             .words = frame_say(frame, next_key),
                                             .arrow = "icon-next",
                                             .style = STYLE_BUTTON_FILLED,
                                             .key = KEY_ENTER,
                                             .height_mm = height_mm})
            ->icon_mirrors = true;
    }
}

void form_frame_saved(struct frame *frame)
{
    static const struct {
        const char *icon;
        const char *key;
    } lines[] = {
        [FORM_NOTHING_YET] = {"icon-check", "form.saved.promise"},
        [FORM_SAVING] = {"icon-busy", "form.saved.saving"},
        [FORM_AT_SOURCE] = {"icon-check", "form.saved.promise"},
        [FORM_AT_HUB] = {"icon-check", "form.saved.hub"},
        [FORM_NOT_SAVED] = {"icon-warn", "form.saved.not"},
    };
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct look *look = frame->maker.look;
    if (form->error[0] != '\0') {
        return; // one thing at a time
    }
    bool is_kept = form->saving == FORM_NOTHING_YET || form->saving == FORM_AT_SOURCE;
    bool is_promise = is_kept && kiosk_is_begun_here(frame->kiosk); // one that can be kept
    struct node *row = widget_row(frame->maker, frame_info(frame), DRAWN(16));
    struct node *icon =
        widget_icon(frame->maker, row, form->goes_on ? "icon-busy" : lines[form->saving].icon,
                    look->is_large ? DRAWN(60) : DRAWN(48));
    struct node *words = widget_text(frame->maker, row, "saved", TYPE_DETAIL,
                                     frame_say(frame, form->goes_on ? "form.step.wait"
                                                      : is_promise  ? "form.saved.here"
                                                                    : lines[form->saving].key));
    words->box.grow = 1;
    words->states |= NODE_LIVE;
    if (!look->is_low) {
        icon->ink = COLOUR_MUTED;
        words->ink = COLOUR_MUTED;
    }
}

bool form_frame_event(struct kiosk *kiosk, struct scenes *scenes, const struct scene_event *event)
{
    if (scene_event_is(event, "bar.back")) {
        kiosk_touch(kiosk, event->now_ms);
        fill_back(&kiosk->visit.form);
        return true;
    }
    if (kiosk_common_event(kiosk, scenes, event)) {
        return true;
    }
    if (scene_event_is(event, "ask")) {
        kiosk_form_ask_counter(kiosk);
        return true;
    }
    return false;
}

int64_t form_frame_tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    int64_t idle_ms = kiosk_idle_tick(model, scenes, now_ms);
    int64_t line_ms = fill_tick(&((struct kiosk *)model)->visit.form, now_ms);
    return idle_ms < line_ms ? idle_ms : line_ms;
}

static struct fill_say say_of(const struct frame *frame)
{
    return (struct fill_say){frame->maker, &frame->kiosk->phrases, &frame->kiosk->visit.form};
}
