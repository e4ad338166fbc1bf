// SPDX-License-Identifier: EUPL-1.2
//
// One contract (ports/id_reader.h) for every reader: the fake, the USB scanner on the scripted bus,
// and the desk's socket.
#include "ports/id_reader.h"

#include "base/text.h"
#include "drivers/desk_scanner.h"
#include "drivers/scanner.h"
#include "tests/fakes/ears.h"
#include "tests/fakes/fake_reader.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/usb_scanner.h"

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

enum { POLLS = 5, LONGEST = ID_READER_CODE_BYTES - 1 };

// One reader and the hand that shows it codes.
struct bench {
    struct id_reader *port;
    void (*show)(struct bench *bench, const void *bytes, size_t len);
    int64_t now_ms;
    struct reader_ears ears;
    struct fake_reader fake;
    struct usb_script script;
    struct scanner scanner;
    struct desk_scanner desk;
    char path[DESK_SCANNER_PATH_BYTES];
};

static void show_fake(struct bench *bench, const void *bytes, size_t len)
{
    fake_reader_show(&bench->fake, bytes, len);
}

static void show_usb(struct bench *bench, const void *bytes, size_t len)
{
    usb_scanner_show(&bench->script, &usb_scanner_layouts[0], "]Q1", bytes, len);
}

static void show_desk(struct bench *bench, const void *bytes, size_t len)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_int_equal(text_copy(address.sun_path, sizeof address.sun_path, bench->path), OK);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    const uint8_t head[] = {(uint8_t)(len >> 8), (uint8_t)len};
    assert_int_equal(write(fd, head, sizeof head), sizeof head);
    assert_int_equal(write(fd, bytes, len), len);
    assert_int_equal(close(fd), 0);
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
    assert_int_equal(bench->port->ops->open(bench->port, reader_ears_hear, &bench->ears, &fault),
                     OK);
    *state = bench;
    return 0;
}

static int set_up_fake(void **state)
{
    struct bench *bench = new_bench();
    fake_reader_init(&bench->fake, hand_clock(&bench->now_ms));
    bench->port = &bench->fake.port;
    bench->show = show_fake;
    return open_bench(bench, state);
}

static int set_up_usb(void **state)
{
    static const struct scanner_rules rules;
    struct bench *bench = new_bench();
    usb_script_init(&bench->script);
    (void)usb_scanner_plug(&bench->script, &usb_scanner_layouts[0], "1-2");
    scanner_init(&bench->scanner, &bench->script.port, hand_clock(&bench->now_ms), &rules);
    bench->port = &bench->scanner.port;
    bench->show = show_usb;
    return open_bench(bench, state);
}

static int set_up_desk(void **state)
{
    struct bench *bench = new_bench();
    (void)snprintf(bench->path, sizeof bench->path, "/tmp/inloop-reader-%d", (int)getpid());
    assert_int_equal(desk_scanner_init(&bench->desk, bench->path, hand_clock(&bench->now_ms)), OK);
    bench->port = &bench->desk.port;
    bench->show = show_desk;
    return open_bench(bench, state);
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    bench->port->ops->close(bench->port);
    bench->port->ops->close(bench->port); // allowed at any time
    free(bench);
    return 0;
}

static void poll_some(struct bench *bench)
{
    for (int i = 0; i < POLLS; i++) {
        bench->port->ops->poll(bench->port);
    }
}

static void show_bytes(struct bench *bench, const void *bytes, size_t len)
{
    poll_some(bench); // what is held up before the reader is ready is lost
    bench->show(bench, bytes, len);
    poll_some(bench);
}

static void show(struct bench *bench, const char *words)
{
    show_bytes(bench, words, strlen(words));
}

static void the_first_poll_tells_that_it_is_ready(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(bench->ears.count, 0);

    poll_some(bench);

    assert_int_equal(bench->ears.count, 1);
    assert_int_equal(bench->ears.kinds[0], ID_READER_READY);
}

static void a_code_comes_once_and_as_it_was_shown(void **state)
{
    struct bench *bench = *state;
    show(bench, "KR1:ABC 123$%*+-./: caf\xC3\xA9");

    assert_int_equal(bench->ears.codes_count, 1);
    assert_string_equal(bench->ears.code, "KR1:ABC 123$%*+-./: caf\xC3\xA9");
    assert_int_equal(bench->ears.code_len, strlen(bench->ears.code));
    assert_true(bench->ears.code_was_terminated);
}

static void one_line_ending_is_taken_off(void **state)
{
    struct bench *bench = *state;
    static const char *const shown[] = {"KR1:A\r", "KR1:B\n", "KR1:C\r\n", "KR1:D"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const char wanted[] = {'K', 'R', '1', ':', (char)('A' + i), '\0'};
        show(bench, shown[i]);
        assert_int_equal(bench->ears.codes_count, i + 1);
        assert_string_equal(bench->ears.code, wanted);
    }
    show(bench, "KR1:E\r\r");
    show(bench, "KR1:F\n\n");
    show(bench, "\r\n");
    assert_int_equal(bench->ears.codes_count, 4); // a second one is a control character
}

static void the_same_text_within_three_seconds_comes_once(void **state)
{
    struct bench *bench = *state;
    show(bench, "KR1:SAME");
    bench->now_ms += 2900;
    show(bench, "KR1:SAME\r");
    assert_int_equal(bench->ears.codes_count, 1);

    show(bench, "KR1:OTHER");
    assert_int_equal(bench->ears.codes_count, 2);

    bench->now_ms += 3000;
    show(bench, "KR1:OTHER");
    assert_int_equal(bench->ears.codes_count, 3);
}

static void what_cannot_be_read_by_people_is_told_as_an_empty_code(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *bytes;
        size_t len;
    } shown[] = {
        {"KR1:\x01", 5}, {"KR1:\0A", 6},           {"KR1:\xC3", 5},
        {"KR1:\xFF", 5}, {"KR1:\xE2\x80\xAE!", 8}, {"KR1:\tA", 6},
    };
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        show_bytes(bench, shown[i].bytes, shown[i].len);
    }
    assert_int_equal(bench->ears.codes_count, 0);
    assert_int_equal(bench->ears.unreadable_count, sizeof shown / sizeof shown[0]);
    show(bench, "KR1:GOOD");
    assert_int_equal(bench->ears.codes_count, 1);
}

static void the_longest_code_passes_and_a_longer_one_does_not(void **state)
{
    struct bench *bench = *state;
    char words[LONGEST + 2];
    memset(words, 'A', sizeof words);

    show_bytes(bench, words, LONGEST + 1);
    assert_int_equal(bench->ears.codes_count, 0);
    assert_int_equal(bench->ears.unreadable_count, 1);

    show_bytes(bench, words, LONGEST);
    assert_int_equal(bench->ears.codes_count, 1);
    assert_int_equal(bench->ears.code_len, LONGEST);
}

static void a_closed_reader_tells_nothing_and_waits_for_nothing(void **state)
{
    struct bench *bench = *state;
    int fds[8];
    poll_some(bench);
    size_t told = bench->ears.count;
    bench->port->ops->close(bench->port);
    poll_some(bench);
    assert_int_equal(bench->ears.count, told);
    assert_int_equal(bench->port->ops->fds(bench->port, fds, 8), 0);
}

// The code must not be found in the reader's memory once its three seconds are over.
static void a_code_is_not_kept(void **state)
{
    struct bench *bench = *state;
    show(bench, "KR1:PERSONAL");
    assert_int_equal(bench->ears.codes_count, 1);
    bench->now_ms += 3000;
    poll_some(bench);
    memset(&bench->ears, 0, sizeof bench->ears);
    memset(bench->script.packets, 0, sizeof bench->script.packets);
    assert_null(memmem(bench, sizeof *bench, "PERSONAL", 8));
}

#define CONTRACT_TEST(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define CONTRACT(set_up)                                                                           \
    {                                                                                              \
        CONTRACT_TEST(the_first_poll_tells_that_it_is_ready, set_up),                              \
            CONTRACT_TEST(a_code_comes_once_and_as_it_was_shown, set_up),                          \
            CONTRACT_TEST(one_line_ending_is_taken_off, set_up),                                   \
            CONTRACT_TEST(the_same_text_within_three_seconds_comes_once, set_up),                  \
            CONTRACT_TEST(what_cannot_be_read_by_people_is_told_as_an_empty_code, set_up),         \
            CONTRACT_TEST(the_longest_code_passes_and_a_longer_one_does_not, set_up),              \
            CONTRACT_TEST(a_closed_reader_tells_nothing_and_waits_for_nothing, set_up),            \
            CONTRACT_TEST(a_code_is_not_kept, set_up),                                             \
    }

int main(void)
{
    const struct CMUnitTest fake[] = CONTRACT(set_up_fake);
    const struct CMUnitTest usb[] = CONTRACT(set_up_usb);
    const struct CMUnitTest desk[] = CONTRACT(set_up_desk);
    int failed = cmocka_run_group_tests_name("the fake", fake, NULL, NULL);
    failed += cmocka_run_group_tests_name("the USB scanner", usb, NULL, NULL);
    failed += cmocka_run_group_tests_name("the desk's socket", desk, NULL, NULL);
    return failed;
}
