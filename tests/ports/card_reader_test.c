// SPDX-License-Identifier: EUPL-1.2
//
// One contract (ports/card_reader.h) for every reader: the fake and the desk's socket with a
// virtual card of this test's own.
#include "ports/card_reader.h"

#include "base/bytes.h"
#include "base/text.h"
#include "drivers/desk_card.h"
#include "tests/fakes/card_ears.h"
#include "tests/fakes/fake_card_reader.h"
#include "tests/fakes/hand_clock.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { POLLS = 12, TURN_MS = 50, MESSAGE_BYTES = 2 + CARD_ANSWER_BYTES };

// One reader and the hand that lays cards on it.
struct bench {
    struct card_reader *port;
    void (*lay)(struct bench *bench, const struct fake_card *card); // NULL: lifts
    void (*turn)(struct bench *bench); // what lies there has time to act
    int64_t now_ms;
    struct card_ears ears;
    struct fake_card_reader fake;
    struct desk_card desk;
    char path[DESK_CARD_PATH_BYTES];
    int virtual_fd; // 0: no virtual card is connected
    const struct fake_card *virtual_card;
    uint8_t said[MESSAGE_BYTES];
    size_t said_len;
};

// A card that answers a command with its own bytes backwards and 9000, as long as it is well.
struct echo {
    bool is_sick; // it gives no answer
    size_t powers_count;
    size_t commands_count;
};

static size_t echo_answer(void *ctx, const uint8_t *apdu, size_t len, uint8_t *out,
                          size_t out_bytes)
{
    struct echo *echo = ctx;
    echo->commands_count++;
    if (echo->is_sick) {
        return 0;
    }
    assert_true(len + 2 <= out_bytes);
    for (size_t i = 0; i < len; i++) {
        out[i] = apdu[len - 1 - i];
    }
    out[len] = 0x90;
    out[len + 1] = 0x00;
    return len + 2;
}

static void echo_power(void *ctx)
{
    struct echo *echo = ctx;
    echo->powers_count++;
}

// What a contactless reader says of a chip with ISO 14443-4, TCK and all.
static struct fake_card card_of(struct echo *echo)
{
    return (struct fake_card){.atr = {0x3B, 0x81, 0x80, 0x01, 0x80, 0x80},
                              .atr_len = 6,
                              .answer = echo_answer,
                              .power = echo_power,
                              .ctx = echo};
}

static void lay_on_fake(struct bench *bench, const struct fake_card *card)
{
    fake_card_reader_lay(&bench->fake, card);
}

static void leave_alone(struct bench *bench)
{
    (void)bench;
}

static void lay_on_desk(struct bench *bench, const struct fake_card *card)
{
    if (bench->virtual_fd != 0) {
        assert_int_equal(close(bench->virtual_fd), 0);
    }
    bench->virtual_fd = 0;
    bench->virtual_card = card;
    bench->said_len = 0;
    if (card == NULL) {
        return;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_int_equal(text_copy(address.sun_path, sizeof address.sun_path, bench->path), OK);
    bench->virtual_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(bench->virtual_fd > 0);
    assert_int_equal(connect(bench->virtual_fd, (struct sockaddr *)&address, sizeof address), 0);
}

static void say(const struct bench *bench, const uint8_t *bytes, size_t len)
{
    const uint8_t head[] = {(uint8_t)(len >> 8), (uint8_t)len};
    // Said to a closed reader, it is lost.
    (void)send(bench->virtual_fd, head, sizeof head, MSG_NOSIGNAL);
    (void)send(bench->virtual_fd, bytes, len, MSG_NOSIGNAL);
}

static void hear(const struct bench *bench, const uint8_t *message, size_t len)
{
    const struct fake_card *card = bench->virtual_card;
    uint8_t out[CARD_ANSWER_BYTES];
    if (len > 1) {
        size_t out_len = card->answer(card->ctx, message, len, out, sizeof out);
        say(bench, out, out_len);
    } else if (message[0] == 4) {
        say(bench, card->atr, card->atr_len);
    } else if (message[0] != 0 && card->power != NULL) {
        card->power(card->ctx);
    }
}

// The virtual card's side of vpcd.
static void turn_desk(struct bench *bench)
{
    if (bench->virtual_fd == 0) {
        return;
    }
    ssize_t got = recv(bench->virtual_fd, bench->said + bench->said_len,
                       sizeof bench->said - bench->said_len, MSG_DONTWAIT);
    bench->said_len += got > 0 ? (size_t)got : 0;
    while (bench->said_len >= 2) {
        size_t len = (size_t)bench->said[0] << 8 | bench->said[1];
        if (bench->said_len < 2 + len) {
            return;
        }
        hear(bench, bench->said + 2, len);
        bench->said_len -= 2 + len;
        memmove(bench->said, bench->said + 2 + len, bench->said_len);
    }
}

static struct bench *new_bench(void)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->now_ms = 1000000;
    return bench;
}

static int open_bench(struct bench *bench, void **state)
{
    struct fault fault = {0};
    assert_int_equal(bench->port->ops->open(bench->port, card_ears_hear, &bench->ears, &fault), OK);
    *state = bench;
    return 0;
}

static int set_up_fake(void **state)
{
    struct bench *bench = new_bench();
    fake_card_reader_init(&bench->fake);
    bench->port = &bench->fake.port;
    bench->lay = lay_on_fake;
    bench->turn = leave_alone;
    return open_bench(bench, state);
}

static int set_up_desk(void **state)
{
    struct bench *bench = new_bench();
    (void)snprintf(bench->path, sizeof bench->path, "/tmp/inloop-card-%d", (int)getpid());
    assert_int_equal(desk_card_init(&bench->desk, bench->path, hand_clock(&bench->now_ms)), OK);
    bench->port = &bench->desk.port;
    bench->lay = lay_on_desk;
    bench->turn = turn_desk;
    return open_bench(bench, state);
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    bench->ears.then = NULL;
    bench->port->ops->close(bench->port);
    bench->port->ops->close(bench->port); // allowed at any time
    if (bench->virtual_fd != 0) {
        assert_int_equal(close(bench->virtual_fd), 0);
    }
    free(bench);
    return 0;
}

static void poll_some(struct bench *bench)
{
    for (int i = 0; i < POLLS; i++) {
        bench->port->ops->poll(bench->port);
        bench->turn(bench);
        bench->now_ms += TURN_MS;
    }
}

static void lay(struct bench *bench, const struct fake_card *card)
{
    bench->lay(bench, card);
    poll_some(bench);
}

static enum err transmit(struct bench *bench, const void *apdu, size_t len)
{
    return bench->port->ops->transmit(bench->port, apdu, len);
}

static const uint8_t command[] = {0x00, 0xA4, 0x04, 0x0C};

static void the_first_poll_tells_that_it_is_ready(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(bench->ears.count, 0);

    poll_some(bench);

    assert_int_equal(bench->ears.count, 1);
    assert_int_equal(bench->ears.kinds[0], CARD_READER_READY);
}

static void a_card_is_told_once_with_its_atr_until_it_is_lifted(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    poll_some(bench);

    lay(bench, &card);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_LAID], 1);
    assert_int_equal(bench->ears.atr_len, card.atr_len);
    assert_memory_equal(bench->ears.atr, card.atr, card.atr_len);
    assert_true(bench->ears.is_contactless);
    assert_true(bench->ears.takes_extended);

    lay(bench, NULL);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_LIFTED], 1);

    lay(bench, &card);
    assert_int_equal(bench->ears.counts[CARD_READER_LAID], 2);
    assert_int_equal(bench->ears.count, 4);
}

static void a_card_that_lies_there_already_is_told_after_ready(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    lay(bench, &card);

    assert_int_equal(bench->ears.count, 2);
    assert_int_equal(bench->ears.kinds[0], CARD_READER_READY);
    assert_int_equal(bench->ears.kinds[1], CARD_READER_LAID);
}

static void a_command_gets_its_own_answer_once(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    lay(bench, &card);
    for (uint8_t i = 0; i < 5; i++) {
        const uint8_t apdu[] = {0x00, 0xB0, i, 0x07};
        const uint8_t wanted[] = {0x07, i, 0xB0, 0x00, 0x90, 0x00};
        assert_int_equal(transmit(bench, apdu, sizeof apdu), OK);
        assert_int_equal(transmit(bench, apdu, sizeof apdu), ERR_STATE);
        poll_some(bench);
        assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], i + 1);
        assert_int_equal(bench->ears.answer_len, sizeof wanted);
        assert_memory_equal(bench->ears.answer, wanted, sizeof wanted);
    }
    assert_int_equal(echo.commands_count, 5);
}

static void commands_of_every_length_arrive_whole(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    static const size_t data[] = {1, 55, 57, 200, 255, 256, 300, 600, CARD_COMMAND_BYTES - 9};
    lay(bench, &card);
    for (size_t i = 0; i < sizeof data / sizeof data[0]; i++) {
        uint8_t apdu[CARD_COMMAND_BYTES] = {0x0C, 0xCB, 0x3F, 0xFF};
        bool is_short = data[i] < 256;
        size_t at = 4;
        if (!is_short) {
            apdu[at++] = 0;
            apdu[at++] = (uint8_t)(data[i] >> 8);
        }
        apdu[at++] = (uint8_t)data[i];
        for (size_t j = 0; j < data[i]; j++) {
            apdu[at++] = (uint8_t)(j * 7 + i);
        }
        at += is_short ? 1 : 2; // Le: as much as there is
        assert_int_equal(transmit(bench, apdu, at), OK);
        for (int j = 0; j < 10 && bench->ears.counts[CARD_READER_ANSWER] == i; j++) {
            poll_some(bench);
        }
        assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], i + 1);
        assert_int_equal(bench->ears.answer_len, at + 2);
        for (size_t j = 0; j < at; j++) {
            assert_int_equal(bench->ears.answer[j], apdu[at - 1 - j]);
        }
    }
}

static void a_command_beyond_the_limits_is_refused(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    uint8_t apdu[CARD_COMMAND_BYTES + 1] = {0x00, 0xCB, 0x3F, 0xFF, 0x00, 0x03, 0xFA};
    assert_int_equal(transmit(bench, command, sizeof command), ERR_STATE);
    poll_some(bench);
    assert_int_equal(transmit(bench, command, sizeof command), ERR_STATE);
    lay(bench, &card);
    assert_int_equal(transmit(bench, apdu, sizeof apdu), ERR_TOO_BIG);
    assert_int_equal(transmit(bench, command, sizeof command), OK);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 1);
    lay(bench, NULL);
    assert_int_equal(transmit(bench, command, sizeof command), ERR_STATE);
}

static void a_card_lifted_in_the_middle_of_a_command_gives_no_answer(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    lay(bench, &card);
    assert_int_equal(transmit(bench, command, sizeof command), OK);

    lay(bench, NULL);
    poll_some(bench);

    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LIFTED);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 0);
    assert_int_equal(bench->ears.counts[CARD_READER_FAILED], 0);
    lay(bench, &card);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 0);
}

static void a_card_without_an_atr_is_mute(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    struct fake_card card = card_of(&echo);
    card.atr_len = 0;
    lay(bench, &card);
    for (int i = 0; i < 10 && bench->ears.counts[CARD_READER_MUTE] == 0; i++) {
        poll_some(bench);
    }
    assert_int_equal(bench->ears.counts[CARD_READER_MUTE], 1);
    assert_int_equal(bench->ears.counts[CARD_READER_LAID], 0);
    assert_int_equal(transmit(bench, command, sizeof command), ERR_STATE);

    lay(bench, NULL);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LIFTED);
}

static void a_command_without_an_answer_fails_and_the_card_begins_anew(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {.is_sick = true};
    const struct fake_card card = card_of(&echo);
    lay(bench, &card);
    size_t powers_count = echo.powers_count;
    assert_int_equal(transmit(bench, command, sizeof command), OK);
    for (int i = 0; i < 30 && bench->ears.counts[CARD_READER_LAID] < 2; i++) {
        poll_some(bench);
    }
    assert_int_equal(bench->ears.counts[CARD_READER_FAILED], 1);
    assert_int_equal(bench->ears.counts[CARD_READER_LAID], 2);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    assert_true(echo.powers_count > powers_count);

    echo.is_sick = false;
    assert_int_equal(transmit(bench, command, sizeof command), OK);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 1);
}

static void a_released_card_rests_until_it_is_restarted_or_lifted(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    lay(bench, &card);
    bench->port->ops->release(bench->port);
    assert_int_equal(transmit(bench, command, sizeof command), ERR_STATE);
    poll_some(bench);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    assert_int_equal(bench->ears.count, 2);

    bench->port->ops->restart(bench->port);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_LAID], 2);
    assert_int_equal(transmit(bench, command, sizeof command), OK);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 1);

    bench->port->ops->release(bench->port);
    poll_some(bench);
    lay(bench, NULL);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LIFTED);
    lay(bench, &card);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
}

static void a_command_on_its_way_ends_without_a_word_when_the_card_is_released(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    lay(bench, &card);
    assert_int_equal(transmit(bench, command, sizeof command), OK);
    bench->port->ops->release(bench->port);
    poll_some(bench);
    assert_int_equal(bench->ears.count, 2);

    bench->port->ops->restart(bench->port);
    poll_some(bench);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    assert_int_equal(transmit(bench, command, sizeof command), OK);
    bench->port->ops->restart(bench->port);
    poll_some(bench);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    assert_int_equal(bench->ears.counts[CARD_READER_LAID], 3);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 0);
}

static void nothing_is_restarted_where_nothing_lies(void **state)
{
    struct bench *bench = *state;
    bench->port->ops->restart(bench->port);
    bench->port->ops->release(bench->port);
    poll_some(bench);
    bench->port->ops->restart(bench->port);
    bench->port->ops->release(bench->port);
    for (int i = CARD_SIGNAL_IDLE; i <= CARD_SIGNAL_TAKE; i++) {
        bench->port->ops->signal(bench->port, (enum card_signal)i);
        poll_some(bench);
    }
    assert_int_equal(bench->ears.count, 1);
}

static void ask_again(const struct card_reader_event *event, void *ctx)
{
    struct bench *bench = ctx;
    bool goes_on = event->kind == CARD_READER_LAID ||
                   (event->kind == CARD_READER_ANSWER && bench->ears.counts[event->kind] < 5);
    if (goes_on) {
        assert_int_equal(transmit(bench, command, sizeof command), OK);
    }
}

static void the_next_command_may_follow_from_within_the_answer(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    bench->ears.then = ask_again;
    bench->ears.then_ctx = bench;
    lay(bench, &card);
    poll_some(bench);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 5);
    assert_int_equal(echo.commands_count, 5);
}

static void close_at_once(const struct card_reader_event *event, void *ctx)
{
    struct bench *bench = ctx;
    if (event->kind == CARD_READER_ANSWER) {
        bench->port->ops->close(bench->port);
    }
}

static void a_reader_closed_from_within_tells_nothing_more(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    bench->ears.then = close_at_once;
    bench->ears.then_ctx = bench;
    lay(bench, &card);
    assert_int_equal(transmit(bench, command, sizeof command), OK);
    poll_some(bench);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 1);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_ANSWER);
}

static void a_closed_reader_tells_nothing_and_waits_for_nothing(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    int fds[8];
    lay(bench, &card);
    assert_int_equal(transmit(bench, command, sizeof command), OK);
    size_t told = bench->ears.count;
    bench->port->ops->close(bench->port);
    poll_some(bench);
    assert_int_equal(bench->ears.count, told);
    assert_int_equal(bench->port->ops->fds(bench->port, fds, 8), 0);
    assert_int_equal(transmit(bench, command, sizeof command), ERR_STATE);
}

// Neither command nor answer may be found in the reader's memory once it is told.
static void nothing_a_card_said_is_kept(void **state)
{
    struct bench *bench = *state;
    struct echo echo = {0};
    const struct fake_card card = card_of(&echo);
    lay(bench, &card);
    assert_int_equal(transmit(bench, "\0\xA4\0\0\x08PERSONAL", 13), OK);
    poll_some(bench);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 1);
    memset(&bench->ears, 0, sizeof bench->ears);
    memset(bench->said, 0, sizeof bench->said);
    assert_null(memmem(bench, sizeof *bench, "PERSONAL", 8));
    assert_null(memmem(bench, sizeof *bench, "LANOSREP", 8));
}

#define CONTRACT_TEST(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define CONTRACT(set_up)                                                                           \
    {                                                                                              \
        CONTRACT_TEST(the_first_poll_tells_that_it_is_ready, set_up),                              \
            CONTRACT_TEST(a_card_is_told_once_with_its_atr_until_it_is_lifted, set_up),            \
            CONTRACT_TEST(a_card_that_lies_there_already_is_told_after_ready, set_up),             \
            CONTRACT_TEST(a_command_gets_its_own_answer_once, set_up),                             \
            CONTRACT_TEST(commands_of_every_length_arrive_whole, set_up),                          \
            CONTRACT_TEST(a_command_beyond_the_limits_is_refused, set_up),                         \
            CONTRACT_TEST(a_card_lifted_in_the_middle_of_a_command_gives_no_answer, set_up),       \
            CONTRACT_TEST(a_card_without_an_atr_is_mute, set_up),                                  \
            CONTRACT_TEST(a_command_without_an_answer_fails_and_the_card_begins_anew, set_up),     \
            CONTRACT_TEST(a_released_card_rests_until_it_is_restarted_or_lifted, set_up),          \
            CONTRACT_TEST(a_command_on_its_way_ends_without_a_word_when_the_card_is_released,      \
                          set_up),                                                                 \
            CONTRACT_TEST(nothing_is_restarted_where_nothing_lies, set_up),                        \
            CONTRACT_TEST(the_next_command_may_follow_from_within_the_answer, set_up),             \
            CONTRACT_TEST(a_reader_closed_from_within_tells_nothing_more, set_up),                 \
            CONTRACT_TEST(a_closed_reader_tells_nothing_and_waits_for_nothing, set_up),            \
            CONTRACT_TEST(nothing_a_card_said_is_kept, set_up),                                    \
    }

int main(void)
{
    const struct CMUnitTest fake[] = CONTRACT(set_up_fake);
    const struct CMUnitTest desk[] = CONTRACT(set_up_desk);
    int failed = cmocka_run_group_tests_name("the fake", fake, NULL, NULL);
    failed += cmocka_run_group_tests_name("the desk's socket", desk, NULL, NULL);
    return failed;
}
