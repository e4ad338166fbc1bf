// SPDX-License-Identifier: EUPL-1.2
//
// Tickets: issue with the context that travels along, print, call, every step, the context for the
// desk that called, and why it is not somebody's turn.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct context_reading {
    struct hub_call *call;
    const struct ticket *ticket;
    bool is_read;
};

static bool fill_issue(struct hub_call *call, const struct api_issue *issue,
                       struct hall_event *event, const struct request_private **request);
static struct json *context_json(struct hub_call *call, const struct api_issue *issue,
                                 const struct request_private *request);
static void answer_ticket(struct hub_call *call, struct hub_work *work, const char *id, int status);
static void reference_of(const struct hub *hub, const struct ticket *ticket,
                         char out[API_REFERENCE_BYTES]);
static void fill_transition(struct hall_event *event, const struct api_transition *transition,
                            const struct hub_call *call);
static void on_context(void *ctx, struct store_blob blob);

void hub_post_tickets(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct api_issue issue;
    struct fault fault = {0};
    if (api_issue_read(call->body, &issue, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    struct hall_event event = {.kind = HALL_ISSUE, .now_ms = hub_now_ms(hub)};
    const struct request_private *request = NULL;
    if (!fill_issue(call, &issue, &event, &request)) {
        return;
    }
    struct hall_effects effects;
    if (!hub_decide(call, &event, &effects)) {
        return;
    }
    hub->fleet->counts.tickets += 1;
    struct hub_work *work = hub_work_new(hub);
    const struct ticket *ticket = hall_find_ticket(&hub->hall, event.issue.id);
    hub_work_effects(work, &effects,
                     ticket->has_context ? context_json(call, &issue, request) : NULL, NULL);
    if (ticket->has_context) {
        hub_form_hand_over(hub, work, &issue, ticket->id);
    }
    hub_work_audit(work, "issue", ticket->number,
                   ticket->has_context ? "with context" : "without context", call->device->id,
                   "visitor");
    answer_ticket(call, work, event.issue.id, 201);
}

void hub_post_print(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct hall_event event = {.kind = HALL_PRINTED, .now_ms = hub_now_ms(hub)};
    struct fault fault = {0};
    if (api_print_read(call->body, &event.print.state, &fault) != OK ||
        text_copy(event.print.ticket, sizeof event.print.ticket, call->id) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    struct hall_effects effects;
    if (!hub_decide(call, &event, &effects)) {
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    hub_work_effects(work, &effects, NULL, NULL);
    answer_ticket(call, work, call->id, 200);
}

void hub_post_calls(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct api_call asked;
    struct fault fault = {0};
    if (api_call_read(call->body, &asked, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    const struct counter *counter = hub_own_counter(call);
    if (counter == NULL) {
        return;
    }
    struct hall_event event = {.kind =
                                   asked.kind == API_CALL_NEXT ? HALL_CALL_NEXT : HALL_CALL_TICKET,
                               .now_ms = hub_now_ms(hub)};
    memcpy(event.actor, call->device->id, sizeof event.actor);
    memcpy(event.call.desk, counter->desk, sizeof event.call.desk);
    memcpy(event.call.ticket, asked.ticket, sizeof event.call.ticket);
    struct hall_effects effects;
    enum err err = hall_apply(&hub->hall, &event, &effects);
    if (err == ERR_STATE) {
        hub_refuse(call, 409, counter->ticket[0] != '\0' ? "desk_busy" : "not_now");
        return;
    }
    if (err != OK) {
        hub_refuse_err(call, err, NULL);
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    hub_work_effects(work, &effects, NULL, NULL);
    const struct ticket *ticket = hall_find_ticket(&hub->hall, counter->ticket);
    hub_work_audit(work, asked.kind == API_CALL_NEXT ? "call_next" : "call_out_of_order",
                   ticket->number, asked.kind == API_CALL_NEXT ? "called" : asked.reason,
                   call->device->id, counter->staff);
    answer_ticket(call, work, counter->ticket, 200);
}

void hub_post_transitions(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct api_transition transition;
    struct fault fault = {0};
    if (api_transition_read(call->body, &transition, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    const struct counter *counter = hub_own_counter(call);
    if (counter == NULL) {
        return;
    }
    struct hall_event event = {.kind = transition.action, .now_ms = hub_now_ms(hub)};
    fill_transition(&event, &transition, call);
    const struct ticket *ticket = hall_find_ticket(&hub->hall, call->id);
    // Made before the ticket changes: afterwards the desk is no longer allowed to know.
    struct json *contact = NULL;
    if (ticket != NULL && transition.action == HALL_FINISH) {
        contact = hub_contact_json(hub, ticket, transition.outcome, counter->staff);
    }
    struct hall_effects effects;
    if (!hub_decide(call, &event, &effects)) {
        json_wipe_free(contact);
        return;
    }
    CHECK(ticket != NULL); // the hall knew it
    struct hub_work *work = hub_work_new(hub);
    hub_work_effects(work, &effects, NULL, contact);
    const char *action = json_get_text(call->body, "action");
    hub_work_audit(work, action == NULL ? "transition" : action, ticket->number,
                   ticket_state_name(ticket->state), call->device->id, counter->staff);
    answer_ticket(call, work, call->id, 200);
    hub_forms_ticket_moved(hub, ticket);
}

void hub_get_context(struct hub_call *call)
{
    struct hub *hub = call->hub;
    const struct counter *counter = NULL;
    const struct ticket *ticket = hub_called_ticket(call, &counter);
    if (ticket == NULL) {
        return;
    }
    struct context_reading reading = {.call = call, .ticket = ticket};
    if (hub->store->ops->context(hub->store, ticket->id, on_context, &reading) != OK ||
        !reading.is_read) {
        hub_refuse(call, 404, "not_found");
    }
}

const struct ticket *hub_called_ticket(struct hub_call *call, const struct counter **counter)
{
    struct hub *hub = call->hub;
    *counter = hub_own_counter(call);
    if (*counter == NULL) {
        return NULL;
    }
    const struct ticket *ticket = hall_find_ticket(&hub->hall, call->id);
    if (ticket == NULL) {
        hub_refuse(call, 404, "not_found");
        return NULL;
    }
    if (!hall_may_see_context(&hub->hall, (*counter)->desk, ticket)) {
        struct hub_work *work = hub_work_new(hub);
        hub_work_audit(work, "see_context", ticket->number, "refused", call->device->id,
                       (*counter)->staff);
        if (call->entry != NULL) {
            hub_key_forget(hub, call->entry); // nothing changed: the same key may ask anew
        }
        hub_work_answer(work, call->request, NULL, 403, problem_new(403, "not_yours", NULL));
        hub_work_commit(work);
        return NULL;
    }
    return ticket;
}

void hub_get_why(struct hub_call *call)
{
    struct hall_why why;
    enum err err = hall_why(&call->hub->hall, call->id, &why);
    if (err != OK) {
        hub_refuse_err(call, err, NULL);
        return;
    }
    struct hub_work *work = hub_work_new(call->hub);
    hub_work_answer(work, call->request, NULL, 200, api_why_write(&why));
    hub_work_commit(work);
}

const struct counter *hub_own_counter(struct hub_call *call)
{
    const struct counter *counter = hall_find_counter(&call->hub->hall, call->device->desk);
    if (counter == NULL || counter->state == COUNTER_CLOSED) {
        hub_refuse(call, 403, "unauthorized");
        return NULL;
    }
    return counter;
}

// Whose visit, about what, with which agreement. False: refused.
static bool fill_issue(struct hub_call *call, const struct api_issue *issue,
                       struct hall_event *event, const struct request_private **request)
{
    struct hub *hub = call->hub;
    memcpy(event->actor, call->device->id, sizeof event->actor);
    entropy_uuid_in_order(event->now_ms, event->issue.id);
    memcpy(event->issue.visit, issue->visit, sizeof event->issue.visit);
    memcpy(event->issue.language, issue->language, sizeof event->issue.language);
    event->issue.needs = issue->needs;
    event->issue.service = issue->service;
    if (issue->visit[0] == '\0') {
        for (size_t i = 0; i < hub->hall.services_count; i++) {
            if (hub->hall.services[i].letter == issue->service) {
                event->issue.subject = hub->subjects[i];
            }
        }
        return true;
    }
    struct hub_visit_private *visit = hub_visit_find(hub, issue->visit);
    if (visit == NULL) {
        hub_refuse(call, 404, "visit_gone");
        return false;
    }
    visit->touched_ms = hub_now_ms(hub);
    event->issue.wants_context = issue->consent.person || issue->consent.request;
    if (issue->request[0] == '\0') {
        return true;
    }
    *request = request_find(&visit->list, issue->request);
    if (*request == NULL) {
        hub_refuse(call, 404, "not_found");
        return false;
    }
    memcpy(event->issue.request, issue->request, sizeof event->issue.request);
    event->issue.class = (*request)->class;
    event->issue.subject = (*request)->subject;
    const char *problem = hub_form_hand_over_problem(hub, issue, call->device->id);
    if (problem != NULL) {
        hub_refuse(call, 409, problem);
        return false;
    }
    // A kind of request nobody gave a queue goes where the visitor chose, else to the last one.
    if ((*request)->service != 0) {
        event->issue.service = (*request)->service;
    } else if (event->issue.service == 0) {
        event->issue.service = hub->hall.services[hub->hall.services_count - 1].letter;
    }
    return true;
}

static struct json *context_json(struct hub_call *call, const struct api_issue *issue,
                                 const struct request_private *request)
{
    struct hub_visit_private *visit = hub_visit_find(call->hub, issue->visit);
    const struct visit *row = hall_find_visit(&call->hub->hall, issue->visit);
    struct context_private *context = calloc(1, sizeof *context);
    CHECK(context != NULL && visit != NULL && row != NULL);
    context->evidence = row->evidence;
    context->level = evidence_level(row->evidence);
    context->needs = issue->needs;
    memcpy(context->language, issue->language, sizeof context->language);
    context_build(context, &visit->person, &visit->list, request, issue->consent);
    if (context->has_request) {
        context->form = issue->form;
    }
    struct json *json = api_context_write(context);
    wipe(context, sizeof *context);
    free(context);
    return json;
}

static void answer_ticket(struct hub_call *call, struct hub_work *work, const char *id, int status)
{
    struct hub *hub = call->hub;
    const struct ticket *ticket = hall_find_ticket(&hub->hall, id);
    struct api_ticket told = {.ticket = *ticket};
    reference_of(hub, ticket, told.reference);
    if (ticket->state == TICKET_WAITING) {
        told.wait = wait_estimate(&hub->hall, ticket, ticket->service, hub_now_ms(hub));
    }
    hub_work_answer(work, call->request, call->entry, status, api_ticket_write(&told));
    hub_work_commit(work);
}

// 128 bits that nobody can guess and nobody needs to store: they follow from the ticket's id.
static void reference_of(const struct hub *hub, const struct ticket *ticket,
                         char out[API_REFERENCE_BYTES])
{
    uint8_t mac[CRYPTO_HASH_BYTES];
    crypto_hmac(hub->master_key, sizeof hub->master_key, ticket->id, strlen(ticket->id), mac);
    char reference[TOKEN_TICKET_BYTES];
    token_ticket(ticket->number, mac, reference);
    CHECK(text_copy(out, API_REFERENCE_BYTES, reference) == OK);
}

static void fill_transition(struct hall_event *event, const struct api_transition *transition,
                            const struct hub_call *call)
{
    memcpy(event->actor, call->device->id, sizeof event->actor);
    // desk and ticket lie at the same place in `call`, `transfer` and `finish`.
    memcpy(event->call.desk, call->device->desk, sizeof event->call.desk);
    text_copy_cut(event->call.ticket, sizeof event->call.ticket, call->id);
    if (transition->action == HALL_TRANSFER) {
        event->transfer.to_service = transition->to_service;
        memcpy(event->transfer.to_desk, transition->to_desk, sizeof event->transfer.to_desk);
    } else if (transition->action == HALL_FINISH) {
        event->finish.outcome = transition->outcome;
    }
}

static void on_context(void *ctx, struct store_blob blob)
{
    struct context_reading *reading = ctx;
    struct hub_call *call = reading->call;
    struct json *json = NULL;
    if (hub_unseal_json(call->hub, "context", reading->ticket->id, blob, &json) != OK) {
        log_error("hub", "a context does not open: another day's key, or it was changed");
        return;
    }
    struct context_private *context = calloc(1, sizeof *context);
    CHECK(context != NULL);
    if (api_context_read(json, context, NULL) == OK) {
        reading->is_read = true;
        context->evidence = reading->ticket->evidence; // may have risen at the desk
        context->level = reading->ticket->level;
        const struct counter *counter = hall_find_counter(&call->hub->hall, call->device->desk);
        struct hub_work *work = hub_work_new(call->hub);
        hub_work_audit(work, "see_context", reading->ticket->number, "shown", call->device->id,
                       counter->staff);
        hub_work_answer(work, call->request, NULL, 200, api_context_write(context));
        hub_work_commit(work);
    }
    wipe(context, sizeof *context);
    free(context);
    json_wipe_free(json);
}
