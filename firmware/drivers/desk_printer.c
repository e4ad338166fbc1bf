// SPDX-License-Identifier: EUPL-1.2
//
// Slips as pictures.
#include "drivers/desk_printer.h"

#include "base/bytes.h"
#include "base/text.h"
#include "ui/canvas.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err printer_open(struct printer *port, printer_event_fn on_event, void *ctx,
                             struct fault *fault);
static enum err printer_print(struct printer *port, uint32_t job_id, const struct raster *raster,
                              struct fault *fault);
static void printer_poll(struct printer *port);
static size_t printer_fds(struct printer *port, int *fds, size_t fds_max);
static struct printer_status printer_status(const struct printer *port);
static void printer_close(struct printer *port);
static struct printer_status look_around(const struct desk_printer *printer);
static bool has_file(const struct desk_printer *printer, const char *name);
static void forget_news(const struct desk_printer *printer);
static enum err write_picture(struct desk_printer *printer, struct fault *fault);

static const struct printer_ops ops = {.open = printer_open,
                                       .print = printer_print,
                                       .poll = printer_poll,
                                       .fds = printer_fds,
                                       .status = printer_status,
                                       .close = printer_close};

enum err desk_printer_init(struct desk_printer *printer, const char *folder)
{
    memset(printer, 0, sizeof *printer);
    printer->port.ops = &ops;
    printer->news = -1;
    return text_copy(printer->folder, sizeof printer->folder, folder);
}

static struct desk_printer *self(struct printer *port)
{
    return (struct desk_printer *)port;
}

static enum err printer_open(struct printer *port, printer_event_fn on_event, void *ctx,
                             struct fault *fault)
{
    struct desk_printer *printer = self(port);
    printer->on_event = on_event;
    printer->ctx = ctx;
    if (mkdir(printer->folder, 0700) != 0 && errno != EEXIST) {
        return fault_set(fault, ERR_IO, "printer: %s: %s", printer->folder, strerror(errno));
    }
    printer->news = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (printer->news < 0 ||
        inotify_add_watch(printer->news, printer->folder, IN_CREATE | IN_DELETE | IN_MOVE) < 0) {
        return fault_set(fault, ERR_IO, "printer: %s: %s", printer->folder, strerror(errno));
    }
    return OK;
}

static enum err printer_print(struct printer *port, uint32_t job_id, const struct raster *raster,
                              struct fault *fault)
{
    struct desk_printer *printer = self(port);
    if (printer->has_job) {
        return fault_set(fault, ERR_STATE, "printer: busy");
    }
    if (raster->width_dots > PRINTER_WIDTH_DOTS || raster->width_dots % 8 != 0 ||
        raster->height_dots > PRINTER_HEIGHT_DOTS_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "printer: the slip is too large");
    }
    if (!printer->has_told || !printer_can_print(printer->status)) {
        return fault_set(fault, ERR_UNAVAILABLE, "printer: cannot print now");
    }
    printer->raster = *raster;
    printer->raster.bits = printer->bits;
    memcpy(printer->bits, raster->bits, (size_t)raster->width_dots / 8 * raster->height_dots);
    printer->job_id = job_id;
    printer->has_job = true;
    return OK;
}

static void printer_poll(struct printer *port)
{
    struct desk_printer *printer = self(port);
    forget_news(printer);
    struct printer_status now = look_around(printer);
    if (!printer->has_told || memcmp(&now, &printer->status, sizeof now) != 0) {
        printer->has_told = true;
        printer->status = now;
        printer->on_event(&(struct printer_event){.kind = PRINTER_STATUS, .status = now},
                          printer->ctx);
    }
    if (!printer->has_job) {
        return;
    }
    struct printer_event event = {
        .kind = PRINTER_PRINTED, .job_id = printer->job_id, .status = now};
    if (!printer_can_print(now)) {
        event.kind = PRINTER_FAILED;
        (void)fault_set(&event.fault, ERR_UNAVAILABLE, "printer: cannot print now");
    } else if (write_picture(printer, &event.fault) != OK) {
        event.kind = PRINTER_FAILED;
    }
    printer->has_job = false;
    wipe(printer->bits, sizeof printer->bits);
    printer->on_event(&event, printer->ctx);
}

static size_t printer_fds(struct printer *port, int *fds, size_t fds_max)
{
    const struct desk_printer *printer = self(port);
    if (printer->news < 0 || fds_max == 0) {
        return 0;
    }
    fds[0] = printer->news;
    return 1;
}

static struct printer_status printer_status(const struct printer *port)
{
    return ((const struct desk_printer *)port)->status;
}

static void printer_close(struct printer *port)
{
    struct desk_printer *printer = self(port);
    wipe(printer->bits, sizeof printer->bits);
    printer->has_job = false;
    if (printer->news >= 0) {
        (void)close(printer->news); // only ever read
        printer->news = -1;
    }
}

// What came and went is looked up, not read here: only the waking counts.
static void forget_news(const struct desk_printer *printer)
{
    char events[4096];
    while (printer->news >= 0 && read(printer->news, events, sizeof events) > 0) {
    }
}

static struct printer_status look_around(const struct desk_printer *printer)
{
    return (struct printer_status){
        .is_offline = has_file(printer, "offline"),
        .paper_low = has_file(printer, "paper_low"),
        .paper_out = has_file(printer, "paper_out"),
        .cover_open = has_file(printer, "cover_open"),
    };
}

static bool has_file(const struct desk_printer *printer, const char *name)
{
    char path[DESK_PRINTER_PATH_BYTES + 20];
    (void)snprintf(path, sizeof path, "%s/%s", printer->folder, name); // a constant name fits
    return access(path, F_OK) == 0;
}

// Under another name first: whoever waits for the slip sees all of it or nothing.
static enum err write_picture(struct desk_printer *printer, struct fault *fault)
{
    char part[DESK_PRINTER_PATH_BYTES + 20];
    char path[DESK_PRINTER_PATH_BYTES + 20];
    char numbered[DESK_PRINTER_PATH_BYTES + 40];
    (void)snprintf(part, sizeof part, "%s/slip.part", printer->folder);
    (void)snprintf(path, sizeof path, "%s/slip.png", printer->folder);
    (void)snprintf(numbered, sizeof numbered, "%s/slip-%u.png", printer->folder, printer->job_id);
    enum err err = canvas_bits_save_png(printer->bits, printer->raster.width_dots,
                                        printer->raster.height_dots, part, fault);
    if (err != OK) {
        return err;
    }
    (void)unlink(numbered); // of an earlier run
    if (link(part, numbered) != 0 || rename(part, path) != 0) {
        return fault_set(fault, ERR_IO, "printer: %s: %s", path, strerror(errno));
    }
    return OK;
}
