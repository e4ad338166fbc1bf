// SPDX-License-Identifier: EUPL-1.2
//
// Documenten API 1.4 (ZGW): a document a resident gives with a task becomes an
// enkelvoudiginformatieobject. Made without its content and then filled part by part
// (bestandsdelen), so that it is never turned into one long text. Pure: when each is sent is
// documenten_errand.c.
#ifndef INLOOP_ADAPTERS_DOCUMENTEN_H
#define INLOOP_ADAPTERS_DOCUMENTEN_H

#include "adapters/source.h"
#include "base/text.h"
#include "ports/backoffice.h"

enum { DOCUMENTEN_PARTS_MAX = 64, DOCUMENTEN_URL_BYTES = 1001, DOCUMENTEN_LOCK_BYTES = 128 };

struct documenten_settings {
    char type[201];        // URL of the informatieobjecttype
    char organisation[10]; // bronorganisatie, an RSIN
    char author[201];
};
// Reads `documenten.type`, `.organisation`, `.author`. ERR_MALFORMED: one is missing or wrong.
MUST_USE enum err documenten_settings_read(struct documenten_settings *settings,
                                           const struct config *config, struct fault *fault);

struct documenten_part {
    char uuid[UUID_TEXT_BYTES];
    char lock[DOCUMENTEN_LOCK_BYTES];
    size_t bytes;
};

// A document as it was made: it wants these parts, in this order.
struct documenten_made {
    char uuid[UUID_TEXT_BYTES];
    char url[DOCUMENTEN_URL_BYTES];
    char lock[DOCUMENTEN_LOCK_BYTES];
    struct documenten_part parts[DOCUMENTEN_PARTS_MAX];
    size_t parts_count;
};

// `now_ms`: on the wall clock. Finish `request`, as of all below.
MUST_USE enum err documenten_make_request(struct source_request_private *request,
                                          const struct documenten_settings *settings,
                                          const struct backoffice_file_private *file,
                                          int64_t now_ms);
// ERR_REFUSED: it takes no such document. ERR_MALFORMED: parts that are not the file of `len`
// bytes, more than DOCUMENTEN_PARTS_MAX, or no document at all.
MUST_USE enum err documenten_make_read(const struct source_answer *answer, size_t len,
                                       struct documenten_made *made, struct fault *fault);
// Part `at` of `file`, which is kept until the answer.
MUST_USE enum err documenten_part_request(struct source_request_private *request,
                                          const struct documenten_made *made, size_t at,
                                          const struct backoffice_file_private *file);
MUST_USE enum err documenten_part_read(const struct source_answer *answer, struct fault *fault);
// Until then the document is nobody's to read.
MUST_USE enum err documenten_unlock_request(struct source_request_private *request,
                                            const struct documenten_made *made);
MUST_USE enum err documenten_unlock_read(const struct source_answer *answer, struct fault *fault);

#endif
