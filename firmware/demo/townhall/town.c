// SPDX-License-Identifier: EUPL-1.2
//
// The town's memory and the way of a request to the API it is for.
#include "demo/townhall/town.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"
#include "link/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TOWN_FILE_BYTES_MAX = 512 * 1024 };

static enum err read_json(const char *folder, const char *name, struct json **json,
                          struct fault *fault);
static bool may_enter(const struct town_request *request, enum town_source source,
                      struct town_answer *answer);
static bool is_signed(const char *shown, const char *secret);
static int hex_value(char digit);

typedef void (*town_part_fn)(struct town *town, const struct town_request *request,
                             const char *path, struct json *body, struct town_answer *answer);

static const struct {
    const char *name;
    const char *prefix;
    town_part_fn answer;
} parts[TOWN_SOURCES_COUNT] = {
    [TOWN_PORTAL] = {"portal", "/inloop/v1", town_portal},
    [TOWN_KLANT] = {"klantinteracties", "/klantinteracties/api/v1", town_klant},
    [TOWN_BRP] = {"brp", "/haalcentraal/api/brp", town_brp},
    [TOWN_TAKEN] = {"taken", "/taken/api/v1", town_taken},
    [TOWN_ZAKEN] = {"zaken", "/zaken/api/v1", town_zaken},
    [TOWN_FORMS] = {"open_forms", "/openforms", town_forms},
    [TOWN_DOCUMENTEN] = {"documenten", "/documenten/api/v1", town_documenten},
    [TOWN_OBJECTEN] = {"objecten", "/objecten/api/v2", town_objecten},
    [TOWN_MIJNTAKEN] = {"mijntaken", "/mijntaken/v1", town_mijntaken},
    [TOWN_DEMO] = {"demo", "/demo", town_demo},
};

enum err town_open(struct town *town, const char *folder, struct fault *fault)
{
    *town = (struct town){0};
    struct json *people = NULL;
    struct json *matters = NULL;
    struct json *forms = NULL;
    enum err err = read_json(folder, "residents.json", &people, fault);
    if (err == OK) {
        err = read_json(folder, "requests.json", &matters, fault);
    }
    if (err == OK) {
        err = read_json(folder, "forms.json", &forms, fault);
    }
    if (err == OK) {
        town->residents = json_clone(json_get(people, "residents"));
        town->tasks = json_clone(json_get(matters, "tasks"));
        town->cases = json_clone(json_get(matters, "cases"));
        town->objects = json_clone(json_get(matters, "objects"));
        town->portal_tasks = json_clone(json_get(matters, "portal_tasks"));
        town->forms = json_clone(json_get(forms, "forms"));
        town->submissions = json_clone(json_get(forms, "submissions"));
        town->contacts = json_new_array();
        town->links = json_new_array();
        town->actors = json_new_array();
        town->followups = json_new_array();
        town->received = json_new_array();
    }
    json_free(people);
    json_free(matters);
    json_free(forms);
    if (err == OK && (!json_is_list(town->residents) || !json_is_list(town->tasks) ||
                      !json_is_list(town->cases) || !json_is_list(town->submissions))) {
        err = fault_set(fault, ERR_MALFORMED, "townhall: residents or their matters missing");
        town_close(town);
    }
    return err;
}

void town_close(struct town *town)
{
    json_free(town->residents);
    json_free(town->tasks);
    json_free(town->cases);
    json_free(town->objects);
    json_free(town->portal_tasks);
    json_free(town->forms);
    json_free(town->submissions);
    json_free(town->contacts);
    json_free(town->links);
    json_free(town->actors);
    json_free(town->followups);
    json_free(town->received);
    for (size_t i = 0; i < town->keys_count; i++) {
        json_free(town->keys[i].body);
    }
    for (size_t i = 0; i < TOWN_FILES_MAX; i++) {
        free(town->files[i].bytes);
    }
    *town = (struct town){0};
}

enum err town_keep(struct town *town, const char *path)
{
    char fresh[512];
    struct text text;
    text_init(&text, fresh, sizeof fresh);
    text_format(&text, "%s.new", path);
    struct json *kept = json_new_object();
    json_set(kept, "tasks", json_clone(town->tasks));
    json_set(kept, "submissions", json_clone(town->submissions));
    char *words = json_write_new(kept);
    json_free(kept);
    FILE *file = text.is_cut ? NULL : fopen(fresh, "w");
    bool is_written = file != NULL && fputs(words, file) >= 0;
    is_written = file != NULL && fclose(file) == 0 && is_written;
    free(words);
    town->is_changed = false;
    return is_written && rename(fresh, path) == 0 ? OK : ERR_IO;
}

enum err town_recall(struct town *town, const char *path, struct fault *fault)
{
    struct json *kept = NULL;
    if (access(path, R_OK) != 0) {
        return OK;
    }
    const enum err err = read_json(NULL, path, &kept, fault);
    if (err == OK) {
        json_free(town->tasks);
        json_free(town->submissions);
        town->tasks = json_clone(json_get(kept, "tasks"));
        town->submissions = json_clone(json_get(kept, "submissions"));
    }
    json_free(kept);
    return err;
}

static enum err read_json(const char *folder, const char *name, struct json **json,
                          struct fault *fault)
{
    char path[512];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s%s%s", folder == NULL ? "" : folder, folder == NULL ? "" : "/", name);
    FILE *file = text.is_cut ? NULL : fopen(path, "rb");
    if (file == NULL) {
        return fault_set(fault, ERR_IO, "townhall: cannot read %s", name);
    }
    char *bytes = malloc(TOWN_FILE_BYTES_MAX);
    CHECK(bytes != NULL);
    const size_t len = fread(bytes, 1, TOWN_FILE_BYTES_MAX, file);
    const bool is_whole = feof(file) != 0 && ferror(file) == 0;
    (void)fclose(file); // only read from
    enum err err = is_whole ? json_parse(bytes, len, json) : ERR_TOO_BIG;
    free(bytes);
    return err == OK ? OK : fault_set(fault, err, "townhall: %s is not usable JSON", name);
}

void town_answer(struct town *town, const struct town_request *request, struct town_answer *answer)
{
    *answer = (struct town_answer){.source = TOWN_DEMO};
    for (size_t i = 0; i < TOWN_SOURCES_COUNT; i++) {
        const size_t prefix_len = strlen(parts[i].prefix);
        if (!text_starts_with(request->path, parts[i].prefix) || request->path[prefix_len] != '/') {
            continue;
        }
        answer->source = (enum town_source)i;
        answer->fault = town->faults[i];
        struct json *body = NULL;
        if (!may_enter(request, answer->source, answer)) {
            return;
        }
        if (answer->fault == FAULT_DOWN) {
            town_problem(answer, 503, "down", "Down.");
            return;
        }
        if (answer->fault == FAULT_WRONG) {
            struct json *wrong = json_new_object();
            json_set_text(wrong, "results", "everything");
            town_say(answer, 200, wrong);
            return;
        }
        if (request->body_len > 0 && !town_is_multipart(request) &&
            json_parse(request->body, request->body_len, &body) != OK) {
            town_problem(answer, 400, "malformed", "Invalid input.");
            return;
        }
        parts[i].answer(town, request, request->path + prefix_len, body, answer);
        json_free(body);
        return;
    }
    town_problem(answer, 404, "not_found", "Not found.");
}

// The secrets of a demonstration: fixed, printed in its manual, worth nothing.
static bool may_enter(const struct town_request *request, enum town_source source,
                      struct town_answer *answer)
{
    static const char *const wanted[TOWN_SOURCES_COUNT] = {
        [TOWN_PORTAL] = "Bearer voorbeeld-portal",
        [TOWN_KLANT] = "Token voorbeeld-klant",
        [TOWN_TAKEN] = "Token voorbeeld-taken",
        [TOWN_ZAKEN] = "voorbeeld-zaken",
        [TOWN_BRP] = "voorbeeld-brp",
        [TOWN_DOCUMENTEN] = "voorbeeld-documenten",
        [TOWN_OBJECTEN] = "Token voorbeeld-objecten",
        [TOWN_MIJNTAKEN] = "Bearer voorbeeld-mijntaken",
    };
    if (source == TOWN_DEMO || source == TOWN_FORMS) {
        return true; // Open Forms has sessions of its own
    }
    const char *shown = source == TOWN_BRP ? request->api_key : request->authorization;
    if (shown == NULL) {
        town_problem(answer, 401, source == TOWN_PORTAL ? "login" : "authentication",
                     "Authentication credentials were not provided.");
        return false;
    }
    const bool is_zgw = source == TOWN_ZAKEN || source == TOWN_DOCUMENTEN;
    const bool is_known =
        is_zgw ? is_signed(shown, wanted[source]) : strcmp(shown, wanted[source]) == 0;
    if (!is_known) {
        town_problem(answer, source == TOWN_PORTAL ? 401 : 403,
                     source == TOWN_PORTAL ? "login" : "permission_denied", "Refused.");
    }
    return is_known;
}

// A ZGW login: "Bearer " and a JWT whose last part is the HMAC (HS256) of all before its last dot.
static bool is_signed(const char *shown, const char *secret)
{
    static const char scheme[] = "Bearer ";
    const char *dot = strrchr(shown, '.');
    if (!text_starts_with(shown, scheme) || dot == NULL) {
        return false;
    }
    const char *jwt = shown + strlen(scheme);
    uint8_t mac[CRYPTO_HASH_BYTES];
    char words[64];
    crypto_hmac(secret, strlen(secret), jwt, (size_t)(dot - jwt), mac);
    return base64url_encode(mac, sizeof mac, words, sizeof words) == OK &&
           strcmp(words, dot + 1) == 0;
}

const char *town_source_name(enum town_source source)
{
    CHECK(source < TOWN_SOURCES_COUNT);
    return parts[source].name;
}

void town_say(struct town_answer *answer, int status, struct json *body)
{
    json_free(answer->body);
    answer->status = status;
    answer->body = body;
}

void town_problem(struct town_answer *answer, int status, const char *code, const char *title)
{
    struct json *body = json_new_object();
    json_set_text(body, "type", "about:blank");
    json_set_text(body, "code", code);
    json_set_text(body, "title", title);
    json_set_int(body, "status", status);
    json_set_text(body, "detail", title);
    json_set_text(body, "instance", "urn:uuid:00000000-0000-4000-8000-000000000000");
    town_say(answer, status, body);
}

void town_invalid(struct town_answer *answer, const char *name, const char *code,
                  const char *reason)
{
    struct json *one = json_new_object();
    json_set_text(one, "name", name);
    json_set_text(one, "code", code);
    json_set_text(one, "reason", reason);
    if (answer->status != 400 || !json_is_list(json_get(answer->body, "invalidParams"))) {
        town_problem(answer, 400, "invalid", "Invalid input.");
        json_set(answer->body, "invalidParams", json_new_array());
    }
    json_append(town_change(json_get(answer->body, "invalidParams")), one);
}

enum err town_query(const struct town_request *request, const char *name, char *out,
                    size_t out_bytes)
{
    const size_t name_len = strlen(name);
    const char *at = request->query;
    while (at != NULL && *at != '\0') {
        const char *end = strchr(at, '&');
        const size_t len = end == NULL ? strlen(at) : (size_t)(end - at);
        if (len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
            struct text text;
            text_init(&text, out, out_bytes);
            for (size_t i = name_len + 1; i < len; i++) {
                char letter = at[i];
                if (letter == '%' && i + 2 < len + 0 && hex_value(at[i + 1]) >= 0 &&
                    hex_value(at[i + 2]) >= 0) {
                    letter = (char)(hex_value(at[i + 1]) * 16 + hex_value(at[i + 2]));
                    i += 2;
                }
                text_add_bytes(&text, &letter, 1);
            }
            return text.is_cut ? ERR_TOO_BIG : OK;
        }
        at = end == NULL ? NULL : end + 1;
    }
    return ERR_NOT_FOUND;
}

static int hex_value(char digit)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = digit == '\0' ? NULL : strchr(digits, digit >= 'a' ? digit - 32 : digit);
    return at == NULL ? -1 : (int)(at - digits);
}

struct json *town_day(const struct json *object, const char *key, int64_t now_ms)
{
    const char *words = json_get_text(object, key);
    if (words == NULL) {
        return json_new_null();
    }
    const size_t len = strlen(words);
    char digits[8];
    int64_t days = 0;
    if ((words[0] == '+' || words[0] == '-') && len < sizeof digits && words[len - 1] == 'd') {
        struct text text;
        text_init(&text, digits, sizeof digits);
        text_add_bytes(&text, words + 1, len - 2);
        if (text_to_int64(digits, 0, 9999, &days) == OK) {
            char day[DATE_TEXT_BYTES];
            days = words[0] == '-' ? -days : days;
            date_to_text(date_from_days(clock_local_day(now_ms) + days), day);
            return json_new_text(day);
        }
    }
    return json_new_text(words);
}

char *town_url(const struct town *town, const char *path, const char *uuid, char *out,
               size_t out_bytes)
{
    struct text text;
    text_init(&text, out, out_bytes);
    text_format(&text, "%s%s/%s", town->base_url, path, uuid);
    return out;
}

struct json *town_page(struct json *results)
{
    struct json *page = json_new_object();
    json_set_int(page, "count", (int64_t)json_len(results));
    json_set(page, "next", json_new_null());
    json_set(page, "previous", json_new_null());
    json_set(page, "results", results);
    return page;
}

const struct json *town_find(const struct json *list, const char *key, const char *value)
{
    for (size_t i = 0; value != NULL && i < json_len(list); i++) {
        const char *theirs = json_get_text(json_at(list, i), key);
        if (theirs != NULL && strcmp(theirs, value) == 0) {
            return json_at(list, i);
        }
    }
    return NULL;
}

struct json *town_change(const struct json *owned)
{
    union {
        const struct json *in;
        struct json *out;
    } cast = {.in = owned};
    return cast.out;
}

int64_t town_count(const struct json *object, const char *key)
{
    int64_t count = 0;
    return json_get_int(object, key, &count) == OK ? count : 0;
}
