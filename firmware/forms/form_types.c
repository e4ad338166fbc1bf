// SPDX-License-Identifier: EUPL-1.2
//
// One component of a definition: from form.io's spelling to a field.
#include "forms/form_types.h"

#include "forms/pattern.h"
#include "forms/plain.h"

#include <math.h>
#include <string.h>

enum { DECIMALS_MAX = 10, MONEY_DECIMALS = 2 };

// Open Forms' types, form.io's own where they mean the same, and Open VTB's simpler names. What is
// not here is FORM_UNKNOWN: map, customerProfile, cosign, npFamilyMembers, datagrid, ...
static const struct {
    const char *type;
    enum form_kind kind;
} types[] = {
    {"textfield", FORM_TEXT},
    {"text", FORM_TEXT},
    {"textarea", FORM_LONG_TEXT},
    {"number", FORM_NUMBER},
    {"currency", FORM_MONEY},
    {"date", FORM_DATE},
    {"datetime", FORM_DATE_TIME},
    {"time", FORM_TIME},
    {"email", FORM_EMAIL},
    {"phoneNumber", FORM_PHONE},
    {"phone", FORM_PHONE},
    {"bsn", FORM_BSN},
    {"iban", FORM_IBAN},
    {"licenseplate", FORM_PLATE},
    {"postcode", FORM_POSTCODE},
    {"addressNL", FORM_ADDRESS},
    {"radio", FORM_ONE},
    {"select", FORM_ONE},
    {"selectboxes", FORM_SOME},
    {"checkbox", FORM_YES},
    {"boolean", FORM_YES},
    {"signature", FORM_SIGNATURE},
    {"file", FORM_FILE},
    {"children", FORM_PEOPLE},
    {"partners", FORM_PEOPLE},
    {"content", FORM_CONTENT},
    {"htmlelement", FORM_CONTENT},
    {"fieldset", FORM_GROUP},
    {"panel", FORM_GROUP},
    {"well", FORM_GROUP},
    {"columns", FORM_GROUP},
    {"editgrid", FORM_REPEAT},
    {"softRequiredErrors", FORM_SOFT_ERRORS},
};

// As Open Forms' own screen asks it: born in the past and at most 120 years ago, with a BSN. In the
// order of our pages: who it is before the number.
#define FIRST_NAMES                                                                                \
    "{\"type\":\"textfield\",\"key\":\"firstNames\",\"clearOnHide\":false,"                        \
    "\"validate\":{\"required\":true}},"
#define BORN                                                                                       \
    "{\"type\":\"date\",\"key\":\"dateOfBirth\",\"clearOnHide\":false,"                            \
    "\"validate\":{\"required\":true},\"openForms\":{\"maxDate\":{\"mode\":\"past\"},"             \
    "\"minDate\":{\"mode\":\"relativeToVariable\",\"variable\":\"today\","                         \
    "\"operator\":\"subtract\",\"delta\":{\"years\":120}}}},"
#define BSN                                                                                        \
    "{\"type\":\"bsn\",\"key\":\"bsn\",\"clearOnHide\":false,\"validate\":{\"required\":true}}"
static const char people_asked[] =
    "{\"children\":[" FIRST_NAMES BORN BSN "],"
    "\"ticked\":[" FIRST_NAMES BORN BSN ","
    "{\"type\":\"checkbox\",\"key\":\"selected\",\"clearOnHide\":false,\"defaultValue\":true}],"
    "\"partners\":["
    "{\"type\":\"textfield\",\"key\":\"initials\",\"clearOnHide\":false},"
    "{\"type\":\"textfield\",\"key\":\"affixes\",\"clearOnHide\":false},"
    "{\"type\":\"textfield\",\"key\":\"lastName\",\"clearOnHide\":false,"
    "\"validate\":{\"required\":true}}," BORN BSN "]}";

static enum form_kind kind_of(const struct json *component, const char *type);
static enum err read_words(const struct json *component, const char *member, size_t bytes_max,
                           const char **words, struct fault *fault);
static enum err read_truth(const struct json *object, const char *member, bool *value,
                           struct fault *fault);
static enum err read_number(const struct json *object, const char *member, bool *is_there,
                            double *value, struct fault *fault);
static enum err read_count(const struct json *object, const char *member, uint32_t *count,
                           struct fault *fault);
static enum err read_all_words(const struct json *component, struct form_field *field,
                               struct fault *fault);
static enum err read_switches(const struct json *component, struct form_field *field,
                              struct fault *fault);
static enum err read_limits(const struct json *component, struct form_field *field,
                            struct fault *fault);
static enum err read_decimals(const struct json *component, struct form_field *field,
                              struct fault *fault);
static enum err read_pattern(const struct json *component, struct form_field *field,
                             struct fault *fault);
static enum err check_choices(struct form_field *field, struct fault *fault);
static bool is_beyond_us(const struct form_field *field);
static bool is_said(const struct json *value);

bool form_type_is_left_out(const struct json *component)
{
    const char *type = json_get_text(component, "type");
    return type != NULL && (text_equal(type, "button") || text_equal(type, "hidden"));
}

enum err form_type_read(const struct json *component, struct form_field *field, struct fault *fault)
{
    CHECK(component != NULL);

    enum err err = read_words(component, "type", FORM_KEY_BYTES, &field->type, fault);
    if (err == OK && field->type == NULL) {
        err = fault_set(fault, ERR_MALFORMED, "type: absent");
    }
    if (err != OK) {
        return err;
    }
    field->definition = component;
    field->kind = kind_of(component, field->type);
    err = read_all_words(component, field, fault);
    if (err == OK) {
        err = read_switches(component, field, fault);
    }
    if (err == OK) {
        err = read_limits(component, field, fault);
    }
    if (err == OK) {
        err = read_decimals(component, field, fault);
    }
    if (err == OK) {
        err = read_pattern(component, field, fault);
    }
    if (err == OK && (field->kind == FORM_ONE || field->kind == FORM_SOME)) {
        err = check_choices(field, fault);
    }
    if (err == OK && is_beyond_us(field)) {
        field->kind = FORM_UNKNOWN;
    }
    return err;
}

struct json *form_type_people(void)
{
    struct json *people = NULL;
    enum err err = json_parse(people_asked, sizeof people_asked - 1, &people);
    CHECK(err == OK);
    return people;
}

const struct json *form_type_person(const struct json *people, const struct form_field *field)
{
    return json_get(people, form_is_ticked(field) ? "ticked" : field->type);
}

const struct json *form_type_choices(const struct json *component)
{
    const struct json *values = json_get(component, "values");
    if (!json_is_list(values) || json_len(values) == 0) {
        values = json_path(component, "data.values");
    }
    return json_is_list(values) ? values : NULL;
}

static enum form_kind kind_of(const struct json *component, const char *type)
{
    enum form_kind kind = FORM_UNKNOWN;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (text_equal(types[i].type, type)) {
            kind = types[i].kind;
        }
    }
    bool is_on = false;
    if (kind == FORM_DATE && json_get_bool(component, "enableTime", &is_on) == OK && is_on) {
        return FORM_DATE_TIME;
    }
    if (text_equal(type, "select") && json_get_bool(component, "multiple", &is_on) == OK && is_on) {
        return FORM_SOME;
    }
    return kind;
}

static enum err read_words(const struct json *component, const char *member, size_t bytes_max,
                           const char **words, struct fault *fault)
{
    const struct json *value = json_get(component, member);
    if (json_is_absent(value)) {
        return OK;
    }
    *words = json_text(value);
    if (*words == NULL) {
        return fault_set(fault, ERR_MALFORMED, "%s: no text", member);
    }
    if (strlen(*words) > bytes_max) {
        return fault_set(fault, ERR_TOO_BIG, "%s: longer than %zu bytes", member, bytes_max);
    }
    if (!plain_is_readable(*words)) {
        return fault_set(fault, ERR_MALFORMED, "%s: characters nobody can see", member);
    }
    return OK;
}

// Builders of forms leave "" and null where nothing was ticked.
static enum err read_truth(const struct json *object, const char *member, bool *value,
                           struct fault *fault)
{
    const struct json *found = json_get(object, member);
    const char *words = json_text(found);
    if (json_is_absent(found) || (words != NULL && words[0] == '\0')) {
        return OK;
    }
    if (words != NULL && (text_equal(words, "true") || text_equal(words, "false"))) {
        *value = text_equal(words, "true");
        return OK;
    }
    if (json_truth(found, value) != OK) {
        return fault_set(fault, ERR_MALFORMED, "%s: neither true nor false", member);
    }
    return OK;
}

static enum err read_number(const struct json *object, const char *member, bool *is_there,
                            double *value, struct fault *fault)
{
    const struct json *found = json_get(object, member);
    const char *words = json_text(found);
    *is_there = false;
    if (json_is_absent(found) || (words != NULL && words[0] == '\0')) {
        return OK;
    }
    *is_there = words != NULL ? plain_number(words, value, NULL) : json_double(found, value) == OK;
    if (!*is_there) {
        return fault_set(fault, ERR_MALFORMED, "%s: no number", member);
    }
    return OK;
}

static enum err read_count(const struct json *object, const char *member, uint32_t *count,
                           struct fault *fault)
{
    bool is_there = false;
    double value = 0;
    enum err err = read_number(object, member, &is_there, &value, fault);
    if (err != OK || !is_there) {
        return err;
    }
    if (value < 0 || value > 1e9 || value != floor(value)) {
        return fault_set(fault, ERR_MALFORMED, "%s: no count", member);
    }
    *count = (uint32_t)value;
    return OK;
}

static enum err read_all_words(const struct json *component, struct form_field *field,
                               struct fault *fault)
{
    enum err err = read_words(component, "label", FORM_LABEL_BYTES_MAX, &field->label, fault);
    // A group's legend stands beside its label in some versions; the label is what all have.
    if (err == OK && field->kind == FORM_CONTENT) {
        const char *member = text_equal(field->type, "content") ? "html" : "content";
        return read_words(component, member, FORM_WORDS_BYTES_MAX, &field->description, fault);
    }
    if (err == OK) {
        err =
            read_words(component, "description", FORM_WORDS_BYTES_MAX, &field->description, fault);
    }
    if (err == OK) {
        err = read_words(component, "tooltip", FORM_WORDS_BYTES_MAX, &field->tooltip, fault);
    }
    if (err == OK) {
        err =
            read_words(component, "placeholder", FORM_LABEL_BYTES_MAX, &field->placeholder, fault);
    }
    return err;
}

static enum err read_switches(const struct json *component, struct form_field *field,
                              struct fault *fault)
{
    field->clears_when_hidden = true; // what form.io does when nothing is said
    const struct json *validate = json_get(component, "validate");
    if (!json_is_absent(validate) && !json_has_keys(validate)) {
        return fault_set(fault, ERR_MALFORMED, "validate: no object");
    }
    const struct {
        const struct json *object;
        const char *member;
        bool *value;
    } switches[] = {
        {component, "hidden", &field->is_hidden},
        {component, "multiple", &field->is_multiple},
        {component, "disabled", &field->is_disabled},
        {component, "isSensitiveData", &field->is_sensitive},
        {component, "clearOnHide", &field->clears_when_hidden},
        {validate, "required", &field->is_required},
    };
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        enum err err = read_truth(switches[i].object, switches[i].member, switches[i].value, fault);
        if (err != OK) {
            return err;
        }
    }
    field->is_sensitive = field->is_sensitive || field->kind == FORM_BSN;
    // One of several is still one; boxes hold their several by themselves.
    const bool is_several = field->kind == FORM_SOME && text_equal(field->type, "select");
    if (field->kind == FORM_ONE || field->kind == FORM_SOME || !form_has_answer(field) ||
        field->kind == FORM_PEOPLE || field->kind == FORM_REPEAT) {
        field->is_multiple = is_several;
    }
    return OK;
}

static enum err read_limits(const struct json *component, struct form_field *field,
                            struct fault *fault)
{
    const struct json *validate = json_get(component, "validate");
    const bool is_counted = field->kind == FORM_REPEAT || field->kind == FORM_PEOPLE;
    const struct {
        const struct json *object;
        const char *member;
        uint32_t *count;
    } counts[] = {
        {validate, "minLength", is_counted ? &field->chosen_min : &field->length_min},
        {validate, "maxLength", is_counted ? &field->chosen_max : &field->length_max},
        {validate, "minWords", &field->words_min},
        {validate, "maxWords", &field->words_max},
        {validate, "minSelectedCount", &field->chosen_min},
        {validate, "maxSelectedCount", &field->chosen_max},
        {component, "maxNumberOfFiles", &field->chosen_max},
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        enum err err = read_count(counts[i].object, counts[i].member, counts[i].count, fault);
        if (err != OK) {
            return err;
        }
    }
    if (text_equal(field->type, "partners")) {
        field->chosen_max = 1; // by hand; the register may give more
    }
    if (field->kind != FORM_NUMBER && field->kind != FORM_MONEY) {
        return OK;
    }
    enum err err = read_number(validate, "min", &field->has_min, &field->min, fault);
    if (err == OK) {
        err = read_number(validate, "max", &field->has_max, &field->max, fault);
    }
    bool may_be_negative = true;
    if (err == OK) {
        err = read_truth(component, "allowNegative", &may_be_negative, fault);
    }
    if (err == OK && !may_be_negative && (!field->has_min || field->min < 0)) {
        field->has_min = true;
        field->min = 0;
    }
    return err;
}

static enum err read_decimals(const struct json *component, struct form_field *field,
                              struct fault *fault)
{
    if (field->kind != FORM_NUMBER && field->kind != FORM_MONEY) {
        return OK;
    }
    const struct json *validate = json_get(component, "validate");
    uint32_t decimals = field->kind == FORM_MONEY ? MONEY_DECIMALS : DECIMALS_MAX;
    enum err err = read_count(component, "decimalLimit", &decimals, fault);
    bool is_whole = false;
    if (err == OK) {
        err = read_truth(validate, "integer", &is_whole, fault);
    }
    double step = 0;
    const char *words = json_get_text(validate, "step");
    if (json_double(json_get(validate, "step"), &step) != OK &&
        (words == NULL || !plain_number(words, &step, NULL))) {
        step = 0; // "any"
    }
    is_whole = is_whole || (step >= 1 && step == floor(step));
    field->decimals_max =
        is_whole ? 0 : (uint16_t)(decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals);
    return err;
}

// Kinds with arithmetic of their own know better than a pattern we cannot read; for the others it
// is a limit we would only be guessing at.
static enum err read_pattern(const struct json *component, struct form_field *field,
                             struct fault *fault)
{
    enum err err = read_words(json_get(component, "validate"), "pattern", FORM_LABEL_BYTES_MAX,
                              &field->pattern, fault);
    if (err != OK || field->pattern == NULL) {
        return err;
    }
    if (field->pattern[0] == '\0') {
        field->pattern = NULL;
    } else if (!pattern_is_usable(field->pattern)) {
        const bool is_known = field->kind == FORM_POSTCODE || field->kind == FORM_PLATE ||
                              field->kind == FORM_BSN || field->kind == FORM_IBAN ||
                              field->kind == FORM_EMAIL || field->kind == FORM_PHONE;
        field->kind = is_known ? field->kind : FORM_UNKNOWN;
        field->pattern = NULL;
    }
    return OK;
}

static enum err check_choices(struct form_field *field, struct fault *fault)
{
    const struct json *choices = form_type_choices(field->definition);
    if (json_len(choices) > FORM_CHOICES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "values: more than %d choices", FORM_CHOICES_MAX);
    }
    for (size_t i = 0; i < json_len(choices); i++) {
        const struct json *choice = json_at(choices, i);
        const char *value = json_text(choice);
        const char *label = value;
        if (value == NULL) {
            enum err err = read_words(choice, "label", FORM_LABEL_BYTES_MAX, &label, fault);
            if (err == OK) {
                err = read_words(choice, "value", FORM_LABEL_BYTES_MAX, &value, fault);
            }
            if (err != OK) {
                return fault_prefix(fault, "values");
            }
        }
        if (value == NULL || strlen(value) > FORM_LABEL_BYTES_MAX || !plain_is_readable(value)) {
            return fault_set(fault, ERR_MALFORMED, "values: choice %zu has no value", i + 1);
        }
    }
    if (form_choices_count(field) == 0) {
        field->kind = FORM_UNKNOWN; // they come from elsewhere
    }
    return OK;
}

static bool is_beyond_us(const struct form_field *field)
{
    const struct json *component = field->definition;
    const char *source = json_get_text(component, "dataSrc");
    if (source != NULL && source[0] != '\0' && !text_equal(source, "values")) {
        return true;
    }
    // Program text in JavaScript, and rules of form.io's own that Open Forms has no editor for.
    static const char *const programs[] = {
        "customConditional", "calculateValue", "logic",
        "validate.custom",   "validate.json",  "customDefaultValue"};
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        if (is_said(json_path(component, programs[i]))) {
            return true;
        }
    }
    switch (field->kind) {
    case FORM_LONG_TEXT:
    case FORM_ADDRESS:
    case FORM_YES:
    case FORM_SIGNATURE:
        return field->is_multiple;
    case FORM_TEXT:
    case FORM_NUMBER:
    case FORM_MONEY:
    case FORM_DATE:
    case FORM_DATE_TIME:
    case FORM_TIME:
    case FORM_EMAIL:
    case FORM_PHONE:
    case FORM_BSN:
    case FORM_IBAN:
    case FORM_PLATE:
    case FORM_POSTCODE:
    case FORM_ONE:
    case FORM_SOME:
    case FORM_FILE:
    case FORM_PEOPLE:
    case FORM_CONTENT:
    case FORM_GROUP:
    case FORM_REPEAT:
    case FORM_SOFT_ERRORS:
    case FORM_UNKNOWN:
        return false;
    }
    return false;
}

static bool is_said(const struct json *value)
{
    const char *words = json_text(value);
    return words != NULL ? words[0] != '\0' : json_len(value) > 0;
}
