// SPDX-License-Identifier: EUPL-1.2
//
// A short table, compacted after every look.
#include "drivers/usb_refused.h"

#include "base/text.h"

void usb_refused_begin(struct usb_refused *refused)
{
    for (size_t i = 0; i < refused->count; i++) {
        refused->is_still_there[i] = false;
    }
}

void usb_refused_end(struct usb_refused *refused)
{
    size_t kept = 0;
    for (size_t i = 0; i < refused->count; i++) {
        if (refused->is_still_there[i]) {
            refused->devices[kept++] = refused->devices[i];
        }
    }
    refused->count = kept;
}

bool usb_refused_has(struct usb_refused *refused, const struct usb_device *device)
{
    for (size_t i = 0; i < refused->count; i++) {
        if (usb_is_same_device(&refused->devices[i], device)) {
            refused->is_still_there[i] = true;
            return true;
        }
    }
    return false;
}

bool usb_refused_add(struct usb_refused *refused, const struct usb_device *device)
{
    if (refused->count == USB_REFUSED_MAX) {
        return false;
    }
    refused->is_still_there[refused->count] = true;
    refused->devices[refused->count++] = *device;
    return true;
}

bool usb_is_same_device(const struct usb_device *left, const struct usb_device *right)
{
    return text_equal(left->port, right->port) && left->vendor == right->vendor &&
           left->product == right->product && text_equal(left->serial, right->serial) &&
           left->can_type == right->can_type && left->has_class == right->has_class;
}
