// SPDX-License-Identifier: EUPL-1.2
//
// Registering one contact: find, make, name who served, leave follow-up work. Every delivery begins
// with finding, so that a lost answer or a restart never registers twice; the outbox of the hub
// gives one contact to one delivery at a time.
#include "adapters/klantinteracties.h"

#include "base/bytes.h"

#include <stdlib.h>

enum delivery_step {
    STEP_FIND_CONTACT,
    STEP_MAKE_CONTACT,
    STEP_FIND_ACTOR,
    STEP_MAKE_ACTOR,
    STEP_LINK_ACTOR,
    STEP_FOLLOWUP,
    STEP_DONE,
};

enum { FIND_PAGES_MAX = 5 };

struct delivery {
    struct source *source;
    const struct contact_settings *settings;
    struct contact_private contact;
    struct contact_progress progress;
    enum delivery_step step;
    unsigned page;
    backoffice_contact_fn done;
    void *ctx;
};

static void send_step(struct delivery *delivery);
static enum err build_step(struct delivery *delivery, struct source_request_private *request);
static void on_answer(void *ctx, enum err err, const struct source_answer *answer,
                      const struct fault *fault);
static enum err read_step(struct delivery *delivery, const struct source_answer *answer,
                          struct fault *fault);
static enum delivery_step step_after(struct delivery *delivery);
static bool writes(enum delivery_step step);
static void end(struct delivery *delivery, enum err err, const struct fault *fault);

struct delivery *delivery_start(struct source *source, const struct contact_settings *settings,
                                const struct contact_private *contact, backoffice_contact_fn done,
                                void *ctx)
{
    struct delivery *delivery = calloc(1, sizeof *delivery);
    CHECK(delivery != NULL);
    delivery->source = source;
    delivery->settings = settings;
    delivery->contact = *contact;
    delivery->page = 1;
    delivery->done = done;
    delivery->ctx = ctx;
    send_step(delivery);
    return delivery;
}

void delivery_drop(struct delivery *delivery)
{
    if (delivery != NULL) {
        wipe(delivery, sizeof *delivery);
        free(delivery);
    }
}

static void send_step(struct delivery *delivery)
{
    struct source_request_private request;
    const enum err err = build_step(delivery, &request);
    // Every field is bounded by the port's struct, so that a request always fits.
    CHECK(err == OK);
    source_send(delivery->source, &request, on_answer, delivery);
    wipe(&request, sizeof request);
}

static enum err build_step(struct delivery *delivery, struct source_request_private *request)
{
    switch (delivery->step) {
    case STEP_FIND_CONTACT:
        return contact_find_request(request, delivery->settings, &delivery->contact,
                                    delivery->page);
    case STEP_MAKE_CONTACT:
        return contact_make_request(request, delivery->settings, &delivery->contact);
    case STEP_FIND_ACTOR:
        return actor_find_request(request, &delivery->contact);
    case STEP_MAKE_ACTOR:
        return actor_make_request(request, &delivery->contact);
    case STEP_LINK_ACTOR:
        return actor_link_request(request, &delivery->progress);
    case STEP_FOLLOWUP:
        return followup_request(request, delivery->settings, &delivery->contact,
                                &delivery->progress);
    case STEP_DONE:
        break;
    }
    return ERR_STATE;
}

static void on_answer(void *ctx, enum err err, const struct source_answer *answer,
                      const struct fault *fault)
{
    struct delivery *delivery = ctx;
    if (err != OK) {
        // A write whose answer is lost may have been done: the next delivery finds out.
        end(delivery, writes(delivery->step) || err != ERR_TIMEOUT ? ERR_UNKNOWN : err, fault);
        return;
    }
    struct fault found = {0};
    err = read_step(delivery, answer, &found);
    if (err == ERR_UNAVAILABLE && writes(delivery->step) && answer->status >= 500) {
        // What stands between us may say so after the deed.
        err = ERR_UNKNOWN;
    }
    // Only the register's own refusal is final. A page of somebody in between, an answer cut short,
    // an address that is gone for a while: the contact waits, and the next delivery finds first.
    const bool is_refused = err == ERR_MALFORMED && answer->status >= 400 && answer->status < 500;
    if (err != OK && err != ERR_UNAVAILABLE && !is_refused) {
        err = writes(delivery->step) ? ERR_UNKNOWN : ERR_UNAVAILABLE;
    }
    if (err != OK) {
        end(delivery, err, &found);
        return;
    }
    delivery->step = step_after(delivery);
    if (delivery->step == STEP_DONE) {
        end(delivery, OK, NULL);
        return;
    }
    send_step(delivery);
}

static enum err read_step(struct delivery *delivery, const struct source_answer *answer,
                          struct fault *fault)
{
    struct contact_progress *progress = &delivery->progress;
    switch (delivery->step) {
    case STEP_FIND_CONTACT:
        return contact_find_read(answer, delivery->contact.key, progress, fault);
    case STEP_MAKE_CONTACT:
        return contact_make_read(answer, progress, fault);
    case STEP_FIND_ACTOR:
        return actor_find_read(answer, progress, fault);
    case STEP_MAKE_ACTOR:
        return actor_make_read(answer, progress, fault);
    case STEP_LINK_ACTOR:
    case STEP_FOLLOWUP:
        return created_read(answer, fault);
    case STEP_DONE:
        break;
    }
    return ERR_STATE;
}

static enum delivery_step step_after(struct delivery *delivery)
{
    const struct contact_progress *progress = &delivery->progress;
    const bool owes_followup = delivery->contact.outcome != FINISH_DONE && !progress->has_followup;
    switch (delivery->step) {
    case STEP_FIND_CONTACT:
        if (progress->contact[0] == '\0') {
            if (progress->has_more && delivery->page < FIND_PAGES_MAX) {
                delivery->page++;
                return STEP_FIND_CONTACT;
            }
            return STEP_MAKE_CONTACT;
        }
        return progress->has_actor && !owes_followup ? STEP_DONE : STEP_FIND_ACTOR;
    case STEP_MAKE_CONTACT:
        return STEP_FIND_ACTOR;
    case STEP_FIND_ACTOR:
        if (progress->actor[0] == '\0') {
            return STEP_MAKE_ACTOR;
        }
        return progress->has_actor ? STEP_FOLLOWUP : STEP_LINK_ACTOR;
    case STEP_MAKE_ACTOR:
        return progress->has_actor ? STEP_FOLLOWUP : STEP_LINK_ACTOR;
    case STEP_LINK_ACTOR:
        return owes_followup ? STEP_FOLLOWUP : STEP_DONE;
    case STEP_FOLLOWUP:
    case STEP_DONE:
        break;
    }
    return STEP_DONE;
}

static bool writes(enum delivery_step step)
{
    return step != STEP_FIND_CONTACT && step != STEP_FIND_ACTOR;
}

static void end(struct delivery *delivery, enum err err, const struct fault *fault)
{
    const struct fault none = {0};
    const backoffice_contact_fn done = delivery->done;
    void *ctx = delivery->ctx;
    char contact[UUID_TEXT_BYTES];
    text_copy_cut(contact, sizeof contact, delivery->progress.contact);
    delivery_drop(delivery);
    done(ctx, err, contact, fault == NULL ? &none : fault);
}
