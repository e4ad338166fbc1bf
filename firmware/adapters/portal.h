// SPDX-License-Identifier: EUPL-1.2
//
// The portal's three calls (assets/api/portal-1.yaml): redeem a live token, the reference of a
// letter, the number of a pass. Pure: requests out, bounded answers in.
#ifndef INLOOP_ADAPTERS_PORTAL_H
#define INLOOP_ADAPTERS_PORTAL_H

#include "adapters/source.h"
#include "ports/backoffice.h"

struct portal_redeemed {
    char party[UUID_TEXT_BYTES];
    struct evidence evidence;
};

MUST_USE enum err portal_request(struct source_request_private *request,
                                 const struct backoffice_code_private *code);
// Codes as in backoffice_redeemed_fn. `redeemed` is zeroed unless OK.
MUST_USE enum err portal_read(const struct source_answer *answer, enum backoffice_code_kind kind,
                              struct portal_redeemed *redeemed, struct fault *fault);

#endif
