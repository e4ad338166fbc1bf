// SPDX-License-Identifier: EUPL-1.2
//
// Words of a form are the source's: another language than the screen's, and private.
#include "apps/kiosk/form_frame.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { BARS_MAX = 12, SEEN_AT_END = 2, ANSWER_CHARS_MAX = 90 };

static const char *cut(char *words, size_t chars_max);
static size_t chars_of(const char *words);
static const char *how_of(struct frame *frame, const char *stem, const struct check_result *result);
static const char *limit_of(struct frame *frame, const struct check_result *result);
static const char *date_answer(struct frame *frame, const char *typed);
static void mask(char *words, size_t size);

void form_frame_steps(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    size_t step = 0;
    size_t steps = 0;
    char numbers[2][12];
    walk_position(&form->walk, form->page, &step, &steps);
    (void)snprintf(numbers[0], sizeof numbers[0], "%u", (unsigned)step % 10000);  // always fits
    (void)snprintf(numbers[1], sizeof numbers[1], "%u", (unsigned)steps % 10000); // always fits
    struct phrases_value values[] = {{"step", numbers[0]}, {"steps", numbers[1]}};
    unsigned bars = steps > BARS_MAX ? BARS_MAX : (unsigned)steps;
    if (steps == 0) {
        return;
    }
    // Of a long form the bars show the share; the words carry the number.
    unsigned lit = (unsigned)((step * bars + steps - 1) / steps);
    widget_steps(frame->maker, frame->field, frame_fill_two(frame, "form.step", values), lit, bars);
}

struct node *form_frame_title(struct frame *frame, const char *words)
{
    bool is_large = frame->maker.look->is_large;
    size_t chars = chars_of(words);
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
    static char words[FORM_WORDS_BYTES];
    fill_plain(html, words, sizeof words);
    const char *kept = widget_foreign(frame->maker, cut(words, chars_max));
    kept = kept == words ? tree_words(frame->maker.tree, words) : kept;
    wipe(words, sizeof words);
    return kept;
}

const char *form_frame_label(struct frame *frame, const struct form_field *field)
{
    bool has_none = field->label == NULL || field->label[0] == '\0';
    return has_none ? frame_say(frame, "consent.question")
                    : form_frame_words(frame, field->label, 220);
}

bool form_frame_error(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    if (form->error[0] == '\0') {
        return false;
    }
    bool has_own = form->result.fault == CHECK_PATTERN && form->result.words != NULL &&
                   form->result.words[0] != '\0';
    struct node *notice =
        widget_notice(frame->maker, frame_info(frame),
                      (struct widget_notice){
                          .id = "error",
                          .tone = TONE_STOP,
                          .icon = "icon-warn",
                          .cause = frame_say(frame, form->error),
                          .consequence = has_own ? form_frame_words(frame, form->result.words, 120)
                                                 : how_of(frame, form->error, &form->result),
                      });
    notice->box.pad.top_mm = DRAWN(14);
    notice->box.pad.bottom_mm = DRAWN(14);
    return true;
}

const char *form_frame_answer(struct frame *frame, struct form_place place)
{
    const struct walk *walk = &frame->kiosk->visit.form.walk;
    const struct form_field *field = &walk->form.fields[place.field];
    static char typed[FORM_WORDS_BYTES];
    if (field->kind == FORM_YES) {
        return frame_say(frame,
                         fill_is_yes(&frame->kiosk->visit.form, place) ? "form.yes" : "form.no");
    }
    if (answers_is_empty(&walk->answers, &walk->form, place)) {
        return frame_say(frame, "form.check.empty");
    }
    if (field->kind == FORM_SIGNATURE) {
        return frame_say(frame, "form.signed");
    }
    if (field->kind == FORM_UNKNOWN || field->kind == FORM_FILE) {
        return frame_say(frame, "form.given");
    }
    answers_text(&walk->answers, &walk->form, place, typed, sizeof typed);
    const char *date = date_answer(frame, typed);
    bool is_date = field->kind == FORM_DATE && date != NULL;
    if (field->is_sensitive) {
        mask(typed, sizeof typed);
    }
    for (char *at = typed; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    const char *kept = widget_foreign(frame->maker, cut(typed, ANSWER_CHARS_MAX));
    kept = kept == typed ? tree_words(frame->maker.tree, typed) : kept;
    wipe(typed, sizeof typed);
    return is_date && !field->is_sensitive ? date : kept;
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
    struct node *row = widget_row(frame->maker, frame_info(frame), DRAWN(16));
    struct node *icon =
        widget_icon(frame->maker, row, form->goes_on ? "icon-busy" : lines[form->saving].icon,
                    look->is_large ? DRAWN(60) : DRAWN(48));
    struct node *words =
        widget_text(frame->maker, row, "saved", TYPE_DETAIL,
                    frame_say(frame, form->goes_on ? "form.step.wait" : lines[form->saving].key));
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

static const char *cut(char *words, size_t chars_max)
{
    size_t len = strlen(words);
    size_t pos = 0;
    for (size_t i = 0; i < chars_max && pos < len; i++) {
        (void)utf8_next(words, len, &pos);
    }
    if (pos + sizeof "\u2026" <= len) {
        memcpy(words + pos, "\u2026", sizeof "\u2026");
    }
    return words;
}

static size_t chars_of(const char *words)
{
    size_t len = strlen(words);
    size_t count = 0;
    for (size_t pos = 0; pos < len; count++) {
        (void)utf8_next(words, len, &pos);
    }
    return count;
}

static const char *how_of(struct frame *frame, const char *stem, const struct check_result *result)
{
    char key[FORM_STEM_BYTES + 8];
    (void)snprintf(key, sizeof key, "%s.so", stem); // room for the three characters more
    switch (result->fault) {
    case CHECK_TOO_SHORT:
    case CHECK_TOO_LONG:
    case CHECK_TOO_FEW_WORDS:
    case CHECK_TOO_MANY_WORDS:
        return frame_count(frame, key, result->limit < 1 ? 1 : (uint64_t)result->limit);
    case CHECK_TOO_LOW:
    case CHECK_TOO_HIGH:
    case CHECK_TOO_FEW:
    case CHECK_TOO_MANY:
        return frame_fill(frame, key, "limit", limit_of(frame, result));
    case CHECK_TOO_EARLY:
    case CHECK_TOO_LATE:
        return frame_fill(frame, key, "date", limit_of(frame, result));
    case CHECK_OK:
    case CHECK_MISSING:
    case CHECK_NO_NUMBER:
    case CHECK_NO_DATE:
    case CHECK_NO_TIME:
    case CHECK_NO_EMAIL:
    case CHECK_NO_PHONE:
    case CHECK_NO_BSN:
    case CHECK_NO_IBAN:
    case CHECK_NO_PLATE:
    case CHECK_NO_POSTCODE:
    case CHECK_NO_ADDRESS:
    case CHECK_NO_CHOICE:
    case CHECK_PATTERN:
    case CHECK_FAULTS_COUNT:
        break;
    }
    return frame_say(frame, key);
}

// A number with the Dutch comma, a date in words, or a time of day.
static const char *limit_of(struct frame *frame, const struct check_result *result)
{
    char words[40];
    bool is_date = date_is_valid(result->date);
    if (is_date) {
        return frame_whole_date(frame, result->date);
    }
    if (result->fault == CHECK_TOO_EARLY || result->fault == CHECK_TOO_LATE) {
        unsigned minutes = (unsigned)result->limit % 1440U;
        (void)snprintf(words, sizeof words, "%u.%02u", minutes / 60, minutes % 60); // always fits
        return tree_words(frame->maker.tree, words);
    }
    (void)snprintf(words, sizeof words, "%.10g", result->limit); // always fits
    char *point = strchr(words, '.');
    if (point != NULL) {
        *point = ',';
    }
    return tree_words(frame->maker.tree, words);
}

static const char *date_answer(struct frame *frame, const char *typed)
{
    struct date date;
    return date_from_text(typed, &date) == OK ? frame_whole_date(frame, date) : NULL;
}

// All but the last two characters of a number or name become dots.
static void mask(char *words, size_t size)
{
    char masked[256];
    struct text text;
    size_t len = strlen(words);
    size_t count = chars_of(words);
    size_t pos = 0;
    text_init(&text, masked, sizeof masked);
    for (size_t i = 0; i < count; i++) {
        size_t from = pos;
        (void)utf8_next(words, len, &pos);
        if (count > 4 && i + SEEN_AT_END >= count) {
            text_add_bytes(&text, words + from, pos - from);
        } else if (i < 24) {
            text_add(&text, "\u2022");
        }
    }
    text_copy_cut(words, size, masked);
    wipe(masked, sizeof masked);
}
