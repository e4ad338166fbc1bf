// SPDX-License-Identifier: EUPL-1.2
//
// A virtual card in this process (demo/chip, OpenSSL's arithmetic) and a document that talks to it,
// with a hand between them that may change what the card says.
#ifndef INLOOP_TESTS_FAKES_LAID_CHIP_H
#define INLOOP_TESTS_FAKES_LAID_CHIP_H

#include "demo/chip/chip.h"
#include "drivers/document/document.h"
#include "drivers/document/trust.h"

struct laid_chips {
    char folder[64];
    struct trust *trust; // what those cards' states vouch for
};

// Makes all cards of tests/fakes/cards. Stops the process when that cannot be done.
void laid_chips_make(struct laid_chips *chips);
void laid_chips_remove(struct laid_chips *chips);

struct laid_chip {
    struct chip_card card;
    struct chip chip;
};
void laid_chip_open(struct laid_chip *laid, const struct laid_chips *chips, const char *name,
                    enum chip_lie lie);
void laid_chip_close(struct laid_chip *laid);
// Its CAN, and the zone's fields beside it.
void laid_chip_password(const struct laid_chip *laid, bool is_can,
                        struct document_password_private *password);

// What the hand does: `answer` is the card's, `len` its bytes; both may be changed.
typedef void (*laid_chip_hand_fn)(const struct document *document, uint8_t *answer, size_t *len,
                                  void *ctx);
// Talks until it ends. `hand` may be NULL.
enum document_end laid_chip_talk(struct laid_chip *laid, struct document *document,
                                 struct fault *fault, laid_chip_hand_fn hand, void *ctx);

#endif
