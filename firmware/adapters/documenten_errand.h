// SPDX-License-Identifier: EUPL-1.2
//
// Bringing one document to the Documenten API: making it, filling it part by part, unlocking it.
#ifndef INLOOP_ADAPTERS_DOCUMENTEN_ERRAND_H
#define INLOOP_ADAPTERS_DOCUMENTEN_ERRAND_H

#include "base/clock.h"
#include "base/config.h"
#include "ports/backoffice.h"

struct documenten;
struct loop; // link/loop.h

// Reads `documenten.url`, `.client_id`, `.secret`, `.ca`, `.timeout_ms`, `.upload_timeout_ms` and
// what documenten_settings_read does. ERR_NOT_FOUND: no url.
MUST_USE enum err documenten_open(struct documenten **documenten, struct loop *loop,
                                  const struct clock *clock, const struct config *config,
                                  struct fault *fault);
// Documents on their way are dropped without an answer. NULL allowed.
void documenten_close(struct documenten *documenten);
// `done` as of the port's form_upload: once, later. Keeps `file` until then. What was made and
// never filled stays locked there, where nobody sees it.
void documenten_store(struct documenten *documenten, const struct backoffice_file_private *file,
                      backoffice_form_fn done, void *ctx);

#endif
