// SPDX-License-Identifier: EUPL-1.2
//
// What every code passes through, whoever read it: one line ending off, printable text only, the
// same text once in three seconds.
#ifndef INLOOP_DRIVERS_CODE_GATE_H
#define INLOOP_DRIVERS_CODE_GATE_H

#include "ports/id_reader.h"

#include <stdbool.h>
#include <stdint.h>

enum { CODE_GATE_SAME_MS = 3000 };

struct code_gate {
    char last_private[ID_READER_CODE_BYTES];
    int64_t last_ms;
};

// Takes the scanner's line ending (CR, LF or CR LF) off `code_private`, which has `len` bytes and
// room for a terminator. True when there is something to tell; then it is terminated and `*len` is
// its length, 0 when it is no printable text or too long. `now_ms` is monotonic.
bool code_gate_pass(struct code_gate *gate, int64_t now_ms, char *code_private, size_t *len);
// Wipes the last code once its three seconds are over; gives the ms that are left, 0: nothing is
// kept.
int64_t code_gate_forget(struct code_gate *gate, int64_t now_ms);
void code_gate_wipe(struct code_gate *gate);

#endif
