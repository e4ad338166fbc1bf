// SPDX-License-Identifier: EUPL-1.2
//
// Bounded text: copying, building, UTF-8 checking and stepping, strict numbers and dates.
#ifndef INLOOP_BASE_TEXT_H
#define INLOOP_BASE_TEXT_H

#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A text under construction in the caller's buffer; always terminated. What does not fit is cut and
// `is_cut` stays true, so one check at the end is enough.
struct text {
    char *buf;
    size_t size; // of buf, terminator included
    size_t len;
    bool is_cut;
};

// Keeps `buf`; `size` at least 1.
void text_init(struct text *text, char *buf, size_t size);
void text_add(struct text *text, const char *words);
void text_add_bytes(struct text *text, const char *bytes, size_t len);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Copies terminated `from` into `to`. ERR_TOO_BIG: did not fit; `to` then holds the empty string,
// never half a name.
MUST_USE enum err text_copy(char *to, size_t to_size, const char *from);
// As text_copy, but cuts at a whole UTF-8 character. For words meant for reading only.
void text_copy_cut(char *to, size_t to_size, const char *from);
bool text_equal(const char *left, const char *right);
// Which of `words` it is. ERR_NOT_FOUND: none; `index` is untouched.
MUST_USE enum err text_find(const char *const *words, size_t count, const char *word,
                            size_t *index);
bool text_starts_with(const char *words, const char *start);

// True for well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates) without NUL.
bool utf8_is_valid(const char *bytes, size_t len);
// Steps over one character of valid UTF-8; gives the code point and moves `*pos`. 0 at the end.
// A bad byte gives U+FFFD and moves one byte.
uint32_t utf8_next(const char *bytes, size_t len, size_t *pos);
// UTF-8 of one character, terminated. Gives its bytes; 0 of what is none (surrogates, NUL).
enum { UTF8_BYTES = 5 };
size_t utf8_put(uint32_t character, char bytes[UTF8_BYTES]);
// True when every character can be shown: valid UTF-8 without control or bidi-override characters.
bool text_is_printable(const char *words);

// Decimal, no sign unless negative is allowed by `min`, no blanks, nothing behind it.
MUST_USE enum err text_to_int64(const char *digits, int64_t min, int64_t max, int64_t *value);
// The last `count` decimal digits of `value`, with leading zeros, without a terminator.
void text_put_digits(char *out, size_t count, unsigned value);

// A calendar date, proleptic Gregorian. A birth date in the register may have month or day 0
// (unknown): date_is_valid says no to it, date_from_text refuses it.
struct date {
    int16_t year;
    uint8_t month;
    uint8_t day;
};
bool date_is_valid(struct date date);
// "YYYY-MM-DD" only.
MUST_USE enum err date_from_text(const char *words, struct date *date);
enum { DATE_TEXT_BYTES = 11 };
void date_to_text(struct date date, char out[DATE_TEXT_BYTES]);
int64_t date_to_days(struct date date); // days since 1970-01-01
struct date date_from_days(int64_t days);

// RFC 3339 timestamps in UTC, milliseconds since 1970-01-01T00:00Z. Reading accepts any offset and
// up to nine decimals; writing gives "2026-11-23T13:52:07Z".
MUST_USE enum err time_from_text(const char *words, int64_t *time_ms);
enum { TIME_TEXT_BYTES = 21 };
void time_to_text(int64_t time_ms, char out[TIME_TEXT_BYTES]);

#endif
