// SPDX-License-Identifier: EUPL-1.2
//
// BRP Personen 2.7.0 (Haal Centraal): one person by BSN, and whom a document means by name and
// birth date; the fields a hall needs and no more. Pure.
#ifndef INLOOP_ADAPTERS_BRP_H
#define INLOOP_ADAPTERS_BRP_H

#include "adapters/fields.h"
#include "adapters/source.h"
#include "adapters/zone_name.h"
#include "core/context.h"

MUST_USE enum err brp_request(struct source_request_private *request, const char *bsn);
// Fills name, initials, birth date and is_secret; leaves party and language alone. With
// geheimhouding name and initials are empty. ERR_NOT_FOUND: unknown, deceased or moved abroad.
// ERR_MALFORMED: another person than `bsn`, or not the API's answer.
MUST_USE enum err brp_read(const struct source_answer *answer, const char *bsn,
                           struct person_private *person, struct fault *fault);

// Whom all searches of one document together found.
struct brp_search_private {
    char bsn[BSN_TEXT_BYTES]; // of the first; empty: nobody yet
    bool fits;                // its name fits; false: only resembles
    bool has_others;          // at least one more, or more than the register tells
};

// One search by a spelling of the surname (zone_name.h). `birth_date` is whole: the register takes
// no other.
MUST_USE enum err brp_search_request(struct source_request_private *request, const char *spelling,
                                     struct date birth_date);
// Adds to `search` whoever was born on that day and has a name like the document's; others that the
// register answered with are forgotten at once. Suspended registrations do not count.
// ERR_MALFORMED: not the API's answer.
MUST_USE enum err brp_search_read(const struct source_answer *answer,
                                  const struct zone_holder *zone, struct date birth_date,
                                  struct brp_search_private *search, struct fault *fault);

#endif
