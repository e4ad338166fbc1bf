// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named zaken may answer.
#include "adapters/zaken.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct config config = {.entries = {{"type.parkeervergunning", "parking B ordinary"}},
                                   .entries_count = 1};
    static struct zaken_list_private list;
    list = (struct zaken_list_private){0};
    const struct source_answer answer = {.status = 200, .body = (const char *)data, .len = len};
    struct fault fault;
    if (zaken_read(&answer, &config, &list, &fault) == OK) {
        for (size_t i = 0; i < list.count; i++) {
            // Nothing that is not on the list may be named.
            CHECK(list.cases[i].subject != SUBJECT_LETTER || list.cases[i].title[0] == '\0');
        }
    }
    CHECK(list.count <= ZAKEN_MAX);
    return 0;
}
