// SPDX-License-Identifier: EUPL-1.2
//
// Reading, in words: what is done, what is being done, and that the card stays where it is; or how
// to lay it back. Nothing of what is read stands here.
#include "apps/kiosk/card_frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_steps(struct frame *frame);
static int phase_of(enum document_step step);

enum { PHASE_OPEN, PHASE_READ, PHASE_CHECK, PHASES_COUNT };

const struct scene kiosk_scene_card_read = {.id = "card_read",
                                            .enter = kiosk_enter,
                                            .build = build,
                                            .event = event,
                                            .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct card_private *card = &kiosk->visit.card;
    bool is_there = kiosk_card_lies(kiosk) && !card->is_broken;
    const char *title = is_there ? "card.read.title" : "card.read.back";
    struct frame frame = frame_open(kiosk, look, tree, "card_read", title);
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION, frame_say(&frame, title));
    frame_lead(&frame, frame_say(&frame, is_there ? "card.read.lead" : "card.read.back.lead"));
    if (!is_there) {
        struct node *notice = widget_notice(
            frame.maker, frame_info(&frame),
            (struct widget_notice){
                .id = "back",
                .tone = TONE_TODO,
                .icon = "picto-cardread",
                .cause = frame_say(&frame, card->is_broken ? "card.read.again" : "card.read.flat"),
                .consequence = frame_say(&frame, "card.read.kept")});
        notice->states |= NODE_LIVE;
        notice->box.min_height_mm = look->is_large ? 0 : DRAWN(210);
    } else {
        struct node *picture = widget_column(frame.maker, frame.content, 0);
        picture->box.across = ALIGN_CENTER;
        if (!look->is_low) {
            widget_icon(frame.maker, picture, "picto-cardread",
                        look->is_large ? DRAWN(180) : DRAWN(320));
        }
        build_steps(&frame);
    }
    card_frame_give_up(&frame);
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (!kiosk_common_event(kiosk, scenes, event) && scene_event_is(event, "give_up")) {
        kiosk_card_drop(kiosk);
        scenes_reset(scenes, &kiosk_scene_welcome);
        scenes_push(scenes, &kiosk_scene_subject);
    }
}

static void build_steps(struct frame *frame)
{
    static const char *const words[PHASES_COUNT] = {"card.read.open", "card.read.read",
                                                    "card.read.check"};
    static const char *const ids[PHASES_COUNT] = {"open", "read", "check"};
    int phase = phase_of(frame->kiosk->visit.card.step);
    struct node *card = widget_column(frame->maker, frame->content, 0);
    card->style = STYLE_CARD;
    card->role = ROLE_LIST;
    card->box.pad = (struct edges){DRAWN(38), DRAWN(18), DRAWN(38), DRAWN(18)};
    for (int i = 0; i < PHASES_COUNT; i++) {
        bool is_now = i == phase;
        struct node *row = widget_check(
            frame->maker, card,
            (struct widget_check){.id = ids[i],
                                  .is_done = i < phase,
                                  .words = frame_say(frame, words[i]),
                                  .status = i < phase ? frame_say(frame, "request.done")
                                            : is_now  ? frame_say(frame, "card.read.now")
                                                      : ""});
        row->states |= is_now ? NODE_LIVE : 0U;
    }
}

static int phase_of(enum document_step step)
{
    if (step < DOCUMENT_STEP_COM) {
        return PHASE_OPEN;
    }
    return step < DOCUMENT_STEP_VERIFY ? PHASE_READ : PHASE_CHECK;
}
