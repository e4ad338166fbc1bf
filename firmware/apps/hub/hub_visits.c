// SPDX-License-Identifier: EUPL-1.2
//
// Visits: from a scanned code to a person with open requests. The back office is asked on the way;
// nothing personal is told before the second fact.
#include "apps/hub/hub.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

// The list of requests on its way to a visit that may have ended meanwhile.
struct asking {
    struct hub *hub;
    char visit[UUID_TEXT_BYTES];
};

static void redeem(struct hub_call *call, const struct api_visit_open_private *open,
                   enum backoffice_code_kind kind);
static const char *check_code(struct hub *hub, const struct api_visit_open_private *open,
                              enum backoffice_code_kind *kind);
static void on_redeemed(void *ctx, enum err err, const char *party, struct evidence evidence,
                        const struct fault *fault);
static void on_person(void *ctx, enum err err, const struct person_private *person,
                      const struct fault *fault);
static void on_requests(void *ctx, const struct request_list_private *list,
                        const struct fault *fault);
static const char *card_refusal(const struct hub_opening_private *opening, enum err err);
static void opening_end(struct hub_opening_private *opening);
static void ask_requests(struct hub *hub, const struct hub_visit_private *visit);
static void visit_free(struct hub_visit_private *visit);
static bool dates_equal(struct date told, struct date known);

void hub_post_visits(struct hub_call *call)
{
    struct api_visit_open_private open;
    struct fault fault = {0};
    if (api_visit_open_read(call->body, &open, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    const bool is_link = token_classify(open.code, strlen(open.code)) == TOKEN_RESUME;
    if (open.has_document) {
        hub_post_visit_document(call, &open);
    } else if (open.pass[0] != '\0') {
        if (hub_cards_take(call)) {
            redeem(call, &open, BACKOFFICE_PASS);
        }
    } else if (is_link || open.is_anonymous) {
        (is_link ? hub_post_visit_link : hub_post_visit_nobody)(call, &open);
    } else {
        enum backoffice_code_kind kind = BACKOFFICE_TOKEN;
        const char *code = check_code(call->hub, &open, &kind);
        if (code != NULL) {
            hub_refuse(call, 422, code);
        } else {
            redeem(call, &open, kind);
        }
    }
    wipe(&open, sizeof open);
}

static void redeem(struct hub_call *call, const struct api_visit_open_private *open,
                   enum backoffice_code_kind kind)
{
    struct hub *hub = call->hub;
    struct hub_opening_private *opening = hub_opening_new(call, open->language);
    struct backoffice_code_private asked = {.kind = kind};
    const bool is_pass = kind == BACKOFFICE_PASS;
    opening->way = is_pass ? HUB_BY_PASS : HUB_BY_CODE;
    CHECK(text_copy(asked.text, sizeof asked.text, is_pass ? open->pass : open->code) == OK);
    text_copy_cut(asked.key, sizeof asked.key, hub_key_text(call->entry));
    hub->backoffice->ops->redeem(hub->backoffice, &asked, on_redeemed, opening);
    wipe(&asked, sizeof asked);
}

struct hub_opening_private *hub_opening_new(const struct hub_call *call, const char *language)
{
    struct hub_opening_private *opening = calloc(1, sizeof *opening);
    struct hub_visit_private *visit = calloc(1, sizeof *visit);
    CHECK(opening != NULL && visit != NULL);
    *opening = (struct hub_opening_private){.hub = call->hub,
                                            .request = call->request,
                                            .entry = call->entry,
                                            .device = *call->device,
                                            .visit = visit};
    entropy_uuid(visit->id);
    memcpy(opening->id, visit->id, sizeof opening->id);
    text_copy_cut(visit->language, sizeof visit->language, language);
    return opening;
}

void hub_post_second_fact(struct hub_call *call)
{
    struct hub *hub = call->hub;
    const struct visit *row = NULL;
    struct hub_visit_private *visit = NULL;
    struct api_second_fact_private fact;
    struct fault fault = {0};
    if (api_second_fact_read(call->body, &fact, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    if (!hub_visit_own(call, &row, &visit)) {
        return;
    }
    struct hall_event event = {.kind = HALL_SECOND_FACT, .now_ms = hub_now_ms(hub)};
    memcpy(event.actor, call->device->id, sizeof event.actor);
    memcpy(event.second_fact.visit, visit->id, sizeof event.second_fact.visit);
    event.second_fact.is_equal = dates_equal(fact.birth_date, visit->person.birth_date);
    wipe(&fact, sizeof fact);
    struct hall_effects effects;
    enum err err = hall_apply(&hub->hall, &event, &effects);
    if (err != OK) {
        hub_refuse(call, 403, row->state == VISIT_LOCKED ? "visit_locked" : "not_now");
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    hub_visit_put(work, row, visit);
    hub_work_effects(work, &effects, NULL, NULL);
    const char *result = event.second_fact.is_equal ? "equal" : "not equal";
    hub_work_audit(work, "second_fact", visit->id, result, call->device->id, "visitor");
    if (event.second_fact.is_equal) {
        hub_work_answer(work, call->request, call->entry, 200, hub_visit_json(row, visit));
    } else {
        bool is_locked = row->state == VISIT_LOCKED;
        if (is_locked && evidence_has(row->evidence, EVIDENCE_PASS_NUMBER)) {
            // A pass can be laid down again, and three more dates be tried.
            hub_cards_charge(hub, call->device->id, HUB_CARDS_FOR_A_LOCK);
        }
        struct json *problem =
            problem_new(403, is_locked ? "visit_locked" : "second_fact_wrong", NULL);
        json_set_int(problem, "tries_left", SECOND_FACT_TRIES_MAX - row->second_fact_tries);
        hub_work_answer(work, call->request, call->entry, 403, problem);
    }
    hub_work_commit(work);
}

void hub_get_visit(struct hub_call *call)
{
    const struct visit *row = NULL;
    struct hub_visit_private *visit = NULL;
    if (hub_visit_own(call, &row, &visit)) {
        struct hub_work *work = hub_work_new(call->hub);
        hub_work_answer(work, call->request, NULL, 200, hub_visit_json(row, visit));
        hub_work_commit(work);
    }
}

void hub_post_visit_end(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct hall_event event = {.kind = HALL_VISIT_END, .now_ms = hub_now_ms(hub)};
    memcpy(event.actor, call->device->id, sizeof event.actor);
    if (text_copy(event.visit, sizeof event.visit, call->id) != OK) {
        hub_refuse(call, 404, "visit_gone");
        return;
    }
    struct hall_effects effects;
    enum err err = hall_apply(&hub->hall, &event, &effects);
    if (err != OK) {
        hub_refuse(call, err == ERR_REFUSED ? 403 : 404,
                   err == ERR_REFUSED ? "not_yours" : "visit_gone");
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    hub_visit_put(work, hall_find_visit(&hub->hall, call->id), NULL);
    hub_work_audit(work, "visit_end", call->id, "wiped", call->device->id, "visitor");
    hub_work_answer(work, call->request, call->entry, 200, json_new_object());
    hub_work_commit(work);
    hub_visit_drop(hub, call->id);
    hub_forms_visit_ended(hub, call->id);
}

bool hub_visit_keep(struct hub *hub, struct hub_visit_private *visit)
{
    for (size_t i = 0; i < HUB_VISITS_MAX; i++) {
        if (hub->visits[i] == NULL) {
            hub->visits[i] = visit;
            return true;
        }
    }
    return false;
}

void hub_visit_give_up(struct hub *hub, struct hub_visit_private *visit)
{
    if (hub_visit_find(hub, visit->id) != NULL) {
        hub_visit_drop(hub, visit->id);
    } else {
        visit_free(visit);
    }
}

void hub_visit_put(struct hub_work *work, const struct visit *row,
                   const struct hub_visit_private *visit)
{
    struct store_blob blob = {0};
    if (visit != NULL) {
        blob = hub_work_seal_json(work, "visit", row->id, hub_visit_seal_json(visit));
    }
    struct store_change *change = hub_work_change(work, STORE_VISIT);
    change->visit.visit = *row;
    change->visit.blob = blob;
}

struct json *hub_visit_json(const struct visit *row, const struct hub_visit_private *visit)
{
    struct api_visit_private *told = calloc(1, sizeof *told);
    CHECK(told != NULL);
    memcpy(told->id, row->id, sizeof told->id);
    told->state = row->state;
    told->level = evidence_level(row->evidence);
    told->tries_left = SECOND_FACT_TRIES_MAX - row->second_fact_tries;
    told->requests_ready = visit->requests_ready;
    if (row->state == VISIT_OPEN) {
        memcpy(told->chosen, visit->chosen, sizeof told->chosen);
        memcpy(told->language, visit->person.language, sizeof told->language);
        if (!visit->person.is_secret) {
            memcpy(told->initials, visit->person.initials, sizeof told->initials);
            told->birth_year = visit->person.birth_date.year;
        }
        told->list.sources_failed = visit->list.sources_failed;
        for (size_t i = 0; i < visit->list.requests_count; i++) {
            struct request_private request = visit->list.requests[i];
            if (!policy_allows(request.class, told->level, POLICY_COUNT)) {
                told->hidden_count += 1;
                continue;
            }
            policy_redact(&request, told->level);
            request_add(&told->list, &request);
            wipe(&request, sizeof request);
        }
    }
    struct json *json = api_visit_write(told);
    wipe(told, sizeof *told);
    free(told);
    return json;
}

struct hub_visit_private *hub_visit_find(struct hub *hub, const char *id)
{
    for (size_t i = 0; i < HUB_VISITS_MAX; i++) {
        if (hub->visits[i] != NULL && text_equal(hub->visits[i]->id, id)) {
            return hub->visits[i];
        }
    }
    return NULL;
}

void hub_visit_drop(struct hub *hub, const char *id)
{
    for (size_t i = 0; i < HUB_VISITS_MAX; i++) {
        if (hub->visits[i] != NULL && (id == NULL || text_equal(hub->visits[i]->id, id))) {
            visit_free(hub->visits[i]);
            hub->visits[i] = NULL;
        }
    }
}

struct json *hub_visit_seal_json(const struct hub_visit_private *visit)
{
    struct json *json = json_new_object();
    json_set_text(json, "party", visit->party);
    json_set_text(json, "language", visit->language);
    json_set_text(json, "link", visit->link);
    json_set_text(json, "form", visit->form);
    json_set_text(json, "chosen", visit->chosen);
    json_set_bool(json, "requests_ready", visit->requests_ready);
    json_set(json, "person", api_person_write(&visit->person));
    json_set(json, "requests", api_requests_write(&visit->list));
    return json;
}

void hub_visit_restore(struct hub *hub, const struct visit *row, struct store_blob blob)
{
    struct json *json = NULL;
    if (row->state == VISIT_ENDED || hub_unseal_json(hub, "visit", row->id, blob, &json) != OK) {
        return;
    }
    struct hub_visit_private *visit = calloc(1, sizeof *visit);
    CHECK(visit != NULL);
    memcpy(visit->id, row->id, sizeof visit->id);
    const char *party = json_get_text(json, "party");
    const char *language = json_get_text(json, "language");
    const char *link = json_get_text(json, "link");
    const char *form = json_get_text(json, "form");
    const char *chosen = json_get_text(json, "chosen");
    bool is_whole = party != NULL && language != NULL && link != NULL && form != NULL &&
                    chosen != NULL &&
                    text_copy(visit->chosen, sizeof visit->chosen, chosen) == OK &&
                    text_copy(visit->link, sizeof visit->link, link) == OK &&
                    text_copy(visit->form, sizeof visit->form, form) == OK &&
                    text_copy(visit->party, sizeof visit->party, party) == OK &&
                    text_copy(visit->language, sizeof visit->language, language) == OK &&
                    json_get_bool(json, "requests_ready", &visit->requests_ready) == OK &&
                    api_person_read(json_get(json, "person"), &visit->person, NULL) == OK &&
                    api_requests_read(json_get(json, "requests"), &visit->list, NULL) == OK;
    visit->touched_ms = hub_now_ms(hub);
    json_wipe_free(json);
    if (!is_whole || !hub_visit_keep(hub, visit)) {
        visit_free(visit);
    } else if (!visit->requests_ready && visit->party[0] != '\0') {
        ask_requests(hub, visit);
    } else if (!visit->requests_ready) {
        // The one question that knew her number went with the hub that asked it.
        visit->list.sources_failed = 1U << REQUEST_FROM_TAKEN | 1U << REQUEST_FROM_ZAKEN;
        visit->requests_ready = true;
    }
}

void hub_visits_expire(struct hub *hub)
{
    for (size_t i = 0; i < HUB_VISITS_MAX; i++) {
        struct hub_visit_private *visit = hub->visits[i];
        if (visit == NULL || hub_now_ms(hub) - visit->touched_ms < HUB_VISIT_MS_MAX) {
            continue;
        }
        const struct visit *row = hall_find_visit(&hub->hall, visit->id);
        if (row != NULL) {
            struct hall_event event = {.kind = HALL_VISIT_END, .now_ms = hub_now_ms(hub)};
            struct hall_effects effects;
            memcpy(event.actor, row->kiosk, sizeof event.actor);
            memcpy(event.visit, visit->id, sizeof event.visit);
            CHECK(hall_apply(&hub->hall, &event, &effects) == OK);
            struct hub_work *work = hub_work_new(hub);
            hub_visit_put(work, row, NULL);
            hub_work_audit(work, "visit_end", visit->id, "expired", "hub", "hub");
            hub_work_commit(work);
        }
        char id[UUID_TEXT_BYTES];
        memcpy(id, visit->id, sizeof id);
        visit_free(visit);
        hub->visits[i] = NULL;
        hub_forms_visit_ended(hub, id);
    }
}

void hub_visit_request_sent(struct hub_work *work, struct hub *hub, const char *id,
                            const char *request)
{
    struct hub_visit_private *visit = hub_visit_find(hub, id);
    const struct visit *row = hall_find_visit(&hub->hall, id);
    for (size_t i = 0; visit != NULL && row != NULL && i < visit->list.requests_count; i++) {
        struct request_private *sent = &visit->list.requests[i];
        if (text_equal(sent->id, request)) {
            sent->state = REQUEST_BUSY;
            wipe(sent->missing, sizeof sent->missing);
            sent->missing_count = 0;
            sent->steps_done = sent->steps_count;
            hub_visit_put(work, row, visit);
        }
    }
}

bool hub_visit_own(struct hub_call *call, const struct visit **row,
                   struct hub_visit_private **visit)
{
    *row = hall_find_visit(&call->hub->hall, call->id);
    *visit = hub_visit_find(call->hub, call->id);
    if (*row == NULL || *visit == NULL || (*row)->state == VISIT_ENDED) {
        hub_refuse(call, 404, "visit_gone");
        return false;
    }
    if (!text_equal((*row)->kiosk, call->device->id)) {
        hub_refuse(call, 403, "not_yours");
        return false;
    }
    (*visit)->touched_ms = hub_now_ms(call->hub);
    return true;
}

// NULL: worth asking the portal; else the problem's code. No network is touched for a bad code.
static const char *check_code(struct hub *hub, const struct api_visit_open_private *open,
                              enum backoffice_code_kind *kind)
{
    size_t len = strlen(open->code);
    switch (token_classify(open->code, len)) {
    case TOKEN_PAPER:
        *kind = BACKOFFICE_PAPER;
        return NULL;
    case TOKEN_UNKNOWN:
    case TOKEN_TICKET:
    case TOKEN_BSN:
    case TOKEN_RESUME:
        return "code_unknown";
    case TOKEN_LIVE:
        break;
    }
    struct token_claims claims;
    struct token_expect expect = {.issuer =
                                      hub->portal_issuer[0] == '\0' ? NULL : hub->portal_issuer,
                                  .audience = hub->hall.location,
                                  .now_s = hub_now_ms(hub) / 1000};
    enum err err = token_verify(open->code, len, &hub->portal_keys, &expect, &claims);
    wipe(&claims, sizeof claims);
    return err == OK            ? NULL
           : err == ERR_EXPIRED ? "code_expired"
           : err == ERR_REFUSED ? "code_other_hall"
                                : "code_invalid";
}

static void on_redeemed(void *ctx, enum err err, const char *party, struct evidence evidence,
                        const struct fault *fault)
{
    struct hub_opening_private *opening = ctx;
    if (err != OK) {
        hub_opening_give_up(opening, err, fault);
        return;
    }
    opening->evidence = evidence;
    CHECK(text_copy(opening->visit->party, sizeof opening->visit->party, party) == OK);
    struct backoffice *backoffice = opening->hub->backoffice;
    backoffice->ops->person(backoffice, opening->visit->party, on_person, opening);
}

static void on_person(void *ctx, enum err err, const struct person_private *person,
                      const struct fault *fault)
{
    struct hub_opening_private *opening = ctx;
    if (err == OK) {
        hub_opening_person(opening, person);
    } else {
        hub_opening_give_up(opening, err == ERR_NOT_FOUND ? ERR_NOT_FOUND : ERR_UNAVAILABLE, fault);
    }
}

void hub_opening_person(struct hub_opening_private *opening, const struct person_private *person)
{
    static const char *const ways[] = {
        [HUB_BY_CODE] = "identified", [HUB_BY_PASS] = "by pass", [HUB_BY_DOCUMENT] = "by document"};
    struct hub *hub = opening->hub;
    struct hub_visit_private *visit = opening->visit;
    visit->person = *person;
    memcpy(visit->person.party, visit->party, sizeof visit->person.party);
    visit->touched_ms = hub_now_ms(hub);
    struct hall_event event = {.kind = HALL_VISIT_OPEN, .now_ms = hub_now_ms(hub)};
    memcpy(event.actor, opening->device.id, sizeof event.actor);
    memcpy(event.visit_open.id, visit->id, sizeof event.visit_open.id);
    event.visit_open.evidence = opening->evidence;
    struct hall_effects effects;
    const enum err err =
        hub_visit_keep(hub, visit) ? hall_apply(&hub->hall, &event, &effects) : ERR_FULL;
    if (err != OK) {
        hub_opening_give_up(opening, err, NULL);
        return;
    }
    const struct visit *row = hall_find_visit(&hub->hall, visit->id);
    struct hub_work *work = hub_work_new(hub);
    hub_visit_put(work, row, visit);
    hub_work_audit(work, "visit_open", visit->id, ways[opening->way], opening->device.id,
                   "visitor");
    hub_work_answer(work, opening->request, opening->entry, 201, hub_visit_json(row, visit));
    hub_work_commit(work);
    if (!opening->is_listing) {
        ask_requests(hub, visit); // while the visitor types the second fact
    }
    opening_end(opening);
}

static void opening_end(struct hub_opening_private *opening)
{
    opening->visit = NULL;
    if (!opening->is_listing) {
        wipe(opening, sizeof *opening);
        free(opening);
    }
}

static void on_requests(void *ctx, const struct request_list_private *list,
                        const struct fault *fault)
{
    struct asking *asking = ctx;
    hub_visit_listed(asking->hub, asking->visit, list, fault);
    free(asking);
}

void hub_visit_listed(struct hub *hub, const char *id, const struct request_list_private *list,
                      const struct fault *fault)
{
    struct hub_visit_private *visit = hub_visit_find(hub, id);
    const struct visit *row = hall_find_visit(&hub->hall, id);
    if (fault != NULL && fault->text[0] != '\0') {
        log_warn("hub", "back office: %s", fault->text);
    }
    if (visit != NULL && row != NULL) {
        visit->list = *list;
        visit->requests_ready = true;
        struct hub_work *work = hub_work_new(hub);
        hub_visit_put(work, row, visit);
        struct api_event event = {.kind = API_EVENT_VISIT};
        memcpy(event.visit, visit->id, sizeof event.visit);
        hub_work_event(work, &event);
        hub_work_commit(work);
    }
}

// One honest answer; the key may be tried again, for the visitor's code was not used up by us.
void hub_opening_give_up(struct hub_opening_private *opening, enum err err,
                         const struct fault *fault)
{
    static const struct {
        enum err err;
        int status;
        const char *code;
    } table[] = {
        {ERR_EXPIRED, 422, "code_expired"},    {ERR_GONE, 422, "code_used"},
        {ERR_REFUSED, 422, "code_other_hall"}, {ERR_NOT_FOUND, 422, "code_unknown"},
        {ERR_CRYPTO, 422, "code_invalid"},     {ERR_FULL, 503, "full"},
    };
    int status = 503;
    const char *code = "backoffice_unavailable";
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].err == err) {
            status = table[i].status;
            code = table[i].code;
        }
    }
    const char *refusal = card_refusal(opening, err);
    if (refusal != NULL) {
        status = 422;
        code = refusal;
        hub_cards_miss(opening->hub, opening->device.id, refusal);
    }
    if (status == 503 && fault != NULL) {
        log_warn("hub", "back office: %s", fault->text);
    }
    struct hub_call call = {
        .hub = opening->hub, .request = opening->request, .entry = opening->entry};
    hub_refuse(&call, status, code);
    hub_visit_give_up(opening->hub, opening->visit);
    opening_end(opening);
}

// NULL: the visitor's card did not lead to this. Whatever a portal has against a pass, to its
// holder it is one that is not known.
static const char *card_refusal(const struct hub_opening_private *opening, enum err err)
{
    const bool is_pass_refused = err == ERR_NOT_FOUND || err == ERR_EXPIRED || err == ERR_GONE ||
                                 err == ERR_REFUSED || err == ERR_CRYPTO;
    switch (opening->way) {
    case HUB_BY_CODE:
        return NULL;
    case HUB_BY_PASS:
        return is_pass_refused ? "pass_unknown" : NULL;
    case HUB_BY_DOCUMENT:
        return err == ERR_NOT_FOUND   ? "person_unknown"
               : err == ERR_DUPLICATE ? "person_unsure"
                                      : NULL;
    }
    return NULL;
}

static void ask_requests(struct hub *hub, const struct hub_visit_private *visit)
{
    struct asking *asking = calloc(1, sizeof *asking);
    CHECK(asking != NULL);
    asking->hub = hub;
    memcpy(asking->visit, visit->id, sizeof asking->visit);
    hub->backoffice->ops->requests(hub->backoffice, visit->party, on_requests, asking);
}

static void visit_free(struct hub_visit_private *visit)
{
    wipe(visit, sizeof *visit);
    free(visit);
}

// Parts the register does not know (0) cannot be wrong. Takes the same time wherever they differ.
static bool dates_equal(struct date told, struct date known)
{
    int difference = told.year ^ known.year;
    difference |= known.month == 0 ? 0 : told.month ^ known.month;
    difference |= known.day == 0 ? 0 : told.day ^ known.day;
    return difference == 0 && known.year != 0;
}
