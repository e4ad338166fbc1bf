// SPDX-License-Identifier: EUPL-1.2
//
// The machine a pattern becomes. Each piece of it lies in one row of states and leaves by its last
// one, so that a repetition is a copy of that row.
#ifndef INLOOP_FORMS_PATTERN_MACHINE_H
#define INLOOP_FORMS_PATTERN_MACHINE_H

#include "forms/pattern.h"

#include <stddef.h>
#include <stdint.h>

enum { PATTERN_RANGES_MAX = 24, PATTERN_GROUPS_MAX = 24, PATTERN_NOWHERE = -1 };

enum pattern_kind { TAKE_CHAR, TAKE_SET, FORK, JUMP, AT_BEGIN, AT_END, DONE };

struct pattern_state {
    enum pattern_kind kind;
    uint32_t c; // of TAKE_CHAR; position of the set of TAKE_SET
    int16_t next;
    int16_t other; // of FORK
};

struct pattern_set {
    bool is_negated;
    size_t count;
    struct {
        uint32_t first;
        uint32_t last;
    } ranges[PATTERN_RANGES_MAX];
};

// A row of states; `first` PATTERN_NOWHERE: nothing yet.
struct pattern_piece {
    int16_t first;
    int16_t start;
    int16_t exit; // a JUMP that leads nowhere yet; the last of the row
};

struct pattern_group {
    struct pattern_piece choices;  // what stands before the last |
    struct pattern_piece sequence; // what stands before the last atom
    struct pattern_piece atom;     // what a quantifier would repeat
};

struct pattern_machine {
    struct pattern_state states[PATTERN_STATES_MAX];
    int16_t count;
    struct pattern_set sets[PATTERN_SETS_MAX];
    size_t sets_count;
    struct pattern_group groups[PATTERN_GROUPS_MAX];
    size_t depth;
    const char *pattern;
    size_t len;
    size_t pos;
    enum err err; // sticks
};

// Fills `machine`; `start` is the state to begin in. Errors as pattern_match.
MUST_USE enum err pattern_build(struct pattern_machine *machine, const char *pattern,
                                int16_t *start);

#endif
