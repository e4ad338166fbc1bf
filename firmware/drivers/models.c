// SPDX-License-Identifier: EUPL-1.2
//
// The table of makers and the allow-list's few words. README.md's device table follows this one;
// tests/drivers/models_test.c compares them.
#include "drivers/models.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

enum { ID_DIGITS = 4, RULE_ID_CHARS = 2 * ID_DIGITS + 1 };

static enum err parse_id(const char *digits, uint16_t *id);
static bool is_serial(const char *serial);
static bool is_port(const char *port);

// Vendor numbers as the public list of USB ids has them. A scanner of these makers is refused
// unless its descriptor says HID POS, a printer unless it is of the printer class with a way back.
// Card readers by product: which interface and slot is the one to lay a card on must be known.
static const struct model models[] = {
    {0x0C2E, MODEL_ANY_PRODUCT, MODEL_SCANNER, "Honeywell", false},
    {0x05E0, MODEL_ANY_PRODUCT, MODEL_SCANNER, "Zebra", false},
    {0x05F9, MODEL_ANY_PRODUCT, MODEL_SCANNER, "Datalogic", false},
    {0x1EAB, MODEL_ANY_PRODUCT, MODEL_SCANNER, "Newland", false},
    {0x0DB5, MODEL_ANY_PRODUCT, MODEL_SCANNER, "Access-IS", false},
    {0x0DD4, MODEL_ANY_PRODUCT, MODEL_PRINTER, "Custom", false},
    {0x04B8, MODEL_ANY_PRODUCT, MODEL_PRINTER, "Epson", false},
    {0x0519, MODEL_ANY_PRODUCT, MODEL_PRINTER, "Star", false},
    {0x072F, 0x223B, MODEL_CARD_READER, "ACS ACR1252U", false},
    {0x072F, 0x2200, MODEL_CARD_READER, "ACS ACR122U", false},
    {0x076B, 0x5022, MODEL_CARD_READER, "HID OMNIKEY 5022", false},
    {0x076B, 0x5422, MODEL_CARD_READER, "HID OMNIKEY 5422", false},
    {0x04E6, 0x5790, MODEL_CARD_READER, "Identiv uTrust 3700 F", false},
    {0x09D8, 0x0427, MODEL_CARD_READER, "Elatec TWN4", false},
    {0x09D8, 0x0428, MODEL_CARD_READER, "Elatec TWN4", false},
};

const struct model *models_all(size_t *count)
{
    *count = sizeof models / sizeof models[0];
    return models;
}

const struct model *models_find(enum model_kind kind, const struct usb_device *device)
{
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        if (models[i].kind == kind && models[i].vendor == device->vendor &&
            (models[i].product == MODEL_ANY_PRODUCT || models[i].product == device->product)) {
            return &models[i];
        }
    }
    return NULL;
}

enum err usb_rule_parse(struct usb_rule *rule, const char *words, struct fault *fault)
{
    struct usb_rule read = {.is_given = true};
    *rule = (struct usb_rule){0};
    if (strlen(words) < RULE_ID_CHARS || words[ID_DIGITS] != ':' ||
        parse_id(words, &read.vendor) != OK ||
        parse_id(words + ID_DIGITS + 1, &read.product) != OK) {
        return fault_set(fault, ERR_MALFORMED,
                         "begins with vendor and product as in 0c2e:0901, four hex digits each");
    }
    const char *more = words + RULE_ID_CHARS;
    const char *at = strchr(more, '@');
    size_t serial_len = at == NULL ? strlen(more) : (size_t)(at - more);
    if (serial_len > 0) {
        if (more[0] != ':' || serial_len > USB_SERIAL_BYTES) {
            return fault_set(fault, ERR_MALFORMED,
                             "after the product comes :serial, @port or nothing");
        }
        memcpy(read.serial, more + 1, serial_len - 1);
        if (!is_serial(read.serial)) {
            return fault_set(fault, ERR_MALFORMED,
                             "a serial number is 1 to %d printable characters",
                             USB_SERIAL_BYTES - 1);
        }
    }
    if (at != NULL &&
        (text_copy(read.port, sizeof read.port, at + 1) != OK || !is_port(read.port))) {
        return fault_set(fault, ERR_MALFORMED, "a port is named as in 1-2.3: bus, then ports");
    }
    *rule = read;
    return OK;
}

enum err usb_rule_read(struct usb_rule *rule, const struct config *config, const char *key,
                       struct fault *fault)
{
    const char *words = config_get(config, key, NULL);
    *rule = (struct usb_rule){0};
    if (words == NULL) {
        return OK;
    }
    enum err err = usb_rule_parse(rule, words, fault);
    return err == OK ? OK : fault_prefix(fault, key);
}

bool usb_rule_allows(const struct usb_rule *rule, enum model_kind kind,
                     const struct usb_device *device)
{
    return rule->is_given ? usb_rule_names(rule, device) : models_find(kind, device) != NULL;
}

bool usb_rule_names(const struct usb_rule *rule, const struct usb_device *device)
{
    return rule->is_given && rule->vendor == device->vendor && rule->product == device->product &&
           (rule->serial[0] == '\0' || text_equal(rule->serial, device->serial)) &&
           (rule->port[0] == '\0' || text_equal(rule->port, device->port));
}

static enum err parse_id(const char *digits, uint16_t *id)
{
    char lower[ID_DIGITS];
    for (size_t i = 0; i < ID_DIGITS; i++) {
        bool is_upper = digits[i] >= 'A' && digits[i] <= 'F';
        lower[i] = is_upper ? (char)(digits[i] - 'A' + 'a') : digits[i];
    }
    uint8_t bytes[ID_DIGITS / 2];
    size_t len = 0;
    enum err err = hex_decode(lower, sizeof lower, bytes, sizeof bytes, &len);
    *id = (uint16_t)(err == OK ? (unsigned)bytes[0] << 8 | bytes[1] : 0U);
    return err;
}

static bool is_serial(const char *serial)
{
    size_t len = 0;
    while (serial[len] > ' ' && serial[len] < 0x7F) {
        len++;
    }
    return len > 0 && serial[len] == '\0';
}

// Digits, then '-' once, then digits with single dots: what usb_device.port can be.
static bool is_port(const char *port)
{
    bool after_digit = false;
    size_t parts = 0; // numbers before this one
    for (const char *at = port; *at != '\0'; at++) {
        bool is_digit = *at >= '0' && *at <= '9';
        if (!is_digit && (!after_digit || *at != (parts == 0 ? '-' : '.'))) {
            return false;
        }
        parts += is_digit ? 0 : 1;
        after_digit = is_digit;
    }
    return after_digit && parts > 0;
}
