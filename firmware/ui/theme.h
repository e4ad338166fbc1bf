// SPDX-License-Identifier: EUPL-1.2
//
// Gives every colour role a value: from a municipality's NL Design System token file through a
// fallback chain, else computed from its action colour. Reads hostile files; guards contrast.
#ifndef INLOOP_UI_THEME_H
#define INLOOP_UI_THEME_H

#include "base/err.h"
#include "ui/style.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    THEME_BYTES_MAX = 512 * 1024,
    THEME_SOURCE_BYTES = 72,
    THEME_RADIUS_PX_MAX = 16, // of the token, before the x 2.5 rule
};

struct rgb {
    uint8_t r;
    uint8_t g;
    uint8_t b;
};

struct theme {
    struct rgb colours[COLOURS_COUNT];
    char sources[COLOURS_COUNT][THEME_SOURCE_BYTES]; // token name, "computed" or "default"
    float control_radius_mm;
    float card_radius_mm;
    bool heading_is_serif;
    bool is_contrast; // the black, white and yellow theme: no tints, thicker borders
};

// The neutral theme of the house; works without any file.
void theme_default(struct theme *theme);
// Black, white and one yellow. The same for every town.
void theme_contrast(struct theme *theme);
// Fills `theme` from a token file: a flat object of name -> value, or the same under "tokens", or
// Style Dictionary's list of {path, value}. Tokens that are missing or unreadable fall back role by
// role; field is darkened until white reads at 6:1. ERR_MALFORMED: not JSON or no colours at all.
MUST_USE enum err theme_parse(struct theme *theme, const char *bytes, size_t len,
                              struct fault *fault);
// ERR_TOO_BIG over THEME_BYTES_MAX; ERR_IO when the file cannot be read.
MUST_USE enum err theme_read_file(struct theme *theme, const char *path, struct fault *fault);

struct rgb theme_colour(const struct theme *theme, enum colour role);
// WCAG 2 contrast ratio, 1 to 21.
double theme_ratio(struct rgb left, struct rgb right);
// A CSS colour as tokens hold it: #rgb, #rrggbb, #rrggbbaa, hsl(), rgb(), black, white.
MUST_USE enum err theme_colour_parse(const char *words, struct rgb *colour);
// A CSS length in CSS px: px, rem, em, unitless; clamp() gives its middle value.
MUST_USE enum err theme_length_parse(const char *words, float *length_px);

#endif
