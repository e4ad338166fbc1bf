// SPDX-License-Identifier: EUPL-1.2
//
// Values of an expression: where they come from, what they are as number, text and time.
#include "forms/logic_ops.h"

#include "forms/plain.h"

#include <math.h>
#include <string.h>

enum { PATH_BYTES = 256 };

static const struct value none = {.kind = VALUE_NONE};

static struct value member(const struct value *value, const char *name);

void *logic_memory(struct logic_run *run, size_t bytes)
{
    const size_t whole =
        (bytes + sizeof(struct value) - 1) / sizeof(struct value) * sizeof(struct value);
    if (bytes > LOGIC_MEMORY_BYTES || run->used + whole > LOGIC_MEMORY_BYTES) {
        return NULL;
    }
    void *memory = run->memory + run->used;
    run->used += whole;
    run->steps += whole / LOGIC_STEP_BYTES / 4;
    return memory;
}

enum err value_new_list(struct logic_run *run, const struct value *items, size_t count,
                        struct value *list)
{
    struct value *copy = logic_memory(run, count * sizeof *copy);
    if (copy == NULL) {
        return ERR_STATE;
    }
    if (count > 0) {
        memcpy(copy, items, count * sizeof *copy);
    }
    *list = (struct value){.kind = VALUE_LIST, .list = {copy, count}};
    return OK;
}

struct value value_from_json(const struct json *json)
{
    bool is_true = false;
    double its = 0;
    if (json_is_absent(json)) {
        return none;
    }
    if (json_text(json) != NULL) {
        return (struct value){.kind = VALUE_TEXT, .text = json_text(json)};
    }
    if (json_truth(json, &is_true) == OK) {
        return value_truth(is_true);
    }
    if (json_double(json, &its) == OK) {
        return value_of(its);
    }
    return (struct value){.kind = VALUE_JSON, .json = json};
}

bool value_is_true(const struct value *value)
{
    switch (value->kind) {
    case VALUE_NONE:
        return false;
    case VALUE_TRUTH:
        return value->truth;
    case VALUE_NUMBER:
        return value->number != 0 && !isnan(value->number);
    case VALUE_TEXT:
        return value->text[0] != '\0';
    case VALUE_LIST:
        return value->list.count > 0;
    case VALUE_JSON:
        return !json_is_list(value->json) || json_len(value->json) > 0;
    case VALUE_DAY:
    case VALUE_MOMENT:
    case VALUE_SPAN:
    case VALUE_PAIR:
    case VALUE_ROOT:
        return true;
    }
    return false;
}

bool value_is_same(const struct value *left, const struct value *right, bool is_strict)
{
    if (value_is_time(left) || value_is_time(right)) {
        const bool as_moment = left->kind == VALUE_MOMENT || right->kind == VALUE_MOMENT;
        int64_t a = 0;
        int64_t b = 0;
        return value_time(left, as_moment, &a) && value_time(right, as_moment, &b) && a == b;
    }
    if (left->kind == right->kind) {
        switch (left->kind) {
        case VALUE_NONE:
            return true;
        case VALUE_TRUTH:
            return left->truth == right->truth;
        case VALUE_NUMBER:
            return left->number == right->number;
        case VALUE_TEXT:
            return text_equal(left->text, right->text);
        case VALUE_JSON:
            return json_same(left->json, right->json);
        case VALUE_LIST:
        case VALUE_DAY:
        case VALUE_MOMENT:
        case VALUE_SPAN:
        case VALUE_PAIR:
        case VALUE_ROOT:
            return false;
        }
    }
    const bool is_plain = left->kind != VALUE_NONE && right->kind != VALUE_NONE;
    const bool has_number = left->kind == VALUE_NUMBER || right->kind == VALUE_NUMBER;
    return !is_strict && is_plain && has_number && value_number(left) == value_number(right);
}

size_t value_count(const struct value *list)
{
    if (list->kind == VALUE_LIST) {
        return list->list.count;
    }
    return list->kind == VALUE_JSON && json_is_list(list->json) ? json_len(list->json) : 0;
}

struct value value_at(const struct value *list, size_t index)
{
    if (index >= value_count(list)) {
        return none;
    }
    return list->kind == VALUE_LIST ? list->list.items[index]
                                    : value_from_json(json_at(list->json, index));
}

enum err value_look_up(struct logic_run *run, const struct value *scope, const struct value *key,
                       struct value *value)
{
    char digits[PLAIN_NUMBER_BYTES];
    const char *path = key->kind == VALUE_TEXT ? key->text : "";
    if (key->kind == VALUE_NUMBER) {
        plain_number_text(key->number, 0, digits);
        path = digits;
    }
    if (strlen(path) >= PATH_BYTES) {
        return ERR_MALFORMED;
    }
    *value = *scope;
    if (scope->kind == VALUE_ROOT && run->look_up != NULL) {
        run->look_up(run, path, value);
        return OK;
    }
    if (scope->kind == VALUE_ROOT) {
        *value = value_from_json(run->root);
    }
    while (*path != '\0') {
        char part[PATH_BYTES];
        const size_t len = strcspn(path, ".");
        memcpy(part, path, len);
        part[len] = '\0';
        *value = member(value, part);
        path += len + (path[len] == '.');
        run->steps++;
    }
    return OK;
}

double value_number(const struct value *value)
{
    double its = 0;
    if (value->kind == VALUE_NUMBER) {
        return value->number;
    }
    if (value->kind == VALUE_TRUTH) {
        return value->truth ? 1 : 0;
    }
    if (value->kind == VALUE_TEXT && plain_number(value->text, &its, NULL)) {
        return its;
    }
    return (double)NAN;
}

bool value_is_time(const struct value *value)
{
    return value->kind == VALUE_DAY || value->kind == VALUE_MOMENT;
}

// Days, or milliseconds when `as_moment`; a day is its first moment by the local clock.
bool value_time(const struct value *value, bool as_moment, int64_t *time)
{
    struct date date = {0};
    int seconds = 0;
    if (value->kind == VALUE_TEXT) {
        if (as_moment && time_from_text(value->text, time) == OK) {
            return true;
        }
        if (!plain_moment(value->text, &date, &seconds)) {
            return false;
        }
    } else if (value->kind == VALUE_DAY) {
        date = date_from_days(value->time);
    } else if (value->kind == VALUE_MOMENT) {
        *time = as_moment ? value->time : clock_local_day(value->time);
        return true;
    } else {
        return false;
    }
    char moment[40];
    if (!as_moment) {
        *time = date_to_days(date);
        return true;
    }
    plain_moment_text(date, seconds, moment, sizeof moment);
    return time_from_text(moment, time) == OK;
}

enum err value_text(struct logic_run *run, const struct value *value, const char **text)
{
    char *made = NULL;
    *text = "";
    if (value->kind == VALUE_TEXT) {
        *text = value->text;
        return OK;
    }
    if (value->kind == VALUE_TRUTH) {
        *text = value->truth ? "true" : "false";
        return OK;
    }
    if (value->kind != VALUE_NUMBER && !value_is_time(value)) {
        return OK;
    }
    made = logic_memory(run, PLAIN_NUMBER_BYTES);
    if (made == NULL) {
        return ERR_STATE;
    }
    if (value->kind == VALUE_NUMBER) {
        plain_number_text(value->number, 0, made);
    } else if (value->kind == VALUE_DAY) {
        date_to_text(date_from_days(value->time), made);
    } else {
        time_to_text(value->time, made);
    }
    *text = made;
    return OK;
}

struct value value_truth(bool is_true)
{
    return (struct value){.kind = VALUE_TRUTH, .truth = is_true};
}

struct value value_of(double value)
{
    return (struct value){.kind = VALUE_NUMBER, .number = isfinite(value) ? value : (double)NAN};
}

static struct value member(const struct value *value, const char *name)
{
    int64_t index = 0;
    if (value->kind == VALUE_JSON && json_has_keys(value->json)) {
        return value_from_json(json_get(value->json, name));
    }
    if (value->kind == VALUE_PAIR) {
        return text_equal(name, "current")       ? value->pair[0]
               : text_equal(name, "accumulator") ? value->pair[1]
                                                 : none;
    }
    return text_to_int64(name, 0, 1 << 20, &index) == OK ? value_at(value, (size_t)index) : none;
}
