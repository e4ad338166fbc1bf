// SPDX-License-Identifier: EUPL-1.2
//
// Answers as a person reads them; back to what a source wants is answers_value.c.
#include "forms/answers.h"

#include "base/bytes.h"
#include "forms/plain.h"

#include <math.h>
#include <string.h>

static void add_words(struct text *text, const char *words, bool lines);
static void one_text(const struct form_field *field, const struct json *value, struct text *text);
static void number_text(const struct form_field *field, const struct json *value,
                        struct text *text);
static void moment_words(const struct form_field *field, const char *words, struct text *text);
static void chosen_text(const struct form_field *field, const struct json *value,
                        struct text *text);
static void label_text(const struct form_field *field, const char *value, struct text *text);
static void address_text(const struct json *value, struct text *text);
static void list_text(const struct form_field *field, const struct json *value, struct text *text);
static void person_name(const struct json *person, struct text *text);

void answers_text(const struct answers *answers, const struct form *form, struct form_place place,
                  char *out, size_t out_bytes)
{
    CHECK(out_bytes > 0);

    const struct form_field *field = &form->fields[place.field];
    const struct json *value = answers_get(answers, form, place);
    struct text text;
    text_init(&text, out, out_bytes);
    if (field->kind == FORM_SOME) {
        chosen_text(field, value, &text);
    } else if (field->kind == FORM_ADDRESS) {
        address_text(value, &text);
    } else if (json_is_list(value)) {
        list_text(field, value, &text);
    } else {
        one_text(field, value, &text);
    }
}

size_t answers_people_count(const struct answers *answers, const struct form *form,
                            struct form_place place)
{
    const struct json *people = answers_get(answers, form, place);
    return json_is_list(people) ? json_len(people) : 0;
}

bool answers_person(const struct answers *answers, const struct form *form, struct form_place place,
                    size_t index, char *name, size_t name_bytes)
{
    CHECK(name_bytes > 0);

    name[0] = '\0';
    if (index >= answers_people_count(answers, form, place)) {
        return false;
    }
    struct text text;
    text_init(&text, name, name_bytes);
    person_name(json_at(answers_get(answers, form, place), index), &text);
    return true;
}

bool answers_person_is_ticked(const struct answers *answers, const struct form *form,
                              struct form_place place, size_t index)
{
    const struct json *people = answers_get(answers, form, place);
    bool is_ticked = false;
    return json_is_list(people) &&
           json_get_bool(json_at(people, index), "selected", &is_ticked) == OK && is_ticked;
}

struct json *answers_tick_person(const struct answers *answers, const struct form *form,
                                 struct form_place place, size_t index, bool is_ticked)
{
    const struct json *people = answers_get(answers, form, place);
    struct json *changed = json_is_list(people) ? json_clone(people) : json_new_array();
    struct json *person = json_item(changed, index);
    if (json_has_keys(person)) {
        json_set_bool(person, "selected", is_ticked);
    }
    return changed;
}

static void one_text(const struct form_field *field, const struct json *value, struct text *text)
{
    const char *words = json_text(value);
    bool is_yes = false;
    if (field->kind == FORM_NUMBER || field->kind == FORM_MONEY) {
        number_text(field, value, text);
    } else if (field->kind == FORM_YES) {
        text_add(text, json_truth(value, &is_yes) == OK && is_yes ? "true" : "");
    } else if (field->kind == FORM_ONE && words != NULL) {
        label_text(field, words, text);
    } else if (words != NULL && (field->kind == FORM_DATE || field->kind == FORM_DATE_TIME ||
                                 field->kind == FORM_TIME)) {
        moment_words(field, words, text);
    } else if (words != NULL) {
        add_words(text, words, field->kind == FORM_LONG_TEXT);
    } else {
        // A number where text is asked stays readable; anything else has no words.
        number_text(field, value, text);
    }
}

static void number_text(const struct form_field *field, const struct json *value, struct text *text)
{
    char digits[PLAIN_NUMBER_BYTES] = "";
    double number = 0;
    const char *words = json_text(value);
    const bool is_number = json_double(value, &number) == OK;
    if (words != NULL && !plain_number(words, &number, NULL)) {
        add_words(text, words, false);
        return;
    }
    if (!is_number && words == NULL) {
        return;
    }
    // An amount has its cents or none at all.
    const bool has_cents = field->kind == FORM_MONEY && number != floor(number);
    plain_number_text(number, has_cents && field->decimals_max >= 2 ? 2 : 0, digits);
    char *point = strchr(digits, '.');
    if (point != NULL) {
        *point = ',';
    }
    text_add(text, digits);
    wipe(digits, sizeof digits);
}

static void moment_words(const struct form_field *field, const char *words, struct text *text)
{
    struct date date = {0};
    int seconds = 0;
    char day[DATE_TEXT_BYTES];
    if (field->kind == FORM_TIME && plain_time(words, &seconds, NULL)) {
        text_format(text, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
    } else if (field->kind != FORM_TIME && plain_moment(words, &date, &seconds)) {
        date_to_text(date, day);
        text_add(text, day);
        wipe(day, sizeof day);
        if (field->kind == FORM_DATE_TIME) {
            text_format(text, " %02d:%02d", seconds / 3600, seconds / 60 % 60);
        }
    } else {
        add_words(text, words, false);
    }
}

static void chosen_text(const struct form_field *field, const struct json *value, struct text *text)
{
    struct form_choice choice;
    for (size_t i = 0; form_choice(field, i, &choice); i++) {
        bool is_on = false;
        bool is_chosen =
            json_get_bool(value, choice.value, &is_on) == OK && is_on; // no object: not found
        for (size_t k = 0; json_is_list(value) && !is_chosen && k < json_len(value); k++) {
            const char *its = json_text(json_at(value, k));
            is_chosen = its != NULL && text_equal(its, choice.value);
        }
        if (is_chosen) {
            text_add(text, text->len == 0 ? "" : ", ");
            label_text(field, choice.value, text);
        }
    }
}

static void label_text(const struct form_field *field, const char *value, struct text *text)
{
    const char *label = form_choice_label(field, value);
    add_words(text, label == NULL ? value : label, false);
}

static void address_text(const struct json *value, struct text *text)
{
    for (size_t i = 0; i < ANSWERS_ADDRESS_PARTS; i++) {
        const char *part = json_get_text(value, answers_address_parts[i]);
        if (part != NULL && part[0] != '\0') {
            text_add(text, text->len == 0 ? "" : " ");
            add_words(text, part, false);
        }
    }
}

// Files by name, people by theirs, what was typed one a line.
static void list_text(const struct form_field *field, const struct json *value, struct text *text)
{
    const bool is_named = field->kind == FORM_FILE || field->kind == FORM_PEOPLE;
    for (size_t i = 0; i < json_len(value); i++) {
        const struct json *one = json_at(value, i);
        text_add(text, text->len == 0 ? "" : is_named ? ", " : "\n");
        if (field->kind == FORM_PEOPLE) {
            person_name(one, text);
        } else if (field->kind == FORM_FILE) {
            const char *name = json_get_text(one, "originalName");
            name = name != NULL ? name : json_get_text(one, "name");
            add_words(text, name == NULL ? "" : name, false);
        } else {
            one_text(field, one, text);
        }
    }
}

static void person_name(const struct json *person, struct text *text)
{
    const char *first = json_get_text(person, "firstNames");
    first = first != NULL && first[0] != '\0' ? first : json_get_text(person, "initials");
    const char *const parts[] = {first, json_get_text(person, "affixes"),
                                 json_get_text(person, "lastName")};
    bool is_first = true;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i] != NULL && parts[i][0] != '\0') {
            text_add(text, is_first ? "" : " ");
            add_words(text, parts[i], false);
            is_first = false;
        }
    }
}

// Straight into the text: a copy on the stack would stay behind there.
static void add_words(struct text *text, const char *words, bool lines)
{
    plain_words(words, lines, text->buf + text->len, text->size - text->len);
    text->len += strlen(text->buf + text->len);
}
