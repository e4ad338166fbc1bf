// SPDX-License-Identifier: EUPL-1.2
//
// Problem documents.
#include "link/problem.h"

#include "base/text.h"

size_t problem_write(char *out, size_t out_bytes, int status, const char *code, const char *detail)
{
    struct json *problem = problem_new(status, code, detail);
    size_t len = 0;
    CHECK(json_write(problem, out, out_bytes, &len) == OK);
    json_free(problem);
    return len;
}

struct json *problem_new(int status, const char *code, const char *detail)
{
    char type[128];
    char title[64];
    char cut[400];
    struct text text;
    text_init(&text, type, sizeof type);
    text_format(&text, "urn:inloop:problem:%s", code);
    text_copy_cut(title, sizeof title, code);
    for (char *c = title; *c != '\0'; c++) {
        *c = *c == '_' ? ' ' : *c;
    }
    struct json *problem = json_new_object();
    json_set_text(problem, "type", type);
    json_set_text(problem, "title", title);
    json_set_int(problem, "status", status);
    json_set_text(problem, "code", code);
    if (detail != NULL) {
        text_copy_cut(cut, sizeof cut, detail);
        json_set_text(problem, "detail", text_is_printable(cut) ? cut : code);
    }
    return problem;
}
