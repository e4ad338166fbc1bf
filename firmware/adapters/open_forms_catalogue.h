// SPDX-License-Identifier: EUPL-1.2
//
// The forms that Open Forms publishes (API v2, `GET /forms`), as the catalogue.
#ifndef INLOOP_ADAPTERS_OPEN_FORMS_CATALOGUE_H
#define INLOOP_ADAPTERS_OPEN_FORMS_CATALOGUE_H

#include "adapters/open_forms.h"
#include "base/clock.h"
#include "base/config.h"

enum { OPEN_FORMS_LIST_BYTES_MAX = 2 * 1024 * 1024 }; // a few hundred forms with their words

struct loop; // link/loop.h
struct open_forms_catalogue;

// Reads `open_forms.url`, `.token`, `.ca`, `.timeout_ms`; keeps `config`, which says what each form
// is about. ERR_NOT_FOUND: no url or no token.
MUST_USE enum err open_forms_catalogue_open(struct open_forms_catalogue **catalogue,
                                            struct loop *loop, const struct clock *clock,
                                            const struct config *config, struct fault *fault);
// Running questions are dropped without an answer. NULL allowed.
void open_forms_catalogue_close(struct open_forms_catalogue *catalogue);
// `done` once, later, from the loop.
void open_forms_catalogue_ask(struct open_forms_catalogue *catalogue, backoffice_catalogue_fn done,
                              void *ctx);

// Pure. A form that cannot be read, or is not for visitors, is left out. ERR_MALFORMED: no list.
MUST_USE enum err open_forms_catalogue_read(const struct open_forms_place *place,
                                            const struct config *config,
                                            const struct source_answer *answer,
                                            struct catalogue *catalogue, struct fault *fault);

#endif
