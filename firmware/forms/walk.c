// SPDX-License-Identifier: EUPL-1.2
//
// The pages of a form in reading order, worked out from one field to the next.
#include "forms/walk.h"

#include <string.h>

static const struct walk_page check_page = {WALK_CHECK, {-1, -1}};

static bool page_of(const struct walk *walk, size_t field, struct walk_page *page);
static bool asks(const struct form_field *field);
static bool is_words(const struct form_field *field);
static bool is_seen(const struct walk *walk, size_t field, int16_t item);
static int16_t repeat_of(const struct walk *walk, size_t field);
static struct walk_page page_after(const struct walk *walk, size_t field);
static bool page_before(const struct walk *walk, size_t field, struct walk_page *page);
static bool item_page(const struct walk *walk, int16_t repeat, size_t from, int16_t item,
                      struct walk_page *page);
static bool item_page_before(const struct walk *walk, struct form_place place,
                             struct walk_page *page);
static bool first_item_fault(const struct walk *walk, int16_t repeat, struct walk_page *page,
                             struct check_result *result);
static struct check_result check(const struct walk *walk, struct form_place place);

enum err walk_open(struct walk *walk, struct json *document, struct date today, struct fault *fault)
{
    CHECK(walk != NULL);

    memset(&walk->logic, 0, sizeof walk->logic);
    walk->answers = (struct answers){NULL};
    walk->today = today;
    enum err err = form_read(&walk->form, document, fault);
    if (err != OK) {
        return err;
    }
    err = answers_open(&walk->answers, &walk->form, json_get(walk->form.root, "prefill"),
                       json_get(walk->form.root, "data"), fault);
    if (err != OK) {
        form_free(&walk->form);
        return err;
    }
    // Rules that go round leave the definition's own states and `is_unsure`, which the page shows.
    err = logic_apply(&walk->logic, &walk->form, &walk->answers, today, NULL);
    (void)err; // it says so itself
    return OK;
}

size_t walk_lead(const struct walk *walk, struct walk_page page, int16_t *fields, size_t max)
{
    size_t count = 0;
    if (page.kind == WALK_CHECK || page.place.field < 0) {
        return 0;
    }
    const struct form *form = &walk->form;
    const size_t own = (size_t)page.place.field;
    const int16_t repeat = repeat_of(walk, own);
    size_t from = own;
    // Back to whatever was asked before, in the same step and the same item.
    while (page.kind != WALK_READ && from > 0) {
        const struct form_field *before = &form->fields[from - 1];
        const bool is_beside = repeat_of(walk, from - 1) == repeat;
        if (before->step != form->fields[own].step || (int16_t)(from - 1) == repeat || !is_beside ||
            (asks(before) && is_seen(walk, from - 1, page.place.item))) {
            break;
        }
        from--;
    }
    const size_t end = page.kind == WALK_READ ? form->fields_count : own;
    for (size_t i = from; i < end && form->fields[i].step == form->fields[own].step; i++) {
        if (is_words(&form->fields[i]) && is_seen(walk, i, page.place.item) && count < max) {
            fields[count++] = (int16_t)i;
        }
    }
    return count;
}

struct walk_page walk_first(const struct walk *walk)
{
    struct walk_page page;
    return walk->form.fields_count > 0 && page_of(walk, 0, &page) ? page : page_after(walk, 0);
}

struct walk_page walk_resume(const struct walk *walk)
{
    struct walk_page page;
    struct check_result result;
    size_t answered = 0;
    size_t asked = 0;
    walk_progress(walk, &answered, &asked);
    if (answered == 0) {
        return walk_first(walk);
    }
    return walk_first_fault(walk, &page, &result) ? page : check_page;
}

struct walk_page walk_next(const struct walk *walk, struct walk_page page)
{
    if (page.kind == WALK_CHECK) {
        return page;
    }
    const size_t field = (size_t)page.place.field;
    const int16_t repeat = repeat_of(walk, field);
    if (repeat < 0 || page.place.item < 0) {
        return page_after(walk, field);
    }
    struct walk_page next;
    if (item_page(walk, repeat, field + 1, page.place.item, &next)) {
        return next;
    }
    return (struct walk_page){WALK_ITEMS, {repeat, -1}};
}

bool walk_back(const struct walk *walk, struct walk_page page, struct walk_page *before)
{
    if (page.kind == WALK_CHECK) {
        return page_before(walk, walk->form.fields_count, before);
    }
    const size_t field = (size_t)page.place.field;
    const int16_t repeat = repeat_of(walk, field);
    if (repeat < 0 || page.place.item < 0) {
        return page_before(walk, field, before);
    }
    if (!item_page_before(walk, page.place, before)) {
        *before = (struct walk_page){WALK_ITEMS, {repeat, -1}};
    }
    return true;
}

bool walk_find(const struct walk *walk, const char *key, struct walk_page *page)
{
    const struct form_field *field = form_find(&walk->form, key);
    if (field == NULL) {
        return false;
    }
    const struct form_field *repeat = form_repeat_of(&walk->form, field);
    return page_of(walk, form_index(&walk->form, repeat == NULL ? field : repeat), page);
}

bool walk_at(const struct walk *walk, struct form_place place, struct walk_page *page)
{
    if (place.field < 0 || (size_t)place.field >= walk->form.fields_count) {
        return false;
    }
    const int16_t repeat = repeat_of(walk, (size_t)place.field);
    if (repeat < 0) {
        return place.item < 0 && page_of(walk, (size_t)place.field, page);
    }
    struct walk_page group;
    return place.item >= 0 && page_of(walk, (size_t)repeat, &group) &&
           (size_t)place.item < answers_items_count(&walk->answers, &walk->form, repeat) &&
           item_page(walk, repeat, (size_t)place.field, place.item, page) &&
           page->place.field == place.field;
}

bool walk_item(const struct walk *walk, int16_t repeat, size_t item, struct walk_page *page)
{
    CHECK(repeat >= 0 && form_has_items(&walk->form, &walk->form.fields[repeat]));

    return item < answers_items_count(&walk->answers, &walk->form, repeat) &&
           item_page(walk, repeat, (size_t)repeat + 1, (int16_t)item, page);
}

void walk_position(const struct walk *walk, struct walk_page page, size_t *step, size_t *steps)
{
    const int16_t repeat =
        page.kind == WALK_CHECK ? (int16_t)-1 : repeat_of(walk, (size_t)page.place.field);
    const size_t own = repeat >= 0 ? (size_t)repeat : (size_t)page.place.field;
    *step = 0;
    *steps = 0;
    for (size_t i = 0; i < walk->form.fields_count; i++) {
        struct walk_page its;
        if (page_of(walk, i, &its)) {
            *steps += 1;
            *step += page.kind == WALK_CHECK || i <= own;
        }
    }
}

void walk_progress(const struct walk *walk, size_t *answered, size_t *asked)
{
    *answered = 0;
    *asked = 0;
    for (size_t i = 0; i < walk->form.fields_count; i++) {
        struct walk_page page;
        if (asks(&walk->form.fields[i]) && page_of(walk, i, &page)) {
            *asked += 1;
            *answered += !answers_is_empty(&walk->answers, &walk->form, page.place);
        }
    }
}

bool walk_first_fault(const struct walk *walk, struct walk_page *page, struct check_result *result)
{
    for (size_t i = 0; i < walk->form.fields_count; i++) {
        if (!asks(&walk->form.fields[i]) || !page_of(walk, i, page)) {
            continue;
        }
        *result = check(walk, page->place);
        if (result->fault != CHECK_OK) {
            return true;
        }
        if (page->kind == WALK_ITEMS && first_item_fault(walk, (int16_t)i, page, result)) {
            return true;
        }
    }
    return false;
}

size_t walk_soft_missing(const struct walk *walk, int16_t *fields, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < walk->form.fields_count; i++) {
        const struct form_field *field = &walk->form.fields[i];
        bool is_soft = false;
        struct walk_page page;
        if (asks(field) && count < max &&
            json_get_bool(json_get(field->definition, "openForms"), "softRequired", &is_soft) ==
                OK &&
            is_soft && page_of(walk, i, &page) &&
            answers_is_empty(&walk->answers, &walk->form, page.place)) {
            fields[count++] = (int16_t)i;
        }
    }
    return count;
}

enum err walk_answer(struct walk *walk, struct form_place place, struct json *value,
                     struct fault *fault)
{
    const size_t bytes = value == NULL ? 0 : json_bytes(value, ANSWERS_DEPTH_MAX / 2);
    if (bytes > ANSWERS_BYTES_MAX || bytes + answers_bytes(&walk->answers) > ANSWERS_BYTES_MAX) {
        json_wipe_free(value);
        return fault_set(fault, ERR_TOO_BIG, "answers: more than %d bytes", ANSWERS_BYTES_MAX);
    }
    answers_set(&walk->answers, &walk->form, place, value);
    return logic_apply(&walk->logic, &walk->form, &walk->answers, walk->today, fault);
}

void walk_close(struct walk *walk)
{
    if (walk != NULL) {
        answers_close(&walk->answers);
        form_free(&walk->form);
        memset(&walk->logic, 0, sizeof walk->logic);
    }
}

// The page a field has outside items. Words have one only at the end of their step, where no
// question carries them.
static bool page_of(const struct walk *walk, size_t field, struct walk_page *page)
{
    const struct form *form = &walk->form;
    const struct form_field *its = &form->fields[field];
    if (repeat_of(walk, field) >= 0 || its->kind == FORM_GROUP || !is_seen(walk, field, -1)) {
        return false;
    }
    *page = (struct walk_page){WALK_QUESTION, {(int16_t)field, -1}};
    if (!is_words(its)) {
        const bool has_items =
            its->kind == FORM_REPEAT ||
            logic_asks_people(&walk->logic, form, &walk->answers, (int16_t)field);
        page->kind = has_items                   ? WALK_ITEMS
                     : its->kind == FORM_UNKNOWN ? WALK_HAND_OVER
                                                 : WALK_QUESTION;
        return true;
    }
    page->kind = WALK_READ;
    for (size_t i = field + 1; i < form->fields_count && form->fields[i].step == its->step; i++) {
        if (asks(&form->fields[i]) && repeat_of(walk, i) < 0 && is_seen(walk, i, -1)) {
            return false;
        }
    }
    // One page for all that stands there.
    for (size_t i = field; i > 0 && form->fields[i - 1].step == its->step; i--) {
        const bool is_beside = repeat_of(walk, i - 1) < 0 && is_seen(walk, i - 1, -1);
        if (is_beside && is_words(&form->fields[i - 1])) {
            return false;
        }
        if (is_beside && asks(&form->fields[i - 1])) {
            break;
        }
    }
    return true;
}

static bool asks(const struct form_field *field)
{
    return form_has_answer(field);
}

static bool is_words(const struct form_field *field)
{
    return field->kind == FORM_CONTENT || field->kind == FORM_SOFT_ERRORS;
}

static bool is_seen(const struct walk *walk, size_t field, int16_t item)
{
    const struct form_place place = {(int16_t)field, item};
    return !logic_is_hidden(&walk->logic, &walk->form, &walk->answers, place);
}

static int16_t repeat_of(const struct walk *walk, size_t field)
{
    const struct form_field *repeat = form_repeat_of(&walk->form, &walk->form.fields[field]);
    return repeat == NULL ? (int16_t)-1 : (int16_t)form_index(&walk->form, repeat);
}

static struct walk_page page_after(const struct walk *walk, size_t field)
{
    struct walk_page page;
    for (size_t i = field + 1; i < walk->form.fields_count; i++) {
        if (page_of(walk, i, &page)) {
            return page;
        }
    }
    return check_page;
}

static bool page_before(const struct walk *walk, size_t field, struct walk_page *page)
{
    for (size_t i = field; i > 0; i--) {
        if (page_of(walk, i - 1, page)) {
            return true;
        }
    }
    return false;
}

// The first question of an item at or behind a field.
static bool item_page(const struct walk *walk, int16_t repeat, size_t from, int16_t item,
                      struct walk_page *page)
{
    for (size_t i = from; i < walk->form.fields_count && repeat_of(walk, i) == repeat; i++) {
        const struct form_field *field = &walk->form.fields[i];
        if (asks(field) && is_seen(walk, i, item)) {
            const bool is_ours = form_is_question(field);
            *page =
                (struct walk_page){is_ours ? WALK_QUESTION : WALK_HAND_OVER, {(int16_t)i, item}};
            return true;
        }
    }
    return false;
}

static bool item_page_before(const struct walk *walk, struct form_place place,
                             struct walk_page *page)
{
    const int16_t repeat = repeat_of(walk, (size_t)place.field);
    for (int16_t i = (int16_t)(place.field - 1); i > repeat; i--) {
        if (item_page(walk, repeat, (size_t)i, place.item, page) && page->place.field == i) {
            return true;
        }
    }
    return false;
}

static bool first_item_fault(const struct walk *walk, int16_t repeat, struct walk_page *page,
                             struct check_result *result)
{
    const size_t count = answers_items_count(&walk->answers, &walk->form, repeat);
    for (size_t item = 0; item < count; item++) {
        size_t from = (size_t)repeat + 1;
        while (item_page(walk, repeat, from, (int16_t)item, page)) {
            *result = check(walk, page->place);
            if (result->fault != CHECK_OK) {
                return true;
            }
            from = (size_t)page->place.field + 1;
        }
    }
    return false;
}

static struct check_result check(const struct walk *walk, struct form_place place)
{
    return check_place(&walk->form, &walk->answers, &walk->logic, place, walk->today);
}
