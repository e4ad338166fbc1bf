// SPDX-License-Identifier: EUPL-1.2
//
// What reads a code the visitor shows: one contract for the USB scanner, the desk's socket and the
// fake (tests/ports/id_reader_test.c).
#ifndef INLOOP_PORTS_ID_READER_H
#define INLOOP_PORTS_ID_READER_H

#include "base/err.h"

#include <stddef.h>

enum { ID_READER_CODE_BYTES = 4097 }; // a QR code holds at most 4296 digits; we refuse longer codes

enum id_reader_event_kind {
    ID_READER_READY,   // plugged in, allowed, usable
    ID_READER_GONE,    // absent, unplugged or failed; comes back by itself with READY
    ID_READER_REFUSED, // a device is there that must not be used (types like a keyboard, not on the
                       // allow-list): `fault` says which; stays out of use until it changes. An
                       // alarm, told once a device; READY and GONE go on beside it
    ID_READER_CODE,    // `code`: printable text without the scanner's line ending, not interpreted;
                       // empty when what was read is no such text or is too long: the person who
                       // holds it up hears so all the same
};

struct id_reader_event {
    enum id_reader_event_kind kind;
    const char *code_private; // borrowed during the call; the reader wipes it after
    size_t code_len;
    struct fault fault; // with GONE and REFUSED; ERR_REFUSED there: it types like a keyboard
};

// Called on the I/O thread, from within poll only.
typedef void (*id_reader_event_fn)(const struct id_reader_event *event, void *ctx);

struct id_reader {
    const struct id_reader_ops *ops;
};

struct id_reader_ops {
    // Starts; never fails because nothing is plugged in. Keeps `on_event`. Events come from poll.
    enum err (*open)(struct id_reader *reader, id_reader_event_fn on_event, void *ctx,
                     struct fault *fault);
    // Does what can be done without waiting (10 ms for one answer of a device, 50 ms while one is
    // being opened) and reports events; the first poll tells READY or GONE. A code joined from
    // several reports comes once; the same text within 3 s comes once.
    void (*poll)(struct id_reader *reader);
    // File descriptors that become readable when poll has work; returns how many were filled. Call
    // poll at least every 5 s as well.
    size_t (*fds)(struct id_reader *reader, int *fds, size_t fds_max);
    // Stops and wipes; allowed at any time and on zeroed memory.
    void (*close)(struct id_reader *reader);
};

#endif
