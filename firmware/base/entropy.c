// SPDX-License-Identifier: EUPL-1.2
//
// getrandom(2) and UUIDs.
#include "base/entropy.h"

#include "base/bytes.h"
#include "base/err.h"

#include <stdio.h>
#include <sys/random.h>

enum { TIME_BYTES = 6 };

static void write_uuid(uint8_t raw[16], unsigned version, char out[UUID_TEXT_BYTES]);

void entropy_fill(void *out, size_t len)
{
    uint8_t *at = out;
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        CHECK(got > 0);
        at += got;
        len -= (size_t)got;
    }
}

void entropy_uuid(char out[UUID_TEXT_BYTES])
{
    uint8_t raw[16];
    entropy_fill(raw, sizeof raw);
    write_uuid(raw, 4, out);
}

void entropy_uuid_in_order(int64_t now_ms, char out[UUID_TEXT_BYTES])
{
    uint8_t raw[16];
    entropy_fill(raw, sizeof raw);
    for (unsigned i = 0; i < TIME_BYTES; i++) {
        raw[i] = (uint8_t)(now_ms >> (8 * (TIME_BYTES - 1 - i)));
    }
    write_uuid(raw, 7, out);
}

static void write_uuid(uint8_t raw[16], unsigned version, char out[UUID_TEXT_BYTES])
{
    raw[6] = (uint8_t)((raw[6] & 0x0f) | version << 4);
    raw[8] = (uint8_t)((raw[8] & 0x3f) | 0x80);
    char hex[33];
    CHECK(hex_encode(raw, 16, hex, sizeof hex) == OK);
    (void)snprintf(out, UUID_TEXT_BYTES, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
                   hex + 16, hex + 20); // always thirty-six characters
}
