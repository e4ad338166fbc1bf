// SPDX-License-Identifier: EUPL-1.2
//
// Counts and copies; what is borrowed during an event is gone after it.
#include "tests/fakes/ears.h"

#include <string.h>

void reader_ears_hear(const struct id_reader_event *event, void *ctx)
{
    struct reader_ears *ears = ctx;
    if (ears->count < EARS_MAX) {
        ears->kinds[ears->count] = event->kind;
    }
    ears->count++;
    switch (event->kind) {
    case ID_READER_READY:
        break;
    case ID_READER_GONE:
        ears->gone = event->fault;
        break;
    case ID_READER_REFUSED:
        ears->refused_count++;
        ears->refused = event->fault;
        break;
    case ID_READER_CODE:
        CHECK(event->code_len < sizeof ears->code);
        ears->unreadable_count += event->code_len == 0 ? 1 : 0;
        ears->codes_count += event->code_len == 0 ? 0 : 1;
        memcpy(ears->code, event->code_private, event->code_len);
        ears->code[event->code_len] = '\0';
        ears->code_len = event->code_len;
        ears->code_was_terminated = event->code_private[event->code_len] == '\0';
        break;
    }
}

bool reader_ears_is_ready(const struct reader_ears *ears)
{
    bool is_ready = false;
    for (size_t i = 0; i < ears->count && i < EARS_MAX; i++) {
        if (ears->kinds[i] == ID_READER_READY || ears->kinds[i] == ID_READER_GONE) {
            is_ready = ears->kinds[i] == ID_READER_READY;
        }
    }
    return is_ready;
}

void printer_ears_hear(const struct printer_event *event, void *ctx)
{
    struct printer_ears *ears = ctx;
    switch (event->kind) {
    case PRINTER_STATUS:
        ears->statuses_count++;
        ears->status = event->status;
        return;
    case PRINTER_PRINTED:
        ears->printed_count++;
        break;
    case PRINTER_FAILED:
        ears->failed_count++;
        ears->fault = event->fault;
        break;
    }
    ears->job_id = event->job_id;
}
