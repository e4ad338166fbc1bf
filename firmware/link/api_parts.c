// SPDX-License-Identifier: EUPL-1.2
//
// Reads and writes one member after the other as a table says. Strict on types, lengths and
// characters; knows no message.
#include "link/api_parts.h"

#include "base/bytes.h"
#include "base/text.h"
#include "core/ticket.h"
#include "link/api.h"

#include <stdio.h>
#include <string.h>

enum { TIME_MS_BYTES = 25 }; // "2026-11-23T13:52:07.123Z"

struct kind {
    bool (*read)(const struct api_field *field, const struct json *json, uint8_t *at);
    struct json *(*write)(const struct api_field *field, const uint8_t *at); // NULL: empty
    const char *must_be;
};

static bool read_words(const struct api_field *field, const struct json *json, uint8_t *at);
static bool read_id(const struct api_field *field, const struct json *json, uint8_t *at);
static bool read_uuid(const struct api_field *field, const struct json *json, uint8_t *at);
static bool read_number(const struct api_field *field, const struct json *json, uint8_t *at);
static bool read_language(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_words(const struct api_field *field, const uint8_t *at);
static bool read_letter(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_letter(const struct api_field *field, const uint8_t *at);
static bool read_truth(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_truth(const struct api_field *field, const uint8_t *at);
static bool read_whole(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_whole(const struct api_field *field, const uint8_t *at);
static bool read_time(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_time(const struct api_field *field, const uint8_t *at);
static bool read_date(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_date(const struct api_field *field, const uint8_t *at);
static bool read_name(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_name(const struct api_field *field, const uint8_t *at);
static bool read_names(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_names(const struct api_field *field, const uint8_t *at);
static bool read_places(const struct api_field *field, const struct json *json, uint8_t *at);
static struct json *write_places(const struct api_field *field, const uint8_t *at);
static bool is_id(const char *words);
static bool is_uuid(const char *words);
static bool find_name(const struct api_names *names, const char *words, size_t *index);
static void clean(const char *words, struct text *cleaned);

static const struct kind kinds[API_KINDS_COUNT] = {
    [API_WORDS] = {read_words, write_words, "must be a printable text within its limit"},
    [API_ID] = {read_id, write_words, "must be a name of letters, digits and ._:@+-"},
    [API_UUID] = {read_uuid, write_words, "must be a UUID"},
    [API_NUMBER] = {read_number, write_words, "must be a letter and three digits"},
    [API_LANGUAGE] = {read_language, write_words, "must be two or three small letters"},
    [API_LETTER] = {read_letter, write_letter, "must be a letter of a queue"},
    [API_TRUTH] = {read_truth, write_truth, "must be true or false"},
    [API_WHOLE] = {read_whole, write_whole, "must be a whole number within its limits"},
    [API_TIME] = {read_time, write_time, "must be an RFC 3339 time"},
    [API_DATE] = {read_date, write_date, "must be a date YYYY-MM-DD"},
    [API_NAME] = {read_name, write_name, "must be one of the known names"},
    [API_NAMES] = {read_names, write_names, "must be a list of known names, none twice"},
    [API_PLACES] = {read_places, write_places, "must be a list of small numbers, none twice"},
};

enum err api_shape_read(const struct json *json, const struct api_shape *shape, void *into,
                        struct fault *fault)
{
    CHECK(shape != NULL);
    CHECK(into != NULL);

    if (!json_has_keys(json)) {
        return fault_set(fault, ERR_MALFORMED, "must be an object");
    }
    for (size_t i = 0; i < shape->fields_count; i++) {
        const struct api_field *field = &shape->fields[i];
        const struct json *value = json_get(json, field->name);
        uint8_t *at = (uint8_t *)into + field->offset;
        if (json_is_absent(value)) {
            if (field->is_required) {
                return fault_set(fault, ERR_MALFORMED, "%s: is missing", field->name);
            }
            memset(at, 0, field->size);
        } else if (!kinds[field->kind].read(field, value, at)) {
            return fault_set(fault, ERR_MALFORMED, "%s: %s", field->name,
                             kinds[field->kind].must_be);
        }
    }
    return OK;
}

void api_shape_write(struct json *object, const struct api_shape *shape, const void *from)
{
    CHECK(shape != NULL);
    CHECK(from != NULL);

    for (size_t i = 0; i < shape->fields_count; i++) {
        const struct api_field *field = &shape->fields[i];
        struct json *value = kinds[field->kind].write(field, (const uint8_t *)from + field->offset);
        if (value != NULL) {
            json_set(object, field->name, value);
        }
    }
}

enum err api_list(const struct json *object, const char *name, size_t max, const struct json **list,
                  struct fault *fault)
{
    *list = NULL;
    const struct json *value = json_get(object, name);
    if (json_is_absent(value)) {
        return OK;
    }
    if (!json_is_list(value)) {
        return fault_set(fault, ERR_MALFORMED, "%s: must be a list", name);
    }
    if (json_len(value) > max) {
        return fault_set(fault, ERR_MALFORMED, "%s: holds more than %zu", name, max);
    }
    *list = value;
    return OK;
}

enum err api_words(const struct json *json, char *to, size_t to_bytes)
{
    const char *words = json_text(json);
    if (words == NULL || !text_is_printable(words)) {
        return ERR_MALFORMED;
    }
    return text_copy(to, to_bytes, words) == OK ? OK : ERR_MALFORMED;
}

struct json *api_words_new(const char *words)
{
    if (text_is_printable(words)) {
        return json_new_text(words);
    }
    char buf[API_CODE_BYTES];
    struct text cleaned;
    text_init(&cleaned, buf, sizeof buf);
    clean(words, &cleaned);
    struct json *json = json_new_text(buf);
    wipe(buf, sizeof buf);
    return json;
}

enum err api_within(enum err err, const char *name, struct fault *fault)
{
    if (err != OK && name != NULL) {
        (void)fault_prefix(fault, name); // the code is ours already
    }
    return err;
}

enum err api_done(enum err err, void *into, size_t len)
{
    if (err != OK) {
        wipe(into, len);
    }
    return err;
}

static bool read_words(const struct api_field *field, const struct json *json, uint8_t *at)
{
    const char *words = json_text(json);
    if (words == NULL || (field->is_required && words[0] == '\0')) {
        return false;
    }
    memset(at, 0, field->size); // no rest of an older text behind the new one
    return api_words(json, (char *)at, field->size) == OK;
}

static bool read_id(const struct api_field *field, const struct json *json, uint8_t *at)
{
    return read_words(field, json, at) && is_id((const char *)at);
}

static bool read_uuid(const struct api_field *field, const struct json *json, uint8_t *at)
{
    return read_words(field, json, at) && is_uuid((const char *)at);
}

static bool read_number(const struct api_field *field, const struct json *json, uint8_t *at)
{
    if (!read_words(field, json, at)) {
        return false;
    }
    const char *number = (const char *)at;
    int64_t count = 0;
    return strlen(number) == TICKET_NUMBER_BYTES - 1 && ticket_letter_is_valid(number[0]) &&
           text_to_int64(number + 1, 1, TICKET_NUMBER_MAX, &count) == OK;
}

static bool read_language(const struct api_field *field, const struct json *json, uint8_t *at)
{
    if (!read_words(field, json, at)) {
        return false;
    }
    const char *language = (const char *)at;
    size_t len = strlen(language);
    return (len == 0 || len == 2 || len == 3) &&
           strspn(language, "abcdefghijklmnopqrstuvwxyz") == len;
}

static struct json *write_words(const struct api_field *field, const uint8_t *at)
{
    const char *words = (const char *)at;
    CHECK(memchr(words, '\0', field->size) != NULL);

    return words[0] == '\0' && !field->is_required ? NULL : api_words_new(words);
}

static bool read_letter(const struct api_field *field, const struct json *json, uint8_t *at)
{
    (void)field;
    const char *words = json_text(json);
    if (words == NULL || !ticket_letter_is_valid(words[0]) || words[1] != '\0') {
        return false;
    }
    *at = (uint8_t)words[0];
    return true;
}

static struct json *write_letter(const struct api_field *field, const uint8_t *at)
{
    (void)field;
    char words[2] = {(char)*at, '\0'};
    return words[0] == '\0' ? NULL : json_new_text(words);
}

static bool read_truth(const struct api_field *field, const struct json *json, uint8_t *at)
{
    bool is_true = false;
    if (json_truth(json, &is_true) != OK) {
        return false;
    }
    memcpy(at, &is_true, field->size);
    return true;
}

static struct json *write_truth(const struct api_field *field, const uint8_t *at)
{
    bool is_true = false;
    memcpy(&is_true, at, field->size);
    return json_new_bool(is_true);
}

// Little and big machines alike: the value goes through the type of its size.
static bool read_whole(const struct api_field *field, const struct json *json, uint8_t *at)
{
    int64_t value = 0;
    if (json_whole(json, &value) != OK || value < 0 || value > field->max) {
        return false;
    }
    uint8_t u8 = (uint8_t)value;
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;
    uint64_t u64 = (uint64_t)value;
    const void *const sized[9] = {[1] = &u8, [2] = &u16, [4] = &u32, [8] = &u64};
    CHECK(field->size < 9 && sized[field->size] != NULL);
    memcpy(at, sized[field->size], field->size);
    return true;
}

static struct json *write_whole(const struct api_field *field, const uint8_t *at)
{
    uint8_t u8 = 0;
    uint16_t u16 = 0;
    uint32_t u32 = 0;
    uint64_t u64 = 0;
    void *const sized[9] = {[1] = &u8, [2] = &u16, [4] = &u32, [8] = &u64};
    CHECK(field->size < 9 && sized[field->size] != NULL);
    memcpy(sized[field->size], at, field->size);
    return json_new_int((int64_t)(u8 + u16 + u32 + u64));
}

static bool read_time(const struct api_field *field, const struct json *json, uint8_t *at)
{
    const char *words = json_text(json);
    int64_t time_ms = 0;
    if (words == NULL || time_from_text(words, &time_ms) != OK || time_ms < 0) {
        return false;
    }
    memcpy(at, &time_ms, field->size);
    return true;
}

// Promises are compared to the millisecond, so the milliseconds travel too.
static struct json *write_time(const struct api_field *field, const uint8_t *at)
{
    int64_t time_ms = 0;
    memcpy(&time_ms, at, field->size);
    if (time_ms <= 0) {
        return NULL;
    }
    char words[TIME_MS_BYTES];
    time_to_text(time_ms, words);
    if (time_ms % 1000 != 0) {
        memcpy(words + TIME_TEXT_BYTES - 2, ".000Z", sizeof ".000Z");
        text_put_digits(words + TIME_TEXT_BYTES - 1, 3, (unsigned)(time_ms % 1000));
    }
    return json_new_text(words);
}

// The register may know no month or day and writes 00 then; the rest must be a real date.
static bool read_date(const struct api_field *field, const struct json *json, uint8_t *at)
{
    const char *words = json_text(json);
    if (words == NULL || strlen(words) != DATE_TEXT_BYTES - 1) {
        return false;
    }
    bool has_day = strcmp(words + 8, "00") != 0;
    bool has_month = strncmp(words + 5, "00", 2) != 0;
    if (has_day && !has_month) {
        return false;
    }
    char whole[DATE_TEXT_BYTES];
    (void)snprintf(whole, sizeof whole, "%.5s%.2s-%.2s", words, has_month ? words + 5 : "01",
                   has_day ? words + 8 : "01"); // ten characters, as `words`
    struct date date = {0};
    if (words[7] != '-' || date_from_text(whole, &date) != OK) {
        return false;
    }
    date.month = has_month ? date.month : 0;
    date.day = has_day ? date.day : 0;
    memcpy(at, &date, field->size);
    return true;
}

static struct json *write_date(const struct api_field *field, const uint8_t *at)
{
    struct date date;
    memcpy(&date, at, field->size);
    char words[DATE_TEXT_BYTES];
    date_to_text(date, words);
    return date.year == 0 ? NULL : json_new_text(words);
}

static bool read_name(const struct api_field *field, const struct json *json, uint8_t *at)
{
    size_t index = 0;
    if (json_text(json) == NULL || !find_name(field->names, json_text(json), &index)) {
        return false;
    }
    unsigned value = (unsigned)index; // our enums start at 0 and have the size of unsigned
    CHECK(field->size == sizeof value);
    memcpy(at, &value, sizeof value);
    return true;
}

static struct json *write_name(const struct api_field *field, const uint8_t *at)
{
    unsigned value = 0;
    CHECK(field->size == sizeof value);
    memcpy(&value, at, sizeof value);
    CHECK(value < field->names->count);
    return json_new_text(field->names->name(value));
}

static bool read_names(const struct api_field *field, const struct json *json, uint8_t *at)
{
    uint32_t bits = 0;
    if (!json_is_list(json) || json_len(json) > field->names->count) {
        return false;
    }
    for (size_t i = 0; i < json_len(json); i++) {
        const char *words = json_text(json_at(json, i));
        size_t index = 0;
        if (words == NULL || !find_name(field->names, words, &index) || (bits >> index & 1) != 0) {
            return false;
        }
        bits |= (uint32_t)1 << index;
    }
    memcpy(at, &bits, field->size);
    return true;
}

static struct json *write_names(const struct api_field *field, const uint8_t *at)
{
    uint32_t bits = 0;
    memcpy(&bits, at, field->size);
    struct json *list = json_new_array();
    for (size_t i = 0; i < field->names->count; i++) {
        if ((bits >> i & 1) != 0) {
            json_append(list, json_new_text(field->names->name(i)));
        }
    }
    return list;
}

static bool read_places(const struct api_field *field, const struct json *json, uint8_t *at)
{
    uint32_t bits = 0;
    if (!json_is_list(json)) {
        return false;
    }
    for (size_t i = 0; i < json_len(json); i++) {
        int64_t place = 0;
        if (json_whole(json_at(json, i), &place) != OK || place < 0 || place >= field->max ||
            (bits >> place & 1) != 0) {
            return false;
        }
        bits |= (uint32_t)1 << place;
    }
    memcpy(at, &bits, field->size);
    return true;
}

static struct json *write_places(const struct api_field *field, const uint8_t *at)
{
    uint32_t bits = 0;
    memcpy(&bits, at, field->size);
    struct json *list = json_new_array();
    for (int64_t i = 0; i < field->max; i++) {
        if ((bits >> i & 1) != 0) {
            json_append(list, json_new_int(i));
        }
    }
    return list;
}

static bool is_id(const char *words)
{
    return strspn(words, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789._:@+-") == strlen(words);
}

static bool is_uuid(const char *words)
{
    size_t len = strlen(words);
    if (len == 0) {
        return true; // an optional one may be empty
    }
    for (size_t i = 0; i < len; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? words[i] != '-' : strchr("0123456789abcdefABCDEF", words[i]) == NULL) {
            return false;
        }
    }
    return len == UUID_TEXT_BYTES - 1;
}

static bool find_name(const struct api_names *names, const char *words, size_t *index)
{
    for (size_t i = 0; i < names->count; i++) {
        if (text_equal(names->name(i), words)) {
            *index = i;
            return true;
        }
    }
    return false;
}

static void clean(const char *words, struct text *cleaned)
{
    size_t len = strlen(words);
    size_t pos = 0;
    while (pos < len) {
        size_t before = pos;
        char one[5] = {0};
        (void)utf8_next(words, len, &pos); // only the step counts
        memcpy(one, words + before, pos - before);
        text_add(cleaned, text_is_printable(one) ? one : " ");
    }
}
