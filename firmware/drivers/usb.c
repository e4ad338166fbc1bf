// SPDX-License-Identifier: EUPL-1.2
//
// libusb behind the seam. Only short synchronous transfers: they run on the I/O thread.
#include "drivers/usb.h"

#include <libusb.h>
#include <stdio.h>

enum { PORTS_MAX = 7, GET_DESCRIPTOR_WAIT_MS = 10 };

static enum err host_open(struct usb *usb, usb_match_fn match, void *ctx,
                          struct usb_interface *found, struct fault *fault);
static enum err host_hid_descriptor(struct usb *usb, uint8_t *out, size_t out_bytes,
                                    size_t *out_len);
static enum err host_read(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len);
static enum err host_write(struct usb *usb, const uint8_t *data, size_t len, size_t *written);
static void host_close(struct usb *usb);
static enum err try_device(struct usb_host *host, libusb_device *device, usb_match_fn match,
                           void *ctx, struct fault *fault);
static void describe(const struct libusb_interface_descriptor *from, struct usb_interface *to);
static void name_port(libusb_device *device, struct usb_interface *to);
static enum err claim(struct usb_host *host, const struct usb_interface *wanted,
                      struct fault *fault);
static enum err outcome(int result, int moved);

static const struct usb_ops ops = {.open = host_open,
                                   .hid_descriptor = host_hid_descriptor,
                                   .read = host_read,
                                   .write = host_write,
                                   .close = host_close};

void usb_host_init(struct usb_host *host)
{
    *host = (struct usb_host){.port = {.ops = &ops}};
    if (libusb_init(&host->context) != LIBUSB_SUCCESS) {
        host->context = NULL; // no bus on this machine
    }
}

void usb_host_free(struct usb_host *host)
{
    host_close(&host->port);
    if (host->context != NULL) {
        libusb_exit(host->context);
    }
    host->context = NULL;
}

static enum err host_open(struct usb *usb, usb_match_fn match, void *ctx,
                          struct usb_interface *found, struct fault *fault)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle != NULL) {
        return fault_set(fault, ERR_STATE, "usb: an interface is open already");
    }
    libusb_device **list = NULL;
    ssize_t count = host->context == NULL ? 0 : libusb_get_device_list(host->context, &list);
    enum err err = ERR_NOT_FOUND;
    for (ssize_t i = 0; i < count && err == ERR_NOT_FOUND; i++) {
        err = try_device(host, list[i], match, ctx, fault);
    }
    if (list != NULL) {
        libusb_free_device_list(list, 1);
    }
    if (err == OK) {
        *found = host->open;
    }
    return err == ERR_NOT_FOUND ? fault_set(fault, err, "usb: no such device") : err;
}

static enum err host_hid_descriptor(struct usb *usb, uint8_t *out, size_t out_bytes,
                                    size_t *out_len)
{
    struct usb_host *host = (struct usb_host *)usb;
    *out_len = 0;
    if (host->handle == NULL) {
        return ERR_STATE;
    }
    uint16_t room = out_bytes > UINT16_MAX ? UINT16_MAX : (uint16_t)out_bytes;
    int got = libusb_control_transfer(
        host->handle, (uint8_t)LIBUSB_ENDPOINT_IN | (uint8_t)LIBUSB_RECIPIENT_INTERFACE,
        LIBUSB_REQUEST_GET_DESCRIPTOR, LIBUSB_DT_REPORT << 8, host->open.number, out, room,
        GET_DESCRIPTOR_WAIT_MS);
    *out_len = got < 0 ? 0 : (size_t)got;
    return outcome(got < 0 ? got : 0, got);
}

static enum err host_read(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len)
{
    struct usb_host *host = (struct usb_host *)usb;
    *out_len = 0;
    if (host->handle == NULL || host->open.endpoint_in == 0 || out_bytes > INT16_MAX) {
        return ERR_STATE;
    }
    int got = 0;
    int result = host->is_interrupt
                     ? libusb_interrupt_transfer(host->handle, host->open.endpoint_in, out,
                                                 (int)out_bytes, &got, USB_WAIT_MS)
                     : libusb_bulk_transfer(host->handle, host->open.endpoint_in, out,
                                            (int)out_bytes, &got, USB_WAIT_MS);
    *out_len = (size_t)got;
    return outcome(result, got);
}

static enum err host_write(struct usb *usb, const uint8_t *data, size_t len, size_t *written)
{
    struct usb_host *host = (struct usb_host *)usb;
    *written = 0;
    if (host->handle == NULL || host->open.endpoint_out == 0 || len > INT16_MAX) {
        return ERR_STATE;
    }
    int sent = 0; // libusb only reads from an OUT buffer, whatever its prototype says
    int result = libusb_bulk_transfer(host->handle, host->open.endpoint_out, (uint8_t *)data,
                                      (int)len, &sent, USB_WAIT_MS);
    *written = (size_t)sent;
    return outcome(result, sent);
}

static void host_close(struct usb *usb)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle != NULL) {
        (void)libusb_release_interface(host->handle, host->open.number); // may be unplugged
        libusb_close(host->handle);
    }
    host->handle = NULL;
}

static enum err try_device(struct usb_host *host, libusb_device *device, usb_match_fn match,
                           void *ctx, struct fault *fault)
{
    struct libusb_device_descriptor about;
    struct libusb_config_descriptor *config = NULL;
    if (libusb_get_device_descriptor(device, &about) != 0 ||
        libusb_get_active_config_descriptor(device, &config) != 0) {
        return ERR_NOT_FOUND;
    }
    struct usb_interface seen = {.vendor = about.idVendor, .product = about.idProduct};
    name_port(device, &seen);
    if (about.iSerialNumber != 0 && libusb_open(device, &host->handle) == 0) {
        (void)libusb_get_string_descriptor_ascii(host->handle, about.iSerialNumber,
                                                 (uint8_t *)seen.serial,
                                                 USB_SERIAL_BYTES - 1); // "" then
        libusb_close(host->handle);
    }
    host->handle = NULL;
    bool is_match = false;
    for (uint8_t i = 0; i < config->bNumInterfaces && !is_match; i++) {
        if (config->interface[i].num_altsetting > 0) {
            describe(&config->interface[i].altsetting[0], &seen);
            is_match = match(&seen, ctx);
        }
    }
    libusb_free_config_descriptor(config);
    if (!is_match) {
        return ERR_NOT_FOUND;
    }
    int result = libusb_open(device, &host->handle);
    if (result != 0) {
        host->handle = NULL;
        return fault_set(fault, ERR_IO, "usb: %s: %s", seen.port, libusb_error_name(result));
    }
    return claim(host, &seen, fault);
}

static void describe(const struct libusb_interface_descriptor *from, struct usb_interface *to)
{
    to->number = from->bInterfaceNumber;
    to->class_code = from->bInterfaceClass;
    to->endpoint_in = 0;
    to->endpoint_out = 0;
    for (uint8_t i = 0; i < from->bNumEndpoints; i++) {
        uint8_t address = from->endpoint[i].bEndpointAddress;
        bool is_in = (address & (uint8_t)LIBUSB_ENDPOINT_IN) != 0;
        *(is_in ? &to->endpoint_in : &to->endpoint_out) = address;
    }
}

static void name_port(libusb_device *device, struct usb_interface *to)
{
    uint8_t ports[PORTS_MAX];
    int count = libusb_get_port_numbers(device, ports, PORTS_MAX);
    int len = snprintf(to->port, sizeof to->port, "%u", libusb_get_bus_number(device));
    for (int i = 0; i < count && len > 0 && (size_t)len < sizeof to->port; i++) {
        len += snprintf(to->port + len, sizeof to->port - (size_t)len, "%c%u", i == 0 ? '-' : '.',
                        ports[i]);
    }
}

static enum err claim(struct usb_host *host, const struct usb_interface *wanted,
                      struct fault *fault)
{
    (void)libusb_set_auto_detach_kernel_driver(host->handle, 1); // claiming tells when it matters
    int result = libusb_claim_interface(host->handle, wanted->number);
    if (result != 0) {
        libusb_close(host->handle);
        host->handle = NULL;
        return fault_set(fault, ERR_IO, "usb: %s: %s", wanted->port, libusb_error_name(result));
    }
    host->open = *wanted;
    host->is_interrupt = wanted->class_code == USB_CLASS_HID;
    return OK;
}

static enum err outcome(int result, int moved)
{
    if (result == LIBUSB_ERROR_NO_DEVICE) {
        return ERR_GONE;
    }
    if (result == LIBUSB_ERROR_TIMEOUT) {
        return moved > 0 ? OK : ERR_EMPTY; // what came before the wait ended counts
    }
    return result == 0 ? OK : ERR_IO;
}
