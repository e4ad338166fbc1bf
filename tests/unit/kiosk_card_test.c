// SPDX-License-Identifier: EUPL-1.2
//
// The way of a visitor with a card: what begins, what is asked again, what is locked, and what is
// left of her. No hub and no reader: orders and commands are counted, their answers made by hand.
#include "apps/kiosk/kiosk.h"
#include "base/text.h"
#include "tests/fakes/hand.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/told_card.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

static struct kiosk kiosk;
static struct look look;
static struct scenes scenes;
static struct hub_message_private message;
static int64_t november_ms = 1795438320000; // 23 November 2026
static struct card_order_private ordered;
static unsigned orders_count;
static unsigned reads_count;

static void keep_order(void *ctx, const struct card_order_private *order)
{
    (void)ctx;
    ordered = *order;
    orders_count += 1;
    reads_count += order->kind == CARD_ORDER_READ ? 1 : 0;
}

static void tap(const char *id)
{
    hand_tap(&scenes, id, &kiosk.now_ms);
}

static void type(const char *words)
{
    hand_type(&scenes, words, kiosk.now_ms);
}

// What the window does after messages, and when time has passed.
static void pass(int64_t ms)
{
    kiosk.now_ms += ms;
    const struct scene_event posted = {.kind = SCENE_POSTED, .id = "", .now_ms = kiosk.now_ms};
    scenes_event(&scenes, &posted);
    (void)scenes_tick(&scenes, kiosk.now_ms);
}

static void lay(enum card_news_kind kind)
{
    told_card(&kiosk, CARD_NEWS_LAID);
    told_card(&kiosk, kind);
}

static void lift(void)
{
    told_card(&kiosk, CARD_NEWS_LIFTED);
    pass(0);
}

static void send_digits(const char *digits)
{
    type(digits);
    tap("key.next");
}

static void answer_visit(enum visit_state state)
{
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = HUB_ANSWER_VISIT;
    message.visit.state = state;
    message.visit.level = LEVEL_2;
    message.visit.requests_ready = true;
    message.visit.tries_left = 3;
    assert_int_equal(
        text_copy(message.visit.id, UUID_TEXT_BYTES, "00000000-0000-4000-8000-000000000001"), OK);
    kiosk_take(&kiosk, &message);
    memset(&message, 0, sizeof message);
}

static void give_ticket(void)
{
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = HUB_ANSWER_TICKET;
    kiosk_take(&kiosk, &message);
    memset(&message, 0, sizeof message);
}

static void open_by_document(void)
{
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");
    told_holder(&kiosk, "HAVERKAMP");
    answer_visit(VISIT_OPEN);
    pass(0);
}

static int set_up(void **state)
{
    (void)state;
    look_init(&look, 1080, 1920, 3.61F);
    memset(&kiosk, 0, sizeof kiosk);
    kiosk_init(&kiosk, &look, &scenes);
    kiosk.clock = hand_clock(&november_ms);
    kiosk.now_ms = 1000000;
    kiosk.is_connected = true;
    kiosk.order = keep_order;
    orders_count = 0;
    reads_count = 0;
    memset(&ordered, 0, sizeof ordered);
    scenes_init(&scenes, &kiosk, &look);
    scenes_push(&scenes, &kiosk_scene_welcome);
    told_card(&kiosk, CARD_NEWS_READY);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kiosk_forget(&kiosk);
    return 0;
}

static void expect_nothing_kept(void)
{
    static const struct kiosk_visit_private nothing;
    assert_memory_equal(&kiosk.visit, &nothing, sizeof nothing);
    assert_null(memmem(&kiosk, sizeof kiosk, "123456", 6));
    assert_null(memmem(&kiosk, sizeof kiosk, "HAVERKAMP", 9));
    assert_null(memmem(&kiosk, sizeof kiosk, "1984-05-17", 10));
    assert_null(memmem(&kiosk, sizeof kiosk, "04A2B3C4D5E680", 14));
}

static void a_document_laid_at_the_welcome_begins_by_itself(void **state)
{
    (void)state;
    unsigned commands = kiosk.commands_count;
    lay(CARD_NEWS_DOCUMENT);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_code);

    send_digits("123456");
    assert_int_equal(ordered.kind, CARD_ORDER_READ);
    assert_string_equal(ordered.password.can, "123456");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_read);
    told_holder(&kiosk, "HAVERKAMP");
    assert_int_equal(kiosk.commands_count, commands + 1);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_wait);
    answer_visit(VISIT_OPEN);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_requests);
}

static void the_hub_is_asked_with_what_was_verified_and_no_number(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");
    told_holder(&kiosk, "HAVERKAMP");

    struct api_visit_open_private open = {0};
    kiosk_card_fill(&kiosk, &open);

    assert_true(open.has_document && open.document.is_genuine && open.document.is_pace);
    assert_int_equal(open.document.not_cloned, API_NOT_CLONED_CHIP);
    assert_string_equal(open.document.surname, "HAVERKAMP");
    assert_int_equal(open.document.birth_date.year, 1984);
    assert_int_equal(open.document.birth_date.day, 17);
    assert_string_equal(open.pass, "");
    assert_string_equal(open.code, "");
}

static void a_card_is_asked_for_and_goes_on_once_it_lies_there(void **state)
{
    (void)state;
    tap("card");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_lay);
    assert_int_equal(ordered.kind, CARD_ORDER_LAY);

    lay(CARD_NEWS_MUTE);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_lay);
    told_card(&kiosk, CARD_NEWS_LIFTED);
    lay(CARD_NEWS_DOCUMENT);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_code);
}

static void picking_the_card_up_to_read_its_digits_loses_nothing(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    type("123");
    lift();
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_code);

    send_digits("456");
    assert_int_equal(reads_count, 0); // nothing lies there yet
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_read);
    lay(CARD_NEWS_DOCUMENT);

    assert_int_equal(reads_count, 1);
    assert_string_equal(ordered.password.can, "123456");
}

static void less_than_six_digits_are_said_and_kept(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);

    send_digits("12345");

    assert_int_equal(reads_count, 0);
    assert_string_equal(kiosk.visit.card.error, "card.code.short");
    assert_string_equal(kiosk.visit.card.digits, "12345");
}

static void a_card_pulled_at_any_step_is_read_again_without_typing(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");
    for (int step = 0; step < DOCUMENT_STEP_DONE; step++) {
        told_step(&kiosk, (enum document_step)step);
        uint32_t before = kiosk.visit.card.reading;

        lift();
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_read);
        assert_int_equal(kiosk.visit.card.reading, 0);
        lay(CARD_NEWS_DOCUMENT);

        assert_int_not_equal(kiosk.visit.card.reading, before);
        assert_string_equal(ordered.password.can, "123456");
    }
    told_holder(&kiosk, "HAVERKAMP");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_wait);
}

static void a_card_that_slips_is_read_again_by_itself_and_at_last_goes_to_the_counter(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");
    for (int i = 0; i + 1 < CARD_SLIPS_MAX; i++) {
        told_card(&kiosk, CARD_NEWS_SLIPPED);
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_read);
        told_card(&kiosk, CARD_NEWS_DOCUMENT);
    }
    assert_int_equal(reads_count, CARD_SLIPS_MAX);

    told_card(&kiosk, CARD_NEWS_SLIPPED);

    assert_string_equal(kiosk.visit.problem, "message.card_broken");
    assert_int_equal(ordered.kind, CARD_ORDER_FORGET);
}

static void three_wrong_tries_are_enough(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    for (unsigned i = 0; i < CARD_TRIES_MAX; i++) {
        send_digits("000000");
        told_end(&kiosk, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
        if (i + 1 < CARD_TRIES_MAX) {
            assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_code);
            assert_string_equal(kiosk.visit.card.error, "card.code.wrong");
            assert_string_equal(kiosk.visit.card.digits, "");
            lift(); // laying it anew earns no further try
            lay(CARD_NEWS_DOCUMENT);
        }
    }

    assert_string_equal(kiosk.visit.problem, "message.card_wrong");
    assert_int_equal(kiosk.visit.card.stage, CARD_NOT_USED);
    told_card(&kiosk, CARD_NEWS_DOCUMENT); // it lies there still
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_message);
}

static void an_older_document_opens_by_three_fields_of_its_page(void **state)
{
    (void)state;
    lay(CARD_NEWS_OLD);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_zone);

    tap("next");
    assert_string_equal(kiosk.visit.card.error, "card.zone.short");
    type("speci2014");
    tap("next");
    type("10031965");
    tap("next");
    type("3102");
    tap("next");
    assert_string_equal(kiosk.visit.card.error, "card.zone.no_date");
    assert_int_equal(reads_count, 0);
    type("2031");
    tap("next");
    assert_string_equal(kiosk.visit.card.error, "card.zone.no_date"); // no such day
    for (int i = 0; i < 12; i++) {
        tap("key.erase");
    }
    type("09032031");
    tap("next");

    assert_int_equal(reads_count, 1);
    assert_string_equal(ordered.password.number, "SPECI2014");
    assert_string_equal(ordered.password.birth, "650310");
    assert_string_equal(ordered.password.expiry, "310309");
    assert_string_equal(ordered.password.can, "");
}

static void wrong_fields_stay_to_be_put_right(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    tap("no_digits");
    type("SPECI2014");
    tap("next");
    type("10031965");
    tap("next");
    type("09032031");
    tap("next");

    told_end(&kiosk, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_zone);
    assert_int_equal(kiosk.visit.card.zone_page, 0);
    assert_string_equal(kiosk.visit.card.number.text, "SPECI2014");
    tap("bar.back");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_code);
}

static void a_chip_that_knows_no_digits_asks_for_its_fields(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");

    told_end(&kiosk, DOCUMENT_NEEDS_ZONE, DOCUMENT_NO_REASON);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_zone);
    assert_int_equal(kiosk.visit.card.wrong_count, 0);
}

static void what_is_not_verified_goes_to_the_counter_and_is_never_called_forged(void **state)
{
    (void)state;
    for (int reason = 1; reason < DOCUMENT_REASONS_COUNT; reason++) {
        set_up(NULL);
        lay(CARD_NEWS_DOCUMENT);
        send_digits("123456");
        unsigned commands = kiosk.commands_count;

        told_end(&kiosk, DOCUMENT_TO_COUNTER, (enum document_reason)reason);

        assert_string_equal(kiosk.visit.problem, reason == DOCUMENT_EXPIRED
                                                     ? "message.card_expired"
                                                     : "message.card_counter");
        assert_int_equal(kiosk.commands_count, commands); // the hub is not asked
        tap("number");
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_subject);
    }
}

static void a_reader_that_goes_narrows_the_welcome_and_ends_what_it_did(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");

    told_card(&kiosk, CARD_NEWS_GONE);

    assert_false(kiosk.card.has_reader);
    assert_string_equal(kiosk.visit.problem, "message.card_gone");
    told_card(&kiosk, CARD_NEWS_READY);
    assert_true(kiosk.card.has_reader);
}

static void a_pass_is_a_claim_that_its_birth_date_has_to_follow(void **state)
{
    (void)state;
    told_card(&kiosk, CARD_NEWS_LAID);
    told_pass(&kiosk, "04A2B3C4D5E680");
    struct api_visit_open_private open = {0};
    kiosk_card_fill(&kiosk, &open);
    assert_string_equal(open.pass, "04A2B3C4D5E680");
    assert_false(open.has_document);

    answer_visit(VISIT_NEEDS_SECOND_FACT);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_birth_date);
}

static void taking_the_card_away_locks_the_list_at_once(void **state)
{
    (void)state;
    open_by_document();

    lift();

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
    pass(CARD_GRACE_MS - 1);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
    pass(1);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
    expect_nothing_kept();
}

static void the_same_card_laid_back_unlocks_without_typing(void **state)
{
    (void)state;
    open_by_document();
    tap("request.0");
    lift();
    pass(CARD_GRACE_MS - 1000);
    unsigned commands = kiosk.commands_count;

    lay(CARD_NEWS_DOCUMENT);
    assert_string_equal(ordered.password.can, "123456");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
    pass(CARD_GRACE_MS); // reading takes its time
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
    told_holder(&kiosk, "HAVERKAMP");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_requests);
    assert_int_equal(kiosk.commands_count, commands); // her visit was never closed
}

static void another_card_laid_back_wipes_the_visit(void **state)
{
    (void)state;
    static const enum document_end ends[] = {DOCUMENT_WRONG_PASSWORD, DOCUMENT_NOT_OURS,
                                             DOCUMENT_TO_COUNTER, DOCUMENT_VERIFIED};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        set_up(NULL);
        open_by_document();
        lift();
        lay(CARD_NEWS_DOCUMENT);

        if (ends[i] == DOCUMENT_VERIFIED) {
            told_holder(&kiosk, "JANSEN");
        } else {
            told_end(&kiosk, ends[i], DOCUMENT_UNKNOWN_SIGNER);
        }

        expect_nothing_kept();
        assert_int_equal(ordered.kind, CARD_ORDER_FORGET);
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_take); // somebody's card
        lift();
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
    }
}

static void a_pass_laid_in_a_documents_place_wipes_too_and_its_own_unlocks(void **state)
{
    (void)state;
    open_by_document();
    lift();
    told_card(&kiosk, CARD_NEWS_LAID);
    told_pass(&kiosk, "04A2B3C4D5E680");
    expect_nothing_kept();
    lift();

    told_card(&kiosk, CARD_NEWS_LAID);
    told_pass(&kiosk, "04A2B3C4D5E680");
    answer_visit(VISIT_OPEN);
    lift();
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
    told_card(&kiosk, CARD_NEWS_LAID);
    told_pass(&kiosk, "04A2B3C4D5E680");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_requests);
}

static void nothing_that_arrives_shows_behind_the_lock(void **state)
{
    (void)state;
    open_by_document();
    lift();

    kiosk.waits_for = 7;
    answer_visit(VISIT_OPEN); // read again, say
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
    tap("bar.help");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_help);
    kiosk.waits_for = 8;
    answer_visit(VISIT_OPEN);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
}

static void a_card_lifted_while_the_hub_is_asked_locks_what_it_answers(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");
    told_holder(&kiosk, "HAVERKAMP");
    lift();
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);

    answer_visit(VISIT_OPEN);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
}

static void coming_and_going_does_not_keep_a_visit_open_for_ever(void **state)
{
    (void)state;
    open_by_document();
    lift();
    for (int64_t ms = 0; ms < CARD_GRACE_ALL_MS; ms += CARD_GRACE_MS / 2) {
        assert_true(kiosk.visit.has_visit);
        lay(CARD_NEWS_DOCUMENT);
        pass(CARD_GRACE_MS / 2);
        lift();
    }

    expect_nothing_kept();
}

static void with_the_number_in_hand_she_may_take_her_card(void **state)
{
    (void)state;
    open_by_document();
    kiosk.visit.service = 'F';
    kiosk_issue(&kiosk, true);
    give_ticket();

    lift();
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_ticket);
    tap("more"); // her requests need it again

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_locked);
}

static void a_card_left_behind_begins_nothing_for_the_next_visitor(void **state)
{
    (void)state;
    open_by_document();

    tap("bar.stop");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_take);
    expect_nothing_kept();
    assert_int_equal(ordered.kind, CARD_ORDER_FORGET);
    pass(CARD_FORGOTTEN_MS);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
    told_card(&kiosk, CARD_NEWS_DOCUMENT);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_welcome);
    tap("card");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_lay);
    lift();
    lay(CARD_NEWS_DOCUMENT);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_code);
}

static void late_news_of_a_visit_that_is_over_is_dropped(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");
    const struct card_news_private late = {
        .kind = CARD_NEWS_END, .reading = kiosk.visit.card.reading, .end = DOCUMENT_VERIFIED};
    tap("bar.stop");
    lift();
    lay(CARD_NEWS_DOCUMENT);
    unsigned commands = kiosk.commands_count;

    kiosk_card_news(&kiosk, &late);
    send_digits("654321");
    kiosk_card_news(&kiosk, &late);

    assert_int_equal(kiosk.commands_count, commands);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_read);
}

static void a_source_that_is_down_is_asked_again_with_the_same_card(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");
    told_holder(&kiosk, "HAVERKAMP");
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = HUB_ANSWER_PROBLEM;
    assert_int_equal(
        text_copy(message.problem.code, sizeof message.problem.code, "backoffice_unavailable"), OK);
    kiosk_take(&kiosk, &message);
    memset(&message, 0, sizeof message);
    unsigned commands = kiosk.commands_count;

    tap("again");

    assert_int_equal(kiosk.commands_count, commands + 1);
    struct api_visit_open_private open = {0};
    kiosk_card_fill(&kiosk, &open);
    assert_string_equal(open.document.surname, "HAVERKAMP");
}

static void a_card_in_the_middle_of_a_visit_by_code_is_left_alone(void **state)
{
    (void)state;
    kiosk.visit.has_visit = true;
    scenes_reset(&scenes, &kiosk_scene_requests);

    lay(CARD_NEWS_DOCUMENT);
    lift();

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_requests);
    assert_int_equal(orders_count, 0);
}

static void a_code_held_up_where_a_card_is_asked_for_counts(void **state)
{
    (void)state;
    tap("card");
    static const char unknown[] = "https://voorbeeld.example/a";
    kiosk_scan(&kiosk, unknown, sizeof unknown - 1);
    assert_string_equal(kiosk.visit.problem, "message.code_unknown");
    assert_int_equal(kiosk.visit.card.stage, CARD_NOT_USED);
    tap("again");
    lay(CARD_NEWS_DOCUMENT);
    type("123");
    tap("bar.help");

    kiosk_scan(&kiosk, unknown, sizeof unknown - 1); // somebody is busy typing

    assert_string_equal(kiosk.visit.card.digits, "123");
}

static void help_and_languages_never_pile_up(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    tap("bar.help");
    for (int i = 0; i < SCENES_DEPTH_MAX; i++) {
        tap("bar.language");
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_language);
        tap("bar.help");
        assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_help);
    }

    tap("bar.back");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_card_code);
}

static void every_way_out_wipes_digits_holder_and_pass(void **state)
{
    (void)state;
    lay(CARD_NEWS_DOCUMENT);
    type("123456");
    tap("bar.stop");
    expect_nothing_kept();
    lift();
    tap("card");
    tap("bar.back");
    expect_nothing_kept();
    lay(CARD_NEWS_DOCUMENT);
    send_digits("123456");
    told_end(&kiosk, DOCUMENT_NOT_OURS, DOCUMENT_NO_REASON);
    assert_null(memmem(&kiosk, sizeof kiosk, "123456", 6));
    lift();
    open_by_document();
    scenes_push(&scenes, &kiosk_scene_timeout);
    kiosk.warned_ms = kiosk.now_ms;
    pass(KIOSK_WARNING_MS);
    expect_nothing_kept();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_document_laid_at_the_welcome_begins_by_itself),
        TEST(the_hub_is_asked_with_what_was_verified_and_no_number),
        TEST(a_card_is_asked_for_and_goes_on_once_it_lies_there),
        TEST(picking_the_card_up_to_read_its_digits_loses_nothing),
        TEST(less_than_six_digits_are_said_and_kept),
        TEST(a_card_pulled_at_any_step_is_read_again_without_typing),
        TEST(a_card_that_slips_is_read_again_by_itself_and_at_last_goes_to_the_counter),
        TEST(three_wrong_tries_are_enough),
        TEST(an_older_document_opens_by_three_fields_of_its_page),
        TEST(wrong_fields_stay_to_be_put_right),
        TEST(a_chip_that_knows_no_digits_asks_for_its_fields),
        TEST(what_is_not_verified_goes_to_the_counter_and_is_never_called_forged),
        TEST(a_reader_that_goes_narrows_the_welcome_and_ends_what_it_did),
        TEST(a_pass_is_a_claim_that_its_birth_date_has_to_follow),
        TEST(taking_the_card_away_locks_the_list_at_once),
        TEST(the_same_card_laid_back_unlocks_without_typing),
        TEST(another_card_laid_back_wipes_the_visit),
        TEST(a_pass_laid_in_a_documents_place_wipes_too_and_its_own_unlocks),
        TEST(nothing_that_arrives_shows_behind_the_lock),
        TEST(a_card_lifted_while_the_hub_is_asked_locks_what_it_answers),
        TEST(coming_and_going_does_not_keep_a_visit_open_for_ever),
        TEST(with_the_number_in_hand_she_may_take_her_card),
        TEST(a_card_left_behind_begins_nothing_for_the_next_visitor),
        TEST(late_news_of_a_visit_that_is_over_is_dropped),
        TEST(a_source_that_is_down_is_asked_again_with_the_same_card),
        TEST(a_card_in_the_middle_of_a_visit_by_code_is_left_alone),
        TEST(a_code_held_up_where_a_card_is_asked_for_counts),
        TEST(help_and_languages_never_pile_up),
        TEST(every_way_out_wipes_digits_holder_and_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
