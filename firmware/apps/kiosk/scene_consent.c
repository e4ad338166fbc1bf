// SPDX-License-Identifier: EUPL-1.2
//
// What the counter will see, before anything is shared, and two ways on: with it or without.
#include "apps/kiosk/frame.h"

#include "base/text.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void build_rows(struct frame *frame);
static void row(struct frame *frame, struct node *card, const char *icon, const char *key,
                const char *value);
static void build_toggles(struct frame *frame);
static void toggle(struct frame *frame, const char *id, const char *icon, const char *words,
                   bool is_on);

const struct scene kiosk_scene_consent = {
    .id = "consent", .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "consent", "consent.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, "consent.title"));
    if (!look->is_large) {
        frame_lead(&frame, frame_say(&frame, "consent.lead"));
    }
    build_rows(&frame);
    build_toggles(&frame);
    if (!look->is_large && !look->is_low) {
        widget_text(frame.maker, frame.content, "after", TYPE_DETAIL,
                    frame_say(&frame, "consent.after"));
    }
    widget_button(frame.maker, frame.content,
                  (struct widget_button){.id = "agree",
                                         .words = frame_say(&frame, "consent.agree"),
                                         .icon = "icon-check",
                                         .style = STYLE_BUTTON_FILLED,
                                         .height_mm = DRAWN(148)});
    widget_button(frame.maker, frame.content,
                  (struct widget_button){.id = "without",
                                         .words = frame_say(&frame, "consent.without"),
                                         .style = STYLE_BUTTON_OUTLINED,
                                         .height_mm = DRAWN(120)});
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "agree")) {
        kiosk_issue(kiosk, true);
    } else if (scene_event_is(event, "without")) {
        kiosk_issue(kiosk, false);
    } else if (scene_event_is(event, "others")) {
        kiosk->visit.shares_others = !kiosk->visit.shares_others;
    } else if (scene_event_is(event, "wheelchair")) {
        kiosk->visit.wants_wheelchair = !kiosk->visit.wants_wheelchair;
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    return kiosk_idle_tick(model, scenes, now_ms);
}

static void build_rows(struct frame *frame)
{
    const struct kiosk *kiosk = frame->kiosk;
    const struct request_private *request = kiosk_request(kiosk);
    const struct api_state_service *service = kiosk_service(kiosk, kiosk->visit.service);
    struct node *card = widget_column(frame->maker, frame->content, 0);
    card->style = STYLE_CARD;
    card->box.pad = (struct edges){DRAWN(34), DRAWN(6), DRAWN(34), DRAWN(6)};
    row(frame, card, "icon-person", "consent.who", frame_say(frame, "consent.who.value"));
    row(frame, card, "icon-shield", "consent.proof", frame_say(frame, "consent.proof.value"));
    row(frame, card, "icon-list", "consent.what",
        request != NULL   ? request->title
        : service != NULL ? kiosk_service_name(kiosk, service)
                          : frame_say(frame, "consent.what.other"));
    if (request != NULL && request->missing_count > 0) {
        row(frame, card, "icon-empty", "consent.missing", request->missing[0]);
    }
    row(frame, card, "icon-globe", "consent.language", frame_say(frame, "common.language_name"));
}

static void row(struct frame *frame, struct node *card, const char *icon, const char *key,
                const char *value)
{
    bool is_large = frame->maker.look->is_large;
    struct node *node = widget_row(frame->maker, card, DRAWN(26));
    node->style = STYLE_ROW;
    node->box.across = ALIGN_CENTER;
    node->box.min_height_mm = DRAWN(is_large ? 84 : 92);
    node->box.pad = (struct edges){0, DRAWN(8), 0, DRAWN(8)};
    struct node *mark = widget_icon(frame->maker, node, icon, DRAWN(52));
    mark->ink = COLOUR_ON_TINT;
    if (!is_large) {
        struct node *label =
            widget_text(frame->maker, node, NULL, TYPE_DETAIL, frame_say(frame, key));
        label->ink = COLOUR_MUTED;
        label->box.width_mm = DRAWN(300);
    }
    struct node *words = widget_text(frame->maker, node, NULL, TYPE_BADGE, value);
    words->box.grow = 1;
    words->privacy = PRIVACY_PRIVATE;
}

static void build_toggles(struct frame *frame)
{
    const struct kiosk *kiosk = frame->kiosk;
    size_t count = kiosk->visit.visit.list.requests_count;
    size_t others = kiosk_request(kiosk) == NULL || count == 0 ? count : count - 1;
    if (others > 0) {
        toggle(frame, "others", kiosk->visit.shares_others ? "icon-eye" : "icon-eyeoff",
               frame_count(frame, "consent.others", others), kiosk->visit.shares_others);
    }
    if (!frame->maker.look->is_large) {
        toggle(frame, "wheelchair", "icon-wheel", frame_say(frame, "consent.wheelchair"),
               kiosk->visit.wants_wheelchair);
    }
}

static void toggle(struct frame *frame, const char *id, const char *icon, const char *words,
                   bool is_on)
{
    struct node *card = tree_add(frame->maker.tree, frame->content, id, ROLE_BUTTON, words);
    card->has_text = false;
    card->style = is_on ? STYLE_CARD_TICKET : STYLE_CARD;
    card->states |= NODE_ACTIONABLE | (is_on ? NODE_CHECKED : 0U);
    card->box.flow = FLOW_ROW;
    card->box.across = ALIGN_CENTER;
    card->box.gap_mm = DRAWN(26);
    card->box.min_height_mm = DRAWN(112);
    card->box.pad = (struct edges){DRAWN(34), DRAWN(10), DRAWN(34), DRAWN(10)};
    struct node *box = widget_column(frame->maker, card, 0);
    box->style = STYLE_INPUT;
    box->box.width_mm = DRAWN(64);
    box->box.height_mm = DRAWN(64);
    box->box.along = ALIGN_CENTER;
    box->box.across = ALIGN_CENTER;
    if (is_on) {
        widget_icon(frame->maker, box, "icon-check", DRAWN(48));
    }
    struct node *text = widget_text(frame->maker, card, NULL, TYPE_BADGE, words);
    text->box.grow = 1;
    widget_icon(frame->maker, card, icon, DRAWN(56));
}
