// SPDX-License-Identifier: EUPL-1.2
//
// Are you still there? Thirty seconds, one key extends, then everything is wiped.
#include "apps/kiosk/frame.h"

#include <stdio.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);

const struct scene kiosk_scene_timeout = {
    .id = "timeout", .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    int64_t left_ms = KIOSK_WARNING_MS - (kiosk->now_ms - kiosk->warned_ms);
    uint64_t seconds = left_ms < 0 ? 0 : (uint64_t)(left_ms + 999) / 1000;
    struct frame frame = frame_open(kiosk, look, tree, "timeout", "timeout.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_WELCOME,
                   frame_say(&frame, "timeout.title"));
    struct node *count = widget_text(frame.maker, frame.field, "countdown", TYPE_BODY,
                                     frame_count(&frame, "timeout.countdown", seconds));
    count->states |= NODE_LIVE;
    widget_text(frame.maker, frame.field, "erase", TYPE_BODY, frame_say(&frame, "timeout.erase"));
    struct node *stay =
        widget_button(frame.maker, frame.content,
                      (struct widget_button){.id = "stay",
                                             .words = frame_say(&frame, "timeout.stay"),
                                             .icon = "icon-check",
                                             .style = STYLE_BUTTON_FILLED,
                                             .height_mm = DRAWN(220)});
    stay->type = TYPE_SECTION;
    widget_button(frame.maker, frame.content,
                  (struct widget_button){.id = "bar.stop",
                                         .words = frame_say(&frame, "timeout.stop"),
                                         .icon = "icon-stop",
                                         .style = STYLE_BUTTON_STOP,
                                         .height_mm = DRAWN(160)});
    frame_close(&frame, FRAME_BAR_SHORT);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    bool stays = event->kind == SCENE_ACTIVATED && scene_event_is(event, "stay");
    if (stays && kiosk->visit.extensions < KIOSK_EXTENSIONS_MAX) {
        kiosk->visit.extensions += 1;
        kiosk_touch(kiosk, event->now_ms);
        scenes_pop(scenes);
        return;
    }
    int64_t touched_ms = kiosk->touched_ms;
    (void)kiosk_common_event(kiosk, scenes, event); // larger, contrast, stop
    kiosk->touched_ms = touched_ms;
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->now_ms = now_ms;
    if (now_ms - kiosk->warned_ms >= KIOSK_WARNING_MS) {
        kiosk_end(kiosk);
        return SCENE_NEVER;
    }
    return now_ms + 1000 - (now_ms - kiosk->warned_ms) % 1000;
}
