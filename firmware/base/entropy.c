// SPDX-License-Identifier: EUPL-1.2
//
// getrandom(2) and UUIDs.
#include "base/entropy.h"

#include "base/bytes.h"
#include "base/err.h"

#include <string.h>
#include <sys/random.h>

enum { TIME_BYTES = 6, AHEAD_BYTES = 256, SMALL_BYTES = 16 };

static void from_kernel(uint8_t *out, size_t len);
static void write_uuid(uint8_t raw[16], unsigned version, char out[UUID_TEXT_BYTES]);

void entropy_fill(void *out, size_t len)
{
    // Names and nonces are asked for ahead, many in one call; keys never lie about.
    static _Thread_local uint8_t ahead[AHEAD_BYTES];
    static _Thread_local size_t ahead_len;
    if (len > SMALL_BYTES) {
        from_kernel(out, len);
        return;
    }
    if (ahead_len < len) {
        from_kernel(ahead, sizeof ahead);
        ahead_len = sizeof ahead;
    }
    ahead_len -= len;
    memcpy(out, ahead + ahead_len, len);
    wipe(ahead + ahead_len, len);
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

bool uuid_is_valid(const char *words)
{
    if (strlen(words) != UUID_TEXT_BYTES - 1) {
        return false;
    }
    for (size_t i = 0; i < UUID_TEXT_BYTES - 1; i++) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool is_hex = words[i] != '\0' && strchr("0123456789abcdef", words[i]) != NULL;
        if (is_dash ? words[i] != '-' : !is_hex) {
            return false;
        }
    }
    return true;
}

static void from_kernel(uint8_t *out, size_t len)
{
    while (len > 0) {
        ssize_t got = getrandom(out, len, 0);
        CHECK(got > 0);
        out += got;
        len -= (size_t)got;
    }
}

static void write_uuid(uint8_t raw[16], unsigned version, char out[UUID_TEXT_BYTES])
{
    static const uint8_t groups[] = {4, 2, 2, 2, 6}; // bytes between the dashes
    raw[6] = (uint8_t)((raw[6] & 0x0f) | version << 4);
    raw[8] = (uint8_t)((raw[8] & 0x3f) | 0x80);
    char *end = out + UUID_TEXT_BYTES;
    for (size_t i = 0; i < sizeof groups; raw += groups[i], i++) {
        CHECK(hex_encode(raw, groups[i], out, (size_t)(end - out)) == OK);
        out += groups[i] * 2;
        *out++ = '-';
    }
    out[-1] = '\0';
}
