// SPDX-License-Identifier: EUPL-1.2
//
// The parts the counter's screens are drawn from. Measures are those of the drawn 1280 x 800
// screen.
#ifndef INLOOP_APPS_COUNTER_PARTS_H
#define INLOOP_APPS_COUNTER_PARTS_H

#include "apps/counter/desk.h"
#include "ui/widget.h"

// 96 dots an inch: a desk monitor, read from 600 mm.
#define DESK_PX(px) ((float)(px) / 3.78F)
#define DESK_CAP(px) (DESK_PX(px) * STYLE_CAP_PER_SIZE)
// In large mode words grow by a quarter; the lists then show fewer rows and no pictures.
#define DESK_LARGE 1.25F

struct parts {
    struct maker maker;
    const struct desk *desk;
};

// Words of `size_px` (as drawn), regular or bold.
struct node *parts_words(struct parts parts, struct node *parent, float size_px, bool is_bold,
                         const char *words);
// The drawn cap of a physical key.
struct node *parts_keycap(struct parts parts, struct node *parent, const char *words);
// A thin line across (in a column) or down (in a row).
void parts_rule(struct parts parts, struct node *parent);
// The same in bold, found by `id`.
struct node *parts_named(struct parts parts, struct node *parent, const char *id, float size_px,
                         const char *words);
// The phrase behind a key.
const char *parts_phrase(struct parts parts, const char *key);
// The phrase with one value put in, in the tree's memory.
const char *parts_filled(struct parts parts, const char *key, const char *name, const char *value);
const char *parts_count(struct parts parts, const char *key, uint64_t count);
// A button with its key's cap at the end.
struct parts_button {
    const char *id;
    const char *words;
    const char *detail; // a second, smaller line; may be NULL
    const char *icon;
    const char *cap; // "F4"
    enum tree_key key;
    enum style style;
    float height_px;
};
struct node *parts_button(struct parts parts, struct node *parent, struct parts_button button);
// Something to know before all else: icon, bold title, plain words below.
struct parts_notice {
    const char *id;
    enum tone tone;
    const char *icon;
    const char *title;
    const char *below; // may be NULL
};
// Gives the row, for a button at its end.
struct node *parts_notice(struct parts parts, struct node *parent, struct parts_notice notice);
const char *parts_subject_words(struct parts parts, enum request_subject subject); // short

void parts_head(struct parts parts, struct node *page);      // green bar
void parts_queue(struct parts parts, struct node *parent);   // who waits
void parts_person(struct parts parts, struct node *parent);  // the visitor as a ticket
void parts_needs(struct parts parts, struct node *parent);   // language and help
void parts_request(struct parts parts, struct node *parent); // what it is about
void parts_others(struct parts parts, struct node *parent);  // also open
void parts_sheet(struct parts parts, struct node *parent);   // finish, transfer, why
void parts_problem(struct parts parts, struct node *parent); // what went wrong last

#endif
