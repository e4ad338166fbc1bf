// SPDX-License-Identifier: EUPL-1.2
//
// BER-TLV as chips and certificates write it (ISO/IEC 8825-1): definite lengths only, two bytes of
// tag and four of length at most. Every length comes from outside; nothing is read past its parent.
#ifndef INLOOP_DRIVERS_DOCUMENT_BER_H
#define INLOOP_DRIVERS_DOCUMENT_BER_H

#include "base/bytes.h"

// One element. `value` is borrowed from what was read; `whole` begins at its tag.
struct ber {
    uint32_t tag; // 0x30, 0x7c, 0x7f49: as written, high byte first
    const uint8_t *value;
    size_t len;
    const uint8_t *whole;
    size_t whole_len;
};

// Reads the next element and moves `in` behind it. False: nothing is left, or what is left is no
// element (`in->failed` tells the two apart).
bool ber_next(struct bytes_in *in, struct ber *ber);
// As ber_next, and false with `in->failed` unless the tag is `tag`.
bool ber_expect(struct bytes_in *in, uint32_t tag, struct ber *ber);
// The one element these bytes are, with that tag and nothing behind it.
bool ber_only(const uint8_t *bytes, size_t len, uint32_t tag, struct ber *ber);
// A reader over the inside of a constructed element.
struct bytes_in ber_inside(const struct ber *ber);
// The first element with `tag` directly inside `in`, which is left alone. False: none, or broken.
bool ber_find(const struct bytes_in *in, uint32_t tag, struct ber *ber);
// A non-negative INTEGER that fits; false otherwise.
bool ber_number(const struct ber *ber, uint32_t *value);
// The bytes of a non-negative INTEGER without leading zeros; false: negative, empty or not minimal.
bool ber_magnitude(const struct ber *ber, const uint8_t **value, size_t *len);
// Compares an OBJECT IDENTIFIER's contents with encoded bytes.
bool ber_is_oid(const struct ber *ber, const uint8_t *oid, size_t oid_len);

// Writes a tag and a length in front of `len` bytes that follow; returns the bytes written.
// ERR_FULL by 0: no room.
size_t ber_head(uint32_t tag, size_t len, uint8_t *out, size_t out_bytes);
// As ber_head, and the value behind it.
size_t ber_put(uint32_t tag, const void *value, size_t len, uint8_t *out, size_t out_bytes);
// How long the element is that begins with these bytes, of which more are still to be read. False:
// too few of them to say, or no element.
bool ber_whole_len(const uint8_t *head, size_t head_len, uint32_t *tag, size_t *whole_len);

#endif
