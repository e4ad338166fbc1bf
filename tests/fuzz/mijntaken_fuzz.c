// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named mijntaken may answer.
#include "adapters/mijntaken.h"
#include "tests/fuzz/tasks.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    tasks_check_elsewhere(&mijntaken_tasks, data, len);
    return 0;
}
