// SPDX-License-Identifier: EUPL-1.2
//
// How the device does: the update, what the role program says of its parts, devices that were
// refused, and the last errors, as the log has them.
#include "apps/technician/screen_face.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { LINE_SHOWN_BYTES = 100 };

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_errors(const void *model, const struct look *look, struct tree *tree);
static void errors_event(void *model, struct scenes *scenes, const struct scene_event *event);
static void add_update(struct face *face, struct node *rows);
static void add_parts(struct face *face, struct node *rows);
static void add_lines(struct face *face, const char *id, const char *key,
                      const char (*lines)[FACTS_LINE_BYTES], size_t count);

const struct scene technician_scene_state = {
    .id = "state", .build = build, .event = event, .tick = technician_clock_tick};
const struct scene technician_scene_errors = {
    .id = "errors", .build = build_errors, .event = errors_event, .tick = technician_clock_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    struct face face = face_open(screen, look, tree, FACE_PAGE, "state");
    face_title(&face, face_say(&face, "tech.home.state"));
    face_lead(&face, face_fill(&face, "tech.state.version", "version", screen->facts.version));
    struct node *rows = face_facts(&face);
    add_update(&face, rows);
    add_parts(&face, rows);
    widget_button(face.maker, face.content,
                  (struct widget_button){.id = "errors",
                                         .words = face_say(&face, "tech.state.errors"),
                                         .arrow = "icon-next",
                                         .style = STYLE_BUTTON_OUTLINED});
    face_close(&face, true);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    if (technician_common_event(model, scenes, event)) {
        return;
    }
    if (event->kind == SCENE_ACTIVATED && scene_event_is(event, "errors")) {
        scenes_push(scenes, &technician_scene_errors);
    }
}

// As many as there is room for, the newest first.
static void build_errors(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    const struct report *report = &screen->report;
    struct face face = face_open(screen, look, tree, FACE_PAGE, "errors");
    face_title(&face, face_say(&face, "tech.state.errors"));
    face_lead(&face, face_say(&face, "tech.errors.lead"));
    size_t refused_max = look->is_large ? 1 : 2;
    size_t errors_max = look->is_large ? 2 : FACTS_ERRORS_MAX;
    size_t refused = report->refused_count < refused_max ? report->refused_count : refused_max;
    size_t errors = report->errors_count < errors_max ? report->errors_count : errors_max;
    if (errors > 0) {
        add_lines(&face, "errors.log", "tech.errors.log", report->errors, errors);
    } else {
        face_notice(&face, "no_errors", TONE_GOOD, "icon-done", "tech.errors.none");
    }
    if (refused > 0) {
        add_lines(&face, "errors.refused", "tech.errors.refused", report->refused, refused);
    }
    face_close(&face, true);
}

static void errors_event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    (void)technician_common_event(model, scenes, event); // nothing else can be touched here
}

static void add_update(struct face *face, struct node *rows)
{
    const struct report *report = &face->screen->report;
    face_fact(face, rows, "tech.state.update", face_update(face));
    if (report->update_reason[0] != '\0') {
        char reason[LINE_SHOWN_BYTES];
        text_copy_cut(reason, sizeof reason, report->update_reason);
        face_fact(face, rows, "tech.state.reason", widget_foreign(face->maker, reason));
    }
}

static const char *state_words(const struct face *face, enum health_state state)
{
    char key[TECHNICIAN_KEY_BYTES];
    (void)snprintf(key, sizeof key, "tech.health.%s", health_state_name(state)); // always fits
    return tree_words(face->maker.tree, face_say(face, key));
}

static void add_parts(struct face *face, struct node *rows)
{
    static const char *const keys[HEALTH_PARTS_COUNT] = {"tech.test.scanner", "tech.test.card",
                                                         "tech.test.printer"};
    const struct report *report = &face->screen->report;
    if (!report->has_health) {
        face_fact(face, rows, "tech.state.program", face_say(face, "tech.state.silent"));
        return;
    }
    // In large type there is room for what is wrong only.
    bool is_large = face->maker.look->is_large;
    bool is_right = report->health.is_drawn && report->health.is_connected;
    if (!is_large || !is_right) {
        face_fact(face, rows, "tech.state.program",
                  face_say(face, is_right                   ? "tech.state.runs"
                                 : !report->health.is_drawn ? "tech.state.drew_nothing"
                                                            : "tech.state.no_hub"));
    }
    for (unsigned i = 0; i < HEALTH_PARTS_COUNT; i++) {
        enum health_state state = report->health.parts[i];
        bool is_worth = !is_large || state != HEALTH_OK;
        if (state != HEALTH_UNUSED && is_worth) {
            face_fact(face, rows, keys[i], state_words(face, state));
        }
    }
}

// Lines as the program on call wrote them, in its own language and the hand of the log.
static void add_lines(struct face *face, const char *id, const char *key,
                      const char (*lines)[FACTS_LINE_BYTES], size_t count)
{
    struct node *card = widget_column(face->maker, face->content, DRAWN(6));
    card->style = STYLE_CARD;
    card->box.pad = (struct edges){DRAWN(36), DRAWN(16), DRAWN(36), DRAWN(16)};
    widget_heading(face->maker, card, id, TYPE_BADGE, face_say(face, key));
    for (size_t i = 0; i < count; i++) {
        char line[LINE_SHOWN_BYTES];
        text_copy_cut(line, sizeof line, lines[i]);
        widget_text(face->maker, card, NULL, TYPE_DETAIL, widget_foreign(face->maker, line))->ink =
            COLOUR_MUTED;
    }
}
