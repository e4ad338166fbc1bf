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
    const struct zone_holder zone = {.surname = "VAN DER BERG", .given = "SANNE MARIA"};
    struct brp_search_private search = {0};
    if (brp_search_read(&answer, &zone, (struct date){1984, 3, 12}, &search, &fault) == OK) {
        CHECK(search.bsn[0] == '\0' || bsn_is_valid(search.bsn));
        CHECK(!search.fits || search.bsn[0] != '\0');
    }
    return 0;
}
