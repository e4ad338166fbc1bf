// SPDX-License-Identifier: EUPL-1.2
//
// What is done elsewhere goes on on the visitor's own phone: a code to scan, or the counter.
#include "apps/kiosk/frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);

const struct scene kiosk_scene_phone = {
    .id = "phone", .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "phone", "phone.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, "phone.title"));
    frame_lead(&frame, frame_say(&frame, "phone.lead"));
    frame_phone_code(&frame, &kiosk->visit.phone, frame_say(&frame, "phone.so"));
    struct node *row = widget_grid(frame.maker, frame.content, 2, DRAWN(20));
    widget_button(frame.maker, row,
                  (struct widget_button){.id = "to_counter",
                                         .words = frame_say(&frame, "form.counter"),
                                         .icon = look->is_large ? NULL : "icon-desk",
                                         .style = STYLE_BUTTON_OUTLINED,
                                         .height_mm = DRAWN(140)});
    widget_button(frame.maker, row,
                  (struct widget_button){.id = "done",
                                         .words = frame_say(&frame, "common.done"),
                                         .icon = "icon-check",
                                         .style = STYLE_BUTTON_FILLED,
                                         .height_mm = DRAWN(140)});
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "to_counter")) {
        scenes_push(scenes, &kiosk_scene_consent);
    } else if (scene_event_is(event, "done")) {
        kiosk_end(kiosk);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    return kiosk_idle_tick(model, scenes, now_ms);
}
