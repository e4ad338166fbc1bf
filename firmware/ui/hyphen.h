// SPDX-License-Identifier: EUPL-1.2
//
// Where a long word may be broken, by the dictionary of its language. The one file pair that knows
// libhyphen.
#ifndef INLOOP_UI_HYPHEN_H
#define INLOOP_UI_HYPHEN_H

#include <stdbool.h>
#include <stddef.h>

enum { HYPHEN_LANGUAGES = 3, HYPHEN_WORD_BYTES_MAX = 96 };

struct hyphens {
    void *dictionaries[HYPHEN_LANGUAGES];
    bool is_tried[HYPHEN_LANGUAGES]; // read at the first long word
};

void hyphens_close(struct hyphens *hyphens);
// Fills `may_break[i]` for each byte: true when the word may be broken before byte i. False for
// languages without a dictionary and words that are too long.
bool hyphens_find(struct hyphens *hyphens, const char *language, const char *word, size_t len,
                  bool may_break[HYPHEN_WORD_BYTES_MAX]);

#endif
