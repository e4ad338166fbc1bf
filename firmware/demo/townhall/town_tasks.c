// SPDX-License-Identifier: EUPL-1.2
//
// The town's Open VTB: tasks to list, and the forms among them to read and fill in. Its server
// merges `details` member by member, as the real one does.
#include "base/text.h"
#include "demo/townhall/town.h"

#include <string.h>

static const char urn[] = "urn:nld:brp:bsn:";

static void list_tasks(struct town *town, const struct town_request *request,
                       struct town_answer *answer);
static struct json *task_json(const struct town *town, const struct json *task, const char *bsn,
                              int64_t now_ms);
static const char *status_of(const struct json *task);
static const char *owner_of(const struct town *town, const struct json *task,
                            const struct town_answer *answer);
static void change_task(struct town *town, const struct json *task, const struct json *body,
                        struct town_answer *answer);
static bool is_patch_sound(const struct town *town, const struct json *task,
                           const struct json *body, struct town_answer *answer);
static bool is_one_of(const char *word, const char *const *words, size_t count);

void town_taken(struct town *town, const struct town_request *request, const char *path,
                struct json *body, struct town_answer *answer)
{
    static const char forms[] = "/formuliertaken/";
    const bool is_get = strcmp(request->method, "GET") == 0;
    if (is_get && strcmp(path, "/externetaken") == 0) {
        list_tasks(town, request, answer);
        return;
    }
    const struct json *task =
        text_starts_with(path, forms) ? town_find(town->tasks, "uuid", path + strlen(forms)) : NULL;
    const char *kind = json_get_text(task, "taakSoort");
    if (kind == NULL || strcmp(kind, "formuliertaak") != 0) {
        town_problem(answer, 404, "not_found", "Not found.");
    } else if (is_get) {
        town_say(answer, 200, task_json(town, task, owner_of(town, task, answer), request->now_ms));
    } else if (strcmp(request->method, "PATCH") == 0) {
        change_task(town, task, body, answer);
        if (answer->status == 0) {
            town_say(answer, 200,
                     task_json(town, task, owner_of(town, task, answer), request->now_ms));
        }
    } else {
        town_problem(answer, 405, "method_not_allowed", "Not allowed.");
    }
}

static const char *owner_of(const struct town *town, const struct json *task,
                            const struct town_answer *answer)
{
    const char *id = answer->fault == FAULT_LYING ? "pieter" : json_get_text(task, "resident");
    return json_get_text(town_find(town->residents, "id", id), "bsn");
}

static void change_task(struct town *town, const struct json *task, const struct json *body,
                        struct town_answer *answer)
{
    if (!is_patch_sound(town, task, body, answer)) {
        return;
    }
    struct json *details = town_change(json_get(task, "details"));
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    while (json_each(json_get(body, "details"), &iter, &key, &value)) {
        json_set(details, key, json_clone(value));
    }
    if (json_get_text(body, "status") != NULL) {
        json_set_text(town_change(task), "status", json_get_text(body, "status"));
    }
    const int64_t changes = town_count(task, "changes");
    json_set_int(town_change(task), "changes", changes + 1);
    town->is_changed = true;
}

static bool is_patch_sound(const struct town *town, const struct json *task,
                           const struct json *body, struct town_answer *answer)
{
    static const char *const states[] = {"open", "uitgevoerd", "niet_uitgevoerd", "afgebroken",
                                         "verwerkt"};
    static const char *const members[] = {"formulierDefinitie", "voorinvullenGegevens",
                                          "ontvangenGegevens"};
    static const char *const fields[] = {"details", "status"};
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    if (strcmp(status_of(task), "open") != 0) {
        town_invalid(answer, "status", "invalid", "De taak is niet meer open.");
    }
    while (json_each(body, &iter, &key, &value)) {
        if (!is_one_of(key, fields, 2)) {
            town_invalid(answer, key, "unknown", "Onbekend veld.");
        }
    }
    iter = NULL;
    while (json_each(json_get(body, "details"), &iter, &key, &value)) {
        if (!is_one_of(key, members, 3) || !json_has_keys(value)) {
            town_invalid(answer, key, "invalid", "Ongeldige gegevens.");
        }
    }
    iter = NULL;
    while (json_each(json_path(body, "details.ontvangenGegevens"), &iter, &key, &value)) {
        if (!town_files_know(town, "", value)) {
            town_invalid(answer, key, "invalid", "Dit document is hier niet bekend.");
        }
    }
    const char *status = json_get_text(body, "status");
    if (status != NULL && !is_one_of(status, states, 5)) {
        town_invalid(answer, "status", "invalid_choice", "Ongeldige status.");
    }
    return answer->status == 0;
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *status_of(const struct json *task)
{
    const char *status = json_get_text(task, "status");
    return status == NULL ? "open" : status;
}

static void list_tasks(struct town *town, const struct town_request *request,
                       struct town_answer *answer)
{
    char owner[80];
    char wanted[24] = "";
    if (town_query(request, "status", wanted, sizeof wanted) != OK) {
        wanted[0] = '\0'; // of any status
    }
    if (town_query(request, "isToegewezenAan", owner, sizeof owner) != OK ||
        !text_starts_with(owner, urn)) {
        town_problem(answer, 400, "invalid", "Invalid input.");
        return;
    }
    const char *bsn = owner + strlen(urn);
    const struct json *resident = town_find(town->residents, "bsn", bsn);
    const char *id = json_get_text(resident, "id");
    if (answer->fault == FAULT_LYING) {
        id = "pieter";
        bsn = json_get_text(town_find(town->residents, "id", id), "bsn");
    }
    struct json *results = json_new_array();
    for (size_t i = 0; id != NULL && i < json_len(town->tasks); i++) {
        const struct json *task = json_at(town->tasks, i);
        const char *whose = json_get_text(task, "resident");
        const bool is_wanted = wanted[0] == '\0' || strcmp(status_of(task), wanted) == 0;
        if (whose != NULL && strcmp(whose, id) == 0 && is_wanted) {
            json_append(results, task_json(town, task, bsn, request->now_ms));
        }
    }
    town_say(answer, 200, town_page(results));
}

static struct json *task_json(const struct town *town, const struct json *task, const char *bsn,
                              int64_t now_ms)
{
    static const char *const same[] = {"uuid", "titel", "toelichting", "taakSoort",
                                       "handelingsPerspectief"};
    const char *uuid = json_get_text(task, "uuid");
    char words[300];
    struct text text;
    struct json *json = json_new_object();
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        json_set_text(json, same[i], json_get_text(task, same[i]));
    }
    json_set_text(json, "url",
                  town_url(town, "/taken/api/v1/externetaken", uuid, words, sizeof words));
    text_init(&text, words, sizeof words);
    text_format(&text, "urn:nld:gemeentevoorbeeldstad:taak:uuid:%s", uuid);
    json_set_text(json, "urn", words);
    json_set_text(json, "verwerkerTaakId", "");
    json_set_text(json, "status", status_of(task));
    json_set(json, "startdatum", town_day(task, "startdatum", now_ms));
    json_set(json, "einddatumHandelingsTermijn",
             town_day(task, "einddatumHandelingsTermijn", now_ms));
    json_set(json, "datumHerinnering", json_new_null());
    text_init(&text, words, sizeof words);
    text_format(&text, "urn:nld:brp:bsn:%s", bsn);
    json_set_text(json, "isToegewezenAan", words);
    struct json *related = json_new_array();
    if (json_get_text(task, "case") != NULL) {
        text_init(&text, words, sizeof words);
        text_format(&text, "urn:nld:gemeentevoorbeeldstad:zaak:zaaknummer:%s",
                    json_get_text(task, "case"));
        struct json *link = json_new_object();
        json_set_text(link, "urn", words);
        json_append(related, link);
    }
    json_set(json, "isGerelateerdAan", related);
    json_set(json, "details", json_clone(json_get(task, "details")));
    return json;
}
