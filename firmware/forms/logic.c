// SPDX-License-Identifier: EUPL-1.2
//
// Looking at the rules until nothing changes, hearing the source, and what follows for one place.
#include "forms/logic.h"

#include "forms/logic_rules.h"

#include <stdlib.h>
#include <string.h>

enum { HEAR_LEVELS_MAX = 2 * FORM_DEPTH_MAX + 2 };

static void start_plain(struct logic *logic, const struct form *form);
static bool is_settled(const struct logic *before, const struct logic *after,
                       const struct form *form);
static enum err hear_data(const struct form *form, struct answers *answers, const struct json *data,
                          struct fault *fault);
static enum err hear_components(struct logic *logic, const struct form *form,
                                const struct json *components, struct fault *fault);
static void hear_component(struct logic *logic, const struct form *form, int16_t repeat,
                           const struct json *component);
static void hear_steps(struct logic *logic, const struct form *form, const struct json *steps);
static bool is_fixed_person(const struct logic *logic, const struct form *form,
                            const struct answers *answers, struct form_place place);
static int item_says(const struct form *form, const struct answers *answers, size_t field,
                     int16_t item);

enum err logic_apply(struct logic *logic, const struct form *form, struct answers *answers,
                     struct date today, struct fault *fault)
{
    CHECK(logic != NULL);
    CHECK(answers->data_private != NULL);

    struct logic_round *round = malloc(sizeof *round);
    CHECK(round != NULL);
    logic_round_init(round, form, answers, today);
    struct logic before = *logic;
    start_plain(&before, form);
    bool is_done = false;
    enum err err = OK;
    for (size_t i = 0; err == OK && !is_done && i < LOGIC_ROUNDS_MAX; i++) {
        round->before = &before;
        round->after = logic;
        err = logic_round_look(round);
        is_done = err == OK && !round->has_changed && is_settled(&before, logic, form);
        before = *logic;
    }
    if (err == OK && (!is_done || answers_bytes(answers) > ANSWERS_BYTES_MAX)) {
        err = ERR_STATE;
    }
    if (err != OK) {
        // Half of what rules set is worse than nothing of it.
        if (round->kept_private != NULL) {
            json_wipe_free(answers->data_private);
            answers->data_private = round->kept_private;
            round->kept_private = NULL;
        }
        start_plain(logic, form);
        logic->is_unsure = true;
        logic->why_private = "rules";
        err = fault_set(fault, ERR_STATE, "rules: they go round, or are too long");
    }
    logic_round_finish(round);
    free(round);
    return err;
}

enum err logic_hear(struct logic *logic, const struct form *form, struct answers *answers,
                    const struct json *told, struct fault *fault)
{
    const struct json *step = json_get(told, "step");
    step = json_has_keys(step) ? step : told;
    const struct json *components = json_path(step, "configuration.components");
    const struct json *data = json_get(step, "data");
    if (!json_has_keys(told)) {
        return fault_set(fault, ERR_MALFORMED, "told: no object");
    }
    enum err err = json_is_absent(data) ? OK : hear_data(form, answers, data, fault);
    if (err == OK && !json_is_absent(components)) {
        err = hear_components(logic, form, components, fault);
    }
    if (err != OK) {
        return fault_prefix(fault, "told");
    }
    hear_steps(logic, form, json_path(told, "submission.steps"));
    bool may_go_on = true;
    if (json_get_bool(step, "canSubmit", &may_go_on) == OK) {
        logic->heard_blocked = !may_go_on;
        logic->is_blocked = !may_go_on;
    }
    logic->is_unsure = false;
    logic->why_private = NULL;
    return OK;
}

bool logic_asks_people(const struct logic *logic, const struct form *form,
                       const struct answers *answers, int16_t field)
{
    const struct form_field *its = &form->fields[field];
    const struct form_place place = {field, -1};
    return its->kind == FORM_PEOPLE && form_has_items(form, its) &&
           (logic->states[field] & LOGIC_DISABLED) == 0 &&
           answers_people_are_by_hand(answers, form, place);
}

bool logic_is_hidden(const struct logic *logic, const struct form *form,
                     const struct answers *answers, struct form_place place)
{
    CHECK(place.field >= 0 && (size_t)place.field < form->fields_count);

    if (place.item < 0 || form_repeat_of(form, &form->fields[place.field]) == NULL) {
        return logic_is_hidden_alone(logic, form, (size_t)place.field);
    }
    if (is_fixed_person(logic, form, answers, place)) {
        return true;
    }
    if (logic->step_is_skipped[form->fields[place.field].step]) {
        return true;
    }
    for (int at = place.field; at >= 0; at = form->fields[at].parent) {
        const int said = item_says(form, answers, (size_t)at, place.item);
        if (said > 0 || (said == 0 && (logic->states[at] & LOGIC_HIDDEN) != 0)) {
            return true;
        }
    }
    return false;
}

bool logic_is_required(const struct logic *logic, const struct form *form, struct form_place place)
{
    CHECK(place.field >= 0 && (size_t)place.field < form->fields_count);

    return (logic->states[place.field] & LOGIC_REQUIRED) != 0;
}

static void start_plain(struct logic *logic, const struct form *form)
{
    for (size_t i = 0; i < form->fields_count; i++) {
        logic->states[i] = logic_base_state(logic, form, i);
    }
    for (size_t i = 0; i < form->steps_count; i++) {
        logic->step_is_skipped[i] =
            logic->heard_steps[i] != 0 ? logic->heard_steps[i] < 0 : form->steps[i].is_skipped;
    }
    logic->is_blocked = logic->heard_blocked;
    logic->is_unsure = false;
    logic->why_private = NULL;
}

static bool is_settled(const struct logic *before, const struct logic *after,
                       const struct form *form)
{
    return memcmp(before->states, after->states, form->fields_count) == 0 &&
           memcmp(before->step_is_skipped, after->step_is_skipped, form->steps_count) == 0;
}

// Nothing is taken over before all of it is of a shape we can hold.
static enum err hear_data(const struct form *form, struct answers *answers, const struct json *data,
                          struct fault *fault)
{
    struct answers heard;
    enum err err = answers_open(&heard, form, NULL, data, fault);
    if (err != OK) {
        return err;
    }
    for (size_t i = 0; i < form->fields_count; i++) {
        const struct form_field *field = &form->fields[i];
        const struct json *value = json_path(data, field->key);
        if (form_has_answer(field) && form_repeat_of(form, field) == NULL && value != NULL) {
            const struct form_place place = {(int16_t)i, -1};
            answers_set(answers, form, place, json_clone(value));
        }
    }
    answers_close(&heard);
    return answers_bytes(answers) <= ANSWERS_BYTES_MAX
               ? OK
               : fault_set(fault, ERR_MALFORMED, "more than %d bytes", ANSWERS_BYTES_MAX);
}

static enum err hear_components(struct logic *logic, const struct form *form,
                                const struct json *components, struct fault *fault)
{
    struct {
        const struct json *row;
        size_t next;
        int16_t repeat;
    } levels[HEAR_LEVELS_MAX] = {{components, 0, -1}};
    size_t depth = 1;
    while (depth > 0) {
        if (levels[depth - 1].next == json_len(levels[depth - 1].row)) {
            depth--;
            continue;
        }
        const struct json *component = json_at(levels[depth - 1].row, levels[depth - 1].next++);
        const char *key = json_get_text(component, "key");
        int16_t repeat = levels[depth - 1].repeat;
        const struct form_field *field = key == NULL ? NULL : form_find_in(form, repeat, key);
        hear_component(logic, form, repeat, component);
        if (field != NULL && field->kind == FORM_REPEAT) {
            repeat = (int16_t)form_index(form, field);
        }
        const struct json *inner = json_get(component, "components");
        inner = json_is_list(inner) ? inner : json_get(component, "columns");
        if (!json_is_list(inner)) {
            continue;
        }
        if (depth == HEAR_LEVELS_MAX) {
            return fault_set(fault, ERR_MALFORMED, "nested too deep");
        }
        levels[depth].row = inner;
        levels[depth].next = 0;
        levels[depth].repeat = repeat;
        depth++;
    }
    return OK;
}

static void hear_component(struct logic *logic, const struct form *form, int16_t repeat,
                           const struct json *component)
{
    const char *key = json_get_text(component, "key");
    const struct form_field *field = key == NULL ? NULL : form_find_in(form, repeat, key);
    if (field == NULL) {
        return;
    }
    const size_t index = form_index(form, field);
    const char *when = NULL;
    bool is_on = false;
    uint8_t heard = logic_base_state(logic, form, index);
    const struct {
        const struct json *value;
        uint8_t bit;
    } said[] = {{json_get(component, "hidden"), LOGIC_HIDDEN},
                {json_path(component, "validate.required"), LOGIC_REQUIRED},
                {json_get(component, "disabled"), LOGIC_DISABLED}};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (json_truth(said[i].value, &is_on) == OK) {
            heard = (uint8_t)(is_on ? heard | said[i].bit : heard & ~said[i].bit);
        }
    }
    logic->is_heard[index] = true;
    logic->heard[index] = heard;
    // The source leaves conditionals to whoever shows the form.
    const bool keeps_own = logic_has_condition(field, &when, &is_on);
    const uint8_t own = keeps_own ? logic->states[index] & LOGIC_HIDDEN : heard & LOGIC_HIDDEN;
    logic->states[index] = (uint8_t)((heard & ~LOGIC_HIDDEN) | own);
}

static void hear_steps(struct logic *logic, const struct form *form, const struct json *steps)
{
    for (size_t i = 0; i < json_len(steps) && i < FORM_STEPS_MAX; i++) {
        const char *id = json_get_text(json_at(steps, i), "id");
        bool is_asked = true;
        if (id == NULL || json_get_bool(json_at(steps, i), "isApplicable", &is_asked) != OK) {
            continue;
        }
        for (size_t k = 0; k < form->steps_count; k++) {
            if (text_equal(form->steps[k].id, id)) {
                logic->heard_steps[k] = is_asked ? 1 : -1;
                logic->step_is_skipped[k] = !is_asked;
            }
        }
    }
}

static bool is_fixed_person(const struct logic *logic, const struct form *form,
                            const struct answers *answers, struct form_place place)
{
    const struct form_field *field = &form->fields[place.field];
    const struct form_place people = {field->parent, -1};
    if (!form_is_of_person(form, field)) {
        return false;
    }
    return !logic_asks_people(logic, form, answers, people.field) ||
           (field->kind != FORM_YES &&
            !answers_person_is_by_hand(answers, form, people, (size_t)place.item));
}

// 1: its conditional hides it in this item, -1: shows it, 0: it has none.
static int item_says(const struct form *form, const struct answers *answers, size_t field,
                     int16_t item)
{
    const struct form_field *its = &form->fields[field];
    const struct form_field *repeat = form_repeat_of(form, its);
    const char *when = NULL;
    bool shows = false;
    if (repeat == NULL || !logic_has_condition(its, &when, &shows)) {
        return 0;
    }
    const size_t len = strlen(repeat->key);
    const bool is_full = text_starts_with(when, repeat->key) && when[len] == '.';
    const int16_t index = (int16_t)form_index(form, repeat);
    const struct form_field *watched = form_find_in(form, index, is_full ? when + len + 1 : when);
    const struct json *found = NULL;
    if (watched != NULL && form_has_answer(watched)) {
        const struct form_place beside = {(int16_t)form_index(form, watched), item};
        found = answers_get(answers, form, beside);
    } else {
        watched = form_find_in(form, -1, when);
        found = json_path(answers->data_private, when);
    }
    const struct value value = value_from_json(found);
    return logic_condition_holds(its, watched, &value) == shows ? -1 : 1;
}
