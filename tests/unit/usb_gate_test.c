// SPDX-License-Identifier: EUPL-1.2
//
// Who is let in by what its descriptors say, and that nothing of a stranger's bytes is believed
// further than they reach.
#include "drivers/usb_gate.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { HID = 3, PRINTER = 7, STORAGE = 8, HUB = 9, CARD = 0x0B, VENDOR = 0xFF };

struct interface {
    uint8_t class_code, subclass, protocol;
};

static struct usb_gate gate;
static struct fault fault;

// What the kernel gives of a device with these interfaces in one configuration.
static size_t put_descriptors(uint8_t *out, uint16_t vendor, uint16_t product, uint8_t class_code,
                              const struct interface *interfaces, size_t count)
{
    const uint8_t device[18] = {18,
                                1,
                                0,
                                2,
                                class_code,
                                0,
                                0,
                                64,
                                (uint8_t)vendor,
                                (uint8_t)(vendor >> 8),
                                (uint8_t)product,
                                (uint8_t)(product >> 8),
                                0,
                                1,
                                0,
                                0,
                                0,
                                1};
    size_t total = 9 + count * 16;
    memcpy(out, device, sizeof device);
    const uint8_t head[9] = {9,    2, (uint8_t)total, (uint8_t)(total >> 8), (uint8_t)count, 1, 0,
                             0x80, 50};
    memcpy(out + 18, head, sizeof head);
    for (size_t i = 0; i < count; i++) {
        const uint8_t words[16] = {9,
                                   4,
                                   (uint8_t)i,
                                   0,
                                   1,
                                   interfaces[i].class_code,
                                   interfaces[i].subclass,
                                   interfaces[i].protocol,
                                   0,
                                   7,
                                   5,
                                   0x81,
                                   3,
                                   8,
                                   0,
                                   10};
        memcpy(out + 27 + i * 16, words, sizeof words);
    }
    return 18 + total;
}

static void configure(const char *words)
{
    static struct config config;
    assert_int_equal(config_parse(&config, words, strlen(words), &fault), OK);
    assert_int_equal(usb_gate_init(&gate, &config, &fault), OK);
}

static bool is_let_in(uint16_t vendor, uint16_t product, uint8_t class_code,
                      const struct interface *interfaces, size_t count)
{
    uint8_t bytes[1024];
    struct usb_facts facts;
    size_t len = put_descriptors(bytes, vendor, product, class_code, interfaces, count);
    assert_int_equal(usb_facts_read(&facts, bytes, len), OK);
    assert_int_equal(facts.device.vendor, vendor);
    assert_int_equal(facts.device.product, product);
    assert_int_equal(facts.interfaces_count, count);
    return usb_gate_lets_in(&gate, &facts);
}

struct plugged {
    const char *what;
    uint16_t vendor, product;
    uint8_t class_code;
    struct interface interfaces[3];
    size_t count;
    bool is_in;
};

static void expect_all(const struct plugged *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_let_in(all[i].vendor, all[i].product, all[i].class_code, all[i].interfaces,
                      all[i].count) != all[i].is_in) {
            fail_msg("%s", all[i].what);
        }
    }
}

static void without_a_word_only_hubs_and_known_makers_are_let_in(void **state)
{
    (void)state;
    static const struct plugged all[] = {
        {"a hub", 0x1D6B, 2, HUB, {{HUB, 0, 0}}, 1, true},
        {"a hub with a keyboard in it", 0x1D6B, 2, HUB, {{HUB, 0, 0}, {HID, 1, 1}}, 2, false},
        {"a hub of nothing", 0x1D6B, 2, HUB, {{0, 0, 0}}, 0, false},
        {"something that calls itself a hub", 0x1D6B, 2, 0, {{HUB, 0, 0}}, 1, false},
        {"a scanner", 0x0C2E, 0x0901, 0, {{HID, 0, 0}}, 1, true},
        {"a scanner with a maker's own interface",
         0x0C2E,
         1,
         0,
         {{HID, 0, 0}, {VENDOR, 0, 0}},
         2,
         true},
        {"a scanner that types", 0x0C2E, 0x0901, 0, {{HID, 1, 1}}, 1, false},
        {"a scanner that types as well", 0x0C2E, 0x0901, 0, {{HID, 0, 0}, {HID, 1, 1}}, 2, false},
        {"a scanner with storage", 0x0C2E, 0x0901, 0, {{HID, 0, 0}, {STORAGE, 6, 80}}, 2, false},
        {"a printer", 0x04B8, 0x0E02, 0, {{PRINTER, 1, 2}}, 1, true},
        {"a printer's maker as storage", 0x04B8, 0x0E02, 0, {{STORAGE, 6, 80}}, 1, false},
        {"a card reader", 0x072F, 0x223B, 0, {{CARD, 0, 0}}, 1, true},
        {"a card reader we do not know", 0x072F, 0x9999, 0, {{CARD, 0, 0}}, 1, false},
        {"a touch screen", 0x0EEF, 0x0001, 0, {{HID, 0, 0}}, 1, true},
        {"a touch screen that types", 0x0EEF, 0x0001, 0, {{HID, 0, 0}, {HID, 1, 1}}, 2, false},
        {"a stick", 0x0781, 0x5567, 0, {{STORAGE, 6, 80}}, 1, false},
        {"a keyboard", 0x046D, 0xC31C, 0, {{HID, 1, 1}}, 1, false},
        {"a mouse", 0x046D, 0xC077, 0, {{HID, 1, 2}}, 1, false},
        {"a network card", 0x0BDA, 0x8153, 0, {{VENDOR, 0, 0}}, 1, false},
        {"a device of nothing", 0x0C2E, 0x0901, 0, {{0, 0, 0}}, 0, false},
    };
    configure("");

    expect_all(all, sizeof all / sizeof all[0]);
}

static void what_is_named_is_let_in_and_its_kind_by_that_name_only(void **state)
{
    (void)state;
    static const struct plugged all[] = {
        {"the named scanner", 0x1234, 0x0001, 0, {{HID, 0, 0}}, 1, true},
        {"the named scanner that types", 0x1234, 0x0001, 0, {{HID, 1, 1}}, 1, false},
        {"another scanner", 0x0C2E, 0x0901, 0, {{HID, 0, 0}}, 1, false},
        {"a known printer", 0x04B8, 0x0E02, 0, {{PRINTER, 1, 2}}, 1, true},
        {"the named keypad", 0x05F3, 0x0007, 0, {{HID, 1, 1}}, 1, true},
        {"the first touch screen", 0x0627, 0x0001, 0, {{HID, 0, 0}}, 1, true},
        {"another touch screen", 0x0EEF, 0x0001, 0, {{HID, 0, 0}}, 1, false},
        {"what the hall allows", 0x0BDA, 0x8153, 0, {{VENDOR, 0, 0}}, 1, true},
        {"and the second", 0x0781, 0x5567, 0, {{STORAGE, 6, 80}}, 1, true},
        {"its neighbour", 0x0781, 0x5568, 0, {{STORAGE, 6, 80}}, 1, false},
    };
    configure("scanner.usb = 1234:0001\nkeypad.usb = 05f3:0007\ntouch.usb = 0627:0001  0eef:0002\n"
              "usb.allow = 0bda:8153 0781:5567\n");

    expect_all(all, sizeof all / sizeof all[0]);
}

static void a_name_may_hold_a_serial_number_and_a_port(void **state)
{
    (void)state;
    uint8_t bytes[256];
    struct usb_facts facts;
    const struct interface keyboard = {HID, 1, 1};
    size_t len = put_descriptors(bytes, 0x05F3, 7, 0, &keyboard, 1);
    configure("usb.allow = 05f3:0007:AB12@1-2.3\n");
    assert_int_equal(usb_facts_read(&facts, bytes, len), OK);
    assert_false(usb_gate_lets_in(&gate, &facts));

    text_copy_cut(facts.device.serial, sizeof facts.device.serial, "AB12");
    text_copy_cut(facts.device.port, sizeof facts.device.port, "1-2.3");

    assert_true(usb_gate_lets_in(&gate, &facts));
}

static void a_rule_that_cannot_be_read_lets_no_more_in(void **state)
{
    (void)state;
    static const char *const bad[] = {"scanner.usb = everything\n", "usb.allow = 0bda:8153 all\n",
                                      "touch.usb = 0bda\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        static struct config config;
        const struct interface vendor = {VENDOR, 0, 0};
        assert_int_equal(config_parse(&config, bad[i], strlen(bad[i]), &fault), OK);

        assert_int_equal(usb_gate_init(&gate, &config, &fault), ERR_MALFORMED);

        assert_memory_equal(fault.text, bad[i], strcspn(bad[i], " ")); // names its key
        assert_false(is_let_in(0x0BDA, 0x8153, 0, &vendor, 1));
    }
}

static void descriptors_cut_anywhere_or_lying_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[256];
    struct usb_facts facts;
    const struct interface two[] = {{HID, 0, 0}, {STORAGE, 6, 80}};
    size_t len = put_descriptors(bytes, 0x0C2E, 0x0901, 0, two, 2);
    for (size_t cut = 0; cut < len; cut++) {
        enum err err = usb_facts_read(&facts, bytes, cut);
        assert_true(cut == 18 ? err == OK : err == ERR_MALFORMED); // a device of no configuration
        assert_int_equal(facts.interfaces_count, 0);
    }
    static const struct {
        size_t at;
        uint8_t byte;
    } lies[] = {{0, 17},   {0, 255}, {1, 2},  {18, 8}, {19, 4},  {20, 8},
                {20, 255}, {27, 0},  {27, 1}, {27, 8}, {27, 200}};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        uint8_t was = bytes[lies[i].at];
        bytes[lies[i].at] = lies[i].byte;
        assert_int_equal(usb_facts_read(&facts, bytes, len), ERR_MALFORMED);
        bytes[lies[i].at] = was;
    }
    assert_int_equal(usb_facts_read(&facts, bytes, len), OK);
}

static void a_device_is_called_by_the_worst_it_can_do(void **state)
{
    (void)state;
    static const struct {
        struct interface interfaces[2];
        const char *word;
    } cases[] = {
        {{{HID, 0, 0}, {STORAGE, 6, 80}}, "storage"}, {{{HID, 0, 0}, {HID, 1, 1}}, "keyboard"},
        {{{2, 6, 0}, {10, 0, 0}}, "network"},         {{{2, 2, 1}, {10, 0, 0}}, "serial"},
        {{{14, 1, 0}, {1, 1, 0}}, "camera"},          {{{CARD, 0, 0}, {VENDOR, 0, 0}}, "reader"},
        {{{VENDOR, 0, 0}, {VENDOR, 0, 0}}, "unknown"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[256];
        struct usb_facts facts;
        size_t len = put_descriptors(bytes, 1, 1, 0, cases[i].interfaces, 2);
        assert_int_equal(usb_facts_read(&facts, bytes, len), OK);
        assert_string_equal(usb_facts_kind(&facts), cases[i].word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_word_only_hubs_and_known_makers_are_let_in),
        cmocka_unit_test(what_is_named_is_let_in_and_its_kind_by_that_name_only),
        cmocka_unit_test(a_name_may_hold_a_serial_number_and_a_port),
        cmocka_unit_test(a_rule_that_cannot_be_read_lets_no_more_in),
        cmocka_unit_test(descriptors_cut_anywhere_or_lying_are_refused),
        cmocka_unit_test(a_device_is_called_by_the_worst_it_can_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
