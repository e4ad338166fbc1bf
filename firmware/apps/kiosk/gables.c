// SPDX-License-Identifier: EUPL-1.2
//
// A row of Dutch gables in two field tones and a white hall with its door open, in units of the
// drawn 1080 x 230. The houses at the right are those at the left, turned round.
#include "apps/kiosk/gables.h"

#include <math.h>

#define DRAWN_WIDTH 1080.0F
#define DRAWN_HEIGHT 230.0F
#define HALF_TURN 3.14159265F

enum { ARCH_STEPS = 24 };

// Where the drawing stands on the panel.
struct place {
    struct canvas *canvas;
    const struct theme *theme;
    float x_px;
    float y_px;
    float scale_x;
    float scale_y;
    bool is_turned;
};

struct box_drawn {
    float x0;
    float y0;
    float x1;
    float y1;
};

static void draw_houses(const struct place *place);
static void draw_hall(const struct place *place);
static void fill(const struct place *place, const float (*points)[2], size_t count,
                 enum colour colour);
static void fill_box(const struct place *place, struct box_drawn box, enum colour colour);
static void fill_arch(const struct place *place, struct box_drawn box, enum colour colour);

void gables_draw(const struct node *node, struct canvas *canvas, const struct look *look)
{
    struct place place = {
        .canvas = canvas,
        .theme = look->theme,
        .x_px = node->area.x_mm * look->px_per_mm,
        .y_px = node->area.y_mm * look->px_per_mm,
        .scale_x = node->area.width_mm * look->px_per_mm / DRAWN_WIDTH,
        .scale_y = node->area.height_mm * look->px_per_mm / DRAWN_HEIGHT,
    };
    draw_houses(&place);
    place.is_turned = true;
    draw_houses(&place);
    place.is_turned = false;
    draw_hall(&place);
}

// A stepped, a bell and a pointed gable behind; a bell, a stepped and a pointed one before.
static void draw_houses(const struct place *place)
{
    static const float far_roofs[][2] = {
        {0, 230},  {0, 88},    {20, 88},   {20, 60},   {42, 60},   {42, 88},   {72, 88},
        {72, 134}, {104, 134}, {146, 88},  {188, 134}, {216, 128}, {232, 112}, {238, 84},
        {238, 64}, {230, 64},  {230, 52},  {264, 32},  {298, 52},  {298, 64},  {290, 64},
        {290, 84}, {296, 112}, {312, 128}, {346, 86},  {384, 126}, {384, 230}};
    static const float near_roofs[][2] = {
        {28, 230},  {28, 164},  {46, 154},  {56, 136},  {60, 118},  {60, 108},  {52, 108},
        {52, 98},   {90, 76},   {128, 98},  {128, 108}, {120, 108}, {120, 118}, {124, 136},
        {134, 154}, {152, 164}, {168, 164}, {168, 146}, {188, 146}, {188, 128}, {206, 128},
        {206, 104}, {226, 104}, {226, 128}, {244, 128}, {244, 146}, {264, 146}, {264, 164},
        {282, 164}, {282, 182}, {332, 122}, {384, 182}, {384, 230}};
    fill(place, far_roofs, sizeof far_roofs / sizeof far_roofs[0], COLOUR_FIELD_FAR);
    fill(place, near_roofs, sizeof near_roofs / sizeof near_roofs[0], COLOUR_FIELD_NEAR);
    fill_box(place, (struct box_drawn){60, 188, 80, 218}, COLOUR_FIELD_FAR);
    fill_box(place, (struct box_drawn){100, 188, 120, 218}, COLOUR_FIELD_FAR);
}

static void draw_hall(const struct place *place)
{
    static const float hall[][2] = {{384, 230}, {384, 90}, {376, 90}, {376, 82}, {480, 82},
                                    {480, 56},  {504, 56}, {504, 20}, {516, 20}, {516, 0},
                                    {564, 0},   {564, 20}, {576, 20}, {576, 56}, {600, 56},
                                    {600, 82},  {704, 82}, {704, 90}, {696, 90}, {696, 230}};
    static const float windows[] = {405, 440, 617, 652};
    fill(place, hall, sizeof hall / sizeof hall[0], COLOUR_ON_FIELD);
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        fill_arch(place, (struct box_drawn){windows[i], 114, windows[i] + 23, 164}, COLOUR_FIELD);
    }
    fill_arch(place, (struct box_drawn){496, 108, 584, 230}, COLOUR_FIELD_NEAR);
    struct place light = *place; // the leaf of the door hides a third of it
    float leaf_px = place->x_px + 524.0F * place->scale_x;
    struct rect_px open = light.canvas->clip;
    struct canvas part = *place->canvas;
    int cut_px = (int)lroundf(leaf_px) - open.x;
    part.clip = rect_px_common(
        open, (struct rect_px){open.x + cut_px, open.y, open.width - cut_px, open.height});
    light.canvas = &part;
    fill_arch(&light, (struct box_drawn){496, 108, 584, 230}, COLOUR_LIGHT);
    fill_box(place, (struct box_drawn){480, 221, 600, 230}, COLOUR_FIELD_FAR);
    canvas_disc(place->canvas, place->x_px + 540.0F * place->scale_x,
                place->y_px + 40.0F * place->scale_y, 13.0F * place->scale_x,
                theme_colour(place->theme, COLOUR_FIELD));
    fill_box(place, (struct box_drawn){538.5F, 31, 541.5F, 41}, COLOUR_ON_FIELD);
    fill_box(place, (struct box_drawn){538.5F, 38.5F, 547, 41.5F}, COLOUR_ON_FIELD);
}

static void fill(const struct place *place, const float (*points)[2], size_t count,
                 enum colour colour)
{
    float placed[CANVAS_POINTS_MAX][2];
    for (size_t i = 0; i < count; i++) {
        float x = place->is_turned ? DRAWN_WIDTH - points[i][0] : points[i][0];
        placed[i][0] = place->x_px + x * place->scale_x;
        placed[i][1] = place->y_px + points[i][1] * place->scale_y;
    }
    canvas_polygon(place->canvas, (const float(*)[2])placed, count,
                   theme_colour(place->theme, colour));
}

static void fill_box(const struct place *place, struct box_drawn box, enum colour colour)
{
    const float corners[4][2] = {
        {box.x0, box.y0}, {box.x1, box.y0}, {box.x1, box.y1}, {box.x0, box.y1}};
    fill(place, corners, 4, colour);
}

// A half-round top on straight sides.
static void fill_arch(const struct place *place, struct box_drawn box, enum colour colour)
{
    float points[ARCH_STEPS + 3][2];
    float radius = (box.x1 - box.x0) / 2.0F;
    for (int i = 0; i <= ARCH_STEPS; i++) {
        float turn = HALF_TURN * (float)i / (float)ARCH_STEPS;
        points[i][0] = box.x0 + radius - radius * cosf(turn);
        points[i][1] = box.y0 + radius - radius * sinf(turn);
    }
    points[ARCH_STEPS + 1][0] = box.x1;
    points[ARCH_STEPS + 1][1] = box.y1;
    points[ARCH_STEPS + 2][0] = box.x0;
    points[ARCH_STEPS + 2][1] = box.y1;
    fill(place, (const float(*)[2])points, ARCH_STEPS + 3, colour);
}
