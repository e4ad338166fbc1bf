// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named documenten may answer to a document, to its parts and to the end of it.
#include "adapters/documenten.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static char bytes[3 * 1024];
static const struct backoffice_file_private file = {
    .bytes = bytes, .len = sizeof bytes, .type = "application/pdf", .name = "afschrift.pdf"};

// Whatever parts it wants, together they are the file and each lies within it.
static void ask_for_parts(const struct documenten_made *made)
{
    struct source_request_private request;
    const char *next = file.bytes;
    for (size_t i = 0; i < made->parts_count; i++) {
        CHECK(documenten_part_request(&request, made, i, &file) == OK);
        CHECK(request.kept == next && request.kept_len == made->parts[i].bytes);
        CHECK(strchr(request.path, '\r') == NULL && strlen(request.path) == 51);
        next += request.kept_len;
        source_request_finish(&request);
    }
    CHECK(next == file.bytes + file.len);
    CHECK(documenten_unlock_request(&request, made) == OK);
    source_request_finish(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct documenten_made made;
    struct fault fault;
    const struct source_answer answer = {.status = 201, .body = (const char *)data, .len = len};
    const struct source_answer part = {.status = 200, .body = (const char *)data, .len = len};
    const struct source_answer refused = {.status = 400, .body = (const char *)data, .len = len};
    if (documenten_make_read(&answer, file.len, &made, &fault) == OK) {
        CHECK(made.parts_count > 0 && made.parts_count <= DOCUMENTEN_PARTS_MAX);
        ask_for_parts(&made);
    } else {
        CHECK(made.parts_count == 0);
    }
    const enum err err = documenten_part_read(&part, &fault);
    CHECK(err == OK || err == ERR_MALFORMED);
    CHECK(documenten_make_read(&refused, file.len, &made, &fault) == ERR_REFUSED);
    return 0;
}
