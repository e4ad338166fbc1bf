// SPDX-License-Identifier: EUPL-1.2
//
// Preloaded before a program, makes every fsync and fdatasync take SLOW_FSYNC_MS longer: a stand-in
// for the storage of an appliance.
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int fsync(int fd);
int fdatasync(int fd);

static void wait_longer(void)
{
    const char *words = getenv("SLOW_FSYNC_MS");
    long wait_ms = words == NULL ? 0 : strtol(words, NULL, 10);
    struct timespec wait = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};
    (void)nanosleep(&wait, NULL); // cut short by a signal is still slow enough
}

int fsync(int fd)
{
    union {
        void *found;
        int (*call)(int);
    } real = {.found = dlsym(RTLD_NEXT, "fsync")};
    wait_longer();
    return real.call(fd);
}

int fdatasync(int fd)
{
    union {
        void *found;
        int (*call)(int);
    } real = {.found = dlsym(RTLD_NEXT, "fdatasync")};
    wait_longer();
    return real.call(fd);
}
