// SPDX-License-Identifier: EUPL-1.2
//
// Errands to Open VTB, step by step: whose task, the task itself, the task once more with answers.
// Errands to Open Forms are handed on, and a task's documents to the Documenten API.
#include "adapters/form_errand.h"

#include "adapters/documenten_errand.h"
#include "adapters/form_data.h"
#include "adapters/klantinteracties.h"
#include "adapters/open_forms_catalogue.h"
#include "adapters/open_forms_errand.h"
#include "adapters/source.h"
#include "adapters/taken_form.h"
#include "base/bytes.h"
#include "link/loop.h"

#include <stdlib.h>
#include <string.h>

struct form_desk {
    struct form_desk_options options;
    struct open_forms *open_forms;          // NULL: not configured
    struct open_forms_catalogue *catalogue; // likewise
    struct documenten *documenten;          // likewise
    struct errand *errands;                 // running
};

struct errand {
    struct form_desk *desk;
    struct errand *next;
    struct errand *previous;
    struct errand_private asked;
    backoffice_form_fn done;
    void *ctx;
    struct loop_timer *timer; // starts it from the loop
    struct party_private party;
    struct taken_form_private task;
    bool has_written; // the last answers went out
};

static void on_start(void *ctx);
static void start_taken(struct errand *errand);
static void on_party(void *ctx, enum err err, const struct source_answer *answer,
                     const struct fault *fault);
static void on_task(void *ctx, enum err err, const struct source_answer *answer,
                    const struct fault *fault);
static void hear_task(struct errand *errand);
static void hear_done_task(struct errand *errand);
static void tell_document(struct errand *errand);
static void store_file(struct errand *errand);
static void write_task(struct errand *errand);
static void on_written(void *ctx, enum err err, const struct source_answer *answer,
                       const struct fault *fault);
static void tell_saved(struct errand *errand);
static void tell_sent(struct errand *errand);
static void on_handed_on(void *ctx, enum err err, const struct json *told,
                         const struct fault *fault);
static const char *task_uuid(const struct errand *errand);
static void fail(struct errand *errand, enum err err, const char *words);
static void finish(struct errand *errand, enum err err, struct json *told,
                   const struct fault *fault);
static void errand_free(struct errand *errand);

enum err form_desk_open(struct form_desk **desk, const struct form_desk_options *options,
                        struct fault *fault)
{
    struct form_desk *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->options = *options;
    enum err err =
        open_forms_open(&made->open_forms, options->loop, options->clock, options->config, fault);
    if (err == OK) {
        err = open_forms_catalogue_open(&made->catalogue, options->loop, options->clock,
                                        options->config, fault);
    }
    if (err == OK || err == ERR_NOT_FOUND) {
        err = documenten_open(&made->documenten, options->loop, options->clock, options->config,
                              fault);
    }
    if (err != OK && err != ERR_NOT_FOUND) {
        form_desk_close(made);
        return err;
    }
    *desk = made;
    return OK;
}

void form_desk_close(struct form_desk *desk)
{
    if (desk == NULL) {
        return;
    }
    open_forms_close(desk->open_forms);
    open_forms_catalogue_close(desk->catalogue);
    documenten_close(desk->documenten);
    struct errand *errand = desk->errands;
    while (errand != NULL) {
        struct errand *next = errand->next;
        errand_free(errand);
        errand = next;
    }
    free(desk);
}

void form_desk_ask(struct form_desk *desk, struct errand_private *asked, backoffice_form_fn done,
                   void *ctx)
{
    struct errand *errand = calloc(1, sizeof *errand);
    CHECK(errand != NULL);
    *errand = (struct errand){.desk = desk,
                              .next = desk->errands,
                              .asked = *asked,
                              .done = done,
                              .ctx = ctx,
                              .timer = loop_timer_new(desk->options.loop, on_start, errand)};
    wipe(asked, sizeof *asked);
    if (desk->errands != NULL) {
        desk->errands->previous = errand;
    }
    desk->errands = errand;
    loop_timer_start(errand->timer, 0);
}

bool form_desk_has_catalogue(const struct form_desk *desk)
{
    return desk->catalogue != NULL;
}

void form_desk_catalogue(struct form_desk *desk, backoffice_catalogue_fn done, void *ctx)
{
    CHECK(desk->catalogue != NULL);

    open_forms_catalogue_ask(desk->catalogue, done, ctx);
}

static void on_start(void *ctx)
{
    struct errand *errand = ctx;
    const char *request = errand->asked.form.request;
    bool is_new = errand->asked.kind == ERRAND_BEGIN;
    if (text_starts_with(request, "taken:") && uuid_is_valid(task_uuid(errand)) &&
        errand->desk->options.taken != NULL) {
        start_taken(errand);
    } else if ((is_new || text_starts_with(request, "forms:")) &&
               errand->desk->open_forms != NULL) {
        open_forms_ask(errand->desk->open_forms, &errand->asked, on_handed_on, errand);
    } else {
        fail(errand, ERR_UNSUPPORTED, "forms: no source for this request");
    }
}

static const char *task_uuid(const struct errand *errand)
{
    return errand->asked.form.request + strlen("taken:");
}

static void start_taken(struct errand *errand)
{
    struct source_request_private request;
    const enum err err = party_request(&request, errand->asked.form.party);
    if (err == OK && uuid_is_valid(errand->asked.form.party)) {
        source_send(errand->desk->options.klantinteracties, &request, on_party, errand);
    } else {
        fail(errand, ERR_NOT_FOUND, "forms: a task of nobody");
    }
    source_request_finish(&request);
}

static void on_party(void *ctx, enum err err, const struct source_answer *answer,
                     const struct fault *fault)
{
    struct errand *errand = ctx;
    struct fault found = *fault;
    if (err == OK) {
        err = party_read(answer, errand->asked.form.party, &errand->party, &found);
    }
    struct source_request_private request = {0};
    if (err == OK) {
        err = taken_form_request(&request, task_uuid(errand));
    }
    if (err == OK) {
        source_send(errand->desk->options.taken, &request, on_task, errand);
    } else {
        finish(errand, err, NULL, &found);
    }
    source_request_finish(&request);
}

static void on_task(void *ctx, enum err err, const struct source_answer *answer,
                    const struct fault *fault)
{
    struct errand *errand = ctx;
    struct fault found = *fault;
    if (err == OK) {
        err = taken_form_read(answer, task_uuid(errand), errand->party.bsn, &errand->task, &found);
    }
    if (err != OK) {
        finish(errand, err, NULL, &found);
        return;
    }
    hear_task(errand);
}

static void hear_task(struct errand *errand)
{
    if (errand->task.state != TAKEN_FORM_OPEN) {
        hear_done_task(errand);
        return;
    }
    if (errand->asked.kind == ERRAND_OPEN) {
        tell_document(errand);
        return;
    }
    if (errand->asked.kind == ERRAND_UPLOAD) {
        store_file(errand);
        return;
    }
    struct json *wanted = taken_form_merge(&errand->task, errand->asked.data);
    const bool stands = form_data_same(errand->task.received, wanted);
    json_wipe_free(wanted);
    if (!stands && !form_data_same(errand->task.received, errand->asked.base)) {
        struct fault fault;
        struct json *told = json_new_object();
        json_set(told, "data",
                 json_has_keys(errand->task.received) ? json_clone(errand->task.received)
                                                      : json_new_object());
        finish(errand, fault_set(&fault, ERR_STATE, "taken: changed by others meanwhile"), told,
               &fault);
    } else if (stands && errand->asked.kind == ERRAND_SAVE) {
        tell_saved(errand);
    } else {
        write_task(errand);
    }
}

static void tell_document(struct errand *errand)
{
    struct json *document = taken_form_document(&errand->task);
    json_set_bool(document, "takes_files", errand->desk->documenten != NULL);
    finish(errand, OK, document, NULL);
}

static void store_file(struct errand *errand)
{
    if (errand->desk->documenten == NULL) {
        fail(errand, ERR_UNSUPPORTED, "documenten: not configured");
        return;
    }
    documenten_store(errand->desk->documenten, errand->asked.file, on_handed_on, errand);
}

// Done with these answers can only be what we sent before and never heard of, or the same done
// elsewhere: to the person it is one.
static void hear_done_task(struct errand *errand)
{
    bool is_ours = false;
    if (errand->asked.kind == ERRAND_SEND && errand->task.state == TAKEN_FORM_DONE) {
        struct json *wanted = taken_form_merge(&errand->task, errand->asked.data);
        is_ours = form_data_same(errand->task.received, wanted);
        json_wipe_free(wanted);
    }
    if (is_ours) {
        tell_sent(errand);
    } else {
        fail(errand, ERR_GONE, "taken: the task is not open any more");
    }
}

static void write_task(struct errand *errand)
{
    struct source_request_private request;
    const enum err err = taken_form_write_request(&request, &errand->task, errand->asked.data,
                                                  errand->asked.kind == ERRAND_SEND);
    CHECK(err == OK); // a path of one UUID
    errand->has_written = true;
    source_send(errand->desk->options.taken, &request, on_written, errand);
    source_request_finish(&request);
}

static void on_written(void *ctx, enum err err, const struct source_answer *answer,
                       const struct fault *fault)
{
    struct errand *errand = ctx;
    struct fault found = *fault;
    struct json *told = NULL;
    if (err == OK && answer->status != 200) {
        err = taken_form_refusal(answer, &told, &found);
    } else if (err == OK) {
        // What it says now stands there; an answer that is not that is not believed.
        taken_form_finish(&errand->task);
        err = taken_form_read(answer, task_uuid(errand), errand->party.bsn, &errand->task, &found);
    } else if (err == ERR_TIMEOUT && errand->asked.kind == ERRAND_SEND) {
        err = ERR_UNKNOWN;
    }
    if (err != OK) {
        finish(errand, err, told, &found);
        return;
    }
    struct json *wanted = taken_form_merge(&errand->task, errand->asked.data);
    const bool stands = form_data_same(errand->task.received, wanted);
    json_wipe_free(wanted);
    const bool is_last = errand->asked.kind == ERRAND_SEND;
    if (!stands || (is_last && errand->task.state != TAKEN_FORM_DONE)) {
        fail(errand, ERR_MALFORMED, "taken: says yes and keeps something else");
    } else if (is_last) {
        tell_sent(errand);
    } else {
        tell_saved(errand);
    }
}

static void tell_saved(struct errand *errand)
{
    struct json *told = json_new_object();
    json_set(told, "data",
             json_has_keys(errand->task.received) ? json_clone(errand->task.received)
                                                  : json_new_object());
    finish(errand, OK, told, NULL);
}

static void tell_sent(struct errand *errand)
{
    struct json *told = json_new_object();
    json_set_text(told, "state", "sent");
    json_set_text(told, "reference", errand->task.reference);
    finish(errand, OK, told, NULL);
}

static void on_handed_on(void *ctx, enum err err, const struct json *told,
                         const struct fault *fault)
{
    struct errand *errand = ctx;
    const struct fault found = *fault;
    errand->has_written = err == ERR_UNKNOWN; // it says so of completing alone
    finish(errand, err, told == NULL ? NULL : json_clone(told), &found);
}

static void fail(struct errand *errand, enum err err, const char *words)
{
    struct fault fault;
    finish(errand, fault_set(&fault, err, "%s", words), NULL, &fault);
}

// Takes `told`. The errand is gone before its answer is told. A source's words become the port's.
static void finish(struct errand *errand, enum err err, struct json *told,
                   const struct fault *fault)
{
    const backoffice_form_fn done = errand->done;
    void *asker = errand->ctx;
    const struct fault none = {0};
    const bool may_be_done = errand->asked.kind == ERRAND_SEND && errand->has_written;
    errand_free(errand);
    if (err == ERR_CRYPTO || (err == ERR_UNKNOWN && !may_be_done)) {
        err = ERR_UNAVAILABLE;
    } else if (err == ERR_TOO_BIG) {
        err = ERR_UNSUPPORTED;
    }
    done(asker, err, told, fault == NULL ? &none : fault);
    json_wipe_free(told);
}

static void errand_free(struct errand *errand)
{
    if (errand->previous != NULL) {
        errand->previous->next = errand->next;
    } else {
        errand->desk->errands = errand->next;
    }
    if (errand->next != NULL) {
        errand->next->previous = errand->previous;
    }
    loop_timer_free(errand->timer);
    taken_form_finish(&errand->task);
    json_wipe_free(errand->asked.base);
    json_wipe_free(errand->asked.data);
    wipe(errand, sizeof *errand);
    free(errand);
}
