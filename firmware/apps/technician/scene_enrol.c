// SPDX-License-Identifier: EUPL-1.2
//
// How a device is enrolled: the hub's code under the scanner, or name and code typed.
#include "apps/technician/screen_face.h"

#include "base/text.h"

#include <string.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_scan(struct face *face);

const struct scene technician_scene_enrol = {
    .id = "enrol", .build = build, .event = event, .tick = technician_clock_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    struct face face = face_open(screen, look, tree, FACE_PAGE, "enrol");
    face_title(&face, face_say(&face, "tech.enrol.title"));
    face_lead(&face, face_say(&face, "tech.enrol.lead"));
    if (screen->enrol.error[0] != '\0') {
        face_notice(&face, "error", TONE_STOP, "icon-warn", screen->enrol.error);
    } else if (technician_trouble(screen) != NULL) {
        face_notice(&face, "trouble", TONE_TODO, "icon-nolink", technician_trouble(screen));
    }
    build_scan(&face);
    widget_card(face.maker, face.content,
                (struct widget_card){.kind = screen->scanner == CABLE_READY ? WIDGET_CARD_ROW
                                                                            : WIDGET_CARD_FILLED,
                                     .id = "type",
                                     .title = face_say(&face, "tech.enrol.type"),
                                     .detail = face_say(&face, "tech.enrol.type.detail"),
                                     .picture = "picto-touch"})
        ->box.min_height_mm = DRAWN(150);
    face_close(&face, true);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    if (technician_common_event(screen, scenes, event)) {
        return;
    }
    if (event->kind == SCENE_ACTIVATED && scene_event_is(event, "type")) {
        screen->enrol.error[0] = '\0';
        scenes_push(scenes, &technician_scene_name);
    }
}

// What to do is no button: the scanner does it.
static void build_scan(struct face *face)
{
    bool is_ready = face->screen->scanner == CABLE_READY;
    struct node *card = widget_row(face->maker, face->content, DRAWN(32));
    card->style = STYLE_CARD;
    card->box.across = ALIGN_CENTER;
    card->box.pad = (struct edges){DRAWN(36), DRAWN(28), DRAWN(36), DRAWN(28)};
    widget_tile(face->maker, card, "picto-letterqr", DRAWN(136), DRAWN(106));
    struct node *column = widget_column(face->maker, card, DRAWN(6));
    column->box.grow = 1;
    widget_heading(face->maker, column, "scan", TYPE_CARD,
                   face_say(face, is_ready ? "tech.enrol.scan" : "tech.enrol.no_scanner"));
    widget_text(face->maker, column, NULL, TYPE_DETAIL,
                face_say(face, is_ready ? "tech.enrol.scan.detail" : "tech.enrol.no_scanner.so"));
    if (is_ready) {
        widget_icon(face->maker, card, "icon-down", DRAWN(84))->ink = COLOUR_ON_TINT;
    }
}
