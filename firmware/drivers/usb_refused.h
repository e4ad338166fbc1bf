// SPDX-License-Identifier: EUPL-1.2
//
// Which devices were refused, so that each is told once, and again only after it was away.
#ifndef INLOOP_DRIVERS_USB_REFUSED_H
#define INLOOP_DRIVERS_USB_REFUSED_H

#include "drivers/usb.h"

enum { USB_REFUSED_MAX = 8 }; // devices remembered

struct usb_refused {
    struct usb_device devices[USB_REFUSED_MAX];
    bool is_still_there[USB_REFUSED_MAX];
    size_t count;
};

// Around a look on the bus: what was not asked for between the two is forgotten.
void usb_refused_begin(struct usb_refused *refused);
void usb_refused_end(struct usb_refused *refused);
// True when this device was refused already; it is still there.
bool usb_refused_has(struct usb_refused *refused, const struct usb_device *device);
// False when the table is full: eight alarms have been given, and the ninth device is still not
// used.
bool usb_refused_add(struct usb_refused *refused, const struct usb_device *device);

// One port holds one device; another mode of the same device is another one to us.
bool usb_is_same_device(const struct usb_device *left, const struct usb_device *right);

#endif
