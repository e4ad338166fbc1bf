// SPDX-License-Identifier: EUPL-1.2
//
// Answers by the keys of their components.
#include "adapters/form_data.h"

#include "base/text.h"

#include <string.h>

enum { KEY_BYTES = 128, KEY_STEPS_MAX = 8 };

static const struct json *inner_of(const struct json *component);
static void put(struct json *data, const char *key, const struct json *value);
static struct json *child_to_change(struct json *object, const char *key);
static bool holds_all(const struct json *left, const struct json *right);
static bool is_nothing(const struct json *value);
static bool same_value(const struct json *left, const struct json *right);
static const char *key_of(const char *name);

void form_walk_begin(struct form_walk *walk, const struct json *components)
{
    *walk = (struct form_walk){.depth = 1};
    walk->stack[0].components = components;
}

const struct json *form_walk_next(struct form_walk *walk)
{
    while (walk->depth > 0 && walk->seen_count < FORM_WALK_COMPONENTS_MAX) {
        const struct json *components = walk->stack[walk->depth - 1].components;
        size_t *next = &walk->stack[walk->depth - 1].next;
        if (*next >= json_len(components)) {
            walk->depth--;
            continue;
        }
        const struct json *component = json_at(components, *next);
        *next += 1;
        walk->seen_count++;
        const struct json *inner = inner_of(component);
        if (inner == NULL || walk->depth == FORM_WALK_DEPTH_MAX) {
            return component;
        }
        walk->stack[walk->depth].components = inner;
        walk->stack[walk->depth].next = 0;
        walk->depth++;
    }
    return NULL;
}

// What a group holds; NULL when it is none. A repeating group answers for its items as a whole.
static const struct json *inner_of(const struct json *component)
{
    const char *type = json_get_text(component, "type");
    if (type != NULL && strcmp(type, "editgrid") == 0) {
        return NULL;
    }
    const struct json *inner = json_get(component, "components");
    if (inner == NULL) {
        inner = json_get(component, "columns");
    }
    return json_is_list(inner) ? inner : NULL;
}

struct json *form_data_part(const struct json *data, const struct json *components)
{
    struct json *part = json_new_object();
    form_data_add(part, data, components);
    return part;
}

void form_data_add(struct json *data, const struct json *from, const struct json *components)
{
    struct form_walk walk;
    form_walk_begin(&walk, components);
    for (const struct json *component = form_walk_next(&walk); component != NULL;
         component = form_walk_next(&walk)) {
        const char *key = json_get_text(component, "key");
        const struct json *value = key == NULL || key[0] == '\0' ? NULL : json_path(from, key);
        if (value != NULL) {
            put(data, key, value);
        }
    }
}

static void put(struct json *data, const char *key, const struct json *value)
{
    char step[KEY_BYTES];
    struct json *at = data;
    for (int i = 0; i < KEY_STEPS_MAX; i++) {
        const size_t len = strcspn(key, ".");
        if (len >= sizeof step) {
            return;
        }
        memcpy(step, key, len);
        step[len] = '\0';
        if (key[len] == '\0') {
            json_set(at, step, json_clone(value));
            return;
        }
        at = child_to_change(at, step);
        key += len + 1;
    }
}

static struct json *child_to_change(struct json *object, const char *key)
{
    if (!json_has_keys(json_get(object, key))) {
        json_set(object, key, json_new_object());
    }
    // The parent is ours to change, so what it owns is too; json_get only promises less.
    union {
        const struct json *in;
        struct json *out;
    } child = {.in = json_get(object, key)};
    return child.out;
}

bool form_data_same(const struct json *left, const struct json *right)
{
    return holds_all(left, right) && holds_all(right, left);
}

static bool holds_all(const struct json *left, const struct json *right)
{
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    while (json_each(right, &iter, &key, &value)) {
        const struct json *other = json_get(left, key);
        if (!(is_nothing(value) && is_nothing(other)) && !same_value(value, other)) {
            return false;
        }
    }
    return true;
}

static bool is_nothing(const struct json *value)
{
    const char *words = json_text(value);
    return json_is_absent(value) || (words != NULL && words[0] == '\0') ||
           ((json_is_list(value) || json_has_keys(value)) && json_len(value) == 0);
}

static bool same_value(const struct json *left, const struct json *right)
{
    double one = 0;
    double other = 0;
    if (json_double(left, &one) == OK && json_double(right, &other) == OK) {
        return !(one < other) && !(one > other);
    }
    return left != NULL && right != NULL && json_same(left, right);
}

struct json *form_refusal(const struct json *problem)
{
    const struct json *params = json_get(problem, "invalidParams");
    struct json *list = json_new_array();
    for (size_t i = 0; i < json_len(params) && i < FORM_INVALID_MAX; i++) {
        const char *name = json_get_text(json_at(params, i), "name");
        const char *reason = json_get_text(json_at(params, i), "reason");
        struct json *one = json_new_object();
        json_set_text(one, "key", name == NULL ? "" : key_of(name));
        json_set_text(one, "reason", reason == NULL || !text_is_printable(reason) ? "" : reason);
        json_append(list, one);
    }
    struct json *told = json_new_object();
    json_set(told, "invalid", list);
    return told;
}

struct json *form_refusal_new(const char *key, const char *reason)
{
    struct json *one = json_new_object();
    json_set_text(one, "key", key);
    json_set_text(one, "reason", reason);
    struct json *list = json_new_array();
    json_append(list, one);
    struct json *told = json_new_object();
    json_set(told, "invalid", list);
    return told;
}

static const char *key_of(const char *name)
{
    static const char *const before[] = {"details.ontvangenGegevens.", "ontvangenGegevens.",
                                         "data."};
    static const char *const whole[] = {"nonFieldErrors", "details", "data", "status"};
    if (text_starts_with(name, "steps[") || text_starts_with(name, "steps.")) {
        const char *dot = strchr(name, '.');
        name = dot == NULL ? "" : dot + 1;
        if (name[0] >= '0' && name[0] <= '9' && strchr(name, '.') != NULL) {
            name = strchr(name, '.') + 1; // "steps.0.data" is written as well as "steps[0].data"
        }
    }
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        if (text_starts_with(name, before[i])) {
            return name + strlen(before[i]);
        }
    }
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        if (strcmp(name, whole[i]) == 0) {
            return "";
        }
    }
    return name;
}
