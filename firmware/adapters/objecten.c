// SPDX-License-Identifier: EUPL-1.2
//
// Tasks of the Objects API as requests.
#include "adapters/objecten.h"

#include "base/bytes.h"

#include <string.h>

static enum err read_task(const struct json *found, const char *bsn, struct task_private *task);
static bool is_of(const struct json *owner, const char *bsn);
static void read_kind(const struct json *data, struct request_private *request);
static bool says(const struct json *object, const char *key, const char *word);

const struct task_api objecten_tasks = {
    .source = REQUEST_FROM_OBJECTEN, .results = "results", .read = read_task};

// Searching keeps the number out of the address. A search's `data_attr` is one text with one
// condition; only the older `data_attrs` takes all three.
enum err objecten_request(struct source_request_private *request, const char *bsn, const char *type,
                          unsigned page)
{
    *request =
        (struct source_request_private){.is_post = true, .is_repeatable = true, .wants_crs = true};
    char words[160];
    struct text text;
    text_init(&text, words, sizeof words);
    text_format(&text,
                "identificatie__type__exact__bsn,identificatie__value__exact__%s,"
                "status__exact__open",
                bsn);
    CHECK(!text.is_cut);
    struct json *body = json_new_object();
    json_set_text(body, "type", type);
    json_set_text(body, "data_attrs", words);
    text_init(&text, words, sizeof words);
    text_format(&text, "/objects/search?page=%u&pageSize=%d", page, TASK_PAGE_SIZE);
    const enum err err = source_post(request, words, body);
    wipe(words, sizeof words);
    return err;
}

static enum err read_task(const struct json *found, const char *bsn, struct task_private *task)
{
    const struct json *record = json_get(found, "record");
    const struct json *data = json_get(record, "data");
    if (!is_of(json_get(data, "identificatie"), bsn)) {
        return ERR_MALFORMED;
    }
    struct request_private *request = &task->request;
    task->is_open = says(data, "status", "open");
    field_words(data, "titel", request->title, sizeof request->title);
    request->deadline_ms = field_moment_ms(data, "verloopdatum");
    request->started_ms = field_day_start_ms(record, "startAt");
    const struct json *link = json_get(data, "koppeling");
    if (says(link, "registratie", "zaak") && field_uuid(link, "uuid", task->case_uuid) != OK) {
        task->case_uuid[0] = '\0';
    }
    read_kind(data, request);
    return OK;
}

static bool is_of(const struct json *owner, const char *bsn)
{
    return says(owner, "type", "bsn") && says(owner, "value", bsn);
}

// A portal's form is drawn by that portal from an object of its own: nothing we could open, so it
// stands here as what is done elsewhere without a link. A kind we do not know does too.
static void read_kind(const struct json *data, struct request_private *request)
{
    request->kind = REQUEST_LINK;
    request->state = REQUEST_QUESTION;
    if (says(data, "soort", "url")) {
        field_link(json_get(data, "url"), "uri", request->link, sizeof request->link);
    } else if (says(data, "soort", "ogonebetaling")) {
        request->kind = REQUEST_PAYMENT;
        request->state = REQUEST_MISSING;
    }
}

static bool says(const struct json *object, const char *key, const char *word)
{
    const char *told = json_get_text(object, key);
    return told != NULL && strcmp(told, word) == 0;
}
