// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named brp may answer.
#include "adapters/brp.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct person_private person = {0};
    const struct source_answer answer = {.status = 200, .body = (const char *)data, .len = len};
    struct fault fault;
    if (brp_read(&answer, "999990019", &person, &fault) == OK) {
        CHECK(!person.is_secret || (person.name[0] == '\0' && person.initials[0] == '\0'));
        CHECK(text_is_printable(person.name));
        CHECK(text_is_printable(person.initials));
    }
    return 0;
}
