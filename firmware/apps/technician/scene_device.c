// SPDX-License-Identifier: EUPL-1.2
//
// All that is known of the device and its network, one fact a row.
#include "apps/technician/screen_face.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static const char *or_none(const struct face *face, const char *words);
static void build_network(struct face *face, struct node *rows);

const struct scene technician_scene_device = {
    .id = "device", .build = build, .event = event, .tick = technician_clock_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    const struct facts *facts = &screen->facts;
    struct face face = face_open(screen, look, tree, FACE_PAGE, "device");
    face_title(&face, face_say(&face, "tech.home.device"));
    face.content->box.gap_mm = DRAWN(20);
    struct node *rows = face_facts(&face);
    bool is_tight = look->is_large && face.is_wide;
    if (!is_tight) {
        face_fact(&face, rows, "tech.device.board", or_none(&face, facts->board));
        face_fact(&face, rows, "tech.device.version", or_none(&face, facts->version));
    }
    face_fact(&face, rows, "tech.device.serial", or_none(&face, facts->serial));
    if (!is_tight) {
        bool has_role = facts->role[0] != '\0';
        face_fact(&face, rows, "tech.device.role",
                  has_role ? face_place(&face) : face_say(&face, "tech.home.not_enrolled"));
    }
    build_network(&face, rows);
    face_close(&face, true);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    (void)technician_common_event(model, scenes, event); // nothing else can be touched here
}

static const char *or_none(const struct face *face, const char *words)
{
    return words[0] == '\0' ? face_say(face, "tech.device.none")
                            : widget_foreign(face->maker, words);
}

static void build_network(struct face *face, struct node *rows)
{
    const struct technician *screen = face->screen;
    const struct facts *facts = &screen->facts;
    const char *trouble = technician_trouble(screen);
    face_fact(face, rows, "tech.device.link",
              facts->has_link ? face_fill(face, "tech.device.link.up", "name", facts->interface)
                              : face_say(face, trouble)); // of the link, which comes first
    face_fact(face, rows, "tech.device.address", or_none(face, facts->address));
    if (!technician_is_hub(screen)) {
        face_fact(face, rows, "tech.device.hub",
                  trouble != NULL              ? face_say(face, trouble)
                  : screen->hub == HUB_REACHED ? face_say(face, "tech.net.reached")
                                               : face_say(face, "tech.net.not_asked"));
    }
    face_fact(face, rows, "tech.device.clock",
              face_say(face, facts->is_clock_wrong    ? "tech.net.clock"
                             : facts->is_synchronised ? "tech.device.clock.good"
                                                      : "tech.device.clock.alone"));
}
