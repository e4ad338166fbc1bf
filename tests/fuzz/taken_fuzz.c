// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named taken may answer.
#include "adapters/form_data.h"
#include "adapters/taken.h"
#include "adapters/taken_form.h"
#include "base/text.h"
#include "tests/fuzz/tasks.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void read_form(const struct source_answer *answer)
{
    static const char uuid[] = "e226e393-2a51-47c2-acf1-6d0c71914bef";
    struct taken_form_private found;
    struct source_request_private request;
    struct fault fault;
    if (taken_form_read(answer, uuid, "999990019", &found, &fault) == OK) {
        struct json *document = taken_form_document(&found);
        CHECK(json_len(json_get(document, "steps")) == 1);
        CHECK(taken_form_write_request(&request, &found, json_get(document, "data"), true) == OK);
        source_request_finish(&request);
        json_free(document);
    } else {
        CHECK(found.task == NULL);
    }
    taken_form_finish(&found);
    struct json *told = NULL;
    const struct source_answer refused = {.status = 400, .body = answer->body, .len = answer->len};
    if (taken_form_refusal(&refused, &told, &fault) == ERR_REFUSED) {
        CHECK(json_len(json_get(told, "invalid")) <= FORM_INVALID_MAX);
    }
    json_free(told);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct source_answer answer = {.status = 200, .body = (const char *)data, .len = len};
    (void)tasks_check(&taken_tasks, data, len); // it looks itself
    read_form(&answer);
    return 0;
}
