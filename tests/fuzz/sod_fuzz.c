// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a chip may send as its security object, below whatever state is known.
#include "drivers/document/cipher.h"
#include "drivers/document/signed_data.h"
#include "drivers/document/sod.h"
#include "tests/fuzz/two_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_hashes(const struct sod_hashes *hashes, bool is_good)
{
    CHECK((hashes->groups != 0) == is_good);
    CHECK(hashes->groups < 1u << 17 && (hashes->groups & 1) == 0);
    CHECK(!is_good || (hashes->hash >= 0 && hashes->hash < HASHES_COUNT));
    for (unsigned group = 0; group < 40; group++) {
        CHECK(!sod_has(hashes, group, (const uint8_t *)"", 0) || is_good);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct two_parts parts = two_parts_of(data, len);
    struct sod_hashes hashes;
    const enum err err = sod_read(parts.second, parts.second_len, &hashes);
    check_hashes(&hashes, err == OK);

    struct signed_data signed_data;
    struct fault fault;
    const uint8_t *inside = NULL;
    size_t inside_len = 0;
    const bool is_signed = sod_unwrap(parts.second, parts.second_len, &inside, &inside_len) == OK &&
                           signed_data_read(inside, inside_len, &signed_data, &fault) == OK;
    struct trust *trust = NULL;
    const bool is_known = is_signed && two_parts_trust(&parts, &trust);
    const enum document_reason reason =
        trust_check(is_signed ? trust : two_parts_nobody(), parts.second, parts.second_len,
                    TWO_PARTS_NOW_S, &hashes, &fault);
    CHECK(is_known || reason != DOCUMENT_NO_REASON);
    CHECK(is_signed || reason == DOCUMENT_SOD_UNREADABLE);
    CHECK(reason != DOCUMENT_NO_REASON || hashes.state[0] != '\0');
    check_hashes(&hashes, reason == DOCUMENT_NO_REASON);
    trust_free(trust);
    return 0;
}
