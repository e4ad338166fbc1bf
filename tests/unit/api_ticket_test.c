// SPDX-License-Identifier: EUPL-1.2
//
// The messages about tickets and desks: what one side writes the other reads back the same, and
// what is wrong is refused with the name of the member.
#include "tests/unit/api_expect.h"

#define UUID_1 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a01"
#define UUID_2 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a02"

static void issue_comes_back_as_it_was_written(void **state)
{
    (void)state;
    static const struct api_issue about_request = {
        .visit = UUID_1,
        .request = "taken:" UUID_2,
        .language = "ar",
        .needs = NEED_WHEELCHAIR | NEED_INTERPRETER,
        .consent = {.person = true, .request = true},
    };
    static const struct api_issue anonymous = {.service = 'B', .language = "nl"};
    static struct api_issue out;

    EXPECT_ROUND_TRIP(api_issue_write, api_issue_read, &about_request, &out);
    EXPECT_ROUND_TRIP(api_issue_write, api_issue_read, &anonymous, &out);
}

static void issue_without_subject_or_owner_is_refused(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"[]", "must be an object"},
        {"{\"service\":\"B\"}", "language: is missing"},
        {"{\"language\":\"nl\"}", "service: is missing"},
        {"{\"language\":\"nl\",\"request\":\"taken:1\"}", "visit: is missing"},
        {"{\"language\":\"NL\",\"service\":\"B\"}", "language: "},
        {"{\"language\":\"nl\",\"service\":\"I\"}", "service: "},
        {"{\"language\":\"nl\",\"service\":\"BC\"}", "service: "},
        {"{\"language\":\"nl\",\"service\":66}", "service: "},
        {"{\"language\":\"nl\",\"service\":\"B\",\"visit\":\"1\"}", "visit: "},
        {"{\"language\":\"nl\",\"service\":\"B\",\"visit\":\"0b6ffb5c-7c1c-4f0e-9d53-"
         "1f6b3d0a6a0g\"}",
         "visit: "},
        {"{\"language\":\"nl\",\"service\":\"B\",\"request\":\"a/b\"}", "request: "},
        {"{\"language\":\"nl\",\"service\":\"B\",\"needs\":[\"beer\"]}", "needs: "},
        {"{\"language\":\"nl\",\"service\":\"B\",\"needs\":[\"calm\",\"calm\"]}", "needs: "},
        {"{\"language\":\"nl\",\"service\":\"B\",\"needs\":\"calm\"}", "needs: "},
        {"{\"language\":\"nl\",\"service\":\"B\",\"consent\":{\"person\":true}}",
         "consent: request: is missing"},
        {"{\"language\":\"nl\",\"service\":\"B\",\"consent\":true}", "consent: "},
    };
    static struct api_issue issue;

    EXPECT_REFUSED(api_issue_read, &issue, refusals);
}

static void unknown_members_and_nulls_are_ignored(void **state)
{
    (void)state;
    static struct api_issue issue;
    struct json *json = parsed("{\"language\":\"nl\",\"service\":\"B\",\"request\":null,"
                               "\"visit\":null,\"consent\":null,\"shoe_size\":[1,{}]}");

    assert_int_equal(api_issue_read(json, &issue, NULL), OK);

    assert_int_equal(issue.service, 'B');
    assert_string_equal(issue.visit, "");
    json_free(json);
}

static void ticket_keeps_every_member_and_every_millisecond(void **state)
{
    (void)state;
    static const struct api_ticket in = {
        .ticket = {.id = UUID_1,
                   .visit = UUID_2,
                   .request = "zaken:" UUID_2,
                   .service = 'Z',
                   .number = "Z999",
                   .seq = UINT32_MAX,
                   .issued_ms = 1795528327123,
                   .due_ms = 1795529527001,
                   .state = TICKET_SERVING,
                   .print_state = PRINT_FAILED,
                   .desk = "3",
                   .desk_only = "12",
                   .called_ms = 1795528400000,
                   .serving_ms = 1795528400999,
                   .calls_count = 3,
                   .returns_count = UINT16_MAX,
                   .level = LEVEL_3,
                   .evidence = {.kinds = (1U << EVIDENCE_KINDS_COUNT) - 1},
                   .needs = NEED_HEARING | NEED_CALM,
                   .language = "nl",
                   .subject = SUBJECT_MONEY,
                   .has_context = true,
                   .need_granted = true,
                   .version = 7},
        .reference = "KQ1:Z999:0A $%*+-./:Z",
        .wait = {.is_known = true,
                 .minutes_min = 5,
                 .minutes_max = 15,
                 .likely_ms = 1795528900000,
                 .ahead = 4},
    };
    static struct api_ticket out;

    EXPECT_ROUND_TRIP(api_ticket_write, api_ticket_read, &in, &out);
}

static void anonymous_ticket_writes_no_empty_members(void **state)
{
    (void)state;
    struct api_ticket in = {.ticket = {.id = UUID_1, .service = 'B', .number = "B001"}};

    struct json *json = api_ticket_write(&in);

    assert_null(json_path(json, "ticket.visit"));
    assert_null(json_path(json, "ticket.desk"));
    assert_null(json_path(json, "ticket.called_at"));
    assert_null(json_get(json, "reference"));
    json_free(json);
}

static void broken_ticket_is_refused(void **state)
{
    (void)state;
#define WAIT "\"wait\":{\"is_known\":false}"
#define HEAD "\"id\":\"" UUID_1 "\",\"service\":\"B\""
#define TAIL "\"state\":\"waiting\",\"print_state\":\"none\",\"subject\":\"letter\""
    static const struct refusal refusals[] = {
        {"{" WAIT "}", "ticket: must be an object"},
        {"{\"ticket\":{" HEAD ",\"number\":\"B000\",\"seq\":1," TAIL "}," WAIT "}",
         "ticket: number: "},
        {"{\"ticket\":{" HEAD ",\"number\":\"B42\",\"seq\":1," TAIL "}," WAIT "}",
         "ticket: number: "},
        {"{\"ticket\":{" HEAD ",\"number\":\"B042\",\"seq\":-1," TAIL "}," WAIT "}",
         "ticket: seq: "},
        {"{\"ticket\":{" HEAD ",\"number\":\"B042\",\"seq\":4294967296," TAIL "}," WAIT "}",
         "ticket: seq: "},
        {"{\"ticket\":{" HEAD ",\"number\":\"B042\",\"seq\":1.0," TAIL "}," WAIT "}",
         "ticket: seq: "},
        {"{\"ticket\":{" HEAD ",\"number\":\"B042\",\"seq\":1,\"state\":\"asleep\"}," WAIT "}",
         "ticket: state: "},
        {"{\"ticket\":{" HEAD ",\"number\":\"B042\",\"seq\":1,\"due_at\":\"noon\"," TAIL "}," WAIT
         "}",
         "ticket: due_at: "},
        {"{\"ticket\":{" HEAD ",\"number\":\"B042\",\"seq\":1,\"desk\":\"12345678\"," TAIL "}," WAIT
         "}",
         "ticket: desk: "},
        {"{\"ticket\":{" HEAD ",\"number\":\"B042\",\"seq\":1," TAIL "}}", "wait: must be"},
        {"{\"ticket\":{" HEAD ",\"number\":\"B042\",\"seq\":1," TAIL
         "},\"wait\":{\"is_known\":true,\"minutes_min\":10,\"minutes_max\":5}}",
         "wait: minutes_min: "},
    };
    static struct api_ticket ticket;

    EXPECT_REFUSED(api_ticket_read, &ticket, refusals);
}

static void every_print_state_comes_back(void **state)
{
    (void)state;
    for (enum print_state in = PRINT_PENDING; in <= PRINT_NONE; in++) {
        enum print_state out = PRINT_PENDING;
        struct json *json = sent("api_print_write", api_print_write(in));
        assert_int_equal(api_print_read(json, &out, NULL), OK);
        assert_int_equal(in, out);
        json_free(json);
    }
    static const struct refusal refusals[] = {
        {"{}", "print_state: is missing"},
        {"{\"print_state\":\"burnt\"}", "print_state: "},
        {"{\"print_state\":1}", "print_state: "},
    };
    enum print_state print_state;
    EXPECT_REFUSED(api_print_read, &print_state, refusals);
}

static void call_out_of_order_needs_ticket_and_reason(void **state)
{
    (void)state;
    static const struct api_call next = {.kind = API_CALL_NEXT};
    static const struct api_call picked = {
        .kind = API_CALL_TICKET, .ticket = UUID_1, .reason = "staff"};
    static const struct refusal refusals[] = {
        {"{}", "kind: is missing"},
        {"{\"kind\":\"ticket\",\"reason\":\"staff\"}", "ticket: is missing"},
        {"{\"kind\":\"ticket\",\"ticket\":\"" UUID_1 "\"}", "reason: is missing"},
        {"{\"kind\":\"ticket\",\"ticket\":\"" UUID_1 "\",\"reason\":\"\\u202e\"}", "reason: "},
    };
    static struct api_call out;

    EXPECT_ROUND_TRIP(api_call_write, api_call_read, &next, &out);
    EXPECT_ROUND_TRIP(api_call_write, api_call_read, &picked, &out);
    EXPECT_REFUSED(api_call_read, &out, refusals);
}

static void every_transition_comes_back(void **state)
{
    (void)state;
    static const struct api_transition all[] = {
        {.action = HALL_RECALL},
        {.action = HALL_ARRIVED},
        {.action = HALL_ABSENT},
        {.action = HALL_RETURN},
        {.action = HALL_PARK},
        {.action = HALL_RESUME},
        {.action = HALL_REQUEUE},
        {.action = HALL_TRANSFER, .to_service = 'C'},
        {.action = HALL_TRANSFER, .to_desk = "4"},
        {.action = HALL_DOCUMENT_SEEN},
        {.action = HALL_FINISH, .outcome = FINISH_PASSED_ON},
        {.action = HALL_CANCEL},
    };
    static struct api_transition out;

    for (size_t i = 0; i < COUNT(all); i++) {
        EXPECT_ROUND_TRIP(api_transition_write, api_transition_read, &all[i], &out);
    }
}

static void transition_without_its_details_is_refused(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{}", "action: is missing"},
        {"{\"action\":\"issue\"}", "action: "},
        {"{\"action\":\"transfer\"}", "to_service: is missing"},
        {"{\"action\":\"transfer\",\"to_service\":\"\"}", "to_service: "},
        {"{\"action\":\"finish\"}", "outcome: is missing"},
        {"{\"action\":\"finish\",\"outcome\":\"waiting\"}", "outcome: "},
    };
    static struct api_transition out;

    EXPECT_REFUSED(api_transition_read, &out, refusals);
}

static void desk_messages_come_back(void **state)
{
    (void)state;
    static const struct api_session session = {
        .is_open = true, .is_paused = true, .staff = "m.dekker", .pin_private = "4711"};
    static const struct counter counter = {.desk = "3",
                                           .state = COUNTER_BUSY,
                                           .services = 1U << 0 | 1U << (HALL_SERVICES_MAX - 1),
                                           .staff = "m.dekker",
                                           .ticket = UUID_1};
    static const struct hall_why why = {
        .earlier_promise = 3, .same_promise = 1, .granted = 2, .desks_open = 4};
    static const struct api_health health = {
        .printer_ok = true, .paper_low = true, .refused_keyboard = true, .version = "1.0.0"};
    static struct api_session session_out;
    static struct counter counter_out;
    static struct hall_why why_out;
    static struct api_health health_out;

    EXPECT_ROUND_TRIP(api_session_write, api_session_read, &session, &session_out);
    EXPECT_ROUND_TRIP(api_counter_write, api_counter_read, &counter, &counter_out);
    EXPECT_ROUND_TRIP(api_why_write, api_why_read, &why, &why_out);
    EXPECT_ROUND_TRIP(api_health_write, api_health_read, &health, &health_out);
}

static void a_desk_hears_the_name_of_who_sits_there(void **state)
{
    (void)state;
    static const struct counter counter = {.desk = "3", .state = COUNTER_FREE, .staff = "m.dekker"};
    static const char *const names[] = {"M. Dekker", ""};
    for (size_t i = 0; i < 2; i++) {
        struct counter read;
        char name[API_NAME_BYTES];
        struct json *json = api_own_counter_write(&counter, names[i]);
        assert_int_equal(api_own_counter_read(json, &read, name, NULL), OK);
        assert_string_equal(name, names[i]);
        assert_memory_equal(&read, &counter, sizeof read);
        json_free(json);
    }
    struct counter read;
    char name[API_NAME_BYTES];
    struct fault fault = {0};
    struct json *json = parsed("{\"desk\":\"3\",\"state\":\"free\",\"staff_name\":7}");
    assert_int_equal(api_own_counter_read(json, &read, name, &fault), ERR_MALFORMED);
    assert_string_equal(fault.text, "staff_name: must be printable");
    assert_string_equal(name, "");
    json_free(json);
}

static void broken_desk_messages_are_refused(void **state)
{
    (void)state;
    static const struct refusal sessions[] = {
        {"{\"staff\":\"a\"}", "is_open: is missing"},
        {"{\"is_open\":\"yes\"}", "is_open: "},
        {"{\"is_open\":true,\"pin\":\"1234567890123456\"}", "pin: "},
    };
    static const struct refusal counters[] = {
        {"{\"desk\":\"3\",\"state\":\"free\",\"services\":[24]}", "services: "},
        {"{\"desk\":\"3\",\"state\":\"free\",\"services\":[1,1]}", "services: "},
        {"{\"desk\":\"3\",\"state\":\"free\",\"services\":[-1]}", "services: "},
        {"{\"desk\":\"\",\"state\":\"free\"}", "desk: "},
    };
    static const struct refusal whys[] = {
        {"{\"earlier_promise\":1,\"same_promise\":0,\"granted\":0}", "desks_open: is missing"},
    };
    static const struct refusal healths[] = {
        {"{\"printer_ok\":1}", "printer_ok: "},
    };
    static struct api_session session;
    static struct counter counter;
    static struct hall_why why;
    static struct api_health health;

    EXPECT_REFUSED(api_session_read, &session, sessions);
    EXPECT_REFUSED(api_counter_read, &counter, counters);
    EXPECT_REFUSED(api_why_read, &why, whys);
    EXPECT_REFUSED(api_health_read, &health, healths);
}

static void refused_session_leaves_no_pin_behind(void **state)
{
    (void)state;
    static struct api_session session;
    static const struct api_session nothing;
    struct json *json = parsed("{\"is_open\":true,\"pin\":\"4711\",\"staff\":7}");

    assert_int_equal(api_session_read(json, &session, NULL), ERR_MALFORMED);

    assert_memory_equal(&session, &nothing, sizeof session);
    json_free(json);
}

static void problem_without_code_still_tells_its_status(void **state)
{
    (void)state;
    struct api_problem problem;
    struct json *json = parsed("{\"code\":\"second_fact_wrong\",\"tries_left\":2,\"title\":\"x\"}");

    assert_int_equal(api_problem_read(json, 403, &problem), OK);
    assert_int_equal(problem.status, 403);
    assert_int_equal(problem.tries_left, 2);
    assert_string_equal(problem.code, "second_fact_wrong");

    assert_int_equal(api_problem_read(NULL, 502, &problem), ERR_MALFORMED);
    assert_int_equal(problem.status, 502);
    assert_string_equal(problem.code, "");
    json_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(issue_comes_back_as_it_was_written),
        cmocka_unit_test(issue_without_subject_or_owner_is_refused),
        cmocka_unit_test(unknown_members_and_nulls_are_ignored),
        cmocka_unit_test(ticket_keeps_every_member_and_every_millisecond),
        cmocka_unit_test(anonymous_ticket_writes_no_empty_members),
        cmocka_unit_test(broken_ticket_is_refused),
        cmocka_unit_test(every_print_state_comes_back),
        cmocka_unit_test(call_out_of_order_needs_ticket_and_reason),
        cmocka_unit_test(every_transition_comes_back),
        cmocka_unit_test(transition_without_its_details_is_refused),
        cmocka_unit_test(desk_messages_come_back),
        cmocka_unit_test(a_desk_hears_the_name_of_who_sits_there),
        cmocka_unit_test(broken_desk_messages_are_refused),
        cmocka_unit_test(refused_session_leaves_no_pin_behind),
        cmocka_unit_test(problem_without_code_still_tells_its_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
