// SPDX-License-Identifier: EUPL-1.2
//
// Typed with real keys, chosen with mouse or Tab: no keys on this screen.
#include "apps/counter/form_page.h"

#include "base/text.h"

#include <stdio.h>

enum { CHOICES_SHOWN = 10, CHOICES_SHOWN_LARGE = 6 };

static void build_fixed(struct parts parts, struct node *card);
static void build_yes(struct parts parts, struct node *card, const struct form_field *field);
static void build_texts(struct parts parts, struct node *card, const struct form_field *field);
static void build_date(struct parts parts, struct node *card);
static void date_part(struct parts parts, struct node *row, const struct pick_date_private *pick,
                      enum pick_date_part part);
static void build_choices(struct parts parts, struct node *card);
static void build_choice(struct parts parts, struct node *grid, size_t index);
static void build_search(struct parts parts, struct node *card, size_t found_count);
static void shape_field(struct node *node);
static size_t choices_shown(const struct look *look);
static bool search_event(struct desk *desk, const struct scene_event *event);
static bool follow_focus(struct desk *desk, const struct scene_event *event);

void form_inputs_build(struct parts parts, struct node *card, const struct form_field *field)
{
    const struct fill_private *form = &parts.desk->form;
    if (fill_is_fixed(form)) {
        build_fixed(parts, card);
    } else if (field->kind == FORM_YES) {
        build_yes(parts, card, field);
    } else if (form->entry.edits_count > 0) {
        build_texts(parts, card, field);
    } else if (fill_choices(form).count > 0) {
        build_choices(parts, card);
    } else {
        build_date(parts, card);
    }
}

bool form_inputs_event(struct desk *desk, const struct scene_event *event)
{
    struct fill_private *form = &desk->form;
    const struct form_field *field = fill_field(form);
    size_t shown = choices_shown(desk->look);
    if (field == NULL || form->page.kind != WALK_QUESTION) {
        return false;
    }
    if (field->kind == FORM_YES && scene_event_is(event, "yes")) {
        fill_toggle(form);
        return true;
    }
    if (scene_event_is(event, "choices.more")) {
        static size_t found[PICK_LIST_MAX]; // positions only
        struct pick_list_choices choices = fill_choices(form);
        size_t count = pick_list_found(&form->entry.list, &choices, found);
        desk->list_first = desk->list_first + shown < count ? desk->list_first + shown : 0;
        return true;
    }
    return search_event(desk, event) || follow_focus(desk, event) || fill_type(form, event);
}

enum tree_key form_inputs_next_key(const struct desk *desk)
{
    const struct fill_private *form = &desk->form;
    const struct form_field *field = fill_field(form);
    bool has_lines = form->entry.edits_count == 1 && form->entry.edits[0].rules.kind == EDIT_LINES;
    bool chooses = fill_choices(form).count > 0 || (field != NULL && field->kind == FORM_YES);
    return form->page.kind == WALK_QUESTION && (has_lines || chooses) ? KEY_F10 : KEY_ENTER;
}

static void build_fixed(struct parts parts, struct node *card)
{
    const char *answer = fill_words_fixed(form_page_say(parts), 90);
    parts_named(parts, card, "fixed", 22, answer)->privacy = PRIVACY_PRIVATE;
}

static void build_yes(struct parts parts, struct node *card, const struct form_field *field)
{
    const struct fill_private *form = &parts.desk->form;
    form_choice_row(parts, card,
                    (struct form_choice_row){
                        .id = "yes",
                        .words = fill_words_label(form_page_say(parts), field, 120),
                        .is_several = true,
                        .is_chosen = fill_is_yes(form, form->page.place),
                    });
}

static void build_texts(struct parts parts, struct node *card, const struct form_field *field)
{
    static const char *const labels[FORM_EDITS_MAX] = {"form.address.postcode",
                                                       "form.address.number", "form.address.letter",
                                                       "form.address.addition"};
    const struct fill_private *form = &parts.desk->form;
    const struct form_entry_private *entry = &form->entry;
    bool is_address = field->kind == FORM_ADDRESS;
    struct node *parent = is_address ? widget_grid(parts.maker, card, 2, DESK_PX(14)) : card;
    for (size_t i = 0; i < entry->edits_count; i++) {
        bool has_lines = entry->edits[i].rules.kind == EDIT_LINES;
        const char *name = is_address ? parts_phrase(parts, labels[i])
                                      : fill_words_label(form_page_say(parts), field, 120);
        struct node *column = widget_column(parts.maker, parent, DESK_PX(16));
        char id[12];
        (void)snprintf(id, sizeof id, "part.%u", (unsigned)i % 10); // always fits
        if (is_address) {
            parts_words(parts, column, 17, true, name);
        } else {
            column->box.pad.top_mm = DESK_PX(6); // room for the ring
        }
        struct node *typed =
            keyboard_field(parts.maker, column,
                           (struct widget_input){
                               .id = tree_words(parts.maker.tree, id),
                               .privacy = field->is_sensitive ? PRIVACY_MASKED : PRIVACY_PRIVATE,
                               .is_active = i == entry->active,
                               .is_invalid = form->error[0] != '\0' && (!is_address || i < 2),
                               .is_plate = field->kind == FORM_PLATE,
                               .is_long = !has_lines,
                               .lines = has_lines ? 4 : 0,
                           },
                           &entry->edits[i]);
        tree_set_name(parts.maker.tree, typed, name);
        shape_field(typed);
    }
}

static void build_date(struct parts parts, struct node *card)
{
    const struct form_entry_private *entry = &parts.desk->form.entry;
    bool is_time = fill_shows_time(&parts.desk->form);
    const struct pick_date_private *pick = is_time ? &entry->time : &entry->date;
    struct node *row = widget_row(parts.maker, card, DESK_PX(16));
    if (pick->kind == PICK_TIME) {
        date_part(parts, row, pick, PICK_HOUR);
        date_part(parts, row, pick, PICK_MINUTE);
    } else {
        date_part(parts, row, pick, PICK_DAY);
        date_part(parts, row, pick, PICK_MONTH);
        date_part(parts, row, pick, PICK_YEAR);
    }
    struct node *room = widget_space(parts.maker, row, 0);
    room->box.grow = 2;
}

static void date_part(struct parts parts, struct node *row, const struct pick_date_private *pick,
                      enum pick_date_part part)
{
    static const struct {
        const char *id;
        const char *label;
    } fields[PICK_PARTS_COUNT] = {
        [PICK_DAY] = {"date.day", "birth.day"},
        [PICK_MONTH] = {"date.month", "birth.month"},
        [PICK_YEAR] = {"date.year", "birth.year"},
        [PICK_HOUR] = {"date.hour", "form.time.hour"},
        [PICK_MINUTE] = {"date.minute", "form.time.minute"},
    };
    const char *label = parts_phrase(parts, fields[part].label);
    struct node *column = widget_column(parts.maker, row, DESK_PX(16)); // room for the ring
    column->box.grow = 1;
    parts_words(parts, column, 17, true, label);
    struct node *typed =
        widget_input(parts.maker, column,
                     (struct widget_input){.id = fields[part].id,
                                           .value = pick->digits[part],
                                           .privacy = PRIVACY_PRIVATE,
                                           .is_active = pick->active == part,
                                           .is_invalid = parts.desk->form.error[0] != '\0'});
    tree_set_name(parts.maker.tree, typed, label);
    shape_field(typed);
}

static void build_choices(struct parts parts, struct node *card)
{
    static size_t found[PICK_LIST_MAX]; // positions only
    const struct desk *desk = parts.desk;
    const struct form_entry_private *entry = &desk->form.entry;
    struct pick_list_choices choices = fill_choices(&desk->form);
    size_t shown = choices_shown(parts.maker.look);
    size_t count = pick_list_found(&entry->list, &choices, found);
    if (choices.count > shown) {
        build_search(parts, card, count);
    }
    struct node *grid = widget_grid(parts.maker, card, 2, DESK_PX(10));
    for (size_t i = desk->list_first; i < count && i < desk->list_first + shown; i++) {
        build_choice(parts, grid, found[i]);
    }
}

static void build_choice(struct parts parts, struct node *grid, size_t index)
{
    const struct fill_private *form = &parts.desk->form;
    struct pick_list_choices choices = fill_choices(form);
    char id[24];
    (void)snprintf(id, sizeof id, "choice.%u", (unsigned)index % 10000); // always fits
    form_choice_row(
        parts, grid,
        (struct form_choice_row){
            .id = tree_words(parts.maker.tree, id),
            .words = fill_words(form_page_say(parts), choices.label(choices.ctx, index), 60),
            .is_several = form->entry.list.takes_several,
            .is_chosen = pick_list_is_chosen(&form->entry.list, index),
        });
}

// Whatever is typed searches: the list is longer than the screen.
static void build_search(struct parts parts, struct node *card, size_t found_count)
{
    const struct desk *desk = parts.desk;
    const char *name = parts_phrase(parts, "form.search");
    struct node *row = widget_row(parts.maker, card, DESK_PX(20)); // room for the ring
    row->box.across = ALIGN_CENTER;
    row->box.pad.bottom_mm = DESK_PX(6);
    parts_words(parts, row, 17, true, name)->is_nowrap = true;
    struct node *typed = keyboard_field(
        parts.maker, row,
        (struct widget_input){.id = "choices.search", .is_active = true, .is_long = true},
        &desk->form.entry.list.search);
    tree_set_name(parts.maker.tree, typed, name);
    shape_field(typed);
    if (found_count > choices_shown(parts.maker.look)) {
        struct node *more =
            parts_button(parts, row,
                         (struct parts_button){.id = "choices.more",
                                               .words = parts_phrase(parts, "common.more"),
                                               .cap = "F9",
                                               .key = KEY_F9,
                                               .style = STYLE_BUTTON_SERVICE,
                                               .height_px = 48});
        more->box.width_mm = parts.maker.look->is_large ? DESK_PX(190) : DESK_PX(150);
        more->box.grow = 0;
    } else if (found_count == 0) {
        parts_words(parts, row, 17, false, parts_phrase(parts, "form.list.none"));
    }
}

static void shape_field(struct node *node)
{
    bool is_plate = node->style == STYLE_PLATE;
    node->type = TYPE_BODY_BOLD; // words, not spaced digits
    node->cap_mm = DESK_CAP(is_plate ? 40 : 24);
    node->box.min_height_mm = DESK_PX(is_plate ? 92 : 56);
    node->text_align = is_plate ? ALIGN_CENTER : ALIGN_START;
}

static size_t choices_shown(const struct look *look)
{
    return look->is_large ? CHOICES_SHOWN_LARGE : CHOICES_SHOWN;
}

static bool search_event(struct desk *desk, const struct scene_event *event)
{
    struct form_entry_private *entry = &desk->form.entry;
    bool is_list = fill_choices(&desk->form).count > choices_shown(desk->look);
    bool is_changed = false;
    if (is_list && event->kind == SCENE_TYPED) {
        is_changed = edit_insert(&entry->list.search, event->character);
    } else if (is_list && event->kind == SCENE_KEY && event->key == KEY_BACKSPACE) {
        is_changed = edit_erase(&entry->list.search);
    }
    desk->list_first = is_changed ? 0 : desk->list_first;
    return is_changed;
}

// Where Tab goes, typing goes.
static bool follow_focus(struct desk *desk, const struct scene_event *event)
{
    bool is_field = text_starts_with(event->id, "part.") || text_starts_with(event->id, "date.");
    if (event->kind != SCENE_FOCUSED || !is_field) {
        return false;
    }
    struct scene_event gone_to = *event;
    gone_to.kind = SCENE_ACTIVATED;
    return fill_type(&desk->form, &gone_to);
}
