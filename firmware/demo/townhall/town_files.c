// SPDX-License-Identifier: EUPL-1.2
//
// Documents the town is brought: with a submission at its Open Forms, which holds them apart until
// an answer names them, and at its Documenten API, part by part. Of each it remembers the hash, not
// what is in it.
#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"
#include "demo/townhall/town.h"
#include "link/crypto.h"
#include "link/multipart.h"

#include <stdlib.h>
#include <string.h>

enum { TOWN_PART_BYTES = 1024 * 1024 };

struct reading {
    struct town_sent *sent;
    char field[MULTIPART_NAME_BYTES];
    char words[512];
    struct text text;
    bool is_file;
    bool is_spoilt;
};

static void on_part(void *ctx, const struct multipart_part *part);
static void on_data(void *ctx, const char *bytes, size_t len);
static void end_field(struct reading *reading);
static bool is_what_it_says(const struct town_sent *sent);
static struct town_file *file_new(struct town *town);
static struct town_file *file_by(struct town *town, const char *uuid);
static void file_is_whole(struct town_file *file);
static void make_document(struct town *town, const struct town_request *request,
                          const struct json *body, struct town_answer *answer);
static bool is_document_sound(const struct town *town, const struct json *body,
                              struct town_answer *answer);
static struct json *document_json(const struct town *town, const struct town_file *file,
                                  const struct json *body, int64_t now_ms, bool is_lying);
static struct json *part_json(const struct town *town, const struct town_file *file, size_t at);
static size_t part_bytes(const struct town_file *file, size_t at);
static void put_part(struct town *town, const struct town_request *request, const char *uuid,
                     struct town_answer *answer);
static void unlock(struct town_file *file, const struct json *body, struct town_answer *answer);
static bool is_known(const struct town *town, const char *owner, const struct json *value);
static bool is_text(const struct json *object, const char *key, const char *wanted);

bool town_is_multipart(const struct town_request *request)
{
    return request->content_type != NULL &&
           text_starts_with(request->content_type, "multipart/form-data");
}

bool town_sent_read(const struct town_request *request, struct town_sent *sent)
{
    struct multipart reader;
    struct reading reading = {.sent = sent};
    const struct multipart_events events = {.part = on_part, .data = on_data, .ctx = &reading};
    *sent = (struct town_sent){.words = json_new_object(), .bytes = malloc(request->body_len + 1)};
    CHECK(sent->bytes != NULL);
    const bool is_read = town_is_multipart(request) &&
                         multipart_init(&reader, request->content_type) == OK &&
                         multipart_feed(&reader, request->body, request->body_len, &events) == OK &&
                         multipart_is_whole(&reader);
    end_field(&reading);
    if (!is_read || reading.is_spoilt) {
        town_sent_finish(sent);
        return false;
    }
    return true;
}

void town_sent_finish(struct town_sent *sent)
{
    json_free(sent->words);
    free(sent->bytes);
    *sent = (struct town_sent){0};
}

static void on_part(void *ctx, const struct multipart_part *part)
{
    struct reading *reading = ctx;
    end_field(reading);
    text_copy_cut(reading->field, sizeof reading->field, part->name);
    text_init(&reading->text, reading->words, sizeof reading->words);
    reading->is_file = part->is_file;
    reading->is_spoilt = reading->is_spoilt || part->name[0] == '\0' ||
                         (part->is_file && reading->sent->file_field[0] != '\0');
    if (part->is_file) {
        struct town_sent *sent = reading->sent;
        text_copy_cut(sent->file_field, sizeof sent->file_field, part->name);
        text_copy_cut(sent->name, sizeof sent->name, part->file_name);
        text_copy_cut(sent->type, sizeof sent->type, part->type);
    }
}

static void on_data(void *ctx, const char *bytes, size_t len)
{
    struct reading *reading = ctx;
    if (reading->is_file) {
        memcpy(reading->sent->bytes + reading->sent->len, bytes, len);
        reading->sent->len += len;
    } else {
        text_add_bytes(&reading->text, bytes, len);
    }
}

// A file stands among the words by its length, for the transcript.
static void end_field(struct reading *reading)
{
    if (reading->field[0] == '\0') {
        return;
    }
    if (reading->is_file) {
        text_init(&reading->text, reading->words, sizeof reading->words);
        text_format(&reading->text, "%zu bytes", reading->sent->len);
    }
    reading->is_spoilt = reading->is_spoilt || reading->text.is_cut ||
                         json_get(reading->sent->words, reading->field) != NULL ||
                         !text_is_printable(reading->words);
    if (!reading->is_spoilt) {
        json_set_text(reading->sent->words, reading->field, reading->words);
    }
    reading->field[0] = '\0';
}

static struct town_file *file_new(struct town *town)
{
    struct town_file *file = &town->files[town->files_count % TOWN_FILES_MAX];
    free(file->bytes);
    *file = (struct town_file){0};
    entropy_uuid(file->uuid);
    town->files_count++;
    return file;
}

static struct town_file *file_by(struct town *town, const char *uuid)
{
    for (size_t i = 0; i < TOWN_FILES_MAX; i++) {
        if (town->files[i].uuid[0] != '\0' && strcmp(town->files[i].uuid, uuid) == 0) {
            return &town->files[i];
        }
    }
    return NULL;
}

static void file_is_whole(struct town_file *file)
{
    uint8_t hash[CRYPTO_HASH_BYTES];
    crypto_sha256(file->bytes, file->size, hash);
    CHECK(hex_encode(hash, sizeof hash, file->sha256, sizeof file->sha256) == OK);
    free(file->bytes);
    file->bytes = NULL;
}

void town_files_upload(struct town *town, const struct town_request *request,
                       const char *submission, struct town_answer *answer)
{
    struct town_sent sent;
    char url[300];
    (void)town_url(town, "/openforms/api/v2/submissions", submission, url, sizeof url);
    if (!town_sent_read(request, &sent) || !is_text(sent.words, "submission", url) ||
        strcmp(sent.file_field, "file") != 0 || json_len(sent.words) != 2 || sent.name[0] == '\0' ||
        sent.len == 0 || !is_what_it_says(&sent)) {
        town_say(answer, 400, json_new_text("Het bestand wordt niet geaccepteerd."));
        town_sent_finish(&sent);
        return;
    }
    struct town_file *file = file_new(town);
    text_copy_cut(file->owner, sizeof file->owner, submission);
    text_copy_cut(file->name, sizeof file->name, sent.name);
    text_copy_cut(file->type, sizeof file->type, sent.type);
    file->size = sent.len;
    file->bytes = sent.bytes;
    sent.bytes = NULL;
    file_is_whole(file);
    town_sent_finish(&sent);
    const char *where = answer->fault == FAULT_LYING ? "/elders/submissions/files"
                                                     : "/openforms/api/v2/submissions/files";
    struct json *told = json_new_object();
    json_set_text(told, "url", town_url(town, where, file->uuid, url, sizeof url));
    json_set_text(told, "name", file->name);
    json_set_int(told, "size", (int64_t)file->size);
    town_say(answer, 200, told);
}

// The real one looks into the file too, and for viruses: ours knows one.
static bool is_what_it_says(const struct town_sent *sent)
{
    static const char virus[] = "VOORBEELDVIRUS";
    static const struct {
        const char *type;
        const char *start;
        size_t at;
    } known[] = {
        {"image/jpeg", "\xff\xd8\xff", 0},
        {"image/png", "\x89PNG", 0},
        {"application/pdf", "%PDF", 0},
        {"image/heic", "ftyp", 4},
    };
    if (memmem(sent->bytes, sent->len, virus, sizeof virus - 1) != NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const size_t len = strlen(known[i].start);
        if (strcmp(sent->type, known[i].type) == 0) {
            return sent->len >= known[i].at + len &&
                   memcmp(sent->bytes + known[i].at, known[i].start, len) == 0;
        }
    }
    return false;
}

void town_documenten(struct town *town, const struct town_request *request, const char *path,
                     struct json *body, struct town_answer *answer)
{
    static const char documents[] = "/enkelvoudiginformatieobjecten";
    static const char parts[] = "/bestandsdelen/";
    char uuid[UUID_TEXT_BYTES] = "";
    const size_t start_len = sizeof documents; // with the '/' behind it
    if (request->is_post && strcmp(path, documents) == 0) {
        make_document(town, request, body, answer);
        return;
    }
    if (strcmp(request->method, "PUT") == 0 && text_starts_with(path, parts)) {
        put_part(town, request, path + strlen(parts), answer);
        return;
    }
    struct town_file *file = NULL;
    if (request->is_post && text_starts_with(path, documents) && strlen(path) > start_len) {
        struct text text;
        text_init(&text, uuid, sizeof uuid);
        text_add_bytes(&text, path + start_len, strcspn(path + start_len, "/"));
        file = file_by(town, uuid);
    }
    if (file != NULL && strcmp(path + start_len + strlen(uuid), "/unlock") == 0) {
        unlock(file, body, answer);
    } else {
        town_problem(answer, 404, "not_found", "Niet gevonden.");
    }
}

static void make_document(struct town *town, const struct town_request *request,
                          const struct json *body, struct town_answer *answer)
{
    int64_t size = 0;
    if (!is_document_sound(town, body, answer)) {
        return;
    }
    CHECK(json_get_int(body, "bestandsomvang", &size) == OK);
    struct town_file *file = file_new(town);
    text_copy_cut(file->name, sizeof file->name, json_get_text(body, "bestandsnaam"));
    text_copy_cut(file->type, sizeof file->type, json_get_text(body, "formaat"));
    entropy_uuid(file->lock);
    file->size = (size_t)size;
    file->bytes = calloc(1, file->size);
    CHECK(file->bytes != NULL);
    file->parts_count = (file->size + TOWN_PART_BYTES - 1) / TOWN_PART_BYTES;
    for (size_t i = 0; i < file->parts_count; i++) {
        entropy_uuid(file->parts[i].uuid);
    }
    const bool is_lying = answer->fault == FAULT_LYING;
    town_say(answer, 201, document_json(town, file, body, request->now_ms, is_lying));
}

static bool is_document_sound(const struct town *town, const struct json *body,
                              struct town_answer *answer)
{
    static const struct {
        const char *key;
        size_t min;
        size_t max;
    } texts[] = {
        {"bronorganisatie", 9, 9}, {"creatiedatum", 10, 10}, {"titel", 1, 200},
        {"auteur", 1, 200},        {"taal", 3, 3},           {"informatieobjecttype", 1, 200},
        {"formaat", 1, 255},       {"bestandsnaam", 1, 255}};
    char type[300];
    int64_t size = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *words = json_get_text(body, texts[i].key);
        const size_t len = words == NULL ? 0 : strlen(words);
        if (len < texts[i].min || len > texts[i].max) {
            town_invalid(answer, texts[i].key, "required", "Dit veld is vereist.");
        }
    }
    (void)town_url(town, "/catalogi/api/v1/informatieobjecttypen", TOWN_DOCUMENT_TYPE, type,
                   sizeof type);
    if (!is_text(body, "informatieobjecttype", type)) {
        town_invalid(answer, "informatieobjecttype", "bad-url", "De URL verwijst nergens naar.");
    }
    if (!json_is_absent(json_get(body, "inhoud"))) {
        town_invalid(answer, "inhoud", "file-size", "De inhoud komt hier in delen.");
    }
    if (json_get_int(body, "bestandsomvang", &size) != OK || size <= 0 ||
        size > TOWN_PARTS_MAX * TOWN_PART_BYTES) {
        town_invalid(answer, "bestandsomvang", "file-size", "Het bestand is leeg of te groot.");
    }
    if (json_len(body) != 10) {
        town_invalid(answer, "nonFieldErrors", "unknown", "Onbekend veld.");
    }
    return answer->status == 0;
}

static struct json *document_json(const struct town *town, const struct town_file *file,
                                  const struct json *body, int64_t now_ms, bool is_lying)
{
    char url[300];
    char now[DATE_TEXT_BYTES + sizeof "T00:00:00Z"];
    struct text text;
    struct json *json = json_clone(body);
    date_to_text(date_from_days(clock_local_day(now_ms)), now);
    text_init(&text, now + strlen(now), sizeof now - strlen(now));
    text_add(&text, "T00:00:00Z");
    json_set_text(json, "url",
                  town_url(town, "/documenten/api/v1/enkelvoudiginformatieobjecten", file->uuid,
                           url, sizeof url));
    json_set_int(json, "versie", 1);
    json_set_text(json, "beginRegistratie", now);
    json_set_bool(json, "locked", true);
    struct json *parts = json_new_array();
    for (size_t i = is_lying ? 1 : 0; i < file->parts_count; i++) {
        json_append(parts, part_json(town, file, file->parts_count - 1 - i)); // in any order
    }
    json_set(json, "bestandsdelen", parts);
    return json;
}

static struct json *part_json(const struct town *town, const struct town_file *file, size_t at)
{
    char url[300];
    struct json *part = json_new_object();
    json_set_text(
        part, "url",
        town_url(town, "/documenten/api/v1/bestandsdelen", file->parts[at].uuid, url, sizeof url));
    json_set_int(part, "volgnummer", (int64_t)at + 1);
    json_set_int(part, "omvang", (int64_t)part_bytes(file, at));
    json_set_bool(part, "voltooid", file->parts[at].is_done);
    json_set_text(part, "lock", file->lock);
    return part;
}

static size_t part_bytes(const struct town_file *file, size_t at)
{
    const size_t left = file->size - at * TOWN_PART_BYTES;
    return left < TOWN_PART_BYTES ? left : TOWN_PART_BYTES;
}

static void put_part(struct town *town, const struct town_request *request, const char *uuid,
                     struct town_answer *answer)
{
    struct town_file *file = NULL;
    size_t at = 0;
    for (size_t i = 0; file == NULL && i < TOWN_FILES_MAX; i++) {
        for (at = 0; at < town->files[i].parts_count; at++) {
            if (strcmp(town->files[i].parts[at].uuid, uuid) == 0) {
                file = &town->files[i];
                break;
            }
        }
    }
    struct town_sent sent;
    if (file == NULL || file->bytes == NULL) {
        town_problem(answer, 404, "not_found", "Niet gevonden.");
        return;
    }
    if (!town_sent_read(request, &sent)) {
        town_invalid(answer, "inhoud", "invalid", "Geen bestand.");
        return;
    }
    if (!is_text(sent.words, "lock", file->lock)) {
        town_invalid(answer, "nonFieldErrors", "incorrect-lock-id", "Ander slot.");
    }
    if (strcmp(sent.file_field, "inhoud") != 0 || sent.len != part_bytes(file, at) ||
        json_len(sent.words) != 2) {
        town_invalid(answer, "nonFieldErrors", "file-size", "Een andere omvang.");
    }
    if (answer->status == 0) {
        memcpy(file->bytes + at * TOWN_PART_BYTES, sent.bytes, sent.len);
        file->parts[at].is_done = true;
        town_say(answer, 200, part_json(town, file, at));
    }
    town_sent_finish(&sent);
}

static void unlock(struct town_file *file, const struct json *body, struct town_answer *answer)
{
    bool is_whole = file->bytes != NULL;
    for (size_t i = 0; i < file->parts_count; i++) {
        is_whole = is_whole && file->parts[i].is_done;
    }
    if (!is_text(body, "lock", file->lock)) {
        town_invalid(answer, "nonFieldErrors", "incorrect-lock-id", "Ander slot.");
    } else if (!is_whole) {
        town_invalid(answer, "nonFieldErrors", "file-size", "Er ontbreken delen.");
    } else {
        file_is_whole(file);
        answer->status = 204;
    }
}

bool town_files_know(const struct town *town, const char *owner, const struct json *answers)
{
    bool knows = true;
    for (size_t i = 0; i < json_len(answers) && json_is_list(answers); i++) {
        const struct json *value = json_at(answers, i);
        knows = knows && (json_get(value, "url") == NULL || is_known(town, owner, value));
    }
    return knows;
}

// What an answer says of a document is what came; nobody names one of somebody else's.
static bool is_known(const struct town *town, const char *owner, const struct json *value)
{
    const char *where = owner[0] == '\0' ? "/documenten/api/v1/enkelvoudiginformatieobjecten"
                                         : "/openforms/api/v2/submissions/files";
    for (size_t i = 0; i < TOWN_FILES_MAX; i++) {
        const struct town_file *file = &town->files[i];
        char theirs[300];
        (void)town_url(town, where, file->uuid, theirs, sizeof theirs);
        if (is_text(value, "url", theirs) && strcmp(file->owner, owner) == 0 &&
            file->sha256[0] != '\0') {
            return is_text(value, "originalName", file->name) &&
                   is_text(value, "type", file->type) && is_text(value, "storage", "url") &&
                   is_text(json_get(value, "data"), "url", theirs) &&
                   town_count(value, "size") == (int64_t)file->size;
        }
    }
    return false;
}

static bool is_text(const struct json *object, const char *key, const char *wanted)
{
    const char *words = json_get_text(object, key);
    return words != NULL && strcmp(words, wanted) == 0;
}

void town_files_list(const struct town *town, struct town_answer *answer)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < TOWN_FILES_MAX; i++) {
        const struct town_file *file = &town->files[i];
        if (file->uuid[0] == '\0') {
            continue;
        }
        struct json *shown = json_new_object();
        json_set_text(shown, "uuid", file->uuid);
        json_set_text(shown, "submission", file->owner);
        json_set_text(shown, "name", file->name);
        json_set_text(shown, "type", file->type);
        json_set_int(shown, "size", (int64_t)file->size);
        json_set_text(shown, "sha256", file->sha256);
        json_append(list, shown);
    }
    town_say(answer, 200, list);
}
