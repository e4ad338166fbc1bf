// SPDX-License-Identifier: EUPL-1.2
//
// The searches go one after the other and end as soon as there are two: then nobody can say which.
// Spellings that are rare are asked only while nobody is found.
#include "adapters/identity.h"

#include "adapters/brp.h"
#include "base/bytes.h"

#include <stdlib.h>

struct identity {
    struct source *brp;
    struct source *klantinteracties;
    struct backoffice_document_private document;
    struct zone_spellings_private spellings;
    size_t asked_count;
    struct brp_search_private search;
    identity_done_fn done;
    void *ctx;
};

static void ask_register(struct identity *identity);
static void on_register(void *ctx, enum err err, const struct source_answer *answer,
                        const struct fault *fault);
static bool has_more_to_ask(const struct identity *identity);
static enum err verdict(const struct identity *identity, struct fault *fault);
static void ask_party(struct identity *identity);
static void on_party(void *ctx, enum err err, const struct source_answer *answer,
                     const struct fault *fault);
static void end(struct identity *identity, enum err err, const char *party,
                const struct party_private *found, const struct fault *fault);

struct identity *identity_start(struct source *brp, struct source *klantinteracties,
                                const struct backoffice_document_private *document,
                                identity_done_fn done, void *ctx)
{
    struct identity *identity = calloc(1, sizeof *identity);
    CHECK(identity != NULL);
    identity->brp = brp;
    identity->klantinteracties = klantinteracties;
    identity->document = *document;
    identity->done = done;
    identity->ctx = ctx;
    zone_spellings(document->surname, document->is_name_cut, &identity->spellings);
    ask_register(identity);
    return identity;
}

void identity_drop(struct identity *identity)
{
    if (identity != NULL) {
        wipe(identity, sizeof *identity);
        free(identity);
    }
}

static void ask_register(struct identity *identity)
{
    struct source_request_private request;
    const char *spelling = identity->spellings.words[identity->asked_count++];
    const enum err err = brp_search_request(&request, spelling, identity->document.birth_date);
    CHECK(err == OK); // a spelling is bounded
    source_send(identity->brp, &request, on_register, identity);
    wipe(&request, sizeof request);
}

static void on_register(void *ctx, enum err err, const struct source_answer *answer,
                        const struct fault *fault)
{
    struct identity *identity = ctx;
    struct fault found = *fault;
    const struct zone_holder zone = {.surname = identity->document.surname,
                                     .given = identity->document.given,
                                     .is_name_cut = identity->document.is_name_cut};
    if (err == OK) {
        err = brp_search_read(answer, &zone, identity->document.birth_date, &identity->search,
                              &found);
    }
    if (err == OK && has_more_to_ask(identity)) {
        ask_register(identity);
        return;
    }
    if (err == OK) {
        err = verdict(identity, &found);
    }
    if (err == OK) {
        ask_party(identity);
    } else {
        // Not the register's word for a person: an address of its own that is gone.
        const bool is_answered = answer != NULL && (answer->status == 200 || answer->status == 400);
        end(identity, err == ERR_NOT_FOUND && !is_answered ? ERR_UNAVAILABLE : err, "", NULL,
            &found);
    }
}

static bool has_more_to_ask(const struct identity *identity)
{
    const struct zone_spellings_private *spellings = &identity->spellings;
    const bool is_found = identity->search.bsn[0] != '\0';
    const size_t wanted_count = is_found ? spellings->plain_count : spellings->count;
    return !identity->search.has_others && identity->asked_count < wanted_count;
}

static enum err verdict(const struct identity *identity, struct fault *fault)
{
    const struct brp_search_private *search = &identity->search;
    const bool is_found = search->bsn[0] != '\0';
    if (search->has_others || (is_found && !search->fits) ||
        (!is_found && identity->spellings.is_incomplete)) {
        return fault_set(fault, ERR_DUPLICATE, "brp: not sure which person");
    }
    return is_found ? OK : fault_set(fault, ERR_NOT_FOUND, "brp: nobody of that name and day");
}

static void ask_party(struct identity *identity)
{
    struct source_request_private request;
    const enum err err = party_find_request(&request, identity->search.bsn);
    CHECK(err == OK); // the search took valid numbers only
    source_send(identity->klantinteracties, &request, on_party, identity);
    wipe(&request, sizeof request);
}

static void on_party(void *ctx, enum err err, const struct source_answer *answer,
                     const struct fault *fault)
{
    struct identity *identity = ctx;
    struct fault found = *fault;
    char party[UUID_TEXT_BYTES] = "";
    struct party_private theirs = {0};
    if (err == OK) {
        err = party_find_read(answer, identity->search.bsn, party, &theirs, &found);
        err = err == ERR_NOT_FOUND ? ERR_UNAVAILABLE : err; // 404: no such address
    }
    // Without a party the person is known all the same.
    theirs.is_secret = party[0] != '\0' && theirs.is_secret;
    text_copy_cut(theirs.bsn, sizeof theirs.bsn, identity->search.bsn);
    end(identity, err, party, &theirs, &found);
    wipe(&theirs, sizeof theirs);
}

static void end(struct identity *identity, enum err err, const char *party,
                const struct party_private *found, const struct fault *fault)
{
    const identity_done_fn done = identity->done;
    void *asker = identity->ctx;
    identity_drop(identity);
    done(asker, err, party, found, fault);
}
