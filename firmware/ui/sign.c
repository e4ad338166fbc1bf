// SPDX-License-Identifier: EUPL-1.2
//
// Points no closer together than a pen is wide; drawn as discs along the lines between them, on the
// pad and in the picture alike.
#include "ui/sign.h"

#include "base/bytes.h"
#include "base/text.h"
#include "ui/canvas.h"

#include <math.h>
#include <string.h>

// The picture's size: enough for paper, small enough for a form.
enum { PICTURE_WIDTH = 640, PICTURE_HEIGHT = 240, PNG_BYTES = 24 * 1024 };
#define SCALE 100.0F      // points are hundredths of the pad's height
#define PEN 0.018F        // its radius, in heights
#define NEAR 2            // hundredths: a trembling hand gives no more points than this
#define LEAST 8           // hundredths drawn before it counts as a signature
#define PAD_MM DRAWN(400) // height
#define PAD_LOW_MM DRAWN(260)

static void draw_pad(const struct node *node, struct canvas *canvas, const struct look *look);

void sign_init(struct sign_private *sign)
{
    *sign = (struct sign_private){.points_count = 0};
}

void sign_finish(struct sign_private *sign)
{
    wipe(sign, sizeof *sign);
}

void sign_clear(struct sign_private *sign)
{
    wipe(sign, sizeof *sign);
}

static float far_apart(struct sign_point from, struct sign_point to)
{
    return hypotf((float)(to.x - from.x), (float)(to.y - from.y));
}

bool sign_is_empty(const struct sign_private *sign)
{
    float drawn = 0;
    for (size_t i = 1; i < sign->points_count; i++) {
        drawn += sign->points[i].begins ? 0 : far_apart(sign->points[i - 1], sign->points[i]);
    }
    return drawn < (float)LEAST;
}

struct node *sign_build(struct maker maker, struct node *parent, const struct sign_private *sign,
                        const struct sign_words *words)
{
    struct node *column = widget_column(maker, parent, DRAWN(20));
    struct node *pad = tree_add(maker.tree, column, "sign.pad", ROLE_IMAGE, words->pad);
    pad->style = STYLE_INPUT;
    pad->privacy = PRIVACY_PRIVATE;
    tree_set_value(maker.tree, pad, sign_is_empty(sign) ? words->empty : words->done);
    pad->states |= NODE_STROKES | (words->is_invalid ? NODE_INVALID : 0U);
    pad->box.height_mm = maker.look->is_low ? PAD_LOW_MM : PAD_MM;
    pad->draw = draw_pad;
    pad->drawn = sign;
    pad->draw_value = (int)sign->points_count;
    struct node *erase = widget_button(maker, column,
                                       (struct widget_button){.id = "sign.erase",
                                                              .words = words->erase,
                                                              .icon = "icon-del",
                                                              .style = STYLE_BUTTON_SERVICE,
                                                              .height_mm = DRAWN(84)});
    erase->box.self = ALIGN_END;
    erase->box.pad.start_mm = DRAWN(40);
    erase->box.pad.end_mm = DRAWN(40);
    return column;
}

enum keyboard_result sign_event(struct sign_private *sign, const struct scene_event *event)
{
    if (event->kind == SCENE_ACTIVATED && text_equal(event->id, "sign.erase")) {
        sign_clear(sign);
        return KEYBOARD_CHANGED;
    }
    if (event->kind != SCENE_STROKE || !text_equal(event->id, "sign.pad") ||
        event->height_mm <= 0) {
        return KEYBOARD_NOT_OURS;
    }
    struct sign_point point = {(int16_t)lroundf(event->x_mm / event->height_mm * SCALE),
                               (int16_t)lroundf(event->y_mm / event->height_mm * SCALE),
                               event->stroke == STROKE_BEGIN || !sign->is_down};
    sign->is_down = event->stroke != STROKE_END;
    const struct sign_point *last =
        sign->points_count == 0 ? NULL : &sign->points[sign->points_count - 1];
    if (!point.begins && last != NULL && far_apart(*last, point) < (float)NEAR) {
        return KEYBOARD_SHOWN;
    }
    if (sign->points_count == SIGN_POINTS_MAX) {
        return KEYBOARD_REFUSED;
    }
    sign->points[sign->points_count] = point;
    sign->points_count += 1;
    return KEYBOARD_CHANGED;
}

// A place for a signature; its height is the measure of everything.
struct sheet {
    float left_px;
    float top_px;
    float height_px;
    struct rgb ink;
};

static void draw_strokes(const struct sign_private *sign, struct canvas *canvas,
                         const struct sheet *sheet)
{
    float unit_px = sheet->height_px / SCALE;
    float radius_px = fmaxf(PEN * sheet->height_px, 1.2F);
    for (size_t i = 0; i < sign->points_count; i++) {
        struct sign_point to = sign->points[i];
        struct sign_point from = to.begins || i == 0 ? to : sign->points[i - 1];
        int steps = (int)(far_apart(from, to) * unit_px / radius_px * 2.0F) + 1;
        for (int step = 0; step <= steps; step++) {
            float share = (float)step / (float)steps;
            float x = (float)from.x + (float)(to.x - from.x) * share;
            float y = (float)from.y + (float)(to.y - from.y) * share;
            canvas_disc(canvas, sheet->left_px + x * unit_px, sheet->top_px + y * unit_px,
                        radius_px, sheet->ink);
        }
    }
}

// The line to sign on, and what stands there.
static void draw_pad(const struct node *node, struct canvas *canvas, const struct look *look)
{
    const struct area *area = &node->area;
    struct canvas inside = *canvas;
    int edge = look_px(look, DRAWN(6));
    struct rect_px rect = {look_px(look, area->x_mm) + edge, look_px(look, area->y_mm) + edge,
                           look_px(look, area->width_mm) - 2 * edge,
                           look_px(look, area->height_mm) - 2 * edge};
    inside.clip = rect_px_common(inside.clip, rect);
    struct rect_px line = {rect.x + 6 * edge, rect.y + rect.height * 3 / 4, rect.width - 12 * edge,
                           look_px(look, DRAWN(3))};
    canvas_fill(&inside, line, theme_colour(look->theme, COLOUR_CONTROL));
    const struct sheet sheet = {look->px_per_mm * area->x_mm, look->px_per_mm * area->y_mm,
                                look->px_per_mm * area->height_mm,
                                theme_colour(look->theme, node->seen_ink)};
    draw_strokes(node->drawn, &inside, &sheet);
}

// Black on white, as large as the picture allows: a pad of the low mode is wider.
static enum err picture_of(const struct sign_private *sign, uint8_t *png, size_t *png_len,
                           struct fault *fault)
{
    float right = 1;
    for (size_t i = 0; i < sign->points_count; i++) {
        right = fmaxf(right, (float)sign->points[i].x + PEN * SCALE);
    }
    const struct rgb white = {255, 255, 255};
    struct sheet sheet = {.height_px = fminf(PICTURE_HEIGHT, PICTURE_WIDTH * SCALE / right)};
    sheet.top_px = ((float)PICTURE_HEIGHT - sheet.height_px) / 2.0F;
    struct canvas canvas;
    canvas_init(&canvas, canvas_surface_new(PICTURE_WIDTH, PICTURE_HEIGHT), NULL);
    canvas_fill(&canvas, canvas.clip, white);
    draw_strokes(sign, &canvas, &sheet);
    enum err err = canvas_encode_png(&canvas, png, PNG_BYTES, png_len, fault);
    canvas_fill(&canvas, canvas.clip, white); // it is somebody's
    canvas_surface_free(canvas.surface);
    return err;
}

// Base 64 of RFC 4648, section 4: base64url with two other letters and padding.
static enum err add_base64(const uint8_t *data, size_t len, char *out, size_t out_bytes)
{
    enum err err = base64url_encode(data, len, out, out_bytes);
    if (err != OK) {
        return err;
    }
    size_t out_len = strlen(out);
    for (size_t i = 0; i < out_len; i++) {
        out[i] = out[i] == '-' ? '+' : out[i] == '_' ? '/' : out[i];
    }
    for (; out_len % 4 != 0; out_len++) {
        if (out_len + 1 >= out_bytes) {
            return ERR_TOO_BIG;
        }
        out[out_len] = '=';
        out[out_len + 1] = '\0';
    }
    return OK;
}

enum err sign_data_url(const struct sign_private *sign, char *out, size_t out_bytes,
                       struct fault *fault)
{
    static const char start[] = "data:image/png;base64,";
    if (sign_is_empty(sign)) {
        return fault_set(fault, ERR_STATE, "signature: nothing is drawn");
    }
    uint8_t png[PNG_BYTES];
    size_t png_len = 0;
    enum err err = picture_of(sign, png, &png_len, fault);
    if (err == OK) {
        err = text_copy(out, out_bytes, start);
    }
    if (err == OK) {
        err = add_base64(png, png_len, out + sizeof start - 1, out_bytes - sizeof start + 1);
    }
    wipe(png, sizeof png);
    return err == ERR_TOO_BIG ? fault_set(fault, err, "signature: picture too large") : err;
}
