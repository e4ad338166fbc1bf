// SPDX-License-Identifier: EUPL-1.2
//
// The frame of every kiosk screen: field, content, service bar; and the words in them.
#ifndef INLOOP_APPS_KIOSK_FRAME_H
#define INLOOP_APPS_KIOSK_FRAME_H

#include "apps/kiosk/kiosk.h"
#include "ui/pick_date.h"
#include "ui/widget.h"

struct frame {
    const struct kiosk *kiosk;
    struct maker maker;
    struct node *screen;
    struct node *field;   // below town and clock: add the title here
    struct node *content; // the quiet paper
    struct node *gables;  // the illustration's place, hidden until asked for
    bool has_info;
    bool has_gables;
};

enum frame_bar { FRAME_BAR_SHORT, FRAME_BAR_BACK, FRAME_BAR_NOT_YOU, FRAME_BAR_STOP };

// Opens a screen called `id` (a phrase key is its name). Initials stand in the field once known.
struct frame frame_open(const struct kiosk *kiosk, const struct look *look, struct tree *tree,
                        const char *id, const char *title_key);
// Puts the service bar at the end. SHORT: no session yet, one row only.
void frame_close(struct frame *frame, enum frame_bar bar);
struct node *frame_title(struct frame *frame, const char *words);
struct node *frame_lead(struct frame *frame, const char *words); // one line under the title
// Where that goes which is only read: on the paper; in low mode up in the field, so that what is
// touched has all of the low part.
struct node *frame_info(struct frame *frame);
// The illustration between field and paper. Not in large type and high contrast. In low mode every
// screen has it that puts nothing in the field.
void frame_gables(struct frame *frame);
// "Take a number", with how long that takes.
struct node *frame_number_card(struct frame *frame, const char *id, enum widget_card_kind kind);

// A code of at most `room_px` drawn px a side, in whole dots. Keep `qr` until it is drawn.
struct node *frame_code(struct frame *frame, struct node *parent, const char *id,
                        const struct qr *qr, unsigned room_px);
// A code for the visitor's own phone, with what it does beside it.
void frame_phone_code(struct frame *frame, const struct qr *qr, const char *words);

// "Done" at the end of a page, with another way on beside it; `id` NULL: alone.
struct frame_end {
    const char *id;
    const char *key; // of its words
    const char *icon;
};
void frame_ends(struct frame *frame, struct frame_end other);
// The large "stop and erase all".
void frame_stop(struct frame *frame);

// Something the visitor may tick: the whole card is the button.
struct frame_toggle {
    const char *id;
    const char *icon; // at its end; may be NULL
    const char *words;
    const char *detail; // may be NULL
    bool is_on;
};
struct node *frame_toggle(struct frame *frame, struct frame_toggle is);

const char *frame_say(const struct frame *frame, const char *key);
const char *frame_fill(const struct frame *frame, const char *key, const char *name,
                       const char *value);
const char *frame_count(const struct frame *frame, const char *key, uint64_t count);
// What stands on keys and over the fields of a date; `next` may be NULL.
struct keyboard_words frame_keys(const struct frame *frame, const char *next);
struct pick_date_words frame_date_words(const struct frame *frame, bool is_invalid);
const char *frame_date(const struct frame *frame, int64_t time_ms); // "30 november"
const char *frame_time(const struct frame *frame, const char *key, int64_t time_ms);
// "10 tot 15 minuten", or the honest words that it is not known.
const char *frame_wait(const struct frame *frame, const struct wait_band *band);
// Of the service for everything else; not known when there is none.
struct wait_band frame_wait_other(const struct frame *frame);
// "Before 30 November: 7 days left", or NULL without a deadline.
const char *frame_deadline(const struct frame *frame, const struct request_private *request);
// Two values at once.
const char *frame_fill_two(const struct frame *frame, const char *key,
                           const struct phrases_value values[2]);
// What a request is called, and that something of it is missing.
const char *frame_request_title(const struct frame *frame, const struct request_private *request);
const char *frame_missing(const struct frame *frame, const char *item);

#endif
