// SPDX-License-Identifier: EUPL-1.2
//
// Children and partners in the shape Open Forms' own screen gives them.
#include "forms/answers_parts.h"

static bool is_child(const struct form_field *field);

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

static bool is_child(const struct form_field *field)
{
    return field->kind == FORM_PEOPLE && text_equal(field->type, "children");
}
