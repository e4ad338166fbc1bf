// SPDX-License-Identifier: EUPL-1.2
//
// Plain text to numbers, dates and times and back, as sources write them. No locale.
#ifndef INLOOP_FORMS_PLAIN_H
#define INLOOP_FORMS_PLAIN_H

#include "base/text.h"

enum { PLAIN_NUMBER_BYTES = 48, PLAIN_DIGITS_MAX = 15 };

// "-12.50": at most PLAIN_DIGITS_MAX digits, one point, nothing around it. `decimals` NULL allowed.
bool plain_number(const char *words, double *value, size_t *decimals);
// With as many decimals as it needs, `decimals_min` at least; a point.
void plain_number_text(double value, uint16_t decimals_min, char out[PLAIN_NUMBER_BYTES]);
// "2026-11-30", "30-11-2026", or a moment that begins with the first; `rest` is what stands behind
// the date (NULL: nothing may).
bool plain_date(const char *words, struct date *date, const char **rest);
// "14:05" or "14:05:30"; `rest` as above. Seconds after midnight.
bool plain_time(const char *words, int *seconds, const char **rest);
// A moment as a person at its place reads it: "2026-11-30T14:05:00+01:00" is 30 November, 14:05. An
// absent time is midnight.
bool plain_moment(const char *words, struct date *date, int *seconds);
// The same moment with the offset the process's time zone has then. Fills `out` (26 bytes at
// least).
void plain_moment_text(struct date date, int seconds, char *out, size_t out_bytes);
// The text without control characters and marks that turn the reading direction, blanks around it
// left out; `lines` keeps line feeds. What does not fit is cut at a whole character.
void plain_words(const char *words, bool lines, char *out, size_t out_bytes);
// True when such a text may be shown as it is: line feeds and tabs allowed.
bool plain_is_readable(const char *words);

#endif
