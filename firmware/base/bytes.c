// SPDX-License-Identifier: EUPL-1.2
//
// Bounded bytes, wiping, and hex, base64url and base45 in their canonical forms only.
#include "base/bytes.h"

#include <string.h>

static const char base64url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base45_alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

static int alphabet_index(const char *alphabet, char c);

void bytes_in_init(struct bytes_in *in, const void *data, size_t len)
{
    CHECK(in != NULL);
    CHECK(data != NULL || len == 0);

    *in = (struct bytes_in){.data = data, .len = len};
}

size_t bytes_in_left(const struct bytes_in *in)
{
    return in->failed ? 0 : in->len - in->pos;
}

uint8_t bytes_in_u8(struct bytes_in *in)
{
    const uint8_t *at = bytes_in_take(in, 1);
    return at == NULL ? 0 : at[0];
}

uint16_t bytes_in_u16le(struct bytes_in *in)
{
    const uint8_t *at = bytes_in_take(in, 2);
    if (at == NULL) {
        return 0;
    }
    return (uint16_t)(at[0] | at[1] << 8);
}

uint32_t bytes_in_u32le(struct bytes_in *in)
{
    const uint8_t *at = bytes_in_take(in, 4);
    if (at == NULL) {
        return 0;
    }
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint16_t bytes_in_u16be(struct bytes_in *in)
{
    const uint8_t *at = bytes_in_take(in, 2);
    if (at == NULL) {
        return 0;
    }
    return (uint16_t)(at[0] << 8 | at[1]);
}

const uint8_t *bytes_in_take(struct bytes_in *in, size_t len)
{
    CHECK(in != NULL);
    CHECK(in->pos <= in->len);

    if (in->failed || len > in->len - in->pos) {
        in->failed = true;
        return NULL;
    }
    const uint8_t *at = in->data + in->pos;
    in->pos += len;
    return at;
}

void wipe(void *data, size_t len)
{
    if (len > 0) {
        explicit_bzero(data, len);
    }
}

bool bytes_equal_secret(const void *left, const void *right, size_t len)
{
    const volatile uint8_t *a = left;
    const volatile uint8_t *b = right;
    uint8_t difference = 0;
    for (size_t i = 0; i < len; i++) {
        difference = (uint8_t)(difference | (a[i] ^ b[i]));
    }
    return difference == 0;
}

enum err hex_encode(const uint8_t *data, size_t len, char *out, size_t out_bytes)
{
    static const char digits[] = "0123456789abcdef";
    if (out_bytes < len * 2 + 1) {
        return ERR_TOO_BIG;
    }
    for (size_t i = 0; i < len; i++) {
        out[i * 2] = digits[data[i] >> 4];
        out[i * 2 + 1] = digits[data[i] & 15];
    }
    out[len * 2] = '\0';
    return OK;
}

enum err hex_decode(const char *text, size_t text_len, uint8_t *out, size_t out_bytes,
                    size_t *out_len)
{
    if (text_len % 2 != 0) {
        return ERR_MALFORMED;
    }
    if (text_len / 2 > out_bytes) {
        return ERR_TOO_BIG;
    }
    for (size_t i = 0; i < text_len / 2; i++) {
        int high = alphabet_index("0123456789abcdef", text[i * 2]);
        int low = alphabet_index("0123456789abcdef", text[i * 2 + 1]);
        if (high < 0 || low < 0) {
            return ERR_MALFORMED;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    *out_len = text_len / 2;
    return OK;
}

enum err base64url_encode(const uint8_t *data, size_t len, char *out, size_t out_bytes)
{
    size_t chars = (len * 8 + 5) / 6;
    if (out_bytes < chars + 1) {
        return ERR_TOO_BIG;
    }
    for (size_t i = 0; i < chars; i++) {
        size_t bit = i * 6;
        unsigned pair = (unsigned)data[bit / 8] << 8;
        if (bit / 8 + 1 < len) {
            pair |= data[bit / 8 + 1];
        }
        out[i] = base64url_alphabet[pair >> (10 - bit % 8) & 63];
    }
    out[chars] = '\0';
    return OK;
}

enum err base64url_decode(const char *text, size_t text_len, uint8_t *out, size_t out_bytes,
                          size_t *out_len)
{
    if (text_len % 4 == 1) {
        return ERR_MALFORMED;
    }
    size_t len = text_len * 6 / 8;
    if (len > out_bytes) {
        return ERR_TOO_BIG;
    }
    unsigned held = 0;
    unsigned held_bits = 0;
    size_t at = 0;
    for (size_t i = 0; i < text_len; i++) {
        int value = alphabet_index(base64url_alphabet, text[i]);
        if (value < 0) {
            return ERR_MALFORMED;
        }
        held = (held << 6 | (unsigned)value) & 0xffff;
        held_bits += 6;
        if (held_bits >= 8) {
            held_bits -= 8;
            out[at++] = (uint8_t)(held >> held_bits);
        }
    }
    if ((held & ((1u << held_bits) - 1)) != 0) {
        return ERR_MALFORMED; // two spellings of one value would let a token differ unseen
    }
    *out_len = len;
    return OK;
}

enum err base45_encode(const uint8_t *data, size_t len, char *out, size_t out_bytes)
{
    size_t chars = len / 2 * 3 + len % 2 * 2;
    if (out_bytes < chars + 1) {
        return ERR_TOO_BIG;
    }
    size_t at = 0;
    for (size_t i = 0; i < len; i += 2) {
        bool is_pair = i + 1 < len;
        unsigned value = is_pair ? (unsigned)data[i] << 8 | data[i + 1] : data[i];
        for (int digit = 0; digit < (is_pair ? 3 : 2); digit++) {
            out[at++] = base45_alphabet[value % 45];
            value /= 45;
        }
    }
    out[at] = '\0';
    return OK;
}

enum err base45_decode(const char *text, size_t text_len, uint8_t *out, size_t out_bytes,
                       size_t *out_len)
{
    if (text_len % 3 == 1) {
        return ERR_MALFORMED;
    }
    if (text_len / 3 * 2 + text_len % 3 / 2 > out_bytes) {
        return ERR_TOO_BIG;
    }
    size_t at = 0;
    for (size_t i = 0; i < text_len; i += 3) {
        size_t digits = text_len - i < 3 ? 2 : 3;
        unsigned value = 0;
        for (size_t digit = digits; digit > 0; digit--) {
            int index = alphabet_index(base45_alphabet, text[i + digit - 1]);
            if (index < 0) {
                return ERR_MALFORMED;
            }
            value = value * 45 + (unsigned)index;
        }
        if (value > (digits == 3 ? 0xffffu : 0xffu)) {
            return ERR_MALFORMED;
        }
        if (digits == 3) {
            out[at++] = (uint8_t)(value >> 8);
        }
        out[at++] = (uint8_t)value;
    }
    *out_len = at;
    return OK;
}

static int alphabet_index(const char *alphabet, char c)
{
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}
