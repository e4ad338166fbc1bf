// SPDX-License-Identifier: EUPL-1.2
//
// SVG icons by name, recoloured in the text of the file and rasterised once for each size, colour
// and direction. Names come from our own code and from the hub: only plain file stems are looked
// up.
#include "ui/canvas.h"

#include "base/text.h"

#include <SDL2/SDL.h>
#include <SDL2/SDL_image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ICONS_KEPT_MAX = 128,
    ICON_NAME_BYTES = 32,
    ICON_PATH_BYTES = 320,
    ICON_SVG_BYTES_MAX = 16 * 1024,
    ICON_SIDE_MAX = 1024,
};

struct icon_kept {
    char name[ICON_NAME_BYTES];
    int side_px;
    bool is_mirrored;
    struct icon_colours colours;
    uint64_t used_at;
    SDL_Surface *surface;
};

struct canvas_icons {
    char dir[ICON_PATH_BYTES];
    struct icon_kept kept[ICONS_KEPT_MAX];
    size_t kept_count;
    uint64_t uses;
    char svg[ICON_SVG_BYTES_MAX + 1];
};

static struct icon_kept *free_slot(struct canvas_icons *icons);
static SDL_Surface *rasterise(struct canvas_icons *icons, const struct icon_kept *wanted);

enum err canvas_icons_open(struct canvas_icons **icons, const char *dir, struct fault *fault)
{
    *icons = NULL;
    struct canvas_icons *opened = calloc(1, sizeof *opened);
    CHECK(opened != NULL);
    if (text_copy(opened->dir, sizeof opened->dir, dir) != OK) {
        free(opened);
        return fault_set(fault, ERR_TOO_BIG, "icons: too long a path");
    }
    *icons = opened;
    return OK;
}

void canvas_icons_close(struct canvas_icons *icons)
{
    if (icons == NULL) {
        return;
    }
    for (size_t i = 0; i < icons->kept_count; i++) {
        SDL_FreeSurface(icons->kept[i].surface);
    }
    free(icons);
}

// Lower-case letters, digits and hyphens: nothing that leads out of the folder.
static bool name_is_plain(const char *name)
{
    size_t len = strlen(name);
    bool is_plain = len > 0 && len < ICON_NAME_BYTES;
    for (size_t i = 0; i < len && is_plain; i++) {
        is_plain = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') ||
                   name[i] == '-';
    }
    return is_plain;
}

static FILE *open_icon(const struct canvas_icons *icons, const char *name)
{
    char path[ICON_PATH_BYTES + ICON_NAME_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s.svg", icons->dir, name);
    return text.is_cut || !name_is_plain(name) ? NULL : fopen(path, "rb");
}

bool canvas_icons_has(struct canvas_icons *icons, const char *name)
{
    FILE *file = icons == NULL ? NULL : open_icon(icons, name);
    if (file == NULL) {
        return false;
    }
    (void)fclose(file); // only read from
    return true;
}

static bool is_same(const struct icon_kept *left, const struct icon_kept *right)
{
    return left->side_px == right->side_px && left->is_mirrored == right->is_mirrored &&
           text_equal(left->name, right->name) &&
           memcmp(&left->colours, &right->colours, sizeof left->colours) == 0;
}

static SDL_Surface *find_icon(struct canvas_icons *icons, struct icon_kept *wanted)
{
    icons->uses += 1;
    for (size_t i = 0; i < icons->kept_count; i++) {
        if (is_same(&icons->kept[i], wanted)) {
            icons->kept[i].used_at = icons->uses;
            return icons->kept[i].surface;
        }
    }
    wanted->surface = rasterise(icons, wanted);
    if (wanted->surface == NULL) {
        return NULL;
    }
    wanted->used_at = icons->uses;
    *free_slot(icons) = *wanted;
    return wanted->surface;
}

bool canvas_icon(struct canvas *canvas, const char *name, struct rect_px rect, bool is_mirrored,
                 const struct icon_colours *colours)
{
    int side = SDL_min(rect.width, rect.height);
    if (canvas->icons == NULL || side <= 0 || side > ICON_SIDE_MAX) {
        return false;
    }
    struct icon_kept wanted = {.side_px = side, .is_mirrored = is_mirrored, .colours = *colours};
    if (text_copy(wanted.name, sizeof wanted.name, name) != OK) {
        return false;
    }
    SDL_Surface *surface = find_icon(canvas->icons, &wanted);
    if (surface == NULL) {
        return false;
    }
    const SDL_Rect clip = {canvas->clip.x, canvas->clip.y, canvas->clip.width, canvas->clip.height};
    SDL_Rect at = {rect.x + (rect.width - side) / 2, rect.y + (rect.height - side) / 2, side, side};
    (void)SDL_SetClipRect(canvas->surface, &clip);
    (void)SDL_BlitSurface(surface, NULL, canvas->surface, &at); // fails for lost surfaces only
    return true;
}

static struct icon_kept *free_slot(struct canvas_icons *icons)
{
    if (icons->kept_count < ICONS_KEPT_MAX) {
        icons->kept_count += 1;
        return &icons->kept[icons->kept_count - 1];
    }
    struct icon_kept *oldest = &icons->kept[0];
    for (size_t i = 1; i < ICONS_KEPT_MAX; i++) {
        oldest = icons->kept[i].used_at < oldest->used_at ? &icons->kept[i] : oldest;
    }
    SDL_FreeSurface(oldest->surface);
    return oldest;
}

static void write_colour(char *at, struct rgb colour)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t parts[3] = {colour.r, colour.g, colour.b};
    for (size_t i = 0; i < 3; i++) {
        at[2 * i] = digits[parts[i] >> 4];
        at[2 * i + 1] = digits[parts[i] & 15];
    }
}

static bool is_stroke(const char *svg, size_t at)
{
    static const char before[] = "stroke=\"";
    size_t len = sizeof before - 1;
    return at >= len && memcmp(svg + at - len, before, len) == 0;
}

// The four marker colours in the file's text become the theme's. Where accent and paper are the
// same (high contrast), lines drawn in paper on the accent would vanish: they become line.
static void recolour(char *svg, size_t len, const struct icon_colours *colours)
{
    const struct {
        const char *marker;
        struct rgb colour;
    } swaps[] = {
        {"#000000", colours->line},
        {"#00ff00", colours->tint},
        {"#0000ff", colours->accent},
        {"#ffffff", colours->paper},
    };
    bool is_line_only = memcmp(&colours->accent, &colours->paper, sizeof colours->paper) == 0;
    for (size_t i = 0; i + 7 <= len; i++) {
        for (size_t swap = 0; svg[i] == '#' && swap < sizeof swaps / sizeof swaps[0]; swap++) {
            if (memcmp(svg + i, swaps[swap].marker, 7) == 0) {
                bool is_lost = is_line_only && swap == 3 && is_stroke(svg, i);
                write_colour(svg + i + 1, is_lost ? colours->line : swaps[swap].colour);
                break;
            }
        }
    }
}

static SDL_Surface *load_sized(const char *svg, size_t len, int side_px)
{
    SDL_RWops *stream = SDL_RWFromConstMem(svg, (int)len);
    if (stream == NULL) {
        return NULL;
    }
    SDL_Surface *surface = IMG_LoadSizedSVG_RW(stream, side_px, side_px);
    (void)SDL_RWclose(stream); // memory: cannot fail
    return surface;
}

// Turns a picture round, left to right.
static void mirror(SDL_Surface *surface)
{
    for (int y = 0; y < surface->h; y++) {
        uint32_t *row = (uint32_t *)(void *)((uint8_t *)surface->pixels + y * surface->pitch);
        for (int x = 0; x < surface->w / 2; x++) {
            uint32_t pixel = row[x];
            row[x] = row[surface->w - 1 - x];
            row[surface->w - 1 - x] = pixel;
        }
    }
}

static SDL_Surface *rasterise(struct canvas_icons *icons, const struct icon_kept *wanted)
{
    FILE *file = open_icon(icons, wanted->name);
    if (file == NULL) {
        return NULL;
    }
    size_t len = fread(icons->svg, 1, sizeof icons->svg, file);
    (void)fclose(file); // only read from
    if (len > ICON_SVG_BYTES_MAX) {
        return NULL;
    }
    recolour(icons->svg, len, &wanted->colours);
    SDL_Surface *surface = load_sized(icons->svg, len, wanted->side_px);
    if (surface == NULL || surface->format->BytesPerPixel != 4) {
        SDL_FreeSurface(surface);
        return NULL;
    }
    if (wanted->is_mirrored) {
        mirror(surface);
    }
    (void)SDL_SetSurfaceBlendMode(surface, SDL_BLENDMODE_BLEND); // cannot fail for a surface
    return surface;
}
