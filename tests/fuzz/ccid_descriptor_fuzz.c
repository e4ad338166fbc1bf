// SPDX-License-Identifier: EUPL-1.2
//
// Descriptors and notices of a reader nobody knows: whatever they say, the limits that come out are
// ones a block of T=1 fits into. The first byte is the slot a notice is read for.
#include "base/bytes.h"
#include "drivers/card_atr.h"
#include "drivers/ccid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes_in in;
    struct ccid_about about;
    struct ccid_notice notice;
    struct ccid_answer answer;
    struct card_atr atr;
    bytes_in_init(&in, data, size);
    uint8_t slot = bytes_in_u8(&in);
    size_t len = bytes_in_left(&in);
    const uint8_t *bytes = bytes_in_take(&in, len);
    if (ccid_descriptor_read(bytes, len, &about) == OK) {
        CHECK(about.slots_count > 0 && (about.has_t0 || about.has_t1));
        CHECK(about.ifsd > 0 && about.ifsd <= CCID_IFSD_MAX);
        CHECK(about.message_bytes >= (size_t)CCID_HEAD_BYTES + about.ifsd + 4);
    }
    if (ccid_notice_read(bytes, len, slot, &notice) == OK) {
        CHECK(len >= 2);
    }
    if (ccid_answer_read(bytes, len, &answer) == OK) {
        CHECK(CCID_HEAD_BYTES + answer.len <= len && answer.len <= CCID_DATA_BYTES_MAX);
        CHECK(ccid_answer_bytes(bytes, len) == CCID_HEAD_BYTES + answer.len);
    }
    if (card_atr_read(bytes, len, &atr) == OK) {
        CHECK(atr.ifsc > 0 && atr.ifsc < UINT8_MAX && atr.protocol <= 1);
        CHECK(atr.protocol == 1 ? atr.has_t1 : atr.has_t0);
    }
    return 0;
}
