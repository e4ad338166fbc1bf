// SPDX-License-Identifier: EUPL-1.2
//
// Looks for the scanner, refuses what types, and joins reports into codes. Where a code stands in a
// report is the descriptor's word alone (hid.c); no maker's layout is written here.
#include "drivers/scanner.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

static const char types[] = "types like a keyboard";

static enum err scanner_open(struct id_reader *port, id_reader_event_fn on_event, void *ctx,
                             struct fault *fault);
static void scanner_poll(struct id_reader *port);
static size_t scanner_fds(struct id_reader *port, int *fds, size_t fds_max);
static void scanner_close(struct id_reader *port);
static void look_around(struct scanner *scanner);
static void on_seen(const struct usb_device *device, void *ctx);
static const char *why_refused(const struct scanner *scanner, const struct usb_device *device);
static void refuse(struct scanner *scanner, const struct usb_device *device, const char *why);
static void take_candidate(struct scanner *scanner);
static enum err read_layouts(struct scanner *scanner, bool *can_type, bool *has_codes,
                             size_t *index);
static void tell_state(struct scanner *scanner, const struct fault *fault);
static void read_reports(struct scanner *scanner);
static void take_report(struct scanner *scanner, const uint8_t *report, size_t len);
static bool is_other_symbology(const struct hid_layout *layout, const uint8_t *report, size_t len);
static const uint8_t *part_of(const uint8_t *report, size_t len, struct hid_part part);
static void finish_code(struct scanner *scanner);
static void drop_code(struct scanner *scanner);
static void lose_device(struct scanner *scanner, const char *words);
static void set_alarm(struct scanner *scanner);

static const struct id_reader_ops ops = {
    .open = scanner_open, .poll = scanner_poll, .fds = scanner_fds, .close = scanner_close};

void scanner_init(struct scanner *scanner, struct usb *usb, struct clock clock,
                  const struct scanner_rules *rules)
{
    CHECK(usb != NULL);

    memset(scanner, 0, sizeof *scanner);
    scanner->port.ops = &ops;
    scanner->usb = usb;
    scanner->clock = clock;
    scanner->rules = *rules;
}

static struct scanner *self(struct id_reader *port)
{
    return (struct scanner *)port;
}

static int64_t now(const struct scanner *scanner)
{
    return clock_monotonic_ms(&scanner->clock);
}

static enum err scanner_open(struct id_reader *port, id_reader_event_fn on_event, void *ctx,
                             struct fault *fault)
{
    struct scanner *scanner = self(port);
    if (scanner->on_event != NULL) {
        return fault_set(fault, ERR_STATE, "scanner: open already");
    }
    scanner->on_event = on_event;
    scanner->ctx = ctx;
    scanner->has_told = false;
    scanner->must_look = true;
    scanner->tried_ms = now(scanner) - USB_RETRY_MS;
    return OK;
}

static void scanner_poll(struct id_reader *port)
{
    struct scanner *scanner = self(port);
    if (scanner->on_event == NULL) {
        return;
    }
    struct fault fault = {0};
    (void)fault_set(&fault, ERR_NOT_FOUND, "scanner: none is plugged in"); // told when it is so
    scanner->must_look = scanner->usb->ops->changed(scanner->usb) || scanner->must_look;
    if ((scanner->must_look || !scanner->is_open) &&
        now(scanner) - scanner->tried_ms >= USB_RETRY_MS) {
        look_around(scanner);
    }
    tell_state(scanner, &fault);
    if (scanner->is_joining && now(scanner) - scanner->part_ms >= SCANNER_PART_WAIT_MS) {
        drop_code(scanner);
    }
    if (scanner->is_open) {
        read_reports(scanner);
    }
    set_alarm(scanner);
}

static size_t scanner_fds(struct id_reader *port, int *fds, size_t fds_max)
{
    const struct scanner *scanner = self(port);
    int fd = scanner->on_event == NULL ? -1 : scanner->usb->ops->fd(scanner->usb);
    if (fd < 0 || fds_max == 0) {
        return 0;
    }
    fds[0] = fd;
    return 1;
}

static void scanner_close(struct id_reader *port)
{
    struct scanner *scanner = self(port);
    if (scanner->on_event != NULL) {
        scanner->usb->ops->close(scanner->usb);
        scanner->usb->ops->wake_in(scanner->usb, 0);
    }
    scanner->on_event = NULL;
    scanner->is_open = false;
    scanner->refused.count = 0;
    drop_code(scanner);
    code_gate_wipe(&scanner->gate);
}

static void look_around(struct scanner *scanner)
{
    scanner->must_look = false;
    scanner->tried_ms = now(scanner);
    scanner->has_candidate = false;
    usb_refused_begin(&scanner->refused);
    scanner->usb->ops->look(scanner->usb, USB_CLASS_HID, on_seen, scanner);
    usb_refused_end(&scanner->refused);
    if (scanner->has_candidate && !scanner->is_open) {
        take_candidate(scanner);
    }
}

static void on_seen(const struct usb_device *device, void *ctx)
{
    struct scanner *scanner = ctx;
    if (usb_refused_has(&scanner->refused, device) ||
        (scanner->is_open && usb_is_same_device(device, &scanner->device))) {
        return;
    }
    const char *why = why_refused(scanner, device);
    if (why != NULL) {
        refuse(scanner, device, why);
        return;
    }
    if (!scanner->has_candidate && device->has_class && !device->can_type &&
        usb_rule_allows(&scanner->rules.scanner, MODEL_SCANNER, device)) {
        scanner->has_candidate = true;
        scanner->candidate = *device;
    }
}

static const char *why_refused(const struct scanner *scanner, const struct usb_device *device)
{
    const struct usb_rule *rule = &scanner->rules.scanner;
    if (device->can_type && !usb_rule_names(&scanner->rules.keypad, device)) {
        return types;
    }
    bool is_in_its_place = rule->port[0] != '\0' && text_equal(rule->port, device->port);
    return is_in_its_place && !usb_rule_names(rule, device) ? "is not the scanner that belongs here"
                                                            : NULL;
}

static void refuse(struct scanner *scanner, const struct usb_device *device, const char *why)
{
    if (!usb_refused_add(&scanner->refused, device)) {
        return;
    }
    struct id_reader_event event = {.kind = ID_READER_REFUSED};
    enum err err = text_equal(why, types) ? ERR_REFUSED : ERR_UNSUPPORTED;
    (void)fault_set(&event.fault, err, "scanner: %04x:%04x at %s %s: refused", device->vendor,
                    device->product, device->port, why);
    scanner->on_event(&event, scanner->ctx);
}

static void take_candidate(struct scanner *scanner)
{
    struct usb *usb = scanner->usb;
    bool can_type = false;
    bool has_codes = false;
    size_t index = 0;
    scanner->must_look = true; // unless it works: then again in a second
    if (usb->ops->open(usb, USB_CLASS_HID, &scanner->candidate, NULL) != OK) {
        return; // its permissions may come a moment after it
    }
    enum err err = read_layouts(scanner, &can_type, &has_codes, &index);
    if (err == OK && (can_type || !has_codes)) {
        usb->ops->close(usb);
        refuse(scanner, &scanner->candidate, can_type ? types : "is not in HID POS mode");
        return;
    }
    if (err != OK || usb->ops->listen(usb, index) != OK) {
        usb->ops->close(usb);
        return;
    }
    scanner->device = scanner->candidate;
    scanner->is_open = true;
    scanner->must_look = false;
}

// Every HID interface of the device is read, because one that types may stand beside the one that
// scans.
static enum err read_layouts(struct scanner *scanner, bool *can_type, bool *has_codes,
                             size_t *index)
{
    for (size_t i = 0; i < USB_INTERFACES_MAX; i++) {
        uint8_t descriptor[HID_DESCRIPTOR_BYTES];
        size_t len = 0;
        enum err err =
            scanner->usb->ops->hid_descriptor(scanner->usb, i, descriptor, sizeof descriptor, &len);
        if (err == ERR_NOT_FOUND) {
            return OK;
        }
        if (err != OK) {
            return err;
        }
        struct hid_layout layout;
        if (hid_parse(descriptor, len, &layout) != OK) {
            continue; // no code can come from it; it is not listened to
        }
        *can_type = *can_type || layout.is_keyboard;
        if (!*has_codes && layout.data.bits != 0) {
            *has_codes = true;
            *index = i;
            scanner->layout = layout;
        }
    }
    return OK;
}

static void tell_state(struct scanner *scanner, const struct fault *fault)
{
    if (scanner->has_told && scanner->told_open == scanner->is_open) {
        return;
    }
    scanner->has_told = true;
    scanner->told_open = scanner->is_open;
    struct id_reader_event event = {.kind = scanner->is_open ? ID_READER_READY : ID_READER_GONE};
    if (!scanner->is_open) {
        event.fault = *fault;
    }
    scanner->on_event(&event, scanner->ctx);
}

static void read_reports(struct scanner *scanner)
{
    uint8_t report_private[USB_PACKET_BYTES];
    for (size_t i = 0; i < SCANNER_REPORTS_MAX; i++) {
        size_t len = 0;
        enum err err =
            scanner->usb->ops->read(scanner->usb, report_private, sizeof report_private, &len);
        if (err == ERR_EMPTY) {
            break;
        }
        if (err != OK) {
            lose_device(scanner, err == ERR_GONE ? "was unplugged" : "does not answer");
            break;
        }
        take_report(scanner, report_private, len);
    }
    wipe(report_private, sizeof report_private);
}

static void take_report(struct scanner *scanner, const uint8_t *report, size_t len)
{
    const struct hid_layout *layout = &scanner->layout;
    if (layout->report_id != 0 && (len == 0 || report[0] != layout->report_id)) {
        return; // a button, a battery: not a code
    }
    const uint8_t *data = part_of(report, len, layout->data);
    const uint8_t *count = part_of(report, len, layout->data_length);
    const uint8_t *flags = part_of(report, len, layout->is_continued);
    size_t room = layout->data.bits / 8U;
    bool has_count = layout->data_length.bits != 0;
    bool has_flag = layout->is_continued.bits != 0;
    if (data == NULL || (has_count && (count == NULL || *count > room)) ||
        (has_flag && flags == NULL)) {
        drop_code(scanner);
        return;
    }
    // Without a length the field is filled up with zeros behind the text.
    size_t bytes = has_count ? *count : strnlen((const char *)data, room);
    if (!scanner->is_joining) {
        scanner->is_joining = true;
        scanner->is_discarded = is_other_symbology(layout, report, len);
    }
    scanner->part_ms = now(scanner);
    if (scanner->code_len + bytes > sizeof scanner->code_private) {
        scanner->is_too_long = true;
    } else {
        memcpy(scanner->code_private + scanner->code_len, data, bytes);
        scanner->code_len += bytes;
    }
    if (!has_flag || (*flags >> layout->is_continued.offset_bits % 8U & 1U) == 0) {
        finish_code(scanner);
    }
}

// AIM's own id for QR codes is "]Q" and a digit (ISO/IEC 15424). A scanner that tells none was set
// to read QR codes only, by its service sheet.
static bool is_other_symbology(const struct hid_layout *layout, const uint8_t *report, size_t len)
{
    const uint8_t *mark = part_of(report, len, layout->aim[0]);
    const uint8_t *kind = part_of(report, len, layout->aim[1]);
    return mark != NULL && kind != NULL && *mark == ']' && *kind != 'Q';
}

// NULL: the layout has no such part, or this report ends before it does.
static const uint8_t *part_of(const uint8_t *report, size_t len, struct hid_part part)
{
    struct bytes_in in;
    bytes_in_init(&in, report, len);
    (void)bytes_in_take(&in, part.offset_bits / 8U);
    return part.bits == 0 ? NULL : bytes_in_take(&in, (part.bits + 7U) / 8U);
}

static void finish_code(struct scanner *scanner)
{
    // What did not fit is told like everything else that cannot be read; a bar code is not.
    bool fits = !scanner->is_too_long && scanner->code_len < sizeof scanner->code_private;
    size_t len = fits ? scanner->code_len : 1;
    char *code_private = scanner->code_private;
    code_private[0] = fits ? code_private[0] : '\0';
    if (!scanner->is_discarded &&
        code_gate_pass(&scanner->gate, now(scanner), code_private, &len)) {
        scanner->on_event(&(struct id_reader_event){.kind = ID_READER_CODE,
                                                    .code_private = code_private,
                                                    .code_len = len},
                          scanner->ctx);
    }
    drop_code(scanner);
}

static void drop_code(struct scanner *scanner)
{
    wipe(scanner->code_private, sizeof scanner->code_private);
    scanner->code_len = 0;
    scanner->is_joining = false;
    scanner->is_discarded = false;
    scanner->is_too_long = false;
}

static void lose_device(struct scanner *scanner, const char *words)
{
    struct fault fault = {0};
    (void)fault_set(&fault, ERR_GONE, "scanner: %04x:%04x at %s %s", scanner->device.vendor,
                    scanner->device.product, scanner->device.port, words);
    scanner->usb->ops->close(scanner->usb);
    scanner->is_open = false;
    scanner->must_look = true;
    drop_code(scanner);
    tell_state(scanner, &fault);
}

// An idle scanner sets none: plugging and reading wake by themselves.
static void set_alarm(struct scanner *scanner)
{
    int64_t in_ms = code_gate_forget(&scanner->gate, now(scanner));
    if (scanner->is_joining) {
        in_ms = SCANNER_PART_WAIT_MS;
    } else if (scanner->must_look) {
        in_ms = USB_RETRY_MS;
    }
    scanner->usb->ops->wake_in(scanner->usb, in_ms);
}
