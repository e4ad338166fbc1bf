// SPDX-License-Identifier: EUPL-1.2
//
// A draft was begun before: go on with it, or begin again.
#include "apps/kiosk/form_frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);

const struct scene kiosk_scene_form_resume = {
    .id = "form_resume", .build = build, .event = event, .tick = form_frame_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    size_t answered = 0;
    size_t asked = 0;
    struct frame frame = frame_open(kiosk, look, tree, "form_resume", "form.resume.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, "form.resume.title"));
    const struct request_private *request = kiosk_request(kiosk);
    if (request != NULL) {
        frame_lead(&frame, frame_request_title(&frame, request))->privacy = PRIVACY_PRIVATE;
    }
    walk_progress(&kiosk->visit.form.walk, &answered, &asked);
    widget_card(
        frame.maker, frame.content,
        (struct widget_card){
            .kind = WIDGET_CARD_FILLED,
            .id = "go_on",
            .title = frame_say(&frame, "form.resume.go_on"),
            .detail = answered == 0 ? NULL : frame_count(&frame, "form.resume.answered", answered),
            .picture = "picto-touch",
            .is_big = true});
    widget_card(frame.maker, frame.content,
                (struct widget_card){.kind = WIDGET_CARD_STRONG,
                                     .id = "again",
                                     .title = frame_say(&frame, "form.resume.again"),
                                     .detail = frame_say(&frame, "form.resume.again.detail"),
                                     .picture = "picto-slip",
                                     .is_big = true});
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (scene_event_is(event, "bar.back")) {
        kiosk_touch(kiosk, event->now_ms);
        fill_leave(&kiosk->visit.form);
        return;
    }
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "go_on")) {
        fill_start(&kiosk->visit.form, false);
    } else if (scene_event_is(event, "again")) {
        fill_start(&kiosk->visit.form, true);
    }
}
