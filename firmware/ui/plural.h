// SPDX-License-Identifier: EUPL-1.2
//
// The plural rule of a language, as gettext writes it: a C expression of `n`. Compiled once to
// postfix steps, bounded and checked, then evaluated without surprises. For phrases.c only.
#ifndef INLOOP_UI_PLURAL_H
#define INLOOP_UI_PLURAL_H

#include "ui/phrases.h"

// Fills rule and rule_count from `words` up to ';' or the end. ERR_MALFORMED: not such an
// expression; ERR_TOO_BIG: over PHRASES_RULE_MAX steps or too deep.
MUST_USE enum err plural_compile(struct phrases *phrases, const char *words, size_t len);
// The form for a count; 0 without a rule and for results outside the forms.
uint32_t plural_form(const struct phrases *phrases, uint64_t count);

#endif
