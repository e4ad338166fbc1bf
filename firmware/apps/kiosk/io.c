// SPDX-License-Identifier: EUPL-1.2
//
// Opens what is configured and passes on what it says.
#include "apps/kiosk/io.h"

#include "apps/kiosk/kiosk.h"
#include "base/log.h"

static void start(void *ctx, struct hub_client *client);
static size_t fds(void *ctx, int *out, size_t out_max);
static void poll(void *ctx);
static void stop(void *ctx);
static void on_reader(const struct id_reader_event *event, void *ctx);
static void on_printer(const struct printer_event *event, void *ctx);
static void on_card(const struct card_news_private *news, void *ctx);
static void post_truth(struct io *io, enum kiosk_io kind, bool is_true);
static void post_printer(struct io *io, struct printer_status status);

enum err io_init(struct io *io, const struct config *config, struct fault *fault)
{
    io->config = config;
    card_io_init(&io->card, config, clock_system());
    return cables_init(&io->cables, config, fault);
}

struct hub_client_io io_hooks(struct io *io)
{
    return (struct hub_client_io){
        .start = start, .fds = fds, .poll = poll, .stop = stop, .ctx = io};
}

void io_card(struct io *io, const struct card_order_private *order)
{
    card_io_order(&io->card, order);
    poll(io);
}

void io_print(struct io *io, const struct raster *raster)
{
    struct fault fault = {0};
    enum err err = ERR_UNAVAILABLE;
    if (io->printer != NULL) {
        err = io->printer->ops->print(io->printer, ++io->jobs_count, raster, &fault);
    }
    if (err != OK) {
        log_warn("kiosk", "%s", fault.text[0] == '\0' ? "no printer" : fault.text);
        post_truth(io, IO_NOT_PRINTED, true);
    }
    poll(io);
}

static void start(void *ctx, struct hub_client *client)
{
    struct io *io = ctx;
    struct fault fault = {0};
    io->client = client;
    cables_choose(&io->cables, io->config);
    io->reader = io->cables.reader;
    io->printer = io->cables.printer;
    if (io->reader->ops->open(io->reader, on_reader, io, &fault) != OK) {
        log_warn("kiosk", "%s", fault.text);
        io->reader = NULL;
        post_truth(io, IO_SCANNER, false);
    }
    if (io->printer->ops->open(io->printer, on_printer, io, &fault) != OK) {
        log_warn("kiosk", "%s", fault.text);
        io->printer = NULL;
        post_printer(io, (struct printer_status){.is_offline = true});
    }
    card_io_start(&io->card, io->cables.card, on_card, io);
    poll(io); // so that the first screen already knows
}

static size_t fds(void *ctx, int *out, size_t out_max)
{
    struct io *io = ctx;
    size_t count = io->reader == NULL ? 0 : io->reader->ops->fds(io->reader, out, out_max);
    if (io->printer != NULL) {
        count += io->printer->ops->fds(io->printer, out + count, out_max - count);
    }
    return count + card_io_fds(&io->card, out + count, out_max - count);
}

static void poll(void *ctx)
{
    struct io *io = ctx;
    if (io->reader != NULL) {
        io->reader->ops->poll(io->reader);
    }
    if (io->printer != NULL) {
        io->printer->ops->poll(io->printer);
    }
    card_io_poll(&io->card);
}

static void stop(void *ctx)
{
    struct io *io = ctx;
    if (io->reader != NULL) {
        io->reader->ops->close(io->reader);
    }
    if (io->printer != NULL) {
        io->printer->ops->close(io->printer);
    }
    card_io_stop(&io->card);
    cables_free(&io->cables);
}

static void on_reader(const struct id_reader_event *event, void *ctx)
{
    struct io *io = ctx;
    switch (event->kind) {
    case ID_READER_READY:
        post_truth(io, IO_SCANNER, true);
        break;
    case ID_READER_GONE:
        log_warn("kiosk", "%s", event->fault.text);
        post_truth(io, IO_SCANNER, false);
        break;
    case ID_READER_REFUSED:
        log_warn("kiosk", "%s", event->fault.text);
        if (event->fault.err == ERR_REFUSED) {
            post_truth(io, IO_KEYBOARD, true);
        }
        break;
    case ID_READER_CODE:
        hub_client_post(io->client, IO_CODE, event->code_private, event->code_len);
        break;
    }
}

static void on_printer(const struct printer_event *event, void *ctx)
{
    struct io *io = ctx;
    switch (event->kind) {
    case PRINTER_STATUS:
        post_printer(io, event->status);
        break;
    case PRINTER_PRINTED:
        post_truth(io, IO_PRINTED, true);
        break;
    case PRINTER_FAILED:
        log_warn("kiosk", "%s", event->fault.text);
        post_truth(io, IO_NOT_PRINTED, true);
        break;
    }
}

static void on_card(const struct card_news_private *news, void *ctx)
{
    hub_client_post(((struct io *)ctx)->client, IO_CARD, news, sizeof *news);
}

static void post_truth(struct io *io, enum kiosk_io kind, bool is_true)
{
    uint8_t value = is_true ? 1 : 0;
    hub_client_post(io->client, (int)kind, &value, sizeof value);
}

static void post_printer(struct io *io, struct printer_status status)
{
    uint8_t truths[] = {printer_can_print(status) ? 1 : 0, status.paper_low ? 1 : 0,
                        status.paper_out ? 1 : 0, status.is_offline ? 1 : 0};
    hub_client_post(io->client, IO_PRINTER, truths, sizeof truths);
}
