// SPDX-License-Identifier: EUPL-1.2
//
// Objects API 2.7.0 with objects of the type Taak (version 2, as NL Portal shows them): the tasks a
// person has open, as requests. Pure. Only a task that is a link goes on, on the visitor's own
// phone: a payment or a portal's form is done at the counter.
#ifndef INLOOP_ADAPTERS_OBJECTEN_H
#define INLOOP_ADAPTERS_OBJECTEN_H

#include "adapters/task.h"

// Open tasks of `bsn` among the objects of `type`, the URL of the objecttype. `page` from 1.
// ERR_TOO_BIG: a type that long is none.
MUST_USE enum err objecten_request(struct source_request_private *request, const char *bsn,
                                   const char *type, unsigned page);
extern const struct task_api objecten_tasks;

#endif
