// SPDX-License-Identifier: EUPL-1.2
//
// What is done elsewhere goes on on the visitor's own phone: a code to scan, or the counter.
#include "apps/kiosk/frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);

const struct scene kiosk_scene_phone = {
    .id = "phone", .build = build, .event = event, .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "phone", "phone.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, "phone.title"));
    frame_lead(&frame, frame_say(&frame, "phone.lead"));
    frame_phone_code(&frame, &kiosk->visit.phone, frame_say(&frame, "phone.so"));
    frame_ends(&frame, (struct frame_end){"to_counter", "form.counter", "icon-desk"});
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "to_counter")) {
        kiosk_to_counter(kiosk);
    } else if (scene_event_is(event, "done")) {
        kiosk_end(kiosk);
    }
}
