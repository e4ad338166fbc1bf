// SPDX-License-Identifier: EUPL-1.2
//
// What the files of the answers share; nobody else needs it.
#ifndef INLOOP_FORMS_ANSWERS_PARTS_H
#define INLOOP_FORMS_ANSWERS_PARTS_H

#include "forms/answers.h"

// The value at "a.b" of an object, to be changed; NULL when there is none.
struct json *answers_member(struct json *object, const char *key);
// Whether a child is ticked is said of each, as the source insists: null where nobody is asked.
void answers_tick_whole(struct json *data, const struct form *form);

#endif
