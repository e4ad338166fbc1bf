// SPDX-License-Identifier: EUPL-1.2
//
// The messages about a form that is being filled in: opening, the whole of it, answers, sending,
// the pen, and where a visitor got stuck. The documents inside are JSON that others made; here only
// their outer shape is looked at, forms/form.h reads the rest.
#include "link/api.h"

#include "base/bytes.h"
#include "link/api_parts.h"

#include <string.h>

static const char *state_word(size_t index);
static const char *pen_word(size_t index);
static enum err read_place(const struct json *json, struct api_form_place *place,
                           struct fault *fault);
static struct json *write_place(const struct api_form_place *place);
static enum err read_documents(const struct json *json, struct api_form_private *form,
                               struct fault *fault);
static enum err copy_object(const struct json *json, const char *name, bool may_be_absent,
                            struct json **copy, struct fault *fault);

enum { ITEMS_MAX = 9999 };

const struct api_names api_form_state_names = {API_FORM_SENT + 1, state_word};
static const struct api_names pen_names = {API_PEN_GIVE + 1, pen_word};

static const struct api_field open_fields[] = {
    {"request", API_ID, API_AT(struct api_form_open, request), .is_required = true},
};
static const struct api_shape open_shape = API_SHAPE(open_fields);

static const struct api_field form_fields[] = {
    {"id", API_UUID, API_AT(struct api_form_private, id), .is_required = true},
    {"request", API_ID, API_AT(struct api_form_private, request), .is_required = true},
    {"title", API_WORDS, API_AT(struct api_form_private, title)},
    {"revision", API_WHOLE, API_AT(struct api_form_private, revision), .is_required = true,
     .max = INT64_MAX},
    {"holder", API_ID, API_AT(struct api_form_private, holder)},
    {"state", API_NAME, API_AT(struct api_form_private, state), .is_required = true,
     .names = &api_form_state_names},
    {"reference", API_WORDS, API_AT(struct api_form_private, reference)},
    {"asks_source", API_TRUTH, API_AT(struct api_form_private, asks_source), .is_required = true},
    {"is_at_source", API_TRUTH, API_AT(struct api_form_private, is_at_source), .is_required = true},
};
static const struct api_shape form_shape = API_SHAPE(form_fields);

static const struct api_field consent_fields[] = {
    {"privacy", API_TRUTH, API_AT(struct api_form_private, needs_privacy), .is_required = true},
    {"truth", API_TRUTH, API_AT(struct api_form_private, needs_truth), .is_required = true},
};
static const struct api_shape consent_shape = API_SHAPE(consent_fields);

static const struct api_field place_fields[] = {
    {"key", API_WORDS, API_AT(struct api_form_place, key), .is_required = true},
};
static const struct api_shape place_shape = API_SHAPE(place_fields);

static const struct api_field answers_fields[] = {
    {"revision", API_WHOLE, API_AT(struct api_form_answers_private, revision), .is_required = true,
     .max = INT64_MAX},
};
static const struct api_shape answers_shape = API_SHAPE(answers_fields);

static const struct api_field saved_fields[] = {
    {"revision", API_WHOLE, API_AT(struct api_form_saved_private, revision), .is_required = true,
     .max = INT64_MAX},
};
static const struct api_shape saved_shape = API_SHAPE(saved_fields);

static const struct api_field send_fields[] = {
    {"revision", API_WHOLE, API_AT(struct api_form_send_private, revision), .is_required = true,
     .max = INT64_MAX},
    {"privacy", API_TRUTH, API_AT(struct api_form_send_private, privacy), .is_required = true},
    {"truth", API_TRUTH, API_AT(struct api_form_send_private, truth), .is_required = true},
};
static const struct api_shape send_shape = API_SHAPE(send_fields);

static const struct api_field sent_fields[] = {
    {"state", API_NAME, API_AT(struct api_form_sent, state), .is_required = true,
     .names = &api_form_state_names},
    {"reference", API_WORDS, API_AT(struct api_form_sent, reference)},
};
static const struct api_shape sent_shape = API_SHAPE(sent_fields);

static const struct api_field stuck_fields[] = {
    {"id", API_UUID, API_AT(struct context_form_private, id), .is_required = true},
    {"step", API_WHOLE, API_AT(struct context_form_private, step), .max = CONTEXT_PAGES_MAX},
    {"steps", API_WHOLE, API_AT(struct context_form_private, steps), .max = CONTEXT_PAGES_MAX},
    {"answered", API_WHOLE, API_AT(struct context_form_private, answered),
     .max = CONTEXT_PAGES_MAX},
    {"asked", API_WHOLE, API_AT(struct context_form_private, asked), .max = CONTEXT_PAGES_MAX},
    {"key", API_WORDS, API_AT(struct context_form_private, key)},
    {"label", API_WORDS, API_AT(struct context_form_private, label)},
    {"error", API_ID, API_AT(struct context_form_private, error)},
    {"tried", API_WORDS, API_AT(struct context_form_private, tried)},
};
static const struct api_shape stuck_shape = API_SHAPE(stuck_fields);

void api_form_free(struct api_form_private *form)
{
    json_wipe_free(form->definition);
    json_wipe_free(form->prefill);
    json_wipe_free(form->data);
    wipe(form, sizeof *form);
}

void api_form_answers_free(struct api_form_answers_private *answers)
{
    json_wipe_free(answers->data);
    wipe(answers, sizeof *answers);
}

void api_form_saved_free(struct api_form_saved_private *saved)
{
    json_wipe_free(saved->told);
    wipe(saved, sizeof *saved);
}

void api_form_send_free(struct api_form_send_private *send)
{
    json_wipe_free(send->data);
    wipe(send, sizeof *send);
}

enum err api_form_open_read(const struct json *json, struct api_form_open *open,
                            struct fault *fault)
{
    memset(open, 0, sizeof *open);
    return api_done(api_shape_read(json, &open_shape, open, fault), open, sizeof *open);
}

struct json *api_form_open_write(const struct api_form_open *open)
{
    struct json *json = json_new_object();
    api_shape_write(json, &open_shape, open);
    return json;
}

enum err api_form_read(const struct json *json, struct api_form_private *form, struct fault *fault)
{
    memset(form, 0, sizeof *form);
    enum err err = api_shape_read(json, &form_shape, form, fault);
    if (err == OK) {
        const struct json *needed = json_get(json, "needs_consent");
        err =
            api_within(api_shape_read(needed, &consent_shape, form, fault), "needs_consent", fault);
    }
    if (err == OK) {
        err = read_place(json, &form->place, fault);
    }
    if (err == OK) {
        err = read_documents(json, form, fault);
    }
    if (err != OK) {
        api_form_free(form);
    }
    return err;
}

struct json *api_form_write(const struct api_form_private *form)
{
    struct json *json = json_new_object();
    struct json *needed = json_new_object();
    api_shape_write(json, &form_shape, form);
    api_shape_write(needed, &consent_shape, form);
    json_set(json, "needs_consent", needed);
    if (form->place.key[0] != '\0') {
        json_set(json, "place", write_place(&form->place));
    }
    json_set(json, "steps", json_clone(json_get(form->definition, "steps")));
    json_set(json, "rules", json_clone(json_get(form->definition, "rules")));
    json_set(json, "prefill", json_clone(form->prefill));
    json_set(json, "data", json_clone(form->data));
    return json;
}

enum err api_form_answers_read(const struct json *json, struct api_form_answers_private *answers,
                               struct fault *fault)
{
    memset(answers, 0, sizeof *answers);
    enum err err = api_shape_read(json, &answers_shape, answers, fault);
    if (err == OK) {
        err = read_place(json, &answers->place, fault);
    }
    if (err == OK) {
        err = copy_object(json, "data", false, &answers->data, fault);
    }
    return api_done(err, answers, sizeof *answers);
}

struct json *api_form_answers_write(const struct api_form_answers_private *answers)
{
    struct json *json = json_new_object();
    api_shape_write(json, &answers_shape, answers);
    json_set(json, "data", json_clone(answers->data));
    if (answers->place.key[0] != '\0') {
        json_set(json, "place", write_place(&answers->place));
    }
    return json;
}

enum err api_form_saved_read(const struct json *json, struct api_form_saved_private *saved,
                             struct fault *fault)
{
    memset(saved, 0, sizeof *saved);
    enum err err = api_shape_read(json, &saved_shape, saved, fault);
    const char *where = json_get_text(json, "saved");
    saved->is_at_source = where != NULL && strcmp(where, "source") == 0;
    if (err == OK && !saved->is_at_source && (where == NULL || strcmp(where, "hub") != 0)) {
        err = fault_set(fault, ERR_MALFORMED, "saved: must be source or hub");
    }
    if (err == OK) {
        err = copy_object(json, "told", true, &saved->told, fault);
    }
    return api_done(err, saved, sizeof *saved);
}

struct json *api_form_saved_write(const struct api_form_saved_private *saved)
{
    struct json *json = json_new_object();
    api_shape_write(json, &saved_shape, saved);
    json_set_text(json, "saved", saved->is_at_source ? "source" : "hub");
    if (saved->told != NULL) {
        json_set(json, "told", json_clone(saved->told));
    }
    return json;
}

enum err api_form_send_read(const struct json *json, struct api_form_send_private *send,
                            struct fault *fault)
{
    memset(send, 0, sizeof *send);
    enum err err = api_shape_read(json, &send_shape, send, fault);
    if (err == OK) {
        err = copy_object(json, "data", false, &send->data, fault);
    }
    return api_done(err, send, sizeof *send);
}

struct json *api_form_send_write(const struct api_form_send_private *send)
{
    struct json *json = json_new_object();
    api_shape_write(json, &send_shape, send);
    json_set(json, "data", json_clone(send->data));
    return json;
}

enum err api_form_sent_read(const struct json *json, struct api_form_sent *sent,
                            struct fault *fault)
{
    memset(sent, 0, sizeof *sent);
    return api_done(api_shape_read(json, &sent_shape, sent, fault), sent, sizeof *sent);
}

struct json *api_form_sent_write(const struct api_form_sent *sent)
{
    struct json *json = json_new_object();
    api_shape_write(json, &sent_shape, sent);
    return json;
}

enum err api_form_pen_read(const struct json *json, enum api_pen *pen, struct fault *fault)
{
    *pen = API_PEN_GIVE;
    const struct api_field field = {"action", API_NAME, .size = sizeof *pen, .is_required = true,
                                    .names = &pen_names};
    const struct api_shape shape = {.fields = &field, .fields_count = 1};
    return api_shape_read(json, &shape, pen, fault);
}

struct json *api_form_pen_write(enum api_pen pen)
{
    struct json *json = json_new_object();
    json_set_text(json, "action", pen_word(pen));
    return json;
}

enum err api_part_context_form_read(const struct json *json, struct context_form_private *form,
                                    struct fault *fault)
{
    enum err err = api_shape_read(json, &stuck_shape, form, fault);
    if (err == OK) {
        err = api_item_read(json, &form->item, fault);
    }
    if (err == OK && (form->step > form->steps || form->answered > form->asked)) {
        err = fault_set(fault, ERR_MALFORMED, "step: must be at most steps");
    }
    return api_within(err, "form", fault);
}

struct json *api_part_context_form_write(const struct context_form_private *form)
{
    struct json *json = json_new_object();
    api_shape_write(json, &stuck_shape, form);
    api_item_write(json, form->item);
    return json;
}

static enum err read_place(const struct json *json, struct api_form_place *place,
                           struct fault *fault)
{
    const struct json *told = json_get(json, "place");
    *place = (struct api_form_place){.item = -1};
    if (json_is_absent(told)) {
        return OK;
    }
    enum err err = api_shape_read(told, &place_shape, place, fault);
    return api_within(err == OK ? api_item_read(told, &place->item, fault) : err, "place", fault);
}

static struct json *write_place(const struct api_form_place *place)
{
    struct json *json = json_new_object();
    api_shape_write(json, &place_shape, place);
    api_item_write(json, place->item);
    return json;
}

// Absent where nothing repeats.
enum err api_item_read(const struct json *json, int *item, struct fault *fault)
{
    int64_t value = -1;
    const struct json *told = json_get(json, "item");
    if (!json_is_absent(told) &&
        (json_whole(told, &value) != OK || value < 0 || value > ITEMS_MAX)) {
        return fault_set(fault, ERR_MALFORMED, "item: must be a whole number within its limits");
    }
    *item = (int)value;
    return OK;
}

void api_item_write(struct json *json, int item)
{
    if (item >= 0) {
        json_set_int(json, "item", item);
    }
}

static enum err read_documents(const struct json *json, struct api_form_private *form,
                               struct fault *fault)
{
    const struct json *steps = json_get(json, "steps");
    const struct json *rules = json_get(json, "rules");
    if (!json_is_list(steps) || (!json_is_absent(rules) && !json_is_list(rules))) {
        return fault_set(fault, ERR_MALFORMED, "steps: must be a list, and so must rules");
    }
    enum err err = copy_object(json, "prefill", true, &form->prefill, fault);
    if (err == OK) {
        err = copy_object(json, "data", true, &form->data, fault);
    }
    if (err != OK) {
        return err;
    }
    form->prefill = form->prefill == NULL ? json_new_object() : form->prefill;
    form->data = form->data == NULL ? json_new_object() : form->data;
    form->definition = json_new_object();
    json_set(form->definition, "steps", json_clone(steps));
    json_set(form->definition, "rules",
             json_is_absent(rules) ? json_new_array() : json_clone(rules));
    return OK;
}

static enum err copy_object(const struct json *json, const char *name, bool may_be_absent,
                            struct json **copy, struct fault *fault)
{
    const struct json *value = json_get(json, name);
    if (may_be_absent && json_is_absent(value)) {
        return OK;
    }
    if (!json_has_keys(value)) {
        return fault_set(fault, ERR_MALFORMED, "%s: must be an object", name);
    }
    *copy = json_clone(value);
    return OK;
}

static const char *state_word(size_t index)
{
    static const char *const names[] = {"open", "sending", "sent"};
    return names[index];
}

static const char *pen_word(size_t index)
{
    static const char *const names[] = {"give"};
    return names[index];
}
