// SPDX-License-Identifier: EUPL-1.2
//
// All answers before sending: which they are, what is missing, and what must be agreed to.
#include "fill/fill.h"

static void add_row(struct fill_rows *rows, const struct walk *walk, struct form_place place);

const struct fill_rows *fill_rows(const struct fill_private *form)
{
    static struct fill_rows rows; // positions only, nothing of the visitor
    const struct walk *walk = &form->walk;
    rows.count = 0;
    for (size_t i = 0; i < walk->form.fields_count; i++) {
        const struct form_field *field = &walk->form.fields[i];
        if (form_repeat_of(&walk->form, field) != NULL || !form_has_answer(field)) {
            continue; // those stand with their item
        }
        add_row(&rows, walk, (struct form_place){(int16_t)i, -1});
        size_t items = !form_has_items(&walk->form, field)
                           ? 0
                           : answers_items_count(&walk->answers, &walk->form, (int16_t)i);
        for (size_t item = 0; item < items; item++) {
            for (size_t j = i + 1; j < walk->form.fields_count; j++) {
                if (form_repeat_of(&walk->form, &walk->form.fields[j]) == field &&
                    form_is_question(&walk->form.fields[j])) {
                    add_row(&rows, walk, (struct form_place){(int16_t)j, (int16_t)item});
                }
            }
        }
    }
    return &rows;
}

bool fill_is_missing(const struct fill_private *form, struct form_place place)
{
    const struct walk *walk = &form->walk;
    return check_place(&walk->form, &walk->answers, &walk->logic, place, walk->today).fault !=
           CHECK_OK;
}

size_t fill_missing_count(const struct fill_private *form)
{
    const struct fill_rows *rows = fill_rows(form);
    struct walk_page page;
    struct check_result result;
    size_t count = 0;
    if (!walk_first_fault(&form->walk, &page, &result)) {
        return 0;
    }
    for (size_t i = 0; i < rows->count; i++) {
        count += fill_is_missing(form, rows->places[i]) ? 1 : 0;
    }
    return count > 0 ? count : 1;
}

void fill_send_checked(struct fill_private *form)
{
    struct check_result result = {.fault = CHECK_OK};
    bool agrees = (!form->needs_privacy || form->agrees_privacy) &&
                  (!form->needs_truth || form->agrees_truth);
    if (agrees) {
        fill_send(form);
    } else {
        fill_refuse(form, "form.error.agree", result);
    }
}

static void add_row(struct fill_rows *rows, const struct walk *walk, struct form_place place)
{
    bool is_asked = !logic_is_hidden(&walk->logic, &walk->form, &walk->answers, place);
    if (is_asked && rows->count < FILL_ROWS_MAX) {
        rows->places[rows->count++] = place;
    }
}
