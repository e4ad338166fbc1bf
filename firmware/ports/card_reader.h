// SPDX-License-Identifier: EUPL-1.2
//
// What carries commands to the card a visitor lays down: one contract for the USB reader, the
// desk's socket and the fake (tests/ports/card_reader_test.c). Knows nothing of what a card says.
#ifndef INLOOP_PORTS_CARD_READER_H
#define INLOOP_PORTS_CARD_READER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CARD_COMMAND_BYTES = 1024, // the longest command APDU that is taken
    CARD_ANSWER_BYTES = 4098,  // the longest answer told, with its two status bytes
    CARD_ATR_BYTES = 33,       // ISO/IEC 7816-3 section 8.2
};

enum card_reader_event_kind {
    CARD_READER_READY,   // plugged in, allowed, usable
    CARD_READER_GONE,    // absent, unplugged or failed; comes back by itself with READY
    CARD_READER_REFUSED, // a device is there that must not be used: an alarm, told once a device
    CARD_READER_LAID,    // a card lies there and answers: `bytes_private` is its ATR
    CARD_READER_MUTE,    // something lies there that does not answer, or more than one card does
    CARD_READER_LIFTED,  // it was taken away (or the reader with it: GONE follows). A command that
                         // was on its way gets no ANSWER and no FAILED after this
    CARD_READER_ANSWER,  // to the last command: data and two status bytes, at least 2
    CARD_READER_FAILED, // the last command got no answer, the card lies there still. It was powered
                        // anew and has forgotten its session: LAID comes once it is ready again
};

struct card_reader_event {
    enum card_reader_event_kind kind;
    const uint8_t *bytes_private; // borrowed during the call; the reader wipes it after
    size_t len;
    bool is_contactless; // with LAID
    bool takes_extended; // with LAID: commands and answers longer than 261 and 258 bytes
    struct fault fault;  // with GONE, REFUSED, MUTE and FAILED; names steps, never contents
};

// Called on the I/O thread, from within poll only.
typedef void (*card_reader_event_fn)(const struct card_reader_event *event, void *ctx);

// What a reader with lights or a buzzer shows; others do nothing.
enum card_signal { CARD_SIGNAL_IDLE, CARD_SIGNAL_LAY, CARD_SIGNAL_READING, CARD_SIGNAL_TAKE };

struct card_reader {
    const struct card_reader_ops *ops;
};

struct card_reader_ops {
    // Starts; never fails because nothing is plugged in. Keeps `on_event`. Events come from poll.
    enum err (*open)(struct card_reader *reader, card_reader_event_fn on_event, void *ctx,
                     struct fault *fault);
    // Does what can be done without waiting (10 ms for one answer of a device, 50 ms while one is
    // being opened) and reports events; the first poll tells READY or GONE, and after READY also
    // the card that already lies there.
    void (*poll)(struct card_reader *reader);
    // File descriptors that become readable when poll has work; returns how many were filled. Call
    // poll at least every 5 s as well.
    size_t (*fds)(struct card_reader *reader, int *fds, size_t fds_max);
    // Never waits. Takes a copy of one command APDU (ISO/IEC 7816-4 section 5.1), 4 bytes at least.
    // Its ANSWER or FAILED comes from a later poll. ERR_STATE: no card is told, or the one before
    // has no answer yet. ERR_TOO_BIG: longer than CARD_COMMAND_BYTES, or extended and the reader
    // does not take it. GET RESPONSE and 6Cxx of T=0 are the reader's own matter.
    enum err (*transmit)(struct card_reader *reader, const uint8_t *apdu, size_t len);
    // Switches the card off; its session is lost, and a command on its way gets neither ANSWER nor
    // FAILED. It is told LAID again after `restart` or when it is taken away (LIFTED) and laid down
    // anew. Allowed at any time.
    void (*release)(struct card_reader *reader);
    // Powers the card that lies there anew, as `release` does for a command on its way: LAID or
    // MUTE follows. Nothing when none does.
    void (*restart)(struct card_reader *reader);
    void (*signal)(struct card_reader *reader, enum card_signal signal);
    // Stops and wipes; allowed at any time and on zeroed memory.
    void (*close)(struct card_reader *reader);
};

#endif
