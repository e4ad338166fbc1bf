// SPDX-License-Identifier: EUPL-1.2
//
// What a card reader's descriptors do not say, or say wrongly: which interface and slot the visitor
// lays a card on, how slow it is, and how its lights are driven. By vendor, product and release.
#ifndef INLOOP_DRIVERS_CARD_MODELS_H
#define INLOOP_DRIVERS_CARD_MODELS_H

#include "drivers/usb.h"
#include "ports/card_reader.h"

enum { CARD_SIGNALS_COUNT = CARD_SIGNAL_TAKE + 1, CARD_LIGHT_BYTES = 9 };

// One message of the maker's own language (CCID_ESCAPE); none when `len` is 0.
struct card_light {
    uint8_t bytes[CARD_LIGHT_BYTES];
    size_t len;
};

struct card_lights {
    struct card_light hello;                       // once, when it is opened
    struct card_light signals[CARD_SIGNALS_COUNT]; // by enum card_signal
};

struct card_model {
    uint16_t vendor;
    uint16_t product;
    uint16_t release_max; // up to and with this one; several rows of one product go upwards
    uint8_t interface;    // of its CCID interfaces, the one for visitors' cards
    uint8_t slot;         // on it
    bool is_contactless;
    bool is_deaf;                     // its notices cannot be relied on: it is asked all the time
    uint8_t wait_factor;              // how much more time it takes than others, at least 1
    const struct card_lights *lights; // NULL: none that we know
};

// NULL: not in the table; then the first usable interface and its slot 0 are taken.
const struct card_model *card_models_find(const struct usb_device *device);

#endif
