// SPDX-License-Identifier: EUPL-1.2
//
// The gate's parser and its table of kinds.
#include "drivers/usb_gate.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

enum {
    DEVICE_DESCRIPTOR = 1,
    CONFIGURATION_DESCRIPTOR = 2,
    INTERFACE_DESCRIPTOR = 4,
    DEVICE_BYTES = 18,
    CONFIGURATION_BYTES = 9,
    INTERFACE_BYTES = 9,
    CLASS_AUDIO = 1,
    CLASS_COMM = 2,
    CLASS_STILL = 6,
    CLASS_STORAGE = 8,
    CLASS_HUB = 9,
    CLASS_VIDEO = 14,
    CLASS_WIRELESS = 0xE0,
    CLASS_VENDOR = 0xFF,
    SUBCLASS_BOOT = 1,
    PROTOCOL_KEYBOARD = 1,
    PROTOCOL_MOUSE = 2,
};

// Makers of touch controllers that are HID digitizers, from the public list of USB ids. None was
// tried on the hardware. A screen of another maker is named by touch.usb.
static const uint16_t touch_makers[] = {
    0x0EEF, // eGalax
    0x04E7, // Elo
    0x222A, // ILITEK
    0x0457, // SiS
    0x1FF7, // CVTouch
    0x2A94, // G2Touch
    0x2575, // Weida
    0x27C6, // Goodix
};

struct interface_kind {
    int class_code;
    int subclass; // -1: any
    int protocol; // -1: any
    const char *word;
};

// The first that fits an interface is said of the device; what is dangerous comes first.
static const struct interface_kind kinds[] = {
    {CLASS_STORAGE, -1, -1, "storage"},
    {USB_CLASS_HID, SUBCLASS_BOOT, PROTOCOL_KEYBOARD, "keyboard"},
    {CLASS_COMM, 2, -1, "serial"},
    {CLASS_COMM, -1, -1, "network"},
    {CLASS_WIRELESS, -1, -1, "wireless"},
    {CLASS_STILL, -1, -1, "camera"},
    {CLASS_VIDEO, -1, -1, "camera"},
    {CLASS_AUDIO, -1, -1, "sound"},
    {USB_CLASS_PRINTER, -1, -1, "printer"},
    {USB_CLASS_CARD, -1, -1, "reader"},
    {USB_CLASS_HID, SUBCLASS_BOOT, PROTOCOL_MOUSE, "mouse"},
    {USB_CLASS_HID, -1, -1, "input"},
    {CLASS_HUB, -1, -1, "hub"},
};

static enum err read_configuration(struct usb_facts *facts, struct bytes_in *in);
static enum err read_interface(struct usb_facts *facts, const uint8_t *descriptor, size_t len);
static bool is_kind(const struct usb_facts *facts, size_t index, const struct interface_kind *kind);
static enum err add_rule(struct usb_gate *gate, const struct config *config, const char *key,
                         bool *is_given, struct fault *fault);
static enum err add_list(struct usb_gate *gate, const struct config *config, const char *key,
                         bool *is_given, struct fault *fault);
static enum err add_words(struct usb_gate *gate, const char *words, struct fault *fault);
static enum err add_one(struct usb_gate *gate, const char *word, bool may_type,
                        struct fault *fault);
static bool is_named(const struct usb_gate *gate, const struct usb_facts *facts);
static bool has_only(const struct usb_facts *facts, uint8_t class_code);
static bool is_hub(const struct usb_facts *facts);
static bool is_touch(const struct usb_facts *facts);

enum err usb_facts_read(struct usb_facts *facts, const uint8_t *bytes, size_t len)
{
    *facts = (struct usb_facts){0};
    if (len > USB_GATE_DESCRIPTORS_MAX) {
        return ERR_TOO_BIG;
    }
    struct bytes_in in;
    bytes_in_init(&in, bytes, len);
    const uint8_t *device = bytes_in_take(&in, DEVICE_BYTES);
    if (device == NULL || device[0] != DEVICE_BYTES || device[1] != DEVICE_DESCRIPTOR) {
        return ERR_MALFORMED;
    }
    facts->class_code = device[4];
    facts->device.vendor = (uint16_t)(device[8] | device[9] << 8);
    facts->device.product = (uint16_t)(device[10] | device[11] << 8);
    facts->device.release = (uint16_t)(device[12] | device[13] << 8);
    enum err err = OK;
    while (err == OK && bytes_in_left(&in) > 0) {
        err = read_configuration(facts, &in);
    }
    if (err != OK) {
        *facts = (struct usb_facts){0};
    }
    return err;
}

enum err usb_gate_init(struct usb_gate *gate, const struct config *config, struct fault *fault)
{
    bool has_keypad = false;
    bool has_list = false;
    *gate = (struct usb_gate){0};
    enum err err = add_rule(gate, config, "scanner.usb", &gate->has_scanner_rule, fault);
    err = err == OK ? add_rule(gate, config, "printer.usb", &gate->has_printer_rule, fault) : err;
    err = err == OK ? add_rule(gate, config, "card.usb", &gate->has_card_rule, fault) : err;
    err = err == OK ? add_rule(gate, config, "keypad.usb", &has_keypad, fault) : err;
    err = err == OK ? add_list(gate, config, "touch.usb", &gate->has_touch_rule, fault) : err;
    err = err == OK ? add_list(gate, config, "usb.allow", &has_list, fault) : err;
    if (err != OK) {
        *gate = (struct usb_gate){0}; // nothing but hubs and known makers
    }
    return err;
}

bool usb_gate_lets_in(const struct usb_gate *gate, const struct usb_facts *facts)
{
    if (is_hub(facts) || is_named(gate, facts)) {
        return true;
    }
    return (!gate->has_scanner_rule && has_only(facts, USB_CLASS_HID) &&
            models_find(MODEL_SCANNER, &facts->device) != NULL) ||
           (!gate->has_printer_rule && has_only(facts, USB_CLASS_PRINTER) &&
            models_find(MODEL_PRINTER, &facts->device) != NULL) ||
           (!gate->has_card_rule && has_only(facts, USB_CLASS_CARD) &&
            models_find(MODEL_CARD_READER, &facts->device) != NULL) ||
           (!gate->has_touch_rule && is_touch(facts));
}

const char *usb_facts_kind(const struct usb_facts *facts)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (size_t at = 0; at < facts->interfaces_count; at++) {
            if (is_kind(facts, at, &kinds[i])) {
                return kinds[i].word;
            }
        }
    }
    return "unknown";
}

static enum err read_configuration(struct usb_facts *facts, struct bytes_in *in)
{
    const uint8_t *head = bytes_in_take(in, CONFIGURATION_BYTES);
    if (head == NULL || head[0] < CONFIGURATION_BYTES || head[1] != CONFIGURATION_DESCRIPTOR) {
        return ERR_MALFORMED;
    }
    size_t total = (size_t)(head[2] | head[3] << 8);
    if (total < head[0]) {
        return ERR_MALFORMED;
    }
    struct bytes_in rest;
    const uint8_t *body = bytes_in_take(in, total - CONFIGURATION_BYTES);
    if (body == NULL) {
        return ERR_MALFORMED;
    }
    bytes_in_init(&rest, body, total - CONFIGURATION_BYTES);
    (void)bytes_in_take(&rest, (size_t)head[0] - CONFIGURATION_BYTES); // a longer head than ours
    while (bytes_in_left(&rest) > 0) {
        uint8_t len = bytes_in_u8(&rest);
        const uint8_t *left = len < 2 ? NULL : bytes_in_take(&rest, (size_t)len - 1);
        enum err err = left == NULL ? ERR_MALFORMED : read_interface(facts, left, len);
        if (err != OK) {
            return err;
        }
    }
    return OK;
}

// `descriptor` begins behind its length.
static enum err read_interface(struct usb_facts *facts, const uint8_t *descriptor, size_t len)
{
    if (descriptor[0] != INTERFACE_DESCRIPTOR) {
        return OK;
    }
    if (len < INTERFACE_BYTES) {
        return ERR_MALFORMED;
    }
    if (facts->interfaces_count == USB_GATE_INTERFACES_MAX) {
        return ERR_TOO_BIG;
    }
    size_t at = facts->interfaces_count++;
    facts->interfaces[at].class_code = descriptor[4];
    facts->interfaces[at].subclass = descriptor[5];
    facts->interfaces[at].protocol = descriptor[6];
    facts->device.can_type = facts->device.can_type || is_kind(facts, at, &kinds[1]);
    return OK;
}

static bool is_kind(const struct usb_facts *facts, size_t index, const struct interface_kind *kind)
{
    return facts->interfaces[index].class_code == kind->class_code &&
           (kind->subclass < 0 || facts->interfaces[index].subclass == kind->subclass) &&
           (kind->protocol < 0 || facts->interfaces[index].protocol == kind->protocol);
}

static enum err add_rule(struct usb_gate *gate, const struct config *config, const char *key,
                         bool *is_given, struct fault *fault)
{
    const char *words = config_get(config, key, "");
    *is_given = words[0] != '\0';
    enum err err = *is_given ? add_one(gate, words, text_equal(key, "keypad.usb"), fault) : OK;
    if (err != OK) {
        (void)fault_prefix(fault, key); // the code travels in err
    }
    return err;
}

static enum err add_list(struct usb_gate *gate, const struct config *config, const char *key,
                         bool *is_given, struct fault *fault)
{
    const char *words = config_get(config, key, "");
    *is_given = words[0] != '\0';
    enum err err = add_words(gate, words, fault);
    if (err != OK) {
        (void)fault_prefix(fault, key); // the code travels in err
    }
    return err;
}

static enum err add_words(struct usb_gate *gate, const char *words, struct fault *fault)
{
    while (words[0] != '\0') {
        char word[USB_SERIAL_BYTES + USB_PORT_BYTES] = {0};
        size_t len = strcspn(words, " ");
        if (len >= sizeof word) {
            return fault_set(fault, ERR_MALFORMED, "too long a word");
        }
        memcpy(word, words, len);
        words += len + strspn(words + len, " ");
        enum err err = add_one(gate, word, true, fault);
        if (err != OK) {
            return err;
        }
    }
    return OK;
}

static enum err add_one(struct usb_gate *gate, const char *word, bool may_type, struct fault *fault)
{
    if (gate->rules_count == USB_GATE_RULES_MAX) {
        return fault_set(fault, ERR_FULL, "too many devices");
    }
    enum err err = usb_rule_parse(&gate->rules[gate->rules_count].rule, word, fault);
    if (err == OK) {
        gate->rules[gate->rules_count].may_type = may_type;
        gate->rules_count += 1;
    }
    return err;
}

static bool is_named(const struct usb_gate *gate, const struct usb_facts *facts)
{
    for (size_t i = 0; i < gate->rules_count; i++) {
        if (usb_rule_names(&gate->rules[i].rule, &facts->device) &&
            (gate->rules[i].may_type || !facts->device.can_type)) {
            return true;
        }
    }
    return false;
}

// A maker's own interface beside it is nothing any of our drivers, or the kernel, speaks.
static bool has_only(const struct usb_facts *facts, uint8_t class_code)
{
    bool has_class = false;
    for (size_t i = 0; i < facts->interfaces_count; i++) {
        has_class = has_class || facts->interfaces[i].class_code == class_code;
        if (facts->interfaces[i].class_code != class_code &&
            facts->interfaces[i].class_code != CLASS_VENDOR) {
            return false;
        }
    }
    return has_class && !facts->device.can_type;
}

static bool is_hub(const struct usb_facts *facts)
{
    for (size_t i = 0; i < facts->interfaces_count; i++) {
        if (facts->interfaces[i].class_code != CLASS_HUB) {
            return false;
        }
    }
    return facts->class_code == CLASS_HUB && facts->interfaces_count > 0;
}

static bool is_touch(const struct usb_facts *facts)
{
    for (size_t i = 0; i < sizeof touch_makers / sizeof touch_makers[0]; i++) {
        if (touch_makers[i] == facts->device.vendor) {
            return has_only(facts, USB_CLASS_HID);
        }
    }
    return false;
}
