// SPDX-License-Identifier: EUPL-1.2
//
// Enrolling: it is on its way, it is done, or why not and what to do about it.
#include "apps/technician/screen_face.h"

#include "base/text.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_failed(struct face *face);
static void build_done(struct face *face);

const struct scene technician_scene_enrolling = {
    .id = "enrolling", .build = build, .event = event, .tick = technician_clock_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    struct face face = face_open(screen, look, tree, FACE_PAGE, "enrolling");
    switch (screen->enrol.stage) {
    case ENROL_NONE:
    case ENROL_RUNS:
        face_title(&face, face_say(&face, "tech.enrolling.title"));
        face_notice(&face, "wait", TONE_IDLE, "icon-busy", "tech.enrolling.wait")->states |=
            NODE_LIVE;
        break;
    case ENROL_FAILED:
        build_failed(&face);
        break;
    case ENROL_DONE:
        build_done(&face);
        break;
    }
    face_close(&face, screen->enrol.stage == ENROL_FAILED);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    if (technician_common_event(screen, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "again")) {
        technician_enrol_begin(screen);
        scenes_replace(scenes, &technician_scene_enrol);
    } else if (scene_event_is(event, "tests")) {
        scenes_replace(scenes, &technician_scene_tests);
    } else if (scene_event_is(event, "done")) {
        scenes_quit(scenes);
    }
}

static void build_failed(struct face *face)
{
    face_title(face, face_say(face, "tech.enrolling.failed"));
    face_notice(face, "failure", TONE_STOP, "icon-warn", face->screen->enrol.failure);
    widget_text(face->maker, face->content, NULL, TYPE_DETAIL,
                face_say(face, "tech.enrolling.kept"));
    widget_button(face->maker, face->content,
                  (struct widget_button){.id = "again",
                                         .words = face_say(face, "common.retry"),
                                         .icon = "icon-retry",
                                         .style = STYLE_BUTTON_FILLED});
}

static void build_done(struct face *face)
{
    const struct facts *facts = &face->screen->facts;
    face_title(face, face_say(face, "tech.enrolling.done"));
    const struct phrases_value values[2] = {{"device", facts->device}, {"place", face_place(face)}};
    widget_notice(face->maker, face->content,
                  (struct widget_notice){.id = "enrolled",
                                         .tone = TONE_GOOD,
                                         .icon = "icon-done",
                                         .cause = face_fill_two(face, "tech.enrolling.is", values),
                                         .consequence = face_say(face, "tech.enrolling.is.so")});
    widget_button(face->maker, face->content,
                  (struct widget_button){.id = "tests",
                                         .words = face_say(face, "tech.enrolling.test"),
                                         .icon = "icon-check",
                                         .style = STYLE_BUTTON_FILLED});
    widget_button(face->maker, face->content,
                  (struct widget_button){.id = "done",
                                         .words = face_say(face, "tech.enrolling.work"),
                                         .arrow = "icon-next",
                                         .style = STYLE_BUTTON_OUTLINED});
}
