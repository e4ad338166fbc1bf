// SPDX-License-Identifier: EUPL-1.2
//
// Any bytes as BER-TLV, elements within elements: nothing reaches past what it stands in, and what
// is written again is read the same.
#include "drivers/document/ber.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { DEPTH_MAX = 16, HEAD_BYTES = 6 };

static void try_element(const struct ber *ber, const struct bytes_in *parent);
static void try_again(const struct ber *ber);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct bytes_in levels[DEPTH_MAX];
    size_t depth = 0;
    uint32_t tag = 0;
    size_t whole_len = 0;
    bytes_in_init(&levels[0], data, len);
    for (;;) {
        struct ber ber;
        struct bytes_in *in = &levels[depth];
        if (ber_next(in, &ber)) {
            try_element(&ber, in);
            if (depth + 1 < DEPTH_MAX && ber.len > 0) {
                depth += 1;
                levels[depth] = ber_inside(&ber);
            }
        } else if (depth > 0) {
            depth -= 1;
        } else {
            break;
        }
    }
    if (ber_whole_len(data, len, &tag, &whole_len)) {
        CHECK(whole_len >= 2 && tag != 0);
    }
    return 0;
}

static void try_element(const struct ber *ber, const struct bytes_in *parent)
{
    struct ber found;
    uint32_t number = 0;
    const uint8_t *magnitude = NULL;
    size_t magnitude_len = 0;
    CHECK(ber->whole >= parent->data && ber->whole + ber->whole_len <= parent->data + parent->len);
    CHECK(ber->value >= ber->whole && ber->value + ber->len == ber->whole + ber->whole_len);
    CHECK(ber->tag > 0 && ber->tag <= 0xffff);
    if (ber_magnitude(ber, &magnitude, &magnitude_len)) {
        CHECK(magnitude_len == 0 || magnitude[0] != 0);
    }
    if (ber_number(ber, &number)) {
        CHECK(magnitude_len <= 4);
    }
    const struct bytes_in inside = ber_inside(ber);
    if (ber_find(&inside, 0x30, &found)) {
        CHECK(found.tag == 0x30);
    }
    CHECK(!ber_is_oid(ber, (const uint8_t *)"\x2a\x03", 2) || ber->len == 2);
    try_again(ber);
}

// The length may have been written longer than it had to be; what it says stays.
static void try_again(const struct ber *ber)
{
    uint8_t head[HEAD_BYTES];
    uint32_t tag = 0;
    size_t whole_len = 0;
    const size_t head_len = ber_head(ber->tag, ber->len, head, sizeof head);
    CHECK(head_len > 0 && head_len + ber->len <= ber->whole_len);
    CHECK(ber_whole_len(head, head_len, &tag, &whole_len));
    CHECK(tag == ber->tag && whole_len == head_len + ber->len);
}
