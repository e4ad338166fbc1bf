// SPDX-License-Identifier: EUPL-1.2
//
// What a visitor begins here: the forms to choose from, a visit of nobody in particular, and one
// more request in a visit's list. Its source begins it before it stands there.
#include "apps/hub/hub_forms.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { CATALOGUE_MS = 5 * 60000 }; // as old as it may be told without asking

// Who waits for the catalogue.
struct asking {
    struct hub *hub;
    struct http_request *request;
};

// A form on its way to being begun.
struct beginning_private {
    struct hub *hub;
    struct http_request *request;
    struct hub_key *entry;
    char device[DEVICE_ID_BYTES];
    char visit[UUID_TEXT_BYTES];
    struct backoffice_form_private named;
};

static void on_catalogue(void *ctx, enum err err, const struct catalogue *catalogue,
                         const struct fault *fault);
static void tell_catalogue(struct hub *hub, struct http_request *request);
static void on_begun(void *ctx, enum err err, const struct json *told, const struct fault *fault);
static bool name_request(struct beginning_private *beginning, const struct json *told);
static bool add_request(const struct beginning_private *beginning, const struct json *told,
                        struct hub_visit_private *visit);
static void tell_visit(const struct beginning_private *beginning, struct hub_visit_private *visit,
                       const struct hub_form_private *form);
static void refuse(const struct beginning_private *beginning, int status, struct json *problem);

bool hub_has_catalogue(const struct hub *hub)
{
    return hub->backoffice->ops->catalogue != NULL;
}

void hub_get_catalogue(struct hub_call *call)
{
    struct hub *hub = call->hub;
    if (!hub_has_catalogue(hub)) {
        hub_refuse(call, 404, "not_found");
        return;
    }
    int64_t age_ms = clock_monotonic_ms(&hub->clock) - hub->catalogue_ms;
    if (hub->catalogue_ms != 0 && age_ms < CATALOGUE_MS) {
        tell_catalogue(hub, call->request);
        return;
    }
    struct asking *asking = calloc(1, sizeof *asking);
    CHECK(asking != NULL);
    *asking = (struct asking){.hub = hub, .request = call->request};
    hub->backoffice->ops->catalogue(hub->backoffice, on_catalogue, asking);
}

void hub_post_visit_nobody(struct hub_call *call, const struct api_visit_open_private *open)
{
    struct hub *hub = call->hub;
    struct hub_visit_private *visit = calloc(1, sizeof *visit);
    CHECK(visit != NULL);
    entropy_uuid(visit->id);
    memcpy(visit->language, open->language, sizeof visit->language);
    visit->requests_ready = true; // nobody is known, so there are none
    visit->touched_ms = hub_now_ms(hub);
    struct hall_event event = {.kind = HALL_VISIT_OPEN, .now_ms = hub_now_ms(hub)};
    memcpy(event.actor, call->device->id, sizeof event.actor);
    memcpy(event.visit_open.id, visit->id, sizeof event.visit_open.id);
    struct hall_effects effects;
    if (!hub_visit_keep(hub, visit) || hall_apply(&hub->hall, &event, &effects) != OK) {
        hub_refuse(call, 503, "full");
        hub_visit_give_up(hub, visit);
        return;
    }
    const struct visit *row = hall_find_visit(&hub->hall, visit->id);
    struct hub_work *work = hub_work_new(hub);
    hub_visit_put(work, row, visit);
    hub_work_audit(work, "visit_open", visit->id, "anonymous", call->device->id, "visitor");
    hub_work_answer(work, call->request, call->entry, 201, hub_visit_json(row, visit));
    hub_work_commit(work);
}

void hub_post_visit_requests(struct hub_call *call)
{
    struct hub *hub = call->hub;
    const struct visit *row = NULL;
    struct hub_visit_private *visit = NULL;
    struct api_begin begin;
    struct fault fault = {0};
    if (api_begin_read(call->body, &begin, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    if (!hub_visit_own(call, &row, &visit)) {
        return;
    }
    if (row->state != VISIT_OPEN || !visit->requests_ready) {
        hub_refuse(call, 409, "not_now");
        return;
    }
    if (!hub_has_catalogue(hub)) {
        hub_refuse(call, 422, "form_unsupported");
        return;
    }
    struct beginning_private *beginning = calloc(1, sizeof *beginning);
    CHECK(beginning != NULL);
    *beginning =
        (struct beginning_private){.hub = hub, .request = call->request, .entry = call->entry};
    memcpy(beginning->device, call->device->id, sizeof beginning->device);
    memcpy(beginning->visit, visit->id, sizeof beginning->visit);
    memcpy(beginning->named.party, visit->party, sizeof beginning->named.party);
    entropy_uuid(beginning->named.key);
    hub->backoffice->ops->form_begin(hub->backoffice, &beginning->named, begin.form, on_begun,
                                     beginning);
}

// An old list is better than none.
static void on_catalogue(void *ctx, enum err err, const struct catalogue *catalogue,
                         const struct fault *fault)
{
    struct asking *asking = ctx;
    struct hub *hub = asking->hub;
    if (err == OK) {
        hub->catalogue = *catalogue;
        hub->catalogue_ms = clock_monotonic_ms(&hub->clock);
    } else if (fault != NULL && fault->text[0] != '\0') {
        log_warn("hub", "back office: %s", fault->text);
    }
    if (hub->catalogue_ms != 0) {
        tell_catalogue(hub, asking->request);
    } else {
        http_reply_problem(asking->request, 503, "backoffice_unavailable", NULL);
    }
    free(asking);
}

static void tell_catalogue(struct hub *hub, struct http_request *request)
{
    struct hub_work *work = hub_work_new(hub);
    hub_work_answer(work, request, NULL, 200, api_catalogue_write(&hub->catalogue));
    hub_work_commit(work);
}

static void on_begun(void *ctx, enum err err, const struct json *told, const struct fault *fault)
{
    struct beginning_private *beginning = ctx;
    struct hub *hub = beginning->hub;
    struct hub_visit_private *visit = hub_visit_find(hub, beginning->visit);
    if (err != OK && fault != NULL && fault->text[0] != '\0') {
        log_warn("hub", "a form is not begun: %s", fault->text);
    }
    if (err == OK) {
        err = name_request(beginning, told) ? hub_form_document_fault(told) : ERR_MALFORMED;
    }
    struct hub_form_private *form =
        err == OK && visit != NULL ? hub_form_new(hub, beginning->named.key) : NULL;
    if (form != NULL && !add_request(beginning, told, visit)) {
        hub_form_free(form);
        form = NULL;
    }
    if (err != OK) {
        int status = 0;
        struct json *problem = hub_form_problem(err, told, &status);
        refuse(beginning, status, problem);
    } else if (visit == NULL) {
        refuse(beginning, 404, problem_new(404, "visit_gone", NULL));
    } else if (form == NULL) {
        refuse(beginning, 503, problem_new(503, "full", NULL));
    } else {
        hub_form_take_document(form, &beginning->named, 0, told);
        memcpy(form->visit, visit->id, sizeof form->visit);
        tell_visit(beginning, visit, form);
    }
    wipe(beginning, sizeof *beginning);
    free(beginning);
}

static bool name_request(struct beginning_private *beginning, const struct json *told)
{
    static const char start[] = "forms:";
    const char *request = json_get_text(told, "request");
    return request != NULL && text_starts_with(request, start) &&
           uuid_is_valid(request + sizeof start - 1) &&
           text_copy(beginning->named.request, sizeof beginning->named.request, request) == OK;
}

// False: the list is full of what is more urgent.
static bool add_request(const struct beginning_private *beginning, const struct json *told,
                        struct hub_visit_private *visit)
{
    struct request_private request;
    hub_form_request(told, beginning->named.request, REQUEST_BEGUN_HERE, &request);
    request.started_ms = hub_now_ms(beginning->hub);
    request_add(&visit->list, &request);
    wipe(&request, sizeof request);
    return request_find(&visit->list, beginning->named.request) != NULL;
}

static void tell_visit(const struct beginning_private *beginning, struct hub_visit_private *visit,
                       const struct hub_form_private *form)
{
    struct hub *hub = beginning->hub;
    const struct visit *row = hall_find_visit(&hub->hall, visit->id);
    CHECK(row != NULL); // as long as its private half is kept
    memcpy(visit->chosen, form->request, sizeof visit->chosen);
    struct hub_work *work = hub_work_new(hub);
    hub_form_put(work, form);
    hub_visit_put(work, row, visit);
    hub_work_audit(work, "form_begin", form->id, "begun", beginning->device, "visitor");
    hub_work_answer(work, beginning->request, beginning->entry, 201, hub_visit_json(row, visit));
    hub_work_commit(work);
}

// One honest answer; the key may be tried again.
static void refuse(const struct beginning_private *beginning, int status, struct json *problem)
{
    struct hub_work *work = hub_work_new(beginning->hub);
    struct hub_call call = {
        .hub = beginning->hub, .request = beginning->request, .entry = beginning->entry};
    hub_form_answer(work, &call, status, problem);
    hub_work_commit(work);
}
