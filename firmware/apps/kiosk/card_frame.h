// SPDX-License-Identifier: EUPL-1.2
//
// What the pages of a card share: an act with its drawing, where the six digits are, an error.
#ifndef INLOOP_APPS_KIOSK_CARD_FRAME_H
#define INLOOP_APPS_KIOSK_CARD_FRAME_H

#include "apps/kiosk/frame.h"

// A drawing with what it shows, on a card of its own; `detail` may be NULL.
struct node *card_frame_act(struct frame *frame, const char *picture, const char *title,
                            const char *detail);
// Where the six digits stand on each kind of document.
void card_frame_digits(struct frame *frame);
// Above what is typed: what is wrong and how to go on. False: nothing is.
bool card_frame_error(struct frame *frame);
// The way to the counter: "give_up".
void card_frame_give_up(struct frame *frame);
// "Take your card with you"; false: none lies there.
bool card_frame_take(struct frame *frame, struct node *parent);

#endif
