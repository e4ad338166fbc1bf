// SPDX-License-Identifier: EUPL-1.2
//
// The device: found, allowed, opened, lost. The card in it is usb_card_slot.c.
#include "drivers/usb_card_parts.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

static enum err reader_open(struct card_reader *port, card_reader_event_fn on_event, void *ctx,
                            struct fault *fault);
static void reader_poll(struct card_reader *port);
static size_t reader_fds(struct card_reader *port, int *fds, size_t fds_max);
static enum err reader_transmit(struct card_reader *port, const uint8_t *apdu, size_t len);
static void reader_release(struct card_reader *port);
static void reader_restart(struct card_reader *port);
static void reader_signal(struct card_reader *port, enum card_signal signal);
static void reader_close(struct card_reader *port);
static void look_around(struct usb_card_reader *reader);
static void on_seen(const struct usb_device *device, void *ctx);
static void refuse(struct usb_card_reader *reader, const struct usb_device *device, enum err err,
                   const char *why);
static void open_candidate(struct usb_card_reader *reader);
static bool find_interface(struct usb_card_reader *reader, size_t *index);
static void tell_state(struct usb_card_reader *reader, const struct fault *fault);
static void abandon(struct usb_card_reader *reader);
static void set_alarm(struct usb_card_reader *reader);

static const struct card_reader_ops ops = {.open = reader_open,
                                           .poll = reader_poll,
                                           .fds = reader_fds,
                                           .transmit = reader_transmit,
                                           .release = reader_release,
                                           .restart = reader_restart,
                                           .signal = reader_signal,
                                           .close = reader_close};

void usb_card_reader_init(struct usb_card_reader *reader, struct usb *usb, struct clock clock,
                          const struct usb_rule *rule)
{
    CHECK(usb != NULL);

    memset(reader, 0, sizeof *reader);
    reader->port.ops = &ops;
    reader->usb = usb;
    reader->clock = clock;
    reader->rule = *rule;
}

static struct usb_card_reader *self(struct card_reader *port)
{
    return (struct usb_card_reader *)port;
}

int64_t usb_card_now(const struct usb_card_reader *reader)
{
    return clock_monotonic_ms(&reader->clock);
}

static enum err reader_open(struct card_reader *port, card_reader_event_fn on_event, void *ctx,
                            struct fault *fault)
{
    struct usb_card_reader *reader = self(port);
    if (reader->on_event != NULL) {
        return fault_set(fault, ERR_STATE, "card reader: open already");
    }
    reader->on_event = on_event;
    reader->ctx = ctx;
    reader->has_told = false;
    reader->must_look = true;
    reader->tried_ms = usb_card_now(reader) - USB_RETRY_MS;
    return OK;
}

static void reader_poll(struct card_reader *port)
{
    struct usb_card_reader *reader = self(port);
    if (reader->on_event == NULL) {
        return;
    }
    struct fault fault = {0};
    (void)fault_set(&fault, ERR_NOT_FOUND, "card reader: none is plugged in"); // told when it is so
    reader->must_look = reader->usb->ops->changed(reader->usb) || reader->must_look;
    if ((reader->must_look || !reader->is_open) &&
        usb_card_now(reader) - reader->tried_ms >= USB_RETRY_MS) {
        look_around(reader);
    }
    if (reader->on_event != NULL) {
        tell_state(reader, &fault);
    }
    if (reader->is_open) {
        usb_card_move_on(reader);
    }
    set_alarm(reader);
}

static size_t reader_fds(struct card_reader *port, int *fds, size_t fds_max)
{
    const struct usb_card_reader *reader = self(port);
    int fd = reader->on_event == NULL ? -1 : reader->usb->ops->fd(reader->usb);
    if (fd < 0 || fds_max == 0) {
        return 0;
    }
    fds[0] = fd;
    return 1;
}

static enum err reader_transmit(struct card_reader *port, const uint8_t *apdu, size_t len)
{
    struct usb_card_reader *reader = self(port);
    CHECK(len >= 4);
    if (!reader->is_open || reader->card != USB_CARD_ON || reader->wants_off ||
        reader->has_command) {
        return ERR_STATE;
    }
    enum err err = card_talk_begin(&reader->talk, apdu, len);
    if (err == OK) {
        reader->has_command = true;
        reader->command_ms = usb_card_now(reader);
        usb_card_kick(reader);
        set_alarm(reader);
    }
    return err;
}

static void reader_release(struct card_reader *port)
{
    struct usb_card_reader *reader = self(port);
    if (!reader->is_open || reader->card == USB_CARD_NONE) {
        return;
    }
    abandon(reader);
    reader->wants_off = true;
    reader->card = USB_CARD_OFF;
    usb_card_kick(reader);
    set_alarm(reader);
}

static void reader_restart(struct card_reader *port)
{
    struct usb_card_reader *reader = self(port);
    if (!reader->is_open || reader->card == USB_CARD_NONE) {
        return;
    }
    abandon(reader);
    reader->wants_off = false;
    reader->card = USB_CARD_LIES;
    reader->power_tries = 0;
    reader->power_ms = usb_card_now(reader);
    reader->is_told_mute = false;
    usb_card_kick(reader);
    set_alarm(reader);
}

static void reader_signal(struct card_reader *port, enum card_signal signal)
{
    struct usb_card_reader *reader = self(port);
    reader->signal = signal;
    if (reader->is_open) {
        usb_card_kick(reader);
        set_alarm(reader);
    }
}

static void reader_close(struct card_reader *port)
{
    struct usb_card_reader *reader = self(port);
    if (reader->on_event != NULL) {
        reader->usb->ops->close(reader->usb);
        reader->usb->ops->wake_in(reader->usb, 0);
    }
    reader->on_event = NULL;
    reader->is_open = false;
    reader->refused.count = 0;
    usb_card_lifted(reader);
    ccid_line_wipe(&reader->line);
}

static void look_around(struct usb_card_reader *reader)
{
    reader->must_look = false;
    reader->tried_ms = usb_card_now(reader);
    reader->has_candidate = false;
    reader->is_seen = false;
    usb_refused_begin(&reader->refused);
    reader->usb->ops->look(reader->usb, USB_CLASS_CARD, on_seen, reader);
    usb_refused_end(&reader->refused);
    if (reader->is_open && !reader->is_seen) {
        usb_card_lose(reader, "was unplugged", false);
    }
    if (reader->on_event != NULL && !reader->is_open && reader->has_candidate) {
        open_candidate(reader);
    }
}

static void on_seen(const struct usb_device *device, void *ctx)
{
    struct usb_card_reader *reader = ctx;
    // A reader that is busy may not tell its serial number in time: the port says enough.
    bool is_open = reader->is_open && text_equal(device->port, reader->device.port) &&
                   device->vendor == reader->device.vendor &&
                   device->product == reader->device.product;
    reader->is_seen = reader->is_seen || is_open;
    if (!device->has_class || is_open || usb_refused_has(&reader->refused, device)) {
        return;
    }
    if (!usb_rule_allows(&reader->rule, MODEL_CARD_READER, device)) {
        refuse(reader, device, ERR_REFUSED, "is not a card reader that was allowed");
    } else if (!reader->has_candidate) {
        reader->has_candidate = true;
        reader->candidate = *device;
    }
}

static void refuse(struct usb_card_reader *reader, const struct usb_device *device, enum err err,
                   const char *why)
{
    if (usb_refused_add(&reader->refused, device)) {
        struct card_reader_event event = {.kind = CARD_READER_REFUSED};
        (void)fault_set(&event.fault, err, "card reader: %04x:%04x at %s %s: refused",
                        device->vendor, device->product, device->port, why);
        usb_card_tell(reader, &event);
    }
}

static void open_candidate(struct usb_card_reader *reader)
{
    struct usb *usb = reader->usb;
    size_t index = 0;
    reader->must_look = true; // unless it works: then again in a second
    if (usb->ops->open(usb, USB_CLASS_CARD, &reader->candidate, NULL) != OK) {
        return; // its permissions may come a moment after it
    }
    reader->device = reader->candidate;
    reader->model = card_models_find(&reader->device);
    if (!find_interface(reader, &index)) {
        usb->ops->close(usb);
        refuse(reader, &reader->candidate, ERR_UNSUPPORTED, "has no interface that can be used");
        return;
    }
    size_t message_bytes = reader->about.message_bytes;
    message_bytes = message_bytes < USB_MESSAGE_BYTES ? message_bytes : USB_MESSAGE_BYTES;
    if (usb->ops->listen_messages(usb, index, message_bytes) != OK) {
        usb->ops->close(usb);
        return;
    }
    reader->is_open = true;
    reader->must_look = false;
    usb_card_begin(reader);
}

// The one the table names; of a reader that is not in it, the first that can be used.
static bool find_interface(struct usb_card_reader *reader, size_t *index)
{
    const struct card_model *model = reader->model;
    size_t first = model == NULL ? 0 : model->interface;
    size_t last = model == NULL ? USB_INTERFACES_MAX - 1 : first;
    size_t slot = model == NULL ? 0 : model->slot;
    for (size_t i = first; i <= last; i++) {
        uint8_t bytes[USB_CLASS_BYTES_MAX];
        size_t len = 0;
        if (reader->usb->ops->class_descriptors(reader->usb, i, bytes, sizeof bytes, &len) == OK &&
            ccid_descriptor_read(bytes, len, &reader->about) == OK &&
            slot < reader->about.slots_count) {
            *index = i;
            return true;
        }
    }
    return false;
}

static void tell_state(struct usb_card_reader *reader, const struct fault *fault)
{
    if (reader->has_told && reader->told_open == reader->is_open) {
        return;
    }
    reader->has_told = true;
    reader->told_open = reader->is_open;
    struct card_reader_event event = {.kind = CARD_READER_READY};
    if (!reader->is_open) {
        event = (struct card_reader_event){.kind = CARD_READER_GONE, .fault = *fault};
    }
    usb_card_tell(reader, &event);
}

void usb_card_tell(struct usb_card_reader *reader, const struct card_reader_event *event)
{
    if (reader->line.state == CCID_LINE_RESTS) {
        ccid_line_wipe(&reader->line);
    }
    if (reader->on_event != NULL) {
        reader->on_event(event, reader->ctx);
    }
}

void usb_card_lose(struct usb_card_reader *reader, const char *words, bool must_reset)
{
    struct fault fault = {0};
    (void)fault_set(&fault, ERR_GONE, "card reader: %04x:%04x at %s %s", reader->device.vendor,
                    reader->device.product, reader->device.port, words);
    if (must_reset) {
        reader->usb->ops->reset(reader->usb);
    } else {
        reader->usb->ops->close(reader->usb);
    }
    reader->is_open = false;
    reader->must_look = true;
    ccid_line_wipe(&reader->line);
    reader->work = USB_CARD_RESTS;
    usb_card_lifted(reader);
    if (reader->on_event != NULL) {
        tell_state(reader, &fault);
    }
}

// A command that is on its way runs to its end, for the line's sake; nobody hears of it.
static void abandon(struct usb_card_reader *reader)
{
    reader->is_abandoned = reader->work != USB_CARD_RESTS;
    reader->has_command = false;
    if (!reader->is_abandoned) {
        card_talk_wipe(&reader->talk);
    }
}

// With notices and without a card it sets none: plugging, laying and reading wake by themselves.
static void set_alarm(struct usb_card_reader *reader)
{
    if (reader->on_event == NULL) {
        return;
    }
    int64_t in_ms = reader->is_open ? usb_card_wake_ms(reader) : 0;
    if (reader->must_look && (in_ms == 0 || in_ms > USB_RETRY_MS)) {
        in_ms = USB_RETRY_MS;
    }
    reader->usb->ops->wake_in(reader->usb, in_ms);
}
