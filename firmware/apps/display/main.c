// SPDX-License-Identifier: EUPL-1.2
//
// Wires the wall display: configuration, the line to the hub, one window with one scene.
#include "apps/display/display.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "link/hub_client.h"
#include "ui/terminal.h"

#include <stdlib.h>

enum { MESSAGES_MAX = 256 };

struct program {
    struct terminal terminal;
    struct setup setup;
    struct display display;
    struct mailbox mailbox;
    struct hub_message_private *slots[MESSAGES_MAX];
    struct hub_client *client;
};

static enum err open_screen(struct program *program, struct fault *fault);
static void take_messages(void *ctx);
static int64_t turn(void *ctx, int64_t now_ms);
static void take_message(struct program *program, const struct hub_message_private *message);

int main(int argc, char **argv)
{
    static struct program program;
    struct fault fault = {0};
    heap_forgets();
    if (argc != 3 || !text_equal(argv[1], "--config")) {
        log_error("display", "usage: inloop-display --config FILE");
        return 2;
    }
    enum err err = config_read_file(&program.terminal.config, argv[2], &fault);
    if (err == OK) {
        err = open_screen(&program, &fault);
    }
    if (err != OK) {
        log_error("display", "%s", fault.text);
        return EXIT_FAILURE;
    }
    mailbox_init(&program.mailbox, program.slots, sizeof program.slots[0], MESSAGES_MAX,
                 window_post, &program.terminal.window);
    (void)window_refresh(&program.terminal.window); // the first picture does not wait for the line
    err =
        hub_client_open(&program.client, &program.terminal.config, &program.mailbox, NULL, &fault);
    if (err != OK) {
        log_error("display", "%s", fault.text);
    } else {
        window_run(&program.terminal.window);
    }
    hub_client_close(program.client);
    take_messages(&program);
    mailbox_finish(&program.mailbox);
    terminal_close(&program.terminal);
    sound_close(&program.display.sound);
    return err == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum err open_screen(struct program *program, struct fault *fault)
{
    struct display *display = &program->display;
    enum err err = terminal_read(&program->terminal, &program->setup, &display->phrases, fault);
    if (err != OK) {
        return err;
    }
    const char *second = config_get(&program->terminal.config, "language.second", NULL);
    if (second != NULL) {
        err = phrases_read(&display->second, program->setup.strings_dir, second, fault);
        if (err != OK) {
            return err;
        }
    }
    struct fault silent = {0};
    if (sound_open(&display->sound, &silent) != OK) {
        log_warn("display", "no chime: %s", silent.text);
    }
    const struct terminal_hooks hooks = {.posted = take_messages, .turn = turn, .ctx = program};
    return terminal_open(&program->terminal, &program->setup, "Inloop display", &display_scene,
                         display, &hooks, fault);
}

static void take_messages(void *ctx)
{
    struct program *program = ctx;
    struct hub_message_private *message = NULL;
    while (mailbox_take(&program->mailbox, &message) == OK) {
        take_message(program, message);
        hub_message_free(message);
    }
}

static void take_message(struct program *program, const struct hub_message_private *message)
{
    struct display *display = &program->display;
    if (message->kind == HUB_CONNECTED) {
        display_take_state(display, &message->state);
    } else if (message->kind == HUB_LOST) {
        display_lose(display);
    } else if (message->kind == HUB_EVENT && message->event.kind == API_EVENT_CALL) {
        display_take_call(display, &message->event.call);
    } else if (message->kind == HUB_EVENT && message->event.kind == API_EVENT_SERVICE) {
        display_take_service(display, &message->event.service);
    }
}

static int64_t turn(void *ctx, int64_t now_ms)
{
    struct program *program = ctx;
    struct clock clock = clock_system();
    struct health health = display_health(&program->display, program->terminal.window.is_presented);
    return health_tell(&program->terminal.teller, &health, clock_now_ms(&clock), now_ms);
}
