// SPDX-License-Identifier: EUPL-1.2
//
// Regular expressions of a definition (JavaScript's, the part that is regular), matched in time
// proportional to pattern times text whatever either holds: all states step together, nothing is
// tried twice.
#ifndef INLOOP_FORMS_PATTERN_H
#define INLOOP_FORMS_PATTERN_H

#include "base/err.h"

#include <stdbool.h>

enum { PATTERN_BYTES_MAX = 400, PATTERN_STATES_MAX = 1200, PATTERN_SETS_MAX = 64 };

// Whether `words` (UTF-8, borrowed) as a whole are what `pattern` describes; anchors at its ends
// are allowed. ERR_UNSUPPORTED: look-around, back-references, word boundaries, anchors inside;
// ERR_MALFORMED: no pattern; ERR_TOO_BIG: too long, or too many repetitions.
MUST_USE enum err pattern_match(const char *pattern, const char *words, bool *is_match);
// Whether pattern_match can do it.
bool pattern_is_usable(const char *pattern);

#endif
