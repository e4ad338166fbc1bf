// SPDX-License-Identifier: EUPL-1.2
//
// The configuration's keys turned into drivers.
#include "drivers/cables.h"

#include "base/clock.h"
#ifdef INLOOP_DESK
#include "drivers/desk_io.h"
#endif

enum err cables_init(struct cables *cables, const struct config *config, struct fault *fault)
{
    enum err err = usb_rule_read(&cables->rules.scanner, config, "scanner.usb", fault);
    if (err == OK) {
        err = usb_rule_read(&cables->rules.keypad, config, "keypad.usb", fault);
    }
    err = err == OK ? usb_rule_read(&cables->printer_rule, config, "printer.usb", fault) : err;
    return err == OK ? usb_rule_read(&cables->card_rule, config, "card.usb", fault) : err;
}

void cables_choose(struct cables *cables, const struct config *config)
{
#ifdef INLOOP_DESK
    cables->reader = desk_io_reader(config);
    cables->printer = desk_io_printer(config);
    cables->card = desk_io_card(config);
#else
    (void)config; // a device has USB alone
#endif
    if (cables->reader == NULL) {
        usb_host_init(&cables->scanner_host);
        scanner_init(&cables->scanner, &cables->scanner_host.port, clock_system(), &cables->rules);
        cables->reader = &cables->scanner.port;
    }
    if (cables->printer == NULL) {
        usb_host_init(&cables->printer_host);
        usb_printer_init(&cables->usb_printer, &cables->printer_host.port, clock_system(),
                         &cables->printer_rule);
        cables->printer = &cables->usb_printer.port;
    }
    if (cables->card == NULL) {
        usb_host_init(&cables->card_host);
        usb_card_reader_init(&cables->usb_card, &cables->card_host.port, clock_system(),
                             &cables->card_rule);
        cables->card = &cables->usb_card.port;
    }
}

void cables_free(struct cables *cables)
{
    usb_host_free(&cables->scanner_host);
    usb_host_free(&cables->printer_host);
    usb_host_free(&cables->card_host);
}
