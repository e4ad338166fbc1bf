// SPDX-License-Identifier: EUPL-1.2
//
// What the wall display shows and for how long: the last calls, each new one long enough to be
// seen, and plainly when the line to the hub is gone. Pure but for the phrases it was given.
#ifndef INLOOP_APPS_DISPLAY_DISPLAY_H
#define INLOOP_APPS_DISPLAY_DISPLAY_H

#include "base/health.h"
#include "link/api.h"
#include "ui/phrases.h"
#include "ui/scene.h"
#include "ui/sound.h"

enum {
    DISPLAY_ROWS = 3,
    DISPLAY_PENDING_MAX = 64,
    DISPLAY_NEW_MS = 10000,  // a new call stands out this long
    DISPLAY_LEAST_MS = 5000, // and nothing pushes it down before this
    DISPLAY_TIME_BYTES = 8,
};

struct display {
    struct phrases phrases; // the hall's language
    struct phrases second;  // said as well when something is wrong; empty: none
    struct sound sound;
    char town[API_NAME_BYTES];
    struct api_state_call rows[DISPLAY_ROWS]; // newest first
    size_t rows_count;
    struct api_state_call pending[DISPLAY_PENDING_MAX]; // oldest first, not yet shown
    size_t pending_count;
    bool is_new;                                          // the first row stands out
    int64_t new_since_ms;                                 // monotonic
    struct api_state_service services[HALL_SERVICES_MAX]; // for the waiting band
    size_t services_count;
    bool had_state;
    bool is_lost;
    unsigned chimes_count;             // grows with each call shown
    char now_text[DISPLAY_TIME_BYTES]; // "13.58"
};

// A fresh state of the hall: first, or after the line was lost. What was called meanwhile is shown
// as new calls; an older day's calls go.
void display_take_state(struct display *display, const struct api_state *state);
// A call, or the same number called again. Full: the oldest pending one is dropped.
void display_take_call(struct display *display, const struct api_state_call *call);
void display_take_service(struct display *display, const struct api_state_service *service);
void display_lose(struct display *display);
// Moves on: shows the next pending call when the present one had its time, ends the standing out.
// Gives the monotonic time it wants to be asked again, or SCENE_NEVER.
int64_t display_step(struct display *display, int64_t now_ms);
// For the file (base/health.h). Nobody is served by it: it may always be started anew.
struct health display_health(const struct display *display, bool is_drawn);
// The band over all services, or false when none is known.
bool display_wait(const struct display *display, unsigned *minutes_min, unsigned *minutes_max);

// The one scene; its model is the display.
extern const struct scene display_scene;

#endif
