// SPDX-License-Identifier: EUPL-1.2
//
// One look at all rules and conditionals of a form: what logic.c repeats until nothing changes.
#ifndef INLOOP_FORMS_LOGIC_RULES_H
#define INLOOP_FORMS_LOGIC_RULES_H

#include "forms/logic_ops.h"

struct logic_round {
    const struct form *form;
    struct answers *answers;
    const struct logic *before;     // what is hidden, as the last look left it
    struct logic *after;            // being worked out
    struct json *variables_private; // what rules set that no field holds, owned
    struct json *kept_private; // the answers as they were before a rule changed one, owned; NULL
    bool has_changed;          // an answer or a variable
    struct logic_run run;
};

// Zeroed memory is well for `kept_private`. Takes nothing; wipe with logic_round_finish.
void logic_round_init(struct logic_round *round, const struct form *form, struct answers *answers,
                      struct date today);
void logic_round_finish(struct logic_round *round);
// `after` starts as the definition or the source has it and is filled. ERR_STATE: too long.
MUST_USE enum err logic_round_look(struct logic_round *round);

// What a simple conditional says about a field given the value it looks at.
bool logic_has_condition(const struct form_field *field, const char **when, bool *shows);
bool logic_condition_holds(const struct form_field *field, const struct form_field *watched,
                           const struct value *value);
// Bits as the definition has them, or as the source said last.
uint8_t logic_base_state(const struct logic *logic, const struct form *form, size_t field);
bool logic_is_hidden_alone(const struct logic *logic, const struct form *form, size_t field);

#endif
