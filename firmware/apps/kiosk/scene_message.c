// SPDX-License-Identifier: EUPL-1.2
//
// One honest page for whatever did not work: what it is, that it is not your fault, what works.
#include "apps/kiosk/frame.h"

#include "base/text.h"

#include <stdio.h>

static void enter(void *model, struct scenes *scenes);
static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);

const struct scene kiosk_scene_message = {
    .id = "message", .enter = enter, .build = build, .event = event, .tick = tick};

static void enter(void *model, struct scenes *scenes)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->touched_ms = kiosk->now_ms;
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const char *stem = kiosk->visit.problem[0] == '\0' ? "message.other" : kiosk->visit.problem;
    char so[KIOSK_KEY_BYTES + 8];
    (void)snprintf(so, sizeof so, "%s.so", stem); // room for the three characters more
    struct frame frame = frame_open(kiosk, look, tree, "message", stem);
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION, frame_say(&frame, stem));
    struct node *words =
        widget_text(frame.maker, frame.content, "so", TYPE_BODY, frame_say(&frame, so));
    words->box.pad = (struct edges){0, DRAWN(12), 0, DRAWN(12)};
    if (kiosk->is_connected) {
        widget_heading(frame.maker, frame.content, "works", TYPE_SECTION,
                       frame_say(&frame, "message.works"));
        widget_card(frame.maker, frame.content,
                    (struct widget_card){.kind = WIDGET_CARD_FILLED,
                                         .id = "number",
                                         .title = frame_say(&frame, "message.number"),
                                         .detail = frame_say(&frame, "message.number.detail"),
                                         .picture = "picto-slip",
                                         .is_big = true});
    }
    widget_button(
        frame.maker, frame.content,
        (struct widget_button){
            .id = "again",
            .words = frame_say(&frame, kiosk->visit.may_retry ? "common.retry" : "message.start"),
            .icon = "icon-retry",
            .style = STYLE_BUTTON_OUTLINED});
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "number")) {
        scenes_push(scenes, &kiosk_scene_subject);
    } else if (scene_event_is(event, "again")) {
        kiosk_retry(kiosk);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->now_ms = now_ms;
    if (kiosk->touched_ms == 0) {
        kiosk->touched_ms = now_ms;
    }
    if (now_ms - kiosk->touched_ms >= KIOSK_MESSAGE_MS) {
        kiosk_end(kiosk);
        return SCENE_NEVER;
    }
    return kiosk->touched_ms + KIOSK_MESSAGE_MS;
}
