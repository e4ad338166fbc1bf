// SPDX-License-Identifier: EUPL-1.2
//
// The event loop of one thread: timers, file descriptors, wake-ups from other threads, signals. A
// thin skin over libevent so that nobody else needs to know it.
#ifndef INLOOP_LINK_LOOP_H
#define INLOOP_LINK_LOOP_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct loop;
typedef void (*loop_fn)(void *ctx);

struct loop *loop_new(void); // stops the process when the kernel has no event queue
void loop_free(struct loop *loop);
void loop_run(struct loop *loop);  // until loop_stop
void loop_stop(struct loop *loop); // from the loop's own thread

// A timer belongs to its loop; stopped when made. Free it before the loop.
struct loop_timer;
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn fn, void *ctx);
void loop_timer_free(struct loop_timer *timer);                 // NULL allowed
void loop_timer_start(struct loop_timer *timer, int64_t in_ms); // once; starts anew when running
void loop_timer_repeat(struct loop_timer *timer, int64_t every_ms);
void loop_timer_stop(struct loop_timer *timer);

// Watches a file descriptor it does not own.
typedef void (*loop_watch_fn)(void *ctx, bool can_read, bool can_write);
struct loop_watch;
struct loop_watch *loop_watch_new(struct loop *loop, int fd, loop_watch_fn fn, void *ctx);
void loop_watch_free(struct loop_watch *watch); // NULL allowed; before the descriptor is closed
void loop_watch_set(struct loop_watch *watch, bool wants_read, bool wants_write);

// A bell other threads may ring: `fn` runs on the loop's thread, once for any number of rings.
struct loop_bell;
struct loop_bell *loop_bell_new(struct loop *loop, loop_fn fn, void *ctx);
void loop_bell_free(struct loop_bell *bell);
void loop_bell_ring(void *bell); // any thread; fits mailbox_wake_fn

// The addresses of a host, asked without waiting: from the hosts file and the network's name
// servers as they are set up now. `fn` is called once, from the loop; count 0: nobody knows it.
enum { LOOP_ADDRESSES_MAX = 4 };
struct loop_address {
    struct sockaddr_storage storage;
    socklen_t len;
};
typedef void (*loop_found_fn)(void *ctx, const struct loop_address *addresses, size_t count);
struct loop_lookup;
struct loop_lookup *loop_look_up(struct loop *loop, const char *host, uint16_t port,
                                 loop_found_fn fn, void *ctx);
void loop_lookup_cancel(struct loop_lookup *lookup); // then `fn` is not called; NULL allowed

// Runs `fn` on the loop when the process gets `signal`; belongs to the loop.
void loop_on_signal(struct loop *loop, int signal, loop_fn fn, void *ctx);

#endif
