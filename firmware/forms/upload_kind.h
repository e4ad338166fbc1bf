// SPDX-License-Identifier: EUPL-1.2
//
// The four kinds of document we take from a phone: what a file is by its first bytes, what its
// sender says it is, what a question allows, and that in words. Pure.
#ifndef INLOOP_FORMS_UPLOAD_KIND_H
#define INLOOP_FORMS_UPLOAD_KIND_H

#include "base/json.h"

enum upload_kind { UPLOAD_JPEG, UPLOAD_PNG, UPLOAD_PDF, UPLOAD_HEIC, UPLOAD_KINDS_COUNT };
enum { UPLOAD_BYTES_MAX = 20 * 1024 * 1024, UPLOAD_NAME_BYTES = 128, UPLOAD_ACCEPT_BYTES = 256 };
enum { UPLOAD_KINDS_BYTES = 64, UPLOAD_SIZE_BYTES = 32 };

// What a question allows; bit n is enum upload_kind n. 0: nothing that we take.
struct upload_rule {
    unsigned kinds;
    size_t bytes_max; // at most UPLOAD_BYTES_MAX
};

// UPLOAD_KINDS_COUNT: none of the four.
enum upload_kind upload_kind_of(const void *bytes, size_t len);
// True when the type or the ending of the name says that it is something else than `kind`.
bool upload_kind_is_denied(enum upload_kind kind, const char *type, const char *name);
const char *upload_kind_type(enum upload_kind kind); // "image/jpeg"
// Of a form.io file component: filePattern, file.type, fileMaxSize.
struct upload_rule upload_rule_of(const struct json *component);
// "JPEG, PDF".
void upload_kinds_words(unsigned kinds, char out[UPLOAD_KINDS_BYTES]);
// The kind of a type: "JPEG"; "" for one that is none of ours.
const char *upload_type_word(const char *type);
// "5 MB", in whole ones, on one line.
void upload_size_words(size_t bytes, char out[UPLOAD_SIZE_BYTES]);
// For a browser: "image/jpeg,.jpg,...".
void upload_accept(unsigned kinds, char out[UPLOAD_ACCEPT_BYTES]);
// The sender's name for it without folders and with an ending that fits; "document.jpg" when it has
// none.
void upload_name(enum upload_kind kind, const char *said, char out[UPLOAD_NAME_BYTES]);

#endif
