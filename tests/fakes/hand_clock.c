// SPDX-License-Identifier: EUPL-1.2
//
// One number as a clock.
#include "tests/fakes/hand_clock.h"

static int64_t read_hands(void *ctx)
{
    return *(const int64_t *)ctx;
}

struct clock hand_clock(int64_t *ms)
{
    return (struct clock){.now_ms = read_hands, .monotonic_ms = read_hands, .ctx = ms};
}
