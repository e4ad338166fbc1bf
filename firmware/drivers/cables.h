// SPDX-License-Identifier: EUPL-1.2
//
// Which driver stands behind each cable of a device: scanner, printer and card reader as they are
// configured. On a device all are USB; a desk may have stand-ins instead. Opens nothing: what is
// said and heard is the program's.
#ifndef INLOOP_DRIVERS_CABLES_H
#define INLOOP_DRIVERS_CABLES_H

#include "base/config.h"
#include "drivers/printer.h"
#include "drivers/scanner.h"
#include "drivers/usb_card_reader.h"
#include "drivers/usb_host.h"

struct cables {
    struct scanner_rules rules;
    struct usb_rule printer_rule;
    struct usb_rule card_rule;
    // Of the I/O thread from choose to free.
    struct usb_host scanner_host;
    struct usb_host printer_host;
    struct usb_host card_host;
    struct scanner scanner;
    struct usb_printer usb_printer;
    struct usb_card_reader usb_card;
    struct id_reader *reader;
    struct printer *printer;
    struct card_reader *card;
};

// Reads scanner.usb, keypad.usb, printer.usb and card.usb. `cables` is large and comes zeroed.
// ERR_MALFORMED: `fault` names the key.
MUST_USE enum err cables_init(struct cables *cables, const struct config *config,
                              struct fault *fault);
// On the I/O thread: fills `reader`, `printer` and `card`, none of them open yet.
void cables_choose(struct cables *cables, const struct config *config);
// After each was closed.
void cables_free(struct cables *cables);

#endif
