// SPDX-License-Identifier: EUPL-1.2
//
// The town's tasks that are done elsewhere: an Objects API that holds them as objects, searched by
// what stands in them, and a provider of the MijnTaken API.
#include "base/text.h"
#include "demo/townhall/town.h"

#include <string.h>

static const char types_path[] = "/objecttypes/api/v2/objecttypes";

static struct json *object_json(const struct town *town, const struct json *object, int64_t now_ms);
static struct json *data_json(const struct town *town, const struct json *object, int64_t now_ms);
static bool has_all(const struct json *data, const char *conditions, bool is_lying);
static bool has(const struct json *data, char *condition, bool is_lying);
static struct json *task_json(const struct json *task, int64_t now_ms);
static bool wants_tasks(const struct json *include);
static struct json *moment(const struct json *object, const char *key, int64_t now_ms);
static struct json *dutch(const char *words);

void town_objecten(struct town *town, const struct town_request *request, const char *path,
                   struct json *body, struct town_answer *answer)
{
    const char *type = json_get_text(body, "type");
    const char *conditions = json_get_text(body, "data_attrs");
    if (!request->is_post || strcmp(path, "/objects/search") != 0) {
        town_problem(answer, 404, "not_found", "Not found.");
        return;
    }
    if (request->content_crs == NULL || strcmp(request->content_crs, "EPSG:4326") != 0) {
        town_problem(answer, 412, "missing_crs", "Content-Crs ontbreekt.");
        return;
    }
    if (type == NULL || strstr(type, TOWN_TASK_TYPE) == NULL || conditions == NULL) {
        town_problem(answer, 400, "invalid", "Invalid input.");
        return;
    }
    struct json *results = json_new_array();
    for (size_t i = 0; i < json_len(town->objects); i++) {
        struct json *object = object_json(town, json_at(town->objects, i), request->now_ms);
        if (has_all(json_path(object, "record.data"), conditions, answer->fault == FAULT_LYING)) {
            json_append(results, object);
        } else {
            json_free(object);
        }
    }
    town_say(answer, 200, town_page(results));
}

static struct json *object_json(const struct town *town, const struct json *object, int64_t now_ms)
{
    char url[300];
    const char *uuid = json_get_text(object, "uuid");
    struct json *record = json_new_object();
    json_set_int(record, "index", 1);
    json_set_int(record, "typeVersion", 2);
    json_set(record, "data", data_json(town, object, now_ms));
    json_set(record, "references", json_new_array());
    json_set(record, "startAt", town_day(object, "startAt", now_ms));
    json_set(record, "endAt", json_new_null());
    json_set(record, "registrationAt", town_day(object, "startAt", now_ms));
    json_set(record, "correctionFor", json_new_null());
    struct json *json = json_new_object();
    json_set_text(json, "url", town_url(town, "/objecten/api/v2/objects", uuid, url, sizeof url));
    json_set_text(json, "uuid", uuid);
    json_set_text(json, "type", town_url(town, types_path, TOWN_TASK_TYPE, url, sizeof url));
    json_set(json, "record", record);
    return json;
}

static struct json *data_json(const struct town *town, const struct json *object, int64_t now_ms)
{
    const struct json *resident =
        town_find(town->residents, "id", json_get_text(object, "resident"));
    struct json *owner = json_new_object();
    json_set_text(owner, "type", "bsn");
    json_set_text(owner, "value", json_get_text(resident, "bsn"));
    struct json *data = json_clone(json_get(object, "data"));
    json_set(data, "identificatie", owner);
    json_set(data, "verloopdatum", moment(data, "verloopdatum", now_ms));
    json_set_text(data, "eigenaar", "voorbeeldstad");
    json_set_text(data, "verwerker_taak_id", json_get_text(object, "uuid"));
    return data;
}

// "a__b__exact__value,c__exact__value": all of them hold. One that is lied to finds everybody's.
static bool has_all(const struct json *data, const char *conditions, bool is_lying)
{
    char words[512];
    char *rest = NULL;
    if (text_copy(words, sizeof words, conditions) != OK) {
        return false;
    }
    for (char *each = strtok_r(words, ",", &rest); each != NULL;
         each = strtok_r(NULL, ",", &rest)) {
        if (!has(data, each, is_lying)) {
            return false;
        }
    }
    return true;
}

static bool has(const struct json *data, char *condition, bool is_lying)
{
    static const char equals[] = "__exact__";
    char *value = strstr(condition, equals);
    if (value == NULL) {
        return false;
    }
    if (is_lying && text_starts_with(condition, "identificatie__")) {
        return true;
    }
    *value = '\0';
    value += strlen(equals);
    for (char *next = strstr(condition, "__"); next != NULL; next = strstr(condition, "__")) {
        *next = '\0';
        data = json_get(data, condition);
        condition = next + 2;
    }
    const char *told = json_get_text(data, condition);
    return told != NULL && strcmp(told, value) == 0;
}

void town_mijntaken(struct town *town, const struct town_request *request, const char *path,
                    struct json *body, struct town_answer *answer)
{
    const char *customer = json_get_text(body, "klantId");
    if (!request->is_post || strcmp(path, "/context/zoek") != 0) {
        town_problem(answer, 404, "not_found", "Niet gevonden.");
        return;
    }
    if (customer == NULL) {
        town_problem(answer, 400, "invalid", "Het veld 'klantId' is verplicht.");
        return;
    }
    const char *id = json_get_text(town_find(town->residents, "party", customer), "id");
    struct json *found = json_new_object();
    if (wants_tasks(json_get(body, "include"))) {
        struct json *tasks = json_new_array();
        for (size_t i = 0; id != NULL && i < json_len(town->portal_tasks); i++) {
            const struct json *task = json_at(town->portal_tasks, i);
            const char *whose = json_get_text(task, "resident");
            if (whose != NULL && (answer->fault == FAULT_LYING) != (strcmp(whose, id) == 0)) {
                json_append(tasks, task_json(task, request->now_ms));
            }
        }
        json_set(found, "taken", tasks);
    }
    town_say(answer, 200, found);
}

static bool wants_tasks(const struct json *include)
{
    bool is_wanted = json_len(include) == 0;
    for (size_t i = 0; i < json_len(include); i++) {
        is_wanted = is_wanted || text_equal(json_text(json_at(include, i)), "taken");
    }
    return is_wanted;
}

static struct json *task_json(const struct json *task, int64_t now_ms)
{
    struct json *json = json_new_object();
    json_set_text(json, "uuid", json_get_text(task, "uuid"));
    json_set(json, "titel", dutch(json_get_text(task, "titel")));
    if (json_get_text(task, "toelichting") != NULL) {
        json_set(json, "toelichting", dutch(json_get_text(task, "toelichting")));
    }
    json_set_text(json, "status", json_get_text(task, "status"));
    json_set(json, "deadline", moment(task, "deadline", now_ms));
    if (json_get_text(task, "case") != NULL) {
        char urn[120];
        struct text text;
        text_init(&text, urn, sizeof urn);
        text_format(&text, "urn:nl:voorbeeldstad:zaak:%s", json_get_text(task, "case"));
        struct json *context = json_new_object();
        json_set_text(context, "urn", urn);
        json_set(json, "context", context);
    }
    json_set(json, "uitvoering", json_clone(json_get(task, "uitvoering")));
    return json;
}

// The end of that day in summer, an hour before it in winter: the same day in both.
static struct json *moment(const struct json *object, const char *key, int64_t now_ms)
{
    struct json *day = town_day(object, key, now_ms);
    char words[40];
    struct text text;
    text_init(&text, words, sizeof words);
    text_format(&text, "%sT21:59:59Z", json_text(day) == NULL ? "2099-12-31" : json_text(day));
    json_free(day);
    return json_new_text(words);
}

static struct json *dutch(const char *words)
{
    struct json *json = json_new_object();
    json_set_text(json, "nl", words);
    return json;
}
