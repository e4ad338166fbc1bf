// SPDX-License-Identifier: EUPL-1.2
//
// Lays the card on a reader that speaks the vpcd protocol, and leaves it there.
#ifndef INLOOP_DEMO_CHIP_LAY_H
#define INLOOP_DEMO_CHIP_LAY_H

#include "demo/chip/chip.h"

// `address`: a local socket's path or 127.0.0.1:port. Returns once it is lifted: SIGTERM or SIGINT
// came, the reader went, or the card leaves by itself. ERR_IO: nobody listens there.
MUST_USE enum err chip_lay(struct chip *chip, const char *address, struct fault *fault);

#endif
