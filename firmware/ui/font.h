// SPDX-License-Identifier: EUPL-1.2
//
// Finding and keeping fonts: a face for each script, opened at the first use of a size. For text.c
// and text_runs.c only.
#ifndef INLOOP_UI_FONT_H
#define INLOOP_UI_FONT_H

#include "base/err.h"

#include <SDL2/SDL_ttf.h>
#include <stdbool.h>
#include <stdint.h>

enum font_face {
    FACE_SANS,
    FACE_SERIF,
    FACE_ARABIC,
    FACE_ETHIOPIC,
    FACE_DEVANAGARI,
    FACES_COUNT,
};

enum { FONT_OPEN_MAX = 64, FONT_DIRS_MAX = 8, FONT_PATH_BYTES = 256 };

struct font_open {
    enum font_face face;
    bool is_bold;
    int size_px;
    uint64_t used_at; // of a counter: the longest unused makes room
    TTF_Font *font;
};

// A font file in memory, shared by its sizes: FreeType would read it anew for each, 4 KB at a time.
struct font_file {
    const void *bytes; // mapped; NULL: not looked for yet
    size_t len;
    bool is_missing;
};

struct fonts {
    char dirs[FONT_DIRS_MAX][FONT_PATH_BYTES];
    size_t dirs_count;
    struct font_open open[FONT_OPEN_MAX];
    size_t open_count;
    uint64_t uses;
    struct font_file files[FACES_COUNT][2]; // regular, bold
};

// `dirs` NULL-terminated, or NULL for the built-in list. ERR_NOT_FOUND: no Noto Sans.
MUST_USE enum err fonts_open(struct fonts *fonts, const char *const *dirs, struct fault *fault);
void fonts_close(struct fonts *fonts);
// NULL when the face is not on this device; FACE_SANS is always there.
TTF_Font *fonts_get(struct fonts *fonts, enum font_face face, bool is_bold, int size_px);
// The face that a character is written in, by its script; FACES_COUNT: any (spaces, marks).
enum font_face font_face_of(uint32_t character);
const char *font_script_name(enum font_face face); // "Latn"

#endif
