// SPDX-License-Identifier: EUPL-1.2
//
// Whatever may stand where a master list is expected, below whatever root is pinned.
#include "drivers/document/signed_data.h"
#include "tests/fuzz/two_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct two_parts parts = two_parts_of(data, len);
    struct signed_data signed_data;
    struct fault fault = {0};
    const bool is_signed =
        signed_data_read(parts.second, parts.second_len, &signed_data, &fault) == OK;
    struct trust *trust = is_signed ? trust_new() : two_parts_nobody();
    size_t added = 0;
    size_t left_out = 0;
    fault = (struct fault){0};
    const enum err err =
        trust_add_list(trust, parts.second, parts.second_len, parts.first, parts.first_len,
                       TWO_PARTS_NOW_S, &added, &left_out, &fault);
    CHECK(err == OK || fault.err == err);
    CHECK(trust_count(trust) == added && (err == OK || added == 0));
    trust_free(is_signed ? trust : NULL);
    return 0;
}
