// SPDX-License-Identifier: EUPL-1.2
//
// Buffers, TLS and deadlines of one socket.
#include "link/conn.h"

#include "base/bytes.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READ_BYTES = 16 * 1024,
    TURN_BYTES_MAX = 256 * 1024, // read from one peer before the others have their turn
    LINGER_MS = 500,
    BUFFER_BYTES_FIRST = 4096,
};

enum phase { PHASE_CONNECTING, PHASE_HANDSHAKE, PHASE_OPEN, PHASE_FINISHING, PHASE_OVER };

struct buffer {
    char *bytes;
    size_t len;
    size_t start; // bytes before it are gone
    size_t size;
};

struct conn {
    struct conn_options options;
    int fd;
    struct tls *tls;
    struct loop_watch *watch;
    struct loop_timer *deadline;
    struct loop_timer *turn; // there is more to read; NULL: there never was
    struct buffer in;
    struct buffer out;
    enum phase phase;
    enum err ended; // why, with PHASE_OVER
    bool has_told;  // that it is over
    bool is_held;
    bool is_read_closed; // the peer stopped sending while held
    bool said_goodbye;
    bool is_freed; // inside an event
    int depth;
};

static void on_ready(void *ctx, bool can_read, bool can_write);
static void on_deadline(void *ctx);
static void on_turn(void *ctx);
static void step_connecting(struct conn *conn);
static void step_handshake(struct conn *conn);
static void step_read(struct conn *conn);
static bool is_turn_over(struct conn *conn, size_t taken_bytes);
static void end_of_input(struct conn *conn, enum err err);
static void step_write(struct conn *conn);
static enum err raw_read(struct conn *conn, char *buf, size_t size, size_t *got);
static enum err raw_write(struct conn *conn, size_t *put);
static void say_goodbye(struct conn *conn);
static void over(struct conn *conn, enum err err);
static void enter(struct conn *conn);
static void leave(struct conn *conn);
static void watch(struct conn *conn);
static void buffer_add(struct buffer *buffer, const void *data, size_t len);
static void buffer_take(struct buffer *buffer, size_t len);
static size_t buffer_left(const struct buffer *buffer);
static void buffer_free(struct buffer *buffer);

struct conn *conn_new(int fd, bool is_connecting, const struct conn_options *options)
{
    struct conn *conn = calloc(1, sizeof *conn);
    CHECK(conn != NULL);
    conn->options = *options;
    conn->fd = fd;
    int one = 1;
    // Answers are one write each: waiting to join them only adds the peer's delayed
    // acknowledgement.
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); // not a TCP socket in tests
    if (options->tls != NULL) {
        CHECK(tls_new(&conn->tls, options->tls, fd, options->hostname) == OK);
    }
    conn->phase = is_connecting          ? PHASE_CONNECTING
                  : options->tls != NULL ? PHASE_HANDSHAKE
                                         : PHASE_OPEN;
    conn->watch = loop_watch_new(options->loop, fd, on_ready, conn);
    conn->deadline = loop_timer_new(options->loop, on_deadline, conn);
    // A client's handshake begins with our hello: being writable starts it.
    loop_watch_set(conn->watch, true,
                   is_connecting || (conn->tls != NULL && options->hostname != NULL));
    return conn;
}

void conn_free(struct conn *conn)
{
    if (conn == NULL) {
        return;
    }
    if (conn->depth > 0) {
        conn->is_freed = true; // the event that called us finishes the work
        conn->has_told = true;
        conn->phase = PHASE_OVER;
        return;
    }
    loop_watch_free(conn->watch);
    loop_timer_free(conn->deadline);
    loop_timer_free(conn->turn);
    tls_free(conn->tls);
    (void)close(conn->fd); // nothing unsaid is left
    buffer_free(&conn->in);
    buffer_free(&conn->out);
    free(conn);
}

const char *conn_bytes(const struct conn *conn, size_t *len)
{
    *len = buffer_left(&conn->in);
    return conn->in.bytes == NULL ? "" : conn->in.bytes + conn->in.start;
}

void conn_take(struct conn *conn, size_t len)
{
    buffer_take(&conn->in, len);
}

enum err conn_write(struct conn *conn, const void *data, size_t len)
{
    if (conn->phase == PHASE_OVER) {
        return OK; // nobody is left to read it
    }
    if (buffer_left(&conn->out) + len > conn->options.out_bytes_max) {
        return ERR_TOO_BIG;
    }
    buffer_add(&conn->out, data, len);
    if (conn->phase == PHASE_OPEN || conn->phase == PHASE_FINISHING) {
        enter(conn);
        step_write(conn);
        watch(conn);
        leave(conn);
    }
    return OK;
}

size_t conn_unsent(const struct conn *conn)
{
    return buffer_left(&conn->out);
}

void conn_finish(struct conn *conn)
{
    if (conn->phase == PHASE_OVER) {
        return;
    }
    enter(conn);
    conn->phase = PHASE_FINISHING;
    loop_timer_start(conn->deadline, LINGER_MS);
    if (buffer_left(&conn->out) == 0) {
        say_goodbye(conn);
    }
    watch(conn);
    leave(conn);
}

void conn_hold(struct conn *conn, bool is_held)
{
    conn->is_held = is_held;
}

bool conn_has_heard_all(const struct conn *conn)
{
    return conn->is_read_closed;
}

void conn_deadline(struct conn *conn, int64_t in_ms)
{
    if (conn->phase == PHASE_FINISHING || conn->phase == PHASE_OVER) {
        return;
    }
    if (in_ms == 0) {
        loop_timer_stop(conn->deadline);
    } else {
        loop_timer_start(conn->deadline, in_ms);
    }
}

bool conn_peer_fingerprint(const struct conn *conn, uint8_t fingerprint[TLS_FINGERPRINT_BYTES])
{
    return conn->tls != NULL && tls_peer_fingerprint(conn->tls, fingerprint);
}

static void on_ready(void *ctx, bool can_read, bool can_write)
{
    struct conn *conn = ctx;
    (void)can_read;
    (void)can_write;
    enter(conn);
    if (conn->phase == PHASE_CONNECTING) {
        step_connecting(conn);
    }
    if (conn->phase == PHASE_HANDSHAKE) {
        step_handshake(conn);
    }
    if (conn->phase == PHASE_OPEN || conn->phase == PHASE_FINISHING) {
        step_read(conn);
    }
    if (conn->phase == PHASE_OPEN || conn->phase == PHASE_FINISHING) {
        step_write(conn);
    }
    watch(conn);
    leave(conn);
}

static void on_deadline(void *ctx)
{
    struct conn *conn = ctx;
    enter(conn);
    if (conn->phase != PHASE_OVER) {
        over(conn, conn->phase == PHASE_FINISHING ? ERR_GONE : ERR_TIMEOUT);
    } else if (!conn->has_told) {
        conn->has_told = true;
        conn->options.events->over(conn->options.ctx, conn->ended);
    }
    leave(conn);
}

static void on_turn(void *ctx)
{
    on_ready(ctx, true, true);
}

static void step_connecting(struct conn *conn)
{
    int error = 0;
    socklen_t size = sizeof error;
    struct sockaddr_storage peer;
    socklen_t peer_size = sizeof peer;
    CHECK(getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0);
    if (error != 0) {
        over(conn, ERR_UNAVAILABLE);
        return;
    }
    if (getpeername(conn->fd, (struct sockaddr *)&peer, &peer_size) != 0) {
        return; // still connecting
    }
    conn->phase = conn->tls == NULL ? PHASE_OPEN : PHASE_HANDSHAKE;
    if (conn->phase == PHASE_OPEN && conn->options.events->ready != NULL) {
        conn->options.events->ready(conn->options.ctx);
    }
}

static void step_handshake(struct conn *conn)
{
    enum err err = tls_handshake(conn->tls);
    if (err == ERR_EMPTY) {
        return;
    }
    if (err != OK) {
        over(conn, err);
        return;
    }
    conn->phase = PHASE_OPEN;
    if (conn->options.events->ready != NULL) {
        conn->options.events->ready(conn->options.ctx);
    }
}

static void step_read(struct conn *conn)
{
    // Everything that is there is taken, in turns: what stays inside TLS would wait for the next
    // packet.
    size_t taken = 0;
    while (!conn->is_read_closed && !is_turn_over(conn, taken)) {
        char bytes[READ_BYTES];
        size_t got = 0;
        if (conn->phase == PHASE_OPEN && buffer_left(&conn->in) > 0 &&
            buffer_left(&conn->in) + sizeof bytes > conn->options.in_bytes_max) {
            conn->options.events->data(conn->options.ctx); // may make room
            if (conn->phase != PHASE_OPEN) {
                break;
            }
        }
        enum err err = raw_read(conn, bytes, sizeof bytes, &got);
        if (err == ERR_EMPTY) {
            break;
        }
        if (err != OK) {
            wipe(bytes, sizeof bytes);
            end_of_input(conn, err);
            return;
        }
        if (conn->phase == PHASE_OPEN) {
            if (buffer_left(&conn->in) + got > conn->options.in_bytes_max) {
                wipe(bytes, got);
                over(conn, ERR_TOO_BIG);
                return;
            }
            buffer_add(&conn->in, bytes, got);
        }
        wipe(bytes, got);
        taken += got;
    }
    if (conn->phase == PHASE_OPEN && buffer_left(&conn->in) > 0) {
        conn->options.events->data(conn->options.ctx);
    }
}

static bool is_turn_over(struct conn *conn, size_t taken_bytes)
{
    if (taken_bytes < TURN_BYTES_MAX) {
        return false;
    }
    if (conn->turn == NULL) {
        conn->turn = loop_timer_new(conn->options.loop, on_turn, conn);
    }
    loop_timer_start(conn->turn, 0);
    return true;
}

// What came before the end is still a request or an answer; and a peer that only stopped sending
// still reads.
static void end_of_input(struct conn *conn, enum err err)
{
    if (conn->phase == PHASE_OPEN && buffer_left(&conn->in) > 0) {
        conn->options.events->data(conn->options.ctx);
    }
    if (conn->phase == PHASE_OPEN && conn->is_held) {
        conn->is_read_closed = true;
    } else if (conn->phase == PHASE_FINISHING && buffer_left(&conn->out) > 0) {
        conn->is_read_closed = true;
    } else {
        over(conn, err);
    }
}

static void step_write(struct conn *conn)
{
    bool had_bytes = buffer_left(&conn->out) > 0;
    while (buffer_left(&conn->out) > 0) {
        size_t put = 0;
        enum err err = raw_write(conn, &put);
        if (err == ERR_EMPTY) {
            return;
        }
        if (err != OK) {
            over(conn, err);
            return;
        }
        buffer_take(&conn->out, put);
    }
    if (conn->phase == PHASE_FINISHING) {
        say_goodbye(conn);
    } else if (had_bytes && conn->options.events->drained != NULL) {
        conn->options.events->drained(conn->options.ctx);
    }
}

static enum err raw_read(struct conn *conn, char *buf, size_t size, size_t *got)
{
    if (conn->tls != NULL) {
        return tls_read(conn->tls, buf, size, got);
    }
    ssize_t result = recv(conn->fd, buf, size, 0);
    *got = result > 0 ? (size_t)result : 0;
    if (result > 0) {
        return OK;
    }
    if (result == 0) {
        return ERR_GONE;
    }
    return errno == EAGAIN || errno == EINTR ? ERR_EMPTY : ERR_IO;
}

static enum err raw_write(struct conn *conn, size_t *put)
{
    const char *at = conn->out.bytes + conn->out.start;
    size_t len = buffer_left(&conn->out);
    if (conn->tls != NULL) {
        return tls_write(conn->tls, at, len, put);
    }
    ssize_t result = send(conn->fd, at, len, MSG_NOSIGNAL);
    *put = result > 0 ? (size_t)result : 0;
    if (result >= 0) {
        return OK;
    }
    return errno == EAGAIN || errno == EINTR ? ERR_EMPTY : ERR_IO;
}

// Half-closes and waits for the peer's end, so that the last answer is not cut off by a reset.
static void say_goodbye(struct conn *conn)
{
    if (conn->said_goodbye) {
        return;
    }
    conn->said_goodbye = true;
    if (conn->tls != NULL) {
        tls_close(conn->tls);
    }
    (void)shutdown(conn->fd, SHUT_WR); // gone already is as good
    if (conn->is_read_closed) {
        over(conn, ERR_GONE);
    }
}

// The end is always told from the loop, never from inside a call of the owner's: so nobody's memory
// goes away under his hands.
static void over(struct conn *conn, enum err err)
{
    if (conn->phase == PHASE_OVER) {
        return;
    }
    conn->phase = PHASE_OVER;
    conn->ended = err;
    loop_watch_set(conn->watch, false, false);
    loop_timer_start(conn->deadline, 0);
}

// Events may free the connection; the memory lives until the outermost step has returned.
static void enter(struct conn *conn)
{
    conn->depth += 1;
}

static void leave(struct conn *conn)
{
    conn->depth -= 1;
    if (conn->depth == 0 && conn->is_freed) {
        conn_free(conn);
    }
}

static void watch(struct conn *conn)
{
    if (conn->phase == PHASE_OVER) {
        loop_watch_set(conn->watch, false, false);
        return;
    }
    bool wants_write = buffer_left(&conn->out) > 0 || conn->phase == PHASE_CONNECTING;
    if (conn->phase == PHASE_HANDSHAKE) {
        wants_write = tls_wants_write(conn->tls);
    }
    loop_watch_set(conn->watch, !conn->is_read_closed, wants_write);
}

static void buffer_add(struct buffer *buffer, const void *data, size_t len)
{
    if (buffer->len + len > buffer->size) {
        size_t left = buffer_left(buffer);
        size_t size = buffer->size < BUFFER_BYTES_FIRST ? BUFFER_BYTES_FIRST : buffer->size;
        while (size < left + len) {
            size *= 2;
        }
        // A fresh block instead of realloc, so that the old one can be wiped.
        char *bytes = malloc(size);
        CHECK(bytes != NULL);
        if (left > 0) {
            memcpy(bytes, buffer->bytes + buffer->start, left);
        }
        buffer_free(buffer);
        *buffer = (struct buffer){.bytes = bytes, .len = left, .size = size};
    }
    memcpy(buffer->bytes + buffer->len, data, len);
    buffer->len += len;
}

static void buffer_take(struct buffer *buffer, size_t len)
{
    CHECK(len <= buffer_left(buffer));

    wipe(buffer->bytes + buffer->start, len);
    buffer->start += len;
    if (buffer->start == buffer->len) {
        buffer->start = 0;
        buffer->len = 0;
    }
}

static size_t buffer_left(const struct buffer *buffer)
{
    return buffer->len - buffer->start;
}

static void buffer_free(struct buffer *buffer)
{
    if (buffer->bytes != NULL) {
        wipe(buffer->bytes, buffer->size);
        free(buffer->bytes);
    }
    *buffer = (struct buffer){0};
}
