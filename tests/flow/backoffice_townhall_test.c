// SPDX-License-Identifier: EUPL-1.2
//
// The back-office adapters against the fictional town hall over real sockets: what the hub will see
// of every resident, and what stands in the register afterwards.
#include "adapters/backoffice.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/fakes/town_process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct stage {
    struct town_process town;
    struct loop *loop;
    struct clock clock;
    struct config config;
    struct backoffice *backoffice;
    // what the last question heard
    enum err err;
    struct fault fault;
    char party[UUID_TEXT_BYTES];
    char contact[UUID_TEXT_BYTES];
    struct evidence evidence;
    struct person_private person;
    struct request_list_private list;
    int status;
    bool is_listed;
};

static struct stage stage;

static int setup(void **state)
{
    *state = &stage;
    memset(&stage, 0, sizeof stage);
    town_process_start(&stage.town);
    town_process_config(&stage.town,
                        "taken.timeout_ms = 300\n"
                        "objecten.timeout_ms = 300\n"
                        "mijntaken.timeout_ms = 300\n"
                        "type.parkeervergunning = parking B ordinary\n"
                        "type.verhuizing = moving A ordinary\n"
                        "type.kwijtschelding = money B ordinary\n"
                        "type.rijbewijs = licence C ordinary\n"
                        "type.paspoort = passport A ordinary\n"
                        "type.bijstand = money B sensitive\n"
                        "task.verhuizing = moving A ordinary\n",
                        &stage.config);
    stage.loop = loop_new();
    stage.clock = clock_system();
    stage.backoffice = town_process_backoffice(stage.loop, &stage.clock, &stage.config);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    backoffice_close(stage.backoffice);
    loop_free(stage.loop);
    assert_true(town_process_stop(&stage.town));
    return 0;
}

static struct json *demo(const char *method, const char *target, const char *body)
{
    return town_process_ask(&stage.town, stage.loop, method, target, NULL, body, &stage.status);
}

static void on_redeemed(void *ctx, enum err err, const char *party, struct evidence evidence,
                        const struct fault *fault)
{
    (void)ctx;
    stage.err = err;
    stage.fault = *fault;
    stage.evidence = evidence;
    assert_int_equal(text_copy(stage.party, sizeof stage.party, party), OK);
    loop_stop(stage.loop);
}

static void on_person(void *ctx, enum err err, const struct person_private *person,
                      const struct fault *fault)
{
    (void)ctx;
    stage.err = err;
    stage.fault = *fault;
    stage.person = person == NULL ? (struct person_private){0} : *person;
    loop_stop(stage.loop);
}

static void on_requests(void *ctx, const struct request_list_private *list,
                        const struct fault *fault)
{
    (void)ctx;
    stage.list = *list;
    stage.fault = *fault;
    loop_stop(stage.loop);
}

static void on_contact(void *ctx, enum err err, const char *contact, const struct fault *fault)
{
    (void)ctx;
    stage.err = err;
    stage.fault = *fault;
    assert_int_equal(text_copy(stage.contact, sizeof stage.contact, contact), OK);
    loop_stop(stage.loop);
}

static void on_identified(void *ctx, enum err err, const struct person_private *person,
                          const struct fault *fault)
{
    on_person(ctx, err, person, fault);
}

static void on_listed(void *ctx, const struct request_list_private *list, const struct fault *fault)
{
    stage.is_listed = true;
    on_requests(ctx, list, fault);
}

static struct backoffice_code_private mint(const char *resident, const char *kind)
{
    char body[128];
    (void)snprintf(body, sizeof body, "{\"resident\":\"%s\",\"kind\":\"%s\"}", resident, kind);
    struct json *made = demo("POST", "/demo/tokens", body);
    struct backoffice_code_private code = {
        .kind = strncmp(kind, "paper", 5) == 0 ? BACKOFFICE_PAPER : BACKOFFICE_TOKEN};
    assert_int_equal(text_copy(code.text, sizeof code.text, json_get_text(made, "code")), OK);
    entropy_uuid(code.key);
    json_free(made);
    return code;
}

static enum err redeem(const struct backoffice_code_private *code)
{
    stage.backoffice->ops->redeem(stage.backoffice, code, on_redeemed, NULL);
    loop_run(stage.loop);
    return stage.err;
}

static void meet(const char *resident)
{
    const struct backoffice_code_private code = mint(resident, "live");
    assert_int_equal(redeem(&code), OK);
    stage.backoffice->ops->person(stage.backoffice, stage.party, on_person, NULL);
    loop_run(stage.loop);
}

static void ask_requests(void)
{
    stage.backoffice->ops->requests(stage.backoffice, stage.party, on_requests, NULL);
    loop_run(stage.loop);
}

static void fault_of(const char *source, const char *kind)
{
    char body[128];
    (void)snprintf(body, sizeof body, "{\"source\":\"%s\",\"kind\":\"%s\"}", source, kind);
    json_free(demo("POST", "/demo/faults", body));
    assert_int_equal(stage.status, 200);
}

static const struct request_private *about(enum request_subject subject)
{
    for (size_t i = 0; i < stage.list.requests_count; i++) {
        if (stage.list.requests[i].subject == subject) {
            return &stage.list.requests[i];
        }
    }
    return NULL;
}

static enum err identify(const char *surname, const char *given, struct date birth_date)
{
    struct backoffice_document_private document = {.birth_date = birth_date};
    assert_int_equal(text_copy(document.surname, sizeof document.surname, surname), OK);
    assert_int_equal(text_copy(document.given, sizeof document.given, given), OK);
    stage.is_listed = false;
    stage.backoffice->ops->identify(stage.backoffice, &document, on_identified, on_listed, NULL);
    loop_run(stage.loop);
    return stage.err;
}

static void document_means_the_one_person_of_its_name_and_day(void **state)
{
    (void)state;
    assert_int_equal(identify("HADDAD", "NADIA", (struct date){1984, 5, 17}), OK);

    assert_string_equal(stage.person.name, "Nadia Haddad");
    assert_string_equal(stage.person.party, "f9bac7d1-5778-4226-9332-c4dc02d70c7c");
    assert_string_equal(stage.person.language, "ar");
    assert_false(stage.is_listed);
}

static void document_is_found_though_its_zone_writes_the_name_otherwise(void **state)
{
    (void)state;
    const struct date born = {1971, 1, 31};
    assert_int_equal(identify("VAN DER MUELLER DOORSNEE", "JOERG RENE", born), OK);
    assert_string_equal(stage.person.initials, "J. R. M.");
    assert_int_equal(identify("VAN DER MULLER DOORSNEE", "JORG RENE", born), OK);
    assert_int_equal(identify("MULLER DOORSNEE", "JORG RENE", born), ERR_NOT_FOUND);
}

static void document_that_fits_nobody_or_several_chooses_nobody(void **state)
{
    (void)state;
    const struct date born = {1990, 4, 4};
    assert_int_equal(identify("EVENBEELD", "JAN WILLEM", born), ERR_DUPLICATE);
    assert_string_equal(stage.person.name, "");
    assert_int_equal(identify("EVENBEELD", "JAN", born), ERR_NOT_FOUND);
    assert_int_equal(identify("HADDAD", "NADIA", born), ERR_NOT_FOUND);
    assert_int_equal(identify("VEELNAAM", "ANNE", (struct date){1980, 1, 1}), ERR_DUPLICATE);
    assert_int_equal(identify("WELEER", "WILLEM", (struct date){1938, 12, 1}), ERR_NOT_FOUND);
}

static void secret_resident_is_found_and_stays_without_a_name(void **state)
{
    (void)state;
    assert_int_equal(identify("GEHEIMHOF", "GEERT", (struct date){1963, 3, 9}), OK);

    assert_true(stage.person.is_secret);
    assert_string_equal(stage.person.name, "");
    assert_string_equal(stage.person.initials, "");
}

static void person_without_a_party_is_known_and_her_matters_are_listed_at_once(void **state)
{
    (void)state;
    assert_int_equal(identify("NIEUWKOMER", "VERA", (struct date){1996, 8, 15}), OK);
    assert_string_equal(stage.person.party, "");
    assert_string_equal(stage.person.name, "Vera Nieuwkomer");

    if (!stage.is_listed) {
        loop_run(stage.loop);
    }

    assert_true(stage.is_listed);
    assert_int_equal(stage.list.requests_count, 1);
    assert_int_equal(stage.list.sources_failed, 0);
    assert_int_equal(stage.list.requests[0].subject, SUBJECT_MOVING);
}

static void document_is_believed_of_no_register_that_lies_or_is_silent(void **state)
{
    (void)state;
    static const char *const sources[] = {"brp", "klantinteracties"};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        fault_of(sources[i], "lying");
        assert_int_equal(identify("HADDAD", "NADIA", (struct date){1984, 5, 17}), ERR_MALFORMED);
        fault_of(sources[i], "down");
        assert_int_equal(identify("HADDAD", "NADIA", (struct date){1984, 5, 17}), ERR_UNAVAILABLE);
        fault_of(sources[i], "off");
    }
}

static void pass_is_a_claim_until_it_is_withdrawn(void **state)
{
    (void)state;
    struct backoffice_code_private code = {.kind = BACKOFFICE_PASS, .text = "04A2B3C4D5E680"};
    entropy_uuid(code.key);
    assert_int_equal(redeem(&code), OK);
    assert_int_equal(evidence_level(stage.evidence), LEVEL_1);
    assert_true(evidence_has(stage.evidence, EVIDENCE_PASS_NUMBER));
    assert_int_equal(text_copy(code.text, sizeof code.text, "04A2B3C4D5E681"), OK);
    assert_int_equal(redeem(&code), ERR_EXPIRED);
    assert_int_equal(text_copy(code.text, sizeof code.text, "04A2B3C4"), OK);
    assert_int_equal(redeem(&code), ERR_NOT_FOUND);
}

static void nadia_is_met_as_she_is(void **state)
{
    (void)state;

    meet("nadia");

    assert_int_equal(stage.err, OK);
    assert_int_equal(evidence_level(stage.evidence), LEVEL_2);
    assert_string_equal(stage.person.name, "Nadia Haddad");
    assert_string_equal(stage.person.initials, "N. H.");
    assert_string_equal(stage.person.language, "ar");
    assert_int_equal(stage.person.birth_date.year, 1984);
    assert_int_equal(stage.person.birth_date.month, 5);
    assert_int_equal(stage.person.birth_date.day, 17);
    assert_false(stage.person.is_secret);
}

static void nadias_parking_permit_lacks_its_number_plate(void **state)
{
    (void)state;
    meet("nadia");

    ask_requests();

    assert_int_equal(stage.list.sources_failed, 0);
    assert_int_equal(stage.list.requests_count, 4);
    const struct request_private *parking = about(SUBJECT_PARKING);
    assert_ptr_equal(parking, &stage.list.requests[0]);
    assert_string_equal(parking->title, "Parkeervergunning");
    assert_string_equal(parking->reference, "10442");
    assert_int_equal(parking->state, REQUEST_MISSING);
    assert_int_equal(parking->missing_count, 1);
    assert_string_equal(parking->missing[0], "Kenteken");
    assert_int_equal(parking->steps_done, 3);
    assert_int_equal(parking->steps_count, 4);
    assert_int_equal(parking->facts_count, 3);
    assert_string_equal(parking->facts[1].value, "Centrum, zone B");
    assert_int_equal(clock_local_day(parking->deadline_ms),
                     clock_local_day(clock_now_ms(&stage.clock)) + 7);
}

static void other_matters_of_nadia_have_their_states(void **state)
{
    (void)state;
    meet("nadia");

    ask_requests();

    const struct request_private *moving = about(SUBJECT_MOVING);
    assert_non_null(moving);
    assert_int_equal(moving->state, REQUEST_QUESTION);
    assert_int_equal(moving->missing_count, 1);
    assert_int_equal(moving->facts_count, 1); // the telephone number is sensitive
    assert_int_equal(about(SUBJECT_MONEY)->state, REQUEST_BUSY);
    assert_int_equal(about(SUBJECT_LICENCE)->state, REQUEST_DONE);
}

static void secret_resident_has_no_name(void **state)
{
    (void)state;

    meet("joost");

    assert_int_equal(stage.err, OK);
    assert_true(stage.person.is_secret);
    assert_string_equal(stage.person.name, "");
    assert_string_equal(stage.person.initials, "");
}

static void deceased_resident_is_not_found(void **state)
{
    (void)state;

    meet("willem");

    assert_int_equal(stage.err, ERR_NOT_FOUND);
}

static void birth_dates_keep_what_the_register_does_not_know(void **state)
{
    (void)state;

    meet("fatma");
    assert_int_equal(stage.person.birth_date.year, 1966);
    assert_int_equal(stage.person.birth_date.month, 0);
    meet("amina");
    assert_int_equal(stage.person.birth_date.month, 3);
    assert_int_equal(stage.person.birth_date.day, 0);
    meet("karel");
    assert_int_equal(stage.person.birth_date.year, 0);
}

static void unlisted_matter_is_told_without_what_it_is(void **state)
{
    (void)state;
    meet("olena");

    ask_requests();

    assert_int_equal(stage.list.requests_count, 2);
    const struct request_private *unlisted = about(SUBJECT_LETTER);
    assert_non_null(unlisted);
    assert_int_equal(unlisted->class, REQUEST_SENSITIVE);
    assert_string_equal(unlisted->title, "");
    assert_string_equal(unlisted->words, "");
}

static void nothing_open_is_an_empty_list(void **state)
{
    (void)state;
    meet("lars");

    ask_requests();

    assert_int_equal(stage.list.requests_count, 0);
    assert_int_equal(stage.list.sources_failed, 0);
}

static void token_is_redeemed_once_and_answers_its_key_again(void **state)
{
    (void)state;
    struct backoffice_code_private code = mint("nadia", "live");

    assert_int_equal(redeem(&code), OK);
    assert_int_equal(redeem(&code), OK);
    entropy_uuid(code.key);
    assert_int_equal(redeem(&code), ERR_GONE);
}

static void bad_codes_say_why(void **state)
{
    (void)state;
    struct backoffice_code_private code = mint("nadia", "expired");
    assert_int_equal(redeem(&code), ERR_EXPIRED);
    code = mint("nadia", "other_hall");
    assert_int_equal(redeem(&code), ERR_REFUSED);
    code = mint("nadia", "forged");
    assert_int_equal(redeem(&code), ERR_CRYPTO);
    code = mint("nadia", "paper");
    code.text[10] = code.text[10] == 'A' ? 'B' : 'A';
    assert_int_equal(redeem(&code), ERR_NOT_FOUND);
}

static void letters_code_is_a_claim_and_works_twice(void **state)
{
    (void)state;
    struct backoffice_code_private code = mint("nadia", "paper");

    assert_int_equal(redeem(&code), OK);
    assert_int_equal(evidence_level(stage.evidence), LEVEL_1);
    entropy_uuid(code.key);
    assert_int_equal(redeem(&code), OK);
}

// A MijnTaken provider cannot be caught lying: its answer names nobody.
static void failing_source_narrows_the_list_and_says_so(void **state)
{
    (void)state;
    static const char *const kinds[] = {"down", "slow", "wrong", "lying"};
    static const struct {
        const char *resident;
        const char *source;
        enum request_source bit;
        size_t kinds_count;
        size_t left_count;
    } table[] = {
        {"nadia", "taken", REQUEST_FROM_TAKEN, 4, 3},
        {"mies", "objecten", REQUEST_FROM_OBJECTEN, 4, 2},
        {"mies", "mijntaken", REQUEST_FROM_MIJNTAKEN, 3, 1},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        meet(table[i].resident);
        for (size_t j = 0; j < table[i].kinds_count; j++) {
            fault_of(table[i].source, kinds[j]);
            ask_requests();
            assert_int_equal(stage.list.sources_failed, 1U << table[i].bit);
            assert_int_equal(stage.list.requests_count, table[i].left_count);
            for (size_t k = 0; k < stage.list.requests_count; k++) {
                assert_int_not_equal(stage.list.requests[k].source, table[i].bit);
            }
        }
        fault_of(table[i].source, "off");
        ask_requests();
        assert_int_equal(stage.list.sources_failed, 0);
    }
}

static const struct request_private *from(enum request_source source)
{
    for (size_t i = 0; i < stage.list.requests_count; i++) {
        if (stage.list.requests[i].source == source) {
            return &stage.list.requests[i];
        }
    }
    return NULL;
}

static void object_that_links_elsewhere_is_a_code_for_the_phone(void **state)
{
    (void)state;
    meet("tomasz");

    ask_requests();

    assert_int_equal(stage.list.sources_failed, 0);
    const struct request_private *task = from(REQUEST_FROM_OBJECTEN);
    assert_non_null(task);
    assert_string_equal(task->id, "objecten:0c7a9a52-3d0f-4c55-9b1e-1f0a6d2c7e01");
    assert_string_equal(task->title, "Verhuizing: bevestig wie er bij u woont");
    assert_int_equal(task->kind, REQUEST_LINK);
    assert_string_equal(task->link, "https://voorbeeldstad.example/inwoning");
    assert_int_equal(clock_local_day(task->deadline_ms),
                     clock_local_day(clock_now_ms(&stage.clock)) + 9);
}

static void task_and_its_case_are_one_whatever_the_source(void **state)
{
    (void)state;
    meet("mies");

    ask_requests();

    // Her licence's case stands in the payment alone, joined by its UUID.
    assert_int_equal(stage.list.requests_count, 2);
    const struct request_private *payment = from(REQUEST_FROM_OBJECTEN);
    assert_ptr_equal(payment, &stage.list.requests[0]);
    assert_int_equal(payment->kind, REQUEST_PAYMENT);
    assert_string_equal(payment->title, "Rijbewijs");
    assert_string_equal(payment->reference, "10495");
    assert_string_equal(payment->link, "");
    assert_int_equal(payment->subject, SUBJECT_LICENCE);
    assert_string_equal(from(REQUEST_FROM_MIJNTAKEN)->link,
                        "https://mijn.voorbeeldstad.example/huurcontract");

    // His by its number.
    meet("joost");
    ask_requests();
    assert_int_equal(stage.list.requests_count, 1);
    const struct request_private *photo = from(REQUEST_FROM_MIJNTAKEN);
    assert_non_null(photo);
    assert_string_equal(photo->title, "Rijbewijs");
    assert_string_equal(photo->reference, "10470");
    assert_string_equal(photo->words, "Kies een fotograaf bij u in de buurt");
    assert_string_equal(photo->link, "https://voorbeeldstad.example/fotograaf");
}

static void portals_form_is_listed_once_and_cannot_be_opened_here(void **state)
{
    (void)state;
    meet("karel");

    ask_requests();

    const struct request_private *task = from(REQUEST_FROM_OBJECTEN);
    assert_non_null(task);
    assert_string_equal(task->title, "Verhuizing: uw oude adres");
    assert_int_equal(task->kind, REQUEST_LINK);
    assert_string_equal(task->link, "");
    assert_int_equal(stage.list.requests_count, 2); // the one that is done is not among them
}

// Asked with another configuration, once the town knows them.
static enum err ask_again(const char *without, const char *instead)
{
    for (size_t i = 0; i < stage.config.entries_count; i++) {
        struct config_entry *entry = &stage.config.entries[i];
        if (text_starts_with(entry->key, without)) {
            assert_int_equal(text_copy(entry->key, sizeof entry->key, instead), OK);
        }
    }
    struct backoffice *fresh = NULL;
    const enum err err =
        backoffice_open(&fresh, stage.loop, &stage.clock, &stage.config, &stage.fault);
    if (err == OK) {
        backoffice_close(stage.backoffice);
        stage.backoffice = fresh;
        ask_requests();
    }
    return err;
}

static void source_that_is_not_configured_narrows_nothing_else(void **state)
{
    (void)state;
    meet("mies");

    assert_int_equal(ask_again("mijntaken.url", "no.mijntaken"), OK);
    assert_int_equal(stage.list.sources_failed, 0);
    assert_int_equal(stage.list.requests_count, 1);
    assert_int_equal(ask_again("objecten.url", "no.objecten"), OK);
    assert_int_equal(stage.list.sources_failed, 0);
    assert_int_equal(stage.list.requests_count, 1);
    assert_int_equal(stage.list.requests[0].source, REQUEST_FROM_ZAKEN);
}

static void objects_without_their_type_are_not_asked_for(void **state)
{
    (void)state;
    meet("mies");

    assert_int_equal(ask_again("objecten.type", "no.type"), ERR_MALFORMED);

    assert_non_null(strstr(stage.fault.text, "objecten: type"));
}

static void lying_registers_are_not_believed(void **state)
{
    (void)state;
    meet("nadia");
    fault_of("brp", "lying");
    meet("nadia");
    assert_int_equal(stage.err, ERR_MALFORMED);
    fault_of("brp", "off");
    fault_of("klantinteracties", "lying");
    meet("nadia");
    assert_int_equal(stage.err, ERR_MALFORMED);
    ask_requests();
    assert_int_equal(stage.list.sources_failed,
                     1U << REQUEST_FROM_TAKEN | 1U << REQUEST_FROM_ZAKEN |
                         1U << REQUEST_FROM_OBJECTEN | 1U << REQUEST_FROM_MIJNTAKEN);
}

static struct contact_private a_contact(enum finish_outcome outcome)
{
    struct contact_private contact = {.subject = "Parkeervergunning",
                                      .words = "Kenteken doorgegeven",
                                      .number = "B042",
                                      .language = "ar",
                                      .staff = "m.dewit@voorbeeldstad.example",
                                      .desk = "3",
                                      .happened_ms = 1795525200000,
                                      .outcome = outcome};
    entropy_uuid(contact.key);
    assert_int_equal(text_copy(contact.party, sizeof contact.party, stage.party), OK);
    assert_int_equal(text_copy(contact.request, sizeof contact.request, stage.list.requests[0].id),
                     OK);
    return contact;
}

static void deliver(const struct contact_private *contact)
{
    stage.backoffice->ops->contact(stage.backoffice, contact, on_contact, NULL);
    loop_run(stage.loop);
}

static size_t contacts_count(void)
{
    struct json *list = demo("GET", "/demo/contacts", NULL);
    const size_t count = json_len(list);
    json_free(list);
    return count;
}

static void contact_delivered_twice_stands_once(void **state)
{
    (void)state;
    meet("nadia");
    ask_requests();
    const struct contact_private contact = a_contact(FINISH_VISITOR_MUST_ACT);

    deliver(&contact);
    assert_int_equal(stage.err, OK);
    char first[UUID_TEXT_BYTES];
    assert_int_equal(text_copy(first, sizeof first, stage.contact), OK);
    deliver(&contact);

    assert_int_equal(stage.err, OK);
    assert_string_equal(stage.contact, first);
    assert_int_equal(contacts_count(), 1);
}

static void contact_about_a_task_elsewhere_names_it(void **state)
{
    (void)state;
    meet("mies");
    ask_requests();
    const struct contact_private contact = a_contact(FINISH_VISITOR_MUST_ACT);

    deliver(&contact);

    assert_int_equal(stage.err, OK);
    struct json *list = demo("GET", "/demo/contacts", NULL);
    const struct json *about = json_path(list, "0.onderwerpobject.onderwerpobjectidentificator");
    assert_string_equal(json_get_text(about, "objectId"), "0c7a9a52-3d0f-4c55-9b1e-1f0a6d2c7e02");
    assert_string_equal(json_get_text(about, "codeRegister"), "objecten");
    json_free(list);
}

static void contact_whose_answer_was_lost_is_found_again(void **state)
{
    (void)state;
    meet("nadia");
    ask_requests();
    const struct contact_private contact = a_contact(FINISH_PASSED_ON);
    struct json *answer =
        demo("POST", "/demo/faults", "{\"source\":\"klantinteracties\",\"kind\":\"lost\"}");
    json_free(answer);
    assert_int_equal(stage.status, 200);

    deliver(&contact);
    assert_int_equal(stage.err, ERR_UNKNOWN);
    fault_of("klantinteracties", "off");
    deliver(&contact);

    assert_int_equal(stage.err, OK);
    assert_int_equal(contacts_count(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(document_means_the_one_person_of_its_name_and_day, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(document_is_found_though_its_zone_writes_the_name_otherwise,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(document_that_fits_nobody_or_several_chooses_nobody, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(secret_resident_is_found_and_stays_without_a_name, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            person_without_a_party_is_known_and_her_matters_are_listed_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(document_is_believed_of_no_register_that_lies_or_is_silent,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(pass_is_a_claim_until_it_is_withdrawn, setup, teardown),
        cmocka_unit_test_setup_teardown(nadia_is_met_as_she_is, setup, teardown),
        cmocka_unit_test_setup_teardown(nadias_parking_permit_lacks_its_number_plate, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(other_matters_of_nadia_have_their_states, setup, teardown),
        cmocka_unit_test_setup_teardown(secret_resident_has_no_name, setup, teardown),
        cmocka_unit_test_setup_teardown(deceased_resident_is_not_found, setup, teardown),
        cmocka_unit_test_setup_teardown(birth_dates_keep_what_the_register_does_not_know, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(unlisted_matter_is_told_without_what_it_is, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nothing_open_is_an_empty_list, setup, teardown),
        cmocka_unit_test_setup_teardown(token_is_redeemed_once_and_answers_its_key_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(bad_codes_say_why, setup, teardown),
        cmocka_unit_test_setup_teardown(letters_code_is_a_claim_and_works_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(failing_source_narrows_the_list_and_says_so, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(object_that_links_elsewhere_is_a_code_for_the_phone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(task_and_its_case_are_one_whatever_the_source, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(portals_form_is_listed_once_and_cannot_be_opened_here,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(source_that_is_not_configured_narrows_nothing_else, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(objects_without_their_type_are_not_asked_for, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(lying_registers_are_not_believed, setup, teardown),
        cmocka_unit_test_setup_teardown(contact_delivered_twice_stands_once, setup, teardown),
        cmocka_unit_test_setup_teardown(contact_about_a_task_elsewhere_names_it, setup, teardown),
        cmocka_unit_test_setup_teardown(contact_whose_answer_was_lost_is_found_again, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
