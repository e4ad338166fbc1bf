// SPDX-License-Identifier: EUPL-1.2
//
// The order of recovery is CCID 1.1's (section 5.3.1) and then USB's: abort by control and bulk
// with the number of what is aborted, clear both pipes, and only then give the device up.
#include "drivers/ccid_line.h"

#include "base/bytes.h"

#include <string.h>

enum { SEQ_AT = 6, PIECES_MAX = 64 };

static void send(struct ccid_line *line);
static enum ccid_line_news read_pieces(struct ccid_line *line, struct ccid_answer *answer);
static enum ccid_line_news take_message(struct ccid_line *line, struct ccid_answer *answer);
static bool is_fitting(enum ccid_request asked, const struct ccid_answer *answer);
static enum ccid_line_news recover(struct ccid_line *line);
static enum ccid_line_news clear(struct ccid_line *line);
static void begin(struct ccid_line *line, enum ccid_line_state state, int64_t wait_ms);

void ccid_line_init(struct ccid_line *line, struct usb *usb, struct clock clock, uint8_t slot)
{
    memset(line, 0, sizeof *line);
    line->usb = usb;
    line->clock = clock;
    line->slot = slot;
}

static int64_t now(const struct ccid_line *line)
{
    return clock_monotonic_ms(&line->clock);
}

void ccid_line_ask(struct ccid_line *line, const struct ccid_head *head, const uint8_t *data,
                   int64_t wait_ms)
{
    CHECK(line->state == CCID_LINE_RESTS);
    CHECK(head->len <= CCID_LINE_OUT_BYTES);
    struct ccid_head numbered = *head;
    line->seq++;
    numbered.slot = line->slot;
    numbered.seq = line->seq;
    ccid_head_write(&numbered, line->out_private);
    if (head->len > 0) {
        memcpy(line->out_private + CCID_HEAD_BYTES, data, head->len);
    }
    line->out_len = CCID_HEAD_BYTES + head->len;
    line->asked = head->kind;
    line->busy_tries = 0;
    begin(line, CCID_LINE_ASKS, wait_ms);
}

enum ccid_line_news ccid_line_poll(struct ccid_line *line, struct ccid_answer *answer)
{
    if (line->state == CCID_LINE_RESTS) {
        return CCID_LINE_NOTHING;
    }
    if (line->again_ms != 0 && now(line) >= line->again_ms) {
        line->seq++;
        line->out_private[SEQ_AT] = line->seq;
        begin(line, CCID_LINE_ASKS, line->wait_ms);
    }
    if (!line->is_sent && line->again_ms == 0) {
        send(line);
    }
    enum err sent = line->is_sent ? line->usb->ops->written(line->usb) : OK;
    if (sent == ERR_IO) {
        line->until_ms = now(line); // a halted pipe; there is nothing to wait for
    }
    enum ccid_line_news news = sent == ERR_GONE ? CCID_LINE_GONE : read_pieces(line, answer);
    if (news == CCID_LINE_NOTHING && line->again_ms == 0 && now(line) >= line->until_ms) {
        news = recover(line);
    }
    if (news != CCID_LINE_NOTHING) {
        line->state = CCID_LINE_RESTS;
        wipe(line->out_private, line->out_len);
        line->out_len = 0;
    }
    return news;
}

int64_t ccid_line_wake_ms(const struct ccid_line *line)
{
    if (line->state == CCID_LINE_RESTS) {
        return 0;
    }
    int64_t at_ms = line->again_ms != 0 ? line->again_ms : line->until_ms;
    int64_t in_ms = at_ms - now(line);
    return in_ms < 1 ? 1 : in_ms;
}

void ccid_line_wipe(struct ccid_line *line)
{
    wipe(line->out_private, sizeof line->out_private);
    wipe(line->in_private, sizeof line->in_private);
    line->out_len = 0;
    line->in_len = 0;
    line->again_ms = 0;
    line->state = CCID_LINE_RESTS;
}

static void send(struct ccid_line *line)
{
    enum err err = line->usb->ops->write(line->usb, line->out_private, line->out_len);
    line->is_sent = err != ERR_STATE; // the one before is on its way still: next time
    if (err == ERR_IO) {
        line->until_ms = now(line); // as a halted pipe
    }
}

static enum ccid_line_news read_pieces(struct ccid_line *line, struct ccid_answer *answer)
{
    for (int i = 0; i < PIECES_MAX; i++) {
        size_t len = 0;
        enum err err = line->usb->ops->read(line->usb, line->in_private + line->in_len,
                                            sizeof line->in_private - line->in_len, &len);
        if (err == ERR_GONE) {
            return CCID_LINE_GONE;
        }
        if (err != OK) {
            line->until_ms = err == ERR_EMPTY ? line->until_ms : now(line); // as a halted pipe
            return CCID_LINE_NOTHING;
        }
        line->in_len += len; // an empty packet before an answer is only read over
        if (len == 0) {
            continue;
        }
        enum ccid_line_news news = take_message(line, answer);
        if (news != CCID_LINE_NOTHING) {
            return news;
        }
    }
    return CCID_LINE_NOTHING;
}

static enum ccid_line_news take_message(struct ccid_line *line, struct ccid_answer *answer)
{
    enum err err = ccid_answer_read(line->in_private, line->in_len, answer);
    if (err == ERR_EMPTY) {
        return CCID_LINE_NOTHING; // more is coming
    }
    line->in_len = 0; // behind a message is only padding
    if (err != OK) {
        return err == ERR_TOO_BIG ? recover(line) : CCID_LINE_NOTHING;
    }
    if (answer->seq != line->seq || answer->slot != line->slot) {
        return CCID_LINE_NOTHING; // of an earlier question
    }
    if (line->state != CCID_LINE_ASKS) {
        return answer->kind == CCID_STATUS ? CCID_LINE_FAILED : CCID_LINE_NOTHING;
    }
    if (answer->wants_time) {
        int64_t factor = answer->error > 0 ? answer->error : 1;
        int64_t last_ms = line->began_ms + CCID_LINE_EXTENDED_MS;
        int64_t until_ms = now(line) + line->wait_ms * factor;
        line->until_ms = until_ms < last_ms ? until_ms : last_ms;
        return CCID_LINE_NOTHING;
    }
    bool is_busy = answer->has_failed &&
                   (answer->error == CCID_ERROR_BUSY || answer->error == CCID_ERROR_BUSY_SEQUENCE);
    if (is_busy && line->busy_tries < CCID_LINE_BUSY_TRIES) {
        line->busy_tries++;
        line->again_ms = now(line) + CCID_LINE_BUSY_MS;
        return CCID_LINE_NOTHING;
    }
    return answer->has_failed || is_fitting(line->asked, answer) ? CCID_LINE_ANSWERED
                                                                 : CCID_LINE_FAILED;
}

static bool is_fitting(enum ccid_request asked, const struct ccid_answer *answer)
{
    switch (asked) {
    case CCID_POWER_ON:
    case CCID_TRANSFER:
        return answer->kind == CCID_DATA;
    case CCID_SET_PARAMETERS:
        return answer->kind == CCID_PARAMETERS;
    case CCID_ESCAPE:
        return answer->kind == CCID_ESCAPED;
    case CCID_POWER_OFF:
    case CCID_SLOT_STATUS:
    case CCID_ABORT:
        return answer->kind == CCID_STATUS;
    }
    return false;
}

static enum ccid_line_news recover(struct ccid_line *line)
{
    struct usb *usb = line->usb;
    if (line->state == CCID_LINE_PROBES) {
        return CCID_LINE_BROKEN;
    }
    if (line->state == CCID_LINE_ABORTS) {
        return clear(line);
    }
    (void)usb->ops->cancel(usb); // what the reader has not taken yet must not come after the abort
    enum err err = usb->ops->card_abort(usb, line->slot, line->seq);
    if (err == ERR_GONE) {
        return CCID_LINE_GONE;
    }
    if (err != OK) {
        return clear(line);
    }
    const struct ccid_head head = {.kind = CCID_ABORT, .slot = line->slot, .seq = line->seq};
    ccid_head_write(&head, line->out_private);
    line->out_len = CCID_HEAD_BYTES;
    begin(line, CCID_LINE_ABORTS, CCID_LINE_ABORT_MS);
    return CCID_LINE_NOTHING;
}

static enum ccid_line_news clear(struct ccid_line *line)
{
    enum err err = line->usb->ops->clear(line->usb);
    if (err != OK) {
        return err == ERR_GONE ? CCID_LINE_GONE : CCID_LINE_BROKEN;
    }
    line->seq++;
    const struct ccid_head head = {.kind = CCID_SLOT_STATUS, .slot = line->slot, .seq = line->seq};
    ccid_head_write(&head, line->out_private);
    line->out_len = CCID_HEAD_BYTES;
    begin(line, CCID_LINE_PROBES, CCID_LINE_ABORT_MS);
    return CCID_LINE_NOTHING;
}

static void begin(struct ccid_line *line, enum ccid_line_state state, int64_t wait_ms)
{
    line->state = state;
    line->wait_ms = wait_ms;
    line->began_ms = now(line);
    line->until_ms = line->began_ms + wait_ms;
    line->again_ms = 0;
    line->in_len = 0;
    line->is_sent = false;
    send(line);
}
