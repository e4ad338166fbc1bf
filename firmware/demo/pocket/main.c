// SPDX-License-Identifier: EUPL-1.2
//
// Wires the pocket: a window, or with --hold one code held up once.
#include "base/log.h"
#include "base/text.h"
#include "demo/pocket/pocket.h"
#include "ui/setup.h"
#include "ui/window.h"

#include <stdlib.h>

enum { ANSWERS_MAX = 16 };

struct program {
    struct config config;
    struct setup setup;
    struct look look;
    struct scenes scenes;
    struct window window;
    struct pocket pocket;
    struct mailbox answers;
    struct pocket_answer slots[ANSWERS_MAX];
};

static enum err show_window(struct program *program, struct fault *fault);
static void take_answers(void *ctx);
static enum err hold_once(struct program *program, char **words, struct fault *fault);

int main(int argc, char **argv)
{
    static struct program program;
    struct fault fault = {0};
    bool holds = argc == 6 && text_equal(argv[3], "--hold");
    if ((argc != 3 && !holds) || !text_equal(argv[1], "--config")) {
        log_error("pocket", "usage: inloop-pocket --config FILE [--hold RESIDENT KIND]");
        return 2;
    }
    enum err err = config_read_file(&program.config, argv[2], &fault);
    if (err == OK) {
        err = holds ? hold_once(&program, argv + 4, &fault) : show_window(&program, &fault);
    }
    if (err != OK) {
        log_error("pocket", "%s", fault.text);
    }
    return err == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum err show_window(struct program *program, struct fault *fault)
{
    enum err err = setup_read(&program->setup, &program->look, &program->config, fault);
    if (err == OK) {
        err = phrases_read(&program->pocket.phrases, program->setup.strings_dir,
                           program->setup.language, fault);
    }
    if (err != OK) {
        return err;
    }
    scenes_init(&program->scenes, &program->pocket, &program->look);
    scenes_push(&program->scenes, &pocket_scene);
    struct window_options options =
        setup_window(&program->setup, &program->config, "Inloop pocket");
    options.posted = take_answers;
    options.ctx = program;
    err = window_open(&program->window, &program->look, &program->scenes, &options, fault);
    if (err != OK) {
        return err;
    }
    mailbox_init(&program->answers, program->slots, sizeof program->slots[0], ANSWERS_MAX,
                 window_post, &program->window);
    err = pocket_io_open(&program->pocket.io, &program->config, &program->answers, true, fault);
    if (err == OK) {
        window_run(&program->window);
    }
    pocket_io_close(program->pocket.io);
    mailbox_finish(&program->answers);
    window_close(&program->window);
    return err;
}

static void take_answers(void *ctx)
{
    struct program *program = ctx;
    struct pocket_answer answer;
    while (mailbox_take(&program->answers, &answer) == OK) {
        pocket_take(&program->pocket, &answer);
    }
}

static enum err hold_once(struct program *program, char **words, struct fault *fault)
{
    struct pocket_command command = {0};
    if (text_copy(command.resident, sizeof command.resident, words[0]) != OK ||
        text_copy(command.kind, sizeof command.kind, words[1]) != OK) {
        return fault_set(fault, ERR_TOO_BIG, "RESIDENT or KIND is too long");
    }
    mailbox_init(&program->answers, program->slots, sizeof program->slots[0], ANSWERS_MAX, NULL,
                 NULL);
    struct pocket_io *io = NULL;
    enum err err = pocket_io_open(&io, &program->config, &program->answers, false, fault);
    if (err == OK) {
        struct pocket_answer answer;
        CHECK(pocket_io_send(io, &command) == OK); // the first one always fits
        mailbox_wait(&program->answers, &answer);
        err = answer.err;
        pocket_io_close(io);
    }
    mailbox_finish(&program->answers);
    if (err == ERR_IO) {
        return fault_set(fault, err, "nobody listens at pocket.socket");
    }
    return err == OK || fault->text[0] != '\0'
               ? err
               : fault_set(fault, err, "the town gives no such code: %s", err_name(err));
}
