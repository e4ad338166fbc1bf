// SPDX-License-Identifier: EUPL-1.2
//
// One question and its answer at a time over the cable to a card reader: sent, put together from
// pieces, told apart from what came too late, given more time when the card asks for it, and
// brought back to order when nothing comes. What the questions mean is usb_card_reader.c.
#ifndef INLOOP_DRIVERS_CCID_LINE_H
#define INLOOP_DRIVERS_CCID_LINE_H

#include "base/clock.h"
#include "drivers/ccid.h"
#include "drivers/usb.h"

enum {
    CCID_LINE_ABORT_MS = 1000,     // for the answer to an abort, and to the first question after it
    CCID_LINE_EXTENDED_MS = 60000, // longest wait with every extension
    CCID_LINE_BUSY_MS = 100,       // between two tries of a reader that says it is busy
    CCID_LINE_BUSY_TRIES = 20,
    CCID_LINE_OUT_BYTES = 1024, // longest data of one question
};

enum ccid_line_state {
    CCID_LINE_RESTS,
    CCID_LINE_ASKS,
    CCID_LINE_ABORTS, // waits for the answer to the abort
    CCID_LINE_PROBES, // asks whether it is there still, after both pipes were cleared
};

enum ccid_line_news {
    CCID_LINE_NOTHING,  // yet
    CCID_LINE_ANSWERED, // `answer` is filled: borrowed until the line is used again
    CCID_LINE_FAILED,   // no answer; the line can be used again
    CCID_LINE_BROKEN,   // no answer, and none to anything else: reset the device
    CCID_LINE_GONE,     // unplugged
};

struct ccid_line {
    struct usb *usb;
    struct clock clock;
    uint8_t slot;
    uint8_t seq; // of the question on its way
    enum ccid_line_state state;
    enum ccid_request asked;
    int64_t wait_ms;
    int64_t began_ms;
    int64_t until_ms;
    int64_t again_ms; // a busy reader is asked again; 0: it is not
    unsigned busy_tries;
    bool is_sent;
    uint8_t out_private[CCID_HEAD_BYTES + CCID_LINE_OUT_BYTES];
    size_t out_len;
    uint8_t in_private[CCID_HEAD_BYTES + CCID_DATA_BYTES_MAX + USB_MESSAGE_BYTES];
    size_t in_len;
};

// Keeps `usb`, which listens to messages.
void ccid_line_init(struct ccid_line *line, struct usb *usb, struct clock clock, uint8_t slot);
// Only at rest. Fills slot and sequence number of `head`'s copy; borrows `data`.
void ccid_line_ask(struct ccid_line *line, const struct ccid_head *head, const uint8_t *data,
                   int64_t wait_ms);
// Never waits, but while a silent device is cleared (usb.h).
enum ccid_line_news ccid_line_poll(struct ccid_line *line, struct ccid_answer *answer);
// When it must be polled again although nothing comes: in so many ms, 1 at least; 0: it rests.
int64_t ccid_line_wake_ms(const struct ccid_line *line);
// Forgets what was said; the line rests.
void ccid_line_wipe(struct ccid_line *line);

#endif
