// SPDX-License-Identifier: EUPL-1.2
//
// What the I/O thread makes of a card: which kind it is, that nothing is read before the screens
// ask, and that what was read is told once. The reader is a fake, the chip a virtual one of
// OpenSSL's arithmetic.
#include "apps/kiosk/card_io.h"
#include "base/text.h"
#include "tests/fakes/fake_card_reader.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/laid_chip.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { POLLS_MAX = 400, NEWS_MAX = 64 };

static struct laid_chips chips;
static struct laid_chip laid;
static struct card_io card;
static struct fake_card_reader reader;
static struct fake_card fake;
static struct card_news_private news[NEWS_MAX];
static size_t news_count;
static int64_t now_ms;
static uint8_t number[10];
static size_t number_len;
static bool is_silent;
static bool has_chip;

static void take_news(const struct card_news_private *told, void *ctx)
{
    (void)ctx;
    assert_in_range(news_count, 0, NEWS_MAX - 1);
    news[news_count++] = *told;
}

static const struct card_news_private *last(enum card_news_kind kind)
{
    for (size_t i = news_count; i > 0; i--) {
        if (news[i - 1].kind == kind) {
            return &news[i - 1];
        }
    }
    return NULL;
}

static bool is_told(enum card_news_kind kind)
{
    return last(kind) != NULL;
}

// Until it is told, or nothing more happens.
static void wait_for(enum card_news_kind kind)
{
    for (int i = 0; i < POLLS_MAX && !is_told(kind); i++) {
        card_io_poll(&card);
    }
    assert_true(is_told(kind));
}

static void poll_on(void)
{
    for (int i = 0; i < 20; i++) {
        card_io_poll(&card);
    }
}

static size_t answer_chip(void *ctx, const uint8_t *apdu, size_t len, uint8_t *out,
                          size_t out_bytes)
{
    (void)ctx;
    (void)out_bytes;
    return is_silent ? 0 : chip_answer(&laid.chip, apdu, len, out);
}

static void power_chip(void *ctx)
{
    (void)ctx;
    chip_power(&laid.chip);
}

// A card that is no document; its number is the reader's answer to FF CA.
static size_t answer_pass(void *ctx, const uint8_t *apdu, size_t len, uint8_t *out,
                          size_t out_bytes)
{
    (void)ctx;
    assert_true(len >= 4 && out_bytes > number_len + 2);
    bool is_asked = apdu[0] == 0xff && apdu[1] == 0xca && number_len > 0;
    size_t told = is_asked ? number_len : 0;
    memcpy(out, number, told);
    out[told] = is_asked ? 0x90 : 0x6a;
    out[told + 1] = is_asked ? 0x00 : 0x82;
    return told + 2;
}

static void lay_chip(const char *name)
{
    has_chip = true;
    laid_chip_open(&laid, &chips, name, CHIP_HONEST);
    fake = (struct fake_card){
        .atr = {0x3b, 0x80, 0x80, 0x01}, .atr_len = 4, .answer = answer_chip, .power = power_chip};
    fake_card_reader_lay(&reader, &fake);
}

static void lay_pass(const uint8_t *bytes, size_t len)
{
    memcpy(number, bytes, len);
    number_len = len;
    fake = (struct fake_card){
        .atr = {0x3b, 0x81, 0x80, 0x01, 0x80}, .atr_len = 5, .answer = answer_pass};
    fake_card_reader_lay(&reader, &fake);
    poll_on();
}

static void read_chip(uint32_t reading, bool is_can)
{
    struct card_order_private order = {.kind = CARD_ORDER_READ, .reading = reading};
    laid_chip_password(&laid, is_can, &order.password);
    card_io_order(&card, &order);
}

static void set_key(struct config *config, const char *key, const char *file)
{
    struct config_entry *entry = &config->entries[config->entries_count++];
    (void)snprintf(entry->key, sizeof entry->key, "%s", key);
    (void)snprintf(entry->value, sizeof entry->value, "%s/%s", chips.folder, file);
}

static void start(const char *list, const char *withdrawn)
{
    static struct config config;
    memset(&config, 0, sizeof config);
    if (withdrawn != NULL) {
        set_key(&config, "document.withdrawn", withdrawn);
    }
    set_key(&config, "document.master_list", list);
    set_key(&config, "document.master_list_root", "root.der");
    fake_card_reader_init(&reader);
    card_io_init(&card, &config, hand_clock(&now_ms));
    card_io_start(&card, &reader.port, take_news, NULL);
    int fds[4];
    assert_int_equal(card_io_fds(&card, fds, 4), 1);
    struct pollfd alarm = {.fd = fds[0], .events = POLLIN};
    assert_int_equal(poll(&alarm, 1, 5000), 1); // the signers are read at the first poll after it
    poll_on();
}

static int set_up(void **state)
{
    (void)state;
    const struct clock clock = clock_system();
    now_ms = clock_now_ms(&clock); // cards are made for today
    news_count = 0;
    is_silent = false;
    memset(&card, 0, sizeof card);
    start("signers.ml", NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    card_io_stop(&card);
    if (has_chip) {
        laid_chip_close(&laid);
    }
    has_chip = false;
    memset(&laid, 0, sizeof laid);
    memset(news, 0, sizeof news);
    return 0;
}

static void a_reader_counts_once_its_signers_are_known(void **state)
{
    (void)state;
    assert_int_equal(news[news_count - 1].kind, CARD_NEWS_READY);
    card_io_stop(&card);
    news_count = 0;

    start("root.der", NULL); // no list at all

    assert_false(is_told(CARD_NEWS_READY));
    assert_true(is_told(CARD_NEWS_GONE));
}

static void nobody_is_believed_while_the_withdrawn_signers_cannot_be_read(void **state)
{
    (void)state;
    static const char *const bad[] = {"no-such-file", "root.der"};
    for (size_t i = 0; i < 2; i++) {
        card_io_stop(&card);
        memset(&card, 0, sizeof card);
        news_count = 0;

        start("signers.ml", bad[i]);

        assert_false(is_told(CARD_NEWS_READY));
        assert_true(is_told(CARD_NEWS_GONE));
    }
}

static void a_document_is_known_as_one_and_not_read_before_it_is_asked_for(void **state)
{
    (void)state;
    lay_chip("b256");

    wait_for(CARD_NEWS_DOCUMENT);
    poll_on();

    assert_true(is_told(CARD_NEWS_LAID));
    assert_false(is_told(CARD_NEWS_STEP));
    assert_int_equal(reader.restarts_count, 1); // the chip is as fresh as it was laid
}

static void a_document_is_read_to_its_holder(void **state)
{
    (void)state;
    lay_chip("b256");
    wait_for(CARD_NEWS_DOCUMENT);

    read_chip(7, true);
    assert_int_equal(reader.signal, CARD_SIGNAL_READING);
    wait_for(CARD_NEWS_END);

    const struct card_news_private *end = last(CARD_NEWS_END);
    assert_int_equal(end->end, DOCUMENT_VERIFIED);
    assert_int_equal(end->reading, 7);
    assert_string_equal(end->holder.surname, "VAN DER BERG");
    assert_string_equal(end->holder.birth_iso, "1984-03-12");
    assert_true(end->checks.is_pace && end->checks.is_genuine);
    assert_int_equal(end->checks.not_cloned, DOCUMENT_CLONE_CHIP);
    assert_int_equal(reader.releases_count, 1); // switched off
    assert_null(memmem(&card, sizeof card, laid.card.can, strlen(laid.card.can)));
    assert_null(document_holder(card.document));
}

static void an_older_document_says_that_it_wants_its_zone(void **state)
{
    (void)state;
    lay_chip("old");
    wait_for(CARD_NEWS_OLD);

    read_chip(1, false);
    wait_for(CARD_NEWS_END);

    assert_int_equal(last(CARD_NEWS_END)->end, DOCUMENT_VERIFIED);
    assert_false(last(CARD_NEWS_END)->checks.is_pace);
}

static void a_wrong_password_leaves_the_card_ready_for_the_next(void **state)
{
    (void)state;
    lay_chip("b256");
    wait_for(CARD_NEWS_DOCUMENT);
    const struct card_order_private wrong = {
        .kind = CARD_ORDER_READ, .reading = 1, .password = {.can = "000000"}};
    card_io_order(&card, &wrong);
    wait_for(CARD_NEWS_END);
    assert_int_equal(last(CARD_NEWS_END)->end, DOCUMENT_WRONG_PASSWORD);
    news_count = 0;

    wait_for(CARD_NEWS_DOCUMENT);
    read_chip(2, true);
    wait_for(CARD_NEWS_END);

    assert_int_equal(last(CARD_NEWS_END)->end, DOCUMENT_VERIFIED);
}

static void a_card_lifted_while_it_is_read_ends_its_reading(void **state)
{
    (void)state;
    lay_chip("b256");
    wait_for(CARD_NEWS_DOCUMENT);
    read_chip(1, true);
    wait_for(CARD_NEWS_STEP);
    card_io_poll(&card);

    fake_card_reader_lay(&reader, NULL);
    poll_on();

    assert_int_equal(news[news_count - 1].kind, CARD_NEWS_LIFTED);
    assert_false(is_told(CARD_NEWS_END));
}

static void a_card_that_stops_answering_slipped_and_may_be_read_again(void **state)
{
    (void)state;
    lay_chip("b256");
    wait_for(CARD_NEWS_DOCUMENT);
    read_chip(1, true);
    wait_for(CARD_NEWS_STEP);
    is_silent = true;
    wait_for(CARD_NEWS_SLIPPED);
    assert_int_equal(last(CARD_NEWS_SLIPPED)->reading, 1);
    is_silent = false;
    news_count = 0;

    wait_for(CARD_NEWS_DOCUMENT);
    read_chip(2, true);
    wait_for(CARD_NEWS_END);

    assert_int_equal(last(CARD_NEWS_END)->end, DOCUMENT_VERIFIED);
}

static void a_reading_that_takes_for_ever_is_given_up(void **state)
{
    (void)state;
    lay_chip("b256");
    wait_for(CARD_NEWS_DOCUMENT);
    read_chip(1, true);

    now_ms += CARD_WHOLE_MS;
    card_io_poll(&card);

    assert_true(is_told(CARD_NEWS_SLIPPED));
    assert_false(is_told(CARD_NEWS_END));
}

static void the_visits_end_switches_the_card_off_and_tells_no_more(void **state)
{
    (void)state;
    lay_chip("b256");
    wait_for(CARD_NEWS_DOCUMENT);
    read_chip(1, true);
    wait_for(CARD_NEWS_STEP);
    size_t before = news_count;

    const struct card_order_private forget = {.kind = CARD_ORDER_FORGET};
    card_io_order(&card, &forget);
    poll_on();

    assert_int_equal(news_count, before);
    assert_int_equal(reader.signal, CARD_SIGNAL_TAKE);
    assert_null(memmem(&card, sizeof card, laid.card.can, strlen(laid.card.can)));
}

static void a_pass_is_known_by_its_number_and_never_by_one_made_up(void **state)
{
    (void)state;
    static const uint8_t of_seven[] = {0x04, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0x80};
    static const uint8_t of_four[] = {0x12, 0xa2, 0xb3, 0xc4};
    static const uint8_t made_up[] = {0x08, 0xa2, 0xb3, 0xc4};
    static const uint8_t odd[] = {0x04, 0xa2, 0xb3};

    lay_pass(of_seven, sizeof of_seven);
    assert_string_equal(last(CARD_NEWS_PASS)->pass, "04A2B3C4D5E680");
    lay_pass(of_four, sizeof of_four);
    assert_string_equal(last(CARD_NEWS_PASS)->pass, "12A2B3C4");
    news_count = 0;
    lay_pass(made_up, sizeof made_up);
    assert_true(is_told(CARD_NEWS_OTHER));
    news_count = 0;
    lay_pass(odd, sizeof odd);
    assert_true(is_told(CARD_NEWS_OTHER));
    news_count = 0;
    lay_pass(odd, 0);

    assert_true(is_told(CARD_NEWS_OTHER));
    assert_false(is_told(CARD_NEWS_PASS));
}

static void a_card_that_says_nothing_is_mute(void **state)
{
    (void)state;
    fake = (struct fake_card){.atr_len = 0, .answer = answer_pass};
    fake_card_reader_lay(&reader, &fake);
    poll_on();

    assert_int_equal(news[news_count - 1].kind, CARD_NEWS_MUTE);
}

static void a_reader_that_goes_takes_its_card_along(void **state)
{
    (void)state;
    lay_chip("b256");
    wait_for(CARD_NEWS_DOCUMENT);

    reader.is_plugged = false;
    poll_on();
    assert_int_equal(news[news_count - 1].kind, CARD_NEWS_GONE);
    news_count = 0;
    reader.is_plugged = true;
    poll_on();

    assert_int_equal(news[0].kind, CARD_NEWS_READY);
    wait_for(CARD_NEWS_DOCUMENT);
}

static int make_chips(void **state)
{
    (void)state;
    laid_chips_make(&chips);
    return 0;
}

static int remove_chips(void **state)
{
    (void)state;
    laid_chips_remove(&chips);
    return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_reader_counts_once_its_signers_are_known),
        TEST(nobody_is_believed_while_the_withdrawn_signers_cannot_be_read),
        TEST(a_document_is_known_as_one_and_not_read_before_it_is_asked_for),
        TEST(a_document_is_read_to_its_holder),
        TEST(an_older_document_says_that_it_wants_its_zone),
        TEST(a_wrong_password_leaves_the_card_ready_for_the_next),
        TEST(a_card_lifted_while_it_is_read_ends_its_reading),
        TEST(a_card_that_stops_answering_slipped_and_may_be_read_again),
        TEST(a_reading_that_takes_for_ever_is_given_up),
        TEST(the_visits_end_switches_the_card_off_and_tells_no_more),
        TEST(a_pass_is_known_by_its_number_and_never_by_one_made_up),
        TEST(a_card_that_says_nothing_is_mute),
        TEST(a_reader_that_goes_takes_its_card_along),
    };
    return cmocka_run_group_tests(tests, make_chips, remove_chips);
}
