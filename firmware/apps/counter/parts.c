// SPDX-License-Identifier: EUPL-1.2
//
// Words, buttons, the head and the queue of the counter's screens.
#include "apps/counter/parts.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>

static void queue_row(struct parts parts, struct node *list, const struct ticket *ticket,
                      size_t position);
static void queue_flags(struct parts parts, struct node *row, const struct ticket *ticket);
static void aside_row(struct parts parts, struct node *list, const struct ticket *ticket,
                      size_t position);
static void next_button(struct parts parts, struct node *column);
static uint64_t minutes_since(const struct desk *desk, int64_t time_ms);

struct node *parts_words(struct parts parts, struct node *parent, float size_px, bool is_bold,
                         const char *words)
{
    struct node *node = parts_named(parts, parent, NULL, size_px, words);
    node->type = is_bold ? TYPE_BODY_BOLD : TYPE_BODY;
    return node;
}

struct node *parts_named(struct parts parts, struct node *parent, const char *id, float size_px,
                         const char *words)
{
    struct node *node = widget_text(parts.maker, parent, id, TYPE_BODY_BOLD, words);
    node->cap_mm = DESK_CAP(size_px) * (parts.maker.look->is_large ? DESK_LARGE : 1.0F);
    return node;
}

struct node *parts_keycap(struct parts parts, struct node *parent, const char *words)
{
    struct node *cap = parts_words(parts, parent, 14, true, words);
    cap->role = ROLE_BADGE; // its words stand in the middle
    cap->style = STYLE_KEYCAP;
    cap->box.height_mm = DESK_PX(28);
    cap->box.min_width_mm = DESK_PX(32);
    cap->box.pad = (struct edges){DESK_PX(7), 0, DESK_PX(7), 0};
    cap->text_align = ALIGN_CENTER;
    cap->is_nowrap = true;
    return cap;
}

void parts_rule(struct parts parts, struct node *parent)
{
    struct node *rule = widget_space(parts.maker, parent, DESK_PX(1));
    rule->style = STYLE_RULE;
    if (parent->box.flow == FLOW_ROW) {
        rule->box = (struct box){.width_mm = DESK_PX(1)};
    }
}

const char *parts_phrase(struct parts parts, const char *key)
{
    return phrases_get(&parts.desk->phrases, key);
}

const char *parts_filled(struct parts parts, const char *key, const char *name, const char *value)
{
    char words[PHRASE_BYTES];
    struct phrases_value filling = {name, value};
    if (phrases_fill(parts_phrase(parts, key), &filling, 1, words, sizeof words) != OK) {
        return value;
    }
    return tree_words(parts.maker.tree, words);
}

const char *parts_count(struct parts parts, const char *key, uint64_t count)
{
    char words[PHRASE_BYTES];
    if (phrases_fill_count(&parts.desk->phrases, key, count, words, sizeof words) != OK) {
        return "";
    }
    return tree_words(parts.maker.tree, words);
}

struct node *parts_button(struct parts parts, struct node *parent, struct parts_button button)
{
    struct node *node = tree_add(parts.maker.tree, parent, button.id, ROLE_BUTTON, button.words);
    node->has_text = false;
    node->style = button.style;
    node->key = button.key;
    node->states |= NODE_ACTIONABLE;
    node->box.flow = FLOW_ROW;
    node->box.across = ALIGN_CENTER;
    node->box.gap_mm = DESK_PX(14);
    node->box.pad = (struct edges){DESK_PX(20), 0, DESK_PX(16), 0};
    node->box.height_mm = DESK_PX(button.height_px);
    node->box.grow = 1;
    if (button.icon != NULL) {
        widget_icon(parts.maker, node, button.icon, DESK_PX(26));
    }
    struct node *column = widget_column(parts.maker, node, 0);
    column->box.grow = 1;
    bool is_quiet = button.style == STYLE_BUTTON_TEXT;
    float size_px = button.detail != NULL ? 23 : is_quiet ? 16 : 19;
    node->ink = is_quiet ? COLOUR_MUTED : COLOUR_INHERIT;
    parts_words(parts, column, size_px, !is_quiet, button.words);
    if (button.detail != NULL) {
        parts_words(parts, column, 15, false, button.detail);
    }
    if (button.cap != NULL) {
        parts_keycap(parts, node, button.cap);
    }
    return node;
}

struct node *parts_notice(struct parts parts, struct node *parent, struct parts_notice notice)
{
    struct node *row = tree_add(parts.maker.tree, parent, notice.id, ROLE_NOTICE, NULL);
    row->style = STYLE_BADGE;
    row->tone = notice.tone;
    row->box.flow = FLOW_ROW;
    row->box.gap_mm = DESK_PX(14);
    row->box.across = ALIGN_CENTER;
    row->box.pad = (struct edges){DESK_PX(18), DESK_PX(10), DESK_PX(18), DESK_PX(10)};
    widget_icon(parts.maker, row, notice.icon, DESK_PX(26));
    struct node *column = widget_column(parts.maker, row, DESK_PX(2));
    column->box.grow = 1;
    parts_words(parts, column, 19, true, notice.title)->privacy = PRIVACY_PRIVATE;
    if (notice.below != NULL && notice.below[0] != '\0') {
        parts_words(parts, column, 16, false, notice.below)->privacy = PRIVACY_PRIVATE;
    }
    return row;
}

const char *parts_subject_words(struct parts parts, enum request_subject subject)
{
    static const char *const keys[SUBJECTS_COUNT] = {
        [SUBJECT_LETTER] = "counter.subject.letter",
        [SUBJECT_PARKING] = "counter.subject.parking",
        [SUBJECT_MOVING] = "counter.subject.moving",
        [SUBJECT_LICENCE] = "counter.subject.licence",
        [SUBJECT_PASSPORT] = "counter.subject.passport",
        [SUBJECT_MONEY] = "counter.subject.money",
    };
    CHECK(subject < SUBJECTS_COUNT);
    return parts_phrase(parts, keys[subject]);
}

void parts_head(struct parts parts, struct node *page)
{
    const struct desk *desk = parts.desk;
    struct node *head = widget_row(parts.maker, page, DESK_PX(20));
    head->style = STYLE_FIELD;
    head->box.height_mm = DESK_PX(58);
    head->box.across = ALIGN_CENTER;
    head->box.pad = (struct edges){DESK_PX(20), 0, DESK_PX(20), 0};
    widget_mark(parts.maker, head, DESK_PX(34));
    parts_words(parts, head, 19, true, parts_filled(parts, "counter.desk", "desk", desk->desk));
    const struct counter *own = desk_own(desk);
    if (own != NULL && own->state != COUNTER_CLOSED) {
        size_t at = (size_t)(own - desk->state.counters);
        parts_words(parts, head, 18, false, desk->state.counter_staff_name[at]);
        const struct ticket *first = desk_waiting(desk, 0);
        if (first != NULL) {
            struct node *waiting = widget_row(parts.maker, head, DESK_PX(6));
            waiting->box.across = ALIGN_CENTER;
            widget_icon(parts.maker, waiting, "icon-person", DESK_PX(22));
            parts_words(parts, waiting, 18, false,
                        parts_count(parts, "counter.waiting", desk_waiting_count(desk)));
            struct node *longest = widget_row(parts.maker, head, DESK_PX(6));
            longest->box.across = ALIGN_CENTER;
            widget_icon(parts.maker, longest, "icon-busy", DESK_PX(22));
            parts_words(
                parts, longest, 18, false,
                parts_count(parts, "counter.longest", minutes_since(desk, first->issued_ms)));
        }
    }
    struct node *room = widget_space(parts.maker, head, 0);
    room->box.grow = 1;
    widget_icon(parts.maker, head, desk->is_connected ? "icon-check" : "icon-nolink", DESK_PX(24));
    parts_words(parts, head, 18, !desk->is_connected,
                parts_phrase(parts, desk->is_connected ? "counter.connected" : "counter.lost"));
    char time[DESK_TIME_BYTES];
    desk_time(desk->now_ms, time);
    struct node *clock = parts_words(parts, head, 18, true, time);
    clock->role = ROLE_CLOCK;
}

void parts_queue(struct parts parts, struct node *parent)
{
    struct node *column = widget_column(parts.maker, parent, 0);
    column->ground = COLOUR_PAPER;
    column->box.width_mm = DESK_PX(352);
    struct node *title = widget_row(parts.maker, column, 0);
    title->box.height_mm = DESK_PX(46);
    title->box.across = ALIGN_CENTER;
    title->box.along = ALIGN_SPREAD;
    title->box.pad = (struct edges){DESK_PX(18), 0, DESK_PX(14), 0};
    parts_words(parts, title, 17, true, parts_phrase(parts, "counter.queue"));
    struct node *promise =
        parts_words(parts, title, 15, false, parts_phrase(parts, "counter.promise"));
    promise->ink = COLOUR_MUTED;
    parts_rule(parts, column);

    struct node *list = widget_column(parts.maker, column, 0);
    list->role = ROLE_LIST;
    size_t aside_count = 0;
    while (aside_count < DESK_ASIDE_MAX && desk_aside(parts.desk, aside_count) != NULL) {
        aside_count++;
    }
    size_t rows_max = (parts.maker.look->is_large ? 5 : 7) - aside_count;
    for (size_t i = 0; i < rows_max && desk_waiting(parts.desk, i) != NULL; i++) {
        queue_row(parts, list, desk_waiting(parts.desk, i), i);
    }
    size_t waiting_count = desk_waiting_count(parts.desk);
    if (waiting_count == 0) {
        struct node *none =
            parts_words(parts, list, 18, false, parts_phrase(parts, "counter.nobody"));
        none->box.pad = (struct edges){DESK_PX(18), DESK_PX(18), DESK_PX(14), DESK_PX(18)};
        none->ink = COLOUR_MUTED;
    } else if (waiting_count > rows_max) {
        struct node *more = parts_words(
            parts, list, 15, false, parts_count(parts, "counter.more", waiting_count - rows_max));
        more->box.pad = (struct edges){DESK_PX(18), DESK_PX(8), DESK_PX(14), DESK_PX(8)};
        more->ink = COLOUR_MUTED;
    }
    for (size_t i = 0; i < aside_count; i++) {
        aside_row(parts, list, desk_aside(parts.desk, i), i);
    }
    struct node *why =
        parts_button(parts, column,
                     (struct parts_button){.id = "why",
                                           .words = parts_phrase(parts, "counter.why"),
                                           .icon = "icon-help",
                                           .cap = "F1",
                                           .key = KEY_F1,
                                           .style = STYLE_BUTTON_TEXT,
                                           .height_px = 50});
    why->box.grow = 0;
    struct node *room = widget_space(parts.maker, column, 0);
    room->box.grow = 1;
    next_button(parts, column);
}

void parts_problem(struct parts parts, struct node *parent)
{
    const char *key = desk_problem(parts.desk);
    if (key[0] == '\0') {
        return;
    }
    struct node *notice = widget_row(parts.maker, parent, DESK_PX(12));
    notice->role = ROLE_ALERT;
    notice->style = STYLE_NOTICE;
    notice->tone = TONE_TODO;
    notice->box.across = ALIGN_CENTER;
    notice->box.pad = (struct edges){DESK_PX(20), DESK_PX(10), DESK_PX(20), DESK_PX(10)};
    widget_icon(parts.maker, notice, "icon-warn", DESK_PX(24));
    struct node *words = parts_words(parts, notice, 17, true, parts_phrase(parts, key));
    words->box.grow = 1;
}

static void queue_row(struct parts parts, struct node *list, const struct ticket *ticket,
                      size_t position)
{
    struct node *row = tree_add_item(parts.maker.tree, list, "waiting", position, ROLE_ROW, NULL);
    row->style = position == 0 ? STYLE_ROW_MARKED : STYLE_PLAIN;
    row->box.flow = FLOW_ROW;
    row->box.across = ALIGN_CENTER;
    row->box.gap_mm = DESK_PX(12);
    row->box.min_height_mm = DESK_PX(63);
    row->box.pad = (struct edges){DESK_PX(18), 0, DESK_PX(14), 0};
    bool is_large = parts.maker.look->is_large;
    struct node *number = parts_words(parts, row, 22, true, ticket->number);
    number->box.width_mm = is_large ? DESK_PX(70) : DESK_PX(58);
    number->is_nowrap = true;
    if (!is_large) {
        widget_icon(parts.maker, row, request_subject_picture(ticket->subject), DESK_PX(32));
    }
    struct node *what = widget_column(parts.maker, row, 0);
    what->box.grow = 1;
    parts_words(parts, what, 18, position == 0, parts_subject_words(parts, ticket->subject));
    struct node *wait = parts_words(
        parts, what, 15, false,
        parts_count(parts, "counter.waits", minutes_since(parts.desk, ticket->issued_ms)));
    wait->ink = COLOUR_MUTED;
    queue_flags(parts, row, ticket);
    char time[DESK_TIME_BYTES];
    desk_time(ticket->due_ms, time);
    struct node *due = parts_words(parts, row, 18, true, time);
    due->is_nowrap = true;
    due->box.width_mm = is_large ? DESK_PX(60) : DESK_PX(48);
    due->text_align = ALIGN_END;
    if (position > 0) {
        parts_rule(parts, list); // the marked row draws its own
    }
}

// What the desk should be ready for, as icons without names.
static void queue_flags(struct parts parts, struct node *row, const struct ticket *ticket)
{
    static const struct {
        enum need need;
        const char *icon;
    } table[] = {
        {NEED_WHEELCHAIR, "icon-wheel"}, {NEED_HEARING, "icon-ear"}, {NEED_SEEING, "icon-eye"}};
    if (ticket->language[0] != '\0' && !text_equal(ticket->language, "nl")) {
        widget_icon(parts.maker, row, "icon-globe", DESK_PX(22));
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if ((ticket->needs & table[i].need) != 0) {
            widget_icon(parts.maker, row, table[i].icon, DESK_PX(22));
        }
    }
}

// Parked or absent: one press brings it back.
static void aside_row(struct parts parts, struct node *list, const struct ticket *ticket,
                      size_t position)
{
    bool is_parked = ticket->state == TICKET_PARKED;
    static const enum tree_key keys[DESK_ASIDE_MAX] = {KEY_1, KEY_2, KEY_3, KEY_4};
    // While a sheet's choices have the digits it waits.
    bool has_key = parts.desk->sheet != SHEET_FINISH && parts.desk->sheet != SHEET_TRANSFER;
    struct node *row = tree_add_item(parts.maker.tree, list, "aside", position,
                                     has_key ? ROLE_BUTTON : ROLE_ROW, ticket->number);
    row->has_text = false;
    row->style = STYLE_BUTTON_TEXT;
    row->key = has_key ? keys[position] : KEY_NONE;
    row->states |= has_key ? NODE_ACTIONABLE : 0U;
    row->box.flow = FLOW_ROW;
    row->box.across = ALIGN_CENTER;
    row->box.gap_mm = DESK_PX(14);
    row->box.height_mm = DESK_PX(50);
    row->box.pad = (struct edges){DESK_PX(18), 0, DESK_PX(14), 0};
    struct node *number = parts_words(parts, row, 18, true, ticket->number);
    number->box.width_mm = DESK_PX(64);
    number->ink = COLOUR_MUTED;
    widget_icon(parts.maker, row, is_parked ? "icon-park" : "icon-absent", DESK_PX(24));
    struct node *words = parts_words(
        parts, row, 16, false,
        parts_phrase(parts, is_parked ? "counter.aside.parked" : "counter.aside.absent"));
    words->box.grow = 1;
    words->ink = COLOUR_MUTED;
    if (has_key) {
        const char digit[] = {(char)('1' + position), '\0'};
        parts_keycap(parts, row, digit);
    }
}

static void next_button(struct parts parts, struct node *column)
{
    const struct desk *desk = parts.desk;
    const struct ticket *next = desk_waiting(desk, 0);
    struct node *foot = widget_column(parts.maker, column, 0);
    foot->box.pad = (struct edges){DESK_PX(14), DESK_PX(14), DESK_PX(14), DESK_PX(14)};
    const struct counter *own = desk_own(desk);
    bool is_free = desk->ticket[0] == '\0' && own != NULL && own->state != COUNTER_PAUSED;
    if (!is_free || next == NULL) {
        return; // nothing that could be pressed: finish first, pause first, or nobody waits
    }
    char who[PHRASE_BYTES];
    struct text line;
    text_init(&line, who, sizeof who);
    text_format(&line, "%s · %s", next->number, parts_subject_words(parts, next->subject));
    struct node *button =
        parts_button(parts, foot,
                     (struct parts_button){.id = "next",
                                           .words = parts_phrase(parts, "counter.next"),
                                           .detail = tree_words(parts.maker.tree, who),
                                           .icon = "icon-bell",
                                           .cap = "F2",
                                           .key = KEY_F2,
                                           .style = STYLE_BUTTON_FILLED,
                                           .height_px = 76});
    button->box.grow = 0;
}

static uint64_t minutes_since(const struct desk *desk, int64_t time_ms)
{
    int64_t passed_ms = desk->now_ms - time_ms;
    return passed_ms < 0 ? 0 : (uint64_t)(passed_ms / 60000);
}
