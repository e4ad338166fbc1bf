// SPDX-License-Identifier: EUPL-1.2
//
// One formuliertaak of Open VTB Taken 0.1.0 as a form to fill in. Pure. The API has no version to
// hold on to (no ETag), so whoever writes reads first and compares.
#ifndef INLOOP_ADAPTERS_TAKEN_FORM_H
#define INLOOP_ADAPTERS_TAKEN_FORM_H

#include "adapters/source.h"
#include "core/request.h"

enum taken_form_state { TAKEN_FORM_OPEN, TAKEN_FORM_DONE, TAKEN_FORM_OVER };

// Finish it on every path.
struct taken_form_private {
    enum taken_form_state state;
    char uuid[UUID_TEXT_BYTES];
    char reference[REQUEST_REFERENCE_BYTES]; // number of the case it belongs to; may be empty
    struct json *task;                       // the whole answer, owned
    const struct json *definition;           // its formulierDefinitie
    const struct json *received;             // its ontvangenGegevens; NULL: nothing yet
};

MUST_USE enum err taken_form_request(struct source_request_private *request, const char *uuid);
// ERR_NOT_FOUND: unknown or somebody else's. ERR_UNSUPPORTED: no formuliertaak. ERR_MALFORMED:
// another task, or none as the API describes it. `found` is zeroed unless OK.
MUST_USE enum err taken_form_read(const struct source_answer *answer, const char *uuid,
                                  const char *bsn, struct taken_form_private *found,
                                  struct fault *fault);
void taken_form_finish(struct taken_form_private *found); // wipes; zeroed memory allowed
// What the port tells of it. Caller frees with json_wipe_free.
struct json *taken_form_document(const struct taken_form_private *found);
// The task with these answers, and done when `is_last`. Finish `request`.
MUST_USE enum err taken_form_write_request(struct source_request_private *request,
                                           const struct taken_form_private *found,
                                           const struct json *data, bool is_last);
// The answers as `found` would hold them after that: keys of no question of the form stay.
struct json *taken_form_merge(const struct taken_form_private *found, const struct json *data);
// ERR_REFUSED with `*told` (caller frees): the source says what is wrong with which answer.
MUST_USE enum err taken_form_refusal(const struct source_answer *answer, struct json **told,
                                     struct fault *fault);

#endif
