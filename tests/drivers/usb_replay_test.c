// SPDX-License-Identifier: EUPL-1.2
//
// Scanner, printer and card reader over the real libusb: umockdev plays a device and its recorded
// transfers to this program, which therefore starts itself again under umockdev-run.
#include "base/text.h"
#include "drivers/escpos.h"
#include "drivers/printer.h"
#include "drivers/scanner.h"
#include "drivers/usb_card_reader.h"
#include "drivers/usb_host.h"
#include "tests/fakes/card_ears.h"
#include "tests/fakes/ears.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/usb_scanner.h"
#include "tests/fakes/usb_tape.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000, TRIES = 30, HEIGHT = 100, ROW = PRINTER_WIDTH_DOTS / 8 };

static uint8_t bits[ROW * HEIGHT];
static const struct raster slip = {PRINTER_WIDTH_DOTS, HEIGHT, bits};

static struct usb_tape scanner_tape = {
    .about = {.vendor = 0x0C2E, .product = 0x0907, .serial = "SN-1"},
    .class_code = USB_CLASS_HID,
    .number = 2,
};
static struct usb_tape printer_tape = {
    .about = {.vendor = 0x04B8, .product = 0x0E28, .serial = "SN-2"},
    .class_code = USB_CLASS_PRINTER,
    .number = 3,
};

// Behind its last endpoint: T=1, short APDUs, all automatic, messages of 271 bytes.
static const uint8_t card_descriptor[CCID_DESCRIPTOR_BYTES] = {
    CCID_DESCRIPTOR_BYTES, 0x21, [5] = 1, [6] = 2, [28] = 254, [40] = 0xBA, 4, 2, [44] = 15, 1};
static struct usb_tape card_tape = {
    .about = {.vendor = 0x076B, .product = 0x5022, .serial = "SN-3"},
    .class_code = USB_CLASS_CARD,
    .number = 4,
    .class_descriptor = card_descriptor,
    .class_descriptor_len = sizeof card_descriptor,
};

// A Honeywell's report; two of them make the code.
static void tape_report(const char *part, bool is_continued)
{
    uint8_t report[64] = {2, (uint8_t)strlen(part), ']', 'Q', '1'};
    memcpy(report + 5, part, strlen(part));
    report[63] = is_continued ? 1 : 0;
    usb_tape_in(&scanner_tape, report, sizeof report);
}

static void record_scanner(const char *folder)
{
    usb_tape_open(&scanner_tape, folder);
    // On a busy machine an answer may come too late, and the driver tries again.
    for (int i = 0; i < TRIES; i++) {
        usb_tape_serial(&scanner_tape);
        usb_tape_hid_descriptor(&scanner_tape, usb_scanner_layouts[0].descriptor,
                                usb_scanner_layouts[0].descriptor_len);
    }
    usb_tape_listen(&scanner_tape);
    tape_report("KR1:OVER-THE-", true);
    tape_report("REAL-LIBRARY\r\n", false);
    for (int i = 0; i < 2 * USB_READS; i++) {
        tape_report("KR1:AGAIN", false);
    }
    usb_tape_close(&scanner_tape);
}

static void tape_round(void)
{
    for (int topic = ESCPOS_PRINTER; topic <= ESCPOS_PAPER; topic++) {
        uint8_t question[ESCPOS_ASK_BYTES];
        escpos_ask((enum escpos_topic)topic, question);
        usb_tape_out(&printer_tape, question, sizeof question);
        usb_tape_in(&printer_tape, (const uint8_t *)"\x12", 1);
    }
}

static void record_printer(const char *folder)
{
    uint8_t bytes[ESCPOS_BAND_BYTES];
    usb_tape_open(&printer_tape, folder);
    for (int i = 0; i < TRIES; i++) {
        usb_tape_serial(&printer_tape);
    }
    usb_tape_listen(&printer_tape);
    tape_round();
    tape_round();
    escpos_init(bytes);
    usb_tape_out(&printer_tape, bytes, ESCPOS_INIT_BYTES);
    for (size_t band = 0; band < escpos_bands(&slip); band++) {
        usb_tape_out(&printer_tape, bytes, escpos_band(&slip, band, bytes));
    }
    escpos_cut(bytes);
    usb_tape_out(&printer_tape, bytes, ESCPOS_CUT_BYTES);
    escpos_echo(bytes);
    usb_tape_out(&printer_tape, bytes, ESCPOS_ECHO_BYTES);
    usb_tape_in(&printer_tape, (const uint8_t *)"\0", 1);
    tape_round();
    usb_tape_close(&printer_tape);
}

// Is a card there; power it; one command. 320 bytes are five packets, for 271.
static void record_card(const char *folder)
{
    static const uint8_t look[] = {0x65, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    static const uint8_t power[] = {0x62, 0, 0, 0, 0, 0, 2, 0, 0, 0};
    static const uint8_t command[] = {0x6F, 5, 0, 0, 0, 0, 3, 0, 0, 0, 0x00, 0xB0, 0, 0, 2};
    static const uint8_t lies[] = {0x81, 0, 0, 0, 0, 0, 1, 1, 0, 0};
    static const uint8_t atr[] = {0x80, 5, 0, 0, 0, 0, 2, 0, 0, 0, 0x3B, 0x80, 0x80, 0x01, 0x01};
    static const uint8_t answer[] = {0x80, 4, 0, 0, 0, 0, 3, 0, 0, 0, 'h', 'i', 0x90, 0x00};
    usb_tape_open(&card_tape, folder);
    for (int i = 0; i < TRIES; i++) {
        usb_tape_serial(&card_tape);
    }
    usb_tape_listen_messages(&card_tape);
    usb_tape_exchange(&card_tape, look, sizeof look, lies, sizeof lies, 320);
    usb_tape_exchange(&card_tape, power, sizeof power, atr, sizeof atr, 320);
    usb_tape_exchange(&card_tape, command, sizeof command, answer, sizeof answer, 320);
    usb_tape_close(&card_tape);
}

static int64_t deadline_ms(void)
{
    struct clock clock = clock_system();
    return clock_monotonic_ms(&clock) + PATIENCE_MS;
}

static bool is_over(int64_t at_ms)
{
    struct clock clock = clock_system();
    return clock_monotonic_ms(&clock) > at_ms;
}

// The drivers' own clock stands still, but for their next try to open a device: how long the
// recording takes to play is this machine's affair.
static void a_scanner_is_found_opened_and_read(void **state)
{
    (void)state;
    int64_t now_ms = 1000000;
    static struct usb_host host;
    static struct scanner scanner;
    static struct reader_ears ears;
    struct scanner_rules rules = {0};
    struct fault fault = {0};
    assert_int_equal(usb_rule_parse(&rules.scanner, "0c2e:0907:SN-1@1-2", &fault), OK);
    usb_host_init(&host);
    scanner_init(&scanner, &host.port, hand_clock(&now_ms), &rules);
    struct id_reader *reader = &scanner.port;
    assert_int_equal(reader->ops->open(reader, reader_ears_hear, &ears, &fault), OK);
    int64_t end_ms = deadline_ms();
    while (ears.codes_count < 2 && !is_over(end_ms)) {
        now_ms += scanner.is_open ? 0 : USB_RETRY_MS;
        reader->ops->poll(reader);
    }
    assert_true(reader_ears_is_ready(&ears));
    assert_int_equal(ears.codes_count, 2);
    assert_string_equal(ears.code, "KR1:AGAIN"); // eight times in a row, so once
    assert_string_equal(scanner.device.serial, "SN-1");
    reader->ops->close(reader);
    usb_host_free(&host);
}

static void a_slip_is_sent_and_acknowledged(void **state)
{
    (void)state;
    int64_t now_ms = 1000000;
    static struct usb_host host;
    static struct usb_printer printer;
    static struct printer_ears ears;
    static const struct usb_rule rule;
    struct fault fault = {0};
    usb_host_init(&host);
    usb_printer_init(&printer, &host.port, hand_clock(&now_ms), &rule);
    struct printer *port = &printer.port;
    assert_int_equal(port->ops->open(port, printer_ears_hear, &ears, &fault), OK);
    int64_t end_ms = deadline_ms();
    while (port->ops->print(port, 1, &slip, NULL) != OK && !is_over(end_ms)) {
        now_ms += printer.is_open ? 0 : USB_RETRY_MS;
        port->ops->poll(port);
    }
    while (ears.printed_count + ears.failed_count == 0 && !is_over(end_ms)) {
        port->ops->poll(port);
    }
    assert_string_equal(ears.fault.text, "");
    assert_int_equal(ears.printed_count, 1);
    port->ops->close(port);
    usb_host_free(&host);
}

static void a_card_is_seen_powered_and_answers(void **state)
{
    (void)state;
    int64_t now_ms = 1000000;
    static struct usb_host host;
    static struct usb_card_reader reader;
    static struct card_ears ears;
    static const struct usb_rule rule;
    static const uint8_t command[] = {0x00, 0xB0, 0x00, 0x00, 0x02};
    usb_host_init(&host);
    usb_card_reader_init(&reader, &host.port, hand_clock(&now_ms), &rule);
    struct card_reader *port = &reader.port;
    assert_int_equal(port->ops->open(port, card_ears_hear, &ears, NULL), OK);
    int64_t end_ms = deadline_ms();
    while (port->ops->transmit(port, command, sizeof command) != OK && !is_over(end_ms)) {
        now_ms += reader.is_open ? 0 : USB_RETRY_MS;
        port->ops->poll(port);
    }
    while (ears.counts[CARD_READER_ANSWER] + ears.counts[CARD_READER_FAILED] == 0 &&
           !is_over(end_ms)) {
        port->ops->poll(port);
    }
    assert_int_equal(ears.counts[CARD_READER_LAID], 1);
    assert_int_equal(ears.atr_len, 5);
    assert_int_equal(ears.counts[CARD_READER_ANSWER], 1);
    assert_memory_equal(ears.answer, "hi\x90\x00", 4);
    assert_true(reader.has_notices);
    assert_string_equal(reader.device.serial, "SN-3");
    port->ops->close(port);
    usb_host_free(&host);
}

// The same program again, with all devices plugged in.
static void run_under_umockdev(char *program)
{
    static char sys[3][60] = {"/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2",
                              "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-3",
                              "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-4"};
    char pcaps[3][60 + USB_TAPE_PATH_BYTES];
    char options[600];
    const char *asan = getenv("ASAN_OPTIONS");
    (void)snprintf(pcaps[0], sizeof pcaps[0], "%s=%s", sys[0], scanner_tape.pcap_path);
    (void)snprintf(pcaps[1], sizeof pcaps[1], "%s=%s", sys[1], printer_tape.pcap_path);
    // umockdev's library must be the first one, where the sanitizer wants to be.
    (void)snprintf(pcaps[2], sizeof pcaps[2], "%s=%s", sys[2], card_tape.pcap_path);
    (void)snprintf(options, sizeof options, "%s:verify_asan_link_order=0",
                   asan == NULL ? "" : asan);
    (void)setenv("ASAN_OPTIONS", options, 1);
    (void)execlp("umockdev-run", "umockdev-run", "-d", scanner_tape.device_path, "-d",
                 printer_tape.device_path, "-d", card_tape.device_path, "-p", pcaps[0], "-p",
                 pcaps[1], "-p", pcaps[2], "--", program, "replay", (char *)NULL);
    perror("umockdev-run");
    _exit(1);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof bits; i++) {
        bits[i] = (uint8_t)(i * 7);
    }
    if (argc == 2 && text_equal(argv[1], "replay")) {
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(a_scanner_is_found_opened_and_read),
            cmocka_unit_test(a_slip_is_sent_and_acknowledged),
            cmocka_unit_test(a_card_is_seen_powered_and_answers),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
    }
    char folder[] = "/tmp/inloop-usb-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    record_scanner(folder);
    record_printer(folder);
    record_card(folder);
    pid_t pid = fork();
    if (pid == 0) {
        run_under_umockdev(argv[0]);
    }
    int status = 0;
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    const char *const made[] = {scanner_tape.device_path, scanner_tape.pcap_path,
                                printer_tape.device_path, printer_tape.pcap_path,
                                card_tape.device_path,    card_tape.pcap_path};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        CHECK(unlink(made[i]) == 0);
    }
    CHECK(rmdir(folder) == 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
