// SPDX-License-Identifier: EUPL-1.2
//
// The two clocks, as a struct so that tests and flows can hold time still.
#ifndef INLOOP_BASE_CLOCK_H
#define INLOOP_BASE_CLOCK_H

#include <stdint.h>

struct clock {
    int64_t (*now_ms)(void *ctx);       // wall time, milliseconds since 1970-01-01T00:00Z
    int64_t (*monotonic_ms)(void *ctx); // never runs back; only differences mean something
    void *ctx;
};

// The real clocks of this machine.
struct clock clock_system(void);
int64_t clock_now_ms(const struct clock *clock);
int64_t clock_monotonic_ms(const struct clock *clock);

// What the wall clock in the hall shows for a moment, in the process's time zone (TZ).
struct clock_local {
    int year;
    int month; // 1..12
    int day;
    int hour;
    int minute;
    int weekday; // 0 is Sunday
};
struct clock_local clock_local(int64_t time_ms);
// Days since 1970-01-01 of the local calendar: the "day" of numbers and day keys.
int64_t clock_local_day(int64_t time_ms);

#endif
