// SPDX-License-Identifier: EUPL-1.2
//
// The wiring every program with a window needs.
#include "ui/terminal.h"

enum err terminal_read(struct terminal *terminal, struct setup *setup, struct phrases *phrases,
                       struct fault *fault)
{
    enum err err = setup_read(setup, &terminal->look, &terminal->config, fault);
    return err == OK ? phrases_read(phrases, setup->strings_dir, setup->language, fault) : err;
}

enum err terminal_open(struct terminal *terminal, const struct setup *setup, const char *title,
                       const struct scene *first, void *model, const struct terminal_hooks *hooks,
                       struct fault *fault)
{
    scenes_init(&terminal->scenes, model, &terminal->look);
    scenes_push(&terminal->scenes, first);
    struct window_options options = setup_window(setup, &terminal->config, title);
    options.has_action_keys = hooks->has_action_keys;
    options.posted = hooks->posted;
    options.turn = hooks->turn;
    options.ctx = hooks->ctx;
    setup_watchdog(&terminal->watchdog, &terminal->config);
    options.watchdog = &terminal->watchdog;
    terminal->teller.path = config_get(&terminal->config, "health.file", NULL);
    return window_open(&terminal->window, &terminal->look, &terminal->scenes, &options, fault);
}

void terminal_close(struct terminal *terminal)
{
    window_close(&terminal->window);
    watchdog_close(&terminal->watchdog, false);
}
