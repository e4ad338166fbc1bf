// SPDX-License-Identifier: EUPL-1.2
//
// BRP Personen 2.7.0 (Haal Centraal): one person by BSN, the fields a hall needs and no more. Pure.
#ifndef INLOOP_ADAPTERS_BRP_H
#define INLOOP_ADAPTERS_BRP_H

#include "adapters/source.h"
#include "core/context.h"

MUST_USE enum err brp_request(struct source_request_private *request, const char *bsn);
// Fills name, initials, birth date and is_secret; leaves party and language alone. With
// geheimhouding name and initials are empty. ERR_NOT_FOUND: unknown, deceased or moved abroad.
// ERR_MALFORMED: another person than `bsn`, or not the API's answer.
MUST_USE enum err brp_read(const struct source_answer *answer, const char *bsn,
                           struct person_private *person, struct fault *fault);

#endif
