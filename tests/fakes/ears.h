// SPDX-License-Identifier: EUPL-1.2
//
// Remembers what a reader or a printer told, for tests to look at afterwards.
#ifndef INLOOP_TESTS_EARS_H
#define INLOOP_TESTS_EARS_H

#include "ports/id_reader.h"
#include "ports/printer.h"

enum { EARS_MAX = 64 };

struct reader_ears {
    size_t count; // of all events; the first EARS_MAX are kept
    enum id_reader_event_kind kinds[EARS_MAX];
    size_t codes_count;
    size_t unreadable_count;
    char code[ID_READER_CODE_BYTES]; // the last
    size_t code_len;
    bool code_was_terminated;
    size_t refused_count;
    struct fault refused; // the last
    struct fault gone;    // the last
};

// An id_reader_event_fn; `ctx` is the ears.
void reader_ears_hear(const struct id_reader_event *event, void *ctx);
// The last of READY and GONE that was told; false when neither was.
bool reader_ears_is_ready(const struct reader_ears *ears);

struct printer_ears {
    size_t statuses_count;
    struct printer_status status; // the last
    size_t printed_count;
    size_t failed_count;
    uint32_t job_id; // of the last end
    struct fault fault;
};

// A printer_event_fn; `ctx` is the ears.
void printer_ears_hear(const struct printer_event *event, void *ctx);

#endif
