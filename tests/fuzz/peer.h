// SPDX-License-Identifier: EUPL-1.2
//
// The hostile end of a real connection: says the bytes of a fuzz input in pieces of any length,
// reads whatever comes back, and hangs up without ceremony.
#ifndef INLOOP_TESTS_FUZZ_PEER_H
#define INLOOP_TESTS_FUZZ_PEER_H

#include "link/loop.h"

#include <stddef.h>
#include <stdint.h>

struct peer {
    struct loop *loop;
    struct loop_watch *watch;
    struct loop_timer *patience; // ends a turn in which nothing happened
    int fd;                      // -1: over
    int listener;                // accepts first; -1: connected already
    const uint8_t *data;
    size_t len;
    size_t said; // bytes of data
    uint32_t seed;
    bool is_silent; // said all, waits for the other end
};

struct peer_listener {
    int fd;
    uint16_t port;
};

void peer_listen(struct peer_listener *listener); // for the life of the process
// Borrows `data` until peer_close. The first byte of `data` seeds the lengths of the pieces and is
// said as well.
void peer_connect(struct peer *peer, struct loop *loop, uint16_t port, const uint8_t *data,
                  size_t len);
void peer_accept(struct peer *peer, struct loop *loop, const struct peer_listener *listener,
                 const uint8_t *data, size_t len);
// Runs the loop until something happened at this end or a moment passed.
void peer_turn(struct peer *peer);
bool peer_is_over(const struct peer *peer);
void peer_close(struct peer *peer);

#endif
