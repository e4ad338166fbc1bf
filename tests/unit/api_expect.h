// SPDX-License-Identifier: EUPL-1.2
//
// What the tests of the API's messages share: a trip through bytes, and tables of refusals.
#ifndef INLOOP_TESTS_API_EXPECT_H
#define INLOOP_TESTS_API_EXPECT_H

#include "link/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct refusal {
    const char *json;
    const char *member; // the fault begins with it
};

static inline struct json *parsed(const char *words)
{
    struct json *json = NULL;
    assert_int_equal(json_parse(words, strlen(words), &json), OK);
    return json;
}

// Through bytes, as between two programs. With INLOOP_API_SAMPLES every message is also put down
// there, for the test that holds it to the OpenAPI document.
static inline struct json *sent(const char *writer, struct json *json)
{
    char *words = json_write_new(json);
    const char *path = getenv("INLOOP_API_SAMPLES");
    FILE *samples = path == NULL ? NULL : fopen(path, "a");
    if (samples != NULL) {
        assert_true(fprintf(samples, "{\"writer\":\"%s\",\"json\":%s}\n", writer, words) > 0);
        assert_int_equal(fclose(samples), 0);
    }
    json_free(json);
    struct json *again = parsed(words);
    free(words);
    return again;
}

#define EXPECT_ROUND_TRIP(write_fn, read_fn, in, out)                                              \
    do {                                                                                           \
        struct fault fault = {0};                                                                  \
        struct json *trip = sent(#write_fn, write_fn(in));                                         \
        memset(out, 0xa5, sizeof *(out));                                                          \
        if (read_fn(trip, out, &fault) != OK) {                                                    \
            fail_msg("%s", fault.text);                                                            \
        }                                                                                          \
        assert_memory_equal(in, out, sizeof *(out));                                               \
        json_free(trip);                                                                           \
    } while (0)

#define EXPECT_REFUSED(read_fn, out, refusals)                                                     \
    do {                                                                                           \
        for (size_t i = 0; i < COUNT(refusals); i++) {                                             \
            struct fault fault = {0};                                                              \
            struct json *json = parsed((refusals)[i].json);                                        \
            assert_int_equal(read_fn(json, out, &fault), ERR_MALFORMED);                           \
            if (strncmp(fault.text, (refusals)[i].member, strlen((refusals)[i].member)) != 0) {    \
                fail_msg("%s: said \"%s\"", (refusals)[i].json, fault.text);                       \
            }                                                                                      \
            json_free(json);                                                                       \
        }                                                                                          \
    } while (0)

#endif
