// SPDX-License-Identifier: EUPL-1.2
//
// What the pages of a form share: title, error, answers in words, the buttons and the saved line.
#ifndef INLOOP_APPS_KIOSK_FORM_FRAME_H
#define INLOOP_APPS_KIOSK_FORM_FRAME_H

#include "apps/kiosk/frame.h"

// "Step 2 of 4" with its bars.
void form_frame_steps(struct frame *frame);
// As large as its length allows.
struct node *form_frame_title(struct frame *frame, const char *words);
// The form's own words: no HTML, their own direction, private.
const char *form_frame_words(struct frame *frame, const char *html, size_t chars_max);
const char *form_frame_label(struct frame *frame, const struct form_field *field);
// Above the question: what is wrong and how to go on. False: nothing is.
bool form_frame_error(struct frame *frame);
// An answer as a person reads it: dates in words, sensitive ones masked, "not filled in".
const char *form_frame_answer(struct frame *frame, struct form_place place);
const char *form_frame_fixed(struct frame *frame);             // of the page, not to be changed
const char *form_frame_item(struct frame *frame, size_t item); // of the group on the page
void form_frame_more(struct frame *frame, const char *words);  // the rest of a list
// What takes the card beside it away: never inside it, where it would be hit by accident.
void form_frame_remove(struct frame *frame, struct node *row, const char *id);
// "Ask the counter" beside the one way on. `next_key` NULL: the counter alone, filled.
void form_frame_buttons(struct frame *frame, const char *ask_key, const char *next_key);
// What became of the last save; nothing in low mode with an error above.
void form_frame_saved(struct frame *frame);
// Back is a page of the form. True: the event was taken.
bool form_frame_event(struct kiosk *kiosk, struct scenes *scenes, const struct scene_event *event);
int64_t form_frame_tick(void *model, struct scenes *scenes, int64_t now_ms);

#endif
