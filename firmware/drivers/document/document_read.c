// SPDX-License-Identifier: EUPL-1.2
//
// Reads a file: by its short identifier, and where a chip knows none of those after a SELECT. The
// first piece tells the length; every further one must bring something.
#include "drivers/document/document_parts.h"

#include "drivers/document/ber.h"

#include <string.h>

static enum document_read take_select(struct document_reading *reading, uint16_t status,
                                      struct fault *fault);
static enum document_read take_refusal(struct document_reading *reading, uint16_t status,
                                       struct fault *fault);
static enum document_read take_first(struct document *document,
                                     const struct document_answer *answer, struct fault *fault);
static enum document_read take_piece(struct document *document,
                                     const struct document_answer *answer, struct fault *fault);

void document_read_begin(struct document *document, const struct document_file *file)
{
    document->reading = (struct document_reading){.file = *file};
}

void document_read_ask(struct document *document, struct apdu *apdu)
{
    struct document_reading *reading = &document->reading;
    if (reading->how == READ_SELECTING) {
        *apdu = (struct apdu){.cla = 0x00, .ins = 0xa4, .p1 = 0x02, .p2 = 0x0c, .len = 2};
        apdu->data[0] = (uint8_t)(reading->file.id >> 8);
        apdu->data[1] = (uint8_t)reading->file.id;
        return;
    }
    *apdu = (struct apdu){.cla = 0x00,
                          .ins = 0xb0,
                          .p1 = (uint8_t)(reading->have >> 8),
                          .p2 = (uint8_t)reading->have};
    if (reading->whole == 0) {
        // Short: a chip may refuse to be asked for much more than the file has.
        reading->asked = document->secure.is_open
                             ? secure_room(document->secure.encrypt.cipher, APDU_SHORT_ANSWER)
                             : APDU_SHORT_ANSWER;
        apdu->p1 = reading->how == READ_BY_SHORT_ID ? 0x80 | reading->file.short_id : 0;
    } else {
        const size_t left = reading->whole - reading->have;
        const size_t room = document_room(document);
        reading->asked = left < room ? left : room;
    }
    apdu->answer_bytes = reading->asked;
}

enum document_read document_read_take(struct document *document,
                                      const struct document_answer *answer, struct fault *fault)
{
    struct document_reading *reading = &document->reading;
    const bool is_data = answer->status == APDU_OK || answer->status == APDU_END_OF_FILE;
    if (reading->how == READ_SELECTING) {
        return take_select(reading, answer->status, fault);
    }
    if (!is_data && reading->whole == 0) {
        return take_refusal(reading, answer->status, fault);
    }
    if (!is_data) {
        (void)fault_set(fault, ERR_REFUSED, "the file ends early: status %04x", answer->status);
        return READ_BROKEN;
    }
    if (answer->len == 0 || answer->len > reading->asked) {
        (void)fault_set(fault, ERR_MALFORMED, "%s than was asked for",
                        answer->len == 0 ? "nothing rather" : "more");
        return READ_BROKEN;
    }
    return reading->whole == 0 ? take_first(document, answer, fault)
                               : take_piece(document, answer, fault);
}

size_t document_room(const struct document *document)
{
    size_t answer_bytes = APDU_SHORT_ANSWER;
    if (document->takes_extended && document->answer_bytes_max > APDU_SHORT_ANSWER) {
        answer_bytes = document->answer_bytes_max < SECURE_ANSWER_BYTES_MAX - 2
                           ? document->answer_bytes_max
                           : SECURE_ANSWER_BYTES_MAX - 2;
    }
    return document->secure.is_open ? secure_room(document->secure.encrypt.cipher, answer_bytes)
                                    : APDU_SHORT_ANSWER;
}

static enum document_read take_select(struct document_reading *reading, uint16_t status,
                                      struct fault *fault)
{
    if (status == APDU_OK) {
        reading->how = READ_SELECTED;
        return READ_MORE;
    }
    (void)fault_set(fault, ERR_NOT_FOUND, "status %04x", status);
    return status == APDU_NOT_FOUND ? READ_ABSENT : READ_REFUSED;
}

static enum document_read take_refusal(struct document_reading *reading, uint16_t status,
                                       struct fault *fault)
{
    if (reading->how == READ_BY_SHORT_ID) {
        reading->how = READ_SELECTING;
        return READ_MORE;
    }
    (void)fault_set(fault, ERR_REFUSED, "status %04x", status);
    return READ_REFUSED;
}

static enum document_read take_first(struct document *document,
                                     const struct document_answer *answer, struct fault *fault)
{
    struct document_reading *reading = &document->reading;
    uint32_t tag = 0;
    size_t whole = 0;
    if (!ber_whole_len(answer->data, answer->len, &tag, &whole)) {
        (void)fault_set(fault, ERR_MALFORMED, "not the beginning of a file");
        return READ_BROKEN;
    }
    if (tag != reading->file.tag) {
        (void)fault_set(fault, ERR_NOT_FOUND, "another file is in its place");
        return READ_ABSENT;
    }
    if (whole > DOCUMENT_FILE_BYTES_MAX || whole > DOCUMENT_READ_BYTES_MAX - document->read_bytes) {
        (void)fault_set(fault, ERR_TOO_BIG, "a file longer than we read");
        return READ_BROKEN;
    }
    reading->whole = whole;
    document->read_bytes += whole;
    return take_piece(document, answer, fault);
}

static enum document_read take_piece(struct document *document,
                                     const struct document_answer *answer, struct fault *fault)
{
    struct document_reading *reading = &document->reading;
    const size_t left = reading->whole - reading->have;
    const size_t len = answer->len < left ? answer->len : left; // what fills the file up is none
    memcpy(document->file_private + reading->have, answer->data, len);
    reading->have += len;
    if (reading->have == reading->whole) {
        return READ_DONE;
    }
    if (answer->status == APDU_END_OF_FILE) {
        (void)fault_set(fault, ERR_MALFORMED, "the file ends before its own length");
        return READ_BROKEN;
    }
    return READ_MORE;
}
