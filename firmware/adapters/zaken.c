// SPDX-License-Identifier: EUPL-1.2
//
// Cases of the Zaken API as requests.
#include "adapters/zaken.h"

#include <string.h>

static struct json *expansions(void);
static enum err read_case(const struct json *found, const struct config *config,
                          struct request_private *request);
static void describe(const struct json *found, struct request_private *request);

enum err zaken_request(struct source_request_private *request, const char *bsn,
                       const struct date *done_after, unsigned page)
{
    *request =
        (struct source_request_private){.is_post = true, .is_repeatable = true, .wants_crs = true};
    struct json *body = json_new_object();
    json_set_text(body, "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn", bsn);
    json_set_text(body, "rol__omschrijvingGeneriek", "initiator");
    json_set_text(body, "maximaleVertrouwelijkheidaanduiding", "zaakvertrouwelijk");
    if (done_after == NULL) {
        json_set_bool(body, "einddatum__isnull", true);
    } else {
        char day[DATE_TEXT_BYTES];
        date_to_text(*done_after, day);
        json_set_text(body, "einddatum__gt", day);
    }
    json_set(body, "expand", expansions());
    char path[40];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "/zaken/_zoek?page=%u", page);
    return source_post(request, path, body);
}

static struct json *expansions(void)
{
    struct json *list = json_new_array();
    json_append(list, json_new_text("zaaktype"));
    json_append(list, json_new_text("status"));
    json_append(list, json_new_text("status.statustype"));
    return list;
}

enum err zaken_read(const struct source_answer *answer, const struct config *config,
                    struct zaken_list_private *list, struct fault *fault)
{
    list->has_more = false;
    if (answer->status != 200) {
        return source_refusal("zaken", answer->status, fault);
    }
    struct json *json = NULL;
    if (json_parse(answer->body, answer->len, &json) != OK) {
        return fault_set(fault, ERR_MALFORMED, "zaken: answer is not JSON");
    }
    const struct json *results = json_get(json, "results");
    if (!json_is_list(results)) {
        json_wipe_free(json);
        return fault_set(fault, ERR_MALFORMED, "zaken: answer without results");
    }
    enum err err = OK;
    for (size_t i = 0; err == OK && i < json_len(results) && list->count < ZAKEN_MAX; i++) {
        err = read_case(json_at(results, i), config, &list->cases[list->count]);
        list->count += err == OK;
    }
    list->has_more = !json_is_absent(json_get(json, "next"));
    json_wipe_free(json);
    return err == OK ? OK : fault_set(fault, err, "zaken: a case that breaks the API");
}

static enum err read_case(const struct json *found, const struct config *config,
                          struct request_private *request)
{
    *request = (struct request_private){.source = REQUEST_FROM_ZAKEN, .kind = REQUEST_CASE};
    char uuid[UUID_TEXT_BYTES];
    enum err err = field_uuid(found, "uuid", uuid);
    if (err != OK) {
        return err;
    }
    struct text id;
    text_init(&id, request->id, sizeof request->id);
    text_format(&id, "zaken:%s", uuid);
    const bool is_ended = !json_is_absent(json_get(found, "einddatum"));
    bool is_final = false;
    const struct json *status = json_path(found, "_expand.status._expand.statustype");
    if (json_get_bool(status, "isEindstatus", &is_final) != OK) {
        is_final = false;
    }
    request->state = is_ended || is_final ? REQUEST_DONE : REQUEST_BUSY;
    // Staff's number tells nothing by itself, and a task may name its case by it.
    field_words(found, "identificatie", request->reference, sizeof request->reference);
    const char *type = json_get_text(json_path(found, "_expand.zaaktype"), "identificatie");
    struct about about = {0};
    if (type == NULL || !about_case_type(config, type, &about)) {
        request->subject = SUBJECT_LETTER;
        request->class = REQUEST_SENSITIVE;
        return OK;
    }
    request->subject = about.subject;
    request->class = about.class;
    request->service = about.service;
    describe(found, request);
    return OK;
}

// The title is the zaaktype's, written for everybody; a case's own omschrijving is staff's free
// text and may say anything about anyone.
static void describe(const struct json *found, struct request_private *request)
{
    const struct json *type = json_path(found, "_expand.zaaktype");
    field_words(type, "omschrijving", request->title, sizeof request->title);
    const struct json *status = json_path(found, "_expand.status._expand.statustype");
    field_words(status, "statustekst", request->words, sizeof request->words);
    if (request->words[0] == '\0') {
        field_words(status, "omschrijving", request->words, sizeof request->words);
    }
    request->started_ms = field_day_start_ms(found, "startdatum");
    if (request->state != REQUEST_DONE) {
        request->deadline_ms = field_day_end_ms(found, "uiterlijkeEinddatumAfdoening");
        if (request->deadline_ms == 0) {
            request->deadline_ms = field_day_end_ms(found, "einddatumGepland");
        }
    }
}
