// SPDX-License-Identifier: EUPL-1.2
//
// Where to lay what: a drawing for each kind of card. Goes on by itself once one lies there.
#include "apps/kiosk/card_frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static bool build_lies(struct frame *frame);

const struct scene kiosk_scene_card_lay = {.id = "card_lay",
                                           .enter = kiosk_enter,
                                           .build = build,
                                           .event = event,
                                           .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    static const struct {
        const char *picture;
        const char *title;
        const char *detail;
    } kinds[3] = {
        {"picto-cardread", "card.lay.id", "card.lay.id.detail"},
        {"picto-passportread", "card.lay.passport", "card.lay.passport.detail"},
        {"picto-passread", "card.lay.pass", "card.lay.pass.detail"},
    };
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "card_lay", "welcome.card");
    frame_title(&frame, frame_say(&frame, "welcome.card"));
    bool is_tight = look->is_large && look->is_low;
    if (!is_tight) {
        frame_lead(&frame, frame_say(&frame, "card.lay.lead"));
    }
    bool has_notice = build_lies(&frame);
    for (size_t i = 0; i < 3; i++) {
        card_frame_act(&frame, kinds[i].picture, kinds[i].title,
                       has_notice && look->is_large ? NULL : kinds[i].detail);
    }
    card_frame_give_up(&frame);
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (scene_event_is(event, "bar.back")) {
        kiosk_end(kiosk);
        return;
    }
    if (!kiosk_common_event(kiosk, scenes, event) && scene_event_is(event, "give_up")) {
        kiosk_card_drop(kiosk);
        scenes_reset(scenes, &kiosk_scene_welcome);
        scenes_push(scenes, &kiosk_scene_subject);
    }
}

// Something lies there that begins nothing.
static bool build_lies(struct frame *frame)
{
    const struct card_place *place = &frame->kiosk->card;
    if (place->lies == CARD_LIES_NOTHING || place->lies == CARD_LIES_ASKED) {
        return false;
    }
    bool is_mute = place->lies == CARD_LIES_MUTE;
    widget_notice(
        frame->maker, frame_info(frame),
        (struct widget_notice){
            .id = "lies",
            .tone = TONE_TODO,
            .icon = "icon-warn",
            .cause = frame_say(frame, is_mute ? "card.lay.mute" : "card.lay.again"),
            .consequence = frame_say(frame, is_mute ? "card.lay.mute.so" : "card.lay.again.so")});
    return true;
}
