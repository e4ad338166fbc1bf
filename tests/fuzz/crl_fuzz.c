// SPDX-License-Identifier: EUPL-1.2
//
// Whatever may stand where a list of withdrawn signers is expected, below whatever state is known.
#include "drivers/document/crl.h"
#include "tests/fuzz/two_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct two_parts parts = two_parts_of(data, len);
    struct crl crl;
    const enum err err = crl_read(parts.second, parts.second_len, &crl);
    CHECK(err == OK || err == ERR_MALFORMED || err == ERR_UNSUPPORTED);
    if (err == OK) {
        struct bytes_in in = ber_inside(&crl.entries);
        struct ber serial;
        while (crl_next(&in, &serial)) {
            CHECK(serial.len > 0 && serial.value >= parts.second &&
                  serial.value + serial.len <= parts.second + parts.second_len);
        }
        CHECK(!in.failed && bytes_in_left(&in) == 0);
    }
    struct trust *trust = NULL;
    const bool is_known = err == OK && two_parts_trust(&parts, &trust);
    struct fault fault;
    const enum err added = trust_add_crl(err == OK ? trust : two_parts_nobody(), parts.second,
                                         parts.second_len, &fault);
    CHECK(err == OK ? added != OK || is_known : added == err);
    trust_free(trust);
    return 0;
}
