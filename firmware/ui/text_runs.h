// SPDX-License-Identifier: EUPL-1.2
//
// Splits one line into runs of one direction and one font, in the order they stand on the screen.
// For text.c only.
#ifndef INLOOP_UI_TEXT_RUNS_H
#define INLOOP_UI_TEXT_RUNS_H

#include "ui/font.h"
#include "ui/text.h"

#include <stddef.h>

enum { TEXT_RUNS_MAX = 64 };

struct text_run {
    size_t from; // bytes of the line
    size_t len;
    enum font_face face;
    bool is_backward; // right to left
};
struct text_runs {
    struct text_run runs[TEXT_RUNS_MAX];
    size_t count;
};

// Where a character's own direction goes; digits and signs have none.
enum text_direction { TEXT_NEUTRAL, TEXT_FORWARD, TEXT_BACKWARD };
enum text_direction text_direction_of(uint32_t character);
// `words` of `len` bytes, at most TEXT_WORDS_BYTES_MAX. The setting says the line's own direction.
// A device without a script's font shows Noto Sans' boxes rather than nothing.
void text_runs_find(struct fonts *fonts, const struct text_setting *setting, const char *words,
                    size_t len, struct text_runs *runs);

#endif
