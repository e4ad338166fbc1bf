// SPDX-License-Identifier: EUPL-1.2
//
// What devices ask about forms: open one, read it, keep its answers, send it, give the pen on. Only
// who has the pen may do anything, and nothing is said before it is on the disk.
#include "apps/hub/hub_forms.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

// A form on its way from its source.
struct opening_private {
    struct hub *hub;
    struct http_request *request;
    struct hub_key *entry;
    struct store_device device;
    char actor[STAFF_ID_BYTES];
    char visit[UUID_TEXT_BYTES]; // empty: it stays with the one it had
    struct backoffice_form_private named;
    uint64_t revision; // of the answers when the source was asked
    int status;        // to answer with
};

// A form that is read for whoever asks next.
struct reading {
    struct hub *hub;
    char form[UUID_TEXT_BYTES];
    uint64_t revision;
};

static bool may_open(struct hub_call *call, const struct api_form_open *open,
                     const struct visit *row, const struct hub_visit_private *visit);
static struct opening_private *opening_new(const struct hub_call *call, int status,
                                           const char *actor);
static void open_form(struct opening_private *opening, struct hub_form_private *form);
static void on_read(void *ctx, enum err err, const struct json *told, const struct fault *fault);
static void on_opened(void *ctx, enum err err, const struct json *told, const struct fault *fault);
static struct hub_form_private *opened_form(const struct opening_private *opening);
static bool is_still_wanted(const struct opening_private *opening,
                            const struct hub_form_private *form);
static void take_answers(struct hub_form_private *form, uint64_t revision, const struct json *told);
static void replace(struct json **document, const struct json *with);
static void tell_form(struct opening_private *opening, struct hub_form_private *form);
static void give_up(struct opening_private *opening, int status, struct json *problem);
static void opening_free(struct opening_private *opening);
static bool is_too_large(const struct json *data);
static bool take_data(struct hub_call *call, struct hub_form_private *form, uint64_t revision,
                      struct json **data);
static void keep_and_ask(struct hub_form_private *form);
static void ask_now(struct hub *hub, const char *id);

void hub_post_visit_forms(struct hub_call *call)
{
    const struct visit *row = NULL;
    struct hub_visit_private *visit = NULL;
    struct api_form_open open;
    struct fault fault = {0};
    if (api_form_open_read(call->body, &open, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    if (!hub_visit_own(call, &row, &visit) || !may_open(call, &open, row, visit)) {
        return;
    }
    struct opening_private *opening = opening_new(call, 201, "visitor");
    memcpy(opening->visit, visit->id, sizeof opening->visit);
    memcpy(opening->named.party, visit->party, sizeof opening->named.party);
    memcpy(opening->named.request, open.request, sizeof opening->named.request);
    memcpy(opening->named.link_private, visit->link, sizeof opening->named.link_private);
    memcpy(opening->named.key, visit->form, sizeof opening->named.key);
    open_form(opening,
              hub_form_of_request(call->hub, opening->named.party, opening->named.request));
}

void hub_get_form(struct hub_call *call)
{
    struct hub_form_private *form = hub_form_held(call);
    if (form == NULL) {
        return;
    }
    if (form->definition == NULL && form->state == API_FORM_OPEN) {
        open_form(opening_new(call, 200, "device"), form); // the hub started again since
        return;
    }
    struct hub_work *work = hub_work_new(call->hub);
    hub_work_answer(work, call->request, NULL, 200, hub_form_json(form));
    hub_work_commit(work);
}

void hub_post_form_answers(struct hub_call *call)
{
    struct api_form_answers_private answers;
    struct fault fault = {0};
    if (api_form_answers_read(call->body, &answers, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    struct hub_form_private *form = hub_form_held(call);
    if (form == NULL) {
        api_form_answers_free(&answers);
        return;
    }
    if (form->state != API_FORM_OPEN) {
        api_form_answers_free(&answers);
        hub_refuse(call, 409, "not_now");
        return;
    }
    if (take_data(call, form, answers.revision, &answers.data)) {
        form->place = answers.place;
        form->is_pending = true;
        hub_form_wait(form, call, false);
        keep_and_ask(form);
    }
    api_form_answers_free(&answers);
}

void hub_post_form_send(struct hub_call *call)
{
    struct api_form_send_private send;
    struct fault fault = {0};
    if (api_form_send_read(call->body, &send, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    struct hub_form_private *form = hub_form_held(call);
    if (form == NULL) {
        api_form_send_free(&send);
        return;
    }
    if (form->state == API_FORM_SENT) {
        struct api_form_sent sent = {.state = API_FORM_SENT};
        memcpy(sent.reference, form->reference, sizeof sent.reference);
        struct hub_work *work = hub_work_new(call->hub);
        hub_work_answer(work, call->request, call->entry, 200, api_form_sent_write(&sent));
        hub_work_commit(work);
    } else if (form->state == API_FORM_SENDING) {
        hub_form_wait(form, call, true);
        hub_form_ask(form); // now, not when the hub would have tried again by itself
    } else if (take_data(call, form, send.revision, &send.data)) {
        form->state = API_FORM_SENDING;
        form->consent.privacy = send.privacy;
        form->consent.truth = send.truth;
        form->is_pending = true;
        hub_form_wait(form, call, true);
        keep_and_ask(form);
    }
    api_form_send_free(&send);
}

void hub_post_form_pen(struct hub_call *call)
{
    enum api_pen pen = API_PEN_GIVE;
    struct fault fault = {0};
    if (api_form_pen_read(call->body, &pen, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    struct hub_form_private *form = hub_form_held(call);
    if (form == NULL) {
        return;
    }
    hub_form_give_pen(form);
    struct hub_work *work = hub_work_new(call->hub);
    hub_work_answer(work, call->request, call->entry, 200, json_new_object());
    hub_form_settle(work, form);
}

void hub_post_ticket_form(struct hub_call *call)
{
    struct hub *hub = call->hub;
    const struct counter *counter = NULL;
    const struct ticket *ticket = hub_called_ticket(call, &counter);
    if (ticket == NULL) {
        return;
    }
    struct hub_form_private *form = hub_form_of_ticket(hub, ticket->id);
    if (form == NULL) {
        hub_refuse(call, 404, "not_found");
        return;
    }
    struct opening_private *opening = opening_new(call, 200, counter->staff);
    open_form(opening, form);
}

const char *hub_form_hand_over_problem(struct hub *hub, const struct api_issue *issue,
                                       const char *device)
{
    if (issue->form.id[0] == '\0') {
        return NULL;
    }
    const struct hub_form_private *form = hub_form_find(hub, issue->form.id);
    if (form == NULL || !text_equal(form->visit, issue->visit) ||
        !text_equal(form->request, issue->request)) {
        return "not_now";
    }
    bool is_elsewhere = form->holder[0] != '\0' && !text_equal(form->holder, device);
    return is_elsewhere ? "pen_elsewhere" : NULL;
}

void hub_form_hand_over(struct hub *hub, struct hub_work *work, const struct api_issue *issue,
                        const char *ticket)
{
    struct hub_form_private *form = issue->form.id[0] == '\0' || !issue->consent.request
                                        ? NULL
                                        : hub_form_find(hub, issue->form.id);
    if (form == NULL) {
        return;
    }
    CHECK(text_copy(form->ticket, sizeof form->ticket, ticket) == OK);
    memcpy(form->place.key, issue->form.key, sizeof form->place.key);
    form->place.item = issue->form.item;
    hub_form_give_pen(form);
    hub_form_put(work, form);
}

// A form the visitor may see in detail. False: refused.
static bool may_open(struct hub_call *call, const struct api_form_open *open,
                     const struct visit *row, const struct hub_visit_private *visit)
{
    if (row->state != VISIT_OPEN) {
        hub_refuse(call, 409, "not_now");
        return false;
    }
    const struct request_private *request = request_find(&visit->list, open->request);
    if (request == NULL) {
        hub_refuse(call, 404, "not_found");
        return false;
    }
    if (!policy_allows(request->class, evidence_level(row->evidence), POLICY_DETAIL)) {
        hub_refuse(call, 403, "not_yours");
        return false;
    }
    if (request->kind != REQUEST_FORM) {
        hub_refuse(call, 422, "form_unsupported");
        return false;
    }
    return true;
}

static struct opening_private *opening_new(const struct hub_call *call, int status,
                                           const char *actor)
{
    struct opening_private *opening = calloc(1, sizeof *opening);
    CHECK(opening != NULL);
    opening->hub = call->hub;
    opening->request = call->request;
    opening->entry = call->entry;
    opening->device = *call->device;
    opening->status = status;
    text_copy_cut(opening->actor, sizeof opening->actor, actor);
    return opening;
}

// Asks the source how it stands there, unless the form is on its way or done.
static void open_form(struct opening_private *opening, struct hub_form_private *form)
{
    struct backoffice *backoffice = opening->hub->backoffice;
    struct backoffice_form_private *named = &opening->named;
    if (form == NULL && named->key[0] == '\0') {
        entropy_uuid(named->key);
    } else if (form != NULL) {
        hub_form_name(form, named);
        opening->revision = form->revision;
        if (form->state != API_FORM_OPEN) {
            tell_form(opening, form);
            return;
        }
        if (form->holder[0] != '\0' && !text_equal(form->holder, opening->device.id)) {
            give_up(opening, 409, problem_new(409, "pen_elsewhere", NULL));
            return;
        }
    }
    backoffice->ops->form_open(backoffice, named, on_opened, opening);
}

static void on_opened(void *ctx, enum err err, const struct json *told, const struct fault *fault)
{
    struct opening_private *opening = ctx;
    struct hub_form_private *form = opened_form(opening);
    if (err == OK) {
        err = hub_form_document_fault(told);
    }
    bool is_later = err == ERR_UNKNOWN || err == ERR_TIMEOUT || err == ERR_UNAVAILABLE;
    if (err != OK && fault != NULL && fault->text[0] != '\0') {
        log_warn("hub", "a form does not open: %s", fault->text);
    }
    if (is_later && form != NULL && form->definition != NULL) {
        tell_form(opening, form); // as it stood when it was read last
        return;
    }
    if (err != OK) {
        int status = 0;
        struct json *problem = hub_form_problem(err, told, &status);
        give_up(opening, status, problem);
        return;
    }
    if (!is_still_wanted(opening, form)) {
        give_up(opening, 404, problem_new(404, "visit_gone", NULL));
        return;
    }
    if (form == NULL) {
        form = hub_form_new(opening->hub, opening->named.key);
    }
    if (form == NULL) {
        give_up(opening, 503, problem_new(503, "full", NULL));
        return;
    }
    hub_form_take_document(form, &opening->named, opening->revision, told);
    tell_form(opening, form);
    hub_form_ask(form); // what is begun anew at the source has to be filled again
}

// The source took its time: the visit may have ended and the ticket gone elsewhere.
static bool is_still_wanted(const struct opening_private *opening,
                            const struct hub_form_private *form)
{
    struct hub *hub = opening->hub;
    if (opening->device.role == ROLE_KIOSK) {
        const char *visit =
            opening->visit[0] == '\0' && form != NULL ? form->visit : opening->visit;
        return hub_visit_find(hub, visit) != NULL;
    }
    const struct ticket *ticket = form == NULL ? NULL : hall_find_ticket(&hub->hall, form->ticket);
    return ticket != NULL && hall_may_see_context(&hub->hall, opening->device.desk, ticket);
}

void hub_form_read(struct hub_form_private *form)
{
    if (form->is_being_read) {
        return;
    }
    struct reading *reading = calloc(1, sizeof *reading);
    CHECK(reading != NULL);
    *reading = (struct reading){.hub = form->hub, .revision = form->revision};
    memcpy(reading->form, form->id, sizeof reading->form);
    form->is_being_read = true;
    struct backoffice *backoffice = form->hub->backoffice;
    struct backoffice_form_private named = {0};
    hub_form_name(form, &named);
    backoffice->ops->form_open(backoffice, &named, on_read, reading);
    wipe(&named, sizeof named);
}

// It may have ended meanwhile.
static void on_read(void *ctx, enum err err, const struct json *told, const struct fault *fault)
{
    struct reading *reading = ctx;
    struct hub_form_private *form = hub_form_find(reading->hub, reading->form);
    if (err != OK && fault != NULL && fault->text[0] != '\0') {
        log_warn("hub", "a form is not read: %s", fault->text);
    }
    if (form != NULL) {
        form->is_being_read = false;
    }
    if (form != NULL && err == OK && hub_form_document_fault(told) == OK) {
        struct backoffice_form_private named = {0};
        hub_form_name(form, &named);
        hub_form_take_document(form, &named, reading->revision, told);
        wipe(&named, sizeof named);
        hub_form_settle(hub_work_new(reading->hub), form);
        form = hub_form_find(reading->hub, reading->form);
        if (form != NULL) {
            hub_form_ask(form); // what was begun anew is filled again
        }
    }
    free(reading);
}

// Another opening of the same may have been quicker.
static struct hub_form_private *opened_form(const struct opening_private *opening)
{
    struct hub_form_private *form = hub_form_find(opening->hub, opening->named.key);
    return form != NULL
               ? form
               : hub_form_of_request(opening->hub, opening->named.party, opening->named.request);
}

// What a source says is written once more as we would tell it: too deep or too long, and no device
// could read it.
enum err hub_form_document_fault(const struct json *told)
{
    if (!json_is_list(json_get(told, "steps"))) {
        return ERR_MALFORMED;
    }
    if (is_too_large(json_get(told, "data"))) {
        return ERR_TOO_BIG;
    }
    struct json *again = NULL;
    char *words = json_write_new(told);
    size_t len = strlen(words);
    enum err err = len > API_FORM_BYTES_MAX / 2 ? ERR_TOO_BIG : json_parse(words, len, &again);
    json_wipe_free(again);
    wipe(words, len);
    free(words);
    return err;
}

void hub_form_take_document(struct hub_form_private *form,
                            const struct backoffice_form_private *named, uint64_t revision,
                            const struct json *told)
{
    const struct json *rules = json_get(told, "rules");
    const struct json *needed = json_get(told, "needs_consent");
    const char *title = json_get_text(told, "title");
    memcpy(form->party, named->party, sizeof form->party);
    memcpy(form->request, named->request, sizeof form->request);
    memcpy(form->link, named->link_private, sizeof form->link);
    hub_form_take_link(form, told);
    text_copy_cut(form->title, sizeof form->title, title == NULL ? "" : title);
    form->asks_source =
        json_get_bool(told, "asks_source", &form->asks_source) == OK && form->asks_source;
    form->takes_files =
        json_get_bool(told, "takes_files", &form->takes_files) == OK && form->takes_files;
    form->needs_privacy =
        json_get_bool(needed, "privacy", &form->needs_privacy) == OK && form->needs_privacy;
    form->needs_truth =
        json_get_bool(needed, "truth", &form->needs_truth) == OK && form->needs_truth;
    json_wipe_free(form->definition);
    form->definition = json_new_object();
    json_set(form->definition, "steps", json_clone(json_get(told, "steps")));
    json_set(form->definition, "rules", json_is_list(rules) ? json_clone(rules) : json_new_array());
    replace(&form->prefill, json_get(told, "prefill"));
    take_answers(form, revision, told);
}

// The definition is the source's at any time; the answers only while the hub has none that the
// source did not hear, and none came in since it was asked. What the source forgot is the hub's to
// bring again.
static void take_answers(struct hub_form_private *form, uint64_t revision, const struct json *told)
{
    const struct json *there = json_get(told, "data");
    bool is_anew = json_get_bool(told, "is_anew", &is_anew) == OK && is_anew;
    bool is_as_it_was = form->is_at_source && form->asked == NULL && !form->is_pending &&
                        form->revision == revision;
    if (form->data != NULL && is_anew) {
        replace(&form->base, there);
        form->is_at_source = json_same(form->base, form->data);
        form->is_pending = !form->is_at_source;
    } else if (form->data == NULL || (is_as_it_was && !json_same(form->base, there))) {
        replace(&form->base, there);
        replace(&form->data, there);
        form->revision += 1;
        form->is_at_source = true;
    }
}

void hub_form_request(const struct json *told, const char *id, enum request_class class,
                      struct request_private *request)
{
    *request = (struct request_private){.source = REQUEST_FROM_FORMS,
                                        .kind = REQUEST_FORM,
                                        .state = REQUEST_QUESTION,
                                        .class = class};
    const char *title = json_get_text(told, "title");
    const char *subject = json_get_text(told, "subject");
    const char *service = json_get_text(told, "service");
    bool is_shown = title != NULL && text_is_printable(title);
    text_copy_cut(request->id, sizeof request->id, id);
    text_copy_cut(request->title, sizeof request->title, is_shown ? title : "");
    if (subject != NULL && service != NULL &&
        request_subject_from_name(subject, &request->subject) == OK) {
        request->service = service[0];
    }
}

static void replace(struct json **document, const struct json *with)
{
    json_wipe_free(*document);
    *document = json_has_keys(with) ? json_clone(with) : json_new_object();
}

// Gives the pen and the whole form, once that is on the disk. Takes the opening.
static void tell_form(struct opening_private *opening, struct hub_form_private *form)
{
    if (!hub_form_take_pen(form, &opening->device)) {
        give_up(opening, 409, problem_new(409, "pen_elsewhere", NULL));
        return;
    }
    if (opening->visit[0] != '\0') {
        memcpy(form->visit, opening->visit, sizeof form->visit);
    }
    struct hub_work *work = hub_work_new(opening->hub);
    struct hub_call call = {
        .hub = opening->hub, .request = opening->request, .entry = opening->entry};
    hub_form_put(work, form);
    hub_work_audit(work, "form_open", form->id, "shown", opening->device.id, opening->actor);
    hub_form_answer(work, &call, opening->status, hub_form_json(form));
    hub_work_commit(work);
    opening_free(opening);
}

// Takes the opening and the problem.
static void give_up(struct opening_private *opening, int status, struct json *problem)
{
    struct hub_work *work = hub_work_new(opening->hub);
    struct hub_call call = {
        .hub = opening->hub, .request = opening->request, .entry = opening->entry};
    hub_form_answer(work, &call, status, problem);
    hub_work_commit(work);
    opening_free(opening);
}

static void opening_free(struct opening_private *opening)
{
    wipe(opening, sizeof *opening);
    free(opening);
}

struct hub_form_private *hub_form_held(struct hub_call *call)
{
    struct hub_form_private *form = hub_form_find(call->hub, call->id);
    if (form == NULL) {
        hub_refuse(call, 404, "not_found");
        return NULL;
    }
    if (!text_equal(form->holder, call->device->id)) {
        hub_refuse(call, 409, "pen_elsewhere");
        return NULL;
    }
    struct hub_visit_private *visit = hub_visit_find(call->hub, form->visit);
    if (visit != NULL) {
        visit->touched_ms = hub_now_ms(call->hub);
    }
    return form;
}

static bool is_too_large(const struct json *data)
{
    char *words = data == NULL ? NULL : json_write_new(data);
    size_t len = words == NULL ? 0 : strlen(words);
    if (words != NULL) {
        wipe(words, len);
        free(words);
    }
    return len > API_FORM_ANSWERS_BYTES_MAX;
}

// Makes `data` the form's. The same answers again are no change, whatever revision they follow:
// their first answer may have got lost. False: refused.
static bool take_data(struct hub_call *call, struct hub_form_private *form, uint64_t revision,
                      struct json **data)
{
    if (is_too_large(*data)) {
        hub_refuse(call, 413, "too_big");
        return false;
    }
    if (json_same(*data, form->data)) {
        return true;
    }
    if (revision != form->revision) {
        hub_refuse(call, 409, "form_changed");
        return false;
    }
    json_wipe_free(form->data);
    form->data = *data;
    form->is_at_source = false;
    form->revision += 1;
    *data = NULL;
    return true;
}

// The source hears it only when it stands on the disk here.
static void keep_and_ask(struct hub_form_private *form)
{
    struct hub_work *work = hub_work_new(form->hub);
    hub_form_put(work, form);
    hub_work_then(work, ask_now, form->id);
    hub_work_commit(work);
}

static void ask_now(struct hub *hub, const char *id)
{
    struct hub_form_private *form = hub_form_find(hub, id);
    if (form != NULL) {
        hub_form_ask(form);
    }
}
