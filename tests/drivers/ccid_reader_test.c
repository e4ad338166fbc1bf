// SPDX-License-Identifier: EUPL-1.2
//
// The USB card reader beyond the contract (tests/ports/card_reader_test.c): slow, busy, confused
// and dead readers, cards and cables pulled at every point, and which devices are used at all.
#include "drivers/usb_card_reader.h"
#include "tests/fakes/card_ears.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/usb_ccid.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

enum { TPDU = 0x10000, SHORT_APDU = 0x20000, EXTENDED_APDU = 0x40000, BY_ATR = 2 };
enum { SET = 0x61, POWER_ON = 0x62, POWER_OFF = 0x63, STATUS = 0x65, ESCAPE = 0x6B };
enum { TRANSFER = 0x6F, ABORT = 0x72 };

struct bench {
    struct usb_script script;
    struct usb_ccid ccid;
    struct usb_card_reader reader;
    struct card_ears ears;
    int64_t now_ms;
};

static const uint8_t command[] = {0x00, 0xB0, 0x00, 0x00, 0x04};

static size_t be_well(void *ctx, const uint8_t *apdu, size_t len, uint8_t *out, size_t out_bytes)
{
    (void)ctx;
    (void)apdu;
    (void)len;
    assert_true(out_bytes > 6);
    memcpy(out, "well\x90\x00", 6);
    return 6;
}

// Contactless, contact with T=0 (TA1, TC1), contact with T=1 (IFSC 254).
static const struct fake_card chip = {
    .atr = {0x3B, 0x80, 0x80, 0x01, 0x01}, .atr_len = 5, .answer = be_well};
static const struct fake_card t0_card = {
    .atr = {0x3B, 0x52, 0x18, 0x05, 0x61, 0x62}, .atr_len = 6, .answer = be_well};
static const struct fake_card t1_contact = {
    .atr = {0x3B, 0x80, 0x81, 0x31, 0xFE, 0x45, 0x8B}, .atr_len = 7, .answer = be_well};
static const struct fake_card mute = {.atr_len = 0};

static void begin_with_rule(struct bench *bench, const struct usb_rule *rule)
{
    struct card_reader *port = &bench->reader.port;
    bench->now_ms = 1000000;
    usb_card_reader_init(&bench->reader, &bench->script.port, hand_clock(&bench->now_ms), rule);
    assert_int_equal(port->ops->open(port, card_ears_hear, &bench->ears, NULL), OK);
}

static struct bench *begin(const struct usb_ccid_kind *kind)
{
    static const struct usb_rule rule;
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    usb_script_init(&bench->script);
    usb_ccid_plug(&bench->ccid, &bench->script, kind);
    begin_with_rule(bench, &rule);
    return bench;
}

static void end(struct bench *bench)
{
    bench->reader.port.ops->close(&bench->reader.port);
    free(bench);
}

static void poll_once(struct bench *bench)
{
    bench->reader.port.ops->poll(&bench->reader.port);
}

// As a program does: a poll when the alarm rings, until so much time is over.
static void wait(struct bench *bench, int64_t ms)
{
    int64_t until_ms = bench->now_ms + ms;
    poll_once(bench);
    while (bench->now_ms < until_ms) {
        int64_t in_ms = bench->script.wake_ms == 0 ? 5000 : bench->script.wake_ms;
        int64_t left_ms = until_ms - bench->now_ms;
        bench->now_ms += in_ms < left_ms ? in_ms : left_ms;
        poll_once(bench);
    }
}

static void lay(struct bench *bench, const struct fake_card *card)
{
    usb_ccid_lay(&bench->ccid, card);
    wait(bench, 1000);
}

static enum err transmit(struct bench *bench)
{
    return bench->reader.port.ops->transmit(&bench->reader.port, command, sizeof command);
}

static size_t told(const struct bench *bench, enum card_reader_event_kind kind)
{
    return bench->ears.counts[kind];
}

static const struct usb_ccid_kind usual;

static void the_first_status_may_take_a_second(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    usb_ccid_lay(&bench->ccid, &chip);
    bench->ccid.holds_back = STATUS;
    wait(bench, 1500);
    assert_int_equal(told(bench, CARD_READER_READY), 1);
    assert_int_equal(told(bench, CARD_READER_LAID), 0);
    bench->ccid.holds_back = 0;
    usb_ccid_let_go(&bench->ccid);
    poll_once(bench);
    assert_int_equal(told(bench, CARD_READER_LAID), 1);
    assert_int_equal(bench->ccid.counts[ABORT], 0);
    end(bench);
}

static void a_notice_wakes_an_idle_reader_that_sleeps(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    wait(bench, 100);
    size_t asked = bench->ccid.counts[STATUS];
    for (int i = 0; i < 40; i++) {
        bench->now_ms += 100;
        poll_once(bench);
        assert_int_equal(bench->script.wake_ms, 0);
    }
    assert_int_equal(bench->ccid.counts[STATUS], asked);

    usb_ccid_lay(&bench->ccid, &chip);
    poll_once(bench);
    assert_int_equal(told(bench, CARD_READER_LAID), 1);
    assert_in_range(bench->script.wake_ms, 1, USB_CARD_LOOK_MS);

    usb_ccid_lay(&bench->ccid, NULL);
    poll_once(bench);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LIFTED);
    assert_int_equal(bench->script.wake_ms, 0);
    end(bench);
}

// Notices alone are not relied on.
static void a_card_nobody_gave_notice_of_is_seen_all_the_same(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    wait(bench, 100);
    bench->ccid.card = &chip;
    wait(bench, 5000);
    assert_int_equal(told(bench, CARD_READER_LAID), 1);
    bench->ccid.card = NULL;
    wait(bench, USB_CARD_LOOK_MS);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LIFTED);
    end(bench);
}

static void without_notices_it_looks_four_times_a_second(void **state)
{
    (void)state;
    static const struct usb_ccid_kind deaf = {.has_no_notices = true};
    struct bench *bench = begin(&deaf);
    wait(bench, 100);
    size_t asked = bench->ccid.counts[STATUS];
    wait(bench, 2000);
    assert_in_range(bench->ccid.counts[STATUS] - asked, 7, 9);
    usb_ccid_lay(&bench->ccid, &chip);
    wait(bench, USB_CARD_LOOK_MS);
    assert_int_equal(told(bench, CARD_READER_LAID), 1);
    end(bench);
}

static void another_card_between_two_looks_is_another_card(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    lay(bench, &chip);
    bench->ccid.is_active = false; // lifted, and laid down again at once
    wait(bench, USB_CARD_LOOK_MS);
    assert_int_equal(told(bench, CARD_READER_LIFTED), 1);
    assert_int_equal(told(bench, CARD_READER_LAID), 2);
    end(bench);
}

static void more_time_is_given_when_the_card_asks_for_it(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    lay(bench, &chip);
    bench->ccid.extends_time = 3;
    assert_int_equal(transmit(bench), OK);
    poll_once(bench);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 1);

    bench->ccid.extends_time = 0;
    bench->ccid.holds_back = TRANSFER;
    assert_int_equal(transmit(bench), OK);
    wait(bench, 4000);
    uint8_t more[10] = {0x80, 0, 0, 0, 0, 0, bench->reader.line.seq, 0x80, 3, 0};
    usb_script_say(&bench->script, more, sizeof more);
    wait(bench, 14000); // three times five seconds
    assert_int_equal(bench->ccid.counts[ABORT], 0);
    usb_ccid_let_go(&bench->ccid);
    poll_once(bench);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 2);
    end(bench);
}

static void time_is_not_given_for_ever(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    lay(bench, &chip);
    bench->ccid.holds_back = TRANSFER;
    assert_int_equal(transmit(bench), OK);
    for (int i = 0; i < 100 && told(bench, CARD_READER_FAILED) == 0; i++) {
        uint8_t more[10] = {0x80, 0, 0, 0, 0, 0, bench->reader.line.seq, 0x80, 255, 0};
        if (bench->ccid.counts[ABORT] == 0) {
            usb_script_say(&bench->script, more, sizeof more);
        }
        wait(bench, 1000);
    }
    assert_int_equal(told(bench, CARD_READER_FAILED), 1);
    end(bench);
}

static void answers_to_earlier_questions_are_let_be(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    bench->ccid.stale_answers = 2;
    lay(bench, &chip);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(transmit(bench), OK);
        poll_once(bench);
        assert_int_equal(told(bench, CARD_READER_ANSWER), i + 1);
        assert_memory_equal(bench->ears.answer, "well\x90\x00", 6);
    }
    end(bench);
}

static void pieces_empty_packets_and_padding_change_nothing(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    bench->ccid.piece_bytes = 8;
    bench->ccid.says_empty_packets = true;
    lay(bench, &chip);
    assert_int_equal(transmit(bench), OK);
    poll_once(bench);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
    bench->ccid.piece_bytes = 0;
    bench->ccid.pads = true;
    assert_int_equal(transmit(bench), OK);
    poll_once(bench);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 2);
    assert_int_equal(bench->ears.answer_len, 6);
    end(bench);
}

static void a_busy_reader_is_asked_again(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    lay(bench, &chip);
    bench->ccid.busy_count = 5;
    assert_int_equal(transmit(bench), OK);
    wait(bench, 1000);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
    bench->ccid.busy_count = 1000;
    assert_int_equal(transmit(bench), OK);
    wait(bench, 4000);
    bench->ccid.busy_count = 0;
    wait(bench, 4000);
    assert_int_equal(told(bench, CARD_READER_FAILED), 1);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    end(bench);
}

static void a_command_the_reader_fails_powers_the_card_anew(void **state)
{
    (void)state;
    static const uint8_t errors[] = {0xFE, 0xFD, 0xFB, 0xF6, 0xC3, 0x07, 0x00};
    struct bench *bench = begin(&usual);
    lay(bench, &chip);
    for (size_t i = 0; i < sizeof errors; i++) {
        size_t offs = bench->ccid.counts[POWER_OFF];
        bench->ccid.fails_count = 1;
        bench->ccid.fails_error = errors[i];
        assert_int_equal(transmit(bench), OK);
        wait(bench, 200);
        assert_int_equal(told(bench, CARD_READER_FAILED), i + 1);
        assert_int_equal(told(bench, CARD_READER_LAID), i + 2);
        assert_int_equal(bench->ccid.counts[POWER_OFF], offs + 1);
    }
    end(bench);
}

static void a_silent_command_is_aborted(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    lay(bench, &chip);
    bench->ccid.mute_count = 1;
    assert_int_equal(transmit(bench), OK);
    wait(bench, USB_CARD_TRANSFER_MS - 100);
    assert_int_equal(bench->ccid.counts[ABORT], 0);
    wait(bench, 1000);
    assert_int_equal(bench->ccid.counts[ABORT], 1);
    assert_int_equal(bench->ccid.clears_count, 0);
    assert_int_equal(told(bench, CARD_READER_FAILED), 1);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    assert_int_equal(transmit(bench), OK);
    poll_once(bench);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
    end(bench);
}

static void a_reader_that_knows_no_abort_is_cleared(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct bench *bench = begin(&usual);
        lay(bench, &chip);
        bench->ccid.is_wedged = true; // the abort is not answered either
        bench->ccid.aborts_well = i == 1;
        assert_int_equal(transmit(bench), OK);
        wait(bench, 8000);
        assert_int_equal(bench->ccid.clears_count, 1);
        assert_int_equal(bench->ccid.resets_count, 0);
        assert_int_equal(told(bench, CARD_READER_FAILED), 1);
        assert_int_equal(told(bench, CARD_READER_GONE), 0);
        assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
        end(bench);
    }
}

static void a_reader_that_answers_nothing_is_reset_and_comes_back(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    lay(bench, &chip);
    bench->ccid.is_wedged = true;
    bench->ccid.is_cleared_well = false;
    assert_int_equal(transmit(bench), OK);
    wait(bench, 15000);
    assert_int_equal(bench->ccid.resets_count, 1);
    assert_int_equal(told(bench, CARD_READER_LIFTED), 1);
    assert_int_equal(told(bench, CARD_READER_GONE), 1);
    assert_string_equal(bench->ears.fault.text, "card reader: 076b:5022 at 1-5 does not answer");
    assert_int_equal(told(bench, CARD_READER_READY), 2);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    assert_int_equal(told(bench, CARD_READER_FAILED), 0);
    end(bench);
}

static void a_halted_pipe_is_cleared_at_once(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    lay(bench, &chip);
    bench->ccid.aborts_well = false;
    bench->ccid.holds_back = TRANSFER;
    assert_int_equal(transmit(bench), OK);
    bench->script.read_err = ERR_IO;
    poll_once(bench);
    assert_int_equal(bench->ccid.clears_count, 1);
    bench->script.read_err = OK;
    bench->ccid.holds_back = 0;
    wait(bench, 1000);
    assert_int_equal(told(bench, CARD_READER_FAILED), 1);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    end(bench);
}

static const uint8_t moments[] = {STATUS, POWER_ON, SET, TRANSFER, POWER_OFF};

// A contact reader over T=1 that leaves everything to us has every kind of question.
static const struct usb_ccid_kind bare = {.features = TPDU, .message_bytes = 271};

static void reach(struct bench *bench, uint8_t moment)
{
    if (moment == POWER_OFF) {
        bench->reader.port.ops->release(&bench->reader.port);
    } else if (moment == STATUS) {
        wait(bench, USB_CARD_LOOK_MS);
    } else {
        bench->reader.port.ops->restart(&bench->reader.port);
    }
    wait(bench, 100);
    assert_true(bench->ccid.held_len > 0);
    assert_int_equal(bench->ccid.held[0], moment);
}

static void a_cable_may_be_pulled_at_any_moment(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof moments; i++) {
        struct bench *bench = begin(&bare);
        lay(bench, &t1_contact);
        assert_int_equal(told(bench, CARD_READER_LAID), 1);
        bench->ccid.holds_back = moments[i];
        reach(bench, moments[i]);

        usb_script_unplug(&bench->script, bench->ccid.device);
        wait(bench, 3000);
        assert_int_equal(told(bench, CARD_READER_LIFTED), 1);
        assert_int_equal(told(bench, CARD_READER_GONE), 1);
        assert_int_equal(card_ears_last(&bench->ears), CARD_READER_GONE);
        assert_int_equal(transmit(bench), ERR_STATE);
        assert_null(bench->script.open);

        bench->ccid.held_len = 0;
        bench->ccid.holds_back = 0;
        bench->ccid.is_active = false;
        usb_script_plug_back(&bench->script, bench->ccid.device);
        wait(bench, 3000);
        assert_int_equal(told(bench, CARD_READER_READY), 2);
        assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
        assert_int_equal(transmit(bench), OK);
        wait(bench, 100);
        assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
        end(bench);
    }
}

static void a_card_may_be_pulled_at_any_moment(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof moments; i++) {
        struct bench *bench = begin(&bare);
        lay(bench, &t1_contact);
        bench->ccid.holds_back = moments[i];
        reach(bench, moments[i]);

        bench->ccid.holds_back = 0;
        lay(bench, NULL);
        assert_int_equal(told(bench, CARD_READER_LIFTED), 1);
        assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LIFTED);
        assert_int_equal(told(bench, CARD_READER_LAID), 1);

        lay(bench, &t1_contact);
        assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
        assert_int_equal(transmit(bench), OK);
        wait(bench, 100);
        assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
        end(bench);
    }
}

static void a_card_pulled_in_the_middle_of_a_command_is_lifted_not_failed(void **state)
{
    (void)state;
    static const struct usb_ccid_kind kinds[] = {{0}, {.features = TPDU | BY_ATR}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct bench *bench = begin(&kinds[i]);
        lay(bench, &chip);
        bench->ccid.holds_back = TRANSFER;
        assert_int_equal(transmit(bench), OK);
        wait(bench, 500);
        lay(bench, NULL);
        assert_int_equal(told(bench, CARD_READER_ANSWER), 0);
        assert_int_equal(told(bench, CARD_READER_FAILED), 0);
        assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LIFTED);
        assert_int_equal(transmit(bench), ERR_STATE);
        end(bench);
    }
}

static void parameters_are_set_where_the_reader_does_not(void **state)
{
    (void)state;
    struct bench *bench = begin(&bare);
    lay(bench, &t1_contact);
    assert_int_equal(bench->ccid.parameters_len, 7);
    assert_memory_equal(bench->ccid.parameters, "\x11\x10\x00\x45\x00\xFE\x00", 7);
    assert_int_equal(bench->ccid.t1.ifsd, 254); // ours was offered
    lay(bench, NULL);
    lay(bench, &t0_card);
    assert_int_equal(bench->ccid.parameters_len, 5);
    assert_memory_equal(bench->ccid.parameters, "\x11\x00\x05\x0A\x00", 5);
    assert_int_equal(transmit(bench), OK);
    wait(bench, 100);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
    end(bench);

    bench = begin(&usual);
    lay(bench, &t0_card);
    assert_int_equal(bench->ccid.counts[SET], 0);
    assert_int_equal(told(bench, CARD_READER_LAID), 1);
    end(bench);
}

static void a_card_without_a_word_is_tried_at_every_voltage_and_again_later(void **state)
{
    (void)state;
    static const struct usb_ccid_kind picky = {.features = EXTENDED_APDU | BY_ATR};
    struct bench *bench = begin(&picky);
    usb_ccid_lay(&bench->ccid, &mute);
    uint8_t voltages[8] = {0};
    for (size_t i = 0; i < 60; i++) {
        poll_once(bench);
        size_t tries = bench->ccid.counts[POWER_ON];
        if (tries > 0 && tries <= sizeof voltages) {
            voltages[tries - 1] = bench->ccid.power_select;
        }
        bench->now_ms += 20;
    }
    assert_memory_equal(voltages, "\x01\x02\x03", 3);
    assert_int_equal(told(bench, CARD_READER_MUTE), 1);
    wait(bench, 5000);
    assert_int_equal(told(bench, CARD_READER_MUTE), 1); // once
    bench->ccid.card = &chip;                           // moved, without being lifted
    wait(bench, 2 * USB_CARD_MUTE_AGAIN_MS);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    lay(bench, NULL);
    assert_int_equal(told(bench, CARD_READER_LIFTED), 1);
    end(bench);
}

static void a_short_reader_takes_no_extended_command(void **state)
{
    (void)state;
    static const struct usb_ccid_kind kind = {.features = SHORT_APDU | BY_ATR,
                                              .message_bytes = 271};
    static const uint8_t extended[] = {0, 0xB0, 0, 0, 0, 1, 0};
    struct bench *bench = begin(&kind);
    struct card_reader *port = &bench->reader.port;
    lay(bench, &chip);
    assert_false(bench->ears.takes_extended);
    assert_int_equal(port->ops->transmit(port, extended, sizeof extended), ERR_TOO_BIG);
    uint8_t longest[261] = {0, 0xD6, 0, 0, 255};
    assert_int_equal(port->ops->transmit(port, longest, sizeof longest), OK);
    wait(bench, 100);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
    end(bench);
}

static void a_t1_card_that_asks_for_time_gets_it_from_the_reader(void **state)
{
    (void)state;
    struct bench *bench = begin(&bare);
    bench->ccid.t1.wtx_wanted = 1;
    bench->ccid.t1.wtx_value = 9;
    lay(bench, &t1_contact);
    assert_int_equal(transmit(bench), OK);
    wait(bench, 100);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
    assert_int_equal(bench->ccid.waits[0], 9);
    assert_int_equal(bench->ccid.waits[1], 0);
    end(bench);
}

static void a_bad_block_is_asked_for_again(void **state)
{
    (void)state;
    struct bench *bench = begin(&bare);
    lay(bench, &t1_contact);
    bench->ccid.fails_count = 2;
    bench->ccid.fails_error = 0xFD;
    assert_int_equal(transmit(bench), OK);
    wait(bench, 100);
    assert_int_equal(told(bench, CARD_READER_ANSWER), 1);
    assert_int_equal(told(bench, CARD_READER_FAILED), 0);
    end(bench);
}

static void a_card_that_speaks_another_protocol_is_mute(void **state)
{
    (void)state;
    static const struct usb_ccid_kind only_t1 = {.features = TPDU | BY_ATR, .protocols = 2};
    struct bench *bench = begin(&only_t1);
    lay(bench, &t0_card);
    assert_int_equal(told(bench, CARD_READER_MUTE), 1);
    assert_int_equal(told(bench, CARD_READER_LAID), 0);
    assert_string_equal(bench->ears.fault.text,
                        "card reader: the card speaks no protocol of this reader");
    end(bench);
}

static void lights_show_what_is_going_on_where_the_maker_s_words_are_known(void **state)
{
    (void)state;
    static const struct usb_ccid_kind acr122 = {.vendor = 0x072F, .product = 0x2200};
    struct bench *bench = begin(&acr122);
    struct card_reader *port = &bench->reader.port;
    wait(bench, 100);
    assert_memory_equal(bench->ccid.escape, "\xFF\x00\x52\x00\x00", 5); // no beep of its own
    port->ops->signal(port, CARD_SIGNAL_LAY);
    wait(bench, 100);
    assert_memory_equal(bench->ccid.escape, "\xFF\x00\x40\x0E\x04", 5);
    size_t shown = bench->ccid.counts[ESCAPE];
    port->ops->signal(port, CARD_SIGNAL_LAY);
    wait(bench, 100);
    assert_int_equal(bench->ccid.counts[ESCAPE], shown);
    end(bench);

    bench = begin(&usual);
    bench->reader.port.ops->signal(&bench->reader.port, CARD_SIGNAL_LAY);
    wait(bench, 100);
    assert_int_equal(bench->ccid.counts[ESCAPE], 0);
    end(bench);
}

static void a_reader_nobody_allowed_is_refused_once(void **state)
{
    (void)state;
    static const struct usb_ccid_kind other = {.vendor = 0x1234, .product = 0x0001};
    struct bench *bench = begin(&other);
    wait(bench, 5000);
    assert_int_equal(told(bench, CARD_READER_REFUSED), 1);
    assert_int_equal(bench->ears.refused.err, ERR_REFUSED);
    assert_string_equal(
        bench->ears.refused.text,
        "card reader: 1234:0001 at 1-5 is not a card reader that was allowed: refused");
    assert_int_equal(told(bench, CARD_READER_READY), 0);
    assert_int_equal(bench->script.opens_count, 0);
    usb_script_unplug(&bench->script, bench->ccid.device);
    wait(bench, 2000);
    usb_script_plug_back(&bench->script, bench->ccid.device);
    wait(bench, 2000);
    assert_int_equal(told(bench, CARD_READER_REFUSED), 2);
    end(bench);
}

static void a_rule_decides_alone(void **state)
{
    (void)state;
    static const struct usb_ccid_kind other = {.vendor = 0x1234, .product = 0x0001};
    struct usb_rule rule = {0};
    assert_int_equal(usb_rule_parse(&rule, "1234:0001:C1@1-5", NULL), OK);
    struct bench *bench = begin(&other);
    end(bench);
    bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    usb_script_init(&bench->script);
    usb_ccid_plug(&bench->ccid, &bench->script, &other);
    begin_with_rule(bench, &rule);
    lay(bench, &chip);
    assert_int_equal(told(bench, CARD_READER_LAID), 1);
    static struct usb_ccid second;
    usb_ccid_plug(&second, &bench->script, &usual);
    second.device->about.port[2] = '6';
    wait(bench, 2000);
    assert_int_equal(told(bench, CARD_READER_REFUSED), 1); // though it is in the table
    assert_int_equal(told(bench, CARD_READER_LIFTED), 0);
    end(bench);
}

static void a_reader_without_a_usable_interface_is_refused(void **state)
{
    (void)state;
    static const struct usb_ccid_kind characters = {.features = BY_ATR};
    struct bench *bench = begin(&characters);
    wait(bench, 3000);
    assert_int_equal(told(bench, CARD_READER_REFUSED), 1);
    assert_int_equal(bench->ears.refused.err, ERR_UNSUPPORTED);
    assert_null(bench->script.open);
    end(bench);
}

static void a_reader_whose_permissions_come_late_is_tried_again(void **state)
{
    (void)state;
    struct bench *bench = begin(&usual);
    bench->script.open_err = ERR_IO;
    wait(bench, 2500);
    assert_int_equal(told(bench, CARD_READER_GONE), 1);
    assert_in_range(bench->script.opens_count, 2, 4);
    bench->script.open_err = OK;
    wait(bench, 1500);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_READY);
    end(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_status_may_take_a_second),
        cmocka_unit_test(a_notice_wakes_an_idle_reader_that_sleeps),
        cmocka_unit_test(a_card_nobody_gave_notice_of_is_seen_all_the_same),
        cmocka_unit_test(without_notices_it_looks_four_times_a_second),
        cmocka_unit_test(another_card_between_two_looks_is_another_card),
        cmocka_unit_test(more_time_is_given_when_the_card_asks_for_it),
        cmocka_unit_test(time_is_not_given_for_ever),
        cmocka_unit_test(answers_to_earlier_questions_are_let_be),
        cmocka_unit_test(pieces_empty_packets_and_padding_change_nothing),
        cmocka_unit_test(a_busy_reader_is_asked_again),
        cmocka_unit_test(a_command_the_reader_fails_powers_the_card_anew),
        cmocka_unit_test(a_silent_command_is_aborted),
        cmocka_unit_test(a_reader_that_knows_no_abort_is_cleared),
        cmocka_unit_test(a_reader_that_answers_nothing_is_reset_and_comes_back),
        cmocka_unit_test(a_halted_pipe_is_cleared_at_once),
        cmocka_unit_test(a_cable_may_be_pulled_at_any_moment),
        cmocka_unit_test(a_card_may_be_pulled_at_any_moment),
        cmocka_unit_test(a_card_pulled_in_the_middle_of_a_command_is_lifted_not_failed),
        cmocka_unit_test(parameters_are_set_where_the_reader_does_not),
        cmocka_unit_test(a_card_without_a_word_is_tried_at_every_voltage_and_again_later),
        cmocka_unit_test(a_short_reader_takes_no_extended_command),
        cmocka_unit_test(a_t1_card_that_asks_for_time_gets_it_from_the_reader),
        cmocka_unit_test(a_bad_block_is_asked_for_again),
        cmocka_unit_test(a_card_that_speaks_another_protocol_is_mute),
        cmocka_unit_test(lights_show_what_is_going_on_where_the_maker_s_words_are_known),
        cmocka_unit_test(a_reader_nobody_allowed_is_refused_once),
        cmocka_unit_test(a_rule_decides_alone),
        cmocka_unit_test(a_reader_without_a_usable_interface_is_refused),
        cmocka_unit_test(a_reader_whose_permissions_come_late_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
