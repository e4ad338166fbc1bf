// SPDX-License-Identifier: EUPL-1.2
//
// Everything a screen's looks depend on besides its content: panel size, theme, the four modes and
// the language. One struct, handed to build, layout and drawing.
#ifndef INLOOP_UI_LOOK_H
#define INLOOP_UI_LOOK_H

#include "ui/style.h"
#include "ui/theme.h"

#include <stdbool.h>

enum { LOOK_LANGUAGE_BYTES = 12 };

struct look {
    int width_px;
    int height_px;
    float px_per_mm;
    float width_mm;
    float height_mm;
    bool is_large;                      // 150 %
    bool is_contrast;                   // `theme` is then the contrast theme
    bool is_low;                        // controls within the lowest 300 mm
    bool is_mirrored;                   // right to left
    char language[LOOK_LANGUAGE_BYTES]; // "nl"; hyphenation and direction follow it
    struct theme town;                  // as read
    struct theme contrast;
    const struct theme *theme; // the one in force: &town or &contrast
};

// `px_per_mm` > 0. Default theme, Dutch, no modes.
void look_init(struct look *look, int width_px, int height_px, float px_per_mm);
// Copies the theme. A look must not be copied itself (`theme` points inside); init another.
void look_set_theme(struct look *look, const struct theme *theme);
void look_set_contrast(struct look *look, bool is_contrast);
// Sets the direction too: ar, fa, ur, he, ckb are mirrored. Unknown languages are left to right.
void look_set_language(struct look *look, const char *language);
// Back to normal size, colours and height, and to `language`: when a visit ends.
void look_reset(struct look *look, const char *language);
int look_px(const struct look *look, float length_mm); // rounded
float look_mm(const struct look *look, float length_px);

#endif
