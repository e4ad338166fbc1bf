// SPDX-License-Identifier: EUPL-1.2
//
// One request: what it is, what is missing, by when, and the way to the counter.
#include "apps/kiosk/frame.h"

#include "base/clock.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void build_title(struct frame *frame, const struct request_private *request);
static void build_missing(struct frame *frame, const struct request_private *request);

const struct scene kiosk_scene_request = {
    .id = "request", .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct request_private *request = kiosk_request(kiosk);
    CHECK(request != NULL);
    struct frame frame = frame_open(kiosk, look, tree, "request", "request.name");
    build_title(&frame, request);
    if (request->words[0] != '\0' && !look->is_large) {
        struct node *words =
            widget_text(frame.maker, frame.content, "words", TYPE_BODY, request->words);
        words->privacy = PRIVACY_PRIVATE;
    }
    build_missing(&frame, request);
    widget_heading(frame.maker, frame.content, "how", TYPE_SECTION,
                   frame_say(&frame, "request.how"));
    const struct api_state_service *service = kiosk_service(kiosk, request->service);
    widget_card(
        frame.maker, frame.content,
        (struct widget_card){.kind = WIDGET_CARD_FILLED,
                             .id = "to_counter",
                             .title = frame_say(&frame, "request.counter"),
                             .detail = service == NULL || !service->wait.is_known
                                           ? frame_say(&frame, "request.counter.detail")
                                           : frame_fill(&frame, "request.counter.wait", "wait",
                                                        frame_wait(&frame, &service->wait)),
                             .picture = "picto-desk2",
                             .is_big = true});
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (!kiosk_common_event(kiosk, scenes, event) && event->kind == SCENE_ACTIVATED &&
        scene_event_is(event, "to_counter")) {
        scenes_push(scenes, &kiosk_scene_consent);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    return kiosk_idle_tick(model, scenes, now_ms);
}

static void build_title(struct frame *frame, const struct request_private *request)
{
    struct node *row = widget_row(frame->maker, frame->field, DRAWN(32));
    row->box.across = ALIGN_CENTER;
    if (!frame->maker.look->is_large) {
        struct node *tile = widget_tile(frame->maker, row, kiosk_subject_picture(request->subject),
                                        DRAWN(152), DRAWN(112));
        tile->style = STYLE_TILE_PAPER;
    }
    struct node *column = widget_column(frame->maker, row, DRAWN(4));
    column->box.grow = 1;
    struct node *title = widget_heading(
        frame->maker, column, "title", TYPE_QUESTION,
        request->title[0] == '\0' ? frame_say(frame, "requests.unnamed") : request->title);
    title->privacy = PRIVACY_PRIVATE;
    if (request->reference[0] != '\0') {
        widget_text(frame->maker, column, "reference", TYPE_BODY,
                    frame_fill(frame, "request.reference", "number", request->reference));
    } else if (request->started_ms != 0) {
        widget_text(
            frame->maker, column, "reference", TYPE_BODY,
            frame_fill(frame, "requests.started", "date", frame_date(frame, request->started_ms)));
    }
}

static void build_missing(struct frame *frame, const struct request_private *request)
{
    bool asks = request->missing_count > 0;
    const char *cause = asks
                            ? frame_fill(frame, "requests.missing", "item", request->missing[0])
                            : frame_say(frame, request->state == REQUEST_BUSY   ? "requests.busy"
                                               : request->state == REQUEST_DONE ? "requests.done"
                                                                                : "requests.to_do");
    const char *when = NULL;
    if (request->deadline_ms != 0) {
        when = frame_fill(
            frame, request->state == REQUEST_BUSY ? "requests.hear_before" : "request.before",
            "date", frame_date(frame, request->deadline_ms));
    }
    widget_notice(frame->maker, frame->content,
                  (struct widget_notice){.id = "missing",
                                         .tone = asks ? TONE_TODO : TONE_IDLE,
                                         .icon = asks ? "icon-warn" : "icon-busy",
                                         .cause = cause,
                                         .consequence = when});
    for (size_t i = 1; i < request->missing_count; i++) {
        widget_check(frame->maker, frame->content,
                     (struct widget_check){.words = request->missing[i],
                                           .status = frame_say(frame, "request.to_do")});
    }
    if (request->steps_count > 0 && request->steps_done > 0 && !frame->maker.look->is_large) {
        widget_check(frame->maker, frame->content,
                     (struct widget_check){
                         .id = "steps",
                         .is_done = true,
                         .words = frame_count(frame, "request.answered", request->steps_done),
                         .status = frame_say(frame, "request.done")});
    }
}
