// SPDX-License-Identifier: EUPL-1.2
//
// Fields that the Dutch APIs share.
#include "adapters/fields.h"

#include "base/entropy.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

static int64_t local_ms(struct date date, int hour, int minute, int second);
static bool about_named(const struct config *config, const char *what, const char *name,
                        struct about *about);
static bool about_read(const char *line, struct about *about);
static void lower(char *out, size_t out_bytes, const char *words);

void field_words(const struct json *object, const char *key, char *out, size_t out_bytes)
{
    const char *words = json_get_text(object, key);
    if (words == NULL || !text_is_printable(words)) {
        out[0] = '\0';
        return;
    }
    text_copy_cut(out, out_bytes, words);
}

enum err field_uuid(const struct json *object, const char *key, char *out)
{
    const char *words = json_get_text(object, key);
    if (words == NULL || !uuid_is_valid(words)) {
        return ERR_MALFORMED;
    }
    return text_copy(out, UUID_TEXT_BYTES, words);
}

void field_link(const struct json *object, const char *key, char *out, size_t out_bytes)
{
    static const char start[] = "https://";
    static const char marks[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-._~:/?#[]@!$&'()*+,;=%"; // RFC 3986 section 2
    const char *words = json_get_text(object, key);
    out[0] = '\0';
    if (words == NULL || !text_starts_with(words, start) || words[strspn(words, marks)] != '\0') {
        return;
    }
    const char *host = words + strlen(start);
    size_t host_len = strcspn(host, "/?#");
    if (host_len > 0 && memchr(host, '@', host_len) == NULL &&
        text_copy(out, out_bytes, words) != OK) {
        out[0] = '\0';
    }
}

bool bsn_is_valid(const char *words)
{
    if (strlen(words) != BSN_TEXT_BYTES - 1) {
        return false;
    }
    int sum = 0;
    for (int i = 0; i < BSN_TEXT_BYTES - 1; i++) {
        if (words[i] < '0' || words[i] > '9') {
            return false;
        }
        const int weight = i == BSN_TEXT_BYTES - 2 ? -1 : 9 - i;
        sum += weight * (words[i] - '0');
    }
    return sum != 0 && sum % 11 == 0;
}

int64_t field_day_start_ms(const struct json *object, const char *key)
{
    struct date date;
    const char *words = json_get_text(object, key);
    if (words == NULL || date_from_text(words, &date) != OK) {
        return 0;
    }
    return local_ms(date, 0, 0, 0);
}

int64_t field_day_end_ms(const struct json *object, const char *key)
{
    struct date date;
    const char *words = json_get_text(object, key);
    if (words == NULL || date_from_text(words, &date) != OK) {
        return 0;
    }
    return local_ms(date, 23, 59, 59);
}

int64_t field_moment_ms(const struct json *object, const char *key)
{
    int64_t moment_ms = 0;
    const char *words = json_get_text(object, key);
    if (words == NULL || time_from_text(words, &moment_ms) != OK) {
        return field_day_end_ms(object, key);
    }
    return moment_ms > 0 ? moment_ms : 0;
}

// Deadlines of the APIs are inclusive and mean the hall's calendar, so the zone of the process.
static int64_t local_ms(struct date date, int hour, int minute, int second)
{
    struct tm local = {.tm_year = date.year - 1900,
                       .tm_mon = date.month - 1,
                       .tm_mday = date.day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second,
                       .tm_isdst = -1};
    const time_t moment = mktime(&local);
    return moment == (time_t)-1 ? 0 : (int64_t)moment * 1000;
}

bool about_case_type(const struct config *config, const char *type, struct about *about)
{
    return about_named(config, "type", type, about);
}

bool about_form(const struct config *config, const char *slug, struct about *about)
{
    return about_named(config, "form", slug, about);
}

static bool about_named(const struct config *config, const char *what, const char *name,
                        struct about *about)
{
    char key[CONFIG_KEY_BYTES];
    char small[CONFIG_KEY_BYTES];
    lower(small, sizeof small, name);
    struct text text;
    text_init(&text, key, sizeof key);
    text_format(&text, "%s.%s", what, small);
    const char *line = text.is_cut || small[0] == '\0' ? NULL : config_get(config, key, NULL);
    return line != NULL && about_read(line, about);
}

bool about_task_title(const struct config *config, const char *title, struct about *about)
{
    static const char prefix[] = "task.";
    char small[REQUEST_TITLE_BYTES];
    lower(small, sizeof small, title);
    for (size_t i = 0; i < config->entries_count; i++) {
        const struct config_entry *entry = &config->entries[i];
        if (!text_starts_with(entry->key, prefix) || entry->key[sizeof prefix - 1] == '\0') {
            continue;
        }
        if (strstr(small, entry->key + sizeof prefix - 1) != NULL) {
            return about_read(entry->value, about);
        }
    }
    return false;
}

// "parking B ordinary". A line that says anything else counts as absent: the stricter side.
static bool about_read(const char *line, struct about *about)
{
    char words[CONFIG_VALUE_BYTES];
    if (text_copy(words, sizeof words, line) != OK) {
        return false;
    }
    char *rest = NULL;
    const char *subject = strtok_r(words, " ", &rest);
    const char *service = strtok_r(NULL, " ", &rest);
    const char *class = strtok_r(NULL, " ", &rest);
    if (class == NULL || strtok_r(NULL, " ", &rest) != NULL || strlen(service) != 1 ||
        service[0] < 'A' || service[0] > 'Z') {
        return false;
    }
    about->service = service[0];
    return request_subject_from_name(subject, &about->subject) == OK &&
           request_class_from_name(class, &about->class) == OK;
}

// ASCII only: keys of the configuration are. Other letters stay as they are.
static void lower(char *out, size_t out_bytes, const char *words)
{
    size_t len = 0;
    while (words[len] != '\0' && len + 1 < out_bytes) {
        const unsigned char letter = (unsigned char)words[len];
        out[len] = (char)(letter < 0x80 ? tolower(letter) : letter);
        len++;
    }
    out[len] = '\0';
}
