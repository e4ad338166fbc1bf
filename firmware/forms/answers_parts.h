// SPDX-License-Identifier: EUPL-1.2
//
// What the files of the answers share; nobody else needs it.
#ifndef INLOOP_FORMS_ANSWERS_PARTS_H
#define INLOOP_FORMS_ANSWERS_PARTS_H

#include "forms/answers.h"

// The value at "a.b" of an object, to be changed; NULL when there is none.
struct json *answers_member(struct json *object, const char *key);
// Gives an object with its defaults the other members of a person who is added to `people` (list,
// or NULL).
void answers_begin_person(struct json *person, const struct form *form, int16_t field,
                          const struct json *people);
// Whether a child is ticked is said of each, as the source insists: null where nobody is asked.
void answers_tick_whole(struct json *data, const struct form *form);

#endif
