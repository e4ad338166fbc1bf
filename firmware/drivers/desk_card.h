// SPDX-License-Identifier: EUPL-1.2
//
// A card reader for desks without one: listens on a local socket where any virtual card that speaks
// the vpcd protocol lays itself down by connecting and is lifted by going away. Not in device
// builds.
//
// The protocol (vsmartcard's vpcd, port 35963): every message is two bytes of length, high byte
// first, and that many bytes. To the card, one byte long: 00 off, 01 on, 02 reset, 04 "your ATR?",
// which alone is answered; anything longer is a command, answered by its answer.
#ifndef INLOOP_DRIVERS_DESK_CARD_H
#define INLOOP_DRIVERS_DESK_CARD_H

#include "base/clock.h"
#include "ports/card_reader.h"

enum {
    DESK_CARD_PATH_BYTES = 100,
    DESK_CARD_ATR_WAIT_MS = 2000,     // then it is mute
    DESK_CARD_ANSWER_WAIT_MS = 10000, // then the command has failed
    DESK_CARD_LATE_MAX = 8,           // answers still owed that nobody wants any more
};

enum desk_card_state {
    DESK_CARD_NONE,
    DESK_CARD_STARTS, // asked for its ATR
    DESK_CARD_ON,
    DESK_CARD_ASKED, // a command is on its way
    DESK_CARD_MUTE,
    DESK_CARD_OFF, // released
};

struct desk_card {
    struct card_reader port; // first: the port's operations find the rest behind it
    struct clock clock;
    char path[DESK_CARD_PATH_BYTES]; // "": the socket is TCP on 127.0.0.1
    uint16_t tcp_port;
    card_reader_event_fn on_event; // NULL: closed
    void *ctx;
    int listener; // 0: closed
    int alarm;    // a timer
    int client;   // 0: none
    enum desk_card_state state;
    int64_t asked_ms;
    size_t late_count; // answers to come before the one that is waited for
    uint8_t in_private[2 + CARD_ANSWER_BYTES];
    size_t in_len;
    size_t skip_bytes; // of a message that is too long
    bool has_told;
};

// `address` is the path of a local socket, or 127.0.0.1:port. ERR_TOO_BIG: the path is too long for
// one. ERR_MALFORMED: another host, or no port.
MUST_USE enum err desk_card_init(struct desk_card *card, const char *address, struct clock clock);

#endif
