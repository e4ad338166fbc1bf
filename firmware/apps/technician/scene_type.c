// SPDX-License-Identifier: EUPL-1.2
//
// Typing the device's name, then its code: one question a page. Both are small letters for the hub;
// the keys show capitals, which are told apart more easily.
#include "apps/technician/screen_face.h"

#include "base/text.h"

static void build_name(const void *model, const struct look *look, struct tree *tree);
static void build_code(const void *model, const struct look *look, struct tree *tree);
static void name_event(void *model, struct scenes *scenes, const struct scene_event *event);
static void code_event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build(struct face *face, const char *id, const char *stem,
                  const struct edit_private *edit);
static struct keyboard_words keys(const struct face *face);
static bool is_next(struct technician *screen, struct edit_private *edit,
                    const struct scene_event *event);

const struct scene technician_scene_name = {
    .id = "name", .build = build_name, .event = name_event, .tick = technician_clock_tick};
const struct scene technician_scene_code = {
    .id = "code", .build = build_code, .event = code_event, .tick = technician_clock_tick};

static void build_name(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    struct face face = face_open(screen, look, tree, FACE_TYPING, "name");
    build(&face, "name.field", "tech.name", &screen->enrol.name);
}

static void build_code(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    struct face face = face_open(screen, look, tree, FACE_TYPING, "code");
    build(&face, "code.field", "tech.code", &screen->enrol.code);
}

static void name_event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    if (technician_common_event(screen, scenes, event)) {
        return;
    }
    if (!is_next(screen, &screen->enrol.name, event)) {
        return;
    }
    if (edit_is_empty(&screen->enrol.name)) {
        text_copy_cut(screen->enrol.error, sizeof screen->enrol.error, "tech.name.empty");
    } else {
        scenes_push(scenes, &technician_scene_code);
    }
}

static void code_event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    if (technician_common_event(screen, scenes, event)) {
        return;
    }
    if (!is_next(screen, &screen->enrol.code, event)) {
        return;
    }
    if (edit_is_empty(&screen->enrol.code)) {
        text_copy_cut(screen->enrol.error, sizeof screen->enrol.error, "tech.code.empty");
    } else {
        technician_enrol_typed(screen);
    }
}

static void build(struct face *face, const char *id, const char *stem,
                  const struct edit_private *edit)
{
    const struct technician *screen = face->screen;
    const char *question = face_say(face, stem);
    bool has_error = screen->enrol.error[0] != '\0';
    struct node *title = face_title(face, question);
    title->cap_mm = face->is_wide ? DRAWN_CAP(54) : 0;
    // What is wrong takes the place of the explanation: the page is full.
    if (has_error) {
        struct node *error = widget_text(face->maker, face->content, "error", TYPE_BODY_BOLD,
                                         face_say(face, screen->enrol.error));
        error->role = ROLE_ALERT;
        error->states |= NODE_LIVE;
        error->ink = COLOUR_STOP_INK;
        error->has_text = true;
    } else {
        widget_text(face->maker, face->content, "so", TYPE_DETAIL, face_so(face, stem));
    }
    struct node *row = widget_row(face->maker, face->content, DRAWN(20));
    row->box.across = ALIGN_END;
    struct node *field = keyboard_field(face->maker, row,
                                        (struct widget_input){.id = id,
                                                              .privacy = PRIVACY_PRIVATE,
                                                              .is_active = true,
                                                              .is_invalid = has_error,
                                                              .is_long = true},
                                        edit);
    tree_set_name(face->maker.tree, field, question);
    field->box.min_height_mm = DRAWN(112);
    field->cap_mm = DRAWN_CAP(42); // a whole code is seen at once
    struct node *next = widget_button(face->maker, row,
                                      (struct widget_button){.id = "next",
                                                             .words = face_say(face, "common.next"),
                                                             .style = STYLE_BUTTON_FILLED,
                                                             .key = KEY_ENTER,
                                                             .height_mm = DRAWN(112)});
    next->box.min_width_mm = DRAWN(250);
    struct keyboard_words words = keys(face);
    float key_mm = face->is_wide ? DRAWN(96) : DRAWN(104);
    keyboard_build(face->maker, face->content, &screen->enrol.keyboard, &words, key_mm);
    face_close(face, true);
}

static struct keyboard_words keys(const struct face *face)
{
    return (struct keyboard_words){.erase = face_say(face, "common.erase"),
                                   .space = face_say(face, "keyboard.space"),
                                   .shift = face_say(face, "keyboard.shift"),
                                   .lock = face_say(face, "keyboard.lock"),
                                   .signs = face_say(face, "keyboard.signs"),
                                   .letters = face_say(face, "keyboard.letters"),
                                   .accents = face_say(face, "keyboard.accents"),
                                   .script = face_say(face, "keyboard.script"),
                                   .close = face_say(face, "keyboard.close"),
                                   .new_line = face_say(face, "keyboard.new_line"),
                                   .left = face_say(face, "keyboard.left"),
                                   .right = face_say(face, "keyboard.right")};
}

// Types, or gives true when the question is answered.
static bool is_next(struct technician *screen, struct edit_private *edit,
                    const struct scene_event *event)
{
    if (scene_event_is(event, "next")) {
        return true;
    }
    switch (keyboard_event(&screen->enrol.keyboard, edit, event)) {
    case KEYBOARD_CHANGED:
        screen->enrol.error[0] = '\0';
        break;
    case KEYBOARD_NEXT:
        return true;
    case KEYBOARD_NOT_OURS:
    case KEYBOARD_SHOWN:
    case KEYBOARD_REFUSED:
        break;
    }
    return false;
}
