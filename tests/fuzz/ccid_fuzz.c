// SPDX-License-Identifier: EUPL-1.2
//
// A whole card reader nobody knows: 54 bytes of descriptor, then each byte of the input is one turn
// of what the reader, the card and the program do. Whatever happens, events come in an order that
// can be, a command ends once, and nothing a card said is kept after closing.
#include "base/bytes.h"
#include "drivers/usb_card_reader.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/usb_script.h"

#include <string.h>

enum { TURNS_MAX = 3000, ANSWERS_MAX = 16, MINUTE_MS = 60000 };

// The low three bits of a byte; the other five are its argument.
enum act { SAYS, ANSWERS, WAITS, WAITS_LONG, COMMANDS, PLUGS, NOTIFIES, DOES };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct usb_script script;
    struct usb_script_device *device;
    struct usb_card_reader reader;
    int64_t now_ms;
    bool is_ready;
    bool is_laid;
    bool lies;
    bool has_command;
    uint8_t asked[CCID_HEAD_BYTES];
    uint8_t helps; // clear and abort are answered
};

static void on_event(const struct card_reader_event *event, void *ctx)
{
    struct run *run = ctx;
    switch (event->kind) {
    case CARD_READER_READY:
        CHECK(!run->is_ready);
        run->is_ready = true;
        break;
    case CARD_READER_GONE:
        CHECK(!run->lies && event->fault.text[0] != '\0');
        run->is_ready = false;
        break;
    case CARD_READER_REFUSED:
        CHECK(event->fault.text[0] != '\0');
        break;
    case CARD_READER_LAID:
        CHECK(run->is_ready && !run->has_command);
        CHECK(event->len >= 2 && event->len <= CARD_ATR_BYTES);
        run->is_laid = true;
        run->lies = true;
        break;
    case CARD_READER_MUTE:
        CHECK(run->is_ready && !run->has_command && event->fault.text[0] != '\0');
        run->is_laid = false;
        run->lies = true;
        break;
    case CARD_READER_LIFTED:
        CHECK(run->lies);
        run->is_laid = false;
        run->lies = false;
        run->has_command = false;
        break;
    case CARD_READER_ANSWER:
        CHECK(run->has_command && event->len >= 2 && event->len <= CARD_ANSWER_BYTES);
        run->has_command = false;
        break;
    case CARD_READER_FAILED:
        CHECK(run->has_command && event->fault.text[0] != '\0');
        run->has_command = false;
        run->is_laid = false;
        break;
    }
}

static size_t take(void *ctx, const uint8_t *data, size_t len)
{
    struct run *run = ctx;
    CHECK(len >= CCID_HEAD_BYTES && len <= CCID_HEAD_BYTES + CCID_LINE_OUT_BYTES);
    memcpy(run->asked, data, CCID_HEAD_BYTES);
    return len;
}

static bool take_abort(void *ctx, uint8_t slot, uint8_t seq)
{
    (void)slot;
    (void)seq;
    return (((const struct run *)ctx)->helps & 1U) != 0;
}

static bool take_clear(void *ctx)
{
    return (((const struct run *)ctx)->helps & 2U) != 0;
}

static void say(struct run *run, const uint8_t *bytes, size_t len)
{
    if (run->script.open != NULL && run->script.packets_count < USB_SCRIPT_PACKETS) {
        usb_script_say(&run->script, bytes, len);
    }
}

// A right head for what was asked last; state, error and part are the input's.
static void answer(struct run *run, size_t len, struct bytes_in *in)
{
    uint8_t message[CCID_HEAD_BYTES + 32] = {CCID_STATUS, (uint8_t)len};
    uint8_t kind = run->asked[0];
    message[0] = kind == CCID_POWER_ON || kind == CCID_TRANSFER ? CCID_DATA
                 : kind == CCID_ESCAPE                          ? CCID_ESCAPED
                 : kind == CCID_SET_PARAMETERS                  ? CCID_PARAMETERS
                                                                : CCID_STATUS;
    message[5] = run->asked[5];
    message[6] = run->asked[6];
    for (size_t i = 7; i < CCID_HEAD_BYTES + len; i++) {
        message[i] = bytes_in_u8(in);
    }
    say(run, message, CCID_HEAD_BYTES + len);
}

static void command(struct run *run, uint8_t argument)
{
    static const uint8_t apdu[300] = {0x00, 0xCB, 0x3F, 0xFF, 0x00, 0x01, 0x23};
    struct card_reader *port = &run->reader.port;
    enum err err = port->ops->transmit(port, apdu, argument < 16 ? 4U : sizeof apdu);
    CHECK(err == OK || err == ERR_STATE || err == ERR_TOO_BIG);
    CHECK(err != OK || (run->is_laid && !run->has_command));
    run->has_command = run->has_command || err == OK;
}

static void act(struct run *run, uint8_t byte, struct bytes_in *in)
{
    struct card_reader *port = &run->reader.port;
    uint8_t argument = byte >> 3;
    size_t len = argument < bytes_in_left(in) ? argument : bytes_in_left(in);
    switch ((enum act)(byte & 7U)) {
    case SAYS:
        say(run, bytes_in_take(in, len), len);
        break;
    case ANSWERS:
        answer(run, argument, in);
        break;
    case WAITS:
        run->now_ms += argument * 20;
        break;
    case WAITS_LONG:
        run->now_ms += argument * 150; // a poll every 5 s at least
        break;
    case COMMANDS:
        command(run, argument);
        break;
    case PLUGS:
        run->device->is_plugged = !run->device->is_plugged;
        run->script.has_changed = true;
        break;
    case NOTIFIES:
        if (run->script.open != NULL && run->script.notices_count < USB_SCRIPT_NOTICES) {
            usb_script_notify(&run->script, bytes_in_take(in, len), len);
        }
        break;
    case DOES:
        run->helps = argument;
        if ((argument & 4U) != 0) {
            port->ops->release(port);
            run->has_command = false;
            run->is_laid = false;
        } else if ((argument & 8U) != 0) {
            port->ops->restart(port);
            run->has_command = false;
            run->is_laid = false;
        }
        port->ops->signal(port, (enum card_signal)(argument & 3U));
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct usb_rule rule;
    static struct run run;
    static const uint8_t wiped[sizeof run.reader.talk.answer_private];
    struct bytes_in in;
    bytes_in_init(&in, data, size);
    memset(&run, 0, sizeof run);
    run.now_ms = 1000000;
    usb_script_init(&run.script);
    // An ACR122U has lights, and is asked all the time.
    struct usb_device about = {.vendor = 0x076B, .product = 0x5022, .port = "1-5"};
    if ((bytes_in_u8(&in) & 1U) != 0) {
        about.vendor = 0x072F;
        about.product = 0x2200;
    }
    size_t len = bytes_in_left(&in) < CCID_DESCRIPTOR_BYTES ? bytes_in_left(&in)
                                                            : (size_t)CCID_DESCRIPTOR_BYTES;
    run.device = usb_script_plug(&run.script, USB_CLASS_CARD, &about);
    run.device->gives_notices = true;
    usb_script_describe(run.device, bytes_in_take(&in, len), len);
    run.device->ops = (struct usb_script_device_ops){
        .take = take, .abort = take_abort, .clear = take_clear, .ctx = &run};
    struct card_reader *port = &run.reader.port;
    usb_card_reader_init(&run.reader, &run.script.port, hand_clock(&run.now_ms), &rule);
    CHECK(port->ops->open(port, on_event, &run, NULL) == OK);
    for (int i = 0; i < TURNS_MAX && bytes_in_left(&in) > 0; i++) {
        act(&run, bytes_in_u8(&in), &in);
        port->ops->poll(port);
    }
    for (int64_t ms = 0; ms < 3 * MINUTE_MS; ms += 1000) {
        run.now_ms += 1000; // nothing is said any more
        port->ops->poll(port);
    }
    CHECK(!run.has_command);
    port->ops->close(port);
    CHECK(run.script.open == NULL);
    CHECK(memcmp(run.reader.talk.answer_private, wiped, sizeof wiped) == 0);
    CHECK(memcmp(run.reader.line.in_private, wiped, sizeof wiped) == 0);
    return 0;
}
