// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named taken may answer.
#include "adapters/taken.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct config config = {.entries = {{"task.verhuizing", "moving A ordinary"}},
                                   .entries_count = 1};
    static struct taken_list_private list;
    list = (struct taken_list_private){0};
    const struct source_answer answer = {.status = 200, .body = (const char *)data, .len = len};
    struct fault fault;
    if (taken_read(&answer, "999990019", &config, &list, &fault) == OK) {
        CHECK(list.count <= TAKEN_MAX);
        for (size_t i = 0; i < list.count; i++) {
            const struct request_private *request = &list.tasks[i].request;
            CHECK(request->missing_count <= REQUEST_MISSING_MAX);
            CHECK(request->facts_count <= REQUEST_FACTS_MAX);
            CHECK(request->steps_done <= request->steps_count);
        }
    } else {
        CHECK(list.count == 0);
    }
    return 0;
}
