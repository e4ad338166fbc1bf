// SPDX-License-Identifier: EUPL-1.2
//
// Writes and reads the tag-length-value forms of chips and certificates (ISO/IEC 8825-1), for the
// virtual card. Has nothing in common with the kiosk's own reader, on purpose.
#ifndef INLOOP_DEMO_CHIP_DER_H
#define INLOOP_DEMO_CHIP_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHIP_DER_BYTES = 12 * 1024 };

// What was written so far; what does not fit stops the process, for we know what we make.
struct chip_der {
    uint8_t bytes[CHIP_DER_BYTES];
    size_t len;
};

void chip_der_add(struct chip_der *out, unsigned tag, const void *value, size_t len);
void chip_der_add_inside(struct chip_der *out, unsigned tag, const struct chip_der *inside);
void chip_der_add_raw(struct chip_der *out, const void *bytes, size_t len);
void chip_der_add_oid(struct chip_der *out, unsigned tag, const char *dotted);
void chip_der_add_number(struct chip_der *out, unsigned number); // below 128

// One element of what a terminal sent.
struct chip_tlv {
    unsigned tag; // one byte is enough for commands
    const uint8_t *value;
    size_t len;
    size_t whole_len;
};
// The element at `bytes`. False: it is broken or longer than `len`.
bool chip_tlv_read(const uint8_t *bytes, size_t len, struct chip_tlv *tlv);
// The first with `tag` among those that stand in a row. False: none.
bool chip_tlv_find(const uint8_t *bytes, size_t len, unsigned tag, struct chip_tlv *tlv);

#endif
