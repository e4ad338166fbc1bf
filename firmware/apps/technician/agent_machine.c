// SPDX-License-Identifier: EUPL-1.2
//
// The machine itself: needs root, and a Linux with the boot partition mounted.
#include "apps/technician/agent_machine.h"

#include "base/clock.h"
#include "base/file.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <unistd.h>

enum { SHUTDOWN_S = 30, BOOT_ID_BYTES = 36 };

static enum err remount(void *ctx, bool is_writable, struct fault *fault);
static void restart(void *ctx);
static int64_t up_ms(void *ctx);

enum err agent_machine_real(struct agent_machine *machine, const char *esp, struct fault *fault)
{
    static const char path[] = "/proc/sys/kernel/random/boot_id";
    *machine = (struct agent_machine){
        .remount = remount, .reboot = restart, .up_ms = up_ms, .esp = esp, .ctx = machine};
    char *bytes = NULL;
    size_t len = 0;
    enum err err = file_read(path, BOOT_ID_BYTES, &bytes, &len);
    if (err != OK || len < BOOT_ID_BYTES) {
        free(bytes);
        return fault_set(fault, ERR_IO, "%s: cannot be read", path);
    }
    memcpy(machine->boot, bytes, BOOT_ID_BYTES);
    free(bytes);
    return OK;
}

static enum err remount(void *ctx, bool is_writable, struct fault *fault)
{
    const struct agent_machine *machine = ctx;
    unsigned long flags = MS_REMOUNT | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (mount(NULL, machine->esp, NULL, flags | (is_writable ? 0 : MS_RDONLY), NULL) != 0) {
        return fault_set(fault, ERR_IO, "%s: %s", machine->esp, strerror(errno));
    }
    return OK;
}

// By way of init, which ends the programs and unmounts; without it, should that hang.
static void restart(void *ctx)
{
    (void)ctx;
    sync();
    (void)kill(1, SIGTERM); // what comes behind does it otherwise
    (void)sleep(SHUTDOWN_S);
    sync();
    (void)reboot(RB_AUTOBOOT); // the watchdog is what is left after that
}

static int64_t up_ms(void *ctx)
{
    (void)ctx;
    struct clock clock = clock_system(); // its monotonic time begins with the machine
    return clock_monotonic_ms(&clock);
}
