// SPDX-License-Identifier: EUPL-1.2
//
// libhyphen with Debian's dictionaries. The Dutch one is written in ISO 8859-1.
#include "ui/hyphen.h"

#include "base/bytes.h"
#include "base/text.h"

#include <hyphen.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *language;
    const char *path;
    bool is_latin1;
} languages[HYPHEN_LANGUAGES] = {
    {"nl", "/usr/share/hyphen/hyph_nl_NL.dic", true},
    {"en", "/usr/share/hyphen/hyph_en_US.dic", false},
    {"ar", "/usr/share/hyphen/hyph_nl_NL.dic",
     true}, // its Latin words are what the town calls things
};

// The word as the dictionary spells it, and where each of its characters began.
struct spelled {
    char bytes[HYPHEN_WORD_BYTES_MAX + 5]; // libhyphen asks for some room behind the word
    size_t len;
    size_t starts[HYPHEN_WORD_BYTES_MAX];
    size_t count; // characters
};

static bool spell(const char *word, size_t len, bool is_latin1, struct spelled *spelled);

void hyphens_close(struct hyphens *hyphens)
{
    for (size_t i = 0; i < HYPHEN_LANGUAGES; i++) {
        if (hyphens->dictionaries[i] != NULL) {
            hnj_hyphen_free(hyphens->dictionaries[i]);
        }
    }
    *hyphens = (struct hyphens){0};
}

static HyphenDict *dictionary(struct hyphens *hyphens, size_t index)
{
    if (!hyphens->is_tried[index]) {
        hyphens->is_tried[index] = true;
        hyphens->dictionaries[index] = hnj_hyphen_load(languages[index].path);
    }
    return hyphens->dictionaries[index];
}

static void free_changes(char **changes, int *positions, int *cuts, size_t count)
{
    for (size_t i = 0; changes != NULL && i < count; i++) {
        free(changes[i]);
    }
    free(changes);
    free(positions);
    free(cuts);
}

static bool find_in(HyphenDict *dict, struct spelled *spelled, bool may_break[])
{
    char marks[HYPHEN_WORD_BYTES_MAX + 5] = {0};
    char **changes = NULL;
    int *positions = NULL;
    int *cuts = NULL;
    if (hnj_hyphen_hyphenate2(dict, spelled->bytes, (int)spelled->len, marks, NULL, &changes,
                              &positions, &cuts) != 0) {
        return false;
    }
    bool is_found = false;
    for (size_t i = 0; i + 1 < spelled->count; i++) {
        // A break that would change the spelling ("omaatje" -> "oma-tje") is left alone.
        bool is_plain = changes == NULL || changes[i] == NULL;
        if ((marks[i] & 1) != 0 && is_plain) {
            may_break[spelled->starts[i + 1]] = true;
            is_found = true;
        }
    }
    free_changes(changes, positions, cuts, spelled->len);
    return is_found;
}

bool hyphens_find(struct hyphens *hyphens, const char *language, const char *word, size_t len,
                  bool may_break[HYPHEN_WORD_BYTES_MAX])
{
    memset(may_break, 0, HYPHEN_WORD_BYTES_MAX * sizeof may_break[0]);
    for (size_t i = 0; i < HYPHEN_LANGUAGES; i++) {
        if (!text_equal(language, languages[i].language)) {
            continue;
        }
        struct spelled spelled = {0};
        HyphenDict *dict = dictionary(hyphens, i);
        bool is_found = dict != NULL && spell(word, len, languages[i].is_latin1, &spelled) &&
                        find_in(dict, &spelled, may_break);
        wipe(&spelled, sizeof spelled);
        return is_found;
    }
    return false;
}

// What only says which way the letters run.
static bool is_mark(uint32_t character)
{
    return character == 0x200E || character == 0x200F ||
           (character >= 0x2066 && character <= 0x2069);
}

static bool spell(const char *word, size_t len, bool is_latin1, struct spelled *spelled)
{
    if (len >= HYPHEN_WORD_BYTES_MAX) {
        return false;
    }
    size_t pos = 0;
    while (pos < len) {
        size_t from = pos;
        uint32_t character = utf8_next(word, len, &pos);
        if (character >= 'A' && character <= 'Z') {
            character += 'a' - 'A';
        }
        if (is_mark(character)) {
            continue;
        }
        if (is_latin1 && character > 0xFF) {
            return false;
        }
        spelled->starts[spelled->count] = from;
        spelled->count += 1;
        if (is_latin1 || character < 0x80) {
            spelled->bytes[spelled->len] = (char)character;
            spelled->len += 1;
        } else {
            memcpy(spelled->bytes + spelled->len, word + from, pos - from);
            spelled->len += pos - from;
        }
    }
    return spelled->count > 3;
}
