// SPDX-License-Identifier: EUPL-1.2
//
// Choosing one or several from a list, of three or of a thousand: as many rows as fit, "more", and
// a search box once they do not fit. State, nodes and events; labels and words are the caller's.
#ifndef INLOOP_UI_PICK_LIST_H
#define INLOOP_UI_PICK_LIST_H

#include "ui/keyboard.h"
#include "ui/scene.h"
#include "ui/widget.h"

enum { PICK_LIST_MAX = 1000 };

// What can be chosen. Labels are borrowed while build or event runs.
struct pick_list_choices {
    size_t count; // at most PICK_LIST_MAX
    const char *(*label)(const void *ctx, size_t index);
    const void *ctx;
};

struct pick_list_private {
    bool takes_several;
    bool is_searching; // the keyboard is open
    size_t first;      // shown first: position among those found
    uint8_t chosen[(PICK_LIST_MAX + 7) / 8];
    struct edit_private search;
    struct keyboard keyboard;
};

struct pick_list_words {
    const char *search; // label of the search box: "Zoek"
    const char *done;   // closes the keyboard: "Klaar met zoeken"
    const char *more;   // "Meer"
    const char *before; // "Terug in de lijst"
    const char *none;   // "Niets gevonden"
    struct keyboard_words keyboard;
};

void pick_list_init(struct pick_list_private *pick, bool takes_several, const char *language);
void pick_list_finish(struct pick_list_private *pick); // wipes
void pick_list_choose(struct pick_list_private *pick, size_t index, bool is_chosen);
bool pick_list_is_chosen(const struct pick_list_private *pick, size_t index);
size_t pick_list_chosen_count(const struct pick_list_private *pick);
// Shows the page with the first chosen one, so that who comes back sees it.
void pick_list_show_chosen(struct pick_list_private *pick, const struct look *look,
                           const struct pick_list_choices *choices, float room_mm);

// Indexes of the choices that hold what is searched for (nothing: all), for a screen that draws its
// own rows.
size_t pick_list_found(const struct pick_list_private *pick,
                       const struct pick_list_choices *choices, size_t found[PICK_LIST_MAX]);
// Adds the list to `parent` in at most `room_mm` of height (0: what a question page of this look
// has left above a row of buttons). While `is_searching` the keyboard stands in it: leave your own
// buttons out then. Ids: "choice.<index>" (index in `choices`), "list.search", "list.done",
// "list.more", "list.before", and the keys.
struct node *pick_list_build(struct maker maker, struct node *parent,
                             const struct pick_list_private *pick,
                             const struct pick_list_choices *choices,
                             const struct pick_list_words *words, float room_mm);
// CHANGED: the choice has changed. SHOWN: page, search or keyboard. `room_mm` as built with.
enum keyboard_result pick_list_event(struct pick_list_private *pick, const struct look *look,
                                     const struct pick_list_choices *choices, float room_mm,
                                     const struct scene_event *event);

#endif
