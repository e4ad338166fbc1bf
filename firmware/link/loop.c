// SPDX-License-Identifier: EUPL-1.2
//
// libevent behind seven small objects.
#include "link/loop.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { SIGNALS_MAX = 8 };

struct loop_signal {
    struct event *event;
    loop_fn fn;
    void *ctx;
};

struct loop {
    struct event_base *base;
    struct loop_signal signals[SIGNALS_MAX];
    int signals_count;
};

struct loop_timer {
    struct event *event;
    loop_fn fn;
    void *ctx;
    int64_t every_ms; // 0: once
};

struct loop_watch {
    struct loop *loop;
    struct event *event;
    int fd;
    short wanted;
    loop_watch_fn fn;
    void *ctx;
};

struct loop_bell {
    int fd;
    struct loop_watch *watch;
    loop_fn fn;
    void *ctx;
};

struct loop_lookup {
    struct loop_timer *tell;
    struct evdns_base *dns;
    struct evdns_getaddrinfo_request *request; // NULL: answered
    bool is_cancelled;
    loop_found_fn fn;
    void *ctx;
    struct loop_address addresses[LOOP_ADDRESSES_MAX];
    size_t count;
};

static void on_timer(evutil_socket_t fd, short what, void *ctx);
static void on_ready(evutil_socket_t fd, short what, void *ctx);
static void on_bell(void *ctx, bool can_read, bool can_write);
static void on_signal(evutil_socket_t fd, short what, void *ctx);
static void on_found(int result, struct evutil_addrinfo *found, void *ctx);
static void on_tell(void *ctx);
static void *must(void *memory);
static struct timeval interval(int64_t in_ms);

struct loop *loop_new(void)
{
    struct loop *loop = must(calloc(1, sizeof *loop));
    loop->base = must(event_base_new());
    return loop;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL) {
        return;
    }
    for (int i = 0; i < loop->signals_count; i++) {
        event_free(loop->signals[i].event);
    }
    event_base_free(loop->base);
    free(loop);
}

void loop_run(struct loop *loop)
{
    CHECK(event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) >= 0);
}

void loop_stop(struct loop *loop)
{
    CHECK(event_base_loopbreak(loop->base) == 0);
}

struct loop_timer *loop_timer_new(struct loop *loop, loop_fn fn, void *ctx)
{
    struct loop_timer *timer = must(calloc(1, sizeof *timer));
    timer->fn = fn;
    timer->ctx = ctx;
    timer->event = must(event_new(loop->base, -1, 0, on_timer, timer));
    return timer;
}

void loop_timer_free(struct loop_timer *timer)
{
    if (timer != NULL) {
        event_free(timer->event);
        free(timer);
    }
}

void loop_timer_start(struct loop_timer *timer, int64_t in_ms)
{
    struct timeval in = interval(in_ms);
    timer->every_ms = 0;
    CHECK(event_add(timer->event, &in) == 0);
}

void loop_timer_repeat(struct loop_timer *timer, int64_t every_ms)
{
    CHECK(every_ms > 0);

    loop_timer_start(timer, every_ms);
    timer->every_ms = every_ms;
}

void loop_timer_stop(struct loop_timer *timer)
{
    timer->every_ms = 0;
    CHECK(event_del(timer->event) == 0);
}

struct loop_watch *loop_watch_new(struct loop *loop, int fd, loop_watch_fn fn, void *ctx)
{
    struct loop_watch *watch = must(calloc(1, sizeof *watch));
    *watch = (struct loop_watch){.loop = loop, .fd = fd, .fn = fn, .ctx = ctx};
    watch->event = must(event_new(loop->base, fd, EV_PERSIST, on_ready, watch));
    return watch;
}

void loop_watch_free(struct loop_watch *watch)
{
    if (watch != NULL) {
        event_free(watch->event);
        free(watch);
    }
}

void loop_watch_set(struct loop_watch *watch, bool wants_read, bool wants_write)
{
    short wanted = (short)((wants_read ? EV_READ : 0) | (wants_write ? EV_WRITE : 0));
    if (wanted == watch->wanted) {
        return;
    }
    watch->wanted = wanted;
    CHECK(event_del(watch->event) == 0);
    CHECK(event_assign(watch->event, watch->loop->base, watch->fd, (short)(wanted | EV_PERSIST),
                       on_ready, watch) == 0);
    if (wanted != 0) {
        CHECK(event_add(watch->event, NULL) == 0);
    }
}

struct loop_bell *loop_bell_new(struct loop *loop, loop_fn fn, void *ctx)
{
    struct loop_bell *bell = must(calloc(1, sizeof *bell));
    bell->fn = fn;
    bell->ctx = ctx;
    bell->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    CHECK(bell->fd >= 0);
    bell->watch = loop_watch_new(loop, bell->fd, on_bell, bell);
    loop_watch_set(bell->watch, true, false);
    return bell;
}

void loop_bell_free(struct loop_bell *bell)
{
    if (bell != NULL) {
        loop_watch_free(bell->watch);
        (void)close(bell->fd); // an eventfd has nothing to lose
        free(bell);
    }
}

void loop_bell_ring(void *bell)
{
    uint64_t one = 1;
    ssize_t written = write(((struct loop_bell *)bell)->fd, &one, sizeof one);
    (void)written; // full means that it rings already
}

struct loop_lookup *loop_look_up(struct loop *loop, const char *host, uint16_t port,
                                 loop_found_fn fn, void *ctx)
{
    char service[8];
    struct evutil_addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct loop_lookup *lookup = must(calloc(1, sizeof *lookup));
    lookup->fn = fn;
    lookup->ctx = ctx;
    lookup->tell = loop_timer_new(loop, on_tell, lookup);
    // One resolver a question: the name servers may be others than a minute ago.
    lookup->dns = must(evdns_base_new(loop->base, EVDNS_BASE_DISABLE_WHEN_INACTIVE));
    (void)evdns_base_resolv_conf_parse(lookup->dns, DNS_OPTIONS_ALL, "/etc/resolv.conf"); // or none
    (void)snprintf(service, sizeof service, "%u", port); // at most five digits
    lookup->request = evdns_getaddrinfo(lookup->dns, host, service, &hints, on_found, lookup);
    return lookup;
}

void loop_lookup_cancel(struct loop_lookup *lookup)
{
    if (lookup == NULL) {
        return;
    }
    lookup->is_cancelled = true;
    if (lookup->request != NULL) {
        evdns_getaddrinfo_cancel(lookup->request); // and that is an answer too
    }
}

void loop_on_signal(struct loop *loop, int signal, loop_fn fn, void *ctx)
{
    CHECK(loop->signals_count < SIGNALS_MAX);

    struct loop_signal *own = &loop->signals[loop->signals_count++];
    own->fn = fn;
    own->ctx = ctx;
    own->event = must(event_new(loop->base, signal, EV_SIGNAL | EV_PERSIST, on_signal, own));
    CHECK(event_add(own->event, NULL) == 0);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
    struct loop_timer *timer = ctx;
    (void)fd;
    (void)what;
    if (timer->every_ms > 0) {
        loop_timer_repeat(timer, timer->every_ms);
    }
    timer->fn(timer->ctx); // last: it may free the timer
}

static void on_ready(evutil_socket_t fd, short what, void *ctx)
{
    struct loop_watch *watch = ctx;
    (void)fd;
    watch->fn(watch->ctx, (what & EV_READ) != 0, (what & EV_WRITE) != 0);
}

static void on_bell(void *ctx, bool can_read, bool can_write)
{
    struct loop_bell *bell = ctx;
    (void)can_read;
    (void)can_write;
    uint64_t rings = 0;
    ssize_t got = read(bell->fd, &rings, sizeof rings);
    (void)got; // nothing to read: somebody else's turn took the ring
    bell->fn(bell->ctx);
}

static void on_signal(evutil_socket_t fd, short what, void *ctx)
{
    struct loop_signal *own = ctx;
    (void)fd;
    (void)what;
    own->fn(own->ctx);
}

static void on_found(int result, struct evutil_addrinfo *found, void *ctx)
{
    struct loop_lookup *lookup = ctx;
    lookup->request = NULL;
    for (struct evutil_addrinfo *at = result == 0 ? found : NULL;
         at != NULL && lookup->count < LOOP_ADDRESSES_MAX; at = at->ai_next) {
        struct loop_address *to = &lookup->addresses[lookup->count];
        if (at->ai_addrlen <= sizeof to->storage) {
            memcpy(&to->storage, at->ai_addr, at->ai_addrlen);
            to->len = (socklen_t)at->ai_addrlen;
            lookup->count += 1;
        }
    }
    if (found != NULL) {
        evutil_freeaddrinfo(found);
    }
    loop_timer_start(lookup->tell, 0); // never from inside the question
}

static void on_tell(void *ctx)
{
    struct loop_lookup *lookup = ctx;
    struct loop_lookup told = *lookup;
    loop_timer_free(lookup->tell);
    evdns_base_free(lookup->dns, 0);
    free(lookup);
    if (!told.is_cancelled) {
        told.fn(told.ctx, told.addresses, told.count);
    }
}

static void *must(void *memory)
{
    CHECK(memory != NULL);
    return memory;
}

static struct timeval interval(int64_t in_ms)
{
    int64_t from_now_ms = in_ms < 0 ? 0 : in_ms;
    return (struct timeval){.tv_sec = from_now_ms / 1000, .tv_usec = from_now_ms % 1000 * 1000};
}
