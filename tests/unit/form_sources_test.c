// SPDX-License-Identifier: EUPL-1.2
//
// What the adapters of the form sources do without a wire: answers held against each other,
// refusals read, sessions shown, links judged.
#include "adapters/form_data.h"
#include "adapters/open_forms_catalogue.h"
#include "base/text.h"
#include "link/http_parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct json *parsed(const char *words)
{
    struct json *json = NULL;
    assert_int_equal(json_parse(words, strlen(words), &json), OK);
    return json;
}

static bool are_same(const char *left, const char *right)
{
    struct json *one = parsed(left);
    struct json *other = parsed(right);
    const bool is_so = form_data_same(one, other);
    assert_int_equal(form_data_same(other, one), is_so);
    json_free(one);
    json_free(other);
    return is_so;
}

static void nothing_is_the_same_however_it_is_written(void **state)
{
    (void)state;
    assert_true(are_same("{}", "{\"a\":null,\"b\":\"\",\"c\":[],\"d\":{}}"));
    assert_true(are_same("{\"a\":18}", "{\"a\":18.0}"));
    assert_true(are_same("{\"a\":\"x\",\"b\":\"\"}", "{\"a\":\"x\"}"));
}

static void what_was_answered_is_never_the_same_as_something_else(void **state)
{
    (void)state;
    assert_false(are_same("{}", "{\"a\":false}"));
    assert_false(are_same("{}", "{\"a\":0}"));
    assert_false(are_same("{\"a\":\"1\"}", "{\"a\":1}"));
    assert_false(are_same("{\"a\":\"x\"}", "{\"a\":\"y\"}"));
    assert_false(are_same("{\"a\":[\"x\"]}", "{\"a\":[\"x\",\"y\"]}"));
    assert_false(are_same("{\"a\":\"x\"}", "{\"b\":\"x\"}"));
}

static void part_of_a_step_is_its_own_questions_alone(void **state)
{
    (void)state;
    struct json *components = parsed(
        "[{\"type\":\"fieldset\",\"key\":\"set\",\"components\":[{\"type\":\"textfield\",\"key\":"
        "\"a\"}]},{\"type\":\"columns\",\"key\":\"cols\",\"columns\":[{\"components\":[{\"type\":"
        "\"textfield\",\"key\":\"b.c\"}]}]},{\"type\":\"editgrid\",\"key\":\"g\",\"components\":[{"
        "\"type\":\"textfield\",\"key\":\"inner\"}]}]");
    struct json *data = parsed("{\"a\":\"1\",\"b\":{\"c\":\"2\",\"d\":\"3\"},\"set\":\"no\","
                               "\"inner\":\"no\",\"g\":[{\"inner\":\"4\"}]}");
    struct json *expected = parsed("{\"a\":\"1\",\"b\":{\"c\":\"2\"},\"g\":[{\"inner\":\"4\"}]}");

    struct json *part = form_data_part(data, components);

    assert_true(json_same(part, expected));
    json_free(part);
    json_free(expected);
    json_free(data);
    json_free(components);
}

static void walk_of_a_hostile_nest_ends(void **state)
{
    (void)state;
    struct json *component = parsed("{\"key\":\"deep\",\"type\":\"textfield\"}");
    for (int i = 0; i < 28; i++) {
        struct json *list = json_new_array();
        json_append(list, component);
        component = json_new_object();
        json_set_text(component, "key", "group");
        json_set(component, "components", list);
    }
    struct json *components = json_new_array();
    json_append(components, component);
    struct form_walk walk;
    size_t count = 0;

    form_walk_begin(&walk, components);
    while (form_walk_next(&walk) != NULL) {
        count++;
    }

    assert_int_equal(count, 1);
    json_free(components);
}

static void refusal_names_the_question_whatever_stands_before_it(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *key;
    } cases[] = {
        {"steps[0].data.email", "email"}, {"steps.1.data.adres.postcode", "adres.postcode"},
        {"data.email", "email"},          {"details.ontvangenGegevens.kenteken", "kenteken"},
        {"steps[2].nonFieldErrors", ""},  {"nonFieldErrors", ""},
        {"stepsTaken", "stepsTaken"},     {"email", "email"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char words[160];
        (void)snprintf(words, sizeof words,
                       "{\"invalidParams\":[{\"name\":\"%s\",\"code\":\"x\",\"reason\":\"Nee.\"}]}",
                       cases[i].name);
        struct json *problem = parsed(words);
        struct json *told = form_refusal(problem);
        assert_string_equal(json_text(json_path(told, "invalid.0.key")), cases[i].key);
        assert_string_equal(json_text(json_path(told, "invalid.0.reason")), "Nee.");
        json_free(told);
        json_free(problem);
    }
}

static enum err resume(const char *headers, struct open_forms_session_private *session,
                       char login_url[OPEN_FORMS_LOGIN_BYTES])
{
    char bytes[4096];
    struct open_forms_place place;
    struct http_head head;
    struct fault fault;
    const int len = snprintf(bytes, sizeof bytes, "HTTP/1.1 302 Found\r\n%s\r\n", headers);
    assert_int_equal(open_forms_place_read(&place, "https://forms.example/"), OK);
    assert_int_equal(http_parse_response(bytes, (size_t)len, &head), OK);
    const struct source_answer answer = {.status = 302, .body = "", .head = &head};
    return open_forms_resume_read(&place, &answer, session, login_url, &fault);
}

static void session_is_shown_with_every_cookie_and_a_referer_on_writing(void **state)
{
    (void)state;
    struct open_forms_session_private session;
    struct open_forms_place place;
    struct source_request_private request;
    char login_url[OPEN_FORMS_LOGIN_BYTES];
    assert_int_equal(resume("Set-Cookie: sessionid=one; HttpOnly\r\nset-cookie: csrftoken=two\r\n"
                            "Set-Cookie: sessionid=three; Path=/\r\nX-CSRFToken: four\r\n"
                            "Location: https://forms.example/vraag\r\n",
                            &session, login_url),
                     OK);
    assert_int_equal(open_forms_place_read(&place, "https://forms.example/app/"), OK);

    assert_int_equal(open_forms_write(&request, &place, &session, "PUT", "/x", json_new_object()),
                     OK);

    assert_string_equal(request.more_headers,
                        "Cookie: sessionid=three; csrftoken=two\r\nX-CSRFToken: four\r\n"
                        "Referer: https://forms.example/\r\n");
    assert_string_equal(request.method, "PUT");
    source_request_finish(&request);
}

static void login_is_told_only_where_our_own_place_sends_one(void **state)
{
    (void)state;
    struct open_forms_session_private session;
    char login_url[OPEN_FORMS_LOGIN_BYTES];

    assert_int_equal(resume("Location: /auth/vraag/digid/start?next=x\r\n", &session, login_url),
                     ERR_UNSUPPORTED);
    assert_string_equal(login_url, "https://forms.example/auth/vraag/digid/start"
                                   "?next=https://forms.example/vraag");
    assert_int_equal(resume("Location: https://forms.example/auth/%76/digid/start?next=x\r\n",
                            &session, login_url),
                     ERR_UNSUPPORTED);
    assert_string_equal(login_url, "https://forms.example/auth/%76/digid/start");
    assert_int_equal(resume("Location: https://evil.example/auth/digid\r\n", &session, login_url),
                     ERR_MALFORMED);
    assert_string_equal(login_url, "");
    assert_int_equal(resume("Location: //evil.example/auth/digid\r\n", &session, login_url),
                     ERR_MALFORMED);
    assert_int_equal(
        resume("Location: https://forms.example.evil/auth/digid\r\n", &session, login_url),
        ERR_MALFORMED);
    assert_int_equal(resume("Set-Cookie: a=b\r\nLocation: https://forms.example/vraag?x=/auth/\r\n",
                            &session, login_url),
                     OK);
}

static void link_is_one_of_our_own_place_or_none(void **state)
{
    (void)state;
    static const char uuid[] = "db530851-200a-40f3-8aec-1618638a7a46";
    struct open_forms_place place;
    char path[512];
    assert_int_equal(open_forms_place_read(&place, "https://forms.example"), OK);

    assert_int_equal(open_forms_link_read(&place,
                                          "https://forms.example/submissions/"
                                          "db530851-200a-40f3-8aec-1618638a7a46/abc-1f/resume",
                                          uuid, path, sizeof path),
                     OK);
    assert_string_equal(path, "/submissions/db530851-200a-40f3-8aec-1618638a7a46/abc-1f/resume");
    assert_int_equal(open_forms_link_read(&place,
                                          "http://forms.example/submissions/"
                                          "db530851-200a-40f3-8aec-1618638a7a46/abc-1f/resume",
                                          uuid, path, sizeof path),
                     ERR_NOT_FOUND);
    assert_int_equal(open_forms_link_read(&place,
                                          "https://forms.example:444/submissions/"
                                          "db530851-200a-40f3-8aec-1618638a7a46/abc-1f/resume",
                                          uuid, path, sizeof path),
                     ERR_NOT_FOUND);
}

static void what_was_begun_here_is_found_again_by_its_words(void **state)
{
    (void)state;
    static const struct open_forms_begun_private in = {
        .form = "6f0a3cca-e9ea-4dfe-8424-8e6da2ff8922",
        .submission = "db530851-200a-40f3-8aec-1618638a7a46",
        .alive_s = 1795733445,
        .session = {.cookies = {{"openforms_sessionid", "abc"}, {"csrftoken", "d=f"}},
                    .cookies_count = 2,
                    .csrf = "token"}};
    static struct open_forms_begun_private out;
    char link[FORM_LINK_BYTES];

    open_forms_begun_write(&in, link);
    assert_int_equal(open_forms_begun_read(link, &out), OK);
    assert_memory_equal(&in, &out, sizeof in);

    static struct open_forms_begun_private large;
    large = in;
    memset(large.session.cookies[0].value, 'x', sizeof large.session.cookies[0].value - 1);
    memset(large.session.cookies[1].value, 'y', sizeof large.session.cookies[1].value - 1);
    open_forms_begun_write(&large, link);
    assert_int_equal(open_forms_begun_read(link, &out), OK);
    assert_int_equal(out.session.cookies_count, 0);
    assert_string_equal(out.submission, in.submission);
}

static void words_that_are_no_such_words_are_nothing(void **state)
{
    (void)state;
#define HEAD "begun:6f0a3cca-e9ea-4dfe-8424-8e6da2ff8922:db530851-200a-40f3-8aec-1618638a7a46:"
    static const char *const wrong[] = {
        "",
        "begun:",
        "https://forms.example/submissions/x/y/resume",
        "begun:6f0a3cca-e9ea-4dfe-8424-8e6da2ff8922:nobody:17:token;a=b",
        HEAD,
        HEAD "x:token",
        HEAD "-1:token",
        HEAD "17",
        HEAD "17:token;",
        HEAD "17:token;no-pair",
        HEAD "17:token;=value",
        HEAD "17:token;a=1;b=2;c=3;d=4;e=5",
    };
    static const struct open_forms_begun_private nothing;
    static struct open_forms_begun_private out;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(open_forms_begun_read(wrong[i], &out), ERR_NOT_FOUND);
        assert_memory_equal(&out, &nothing, sizeof out);
    }
    assert_int_equal(open_forms_begun_read(HEAD "17:", &out), OK);
#undef HEAD
}

#define A_FORM(more)                                                                               \
    "{\"uuid\":\"6f0a3cca-e9ea-4dfe-8424-8e6da2ff8922\",\"name\":\"Vraag\",\"slug\":"              \
    "\"vraag\"" more "}"

static void only_what_a_visitor_may_fill_in_is_in_the_catalogue(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        bool is_listed;
        bool is_here;
    } forms[] = {
        {A_FORM(""), true, true},
        {A_FORM(",\"active\":true,\"submissionAllowed\":\"yes\""), true, true},
        {A_FORM(",\"loginRequired\":true"), true, false},
        {A_FORM(",\"paymentRequired\":true"), true, false},
        {A_FORM(",\"active\":false"), false, false},
        {A_FORM(",\"maintenanceMode\":true"), false, false},
        {A_FORM(",\"isDeleted\":true"), false, false},
        {A_FORM(",\"submissionLimitReached\":true"), false, false},
        {A_FORM(",\"appointmentOptions\":{\"isAppointment\":true}"), false, false},
        {A_FORM(",\"submissionAllowed\":\"no_with_overview\""), false, false},
        {"{\"uuid\":\"x\",\"name\":\"Vraag\",\"slug\":\"vraag\"}", false, false},
        {"{\"uuid\":\"6f0a3cca-e9ea-4dfe-8424-8e6da2ff8922\",\"slug\":\"vraag\"}", false, false},
        {"17", false, false},
    };
    static struct catalogue catalogue;
    static struct config config;
    static const char lines[] = "form.vraag = parking B ordinary\n";
    struct open_forms_place place;
    struct fault fault = {0};
    assert_int_equal(config_parse(&config, lines, sizeof lines - 1, &fault), OK);
    assert_int_equal(open_forms_place_read(&place, "https://forms.example/app/"), OK);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char body[400];
        const int len = snprintf(body, sizeof body, "[%s]", forms[i].form);
        const struct source_answer answer = {.status = 200, .body = body, .len = (size_t)len};

        assert_int_equal(open_forms_catalogue_read(&place, &config, &answer, &catalogue, &fault),
                         OK);

        assert_int_equal(catalogue.forms_count, forms[i].is_listed ? 1 : 0);
        assert_int_equal(catalogue.forms[0].is_here, forms[i].is_here);
    }
    const struct source_answer none = {.status = 200, .body = "{}", .len = 2};
    assert_int_equal(open_forms_catalogue_read(&place, &config, &none, &catalogue, &fault),
                     ERR_MALFORMED);
}

static void a_listed_form_has_its_page_and_its_queue(void **state)
{
    (void)state;
    static struct catalogue catalogue;
    static struct config config;
    static const char lines[] = "form.vraag = parking B ordinary\n";
    static const char body[] = "[" A_FORM("") "]";
    struct open_forms_place place;
    struct fault fault = {0};
    const struct source_answer answer = {.status = 200, .body = body, .len = sizeof body - 1};
    assert_int_equal(config_parse(&config, lines, sizeof lines - 1, &fault), OK);
    assert_int_equal(open_forms_place_read(&place, "https://forms.example/app/"), OK);

    assert_int_equal(open_forms_catalogue_read(&place, &config, &answer, &catalogue, &fault), OK);

    assert_string_equal(catalogue.forms[0].url, "https://forms.example/app/vraag");
    assert_int_equal(catalogue.forms[0].service, 'B');
    assert_int_equal(catalogue.forms[0].subject, SUBJECT_PARKING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_the_same_however_it_is_written),
        cmocka_unit_test(what_was_answered_is_never_the_same_as_something_else),
        cmocka_unit_test(part_of_a_step_is_its_own_questions_alone),
        cmocka_unit_test(walk_of_a_hostile_nest_ends),
        cmocka_unit_test(refusal_names_the_question_whatever_stands_before_it),
        cmocka_unit_test(session_is_shown_with_every_cookie_and_a_referer_on_writing),
        cmocka_unit_test(login_is_told_only_where_our_own_place_sends_one),
        cmocka_unit_test(link_is_one_of_our_own_place_or_none),
        cmocka_unit_test(what_was_begun_here_is_found_again_by_its_words),
        cmocka_unit_test(words_that_are_no_such_words_are_nothing),
        cmocka_unit_test(only_what_a_visitor_may_fill_in_is_in_the_catalogue),
        cmocka_unit_test(a_listed_form_has_its_page_and_its_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
