// SPDX-License-Identifier: EUPL-1.2
//
// A thin strict skin over jansson.
#include "base/json.h"

#include "base/bytes.h"
#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { USUAL_BYTES = 2048 };

// `struct json` is jansson's json_t under our name; these two are the only casts.
static json_t *theirs(const struct json *json);
static struct json *ours(json_t *json);
static bool is_too_deep(const char *bytes, size_t len);
static void wipe_strings(json_t *root);
static size_t text_bytes(const json_t *json);
static size_t quoted_bytes(const char *words, size_t len);

// One level of a walk through a value.
struct frame {
    json_t *at;
    size_t index;
    void *iter;
};
static json_t *next_child(struct frame *frame);

enum err json_parse(const char *bytes, size_t len, struct json **json)
{
    CHECK(json != NULL);

    *json = NULL;
    if (is_too_deep(bytes, len)) {
        return ERR_MALFORMED;
    }
    json_error_t error;
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL) {
        return ERR_MALFORMED;
    }
    *json = ours(root);
    return OK;
}

void json_free(struct json *json)
{
    json_decref(theirs(json));
}

void json_wipe_free(struct json *json)
{
    if (json != NULL) {
        wipe_strings(theirs(json));
        json_decref(theirs(json));
    }
}

struct json *json_clone(const struct json *json)
{
    json_t *copy = json_deep_copy(theirs(json));
    CHECK(copy != NULL);
    return ours(copy);
}

bool json_has_keys(const struct json *json)
{
    return json_is_object(theirs(json));
}

bool json_is_list(const struct json *json)
{
    return json_is_array(theirs(json));
}

bool json_is_absent(const struct json *json)
{
    return json == NULL || json_is_null(theirs(json));
}

const struct json *json_get(const struct json *object, const char *key)
{
    return ours(json_object_get(theirs(object), key));
}

const struct json *json_path(const struct json *json, const char *path)
{
    const struct json *at = json;
    while (at != NULL && *path != '\0') {
        size_t len = strcspn(path, ".");
        char step[128];
        if (len >= sizeof step) {
            return NULL;
        }
        memcpy(step, path, len);
        step[len] = '\0';
        int64_t index = 0;
        if (json_is_list(at)) {
            at = text_to_int64(step, 0, 1 << 20, &index) == OK ? json_at(at, (size_t)index) : NULL;
        } else {
            at = json_get(at, step);
        }
        path += path[len] == '.' ? len + 1 : len;
    }
    return at;
}

const char *json_text(const struct json *json)
{
    return json_string_value(theirs(json));
}

const char *json_get_text(const struct json *object, const char *key)
{
    return json_text(json_get(object, key));
}

enum err json_get_int(const struct json *object, const char *key, int64_t *value)
{
    return json_whole(json_get(object, key), value);
}

enum err json_get_bool(const struct json *object, const char *key, bool *value)
{
    return json_truth(json_get(object, key), value);
}

enum err json_whole(const struct json *json, int64_t *value)
{
    if (!json_is_integer(theirs(json))) {
        return ERR_NOT_FOUND;
    }
    *value = json_integer_value(theirs(json));
    return OK;
}

enum err json_double(const struct json *json, double *value)
{
    if (!json_is_number(theirs(json))) {
        return ERR_NOT_FOUND;
    }
    *value = json_number_value(theirs(json));
    return OK;
}

enum err json_truth(const struct json *json, bool *value)
{
    if (!json_is_boolean(theirs(json))) {
        return ERR_NOT_FOUND;
    }
    *value = json_is_true(theirs(json));
    return OK;
}

size_t json_len(const struct json *json)
{
    return json_is_list(json) ? json_array_size(theirs(json)) : json_object_size(theirs(json));
}

const struct json *json_at(const struct json *array, size_t index)
{
    return ours(json_array_get(theirs(array), index));
}

bool json_each(const struct json *object, void **iter, const char **key, const struct json **value)
{
    json_t *root = theirs(object);
    if (root == NULL) {
        return false;
    }
    *iter = *iter == NULL ? json_object_iter(root) : json_object_iter_next(root, *iter);
    if (*iter == NULL) {
        return false;
    }
    *key = json_object_iter_key(*iter);
    *value = ours(json_object_iter_value(*iter));
    return true;
}

struct json *json_new_object(void)
{
    return ours(json_object());
}

struct json *json_new_array(void)
{
    return ours(json_array());
}

struct json *json_new_text(const char *words)
{
    return ours(json_string(words));
}

struct json *json_new_int(int64_t value)
{
    return ours(json_integer(value));
}

struct json *json_new_real(double value)
{
    return ours(json_real(value));
}

struct json *json_new_bool(bool value)
{
    return ours(json_boolean(value));
}

struct json *json_new_null(void)
{
    return ours(json_null());
}

void json_set(struct json *object, const char *key, struct json *child)
{
    CHECK(child != NULL);
    CHECK(json_object_set_new(theirs(object), key, theirs(child)) == 0);
}

void json_set_text(struct json *object, const char *key, const char *words)
{
    json_set(object, key, words == NULL ? json_new_null() : json_new_text(words));
}

void json_set_int(struct json *object, const char *key, int64_t value)
{
    json_set(object, key, json_new_int(value));
}

void json_set_bool(struct json *object, const char *key, bool value)
{
    json_set(object, key, json_new_bool(value));
}

void json_append(struct json *array, struct json *child)
{
    CHECK(child != NULL);
    CHECK(json_array_append_new(theirs(array), theirs(child)) == 0);
}

enum err json_write(const struct json *json, char *out, size_t out_bytes, size_t *out_len)
{
    CHECK(out_bytes > 0);

    size_t len = json_dumpb(theirs(json), out, out_bytes - 1, JSON_COMPACT | JSON_ENCODE_ANY);
    bool fits = len > 0 && len < out_bytes;
    out[fits ? len : 0] = '\0';
    *out_len = fits ? len : 0;
    return fits ? OK : ERR_TOO_BIG;
}

char *json_write_new(const struct json *json)
{
    // Mostly short: once through here, where growing by doubling would copy it six times.
    char here[USUAL_BYTES];
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t len = json_dumpb(theirs(json), here, sizeof here, flags);
    CHECK(len > 0);
    char *words = malloc(len + 1);
    CHECK(words != NULL);
    if (len <= sizeof here) {
        memcpy(words, here, len);
    } else {
        CHECK(json_dumpb(theirs(json), words, len, flags) == len);
    }
    words[len] = '\0';
    wipe(here, len < sizeof here ? len : sizeof here);
    return words;
}

struct json *json_member(struct json *object, const char *key)
{
    return ours(json_object_get(theirs(object), key));
}

struct json *json_item(struct json *array, size_t index)
{
    return ours(json_array_get(theirs(array), index));
}

void json_set_at(struct json *array, size_t index, struct json *child)
{
    CHECK(child != NULL);
    CHECK(json_array_set_new(theirs(array), index, theirs(child)) == 0);
}

void json_remove(struct json *object, const char *key)
{
    (void)json_object_del(theirs(object), key); // absent is well
}

void json_remove_at(struct json *array, size_t index)
{
    CHECK(json_array_remove(theirs(array), index) == 0);
}

size_t json_bytes(const struct json *json, size_t depth_max)
{
    CHECK(depth_max <= JSON_DEPTH_MAX);

    struct frame frames[JSON_DEPTH_MAX + 1] = {{.at = theirs(json)}};
    size_t depth = 1;
    size_t bytes = text_bytes(theirs(json));
    while (depth > 0) {
        json_t *child = next_child(&frames[depth - 1]);
        if (child == NULL) {
            depth--;
            continue;
        }
        void *iter = frames[depth - 1].iter;
        bytes += text_bytes(child) + 1;
        const char *key = iter == NULL ? NULL : json_object_iter_key(iter);
        bytes += key == NULL ? 0 : quoted_bytes(key, strlen(key)) + 1;
        if (json_array_size(child) + json_object_size(child) == 0) {
            continue;
        }
        if (depth == depth_max) {
            return SIZE_MAX;
        }
        frames[depth] = (struct frame){.at = child};
        depth++;
    }
    return bytes;
}

bool json_same(const struct json *left, const struct json *right)
{
    return json_equal(theirs(left), theirs(right)) == 1;
}

static json_t *theirs(const struct json *json)
{
    union {
        const struct json *in;
        json_t *out;
    } cast = {.in = json};
    return cast.out;
}

static struct json *ours(json_t *json)
{
    return (struct json *)json;
}

// Counts brackets outside strings, so that hostile nesting never reaches the recursive parser.
static bool is_too_deep(const char *bytes, size_t len)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        if (in_string && bytes[i] == '\\') {
            i++; // the escaped character cannot end the string
        } else if (in_string) {
            in_string = bytes[i] != '"';
        } else if (bytes[i] == '"') {
            in_string = true;
        } else if (bytes[i] == '{' || bytes[i] == '[') {
            if (++depth > JSON_DEPTH_MAX) {
                return true;
            }
        } else if (bytes[i] == '}' || bytes[i] == ']') {
            depth--;
        }
    }
    return false;
}

// Depth first with one frame a level: parsed values are at most JSON_DEPTH_MAX deep, and what we
// build ourselves is flatter.
static void wipe_strings(json_t *root)
{
    struct frame frames[JSON_DEPTH_MAX + 2] = {{.at = root}};
    size_t depth = 1;
    while (depth > 0) {
        json_t *at = frames[depth - 1].at;
        json_t *child = next_child(&frames[depth - 1]);
        if (json_is_string(at)) {
            union {
                const char *in;
                char *out;
            } cast = {.in = json_string_value(at)};
            wipe(cast.out, json_string_length(at));
        }
        if (child == NULL) {
            depth--;
            continue;
        }
        CHECK(depth < sizeof frames / sizeof frames[0]);
        frames[depth] = (struct frame){.at = child};
        depth++;
    }
}

static json_t *next_child(struct frame *frame)
{
    if (json_is_array(frame->at)) {
        return json_array_get(frame->at, frame->index++);
    }
    if (!json_is_object(frame->at)) {
        return NULL;
    }
    frame->iter = frame->iter == NULL ? json_object_iter(frame->at)
                                      : json_object_iter_next(frame->at, frame->iter);
    return frame->iter == NULL ? NULL : json_object_iter_value(frame->iter);
}

// Of one value without what is in it. Numbers take no more than 26 characters.
static size_t text_bytes(const json_t *json)
{
    if (!json_is_string(json)) {
        return json_is_number(json) ? 26 : 5;
    }
    return quoted_bytes(json_string_value(json), json_string_length(json));
}

static size_t quoted_bytes(const char *words, size_t len)
{
    size_t bytes = len + 2;
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)words[i];
        bytes += c < 0x20 ? 5 : c == '"' || c == '\\' ? 1 : 0;
    }
    return bytes;
}
