// SPDX-License-Identifier: EUPL-1.2
//
// Tag, length, value.
#include "demo/chip/chip_der.h"

#include "base/bytes.h"
#include "demo/chip/chip_openssl.h"

#include <string.h>

void chip_der_add(struct chip_der *out, unsigned tag, const void *value, size_t len)
{
    uint8_t head[8];
    size_t head_len = 0;
    if (tag > 0xff) {
        head[head_len++] = (uint8_t)(tag >> 8);
    }
    head[head_len++] = (uint8_t)tag;
    if (len > 0xff) {
        head[head_len++] = 0x82;
        head[head_len++] = (uint8_t)(len >> 8);
    } else if (len > 0x7f) {
        head[head_len++] = 0x81;
    }
    head[head_len++] = (uint8_t)len;
    CHECK(len <= 0xffff);
    chip_der_add_raw(out, head, head_len);
    chip_der_add_raw(out, value, len);
}

void chip_der_add_inside(struct chip_der *out, unsigned tag, const struct chip_der *inside)
{
    chip_der_add(out, tag, inside->bytes, inside->len);
}

void chip_der_add_raw(struct chip_der *out, const void *bytes, size_t len)
{
    CHECK(len <= sizeof out->bytes - out->len);
    if (len > 0) {
        memcpy(out->bytes + out->len, bytes, len);
    }
    out->len += len;
}

void chip_der_add_oid(struct chip_der *out, unsigned tag, const char *dotted)
{
    ASN1_OBJECT *object = OBJ_txt2obj(dotted, 1);
    CHECK(object != NULL);
    chip_der_add(out, tag, OBJ_get0_data(object), OBJ_length(object));
    ASN1_OBJECT_free(object);
}

void chip_der_add_number(struct chip_der *out, unsigned number)
{
    CHECK(number < 128);
    const uint8_t byte = (uint8_t)number;
    chip_der_add(out, 0x02, &byte, 1);
}

bool chip_tlv_read(const uint8_t *bytes, size_t len, struct chip_tlv *tlv)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    tlv->tag = bytes_in_u8(&in);
    size_t value_len = bytes_in_u8(&in);
    if (value_len == 0x81) {
        value_len = bytes_in_u8(&in);
    } else if (value_len == 0x82) {
        value_len = bytes_in_u16be(&in);
    } else if (value_len > 0x7f) {
        return false;
    }
    tlv->value = bytes_in_take(&in, value_len);
    tlv->len = value_len;
    tlv->whole_len = in.pos;
    return !in.failed;
}

bool chip_tlv_find(const uint8_t *bytes, size_t len, unsigned tag, struct chip_tlv *tlv)
{
    size_t pos = 0;
    while (pos < len && chip_tlv_read(bytes + pos, len - pos, tlv)) {
        if (tlv->tag == tag) {
            return true;
        }
        pos += tlv->whole_len;
    }
    return false;
}
