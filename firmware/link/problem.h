// SPDX-License-Identifier: EUPL-1.2
//
// Errors for programs and people: application/problem+json (RFC 9457). Type is
// "urn:inloop:problem:<code>".
#ifndef INLOOP_LINK_PROBLEM_H
#define INLOOP_LINK_PROBLEM_H

#include "base/json.h"

#include <stddef.h>

#define PROBLEM_CONTENT_TYPE "application/problem+json"
enum { PROBLEM_BYTES = 1024 };

// {"type","title","status","code","detail"}. `detail` may be NULL and is cut when long; it never
// holds personal data. Gives the length.
size_t problem_write(char *out, size_t out_bytes, int status, const char *code, const char *detail);
// The same as a value, for callers that add members; caller frees.
struct json *problem_new(int status, const char *code, const char *detail);

#endif
