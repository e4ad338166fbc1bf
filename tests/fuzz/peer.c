// SPDX-License-Identifier: EUPL-1.2
//
// One socket of the hostile end.
#include "tests/fuzz/peer.h"

#include "base/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE_BYTES_MAX = 64, TURN_MS = 1 };

static void start(struct peer *peer, struct loop *loop, const uint8_t *data, size_t len);
static void on_ready(void *ctx, bool can_read, bool can_write);
static void on_patience(void *ctx);
static void take_caller(struct peer *peer);
static void leave_by_reset(int fd);
static void read_all(struct peer *peer);
static void say_piece(struct peer *peer);
static void hang_up(struct peer *peer);

void peer_listen(struct peer_listener *listener)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    listener->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK(listener->fd >= 0);
    CHECK(bind(listener->fd, (struct sockaddr *)&address, size) == 0);
    CHECK(listen(listener->fd, 64) == 0);
    CHECK(getsockname(listener->fd, (struct sockaddr *)&address, &size) == 0);
    listener->port = ntohs(address.sin_port);
}

void peer_connect(struct peer *peer, struct loop *loop, uint16_t port, const uint8_t *data,
                  size_t len)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *peer = (struct peer){.listener = -1};
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(peer->fd >= 0);
    leave_by_reset(peer->fd);
    // A server that hangs up first keeps the pair of ports for a minute: take another address.
    static uint32_t callers;
    const struct sockaddr_in own = {.sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK + callers++ % 4096)};
    CHECK(bind(peer->fd, (const struct sockaddr *)&own, sizeof own) == 0);
    CHECK(connect(peer->fd, (struct sockaddr *)&address, sizeof address) == 0);
    start(peer, loop, data, len);
    peer->watch = loop_watch_new(loop, peer->fd, on_ready, peer);
    loop_watch_set(peer->watch, true, true);
}

void peer_accept(struct peer *peer, struct loop *loop, const struct peer_listener *listener,
                 const uint8_t *data, size_t len)
{
    *peer = (struct peer){.listener = listener->fd, .fd = -1};
    start(peer, loop, data, len);
    peer->watch = loop_watch_new(loop, listener->fd, on_ready, peer);
    loop_watch_set(peer->watch, true, false);
}

void peer_turn(struct peer *peer)
{
    loop_timer_start(peer->patience, TURN_MS);
    loop_run(peer->loop);
}

bool peer_is_over(const struct peer *peer)
{
    return peer->fd < 0 && peer->listener < 0;
}

void peer_close(struct peer *peer)
{
    hang_up(peer);
    loop_watch_free(peer->watch); // the listener's, when nobody called
    loop_timer_free(peer->patience);
}

static void start(struct peer *peer, struct loop *loop, const uint8_t *data, size_t len)
{
    peer->loop = loop;
    peer->data = data;
    peer->len = len;
    peer->seed = len == 0 ? 0 : data[0];
    peer->patience = loop_timer_new(loop, on_patience, peer);
}

static void on_ready(void *ctx, bool can_read, bool can_write)
{
    struct peer *peer = ctx;
    if (peer->fd < 0) {
        take_caller(peer);
    } else {
        if (can_read) {
            read_all(peer);
        }
        if (can_write && peer->fd >= 0) {
            say_piece(peer);
        }
    }
    loop_stop(peer->loop);
}

static void on_patience(void *ctx)
{
    const struct peer *peer = ctx;
    loop_stop(peer->loop);
}

static void take_caller(struct peer *peer)
{
    int fd = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) {
        return;
    }
    leave_by_reset(fd);
    loop_watch_free(peer->watch);
    peer->listener = -1;
    peer->fd = fd;
    peer->watch = loop_watch_new(peer->loop, fd, on_ready, peer);
    loop_watch_set(peer->watch, true, true);
}

// A port that was closed in order rests for a minute, and a minute of fuzzing uses up all there
// are.
static void leave_by_reset(int fd)
{
    struct linger reset = {.l_onoff = 1};
    CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0);
}

static void read_all(struct peer *peer)
{
    char bytes[4096];
    ssize_t got = recv(peer->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    while (got > 0) {
        got = recv(peer->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    }
    if (got == 0 || errno != EAGAIN) {
        hang_up(peer);
    }
}

// When all is said this end stops sending and still reads: the other must end it.
static void say_piece(struct peer *peer)
{
    peer->seed = peer->seed * 1103515245U + 12345U;
    size_t piece = 1 + (peer->seed >> 16) % ((peer->seed >> 8) % 4 == 0 ? 4096 : PIECE_BYTES_MAX);
    piece = piece < peer->len - peer->said ? piece : peer->len - peer->said;
    if (piece > 0) {
        ssize_t put = send(peer->fd, peer->data + peer->said, piece, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && errno != EAGAIN) {
            hang_up(peer);
            return;
        }
        peer->said += put > 0 ? (size_t)put : 0;
    }
    if (peer->said == peer->len && !peer->is_silent) {
        peer->is_silent = true;
        (void)shutdown(peer->fd, SHUT_WR); // gone already is as good
        loop_watch_set(peer->watch, true, false);
    }
}

// With a reset, so that a million connections leave no million waiting sockets behind.
static void hang_up(struct peer *peer)
{
    if (peer->fd < 0) {
        return;
    }
    struct linger none = {.l_onoff = 1};
    (void)setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none); // only tidiness
    loop_watch_free(peer->watch);
    peer->watch = NULL;
    (void)close(peer->fd); // nobody is told anything more
    peer->fd = -1;
}
