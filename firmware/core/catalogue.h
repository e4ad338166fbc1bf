// SPDX-License-Identifier: EUPL-1.2
//
// The catalogue: the forms a municipality publishes, for anybody to begin. Nothing of it is
// personal. Pure.
#ifndef INLOOP_CORE_CATALOGUE_H
#define INLOOP_CORE_CATALOGUE_H

#include "base/entropy.h"
#include "core/request.h"

enum { CATALOGUE_MAX = 128, CATALOGUE_TITLE_BYTES = 160 };

struct published {
    char id[UUID_TEXT_BYTES];
    char title[CATALOGUE_TITLE_BYTES];
    char url[REQUEST_LINK_BYTES]; // its page, for a phone; may be empty
    bool is_here;                 // it asks for no login and no payment: it may be begun in a hall
    enum request_subject subject;
    char service; // letter of the queue that can help; 0: the municipality does not say
};

struct catalogue {
    struct published forms[CATALOGUE_MAX]; // by title
    size_t forms_count;
};

// Puts a copy in at its place. When it is full the last title falls out.
void catalogue_add(struct catalogue *catalogue, const struct published *form);
// Borrowed, or NULL.
const struct published *catalogue_find(const struct catalogue *catalogue, const char *id);

#endif
