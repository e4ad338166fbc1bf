// SPDX-License-Identifier: EUPL-1.2
//
// Waiting, in words; after eight seconds with a way out to the counter.
#include "apps/kiosk/frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);

const struct scene kiosk_scene_wait = {.id = "wait", .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "wait", "wait.title");
    frame_title(&frame, frame_say(&frame, "wait.title"));
    const struct kiosk_visit_private *visit = &kiosk->visit;
    bool is_form = visit->form.wish != FORM_NO_WISH || visit->begins[0] != '\0';
    frame_lead(&frame, frame_say(&frame, visit->wants_catalogue ? "new.wait"
                                         : is_form              ? "form.open.lead"
                                                                : "wait.lead"));
    struct node *middle = widget_column(frame.maker, frame.content, DRAWN(36));
    middle->box.grow = 1;
    middle->box.along = ALIGN_CENTER;
    middle->box.across = ALIGN_CENTER;
    widget_icon(frame.maker, middle, "picto-clock", DRAWN(220));
    if (kiosk->now_ms - kiosk->waits_since_ms >= KIOSK_WAY_OUT_MS) {
        frame_number_card(&frame, "number", WIDGET_CARD_STRONG);
    }
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (!kiosk_common_event(kiosk, scenes, event) && event->kind == SCENE_ACTIVATED &&
        scene_event_is(event, "number")) {
        kiosk->waits_for = 0;
        scenes_push(scenes, &kiosk_scene_subject);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    int64_t idle_ms = kiosk_idle_tick(kiosk, scenes, now_ms);
    int64_t way_out_ms = kiosk->waits_since_ms + KIOSK_WAY_OUT_MS;
    return way_out_ms > now_ms && way_out_ms < idle_ms ? way_out_ms : idle_ms;
}
