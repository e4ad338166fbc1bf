// SPDX-License-Identifier: EUPL-1.2
//
// The card reader of tests that need no USB, and what a test lays on any reader: a card of its own.
#ifndef INLOOP_TESTS_FAKE_CARD_READER_H
#define INLOOP_TESTS_FAKE_CARD_READER_H

#include "ports/card_reader.h"

// A card as a reader sees it: what it says when it is powered, and an answer for every command.
struct fake_card {
    uint8_t atr[CARD_ATR_BYTES];
    size_t atr_len; // 0: it says nothing, it is mute
    // Fills `out` and gives how much, two status bytes at the end; 0: it does not answer.
    size_t (*answer)(void *ctx, const uint8_t *apdu, size_t len, uint8_t *out, size_t out_bytes);
    void (*power)(void *ctx); // powered anew: its session is lost; NULL: that is all the same to it
    void *ctx;
};

struct fake_card_reader {
    struct card_reader port;       // first: the port's operations find the rest behind it
    card_reader_event_fn on_event; // NULL: closed
    void *ctx;
    bool is_plugged;     // the test's to change, as the next two
    bool is_contactless; // told with LAID
    bool takes_extended;
    const struct fake_card *card; // what lies there; NULL: nothing
    const struct fake_card *told; // what was told last
    bool has_told;
    bool told_plugged;
    bool is_on;     // told LAID, and not released since
    bool must_tell; // the card's state, anew
    enum card_signal signal;
    size_t restarts_count;
    size_t releases_count;
    uint8_t command_private[CARD_COMMAND_BYTES];
    size_t command_len; // 0: none is on its way
    uint8_t answer_private[CARD_ANSWER_BYTES];
};

// Plugged in, contactless, takes extended commands, nothing lies there.
void fake_card_reader_init(struct fake_card_reader *reader);
// Keeps `card` until another or NULL (it is lifted) is laid; the next poll tells. Laying the same
// one again lifts it first.
void fake_card_reader_lay(struct fake_card_reader *reader, const struct fake_card *card);

#endif
