// SPDX-License-Identifier: EUPL-1.2
//
// The card on the reader, on the I/O thread: finds out what it is, holds the conversation with a
// document's chip when the screens ask for it, and tells them how that goes. Decides nothing about
// a visitor, and forgets what it read as soon as it was told.
#ifndef INLOOP_APPS_KIOSK_CARD_IO_H
#define INLOOP_APPS_KIOSK_CARD_IO_H

#include "base/clock.h"
#include "base/config.h"
#include "drivers/document/document.h"
#include "drivers/document/trust.h"
#include "ports/card_reader.h"

enum {
    CARD_SILENCE_MS = 15000, // for one answer of the card
    CARD_WHOLE_MS = 45000,   // for all of them: an endless file is no document
    CARD_PASS_BYTES = 21,    // ten bytes in hexadecimal
};

enum card_news_kind {
    CARD_NEWS_READY,    // there is a reader, and signers to hold a document against
    CARD_NEWS_GONE,     // one of the two is missing
    CARD_NEWS_LAID,     // something lies there; what it is comes next
    CARD_NEWS_MUTE,     // it does not answer, or it is two
    CARD_NEWS_DOCUMENT, // a travel document that opens with six digits; it may be read now
    CARD_NEWS_OLD,      // one that opens with its machine-readable zone only; likewise
    CARD_NEWS_PASS,     // no travel document, but it has a number of its own: `pass`
    CARD_NEWS_OTHER,    // neither
    CARD_NEWS_LIFTED,   // taken away; a reading ends with it
    CARD_NEWS_STEP,     // of `reading`: it came to `step`
    CARD_NEWS_SLIPPED,  // of `reading`: the card stopped answering; DOCUMENT or OLD follows once it
                        // may be read again
    CARD_NEWS_END,      // of `reading`: `end`, then `checks` and `holder`
};

// Posted whole to the screens as IO_CARD.
struct card_news_private {
    enum card_news_kind kind;
    uint32_t reading;
    enum document_step step;
    enum document_end end;
    struct document_checks checks;
    struct document_holder_private holder; // of DOCUMENT_VERIFIED
    char pass[CARD_PASS_BYTES];
};
typedef void (*card_news_fn)(const struct card_news_private *news, void *ctx);

enum card_order_kind {
    CARD_ORDER_LAY,    // somebody is asked to lay a card: a reader with lights shows where
    CARD_ORDER_READ,   // begins `reading` with `password`; the one before is dropped
    CARD_ORDER_FORGET, // the visit is over: drops the reading and switches the card off
};
struct card_order_private {
    enum card_order_kind kind;
    uint32_t reading;
    struct document_password_private password;
};

// Where the conversation is with the card that lies there.
enum card_phase {
    CARD_PHASE_NONE,     // no card, or one that is done with
    CARD_PHASE_PROBE,    // which kind is it
    CARD_PHASE_RESTARTS, // powered anew, so that reading begins with a fresh chip
    CARD_PHASE_READY,
    CARD_PHASE_READS,
};

struct card_io {
    struct card_reader *reader; // NULL: none
    card_news_fn tell;
    void *ctx;
    struct clock clock;
    char list_path[CONFIG_VALUE_BYTES];
    char root_path[CONFIG_VALUE_BYTES];
    char withdrawn_paths[CONFIG_VALUE_BYTES];
    struct trust *trust;
    struct document *document;
    int alarm;       // a timer: loading the signers, and silence
    bool has_loaded; // and knows whom to believe
    bool is_plugged;
    bool is_told_ready;
    bool takes_extended;
    enum card_phase phase;
    enum card_news_kind kind; // DOCUMENT or OLD, once known
    size_t probe;
    unsigned probe_failures;
    bool has_order; // to read as soon as the card is ready
    struct card_order_private order;
    enum document_step step; // told last
    int64_t begun_ms;        // monotonic
    int64_t answered_ms;
};

// Reads document.master_list, document.master_list_root and document.withdrawn. `card` comes
// zeroed.
void card_io_init(struct card_io *card, const struct config *config, struct clock clock);
// Opens `reader`; keeps it until card_io_stop, and `tell`. The signers are read a moment later,
// from poll: neither the first picture nor the hub waits for them. NULL or a reader that cannot be
// opened: told as GONE.
void card_io_start(struct card_io *card, struct card_reader *reader, card_news_fn tell, void *ctx);
size_t card_io_fds(struct card_io *card, int *fds, size_t fds_max);
void card_io_poll(struct card_io *card);
// Takes a copy. On the I/O thread.
void card_io_order(struct card_io *card, const struct card_order_private *order);
void card_io_stop(struct card_io *card); // wipes; allowed at any time and on zeroed memory

#endif
