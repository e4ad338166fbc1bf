// SPDX-License-Identifier: EUPL-1.2
//
// Zaken API 1.5.1 (ZGW): the cases a person started, as requests. Pure. A zaaktype that is not on
// the municipality's list is told as a sensitive letter without title or words: that there is
// something, never what.
#ifndef INLOOP_ADAPTERS_ZAKEN_H
#define INLOOP_ADAPTERS_ZAKEN_H

#include "adapters/fields.h"
#include "adapters/source.h"

enum { ZAKEN_MAX = 32, ZAKEN_PAGES_MAX = 2, ZAKEN_DONE_DAYS = 14 };

struct zaken_list_private {
    struct request_private cases[ZAKEN_MAX]; // id "zaken:<uuid>", reference = identificatie
    size_t count;
    bool has_more;
};

// Open cases, or with `done_after` those that ended after that day. `page` from 1.
MUST_USE enum err zaken_request(struct source_request_private *request, const char *bsn,
                                const struct date *done_after, unsigned page);
// Adds a page to `list`; what does not fit is dropped.
MUST_USE enum err zaken_read(const struct source_answer *answer, const struct config *config,
                             struct zaken_list_private *list, struct fault *fault);

#endif
