// SPDX-License-Identifier: EUPL-1.2
//
// One loop: drivers by their descriptors, files and network by the clock, orders by a bell.
#include "apps/technician/screen_io.h"

#include "apps/technician/screen_probe.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "drivers/cables.h"
#include "link/loop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TURN_MS = 1000, ORDERS_MAX = 16, FDS_MAX = 16, PATH_BYTES = 600 };

enum order_kind { ORDER_ENROL, ORDER_PRINT, ORDER_KEEP };

// Heap memory on its way to the I/O thread.
struct order_private {
    enum order_kind kind;
    char url[ENROL_URL_BYTES];
    char fingerprint[FACTS_WORD_BYTES + 1];
    char device[ENROL_WORD_BYTES];
    char code[ENROL_WORD_BYTES];
    struct raster raster;
    uint8_t *bits; // of `raster`
    struct technician_kept kept;
};

struct technician_io {
    const struct config *config;
    struct mailbox *news;
    struct mailbox orders; // of struct order_private *
    struct order_private *slots[ORDERS_MAX];
    atomic_bool is_closing;
    pthread_t thread;
    struct loop *loop;
    struct loop_bell *bell;
    // Of the I/O thread.
    struct loop_timer *turn;
    struct cables cables;
    struct loop_watch *watches[FDS_MAX];
    int fds[FDS_MAX];
    size_t fds_count;
    uint32_t jobs_count;
    struct facts facts; // as told last
    struct report report;
    struct technician_probe *probe;
};

static void *run(void *ctx);
static void open_cables(struct technician_io *io);
static void close_cables(struct technician_io *io);
static void on_bell(void *ctx);
static void on_turn(void *ctx);
static void on_fd(void *ctx, bool can_read, bool can_write);
static void poll_cables(struct technician_io *io);
static void on_reader(const struct id_reader_event *event, void *ctx);
static void on_printer(const struct printer_event *event, void *ctx);
static void on_card(const struct card_reader_event *event, void *ctx);
static void on_hub(void *ctx, enum technician_hub hub);
static void give(struct technician_io *io, struct order_private *order);
static void do_order(struct technician_io *io, struct order_private *order);
static void free_order(struct order_private *order);
static void enrol(struct technician_io *io, const struct order_private *order);
static void print(struct technician_io *io, const struct order_private *order);
static void keep(struct technician_io *io, const struct technician_kept *kept);
static void post(struct technician_io *io, const struct technician_news *news);
static void tests_path(const struct config *config, char path[PATH_BYTES]);

void technician_kept_read(struct technician_result results[TECHNICIAN_TESTS_COUNT],
                          const struct config *config)
{
    char path[PATH_BYTES];
    struct fault fault = {0};
    struct config *kept = calloc(1, sizeof *kept);
    CHECK(kept != NULL);
    tests_path(config, path);
    if (config_read_file(kept, path, &fault) != OK) {
        kept->entries_count = 0;
    }
    for (unsigned i = 0; i < TECHNICIAN_TESTS_COUNT; i++) {
        struct technician_result result = {0};
        const char *words = config_get(kept, technician_test_name((enum technician_test)i), "");
        result.outcome = text_starts_with(words, "good ")  ? OUTCOME_GOOD
                         : text_starts_with(words, "bad ") ? OUTCOME_BAD
                                                           : OUTCOME_NONE;
        const char *at = strchr(words, ' ');
        bool is_whole = result.outcome != OUTCOME_NONE && at != NULL &&
                        time_from_text(at + 1, &result.at_ms) == OK;
        results[i] = is_whole ? result : (struct technician_result){0};
    }
    free(kept);
}

enum err technician_io_open(struct technician_io **out, const struct config *config,
                            struct mailbox *news, struct fault *fault)
{
    *out = NULL;
    struct technician_io *io = calloc(1, sizeof *io);
    CHECK(io != NULL);
    io->config = config;
    io->news = news;
    enum err err = cables_init(&io->cables, config, fault);
    if (err != OK) {
        free(io);
        return err;
    }
    io->loop = loop_new();
    io->bell = loop_bell_new(io->loop, on_bell, io);
    io->turn = loop_timer_new(io->loop, on_turn, io);
    mailbox_init(&io->orders, io->slots, sizeof io->slots[0], ORDERS_MAX, loop_bell_ring, io->bell);
    CHECK(pthread_create(&io->thread, NULL, run, io) == 0);
    *out = io;
    return OK;
}

void technician_io_close(struct technician_io *io)
{
    if (io == NULL) {
        return;
    }
    atomic_store(&io->is_closing, true);
    loop_bell_ring(io->bell);
    CHECK(pthread_join(io->thread, NULL) == 0);
    struct order_private *order = NULL;
    while (mailbox_take(&io->orders, &order) == OK) {
        free_order(order);
    }
    mailbox_finish(&io->orders);
    loop_timer_free(io->turn);
    loop_bell_free(io->bell);
    loop_free(io->loop);
    free(io);
}

void technician_io_enrol(struct technician_io *io, const struct enrol_request *request)
{
    struct order_private *order = calloc(1, sizeof *order);
    CHECK(order != NULL);
    order->kind = ORDER_ENROL;
    text_copy_cut(order->url, sizeof order->url, request->url);
    text_copy_cut(order->fingerprint, sizeof order->fingerprint, request->fingerprint);
    text_copy_cut(order->device, sizeof order->device, request->device);
    text_copy_cut(order->code, sizeof order->code, request->code);
    give(io, order);
}

void technician_io_print(struct technician_io *io, const struct raster *raster)
{
    struct order_private *order = calloc(1, sizeof *order);
    size_t bytes = (size_t)raster->width_dots / 8 * raster->height_dots;
    CHECK(order != NULL && bytes > 0);
    order->kind = ORDER_PRINT;
    order->bits = malloc(bytes);
    CHECK(order->bits != NULL);
    memcpy(order->bits, raster->bits, bytes);
    order->raster = *raster;
    order->raster.bits = order->bits;
    give(io, order);
}

void technician_io_keep(struct technician_io *io, const struct technician_kept *kept)
{
    struct order_private *order = calloc(1, sizeof *order);
    CHECK(order != NULL);
    order->kind = ORDER_KEEP;
    order->kept = *kept;
    give(io, order);
}

static void give(struct technician_io *io, struct order_private *order)
{
    if (mailbox_send(&io->orders, &order) != OK) {
        log_warn("technician", "an order was dropped: sixteen wait already");
        free_order(order);
    }
}

static void *run(void *ctx)
{
    struct technician_io *io = ctx;
    io->probe = technician_probe_new(io->loop, io->config, on_hub, io);
    open_cables(io);
    on_turn(io);
    loop_timer_repeat(io->turn, TURN_MS);
    loop_run(io->loop);
    close_cables(io);
    technician_probe_free(io->probe);
    return NULL;
}

static void open_cables(struct technician_io *io)
{
    struct cables *cables = &io->cables;
    struct fault fault = {0};
    cables_choose(cables, io->config);
    if (cables->reader->ops->open(cables->reader, on_reader, io, &fault) != OK) {
        log_warn("technician", "%s", fault.text);
        cables->reader = NULL;
        post(io, &(struct technician_news){.kind = NEWS_SCANNER, .cable = CABLE_MISSING});
    }
    if (cables->printer->ops->open(cables->printer, on_printer, io, &fault) != OK) {
        log_warn("technician", "%s", fault.text);
        cables->printer = NULL;
        post(io, &(struct technician_news){.kind = NEWS_PRINTER, .status = {.is_offline = true}});
    }
    if (cables->card->ops->open(cables->card, on_card, io, &fault) != OK) {
        log_warn("technician", "%s", fault.text);
        cables->card = NULL;
        post(io, &(struct technician_news){.kind = NEWS_READER, .cable = CABLE_MISSING});
    }
}

static void close_cables(struct technician_io *io)
{
    struct cables *cables = &io->cables;
    for (size_t i = 0; i < io->fds_count; i++) {
        loop_watch_free(io->watches[i]);
    }
    if (cables->reader != NULL) {
        cables->reader->ops->close(cables->reader);
    }
    if (cables->printer != NULL) {
        cables->printer->ops->close(cables->printer);
    }
    if (cables->card != NULL) {
        cables->card->ops->close(cables->card);
    }
    cables_free(cables);
}

static void on_bell(void *ctx)
{
    struct technician_io *io = ctx;
    struct order_private *order = NULL;
    while (!atomic_load(&io->is_closing) && mailbox_take(&io->orders, &order) == OK) {
        do_order(io, order);
        free_order(order);
    }
    if (atomic_load(&io->is_closing)) {
        loop_stop(io->loop);
    }
}

// Files change without telling; a second is soon enough for a person who looks.
static void on_turn(void *ctx)
{
    struct technician_io *io = ctx;
    poll_cables(io);
    struct technician_news *news = calloc(1, sizeof *news);
    CHECK(news != NULL);
    facts_read(&news->facts, io->config);
    technician_probe_turn(io->probe, &news->facts);
    if (memcmp(&news->facts, &io->facts, sizeof io->facts) != 0) {
        io->facts = news->facts;
        news->kind = NEWS_FACTS;
        post(io, news);
    }
    memset(news, 0, sizeof *news);
    report_read(&news->report, io->config);
    if (memcmp(&news->report, &io->report, sizeof io->report) != 0) {
        io->report = news->report;
        news->kind = NEWS_REPORT;
        post(io, news);
    }
    free(news);
}

static void on_fd(void *ctx, bool can_read, bool can_write)
{
    (void)can_read;
    (void)can_write;
    poll_cables(ctx);
}

static size_t cable_fds(struct technician_io *io, int fds[FDS_MAX])
{
    struct cables *cables = &io->cables;
    size_t count = 0;
    if (cables->reader != NULL) {
        count += cables->reader->ops->fds(cables->reader, fds, FDS_MAX);
    }
    if (cables->printer != NULL) {
        count += cables->printer->ops->fds(cables->printer, fds + count, FDS_MAX - count);
    }
    if (cables->card != NULL) {
        count += cables->card->ops->fds(cables->card, fds + count, FDS_MAX - count);
    }
    return count;
}

// Drivers open and close descriptors as devices come and go: what is watched follows.
static void poll_cables(struct technician_io *io)
{
    struct cables *cables = &io->cables;
    if (cables->reader != NULL) {
        cables->reader->ops->poll(cables->reader);
    }
    if (cables->printer != NULL) {
        cables->printer->ops->poll(cables->printer);
    }
    if (cables->card != NULL) {
        cables->card->ops->poll(cables->card);
    }
    int fds[FDS_MAX];
    size_t count = cable_fds(io, fds);
    if (count == io->fds_count && memcmp(fds, io->fds, count * sizeof fds[0]) == 0) {
        return;
    }
    for (size_t i = 0; i < io->fds_count; i++) {
        loop_watch_free(io->watches[i]);
    }
    for (size_t i = 0; i < count; i++) {
        io->fds[i] = fds[i];
        io->watches[i] = loop_watch_new(io->loop, fds[i], on_fd, io);
        loop_watch_set(io->watches[i], true, false);
    }
    io->fds_count = count;
}

static void on_reader(const struct id_reader_event *event, void *ctx)
{
    struct technician_io *io = ctx;
    struct technician_news news = {.kind = NEWS_SCANNER};
    switch (event->kind) {
    case ID_READER_READY:
        news.cable = CABLE_READY;
        break;
    case ID_READER_GONE:
        news.cable = CABLE_MISSING;
        break;
    case ID_READER_REFUSED:
        log_warn("technician", "%s", event->fault.text);
        news.cable = CABLE_REFUSED;
        break;
    case ID_READER_CODE:
        // Only our own codes are looked at: what else is held up may be somebody's.
        news.kind = NEWS_CODE;
        news.code.len = event->code_len;
        if (event->code_len < sizeof news.code.words &&
            (strncmp(event->code_private, "KE1:", 4) == 0 ||
             strncmp(event->code_private, "KT1:", 4) == 0)) {
            memcpy(news.code.words, event->code_private, event->code_len);
        }
        break;
    }
    post(io, &news);
    wipe(&news, sizeof news);
}

static void on_printer(const struct printer_event *event, void *ctx)
{
    struct technician_io *io = ctx;
    switch (event->kind) {
    case PRINTER_STATUS:
        post(io, &(struct technician_news){.kind = NEWS_PRINTER, .status = event->status});
        break;
    case PRINTER_PRINTED:
        post(io, &(struct technician_news){.kind = NEWS_SLIP, .slip = SLIP_IS_OUT});
        break;
    case PRINTER_FAILED:
        log_warn("technician", "%s", event->fault.text);
        post(io, &(struct technician_news){.kind = NEWS_SLIP, .slip = SLIP_FAILS});
        break;
    }
}

// That a card lies there, and nothing of what it is.
static void on_card(const struct card_reader_event *event, void *ctx)
{
    struct technician_io *io = ctx;
    struct technician_news news = {.kind = NEWS_CARD};
    switch (event->kind) {
    case CARD_READER_READY:
        news = (struct technician_news){.kind = NEWS_READER, .cable = CABLE_READY};
        break;
    case CARD_READER_GONE:
        news = (struct technician_news){.kind = NEWS_READER, .cable = CABLE_MISSING};
        break;
    case CARD_READER_REFUSED:
        log_warn("technician", "%s", event->fault.text);
        news = (struct technician_news){.kind = NEWS_READER, .cable = CABLE_REFUSED};
        break;
    case CARD_READER_LAID:
        news.card = CARD_LIES;
        break;
    case CARD_READER_MUTE:
        news.card = CARD_SAYS_NOTHING;
        break;
    case CARD_READER_LIFTED:
        news.card = CARD_NONE;
        break;
    case CARD_READER_ANSWER:
    case CARD_READER_FAILED:
        return; // nothing was asked
    }
    post(io, &news);
}

static void on_hub(void *ctx, enum technician_hub hub)
{
    post(ctx, &(struct technician_news){.kind = NEWS_HUB, .hub = hub});
}

static void do_order(struct technician_io *io, struct order_private *order)
{
    switch (order->kind) {
    case ORDER_ENROL:
        enrol(io, order);
        break;
    case ORDER_PRINT:
        print(io, order);
        break;
    case ORDER_KEEP:
        keep(io, &order->kept);
        break;
    }
}

static void free_order(struct order_private *order)
{
    free(order->bits);
    wipe(order, sizeof *order);
    free(order);
}

// Nothing else happens on this thread meanwhile: nobody scans while they wait for it.
static void enrol(struct technician_io *io, const struct order_private *order)
{
    struct fault fault = {0};
    struct technician_news *news = calloc(1, sizeof *news);
    CHECK(news != NULL);
    const struct enrol_request request = {
        .url = order->url,
        .fingerprint = order->fingerprint,
        .device = order->device,
        .code = order->code,
        .folder = config_get(io->config, "device.dir", "/data/device"),
    };
    news->kind = NEWS_ENROLLED;
    news->enrolled.err = enrol_run(&request, &news->enrolled.result, &fault);
    if (news->enrolled.err != OK) {
        log_warn("technician", "enrol: %s", fault.text);
    }
    on_turn(io); // what it is now stands on the next page
    post(io, news);
    free(news);
}

static void print(struct technician_io *io, const struct order_private *order)
{
    struct fault fault = {0};
    struct printer *printer = io->cables.printer;
    enum err err = printer == NULL
                       ? ERR_UNAVAILABLE
                       : printer->ops->print(printer, ++io->jobs_count, &order->raster, &fault);
    if (err != OK) {
        log_warn("technician", "%s", fault.text[0] == '\0' ? "no printer" : fault.text);
        post(io, &(struct technician_news){.kind = NEWS_SLIP, .slip = SLIP_FAILS});
    }
    poll_cables(io);
}

// What a technician set earlier on this device stays as it is, but for the one key.
static enum err keep_matrix(struct technician_io *io, const float matrix[6], struct fault *fault)
{
    const char *path = config_get(io->config, "local.file", "/data/device/local.conf");
    char words[TOUCH_MATRIX_WORDS_BYTES];
    char *lines = malloc(CONFIG_FILE_BYTES_MAX);
    struct config *local = calloc(1, sizeof *local);
    CHECK(local != NULL && lines != NULL);
    struct fault none = {0};
    if (config_read_file(local, path, &none) != OK) {
        local->entries_count = 0; // none yet
    }
    struct text text;
    text_init(&text, lines, CONFIG_FILE_BYTES_MAX);
    for (size_t i = 0; i < local->entries_count; i++) {
        if (!text_equal(local->entries[i].key, "touch.calibration")) {
            text_format(&text, "%s = %s\n", local->entries[i].key, local->entries[i].value);
        }
    }
    touch_matrix_write(matrix, words);
    text_format(&text, "touch.calibration = %s\n", words);
    enum err err = file_write(path, 0644, lines, text.len, fault);
    free(local);
    free(lines);
    return err;
}

static void keep(struct technician_io *io, const struct technician_kept *kept)
{
    static const char *const names[] = {
        [OUTCOME_NONE] = "", [OUTCOME_GOOD] = "good", [OUTCOME_BAD] = "bad"};
    char path[PATH_BYTES];
    char lines[TECHNICIAN_TESTS_COUNT * 64];
    struct fault fault = {0};
    struct text text;
    text_init(&text, lines, sizeof lines);
    for (unsigned i = 0; i < TECHNICIAN_TESTS_COUNT; i++) {
        char at[TIME_TEXT_BYTES];
        time_to_text(kept->results[i].at_ms, at);
        if (kept->results[i].outcome != OUTCOME_NONE) {
            text_format(&text, "%s = %s %s\n", technician_test_name((enum technician_test)i),
                        names[kept->results[i].outcome], at);
        }
    }
    tests_path(io->config, path);
    (void)mkdir(config_get(io->config, "device.dir", "/data/device"), 0700); // writing tells
    enum err err = file_write(path, 0600, lines, text.len, &fault);
    if (err == OK && kept->has_matrix) {
        err = keep_matrix(io, kept->matrix, &fault);
    }
    if (err != OK) {
        log_warn("technician", "%s", fault.text);
    }
    post(io, &(struct technician_news){.kind = NEWS_KEPT, .is_kept = err == OK});
}

static void post(struct technician_io *io, const struct technician_news *news)
{
    if (mailbox_send(io->news, news) != OK) {
        log_warn("technician", "the screen does not keep up");
    }
}

static void tests_path(const struct config *config, char path[PATH_BYTES])
{
    struct text text;
    text_init(&text, path, PATH_BYTES);
    text_format(&text, "%s/tests.conf", config_get(config, "device.dir", "/data/device"));
}
