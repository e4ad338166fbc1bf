// SPDX-License-Identifier: EUPL-1.2
//
// Every screen of the kiosk in every language and mode, and the way of a visit through them.
#include "apps/kiosk/kiosk.h"
#include "base/text.h"
#include "tests/fakes/stage.h"

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

static const char live_token[] =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsifQ.eyJpc3MiOiJwb3J0YWFsIn0aaaaaaaaaaaa."
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static void put(char *to, size_t size, const char *from)
{
    assert_int_equal(text_copy(to, size, from), OK);
}

static void service(struct api_state *state, char letter, const char *const names[3],
                    enum request_subject subject)
{
    struct api_state_service *made = &state->services[state->services_count++];
    *made = (struct api_state_service){.letter = letter, .subject = subject};
    made->wait = (struct wait_band){.is_known = true, .minutes_min = 10, .minutes_max = 15};
    for (size_t i = 0; i < 3; i++) {
        put(made->names[i], sizeof made->names[i], names[i]);
    }
}

static void connect(void)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_CONNECTED;
    put(message.state.town, API_NAME_BYTES, "Gemeente Voorbeeldstad");
    service(&message.state, 'A',
            (const char *const[]){"Paspoort of ID-kaart", "Passport or ID card", "جواز السفر"},
            SUBJECT_PASSPORT);
    service(&message.state, 'B', (const char *const[]){"Parkeren", "Parking", "وقوف السيارات"},
            SUBJECT_PARKING);
    service(&message.state, 'C',
            (const char *const[]){"Rijbewijs", "Driving licence", "رخصة القيادة"}, SUBJECT_LICENCE);
    service(&message.state, 'F', (const char *const[]){"Iets anders", "Something else", "أمر آخر"},
            SUBJECT_LETTER);
    kiosk_take(&kiosk, &message);
}

static struct request_private *request(struct api_visit_private *visit, const char *title,
                                       enum request_subject subject, enum request_state state)
{
    struct request_private *made = &visit->list.requests[visit->list.requests_count++];
    *made = (struct request_private){.subject = subject, .state = state, .service = 'B'};
    put(made->title, sizeof made->title, title);
    (void)snprintf(made->id, sizeof made->id, "taken:%u", (unsigned)visit->list.requests_count);
    made->started_ms = 1794870000000;
    return made;
}

// What the hub answers once the second fact was right.
static void open_visit(void)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = HUB_ANSWER_VISIT;
    struct api_visit_private *visit = &message.visit;
    visit->state = VISIT_OPEN;
    visit->level = LEVEL_3;
    visit->requests_ready = true;
    visit->birth_year = 1984;
    put(visit->id, sizeof visit->id, "00000000-0000-4000-8000-000000000001");
    put(visit->initials, sizeof visit->initials, "N. H.");
    struct request_private *parking =
        request(visit, "Parkeervergunning", SUBJECT_PARKING, REQUEST_MISSING);
    put(parking->missing[parking->missing_count++], REQUEST_MISSING_BYTES, "Kenteken");
    put(parking->reference, REQUEST_REFERENCE_BYTES, "10442");
    put(parking->words, REQUEST_WORDS_BYTES, "Vul het kenteken van uw auto in");
    parking->steps_done = 3;
    parking->steps_count = 4;
    parking->deadline_ms = 1796079599000; // 30 November 2026
    request(visit, "Verhuizing doorgeven", SUBJECT_MOVING, REQUEST_QUESTION)->steps_count = 1;
    request(visit, "Kwijtschelding belasting", SUBJECT_MONEY, REQUEST_BUSY);
    request(visit, "Rijbewijs", SUBJECT_LICENCE, REQUEST_DONE);
    kiosk_take(&kiosk, &message);
}

static void need_second_fact(void)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = HUB_ANSWER_VISIT;
    message.visit.state = VISIT_NEEDS_SECOND_FACT;
    message.visit.tries_left = 3;
    put(message.visit.id, sizeof message.visit.id, "00000000-0000-4000-8000-000000000001");
    kiosk_take(&kiosk, &message);
}

static void refuse(const char *code, unsigned tries_left)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = HUB_ANSWER_PROBLEM;
    message.problem.tries_left = tries_left;
    put(message.problem.code, sizeof message.problem.code, code);
    kiosk_take(&kiosk, &message);
}

static void give_ticket(void)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = HUB_ANSWER_TICKET;
    struct api_ticket *ticket = &message.ticket;
    put(ticket->ticket.id, UUID_TEXT_BYTES, "00000000-0000-4000-8000-000000000002");
    put(ticket->ticket.number, TICKET_NUMBER_BYTES, "B042");
    put(ticket->ticket.request, REQUEST_ID_BYTES, "taken:1");
    put(ticket->reference, API_REFERENCE_BYTES, "KQ1:B042:JHT6RKUWG+MH4+QT8BPXVFA1");
    ticket->ticket.subject = SUBJECT_PARKING;
    ticket->ticket.service = 'B';
    ticket->wait = (struct wait_band){.is_known = true,
                                      .minutes_min = 10,
                                      .minutes_max = 15,
                                      .likely_ms = 1795525500000}; // 14.05 in Amsterdam
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
    const struct scene_event event = {
        .kind = SCENE_ACTIVATED, .id = id, .now_ms = kiosk.now_ms + 1000};
    scenes_event(&scenes, &event);
}

static size_t show(const char *name)
{
    stage_show(&stage, scenes_top(&scenes), &kiosk, name);
    return stage_audit(&stage, name, &audit_kiosk);
}

// The look that a visitor chose survives until the visit ends; tests set it after each start.
static void dress(const char *language, enum stage_mode mode)
{
    stage_set(&stage, language, mode);
    stage_phrases(&kiosk.phrases, language);
}

static size_t show_visit(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    dress(language, mode);
    findings += show("kiosk-wait");
    need_second_fact();
    findings += show("kiosk-birth");
    put(kiosk.visit.digits, sizeof kiosk.visit.digits, "17051984");
    kiosk_send_birth_date(&kiosk);
    refuse("second_fact_wrong", 2);
    findings += show("kiosk-birth-wrong");
    put(kiosk.visit.digits, sizeof kiosk.visit.digits, "17051984");
    kiosk_send_birth_date(&kiosk);
    open_visit();
    findings += show("kiosk-requests");
    tap("request.0");
    findings += show("kiosk-request");
    tap("to_counter");
    findings += show("kiosk-consent");
    tap("agree");
    give_ticket();
    findings += show("kiosk-ticket");
    kiosk.visit.slip = SLIP_FAILED;
    findings += show("kiosk-ticket-no-slip");
    kiosk.warned_ms = kiosk.now_ms - 6000;
    scenes_push(&scenes, &kiosk_scene_timeout);
    findings += show("kiosk-timeout");
    return findings;
}

static size_t show_rest(const char *language, enum stage_mode mode)
{
    static const char *const codes[] = {"code_expired",           "code_used",    "code_other_hall",
                                        "backoffice_unavailable", "visit_locked", "full"};
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
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        start();
        kiosk_scan(&kiosk, live_token, strlen(live_token));
        refuse(codes[i], 0);
        dress(language, mode);
        char name[48];
        (void)snprintf(name, sizeof name, "kiosk-%s", codes[i]);
        findings += show(name);
    }
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

static void every_language_and_mode_passes_the_audit(void **state)
{
    (void)state;
    size_t findings = 0;
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        for (enum stage_mode mode = 0; mode < STAGE_MODES_COUNT; mode++) {
            findings += show_visit(stage_languages[i], mode);
            findings += show_rest(stage_languages[i], mode);
        }
    }

    assert_int_equal(findings, 0);
}

static void scenes_equal_their_golden_pictures(void **state)
{
    (void)state;
    start();
    kiosk_scan(&kiosk, live_token, strlen(live_token));
    dress("nl", STAGE_NORMAL);
    need_second_fact();
    stage_show(&stage, &kiosk_scene_birth_date, &kiosk, "kiosk-birth");
    // The clock in the field moves: pictures with one are held by the audit only.
    put(kiosk.visit.digits, sizeof kiosk.visit.digits, "17051984");
    kiosk_send_birth_date(&kiosk);
    open_visit();
    tap("request.0");
    stage_show(&stage, &kiosk_scene_request, &kiosk, "kiosk-request");
    assert_true(stage_is_golden(&stage, "kiosk-request"));
    tap("to_counter");
    stage_show(&stage, &kiosk_scene_consent, &kiosk, "kiosk-consent");
    assert_true(stage_is_golden(&stage, "kiosk-consent"));
    tap("agree");
    give_ticket();
    stage_show(&stage, &kiosk_scene_ticket, &kiosk, "kiosk-ticket");
    assert_true(stage_is_golden(&stage, "kiosk-ticket"));
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
    put(kiosk.visit.digits, sizeof kiosk.visit.digits, "17051984");
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
    put(kiosk.visit.digits, sizeof kiosk.visit.digits, "17051984");
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
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.command_id = asked;
    message.answer = HUB_ANSWER_VISIT;
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
    put(kiosk.visit.digits, sizeof kiosk.visit.digits, "31021984");

    kiosk_send_birth_date(&kiosk);

    assert_int_equal(kiosk.commands_count, before);
    assert_string_equal(kiosk.visit.error, "birth.error.no_date");
    assert_string_equal(kiosk.visit.digits, "31021984");
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, 1080, 1920, 3.61F);
    kiosk_init(&kiosk, &stage.look, &scenes);
    const char *build = getenv("INLOOP_BUILD");
    (void)snprintf(kiosk.setup.strings_dir, sizeof kiosk.setup.strings_dir, "%s/strings",
                   build == NULL ? "build/release" : build);
    put(kiosk.setup.language, sizeof kiosk.setup.language, "nl");
    kiosk.now_ms = 1000000;
    scenes_init(&scenes, &kiosk, &stage.look);
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
        cmocka_unit_test(a_code_that_is_no_key_gets_a_polite_page_without_the_hub),
        cmocka_unit_test(a_second_visitors_code_is_ignored_during_a_visit),
        cmocka_unit_test(stopping_wipes_everything_of_the_visitor),
        cmocka_unit_test(nobody_there_is_warned_and_then_wiped),
        cmocka_unit_test(a_busy_hall_does_not_keep_a_visit_open_that_was_left),
        cmocka_unit_test(a_late_answer_of_an_ended_visit_shows_nothing),
        cmocka_unit_test(a_date_that_cannot_be_is_said_before_the_hub_is_asked),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
