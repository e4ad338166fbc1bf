// SPDX-License-Identifier: EUPL-1.2
//
// Card-reader messages and descriptors as bytes (USB CCID 1.1, chapters 5 and 6). Pure: no USB, no
// clock. What is said when is ccid_line.c and usb_card_reader.c.
#ifndef INLOOP_DRIVERS_CCID_H
#define INLOOP_DRIVERS_CCID_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CCID_HEAD_BYTES = 10,
    CCID_DESCRIPTOR_BYTES = 54,
    CCID_DATA_BYTES_MAX = 4098, // of one answer; the card_reader port tells no longer ones
    CCID_IFSD_MAX = 254,        // ISO/IEC 7816-3 section 11.4.2
};

// How much of the card's protocol the reader does itself, the least first.
enum ccid_level { CCID_TPDU, CCID_SHORT_APDU, CCID_EXTENDED_APDU };

// What the class descriptor says (section 5.1), within sane limits.
struct ccid_about {
    uint8_t slots_count;
    uint8_t voltages; // bit 0: 5 V, bit 1: 3 V, bit 2: 1.8 V
    bool has_t0;
    bool has_t1;
    enum ccid_level level;
    bool sets_parameters; // by the ATR, or negotiates them
    bool picks_voltage;
    bool sends_ifs; // as the first exchange of T=1
    size_t message_bytes;
    uint8_t ifsd; // 1..254
};

// Looks through the descriptors behind one interface. ERR_NOT_FOUND: no class descriptor of the
// right length among them. ERR_MALFORMED: its limits cannot be. ERR_UNSUPPORTED: it leaves single
// characters to the host, or speaks neither T=0 nor T=1.
MUST_USE enum err ccid_descriptor_read(const uint8_t *bytes, size_t len, struct ccid_about *about);

// What the host asks (section 6.1).
enum ccid_request {
    CCID_SET_PARAMETERS = 0x61,
    CCID_POWER_ON = 0x62,
    CCID_POWER_OFF = 0x63,
    CCID_SLOT_STATUS = 0x65,
    CCID_ESCAPE = 0x6B,
    CCID_TRANSFER = 0x6F,
    CCID_ABORT = 0x72,
};

// The third of `specific` for CCID_TRANSFER: which part of a command or answer this is
// (wLevelParameter; bChainParameter of an answer is the same).
enum ccid_part {
    CCID_WHOLE = 0,
    CCID_BEGINS = 1,
    CCID_ENDS = 2,
    CCID_GOES_ON = 3,
    CCID_NEXT = 0x10, // empty: the other side goes on
};

struct ccid_head {
    enum ccid_request kind;
    uint8_t slot;
    uint8_t seq;
    uint8_t specific[3];
    size_t len; // of what follows
};

void ccid_head_write(const struct ccid_head *head, uint8_t out[CCID_HEAD_BYTES]);

enum ccid_card { CCID_CARD_ACTIVE = 0, CCID_CARD_INACTIVE = 1, CCID_CARD_ABSENT = 2 };

// Why a command failed (section 6.2.6), as far as it matters here.
enum ccid_error {
    CCID_ERROR_UNKNOWN_COMMAND = 0x00,
    CCID_ERROR_BUSY = 0xE0,
    CCID_ERROR_BUSY_SEQUENCE = 0xF2,
    CCID_ERROR_OVERRUN = 0xFC,
    CCID_ERROR_PARITY = 0xFD,
    CCID_ERROR_MUTE = 0xFE,
};

// What the reader answers (section 6.2).
enum ccid_answer_kind {
    CCID_DATA = 0x80,
    CCID_STATUS = 0x81,
    CCID_PARAMETERS = 0x82,
    CCID_ESCAPED = 0x83,
    CCID_RATE = 0x84,
};

struct ccid_answer {
    enum ccid_answer_kind kind;
    uint8_t slot;
    uint8_t seq;
    enum ccid_card card;
    bool has_failed;
    bool wants_time;  // the card asks for more time; the answer itself is still to come
    uint8_t error;    // with has_failed; with wants_time: the factor of the waiting time
    uint8_t specific; // the part (enum ccid_part) of CCID_DATA
    const uint8_t *data;
    size_t len;
};

// How many bytes the message that begins so has in all; 0: fewer than a head's.
size_t ccid_answer_bytes(const uint8_t *bytes, size_t len);
// Reads one; what stands behind it is let be. `data` is borrowed from `bytes`. ERR_EMPTY: it is not
// whole yet. ERR_TOO_BIG: more data than CCID_DATA_BYTES_MAX. ERR_MALFORMED: no such answer.
MUST_USE enum err ccid_answer_read(const uint8_t *bytes, size_t len, struct ccid_answer *answer);

// What a reader tells unasked (section 6.3).
struct ccid_notice {
    bool is_change; // of a slot; else it tells of its hardware
    bool is_present;
    bool has_changed;
};

// As far as it is about `slot`. ERR_NOT_FOUND: about another. ERR_MALFORMED: no notice.
MUST_USE enum err ccid_notice_read(const uint8_t *bytes, size_t len, uint8_t slot,
                                   struct ccid_notice *notice);

#endif
