// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named portal may answer.
#include "adapters/portal.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const int statuses[] = {200, 403, 404, 410, 422, 500};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        const struct source_answer answer = {
            .status = statuses[i], .body = (const char *)data, .len = len};
        struct portal_redeemed redeemed;
        struct fault fault;
        const enum err err = portal_read(&answer, BACKOFFICE_TOKEN, &redeemed, &fault);
        CHECK((err == OK) == (redeemed.party[0] != '\0'));
        CHECK(err != OK || statuses[i] == 200);
    }
    return 0;
}
