// SPDX-License-Identifier: EUPL-1.2
//
// A date (and a time of day, when asked) entered by hand: day on a keypad, month by its name, year
// on a keypad. State, nodes and events; the words are the caller's.
#ifndef INLOOP_UI_PICK_DATE_H
#define INLOOP_UI_PICK_DATE_H

#include "base/text.h"
#include "ui/keyboard.h"
#include "ui/scene.h"
#include "ui/widget.h"

enum pick_date_kind { PICK_DATE, PICK_DATE_TIME, PICK_TIME };
enum pick_date_part { PICK_DAY, PICK_MONTH, PICK_YEAR, PICK_HOUR, PICK_MINUTE, PICK_PARTS_COUNT };

struct pick_date_private {
    enum pick_date_kind kind;
    enum pick_date_part active;
    char digits[PICK_PARTS_COUNT][5]; // as typed; of the month: its number, or empty
};

struct pick_date_value {
    struct date date; // zero for PICK_TIME
    uint8_t hour;
    uint8_t minute;
};

enum pick_date_state {
    PICK_DATE_EMPTY,
    PICK_DATE_HALF,       // something is still to be filled in
    PICK_DATE_IMPOSSIBLE, // 31 February, 25 o'clock
    PICK_DATE_WHOLE,
};

struct pick_date_words {
    const char *labels[PICK_PARTS_COUNT]; // "Dag", "Maand", "Jaar", "Uur", "Minuut"
    const char *months[12];
    const char *erase;
    const char *next; // the filled key of the keypad; NULL: none
    bool is_invalid;  // the fields get the red border
    enum privacy privacy;
};

void pick_date_init(struct pick_date_private *pick, enum pick_date_kind kind);
void pick_date_finish(struct pick_date_private *pick); // wipes
void pick_date_set(struct pick_date_private *pick, struct pick_date_value value);
void pick_date_clear(struct pick_date_private *pick);
enum pick_date_state pick_date_get(const struct pick_date_private *pick,
                                   struct pick_date_value *value);
// Adds fields and keys to `parent`. Ids: "date.day", "date.month", "date.year", "date.hour",
// "date.minute"; "month.1" to "month.12"; "key.0" to "key.9", "key.erase", "key.next".
struct node *pick_date_build(struct maker maker, struct node *parent,
                             const struct pick_date_private *pick,
                             const struct pick_date_words *words);
// A full part moves on to the next by itself; erasing in an empty one moves back. CHANGED, SHOWN
// (another part), REFUSED, NEXT or NOT_OURS, as the keyboard says it.
enum keyboard_result pick_date_event(struct pick_date_private *pick,
                                     const struct scene_event *event);

#endif
