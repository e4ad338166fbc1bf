// SPDX-License-Identifier: EUPL-1.2
//
// Documents for the tests of forms: from text in single quotes, and from the shared samples.
#ifndef INLOOP_TESTS_FORM_SAMPLES_H
#define INLOOP_TESTS_FORM_SAMPLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "forms/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES_TODAY ((struct date){2026, 11, 26})

// One form at a time; the walk is too large for the stack.
static struct walk samples_walk;

// JSON with ' for ".
static inline struct json *samples_json(const char *words)
{
    char *copy = strdup(words);
    for (char *at = copy; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    struct json *json = NULL;
    const enum err err = json_parse(copy, strlen(copy), &json);
    if (err != OK) {
        fail_msg("no JSON: %s", words);
    }
    free(copy);
    return json;
}

static inline struct json *samples_file(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/specs/samples/%s", getenv("INLOOP_SHARED"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    enum { LIMIT = 1 << 20 };
    char *bytes = malloc(LIMIT);
    const size_t len = fread(bytes, 1, LIMIT, file);
    (void)fclose(file);
    struct json *json = NULL;
    assert_int_equal(json_parse(bytes, len, &json), OK);
    free(bytes);
    return json;
}

// A document of one step with these components; `rules` and `data` are JSON or NULL.
static inline struct json *samples_document(const char *components, const char *rules,
                                            const char *data)
{
    struct json *document = json_new_object();
    struct json *steps = json_new_array();
    struct json *step = json_new_object();
    json_set_text(step, "id", "step-1");
    json_set_text(step, "name", "Stap 1");
    json_set(step, "components", samples_json(components));
    json_append(steps, step);
    json_set(document, "steps", steps);
    json_set(document, "rules", rules == NULL ? json_new_null() : samples_json(rules));
    json_set(document, "data", data == NULL ? json_new_null() : samples_json(data));
    return document;
}

static inline struct walk *samples_open(const char *components, const char *rules, const char *data)
{
    struct fault fault = {0};
    const enum err err =
        walk_open(&samples_walk, samples_document(components, rules, data), SAMPLES_TODAY, &fault);
    if (err != OK) {
        fail_msg("%s", fault.text);
    }
    return &samples_walk;
}

// Steps of an export of Open Forms (form definitions, each with a configuration).
static inline struct json *samples_steps(const struct json *definitions)
{
    struct json *steps = json_new_array();
    for (size_t i = 0; i < json_len(definitions); i++) {
        const struct json *definition = json_at(definitions, i);
        struct json *step = json_new_object();
        json_set_text(step, "id", json_get_text(definition, "uuid"));
        json_set_text(step, "name", json_get_text(definition, "name"));
        json_set(step, "components", json_clone(json_path(definition, "configuration.components")));
        json_append(steps, step);
    }
    return steps;
}

static inline struct form_place samples_place(const struct walk *walk, const char *key)
{
    const struct form_field *field = form_find(&walk->form, key);
    if (field == NULL) {
        fail_msg("no field %s", key);
    }
    return (struct form_place){(int16_t)form_index(&walk->form, field), -1};
}

static inline bool samples_is_hidden(const struct walk *walk, const char *key)
{
    return logic_is_hidden(&walk->logic, &walk->form, &walk->answers, samples_place(walk, key));
}

static inline void samples_answer(struct walk *walk, const char *key, const char *value)
{
    assert_int_equal(walk_answer(walk, samples_place(walk, key), samples_json(value), NULL), OK);
}

static inline enum check_fault samples_check(const struct walk *walk, const char *key)
{
    return check_place(&walk->form, &walk->answers, &walk->logic, samples_place(walk, key),
                       walk->today)
        .fault;
}

#endif
