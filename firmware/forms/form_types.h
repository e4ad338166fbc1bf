// SPDX-License-Identifier: EUPL-1.2
//
// What one component of a definition says: its type, options and limits. The one file that knows
// how form.io, Open Forms and Open VTB spell them.
#ifndef INLOOP_FORMS_FORM_TYPES_H
#define INLOOP_FORMS_FORM_TYPES_H

#include "forms/form.h"

// True for a component that neither asks, says nor holds anything: a button, a hidden value.
bool form_type_is_left_out(const struct json *component);
// Fills kind, words, switches and limits of `field`; parent and step are the caller's. A type or
// option that cannot be honoured gives FORM_UNKNOWN. ERR_MALFORMED, ERR_TOO_BIG: a member is of the
// wrong type or too long; `fault` names it.
MUST_USE enum err form_type_read(const struct json *component, struct form_field *field,
                                 struct fault *fault);
// What is asked about each person who is added, by type of component; caller's. The labels are the
// screen's own phrases.
struct json *form_type_people(void);
const struct json *form_type_person(const struct json *people, const struct form_field *field);
// The choices of a component: `values`, or `data.values`; NULL when it has none.
const struct json *form_type_choices(const struct json *component);

#endif
