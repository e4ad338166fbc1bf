// SPDX-License-Identifier: EUPL-1.2
//
// What every screen program reads from its configuration before its window opens: panel, theme,
// languages and where the assets lie. Opens nothing.
#ifndef INLOOP_UI_SETUP_H
#define INLOOP_UI_SETUP_H

#include "base/config.h"
#include "base/watchdog.h"
#include "ui/look.h"
#include "ui/phrases.h"
#include "ui/window.h"

enum { SETUP_PATH_BYTES = 512 };

struct setup {
    char icons_dir[SETUP_PATH_BYTES];
    char strings_dir[SETUP_PATH_BYTES];
    char language[LOOK_LANGUAGE_BYTES]; // the one a visit begins in
    struct screen_options screen;       // borrows the configuration's words
};

// Keys, with their defaults: window.driver (sdl on a desk, kms on a device), window.width_px,
// window.height_px (as given; kms: until a screen says its own), window.px_per_mm_x100 (kms: what
// the screen says; else 361, a 24-inch panel), assets.dir (assets), strings.dir, theme.file (none:
// the house's own theme), language (nl). A window.scale_percent below 100 shows the same panel
// smaller on a desk. For kms: window.card (the first with a screen), window.rotation (0, 90, 180,
// 270), touch.device (a name; all of them), touch.calibration (six numbers).
// Keeps `config`'s words in `setup`.
// Fills `setup` and inits `look`. ERR_NOT_FOUND, ERR_MALFORMED: the fault names key or file.
MUST_USE enum err setup_read(struct setup *setup, struct look *look, const struct config *config,
                             struct fault *fault);
// Options for a window titled `title`; fullscreen when window.fullscreen = 1; at window.x_px,
// window.y_px of the screen when both are given. Borrows `setup`.
struct window_options setup_window(const struct setup *setup, const struct config *config,
                                   const char *title);
// Opens the machine's watchdog where the configuration names one (base/watchdog.h), for window_run
// to feed. One that cannot be opened is logged; people are served without it.
void setup_watchdog(struct watchdog *watchdog, const struct config *config);

#endif
