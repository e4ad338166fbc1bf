// SPDX-License-Identifier: EUPL-1.2
//
// The frame of every kiosk screen: field, content, service bar; and the words in them.
#ifndef INLOOP_APPS_KIOSK_FRAME_H
#define INLOOP_APPS_KIOSK_FRAME_H

#include "apps/kiosk/kiosk.h"
#include "ui/widget.h"

struct frame {
    const struct kiosk *kiosk;
    struct maker maker;
    struct node *screen;
    struct node *field;   // below town and clock: add the title here
    struct node *content; // the quiet paper
};

enum frame_bar { FRAME_BAR_SHORT, FRAME_BAR_BACK, FRAME_BAR_NOT_YOU, FRAME_BAR_STOP };

// Opens a screen called `id` (a phrase key is its name). Initials stand in the field once known.
struct frame frame_open(const struct kiosk *kiosk, const struct look *look, struct tree *tree,
                        const char *id, const char *title_key);
// Puts the service bar at the end. SHORT: no session yet, one row only.
void frame_close(struct frame *frame, enum frame_bar bar);
struct node *frame_title(struct frame *frame, const char *words);
struct node *frame_lead(struct frame *frame, const char *words); // one line under the title

const char *frame_say(const struct frame *frame, const char *key);
const char *frame_fill(const struct frame *frame, const char *key, const char *name,
                       const char *value);
const char *frame_count(const struct frame *frame, const char *key, uint64_t count);
const char *frame_date(const struct frame *frame, int64_t time_ms); // "30 november"
const char *frame_time(const struct frame *frame, const char *key, int64_t time_ms);
// "10 tot 15 minuten", or the honest words that it is not known.
const char *frame_wait(const struct frame *frame, const struct wait_band *band);

#endif
