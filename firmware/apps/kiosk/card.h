// SPDX-License-Identifier: EUPL-1.2
//
// A visitor who identifies herself with a card: where she stands, and what is kept for as long as
// her visit lasts. What lies on the reader is known apart from her: it may lie there when she has
// gone.
#ifndef INLOOP_APPS_KIOSK_CARD_H
#define INLOOP_APPS_KIOSK_CARD_H

#include "apps/kiosk/card_io.h"
#include "link/api.h"
#include "ui/pick_date.h"

enum {
    CARD_TRIES_MAX = 3,  // wrong passwords, then the counter
    CARD_BROKEN_MAX = 2, // conversations a lying card broke
    CARD_SLIPS_MAX = 4,  // it lies there and stops answering
    CARD_KEY_BYTES = 48,
    CARD_GRACE_MS = 20000,      // to lay it back, then the visit is wiped
    CARD_GRACE_ALL_MS = 60000,  // with all the reading in between
    CARD_FORGOTTEN_MS = 60000,  // a card left behind is pointed at, then the welcome is back
    CARD_NUMBER_CHARS_MAX = 12, // of a document's number; of ours nine
    CARD_ZONE_PAGES = 3,        // number, birth date, expiry
};

// What lies on the reader.
enum card_lies {
    CARD_LIES_NOTHING,
    CARD_LIES_ASKED, // what it is is being found out
    CARD_LIES_MUTE,
    CARD_LIES_DOCUMENT, // ready to be read
    CARD_LIES_OLD,
    CARD_LIES_PASS,
    CARD_LIES_OTHER,
    CARD_LIES_DONE, // read; to read it again it has to be laid down anew
};

struct card_place {
    bool has_reader; // one that may be used
    enum card_lies lies;
    bool is_left; // it lies there since an earlier visitor: it begins nothing
    uint32_t readings_count;
};

enum card_stage {
    CARD_NOT_USED,
    CARD_ASKS,  // a card is waited for, or what opens it is being typed
    CARD_READS, // reading, or waiting for the card that slipped
    CARD_OPENS, // the hub was asked with it; the visit is as open as the card is there
};

struct card_private {
    enum card_stage stage;
    struct document_password_private password; // a card that slipped needs no typing
    char digits[DOCUMENT_CAN_BYTES];           // being typed
    bool is_by_zone;
    bool is_old; // its chip knows no digits
    unsigned zone_page;
    struct edit_private number;
    struct keyboard keyboard;
    struct pick_date_private birth;
    struct pick_date_private expiry;
    char error[CARD_KEY_BYTES]; // phrase over the field; empty: none
    unsigned wrong_count;
    unsigned broken_count;
    unsigned slips_count;
    uint32_t reading; // awaited; 0: none
    enum document_step step;
    bool is_broken;                        // it has to be lifted and laid down anew
    struct document_holder_private holder; // who laid it, to know her again
    struct document_checks checks;
    bool has_holder;
    char pass[CARD_PASS_BYTES];
    bool is_locked; // it was taken away: nothing is shown until it is back
    int64_t locked_ms;
    int64_t lifted_ms; // the grace runs from here while nothing is read
};

struct kiosk;

void kiosk_card_news(struct kiosk *kiosk, const struct card_news_private *news);
// The visitor wants to: asks to lay a card, or begins with the one that lies there.
void kiosk_card_ask(struct kiosk *kiosk);
// What was typed is handed over for reading; false: it is no password, `error` says why.
bool kiosk_card_send(struct kiosk *kiosk);
void kiosk_card_by_zone(struct kiosk *kiosk);   // there are no six digits on it
void kiosk_card_by_digits(struct kiosk *kiosk); // there are after all
// What the hub is asked with; nothing unless the visit is by card.
void kiosk_card_fill(const struct kiosk *kiosk, struct api_visit_open_private *open);
// Shows the lock, or takes it away: after anything that may have changed it.
void kiosk_card_watch(struct kiosk *kiosk);
// Takes the lock's scene away while a message is handled; kiosk_card_watch puts it back.
void kiosk_card_step_aside(struct kiosk *kiosk);
// The card has no more part in the visit: forgets it here and on the I/O thread.
void kiosk_card_drop(struct kiosk *kiosk);
bool kiosk_card_lies(const struct kiosk *kiosk); // something does
// Milliseconds of grace that are left; CARD_GRACE_MS while it is being read.
int64_t kiosk_card_grace_ms(const struct kiosk *kiosk);

#endif
