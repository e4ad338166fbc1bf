// SPDX-License-Identifier: EUPL-1.2
//
// One copy for all four: where the panel's first pixel comes from, and how far to go in the picture
// for the next pixel and the next row.
#include "ui/rotate.h"

#include "base/err.h"

#include <string.h>

// A picture walked across its rows misses the cache at each step: so much at a time stays in it.
enum { TILE_PX = 32, PIXEL_BYTES = 4 };

struct rect_px rotate_rect(int degrees, int width_px, int height_px, struct rect_px rect)
{
    int right_px = width_px - rect.x - rect.width;
    int below_px = height_px - rect.y - rect.height;
    switch (degrees) {
    case 90:
        return (struct rect_px){below_px, rect.x, rect.height, rect.width};
    case 180:
        return (struct rect_px){right_px, below_px, rect.width, rect.height};
    case 270:
        return (struct rect_px){rect.y, right_px, rect.height, rect.width};
    default:
        CHECK(degrees == 0);
        return rect;
    }
}

void rotate_back(int degrees, double *across, double *down)
{
    double panel_across = *across;
    double panel_down = *down;
    switch (degrees) {
    case 90:
        *across = panel_down;
        *down = 1 - panel_across;
        return;
    case 180:
        *across = 1 - panel_across;
        *down = 1 - panel_down;
        return;
    case 270:
        *across = 1 - panel_down;
        *down = panel_across;
        return;
    default:
        CHECK(degrees == 0);
    }
}

// From where in the picture the corner of `rect` at the panel's top left comes, and the way on.
struct walk {
    const uint8_t *start;
    ptrdiff_t pixel;
    ptrdiff_t row;
};

static struct walk walk_of(int degrees, const struct pixels *picture, struct rect_px rect)
{
    ptrdiff_t pitch = (ptrdiff_t)picture->pitch;
    const uint8_t *first =
        picture->bytes + (ptrdiff_t)rect.y * pitch + (ptrdiff_t)rect.x * PIXEL_BYTES;
    ptrdiff_t last_column = (ptrdiff_t)(rect.width - 1) * PIXEL_BYTES;
    ptrdiff_t last_row = (ptrdiff_t)(rect.height - 1) * pitch;
    switch (degrees) {
    case 90:
        return (struct walk){first + last_row, -pitch, PIXEL_BYTES};
    case 180:
        return (struct walk){first + last_row + last_column, -PIXEL_BYTES, -pitch};
    case 270:
        return (struct walk){first + last_column, pitch, -PIXEL_BYTES};
    default:
        return (struct walk){first, PIXEL_BYTES, pitch};
    }
}

static void copy_tile(const struct walk *walk, const struct pixels *panel, struct rect_px tile,
                      struct rect_px at)
{
    for (int y = tile.y; y < tile.y + tile.height; y++) {
        const uint8_t *from = walk->start + y * walk->row + tile.x * walk->pixel;
        uint8_t *to = panel->bytes + (size_t)(at.y + y) * panel->pitch +
                      (size_t)(at.x + tile.x) * PIXEL_BYTES;
        for (int x = 0; x < tile.width; x++) {
            memcpy(to, from, PIXEL_BYTES);
            to += PIXEL_BYTES;
            from += walk->pixel;
        }
    }
}

static void copy_rows(const struct walk *walk, const struct pixels *panel, struct rect_px at)
{
    for (int y = 0; y < at.height; y++) {
        memcpy(panel->bytes + (size_t)(at.y + y) * panel->pitch + (size_t)at.x * PIXEL_BYTES,
               walk->start + y * walk->row, (size_t)at.width * PIXEL_BYTES);
    }
}

void rotate_copy(int degrees, const struct pixels *picture, struct rect_px rect,
                 const struct pixels *panel)
{
    struct rect_px at = rotate_rect(degrees, picture->width_px, picture->height_px, rect);
    CHECK(at.x >= 0 && at.x + at.width <= panel->width_px);
    CHECK(at.y >= 0 && at.y + at.height <= panel->height_px);
    if (rect_px_is_empty(rect)) {
        return;
    }
    struct walk walk = walk_of(degrees, picture, rect);
    if (degrees == 0) {
        copy_rows(&walk, panel, at);
        return;
    }
    for (int y = 0; y < at.height; y += TILE_PX) {
        for (int x = 0; x < at.width; x += TILE_PX) {
            struct rect_px tile = rect_px_common((struct rect_px){x, y, TILE_PX, TILE_PX},
                                                 (struct rect_px){0, 0, at.width, at.height});
            copy_tile(&walk, panel, tile, at);
        }
    }
}
