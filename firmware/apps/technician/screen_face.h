// SPDX-License-Identifier: EUPL-1.2
//
// The frame of every page of the technician's screen: the field with who and what, the quiet paper,
// the bar. Upright panels have the field at the top, wide ones at the start side; a small panel
// shows all of it smaller, with targets as large as ever.
#ifndef INLOOP_APPS_TECHNICIAN_SCREEN_FACE_H
#define INLOOP_APPS_TECHNICIAN_SCREEN_FACE_H

#include "apps/technician/screen.h"
#include "drivers/slip.h"
#include "ui/widget.h"

struct face {
    const struct technician *screen;
    struct maker maker;
    struct node *page;
    struct node *field;   // below town and clock: the title stands there
    struct node *content; // the quiet paper
    struct node *side;    // holds content and bar
    bool is_wide;
    bool is_small; // a wide panel that is not high: less air
};

enum face_kind {
    FACE_PAGE,
    FACE_TYPING, // the keys need the panel's whole width: no field at the side
};

// `id` names the page.
struct face face_open(const struct technician *screen, const struct look *look, struct tree *tree,
                      enum face_kind kind, const char *id);
struct node *face_title(struct face *face, const char *words);
struct node *face_lead(struct face *face, const char *words); // a line under the title
// The bar at the end; `has_back` else its first place stays empty.
void face_close(struct face *face, bool has_back);

// Cards of choices: one below the other, on wide panels two side by side.
struct node *face_choices(struct face *face);
// A row of facts: label, and below or beside it what it is.
struct node *face_facts(struct face *face);
void face_fact(struct face *face, struct node *facts, const char *key, const char *value);
// A code drawn in whole dots, at most `room_px` drawn px a side.
struct node *face_code(struct face *face, struct node *parent, const char *id, const struct qr *qr,
                       unsigned room_px);
// "Good" and "not good" side by side.
void face_verdict(struct face *face);
// What stands in the way, and what to do: `stem` and "`stem`.so".
struct node *face_notice(struct face *face, const char *id, enum tone tone, const char *icon,
                         const char *stem);

const char *face_say(const struct face *face, const char *key);
const char *face_so(const struct face *face, const char *stem); // of "`stem`.so"
const char *face_fill(const struct face *face, const char *key, const char *name,
                      const char *value);
const char *face_fill_two(const struct face *face, const char *key,
                          const struct phrases_value values[2]);
// "Kiosk in Stadhuis"
const char *face_place(const struct face *face);
const char *face_update(const struct face *face); // where the agent is with an update
const char *face_moment(const struct face *face, int64_t time_ms); // "27 november, 8.05 uur"

// The words of the test slip, in `words`' memory.
void face_slip(const struct technician *screen, struct tree *words, struct slip *slip);

#endif
