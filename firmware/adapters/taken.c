// SPDX-License-Identifier: EUPL-1.2
//
// Tasks of Open VTB as requests.
#include "adapters/taken.h"

#include "adapters/form_data.h"

#include <stdlib.h>
#include <string.h>

static enum err read_task(const struct json *found, const char *bsn, struct task_private *task);
static bool is_of(const char *owner, const char *bsn);
static void read_case_link(const struct json *links, struct task_private *task);
static void read_kind(const struct json *found, struct request_private *request);
static void read_form(const struct json *details, struct request_private *request);
static void read_component(const struct json *component, const struct json *details,
                           struct request_private *request);
static const struct json *answer_to(const struct json *details, const char *key);
static bool is_question(const struct json *component);
static bool is_private_value(const struct json *component);
static bool value_to_words(const struct json *component, const struct json *value,
                           char out[REQUEST_VALUE_BYTES]);
static const char *label_of_choice(const struct json *component, const char *value);

const struct task_api taken_tasks = {
    .source = REQUEST_FROM_TAKEN, .results = "results", .read = read_task};

enum err taken_request(struct source_request_private *request, const char *bsn, unsigned page)
{
    *request = (struct source_request_private){.is_repeatable = true};
    struct text path;
    text_init(&path, request->path, sizeof request->path);
    text_format(&path,
                "/externetaken?isToegewezenAan=urn:nld:brp:bsn:%s&status=open&page=%u&pageSize=%d",
                bsn, page, TASK_PAGE_SIZE);
    return path.is_cut ? ERR_TOO_BIG : OK;
}

static enum err read_task(const struct json *found, const char *bsn, struct task_private *task)
{
    if (!is_of(json_get_text(found, "isToegewezenAan"), bsn)) {
        return ERR_MALFORMED;
    }
    struct request_private *request = &task->request;
    const char *status = json_get_text(found, "status");
    task->is_open = status != NULL && strcmp(status, "open") == 0;
    field_words(found, "titel", request->title, sizeof request->title);
    field_words(found, "toelichting", request->words, sizeof request->words);
    request->deadline_ms = field_day_end_ms(found, "einddatumHandelingsTermijn");
    request->started_ms = field_day_start_ms(found, "startdatum");
    read_case_link(json_get(found, "isGerelateerdAan"), task);
    read_kind(found, request);
    return OK;
}

static bool is_of(const char *owner, const char *bsn)
{
    static const char urn[] = "urn:nld:brp:bsn:";
    return owner != NULL && text_starts_with(owner, urn) && strcmp(owner + strlen(urn), bsn) == 0;
}

static void read_case_link(const struct json *links, struct task_private *task)
{
    for (size_t i = 0; i < json_len(links); i++) {
        if (task_link_case(task, json_get_text(json_at(links, i), "urn"))) {
            return;
        }
    }
}

void taken_case_number(const struct json *task, char number[REQUEST_REFERENCE_BYTES])
{
    struct task_private linked = {0};
    read_case_link(json_get(task, "isGerelateerdAan"), &linked);
    text_copy_cut(number, REQUEST_REFERENCE_BYTES, linked.case_number);
}

// A kind we do not know is something to follow elsewhere: its title and deadline are still true.
static void read_kind(const struct json *found, struct request_private *request)
{
    const char *kind = json_get_text(found, "taakSoort");
    const char *aim = json_get_text(found, "handelingsPerspectief");
    request->kind = REQUEST_LINK;
    request->state = REQUEST_QUESTION;
    if (kind != NULL && strcmp(kind, "formuliertaak") == 0) {
        request->kind = REQUEST_FORM;
        read_form(json_get(found, "details"), request);
        // Asked for by us, so something is missing; otherwise the person's own unfinished form.
        const bool is_asked = aim != NULL && strcmp(aim, "informatie_geven") == 0;
        request->state =
            is_asked && request->missing_count > 0 ? REQUEST_MISSING : REQUEST_QUESTION;
    } else if (kind != NULL && strcmp(kind, "urltaak") == 0) {
        field_link(json_get(found, "details"), "uitvraagLink", request->link, sizeof request->link);
    } else if (kind != NULL && strcmp(kind, "betaaltaak") == 0) {
        request->kind = REQUEST_PAYMENT;
        request->state = REQUEST_MISSING;
        if (request->words[0] == '\0') {
            field_words(json_get(found, "details"), "transactieomschrijving", request->words,
                        sizeof request->words);
        }
    }
}

static void read_form(const struct json *details, struct request_private *request)
{
    struct form_walk walk;
    form_walk_begin(&walk, json_path(details, "formulierDefinitie.components"));
    for (const struct json *component = form_walk_next(&walk); component != NULL;
         component = form_walk_next(&walk)) {
        if (is_question(component)) {
            read_component(component, details, request);
        }
    }
}

static void read_component(const struct json *component, const struct json *details,
                           struct request_private *request)
{
    const char *key = json_get_text(component, "key");
    bool is_required = false;
    if (json_get_bool(json_get(component, "validate"), "required", &is_required) != OK) {
        is_required = false;
    }
    request->steps_count++;
    const struct json *value = answer_to(details, key);
    if (value == NULL) {
        if (is_required && request->missing_count < REQUEST_MISSING_MAX) {
            field_words(component, "label", request->missing[request->missing_count],
                        REQUEST_MISSING_BYTES);
            request->missing_count += request->missing[request->missing_count][0] != '\0';
        }
        request->steps_done += !is_required;
        return;
    }
    request->steps_done++;
    struct request_fact *fact = &request->facts[request->facts_count];
    if (request->facts_count == REQUEST_FACTS_MAX || is_private_value(component) ||
        !value_to_words(component, value, fact->value)) {
        return;
    }
    field_words(component, "label", fact->label, sizeof fact->label);
    request->facts_count += fact->label[0] != '\0';
}

// What the person gave goes before what we filled in. Empty words are no answer.
static const struct json *answer_to(const struct json *details, const char *key)
{
    static const char *const places[] = {"ontvangenGegevens", "voorinvullenGegevens"};
    for (size_t i = 0; i < 2; i++) {
        const struct json *value = json_get(json_get(details, places[i]), key);
        const char *words = json_text(value);
        if (!json_is_absent(value) && (words == NULL || words[0] != '\0')) {
            return value;
        }
    }
    return NULL;
}

static bool is_question(const struct json *component)
{
    static const char *const silent[] = {"content", "htmlelement", "button", "softRequiredErrors"};
    const char *type = json_get_text(component, "type");
    for (size_t i = 0; type != NULL && i < sizeof silent / sizeof silent[0]; i++) {
        if (strcmp(type, silent[i]) == 0) {
            return false;
        }
    }
    return type != NULL && json_get_text(component, "key") != NULL;
}

// Left out of what staff see before the person sits down, whatever the form's author ticked.
static bool is_private_value(const struct json *component)
{
    static const char *const private_types[] = {"bsn", "iban", "signature", "file", "password"};
    bool is_sensitive = false;
    if (json_get_bool(component, "isSensitiveData", &is_sensitive) == OK && is_sensitive) {
        return true;
    }
    const char *type = json_get_text(component, "type");
    for (size_t i = 0; i < sizeof private_types / sizeof private_types[0]; i++) {
        if (strcmp(type, private_types[i]) == 0) {
            return true;
        }
    }
    return false;
}

// Words, numbers and the label of a choice; yes and no, lists and objects are not words.
static bool value_to_words(const struct json *component, const struct json *value,
                           char out[REQUEST_VALUE_BYTES])
{
    int64_t whole = 0;
    double real = 0;
    struct text text;
    text_init(&text, out, REQUEST_VALUE_BYTES);
    const char *words = json_text(value);
    if (words != NULL && text_is_printable(words)) {
        text_copy_cut(out, REQUEST_VALUE_BYTES, label_of_choice(component, words));
        return true;
    }
    if (json_whole(value, &whole) == OK) {
        text_format(&text, "%lld", (long long)whole);
        return true;
    }
    if (json_double(value, &real) == OK) {
        text_format(&text, "%g", real);
        return true;
    }
    return false;
}

static const char *label_of_choice(const struct json *component, const char *value)
{
    const struct json *choices = json_get(component, "values");
    if (choices == NULL) {
        choices = json_path(component, "data.values");
    }
    for (size_t i = 0; i < json_len(choices); i++) {
        const char *code = json_get_text(json_at(choices, i), "value");
        const char *label = json_get_text(json_at(choices, i), "label");
        if (code != NULL && label != NULL && strcmp(code, value) == 0 && text_is_printable(label)) {
            return label;
        }
    }
    return value;
}
