// SPDX-License-Identifier: EUPL-1.2
//
// Are you still there? Thirty seconds, one key extends, then everything is wiped.
#include "apps/kiosk/frame.h"

#include <stdio.h>

static void enter(void *model, struct scenes *scenes);
static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void build_countdown(struct frame *frame, uint64_t seconds);
static struct node *build_saved(struct frame *frame, struct node *words);
static void build_disc(struct frame *frame);

const struct scene kiosk_scene_timeout = {
    .id = "timeout", .enter = enter, .build = build, .event = event, .tick = tick};

// Whoever walks away from a form has it saved before anything is wiped.
static void enter(void *model, struct scenes *scenes)
{
    (void)scenes;
    fill_keep(&((struct kiosk *)model)->visit.form);
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    int64_t left_ms = KIOSK_WARNING_MS - (kiosk->now_ms - kiosk->warned_ms);
    uint64_t seconds = left_ms < 0 ? 0 : (uint64_t)(left_ms + 999) / 1000;
    struct frame frame = frame_open(kiosk, look, tree, "timeout", "timeout.title");
    build_countdown(&frame, seconds);
    frame.content->box.gap_mm = DRAWN(32); // the ring stands clear
    struct node *stay =
        widget_button(frame.maker, frame.content,
                      (struct widget_button){.id = "stay",
                                             .words = frame_say(&frame, "timeout.stay"),
                                             .style = STYLE_BUTTON_FILLED,
                                             .height_mm = DRAWN(220)});
    stay->type = TYPE_SECTION;
    stay->cap_mm = look->is_large ? 0 : DRAWN_CAP(72);
    stay->states |= NODE_FOCUSED; // one key of a keypad is enough
    stay->key = KEY_ENTER;
    frame_stop(&frame);
    frame_close(&frame, FRAME_BAR_SHORT);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    bool stays = event->kind == SCENE_ACTIVATED && scene_event_is(event, "stay");
    if (stays && kiosk->visit.extensions < KIOSK_EXTENSIONS_MAX) {
        kiosk->visit.extensions += 1;
        kiosk_touch(kiosk, event->now_ms);
        scenes_pop(scenes);
        return;
    }
    int64_t touched_ms = kiosk->touched_ms;
    (void)kiosk_common_event(kiosk, scenes, event); // larger, contrast, stop
    kiosk->touched_ms = touched_ms;
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->now_ms = now_ms;
    if (now_ms - kiosk->warned_ms >= KIOSK_WARNING_MS) {
        kiosk_end(kiosk);
        return SCENE_NEVER;
    }
    (void)fill_tick(&kiosk->visit.form, now_ms); // a save that failed is tried meanwhile
    return now_ms + 1000 - (now_ms - kiosk->warned_ms) % 1000;
}

// One of the two screens that are centred: seen from a few steps away.
static void build_countdown(struct frame *frame, uint64_t seconds)
{
    const struct look *look = frame->maker.look;
    bool is_roomy = !look->is_large && !look->is_low && !frame->kiosk->visit.form.is_open;
    if (is_roomy) {
        widget_space(frame->maker, frame->field, DRAWN(30));
        build_disc(frame);
    }
    frame->has_info = true; // the field is full
    struct node *column = widget_column(frame->maker, frame->field, DRAWN(24));
    column->box.pad = (struct edges){0, DRAWN(20), 0, is_roomy ? DRAWN(72) : DRAWN(12)};
    struct node *title = widget_heading(frame->maker, column, "title", TYPE_WELCOME,
                                        frame_say(frame, "timeout.title"));
    title->text_align = ALIGN_CENTER;
    struct node *words = widget_column(frame->maker, column, 0);
    struct node *count = widget_text(frame->maker, words, "countdown", TYPE_BODY,
                                     frame_count(frame, "timeout.countdown", seconds));
    count->states |= NODE_LIVE;
    struct node *erase =
        widget_text(frame->maker, words, "erase", TYPE_BODY, frame_say(frame, "timeout.erase"));
    struct node *saved = build_saved(frame, words);
    struct node *const lines[] = {count, erase, saved};
    for (size_t i = 0; i < (saved == NULL ? 2U : 3U); i++) {
        lines[i]->text_align = ALIGN_CENTER;
        lines[i]->cap_mm = look->is_large ? 0 : DRAWN_CAP(48);
    }
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%u", (unsigned)seconds % 100); // always fits
    struct node *number = widget_text(frame->maker, column, "seconds", TYPE_NUMBER, digits);
    number->cap_mm = DRAWN_CAP(200);
    number->text_align = ALIGN_CENTER;
    number->is_nowrap = true;
    number->box.pad.top_mm = DRAWN(16);
    enum { BLOCKS = KIOSK_WARNING_MS / 1000 };
    struct node *row = widget_grid(frame->maker, column, BLOCKS, DRAWN(9));
    for (unsigned i = 0; i < BLOCKS; i++) {
        struct node *block = tree_add(frame->maker.tree, row, NULL, ROLE_ICON, NULL);
        block->style = STYLE_STEP;
        block->states |= i < seconds ? NODE_CHECKED : 0U;
        block->box.height_mm = DRAWN(40);
    }
}

// Of a form: that it is kept, and where to go on. NULL: nothing to say.
static struct node *build_saved(struct frame *frame, struct node *words)
{
    const struct fill_private *form = &frame->kiosk->visit.form;
    if (!form->is_open || form->state != API_FORM_OPEN) {
        return NULL;
    }
    bool is_saved = form->saving == FORM_AT_SOURCE || form->saving == FORM_AT_HUB;
    if (form->saving == FORM_NOTHING_YET) {
        return NULL;
    }
    const char *key = kiosk_is_begun_here(frame->kiosk) ? "timeout.form.here"
                      : is_saved                        ? "timeout.form"
                                                        : "timeout.form.not";
    struct node *saved =
        widget_text(frame->maker, words, "saved", TYPE_BODY, frame_say(frame, key));
    saved->states |= NODE_LIVE;
    return saved;
}

static void build_disc(struct frame *frame)
{
    struct node *disc = widget_column(frame->maker, frame->field, 0);
    disc->style = STYLE_CHIP; // as round as it is high
    disc->box.width_mm = DRAWN(260);
    disc->box.height_mm = DRAWN(260);
    disc->box.self = ALIGN_CENTER;
    disc->box.along = ALIGN_CENTER;
    disc->box.across = ALIGN_CENTER;
    widget_icon(frame->maker, disc, "picto-clock", DRAWN(176));
}
