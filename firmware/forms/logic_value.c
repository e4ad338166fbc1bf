// SPDX-License-Identifier: EUPL-1.2
//
// Working out one JsonLogic expression: a stack of frames instead of functions that call
// themselves, so that its depth and length have limits of ours.
#include "forms/logic_ops.h"

#include <stdlib.h>
#include <string.h>

enum { JSON_LISTS_MAX = 4, JSON_VALUES_MAX = 2000, JSON_BYTES_MAX = 64 * 1024 };

static enum err begin(struct logic_run *run, const struct json *node, struct value scope);
static enum err step(struct logic_run *run);
static enum err step_eager(struct logic_run *run, struct logic_frame *frame);
static enum err step_and_or(struct logic_run *run, struct logic_frame *frame);
static enum err step_if(struct logic_run *run, struct logic_frame *frame);
static enum err step_each(struct logic_run *run, struct logic_frame *frame);
static enum err finish(struct logic_run *run, struct value value);
static enum err push(struct logic_run *run, struct value value);
static struct json *leaf_to_json(const struct value *value);

enum err logic_value(const struct json *rule, const struct json *data, struct date today,
                     struct json **result)
{
    CHECK(result != NULL);

    *result = NULL;
    struct logic_run *run = malloc(sizeof *run);
    CHECK(run != NULL);
    run->today = today;
    run->root = data;
    run->look_up = NULL;
    run->ctx = NULL;
    run->steps = 0;
    struct value value;
    enum err err = logic_run(run, rule, &value);
    if (err == OK) {
        err = logic_to_json(&value, result);
    }
    free(run);
    return err;
}

bool logic_is_true(const struct json *value)
{
    const struct value its = value_from_json(value);
    return value_is_true(&its);
}

enum err logic_run(struct logic_run *run, const struct json *rule, struct value *result)
{
    run->depth = 0;
    run->count = 0;
    run->used = 0;
    enum err err =
        rule == NULL ? ERR_MALFORMED : begin(run, rule, (struct value){.kind = VALUE_ROOT});
    while (err == OK && run->depth > 0) {
        run->steps++;
        err = run->steps > LOGIC_STEPS_MAX ? ERR_STATE : step(run);
    }
    if (err == OK) {
        CHECK(run->count == 1);
        *result = run->stack[0];
    }
    return err;
}

enum err logic_to_json(const struct value *value, struct json **json)
{
    struct {
        const struct value *list;
        size_t next;
        struct json *array;
    } levels[JSON_LISTS_MAX] = {0};
    size_t depth = 0;
    size_t values_count = 0;
    size_t bytes = 0;
    const struct value *at = value;
    struct json *top = NULL;
    while (at != NULL) {
        struct json *made =
            at->kind == VALUE_LIST ? json_new_array() : leaf_to_json(at); // NULL: too deep
        bytes += made == NULL ? 0 : json_bytes(made, JSON_DEPTH_MAX);
        if (depth == 0) {
            top = made;
        } else if (made != NULL) {
            json_append(levels[depth - 1].array, made);
        }
        if (made == NULL || ++values_count > JSON_VALUES_MAX || bytes > JSON_BYTES_MAX ||
            (at->kind == VALUE_LIST && depth == JSON_LISTS_MAX)) {
            json_wipe_free(top);
            return ERR_STATE;
        }
        if (at->kind == VALUE_LIST) {
            levels[depth].list = at;
            levels[depth].next = 0;
            levels[depth].array = made;
            depth++;
        }
        while (depth > 0 && levels[depth - 1].next == levels[depth - 1].list->list.count) {
            depth--;
        }
        at = depth == 0 ? NULL : &levels[depth - 1].list->list.items[levels[depth - 1].next++];
    }
    *json = top;
    return OK;
}

// An object with one member is an operation, a list is worked out item by item, anything else is
// what it is.
static enum err begin(struct logic_run *run, const struct json *node, struct value scope)
{
    struct logic_frame frame = {.args = node, .base = run->count, .scope = scope};
    if (json_has_keys(node) && json_len(node) == 1) {
        void *iter = NULL;
        const char *name = NULL;
        (void)json_each(node, &iter, &name, &frame.args); // it has one
        frame.op = logic_find_op(name);
        if (frame.op == NULL) {
            return ERR_UNSUPPORTED;
        }
    } else if (!json_is_list(node)) {
        return push(run, value_from_json(node));
    }
    if (run->depth == LOGIC_DEPTH_MAX) {
        return ERR_STATE;
    }
    run->frames[run->depth++] = frame;
    return OK;
}

static size_t args_count(const struct logic_frame *frame)
{
    return json_is_list(frame->args) ? json_len(frame->args) : 1;
}

static const struct json *arg(const struct logic_frame *frame, size_t index)
{
    return json_is_list(frame->args) ? json_at(frame->args, index) : frame->args;
}

static enum err step(struct logic_run *run)
{
    struct logic_frame *frame = &run->frames[run->depth - 1];
    if (frame->op == NULL) {
        return step_eager(run, frame);
    }
    switch (frame->op->shape) {
    case LOGIC_EAGER:
        return step_eager(run, frame);
    case LOGIC_AND:
    case LOGIC_OR:
        return step_and_or(run, frame);
    case LOGIC_IF:
        return step_if(run, frame);
    case LOGIC_MAP:
    case LOGIC_FILTER:
    case LOGIC_REDUCE:
    case LOGIC_ALL:
    case LOGIC_SOME:
    case LOGIC_NONE:
        return step_each(run, frame);
    }
    return ERR_MALFORMED;
}

static enum err step_eager(struct logic_run *run, struct logic_frame *frame)
{
    if (frame->next < args_count(frame)) {
        return begin(run, arg(frame, frame->next++), frame->scope);
    }
    const struct value *args = &run->stack[frame->base];
    const size_t count = run->count - frame->base;
    struct value result = {.kind = VALUE_NONE};
    enum err err = frame->op == NULL ? value_new_list(run, args, count, &result)
                                     : frame->op->apply(run, &frame->scope, args, count, &result);
    return err == OK ? finish(run, result) : err;
}

static enum err step_and_or(struct logic_run *run, struct logic_frame *frame)
{
    const bool is_or = frame->op->shape == LOGIC_OR;
    if (run->count > frame->base) {
        const struct value last = run->stack[run->count - 1];
        if (value_is_true(&last) == is_or || frame->next == args_count(frame)) {
            return finish(run, last);
        }
        run->count--;
    }
    if (frame->next == args_count(frame)) {
        return finish(run, (struct value){.kind = VALUE_NONE});
    }
    return begin(run, arg(frame, frame->next++), frame->scope);
}

// Condition, answer, condition, answer, otherwise.
static enum err step_if(struct logic_run *run, struct logic_frame *frame)
{
    const size_t count = args_count(frame);
    if (run->count > frame->base) {
        const struct value last = run->stack[--run->count];
        if (frame->is_taken || frame->next == count) {
            return finish(run, last);
        }
        frame->is_taken = value_is_true(&last);
        frame->next += frame->is_taken ? 0 : 1;
    }
    if (frame->next >= count) {
        return finish(run, (struct value){.kind = VALUE_NONE});
    }
    return begin(run, arg(frame, frame->next++), frame->scope);
}

// What a finished look at one item means. True: the answer is there already.
static bool end_each(struct logic_run *run, struct logic_frame *frame, struct value *answer)
{
    const struct value last = run->stack[run->count - 1];
    const bool is_true = value_is_true(&last);
    const enum logic_shape shape = frame->op->shape;
    if (shape == LOGIC_FILTER) {
        run->stack[run->count - 1] = value_at(&frame->source, frame->each);
        run->count -= !is_true;
    } else if (shape != LOGIC_MAP && shape != LOGIC_REDUCE) {
        run->count--;
        // One that fails ends `all`, one that holds ends the others.
        if (is_true != (shape == LOGIC_ALL)) {
            *answer = (struct value){.kind = VALUE_TRUTH, .truth = shape == LOGIC_SOME};
            return true;
        }
    }
    frame->each++;
    return false;
}

static enum err begin_item(struct logic_run *run, struct logic_frame *frame)
{
    struct value scope = value_at(&frame->source, frame->each);
    if (frame->op->shape == LOGIC_REDUCE) {
        const struct value both[2] = {scope, run->stack[--run->count]};
        struct value list;
        enum err err = value_new_list(run, both, 2, &list);
        if (err != OK) {
            return err;
        }
        scope = (struct value){.kind = VALUE_PAIR, .pair = list.list.items};
    }
    return begin(run, arg(frame, 1), scope);
}

static enum err step_each(struct logic_run *run, struct logic_frame *frame)
{
    const enum logic_shape shape = frame->op->shape;
    const size_t count = args_count(frame);
    if (count < 2) {
        return ERR_MALFORMED;
    }
    // First the list, and where reduce starts; then the items one by one.
    const size_t before = shape == LOGIC_REDUCE ? 2 : 1;
    if (frame->next < before) {
        const size_t which = frame->next++ == 0 ? 0 : 2;
        if (which == 2 && count < 3) {
            return push(run, (struct value){.kind = VALUE_NONE});
        }
        return begin(run, arg(frame, which), frame->scope);
    }
    struct value answer = {.kind = VALUE_TRUTH, .truth = shape != LOGIC_SOME};
    if (frame->next == before) {
        frame->source = run->stack[frame->base];
        if (shape == LOGIC_REDUCE) {
            run->stack[frame->base] = run->stack[frame->base + 1];
        }
        run->count--;
        frame->next++;
        // Nothing is not all of anything.
        answer.truth =
            shape == LOGIC_NONE || (shape == LOGIC_ALL && value_count(&frame->source) > 0);
    } else if (end_each(run, frame, &answer)) {
        return finish(run, answer);
    }
    if (frame->each < value_count(&frame->source)) {
        return begin_item(run, frame);
    }
    if (shape == LOGIC_REDUCE) {
        return finish(run, run->stack[frame->base]);
    }
    if (shape == LOGIC_MAP || shape == LOGIC_FILTER) {
        enum err err =
            value_new_list(run, &run->stack[frame->base], run->count - frame->base, &answer);
        return err == OK ? finish(run, answer) : err;
    }
    return finish(run, answer);
}

static enum err finish(struct logic_run *run, struct value value)
{
    run->depth--;
    run->count = run->frames[run->depth].base;
    return push(run, value);
}

static enum err push(struct logic_run *run, struct value value)
{
    if (run->count == LOGIC_VALUES_MAX) {
        return ERR_STATE;
    }
    run->stack[run->count++] = value;
    return OK;
}

static struct json *leaf_to_json(const struct value *value)
{
    char day[DATE_TEXT_BYTES];
    char time[TIME_TEXT_BYTES];
    const double number = value->kind == VALUE_NUMBER ? value->number : 0;
    const bool is_whole = number >= -1e15 && number <= 1e15 && number == (double)(int64_t)number;
    switch (value->kind) {
    case VALUE_TRUTH:
        return json_new_bool(value->truth);
    case VALUE_NUMBER:
        if (is_whole) {
            return json_new_int((int64_t)number);
        }
        return number - number == 0 ? json_new_real(number) : json_new_null();
    case VALUE_TEXT:
        return json_new_text(value->text);
    case VALUE_JSON:
        return json_bytes(value->json, 6) < JSON_BYTES_MAX ? json_clone(value->json) : NULL;
    case VALUE_DAY:
        date_to_text(date_from_days(value->time), day);
        return json_new_text(day);
    case VALUE_MOMENT:
        time_to_text(value->time, time);
        return json_new_text(time);
    case VALUE_LIST:
        return NULL;
    case VALUE_NONE:
    case VALUE_SPAN:
    case VALUE_PAIR:
    case VALUE_ROOT:
        return json_new_null();
    }
    return json_new_null();
}
