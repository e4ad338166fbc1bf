// SPDX-License-Identifier: EUPL-1.2
//
// The contract of ports/id_reader.h without a cable.
#include "tests/fakes/fake_reader.h"

#include "base/bytes.h"

#include <string.h>

static enum err fake_open(struct id_reader *port, id_reader_event_fn on_event, void *ctx,
                          struct fault *fault)
{
    (void)fault;
    struct fake_reader *reader = (struct fake_reader *)port;
    reader->on_event = on_event;
    reader->ctx = ctx;
    return OK;
}

static void fake_poll(struct id_reader *port)
{
    struct fake_reader *reader = (struct fake_reader *)port;
    int64_t now_ms = clock_monotonic_ms(&reader->clock);
    if (reader->on_event == NULL) {
        return;
    }
    if (!reader->has_told || reader->told_plugged != reader->is_plugged) {
        struct id_reader_event event = {.kind =
                                            reader->is_plugged ? ID_READER_READY : ID_READER_GONE};
        if (!reader->is_plugged) {
            (void)fault_set(&event.fault, ERR_GONE, "scanner: none is plugged in"); // told
        }
        reader->has_told = true;
        reader->told_plugged = reader->is_plugged;
        reader->on_event(&event, reader->ctx);
    }
    size_t len = reader->shown_len;
    if (reader->is_plugged && len > 0 &&
        code_gate_pass(&reader->gate, now_ms, reader->shown_private, &len)) {
        reader->on_event(&(struct id_reader_event){.kind = ID_READER_CODE,
                                                   .code_private = reader->shown_private,
                                                   .code_len = len},
                         reader->ctx);
    }
    wipe(reader->shown_private, sizeof reader->shown_private);
    reader->shown_len = 0;
    (void)code_gate_forget(&reader->gate, now_ms); // the next poll looks again
}

static size_t fake_fds(struct id_reader *port, int *fds, size_t fds_max)
{
    (void)port;
    (void)fds;
    (void)fds_max;
    return 0;
}

static void fake_close(struct id_reader *port)
{
    struct fake_reader *reader = (struct fake_reader *)port;
    reader->on_event = NULL;
    code_gate_wipe(&reader->gate);
    wipe(reader->shown_private, sizeof reader->shown_private);
}

void fake_reader_init(struct fake_reader *reader, struct clock clock)
{
    static const struct id_reader_ops ops = {
        .open = fake_open, .poll = fake_poll, .fds = fake_fds, .close = fake_close};
    memset(reader, 0, sizeof *reader);
    reader->port.ops = &ops;
    reader->clock = clock;
    reader->is_plugged = true;
}

void fake_reader_show(struct fake_reader *reader, const void *code, size_t len)
{
    reader->shown_len = len < sizeof reader->shown_private ? len : 0; // too long is no code
    memcpy(reader->shown_private, code, reader->shown_len);
}
