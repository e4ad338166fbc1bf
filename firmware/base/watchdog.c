// SPDX-License-Identifier: EUPL-1.2
//
// The kernel's watchdog character device: opening arms it, any byte feeds it, 'V' before closing
// lets it go.
#include "base/watchdog.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/watchdog.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { FEEDS = 3, TIMEOUT_S_DEFAULT = 60, TIMEOUT_S_MAX = 3600 };

enum err watchdog_open(struct watchdog *watchdog, const char *path, int64_t timeout_ms,
                       int64_t now_ms, struct fault *fault)
{
    CHECK(timeout_ms > 0);
    *watchdog = (struct watchdog){0};
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        bool is_missing = errno == ENOENT || errno == ENODEV;
        return fault_set(fault, is_missing ? ERR_NOT_FOUND : ERR_IO, "watchdog: %s: %s", path,
                         strerror(errno));
    }
    int timeout_s = (int)((timeout_ms + 999) / 1000);
    if (ioctl(fd, WDIOC_SETTIMEOUT, &timeout_s) != 0) {
        // One of a fixed length: it is asked how long that is.
        int told_s = 0;
        timeout_s = ioctl(fd, WDIOC_GETTIMEOUT, &told_s) == 0 && told_s > 0 ? told_s : timeout_s;
    }
    *watchdog = (struct watchdog){
        .fd = fd, .timeout_ms = (int64_t)timeout_s * 1000, .fed_ms = INT64_MIN / 2};
    watchdog_feed(watchdog, now_ms);
    return OK;
}

enum err watchdog_open_by(struct watchdog *watchdog, const struct config *config, int64_t now_ms,
                          struct fault *fault)
{
    *watchdog = (struct watchdog){0};
    const char *path = config_get(config, "watchdog.device", NULL);
    int64_t timeout_s = TIMEOUT_S_DEFAULT;
    enum err err = config_get_int(config, "watchdog.timeout_s", 2, TIMEOUT_S_MAX, &timeout_s);
    if (err != OK && err != ERR_NOT_FOUND) {
        return fault_set(fault, err, "watchdog.timeout_s: 2 to %d seconds", TIMEOUT_S_MAX);
    }
    return path == NULL ? OK : watchdog_open(watchdog, path, timeout_s * 1000, now_ms, fault);
}

void watchdog_feed(struct watchdog *watchdog, int64_t now_ms)
{
    if (watchdog->fd == 0 || now_ms < watchdog_next_ms(watchdog)) {
        return;
    }
    // One that cannot be written to restarts the machine, which is what it is for.
    (void)!write(watchdog->fd, "", 1);
    watchdog->fed_ms = now_ms;
}

int64_t watchdog_next_ms(const struct watchdog *watchdog)
{
    return watchdog->fd == 0 ? INT64_MAX : watchdog->fed_ms + watchdog->timeout_ms / FEEDS;
}

void watchdog_close(struct watchdog *watchdog, bool stops)
{
    if (watchdog->fd != 0) {
        // The last byte counts: a feed for whoever comes next, or the word that ends it.
        (void)!write(watchdog->fd, stops ? "V" : "", 1);
        (void)close(watchdog->fd); // nothing was buffered
    }
    *watchdog = (struct watchdog){0};
}
