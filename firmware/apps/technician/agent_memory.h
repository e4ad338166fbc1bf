// SPDX-License-Identifier: EUPL-1.2
//
// The agent's memory on the disk, and what it tells the programs beside it (config syntax, both).
#ifndef INLOOP_APPS_TECHNICIAN_AGENT_MEMORY_H
#define INLOOP_APPS_TECHNICIAN_AGENT_MEMORY_H

#include "apps/technician/agent_step.h"

// ERR_NOT_FOUND: none yet. ERR_MALFORMED: not ours. `memory` is zeroed then: nothing is tried.
MUST_USE enum err agent_memory_read(struct agent_memory *memory, const char *path,
                                    struct fault *fault);
MUST_USE enum err agent_memory_write(const struct agent_memory *memory, const char *path,
                                     struct fault *fault);
bool agent_memory_equal(const struct agent_memory *left, const struct agent_memory *right);

// For the technician's screen: state, version, reason.
MUST_USE enum err agent_update_write(const struct api_update *update, const char *path,
                                     struct fault *fault);
// ERR_NOT_FOUND, ERR_MALFORMED: as above.
MUST_USE enum err agent_update_read(struct api_update *update, const char *path,
                                    struct fault *fault);

#endif
