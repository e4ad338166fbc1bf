// SPDX-License-Identifier: EUPL-1.2
//
// The second fact: the birth date on a keypad, before anything personal is shown.
#include "apps/kiosk/frame.h"

#include "base/bytes.h"
#include "base/text.h"
#include "ui/keyboard.h"

#include <stdio.h>
#include <string.h>

static void enter(void *model, struct scenes *scenes);
static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void leave(void *model);
static void build_error(struct frame *frame);
static void build_fields(struct frame *frame);
static void type_digit(struct kiosk *kiosk, size_t digit);
static void erase(struct kiosk *kiosk);

const struct scene kiosk_scene_birth_date = {.id = "birth_date",
                                             .enter = enter,
                                             .build = build,
                                             .event = event,
                                             .tick = kiosk_idle_tick,
                                             .leave = leave};

static void enter(void *model, struct scenes *scenes)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    wipe(kiosk->visit.digits, sizeof kiosk->visit.digits);
    kiosk->touched_ms = kiosk->now_ms;
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "birth_date", "birth.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, "birth.title"));
    if (!look->is_large && kiosk->visit.error[0] == '\0') {
        frame_lead(&frame, frame_say(&frame, "birth.lead"));
    }
    build_error(&frame);
    build_fields(&frame);
    struct node *keypad = keyboard_build(
        frame.maker, frame.content, &(struct keyboard){.setup = {.layout = KEYBOARD_NUMBERS}},
        &(struct keyboard_words){.erase = frame_say(&frame, "common.erase"),
                                 .next = frame_say(&frame, "common.next")},
        0);
    keypad->box.pad.top_mm = look->is_low ? 0 : DRAWN(16); // room for the ring of the field
    if (!look->is_large) {
        widget_button(frame.maker, frame.content,
                      (struct widget_button){.id = "give_up",
                                             .words = frame_say(&frame, "birth.give_up"),
                                             .icon = "icon-desk",
                                             .style = STYLE_BUTTON_OUTLINED,
                                             .height_mm = look->is_low ? DRAWN(84) : DRAWN(124)});
    }
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    size_t digit = 0;
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    if (event->kind == SCENE_TYPED && event->character >= '0' && event->character <= '9') {
        type_digit(kiosk, event->character - '0');
    } else if (event->kind == SCENE_KEY && event->key == KEY_BACKSPACE) {
        erase(kiosk);
    } else if (event->kind == SCENE_KEY && event->key == KEY_ENTER) {
        kiosk_send_birth_date(kiosk);
    } else if (event->kind == SCENE_ACTIVATED && scene_event_item(event, "key", &digit)) {
        type_digit(kiosk, digit);
    } else if (event->kind == SCENE_ACTIVATED && scene_event_is(event, "key.erase")) {
        erase(kiosk);
    } else if (event->kind == SCENE_ACTIVATED && scene_event_is(event, "key.next")) {
        kiosk_send_birth_date(kiosk);
    } else if (event->kind == SCENE_ACTIVATED && scene_event_is(event, "give_up")) {
        scenes_push(scenes, &kiosk_scene_subject);
    }
}

static void leave(void *model)
{
    struct kiosk *kiosk = model;
    wipe(kiosk->visit.digits, sizeof kiosk->visit.digits);
    wipe(kiosk->visit.error, sizeof kiosk->visit.error);
}

// What is wrong and how to go on, above the fields; spoken at once.
static void build_error(struct frame *frame)
{
    const struct kiosk_visit_private *visit = &frame->kiosk->visit;
    if (visit->error[0] == '\0') {
        return;
    }
    char so[KIOSK_KEY_BYTES + 8];
    (void)snprintf(so, sizeof so, "%s.so", visit->error); // room for the three characters more
    bool counts = text_equal(visit->error, "birth.error.wrong");
    widget_notice(frame->maker, frame_info(frame),
                  (struct widget_notice){
                      .id = "error",
                      .tone = TONE_STOP,
                      .icon = "icon-warn",
                      .cause = frame_say(frame, visit->error),
                      .consequence = counts ? frame_count(frame, so, visit->visit.tries_left)
                                            : frame_say(frame, so),
                  });
}

static void build_fields(struct frame *frame)
{
    static const struct {
        const char *id;
        const char *key;
        size_t from;
        size_t len;
    } parts[3] = {
        {"day", "birth.day", 0, 2}, {"month", "birth.month", 2, 2}, {"year", "birth.year", 4, 4}};
    const char *digits = frame->kiosk->visit.digits;
    size_t len = strlen(digits);
    struct node *row = widget_row(frame->maker, frame->content, DRAWN(36));
    for (size_t i = 0; i < 3; i++) {
        char value[5] = "";
        if (len > parts[i].from) {
            size_t have = len - parts[i].from < parts[i].len ? len - parts[i].from : parts[i].len;
            memcpy(value, digits + parts[i].from, have);
            value[have] = '\0';
        }
        bool is_full = i == 2 && len == KIOSK_DIGITS_BYTES - 1; // the last keeps the caret
        bool is_active = is_full || (len >= parts[i].from && len < parts[i].from + parts[i].len);
        struct node *input =
            widget_input(frame->maker, row,
                         (struct widget_input){.id = parts[i].id,
                                               .label = frame_say(frame, parts[i].key),
                                               .value = tree_words(frame->maker.tree, value),
                                               .privacy = PRIVACY_PRIVATE,
                                               .is_active = is_active,
                                               .is_invalid = frame->kiosk->visit.error[0] != '\0',
                                               .width_mm = i == 2 ? 0 : DRAWN(240)});
        input->box.grow = i == 2 ? 1 : 0;
        wipe(value, sizeof value);
    }
}

static void type_digit(struct kiosk *kiosk, size_t digit)
{
    char *digits = kiosk->visit.digits;
    size_t len = strlen(digits);
    if (digit <= 9 && len < KIOSK_DIGITS_BYTES - 1) {
        digits[len] = (char)('0' + digit);
        kiosk->visit.error[0] = '\0';
    }
}

static void erase(struct kiosk *kiosk)
{
    size_t len = strlen(kiosk->visit.digits);
    if (len > 0) {
        kiosk->visit.digits[len - 1] = '\0';
    }
}
