// SPDX-License-Identifier: EUPL-1.2
//
// The messages about a document that comes from the visitor's own phone.
#include "link/api.h"

#include "base/bytes.h"
#include "link/api_parts.h"

#include <string.h>

static const char *state_word(size_t index);
static const char *reason_word(size_t index);
static enum err read_uploaded(const struct json *json, struct api_uploaded_private *uploaded,
                              struct fault *fault);

static const struct api_names state_names = {API_UPLOAD_REFUSED + 1, state_word};
static const struct api_names reason_names = {API_UPLOAD_SOURCE_SAYS_NO + 1, reason_word};

static const struct api_field open_fields[] = {
    {"key", API_WORDS, API_AT(struct api_upload_open, key), .is_required = true},
};
static const struct api_shape open_shape = API_SHAPE(open_fields);

static const struct api_field upload_fields[] = {
    {"url", API_WORDS, API_AT(struct api_upload_private, url), .is_required = true},
    {"expires_at", API_TIME, API_AT(struct api_upload_private, expires_ms), .is_required = true},
};
static const struct api_shape upload_shape = API_SHAPE(upload_fields);

static const struct api_field uploaded_fields[] = {
    {"key", API_WORDS, API_AT(struct api_uploaded_private, key), .is_required = true},
    {"name", API_WORDS, API_AT(struct api_uploaded_private, name)},
    {"bytes", API_WHOLE, API_AT(struct api_uploaded_private, bytes), .max = INT32_MAX},
};
static const struct api_shape uploaded_shape = API_SHAPE(uploaded_fields);

static const struct api_field news_fields[] = {
    {"form", API_UUID, API_AT(struct api_upload_news, form), .is_required = true},
    {"key", API_WORDS, API_AT(struct api_upload_news, key), .is_required = true},
    {"state", API_NAME, API_AT(struct api_upload_news, state), .is_required = true,
     .names = &state_names},
    {"reason", API_NAME, API_AT(struct api_upload_news, reason), .names = &reason_names},
    {"bytes", API_WHOLE, API_AT(struct api_upload_news, bytes), .max = INT32_MAX},
};
static const struct api_shape news_shape = API_SHAPE(news_fields);

void api_uploads_free(struct api_uploads_private *uploads)
{
    for (size_t i = 0; i < uploads->uploads_count; i++) {
        json_wipe_free(uploads->uploads[i].value);
    }
    wipe(uploads, sizeof *uploads);
}

enum err api_upload_open_read(const struct json *json, struct api_upload_open *open,
                              struct fault *fault)
{
    memset(open, 0, sizeof *open);
    enum err err = api_shape_read(json, &open_shape, open, fault);
    err = err != OK ? err : api_item_read(json, &open->item, fault);
    return api_done(err, open, sizeof *open);
}

struct json *api_upload_open_write(const struct api_upload_open *open)
{
    struct json *json = json_new_object();
    api_shape_write(json, &open_shape, open);
    api_item_write(json, open->item);
    return json;
}

enum err api_upload_read(const struct json *json, struct api_upload_private *upload,
                         struct fault *fault)
{
    memset(upload, 0, sizeof *upload);
    return api_done(api_shape_read(json, &upload_shape, upload, fault), upload, sizeof *upload);
}

struct json *api_upload_write(const struct api_upload_private *upload)
{
    struct json *json = json_new_object();
    api_shape_write(json, &upload_shape, upload);
    return json;
}

enum err api_uploads_read(const struct json *json, struct api_uploads_private *uploads,
                          struct fault *fault)
{
    const struct json *list = NULL;
    memset(uploads, 0, sizeof *uploads);
    enum err err = json_has_keys(json) ? api_list(json, "uploads", API_UPLOADS_MAX, &list, fault)
                                       : fault_set(fault, ERR_MALFORMED, "must be an object");
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        err = api_within(read_uploaded(json_at(list, i), &uploads->uploads[i], fault), "uploads",
                         fault);
        uploads->uploads_count = i + 1;
    }
    if (err != OK) {
        api_uploads_free(uploads);
    }
    return err;
}

struct json *api_uploads_write(const struct api_uploads_private *uploads)
{
    CHECK(uploads->uploads_count <= API_UPLOADS_MAX);

    struct json *list = json_new_array();
    for (size_t i = 0; i < uploads->uploads_count; i++) {
        const struct api_uploaded_private *uploaded = &uploads->uploads[i];
        struct json *one = json_new_object();
        api_shape_write(one, &uploaded_shape, uploaded);
        api_item_write(one, uploaded->item);
        json_set(one, "value", json_clone(uploaded->value));
        json_append(list, one);
    }
    struct json *json = json_new_object();
    json_set(json, "uploads", list);
    return json;
}

enum err api_upload_news_read(const struct json *json, struct api_upload_news *news,
                              struct fault *fault)
{
    enum err err = api_shape_read(json, &news_shape, news, fault);
    return err != OK ? err : api_item_read(json, &news->item, fault);
}

struct json *api_upload_news_write(const struct api_upload_news *news)
{
    struct json *json = json_new_object();
    api_shape_write(json, &news_shape, news);
    api_item_write(json, news->item);
    return json;
}

static enum err read_uploaded(const struct json *json, struct api_uploaded_private *uploaded,
                              struct fault *fault)
{
    enum err err = api_shape_read(json, &uploaded_shape, uploaded, fault);
    err = err != OK ? err : api_item_read(json, &uploaded->item, fault);
    if (err == OK && !json_has_keys(json_get(json, "value"))) {
        return fault_set(fault, ERR_MALFORMED, "value: must be an object");
    }
    uploaded->value = err == OK ? json_clone(json_get(json, "value")) : NULL;
    return err;
}

static const char *state_word(size_t index)
{
    static const char *const names[] = {"arrived", "refused"};
    return names[index];
}

static const char *reason_word(size_t index)
{
    static const char *const names[] = {"none",   "empty", "too_big",     "wrong_kind",    "lies",
                                        "broken", "busy",  "source_down", "source_says_no"};
    return names[index];
}
