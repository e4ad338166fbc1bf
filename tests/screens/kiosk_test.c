// SPDX-License-Identifier: EUPL-1.2
//
// Every screen of the kiosk in every language and mode, and the way of a visit through them.
#include "apps/kiosk/kiosk.h"
#include "tests/fakes/at_kiosk.h"
#include "tests/fakes/hand.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/told.h"
#include "ui/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct stage stage;
static struct kiosk kiosk;
static struct scenes scenes;
static struct hub_message_private message;
static int64_t november_ms = 1795438320000; // 23 November 2026, 13.52 in Amsterdam

static const char live_token[] =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsifQ.eyJpc3MiOiJwb3J0YWFsIn0aaaaaaaaaaaa."
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static const char a_link[] = "https://formulieren.voorbeeldstad.example/submissions/"
                             "00000000-0000-4000-8000-000000000003/7av-9c45bd8ac14848ab8e13/resume";
static const char a_login[] =
    "https://formulieren.voorbeeldstad.example/auth/vraag-met-digid/digid/"
    "start?next=https://formulieren.voorbeeldstad.example/vraag-met-digid";

static const char a_ticket[] = "KQ1:B042:JHT6RKUWG+MH4+QT8BPXVFA1";

static void service(struct api_state *state, char letter, const char *const names[3],
                    enum request_subject subject)
{
    struct api_state_service *made = &state->services[state->services_count++];
    *made = (struct api_state_service){.letter = letter, .subject = subject};
    made->wait = (struct wait_band){.is_known = true, .minutes_min = 10, .minutes_max = 15};
    for (size_t i = 0; i < 3; i++) {
        hand_put(made->names[i], sizeof made->names[i], names[i]);
    }
}

static void connect(void)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_CONNECTED;
    hand_put(message.state.town, API_NAME_BYTES, "Gemeente Voorbeeldstad");
    service(&message.state, 'A',
            (const char *const[]){"Paspoort of ID-kaart", "Passport or ID card", "جواز السفر"},
            SUBJECT_PASSPORT);
    service(&message.state, 'B', (const char *const[]){"Parkeren", "Parking", "وقوف السيارات"},
            SUBJECT_PARKING);
    service(&message.state, 'C',
            (const char *const[]){"Rijbewijs", "Driving licence", "رخصة القيادة"}, SUBJECT_LICENCE);
    service(&message.state, 'D', (const char *const[]){"Verhuizen", "Moving house", "الانتقال"},
            SUBJECT_MOVING);
    service(&message.state, 'E',
            (const char *const[]){"Belasting en hulp bij geld", "Taxes and help with money",
                                  "الضرائب والمساعدة المالية"},
            SUBJECT_MONEY);
    service(&message.state, 'F', (const char *const[]){"Iets anders", "Something else", "أمر آخر"},
            SUBJECT_LETTER);
    kiosk_take(&kiosk, &message);
}

static struct request_private *request(struct api_visit_private *visit, const char *title,
                                       enum request_subject subject, enum request_state state)
{
    struct request_private *made = &visit->list.requests[visit->list.requests_count++];
    *made = (struct request_private){.subject = subject, .state = state, .service = 'B'};
    hand_put(made->title, sizeof made->title, title);
    (void)snprintf(made->id, sizeof made->id, "taken:%u", (unsigned)visit->list.requests_count);
    made->started_ms = 1794474000000; // 12 November 2026
    return made;
}

// What the hub answers once the second fact was right.
static void open_visit(void)
{
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_VISIT);
    struct api_visit_private *visit = &message.visit;
    visit->state = VISIT_OPEN;
    visit->level = LEVEL_3;
    visit->requests_ready = true;
    visit->birth_year = 1984;
    hand_put(visit->id, sizeof visit->id, "00000000-0000-4000-8000-000000000001");
    hand_put(visit->initials, sizeof visit->initials, "N. H.");
    struct request_private *parking =
        request(visit, "Parkeervergunning", SUBJECT_PARKING, REQUEST_MISSING);
    hand_put(parking->missing[parking->missing_count++], REQUEST_MISSING_BYTES, "Kenteken");
    hand_put(parking->reference, REQUEST_REFERENCE_BYTES, "10442");
    hand_put(parking->words, REQUEST_WORDS_BYTES, "Vul het kenteken van uw auto in");
    parking->steps_done = 3;
    parking->started_ms = 1793696400000; // 3 November
    parking->steps_count = 4;
    parking->deadline_ms = 1796079599000; // 30 November 2026
    request(visit, "Verhuizing doorgeven", SUBJECT_MOVING, REQUEST_QUESTION)->steps_count = 1;
    request(visit, "Kwijtschelding belasting", SUBJECT_MONEY, REQUEST_BUSY)->deadline_ms =
        1797289199000; // 14 December, end of day
    request(visit, "Rijbewijs", SUBJECT_LICENCE, REQUEST_DONE);
    kiosk_take(&kiosk, &message);
}

static void need_second_fact(void)
{
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_VISIT);
    message.visit.state = VISIT_NEEDS_SECOND_FACT;
    message.visit.tries_left = 3;
    hand_put(message.visit.id, sizeof message.visit.id, "00000000-0000-4000-8000-000000000001");
    kiosk_take(&kiosk, &message);
}

static void refuse(const char *code, unsigned tries_left)
{
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_PROBLEM);
    message.problem.tries_left = tries_left;
    hand_put(message.problem.code, sizeof message.problem.code, code);
    kiosk_take(&kiosk, &message);
}

static void give_ticket(void)
{
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_TICKET);
    struct api_ticket *ticket = &message.ticket;
    hand_put(ticket->ticket.id, UUID_TEXT_BYTES, "00000000-0000-4000-8000-000000000002");
    hand_put(ticket->ticket.number, TICKET_NUMBER_BYTES, "B042");
    hand_put(ticket->ticket.request, REQUEST_ID_BYTES, "taken:1");
    hand_put(ticket->reference, API_REFERENCE_BYTES, "KQ1:B042:JHT6RKUWG+MH4+QT8BPXVFA1");
    ticket->ticket.subject = SUBJECT_PARKING;
    ticket->ticket.service = 'B';
    ticket->wait = (struct wait_band){.is_known = true,
                                      .minutes_min = 10,
                                      .minutes_max = 15,
                                      .likely_ms = 1795439100000}; // 14.05 in Amsterdam
    kiosk_take(&kiosk, &message);
}

static void start(void)
{
    kiosk_end(&kiosk);
    connect();
    kiosk.printer_ok = true;
    kiosk.scanner_ok = true;
}

static void tap(const char *id)
{
    hand_tap(&scenes, id, &kiosk.now_ms);
}

static size_t show(const char *name)
{
    return stage_findings(&stage, scenes_top(&scenes), &kiosk, name, &audit_kiosk);
}

static void dress(const char *language, enum stage_mode mode)
{
    at_kiosk_dress(&stage, &kiosk, language, mode);
}

// Up to the list.
static void go_to_requests(const char *language, enum stage_mode mode)
{
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    need_second_fact();
    hand_put(kiosk.visit.digits, sizeof kiosk.visit.digits, "17051984");
    kiosk_send_birth_date(&kiosk);
    open_visit();
    dress(language, mode);
}

static void go_to_ticket(const char *language, enum stage_mode mode)
{
    go_to_requests(language, mode);
    tap("request.0");
    tap("to_counter");
    tap("agree");
    give_ticket();
}

static void go_to_birth_date(const char *language, enum stage_mode mode)
{
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    need_second_fact();
    dress(language, mode);
}

static void go_to_timeout(const char *language, enum stage_mode mode)
{
    go_to_requests(language, mode);
    kiosk.warned_ms = kiosk.now_ms - 6000;
    scenes_push(&scenes, &kiosk_scene_timeout);
}

static void go_to_message(const char *code, const char *language, enum stage_mode mode)
{
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    refuse(code, 0);
    dress(language, mode);
}

static void go_to_link_message(const char *code, const char *language, enum stage_mode mode)
{
    start();
    kiosk_scan(&kiosk, a_link, strlen(a_link));
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_PROBLEM);
    hand_put(message.problem.code, sizeof message.problem.code, code);
    hand_put(message.problem.login_url, sizeof message.problem.login_url,
             strcmp(code, "form_login") == 0 ? a_login : "");
    kiosk_take(&kiosk, &message);
    dress(language, mode);
}

// What the hub answers once the source opened the link.
static void open_visit_by_link(void)
{
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_VISIT);
    message.visit.state = VISIT_OPEN;
    message.visit.level = LEVEL_1;
    message.visit.requests_ready = true;
    hand_put(message.visit.id, sizeof message.visit.id, "00000000-0000-4000-8000-000000000001");
    struct request_private *form =
        request(&message.visit, "Vraag of klacht", SUBJECT_LETTER, REQUEST_QUESTION);
    form->kind = REQUEST_FORM;
    form->class = REQUEST_BY_LINK;
    form->started_ms = 0;
    hand_put(message.visit.chosen, sizeof message.visit.chosen, form->id);
    kiosk_take(&kiosk, &message);
}

static void go_to_link_list(const char *language, enum stage_mode mode)
{
    start();
    kiosk_scan(&kiosk, a_link, strlen(a_link));
    open_visit_by_link();
    fill_leave(&kiosk.visit.form);
    dress(language, mode);
}

static const char *const link_codes[] = {"link_expired", "link_used", "form_login",
                                         "form_unsupported", "backoffice_unavailable"};
enum { LINK_CODES_COUNT = sizeof link_codes / sizeof link_codes[0] };

static size_t show_links(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    char name[48];
    for (size_t i = 0; i < LINK_CODES_COUNT; i++) {
        go_to_link_message(link_codes[i], language, mode);
        (void)snprintf(name, sizeof name, "kiosk-link-%s", link_codes[i]);
        findings += show(name);
    }
    go_to_link_list(language, mode);
    findings += show("kiosk-link-list");
    tap("request.0");
    findings += show("kiosk-link-request");
    tap("to_counter");
    findings += show("kiosk-link-consent");
    return findings;
}

// A hub that has forms to begin.
static void offer_new(void)
{
    kiosk.state.has_catalogue = true;
}

static void publish(const char *title, bool is_here, char letter, enum request_subject subject)
{
    struct catalogue *catalogue = &message.catalogue;
    struct published *form = &catalogue->forms[catalogue->forms_count++];
    *form = (struct published){.is_here = is_here, .service = letter, .subject = subject};
    hand_put(form->title, sizeof form->title, title);
    (void)snprintf(form->id, sizeof form->id, "00000000-0000-4000-8000-0000000001%02u",
                   (unsigned)catalogue->forms_count % 100); // always fits
    hand_put(form->url, sizeof form->url, "https://formulieren.voorbeeldstad.example/vraag");
}

static void give_catalogue(size_t more)
{
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_CATALOGUE);
    publish("Afval laten ophalen", true, 'F', SUBJECT_LETTER);
    publish("Kwijtschelding aanvragen", false, 'E', SUBJECT_MONEY);
    publish("Melding met foto", true, 0, SUBJECT_LETTER);
    publish("Bezoekersvergunning voor bewoners aanvragen of wijzigen", false, 0, SUBJECT_LETTER);
    for (size_t i = 0; i < more; i++) {
        publish(i == 2
                    ? "Verklaring van de gemeente aanvragen voor een evenement op de openbare weg "
                      "met meer dan tweehonderdvijftig bezoekers, muziek en een tent"
                    : "Vraag of klacht",
                true, 0, SUBJECT_LETTER);
    }
    kiosk_take(&kiosk, &message);
}

// A visit without a person, as the hub opens it.
static void open_visit_of_nobody(void)
{
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_VISIT);
    message.visit.state = VISIT_OPEN;
    message.visit.requests_ready = true;
    hand_put(message.visit.id, sizeof message.visit.id, "00000000-0000-4000-8000-000000000001");
    kiosk_take(&kiosk, &message);
}

// The source began the form she chose: it is one more in the list, and chosen.
static void give_begun(void)
{
    struct api_visit_private visit = kiosk.visit.visit;
    struct request_private *form =
        request(&visit, "Melding met foto", SUBJECT_LETTER, REQUEST_QUESTION);
    form->kind = REQUEST_FORM;
    form->class = REQUEST_BEGUN_HERE;
    hand_put(visit.chosen, sizeof visit.chosen, form->id);
    told_answer(&message, kiosk.waits_for, HUB_ANSWER_VISIT);
    message.visit = visit;
    kiosk_take(&kiosk, &message);
}

static void go_to_catalogue(const char *language, enum stage_mode mode)
{
    start();
    offer_new();
    dress(language, mode);
    tap("no_code");
    tap("new");
    give_catalogue(0);
}

static void go_to_begun(const char *language, enum stage_mode mode)
{
    go_to_catalogue(language, mode);
    tap("form.02");
    open_visit_of_nobody();
    give_begun();
}

static size_t show_new(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    go_to_requests(language, mode);
    offer_new();
    findings += show("kiosk-requests-new");
    kiosk.visit.visit.list.requests_count = 0;
    findings += show("kiosk-requests-new-none");
    start();
    offer_new();
    dress(language, mode);
    tap("no_code");
    findings += show("kiosk-subject-new");
    tap("new");
    findings += show("kiosk-new-wait");
    give_catalogue(5);
    findings += show("kiosk-new-many");
    tap("more");
    findings += show("kiosk-new-more");
    go_to_catalogue(language, mode);
    findings += show("kiosk-new");
    kiosk.catalogue.forms_count = 0;
    findings += show("kiosk-new-none");
    go_to_catalogue(language, mode);
    tap("form.01");
    findings += show("kiosk-new-phone");
    static const char *const codes[] = {"backoffice_unavailable", "form_gone"};
    for (size_t i = 0; i < 2; i++) {
        go_to_catalogue(language, mode);
        tap("form.02");
        open_visit_of_nobody();
        refuse(codes[i], 0);
        findings += show(i == 0 ? "kiosk-new-down" : "kiosk-new-gone");
    }
    go_to_begun(language, mode);
    scenes_push(&scenes, &kiosk_scene_consent);
    findings += show("kiosk-new-consent");
    fill_leave(&kiosk.visit.form);
    findings += show("kiosk-new-list");
    return findings;
}

static size_t show_birth_date(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    go_to_birth_date(language, mode);
    findings += show("kiosk-birth");
    hand_put(kiosk.visit.digits, sizeof kiosk.visit.digits, "1705");
    kiosk_send_birth_date(&kiosk);
    findings += show("kiosk-birth-short");
    hand_put(kiosk.visit.digits, sizeof kiosk.visit.digits, "31021984");
    kiosk_send_birth_date(&kiosk);
    findings += show("kiosk-birth-no-date");
    hand_put(kiosk.visit.digits, sizeof kiosk.visit.digits, "18051984");
    kiosk_send_birth_date(&kiosk);
    refuse("second_fact_wrong", 2);
    findings += show("kiosk-birth-wrong");
    return findings;
}

static size_t show_requests(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    struct request_list_private *list = &kiosk.visit.visit.list;
    go_to_requests(language, mode);
    findings += show("kiosk-requests");
    tap("more");
    findings += show("kiosk-requests-more");
    kiosk.visit.page = 0;
    list->sources_failed = 1;
    findings += show("kiosk-requests-incomplete");
    list->requests_count = 0;
    findings += show("kiosk-requests-none");
    return findings;
}

// Her second request is done elsewhere.
static void go_to_phone(const char *language, enum stage_mode mode)
{
    go_to_requests(language, mode);
    struct request_private *request = &kiosk.visit.visit.list.requests[1];
    request->kind = REQUEST_LINK;
    hand_put(request->link, sizeof request->link, "https://voorbeeldstad.example/woning");
    hand_put(kiosk.visit.request, sizeof kiosk.visit.request, request->id);
    scenes_push(&scenes, &kiosk_scene_request);
}

static size_t show_visit(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    dress(language, mode);
    findings += show("kiosk-wait");
    kiosk.now_ms += KIOSK_WAY_OUT_MS;
    findings += show("kiosk-wait-long");
    go_to_requests(language, mode);
    for (size_t i = 0; i < kiosk.visit.visit.list.requests_count; i++) {
        hand_put(kiosk.visit.request, sizeof kiosk.visit.request,
                 kiosk.visit.visit.list.requests[i].id);
        scenes_push(&scenes, &kiosk_scene_request);
        findings += show(i == 0   ? "kiosk-request"
                         : i == 1 ? "kiosk-request-question"
                         : i == 2 ? "kiosk-request-busy"
                                  : "kiosk-request-done");
        scenes_pop(&scenes);
    }
    go_to_phone(language, mode);
    findings += show("kiosk-request-link");
    tap("phone");
    findings += show("kiosk-phone");
    go_to_requests(language, mode);
    tap("request.0");
    tap("to_counter");
    findings += show("kiosk-consent");
    tap("others");
    tap("wheelchair");
    findings += show("kiosk-consent-all");
    go_to_ticket(language, mode);
    findings += show("kiosk-ticket");
    kiosk.visit.slip = SLIP_PRINTED;
    findings += show("kiosk-ticket-printed");
    kiosk.visit.slip = SLIP_FAILED;
    findings += show("kiosk-ticket-no-slip");
    kiosk.visit.has_visit = false;
    kiosk.visit.ticket.wait.is_known = false;
    findings += show("kiosk-ticket-unknown-wait");
    go_to_timeout(language, mode);
    findings += show("kiosk-timeout");
    return findings;
}

static size_t show_messages(const char *language, enum stage_mode mode)
{
    static const char *const codes[] = {
        "code_unknown", "code_expired", "code_used", "code_other_hall",        "code_invalid",
        "visit_locked", "visit_gone",   "full",      "backoffice_unavailable", "other"};
    size_t findings = 0;
    char name[48];
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        go_to_message(codes[i], language, mode);
        (void)snprintf(name, sizeof name, "kiosk-message-%s", codes[i]);
        findings += show(name);
    }
    start();
    kiosk_scan(&kiosk, "111222333", 9);
    dress(language, mode);
    findings += show("kiosk-message-code_card");
    kiosk_scan(&kiosk, a_ticket, strlen(a_ticket));
    findings += show("kiosk-message-code_ticket");
    start();
    kiosk.is_connected = false;
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    dress(language, mode);
    findings += show("kiosk-message-no_hub");
    return findings;
}

static size_t show_rest(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    start();
    dress(language, mode);
    findings += show("kiosk-welcome");
    tap("bar.help");
    findings += show("kiosk-help");
    tap("bar.language");
    findings += show("kiosk-language");
    start();
    dress(language, mode);
    tap("no_code");
    findings += show("kiosk-subject");
    start();
    dress(language, mode);
    kiosk.printer_ok = false;
    findings += show("kiosk-no-printer");
    kiosk.scanner_ok = false;
    findings += show("kiosk-no-scanner");
    kiosk.is_connected = false;
    findings += show("kiosk-no-hub");
    return findings;
}

static size_t show_all(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    findings += show_birth_date(language, mode);
    findings += show_requests(language, mode);
    findings += show_visit(language, mode);
    findings += show_messages(language, mode);
    findings += show_links(language, mode);
    findings += show_new(language, mode);
    findings += show_rest(language, mode);
    return findings;
}

static void every_language_and_mode_passes_the_audit(void **state)
{
    (void)state;

    assert_int_equal(stage_every(show_all), 0);
}

// True when the present scene looks as it did when somebody last looked at it. To renew the
// pictures: INLOOP_GOLDEN=write, then look at each of them beside the drawn design.
static size_t differs(const char *name)
{
    return stage_differs(&stage, scenes_top(&scenes), &kiosk, name);
}

static void scenes_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    start();
    dress("nl", STAGE_NORMAL);
    different += differs("kiosk-welcome");
    tap("no_code");
    different += differs("kiosk-subject");
    tap("bar.help");
    different += differs("kiosk-help");
    tap("bar.language");
    different += differs("kiosk-language");
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    kiosk.now_ms += KIOSK_WAY_OUT_MS;
    different += differs("kiosk-wait");
    go_to_birth_date("nl", STAGE_NORMAL);
    hand_put(kiosk.visit.digits, sizeof kiosk.visit.digits, "170519");
    different += differs("kiosk-birth");
    kiosk_send_birth_date(&kiosk);
    different += differs("kiosk-birth-error");
    go_to_requests("nl", STAGE_NORMAL);
    different += differs("kiosk-requests");
    tap("request.0");
    different += differs("kiosk-request");
    tap("to_counter");
    different += differs("kiosk-consent");
    go_to_phone("nl", STAGE_NORMAL);
    tap("phone");
    different += differs("kiosk-phone");
    go_to_ticket("nl", STAGE_NORMAL);
    different += differs("kiosk-ticket");
    kiosk.visit.slip = SLIP_FAILED;
    different += differs("kiosk-ticket-no-slip");
    go_to_timeout("nl", STAGE_NORMAL);
    different += differs("kiosk-timeout");

    assert_int_equal(different, 0);
}

static void a_missing_part_equals_its_golden_picture(void **state)
{
    (void)state;
    static const char *const codes[] = {"backoffice_unavailable", "code_expired", "visit_locked",
                                        "full"};
    size_t different = 0;
    char name[48];
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        go_to_message(codes[i], "nl", STAGE_NORMAL);
        (void)snprintf(name, sizeof name, "kiosk-message-%s", codes[i]);
        different += differs(name);
    }
    start();
    dress("nl", STAGE_NORMAL);
    kiosk.printer_ok = false;
    different += differs("kiosk-no-printer");
    kiosk.scanner_ok = false;
    different += differs("kiosk-no-scanner");
    kiosk.is_connected = false;
    different += differs("kiosk-no-hub");
    go_to_requests("nl", STAGE_NORMAL);
    kiosk.visit.visit.list.sources_failed = 1;
    different += differs("kiosk-requests-incomplete");

    assert_int_equal(different, 0);
}

static void a_link_that_does_not_open_equals_its_golden_picture(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *language;
        enum stage_mode mode;
        const char *name;
    } table[] = {
        {"link_expired", "nl", STAGE_NORMAL, "kiosk-link-expired"},
        {"link_used", "nl", STAGE_NORMAL, "kiosk-link-used"},
        {"link_used", "ar", STAGE_NORMAL, "kiosk-link-used-ar"},
        {"form_unsupported", "nl", STAGE_NORMAL, "kiosk-link-cannot"},
        {"backoffice_unavailable", "nl", STAGE_NORMAL, "kiosk-link-down"},
        {"form_login", "nl", STAGE_NORMAL, "kiosk-link-login"},
        {"form_login", "en", STAGE_NORMAL, "kiosk-link-login-en"},
        {"form_login", "ar", STAGE_NORMAL, "kiosk-link-login-ar"},
        {"form_login", "nl", STAGE_LARGE, "kiosk-link-login-large"},
        {"form_login", "nl", STAGE_CONTRAST, "kiosk-link-login-contrast"},
        {"form_login", "nl", STAGE_LOW, "kiosk-link-login-low"},
    };
    size_t different = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        go_to_link_message(table[i].code, table[i].language, table[i].mode);
        different += differs(table[i].name);
    }
    go_to_link_list("nl", STAGE_NORMAL);
    different += differs("kiosk-link-list");
    tap("request.0");
    tap("to_counter");
    different += differs("kiosk-link-consent");

    assert_int_equal(different, 0);
}

static void something_new_equals_its_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    go_to_requests("nl", STAGE_NORMAL);
    offer_new();
    different += differs("kiosk-requests-new");
    dress("nl", STAGE_LOW);
    different += differs("kiosk-requests-new-low");
    go_to_catalogue("nl", STAGE_NORMAL);
    different += differs("kiosk-new");
    dress("ar", STAGE_NORMAL);
    different += differs("kiosk-new-ar");
    dress("nl", STAGE_LARGE_CONTRAST);
    different += differs("kiosk-new-large-contrast");
    dress("nl", STAGE_LOW);
    different += differs("kiosk-new-low");
    dress("nl", STAGE_NORMAL);
    tap("bar.back");
    different += differs("kiosk-subject-new");
    go_to_catalogue("nl", STAGE_NORMAL);
    tap("form.02");
    open_visit_of_nobody();
    refuse("backoffice_unavailable", 0);
    different += differs("kiosk-new-down");
    go_to_begun("nl", STAGE_NORMAL);
    scenes_push(&scenes, &kiosk_scene_consent);
    different += differs("kiosk-new-consent");

    assert_int_equal(different, 0);
}

static void modes_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    start();
    dress("nl", STAGE_LOW);
    different += differs("kiosk-welcome-low");
    dress("nl", STAGE_OTHER_TOWN);
    different += differs("kiosk-welcome-voorbeeld");
    go_to_requests("nl", STAGE_LOW);
    different += differs("kiosk-requests-low");
    dress("nl", STAGE_OTHER_TOWN);
    different += differs("kiosk-requests-voorbeeld");
    dress("ar", STAGE_NORMAL);
    different += differs("kiosk-requests-ar");
    dress("nl", STAGE_LARGE_CONTRAST);
    different += differs("kiosk-requests-large-contrast");
    go_to_ticket("nl", STAGE_OTHER_TOWN);
    different += differs("kiosk-ticket-voorbeeld");

    assert_int_equal(different, 0);
}

static void go_to_wait(const char *language, enum stage_mode mode)
{
    start();
    dress(language, mode);
    kiosk_scan(&kiosk, live_token, strlen(live_token));
}

static void go_to_locked(const char *language, enum stage_mode mode)
{
    go_to_message("visit_locked", language, mode);
}

static void go_to_welcome(const char *language, enum stage_mode mode)
{
    start();
    dress(language, mode);
}

// Where a visitor may stand, and how she comes there.
struct station {
    void (*go)(const char *language, enum stage_mode mode);
    const char *taps[2];
    bool is_personal; // something of hers is on the screen or behind it
};
static const struct station stations[] = {
    {go_to_wait, {NULL}, true},
    {go_to_birth_date, {NULL}, true},
    {go_to_requests, {NULL}, true},
    {go_to_requests, {"request.0"}, true},
    {go_to_requests, {"request.0", "to_counter"}, true},
    {go_to_requests, {"number"}, true},
    {go_to_requests, {"bar.help"}, true},
    {go_to_requests, {"bar.language"}, true},
    {go_to_catalogue, {NULL}, true},
    {go_to_ticket, {NULL}, false}, // has its own, shorter end
    {go_to_locked, {NULL}, false},
    {go_to_timeout, {NULL}, false},
    {go_to_welcome, {NULL}, false},
};
enum { STATIONS_COUNT = sizeof stations / sizeof stations[0] };

static void go_to(size_t station)
{
    stations[station].go("nl", STAGE_NORMAL);
    for (size_t i = 0; i < 2 && stations[station].taps[i] != NULL; i++) {
        tap(stations[station].taps[i]);
    }
}

static void the_warning_comes_over_every_personal_screen_and_then_all_is_wiped(void **state)
{
    (void)state;
    static const struct kiosk_visit_private nothing;
    for (size_t i = 0; i < STATIONS_COUNT && stations[i].is_personal; i++) {
        go_to(i);
        int64_t now_ms = kiosk.now_ms + 1000;
        kiosk_touch(&kiosk, now_ms);
        const struct scene *before = scenes_top(&scenes);

        scenes.tick_at_ms = now_ms;
        (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS - 1);
        assert_ptr_equal(scenes_top(&scenes), before);
        scenes.tick_at_ms = now_ms;
        (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS);
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_timeout);
        scenes.tick_at_ms = now_ms;
        (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS + KIOSK_WARNING_MS);

        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
        assert_memory_equal(&kiosk.visit, &nothing, sizeof nothing);
    }
}

static void whoever_is_still_there_goes_on_where_she_was(void **state)
{
    (void)state;
    go_to_requests("nl", STAGE_NORMAL);
    tap("request.0");
    tap("to_counter");
    kiosk.warned_ms = kiosk.now_ms;
    scenes_push(&scenes, &kiosk_scene_timeout);

    tap("stay");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_consent);
    assert_true(kiosk.visit.has_visit);
}

static struct window *open_window(void)
{
    static struct window window;
    struct fault fault = {0};
    struct window_options options = {
        .title = "kiosk", .surface_only = true, .icons_dir = "assets/icons"};
    assert_int_equal(window_open(&window, &stage.look, &scenes, &options, &fault), OK);
    return &window;
}

static void one_press_on_the_keypad_is_enough_to_stay(void **state)
{
    (void)state;
    struct window *window = open_window();
    go_to_timeout("nl", STAGE_NORMAL);
    (void)window_refresh(window);

    window_press_key(window, KEY_ENTER, kiosk.now_ms + 1000);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_requests);
    assert_true(kiosk.visit.has_visit);
    window_close(window);
}

static void a_number_left_behind_is_wiped_without_a_warning(void **state)
{
    (void)state;
    go_to_ticket("nl", STAGE_NORMAL);
    int64_t now_ms = kiosk.touched_ms;

    scenes.tick_at_ms = now_ms;
    (void)scenes_tick(&scenes, now_ms + KIOSK_TICKET_MS);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
    assert_false(kiosk.visit.has_ticket);
}

static bool is_shown(const char *id)
{
    stage_lay(&stage, scenes_top(&scenes), &kiosk, "kiosk-service");
    return tree_find(&stage.tree, id) != NULL;
}

static void larger_contrast_and_lower_work_on_every_screen_and_stay(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATIONS_COUNT; i++) {
        go_to(i);
        const struct scene *before = scenes_top(&scenes);
        assert_true(is_shown("bar.larger") && is_shown("bar.contrast") && is_shown("bar.lower"));

        tap("bar.larger");
        tap("bar.contrast");
        tap("bar.lower");

        assert_true(stage.look.is_large && stage.look.is_contrast && stage.look.is_low);
        assert_ptr_equal(scenes_top(&scenes), before);
        assert_true(is_shown("bar.larger"));
        assert_true((tree_find(&stage.tree, "bar.larger")->states & NODE_CHECKED) != 0);
        tap("bar.larger");
        tap("bar.contrast");
        tap("bar.lower");
        assert_false(stage.look.is_large || stage.look.is_contrast || stage.look.is_low);
    }
}

static void help_opens_over_every_screen_and_goes_back_to_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATIONS_COUNT; i++) {
        go_to(i);
        const struct scene *before = scenes_top(&scenes);
        if (before == &kiosk_scene_help) {
            continue; // there it is what goes back
        }
        assert_true(is_shown("bar.help"));

        tap("bar.help");
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_help);
        tap("bar.back");

        assert_ptr_equal(scenes_top(&scenes), before);
    }
}

static void stopping_is_there_on_every_personal_screen_and_wipes(void **state)
{
    (void)state;
    static const struct kiosk_visit_private nothing;
    for (size_t i = 0; i < STATIONS_COUNT; i++) {
        go_to(i);
        if (scenes_top(&scenes) == &kiosk_scene_welcome) {
            continue; // nothing to stop
        }
        assert_true(is_shown("bar.stop"));

        tap("bar.stop");

        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
        assert_memory_equal(&kiosk.visit, &nothing, sizeof nothing);
    }
}

static struct node *reached(struct window *window, int16_t position)
{
    return &window->tree.nodes[position];
}

static void every_part_shows_the_press_and_forgets_it_when_the_finger_slides_off(void **state)
{
    (void)state;
    struct window *window = open_window();
    for (size_t i = 0; i < STATIONS_COUNT; i++) {
        go_to(i);
        (void)window_refresh(window);
        const struct scene *before = scenes_top(&scenes);
        int16_t order[TREE_NODES_MAX];
        size_t count = tree_focus_order(&window->tree, order, TREE_NODES_MAX);
        assert_true(count >= 4);
        for (size_t part = 0; part < count; part++) {
            const struct area *area = &reached(window, order[part])->area;
            int x = look_px(&stage.look, area->x_mm + area->width_mm / 2);
            int y = look_px(&stage.look, area->y_mm + area->height_mm / 2);

            window_pointer(window, WINDOW_DOWN, x, y, kiosk.now_ms);
            assert_true((reached(window, order[part])->states & NODE_PRESSED) != 0);
            window_pointer(window, WINDOW_MOVE, 2, 2, kiosk.now_ms);
            assert_false((reached(window, order[part])->states & NODE_PRESSED) != 0);
            window_pointer(window, WINDOW_UP, 2, 2, kiosk.now_ms);
        }
        assert_ptr_equal(scenes_top(&scenes), before);
    }
    window_close(window);
}

static void the_keypad_puts_its_ring_on_every_part_of_every_screen_once(void **state)
{
    (void)state;
    struct window *window = open_window();
    for (size_t i = 0; i < STATIONS_COUNT; i++) {
        go_to(i);
        (void)window_refresh(window);
        int16_t order[TREE_NODES_MAX];
        size_t count = tree_focus_order(&window->tree, order, TREE_NODES_MAX);
        char ids[64][TREE_ID_BYTES];
        assert_in_range(count, 1, 64);
        for (size_t part = 0; part < count; part++) {
            window_move_focus(window, WINDOW_NEXT, kiosk.now_ms);
            hand_put(ids[part], TREE_ID_BYTES, window->focus_id);
            struct node *node = tree_find(&window->tree, window->focus_id);
            assert_non_null(node);
            assert_true((node->states & NODE_FOCUSED) != 0);
            for (size_t earlier = 0; earlier < part; earlier++) {
                assert_string_not_equal(ids[earlier], ids[part]);
            }
        }
    }
    window_close(window);
}

static void a_code_that_is_no_key_gets_a_polite_page_without_the_hub(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *says;
    } table[] = {
        {"https://voorbeeld.example/a?b=c", "message.code_unknown"},
        {"BEGIN:VCARD VERSION:4.0 FN:Iemand END:VCARD", "message.code_unknown"},
        {"HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC", "message.code_unknown"},
        {"111222333", "message.code_card"},
        {"KQ1:B042:JHT6RKUWG+MH4+QT8BPXVFA1", "message.code_ticket"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        start();
        unsigned before = kiosk.commands_count;

        kiosk_scan(&kiosk, table[i].code, strlen(table[i].code));

        assert_int_equal(kiosk.commands_count, before);
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_message);
        assert_string_equal(kiosk.visit.problem, table[i].says);
    }
    static char endless[4096];
    memset(endless, 'A', sizeof endless - 1);
    start();
    kiosk_scan(&kiosk, endless, sizeof endless - 1);
    assert_string_equal(kiosk.visit.problem, "message.code_unknown");
}

static void a_link_opens_its_form_at_once(void **state)
{
    (void)state;
    start();
    unsigned before = kiosk.commands_count;

    kiosk_scan(&kiosk, a_link, strlen(a_link));
    assert_int_equal(kiosk.commands_count, before + 1);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_wait);
    open_visit_by_link();

    assert_int_equal(kiosk.commands_count, before + 2);
    assert_int_equal(kiosk.visit.form.wish, FORM_WISH_OPEN);
    assert_string_equal(kiosk.visit.request, "taken:1");
    assert_string_equal(kiosk.visit.code, ""); // it is the hub's now
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_wait);
}

static void whoever_shows_nothing_begins_a_form_with_three_taps(void **state)
{
    (void)state;
    start();
    offer_new();
    unsigned before = kiosk.commands_count;

    tap("no_code");
    tap("new");
    assert_int_equal(kiosk.commands_count, before + 1);
    give_catalogue(0);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_catalogue);
    tap("form.02");
    assert_int_equal(kiosk.commands_count, before + 2); // a visit of nobody
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_wait);
    open_visit_of_nobody();
    assert_int_equal(kiosk.commands_count, before + 3); // the form is begun
    give_begun();

    assert_int_equal(kiosk.commands_count, before + 4); // and opened
    assert_int_equal(kiosk.visit.form.wish, FORM_WISH_OPEN);
    assert_string_equal(kiosk.visit.request, "taken:1");
    assert_string_equal(kiosk.visit.begins, "");
    assert_true(kiosk_knows_nobody(&kiosk));
    assert_true(kiosk_is_begun_here(&kiosk));
}

static void a_resident_begins_one_in_her_own_visit(void **state)
{
    (void)state;
    go_to_requests("nl", STAGE_NORMAL);
    offer_new();
    tap("new");
    give_catalogue(0);
    unsigned before = kiosk.commands_count;

    tap("form.00");
    give_begun();

    assert_int_equal(kiosk.commands_count, before + 2); // begun and opened
    assert_string_equal(kiosk.visit.request, "taken:5");
    assert_false(kiosk_knows_nobody(&kiosk));
}

static void a_form_with_a_login_is_for_her_own_phone_or_the_counter(void **state)
{
    (void)state;
    go_to_catalogue("nl", STAGE_NORMAL);
    unsigned before = kiosk.commands_count;

    tap("form.01");

    assert_int_equal(kiosk.commands_count, before);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_phone);
    assert_true(kiosk.visit.phone.modules_count > 0);
    tap("to_counter");
    assert_int_equal(kiosk.commands_count, before + 1);
    give_ticket();
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_ticket);
}

static void what_could_not_be_begun_may_be_tried_again(void **state)
{
    (void)state;
    start();
    offer_new();
    tap("no_code");
    tap("new");
    refuse("backoffice_unavailable", 0);
    assert_string_equal(kiosk.visit.problem, "message.new_down");
    tap("again");
    give_catalogue(0);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_catalogue);
    tap("form.00");
    open_visit_of_nobody();
    refuse("backoffice_unavailable", 0);
    assert_string_equal(kiosk.visit.problem, "message.new_down");
    unsigned before = kiosk.commands_count;

    tap("again");
    assert_int_equal(kiosk.commands_count, before + 1);
    give_begun();

    assert_int_equal(kiosk.visit.form.wish, FORM_WISH_OPEN);
}

static void a_second_page_of_requests_does_not_empty_the_subjects(void **state)
{
    (void)state;
    go_to_requests("nl", STAGE_NORMAL);
    request(&kiosk.visit.visit, "Paspoort", SUBJECT_PASSPORT, REQUEST_BUSY);
    tap("more");

    tap("number");

    assert_true(is_shown("service.00"));
}

static void a_source_that_is_down_may_be_asked_with_the_same_link_again(void **state)
{
    (void)state;
    go_to_link_message("backoffice_unavailable", "nl", STAGE_NORMAL);
    assert_string_equal(kiosk.visit.problem, "message.form_down");
    unsigned before = kiosk.commands_count;

    tap("again");

    assert_int_equal(kiosk.commands_count, before + 1);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_wait);
}

static void a_login_is_shown_for_the_phone_and_never_asked_for_here(void **state)
{
    (void)state;
    struct qr login;
    assert_int_equal(qr_make(&login, a_login), OK);

    go_to_link_message("form_login", "nl", STAGE_NORMAL);

    stage_lay(&stage, scenes_top(&scenes), &kiosk, "kiosk-link-login");
    const struct node *code = tree_find(&stage.tree, "phone.code");
    assert_non_null(code);
    assert_int_equal(code->modules_count, login.modules_count);
    assert_memory_equal(code->modules, login.modules, sizeof login.modules);
    assert_non_null(tree_find(&stage.tree, "number"));
    assert_string_equal(kiosk.visit.code, "");
    int64_t until_ms = scenes_tick(&scenes, kiosk.now_ms);
    assert_true(until_ms - kiosk.now_ms > KIOSK_MESSAGE_MS); // a phone takes its time
}

static void a_second_visitors_code_is_ignored_during_a_visit(void **state)
{
    (void)state;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    need_second_fact();
    unsigned before = kiosk.commands_count;

    kiosk_scan(&kiosk, live_token, strlen(live_token));

    assert_int_equal(kiosk.commands_count, before);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_birth_date);
}

static void stopping_wipes_everything_of_the_visitor(void **state)
{
    (void)state;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    need_second_fact();
    hand_put(kiosk.visit.digits, sizeof kiosk.visit.digits, "17051984");
    kiosk_send_birth_date(&kiosk);
    open_visit();
    tap("request.0");

    tap("bar.stop");

    static const struct kiosk_visit_private nothing;
    assert_memory_equal(&kiosk.visit, &nothing, sizeof nothing);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
    assert_null(memmem(&kiosk, sizeof kiosk, "17051984", 8));
    assert_null(memmem(&kiosk, sizeof kiosk, "Parkeervergunning", 17));
}

static void nobody_there_is_warned_and_then_wiped(void **state)
{
    (void)state;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    need_second_fact();
    hand_put(kiosk.visit.digits, sizeof kiosk.visit.digits, "17051984");
    kiosk_send_birth_date(&kiosk);
    open_visit();
    int64_t now_ms = kiosk.now_ms + 1000;
    kiosk_touch(&kiosk, now_ms);

    (void)scenes_tick(&scenes, now_ms);
    scenes.tick_at_ms = now_ms;
    (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_timeout);
    (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS + KIOSK_WARNING_MS);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
    assert_false(kiosk.visit.has_visit);
}

static void a_busy_hall_does_not_keep_a_visit_open_that_was_left(void **state)
{
    (void)state;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    need_second_fact();
    int64_t now_ms = kiosk.now_ms + 1000;
    struct scene_event posted = {.kind = SCENE_POSTED, .id = "", .now_ms = now_ms};
    scenes_event(&scenes, &posted); // the answer to the visitor's code
    (void)scenes_tick(&scenes, now_ms);

    posted.now_ms = now_ms + KIOSK_IDLE_MS - 1;
    scenes_event(&scenes, &posted); // somebody else's ticket
    (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS - 1);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_birth_date);
    (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_timeout);
}

static void a_late_answer_of_an_ended_visit_shows_nothing(void **state)
{
    (void)state;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    uint32_t asked = kiosk.waits_for;
    kiosk_end(&kiosk);

    kiosk.waits_for = 0;
    told_answer(&message, asked, HUB_ANSWER_VISIT);
    message.visit.state = VISIT_OPEN;
    kiosk_take(&kiosk, &message);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
    assert_false(kiosk.visit.has_visit);
}

static void a_date_that_cannot_be_is_said_before_the_hub_is_asked(void **state)
{
    (void)state;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    need_second_fact();
    unsigned before = kiosk.commands_count;
    hand_put(kiosk.visit.digits, sizeof kiosk.visit.digits, "31021984");

    kiosk_send_birth_date(&kiosk);

    assert_int_equal(kiosk.commands_count, before);
    assert_string_equal(kiosk.visit.error, "birth.error.no_date");
    assert_string_equal(kiosk.visit.digits, "31021984");
}

static int open_stage(void **state)
{
    (void)state;
    at_kiosk_open(&stage, &kiosk, &scenes, hand_clock(&november_ms));
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_and_mode_passes_the_audit),
        cmocka_unit_test(scenes_equal_their_golden_pictures),
        cmocka_unit_test(a_missing_part_equals_its_golden_picture),
        cmocka_unit_test(a_link_that_does_not_open_equals_its_golden_picture),
        cmocka_unit_test(something_new_equals_its_golden_pictures),
        cmocka_unit_test(modes_equal_their_golden_pictures),
        cmocka_unit_test(the_warning_comes_over_every_personal_screen_and_then_all_is_wiped),
        cmocka_unit_test(whoever_is_still_there_goes_on_where_she_was),
        cmocka_unit_test(one_press_on_the_keypad_is_enough_to_stay),
        cmocka_unit_test(a_number_left_behind_is_wiped_without_a_warning),
        cmocka_unit_test(larger_contrast_and_lower_work_on_every_screen_and_stay),
        cmocka_unit_test(help_opens_over_every_screen_and_goes_back_to_it),
        cmocka_unit_test(stopping_is_there_on_every_personal_screen_and_wipes),
        cmocka_unit_test(every_part_shows_the_press_and_forgets_it_when_the_finger_slides_off),
        cmocka_unit_test(the_keypad_puts_its_ring_on_every_part_of_every_screen_once),
        cmocka_unit_test(a_code_that_is_no_key_gets_a_polite_page_without_the_hub),
        cmocka_unit_test(a_link_opens_its_form_at_once),
        cmocka_unit_test(whoever_shows_nothing_begins_a_form_with_three_taps),
        cmocka_unit_test(a_resident_begins_one_in_her_own_visit),
        cmocka_unit_test(a_form_with_a_login_is_for_her_own_phone_or_the_counter),
        cmocka_unit_test(what_could_not_be_begun_may_be_tried_again),
        cmocka_unit_test(a_second_page_of_requests_does_not_empty_the_subjects),
        cmocka_unit_test(a_source_that_is_down_may_be_asked_with_the_same_link_again),
        cmocka_unit_test(a_login_is_shown_for_the_phone_and_never_asked_for_here),
        cmocka_unit_test(a_second_visitors_code_is_ignored_during_a_visit),
        cmocka_unit_test(stopping_wipes_everything_of_the_visitor),
        cmocka_unit_test(nobody_there_is_warned_and_then_wiped),
        cmocka_unit_test(a_busy_hall_does_not_keep_a_visit_open_that_was_left),
        cmocka_unit_test(a_late_answer_of_an_ended_visit_shows_nothing),
        cmocka_unit_test(a_date_that_cannot_be_is_said_before_the_hub_is_asked),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
