// SPDX-License-Identifier: EUPL-1.2
//
// The code that enrols a device, as the hub shows it.
#include "apps/technician/enrol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PRINT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_code_holds_all_that_is_needed(void **state)
{
    (void)state;
    char text[] = "KE1:kiosk-1:00112233445566778899aabb:" PRINT ":https://hub.example:8444";
    struct enrol_request request = {.folder = "/data/device"};

    assert_int_equal(enrol_code_read(text, &request), OK);

    assert_string_equal(request.device, "kiosk-1");
    assert_string_equal(request.code, "00112233445566778899aabb");
    assert_string_equal(request.fingerprint, PRINT);
    assert_string_equal(request.url, "https://hub.example:8444");
    assert_string_equal(request.folder, "/data/device");
}

static void anything_else_is_no_code(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "KE1:",
        "KR1:kiosk-1:00:" PRINT ":https://hub.example",
        "KE1:kiosk-1:00:" PRINT,
        "KE1::00:" PRINT ":https://hub.example",
        "KE1:kiosk-1::" PRINT ":https://hub.example",
        "KE1:kiosk-1:00:abc:https://hub.example",
        "KE1:kiosk-1:00:" PRINT ":http://hub.example",
        "KE1:kiosk-1:00:" PRINT ":https://hub.example\n",
        "KE1:kiosk-1:00:" PRINT ":https://hub.example/\x01",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[300];
        struct enrol_request request = {0};
        (void)snprintf(text, sizeof text, "%s", texts[i]); // short words of ours

        assert_int_equal(enrol_code_read(text, &request), ERR_MALFORMED);

        assert_null(request.device);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_holds_all_that_is_needed),
        cmocka_unit_test(anything_else_is_no_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
