// SPDX-License-Identifier: EUPL-1.2
//
// The conversation with a chip, against a virtual card of OpenSSL's arithmetic in this process: how
// few commands it takes, and that a hand which changes any one answer is refused at that step. What
// the card itself lies about is in tests/flow/emrtd_test.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"
#include "tests/fakes/laid_chip.h"

#include <malloc.h>
#include <string.h>

enum { COMMANDS_MAX = 64, APDUS_SHORTEST = 14, APDUS_BY_PIECES = 30 };

// How the hand changes one answer.
enum change {
    CHANGE_NOTHING,
    CHANGE_LAST_STATUS, // 6f00 with the data left
    CHANGE_BARE_STATUS, // 6982 and nothing else
    CHANGE_GOOD_STATUS, // 9000 and nothing else
    CHANGE_FIRST_BYTE,
    CHANGE_MIDDLE_BIT,
    CHANGE_CUT,
    CHANGE_LONGER,
    CHANGE_BEFORE, // the answer before once more
    CHANGE_EMPTY,
    CHANGES_COUNT,
    CHANGE_STATUS, // the hand's own and nothing else
};

struct hand {
    enum change change;
    size_t at; // command
    size_t commands;
    enum document_step steps[COMMANDS_MAX];
    size_t lens[COMMANDS_MAX];
    uint16_t status; // for CHANGE_STATUS
    uint8_t before[CHIP_ANSWER_BYTES];
    size_t before_len;
};

struct world {
    struct laid_chips chips;
    struct document *document;
    struct laid_chip laid;
    struct hand hand;
};

static int64_t now_s(void)
{
    const struct clock clock = clock_system();
    return clock_now_ms(&clock) / 1000;
}

static int begin(void **state)
{
    static struct world world;
    laid_chips_make(&world.chips);
    world.document = document_new(world.chips.trust);
    *state = &world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;
    document_free(world->document);
    laid_chips_remove(&world->chips);
    return 0;
}

static void change_answer(const struct document *document, uint8_t *answer, size_t *len, void *ctx)
{
    struct hand *hand = ctx;
    uint8_t kept[CHIP_ANSWER_BYTES];
    const size_t kept_len = *len;
    memcpy(kept, answer, kept_len);
    assert_true(hand->commands < COMMANDS_MAX);
    hand->steps[hand->commands] = document_step(document);
    hand->lens[hand->commands] = kept_len;
    if (hand->commands == hand->at) {
        switch (hand->change) {
        case CHANGE_NOTHING:
        case CHANGES_COUNT:
            break;
        case CHANGE_LAST_STATUS:
            answer[*len - 2] = 0x6f;
            break;
        case CHANGE_BARE_STATUS:
            memcpy(answer, "\x69\x82", 2);
            *len = 2;
            break;
        case CHANGE_GOOD_STATUS:
            memcpy(answer, "\x90\x00", 2);
            *len = 2;
            break;
        case CHANGE_FIRST_BYTE:
            answer[0] ^= 0x01;
            break;
        case CHANGE_MIDDLE_BIT:
            answer[*len / 2] ^= 0x10;
            break;
        case CHANGE_CUT:
            memmove(answer + *len - 3, answer + *len - 2, 2);
            *len -= 1;
            break;
        case CHANGE_LONGER:
            memmove(answer + *len - 1, answer + *len - 2, 2);
            *len += 1;
            break;
        case CHANGE_BEFORE:
            memcpy(answer, hand->before, hand->before_len);
            *len = hand->before_len;
            break;
        case CHANGE_EMPTY:
            *len = 0;
            break;
        case CHANGE_STATUS:
            answer[0] = (uint8_t)(hand->status >> 8);
            answer[1] = (uint8_t)hand->status;
            *len = 2;
            break;
        }
    }
    hand->commands += 1;
    memcpy(hand->before, kept, kept_len);
    hand->before_len = kept_len;
}

static enum document_end talk(struct world *world, const char *card, bool is_can, bool is_extended,
                              struct fault *fault)
{
    struct document_password_private password;
    laid_chip_open(&world->laid, &world->chips, card, CHIP_HONEST);
    laid_chip_password(&world->laid, is_can, &password);
    document_begin(world->document, &password, is_extended, now_s());
    world->hand.commands = 0;
    world->hand.before_len = 0;
    *fault = (struct fault){.err = OK};
    const enum document_end ended =
        laid_chip_talk(&world->laid, world->document, fault, change_answer, &world->hand);
    laid_chip_close(&world->laid);
    return ended;
}

static enum document_end talk_changed(struct world *world, const char *card, bool is_can, size_t at,
                                      enum change change, struct fault *fault)
{
    world->hand.change = change;
    world->hand.at = at;
    return talk(world, card, is_can, true, fault);
}

static bool holds(const struct world *world, const char *words)
{
    return memmem(world->document, malloc_usable_size(world->document), words, strlen(words)) !=
           NULL;
}

static void an_honest_chip_is_verified_in_fourteen_commands_at_most(void **state)
{
    struct world *world = *state;
    struct fault fault;

    const enum document_end ended = talk_changed(world, "p384", true, 0, CHANGE_NOTHING, &fault);

    if (ended != DOCUMENT_VERIFIED) {
        fail_msg("%s", fault.text);
    }
    assert_true(document_apdus(world->document) <= APDUS_SHORTEST);
    assert_int_equal(document_step(world->document), DOCUMENT_STEP_DONE);
    assert_int_equal(document_checks(world->document)->not_cloned, DOCUMENT_CLONE_CHIP);
    assert_int_equal(document_checks(world->document)->reason, DOCUMENT_NO_REASON);
    assert_true(document_checks(world->document)->is_genuine);
    assert_true(document_checks(world->document)->is_valid);
    assert_string_equal(document_holder(world->document)->surname, "VAN DER P");
}

static void a_reader_of_short_commands_takes_more_of_them(void **state)
{
    struct world *world = *state;
    struct fault fault;
    world->hand.change = CHANGE_NOTHING;

    assert_int_equal(talk(world, "p384", true, false, &fault), DOCUMENT_VERIFIED);

    assert_true(document_apdus(world->document) > APDUS_SHORTEST);
    assert_true(document_apdus(world->document) <= APDUS_BY_PIECES);
}

// Some changes say the same again or lead round another way that is as good.
static bool is_change(const struct world *world, bool is_can, size_t at, enum change change,
                      size_t len)
{
    const enum document_step step = world->hand.steps[at];
    if (step == DOCUMENT_STEP_ACCESS && !is_can) {
        return false; // whatever it says, BAC it is
    }
    if (step == DOCUMENT_STEP_ACCESS &&
        (change <= CHANGE_BARE_STATUS || change == CHANGE_CUT || change == CHANGE_LONGER)) {
        return false; // asked for once more; filled up
    }
    if (step == DOCUMENT_STEP_SELECT && !is_can && change == CHANGE_LONGER) {
        return false; // an old chip may describe itself
    }
    return !(len == 2 && (change == CHANGE_CUT || change == CHANGE_GOOD_STATUS));
}

// Nonces are any bytes: only what was made of them is wrong.
static bool shows_later(enum document_step step, enum change change)
{
    const bool is_inside = change == CHANGE_MIDDLE_BIT || change == CHANGE_FIRST_BYTE;
    return step == DOCUMENT_STEP_ACCESS ||
           (is_inside && (step == DOCUMENT_STEP_PACE_NONCE || step == DOCUMENT_STEP_BAC_CHALLENGE));
}

static void expect_refusal(struct world *world, const char *card, bool is_can, size_t at,
                           enum change change)
{
    struct fault fault;
    const enum document_step step = world->hand.steps[at];
    const char *name = document_step_name(step);

    const enum document_end ended = talk_changed(world, card, is_can, at, change, &fault);

    if (ended == DOCUMENT_VERIFIED || ended == DOCUMENT_GOING_ON) {
        fail_msg("%s: change %d is taken", name, change);
    }
    if (!shows_later(step, change) && !text_starts_with(fault.text, name)) {
        fail_msg("%s: change %d is named: %s", name, change, fault.text);
    }
    assert_null(document_holder(world->document));
    assert_true(world->laid.chip.portrait_readings == 0);
}

// The first answer of every step, in every way.
static void change_everything(struct world *world, const char *card, bool is_can)
{
    struct fault fault;
    enum document_step steps[COMMANDS_MAX];
    size_t lens[COMMANDS_MAX];
    assert_int_equal(talk_changed(world, card, is_can, 0, CHANGE_NOTHING, &fault),
                     DOCUMENT_VERIFIED);
    const size_t commands = world->hand.commands;
    memcpy(steps, world->hand.steps, sizeof steps);
    memcpy(lens, world->hand.lens, sizeof lens);
    for (size_t at = 0; at < commands; at++) {
        if (at > 0 && steps[at] == steps[at - 1]) {
            continue;
        }
        for (enum change change = CHANGE_NOTHING + 1; change < CHANGES_COUNT; change++) {
            memcpy(world->hand.steps, steps, sizeof steps);
            if (is_change(world, is_can, at, change, lens[at])) {
                expect_refusal(world, card, is_can, at, change);
            }
        }
    }
}

static void any_changed_answer_of_a_new_document_is_refused_at_its_step(void **state)
{
    change_everything(*state, "p256", true);
}

static void any_changed_answer_of_an_old_document_is_refused_at_its_step(void **state)
{
    change_everything(*state, "old", false);
}

static size_t find_step(const struct world *world, enum document_step step)
{
    size_t at = 0;
    while (at < world->hand.commands && world->hand.steps[at] != step) {
        at += 1;
    }
    assert_true(at < world->hand.commands);
    return at;
}

static void the_status_of_the_token_tells_a_wrong_number_from_a_blocked_one(void **state)
{
    struct world *world = *state;
    static const struct {
        uint16_t status;
        enum document_end end;
    } rows[] = {
        {0x6300, DOCUMENT_WRONG_PASSWORD}, {0x63c2, DOCUMENT_WRONG_PASSWORD},
        {0x63c0, DOCUMENT_NOT_NOW},        {0x6983, DOCUMENT_NOT_NOW},
        {0x6f00, DOCUMENT_NOT_NOW},
    };
    struct fault fault;
    (void)talk_changed(world, "p256", true, 0, CHANGE_NOTHING, &fault);
    const size_t at = find_step(world, DOCUMENT_STEP_PACE_TOKEN);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        world->hand.status = rows[i].status;

        const enum document_end ended =
            talk_changed(world, "p256", true, at, CHANGE_STATUS, &fault);

        assert_int_equal(ended, rows[i].end);
        assert_true(text_starts_with(fault.text, "pace token: status 6"));
    }
}

// Some chips of June 2018 break off when they are to prove themselves.
static void a_chip_that_cannot_prove_itself_goes_to_the_counter(void **state)
{
    struct world *world = *state;
    static const enum document_step steps[] = {DOCUMENT_STEP_CHIP_SET, DOCUMENT_STEP_CHIP_AGREE,
                                               DOCUMENT_STEP_DG1};
    struct fault fault;
    for (size_t i = 0; i < 3; i++) {
        (void)talk_changed(world, "p384", true, 0, CHANGE_NOTHING, &fault);
        const size_t at = find_step(world, steps[i]);

        const enum document_end ended =
            talk_changed(world, "p384", true, at, CHANGE_BARE_STATUS, &fault);

        assert_int_equal(ended, DOCUMENT_TO_COUNTER);
        assert_int_equal(document_checks(world->document)->reason, DOCUMENT_CHIP_UNPROVEN);
        assert_int_equal(document_checks(world->document)->not_cloned, DOCUMENT_CLONE_NONE);
        assert_true(document_checks(world->document)->is_genuine);
    }
}

static void an_old_document_asks_for_its_zone(void **state)
{
    struct world *world = *state;
    struct document_password_private password = {.can = "123456"};
    struct fault fault;
    world->hand.change = CHANGE_NOTHING;
    world->hand.commands = 0;
    laid_chip_open(&world->laid, &world->chips, "old", CHIP_HONEST);

    document_begin(world->document, &password, true, now_s());
    assert_int_equal(
        laid_chip_talk(&world->laid, world->document, &fault, change_answer, &world->hand),
        DOCUMENT_NEEDS_ZONE);

    laid_chip_close(&world->laid);
    assert_null(document_checks(world->document));
}

static void say_not_found(const struct document *document, uint8_t *answer, size_t *len, void *ctx)
{
    (void)document;
    (void)ctx;
    memcpy(answer, "\x6a\x82", 2);
    *len = 2;
}

static void a_card_that_is_no_document_is_none_of_ours(void **state)
{
    struct world *world = *state;
    const struct document_password_private password = {.can = "123456"};
    struct fault fault;
    laid_chip_open(&world->laid, &world->chips, "p256", CHIP_HONEST);

    document_begin(world->document, &password, true, now_s());
    assert_int_equal(laid_chip_talk(&world->laid, world->document, &fault, say_not_found, NULL),
                     DOCUMENT_NOT_OURS);

    assert_string_equal(fault.text, "select: status 6a82");
    laid_chip_close(&world->laid);
}

static void a_password_no_document_has_is_wrong_at_once(void **state)
{
    struct world *world = *state;
    static const struct document_password_private passwords[] = {
        {.can = "12345"},
        {.can = "12345x"},
        {.number = "spec", .birth = "800102", .expiry = "300102"},
        {.number = "SPECI2014", .birth = "80010", .expiry = "300102"},
        {.can = ""},
    };
    for (size_t i = 0; i < sizeof passwords / sizeof passwords[0]; i++) {
        struct fault fault;
        laid_chip_open(&world->laid, &world->chips, "p256", CHIP_HONEST);

        document_begin(world->document, &passwords[i], false, now_s());
        assert_int_equal(laid_chip_talk(&world->laid, world->document, &fault, NULL, NULL),
                         DOCUMENT_WRONG_PASSWORD);

        assert_true(text_starts_with(fault.text, "access: "));
        laid_chip_close(&world->laid);
    }
}

static void nothing_of_a_person_stays_behind(void **state)
{
    struct world *world = *state;
    struct fault fault;

    assert_int_equal(talk_changed(world, "old", false, 0, CHANGE_NOTHING, &fault),
                     DOCUMENT_VERIFIED);
    assert_true(holds(world, "UIT EEN OUD PASPOORT")); // in the holder
    assert_false(holds(world, "999990020"));           // the BSN of its optional data
    assert_false(holds(world, "SPECI2017"));
    assert_false(holds(world, "OUD<PASPOORT"));
    document_forget(world->document);
    assert_false(holds(world, "PASPOORT"));
    assert_null(document_holder(world->document));
    assert_int_equal(document_end(world->document), DOCUMENT_NOT_NOW);

    // The last answer but one changed: everything was in its hands.
    (void)talk_changed(world, "p256", true, 0, CHANGE_NOTHING, &fault);
    assert_false(holds(world, "110256")); // the CAN
    const size_t at = find_step(world, DOCUMENT_STEP_DG1);
    (void)talk_changed(world, "p256", true, at, CHANGE_MIDDLE_BIT, &fault);
    assert_false(holds(world, "110256"));
    assert_false(holds(world, "OP<P"));
}

static void a_new_conversation_begins_from_nothing(void **state)
{
    struct world *world = *state;
    struct fault fault;
    assert_int_equal(talk_changed(world, "p256", true, 0, CHANGE_NOTHING, &fault),
                     DOCUMENT_VERIFIED);

    assert_int_not_equal(talk_changed(world, "p256", true, 0, CHANGE_EMPTY, &fault),
                         DOCUMENT_VERIFIED);

    assert_null(document_holder(world->document));
    assert_null(document_checks(world->document));
    const uint8_t *apdu = NULL;
    size_t len = 0;
    assert_false(document_command(world->document, &apdu, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_chip_is_verified_in_fourteen_commands_at_most),
        cmocka_unit_test(a_reader_of_short_commands_takes_more_of_them),
        cmocka_unit_test(any_changed_answer_of_a_new_document_is_refused_at_its_step),
        cmocka_unit_test(any_changed_answer_of_an_old_document_is_refused_at_its_step),
        cmocka_unit_test(the_status_of_the_token_tells_a_wrong_number_from_a_blocked_one),
        cmocka_unit_test(a_chip_that_cannot_prove_itself_goes_to_the_counter),
        cmocka_unit_test(an_old_document_asks_for_its_zone),
        cmocka_unit_test(a_card_that_is_no_document_is_none_of_ours),
        cmocka_unit_test(a_password_no_document_has_is_wrong_at_once),
        cmocka_unit_test(nothing_of_a_person_stays_behind),
        cmocka_unit_test(a_new_conversation_begins_from_nothing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
