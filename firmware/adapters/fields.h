// SPDX-License-Identifier: EUPL-1.2
//
// Fields that the Dutch APIs share: dates, UUIDs and words out of JSON, and the municipality's own
// list of what a case or task is about. Pure.
#ifndef INLOOP_ADAPTERS_FIELDS_H
#define INLOOP_ADAPTERS_FIELDS_H

#include "base/config.h"
#include "base/json.h"
#include "base/text.h"
#include "core/request.h"

enum { BSN_TEXT_BYTES = 10 };

// Copies a text field for reading, cut at a whole character. Absent or unprintable gives "".
void field_words(const struct json *object, const char *key, char *out, size_t out_bytes);
// Lower-case UUID only. ERR_MALFORMED else.
MUST_USE enum err field_uuid(const struct json *object, const char *key, char *out);
// An https address for the person's own phone. Anything else, with a name and password before the
// host, or longer than fits: "".
void field_link(const struct json *object, const char *key, char *out, size_t out_bytes);
bool bsn_is_valid(const char *words); // nine digits that pass the eleven test
// A date's first and last second on the wall clock of the hall. 0 when absent or not a date.
int64_t field_day_start_ms(const struct json *object, const char *key);
int64_t field_day_end_ms(const struct json *object, const char *key);
// A moment with its offset; a date alone ends with its day. 0 when absent or neither.
int64_t field_moment_ms(const struct json *object, const char *key);

struct about {
    enum request_subject subject;
    enum request_class class;
    char service;
};

// What the municipality says a zaaktype is about. False: not on its list. Borrows `config`.
bool about_case_type(const struct config *config, const char *type, struct about *about);
// What it says a published form is about, by the form's short name. Likewise.
bool about_form(const struct config *config, const char *slug, struct about *about);
// The first `task.<word>` line whose word stands in the title, in any case.
bool about_task_title(const struct config *config, const char *title, struct about *about);

#endif
