// SPDX-License-Identifier: EUPL-1.2
//
// Steps through a text with all states of a pattern's machine at once.
#include "forms/pattern.h"

#include "base/text.h"
#include "forms/pattern_machine.h"

#include <string.h>

struct steps {
    int16_t list[PATTERN_STATES_MAX];
    size_t count;
    bool is_in[PATTERN_STATES_MAX];
};

static bool run(const struct pattern_machine *machine, int16_t start, const char *words);

enum err pattern_match(const char *pattern, const char *words, bool *is_match)
{
    CHECK(words != NULL);

    struct pattern_machine machine;
    int16_t start = PATTERN_NOWHERE;
    enum err err = pattern_build(&machine, pattern, &start);
    if (err != OK) {
        return err;
    }
    *is_match = run(&machine, start, words);
    return OK;
}

bool pattern_is_usable(const char *pattern)
{
    struct pattern_machine machine;
    int16_t start = PATTERN_NOWHERE;
    return pattern_build(&machine, pattern, &start) == OK;
}

static bool set_has(const struct pattern_set *set, uint32_t c)
{
    for (size_t i = 0; i < set->count; i++) {
        if (c >= set->ranges[i].first && c <= set->ranges[i].last) {
            return !set->is_negated;
        }
    }
    return set->is_negated;
}

// Adds a state and all that is reached from it without a character.
static void enter(const struct pattern_machine *machine, struct steps *steps, int16_t start,
                  bool at_begin, bool at_end)
{
    const size_t before = steps->count;
    if (start == PATTERN_NOWHERE || steps->is_in[start]) {
        return;
    }
    steps->is_in[start] = true;
    steps->list[steps->count++] = start;
    // The list itself is the row of what is still to be looked at.
    for (size_t i = before; i < steps->count; i++) {
        const struct pattern_state *state = &machine->states[steps->list[i]];
        const bool goes_on = state->kind == JUMP || state->kind == FORK ||
                             (state->kind == AT_BEGIN && at_begin) ||
                             (state->kind == AT_END && at_end);
        const int16_t ways[2] = {goes_on ? state->next : (int16_t)PATTERN_NOWHERE,
                                 state->kind == FORK ? state->other : (int16_t)PATTERN_NOWHERE};
        for (size_t k = 0; k < 2; k++) {
            if (ways[k] != PATTERN_NOWHERE && !steps->is_in[ways[k]]) {
                steps->is_in[ways[k]] = true;
                steps->list[steps->count++] = ways[k];
            }
        }
    }
}

static bool run(const struct pattern_machine *machine, int16_t start, const char *words)
{
    struct steps now = {.count = 0};
    struct steps then;
    const size_t len = strlen(words);
    size_t pos = 0;
    enter(machine, &now, start, true, len == 0);
    while (pos < len && now.count > 0) {
        const uint32_t c = utf8_next(words, len, &pos);
        then = (struct steps){.count = 0};
        for (size_t i = 0; i < now.count; i++) {
            const struct pattern_state *state = &machine->states[now.list[i]];
            if ((state->kind == TAKE_CHAR && state->c == c) ||
                (state->kind == TAKE_SET && set_has(&machine->sets[state->c], c))) {
                enter(machine, &then, state->next, false, pos == len);
            }
        }
        now = then;
    }
    for (size_t i = 0; i < now.count; i++) {
        if (machine->states[now.list[i]].kind == DONE) {
            return pos == len;
        }
    }
    return false;
}
