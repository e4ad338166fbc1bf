// SPDX-License-Identifier: EUPL-1.2
//
// What the adapters make of answers no honest server gives, and what they never put in a request.
#include "adapters/brp.h"
#include "adapters/klantinteracties.h"
#include "adapters/portal.h"
#include "adapters/taken.h"
#include "adapters/zaken.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char bsn[] = "999990019";
static const char uuid[] = "11111111-1111-4111-8111-111111111111";
static struct config config = {.entries = {{"type.parkeervergunning", "parking B ordinary"},
                                           {"type.broken", "parking 7 ordinary"},
                                           {"task.verhuizing", "moving A ordinary"}},
                               .entries_count = 3};

static const struct task_asked asked = {.bsn = bsn, .config = &config};

static struct source_answer said(int status, const char *body)
{
    return (struct source_answer){.status = status, .body = body, .len = strlen(body)};
}

static void eleven_test_decides_what_a_bsn_is(void **state)
{
    (void)state;
    assert_true(bsn_is_valid("999990019"));
    assert_false(bsn_is_valid("999990018"));
    assert_false(bsn_is_valid("000000000"));
    assert_false(bsn_is_valid("99999001"));
    assert_false(bsn_is_valid("99999001a"));
}

static void bsn_stays_out_of_the_path_where_the_api_allows(void **state)
{
    (void)state;
    struct source_request_private request;

    assert_int_equal(zaken_request(&request, bsn, NULL, 1), OK);
    assert_null(strstr(request.path, bsn));
    assert_non_null(strstr(request.body, bsn));
    assert_int_equal(brp_request(&request, bsn), OK);
    assert_null(strstr(request.path, bsn));
}

static struct task_list_private tasks_read;

// A page of these tasks and no other.
static enum err read_tasks(const char *tasks, struct fault *fault)
{
    char body[1000];
    (void)snprintf(body, sizeof body, "{\"next\":null,\"results\":[%s]}", tasks);
    const struct source_answer answer = said(200, body);
    tasks_read = (struct task_list_private){0};
    return task_list_read(&tasks_read, &taken_tasks, &asked, &answer, fault);
}

static void task_of_another_person_spoils_the_page(void **state)
{
    (void)state;
    struct fault fault = {0};
    static const char tasks[] =
        "{\"uuid\":\"11111111-1111-4111-8111-111111111111\",\"status\":\"open\","
        "\"titel\":\"a\",\"isToegewezenAan\":\"urn:nld:brp:bsn:999990019\"},"
        "{\"uuid\":\"21111111-1111-4111-8111-111111111111\",\"status\":\"open\","
        "\"titel\":\"b\",\"isToegewezenAan\":\"urn:nld:brp:bsn:999990020\"}";

    assert_int_equal(read_tasks(tasks, &fault), ERR_MALFORMED);

    assert_int_equal(tasks_read.count, 0);
    assert_null(strstr(fault.text, "99999"));
}

static void unknown_kind_of_task_keeps_its_title_and_deadline(void **state)
{
    (void)state;
    struct fault fault = {0};
    static const char tasks[] =
        "{\"uuid\":\"11111111-1111-4111-8111-111111111111\",\"status\":\"open\","
        "\"titel\":\"Verhuizing melden\",\"taakSoort\":\"hologramtaak\","
        "\"einddatumHandelingsTermijn\":\"2026-12-01\","
        "\"isToegewezenAan\":\"urn:nld:brp:bsn:999990019\"}";

    assert_int_equal(read_tasks(tasks, &fault), OK);

    assert_int_equal(tasks_read.count, 1);
    assert_int_equal(tasks_read.tasks[0].request.kind, REQUEST_LINK);
    assert_int_equal(tasks_read.tasks[0].request.subject, SUBJECT_MOVING);
    assert_true(tasks_read.tasks[0].request.deadline_ms > 0);
}

static void link_for_the_phone_is_https_and_names_nobody(void **state)
{
    (void)state;
    static const struct {
        const char *told;
        const char *kept;
    } table[] = {
        {"https://voorbeeldstad.example/woning?stap=1",
         "https://voorbeeldstad.example/woning?stap=1"},
        {"http://voorbeeldstad.example/woning", ""},
        {"https://n:w@voorbeeldstad.example/", ""},
        {"https:///woning", ""},
        {"javascript:alert(1)", ""},
        {"https://voorbeeldstad.example/een twee", ""},
        {"https://voorbeeldstad.example/\u202e", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct fault fault = {0};
        char tasks[600];
        (void)snprintf(tasks, sizeof tasks,
                       "{\"uuid\":\"11111111-1111-4111-8111-111111111111\",\"status\":\"open\","
                       "\"titel\":\"Uw woning\",\"taakSoort\":\"urltaak\","
                       "\"isToegewezenAan\":\"urn:nld:brp:bsn:999990019\","
                       "\"details\":{\"uitvraagLink\":\"%s\"}}",
                       table[i].told);

        assert_int_equal(read_tasks(tasks, &fault), OK);

        assert_int_equal(tasks_read.tasks[0].request.kind, REQUEST_LINK);
        assert_string_equal(tasks_read.tasks[0].request.link, table[i].kept);
    }
}

static void case_type_not_on_the_list_is_never_named(void **state)
{
    (void)state;
    static struct zaken_list_private list;
    list = (struct zaken_list_private){0};
    struct fault fault = {0};
    const struct source_answer answer =
        said(200, "{\"next\":null,\"results\":[{\"uuid\":\"11111111-1111-4111-8111-111111111111\","
                  "\"_expand\":{\"zaaktype\":{\"identificatie\":\"SCHULDHULP\","
                  "\"omschrijving\":\"Schuldhulp\"}}}]}");

    assert_int_equal(zaken_read(&answer, &config, &list, &fault), OK);

    assert_int_equal(list.cases[0].class, REQUEST_SENSITIVE);
    assert_string_equal(list.cases[0].title, "");
}

static void line_that_makes_no_sense_counts_as_absent(void **state)
{
    (void)state;
    struct about about;
    assert_true(about_case_type(&config, "ParkeerVergunning", &about));
    assert_false(about_case_type(&config, "broken", &about));
    assert_false(about_case_type(&config, "", &about));
}

static void secrecy_that_cannot_be_read_counts_as_secret(void **state)
{
    (void)state;
    struct person_private person = {0};
    struct fault fault = {0};
    const struct source_answer answer =
        said(200, "{\"type\":\"RaadpleegMetBurgerservicenummer\",\"personen\":[{"
                  "\"burgerservicenummer\":\"999990019\",\"geheimhoudingPersoonsgegevens\":7,"
                  "\"naam\":{\"volledigeNaam\":\"Nadia Haddad\"}}]}");

    assert_int_equal(brp_read(&answer, bsn, &person, &fault), OK);

    assert_true(person.is_secret);
    assert_string_equal(person.name, "");
}

static void bare_404_of_the_portal_does_not_blame_the_visitor(void **state)
{
    (void)state;
    struct portal_redeemed redeemed;
    struct fault fault = {0};
    struct source_answer answer = said(404, "<html>no such site</html>");

    assert_int_equal(portal_read(&answer, BACKOFFICE_TOKEN, &redeemed, &fault), ERR_UNAVAILABLE);
    answer = said(404, "{\"code\":\"unknown\"}");
    assert_int_equal(portal_read(&answer, BACKOFFICE_TOKEN, &redeemed, &fault), ERR_NOT_FOUND);
}

static void unknown_acr_earns_a_plain_token(void **state)
{
    (void)state;
    struct portal_redeemed redeemed;
    struct fault fault = {0};
    const struct source_answer answer =
        said(200, "{\"party\":\"11111111-1111-4111-8111-111111111111\",\"acr\":\"the very best\"}");

    assert_int_equal(portal_read(&answer, BACKOFFICE_TOKEN, &redeemed, &fault), OK);

    assert_true(evidence_has(redeemed.evidence, EVIDENCE_PORTAL_TOKEN));
    assert_false(evidence_has(redeemed.evidence, EVIDENCE_PORTAL_DIGID));
}

static void contact_with_another_key_is_not_ours(void **state)
{
    (void)state;
    struct contact_progress progress;
    struct fault fault = {0};
    const struct source_answer answer =
        said(200, "{\"next\":null,\"results\":[{\"uuid\":\"11111111-1111-4111-8111-111111111111\","
                  "\"metadata\":{\"inloop_key\":\"else\"}}]}");

    assert_int_equal(contact_find_read(&answer, uuid, &progress, &fault), OK);

    assert_string_equal(progress.contact, "");
}

static void contact_is_about_what_the_register_can_name(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        const char *registry; // NULL: about nothing
        const char *kind;
    } table[] = {
        {"zaken:11111111-1111-4111-8111-111111111111", "openzaak", "zgw-Zaak"},
        {"taken:11111111-1111-4111-8111-111111111111", "openvtb", "klanttaak"},
        {"objecten:11111111-1111-4111-8111-111111111111", "objecten", "klanttaak"},
        {"mijntaken:11111111-1111-4111-8111-111111111111", "mijntaken", "klanttaak"},
        {"forms:11111111-1111-4111-8111-111111111111", NULL, NULL},
        {"later:11111111-1111-4111-8111-111111111111", NULL, NULL},
        {"", NULL, NULL},
    };
    static const struct contact_settings settings = {.channel = "balie"};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct contact_private contact = {.subject = "a", .words = "b", .language = "nl"};
        struct source_request_private request;
        assert_int_equal(text_copy(contact.request, sizeof contact.request, table[i].request), OK);

        assert_int_equal(contact_make_request(&request, &settings, &contact), OK);

        struct json *body = NULL;
        assert_int_equal(json_parse(request.body, strlen(request.body), &body), OK);
        const struct json *about = json_path(body, "onderwerpobject.onderwerpobjectidentificator");
        if (table[i].registry == NULL) {
            assert_null(json_get(body, "onderwerpobject"));
        } else {
            assert_string_equal(json_get_text(about, "objectId"), uuid);
            assert_string_equal(json_get_text(about, "codeRegister"), table[i].registry);
            assert_string_equal(json_get_text(about, "codeObjecttype"), table[i].kind);
        }
        json_free(body);
    }
}

static void party_without_valid_bsn_is_not_found(void **state)
{
    (void)state;
    struct party_private party;
    struct fault fault = {0};
    const struct source_answer answer =
        said(200, "{\"uuid\":\"11111111-1111-4111-8111-111111111111\",\"soortPartij\":\"persoon\","
                  "\"indicatieActief\":true,\"partijIdentificatoren\":[{\"partijIdentificator\":"
                  "{\"codeSoortObjectId\":\"bsn\",\"codeRegister\":\"brp\","
                  "\"objectId\":\"123456789\"}}]}");

    assert_int_equal(party_read(&answer, uuid, &party, &fault), ERR_NOT_FOUND);

    assert_string_equal(party.bsn, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eleven_test_decides_what_a_bsn_is),
        cmocka_unit_test(bsn_stays_out_of_the_path_where_the_api_allows),
        cmocka_unit_test(task_of_another_person_spoils_the_page),
        cmocka_unit_test(unknown_kind_of_task_keeps_its_title_and_deadline),
        cmocka_unit_test(link_for_the_phone_is_https_and_names_nobody),
        cmocka_unit_test(case_type_not_on_the_list_is_never_named),
        cmocka_unit_test(line_that_makes_no_sense_counts_as_absent),
        cmocka_unit_test(secrecy_that_cannot_be_read_counts_as_secret),
        cmocka_unit_test(bare_404_of_the_portal_does_not_blame_the_visitor),
        cmocka_unit_test(unknown_acr_earns_a_plain_token),
        cmocka_unit_test(contact_with_another_key_is_not_ours),
        cmocka_unit_test(contact_is_about_what_the_register_can_name),
        cmocka_unit_test(party_without_valid_bsn_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
