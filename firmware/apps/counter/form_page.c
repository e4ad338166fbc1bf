// SPDX-License-Identifier: EUPL-1.2
//
// The form's page: the visitor stays in sight, the answers stand at the start, one question beside
// them, one filled action below.
#include "apps/counter/form_page.h"

#include "base/text.h"

#include <stdio.h>

enum { ITEMS_SHOWN = 5 };

// What a trouble says to staff and whether trying again helps.
struct trouble_page {
    const char *title_key;
    const char *so_key;
    const char *retry_key; // NULL: nothing to try
};

static void build_answers(struct parts parts, struct node *body);
static void build_answer(struct parts parts, struct node *column, size_t index,
                         struct form_place place);
static void build_card(struct parts parts, struct node *card);
static void build_page(struct parts parts, struct node *card);
static void build_question(struct parts parts, struct node *card, const struct form_field *field);
static void build_items(struct parts parts, struct node *card);
static void build_item(struct parts parts, struct node *card, size_t item);
static void build_check(struct parts parts, struct node *card);
static void build_error(struct parts parts, struct node *card);
static void build_trouble(struct parts parts, struct node *card);
static void build_waiting(struct parts parts, struct node *card, const char *key);
static void build_sent(struct parts parts, struct node *card);
static void build_actions(struct parts parts, struct node *pane);
static void build_primary(struct parts parts, struct node *row);
static const struct trouble_page *trouble_of(const struct desk *desk);
static const char *beyond_key(const struct fill_private *form, const struct form_field *field);
static const char *say_kept(struct parts parts, const char *key);
static bool may_go_on(const struct fill_private *form);
static void heading(struct parts parts, struct node *card, float size_px, const char *words);
static struct node *muted(struct parts parts, struct node *card, const char *id, const char *words);
static void press_page(struct desk *desk, const struct scene_event *event);
static bool is_plain_enter(const struct desk *desk, const struct scene_event *event);
static void press_next(struct desk *desk);

void form_page_build(struct parts parts, struct node *page)
{
    const struct desk *desk = parts.desk;
    struct node *body = widget_row(parts.maker, page, 0);
    body->box.grow = 1;
    body->box.across = ALIGN_STRETCH;
    if (desk->form.is_open) {
        build_answers(parts, body);
        parts_rule(parts, body);
    }
    struct node *pane = widget_column(parts.maker, body, DESK_PX(12));
    pane->box.grow = 1;
    pane->box.pad = (struct edges){DESK_PX(20), DESK_PX(18), DESK_PX(20), DESK_PX(14)};
    parts_problem(parts, pane);
    parts_person(parts, pane);
    struct node *card = tree_add(parts.maker.tree, pane, "form.card", ROLE_GROUP, NULL);
    card->style = STYLE_CARD;
    card->box.gap_mm = DESK_PX(14);
    card->box.grow = 1;
    card->box.pad = (struct edges){DESK_PX(24), DESK_PX(20), DESK_PX(24), DESK_PX(20)};
    build_card(parts, card);
    build_actions(parts, pane);
}

void form_page_event(struct desk *desk, const struct scene_event *event)
{
    struct fill_private *form = &desk->form;
    size_t index = 0;
    const struct fill_rows *rows = form->is_open ? fill_rows(form) : NULL;
    struct walk_page page;
    if (scene_event_is(event, "form.back")) {
        desk_fill_close(desk);
    } else if (scene_event_is(event, "form.retry")) {
        fill_retry(form);
    } else if (rows != NULL && scene_event_is(event, "answers.more")) {
        size_t next = desk->form_first + desk_form_rows(desk->look);
        desk->form_first = next < rows->count ? next : 0;
    } else if (rows == NULL || desk->form_view != DESK_FORM_PAGE) {
        return;
    } else if (scene_event_item(event, "answer", &index) && index < rows->count) {
        fill_keep(form);
        if (walk_at(&form->walk, rows->places[index], &page)) {
            fill_show(form, page);
        }
    } else if (scene_event_is(event, "form.previous")) {
        fill_back(form);
    } else if (scene_event_is(event, "next") || is_plain_enter(desk, event)) {
        press_next(desk);
    } else if (!form_inputs_event(desk, event)) {
        press_page(desk, event);
    }
}

struct fill_say form_page_say(struct parts parts)
{
    return (struct fill_say){parts.maker, &parts.desk->phrases, &parts.desk->form};
}

struct node *form_choice_row(struct parts parts, struct node *parent, struct form_choice_row row)
{
    struct node *node = widget_choice(parts.maker, parent,
                                      (struct widget_choice){.id = row.id,
                                                             .words = row.words,
                                                             .is_several = row.is_several,
                                                             .is_chosen = row.is_chosen,
                                                             .privacy = PRIVACY_PRIVATE,
                                                             .height_mm = DESK_PX(46)});
    node->cap_mm = DESK_CAP(18) * (parts.maker.look->is_large ? DESK_LARGE : 1.0F);
    node->icon_mm = DESK_PX(26);
    node->icon_gap_mm = DESK_PX(12);
    node->box.pad = (struct edges){DESK_PX(14), DESK_PX(4), DESK_PX(14), DESK_PX(4)};
    return node;
}

static void build_answers(struct parts parts, struct node *body)
{
    const struct desk *desk = parts.desk;
    const struct fill_rows *rows = fill_rows(&desk->form);
    size_t shown = desk_form_rows(parts.maker.look);
    struct node *column = widget_column(parts.maker, body, 0);
    column->ground = COLOUR_PAPER;
    column->box.width_mm = DESK_PX(352);
    struct node *title = widget_row(parts.maker, column, 0);
    title->box.height_mm = DESK_PX(46);
    title->box.across = ALIGN_CENTER;
    title->box.pad = (struct edges){DESK_PX(18), 0, DESK_PX(14), 0};
    parts_words(parts, title, 17, true, parts_phrase(parts, "counter.form.answers"));
    for (size_t i = desk->form_first; i < rows->count && i < desk->form_first + shown; i++) {
        build_answer(parts, column, i, rows->places[i]);
    }
    struct node *room = widget_space(parts.maker, column, 0);
    room->box.grow = 1;
    if (rows->count > shown) {
        struct node *row = widget_row(parts.maker, column, 0);
        row->box.pad = (struct edges){DESK_PX(14), DESK_PX(8), DESK_PX(14), DESK_PX(14)};
        parts_button(parts, row,
                     (struct parts_button){.id = "answers.more",
                                           .words = parts_phrase(parts, "common.more"),
                                           .icon = "icon-list",
                                           .style = STYLE_BUTTON_SERVICE,
                                           .height_px = 44});
    }
}

static void build_answer(struct parts parts, struct node *column, size_t index,
                         struct form_place place)
{
    const struct fill_private *form = &parts.desk->form;
    const struct form_field *field = &form->walk.form.fields[place.field];
    bool is_here = form->page.place.field == place.field && form->page.place.item == place.item &&
                   form->page.kind != WALK_CHECK;
    bool misses = fill_is_missing(form, place);
    bool is_large = parts.maker.look->is_large;
    const char *label = fill_words_label(form_page_say(parts), field, is_large ? 24 : 36);
    const char *answer = fill_words_answer(form_page_say(parts), place, is_large ? 20 : 30);
    char words[PHRASE_BYTES];
    struct text text;
    text_init(&text, words, sizeof words);
    text_format(&text, "%s: %s", label, answer);
    struct node *row = tree_add_item(parts.maker.tree, column, "answer", index, ROLE_BUTTON, words);
    row->has_text = false;
    row->privacy = PRIVACY_PRIVATE;
    row->style = is_here ? STYLE_ROW_MARKED : STYLE_ROW;
    row->states |= NODE_ACTIONABLE;
    row->box.flow = FLOW_ROW;
    row->box.across = ALIGN_CENTER;
    row->box.gap_mm = DESK_PX(12);
    row->box.height_mm = is_large ? DESK_PX(74) : DESK_PX(54);
    row->box.pad = (struct edges){DESK_PX(18), 0, DESK_PX(14), 0};
    struct node *lines = widget_column(parts.maker, row, 0);
    lines->box.grow = 1;
    struct node *asked = parts_words(parts, lines, 14, false, label);
    asked->ink = COLOUR_MUTED;
    asked->privacy = PRIVACY_PRIVATE;
    asked->is_nowrap = true;
    struct node *told = parts_words(parts, lines, 17, true, answer);
    told->privacy = PRIVACY_PRIVATE;
    told->is_nowrap = true;
    bool is_given = !answers_is_empty(&form->walk.answers, &form->walk.form, place);
    if (misses || is_given) {
        widget_icon(parts.maker, row, misses ? "icon-ask" : "icon-done", DESK_PX(24))->ink =
            misses ? COLOUR_TODO_INK : COLOUR_GOOD_INK;
    }
}

static void build_card(struct parts parts, struct node *card)
{
    switch (parts.desk->form_view) {
    case DESK_FORM_NONE:
        break;
    case DESK_FORM_WAITS:
        build_waiting(parts, card, "counter.form.opening");
        break;
    case DESK_FORM_PAGE:
        build_page(parts, card);
        break;
    case DESK_FORM_SENDING:
        build_waiting(parts, card, "counter.form.sending");
        break;
    case DESK_FORM_SENT:
        build_sent(parts, card);
        break;
    case DESK_FORM_TROUBLE:
        build_trouble(parts, card);
        break;
    }
}

static void build_page(struct parts parts, struct node *card)
{
    const struct fill_private *form = &parts.desk->form;
    const struct form_field *field = fill_field(form);
    const char *step = fill_words_step(form_page_say(parts));
    if (form->page.kind == WALK_CHECK) {
        build_check(parts, card);
        return;
    }
    if (step != NULL) {
        muted(parts, card, "step", step)->privacy = PRIVACY_PUBLIC;
    }
    if (form->page.kind == WALK_READ || field == NULL) {
        heading(parts, card, 22, parts_phrase(parts, "form.name"));
        if (field != NULL) {
            parts_words(parts, card, 18, false,
                        fill_words(form_page_say(parts), field->description, 420));
        }
        return;
    }
    const char *label = fill_words_label(form_page_say(parts), field, 160);
    heading(parts, card, fill_words_chars(label) > 70 ? 20 : 25, label);
    build_error(parts, card);
    if (form->page.kind == WALK_ITEMS) {
        build_items(parts, card);
    } else {
        build_question(parts, card, field);
    }
}

static void build_question(struct parts parts, struct node *card, const struct form_field *field)
{
    const struct fill_private *form = &parts.desk->form;
    const char *beyond = beyond_key(form, field);
    bool has_told = field->description != NULL && field->description[0] != '\0';
    if (has_told && (!parts.maker.look->is_large || form->error[0] == '\0')) {
        muted(parts, card, "told", fill_words(form_page_say(parts), field->description, 160));
    }
    if (beyond == NULL) {
        form_inputs_build(parts, card, field);
        return;
    }
    parts_notice(parts, card,
                 (struct parts_notice){.id = "beyond",
                                       .tone = TONE_TODO,
                                       .icon = "icon-info",
                                       .title = parts_phrase(parts, "form.cannot"),
                                       .below = say_kept(parts, beyond)});
}

static void build_items(struct parts parts, struct node *card)
{
    const struct fill_private *form = &parts.desk->form;
    const struct walk *walk = &form->walk;
    size_t count = answers_items_count(&walk->answers, &walk->form, form->page.place.field);
    size_t shown = parts.maker.look->is_large ? ITEMS_SHOWN - 2 : ITEMS_SHOWN;
    if (form->is_removing) {
        parts_notice(
            parts, card,
            (struct parts_notice){.id = "sure",
                                  .tone = TONE_TODO,
                                  .icon = "icon-warn",
                                  .title = parts_phrase(parts, "form.items.sure"),
                                  .below = fill_words_item(form_page_say(parts), form->item)});
        struct node *row = widget_row(parts.maker, card, DESK_PX(10));
        parts_button(parts, row,
                     (struct parts_button){.id = "remove.no",
                                           .words = parts_phrase(parts, "form.items.no"),
                                           .style = STYLE_BUTTON_OUTLINED,
                                           .height_px = 48});
        parts_button(parts, row,
                     (struct parts_button){.id = "remove.yes",
                                           .words = parts_phrase(parts, "form.items.yes"),
                                           .style = STYLE_BUTTON_STOP,
                                           .height_px = 48});
        return;
    }
    size_t from = count > shown ? count - shown : 0; // the newest; all stand at the start
    for (size_t i = from; i < count; i++) {
        build_item(parts, card, i);
    }
    if (count == 0) {
        muted(parts, card, "none", parts_phrase(parts, "form.items.none"));
    }
    if (fill_may_add_item(form)) {
        struct node *row = widget_row(parts.maker, card, 0);
        parts_button(
            parts, row,
            (struct parts_button){
                .id = "add",
                .words = parts_phrase(parts, count == 0 ? "form.items.add" : "form.items.more"),
                .icon = "icon-plus",
                .cap = "F9",
                .key = KEY_F9,
                .style = STYLE_BUTTON_OUTLINED,
                .height_px = 48});
    }
}

static void build_item(struct parts parts, struct node *card, size_t item)
{
    const struct fill_private *form = &parts.desk->form;
    const char *words = fill_words_item(form_page_say(parts), item);
    char id[16];
    struct node *row = widget_row(parts.maker, card, DESK_PX(10));
    row->box.across = ALIGN_CENTER;
    if (!fill_may_change_item(form, item)) {
        parts_words(parts, row, 17, true, words)->privacy = PRIVACY_PRIVATE; // the register's
        return;
    }
    (void)snprintf(id, sizeof id, "item.%u", (unsigned)item % 100); // always fits
    struct node *change = parts_button(parts, row,
                                       (struct parts_button){.id = tree_words(parts.maker.tree, id),
                                                             .words = words,
                                                             .style = STYLE_BUTTON_SERVICE,
                                                             .height_px = 48});
    change->privacy = PRIVACY_PRIVATE;
    if (!fill_may_remove_item(form, item)) {
        return;
    }
    (void)snprintf(id, sizeof id, "remove.%u", (unsigned)item % 100); // always fits
    parts_button(parts, row,
                 (struct parts_button){.id = tree_words(parts.maker.tree, id),
                                       .words = parts_phrase(parts, "form.items.remove"),
                                       .style = STYLE_BUTTON_SERVICE,
                                       .height_px = 48})
        ->box.grow = 0.4F;
}

static void build_check(struct parts parts, struct node *card)
{
    const struct fill_private *form = &parts.desk->form;
    size_t missing = fill_missing_count(form);
    heading(parts, card, 25,
            missing == 0 ? parts_phrase(parts, "counter.form.ready")
                         : parts_count(parts, "form.check.missing", missing));
    muted(parts, card, "lead",
          parts_phrase(parts, missing == 0 ? "counter.form.ready.so" : "counter.form.missing.so"));
    build_error(parts, card);
    if (missing == 0 && form->needs_privacy) {
        form_choice_row(
            parts, card,
            (struct form_choice_row){.id = "privacy",
                                     .words = parts_phrase(parts, "counter.form.privacy"),
                                     .is_several = true,
                                     .is_chosen = form->agrees_privacy});
    }
    if (missing == 0 && form->needs_truth) {
        form_choice_row(parts, card,
                        (struct form_choice_row){.id = "truth",
                                                 .words = parts_phrase(parts, "counter.form.truth"),
                                                 .is_several = true,
                                                 .is_chosen = form->agrees_truth});
    }
}

static void build_error(struct parts parts, struct node *card)
{
    const struct fill_private *form = &parts.desk->form;
    if (form->error[0] != '\0') {
        parts_notice(parts, card,
                     (struct parts_notice){.id = "error",
                                           .tone = TONE_STOP,
                                           .icon = "icon-warn",
                                           .title = parts_phrase(parts, form->error),
                                           .below = fill_words_how(form_page_say(parts))});
    }
}

static void build_trouble(struct parts parts, struct node *card)
{
    const struct trouble_page *page = trouble_of(parts.desk);
    parts_notice(parts, card,
                 (struct parts_notice){.id = "trouble",
                                       .tone = TONE_TODO,
                                       .icon = "icon-warn",
                                       .title = parts_phrase(parts, page->title_key),
                                       .below = say_kept(parts, page->so_key)});
}

static void build_waiting(struct parts parts, struct node *card, const char *key)
{
    struct node *row = widget_row(parts.maker, card, DESK_PX(14));
    row->box.across = ALIGN_CENTER;
    widget_icon(parts.maker, row, "icon-busy", DESK_PX(28));
    struct node *words = parts_named(parts, row, "form.waits", 22, parts_phrase(parts, key));
    words->box.grow = 1;
    words->states |= NODE_LIVE;
}

static void build_sent(struct parts parts, struct node *card)
{
    const struct fill_private *form = &parts.desk->form;
    parts_notice(parts, card,
                 (struct parts_notice){.id = "form.sent",
                                       .tone = TONE_GOOD,
                                       .icon = "icon-done",
                                       .title = parts_phrase(parts, "counter.form.sent"),
                                       .below = form->reference[0] == '\0'
                                                    ? NULL
                                                    : parts_filled(parts, "counter.form.reference",
                                                                   "number", form->reference)});
}

static void build_actions(struct parts parts, struct node *pane)
{
    const struct desk *desk = parts.desk;
    struct node *row = widget_row(parts.maker, pane, DESK_PX(10));
    row->box.across = ALIGN_STRETCH;
    bool is_over = desk->form_view == DESK_FORM_SENT;
    parts_button(
        parts, row,
        (struct parts_button){.id = "form.back",
                              .words = parts_phrase(parts, "counter.form.back"),
                              .icon = "icon-person",
                              .cap = is_over ? "Enter" : "Esc",
                              .key = is_over ? KEY_ENTER : KEY_ESCAPE,
                              .style = is_over ? STYLE_BUTTON_FILLED : STYLE_BUTTON_SERVICE,
                              .height_px = 64});
    if (desk->form_view == DESK_FORM_PAGE) {
        parts_button(parts, row,
                     (struct parts_button){.id = "form.previous",
                                           .words = parts_phrase(parts, "counter.form.previous"),
                                           .icon = "icon-back",
                                           .cap = "F8",
                                           .key = KEY_F8,
                                           .style = STYLE_BUTTON_SERVICE,
                                           .height_px = 64});
    }
    build_primary(parts, row);
}

static void build_primary(struct parts parts, struct node *row)
{
    const struct desk *desk = parts.desk;
    const struct fill_private *form = &desk->form;
    bool is_trouble = desk->form_view == DESK_FORM_TROUBLE;
    if (is_trouble && trouble_of(desk)->retry_key != NULL) {
        parts_button(
            parts, row,
            (struct parts_button){.id = "form.retry",
                                  .words = parts_phrase(parts, trouble_of(desk)->retry_key),
                                  .icon = "icon-retry",
                                  .cap = "Enter",
                                  .key = KEY_ENTER,
                                  .style = STYLE_BUTTON_FILLED,
                                  .height_px = 64});
    }
    if (desk->form_view != DESK_FORM_PAGE || !may_go_on(form)) {
        return;
    }
    bool is_check = form->page.kind == WALK_CHECK;
    bool sends = is_check && fill_missing_count(form) == 0;
    enum tree_key key = form_inputs_next_key(desk);
    struct node *next = parts_button(
        parts, row,
        (struct parts_button){.id = "next",
                              .words = parts_phrase(parts, sends      ? "form.check.send"
                                                           : is_check ? "form.check.fill"
                                                                      : "common.next"),
                              .icon = sends ? "icon-send" : "icon-check",
                              .cap = key == KEY_ENTER ? "Enter" : "F10",
                              .key = key,
                              .style = STYLE_BUTTON_FILLED,
                              .height_px = 64});
    next->box.grow = 1.4F;
    next->states |= NODE_REPEATS; // Enter after each answer
}

static const struct trouble_page *trouble_of(const struct desk *desk)
{
    static const struct trouble_page pages[] = {
        [FORM_NO_TROUBLE] = {"form.cannot", "counter.form.kept", NULL},
        [FORM_NOT_OPENED] = {"counter.form.not_opened", "counter.form.fault", "form.retry"},
        [FORM_NOT_SENT] = {"counter.form.not_sent", "counter.form.kept", "form.retry"},
        [FORM_UNSURE] = {"counter.form.unsure", "counter.form.unsure.so", "form.retry"},
        [FORM_CHANGED] = {"counter.form.changed", "counter.form.changed.so", "form.changed.show"},
        [FORM_PEN] = {"counter.form.pen", "counter.form.kept", NULL},
        [FORM_GONE] = {"counter.form.gone", "counter.form.gone.so", NULL},
        [FORM_CANNOT] = {"form.cannot", "counter.form.kept", NULL},
    };
    CHECK((size_t)desk->form.trouble < sizeof pages / sizeof pages[0]);
    return &pages[desk->form.trouble];
}

// Of a form that the visitor began in the hall there is no link to go on with at home.
static const char *say_kept(struct parts parts, const char *key)
{
    bool is_only_here = parts.desk->context.request.class == REQUEST_BEGUN_HERE &&
                        text_equal(key, "counter.form.kept");
    return parts_phrase(parts, is_only_here ? "counter.form.here" : key);
}

// NULL: it can be answered here. A visitor cannot sign on the desk's own screen.
static const char *beyond_key(const struct fill_private *form, const struct form_field *field)
{
    if (field->kind == FORM_SIGNATURE) {
        return "counter.form.sign";
    }
    if (field->kind == FORM_FILE) {
        return "counter.form.file";
    }
    bool is_beyond = form->page.kind == WALK_HAND_OVER || fill_is_beyond(form, form->page.place);
    return is_beyond ? "counter.form.kept" : NULL;
}

static bool may_go_on(const struct fill_private *form)
{
    const struct form_field *field = fill_field(form);
    bool is_asked = form->page.kind == WALK_QUESTION && field != NULL;
    return form->page.kind != WALK_HAND_OVER &&
           !(is_asked && field->kind == FORM_UNKNOWN && field->is_required);
}

static void heading(struct parts parts, struct node *card, float size_px, const char *words)
{
    struct node *title = parts_named(parts, card, "title", size_px, words);
    title->role = ROLE_HEADING;
    title->privacy = PRIVACY_PRIVATE;
}

static struct node *muted(struct parts parts, struct node *card, const char *id, const char *words)
{
    struct node *node = parts_named(parts, card, id, 17, words);
    node->type = TYPE_BODY;
    node->ink = COLOUR_MUTED;
    node->privacy = PRIVACY_PRIVATE;
    return node;
}

static void press_page(struct desk *desk, const struct scene_event *event)
{
    struct fill_private *form = &desk->form;
    size_t item = 0;
    if (scene_event_is(event, "privacy")) {
        form->agrees_privacy = !form->agrees_privacy;
        form->error[0] = '\0';
    } else if (scene_event_is(event, "truth")) {
        form->agrees_truth = !form->agrees_truth;
        form->error[0] = '\0';
    } else if (scene_event_is(event, "add")) {
        fill_add_item(form);
    } else if (scene_event_is(event, "remove.yes")) {
        fill_remove_item(form);
    } else if (scene_event_is(event, "remove.no")) {
        form->is_removing = false;
    } else if (form->page.kind == WALK_ITEMS && scene_event_item(event, "remove", &item)) {
        fill_ask_removing(form, item);
    } else if (form->page.kind == WALK_ITEMS && scene_event_item(event, "item", &item)) {
        fill_change_item(form, item);
    }
}

// Enter that chose nothing goes on where it begins no line either.
static bool is_plain_enter(const struct desk *desk, const struct scene_event *event)
{
    const struct form_entry_private *entry = &desk->form.entry;
    bool has_lines = entry->edits_count == 1 && entry->edits[0].rules.kind == EDIT_LINES;
    return event->kind == SCENE_KEY && event->key == KEY_ENTER && !has_lines;
}

static void press_next(struct desk *desk)
{
    struct fill_private *form = &desk->form;
    struct walk_page page;
    struct check_result result;
    if (form->page.kind != WALK_CHECK) {
        if (!fill_next_part(form)) {
            fill_next(form);
        }
    } else if (walk_first_fault(&form->walk, &page, &result)) {
        fill_show(form, page);
    } else {
        fill_send_checked(form);
    }
}
