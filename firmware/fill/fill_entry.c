// SPDX-License-Identifier: EUPL-1.2
//
// What is typed, picked or drawn for one question, and the answer it becomes.
#include "fill/fill.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATE_CHARS = DATE_TEXT_BYTES - 1, TIME_CHARS = 5 };

static bool work_out(struct fill_private *form);
static void show_still(struct fill_private *form, struct walk_page page);
static void show_part(struct form_entry_private *entry, size_t part);
static bool is_same(struct form_place left, struct form_place right);
static void clear_entry(struct form_entry_private *entry);
static void hold(struct fill_private *form, bool is_wanted);
static void load_held(struct fill_private *form);
static void load_field(struct fill_private *form, const struct form_field *field);
static void load_texts(struct fill_private *form, const struct form_field *field,
                       const char *typed);
static struct edit_rules rules_of(const struct form_field *field, size_t part);
static void load_date(struct fill_private *form, const struct form_field *field, const char *typed);
static bool read_time(const char *words, struct pick_date_value *value);
static void load_list(struct fill_private *form, const struct form_field *field);
static void load_people(struct fill_private *form);
static bool holds(const struct json *answer, const char *value);
static enum err typed_of(struct fill_private *form, const struct form_field *field,
                         struct text *typed);
static enum err type_date(const struct form_entry_private *entry, const struct form_field *field,
                          struct text *typed);
static void type_list(const struct form_entry_private *entry, const struct form_field *field,
                      struct text *typed);
static enum err store_signature(struct fill_private *form);
static enum err store_people(struct fill_private *form);
static const char *label_choice(const void *ctx, size_t index);
static const char *label_person(const void *ctx, size_t index);
static void add_plain(struct text *text, const char *html, size_t len);

void fill_load(struct fill_private *form)
{
    struct form_entry_private *entry = &form->entry;
    const struct form_field *field = fill_field(form);
    if (entry->is_loaded && is_same(entry->place, form->page.place)) {
        return;
    }
    clear_entry(entry);
    if (field != NULL && form->page.kind == WALK_QUESTION &&
        !fill_is_beyond(form, form->page.place)) {
        entry->place = form->page.place;
        entry->is_loaded = true;
        load_field(form, field);
        load_held(form);
    }
}

enum err fill_store(struct fill_private *form)
{
    const struct form_field *field = fill_field(form);
    bool is_typed = field != NULL && field->kind != FORM_YES && field->kind != FORM_FILE;
    if (!form->entry.is_loaded || !is_typed || fill_is_fixed(form)) {
        return OK;
    }
    if (field->kind == FORM_SIGNATURE) {
        return store_signature(form);
    }
    if (field->kind == FORM_PEOPLE) {
        return store_people(form);
    }
    static char typed[FORM_TYPED_BYTES];
    struct text text;
    struct json *value = NULL;
    struct fault fault = {0};
    text_init(&text, typed, sizeof typed);
    enum err err = typed_of(form, field, &text);
    err = err == OK && text.is_cut ? ERR_TOO_BIG : err;
    bool is_nothing = err == OK && typed[0] == '\0';
    if (is_nothing && answers_is_empty(&form->walk.answers, &form->walk.form, form->page.place)) {
        return OK; // a look at a question is no answer
    }
    err = err == OK ? answers_value(field, typed, &value) : err;
    wipe(typed, sizeof typed);
    err = err == OK ? walk_answer(&form->walk, form->page.place, value, &fault) : err;
    hold(form, err != OK);
    return err;
}

bool fill_type(struct fill_private *form, const struct scene_event *event)
{
    struct form_entry_private *entry = &form->entry;
    const struct form_field *field = fill_field(form);
    size_t part = 0;
    if (!entry->is_loaded || field == NULL || field->kind == FORM_FILE || fill_is_fixed(form)) {
        return false;
    }
    if (scene_event_item(event, "part", &part) && part < entry->edits_count) {
        show_part(entry, part);
        return true;
    }
    enum keyboard_result result = KEYBOARD_NOT_OURS;
    struct pick_list_choices choices = fill_choices(form);
    if (entry->edits_count > 0) {
        result = keyboard_event(&entry->keyboard, &entry->edits[entry->active], event);
    } else if (choices.count > 0) {
        result = pick_list_event(&entry->list, form->host->look, &choices, 0, event);
    } else if (field->kind == FORM_SIGNATURE) {
        result = sign_event(&entry->sign, event);
    } else if (field->kind != FORM_YES) {
        result = pick_date_event(fill_shows_time(form) ? &entry->time : &entry->date, event);
    }
    if (result == KEYBOARD_CHANGED) {
        form->error[0] = '\0';
    } else if (result == KEYBOARD_NEXT) {
        fill_next(form);
    }
    return result != KEYBOARD_NOT_OURS;
}

bool fill_next_part(struct fill_private *form)
{
    struct form_entry_private *entry = &form->entry;
    const struct form_field *field = fill_field(form);
    bool is_moment = entry->is_loaded && field != NULL && field->kind == FORM_DATE_TIME;
    bool is_narrow = form->host->look->is_large || form->host->look->is_low;
    struct pick_date_value value;
    if (is_moment && entry->active == 0) {
        bool is_date = pick_date_get(&entry->date, &value) == PICK_DATE_WHOLE;
        entry->active = is_date ? 1 : 0;
        return is_date;
    }
    if (!is_narrow || entry->active + 1 >= entry->edits_count) {
        return false;
    }
    show_part(entry, entry->active + 1);
    return true;
}

bool fill_shows_time(const struct fill_private *form)
{
    const struct form_field *field = fill_field(form);
    return field != NULL && field->kind == FORM_DATE_TIME && form->entry.active == 1;
}

struct pick_list_choices fill_choices(const struct fill_private *form)
{
    const struct form_field *field = fill_field(form);
    const struct form_entry_private *entry = &form->entry;
    if (field == NULL || !entry->is_loaded) {
        return (struct pick_list_choices){0};
    }
    if (field->kind == FORM_PEOPLE) {
        return (struct pick_list_choices){entry->people_count, label_person, entry};
    }
    if (field->kind == FORM_ONE || field->kind == FORM_SOME) {
        return (struct pick_list_choices){form_choices_count(field), label_choice, field};
    }
    return (struct pick_list_choices){0};
}

void fill_toggle(struct fill_private *form)
{
    struct fault fault = {0};
    bool is_yes = fill_is_yes(form, form->page.place);
    form->error[0] = '\0';
    if (walk_answer(&form->walk, form->page.place, json_new_bool(!is_yes), &fault) != OK) {
        fill_show_trouble(form, FORM_CANNOT); // rules that go round are the source's to mend
    }
}

bool fill_is_yes(const struct fill_private *form, struct form_place place)
{
    const struct walk *walk = &form->walk;
    bool is_yes = false;
    return json_truth(answers_get(&walk->answers, &walk->form, place), &is_yes) == OK && is_yes;
}

bool fill_may_add_item(const struct fill_private *form)
{
    return answers_may_add(&form->walk.answers, &form->walk.form, form->page.place.field);
}

bool fill_may_change_item(const struct fill_private *form, size_t item)
{
    struct walk_page page;
    return walk_item(&form->walk, form->page.place.field, item, &page);
}

bool fill_may_remove_item(const struct fill_private *form, size_t item)
{
    const struct walk *walk = &form->walk;
    return item < answers_items_count(&walk->answers, &walk->form, form->page.place.field) &&
           (fill_field(form)->kind != FORM_PEOPLE ||
            answers_person_is_by_hand(&walk->answers, &walk->form, form->page.place, item));
}

void fill_add_item(struct fill_private *form)
{
    int16_t repeat = form->page.place.field;
    size_t item = answers_items_count(&form->walk.answers, &form->walk.form, repeat);
    struct walk_page page;
    if (answers_add_item(&form->walk.answers, &form->walk.form, repeat) != OK) {
        return; // the page says that no more fits
    }
    if (work_out(form) && walk_item(&form->walk, repeat, item, &page)) {
        fill_show(form, page);
    }
}

void fill_change_item(struct fill_private *form, size_t item)
{
    struct walk_page page;
    if (walk_item(&form->walk, form->page.place.field, item, &page)) {
        show_still(form, page);
    }
}

void fill_ask_removing(struct fill_private *form, size_t item)
{
    if (fill_may_remove_item(form, item)) {
        form->item = item;
        form->is_removing = true;
    }
}

void fill_remove_item(struct fill_private *form)
{
    struct walk_page page;
    answers_remove_item(&form->walk.answers, &form->walk.form, form->page.place.field, form->item);
    form->is_removing = false;
    form->items_first = 0;
    if (!work_out(form)) {
        return;
    }
    // Those whom the register gave may be all who are left: they have a page of another kind.
    if (walk_at(&form->walk, form->page.place, &page) && page.kind != form->page.kind) {
        show_still(form, page);
    }
    fill_save(form);
}

// Tags and entities out, blanks folded: bounded, no markup is obeyed.
void fill_plain(const char *html, char *out, size_t out_bytes)
{
    struct text text;
    text_init(&text, out, out_bytes);
    const char *at = html == NULL ? "" : html;
    while (*at != '\0' && !text.is_cut) {
        size_t plain = strcspn(at, "<");
        add_plain(&text, at, plain);
        at += plain;
        if (*at == '<') {
            const char *end = strchr(at, '>');
            bool ends_part = strncmp(at, "</p", 3) == 0 || strncmp(at, "<br", 3) == 0 ||
                             strncmp(at, "</li", 4) == 0 || strncmp(at, "</h", 3) == 0;
            if (ends_part) {
                text_add(&text, " ");
            }
            at = end == NULL ? at + strlen(at) : end + 1;
        }
    }
    while (text.len > 0 && text.buf[text.len - 1] == ' ') {
        text.len -= 1;
        text.buf[text.len] = '\0';
    }
    if (!text_is_printable(out)) {
        out[0] = '\0';
    }
}

static void clear_entry(struct form_entry_private *entry)
{
    for (size_t i = 0; i < FORM_EDITS_MAX; i++) {
        edit_finish(&entry->edits[i]);
    }
    keyboard_finish(&entry->keyboard);
    pick_date_finish(&entry->date);
    pick_date_finish(&entry->time);
    pick_list_finish(&entry->list);
    sign_finish(&entry->sign);
    wipe(entry, sizeof *entry);
}

// Rules may look at how many there are. False: they go round, and the page says so.
static bool work_out(struct fill_private *form)
{
    struct walk *walk = &form->walk;
    struct fault fault = {0};
    if (logic_apply(&walk->logic, &walk->form, &walk->answers, walk->today, &fault) == OK) {
        return true;
    }
    fill_show_trouble(form, FORM_CANNOT);
    return false;
}

// A page of the same question: who came from the check page goes back there.
static void show_still(struct fill_private *form, struct walk_page page)
{
    bool returns = form->returns;
    fill_show(form, page);
    form->returns = returns;
}

static void show_part(struct form_entry_private *entry, size_t part)
{
    entry->active = part;
    keyboard_finish(&entry->keyboard);
    keyboard_init(&entry->keyboard, keyboard_setup_for(&entry->edits[part].rules, ""));
}

static bool is_same(struct form_place left, struct form_place right)
{
    return left.field == right.field && left.item == right.item;
}

static void hold(struct fill_private *form, bool is_wanted)
{
    struct form_held_private *held = &form->held;
    if (is_wanted) {
        held->is_held = true;
        held->place = form->entry.place;
        memcpy(held->edits, form->entry.edits, sizeof held->edits);
        held->date = form->entry.date;
        held->time = form->entry.time;
    } else if (held->is_held && is_same(held->place, form->entry.place)) {
        wipe(held, sizeof *held);
    }
}

static void load_held(struct fill_private *form)
{
    const struct form_held_private *held = &form->held;
    if (held->is_held && is_same(held->place, form->entry.place)) {
        memcpy(form->entry.edits, held->edits, sizeof held->edits);
        form->entry.date = held->date;
        form->entry.time = held->time;
    }
}

static void load_field(struct fill_private *form, const struct form_field *field)
{
    static char typed[FORM_TYPED_BYTES];
    answers_text(&form->walk.answers, &form->walk.form, form->page.place, typed, sizeof typed);
    switch (field->kind) {
    case FORM_DATE:
    case FORM_DATE_TIME:
    case FORM_TIME:
        load_date(form, field, typed);
        break;
    case FORM_ONE:
    case FORM_SOME:
        load_list(form, field);
        break;
    case FORM_PEOPLE:
        load_people(form);
        break;
    case FORM_SIGNATURE:
        sign_init(&form->entry.sign);
        break;
    case FORM_TEXT:
    case FORM_LONG_TEXT:
    case FORM_NUMBER:
    case FORM_MONEY:
    case FORM_EMAIL:
    case FORM_PHONE:
    case FORM_BSN:
    case FORM_IBAN:
    case FORM_PLATE:
    case FORM_POSTCODE:
    case FORM_ADDRESS:
        load_texts(form, field, typed);
        break;
    case FORM_YES:
    case FORM_FILE:
    case FORM_CONTENT:
    case FORM_GROUP:
    case FORM_REPEAT:
    case FORM_SOFT_ERRORS:
    case FORM_UNKNOWN:
        break;
    }
    wipe(typed, sizeof typed);
}

static void load_texts(struct fill_private *form, const struct form_field *field, const char *typed)
{
    struct form_entry_private *entry = &form->entry;
    const struct json *answer =
        answers_get(&form->walk.answers, &form->walk.form, form->page.place);
    static const char *const members[FORM_EDITS_MAX] = {"postcode", "houseNumber", "houseLetter",
                                                        "houseNumberAddition"};
    entry->edits_count = field->kind == FORM_ADDRESS ? FORM_EDITS_MAX : 1;
    for (size_t i = 0; i < entry->edits_count; i++) {
        const char *words = typed;
        if (field->kind == FORM_ADDRESS) {
            words = json_get_text(answer, members[i]);
        }
        edit_init(&entry->edits[i], rules_of(field, i));
        if (words == NULL || edit_set(&entry->edits[i], words) != OK) {
            edit_clear(&entry->edits[i]); // not one we can show: typed anew
        }
    }
    struct keyboard_setup setup =
        keyboard_setup_for(&entry->edits[0].rules, form->host->look->language);
    // A plate of the register gets its dashes by itself; one of the source's own shape does not.
    setup.has_dash = field->kind == FORM_PLATE && field->pattern != NULL;
    setup.begins_shifted = setup.begins_shifted && entry->edits[0].text[0] == '\0';
    keyboard_init(&entry->keyboard, setup);
}

static struct edit_rules rules_of(const struct form_field *field, size_t part)
{
    static const struct edit_rules address[FORM_EDITS_MAX] = {
        {.kind = EDIT_CODE, .chars_max = 7},
        {.kind = EDIT_DIGITS, .chars_max = 5},
        {.kind = EDIT_CODE, .chars_max = 1},
        {.kind = EDIT_CODE, .chars_max = 4},
    };
    bool may_be_negative = !field->has_min || field->min < 0;
    struct edit_rules rules = {.kind = field->is_multiple ? EDIT_LINES : EDIT_FREE,
                               .chars_max = field->length_max};
    if (field->is_multiple) {
        return rules; // one value a line
    }
    if (field->kind == FORM_ADDRESS) {
        return address[part];
    }
    if (field->kind == FORM_LONG_TEXT) {
        rules.kind = EDIT_LINES;
    } else if (field->kind == FORM_NUMBER || field->kind == FORM_MONEY) {
        rules = (struct edit_rules){.kind = EDIT_NUMBER,
                                    .chars_max = 18,
                                    .has_minus = may_be_negative && field->kind == FORM_NUMBER,
                                    .decimals_max = field->decimals_max,
                                    .point = ','};
    } else if (field->kind == FORM_EMAIL) {
        rules.kind = EDIT_EMAIL;
    } else if (field->kind == FORM_PHONE) {
        rules.kind = EDIT_PHONE;
    } else if (field->kind == FORM_BSN) {
        rules = (struct edit_rules){.kind = EDIT_DIGITS, .chars_max = 9};
    } else if (field->kind == FORM_IBAN) {
        rules = (struct edit_rules){.kind = EDIT_CODE, .chars_max = 42};
    } else if (field->kind == FORM_PLATE) {
        rules = (struct edit_rules){.kind = EDIT_PLATE, .chars_max = 10};
    } else if (field->kind == FORM_POSTCODE) {
        rules = (struct edit_rules){.kind = EDIT_CODE, .chars_max = 7};
    }
    return rules;
}

// "2026-11-30", "2026-11-30 14:30", "14:30": a moment has two pickers, one after the other.
static void load_date(struct fill_private *form, const struct form_field *field, const char *typed)
{
    struct form_entry_private *entry = &form->entry;
    struct pick_date_value value = {0};
    bool is_time = field->kind == FORM_TIME;
    pick_date_init(&entry->date, is_time ? PICK_TIME : PICK_DATE);
    pick_date_init(&entry->time, PICK_TIME);
    if (is_time) {
        if (read_time(typed, &value)) {
            pick_date_set(&entry->date, value);
        }
        return;
    }
    char day[DATE_TEXT_BYTES];
    text_copy_cut(day, sizeof day, typed);
    if (date_from_text(day, &value.date) != OK) {
        return;
    }
    pick_date_set(&entry->date, value);
    if (strlen(typed) > DATE_CHARS && read_time(typed + DATE_CHARS + 1, &value)) {
        pick_date_set(&entry->time, value);
    }
}

// "14:30", and seconds or a zone behind it that nobody is asked for.
static bool read_time(const char *words, struct pick_date_value *value)
{
    int64_t parts[2] = {0};
    if (strlen(words) < TIME_CHARS || words[2] != ':') {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        char digits[3] = {words[3 * i], words[3 * i + 1], '\0'};
        if (text_to_int64(digits, 0, i == 0 ? 23 : 59, &parts[i]) != OK) {
            return false;
        }
    }
    value->hour = (uint8_t)parts[0];
    value->minute = (uint8_t)parts[1];
    return true;
}

static void load_list(struct fill_private *form, const struct form_field *field)
{
    const struct json *answer =
        answers_get(&form->walk.answers, &form->walk.form, form->page.place);
    struct form_choice choice;
    pick_list_init(&form->entry.list, field->kind == FORM_SOME, form->host->look->language);
    for (size_t i = 0; i < PICK_LIST_MAX && form_choice(field, i, &choice); i++) {
        if (holds(answer, choice.value)) {
            pick_list_choose(&form->entry.list, i, true);
        }
    }
    if (pick_list_chosen_count(&form->entry.list) > 0) {
        struct pick_list_choices choices = fill_choices(form);
        pick_list_show_chosen(&form->entry.list, form->host->look, &choices, 0);
    }
}

static void load_people(struct fill_private *form)
{
    struct form_entry_private *entry = &form->entry;
    const struct walk *walk = &form->walk;
    pick_list_init(&entry->list, true, form->host->look->language);
    entry->people_count = answers_people_count(&walk->answers, &walk->form, form->page.place);
    if (entry->people_count > ANSWERS_VALUES_MAX) {
        entry->people_count = ANSWERS_VALUES_MAX;
    }
    for (size_t i = 0; i < entry->people_count; i++) {
        (void)answers_person(&walk->answers, &walk->form, form->page.place, i, entry->people[i],
                             sizeof entry->people[i]); // nameless ones show as empty rows
        pick_list_choose(
            &entry->list, i,
            answers_person_is_ticked(&walk->answers, &walk->form, form->page.place, i));
    }
}

// A choice as text, one of an array, or a true member of an object.
static bool holds(const struct json *answer, const char *value)
{
    const char *words = json_text(answer);
    bool is_true = false;
    if (words != NULL) {
        return text_equal(words, value);
    }
    if (json_is_list(answer)) {
        for (size_t i = 0; i < json_len(answer); i++) {
            words = json_text(json_at(answer, i));
            if (words != NULL && text_equal(words, value)) {
                return true;
            }
        }
        return false;
    }
    return json_get_bool(answer, value, &is_true) == OK && is_true;
}

static enum err typed_of(struct fill_private *form, const struct form_field *field,
                         struct text *typed)
{
    const struct form_entry_private *entry = &form->entry;
    if (field->kind == FORM_ONE || field->kind == FORM_SOME) {
        type_list(entry, field, typed);
        return OK;
    }
    bool is_empty = true;
    for (size_t i = 0; i < entry->edits_count; i++) {
        is_empty = is_empty && edit_is_empty(&entry->edits[i]);
    }
    for (size_t i = 0; !is_empty && i < entry->edits_count; i++) {
        text_add(typed, i == 0 ? "" : "\n");
        text_add(typed, entry->edits[i].text);
    }
    if (entry->edits_count > 0) {
        return OK;
    }
    return type_date(entry, field, typed);
}

static enum err type_date(const struct form_entry_private *entry, const struct form_field *field,
                          struct text *typed)
{
    bool is_moment = field->kind == FORM_DATE_TIME;
    struct pick_date_value value = {0};
    struct pick_date_value time = {0};
    enum pick_date_state state = pick_date_get(&entry->date, &value);
    enum pick_date_state time_state = is_moment ? pick_date_get(&entry->time, &time) : state;
    if (state == PICK_DATE_EMPTY && time_state == PICK_DATE_EMPTY) {
        return OK;
    }
    if (state != PICK_DATE_WHOLE || time_state != PICK_DATE_WHOLE) {
        return ERR_MALFORMED;
    }
    char date[DATE_TEXT_BYTES];
    if (field->kind != FORM_TIME) {
        date_to_text(value.date, date);
        text_format(typed, "%s%s", date, is_moment ? " " : "");
    }
    if (field->kind != FORM_DATE) {
        value = is_moment ? time : value;
        text_format(typed, "%02u:%02u", value.hour, value.minute);
    }
    return OK;
}

static void type_list(const struct form_entry_private *entry, const struct form_field *field,
                      struct text *typed)
{
    struct form_choice choice;
    bool is_first = true;
    for (size_t i = 0; i < PICK_LIST_MAX && form_choice(field, i, &choice); i++) {
        if (pick_list_is_chosen(&entry->list, i)) {
            text_add(typed, is_first ? "" : "\n");
            text_add(typed, choice.value);
            is_first = false;
        }
    }
}

// An empty pad leaves what was signed before.
static enum err store_signature(struct fill_private *form)
{
    static char url[SIGN_URL_BYTES];
    struct fault fault = {0};
    if (sign_is_empty(&form->entry.sign)) {
        return OK;
    }
    enum err err = sign_data_url(&form->entry.sign, url, sizeof url, &fault);
    if (err == OK) {
        err = walk_answer(&form->walk, form->page.place, json_new_text(url), &fault);
    }
    wipe(url, sizeof url);
    return err;
}

static enum err store_people(struct fill_private *form)
{
    struct walk *walk = &form->walk;
    struct form_place place = form->page.place;
    struct fault fault = {0};
    enum err err = OK;
    for (size_t i = 0; err == OK && i < form->entry.people_count; i++) {
        bool is_ticked = pick_list_is_chosen(&form->entry.list, i);
        if (answers_person_is_ticked(&walk->answers, &walk->form, place, i) != is_ticked) {
            struct json *value =
                answers_tick_person(&walk->answers, &walk->form, place, i, is_ticked);
            err = walk_answer(walk, place, value, &fault);
        }
    }
    return err;
}

static const char *label_choice(const void *ctx, size_t index)
{
    struct form_choice choice;
    return form_choice(ctx, index, &choice) ? choice.label : "";
}

static const char *label_person(const void *ctx, size_t index)
{
    const struct form_entry_private *entry = ctx;
    return entry->people[index];
}

static void add_plain(struct text *text, const char *html, size_t len)
{
    static const struct {
        const char *entity;
        const char *words;
    } entities[] = {{"&nbsp;", " "}, {"&amp;", "&"},    {"&lt;", "<"},
                    {"&gt;", ">"},   {"&quot;", "\""},  {"&#39;", "'"},
                    {"&euml;", "ë"}, {"&eacute;", "é"}, {"&euro;", "€"}};
    for (size_t i = 0; i < len;) {
        size_t taken = 1;
        bool is_blank = html[i] == ' ' || html[i] == '\n' || html[i] == '\t' || html[i] == '\r';
        for (size_t e = 0; html[i] == '&' && e < sizeof entities / sizeof entities[0]; e++) {
            size_t name = strlen(entities[e].entity);
            if (i + name <= len && strncmp(html + i, entities[e].entity, name) == 0) {
                text_add(text, entities[e].words);
                taken = name;
            }
        }
        if (taken == 1 && is_blank) {
            text_add(text, text->len == 0 || text->buf[text->len - 1] == ' ' ? "" : " ");
        } else if (taken == 1) {
            text_add_bytes(text, html + i, 1);
        }
        i += taken;
    }
}
