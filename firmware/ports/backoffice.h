// SPDX-License-Identifier: EUPL-1.2
//
// What the hub asks of the municipality's systems. Asynchronous: every question is answered exactly
// once, later, on the loop thread, also when the other side is slow, down, wrong or lying. The BSN
// never crosses this port: a person is named by the party's UUID.
#ifndef INLOOP_PORTS_BACKOFFICE_H
#define INLOOP_PORTS_BACKOFFICE_H

#include "core/context.h"

// What the visitor showed, after the hub checked its form and (for a token) its signature.
struct backoffice_code_private {
    bool is_paper;             // a paper reference instead of a live token
    char text[1100];           // the whole token or reference
    char key[UUID_TEXT_BYTES]; // idempotency key: the same key is answered the same
};

// OK: `party` is known at `evidence`. ERR_EXPIRED, ERR_GONE (used before), ERR_REFUSED (other
// audience), ERR_NOT_FOUND (unknown), ERR_CRYPTO: the visitor's code is no good. ERR_TIMEOUT,
// ERR_UNAVAILABLE, ERR_MALFORMED: the portal is.
typedef void (*backoffice_redeemed_fn)(void *ctx, enum err err, const char *party,
                                       struct evidence evidence, const struct fault *fault);
// ERR_NOT_FOUND: the register does not know this party, or not as a living resident.
typedef void (*backoffice_person_fn)(void *ctx, enum err err, const struct person_private *person,
                                     const struct fault *fault);
// Always with a list, perhaps incomplete (sources_failed) or empty; sorted, normalised, bounded.
typedef void (*backoffice_requests_fn)(void *ctx, const struct request_list_private *list,
                                       const struct fault *fault);
// OK: the contact stands in the register; `contact` is its UUID. ERR_UNKNOWN, ERR_TIMEOUT,
// ERR_UNAVAILABLE: ask again with the same record. Others: will never work, a person must look.
typedef void (*backoffice_contact_fn)(void *ctx, enum err err, const char *contact,
                                      const struct fault *fault);

enum { CONTACT_SUBJECT_BYTES = 201, CONTACT_WORDS_BYTES = 1001 };

// One contact about one subject (klantcontact). Comes from the hub's durable outbox; retries carry
// the same `key`, which travels to the register (metadata) so that a repeat is recognised.
struct contact_private {
    char key[UUID_TEXT_BYTES]; // the ticket's id
    char number[TICKET_NUMBER_BYTES];
    char party[UUID_TEXT_BYTES];    // empty: nobody known (then only sent with follow-up)
    char request[REQUEST_ID_BYTES]; // "taken:<uuid>" or "zaken:<uuid>", may be empty
    char subject[CONTACT_SUBJECT_BYTES];
    char words[CONTACT_WORDS_BYTES]; // fit for the resident to read
    char language[LANGUAGE_BYTES];
    char staff[STAFF_ID_BYTES]; // who served
    char desk[DESK_BYTES];
    int64_t happened_ms;
    enum finish_outcome outcome; // not DONE: an internetaak follows
    bool is_secret;
};

struct backoffice {
    const struct backoffice_ops *ops;
};

struct backoffice_ops {
    void (*redeem)(struct backoffice *backoffice, const struct backoffice_code_private *code,
                   backoffice_redeemed_fn done, void *ctx);
    void (*person)(struct backoffice *backoffice, const char *party, backoffice_person_fn done,
                   void *ctx);
    void (*requests)(struct backoffice *backoffice, const char *party, backoffice_requests_fn done,
                     void *ctx);
    void (*contact)(struct backoffice *backoffice, const struct contact_private *contact,
                    backoffice_contact_fn done, void *ctx);
};

#endif
