// SPDX-License-Identifier: EUPL-1.2
//
// Lines of `key = value`, written whole and renamed. What cannot be read counts as nothing tried:
// a trial is then still known by the counter in its name.
#include "apps/technician/agent_memory.h"

#include "base/config.h"
#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 2048, MODE = 0644, COUNT_MAX = 1000 };

static void add_update(struct text *text, const struct api_update *update);
static enum err read_update(const struct config *config, struct api_update *update);
static enum err read_rest(const struct config *config, struct agent_memory *memory);
static enum err read_file(struct config **config, const char *path, struct fault *fault);
static bool copy(const struct config *config, const char *key, char *out, size_t out_bytes);
static void part_key(int part, char key[CONFIG_KEY_BYTES]);

enum err agent_memory_read(struct agent_memory *memory, const char *path, struct fault *fault)
{
    *memory = (struct agent_memory){0};
    struct config *config = NULL;
    enum err err = read_file(&config, path, fault);
    if (err != OK) {
        return err;
    }
    if (read_update(config, &memory->update) != OK || read_rest(config, memory) != OK) {
        *memory = (struct agent_memory){0};
        err = fault_set(fault, ERR_MALFORMED, "%s: not a memory of ours", path);
    }
    free(config);
    return err;
}

enum err agent_memory_write(const struct agent_memory *memory, const char *path,
                            struct fault *fault)
{
    char words[FILE_BYTES];
    struct text text;
    text_init(&text, words, sizeof words);
    add_update(&text, &memory->update);
    text_format(&text, "sha256 = %s\nboot = %s\nstage = %d\ntries = %u\nmismatches = %u\n",
                memory->sha256, memory->boot, (int)memory->stage, memory->tries,
                memory->mismatches);
    for (int i = 0; memory->has_parts && i < HEALTH_PARTS_COUNT; i++) {
        char key[CONFIG_KEY_BYTES];
        part_key(i, key);
        text_format(&text, "%s = %s\n", key, health_state_name(memory->parts[i]));
    }
    CHECK(!text.is_cut);
    return file_write(path, MODE, words, text.len, fault);
}

bool agent_memory_equal(const struct agent_memory *left, const struct agent_memory *right)
{
    return left->update.state == right->update.state &&
           text_equal(left->update.version, right->update.version) &&
           text_equal(left->update.reason, right->update.reason) &&
           text_equal(left->sha256, right->sha256) && text_equal(left->boot, right->boot) &&
           left->stage == right->stage && left->tries == right->tries &&
           left->mismatches == right->mismatches && left->has_parts == right->has_parts &&
           memcmp(left->parts, right->parts, sizeof left->parts) == 0;
}

enum err agent_update_write(const struct api_update *update, const char *path, struct fault *fault)
{
    char words[FILE_BYTES];
    struct text text;
    text_init(&text, words, sizeof words);
    add_update(&text, update);
    CHECK(!text.is_cut);
    return file_write(path, MODE, words, text.len, fault);
}

enum err agent_update_read(struct api_update *update, const char *path, struct fault *fault)
{
    struct config *config = NULL;
    *update = (struct api_update){0};
    enum err err = read_file(&config, path, fault);
    if (err == OK && read_update(config, update) != OK) {
        *update = (struct api_update){0};
        err = fault_set(fault, ERR_MALFORMED, "%s: not of the agent's", path);
    }
    free(config);
    return err;
}

// A reason may quote what came from outside; a line feed in it would begin a key of its own.
static void add_update(struct text *text, const struct api_update *update)
{
    char reason[API_UPDATE_REASON_BYTES];
    text_copy_cut(reason, sizeof reason, update->reason);
    for (char *at = reason; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            *at = '?';
        }
    }
    text_format(text, "state = %s\nversion = %s\nreason = %s\n",
                api_update_state_name(update->state), update->version,
                utf8_is_valid(reason, strlen(reason)) ? reason : "");
}

static enum err read_update(const struct config *config, struct api_update *update)
{
    const char *state = config_get(config, "state", "");
    for (int i = 0; i < API_UPDATE_STATES_COUNT; i++) {
        if (text_equal(state, api_update_state_name((enum api_update_state)i))) {
            update->state = (enum api_update_state)i;
            return copy(config, "version", update->version, sizeof update->version) &&
                           copy(config, "reason", update->reason, sizeof update->reason)
                       ? OK
                       : ERR_MALFORMED;
        }
    }
    return ERR_MALFORMED;
}

static enum err read_rest(const struct config *config, struct agent_memory *memory)
{
    int64_t stage = 0;
    int64_t tries = 0;
    int64_t mismatches = 0;
    if (!copy(config, "sha256", memory->sha256, sizeof memory->sha256) ||
        !copy(config, "boot", memory->boot, sizeof memory->boot) ||
        config_get_int(config, "stage", 0, AGENT_STAGES_COUNT - 1, &stage) != OK ||
        config_get_int(config, "tries", 0, COUNT_MAX, &tries) != OK ||
        config_get_int(config, "mismatches", 0, COUNT_MAX, &mismatches) != OK) {
        return ERR_MALFORMED;
    }
    memory->stage = (enum agent_stage)stage;
    memory->tries = (unsigned)tries;
    memory->mismatches = (unsigned)mismatches;
    for (int i = 0; i < HEALTH_PARTS_COUNT; i++) {
        char key[CONFIG_KEY_BYTES];
        part_key(i, key);
        const char *word = config_get(config, key, NULL);
        memory->has_parts = memory->has_parts || word != NULL;
        if (word != NULL && health_state_parse(word, &memory->parts[i]) != OK) {
            return ERR_MALFORMED;
        }
    }
    return OK;
}

static enum err read_file(struct config **config, const char *path, struct fault *fault)
{
    *config = calloc(1, sizeof **config);
    CHECK(*config != NULL);
    enum err err = config_read_file(*config, path, fault);
    if (err != OK) {
        free(*config);
        *config = NULL;
    }
    return err;
}

static bool copy(const struct config *config, const char *key, char *out, size_t out_bytes)
{
    const char *value = config_get(config, key, NULL);
    return value != NULL && text_copy(out, out_bytes, value) == OK;
}

static void part_key(int part, char key[CONFIG_KEY_BYTES])
{
    struct text text;
    text_init(&text, key, CONFIG_KEY_BYTES);
    text_format(&text, "parts.%s", health_part_name((enum health_part)part));
}
