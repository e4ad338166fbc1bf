// SPDX-License-Identifier: EUPL-1.2
//
// The messages about a person: they come back as they were written, refuse what is wrong, and
// leave nothing private behind when they do.
#include "tests/unit/api_expect.h"

#define UUID_1 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a01"
#define UUID_2 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a02"

static struct request_private full_request(void)
{
    struct request_private request;
    memset(&request, 0, sizeof request);
    request.source = REQUEST_FROM_ZAKEN;
    request.kind = REQUEST_CASE;
    request.state = REQUEST_DONE;
    request.subject = SUBJECT_PASSPORT;
    request.class = REQUEST_SENSITIVE;
    request.service = 'D';
    strcpy(request.id, "zaken:" UUID_2);
    strcpy(request.title, "Paspoort aanvragen, e\xcc\x81\xc3\xa9n, \xd8\xb7");
    strcpy(request.words, "Wij hebben nog een foto nodig");
    strcpy(request.reference, "Z-2026/17");
    strcpy(request.link, "https://voorbeeldstad.example/woning");
    request.deadline_ms = 1795528327999;
    request.started_ms = 1795000000000;
    request.steps_done = 3;
    request.steps_count = 9;
    request.missing_count = REQUEST_MISSING_MAX;
    for (size_t i = 0; i < REQUEST_MISSING_MAX; i++) {
        strcpy(request.missing[i], "Pasfoto");
    }
    request.facts_count = REQUEST_FACTS_MAX;
    for (size_t i = 0; i < REQUEST_FACTS_MAX; i++) {
        strcpy(request.facts[i].label, "Lengte");
        strcpy(request.facts[i].value, "1,72 m \"zonder\" schoenen \\");
    }
    return request;
}

static const struct person_private person_example = {
    .party = UUID_1,
    .name = "Noor Haddad",
    .initials = "N. H.",
    .birth_date = {.year = 1984, .month = 2, .day = 29},
    .language = "ar",
};

static void visit_open_comes_back(void **state)
{
    (void)state;
    static struct api_visit_open_private in = {.language = "nl"};
    static struct api_visit_open_private out;
    memset(in.code, 'x', sizeof in.code - 1);

    EXPECT_ROUND_TRIP(api_visit_open_write, api_visit_open_read, &in, &out);
    memset(in.code, 0, sizeof in.code); // of somebody who shows nothing
    in.is_anonymous = true;
    EXPECT_ROUND_TRIP(api_visit_open_write, api_visit_open_read, &in, &out);
}

static struct api_document_private card_document(void)
{
    struct api_document_private document;
    memset(&document, 0, sizeof document); // its gaps too: the test compares bytes
    strcpy(document.kind, "I");
    strcpy(document.issuer, "NLD");
    strcpy(document.surname, "VAN DER BERG");
    strcpy(document.given, "SANNE MARIA");
    document.birth_date = (struct date){1984, 3, 12};
    document.is_pace = true;
    document.is_genuine = true;
    document.not_cloned = API_NOT_CLONED_CHIP;
    return document;
}

static void visit_open_by_card_comes_back(void **state)
{
    (void)state;
    static struct api_visit_open_private in = {.language = "nl", .has_document = true};
    static struct api_visit_open_private out;

    in.document = card_document();
    EXPECT_ROUND_TRIP(api_visit_open_write, api_visit_open_read, &in, &out);
    memset(in.document.given, 0, sizeof in.document.given); // one name, no date, nothing verified
    in.document.birth_date = (struct date){0};
    in.document.is_name_cut = true;
    in.document.is_pace = false;
    in.document.is_genuine = false;
    in.document.not_cloned = API_NOT_CLONED_NONE;
    EXPECT_ROUND_TRIP(api_visit_open_write, api_visit_open_read, &in, &out);
    memset(&in, 0, sizeof in);
    strcpy(in.pass, "04A2B3C4D5E680");
    EXPECT_ROUND_TRIP(api_visit_open_write, api_visit_open_read, &in, &out);
}

static void every_proof_against_cloning_comes_back(void **state)
{
    (void)state;
    static struct api_visit_open_private in = {.has_document = true};
    static struct api_visit_open_private out;
    for (int i = 0; i < API_NOT_CLONED_COUNT; i++) {
        in.document = card_document();
        in.document.not_cloned = (enum api_not_cloned)i;
        in.document.birth_date = (struct date){1984, 0, 0};

        EXPECT_ROUND_TRIP(api_visit_open_write, api_visit_open_read, &in, &out);
    }
}

// A document as it should be, but for one member.
#define CARD(members, checks) "{\"document\":{" members ",\"checks\":{" checks "}}}"
#define ZONE "\"kind\":\"I\",\"issuer\":\"NLD\",\"surname\":\"A\",\"is_name_cut\":false"
#define PROVEN "\"access\":\"pace\",\"is_genuine\":true,\"not_cloned\":\"chip\""

static void broken_card_is_refused(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{\"document\":{}}", "document: kind: is missing"},
        {"{\"document\":17}", "document: "},
        {"{\"document\":{" ZONE "}}", "document: checks: "},
        {CARD(ZONE, "\"access\":\"pace\",\"is_genuine\":true"), "document: checks: not_cloned"},
        {CARD(ZONE, "\"access\":\"nfc\",\"is_genuine\":true,\"not_cloned\":\"chip\""),
         "document: checks: access"},
        {CARD(ZONE, "\"access\":\"pace\",\"is_genuine\":1,\"not_cloned\":\"chip\""),
         "document: checks: is_genuine"},
        {CARD(ZONE ",\"given\":\"SANNE  MARIA\"", PROVEN), "document: surname: "},
        {CARD(ZONE ",\"given\":\"SANNE \"", PROVEN), "document: surname: "},
        {CARD(ZONE ",\"given\":\"Sanne\"", PROVEN), "document: surname: "},
        {CARD(ZONE ",\"given\":\"SANNE*\"", PROVEN), "document: surname: "},
        {CARD(ZONE ",\"birth_date\":\"1984-13-01\"", PROVEN), "document: birth_date: "},
        {CARD("\"kind\":\"IDX\",\"issuer\":\"NLD\",\"surname\":\"A\",\"is_name_cut\":false",
              PROVEN),
         "document: kind: "},
        {CARD("\"kind\":\"i\",\"issuer\":\"NLD\",\"surname\":\"A\",\"is_name_cut\":false", PROVEN),
         "document: kind: "},
        {CARD("\"kind\":\"I\",\"issuer\":\"N1\",\"surname\":\"A\",\"is_name_cut\":false", PROVEN),
         "document: kind: "},
        {CARD("\"kind\":\"I\",\"issuer\":\"NLD\",\"surname\":\"\",\"is_name_cut\":false", PROVEN),
         "document: surname: "},
        {"{\"pass\":\"04A2B3C4D5E68\"}", "pass: "},
        {"{\"pass\":\"04a2b3c4d5e680\"}", "pass: "},
        {"{\"pass\":\"04A2B3C4D5E68000000000\"}", "pass: "},
        {"{\"pass\":\"04A2B3C4\",\"code\":\"x\"}", "code: "},
        {"{\"pass\":\"04A2B3C4\",\"is_anonymous\":true}", "code: "},
        {"{\"pass\":\"04A2B3C4\",\"document\":{" ZONE ",\"checks\":{" PROVEN "}}}", "code: "},
        {"{\"code\":\"x\",\"document\":{" ZONE ",\"checks\":{" PROVEN "}}}", "code: "},
    };
    static struct api_visit_open_private out;
    static const struct api_visit_open_private nothing;

    EXPECT_REFUSED(api_visit_open_read, &out, refusals);
    assert_memory_equal(&out, &nothing, sizeof out);
}

static void broken_visit_open_is_refused(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{}", "code: is missing"},
        {"{\"code\":\"\"}", "code: "},
        {"{\"code\":\"a\",\"is_anonymous\":true}", "code: "},
        {"{\"code\":17}", "code: "},
        {"{\"code\":\"a\\nb\"}", "code: "},
        {"{\"code\":\"a\",\"language\":\"n\"}", "language: "},
    };
    static struct api_visit_open_private out;

    EXPECT_REFUSED(api_visit_open_read, &out, refusals);
}

static void code_one_byte_too_long_is_refused(void **state)
{
    (void)state;
    static struct api_visit_open_private out;
    char code[API_CODE_BYTES + 1] = {0};
    memset(code, 'x', API_CODE_BYTES);
    struct json *json = json_new_object();
    json_set_text(json, "code", code);

    assert_int_equal(api_visit_open_read(json, &out, NULL), ERR_MALFORMED);
    json_free(json);
}

static void second_fact_is_a_whole_date(void **state)
{
    (void)state;
    static const struct api_second_fact_private in = {.birth_date = {1984, 2, 29}};
    static const struct refusal refusals[] = {
        {"{}", "birth_date: is missing"},
        {"{\"birth_date\":\"1984-00-00\"}", "birth_date: "},
        {"{\"birth_date\":\"1984-02-00\"}", "birth_date: "},
        {"{\"birth_date\":\"1983-02-29\"}", "birth_date: "},
        {"{\"birth_date\":\"1984-2-29\"}", "birth_date: "},
        {"{\"birth_date\":19840229}", "birth_date: "},
    };
    static struct api_second_fact_private out;

    EXPECT_ROUND_TRIP(api_second_fact_write, api_second_fact_read, &in, &out);
    EXPECT_REFUSED(api_second_fact_read, &out, refusals);
}

static void full_visit_comes_back(void **state)
{
    (void)state;
    static struct api_visit_private in;
    static struct api_visit_private out;
    strcpy(in.id, UUID_1);
    in.state = VISIT_LOCKED;
    in.level = LEVEL_3;
    in.tries_left = 2;
    in.requests_ready = true;
    strcpy(in.initials, "N. H.");
    in.birth_year = 1984;
    strcpy(in.language, "nl");
    in.hidden_count = 2;
    strcpy(in.chosen, "forms:6a8c0a52-0000-4000-8000-00000000000c");
    in.list.sources_failed = 1U << REQUEST_FROM_ZAKEN;
    in.list.requests_count = REQUESTS_MAX;
    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        in.list.requests[i] = full_request();
    }

    EXPECT_ROUND_TRIP(api_visit_write, api_visit_read, &in, &out);
    EXPECT_ROUND_TRIP(api_requests_write, api_requests_read, &in.list, &out.list);
}

static void empty_visit_comes_back(void **state)
{
    (void)state;
    static const struct api_visit_private in = {.id = UUID_1};
    static struct api_visit_private out;

    EXPECT_ROUND_TRIP(api_visit_write, api_visit_read, &in, &out);
}

static void broken_visit_is_refused(void **state)
{
    (void)state;
#define VISIT "\"id\":\"" UUID_1 "\",\"state\":\"open\",\"level\":2,\"requests_ready\":true"
#define REQUEST                                                                                    \
    "\"id\":\"taken:1\",\"source\":\"taken\",\"kind\":\"form\",\"state\":\"busy\",\"subject\":"    \
    "\"money\",\"class\":\"ordinary\""
    static const struct refusal refusals[] = {
        {"{\"state\":\"open\"}", "id: is missing"},
        {"{\"id\":\"" UUID_1 "\",\"state\":\"gone\"}", "state: "},
        {"{\"id\":\"" UUID_1 "\",\"state\":\"open\",\"level\":4}", "level: "},
        {"{" VISIT ",\"requests\":{}}", "requests: must be a list"},
        {"{" VISIT ",\"requests\":[7]}", "requests: must be an object"},
        {"{" VISIT ",\"requests\":[{\"id\":\"taken:1\"}]}", "requests: source: is missing"},
        {"{" VISIT ",\"requests\":[{" REQUEST ",\"missing\":[1]}]}", "requests: missing: "},
        {"{" VISIT ",\"requests\":[{" REQUEST
         ",\"missing\":[\"\",\"\",\"\",\"\",\"\",\"\",\"\"]}]}",
         "requests: missing: holds more than 6"},
        {"{" VISIT ",\"requests\":[{" REQUEST ",\"facts\":[{\"label\":[]}]}]}",
         "requests: facts: label: "},
        {"{" VISIT ",\"requests\":[{" REQUEST ",\"steps_done\":2,\"steps_count\":1}]}",
         "requests: steps_done: "},
        {"{" VISIT ",\"requests\":[{" REQUEST ",\"deadline_at\":\"1950-01-01T00:00:00Z\"}]}",
         "requests: deadline_at: "},
        {"{" VISIT ",\"sources_failed\":[\"pigeons\"]}", "sources_failed: "},
    };
    static struct api_visit_private out;

    EXPECT_REFUSED(api_visit_read, &out, refusals);
}

static void refused_visit_leaves_nothing_private_behind(void **state)
{
    (void)state;
    static struct api_visit_private out;
    static const struct api_visit_private nothing;
    struct json *json = parsed("{" VISIT ",\"initials\":\"N. H.\",\"requests\":[{" REQUEST
                               ",\"title\":\"Schuld\",\"facts\":3}]}");

    assert_int_equal(api_visit_read(json, &out, NULL), ERR_MALFORMED);

    assert_memory_equal(&out, &nothing, sizeof out);
    json_wipe_free(json);
}

static void twenty_five_requests_are_refused(void **state)
{
    (void)state;
    static struct api_visit_private in = {.id = UUID_1};
    static struct api_visit_private out;
    in.list.requests_count = REQUESTS_MAX;
    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        in.list.requests[i] = full_request();
    }
    struct json *json = api_visit_write(&in);
    struct json *requests = json_clone(json_get(json, "requests"));
    json_append(requests, json_clone(json_at(requests, 0)));
    json_set(json, "requests", requests);
    struct fault fault = {0};

    assert_int_equal(api_visit_read(json, &out, &fault), ERR_MALFORMED);

    assert_string_equal(fault.text, "requests: holds more than 24");
    json_wipe_free(json);
}

static void words_of_a_back_office_leave_without_control_characters(void **state)
{
    (void)state;
    struct request_list_private in;
    memset(&in, 0, sizeof in);
    in.requests_count = 1;
    in.requests[0] = full_request();
    strcpy(in.requests[0].words, "eerst\r\ndan\xe2\x80\xae\xff.");
    static struct request_list_private out;

    struct json *json = api_requests_write(&in);

    assert_int_equal(api_requests_read(json, &out, NULL), OK);
    assert_string_equal(out.requests[0].words, "eerst  dan  .");
    json_free(json);
}

static void person_keeps_an_unknown_birth_day(void **state)
{
    (void)state;
    struct person_private in;
    static struct person_private out;
    memcpy(&in, &person_example, sizeof in);

    EXPECT_ROUND_TRIP(api_person_write, api_person_read, &in, &out);
    in.birth_date.day = 0;
    EXPECT_ROUND_TRIP(api_person_write, api_person_read, &in, &out);
    in.birth_date.month = 0;
    EXPECT_ROUND_TRIP(api_person_write, api_person_read, &in, &out);
    in.birth_date.year = 0;
    EXPECT_ROUND_TRIP(api_person_write, api_person_read, &in, &out);
}

static void broken_person_is_refused(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{}", "is_secret: is missing"},
        {"{\"is_secret\":false,\"birth_date\":\"1984-00-03\"}", "birth_date: "},
        {"{\"is_secret\":false,\"birth_date\":\"1984-13-00\"}", "birth_date: "},
        {"{\"is_secret\":false,\"birth_date\":\"1984/00-00\"}", "birth_date: "},
        {"{\"is_secret\":false,\"birth_date\":\"1984-00/00\"}", "birth_date: "},
        {"{\"is_secret\":false,\"birth_date\":\"19840000--\"}", "birth_date: "},
        {"{\"is_secret\":false,\"party\":\"" UUID_1 "0\"}", "party: "},
    };
    static struct person_private out;

    EXPECT_REFUSED(api_person_read, &out, refusals);
}

static void full_context_comes_back(void **state)
{
    (void)state;
    static struct context_private in;
    static struct context_private out;
    memcpy(&in.person, &person_example, sizeof in.person);
    evidence_add(&in.evidence, EVIDENCE_PORTAL_TOKEN);
    evidence_add(&in.evidence, EVIDENCE_BIRTH_DATE);
    in.level = LEVEL_3;
    in.has_request = true;
    in.request = full_request();
    in.others_count = CONTEXT_OTHERS_MAX;
    for (size_t i = 0; i < CONTEXT_OTHERS_MAX; i++) {
        strcpy(in.others[i].id, "taken:" UUID_1);
        strcpy(in.others[i].title, "Verhuizing doorgeven");
        in.others[i].subject = SUBJECT_MOVING;
        in.others[i].state = REQUEST_QUESTION;
        in.others[i].deadline_ms = 1795528327000;
    }
    in.form = (struct context_form_private){.id = UUID_2,
                                            .step = 2,
                                            .steps = 4,
                                            .answered = 3,
                                            .asked = 9,
                                            .key = "kenteken",
                                            .item = 1,
                                            .label = "Kenteken",
                                            .error = "plate",
                                            .tried = "XX"};
    strcpy(in.language, "ar");
    in.needs = NEED_SEEING;
    in.consent = (struct consent){.person = true, .request = true, .others = true};

    EXPECT_ROUND_TRIP(api_context_write, api_context_read, &in, &out);
}

static void context_without_consent_holds_no_person(void **state)
{
    (void)state;
    static const struct context_private in = {.language = "nl"};
    static struct context_private out;
    struct json *json = api_context_write(&in);

    assert_null(json_get(json, "person"));
    assert_null(json_get(json, "request"));

    json_free(json);
    EXPECT_ROUND_TRIP(api_context_write, api_context_read, &in, &out);
}

static void broken_context_is_refused(void **state)
{
    (void)state;
#define CONSENT "\"consent\":{\"person\":true,\"request\":true,\"others\":true}"
    static const struct refusal refusals[] = {
        {"{\"level\":1}", "evidence: is missing"},
        {"{\"evidence\":[\"gut\"],\"level\":1}", "evidence: "},
        {"{\"evidence\":[],\"level\":1}", "consent: must be an object"},
        {"{\"evidence\":[],\"level\":1," CONSENT ",\"person\":{}}", "person: is_secret: "},
        {"{\"evidence\":[],\"level\":1," CONSENT ",\"request\":{}}", "request: id: "},
        {"{\"evidence\":[],\"level\":1," CONSENT ",\"others\":[{}]}", "others: id: "},
    };
    static struct context_private out;

    EXPECT_REFUSED(api_context_read, &out, refusals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visit_open_comes_back),
        cmocka_unit_test(visit_open_by_card_comes_back),
        cmocka_unit_test(every_proof_against_cloning_comes_back),
        cmocka_unit_test(broken_card_is_refused),
        cmocka_unit_test(broken_visit_open_is_refused),
        cmocka_unit_test(code_one_byte_too_long_is_refused),
        cmocka_unit_test(second_fact_is_a_whole_date),
        cmocka_unit_test(full_visit_comes_back),
        cmocka_unit_test(empty_visit_comes_back),
        cmocka_unit_test(broken_visit_is_refused),
        cmocka_unit_test(refused_visit_leaves_nothing_private_behind),
        cmocka_unit_test(twenty_five_requests_are_refused),
        cmocka_unit_test(words_of_a_back_office_leave_without_control_characters),
        cmocka_unit_test(person_keeps_an_unknown_birth_day),
        cmocka_unit_test(broken_person_is_refused),
        cmocka_unit_test(full_context_comes_back),
        cmocka_unit_test(context_without_consent_holds_no_person),
        cmocka_unit_test(broken_context_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
