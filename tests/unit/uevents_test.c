// SPDX-License-Identifier: EUPL-1.2
//
// The kernel's messages about devices, as lib/kobject_uevent.c writes them, and as anybody might.
#include "base/uevents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char plugged[] = "add@/devices/pci0000:00/0000:00:03.0/usb1/1-1\0"
                              "ACTION=add\0"
                              "DEVPATH=/devices/pci0000:00/0000:00:03.0/usb1/1-1\0"
                              "SUBSYSTEM=usb\0"
                              "DEVTYPE=usb_device\0"
                              "SEQNUM=2231";

static void a_message_names_its_subsystem(void **state)
{
    (void)state;

    assert_true(uevent_is_about(plugged, sizeof plugged, "usb"));
    assert_false(uevent_is_about(plugged, sizeof plugged, "us"));
    assert_false(uevent_is_about(plugged, sizeof plugged, "usbmisc"));
    assert_false(uevent_is_about(plugged, sizeof plugged, "drm"));
}

static void only_the_key_counts(void **state)
{
    (void)state;
    static const char other[] =
        "change@/SUBSYSTEM=usb\0DEVPATH=/SUBSYSTEM=usb\0XSUBSYSTEM=usb\0SUBSYSTEM=net";

    assert_false(uevent_is_about(other, sizeof other, "usb"));
    assert_true(uevent_is_about(other, sizeof other, "net"));
}

// Each in memory of its own, so that reading past the end is seen.
static void a_message_may_be_cut_anywhere(void **state)
{
    (void)state;
    size_t said_at =
        (size_t)((const char *)memmem(plugged, sizeof plugged, "SUBSYSTEM", 9) - plugged);
    for (size_t len = 0; len <= sizeof plugged; len++) {
        char *cut = malloc(len == 0 ? 1 : len);
        assert_non_null(cut);
        memcpy(cut, plugged, len);

        // The word with its end.
        assert_int_equal(uevent_is_about(cut, len, "usb"), len >= said_at + sizeof "SUBSYSTEM=usb");

        free(cut);
    }
}

static void a_socket_with_nothing_to_say_waits_for_nobody(void **state)
{
    (void)state;
    int fd = uevents_open();
    assert_true(fd >= 0);

    assert_false(uevents_take(fd, "no such subsystem"));

    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_names_its_subsystem),
        cmocka_unit_test(only_the_key_counts),
        cmocka_unit_test(a_message_may_be_cut_anywhere),
        cmocka_unit_test(a_socket_with_nothing_to_say_waits_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
