// SPDX-License-Identifier: EUPL-1.2
//
// One command as a chip takes it (ISO/IEC 7816-4 section 5.1), before it is protected.
#ifndef INLOOP_DRIVERS_DOCUMENT_APDU_H
#define INLOOP_DRIVERS_DOCUMENT_APDU_H

#include <stddef.h>
#include <stdint.h>

enum {
    APDU_DATA_BYTES = 320,   // the longest: a point on P-521 with what stands round it
    APDU_BYTES_MAX = 512,    // protected
    APDU_SHORT_ANSWER = 256, // more is told by extended lengths only
    APDU_OK = 0x9000,
    APDU_END_OF_FILE = 0x6282, // with fewer bytes than were asked for
    APDU_NOT_FOUND = 0x6a82,
};

struct apdu {
    uint8_t cla;
    uint8_t ins;
    uint8_t p1;
    uint8_t p2;
    uint8_t data[APDU_DATA_BYTES];
    size_t len;
    size_t answer_bytes; // at most; 0: only a status
};

// Puts an element behind the data; room is ours to reckon.
void apdu_put(struct apdu *apdu, uint32_t tag, const void *value, size_t len);
// Puts all data so far inside an element.
void apdu_wrap(struct apdu *apdu, uint32_t tag);
// Writes it out, with extended lengths where it needs them; returns the bytes.
size_t apdu_write(const struct apdu *apdu, uint8_t out[APDU_BYTES_MAX]);

#endif
