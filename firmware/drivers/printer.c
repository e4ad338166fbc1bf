// SPDX-License-Identifier: EUPL-1.2
//
// One command on the cable at a time, and never a question inside a raster: a printer may take its
// bytes for dots, or dots for a question.
#include "drivers/printer.h"

#include "base/bytes.h"

#include <string.h>

enum { ROUNDS_MAX = 64 }; // of one poll; a device that answers endlessly waits for the next

static enum err printer_open(struct printer *port, printer_event_fn on_event, void *ctx,
                             struct fault *fault);
static enum err printer_print(struct printer *port, uint32_t job_id, const struct raster *raster,
                              struct fault *fault);
static void printer_poll(struct printer *port);
static size_t printer_fds(struct printer *port, int *fds, size_t fds_max);
static struct printer_status printer_status(const struct printer *port);
static void printer_close(struct printer *port);
static void look_around(struct usb_printer *printer);
static void on_seen(const struct usb_device *device, void *ctx);
static void move_on(struct usb_printer *printer);
static bool take_answers(struct usb_printer *printer);
static void take_byte(struct usb_printer *printer, uint8_t byte);
static bool step(struct usb_printer *printer);
static bool step_ask(struct usb_printer *printer);
static void begin_round(struct usb_printer *printer);
static void end_round(struct usb_printer *printer);
static bool step_send(struct usb_printer *printer);
static bool step_wait(struct usb_printer *printer);
static bool step_clear(struct usb_printer *printer);
static bool give(struct usb_printer *printer, const uint8_t *bytes, size_t len);
static void take_stall(struct usb_printer *printer);
static void end_job(struct usb_printer *printer, const char *failed_because);
static void lose_device(struct usb_printer *printer, const char *words);
static void tell_status(struct usb_printer *printer);
static const char *status_words(struct printer_status status);

static const struct printer_ops ops = {.open = printer_open,
                                       .print = printer_print,
                                       .poll = printer_poll,
                                       .fds = printer_fds,
                                       .status = printer_status,
                                       .close = printer_close};

void usb_printer_init(struct usb_printer *printer, struct usb *usb, struct clock clock,
                      const struct usb_rule *rule)
{
    CHECK(usb != NULL);

    memset(printer, 0, sizeof *printer);
    printer->port.ops = &ops;
    printer->usb = usb;
    printer->clock = clock;
    printer->rule = *rule;
    printer->status.is_offline = true;
}

static struct usb_printer *self(struct printer *port)
{
    return (struct usb_printer *)port;
}

static int64_t now(const struct usb_printer *printer)
{
    return clock_monotonic_ms(&printer->clock);
}

static enum err printer_open(struct printer *port, printer_event_fn on_event, void *ctx,
                             struct fault *fault)
{
    struct usb_printer *printer = self(port);
    if (printer->on_event != NULL) {
        return fault_set(fault, ERR_STATE, "printer: open already");
    }
    printer->on_event = on_event;
    printer->ctx = ctx;
    printer->has_told = false;
    printer->must_look = true;
    printer->tried_ms = now(printer) - USB_RETRY_MS;
    return OK;
}

static enum err printer_print(struct printer *port, uint32_t job_id, const struct raster *raster,
                              struct fault *fault)
{
    struct usb_printer *printer = self(port);
    if (printer->has_job) {
        return fault_set(fault, ERR_STATE, "printer: a slip is being printed");
    }
    if (escpos_bands(raster) == 0) {
        return fault_set(fault, ERR_TOO_BIG, "printer: the slip is too large");
    }
    if (!printer_can_print(printer->status)) {
        return fault_set(fault, ERR_UNAVAILABLE, "printer: %s", status_words(printer->status));
    }
    printer->raster = *raster;
    printer->raster.bits = printer->bits;
    memcpy(printer->bits, raster->bits, (size_t)raster->width_dots / 8 * raster->height_dots);
    printer->has_job = true;
    printer->job_id = job_id;
    printer->job_ms = now(printer);
    printer->stage = USB_PRINTER_BEFORE;
    return OK;
}

static void printer_poll(struct printer *port)
{
    struct usb_printer *printer = self(port);
    if (printer->on_event == NULL) {
        return;
    }
    struct usb *usb = printer->usb;
    printer->must_look = usb->ops->changed(usb) || printer->must_look;
    if (!printer->is_open && now(printer) - printer->tried_ms >= USB_RETRY_MS) {
        look_around(printer);
    }
    if (printer->is_open) {
        move_on(printer);
    }
    if (printer->has_job && now(printer) - printer->job_ms >= USB_PRINTER_JOB_MS) {
        end_job(printer, "the slip took too long");
    }
    tell_status(printer);
    int64_t in_ms = printer->must_look && !printer->is_open ? USB_RETRY_MS : 0;
    usb->ops->wake_in(usb, printer->work == USB_PRINTER_RESTS ? in_ms : USB_PRINTER_TURN_MS);
}

static size_t printer_fds(struct printer *port, int *fds, size_t fds_max)
{
    const struct usb_printer *printer = self(port);
    int fd = printer->on_event == NULL ? -1 : printer->usb->ops->fd(printer->usb);
    if (fd < 0 || fds_max == 0) {
        return 0;
    }
    fds[0] = fd;
    return 1;
}

static struct printer_status printer_status(const struct printer *port)
{
    return ((const struct usb_printer *)port)->status;
}

static void printer_close(struct printer *port)
{
    struct usb_printer *printer = self(port);
    if (printer->on_event != NULL) {
        printer->usb->ops->close(printer->usb);
        printer->usb->ops->wake_in(printer->usb, 0);
    }
    printer->on_event = NULL;
    printer->is_open = false;
    printer->has_job = false;
    printer->work = USB_PRINTER_RESTS;
    printer->status = (struct printer_status){.is_offline = true};
    wipe(printer->bits, sizeof printer->bits);
}

static void look_around(struct usb_printer *printer)
{
    struct usb *usb = printer->usb;
    printer->tried_ms = now(printer);
    printer->must_look = false;
    printer->has_candidate = false;
    usb->ops->look(usb, USB_CLASS_PRINTER, on_seen, printer);
    if (!printer->has_candidate) {
        return;
    }
    printer->must_look = true; // unless it works: then again in a second
    if (usb->ops->open(usb, USB_CLASS_PRINTER, &printer->device, NULL) != OK) {
        return; // its permissions may come a moment after it
    }
    if (usb->ops->listen(usb, 0) != OK) {
        usb->ops->close(usb); // without a way back nothing could be promised
        return;
    }
    printer->must_look = false;
    printer->is_open = true;
    printer->never_echoes = false;
    printer->owed_bytes = 0;
    begin_round(printer);
}

static void on_seen(const struct usb_device *device, void *ctx)
{
    struct usb_printer *printer = ctx;
    if (!printer->has_candidate && device->has_class &&
        usb_rule_allows(&printer->rule, MODEL_PRINTER, device)) {
        printer->has_candidate = true;
        printer->device = *device;
    }
}

static void move_on(struct usb_printer *printer)
{
    for (int i = 0; i < ROUNDS_MAX && printer->is_open; i++) {
        if (!take_answers(printer)) {
            return;
        }
        enum err err = printer->usb->ops->written(printer->usb);
        if (err == ERR_EMPTY) {
            if (now(printer) - printer->write_ms >= USB_PRINTER_STALL_MS) {
                take_stall(printer);
            }
            return;
        }
        if (err != OK) {
            lose_device(printer, err == ERR_GONE ? "it was unplugged" : "it takes no data");
            return;
        }
        if (!step(printer)) {
            return;
        }
    }
}

// False when the device is lost.
static bool take_answers(struct usb_printer *printer)
{
    uint8_t bytes[USB_PACKET_BYTES];
    for (int i = 0; i < ROUNDS_MAX; i++) {
        size_t len = 0;
        enum err err = printer->usb->ops->read(printer->usb, bytes, sizeof bytes, &len);
        if (err == ERR_EMPTY) {
            return true;
        }
        if (err != OK) {
            lose_device(printer, err == ERR_GONE ? "it was unplugged" : "it broke off");
            return false;
        }
        struct bytes_in in;
        bytes_in_init(&in, bytes, len);
        while (bytes_in_left(&in) > 0) {
            take_byte(printer, bytes_in_u8(&in));
        }
    }
    return true;
}

// What was not asked for is noise: power-on chatter, answers that come too late.
static void take_byte(struct usb_printer *printer, uint8_t byte)
{
    if (escpos_is_echo(byte)) {
        printer->has_echo = true; // only looked at while it is waited for
    } else if (printer->work == USB_PRINTER_ASKS && printer->is_asked &&
               escpos_take_status(printer->topic, byte, &printer->answers) == OK) {
        printer->is_asked = false;
        if (printer->topic == ESCPOS_PAPER) {
            end_round(printer);
        } else {
            printer->topic = (enum escpos_topic)(printer->topic + 1);
        }
    }
}

// True when there may be more to do at once.
static bool step(struct usb_printer *printer)
{
    switch (printer->work) {
    case USB_PRINTER_RESTS:
        if (!printer->has_job && now(printer) - printer->looked_ms < USB_PRINTER_LOOK_MS) {
            return false;
        }
        begin_round(printer);
        return true;
    case USB_PRINTER_ASKS:
        return step_ask(printer);
    case USB_PRINTER_SENDS:
        return step_send(printer);
    case USB_PRINTER_WAITS:
        return step_wait(printer);
    case USB_PRINTER_CLEARS:
        return step_clear(printer);
    }
    return false;
}

static bool step_ask(struct usb_printer *printer)
{
    if (printer->is_asked) {
        if (now(printer) - printer->asked_ms < USB_PRINTER_ANSWER_MS) {
            return false;
        }
        printer->answers = (struct printer_status){.is_offline = true};
        end_round(printer);
        return true;
    }
    uint8_t question[ESCPOS_ASK_BYTES];
    escpos_ask(printer->topic, question);
    printer->is_asked = true;
    printer->asked_ms = now(printer);
    return give(printer, question, sizeof question);
}

static void begin_round(struct usb_printer *printer)
{
    printer->work = USB_PRINTER_ASKS;
    printer->topic = ESCPOS_PRINTER;
    printer->is_asked = false;
    printer->answers = (struct printer_status){0};
}

static void end_round(struct usb_printer *printer)
{
    printer->work = USB_PRINTER_RESTS;
    printer->is_asked = false;
    printer->looked_ms = now(printer);
    printer->status = printer->answers;
    if (!printer->has_job) {
        return;
    }
    if (!printer_can_print(printer->status)) {
        end_job(printer, status_words(printer->status));
        return;
    }
    switch (printer->stage) {
    case USB_PRINTER_BEFORE:
        printer->stage = USB_PRINTER_DURING;
        printer->work = USB_PRINTER_SENDS;
        printer->step = 0;
        break;
    case USB_PRINTER_DURING:
        printer->work = USB_PRINTER_WAITS;
        break;
    case USB_PRINTER_AFTER:
        end_job(printer, NULL);
        break;
    }
}

static bool step_send(struct usb_printer *printer)
{
    uint8_t bytes[ESCPOS_BAND_BYTES];
    size_t bands = escpos_bands(&printer->raster);
    size_t len = 0;
    if (printer->step == 0) {
        escpos_init(bytes);
        len = ESCPOS_INIT_BYTES;
    } else if (printer->step <= bands) {
        len = escpos_band(&printer->raster, printer->step - 1, bytes);
    } else if (printer->step == bands + 1) {
        escpos_cut(bytes);
        len = ESCPOS_CUT_BYTES;
    } else {
        printer->work = USB_PRINTER_WAITS;
        printer->waits_ms = now(printer);
        printer->has_echo = false;
        escpos_echo(bytes);
        len = ESCPOS_ECHO_BYTES;
    }
    if (printer->work == USB_PRINTER_WAITS && printer->never_echoes) {
        return true;
    }
    printer->step += 1;
    return give(printer, bytes, len);
}

// The printer is asked while it prints, now that no raster is on the cable: paper that runs out is
// known in a second.
static bool step_wait(struct usb_printer *printer)
{
    bool is_over = now(printer) - printer->waits_ms >= USB_PRINTER_ECHO_MS;
    if (!printer->has_echo && !printer->never_echoes && !is_over) {
        if (now(printer) - printer->looked_ms < USB_PRINTER_ANSWER_MS) {
            return false;
        }
        begin_round(printer);
        return true;
    }
    printer->never_echoes = !printer->has_echo;
    printer->stage = USB_PRINTER_AFTER;
    begin_round(printer);
    return true;
}

// First the rest of the band, so that what follows is heard as commands; then the piece of paper is
// cut off, so that the next slip is whole.
static bool step_clear(struct usb_printer *printer)
{
    uint8_t bytes[ESCPOS_CUT_BYTES];
    if (printer->owed_bytes > 0) {
        static const uint8_t white[USB_WRITE_BYTES];
        size_t len = printer->owed_bytes < sizeof white ? printer->owed_bytes : sizeof white;
        printer->owed_bytes -= len;
        return give(printer, white, len);
    }
    switch (printer->clear_step++) {
    case 0:
        escpos_init(bytes);
        return give(printer, bytes, ESCPOS_INIT_BYTES);
    case 1:
        escpos_cut(bytes);
        return give(printer, bytes, ESCPOS_CUT_BYTES);
    default:
        begin_round(printer);
        return true;
    }
}

static bool give(struct usb_printer *printer, const uint8_t *bytes, size_t len)
{
    printer->write_ms = now(printer);
    printer->command_bytes = len;
    enum err err = printer->usb->ops->write(printer->usb, bytes, len);
    if (err != OK) {
        lose_device(printer, err == ERR_GONE ? "it was unplugged" : "it takes no data");
    }
    return err == OK;
}

// The printer has taken nothing for too long. Only the class's own request still gets an answer.
static void take_stall(struct usb_printer *printer)
{
    uint8_t byte = 0;
    struct printer_status status = {.is_offline = true};
    if (printer->usb->ops->printer_request(printer->usb, USB_PORT_STATUS, &byte) == OK) {
        escpos_take_port_status(byte, &status);
    }
    const char *words = printer_can_print(status) ? "it takes no data" : status_words(status);
    status.is_offline = true; // until it answers questions again
    printer->status = status;
    printer->looked_ms = now(printer);
    printer->write_ms = now(printer); // to be asked again after as long a wait
    if (printer->work == USB_PRINTER_CLEARS) {
        return; // what is owed stays on the cable until the paper is back
    }
    size_t sent = printer->usb->ops->cancel(printer->usb);
    bool is_raster = printer->work == USB_PRINTER_SENDS;
    printer->owed_bytes =
        is_raster && sent < printer->command_bytes && sent > 0 ? printer->command_bytes - sent : 0;
    printer->work = USB_PRINTER_RESTS;
    end_job(printer, words);
}

// `failed_because` NULL: it is printed. A slip that was begun leaves things behind.
static void end_job(struct usb_printer *printer, const char *failed_because)
{
    if (!printer->has_job) {
        return;
    }
    struct printer_event event = {
        .kind = PRINTER_PRINTED, .job_id = printer->job_id, .status = printer->status};
    if (failed_because != NULL) {
        event.kind = PRINTER_FAILED;
        (void)fault_set(&event.fault, ERR_UNAVAILABLE, "printer: %s", failed_because);
    }
    if (failed_because != NULL && printer->is_open && printer->stage != USB_PRINTER_BEFORE) {
        printer->status.is_offline = true; // until what is left of it has been cleared away
        printer->work = USB_PRINTER_CLEARS;
        printer->clear_step = 0;
        // So that the rest does not come out once the paper is back. Not every printer does it.
        (void)printer->usb->ops->printer_request(printer->usb, USB_SOFT_RESET, NULL);
    }
    printer->has_job = false;
    wipe(printer->bits, sizeof printer->bits);
    tell_status(printer);
    printer->on_event(&event, printer->ctx);
}

static void lose_device(struct usb_printer *printer, const char *words)
{
    printer->usb->ops->close(printer->usb);
    printer->is_open = false;
    printer->must_look = true;
    printer->work = USB_PRINTER_RESTS;
    printer->status = (struct printer_status){.is_offline = true};
    end_job(printer, words);
}

static void tell_status(struct usb_printer *printer)
{
    if (printer->has_told &&
        memcmp(&printer->told, &printer->status, sizeof printer->status) == 0) {
        return;
    }
    printer->has_told = true;
    printer->told = printer->status;
    printer->on_event(&(struct printer_event){.kind = PRINTER_STATUS, .status = printer->status},
                      printer->ctx);
}

// What a person can mend first comes first.
static const char *status_words(struct printer_status status)
{
    const struct {
        bool is_so;
        const char *words;
    } causes[] = {
        {status.cover_open, "the cover is open"},     {status.paper_out, "the paper is out"},
        {status.cutter_error, "the cutter is stuck"}, {status.other_error, "it reports an error"},
        {status.is_offline, "it is offline"},
    };
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (causes[i].is_so) {
            return causes[i].words;
        }
    }
    return "it cannot print";
}
