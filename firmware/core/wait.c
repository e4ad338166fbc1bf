// SPDX-License-Identifier: EUPL-1.2
//
// Replays the call rule forward from now: desks become free, the earliest promise goes first.
#include "core/wait.h"

#include "base/text.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { REPLAY_TICKETS_MAX = 400, BAND_MINUTES = 5 };

// Service times in halls vary about as much as their mean (log-normal, sigma 0.6).
static const double sigma = 0.6;

struct replay_ticket {
    struct queue_entry key;
    size_t service;
    char desk_only[DESK_BYTES];
};

struct replay {
    const struct hall *hall;
    int64_t now_ms;
    unsigned ahead_count;
    struct replay_ticket tickets[REPLAY_TICKETS_MAX]; // waiting, in order
    size_t tickets_count;
    size_t own; // place of the ticket asked about
    unsigned draw;
    uint64_t random;
};

static bool collect(struct replay *replay, const struct ticket *ticket, size_t service);
static uint32_t shared_services(const struct hall *hall, size_t service, const char *desk_only);
static int by_key(const void *left, const void *right);
static int64_t replay_once(struct replay *replay);
static size_t first_for(const struct replay *replay, const bool *is_gone,
                        const struct counter *counter);
static double draw_ms(struct replay *replay, size_t service, uint32_t seq);
static double draw_normal(struct replay *replay);
static int64_t mean_ms(const struct service *service);
static bool can_estimate(const struct hall *hall, size_t service);
static int by_time(const void *left, const void *right);

struct wait_band wait_estimate(const struct hall *hall, const struct ticket *ticket, char service,
                               int64_t now_ms)
{
    static _Thread_local struct replay replay; // large; nothing is kept between calls
    struct wait_band band = {0};
    char letter = ticket == NULL ? service : ticket->service;
    size_t index = 0;
    while (index < hall->services_count && hall->services[index].letter != letter) {
        index++;
    }
    if (index == hall->services_count) {
        return band;
    }
    if (!can_estimate(hall, index)) {
        return band;
    }
    memset(&replay, 0, offsetof(struct replay, tickets)); // the table is filled as far as needed
    replay.hall = hall;
    replay.now_ms = now_ms;
    replay.tickets_count = 0;
    bool is_small = collect(&replay, ticket, index);
    band.ahead = replay.ahead_count;
    if (!is_small) {
        return band;
    }
    int64_t waits_ms[WAIT_DRAWS];
    for (size_t i = 0; i < WAIT_DRAWS; i++) {
        replay.draw = (unsigned)i;
        waits_ms[i] = replay_once(&replay);
    }
    qsort(waits_ms, WAIT_DRAWS, sizeof waits_ms[0], by_time);
    if (waits_ms[WAIT_DRAWS - 1] == INT64_MAX) {
        return band; // never called as desks stand now: it waits for one that is not open
    }
    int64_t step_ms = BAND_MINUTES * 60000;
    band.is_known = true;
    band.likely_ms = now_ms + waits_ms[WAIT_DRAWS / 2];
    band.minutes_min = (unsigned)(waits_ms[WAIT_DRAWS / 5] / step_ms) * BAND_MINUTES;
    band.minutes_max =
        (unsigned)(waits_ms[WAIT_DRAWS * 4 / 5] / step_ms) * BAND_MINUTES + BAND_MINUTES;
    return band;
}

int64_t wait_learn(int64_t mean, uint32_t served_count, int64_t took_ms)
{
    // The 95th percentile of a log-normal with mean m is m * exp(1.645 s - s^2 / 2).
    double p95_ms = (double)mean * exp(1.645 * sigma - sigma * sigma / 2);
    if (took_ms < 1000 || (mean > 0 && (double)took_ms > 3 * p95_ms)) {
        return mean;
    }
    if (mean <= 0) {
        return took_ms;
    }
    double weight = 1.0 / (20.0 + (double)served_count);
    weight = weight < 0.02 ? 0.02 : weight;
    return (int64_t)exp(log((double)mean) * (1 - weight) + log((double)took_ms) * weight);
}

// Everybody who waits before, in order: those of other desks too, because a desk that is busy with
// them cannot help here. Only who may be called by the same desk is told as ahead.
static bool collect(struct replay *replay, const struct ticket *ticket, size_t service)
{
    const struct hall *hall = replay->hall;
    struct queue_entry own = {.seq = UINT32_MAX};
    own.due_ms =
        ticket == NULL ? replay->now_ms + hall->services[service].promise_ms : ticket->due_ms;
    own.seq = ticket == NULL ? UINT32_MAX : ticket->seq;
    uint32_t shared = shared_services(hall, service, ticket == NULL ? "" : ticket->desk_only);
    for (size_t i = 0; i < hall->services_count; i++) {
        const struct queue_entry *entry = NULL;
        for (size_t at = 0; (entry = queue_at(&hall->queues[i], at)) != NULL; at++) {
            if (queue_compare(entry, &own) >= 0) {
                break;
            }
            if (replay->tickets_count == REPLAY_TICKETS_MAX - 1) {
                return false;
            }
            struct replay_ticket *put = &replay->tickets[replay->tickets_count++];
            *put = (struct replay_ticket){.key = *entry, .service = i};
            replay->ahead_count += shared >> i & 1;
            memcpy(put->desk_only, hall->tickets[entry->ticket].desk_only, DESK_BYTES);
        }
    }
    qsort(replay->tickets, replay->tickets_count, sizeof replay->tickets[0], by_key);
    replay->own = replay->tickets_count;
    struct replay_ticket *last = &replay->tickets[replay->tickets_count++];
    *last = (struct replay_ticket){.key = own, .service = service};
    if (ticket != NULL) {
        memcpy(last->desk_only, ticket->desk_only, sizeof last->desk_only);
    }
    return true;
}

// Bit n: a desk that may serve the asked ticket serves services[n] too, as in hall_why.
static uint32_t shared_services(const struct hall *hall, size_t service, const char *desk_only)
{
    uint32_t shared = 1U << service;
    for (size_t i = 0; i < hall->counters_count; i++) {
        const struct counter *counter = &hall->counters[i];
        if (counter->state != COUNTER_CLOSED && (counter->services >> service & 1) != 0 &&
            (desk_only[0] == '\0' || text_equal(desk_only, counter->desk))) {
            shared |= counter->services;
        }
    }
    return shared;
}

static int by_key(const void *left, const void *right)
{
    const struct replay_ticket *a = left;
    const struct replay_ticket *b = right;
    return queue_compare(&a->key, &b->key);
}

// Milliseconds until the own ticket is called in one drawn future; INT64_MAX when never.
static int64_t replay_once(struct replay *replay)
{
    const struct hall *hall = replay->hall;
    double free_ms[HALL_COUNTERS_MAX];
    bool is_gone[REPLAY_TICKETS_MAX] = {false};
    for (size_t i = 0; i < hall->counters_count; i++) {
        const struct counter *counter = &hall->counters[i];
        free_ms[i] = counter->state == COUNTER_FREE ? 0 : HUGE_VAL;
        if (counter->state == COUNTER_BUSY) {
            // What is left of the present case, given how long it lasts already.
            const struct ticket *served = hall_find_ticket(hall, counter->ticket);
            size_t service = 0;
            while (served != NULL && service + 1 < hall->services_count &&
                   hall->services[service].letter != served->service) {
                service++;
            }
            uint32_t seq = served == NULL ? 0 : served->seq;
            double lasted_ms = served == NULL ? 0 : (double)(replay->now_ms - served->called_ms);
            double left_ms = draw_ms(replay, service, seq) - lasted_ms;
            free_ms[i] = left_ms < 0 ? 0.25 * (double)mean_ms(&hall->services[service]) : left_ms;
        }
    }
    for (size_t step = 0; step < replay->tickets_count; step++) {
        size_t desk = 0;
        size_t who = REPLAY_TICKETS_MAX;
        double when_ms = HUGE_VAL;
        for (size_t i = 0; i < hall->counters_count; i++) {
            size_t first = first_for(replay, is_gone, &hall->counters[i]);
            if (first < replay->tickets_count && free_ms[i] < when_ms) {
                desk = i;
                who = first;
                when_ms = free_ms[i];
            }
        }
        if (who == REPLAY_TICKETS_MAX) {
            return INT64_MAX;
        }
        if (who == replay->own) {
            return (int64_t)when_ms;
        }
        is_gone[who] = true;
        const struct replay_ticket *ticket = &replay->tickets[who];
        free_ms[desk] = when_ms + draw_ms(replay, ticket->service, ticket->key.seq);
    }
    return INT64_MAX;
}

static size_t first_for(const struct replay *replay, const bool *is_gone,
                        const struct counter *counter)
{
    size_t i = 0;
    for (; i < replay->tickets_count; i++) {
        const struct replay_ticket *ticket = &replay->tickets[i];
        if (!is_gone[i] && (counter->services >> ticket->service & 1) != 0 &&
            (ticket->desk_only[0] == '\0' || text_equal(ticket->desk_only, counter->desk))) {
            break;
        }
    }
    return i;
}

// How long the case of ticket `seq` takes in this draw. It hangs on nothing else, so that everybody
// behind it sees the same case, and one more person ahead never makes a wait shorter.
static double draw_ms(struct replay *replay, size_t service, uint32_t seq)
{
    uint64_t mixed = ((uint64_t)replay->draw << 32 | seq) + 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebU;
    replay->random = mixed ^ mixed >> 31;
    double mean = (double)mean_ms(&replay->hall->services[service]);
    return mean * exp(sigma * draw_normal(replay) - sigma * sigma / 2);
}

// Sum of twelve uniform numbers: close enough to normal for minutes.
static double draw_normal(struct replay *replay)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        replay->random = replay->random * 6364136223846793005U + 1442695040888963407U;
        sum += (double)(replay->random >> 11) / 9007199254740992.0;
    }
    return sum;
}

static int64_t mean_ms(const struct service *service)
{
    return service->mean_ms > 0 ? service->mean_ms : service->mean_ms_prior;
}

static bool can_estimate(const struct hall *hall, size_t service)
{
    const struct service *asked = &hall->services[service];
    if (asked->mean_ms_prior <= 0 && asked->served_count < WAIT_SERVED_KNOWN) {
        return false;
    }
    for (size_t i = 0; i < hall->counters_count; i++) {
        const struct counter *counter = &hall->counters[i];
        bool is_open = counter->state == COUNTER_FREE || counter->state == COUNTER_BUSY;
        if (is_open && (counter->services >> service & 1) != 0) {
            return true;
        }
    }
    return false;
}

static int by_time(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;
    return (*a > *b) - (*a < *b);
}
