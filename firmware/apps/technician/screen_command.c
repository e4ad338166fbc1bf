// SPDX-License-Identifier: EUPL-1.2
//
// `screen`: wires configuration, one window and the I/O thread. Ends with 0 when the technician is
// done: the device then goes back to work.
#include "apps/technician/command.h"
#include "apps/technician/screen_face.h"
#include "apps/technician/screen_io.h"
#include "base/bytes.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "drivers/slip.h"
#include "ui/terminal.h"

#include <stdlib.h>
#include <string.h>

enum { NEWS_MAX = 64 };

struct program {
    struct terminal terminal;
    struct technician screen;
    struct mailbox mailbox;
    struct technician_news slots[NEWS_MAX];
    struct technician_io *io;
};

static enum err open_screen(struct program *program, struct fault *fault);
static void take_news(void *ctx);
static void wish_enrol(void *ctx, const struct enrol_request *request);
static void wish_print(void *ctx);
static void wish_keep(void *ctx);

int screen_command(int argc, char **argv)
{
    static struct program program;
    struct fault fault = {0};
    const char *path = command_option(argc, argv, "--config");
    heap_forgets();
    if (path == NULL) {
        return COMMAND_USAGE;
    }
    for (int i = 0; i < argc; i++) {
        program.screen.is_trouble = program.screen.is_trouble || text_equal(argv[i], "--trouble");
    }
    enum err err = config_read_file(&program.terminal.config, path, &fault);
    if (err == OK) {
        err = open_screen(&program, &fault);
    }
    if (err != OK) {
        log_error("technician", "%s", fault.text);
        return EXIT_FAILURE;
    }
    mailbox_init(&program.mailbox, program.slots, sizeof program.slots[0], NEWS_MAX, window_post,
                 &program.terminal.window);
    (void)window_refresh(&program.terminal.window); // does not wait for the cables
    err = technician_io_open(&program.io, &program.terminal.config, &program.mailbox, &fault);
    if (err == OK) {
        window_run(&program.terminal.window);
    } else {
        log_error("technician", "%s", fault.text);
    }
    technician_io_close(program.io);
    program.io = NULL;
    take_news(&program);
    technician_finish(&program.screen);
    sound_close(&program.screen.sound);
    mailbox_finish(&program.mailbox);
    terminal_close(&program.terminal);
    return err == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum err open_screen(struct program *program, struct fault *fault)
{
    struct technician *screen = &program->screen;
    enum err err = terminal_read(&program->terminal, &screen->setup, &screen->phrases, fault);
    if (err != OK) {
        return err;
    }
    technician_init(screen, &program->terminal.look, &program->terminal.scenes,
                    &program->terminal.config);
    screen->wishes = (struct technician_wishes){
        .enrol = wish_enrol, .print = wish_print, .keep = wish_keep, .ctx = program};
    struct technician_news first = {.kind = NEWS_FACTS};
    facts_read(&first.facts, &program->terminal.config);
    technician_take(screen, &first); // who it is stands on the first picture
    wipe(&first, sizeof first);
    technician_kept_read(screen->results, &program->terminal.config);
    struct fault silent = {0};
    if (sound_open(&screen->sound, &silent) != OK) {
        log_warn("technician", "no chime: %s", silent.text);
    }
    const struct terminal_hooks hooks = {.posted = take_news, .ctx = program};
    return terminal_open(&program->terminal, &screen->setup, "Inloop technician",
                         &technician_scene_home, screen, &hooks, fault);
}

static void take_news(void *ctx)
{
    struct program *program = ctx;
    static struct technician_news news; // large, and of this thread alone
    while (mailbox_take(&program->mailbox, &news) == OK) {
        technician_take(&program->screen, &news);
    }
}

static void wish_enrol(void *ctx, const struct enrol_request *request)
{
    struct program *program = ctx;
    technician_io_enrol(program->io, request);
}

// Drawn here, where the fonts are; printed where the printer is.
static void wish_print(void *ctx)
{
    struct program *program = ctx;
    struct tree *words = calloc(1, sizeof *words);
    uint8_t *bits = calloc(1, SLIP_BYTES);
    CHECK(words != NULL && bits != NULL);
    struct slip slip;
    struct raster raster;
    face_slip(&program->screen, words, &slip);
    if (slip_draw(&slip, &program->terminal.look, program->terminal.window.shaper,
                  program->terminal.window.icons, bits, &raster) == OK) {
        technician_io_print(program->io, &raster);
    } else {
        program->screen.slip = SLIP_FAILS;
    }
    free(bits);
    free(words);
}

static void wish_keep(void *ctx)
{
    struct program *program = ctx;
    struct technician_kept kept = {.has_matrix = program->screen.touch.count == TOUCH_CORNERS &&
                                                 program->screen.touch.is_off};
    memcpy(kept.results, program->screen.results, sizeof kept.results);
    memcpy(kept.matrix, program->screen.touch.matrix, sizeof kept.matrix);
    technician_io_keep(program->io, &kept);
}
