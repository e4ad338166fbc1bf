// SPDX-License-Identifier: EUPL-1.2
//
// One buffered connection on the loop, with or without TLS: bytes in, bytes out, a deadline, and
// one end. HTTP server and client stand on it.
#ifndef INLOOP_LINK_CONN_H
#define INLOOP_LINK_CONN_H

#include "link/loop.h"
#include "link/tls.h"

#include <stddef.h>

struct conn;

struct conn_events {
    void (*ready)(void *ctx);   // connected, TLS done
    void (*data)(void *ctx);    // more bytes have come; see conn_bytes
    void (*drained)(void *ctx); // everything written has gone to the kernel; may be NULL
    // The end: ERR_GONE closed by the peer, ERR_IO cut, ERR_CRYPTO TLS refused, ERR_TIMEOUT the
    // deadline passed, ERR_TOO_BIG a buffer is full. Called once; free the connection in it or
    // later. Not called by conn_free.
    void (*over)(void *ctx, enum err err);
};

struct conn_options {
    struct loop *loop;
    struct tls_config *tls; // NULL: plain
    const char *hostname;   // client: whom to expect
    size_t in_bytes_max;    // unread bytes held
    size_t out_bytes_max;   // unsent bytes held
    const struct conn_events *events;
    void *ctx;
};

// Takes `fd` (non-blocking, connected or connecting). `is_connecting`: wait for the connection
// first.
struct conn *conn_new(int fd, bool is_connecting, const struct conn_options *options);
void conn_free(struct conn *conn); // closes at once; NULL allowed; allowed inside its events
// The unread bytes, borrowed until the next event or conn_take.
const char *conn_bytes(const struct conn *conn, size_t *len);
void conn_take(struct conn *conn, size_t len); // forgets (and wipes) the first `len`
// Copies. ERR_TOO_BIG: the peer does not read; the connection is left as it is.
MUST_USE enum err conn_write(struct conn *conn, const void *data, size_t len);
size_t conn_unsent(const struct conn *conn);
// No more reading; when all is written, say goodbye, linger a moment and end with ERR_GONE.
void conn_finish(struct conn *conn);
// While held, a peer that stops sending does not end the connection: it may still read its answer.
void conn_hold(struct conn *conn, bool is_held);
// The peer stopped sending while held: nothing more will come, but it still reads.
bool conn_has_heard_all(const struct conn *conn);
void conn_deadline(struct conn *conn, int64_t in_ms); // 0: none
bool conn_peer_fingerprint(const struct conn *conn, uint8_t fingerprint[TLS_FINGERPRINT_BYTES]);

#endif
