// SPDX-License-Identifier: EUPL-1.2
//
// A form in words for a person: its own texts without HTML, answers as they are read, and what to
// do about an error. Everything lies in the tree's memory.
#ifndef INLOOP_FILL_FILL_WORDS_H
#define INLOOP_FILL_FILL_WORDS_H

#include "fill/fill.h"
#include "ui/phrases.h"
#include "ui/widget.h"

struct fill_say {
    struct maker maker;
    const struct phrases *phrases;
    const struct fill_private *form;
};

// The form's own words: no HTML, their own direction, at most `chars_max` characters.
const char *fill_words(struct fill_say say, const char *html, size_t chars_max);
// What is asked; of a nameless question the phrase for one.
const char *fill_words_label(struct fill_say say, const struct form_field *field, size_t chars_max);
// An answer as a person reads it: dates in words, sensitive ones masked, "not filled in".
const char *fill_words_answer(struct fill_say say, struct form_place place, size_t chars_max);
// The page's answer where it cannot be changed: people whom the register gave by name.
const char *fill_words_fixed(struct fill_say say, size_t chars_max);
// An item of the group on the page: its answers one after the other.
const char *fill_words_item(struct fill_say say, size_t item);
// Of the page's error: how to go on.
const char *fill_words_how(struct fill_say say);
const char *fill_words_step(struct fill_say say); // "Step 2 of 4", or NULL without steps
const char *fill_words_date(struct fill_say say, struct date date); // "30 november 2026"
size_t fill_words_chars(const char *words);
#endif
