// SPDX-License-Identifier: EUPL-1.2
//
// Four touches beside four rings: how far the panel is off, and the matrix that sets it right.
// Pure. The matrix is libinput's: normalised device co-ordinates in, the same out.
#ifndef INLOOP_APPS_TECHNICIAN_SCREEN_TOUCH_H
#define INLOOP_APPS_TECHNICIAN_SCREEN_TOUCH_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { TOUCH_CORNERS = 4, TOUCH_MATRIX_WORDS_BYTES = 96 };
#define TOUCH_OFF_MM_MAX 2.0f // further off is set right

// In parts of the panel's width and height, from its own left and top edge as it was built: a
// turned picture is turned back first.
struct touch_point {
    float x;
    float y;
};

struct touch_try {
    size_t count; // touched so far
    struct touch_point touched[TOUCH_CORNERS];
    float off_mm;    // the furthest, once all four are there
    bool is_off;     // further than TOUCH_OFF_MM_MAX
    bool is_unsure;  // not four touches of one finger on four rings
    float matrix[6]; // to be kept when `is_off`
    bool is_kept;
};

// Where the middle of ring `corner` stands on the screen as it is looked at.
struct touch_point touch_corner(size_t corner);
// The picture is turned by `rotation` (0, 90, 180, 270 degrees clockwise).
struct touch_point touch_unturn(struct touch_point seen, int rotation);

struct touch_panel {
    float width_mm; // of the screen as it is looked at
    float height_mm;
    int rotation;
    float matrix[6]; // in force while it was touched
};
// After the fourth touch: fills `off_mm`, `is_off`, `is_unsure` and `matrix`.
void touch_judge(struct touch_try *touch, const struct touch_panel *panel);

// "a b c d e f". ERR_MALFORMED; `matrix` is then the one that changes nothing.
MUST_USE enum err touch_matrix_read(const char *words, float matrix[6]);
void touch_matrix_write(const float matrix[6], char words[TOUCH_MATRIX_WORDS_BYTES]);

#endif
