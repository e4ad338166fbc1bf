// SPDX-License-Identifier: EUPL-1.2
//
// How benches measure time and put what they measured in order.
#ifndef INLOOP_TESTS_BENCH_TIMES_H
#define INLOOP_TESTS_BENCH_TIMES_H

#include <time.h>

// Monotonic.
static inline double now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static inline double now_ms(void)
{
    return now_us() / 1e3;
}

// Of doubles, for qsort: the least first.
static inline int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

#endif
