// SPDX-License-Identifier: EUPL-1.2
//
// What the kiosk makes of its cables' messages while no hub listens yet.
#include "apps/kiosk/kiosk.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

static struct kiosk kiosk;

static void tell(enum kiosk_io kind, const uint8_t *truths, size_t len)
{
    static struct hub_message_private message;
    memset(&message, 0, sizeof message);
    message.kind = HUB_IO;
    message.io.kind = (int)kind;
    memcpy(message.io.data, truths, len);
    message.io.len = len;
    kiosk_take(&kiosk, &message);
}

static int set_up(void **state)
{
    (void)state;
    static struct look look;
    static struct scenes scenes;
    memset(&kiosk, 0, sizeof kiosk);
    kiosk_init(&kiosk, &look, &scenes);
    return 0;
}

static void a_refused_device_is_an_alarm_and_leaves_the_scanner_in_use(void **state)
{
    (void)state;
    tell(IO_KEYBOARD, (const uint8_t[]){1}, 1);
    assert_true(kiosk.owes_alarm); // until the hub has heard it
    assert_true(kiosk.scanner_ok);
}

static void a_scanner_that_is_gone_and_back_narrows_and_recovers(void **state)
{
    (void)state;
    tell(IO_SCANNER, (const uint8_t[]){0}, 1);
    assert_false(kiosk.scanner_ok);
    tell(IO_SCANNER, (const uint8_t[]){1}, 1);
    assert_true(kiosk.scanner_ok);
}

static void low_paper_is_known_beside_a_printer_that_works(void **state)
{
    (void)state;
    tell(IO_PRINTER, (const uint8_t[]){1, 1}, 2);
    assert_true(kiosk.printer_ok && kiosk.paper_low);
    tell(IO_PRINTER, (const uint8_t[]){0, 0}, 2);
    assert_false(kiosk.printer_ok || kiosk.paper_low);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_refused_device_is_an_alarm_and_leaves_the_scanner_in_use, set_up),
        cmocka_unit_test_setup(a_scanner_that_is_gone_and_back_narrows_and_recovers, set_up),
        cmocka_unit_test_setup(low_paper_is_known_beside_a_printer_that_works, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
