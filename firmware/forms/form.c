// SPDX-License-Identifier: EUPL-1.2
//
// Reading a definition: the tree of components becomes a row of fields in reading order.
#include "forms/form.h"

#include "forms/form_types.h"

#include <stdlib.h>
#include <string.h>

// A row of components that is being read; `columns` hold rows of their own.
struct level {
    const struct json *components;
    size_t next;
    int16_t parent;
    bool is_columns;
    bool is_counted; // as one deeper: columns are with their row, what we ask ourselves never is
};

enum { LEVELS_MAX = 2 * FORM_DEPTH_MAX + 2 };

static enum err read_all(struct form *form, struct fault *fault);
static enum err read_step(struct form *form, const struct json *step, struct fault *fault);
static enum err read_component(struct form *form, const struct json *component, int16_t parent,
                               struct fault *fault);
static enum err read_key(const struct json *component, struct form_field *field,
                         struct fault *fault);
static enum err read_rules(struct form *form, struct fault *fault);
static const struct json *inner_row(struct form *form, const struct form_field *field,
                                    bool *is_columns);
static enum err sort_keys(struct form *form, struct fault *fault);
static int by_repeat_and_key(const void *left, const void *right, void *ctx);
static int16_t repeat_index(const struct form *form, const struct form_field *field);
static bool holds_another(const struct form *form, const struct form_field *field);

enum err form_read(struct form *form, struct json *root, struct fault *fault)
{
    CHECK(form != NULL);

    form->root = root;
    form->people = NULL;
    form->steps_count = 0;
    form->fields_count = 0;
    form->rules = NULL;
    enum err err = read_all(form, fault);
    if (err != OK) {
        form_free(form);
    }
    return err;
}

void form_free(struct form *form)
{
    if (form == NULL) {
        return;
    }
    json_wipe_free(form->root);
    json_free(form->people);
    form->root = NULL;
    form->people = NULL;
    form->steps_count = 0;
    form->fields_count = 0;
    form->rules = NULL;
}

const struct form_field *form_find(const struct form *form, const char *key)
{
    if (key[0] == '\0') {
        return NULL; // groups and words may have none
    }
    const struct form_field *found = form_find_in(form, -1, key);
    for (const char *dot = strchr(key, '.'); found == NULL && dot != NULL;
         dot = strchr(dot + 1, '.')) {
        char group[FORM_KEY_BYTES];
        if ((size_t)(dot - key) >= sizeof group) {
            return NULL;
        }
        memcpy(group, key, (size_t)(dot - key));
        group[dot - key] = '\0';
        const struct form_field *repeat = form_find_in(form, -1, group);
        if (repeat != NULL && form_has_items(form, repeat)) {
            found = form_find_in(form, (int16_t)form_index(form, repeat), dot + 1);
        }
    }
    for (size_t i = 0; found == NULL && i < form->fields_count; i++) {
        const struct form_field *field = &form->fields[i];
        found = text_equal(field->key, key) && !form_is_of_person(form, field) ? field : NULL;
    }
    return found;
}

const struct form_field *form_find_in(const struct form *form, int16_t repeat, const char *key)
{
    size_t low = 0;
    size_t high = form->fields_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct form_field *field = &form->fields[form->by_key[middle]];
        const int16_t its = repeat_index(form, field);
        const int order = its != repeat ? its - repeat : strcmp(field->key, key);
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == form->fields_count) {
        return NULL;
    }
    const struct form_field *field = &form->fields[form->by_key[low]];
    const bool is_it = repeat_index(form, field) == repeat && text_equal(field->key, key);
    return is_it ? field : NULL;
}

size_t form_index(const struct form *form, const struct form_field *field)
{
    CHECK(field >= form->fields && field < form->fields + form->fields_count);

    return (size_t)(field - form->fields);
}

bool form_choice(const struct form_field *field, size_t index, struct form_choice *choice)
{
    const struct json *choices = form_type_choices(field->definition);
    size_t at = 0;
    for (size_t i = 0; i < json_len(choices); i++) {
        const struct json *found = json_at(choices, i);
        const char *value = json_text(found);
        value = value != NULL ? value : json_get_text(found, "value");
        if (value == NULL || value[0] == '\0') {
            continue; // the empty row that builders leave at the top
        }
        if (at == index) {
            const char *label = json_get_text(found, "label");
            *choice =
                (struct form_choice){value, label == NULL || label[0] == '\0' ? value : label};
            return true;
        }
        at++;
    }
    return false;
}

size_t form_choices_count(const struct form_field *field)
{
    const struct json *choices = form_type_choices(field->definition);
    size_t count = 0;
    for (size_t i = 0; i < json_len(choices); i++) {
        const struct json *found = json_at(choices, i);
        const char *value = json_text(found);
        value = value != NULL ? value : json_get_text(found, "value");
        count += value != NULL && value[0] != '\0';
    }
    return count;
}

const char *form_choice_label(const struct form_field *field, const char *value)
{
    const struct json *choices = form_type_choices(field->definition);
    for (size_t i = 0; i < json_len(choices); i++) {
        const struct json *found = json_at(choices, i);
        const char *its = json_text(found);
        const char *label = its != NULL ? its : json_get_text(found, "label");
        its = its != NULL ? its : json_get_text(found, "value");
        if (its != NULL && its[0] != '\0' && text_equal(its, value)) {
            return label == NULL || label[0] == '\0' ? its : label;
        }
    }
    return NULL;
}

const struct form_field *form_repeat_of(const struct form *form, const struct form_field *field)
{
    const int16_t index = repeat_index(form, field);
    return index < 0 ? NULL : &form->fields[index];
}

bool form_has_items(const struct form *form, const struct form_field *field)
{
    const size_t next = form_index(form, field) + 1;
    return field->kind == FORM_REPEAT || (field->kind == FORM_PEOPLE && next < form->fields_count &&
                                          form_is_of_person(form, &form->fields[next]));
}

bool form_is_ticked(const struct form_field *field)
{
    bool is_asked = false;
    return field->kind == FORM_PEOPLE && text_equal(field->type, "children") &&
           json_get_bool(field->definition, "enableSelection", &is_asked) == OK && is_asked;
}

bool form_is_of_person(const struct form *form, const struct form_field *field)
{
    return field->parent >= 0 && form->fields[field->parent].kind == FORM_PEOPLE;
}

bool form_is_question(const struct form_field *field)
{
    return form_has_answer(field) && field->kind != FORM_REPEAT && field->kind != FORM_UNKNOWN;
}

bool form_has_answer(const struct form_field *field)
{
    return field->kind != FORM_CONTENT && field->kind != FORM_GROUP &&
           field->kind != FORM_SOFT_ERRORS;
}

static enum err read_all(struct form *form, struct fault *fault)
{
    const struct json *steps = json_get(form->root, "steps");
    if (!json_is_list(steps) || json_len(steps) == 0) {
        return fault_set(fault, ERR_MALFORMED, "form: no steps");
    }
    if (json_len(steps) > FORM_STEPS_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "form: more than %d steps", FORM_STEPS_MAX);
    }
    if (json_bytes(steps, JSON_DEPTH_MAX) > FORM_BYTES_MAX ||
        json_bytes(json_get(form->root, "rules"), JSON_DEPTH_MAX) > FORM_BYTES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "form: more than %d bytes", FORM_BYTES_MAX);
    }
    for (size_t i = 0; i < json_len(steps); i++) {
        enum err err = read_step(form, json_at(steps, i), fault);
        if (err != OK) {
            return fault_prefix(fault, "form");
        }
    }
    enum err err = sort_keys(form, fault);
    if (err == OK) {
        err = read_rules(form, fault);
    }
    return err == OK ? OK : fault_prefix(fault, "form");
}

static enum err read_step(struct form *form, const struct json *step, struct fault *fault)
{
    const char *id = json_get_text(step, "id");
    const char *name = json_get_text(step, "name");
    struct form_step *read = &form->steps[form->steps_count];
    *read = (struct form_step){.id = id == NULL ? "" : id,
                               .name = name == NULL ? "" : name,
                               .first_field = (uint16_t)form->fields_count};
    bool is_asked = true;
    if (json_get_bool(step, "isApplicable", &is_asked) == OK) {
        read->is_skipped = !is_asked;
    }
    struct level levels[LEVELS_MAX] = {{json_get(step, "components"), 0, -1, false, true}};
    if (!json_is_list(levels[0].components) || strlen(read->name) > FORM_LABEL_BYTES_MAX) {
        return fault_set(fault, ERR_MALFORMED, "step %zu: no list of components or no name",
                         form->steps_count + 1);
    }
    size_t depth = 1;
    size_t nesting = 1;
    form->steps_count++;
    while (depth > 0) {
        struct level *level = &levels[depth - 1];
        if (level->next == json_len(level->components)) {
            nesting -= level->is_counted ? 1 : 0;
            depth--;
            continue;
        }
        const struct json *component = json_at(level->components, level->next++);
        struct level inner = {.parent = level->parent, .is_counted = true};
        if (level->is_columns) {
            inner.components = json_get(component, "components");
        } else if (!form_type_is_left_out(component)) {
            enum err err = read_component(form, component, level->parent, fault);
            if (err != OK) {
                return err;
            }
            const struct form_field *field = &form->fields[form->fields_count - 1];
            inner.parent = (int16_t)(form->fields_count - 1);
            inner.components = inner_row(form, field, &inner.is_columns);
            inner.is_counted = !inner.is_columns && field->kind != FORM_PEOPLE;
        }
        if (!json_is_list(inner.components)) {
            continue;
        }
        nesting += inner.is_counted ? 1 : 0;
        if (nesting > FORM_DEPTH_MAX || depth == LEVELS_MAX) {
            return fault_set(fault, ERR_TOO_BIG, "nested deeper than %d", FORM_DEPTH_MAX);
        }
        levels[depth++] = inner;
    }
    form->steps[form->steps_count - 1].fields_count =
        (uint16_t)(form->fields_count - form->steps[form->steps_count - 1].first_field);
    return OK;
}

static enum err read_component(struct form *form, const struct json *component, int16_t parent,
                               struct fault *fault)
{
    if (form->fields_count == FORM_FIELDS_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "more than %d components", FORM_FIELDS_MAX);
    }
    struct form_field *field = &form->fields[form->fields_count];
    *field =
        (struct form_field){.key = "", .parent = parent, .step = (int16_t)(form->steps_count - 1)};
    if (!json_has_keys(component)) {
        return fault_set(fault, ERR_MALFORMED, "component %zu: no object", form->fields_count + 1);
    }
    enum err err = read_key(component, field, fault);
    if (err != OK) {
        return err;
    }
    err = form_type_read(component, field, fault);
    if (err != OK) {
        return fault_prefix(fault, field->key[0] == '\0' ? "component" : field->key);
    }
    if (form_has_answer(field) && field->key[0] == '\0') {
        return fault_set(fault, ERR_MALFORMED, "component %zu: key: absent",
                         form->fields_count + 1);
    }
    form->fields_count++;
    // Items within items have no place of their own here.
    if (field->kind == FORM_REPEAT && repeat_index(form, field) >= 0) {
        field->kind = FORM_UNKNOWN;
    }
    return OK;
}

// Letters, digits, low lines and dashes, in parts with points between.
static enum err read_key(const struct json *component, struct form_field *field,
                         struct fault *fault)
{
    const struct json *value = json_get(component, "key");
    const char *key = json_text(value);
    if (json_is_absent(value)) {
        return OK;
    }
    if (key == NULL || strlen(key) >= FORM_KEY_BYTES) {
        return fault_set(fault, ERR_MALFORMED, "key: no text, or longer than %d bytes",
                         FORM_KEY_BYTES - 1);
    }
    size_t points_count = 0;
    for (size_t i = 0; key[i] != '\0'; i++) {
        const bool is_word = (key[i] >= 'a' && key[i] <= 'z') || (key[i] >= 'A' && key[i] <= 'Z') ||
                             (key[i] >= '0' && key[i] <= '9') || key[i] == '_' || key[i] == '-';
        const bool is_between = key[i] == '.' && i > 0 && key[i - 1] != '.' && key[i + 1] != '\0';
        points_count += is_between;
        if ((!is_word && !is_between) || points_count > FORM_KEY_POINTS_MAX) {
            return fault_set(fault, ERR_MALFORMED, "key: not a name");
        }
    }
    field->key = key;
    return OK;
}

static enum err read_rules(struct form *form, struct fault *fault)
{
    const struct json *rules = json_get(form->root, "rules");
    if (json_is_absent(rules)) {
        return OK;
    }
    if (!json_is_list(rules)) {
        return fault_set(fault, ERR_MALFORMED, "rules: no list");
    }
    if (json_len(rules) > FORM_RULES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "more than %d rules", FORM_RULES_MAX);
    }
    form->rules = rules;
    return OK;
}

// People within a group stay one question of it: items within items have no place here.
static const struct json *inner_row(struct form *form, const struct form_field *field,
                                    bool *is_columns)
{
    *is_columns = false;
    if (field->kind == FORM_PEOPLE && repeat_index(form, field) < 0) {
        form->people = form->people == NULL ? form_type_people() : form->people;
        return form_type_person(form->people, field);
    }
    if (field->kind != FORM_GROUP && field->kind != FORM_REPEAT) {
        return NULL;
    }
    *is_columns = text_equal(field->type, "columns");
    return json_get(field->definition, *is_columns ? "columns" : "components");
}

static enum err sort_keys(struct form *form, struct fault *fault)
{
    for (size_t i = 0; i < form->fields_count; i++) {
        form->by_key[i] = (uint16_t)i;
    }
    qsort_r(form->by_key, form->fields_count, sizeof form->by_key[0], by_repeat_and_key, form);
    for (size_t i = 0; i < form->fields_count; i++) {
        const struct form_field *field = &form->fields[form->by_key[i]];
        const struct form_field *next =
            i + 1 < form->fields_count ? &form->fields[form->by_key[i + 1]] : NULL;
        const bool is_twice = next != NULL &&
                              repeat_index(form, next) == repeat_index(form, field) &&
                              text_equal(next->key, field->key) && form_has_answer(next);
        if (is_twice) {
            return fault_set(fault, ERR_MALFORMED, "%s: key: used twice", field->key);
        }
        if (form_has_answer(field) && holds_another(form, field)) {
            return fault_set(fault, ERR_MALFORMED, "%s: key: lies within another", field->key);
        }
    }
    return OK;
}

// Of equal keys, what has an answer comes behind what has none, so that one look at the next is
// enough to find two.
static int by_repeat_and_key(const void *left, const void *right, void *ctx)
{
    const struct form *form = ctx;
    const struct form_field *a = &form->fields[*(const uint16_t *)left];
    const struct form_field *b = &form->fields[*(const uint16_t *)right];
    const int16_t a_repeat = repeat_index(form, a);
    const int16_t b_repeat = repeat_index(form, b);
    if (a_repeat != b_repeat) {
        return a_repeat - b_repeat;
    }
    const int order = strcmp(a->key, b->key);
    return order != 0 ? order : form_has_answer(a) - form_has_answer(b);
}

static int16_t repeat_index(const struct form *form, const struct form_field *field)
{
    int16_t at = field->parent;
    while (at >= 0 && form->fields[at].kind != FORM_REPEAT &&
           form->fields[at].kind != FORM_PEOPLE) {
        at = form->fields[at].parent;
    }
    return at;
}

// "a.b" cannot be answered beside an "a" that is.
static bool holds_another(const struct form *form, const struct form_field *field)
{
    char outer[FORM_KEY_BYTES];
    for (const char *dot = strchr(field->key, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
        memcpy(outer, field->key, (size_t)(dot - field->key));
        outer[dot - field->key] = '\0';
        const struct form_field *found = form_find_in(form, repeat_index(form, field), outer);
        if (found != NULL && form_has_answer(found)) {
            return true;
        }
    }
    return false;
}
