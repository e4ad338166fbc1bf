// SPDX-License-Identifier: EUPL-1.2
//
// A text while it is typed: UTF-8, a caret, a limit, and what may be typed at all. Draws nothing
// and knows no keys: keyboard.h turns scene events into these calls.
#ifndef INLOOP_UI_EDIT_H
#define INLOOP_UI_EDIT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EDIT_BYTES = 4096 }; // terminator included

// What may be typed. Only typing is held to it: what was there already (edit_set) is shown as it
// is, never silently made something else.
enum edit_kind {
    EDIT_FREE,   // one line of anything that can be shown
    EDIT_LINES,  // the same with line ends
    EDIT_DIGITS, // 0-9
    EDIT_NUMBER, // digits, a minus at the start and a decimal point where the rules allow them
    EDIT_PHONE,  // digits, blank, dash, brackets, a plus at the start
    EDIT_CODE,   // letters, digits and blanks; letters become capitals: postcode, IBAN
    EDIT_PLATE,  // letters, digits and dashes; letters become capitals
    EDIT_EMAIL,  // what an address may hold: no blanks, one @, ASCII
};

struct edit_rules {
    enum edit_kind kind;
    size_t chars_max;      // 0: as many as EDIT_BYTES holds
    bool has_minus;        // of NUMBER
    unsigned decimals_max; // of NUMBER; 0: whole numbers only
    char point;            // of NUMBER: ',' (also when 0) or '.'; typing the other gives this one
};

struct edit_private {
    struct edit_rules rules;
    char text[EDIT_BYTES]; // terminated, valid UTF-8
    size_t len;            // bytes
    size_t caret;          // bytes before it; always between two characters
};

void edit_init(struct edit_private *edit, struct edit_rules rules);
// Wipes everything. Also right for zeroed memory.
void edit_finish(struct edit_private *edit);
// Replaces the text; the caret goes to its end. ERR_TOO_BIG: does not fit EDIT_BYTES.
// ERR_MALFORMED: not text that can be shown (line ends are allowed in LINES only). On error nothing
// has changed.
MUST_USE enum err edit_set(struct edit_private *edit, const char *words);
// Types a character at the caret. False: the kind does not take it there, or the text is full;
// nothing has changed.
bool edit_insert(struct edit_private *edit, uint32_t character);
// Types several, all or none: ".com".
bool edit_insert_words(struct edit_private *edit, const char *words);
// Takes away the character before the caret, with the marks that stand on it. False: there is none.
bool edit_erase(struct edit_private *edit);
void edit_clear(struct edit_private *edit); // wipes the text, keeps the rules
// Moves the caret by one character, in the order of the text. False: it is at the end already.
bool edit_move_back(struct edit_private *edit);
bool edit_move_forth(struct edit_private *edit);
void edit_move_to_end(struct edit_private *edit);
size_t edit_chars(const struct edit_private *edit);
size_t edit_behind(const struct edit_private *edit); // bytes after the caret
bool edit_is_empty(const struct edit_private *edit); // blanks do not count

#endif
