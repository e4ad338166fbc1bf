// SPDX-License-Identifier: EUPL-1.2
//
// TLS 1.2 or later on a non-blocking socket, server and client, with or without certificates on
// both sides. The one file that knows mbedtls' TLS; must compile on 2.28 and 3.6.
#ifndef INLOOP_LINK_TLS_H
#define INLOOP_LINK_TLS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_FINGERPRINT_BYTES = 32 };

struct tls_options {
    bool is_server;
    bool wants_peer_certificate;  // server: refuse a client without one
    const char *ca_file;          // PEM; who may have signed the peer. NULL: no peer is checked
    const char *certificate_file; // PEM, own; with key_file. NULL: none (clients)
    const char *key_file;
};

struct tls_config; // certificates and keys, shared by many connections
struct tls;        // one connection

// ERR_NOT_FOUND, ERR_CRYPTO: a file is missing or no certificate or key; the fault names it.
MUST_USE enum err tls_config_new(struct tls_config **config, const struct tls_options *options,
                                 struct fault *fault);
void tls_config_free(struct tls_config *config); // NULL allowed; after its connections

// Borrows `config` until free; does not own `fd`. `hostname`: whom a client expects (name or
// address); NULL for servers.
MUST_USE enum err tls_new(struct tls **tls, struct tls_config *config, int fd,
                          const char *hostname);
void tls_free(struct tls *tls); // NULL allowed; sends nothing

// Goes on with the handshake. OK: done. ERR_EMPTY: wait until `tls_wants_write` or readable.
// ERR_CRYPTO: refused (the alert was sent). ERR_IO: the peer is gone.
MUST_USE enum err tls_handshake(struct tls *tls);
bool tls_wants_write(const struct tls *tls); // what the last ERR_EMPTY waits for
// OK with `*got` > 0. ERR_EMPTY: nothing now. ERR_GONE: closed by the peer in order. ERR_IO: cut or
// broken.
MUST_USE enum err tls_read(struct tls *tls, void *buf, size_t size, size_t *got);
// OK with `*put` > 0, perhaps less than `len`. ERR_EMPTY: later, with the same bytes
// and perhaps more behind them.
MUST_USE enum err tls_write(struct tls *tls, const void *data, size_t len, size_t *put);
void tls_close(struct tls *tls); // says goodbye, as far as the socket takes it

// SHA-256 of the peer's certificate (DER). False: it showed none.
bool tls_peer_fingerprint(const struct tls *tls, uint8_t fingerprint[TLS_FINGERPRINT_BYTES]);

#endif
