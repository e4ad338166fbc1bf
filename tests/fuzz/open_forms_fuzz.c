// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source named open_forms may answer: heads that set cookies and lead elsewhere, every
// kind of body, and the words by which a form that was begun here is found again.
#include "adapters/fields.h"
#include "adapters/form_data.h"
#include "adapters/open_forms_catalogue.h"
#include "link/http_parse.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char uuid[] = "db530851-200a-40f3-8aec-1618638a7a46";
static const char step[] = "5ecc97b0-9ada-4e87-8cfa-98ae7dd4e5b3";

static void resume(const struct open_forms_place *place, const char *bytes, size_t len)
{
    static struct open_forms_session_private session;
    char login_url[OPEN_FORMS_LOGIN_BYTES];
    struct http_head head;
    struct fault fault;
    const size_t head_len = http_head_len(bytes, len);
    if (head_len == 0 || http_parse_response(bytes, head_len, &head) != OK) {
        return;
    }
    const struct source_answer answer = {.status = head.status, .body = "", .head = &head};
    const enum err err = open_forms_resume_read(place, &answer, &session, login_url, &fault);
    CHECK(err != ERR_UNSUPPORTED || text_starts_with(login_url, place->origin));
    struct source_request_private request;
    CHECK(open_forms_get(&request, place, &session, "/") == OK);
    // Whatever came in a cookie, our own head stays one line of it.
    CHECK(request.more_headers[0] == '\0' ||
          strstr(request.more_headers, "\r\n") ==
              request.more_headers + strlen(request.more_headers) - 2);
    source_request_finish(&request);
}

static void read_step(const struct source_answer *answer)
{
    static struct open_forms_view_private view;
    struct fault fault;
    view.steps_count = 1;
    CHECK(text_copy(view.steps[0].id, sizeof view.steps[0].id, step) == OK);
    if (open_forms_step_read(answer, &view, 0, &fault) == OK) {
        CHECK(open_forms_summary_read(answer, &view, &fault) == ERR_MALFORMED); // no list
        json_free(open_forms_document(&view));
        json_free(open_forms_told(&view));
    }
    if (view.steps[0].data != NULL && open_forms_logic_read(answer, &view, 0, &fault) == OK) {
        CHECK(json_has_keys(view.steps[0].data));
    }
    if (open_forms_form_read(answer, &view, &fault) == OK) {
        CHECK(view.title[0] != '\0');
    }
    open_forms_view_finish(&view);
}

static void read_upload(const struct open_forms_place *place, const struct source_answer *answer)
{
    static const struct backoffice_file_private file = {
        .bytes = "123456789", .len = 9, .type = "image/jpeg", .name = "foto.jpg"};
    struct json *value = NULL;
    struct fault fault;
    if (open_forms_upload_read(place, answer, &file, &value, &fault) == OK) {
        CHECK(text_starts_with(json_get_text(value, "url"), place->url));
        CHECK(text_is_printable(json_get_text(value, "originalName")));
    } else {
        CHECK(value == NULL);
    }
    json_free(value);
}

static void read_published(const struct open_forms_place *place, const struct source_answer *answer)
{
    static struct catalogue catalogue;
    static const struct config config;
    static struct open_forms_view_private view;
    char login_url[OPEN_FORMS_LOGIN_BYTES];
    char begun[UUID_TEXT_BYTES];
    struct fault fault;
    if (open_forms_catalogue_read(place, &config, answer, &catalogue, &fault) == OK) {
        for (size_t i = 0; i < catalogue.forms_count; i++) {
            const struct published *form = &catalogue.forms[i];
            CHECK(uuid_is_valid(form->id) && form->title[0] != '\0');
            CHECK(form->url[0] == '\0' || text_starts_with(form->url, place->url));
        }
    }
    const enum err err = open_forms_look_read(place, answer, uuid, &view, login_url, &fault);
    CHECK(err != OK || text_starts_with(view.form_path, "/api/v2/forms/"));
    CHECK(login_url[0] == '\0' || text_starts_with(login_url, place->url));
    open_forms_view_finish(&view);
    if (open_forms_begin_read(answer, begun, &fault) == OK) {
        CHECK(uuid_is_valid(begun));
    }
}

// What is read is written the same again.
static void read_begun(const uint8_t *data, size_t len)
{
    struct open_forms_begun_private begun;
    char link[FORM_LINK_BYTES];
    char again[FORM_LINK_BYTES];
    if (len >= sizeof link) {
        return;
    }
    memcpy(link, data, len);
    link[len] = '\0';
    if (open_forms_begun_read(link, &begun) == OK) {
        struct open_forms_begun_private twice;
        open_forms_begun_write(&begun, again);
        CHECK(open_forms_begun_read(again, &twice) == OK);
        CHECK(memcmp(&begun, &twice, sizeof begun) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct open_forms_view_private view;
    struct open_forms_place place;
    struct fault fault;
    CHECK(open_forms_place_read(&place, "http://127.0.0.1:8600/openforms") == OK);
    if (len >= 5 && memcmp(data, "HTTP/", 5) == 0) {
        resume(&place, (const char *)data, len);
        return 0;
    }
    if (len >= 6 && memcmp(data, "begun:", 6) == 0) {
        read_begun(data, len);
        return 0;
    }
    const struct source_answer answer = {.status = 200, .body = (const char *)data, .len = len};
    const struct source_answer refused = {.status = 400, .body = (const char *)data, .len = len};
    if (open_forms_submission_read(&place, &answer, uuid, &view, &fault) == OK) {
        CHECK(view.steps_count > 0 && view.steps_count <= OPEN_FORMS_STEPS_MAX);
        for (size_t i = 0; i < view.steps_count; i++) {
            CHECK(uuid_is_valid(view.steps[i].id));
        }
    }
    const enum err err = open_forms_summary_read(&answer, &view, &fault);
    CHECK(err == OK || err == ERR_STATE || err == ERR_MALFORMED);
    open_forms_view_finish(&view);
    read_step(&answer);
    char path[SOURCE_PATH_BYTES];
    if (open_forms_complete_read(&place, &answer, uuid, path, sizeof path, &fault) == OK) {
        CHECK(text_starts_with(path, "/api/v2/submissions/"));
    }
    read_upload(&place, &answer);
    read_published(&place, &answer);
    struct open_forms_outcome outcome;
    if (open_forms_status_read(&answer, &outcome, &fault) == OK) {
        CHECK(outcome.is_done || !outcome.is_success);
    }
    struct json *told = NULL;
    if (open_forms_refusal(&refused, &told, &fault) == ERR_REFUSED) {
        CHECK(json_len(json_get(told, "invalid")) <= FORM_INVALID_MAX);
    }
    json_free(told);
    return 0;
}
