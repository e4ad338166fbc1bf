// SPDX-License-Identifier: EUPL-1.2
//
// Shapes by coverage: each pixel of an edge gets the share of it that the shape covers. Rows inside
// a shape are plain fills.
#include "ui/canvas.h"

#include "base/err.h"

#include <SDL2/SDL.h>
#include <SDL2/SDL_image.h>
#include <math.h>
#include <string.h>
#include <wchar.h>

// Sub-rows a polygon's row is cut into.
enum { POLYGON_SUBROWS = 4, SUBROW_SHARE = 1 << 14 }; // shares are whole numbers: they add up
static const float share_full = 0.996f;               // of a pixel; nobody sees the rest

static struct rect_px polygon_reach(const float (*points)[2], size_t points_count);
static void blend(struct canvas *canvas, int x, int y, struct rgb colour, float share);
static void fill_row(struct canvas *canvas, int x, int y, int width, struct rgb colour);
static void blend_row(struct canvas *canvas, struct rect_px row, struct rgb colour,
                      const int *steps);
static void begin_cover(int *steps, float at, int share);

bool rect_px_is_empty(struct rect_px rect)
{
    return rect.width <= 0 || rect.height <= 0;
}

struct rect_px rect_px_common(struct rect_px left, struct rect_px right)
{
    int x = SDL_max(left.x, right.x);
    int y = SDL_max(left.y, right.y);
    int x_end = SDL_min(left.x + left.width, right.x + right.width);
    int y_end = SDL_min(left.y + left.height, right.y + right.height);
    return (struct rect_px){x, y, SDL_max(x_end - x, 0), SDL_max(y_end - y, 0)};
}

struct rect_px rect_px_union(struct rect_px left, struct rect_px right)
{
    if (rect_px_is_empty(left)) {
        return right;
    }
    if (rect_px_is_empty(right)) {
        return left;
    }
    int x = SDL_min(left.x, right.x);
    int y = SDL_min(left.y, right.y);
    int x_end = SDL_max(left.x + left.width, right.x + right.width);
    int y_end = SDL_max(left.y + left.height, right.y + right.height);
    return (struct rect_px){x, y, x_end - x, y_end - y};
}

bool rect_px_meets(struct rect_px left, struct rect_px right)
{
    return !rect_px_is_empty(rect_px_common(left, right));
}

void canvas_init(struct canvas *canvas, struct SDL_Surface *surface, struct canvas_icons *icons)
{
    CHECK(surface != NULL && surface->format->BytesPerPixel == 4);
    *canvas = (struct canvas){.surface = surface, .icons = icons};
    canvas->clip = (struct rect_px){0, 0, surface->w, surface->h};
}

void canvas_set_clip(struct canvas *canvas, struct rect_px clip)
{
    struct rect_px all = {0, 0, canvas->surface->w, canvas->surface->h};
    canvas->clip = rect_px_common(clip, all);
}

static uint32_t pixel_of(const struct canvas *canvas, struct rgb colour)
{
    return SDL_MapRGB(canvas->surface->format, colour.r, colour.g, colour.b);
}

void canvas_fill(struct canvas *canvas, struct rect_px rect, struct rgb colour)
{
    struct rect_px seen = rect_px_common(rect, canvas->clip);
    if (rect_px_is_empty(seen)) {
        return;
    }
    const SDL_Rect area = {seen.x, seen.y, seen.width, seen.height};
    (void)SDL_SetClipRect(canvas->surface, NULL);
    (void)SDL_FillRect(canvas->surface, &area, pixel_of(canvas, colour)); // fails for lost surfaces
}

// The share of a pixel inside a circle whose edge is `distance_px` away (negative: inside).
static float share_at(float distance_px)
{
    return fminf(fmaxf(0.5f - distance_px, 0.0f), 1.0f);
}

// The corners of a rounded rectangle, each by its circle; straight parts are filled.
void canvas_round(struct canvas *canvas, struct rect_px rect, float radius_px, struct rgb colour)
{
    struct rect_px seen = rect_px_common(rect, canvas->clip);
    float radius = fminf(radius_px, (float)SDL_min(rect.width, rect.height) / 2.0f);
    int corner = (int)ceilf(fmaxf(radius, 0.0f));
    for (int y = seen.y; y < seen.y + seen.height; y++) {
        int from_top = y - rect.y;
        int from_bottom = rect.y + rect.height - 1 - y;
        int deep = SDL_min(from_top, from_bottom);
        if (deep >= corner) {
            fill_row(canvas, rect.x, y, rect.width, colour);
            continue;
        }
        fill_row(canvas, rect.x + corner, y, rect.width - 2 * corner, colour);
        float down = radius - ((float)deep + 0.5f);
        for (int x = 0; x < corner; x++) {
            float across = radius - ((float)x + 0.5f);
            float share = share_at(sqrtf(across * across + down * down) - radius);
            blend(canvas, rect.x + x, y, colour, share);
            if (rect.width - 1 - x >= corner) {
                blend(canvas, rect.x + rect.width - 1 - x, y, colour, share);
            }
        }
    }
}

struct frame {
    struct rect_px rect;
    float radius;
    float border;
    int corner; // whole pixels of a corner
    int edge;   // whole pixels of the border
};

static void frame_corners(struct canvas *canvas, const struct frame *frame, int y, int deep,
                          struct rgb colour)
{
    float inner = fmaxf(frame->radius - frame->border, 0.0f);
    float down = frame->radius - ((float)deep + 0.5f);
    for (int x = 0; x < frame->corner; x++) {
        float across = frame->radius - ((float)x + 0.5f);
        float distance = sqrtf(across * across + down * down);
        float share = share_at(distance - frame->radius) - share_at(distance - inner);
        // A border wider than the radius leaves a square corner inside.
        if (inner <= 0.0f) {
            share = share_at(distance - frame->radius);
        }
        int right = frame->rect.x + frame->rect.width - 1 - x;
        blend(canvas, frame->rect.x + x, y, colour, share);
        if (right >= frame->rect.x + frame->corner) {
            blend(canvas, right, y, colour, share);
        }
    }
}

void canvas_frame(struct canvas *canvas, struct rect_px rect, float radius_px, float border_px,
                  struct rgb colour)
{
    struct frame frame = {.rect = rect, .border = fmaxf(roundf(border_px), 1.0f)};
    frame.radius = fminf(radius_px, (float)SDL_min(rect.width, rect.height) / 2.0f);
    frame.edge = (int)frame.border;
    frame.corner = SDL_max((int)ceilf(fmaxf(frame.radius, 0.0f)), frame.edge);
    frame.radius = fmaxf(frame.radius, 0.0f);
    struct rect_px seen = rect_px_common(rect, canvas->clip);
    for (int y = seen.y; y < seen.y + seen.height; y++) {
        int deep = SDL_min(y - rect.y, rect.y + rect.height - 1 - y);
        if (deep >= frame.corner) {
            fill_row(canvas, rect.x, y, frame.edge, colour);
            fill_row(canvas, rect.x + rect.width - frame.edge, y, frame.edge, colour);
            continue;
        }
        if (deep < frame.edge) {
            fill_row(canvas, rect.x + frame.corner, y, rect.width - 2 * frame.corner, colour);
        }
        if (frame.radius < 1.0f) {
            fill_row(canvas, rect.x, y, frame.corner, colour);
            fill_row(canvas, rect.x + rect.width - frame.corner, y, frame.corner, colour);
        } else {
            frame_corners(canvas, &frame, y, deep, colour);
        }
    }
}

void canvas_disc(struct canvas *canvas, float x_px, float y_px, float radius_px, struct rgb colour)
{
    const struct canvas_circle circle = {x_px, y_px, radius_px, radius_px + 1.0f};
    canvas_ring(canvas, circle, colour);
}

void canvas_ring(struct canvas *canvas, struct canvas_circle circle, struct rgb colour)
{
    int left = (int)floorf(circle.x_px - circle.radius_px - 1.0f);
    int top = (int)floorf(circle.y_px - circle.radius_px - 1.0f);
    int side = (int)ceilf(2.0f * circle.radius_px + 3.0f);
    struct rect_px seen = rect_px_common((struct rect_px){left, top, side, side}, canvas->clip);
    for (int y = seen.y; y < seen.y + seen.height; y++) {
        for (int x = seen.x; x < seen.x + seen.width; x++) {
            float across = (float)x + 0.5f - circle.x_px;
            float down = (float)y + 0.5f - circle.y_px;
            float distance = sqrtf(across * across + down * down);
            float share = share_at(distance - circle.radius_px);
            if (circle.border_px < circle.radius_px) {
                share -= share_at(distance - (circle.radius_px - circle.border_px));
            }
            blend(canvas, x, y, colour, share);
        }
    }
}

void canvas_dots(struct canvas *canvas, struct canvas_dots dots, struct rgb colour)
{
    float across = dots.x1_px - dots.x0_px;
    float down = dots.y1_px - dots.y0_px;
    float length = sqrtf(across * across + down * down);
    int steps = (int)roundf(length / fmaxf(dots.pitch_px, 1.0f));
    for (int i = 0; i <= steps; i++) {
        float share = steps == 0 ? 0.5f : (float)i / (float)steps;
        canvas_disc(canvas, dots.x0_px + across * share, dots.y0_px + down * share,
                    dots.dot_px / 2.0f, colour);
    }
}

// Adds what one sub-row between two crossings covers: `steps` says by how much each pixel's share
// differs from that of the one before.
static void cover(int *steps, int width, float from, float to)
{
    from = SDL_max(from, 0.0f);
    to = SDL_min(to, (float)width);
    if (from >= to) {
        return;
    }
    begin_cover(steps, from, SUBROW_SHARE);
    begin_cover(steps, to, -SUBROW_SHARE);
}

// From `at` on, which lies within a pixel, all is covered by so much more.
static void begin_cover(int *steps, float at, int share)
{
    int pixel = (int)at;
    int beyond = (int)lroundf((at - (float)pixel) * (float)share);
    steps[pixel] += share - beyond;
    steps[pixel + 1] += beyond;
}

static size_t crossings(const float (*points)[2], size_t count, float y,
                        float found[CANVAS_POINTS_MAX])
{
    size_t found_count = 0;
    for (size_t i = 0; i < count; i++) {
        const float *from = points[i];
        const float *to = points[(i + 1) % count];
        if ((from[1] <= y) == (to[1] <= y)) {
            continue;
        }
        float x = from[0] + (y - from[1]) * (to[0] - from[0]) / (to[1] - from[1]);
        size_t at = found_count;
        while (at > 0 && found[at - 1] > x) {
            found[at] = found[at - 1];
            at -= 1;
        }
        found[at] = x;
        found_count += 1;
    }
    return found_count;
}

void canvas_polygon(struct canvas *canvas, const float (*points)[2], size_t points_count,
                    struct rgb colour)
{
    enum { WIDTH_MAX = 4096 };
    CHECK(points_count >= 3 && points_count <= CANVAS_POINTS_MAX);
    static int steps[WIDTH_MAX + 2]; // one UI thread
    struct rect_px clip = rect_px_common(canvas->clip, polygon_reach(points, points_count));
    int width = SDL_min(clip.width, WIDTH_MAX);
    for (int y = clip.y; y < clip.y + clip.height; y++) {
        memset(steps, 0, ((size_t)width + 2) * sizeof steps[0]);
        for (int sub = 0; sub < POLYGON_SUBROWS; sub++) {
            float found[CANVAS_POINTS_MAX];
            float at = (float)y + ((float)sub + 0.5f) / (float)POLYGON_SUBROWS;
            size_t count = crossings(points, points_count, at, found);
            for (size_t i = 0; i + 1 < count; i += 2) {
                cover(steps, width, found[i] - (float)clip.x, found[i + 1] - (float)clip.x);
            }
        }
        blend_row(canvas, (struct rect_px){clip.x, y, width, 1}, colour, steps);
    }
}

// Whole runs are filled at once; only edges are mixed.
static void blend_row(struct canvas *canvas, struct rect_px row, struct rgb colour,
                      const int *steps)
{
    int share = 0;
    int x = 0;
    while (x < row.width) {
        int start = x;
        share += steps[x];
        do {
            x += 1;
        } while (x < row.width && steps[x] == 0);
        if (share >= SUBROW_SHARE * POLYGON_SUBROWS) {
            fill_row(canvas, row.x + start, row.y, x - start, colour);
            continue;
        }
        for (int at = start; at < x && share > 0; at++) {
            blend(canvas, row.x + at, row.y, colour,
                  (float)share / (float)(SUBROW_SHARE * POLYGON_SUBROWS));
        }
    }
}

// The whole pixels a polygon touches: rows and columns outside need no looking at.
static struct rect_px polygon_reach(const float (*points)[2], size_t points_count)
{
    float left = points[0][0];
    float right = points[0][0];
    float top = points[0][1];
    float bottom = points[0][1];
    for (size_t i = 1; i < points_count; i++) {
        left = SDL_min(left, points[i][0]);
        right = SDL_max(right, points[i][0]);
        top = SDL_min(top, points[i][1]);
        bottom = SDL_max(bottom, points[i][1]);
    }
    int x = (int)floorf(left);
    int y = (int)floorf(top);
    return (struct rect_px){x, y, (int)ceilf(right) - x + 1, (int)ceilf(bottom) - y + 1};
}

int canvas_qr(struct canvas *canvas, struct rect_px rect, const uint8_t *modules,
              unsigned modules_count, struct rgb colour)
{
    CHECK(modules_count > 0);
    int count = (int)modules_count;
    int dot = SDL_min(rect.width, rect.height) / count;
    int left = rect.x + (rect.width - dot * count) / 2;
    int top = rect.y + (rect.height - dot * count) / 2;
    for (int y = 0; y < count && dot > 0; y++) {
        for (int x = 0; x < count; x++) {
            if ((modules[y * count + x] & 1) != 0) {
                canvas_fill(canvas, (struct rect_px){left + x * dot, top + y * dot, dot, dot},
                            colour);
            }
        }
    }
    return dot;
}

void canvas_to_bits(const struct canvas *canvas, uint8_t *bits)
{
    enum { HALF = 128 * 1000 };
    const SDL_Surface *surface = canvas->surface;
    size_t row_bytes = ((size_t)surface->w + 7) / 8;
    memset(bits, 0, row_bytes * (size_t)surface->h);
    for (int y = 0; y < surface->h; y++) {
        const uint32_t *row =
            (const uint32_t *)(const void *)((const uint8_t *)surface->pixels + y * surface->pitch);
        for (int x = 0; x < surface->w; x++) {
            uint8_t r = 0;
            uint8_t g = 0;
            uint8_t b = 0;
            SDL_GetRGB(row[x], surface->format, &r, &g, &b);
            if (299 * r + 587 * g + 114 * b < HALF) {
                bits[(size_t)y * row_bytes + (size_t)x / 8] |= (uint8_t)(0x80 >> (x % 8));
            }
        }
    }
}

enum err canvas_save_png(const struct canvas *canvas, const char *path, struct fault *fault)
{
    if (IMG_SavePNG(canvas->surface, path) != 0) {
        return fault_set(fault, ERR_IO, "canvas: cannot write %s", path);
    }
    return OK;
}

enum err canvas_encode_png(const struct canvas *canvas, uint8_t *png, size_t png_bytes,
                           size_t *png_len, struct fault *fault)
{
    *png_len = 0;
    SDL_Surface *few = SDL_ConvertSurfaceFormat(canvas->surface, SDL_PIXELFORMAT_RGB24, 0);
    SDL_RWops *memory = SDL_RWFromMem(png, (int)png_bytes);
    CHECK(few != NULL && memory != NULL);
    int result = IMG_SavePNG_RW(few, memory, 0);
    Sint64 written = SDL_RWtell(memory);
    (void)SDL_RWclose(memory); // memory of ours: nothing to flush
    SDL_FreeSurface(few);
    // Short of room it stops at the end, whatever it says.
    if (result != 0 || written <= 0 || (size_t)written >= png_bytes) {
        return fault_set(fault, ERR_TOO_BIG, "canvas: picture over %zu bytes", png_bytes);
    }
    *png_len = (size_t)written;
    return OK;
}

struct SDL_Surface *canvas_surface_new(int width_px, int height_px)
{
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormat(0, width_px, height_px, 32, SDL_PIXELFORMAT_RGB888);
    CHECK(surface != NULL);
    return surface;
}

void canvas_surface_free(struct SDL_Surface *surface)
{
    SDL_FreeSurface(surface);
}

enum err canvas_bits_save_png(const uint8_t *bits, int width_px, int height_px, const char *path,
                              struct fault *fault)
{
    struct canvas canvas;
    canvas_init(&canvas, canvas_surface_new(width_px, height_px), NULL);
    int row_bytes = (width_px + 7) / 8;
    for (int y = 0; y < height_px; y++) {
        for (int x = 0; x < width_px; x++) {
            bool is_black = (bits[y * row_bytes + x / 8] >> (7 - x % 8) & 1) != 0;
            uint8_t tone = is_black ? 0 : 255;
            canvas_fill(&canvas, (struct rect_px){x, y, 1, 1}, (struct rgb){tone, tone, tone});
        }
    }
    enum err err = canvas_save_png(&canvas, path, fault);
    canvas_surface_free(canvas.surface);
    return err;
}

static uint32_t *row_of(const struct canvas *canvas, int y)
{
    return (uint32_t *)(void *)((uint8_t *)canvas->surface->pixels + y * canvas->surface->pitch);
}

static uint32_t mix_part(uint32_t under, uint32_t over, uint32_t share)
{
    return (under * (255 - share) + over * share + 127) / 255;
}

static void blend(struct canvas *canvas, int x, int y, struct rgb colour, float share)
{
    const struct rect_px *clip = &canvas->clip;
    if (share <= 0.004f || x < clip->x || x >= clip->x + clip->width || y < clip->y ||
        y >= clip->y + clip->height) {
        return;
    }
    uint32_t *pixel = row_of(canvas, y) + x;
    const SDL_PixelFormat *format = canvas->surface->format;
    if (share >= share_full) {
        *pixel = pixel_of(canvas, colour);
        return;
    }
    uint8_t r = 0;
    uint8_t g = 0;
    uint8_t b = 0;
    SDL_GetRGB(*pixel, format, &r, &g, &b);
    uint32_t part = (uint32_t)(share * 255.0f + 0.5f);
    *pixel = SDL_MapRGB(format, (uint8_t)mix_part(r, colour.r, part),
                        (uint8_t)mix_part(g, colour.g, part), (uint8_t)mix_part(b, colour.b, part));
}

static void fill_row(struct canvas *canvas, int x, int y, int width, struct rgb colour)
{
    int from = SDL_max(x, canvas->clip.x);
    int to = SDL_min(x + width, canvas->clip.x + canvas->clip.width);
    if (y < canvas->clip.y || y >= canvas->clip.y + canvas->clip.height || from >= to) {
        return;
    }
    _Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "the fastest fill there is");
    (void)wmemset((wchar_t *)(void *)(row_of(canvas, y) + from), (wchar_t)pixel_of(canvas, colour),
                  (size_t)(to - from));
}
