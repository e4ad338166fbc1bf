// SPDX-License-Identifier: EUPL-1.2
//
// The messages about a person: opening a visit, the second fact, the requests, the context. All
// private; who may see them is the hub's to decide.
#include "link/api.h"

#include "base/bytes.h"
#include "link/api_parts.h"

#include <string.h>

static const char *visit_state_name(size_t index);
static const char *source_name(size_t index);
static const char *kind_name(size_t index);
static const char *state_name(size_t index);
static const char *subject_name(size_t index);
static const char *class_name(size_t index);
static const char *evidence_word(size_t index);
static enum err read_cards(const struct json *json, struct api_visit_open_private *open,
                           struct fault *fault);
static enum err read_request(const struct json *json, struct request_private *request,
                             struct fault *fault);
static enum err read_missing(const struct json *json, struct request_private *request,
                             struct fault *fault);
static enum err read_facts(const struct json *json, struct request_private *request,
                           struct fault *fault);
static struct json *write_request(const struct request_private *request);
static enum err read_context_parts(const struct json *json, struct context_private *context,
                                   struct fault *fault);
static enum err read_others(const struct json *json, struct context_private *context,
                            struct fault *fault);
static bool has_person(const struct person_private *person);

const struct api_names api_subject_names = {SUBJECTS_COUNT, subject_name};
const struct api_names api_request_state_names = {REQUEST_DONE + 1, state_name};
const struct api_names api_evidence_names = {EVIDENCE_KINDS_COUNT, evidence_word};
static const struct api_names visit_state_names = {VISIT_ENDED + 1, visit_state_name};
static const struct api_names source_names = {REQUEST_SOURCES_COUNT, source_name};
static const struct api_names kind_names = {REQUEST_CASE + 1, kind_name};
static const struct api_names class_names = {REQUEST_CLASSES_COUNT, class_name};

static const struct api_field open_fields[] = {
    {"code", API_WORDS, API_AT(struct api_visit_open_private, code)},
    {"is_anonymous", API_TRUTH, API_AT(struct api_visit_open_private, is_anonymous)},
    {"pass", API_ID, API_AT(struct api_visit_open_private, pass)},
    {"language", API_LANGUAGE, API_AT(struct api_visit_open_private, language)},
};
static const struct api_shape open_shape = API_SHAPE(open_fields);

static const struct api_field fact_fields[] = {
    {"birth_date", API_DATE, API_AT(struct api_second_fact_private, birth_date),
     .is_required = true},
};
static const struct api_shape fact_shape = API_SHAPE(fact_fields);

static const struct api_field visit_fields[] = {
    {"id", API_UUID, API_AT(struct api_visit_private, id), .is_required = true},
    {"state", API_NAME, API_AT(struct api_visit_private, state), .is_required = true,
     .names = &visit_state_names},
    {"level", API_WHOLE, API_AT(struct api_visit_private, level), .is_required = true,
     .max = LEVEL_3},
    {"tries_left", API_WHOLE, API_AT(struct api_visit_private, tries_left),
     .max = SECOND_FACT_TRIES_MAX},
    {"requests_ready", API_TRUTH, API_AT(struct api_visit_private, requests_ready),
     .is_required = true},
    {"initials", API_WORDS, API_AT(struct api_visit_private, initials)},
    {"birth_year", API_WHOLE, API_AT(struct api_visit_private, birth_year), .max = 2200},
    {"language", API_LANGUAGE, API_AT(struct api_visit_private, language)},
    {"hidden_count", API_WHOLE, API_AT(struct api_visit_private, hidden_count),
     .max = REQUESTS_MAX},
    {"chosen", API_ID, API_AT(struct api_visit_private, chosen)},
};
static const struct api_shape visit_shape = API_SHAPE(visit_fields);

static const struct api_field person_fields[] = {
    {"party", API_UUID, API_AT(struct person_private, party)},
    {"name", API_WORDS, API_AT(struct person_private, name)},
    {"initials", API_WORDS, API_AT(struct person_private, initials)},
    {"birth_date", API_DATE, API_AT(struct person_private, birth_date)},
    {"language", API_LANGUAGE, API_AT(struct person_private, language)},
    {"is_secret", API_TRUTH, API_AT(struct person_private, is_secret), .is_required = true},
};
static const struct api_shape person_shape = API_SHAPE(person_fields);

static const struct api_field request_fields[] = {
    {"id", API_ID, API_AT(struct request_private, id), .is_required = true},
    {"source", API_NAME, API_AT(struct request_private, source), .is_required = true,
     .names = &source_names},
    {"kind", API_NAME, API_AT(struct request_private, kind), .is_required = true,
     .names = &kind_names},
    {"state", API_NAME, API_AT(struct request_private, state), .is_required = true,
     .names = &api_request_state_names},
    {"subject", API_NAME, API_AT(struct request_private, subject), .is_required = true,
     .names = &api_subject_names},
    {"class", API_NAME, API_AT(struct request_private, class), .is_required = true,
     .names = &class_names},
    {"service", API_LETTER, API_AT(struct request_private, service)},
    {"title", API_WORDS, API_AT(struct request_private, title)},
    {"words", API_WORDS, API_AT(struct request_private, words)},
    {"reference", API_WORDS, API_AT(struct request_private, reference)},
    {"link", API_WORDS, API_AT(struct request_private, link)},
    {"deadline_at", API_TIME, API_AT(struct request_private, deadline_ms)},
    {"started_at", API_TIME, API_AT(struct request_private, started_ms)},
    {"steps_done", API_WHOLE, API_AT(struct request_private, steps_done), .max = UINT16_MAX},
    {"steps_count", API_WHOLE, API_AT(struct request_private, steps_count), .max = UINT16_MAX},
};
static const struct api_shape request_shape = API_SHAPE(request_fields);

static const struct api_field request_fact_fields[] = {
    {"label", API_WORDS, API_AT(struct request_fact, label)},
    {"value", API_WORDS, API_AT(struct request_fact, value)},
};
static const struct api_shape request_fact_shape = API_SHAPE(request_fact_fields);

static const struct api_field list_fields[] = {
    {"sources_failed", API_NAMES, API_AT(struct request_list_private, sources_failed),
     .names = &source_names},
};
static const struct api_shape list_shape = API_SHAPE(list_fields);

static const struct api_field context_fields[] = {
    {"evidence", API_NAMES, API_AT(struct context_private, evidence.kinds), .is_required = true,
     .names = &api_evidence_names},
    {"level", API_WHOLE, API_AT(struct context_private, level), .is_required = true,
     .max = LEVEL_3},
    {"language", API_LANGUAGE, API_AT(struct context_private, language)},
    {"needs", API_NAMES, API_AT(struct context_private, needs), .names = &api_need_names},
};
static const struct api_shape context_shape = API_SHAPE(context_fields);

// The other requests live in an unnamed struct; offsets count from the first one.
#define OTHER(member)                                                                              \
    .offset = offsetof(struct context_private, others[0].member) -                                 \
              offsetof(struct context_private, others),                                            \
    .size = sizeof(((struct context_private *)0)->others[0].member)
static const struct api_field other_fields[] = {
    {"id", API_ID, OTHER(id), .is_required = true},
    {"title", API_WORDS, OTHER(title)},
    {"subject", API_NAME, OTHER(subject), .is_required = true, .names = &api_subject_names},
    {"state", API_NAME, OTHER(state), .is_required = true, .names = &api_request_state_names},
    {"deadline_at", API_TIME, OTHER(deadline_ms)},
};
static const struct api_shape other_shape = API_SHAPE(other_fields);

static const struct api_field consent_fields[] = {
    {"person", API_TRUTH, API_AT(struct consent, person), .is_required = true},
    {"request", API_TRUTH, API_AT(struct consent, request), .is_required = true},
    {"others", API_TRUTH, API_AT(struct consent, others), .is_required = true},
};
static const struct api_shape consent_shape = API_SHAPE(consent_fields);

enum err api_visit_open_read(const struct json *json, struct api_visit_open_private *open,
                             struct fault *fault)
{
    memset(open, 0, sizeof *open);
    enum err err = api_shape_read(json, &open_shape, open, fault);
    if (err == OK) {
        err = read_cards(json, open, fault);
    }
    const int shown_count =
        (open->code[0] != '\0') + (open->pass[0] != '\0') + open->is_anonymous + open->has_document;
    if (err == OK && shown_count != 1) {
        err = fault_set(fault, ERR_MALFORMED,
                        shown_count == 0 ? "code: is missing" : "code: is one of several");
    }
    return api_done(err, open, sizeof *open);
}

struct json *api_visit_open_write(const struct api_visit_open_private *open)
{
    struct json *json = json_new_object();
    api_shape_write(json, &open_shape, open);
    if (open->has_document) {
        json_set(json, "document", api_part_document_write(&open->document));
    }
    return json;
}

enum err api_second_fact_read(const struct json *json, struct api_second_fact_private *fact,
                              struct fault *fault)
{
    memset(fact, 0, sizeof *fact);
    enum err err = api_shape_read(json, &fact_shape, fact, fault);
    // A person knows the whole date; half a date would be easier to guess.
    if (err == OK && !date_is_valid(fact->birth_date)) {
        err = fault_set(fault, ERR_MALFORMED, "birth_date: must be a whole date");
    }
    return api_done(err, fact, sizeof *fact);
}

struct json *api_second_fact_write(const struct api_second_fact_private *fact)
{
    struct json *json = json_new_object();
    api_shape_write(json, &fact_shape, fact);
    return json;
}

enum err api_visit_read(const struct json *json, struct api_visit_private *visit,
                        struct fault *fault)
{
    memset(visit, 0, sizeof *visit);
    enum err err = api_shape_read(json, &visit_shape, visit, fault);
    if (err == OK) {
        err = api_part_requests_read(json, &visit->list, fault);
    }
    return api_done(err, visit, sizeof *visit);
}

struct json *api_visit_write(const struct api_visit_private *visit)
{
    struct json *json = json_new_object();
    api_shape_write(json, &visit_shape, visit);
    api_part_requests_write(json, &visit->list);
    return json;
}

enum err api_context_read(const struct json *json, struct context_private *context,
                          struct fault *fault)
{
    memset(context, 0, sizeof *context);
    enum err err = api_shape_read(json, &context_shape, context, fault);
    if (err == OK) {
        err = read_context_parts(json, context, fault);
    }
    return api_done(err, context, sizeof *context);
}

struct json *api_context_write(const struct context_private *context)
{
    struct json *json = json_new_object();
    api_shape_write(json, &context_shape, context);
    json_set(json, "consent", api_part_consent_write(&context->consent));
    if (has_person(&context->person)) {
        json_set(json, "person", api_person_write(&context->person));
    }
    if (context->has_request) {
        json_set(json, "request", write_request(&context->request));
    }
    if (context->form.id[0] != '\0') {
        json_set(json, "form", api_part_context_form_write(&context->form));
    }
    struct json *others = json_new_array();
    CHECK(context->others_count <= CONTEXT_OTHERS_MAX);
    for (size_t i = 0; i < context->others_count; i++) {
        struct json *other = json_new_object();
        api_shape_write(other, &other_shape, &context->others[i]);
        json_append(others, other);
    }
    json_set(json, "others", others);
    return json;
}

struct json *api_person_write(const struct person_private *person)
{
    struct json *json = json_new_object();
    api_shape_write(json, &person_shape, person);
    return json;
}

enum err api_person_read(const struct json *json, struct person_private *person,
                         struct fault *fault)
{
    memset(person, 0, sizeof *person);
    return api_done(api_shape_read(json, &person_shape, person, fault), person, sizeof *person);
}

struct json *api_requests_write(const struct request_list_private *list)
{
    struct json *json = json_new_object();
    api_part_requests_write(json, list);
    return json;
}

enum err api_requests_read(const struct json *json, struct request_list_private *list,
                           struct fault *fault)
{
    memset(list, 0, sizeof *list);
    return api_done(api_part_requests_read(json, list, fault), list, sizeof *list);
}

enum err api_part_requests_read(const struct json *object, struct request_list_private *list,
                                struct fault *fault)
{
    const struct json *requests = NULL;
    enum err err = api_shape_read(object, &list_shape, list, fault);
    if (err == OK) {
        err = api_list(object, "requests", REQUESTS_MAX, &requests, fault);
    }
    for (size_t i = 0; err == OK && i < json_len(requests); i++) {
        err = api_within(read_request(json_at(requests, i), &list->requests[i], fault), "requests",
                         fault);
        list->requests_count = i + 1;
    }
    return err;
}

void api_part_requests_write(struct json *object, const struct request_list_private *list)
{
    CHECK(list->requests_count <= REQUESTS_MAX);

    struct json *requests = json_new_array();
    for (size_t i = 0; i < list->requests_count; i++) {
        json_append(requests, write_request(&list->requests[i]));
    }
    json_set(object, "requests", requests);
    api_shape_write(object, &list_shape, list);
}

enum err api_part_consent_read(const struct json *json, struct consent *consent,
                               struct fault *fault)
{
    return api_within(api_shape_read(json, &consent_shape, consent, fault), "consent", fault);
}

struct json *api_part_consent_write(const struct consent *consent)
{
    struct json *json = json_new_object();
    api_shape_write(json, &consent_shape, consent);
    return json;
}

static enum err read_cards(const struct json *json, struct api_visit_open_private *open,
                           struct fault *fault)
{
    const struct json *document = json_get(json, "document");
    if (open->pass[0] != '\0' && !api_pass_is_valid(open->pass)) {
        return fault_set(fault, ERR_MALFORMED, "pass: must be 4, 7 or 10 bytes in hexadecimal");
    }
    open->has_document = !json_is_absent(document);
    return open->has_document ? api_part_document_read(document, &open->document, fault) : OK;
}

static enum err read_request(const struct json *json, struct request_private *request,
                             struct fault *fault)
{
    enum err err = api_shape_read(json, &request_shape, request, fault);
    if (err == OK && request->steps_done > request->steps_count) {
        err = fault_set(fault, ERR_MALFORMED, "steps_done: must be at most steps_count");
    }
    if (err == OK) {
        err = read_missing(json, request, fault);
    }
    return err == OK ? read_facts(json, request, fault) : err;
}

static enum err read_missing(const struct json *json, struct request_private *request,
                             struct fault *fault)
{
    const struct json *missing = NULL;
    enum err err = api_list(json, "missing", REQUEST_MISSING_MAX, &missing, fault);
    for (size_t i = 0; err == OK && i < json_len(missing); i++) {
        if (api_words(json_at(missing, i), request->missing[i], REQUEST_MISSING_BYTES) != OK) {
            err = fault_set(fault, ERR_MALFORMED, "missing: must be printable texts");
        }
        request->missing_count = i + 1;
    }
    return err;
}

static enum err read_facts(const struct json *json, struct request_private *request,
                           struct fault *fault)
{
    const struct json *facts = NULL;
    enum err err = api_list(json, "facts", REQUEST_FACTS_MAX, &facts, fault);
    for (size_t i = 0; err == OK && i < json_len(facts); i++) {
        err = api_within(
            api_shape_read(json_at(facts, i), &request_fact_shape, &request->facts[i], fault),
            "facts", fault);
        request->facts_count = i + 1;
    }
    return err;
}

static struct json *write_request(const struct request_private *request)
{
    CHECK(request->missing_count <= REQUEST_MISSING_MAX);
    CHECK(request->facts_count <= REQUEST_FACTS_MAX);

    struct json *json = json_new_object();
    api_shape_write(json, &request_shape, request);
    struct json *missing = json_new_array();
    for (size_t i = 0; i < request->missing_count; i++) {
        json_append(missing, api_words_new(request->missing[i]));
    }
    json_set(json, "missing", missing);
    struct json *facts = json_new_array();
    for (size_t i = 0; i < request->facts_count; i++) {
        struct json *fact = json_new_object();
        api_shape_write(fact, &request_fact_shape, &request->facts[i]);
        json_append(facts, fact);
    }
    json_set(json, "facts", facts);
    return json;
}

static enum err read_context_parts(const struct json *json, struct context_private *context,
                                   struct fault *fault)
{
    const struct json *person = json_get(json, "person");
    const struct json *request = json_get(json, "request");
    enum err err = api_part_consent_read(json_get(json, "consent"), &context->consent, fault);
    if (err == OK && !json_is_absent(person)) {
        err = api_within(api_person_read(person, &context->person, fault), "person", fault);
    }
    if (err == OK && !json_is_absent(request)) {
        context->has_request = true;
        err = api_within(read_request(request, &context->request, fault), "request", fault);
    }
    const struct json *form = json_get(json, "form");
    if (err == OK && !json_is_absent(form)) {
        err = api_part_context_form_read(form, &context->form, fault);
    }
    return err == OK ? read_others(json, context, fault) : err;
}

static enum err read_others(const struct json *json, struct context_private *context,
                            struct fault *fault)
{
    const struct json *others = NULL;
    enum err err = api_list(json, "others", CONTEXT_OTHERS_MAX, &others, fault);
    for (size_t i = 0; err == OK && i < json_len(others); i++) {
        err =
            api_within(api_shape_read(json_at(others, i), &other_shape, &context->others[i], fault),
                       "others", fault);
        context->others_count = i + 1;
    }
    return err;
}

static bool has_person(const struct person_private *person)
{
    return person->party[0] != '\0' || person->name[0] != '\0' || person->initials[0] != '\0' ||
           person->birth_date.year != 0 || person->language[0] != '\0' || person->is_secret;
}

static const char *visit_state_name(size_t index)
{
    static const char *const names[] = {"needs_second_fact", "open", "locked", "ended"};
    return names[index];
}

static const char *source_name(size_t index)
{
    return request_source_name((enum request_source)index);
}

static const char *kind_name(size_t index)
{
    return request_kind_name((enum request_kind)index);
}

static const char *state_name(size_t index)
{
    return request_state_name((enum request_state)index);
}

static const char *subject_name(size_t index)
{
    return request_subject_name((enum request_subject)index);
}

static const char *class_name(size_t index)
{
    return request_class_name((enum request_class)index);
}

static const char *evidence_word(size_t index)
{
    return evidence_name((enum evidence_kind)index);
}
