// SPDX-License-Identifier: EUPL-1.2
//
// A program with one window: what stands around its model, whatever that is.
#ifndef INLOOP_UI_TERMINAL_H
#define INLOOP_UI_TERMINAL_H

#include "base/health_teller.h"
#include "ui/setup.h"

struct terminal {
    struct config config;
    struct look look;
    struct scenes scenes;
    struct window window;
    struct watchdog watchdog;
    struct health_teller teller;
};

// What the window calls back (ui/window.h).
struct terminal_hooks {
    void (*posted)(void *ctx);
    int64_t (*turn)(void *ctx, int64_t now_ms); // may be NULL
    void *ctx;
    bool has_action_keys;
};

// By `terminal->config`, read before: fills `setup`, inits the look, reads the phrases of the
// language a visit begins in. Errors as setup_read and phrases_read.
MUST_USE enum err terminal_read(struct terminal *terminal, struct setup *setup,
                                struct phrases *phrases, struct fault *fault);
// Shows `first` of `model`. The machine's watchdog is opened where the configuration names one, and
// fed by window_run; one that cannot be opened is logged, for people are served without it. The
// teller says how the program is in health.file. Borrows `setup`, `title` and what the hooks need.
MUST_USE enum err terminal_open(struct terminal *terminal, const struct setup *setup,
                                const char *title, const struct scene *first, void *model,
                                const struct terminal_hooks *hooks, struct fault *fault);
// The watchdog is left to whoever runs next.
void terminal_close(struct terminal *terminal);

#endif
