// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a device may say of itself before it is let in: read within its bytes, and never let in
// for nothing.
#include "drivers/usb_gate.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct usb_gate gate; // no name is given
    struct usb_facts facts;
    if (usb_facts_read(&facts, data, len) != OK) {
        CHECK(facts.interfaces_count == 0);
        CHECK(!usb_gate_lets_in(&gate, &facts));
        return 0;
    }
    CHECK(facts.interfaces_count <= USB_GATE_INTERFACES_MAX);
    CHECK(strlen(usb_facts_kind(&facts)) < 16);
    if (usb_gate_lets_in(&gate, &facts)) {
        CHECK(facts.interfaces_count > 0 && !facts.device.can_type);
    }
    return 0;
}
