// SPDX-License-Identifier: EUPL-1.2
//
// The town's Open Forms (API v2): published forms, submissions that are begun or stand behind their
// links, sessions with a CSRF token, steps, rules, completing. Strict where the real one is: no
// session, no token, no write.
#include "base/text.h"
#include "demo/townhall/town.h"

#include <string.h>

enum { PARTS_MAX = 8, PART_BYTES = 64, SESSION_MS = 900 * 1000 };

// One request, taken apart.
struct forms_call {
    struct town *town;
    const struct town_request *request;
    struct town_answer *answer;
    const struct json *body;
    char parts[PARTS_MAX][PART_BYTES];
    size_t parts_count;
    const struct json *submission;
    const struct json *form;
};

static void split(struct forms_call *call, const char *path);
static bool is_part(const struct forms_call *call, size_t at, const char *word);
static bool know(struct forms_call *call, const char *uuid);
static void list_published(struct forms_call *call);
static void show_form(struct forms_call *call);
static void begin(struct forms_call *call);
static void resume(struct forms_call *call);
static struct town_session *session_new(struct town *town);
static bool may_pass(struct forms_call *call);
static void upload(struct forms_call *call);
static bool holds_cookie(const char *cookies, const char *name, const char *value);
static void in_session(struct forms_call *call);
static void on_step(struct forms_call *call);
static void put_step(struct forms_call *call, size_t step);
static void check_files(struct forms_call *call, const struct json *data);
static struct json *trimmed(const struct json *data);
static void check_logic(struct forms_call *call, size_t step);
static void check_step(struct forms_call *call, size_t step, const struct json *data,
                       const char *before);
static bool are_allowed(const struct json *component, const struct json *files);
static void complete(struct forms_call *call);
static void tell_status(struct forms_call *call);
static struct json *form_json(const struct forms_call *call);
static struct json *statements_json(const struct json *form);
static struct json *submission_json(const struct forms_call *call);
static struct json *step_json(const struct forms_call *call, size_t step, const struct json *data);
static struct json *components_json(const struct forms_call *call, size_t step,
                                    const struct json *data);
static struct json *summary_json(const struct forms_call *call);
static char *link_of(const struct town *town, const struct json *submission, char *out,
                     size_t out_bytes);
static const struct json *step_at(const struct forms_call *call, size_t step);
static const struct json *step_data(const struct forms_call *call, size_t step);
static bool is_filled(const struct json *value);
static bool get_bool(const struct json *object, const char *key);
static bool wants(const struct json *form, const char *statement);

void town_forms(struct town *town, const struct town_request *request, const char *path,
                struct json *body, struct town_answer *answer)
{
    struct forms_call call = {.town = town, .request = request, .answer = answer, .body = body};
    split(&call, path);
    const bool is_get = strcmp(request->method, "GET") == 0;
    if (is_get && call.parts_count == 4 && is_part(&call, 0, "submissions") &&
        is_part(&call, 3, "resume")) {
        resume(&call);
        return;
    }
    if (request->is_post && strcmp(path, "/api/v2/formio/fileupload") == 0) {
        upload(&call);
        return;
    }
    const bool is_api = is_part(&call, 0, "api") && is_part(&call, 1, "v2");
    if (is_api && is_get && is_part(&call, 2, "forms") && call.parts_count == 3) {
        list_published(&call);
        return;
    }
    if (is_api && request->is_post && is_part(&call, 2, "submissions") && call.parts_count == 3) {
        begin(&call);
        return;
    }
    if (is_api && is_get && call.parts_count == 4 && is_part(&call, 2, "forms")) {
        show_form(&call);
        return;
    }
    if (is_api && is_part(&call, 2, "submissions") && call.parts_count >= 4 &&
        know(&call, call.parts[3])) {
        if (is_get && call.parts_count == 6 && is_part(&call, 5, "status")) {
            tell_status(&call);
        } else if (may_pass(&call)) {
            in_session(&call);
        }
        return;
    }
    town_problem(answer, 404, "not_found", "Niet gevonden.");
}

static void split(struct forms_call *call, const char *path)
{
    while (*path != '\0' && call->parts_count < PARTS_MAX) {
        path += *path == '/';
        const size_t len = strcspn(path, "/");
        struct text part;
        text_init(&part, call->parts[call->parts_count], PART_BYTES);
        text_add_bytes(&part, path, len);
        call->parts_count++;
        path += len;
    }
}

static bool is_part(const struct forms_call *call, size_t at, const char *word)
{
    return at < call->parts_count && strcmp(call->parts[at], word) == 0;
}

static bool know(struct forms_call *call, const char *uuid)
{
    call->submission = town_find(call->town->submissions, "uuid", uuid);
    call->form = town_find(call->town->forms, "slug", json_get_text(call->submission, "form"));
    return call->form != NULL;
}

// For whoever shows the hall's token: an application, not a member of staff.
static void list_published(struct forms_call *call)
{
    if (!text_equal(call->request->authorization, "Token voorbeeld-formulieren")) {
        town_problem(call->answer, 401, "not_authenticated",
                     "Authenticatiegegevens zijn niet opgegeven.");
        return;
    }
    struct json *list = json_new_array();
    for (size_t i = 0; i < json_len(call->town->forms); i++) {
        call->form = json_at(call->town->forms, i);
        if (get_bool(call->form, "is_published")) {
            json_append(list, form_json(call));
        }
    }
    town_say(call->answer, 200, list);
}

// By its short name or its UUID. Whoever looks gets a token to write with, as the real one gives.
static void show_form(struct forms_call *call)
{
    char token[UUID_TEXT_BYTES];
    call->form = town_find(call->town->forms, "slug", call->parts[3]);
    if (call->form == NULL) {
        call->form = town_find(call->town->forms, "uuid", call->parts[3]);
    }
    if (call->form == NULL) {
        town_problem(call->answer, 404, "not_found", "Niet gevonden.");
        return;
    }
    if (call->request->cookie == NULL) {
        struct text text;
        text_init(&text, call->answer->headers, sizeof call->answer->headers);
        entropy_uuid(token);
        text_format(&text, "X-CSRFToken: %s\r\nSet-Cookie: csrftoken=%s; Path=/; SameSite=Lax\r\n",
                    token, token);
    }
    town_say(call->answer, 200, form_json(call));
}

static void begin(struct forms_call *call)
{
    struct town *town = call->town;
    const struct town_request *request = call->request;
    char start[200];
    struct text text;
    text_init(&text, start, sizeof start);
    text_format(&text, "%s/openforms/api/v2/forms/", town->base_url);
    const char *form = json_get_text(call->body, "form");
    const char *name = form != NULL && text_starts_with(form, start) ? form + text.len : "";
    call->form = town_find(town->forms, "uuid", name);
    if (request->csrf == NULL || !holds_cookie(request->cookie, "csrftoken", request->csrf)) {
        town_problem(call->answer, 403, "permission_denied", "CSRF Failed: CSRF token missing.");
        return;
    }
    if (call->form == NULL || json_get_text(call->body, "formUrl") == NULL) {
        town_invalid(call->answer, "form", "no_match", "Ongeldige hyperlink.");
        return;
    }
    if (json_get_text(call->form, "login") != NULL) {
        town_problem(call->answer, 403, "permission_denied", "U moet eerst inloggen.");
        return;
    }
    char uuid[UUID_TEXT_BYTES];
    entropy_uuid(uuid);
    struct json *made = json_new_object();
    json_set_text(made, "uuid", uuid);
    json_set_text(made, "token", uuid);
    json_set_text(made, "form", json_get_text(call->form, "slug"));
    json_set_text(made, "state", "open");
    json_set(made, "data", json_new_object());
    json_append(town_change(town->submissions), made);
    town->is_changed = true;
    call->submission = made;
    struct town_session *session = session_new(town);
    session->expires_ms = request->now_ms + SESSION_MS;
    text_copy_cut(session->submission, sizeof session->submission, uuid);
    text_copy_cut(session->csrf, sizeof session->csrf, request->csrf);
    text_init(&text, call->answer->headers, sizeof call->answer->headers);
    text_format(&text,
                "Set-Cookie: openforms_sessionid=%s; HttpOnly; Path=/; SameSite=Lax\r\n"
                "X-CSRFToken: %s\r\n",
                session->id, session->csrf);
    town_say(call->answer, 201, submission_json(call));
}

// A completed or expired submission makes its link void; the same words for every reason.
static void resume(struct forms_call *call)
{
    const struct town *town = call->town;
    const char *state = NULL;
    if (know(call, call->parts[1]) &&
        text_equal(json_get_text(call->submission, "token"), call->parts[2])) {
        state = json_get_text(call->submission, "state");
    }
    if (state == NULL || strcmp(state, "open") != 0) {
        town_problem(call->answer, 403, "permission_denied", "Url is not valid");
        return;
    }
    const char *slug = json_get_text(call->form, "slug");
    const char *login = json_get_text(call->form, "login");
    struct text text;
    text_init(&text, call->answer->headers, sizeof call->answer->headers);
    if (login != NULL) {
        text_format(&text, "Location: %s/openforms/auth/%s/%s/start?next=%s%s\r\n", town->base_url,
                    slug, login, town->base_url, call->request->path);
    } else {
        struct town_session *session = session_new(call->town);
        session->expires_ms = call->request->now_ms + SESSION_MS;
        text_copy_cut(session->submission, sizeof session->submission, call->parts[1]);
        text_format(&text,
                    "Set-Cookie: openforms_sessionid=%s; HttpOnly; Path=/; SameSite=Lax\r\n"
                    "Set-Cookie: csrftoken=%s; Path=/; SameSite=Lax\r\n"
                    "Location: %s/openforms/%s?_of_action=resume\r\n",
                    session->id, session->csrf, town->base_url, slug);
    }
    call->answer->status = 302;
}

static struct town_session *session_new(struct town *town)
{
    struct town_session *session = &town->sessions[town->sessions_count % TOWN_SESSIONS_MAX];
    *session = (struct town_session){0};
    entropy_uuid(session->id);
    entropy_uuid(session->csrf);
    town->sessions_count++;
    return session;
}

// Whose session it is says for which submission; the body has to say the same.
static void upload(struct forms_call *call)
{
    for (size_t i = 0; i < TOWN_SESSIONS_MAX; i++) {
        const struct town_session *session = &call->town->sessions[i];
        if (session->id[0] != '\0' &&
            holds_cookie(call->request->cookie, "openforms_sessionid", session->id)) {
            text_copy_cut(call->parts[3], sizeof call->parts[3], session->submission);
        }
    }
    if (may_pass(call)) {
        town_files_upload(call->town, call->request, call->parts[3], call->answer);
    }
}

static bool may_pass(struct forms_call *call)
{
    struct town *town = call->town;
    struct town_session *session = NULL;
    for (size_t i = 0; i < TOWN_SESSIONS_MAX; i++) {
        struct town_session *one = &town->sessions[i];
        if (one->id[0] != '\0' && call->request->now_ms < one->expires_ms &&
            strcmp(one->submission, call->parts[3]) == 0 &&
            holds_cookie(call->request->cookie, "openforms_sessionid", one->id)) {
            session = one;
        }
    }
    const bool is_read = strcmp(call->request->method, "GET") == 0;
    if (session == NULL) {
        town_problem(call->answer, 403, "permission_denied", "Geen toegang.");
        return false;
    }
    if (!is_read && (!text_equal(call->request->csrf, session->csrf) ||
                     !holds_cookie(call->request->cookie, "csrftoken", session->csrf))) {
        town_problem(call->answer, 403, "permission_denied", "CSRF Failed: CSRF token missing.");
        return false;
    }
    session->expires_ms = call->request->now_ms + SESSION_MS;
    struct text text;
    text_init(&text, call->answer->headers, sizeof call->answer->headers);
    text_format(&text, "X-CSRFToken: %s\r\nX-Session-Expires-In: %d\r\n", session->csrf,
                SESSION_MS / 1000);
    return true;
}

static bool holds_cookie(const char *cookies, const char *name, const char *value)
{
    char pair[128];
    struct text text;
    text_init(&text, pair, sizeof pair);
    text_format(&text, "%s=%s", name, value);
    const char *at = cookies == NULL ? NULL : strstr(cookies, pair);
    return at != NULL && (at == cookies || at[-1] == ' ') &&
           (at[text.len] == '\0' || at[text.len] == ';');
}

static void in_session(struct forms_call *call)
{
    const bool is_get = strcmp(call->request->method, "GET") == 0;
    const bool is_post = strcmp(call->request->method, "POST") == 0;
    if (is_get && call->parts_count == 4) {
        town_say(call->answer, 200, submission_json(call));
    } else if (is_get && call->parts_count == 5 && is_part(call, 4, "summary")) {
        town_say(call->answer, 200, summary_json(call));
    } else if (is_post && call->parts_count == 5 && is_part(call, 4, "_complete")) {
        complete(call);
    } else if (call->parts_count >= 6 && is_part(call, 4, "steps")) {
        on_step(call);
    } else {
        town_problem(call->answer, 404, "not_found", "Niet gevonden.");
    }
}

static void on_step(struct forms_call *call)
{
    size_t step = 0;
    const size_t steps_count = json_len(json_get(call->form, "steps"));
    while (step < steps_count &&
           !text_equal(json_get_text(step_at(call, step), "uuid"), call->parts[5])) {
        step++;
    }
    if (step == steps_count) {
        town_problem(call->answer, 404, "not_found", "Niet gevonden.");
    } else if (strcmp(call->request->method, "GET") == 0) {
        town_say(call->answer, 200, step_json(call, step, step_data(call, step)));
    } else if (strcmp(call->request->method, "PUT") == 0 && call->parts_count == 6) {
        put_step(call, step);
    } else if (is_part(call, 6, "_check-logic")) {
        check_logic(call, step);
    } else {
        town_problem(call->answer, 405, "method_not_allowed", "Niet toegestaan.");
    }
}

static void put_step(struct forms_call *call, size_t step)
{
    const struct json *data = json_get(call->body, "data");
    if (!json_has_keys(data)) {
        town_invalid(call->answer, "data", "required", "Dit veld is vereist.");
        return;
    }
    if (!get_bool(call->body, "fromSuspension")) {
        check_step(call, step, data, "data.");
    }
    check_files(call, data);
    if (call->answer->status != 0) {
        return;
    }
    json_set(town_change(json_get(call->submission, "data")), call->parts[5], trimmed(data));
    call->town->is_changed = true;
    town_say(call->answer, 200, step_json(call, step, step_data(call, step)));
}

static void check_files(struct forms_call *call, const struct json *data)
{
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    while (json_each(data, &iter, &key, &value)) {
        if (!town_files_know(call->town, call->parts[3], value)) {
            char name[160];
            struct text text;
            text_init(&text, name, sizeof name);
            text_format(&text, "data.%s", key);
            town_invalid(call->answer, name, "invalid", "Dit bestand is hier niet bekend.");
        }
    }
}

// A source may keep words its own way; ours leaves the blanks around them out.
static struct json *trimmed(const struct json *data)
{
    struct json *kept = json_new_object();
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    while (json_each(data, &iter, &key, &value)) {
        char words[600];
        const char *given = json_text(value);
        given = given == NULL ? NULL : given + strspn(given, " ");
        if (given == NULL || text_copy(words, sizeof words, given) != OK) {
            json_set(kept, key, json_clone(value));
            continue;
        }
        size_t len = strlen(words);
        while (len > 0 && words[len - 1] == ' ') {
            len--;
            words[len] = '\0';
        }
        json_set_text(kept, key, words);
    }
    return kept;
}

static void check_logic(struct forms_call *call, size_t step)
{
    struct json *state = json_new_object();
    json_set(state, "submission", submission_json(call));
    json_set(state, "step", step_json(call, step, json_get(call->body, "data")));
    town_say(call->answer, 200, state);
}

// Adds what is wrong with a step's answers to the answer.
static void check_step(struct forms_call *call, size_t step, const struct json *data,
                       const char *before)
{
    struct json *components = components_json(call, step, data);
    for (size_t i = 0; i < json_len(components); i++) {
        const struct json *component = json_at(components, i);
        const char *key = json_get_text(component, "key");
        const char *type = json_get_text(component, "type");
        const struct json *value = json_get(data, key);
        char name[160];
        struct text text;
        text_init(&text, name, sizeof name);
        text_format(&text, "%s%s", before, key);
        if (get_bool(component, "hidden")) {
            continue;
        }
        if (get_bool(json_get(component, "validate"), "required") && !is_filled(value)) {
            town_invalid(call->answer, name, "required", "Dit veld is verplicht.");
        } else if (text_equal(type, "file") && !are_allowed(component, value)) {
            town_invalid(call->answer, name, "invalid", "Dit soort bestand mag hier niet.");
        } else if (text_equal(type, "email") && is_filled(value) &&
                   (json_text(value) == NULL || strchr(json_text(value), '@') == NULL)) {
            town_invalid(call->answer, name, "invalid", "Vul een geldig e-mailadres in.");
        }
    }
    json_free(components);
}

static bool are_allowed(const struct json *component, const struct json *files)
{
    const struct json *types = json_get(json_get(component, "file"), "type");
    for (size_t i = 0; i < json_len(files); i++) {
        const char *type = json_get_text(json_at(files, i), "type");
        bool is_one = false;
        for (size_t j = 0; type != NULL && j < json_len(types); j++) {
            is_one = is_one || text_equal(json_text(json_at(types, j)), type);
        }
        if (!is_one) {
            return false;
        }
    }
    return true;
}

static void complete(struct forms_call *call)
{
    static const char *const statements[] = {"privacyPolicyAccepted", "statementOfTruthAccepted"};
    for (size_t i = 0; i < 2; i++) {
        if (wants(call->form, statements[i]) && !get_bool(call->body, statements[i])) {
            town_invalid(call->answer, statements[i], "required", "Dit veld is verplicht.");
        }
    }
    for (size_t i = 0; i < json_len(json_get(call->form, "steps")); i++) {
        char before[32];
        struct text text;
        text_init(&text, before, sizeof before);
        text_format(&text, "steps[%d].data.", (int)i);
        check_step(call, i, step_data(call, i), before);
    }
    if (call->answer->status != 0) {
        return;
    }
    struct json *submission = town_change(call->submission);
    const int64_t completions = town_count(submission, "completions");
    json_set_int(submission, "completions", completions + 1);
    json_set_text(submission, "state", "completed");
    call->town->is_changed = true;
    for (size_t i = 0; i < TOWN_SESSIONS_MAX; i++) {
        if (strcmp(call->town->sessions[i].submission, call->parts[3]) == 0) {
            call->town->sessions[i] = (struct town_session){0};
        }
    }
    char url[400];
    struct text text;
    text_init(&text, url, sizeof url);
    text_format(&text, "%s/openforms/api/v2/submissions/%s/%s/status", call->town->base_url,
                call->parts[3], json_get_text(submission, "token"));
    struct json *told = json_new_object();
    json_set_text(told, "statusUrl", url);
    town_say(call->answer, 200, told);
}

// Work takes its time: the first who asks is told to ask again.
static void tell_status(struct forms_call *call)
{
    struct json *submission = town_change(call->submission);
    if (!text_equal(json_get_text(submission, "state"), "completed") ||
        !text_equal(json_get_text(submission, "token"), call->parts[4])) {
        town_problem(call->answer, 403, "permission_denied", "Geen toegang.");
        return;
    }
    const int64_t asked_count = town_count(submission, "asked");
    json_set_int(submission, "asked", asked_count + 1);
    struct json *told = json_new_object();
    json_set_text(told, "mainWebsiteUrl", "https://voorbeeldstad.example");
    json_set_text(told, "status", asked_count == 0 ? "in_progress" : "done");
    json_set_text(told, "errorMessage", "");
    if (asked_count == 0) {
        json_set_text(told, "result", "");
        json_set_text(told, "publicReference", "");
    } else {
        char reference[16] = "OF-";
        text_copy_cut(reference + 3, 7, json_get_text(submission, "uuid"));
        json_set_text(told, "result", "success");
        json_set_text(told, "publicReference", reference);
    }
    town_say(call->answer, 200, told);
}

static struct json *form_json(const struct forms_call *call)
{
    static const char *const no[] = {"cosignHasLinkInEmail", "hideNonApplicableSteps",
                                     "paymentRequired", "submissionLimitReached",
                                     "requiredFieldsWithAsterisk"};
    static const char *const none[] = {"cosignLoginOptions", "loginOptions", "paymentOptions"};
    char url[300];
    const char *slug = json_get_text(call->form, "slug");
    struct json *form = json_new_object();
    json_set_text(form, "uuid", json_get_text(call->form, "uuid"));
    json_set_text(form, "name", json_get_text(call->form, "name"));
    json_set_text(form, "slug", slug);
    json_set_text(form, "url",
                  town_url(call->town, "/openforms/api/v2/forms", slug, url, sizeof url));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        json_set_bool(form, no[i], false);
    }
    json_set_bool(form, "loginRequired", json_get_text(call->form, "login") != NULL);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        json_set(form, none[i], json_new_array());
    }
    json_set_text(form, "communicationPreferencesPortalUrl", "");
    json_set_text(form, "submissionReportDownloadLinkTitle", "Download PDF");
    json_set_int(form, "resumeLinkLifetime", 7);
    json_set(form, "submissionStatementsConfiguration", statements_json(call->form));
    struct json *steps = json_new_array();
    for (size_t i = 0; i < json_len(json_get(call->form, "steps")); i++) {
        const char *uuid = json_get_text(step_at(call, i), "uuid");
        struct json *step = json_new_object();
        json_set_text(step, "uuid", uuid);
        json_set_text(step, "formDefinition", json_get_text(step_at(call, i), "name"));
        json_set_int(step, "index", (int64_t)i);
        json_set_text(step, "url",
                      town_url(call->town, "/openforms/api/v2/steps", uuid, url, sizeof url));
        json_append(steps, step);
    }
    json_set(form, "steps", steps);
    return form;
}

static struct json *statements_json(const struct json *form)
{
    static const struct {
        const char *key;
        const char *label;
    } known[] = {
        {"privacyPolicyAccepted", "Ja, ik heb kennis genomen van het privacybeleid."},
        {"statementOfTruthAccepted", "Ik verklaar dat ik alles naar waarheid heb ingevuld."},
    };
    struct json *statements = json_new_array();
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct json *validate = json_new_object();
        json_set_bool(validate, "required", wants(form, known[i].key));
        struct json *statement = json_new_object();
        json_set_text(statement, "key", known[i].key);
        json_set_text(statement, "label", known[i].label);
        json_set_text(statement, "type", "checkbox");
        json_set(statement, "validate", validate);
        json_append(statements, statement);
    }
    return statements;
}

static bool wants(const struct json *form, const char *statement)
{
    const struct json *statements = json_get(form, "statements");
    for (size_t i = 0; i < json_len(statements); i++) {
        if (text_equal(json_text(json_at(statements, i)), statement)) {
            return true;
        }
    }
    return false;
}

static struct json *submission_json(const struct forms_call *call)
{
    char url[300];
    char steps_path[128];
    const bool is_lying = call->answer->fault == FAULT_LYING;
    const char *uuid =
        is_lying ? json_get_text(call->form, "uuid") : json_get_text(call->submission, "uuid");
    const char *slug = json_get_text(call->form, "slug");
    struct text text;
    text_init(&text, steps_path, sizeof steps_path);
    text_format(&text, "/openforms/api/v2/submissions/%s/steps", uuid);
    struct json *steps = json_new_array();
    for (size_t i = 0; i < json_len(json_get(call->form, "steps")); i++) {
        const char *id = json_get_text(step_at(call, i), "uuid");
        struct json *step = json_new_object();
        json_set_text(step, "id", id);
        json_set_text(step, "name", json_get_text(step_at(call, i), "name"));
        json_set_text(step, "url", town_url(call->town, steps_path, id, url, sizeof url));
        json_set_text(step, "formStep",
                      town_url(call->town, "/openforms/api/v2/steps", id, url, sizeof url));
        json_set_bool(step, "isApplicable", true);
        json_set_bool(step, "defaultIsApplicable", true);
        json_set_bool(step, "completed", json_len(step_data(call, i)) > 0);
        json_set_bool(step, "canSubmit", true);
        json_append(steps, step);
    }
    struct json *payment = json_new_object();
    json_set_bool(payment, "isRequired", false);
    json_set(payment, "amount", json_new_null());
    json_set_bool(payment, "hasPaid", false);
    struct json *json = json_new_object();
    json_set_text(json, "id", uuid);
    json_set_text(json, "url",
                  town_url(call->town, "/openforms/api/v2/submissions", uuid, url, sizeof url));
    json_set_text(json, "form",
                  town_url(call->town, "/openforms/api/v2/forms", slug, url, sizeof url));
    json_set_text(json, "formUrl", town_url(call->town, "/openforms", slug, url, sizeof url));
    json_set(json, "steps", steps);
    json_set_text(json, "submissionAllowed", "yes");
    json_set_bool(json, "isAuthenticated", false);
    json_set(json, "payment", payment);
    return json;
}

static struct json *step_json(const struct forms_call *call, size_t step, const struct json *data)
{
    const struct json *found = step_at(call, step);
    struct json *configuration = json_new_object();
    json_set(configuration, "components", components_json(call, step, data));
    struct json *by_default = json_new_object();
    json_set(by_default, "components", json_clone(json_get(found, "components")));
    struct json *json = json_new_object();
    json_set_text(json, "id", json_get_text(found, "uuid"));
    json_set_text(json, "formStepUuid", json_get_text(found, "uuid"));
    json_set_text(json, "slug", json_get_text(found, "slug"));
    json_set(json, "configuration", configuration);
    json_set(json, "defaultConfiguration", by_default);
    json_set(json, "data", data == NULL ? json_new_object() : json_clone(data));
    json_set_bool(json, "canSubmit", true);
    json_set_bool(json, "requireBackendLogicEvaluation", get_bool(call->form, "asks_source"));
    json_set(json, "logicRules", json_new_array());
    return json;
}

// The step's components with what the form's rules make of them after these answers.
static struct json *components_json(const struct forms_call *call, size_t step,
                                    const struct json *data)
{
    struct json *components = json_clone(json_get(step_at(call, step), "components"));
    const struct json *rules = json_get(call->form, "rules");
    for (size_t i = 0; i < json_len(rules); i++) {
        const struct json *rule = json_at(rules, i);
        const struct json *component =
            town_find(components, "key", json_get_text(rule, "component"));
        if (component != NULL && town_logic_is_true(json_get(rule, "trigger"), data)) {
            json_set_bool(town_change(component), json_get_text(rule, "property"),
                          get_bool(rule, "state"));
        }
    }
    return components;
}

static struct json *summary_json(const struct forms_call *call)
{
    struct json *summary = json_new_array();
    for (size_t i = 0; i < json_len(json_get(call->form, "steps")); i++) {
        const struct json *step = step_at(call, i);
        const struct json *components = json_get(step, "components");
        struct json *rows = json_new_array();
        for (size_t j = 0; j < json_len(components); j++) {
            const struct json *component = json_at(components, j);
            const struct json *value =
                json_get(step_data(call, i), json_get_text(component, "key"));
            struct json *row = json_new_object();
            json_set_text(row, "name", json_get_text(component, "label"));
            json_set(row, "value", value == NULL ? json_new_null() : json_clone(value));
            json_set(row, "component", json_clone(component));
            json_append(rows, row);
        }
        struct json *part = json_new_object();
        json_set_text(part, "slug", json_get_text(step, "slug"));
        json_set_text(part, "name", json_get_text(step, "name"));
        json_set(part, "data", rows);
        json_append(summary, part);
    }
    return summary;
}

void town_forms_list(const struct town *town, struct town_answer *answer)
{
    static const char *const same[] = {"uuid", "form", "state"};
    struct json *list = json_new_array();
    for (size_t i = 0; i < json_len(town->submissions); i++) {
        const struct json *submission = json_at(town->submissions, i);
        const int64_t completions = town_count(submission, "completions");
        char link[300];
        struct json *shown = json_new_object();
        for (size_t j = 0; j < sizeof same / sizeof same[0]; j++) {
            json_set_text(shown, same[j], json_get_text(submission, same[j]));
        }
        json_set_text(shown, "link", link_of(town, submission, link, sizeof link));
        json_set_int(shown, "completions", completions);
        json_set(shown, "data", json_clone(json_get(submission, "data")));
        json_append(list, shown);
    }
    town_say(answer, 200, list);
}

static char *link_of(const struct town *town, const struct json *submission, char *out,
                     size_t out_bytes)
{
    struct text text;
    text_init(&text, out, out_bytes);
    text_format(&text, "%s/openforms/submissions/%s/%s/resume", town->base_url,
                json_get_text(submission, "uuid"), json_get_text(submission, "token"));
    return out;
}

void town_forms_draft(const struct town *town, const char *resident, struct town_answer *answer)
{
    char link[300];
    const struct json *submission = town_find(town->submissions, "resident", resident);
    if (submission == NULL) {
        town_problem(answer, 404, "not_found", "This resident began no form.");
        return;
    }
    struct json *made = json_new_object();
    json_set_text(made, "code", link_of(town, submission, link, sizeof link));
    json_set_text(made, "kind", "draft");
    town_say(answer, 201, made);
}

// {"submission", "action"}: "end_session" as after fifteen idle minutes; "expire" as after its
// days; "answer" with "step" and "data", as from another device.
void town_forms_act(struct town *town, const struct json *body, struct town_answer *answer)
{
    const struct json *submission =
        town_find(town->submissions, "uuid", json_get_text(body, "submission"));
    const char *action = json_get_text(body, "action");
    const char *step = json_get_text(body, "step");
    if (submission == NULL || action == NULL) {
        town_problem(answer, 404, "not_found", "No such submission.");
        return;
    }
    if (strcmp(action, "end_session") == 0) {
        memset(town->sessions, 0, sizeof town->sessions);
    } else if (strcmp(action, "expire") == 0) {
        memset(town->sessions, 0, sizeof town->sessions);
        json_set_text(town_change(submission), "state", "expired");
    } else if (strcmp(action, "answer") == 0 && step != NULL &&
               json_has_keys(json_get(body, "data"))) {
        json_set(town_change(json_get(submission, "data")), step,
                 json_clone(json_get(body, "data")));
    } else {
        town_problem(answer, 400, "malformed", "Unknown action.");
        return;
    }
    town->is_changed = true;
    town_say(answer, 200, json_clone(body));
}

static const struct json *step_at(const struct forms_call *call, size_t step)
{
    return json_at(json_get(call->form, "steps"), step);
}

static const struct json *step_data(const struct forms_call *call, size_t step)
{
    return json_get(json_get(call->submission, "data"), json_get_text(step_at(call, step), "uuid"));
}

static bool is_filled(const struct json *value)
{
    const char *words = json_text(value);
    return !json_is_absent(value) && (words == NULL || words[0] != '\0') &&
           (!json_is_list(value) || json_len(value) > 0);
}

static bool get_bool(const struct json *object, const char *key)
{
    bool value = false;
    return json_get_bool(object, key, &value) == OK && value;
}
