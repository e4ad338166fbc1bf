// SPDX-License-Identifier: EUPL-1.2
//
// Hears what a card reader tells and keeps it for a test to look at.
#ifndef INLOOP_TESTS_CARD_EARS_H
#define INLOOP_TESTS_CARD_EARS_H

#include "ports/card_reader.h"

enum { CARD_EARS_MAX = 64 };

struct card_ears {
    enum card_reader_event_kind kinds[CARD_EARS_MAX]; // the first ones
    size_t count;
    size_t counts[CARD_READER_FAILED + 1]; // of each kind
    uint8_t atr[CARD_ATR_BYTES];
    size_t atr_len;
    bool is_contactless;
    bool takes_extended;
    uint8_t answer[CARD_ANSWER_BYTES];
    size_t answer_len;
    struct fault fault;   // the last one
    struct fault refused; // the last one of a refused device
    // What is done from within the event, as a program does; NULL: nothing.
    void (*then)(const struct card_reader_event *event, void *ctx);
    void *then_ctx;
};

void card_ears_hear(const struct card_reader_event *event, void *ctx);
// The last kind that was told; only after one was.
enum card_reader_event_kind card_ears_last(const struct card_ears *ears);

#endif
