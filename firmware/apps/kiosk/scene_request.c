// SPDX-License-Identifier: EUPL-1.2
//
// One request: what it is, what is missing, by when, and the way to the counter.
#include "apps/kiosk/frame.h"

#include "base/text.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static bool asks_here(const struct request_private *request);
static void build_finish(struct frame *frame, const struct request_private *request);
static void build_title(struct frame *frame, const struct request_private *request);
static void build_state(struct frame *frame, const struct request_private *request);
static void build_checks(struct frame *frame, struct node *card,
                         const struct request_private *request);

const struct scene kiosk_scene_request = {
    .id = "request", .build = build, .event = event, .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct request_private *request = kiosk_request(kiosk);
    CHECK(request != NULL);
    struct frame frame = frame_open(kiosk, look, tree, "request", "request.name");
    build_title(&frame, request);
    build_state(&frame, request);
    struct node *how = widget_heading(frame.maker, frame.content, "how", TYPE_SECTION,
                                      frame_say(&frame, "request.how"));
    how->box.pad.top_mm = look->is_low ? 0 : DRAWN(24);
    bool is_form = asks_here(request);
    if (is_form) {
        build_finish(&frame, request);
    }
    bool is_link = request->link[0] != '\0';
    if (is_link) {
        widget_card(frame.maker, frame.content,
                    (struct widget_card){.kind = WIDGET_CARD_FILLED,
                                         .id = "phone",
                                         .title = frame_say(&frame, "request.phone"),
                                         .detail = frame_say(&frame, "request.phone.detail"),
                                         .picture = "picto-phoneqr",
                                         .is_big = true});
    }
    const struct api_state_service *service = kiosk_service(kiosk, request->service);
    widget_card(
        frame.maker, frame.content,
        (struct widget_card){.kind = is_form || is_link ? WIDGET_CARD_STRONG : WIDGET_CARD_FILLED,
                             .id = "to_counter",
                             .title = frame_say(&frame, "request.counter"),
                             .detail = service == NULL || !service->wait.is_known
                                           ? frame_say(&frame, "request.counter.detail")
                                           : frame_fill(&frame, "message.number.wait", "wait",
                                                        frame_wait(&frame, &service->wait)),
                             .picture = "picto-desk2",
                             .is_big = true});
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "to_counter")) {
        scenes_push(scenes, &kiosk_scene_consent);
    } else if (scene_event_is(event, "phone")) {
        (void)kiosk_show_phone(kiosk, kiosk_request(kiosk)->link); // its length was bounded
    } else if (scene_event_is(event, "finish")) {
        fill_open(&kiosk->visit.form, &kiosk->form_host);
    }
}

// A form that still asks something. What the policy hides has come without a title.
static bool asks_here(const struct request_private *request)
{
    bool asks = request->state == REQUEST_MISSING || request->state == REQUEST_QUESTION;
    return request->kind == REQUEST_FORM && asks && request->title[0] != '\0';
}

static void build_finish(struct frame *frame, const struct request_private *request)
{
    unsigned left = request->steps_count > request->steps_done
                        ? (unsigned)(request->steps_count - request->steps_done)
                        : 0;
    widget_card(frame->maker, frame->content,
                (struct widget_card){
                    .kind = WIDGET_CARD_FILLED,
                    .id = "finish",
                    .title = frame_say(frame, "request.finish"),
                    .detail = left == 0 ? frame_say(frame, "request.finish.detail")
                                        : frame_count(frame, "request.finish.questions", left),
                    .picture = "picto-touch",
                    .is_big = true});
}

static void build_title(struct frame *frame, const struct request_private *request)
{
    struct node *row = widget_row(frame->maker, frame->field, DRAWN(32));
    row->box.across = ALIGN_CENTER;
    if (!frame->maker.look->is_large) {
        struct node *tile = widget_tile(
            frame->maker, row, request_subject_picture(request->subject), DRAWN(152), DRAWN(112));
        tile->style = STYLE_TILE_PAPER;
    }
    struct node *column = widget_column(frame->maker, row, DRAWN(4));
    column->box.grow = 1;
    struct node *title = widget_heading(frame->maker, column, "title", TYPE_QUESTION,
                                        frame_request_title(frame, request));
    title->privacy = PRIVACY_PRIVATE;
    char words[PHRASE_BYTES];
    struct text line;
    text_init(&line, words, sizeof words);
    if (request->reference[0] != '\0') {
        text_add(&line, frame_fill(frame, "request.reference", "number", request->reference));
    }
    if (request->started_ms != 0) {
        text_format(
            &line, "%s%s", line.len > 0 ? " · " : "",
            frame_fill(frame, "request.started", "date", frame_date(frame, request->started_ms)));
    }
    if (line.len > 0) {
        widget_text(frame->maker, column, "reference", TYPE_DETAIL, words);
    }
}

// One card: what is the matter and by when at its head, then what is done and what is not.
static void build_state(struct frame *frame, const struct request_private *request)
{
    static const struct {
        enum tone tone;
        enum colour ground;
        const char *icon;
        const char *words;
    } states[] = {
        [REQUEST_MISSING] = {TONE_TODO, COLOUR_TODO_GROUND, "icon-warn", "requests.to_do"},
        [REQUEST_QUESTION] = {TONE_ASK, COLOUR_ASK_GROUND, "icon-ask", "requests.to_do"},
        [REQUEST_BUSY] = {TONE_IDLE, COLOUR_IDLE_GROUND, "icon-busy", "requests.busy"},
        [REQUEST_DONE] = {TONE_GOOD, COLOUR_GOOD_GROUND, "icon-done", "requests.done"},
    };
    CHECK((size_t)request->state < sizeof states / sizeof states[0]);
    struct node *card = widget_column(frame->maker, frame_info(frame), 0);
    card->style = STYLE_NOTICE;
    card->tone = states[request->state].tone;
    card->ground = COLOUR_PAPER;
    card->ink = COLOUR_INK;
    struct node *head = widget_notice(
        frame->maker, card,
        (struct widget_notice){
            .id = "missing",
            .tone = card->tone,
            .icon = states[request->state].icon,
            .cause = request->missing_count > 0 ? frame_missing(frame, request->missing[0])
                                                : frame_say(frame, states[request->state].words),
            .consequence = frame_deadline(frame, request),
        });
    head->style = STYLE_HEAD;
    head->ground = states[request->state].ground;
    build_checks(frame, card, request);
}

static void build_checks(struct frame *frame, struct node *card,
                         const struct request_private *request)
{
    bool has_done = request->steps_count > 0 && request->steps_done > 0;
    if (request->words[0] == '\0' && request->missing_count == 0 && !has_done) {
        return;
    }
    struct node *list = widget_column(frame->maker, card, 0);
    list->role = ROLE_LIST;
    list->box.pad = (struct edges){DRAWN(38), DRAWN(16), DRAWN(38), DRAWN(16)};
    if (request->words[0] != '\0') {
        struct node *words = widget_text(frame->maker, list, "words", TYPE_BODY,
                                         widget_foreign(frame->maker, request->words));
        words->privacy = PRIVACY_PRIVATE;
        words->box.pad = (struct edges){0, DRAWN(10), 0, DRAWN(10)};
    }
    if (has_done) {
        widget_check(frame->maker, list,
                     (struct widget_check){
                         .id = "steps",
                         .is_done = true,
                         .words = frame_count(frame, "request.answered", request->steps_done),
                         .status = frame_say(frame, "request.done")});
    }
    for (size_t i = 0; i < request->missing_count; i++) {
        widget_check(
            frame->maker, list,
            (struct widget_check){.words = widget_foreign(frame->maker, request->missing[i]),
                                  .status = frame_say(frame, "request.to_do")});
    }
}
