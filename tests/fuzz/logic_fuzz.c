// SPDX-License-Identifier: EUPL-1.2
//
// Any JsonLogic over any data: [rule, data]. A value that can be written, or a code; always an end.
#include "forms/logic.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct json *both = NULL;
    if (json_parse((const char *)data, len, &both) != OK) {
        return 0;
    }
    struct json *result = NULL;
    const enum err err =
        logic_value(json_at(both, 0), json_at(both, 1), (struct date){2026, 11, 26}, &result);
    CHECK((err == OK) == (result != NULL));
    if (err == OK) {
        char *words = json_write_new(result);
        struct json *back = NULL;
        CHECK(json_parse(words, strlen(words), &back) == OK);
        CHECK(json_same(result, back));
        CHECK(logic_is_true(result) == logic_is_true(back));
        free(words);
        json_free(back);
        json_free(result);
    } else {
        CHECK(err == ERR_UNSUPPORTED || err == ERR_STATE || err == ERR_MALFORMED);
    }
    json_free(both);
    return 0;
}
