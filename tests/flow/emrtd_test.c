// SPDX-License-Identifier: EUPL-1.2
//
// The kiosk's document reader against a virtual card it shares no arithmetic with, over the desk's
// card socket: every curve, cipher, password and proof, and every lie the card can tell.
#include "base/bytes.h"
#include "base/text.h"
#include "drivers/desk_card.h"
#include "drivers/document/document.h"
#include "drivers/document/trust.h"
#include "tests/fakes/chip_process.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60000, FDS_MAX = 8 };

enum password { BY_CAN, BY_ZONE, BY_WRONG_CAN, BY_WRONG_ZONE };

struct reading {
    struct desk_card card;
    struct document *document;
    struct document_password_private password;
    struct fault fault;
    bool may_be_long;
    bool is_lifted;
    bool is_over;
    const uint8_t *asks; // a command of the test's own instead of a document's
    size_t asks_len;
    uint8_t said[16];
    size_t said_len;
};

struct bench {
    struct chip_process chip;
    struct trust *trust;
    struct reading reading;
    bool is_short; // the reader takes no long commands
};

static int64_t now_s(void);
static void on_event(const struct card_reader_event *event, void *ctx);
static void go_on(struct reading *reading);
static void poll_until(struct reading *reading, const bool *done);
static void set_password(struct bench *bench, const char *card, enum password password);
static void open_reader(struct bench *bench, bool may_be_long);
static void close_reader(struct bench *bench);
static enum document_end read_card(struct bench *bench, const char *card, const char *lie,
                                   enum password password);
static void expect_verified(struct bench *bench, const char *card, enum password password,
                            enum document_clone_check proof, const char *surname);
static void expect_refused(struct bench *bench, const char *card, const char *lie,
                           enum document_end end, const char *step);
static void expect_counter(struct bench *bench, const char *card, const char *lie,
                           enum document_reason reason);

static int begin(void **state)
{
    static struct bench bench; // large
    struct fault fault = {0};
    size_t list_len = 0;
    size_t root_len = 0;
    size_t added = 0;
    size_t left_out = 0;
    chip_process_start(&bench.chip);
    uint8_t *list = (uint8_t *)chip_process_read(&bench.chip, NULL, "signers.ml", &list_len);
    uint8_t *root = (uint8_t *)chip_process_read(&bench.chip, NULL, "root.der", &root_len);
    bench.trust = trust_new();
    const enum err err = trust_add_list(bench.trust, list, list_len, root, root_len, now_s(),
                                        &added, &left_out, &fault);
    free(list);
    free(root);
    bench.reading.document = document_new(bench.trust);
    *state = &bench;
    return err == OK && added == 2 && left_out == 0 ? 0 : 1;
}

static int end(void **state)
{
    struct bench *bench = *state;
    document_free(bench->reading.document);
    trust_free(bench->trust);
    chip_process_stop(&bench->chip);
    return 0;
}

// After a failed test the next one begins anew.
static int tidy(void **state)
{
    struct bench *bench = *state;
    close_reader(bench);
    bench->is_short = false;
    if (bench->chip.pid != 0) {
        (void)chip_process_lift(&bench->chip, NULL, 0);
    }
    return 0;
}

static void every_curve_and_cipher_opens_with_the_number_on_the_card(void **state)
{
    struct bench *bench = *state;

    expect_verified(bench, "p256", BY_CAN, DOCUMENT_CLONE_CHIP, "OP P");         // 3DES
    expect_verified(bench, "p384", BY_CAN, DOCUMENT_CLONE_CHIP, "VAN DER P");    // AES-256
    expect_verified(bench, "p521", BY_CAN, DOCUMENT_CLONE_ACTIVE, "OP P");       // AES-192
    expect_verified(bench, "b256", BY_CAN, DOCUMENT_CLONE_CHIP, "VAN DER BERG"); // AES-128
    expect_verified(bench, "b384", BY_CAN, DOCUMENT_CLONE_MAPPING, "OP B");      // AES-128
    expect_verified(bench, "b512", BY_CAN, DOCUMENT_CLONE_CHIP, "OP B");         // AES-256
}

static void the_zone_opens_what_the_number_opens(void **state)
{
    struct bench *bench = *state;

    expect_verified(bench, "b256", BY_ZONE, DOCUMENT_CLONE_CHIP, "VAN DER BERG");
}

static void an_old_passport_opens_with_its_zone_alone(void **state)
{
    struct bench *bench = *state;

    expect_verified(bench, "old", BY_ZONE, DOCUMENT_CLONE_ACTIVE, "UIT EEN OUD PASPOORT");

    assert_false(document_checks(bench->reading.document)->is_pace);
    assert_true(document_holder(bench->reading.document)->is_name_cut);
    assert_string_equal(document_holder(bench->reading.document)->kind, "P");
}

static void a_card_with_both_is_opened_by_the_newer_one(void **state)
{
    struct bench *bench = *state;

    expect_verified(bench, "both", BY_CAN, DOCUMENT_CLONE_CHIP, "OUDE KAART");

    assert_true(document_checks(bench->reading.document)->is_pace);
}

static void short_commands_are_enough(void **state)
{
    struct bench *bench = *state;
    bench->is_short = true;

    expect_verified(bench, "b256", BY_CAN, DOCUMENT_CLONE_CHIP, "VAN DER BERG");
    expect_verified(bench, "b512", BY_CAN, DOCUMENT_CLONE_CHIP, "OP B");
    expect_verified(bench, "old", BY_ZONE, DOCUMENT_CLONE_ACTIVE, "UIT EEN OUD PASPOORT");
}

static void the_holder_is_as_the_chip_says(void **state)
{
    struct bench *bench = *state;
    expect_verified(bench, "b256", BY_CAN, DOCUMENT_CLONE_CHIP, "VAN DER BERG");

    const struct document_holder_private *holder = document_holder(bench->reading.document);

    assert_string_equal(holder->kind, "I");
    assert_string_equal(holder->issuer, "NLD");
    assert_string_equal(holder->given, "SANNE MARIA");
    assert_string_equal(holder->birth_iso, "1984-03-12");
    assert_false(holder->is_name_cut);
}

static void a_birth_date_of_a_year_alone_stays_one(void **state)
{
    struct bench *bench = *state;
    expect_verified(bench, "p521", BY_CAN, DOCUMENT_CLONE_ACTIVE, "OP P");

    assert_string_equal(document_holder(bench->reading.document)->birth_iso, "1966-00-00");
}

static void a_wrong_number_is_asked_again_and_the_right_one_opens(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(read_card(bench, "b256", NULL, BY_WRONG_CAN), DOCUMENT_WRONG_PASSWORD);
        assert_null(document_holder(bench->reading.document));
    }
    assert_int_equal(read_card(bench, "old", NULL, BY_WRONG_ZONE), DOCUMENT_WRONG_PASSWORD);

    expect_verified(bench, "b256", BY_CAN, DOCUMENT_CLONE_CHIP, "VAN DER BERG");
}

static void an_old_passport_asks_for_its_zone(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(read_card(bench, "old", NULL, BY_CAN), DOCUMENT_NEEDS_ZONE);
}

static void a_card_that_lies_about_points_and_keys_is_refused(void **state)
{
    struct bench *bench = *state;

    expect_refused(bench, "b256", "wrong-point", DOCUMENT_NOT_NOW, "pace map");
    expect_refused(bench, "p384", "infinity", DOCUMENT_NOT_NOW, "pace map");
    expect_refused(bench, "b512", "equal-keys", DOCUMENT_NOT_NOW, "pace agree");
    expect_refused(bench, "p256", "bad-token", DOCUMENT_NOT_NOW, "pace token");
}

static void a_card_that_lies_about_its_protection_is_refused(void **state)
{
    struct bench *bench = *state;

    expect_refused(bench, "b256", "plain-status", DOCUMENT_NOT_NOW, "select"); // AES
    expect_refused(bench, "p256", "plain-status", DOCUMENT_NOT_NOW, "select"); // 3DES
    expect_refused(bench, "b256", "wrong-ssc", DOCUMENT_NOT_NOW, "select");
    expect_refused(bench, "p256", "bad-mac", DOCUMENT_NOT_NOW, "select");
}

static void a_file_that_is_short_long_or_endless_is_refused(void **state)
{
    struct bench *bench = *state;

    expect_refused(bench, "b256", "truncated-file", DOCUMENT_NOT_NOW, "sod");
    expect_refused(bench, "b256", "huge-length", DOCUMENT_NOT_NOW, "sod");
    expect_refused(bench, "b256", "endless-file", DOCUMENT_NOT_NOW, "");
    expect_refused(bench, "b256", "dripping-file", DOCUMENT_NOT_NOW, "");
}

static void what_was_not_signed_goes_to_the_counter(void **state)
{
    struct bench *bench = *state;

    expect_counter(bench, "b256", "tampered-dg1", DOCUMENT_HASH_WRONG);
    expect_counter(bench, "p521", "tampered-dg1", DOCUMENT_HASH_WRONG);
    expect_counter(bench, "b256", "tampered-sod", DOCUMENT_SIGNATURE_WRONG);
    expect_counter(bench, "p256", "tampered-sod", DOCUMENT_SIGNATURE_WRONG);
    expect_counter(bench, "p384", "tampered-sod", DOCUMENT_SIGNATURE_WRONG);
    expect_counter(bench, "b256", "unknown-signer", DOCUMENT_UNKNOWN_SIGNER);
    expect_counter(bench, "b256", "expired-signer", DOCUMENT_SIGNER_EXPIRED);
    expect_counter(bench, "expired", NULL, DOCUMENT_EXPIRED);
}

static void a_copy_goes_to_the_counter(void **state)
{
    struct bench *bench = *state;

    expect_counter(bench, "b256", "cloned", DOCUMENT_CHIP_UNPROVEN); // chip authentication, AES
    expect_counter(bench, "p256", "cloned", DOCUMENT_CHIP_UNPROVEN); // 3DES
    expect_counter(bench, "b384", "cloned", DOCUMENT_CHIP_UNPROVEN); // mapping
    expect_counter(bench, "b384", "bad-mapping", DOCUMENT_CHIP_UNPROVEN);
    expect_counter(bench, "p521", "cloned", DOCUMENT_CHIP_UNPROVEN); // active, ECDSA
    expect_counter(bench, "b256", "silent", DOCUMENT_CHIP_SILENT);
}

static void a_card_that_is_pulled_away_ends_the_reading(void **state)
{
    struct bench *bench = *state;
    struct reading *reading = &bench->reading;
    open_reader(bench, true);
    set_password(bench, "b256", BY_CAN);

    chip_process_lay(&bench->chip, "b256", "pulled", "7");
    poll_until(reading, &reading->is_lifted);

    assert_int_equal(document_end(reading->document), DOCUMENT_GOING_ON);
    assert_null(document_holder(reading->document));
    assert_int_equal(document_apdus(reading->document), 8);
}

static void a_pass_tells_its_number_and_is_no_document(void **state)
{
    struct bench *bench = *state;
    static const uint8_t ask[] = {0xff, 0xca, 0x00, 0x00, 0x00};
    static const uint8_t number[] = {0x04, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0x80, 0x90, 0x00};

    assert_int_equal(read_card(bench, "pass", NULL, BY_CAN), DOCUMENT_NOT_OURS);

    struct reading *reading = &bench->reading;
    open_reader(bench, true);
    chip_process_lay(&bench->chip, "pass", NULL, NULL);
    reading->asks = ask;
    reading->asks_len = sizeof ask;
    poll_until(reading, &reading->is_over);
    assert_int_equal(reading->said_len, sizeof number);
    assert_memory_equal(reading->said, number, sizeof number);
}

static void a_document_has_a_new_number_each_time(void **state)
{
    struct bench *bench = *state;
    struct reading *reading = &bench->reading;
    static const uint8_t ask[] = {0xff, 0xca, 0x00, 0x00, 0x00};
    uint8_t first[6] = {0};
    for (int i = 0; i < 2; i++) {
        open_reader(bench, true);
        chip_process_lay(&bench->chip, "b256", NULL, NULL);
        reading->asks = ask;
        reading->asks_len = sizeof ask;
        poll_until(reading, &reading->is_over);
        assert_int_equal(reading->said_len, 6);
        assert_int_equal(reading->said[0], 0x08);
        assert_memory_not_equal(reading->said, first, 4);
        memcpy(first, reading->said, 6);
        (void)tidy(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_curve_and_cipher_opens_with_the_number_on_the_card, tidy),
        cmocka_unit_test_teardown(the_zone_opens_what_the_number_opens, tidy),
        cmocka_unit_test_teardown(an_old_passport_opens_with_its_zone_alone, tidy),
        cmocka_unit_test_teardown(a_card_with_both_is_opened_by_the_newer_one, tidy),
        cmocka_unit_test_teardown(short_commands_are_enough, tidy),
        cmocka_unit_test_teardown(the_holder_is_as_the_chip_says, tidy),
        cmocka_unit_test_teardown(a_birth_date_of_a_year_alone_stays_one, tidy),
        cmocka_unit_test_teardown(a_wrong_number_is_asked_again_and_the_right_one_opens, tidy),
        cmocka_unit_test_teardown(an_old_passport_asks_for_its_zone, tidy),
        cmocka_unit_test_teardown(a_card_that_lies_about_points_and_keys_is_refused, tidy),
        cmocka_unit_test_teardown(a_card_that_lies_about_its_protection_is_refused, tidy),
        cmocka_unit_test_teardown(a_file_that_is_short_long_or_endless_is_refused, tidy),
        cmocka_unit_test_teardown(what_was_not_signed_goes_to_the_counter, tidy),
        cmocka_unit_test_teardown(a_copy_goes_to_the_counter, tidy),
        cmocka_unit_test_teardown(a_card_that_is_pulled_away_ends_the_reading, tidy),
        cmocka_unit_test_teardown(a_pass_tells_its_number_and_is_no_document, tidy),
        cmocka_unit_test_teardown(a_document_has_a_new_number_each_time, tidy),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

static int64_t now_s(void)
{
    const struct clock clock = clock_system();
    return clock_now_ms(&clock) / 1000;
}

static void on_event(const struct card_reader_event *event, void *ctx)
{
    struct reading *reading = ctx;
    switch (event->kind) {
    case CARD_READER_READY:
    case CARD_READER_GONE:
    case CARD_READER_REFUSED:
        break;
    case CARD_READER_LAID:
        if (reading->asks == NULL) {
            document_begin(reading->document, &reading->password,
                           event->takes_extended && reading->may_be_long, now_s());
        }
        go_on(reading);
        break;
    case CARD_READER_LIFTED:
    case CARD_READER_MUTE:
    case CARD_READER_FAILED:
        reading->is_lifted = true;
        break;
    case CARD_READER_ANSWER:
        if (reading->asks != NULL) {
            memcpy(reading->said, event->bytes_private,
                   event->len < sizeof reading->said ? event->len : sizeof reading->said);
            reading->said_len = event->len;
            reading->is_over = true;
            return;
        }
        if (document_answer(reading->document, event->bytes_private, event->len, &reading->fault) ==
            DOCUMENT_GOING_ON) {
            go_on(reading);
        } else {
            reading->is_over = true;
        }
        break;
    }
}

static void go_on(struct reading *reading)
{
    struct card_reader *port = &reading->card.port;
    const uint8_t *apdu = reading->asks;
    size_t len = reading->asks_len;
    if (apdu != NULL || document_command(reading->document, &apdu, &len)) {
        assert_int_equal(port->ops->transmit(port, apdu, len), OK);
    } else {
        reading->is_over = true;
    }
}

static void poll_until(struct reading *reading, const bool *done)
{
    struct card_reader *port = &reading->card.port;
    const struct clock clock = clock_system();
    const int64_t end_ms = clock_monotonic_ms(&clock) + PATIENCE_MS;
    for (port->ops->poll(port); !*done; port->ops->poll(port)) {
        int fds[FDS_MAX];
        struct pollfd waits[FDS_MAX];
        const size_t count = port->ops->fds(port, fds, FDS_MAX);
        for (size_t i = 0; i < count; i++) {
            waits[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
        }
        assert_true(poll(waits, count, PATIENCE_MS) > 0);
        assert_true(clock_monotonic_ms(&clock) < end_ms);
    }
}

static void set_password(struct bench *bench, const char *card, enum password password)
{
    struct document_password_private *out = &bench->reading.password;
    *out = (struct document_password_private){0};
    struct json *words = chip_process_words(&bench->chip, card);
    const char *can = json_get_text(words, "can");
    if (password == BY_WRONG_CAN) {
        assert_int_equal(text_copy(out->can, sizeof out->can, "999999"), OK);
    } else if (password == BY_CAN) {
        assert_int_equal(text_copy(out->can, sizeof out->can, can == NULL ? "123456" : can), OK);
    } else {
        const char *number = json_get_text(words, "number");
        assert_int_equal(
            text_copy(out->number, sizeof out->number, password == BY_ZONE ? number : "SPECI0000"),
            OK);
        assert_int_equal(text_copy(out->birth, sizeof out->birth, json_get_text(words, "birth")),
                         OK);
        assert_int_equal(text_copy(out->expiry, sizeof out->expiry, json_get_text(words, "expiry")),
                         OK);
    }
    json_free(words);
}

static void open_reader(struct bench *bench, bool may_be_long)
{
    struct reading *reading = &bench->reading;
    struct fault fault = {0};
    close_reader(bench);
    reading->may_be_long = may_be_long;
    assert_int_equal(desk_card_init(&reading->card, bench->chip.address, clock_system()), OK);
    assert_int_equal(reading->card.port.ops->open(&reading->card.port, on_event, reading, &fault),
                     OK);
}

static void close_reader(struct bench *bench)
{
    struct reading *reading = &bench->reading;
    struct document *document = reading->document;
    if (reading->card.port.ops != NULL) {
        reading->card.port.ops->close(&reading->card.port);
    }
    *reading = (struct reading){.document = document};
}

// Lays the card, reads to the end, takes it away.
static enum document_end read_card(struct bench *bench, const char *card, const char *lie,
                                   enum password password)
{
    struct reading *reading = &bench->reading;
    char said[128];
    open_reader(bench, !bench->is_short);
    set_password(bench, card, password);
    chip_process_lay(&bench->chip, card, lie, NULL);
    poll_until(reading, &reading->is_over);
    assert_true(chip_process_lift(&bench->chip, said, sizeof said));
    assert_non_null(strstr(said, "the photograph was read 0 times"));
    return document_end(reading->document);
}

static void expect_verified(struct bench *bench, const char *card, enum password password,
                            enum document_clone_check proof, const char *surname)
{
    const struct reading *reading = &bench->reading;
    const enum document_end end = read_card(bench, card, NULL, password);
    if (end != DOCUMENT_VERIFIED) {
        print_error("%s: %s\n", card, reading->fault.text);
    }
    assert_int_equal(end, DOCUMENT_VERIFIED);
    const struct document_checks *checks = document_checks(reading->document);
    assert_true(checks->is_genuine);
    assert_true(checks->is_valid);
    assert_int_equal(checks->not_cloned, proof);
    assert_int_equal(checks->reason, DOCUMENT_NO_REASON);
    assert_string_equal(document_holder(reading->document)->surname, surname);
    print_message("%s: %zu commands\n", card, document_apdus(reading->document));
}

static void expect_refused(struct bench *bench, const char *card, const char *lie,
                           enum document_end end, const char *step)
{
    const struct reading *reading = &bench->reading;
    assert_int_equal(read_card(bench, card, lie, BY_CAN), end);
    print_message("%s: %s (%zu commands)\n", lie, reading->fault.text,
                  document_apdus(reading->document));
    assert_non_null(strstr(reading->fault.text, step));
    assert_null(document_holder(reading->document));
}

static void expect_counter(struct bench *bench, const char *card, const char *lie,
                           enum document_reason reason)
{
    const struct reading *reading = &bench->reading;
    assert_int_equal(read_card(bench, card, lie, BY_CAN), DOCUMENT_TO_COUNTER);
    print_message("%s: %s\n", lie == NULL ? card : lie, reading->fault.text);
    assert_int_equal(document_checks(reading->document)->reason, reason);
    assert_null(document_holder(reading->document));
}
