// SPDX-License-Identifier: EUPL-1.2
//
// Signing in: a staff number and a PIN, typed. Nothing of the hall is shown before.
#include "apps/counter/parts.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"

#include <string.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void leave(void *model);
static void field(struct parts parts, struct node *card, enum desk_field which);
static void type_character(struct desk_sign_in_private *fields, uint32_t character);
static void erase_character(struct desk_sign_in_private *fields);
static char *active_text(struct desk_sign_in_private *fields, size_t *size);

const struct scene desk_scene_sign_in = {
    .id = "sign_in",
    .build = build,
    .event = event,
    .tick = tick,
    .leave = leave,
};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct desk *desk = model;
    struct parts parts = {.maker = {.tree = tree, .look = look}, .desk = desk};
    struct node *page = widget_page(parts.maker, "sign_in", parts_phrase(parts, "counter.sign_in"));
    parts_head(parts, page);
    struct node *middle = widget_column(parts.maker, page, 0);
    middle->box.grow = 1;
    middle->box.across = ALIGN_CENTER;
    middle->box.along = ALIGN_CENTER;
    struct node *card = widget_column(parts.maker, middle, DESK_PX(16));
    card->style = STYLE_CARD;
    card->box.width_mm = DESK_PX(480);
    card->box.pad = (struct edges){DESK_PX(32), DESK_PX(28), DESK_PX(32), DESK_PX(32)};
    struct node *title = parts_words(parts, card, 29, true, parts_phrase(parts, "counter.sign_in"));
    title->role = ROLE_HEADING;
    parts_problem(parts, card);
    field(parts, card, DESK_FIELD_STAFF);
    field(parts, card, DESK_FIELD_PIN);
    struct node *button =
        parts_button(parts, card,
                     (struct parts_button){.id = "go",
                                           .words = parts_phrase(parts, "counter.sign_in.go"),
                                           .icon = "icon-check",
                                           .cap = "Enter",
                                           .key = KEY_ENTER,
                                           .style = STYLE_BUTTON_FILLED,
                                           .height_px = 64});
    button->box.grow = 0;
    button->states |= NODE_REPEATS; // Enter after the number, and again right after the PIN
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct desk *desk = model;
    (void)scenes;
    if (event->kind == SCENE_TYPED) {
        type_character(&desk->sign_in, event->character);
    } else if (event->kind == SCENE_KEY && event->key == KEY_BACKSPACE) {
        erase_character(&desk->sign_in);
    } else if (text_equal(event->id, "field.staff")) {
        desk->sign_in.active = DESK_FIELD_STAFF; // reached by mouse or Tab
    } else if (text_equal(event->id, "field.pin")) {
        desk->sign_in.active = DESK_FIELD_PIN;
    } else if (scene_event_is(event, "go")) {
        desk_sign_in(desk);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct desk *desk = model;
    (void)scenes;
    struct clock clock = clock_system();
    desk->now_ms = clock_now_ms(&clock);
    return now_ms + 60000 - desk->now_ms % 60000;
}

static void leave(void *model)
{
    struct desk *desk = model;
    wipe(&desk->sign_in, sizeof desk->sign_in);
}

static void field(struct parts parts, struct node *card, enum desk_field which)
{
    const struct desk_sign_in_private *fields = &parts.desk->sign_in;
    bool is_pin = which == DESK_FIELD_PIN;
    const char *label =
        parts_phrase(parts, is_pin ? "counter.sign_in.pin" : "counter.sign_in.staff");
    struct node *column = widget_column(parts.maker, card, DESK_PX(12)); // room for the ring
    parts_words(parts, column, 17, true, label);
    struct node *node =
        widget_input(parts.maker, column,
                     (struct widget_input){.id = is_pin ? "field.pin" : "field.staff",
                                           .value = is_pin ? fields->pin : fields->staff,
                                           .privacy = is_pin ? PRIVACY_MASKED : PRIVACY_PUBLIC,
                                           .is_active = fields->active == which,
                                           .is_invalid = is_pin && fields->was_wrong});
    tree_set_name(parts.maker.tree, node, label);
    node->type = TYPE_BODY_BOLD; // words, not spaced digits
    node->cap_mm = DESK_CAP(24);
    node->box.min_height_mm = DESK_PX(56);
    node->text_align = ALIGN_START;
}

static void type_character(struct desk_sign_in_private *fields, uint32_t character)
{
    size_t size = 0;
    char *words = active_text(fields, &size);
    size_t len = strlen(words);
    bool is_plain = (character >= '0' && character <= '9') ||
                    (character >= 'a' && character <= 'z') ||
                    (character >= 'A' && character <= 'Z') || character == '-' || character == '.';
    if (is_plain && len + 1 < size) {
        words[len] = (char)character;
        words[len + 1] = '\0';
        fields->was_wrong = false;
    }
}

static void erase_character(struct desk_sign_in_private *fields)
{
    size_t size = 0;
    char *words = active_text(fields, &size);
    size_t len = strlen(words);
    if (len > 0) {
        words[len - 1] = '\0';
    }
}

static char *active_text(struct desk_sign_in_private *fields, size_t *size)
{
    bool is_pin = fields->active == DESK_FIELD_PIN;
    *size = is_pin ? sizeof fields->pin : sizeof fields->staff;
    return is_pin ? fields->pin : fields->staff;
}
