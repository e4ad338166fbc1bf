// SPDX-License-Identifier: EUPL-1.2
//
// The pocket's socket as a scanner.
#include "drivers/desk_scanner.h"

#include "base/bytes.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

static enum err scanner_open(struct id_reader *port, id_reader_event_fn on_event, void *ctx,
                             struct fault *fault);
static void scanner_poll(struct id_reader *port);
static size_t scanner_fds(struct id_reader *port, int *fds, size_t fds_max);
static void scanner_close(struct id_reader *port);
static void set_alarm(struct desk_scanner *scanner);
static void read_client(struct desk_scanner *scanner);
static void take_message(struct desk_scanner *scanner);
static void drop_client(struct desk_scanner *scanner);

static const struct id_reader_ops ops = {
    .open = scanner_open, .poll = scanner_poll, .fds = scanner_fds, .close = scanner_close};

enum err desk_scanner_init(struct desk_scanner *scanner, const char *path, struct clock clock)
{
    *scanner = (struct desk_scanner){.port = {.ops = &ops}, .clock = clock};
    return text_copy(scanner->path, sizeof scanner->path, path);
}

static struct desk_scanner *self(struct id_reader *port)
{
    return (struct desk_scanner *)port;
}

static enum err scanner_open(struct id_reader *port, id_reader_event_fn on_event, void *ctx,
                             struct fault *fault)
{
    struct desk_scanner *scanner = self(port);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    CHECK(text_copy(address.sun_path, sizeof address.sun_path, scanner->path) == OK);
    scanner->on_event = on_event;
    scanner->ctx = ctx;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    (void)unlink(scanner->path); // left by an earlier run
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 4) != 0) {
        int error = errno;
        (void)close(fd); // never used
        return fault_set(fault, ERR_IO, "scanner: %s: %s", scanner->path, strerror(error));
    }
    scanner->listener = fd;
    scanner->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    CHECK(scanner->alarm >= 0);
    return OK;
}

static void scanner_poll(struct id_reader *port)
{
    struct desk_scanner *scanner = self(port);
    if (scanner->listener == 0) {
        return;
    }
    if (!scanner->has_told) {
        scanner->has_told = true;
        scanner->on_event(&(struct id_reader_event){.kind = ID_READER_READY}, scanner->ctx);
    }
    if (scanner->client == 0) {
        int fd = accept4(scanner->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        scanner->client = fd < 0 ? 0 : fd;
    }
    if (scanner->client != 0) {
        read_client(scanner);
    }
    set_alarm(scanner);
}

// Wakes us once more when the last code has to be forgotten; setting it also takes a ring away.
static void set_alarm(struct desk_scanner *scanner)
{
    int64_t in_ms = code_gate_forget(&scanner->gate, clock_monotonic_ms(&scanner->clock));
    const struct itimerspec when = {
        .it_value = {.tv_sec = in_ms / 1000, .tv_nsec = in_ms % 1000 * 1000000}};
    CHECK(timerfd_settime(scanner->alarm, 0, &when, NULL) == 0);
}

static size_t scanner_fds(struct id_reader *port, int *fds, size_t fds_max)
{
    struct desk_scanner *scanner = self(port);
    size_t count = 0;
    if (scanner->listener != 0 && count < fds_max) {
        fds[count++] = scanner->listener;
    }
    if (scanner->client != 0 && count < fds_max) {
        fds[count++] = scanner->client;
    }
    if (scanner->alarm != 0 && count < fds_max) {
        fds[count++] = scanner->alarm;
    }
    return count;
}

static void scanner_close(struct id_reader *port)
{
    struct desk_scanner *scanner = self(port);
    if (scanner->listener != 0) {
        drop_client(scanner);
        (void)close(scanner->listener); // nothing is lost with it
        (void)close(scanner->alarm);
        (void)unlink(scanner->path); // may be gone
    }
    wipe(scanner->buf_private, sizeof scanner->buf_private);
    code_gate_wipe(&scanner->gate);
    scanner->listener = 0;
    scanner->alarm = 0;
}

static void read_client(struct desk_scanner *scanner)
{
    ssize_t got = recv(scanner->client, scanner->buf_private + scanner->buf_len,
                       sizeof scanner->buf_private - scanner->buf_len, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got > 0) {
        scanner->buf_len += (size_t)got;
        take_message(scanner);
    } else {
        drop_client(scanner);
    }
}

static void take_message(struct desk_scanner *scanner)
{
    struct bytes_in in;
    bytes_in_init(&in, scanner->buf_private, scanner->buf_len);
    size_t len = bytes_in_u16be(&in);
    if (in.failed) {
        return;
    }
    bool fits = len > 0 && len <= DESK_SCANNER_TEXT_BYTES;
    if (fits && bytes_in_left(&in) < len) {
        return; // more is coming
    }
    char code_private[DESK_SCANNER_TEXT_BYTES + 1] = {0};
    if (fits) {
        memcpy(code_private, bytes_in_take(&in, len), len);
    }
    drop_client(scanner);
    len = fits ? len : 1; // a zero byte: told as a code that cannot be read
    if (code_gate_pass(&scanner->gate, clock_monotonic_ms(&scanner->clock), code_private, &len)) {
        scanner->on_event(&(struct id_reader_event){.kind = ID_READER_CODE,
                                                    .code_private = code_private,
                                                    .code_len = len},
                          scanner->ctx);
    }
    wipe(code_private, sizeof code_private);
}

static void drop_client(struct desk_scanner *scanner)
{
    if (scanner->client != 0) {
        (void)close(scanner->client); // one message a connection
    }
    scanner->client = 0;
    wipe(scanner->buf_private, sizeof scanner->buf_private);
    scanner->buf_len = 0;
}
