// SPDX-License-Identifier: EUPL-1.2
//
// One command to a card and its answer, in the pieces a reader of some level takes: as it is, cut
// into chained messages, as T=1 blocks or as T=0 commands. Pure.
#ifndef INLOOP_DRIVERS_CARD_TALK_H
#define INLOOP_DRIVERS_CARD_TALK_H

#include "drivers/card_t0.h"
#include "drivers/card_t1.h"
#include "drivers/ccid.h"
#include "ports/card_reader.h"

enum { CARD_TALK_PIECES_MAX = 2000 }; // of one command; more is a reader that never ends

enum card_way {
    CARD_WAY_WHOLE, // short APDUs, one message each
    CARD_WAY_PARTS, // APDUs of any length, chained where a message is too small
    CARD_WAY_T1,
    CARD_WAY_T0,
};

// What goes out with the next CCID_TRANSFER.
struct card_piece {
    const uint8_t *data_private; // borrowed until card_talk_take
    size_t len;
    enum ccid_part part;
    uint8_t wait_for; // multiplier of the waiting time, at least 1
};

struct card_talk {
    enum card_way way;
    size_t room; // for data of one message
    struct card_t1 t1;
    struct card_t0 t0;
    uint8_t command_private[CARD_COMMAND_BYTES];
    size_t command_len;
    size_t sent_bytes;
    size_t part_bytes; // on their way
    uint8_t answer_private[CARD_ANSWER_BYTES];
    size_t answer_len;
    unsigned pieces;
};

// After powering. `room` is what one message holds besides its head. T=1 begins with its defaults
// of the ATR: card_t1_init on `t1` is the caller's.
void card_talk_init(struct card_talk *talk, enum card_way way, size_t room);
bool card_talk_takes_extended(const struct card_talk *talk);
// Copies the command. ERR_TOO_BIG: too long for this way, or not the form it takes.
MUST_USE enum err card_talk_begin(struct card_talk *talk, const uint8_t *command, size_t len);
void card_talk_piece(struct card_talk *talk, struct card_piece *piece);
// What the reader said to it. CARD_DONE: `answer_private` holds at least the two status bytes.
enum card_turn card_talk_take(struct card_talk *talk, const struct ccid_answer *answer);
// The command is over: wipes all that was said to the card; the answer stays.
void card_talk_end(struct card_talk *talk);
void card_talk_wipe(struct card_talk *talk);

#endif
