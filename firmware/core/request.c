// SPDX-License-Identifier: EUPL-1.2
//
// The order of requests, the bounded list, and the API's names.
#include "core/request.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right);
static int by_number(int64_t left, int64_t right);

static const char *const source_names[REQUEST_SOURCES_COUNT] = {"taken", "zaken", "forms",
                                                                "objecten", "mijntaken"};
static const char *const kind_names[] = {"form", "link", "payment", "case"};
static const char *const state_names[] = {"missing", "question", "busy", "done"};
static const char *const subject_names[SUBJECTS_COUNT] = {"letter",  "parking",  "moving",
                                                          "licence", "passport", "money"};
static const char *const class_names[REQUEST_CLASSES_COUNT] = {"ordinary", "sensitive", "by_link",
                                                               "begun_here"};

#define NAMES_COUNT(names) (sizeof(names) / sizeof((names)[0]))

void request_sort(struct request_list_private *list)
{
    CHECK(list->requests_count <= REQUESTS_MAX);
    qsort(list->requests, list->requests_count, sizeof list->requests[0], compare);
}

void request_add(struct request_list_private *list, const struct request_private *request)
{
    CHECK(list->requests_count <= REQUESTS_MAX);

    if (list->requests_count < REQUESTS_MAX) {
        list->requests[list->requests_count++] = *request;
        return;
    }
    request_sort(list);
    struct request_private *last = &list->requests[REQUESTS_MAX - 1];
    if (compare(request, last) < 0) {
        *last = *request;
    }
}

const struct request_private *request_find(const struct request_list_private *list, const char *id)
{
    for (size_t i = 0; i < list->requests_count; i++) {
        if (text_equal(list->requests[i].id, id)) {
            return &list->requests[i];
        }
    }
    return NULL;
}

const char *request_source_name(enum request_source source)
{
    CHECK(source < REQUEST_SOURCES_COUNT);
    return source_names[source];
}

const char *request_kind_name(enum request_kind kind)
{
    CHECK(kind < NAMES_COUNT(kind_names));
    return kind_names[kind];
}

const char *request_state_name(enum request_state state)
{
    CHECK(state < NAMES_COUNT(state_names));
    return state_names[state];
}

const char *request_subject_picture(enum request_subject subject)
{
    static const char *const pictures[SUBJECTS_COUNT] = {
        [SUBJECT_LETTER] = "picto-letterqr",   [SUBJECT_PARKING] = "picto-car",
        [SUBJECT_MOVING] = "picto-house",      [SUBJECT_LICENCE] = "picto-licence",
        [SUBJECT_PASSPORT] = "picto-passport", [SUBJECT_MONEY] = "picto-money",
    };
    CHECK(subject < SUBJECTS_COUNT);
    return pictures[subject];
}

const char *request_subject_name(enum request_subject subject)
{
    CHECK(subject < SUBJECTS_COUNT);
    return subject_names[subject];
}

const char *request_class_name(enum request_class class)
{
    CHECK(class < REQUEST_CLASSES_COUNT);
    return class_names[class];
}

enum err request_source_from_name(const char *name, enum request_source *source)
{
    size_t index = 0;
    enum err err = text_find(source_names, REQUEST_SOURCES_COUNT, name, &index);
    if (err == OK) {
        *source = (enum request_source)index;
    }
    return err;
}

enum err request_kind_from_name(const char *name, enum request_kind *kind)
{
    size_t index = 0;
    enum err err = text_find(kind_names, NAMES_COUNT(kind_names), name, &index);
    if (err == OK) {
        *kind = (enum request_kind)index;
    }
    return err;
}

enum err request_state_from_name(const char *name, enum request_state *state)
{
    size_t index = 0;
    enum err err = text_find(state_names, NAMES_COUNT(state_names), name, &index);
    if (err == OK) {
        *state = (enum request_state)index;
    }
    return err;
}

enum err request_subject_from_name(const char *name, enum request_subject *subject)
{
    size_t index = 0;
    enum err err = text_find(subject_names, SUBJECTS_COUNT, name, &index);
    if (err == OK) {
        *subject = (enum request_subject)index;
    }
    return err;
}

enum err request_class_from_name(const char *name, enum request_class *class)
{
    size_t index = 0;
    enum err err = text_find(class_names, REQUEST_CLASSES_COUNT, name, &index);
    if (err == OK) {
        *class = (enum request_class)index;
    }
    return err;
}

static int compare(const void *left, const void *right)
{
    const struct request_private *a = left;
    const struct request_private *b = right;
    int64_t a_deadline_ms = a->deadline_ms == 0 ? INT64_MAX : a->deadline_ms;
    int64_t b_deadline_ms = b->deadline_ms == 0 ? INT64_MAX : b->deadline_ms;
    int order = by_number(a_deadline_ms, b_deadline_ms);
    if (order == 0) {
        order = by_number(a->state, b->state);
    }
    if (order == 0) {
        order = by_number(a->started_ms, b->started_ms);
    }
    return order == 0 ? strcmp(a->id, b->id) : order;
}

static int by_number(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}
