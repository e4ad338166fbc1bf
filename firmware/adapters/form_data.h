// SPDX-License-Identifier: EUPL-1.2
//
// What the sources of forms share: walking a definition's components, taking the answers of some of
// them, holding two sets of answers against each other, reading a refusal. Pure.
#ifndef INLOOP_ADAPTERS_FORM_DATA_H
#define INLOOP_ADAPTERS_FORM_DATA_H

#include "base/json.h"

enum { FORM_WALK_DEPTH_MAX = 8, FORM_WALK_COMPONENTS_MAX = 2000, FORM_INVALID_MAX = 64 };

// Steps through the components that hold something themselves; groups and columns are only passed
// through, a repeating group counts as one. Its own stack: a hostile form may nest them as deep as
// JSON allows; what lies deeper than FORM_WALK_DEPTH_MAX is passed as it stands.
struct form_walk {
    struct {
        const struct json *components;
        size_t next;
    } stack[FORM_WALK_DEPTH_MAX];
    size_t depth;
    size_t seen_count;
};

void form_walk_begin(struct form_walk *walk, const struct json *components);
const struct json *form_walk_next(struct form_walk *walk); // NULL at the end

// The answers of these components, by their keys ("a.b" is member b of a). Caller frees with
// json_wipe_free.
struct json *form_data_part(const struct json *data, const struct json *components);
// Puts the answers of these components from `from` into `data`; one that is absent stays as it is.
void form_data_add(struct json *data, const struct json *from, const struct json *components);
// True when both say the same. What is absent, null, "", [] or {} is one and the same: nothing; 18
// and 18.0 are one number. Sources differ in how they keep both.
bool form_data_same(const struct json *left, const struct json *right);

// {"invalid":[{"key","reason"}]} of a problem document's `invalidParams`, at most FORM_INVALID_MAX.
// The path before a key is left out ("steps[0].data.email" is about "email"); what is about no
// question has the key "". Caller frees.
struct json *form_refusal(const struct json *problem);
struct json *form_refusal_new(const char *key, const char *reason);

#endif
