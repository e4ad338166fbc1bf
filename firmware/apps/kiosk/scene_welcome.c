// SPDX-License-Identifier: EUPL-1.2
//
// The welcome: hold a code under the scanner, lay a card on the reader, or take a number. Languages
// in their own words.
#include "apps/kiosk/card_frame.h"

static void enter(void *model, struct scenes *scenes);
static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void build_card(struct frame *frame, enum widget_card_kind kind);
static const char *detail_of(const struct frame *frame, const char *key);
static void build_languages(struct frame *frame);
static void build_fault(struct frame *frame);

const struct scene kiosk_scene_welcome = {
    .id = "welcome", .enter = enter, .build = build, .event = event, .tick = tick};

static void enter(void *model, struct scenes *scenes)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->touched_ms = 0;
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "welcome", "welcome.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_WELCOME,
                   frame_say(&frame, "welcome.title"));
    bool can_scan = kiosk->scanner_ok && kiosk->is_connected;
    bool can_lay = kiosk->card.has_reader && kiosk->is_connected;
    // Three choices: as low as their words where room is short.
    bool is_tight = can_lay && (look->is_low || look->is_large || !kiosk->printer_ok);
    enum widget_card_kind kind = is_tight ? WIDGET_CARD_ROW : WIDGET_CARD_PLAIN;
    if (can_scan) {
        struct node *lead = frame_lead(&frame, frame_say(&frame, "welcome.question"));
        lead->cap_mm = look->is_large ? 0 : DRAWN_CAP(48);
        widget_card(frame.maker, frame.content,
                    (struct widget_card){.kind = kind,
                                         .id = "scan",
                                         .title = frame_say(&frame, "welcome.scan"),
                                         .detail = detail_of(&frame, "welcome.scan.detail"),
                                         .picture = "picto-codes",
                                         .end_icon = "icon-down",
                                         .is_big = !is_tight});
    } else {
        build_fault(&frame); // what is missing comes first
    }
    if (can_lay) {
        build_card(&frame, kind);
    }
    if (can_scan) {
        widget_card(frame.maker, frame.content,
                    (struct widget_card){.kind = kind,
                                         .id = "no_code",
                                         .title = frame_say(&frame, "welcome.no_code"),
                                         .detail = detail_of(&frame, "welcome.no_code.detail"),
                                         .picture = "picto-slip",
                                         .is_big = !is_tight});
    } else if (kiosk->is_connected) {
        frame_number_card(&frame, "no_code", WIDGET_CARD_FILLED);
    }
    if (can_scan && !kiosk->printer_ok) {
        build_fault(&frame);
    }
    frame_gables(&frame);
    build_languages(&frame);
    frame_close(&frame, FRAME_BAR_SHORT);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    size_t index = 0;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "no_code")) {
        scenes_push(scenes, &kiosk_scene_subject);
    } else if (scene_event_is(event, "scan")) {
        scenes_push(scenes, &kiosk_scene_help); // a tap on the picture explains the act
    } else if (scene_event_is(event, "card")) {
        kiosk_card_ask(kiosk);
    } else if (scene_event_item(event, "language", &index) && index < KIOSK_LANGUAGES) {
        kiosk_set_language(kiosk, kiosk_languages[index]);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->now_ms = now_ms;
    return now_ms + 60000 - clock_now_ms(&kiosk->clock) % 60000; // the clock in the field
}

// One that an earlier visitor left is pointed at instead: it must not become somebody else's.
static void build_card(struct frame *frame, enum widget_card_kind kind)
{
    bool is_left = frame->kiosk->card.is_left;
    widget_card(frame->maker, frame->content,
                (struct widget_card){
                    .kind = kind,
                    .id = "card",
                    .title = frame_say(frame, is_left ? "card.take.title" : "welcome.card"),
                    .detail = detail_of(frame, is_left ? "card.take.lead" : "welcome.card.detail"),
                    .picture = "picto-cardread",
                    .end_icon = "icon-down",
                    .is_big = kind == WIDGET_CARD_PLAIN});
}

// Beside a third choice large letters low down leave room for the titles alone.
static const char *detail_of(const struct frame *frame, const char *key)
{
    const struct look *look = frame->maker.look;
    bool is_room = !look->is_large || !look->is_low || !frame->kiosk->card.has_reader;
    return is_room ? frame_say(frame, key) : NULL;
}

static void build_languages(struct frame *frame)
{
    static const char *const names[KIOSK_LANGUAGES] = {"Nederlands", "English", "العربية"};
    struct node *row = widget_row(frame->maker, frame->content, DRAWN(16));
    row->box.across = ALIGN_CENTER;
    row->box.pad.top_mm = DRAWN(12);
    widget_icon(frame->maker, row, "icon-globe", DRAWN(44));
    widget_text(frame->maker, row, "languages", TYPE_BADGE, "Taal · Language · لغة");
    struct node *grid = widget_grid(frame->maker, frame->content, KIOSK_LANGUAGES, DRAWN(12));
    for (size_t i = 0; i < KIOSK_LANGUAGES; i++) {
        char id[16] = "language.0";
        id[9] = (char)('0' + i);
        struct node *button =
            widget_button(frame->maker, grid,
                          (struct widget_button){.id = tree_words(frame->maker.tree, id),
                                                 .words = names[i],
                                                 .style = STYLE_BUTTON_SERVICE,
                                                 .height_mm = DRAWN(96)});
        button->type = TYPE_SERVICE; // names of languages must fit in every mode
        bool is_on = frame->maker.look->language[0] == kiosk_languages[i][0];
        button->states |= is_on ? NODE_CHECKED : 0U;
    }
}

// A missing part narrows the service and says so.
static void build_fault(struct frame *frame)
{
    const struct kiosk *kiosk = frame->kiosk;
    bool is_hub = !kiosk->is_connected;
    bool is_scanner = !is_hub && !kiosk->scanner_ok;
    widget_notice(frame->maker, frame_info(frame),
                  (struct widget_notice){
                      .id = "fault",
                      .tone = TONE_TODO,
                      .icon = is_hub       ? "picto-plugoff"
                              : is_scanner ? "icon-warn"
                                           : "picto-printoff",
                      .cause = frame_say(frame, is_hub       ? "fault.no_hub"
                                                : is_scanner ? "fault.no_scanner"
                                                             : "fault.no_printer"),
                      .consequence = frame_say(frame, is_hub       ? "fault.no_hub.so"
                                                      : is_scanner ? "fault.no_scanner.so"
                                                                   : "fault.no_printer.so")});
}
