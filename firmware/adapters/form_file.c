// SPDX-License-Identifier: EUPL-1.2
//
// Documents on their way to a source of forms.
#include "adapters/form_file.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_BYTES = 3 * FORM_FILE_NAME_MAX + 2048 };

static void add_name(struct text *text, const char *name);

enum err form_file_body(struct source_request_private *request, const char *word_name,
                        const char *word, const char *file_name,
                        const struct backoffice_file_private *file)
{
    char boundary[UUID_TEXT_BYTES];
    struct text text;
    if (!form_file_name_is_sound(file->name)) {
        return ERR_MALFORMED;
    }
    // 122 random bits: what the file holds cannot be the same by accident, nor on purpose.
    entropy_uuid(boundary);
    request->long_body = malloc(HEAD_BYTES);
    CHECK(request->long_body != NULL);
    text_init(&text, request->long_body, HEAD_BYTES);
    text_format(&text, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n",
                boundary, word_name, word);
    text_format(&text, "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"", boundary,
                file_name);
    add_name(&text, file->name);
    text_format(&text, "\"\r\nContent-Type: %s\r\n\r\n", file->type);
    CHECK(!text.is_cut); // words of ours and a name of bounded length
    text_init(&text, request->content_type, sizeof request->content_type);
    text_format(&text, "multipart/form-data; boundary=%s", boundary);
    CHECK(!text.is_cut);
    text_init(&text, request->tail, sizeof request->tail);
    text_format(&text, "\r\n--%s--\r\n", boundary);
    CHECK(!text.is_cut);
    request->kept = file->bytes;
    request->kept_len = file->len;
    return OK;
}

bool form_file_name_is_sound(const char *name)
{
    return name[0] != '\0' && strlen(name) <= FORM_FILE_NAME_MAX && text_is_printable(name);
}

// As browsers write it (HTML, section 4.10.22.8): UTF-8, a quote as %22.
static void add_name(struct text *text, const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '"') {
            text_add(text, "%22");
        } else {
            text_add_bytes(text, at, 1);
        }
    }
}

// The members that form.io's own storage by address gives; Open Forms checks that they agree.
struct json *form_file_value(const char *url, const char *base_url, const char *name,
                             const struct backoffice_file_private *file)
{
    struct json *data = json_new_object();
    json_set_text(data, "url", url);
    json_set_text(data, "form", "");
    json_set_text(data, "name", name);
    json_set_int(data, "size", (int64_t)file->len);
    json_set_text(data, "baseUrl", base_url);
    json_set_text(data, "project", "");
    struct json *value = json_new_object();
    json_set_text(value, "url", url);
    json_set(value, "data", data);
    json_set_text(value, "name", name);
    json_set_text(value, "originalName", name);
    json_set_int(value, "size", (int64_t)file->len);
    json_set_text(value, "type", file->type);
    json_set_text(value, "storage", "url");
    return value;
}

enum err form_file_refusal(const char *source, int status, struct fault *fault)
{
    if (status == 400 || status == 413 || status == 415 || status == 422) {
        return fault_set(fault, ERR_REFUSED, "%s: takes no such document", source);
    }
    return source_refusal(source, status, fault);
}
