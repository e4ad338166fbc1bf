// SPDX-License-Identifier: EUPL-1.2
//
// What stands on keys: which letters have variants, small letters and capitals, and the ids keys
// are known by. Pure tables.
#ifndef INLOOP_UI_KEYBOARD_KEYS_H
#define INLOOP_UI_KEYBOARD_KEYS_H

#include "ui/tree.h"

#include <stdint.h>

// The variants of a small letter as UTF-8, at most 9; NULL when it has none.
const char *keyboard_keys_variants(uint32_t letter);
// The small letter that has this one as a variant; the letter itself when there is none.
uint32_t keyboard_keys_plain(uint32_t letter);
// Latin letters; every other character is given back as it is.
uint32_t keyboard_keys_capital(uint32_t letter);
uint32_t keyboard_keys_small(uint32_t letter);
// "key.a", "key.dot", "key.ue9". Capitals have the id of their small letter.
void keyboard_keys_id(uint32_t character, char id[TREE_ID_BYTES]);
// The character of such an id; 0 for every other id.
uint32_t keyboard_keys_character(const char *id);

#endif
