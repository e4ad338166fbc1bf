// SPDX-License-Identifier: EUPL-1.2
//
// A netlink socket that only the kernel may say something on.
#include "base/uevents.h"

#include "base/text.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GROUP_OF_THE_KERNEL = 1 };

int uevents_open(void)
{
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = GROUP_OF_THE_KERNEL};
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
    if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd); // never used
        fd = -1;
    }
    return fd;
}

bool uevents_take(int fd, const char *subsystem)
{
    char words[UEVENT_BYTES_MAX];
    bool is_about = false;
    for (;;) {
        struct sockaddr_nl from = {0};
        socklen_t from_len = sizeof from;
        ssize_t len = recvfrom(fd, words, sizeof words, 0, (struct sockaddr *)&from, &from_len);
        if (len < 0 && errno == ENOBUFS) {
            is_about = true;
            continue;
        }
        if (len < 0) {
            return is_about;
        }
        is_about = is_about || (from.nl_pid == 0 && uevent_is_about(words, (size_t)len, subsystem));
    }
}

bool uevent_is_about(const char *words, size_t len, const char *subsystem)
{
    static const char key[] = "SUBSYSTEM=";
    size_t at = 0;
    while (at < len) {
        const char *word = words + at;
        size_t word_len = strnlen(word, len - at);
        bool is_key = word_len >= sizeof key - 1 && memcmp(word, key, sizeof key - 1) == 0;
        if (is_key && word_len < len - at && text_equal(word + sizeof key - 1, subsystem)) {
            return true;
        }
        at += word_len + 1;
    }
    return false;
}
