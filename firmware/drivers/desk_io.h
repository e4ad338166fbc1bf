// SPDX-License-Identifier: EUPL-1.2
//
// The stand-ins of a desk: the pocket's socket for the scanner, pictures for the printer, a socket
// for virtual cards. Not in device builds.
#ifndef INLOOP_DRIVERS_DESK_IO_H
#define INLOOP_DRIVERS_DESK_IO_H

#include "base/config.h"
#include "ports/card_reader.h"
#include "ports/id_reader.h"
#include "ports/printer.h"

// Each is one a process, not yet open; NULL when the configuration names none (scanner.socket,
// printer.spool, card.desk) or names it wrongly.
struct id_reader *desk_io_reader(const struct config *config);
struct printer *desk_io_printer(const struct config *config);
struct card_reader *desk_io_card(const struct config *config);

#endif
