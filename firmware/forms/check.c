// SPDX-License-Identifier: EUPL-1.2
//
// One answer against what its component asks.
#include "forms/check.h"

#include "forms/check_dates.h"
#include "forms/pattern.h"
#include "forms/plain.h"

#include <math.h>
#include <string.h>

enum { PATTERN_WORDS_MAX = 4096 };

// The stem of our phrase, and form.io's name of the rule in a component's `errors`.
static const struct {
    const char *name;
    const char *rule;
} names[CHECK_FAULTS_COUNT] = {
    [CHECK_OK] = {"ok", ""},
    [CHECK_MISSING] = {"missing", "required"},
    [CHECK_TOO_SHORT] = {"too_short", "minLength"},
    [CHECK_TOO_LONG] = {"too_long", "maxLength"},
    [CHECK_TOO_FEW_WORDS] = {"too_few_words", "minWords"},
    [CHECK_TOO_MANY_WORDS] = {"too_many_words", "maxWords"},
    [CHECK_TOO_LOW] = {"too_low", "min"},
    [CHECK_TOO_HIGH] = {"too_high", "max"},
    [CHECK_TOO_FEW] = {"too_few", "minSelectedCount"},
    [CHECK_TOO_MANY] = {"too_many", "maxSelectedCount"},
    [CHECK_NO_NUMBER] = {"no_number", "number"},
    [CHECK_NO_DATE] = {"no_date", "invalid_date"},
    [CHECK_TOO_EARLY] = {"too_early", "minDate"},
    [CHECK_TOO_LATE] = {"too_late", "maxDate"},
    [CHECK_NO_TIME] = {"no_time", "invalid_time"},
    [CHECK_NO_EMAIL] = {"no_email", "email"},
    [CHECK_NO_PHONE] = {"no_phone", "pattern"},
    [CHECK_NO_BSN] = {"no_bsn", "pattern"},
    [CHECK_SAME_BSN] = {"same_bsn", "unique"},
    [CHECK_NO_IBAN] = {"no_iban", "pattern"},
    [CHECK_NO_PLATE] = {"no_plate", "pattern"},
    [CHECK_NO_POSTCODE] = {"no_postcode", "pattern"},
    [CHECK_NO_ADDRESS] = {"no_address", "pattern"},
    [CHECK_NO_CHOICE] = {"no_choice", "onlyAvailableItems"},
    [CHECK_PATTERN] = {"pattern", "pattern"},
};

// What is looked at: one value of one field.
struct look {
    const struct form *form;
    const struct answers *answers;
    const struct form_field *field;
    const struct json *value;
    struct date today;
};

static struct check_result check_all(const struct look *look);
static struct check_result check_one(const struct look *look);
static struct check_result check_words(const struct look *look, const char *words);
static struct check_result check_shape(const struct look *look, const char *words);
static struct check_result check_number(const struct look *look);
static struct check_result check_chosen(const struct look *look);
static struct check_result check_address(const struct look *look);
static struct check_result check_many(const struct form_field *field, size_t count);
static bool nobody_is_ticked(const struct look *look);
static bool has_same_before(const struct look *look, struct form_place place);
static const char *own_words(const struct form_field *field, enum check_fault fault);
static struct check_result found(enum check_fault fault, double limit);

const char *check_fault_name(enum check_fault fault)
{
    CHECK(fault < CHECK_FAULTS_COUNT);

    return names[fault].name;
}

struct check_result check_place(const struct form *form, const struct answers *answers,
                                const struct logic *logic, struct form_place place,
                                struct date today)
{
    CHECK(place.field >= 0 && (size_t)place.field < form->fields_count);

    const struct form_field *field = &form->fields[place.field];
    const struct look look = {.form = form,
                              .answers = answers,
                              .field = field,
                              .value = answers_get(answers, form, place),
                              .today = today};
    const uint8_t states = logic == NULL ? 0 : logic->states[place.field];
    const bool is_required =
        logic == NULL ? field->is_required : logic_is_required(logic, form, place);
    // What nobody may change here is between the source and itself.
    if (!form_has_answer(field) || field->is_disabled || (states & LOGIC_DISABLED) != 0 ||
        (logic != NULL && logic_is_hidden(logic, form, answers, place))) {
        return found(CHECK_OK, 0);
    }
    struct check_result result = found(CHECK_OK, 0);
    if (field->kind == FORM_REPEAT) {
        const size_t count = answers_items_count(answers, form, place.field);
        result = is_required && count == 0 ? found(CHECK_MISSING, 0)
                 : count == 0              ? result
                                           : check_many(field, count);
    } else if (answers_is_empty(answers, form, place) || nobody_is_ticked(&look)) {
        result.fault = is_required ? CHECK_MISSING : CHECK_OK;
    } else {
        result = check_all(&look);
        if (logic != NULL && logic_asks_people(logic, form, answers, place.field)) {
            result = check_many(field, answers_items_count(answers, form, place.field));
        } else if (result.fault == CHECK_OK && has_same_before(&look, place)) {
            result.fault = CHECK_SAME_BSN;
        }
    }
    result.words = result.fault == CHECK_OK ? NULL : own_words(field, result.fault);
    return result;
}

static struct check_result check_all(const struct look *look)
{
    const enum form_kind kind = look->field->kind;
    if (kind == FORM_UNKNOWN || kind == FORM_PEOPLE) {
        return found(CHECK_OK, 0);
    }
    if (kind == FORM_FILE) {
        return json_is_list(look->value) ? check_many(look->field, json_len(look->value))
                                         : found(CHECK_MISSING, 0);
    }
    if (kind == FORM_SOME || !look->field->is_multiple) {
        return check_one(look);
    }
    if (!json_is_list(look->value)) {
        return check_one(look);
    }
    for (size_t i = 0; i < json_len(look->value); i++) {
        struct look one = *look;
        one.value = json_at(look->value, i);
        const struct check_result result = check_one(&one);
        if (result.fault != CHECK_OK) {
            return result;
        }
    }
    return check_many(look->field, json_len(look->value));
}

static struct check_result check_one(const struct look *look)
{
    const char *words = json_text(look->value);
    switch (look->field->kind) {
    case FORM_NUMBER:
    case FORM_MONEY:
        return check_number(look);
    case FORM_DATE:
    case FORM_DATE_TIME:
    case FORM_TIME:
        return check_moment(look->form, look->answers, look->field, words == NULL ? "" : words,
                            look->today);
    case FORM_ONE:
        return found(words != NULL && form_choice_label(look->field, words) != NULL
                         ? CHECK_OK
                         : CHECK_NO_CHOICE,
                     0);
    case FORM_SOME:
        return check_chosen(look);
    case FORM_ADDRESS:
        return check_address(look);
    case FORM_TEXT:
    case FORM_LONG_TEXT:
    case FORM_EMAIL:
    case FORM_PHONE:
    case FORM_BSN:
    case FORM_IBAN:
    case FORM_PLATE:
    case FORM_POSTCODE:
        return check_words(look, words);
    case FORM_SIGNATURE:
        return found(
            words != NULL && text_starts_with(words, "data:image/") ? CHECK_OK : CHECK_MISSING, 0);
    case FORM_YES:
    case FORM_FILE:
    case FORM_PEOPLE:
    case FORM_CONTENT:
    case FORM_GROUP:
    case FORM_REPEAT:
    case FORM_SOFT_ERRORS:
    case FORM_UNKNOWN:
        return found(CHECK_OK, 0);
    }
    return found(CHECK_OK, 0);
}

static void count_words(const char *words, size_t *characters, size_t *words_count)
{
    const size_t len = strlen(words);
    bool in_word = false;
    *characters = 0;
    *words_count = 0;
    for (size_t pos = 0; pos < len; *characters += 1) {
        const uint32_t c = utf8_next(words, len, &pos);
        const bool is_blank = c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0xa0;
        *words_count += !is_blank && !in_word;
        in_word = !is_blank;
    }
}

static struct check_result check_words(const struct look *look, const char *words)
{
    const struct form_field *field = look->field;
    size_t characters = 0;
    size_t words_count = 0;
    if (words == NULL) {
        return found(CHECK_PATTERN, 0); // not text at all
    }
    count_words(words, &characters, &words_count);
    if (characters < field->length_min) {
        return found(CHECK_TOO_SHORT, field->length_min);
    }
    if (field->length_max > 0 && characters > field->length_max) {
        return found(CHECK_TOO_LONG, field->length_max);
    }
    if (words_count < field->words_min) {
        return found(CHECK_TOO_FEW_WORDS, field->words_min);
    }
    if (field->words_max > 0 && words_count > field->words_max) {
        return found(CHECK_TOO_MANY_WORDS, field->words_max);
    }
    return check_shape(look, words);
}

static struct check_result check_shape(const struct look *look, const char *words)
{
    const struct form_field *field = look->field;
    static const struct {
        enum form_kind kind;
        bool (*is_good)(const char *words);
        enum check_fault fault;
    } shapes[] = {
        {FORM_EMAIL, check_email, CHECK_NO_EMAIL},
        {FORM_PHONE, check_phone, CHECK_NO_PHONE},
        {FORM_BSN, check_bsn, CHECK_NO_BSN},
        {FORM_IBAN, check_iban, CHECK_NO_IBAN},
        {FORM_POSTCODE, check_postcode, CHECK_NO_POSTCODE},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (shapes[i].kind == field->kind && !shapes[i].is_good(words)) {
            return found(shapes[i].fault, 0);
        }
    }
    const bool has_pattern = field->pattern != NULL;
    bool is_match = true;
    if (has_pattern) {
        is_match = strlen(words) <= PATTERN_WORDS_MAX &&
                   pattern_match(field->pattern, words, &is_match) == OK && is_match;
    }
    // The source's own idea of a plate goes before the register's: it may be a foreign one.
    if (field->kind == FORM_PLATE) {
        const bool is_plate = check_plate(words) || (has_pattern && is_match);
        return found(is_plate ? CHECK_OK : CHECK_NO_PLATE, 0);
    }
    return found(is_match ? CHECK_OK : CHECK_PATTERN, 0);
}

static struct check_result check_number(const struct look *look)
{
    const struct form_field *field = look->field;
    const char *words = json_text(look->value);
    double number = 0;
    const bool is_number = words != NULL ? plain_number(words, &number, NULL)
                                         : json_double(look->value, &number) == OK;
    if (!is_number || (field->decimals_max == 0 && number != floor(number))) {
        return found(CHECK_NO_NUMBER, 0);
    }
    if (field->has_min && number < field->min) {
        return found(CHECK_TOO_LOW, field->min);
    }
    if (field->has_max && number > field->max) {
        return found(CHECK_TOO_HIGH, field->max);
    }
    return found(CHECK_OK, 0);
}

static struct check_result check_chosen(const struct look *look)
{
    size_t count = 0;
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    while (json_has_keys(look->value) && json_each(look->value, &iter, &key, &value)) {
        bool is_on = false;
        if (json_truth(value, &is_on) != OK || !is_on) {
            continue;
        }
        if (form_choice_label(look->field, key) == NULL) {
            return found(CHECK_NO_CHOICE, 0);
        }
        count++;
    }
    for (size_t i = 0; json_is_list(look->value) && i < json_len(look->value); i++) {
        key = json_text(json_at(look->value, i));
        if (key == NULL || form_choice_label(look->field, key) == NULL) {
            return found(CHECK_NO_CHOICE, 0);
        }
        count++;
    }
    if (!json_has_keys(look->value) && !json_is_list(look->value)) {
        return found(CHECK_NO_CHOICE, 0);
    }
    return check_many(look->field, count);
}

static struct check_result check_address(const struct look *look)
{
    const char *postcode = json_get_text(look->value, "postcode");
    const char *number = json_get_text(look->value, "houseNumber");
    const char *letter = json_get_text(look->value, "houseLetter");
    const char *addition = json_get_text(look->value, "houseNumberAddition");
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char digits[] = "0123456789";
    bool is_good = postcode != NULL && check_postcode(postcode) && number != NULL;
    is_good = is_good && strlen(number) >= 1 && strlen(number) <= 5 &&
              strspn(number, digits) == strlen(number);
    is_good = is_good && (letter == NULL ||
                          (strlen(letter) <= 1 && strspn(letter, letters) == strlen(letter)));
    for (; is_good && addition != NULL && *addition != '\0'; addition++) {
        is_good = strchr(letters, *addition) != NULL || strchr(digits, *addition) != NULL;
    }
    addition = json_get_text(look->value, "houseNumberAddition");
    return found(
        is_good && (addition == NULL || strlen(addition) <= 4) ? CHECK_OK : CHECK_NO_ADDRESS, 0);
}

static struct check_result check_many(const struct form_field *field, size_t count)
{
    if (count < field->chosen_min) {
        return found(CHECK_TOO_FEW, field->chosen_min);
    }
    if (field->chosen_max > 0 && count > field->chosen_max) {
        return found(CHECK_TOO_MANY, field->chosen_max);
    }
    return found(CHECK_OK, 0);
}

// Where people are to be chosen, having them listed is no answer yet.
static bool nobody_is_ticked(const struct look *look)
{
    if (!form_is_ticked(look->field)) {
        return false;
    }
    for (size_t i = 0; i < json_len(look->value); i++) {
        bool is_ticked = false;
        if (json_get_bool(json_at(look->value, i), "selected", &is_ticked) == OK && is_ticked) {
            return false;
        }
    }
    return true;
}

// Nobody is two people: the source refuses the number of somebody who stands here already.
static bool has_same_before(const struct look *look, struct form_place place)
{
    const char *words = json_text(look->value);
    if (look->field->kind != FORM_BSN || !form_is_of_person(look->form, look->field)) {
        return false;
    }
    for (int16_t i = 0; i < place.item; i++) {
        const struct form_place before = {place.field, i};
        const char *its = json_text(answers_get(look->answers, look->form, before));
        if (its != NULL && words != NULL && text_equal(its, words)) {
            return true;
        }
    }
    return false;
}

static const char *own_words(const struct form_field *field, enum check_fault fault)
{
    const char *words = json_get_text(json_get(field->definition, "errors"), names[fault].rule);
    if (words == NULL || words[0] == '\0') {
        words = json_text(json_path(field->definition, "validate.customMessage"));
    }
    const bool is_fit = words != NULL && words[0] != '\0' &&
                        strlen(words) <= FORM_LABEL_BYTES_MAX && plain_is_readable(words);
    return is_fit ? words : NULL;
}

static struct check_result found(enum check_fault fault, double limit)
{
    return (struct check_result){.fault = fault, .limit = limit};
}
