// SPDX-License-Identifier: EUPL-1.2
//
// Modes, language and millimetres.
#include "ui/look.h"

#include "base/err.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

void look_init(struct look *look, int width_px, int height_px, float px_per_mm)
{
    CHECK(width_px > 0 && height_px > 0);
    CHECK(px_per_mm > 0.0f);

    *look = (struct look){.width_px = width_px, .height_px = height_px, .px_per_mm = px_per_mm};
    look->width_mm = (float)width_px / px_per_mm;
    look->height_mm = (float)height_px / px_per_mm;
    theme_default(&look->town);
    theme_contrast(&look->contrast);
    look->theme = &look->town;
    look_set_language(look, "nl");
}

void look_set_theme(struct look *look, const struct theme *theme)
{
    look->town = *theme;
}

void look_set_contrast(struct look *look, bool is_contrast)
{
    look->is_contrast = is_contrast;
    look->theme = is_contrast ? &look->contrast : &look->town;
}

static bool is_right_to_left(const char *language)
{
    static const char *const mirrored[] = {"ar", "ckb", "fa", "he", "ps", "ur"};
    for (size_t i = 0; i < sizeof mirrored / sizeof mirrored[0]; i++) {
        if (text_equal(language, mirrored[i])) {
            return true;
        }
    }
    return false;
}

void look_set_language(struct look *look, const char *language)
{
    text_copy_cut(look->language, sizeof look->language, language);
    look->is_mirrored = is_right_to_left(look->language);
}

void look_reset(struct look *look, const char *language)
{
    look->is_large = false;
    look->is_low = false;
    look_set_contrast(look, false);
    look_set_language(look, language);
}

int look_px(const struct look *look, float length_mm)
{
    return (int)lroundf(length_mm * look->px_per_mm);
}

float look_mm(const struct look *look, float length_px)
{
    return length_px / look->px_per_mm;
}
