// SPDX-License-Identifier: EUPL-1.2
//
// Visits by the link of a form that was begun at home. The source says whether the link still opens
// it; then there is a visit without a person, whose one request is that form. The link stays here:
// sealed with the visit, told to no device, in no log.
#include "apps/hub/hub_forms.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { LINK_DAYS = 7 }; // as long as Open Forms keeps what was not finished, unless it is told else

// A visit on its way: its source is looking at the link.
struct opening_private {
    struct hub *hub;
    struct http_request *request;
    struct hub_key *entry;
    struct store_device device;
    struct hub_visit_private *visit;
    char id[REQUEST_ID_BYTES]; // of the request
    int64_t day;               // of the link; -1: unknown
};

static void name_form(const struct opening_private *opening, struct backoffice_form_private *named);
static void on_opened(void *ctx, enum err err, const struct json *told, const struct fault *fault);
static enum err open_visit(struct opening_private *opening, const struct json *told);
static void give_up(struct opening_private *opening, enum err err, const struct json *told);
static struct json *problem_of(const struct opening_private *opening, enum err err,
                               const struct json *told, int *status);

void hub_post_visit_link(struct hub_call *call, const struct api_visit_open_private *open)
{
    struct hub *hub = call->hub;
    struct token_resume link;
    if (!token_resume_read(open->code, config_get(hub->config, "open_forms.url", ""), &link)) {
        hub_refuse(call, 422, "code_unknown");
        return;
    }
    struct opening_private *opening = calloc(1, sizeof *opening);
    struct hub_visit_private *visit = calloc(1, sizeof *visit);
    CHECK(opening != NULL && visit != NULL);
    *opening = (struct opening_private){.hub = hub,
                                        .request = call->request,
                                        .entry = call->entry,
                                        .device = *call->device,
                                        .visit = visit,
                                        .day = link.day};
    struct text id;
    text_init(&id, opening->id, sizeof opening->id);
    text_format(&id, "forms:%s", link.submission);
    entropy_uuid(visit->id);
    entropy_uuid(visit->form);
    memcpy(visit->language, open->language, sizeof visit->language);
    CHECK(text_copy(visit->link, sizeof visit->link, open->code) == OK); // its shape bounds it
    struct backoffice_form_private named;
    name_form(opening, &named);
    hub->backoffice->ops->form_open(hub->backoffice, &named, on_opened, opening);
    wipe(&named, sizeof named);
    wipe(&link, sizeof link);
}

// Under the name its filling-in will have: then the session that the link earns is used again.
static void name_form(const struct opening_private *opening, struct backoffice_form_private *named)
{
    const struct hub_form_private *form = hub_form_of_request(opening->hub, "", opening->id);
    *named = (struct backoffice_form_private){0};
    memcpy(named->key, form == NULL ? opening->visit->form : form->id, sizeof named->key);
    memcpy(named->request, opening->id, sizeof named->request);
    memcpy(named->link_private, opening->visit->link, sizeof named->link_private);
}

static void on_opened(void *ctx, enum err err, const struct json *told, const struct fault *fault)
{
    struct opening_private *opening = ctx;
    if (err != OK && fault != NULL && fault->text[0] != '\0') {
        log_warn("hub", "a link does not open: %s", fault->text);
    }
    if (err == OK) {
        err = open_visit(opening, told);
    }
    if (err != OK) {
        give_up(opening, err, told);
    }
    wipe(opening, sizeof *opening);
    free(opening);
}

// ERR_FULL: so many visits at once are not kept; nothing has changed.
static enum err open_visit(struct opening_private *opening, const struct json *told)
{
    struct hub *hub = opening->hub;
    struct hub_visit_private *visit = opening->visit;
    struct hall_event event = {.kind = HALL_VISIT_OPEN, .now_ms = hub_now_ms(hub)};
    struct hall_effects effects;
    memcpy(event.actor, opening->device.id, sizeof event.actor);
    memcpy(event.visit_open.id, visit->id, sizeof event.visit_open.id);
    evidence_add(&event.visit_open.evidence, EVIDENCE_RESUME_LINK);
    if (!hub_visit_keep(hub, visit)) {
        return ERR_FULL;
    }
    enum err err = hall_apply(&hub->hall, &event, &effects);
    if (err != OK) {
        return err;
    }
    visit->touched_ms = hub_now_ms(hub);
    struct request_private request;
    hub_form_request(told, opening->id, REQUEST_BY_LINK, &request);
    request_add(&visit->list, &request);
    wipe(&request, sizeof request);
    memcpy(visit->chosen, opening->id, sizeof visit->chosen);
    visit->requests_ready = true;
    const struct visit *row = hall_find_visit(&hub->hall, visit->id);
    struct hub_work *work = hub_work_new(hub);
    hub_visit_put(work, row, visit);
    hub_work_audit(work, "visit_open", visit->id, "by link", opening->device.id, "visitor");
    hub_work_answer(work, opening->request, opening->entry, 201, hub_visit_json(row, visit));
    hub_work_commit(work);
    return OK;
}

// One honest answer; the key may be tried again.
static void give_up(struct opening_private *opening, enum err err, const struct json *told)
{
    int status = 0;
    struct json *problem = problem_of(opening, err, told, &status);
    struct hub_work *work = hub_work_new(opening->hub);
    struct hub_call call = {
        .hub = opening->hub, .request = opening->request, .entry = opening->entry};
    hub_form_answer(work, &call, status, problem);
    hub_work_commit(work);
    hub_visit_give_up(opening->hub, opening->visit);
}

// The source says the same of a link that is too old, used up, or replaced by a newer one. The
// first shows in the link itself.
static struct json *problem_of(const struct opening_private *opening, enum err err,
                               const struct json *told, int *status)
{
    const struct config *config = opening->hub->config;
    if (err == ERR_GONE) {
        int64_t days_max = 0;
        if (config_get_int(config, "open_forms.link_days", 1, INT16_MAX, &days_max) != OK) {
            days_max = LINK_DAYS;
        }
        const int64_t today = clock_local_day(hub_now_ms(opening->hub));
        bool is_old = opening->day >= 0 && today - opening->day > days_max;
        *status = 422;
        return problem_new(422, is_old ? "link_expired" : "link_used", NULL);
    }
    if (err == ERR_NOT_FOUND || err == ERR_FULL) {
        bool is_full = err == ERR_FULL;
        *status = is_full ? 503 : 422;
        return problem_new(*status, is_full ? "full" : "code_unknown", NULL);
    }
    return hub_form_problem(err, told, status);
}
