// SPDX-License-Identifier: EUPL-1.2
//
// Beginning a form at Open Forms for somebody it does not know, and the words by which what was
// begun is found again.
#include "adapters/open_forms.h"

#include "adapters/fields.h"
#include "base/bytes.h"

#include <string.h>

static bool says(const struct json *form, const char *key);
static bool is_slug(const char *words);
static enum err read_known(const char *words, struct open_forms_session_private *session);
static bool take_cookie(struct open_forms_session_private *session, const char *pair, size_t len);
static const char *take_word(const char *words, char mark, char *out, size_t out_bytes);

bool open_forms_is_open(const struct json *form, bool *is_here)
{
    bool is_active = true;
    const char *allowed = json_get_text(form, "submissionAllowed");
    // Only staff are told whether it is active; whoever is not sees none that is not.
    bool is_off = json_get_bool(form, "active", &is_active) == OK && !is_active;
    *is_here = !says(form, "loginRequired") && !says(form, "paymentRequired");
    return !is_off && !says(form, "maintenanceMode") && !says(form, "isDeleted") &&
           !says(form, "submissionLimitReached") &&
           !says(json_get(form, "appointmentOptions"), "isAppointment") &&
           (allowed == NULL || strcmp(allowed, "yes") == 0);
}

static bool says(const struct json *form, const char *key)
{
    bool value = false;
    return json_get_bool(form, key, &value) == OK && value;
}

void open_forms_page(const struct open_forms_place *place, const char *slug, char *url,
                     size_t url_bytes)
{
    struct text text;
    text_init(&text, url, url_bytes);
    text_format(&text, "%s/%s", place->url, slug);
    if (text.is_cut || !is_slug(slug)) {
        url[0] = '\0';
    }
}

static bool is_slug(const char *words)
{
    return words[0] != '\0' &&
           strspn(words, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
               strlen(words);
}

enum err open_forms_look_request(struct source_request_private *request, const char *form)
{
    *request = (struct source_request_private){.is_repeatable = true};
    struct text text;
    text_init(&text, request->path, sizeof request->path);
    text_format(&text, "/api/v2/forms/%s", form);
    return text.is_cut || !uuid_is_valid(form) ? ERR_NOT_FOUND : OK;
}

enum err open_forms_look_read(const struct open_forms_place *place,
                              const struct source_answer *answer, const char *form,
                              struct open_forms_view_private *view,
                              char login_url[OPEN_FORMS_LOGIN_BYTES], struct fault *fault)
{
    login_url[0] = '\0';
    open_forms_view_finish(view);
    struct json *json = NULL;
    char id[UUID_TEXT_BYTES];
    bool is_here = false;
    enum err err = OK;
    if (json_parse(answer->body, answer->len, &json) != OK || field_uuid(json, "uuid", id) != OK ||
        strcmp(id, form) != 0) {
        err = fault_set(fault, ERR_MALFORMED, "open_forms: not the form that was asked for");
    } else if (!open_forms_is_open(json, &is_here)) {
        err = fault_set(fault, ERR_GONE, "open_forms: the form is not for visitors now");
    } else {
        field_words(json, "slug", view->slug, sizeof view->slug);
        struct text path;
        text_init(&path, view->form_path, sizeof view->form_path);
        text_format(&path, "/api/v2/forms/%s", form);
        CHECK(!path.is_cut); // a UUID
        if (!is_here) {
            open_forms_page(place, view->slug, login_url, OPEN_FORMS_LOGIN_BYTES);
            err = fault_set(fault, ERR_UNSUPPORTED, "open_forms: wants a login or a payment");
        }
    }
    json_wipe_free(json);
    return err;
}

enum err open_forms_begin_request(struct source_request_private *request,
                                  const struct open_forms_place *place,
                                  const struct open_forms_session_private *session,
                                  const struct open_forms_view_private *view)
{
    char form[OPEN_FORMS_URL_BYTES + 80];
    char page[OPEN_FORMS_URL_BYTES + OPEN_FORMS_SLUG_BYTES + 1];
    struct text text;
    text_init(&text, form, sizeof form);
    text_format(&text, "%s%s", place->url, view->form_path);
    open_forms_page(place, view->slug, page, sizeof page);
    struct json *body = json_new_object();
    json_set_text(body, "form", form);
    json_set_text(body, "formUrl", page[0] == '\0' ? place->url : page);
    json_set_bool(body, "anonymous", true);
    return open_forms_write(request, place, session, "POST", "/api/v2/submissions", body);
}

enum err open_forms_begin_read(const struct source_answer *answer, char uuid[UUID_TEXT_BYTES],
                               struct fault *fault)
{
    struct json *json = NULL;
    const bool is_one =
        json_parse(answer->body, answer->len, &json) == OK && field_uuid(json, "id", uuid) == OK;
    json_wipe_free(json);
    return is_one ? OK : fault_set(fault, ERR_MALFORMED, "open_forms: begins something else");
}

void open_forms_begun_write(const struct open_forms_begun_private *begun,
                            char link[FORM_LINK_BYTES])
{
    struct text text;
    text_init(&text, link, FORM_LINK_BYTES);
    text_format(&text, "begun:%s:%s:%lld:", begun->form, begun->submission,
                (long long)begun->alive_s);
    CHECK(!text.is_cut);
    const size_t head_len = text.len;
    text_add(&text, begun->session.csrf);
    for (size_t i = 0; i < begun->session.cookies_count; i++) {
        text_format(&text, ";%s=%s", begun->session.cookies[i].name,
                    begun->session.cookies[i].value);
    }
    if (text.is_cut) {
        wipe(link + head_len, FORM_LINK_BYTES - head_len);
    }
}

enum err open_forms_begun_read(const char *link, struct open_forms_begun_private *begun)
{
    static const char start[] = "begun:";
    char alive[24];
    memset(begun, 0, sizeof *begun);
    const char *rest = text_starts_with(link, start) ? link + sizeof start - 1 : NULL;
    rest = take_word(rest, ':', begun->form, sizeof begun->form);
    rest = take_word(rest, ':', begun->submission, sizeof begun->submission);
    rest = take_word(rest, ':', alive, sizeof alive);
    if (rest == NULL || !uuid_is_valid(begun->form) || !uuid_is_valid(begun->submission) ||
        text_to_int64(alive, 0, INT64_MAX / 2000, &begun->alive_s) != OK ||
        read_known(rest, &begun->session) != OK) {
        wipe(begun, sizeof *begun);
        return ERR_NOT_FOUND;
    }
    return OK;
}

// The word before `mark`, and what stands behind that. NULL: there is no mark, or no room.
static const char *take_word(const char *words, char mark, char *out, size_t out_bytes)
{
    const char *end = words == NULL ? NULL : strchr(words, mark);
    if (end == NULL || (size_t)(end - words) >= out_bytes) {
        return NULL;
    }
    memcpy(out, words, (size_t)(end - words));
    out[end - words] = '\0';
    return end + 1;
}

static enum err read_known(const char *words, struct open_forms_session_private *session)
{
    size_t len = strcspn(words, ";");
    if (len >= sizeof session->csrf) {
        return ERR_MALFORMED;
    }
    memcpy(session->csrf, words, len);
    while (words[len] == ';') {
        words += len + 1;
        len = strcspn(words, ";");
        if (!take_cookie(session, words, len)) {
            return ERR_MALFORMED;
        }
    }
    return OK;
}

static bool take_cookie(struct open_forms_session_private *session, const char *pair, size_t len)
{
    const char *equals = memchr(pair, '=', len);
    if (equals == NULL || session->cookies_count == OPEN_FORMS_COOKIES_MAX) {
        return false;
    }
    struct open_forms_cookie_private *cookie = &session->cookies[session->cookies_count];
    const size_t name_len = (size_t)(equals - pair);
    const size_t value_len = len - name_len - 1;
    if (name_len == 0 || name_len >= sizeof cookie->name || value_len >= sizeof cookie->value) {
        return false;
    }
    memcpy(cookie->name, pair, name_len);
    memcpy(cookie->value, equals + 1, value_len);
    session->cookies_count += 1;
    return true;
}
