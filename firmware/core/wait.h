// SPDX-License-Identifier: EUPL-1.2
//
// How long a person will wait: a replay of the real call rule with per-service means, told as a
// band, or honestly "not known yet". Pure: the caller gives time; the same input gives the same
// band.
#ifndef INLOOP_CORE_WAIT_H
#define INLOOP_CORE_WAIT_H

#include "core/hall.h"

struct wait_band {
    bool is_known;
    unsigned minutes_min; // multiples of 5; 0 to 5 is told as "less than 5"
    unsigned minutes_max;
    int64_t likely_ms; // wall time of the likely call ("Rond 14.05 uur")
    unsigned ahead;    // tickets that are called before
};

enum { WAIT_SERVED_KNOWN = 5, WAIT_DRAWS = 60 };

// The band for a waiting ticket, or for one that would be issued now in `service` (ticket NULL).
// Replays WAIT_DRAWS draws around the means (log-normal, each case seeded by its own ticket's seq,
// so that who stands behind in a line never reads a shorter wait). Not known when no open desk
// serves it, or fewer than WAIT_SERVED_KNOWN were served and no prior mean is configured.
struct wait_band wait_estimate(const struct hall *hall, const struct ticket *ticket, char service,
                               int64_t now_ms);

// New mean after a case took `took_ms`: exponentially weighted on the log scale (weight 0.02, the
// prior counts as 20 cases); longer than three times the mean's 95th percentile is a forgotten
// finish and changes nothing.
int64_t wait_learn(int64_t mean_ms, uint32_t served_count, int64_t took_ms);

#endif
