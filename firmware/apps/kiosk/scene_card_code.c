// SPDX-License-Identifier: EUPL-1.2
//
// The six digits that open the chip, typed over from the document. They are shown as typed: they
// are printed on what she holds, open nothing without it, and whoever cannot see them types them
// wrong.
#include "apps/kiosk/card_frame.h"

#include "base/text.h"

#include <string.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_ways(struct frame *frame);
static void type_digit(struct card_private *card, size_t digit);
static void erase(struct card_private *card);

const struct scene kiosk_scene_card_code = {.id = "card_code",
                                            .enter = kiosk_enter,
                                            .build = build,
                                            .event = event,
                                            .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct card_private *card = &kiosk->visit.card;
    struct frame frame = frame_open(kiosk, look, tree, "card_code", "card.code.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, "card.code.title"));
    frame.content->box.gap_mm = look->is_low ? DRAWN(14) : DRAWN(18);
    bool has_error = card_frame_error(&frame);
    bool is_tight = look->is_large || look->is_low;
    if (!(look->is_large && look->is_low) && !(has_error && is_tight)) {
        card_frame_digits(&frame); // else behind Help
    }
    struct node *input = widget_input(
        frame.maker, frame.content,
        (struct widget_input){.id = "code",
                              .label = look->is_low ? NULL : frame_say(&frame, "card.code.label"),
                              .value = card->digits,
                              .privacy = PRIVACY_PRIVATE,
                              .is_active = true,
                              .is_invalid = card->error[0] != '\0'});
    tree_set_name(tree, input, frame_say(&frame, "card.code.label"));
    struct keyboard_words words = frame_keys(&frame, frame_say(&frame, "common.next"));
    float key_mm = look->is_low     ? DRAWN(80)
                   : look->is_large ? DRAWN(112)
                   : has_error      ? DRAWN(110)
                                    : DRAWN(134);
    struct node *keypad =
        keyboard_build(frame.maker, frame.content,
                       &(struct keyboard){.setup = {.layout = KEYBOARD_NUMBERS}}, &words, key_mm);
    keypad->box.pad.top_mm = look->is_low ? 0 : DRAWN(12); // room for the ring of the field
    build_ways(&frame);
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    struct card_private *card = &kiosk->visit.card;
    size_t digit = 0;
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    bool is_enter = event->kind == SCENE_KEY && event->key == KEY_ENTER;
    bool is_erase = event->kind == SCENE_KEY && event->key == KEY_BACKSPACE;
    if (event->kind == SCENE_TYPED && event->character >= '0' && event->character <= '9') {
        type_digit(card, event->character - '0');
    } else if (is_erase || scene_event_is(event, "key.erase")) {
        erase(card);
    } else if (is_enter || scene_event_is(event, "key.next")) {
        (void)kiosk_card_send(kiosk); // the page says what is wrong
    } else if (scene_event_item(event, "key", &digit)) {
        type_digit(card, digit);
    } else if (scene_event_is(event, "no_digits")) {
        kiosk_card_by_zone(kiosk);
    } else if (scene_event_is(event, "give_up")) {
        scenes_push(scenes, &kiosk_scene_subject);
    }
}

// Two ways on for whoever finds none, side by side.
static void build_ways(struct frame *frame)
{
    const struct look *look = frame->maker.look;
    struct node *row = widget_grid(frame->maker, frame->content, 2, DRAWN(20));
    static const char *const ids[2] = {"no_digits", "give_up"};
    static const char *const words[2] = {"card.code.none", "card.code.give_up"};
    for (size_t i = 0; i < 2; i++) {
        struct node *button = widget_button(
            frame->maker, row,
            (struct widget_button){.id = ids[i],
                                   .words = frame_say(frame, words[i]),
                                   .style = STYLE_BUTTON_OUTLINED,
                                   .height_mm = look->is_low ? DRAWN(84) : DRAWN(112)});
        button->cap_mm = look->is_large ? DRAWN_CAP(44) : DRAWN_CAP(42);
        button->text_align = ALIGN_CENTER;
    }
}

static void type_digit(struct card_private *card, size_t digit)
{
    size_t len = strlen(card->digits);
    if (digit <= 9 && len < DOCUMENT_CAN_BYTES - 1) {
        card->digits[len] = (char)('0' + digit);
        card->error[0] = '\0';
    }
}

static void erase(struct card_private *card)
{
    size_t len = strlen(card->digits);
    if (len > 0) {
        card->digits[len - 1] = '\0';
    }
}
