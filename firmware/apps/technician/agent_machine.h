// SPDX-License-Identifier: EUPL-1.2
//
// What the agent does to the machine itself, behind functions, so that a desk can stand in for one.
#ifndef INLOOP_APPS_TECHNICIAN_AGENT_MACHINE_H
#define INLOOP_APPS_TECHNICIAN_AGENT_MACHINE_H

#include "base/config.h"

#include <stdbool.h>
#include <stdint.h>

enum { MACHINE_BOOT_BYTES = 40 };

struct agent_machine {
    // The boot partition: written to only between true and false. ERR_IO.
    enum err (*remount)(void *ctx, bool is_writable, struct fault *fault);
    // Starts the machine again; may return when that takes a while.
    void (*reboot)(void *ctx);
    int64_t (*up_ms)(void *ctx);   // since the machine started
    char boot[MACHINE_BOOT_BYTES]; // the kernel's name of this start
    const char *esp;
    void *ctx;
};

// Borrows `esp`. ERR_IO: not a Linux we know.
MUST_USE enum err agent_machine_real(struct agent_machine *machine, const char *esp,
                                     struct fault *fault);
// desk_machine.c: a folder as boot partition, a file in it as power button. Keeps `config`.
void agent_machine_desk(struct agent_machine *machine, const struct config *config,
                        const char *esp);

#endif
