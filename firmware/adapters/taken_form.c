// SPDX-License-Identifier: EUPL-1.2
//
// One formuliertaak, read and written.
#include "adapters/taken_form.h"

#include "adapters/fields.h"
#include "adapters/form_data.h"
#include "adapters/taken.h"
#include "base/bytes.h"

#include <string.h>

static enum err path_of(const char *uuid, char *out, size_t out_bytes);
static enum err check_task(const struct json *task, const char *uuid, const char *bsn,
                           struct fault *fault);
static bool is_owner(const char *assigned, const char *bsn);
static enum taken_form_state state_of(const struct json *task);
static bool is_asked(const struct json *definition, const char *key);

enum err taken_form_request(struct source_request_private *request, const char *uuid)
{
    *request = (struct source_request_private){.is_repeatable = true};
    return path_of(uuid, request->path, sizeof request->path);
}

static enum err path_of(const char *uuid, char *out, size_t out_bytes)
{
    struct text path;
    text_init(&path, out, out_bytes);
    text_format(&path, "/formuliertaken/%s", uuid);
    return path.is_cut ? ERR_TOO_BIG : OK;
}

enum err taken_form_read(const struct source_answer *answer, const char *uuid, const char *bsn,
                         struct taken_form_private *found, struct fault *fault)
{
    *found = (struct taken_form_private){0};
    if (answer->status != 200) {
        return source_refusal("taken", answer->status, fault);
    }
    struct json *task = NULL;
    if (json_parse(answer->body, answer->len, &task) != OK) {
        return fault_set(fault, ERR_MALFORMED, "taken: answer is not JSON");
    }
    const enum err err = check_task(task, uuid, bsn, fault);
    if (err != OK) {
        json_wipe_free(task);
        return err;
    }
    found->task = task;
    found->state = state_of(task);
    found->definition = json_path(task, "details.formulierDefinitie");
    found->received = json_path(task, "details.ontvangenGegevens");
    text_copy_cut(found->uuid, sizeof found->uuid, uuid);
    taken_case_number(task, found->reference);
    return OK;
}

static enum err check_task(const struct json *task, const char *uuid, const char *bsn,
                           struct fault *fault)
{
    char theirs[UUID_TEXT_BYTES];
    const char *kind = json_get_text(task, "taakSoort");
    const struct json *details = json_get(task, "details");
    if (field_uuid(task, "uuid", theirs) != OK || strcmp(theirs, uuid) != 0 ||
        json_get_text(task, "status") == NULL || kind == NULL) {
        return fault_set(fault, ERR_MALFORMED, "taken: not the task that was asked for");
    }
    if (!is_owner(json_get_text(task, "isToegewezenAan"), bsn)) {
        return fault_set(fault, ERR_NOT_FOUND, "taken: the task is somebody else's");
    }
    if (strcmp(kind, "formuliertaak") != 0) {
        return fault_set(fault, ERR_UNSUPPORTED, "taken: the task is no form");
    }
    const struct json *received = json_get(details, "ontvangenGegevens");
    const struct json *prefill = json_get(details, "voorinvullenGegevens");
    if (!json_is_list(json_path(details, "formulierDefinitie.components")) ||
        (!json_is_absent(received) && !json_has_keys(received)) ||
        (!json_is_absent(prefill) && !json_has_keys(prefill))) {
        return fault_set(fault, ERR_MALFORMED, "taken: the task's form breaks the API");
    }
    return OK;
}

static bool is_owner(const char *assigned, const char *bsn)
{
    static const char urn[] = "urn:nld:brp:bsn:";
    return assigned != NULL && text_starts_with(assigned, urn) &&
           strcmp(assigned + strlen(urn), bsn) == 0;
}

static enum taken_form_state state_of(const struct json *task)
{
    const char *status = json_get_text(task, "status");
    if (strcmp(status, "open") == 0) {
        return TAKEN_FORM_OPEN;
    }
    const bool is_done = strcmp(status, "uitgevoerd") == 0 || strcmp(status, "verwerkt") == 0;
    return is_done ? TAKEN_FORM_DONE : TAKEN_FORM_OVER;
}

void taken_form_finish(struct taken_form_private *found)
{
    json_wipe_free(found->task);
    wipe(found, sizeof *found);
}

struct json *taken_form_document(const struct taken_form_private *found)
{
    const struct json *prefill = json_path(found->task, "details.voorinvullenGegevens");
    const char *title = json_get_text(found->task, "titel");
    struct json *step = json_new_object();
    json_set_text(step, "id", "");
    json_set_text(step, "name", "");
    json_set(step, "components", json_clone(json_get(found->definition, "components")));
    struct json *steps = json_new_array();
    json_append(steps, step);
    struct json *consent = json_new_object();
    json_set_bool(consent, "privacy", false);
    json_set_bool(consent, "truth", false);
    struct json *document = json_new_object();
    json_set_text(document, "title", title != NULL && text_is_printable(title) ? title : "");
    json_set(document, "steps", steps);
    json_set(document, "rules", json_new_array());
    json_set(document, "prefill", json_has_keys(prefill) ? json_clone(prefill) : json_new_object());
    json_set(document, "data",
             json_has_keys(found->received) ? json_clone(found->received) : json_new_object());
    json_set_bool(document, "asks_source", false);
    json_set(document, "needs_consent", consent);
    return document;
}

struct json *taken_form_merge(const struct taken_form_private *found, const struct json *data)
{
    struct json *merged = json_clone(data);
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    while (json_each(found->received, &iter, &key, &value)) {
        if (json_get(merged, key) == NULL && !is_asked(found->definition, key)) {
            json_set(merged, key, json_clone(value));
        }
    }
    return merged;
}

static bool is_asked(const struct json *definition, const char *key)
{
    const size_t len = strlen(key);
    struct form_walk walk;
    form_walk_begin(&walk, json_get(definition, "components"));
    for (const struct json *component = form_walk_next(&walk); component != NULL;
         component = form_walk_next(&walk)) {
        const char *theirs = json_get_text(component, "key");
        if (theirs != NULL && strncmp(theirs, key, len) == 0 &&
            (theirs[len] == '\0' || theirs[len] == '.')) {
            return true;
        }
    }
    return false;
}

// The definition goes along as it was read: the API's description asks for it in every `details`,
// though its server merges.
enum err taken_form_write_request(struct source_request_private *request,
                                  const struct taken_form_private *found, const struct json *data,
                                  bool is_last)
{
    *request = (struct source_request_private){0};
    char path[SOURCE_PATH_BYTES];
    const enum err err = path_of(found->uuid, path, sizeof path);
    if (err != OK) {
        return err;
    }
    struct json *details = json_new_object();
    json_set(details, "formulierDefinitie", json_clone(found->definition));
    json_set(details, "ontvangenGegevens", taken_form_merge(found, data));
    struct json *body = json_new_object();
    json_set(body, "details", details);
    if (is_last) {
        json_set_text(body, "status", "uitgevoerd");
    }
    return source_write(request, "PATCH", path, body);
}

enum err taken_form_refusal(const struct source_answer *answer, struct json **told,
                            struct fault *fault)
{
    *told = NULL;
    struct json *problem = NULL;
    if (answer->status != 400 || json_parse(answer->body, answer->len, &problem) != OK) {
        return source_refusal("taken", answer->status, fault);
    }
    enum err err = fault_set(fault, ERR_MALFORMED, "taken: refuses and does not say what");
    if (json_len(json_get(problem, "invalidParams")) > 0) {
        *told = form_refusal(problem);
        err = fault_set(fault, ERR_REFUSED, "taken: refuses answers");
    }
    json_wipe_free(problem);
    return err;
}
