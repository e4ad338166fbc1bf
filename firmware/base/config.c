// SPDX-License-Identifier: EUPL-1.2
//
// Reads `key = value` files within fixed limits.
#include "base/config.h"

#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err parse_line(struct config *config, const char *line, size_t len, int line_number,
                           struct fault *fault);
static bool is_key(const char *key, size_t len);
static void trim(const char **at, size_t *len);

enum err config_parse(struct config *config, const char *bytes, size_t len, struct fault *fault)
{
    CHECK(config != NULL);
    CHECK(bytes != NULL || len == 0);

    config->entries_count = 0;
    if (len > CONFIG_FILE_BYTES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "more than %d bytes", CONFIG_FILE_BYTES_MAX);
    }
    if (!utf8_is_valid(bytes, len)) {
        return fault_set(fault, ERR_MALFORMED, "not UTF-8 text");
    }
    int line_number = 1;
    size_t start = 0;
    while (start < len) {
        const char *end = memchr(bytes + start, '\n', len - start);
        size_t line_len = end == NULL ? len - start : (size_t)(end - (bytes + start));
        enum err err = parse_line(config, bytes + start, line_len, line_number, fault);
        if (err != OK) {
            return err;
        }
        start += line_len + 1;
        line_number++;
    }
    return OK;
}

enum err config_read_file(struct config *config, const char *path, struct fault *fault)
{
    char *bytes = NULL;
    size_t len = 0;
    enum err err = file_read(path, CONFIG_FILE_BYTES_MAX, &bytes, &len);
    if (err != OK) {
        return fault_set(fault, err, "%s: %s", path, strerror(errno));
    }
    err = config_parse(config, bytes, len, fault);
    free(bytes);
    if (err != OK) {
        (void)fault_prefix(fault, path); // the code travels in err
    }
    return err;
}

const char *config_get(const struct config *config, const char *key, const char *fallback)
{
    for (size_t i = 0; i < config->entries_count; i++) {
        if (text_equal(config->entries[i].key, key)) {
            return config->entries[i].value;
        }
    }
    return fallback;
}

enum err config_get_int(const struct config *config, const char *key, int64_t min, int64_t max,
                        int64_t *value)
{
    const char *words = config_get(config, key, NULL);
    if (words == NULL) {
        return ERR_NOT_FOUND;
    }
    return text_to_int64(words, min, max, value);
}

static enum err parse_line(struct config *config, const char *line, size_t len, int line_number,
                           struct fault *fault)
{
    trim(&line, &len);
    if (len == 0 || line[0] == '#') {
        return OK;
    }
    const char *equals = memchr(line, '=', len);
    if (equals == NULL) {
        return fault_set(fault, ERR_MALFORMED, "line %d: no '='", line_number);
    }
    const char *key = line;
    size_t key_len = (size_t)(equals - line);
    const char *value = equals + 1;
    size_t value_len = len - key_len - 1;
    trim(&key, &key_len);
    trim(&value, &value_len);
    if (!is_key(key, key_len)) {
        return fault_set(fault, ERR_MALFORMED, "line %d: not a key", line_number);
    }
    if (value_len >= CONFIG_VALUE_BYTES || config->entries_count == CONFIG_ENTRIES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "line %d: too much", line_number);
    }
    struct config_entry entry = {0};
    memcpy(entry.key, key, key_len);
    memcpy(entry.value, value, value_len);
    if (config_get(config, entry.key, NULL) != NULL) {
        return fault_set(fault, ERR_MALFORMED, "line %d: key given twice", line_number);
    }
    config->entries[config->entries_count++] = entry;
    return OK;
}

static bool is_key(const char *key, size_t len)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    if (len == 0 || len >= CONFIG_KEY_BYTES) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (memchr(allowed, key[i], sizeof allowed - 1) == NULL) {
            return false;
        }
    }
    return true;
}

static void trim(const char **at, size_t *len)
{
    while (*len > 0 && strchr(" \t\r", (*at)[0]) != NULL) {
        *at += 1;
        *len -= 1;
    }
    while (*len > 0 && strchr(" \t\r", (*at)[*len - 1]) != NULL) {
        *len -= 1;
    }
}
