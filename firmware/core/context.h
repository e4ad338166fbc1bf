// SPDX-License-Identifier: EUPL-1.2
//
// The context: what the counter may know before the person sits down. Typed fields, never a
// comment box; made once at issue from what the visitor agreed to; erased after the visit.
#ifndef INLOOP_CORE_CONTEXT_H
#define INLOOP_CORE_CONTEXT_H

#include "base/text.h"
#include "core/request.h"
#include "core/ticket.h"

enum {
    PERSON_NAME_BYTES = 200,
    PERSON_INITIALS_BYTES = 24,
    CONTEXT_OTHERS_MAX = REQUESTS_MAX,
    CONTEXT_KEY_BYTES = 128, // of a form's question
    CONTEXT_LABEL_BYTES = 200,
    CONTEXT_ERROR_BYTES = 64,
    CONTEXT_TRIED_BYTES = 128,
    CONTEXT_PAGES_MAX = 9999,
};

// The person as the register has it, minimal. `party` is the UUID in Klantinteracties.
struct person_private {
    char party[UUID_TEXT_BYTES];
    char name[PERSON_NAME_BYTES]; // for the counter; empty when the register keeps it secret
    char initials[PERSON_INITIALS_BYTES]; // "N. H.", for the kiosk's chip; empty as above
    struct date birth_date;               // month and day may be 0: unknown in the register
    char language[LANGUAGE_BYTES];        // preferred, may be empty
    bool is_secret;                       // geheimhouding: never by name, on no screen in the hall
};

// What the visitor agreed to share.
struct consent {
    bool person;
    bool request;
    bool others; // titles and states of the other open requests
};

// Where a visitor got stuck in a form, so that the counter goes on at the same question.
struct context_form_private {
    char id[UUID_TEXT_BYTES]; // the hub's name of the filling-in; empty: no hand-over
    uint16_t step;            // "step 2 of 4"
    uint16_t steps;
    uint16_t answered; // questions, of those asked
    uint16_t asked;
    char key[CONTEXT_KEY_BYTES];     // of the question; empty: the check page
    int item;                        // of the repeating group around it; -1: none
    char label[CONTEXT_LABEL_BYTES]; // of the question, as the visitor read it; may be empty
    char error[CONTEXT_ERROR_BYTES]; // stem of the phrase that stopped her: "too_short"; or empty
    char tried[CONTEXT_TRIED_BYTES]; // as typed last; empty when nothing was or it is sensitive
};

struct context_private {
    struct person_private person; // zeroed without consent
    struct evidence evidence;
    enum level level;
    bool has_request;
    struct request_private request; // with facts
    size_t others_count;
    struct {
        char id[REQUEST_ID_BYTES];
        char title[REQUEST_TITLE_BYTES];
        enum request_subject subject;
        enum request_state state;
        int64_t deadline_ms;
    } others[CONTEXT_OTHERS_MAX];
    struct context_form_private form; // with the request only
    char language[LANGUAGE_BYTES];
    uint32_t needs;
    struct consent consent;
};

// Builds what travels with a ticket. Borrows all; fills `context`. `request` may be NULL. What
// consent or policy (POLICY_CONTEXT at `level`) forbids is left zero; sensitive other requests are
// never among `others`.
void context_build(struct context_private *context, const struct person_private *person,
                   const struct request_list_private *list, const struct request_private *request,
                   struct consent consent);

#endif
