// SPDX-License-Identifier: EUPL-1.2
//
// Four rings, touched one after the other; then how far the panel was off, and that it is set
// right. The whole panel takes the finger, wherever it comes down.
#include "apps/technician/screen_face.h"

#include "base/text.h"
#include "ui/canvas.h"

#include <stdio.h>
#include <stdlib.h>

#define RING_MM 34.0f

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_rings(struct face *face);
static void build_judged(struct face *face);
static void draw_ring(const struct node *node, struct canvas *canvas, const struct look *look);
static void take_touch(struct technician *screen, const struct scene_event *event);
static int rotation_of(const struct technician *screen);

const struct scene technician_scene_touch = {.id = "touch", .build = build, .event = event};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    if (screen->touch.count == TOUCH_CORNERS) {
        struct face face = face_open(screen, look, tree, FACE_PAGE, "touch");
        build_judged(&face);
        return;
    }
    struct face face = {.screen = screen, .maker = {.tree = tree, .look = look}, .is_wide = false};
    build_rings(&face);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    bool is_pad = event->kind == SCENE_STROKE && text_equal(event->id, "touch.pad");
    if (is_pad && event->stroke == STROKE_BEGIN && screen->touch.count < TOUCH_CORNERS) {
        take_touch(screen, event);
        return;
    }
    if (technician_common_event(screen, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "again")) {
        screen->touch = (struct touch_try){0};
    } else if (scene_event_is(event, "done")) {
        scenes_pop(scenes);
    }
}

static void build_rings(struct face *face)
{
    const struct look *look = face->maker.look;
    const struct technician *screen = face->screen;
    struct node *page = widget_page(face->maker, "touch", face_say(face, "tech.test.touch"));
    page->box.along = ALIGN_CENTER;
    page->box.across = ALIGN_CENTER;
    page->box.gap_mm = DRAWN(28);
    struct node *pad = tree_add(face->maker.tree, page, "touch.pad", ROLE_GROUP, NULL);
    pad->states |= NODE_STROKES;
    pad->box.is_placed = true;
    pad->box.width_mm = look->width_mm;
    pad->box.height_mm = look->height_mm;
    struct touch_point at = touch_corner(screen->touch.count);
    struct node *ring = tree_add(face->maker.tree, page, "touch.ring", ROLE_IMAGE, NULL);
    ring->draw = draw_ring;
    ring->box.is_placed = true;
    ring->box.is_left_to_right = true;
    float x = look->is_mirrored ? 1 - at.x : at.x; // the panel's corner, in every language
    ring->box.start_mm = x * look->width_mm - RING_MM / 2;
    ring->box.top_mm = at.y * look->height_mm - RING_MM / 2;
    ring->box.width_mm = RING_MM;
    ring->box.height_mm = RING_MM;
    char count[12];
    (void)snprintf(count, sizeof count, "%zu", screen->touch.count + 1); // always fits
    struct node *words = widget_heading(face->maker, page, "touch.do", TYPE_SECTION,
                                        face_fill(face, "tech.touch.do", "count", count));
    words->text_align = ALIGN_CENTER;
    words->box.width_mm = look->width_mm * 0.6f;
    struct node *back = widget_button(face->maker, page,
                                      (struct widget_button){.id = "bar.back",
                                                             .words = face_say(face, "common.back"),
                                                             .icon = "icon-back",
                                                             .style = STYLE_BUTTON_SERVICE});
    back->box.self = ALIGN_CENTER;
    back->box.min_width_mm = DRAWN(260);
}

static void build_judged(struct face *face)
{
    const struct touch_try *touch = &face->screen->touch;
    char off[16];
    (void)snprintf(off, sizeof off, "%d", (int)(touch->off_mm + 0.5f)); // always fits
    face_title(face, face_say(face, "tech.test.touch"));
    const char *stem = touch->is_unsure ? "tech.touch.unsure"
                       : !touch->is_off ? "tech.touch.good"
                       : touch->is_kept ? "tech.touch.set"
                                        : "tech.touch.not_kept";
    bool is_good = !touch->is_unsure && (!touch->is_off || touch->is_kept);
    widget_notice(face->maker, face->content,
                  (struct widget_notice){.id = "part",
                                         .tone = is_good ? TONE_GOOD : TONE_TODO,
                                         .icon = is_good ? "icon-done" : "icon-warn",
                                         .cause = face_fill(face, stem, "off", off),
                                         .consequence = face_so(face, stem)});
    struct node *row = widget_grid(face->maker, face->content, 2, DRAWN(20));
    widget_button(face->maker, row,
                  (struct widget_button){.id = "again",
                                         .words = face_say(face, "tech.touch.again"),
                                         .icon = "icon-retry",
                                         .style = STYLE_BUTTON_OUTLINED,
                                         .height_mm = DRAWN(140)});
    widget_button(face->maker, row,
                  (struct widget_button){.id = "done",
                                         .words = face_say(face, "common.done"),
                                         .icon = "icon-check",
                                         .style = STYLE_BUTTON_FILLED});
    face_close(face, true);
}

// A ring and a dot in its middle, where the finger goes.
static void draw_ring(const struct node *node, struct canvas *canvas, const struct look *look)
{
    float x_px = (node->area.x_mm + node->area.width_mm / 2) * look->px_per_mm;
    float y_px = (node->area.y_mm + node->area.height_mm / 2) * look->px_per_mm;
    float radius_px = node->area.width_mm / 2 * look->px_per_mm;
    struct rgb ink = theme_colour(look->theme, COLOUR_ACTION);
    canvas_ring(canvas, (struct canvas_circle){x_px, y_px, radius_px, 2.0f * look->px_per_mm}, ink);
    canvas_disc(canvas, x_px, y_px, 3.0f * look->px_per_mm, ink);
}

static void take_touch(struct technician *screen, const struct scene_event *event)
{
    struct touch_try *touch = &screen->touch;
    const struct look *look = screen->look;
    int rotation = rotation_of(screen);
    struct touch_point seen = {event->x_mm / look->width_mm, event->y_mm / look->height_mm};
    touch->touched[touch->count++] = touch_unturn(seen, rotation);
    if (touch->count < TOUCH_CORNERS) {
        return;
    }
    struct touch_panel panel = {
        .width_mm = look->width_mm, .height_mm = look->height_mm, .rotation = rotation};
    enum err err = touch_matrix_read(config_get(screen->config, "touch.calibration", "1 0 0 0 1 0"),
                                     panel.matrix);
    (void)err; // one that is wrong was not in force either
    touch_judge(touch, &panel);
    // Told before the result is kept: the keeping says whether the calibration is.
    technician_keep(screen, TECHNICIAN_TOUCH, touch->is_unsure ? OUTCOME_BAD : OUTCOME_GOOD);
}

static int rotation_of(const struct technician *screen)
{
    int64_t rotation = 0;
    bool is_turned = config_get_int(screen->config, "window.rotation", 0, 270, &rotation) == OK;
    return is_turned ? (int)rotation : 0;
}
