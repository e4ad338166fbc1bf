// SPDX-License-Identifier: EUPL-1.2
//
// The visit is over and wiped; the card still lies there.
#include "apps/kiosk/card_frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);

const struct scene kiosk_scene_card_take = {
    .id = "card_take", .enter = kiosk_enter, .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    struct frame frame = frame_open(model, look, tree, "card_take", "card.take.title");
    frame_title(&frame, frame_say(&frame, "card.take.title"));
    frame_lead(&frame, frame_say(&frame, "card.take.lead"));
    struct node *middle = widget_column(frame.maker, frame.content, DRAWN(36));
    middle->box.grow = 1;
    middle->box.along = ALIGN_CENTER;
    middle->box.across = ALIGN_CENTER;
    widget_icon(frame.maker, middle, "picto-cardread", DRAWN(look->is_low ? 200 : 340));
    widget_button(frame.maker, frame.content,
                  (struct widget_button){.id = "done",
                                         .words = frame_say(&frame, "message.start"),
                                         .icon = "icon-retry",
                                         .style = STYLE_BUTTON_OUTLINED});
    frame_close(&frame, FRAME_BAR_SHORT);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (!kiosk_common_event(kiosk, scenes, event) && scene_event_is(event, "done")) {
        scenes_reset(scenes, &kiosk_scene_welcome);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    kiosk->now_ms = now_ms;
    if (now_ms - kiosk->touched_ms >= CARD_FORGOTTEN_MS) {
        scenes_reset(scenes, &kiosk_scene_welcome); // which says so too
        return SCENE_NEVER;
    }
    return kiosk->touched_ms + CARD_FORGOTTEN_MS;
}
