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
#include "ui/window.h"

#include <stdlib.h>
#include <string.h>

enum { NEWS_MAX = 64 };

struct program {
    struct config config;
    struct look look;
    struct scenes scenes;
    struct window window;
    struct watchdog watchdog;
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
    enum err err = config_read_file(&program.config, path, &fault);
    if (err == OK) {
        err = open_screen(&program, &fault);
    }
    if (err != OK) {
        log_error("technician", "%s", fault.text);
        return EXIT_FAILURE;
    }
    mailbox_init(&program.mailbox, program.slots, sizeof program.slots[0], NEWS_MAX, window_post,
                 &program.window);
    (void)window_refresh(&program.window); // the first picture does not wait for the cables
    err = technician_io_open(&program.io, &program.config, &program.mailbox, &fault);
    if (err == OK) {
        window_run(&program.window);
    } else {
        log_error("technician", "%s", fault.text);
    }
    technician_io_close(program.io);
    program.io = NULL;
    take_news(&program);
    technician_finish(&program.screen);
    sound_close(&program.screen.sound);
    mailbox_finish(&program.mailbox);
    window_close(&program.window);
    watchdog_close(&program.watchdog, false); // whoever runs next feeds it
    return err == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum err open_screen(struct program *program, struct fault *fault)
{
    struct technician *screen = &program->screen;
    enum err err = setup_read(&screen->setup, &program->look, &program->config, fault);
    if (err == OK) {
        err = phrases_read(&screen->phrases, screen->setup.strings_dir, screen->setup.language,
                           fault);
    }
    if (err != OK) {
        return err;
    }
    technician_init(screen, &program->look, &program->scenes, &program->config);
    screen->wishes = (struct technician_wishes){
        .enrol = wish_enrol, .print = wish_print, .keep = wish_keep, .ctx = program};
    struct technician_news first = {.kind = NEWS_FACTS};
    facts_read(&first.facts, &program->config);
    technician_take(screen, &first); // who it is stands on the first picture
    wipe(&first, sizeof first);
    technician_kept_read(screen->results, &program->config);
    struct fault silent = {0};
    if (sound_open(&screen->sound, &silent) != OK) {
        log_warn("technician", "no chime: %s", silent.text);
    }
    scenes_init(&program->scenes, screen, &program->look);
    scenes_push(&program->scenes, &technician_scene_home);
    struct window_options options =
        setup_window(&screen->setup, &program->config, "Inloop technician");
    options.posted = take_news;
    setup_watchdog(&program->watchdog, &program->config);
    options.watchdog = &program->watchdog;
    options.ctx = program;
    return window_open(&program->window, &program->look, &program->scenes, &options, fault);
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
    if (slip_draw(&slip, &program->look, program->window.shaper, program->window.icons, bits,
                  &raster) == OK) {
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
