// SPDX-License-Identifier: EUPL-1.2
//
// GNU .mo files, little-endian: a header of seven numbers, a table of keys in order, a table of
// words. Checked whole when read; looking up then needs no further checks.
#include "ui/phrases.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/text.h"
#include "ui/plural.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MO_MAGIC 0x950412deU
enum { MO_HEADER_BYTES = 28, MO_ENTRY_BYTES = 8, NAME_BYTES_MAX = 32 };

// First Strong Isolate and Pop Directional Isolate: what is filled in keeps its own direction and
// does not pull the full stops of its neighbours along (UAX #9, section 2.4).
#define ISOLATE_OPEN "\u2068"
#define ISOLATE_CLOSE "\u2069"

static enum err read_file_header(struct phrases *phrases);
static bool entry_is_sound(const struct phrases *phrases, uint32_t table_at, uint32_t index);
static const char *entry(const struct phrases *phrases, uint32_t table_at, uint32_t index,
                         uint32_t *len);
static enum err read_plural_rule(struct phrases *phrases);
static const char *find(const struct phrases *phrases, const char *key, uint32_t *len);

void phrases_init(struct phrases *phrases)
{
    size_t head = offsetof(struct phrases, len); // what lies in `bytes` counts as far as `len` says
    memset((char *)phrases + head, 0, sizeof *phrases - head);
    phrases->forms_count = 1;
}

static enum err check_entries(const struct phrases *phrases)
{
    const char *before = NULL;
    for (uint32_t i = 0; i < phrases->count; i++) {
        if (!entry_is_sound(phrases, phrases->keys_at, i) ||
            !entry_is_sound(phrases, phrases->words_at, i)) {
            return ERR_MALFORMED;
        }
        uint32_t len = 0;
        const char *key = entry(phrases, phrases->keys_at, i, &len);
        if (before != NULL && strcmp(before, key) >= 0) {
            return ERR_MALFORMED; // searching relies on the order
        }
        before = key;
    }
    return OK;
}

enum err phrases_parse(struct phrases *phrases, const void *bytes, size_t len, struct fault *fault)
{
    CHECK(phrases != NULL && (bytes != NULL || len == 0));

    phrases_init(phrases);
    if (len > PHRASES_BYTES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "phrases: over %d bytes", PHRASES_BYTES_MAX);
    }
    if (len > 0) {
        memcpy(phrases->bytes, bytes, len);
    }
    phrases->len = len;
    enum err err = read_file_header(phrases);
    if (err == OK) {
        err = check_entries(phrases);
    }
    if (err == OK) {
        err = read_plural_rule(phrases);
    }
    if (err != OK) {
        phrases_init(phrases);
        return fault_set(fault, err, "phrases: not a sound .mo file");
    }
    return OK;
}

enum err phrases_read(struct phrases *phrases, const char *dir, const char *language,
                      struct fault *fault)
{
    phrases_init(phrases);
    char path[512];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s.mo", dir, language);
    char *bytes = NULL;
    size_t len = 0;
    if (text.is_cut || file_read(path, PHRASES_BYTES_MAX, &bytes, &len) != OK) {
        return fault_set(fault, ERR_IO, "phrases: cannot read %s", path);
    }
    enum err err = phrases_parse(phrases, bytes, len, fault);
    free(bytes);
    return err;
}

const char *phrases_get(const struct phrases *phrases, const char *key)
{
    uint32_t len = 0;
    const char *words = find(phrases, key, &len);
    return words == NULL || words[0] == '\0' ? key : words;
}

const char *phrases_plural(const struct phrases *phrases, const char *key, uint64_t count)
{
    uint32_t len = 0;
    const char *words = find(phrases, key, &len);
    if (words == NULL || words[0] == '\0') {
        return key;
    }
    // The forms stand one behind another, each with its NUL.
    const char *form = words;
    for (uint32_t i = plural_form(phrases, count); i > 0; i--) {
        size_t form_len = strlen(form);
        if (form + form_len >= words + len) {
            return words; // the file has fewer forms than its rule
        }
        form += form_len + 1;
    }
    return form;
}

static bool reads_backward(const char *words)
{
    size_t len = strlen(words);
    for (size_t pos = 0; pos < len;) {
        uint32_t character = utf8_next(words, len, &pos);
        if (character >= 0x0590 && character <= 0x08FF) {
            return true;
        }
    }
    return false;
}

static const char *value_of(const struct phrases_value *values, size_t values_count,
                            const char *name, size_t name_len)
{
    for (size_t i = 0; i < values_count; i++) {
        if (strlen(values[i].name) == name_len && memcmp(values[i].name, name, name_len) == 0) {
            return values[i].words;
        }
    }
    return NULL;
}

enum err phrases_fill(const char *words, const struct phrases_value *values, size_t values_count,
                      char *out, size_t out_bytes)
{
    CHECK(words != NULL && (values != NULL || values_count == 0));

    bool is_isolated = reads_backward(words);
    struct text text;
    text_init(&text, out, out_bytes);
    while (*words != '\0') {
        size_t plain = strcspn(words, "{");
        text_add_bytes(&text, words, plain);
        words += plain;
        if (*words == '\0') {
            break;
        }
        const char *end = strchr(words, '}');
        const char *value =
            end == NULL ? NULL
                        : value_of(values, values_count, words + 1, (size_t)(end - words - 1));
        if (value == NULL) {
            text_add_bytes(&text, words, 1);
            words += 1;
            continue;
        }
        text_add(&text, is_isolated ? ISOLATE_OPEN : "");
        text_add(&text, value);
        text_add(&text, is_isolated ? ISOLATE_CLOSE : "");
        words = end + 1;
    }
    if (text.is_cut) {
        wipe(out, out_bytes);
        return ERR_TOO_BIG;
    }
    return OK;
}

enum err phrases_fill_count(const struct phrases *phrases, const char *key, uint64_t count,
                            char *out, size_t out_bytes)
{
    char digits[NAME_BYTES_MAX];
    struct text text;
    text_init(&text, digits, sizeof digits);
    text_format(&text, "%llu", (unsigned long long)count);
    const struct phrases_value value = {"count", digits};
    return phrases_fill(phrases_plural(phrases, key, count), &value, 1, out, out_bytes);
}

// A number at a place in the file; 0 outside it, which no check lets pass as sound.
static uint32_t number_at(const struct phrases *phrases, uint64_t at)
{
    struct bytes_in in;
    bytes_in_init(&in, phrases->bytes, phrases->len);
    if (at > phrases->len || bytes_in_take(&in, (size_t)at) == NULL) {
        return 0;
    }
    return bytes_in_u32le(&in);
}

static enum err read_file_header(struct phrases *phrases)
{
    struct bytes_in in;
    bytes_in_init(&in, phrases->bytes, phrases->len);
    uint32_t magic = bytes_in_u32le(&in);
    uint32_t revision = bytes_in_u32le(&in);
    phrases->count = bytes_in_u32le(&in);
    phrases->keys_at = bytes_in_u32le(&in);
    phrases->words_at = bytes_in_u32le(&in);
    if (in.failed || magic != MO_MAGIC || revision >> 16 > 1) {
        return ERR_MALFORMED;
    }
    if (phrases->count > PHRASES_COUNT_MAX) {
        return ERR_TOO_BIG;
    }
    uint64_t table_bytes = (uint64_t)phrases->count * MO_ENTRY_BYTES;
    if (phrases->keys_at < MO_HEADER_BYTES || phrases->words_at < MO_HEADER_BYTES ||
        phrases->keys_at + table_bytes > phrases->len ||
        phrases->words_at + table_bytes > phrases->len) {
        return ERR_MALFORMED;
    }
    return OK;
}

static bool entry_is_sound(const struct phrases *phrases, uint32_t table_at, uint32_t index)
{
    uint64_t at = (uint64_t)table_at + (uint64_t)index * MO_ENTRY_BYTES;
    uint64_t len = number_at(phrases, at);
    uint64_t from = number_at(phrases, at + 4);
    if (from < MO_HEADER_BYTES || from + len + 1 > phrases->len ||
        phrases->bytes[from + len] != '\0') {
        return false;
    }
    const char *words = (const char *)phrases->bytes + from;
    for (uint64_t pos = 0; pos <= len;) {
        size_t part = strlen(words + pos);
        if (!utf8_is_valid(words + pos, part)) {
            return false;
        }
        pos += part + 1;
    }
    return true;
}

static const char *entry(const struct phrases *phrases, uint32_t table_at, uint32_t index,
                         uint32_t *len)
{
    uint64_t at = (uint64_t)table_at + (uint64_t)index * MO_ENTRY_BYTES;
    *len = number_at(phrases, at);
    return (const char *)phrases->bytes + number_at(phrases, at + 4);
}

// The header is the entry with the empty key: lines of "Name: value".
static enum err read_plural_rule(struct phrases *phrases)
{
    uint32_t len = 0;
    const char *header = find(phrases, "", &len);
    const char *line = header == NULL ? NULL : strstr(header, "Plural-Forms:");
    if (line == NULL) {
        phrases->forms_count = 2;
        return plural_compile(phrases, "n != 1", strlen("n != 1"));
    }
    const char *forms = strstr(line, "nplurals=");
    const char *rule = strstr(line, "plural=");
    if (forms == NULL || rule == NULL) {
        return ERR_MALFORMED;
    }
    char digit = forms[strlen("nplurals=")];
    if (digit < '1' || digit > '0' + PHRASES_FORMS_MAX) {
        return ERR_MALFORMED;
    }
    phrases->forms_count = (uint32_t)(digit - '0');
    rule += strlen("plural=");
    return plural_compile(phrases, rule, strlen(rule));
}

static const char *find(const struct phrases *phrases, const char *key, uint32_t *len)
{
    uint32_t from = 0;
    uint32_t to = phrases->count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        uint32_t key_len = 0;
        int order = strcmp(key, entry(phrases, phrases->keys_at, middle, &key_len));
        if (order == 0) {
            return entry(phrases, phrases->words_at, middle, len);
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return NULL;
}
