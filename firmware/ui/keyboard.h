// SPDX-License-Identifier: EUPL-1.2
//
// Our own keyboard on the screen: which keys it shows (pure state), the keys as nodes, and what an
// event does to a text being typed. Words are the caller's. Never mirrored: keys stand where they
// stand on every keyboard of that script.
#ifndef INLOOP_UI_KEYBOARD_H
#define INLOOP_UI_KEYBOARD_H

#include "ui/edit.h"
#include "ui/scene.h"
#include "ui/widget.h"

#include <stdbool.h>
#include <stdint.h>

enum keyboard_layout {
    KEYBOARD_LETTERS, // digits, QWERTY, shift, signs, accents, blank, caret keys
    KEYBOARD_CODE,    // digits and capitals only: plates, postcodes, IBAN
    KEYBOARD_NUMBERS, // keypad, with point and minus when wanted
    KEYBOARD_EMAIL,   // digits, letters, @ . - _ + and the ends .nl .com
};

enum keyboard_shift { KEYBOARD_SMALL, KEYBOARD_SHIFT_ONCE, KEYBOARD_SHIFT_LOCK };

struct keyboard_setup {
    enum keyboard_layout layout;
    bool has_arabic;     // of LETTERS: a key changes between Latin and Arabic letters
    bool begins_arabic;  // with the Arabic ones
    bool begins_shifted; // of LETTERS: the first letter is a capital (names, sentences)
    bool has_lines;      // of LETTERS: a key for a new line
    bool has_space;      // of CODE
    bool has_dash;       // of CODE
    bool has_minus;      // of NUMBERS
    bool has_plus;       // of NUMBERS: telephone
    char point;          // of NUMBERS: ',' or '.'; 0: whole numbers only
};

// The whole state. Holds at most one typed letter (`held`), so finish it like the text itself.
struct keyboard {
    struct keyboard_setup setup;
    enum keyboard_shift shift;
    bool has_signs;   // the layer of signs is shown
    bool is_arabic;   // the Arabic letters are shown
    bool is_choosing; // accents key: the next letter shows its variants, without holding
    uint32_t held;    // the letter whose variants stand in the top row; 0 is none
};

// The setup that fits what may be typed. `language` is the screen's ("ar": letters begin Arabic).
struct keyboard_setup keyboard_setup_for(const struct edit_rules *rules, const char *language);
void keyboard_init(struct keyboard *keyboard, struct keyboard_setup setup);
void keyboard_finish(struct keyboard *keyboard);

// What is written on keys that carry no character of their own. All but `next` must be given.
struct keyboard_words {
    const char *erase;    // "Wis"
    const char *space;    // "Spatie"
    const char *shift;    // spoken: "Hoofdletter"
    const char *lock;     // spoken, when shift stays on: "Hoofdletters vast"
    const char *signs;    // spoken: "Leestekens"; drawn ".,?"
    const char *letters;  // spoken: "Letters"; drawn "abc"
    const char *accents;  // spoken: "Letter met teken"; drawn "é"
    const char *script;   // spoken: "Andere letters"; drawn in the other script
    const char *close;    // closes the row of variants: "Sluit"
    const char *new_line; // "Nieuwe regel"
    const char *left;     // caret: "Naar links"
    const char *right;    // "Naar rechts"
    const char *next;     // NUMBERS only: the filled key at the end, "Verder"; NULL: none
};

// Adds the keys to `parent`: full width, rows of equal height. Ids are "key.<name>": "key.a",
// "key.7", "key.dash", "key.u641" (by code point, beyond ASCII), "key.dot_nl", and the keys of
// struct keyboard_words by their names there ("key.erase", "key.next"). A letter has the same id
// in both cases. `key_mm` 0: as high as the look wants them (low mode: lower).
struct node *keyboard_build(struct maker maker, struct node *parent,
                            const struct keyboard *keyboard, const struct keyboard_words *words,
                            float key_mm);
// How many lines of a longer text a question page of this look has room for.
unsigned keyboard_lines(const struct look *look);
// The labelled field that shows the text with its caret; `input.value` and `input.behind` are
// filled in from `edit`. Several `input.lines` for EDIT_LINES.
struct node *keyboard_field(struct maker maker, struct node *parent, struct widget_input input,
                            const struct edit_private *edit);

enum keyboard_result {
    KEYBOARD_NOT_OURS, // the event is no key of ours; nothing has changed
    KEYBOARD_CHANGED,  // the text has changed
    KEYBOARD_SHOWN,    // only what the keyboard shows has changed (layer, shift, variants, caret)
    KEYBOARD_REFUSED,  // ours, but it may not be typed there, or the text is full
    KEYBOARD_NEXT,     // "key.next", or Enter on a keyboard of one's own
};
// Turns touch, keypad, held keys and characters typed on a real keyboard into an edit.
enum keyboard_result keyboard_event(struct keyboard *keyboard, struct edit_private *edit,
                                    const struct scene_event *event);

// The letter an accented one is made from, in small: 'E' with two dots gives 'e'. Others are given
// back as they are (in small, when they have one). For searching.
uint32_t keyboard_base(uint32_t character);

#endif
