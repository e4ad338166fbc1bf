// SPDX-License-Identifier: EUPL-1.2
//
// Where answers are kept and what of them goes back. How they read is answers_text.c.
#include "forms/answers.h"

#include "forms/answers_parts.h"
#include "forms/logic.h"

#include <string.h>

const char *const answers_address_parts[ANSWERS_ADDRESS_PARTS] = {
    "postcode", "houseNumber", "houseLetter", "houseNumberAddition"};

static enum err check_shape(const struct json *given, const struct form *form, struct fault *fault);
static void take_defaults(struct json *data, const struct form *form, int16_t repeat);
static void take_prefill(struct json *data, const struct form *form, const struct json *prefill);
static bool is_in(const struct form *form, const struct form_field *field, int16_t repeat);
static struct json *holder(const struct answers *answers, const struct form *form,
                           struct form_place place);
static struct json *items_of(const struct answers *answers, const struct form *form,
                             int16_t repeat);
static bool has_true(const struct json *boxes);
static bool is_blank(const char *words);
static void set_path(struct json *object, const char *key, struct json *value);
static void remove_path(struct json *object, const char *key);
static void leave_out_hidden(struct json *data, const struct answers *answers,
                             const struct form *form, const struct logic *logic, int step);

enum err answers_open(struct answers *answers, const struct form *form, const struct json *prefill,
                      const struct json *data, struct fault *fault)
{
    CHECK(answers != NULL);
    CHECK(form != NULL);

    answers->data_private = NULL;
    enum err err = check_shape(prefill, form, fault);
    if (err == OK) {
        err = check_shape(data, form, fault);
    }
    if (err != OK) {
        return fault_prefix(fault, "answers");
    }
    struct json *all = json_is_absent(data) ? json_new_object() : json_clone(data);
    take_prefill(all, form, prefill);
    take_defaults(all, form, -1);
    answers_tick_whole(all, form);
    answers->data_private = all;
    if (answers_bytes(answers) > ANSWERS_BYTES_MAX) {
        answers_close(answers);
        return fault_set(fault, ERR_TOO_BIG, "answers: more than %d bytes", ANSWERS_BYTES_MAX);
    }
    return OK;
}

void answers_close(struct answers *answers)
{
    if (answers != NULL) {
        json_wipe_free(answers->data_private);
        answers->data_private = NULL;
    }
}

const struct json *answers_get(const struct answers *answers, const struct form *form,
                               struct form_place place)
{
    const struct json *value =
        json_path(holder(answers, form, place), form->fields[place.field].key);
    return json_is_absent(value) ? NULL : value;
}

void answers_set(struct answers *answers, const struct form *form, struct form_place place,
                 struct json *value)
{
    const struct form_field *field = &form->fields[place.field];
    struct json *object = holder(answers, form, place);
    CHECK(form_has_answer(field));
    CHECK(object != NULL);

    set_path(object, field->key, value == NULL ? answers_empty_value(field) : value);
}

struct json *answers_empty_value(const struct form_field *field)
{
    if (field->is_multiple) {
        return json_new_array();
    }
    switch (field->kind) {
    case FORM_NUMBER:
    case FORM_MONEY:
    case FORM_UNKNOWN:
        return json_new_null();
    case FORM_YES:
        return json_new_bool(false);
    case FORM_FILE:
    case FORM_PEOPLE:
    case FORM_REPEAT:
        return json_new_array();
    case FORM_SOME: {
        struct json *boxes = json_new_object();
        struct form_choice choice;
        for (size_t i = 0; form_choice(field, i, &choice); i++) {
            json_set_bool(boxes, choice.value, false);
        }
        return boxes;
    }
    case FORM_ADDRESS: {
        struct json *address = json_new_object();
        for (size_t i = 0; i < ANSWERS_ADDRESS_PARTS; i++) {
            json_set_text(address, answers_address_parts[i], "");
        }
        return address;
    }
    case FORM_TEXT:
    case FORM_LONG_TEXT:
    case FORM_DATE:
    case FORM_DATE_TIME:
    case FORM_TIME:
    case FORM_EMAIL:
    case FORM_PHONE:
    case FORM_BSN:
    case FORM_IBAN:
    case FORM_PLATE:
    case FORM_POSTCODE:
    case FORM_ONE:
    case FORM_SIGNATURE:
    case FORM_CONTENT:
    case FORM_GROUP:
    case FORM_SOFT_ERRORS:
        return json_new_text("");
    }
    return json_new_null();
}

bool answers_value_is_empty(const struct form_field *field, const struct json *value)
{
    const char *words = json_text(value);
    if (json_is_absent(value) || (words != NULL && is_blank(words))) {
        return true;
    }
    if (json_is_list(value)) {
        for (size_t i = 0; i < json_len(value); i++) {
            const char *one = json_text(json_at(value, i));
            if (one != NULL ? !is_blank(one) : !json_is_absent(json_at(value, i))) {
                return false;
            }
        }
        return true;
    }
    bool is_yes = false;
    if (field->kind == FORM_YES) {
        return json_truth(value, &is_yes) != OK || !is_yes;
    }
    if (field->kind == FORM_SOME) {
        return !has_true(value);
    }
    if (field->kind == FORM_ADDRESS) {
        const char *postcode = json_get_text(value, "postcode");
        const char *number = json_get_text(value, "houseNumber");
        return (postcode == NULL || is_blank(postcode)) && (number == NULL || is_blank(number));
    }
    return json_has_keys(value) && json_len(value) == 0;
}

bool answers_is_empty(const struct answers *answers, const struct form *form,
                      struct form_place place)
{
    return answers_value_is_empty(&form->fields[place.field], answers_get(answers, form, place));
}

size_t answers_items_count(const struct answers *answers, const struct form *form, int16_t repeat)
{
    const struct json *items = items_of(answers, form, repeat);
    return items == NULL ? 0 : json_len(items);
}

bool answers_may_add(const struct answers *answers, const struct form *form, int16_t repeat)
{
    const struct form_field *field = &form->fields[repeat];
    const struct form_place place = {repeat, -1};
    const size_t count = answers_items_count(answers, form, repeat);
    const size_t most = field->chosen_max > 0 && field->chosen_max < ANSWERS_ITEMS_MAX
                            ? field->chosen_max
                            : ANSWERS_ITEMS_MAX;
    const bool is_people = field->kind == FORM_PEOPLE;
    for (size_t i = 0; is_people && i < count; i++) {
        if (!answers_person_is_by_hand(answers, form, place, i)) {
            return false;
        }
    }
    return count < most && (!is_people || answers_people_are_by_hand(answers, form, place));
}

enum err answers_add_item(struct answers *answers, const struct form *form, int16_t repeat)
{
    const struct form_field *field = &form->fields[repeat];
    CHECK(form_has_items(form, field));

    struct json *items = items_of(answers, form, repeat);
    if (items == NULL) {
        items = json_new_array();
        set_path(answers->data_private, field->key, items);
    }
    if (!answers_may_add(answers, form, repeat)) {
        return ERR_FULL;
    }
    struct json *item = json_new_object();
    take_defaults(item, form, repeat);
    if (field->kind == FORM_PEOPLE) {
        answers_begin_person(item, form, repeat, items);
    }
    json_append(items, item);
    return OK;
}

void answers_remove_item(struct answers *answers, const struct form *form, int16_t repeat,
                         size_t item)
{
    struct json *items = items_of(answers, form, repeat);
    CHECK(item < (items == NULL ? 0 : json_len(items)));

    json_remove_at(items, item);
}

size_t answers_bytes(const struct answers *answers)
{
    return json_bytes(answers->data_private, ANSWERS_DEPTH_MAX);
}

struct json *answers_write(const struct answers *answers, const struct form *form,
                           const struct logic *logic, int step)
{
    CHECK(step < (int)form->steps_count);

    struct json *written = NULL;
    if (step < 0) {
        written = json_clone(answers->data_private);
    } else {
        written = json_new_object();
        const struct form_step *asked = &form->steps[step];
        for (size_t i = 0; i < asked->fields_count; i++) {
            const size_t index = asked->first_field + i;
            const struct form_field *field = &form->fields[index];
            const struct json *value = json_path(answers->data_private, field->key);
            if (value != NULL && form_has_answer(field) && is_in(form, field, -1)) {
                set_path(written, field->key, json_clone(value));
            }
        }
    }
    if (logic != NULL) {
        leave_out_hidden(written, answers, form, logic, step);
    }
    return written;
}

static enum err check_shape(const struct json *given, const struct form *form, struct fault *fault)
{
    if (json_is_absent(given)) {
        return OK;
    }
    if (!json_has_keys(given)) {
        return fault_set(fault, ERR_MALFORMED, "no object");
    }
    if (json_bytes(given, ANSWERS_DEPTH_MAX) > ANSWERS_BYTES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "more than %d bytes, or nested deeper than %d",
                         ANSWERS_BYTES_MAX, ANSWERS_DEPTH_MAX);
    }
    for (size_t i = 0; i < form->fields_count; i++) {
        const struct form_field *field = &form->fields[i];
        const struct json *items = json_path(given, field->key);
        if (field->kind != FORM_REPEAT || json_is_absent(items)) {
            continue;
        }
        if (!json_is_list(items) || json_len(items) > ANSWERS_ITEMS_MAX) {
            return fault_set(fault, json_is_list(items) ? ERR_TOO_BIG : ERR_MALFORMED,
                             "%s: no list, or more than %d items", field->key, ANSWERS_ITEMS_MAX);
        }
        for (size_t k = 0; k < json_len(items); k++) {
            if (!json_has_keys(json_at(items, k))) {
                return fault_set(fault, ERR_MALFORMED, "%s: an item is no object", field->key);
            }
        }
    }
    return OK;
}

static void take_defaults(struct json *data, const struct form *form, int16_t repeat)
{
    for (size_t i = 0; i < form->fields_count; i++) {
        const struct form_field *field = &form->fields[i];
        const struct json *value = json_get(field->definition, "defaultValue");
        // Containers of another shape than the kind's are nobody's default.
        const bool is_fit = field->kind == FORM_REPEAT ? json_is_list(value) && json_len(value) == 0
                                                       : !answers_value_is_empty(field, value);
        if (form_has_answer(field) && is_in(form, field, repeat) && is_fit &&
            json_bytes(value, 4) < FORM_WORDS_BYTES_MAX && json_path(data, field->key) == NULL) {
            set_path(data, field->key, json_clone(value));
        }
    }
}

static void take_prefill(struct json *data, const struct form *form, const struct json *prefill)
{
    for (size_t i = 0; i < form->fields_count && !json_is_absent(prefill); i++) {
        const struct form_field *field = &form->fields[i];
        const struct json *value = json_path(prefill, field->key);
        if (form_has_answer(field) && is_in(form, field, -1) && !json_is_absent(value) &&
            json_path(data, field->key) == NULL) {
            set_path(data, field->key, json_clone(value));
        }
    }
}

static bool is_in(const struct form *form, const struct form_field *field, int16_t repeat)
{
    const struct form_field *its = form_repeat_of(form, field);
    return repeat < 0 ? its == NULL : its == &form->fields[repeat];
}

// The object a field's key is looked up in; NULL: there is no such item.
static struct json *holder(const struct answers *answers, const struct form *form,
                           struct form_place place)
{
    CHECK(place.field >= 0 && (size_t)place.field < form->fields_count);

    const struct form_field *repeat = form_repeat_of(form, &form->fields[place.field]);
    if (repeat == NULL) {
        return answers->data_private;
    }
    struct json *items = items_of(answers, form, (int16_t)form_index(form, repeat));
    return items == NULL || place.item < 0 ? NULL : json_item(items, (size_t)place.item);
}

static struct json *items_of(const struct answers *answers, const struct form *form, int16_t repeat)
{
    struct json *items = answers_member(answers->data_private, form->fields[repeat].key);
    return json_is_list(items) ? items : NULL;
}

struct json *answers_member(struct json *at, const char *key)
{
    while (at != NULL && *key != '\0') {
        char part[FORM_KEY_BYTES];
        const size_t len = strcspn(key, ".");
        memcpy(part, key, len);
        part[len] = '\0';
        at = json_member(at, part);
        key += len + (key[len] == '.');
    }
    return at;
}

static bool has_true(const struct json *boxes)
{
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    while (json_has_keys(boxes) && json_each(boxes, &iter, &key, &value)) {
        bool is_on = false;
        if (json_truth(value, &is_on) == OK && is_on) {
            return true;
        }
    }
    return false;
}

static bool is_blank(const char *words)
{
    return words[strspn(words, " \t\r\n")] == '\0';
}

// Makes the objects on the way; whatever else stood there goes.
static void set_path(struct json *object, const char *key, struct json *value)
{
    const char *dot = strchr(key, '.');
    while (dot != NULL) {
        char part[FORM_KEY_BYTES];
        memcpy(part, key, (size_t)(dot - key));
        part[dot - key] = '\0';
        if (!json_has_keys(json_member(object, part))) {
            json_set(object, part, json_new_object());
        }
        object = json_member(object, part);
        key = dot + 1;
        dot = strchr(key, '.');
    }
    json_set(object, key, value);
}

static void remove_path(struct json *object, const char *key)
{
    const char *dot = strchr(key, '.');
    while (dot != NULL && object != NULL) {
        char part[FORM_KEY_BYTES];
        memcpy(part, key, (size_t)(dot - key));
        part[dot - key] = '\0';
        object = json_member(object, part);
        key = dot + 1;
        dot = strchr(key, '.');
    }
    if (json_has_keys(object)) {
        json_remove(object, key);
    }
}

static void leave_out_hidden(struct json *data, const struct answers *answers,
                             const struct form *form, const struct logic *logic, int step)
{
    const struct answers written = {.data_private = data};
    for (size_t i = 0; i < form->fields_count; i++) {
        const struct form_field *field = &form->fields[i];
        if (!form_has_answer(field) || !field->clears_when_hidden ||
            (step >= 0 && field->step != step)) {
            continue;
        }
        const struct form_field *repeat = form_repeat_of(form, field);
        struct form_place place = {.field = (int16_t)i, .item = -1};
        if (repeat == NULL) {
            if (logic_is_hidden(logic, form, answers, place)) {
                remove_path(data, field->key);
            }
            continue;
        }
        struct json *items = items_of(&written, form, (int16_t)form_index(form, repeat));
        for (size_t k = 0; items != NULL && k < json_len(items); k++) {
            place.item = (int16_t)k;
            if (logic_is_hidden(logic, form, answers, place)) {
                remove_path(json_item(items, k), field->key);
            }
        }
    }
}
