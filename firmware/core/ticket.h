// SPDX-License-Identifier: EUPL-1.2
//
// A ticket: a place in the queue with a number a person can read. States and names; pure.
#ifndef INLOOP_CORE_TICKET_H
#define INLOOP_CORE_TICKET_H

#include "base/entropy.h"
#include "base/err.h"
#include "core/evidence.h"
#include "core/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TICKET_NUMBER_BYTES = 5, // "B042"
    TICKET_NUMBER_MAX = 999,
    DESK_BYTES = 8,
    DEVICE_ID_BYTES = 32,
    STAFF_ID_BYTES = 32,
    LANGUAGE_BYTES = 4, // "nl", "en", "ar"
};

enum ticket_state {
    TICKET_WAITING,
    TICKET_CALLED,
    TICKET_SERVING,
    TICKET_PARKED,
    TICKET_NO_SHOW,
    TICKET_DONE,
    TICKET_CANCELLED,
    TICKET_EXPIRED,
    TICKET_STATES_COUNT,
};

enum print_state { PRINT_PENDING, PRINT_PRINTED, PRINT_FAILED, PRINT_NONE };

// What the visitor said they need. Bits.
enum need {
    NEED_WHEELCHAIR = 1 << 0,
    NEED_HEARING = 1 << 1,
    NEED_SEEING = 1 << 2,
    NEED_CALM = 1 << 3, // cannot stand long, small child, anxiety
    NEED_INTERPRETER = 1 << 4,
};

enum finish_outcome { FINISH_DONE, FINISH_VISITOR_MUST_ACT, FINISH_PASSED_ON, FINISH_FAILED };

struct ticket {
    char id[UUID_TEXT_BYTES];
    char visit[UUID_TEXT_BYTES];      // empty for an anonymous ticket
    char request[REQUEST_ID_BYTES];   // empty when it is about nothing known
    char service;                     // present queue; may change by transfer
    char number[TICKET_NUMBER_BYTES]; // never changes
    uint32_t seq;                     // dense in a day; second order key; never changes
    int64_t issued_ms;
    int64_t due_ms; // the promise; first order key; changed by a return only
    enum ticket_state state;
    enum print_state print_state;
    char desk[DESK_BYTES];      // of the call or the serving; empty otherwise
    char desk_only[DESK_BYTES]; // transferred or parked to one desk; empty: any
    int64_t called_ms;          // last call; 0 when never
    int64_t serving_ms;         // start of the present service; 0 when not
    uint16_t calls_count;
    uint16_t returns_count; // came back after a no-show
    enum level level;
    struct evidence evidence;
    uint32_t needs;
    char language[LANGUAGE_BYTES];
    enum request_subject subject;
    bool has_context;
    bool need_granted; // by staff: promised sooner
    uint32_t version;  // +1 with each change
};

// Letters that numbers may begin with: A to Z without I and O.
bool ticket_letter_is_valid(char letter);
// "B042". `count` 1..TICKET_NUMBER_MAX.
void ticket_number(char letter, unsigned count, char out[TICKET_NUMBER_BYTES]);
bool ticket_is_open(const struct ticket *ticket); // not done, cancelled or expired

const char *ticket_state_name(enum ticket_state state);
const char *print_state_name(enum print_state state);
const char *finish_outcome_name(enum finish_outcome outcome);
MUST_USE enum err ticket_state_from_name(const char *name, enum ticket_state *state);
MUST_USE enum err print_state_from_name(const char *name, enum print_state *state);
MUST_USE enum err finish_outcome_from_name(const char *name, enum finish_outcome *outcome);
const char *need_name(enum need need);
MUST_USE enum err need_from_name(const char *name, enum need *need);

#endif
