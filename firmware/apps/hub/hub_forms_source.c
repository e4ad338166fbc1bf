// SPDX-License-Identifier: EUPL-1.2
//
// The way of answers to their source: what is on the hub's disk is told there, again and again
// until it stands there, never twice and never over what somebody else wrote. Who waits for it
// hears within a few seconds how far it came.
#include "apps/hub/hub_forms.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { RETRY_MS_FIRST = 1000, RETRY_MS_MAX = 60000, PATIENCE_MS = 4000 };

static void on_saved(void *ctx, enum err err, const struct json *told, const struct fault *fault);
static void on_sent(void *ctx, enum err err, const struct json *told, const struct fault *fault);
static bool take_answer(struct hub_form_private *form, enum err err, const struct fault *fault,
                        const struct json *told, struct json **asked);
static void take_base(struct hub_form_private *form, struct json *asked, const struct json *told);
static void refused(struct hub_form_private *form, enum err err, const struct json *told);
static void stands_there_otherwise(struct hub_form_private *form, const struct json *told);
static void audit(struct hub_work *work, const struct hub_form_private *form, const char *result);
static void answer_waiter(struct hub_form_private *form, struct hub_work *work, int status,
                          struct json *body, bool is_kept);
static struct json *saved_json(const struct hub_form_private *form, bool is_at_source,
                               const struct json *told);
static struct json *sent_json(const struct hub_form_private *form);
static void add_invalid(struct json *problem, const struct json *told);

void hub_form_ask(struct hub_form_private *form)
{
    bool is_send = form->state == API_FORM_SENDING;
    if (form->asked != NULL || form->is_over || (!is_send && !form->is_pending)) {
        return;
    }
    loop_timer_stop(form->retry);
    struct backoffice *backoffice = form->hub->backoffice;
    struct backoffice_form_private named = {0};
    hub_form_name(form, &named);
    named.may_be_sent = is_send && form->may_be_sent;
    form->asked = json_clone(form->data);
    if (is_send) {
        backoffice->ops->form_send(backoffice, &named, form->base, form->asked, form->consent,
                                   on_sent, form);
    } else {
        backoffice->ops->form_save(backoffice, &named, form->base, form->asked, on_saved, form);
    }
    wipe(&named, sizeof named);
}

void hub_form_name(const struct hub_form_private *form, struct backoffice_form_private *named)
{
    memcpy(named->key, form->id, sizeof named->key);
    memcpy(named->party, form->party, sizeof named->party);
    memcpy(named->request, form->request, sizeof named->request);
    if (named->link_private[0] == '\0') {
        memcpy(named->link_private, form->link, sizeof named->link_private);
    }
}

void hub_form_take_link(struct hub_form_private *form, const struct json *told)
{
    const char *link = json_get_text(told, "link");
    if (link != NULL && text_copy(form->link, sizeof form->link, link) != OK) {
        wipe(form->link, sizeof form->link); // half a secret opens nothing
    }
}

void hub_form_wait(struct hub_form_private *form, const struct hub_call *call, bool is_send)
{
    hub_form_on_patience(form); // who waited before hears that it is kept
    form->waiter = (struct hub_form_waiter){.request = call->request,
                                            .entry = call->entry,
                                            .is_send = is_send,
                                            .revision = form->revision};
    form->retry_ms = 0; // somebody stands there: what failed before does not make her wait
    loop_timer_start(form->patience, PATIENCE_MS);
}

void hub_form_stop_waiting(struct hub_form_private *form)
{
    if (form->waiter.request != NULL) {
        struct hub_call call = {
            .hub = form->hub, .request = form->waiter.request, .entry = form->waiter.entry};
        hub_refuse(&call, 410, "form_gone");
    }
    form->waiter = (struct hub_form_waiter){0};
    loop_timer_stop(form->patience);
}

void hub_form_on_retry(void *ctx)
{
    hub_form_ask(ctx);
}

void hub_form_on_patience(void *ctx)
{
    struct hub_form_private *form = ctx;
    if (form->waiter.request != NULL) {
        struct hub_work *work = hub_work_new(form->hub);
        answer_waiter(form, work, 200,
                      form->waiter.is_send ? sent_json(form) : saved_json(form, false, NULL), true);
        hub_work_commit(work);
    }
}

void hub_form_answer(struct hub_work *work, const struct hub_call *call, int status,
                     struct json *body)
{
    if (call->entry != NULL) {
        hub_key_forget(call->hub, call->entry);
    }
    hub_work_answer(work, call->request, NULL, status, body);
}

struct json *hub_form_problem(enum err err, const struct json *told, int *status)
{
    static const struct {
        enum err err;
        int status;
        const char *code;
    } table[] = {
        {ERR_STATE, 409, "form_changed"},           {ERR_GONE, 410, "form_gone"},
        {ERR_NOT_FOUND, 410, "form_gone"},          {ERR_REFUSED, 422, "form_invalid"},
        {ERR_MALFORMED, 502, "form_unreadable"},    {ERR_TOO_BIG, 422, "form_unsupported"},
        {ERR_UNSUPPORTED, 422, "form_unsupported"},
    };
    const char *code = "backoffice_unavailable";
    *status = 503;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].err == err) {
            *status = table[i].status;
            code = table[i].code;
        }
    }
    const char *login = json_get_text(told, "login_url");
    if (err == ERR_UNSUPPORTED && login != NULL && text_is_printable(login)) {
        struct json *problem = problem_new(422, "form_login", NULL);
        json_set_text(problem, "login_url", login);
        return problem;
    }
    struct json *problem = problem_new(*status, code, NULL);
    if (err == ERR_REFUSED) {
        add_invalid(problem, told);
    }
    return problem;
}

static void on_saved(void *ctx, enum err err, const struct json *told, const struct fault *fault)
{
    struct hub_form_private *form = ctx;
    struct json *asked = NULL;
    if (!take_answer(form, err, fault, told, &asked)) {
        return;
    }
    hub_form_take_link(form, told);
    form->is_at_source = json_same(asked, form->data);
    form->is_pending = form->state == API_FORM_SENDING || !form->is_at_source;
    take_base(form, asked, told);
    struct hub_work *work = hub_work_new(form->hub);
    if (form->waiter.request != NULL && !form->waiter.is_send && !form->is_pending) {
        const struct json *said = form->asks_source ? told : NULL;
        answer_waiter(form, work, 200, saved_json(form, true, said), said == NULL);
    }
    bool has_more = form->is_pending; // answered further meanwhile, and so it stays
    hub_form_settle(work, form);
    if (has_more) {
        hub_form_ask(form);
    }
}

static void on_sent(void *ctx, enum err err, const struct json *told, const struct fault *fault)
{
    struct hub_form_private *form = ctx;
    struct json *asked = NULL;
    const char *state = json_get_text(told, "state");
    bool is_at_work = err == OK && state != NULL && text_equal(state, "sending");
    form->may_be_sent = form->may_be_sent || is_at_work || err == ERR_UNKNOWN;
    err = is_at_work ? ERR_UNAVAILABLE : err; // to be asked again
    if (!take_answer(form, err, fault, told, &asked)) {
        return;
    }
    take_base(form, asked, told);
    form->is_pending = false;
    form->is_at_source = true;
    form->state = API_FORM_SENT;
    const char *reference = json_get_text(told, "reference");
    text_copy_cut(form->reference, sizeof form->reference, reference == NULL ? "" : reference);
    struct hub_work *work = hub_work_new(form->hub);
    audit(work, form, "sent");
    hub_visit_request_sent(work, form->hub, form->visit, form->request);
    if (form->waiter.request != NULL) {
        answer_waiter(form, work, 200, sent_json(form), true);
    }
    hub_form_settle(work, form);
}

// False: nothing follows now. The form went while it was asked, the source cannot be asked now, or
// it refused, which is told.
static bool take_answer(struct hub_form_private *form, enum err err, const struct fault *fault,
                        const struct json *told, struct json **asked)
{
    *asked = form->asked;
    form->asked = NULL;
    if (form->is_over) {
        json_wipe_free(*asked);
        hub_form_free(form);
        return false;
    }
    bool is_final = err != ERR_UNKNOWN && err != ERR_TIMEOUT && err != ERR_UNAVAILABLE;
    form->retry_ms = is_final ? 0 : form->retry_ms;
    if (err == OK) {
        return true;
    }
    json_wipe_free(*asked);
    if (is_final) {
        refused(form, err, told);
        return false;
    }
    if (fault != NULL && fault->text[0] != '\0') {
        log_warn("hub", "a form waits: %s", fault->text);
    }
    form->retry_ms = form->retry_ms == 0 ? RETRY_MS_FIRST : form->retry_ms * 2;
    form->retry_ms = form->retry_ms > RETRY_MS_MAX ? RETRY_MS_MAX : form->retry_ms;
    loop_timer_start(form->retry, form->retry_ms);
    return false;
}

// What stands there now: a source may write answers in a way of its own. Takes `asked`.
static void take_base(struct hub_form_private *form, struct json *asked, const struct json *told)
{
    const struct json *there = json_get(told, "data");
    bool is_told = json_has_keys(there);
    json_wipe_free(form->base);
    form->base = is_told ? json_clone(there) : asked;
    if (is_told) {
        json_wipe_free(asked);
    }
}

// Asking again would not help: whoever waits hears why, and the pen can change it.
static void refused(struct hub_form_private *form, enum err err, const struct json *told)
{
    int status = 0;
    struct json *problem = hub_form_problem(err, told, &status);
    struct hub_work *work = hub_work_new(form->hub);
    bool is_over = err == ERR_GONE || err == ERR_NOT_FOUND;
    form->is_pending = false;
    form->may_be_sent = false;
    form->state = API_FORM_OPEN;
    if (err == ERR_STATE) {
        stands_there_otherwise(form, told);
    }
    audit(work, form, err_name(err));
    if (form->waiter.request != NULL) {
        answer_waiter(form, work, status, problem, false);
    } else {
        json_wipe_free(problem);
    }
    if (is_over) {
        hub_form_end(work, form);
    } else {
        hub_form_settle(work, form);
    }
}

// Somebody answered elsewhere meanwhile: that stands, and the next reading shows it.
static void stands_there_otherwise(struct hub_form_private *form, const struct json *told)
{
    const struct json *there = json_get(told, "data");
    if (json_has_keys(there)) {
        json_wipe_free(form->base);
        json_wipe_free(form->data);
        form->base = json_clone(there);
        form->data = json_clone(there);
        form->is_at_source = true;
    }
    form->revision += 1;
}

static void audit(struct hub_work *work, const struct hub_form_private *form, const char *result)
{
    hub_work_audit(work, "form_write", form->id, result,
                   form->holder[0] == '\0' ? "hub" : form->holder, "hub");
}

static void answer_waiter(struct hub_form_private *form, struct hub_work *work, int status,
                          struct json *body, bool is_kept)
{
    struct hub_form_waiter waiter = form->waiter;
    form->waiter = (struct hub_form_waiter){0};
    loop_timer_stop(form->patience);
    struct hub_call call = {.hub = form->hub, .request = waiter.request, .entry = waiter.entry};
    if (is_kept) {
        hub_work_answer(work, waiter.request, waiter.entry, status, body);
    } else {
        hub_form_answer(work, &call, status, body);
    }
}

static struct json *saved_json(const struct hub_form_private *form, bool is_at_source,
                               const struct json *told)
{
    struct json *copy = told == NULL ? NULL : json_clone(told);
    struct json *json = api_form_saved_write(&(struct api_form_saved_private){
        .revision = form->waiter.revision, .is_at_source = is_at_source, .told = copy});
    json_wipe_free(copy);
    return json;
}

static struct json *sent_json(const struct hub_form_private *form)
{
    struct api_form_sent sent = {.state = form->state};
    memcpy(sent.reference, form->reference, sizeof sent.reference);
    return api_form_sent_write(&sent);
}

static void add_invalid(struct json *problem, const struct json *told)
{
    const struct json *from = json_get(told, "invalid");
    struct json *list = json_new_array();
    for (size_t i = 0; i < json_len(from) && i < API_INVALID_MAX; i++) {
        const char *key = json_get_text(json_at(from, i), "key");
        const char *reason = json_get_text(json_at(from, i), "reason");
        char key_cut[CONTEXT_KEY_BYTES];
        char reason_cut[API_INVALID_REASON_BYTES];
        bool is_shown = key != NULL && text_is_printable(key);
        bool is_said = reason != NULL && text_is_printable(reason);
        text_copy_cut(key_cut, sizeof key_cut, is_shown ? key : "");
        text_copy_cut(reason_cut, sizeof reason_cut, is_said ? reason : "");
        struct json *one = json_new_object();
        json_set_text(one, "key", key_cut);
        json_set_text(one, "reason", reason_cut);
        json_append(list, one);
    }
    json_set(problem, "invalid", list);
}
