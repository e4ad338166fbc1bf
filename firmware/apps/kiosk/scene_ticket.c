// SPDX-License-Identifier: EUPL-1.2
//
// The number: large, with its time, its code, and the slip, or without one.
#include "apps/kiosk/card_frame.h"

// The code is drawn at most this large.
enum { CODE_PX = 232 };

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void build_number(struct frame *frame, struct node *ticket);
static void build_code(struct frame *frame, struct node *ticket);
static void build_slip(struct frame *frame);

const struct scene kiosk_scene_ticket = {
    .id = "ticket", .enter = kiosk_enter, .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "ticket", "ticket.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, "ticket.title"));
    struct node *ticket = tree_add(tree, frame.field, "ticket.card", ROLE_TICKET, NULL);
    ticket->style = STYLE_TICKET;
    ticket->box.gap_mm = DRAWN(16);
    ticket->box.pad = (struct edges){DRAWN(56), DRAWN(20), DRAWN(56), DRAWN(36)};
    build_number(&frame, ticket);
    if (!look->is_large && !look->is_low) { // the slip carries the code too
        build_code(&frame, ticket);
    }
    build_slip(&frame);
    const struct frame_end more = {"more", "ticket.more", "icon-list"};
    frame_ends(&frame, kiosk->visit.has_visit ? more : (struct frame_end){0});
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "done")) {
        kiosk_end(kiosk);
    } else if (scene_event_is(event, "more")) {
        kiosk->visit.has_ticket = false;
        kiosk->visit.request[0] = '\0';
        scenes_reset(scenes, &kiosk_scene_requests);
        kiosk_card_watch(kiosk); // she may have taken her card meanwhile
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    kiosk->now_ms = now_ms;
    (void)scenes;
    if (now_ms - kiosk->touched_ms >= KIOSK_TICKET_MS) {
        kiosk_end(kiosk); // whoever walked away with the number is done
        return SCENE_NEVER;
    }
    return kiosk->touched_ms + KIOSK_TICKET_MS;
}

static void build_number(struct frame *frame, struct node *ticket)
{
    const struct api_ticket *told = &frame->kiosk->visit.ticket;
    struct node *number =
        widget_heading(frame->maker, ticket, "ticket.number", TYPE_NUMBER, told->ticket.number);
    number->text_align = ALIGN_CENTER;
    number->is_nowrap = true;
    number->ink = COLOUR_PICTURE_LINE;
    number->states |= NODE_LIVE;
    struct node *row = widget_row(frame->maker, ticket, DRAWN(28));
    row->box.along = ALIGN_CENTER;
    row->box.across = ALIGN_CENTER;
    if (told->wait.is_known) {
        widget_icon(frame->maker, row, "picto-clock", DRAWN(84));
        widget_text(frame->maker, row, "ticket.time", TYPE_TIME,
                    frame_time(frame, "common.around_time", told->wait.likely_ms));
    }
    struct node *wait = widget_text(frame->maker, ticket, "ticket.wait", TYPE_BODY,
                                    told->wait.is_known ? frame_fill(frame, "ticket.wait", "wait",
                                                                     frame_wait(frame, &told->wait))
                                                        : frame_say(frame, "ticket.wait.unknown"));
    wait->text_align = ALIGN_CENTER;
    wait->ink = COLOUR_MUTED;
}

static void build_code(struct frame *frame, struct node *ticket)
{
    const struct kiosk_visit_private *visit = &frame->kiosk->visit;
    struct node *tear = tree_add(frame->maker.tree, ticket, NULL, ROLE_GROUP, NULL);
    tear->style = STYLE_TEAR;
    tear->box.height_mm = DRAWN(76);
    struct node *row = widget_row(frame->maker, ticket, DRAWN(48));
    row->box.across = ALIGN_CENTER;
    row->box.pad.top_mm = DRAWN(20); // the code's quiet zone stays clear of the bites
    row->box.pad.bottom_mm = DRAWN(12);
    if (visit->qr.modules_count > 0) {
        (void)frame_code(frame, row, "ticket.code", &visit->qr, CODE_PX);
    }
    struct node *column = widget_column(frame->maker, row, DRAWN(12));
    column->box.grow = 1;
    struct node *subject = widget_row(frame->maker, column, DRAWN(20));
    subject->box.across = ALIGN_CENTER;
    widget_icon(frame->maker, subject, request_subject_picture(visit->ticket.ticket.subject),
                DRAWN(64));
    const struct request_private *request = kiosk_request(frame->kiosk);
    const struct api_state_service *service =
        kiosk_service(frame->kiosk, visit->ticket.ticket.service);
    struct node *title = widget_text(frame->maker, subject, "ticket.subject", TYPE_CARD,
                                     request != NULL && visit->ticket.ticket.request[0] != '\0'
                                         ? frame_request_title(frame, request)
                                     : service != NULL ? kiosk_service_name(frame->kiosk, service)
                                                       : "");
    title->box.grow = 1;
    title->privacy = PRIVACY_PRIVATE;
    if (!card_frame_take(frame, column)) {
        widget_text(frame->maker, column, "ticket.keep", TYPE_DETAIL,
                    frame_say(frame, "ticket.keep"));
    }
}

static void build_slip(struct frame *frame)
{
    static const struct {
        const char *cause;
        const char *so;
        const char *icon;
        enum tone tone;
    } table[] = {
        [SLIP_NONE] = {"ticket.remember", "ticket.no_slip", "picto-printoff", TONE_TODO},
        [SLIP_PRINTING] = {"ticket.slip_comes", "ticket.take_slip", "picto-printslip", TONE_NONE},
        [SLIP_PRINTED] = {"ticket.slip_there", "ticket.take_slip", "picto-printslip", TONE_NONE},
        [SLIP_FAILED] = {"ticket.remember", "ticket.no_slip", "picto-printoff", TONE_TODO},
    };
    enum slip_state state = frame->kiosk->visit.slip;
    if (table[state].tone == TONE_TODO) {
        widget_notice(frame->maker, frame->content,
                      (struct widget_notice){.id = "slip",
                                             .tone = TONE_TODO,
                                             .icon = table[state].icon,
                                             .cause = frame_say(frame, table[state].cause),
                                             .consequence = frame_say(frame, table[state].so)});
        return;
    }
    struct node *row = widget_row(frame->maker, frame->content, DRAWN(32));
    row->box.across = ALIGN_CENTER;
    row->box.pad = (struct edges){0, DRAWN(12), 0, DRAWN(16)};
    widget_tile(frame->maker, row, table[state].icon, DRAWN(140), DRAWN(110));
    struct node *column = widget_column(frame->maker, row, DRAWN(4));
    column->box.grow = 1;
    struct node *cause = widget_text(frame->maker, column, "slip", TYPE_BUTTON,
                                     frame_say(frame, table[state].cause));
    cause->states |= NODE_LIVE;
    widget_text(frame->maker, column, "slip.so", TYPE_DETAIL, frame_say(frame, table[state].so));
    struct node *down = widget_icon(frame->maker, row, "icon-down", DRAWN(88));
    down->ink = COLOUR_ON_TINT;
}
