// SPDX-License-Identifier: EUPL-1.2
//
// The reader's half of CCID 1.1 chapter 6.
#include "tests/fakes/usb_ccid.h"

#include "base/text.h"

#include <string.h>

enum { OMNIKEY = 0x076B, OMNIKEY_5022 = 0x5022, USUAL_FEATURES = 0x000404BA, USUAL_BYTES = 520 };
enum { TPDU = 0x10000, EXTENDED = 0x40000, BOTH_PROTOCOLS = 3, HEAD = 10, CHANGE = 0x50 };
enum { ACTIVE, INACTIVE, ABSENT };

static void put_u32(uint8_t *to, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint8_t card_state(const struct usb_ccid *reader)
{
    return reader->card == NULL ? ABSENT : reader->is_active ? ACTIVE : INACTIVE;
}

static void say(const struct usb_ccid *reader, const uint8_t *bytes, size_t len)
{
    size_t most = reader->piece_bytes == 0 ? USB_PACKET_BYTES : reader->piece_bytes;
    for (size_t at = 0; at < len; at += most) {
        size_t piece = len - at < most ? len - at : most;
        if (reader->says_empty_packets) {
            usb_script_say(reader->script, "", 0);
        }
        usb_script_say(reader->script, bytes + at, piece);
    }
}

// `status` is the command's: 0 went well, 0x40 failed, 0x80 wants more time.
static void reply(const struct usb_ccid *reader, const uint8_t *question, uint8_t kind,
                  uint8_t status, uint8_t error, uint8_t specific, const uint8_t *data, size_t len)
{
    uint8_t message[USB_CCID_MESSAGE_BYTES + 4] = {kind};
    put_u32(message + 1, (uint32_t)len);
    message[5] = question[5];
    message[6] = question[6];
    message[7] = (uint8_t)(status | card_state(reader));
    message[8] = error;
    message[9] = specific;
    if (len > 0) {
        memcpy(message + HEAD, data, len);
    }
    for (unsigned i = 0; i < reader->stale_answers; i++) {
        uint8_t stale[HEAD] = {kind};
        memcpy(stale + 5, message + 5, HEAD - 5);
        stale[6]--;
        say(reader, stale, HEAD);
    }
    for (unsigned i = 0; i < reader->extends_time && question[0] == 0x6F; i++) {
        uint8_t more[HEAD] = {kind};
        memcpy(more + 5, message + 5, HEAD - 5);
        more[7] = (uint8_t)(0x80 | card_state(reader));
        more[8] = 2;
        say(reader, more, HEAD);
    }
    say(reader, message, HEAD + len + (reader->pads ? 4 : 0));
}

static void fail(const struct usb_ccid *reader, const uint8_t *question, uint8_t kind,
                 uint8_t error)
{
    reply(reader, question, kind, 0x40, error, 0, NULL, 0);
}

static void power_on(struct usb_ccid *reader, const uint8_t *question)
{
    reader->power_select = question[7];
    if (reader->card == NULL || reader->card->atr_len == 0) {
        fail(reader, question, 0x80, 0xFE);
        return;
    }
    reader->is_active = true;
    t1_card_reset(&reader->t1);
    reader->t1.card = reader->card;
    if (reader->card->power != NULL) {
        reader->card->power(reader->card->ctx);
    }
    reply(reader, question, 0x80, 0, 0, 0, reader->card->atr, reader->card->atr_len);
}

static void tell_answer(struct usb_ccid *reader, const uint8_t *question)
{
    size_t room = reader->kind.message_bytes - HEAD;
    size_t left = reader->answer_len - reader->answer_at;
    size_t part = left < room ? left : room;
    bool is_last = part == left;
    uint8_t chain = reader->has_begun ? is_last ? 2 : 3 : is_last ? 0 : 1;
    reader->has_begun = !is_last;
    reader->answer_at += part;
    reply(reader, question, 0x80, 0, 0, chain, reader->answer + reader->answer_at - part, part);
}

static void take_apdu(struct usb_ccid *reader, const uint8_t *question, size_t len)
{
    unsigned level = question[8] | (unsigned)question[9] << 8;
    if (level == 0x10) {
        tell_answer(reader, question);
        return;
    }
    if (level == 0 || level == 1) {
        reader->command_len = 0;
    }
    CHECK(reader->command_len + len <= sizeof reader->command);
    memcpy(reader->command + reader->command_len, question + HEAD, len);
    reader->command_len += len;
    if (level == 1 || level == 3) {
        reply(reader, question, 0x80, 0, 0, 0x10, NULL, 0);
        return;
    }
    reader->answer_len =
        reader->card->answer(reader->card->ctx, reader->command, reader->command_len,
                             reader->answer, sizeof reader->answer);
    reader->answer_at = 0;
    reader->has_begun = false;
    if (reader->answer_len == 0) {
        fail(reader, question, 0x80, 0xFE);
    } else {
        tell_answer(reader, question);
    }
}

static bool is_t1(const struct usb_ccid *reader)
{
    return reader->card->atr_len > 2 && (reader->card->atr[1] & 0x80) != 0;
}

static void transfer(struct usb_ccid *reader, const uint8_t *question, size_t len)
{
    memmove(reader->waits + 1, reader->waits, sizeof reader->waits - 1);
    reader->waits[0] = question[7];
    CHECK(HEAD + len <= reader->kind.message_bytes);
    if (!reader->is_active || reader->card == NULL) {
        fail(reader, question, 0x80, 0xFE);
    } else if (reader->fails_count > 0) {
        reader->fails_count--;
        fail(reader, question, 0x80, reader->fails_error);
    } else if ((reader->kind.features & 0x70000) != TPDU) {
        take_apdu(reader, question, len);
    } else if (is_t1(reader)) {
        uint8_t out[T1_CARD_BLOCK_BYTES];
        size_t out_len = t1_card_take(&reader->t1, question + HEAD, len, out);
        if (out_len == 0) {
            fail(reader, question, 0x80, 0xFE);
        } else {
            reply(reader, question, 0x80, 0, 0, 0, out, out_len);
        }
    } else {
        take_apdu(reader, question, len); // the card itself speaks T=0
    }
}

static void answer(struct usb_ccid *reader, const uint8_t *question, size_t data)
{
    switch (question[0]) {
    case 0x61:
        CHECK(data <= sizeof reader->parameters);
        memcpy(reader->parameters, question + HEAD, data);
        reader->parameters_len = data;
        reply(reader, question, 0x82, 0, 0, question[7], question + HEAD, data);
        break;
    case 0x62:
        power_on(reader, question);
        break;
    case 0x63:
        reader->is_active = false;
        reply(reader, question, 0x81, 0, 0, 0, NULL, 0);
        break;
    case 0x6B:
        CHECK(data <= sizeof reader->escape);
        memcpy(reader->escape, question + HEAD, data);
        reader->escape_len = data;
        reply(reader, question, 0x83, 0, 0, 0, NULL, 0);
        break;
    case 0x6F:
        transfer(reader, question, data);
        break;
    case 0x65:
    case 0x72:
        reply(reader, question, 0x81, 0, 0, 0, NULL, 0);
        break;
    default:
        fail(reader, question, 0x81, 0);
    }
}

static size_t take(void *ctx, const uint8_t *question, size_t len)
{
    struct usb_ccid *reader = ctx;
    size_t data = len - HEAD;
    CHECK(len >= HEAD && question[1] + 256U * question[2] == data);
    reader->counts[question[0]]++;
    if (reader->is_wedged || (reader->mute_count > 0 && question[0] != 0x72)) {
        reader->mute_count -= reader->is_wedged ? 0 : 1;
        return len;
    }
    if (reader->busy_count > 0) {
        reader->busy_count--;
        fail(reader, question, 0x81, 0xE0);
        return len;
    }
    if (question[5] != reader->kind.slot) {
        reply(reader, question, 0x81, 0x40 | ABSENT, 5, 0, NULL, 0);
        return len;
    }
    if (question[0] == reader->holds_back) {
        CHECK(len <= sizeof reader->held);
        memcpy(reader->held, question, len);
        reader->held_len = len;
        return len;
    }
    answer(reader, question, data);
    return len;
}

static bool take_abort(void *ctx, uint8_t slot, uint8_t seq)
{
    (void)slot;
    (void)seq;
    return ((struct usb_ccid *)ctx)->aborts_well;
}

static bool take_clear(void *ctx)
{
    struct usb_ccid *reader = ctx;
    reader->clears_count++;
    reader->is_wedged = reader->is_wedged && !reader->is_cleared_well;
    return true;
}

static void take_reset(void *ctx)
{
    struct usb_ccid *reader = ctx;
    reader->resets_count++;
    reader->is_wedged = false;
    reader->is_active = false;
}

void usb_ccid_plug(struct usb_ccid *reader, struct usb_script *script,
                   const struct usb_ccid_kind *kind)
{
    memset(reader, 0, sizeof *reader);
    struct usb_ccid_kind *own = &reader->kind;
    *own = *kind;
    own->vendor = own->vendor == 0 ? OMNIKEY : own->vendor;
    own->product = own->product == 0 ? OMNIKEY_5022 : own->product;
    own->features = own->features == 0 ? USUAL_FEATURES : own->features;
    own->message_bytes = own->message_bytes == 0 ? USUAL_BYTES : own->message_bytes;
    own->protocols = own->protocols == 0 ? BOTH_PROTOCOLS : own->protocols;
    uint8_t *bytes = reader->descriptor;
    bytes[0] = USB_CCID_DESCRIPTOR_BYTES;
    bytes[1] = 0x21;
    bytes[4] = own->slot;
    bytes[5] = 7;
    put_u32(bytes + 6, own->protocols);
    put_u32(bytes + 28, 254);
    put_u32(bytes + 40, own->features);
    put_u32(bytes + 44, own->message_bytes);
    reader->script = script;
    reader->aborts_well = true;
    reader->is_cleared_well = true;
    reader->t1.ifsc = 254;
    const struct usb_device about = {
        .vendor = own->vendor, .product = own->product, .serial = "C1", .port = "1-5"};
    reader->device = usb_script_plug(script, USB_CLASS_CARD, &about);
    usb_script_describe(reader->device, bytes, USB_CCID_DESCRIPTOR_BYTES);
    reader->device->gives_notices = !own->has_no_notices;
    reader->device->ops = (struct usb_script_device_ops){
        .take = take, .reset = take_reset, .abort = take_abort, .clear = take_clear, .ctx = reader};
}

void usb_ccid_lay(struct usb_ccid *reader, const struct fake_card *card)
{
    reader->card = card;
    reader->is_active = false;
    usb_ccid_let_go(reader);
    if (reader->device->gives_notices && reader->script->open == reader->device) {
        uint8_t notice[3] = {CHANGE};
        unsigned bits = card == NULL ? 2 : 3;
        notice[1 + reader->kind.slot / 4] = (uint8_t)(bits << (reader->kind.slot % 4 * 2));
        usb_script_notify(reader->script, notice, sizeof notice);
    }
}

void usb_ccid_let_go(struct usb_ccid *reader)
{
    size_t len = reader->held_len;
    reader->held_len = 0;
    if (len > 0 && reader->script->open == reader->device) {
        answer(reader, reader->held, len - HEAD);
    }
}
