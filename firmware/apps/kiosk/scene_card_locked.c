// SPDX-License-Identifier: EUPL-1.2
//
// The card was taken away while its visit stood open: nothing of it is shown until the same card is
// back, and after a short grace all is wiped.
#include "apps/kiosk/card_frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void start_clock(struct kiosk *kiosk, int64_t now_ms);

const struct scene kiosk_scene_card_locked = {
    .id = "card_locked", .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct card_private *card = &kiosk->visit.card;
    bool is_reading = card->reading != 0;
    bool is_again = kiosk_card_lies(kiosk) && !is_reading;
    const char *title = is_reading ? "card.read.title" : "card.locked.title";
    struct frame frame = frame_open(kiosk, look, tree, "card_locked", title);
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION, frame_say(&frame, title));
    int64_t left_ms = kiosk_card_grace_ms(kiosk);
    uint64_t seconds = left_ms < 0 ? 0 : (uint64_t)(left_ms + 999) / 1000;
    struct node *lead =
        frame_lead(&frame, is_reading ? frame_say(&frame, "card.locked.reading")
                                      : frame_count(&frame, "timeout.countdown", seconds));
    lead->states |= NODE_LIVE;
    widget_notice(frame.maker, frame_info(&frame),
                  (struct widget_notice){.id = "locked",
                                         .tone = TONE_TODO,
                                         .icon = "picto-cardread",
                                         .cause = frame_say(&frame, is_reading ? "card.read.lead"
                                                                    : is_again ? "card.read.again"
                                                                               : "card.locked.so"),
                                         .consequence = frame_say(&frame, "card.locked.erase")});
    frame_stop(&frame);
    frame_close(&frame, FRAME_BAR_SHORT);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    start_clock(kiosk, event->now_ms);
    (void)kiosk_common_event(kiosk, scenes, event); // larger, contrast, help, stop
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    kiosk->now_ms = now_ms;
    if (!kiosk->visit.card.is_locked) {
        scenes_pop(scenes); // it came back while help stood above
        return SCENE_NEVER;
    }
    start_clock(kiosk, now_ms);
    int64_t left_ms = kiosk_card_grace_ms(kiosk);
    if (left_ms <= 0) {
        kiosk_end(kiosk);
        return SCENE_NEVER;
    }
    return now_ms + (left_ms % 1000 == 0 ? 1000 : left_ms % 1000);
}

// The card's own moment is told without a clock: it counts from the first look at one.
static void start_clock(struct kiosk *kiosk, int64_t now_ms)
{
    struct card_private *card = &kiosk->visit.card;
    card->lifted_ms = card->lifted_ms == 0 ? now_ms : card->lifted_ms;
    card->locked_ms = card->locked_ms == 0 ? now_ms : card->locked_ms;
}
