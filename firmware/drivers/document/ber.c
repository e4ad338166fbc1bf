// SPDX-License-Identifier: EUPL-1.2
//
// BER-TLV: definite lengths, tags of two bytes at most. A length longer than what is left fails; no
// element ever reaches past the one it stands in.
#include "drivers/document/ber.h"

#include <string.h>

enum { TAG_INTEGER = 0x02, LENGTH_BYTES_MAX = 3 };

static uint32_t read_tag(struct bytes_in *in);
static size_t read_length(struct bytes_in *in);
static size_t length_bytes(size_t len);

bool ber_next(struct bytes_in *in, struct ber *ber)
{
    *ber = (struct ber){0};
    if (bytes_in_left(in) == 0) {
        return false;
    }
    const size_t start = in->pos;
    const uint32_t tag = read_tag(in);
    const size_t len = read_length(in);
    const uint8_t *value = bytes_in_take(in, len);
    if (in->failed) {
        return false;
    }
    *ber = (struct ber){.tag = tag,
                        .value = value,
                        .len = len,
                        .whole = in->data + start,
                        .whole_len = in->pos - start};
    return true;
}

bool ber_expect(struct bytes_in *in, uint32_t tag, struct ber *ber)
{
    if (!ber_next(in, ber) || ber->tag != tag) {
        in->failed = true;
        *ber = (struct ber){0};
        return false;
    }
    return true;
}

bool ber_only(const uint8_t *bytes, size_t len, uint32_t tag, struct ber *ber)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    return ber_expect(&in, tag, ber) && bytes_in_left(&in) == 0;
}

struct bytes_in ber_inside(const struct ber *ber)
{
    struct bytes_in in;
    bytes_in_init(&in, ber->value, ber->len);
    return in;
}

bool ber_find(const struct bytes_in *in, uint32_t tag, struct ber *ber)
{
    struct bytes_in all = *in;
    while (ber_next(&all, ber)) {
        if (ber->tag == tag) {
            return true;
        }
    }
    *ber = (struct ber){0};
    return false;
}

bool ber_number(const struct ber *ber, uint32_t *value)
{
    const uint8_t *bytes = NULL;
    size_t len = 0;
    if (!ber_magnitude(ber, &bytes, &len) || len > sizeof *value) {
        return false;
    }
    *value = 0;
    for (size_t i = 0; i < len; i++) {
        *value = *value << 8 | bytes[i];
    }
    return true;
}

bool ber_magnitude(const struct ber *ber, const uint8_t **value, size_t *len)
{
    if (ber->tag != TAG_INTEGER || ber->len == 0 || (ber->value[0] & 0x80) != 0) {
        return false;
    }
    const bool has_zero = ber->value[0] == 0;
    if (has_zero && ber->len > 1 && (ber->value[1] & 0x80) == 0) {
        return false; // two spellings of one number
    }
    *value = ber->value + has_zero;
    *len = ber->len - has_zero;
    return true;
}

bool ber_is_oid(const struct ber *ber, const uint8_t *oid, size_t oid_len)
{
    return ber->len == oid_len && oid_len > 0 && memcmp(ber->value, oid, oid_len) == 0;
}

size_t ber_head(uint32_t tag, size_t len, uint8_t *out, size_t out_bytes)
{
    CHECK(tag > 0 && tag <= 0xffff);
    CHECK(len <= 0xffffff);

    const size_t tag_bytes = tag > 0xff ? 2 : 1;
    const size_t more = length_bytes(len);
    if (out_bytes < tag_bytes + 1 + more) {
        return 0;
    }
    size_t at = 0;
    if (tag_bytes == 2) {
        out[at++] = (uint8_t)(tag >> 8);
    }
    out[at++] = (uint8_t)tag;
    out[at++] = (uint8_t)(more == 0 ? len : 0x80 | more);
    for (size_t i = more; i > 0; i--) {
        out[at++] = (uint8_t)(len >> (8 * (i - 1)));
    }
    return at;
}

size_t ber_put(uint32_t tag, const void *value, size_t len, uint8_t *out, size_t out_bytes)
{
    const size_t head = ber_head(tag, len, out, out_bytes);
    if (head == 0 || len > out_bytes - head) {
        return 0;
    }
    if (len > 0) {
        memcpy(out + head, value, len);
    }
    return head + len;
}

bool ber_whole_len(const uint8_t *head, size_t head_len, uint32_t *tag, size_t *whole_len)
{
    struct bytes_in in;
    bytes_in_init(&in, head, head_len);
    *tag = read_tag(&in);
    const size_t len = read_length(&in);
    *whole_len = in.pos + len;
    return !in.failed;
}

// Tag 0 ends an element of indefinite length, which is refused; as a tag of its own it is none.
static uint32_t read_tag(struct bytes_in *in)
{
    const uint8_t first = bytes_in_u8(in);
    if ((first & 0x1f) != 0x1f) {
        in->failed = in->failed || first == 0;
        return first;
    }
    const uint8_t second = bytes_in_u8(in);
    in->failed = in->failed || (second & 0x80) != 0; // a third byte would follow
    return (uint32_t)(first << 8 | second);
}

static size_t read_length(struct bytes_in *in)
{
    const uint8_t first = bytes_in_u8(in);
    if (first < 0x80) {
        return first;
    }
    const size_t count = first & 0x7f;
    if (count == 0 || count > LENGTH_BYTES_MAX) {
        in->failed = true; // indefinite, or longer than any file
        return 0;
    }
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        len = len << 8 | bytes_in_u8(in);
    }
    return len;
}

static size_t length_bytes(size_t len)
{
    if (len < 0x80) {
        return 0;
    }
    return len <= 0xff ? 1 : len <= 0xffff ? 2 : 3;
}
