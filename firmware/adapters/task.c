// SPDX-License-Identifier: EUPL-1.2
//
// Reading lists of tasks, whatever their source.
#include "adapters/task.h"

#include "base/bytes.h"
#include "base/entropy.h"

#include <string.h>

static enum err read_all(struct task_list_private *list, const struct task_api *api,
                         const struct task_asked *asked, const struct json *results);
static enum err set_id(struct request_private *request, const struct json *found);
static void describe(struct task_private *task, const struct task_asked *asked);
static const char *behind(const char *words, const char *mark);

enum err task_list_read(struct task_list_private *list, const struct task_api *api,
                        const struct task_asked *asked, const struct source_answer *answer,
                        struct fault *fault)
{
    CHECK(list->count <= TASKS_MAX);

    const char *name = request_source_name(api->source);
    list->has_more = false;
    if (answer->status != 200) {
        return source_refusal(name, answer->status, fault);
    }
    struct json *json = NULL;
    if (json_parse(answer->body, answer->len, &json) != OK) {
        return fault_set(fault, ERR_MALFORMED, "%s: answer is not JSON", name);
    }
    const size_t count_before = list->count;
    const enum err err = read_all(list, api, asked, json_get(json, api->results));
    list->has_more = list->has_more || !json_is_absent(json_get(json, "next"));
    json_wipe_free(json);
    if (err != OK) {
        wipe(&list->tasks[count_before], (TASKS_MAX - count_before) * sizeof list->tasks[0]);
        list->count = count_before;
        return fault_set(fault, err, "%s: a task that breaks the API or is somebody else's", name);
    }
    return OK;
}

static enum err read_all(struct task_list_private *list, const struct task_api *api,
                         const struct task_asked *asked, const struct json *results)
{
    if (!json_is_list(results)) {
        return ERR_MALFORMED;
    }
    for (size_t i = 0; i < json_len(results); i++) {
        if (list->count == TASKS_MAX) {
            list->has_more = true;
            break;
        }
        const struct json *found = json_at(results, i);
        struct task_private *task = &list->tasks[list->count];
        *task = (struct task_private){.request = {.source = api->source}};
        if (set_id(&task->request, found) != OK || api->read(found, asked->bsn, task) != OK) {
            return ERR_MALFORMED;
        }
        describe(task, asked);
        list->count += task->is_open;
    }
    return OK;
}

static enum err set_id(struct request_private *request, const struct json *found)
{
    char uuid[UUID_TEXT_BYTES];
    if (field_uuid(found, "uuid", uuid) != OK) {
        return ERR_MALFORMED;
    }
    struct text id;
    text_init(&id, request->id, sizeof request->id);
    text_format(&id, "%s:%s", request_source_name(request->source), uuid);
    return id.is_cut ? ERR_MALFORMED : OK;
}

static void describe(struct task_private *task, const struct task_asked *asked)
{
    struct request_private *request = &task->request;
    struct about about = {.subject = SUBJECT_LETTER, .class = REQUEST_SENSITIVE};
    task->is_listed = about_task_title(asked->config, request->title, &about);
    request->subject = about.subject;
    request->class = about.class;
    request->service = about.service;
    // The link becomes a code on the screen, for anybody's camera.
    if (strstr(request->link, asked->bsn) != NULL) {
        wipe(request->link, sizeof request->link);
    }
}

bool task_link_case(struct task_private *task, const char *urn)
{
    const char *number = behind(urn, ":zaak:zaaknummer:");
    const char *uuid = behind(urn, ":zaak:uuid:");
    const char *bare = behind(urn, ":zaak:");
    if (bare != NULL && uuid_is_valid(bare)) {
        uuid = bare;
    } else if (bare != NULL && strchr(bare, ':') == NULL) {
        number = bare;
    }
    if (number != NULL && text_is_printable(number) &&
        text_copy(task->case_number, sizeof task->case_number, number) == OK) {
        text_copy_cut(task->request.reference, sizeof task->request.reference, number);
        return true;
    }
    return uuid != NULL && uuid_is_valid(uuid) &&
           text_copy(task->case_uuid, sizeof task->case_uuid, uuid) == OK;
}

static const char *behind(const char *words, const char *mark)
{
    const char *at = words == NULL ? NULL : strstr(words, mark);
    return at == NULL || at[strlen(mark)] == '\0' ? NULL : at + strlen(mark);
}
