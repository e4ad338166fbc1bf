// SPDX-License-Identifier: EUPL-1.2
//
// What the counter will see, before anything is shared, and two ways on: with it or without.
#include "apps/kiosk/frame.h"

#include "base/text.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_rows(struct frame *frame);
static void row(struct frame *frame, struct node *card, const char *icon, const char *key,
                const char *value);
static void build_toggles(struct frame *frame);

const struct scene kiosk_scene_consent = {
    .id = "consent", .build = build, .event = event, .tick = kiosk_idle_tick};

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
        struct node *row = widget_row(frame.maker, frame.content, DRAWN(20));
        widget_icon(frame.maker, row, "icon-info", DRAWN(48))->ink = COLOUR_MUTED;
        struct node *after =
            widget_text(frame.maker, row, "after", TYPE_DETAIL, frame_say(&frame, "consent.after"));
        after->ink = COLOUR_MUTED;
        after->box.grow = 1;
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

static void build_rows(struct frame *frame)
{
    const struct kiosk *kiosk = frame->kiosk;
    const struct request_private *request = kiosk_request(kiosk);
    const struct api_state_service *service = kiosk_service(kiosk, kiosk->visit.service);
    struct node *card = widget_column(frame->maker, frame_info(frame), 0);
    card->style = STYLE_CARD;
    card->box.pad = (struct edges){DRAWN(34), DRAWN(6), DRAWN(34), DRAWN(6)};
    bool is_nobody = kiosk_knows_nobody(kiosk);
    const struct card_private *laid = &kiosk->visit.card;
    const char *proof_key = laid->stage == CARD_OPENS && laid->has_holder ? "consent.proof.document"
                            : laid->stage == CARD_OPENS                   ? "consent.proof.pass"
                            : !is_nobody                                  ? "consent.proof.value"
                            : kiosk->visit.visit.level == LEVEL_0         ? "consent.proof.none"
                                                                          : "consent.proof.link";
    row(frame, card, "icon-person", "consent.who",
        frame_say(frame, is_nobody ? "consent.who.unknown" : "consent.who.value"));
    row(frame, card, "icon-shield", "consent.proof", frame_say(frame, proof_key));
    row(frame, card, "icon-list", "consent.what",
        request != NULL   ? frame_request_title(frame, request)
        : service != NULL ? kiosk_service_name(kiosk, service)
                          : frame_say(frame, "consent.what.other"));
    if (request != NULL && request->missing_count > 0) {
        row(frame, card, "icon-empty", "consent.missing",
            widget_foreign(frame->maker, request->missing[0]));
    }
    const struct form_field *field = fill_field(&kiosk->visit.form);
    if (field != NULL) {
        char label[CONTEXT_LABEL_BYTES];
        fill_plain(field->label, label, sizeof label);
        row(frame, card, "icon-ask", "consent.question", widget_foreign(frame->maker, label));
    }
    row(frame, card, "icon-globe", "consent.language", frame_say(frame, "common.language_name"));
    struct node *last = &frame->maker.tree->nodes[card->last_child];
    last->style = STYLE_PLAIN; // the card's own edge follows
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
        label->box.width_mm = DRAWN(310);
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
        bool is_on = kiosk->visit.shares_others;
        frame_toggle(frame, (struct frame_toggle){
                                .id = "others",
                                .icon = is_on ? "icon-eye" : "icon-eyeoff",
                                .words = frame_count(frame, "consent.others", others),
                                .detail = frame_say(frame, is_on ? "consent.others.seen"
                                                                 : "consent.others.unseen"),
                                .is_on = is_on,
                            });
    }
    frame_toggle(frame, (struct frame_toggle){.id = "wheelchair",
                                              .icon = "icon-wheel",
                                              .words = frame_say(frame, "consent.wheelchair"),
                                              .is_on = kiosk->visit.wants_wheelchair});
}
