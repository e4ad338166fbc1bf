// SPDX-License-Identifier: EUPL-1.2
//
// Kinds of document by their first bytes, and the words others use for them.
#include "forms/upload_kind.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORDS_MAX = 3 };

static const struct {
    const char *types[WORDS_MAX]; // the first is its name
    const char *endings[WORDS_MAX];
    const char *word; // for people
} kinds[UPLOAD_KINDS_COUNT] = {
    [UPLOAD_JPEG] = {{"image/jpeg", "image/jpg", "image/pjpeg"}, {".jpg", ".jpeg", ".jpe"}, "JPEG"},
    [UPLOAD_PNG] = {{"image/png"}, {".png"}, "PNG"},
    [UPLOAD_PDF] = {{"application/pdf", "application/x-pdf"}, {".pdf"}, "PDF"},
    [UPLOAD_HEIC] = {{"image/heic", "image/heif"}, {".heic", ".heif"}, "HEIC"},
};

static bool is_heic(const char *bytes, size_t len);
static bool is_one_of(const char *const words[WORDS_MAX], const char *word);
static const char *ending_of(const char *name);
static unsigned kinds_of_pattern(const char *pattern, size_t len);
static size_t bytes_of(const struct json *size);

enum upload_kind upload_kind_of(const void *bytes, size_t len)
{
    static const struct {
        enum upload_kind kind;
        const char *start;
        size_t start_len;
    } starts[] = {
        {UPLOAD_JPEG, "\xff\xd8\xff", 3},
        {UPLOAD_PNG, "\x89PNG\r\n\x1a\n", 8},
        {UPLOAD_PDF, "%PDF-", 5},
    };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (len > starts[i].start_len && memcmp(bytes, starts[i].start, starts[i].start_len) == 0) {
            return starts[i].kind;
        }
    }
    return is_heic(bytes, len) ? UPLOAD_HEIC : UPLOAD_KINDS_COUNT;
}

bool upload_kind_is_denied(enum upload_kind kind, const char *type, const char *name)
{
    const char *ending = ending_of(name);
    bool says_nothing = type[0] == '\0' || strcasecmp(type, "application/octet-stream") == 0;
    return (!says_nothing && !is_one_of(kinds[kind].types, type)) ||
           (ending[0] != '\0' && !is_one_of(kinds[kind].endings, ending));
}

const char *upload_kind_type(enum upload_kind kind)
{
    return kinds[kind].types[0];
}

struct upload_rule upload_rule_of(const struct json *component)
{
    const struct json *types = json_get(json_get(component, "file"), "type");
    const char *pattern = json_get_text(component, "filePattern");
    struct upload_rule rule = {.bytes_max = bytes_of(json_get(component, "fileMaxSize"))};
    for (size_t i = 0; i < json_len(types); i++) {
        const char *type = json_text(json_at(types, i));
        rule.kinds |= type == NULL ? 0 : kinds_of_pattern(type, strlen(type));
    }
    if (json_len(types) == 0) {
        pattern = pattern == NULL || pattern[0] == '\0' ? "*" : pattern;
        while (*pattern != '\0') {
            pattern += strspn(pattern, ",; ");
            size_t len = strcspn(pattern, ",; ");
            rule.kinds |= kinds_of_pattern(pattern, len);
            pattern += len;
        }
    }
    return rule;
}

void upload_kinds_words(unsigned allowed, char out[UPLOAD_KINDS_BYTES])
{
    struct text text;
    text_init(&text, out, UPLOAD_KINDS_BYTES);
    for (size_t i = 0; i < UPLOAD_KINDS_COUNT; i++) {
        if ((allowed & (1U << i)) != 0) {
            text_format(&text, "%s%s", text.len == 0 ? "" : ", ", kinds[i].word);
        }
    }
}

const char *upload_type_word(const char *type)
{
    for (size_t i = 0; i < UPLOAD_KINDS_COUNT; i++) {
        if (is_one_of(kinds[i].types, type)) {
            return kinds[i].word;
        }
    }
    return "";
}

void upload_size_words(size_t bytes, char out[UPLOAD_SIZE_BYTES])
{
    static const struct {
        size_t bytes;
        const char *unit;
    } units[] = {{1024 * 1024, "MB"}, {1024, "kB"}, {1, "bytes"}};
    struct text text;
    size_t unit = 0;
    while (unit + 1 < sizeof units / sizeof units[0] && bytes < units[unit].bytes) {
        unit += 1;
    }
    text_init(&text, out, UPLOAD_SIZE_BYTES);
    text_format(&text, "%zu\u00a0%s", bytes / units[unit].bytes, units[unit].unit);
}

void upload_accept(unsigned allowed, char out[UPLOAD_ACCEPT_BYTES])
{
    struct text text;
    text_init(&text, out, UPLOAD_ACCEPT_BYTES);
    for (size_t kind = 0; kind < UPLOAD_KINDS_COUNT; kind++) {
        for (size_t i = 0; i < WORDS_MAX && (allowed & (1U << kind)) != 0; i++) {
            if (i == 0) {
                text_format(&text, "%s%s", text.len == 0 ? "" : ",", kinds[kind].types[0]);
            }
            if (kinds[kind].endings[i] != NULL) {
                text_format(&text, ",%s", kinds[kind].endings[i]);
            }
        }
    }
}

void upload_name(enum upload_kind kind, const char *said, char out[UPLOAD_NAME_BYTES])
{
    const char *name = said;
    for (const char *at = said; *at != '\0'; at++) {
        name = *at == '/' || *at == '\\' ? at + 1 : name;
    }
    const char *ending = ending_of(name);
    size_t stem_len = (size_t)(ending - name);
    char stem[UPLOAD_NAME_BYTES - 8]; // room for any ending of ours
    struct text text;
    char whole[1024];
    text_init(&text, whole, sizeof whole);
    text_add_bytes(&text, name, stem_len);
    text_copy_cut(stem, sizeof stem, stem_len == 0 || text.is_cut ? "document" : whole);
    text_init(&text, out, UPLOAD_NAME_BYTES);
    text_add(&text, stem);
    text_add(&text, ending[0] == '\0' ? kinds[kind].endings[0] : ending);
}

// ISO base media (ISO/IEC 14496-12 section 4.3) with a brand of HEIF (ISO/IEC 23008-12).
static bool is_heic(const char *bytes, size_t len)
{
    static const char *const brands[] = {"heic", "heix", "heim", "heis",
                                         "hevc", "hevx", "mif1", "msf1"};
    if (len <= 12 || memcmp(bytes + 4, "ftyp", 4) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++) {
        if (memcmp(bytes + 8, brands[i], 4) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_one_of(const char *const words[WORDS_MAX], const char *word)
{
    for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++) {
        if (strcasecmp(words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

// With its dot; empty when it has none, or one too long to be an ending.
static const char *ending_of(const char *name)
{
    enum { ENDING_CHARS_MAX = 5 };
    const char *dot = strrchr(name, '.');
    bool is_ending = dot != NULL && strlen(dot) <= ENDING_CHARS_MAX && strpbrk(dot, " /\\") == NULL;
    return is_ending ? dot : name + strlen(name);
}

// "*", "image/*", "image/png", ".pdf".
static unsigned kinds_of_pattern(const char *pattern, size_t len)
{
    char word[64];
    struct text text;
    unsigned found = 0;
    text_init(&text, word, sizeof word);
    text_add_bytes(&text, pattern, len);
    bool is_any = text_equal(word, "*") || text_equal(word, "*/*");
    bool is_group = text.len > 2 && text_equal(word + text.len - 2, "/*");
    for (size_t kind = 0; kind < UPLOAD_KINDS_COUNT; kind++) {
        bool is_in_group = is_group && strncasecmp(kinds[kind].types[0], word, text.len - 1) == 0;
        if (is_any || is_in_group || is_one_of(kinds[kind].types, word) ||
            is_one_of(kinds[kind].endings, word)) {
            found |= 1U << kind;
        }
    }
    return found;
}

// "5MB", "500 kB", 100000; what cannot be read, or is more, is what we take at most.
static size_t bytes_of(const struct json *size)
{
    static const struct {
        const char *unit;
        double bytes;
    } units[] = {
        {"", 1}, {"b", 1}, {"kb", 1024}, {"mb", 1024.0 * 1024}, {"gb", 1024.0 * 1024 * 1024}};
    const char *words = json_text(size);
    double bytes = 0;
    if (words != NULL) {
        char *rest = NULL;
        double count = strtod(words, &rest);
        rest += strspn(rest, " ");
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
            bytes = strcasecmp(rest, units[i].unit) == 0 ? count * units[i].bytes : bytes;
        }
    } else if (json_double(size, &bytes) != OK) {
        bytes = 0;
    }
    return bytes >= 1 && bytes < UPLOAD_BYTES_MAX ? (size_t)bytes : UPLOAD_BYTES_MAX;
}
