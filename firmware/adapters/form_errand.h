// SPDX-License-Identifier: EUPL-1.2
//
// One question about a form, on its way to its source and back.
#ifndef INLOOP_ADAPTERS_FORM_ERRAND_H
#define INLOOP_ADAPTERS_FORM_ERRAND_H

#include "base/clock.h"
#include "base/config.h"

#include "ports/backoffice.h"

struct loop;   // link/loop.h
struct source; // adapters/source.h

enum errand_kind { ERRAND_BEGIN, ERRAND_OPEN, ERRAND_SAVE, ERRAND_SEND, ERRAND_UPLOAD };

struct errand_private {
    enum errand_kind kind;
    struct backoffice_form_private form;
    char published[UUID_TEXT_BYTES]; // of BEGIN: which form
    struct backoffice_consent consent;
    struct json *base; // of SAVE and SEND; owned
    struct json *data;
    const struct backoffice_file_private *file; // of UPLOAD; kept until it is answered
};

// Asks the two sources of forms, and the Documenten API for what belongs to a task.
// `klantinteracties` says whose BSN a party is.
struct form_desk;
struct form_desk_options {
    struct loop *loop;
    const struct clock *clock;
    const struct config *config;
    struct source *klantinteracties; // kept
    struct source *taken;            // kept; NULL: not configured
};
// Reads `open_forms.url`, without which submissions are ERR_UNSUPPORTED, `open_forms.token`,
// without which there is no catalogue, and `documenten.url`, without which documents for a task are
// ERR_UNSUPPORTED.
MUST_USE enum err form_desk_open(struct form_desk **desk, const struct form_desk_options *options,
                                 struct fault *fault);
// Close after the sources. Running errands are dropped without an answer. NULL allowed.
void form_desk_close(struct form_desk *desk);
// Takes what `errand` owns and wipes it. `done` as in the port: once, later, from the loop.
void form_desk_ask(struct form_desk *desk, struct errand_private *errand, backoffice_form_fn done,
                   void *ctx);
bool form_desk_has_catalogue(const struct form_desk *desk);
void form_desk_catalogue(struct form_desk *desk, backoffice_catalogue_fn done, void *ctx);

#endif
