// SPDX-License-Identifier: EUPL-1.2
//
// A least-squares fit of an affine map through four pairs of points.
#include "apps/technician/screen_touch.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CORNER 0.12f        // of the panel, from its edge
#define RESIDUE_MM_MAX 6.0f // what remains after the fit: a finger is no pen
#define OFF_MM_MAX 60.0f    // further off is no touch on that ring

static const float same[6] = {1, 0, 0, 0, 1, 0};

static struct touch_point apply(const float matrix[6], struct touch_point point);
static bool fit(const struct touch_point *from, const struct touch_point *to, float matrix[6]);
static bool solve(double system[3][4], float row[3]);

struct touch_point touch_corner(size_t corner)
{
    static const struct touch_point corners[TOUCH_CORNERS] = {
        {CORNER, CORNER}, {1 - CORNER, CORNER}, {1 - CORNER, 1 - CORNER}, {CORNER, 1 - CORNER}};
    CHECK(corner < TOUCH_CORNERS);
    return corners[corner];
}

struct touch_point touch_unturn(struct touch_point seen, int rotation)
{
    switch (rotation) {
    case 90:
        return (struct touch_point){1 - seen.y, seen.x};
    case 180:
        return (struct touch_point){1 - seen.x, 1 - seen.y};
    case 270:
        return (struct touch_point){seen.y, 1 - seen.x};
    }
    return seen;
}

void touch_judge(struct touch_try *touch, const struct touch_panel *panel)
{
    CHECK(touch->count == TOUCH_CORNERS);
    bool is_turned = panel->rotation == 90 || panel->rotation == 270;
    float width_mm = is_turned ? panel->height_mm : panel->width_mm;
    float height_mm = is_turned ? panel->width_mm : panel->height_mm;
    struct touch_point meant[TOUCH_CORNERS];
    touch->off_mm = 0;
    for (size_t i = 0; i < TOUCH_CORNERS; i++) {
        meant[i] = touch_unturn(touch_corner(i), panel->rotation);
        float off_mm = hypotf((touch->touched[i].x - meant[i].x) * width_mm,
                              (touch->touched[i].y - meant[i].y) * height_mm);
        touch->off_mm = fmaxf(touch->off_mm, off_mm);
    }
    float right[6];
    touch->is_unsure = touch->off_mm > OFF_MM_MAX || !fit(touch->touched, meant, right);
    for (size_t i = 0; i < TOUCH_CORNERS && !touch->is_unsure; i++) {
        struct touch_point now = apply(right, touch->touched[i]);
        touch->is_unsure = hypotf((now.x - meant[i].x) * width_mm,
                                  (now.y - meant[i].y) * height_mm) > RESIDUE_MM_MAX;
    }
    touch->is_off = !touch->is_unsure && touch->off_mm > TOUCH_OFF_MM_MAX;
    if (!touch->is_off) {
        return;
    }
    // What was in force already is done first, then what we found.
    const float *before = panel->matrix;
    for (size_t row = 0; row < 2; row++) {
        const float *a = &right[row * 3];
        touch->matrix[row * 3] = a[0] * before[0] + a[1] * before[3];
        touch->matrix[row * 3 + 1] = a[0] * before[1] + a[1] * before[4];
        touch->matrix[row * 3 + 2] = a[0] * before[2] + a[1] * before[5] + a[2];
    }
}

enum err touch_matrix_read(const char *words, float matrix[6])
{
    const char *at = words;
    for (size_t i = 0; i < 6; i++) {
        char *end = NULL;
        matrix[i] = strtof(at, &end);
        bool is_number = end != at && isfinite(matrix[i]) && fabsf(matrix[i]) < 100.0f;
        if (!is_number || (*end != '\0' && *end != ' ')) {
            memcpy(matrix, same, sizeof same);
            return ERR_MALFORMED;
        }
        at = end;
    }
    if (*at != '\0') {
        memcpy(matrix, same, sizeof same);
        return ERR_MALFORMED;
    }
    return OK;
}

void touch_matrix_write(const float matrix[6], char words[TOUCH_MATRIX_WORDS_BYTES])
{
    struct text text;
    text_init(&text, words, TOUCH_MATRIX_WORDS_BYTES);
    for (size_t i = 0; i < 6; i++) {
        text_format(&text, i == 0 ? "%.5f" : " %.5f", (double)matrix[i]);
    }
}

static struct touch_point apply(const float matrix[6], struct touch_point point)
{
    return (struct touch_point){matrix[0] * point.x + matrix[1] * point.y + matrix[2],
                                matrix[3] * point.x + matrix[4] * point.y + matrix[5]};
}

// The normal equations of each output co-ordinate: three unknowns.
static bool fit(const struct touch_point *from, const struct touch_point *to, float matrix[6])
{
    for (size_t row = 0; row < 2; row++) {
        double system[3][4] = {{0}};
        for (size_t i = 0; i < TOUCH_CORNERS; i++) {
            const double in[3] = {(double)from[i].x, (double)from[i].y, 1};
            double out = row == 0 ? (double)to[i].x : (double)to[i].y;
            for (size_t j = 0; j < 3; j++) {
                for (size_t k = 0; k < 3; k++) {
                    system[j][k] += in[j] * in[k];
                }
                system[j][3] += in[j] * out;
            }
        }
        if (!solve(system, &matrix[row * 3])) {
            return false;
        }
    }
    return true;
}

// Gauss and Jordan, with the largest pivot. False: the four points lie on one line.
static bool solve(double system[3][4], float row[3])
{
    for (size_t column = 0; column < 3; column++) {
        size_t best = column;
        for (size_t i = column + 1; i < 3; i++) {
            best = fabs(system[i][column]) > fabs(system[best][column]) ? i : best;
        }
        if (fabs(system[best][column]) < 1e-6) {
            return false;
        }
        for (size_t k = 0; k < 4; k++) {
            double held = system[column][k];
            system[column][k] = system[best][k];
            system[best][k] = held;
        }
        for (size_t i = 0; i < 3; i++) {
            double share = i == column ? 0 : system[i][column] / system[column][column];
            for (size_t k = 0; k < 4; k++) {
                system[i][k] -= share * system[column][k];
            }
        }
    }
    for (size_t i = 0; i < 3; i++) {
        row[i] = (float)(system[i][3] / system[i][i]);
    }
    return true;
}
