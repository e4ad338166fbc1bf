// SPDX-License-Identifier: EUPL-1.2
//
// One errand is a row of questions, each asked when the one before is answered:
//   begin: look begin submission form step...
//   open: [resume] submission form step...
//   save: [resume] submission step... put... [check-logic...]
//   send: [resume] submission step... put... summary complete status...
//   upload: [resume] submission upload
// A session the other side has forgotten is resumed from the link, once an errand. What was begun
// here has none: where `resume` stands it is begun anew (look begin) and filled again, unless it
// may have been sent.
#include "adapters/open_forms_errand.h"

#include "adapters/fields.h"
#include "adapters/form_data.h"
#include "adapters/open_forms.h"
#include "base/bytes.h"
#include "link/crypto.h"
#include "link/loop.h"

#include <stdlib.h>
#include <string.h>

enum {
    SESSION_IDLE_MS = 30 * 60 * 1000,
    ALIVE_S = 14 * 60, // the other side forgets after fifteen minutes
};

enum stage {
    STAGE_LOOK,
    STAGE_BEGIN,
    STAGE_RESUME,
    STAGE_SUBMISSION,
    STAGE_FORM,
    STAGE_STEP,
    STAGE_PUT,
    STAGE_LOGIC,
    STAGE_SUMMARY,
    STAGE_COMPLETE,
    STAGE_STATUS,
    STAGE_UPLOAD,
};

// One filling-in as the source knows it, by the hub's name for it.
struct session_private {
    struct session_private *next;
    char key[UUID_TEXT_BYTES];
    bool is_open;
    bool may_be_sent;           // completing was asked and nobody said how it went
    char form[UUID_TEXT_BYTES]; // it was begun here; empty: by its owner's link
    char submission[UUID_TEXT_BYTES];
    int64_t alive_s; // wall clock: the other side last knew it
    struct open_forms_session_private known;
    char status_path[SOURCE_PATH_BYTES]; // empty: not completed by us
    // What the source made of our last writing, step by step: prints of it, because the answers
    // themselves are not ours to keep beyond an errand.
    bool has_written;
    uint8_t written[OPEN_FORMS_STEPS_MAX][CRYPTO_HASH_BYTES];
    size_t errands_count; // that use it now
    int64_t used_ms;
};

struct open_forms {
    struct loop *loop;
    struct source *source;
    struct source *files; // the same, on lines of its own: no answer waits behind a document
    int64_t upload_ms;
    struct open_forms_place place;
    const struct config *config; // says what a form is about
    struct session_private *sessions;
    size_t sessions_count;
    const struct clock *clock;
    uint8_t print_key[CRYPTO_HASH_BYTES]; // of this process: a print says nothing elsewhere
    struct trip *trips;                   // running errands
};

struct trip {
    struct open_forms *house;
    struct trip *next;
    struct trip *previous;
    const struct errand_private *asked;
    backoffice_form_fn done;
    void *ctx;
    struct session_private *session;
    enum stage stage;
    size_t step_at;
    bool has_resumed; // or was begun anew
    bool is_anew;     // by this errand, so nobody else wrote
    bool was_shown;   // the submission, so nothing before this errand completed it
    unsigned polls_count;
    struct loop_timer *timer;
    char link_path[FORM_LINK_BYTES];
    char uuid[UUID_TEXT_BYTES];
    struct open_forms_view_private view;
    bool is_to_put[OPEN_FORMS_STEPS_MAX];
};

static enum err find_session(struct trip *trip);
static void take_begun(struct session_private *session,
                       const struct open_forms_begun_private *begun);
static struct session_private *session_of(struct open_forms *house, const char *key);
static void session_drop(struct open_forms *house, struct session_private *session);
static void forget_oldest(struct open_forms *house);
static void forget_idle(struct open_forms *house);
static void begin(struct trip *trip);
static void resume(struct trip *trip);
static void begin_anew(struct trip *trip);
static bool may_be_sent(const struct trip *trip);
static void ask(struct trip *trip, enum stage stage);
static enum err build(const struct trip *trip, struct source_request_private *request);
static enum err build_step(const struct trip *trip, struct source_request_private *request);
static struct json *step_body(const struct trip *trip);
static void on_answer(void *ctx, enum err err, const struct source_answer *answer,
                      const struct fault *fault);
static void hear_nothing(struct trip *trip, enum err err, const struct fault *fault);
static void hear_resume(struct trip *trip, const struct source_answer *answer);
static void hear_gone(struct trip *trip, const struct fault *fault);
static void hear_refusal(struct trip *trip, const struct source_answer *answer);
static void hear(struct trip *trip, const struct source_answer *answer);
static void hear_look(struct trip *trip, const struct source_answer *answer);
static void hear_begin(struct trip *trip, const struct source_answer *answer);
static void hear_submission(struct trip *trip, const struct source_answer *answer);
static void hear_form(struct trip *trip, const struct source_answer *answer);
static void hear_step(struct trip *trip, const struct source_answer *answer);
static void tell_document(struct trip *trip);
static void compare(struct trip *trip);
static bool may_put(const struct trip *trip, const struct json *there, size_t step);
static bool is_as_written(const struct trip *trip, const struct json *there, size_t step);
static void print_step(const struct trip *trip, const struct json *there, size_t step,
                       uint8_t print[CRYPTO_HASH_BYTES]);
static bool is_part_same(const struct json *there, const struct json *data,
                         const struct json *components);
static void put_next(struct trip *trip);
static void hear_put(struct trip *trip, const struct source_answer *answer);
static void end_writing(struct trip *trip);
static void hear_logic(struct trip *trip, const struct source_answer *answer);
static void hear_summary(struct trip *trip, const struct source_answer *answer);
static void hear_complete(struct trip *trip, const struct source_answer *answer);
static void hear_status(struct trip *trip, const struct source_answer *answer);
static void hear_upload(struct trip *trip, const struct source_answer *answer);
static void on_poll(void *ctx);
static void tell_state(struct trip *trip, const char *state, const char *reference);
static void finish_login(struct trip *trip, const char *login_url, const struct fault *fault);
static void finish_begun(struct trip *trip, struct json *told);
static void fail(struct trip *trip, const struct fault *fault);
static void finish(struct trip *trip, enum err err, struct json *told, const struct fault *fault);
static void trip_free(struct trip *trip);

enum err open_forms_open(struct open_forms **open_forms, struct loop *loop,
                         const struct clock *clock, const struct config *config,
                         struct fault *fault)
{
    *open_forms = NULL;
    struct open_forms *house = calloc(1, sizeof *house);
    CHECK(house != NULL);
    house->loop = loop;
    house->clock = clock;
    house->config = config;
    entropy_fill(house->print_key, sizeof house->print_key);
    enum err err =
        source_open(&house->source, "open_forms", LOGIN_NONE, loop, clock, config, fault);
    if (err == OK) {
        err = source_open(&house->files, "open_forms", LOGIN_NONE, loop, clock, config, fault);
    }
    if (err == OK) {
        err = source_upload_ms(config, "open_forms", &house->upload_ms, fault);
    }
    if (err == OK) {
        err = open_forms_place_read(&house->place, config_get(config, "open_forms.url", ""));
        if (err != OK) {
            err = fault_set(fault, err, "open_forms.url: not a usable address");
        }
    }
    if (err != OK) {
        open_forms_close(house);
        return err;
    }
    *open_forms = house;
    return OK;
}

void open_forms_close(struct open_forms *open_forms)
{
    if (open_forms == NULL) {
        return;
    }
    source_close(open_forms->source);
    source_close(open_forms->files);
    struct trip *trip = open_forms->trips;
    while (trip != NULL) {
        struct trip *next = trip->next;
        trip_free(trip);
        trip = next;
    }
    struct session_private *session = open_forms->sessions;
    while (session != NULL) {
        struct session_private *next = session->next;
        session_drop(open_forms, session);
        session = next;
    }
    free(open_forms);
}

void open_forms_ask(struct open_forms *house, const struct errand_private *asked,
                    backoffice_form_fn done, void *ctx)
{
    struct trip *trip = calloc(1, sizeof *trip);
    CHECK(trip != NULL);
    trip->house = house;
    trip->asked = asked;
    trip->done = done;
    trip->ctx = ctx;
    trip->timer = loop_timer_new(house->loop, on_poll, trip);
    trip->next = house->trips;
    if (house->trips != NULL) {
        house->trips->previous = trip;
    }
    house->trips = trip;
    const enum err err = find_session(trip);
    if (err != OK) {
        struct fault fault;
        (void)fault_set(&fault, err, "open_forms: not a link of our own forms"); // told below
        fail(trip, &fault);
        return;
    }
    trip->session->errands_count++;
    begin(trip);
}

// By the link its owner brought, by what was told when it was begun here, or a new one.
static enum err find_session(struct trip *trip)
{
    const struct backoffice_form_private *form = &trip->asked->form;
    struct open_forms_begun_private begun = {0};
    if (trip->asked->kind == ERRAND_BEGIN) {
        trip->session = session_of(trip->house, form->key);
        text_copy_cut(begun.form, sizeof begun.form, trip->asked->published);
        take_begun(trip->session, &begun);
        return OK;
    }
    if (open_forms_begun_read(form->link_private, &begun) == OK) {
        trip->session = session_of(trip->house, form->key);
        // What is in memory is the newer: it may have been begun anew in an errand that broke off.
        if (trip->session->form[0] == '\0') {
            take_begun(trip->session, &begun);
        }
        memcpy(trip->uuid, trip->session->submission, sizeof trip->uuid);
        wipe(&begun, sizeof begun);
        return OK;
    }
    text_copy_cut(trip->uuid, sizeof trip->uuid, form->request + strlen("forms:"));
    const enum err err = open_forms_link_read(&trip->house->place, form->link_private, trip->uuid,
                                              trip->link_path, sizeof trip->link_path);
    if (err == OK) {
        trip->session = session_of(trip->house, form->key);
    }
    return err;
}

static void take_begun(struct session_private *session,
                       const struct open_forms_begun_private *begun)
{
    memcpy(session->form, begun->form, sizeof session->form);
    memcpy(session->submission, begun->submission, sizeof session->submission);
    session->alive_s = begun->alive_s;
    session->known = begun->session;
    session->is_open = begun->session.cookies_count > 0;
}

static struct session_private *session_of(struct open_forms *house, const char *key)
{
    forget_idle(house);
    struct session_private *session = house->sessions;
    while (session != NULL && strcmp(session->key, key) != 0) {
        session = session->next;
    }
    if (session == NULL) {
        if (house->sessions_count >= OPEN_FORMS_SESSIONS_MAX) {
            forget_oldest(house);
        }
        session = calloc(1, sizeof *session);
        CHECK(session != NULL);
        text_copy_cut(session->key, sizeof session->key, key);
        session->next = house->sessions;
        house->sessions = session;
        house->sessions_count++;
    }
    session->used_ms = clock_monotonic_ms(house->clock);
    return session;
}

// The other side forgets a session after fifteen minutes without a sign of life; so do we, later.
static void forget_idle(struct open_forms *house)
{
    const int64_t now_ms = clock_monotonic_ms(house->clock);
    struct session_private *session = house->sessions;
    while (session != NULL) {
        struct session_private *next = session->next;
        const bool says_something = session->may_be_sent || session->status_path[0] != '\0';
        if (session->errands_count == 0 && !says_something &&
            now_ms - session->used_ms > SESSION_IDLE_MS) {
            session_drop(house, session);
        }
        session = next;
    }
}

// One that is in use stays, and so does one whose completing nobody answered: it is all we know.
static void forget_oldest(struct open_forms *house)
{
    struct session_private *oldest = NULL;
    for (struct session_private *session = house->sessions; session != NULL;
         session = session->next) {
        const bool is_idle = session->errands_count == 0 && !session->may_be_sent;
        if (is_idle && (oldest == NULL || session->used_ms < oldest->used_ms)) {
            oldest = session;
        }
    }
    if (oldest != NULL) {
        session_drop(house, oldest);
    }
}

static void session_drop(struct open_forms *house, struct session_private *session)
{
    struct session_private **place = &house->sessions;
    while (*place != session) {
        place = &(*place)->next;
    }
    *place = session->next;
    house->sessions_count--;
    wipe(session, sizeof *session);
    free(session);
}

static void begin(struct trip *trip)
{
    if (trip->asked->kind == ERRAND_SEND && trip->session->status_path[0] != '\0') {
        ask(trip, STAGE_STATUS);
    } else if (trip->session->is_open) {
        ask(trip, STAGE_SUBMISSION);
    } else {
        resume(trip);
    }
}

static void resume(struct trip *trip)
{
    if (trip->session->form[0] != '\0') {
        begin_anew(trip);
    } else {
        ask(trip, STAGE_RESUME);
    }
}

// Filling it in again and sending that could be sending it twice.
static void begin_anew(struct trip *trip)
{
    struct fault fault = {0};
    if (may_be_sent(trip)) {
        (void)fault_set(&fault, ERR_GONE, "open_forms: what was begun here is not there any more");
        hear_gone(trip, &fault);
        return;
    }
    struct session_private *session = trip->session;
    wipe(&session->known, sizeof session->known);
    session->is_open = false;
    session->has_written = false;
    trip->has_resumed = true;
    trip->is_anew = trip->asked->kind != ERRAND_BEGIN;
    ask(trip, STAGE_LOOK);
}

static bool may_be_sent(const struct trip *trip)
{
    return trip->asked->kind == ERRAND_SEND &&
           (trip->session->may_be_sent || (trip->asked->form.may_be_sent && !trip->was_shown));
}

static void ask(struct trip *trip, enum stage stage)
{
    trip->stage = stage;
    struct source_request_private request;
    const enum err err = build(trip, &request);
    CHECK(err == OK); // every path was bounded when it was read
    struct open_forms *house = trip->house;
    source_send(stage == STAGE_UPLOAD ? house->files : house->source, &request, on_answer, trip);
    source_request_finish(&request);
}

static enum err build(const struct trip *trip, struct source_request_private *request)
{
    const struct open_forms_place *place = &trip->house->place;
    const struct open_forms_session_private *known = &trip->session->known;
    char path[SOURCE_PATH_BYTES];
    enum err err = OK;
    struct json *body = NULL;
    switch (trip->stage) {
    case STAGE_LOOK:
        return open_forms_look_request(request, trip->session->form);
    case STAGE_BEGIN:
        return open_forms_begin_request(request, place, known, &trip->view);
    case STAGE_RESUME:
        return open_forms_resume_request(request, trip->link_path);
    case STAGE_SUBMISSION:
        err = open_forms_submission_path(trip->uuid, "", path, sizeof path);
        break;
    case STAGE_FORM:
        return open_forms_get(request, place, known, trip->view.form_path);
    case STAGE_STEP:
    case STAGE_PUT:
    case STAGE_LOGIC:
        return build_step(trip, request);
    case STAGE_SUMMARY:
        err = open_forms_submission_path(trip->uuid, "/summary", path, sizeof path);
        break;
    case STAGE_COMPLETE:
        body = json_new_object();
        json_set_bool(body, "privacyPolicyAccepted", trip->asked->consent.privacy);
        json_set_bool(body, "statementOfTruthAccepted", trip->asked->consent.truth);
        err = open_forms_submission_path(trip->uuid, "/_complete", path, sizeof path);
        CHECK(err == OK);
        return open_forms_write(request, place, known, "POST", path, body);
    case STAGE_STATUS:
        return open_forms_get(request, place, known, trip->session->status_path);
    case STAGE_UPLOAD:
        err = open_forms_upload_request(request, place, known, trip->uuid, trip->asked->file);
        request->timeout_ms = trip->house->upload_ms;
        return err;
    }
    return err == OK ? open_forms_get(request, place, known, path) : err;
}

static enum err build_step(const struct trip *trip, struct source_request_private *request)
{
    const struct open_forms_place *place = &trip->house->place;
    const struct open_forms_session_private *known = &trip->session->known;
    char path[SOURCE_PATH_BYTES];
    const bool is_logic = trip->stage == STAGE_LOGIC;
    const enum err err = open_forms_step_path(trip->uuid, trip->view.steps[trip->step_at].id,
                                              is_logic ? "/_check-logic" : "", path, sizeof path);
    if (err != OK) {
        return err;
    }
    if (trip->stage == STAGE_STEP) {
        return open_forms_get(request, place, known, path);
    }
    return open_forms_write(request, place, known, is_logic ? "POST" : "PUT", path,
                            step_body(trip));
}

// Half-way answers go in the way Open Forms' own "Pauzeren" sends them: required ones may lack.
static struct json *step_body(const struct trip *trip)
{
    const struct open_forms_step_private *step = &trip->view.steps[trip->step_at];
    struct json *body = json_new_object();
    if (trip->stage == STAGE_LOGIC) {
        json_set(body, "data", json_clone(step->data));
        return body;
    }
    json_set(body, "data", form_data_part(trip->asked->data, step->components));
    json_set_bool(body, "fromSuspension", trip->asked->kind == ERRAND_SAVE);
    return body;
}

static void on_answer(void *ctx, enum err err, const struct source_answer *answer,
                      const struct fault *fault)
{
    struct trip *trip = ctx;
    if (err != OK) {
        hear_nothing(trip, err, fault);
        return;
    }
    if (trip->stage == STAGE_RESUME) {
        hear_resume(trip, answer);
        return;
    }
    open_forms_hear_session(&trip->session->known, answer);
    const bool makes = trip->stage == STAGE_PUT || trip->stage == STAGE_BEGIN;
    if (answer->status == 200 || (answer->status == 201 && makes)) {
        trip->session->alive_s = clock_now_ms(trip->house->clock) / 1000;
        hear(trip, answer);
    } else {
        hear_refusal(trip, answer);
    }
}

// Without an answer to completing nobody knows whether it was done; unless nothing went out. All
// other questions can simply be asked again: whoever writes reads first.
static void hear_nothing(struct trip *trip, enum err err, const struct fault *fault)
{
    struct fault found = *fault;
    if (trip->stage == STAGE_COMPLETE) {
        if (err == ERR_UNAVAILABLE || err == ERR_CRYPTO) {
            trip->session->may_be_sent = false;
        } else {
            found.err = ERR_UNKNOWN;
        }
    } else if (trip->stage == STAGE_STATUS) {
        tell_state(trip, "sending", ""); // it was taken; how it went is asked again
        return;
    } else if (err == ERR_UNKNOWN) {
        found.err = ERR_UNAVAILABLE;
    }
    fail(trip, &found);
}

static void hear_resume(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    char login_url[OPEN_FORMS_LOGIN_BYTES];
    const enum err err = open_forms_resume_read(&trip->house->place, answer, &trip->session->known,
                                                login_url, &fault);
    trip->has_resumed = true;
    trip->session->is_open = err == OK;
    if (err == OK) {
        ask(trip, STAGE_SUBMISSION);
    } else if (err == ERR_GONE) {
        hear_gone(trip, &fault);
    } else if (err == ERR_UNSUPPORTED) {
        finish_login(trip, login_url, &fault);
    } else {
        fail(trip, &fault);
    }
    wipe(login_url, sizeof login_url);
}

// A completed submission is shown to nobody. When completing it was asked before and went
// unanswered, that it is gone is the answer.
//
// Of what was begun here it is the answer only while the session could not have ended by itself:
// otherwise nobody can say, and saying "sent" could be a lie.
static void hear_gone(struct trip *trip, const struct fault *fault)
{
    const struct session_private *session = trip->session;
    const int64_t silent_s = clock_now_ms(trip->house->clock) / 1000 - session->alive_s;
    const bool is_sure = session->form[0] == '\0' || silent_s < ALIVE_S;
    if (may_be_sent(trip) && is_sure) {
        tell_state(trip, "sent", "");
    } else {
        fail(trip, fault);
    }
}

static void hear_refusal(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    struct json *told = NULL;
    const enum err err = trip->stage == STAGE_UPLOAD ? open_forms_upload_refusal(answer, &fault)
                                                     : open_forms_refusal(answer, &told, &fault);
    if (trip->stage == STAGE_STATUS) {
        // Its address lives a day; that it was taken stays true.
        tell_state(trip, err == ERR_EXPIRED ? "sent" : "sending", "");
        return;
    }
    const bool is_unsure = trip->stage == STAGE_COMPLETE && answer->status >= 500;
    if (trip->stage == STAGE_COMPLETE && !is_unsure) {
        trip->session->may_be_sent = false;
    }
    const bool is_full = trip->stage == STAGE_BEGIN && answer->status == 422;
    if (err == ERR_EXPIRED || is_full) {
        trip->session->is_open = false;
        if (trip->has_resumed) {
            fault.err = ERR_GONE;
            hear_gone(trip, &fault);
        } else {
            resume(trip);
        }
        return;
    }
    if (is_unsure) {
        fault.err = ERR_UNKNOWN; // said by something in between, perhaps
    }
    finish(trip, fault.err, told, &fault);
}

static void hear(struct trip *trip, const struct source_answer *answer)
{
    switch (trip->stage) {
    case STAGE_LOOK:
        hear_look(trip, answer);
        break;
    case STAGE_BEGIN:
        hear_begin(trip, answer);
        break;
    case STAGE_RESUME:
        break; // never here: it has no 200
    case STAGE_SUBMISSION:
        hear_submission(trip, answer);
        break;
    case STAGE_FORM:
        hear_form(trip, answer);
        break;
    case STAGE_STEP:
        hear_step(trip, answer);
        break;
    case STAGE_PUT:
        hear_put(trip, answer);
        break;
    case STAGE_LOGIC:
        hear_logic(trip, answer);
        break;
    case STAGE_SUMMARY:
        hear_summary(trip, answer);
        break;
    case STAGE_COMPLETE:
        hear_complete(trip, answer);
        break;
    case STAGE_STATUS:
        hear_status(trip, answer);
        break;
    case STAGE_UPLOAD:
        hear_upload(trip, answer);
        break;
    }
}

static void hear_look(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    char login_url[OPEN_FORMS_LOGIN_BYTES];
    const enum err err = open_forms_look_read(&trip->house->place, answer, trip->session->form,
                                              &trip->view, login_url, &fault);
    if (err == OK) {
        ask(trip, STAGE_BEGIN);
    } else if (err == ERR_UNSUPPORTED) {
        finish_login(trip, login_url, &fault);
    } else {
        fail(trip, &fault);
    }
}

static void hear_begin(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    struct session_private *session = trip->session;
    if (open_forms_begin_read(answer, session->submission, &fault) != OK) {
        fail(trip, &fault);
        return;
    }
    memcpy(trip->uuid, session->submission, sizeof trip->uuid);
    session->is_open = true;
    ask(trip, STAGE_SUBMISSION);
}

static void hear_submission(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    if (open_forms_submission_read(&trip->house->place, answer, trip->uuid, &trip->view, &fault) !=
        OK) {
        fail(trip, &fault);
        return;
    }
    trip->was_shown = true;
    trip->session->may_be_sent = false;
    trip->step_at = 0;
    switch (trip->asked->kind) {
    case ERRAND_BEGIN:
    case ERRAND_OPEN:
        ask(trip, STAGE_FORM);
        break;
    case ERRAND_SAVE:
    case ERRAND_SEND:
        ask(trip, STAGE_STEP);
        break;
    case ERRAND_UPLOAD:
        ask(trip, STAGE_UPLOAD);
        break;
    }
}

static void hear_form(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    if (open_forms_form_read(answer, &trip->view, &fault) != OK) {
        fail(trip, &fault);
        return;
    }
    ask(trip, STAGE_STEP);
}

static void hear_step(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    if (open_forms_step_read(answer, &trip->view, trip->step_at, &fault) != OK) {
        fail(trip, &fault);
        return;
    }
    trip->step_at++;
    if (trip->step_at < trip->view.steps_count) {
        ask(trip, STAGE_STEP);
    } else if (trip->asked->kind == ERRAND_OPEN || trip->asked->kind == ERRAND_BEGIN) {
        tell_document(trip);
    } else {
        compare(trip);
    }
}

static void tell_document(struct trip *trip)
{
    struct about about;
    struct json *document = open_forms_document(&trip->view);
    json_set_bool(document, "is_anew", trip->is_anew);
    if (about_form(trip->house->config, trip->view.slug, &about)) {
        const char service[] = {about.service, '\0'};
        json_set_text(document, "subject", request_subject_name(about.subject));
        json_set_text(document, "service", service);
    }
    finish_begun(trip, document);
}

// Nothing is written when one step holds what we did not know of: a form is one whole to a person.
static void compare(struct trip *trip)
{
    struct json *there = open_forms_data(&trip->view);
    bool is_changed = false;
    for (size_t i = 0; i < trip->view.steps_count; i++) {
        const struct json *components = trip->view.steps[i].components;
        trip->is_to_put[i] = !is_part_same(there, trip->asked->data, components);
        is_changed = is_changed || (trip->is_to_put[i] && !may_put(trip, there, i));
    }
    if (is_changed) {
        struct fault fault;
        struct json *told = json_new_object();
        json_set(told, "data", there);
        finish(trip, fault_set(&fault, ERR_STATE, "open_forms: changed by others meanwhile"), told,
               &fault);
        return;
    }
    json_wipe_free(there);
    trip->step_at = 0;
    put_next(trip);
}

// What we saw last, what the source made of our last writing, or nothing at all: a step that
// stopped applying is emptied by the source itself. In what was begun anew nobody else wrote.
static bool may_put(const struct trip *trip, const struct json *there, size_t step)
{
    const struct json *components = trip->view.steps[step].components;
    return trip->is_anew || is_part_same(there, trip->asked->base, components) ||
           is_as_written(trip, there, step) || is_part_same(there, NULL, components);
}

static bool is_as_written(const struct trip *trip, const struct json *there, size_t step)
{
    uint8_t print[CRYPTO_HASH_BYTES];
    print_step(trip, there, step, print);
    return trip->session->has_written &&
           memcmp(print, trip->session->written[step], sizeof print) == 0;
}

static void print_step(const struct trip *trip, const struct json *there, size_t step,
                       uint8_t print[CRYPTO_HASH_BYTES])
{
    struct json *part = form_data_part(there, trip->view.steps[step].components);
    char *words = json_write_new(part);
    crypto_hmac(trip->house->print_key, sizeof trip->house->print_key, words, strlen(words), print);
    wipe(words, strlen(words));
    free(words);
    json_wipe_free(part);
}

static bool is_part_same(const struct json *there, const struct json *data,
                         const struct json *components)
{
    struct json *left = form_data_part(there, components);
    struct json *right = form_data_part(data, components);
    const bool is_same = form_data_same(left, right);
    json_wipe_free(left);
    json_wipe_free(right);
    return is_same;
}

static void put_next(struct trip *trip)
{
    while (trip->step_at < trip->view.steps_count && !trip->is_to_put[trip->step_at]) {
        trip->step_at++;
    }
    if (trip->step_at < trip->view.steps_count) {
        ask(trip, STAGE_PUT);
    } else {
        end_writing(trip);
    }
}

static void hear_put(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    if (open_forms_step_read(answer, &trip->view, trip->step_at, &fault) != OK) {
        fail(trip, &fault);
        return;
    }
    trip->step_at++;
    put_next(trip);
}

static void end_writing(struct trip *trip)
{
    struct json *there = open_forms_data(&trip->view);
    for (size_t i = 0; i < trip->view.steps_count; i++) {
        print_step(trip, there, i, trip->session->written[i]);
    }
    json_wipe_free(there);
    trip->session->has_written = true;
    trip->step_at = 0;
    if (trip->asked->kind == ERRAND_SEND) {
        ask(trip, STAGE_SUMMARY);
    } else if (open_forms_asks_source(&trip->view)) {
        ask(trip, STAGE_LOGIC);
    } else {
        finish_begun(trip, open_forms_told(&trip->view));
    }
}

static void hear_logic(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    if (open_forms_logic_read(answer, &trip->view, trip->step_at, &fault) != OK) {
        fail(trip, &fault);
        return;
    }
    trip->step_at++;
    if (trip->step_at < trip->view.steps_count) {
        ask(trip, STAGE_LOGIC);
    } else {
        finish_begun(trip, open_forms_told(&trip->view));
    }
}

static void hear_summary(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    const enum err err = open_forms_summary_read(answer, &trip->view, &fault);
    if (err == ERR_STATE) {
        // What it holds is for form_open to read; told is what we know of it.
        struct json *told = json_new_object();
        json_set(told, "data", open_forms_data(&trip->view));
        finish(trip, err, told, &fault);
    } else if (err != OK) {
        fail(trip, &fault);
    } else if (!trip->view.may_send) {
        finish(trip, fault_set(&fault, ERR_REFUSED, "open_forms: takes no sending of this form"),
               form_refusal_new("", ""), &fault);
    } else {
        trip->session->may_be_sent = true; // before it is asked: what follows may never be heard
        ask(trip, STAGE_COMPLETE);
    }
}

static void hear_complete(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    struct session_private *session = trip->session;
    const enum err err =
        open_forms_complete_read(&trip->house->place, answer, trip->uuid, session->status_path,
                                 sizeof session->status_path, &fault);
    if (err != OK) {
        session->status_path[0] = '\0';
        fault.err = ERR_UNKNOWN; // it said yes, and then nothing we can follow
        fail(trip, &fault);
        return;
    }
    ask(trip, STAGE_STATUS);
}

static void hear_status(struct trip *trip, const struct source_answer *answer)
{
    struct open_forms_outcome outcome;
    struct fault fault = {0};
    if (open_forms_status_read(answer, &outcome, &fault) != OK) {
        tell_state(trip, "sending", "");
    } else if (outcome.is_success) {
        wipe(&trip->session->known, sizeof trip->session->known); // it ended with the form
        trip->session->is_open = false;
        tell_state(trip, "sent", outcome.reference);
    } else if (outcome.is_done) {
        // It is given back to be mended, and completed anew.
        trip->session->status_path[0] = '\0';
        trip->session->may_be_sent = false;
        finish(trip, fault_set(&fault, ERR_REFUSED, "open_forms: could not process it"),
               form_refusal_new("", outcome.reason), &fault);
    } else if (trip->polls_count == OPEN_FORMS_POLLS_MAX) {
        tell_state(trip, "sending", "");
    } else {
        trip->polls_count++;
        loop_timer_start(trip->timer, OPEN_FORMS_POLL_MS);
    }
}

static void hear_upload(struct trip *trip, const struct source_answer *answer)
{
    struct fault fault = {0};
    struct json *value = NULL;
    const enum err err =
        open_forms_upload_read(&trip->house->place, answer, trip->asked->file, &value, &fault);
    finish(trip, err, value, &fault);
}

static void on_poll(void *ctx)
{
    ask(ctx, STAGE_STATUS);
}

static void tell_state(struct trip *trip, const char *state, const char *reference)
{
    struct json *told = json_new_object();
    json_set_text(told, "state", state);
    json_set_text(told, "reference", reference);
    finish(trip, OK, told, NULL);
}

static void finish_login(struct trip *trip, const char *login_url, const struct fault *fault)
{
    struct json *told = json_new_object();
    json_set_text(told, "login_url", login_url);
    finish(trip, ERR_UNSUPPORTED, told, fault);
}

// Takes `told`. Of what was begun here it also says how it is found again.
static void finish_begun(struct trip *trip, struct json *told)
{
    const struct session_private *session = trip->session;
    if (session->form[0] != '\0') {
        char words[REQUEST_ID_BYTES];
        char link[FORM_LINK_BYTES];
        struct open_forms_begun_private begun = {.alive_s = session->alive_s,
                                                 .session = session->known};
        memcpy(begun.form, session->form, sizeof begun.form);
        memcpy(begun.submission, session->submission, sizeof begun.submission);
        open_forms_begun_write(&begun, link);
        json_set_text(told, "link", link);
        struct text request;
        text_init(&request, words, sizeof words);
        text_format(&request, "forms:%s", session->submission);
        json_set_text(told, "request", words);
        wipe(&begun, sizeof begun);
        wipe(link, sizeof link);
    }
    finish(trip, OK, told, NULL);
}

static void fail(struct trip *trip, const struct fault *fault)
{
    finish(trip, fault->err, NULL, fault);
}

// Takes `told`; the trip is gone before its answer is told.
static void finish(struct trip *trip, enum err err, struct json *told, const struct fault *fault)
{
    const backoffice_form_fn done = trip->done;
    void *asker = trip->ctx;
    struct fault found = {0};
    if (fault != NULL) {
        found = *fault;
    }
    trip_free(trip);
    done(asker, err, told, &found);
    json_wipe_free(told);
}

static void trip_free(struct trip *trip)
{
    if (trip->previous != NULL) {
        trip->previous->next = trip->next;
    } else {
        trip->house->trips = trip->next;
    }
    if (trip->next != NULL) {
        trip->next->previous = trip->previous;
    }
    if (trip->session != NULL) {
        trip->session->errands_count--;
    }
    loop_timer_free(trip->timer);
    open_forms_view_finish(&trip->view);
    wipe(trip, sizeof *trip);
    free(trip);
}
