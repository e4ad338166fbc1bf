// SPDX-License-Identifier: EUPL-1.2
//
// Children and partners: whom the register gave, and whom somebody added by hand in the shape Open
// Forms' own screen gives them.
#include "forms/answers.h"

#include "forms/answers_parts.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 12 };

// The screen of Open Forms 4 knows a person by hand by the first; its server, and the screens
// before, by the second.
static const char *const marks[] = {"_OF_INTERNAL_addedManually", "__addedManually"};
static const char number_key[] = "_OF_INTERNAL_id";

static bool is_by_hand(const struct json *person);
static bool is_child(const struct form_field *field);
static void number_person(struct json *person, const struct json *people);

bool answers_person_is_by_hand(const struct answers *answers, const struct form *form,
                               struct form_place place, size_t index)
{
    const struct json *people = answers_get(answers, form, place);
    return json_is_list(people) && is_by_hand(json_at(people, index));
}

bool answers_people_are_by_hand(const struct answers *answers, const struct form *form,
                                struct form_place place)
{
    const struct json *people = answers_get(answers, form, place);
    bool has_one = json_len(people) == 0;
    if ((people != NULL && !json_is_list(people)) || json_len(people) > ANSWERS_ITEMS_MAX) {
        return false;
    }
    for (size_t i = 0; i < json_len(people); i++) {
        if (!json_has_keys(json_at(people, i))) {
            return false;
        }
        has_one = has_one || is_by_hand(json_at(people, i));
    }
    return has_one;
}

void answers_begin_person(struct json *person, const struct form *form, int16_t field,
                          const struct json *people)
{
    for (size_t i = (size_t)field + 1; i < form->fields_count && form->fields[i].parent == field;
         i++) {
        const struct form_field *asked = &form->fields[i];
        if (json_get(person, asked->key) == NULL) {
            json_set(person, asked->key, answers_empty_value(asked));
        }
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        json_set_bool(person, marks[i], true);
    }
    if (is_child(&form->fields[field])) {
        number_person(person, people);
        if (!form_is_ticked(&form->fields[field])) {
            json_set(person, "selected", json_new_null());
        }
    }
}

void answers_tick_whole(struct json *data, const struct form *form)
{
    for (size_t i = 0; i < form->fields_count; i++) {
        const struct form_field *field = &form->fields[i];
        struct json *people = is_child(field) && form_repeat_of(form, field) == NULL
                                  ? answers_member(data, field->key)
                                  : NULL;
        for (size_t k = 0; json_is_list(people) && k < json_len(people); k++) {
            struct json *person = json_item(people, k);
            bool is_ticked = false;
            if (json_has_keys(person) && json_get_bool(person, "selected", &is_ticked) != OK) {
                json_set(person, "selected",
                         form_is_ticked(field) ? json_new_bool(false) : json_new_null());
            }
        }
    }
}

static bool is_by_hand(const struct json *person)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        bool is_marked = false;
        if (json_get_bool(person, marks[i], &is_marked) == OK && is_marked) {
            return true;
        }
    }
    return false;
}

static bool is_child(const struct form_field *field)
{
    return field->kind == FORM_PEOPLE && text_equal(field->type, "children");
}

// The source's screen tells its rows apart by it. It need only differ within the list: the
// smallest number that nobody has.
static void number_person(struct json *person, const struct json *people)
{
    char number[NUMBER_BYTES];
    bool is_free = false;
    for (unsigned i = 1; !is_free; i++) {
        (void)snprintf(number, sizeof number, "%u", i); // always fits
        is_free = true;
        for (size_t k = 0; k < json_len(people); k++) {
            const char *its = json_get_text(json_at(people, k), number_key);
            is_free = is_free && (its == NULL || !text_equal(its, number));
        }
    }
    json_set_text(person, number_key, number);
}
