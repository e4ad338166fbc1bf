// SPDX-License-Identifier: EUPL-1.2
//
// What is asked at all: form.io conditionals and JsonLogic rules with their actions, worked out
// anew after each answer. Bounded in steps, depth and text; a rule it does not know makes the form
// say so instead of guessing.
#ifndef INLOOP_FORMS_LOGIC_H
#define INLOOP_FORMS_LOGIC_H

#include "base/clock.h"
#include "forms/answers.h"

enum {
    LOGIC_ROUNDS_MAX = 16,
    LOGIC_STEPS_MAX = 200000, // of all rules and rounds together
    LOGIC_DEPTH_MAX = 24,
    LOGIC_MEMORY_BYTES = 64 * 1024, // lists and text one expression may make
};

enum { LOGIC_HIDDEN = 1 << 0, LOGIC_REQUIRED = 1 << 1, LOGIC_DISABLED = 1 << 2 };

// Zero it before the first use; nothing in it needs to be closed.
struct logic {
    uint8_t states[FORM_FIELDS_MAX]; // LOGIC_ bits of a field by itself
    bool step_is_skipped[FORM_STEPS_MAX];
    bool is_blocked;         // "disable-next": the source wants nobody to go on
    bool is_unsure;          // a rule or action is not one we know: only the source can tell
    const char *why_private; // key of the component or action it stumbled over, borrowed; NULL
    // What the source said last (logic_hear) stands where the definition's own would.
    bool is_heard[FORM_FIELDS_MAX];
    uint8_t heard[FORM_FIELDS_MAX];
    int8_t heard_steps[FORM_STEPS_MAX]; // 0 nothing, 1 asked, -1 skipped
    bool heard_blocked;
};

// Evaluates everything until nothing changes; rules may set answers. `today` is the local date the
// rules mean by it. What is hidden and clears when hidden counts as empty for the rules, and stays
// among the answers for who goes back. ERR_STATE: the rules go round (LOGIC_ROUNDS_MAX) or are too
// long (LOGIC_STEPS_MAX); the states are then those of the definition alone.
MUST_USE enum err logic_apply(struct logic *logic, const struct form *form, struct answers *answers,
                              struct date today, struct fault *fault);
// What the source said instead (Open Forms' _check-logic: its step configuration and data), merged
// over ours. ERR_MALFORMED.
MUST_USE enum err logic_hear(struct logic *logic, const struct form *form, struct answers *answers,
                             const struct json *told, struct fault *fault);
// Whether people are added here one by one, as the items of a group are. Not when the register gave
// all of them, nor where nothing may be changed.
bool logic_asks_people(const struct logic *logic, const struct form *form,
                       const struct answers *answers, int16_t field);
// Hidden by itself, by a group around it, or with its step. In a repeating group conditionals on
// sibling answers are evaluated for that item. Of a person whom the register gave only the tick is
// asked.
bool logic_is_hidden(const struct logic *logic, const struct form *form,
                     const struct answers *answers, struct form_place place);
bool logic_is_required(const struct logic *logic, const struct form *form, struct form_place place);

// One JsonLogic expression over an object. Fills `*result` (caller's). Operations: var missing
// missing_some if == === != !== ! !! or and > >= < <= max min + - * / % in cat substr merge map
// filter reduce all some none, and Open Forms' date datetime today rdelta. ERR_UNSUPPORTED:
// another; ERR_STATE: too deep or too long; ERR_MALFORMED.
MUST_USE enum err logic_value(const struct json *rule, const struct json *data, struct date today,
                              struct json **result);
bool logic_is_true(const struct json *value); // as JsonLogic counts: 0, "", [], null, false are not

#endif
