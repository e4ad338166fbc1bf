// SPDX-License-Identifier: EUPL-1.2
//
// Which USB device may do which work: the makers we know, and a configuration's own narrower rule.
#ifndef INLOOP_DRIVERS_MODELS_H
#define INLOOP_DRIVERS_MODELS_H

#include "base/config.h"
#include "drivers/usb.h"

enum model_kind { MODEL_SCANNER, MODEL_PRINTER, MODEL_CARD_READER };

enum { MODEL_ANY_PRODUCT = 0 };

struct model {
    uint16_t vendor;
    uint16_t product; // MODEL_ANY_PRODUCT: all of this maker; what it says it can do decides
    enum model_kind kind;
    const char *name;
    bool was_tried; // on the hardware itself, not only on a script
};

// A constant table, `*count` rows.
const struct model *models_all(size_t *count);
// The row for this device, or NULL.
const struct model *models_find(enum model_kind kind, const struct usb_device *device);

// One device that was named: everything that is given must be equal.
struct usb_rule {
    bool is_given;
    uint16_t vendor;
    uint16_t product;
    char serial[USB_SERIAL_BYTES]; // "": any
    char port[USB_PORT_BYTES];     // "": any
};

// Reads `vid:pid[:serial][@port]`: four hex digits each, a serial of printable ASCII without '@', a
// port such as 1-2.3. ERR_MALFORMED: `fault` says which part; `rule` is then not given.
MUST_USE enum err usb_rule_parse(struct usb_rule *rule, const char *words, struct fault *fault);
// The rule behind `key`; absent is OK and gives a rule that is not given.
MUST_USE enum err usb_rule_read(struct usb_rule *rule, const struct config *config, const char *key,
                                struct fault *fault);
// A given rule decides alone; without one the table does.
bool usb_rule_allows(const struct usb_rule *rule, enum model_kind kind,
                     const struct usb_device *device);
// True when a given rule names this very device.
bool usb_rule_names(const struct usb_rule *rule, const struct usb_device *device);

#endif
