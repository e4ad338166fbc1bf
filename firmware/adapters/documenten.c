// SPDX-License-Identifier: EUPL-1.2
//
// The Documenten API's requests and answers.
#include "adapters/documenten.h"

#include "adapters/fields.h"
#include "adapters/form_file.h"
#include "base/clock.h"
#include "link/http_parse.h"

#include <string.h>

static enum err read_made(const struct json *json, size_t len, struct documenten_made *made);
static enum err read_parts(const struct json *json, size_t len, struct documenten_made *made);
static const struct json *part_at(const struct json *list, int64_t number);
static enum err read_lock(const struct json *object, char lock[DOCUMENTEN_LOCK_BYTES]);
static enum err uuid_behind(const char *url, const char *folder, char uuid[UUID_TEXT_BYTES]);
static enum err put_path(struct source_request_private *request, const char *folder,
                         const char *uuid, const char *behind);

enum err documenten_settings_read(struct documenten_settings *settings, const struct config *config,
                                  struct fault *fault)
{
    struct http_url url;
    const char *type = config_get(config, "documenten.type", "");
    const char *organisation = config_get(config, "documenten.organisation", "");
    const char *author = config_get(config, "documenten.author", "Inwoner");
    *settings = (struct documenten_settings){0};
    if (http_url_parse(type, &url) != OK ||
        text_copy(settings->type, sizeof settings->type, type) != OK) {
        return fault_set(fault, ERR_MALFORMED, "documenten.type: not a usable address");
    }
    // An RSIN has the same eleven test as a BSN.
    if (!bsn_is_valid(organisation) ||
        text_copy(settings->organisation, sizeof settings->organisation, organisation) != OK) {
        return fault_set(fault, ERR_MALFORMED, "documenten.organisation: not an RSIN");
    }
    if (author[0] == '\0' || !text_is_printable(author) ||
        text_copy(settings->author, sizeof settings->author, author) != OK) {
        return fault_set(fault, ERR_MALFORMED, "documenten.author: not usable");
    }
    return OK;
}

enum err documenten_make_request(struct source_request_private *request,
                                 const struct documenten_settings *settings,
                                 const struct backoffice_file_private *file, int64_t now_ms)
{
    char day[DATE_TEXT_BYTES];
    char title[FORM_FILE_NAME_MAX + 1];
    date_to_text(date_from_days(clock_local_day(now_ms)), day);
    text_copy_cut(title, 200, file->name);
    struct json *body = json_new_object();
    json_set_text(body, "bronorganisatie", settings->organisation);
    json_set_text(body, "creatiedatum", day);
    json_set_text(body, "titel", title);
    json_set_text(body, "auteur", settings->author);
    json_set_text(body, "taal", "dut"); // ISO 639-2/B; whose words are in it nobody knows
    json_set_text(body, "formaat", file->type);
    json_set_text(body, "bestandsnaam", file->name);
    json_set(body, "inhoud", json_new_null());
    json_set_int(body, "bestandsomvang", (int64_t)file->len);
    json_set_text(body, "informatieobjecttype", settings->type);
    *request = (struct source_request_private){0};
    return source_write(request, "POST", "/enkelvoudiginformatieobjecten", body);
}

enum err documenten_make_read(const struct source_answer *answer, size_t len,
                              struct documenten_made *made, struct fault *fault)
{
    *made = (struct documenten_made){0};
    if (answer->status != 201) {
        return form_file_refusal("documenten", answer->status, fault);
    }
    struct json *json = NULL;
    if (json_parse(answer->body, answer->len, &json) != OK) {
        return fault_set(fault, ERR_MALFORMED, "documenten: answer is not JSON");
    }
    const enum err err = read_made(json, len, made);
    json_wipe_free(json);
    if (err != OK) {
        *made = (struct documenten_made){0};
        return fault_set(fault, ERR_MALFORMED, "documenten: made another document than was asked");
    }
    return OK;
}

static enum err read_made(const struct json *json, size_t len, struct documenten_made *made)
{
    const char *url = json_get_text(json, "url");
    struct http_url parsed;
    enum err err = url == NULL ? ERR_MALFORMED : http_url_parse(url, &parsed);
    if (err == OK) {
        err = uuid_behind(url, "/enkelvoudiginformatieobjecten/", made->uuid);
    }
    if (err == OK) {
        err = text_copy(made->url, sizeof made->url, url);
    }
    if (err == OK) {
        err = read_parts(json, len, made);
    }
    return err;
}

// Some servers give one lock for the document, some give it with each part.
static enum err read_parts(const struct json *json, size_t len, struct documenten_made *made)
{
    const struct json *list = json_get(json, "bestandsdelen");
    size_t sum = 0;
    enum err err = read_lock(json, made->lock);
    if (!json_is_list(list) || json_len(list) == 0 || json_len(list) > DOCUMENTEN_PARTS_MAX) {
        return ERR_MALFORMED;
    }
    for (size_t i = 0; err == OK && i < json_len(list); i++) {
        struct documenten_part *part = &made->parts[i];
        const struct json *one = part_at(list, (int64_t)i + 1);
        int64_t bytes = 0;
        err = uuid_behind(json_get_text(one, "url"), "/bestandsdelen/", part->uuid);
        if (err == OK) {
            err = json_get_int(one, "omvang", &bytes);
        }
        if (err == OK && (bytes <= 0 || (uint64_t)bytes > len - sum)) {
            err = ERR_MALFORMED;
        }
        if (err == OK) {
            err = read_lock(one, part->lock);
        }
        if (part->lock[0] == '\0') {
            memcpy(part->lock, made->lock, sizeof part->lock);
        }
        if (made->lock[0] == '\0') {
            memcpy(made->lock, part->lock, sizeof made->lock);
        }
        part->bytes = (size_t)bytes;
        sum += err == OK ? part->bytes : 0;
        made->parts_count = i + 1;
    }
    return err != OK ? err : sum == len && made->lock[0] != '\0' ? OK : ERR_MALFORMED;
}

// They come in any order.
static const struct json *part_at(const struct json *list, int64_t number)
{
    for (size_t i = 0; i < json_len(list); i++) {
        int64_t theirs = 0;
        if (json_get_int(json_at(list, i), "volgnummer", &theirs) == OK && theirs == number) {
            return json_at(list, i);
        }
    }
    return NULL;
}

static enum err read_lock(const struct json *object, char lock[DOCUMENTEN_LOCK_BYTES])
{
    const char *words = json_get_text(object, "lock");
    lock[0] = '\0';
    if (words == NULL) {
        return OK;
    }
    return text_is_printable(words) ? text_copy(lock, DOCUMENTEN_LOCK_BYTES, words) : ERR_MALFORMED;
}

// Only the name at the end is used: the address itself may lead anywhere.
static enum err uuid_behind(const char *url, const char *folder, char uuid[UUID_TEXT_BYTES])
{
    const size_t folder_len = strlen(folder);
    const size_t url_len = url == NULL ? 0 : strlen(url);
    if (url_len < folder_len + UUID_TEXT_BYTES - 1) {
        return ERR_MALFORMED;
    }
    const char *name = url + url_len - (UUID_TEXT_BYTES - 1);
    if (!uuid_is_valid(name) || strncmp(name - folder_len, folder, folder_len) != 0) {
        return ERR_MALFORMED;
    }
    return text_copy(uuid, UUID_TEXT_BYTES, name);
}

enum err documenten_part_request(struct source_request_private *request,
                                 const struct documenten_made *made, size_t at,
                                 const struct backoffice_file_private *file)
{
    CHECK(at < made->parts_count);

    struct backoffice_file_private piece = *file;
    for (size_t i = 0; i < at; i++) {
        piece.bytes += made->parts[i].bytes;
    }
    piece.len = made->parts[at].bytes;
    const enum err err = put_path(request, "bestandsdelen", made->parts[at].uuid, "");
    request->method = "PUT";
    return err == OK ? form_file_body(request, "lock", made->parts[at].lock, "inhoud", &piece)
                     : err;
}

static enum err put_path(struct source_request_private *request, const char *folder,
                         const char *uuid, const char *behind)
{
    struct text text;
    *request = (struct source_request_private){0};
    text_init(&text, request->path, sizeof request->path);
    text_format(&text, "/%s/%s%s", folder, uuid, behind);
    return text.is_cut ? ERR_TOO_BIG : OK;
}

enum err documenten_part_read(const struct source_answer *answer, struct fault *fault)
{
    if (answer->status != 200) {
        return form_file_refusal("documenten", answer->status, fault);
    }
    struct json *json = NULL;
    bool is_whole = false;
    if (json_parse(answer->body, answer->len, &json) != OK ||
        json_get_bool(json, "voltooid", &is_whole) != OK || !is_whole) {
        json_wipe_free(json);
        return fault_set(fault, ERR_MALFORMED, "documenten: a part did not come whole");
    }
    json_wipe_free(json);
    return OK;
}

enum err documenten_unlock_request(struct source_request_private *request,
                                   const struct documenten_made *made)
{
    char path[SOURCE_PATH_BYTES];
    struct json *body = json_new_object();
    json_set_text(body, "lock", made->lock);
    const enum err err = put_path(request, "enkelvoudiginformatieobjecten", made->uuid, "/unlock");
    CHECK(err == OK); // a path of one UUID
    memcpy(path, request->path, sizeof path);
    return source_write(request, "POST", path, body);
}

enum err documenten_unlock_read(const struct source_answer *answer, struct fault *fault)
{
    return answer->status == 204 ? OK : form_file_refusal("documenten", answer->status, fault);
}
