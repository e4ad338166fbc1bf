// SPDX-License-Identifier: EUPL-1.2
//
// A printer nobody knows: each byte of the input is one turn of what it does (answers, takes data,
// keeps still, is pulled out). Whatever it does, every slip ends exactly once and within a minute.
#include "base/bytes.h"
#include "drivers/printer.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/usb_script.h"

#include <string.h>

enum { HEIGHT = 200, MINUTE_MS = 60000, TURNS_MAX = 4000 };

// The low three bits of a byte; the other five are its argument.
enum act { TAKES, SAYS, WAITS, WAITS_LONG, PRINTS, PLUGS, STATUS, TAKES_ALL };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct usb_script script;
    struct usb_script_device *device;
    struct usb_printer printer;
    int64_t now_ms;
    size_t takes_bytes;
    uint8_t port_status;
    bool has_job;
    uint32_t job_id;
    int64_t job_ms;
};

static void on_event(const struct printer_event *event, void *ctx)
{
    struct run *run = ctx;
    if (event->kind == PRINTER_STATUS) {
        return;
    }
    CHECK(run->has_job && event->job_id == run->job_id);
    CHECK(run->now_ms - run->job_ms <= MINUTE_MS);
    CHECK((event->kind == PRINTER_FAILED) == (event->fault.text[0] != '\0'));
    CHECK(event->kind != PRINTER_PRINTED || printer_can_print(event->status));
    run->has_job = false;
}

static size_t take(void *ctx, const uint8_t *data, size_t len)
{
    (void)data;
    struct run *run = ctx;
    size_t taken = len < run->takes_bytes ? len : run->takes_bytes;
    run->takes_bytes -= taken;
    return taken;
}

static bool port_status(void *ctx, uint8_t *to)
{
    const struct run *run = ctx;
    *to = run->port_status;
    return run->port_status != 0;
}

static void print(struct run *run)
{
    static const uint8_t bits[PRINTER_WIDTH_DOTS / 8 * HEIGHT];
    static const struct raster raster = {PRINTER_WIDTH_DOTS, HEIGHT, bits};
    bool had_job = run->has_job;
    uint32_t job_id = run->job_id + 1;
    enum err err = run->printer.port.ops->print(&run->printer.port, job_id, &raster, NULL);
    CHECK(had_job ? err == ERR_STATE : err == OK || err == ERR_UNAVAILABLE);
    if (err == OK) {
        run->has_job = true;
        run->job_id = job_id;
        run->job_ms = run->now_ms;
    }
}

static void act(struct run *run, uint8_t byte, struct bytes_in *in)
{
    uint8_t argument = byte >> 3;
    switch ((enum act)(byte & 7U)) {
    case TAKES:
        run->takes_bytes += argument * 100U + 1U;
        break;
    case SAYS:
        if (run->script.open != NULL && run->script.packets_count < USB_SCRIPT_PACKETS) {
            size_t len = argument < bytes_in_left(in) ? argument : bytes_in_left(in);
            usb_script_say(&run->script, bytes_in_take(in, len), len);
        }
        break;
    case WAITS:
        run->now_ms += argument * 20;
        break;
    case WAITS_LONG:
        run->now_ms += argument * 150; // a poll every 5 s at least
        break;
    case PRINTS:
        print(run);
        break;
    case PLUGS:
        run->device->is_plugged = !run->device->is_plugged;
        run->script.has_changed = true;
        break;
    case STATUS:
        run->port_status = bytes_in_u8(in);
        break;
    case TAKES_ALL:
        run->takes_bytes = 1000000;
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct usb_rule rule;
    static struct run run;
    struct bytes_in in;
    bytes_in_init(&in, data, size);
    memset(&run, 0, sizeof run);
    run.now_ms = 1000000;
    usb_script_init(&run.script);
    const struct usb_device about = {.vendor = 0x04B8, .product = 1, .port = "1-3"};
    run.device = usb_script_plug(&run.script, USB_CLASS_PRINTER, &about);
    run.device->ops =
        (struct usb_script_device_ops){.take = take, .port_status = port_status, .ctx = &run};
    struct printer *port = &run.printer.port;
    usb_printer_init(&run.printer, &run.script.port, hand_clock(&run.now_ms), &rule);
    CHECK(port->ops->open(port, on_event, &run, NULL) == OK);
    for (int i = 0; i < TURNS_MAX && bytes_in_left(&in) > 0; i++) {
        act(&run, bytes_in_u8(&in), &in);
        port->ops->poll(port);
    }
    for (int i = 0; i < 13; i++) {
        run.now_ms += 5000;
        port->ops->poll(port);
    }
    CHECK(!run.has_job);
    port->ops->close(port);
    return 0;
}
