// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named objecten may answer.
#include "adapters/objecten.h"
#include "tests/fuzz/tasks.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    tasks_check_elsewhere(&objecten_tasks, data, len);
    return 0;
}
