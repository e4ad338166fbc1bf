// SPDX-License-Identifier: EUPL-1.2
//
// The folder of input devices: it may come later, go and come again, and hold what is none. Real
// devices are tried in a guest (journey.kms_guest).
#include "ui/evdev.h"

#include "base/text.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

static char home[64];
static char folder[96];
static char file[128];

static int make_home(void **state)
{
    (void)state;
    text_copy_cut(home, sizeof home, "/tmp/inloop-evdev-XXXXXX");
    bool is_made = mkdtemp(home) != NULL;
    (void)snprintf(folder, sizeof folder, "%s/input", home);
    (void)snprintf(file, sizeof file, "%s/event0", folder);
    return is_made ? 0 : -1;
}

static int remove_home(void **state)
{
    (void)state;
    (void)unlink(file);
    (void)rmdir(folder);
    return rmdir(home);
}

static void never(void *ctx, const struct window_input *input)
{
    (void)ctx;
    (void)input;
    fail();
}

static struct evdev *open_here(void)
{
    const struct evdev_options options = {
        .folder = folder, .calibration = {1, 0, 0, 0, 1, 0}, .input = never};
    struct evdev *evdev = NULL;
    assert_int_equal(evdev_open(&evdev, &options, NULL), OK);
    return evdev;
}

static bool has_news(const struct evdev *evdev, int wait_ms)
{
    struct pollfd fd = {.fd = evdev_fd(evdev), .events = POLLIN};
    return poll(&fd, 1, wait_ms) == 1;
}

static void make_file(void)
{
    FILE *made = fopen(file, "wb");
    assert_non_null(made);
    assert_int_equal(fclose(made), 0);
}

static void a_folder_that_comes_later_is_looked_into(void **state)
{
    (void)state;
    struct evdev *evdev = open_here();
    assert_false(has_news(evdev, 0));

    for (int times = 0; times < 2; times++) { // it goes with the last device, and comes again
        assert_int_equal(mkdir(folder, 0700), 0);
        assert_true(has_news(evdev, PATIENCE_MS));
        evdev_read(evdev);
        make_file();
        assert_true(has_news(evdev, PATIENCE_MS));
        evdev_read(evdev);
        assert_int_equal(unlink(file), 0);
        assert_int_equal(rmdir(folder), 0);
        assert_true(has_news(evdev, PATIENCE_MS));
        evdev_read(evdev);
    }

    assert_false(has_news(evdev, 0));
    evdev_close(evdev);
}

static void a_file_that_is_no_device_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(mkdir(folder, 0700), 0);
    make_file();

    struct evdev *evdev = open_here();

    evdev_fit(evdev, 100, 100);
    evdev_read(evdev);
    assert_false(has_news(evdev, 0));
    evdev_close(evdev);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_that_comes_later_is_looked_into, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(a_file_that_is_no_device_is_left_alone, make_home,
                                        remove_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
