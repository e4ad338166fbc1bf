// SPDX-License-Identifier: EUPL-1.2
//
// The vpcd socket beyond the contract (tests/ports/card_reader_test.c): addresses, and cards that
// break the protocol.
#include "drivers/desk_card.h"

#include "base/text.h"
#include "tests/fakes/card_ears.h"
#include "tests/fakes/hand_clock.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const uint8_t command[] = {0x00, 0xB0, 0x00, 0x00, 0x08};
static const uint8_t atr[] = {0x3B, 0x80, 0x80, 0x01, 0x01};

struct bench {
    struct desk_card card;
    struct card_ears ears;
    struct sockaddr_un address;
    int64_t now_ms;
    int fd;
};

static int join(const struct bench *bench)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd > 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&bench->address, sizeof bench->address),
                     0);
    return fd;
}

static void poll_some(struct bench *bench)
{
    for (int i = 0; i < 4; i++) {
        bench->card.port.ops->poll(&bench->card.port);
    }
}

static void say(struct bench *bench, const void *bytes, size_t len)
{
    assert_int_equal(send(bench->fd, bytes, len, MSG_NOSIGNAL), len);
    poll_some(bench);
}

static void say_message(struct bench *bench, const void *bytes, size_t len)
{
    const uint8_t head[] = {(uint8_t)(len >> 8), (uint8_t)len};
    say(bench, head, sizeof head);
    if (len > 0) {
        say(bench, bytes, len);
    }
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->now_ms = 1000000;
    bench->address.sun_family = AF_UNIX;
    (void)snprintf(bench->address.sun_path, DESK_CARD_PATH_BYTES, "/tmp/inloop-desk-card-%d",
                   (int)getpid());
    assert_int_equal(
        desk_card_init(&bench->card, bench->address.sun_path, hand_clock(&bench->now_ms)), OK);
    assert_int_equal(
        bench->card.port.ops->open(&bench->card.port, card_ears_hear, &bench->ears, NULL), OK);
    bench->fd = join(bench);
    poll_some(bench);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    bench->card.port.ops->close(&bench->card.port);
    assert_int_equal(close(bench->fd), 0);
    assert_int_equal(access(bench->address.sun_path, F_OK), -1);
    free(bench);
    return 0;
}

static void an_address_is_a_path_or_a_port_of_this_machine(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        enum err err;
    } cases[] = {
        {"/run/card", OK},
        {"card", OK},
        {"/run/a:b", OK},
        {"127.0.0.1:35963", OK},
        {"127.0.0.1:0", ERR_MALFORMED},
        {"127.0.0.1:65536", ERR_MALFORMED},
        {"127.0.0.1:", ERR_MALFORMED},
        {"0.0.0.0:35963", ERR_MALFORMED},
        {"localhost:35963", ERR_MALFORMED},
        {"127.0.0.1:35963x", ERR_MALFORMED},
    };
    int64_t now_ms = 0;
    static struct desk_card card;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(desk_card_init(&card, cases[i].words, hand_clock(&now_ms)), cases[i].err);
    }
    char words[DESK_CARD_PATH_BYTES + 1];
    memset(words, '/', sizeof words);
    words[DESK_CARD_PATH_BYTES] = '\0';
    assert_int_equal(desk_card_init(&card, words, hand_clock(&now_ms)), ERR_TOO_BIG);
}

// A port that was free a moment ago.
static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    assert_int_equal(close(fd), 0);
    return ntohs(address.sin_port);
}

static void a_card_comes_over_tcp_too(void **state)
{
    (void)state;
    static struct desk_card card;
    static struct card_ears ears;
    struct fault fault = {0};
    char words[30];
    uint16_t tcp_port = free_port();
    (void)snprintf(words, sizeof words, "127.0.0.1:%u", tcp_port);
    assert_int_equal(desk_card_init(&card, words, clock_system()), OK);
    assert_int_equal(card.port.ops->open(&card.port, card_ears_hear, &ears, &fault), OK);
    static struct desk_card second;
    assert_int_equal(desk_card_init(&second, words, clock_system()), OK);
    assert_int_equal(second.port.ops->open(&second.port, card_ears_hear, &ears, &fault), ERR_IO);
    assert_non_null(strstr(fault.text, words));
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(tcp_port),
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(fd, "\0\x05\x3B\x80\x80\x01\x01", 7, MSG_NOSIGNAL), 7);
    for (int i = 0; i < 20 && ears.counts[CARD_READER_LAID] == 0; i++) {
        int fds[4];
        struct pollfd waits[4];
        size_t count = card.port.ops->fds(&card.port, fds, 4);
        for (size_t j = 0; j < count; j++) {
            waits[j] = (struct pollfd){.fd = fds[j], .events = POLLIN};
        }
        (void)poll(waits, count, 1000); // a busy machine: the next round looks again
        card.port.ops->poll(&card.port);
    }
    assert_int_equal(ears.counts[CARD_READER_LAID], 1);
    card.port.ops->close(&card.port);
    assert_int_equal(close(fd), 0);
}

static void a_second_card_is_turned_away_and_the_first_stays(void **state)
{
    struct bench *bench = *state;
    say_message(bench, atr, sizeof atr);
    int second = join(bench);
    poll_some(bench);
    uint8_t byte = 0;
    assert_int_equal(recv(second, &byte, 1, 0), 0); // the end
    assert_int_equal(close(second), 0);
    assert_int_equal(bench->card.port.ops->transmit(&bench->card.port, command, sizeof command),
                     OK);
    say_message(bench, "\x90\x00", 2);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 1);
    assert_int_equal(bench->ears.count, 3);
}

static void what_was_not_asked_for_is_nobodys_answer(void **state)
{
    struct bench *bench = *state;
    say_message(bench, atr, sizeof atr);
    say_message(bench, "\x6A\x82", 2);
    say_message(bench, "", 0);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 0);
    assert_int_equal(bench->ears.counts[CARD_READER_FAILED], 0);
}

static void an_answer_may_come_in_pieces(void **state)
{
    struct bench *bench = *state;
    static const uint8_t all[] = {0, 5, 0x3B, 0x80, 0x80, 0x01, 0x01, 0, 4, 1, 2, 0x90, 0x00};
    for (size_t i = 0; i < sizeof all; i++) {
        assert_int_equal(bench->ears.counts[CARD_READER_LAID], i < 7 ? 0 : 1);
        if (i == 7) {
            assert_int_equal(
                bench->card.port.ops->transmit(&bench->card.port, command, sizeof command), OK);
        }
        say(bench, all + i, 1);
    }
    assert_int_equal(bench->ears.answer_len, 4);
    assert_memory_equal(bench->ears.answer, all + 9, 4);
}

static void an_answer_that_is_too_long_or_too_short_has_failed(void **state)
{
    struct bench *bench = *state;
    static uint8_t most[UINT16_MAX];
    static const size_t lens[] = {0, 1, CARD_ANSWER_BYTES + 1, UINT16_MAX};
    say_message(bench, atr, sizeof atr);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        assert_int_equal(bench->card.port.ops->transmit(&bench->card.port, command, sizeof command),
                         OK);
        say_message(bench, most, lens[i]);
        assert_int_equal(bench->ears.counts[CARD_READER_FAILED], i + 1);
        say_message(bench, atr, sizeof atr);
        assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    }
    assert_int_equal(bench->card.port.ops->transmit(&bench->card.port, command, sizeof command),
                     OK);
    say_message(bench, most, CARD_ANSWER_BYTES);
    assert_int_equal(bench->ears.answer_len, CARD_ANSWER_BYTES);
}

static void an_atr_that_is_none_is_mute(void **state)
{
    struct bench *bench = *state;
    uint8_t bytes[CARD_ATR_BYTES + 1] = {0x3B};
    static const size_t lens[] = {0, 1, CARD_ATR_BYTES + 1};
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        say_message(bench, bytes, lens[i]);
        assert_int_equal(bench->ears.counts[CARD_READER_MUTE], i + 1);
        bench->card.port.ops->restart(&bench->card.port);
    }
    say_message(bench, bytes, CARD_ATR_BYTES);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
}

static void an_answer_after_its_time_is_not_taken_for_the_next(void **state)
{
    struct bench *bench = *state;
    bench->now_ms += DESK_CARD_ATR_WAIT_MS;
    poll_some(bench);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_MUTE);
    bench->card.port.ops->restart(&bench->card.port);
    say_message(bench, atr, sizeof atr); // of the first question
    assert_int_equal(bench->ears.counts[CARD_READER_LAID], 0);
    say_message(bench, atr, sizeof atr);
    assert_int_equal(bench->ears.counts[CARD_READER_LAID], 1);

    assert_int_equal(bench->card.port.ops->transmit(&bench->card.port, command, sizeof command),
                     OK);
    bench->now_ms += DESK_CARD_ANSWER_WAIT_MS;
    poll_some(bench);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_FAILED);
    say_message(bench, "\x90\x00", 2);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_FAILED);
    say_message(bench, atr, sizeof atr);
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LAID);
    assert_int_equal(bench->ears.counts[CARD_READER_ANSWER], 0);
}

static void a_card_that_owes_too_much_is_put_out(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < 2 * DESK_CARD_LATE_MAX; i++) {
        bench->card.port.ops->restart(&bench->card.port);
        poll_some(bench);
    }
    assert_int_equal(card_ears_last(&bench->ears), CARD_READER_LIFTED);
    assert_int_equal(bench->card.client, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_a_path_or_a_port_of_this_machine),
        cmocka_unit_test(a_card_comes_over_tcp_too),
        cmocka_unit_test_setup_teardown(a_second_card_is_turned_away_and_the_first_stays, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_asked_for_is_nobodys_answer, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_answer_may_come_in_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_that_is_too_long_or_too_short_has_failed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_atr_that_is_none_is_mute, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_after_its_time_is_not_taken_for_the_next, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_card_that_owes_too_much_is_put_out, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
