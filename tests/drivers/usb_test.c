// SPDX-License-Identifier: EUPL-1.2
//
// The libusb back end where nothing is plugged in: a program goes on without its devices.
#include "drivers/usb_host.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <poll.h>
#include <string.h>

static const struct usb_device nowhere = {.vendor = 1, .product = 2, .port = "99-9"};

static void count_devices(const struct usb_device *device, void *ctx)
{
    assert_true(memchr(device->port, '\0', sizeof device->port) != NULL);
    *(size_t *)ctx += 1;
}

static void a_device_that_is_not_there_is_no_failure(void **state)
{
    (void)state;
    static struct usb_host host;
    usb_host_init(&host);
    struct usb *usb = &host.port;
    struct fault fault = {0};
    size_t count = 0;
    usb->ops->look(usb, USB_CLASS_HID, count_devices, &count);
    assert_int_equal(usb->ops->open(usb, USB_CLASS_HID, &nowhere, &fault), ERR_NOT_FOUND);
    assert_string_equal(fault.text, "usb: 99-9: not there");
    assert_true(usb->ops->changed(usb)); // nobody had looked
    usb_host_free(&host);
    usb_host_free(&host);
}

static void nothing_moves_on_a_bus_where_nothing_is_open(void **state)
{
    (void)state;
    static struct usb_host host;
    usb_host_init(&host);
    struct usb *usb = &host.port;
    uint8_t bytes[USB_PACKET_BYTES] = {0};
    size_t moved = 1;
    assert_int_equal(usb->ops->read(usb, bytes, sizeof bytes, &moved), ERR_STATE);
    assert_int_equal(moved, 0);
    assert_int_equal(usb->ops->write(usb, bytes, sizeof bytes), ERR_STATE);
    assert_int_equal(usb->ops->written(usb), OK);
    assert_int_equal(usb->ops->cancel(usb), 0);
    assert_int_equal(usb->ops->listen(usb, 0), ERR_STATE);
    assert_int_equal(usb->ops->hid_descriptor(usb, 0, bytes, sizeof bytes, &moved), ERR_STATE);
    assert_int_equal(usb->ops->printer_request(usb, USB_PORT_STATUS, bytes), ERR_STATE);
    assert_int_equal(usb->ops->class_descriptors(usb, 0, bytes, sizeof bytes, &moved), ERR_STATE);
    assert_int_equal(usb->ops->listen_messages(usb, 0, 271), ERR_STATE);
    assert_int_equal(usb->ops->notice(usb, bytes, sizeof bytes, &moved), ERR_STATE);
    assert_int_equal(usb->ops->card_abort(usb, 0, 0), ERR_STATE);
    assert_int_equal(usb->ops->clear(usb), ERR_STATE);
    usb->ops->reset(usb);
    usb->ops->close(usb);
    usb_host_free(&host);
}

static void an_alarm_wakes_and_is_put_off(void **state)
{
    (void)state;
    static struct usb_host host;
    usb_host_init(&host);
    struct usb *usb = &host.port;
    struct pollfd wait = {.fd = usb->ops->fd(usb), .events = POLLIN};
    assert_true(wait.fd >= 0);
    (void)usb->ops->changed(usb); // takes in what the library has to say at the start
    assert_int_equal(poll(&wait, 1, 0), 0);

    usb->ops->wake_in(usb, 1);
    assert_int_equal(poll(&wait, 1, 10000), 1);
    usb->ops->wake_in(usb, 0);
    assert_int_equal(poll(&wait, 1, 0), 0);
    usb_host_free(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_that_is_not_there_is_no_failure),
        cmocka_unit_test(nothing_moves_on_a_bus_where_nothing_is_open),
        cmocka_unit_test(an_alarm_wakes_and_is_put_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
