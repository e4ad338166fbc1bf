// SPDX-License-Identifier: EUPL-1.2
//
// Any bytes given as JSON: refused or read, and what was read is written and reads back the same.
#include "base/json.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void walk_object(const struct json *json);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct json *json = NULL;
    const enum err err = json_parse((const char *)data, len, &json);
    CHECK((err == OK) == (json != NULL));
    if (err != OK) {
        CHECK(err == ERR_MALFORMED);
        return 0;
    }
    walk_object(json);
    (void)json_path(json, "0.a.1.b"); // only that it stays inside
    char *words = json_write_new(json);
    struct json *back = NULL;
    CHECK(json_parse(words, strlen(words), &back) == OK);
    CHECK(json_same(json, back));
    CHECK(json_bytes(json, JSON_DEPTH_MAX) >= strlen(words));
    char small[16];
    size_t small_len = 0;
    const bool fits = json_write(json, small, sizeof small, &small_len) == OK;
    CHECK(fits == (strlen(words) < sizeof small));
    CHECK(strlen(small) == small_len);
    free(words);
    json_free(back);
    json_wipe_free(json);
    return 0;
}

static void walk_object(const struct json *json)
{
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    size_t count = 0;
    while (json_has_keys(json) && json_each(json, &iter, &key, &value)) {
        CHECK(json_get(json, key) == value);
        count++;
    }
    CHECK(!json_has_keys(json) || count == json_len(json));
}
