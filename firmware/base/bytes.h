// SPDX-License-Identifier: EUPL-1.2
//
// Bounded reading and writing of bytes, comparing and wiping secrets, and the four text encodings
// that codes and tokens use. The only place where outside bytes are touched by position.
#ifndef INLOOP_BASE_BYTES_H
#define INLOOP_BASE_BYTES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A reader that knows what is left. After the first read past the end `failed` stays true, every
// later read gives zeros, and one check at the end is enough. Borrows `data`.
struct bytes_in {
    const uint8_t *data;
    size_t len;
    size_t pos;
    bool failed;
};

void bytes_in_init(struct bytes_in *in, const void *data, size_t len);
size_t bytes_in_left(const struct bytes_in *in);
uint8_t bytes_in_u8(struct bytes_in *in);
uint16_t bytes_in_u16le(struct bytes_in *in);
uint32_t bytes_in_u32le(struct bytes_in *in);
uint16_t bytes_in_u16be(struct bytes_in *in);
// Gives a borrowed pointer to `len` bytes, or NULL when fewer are left (then `failed`).
const uint8_t *bytes_in_take(struct bytes_in *in, size_t len);

// Overwrites memory in a way the compiler keeps. NULL with zero bytes is allowed.
void wipe(void *data, size_t len);
// True when equal; takes the same time wherever the difference is.
bool bytes_equal_secret(const void *left, const void *right, size_t len);

// Encoders write a terminated string and need room for the terminator; decoders accept the
// canonical form only. ERR_TOO_BIG: `out` is too small. ERR_MALFORMED: not the encoding.
MUST_USE enum err hex_encode(const uint8_t *data, size_t len, char *out, size_t out_bytes);
MUST_USE enum err hex_decode(const char *text, size_t text_len, uint8_t *out, size_t out_bytes,
                             size_t *out_len);
// base64url without padding, RFC 7515 section 2. Trailing bits must be zero.
MUST_USE enum err base64url_encode(const uint8_t *data, size_t len, char *out, size_t out_bytes);
MUST_USE enum err base64url_decode(const char *text, size_t text_len, uint8_t *out,
                                   size_t out_bytes, size_t *out_len);
// base45, RFC 9285.
MUST_USE enum err base45_encode(const uint8_t *data, size_t len, char *out, size_t out_bytes);
MUST_USE enum err base45_decode(const char *text, size_t text_len, uint8_t *out, size_t out_bytes,
                                size_t *out_len);

#endif
