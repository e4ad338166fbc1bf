// SPDX-License-Identifier: EUPL-1.2
//
// Open Forms' requests and answers.
#include "adapters/open_forms.h"

#include "adapters/fields.h"
#include "adapters/form_data.h"
#include "adapters/form_file.h"
#include "base/bytes.h"
#include "link/http_parse.h"

#include <string.h>
#include <strings.h>

static const char *behind(const char *words, const char *start);
static const char *path_here(const struct open_forms_place *place, const char *url);
static bool is_word(const char *letters, size_t len);
static bool is_login(const char *path);
static bool write_login(const char *origin, const char *to, char login_url[OPEN_FORMS_LOGIN_BYTES]);
static void cookie_add(struct open_forms_session_private *session, const struct http_header *set);
static bool is_cookie_clean(const char *bytes, size_t len);
static void show_session(const struct open_forms_place *place,
                         const struct open_forms_session_private *session, bool writes,
                         struct source_request_private *request);
static enum err read_object(const struct source_answer *answer, struct json **json,
                            struct fault *fault);
static enum err read_steps(const struct open_forms_place *place, const struct json *submission,
                           struct open_forms_view_private *view);
static enum err read_step(const struct open_forms_place *place, const struct json *found,
                          const char *uuid, struct open_forms_step_private *step);
static bool get_bool(const struct json *object, const char *key);
static enum err take_step(const struct json *found, struct open_forms_step_private *step);
static enum err take_logic(const struct json *found, struct open_forms_view_private *view,
                           struct open_forms_step_private *here);
static void replace(struct json **place, struct json *fresh);
static bool says_the_same(const struct json *summary, const struct json *data);
static struct json *step_json(const struct open_forms_step_private *step, bool with_state);

enum err open_forms_place_read(struct open_forms_place *place, const char *url)
{
    *place = (struct open_forms_place){0};
    struct http_url parsed;
    const enum err err = http_url_parse(url, &parsed);
    if (err != OK || text_copy(place->url, sizeof place->url, url) != OK) {
        return ERR_MALFORMED;
    }
    size_t len = strlen(place->url);
    while (len > 0 && place->url[len - 1] == '/') {
        len--;
        place->url[len] = '\0';
    }
    text_copy_cut(place->origin, sizeof place->origin, place->url);
    char *path = strchr(strstr(place->origin, "://") + 3, '/');
    if (path != NULL) {
        *path = '\0';
    }
    return OK;
}

void open_forms_view_finish(struct open_forms_view_private *view)
{
    for (size_t i = 0; i < OPEN_FORMS_STEPS_MAX; i++) {
        json_wipe_free(view->steps[i].components);
        json_wipe_free(view->steps[i].rules);
        json_wipe_free(view->steps[i].data);
    }
    wipe(view, sizeof *view);
}

static const char *behind(const char *words, const char *start)
{
    return words != NULL && text_starts_with(words, start) ? words + strlen(start) : NULL;
}

// The path of an address of our own place; NULL for any other. The '/' right behind the place keeps
// "https://forms.example.evil" and "https://forms.example@evil" out.
static const char *path_here(const struct open_forms_place *place, const char *url)
{
    const char *path = behind(url, place->url);
    return path != NULL && path[0] == '/' ? path : NULL;
}

enum err open_forms_link_read(const struct open_forms_place *place, const char *link,
                              const char *uuid, char *path, size_t path_bytes)
{
    const char *here = path_here(place, link);
    const char *id = behind(here, "/submissions/");
    const char *token = id == NULL ? NULL : behind(id, uuid);
    if (token == NULL || !uuid_is_valid(uuid) || token[0] != '/') {
        return ERR_NOT_FOUND;
    }
    token++;
    const size_t len = strcspn(token, "/");
    if (!is_word(token, len) ||
        (strcmp(token + len, "/resume") != 0 && strcmp(token + len, "/resume/") != 0)) {
        return ERR_NOT_FOUND;
    }
    return text_copy(path, path_bytes, here) == OK ? OK : ERR_NOT_FOUND;
}

static bool is_word(const char *letters, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char c = letters[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            c != '-' && c != '_') {
            return false;
        }
    }
    return len > 0;
}

enum err open_forms_resume_request(struct source_request_private *request, const char *path)
{
    *request = (struct source_request_private){.is_repeatable = true};
    return text_copy(request->path, sizeof request->path, path);
}

enum err open_forms_resume_read(const struct open_forms_place *place,
                                const struct source_answer *answer,
                                struct open_forms_session_private *session,
                                char login_url[OPEN_FORMS_LOGIN_BYTES], struct fault *fault)
{
    *session = (struct open_forms_session_private){0};
    login_url[0] = '\0';
    if (answer->status == 403 || answer->status == 404 || answer->status == 410) {
        return fault_set(fault, ERR_GONE, "open_forms: the link is no good any more");
    }
    if (answer->status != 302 && answer->status != 301 && answer->status != 303) {
        return source_refusal("open_forms", answer->status, fault);
    }
    char to[OPEN_FORMS_LOGIN_BYTES];
    if (source_header(answer, "Location", to, sizeof to) != OK || !text_is_printable(to)) {
        return fault_set(fault, ERR_MALFORMED, "open_forms: the link leads nowhere");
    }
    const char *path = to[0] == '/' && to[1] != '/' ? to : path_here(place, to);
    if (path != NULL && is_login(path)) {
        return write_login(to[0] == '/' ? place->origin : "", to, login_url)
                   ? fault_set(fault, ERR_UNSUPPORTED, "open_forms: wants a login first")
                   : fault_set(fault, ERR_MALFORMED, "open_forms: the login's address is too long");
    }
    open_forms_hear_session(session, answer);
    if (session->cookies_count == 0) {
        return fault_set(fault, ERR_MALFORMED, "open_forms: no session came with the link");
    }
    return OK;
}

static bool is_login(const char *path)
{
    const char *auth = strstr(path, "/auth/");
    return auth != NULL && auth < path + strcspn(path, "?#");
}

// It is shown for everybody to photograph, and what stands behind its '?' is the link itself. So
// one gets to the form from there, and to what was begun by opening the link once more.
static bool write_login(const char *origin, const char *to, char login_url[OPEN_FORMS_LOGIN_BYTES])
{
    const char *auth = strstr(to, "/auth/");
    const char *slug = auth + strlen("/auth/");
    const size_t slug_len = strcspn(slug, "/?#");
    struct text text;
    text_init(&text, login_url, OPEN_FORMS_LOGIN_BYTES);
    text_add(&text, origin);
    text_add_bytes(&text, to, strcspn(to, "?#"));
    if (is_word(slug, slug_len)) {
        text_format(&text, "?next=%s", origin);
        text_add_bytes(&text, to, (size_t)(auth - to));
        text_add(&text, "/");
        text_add_bytes(&text, slug, slug_len);
    }
    return !text.is_cut;
}

void open_forms_hear_session(struct open_forms_session_private *session,
                             const struct source_answer *answer)
{
    char token[sizeof session->csrf];
    if (source_header(answer, "X-CSRFToken", token, sizeof token) == OK &&
        is_cookie_clean(token, strlen(token))) {
        text_copy_cut(session->csrf, sizeof session->csrf, token);
    }
    for (size_t i = 0; answer->head != NULL && i < answer->head->headers_count; i++) {
        const struct http_header *header = &answer->head->headers[i];
        if (header->name_len == 10 && strncasecmp(header->name, "Set-Cookie", 10) == 0) {
            cookie_add(session, header);
        }
    }
}

// Only the pair counts (RFC 6265, section 5.2): there is one host, and a session ends with us.
static void cookie_add(struct open_forms_session_private *session, const struct http_header *set)
{
    const char *pair_end = memchr(set->value, ';', set->value_len);
    const size_t pair_len = pair_end == NULL ? set->value_len : (size_t)(pair_end - set->value);
    const char *equals = memchr(set->value, '=', pair_len);
    struct open_forms_cookie_private cookie = {0};
    if (equals == NULL) {
        return;
    }
    const size_t name_len = (size_t)(equals - set->value);
    const size_t value_len = pair_len - name_len - 1;
    if (name_len == 0 || name_len >= sizeof cookie.name || value_len >= sizeof cookie.value ||
        !is_cookie_clean(set->value, name_len) || !is_cookie_clean(equals + 1, value_len)) {
        return;
    }
    memcpy(cookie.name, set->value, name_len);
    memcpy(cookie.value, equals + 1, value_len);
    size_t at = 0;
    while (at < session->cookies_count && strcmp(session->cookies[at].name, cookie.name) != 0) {
        at++;
    }
    if (at < OPEN_FORMS_COOKIES_MAX) {
        session->cookies[at] = cookie;
        session->cookies_count += at == session->cookies_count;
    }
    wipe(&cookie, sizeof cookie);
}

// Goes back into a header of ours: nothing that could end it.
static bool is_cookie_clean(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] <= ' ' || bytes[i] >= 0x7f || strchr(",;\\", bytes[i]) != NULL) {
            return false;
        }
    }
    return true;
}

// Over https the other side (Django) takes a write only with a Referer of its own host.
static void show_session(const struct open_forms_place *place,
                         const struct open_forms_session_private *session, bool writes,
                         struct source_request_private *request)
{
    struct text text;
    text_init(&text, request->more_headers, sizeof request->more_headers);
    for (size_t i = 0; i < session->cookies_count; i++) {
        text_format(&text, "%s%s=%s", i == 0 ? "Cookie: " : "; ", session->cookies[i].name,
                    session->cookies[i].value);
    }
    text_add(&text, session->cookies_count > 0 ? "\r\n" : "");
    if (writes) {
        text_format(&text, "X-CSRFToken: %s\r\nReferer: %s/\r\n", session->csrf, place->origin);
    }
    CHECK(!text.is_cut); // four cookies, a token and an address, each bounded
}

enum err open_forms_get(struct source_request_private *request,
                        const struct open_forms_place *place,
                        const struct open_forms_session_private *session, const char *path)
{
    *request = (struct source_request_private){.is_repeatable = true};
    show_session(place, session, false, request);
    return text_copy(request->path, sizeof request->path, path);
}

enum err open_forms_submission_path(const char *uuid, const char *behind_it, char *path,
                                    size_t path_bytes)
{
    struct text text;
    text_init(&text, path, path_bytes);
    text_format(&text, "/api/v2/submissions/%s%s", uuid, behind_it);
    return text.is_cut ? ERR_TOO_BIG : OK;
}

enum err open_forms_step_path(const char *uuid, const char *step, const char *behind_it, char *path,
                              size_t path_bytes)
{
    struct text text;
    text_init(&text, path, path_bytes);
    text_format(&text, "/api/v2/submissions/%s/steps/%s%s", uuid, step, behind_it);
    return text.is_cut ? ERR_TOO_BIG : OK;
}

enum err open_forms_write(struct source_request_private *request,
                          const struct open_forms_place *place,
                          const struct open_forms_session_private *session, const char *method,
                          const char *path, struct json *body)
{
    *request = (struct source_request_private){0};
    show_session(place, session, true, request);
    return source_write(request, method, path, body);
}

enum err open_forms_refusal(const struct source_answer *answer, struct json **told,
                            struct fault *fault)
{
    *told = NULL;
    if (answer->status == 401 || answer->status == 403 || answer->status == 404) {
        return fault_set(fault, ERR_EXPIRED, "open_forms: answered %d", answer->status);
    }
    struct json *problem = NULL;
    if (answer->status != 400 || json_parse(answer->body, answer->len, &problem) != OK) {
        return source_refusal("open_forms", answer->status, fault);
    }
    enum err err = fault_set(fault, ERR_MALFORMED, "open_forms: refuses and does not say what");
    if (json_len(json_get(problem, "invalidParams")) > 0) {
        *told = form_refusal(problem);
        err = fault_set(fault, ERR_REFUSED, "open_forms: refuses answers");
    }
    json_wipe_free(problem);
    return err;
}

static enum err read_object(const struct source_answer *answer, struct json **json,
                            struct fault *fault)
{
    *json = NULL;
    if (json_parse(answer->body, answer->len, json) != OK) {
        return fault_set(fault, ERR_MALFORMED, "open_forms: answer is not JSON");
    }
    return OK;
}

enum err open_forms_submission_read(const struct open_forms_place *place,
                                    const struct source_answer *answer, const char *uuid,
                                    struct open_forms_view_private *view, struct fault *fault)
{
    struct json *json = NULL;
    enum err err = read_object(answer, &json, fault);
    if (err != OK) {
        return err;
    }
    open_forms_view_finish(view);
    text_copy_cut(view->uuid, sizeof view->uuid, uuid);
    char id[UUID_TEXT_BYTES];
    const char *allowed = json_get_text(json, "submissionAllowed");
    const char *form = path_here(place, json_get_text(json, "form"));
    const char *slug = behind(form, "/api/v2/forms/");
    if (field_uuid(json, "id", id) != OK || strcmp(id, uuid) != 0 || slug == NULL ||
        !is_word(slug, strlen(slug)) ||
        text_copy(view->form_path, sizeof view->form_path, form) != OK) {
        err = ERR_MALFORMED;
    } else {
        view->may_send = allowed != NULL && strcmp(allowed, "yes") == 0;
        err = read_steps(place, json, view);
    }
    json_wipe_free(json);
    return err == OK ? OK : fault_set(fault, err, "open_forms: a submission we cannot read");
}

static enum err read_steps(const struct open_forms_place *place, const struct json *submission,
                           struct open_forms_view_private *view)
{
    const struct json *steps = json_get(submission, "steps");
    if (json_len(steps) > OPEN_FORMS_STEPS_MAX) {
        return ERR_UNSUPPORTED;
    }
    if (!json_is_list(steps) || json_len(steps) == 0) {
        return ERR_MALFORMED;
    }
    for (size_t i = 0; i < json_len(steps); i++) {
        const enum err err = read_step(place, json_at(steps, i), view->uuid, &view->steps[i]);
        if (err != OK) {
            return err;
        }
        view->steps_count++;
    }
    return OK;
}

// A step's name at the source stands in its address; `id` may be of what was filled in instead.
static enum err read_step(const struct open_forms_place *place, const struct json *found,
                          const char *uuid, struct open_forms_step_private *step)
{
    char start[SOURCE_PATH_BYTES];
    const enum err err = open_forms_step_path(uuid, "", "", start, sizeof start);
    const char *path = path_here(place, json_get_text(found, "url"));
    const char *id = err == OK ? behind(path, start) : NULL;
    if (id == NULL || !uuid_is_valid(id) || text_copy(step->id, sizeof step->id, id) != OK) {
        return ERR_MALFORMED;
    }
    field_words(found, "name", step->name, sizeof step->name);
    step->is_applicable = get_bool(found, "isApplicable");
    step->can_submit = get_bool(found, "canSubmit");
    return OK;
}

static bool get_bool(const struct json *object, const char *key)
{
    bool value = false;
    return json_get_bool(object, key, &value) == OK && value;
}

enum err open_forms_form_read(const struct source_answer *answer,
                              struct open_forms_view_private *view, struct fault *fault)
{
    struct json *json = NULL;
    const enum err err = read_object(answer, &json, fault);
    if (err != OK) {
        return err;
    }
    field_words(json, "name", view->title, sizeof view->title);
    field_words(json, "slug", view->slug, sizeof view->slug);
    const struct json *statements = json_get(json, "submissionStatementsConfiguration");
    for (size_t i = 0; i < json_len(statements); i++) {
        const struct json *statement = json_at(statements, i);
        const char *key = json_get_text(statement, "key");
        const bool is_needed = get_bool(json_get(statement, "validate"), "required");
        view->needs_privacy |=
            is_needed && key != NULL && strcmp(key, "privacyPolicyAccepted") == 0;
        view->needs_truth |=
            is_needed && key != NULL && strcmp(key, "statementOfTruthAccepted") == 0;
    }
    const bool is_form = view->title[0] != '\0' && json_is_list(json_get(json, "steps"));
    json_wipe_free(json);
    return is_form ? OK : fault_set(fault, ERR_MALFORMED, "open_forms: not a form");
}

enum err open_forms_step_read(const struct source_answer *answer,
                              struct open_forms_view_private *view, size_t step,
                              struct fault *fault)
{
    CHECK(step < view->steps_count);

    struct json *json = NULL;
    enum err err = read_object(answer, &json, fault);
    if (err == OK && take_step(json, &view->steps[step]) != OK) {
        err = fault_set(fault, ERR_MALFORMED, "open_forms: a step we cannot read");
    }
    json_wipe_free(json);
    return err;
}

static enum err take_step(const struct json *found, struct open_forms_step_private *step)
{
    const struct json *components = json_path(found, "configuration.components");
    const struct json *data = json_get(found, "data");
    const struct json *rules = json_get(found, "logicRules");
    char id[UUID_TEXT_BYTES];
    if (field_uuid(found, "formStepUuid", id) != OK || strcmp(id, step->id) != 0 ||
        !json_is_list(components) || (!json_is_absent(data) && !json_has_keys(data)) ||
        (!json_is_absent(rules) && !json_is_list(rules))) {
        return ERR_MALFORMED;
    }
    step->can_submit = get_bool(found, "canSubmit");
    step->asks_source = get_bool(found, "requireBackendLogicEvaluation");
    replace(&step->components, json_clone(components));
    replace(&step->rules, json_is_list(rules) ? json_clone(rules) : json_new_array());
    replace(&step->data, json_has_keys(data) ? json_clone(data) : json_new_object());
    return OK;
}

static void replace(struct json **place, struct json *fresh)
{
    json_wipe_free(*place);
    *place = fresh;
}

enum err open_forms_logic_read(const struct source_answer *answer,
                               struct open_forms_view_private *view, size_t step,
                               struct fault *fault)
{
    CHECK(step < view->steps_count);

    struct json *json = NULL;
    enum err err = read_object(answer, &json, fault);
    if (err == OK && take_logic(json, view, &view->steps[step]) != OK) {
        err = fault_set(fault, ERR_MALFORMED, "open_forms: rules we cannot read");
    }
    json_wipe_free(json);
    return err;
}

// Only what the rules changed need be told in a step's data; the rest is as it was.
static enum err take_logic(const struct json *found, struct open_forms_view_private *view,
                           struct open_forms_step_private *here)
{
    const struct json *steps = json_path(found, "submission.steps");
    struct json *before = here->data;
    here->data = NULL;
    const enum err err = json_len(steps) == view->steps_count
                             ? take_step(json_get(found, "step"), here)
                             : ERR_MALFORMED;
    for (size_t i = 0; err == OK && i < view->steps_count; i++) {
        view->steps[i].is_applicable = get_bool(json_at(steps, i), "isApplicable");
    }
    if (err == OK) {
        form_data_add(before, here->data, here->components);
    }
    replace(&here->data, before);
    return err;
}

enum err open_forms_summary_read(const struct source_answer *answer,
                                 const struct open_forms_view_private *view, struct fault *fault)
{
    struct json *json = NULL;
    enum err err = read_object(answer, &json, fault);
    if (err != OK) {
        return err;
    }
    if (!json_is_list(json)) {
        json_wipe_free(json);
        return fault_set(fault, ERR_MALFORMED, "open_forms: not a summary");
    }
    struct json *data = open_forms_data(view);
    for (size_t i = 0; err == OK && i < json_len(json); i++) {
        const struct json *rows = json_get(json_at(json, i), "data");
        for (size_t j = 0; err == OK && j < json_len(rows); j++) {
            err = says_the_same(json_at(rows, j), data)
                      ? OK
                      : fault_set(fault, ERR_STATE, "open_forms: holds other answers by now");
        }
    }
    json_wipe_free(data);
    json_wipe_free(json);
    return err;
}

static bool says_the_same(const struct json *row, const struct json *data)
{
    const char *key =
        json_path(row, "component.key") == NULL ? NULL : json_text(json_path(row, "component.key"));
    const struct json *value = json_get(row, "value");
    if (key == NULL || json_is_absent(value)) {
        return true;
    }
    struct json *theirs = json_new_object();
    struct json *ours = json_new_object();
    json_set(theirs, "value", json_clone(value));
    const struct json *held = json_path(data, key);
    json_set(ours, "value", held == NULL ? json_new_null() : json_clone(held));
    const bool is_same = form_data_same(ours, theirs);
    json_wipe_free(theirs);
    json_wipe_free(ours);
    return is_same;
}

enum err open_forms_complete_read(const struct open_forms_place *place,
                                  const struct source_answer *answer, const char *uuid, char *path,
                                  size_t path_bytes, struct fault *fault)
{
    struct json *json = NULL;
    enum err err = read_object(answer, &json, fault);
    if (err != OK) {
        return err;
    }
    char start[SOURCE_PATH_BYTES];
    err = open_forms_submission_path(uuid, "/", start, sizeof start);
    const char *found = path_here(place, json_get_text(json, "statusUrl"));
    const char *token = err == OK ? behind(found, start) : NULL;
    const size_t len = token == NULL ? 0 : strcspn(token, "/");
    if (token == NULL || !is_word(token, len) || strcmp(token + len, "/status") != 0 ||
        text_copy(path, path_bytes, found) != OK) {
        err = fault_set(fault, ERR_MALFORMED, "open_forms: does not say where to ask on");
    }
    json_wipe_free(json);
    return err;
}

enum err open_forms_upload_request(struct source_request_private *request,
                                   const struct open_forms_place *place,
                                   const struct open_forms_session_private *session,
                                   const char *uuid, const struct backoffice_file_private *file)
{
    char url[OPEN_FORMS_URL_BYTES + 80];
    struct text text;
    text_init(&text, url, sizeof url);
    text_format(&text, "%s/api/v2/submissions/%s", place->url, uuid);
    *request = (struct source_request_private){.method = "POST"};
    show_session(place, session, true, request);
    const enum err err =
        text_copy(request->path, sizeof request->path, "/api/v2/formio/fileupload");
    return err == OK ? form_file_body(request, "submission", url, "file", file) : err;
}

enum err open_forms_upload_read(const struct open_forms_place *place,
                                const struct source_answer *answer,
                                const struct backoffice_file_private *file, struct json **value,
                                struct fault *fault)
{
    *value = NULL;
    struct json *json = NULL;
    const enum err err = read_object(answer, &json, fault);
    if (err != OK) {
        return err;
    }
    int64_t size = 0;
    const char *url = json_get_text(json, "url");
    const char *name = json_get_text(json, "name");
    const char *id = behind(path_here(place, url), "/api/v2/submissions/files/");
    if (id != NULL && uuid_is_valid(id) && name != NULL && form_file_name_is_sound(name) &&
        json_get_int(json, "size", &size) == OK && size == (int64_t)file->len) {
        char base[OPEN_FORMS_URL_BYTES + 16];
        struct text text;
        text_init(&text, base, sizeof base);
        text_format(&text, "%s/api/v2/", place->url);
        *value = form_file_value(url, base, name, file);
    }
    json_wipe_free(json);
    return *value != NULL
               ? OK
               : fault_set(fault, ERR_MALFORMED, "open_forms: took another document than was sent");
}

enum err open_forms_upload_refusal(const struct source_answer *answer, struct fault *fault)
{
    if (answer->status == 401 || answer->status == 403) {
        return fault_set(fault, ERR_EXPIRED, "open_forms: answered %d", answer->status);
    }
    return form_file_refusal("open_forms", answer->status, fault);
}

enum err open_forms_status_read(const struct source_answer *answer,
                                struct open_forms_outcome *outcome, struct fault *fault)
{
    *outcome = (struct open_forms_outcome){0};
    struct json *json = NULL;
    const enum err err = read_object(answer, &json, fault);
    if (err != OK) {
        return err;
    }
    const char *status = json_get_text(json, "status");
    const char *result = json_get_text(json, "result");
    outcome->is_done = status != NULL && strcmp(status, "done") == 0;
    outcome->is_success = outcome->is_done && result != NULL && strcmp(result, "success") == 0;
    const bool is_known = (status != NULL && strcmp(status, "in_progress") == 0) ||
                          outcome->is_success ||
                          (outcome->is_done && result != NULL && strcmp(result, "failed") == 0);
    field_words(json, "publicReference", outcome->reference, sizeof outcome->reference);
    field_words(json, "errorMessage", outcome->reason, sizeof outcome->reason);
    json_wipe_free(json);
    return is_known ? OK : fault_set(fault, ERR_MALFORMED, "open_forms: an outcome we do not know");
}

struct json *open_forms_data(const struct open_forms_view_private *view)
{
    struct json *data = json_new_object();
    for (size_t i = 0; i < view->steps_count; i++) {
        form_data_add(data, view->steps[i].data, view->steps[i].components);
    }
    return data;
}

bool open_forms_asks_source(const struct open_forms_view_private *view)
{
    for (size_t i = 0; i < view->steps_count; i++) {
        if (view->steps[i].asks_source) {
            return true;
        }
    }
    return false;
}

struct json *open_forms_document(const struct open_forms_view_private *view)
{
    struct json *steps = json_new_array();
    struct json *rules = json_new_array();
    for (size_t i = 0; i < view->steps_count; i++) {
        const struct open_forms_step_private *step = &view->steps[i];
        json_append(steps, step_json(step, false));
        for (size_t j = 0; j < json_len(step->rules); j++) {
            json_append(rules, json_clone(json_at(step->rules, j)));
        }
    }
    struct json *consent = json_new_object();
    json_set_bool(consent, "privacy", view->needs_privacy);
    json_set_bool(consent, "truth", view->needs_truth);
    struct json *document = json_new_object();
    json_set_text(document, "title", view->title);
    json_set(document, "steps", steps);
    json_set(document, "rules", rules);
    json_set(document, "prefill", json_new_object());
    json_set(document, "data", open_forms_data(view));
    json_set_bool(document, "asks_source", open_forms_asks_source(view));
    json_set_bool(document, "takes_files", true); // any submission's session may bring them
    json_set(document, "needs_consent", consent);
    return document;
}

struct json *open_forms_told(const struct open_forms_view_private *view)
{
    struct json *told = json_new_object();
    json_set(told, "data", open_forms_data(view));
    if (open_forms_asks_source(view)) {
        struct json *steps = json_new_array();
        for (size_t i = 0; i < view->steps_count; i++) {
            json_append(steps, step_json(&view->steps[i], true));
        }
        json_set(told, "steps", steps);
    }
    return told;
}

static struct json *step_json(const struct open_forms_step_private *step, bool with_state)
{
    struct json *json = json_new_object();
    json_set_text(json, "id", step->id);
    json_set_text(json, "name", step->name);
    json_set_bool(json, "is_applicable", step->is_applicable);
    if (with_state) {
        json_set_bool(json, "can_submit", step->can_submit);
    }
    json_set(json, "components", json_clone(step->components));
    return json;
}
