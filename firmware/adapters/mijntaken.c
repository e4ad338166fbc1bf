// SPDX-License-Identifier: EUPL-1.2
//
// Tasks of the MijnTaken API as requests.
#include "adapters/mijntaken.h"

#include <string.h>

static enum err read_task(const struct json *found, const char *bsn, struct task_private *task);

// A provider without tasks leaves "taken" out; then it is not the one that was configured.
const struct task_api mijntaken_tasks = {
    .source = REQUEST_FROM_MIJNTAKEN, .results = "taken", .read = read_task};

enum err mijntaken_request(struct source_request_private *request, const char *party)
{
    *request = (struct source_request_private){.is_post = true, .is_repeatable = true};
    struct json *include = json_new_array();
    json_append(include, json_new_text("taken"));
    struct json *body = json_new_object();
    json_set_text(body, "klantId", party);
    json_set(body, "include", include);
    return source_post(request, "/context/zoek", body);
}

// Titles come in several languages. Those of the other sources are Dutch, and the words that say
// what a task is about are matched against Dutch.
static enum err read_task(const struct json *found, const char *bsn, struct task_private *task)
{
    (void)bsn; // nothing in the answer could be held to it
    struct request_private *request = &task->request;
    const char *status = json_get_text(found, "status");
    task->is_open = status != NULL && strcmp(status, "open") == 0;
    request->kind = REQUEST_LINK;
    request->state = REQUEST_QUESTION;
    field_words(json_get(found, "titel"), "nl", request->title, sizeof request->title);
    field_words(json_get(found, "toelichting"), "nl", request->words, sizeof request->words);
    request->deadline_ms = field_moment_ms(found, "deadline");
    (void)task_link_case(task, json_get_text(json_get(found, "context"), "urn")); // most name none
    field_link(json_get(found, "uitvoering"), "fallbackUrl", request->link, sizeof request->link);
    return OK;
}
