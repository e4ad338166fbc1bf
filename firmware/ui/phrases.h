// SPDX-License-Identifier: EUPL-1.2
//
// The words of one language: a bounded reader of compiled gettext files (.mo), placeholders and
// plural forms by the file's own rule. Knows no keys.
#ifndef INLOOP_UI_PHRASES_H
#define INLOOP_UI_PHRASES_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PHRASES_BYTES_MAX = 256 * 1024,
    PHRASES_COUNT_MAX = 2000,
    PHRASES_FORMS_MAX = 6,
    PHRASES_RULE_MAX = 96, // steps of a plural rule
    PHRASE_BYTES = 512,    // enough for any filled phrase, terminator included
};

struct phrases_step {
    uint8_t code;
    uint32_t value;
};

struct phrases {
    uint8_t bytes[PHRASES_BYTES_MAX];
    size_t len;
    uint32_t count;
    uint32_t keys_at; // offsets of the two tables
    uint32_t words_at;
    uint32_t forms_count;
    struct phrases_step rule[PHRASES_RULE_MAX]; // the plural rule in postfix order
    size_t rule_count;
};

// Empty: every phrase is its own key. For tests and before a file is read.
void phrases_init(struct phrases *phrases);
// Copies `bytes`. ERR_MALFORMED: not a .mo file, tables or strings outside it, not UTF-8, keys not
// in order, a plural rule we cannot read. ERR_TOO_BIG: over a limit above. Then `phrases` is empty.
MUST_USE enum err phrases_parse(struct phrases *phrases, const void *bytes, size_t len,
                                struct fault *fault);
// Reads "`dir`/`language`.mo".
MUST_USE enum err phrases_read(struct phrases *phrases, const char *dir, const char *language,
                               struct fault *fault);

// The words for a key, borrowed; the key itself when the language lacks it. Never NULL.
const char *phrases_get(const struct phrases *phrases, const char *key);
// The form for a count: 1 dag, 7 dagen.
const char *phrases_plural(const struct phrases *phrases, const char *key, uint64_t count);

// A named placeholder: {"number", "B042"} fills "{number}".
struct phrases_value {
    const char *name;
    const char *words;
};
// Fills `out` with the words and the values put in; an unknown placeholder stays as written.
// ERR_TOO_BIG: did not fit; `out` then holds the empty string. `values` may be NULL when 0.
MUST_USE enum err phrases_fill(const char *words, const struct phrases_value *values,
                               size_t values_count, char *out, size_t out_bytes);
// As above for a plural: "{count}" is filled by itself.
MUST_USE enum err phrases_fill_count(const struct phrases *phrases, const char *key, uint64_t count,
                                     char *out, size_t out_bytes);

#endif
