// SPDX-License-Identifier: EUPL-1.2
//
// The reader of tests that need no USB: what is shown to it is told by the next poll.
#ifndef INLOOP_TESTS_FAKE_READER_H
#define INLOOP_TESTS_FAKE_READER_H

#include "base/clock.h"
#include "drivers/code_gate.h"

struct fake_reader {
    struct id_reader port; // first: the port's operations find the rest behind it
    struct clock clock;
    id_reader_event_fn on_event; // NULL: closed
    void *ctx;
    bool is_plugged;
    bool has_told;
    bool told_plugged;
    char shown_private[ID_READER_CODE_BYTES + 2];
    size_t shown_len; // 0: nothing
    struct code_gate gate;
};

void fake_reader_init(struct fake_reader *reader, struct clock clock);
void fake_reader_show(struct fake_reader *reader, const void *code, size_t len);

#endif
