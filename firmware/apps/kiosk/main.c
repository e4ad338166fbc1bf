// SPDX-License-Identifier: EUPL-1.2
//
// Wires the kiosk: configuration, one window, the line to the hub, and on its thread the cables.
#include "apps/kiosk/io.h"
#include "apps/kiosk/kiosk.h"
#include "apps/kiosk/paper.h"
#include "base/bytes.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "drivers/slip.h"
#include "ui/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

// Who runs us opens the technician's screen then.
enum { MESSAGES_MAX = 256, EXIT_TECHNICIAN = 75 };

struct program {
    struct terminal terminal;
    struct kiosk kiosk;
    struct mailbox mailbox;
    struct hub_message_private *slots[MESSAGES_MAX];
    struct hub_client *client;
    struct io io;
};

// An order on its way to the thread that owns the card reader.
struct card_job_private {
    struct program *program;
    struct card_order_private order;
};

// A slip on its way to the I/O thread.
struct job {
    struct program *program;
    struct raster raster;
    uint8_t bits[SLIP_BYTES];
};

static enum err open_screen(struct program *program, struct fault *fault);
static void take_messages(void *ctx);
static int64_t turn(void *ctx, int64_t now_ms);
static void open_service(struct program *program);
static void print_slip(void *ctx);
static void start_job(void *ctx);
static void order_card(void *ctx, const struct card_order_private *order);
static void start_card(void *ctx);

int main(int argc, char **argv)
{
    static struct program program;
    struct fault fault = {0};
    heap_forgets();
    if (argc != 3 || !text_equal(argv[1], "--config")) {
        log_error("kiosk", "usage: inloop-kiosk --config FILE");
        return 2;
    }
    CHECK(prctl(PR_SET_DUMPABLE, 0) == 0); // a core file would hold the visit
    enum err err = config_read_file(&program.terminal.config, argv[2], &fault);
    err = err == OK ? io_init(&program.io, &program.terminal.config, &fault) : err;
    err = err == OK ? open_screen(&program, &fault) : err;
    if (err != OK) {
        log_error("kiosk", "%s", fault.text);
        return EXIT_FAILURE;
    }
    mailbox_init(&program.mailbox, program.slots, sizeof program.slots[0], MESSAGES_MAX,
                 window_post, &program.terminal.window);
    (void)window_refresh(&program.terminal.window); // the first picture does not wait for the line
    struct hub_client_io hooks = io_hooks(&program.io);
    err = hub_client_open(&program.client, &program.terminal.config, &program.mailbox, &hooks,
                          &fault);
    program.kiosk.client = program.client;
    if (err != OK) {
        log_error("kiosk", "%s", fault.text);
    } else {
        window_run(&program.terminal.window);
    }
    hub_client_close(program.client);
    program.client = NULL;
    program.kiosk.client = NULL;
    take_messages(&program);
    kiosk_forget(&program.kiosk);
    mailbox_finish(&program.mailbox);
    terminal_close(&program.terminal);
    if (err == OK && program.kiosk.lets_in) {
        return EXIT_TECHNICIAN;
    }
    return err == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum err open_screen(struct program *program, struct fault *fault)
{
    struct kiosk *kiosk = &program->kiosk;
    enum err err = terminal_read(&program->terminal, &kiosk->setup, &kiosk->phrases, fault);
    if (err != OK) {
        return err;
    }
    kiosk_init(kiosk, &program->terminal.look, &program->terminal.scenes);
    kiosk->print = print_slip;
    kiosk->print_ctx = program;
    kiosk->order = order_card;
    kiosk->order_ctx = program;
    open_service(program);
    const struct terminal_hooks hooks = {.posted = take_messages, .turn = turn, .ctx = program};
    return terminal_open(&program->terminal, &kiosk->setup, "Inloop kiosk", &kiosk_scene_welcome,
                         kiosk, &hooks, fault);
}

static void take_messages(void *ctx)
{
    struct program *program = ctx;
    struct hub_message_private *message = NULL;
    while (mailbox_take(&program->mailbox, &message) == OK) {
        kiosk_take(&program->kiosk, message);
        hub_message_free(message);
    }
}

static int64_t turn(void *ctx, int64_t now_ms)
{
    struct program *program = ctx;
    struct kiosk *kiosk = &program->kiosk;
    if (kiosk->lets_in && now_ms >= kiosk->leaves_ms) {
        scenes_quit(&program->terminal.scenes);
        return now_ms;
    }
    bool has_slot = config_get(&program->terminal.config, "card.usb", NULL) != NULL ||
                    config_get(&program->terminal.config, "card.desk", NULL) != NULL;
    struct health health = kiosk_health(kiosk, program->terminal.window.is_presented, has_slot);
    int64_t tell_ms =
        health_tell(&program->terminal.teller, &health, clock_now_ms(&kiosk->clock), now_ms);
    return kiosk->lets_in && kiosk->leaves_ms < tell_ms ? kiosk->leaves_ms : tell_ms;
}

// Its key lies beside our own, where enrolling put it. A hub that gave none lets nobody in this
// way.
static void open_service(struct program *program)
{
    char path[CONFIG_VALUE_BYTES + 16];
    struct fault fault = {0};
    const char *own = config_get(&program->terminal.config, "device.key", "");
    const char *end = strrchr(own, '/');
    struct text text;
    text_init(&text, path, sizeof path);
    text_add_bytes(&text, own, end == NULL ? 0 : (size_t)(end - own) + 1);
    text_add(&text, "service.pem");
    enum err err = service_reader_open(&program->kiosk.service,
                                       config_get(&program->terminal.config, "service.key", path),
                                       config_get(&program->terminal.config, "hub.location", ""),
                                       config_get(&program->terminal.config, "id", ""), &fault);
    program->kiosk.has_service = err == OK;
    if (err != OK && err != ERR_NOT_FOUND) {
        log_warn("kiosk", "%s", fault.text);
    }
}

// On the UI thread: draws the slip, then hands it to the thread that owns the printer.
static void print_slip(void *ctx)
{
    struct program *program = ctx;
    struct job *job = calloc(1, sizeof *job);
    struct tree *words = calloc(1, sizeof *words);
    CHECK(job != NULL && words != NULL);
    job->program = program;
    struct slip slip;
    kiosk_paper(&program->kiosk, words, &slip);
    enum err err = slip_draw(&slip, &program->terminal.look, program->terminal.window.shaper,
                             program->terminal.window.icons, job->bits, &job->raster);
    tree_clear(words); // wipes
    free(words);
    if (err != OK) {
        free(job);
        program->kiosk.visit.slip = SLIP_FAILED;
        return;
    }
    hub_client_run(program->client, start_job, job);
}

// On the I/O thread.
static void start_job(void *ctx)
{
    struct job *job = ctx;
    io_print(&job->program->io, &job->raster);
    wipe(job, sizeof *job);
    free(job);
}

static void order_card(void *ctx, const struct card_order_private *order)
{
    struct program *program = ctx;
    if (program->client == NULL) {
        return; // the line was never there, or is closed: so is the reader
    }
    struct card_job_private *job = calloc(1, sizeof *job);
    CHECK(job != NULL);
    *job = (struct card_job_private){.program = program, .order = *order};
    hub_client_run(program->client, start_card, job);
}

// On the I/O thread.
static void start_card(void *ctx)
{
    struct card_job_private *job = ctx;
    io_card(&job->program->io, &job->order);
    wipe(job, sizeof *job);
    free(job);
}
