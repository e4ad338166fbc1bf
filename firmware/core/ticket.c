// SPDX-License-Identifier: EUPL-1.2
//
// Numbers a person can read, and the API's names of a ticket's states.
#include "core/ticket.h"

#include "base/text.h"

#include <stdio.h>

#define NAMES_COUNT(names) (sizeof(names) / sizeof((names)[0]))

static const char *const state_names[TICKET_STATES_COUNT] = {
    "waiting", "called", "serving", "parked", "no_show", "done", "cancelled", "expired"};
static const char *const print_names[] = {"pending", "printed", "failed", "none"};
static const char *const outcome_names[] = {"done", "visitor_must_act", "passed_on", "failed"};
static const char *const need_names[] = {"wheelchair", "hearing", "seeing", "calm", "interpreter"};

bool ticket_letter_is_valid(char letter)
{
    return letter >= 'A' && letter <= 'Z' && letter != 'I' && letter != 'O';
}

void ticket_number(char letter, unsigned count, char out[TICKET_NUMBER_BYTES])
{
    CHECK(ticket_letter_is_valid(letter));
    CHECK(count >= 1 && count <= TICKET_NUMBER_MAX);
    (void)snprintf(out, TICKET_NUMBER_BYTES, "%c%03u", letter, count); // always four characters
}

bool ticket_is_open(const struct ticket *ticket)
{
    return ticket->state < TICKET_DONE;
}

const char *ticket_state_name(enum ticket_state state)
{
    CHECK(state < TICKET_STATES_COUNT);
    return state_names[state];
}

const char *print_state_name(enum print_state state)
{
    CHECK(state < NAMES_COUNT(print_names));
    return print_names[state];
}

const char *finish_outcome_name(enum finish_outcome outcome)
{
    CHECK(outcome < NAMES_COUNT(outcome_names));
    return outcome_names[outcome];
}

enum err ticket_state_from_name(const char *name, enum ticket_state *state)
{
    size_t index = 0;
    enum err err = text_find(state_names, TICKET_STATES_COUNT, name, &index);
    if (err == OK) {
        *state = (enum ticket_state)index;
    }
    return err;
}

enum err print_state_from_name(const char *name, enum print_state *state)
{
    size_t index = 0;
    enum err err = text_find(print_names, NAMES_COUNT(print_names), name, &index);
    if (err == OK) {
        *state = (enum print_state)index;
    }
    return err;
}

enum err finish_outcome_from_name(const char *name, enum finish_outcome *outcome)
{
    size_t index = 0;
    enum err err = text_find(outcome_names, NAMES_COUNT(outcome_names), name, &index);
    if (err == OK) {
        *outcome = (enum finish_outcome)index;
    }
    return err;
}

const char *need_name(enum need need)
{
    for (size_t i = 0; i < NAMES_COUNT(need_names); i++) {
        if ((unsigned)need == 1U << i) {
            return need_names[i];
        }
    }
    CHECK(false); // a need is one bit of enum need
    return "";
}

enum err need_from_name(const char *name, enum need *need)
{
    size_t index = 0;
    enum err err = text_find(need_names, NAMES_COUNT(need_names), name, &index);
    if (err == OK) {
        *need = (enum need)(1U << index);
    }
    return err;
}
