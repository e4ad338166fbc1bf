// SPDX-License-Identifier: EUPL-1.2
//
// Transfers that nobody waits for, and the one descriptor that tells when they are done. All on the
// thread that calls the seam: libusb's callbacks run inside handle_events only.
#include "drivers/usb_host_parts.h"

#include "base/bytes.h"
#include "base/uevents.h"

#include <libusb.h>
#include <unistd.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>

// Taking a transfer back is an order to the kernel that is carried out at once; the bound is for a
// kernel that is not well.
enum { STOP_ROUNDS = 20, STOP_ROUND_US = 500, BULK_PACKET_BYTES = 64 };

// The kernel speaks before the device's node has its owner: once more a second later.
enum { LOOKS = 2 };

static void LIBUSB_CALL on_added(int fd, short events, void *ctx);
static void LIBUSB_CALL on_removed(int fd, void *ctx);
static int LIBUSB_CALL on_plug(libusb_context *context, libusb_device *device,
                               libusb_hotplug_event event, void *ctx);
static void LIBUSB_CALL on_done(struct libusb_transfer *transfer);
static void pump(struct usb_host *host, long wait_us);
static enum err read_message(struct usb_host *host, uint8_t *out, size_t *out_len);
static enum err submit_read(struct usb_host *host, struct usb_host_transfer *one);
static enum err submit_notice(struct usb_host *host);
static enum err submit(struct usb_host_transfer *one);
static void take_back(struct usb_host *host, struct usb_host_transfer *one);

void usb_host_watch(struct usb_host *host)
{
    libusb_set_pollfd_notifiers(host->context, on_added, on_removed, host);
    const struct libusb_pollfd **fds = libusb_get_pollfds(host->context);
    for (size_t i = 0; fds != NULL && fds[i] != NULL; i++) {
        on_added(fds[i]->fd, fds[i]->events, host);
    }
    libusb_free_pollfds(fds);
    // The library hears of plugging from udev alone, and a device of ours has none.
    host->has_hotplug =
        access("/run/udev/control", F_OK) == 0 &&
        libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) != 0 &&
        libusb_hotplug_register_callback(
            host->context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
            LIBUSB_HOTPLUG_NO_FLAGS, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
            LIBUSB_HOTPLUG_MATCH_ANY, on_plug, host, NULL) == LIBUSB_SUCCESS;
    for (size_t i = 0; i < USB_READS; i++) {
        host->reads[i].transfer = libusb_alloc_transfer(0);
        host->reads[i].bytes = host->read_bytes[i];
        CHECK(host->reads[i].transfer != NULL);
    }
    host->write.transfer = libusb_alloc_transfer(0);
    host->write.bytes = host->write_bytes;
    host->notice.transfer = libusb_alloc_transfer(0);
    host->notice.bytes = host->notice_bytes;
    CHECK(host->write.transfer != NULL && host->notice.transfer != NULL);
}

void usb_host_unwatch(struct usb_host *host)
{
    if (host->context == NULL) {
        return;
    }
    libusb_set_pollfd_notifiers(host->context, NULL, NULL, NULL);
    for (size_t i = 0; i < USB_READS; i++) {
        libusb_free_transfer(host->reads[i].transfer);
    }
    libusb_free_transfer(host->write.transfer);
    libusb_free_transfer(host->notice.transfer);
}

void usb_host_stop(struct usb_host *host)
{
    for (size_t i = 0; i < USB_READS; i++) {
        take_back(host, &host->reads[i]);
        host->reads[i].is_busy = false; // closing the device, which follows, ends it for certain
    }
    take_back(host, &host->write);
    host->write.is_busy = false;
    take_back(host, &host->notice);
    host->notice.is_busy = false;
    host->is_listening = false;
    host->message_bytes = 0;
    host->read_next = 0;
}

bool usb_host_changed(struct usb *usb)
{
    struct usb_host *host = (struct usb_host *)usb;
    pump(host, 0);
    if (host->uevents >= 0 && uevents_take(host->uevents, "usb")) {
        host->looks_left = LOOKS;
    }
    bool is_untold = !host->has_hotplug && host->uevents < 0;
    bool has_changed = host->has_changed || host->looks_left > 0 || is_untold;
    host->has_changed = false;
    return has_changed;
}

enum err usb_host_listen(struct usb *usb, size_t index)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle == NULL || host->is_listening || index >= host->interfaces_count ||
        host->interfaces[index].endpoint_in == 0) {
        return ERR_STATE;
    }
    host->listens_to = index;
    host->is_listening = true;
    host->write.err = OK; // that of an earlier device means nothing
    enum err err = OK;
    for (size_t i = 0; i < USB_READS && err == OK; i++) {
        err = submit_read(host, &host->reads[i]);
    }
    return err;
}

enum err usb_host_read(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len)
{
    struct usb_host *host = (struct usb_host *)usb;
    *out_len = 0;
    if (host->handle == NULL || !host->is_listening || out_bytes < USB_PACKET_BYTES) {
        return ERR_STATE;
    }
    pump(host, 0);
    if (host->message_bytes > 0) {
        return out_bytes < USB_MESSAGE_BYTES ? ERR_STATE : read_message(host, out, out_len);
    }
    struct usb_host_transfer *one = &host->reads[host->read_next];
    if (!one->is_done) {
        return ERR_EMPTY;
    }
    if (one->err != OK) {
        return one->err; // again and again, until the device is closed
    }
    *out_len = one->len;
    memcpy(out, one->bytes, one->len);
    wipe(one->bytes, one->len);
    host->read_next = (host->read_next + 1) % USB_READS;
    enum err err = submit_read(host, one);
    if (err != OK) {
        one->is_done = true; // told when its turn comes
        one->err = err;
    }
    return OK;
}

enum err usb_host_listen_messages(struct usb *usb, size_t index, size_t message_bytes)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle == NULL || host->is_listening || index >= host->interfaces_count ||
        host->interfaces[index].endpoint_in == 0 || host->interfaces[index].endpoint_out == 0) {
        return ERR_STATE;
    }
    size_t packet = host->interfaces[index].packet_bytes;
    packet = packet == 0 || packet > USB_PACKET_BYTES ? BULK_PACKET_BYTES : packet;
    size_t most = USB_MESSAGE_BYTES / packet;
    size_t packets = (message_bytes + packet - 1) / packet; // of the longest message, no more
    host->message_bytes = (packets < most ? packets : most) * packet;
    host->listens_to = index;
    host->is_listening = true;
    host->write.err = OK; // that of an earlier device means nothing
    if (host->interfaces[index].endpoint_notice != 0) {
        (void)submit_notice(host); // when it gives none, it is asked
    }
    return OK;
}

enum err usb_host_notice(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len)
{
    struct usb_host *host = (struct usb_host *)usb;
    struct usb_host_transfer *one = &host->notice;
    *out_len = 0;
    if (host->handle == NULL || !host->is_listening || out_bytes < USB_NOTICE_BYTES) {
        return ERR_STATE;
    }
    pump(host, 0);
    if (one->is_busy) {
        return ERR_EMPTY;
    }
    if (!one->is_done || one->err != OK) {
        return one->err == ERR_GONE ? ERR_GONE : ERR_NOT_FOUND;
    }
    *out_len = one->len;
    memcpy(out, one->bytes, one->len);
    (void)submit_notice(host); // as when listening
    return OK;
}

enum err usb_host_clear(struct usb *usb)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle == NULL || !host->is_listening) {
        return ERR_STATE;
    }
    const struct usb_host_interface *of = &host->interfaces[host->listens_to];
    take_back(host, &host->write);
    take_back(host, &host->reads[0]);
    host->write.err = OK;
    int out = libusb_clear_halt(host->handle, of->endpoint_out);
    int in = libusb_clear_halt(host->handle, of->endpoint_in);
    return usb_host_outcome(out < 0 ? out : in);
}

enum err usb_host_write(struct usb *usb, const uint8_t *data, size_t len)
{
    struct usb_host *host = (struct usb_host *)usb;
    CHECK(len <= USB_WRITE_BYTES);
    if (host->handle == NULL || !host->is_listening || host->write.is_busy ||
        host->interfaces[host->listens_to].endpoint_out == 0) {
        return ERR_STATE;
    }
    memcpy(host->write.bytes, data, len);
    libusb_fill_bulk_transfer(host->write.transfer, host->handle,
                              host->interfaces[host->listens_to].endpoint_out, host->write.bytes,
                              (int)len, on_done, &host->write, 0);
    return submit(&host->write);
}

enum err usb_host_written(struct usb *usb)
{
    struct usb_host *host = (struct usb_host *)usb;
    pump(host, 0);
    return host->write.is_busy ? ERR_EMPTY : host->write.err;
}

size_t usb_host_cancel(struct usb *usb)
{
    struct usb_host *host = (struct usb_host *)usb;
    take_back(host, &host->write);
    host->write.err = host->write.err == ERR_GONE ? ERR_GONE : OK; // taking it back is no failure
    return host->write.len;
}

int usb_host_fd(const struct usb *usb)
{
    return ((const struct usb_host *)usb)->epoll_fd;
}

void usb_host_wake_in(struct usb *usb, int64_t in_ms)
{
    const struct usb_host *host = (const struct usb_host *)usb;
    if (host->looks_left > 0 && (in_ms == 0 || in_ms > USB_RETRY_MS)) {
        in_ms = USB_RETRY_MS;
    }
    struct itimerspec in = {
        .it_value = {.tv_sec = (time_t)(in_ms / 1000), .tv_nsec = (long)(in_ms % 1000) * 1000000}};
    CHECK(timerfd_settime(host->timer_fd, 0, &in, NULL) == 0);
}

static void LIBUSB_CALL on_added(int fd, short events, void *ctx)
{
    const struct usb_host *host = ctx;
    struct epoll_event event = {.events = ((events & POLLIN) != 0 ? EPOLLIN : 0U) |
                                          ((events & POLLOUT) != 0 ? EPOLLOUT : 0U),
                                .data.fd = fd};
    // What cannot be watched is heard at the next poll.
    (void)epoll_ctl(host->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void LIBUSB_CALL on_removed(int fd, void *ctx)
{
    const struct usb_host *host = ctx;
    (void)epoll_ctl(host->epoll_fd, EPOLL_CTL_DEL, fd, NULL); // closed already is as good
}

static int LIBUSB_CALL on_plug(libusb_context *context, libusb_device *device,
                               libusb_hotplug_event event, void *ctx)
{
    (void)context;
    (void)device;
    (void)event;
    ((struct usb_host *)ctx)->has_changed = true;
    return 0; // stay registered
}

static void LIBUSB_CALL on_done(struct libusb_transfer *transfer)
{
    struct usb_host_transfer *one = transfer->user_data;
    one->is_busy = false;
    one->is_done = true;
    one->len = (size_t)transfer->actual_length;
    switch (transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
        one->err = OK;
        break;
    case LIBUSB_TRANSFER_NO_DEVICE:
        one->err = ERR_GONE;
        break;
    default:
        one->err = ERR_IO;
        break;
    }
}

static void pump(struct usb_host *host, long wait_us)
{
    struct timeval wait = {.tv_usec = wait_us};
    if (host->context != NULL) {
        (void)libusb_handle_events_timeout_completed(host->context, &wait, NULL); // callbacks tell
    }
}

// One read at a time: all their memory is its.
static enum err read_message(struct usb_host *host, uint8_t *out, size_t *out_len)
{
    struct usb_host_transfer *one = &host->reads[0];
    if (one->is_busy) {
        return ERR_EMPTY;
    }
    if (!one->is_done) {
        enum err err = submit_read(host, one);
        return err == OK ? ERR_EMPTY : err;
    }
    if (one->err != OK) {
        return one->err; // again and again, until it is cleared or closed
    }
    *out_len = one->len;
    memcpy(out, one->bytes, one->len);
    wipe(one->bytes, one->len);
    one->is_done = false;
    return OK;
}

static enum err submit_notice(struct usb_host *host)
{
    libusb_fill_interrupt_transfer(host->notice.transfer, host->handle,
                                   host->interfaces[host->listens_to].endpoint_notice,
                                   host->notice.bytes, USB_NOTICE_BYTES, on_done, &host->notice, 0);
    return submit(&host->notice);
}

static enum err submit_read(struct usb_host *host, struct usb_host_transfer *one)
{
    _Static_assert(sizeof host->read_bytes >= USB_MESSAGE_BYTES, "one read takes their memory");
    const struct usb_host_interface *from = &host->interfaces[host->listens_to];
    size_t bytes = host->message_bytes > 0 ? host->message_bytes : USB_PACKET_BYTES;
    if (from->is_interrupt) {
        libusb_fill_interrupt_transfer(one->transfer, host->handle, from->endpoint_in, one->bytes,
                                       (int)bytes, on_done, one, 0);
    } else {
        libusb_fill_bulk_transfer(one->transfer, host->handle, from->endpoint_in, one->bytes,
                                  (int)bytes, on_done, one, 0);
    }
    return submit(one);
}

static enum err submit(struct usb_host_transfer *one)
{
    one->is_done = false;
    one->len = 0;
    one->err = usb_host_outcome(libusb_submit_transfer(one->transfer));
    one->is_busy = one->err == OK;
    return one->err;
}

static void take_back(struct usb_host *host, struct usb_host_transfer *one)
{
    if (one->is_busy) {
        (void)libusb_cancel_transfer(one->transfer); // done meanwhile is as good
    }
    for (int i = 0; i < STOP_ROUNDS && one->is_busy; i++) {
        pump(host, STOP_ROUND_US);
    }
    one->is_done = false;
}
