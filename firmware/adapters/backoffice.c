// SPDX-License-Identifier: EUPL-1.2
//
// Composes the sources into the port. Each question is one piece of memory with what it has heard
// so far; it is wiped and freed before its answer is told.
#include "adapters/backoffice.h"

#include "adapters/brp.h"
#include "adapters/form_errand.h"
#include "adapters/identity.h"
#include "adapters/klantinteracties.h"
#include "adapters/mijntaken.h"
#include "adapters/objecten.h"
#include "adapters/portal.h"
#include "adapters/source.h"
#include "adapters/taken.h"
#include "adapters/zaken.h"
#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { FROM_TAKEN, FROM_OBJECTEN, FROM_MIJNTAKEN, TASK_SOURCES_COUNT };

static const struct {
    const struct task_api *api;
    enum source_login login;
} task_sources[TASK_SOURCES_COUNT] = {
    [FROM_TAKEN] = {&taken_tasks, LOGIN_TOKEN},
    [FROM_OBJECTEN] = {&objecten_tasks, LOGIN_TOKEN},
    [FROM_MIJNTAKEN] = {&mijntaken_tasks, LOGIN_BEARER},
};

// The port's struct comes first, so that the two are one address.
struct house {
    struct backoffice port;
    struct backoffice_ops ops; // without what is not configured
    const struct clock *clock;
    const struct config *config;
    struct source *portal;
    struct source *klantinteracties;
    struct source *brp;
    struct source *tasks[TASK_SOURCES_COUNT]; // NULL: not configured
    struct source *zaken;                     // as these
    const char *object_type;                  // of tasks in objecten, in `config`
    struct form_desk *forms;
    struct contact_settings contacts;
    struct question *questions; // running
};

// One search for tasks.
struct search {
    struct question *question;
    unsigned page;
    struct task_list_private list;
};

struct question {
    struct house *house;
    struct question *next;
    struct question *previous;
    void *ctx;
    backoffice_redeemed_fn redeemed;
    backoffice_person_fn person;
    backoffice_identified_fn identified;
    backoffice_requests_fn requests;
    backoffice_contact_fn contact;
    struct delivery *delivery;
    struct identity *identity;
    enum backoffice_code_kind code;
    char party[UUID_TEXT_BYTES];
    struct party_private found;
    // The list: all searches at a time.
    unsigned pending_count;
    unsigned open_page;
    unsigned done_page;
    struct search searches[TASK_SOURCES_COUNT];
    struct zaken_list_private zaken;
    struct zaken_list_private zaken_done;
    uint32_t sources_failed;
    struct fault fault; // the first
};

static void redeem(struct backoffice *port, const struct backoffice_code_private *code,
                   backoffice_redeemed_fn done, void *ctx);
static void identify(struct backoffice *port, const struct backoffice_document_private *document,
                     backoffice_identified_fn done, backoffice_requests_fn listed, void *ctx);
static void person(struct backoffice *port, const char *party, backoffice_person_fn done,
                   void *ctx);
static void requests(struct backoffice *port, const char *party, backoffice_requests_fn done,
                     void *ctx);
static void contact(struct backoffice *port, const struct contact_private *what,
                    backoffice_contact_fn done, void *ctx);
static void catalogue(struct backoffice *port, backoffice_catalogue_fn done, void *ctx);
static void form_begin(struct backoffice *port, const struct backoffice_form_private *form,
                       const char *id, backoffice_form_fn done, void *ctx);
static void form_open(struct backoffice *port, const struct backoffice_form_private *form,
                      backoffice_form_fn done, void *ctx);
static void form_save(struct backoffice *port, const struct backoffice_form_private *form,
                      const struct json *base, const struct json *data, backoffice_form_fn done,
                      void *ctx);
static void form_send(struct backoffice *port, const struct backoffice_form_private *form,
                      const struct json *base, const struct json *data,
                      struct backoffice_consent consent, backoffice_form_fn done, void *ctx);
static void form_upload(struct backoffice *port, const struct backoffice_form_private *form,
                        const char *key, const struct backoffice_file_private *file,
                        backoffice_form_fn done, void *ctx);
static enum err open_sources(struct house *house, struct loop *loop, struct fault *fault);
static enum err open_optional(struct source **source, const char *name, enum source_login login,
                              struct house *house, struct loop *loop, struct fault *fault);
static enum err at_port(enum err err);
static struct question *question_new(struct backoffice *port, const char *party, void *ctx);
static void question_free(struct question *question);
static void ask_party(struct question *question, source_answered_fn done);
static enum err hear_party(struct question *question, enum err err,
                           const struct source_answer *answer, struct fault *fault);
static void on_redeemed(void *ctx, enum err err, const struct source_answer *answer,
                        const struct fault *fault);
static void on_identity(void *ctx, enum err err, const char *party,
                        const struct party_private *found, const struct fault *fault);
static void end_identified(struct question *question, enum err err,
                           const struct person_private *who, const struct fault *fault);
static void on_person_party(void *ctx, enum err err, const struct source_answer *answer,
                            const struct fault *fault);
static void ask_brp(struct question *question);
static void on_person_brp(void *ctx, enum err err, const struct source_answer *answer,
                          const struct fault *fault);
static void end_person(struct question *question, enum err err, struct person_private *who,
                       const struct fault *fault);
static void on_requests_party(void *ctx, enum err err, const struct source_answer *answer,
                              const struct fault *fault);
static void ask_sources(struct question *question, enum err err, const struct fault *fault);
static void ask_tasks(struct question *question, size_t at);
static enum err tasks_request(const struct question *question, size_t at, unsigned page,
                              struct source_request_private *request);
static void ask_zaken(struct question *question, bool is_done, unsigned page);
static void on_tasks(void *ctx, enum err err, const struct source_answer *answer,
                     const struct fault *fault);
static void on_zaken_open(void *ctx, enum err err, const struct source_answer *answer,
                          const struct fault *fault);
static void on_zaken_done(void *ctx, enum err err, const struct source_answer *answer,
                          const struct fault *fault);
static void hear_zaken(struct question *question, bool is_done, enum err err,
                       const struct source_answer *answer, const struct fault *fault);
static void source_failed(struct question *question, enum request_source source,
                          const struct fault *fault);
static void answer_when_all(struct question *question);
static void gather(struct question *question, struct request_list_private *list);
static void merge_tasks(struct question *question, struct task_list_private *tasks,
                        struct request_list_private *list, bool is_merged[ZAKEN_MAX]);
static bool is_of_case(const struct task_private *task, const struct request_private *a_case);
static void merge(struct task_private *task, const struct request_private *a_case);
static void on_contact(void *ctx, enum err err, const char *uuid, const struct fault *fault);

static const struct backoffice_ops ops = {.redeem = redeem,
                                          .identify = identify,
                                          .person = person,
                                          .requests = requests,
                                          .contact = contact,
                                          .catalogue = catalogue,
                                          .form_begin = form_begin,
                                          .form_open = form_open,
                                          .form_save = form_save,
                                          .form_send = form_send,
                                          .form_upload = form_upload};

enum err backoffice_open(struct backoffice **backoffice, struct loop *loop,
                         const struct clock *clock, const struct config *config,
                         struct fault *fault)
{
    CHECK(loop != NULL && clock != NULL && config != NULL);

    *backoffice = NULL;
    struct house *house = calloc(1, sizeof *house);
    CHECK(house != NULL);
    house->ops = ops;
    house->port.ops = &house->ops;
    house->clock = clock;
    house->config = config;
    enum err err = contact_settings_read(&house->contacts, config, fault);
    if (err == OK) {
        err = open_sources(house, loop, fault);
    }
    if (err != OK) {
        backoffice_close(&house->port);
        return err;
    }
    *backoffice = &house->port;
    return OK;
}

void backoffice_close(struct backoffice *backoffice)
{
    if (backoffice == NULL) {
        return;
    }
    struct house *house = (struct house *)backoffice;
    // The sources first: after that no answer can come for a question that is gone.
    source_close(house->portal);
    source_close(house->klantinteracties);
    source_close(house->brp);
    for (size_t i = 0; i < TASK_SOURCES_COUNT; i++) {
        source_close(house->tasks[i]);
    }
    source_close(house->zaken);
    form_desk_close(house->forms);
    struct question *question = house->questions;
    while (question != NULL) {
        struct question *next = question->next;
        delivery_drop(question->delivery);
        identity_drop(question->identity);
        question_free(question);
        question = next;
    }
    free(house);
}

static enum err open_sources(struct house *house, struct loop *loop, struct fault *fault)
{
    enum err err = source_open(&house->portal, "portal", LOGIN_BEARER, loop, house->clock,
                               house->config, fault);
    if (err == OK) {
        err = source_open(&house->klantinteracties, "klantinteracties", LOGIN_TOKEN, loop,
                          house->clock, house->config, fault);
    }
    if (err == OK) {
        err = source_open(&house->brp, "brp", LOGIN_API_KEY, loop, house->clock, house->config,
                          fault);
    }
    for (size_t i = 0; err == OK && i < TASK_SOURCES_COUNT; i++) {
        err = open_optional(&house->tasks[i], request_source_name(task_sources[i].api->source),
                            task_sources[i].login, house, loop, fault);
    }
    house->object_type = config_get(house->config, "objecten.type", NULL);
    if (err == OK && house->tasks[FROM_OBJECTEN] != NULL && house->object_type == NULL) {
        err = fault_set(fault, ERR_MALFORMED, "objecten: type is not set");
    }
    if (err == OK) {
        err = open_optional(&house->zaken, "zaken", LOGIN_JWT, house, loop, fault);
    }
    if (err == OK) {
        const struct form_desk_options options = {.loop = loop,
                                                  .clock = house->clock,
                                                  .config = house->config,
                                                  .klantinteracties = house->klantinteracties,
                                                  .taken = house->tasks[FROM_TAKEN]};
        err = form_desk_open(&house->forms, &options, fault);
    }
    if (err == OK && !form_desk_has_catalogue(house->forms)) {
        house->ops.catalogue = NULL;
        house->ops.form_begin = NULL;
    }
    return err;
}

static enum err open_optional(struct source **source, const char *name, enum source_login login,
                              struct house *house, struct loop *loop, struct fault *fault)
{
    const enum err err = source_open(source, name, login, loop, house->clock, house->config, fault);
    return err == ERR_NOT_FOUND ? OK : err;
}

static void redeem(struct backoffice *port, const struct backoffice_code_private *code,
                   backoffice_redeemed_fn done, void *ctx)
{
    struct question *question = question_new(port, "", ctx);
    question->redeemed = done;
    question->code = code->kind;
    struct source_request_private request;
    const enum err err = portal_request(&request, code);
    CHECK(err == OK); // the port's struct bounds code and key
    source_send(question->house->portal, &request, on_redeemed, question);
    wipe(&request, sizeof request);
}

static void on_redeemed(void *ctx, enum err err, const struct source_answer *answer,
                        const struct fault *fault)
{
    struct question *question = ctx;
    const backoffice_redeemed_fn done = question->redeemed;
    void *asker = question->ctx;
    struct portal_redeemed redeemed = {0};
    struct fault found = *fault;
    if (err == OK) {
        err = portal_read(answer, question->code, &redeemed, &found);
    } else {
        err = at_port(err);
    }
    question_free(question);
    done(asker, err, redeemed.party, redeemed.evidence, &found);
    wipe(&redeemed, sizeof redeemed);
}

static void identify(struct backoffice *port, const struct backoffice_document_private *document,
                     backoffice_identified_fn done, backoffice_requests_fn listed, void *ctx)
{
    struct question *question = question_new(port, "", ctx);
    question->identified = done;
    question->requests = listed;
    question->identity = identity_start(question->house->brp, question->house->klantinteracties,
                                        document, on_identity, question);
}

static void on_identity(void *ctx, enum err err, const char *party,
                        const struct party_private *found, const struct fault *fault)
{
    struct question *question = ctx;
    question->identity = NULL; // it frees itself
    if (err != OK) {
        const bool is_verdict = err == ERR_NOT_FOUND || err == ERR_DUPLICATE;
        end_identified(question, is_verdict ? err : at_port(err), NULL, fault);
        return;
    }
    text_copy_cut(question->party, sizeof question->party, party);
    question->found = *found;
    ask_brp(question);
}

static void end_identified(struct question *question, enum err err,
                           const struct person_private *who, const struct fault *fault)
{
    const backoffice_identified_fn done = question->identified;
    void *asker = question->ctx;
    const bool goes_on = err == OK && question->party[0] == '\0';
    if (!goes_on) {
        question_free(question);
    }
    done(asker, err, who, fault);
    if (goes_on) {
        question->pending_count = 1; // this callback: nothing is told before all are asked
        ask_sources(question, OK, fault);
    }
}

static void person(struct backoffice *port, const char *party, backoffice_person_fn done, void *ctx)
{
    struct question *question = question_new(port, party, ctx);
    question->person = done;
    ask_party(question, on_person_party);
}

static void on_person_party(void *ctx, enum err err, const struct source_answer *answer,
                            const struct fault *fault)
{
    struct question *question = ctx;
    struct fault found = *fault;
    err = hear_party(question, err, answer, &found);
    if (err != OK) {
        end_person(question, err, NULL, &found);
        return;
    }
    ask_brp(question);
}

static void ask_brp(struct question *question)
{
    struct source_request_private request;
    const enum err err = brp_request(&request, question->found.bsn);
    CHECK(err == OK);
    source_send(question->house->brp, &request, on_person_brp, question);
    wipe(&request, sizeof request);
}

static void on_person_brp(void *ctx, enum err err, const struct source_answer *answer,
                          const struct fault *fault)
{
    struct question *question = ctx;
    struct fault found = *fault;
    struct person_private who = {0};
    text_copy_cut(who.party, sizeof who.party, question->party);
    text_copy_cut(who.language, sizeof who.language, question->found.language);
    if (err == OK) {
        err = brp_read(answer, question->found.bsn, &who, &found);
    } else {
        err = at_port(err);
    }
    // Either register may ask for secrecy.
    if (question->found.is_secret) {
        who.is_secret = true;
        wipe(who.name, sizeof who.name);
        wipe(who.initials, sizeof who.initials);
    }
    end_person(question, err, err == OK ? &who : NULL, &found);
    wipe(&who, sizeof who);
}

static void end_person(struct question *question, enum err err, struct person_private *who,
                       const struct fault *fault)
{
    if (question->identified != NULL) {
        end_identified(question, err, who, fault);
        return;
    }
    const backoffice_person_fn done = question->person;
    void *asker = question->ctx;
    question_free(question);
    done(asker, err, who, fault);
}

static void requests(struct backoffice *port, const char *party, backoffice_requests_fn done,
                     void *ctx)
{
    struct question *question = question_new(port, party, ctx);
    question->requests = done;
    ask_party(question, on_requests_party);
}

static void on_requests_party(void *ctx, enum err err, const struct source_answer *answer,
                              const struct fault *fault)
{
    struct question *question = ctx;
    struct fault found = *fault;
    question->pending_count = 1; // this one: nothing is told before all are asked
    err = hear_party(question, err, answer, &found);
    ask_sources(question, err, &found);
}

// Who has no party has nothing at a source that knows people by theirs.
static void ask_sources(struct question *question, enum err err, const struct fault *fault)
{
    struct house *house = question->house;
    for (size_t i = 0; i < TASK_SOURCES_COUNT; i++) {
        if (house->tasks[i] == NULL || (i == FROM_MIJNTAKEN && question->party[0] == '\0')) {
            continue;
        }
        if (err == OK) {
            ask_tasks(question, i);
        } else {
            source_failed(question, task_sources[i].api->source, fault);
        }
    }
    if (house->zaken != NULL && err == OK) {
        ask_zaken(question, false, 1);
        ask_zaken(question, true, 1);
    } else if (house->zaken != NULL) {
        source_failed(question, REQUEST_FROM_ZAKEN, fault);
    }
    // Nothing more configured: the answer is still told from this callback, not from the call.
    answer_when_all(question);
}

static void contact(struct backoffice *port, const struct contact_private *what,
                    backoffice_contact_fn done, void *ctx)
{
    struct question *question = question_new(port, "", ctx);
    question->contact = done;
    question->delivery = delivery_start(question->house->klantinteracties,
                                        &question->house->contacts, what, on_contact, question);
}

static void on_contact(void *ctx, enum err err, const char *uuid, const struct fault *fault)
{
    struct question *question = ctx;
    const backoffice_contact_fn done = question->contact;
    void *asker = question->ctx;
    question_free(question);
    done(asker, err, uuid, fault);
}

static void catalogue(struct backoffice *port, backoffice_catalogue_fn done, void *ctx)
{
    form_desk_catalogue(((struct house *)port)->forms, done, ctx);
}

static void form_begin(struct backoffice *port, const struct backoffice_form_private *form,
                       const char *id, backoffice_form_fn done, void *ctx)
{
    struct errand_private errand = {.kind = ERRAND_BEGIN, .form = *form};
    text_copy_cut(errand.published, sizeof errand.published, id);
    form_desk_ask(((struct house *)port)->forms, &errand, done, ctx);
}

static void form_open(struct backoffice *port, const struct backoffice_form_private *form,
                      backoffice_form_fn done, void *ctx)
{
    struct errand_private errand = {.kind = ERRAND_OPEN, .form = *form};
    form_desk_ask(((struct house *)port)->forms, &errand, done, ctx);
}

static void form_save(struct backoffice *port, const struct backoffice_form_private *form,
                      const struct json *base, const struct json *data, backoffice_form_fn done,
                      void *ctx)
{
    struct errand_private errand = {
        .kind = ERRAND_SAVE, .form = *form, .base = json_clone(base), .data = json_clone(data)};
    form_desk_ask(((struct house *)port)->forms, &errand, done, ctx);
}

static void form_send(struct backoffice *port, const struct backoffice_form_private *form,
                      const struct json *base, const struct json *data,
                      struct backoffice_consent consent, backoffice_form_fn done, void *ctx)
{
    struct errand_private errand = {.kind = ERRAND_SEND,
                                    .form = *form,
                                    .consent = consent,
                                    .base = json_clone(base),
                                    .data = json_clone(data)};
    form_desk_ask(((struct house *)port)->forms, &errand, done, ctx);
}

// Neither source asks which question it is for: the answer that names it says so.
static void form_upload(struct backoffice *port, const struct backoffice_form_private *form,
                        const char *key, const struct backoffice_file_private *file,
                        backoffice_form_fn done, void *ctx)
{
    CHECK(key[0] != '\0' && file->len > 0);

    struct errand_private errand = {.kind = ERRAND_UPLOAD, .form = *form, .file = file};
    form_desk_ask(((struct house *)port)->forms, &errand, done, ctx);
}

// How a source failed is ours to know; the port has three words for it.
static enum err at_port(enum err err)
{
    if (err == ERR_TIMEOUT || err == ERR_MALFORMED) {
        return err;
    }
    return err == ERR_TOO_BIG ? ERR_MALFORMED : ERR_UNAVAILABLE;
}

static struct question *question_new(struct backoffice *port, const char *party, void *ctx)
{
    struct house *house = (struct house *)port;
    struct question *question = calloc(1, sizeof *question);
    CHECK(question != NULL);
    question->house = house;
    question->ctx = ctx;
    const enum err err = text_copy(question->party, sizeof question->party, party);
    CHECK(err == OK);
    question->next = house->questions;
    if (house->questions != NULL) {
        house->questions->previous = question;
    }
    house->questions = question;
    return question;
}

static void question_free(struct question *question)
{
    if (question->previous != NULL) {
        question->previous->next = question->next;
    } else {
        question->house->questions = question->next;
    }
    if (question->next != NULL) {
        question->next->previous = question->previous;
    }
    wipe(question, sizeof *question);
    free(question);
}

static void ask_party(struct question *question, source_answered_fn done)
{
    struct source_request_private request;
    const enum err err = party_request(&request, question->party);
    CHECK(err == OK); // parties come from portal_read, which checks them
    source_send(question->house->klantinteracties, &request, done, question);
    wipe(&request, sizeof request);
}

static enum err hear_party(struct question *question, enum err err,
                           const struct source_answer *answer, struct fault *fault)
{
    return err != OK ? at_port(err) : party_read(answer, question->party, &question->found, fault);
}

static void ask_tasks(struct question *question, size_t at)
{
    struct source_request_private request;
    struct search *search = &question->searches[at];
    search->question = question;
    search->page++;
    const enum err err = tasks_request(question, at, search->page, &request);
    CHECK(err == OK); // bounded by the settings
    question->pending_count++;
    source_send(question->house->tasks[at], &request, on_tasks, search);
    wipe(&request, sizeof request);
}

static enum err tasks_request(const struct question *question, size_t at, unsigned page,
                              struct source_request_private *request)
{
    if (at == FROM_MIJNTAKEN) {
        return mijntaken_request(request, question->party); // all on one page
    }
    return at == FROM_OBJECTEN
               ? objecten_request(request, question->found.bsn, question->house->object_type, page)
               : taken_request(request, question->found.bsn, page);
}

static void ask_zaken(struct question *question, bool is_done, unsigned page)
{
    struct source_request_private request;
    const int64_t today = clock_local_day(clock_now_ms(question->house->clock));
    const struct date since = date_from_days(today - ZAKEN_DONE_DAYS);
    *(is_done ? &question->done_page : &question->open_page) = page;
    const enum err err =
        zaken_request(&request, question->found.bsn, is_done ? &since : NULL, page);
    CHECK(err == OK);
    question->pending_count++;
    source_send(question->house->zaken, &request, is_done ? on_zaken_done : on_zaken_open,
                question);
    wipe(&request, sizeof request);
}

static void on_tasks(void *ctx, enum err err, const struct source_answer *answer,
                     const struct fault *fault)
{
    struct search *search = ctx;
    struct question *question = search->question;
    const size_t at = (size_t)(search - question->searches);
    struct fault found = *fault;
    struct task_list_private *list = &search->list;
    const enum request_source source = task_sources[at].api->source;
    if (err == OK) {
        const struct task_asked asked = {.bsn = question->found.bsn,
                                         .config = question->house->config};
        err = task_list_read(list, task_sources[at].api, &asked, answer, &found);
    }
    if (err != OK) {
        source_failed(question, source, &found);
    } else if (list->has_more) {
        // Cut short, the list must not pass for whole.
        if (search->page < TASK_PAGES_MAX && list->count < TASKS_MAX) {
            ask_tasks(question, at);
        } else {
            source_failed(question, source, &found);
        }
    }
    answer_when_all(question);
}

static void on_zaken_open(void *ctx, enum err err, const struct source_answer *answer,
                          const struct fault *fault)
{
    hear_zaken(ctx, false, err, answer, fault);
}

static void on_zaken_done(void *ctx, enum err err, const struct source_answer *answer,
                          const struct fault *fault)
{
    hear_zaken(ctx, true, err, answer, fault);
}

static void hear_zaken(struct question *question, bool is_done, enum err err,
                       const struct source_answer *answer, const struct fault *fault)
{
    struct fault found = *fault;
    struct zaken_list_private *list = is_done ? &question->zaken_done : &question->zaken;
    const unsigned page = is_done ? question->done_page : question->open_page;
    if (err == OK) {
        err = zaken_read(answer, question->house->config, list, &found);
    }
    if (err != OK) {
        source_failed(question, REQUEST_FROM_ZAKEN, &found);
    } else if (list->has_more) {
        if (page < ZAKEN_PAGES_MAX && list->count < ZAKEN_MAX) {
            ask_zaken(question, is_done, page + 1);
        } else {
            source_failed(question, REQUEST_FROM_ZAKEN, &found);
        }
    }
    answer_when_all(question);
}

static void source_failed(struct question *question, enum request_source source,
                          const struct fault *fault)
{
    question->sources_failed |= 1U << source;
    if (question->fault.err == OK) {
        question->fault = *fault;
    }
}

static void answer_when_all(struct question *question)
{
    question->pending_count--;
    if (question->pending_count > 0) {
        return;
    }
    struct request_list_private *list = calloc(1, sizeof *list);
    CHECK(list != NULL);
    gather(question, list);
    const backoffice_requests_fn done = question->requests;
    void *asker = question->ctx;
    const struct fault fault = question->fault;
    question_free(question);
    done(asker, list, &fault);
    wipe(list, sizeof *list);
    free(list);
}

static void gather(struct question *question, struct request_list_private *list)
{
    bool is_merged[ZAKEN_MAX] = {false};
    list->sources_failed = question->sources_failed;
    for (size_t i = 0; i < TASK_SOURCES_COUNT; i++) {
        merge_tasks(question, &question->searches[i].list, list, is_merged);
    }
    for (size_t i = 0; i < question->zaken.count; i++) {
        if (!is_merged[i]) {
            request_add(list, &question->zaken.cases[i]);
        }
    }
    for (size_t i = 0; i < question->zaken_done.count; i++) {
        request_add(list, &question->zaken_done.cases[i]);
    }
    request_sort(list);
}

// A task of a listed case and that case are one matter to the person: told once, as the task.
static void merge_tasks(struct question *question, struct task_list_private *tasks,
                        struct request_list_private *list, bool is_merged[ZAKEN_MAX])
{
    for (size_t i = 0; i < tasks->count; i++) {
        struct task_private *task = &tasks->tasks[i];
        bool is_known = task->is_listed;
        for (size_t j = 0; j < question->zaken.count; j++) {
            const struct request_private *a_case = &question->zaken.cases[j];
            if (is_of_case(task, a_case)) {
                is_merged[j] = true;
                is_known = is_known || a_case->title[0] != '\0';
                merge(task, a_case);
            }
        }
        // Neither the task nor its case is on the municipality's list: that it is, not what.
        if (!is_known) {
            wipe(task->request.title, sizeof task->request.title);
            wipe(task->request.words, sizeof task->request.words);
            wipe(task->request.missing, sizeof task->request.missing);
            wipe(task->request.facts, sizeof task->request.facts);
            task->request.missing_count = 0;
            task->request.facts_count = 0;
            task->request.class = REQUEST_SENSITIVE;
        }
        request_add(list, &task->request);
    }
}

static bool is_of_case(const struct task_private *task, const struct request_private *a_case)
{
    return (task->case_uuid[0] != '\0' &&
            strcmp(task->case_uuid, a_case->id + strlen("zaken:")) == 0) ||
           (task->case_number[0] != '\0' && strcmp(task->case_number, a_case->reference) == 0);
}

// The case says what it is about and how staff call it; the task what is asked and by when.
static void merge(struct task_private *task, const struct request_private *a_case)
{
    struct request_private *request = &task->request;
    const bool was_sensitive = task->is_listed && request->class == REQUEST_SENSITIVE;
    request->class = was_sensitive ? REQUEST_SENSITIVE : a_case->class;
    if (a_case->title[0] != '\0') {
        text_copy_cut(request->title, sizeof request->title, a_case->title);
        request->subject = a_case->subject;
        request->service = a_case->service;
        request->started_ms = a_case->started_ms;
    }
    if (a_case->reference[0] != '\0') {
        text_copy_cut(request->reference, sizeof request->reference, a_case->reference);
    }
}
