// SPDX-License-Identifier: EUPL-1.2
//
// The contract of ports/card_reader.h without a cable.
#include "tests/fakes/fake_card_reader.h"

#include "base/bytes.h"

#include <string.h>

static void tell(struct fake_card_reader *reader, enum card_reader_event_kind kind,
                 const uint8_t *bytes, size_t len)
{
    struct card_reader_event event = {.kind = kind,
                                      .bytes_private = bytes,
                                      .len = len,
                                      .is_contactless = reader->is_contactless,
                                      .takes_extended = reader->takes_extended};
    if (kind == CARD_READER_GONE) {
        (void)fault_set(&event.fault, ERR_GONE, "card reader: none is plugged in"); // told
    } else if (kind == CARD_READER_MUTE || kind == CARD_READER_FAILED) {
        (void)fault_set(&event.fault, ERR_TIMEOUT, "card reader: the card does not answer");
    }
    if (reader->on_event != NULL) {
        reader->on_event(&event, reader->ctx);
    }
}

static void forget_command(struct fake_card_reader *reader)
{
    wipe(reader->command_private, sizeof reader->command_private);
    reader->command_len = 0;
}

static void tell_card(struct fake_card_reader *reader)
{
    const struct fake_card *card = reader->card;
    reader->must_tell = false;
    reader->told = card;
    reader->is_on = card != NULL && card->atr_len > 0;
    if (card != NULL && card->power != NULL) {
        card->power(card->ctx);
    }
    if (card != NULL) {
        tell(reader, reader->is_on ? CARD_READER_LAID : CARD_READER_MUTE, card->atr, card->atr_len);
    }
}

static void lift(struct fake_card_reader *reader)
{
    bool was_told = reader->told != NULL;
    reader->told = NULL;
    reader->is_on = false;
    reader->must_tell = false;
    forget_command(reader);
    if (was_told) {
        tell(reader, CARD_READER_LIFTED, NULL, 0);
    }
}

static void answer(struct fake_card_reader *reader)
{
    uint8_t *out = reader->answer_private;
    size_t len = reader->told->answer(reader->told->ctx, reader->command_private,
                                      reader->command_len, out, sizeof reader->answer_private);
    CHECK(len <= sizeof reader->answer_private);
    forget_command(reader);
    if (len >= 2) {
        tell(reader, CARD_READER_ANSWER, out, len);
    } else {
        reader->is_on = false;
        reader->must_tell = true;
        tell(reader, CARD_READER_FAILED, NULL, 0);
    }
    wipe(out, sizeof reader->answer_private);
}

static enum err fake_open(struct card_reader *port, card_reader_event_fn on_event, void *ctx,
                          struct fault *fault)
{
    struct fake_card_reader *reader = (struct fake_card_reader *)port;
    if (reader->on_event != NULL) {
        return fault_set(fault, ERR_STATE, "card reader: open already");
    }
    reader->on_event = on_event;
    reader->ctx = ctx;
    return OK;
}

static void fake_poll(struct card_reader *port)
{
    struct fake_card_reader *reader = (struct fake_card_reader *)port;
    if (reader->on_event == NULL) {
        return;
    }
    if (reader->told != reader->card || !reader->is_plugged) {
        lift(reader);
    }
    if (!reader->has_told || reader->told_plugged != reader->is_plugged) {
        reader->has_told = true;
        reader->told_plugged = reader->is_plugged;
        tell(reader, reader->is_plugged ? CARD_READER_READY : CARD_READER_GONE, NULL, 0);
    }
    if (reader->is_plugged && (reader->told != reader->card || reader->must_tell)) {
        tell_card(reader);
    } else if (reader->is_on && reader->command_len > 0) {
        answer(reader);
    }
}

static size_t fake_fds(struct card_reader *port, int *fds, size_t fds_max)
{
    (void)port;
    (void)fds;
    (void)fds_max;
    return 0;
}

// Extended: the byte where a short command's length would be is zero, and more follows
// (ISO/IEC 7816-4 section 5.1).
static bool is_extended(const uint8_t *apdu, size_t len)
{
    return len > 5 && apdu[4] == 0;
}

static enum err fake_transmit(struct card_reader *port, const uint8_t *apdu, size_t len)
{
    struct fake_card_reader *reader = (struct fake_card_reader *)port;
    CHECK(len >= 4);
    if (reader->on_event == NULL || !reader->is_on || reader->command_len > 0) {
        return ERR_STATE;
    }
    if (len > CARD_COMMAND_BYTES || (is_extended(apdu, len) && !reader->takes_extended)) {
        return ERR_TOO_BIG;
    }
    memcpy(reader->command_private, apdu, len);
    reader->command_len = len;
    return OK;
}

static void fake_release(struct card_reader *port)
{
    struct fake_card_reader *reader = (struct fake_card_reader *)port;
    reader->releases_count++;
    reader->is_on = false;
    reader->must_tell = false;
    forget_command(reader);
}

static void fake_restart(struct card_reader *port)
{
    struct fake_card_reader *reader = (struct fake_card_reader *)port;
    reader->restarts_count++;
    reader->is_on = false;
    reader->must_tell = reader->told != NULL;
    forget_command(reader);
}

static void fake_signal(struct card_reader *port, enum card_signal signal)
{
    ((struct fake_card_reader *)port)->signal = signal;
}

static void fake_close(struct card_reader *port)
{
    struct fake_card_reader *reader = (struct fake_card_reader *)port;
    reader->on_event = NULL;
    lift(reader);
    reader->has_told = false;
    wipe(reader->answer_private, sizeof reader->answer_private);
}

void fake_card_reader_init(struct fake_card_reader *reader)
{
    static const struct card_reader_ops ops = {.open = fake_open,
                                               .poll = fake_poll,
                                               .fds = fake_fds,
                                               .transmit = fake_transmit,
                                               .release = fake_release,
                                               .restart = fake_restart,
                                               .signal = fake_signal,
                                               .close = fake_close};
    memset(reader, 0, sizeof *reader);
    reader->port.ops = &ops;
    reader->is_plugged = true;
    reader->is_contactless = true;
    reader->takes_extended = true;
}

void fake_card_reader_lay(struct fake_card_reader *reader, const struct fake_card *card)
{
    if (card != NULL && card == reader->card) {
        lift(reader);
    }
    reader->card = card;
}
