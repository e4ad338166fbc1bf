// SPDX-License-Identifier: EUPL-1.2
//
// What the panel shows, at its edges and in its colours: dead dots, a cable half in its socket and
// a picture cut at the side are seen here.
#include "apps/technician/screen_face.h"

#include "ui/canvas.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void draw_colours(const struct node *node, struct canvas *canvas, const struct look *look);

const struct scene technician_scene_picture = {.id = "picture", .build = build, .event = event};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    struct face face = {.screen = model, .maker = {.tree = tree, .look = look}};
    struct node *page = widget_page(face.maker, "picture", face_say(&face, "tech.test.picture"));
    struct node *colours = tree_add(tree, page, "colours", ROLE_IMAGE, NULL);
    colours->draw = draw_colours;
    colours->box.is_placed = true;
    colours->box.width_mm = look->width_mm;
    colours->box.height_mm = look->height_mm;
    widget_space(face.maker, page, 0);
    struct node *row = widget_row(face.maker, page, 0);
    row->box.along = ALIGN_CENTER;
    face.content = widget_column(face.maker, row, DRAWN(24));
    face.content->style = STYLE_CARD;
    face.content->box.width_mm = look->width_mm * 0.8f;
    face.content->box.pad = (struct edges){DRAWN(36), DRAWN(28), DRAWN(36), DRAWN(28)};
    widget_text(face.maker, face.content, "picture.do", TYPE_BODY,
                face_say(&face, "tech.picture.do"));
    face_verdict(&face);
    widget_space(face.maker, page, DRAWN(60));
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    screen->now_ms = event->now_ms;
    bool is_good = scene_event_is(event, "good");
    if (event->kind == SCENE_ACTIVATED && (is_good || scene_event_is(event, "bad"))) {
        technician_keep(screen, TECHNICIAN_PICTURE, is_good ? OUTCOME_GOOD : OUTCOME_BAD);
        scenes_pop(scenes);
    }
}

// Six bands from edge to edge, and a line of one dot round them.
static void draw_colours(const struct node *node, struct canvas *canvas, const struct look *look)
{
    static const struct rgb bands[] = {{255, 255, 255}, {255, 0, 0},     {0, 255, 0},
                                       {0, 0, 255},     {128, 128, 128}, {0, 0, 0}};
    const int count = (int)(sizeof bands / sizeof bands[0]);
    (void)node; // it is the panel
    for (int i = 0; i < count; i++) {
        int from = look->width_px * i / count;
        int to = look->width_px * (i + 1) / count;
        canvas_fill(canvas, (struct rect_px){from, 0, to - from, look->height_px}, bands[i]);
    }
    canvas_frame(canvas, (struct rect_px){0, 0, look->width_px, look->height_px}, 0, 1,
                 (struct rgb){255, 0, 255});
}
