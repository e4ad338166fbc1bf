// SPDX-License-Identifier: EUPL-1.2
//
// The contract of ports/printer.h without a cable.
#include "tests/fakes/fake_printer.h"

#include <string.h>

static enum err fake_open(struct printer *port, printer_event_fn on_event, void *ctx,
                          struct fault *fault)
{
    (void)fault;
    struct fake_printer *printer = (struct fake_printer *)port;
    printer->on_event = on_event;
    printer->ctx = ctx;
    return OK;
}

static enum err fake_print(struct printer *port, uint32_t job_id, const struct raster *raster,
                           struct fault *fault)
{
    struct fake_printer *printer = (struct fake_printer *)port;
    size_t bytes = (size_t)raster->width_dots / 8 * raster->height_dots;
    if (printer->has_job) {
        return fault_set(fault, ERR_STATE, "printer: busy");
    }
    if (raster->width_dots > PRINTER_WIDTH_DOTS || raster->width_dots % 8 != 0 || bytes == 0 ||
        raster->height_dots > PRINTER_HEIGHT_DOTS_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "printer: the slip is too large");
    }
    if (!printer->has_told || !printer_can_print(printer->status)) {
        return fault_set(fault, ERR_UNAVAILABLE, "printer: cannot print now");
    }
    memcpy(printer->bits, raster->bits, bytes);
    printer->raster = *raster;
    printer->raster.bits = printer->bits;
    printer->job_id = job_id;
    printer->has_job = true;
    return OK;
}

static void fake_poll(struct printer *port)
{
    struct fake_printer *printer = (struct fake_printer *)port;
    if (printer->on_event == NULL) {
        return;
    }
    bool is_new = memcmp(&printer->next, &printer->status, sizeof printer->next) != 0;
    printer->status = printer->next;
    if (is_new || !printer->has_told) {
        printer->has_told = true;
        printer->on_event(
            &(struct printer_event){.kind = PRINTER_STATUS, .status = printer->status},
            printer->ctx);
    }
    if (printer->has_job) {
        struct printer_event event = {
            .kind = PRINTER_PRINTED, .job_id = printer->job_id, .status = printer->status};
        if (!printer_can_print(printer->status)) {
            event.kind = PRINTER_FAILED;
            (void)fault_set(&event.fault, ERR_UNAVAILABLE, "printer: cannot print now"); // told
        }
        printer->has_job = false;
        printer->on_event(&event, printer->ctx);
    }
}

static size_t fake_fds(struct printer *port, int *fds, size_t fds_max)
{
    (void)port;
    (void)fds;
    (void)fds_max;
    return 0;
}

static struct printer_status fake_status(const struct printer *port)
{
    return ((const struct fake_printer *)port)->status;
}

static void fake_close(struct printer *port)
{
    struct fake_printer *printer = (struct fake_printer *)port;
    printer->on_event = NULL;
    printer->has_job = false;
}

void fake_printer_init(struct fake_printer *printer)
{
    static const struct printer_ops ops = {.open = fake_open,
                                           .print = fake_print,
                                           .poll = fake_poll,
                                           .fds = fake_fds,
                                           .status = fake_status,
                                           .close = fake_close};
    memset(printer, 0, sizeof *printer);
    printer->port.ops = &ops;
    printer->status.is_offline = true;
}
