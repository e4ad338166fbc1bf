// SPDX-License-Identifier: EUPL-1.2
//
// The allow-list's words, and the README's device table beside the table in the firmware.
#include "drivers/models.h"

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

static void a_rule_has_two_to_four_parts(void **state)
{
    (void)state;
    struct usb_rule rule;
    struct fault fault = {0};
    assert_int_equal(usb_rule_parse(&rule, "0c2e:0907", &fault), OK);
    assert_true(rule.is_given);
    assert_int_equal(rule.vendor, 0x0C2E);
    assert_int_equal(rule.product, 0x0907);
    assert_string_equal(rule.serial, "");
    assert_string_equal(rule.port, "");
    assert_int_equal(usb_rule_parse(&rule, "0C2E:09fF:20-17:X_9", &fault), OK);
    assert_string_equal(rule.serial, "20-17:X_9");
    assert_int_equal(usb_rule_parse(&rule, "ffff:0000@1-2.3.14", &fault), OK);
    assert_string_equal(rule.port, "1-2.3.14");
    assert_int_equal(usb_rule_parse(&rule, "0c2e:0907:S@2-1", &fault), OK);
    assert_string_equal(rule.serial, "S");
    assert_string_equal(rule.port, "2-1");
}

static void a_rule_that_is_wrong_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        const char *says;
    } cases[] = {
        {"", "begins with vendor"},
        {"0c2e", "begins with vendor"},
        {"0c2e-0907", "begins with vendor"},
        {"c2e:0907x", "begins with vendor"},
        {"0g2e:0907", "begins with vendor"},
        {"0c2e:+907", "begins with vendor"},
        {"0c2e:0907x", "after the product"},
        {"0c2e:0907 ", "after the product"},
        {"0c2e:0907:", "a serial number"},
        {"0c2e:0907:a b", "a serial number"},
        {"0c2e:0907:\xC3\xA9", "a serial number"},
        {"0c2e:0907@", "a port"},
        {"0c2e:0907@1", "a port"},
        {"0c2e:0907@1-", "a port"},
        {"0c2e:0907@1.2", "a port"},
        {"0c2e:0907@1-2-3", "a port"},
        {"0c2e:0907@1-2.", "a port"},
        {"0c2e:0907@1-2..3", "a port"},
        {"0c2e:0907@1-2@1-3", "a port"},
        {"0c2e:0907@1-2.3.4.5.6.7.8.9.10.11.12.13.14.15.16", "a port"},
        {"0c2e:0907:0123456789012345678901234567890123456789012345678901234567890123",
         "after the product"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct usb_rule rule = {.is_given = true};
        struct fault fault = {0};
        assert_int_equal(usb_rule_parse(&rule, cases[i].words, &fault), ERR_MALFORMED);
        assert_non_null(strstr(fault.text, cases[i].says));
        assert_false(rule.is_given);
    }
}

static void a_key_of_the_configuration_is_named_in_its_fault(void **state)
{
    (void)state;
    static struct config config;
    static const char words[] = "scanner.usb = 0c2e:0907@1-2\nprinter.usb = ticket printer\n";
    struct fault fault = {0};
    struct usb_rule rule;
    assert_int_equal(config_parse(&config, words, strlen(words), &fault), OK);
    assert_int_equal(usb_rule_read(&rule, &config, "scanner.usb", &fault), OK);
    assert_true(rule.is_given);
    assert_int_equal(usb_rule_read(&rule, &config, "keypad.usb", &fault), OK);
    assert_false(rule.is_given);
    assert_int_equal(usb_rule_read(&rule, &config, "printer.usb", &fault), ERR_MALFORMED);
    assert_memory_equal(fault.text, "printer.usb: ", 13);
}

static void everything_a_rule_gives_must_be_equal(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct usb_rule rule;
    assert_int_equal(usb_rule_parse(&rule, "0c2e:0907:S1@1-2", &fault), OK);
    const struct usb_device right = {
        .vendor = 0x0C2E, .product = 0x0907, .serial = "S1", .port = "1-2"};
    struct usb_device wrong[] = {right, right, right, right};
    wrong[0].vendor++;
    wrong[1].product++;
    wrong[2].serial[1] = '2';
    wrong[3].port[2] = '3';
    assert_true(usb_rule_allows(&rule, MODEL_SCANNER, &right));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(usb_rule_allows(&rule, MODEL_SCANNER, &wrong[i]));
        assert_false(usb_rule_names(&rule, &wrong[i]));
    }
}

static void without_a_rule_the_table_decides_by_kind(void **state)
{
    (void)state;
    const struct usb_rule none = {0};
    const struct usb_device honeywell = {.vendor = 0x0C2E, .product = 0x1234};
    const struct usb_device epson = {.vendor = 0x04B8, .product = 0x0E28};
    const struct usb_device other = {.vendor = 0x1234, .product = 0x0907};
    assert_true(usb_rule_allows(&none, MODEL_SCANNER, &honeywell));
    assert_false(usb_rule_allows(&none, MODEL_PRINTER, &honeywell));
    assert_true(usb_rule_allows(&none, MODEL_PRINTER, &epson));
    assert_false(usb_rule_allows(&none, MODEL_SCANNER, &epson));
    assert_false(usb_rule_allows(&none, MODEL_SCANNER, &other));
    assert_false(usb_rule_names(&none, &honeywell));
}

// Each line of the README that names a maker says "untested" for as long as the table does.
static void the_readme_tells_what_was_tried(void **state)
{
    (void)state;
    const char *root = getenv("INLOOP_ROOT");
    char path[400];
    (void)snprintf(path, sizeof path, "%s/README.md", root == NULL ? "." : root);
    size_t count = 0;
    const struct model *models = models_all(&count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        char line[1000];
        bool is_named = false;
        while (fgets(line, sizeof line, file) != NULL) {
            if (line[0] == '|' && strstr(line, models[i].name) != NULL) {
                is_named = true;
                assert_true((strstr(line, "untested") == NULL) == models[i].was_tried);
            }
        }
        assert_int_equal(fclose(file), 0);
        if (!is_named) {
            fail_msg("README.md does not name %s", models[i].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_has_two_to_four_parts),
        cmocka_unit_test(a_rule_that_is_wrong_says_where),
        cmocka_unit_test(a_key_of_the_configuration_is_named_in_its_fault),
        cmocka_unit_test(everything_a_rule_gives_must_be_equal),
        cmocka_unit_test(without_a_rule_the_table_decides_by_kind),
        cmocka_unit_test(the_readme_tells_what_was_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
