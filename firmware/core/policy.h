// SPDX-License-Identifier: EUPL-1.2
//
// The one policy table: what may be seen and done, by class of request and level of assurance.
#ifndef INLOOP_CORE_POLICY_H
#define INLOOP_CORE_POLICY_H

#include "core/evidence.h"
#include "core/request.h"

enum policy_right {
    POLICY_COUNT = 1 << 0,   // on the kiosk: that there is something
    POLICY_TITLE = 1 << 1,   // on the kiosk: its title (without it: a neutral caption)
    POLICY_DETAIL = 1 << 2,  // on the kiosk: missing items, deadline, progress
    POLICY_TICKET = 1 << 3,  // take a ticket about it
    POLICY_CONTEXT = 1 << 4, // that ticket carries the context to the counter
    POLICY_PRINT = 1 << 5,   // its kind may stand on the slip
};

// Bits of enum policy_right.
unsigned policy_rights(enum request_class class, enum level level);
bool policy_allows(enum request_class class, enum level level, enum policy_right right);
// Blanks in a copy what `level` may not see on the kiosk: title and words without POLICY_TITLE,
// missing, deadline, steps and reference without POLICY_DETAIL, facts always.
void policy_redact(struct request_private *request, enum level level);

#endif
