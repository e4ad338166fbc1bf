// SPDX-License-Identifier: EUPL-1.2
//
// A clock that stands still until a test moves its hands.
#ifndef INLOOP_TESTS_HAND_CLOCK_H
#define INLOOP_TESTS_HAND_CLOCK_H

#include "base/clock.h"

// Keeps `ms`, which is both the wall's and the monotonic time.
struct clock hand_clock(int64_t *ms);

#endif
