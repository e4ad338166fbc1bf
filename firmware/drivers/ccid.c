// SPDX-License-Identifier: EUPL-1.2
//
// CCID 1.1's tables as reading and writing, bounded.
#include "drivers/ccid.h"

#include "base/bytes.h"

enum { CLASS_DESCRIPTOR = 0x21, PROTOCOL_T0 = 1, PROTOCOL_T1 = 2, IFSD_DEFAULT = 32 };
enum { BLOCK_AROUND_BYTES = 4, MESSAGE_BYTES_MIN = CCID_HEAD_BYTES + BLOCK_AROUND_BYTES + 1 };
enum { NOTICE_SLOT_CHANGE = 0x50, NOTICE_HARDWARE = 0x51 };

// dwFeatures.
enum {
    SETS_BY_ATR = 0x02,
    PICKS_VOLTAGE = 0x08,
    NEGOTIATES = 0x40,
    SENDS_IFS = 0x400,
    LEVEL_TPDU = 0x10000,
    LEVEL_SHORT = 0x20000,
    LEVEL_EXTENDED = 0x40000,
};

static enum err read_fields(const uint8_t *bytes, struct ccid_about *about);

enum err ccid_descriptor_read(const uint8_t *bytes, size_t len, struct ccid_about *about)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    *about = (struct ccid_about){0};
    while (bytes_in_left(&in) >= 2) {
        size_t start = in.pos;
        uint8_t one_bytes = bytes_in_u8(&in);
        uint8_t kind = bytes_in_u8(&in);
        if (one_bytes < 2) {
            break; // it would never end
        }
        if (bytes_in_take(&in, one_bytes - 2U) == NULL) {
            break;
        }
        if (kind == CLASS_DESCRIPTOR && one_bytes == CCID_DESCRIPTOR_BYTES) {
            return read_fields(bytes + start, about);
        }
    }
    return ERR_NOT_FOUND;
}

static enum err read_fields(const uint8_t *bytes, struct ccid_about *about)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, CCID_DESCRIPTOR_BYTES);
    (void)bytes_in_take(&in, 4); // length, kind, version: 1.00 and 1.10 differ in nothing here
    uint8_t slot_max = bytes_in_u8(&in);
    uint8_t voltages = bytes_in_u8(&in);
    uint32_t protocols = bytes_in_u32le(&in);
    (void)bytes_in_take(&in, 18); // clocks and data rates: the reader's own affair
    uint32_t ifsd = bytes_in_u32le(&in);
    (void)bytes_in_take(&in, 8); // synchronous cards, mechanics
    uint32_t features = bytes_in_u32le(&in);
    uint32_t message_bytes = bytes_in_u32le(&in);
    if (slot_max == UINT8_MAX || message_bytes < MESSAGE_BYTES_MIN) {
        return ERR_MALFORMED;
    }
    bool is_extended = (features & LEVEL_EXTENDED) != 0;
    bool is_short = (features & LEVEL_SHORT) != 0;
    bool has_protocol = (protocols & (PROTOCOL_T0 | PROTOCOL_T1)) != 0;
    if (!has_protocol || (!is_extended && !is_short && (features & LEVEL_TPDU) == 0)) {
        return ERR_UNSUPPORTED;
    }
    // A block must fit a message; 0 and what is above 254 cannot be an IFSD (an ACR122U says 256).
    size_t room = message_bytes - CCID_HEAD_BYTES - BLOCK_AROUND_BYTES;
    size_t most = room < CCID_IFSD_MAX ? room : CCID_IFSD_MAX;
    size_t wanted = ifsd == 0 ? IFSD_DEFAULT : ifsd;
    *about = (struct ccid_about){.slots_count = (uint8_t)(slot_max + 1U),
                                 .voltages = voltages & 7U,
                                 .has_t0 = (protocols & PROTOCOL_T0) != 0,
                                 .has_t1 = (protocols & PROTOCOL_T1) != 0,
                                 .level = is_extended ? CCID_EXTENDED_APDU
                                          : is_short  ? CCID_SHORT_APDU
                                                      : CCID_TPDU,
                                 .sets_parameters = (features & (SETS_BY_ATR | NEGOTIATES)) != 0,
                                 .picks_voltage = (features & PICKS_VOLTAGE) != 0,
                                 .sends_ifs = (features & SENDS_IFS) != 0,
                                 .message_bytes = message_bytes,
                                 .ifsd = (uint8_t)(wanted < most ? wanted : most)};
    return OK;
}

void ccid_head_write(const struct ccid_head *head, uint8_t out[CCID_HEAD_BYTES])
{
    CHECK(head->len <= UINT32_MAX);
    out[0] = (uint8_t)head->kind;
    for (unsigned i = 0; i < 4; i++) {
        out[1 + i] = (uint8_t)(head->len >> (8 * i));
    }
    out[5] = head->slot;
    out[6] = head->seq;
    for (unsigned i = 0; i < 3; i++) {
        out[7 + i] = head->specific[i];
    }
}

size_t ccid_answer_bytes(const uint8_t *bytes, size_t len)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    (void)bytes_in_u8(&in);
    uint32_t data = bytes_in_u32le(&in);
    return len < CCID_HEAD_BYTES ? 0 : CCID_HEAD_BYTES + (size_t)data;
}

enum err ccid_answer_read(const uint8_t *bytes, size_t len, struct ccid_answer *answer)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    uint8_t kind = bytes_in_u8(&in);
    uint32_t data_bytes = bytes_in_u32le(&in);
    *answer = (struct ccid_answer){.kind = (enum ccid_answer_kind)kind};
    answer->slot = bytes_in_u8(&in);
    answer->seq = bytes_in_u8(&in);
    uint8_t status = bytes_in_u8(&in);
    answer->error = bytes_in_u8(&in);
    answer->specific = bytes_in_u8(&in);
    if (in.failed) {
        return ERR_EMPTY;
    }
    unsigned card = status & 3U;
    unsigned outcome = status >> 6;
    if (kind < CCID_DATA || kind > CCID_RATE || card > CCID_CARD_ABSENT || outcome > 2) {
        return ERR_MALFORMED;
    }
    if (data_bytes > CCID_DATA_BYTES_MAX) {
        return ERR_TOO_BIG;
    }
    answer->card = (enum ccid_card)card;
    answer->has_failed = outcome == 1;
    answer->wants_time = outcome == 2;
    answer->len = data_bytes;
    answer->data = bytes_in_take(&in, data_bytes);
    return answer->data == NULL && data_bytes > 0 ? ERR_EMPTY : OK;
}

enum err ccid_notice_read(const uint8_t *bytes, size_t len, uint8_t slot,
                          struct ccid_notice *notice)
{
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    uint8_t kind = bytes_in_u8(&in);
    *notice = (struct ccid_notice){.is_change = kind == NOTICE_SLOT_CHANGE};
    if (kind == NOTICE_HARDWARE) {
        bool is_ours = bytes_in_u8(&in) == slot;
        return in.failed ? ERR_MALFORMED : is_ours ? OK : ERR_NOT_FOUND;
    }
    if (kind != NOTICE_SLOT_CHANGE || len < 2) {
        return ERR_MALFORMED;
    }
    (void)bytes_in_take(&in, slot / 4U); // two bits a slot
    unsigned bits = (unsigned)bytes_in_u8(&in) >> (slot % 4U * 2U);
    notice->is_present = (bits & 1U) != 0;
    notice->has_changed = (bits & 2U) != 0;
    return in.failed ? ERR_NOT_FOUND : OK;
}
