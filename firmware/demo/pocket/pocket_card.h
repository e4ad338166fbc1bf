// SPDX-License-Identifier: EUPL-1.2
//
// The residents' cards: what is printed on one, and the program that lies on the kiosk's reader as
// long as it is laid there. One at a time, as the reader has room for.
#ifndef INLOOP_DEMO_POCKET_CARD_H
#define INLOOP_DEMO_POCKET_CARD_H

#include "base/config.h"
#include "link/loop.h"

#include <stddef.h>

enum { POCKET_CARD_ID_BYTES = 32 };

enum pocket_card_kind { POCKET_CARD_NONE, POCKET_CARD_ID, POCKET_CARD_PASSPORT, POCKET_CARD_PASS };

struct pocket_card {
    enum pocket_card_kind kind;
    char number[24]; // of a pass: what its chip tells
    char can[8];     // empty: it opens with number, birth and expiry
    char expiry[11]; // "31-12-2031"
};

// card.json of the virtual card's folder, bounded. ERR_MALFORMED.
MUST_USE enum err pocket_card_read(const char *body, size_t len, struct pocket_card *card);

// Keys: pocket.cards (the folder), pocket.card_desk (the reader's address), pocket.chip (the
// program). Without them nobody has a card.
struct pocket_cards;
// `told`: a card lies there, or does no more. ERR_IO: nobody listens there, or no such program.
typedef void (*pocket_card_fn)(void *ctx, const char *id, bool is_laid, enum err err);
struct pocket_cards *pocket_cards_new(struct loop *loop, const struct config *config,
                                      pocket_card_fn told, void *ctx);
void pocket_cards_free(struct pocket_cards *cards); // lifts; NULL allowed
// Fills `card`; of kind NONE when `id` has none.
void pocket_cards_find(const struct pocket_cards *cards, const char *id, struct pocket_card *card);
// Lays it, in the place of another; lifts it when it lies there.
void pocket_cards_click(struct pocket_cards *cards, const char *id);

#endif
