// SPDX-License-Identifier: EUPL-1.2
//
// Anti-aliased shapes, icons and blits on a surface, inside a clip. Pixels only: no tree, no theme
// roles. Opaque 32-bit surfaces; the alpha channel is never looked at.
#ifndef INLOOP_UI_CANVAS_H
#define INLOOP_UI_CANVAS_H

#include "base/err.h"
#include "ui/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct SDL_Surface;

struct rect_px {
    int x;
    int y;
    int width;
    int height;
};
bool rect_px_is_empty(struct rect_px rect);
struct rect_px rect_px_common(struct rect_px left, struct rect_px right);
struct rect_px rect_px_union(struct rect_px left, struct rect_px right);
bool rect_px_meets(struct rect_px left, struct rect_px right);

struct canvas {
    struct SDL_Surface *surface; // borrowed
    struct rect_px clip;
    struct canvas_icons *icons; // NULL: icons are not drawn
};

// Keeps `surface`; the clip is all of it.
void canvas_init(struct canvas *canvas, struct SDL_Surface *surface, struct canvas_icons *icons);
void canvas_set_clip(struct canvas *canvas, struct rect_px clip);
void canvas_fill(struct canvas *canvas, struct rect_px rect, struct rgb colour);
void canvas_round(struct canvas *canvas, struct rect_px rect, float radius_px, struct rgb colour);
// A frame inside `rect`.
void canvas_frame(struct canvas *canvas, struct rect_px rect, float radius_px, float border_px,
                  struct rgb colour);
void canvas_disc(struct canvas *canvas, float x_px, float y_px, float radius_px, struct rgb colour);
// A ring of `border_px` inside `radius_px`; the part below, above, before and behind can be cut by
// the clip.
struct canvas_circle {
    float x_px;
    float y_px;
    float radius_px;
    float border_px;
};
void canvas_ring(struct canvas *canvas, struct canvas_circle circle, struct rgb colour);
// Dots from one point to another, about `pitch_px` apart, beginning and ending with a dot.
struct canvas_dots {
    float x0_px;
    float y0_px;
    float x1_px;
    float y1_px;
    float dot_px; // diameter
    float pitch_px;
};
void canvas_dots(struct canvas *canvas, struct canvas_dots dots, struct rgb colour);
// A filled polygon, even-odd, anti-aliased; at most CANVAS_POINTS_MAX points of x, y in px.
enum { CANVAS_POINTS_MAX = 64 };
void canvas_polygon(struct canvas *canvas, const float (*points)[2], size_t points_count,
                    struct rgb colour);
// A QR code in whole dots, centred in `rect`; gives the dot size, 0 when it does not fit.
int canvas_qr(struct canvas *canvas, struct rect_px rect, const uint8_t *modules,
              unsigned modules_count, struct rgb colour);

// Icons: SVG files of a folder, recoloured and kept at the sizes used. Black is `line`, #00ff00
// `tint`, #0000ff `accent`, white `paper` (cut-outs).
struct canvas_icons;
struct icon_colours {
    struct rgb line;
    struct rgb tint;
    struct rgb accent;
    struct rgb paper;
};
// Keeps a copy of `dir`. Nothing is read before the first icon is drawn.
MUST_USE enum err canvas_icons_open(struct canvas_icons **icons, const char *dir,
                                    struct fault *fault);
void canvas_icons_close(struct canvas_icons *icons); // NULL is allowed
bool canvas_icons_has(struct canvas_icons *icons, const char *name);
// Draws icon `name` in a square at `rect`; false when there is no such icon.
bool canvas_icon(struct canvas *canvas, const char *name, struct rect_px rect, bool is_mirrored,
                 const struct icon_colours *colours);

// Black and white, threshold and never dither: for slips. Bit 1 is black, rows padded to bytes.
// `bits` holds ((width + 7) / 8) * height bytes.
void canvas_to_bits(const struct canvas *canvas, uint8_t *bits);
MUST_USE enum err canvas_save_png(const struct canvas *canvas, const char *path,
                                  struct fault *fault);
// The same into `png`; gives its length. ERR_TOO_BIG: it does not fit `png_bytes`.
MUST_USE enum err canvas_encode_png(const struct canvas *canvas, uint8_t *png, size_t png_bytes,
                                    size_t *png_len, struct fault *fault);

// An opaque surface without a window, for slips and pictures; freed by its pair.
struct SDL_Surface *canvas_surface_new(int width_px, int height_px);
void canvas_surface_free(struct SDL_Surface *surface); // NULL is allowed
// Bits as canvas_to_bits makes them, as a black and white picture.
MUST_USE enum err canvas_bits_save_png(const uint8_t *bits, int width_px, int height_px,
                                       const char *path, struct fault *fault);

#endif
