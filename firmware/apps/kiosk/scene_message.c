// SPDX-License-Identifier: EUPL-1.2
//
// One honest page for whatever did not work: what it is, that it is not your fault, what works.
#include "apps/kiosk/frame.h"

#include "base/text.h"

#include <stdio.h>

// A page and how it looks.
struct page {
    const char *stem; // of its phrases
    const char *picture;
    const char *lost_key; // a fault of ours, so that is said: what does not work meanwhile
    bool helps_number;    // then that is the one filled choice
};

static const struct page *page_of(const struct kiosk *kiosk);
static void build_cause(struct frame *frame, const struct page *page);
static void build_lists(struct frame *frame, const struct page *page);
static bool has_login_code(const struct kiosk *kiosk);
static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);

const struct scene kiosk_scene_message = {
    .id = "message", .enter = kiosk_enter, .build = build, .event = event, .tick = tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct page *page = page_of(kiosk);
    struct frame frame = frame_open(kiosk, look, tree, "message", page->stem);
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION, frame_say(&frame, page->stem));
    build_cause(&frame, page);
    bool has_number = page->helps_number && kiosk->is_connected;
    bool has_code = has_login_code(kiosk);
    if (has_code) {
        // Where to log in, for her own phone: DigiD is never typed on a kiosk.
        frame_phone_code(&frame, &kiosk->visit.phone, frame_say(&frame, "message.form_login.scan"));
    } else if (page->lost_key != NULL && has_number && !look->is_large && !look->is_low) {
        build_lists(&frame, page);
    } else if (has_number && !look->is_low) {
        widget_heading(frame.maker, frame.content, "works", TYPE_SECTION,
                       frame_say(&frame, "message.works"));
    }
    if (has_number) {
        frame_number_card(&frame, "number", WIDGET_CARD_FILLED);
    }
    widget_button(
        frame.maker, frame.content,
        (struct widget_button){
            .id = "again",
            .words = frame_say(&frame, kiosk->visit.may_retry ? "common.retry" : "message.start"),
            .icon = "icon-retry",
            .style = has_number ? STYLE_BUTTON_OUTLINED : STYLE_BUTTON_FILLED});
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "number")) {
        scenes_push(scenes, &kiosk_scene_subject);
    } else if (scene_event_is(event, "again")) {
        kiosk_retry(kiosk);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->now_ms = now_ms;
    if (kiosk->touched_ms == 0) {
        kiosk->touched_ms = now_ms;
    }
    const int64_t patience_ms = has_login_code(kiosk) ? KIOSK_LOGIN_MS : KIOSK_MESSAGE_MS;
    if (now_ms - kiosk->touched_ms >= patience_ms) {
        kiosk_end(kiosk);
        return SCENE_NEVER;
    }
    return kiosk->touched_ms + patience_ms;
}

static const struct page *page_of(const struct kiosk *kiosk)
{
    static const struct page pages[] = {
        {"message.other", "picto-plugoff", "message.works_not.requests", true},
        {"message.backoffice", "picto-plugoff", "message.works_not.requests", true},
        {"message.form_down", "picto-plugoff", "message.works_not.form", true},
        {"message.no_hub", "picto-plugoff", "message.works_not.requests", false},
        {"message.code_unknown", "picto-codes", NULL, true},
        {"message.code_card", "picto-licence", NULL, true},
        {"message.code_expired", "picto-phoneqr", NULL, true},
        {"message.code_used", "picto-phoneqr", NULL, true},
        {"message.code_invalid", "picto-phoneqr", NULL, true},
        {"message.code_other_hall", "picto-house", NULL, true},
        {"message.link_expired", "picto-clock", NULL, true},
        {"message.link_used", "picto-letterqr", NULL, true},
        {"message.form_login", "picto-phoneqr", NULL, true},
        {"message.form_cannot", "picto-desk2", NULL, true},
        {"message.new_down", "picto-plugoff", "message.works_not.form", true},
        {"message.new_gone", "picto-letterqr", NULL, true},
        {"message.visit_locked", "picto-desk2", NULL, true},
        {"message.card_counter", "picto-desk2", NULL, true},
        {"message.card_expired", "picto-cardread", NULL, true},
        {"message.card_unsure", "picto-desk2", NULL, true},
        {"message.card_unknown", "picto-desk2", NULL, true},
        {"message.card_pass", "picto-passread", NULL, true},
        {"message.card_wrong", "picto-desk2", NULL, true},
        {"message.card_other", "picto-cardread", NULL, true},
        {"message.card_broken", "picto-desk2", NULL, true},
        {"message.card_gone", "picto-plugoff", NULL, true},
        // A number would not help: there is one already, none is left, or nothing is wrong.
        {"message.code_ticket", "picto-slip", NULL, false},
        {"message.full", "picto-desk2", NULL, false},
        {"message.visit_gone", "picto-clock", NULL, false},
    };
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (text_equal(pages[i].stem, kiosk->visit.problem)) {
            return &pages[i];
        }
    }
    return &pages[0];
}

static void build_cause(struct frame *frame, const struct page *page)
{
    char so[KIOSK_KEY_BYTES + 8];
    (void)snprintf(so, sizeof so, "%s.so", page->stem); // room for the three characters more
    const char *words = frame_say(frame, so);
    bool is_fault = page->lost_key != NULL;
    struct node *notice =
        widget_notice(frame->maker, frame_info(frame),
                      (struct widget_notice){
                          .id = "so",
                          .tone = TONE_TODO,
                          .icon = page->picture,
                          .cause = is_fault ? frame_say(frame, "message.not_your_fault") : words,
                          .consequence = is_fault ? words : NULL,
                      });
    bool is_tall = !frame->maker.look->is_large && !has_login_code(frame->kiosk);
    notice->box.min_height_mm = is_tall ? DRAWN(210) : 0;
}

// What a missing system leaves, and what not.
static void build_lists(struct frame *frame, const struct page *page)
{
    static const char *const heads[2] = {"message.works", "message.works_not"};
    static const char *const ids[2] = {"can", "cannot"};
    const char *const items[2] = {"message.works.number", page->lost_key};
    for (size_t i = 0; i < 2; i++) {
        struct node *group = widget_column(frame->maker, frame->content, DRAWN(12));
        group->box.pad.top_mm = DRAWN(12);
        widget_heading(frame->maker, group, i == 0 ? "works" : "works_not", TYPE_SECTION,
                       frame_say(frame, heads[i]));
        struct node *card = widget_column(frame->maker, group, 0);
        card->style = STYLE_CARD;
        card->role = ROLE_LIST;
        card->box.pad = (struct edges){DRAWN(38), DRAWN(18), DRAWN(38), DRAWN(18)};
        struct node *row = widget_check(
            frame->maker, card,
            (struct widget_check){
                .id = ids[i], .is_done = true, .words = frame_say(frame, items[i]), .status = ""});
        if (i == 1) {
            struct node *icon = &frame->maker.tree->nodes[row->first_child];
            tree_set_icon(frame->maker.tree, icon, "icon-cross", DRAWN(52));
            icon->ink = COLOUR_MUTED;
            row->states &= ~(unsigned)NODE_CHECKED;
        }
    }
}

// Elsewhere in a visit the same place holds the code of a link.
static bool has_login_code(const struct kiosk *kiosk)
{
    return text_equal(kiosk->visit.problem, "message.form_login") &&
           kiosk->visit.phone.modules_count > 0;
}
