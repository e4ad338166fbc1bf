// SPDX-License-Identifier: EUPL-1.2
//
// A device nobody knows: two bytes of length and a report descriptor, then reports (a byte of
// length each; the top bit lets half a second pass). Whatever it says, only text that people can
// read comes through, within its bounds, and nothing is kept after closing.
#include "base/bytes.h"
#include "base/text.h"
#include "drivers/scanner.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/usb_script.h"

#include <string.h>

enum { PAUSE = 0x80, ROUNDS_MAX = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_event(const struct id_reader_event *event, void *ctx)
{
    (void)ctx;
    if (event->kind == ID_READER_CODE) {
        CHECK(event->code_len < ID_READER_CODE_BYTES);
        CHECK(strlen(event->code_private) == event->code_len);
        CHECK(text_is_printable(event->code_private));
    } else if (event->kind != ID_READER_READY) {
        CHECK(event->fault.text[0] != '\0');
    }
}

static void say_reports(struct usb_script *script, struct scanner *scanner, struct bytes_in *in,
                        int64_t *now_ms)
{
    for (int i = 0; i < ROUNDS_MAX && bytes_in_left(in) > 0 && script->open != NULL; i++) {
        uint8_t head = bytes_in_u8(in);
        size_t len = head & ~(unsigned)PAUSE;
        len = len < bytes_in_left(in) ? len : bytes_in_left(in);
        usb_script_say(script, bytes_in_take(in, len), len);
        *now_ms += (head & PAUSE) != 0 ? SCANNER_PART_WAIT_MS : 1;
        scanner->port.ops->poll(&scanner->port);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct scanner_rules rules;
    static struct usb_script script;
    static struct scanner scanner;
    struct bytes_in in;
    int64_t now_ms = 1000000;
    bytes_in_init(&in, data, size);
    size_t len = bytes_in_u16le(&in);
    len = len < bytes_in_left(&in) ? len : bytes_in_left(&in);
    const struct usb_device about = {.vendor = 0x0C2E, .product = 1, .port = "1-2"};
    usb_script_init(&script);
    struct usb_script_device *device = usb_script_plug(&script, USB_CLASS_HID, &about);
    usb_script_describe(device, bytes_in_take(&in, len), len);
    scanner_init(&scanner, &script.port, hand_clock(&now_ms), &rules);
    CHECK(scanner.port.ops->open(&scanner.port, on_event, NULL, NULL) == OK);
    scanner.port.ops->poll(&scanner.port);
    say_reports(&script, &scanner, &in, &now_ms);
    scanner.port.ops->close(&scanner.port);
    static const char wiped[sizeof scanner.code_private];
    CHECK(script.open == NULL);
    CHECK(memcmp(scanner.code_private, wiped, sizeof wiped) == 0);
    CHECK(scanner.gate.last_private[0] == '\0');
    return 0;
}
