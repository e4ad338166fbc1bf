// SPDX-License-Identifier: EUPL-1.2
//
// When a program says how it is: as soon as something changed, but never twice within a second.
#ifndef INLOOP_BASE_HEALTH_TELLER_H
#define INLOOP_BASE_HEALTH_TELLER_H

#include "base/health.h"

struct health_teller {
    const char *path; // NULL: nobody asks
    struct health told;
    bool has_told;
    int64_t told_ms; // monotonic
};

// Call on every turn of the program's loop; cheap when nothing changed. `at_ms` is the wall's,
// `now_ms` monotonic. Gives when it wants to be called again at the latest, INT64_MAX: not of its
// own accord. A file that cannot be written is logged once and tried again with the next change.
int64_t health_tell(struct health_teller *teller, const struct health *health, int64_t at_ms,
                    int64_t now_ms);

#endif
