// SPDX-License-Identifier: EUPL-1.2
//
// The forms that are being filled in: in memory, sealed in the store until they stand at their
// source, and who has the pen. Two screens never edit at once.
#include "apps/hub/hub_forms.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static struct json *seal_json(const struct hub_form_private *form);
static bool unseal(struct hub_form_private *form, const struct json *json);
static bool read_documents(struct hub_form_private *form, const struct json *json);
static bool read_devices(struct hub_form_private *form, const struct json *json);
static void remember_device(struct hub_form_private *form, const char *device);
static bool may_hold(const struct hub_form_private *form);
static bool is_needed(const struct hub_form_private *form);
static void forget(struct hub_form_private *form);

// The short words of a form, as they lie in its sealed row.
static const struct {
    const char *name;
    size_t offset;
    size_t size;
} words[] = {
    {"party", offsetof(struct hub_form_private, party), UUID_TEXT_BYTES},
    {"link", offsetof(struct hub_form_private, link), FORM_LINK_BYTES},
    {"ticket", offsetof(struct hub_form_private, ticket), UUID_TEXT_BYTES},
    {"title", offsetof(struct hub_form_private, title), REQUEST_TITLE_BYTES},
    {"holder", offsetof(struct hub_form_private, holder), DEVICE_ID_BYTES},
    {"reference", offsetof(struct hub_form_private, reference), API_REFERENCE_BYTES},
    {"place", offsetof(struct hub_form_private, place.key), CONTEXT_KEY_BYTES},
};
enum { WORDS_COUNT = sizeof words / sizeof words[0] };

static const struct {
    const char *name;
    size_t offset;
} truths[] = {
    {"is_at_desk", offsetof(struct hub_form_private, is_at_desk)},
    {"asks_source", offsetof(struct hub_form_private, asks_source)},
    {"needs_privacy", offsetof(struct hub_form_private, needs_privacy)},
    {"needs_truth", offsetof(struct hub_form_private, needs_truth)},
    {"privacy", offsetof(struct hub_form_private, consent.privacy)},
    {"truth", offsetof(struct hub_form_private, consent.truth)},
    {"is_pending", offsetof(struct hub_form_private, is_pending)},
    {"is_at_source", offsetof(struct hub_form_private, is_at_source)},
};
enum { TRUTHS_COUNT = sizeof truths / sizeof truths[0] };

struct hub_form_private *hub_form_new(struct hub *hub, const char *id)
{
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        if (hub->forms[i] != NULL) {
            continue;
        }
        struct hub_form_private *form = calloc(1, sizeof *form);
        CHECK(form != NULL);
        form->hub = hub;
        form->place.item = -1;
        CHECK(text_copy(form->id, sizeof form->id, id) == OK);
        form->retry = loop_timer_new(hub->loop, hub_form_on_retry, form);
        form->patience = loop_timer_new(hub->loop, hub_form_on_patience, form);
        hub->forms[i] = form;
        return form;
    }
    return NULL;
}

struct hub_form_private *hub_form_find(const struct hub *hub, const char *id)
{
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        struct hub_form_private *form = hub->forms[i];
        if (form != NULL && !form->is_over && text_equal(form->id, id)) {
            return form;
        }
    }
    return NULL;
}

struct hub_form_private *hub_form_of_request(const struct hub *hub, const char *party,
                                             const char *request)
{
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        struct hub_form_private *form = hub->forms[i];
        if (form != NULL && !form->is_over && text_equal(form->party, party) &&
            text_equal(form->request, request)) {
            return form;
        }
    }
    return NULL;
}

struct hub_form_private *hub_form_of_ticket(const struct hub *hub, const char *ticket)
{
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        struct hub_form_private *form = hub->forms[i];
        if (form != NULL && !form->is_over && text_equal(form->ticket, ticket)) {
            return form;
        }
    }
    return NULL;
}

bool hub_form_take_pen(struct hub_form_private *form, const struct store_device *device)
{
    if (form->holder[0] != '\0' && !text_equal(form->holder, device->id)) {
        return false;
    }
    memcpy(form->holder, device->id, sizeof form->holder);
    form->is_at_desk = device->role == ROLE_COUNTER;
    remember_device(form, device->id);
    return true;
}

void hub_form_give_pen(struct hub_form_private *form)
{
    memset(form->holder, 0, sizeof form->holder);
    form->is_at_desk = false;
    hub_uploads_end(form->hub, form->id);
}

void hub_form_put(struct hub_work *work, const struct hub_form_private *form)
{
    struct store_blob blob = hub_work_seal_json(work, "form", form->id, seal_json(form));
    struct store_change *change = hub_work_change(work, STORE_FORM);
    memcpy(change->form.id, form->id, sizeof change->form.id);
    memcpy(change->form.visit, form->visit, sizeof change->form.visit);
    memcpy(change->form.request, form->request, sizeof change->form.request);
    change->form.blob = blob;
    struct api_event event = {.kind = API_EVENT_FORM};
    memcpy(event.form.id, form->id, sizeof event.form.id);
    memcpy(event.form.holder, form->holder, sizeof event.form.holder);
    event.form.revision = form->revision;
    event.form.state = form->state;
    hub_work_event(work, &event);
}

struct json *hub_form_json(const struct hub_form_private *form)
{
    struct json *nothing = json_new_object();
    struct json *empty = json_new_object();
    json_set(empty, "steps", json_new_array());
    json_set(empty, "rules", json_new_array());
    struct api_form_private told = {
        .revision = form->revision,
        .state = form->state,
        .place = form->place,
        .asks_source = form->asks_source,
        .needs_privacy = form->needs_privacy,
        .needs_truth = form->needs_truth,
        .is_at_source = form->is_at_source,
        .definition = form->definition == NULL ? empty : form->definition,
        .prefill = form->prefill == NULL ? nothing : form->prefill,
        .data = form->data,
    };
    memcpy(told.id, form->id, sizeof told.id);
    memcpy(told.request, form->request, sizeof told.request);
    memcpy(told.title, form->title, sizeof told.title);
    memcpy(told.holder, form->holder, sizeof told.holder);
    memcpy(told.reference, form->reference, sizeof told.reference);
    struct json *json = api_form_write(&told);
    json_free(nothing);
    json_free(empty);
    wipe(&told, sizeof told);
    return json;
}

void hub_form_settle(struct hub_work *work, struct hub_form_private *form)
{
    if (is_needed(form)) {
        hub_form_put(work, form);
        hub_work_commit(work);
    } else {
        hub_form_end(work, form);
    }
}

void hub_form_end(struct hub_work *work, struct hub_form_private *form)
{
    struct store_change *change = hub_work_change(work, STORE_FORM_ERASE);
    memcpy(change->form.id, form->id, sizeof change->form.id);
    hub_work_audit(work, "form_end", form->id, form->state == API_FORM_SENT ? "sent" : "erased",
                   "hub", "hub");
    hub_work_commit(work);
    forget(form);
}

void hub_form_free(struct hub_form_private *form)
{
    struct json *const documents[] = {form->definition, form->prefill, form->base, form->data,
                                      form->asked};
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        if (form->hub->forms[i] == form) {
            form->hub->forms[i] = NULL;
        }
    }
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        json_wipe_free(documents[i]);
    }
    loop_timer_free(form->retry);
    loop_timer_free(form->patience);
    wipe(form, sizeof *form);
    free(form);
}

void hub_form_restore(struct hub *hub, const char *id, const char *visit, const char *request,
                      struct store_blob blob)
{
    struct json *json = NULL;
    if (hub_unseal_json(hub, "form", id, blob, &json) != OK) {
        log_error("hub", "a form does not open and is given up");
        return;
    }
    struct hub_form_private *form = hub_form_new(hub, id);
    bool is_whole = form != NULL && text_copy(form->visit, sizeof form->visit, visit) == OK &&
                    text_copy(form->request, sizeof form->request, request) == OK &&
                    unseal(form, json);
    json_wipe_free(json);
    if (form != NULL && !is_whole) {
        log_error("hub", "a form cannot be read and is given up");
        hub_form_free(form);
    }
}

void hub_forms_go_on(struct hub *hub)
{
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        struct hub_form_private *form = hub->forms[i];
        if (form == NULL || form->is_over) {
            continue;
        }
        if (!may_hold(form)) {
            hub_form_give_pen(form); // the hub ended just behind what it held the pen for
        }
        if (is_needed(form)) {
            hub_form_ask(form);
        } else {
            hub_form_end(hub_work_new(hub), form);
        }
    }
}

void hub_forms_visit_ended(struct hub *hub, const char *visit)
{
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        struct hub_form_private *form = hub->forms[i];
        if (form == NULL || form->is_over || !text_equal(form->visit, visit)) {
            continue;
        }
        if (!form->is_at_desk) {
            hub_form_give_pen(form);
            json_wipe_free(form->definition); // large, and the source has it
            form->definition = NULL;
        }
        hub_form_settle(hub_work_new(hub), form);
    }
}

void hub_forms_ticket_moved(struct hub *hub, const struct ticket *ticket)
{
    struct hub_form_private *form = hub_form_of_ticket(hub, ticket->id);
    if (form == NULL) {
        return;
    }
    bool must_give = form->is_at_desk && !may_hold(form);
    if (must_give) {
        hub_form_give_pen(form);
    }
    if (must_give || !ticket_is_open(ticket)) {
        hub_form_settle(hub_work_new(hub), form);
    }
}

void hub_forms_drop(struct hub *hub)
{
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        if (hub->forms[i] != NULL && !hub->forms[i]->is_over) {
            if (hub->forms[i]->is_pending) {
                log_error("hub", "answers of a form did not reach their source before midnight");
            }
            forget(hub->forms[i]);
        }
    }
}

void hub_forms_close(struct hub *hub)
{
    for (size_t i = 0; i < HUB_FORMS_MAX; i++) {
        if (hub->forms[i] != NULL) {
            hub_form_free(hub->forms[i]);
        }
    }
}

bool hub_form_may_hear(const struct hub *hub, const char *device, const struct json *event)
{
    const char *id = json_get_text(json_get(event, "form"), "id");
    const struct hub_form_private *form = id == NULL ? NULL : hub_form_find(hub, id);
    for (size_t i = 0; form != NULL && i < HUB_FORM_DEVICES_MAX; i++) {
        if (text_equal(form->devices[i], device)) {
            return true;
        }
    }
    return false;
}

static void remember_device(struct hub_form_private *form, const char *device)
{
    size_t at = 0;
    while (at < HUB_FORM_DEVICES_MAX - 1 && !text_equal(form->devices[at], device)) {
        at += 1;
    }
    memmove(form->devices + 1, form->devices, at * sizeof form->devices[0]);
    text_copy_cut(form->devices[0], sizeof form->devices[0], device);
}

// A kiosk while its visit lasts, a counter while the ticket is at its desk.
static bool may_hold(const struct hub_form_private *form)
{
    const struct hub *hub = form->hub;
    if (!form->is_at_desk) {
        return hub_visit_find(form->hub, form->visit) != NULL;
    }
    const struct ticket *ticket = hall_find_ticket(&hub->hall, form->ticket);
    for (size_t i = 0; ticket != NULL && i < hub->devices_count; i++) {
        const struct store_device *device = &hub->devices[i];
        if (text_equal(device->id, form->holder) && !device->is_revoked) {
            return hall_may_see_context(&hub->hall, device->desk, ticket);
        }
    }
    return false;
}

// Somebody may still come back to it here, or the source does not have it yet.
static bool is_needed(const struct hub_form_private *form)
{
    const struct ticket *ticket =
        form->ticket[0] == '\0' ? NULL : hall_find_ticket(&form->hub->hall, form->ticket);
    return form->is_pending || form->asked != NULL || form->waiter.request != NULL ||
           form->holder[0] != '\0' || hub_visit_find(form->hub, form->visit) != NULL ||
           (ticket != NULL && ticket_is_open(ticket));
}

// The source may be at work for it: then what is left goes when it has answered.
static void forget(struct hub_form_private *form)
{
    hub_form_stop_waiting(form);
    hub_uploads_end(form->hub, form->id);
    form->is_over = true;
    loop_timer_stop(form->retry);
    if (form->asked == NULL) {
        hub_form_free(form);
    }
}

static struct json *seal_json(const struct hub_form_private *form)
{
    struct json *json = json_new_object();
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        json_set_text(json, words[i].name, (const char *)form + words[i].offset);
    }
    for (size_t i = 0; i < TRUTHS_COUNT; i++) {
        json_set_bool(json, truths[i].name, *(const bool *)((const char *)form + truths[i].offset));
    }
    json_set_int(json, "revision", (int64_t)form->revision);
    json_set_int(json, "state", (int64_t)form->state);
    json_set_int(json, "item", form->place.item);
    struct json *devices = json_new_array();
    for (size_t i = 0; i < HUB_FORM_DEVICES_MAX; i++) {
        json_append(devices, json_new_text(form->devices[i]));
    }
    json_set(json, "devices", devices);
    json_set(json, "base", json_clone(form->base));
    json_set(json, "data", json_clone(form->data));
    return json;
}

static bool unseal(struct hub_form_private *form, const struct json *json)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        const char *word = json_get_text(json, words[i].name);
        if (word == NULL || text_copy((char *)form + words[i].offset, words[i].size, word) != OK) {
            return false;
        }
    }
    for (size_t i = 0; i < TRUTHS_COUNT; i++) {
        if (json_get_bool(json, truths[i].name, (bool *)((char *)form + truths[i].offset)) != OK) {
            return false;
        }
    }
    int64_t revision = 0;
    int64_t state = 0;
    int64_t item = 0;
    if (json_get_int(json, "revision", &revision) != OK || revision < 0 ||
        json_get_int(json, "state", &state) != OK || state < 0 || state > API_FORM_SENT ||
        json_get_int(json, "item", &item) != OK || item < -1 || item > INT16_MAX) {
        return false;
    }
    form->revision = (uint64_t)revision;
    form->state = (enum api_form_state)state;
    form->place.item = (int)item;
    form->may_be_sent = form->state == API_FORM_SENDING;
    return read_devices(form, json) && read_documents(form, json);
}

static bool read_documents(struct hub_form_private *form, const struct json *json)
{
    const struct json *base = json_get(json, "base");
    const struct json *data = json_get(json, "data");
    if (!json_has_keys(base) || !json_has_keys(data)) {
        return false;
    }
    form->base = json_clone(base);
    form->data = json_clone(data);
    return true;
}

static bool read_devices(struct hub_form_private *form, const struct json *json)
{
    const struct json *devices = json_get(json, "devices");
    for (size_t i = 0; i < json_len(devices) && i < HUB_FORM_DEVICES_MAX; i++) {
        const char *device = json_text(json_at(devices, i));
        if (device == NULL || text_copy(form->devices[i], sizeof form->devices[i], device) != OK) {
            return false;
        }
    }
    return json_is_list(devices);
}
