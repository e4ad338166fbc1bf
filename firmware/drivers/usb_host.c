// SPDX-License-Identifier: EUPL-1.2
//
// Finding, claiming and asking: the part of libusb that answers at once.
#include "drivers/usb_host.h"

#include "base/bytes.h"
#include "base/text.h"
#include "base/uevents.h"
#include "drivers/usb_host_parts.h"

#include <libusb.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { PORTS_MAX = 7, ENGLISH = 0x0409, STRING_BYTES = 255, BOOT_SUBCLASS = 1, KEYBOARD = 1 };

static void host_look(struct usb *usb, uint8_t class_code, usb_seen_fn seen, void *ctx);
static enum err host_open(struct usb *usb, uint8_t class_code, const struct usb_device *device,
                          struct fault *fault);
static enum err host_hid_descriptor(struct usb *usb, size_t index, uint8_t *out, size_t out_bytes,
                                    size_t *out_len);
static enum err host_printer_request(struct usb *usb, enum usb_printer_request request,
                                     uint8_t *status);
static void begin_anew(struct usb_host *host);
static void begin(struct usb_host *host);
static bool describe(libusb_device *device, uint8_t class_code, struct usb_device *to);
static void read_serial(libusb_device *device, uint8_t index, char out[USB_SERIAL_BYTES]);
static void name_port(libusb_device *device, char out[USB_PORT_BYTES]);
static enum err open_device(struct usb_host *host, libusb_device *device, uint8_t class_code,
                            const char *port, struct fault *fault);
static void note_interfaces(struct usb_host *host, libusb_device *device, uint8_t class_code);
static int claim(struct usb_host *host);

static const struct usb_ops ops = {.look = host_look,
                                   .changed = usb_host_changed,
                                   .open = host_open,
                                   .hid_descriptor = host_hid_descriptor,
                                   .listen = usb_host_listen,
                                   .read = usb_host_read,
                                   .write = usb_host_write,
                                   .written = usb_host_written,
                                   .cancel = usb_host_cancel,
                                   .printer_request = host_printer_request,
                                   .class_descriptors = usb_host_class_descriptors,
                                   .listen_messages = usb_host_listen_messages,
                                   .notice = usb_host_notice,
                                   .card_abort = usb_host_card_abort,
                                   .clear = usb_host_clear,
                                   .reset = usb_host_reset,
                                   .fd = usb_host_fd,
                                   .wake_in = usb_host_wake_in,
                                   .close = usb_host_close};

void usb_host_init(struct usb_host *host)
{
    memset(host, 0, sizeof *host);
    host->port.ops = &ops;
    host->has_changed = true; // nobody has looked yet
    host->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    host->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    CHECK(host->epoll_fd >= 0 && host->timer_fd >= 0);
    struct epoll_event alarm = {.events = EPOLLIN, .data.fd = host->timer_fd};
    CHECK(epoll_ctl(host->epoll_fd, EPOLL_CTL_ADD, host->timer_fd, &alarm) == 0);
    begin(host);
    host->uevents = host->has_hotplug ? -1 : uevents_open();
    if (host->uevents >= 0) {
        struct epoll_event told = {.events = EPOLLIN, .data.fd = host->uevents};
        CHECK(epoll_ctl(host->epoll_fd, EPOLL_CTL_ADD, host->uevents, &told) == 0);
    }
}

void usb_host_free(struct usb_host *host)
{
    if (host->port.ops == NULL) {
        return;
    }
    usb_host_close(&host->port);
    usb_host_unwatch(host);
    if (host->context != NULL) {
        libusb_exit(host->context);
    }
    (void)close(host->epoll_fd); // nothing is lost with them
    (void)close(host->timer_fd);
    if (host->uevents >= 0) {
        (void)close(host->uevents); // only read from
    }
    *host = (struct usb_host){.epoll_fd = -1, .timer_fd = -1, .uevents = -1};
}

static void host_look(struct usb *usb, uint8_t class_code, usb_seen_fn seen, void *ctx)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (!host->has_hotplug && host->handle == NULL) {
        begin_anew(host);
    }
    host->looks_left -= host->looks_left > 0 ? 1 : 0;
    libusb_device **list = NULL;
    ssize_t count = host->context == NULL ? 0 : libusb_get_device_list(host->context, &list);
    for (ssize_t i = 0; i < count; i++) {
        struct usb_device device;
        if (describe(list[i], class_code, &device)) {
            seen(&device, ctx);
        }
    }
    if (list != NULL) {
        libusb_free_device_list(list, 1);
    }
}

// Where nobody tells the library what was plugged in, it finds that only when it begins.
static void begin_anew(struct usb_host *host)
{
    usb_host_unwatch(host);
    if (host->context != NULL) {
        libusb_exit(host->context);
    }
    begin(host);
}

static void begin(struct usb_host *host)
{
    if (libusb_init(&host->context) != LIBUSB_SUCCESS) {
        host->context = NULL; // no bus on this machine
        return;
    }
    usb_host_watch(host);
}

static enum err host_open(struct usb *usb, uint8_t class_code, const struct usb_device *device,
                          struct fault *fault)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle != NULL) {
        return fault_set(fault, ERR_STATE, "usb: a device is open already");
    }
    libusb_device **list = NULL;
    ssize_t count = host->context == NULL ? 0 : libusb_get_device_list(host->context, &list);
    enum err err = ERR_NOT_FOUND;
    for (ssize_t i = 0; i < count && err == ERR_NOT_FOUND; i++) {
        struct libusb_device_descriptor about;
        char port[USB_PORT_BYTES];
        name_port(list[i], port);
        if (text_equal(port, device->port) && libusb_get_device_descriptor(list[i], &about) == 0 &&
            about.idVendor == device->vendor && about.idProduct == device->product) {
            err = open_device(host, list[i], class_code, port, fault);
        }
    }
    if (list != NULL) {
        libusb_free_device_list(list, 1);
    }
    return err == ERR_NOT_FOUND ? fault_set(fault, err, "usb: %s: not there", device->port) : err;
}

static enum err host_hid_descriptor(struct usb *usb, size_t index, uint8_t *out, size_t out_bytes,
                                    size_t *out_len)
{
    struct usb_host *host = (struct usb_host *)usb;
    *out_len = 0;
    if (host->handle == NULL) {
        return ERR_STATE;
    }
    if (index >= host->interfaces_count) {
        return ERR_NOT_FOUND;
    }
    uint16_t room = out_bytes > UINT16_MAX ? UINT16_MAX : (uint16_t)out_bytes;
    int got = libusb_control_transfer(
        host->handle, (uint8_t)LIBUSB_ENDPOINT_IN | (uint8_t)LIBUSB_RECIPIENT_INTERFACE,
        LIBUSB_REQUEST_GET_DESCRIPTOR, LIBUSB_DT_REPORT << 8, host->interfaces[index].number, out,
        room, USB_DESCRIPTOR_WAIT_MS);
    *out_len = got < 0 ? 0 : (size_t)got;
    return usb_host_outcome(got);
}

static enum err host_printer_request(struct usb *usb, enum usb_printer_request request,
                                     uint8_t *status)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle == NULL || !host->is_listening) {
        return ERR_STATE;
    }
    bool reads = request == USB_PORT_STATUS;
    uint8_t kind =
        (uint8_t)((unsigned)LIBUSB_REQUEST_TYPE_CLASS | (unsigned)LIBUSB_RECIPIENT_INTERFACE |
                  (unsigned)(reads ? LIBUSB_ENDPOINT_IN : LIBUSB_ENDPOINT_OUT));
    uint8_t byte = 0;
    int got = libusb_control_transfer(host->handle, kind, (uint8_t)request, 0,
                                      host->interfaces[host->listens_to].number, &byte,
                                      reads ? 1 : 0, USB_WAIT_MS);
    if (got < 0 || (reads && got != 1)) {
        return got < 0 ? usb_host_outcome(got) : ERR_IO;
    }
    if (reads) {
        *status = byte;
    }
    return OK;
}

void usb_host_close(struct usb *usb)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle != NULL) {
        usb_host_stop(host);
        for (size_t i = 0; i < host->interfaces_count; i++) {
            (void)libusb_release_interface(host->handle, host->interfaces[i].number); // or gone
        }
        libusb_close(host->handle);
    }
    host->handle = NULL;
    host->interfaces_count = 0;
    wipe(host->read_bytes, sizeof host->read_bytes);
    wipe(host->write_bytes, sizeof host->write_bytes);
}

enum err usb_host_outcome(int result)
{
    if (result >= 0) {
        return OK;
    }
    if (result == LIBUSB_ERROR_NO_DEVICE) {
        return ERR_GONE;
    }
    return result == LIBUSB_ERROR_TIMEOUT ? ERR_EMPTY : ERR_IO;
}

// False for what has no configuration: it can do nothing.
static bool describe(libusb_device *device, uint8_t class_code, struct usb_device *to)
{
    struct libusb_device_descriptor about;
    struct libusb_config_descriptor *config = NULL;
    if (libusb_get_device_descriptor(device, &about) != 0 ||
        libusb_get_active_config_descriptor(device, &config) != 0) {
        return false;
    }
    *to = (struct usb_device){
        .vendor = about.idVendor, .product = about.idProduct, .release = about.bcdDevice};
    for (uint8_t i = 0; i < config->bNumInterfaces; i++) {
        for (int j = 0; j < config->interface[i].num_altsetting; j++) {
            const struct libusb_interface_descriptor *one = &config->interface[i].altsetting[j];
            to->has_class = to->has_class || one->bInterfaceClass == class_code;
            to->can_type = to->can_type || (one->bInterfaceClass == USB_CLASS_HID &&
                                            one->bInterfaceSubClass == BOOT_SUBCLASS &&
                                            one->bInterfaceProtocol == KEYBOARD);
        }
    }
    libusb_free_config_descriptor(config);
    name_port(device, to->port);
    if (to->has_class && about.iSerialNumber != 0) {
        read_serial(device, about.iSerialNumber, to->serial);
    }
    return true;
}

// libusb's own function would wait a second for a device that is asleep.
static void read_serial(libusb_device *device, uint8_t index, char out[USB_SERIAL_BYTES])
{
    libusb_device_handle *handle = NULL;
    uint8_t bytes[STRING_BYTES];
    if (libusb_open(device, &handle) != 0) {
        return;
    }
    int got = libusb_control_transfer(handle, LIBUSB_ENDPOINT_IN, LIBUSB_REQUEST_GET_DESCRIPTOR,
                                      (uint16_t)(LIBUSB_DT_STRING << 8 | index), ENGLISH, bytes,
                                      sizeof bytes, USB_DESCRIPTOR_WAIT_MS);
    libusb_close(handle);
    size_t len = got < 2 || bytes[1] != LIBUSB_DT_STRING ? 0 : (size_t)got;
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    (void)bytes_in_u16le(&in); // length and kind
    for (size_t at = 0; bytes_in_left(&in) >= 2 && at + 1 < USB_SERIAL_BYTES; at++) {
        uint16_t unit = bytes_in_u16le(&in);
        out[at] = unit > ' ' && unit < 0x7F ? (char)unit : '?';
    }
}

static void name_port(libusb_device *device, char out[USB_PORT_BYTES])
{
    uint8_t ports[PORTS_MAX];
    int count = libusb_get_port_numbers(device, ports, PORTS_MAX);
    struct text text;
    text_init(&text, out, USB_PORT_BYTES); // seven ports of three digits fit
    text_format(&text, "%u", libusb_get_bus_number(device));
    for (int i = 0; i < count; i++) {
        text_format(&text, "%c%u", i == 0 ? '-' : '.', ports[i]);
    }
}

static enum err open_device(struct usb_host *host, libusb_device *device, uint8_t class_code,
                            const char *port, struct fault *fault)
{
    int result = libusb_open(device, &host->handle);
    if (result != 0) {
        host->handle = NULL;
        return fault_set(fault, ERR_IO, "usb: %s: %s", port, libusb_error_name(result));
    }
    (void)libusb_set_auto_detach_kernel_driver(host->handle, 1); // claiming tells when it matters
    note_interfaces(host, device, class_code);
    result = claim(host);
    if (result != 0 || host->interfaces_count == 0) {
        libusb_close(host->handle);
        host->handle = NULL;
        host->interfaces_count = 0;
        return fault_set(fault, ERR_IO, "usb: %s: %s", port, libusb_error_name(result));
    }
    return OK;
}

static void note_interfaces(struct usb_host *host, libusb_device *device, uint8_t class_code)
{
    struct libusb_config_descriptor *config = NULL;
    host->interfaces_count = 0;
    if (libusb_get_active_config_descriptor(device, &config) != 0) {
        return;
    }
    for (uint8_t i = 0; i < config->bNumInterfaces; i++) {
        const struct libusb_interface *all = &config->interface[i];
        if (all->num_altsetting == 0 || all->altsetting[0].bInterfaceClass != class_code ||
            host->interfaces_count == USB_INTERFACES_MAX) {
            continue;
        }
        const struct libusb_interface_descriptor *one = &all->altsetting[0];
        struct usb_host_interface *to = &host->interfaces[host->interfaces_count++];
        *to = (struct usb_host_interface){.number = one->bInterfaceNumber,
                                          .is_interrupt = class_code == USB_CLASS_HID};
        for (uint8_t j = 0; j < one->bNumEndpoints; j++) {
            uint8_t address = one->endpoint[j].bEndpointAddress;
            bool is_in = (address & (uint8_t)LIBUSB_ENDPOINT_IN) != 0;
            *(is_in ? &to->endpoint_in : &to->endpoint_out) = address;
        }
        if (class_code == USB_CLASS_CARD) {
            usb_host_note_card(to, one);
        }
    }
    libusb_free_config_descriptor(config);
}

// All or none; closing the device gives back what was claimed. Where taking it from the kernel's
// driver is not possible there may be none on it, and claiming alone will do.
static int claim(struct usb_host *host)
{
    for (size_t i = 0; i < host->interfaces_count; i++) {
        int result = libusb_claim_interface(host->handle, host->interfaces[i].number);
        if (result == LIBUSB_ERROR_OTHER) {
            (void)libusb_set_auto_detach_kernel_driver(host->handle, 0); // claiming tells
            result = libusb_claim_interface(host->handle, host->interfaces[i].number);
        }
        if (result != 0) {
            return result;
        }
    }
    return 0;
}
