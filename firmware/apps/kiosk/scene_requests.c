// SPDX-License-Identifier: EUPL-1.2
//
// What is open: one card a request, the most urgent first and filled, the ticket card last.
#include "apps/kiosk/frame.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static size_t cards_of(const struct look *look);
static size_t cards_shown(const struct kiosk *kiosk, const struct look *look);
static void build_person(struct frame *frame);
static void build_card(struct frame *frame, const struct request_private *request, size_t index,
                       bool is_first);
static const char *detail_of(struct frame *frame, const struct request_private *request,
                             bool is_first);
static void badge_of(struct frame *frame, const struct request_private *request,
                     struct widget_card *card);
static void build_rest(struct frame *frame, size_t shown);
static void build_half(struct frame *frame, struct node *parent, const char *id, const char *key,
                       const char *icon, enum style style);
static void build_number(struct frame *frame);

const struct scene kiosk_scene_requests = {
    .id = "requests", .build = build, .event = event, .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct request_list_private *list = &kiosk->visit.visit.list;
    struct frame frame = frame_open(kiosk, look, tree, "requests", "requests.title");
    frame_title(&frame, frame_say(&frame, "requests.title"));
    build_person(&frame);
    if (list->sources_failed != 0) {
        widget_notice(frame.maker, frame_info(&frame),
                      (struct widget_notice){
                          .id = "incomplete",
                          .tone = TONE_TODO,
                          .icon = "icon-warn",
                          .cause = frame_say(&frame, "requests.incomplete"),
                          .consequence =
                              look->is_large ? NULL : frame_say(&frame, "requests.incomplete.so")});
    }
    size_t cards = cards_shown(kiosk, look);
    size_t first = kiosk->visit.page * cards;
    size_t shown = 0;
    for (size_t i = first; i < list->requests_count && shown < cards; i++, shown++) {
        const struct request_private *request = &list->requests[i];
        bool asks = request->state == REQUEST_MISSING || request->state == REQUEST_QUESTION;
        build_card(&frame, request, i, i == 0 && asks);
    }
    if (list->requests_count == 0) {
        struct node *none = widget_text(frame.maker, frame.content, "none", TYPE_SECTION,
                                        frame_say(&frame, "requests.none"));
        none->box.pad = (struct edges){0, DRAWN(40), 0, DRAWN(40)};
    }
    build_rest(&frame, first + shown);
    frame_close(&frame, kiosk_knows_nobody(kiosk) ? FRAME_BAR_STOP : FRAME_BAR_NOT_YOU);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    struct kiosk_visit_private *visit = &kiosk->visit;
    size_t index = 0;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_item(event, "request", &index) && index < visit->visit.list.requests_count) {
        CHECK(text_copy(visit->request, sizeof visit->request,
                        visit->visit.list.requests[index].id) == OK);
        scenes_push(scenes, &kiosk_scene_request);
    } else if (scene_event_is(event, "number")) {
        visit->request[0] = '\0';
        visit->subject_first = 0;
        scenes_push(scenes, &kiosk_scene_subject);
    } else if (scene_event_is(event, "new")) {
        kiosk_ask_catalogue(kiosk);
    } else if (scene_event_is(event, "more")) {
        size_t cards = cards_shown(kiosk, kiosk->look);
        visit->page =
            (visit->page + 1) * cards < visit->visit.list.requests_count ? visit->page + 1 : 0;
    }
}

static size_t cards_of(const struct look *look)
{
    size_t roomy = look->is_low ? 2 : KIOSK_CARDS_MAX;
    return look->is_large ? roomy / 2 : roomy;
}

// A notice on the paper, and then the way to the other pages, take room.
static size_t cards_shown(const struct kiosk *kiosk, const struct look *look)
{
    bool is_incomplete = kiosk->visit.visit.list.sources_failed != 0 && !look->is_low;
    size_t taken = !is_incomplete ? 0 : look->is_large ? 1 : 2;
    return cards_of(look) - taken;
}

static void build_person(struct frame *frame)
{
    const struct api_visit_private *visit = &frame->kiosk->visit.visit;
    if (visit->initials[0] == '\0') {
        return;
    }
    char year[12];
    (void)snprintf(year, sizeof year, "%d", visit->birth_year); // always fits
    struct phrases_value values[] = {{"initials", visit->initials}, {"year", year}};
    struct node *chip = widget_chip(frame->maker, frame->field, "person",
                                    frame_fill_two(frame, "requests.person", values));
    chip->privacy = PRIVACY_PRIVATE;
}

static void build_card(struct frame *frame, const struct request_private *request, size_t index,
                       bool is_first)
{
    char id[24];
    (void)snprintf(id, sizeof id, "request.%u", (unsigned)index % 100); // always fits
    struct widget_card card = {
        .kind = is_first ? WIDGET_CARD_FIRST : WIDGET_CARD_PLAIN,
        .id = tree_words(frame->maker.tree, id),
        .title = frame_request_title(frame, request),
        .detail = detail_of(frame, request, is_first),
        .picture = request_subject_picture(request->subject),
        .stub = !is_first                     ? NULL
                : frame->maker.look->is_large ? frame_say(frame, "requests.go_on_wide")
                                              : frame_say(frame, "requests.go_on"),
        .privacy = PRIVACY_PRIVATE,
    };
    badge_of(frame, request, &card);
    widget_card(frame->maker, frame->content, card);
}

static const char *detail_of(struct frame *frame, const struct request_private *request,
                             bool is_first)
{
    const struct look *look = frame->maker.look;
    if (request->deadline_ms == 0) {
        return request->started_ms == 0 ? NULL
                                        : frame_fill(frame, "requests.started", "date",
                                                     frame_date(frame, request->started_ms));
    }
    if (is_first && look->is_low) {
        return NULL; // the badge says what to do; the next page says by when
    }
    bool is_short = is_first || look->is_large; // less room beside the stub and in large type
    bool is_ahead =
        request->state != REQUEST_BUSY && request->deadline_ms > clock_now_ms(&frame->kiosk->clock);
    return is_short && is_ahead ? frame_fill(frame, "request.before", "date",
                                             frame_date(frame, request->deadline_ms))
                                : frame_deadline(frame, request);
}

static void badge_of(struct frame *frame, const struct request_private *request,
                     struct widget_card *card)
{
    switch (request->state) {
    case REQUEST_MISSING:
        card->badge_icon = "icon-warn";
        card->badge_tone = TONE_TODO;
        card->badge = request->missing_count == 0 ? frame_say(frame, "requests.to_do")
                                                  : frame_missing(frame, request->missing[0]);
        break;
    case REQUEST_QUESTION: {
        unsigned left = request->steps_count > request->steps_done
                            ? (unsigned)(request->steps_count - request->steps_done)
                            : 1;
        card->badge_icon = "icon-ask";
        card->badge_tone = TONE_ASK;
        // How many there are is not known of every form; then it is not said.
        card->badge = request->steps_count == 0 ? frame_say(frame, "requests.to_do")
                                                : frame_count(frame, "requests.questions", left);
        break;
    }
    case REQUEST_BUSY:
        card->badge_icon = "icon-busy";
        card->badge_tone = TONE_IDLE;
        card->badge = frame_say(frame, "requests.busy");
        break;
    case REQUEST_DONE:
        card->badge_icon = "icon-done";
        card->badge_tone = TONE_GOOD;
        card->badge = frame_say(frame, "requests.done");
        break;
    }
}

// The other pages; then what is not in the list: a number for it, or beginning it here. In low mode
// all side by side.
static void build_rest(struct frame *frame, size_t shown)
{
    const struct kiosk *kiosk = frame->kiosk;
    const struct look *look = frame->maker.look;
    size_t count = kiosk->visit.visit.list.requests_count;
    bool has_more = shown < count || kiosk->visit.page > 0;
    // In large type there is room for it behind the number's page only.
    bool has_new = kiosk->state.has_catalogue && !(look->is_large && has_more);
    struct node *parent = frame->content;
    if (look->is_low) {
        parent = widget_grid(frame->maker, frame->content, 1U + has_more + has_new, DRAWN(20));
    }
    if (has_more) {
        struct node *more = widget_button(
            frame->maker, parent,
            (struct widget_button){.id = "more",
                                   .words = shown < count
                                                ? frame_count(frame, "requests.more", count - shown)
                                                : frame_say(frame, "requests.first_page"),
                                   .icon = "icon-list",
                                   .style = STYLE_BUTTON_SERVICE,
                                   .height_mm = DRAWN(130)});
        more->type = TYPE_STUB;
    }
    if (has_new && !look->is_low) {
        parent = widget_grid(frame->maker, frame->content, 2, DRAWN(20));
    }
    if (has_new || look->is_low) {
        build_half(frame, parent, "number", "requests.number", "icon-ticket", STYLE_CARD_TICKET);
    } else {
        build_number(frame);
    }
    if (has_new) {
        build_half(frame, parent, "new", "new.title", "icon-plus", STYLE_BUTTON_SERVICE);
    }
}

static void build_half(struct frame *frame, struct node *parent, const char *id, const char *key,
                       const char *icon, enum style style)
{
    const struct look *look = frame->maker.look;
    bool is_roomy = look->is_large || look->is_low;
    widget_button(frame->maker, parent,
                  (struct widget_button){.id = id,
                                         .words = frame_say(frame, key),
                                         .icon = icon,
                                         .style = style,
                                         .height_mm = DRAWN(is_roomy ? 190 : 150)})
        ->type = TYPE_STUB;
}

static void build_number(struct frame *frame)
{
    const struct look *look = frame->maker.look;
    struct wait_band band = frame_wait_other(frame);
    widget_card(frame->maker, frame->content,
                (struct widget_card){.kind = WIDGET_CARD_TICKET,
                                     .id = "number",
                                     .title = frame_say(frame, "requests.number"),
                                     .detail = look->is_large ? NULL
                                               : band.is_known
                                                   ? frame_fill(frame, "requests.number.wait",
                                                                "wait", frame_wait(frame, &band))
                                                   : frame_say(frame, "requests.number.detail"),
                                     .picture = "picto-slip"});
}
