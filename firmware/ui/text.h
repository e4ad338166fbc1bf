// SPDX-License-Identifier: EUPL-1.2
//
// Words into lines and lines into pixels: direction runs (FriBidi), font fallback per run, line
// breaking (libunibreak), hyphenation of words wider than the line (libhyphen). Fonts load lazily.
#ifndef INLOOP_UI_TEXT_H
#define INLOOP_UI_TEXT_H

#include "base/err.h"
#include "ui/look.h"
#include "ui/style.h"

#include <stdbool.h>
#include <stddef.h>

struct text_shaper; // owns the fonts and the line cache; one a process
struct canvas;

enum { TEXT_LINES_MAX = 24, TEXT_WORDS_BYTES_MAX = 2048 };

// `font_dirs`: folders searched in order, NULL-terminated; NULL means the built-in list (Debian's
// fonts-noto-core). ERR_NOT_FOUND: no Noto Sans anywhere; the fault names where we looked.
MUST_USE enum err text_open(struct text_shaper **shaper, const char *const *font_dirs,
                            struct fault *fault);
void text_close(struct text_shaper *shaper); // NULL is allowed
// Wipes every remembered line and glyph run: when a visit ends.
void text_forget(struct text_shaper *shaper);

// How words are set. `size_px` 0 is not allowed.
struct text_setting {
    int size_px;
    int line_px;  // height of a line
    int space_px; // between letters; ignored for joined scripts
    int room_px;  // width the lines may take; 0 means no limit
    bool is_bold;
    bool is_serif;
    bool is_mirrored; // right to left
    bool fills_lines; // each line as full as it gets: what is typed must not jump about
};
// The setting of a type (or of a capital height, when `cap_mm` > 0) in the present look.
struct text_setting text_setting(const struct look *look, enum type type, float cap_mm);

struct text_line {
    size_t from; // bytes
    size_t len;
    bool has_hyphen; // a hyphen is drawn after it
    int width_px;
};
struct text_lines {
    struct text_line lines[TEXT_LINES_MAX];
    size_t lines_count;
    int width_px;   // of the widest
    int height_px;  // lines_count * line_px
    bool overflows; // a word is wider than the room and could not be broken, or too many lines
};
// Breaks `words` (UTF-8; '\n' breaks always) to the setting's room, into lines of about the same
// length.
void text_break(struct text_shaper *shaper, const struct look *look, const char *words,
                const struct text_setting *setting, struct text_lines *lines);
// How wide the first `len` bytes are on one line, blanks at the end included. Remembers nothing.
int text_width(struct text_shaper *shaper, const struct text_setting *setting, const char *words,
               size_t len);
// True when the first letter that has a direction goes right to left.
bool text_begins_backward(const char *words);
// One line of some words and where it goes: its box's top left corner, its room, its ink.
struct text_place {
    int x_px;
    int y_px;
    int width_px; // the line is aligned in it
    int align;    // -1 left, 0 centre, 1 right (physical)
};
struct text_piece {
    const char *words; // all of them; `line` says which part
    struct text_line line;
    struct text_place place;
    struct rgb colour;
};
void text_draw_line(struct text_shaper *shaper, struct canvas *canvas,
                    const struct text_setting *setting, const struct text_piece *piece);
// True when the fonts have a glyph for every character.
bool text_covers(struct text_shaper *shaper, const char *words);

#endif
