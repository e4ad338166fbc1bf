// SPDX-License-Identifier: EUPL-1.2
//
// The earliest and latest date a question takes.
#include "forms/check_dates.h"

#include "forms/plain.h"

struct limit {
    struct date date;
    int seconds;
};

static bool find_limit(const struct form *form, const struct answers *answers,
                       const struct form_field *field, bool is_max, struct date today,
                       struct limit *limit);
static bool relative_limit(const struct form *form, const struct answers *answers,
                           const struct json *rule, struct date today, struct limit *limit);
static struct check_result check_time(const struct form_field *field, const char *words);
static int64_t seconds_of(struct limit limit);

struct check_result check_moment(const struct form *form, const struct answers *answers,
                                 const struct form_field *field, const char *words,
                                 struct date today)
{
    struct limit given = {0};
    struct limit limit = {0};
    if (field->kind == FORM_TIME) {
        return check_time(field, words);
    }
    if (!plain_moment(words, &given.date, &given.seconds)) {
        return (struct check_result){.fault = CHECK_NO_DATE};
    }
    const bool is_day = field->kind == FORM_DATE;
    given.seconds = is_day ? 0 : given.seconds;
    if (find_limit(form, answers, field, false, today, &limit)) {
        limit.seconds = is_day ? 0 : limit.seconds;
        if (seconds_of(given) < seconds_of(limit)) {
            return (struct check_result){.fault = CHECK_TOO_EARLY, .date = limit.date};
        }
    }
    if (find_limit(form, answers, field, true, today, &limit)) {
        limit.seconds = is_day ? 0 : limit.seconds;
        if (seconds_of(given) > seconds_of(limit)) {
            return (struct check_result){.fault = CHECK_TOO_LATE, .date = limit.date};
        }
    }
    return (struct check_result){.fault = CHECK_OK};
}

// What the source worked out itself goes before what it worked it out from.
static bool find_limit(const struct form *form, const struct answers *answers,
                       const struct form_field *field, bool is_max, struct date today,
                       struct limit *limit)
{
    static const char *const places[][2] = {{"datePicker.minDate", "datePicker.maxDate"},
                                            {"minDate", "maxDate"},
                                            {"validate.minDate", "validate.maxDate"},
                                            {"widget.minDate", "widget.maxDate"}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *words = json_text(json_path(field->definition, places[i][is_max ? 1 : 0]));
        if (words != NULL && plain_moment(words, &limit->date, &limit->seconds)) {
            return true;
        }
    }
    const char *at = is_max ? "openForms.maxDate" : "openForms.minDate";
    const struct json *rule = json_path(field->definition, at);
    const char *mode = json_get_text(rule, "mode");
    bool takes_today = false;
    if (mode == NULL) {
        return false;
    }
    if (text_equal(mode, "future") || text_equal(mode, "past")) {
        if (json_get_bool(rule, "includeToday", &takes_today) != OK) {
            takes_today = false;
        }
        const int64_t day = date_to_days(today) + (takes_today ? 0 : is_max ? -1 : 1);
        *limit = (struct limit){date_from_days(day), is_max ? 86399 : 0};
        return true;
    }
    return text_equal(mode, "relativeToVariable") &&
           relative_limit(form, answers, rule, today, limit);
}

static int delta_part(const struct json *rule, const char *path)
{
    int64_t part = 0;
    return json_whole(json_path(rule, path), &part) == OK && part >= 0 && part <= 20000 ? (int)part
                                                                                        : 0;
}

static bool relative_limit(const struct form *form, const struct answers *answers,
                           const struct json *rule, struct date today, struct limit *limit)
{
    const char *name = json_get_text(rule, "variable");
    const char *direction = json_get_text(rule, "operator");
    *limit = (struct limit){.date = today};
    if (name != NULL && !text_equal(name, "now") && !text_equal(name, "today")) {
        const struct form_field *other = form_find_in(form, -1, name);
        const char *words =
            other == NULL ? NULL : json_text(json_path(answers->data_private, other->key));
        if (words == NULL || !plain_moment(words, &limit->date, &limit->seconds)) {
            return false; // nothing to count from yet
        }
    }
    const int sign = direction != NULL && text_equal(direction, "subtract") ? -1 : 1;
    const int months =
        limit->date.year * 12 + limit->date.month - 1 +
        sign * (delta_part(rule, "delta.years") * 12 + delta_part(rule, "delta.months"));
    if (months < 1801 * 12 || months > 2199 * 12) {
        return false;
    }
    struct date moved = {(int16_t)(months / 12), (uint8_t)(months % 12 + 1), limit->date.day};
    while (!date_is_valid(moved)) {
        moved.day--;
    }
    const int64_t days = date_to_days(moved) + sign * delta_part(rule, "delta.days");
    limit->date = date_from_days(days);
    return true;
}

static struct check_result check_time(const struct form_field *field, const char *words)
{
    int given = 0;
    if (!plain_time(words, &given, NULL)) {
        return (struct check_result){.fault = CHECK_NO_TIME};
    }
    int ends[2] = {0, 86399};
    static const char *const places[2][2] = {{"minTime", "validate.minTime"},
                                             {"maxTime", "validate.maxTime"}};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < 2; k++) {
            const char *limit = json_text(json_path(field->definition, places[i][k]));
            int seconds = 0;
            if (limit != NULL && plain_time(limit, &seconds, NULL)) {
                ends[i] = seconds;
            }
        }
    }
    const int early_min = ends[0] / 60;
    const int late_min = ends[1] / 60;
    // An opening that runs past midnight: what lies between the ends is closed.
    const bool is_night = ends[0] > ends[1];
    const bool is_early = given < ends[0];
    const bool is_late = given > ends[1];
    if (is_night ? is_early && is_late : is_early) {
        return (struct check_result){.fault = CHECK_TOO_EARLY, .limit = early_min};
    }
    if (!is_night && is_late) {
        return (struct check_result){.fault = CHECK_TOO_LATE, .limit = late_min};
    }
    return (struct check_result){.fault = CHECK_OK};
}

static int64_t seconds_of(struct limit limit)
{
    return date_to_days(limit.date) * INT64_C(86400) + limit.seconds;
}
