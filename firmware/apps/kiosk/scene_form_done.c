// SPDX-License-Identifier: EUPL-1.2
//
// On its way, and then sent: the reference large enough to write down.
#include "apps/kiosk/form_frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void build_sending(struct frame *frame);
static void build_sent(struct frame *frame);
static bool takes_long(const struct kiosk *kiosk);

const struct scene kiosk_scene_form_done = {
    .id = "form_done", .enter = kiosk_enter, .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    bool is_sent = kiosk->visit.form.state == API_FORM_SENT;
    struct frame frame = frame_open(kiosk, look, tree, "form_done",
                                    is_sent ? "form.done.title" : "form.sending.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, is_sent ? "form.done.title" : "form.sending.title"));
    if (is_sent) {
        build_sent(&frame);
    } else {
        build_sending(&frame);
    }
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "done")) {
        kiosk_end(kiosk);
    } else if (scene_event_is(event, "list")) {
        fill_leave(&kiosk->visit.form);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    int64_t next_ms = form_frame_tick(kiosk, scenes, now_ms);
    int64_t way_out_ms = kiosk->waits_since_ms + KIOSK_WAY_OUT_MS;
    return way_out_ms > now_ms && way_out_ms < next_ms ? way_out_ms : next_ms;
}

static void build_sending(struct frame *frame)
{
    bool is_long = takes_long(frame->kiosk);
    if (!is_long) {
        frame_lead(frame, frame_say(frame, "form.sending.lead"));
    } else {
        widget_notice(
            frame->maker, frame_info(frame),
            (struct widget_notice){.id = "long",
                                   .tone = TONE_ASK,
                                   .icon = "icon-busy",
                                   .cause = frame_say(frame, "form.sending.long"),
                                   .consequence = frame_say(frame, "form.sending.long.so")});
    }
    struct node *middle = widget_column(frame->maker, frame->content, DRAWN(36));
    middle->box.grow = 1;
    middle->box.along = ALIGN_CENTER;
    middle->box.across = ALIGN_CENTER;
    if (!is_long || !frame->maker.look->is_low) {
        widget_icon(frame->maker, middle, "picto-clock", DRAWN(220));
    }
    if (is_long) {
        frame_ends(frame, (struct frame_end){"list", "ticket.more", "icon-list"});
    }
}

static void build_sent(struct frame *frame)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    const struct look *look = frame->maker.look;
    frame_lead(frame, frame_say(frame, "form.done.lead"));
    struct node *card = widget_column(frame->maker, frame_info(frame), DRAWN(12));
    card->style = STYLE_NOTICE;
    card->tone = TONE_GOOD;
    card->box.pad = (struct edges){DRAWN(40), DRAWN(32), DRAWN(40), DRAWN(32)};
    struct node *head = widget_row(frame->maker, card, DRAWN(24));
    head->box.across = ALIGN_CENTER;
    widget_icon(frame->maker, head, "icon-done", DRAWN(84))->ink = COLOUR_GOOD_INK;
    const struct request_private *request = kiosk_request(frame->kiosk);
    struct node *what = widget_text(frame->maker, head, "what", TYPE_CARD,
                                    request == NULL ? frame_say(frame, "form.done.title")
                                                    : frame_request_title(frame, request));
    what->privacy = PRIVACY_PRIVATE;
    what->box.grow = 1;
    if (form->reference[0] != '\0') {
        widget_text(frame->maker, card, NULL, TYPE_BODY, frame_say(frame, "form.done.reference"))
            ->ink = COLOUR_INK;
        struct node *reference = widget_text(frame->maker, card, "reference", TYPE_INPUT,
                                             widget_foreign(frame->maker, form->reference));
        reference->privacy = PRIVACY_PRIVATE;
        reference->states |= NODE_LIVE;
        reference->ink = COLOUR_INK;
        if (!look->is_low) {
            enum slip_state slip = frame->kiosk->visit.slip;
            bool has_slip = slip == SLIP_PRINTING || slip == SLIP_PRINTED;
            widget_text(frame->maker, card, "keep", TYPE_BODY,
                        frame_say(frame, has_slip ? "form.done.slip" : "form.done.keep"))
                ->ink = COLOUR_INK;
        }
    }
    frame_ends(frame, (struct frame_end){"list", "ticket.more", "icon-list"});
}

static bool takes_long(const struct kiosk *kiosk)
{
    return kiosk->now_ms - kiosk->waits_since_ms >= KIOSK_WAY_OUT_MS;
}
