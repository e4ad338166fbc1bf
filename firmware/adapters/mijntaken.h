// SPDX-License-Identifier: EUPL-1.2
//
// VNG MijnTaken API 0.1.0: the tasks a person has open anywhere, each done at its own portal. Pure.
// Asked by the person's party, not by BSN. Its answer names nobody: that the tasks are theirs is
// the provider's word alone.
#ifndef INLOOP_ADAPTERS_MIJNTAKEN_H
#define INLOOP_ADAPTERS_MIJNTAKEN_H

#include "adapters/task.h"

// `party` is the UUID in Klantinteracties.
MUST_USE enum err mijntaken_request(struct source_request_private *request, const char *party);
extern const struct task_api mijntaken_tasks;

#endif
