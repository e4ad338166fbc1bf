// SPDX-License-Identifier: EUPL-1.2
//
// Every page of a card on the kiosk, in every language and mode; and a visitor who identifies
// herself with the keypad alone.
#include "apps/kiosk/kiosk.h"
#include "tests/fakes/at_kiosk.h"
#include "tests/fakes/hand.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/keypad.h"
#include "tests/fakes/told_card.h"
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
static int64_t november_ms = 1795438320000; // 23 November 2026, 13.52

static void tap(const char *id)
{
    hand_tap(&scenes, id, &kiosk.now_ms);
}

static void type(const char *words)
{
    hand_type(&scenes, words, kiosk.now_ms);
}

static void dress(const char *language, enum stage_mode mode)
{
    at_kiosk_dress(&stage, &kiosk, language, mode);
}

// A welcome with a reader, on which nothing lies.
static void start(const char *language, enum stage_mode mode)
{
    kiosk_end(&kiosk);
    told_card(&kiosk, CARD_NEWS_LIFTED);
    told_card(&kiosk, CARD_NEWS_READY);
    kiosk_end(&kiosk);
    kiosk.is_connected = true;
    kiosk.scanner_ok = true;
    kiosk.printer_ok = true;
    hand_put(kiosk.state.town, API_NAME_BYTES, "Gemeente Voorbeeldstad");
    kiosk.state.services_count = 1;
    kiosk.state.services[0] = (struct api_state_service){.letter = 'F', .subject = SUBJECT_LETTER};
    kiosk.state.services[0].wait =
        (struct wait_band){.is_known = true, .minutes_min = 10, .minutes_max = 15};
    for (size_t i = 0; i < 3; i++) {
        hand_put(kiosk.state.services[0].names[i], API_NAME_BYTES, "Iets anders");
    }
    dress(language, mode);
}

static void lay(enum card_news_kind kind)
{
    told_card(&kiosk, CARD_NEWS_LAID);
    told_card(&kiosk, kind);
}

static void go_to_code(const char *language, enum stage_mode mode)
{
    start(language, mode);
    lay(CARD_NEWS_DOCUMENT);
}

static void go_to_zone(const char *language, enum stage_mode mode)
{
    start(language, mode);
    lay(CARD_NEWS_OLD);
}

static void go_to_read(const char *language, enum stage_mode mode)
{
    go_to_code(language, mode);
    type("123456");
    tap("key.next");
}

static void answer(enum hub_answer_kind kind)
{
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = kind;
    kiosk_take(&kiosk, &message);
    memset(&message, 0, sizeof message);
}

static void go_to_requests(const char *language, enum stage_mode mode)
{
    go_to_read(language, mode);
    told_holder(&kiosk, "HAVERKAMP");
    struct api_visit_private *visit = &message.visit;
    visit->state = VISIT_OPEN;
    visit->level = LEVEL_2;
    visit->requests_ready = true;
    visit->birth_year = 1984;
    hand_put(visit->id, sizeof visit->id, "00000000-0000-4000-8000-000000000001");
    hand_put(visit->initials, sizeof visit->initials, "N. H.");
    visit->list.requests_count = 1;
    struct request_private *parking = &visit->list.requests[0];
    parking->subject = SUBJECT_PARKING;
    parking->state = REQUEST_BUSY;
    parking->service = 'F';
    hand_put(parking->id, sizeof parking->id, "taken:1");
    hand_put(parking->title, sizeof parking->title, "Parkeervergunning");
    answer(HUB_ANSWER_VISIT);
}

static void go_to_ticket(const char *language, enum stage_mode mode)
{
    go_to_requests(language, mode);
    tap("request.0");
    tap("to_counter");
    tap("agree");
    struct api_ticket *ticket = &message.ticket;
    hand_put(ticket->ticket.id, UUID_TEXT_BYTES, "00000000-0000-4000-8000-000000000002");
    hand_put(ticket->ticket.number, TICKET_NUMBER_BYTES, "F042");
    hand_put(ticket->ticket.request, REQUEST_ID_BYTES, "taken:1");
    hand_put(ticket->reference, API_REFERENCE_BYTES, "KQ1:F042:JHT6RKUWG+MH4+QT8BPXVFA1");
    ticket->ticket.subject = SUBJECT_PARKING;
    ticket->ticket.service = 'F';
    ticket->wait = (struct wait_band){
        .is_known = true, .minutes_min = 10, .minutes_max = 15, .likely_ms = 1795439100000};
    answer(HUB_ANSWER_TICKET);
}

static void refuse(const char *code)
{
    hand_put(message.problem.code, sizeof message.problem.code, code);
    answer(HUB_ANSWER_PROBLEM);
}

// Of every page that ends at the counter: how one gets there.
static const struct {
    const char *name;
    enum document_end end;
    enum document_reason reason;
    const char *code; // of the hub, once the chip was read
} counter_pages[] = {
    {"counter", DOCUMENT_TO_COUNTER, DOCUMENT_UNKNOWN_SIGNER, NULL},
    {"expired", DOCUMENT_TO_COUNTER, DOCUMENT_EXPIRED, NULL},
    {"other", DOCUMENT_NOT_OURS, DOCUMENT_NO_REASON, NULL},
    {"unsure", DOCUMENT_VERIFIED, DOCUMENT_NO_REASON, "person_unsure"},
    {"unknown", DOCUMENT_VERIFIED, DOCUMENT_NO_REASON, "person_unknown"},
    {"down", DOCUMENT_VERIFIED, DOCUMENT_NO_REASON, "backoffice_unavailable"},
};
enum { COUNTER_PAGES_COUNT = sizeof counter_pages / sizeof counter_pages[0] };

static void go_to_counter_page(size_t page, const char *language, enum stage_mode mode)
{
    go_to_read(language, mode);
    if (counter_pages[page].code != NULL) {
        told_holder(&kiosk, "HAVERKAMP");
        refuse(counter_pages[page].code);
    } else {
        told_end(&kiosk, counter_pages[page].end, counter_pages[page].reason);
    }
}

static void go_to_broken(const char *language, enum stage_mode mode)
{
    go_to_read(language, mode);
    told_end(&kiosk, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
    told_card(&kiosk, CARD_NEWS_LIFTED);
    lay(CARD_NEWS_DOCUMENT);
    told_end(&kiosk, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
}

static void go_to_wrong(const char *language, enum stage_mode mode)
{
    go_to_read(language, mode);
    for (int i = 0; i < 2; i++) {
        told_end(&kiosk, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
        told_card(&kiosk, CARD_NEWS_DOCUMENT);
        type("654321");
        tap("key.next");
    }
    told_end(&kiosk, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
}

static void go_to_pass_unknown(const char *language, enum stage_mode mode)
{
    start(language, mode);
    told_card(&kiosk, CARD_NEWS_LAID);
    told_pass(&kiosk, "04A2B3C4D5E680");
    refuse("pass_unknown");
}

static void go_to_gone(const char *language, enum stage_mode mode)
{
    go_to_read(language, mode);
    told_card(&kiosk, CARD_NEWS_GONE);
}

static size_t show(const char *name)
{
    return stage_findings(&stage, scenes_top(&scenes), &kiosk, name, &audit_kiosk);
}

static size_t show_asking(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    start(language, mode);
    findings += show("card-welcome");
    kiosk.scanner_ok = false;
    findings += show("card-welcome-no-scanner");
    kiosk.scanner_ok = true;
    kiosk.printer_ok = false;
    findings += show("card-welcome-no-printer");
    kiosk.printer_ok = true;
    tap("bar.help");
    findings += show("card-help-welcome");
    start(language, mode);
    tap("card");
    findings += show("card-lay");
    lay(CARD_NEWS_MUTE);
    findings += show("card-lay-mute");
    told_card(&kiosk, CARD_NEWS_LIFTED);
    lay(CARD_NEWS_DOCUMENT);
    type("1234");
    findings += show("card-code");
    tap("key.next");
    findings += show("card-code-short");
    tap("bar.help");
    findings += show("card-help");
    tap("bar.back");
    tap("no_digits");
    type("spec12");
    findings += show("card-zone");
    return findings;
}

static size_t show_zone(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    go_to_zone(language, mode);
    tap("next");
    findings += show("card-zone-short");
    type("SPECI2014");
    tap("next");
    findings += show("card-zone-birth");
    tap("next");
    findings += show("card-zone-birth-error");
    type("10031965");
    tap("next");
    findings += show("card-zone-expiry");
    type("09032031");
    tap("next");
    findings += show("card-read-zone");
    told_end(&kiosk, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
    findings += show("card-zone-wrong");
    return findings;
}

static size_t show_reading(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    go_to_read(language, mode);
    findings += show("card-read");
    told_step(&kiosk, DOCUMENT_STEP_DG1);
    findings += show("card-read-half");
    told_step(&kiosk, DOCUMENT_STEP_VERIFY);
    findings += show("card-read-check");
    told_card(&kiosk, CARD_NEWS_LIFTED);
    findings += show("card-slipped");
    lay(CARD_NEWS_DOCUMENT);
    told_end(&kiosk, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
    findings += show("card-again");
    told_card(&kiosk, CARD_NEWS_LIFTED);
    lay(CARD_NEWS_DOCUMENT);
    told_end(&kiosk, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
    findings += show("card-code-wrong");
    go_to_requests(language, mode);
    findings += show("card-requests");
    tap("request.0");
    tap("to_counter");
    findings += show("card-consent");
    go_to_requests(language, mode);
    told_card(&kiosk, CARD_NEWS_LIFTED);
    findings += show("card-locked");
    lay(CARD_NEWS_DOCUMENT);
    findings += show("card-locked-reading");
    told_end(&kiosk, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
    findings += show("card-locked-again");
    return findings;
}

static size_t show_ends(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    char name[48];
    for (size_t i = 0; i < COUNTER_PAGES_COUNT; i++) {
        go_to_counter_page(i, language, mode);
        (void)snprintf(name, sizeof name, "card-end-%s", counter_pages[i].name); // always fits
        findings += show(name);
    }
    go_to_broken(language, mode);
    findings += show("card-end-broken");
    go_to_wrong(language, mode);
    findings += show("card-end-wrong");
    go_to_pass_unknown(language, mode);
    findings += show("card-end-pass");
    go_to_gone(language, mode);
    findings += show("card-end-gone");
    go_to_ticket(language, mode);
    findings += show("card-ticket");
    kiosk.visit.slip = SLIP_FAILED;
    findings += show("card-ticket-no-slip");
    tap("done");
    dress(language, mode);
    findings += show("card-take");
    tap("done");
    findings += show("card-welcome-left");
    tap("card");
    findings += show("card-lay-left");
    return findings;
}

static size_t show_all(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    findings += show_asking(language, mode);
    findings += show_zone(language, mode);
    findings += show_reading(language, mode);
    findings += show_ends(language, mode);
    return findings;
}

static void every_page_of_a_card_passes_the_audit_in_every_language_and_mode(void **state)
{
    (void)state;

    assert_int_equal(stage_every(show_all), 0);
}

// True when the present scene looks as it did when somebody last looked at it.
static size_t differs(const char *name)
{
    return stage_differs(&stage, scenes_top(&scenes), &kiosk, name);
}

static void pages_of_a_card_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    start("nl", STAGE_NORMAL);
    different += differs("card-welcome");
    tap("card");
    different += differs("card-lay");
    lay(CARD_NEWS_DOCUMENT);
    type("1234");
    different += differs("card-code");
    tap("key.next");
    different += differs("card-code-short");
    go_to_zone("nl", STAGE_NORMAL);
    type("SPECI");
    different += differs("card-zone");
    go_to_read("nl", STAGE_NORMAL);
    told_step(&kiosk, DOCUMENT_STEP_DG1);
    different += differs("card-read");
    told_card(&kiosk, CARD_NEWS_LIFTED);
    different += differs("card-slipped");
    go_to_requests("nl", STAGE_NORMAL);
    told_card(&kiosk, CARD_NEWS_LIFTED);
    different += differs("card-locked");
    go_to_requests("nl", STAGE_NORMAL);
    tap("request.0");
    tap("to_counter");
    different += differs("card-consent");
    go_to_ticket("nl", STAGE_NORMAL);
    different += differs("card-ticket");
    tap("done");
    dress("nl", STAGE_NORMAL);
    different += differs("card-take");
    go_to_counter_page(0, "nl", STAGE_NORMAL);
    different += differs("card-end-counter");
    go_to_counter_page(3, "nl", STAGE_NORMAL);
    different += differs("card-end-unsure");

    assert_int_equal(different, 0);
}

static void modes_and_languages_equal_their_golden_pictures(void **state)
{
    (void)state;
    static const struct {
        const char *language;
        enum stage_mode mode;
        const char *name;
    } table[] = {
        {"en", STAGE_NORMAL, "en"},        {"ar", STAGE_NORMAL, "ar"},
        {"nl", STAGE_LARGE, "large"},      {"nl", STAGE_CONTRAST, "contrast"},
        {"nl", STAGE_LOW, "low"},          {"nl", STAGE_LARGE_CONTRAST, "large-contrast"},
        {"nl", STAGE_OTHER_TOWN, "other"},
    };
    size_t different = 0;
    char name[48];
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        start(table[i].language, table[i].mode);
        tap("card");
        (void)snprintf(name, sizeof name, "card-lay-%s", table[i].name); // always fits
        different += differs(name);
        lay(CARD_NEWS_DOCUMENT);
        type("1234");
        (void)snprintf(name, sizeof name, "card-code-%s", table[i].name); // always fits
        different += differs(name);
    }

    assert_int_equal(different, 0);
}

static void press(struct window *window, const char *id)
{
    assert_true(keypad_press(window, id, &kiosk.now_ms));
}

static void the_keypad_alone_leads_from_the_welcome_to_the_list(void **state)
{
    (void)state;
    static struct window window;
    struct fault fault = {0};
    struct window_options options = {
        .title = "kiosk", .surface_only = true, .icons_dir = "assets/icons"};
    start("nl", STAGE_NORMAL);
    assert_int_equal(window_open(&window, &stage.look, &scenes, &options, &fault), OK);
    (void)window_refresh(&window);

    press(&window, "card");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_lay);
    lay(CARD_NEWS_DOCUMENT);
    (void)window_refresh(&window);
    assert_true(keypad_type(&window, "123456", &kiosk.now_ms));
    press(&window, "key.next");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_read);
    told_end(&kiosk, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
    (void)window_refresh(&window);
    told_card(&kiosk, CARD_NEWS_DOCUMENT);
    press(&window, "no_digits");
    assert_true(keypad_type(&window, "SPECI2014", &kiosk.now_ms));
    press(&window, "next");
    for (int i = 0; i < 2; i++) {
        assert_true(keypad_type(&window, "10", &kiosk.now_ms));
        press(&window, "month.3");
        assert_true(keypad_type(&window, "1965", &kiosk.now_ms));
        press(&window, "next");
    }
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_read);
    told_holder(&kiosk, "HAVERKAMP");
    message.visit.state = VISIT_OPEN;
    message.visit.requests_ready = true;
    answer(HUB_ANSWER_VISIT);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_requests);
    window_close(&window);
}

static void nothing_of_a_chip_is_on_any_page_before_its_visit_is_open(void **state)
{
    (void)state;
    go_to_read("nl", STAGE_NORMAL);
    told_step(&kiosk, DOCUMENT_STEP_DG1);
    (void)show("card-before");
    told_holder(&kiosk, "HAVERKAMP");
    (void)show("card-asked");

    assert_null(memmem(stage.tree.text, stage.tree.text_len, "HAVERKAMP", 9));
    assert_null(memmem(stage.tree.text, stage.tree.text_len, "1984", 4));
}

static int open_stage(void **state)
{
    (void)state;
    at_kiosk_open(&stage, &kiosk, &scenes, hand_clock(&november_ms));
    scenes_push(&scenes, &kiosk_scene_welcome);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    kiosk_forget(&kiosk);
    stage_close(&stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_of_a_card_passes_the_audit_in_every_language_and_mode),
        cmocka_unit_test(pages_of_a_card_equal_their_golden_pictures),
        cmocka_unit_test(modes_and_languages_equal_their_golden_pictures),
        cmocka_unit_test(the_keypad_alone_leads_from_the_welcome_to_the_list),
        cmocka_unit_test(nothing_of_a_chip_is_on_any_page_before_its_visit_is_open),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
