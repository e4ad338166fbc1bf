// SPDX-License-Identifier: EUPL-1.2
//
// What both card protocols (card_t0, card_t1) say after each thing a card said.
#ifndef INLOOP_DRIVERS_CARD_TURN_H
#define INLOOP_DRIVERS_CARD_TURN_H

enum card_turn {
    CARD_SENDS,  // something is to be sent
    CARD_DONE,   // the answer is whole
    CARD_BROKEN, // the protocol cannot be saved: power the card anew
};

#endif
