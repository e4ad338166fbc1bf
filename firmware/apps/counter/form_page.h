// SPDX-License-Identifier: EUPL-1.2
//
// The visitor's form on the working screen: all answers at the start, the question beside them.
#ifndef INLOOP_APPS_COUNTER_FORM_PAGE_H
#define INLOOP_APPS_COUNTER_FORM_PAGE_H

#include "apps/counter/parts.h"
#include "fill/fill_words.h"

// Body and keys below the head, instead of queue and context.
void form_page_build(struct parts parts, struct node *page);
void form_page_event(struct desk *desk, const struct scene_event *event);

// The way to answer the present question with keyboard and mouse.
void form_inputs_build(struct parts parts, struct node *card, const struct form_field *field);
// True: it was typed, chosen or turned.
bool form_inputs_event(struct desk *desk, const struct scene_event *event);
// The key that goes on: Enter, unless Enter chooses or begins a line here.
enum tree_key form_inputs_next_key(const struct desk *desk);
struct fill_say form_page_say(struct parts parts);
// A line that may be chosen or ticked.
struct form_choice_row {
    const char *id;
    const char *words;
    bool is_several;
    bool is_chosen;
};
struct node *form_choice_row(struct parts parts, struct node *parent, struct form_choice_row row);

#endif
