// SPDX-License-Identifier: EUPL-1.2
//
// What must hold of every list of tasks, whatever its source said.
#ifndef INLOOP_TESTS_FUZZ_TASKS_H
#define INLOOP_TESTS_FUZZ_TASKS_H

#include "adapters/task.h"
#include "base/bytes.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

static inline void tasks_check_one(const struct task_private *task, const char *bsn)
{
    const struct request_private *request = &task->request;
    const char *uuid = strchr(request->id, ':');
    CHECK(task->is_open && uuid != NULL && uuid_is_valid(uuid + 1));
    CHECK(request->missing_count <= REQUEST_MISSING_MAX);
    CHECK(request->facts_count <= REQUEST_FACTS_MAX);
    CHECK(request->steps_done <= request->steps_count);
    CHECK(text_is_printable(request->title) && text_is_printable(request->words));
    CHECK(task->case_uuid[0] == '\0' || uuid_is_valid(task->case_uuid));
    // Never more in a code than a clean address, and only of what is a link.
    CHECK(request->link[0] == '\0' ||
          (request->kind == REQUEST_LINK && text_starts_with(request->link, "https://") &&
           strstr(request->link, bsn) == NULL));
}

// Borrowed until the next call.
static inline const struct task_list_private *tasks_check(const struct task_api *api,
                                                          const uint8_t *data, size_t len)
{
    static const char bsn[] = "999990019";
    static struct config config = {.entries = {{"task.verhuizing", "moving A ordinary"}},
                                   .entries_count = 1};
    static struct task_list_private list;
    static const struct task_asked asked = {.bsn = bsn, .config = &config};
    list = (struct task_list_private){0};
    const struct source_answer answer = {.status = 200, .body = (const char *)data, .len = len};
    struct fault fault;
    if (task_list_read(&list, api, &asked, &answer, &fault) != OK) {
        CHECK(list.count == 0);
    }
    CHECK(list.count <= TASKS_MAX);
    for (size_t i = 0; i < list.count; i++) {
        CHECK(list.tasks[i].request.source == api->source);
        tasks_check_one(&list.tasks[i], bsn);
    }
    return &list;
}

// Of a source whose tasks are all done elsewhere: nothing that could be opened here.
static inline void tasks_check_elsewhere(const struct task_api *api, const uint8_t *data,
                                         size_t len)
{
    const struct task_list_private *list = tasks_check(api, data, len);
    for (size_t i = 0; i < list->count; i++) {
        const enum request_kind kind = list->tasks[i].request.kind;
        CHECK(kind == REQUEST_LINK || kind == REQUEST_PAYMENT);
    }
}

#endif
