// SPDX-License-Identifier: EUPL-1.2
//
// A machine of files, for a desk and for tests: the boot partition is a folder whose mode says
// whether it may be written, a restart leaves a file and ends the program, and the name of a start
// is a word of the configuration.
#include "apps/technician/agent_machine.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int64_t started_ms;

static enum err remount(void *ctx, bool is_writable, struct fault *fault);
static void restart(void *ctx);
static int64_t up_ms(void *ctx);

void agent_machine_desk(struct agent_machine *machine, const struct config *config, const char *esp)
{
    *machine = (struct agent_machine){
        .remount = remount, .reboot = restart, .up_ms = up_ms, .esp = esp, .ctx = machine};
    text_copy_cut(machine->boot, sizeof machine->boot, config_get(config, "machine.boot", ""));
    started_ms = up_ms(machine);
}

static enum err remount(void *ctx, bool is_writable, struct fault *fault)
{
    const struct agent_machine *machine = ctx;
    char folder[512];
    struct text text;
    text_init(&text, folder, sizeof folder);
    text_format(&text, "%s/EFI/Linux", machine->esp);
    return chmod(folder, is_writable ? 0700 : 0500) == 0
               ? OK
               : fault_set(fault, ERR_IO, "%s: %s", folder, strerror(errno));
}

static void restart(void *ctx)
{
    const struct agent_machine *machine = ctx;
    char path[512];
    struct fault fault = {0};
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/restarted", machine->esp);
    exit(file_write(path, 0644, machine->boot, strlen(machine->boot), &fault) == OK ? EXIT_SUCCESS
                                                                                    : EXIT_FAILURE);
}

static int64_t up_ms(void *ctx)
{
    (void)ctx;
    struct clock clock = clock_system();
    return clock_monotonic_ms(&clock) - started_ms;
}
