// SPDX-License-Identifier: EUPL-1.2
//
// The machine's own clocks and the local calendar.
#include "base/clock.h"

#include "base/err.h"
#include "base/text.h"

#include <stddef.h>
#include <time.h>

static int64_t system_now_ms(void *ctx);
static int64_t system_monotonic_ms(void *ctx);
static int64_t read_ms(clockid_t id);

struct clock clock_system(void)
{
    return (struct clock){.now_ms = system_now_ms, .monotonic_ms = system_monotonic_ms};
}

int64_t clock_now_ms(const struct clock *clock)
{
    return clock->now_ms(clock->ctx);
}

int64_t clock_monotonic_ms(const struct clock *clock)
{
    return clock->monotonic_ms(clock->ctx);
}

struct clock_local clock_local(int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    CHECK(localtime_r(&seconds, &tm) != NULL);
    return (struct clock_local){
        .year = tm.tm_year + 1900,
        .month = tm.tm_mon + 1,
        .day = tm.tm_mday,
        .hour = tm.tm_hour,
        .minute = tm.tm_min,
        .weekday = tm.tm_wday,
    };
}

int64_t clock_local_day(int64_t time_ms)
{
    struct clock_local local = clock_local(time_ms);
    return date_to_days((struct date){
        .year = (int16_t)local.year, .month = (uint8_t)local.month, .day = (uint8_t)local.day});
}

static int64_t system_now_ms(void *ctx)
{
    (void)ctx;
    return read_ms(CLOCK_REALTIME);
}

static int64_t system_monotonic_ms(void *ctx)
{
    (void)ctx;
    return read_ms(CLOCK_MONOTONIC);
}

static int64_t read_ms(clockid_t id)
{
    struct timespec now;
    CHECK(clock_gettime(id, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
