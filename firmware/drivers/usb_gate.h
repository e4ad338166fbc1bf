// SPDX-License-Identifier: EUPL-1.2
//
// Which USB device is let in at all. The kernel lets none in by itself
// (usbcore.authorized_default=0); what a device says it is, read from its descriptors (USB 2.0
// section 9.6), decides. Pure: bytes in, yes or no and a word out.
//
// Let in: hubs; scanners, printers and card readers of the makers we know, and pointers of makers
// of touch screens, each only with the interfaces of its kind; what the configuration names, with
// whatever it has. A keyboard is let in as keypad.usb, touch.usb or usb.allow only: it types into
// whatever listens.
#ifndef INLOOP_DRIVERS_USB_GATE_H
#define INLOOP_DRIVERS_USB_GATE_H

#include "drivers/models.h"

enum {
    USB_GATE_RULES_MAX = 24,
    USB_GATE_INTERFACES_MAX = 32,
    USB_GATE_DESCRIPTORS_MAX = 4096,
};

struct usb_facts {
    struct usb_device device; // vendor, product, release; serial and port are the caller's to fill
    uint8_t class_code;
    struct {
        uint8_t class_code;
        uint8_t subclass;
        uint8_t protocol;
    } interfaces[USB_GATE_INTERFACES_MAX];
    size_t interfaces_count;
};
// The device's descriptor and behind it all its configurations, as the kernel gives them in sysfs.
// ERR_MALFORMED: cut short, or lengths that do not match. ERR_TOO_BIG: more than our limits.
MUST_USE enum err usb_facts_read(struct usb_facts *facts, const uint8_t *bytes, size_t len);

struct usb_gate {
    struct {
        struct usb_rule rule;
        bool may_type;
    } rules[USB_GATE_RULES_MAX];
    size_t rules_count;
    bool has_scanner_rule; // then the makers' table does not count for that kind
    bool has_printer_rule;
    bool has_card_rule;
    bool has_touch_rule;
};
// Reads scanner.usb, printer.usb, card.usb, keypad.usb, and the lists touch.usb and usb.allow
// (`vid:pid` words with blanks between). ERR_MALFORMED: `fault` names the key. ERR_FULL.
MUST_USE enum err usb_gate_init(struct usb_gate *gate, const struct config *config,
                                struct fault *fault);
bool usb_gate_lets_in(const struct usb_gate *gate, const struct usb_facts *facts);
// "storage", "keyboard", "network"...: for a person; at most 15 bytes.
const char *usb_facts_kind(const struct usb_facts *facts);

#endif
