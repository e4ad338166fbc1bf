// SPDX-License-Identifier: EUPL-1.2
//
// The open door: where you are, who you are, what this screen asks; then the quiet paper.
#include "apps/kiosk/frame.h"

#include "apps/kiosk/gables.h"
#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>

// Fields at least this high; in low mode everything touched is below.
#define FIELD_MM DRAWN(330)
#define FIELD_LOW_MM DRAWN(858)

// At least 45 mm a side: a phone is held half a metre away.
enum { PHONE_CODE_PX = 350, PHONE_CODE_LOW_PX = 260 };

static void bar_session(struct frame *frame, struct node *bar, enum frame_bar kind);
static void bar_modes(struct frame *frame, struct node *bar);
static void service(struct frame *frame, struct node *row, const char *id, const char *icon,
                    const char *key);

struct frame frame_open(const struct kiosk *kiosk, const struct look *look, struct tree *tree,
                        const char *id, const char *title_key)
{
    struct frame frame = {.kiosk = kiosk, .maker = {.tree = tree, .look = look}};
    frame.screen = widget_page(frame.maker, id, frame_say(&frame, title_key));
    // On the list the chip is complete and stands under the title; who may have left is not named,
    // nor who took her card away.
    bool has_chip = kiosk->visit.has_visit && !text_equal(id, "requests") &&
                    !text_equal(id, "timeout") && !text_equal(id, "card_locked") &&
                    kiosk->visit.visit.initials[0] != '\0';
    frame.field = widget_field(
        frame.maker, frame.screen,
        (struct widget_field){
            .town = kiosk->state.town,
            .time = frame_time(&frame, "common.time", clock_now_ms(&kiosk->clock)),
            .chip = has_chip ? widget_foreign(frame.maker, kiosk->visit.visit.initials) : NULL,
            .height_mm = look->is_low     ? FIELD_LOW_MM
                         : look->is_large ? 0
                                          : FIELD_MM,
        });
    frame.field->box.along = look->is_low ? ALIGN_END : ALIGN_START;
    frame.gables = tree_add(tree, frame.screen, "gables", ROLE_IMAGE, NULL);
    frame.gables->draw = gables_draw;
    frame.gables->ground = COLOUR_FIELD;
    frame.gables->states |= NODE_HIDDEN;
    frame.content = widget_column(frame.maker, frame.screen, DRAWN(20));
    float air_mm = look->is_low ? DRAWN(20) : DRAWN(28);
    frame.content->box.pad = (struct edges){DRAWN(48), air_mm, DRAWN(48), air_mm};
    frame.content->box.grow = 1;
    return frame;
}

void frame_close(struct frame *frame, enum frame_bar kind)
{
    const struct look *look = frame->maker.look;
    bool may_draw = !look->is_large && !look->is_contrast;
    if (may_draw && (frame->has_gables || (look->is_low && !frame->has_info))) {
        frame->gables->states &= ~(unsigned)NODE_HIDDEN;
        frame->gables->box.height_mm = GABLES_HEIGHT_MM;
        if (look->is_low) {
            struct node *field = tree_find(frame->maker.tree, "field");
            field->box.min_height_mm = FIELD_LOW_MM - GABLES_HEIGHT_MM;
        }
    }
    struct node *bar = tree_add(frame->maker.tree, frame->screen, "bar", ROLE_GROUP, NULL);
    bar->style = STYLE_BAR;
    bar->box.gap_mm = DRAWN(16);
    bar->box.pad = (struct edges){DRAWN(48), DRAWN(22), DRAWN(48), DRAWN(24)};
    if (kind != FRAME_BAR_SHORT) {
        bar_session(frame, bar, kind);
    }
    bar_modes(frame, bar);
}

struct node *frame_title(struct frame *frame, const char *words)
{
    struct node *title = widget_heading(frame->maker, frame->field, "title", TYPE_TITLE, words);
    if (frame->maker.look->is_low && !frame->maker.look->is_large) {
        title->cap_mm = DRAWN_CAP(104); // there is room, and the eye is low
    }
    return title;
}

struct node *frame_lead(struct frame *frame, const char *words)
{
    return widget_text(frame->maker, frame->field, "lead", TYPE_BODY, words);
}

struct node *frame_info(struct frame *frame)
{
    if (!frame->maker.look->is_low) {
        return frame->content;
    }
    frame->has_info = true;
    return frame->field;
}

void frame_gables(struct frame *frame)
{
    frame->has_gables = true;
}

struct node *frame_number_card(struct frame *frame, const char *id, enum widget_card_kind kind)
{
    struct wait_band band = frame_wait_other(frame);
    return widget_card(
        frame->maker, frame->content,
        (struct widget_card){.kind = kind,
                             .id = id,
                             .title = frame_say(frame, "message.number"),
                             .detail = band.is_known ? frame_fill(frame, "message.number.wait",
                                                                  "wait", frame_wait(frame, &band))
                                                     : frame_say(frame, "message.number.detail"),
                             .picture = "picto-slip",
                             .is_big = true});
}

struct node *frame_code(struct frame *frame, struct node *parent, const char *id,
                        const struct qr *qr, unsigned room_px)
{
    struct node *code = tree_add(frame->maker.tree, parent, id, ROLE_QR, NULL);
    code->modules = qr->modules;
    code->modules_count = qr->modules_count;
    unsigned dot_px = room_px / (qr->modules_count == 0 ? 1 : qr->modules_count);
    code->box.width_mm = DRAWN((float)(qr->modules_count * dot_px));
    code->box.height_mm = code->box.width_mm;
    return code;
}

void frame_phone_code(struct frame *frame, const struct qr *qr, const char *words)
{
    bool is_low = frame->maker.look->is_low;
    struct node *card = widget_row(frame->maker, frame_info(frame), DRAWN(48));
    card->style = STYLE_TICKET;
    card->box.across = ALIGN_CENTER;
    card->box.pad = (struct edges){DRAWN(64), DRAWN(52), DRAWN(48), DRAWN(52)};
    struct node *code =
        frame_code(frame, card, "phone.code", qr, is_low ? PHONE_CODE_LOW_PX : PHONE_CODE_PX);
    tree_set_name(frame->maker.tree, code, words);
    struct node *told = widget_text(frame->maker, card, "phone.so", TYPE_BODY, words);
    told->ink = COLOUR_PICTURE_LINE;
    told->box.grow = 1;
}

void frame_ends(struct frame *frame, struct frame_end other)
{
    bool has_other = other.id != NULL;
    struct node *row = widget_grid(frame->maker, frame->content, has_other ? 2 : 1, DRAWN(20));
    if (has_other) {
        widget_button(
            frame->maker, row,
            (struct widget_button){.id = other.id,
                                   .words = frame_say(frame, other.key),
                                   .icon = frame->maker.look->is_large ? NULL : other.icon,
                                   .style = STYLE_BUTTON_OUTLINED,
                                   .height_mm = DRAWN(140)});
    }
    widget_button(frame->maker, row,
                  (struct widget_button){.id = "done",
                                         .words = frame_say(frame, "common.done"),
                                         .icon = "icon-check",
                                         .style = STYLE_BUTTON_FILLED,
                                         .height_mm = DRAWN(140)});
}

void frame_stop(struct frame *frame)
{
    widget_button(frame->maker, frame->content,
                  (struct widget_button){.id = "bar.stop",
                                         .words = frame_say(frame, "timeout.stop"),
                                         .icon = "icon-stop",
                                         .style = STYLE_BUTTON_STOP,
                                         .height_mm = DRAWN(134)});
}

struct node *frame_toggle(struct frame *frame, struct frame_toggle is)
{
    struct node *card = tree_add(frame->maker.tree, frame->content, is.id, ROLE_BUTTON, is.words);
    card->has_text = false;
    card->style = is.is_on ? STYLE_CARD_TICKET : STYLE_CARD;
    card->states |= NODE_ACTIONABLE | (is.is_on ? NODE_CHECKED : 0U);
    card->box.flow = FLOW_ROW;
    card->box.across = ALIGN_CENTER;
    card->box.gap_mm = DRAWN(26);
    card->box.min_height_mm = DRAWN(112);
    card->box.pad = (struct edges){DRAWN(34), DRAWN(10), DRAWN(34), DRAWN(10)};
    struct node *box = widget_column(frame->maker, card, 0);
    box->style = STYLE_INPUT;
    box->box.width_mm = DRAWN(64);
    box->box.height_mm = DRAWN(64);
    box->box.along = ALIGN_CENTER;
    box->box.across = ALIGN_CENTER;
    if (is.is_on) {
        widget_icon(frame->maker, box, "icon-check", DRAWN(48));
    }
    struct node *column = widget_column(frame->maker, card, 0);
    column->box.grow = 1;
    widget_text(frame->maker, column, NULL, TYPE_BADGE, is.words);
    const struct look *look = frame->maker.look;
    if (is.detail != NULL && !look->is_large && !look->is_low) {
        tree_set_description(frame->maker.tree, card, is.detail);
        widget_text(frame->maker, column, NULL, TYPE_DETAIL, is.detail)->ink = COLOUR_MUTED;
    }
    if (is.icon != NULL) {
        widget_icon(frame->maker, card, is.icon, DRAWN(56));
    }
    return card;
}

const char *frame_say(const struct frame *frame, const char *key)
{
    return phrases_get(&frame->kiosk->phrases, key);
}

const char *frame_fill(const struct frame *frame, const char *key, const char *name,
                       const char *value)
{
    char words[PHRASE_BYTES];
    struct phrases_value filling = {name, value};
    if (phrases_fill(frame_say(frame, key), &filling, 1, words, sizeof words) != OK) {
        return value;
    }
    return tree_words(frame->maker.tree, words);
}

const char *frame_fill_two(const struct frame *frame, const char *key,
                           const struct phrases_value values[2])
{
    char words[PHRASE_BYTES];
    if (phrases_fill(frame_say(frame, key), values, 2, words, sizeof words) != OK) {
        return "";
    }
    return tree_words(frame->maker.tree, words);
}

const char *frame_count(const struct frame *frame, const char *key, uint64_t count)
{
    char words[PHRASE_BYTES];
    if (phrases_fill_count(&frame->kiosk->phrases, key, count, words, sizeof words) != OK) {
        return "";
    }
    return tree_words(frame->maker.tree, words);
}

struct keyboard_words frame_keys(const struct frame *frame, const char *next)
{
    return (struct keyboard_words){.erase = frame_say(frame, "common.erase"),
                                   .space = frame_say(frame, "keyboard.space"),
                                   .shift = frame_say(frame, "keyboard.shift"),
                                   .lock = frame_say(frame, "keyboard.lock"),
                                   .signs = frame_say(frame, "keyboard.signs"),
                                   .letters = frame_say(frame, "keyboard.letters"),
                                   .accents = frame_say(frame, "keyboard.accents"),
                                   .script = frame_say(frame, "keyboard.script"),
                                   .close = frame_say(frame, "keyboard.close"),
                                   .new_line = frame_say(frame, "keyboard.new_line"),
                                   .left = frame_say(frame, "keyboard.left"),
                                   .right = frame_say(frame, "keyboard.right"),
                                   .next = next};
}

struct pick_date_words frame_date_words(const struct frame *frame, bool is_invalid)
{
    struct pick_date_words words = {
        .labels = {frame_say(frame, "birth.day"), frame_say(frame, "birth.month"),
                   frame_say(frame, "birth.year"), frame_say(frame, "form.time.hour"),
                   frame_say(frame, "form.time.minute")},
        .erase = frame_say(frame, "common.erase"),
        .is_invalid = is_invalid,
        .privacy = PRIVACY_PRIVATE,
    };
    for (unsigned i = 0; i < 12; i++) {
        char key[32];
        (void)snprintf(key, sizeof key, "common.month.%u", i + 1); // always fits
        words.months[i] = frame_say(frame, key);
    }
    return words;
}

const char *frame_date(const struct frame *frame, int64_t time_ms)
{
    struct clock_local at = clock_local(time_ms);
    char key[32];
    char day[8];
    (void)snprintf(key, sizeof key, "common.month.%u", (unsigned)at.month % 13); // always fits
    (void)snprintf(day, sizeof day, "%u", (unsigned)at.day % 32);                // always fits
    struct phrases_value values[] = {{"day", day}, {"month", frame_say(frame, key)}};
    return frame_fill_two(frame, "common.date", values);
}

const char *frame_time(const struct frame *frame, const char *key, int64_t time_ms)
{
    struct clock_local at = clock_local(time_ms);
    char hour[8];
    char minute[8];
    (void)snprintf(hour, sizeof hour, "%u", (unsigned)at.hour % 24);         // always fits
    (void)snprintf(minute, sizeof minute, "%02u", (unsigned)at.minute % 60); // always fits
    struct phrases_value values[] = {{"hour", hour}, {"minute", minute}};
    return frame_fill_two(frame, key, values);
}

const char *frame_wait(const struct frame *frame, const struct wait_band *band)
{
    if (!band->is_known) {
        return frame_say(frame, "wait.unknown");
    }
    char from[12];
    char to[12];
    (void)snprintf(from, sizeof from, "%u", band->minutes_min); // always fits
    (void)snprintf(to, sizeof to, "%u", band->minutes_max);     // always fits
    struct phrases_value values[] = {{"from", from}, {"to", to}};
    return frame_fill_two(frame, band->minutes_min == 0 ? "wait.short" : "common.minutes_range",
                          values);
}

struct wait_band frame_wait_other(const struct frame *frame)
{
    const struct api_state *state = &frame->kiosk->state;
    struct wait_band unknown = {0};
    return state->services_count == 0 ? unknown : state->services[state->services_count - 1].wait;
}

const char *frame_deadline(const struct frame *frame, const struct request_private *request)
{
    if (request->deadline_ms == 0) {
        return NULL;
    }
    const char *date = frame_date(frame, request->deadline_ms);
    if (request->state == REQUEST_BUSY) {
        return frame_fill(frame, "requests.hear_before", "date", date);
    }
    int64_t days =
        clock_local_day(request->deadline_ms) - clock_local_day(clock_now_ms(&frame->kiosk->clock));
    if (days < 0) {
        return frame_fill(frame, "requests.was_before", "date", date);
    }
    struct phrases_value values[] = {
        {"date", date}, {"days", frame_count(frame, "common.days_left", (uint64_t)days)}};
    return frame_fill_two(frame, "requests.before", values);
}

const char *frame_request_title(const struct frame *frame, const struct request_private *request)
{
    return request->title[0] == '\0' ? frame_say(frame, "requests.unnamed")
                                     : widget_foreign(frame->maker, request->title);
}

const char *frame_missing(const struct frame *frame, const char *item)
{
    return frame_fill(frame, "requests.missing", "item", item);
}

static void bar_session(struct frame *frame, struct node *bar, enum frame_bar kind)
{
    struct node *row = widget_grid(frame->maker, bar, 3, DRAWN(15));
    if (kind == FRAME_BAR_BACK) {
        struct node *back = widget_service_wide(frame->maker, row, "bar.back", "icon-back",
                                                frame_say(frame, "common.back"));
        back->icon_mirrors = true;
    } else if (kind == FRAME_BAR_NOT_YOU) {
        widget_service_wide(frame->maker, row, "bar.not_you", "icon-absent",
                            frame_say(frame, "common.not_you"));
    } else {
        widget_space(frame->maker, row, DRAWN(108)); // a slot without meaning stays empty
    }
    widget_service_wide(frame->maker, row, "bar.language", "icon-globe",
                        frame_say(frame, "common.language_name"));
    struct node *stop = widget_service_wide(frame->maker, row, "bar.stop", "icon-stop",
                                            frame_say(frame, "common.stop"));
    stop->style = STYLE_BUTTON_STOP;
}

static void bar_modes(struct frame *frame, struct node *bar)
{
    const struct look *look = frame->maker.look;
    struct node *row = widget_grid(frame->maker, bar, 4, DRAWN(12));
    service(frame, row, "bar.larger", "icon-larger", "common.larger");
    service(frame, row, "bar.contrast", "icon-contrast", "common.contrast");
    service(frame, row, "bar.lower", "icon-lower", "common.lower");
    service(frame, row, "bar.help", "icon-help", "common.help");
    tree_find(frame->maker.tree, "bar.larger")->states |= look->is_large ? NODE_CHECKED : 0U;
    tree_find(frame->maker.tree, "bar.contrast")->states |= look->is_contrast ? NODE_CHECKED : 0U;
    tree_find(frame->maker.tree, "bar.lower")->states |= look->is_low ? NODE_CHECKED : 0U;
}

static void service(struct frame *frame, struct node *row, const char *id, const char *icon,
                    const char *key)
{
    widget_service(frame->maker, row, id, icon, frame_say(frame, key));
}
