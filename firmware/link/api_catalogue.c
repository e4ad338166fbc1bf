// SPDX-License-Identifier: EUPL-1.2
//
// The messages about what a visitor may begin here.
#include "link/api.h"

#include "link/api_parts.h"

#include <string.h>

static const struct api_field begin_fields[] = {
    {"form", API_UUID, API_AT(struct api_begin, form), .is_required = true},
};
static const struct api_shape begin_shape = API_SHAPE(begin_fields);

static const struct api_field published_fields[] = {
    {"id", API_UUID, API_AT(struct published, id), .is_required = true},
    {"title", API_WORDS, API_AT(struct published, title), .is_required = true},
    {"url", API_WORDS, API_AT(struct published, url)},
    {"is_here", API_TRUTH, API_AT(struct published, is_here), .is_required = true},
    {"subject", API_NAME, API_AT(struct published, subject), .is_required = true,
     .names = &api_subject_names},
    {"service", API_LETTER, API_AT(struct published, service)},
};
static const struct api_shape published_shape = API_SHAPE(published_fields);

enum err api_begin_read(const struct json *json, struct api_begin *begin, struct fault *fault)
{
    memset(begin, 0, sizeof *begin);
    return api_done(api_shape_read(json, &begin_shape, begin, fault), begin, sizeof *begin);
}

struct json *api_begin_write(const struct api_begin *begin)
{
    struct json *json = json_new_object();
    api_shape_write(json, &begin_shape, begin);
    return json;
}

enum err api_catalogue_read(const struct json *json, struct catalogue *catalogue,
                            struct fault *fault)
{
    const struct json *list = NULL;
    memset(catalogue, 0, sizeof *catalogue);
    enum err err = json_has_keys(json) ? api_list(json, "forms", CATALOGUE_MAX, &list, fault)
                                       : fault_set(fault, ERR_MALFORMED, "must be an object");
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        err = api_within(
            api_shape_read(json_at(list, i), &published_shape, &catalogue->forms[i], fault),
            "forms", fault);
        catalogue->forms_count = i + 1;
    }
    return api_done(err, catalogue, sizeof *catalogue);
}

struct json *api_catalogue_write(const struct catalogue *catalogue)
{
    CHECK(catalogue->forms_count <= CATALOGUE_MAX);

    struct json *list = json_new_array();
    for (size_t i = 0; i < catalogue->forms_count; i++) {
        struct json *one = json_new_object();
        api_shape_write(one, &published_shape, &catalogue->forms[i]);
        json_append(list, one);
    }
    struct json *json = json_new_object();
    json_set(json, "forms", list);
    return json;
}
