// SPDX-License-Identifier: EUPL-1.2
//
// Writes commands.
#include "drivers/document/apdu.h"

#include "drivers/document/ber.h"

#include <string.h>

void apdu_put(struct apdu *apdu, uint32_t tag, const void *value, size_t len)
{
    const size_t written =
        ber_put(tag, value, len, apdu->data + apdu->len, sizeof apdu->data - apdu->len);
    CHECK(written > 0);
    apdu->len += written;
}

void apdu_wrap(struct apdu *apdu, uint32_t tag)
{
    uint8_t inside[APDU_DATA_BYTES];
    const size_t len = apdu->len;
    memcpy(inside, apdu->data, len);
    apdu->len = 0;
    apdu_put(apdu, tag, inside, len);
}

size_t apdu_write(const struct apdu *apdu, uint8_t out[APDU_BYTES_MAX])
{
    CHECK(apdu->len <= sizeof apdu->data);
    CHECK(apdu->answer_bytes <= 0x10000);

    const bool is_extended = apdu->len > 0xff || apdu->answer_bytes > APDU_SHORT_ANSWER;
    size_t at = 0;
    out[at++] = apdu->cla;
    out[at++] = apdu->ins;
    out[at++] = apdu->p1;
    out[at++] = apdu->p2;
    if (is_extended) {
        out[at++] = 0;
    }
    if (apdu->len > 0) {
        if (is_extended) {
            out[at++] = (uint8_t)(apdu->len >> 8);
        }
        out[at++] = (uint8_t)apdu->len;
        memcpy(out + at, apdu->data, apdu->len);
        at += apdu->len;
    }
    if (apdu->answer_bytes > 0) { // 256 and 65536 are written as zeros
        if (is_extended) {
            out[at++] = (uint8_t)(apdu->answer_bytes >> 8);
        }
        out[at++] = (uint8_t)apdu->answer_bytes;
    }
    return at;
}
