// SPDX-License-Identifier: EUPL-1.2
//
// The card's side of vpcd (vsmartcard): two bytes of length, high byte first; what is one byte long
// is the reader's own word.
#include "demo/chip/chip_lay.h"

#include "base/bytes.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_BYTES_MAX = 65535, WORD_OFF = 0, WORD_ON = 1, WORD_RESET = 2, WORD_ATR = 4 };

static int connect_to(const char *address);
static int new_lift_signal(void);
static int64_t now_us(void);
static bool read_all(int fd, int lift, uint8_t *out, size_t len);
static bool serve_one(struct chip *chip, int fd, int lift, int64_t *own_us);
static bool send_message(int fd, const uint8_t *bytes, size_t len);

enum err chip_lay(struct chip *chip, const char *address, struct fault *fault)
{
    const int lift = new_lift_signal();
    const int fd = connect_to(address);
    if (fd < 0) {
        (void)close(lift); // nothing is lost
        return fault_set(fault, ERR_IO, "%s: no reader listens: %s", address, strerror(errno));
    }
    printf("laid\n");
    (void)fflush(stdout); // who waits for it sees it
    int64_t own_us = 0;   // between a command and its answer
    while (serve_one(chip, fd, lift, &own_us)) {
    }
    (void)close(fd); // that is what lifting is
    (void)close(lift);
    printf("lifted after %zu commands and %lld ms of its own, the photograph was read %zu times\n",
           chip->commands, (long long)(own_us / 1000), chip->portrait_readings);
    return OK;
}

static int connect_to(const char *address)
{
    static const char here[] = "127.0.0.1:";
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in tcp = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const bool is_tcp = text_starts_with(address, here);
    int64_t port = 0;
    if (is_tcp ? text_to_int64(address + sizeof here - 1, 1, UINT16_MAX, &port) != OK
               : text_copy(local.sun_path, sizeof local.sun_path, address) != OK) {
        errno = EINVAL;
        return -1;
    }
    tcp.sin_port = htons((uint16_t)port);
    const int fd = socket(is_tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr *there = is_tcp ? (const void *)&tcp : (const void *)&local;
    if (fd >= 0 && connect(fd, there, is_tcp ? sizeof tcp : sizeof local) != 0) {
        const int why = errno;
        (void)close(fd); // never was of use
        errno = why;
        return -1;
    }
    return fd;
}

static int new_lift_signal(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    CHECK(sigprocmask(SIG_BLOCK, &signals, NULL) == 0);
    const int fd = signalfd(-1, &signals, SFD_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

// False: the reader went, or the card is lifted.
static bool serve_one(struct chip *chip, int fd, int lift, int64_t *own_us)
{
    static uint8_t message[MESSAGE_BYTES_MAX];
    static uint8_t answer[CHIP_ANSWER_BYTES];
    uint8_t head[2];
    if (!read_all(fd, lift, head, sizeof head)) {
        return false;
    }
    const size_t len = (size_t)head[0] << 8 | head[1];
    if (!read_all(fd, lift, message, len)) {
        return false;
    }
    size_t answer_len = 0;
    if (len == 1 && message[0] == WORD_ATR) {
        answer_len = chip_atr(chip, answer);
    } else if (len == 1 || len == 0) {
        chip_power(chip); // off, on and reset all end what was
        return true;
    } else {
        const int64_t began_us = now_us();
        answer_len = chip_answer(chip, message, len, answer);
        *own_us += now_us() - began_us;
    }
    return answer_len > 0 && send_message(fd, answer, answer_len);
}

static int64_t now_us(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool read_all(int fd, int lift, uint8_t *out, size_t len)
{
    size_t done = 0;
    while (done < len) {
        struct pollfd waits[] = {{.fd = fd, .events = POLLIN}, {.fd = lift, .events = POLLIN}};
        if (poll(waits, 2, -1) < 0 || waits[1].revents != 0) {
            return false;
        }
        const ssize_t got = recv(fd, out + done, len - done, 0);
        if (got <= 0) {
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

static bool send_message(int fd, const uint8_t *bytes, size_t len)
{
    uint8_t message[2 + CHIP_ANSWER_BYTES];
    message[0] = (uint8_t)(len >> 8);
    message[1] = (uint8_t)len;
    memcpy(message + 2, bytes, len);
    return send(fd, message, len + 2, MSG_NOSIGNAL) == (ssize_t)(len + 2);
}
