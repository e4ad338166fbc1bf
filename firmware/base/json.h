// SPDX-License-Identifier: EUPL-1.2
//
// JSON (RFC 8259), strict and bounded: reading what others send, writing what we say. The one file
// that knows jansson.
#ifndef INLOOP_BASE_JSON_H
#define INLOOP_BASE_JSON_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json; // one value; children are borrowed from their parent

enum { JSON_DEPTH_MAX = 32 };

// Gives a new value in `*json`, to be freed with json_free. One value of UTF-8, nothing behind it,
// no key twice in an object, no NUL in a string, at most JSON_DEPTH_MAX deep, else ERR_MALFORMED.
// The caller bounds `len`.
MUST_USE enum err json_parse(const char *bytes, size_t len, struct json **json);
void json_free(struct json *json); // wipes nothing: json_wipe_free does
// Overwrites every string inside with zeros, then frees. For answers that hold personal data.
void json_wipe_free(struct json *json);
struct json *json_clone(const struct json *json); // deep; caller frees

bool json_has_keys(const struct json *json);  // is an object
bool json_is_list(const struct json *json);   // is an array
bool json_is_absent(const struct json *json); // null or NULL: absent and null are one here

// Reading never fails loudly: what is absent or of another type gives NULL, ERR_NOT_FOUND or 0.
// `json` may be NULL everywhere below. Borrowed pointers live as long as the root.
const struct json *json_get(const struct json *object, const char *key);
// "a.b.c" steps through objects; array positions are digits: "steps.0.name".
const struct json *json_path(const struct json *json, const char *path);
const char *json_text(const struct json *json);
const char *json_get_text(const struct json *object, const char *key);
MUST_USE enum err json_get_int(const struct json *object, const char *key, int64_t *value);
MUST_USE enum err json_get_bool(const struct json *object, const char *key, bool *value);
MUST_USE enum err json_whole(const struct json *json, int64_t *value);
MUST_USE enum err json_double(const struct json *json, double *value); // whole numbers too
MUST_USE enum err json_truth(const struct json *json, bool *value);
size_t json_len(const struct json *json); // of an array or object
const struct json *json_at(const struct json *array, size_t index);
// Steps through an object in insertion order: start with *iter = NULL; false at the end.
bool json_each(const struct json *object, void **iter, const char **key, const struct json **value);

// Writing. Every function that is given a child takes it. Running out of memory stops the process.
struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_text(const char *words); // words must be valid UTF-8
struct json *json_new_int(int64_t value);
struct json *json_new_real(double value);
struct json *json_new_bool(bool value);
struct json *json_new_null(void);
void json_set(struct json *object, const char *key, struct json *child);
void json_set_text(struct json *object, const char *key, const char *words); // NULL writes null
void json_set_int(struct json *object, const char *key, int64_t value);
void json_set_bool(struct json *object, const char *key, bool value);
void json_append(struct json *array, struct json *child);
// For changing what one owns: borrowed until that member or item is replaced; NULL when absent.
struct json *json_member(struct json *object, const char *key);
struct json *json_item(struct json *array, size_t index);
void json_set_at(struct json *array, size_t index, struct json *child); // the index exists
void json_remove(struct json *object, const char *key);                 // absent is well
void json_remove_at(struct json *array, size_t index);

// How long the text would be, at most; SIZE_MAX when it is nested deeper than `depth_max`
// (JSON_DEPTH_MAX at most).
size_t json_bytes(const struct json *json, size_t depth_max);

// Compact text, terminated. ERR_TOO_BIG: `out` is too small; then it holds the empty string.
MUST_USE enum err json_write(const struct json *json, char *out, size_t out_bytes, size_t *out_len);
// The same in new memory; caller frees with free().
char *json_write_new(const struct json *json);
bool json_same(const struct json *left, const struct json *right);

#endif
