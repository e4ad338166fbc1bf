// SPDX-License-Identifier: EUPL-1.2
//
// What lies below the window: pixels to draw on, a way to show them, and input. A window on
// somebody's desk (screen_sdl.c) or the bare machine (screen_bare.c).
#ifndef INLOOP_UI_SCREEN_H
#define INLOOP_UI_SCREEN_H

#include "base/clock.h"
#include "base/err.h"
#include "ui/canvas.h"
#include "ui/window_input.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCREEN_RECTS_MAX = 24 }; // shown at a time

enum screen_driver {
    SCREEN_SDL,
    SCREEN_KMS,
};

struct screen_options {
    enum screen_driver driver;
    const char *title;
    int width_px; // wanted; a screen of its own has its own size
    int height_px;
    bool is_fullscreen;
    bool has_place; // put the window at x_px, y_px of the screen; else the desk decides
    int x_px;
    int y_px;
    bool has_keyboard;    // somebody types on a keyboard of their own
    bool keeps_density;   // px_per_mm was configured: what the screen says of itself is not asked
    const char *card;     // "/dev/dri/card0"; NULL: the first with a screen
    int rotation_degrees; // 0, 90, 180, 270: the picture is turned clockwise on the panel
    const char *touch;    // the name of the one pointing device that counts; NULL: all of them
    float calibration[6]; // as libinput's matrix: x' = a x + b y + c, y' = d x + e y + f, of 0..1
    bool has_calibration;
    struct clock clock;
};

enum screen_change {
    SCREEN_RESIZED, // another surface, perhaps another density: everything is to be drawn
    SCREEN_EXPOSED, // the picture was lost: everything is to be drawn
    SCREEN_CLOSED,  // somebody closed it, or the process was asked to end
};

// Called inside `wait` only, on the window's thread.
struct screen_hooks {
    window_input_fn input;
    void (*changed)(void *ctx, enum screen_change change);
    void *ctx;
};

struct screen_port;

struct screen_ops {
    // Sleeps until something comes or `until_ms` (monotonic; INT64_MAX: for ever), then tells the
    // hooks all that has come.
    void (*wait)(struct screen_port *screen, int64_t until_ms);
    // Shows these parts of the surface, at most SCREEN_RECTS_MAX.
    void (*present)(struct screen_port *screen, const struct rect_px *rects, size_t count);
    void (*wake)(struct screen_port *screen); // ends a wait; from any thread
    void (*close)(struct screen_port *screen);
};

struct screen_port {
    const struct screen_ops *ops;
    struct screen_hooks hooks;
    struct SDL_Surface *surface; // 32 bits a pixel; the screen's own
    float px_per_mm;             // 0: the screen does not say
    pthread_t populating;        // brings the surface's memory in, until the first drawing
    bool is_populating;
};

// Borrows `options` but keeps its strings. ERR_UNAVAILABLE, ERR_UNSUPPORTED: no such screen here.
MUST_USE enum err screen_open(struct screen_port **screen, const struct screen_options *options,
                              const struct screen_hooks *hooks, struct fault *fault);
void screen_close(struct screen_port *screen); // NULL allowed
// Before anything is drawn on the surface.
void screen_begin_drawing(struct screen_port *screen);

// The two kinds; called by screen_open.
MUST_USE enum err screen_sdl_open(struct screen_port **screen, const struct screen_options *options,
                                  const struct screen_hooks *hooks, struct fault *fault);
MUST_USE enum err screen_bare_open(struct screen_port **screen,
                                   const struct screen_options *options,
                                   const struct screen_hooks *hooks, struct fault *fault);
// For the two kinds: the surface's memory comes in beside the words, which are laid out meanwhile.
void screen_populate(struct screen_port *screen);

#endif
