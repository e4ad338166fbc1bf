// SPDX-License-Identifier: EUPL-1.2
//
// JsonLogic as far as the town's own forms use it: var, comparing, reckoning, and, or, not. What it
// does not know is null, so a rule with it never fires.
#include "demo/townhall/town.h"

#include <math.h>
#include <string.h>

enum { LOGIC_DEPTH_MAX = 16, LOGIC_VALUES_MAX = 8 };

// One operation whose operands are being worked out.
struct frame {
    const char *operation;
    const struct json *operands;
    size_t next;
    struct json *values[LOGIC_VALUES_MAX];
    size_t values_count;
};

static bool frame_open(struct frame *frame, const struct json *rule);
static struct json *frame_close(struct frame *frame, const struct json *data);
static struct json *reckon(const char *operation, const struct frame *frame);
static double number_of(const struct json *value);
static bool is_true(const struct json *value);

bool town_logic_is_true(const struct json *rule, const struct json *data)
{
    struct frame stack[LOGIC_DEPTH_MAX];
    size_t depth = frame_open(&stack[0], rule) ? 1 : 0;
    struct json *result = NULL;
    while (depth > 0) {
        struct frame *top = &stack[depth - 1];
        if (top->next < json_len(top->operands) && top->values_count < LOGIC_VALUES_MAX) {
            const struct json *operand = json_at(top->operands, top->next);
            top->next++;
            if (depth < LOGIC_DEPTH_MAX && frame_open(&stack[depth], operand)) {
                depth++;
            } else {
                top->values[top->values_count] = json_clone(operand);
                top->values_count++;
            }
            continue;
        }
        result = frame_close(top, data);
        depth--;
        if (depth > 0) {
            struct frame *under = &stack[depth - 1];
            under->values[under->values_count] = result;
            under->values_count++;
        }
    }
    const bool is_so = is_true(result);
    json_free(result);
    return is_so;
}

// False: a value, not an operation.
static bool frame_open(struct frame *frame, const struct json *rule)
{
    void *iter = NULL;
    *frame = (struct frame){0};
    return json_has_keys(rule) && json_each(rule, &iter, &frame->operation, &frame->operands);
}

static struct json *frame_close(struct frame *frame, const struct json *data)
{
    struct json *result = NULL;
    if (strcmp(frame->operation, "var") == 0) {
        const char *path =
            frame->values_count > 0 ? json_text(frame->values[0]) : json_text(frame->operands);
        const struct json *found = path == NULL ? NULL : json_path(data, path);
        result = found == NULL ? json_new_null() : json_clone(found);
    } else {
        result = reckon(frame->operation, frame);
    }
    for (size_t i = 0; i < frame->values_count; i++) {
        json_free(frame->values[i]);
    }
    return result;
}

static struct json *reckon(const char *operation, const struct frame *frame)
{
    static const char *const known[] = {"==", "!=", ">=", ">",   "<=", "<", "+",
                                        "-",  "*",  "/",  "and", "or", "!"};
    const struct json *one = frame->values_count > 0 ? frame->values[0] : NULL;
    const struct json *other = frame->values_count > 1 ? frame->values[1] : NULL;
    const double left = number_of(one);
    const double right = number_of(other);
    bool is_all = true;
    bool is_any = false;
    for (size_t i = 0; i < frame->values_count; i++) {
        is_all = is_all && is_true(frame->values[i]);
        is_any = is_any || is_true(frame->values[i]);
    }
    size_t which = 0;
    while (which < sizeof known / sizeof known[0] && strcmp(known[which], operation) != 0) {
        which++;
    }
    const bool is_same = one != NULL && other != NULL && json_same(one, other);
    switch (which) {
    case 0:
        return json_new_bool(is_same);
    case 1:
        return json_new_bool(!is_same);
    case 2:
        return json_new_bool(left >= right);
    case 3:
        return json_new_bool(left > right);
    case 4:
        return json_new_bool(left <= right);
    case 5:
        return json_new_bool(left < right);
    case 6:
        return json_new_real(left + right);
    case 7:
        return json_new_real(left - right);
    case 8:
        return json_new_real(left * right);
    case 9:
        return right > 0 || right < 0 ? json_new_real(left / right) : json_new_null();
    case 10:
        return json_new_bool(is_all);
    case 11:
        return json_new_bool(is_any);
    case 12:
        return json_new_bool(!is_true(one));
    default:
        return json_new_null();
    }
}

// As comparing wants it: with what is no number nothing compares.
static double number_of(const struct json *value)
{
    double number = 0;
    return json_double(value, &number) == OK ? number : (double)NAN;
}

static bool is_true(const struct json *value)
{
    bool truth = false;
    double number = 0;
    const char *words = json_text(value);
    if (json_truth(value, &truth) == OK) {
        return truth;
    }
    if (json_double(value, &number) == OK) {
        return number > 0 || number < 0;
    }
    return words != NULL && words[0] != '\0';
}
