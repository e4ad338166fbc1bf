// SPDX-License-Identifier: EUPL-1.2
//
// What the sources of forms share about a document: the request that carries it, the answer to its
// question that names it, and what a refusal means. Pure.
#ifndef INLOOP_ADAPTERS_FORM_FILE_H
#define INLOOP_ADAPTERS_FORM_FILE_H

#include "adapters/source.h"
#include "ports/backoffice.h"

enum { FORM_FILE_NAME_MAX = 255 }; // bytes; as long as both APIs take

// Gives `request` a multipart/form-data body (RFC 7578): the field `word_name` and, as the field
// `file_name`, the file. The file is kept until the answer. Finish `request`. ERR_MALFORMED: a name
// that is not sound.
MUST_USE enum err form_file_body(struct source_request_private *request, const char *word_name,
                                 const char *word, const char *file_name,
                                 const struct backoffice_file_private *file);
// Printable, neither empty nor longer than FORM_FILE_NAME_MAX.
bool form_file_name_is_sound(const char *name);
// form.io's value for one file that stands at `url`, under `name`. Caller frees.
struct json *form_file_value(const char *url, const char *base_url, const char *name,
                             const struct backoffice_file_private *file);
// ERR_REFUSED: this document is not taken. The rest as source_refusal.
enum err form_file_refusal(const char *source, int status, struct fault *fault);

#endif
