// SPDX-License-Identifier: EUPL-1.2
//
// Inputs of two files: two bytes tell the length of the first.
#ifndef INLOOP_TESTS_FUZZ_TWO_PARTS_H
#define INLOOP_TESTS_FUZZ_TWO_PARTS_H

#include "drivers/document/trust.h"

#include <stddef.h>
#include <stdint.h>

// The day the corpus was made, so that what is in it stays valid.
enum { TWO_PARTS_NOW_S = 1795780800 };

struct two_parts {
    const uint8_t *first;
    size_t first_len;
    const uint8_t *second;
    size_t second_len;
};

static inline struct two_parts two_parts_of(const uint8_t *data, size_t len)
{
    struct two_parts parts = {0};
    if (len >= 2) {
        const size_t wanted = (size_t)data[0] << 8 | data[1];
        parts.first = data + 2;
        parts.first_len = wanted < len - 2 ? wanted : len - 2;
        parts.second = parts.first + parts.first_len;
        parts.second_len = len - 2 - parts.first_len;
    }
    return parts;
}

// With the first part as the one state that is known; whether it came in. The caller frees.
static inline bool two_parts_trust(const struct two_parts *parts, struct trust **trust)
{
    *trust = trust_new();
    struct fault fault;
    const enum err err = trust_add(*trust, parts->first, parts->first_len, &fault);
    CHECK(err == OK || err == ERR_MALFORMED);
    CHECK(trust_count(*trust) == (err == OK));
    return err == OK;
}

// One that knows nobody and must stay so: making one takes longer than reading most inputs.
static inline struct trust *two_parts_nobody(void)
{
    static struct trust *nobody;
    if (nobody == NULL) {
        nobody = trust_new();
    }
    CHECK(trust_count(nobody) == 0);
    return nobody;
}

#endif
