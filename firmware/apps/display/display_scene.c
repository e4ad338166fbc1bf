// SPDX-License-Identifier: EUPL-1.2
//
// How the wall display looks: three rows of number and desk, or the honest page without the hub.
#include "apps/display/display.h"

#include "base/clock.h"
#include "base/text.h"
#include "ui/widget.h"

#include <stdio.h>

// Drawn for a wall panel of 1920 x 1080 read from 8 metres. Lengths are those of the drawn kiosk
// panel: borders, bites and corners then grow with the numbers, as the eye far away needs them.
#define PANEL(px) DRAWN(px)
#define PANEL_CAP(px) DRAWN_CAP(px)
// The font's capitals stand this much below the middle of their line.
#define CAPITALS_LOW_PX 17

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void build_calls(const struct display *display, struct maker maker, struct node *page);
static void build_row(const struct display *display, struct maker maker, struct node *page,
                      size_t row);
static void build_empty(const struct display *display, struct maker maker, struct node *card,
                        size_t row);
static void build_lost(const struct display *display, struct maker maker, struct node *page);
static void build_lost_words(const struct display *display, struct maker maker,
                             struct node *notice);
static void build_last_calls(const struct display *display, struct maker maker, struct node *page);
static void build_foot(const struct display *display, struct maker maker, struct node *page,
                       const char *words);
static struct node *add_words(struct maker maker, struct node *parent, const char *id, float size,
                              const char *words);
static void read_clock(struct display *display);

const struct scene display_scene = {
    .id = "display",
    .build = build,
    .event = event,
    .tick = tick,
};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct display *display = model;
    struct maker maker = {.tree = tree, .look = look};
    struct node *page = widget_page(maker, "display", display->town);
    if (display->is_lost || !display->had_state) {
        build_lost(display, maker, page);
    } else {
        build_calls(display, maker, page);
    }
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    (void)model;
    (void)scenes;
    (void)event; // nothing here can be touched
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct display *display = model;
    (void)scenes;
    unsigned chimes_before = display->chimes_count;
    int64_t next_ms = display_step(display, now_ms);
    if (display->chimes_count != chimes_before) {
        sound_chime(&display->sound, 80);
    }
    read_clock(display);
    struct clock clock = clock_system();
    int64_t minute_ms = now_ms + 60000 - clock_now_ms(&clock) % 60000;
    return next_ms < minute_ms ? next_ms : minute_ms;
}

static void build_calls(const struct display *display, struct maker maker, struct node *page)
{
    page->box.pad = (struct edges){PANEL(40), PANEL(14), PANEL(40), PANEL(14)};
    page->box.gap_mm = PANEL(17);
    struct node *head = widget_row(maker, page, 0);
    head->box.height_mm = PANEL(82);
    head->box.across = ALIGN_CENTER;
    head->box.pad.start_mm = PANEL(98);
    struct node *number = add_words(maker, head, "column.number", 64,
                                    phrases_get(&display->phrases, "display.number"));
    number->box.width_mm = PANEL(1299);
    add_words(maker, head, "column.desk", 64, phrases_get(&display->phrases, "display.desk"));
    for (size_t i = 0; i < DISPLAY_ROWS; i++) {
        build_row(display, maker, page, i);
    }
    char words[PHRASE_BYTES] = "";
    unsigned least = 0;
    unsigned most = 0;
    if (display_wait(display, &least, &most)) {
        char from[12];
        char to[12];
        (void)snprintf(from, sizeof from, "%u", least); // always fits
        (void)snprintf(to, sizeof to, "%u", most);      // always fits
        struct phrases_value values[] = {{"from", from}, {"to", to}};
        if (phrases_fill(phrases_get(&display->phrases, "display.wait"), values, 2, words,
                         sizeof words) != OK) {
            words[0] = '\0';
        }
    }
    build_foot(display, maker, page, words);
}

static void build_row(const struct display *display, struct maker maker, struct node *page,
                      size_t row)
{
    bool is_filled = row < display->rows_count;
    bool is_new = row == 0 && display->is_new;
    struct node *card = tree_add_item(maker.tree, page, "call", row, ROLE_ROW, NULL);
    card->style = is_new ? STYLE_CALL_NEW : STYLE_CALL;
    card->box.height_mm = PANEL(280);
    card->box.flow = FLOW_ROW;
    card->box.across = ALIGN_CENTER;
    card->box.pad = (struct edges){PANEL(98), 0, 0, PANEL(CAPITALS_LOW_PX)};
    if (is_new) {
        card->states |= NODE_LIVE;
    }
    struct node *tear = widget_space(maker, card, 0);
    tear->style = STYLE_TEAR_DOWN;
    tear->box.is_placed = true;
    tear->box.start_mm = PANEL(1325);
    tear->box.width_mm = PANEL(4);
    tear->box.height_mm = PANEL(280);
    if (!is_filled) {
        build_empty(display, maker, card, row);
        return;
    }
    struct node *number =
        add_words(maker, card, is_new ? "number.new" : NULL, 276, display->rows[row].number);
    number->type = TYPE_NUMBER;
    number->box.width_mm = PANEL(1018);
    struct node *arrow = widget_icon(maker, card, "icon-next", PANEL(168));
    arrow->icon_mirrors = true;
    arrow->box.pad.top_mm = PANEL(CAPITALS_LOW_PX);
    struct node *desk =
        add_words(maker, card, is_new ? "desk.new" : NULL, 276, display->rows[row].desk);
    desk->type = TYPE_NUMBER;
    desk->box.pad.start_mm = PANEL(134);
    if (is_new) {
        desk->ink = COLOUR_LIGHT;
    }
}

// An empty place keeps its shape; before the first call it says what will come.
static void build_empty(const struct display *display, struct maker maker, struct node *card,
                        size_t row)
{
    if (row > 0 || display->rows_count > 0) {
        return;
    }
    struct node *words =
        add_words(maker, card, "nobody", 96, phrases_get(&display->phrases, "display.nobody"));
    words->type = TYPE_BODY;
    words->ink = COLOUR_MUTED;
}

static void build_lost(const struct display *display, struct maker maker, struct node *page)
{
    struct node *notice = widget_row(maker, page, PANEL(88));
    notice->role = ROLE_ALERT;
    notice->ground = COLOUR_TODO_GROUND;
    notice->box.height_mm = PANEL(680);
    notice->box.pad = (struct edges){PANEL(90), PANEL(60), PANEL(90), PANEL(60)};
    notice->box.across = ALIGN_CENTER;
    struct node *plug = widget_icon(maker, notice, "picto-plugoff", PANEL(380));
    plug->tone = TONE_TODO;
    plug->box.width_mm = PANEL(380);
    build_lost_words(display, maker, notice);

    struct node *below = widget_column(maker, page, PANEL(20));
    below->box.grow = 1;
    below->box.pad = (struct edges){PANEL(90), PANEL(28), PANEL(90), 0};
    if (display->rows_count > 0) {
        build_last_calls(display, maker, below);
    }
    struct node *foot = widget_column(maker, page, 0);
    foot->box.pad = (struct edges){PANEL(90), 0, PANEL(90), PANEL(14)};
    build_foot(display, maker, foot,
               display->rows_count > 0 ? phrases_get(&display->phrases, "display.still_valid")
                                       : "");
}

static void build_lost_words(const struct display *display, struct maker maker, struct node *notice)
{
    struct node *words = widget_column(maker, notice, PANEL(20));
    words->box.width_mm = PANEL(1000);
    struct node *cause =
        add_words(maker, words, "lost.cause", 128, phrases_get(&display->phrases, "display.lost"));
    cause->is_nowrap = false;
    cause->ink = COLOUR_TODO_INK;
    struct node *advice =
        add_words(maker, words, "lost.advice", 76, phrases_get(&display->phrases, "display.ask"));
    advice->is_nowrap = false;
    advice->type = TYPE_BODY;
    if (display->second.count > 0) {
        // Isolated: the full stop of the other language stays at that language's end.
        char isolated[PHRASE_BYTES];
        struct text line;
        text_init(&line, isolated, sizeof isolated);
        text_format(&line, "\u2068%s\u2069", phrases_get(&display->second, "display.ask"));
        for (char *at = isolated; *at != '\0'; at++) {
            *at = *at == '\n' ? ' ' : *at; // smaller: one line is enough
        }
        struct node *second = add_words(maker, words, "lost.second", 56, isolated);
        second->is_nowrap = false;
        second->type = TYPE_BODY;
        second->ink = COLOUR_TODO_INK;
    }
}

static void build_last_calls(const struct display *display, struct maker maker, struct node *page)
{
    struct clock_local at = clock_local(display->rows[0].called_ms);
    char time[DISPLAY_TIME_BYTES];
    (void)snprintf(time, sizeof time, "%02u.%02u", (unsigned)at.hour % 24,
                   (unsigned)at.minute % 60);
    char words[PHRASE_BYTES];
    struct phrases_value value = {"time", time};
    if (phrases_fill(phrases_get(&display->phrases, "display.last_called"), &value, 1, words,
                     sizeof words) == OK) {
        add_words(maker, page, "last.at", 52, words);
    }
    struct node *row = widget_row(maker, page, PANEL(32));
    for (size_t i = 0; i < display->rows_count; i++) {
        struct node *card = tree_add_item(maker.tree, row, "last", i, ROLE_ROW, NULL);
        card->style = STYLE_CARD;
        card->box.flow = FLOW_ROW;
        card->box.width_mm = PANEL(558);
        card->box.height_mm = PANEL(148);
        card->box.across = ALIGN_CENTER;
        card->box.along = ALIGN_SPREAD;
        card->box.pad = (struct edges){PANEL(36), 0, PANEL(36), 0};
        struct node *number = add_words(maker, card, NULL, 84, display->rows[i].number);
        number->ink = COLOUR_MUTED;
        struct node *end = widget_row(maker, card, PANEL(24));
        end->box.across = ALIGN_CENTER;
        struct node *arrow = widget_icon(maker, end, "icon-next", PANEL(60));
        arrow->icon_mirrors = true;
        arrow->ink = COLOUR_MUTED;
        struct node *desk = add_words(maker, end, NULL, 84, display->rows[i].desk);
        desk->ink = COLOUR_MUTED;
    }
}

static void build_foot(const struct display *display, struct maker maker, struct node *page,
                       const char *words)
{
    struct node *foot = widget_row(maker, page, PANEL(26));
    foot->box.height_mm = PANEL(60);
    foot->box.across = ALIGN_CENTER;
    widget_mark(maker, foot, PANEL(52))->ink = COLOUR_ON_TINT;
    add_words(maker, foot, "town", 48, display->town);
    struct node *wait = add_words(maker, foot, "foot.words", 48, words);
    wait->type = TYPE_BODY;
    wait->ink = COLOUR_MUTED;
    wait->box.grow = 1;
    wait->box.pad.start_mm = PANEL(36);
    struct node *clock = add_words(maker, foot, "clock", 56, display->now_text);
    clock->role = ROLE_CLOCK;
    clock->has_text = true;
}

static struct node *add_words(struct maker maker, struct node *parent, const char *id, float size,
                              const char *words)
{
    struct node *node = widget_text(maker, parent, id, TYPE_CARD, words);
    node->cap_mm = PANEL_CAP(size);
    node->is_nowrap = true;
    return node;
}

static void read_clock(struct display *display)
{
    struct clock clock = clock_system();
    struct clock_local now = clock_local(clock_now_ms(&clock));
    (void)snprintf(display->now_text, sizeof display->now_text, "%02u.%02u",
                   (unsigned)now.hour % 24, (unsigned)now.minute % 60); // always five characters
}
