// SPDX-License-Identifier: EUPL-1.2
//
// Errands to Open Forms: beginning, resuming from the link, reading, comparing, writing, completing
// and asking on until the outcome is known. Holds the sessions, in memory alone.
#ifndef INLOOP_ADAPTERS_OPEN_FORMS_ERRAND_H
#define INLOOP_ADAPTERS_OPEN_FORMS_ERRAND_H

#include "adapters/form_errand.h"

enum { OPEN_FORMS_SESSIONS_MAX = 64, OPEN_FORMS_POLLS_MAX = 12, OPEN_FORMS_POLL_MS = 500 };

struct open_forms;

// Reads `open_forms.url`, `.ca`, `.timeout_ms`, `.upload_timeout_ms`; keeps `config`.
// ERR_NOT_FOUND: no url.
MUST_USE enum err open_forms_open(struct open_forms **open_forms, struct loop *loop,
                                  const struct clock *clock, const struct config *config,
                                  struct fault *fault);
// Running errands are dropped without an answer. NULL allowed.
void open_forms_close(struct open_forms *open_forms);
// Keeps `asked` until `done`, which comes once; within the call only when the link is not ours.
void open_forms_ask(struct open_forms *open_forms, const struct errand_private *asked,
                    backoffice_form_fn done, void *ctx);

#endif
