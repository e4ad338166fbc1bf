// SPDX-License-Identifier: EUPL-1.2
//
// The libusb back end where nothing fits: a program goes on without its devices.
#include "drivers/usb.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

static bool accept_none(const struct usb_interface *interface, void *ctx)
{
    (void)interface;
    (void)ctx;
    return false;
}

static void nothing_that_fits_is_no_failure(void **state)
{
    (void)state;
    struct usb_host host;
    usb_host_init(&host);
    struct usb *usb = &host.port;
    struct usb_interface found;
    struct fault fault = {0};
    assert_int_equal(usb->ops->open(usb, accept_none, NULL, &found, &fault), ERR_NOT_FOUND);
    assert_string_equal(fault.text, "usb: no such device");
    uint8_t bytes[8] = {0};
    size_t moved = 1;
    assert_int_equal(usb->ops->read(usb, bytes, sizeof bytes, &moved), ERR_STATE);
    assert_int_equal(moved, 0);
    assert_int_equal(usb->ops->write(usb, bytes, sizeof bytes, &moved), ERR_STATE);
    assert_int_equal(usb->ops->hid_descriptor(usb, bytes, sizeof bytes, &moved), ERR_STATE);
    usb->ops->close(usb);
    usb_host_free(&host);
    usb_host_free(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_that_fits_is_no_failure)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
