// SPDX-License-Identifier: EUPL-1.2
//
// The kiosk's cables: scanner, printer and card reader on the I/O thread, told to the screens as
// messages. On a device all are USB; a desk may have stand-ins instead.
#ifndef INLOOP_APPS_KIOSK_IO_H
#define INLOOP_APPS_KIOSK_IO_H

#include "apps/kiosk/card_io.h"
#include "drivers/cables.h"
#include "link/hub_client.h"

struct io {
    const struct config *config;
    struct hub_client *client; // set by start
    // Of the I/O thread from start to stop.
    struct cables cables;
    struct id_reader *reader; // NULL: could not be opened
    struct printer *printer;
    struct card_io card;
    uint32_t jobs_count;
};

// Keeps `config`; reads scanner.usb, keypad.usb, printer.usb and card.usb. `io` is large and comes
// zeroed. ERR_MALFORMED: `fault` names the key.
MUST_USE enum err io_init(struct io *io, const struct config *config, struct fault *fault);
// What the hub's line does on its thread; borrows `io` until stop.
struct hub_client_io io_hooks(struct io *io);
// On the I/O thread: starts a job; its end is posted as IO_PRINTED or IO_NOT_PRINTED.
void io_print(struct io *io, const struct raster *raster);
void io_card(struct io *io, const struct card_order_private *order); // likewise

#endif
