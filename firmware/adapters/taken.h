// SPDX-License-Identifier: EUPL-1.2
//
// Open VTB Taken 0.1.0: the tasks a person has open, as requests. Pure.
#ifndef INLOOP_ADAPTERS_TAKEN_H
#define INLOOP_ADAPTERS_TAKEN_H

#include "adapters/fields.h"
#include "adapters/source.h"

enum { TAKEN_MAX = 32, TAKEN_PAGES_MAX = 4, TAKEN_PAGE_SIZE = 50 };

struct taken_private {
    struct request_private request;
    bool is_listed;                  // the municipality says what it is about
    char case_uuid[UUID_TEXT_BYTES]; // the case it belongs to, when it names one
    char case_number[REQUEST_REFERENCE_BYTES];
};

struct taken_list_private {
    struct taken_private tasks[TAKEN_MAX];
    size_t count;
    bool has_more; // ask the next page
};

// `page` from 1.
MUST_USE enum err taken_request(struct source_request_private *request, const char *bsn,
                                unsigned page);
// Adds a page to `list`. Tasks beyond TAKEN_MAX are dropped. ERR_MALFORMED: not the API's answer,
// or a task of somebody else among them: then nothing of the page is believed.
MUST_USE enum err taken_read(const struct source_answer *answer, const char *bsn,
                             const struct config *config, struct taken_list_private *list,
                             struct fault *fault);

// The number of the case a task belongs to, as people write it; "" when it names none.
void taken_case_number(const struct json *task, char number[REQUEST_REFERENCE_BYTES]);

#endif
