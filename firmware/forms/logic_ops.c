// SPDX-License-Identifier: EUPL-1.2
//
// The operations of JsonLogic, and Open Forms' dates. Where the engines in JavaScript and Python
// differ: nothing given is neither small nor large, and sums with it are unknown.
#include "forms/logic_ops.h"

#include "forms/plain.h"

#include <math.h>
#include <string.h>

static const struct value none = {.kind = VALUE_NONE};

static enum err apply_var(struct logic_run *run, const struct value *scope,
                          const struct value *args, size_t count, struct value *result)
{
    enum err err = value_look_up(run, scope, count == 0 ? &none : &args[0], result);
    if (err == OK && result->kind == VALUE_NONE && count > 1) {
        *result = args[1];
    }
    return err;
}

static bool is_missing(struct logic_run *run, const struct value *scope, const struct value *key)
{
    struct value found = none;
    return value_look_up(run, scope, key, &found) != OK || found.kind == VALUE_NONE ||
           (found.kind == VALUE_TEXT && found.text[0] == '\0');
}

static enum err missing_of(struct logic_run *run, const struct value *scope,
                           const struct value *keys, struct value *result)
{
    struct value *missing = logic_memory(run, value_count(keys) * sizeof *missing);
    size_t count = 0;
    for (size_t i = 0; missing != NULL && i < value_count(keys); i++) {
        const struct value key = value_at(keys, i);
        run->steps++;
        if (is_missing(run, scope, &key)) {
            missing[count++] = key;
        }
    }
    *result = (struct value){.kind = VALUE_LIST, .list = {missing, count}};
    return missing == NULL ? ERR_STATE : OK;
}

static enum err apply_missing(struct logic_run *run, const struct value *scope,
                              const struct value *args, size_t count, struct value *result)
{
    const bool is_list = count > 0 && (args[0].kind == VALUE_LIST || args[0].kind == VALUE_JSON);
    const struct value keys = {.kind = VALUE_LIST, .list = {args, count}};
    return missing_of(run, scope, is_list ? &args[0] : &keys, result);
}

static enum err apply_missing_some(struct logic_run *run, const struct value *scope,
                                   const struct value *args, size_t count, struct value *result)
{
    if (count < 2 || args[0].kind != VALUE_NUMBER) {
        return ERR_MALFORMED;
    }
    enum err err = missing_of(run, scope, &args[1], result);
    if (err == OK && (double)(value_count(&args[1]) - result->list.count) >= args[0].number) {
        result->list.count = 0;
    }
    return err;
}

static const struct value *at(const struct value *args, size_t count, size_t index)
{
    return index < count ? &args[index] : &none;
}

#define EQUALITY(name, is_strict, wanted)                                                          \
    static enum err name(struct logic_run *run, const struct value *scope,                         \
                         const struct value *args, size_t count, struct value *result)             \
    {                                                                                              \
        (void)run;                                                                                 \
        (void)scope;                                                                               \
        *result = value_truth(value_is_same(at(args, count, 0), at(args, count, 1), is_strict) ==  \
                              (wanted));                                                           \
        return OK;                                                                                 \
    }
EQUALITY(apply_equal, false, true)
EQUALITY(apply_same, true, true)
EQUALITY(apply_unequal, false, false)
EQUALITY(apply_other, true, false)

// -1, 0, 1; 2: they do not compare.
static int order_of(const struct value *left, const struct value *right)
{
    if (value_is_time(left) || value_is_time(right)) {
        const bool as_moment = left->kind == VALUE_MOMENT || right->kind == VALUE_MOMENT;
        int64_t a = 0;
        int64_t b = 0;
        if (!value_time(left, as_moment, &a) || !value_time(right, as_moment, &b)) {
            return 2;
        }
        return (a > b) - (a < b);
    }
    if (left->kind == VALUE_TEXT && right->kind == VALUE_TEXT) {
        const int order = strcmp(left->text, right->text);
        return (order > 0) - (order < 0);
    }
    const double a = value_number(left);
    const double b = value_number(right);
    return isnan(a) || isnan(b) ? 2 : (a > b) - (a < b);
}

// Two, or three of which the middle one lies between.
#define ORDER(name, holds)                                                                         \
    static enum err name(struct logic_run *run, const struct value *scope,                         \
                         const struct value *args, size_t count, struct value *result)             \
    {                                                                                              \
        (void)run;                                                                                 \
        (void)scope;                                                                               \
        bool is_true = true;                                                                       \
        for (size_t i = 0; i == 0 || (i + 1 < count && i < 2); i++) {                              \
            const int order = order_of(at(args, count, i), at(args, count, i + 1));                \
            is_true = is_true && order != 2 && (holds);                                            \
        }                                                                                          \
        *result = value_truth(is_true);                                                            \
        return OK;                                                                                 \
    }
ORDER(apply_less, order < 0)
ORDER(apply_less_or_same, order <= 0)
ORDER(apply_more, order > 0)
ORDER(apply_more_or_same, order >= 0)

#define TRUTH(name, wanted)                                                                        \
    static enum err name(struct logic_run *run, const struct value *scope,                         \
                         const struct value *args, size_t count, struct value *result)             \
    {                                                                                              \
        (void)run;                                                                                 \
        (void)scope;                                                                               \
        *result = value_truth(value_is_true(at(args, count, 0)) == (wanted));                      \
        return OK;                                                                                 \
    }
TRUTH(apply_not, false)
TRUTH(apply_is, true)

#define NUMBERS(name, start, term)                                                                 \
    static enum err name(struct logic_run *run, const struct value *scope,                         \
                         const struct value *args, size_t count, struct value *result)             \
    {                                                                                              \
        (void)run;                                                                                 \
        (void)scope;                                                                               \
        double sum = count == 0 ? (start) : value_number(&args[0]);                                \
        for (size_t i = 1; i < count; i++) {                                                       \
            const double next = value_number(&args[i]);                                            \
            sum = (term);                                                                          \
        }                                                                                          \
        *result = value_of(sum);                                                                   \
        return OK;                                                                                 \
    }
NUMBERS(apply_sum, 0, sum + next)
NUMBERS(apply_product, 1, sum *next)
NUMBERS(apply_quotient, (double)NAN, next == 0 ? (double)NAN : sum / next)
NUMBERS(apply_remainder, (double)NAN, next == 0 ? (double)NAN : fmod(sum, next))
NUMBERS(apply_max, (double)NAN, isnan(next) || next > sum ? next : sum)
NUMBERS(apply_min, (double)NAN, isnan(next) || next < sum ? next : sum)

// The same day of another month, or its last one when it has no such day.
static bool shift_date(struct date date, const int span[3], int sign, int64_t *days)
{
    const int months = date.year * 12 + date.month - 1 + sign * (span[0] * 12 + span[1]);
    if (months < 1800 * 12 || months >= 2200 * 12) {
        return false;
    }
    struct date moved = {
        .year = (int16_t)(months / 12), .month = (uint8_t)(months % 12 + 1), .day = date.day};
    while (!date_is_valid(moved)) {
        moved.day--;
    }
    *days = date_to_days(moved) + (int64_t)sign * span[2];
    return date_is_valid(date_from_days(*days));
}

static enum err shifted(const struct value *time, const struct value *span, int sign,
                        struct value *result)
{
    const bool is_moment = time->kind == VALUE_MOMENT;
    int64_t at_time = 0;
    *result = none;
    if (!value_time(time, is_moment, &at_time)) {
        return OK; // nothing given, nothing known
    }
    const int64_t day_ms = INT64_C(86400000);
    const int64_t rest = is_moment ? (at_time % day_ms + day_ms) % day_ms : 0;
    int64_t days = is_moment ? (at_time - rest) / day_ms : at_time;
    if (shift_date(date_from_days(days), span->span, sign, &days)) {
        *result = (struct value){.kind = is_moment ? VALUE_MOMENT : VALUE_DAY,
                                 .time = is_moment ? days * day_ms + rest : days};
    }
    return OK;
}

static enum err apply_plus(struct logic_run *run, const struct value *scope,
                           const struct value *args, size_t count, struct value *result)
{
    const bool has_span = count == 2 && (args[0].kind == VALUE_SPAN || args[1].kind == VALUE_SPAN);
    if (has_span) {
        const size_t span = args[1].kind == VALUE_SPAN ? 1 : 0;
        return shifted(&args[1 - span], &args[span], 1, result);
    }
    for (size_t i = 0; i < count; i++) {
        if (value_is_time(&args[i]) || args[i].kind == VALUE_SPAN) {
            return ERR_UNSUPPORTED;
        }
    }
    return apply_sum(run, scope, args, count, result);
}

static enum err apply_minus(struct logic_run *run, const struct value *scope,
                            const struct value *args, size_t count, struct value *result)
{
    (void)run;
    (void)scope;
    if (count == 2 && args[1].kind == VALUE_SPAN) {
        return shifted(&args[0], &args[1], -1, result);
    }
    if (count > 0 && (value_is_time(&args[0]) || (count > 1 && value_is_time(&args[1])))) {
        return ERR_UNSUPPORTED; // the time between two dates has no number of its own
    }
    const double first = value_number(at(args, count, 0));
    *result = value_of(count < 2 ? -first : first - value_number(&args[1]));
    return OK;
}

static enum err apply_in(struct logic_run *run, const struct value *scope, const struct value *args,
                         size_t count, struct value *result)
{
    (void)scope;
    const struct value *where = at(args, count, 1);
    const char *what = NULL;
    *result = value_truth(false);
    if (where->kind == VALUE_TEXT) {
        enum err err = value_text(run, at(args, count, 0), &what);
        run->steps += strlen(where->text) / LOGIC_STEP_BYTES;
        *result = value_truth(err == OK && count > 0 && args[0].kind != VALUE_NONE &&
                              strstr(where->text, what) != NULL);
        return err;
    }
    for (size_t i = 0; i < value_count(where); i++) {
        const struct value item = value_at(where, i);
        run->steps++;
        if (value_is_same(at(args, count, 0), &item, true)) {
            *result = value_truth(true);
        }
    }
    return OK;
}

static enum err apply_cat(struct logic_run *run, const struct value *scope,
                          const struct value *args, size_t count, struct value *result)
{
    (void)scope;
    size_t bytes = 1;
    for (size_t i = 0; i < count; i++) {
        const char *text = NULL;
        enum err err = value_text(run, &args[i], &text);
        if (err != OK) {
            return err;
        }
        bytes += strlen(text);
    }
    char *whole = logic_memory(run, bytes);
    if (whole == NULL) {
        return ERR_STATE;
    }
    struct text text;
    text_init(&text, whole, bytes);
    for (size_t i = 0; i < count; i++) {
        const char *part = "";
        enum err err = value_text(run, &args[i], &part);
        if (err != OK) {
            return err;
        }
        text_add(&text, part);
    }
    *result = (struct value){.kind = VALUE_TEXT, .text = whole};
    return OK;
}

static size_t characters(const char *words, size_t len)
{
    size_t count = 0;
    for (size_t pos = 0; pos < len; count++) {
        (void)utf8_next(words, len, &pos); // counted only
    }
    return count;
}

// From a position (from the end when negative), so many characters (up to so many before the end
// when negative).
static enum err apply_substr(struct logic_run *run, const struct value *scope,
                             const struct value *args, size_t count, struct value *result)
{
    (void)scope;
    const char *words = "";
    enum err err = value_text(run, at(args, count, 0), &words);
    if (err != OK) {
        return err;
    }
    const size_t len = strlen(words);
    const double all = (double)characters(words, len);
    double from = value_number(at(args, count, 1));
    double many = count > 2 ? value_number(&args[2]) : all;
    run->steps += len / LOGIC_STEP_BYTES;
    from = isnan(from) ? 0 : from;
    from = from < 0 ? fmax(all + from, 0) : fmin(from, all);
    many = isnan(many) ? 0 : many < 0 ? all - from + many : many;
    size_t start = 0;
    for (double i = 0; i + 1 <= from && start < len; i++) {
        (void)utf8_next(words, len, &start); // stepped over
    }
    size_t end = start;
    for (double i = 0; i + 1 <= many && end < len; i++) {
        (void)utf8_next(words, len, &end); // taken
    }
    char *part = logic_memory(run, end - start + 1);
    if (part == NULL) {
        return ERR_STATE;
    }
    memcpy(part, words + start, end - start);
    part[end - start] = '\0';
    *result = (struct value){.kind = VALUE_TEXT, .text = part};
    return OK;
}

static enum err apply_merge(struct logic_run *run, const struct value *scope,
                            const struct value *args, size_t count, struct value *result)
{
    (void)scope;
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        const bool is_list = args[i].kind == VALUE_LIST ||
                             (args[i].kind == VALUE_JSON && json_is_list(args[i].json));
        total += is_list ? value_count(&args[i]) : 1;
    }
    struct value *items = logic_memory(run, total * sizeof *items);
    if (items == NULL) {
        return ERR_STATE;
    }
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        const bool is_list = args[i].kind == VALUE_LIST ||
                             (args[i].kind == VALUE_JSON && json_is_list(args[i].json));
        for (size_t k = 0; is_list && k < value_count(&args[i]); k++) {
            items[next++] = value_at(&args[i], k);
        }
        if (!is_list) {
            items[next++] = args[i];
        }
    }
    *result = (struct value){.kind = VALUE_LIST, .list = {items, total}};
    return OK;
}

static enum err apply_date(struct logic_run *run, const struct value *scope,
                           const struct value *args, size_t count, struct value *result)
{
    (void)run;
    (void)scope;
    int64_t time = 0;
    *result = value_time(at(args, count, 0), false, &time)
                  ? (struct value){.kind = VALUE_DAY, .time = time}
                  : none;
    return OK;
}

static enum err apply_datetime(struct logic_run *run, const struct value *scope,
                               const struct value *args, size_t count, struct value *result)
{
    (void)run;
    (void)scope;
    int64_t time = 0;
    *result = value_time(at(args, count, 0), true, &time)
                  ? (struct value){.kind = VALUE_MOMENT, .time = time}
                  : none;
    return OK;
}

static enum err apply_today(struct logic_run *run, const struct value *scope,
                            const struct value *args, size_t count, struct value *result)
{
    (void)scope;
    (void)args;
    (void)count;
    *result = (struct value){.kind = VALUE_DAY, .time = date_to_days(run->today)};
    return OK;
}

static enum err apply_rdelta(struct logic_run *run, const struct value *scope,
                             const struct value *args, size_t count, struct value *result)
{
    (void)run;
    (void)scope;
    *result = (struct value){.kind = VALUE_SPAN, .span = {0}};
    for (size_t i = 0; i < count && i < 3; i++) {
        const double part = args[i].kind == VALUE_NONE ? 0 : value_number(&args[i]);
        if (!(part >= -100000 && part <= 100000)) {
            return ERR_MALFORMED;
        }
        result->span[i] = (int)part;
    }
    return OK;
}

static const struct logic_op ops[] = {
    {"and", LOGIC_AND, NULL},
    {"or", LOGIC_OR, NULL},
    {"if", LOGIC_IF, NULL},
    {"?:", LOGIC_IF, NULL},
    {"map", LOGIC_MAP, NULL},
    {"filter", LOGIC_FILTER, NULL},
    {"reduce", LOGIC_REDUCE, NULL},
    {"all", LOGIC_ALL, NULL},
    {"some", LOGIC_SOME, NULL},
    {"none", LOGIC_NONE, NULL},

    {"var", LOGIC_EAGER, apply_var},
    {"missing", LOGIC_EAGER, apply_missing},
    {"missing_some", LOGIC_EAGER, apply_missing_some},
    {"==", LOGIC_EAGER, apply_equal},
    {"===", LOGIC_EAGER, apply_same},
    {"!=", LOGIC_EAGER, apply_unequal},
    {"!==", LOGIC_EAGER, apply_other},
    {"!", LOGIC_EAGER, apply_not},
    {"!!", LOGIC_EAGER, apply_is},
    {">", LOGIC_EAGER, apply_more},
    {">=", LOGIC_EAGER, apply_more_or_same},
    {"<", LOGIC_EAGER, apply_less},
    {"<=", LOGIC_EAGER, apply_less_or_same},
    {"max", LOGIC_EAGER, apply_max},
    {"min", LOGIC_EAGER, apply_min},
    {"+", LOGIC_EAGER, apply_plus},
    {"-", LOGIC_EAGER, apply_minus},
    {"*", LOGIC_EAGER, apply_product},
    {"/", LOGIC_EAGER, apply_quotient},
    {"%", LOGIC_EAGER, apply_remainder},
    {"in", LOGIC_EAGER, apply_in},
    {"cat", LOGIC_EAGER, apply_cat},
    {"substr", LOGIC_EAGER, apply_substr},
    {"merge", LOGIC_EAGER, apply_merge},
    {"date", LOGIC_EAGER, apply_date},
    {"datetime", LOGIC_EAGER, apply_datetime},
    {"today", LOGIC_EAGER, apply_today},
    {"rdelta", LOGIC_EAGER, apply_rdelta},
};

const struct logic_op *logic_find_op(const char *name)
{
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        if (text_equal(ops[i].name, name)) {
            return &ops[i];
        }
    }
    return NULL;
}
