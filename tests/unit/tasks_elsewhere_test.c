// SPDX-License-Identifier: EUPL-1.2
//
// Tasks of the Objects and MijnTaken APIs: what is asked, what is believed, and what may become a
// code for the visitor's phone.
#include "adapters/mijntaken.h"
#include "adapters/objecten.h"
#include "base/json.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define UUID_1 "11111111-1111-4111-8111-111111111111"
#define UUID_2 "21111111-1111-4111-8111-111111111111"
#define OWNER(number) "\"identificatie\":{\"type\":\"bsn\",\"value\":\"" number "\"}"
#define OBJECT(uuid, data)                                                                         \
    "{\"uuid\":\"" uuid "\",\"record\":{\"startAt\":\"2026-11-20\",\"data\":{" data "}}}"
#define PAGE(objects) "{\"count\":1,\"next\":null,\"results\":[" objects "]}"
#define LINKED OWNER("999990019") ",\"titel\":\"Verhuizing\",\"status\":\"open\",\"soort\":\"url\","
#define TASK(more)                                                                                 \
    "{\"taken\":[{\"uuid\":\"" UUID_1 "\",\"titel\":{\"nl\":\"Verhuizing\"}," more "}]}"

static const char bsn[] = "999990019";
static const char type[] = "https://objecttypes.voorbeeldstad.example/api/v2/objecttypes/" UUID_2;
static struct config config = {.entries = {{"task.verhuizing", "moving A ordinary"}},
                               .entries_count = 1};
static struct task_list_private list;
static struct fault fault;

static const struct task_asked asked = {.bsn = bsn, .config = &config};

// Each answer is heard as the first of its search.
static enum err hear(const struct task_api *api, const char *body)
{
    const struct source_answer answer = {.status = 200, .body = body, .len = strlen(body)};
    list = (struct task_list_private){0};
    fault = (struct fault){0};
    return task_list_read(&list, api, &asked, &answer, &fault);
}

static const struct request_private *only(void)
{
    assert_int_equal(list.count, 1);
    return &list.tasks[0].request;
}

static void objects_are_searched_for_without_the_bsn_in_the_address(void **state)
{
    (void)state;
    struct source_request_private request;

    assert_int_equal(objecten_request(&request, bsn, type, 2), OK);

    assert_string_equal(request.path, "/objects/search?page=2&pageSize=50");
    assert_true(request.is_post && request.wants_crs && request.is_repeatable);
    struct json *body = NULL;
    assert_int_equal(json_parse(request.body, strlen(request.body), &body), OK);
    assert_string_equal(json_get_text(body, "type"), type);
    assert_string_equal(json_get_text(body, "data_attrs"),
                        "identificatie__type__exact__bsn,identificatie__value__exact__999990019,"
                        "status__exact__open");
    json_free(body);
}

static void mijntaken_is_asked_by_party_and_for_tasks_alone(void **state)
{
    (void)state;
    struct source_request_private request;

    assert_int_equal(mijntaken_request(&request, UUID_1), OK);

    assert_string_equal(request.path, "/context/zoek");
    assert_string_equal(request.body, "{\"klantId\":\"" UUID_1 "\",\"include\":[\"taken\"]}");
    assert_true(request.is_post && request.is_repeatable);
}

static void object_with_a_link_goes_on_on_the_phone(void **state)
{
    (void)state;

    assert_int_equal(
        hear(&objecten_tasks,
             PAGE(OBJECT(UUID_1,
                         LINKED "\"verloopdatum\":\"2026-12-01T12:30:00+01:00\","
                                "\"koppeling\":{\"registratie\":\"zaak\",\"uuid\":\"" UUID_2
                                "\"},\"url\":{\"uri\":\"https://voorbeeldstad.example/a\"}"))),
        OK);

    const struct request_private *request = only();
    assert_string_equal(request->id, "objecten:" UUID_1);
    assert_int_equal(request->source, REQUEST_FROM_OBJECTEN);
    assert_int_equal(request->kind, REQUEST_LINK);
    assert_int_equal(request->state, REQUEST_QUESTION);
    assert_int_equal(request->subject, SUBJECT_MOVING);
    assert_int_equal(request->class, REQUEST_ORDINARY);
    assert_string_equal(request->link, "https://voorbeeldstad.example/a");
    int64_t deadline_ms = 0;
    assert_int_equal(time_from_text("2026-12-01T11:30:00Z", &deadline_ms), OK);
    assert_true(request->deadline_ms == deadline_ms);
    assert_true(request->started_ms > 0);
    assert_true(list.tasks[0].is_listed);
    assert_string_equal(list.tasks[0].case_uuid, UUID_2);
    assert_string_equal(list.tasks[0].case_number, "");
}

static void object_to_pay_has_no_code(void **state)
{
    (void)state;

    assert_int_equal(
        hear(&objecten_tasks,
             PAGE(OBJECT(
                 UUID_1,
                 OWNER("999990019") ",\"titel\":\"Leges\",\"status\":\"open\",\"soort\":"
                                    "\"ogonebetaling\",\"ogonebetaling\":{\"bedrag\":51.1},"
                                    "\"url\":{\"uri\":\"https://voorbeeldstad.example/\"}"))),
        OK);

    assert_int_equal(only()->kind, REQUEST_PAYMENT);
    assert_int_equal(only()->state, REQUEST_MISSING);
    assert_string_equal(only()->link, "");
}

// Neither has a form here nor a code: what is left is the counter.
static void portals_form_and_an_unknown_kind_are_done_elsewhere(void **state)
{
    (void)state;
    static const char *const kinds[] = {"portaalformulier", "hologram"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char body[600];
        (void)snprintf(
            body, sizeof body,
            PAGE(OBJECT(
                UUID_1,
                OWNER("999990019") ",\"titel\":\"Verhuizing\",\"status\":\"open\",\"soort\":\"%s\","
                                   "\"portaalformulier\":{\"formulier\":{\"soort\":\"url\","
                                   "\"value\":\"https://voorbeeldstad.example/form\"}}")),
            kinds[i]);

        assert_int_equal(hear(&objecten_tasks, body), OK);

        assert_int_equal(only()->kind, REQUEST_LINK);
        assert_string_equal(only()->link, "");
        assert_string_equal(only()->title, "Verhuizing");
    }
}

static void object_of_another_person_spoils_the_page(void **state)
{
    (void)state;
    static const char *const owners[] = {
        OWNER("999990020"),
        "\"identificatie\":{\"type\":\"kvk\",\"value\":\"999990019\"}",
        "\"identificatie\":{\"type\":\"bsn\",\"value\":999990019}",
        "\"identificatie\":\"999990019\"",
        "\"titel\":\"nobody's\"",
    };
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        char body[800];
        (void)snprintf(
            body, sizeof body,
            "{\"next\":\"more\",\"results\":[" OBJECT(UUID_1, LINKED "\"url\":{}") "," OBJECT(
                UUID_2, "%s,\"status\":\"open\",\"soort\":\"url\"") "]}",
            owners[i]);

        assert_int_equal(hear(&objecten_tasks, body), ERR_MALFORMED);

        assert_int_equal(list.count, 0);
        assert_string_equal(list.tasks[0].request.title, "");
        assert_null(strstr(fault.text, "99999"));
    }
}

static void only_what_is_open_is_listed(void **state)
{
    (void)state;

    assert_int_equal(
        hear(&objecten_tasks, PAGE(OBJECT(UUID_1, OWNER("999990019") ",\"status\":\"verwerkt\""))),
        OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(hear(&mijntaken_tasks, TASK("\"status\":\"geannuleerd\"")), OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(hear(&mijntaken_tasks, TASK("\"status\":null")), OK);
    assert_int_equal(list.count, 0);
}

static void answer_that_is_none_is_not_an_empty_list(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "[]",
        "{}",
        "{\"results\":\"everything\"}",
        "{\"taken\":{}}",
        "{\"results\":[7],\"taken\":[7]}",
        "{\"results\":[{\"uuid\":\"1\"}],\"taken\":[{\"uuid\":1}]}"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(hear(&objecten_tasks, bodies[i]), ERR_MALFORMED);
        assert_int_equal(hear(&mijntaken_tasks, bodies[i]), ERR_MALFORMED);
    }
    const struct source_answer down = {.status = 503, .body = "", .len = 0};
    assert_int_equal(task_list_read(&list, &mijntaken_tasks, &asked, &down, &fault),
                     ERR_UNAVAILABLE);
    assert_int_equal(task_list_read(&list, &objecten_tasks, &asked, &down, &fault),
                     ERR_UNAVAILABLE);
}

static void portals_task_is_dutch_and_goes_on_on_the_phone(void **state)
{
    (void)state;

    assert_int_equal(hear(&mijntaken_tasks,
                          "{\"contactmomenten\":[],\"taken\":[{\"uuid\":\"" UUID_1
                          "\",\"status\":\"open\","
                          "\"titel\":{\"en\":\"Moving\",\"nl\":\"Verhuizing\"},"
                          "\"toelichting\":{\"en\":\"Send it\",\"nl\":\"Stuur uw huurcontract\"},"
                          "\"deadline\":\"2026-12-12T23:59:59+01:00\","
                          "\"context\":{\"urn\":\"urn:nl:gemeenten:zaak:2026-00042\"},"
                          "\"uitvoering\":{\"type\":\"upload\","
                          "\"fallbackUrl\":\"https://mijn.voorbeeldstad.example/taak?id=7\"}}]}"),
                     OK);

    const struct request_private *request = only();
    assert_string_equal(request->id, "mijntaken:" UUID_1);
    assert_int_equal(request->source, REQUEST_FROM_MIJNTAKEN);
    assert_int_equal(request->kind, REQUEST_LINK);
    assert_string_equal(request->title, "Verhuizing");
    assert_string_equal(request->words, "Stuur uw huurcontract");
    assert_string_equal(request->reference, "2026-00042");
    assert_string_equal(request->link, "https://mijn.voorbeeldstad.example/taak?id=7");
    int64_t deadline_ms = 0;
    assert_int_equal(time_from_text("2026-12-12T22:59:59Z", &deadline_ms), OK);
    assert_true(request->deadline_ms == deadline_ms);
    assert_string_equal(list.tasks[0].case_number, "2026-00042");
}

static void code_never_holds_the_bsn_or_another_scheme(void **state)
{
    (void)state;
    static const char *const links[] = {"http://voorbeeldstad.example/",
                                        "https://u:p@voorbeeldstad.example/",
                                        "https://voorbeeldstad.example/?bsn=999990019", ""};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        char body[600];
        (void)snprintf(body, sizeof body,
                       TASK("\"status\":\"open\",\"uitvoering\":{\"fallbackUrl\":\"%s\"}"),
                       links[i]);
        assert_int_equal(hear(&mijntaken_tasks, body), OK);
        assert_string_equal(only()->link, "");

        (void)snprintf(body, sizeof body, PAGE(OBJECT(UUID_1, LINKED "\"url\":{\"uri\":\"%s\"}")),
                       links[i]);
        assert_int_equal(hear(&objecten_tasks, body), OK);
        assert_string_equal(only()->link, "");
    }
}

static void case_is_told_by_number_or_uuid_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *urn;
        const char *number;
        const char *uuid;
    } table[] = {
        {"urn:nld:voorbeeldstad:zaak:zaaknummer:10442", "10442", ""},
        {"urn:nld:voorbeeldstad:zaak:uuid:" UUID_1, "", UUID_1},
        {"urn:nl:voorbeeldstad:zaak:2026-00042", "2026-00042", ""},
        {"urn:nl:voorbeeldstad:zaak:" UUID_1, "", UUID_1},
        {"urn:nl:voorbeeldstad:zaak:", "", ""},
        {"urn:nl:voorbeeldstad:zaak:zaaknummer:", "", ""},
        {"urn:nl:voorbeeldstad:zaak:uuid:7", "", ""},
        {"urn:nl:voorbeeldstad:product:2026-00042", "", ""},
        {"urn:nl:voorbeeldstad:zaak:kenmerk:10442", "", ""},
        {NULL, "", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct task_private task = {0};

        const bool is_of_case = task_link_case(&task, table[i].urn);

        assert_string_equal(task.case_number, table[i].number);
        assert_string_equal(task.case_uuid, table[i].uuid);
        assert_true(is_of_case == (table[i].number[0] != '\0' || table[i].uuid[0] != '\0'));
    }
}

static void link_to_a_product_or_a_broken_case_is_no_case(void **state)
{
    (void)state;
    static const char *const links[] = {
        "{\"registratie\":\"product\",\"uuid\":\"" UUID_2 "\"}",
        "{\"registratie\":\"zaak\",\"uuid\":\"zaken:" UUID_2 "\"}",
        "{\"registratie\":\"zaak\"}",
        "\"" UUID_2 "\"",
    };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        char body[600];
        (void)snprintf(body, sizeof body, PAGE(OBJECT(UUID_1, LINKED "\"koppeling\":%s")),
                       links[i]);

        assert_int_equal(hear(&objecten_tasks, body), OK);

        assert_int_equal(list.count, 1);
        assert_string_equal(list.tasks[0].case_uuid, "");
    }
}

static void deadline_is_a_moment_or_the_end_of_its_day(void **state)
{
    (void)state;
    static const struct {
        const char *told;
        const char *meant; // UTC; the hall is in Amsterdam
    } table[] = {
        {"\"2026-12-01T12:30:00.524Z\"", "2026-12-01T12:30:00.524Z"},
        {"\"2026-12-01\"", "2026-12-01T22:59:59Z"},
        {"\"1 december\"", NULL},
        {"\"1920-12-01T12:30:00Z\"", NULL},
        {"20261201", NULL},
        {"null", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char body[600];
        int64_t meant_ms = 0;
        (void)snprintf(body, sizeof body, PAGE(OBJECT(UUID_1, LINKED "\"verloopdatum\":%s")),
                       table[i].told);
        if (table[i].meant != NULL) {
            assert_int_equal(time_from_text(table[i].meant, &meant_ms), OK);
        }

        assert_int_equal(hear(&objecten_tasks, body), OK);

        assert_true(only()->deadline_ms == meant_ms);
    }
}

static void more_tasks_than_fit_do_not_pass_for_all(void **state)
{
    (void)state;
    static char body[TASKS_MAX * 120 + 400];
    struct text text;
    text_init(&text, body, sizeof body);
    for (int i = 0; i <= TASKS_MAX; i++) {
        text_format(&text,
                    "%s{\"uuid\":\"11111111-1111-4111-8111-1111111111%02d\",\"status\":\"open\"}",
                    i == 0 ? "{\"taken\":[" : ",", i);
        if (i == TASKS_MAX - 1) {
            const size_t len = text.len;
            text_add(&text, "]}");
            assert_int_equal(hear(&mijntaken_tasks, body), OK);
            assert_int_equal(list.count, TASKS_MAX);
            assert_false(list.has_more);
            text.len = len;
        }
    }
    text_add(&text, "]}");
    assert_false(text.is_cut);

    assert_int_equal(hear(&mijntaken_tasks, body), OK);

    assert_int_equal(list.count, TASKS_MAX);
    assert_true(list.has_more);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_searched_for_without_the_bsn_in_the_address),
        cmocka_unit_test(mijntaken_is_asked_by_party_and_for_tasks_alone),
        cmocka_unit_test(object_with_a_link_goes_on_on_the_phone),
        cmocka_unit_test(object_to_pay_has_no_code),
        cmocka_unit_test(portals_form_and_an_unknown_kind_are_done_elsewhere),
        cmocka_unit_test(object_of_another_person_spoils_the_page),
        cmocka_unit_test(only_what_is_open_is_listed),
        cmocka_unit_test(answer_that_is_none_is_not_an_empty_list),
        cmocka_unit_test(portals_task_is_dutch_and_goes_on_on_the_phone),
        cmocka_unit_test(code_never_holds_the_bsn_or_another_scheme),
        cmocka_unit_test(case_is_told_by_number_or_uuid_and_nothing_else),
        cmocka_unit_test(link_to_a_product_or_a_broken_case_is_no_case),
        cmocka_unit_test(deadline_is_a_moment_or_the_end_of_its_day),
        cmocka_unit_test(more_tasks_than_fit_do_not_pass_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
