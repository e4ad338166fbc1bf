// SPDX-License-Identifier: EUPL-1.2
//
// Dates and times against what a definition allows: fixed, past or future, so long from today or
// from another answer.
#ifndef INLOOP_FORMS_CHECK_DATES_H
#define INLOOP_FORMS_CHECK_DATES_H

#include "forms/check.h"

// Of DATE, DATE_TIME and TIME; `words` is the value.
struct check_result check_moment(const struct form *form, const struct answers *answers,
                                 const struct form_field *field, const char *words,
                                 struct date today);

#endif
