// SPDX-License-Identifier: EUPL-1.2
//
// Wires the counter terminal: configuration, the line to the hub, one window.
#include "apps/counter/desk.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "ui/terminal.h"

#include <stdlib.h>
#include <sys/prctl.h>

enum { MESSAGES_MAX = 256 };

struct program {
    struct terminal terminal;
    struct setup setup;
    struct desk desk;
    struct mailbox mailbox;
    struct hub_message_private *slots[MESSAGES_MAX];
};

static enum err open_screen(struct program *program, struct fault *fault);
static void take_messages(void *ctx);
static int64_t turn(void *ctx, int64_t now_ms);

int main(int argc, char **argv)
{
    static struct program program;
    struct fault fault = {0};
    heap_forgets();
    if (argc != 3 || !text_equal(argv[1], "--config")) {
        log_error("counter", "usage: inloop-counter --config FILE");
        return 2;
    }
    CHECK(prctl(PR_SET_DUMPABLE, 0) == 0); // a core file would hold the visitor's context
    enum err err = config_read_file(&program.terminal.config, argv[2], &fault);
    if (err == OK) {
        err = open_screen(&program, &fault);
    }
    if (err != OK) {
        log_error("counter", "%s", fault.text);
        return EXIT_FAILURE;
    }
    mailbox_init(&program.mailbox, program.slots, sizeof program.slots[0], MESSAGES_MAX,
                 window_post, &program.terminal.window);
    (void)window_refresh(&program.terminal.window); // the first picture does not wait for the line
    err = hub_client_open(&program.desk.client, &program.terminal.config, &program.mailbox, NULL,
                          &fault);
    if (err != OK) {
        log_error("counter", "%s", fault.text);
    } else {
        window_run(&program.terminal.window);
    }
    hub_client_close(program.desk.client);
    program.desk.client = NULL;
    take_messages(&program);
    desk_wipe(&program.desk);
    mailbox_finish(&program.mailbox);
    terminal_close(&program.terminal);
    return err == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum err open_screen(struct program *program, struct fault *fault)
{
    struct desk *desk = &program->desk;
    const char *number = config_get(&program->terminal.config, "counter.desk", NULL);
    if (number == NULL || text_copy(desk->desk, sizeof desk->desk, number) != OK) {
        return fault_set(fault, ERR_NOT_FOUND, "counter.desk: the desk's number is needed");
    }
    enum err err = terminal_read(&program->terminal, &program->setup, &desk->phrases, fault);
    if (err != OK) {
        return err;
    }
    program->terminal.look.is_large =
        text_equal(config_get(&program->terminal.config, "counter.large", "0"), "1");
    look_set_contrast(
        &program->terminal.look,
        text_equal(config_get(&program->terminal.config, "counter.contrast", "0"), "1"));
    desk_init(desk, &program->terminal.look);
    const struct terminal_hooks hooks = {
        .posted = take_messages, .turn = turn, .ctx = program, .has_action_keys = true};
    return terminal_open(&program->terminal, &program->setup, "Inloop counter", &desk_scene_sign_in,
                         desk, &hooks, fault);
}

static void take_messages(void *ctx)
{
    struct program *program = ctx;
    struct hub_message_private *message = NULL;
    while (mailbox_take(&program->mailbox, &message) == OK) {
        desk_take(&program->desk, &program->terminal.scenes, message);
        hub_message_free(message);
    }
}

static int64_t turn(void *ctx, int64_t now_ms)
{
    struct program *program = ctx;
    struct health health = desk_health(&program->desk, program->terminal.window.is_presented);
    return health_tell(&program->terminal.teller, &health, clock_now_ms(&program->desk.clock),
                       now_ms);
}
