// SPDX-License-Identifier: EUPL-1.2
//
// Help: three plain acts with a picture each, and always a person.
#include "apps/kiosk/card_frame.h"
#include "apps/kiosk/form_frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);

static bool build_question(struct frame *frame);

const struct scene kiosk_scene_help = {
    .id = "help", .build = build, .event = event, .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    static const struct {
        const char *picture;
        const char *title;
        const char *detail;
    } acts[3] = {
        {"picto-phoneqr", "help.scan", "help.scan.detail"},
        {"picto-touch", "help.choose", "help.choose.detail"},
        {"picto-desk2", "help.person", "help.person.detail"},
    };
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "help", "help.title");
    frame_title(&frame, frame_say(&frame, "help.title"));
    bool has_question = build_question(&frame);
    if (kiosk->visit.card.stage == CARD_ASKS) {
        card_frame_digits(&frame);
        has_question = true;
    }
    for (size_t i = has_question ? 1 : 0; i < 3; i++) {
        struct node *row = widget_row(frame.maker, frame_info(&frame), DRAWN(32));
        row->style = STYLE_CARD;
        row->box.across = ALIGN_CENTER;
        row->box.pad = (struct edges){DRAWN(34), DRAWN(28), DRAWN(34), DRAWN(28)};
        widget_tile(frame.maker, row, acts[i].picture, DRAWN(136), DRAWN(106));
        struct node *column = widget_column(frame.maker, row, DRAWN(6));
        column->box.grow = 1;
        widget_heading(frame.maker, column, NULL, TYPE_CARD, frame_say(&frame, acts[i].title));
        widget_text(frame.maker, column, NULL, TYPE_DETAIL, frame_say(&frame, acts[i].detail));
    }
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (event->kind == SCENE_ACTIVATED && scene_event_is(event, "bar.help")) {
        kiosk_touch(kiosk, event->now_ms);
        scenes_pop(scenes);
        return;
    }
    (void)kiosk_common_event(kiosk, scenes, event); // nothing else can be touched here
}

// In large type and low mode a question has no room for its explanation: it stands here.
static bool build_question(struct frame *frame)
{
    const struct kiosk *kiosk = frame->kiosk;
    const struct form_field *field = fill_field(&kiosk->visit.form);
    if (field == NULL) {
        return false;
    }
    const char *const words[2] = {field->description, field->tooltip};
    struct node *card = NULL;
    for (size_t i = 0; i < 2; i++) {
        if (words[i] == NULL || words[i][0] == '\0') {
            continue;
        }
        if (card == NULL) {
            card = widget_column(frame->maker, frame_info(frame), DRAWN(8));
            card->style = STYLE_CARD;
            card->box.pad = (struct edges){DRAWN(34), DRAWN(20), DRAWN(34), DRAWN(20)};
        }
        widget_text(frame->maker, card, NULL, TYPE_DETAIL, form_frame_words(frame, words[i], 160))
            ->privacy = PRIVACY_PRIVATE;
    }
    return card != NULL;
}
