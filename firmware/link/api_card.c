// SPDX-License-Identifier: EUPL-1.2
//
// What a card said: a document's zone with what was verified of it, and the number of a pass.
#include "link/api.h"

#include "link/api_parts.h"

#include <string.h>

static bool is_name(const char *name);
static bool is_capitals(const char *words);
static const char *not_cloned_name(size_t index);

static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const struct api_names not_cloned_names = {API_NOT_CLONED_COUNT, not_cloned_name};

enum { ACCESS_BAC, ACCESS_PACE, ACCESS_COUNT };
static const char *access_name(size_t index);
static const struct api_names access_names = {ACCESS_COUNT, access_name};

static const struct api_field document_fields[] = {
    {"kind", API_ID, API_AT(struct api_document_private, kind), .is_required = true},
    {"issuer", API_ID, API_AT(struct api_document_private, issuer), .is_required = true},
    {"surname", API_WORDS, API_AT(struct api_document_private, surname), .is_required = true},
    {"given", API_WORDS, API_AT(struct api_document_private, given)},
    {"is_name_cut", API_TRUTH, API_AT(struct api_document_private, is_name_cut),
     .is_required = true},
    {"birth_date", API_DATE, API_AT(struct api_document_private, birth_date)},
};
static const struct api_shape document_shape = API_SHAPE(document_fields);

// `access` is a word in the message and a truth in the struct.
struct checks {
    uint32_t access;
    bool is_genuine;
    enum api_not_cloned not_cloned;
};
static const struct api_field checks_fields[] = {
    {"access", API_NAME, API_AT(struct checks, access), .is_required = true,
     .names = &access_names},
    {"is_genuine", API_TRUTH, API_AT(struct checks, is_genuine), .is_required = true},
    {"not_cloned", API_NAME, API_AT(struct checks, not_cloned), .is_required = true,
     .names = &not_cloned_names},
};
static const struct api_shape checks_shape = API_SHAPE(checks_fields);

enum err api_part_document_read(const struct json *json, struct api_document_private *document,
                                struct fault *fault)
{
    struct checks checks = {0};
    enum err err = api_shape_read(json, &document_shape, document, fault);
    if (err == OK && (!is_capitals(document->kind) || !is_capitals(document->issuer))) {
        err = fault_set(fault, ERR_MALFORMED, "kind: must be capitals, as issuer");
    }
    if (err == OK && (!is_name(document->surname) ||
                      (document->given[0] != '\0' && !is_name(document->given)))) {
        err = fault_set(fault, ERR_MALFORMED, "surname: must be a zone's capitals, as given");
    }
    if (err == OK) {
        err = api_within(api_shape_read(json_get(json, "checks"), &checks_shape, &checks, fault),
                         "checks", fault);
    }
    document->is_pace = checks.access == ACCESS_PACE;
    document->is_genuine = checks.is_genuine;
    document->not_cloned = checks.not_cloned;
    return api_within(err, "document", fault);
}

struct json *api_part_document_write(const struct api_document_private *document)
{
    const struct checks checks = {.access = document->is_pace ? ACCESS_PACE : ACCESS_BAC,
                                  .is_genuine = document->is_genuine,
                                  .not_cloned = document->not_cloned};
    struct json *verified = json_new_object();
    api_shape_write(verified, &checks_shape, &checks);
    struct json *json = json_new_object();
    api_shape_write(json, &document_shape, document);
    json_set(json, "checks", verified);
    return json;
}

// The lengths of a chip's own number (ISO 14443-3); the number in a DESFire file is as long as the
// second.
bool api_pass_is_valid(const char *pass)
{
    const size_t len = strlen(pass);
    return (len == 8 || len == 14 || len == 20) && strspn(pass, "0123456789ABCDEF") == len;
}

// One blank between parts and none around them, as the zone's filler is read.
static bool is_name(const char *name)
{
    for (const char *at = name;; at++) {
        const size_t len = strspn(at, capitals);
        at += len;
        if (len == 0 || *at == '\0' || *at != ' ') {
            return len > 0 && *at == '\0';
        }
    }
}

static bool is_capitals(const char *words)
{
    return words[0] != '\0' && strspn(words, capitals) == strlen(words);
}

static const char *not_cloned_name(size_t index)
{
    static const char *const names[] = {"none", "chip", "mapping", "active"};
    return names[index];
}

static const char *access_name(size_t index)
{
    static const char *const names[] = {"bac", "pace"};
    return names[index];
}
