// SPDX-License-Identifier: EUPL-1.2
//
// Any file given as a configuration: it stays within its limits, and what was read reads back. Each
// value is also tried as a rule of the USB allow-list.
#include "base/config.h"
#include "base/text.h"
#include "drivers/models.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void try_as_rule(const char *value)
{
    struct usb_rule rule;
    struct fault fault = {0};
    enum err err = usb_rule_parse(&rule, value, &fault);
    CHECK(err == OK ? rule.is_given : !rule.is_given && fault.text[0] != '\0');
    CHECK(memchr(rule.serial, '\0', sizeof rule.serial) != NULL);
    CHECK(memchr(rule.port, '\0', sizeof rule.port) != NULL);
    struct usb_device device = {.vendor = rule.vendor, .product = rule.product};
    memcpy(device.serial, rule.serial, sizeof device.serial);
    memcpy(device.port, rule.port, sizeof device.port);
    CHECK(usb_rule_names(&rule, &device) == (err == OK));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct config config; // too large for the stack
    struct fault fault = {0};
    const enum err err = config_parse(&config, (const char *)data, len, &fault);
    CHECK(config.entries_count <= CONFIG_ENTRIES_MAX);
    CHECK((err == OK) == (fault.err == OK));
    if (err != OK) {
        CHECK(err == ERR_MALFORMED || err == ERR_TOO_BIG);
        CHECK(fault.text[0] != '\0');
        return 0;
    }
    for (size_t i = 0; i < config.entries_count; i++) {
        const struct config_entry *entry = &config.entries[i];
        CHECK(memchr(entry->key, '\0', sizeof entry->key) != NULL);
        CHECK(memchr(entry->value, '\0', sizeof entry->value) != NULL);
        CHECK(entry->key[0] != '\0');
        CHECK(utf8_is_valid(entry->value, strlen(entry->value)));
        // No key twice: the first one found is this one.
        CHECK(config_get(&config, entry->key, NULL) == entry->value);
        try_as_rule(entry->value);
        int64_t value = 0;
        if (config_get_int(&config, entry->key, -5, 5, &value) == OK) {
            CHECK(value >= -5 && value <= 5);
        }
    }
    return 0;
}
