// SPDX-License-Identifier: EUPL-1.2
//
// Rules with their actions, and conditionals.
#include "forms/logic_rules.h"

#include "forms/plain.h"

#include <string.h>

static void look_up(struct logic_run *run, const char *path, struct value *value);
static struct value empty_value(const struct form_field *field);
static enum err look_at_rule(struct logic_round *round, const struct json *rule);
static enum err do_action(struct logic_round *round, const struct json *action);
static void set_property(struct logic_round *round, const char *key, const struct json *details);
static void set_step(struct logic_round *round, const struct json *action, bool is_skipped);
static enum err set_variable(struct logic_round *round, const struct json *action);
static enum err look_at_conditional(struct logic_round *round, size_t index);
static void be_unsure(struct logic_round *round, const char *why);
static const struct json *either(const struct json *object, const char *one, const char *other);
static bool is_repeated(const struct form *form, const struct form_field *field);

void logic_round_init(struct logic_round *round, const struct form *form, struct answers *answers,
                      struct date today)
{
    round->form = form;
    round->answers = answers;
    round->before = NULL;
    round->after = NULL;
    round->variables_private = json_new_object();
    round->kept_private = NULL;
    round->has_changed = false;
    round->run.today = today;
    round->run.root = answers->data_private;
    round->run.look_up = look_up;
    round->run.ctx = round;
    round->run.steps = 0;
}

void logic_round_finish(struct logic_round *round)
{
    json_wipe_free(round->variables_private);
    json_wipe_free(round->kept_private);
}

enum err logic_round_look(struct logic_round *round)
{
    const struct form *form = round->form;
    struct logic *after = round->after;
    after->is_blocked = after->heard_blocked;
    after->is_unsure = false;
    after->why_private = NULL;
    round->has_changed = false;
    for (size_t i = 0; i < form->fields_count; i++) {
        after->states[i] = logic_base_state(after, form, i);
    }
    for (size_t i = 0; i < form->steps_count; i++) {
        after->step_is_skipped[i] =
            after->heard_steps[i] != 0 ? after->heard_steps[i] < 0 : form->steps[i].is_skipped;
    }
    for (size_t i = 0; i < json_len(form->rules); i++) {
        enum err err = look_at_rule(round, json_at(form->rules, i));
        if (err != OK) {
            return err;
        }
    }
    for (size_t i = 0; i < form->fields_count; i++) {
        enum err err = look_at_conditional(round, i);
        if (err != OK) {
            return err;
        }
    }
    return OK;
}

bool logic_has_condition(const struct form_field *field, const char **when, bool *shows)
{
    const struct json *conditional = json_get(field->definition, "conditional");
    const char *words = json_get_text(conditional, "show");
    const bool is_worded =
        words != NULL && (text_equal(words, "true") || text_equal(words, "false"));
    *when = json_get_text(conditional, "when");
    if (is_worded) {
        *shows = text_equal(words, "true");
    } else if (json_get_bool(conditional, "show", shows) != OK) {
        return false;
    }
    return *when != NULL && (*when)[0] != '\0';
}

// Form.io compares what a person would call the same: "true" and true, "3" and 3, a box of many.
bool logic_condition_holds(const struct form_field *field, const struct form_field *watched,
                           const struct value *value)
{
    const struct json *eq = json_path(field->definition, "conditional.eq");
    const char *words = json_text(eq);
    const struct value wanted = value_from_json(eq);
    bool is_on = false;
    if (words != NULL && value->kind == VALUE_JSON && json_has_keys(value->json)) {
        return json_get_bool(value->json, words, &is_on) == OK && is_on;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value item = value_at(value, i);
        if (value_is_same(&item, &wanted, false)) {
            return true;
        }
    }
    const bool is_truth =
        value->kind == VALUE_TRUTH || (watched != NULL && watched->kind == FORM_YES);
    if (is_truth && words != NULL) {
        return text_equal(words, value_is_true(value) ? "true" : "false");
    }
    if (value->kind == VALUE_NONE) {
        return wanted.kind == VALUE_NONE || (words != NULL && words[0] == '\0');
    }
    return value_is_same(value, &wanted, false);
}

uint8_t logic_base_state(const struct logic *logic, const struct form *form, size_t field)
{
    const struct form_field *its = &form->fields[field];
    if (logic->is_heard[field]) {
        return logic->heard[field];
    }
    return (uint8_t)((its->is_hidden ? LOGIC_HIDDEN : 0) | (its->is_required ? LOGIC_REQUIRED : 0) |
                     (its->is_disabled ? LOGIC_DISABLED : 0));
}

bool logic_is_hidden_alone(const struct logic *logic, const struct form *form, size_t field)
{
    if (logic->step_is_skipped[form->fields[field].step]) {
        return true;
    }
    for (int at = (int)field; at >= 0; at = form->fields[at].parent) {
        if ((logic->states[at] & LOGIC_HIDDEN) != 0) {
            return true;
        }
    }
    return false;
}

// What a rule sees at a path: a variable of the rules, an answer, or what stands for none.
static void look_up(struct logic_run *run, const char *path, struct value *value)
{
    const struct logic_round *round = run->ctx;
    const struct json *variable = json_path(round->variables_private, path);
    *value = value_from_json(variable);
    if (variable != NULL || path[0] == '\0') {
        if (path[0] == '\0') {
            *value = value_from_json(round->answers->data_private);
        }
        return;
    }
    *value = value_from_json(json_path(round->answers->data_private, path));
    // "a.b.c" may be of the field "a.b.c", "a.b" or "a".
    char key[FORM_KEY_BYTES];
    const struct form_field *field = NULL;
    size_t len = strlen(path);
    while (field == NULL && len > 0) {
        if (len < sizeof key) {
            memcpy(key, path, len);
            key[len] = '\0';
            field = form_find_in(round->form, -1, key);
        }
        do {
            len--;
        } while (len > 0 && path[len] != '.');
        run->steps++;
    }
    if (field == NULL || !form_has_answer(field)) {
        return;
    }
    const bool is_hidden =
        field->clears_when_hidden &&
        logic_is_hidden_alone(round->before, round->form, form_index(round->form, field));
    if (is_hidden || value->kind == VALUE_NONE) {
        const bool is_whole = text_equal(field->key, path);
        *value = is_whole ? empty_value(field) : (struct value){.kind = VALUE_NONE};
    }
}

static struct value empty_value(const struct form_field *field)
{
    if (field->is_multiple || field->kind == FORM_FILE || field->kind == FORM_PEOPLE ||
        field->kind == FORM_REPEAT) {
        return (struct value){.kind = VALUE_LIST, .list = {NULL, 0}};
    }
    if (field->kind == FORM_YES) {
        return (struct value){.kind = VALUE_TRUTH, .truth = false};
    }
    if (field->kind == FORM_NUMBER || field->kind == FORM_MONEY || field->kind == FORM_UNKNOWN ||
        field->kind == FORM_SOME || field->kind == FORM_ADDRESS) {
        return (struct value){.kind = VALUE_NONE};
    }
    return (struct value){.kind = VALUE_TEXT, .text = ""};
}

// Only the end of all steps ends the look; a rule that cannot be worked out makes us unsure.
static enum err look_at_rule(struct logic_round *round, const struct json *rule)
{
    const struct json *trigger = either(rule, "jsonLogicTrigger", "json_logic_trigger");
    const struct json *actions = json_get(rule, "actions");
    struct value held;
    round->run.root = round->answers->data_private;
    enum err err = logic_run(&round->run, trigger, &held);
    if (round->run.steps > LOGIC_STEPS_MAX) {
        return ERR_STATE;
    }
    if (err != OK || !json_is_list(actions)) {
        const char *key = json_get_text(json_at(actions, 0), "component");
        be_unsure(round, key == NULL || key[0] == '\0' ? "rule" : key);
        return OK;
    }
    if (!value_is_true(&held)) {
        return OK;
    }
    for (size_t i = 0; i < json_len(actions); i++) {
        round->run.steps++;
        err = do_action(round, json_at(actions, i));
        if (err != OK) {
            return err;
        }
    }
    return OK;
}

static enum err do_action(struct logic_round *round, const struct json *action)
{
    const struct json *details = json_get(action, "action");
    const char *type = json_get_text(details, "type");
    const char *key = json_get_text(action, "component");
    if (type == NULL) {
        be_unsure(round, "action");
    } else if (text_equal(type, "property")) {
        set_property(round, key == NULL ? "" : key, details);
    } else if (text_equal(type, "disable-next")) {
        round->after->is_blocked = true;
    } else if (text_equal(type, "step-applicable")) {
        set_step(round, action, false);
    } else if (text_equal(type, "step-not-applicable")) {
        set_step(round, action, true);
    } else if (text_equal(type, "variable")) {
        return set_variable(round, action);
    } else if (!text_equal(type, "set-registration-backend")) {
        // The last one changes where answers go, not what is asked. Any other may change both.
        be_unsure(round, type);
    }
    return OK;
}

static void set_property(struct logic_round *round, const char *key, const struct json *details)
{
    static const struct {
        const char *name;
        uint8_t bit;
    } properties[] = {{"hidden", LOGIC_HIDDEN},
                      {"validate.required", LOGIC_REQUIRED},
                      {"required", LOGIC_REQUIRED},
                      {"disabled", LOGIC_DISABLED}};
    const char *name = json_text(json_path(details, "property.value"));
    uint8_t bit = 0;
    for (size_t i = 0; name != NULL && i < sizeof properties / sizeof properties[0]; i++) {
        bit = text_equal(properties[i].name, name) ? properties[i].bit : bit;
    }
    bool state = false;
    if (bit == 0 || json_get_bool(details, "state", &state) != OK) {
        be_unsure(round, key);
        return;
    }
    // What asks nothing may share its key, in every step.
    for (size_t i = 0; i < round->form->fields_count; i++) {
        const struct form_field *field = &round->form->fields[i];
        if (text_equal(field->key, key) && !form_is_of_person(round->form, field)) {
            uint8_t *states = &round->after->states[i];
            *states = (uint8_t)(state ? *states | bit : *states & ~bit);
        }
    }
    round->run.steps += round->form->fields_count / 16;
}

static void set_step(struct logic_round *round, const struct json *action, bool is_skipped)
{
    const char *id = json_text(either(action, "formStepUuid", "form_step_uuid"));
    if (id == NULL || id[0] == '\0') {
        // Older rules give an address that ends in it.
        id = json_text(either(action, "formStep", "form_step"));
        const char *slash = id == NULL ? NULL : strrchr(id, '/');
        id = slash == NULL ? id : slash + 1;
    }
    for (size_t i = 0; id != NULL && id[0] != '\0' && i < round->form->steps_count; i++) {
        if (text_equal(round->form->steps[i].id, id)) {
            round->after->step_is_skipped[i] = is_skipped;
            return;
        }
    }
    be_unsure(round, "step");
}

static enum err set_variable(struct logic_round *round, const struct json *action)
{
    const char *key = json_get_text(action, "variable");
    const struct form_field *field = key == NULL ? NULL : form_find_in(round->form, -1, key);
    struct value value;
    struct json *json = NULL;
    enum err err = logic_run(&round->run, json_path(action, "action.value"), &value);
    if (round->run.steps > LOGIC_STEPS_MAX) {
        return ERR_STATE;
    }
    if (err == OK) {
        err = logic_to_json(&value, &json);
    }
    if (err != OK || key == NULL || strlen(key) >= FORM_KEY_BYTES ||
        (field != NULL && (!form_has_answer(field) || field->kind == FORM_REPEAT))) {
        json_wipe_free(json);
        be_unsure(round, key == NULL ? "variable" : key);
        return OK;
    }
    const struct json *old = field == NULL ? json_get(round->variables_private, key)
                                           : json_path(round->answers->data_private, field->key);
    if (old != NULL && json_same(old, json)) {
        json_wipe_free(json);
        return OK;
    }
    round->has_changed = true;
    if (field == NULL) {
        json_set(round->variables_private, key, json);
        return OK;
    }
    if (round->kept_private == NULL) {
        round->kept_private = json_clone(round->answers->data_private);
    }
    const struct form_place place = {(int16_t)form_index(round->form, field), -1};
    answers_set(round->answers, round->form, place, json);
    return OK;
}

// A conditional goes before what a rule says of the same field. Within a repeating group it is
// looked at for each item, when somebody asks.
static enum err look_at_conditional(struct logic_round *round, size_t index)
{
    const struct form_field *field = &round->form->fields[index];
    const struct json *rule = json_path(field->definition, "conditional.json");
    const bool has_rule = json_has_keys(rule) && json_len(rule) > 0;
    uint8_t *states = &round->after->states[index];
    const char *when = NULL;
    bool shows = false;
    bool is_shown = false;
    if (has_rule && is_repeated(round->form, field)) {
        be_unsure(round, field->key);
        return OK;
    }
    if (has_rule) {
        struct value held;
        enum err err = logic_run(&round->run, rule, &held);
        if (round->run.steps > LOGIC_STEPS_MAX) {
            return ERR_STATE;
        }
        if (err != OK) {
            be_unsure(round, field->key);
            return OK;
        }
        is_shown = value_is_true(&held);
    } else if (logic_has_condition(field, &when, &shows) && !is_repeated(round->form, field)) {
        struct value value;
        look_up(&round->run, when, &value);
        const struct form_field *watched = form_find_in(round->form, -1, when);
        is_shown = logic_condition_holds(field, watched, &value) == shows;
    } else {
        return OK;
    }
    *states = (uint8_t)(is_shown ? *states & ~LOGIC_HIDDEN : *states | LOGIC_HIDDEN);
    return OK;
}

static void be_unsure(struct logic_round *round, const char *why)
{
    round->after->is_unsure = true;
    if (round->after->why_private == NULL) {
        round->after->why_private = why;
    }
}

static const struct json *either(const struct json *object, const char *one, const char *other)
{
    const struct json *found = json_get(object, one);
    return found != NULL ? found : json_get(object, other);
}

static bool is_repeated(const struct form *form, const struct form_field *field)
{
    return form_repeat_of(form, field) != NULL;
}
