// SPDX-License-Identifier: EUPL-1.2
//
// A task of any source before it meets the cases, and what the sources of tasks share: bounded
// lists, whose a page is believed to be, what may be named in the hall. Pure.
#ifndef INLOOP_ADAPTERS_TASK_H
#define INLOOP_ADAPTERS_TASK_H

#include "adapters/fields.h"
#include "adapters/source.h"

enum { TASKS_MAX = 32, TASK_PAGES_MAX = 4, TASK_PAGE_SIZE = 50 };

struct task_private {
    struct request_private request;
    bool is_open;
    bool is_listed;                  // the municipality says what it is about
    char case_uuid[UUID_TEXT_BYTES]; // the case it belongs to, when it names one
    char case_number[REQUEST_REFERENCE_BYTES];
};

struct task_list_private {
    struct task_private tasks[TASKS_MAX]; // open ones
    size_t count;
    bool has_more; // on the next page, or more than fit
};

// How one API tells tasks.
struct task_api {
    enum request_source source;
    const char *results; // where they stand in an answer
    // Fills `task`, which has its id. ERR_MALFORMED: not the API's, or a task of another than
    // `bsn`.
    enum err (*read)(const struct json *found, const char *bsn, struct task_private *task);
};

struct task_asked {
    const char *bsn;             // whose tasks
    const struct config *config; // what they may be about
};

// Adds a page to `list`. Tasks beyond TASKS_MAX are dropped. ERR_MALFORMED: not the API's answer,
// or a task of somebody else among them: then nothing of the page is believed.
MUST_USE enum err task_list_read(struct task_list_private *list, const struct task_api *api,
                                 const struct task_asked *asked, const struct source_answer *answer,
                                 struct fault *fault);

// "urn:nld:<gemeente>:zaak:zaaknummer:10442", "...:zaak:uuid:<uuid>" or "...:zaak:10442". False:
// no case; other relations are left.
bool task_link_case(struct task_private *task, const char *urn);

#endif
