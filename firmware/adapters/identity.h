// SPDX-License-Identifier: EUPL-1.2
//
// Whom a document means: the BRP by name and birth date, spelling by spelling, then the party of
// the one person that was found. Owns the number while it runs.
#ifndef INLOOP_ADAPTERS_IDENTITY_H
#define INLOOP_ADAPTERS_IDENTITY_H

#include "adapters/klantinteracties.h"

struct identity;

// OK: `found` with the number; `party` "" when there is none. ERR_NOT_FOUND, ERR_DUPLICATE as in
// the port; others: a source failed. Both are wiped after return.
typedef void (*identity_done_fn)(void *ctx, enum err err, const char *party,
                                 const struct party_private *found, const struct fault *fault);

// Copies `document` and wipes the copy; keeps the sources.
struct identity *identity_start(struct source *brp, struct source *klantinteracties,
                                const struct backoffice_document_private *document,
                                identity_done_fn done, void *ctx);
// Drops it without an answer; after `done` it frees itself. NULL allowed.
void identity_drop(struct identity *identity);

#endif
