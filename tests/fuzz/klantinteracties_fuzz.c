// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named klantinteracties may answer.
#include "adapters/klantinteracties.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char uuid[] = "11111111-1111-4111-8111-111111111111";
    const struct source_answer answer = {.status = 200, .body = (const char *)data, .len = len};
    const struct source_answer made = {.status = 201, .body = (const char *)data, .len = len};
    struct party_private party;
    struct contact_progress progress;
    struct fault fault;
    if (party_read(&answer, uuid, &party, &fault) == OK) {
        CHECK(bsn_is_valid(party.bsn));
    }
    char found[UUID_TEXT_BYTES];
    if (party_find_read(&answer, "999990019", found, &party, &fault) == OK && found[0] != '\0') {
        CHECK(uuid_is_valid(found) && strcmp(party.bsn, "999990019") == 0);
    }
    if (contact_find_read(&answer, uuid, &progress, &fault) == OK) {
        CHECK(progress.contact[0] == '\0' || uuid_is_valid(progress.contact));
    }
    if (actor_find_read(&answer, &progress, &fault) == OK) {
        CHECK(progress.actor[0] == '\0' || uuid_is_valid(progress.actor));
    }
    if (contact_make_read(&made, &progress, &fault) == OK) {
        CHECK(uuid_is_valid(progress.contact));
    }
    if (actor_make_read(&made, &progress, &fault) == OK) {
        CHECK(uuid_is_valid(progress.actor));
    }
    return 0;
}
