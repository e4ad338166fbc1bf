// SPDX-License-Identifier: EUPL-1.2
//
// One interface of one USB device: found, claimed, read and written with short waits. The seam
// between our drivers and libusb; tests put a script behind it.
#ifndef INLOOP_DRIVERS_USB_H
#define INLOOP_DRIVERS_USB_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { USB_SERIAL_BYTES = 64, USB_PORT_BYTES = 32, USB_WAIT_MS = 10 };
enum { USB_CLASS_HID = 3, USB_CLASS_PRINTER = 7 };

struct usb_interface {
    uint16_t vendor;
    uint16_t product;
    char serial[USB_SERIAL_BYTES]; // "" when the device tells none
    char port[USB_PORT_BYTES];     // "1-2.3": bus, then ports from the root hub
    uint8_t number;
    uint8_t class_code;
    uint8_t endpoint_in; // 0: none
    uint8_t endpoint_out;
};

typedef bool (*usb_match_fn)(const struct usb_interface *interface, void *ctx);

struct usb {
    const struct usb_ops *ops;
};

struct usb_ops {
    // Finds the first interface that `match` accepts and claims it, taking it from the kernel's own
    // driver. ERR_NOT_FOUND: none, or no USB here. ERR_STATE: one is open. ERR_IO: `fault` says.
    enum err (*open)(struct usb *usb, usb_match_fn match, void *ctx, struct usb_interface *found,
                     struct fault *fault);
    // The HID report descriptor of the open interface.
    enum err (*hid_descriptor)(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len);
    // Each waits at most USB_WAIT_MS. ERR_EMPTY: nothing came or went. ERR_GONE: unplugged.
    enum err (*read)(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len);
    enum err (*write)(struct usb *usb, const uint8_t *data, size_t len, size_t *written);
    void (*close)(struct usb *usb); // allowed at any time
};

struct usb_host {
    struct usb port; // first, so that the port is the host
    struct libusb_context *context;
    struct libusb_device_handle *handle;
    struct usb_interface open;
    bool is_interrupt; // reads are interrupt transfers, else bulk
};

// Never fails: without USB nothing is ever found.
void usb_host_init(struct usb_host *host);
// Closes what is open and lets the library go; allowed on zeroed memory.
void usb_host_free(struct usb_host *host);

#endif
