// SPDX-License-Identifier: EUPL-1.2
//
// Token files come from a municipality's supplier. Whatever they hold, a theme stays legible.
#include "ui/theme.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct theme theme;
    enum err err = theme_parse(&theme, (const char *)data, size, NULL);
    (void)err; // refused files leave the default theme, which must hold as well
    static const struct {
        enum colour ink;
        enum colour ground;
        double ratio_min;
    } pairs[] = {
        {COLOUR_INK, COLOUR_PAPER, 4.5},
        {COLOUR_INK, COLOUR_PAGE, 4.5},
        {COLOUR_ON_FIELD, COLOUR_FIELD, 4.5},
        {COLOUR_ON_ACTION, COLOUR_ACTION, 4.5},
        {COLOUR_ON_TINT, COLOUR_TINT, 4.5},
        {COLOUR_TODO_INK, COLOUR_TODO_GROUND, 4.5},
        {COLOUR_FOCUS_INNER, COLOUR_FOCUS_OUTER, 3.0},
        {COLOUR_STOP_INK, COLOUR_PAPER, 4.5},
        {COLOUR_MUTED, COLOUR_PAGE, 4.5},
        {COLOUR_CONTROL, COLOUR_PAPER, 3.0},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        double ratio =
            theme_ratio(theme_colour(&theme, pairs[i].ink), theme_colour(&theme, pairs[i].ground));
        if (ratio < pairs[i].ratio_min) {
            abort();
        }
    }
    return 0;
}
