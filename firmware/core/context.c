// SPDX-License-Identifier: EUPL-1.2
//
// What travels with a ticket, after consent and policy.
#include "core/context.h"

#include "base/bytes.h"
#include "core/policy.h"

#include <string.h>

static void add_others(struct context_private *context, const struct request_list_private *list,
                       const struct request_private *request);

void context_build(struct context_private *context, const struct person_private *person,
                   const struct request_list_private *list, const struct request_private *request,
                   struct consent consent)
{
    enum level level = context->level;
    context->consent = consent;
    if (consent.person && level >= LEVEL_2) {
        context->person = *person;
    }
    if (consent.request && request != NULL &&
        policy_allows(request->class, level, POLICY_CONTEXT)) {
        context->has_request = true;
        context->request = *request;
    }
    if (consent.others) {
        add_others(context, list, request);
    }
}

static void add_others(struct context_private *context, const struct request_list_private *list,
                       const struct request_private *request)
{
    for (size_t i = 0; i < list->requests_count; i++) {
        const struct request_private *other = &list->requests[i];
        if ((request != NULL && strcmp(other->id, request->id) == 0) ||
            other->class == REQUEST_SENSITIVE ||
            !policy_allows(other->class, context->level, POLICY_CONTEXT)) {
            continue;
        }
        CHECK(context->others_count < CONTEXT_OTHERS_MAX);
        size_t at = context->others_count++;
        memcpy(context->others[at].id, other->id, sizeof other->id);
        memcpy(context->others[at].title, other->title, sizeof other->title);
        context->others[at].subject = other->subject;
        context->others[at].state = other->state;
        context->others[at].deadline_ms = other->deadline_ms;
    }
}
