// SPDX-License-Identifier: EUPL-1.2
//
// Keeps the seam's promises, and holds the drivers to their half of them.
#include "tests/fakes/usb_script.h"

#include "base/text.h"

#include <string.h>

static struct usb_script *self(struct usb *usb)
{
    return (struct usb_script *)usb;
}

static void script_look(struct usb *usb, uint8_t class_code, usb_seen_fn seen, void *ctx)
{
    struct usb_script *script = self(usb);
    script->looks_count++;
    for (size_t i = 0; i < script->devices_count; i++) {
        struct usb_device about = script->devices[i].about;
        about.has_class = script->devices[i].class_code == class_code;
        if (script->devices[i].is_plugged) {
            seen(&about, ctx);
        }
    }
}

static bool script_changed(struct usb *usb)
{
    struct usb_script *script = self(usb);
    bool has_changed = script->has_changed;
    script->has_changed = false;
    return has_changed;
}

static enum err script_open(struct usb *usb, uint8_t class_code, const struct usb_device *device,
                            struct fault *fault)
{
    struct usb_script *script = self(usb);
    script->opens_count++;
    CHECK(script->open == NULL);
    if (script->open_err != OK) {
        return fault_set(fault, script->open_err, "usb: %s: script", device->port);
    }
    for (size_t i = 0; i < script->devices_count; i++) {
        struct usb_script_device *one = &script->devices[i];
        if (one->is_plugged && one->class_code == class_code &&
            text_equal(one->about.port, device->port)) {
            script->open = one;
            script->is_listening = false;
            script->message_bytes = 0;
            script->notices_count = 0;
            script->packets_count = 0;
            script->writing_len = 0;
            script->written_len = 0;
            return OK;
        }
    }
    return fault_set(fault, ERR_NOT_FOUND, "usb: %s: not there", device->port);
}

static enum err script_descriptor(struct usb *usb, size_t index, uint8_t *out, size_t out_bytes,
                                  size_t *out_len)
{
    const struct usb_script *script = self(usb);
    CHECK(script->open != NULL);
    if (script->descriptor_err != OK) {
        return script->descriptor_err;
    }
    if (index >= script->open->descriptors_count) {
        return ERR_NOT_FOUND;
    }
    size_t len = script->open->descriptor_lens[index];
    *out_len = len < out_bytes ? len : out_bytes;
    if (*out_len > 0) {
        memcpy(out, script->open->descriptors[index], *out_len);
    }
    return OK;
}

static enum err script_listen(struct usb *usb, size_t index)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL && !script->is_listening);
    if (script->listen_err == OK) {
        script->listens_to = index;
        script->is_listening = true;
    }
    return script->listen_err;
}

static enum err script_read(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL && script->is_listening && out_bytes >= USB_PACKET_BYTES);
    if (!script->open->is_plugged || script->read_err != OK) {
        return script->open->is_plugged ? script->read_err : ERR_GONE;
    }
    if (script->packets_count == 0) {
        return ERR_EMPTY;
    }
    size_t first = script->packets_first;
    *out_len = script->packets[first].len;
    memcpy(out, script->packets[first].bytes, *out_len);
    script->packets_first = (first + 1) % USB_SCRIPT_PACKETS;
    script->packets_count--;
    return OK;
}

static void offer(struct usb_script *script)
{
    const struct usb_script_device_ops *ops = &script->open->ops;
    size_t left = script->writing_len - script->written_len;
    if (left > 0 && script->open->is_plugged) {
        size_t taken = ops->take == NULL
                           ? left
                           : ops->take(ops->ctx, script->writing + script->written_len, left);
        CHECK(taken <= left);
        script->written_len += taken;
    }
}

static enum err script_write(struct usb *usb, const uint8_t *data, size_t len)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL && script->is_listening && len <= USB_WRITE_BYTES);
    CHECK(script->written_len == script->writing_len); // one at a time
    if (!script->open->is_plugged || script->write_err != OK) {
        return script->open->is_plugged ? script->write_err : ERR_GONE;
    }
    memcpy(script->writing, data, len);
    script->writing_len = len;
    script->written_len = 0;
    offer(script);
    return OK;
}

static enum err script_written(struct usb *usb)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL);
    offer(script);
    if (!script->open->is_plugged) {
        return ERR_GONE;
    }
    if (script->written_err != OK) {
        return script->written_err;
    }
    return script->written_len == script->writing_len ? OK : ERR_EMPTY;
}

static size_t script_cancel(struct usb *usb)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL);
    script->writing_len = script->written_len;
    return script->written_len;
}

static enum err script_request(struct usb *usb, enum usb_printer_request request, uint8_t *status)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL && script->is_listening);
    const struct usb_script_device_ops *ops = &script->open->ops;
    if (!script->open->is_plugged) {
        return ERR_GONE;
    }
    if (request == USB_SOFT_RESET) {
        if (ops->reset != NULL) {
            ops->reset(ops->ctx);
        }
        return OK;
    }
    return ops->port_status != NULL && ops->port_status(ops->ctx, status) ? OK : ERR_EMPTY;
}

static enum err script_listen_messages(struct usb *usb, size_t index, size_t message_bytes)
{
    struct usb_script *script = self(usb);
    CHECK(message_bytes > 0);
    enum err err = script_listen(usb, index);
    script->message_bytes = err == OK ? message_bytes : 0;
    return err;
}

static enum err script_notice(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL && script->message_bytes > 0 && out_bytes >= USB_NOTICE_BYTES);
    if (!script->open->is_plugged) {
        return ERR_GONE;
    }
    if (script->notices_count == 0) {
        return script->open->gives_notices ? ERR_EMPTY : ERR_NOT_FOUND;
    }
    *out_len = script->notice_lens[0];
    memcpy(out, script->notices[0], *out_len);
    script->notices_count--;
    memmove(script->notices[0], script->notices[1], sizeof script->notices - USB_NOTICE_BYTES);
    memmove(script->notice_lens, script->notice_lens + 1,
            sizeof script->notice_lens - sizeof script->notice_lens[0]);
    return OK;
}

static enum err script_card_abort(struct usb *usb, uint8_t slot, uint8_t seq)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL && script->message_bytes > 0);
    const struct usb_script_device_ops *does = &script->open->ops;
    if (!script->open->is_plugged) {
        return ERR_GONE;
    }
    return does->abort != NULL && does->abort(does->ctx, slot, seq) ? OK : ERR_EMPTY;
}

static enum err script_clear(struct usb *usb)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL && script->message_bytes > 0);
    const struct usb_script_device_ops *does = &script->open->ops;
    script->packets_count = 0;
    script->writing_len = script->written_len;
    if (!script->open->is_plugged) {
        return ERR_GONE;
    }
    return does->clear != NULL && does->clear(does->ctx) ? OK : ERR_EMPTY;
}

static void script_reset(struct usb *usb)
{
    struct usb_script *script = self(usb);
    CHECK(script->open != NULL);
    if (script->open->is_plugged && script->open->ops.reset != NULL) {
        script->open->ops.reset(script->open->ops.ctx);
    }
    script->open = NULL;
}

static int script_fd(const struct usb *usb)
{
    (void)usb;
    return -1; // tests move time and call poll themselves
}

static void script_wake_in(struct usb *usb, int64_t in_ms)
{
    self(usb)->wake_ms = in_ms;
}

static void script_close(struct usb *usb)
{
    self(usb)->open = NULL;
}

void usb_script_init(struct usb_script *script)
{
    static const struct usb_ops ops = {.look = script_look,
                                       .changed = script_changed,
                                       .open = script_open,
                                       .hid_descriptor = script_descriptor,
                                       .listen = script_listen,
                                       .read = script_read,
                                       .write = script_write,
                                       .written = script_written,
                                       .cancel = script_cancel,
                                       .printer_request = script_request,
                                       .class_descriptors = script_descriptor,
                                       .listen_messages = script_listen_messages,
                                       .notice = script_notice,
                                       .card_abort = script_card_abort,
                                       .clear = script_clear,
                                       .reset = script_reset,
                                       .fd = script_fd,
                                       .wake_in = script_wake_in,
                                       .close = script_close};
    memset(script, 0, sizeof *script);
    script->port.ops = &ops;
}

struct usb_script_device *usb_script_plug(struct usb_script *script, uint8_t class_code,
                                          const struct usb_device *about)
{
    CHECK(script->devices_count < USB_SCRIPT_DEVICES);
    struct usb_script_device *device = &script->devices[script->devices_count++];
    *device =
        (struct usb_script_device){.about = *about, .class_code = class_code, .is_plugged = true};
    script->has_changed = true;
    return device;
}

void usb_script_describe(struct usb_script_device *device, const uint8_t *bytes, size_t len)
{
    CHECK(device->descriptors_count < USB_SCRIPT_DESCRIPTORS);
    device->descriptors[device->descriptors_count] = bytes;
    device->descriptor_lens[device->descriptors_count++] = len;
}

void usb_script_unplug(struct usb_script *script, struct usb_script_device *device)
{
    device->is_plugged = false;
    script->has_changed = true;
}

void usb_script_plug_back(struct usb_script *script, struct usb_script_device *device)
{
    device->is_plugged = true;
    script->has_changed = true;
}

void usb_script_say(struct usb_script *script, const void *bytes, size_t len)
{
    CHECK(script->packets_count < USB_SCRIPT_PACKETS && len <= USB_PACKET_BYTES);
    size_t at = (script->packets_first + script->packets_count) % USB_SCRIPT_PACKETS;
    if (len > 0) {
        memcpy(script->packets[at].bytes, bytes, len);
    }
    script->packets[at].len = len;
    script->packets_count++;
}

void usb_script_notify(struct usb_script *script, const void *bytes, size_t len)
{
    CHECK(script->notices_count < USB_SCRIPT_NOTICES && len <= USB_NOTICE_BYTES);
    memcpy(script->notices[script->notices_count], bytes, len);
    script->notice_lens[script->notices_count++] = len;
}
