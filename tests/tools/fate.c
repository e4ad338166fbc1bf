// SPDX-License-Identifier: EUPL-1.2
//
// Preloaded before the hub: kills it at a chosen write to its store, and says what time it is. The
// test decides while the hub runs, through FATE_FILE, which both have mapped (tests/tools/fate.py).
// A store write is a transaction in the log of SQLite: some pwrites and one sync.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum when { BEFORE, HALFWAY, AFTER };
enum { HALFWAY_PWRITES = 3 };

struct fate {
    _Atomic int32_t writes_count; // synced so far
    _Atomic int32_t dies_at;      // the how many'th write; 0: lives
    _Atomic int32_t when;
    _Atomic int32_t wait_ms;  // the disk hangs so long before it
    _Atomic int64_t ahead_ms; // of the wall clock
};

static struct fate *fate;
static int pwrites_count; // since the last sync; the commit thread's alone

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void map_fate(void)
{
    const char *path = getenv("FATE_FILE");
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    void *memory =
        fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *fate, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        (void)fputs("FATE_FILE is needed\n", stderr);
        _exit(3);
    }
    (void)close(fd);
    fate = memory;
}

static bool is_log(int fd)
{
    char link[40];
    char path[512];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    return len > 4 && memcmp(path + len - 4, "-wal", 4) == 0;
}

static void die_if(bool is_time)
{
    if (is_time && fate->dies_at != 0) {
        fate->dies_at = 0; // once: the next hub lives
        struct timespec wait = {.tv_sec = fate->wait_ms / 1000,
                                .tv_nsec = fate->wait_ms % 1000 * 1000000L};
        (void)nanosleep(&wait, NULL);
        (void)kill(getpid(), SIGKILL);
        (void)pause();
    }
}

static void see_write(int fd)
{
    if (is_log(fd)) {
        bool is_next = fate->writes_count + 1 == fate->dies_at;
        pwrites_count += 1;
        die_if(is_next && fate->when == BEFORE);
        die_if(is_next && fate->when == HALFWAY && pwrites_count == HALFWAY_PWRITES);
    }
}

static void see_sync(int fd)
{
    if (is_log(fd)) {
        pwrites_count = 0;
        fate->writes_count += 1;
        die_if(fate->writes_count == fate->dies_at);
    }
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    union {
        void *found;
        ssize_t (*call)(int, const void *, size_t, off64_t);
    } next = {.found = real("pwrite64")};
    see_write(fd);
    return next.call(fd, bytes, len, at);
}

int fdatasync(int fd)
{
    union {
        void *found;
        int (*call)(int);
    } next = {.found = real("fdatasync")};
    int result = next.call(fd);
    see_sync(fd);
    return result;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    union {
        void *found;
        int (*call)(clockid_t, struct timespec *);
    } next = {.found = real("clock_gettime")};
    int result = next.call(clock, now);
    if (clock == CLOCK_REALTIME && fate != NULL) {
        now->tv_sec += fate->ahead_ms / 1000;
    }
    return result;
}
