// SPDX-License-Identifier: EUPL-1.2
//
// The parts screens are made of, as the visual direction draws them: cards, badges, buttons, field
// header, service buttons, inputs, choices. Each adds nodes to a tree; nothing is kept.
#ifndef INLOOP_UI_WIDGET_H
#define INLOOP_UI_WIDGET_H

#include "ui/look.h"
#include "ui/tree.h"

#include <stdbool.h>
#include <stddef.h>

// Bundles what every widget needs.
struct maker {
    struct tree *tree;
    const struct look *look;
};

// What all of a scene's parts stand on; `name` is said of it, not drawn.
struct node *widget_page(struct maker maker, const char *id, const char *name);
// Containers. Gap and padding as given; children stretch across.
struct node *widget_column(struct maker maker, struct node *parent, float gap_mm);
struct node *widget_row(struct maker maker, struct node *parent, float gap_mm);
struct node *widget_grid(struct maker maker, struct node *parent, unsigned columns, float gap_mm);
struct node *widget_space(struct maker maker, struct node *parent, float height_mm); // 0 grows
// Words. `id` may be NULL.
struct node *widget_text(struct maker maker, struct node *parent, const char *id, enum type type,
                         const char *words);
struct node *widget_heading(struct maker maker, struct node *parent, const char *id, enum type type,
                            const char *words);
struct node *widget_icon(struct maker maker, struct node *parent, const char *icon, float icon_mm);

// Words in another language than the screen's keep their own direction and their full stop.
const char *widget_foreign(struct maker maker, const char *words);

// A button with optional icon (NULL); style one of STYLE_BUTTON_*. Heights by the table of the
// visual direction; stretch or grow it with its box.
struct widget_button {
    const char *id;
    const char *words;
    const char *icon;  // before the words
    const char *arrow; // after the words: "icon-next"
    enum style style;
    enum tree_key key;
    float height_mm; // 0: by style
};
struct node *widget_button(struct maker maker, struct node *parent, struct widget_button button);
// Service bar, second row: icon above the word. Active modes set NODE_CHECKED.
struct node *widget_service(struct maker maker, struct node *parent, const char *id,
                            const char *icon, const char *words);
// Service bar, first row: icon before the word; icon-stop makes it the stop button.
struct node *widget_service_wide(struct maker maker, struct node *parent, const char *id,
                                 const char *icon, const char *words);

struct widget_badge {
    const char *id;
    enum tone tone;
    const char *icon;
    const char *words;
};
struct node *widget_badge(struct maker maker, struct node *parent, struct widget_badge badge);
struct node *widget_tile(struct maker maker, struct node *parent, const char *picture,
                         float tile_mm, float picture_mm);

enum widget_card_kind {
    WIDGET_CARD_PLAIN,  // request or choice: thin line, chevron
    WIDGET_CARD_FIRST,  // the filled stub with `stub` words; large mode: strip below
    WIDGET_CARD_STRONG, // action border, chevron
    WIDGET_CARD_FILLED, // the one filled choice
    WIDGET_CARD_TICKET, // "take a number"
    WIDGET_CARD_ROW,    // one of many choices: as plain, as low as its words
};
struct widget_card {
    enum widget_card_kind kind;
    const char *id;
    const char *title;
    const char *detail;     // one line; may be NULL
    const char *picture;    // "picto-car"
    const char *badge_icon; // NULL: no badge
    const char *badge;
    enum tone badge_tone;
    const char *stub;     // of FIRST
    const char *end_icon; // NULL: chevron (or "icon-down" for physical acts)
    bool is_big;          // big choice: larger tile and title
    enum privacy privacy;
};
// The whole card is one button; its name is title, badge and detail in one sentence.
struct node *widget_card(struct maker maker, struct node *parent, struct widget_card card);

// A row of a check list: done disc or dashed ring, words, and the status word at the end.
struct widget_check {
    const char *id;
    bool is_done;
    const char *words;
    const char *status; // "" for none
};
struct node *widget_check(struct maker maker, struct node *parent, struct widget_check check);
// Icon, bold cause, plain consequence. Role notice; TONE_STOP makes it an alert.
struct widget_notice {
    const char *id;
    enum tone tone;
    const char *icon;
    const char *cause;
    const char *consequence; // may be NULL
};
struct node *widget_notice(struct maker maker, struct node *parent, struct widget_notice notice);

// The brand field with its first row: mark, town, and at the end the clock or the person's chip.
// Gives the column below that row: add title and the rest to it. `chip` NULL: the clock is shown.
struct widget_field {
    const char *town;
    const char *time;
    const char *chip;
    float height_mm; // minimum
};
struct node *widget_field(struct maker maker, struct node *parent, struct widget_field field);
struct node *widget_chip(struct maker maker, struct node *parent, const char *id,
                         const char *words);
// "Step 2 of 4" with its bars.
struct node *widget_steps(struct maker maker, struct node *parent, const char *words, unsigned step,
                          unsigned steps_count);
struct node *widget_mark(struct maker maker, struct node *parent, float size_mm); // the open door

// A labelled input. `value` private values stay out of exports; masked ones are drawn as dots.
struct widget_input {
    const char *id;
    const char *label;
    const char *value;
    enum privacy privacy;
    bool is_active; // has the ring and the caret
    bool is_invalid;
    bool is_plate;
    float width_mm; // 0: grows
    size_t behind;  // bytes of `value` after the caret
    bool is_long;   // may hold more than fits: the part round the caret is shown
    unsigned lines; // not 0: so many lines high, words go on in the next line
};
struct node *widget_input(struct maker maker, struct node *parent, struct widget_input input);
// One of a list of choices, or one that may be ticked beside others: its sign before the words.
struct widget_choice {
    const char *id;
    const char *words;
    bool is_several; // ticks, not rings
    bool is_chosen;
    enum privacy privacy;
    float height_mm; // minimum; 0: as drawn
};
struct node *widget_choice(struct maker maker, struct node *parent, struct widget_choice choice);

#endif
