// SPDX-License-Identifier: EUPL-1.2
//
// State and events. Which keys there are to press is keyboard_build.c.
#include "ui/keyboard.h"

#include "base/bytes.h"
#include "base/err.h"
#include "base/text.h"
#include "ui/keyboard_keys.h"
#include "ui/text.h"

static enum keyboard_result press(struct keyboard *keyboard, struct edit_private *edit,
                                  const char *id);
static enum keyboard_result type(struct keyboard *keyboard, struct edit_private *edit,
                                 uint32_t character);
static enum keyboard_result hold(struct keyboard *keyboard, const char *id);
static enum keyboard_result press_real(struct keyboard *keyboard, struct edit_private *edit,
                                       enum tree_key key);

struct keyboard_setup keyboard_setup_for(const struct edit_rules *rules, const char *language)
{
    struct keyboard_setup setup = {.layout = KEYBOARD_LETTERS};
    switch (rules->kind) {
    case EDIT_FREE:
    case EDIT_LINES:
        setup.has_arabic = text_equal(language, "ar");
        setup.begins_arabic = setup.has_arabic;
        setup.begins_shifted = true;
        setup.has_lines = rules->kind == EDIT_LINES;
        return setup;
    case EDIT_DIGITS:
        setup.layout = KEYBOARD_NUMBERS;
        return setup;
    case EDIT_NUMBER:
        setup.layout = KEYBOARD_NUMBERS;
        setup.has_minus = rules->has_minus;
        if (rules->decimals_max > 0) {
            setup.point = rules->point == '\0' ? ',' : rules->point;
        }
        return setup;
    case EDIT_PHONE:
        setup.layout = KEYBOARD_NUMBERS;
        setup.has_plus = true;
        return setup;
    case EDIT_CODE:
    case EDIT_PLATE:
        setup.layout = KEYBOARD_CODE;
        setup.has_space = rules->kind == EDIT_CODE;
        return setup;
    case EDIT_EMAIL:
        setup.layout = KEYBOARD_EMAIL;
        return setup;
    }
    CHECK(false);
    return setup;
}

void keyboard_init(struct keyboard *keyboard, struct keyboard_setup setup)
{
    *keyboard = (struct keyboard){.setup = setup};
    keyboard->is_arabic = setup.has_arabic && setup.begins_arabic;
    if (setup.layout == KEYBOARD_LETTERS && setup.begins_shifted) {
        keyboard->shift = KEYBOARD_SHIFT_ONCE;
    }
}

void keyboard_finish(struct keyboard *keyboard)
{
    wipe(keyboard, sizeof *keyboard);
}

enum keyboard_result keyboard_event(struct keyboard *keyboard, struct edit_private *edit,
                                    const struct scene_event *event)
{
    switch (event->kind) {
    case SCENE_ACTIVATED:
        return press(keyboard, edit, event->id);
    case SCENE_HELD:
        return hold(keyboard, event->id);
    case SCENE_TYPED:
        keyboard->held = 0;
        return edit_insert(edit, event->character) ? KEYBOARD_CHANGED : KEYBOARD_REFUSED;
    case SCENE_KEY:
        return press_real(keyboard, edit, event->key);
    case SCENE_FOCUSED:
    case SCENE_POSTED:
    case SCENE_STROKE:
        break;
    }
    return KEYBOARD_NOT_OURS;
}

uint32_t keyboard_base(uint32_t character)
{
    return keyboard_keys_plain(keyboard_keys_small(character));
}

static enum keyboard_result as_changed(bool is_changed)
{
    return is_changed ? KEYBOARD_CHANGED : KEYBOARD_REFUSED;
}

static enum keyboard_result as_shown(bool is_changed)
{
    return is_changed ? KEYBOARD_SHOWN : KEYBOARD_REFUSED;
}

// Small, one capital, capitals until pressed again.
static enum keyboard_result press_shift(struct keyboard *keyboard)
{
    keyboard->shift = keyboard->shift == KEYBOARD_SMALL        ? KEYBOARD_SHIFT_ONCE
                      : keyboard->shift == KEYBOARD_SHIFT_ONCE ? KEYBOARD_SHIFT_LOCK
                                                               : KEYBOARD_SMALL;
    return KEYBOARD_SHOWN;
}

static enum keyboard_result press_layer(struct keyboard *keyboard, bool has_signs)
{
    keyboard->has_signs = has_signs;
    keyboard->is_choosing = false;
    keyboard->held = 0;
    return KEYBOARD_SHOWN;
}

static enum keyboard_result press_script(struct keyboard *keyboard)
{
    keyboard->is_arabic = !keyboard->is_arabic;
    keyboard->is_choosing = false;
    keyboard->held = 0;
    return KEYBOARD_SHOWN;
}

static enum keyboard_result press_accents(struct keyboard *keyboard)
{
    keyboard->is_choosing = !keyboard->is_choosing;
    keyboard->held = 0;
    return KEYBOARD_SHOWN;
}

static enum keyboard_result press_close(struct keyboard *keyboard)
{
    keyboard->held = 0;
    return KEYBOARD_SHOWN;
}

// Keys that change what is shown.
static const struct {
    const char *id;
    enum keyboard_result (*press)(struct keyboard *keyboard);
} own_keys[] = {
    {"key.shift", press_shift},
    {"key.accents", press_accents},
    {"key.script", press_script},
    {"key.close", press_close},
};

// Keys that change the text or its caret without typing one character.
static enum keyboard_result press_text_key(struct keyboard *keyboard, struct edit_private *edit,
                                           const char *id)
{
    bool is_backward = text_begins_backward(edit->text);
    if (text_equal(id, "key.erase")) {
        keyboard->held = 0;
        return as_changed(edit_erase(edit));
    }
    if (text_equal(id, "key.left")) {
        return as_shown(is_backward ? edit_move_forth(edit) : edit_move_back(edit));
    }
    if (text_equal(id, "key.right")) {
        return as_shown(is_backward ? edit_move_back(edit) : edit_move_forth(edit));
    }
    if (text_equal(id, "key.new_line")) {
        return as_changed(edit_insert(edit, '\n'));
    }
    if (text_equal(id, "key.dot_nl")) {
        return as_changed(edit_insert_words(edit, ".nl"));
    }
    if (text_equal(id, "key.dot_com")) {
        return as_changed(edit_insert_words(edit, ".com"));
    }
    return text_equal(id, "key.next") ? KEYBOARD_NEXT : KEYBOARD_NOT_OURS;
}

static enum keyboard_result press(struct keyboard *keyboard, struct edit_private *edit,
                                  const char *id)
{
    for (size_t i = 0; i < sizeof own_keys / sizeof own_keys[0]; i++) {
        if (text_equal(own_keys[i].id, id)) {
            return own_keys[i].press(keyboard);
        }
    }
    if (text_equal(id, "key.signs") || text_equal(id, "key.letters")) {
        return press_layer(keyboard, text_equal(id, "key.signs"));
    }
    uint32_t character = keyboard_keys_character(id);
    if (character == 0) {
        return press_text_key(keyboard, edit, id);
    }
    bool is_choosing = keyboard->is_choosing;
    keyboard->is_choosing = false;
    if (is_choosing && keyboard_keys_variants(character) != NULL) {
        keyboard->held = character;
        return KEYBOARD_SHOWN;
    }
    return type(keyboard, edit, character);
}

static enum keyboard_result type(struct keyboard *keyboard, struct edit_private *edit,
                                 uint32_t character)
{
    bool is_shifted = keyboard->shift != KEYBOARD_SMALL;
    bool is_typed = edit_insert(edit, is_shifted ? keyboard_keys_capital(character) : character);
    keyboard->held = 0;
    if (is_typed && keyboard->shift == KEYBOARD_SHIFT_ONCE) {
        keyboard->shift = KEYBOARD_SMALL;
    }
    return as_changed(is_typed);
}

static enum keyboard_result hold(struct keyboard *keyboard, const char *id)
{
    uint32_t character = keyboard_keys_character(id);
    if (keyboard_keys_variants(character) == NULL) {
        return KEYBOARD_NOT_OURS;
    }
    keyboard->held = character;
    keyboard->is_choosing = false;
    return KEYBOARD_SHOWN;
}

// Keys of a real keyboard that typed no character.
static enum keyboard_result press_real(struct keyboard *keyboard, struct edit_private *edit,
                                       enum tree_key key)
{
    bool is_open = keyboard->held != 0 || keyboard->is_choosing;
    if (key == KEY_BACKSPACE) {
        return press_text_key(keyboard, edit, "key.erase");
    }
    if (key == KEY_ENTER) {
        return edit->rules.kind == EDIT_LINES ? as_changed(edit_insert(edit, '\n')) : KEYBOARD_NEXT;
    }
    if (key == KEY_ESCAPE && is_open) {
        keyboard->is_choosing = false;
        return press_close(keyboard);
    }
    return KEYBOARD_NOT_OURS;
}
