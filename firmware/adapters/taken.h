// SPDX-License-Identifier: EUPL-1.2
//
// Open VTB Taken 0.1.0: the tasks a person has open, as requests. Pure.
#ifndef INLOOP_ADAPTERS_TAKEN_H
#define INLOOP_ADAPTERS_TAKEN_H

#include "adapters/task.h"

// `page` from 1.
MUST_USE enum err taken_request(struct source_request_private *request, const char *bsn,
                                unsigned page);
extern const struct task_api taken_tasks;

// The number of the case a task belongs to, as people write it; "" when it names none.
void taken_case_number(const struct json *task, char number[REQUEST_REFERENCE_BYTES]);

#endif
