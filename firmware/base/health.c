// SPDX-License-Identifier: EUPL-1.2
//
// The file of a role program's own state: written and read by one table of words.
#include "base/health.h"

#include "base/config.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HEALTH_MODE = 0644 };

static const char *const state_names[HEALTH_STATES_COUNT] = {
    [HEALTH_UNUSED] = "unused", [HEALTH_OK] = "ok",       [HEALTH_LOW] = "low",
    [HEALTH_OUT] = "out",       [HEALTH_FAULT] = "fault", [HEALTH_MISSING] = "missing"};
static const char *const part_names[HEALTH_PARTS_COUNT] = {
    [HEALTH_SCANNER] = "scanner", [HEALTH_CARD] = "card", [HEALTH_PRINTER] = "printer"};

static enum err read_config(const struct config *config, struct health *health,
                            struct fault *fault);
static bool read_truth(const struct config *config, const char *key, bool *value);

const char *health_state_name(enum health_state state)
{
    CHECK(state < HEALTH_STATES_COUNT);
    return state_names[state];
}

const char *health_part_name(enum health_part part)
{
    CHECK(part < HEALTH_PARTS_COUNT);
    return part_names[part];
}

enum err health_state_parse(const char *name, enum health_state *state)
{
    size_t index = 0;
    enum err err = text_find(state_names, HEALTH_STATES_COUNT, name, &index);
    if (err == OK) {
        *state = (enum health_state)index;
    }
    return err;
}

enum err health_write(const char *path, const struct health *health, struct fault *fault)
{
    char words[HEALTH_FILE_BYTES_MAX];
    char at[TIME_TEXT_BYTES];
    struct text text;
    time_to_text(health->at_ms, at);
    text_init(&text, words, sizeof words);
    text_format(&text, "role = %s\nis_drawn = %d\nis_connected = %d\nis_busy = %d\nat = %s\n",
                health->role, health->is_drawn, health->is_connected, health->is_busy, at);
    for (size_t i = 0; i < HEALTH_PARTS_COUNT; i++) {
        text_format(&text, "%s = %s\n", part_names[i], health_state_name(health->parts[i]));
    }
    CHECK(!text.is_cut);
    return file_write(path, HEALTH_MODE, words, text.len, fault);
}

enum err health_read(const char *path, struct health *health, struct fault *fault)
{
    *health = (struct health){0};
    char *bytes = NULL;
    size_t len = 0;
    enum err err = file_read(path, HEALTH_FILE_BYTES_MAX, &bytes, &len);
    if (err != OK) {
        return fault_set(fault, err, "%s: %s", path, strerror(errno));
    }
    struct config *config = calloc(1, sizeof *config);
    CHECK(config != NULL);
    err = len > HEALTH_FILE_BYTES_MAX ? fault_set(fault, ERR_MALFORMED, "too long")
                                      : config_parse(config, bytes, len, fault);
    err = err == OK ? read_config(config, health, fault) : ERR_MALFORMED;
    free(config);
    free(bytes);
    if (err != OK) {
        *health = (struct health){0};
        (void)fault_prefix(fault, path); // the code travels in err
    }
    return err;
}

static enum err read_config(const struct config *config, struct health *health, struct fault *fault)
{
    const char *at = config_get(config, "at", "");
    if (text_copy(health->role, sizeof health->role, config_get(config, "role", "")) != OK ||
        health->role[0] == '\0' || !read_truth(config, "is_drawn", &health->is_drawn) ||
        !read_truth(config, "is_connected", &health->is_connected) ||
        !read_truth(config, "is_busy", &health->is_busy) ||
        time_from_text(at, &health->at_ms) != OK) {
        return fault_set(fault, ERR_MALFORMED, "a line is missing or says what it cannot");
    }
    for (size_t i = 0; i < HEALTH_PARTS_COUNT; i++) {
        const char *name = config_get(config, part_names[i], state_names[HEALTH_UNUSED]);
        if (health_state_parse(name, &health->parts[i]) != OK) {
            return fault_set(fault, ERR_MALFORMED, "%s: no such state", part_names[i]);
        }
    }
    return OK;
}

static bool read_truth(const struct config *config, const char *key, bool *value)
{
    const char *words = config_get(config, key, "");
    *value = text_equal(words, "1");
    return *value || text_equal(words, "0");
}
