// SPDX-License-Identifier: EUPL-1.2
//
// Klantinteracties API 0.9.0 (Open Klant 2): who a party is, and registering a contact the way KISS
// does, so that the desktops of a contact centre show it as their own. Everything but
// the delivery is pure.
#ifndef INLOOP_ADAPTERS_KLANTINTERACTIES_H
#define INLOOP_ADAPTERS_KLANTINTERACTIES_H

#include "adapters/fields.h"
#include "adapters/source.h"
#include "ports/backoffice.h"

enum { CHANNEL_BYTES = 51, ACTOR_ID_BYTES = 64 };

struct party_private {
    char bsn[BSN_TEXT_BYTES];
    char language[LANGUAGE_BYTES]; // "nl" where we know the two letters, else the API's three
    bool is_secret;
};

MUST_USE enum err party_request(struct source_request_private *request, const char *party);
// ERR_NOT_FOUND: unknown, not active, no person or without BSN. ERR_MALFORMED: another party.
MUST_USE enum err party_read(const struct source_answer *answer, const char *party,
                             struct party_private *found, struct fault *fault);

// The party of a person: the API finds one by the number in its address and offers nothing else.
MUST_USE enum err party_find_request(struct source_request_private *request, const char *bsn);
// OK with an empty `party`: none, or several, of which nobody can say which is meant. Parties that
// are not active do not count. ERR_MALFORMED: not a list, or about somebody else.
MUST_USE enum err party_find_read(const struct source_answer *answer, const char *bsn,
                                  char party[UUID_TEXT_BYTES], struct party_private *found,
                                  struct fault *fault);

// Fixed for a municipality.
struct contact_settings {
    char channel[CHANNEL_BYTES];                 // kanaal
    char followup_actor[UUID_TEXT_BYTES];        // may be empty
    char followup_action[CONTACT_SUBJECT_BYTES]; // gevraagdeHandeling
};
MUST_USE enum err contact_settings_read(struct contact_settings *settings,
                                        const struct config *config, struct fault *fault);

// What of one contact already stands in the register.
struct contact_progress {
    char contact[UUID_TEXT_BYTES]; // empty: not yet
    bool has_actor;
    bool has_followup;
    char actor[UUID_TEXT_BYTES]; // who served, once looked up
    bool has_more;               // of the pages of earlier contacts
};

// The contact with our key among those of the same moment, channel and party: the API filters by
// these three, the key itself stands in the metadata. `page` from 1.
MUST_USE enum err contact_find_request(struct source_request_private *request,
                                       const struct contact_settings *settings,
                                       const struct contact_private *contact, unsigned page);
MUST_USE enum err contact_find_read(const struct source_answer *answer, const char *key,
                                    struct contact_progress *progress, struct fault *fault);
MUST_USE enum err contact_make_request(struct source_request_private *request,
                                       const struct contact_settings *settings,
                                       const struct contact_private *contact);
MUST_USE enum err contact_make_read(const struct source_answer *answer,
                                    struct contact_progress *progress, struct fault *fault);
MUST_USE enum err actor_find_request(struct source_request_private *request,
                                     const struct contact_private *contact);
// OK with an empty progress->actor: not there yet.
MUST_USE enum err actor_find_read(const struct source_answer *answer,
                                  struct contact_progress *progress, struct fault *fault);
MUST_USE enum err actor_make_request(struct source_request_private *request,
                                     const struct contact_private *contact);
MUST_USE enum err actor_make_read(const struct source_answer *answer,
                                  struct contact_progress *progress, struct fault *fault);
MUST_USE enum err actor_link_request(struct source_request_private *request,
                                     const struct contact_progress *progress);
MUST_USE enum err followup_request(struct source_request_private *request,
                                   const struct contact_settings *settings,
                                   const struct contact_private *contact,
                                   const struct contact_progress *progress);
// Of the two calls above: 201 or a refusal.
MUST_USE enum err created_read(const struct source_answer *answer, struct fault *fault);

// Registers one contact, step by step, beginning with what already stands: the same contact may be
// delivered any number of times. Copies `contact` and wipes the copy. `done` as in the port; a lost
// answer is ERR_UNKNOWN.
struct delivery;
struct delivery *delivery_start(struct source *source, const struct contact_settings *settings,
                                const struct contact_private *contact, backoffice_contact_fn done,
                                void *ctx);
// Drops it without an answer; after `done` it frees itself. NULL allowed.
void delivery_drop(struct delivery *delivery);

#endif
