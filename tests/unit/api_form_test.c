// SPDX-License-Identifier: EUPL-1.2
//
// The messages about a form: they come back as they were written with their documents, refuse what
// is wrong, and leave nothing private behind when they do.
#include "tests/unit/api_expect.h"

#define UUID_1 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a01"
#define FORM                                                                                       \
    "\"id\":\"" UUID_1 "\",\"request\":\"taken:1\",\"revision\":3,\"state\":\"open\","             \
    "\"asks_source\":true,\"is_at_source\":true,\"needs_consent\":{\"privacy\":true,\"truth\":"    \
    "false}"

// The documents are pointers: two structs are equal when they write the same.
#define EXPECT_SAME(write_fn, left, right)                                                         \
    do {                                                                                           \
        struct json *one = write_fn(left);                                                         \
        struct json *two = write_fn(right);                                                        \
        assert_true(json_same(one, two));                                                          \
        json_wipe_free(one);                                                                       \
        json_wipe_free(two);                                                                       \
    } while (0)

#define EXPECT_TRIP(write_fn, read_fn, in, out)                                                    \
    do {                                                                                           \
        struct fault fault = {0};                                                                  \
        struct json *trip = sent(#write_fn, write_fn(in));                                         \
        memset(out, 0xa5, sizeof *(out));                                                          \
        if (read_fn(trip, out, &fault) != OK) {                                                    \
            fail_msg("%s", fault.text);                                                            \
        }                                                                                          \
        json_wipe_free(trip);                                                                      \
        EXPECT_SAME(write_fn, in, out);                                                            \
    } while (0)

static void opening_names_a_request(void **state)
{
    (void)state;
    static const struct api_form_open request = {.request = "taken:" UUID_1};
    static const struct refusal refusals[] = {
        {"{}", "request: is missing"},
        {"{\"request\":\"a b\"}", "request: must be"},
        {"[]", "must be an object"},
    };
    static struct api_form_open out;

    EXPECT_ROUND_TRIP(api_form_open_write, api_form_open_read, &request, &out);
    EXPECT_REFUSED(api_form_open_read, &out, refusals);
}

static void a_whole_form_comes_back_with_its_documents(void **state)
{
    (void)state;
    static struct api_form_private out;
    struct api_form_private in = {
        .id = UUID_1,
        .request = "forms:" UUID_1,
        .title = "Parkeervergunning",
        .revision = 12,
        .holder = "kiosk-1",
        .state = API_FORM_SENT,
        .reference = "Z-2026-7",
        .place = {.key = "kinderen.naam", .item = 2},
        .asks_source = true,
        .needs_privacy = true,
        .definition = parsed("{\"steps\":[{\"id\":\"1\",\"components\":[{\"key\":\"a\"}]}],"
                             "\"rules\":[{\"if\":[]}]}"),
        .prefill = parsed("{\"naam\":\"Noor\"}"),
        .data = parsed("{\"a\":[1,{\"b\":null}],\"c\":\"\\u0637\"}"),
    };

    EXPECT_TRIP(api_form_write, api_form_read, &in, &out);
    assert_int_equal(out.place.item, 2);
    assert_true(json_same(out.definition, in.definition));

    api_form_free(&in);
    api_form_free(&out);
    api_form_free(&out); // zeroed memory
}

static void a_bare_form_reads_as_empty_documents(void **state)
{
    (void)state;
    static struct api_form_private out;
    struct json *json = parsed("{" FORM ",\"steps\":[],\"rules\":null}");

    assert_int_equal(api_form_read(json, &out, NULL), OK);

    assert_int_equal(out.place.item, -1);
    assert_string_equal(out.place.key, "");
    assert_int_equal(json_len(out.prefill), 0);
    assert_int_equal(json_len(out.data), 0);
    assert_true(json_is_list(json_get(out.definition, "rules")));
    api_form_free(&out);
    json_free(json);
}

static void broken_form_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{}", "id: is missing"},
        {"{" FORM "}", "steps: must be a list"},
        {"{" FORM ",\"steps\":{}}", "steps: must be a list"},
        {"{" FORM ",\"steps\":[],\"rules\":{}}", "steps: must be a list"},
        {"{" FORM ",\"steps\":[],\"data\":[]}", "data: must be an object"},
        {"{" FORM ",\"steps\":[],\"prefill\":7}", "prefill: must be an object"},
        {"{" FORM ",\"steps\":[],\"place\":{\"item\":1}}", "place: key: is missing"},
        {"{" FORM ",\"steps\":[],\"place\":{\"key\":\"a\",\"item\":-1}}", "place: item: "},
        {"{" FORM ",\"steps\":[],\"place\":{\"key\":\"a\",\"item\":10000}}", "place: item: "},
        {"{\"id\":\"" UUID_1 "\",\"request\":\"a\",\"revision\":1,\"state\":\"lost\"}", "state: "},
    };
    static const struct api_form_private nothing;
    static struct api_form_private out;

    EXPECT_REFUSED(api_form_read, &out, refusals);
    assert_memory_equal(&out, &nothing, sizeof out);
}

static void answers_come_back(void **state)
{
    (void)state;
    static struct api_form_answers_private out;
    static const struct refusal refusals[] = {
        {"{\"data\":{}}", "revision: is missing"},
        {"{\"revision\":1}", "data: must be an object"},
        {"{\"revision\":-1,\"data\":{}}", "revision: "},
        {"{\"revision\":1,\"data\":\"{}\"}", "data: must be an object"},
        {"{\"revision\":1,\"data\":{},\"place\":7}", "place: must be an object"},
    };
    struct api_form_answers_private in = {
        .revision = 3, .data = parsed("{\"a\":\"b\"}"), .place = {.key = "a", .item = 0}};

    EXPECT_TRIP(api_form_answers_write, api_form_answers_read, &in, &out);
    api_form_answers_free(&out);
    in.place = (struct api_form_place){.item = -1};
    EXPECT_TRIP(api_form_answers_write, api_form_answers_read, &in, &out);
    assert_int_equal(out.place.item, -1);
    api_form_answers_free(&out);
    EXPECT_REFUSED(api_form_answers_read, &out, refusals);
    api_form_answers_free(&in);
}

static void what_is_saved_says_where(void **state)
{
    (void)state;
    static struct api_form_saved_private out;
    static const struct refusal refusals[] = {
        {"{\"saved\":\"hub\"}", "revision: is missing"},
        {"{\"revision\":1}", "saved: must be source or hub"},
        {"{\"revision\":1,\"saved\":\"nowhere\"}", "saved: must be source or hub"},
        {"{\"revision\":1,\"saved\":\"hub\",\"told\":[]}", "told: must be an object"},
    };
    struct api_form_saved_private in = {
        .revision = 4, .is_at_source = true, .told = parsed("{\"steps\":[]}")};
    struct api_form_saved_private on_hub = {.revision = 4};

    EXPECT_TRIP(api_form_saved_write, api_form_saved_read, &in, &out);
    api_form_saved_free(&out);
    EXPECT_TRIP(api_form_saved_write, api_form_saved_read, &on_hub, &out);
    assert_false(out.is_at_source);
    assert_null(out.told);
    EXPECT_REFUSED(api_form_saved_read, &out, refusals);
    api_form_saved_free(&in);
}

static void sending_carries_what_was_agreed_to(void **state)
{
    (void)state;
    static struct api_form_send_private out;
    static struct api_form_sent told;
    static const struct api_form_sent sent_in = {.state = API_FORM_SENT, .reference = "Z 7"};
    static const struct api_form_sent sending = {.state = API_FORM_SENDING};
    static const struct refusal refusals[] = {
        {"{\"revision\":1,\"data\":{},\"truth\":true}", "privacy: is missing"},
        {"{\"revision\":1,\"data\":{},\"privacy\":true,\"truth\":1}", "truth: "},
        {"{\"revision\":1,\"privacy\":true,\"truth\":true}", "data: must be an object"},
    };
    struct api_form_send_private in = {.revision = 5, .data = parsed("{\"a\":1}"), .truth = true};

    EXPECT_TRIP(api_form_send_write, api_form_send_read, &in, &out);
    api_form_send_free(&out);
    EXPECT_REFUSED(api_form_send_read, &out, refusals);
    EXPECT_ROUND_TRIP(api_form_sent_write, api_form_sent_read, &sent_in, &told);
    EXPECT_ROUND_TRIP(api_form_sent_write, api_form_sent_read, &sending, &told);
    api_form_send_free(&in);
}

static void the_pen_can_be_given(void **state)
{
    (void)state;
    enum api_pen pen = API_PEN_GIVE;
    struct json *trip = sent("api_form_pen_write", api_form_pen_write(API_PEN_GIVE));
    static const struct refusal refusals[] = {
        {"{}", "action: is missing"},
        {"{\"action\":\"take\"}", "action: "},
    };

    assert_int_equal(api_form_pen_read(trip, &pen, NULL), OK);
    assert_int_equal(pen, API_PEN_GIVE);
    json_free(trip);
    EXPECT_REFUSED(api_form_pen_read, &pen, refusals);
}

static void a_hand_over_comes_back_in_the_ticket(void **state)
{
    (void)state;
    static const struct api_issue in = {
        .visit = UUID_1,
        .request = "taken:1",
        .language = "nl",
        .consent = {.request = true},
        .form = {.id = UUID_1,
                 .step = 2,
                 .steps = 4,
                 .answered = 1,
                 .asked = 9,
                 .key = "kinderen.naam",
                 .item = 0,
                 .label = "Naam van het kind",
                 .error = "too_short",
                 .tried = "x"},
    };
    static struct api_issue out;
#define ISSUE "\"visit\":\"" UUID_1 "\",\"request\":\"taken:1\",\"language\":\"nl\""
    static const struct refusal refusals[] = {
        {"{" ISSUE ",\"form\":{}}", "form: id: is missing"},
        {"{" ISSUE ",\"form\":7}", "form: must be an object"},
        {"{" ISSUE ",\"form\":{\"id\":\"" UUID_1 "\",\"step\":3,\"steps\":2}}", "form: step: "},
        {"{" ISSUE ",\"form\":{\"id\":\"" UUID_1 "\",\"answered\":1}}", "form: step: "},
        {"{" ISSUE ",\"form\":{\"id\":\"" UUID_1 "\",\"error\":\"a b\"}}", "form: error: "},
        {"{\"service\":\"B\",\"language\":\"nl\",\"form\":{\"id\":\"" UUID_1 "\"}}",
         "request: is missing"},
    };

    EXPECT_ROUND_TRIP(api_issue_write, api_issue_read, &in, &out);
    EXPECT_REFUSED(api_issue_read, &out, refusals);
}

static void a_problem_names_what_was_refused_and_where_to_log_in(void **state)
{
    (void)state;
    static struct api_problem problem;
    struct json *json = parsed("{\"code\":\"form_invalid\",\"login_url\":\"https://x.test/in\","
                               "\"invalid\":[{\"key\":\"a.b\",\"reason\":\"required\"},{}]}");

    assert_int_equal(api_problem_read(json, 422, &problem), OK);

    assert_string_equal(problem.login_url, "https://x.test/in");
    assert_int_equal(problem.invalid_count, 2);
    assert_string_equal(problem.invalid[0].key, "a.b");
    assert_string_equal(problem.invalid[0].reason, "required");
    assert_string_equal(problem.invalid[1].key, "");
    json_free(json);

    json = parsed("{\"code\":\"form_invalid\",\"invalid\":[7]}");
    assert_int_equal(api_problem_read(json, 422, &problem), ERR_MALFORMED);
    json_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_names_a_request),
        cmocka_unit_test(a_whole_form_comes_back_with_its_documents),
        cmocka_unit_test(a_bare_form_reads_as_empty_documents),
        cmocka_unit_test(broken_form_is_refused_and_leaves_nothing),
        cmocka_unit_test(answers_come_back),
        cmocka_unit_test(what_is_saved_says_where),
        cmocka_unit_test(sending_carries_what_was_agreed_to),
        cmocka_unit_test(the_pen_can_be_given),
        cmocka_unit_test(a_hand_over_comes_back_in_the_ticket),
        cmocka_unit_test(a_problem_names_what_was_refused_and_where_to_log_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
