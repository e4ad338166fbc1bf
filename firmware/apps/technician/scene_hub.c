// SPDX-License-Identifier: EUPL-1.2
//
// The hub's own box: where it is found, and the first technician's code for the laptop that takes
// over from here.
#include "apps/technician/screen_face.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_code(struct face *face);

const struct scene technician_scene_hub = {
    .id = "hub", .build = build, .event = event, .tick = technician_clock_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    struct face face = face_open(screen, look, tree, FACE_PAGE, "hub");
    face_title(&face, face_say(&face, "tech.home.hub"));
    face_lead(&face, face_say(&face, "tech.hub.lead"));
    struct node *rows = face_facts(&face);
    const char *address = screen->facts.address;
    face_fact(&face, rows, "tech.device.address",
              address[0] == '\0' ? face_say(&face, "tech.device.none") : address);
    if (screen->facts.hub_code[0] != '\0') {
        build_code(&face);
    } else {
        face_notice(&face, "enrolled", TONE_GOOD, "icon-done", "tech.hub.has_technician");
    }
    face_close(&face, true);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    (void)technician_common_event(model, scenes, event); // nothing else can be touched here
}

static void build_code(struct face *face)
{
    const struct technician *screen = face->screen;
    struct node *card = widget_row(face->maker, face->content, DRAWN(36));
    card->style = STYLE_CARD;
    card->box.across = ALIGN_CENTER;
    card->box.pad = (struct edges){DRAWN(36), DRAWN(28), DRAWN(36), DRAWN(28)};
    if (screen->hub_qr.modules_count > 0) {
        struct node *code = face_code(face, card, "hub.code", &screen->hub_qr, 420);
        tree_set_name(face->maker.tree, code, face_say(face, "tech.hub.code"));
    }
    struct node *words = widget_column(face->maker, card, DRAWN(10));
    words->box.grow = 1;
    widget_heading(face->maker, words, NULL, TYPE_CARD, face_say(face, "tech.hub.code"));
    widget_text(face->maker, words, NULL, TYPE_DETAIL, face_say(face, "tech.hub.code.so"));
}
