// SPDX-License-Identifier: EUPL-1.2
//
// What was typed or picked, in the shape and type a source wants.
#include "forms/answers.h"

#include "base/bytes.h"
#include "forms/check.h"
#include "forms/plain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 1024 };

static enum err text_value(const char *words, struct json **value);
static enum err one_value(const struct form_field *field, const char *line, struct json **value);
static enum err kept_value(const struct form_field *field, const char *kept, struct json **value);
static enum err written_value(enum err (*write)(const char *kept, char *out, size_t out_bytes),
                              const char *kept, struct json **value);
static enum err number_value(const struct form_field *field, const char *line, struct json **value);
static enum err moment_value(const struct form_field *field, const char *line, struct json **value);
static enum err bsn_value(const char *line, struct json **value);
static enum err chosen_value(const struct form_field *field, const char *typed,
                             struct json **value);
static enum err address_value(const char *typed, struct json **value);
static bool next_line(const char **at, char line[LINE_BYTES], bool *is_cut);

enum err answers_value(const struct form_field *field, const char *typed, struct json **value)
{
    CHECK(typed != NULL);

    *value = NULL;
    if (typed[strspn(typed, " \t\r\n")] == '\0') {
        *value = answers_empty_value(field);
        return OK;
    }
    if (field->kind == FORM_SOME) {
        return chosen_value(field, typed, value);
    }
    if (field->kind == FORM_ADDRESS) {
        return address_value(typed, value);
    }
    if (!field->is_multiple) {
        return one_value(field, typed, value);
    }
    struct json *values = json_new_array();
    char line[LINE_BYTES];
    bool is_cut = false;
    enum err err = OK;
    while (err == OK && next_line(&typed, line, &is_cut)) {
        struct json *one = NULL;
        if (line[0] == '\0') {
            continue;
        }
        err = is_cut || json_len(values) == ANSWERS_VALUES_MAX ? ERR_MALFORMED
                                                               : one_value(field, line, &one);
        if (err == OK) {
            json_append(values, one);
        }
    }
    wipe(line, sizeof line);
    if (err != OK) {
        json_wipe_free(values);
        return err;
    }
    *value = values;
    return OK;
}

static enum err text_value(const char *words, struct json **value)
{
    if (!utf8_is_valid(words, strlen(words))) {
        return ERR_MALFORMED;
    }
    *value = json_new_text(words);
    return OK;
}

static enum err one_value(const struct form_field *field, const char *line, struct json **value)
{
    char kept[ANSWERS_BYTES_MAX / 8];
    // A drawing is longer than anything typed, and holds no blanks to take away.
    if (field->kind == FORM_SIGNATURE) {
        return text_starts_with(line, "data:image/png;base64,") ? text_value(line, value)
                                                                : ERR_MALFORMED;
    }
    if (strlen(line) >= sizeof kept) {
        return ERR_MALFORMED;
    }
    plain_words(line, field->kind == FORM_LONG_TEXT, kept, sizeof kept);
    const enum err err = kept_value(field, kept, value);
    wipe(kept, sizeof kept);
    return err;
}

static enum err kept_value(const struct form_field *field, const char *kept, struct json **value)
{
    switch (field->kind) {
    case FORM_NUMBER:
    case FORM_MONEY:
        return number_value(field, kept, value);
    case FORM_DATE:
    case FORM_DATE_TIME:
    case FORM_TIME:
        return moment_value(field, kept, value);
    case FORM_BSN:
        return bsn_value(kept, value);
    case FORM_IBAN:
        return written_value(check_write_iban, kept, value);
    case FORM_PLATE:
        return written_value(check_write_plate, kept, value);
    case FORM_POSTCODE:
        return written_value(check_write_postcode, kept, value);
    case FORM_ONE:
        return form_choice_label(field, kept) != NULL ? text_value(kept, value) : ERR_MALFORMED;
    case FORM_YES:
        if (!text_equal(kept, "true") && !text_equal(kept, "false")) {
            return ERR_MALFORMED;
        }
        *value = json_new_bool(text_equal(kept, "true"));
        return OK;
    case FORM_TEXT:
    case FORM_LONG_TEXT:
    case FORM_EMAIL:
    case FORM_PHONE:
        return text_value(kept, value);
    case FORM_SIGNATURE:
    case FORM_SOME:
    case FORM_ADDRESS:
    case FORM_FILE:
    case FORM_PEOPLE:
    case FORM_CONTENT:
    case FORM_GROUP:
    case FORM_REPEAT:
    case FORM_SOFT_ERRORS:
    case FORM_UNKNOWN:
        return ERR_MALFORMED;
    }
    return ERR_MALFORMED;
}

static enum err written_value(enum err (*write)(const char *kept, char *out, size_t out_bytes),
                              const char *kept, struct json **value)
{
    char written[64];
    enum err err = write(kept, written, sizeof written);
    if (err == OK) {
        err = text_value(written, value);
    }
    wipe(written, sizeof written);
    return err;
}

// "12,5" and "1.234,50" with a point. A single point with three digits behind it could be either:
// not guessed.
static bool point_digits(const char *line, char digits[PLAIN_NUMBER_BYTES])
{
    size_t len = 0;
    const char *comma = strchr(line, ',');
    const char *point = strrchr(line, '.');
    if (strlen(line) >= PLAIN_NUMBER_BYTES ||
        (comma == NULL && point != NULL && strlen(point) == 4 && line[0] != '0')) {
        return false;
    }
    for (const char *at = line; *at != '\0'; at++) {
        if (*at != '.' || comma == NULL) {
            digits[len++] = *at == ',' ? '.' : *at;
        } else if (at > comma || at == line || strspn(at + 1, "0123456789") != 3) {
            return false;
        }
    }
    digits[len] = '\0';
    return true;
}

static enum err number_value(const struct form_field *field, const char *line, struct json **value)
{
    char digits[PLAIN_NUMBER_BYTES] = "";
    double number = 0;
    size_t decimals = 0;
    const bool is_number = point_digits(line, digits) && plain_number(digits, &number, &decimals);
    wipe(digits, sizeof digits);
    if (!is_number || decimals > field->decimals_max) {
        return ERR_MALFORMED;
    }
    const bool is_whole = number == floor(number) && fabs(number) < 1e15;
    *value = is_whole ? json_new_int((int64_t)number) : json_new_real(number);
    return OK;
}

static enum err moment_value(const struct form_field *field, const char *line, struct json **value)
{
    char out[40] = "";
    struct date date = {0};
    int seconds = 0;
    if (field->kind == FORM_TIME) {
        if (!plain_time(line, &seconds, NULL)) {
            return ERR_MALFORMED;
        }
        (void)snprintf(out, sizeof out, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                       seconds % 60); // always fits
    } else if (field->kind == FORM_DATE) {
        if (!plain_date(line, &date, NULL)) {
            return ERR_MALFORMED;
        }
        date_to_text(date, out);
    } else {
        const char *rest = NULL;
        if (!plain_date(line, &date, &rest) || (*rest != ' ' && *rest != 'T') ||
            !plain_time(rest + 1, &seconds, NULL)) {
            return ERR_MALFORMED;
        }
        plain_moment_text(date, seconds, out, sizeof out);
    }
    *value = json_new_text(out);
    wipe(out, sizeof out);
    return OK;
}

static enum err bsn_value(const char *line, struct json **value)
{
    char digits[11] = "0"; // eight digits have lost the nought in front
    size_t len = 1;
    bool is_good = true;
    for (const char *at = line; is_good && *at != '\0'; at++) {
        if (*at == ' ' || *at == '.') {
            continue;
        }
        is_good = *at >= '0' && *at <= '9' && len < sizeof digits - 1;
        if (is_good) {
            digits[len++] = *at;
        }
    }
    digits[len] = '\0';
    const char *nine = len == 10 ? digits + 1 : digits;
    is_good = is_good && (len == 10 || len == 9) && check_bsn(nine);
    *value = is_good ? json_new_text(nine) : NULL;
    wipe(digits, sizeof digits);
    return is_good ? OK : ERR_MALFORMED;
}

// Boxes are an object with every choice in it; several of a list are those that were picked.
static enum err chosen_value(const struct form_field *field, const char *typed, struct json **value)
{
    struct json *boxes = answers_empty_value(field);
    char line[LINE_BYTES * 2];
    enum err err = OK;
    while (err == OK && *typed != '\0') {
        const size_t len = strcspn(typed, "\n");
        if (len >= sizeof line) {
            err = ERR_MALFORMED;
            break;
        }
        memcpy(line, typed, len);
        line[len] = '\0';
        typed += len + (typed[len] == '\n');
        if (len == 0) {
            continue;
        }
        if (form_choice_label(field, line) == NULL) {
            err = ERR_MALFORMED;
        } else if (field->is_multiple) {
            json_append(boxes, json_new_text(line));
        } else {
            json_set_bool(boxes, line, true);
        }
    }
    if (err != OK || json_len(boxes) > FORM_CHOICES_MAX) {
        json_free(boxes);
        return ERR_MALFORMED;
    }
    *value = boxes;
    return OK;
}

static enum err address_value(const char *typed, struct json **value)
{
    struct json *address = json_new_object();
    char line[LINE_BYTES];
    bool is_cut = false;
    enum err err = OK;
    for (size_t i = 0; i < ANSWERS_ADDRESS_PARTS; i++) {
        char postcode[8];
        if (!next_line(&typed, line, &is_cut)) {
            line[0] = '\0';
        }
        if (is_cut || !utf8_is_valid(line, strlen(line))) {
            err = ERR_MALFORMED;
            break;
        }
        // Open Forms keeps this one without its blank.
        if (i == 0 && check_write_postcode(line, postcode, sizeof postcode) == OK) {
            (void)snprintf(line, sizeof line, "%.4s%s", postcode, postcode + 5); // shorter
        }
        json_set_text(address, answers_address_parts[i], line);
        wipe(postcode, sizeof postcode);
    }
    wipe(line, sizeof line);
    if (err != OK || *typed != '\0') {
        json_wipe_free(address);
        return ERR_MALFORMED;
    }
    *value = address;
    return OK;
}

// Moves `*at` behind the next line feed. False: nothing is left.
static bool next_line(const char **at, char line[LINE_BYTES], bool *is_cut)
{
    if (**at == '\0') {
        return false;
    }
    const size_t len = strcspn(*at, "\n");
    char whole[LINE_BYTES];
    *is_cut = len >= sizeof whole;
    (void)snprintf(whole, sizeof whole, "%.*s", (int)(*is_cut ? 0 : len), *at); // checked above
    plain_words(whole, false, line, LINE_BYTES);
    wipe(whole, sizeof whole);
    *at += len + ((*at)[len] == '\n');
    return true;
}
