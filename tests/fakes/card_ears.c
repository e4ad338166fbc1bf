// SPDX-License-Identifier: EUPL-1.2
//
// Counts and copies; what is borrowed during an event is gone after it.
#include "tests/fakes/card_ears.h"

#include <string.h>

void card_ears_hear(const struct card_reader_event *event, void *ctx)
{
    struct card_ears *ears = ctx;
    ears->kinds[ears->count < CARD_EARS_MAX ? ears->count : CARD_EARS_MAX - 1] = event->kind;
    ears->count++;
    ears->counts[event->kind]++;
    switch (event->kind) {
    case CARD_READER_READY:
    case CARD_READER_LIFTED:
        break;
    case CARD_READER_GONE:
    case CARD_READER_REFUSED:
    case CARD_READER_MUTE:
    case CARD_READER_FAILED:
        CHECK(event->fault.text[0] != '\0');
        ears->fault = event->fault;
        ears->refused = event->kind == CARD_READER_REFUSED ? event->fault : ears->refused;
        break;
    case CARD_READER_LAID:
        CHECK(event->len <= sizeof ears->atr);
        memcpy(ears->atr, event->bytes_private, event->len);
        ears->atr_len = event->len;
        ears->is_contactless = event->is_contactless;
        ears->takes_extended = event->takes_extended;
        break;
    case CARD_READER_ANSWER:
        CHECK(event->len >= 2 && event->len <= sizeof ears->answer);
        memcpy(ears->answer, event->bytes_private, event->len);
        ears->answer_len = event->len;
        break;
    }
    if (ears->then != NULL) {
        ears->then(event, ears->then_ctx);
    }
}

enum card_reader_event_kind card_ears_last(const struct card_ears *ears)
{
    CHECK(ears->count > 0);
    return ears->kinds[(ears->count < CARD_EARS_MAX ? ears->count : CARD_EARS_MAX) - 1];
}
