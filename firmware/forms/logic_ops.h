// SPDX-License-Identifier: EUPL-1.2
//
// Values of JsonLogic while an expression is worked out, and the operations on them. Everything
// made lives in one bounded piece of memory that is started anew for each expression.
#ifndef INLOOP_FORMS_LOGIC_OPS_H
#define INLOOP_FORMS_LOGIC_OPS_H

#include "forms/logic.h"

enum value_kind {
    VALUE_NONE,
    VALUE_TRUTH,
    VALUE_NUMBER, // NaN: could not be worked out, and compares with nothing
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_JSON,   // an object or list of the data, borrowed
    VALUE_DAY,    // days since 1970-01-01
    VALUE_MOMENT, // milliseconds since then, UTC
    VALUE_SPAN,   // rdelta: years, months, days
    VALUE_PAIR,   // what reduce looks at: current, accumulator
    VALUE_ROOT,   // the data as a whole, through `look_up`
};

struct value {
    enum value_kind kind;
    union {
        bool truth;
        double number;
        const char *text;
        struct {
            const struct value *items;
            size_t count;
        } list;
        const struct json *json;
        int64_t time;
        int span[3];
        const struct value *pair;
    };
};

enum { LOGIC_VALUES_MAX = 1024, LOGIC_STEP_BYTES = 16 };

// EAGER ones look at all their arguments; the others are logic_value.c's own.
enum logic_shape {
    LOGIC_EAGER,
    LOGIC_AND,
    LOGIC_OR,
    LOGIC_IF,
    LOGIC_MAP,
    LOGIC_FILTER,
    LOGIC_REDUCE,
    LOGIC_ALL,
    LOGIC_SOME,
    LOGIC_NONE,
};

struct logic_run;
struct logic_op {
    const char *name;
    enum logic_shape shape;
    enum err (*apply)(struct logic_run *run, const struct value *scope, const struct value *args,
                      size_t count, struct value *result); // of EAGER
};

struct logic_frame {
    const struct logic_op *op; // NULL: a list that is written out
    const struct json *args;
    size_t next;
    size_t base; // of its values on the stack
    size_t each; // position in `source`
    bool is_taken;
    struct value scope;
    struct value source;
};

// One working-out. Large: on the heap. Set today, root or look_up, then logic_run as often as
// wanted; `steps` goes on counting.
struct logic_run {
    struct date today;
    const struct json *root;
    // What `var` finds at a path of the whole data; NULL: `root` is looked through.
    void (*look_up)(struct logic_run *run, const char *path, struct value *value);
    void *ctx;
    size_t steps;
    struct logic_frame frames[LOGIC_DEPTH_MAX];
    size_t depth;
    struct value stack[LOGIC_VALUES_MAX];
    size_t count;
    size_t used;
    _Alignas(struct value) char memory[LOGIC_MEMORY_BYTES];
};

// The value lives until the next run. Errors as logic_value.
MUST_USE enum err logic_run(struct logic_run *run, const struct json *rule, struct value *result);
// Into JSON. ERR_STATE: it is too large for an answer.
MUST_USE enum err logic_to_json(const struct value *value, struct json **json);

// NULL: no such operation.
const struct logic_op *logic_find_op(const char *name);

struct value value_from_json(const struct json *json);
bool value_is_true(const struct value *value);
bool value_is_same(const struct value *left, const struct value *right, bool is_strict);
size_t value_count(const struct value *list);
struct value value_at(const struct value *list, size_t index);
// New list of values that are copied; ERR_STATE: the memory is full.
MUST_USE enum err value_new_list(struct logic_run *run, const struct value *items, size_t count,
                                 struct value *list);
// What `var` gives within a scope; nothing there is VALUE_NONE. ERR_MALFORMED: no path.
MUST_USE enum err value_look_up(struct logic_run *run, const struct value *scope,
                                const struct value *key, struct value *value);
double value_number(const struct value *value); // NaN: it is none
bool value_is_time(const struct value *value);
// Days, or milliseconds when `as_moment`; a day is its first moment by the local clock. False: no
// time.
bool value_time(const struct value *value, bool as_moment, int64_t *time);
// As cat writes it. ERR_STATE: the memory is full.
MUST_USE enum err value_text(struct logic_run *run, const struct value *value, const char **text);
struct value value_truth(bool is_true);
struct value value_of(double number);
void *logic_memory(struct logic_run *run, size_t bytes); // NULL: full

#endif
