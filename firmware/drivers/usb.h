// SPDX-License-Identifier: EUPL-1.2
//
// The seam between our drivers and libusb: look around on the bus, claim one device, read, write,
// and say what to wait for. Nothing here waits for a device longer than USB_WAIT_MS, but for a
// descriptor while one is being opened (USB_DESCRIPTOR_WAIT_MS) and for one that is being brought
// to its senses (`clear`, `reset`); tests put a script behind it.
#ifndef INLOOP_DRIVERS_USB_H
#define INLOOP_DRIVERS_USB_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    USB_SERIAL_BYTES = 64,
    USB_PORT_BYTES = 32,
    USB_WAIT_MS = 10,
    USB_DESCRIPTOR_WAIT_MS = 50, // a slow device that never opened would be worse
    USB_PACKET_BYTES = 1024,     // the longest one interrupt or bulk read gives
    USB_WRITE_BYTES = 8192,      // the longest one write takes
    USB_MESSAGE_BYTES = 4096,    // the longest one read of a message gives; whole packets
    USB_NOTICE_BYTES = 64,       // the longest notice
    USB_CLASS_BYTES_MAX = 512,   // descriptors of a class on one interface
    USB_INTERFACES_MAX = 8,      // of one class on one device
    USB_RETRY_MS = 1000,         // a device that could not be opened is not tried more often
};
enum { USB_CLASS_HID = 3, USB_CLASS_PRINTER = 7, USB_CLASS_CARD = 0x0B };

// Requests of the printer class (Printer Class 1.1, section 4.2).
enum usb_printer_request { USB_PORT_STATUS = 1, USB_SOFT_RESET = 2 };

struct usb_device {
    uint16_t vendor;
    uint16_t product;
    uint16_t release;              // the device's own version, as 0x0102 (bcdDevice)
    char serial[USB_SERIAL_BYTES]; // "" when the device tells none
    char port[USB_PORT_BYTES];     // "1-2.3": bus, then ports from the root hub
    bool has_class;                // some interface is of the class that was asked for
    bool can_type;                 // some interface is a boot keyboard (HID 1.11 section 4.3)
};

typedef void (*usb_seen_fn)(const struct usb_device *device, void *ctx);

struct usb {
    const struct usb_ops *ops;
};

struct usb_ops {
    // Tells `seen` of every device on the bus. Opens nothing for longer than it takes to read a
    // serial number, and that only where `class_code` is.
    void (*look)(struct usb *usb, uint8_t class_code, usb_seen_fn seen, void *ctx);
    // True once after something was plugged in or out; always true where the system cannot tell.
    bool (*changed)(struct usb *usb);
    // Claims every interface of `class_code` on the device at `device`'s port, taking them from the
    // kernel's own drivers. ERR_NOT_FOUND: it is there no more. ERR_STATE: one is open. ERR_IO:
    // `fault` says.
    enum err (*open)(struct usb *usb, uint8_t class_code, const struct usb_device *device,
                     struct fault *fault);
    // The report descriptor of HID interface `index` of the open device. ERR_NOT_FOUND: it has no
    // more. ERR_EMPTY: no answer in time.
    enum err (*hid_descriptor)(struct usb *usb, size_t index, uint8_t *out, size_t out_bytes,
                               size_t *out_len);
    // Begins to read and write on interface `index`; once after open.
    enum err (*listen)(struct usb *usb, size_t index);
    // Never waits. One packet, `out_bytes` at least USB_PACKET_BYTES. ERR_EMPTY: none has come.
    // ERR_GONE: unplugged. ERR_IO: the device broke off; close it.
    enum err (*read)(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len);
    // Never waits. Takes a copy of at most USB_WRITE_BYTES and sends it. ERR_STATE: the one before
    // is still on its way. ERR_GONE, ERR_IO: as read.
    enum err (*write)(struct usb *usb, const uint8_t *data, size_t len);
    // How far the last write got. OK: all of it. ERR_EMPTY: it is on its way. ERR_GONE, ERR_IO.
    enum err (*written)(struct usb *usb);
    // Takes back what has not left yet of the last write; gives how much did leave.
    size_t (*cancel)(struct usb *usb);
    // A request of the printer class; `status` is filled by USB_PORT_STATUS only.
    enum err (*printer_request)(struct usb *usb, enum usb_printer_request request, uint8_t *status);
    // The descriptors of the class that stand behind interface `index` of the open device and
    // behind its endpoints, one after the other; no transfer. ERR_NOT_FOUND: it has no more
    // interfaces. What is longer than `out_bytes` is cut.
    enum err (*class_descriptors)(struct usb *usb, size_t index, uint8_t *out, size_t out_bytes,
                                  size_t *out_len);
    // As listen, for an interface that speaks in messages (bulk both ways) and may give notices
    // (interrupt): `read` then asks for a message when it is called first, gives up to
    // `message_bytes` of it, rounded up to whole packets, and asks for what follows when it is
    // called again; `out_bytes` at least USB_MESSAGE_BYTES. ERR_STATE also: an endpoint is missing.
    enum err (*listen_messages)(struct usb *usb, size_t index, size_t message_bytes);
    // Never waits. The next notice. ERR_EMPTY: none has come. ERR_NOT_FOUND: it gives none, or not
    // any more. ERR_GONE: unplugged.
    enum err (*notice)(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len);
    // The card class's ABORT (CCID 1.1 section 5.3.1) of what was asked of `slot` as `seq`.
    enum err (*card_abort)(struct usb *usb, uint8_t slot, uint8_t seq);
    // Takes every transfer of messages back and frees both pipes of a halt. May take as long as
    // the kernel gives a control transfer (5 s); only for a device that has stopped answering.
    enum err (*clear)(struct usb *usb);
    // Resets the device on its port and closes it; it is found again by looking around.
    void (*reset)(struct usb *usb);
    // The file descriptor that becomes readable when any of this has news, or after `wake_in`; -1
    // for none. It stays the same until the end.
    int (*fd)(const struct usb *usb);
    // Once, in so many ms; 0: not at all. Also clears what has made the descriptor readable.
    void (*wake_in)(struct usb *usb, int64_t in_ms);
    void (*close)(struct usb *usb); // the device; allowed at any time
};

#endif
