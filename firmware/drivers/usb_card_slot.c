// SPDX-License-Identifier: EUPL-1.2
//
// The card: seen, powered, set, spoken to, lifted. One question is on its way at a time; what comes
// next is decided anew after every answer.
#include "drivers/usb_card_parts.h"

#include "base/bytes.h"

#include <string.h>

enum { ROUNDS_MAX = 64, NOTICES_MAX = 8, FI_DI_DEFAULT = 0x11, BLOCK_AROUND_BYTES = 5 };

static void take_notices(struct usb_card_reader *reader);
static bool must_look_now(const struct usb_card_reader *reader);
static bool is_watched(const struct usb_card_reader *reader);
static void begin_power(struct usb_card_reader *reader);
static bool begin_start(struct usb_card_reader *reader);
static void begin_exchange(struct usb_card_reader *reader);
static bool begin_light(struct usb_card_reader *reader);
static void ask(struct usb_card_reader *reader, enum usb_card_work work,
                const struct ccid_head *head, const uint8_t *data, int64_t wait_ms);
static void finish(struct usb_card_reader *reader, const struct ccid_answer *answer);
static void looked(struct usb_card_reader *reader, const struct ccid_answer *answer);
static void powered(struct usb_card_reader *reader, const struct ccid_answer *answer);
static bool prepare_talk(struct usb_card_reader *reader);
static void offered(struct usb_card_reader *reader, const struct ccid_answer *answer);
static void started(struct usb_card_reader *reader);
static void exchanged(struct usb_card_reader *reader, const struct ccid_answer *answer);
static void power_anew(struct usb_card_reader *reader);
static void be_mute(struct usb_card_reader *reader, enum err err, const char *words);

void usb_card_begin(struct usb_card_reader *reader)
{
    ccid_line_init(&reader->line, reader->usb, reader->clock,
                   reader->model == NULL ? 0 : reader->model->slot);
    reader->work = USB_CARD_RESTS;
    reader->is_abandoned = false;
    reader->has_notices = true; // until the seam says that there are none
    reader->must_check = true;
    reader->silences = 0;
    reader->has_greeted = false;
    reader->shown = CARD_SIGNAL_IDLE;
    reader->card = USB_CARD_NONE;
}

void usb_card_move_on(struct usb_card_reader *reader)
{
    for (int i = 0; i < ROUNDS_MAX && reader->is_open; i++) {
        take_notices(reader);
        if (!reader->is_open) {
            return;
        }
        usb_card_kick(reader);
        struct ccid_answer answer;
        enum ccid_line_news news = ccid_line_poll(&reader->line, &answer);
        switch (news) {
        case CCID_LINE_NOTHING:
            return;
        case CCID_LINE_GONE:
            usb_card_lose(reader, "was unplugged", false);
            return;
        case CCID_LINE_BROKEN:
            usb_card_lose(reader, "does not answer", true);
            return;
        case CCID_LINE_ANSWERED:
            reader->silences = 0;
            finish(reader, &answer);
            break;
        case CCID_LINE_FAILED:
            reader->silences++;
            if (reader->silences == USB_CARD_SILENCES_MAX) {
                usb_card_lose(reader, "does not answer", true);
                return;
            }
            finish(reader, NULL);
            break;
        }
    }
}

static void take_notices(struct usb_card_reader *reader)
{
    uint8_t bytes[USB_NOTICE_BYTES];
    for (int i = 0; i < NOTICES_MAX && reader->has_notices; i++) {
        struct ccid_notice notice;
        size_t len = 0;
        enum err err = reader->usb->ops->notice(reader->usb, bytes, sizeof bytes, &len);
        if (err == ERR_GONE) {
            usb_card_lose(reader, "was unplugged", false);
            return;
        }
        reader->has_notices = err == OK || err == ERR_EMPTY;
        if (err != OK) {
            return;
        }
        if (ccid_notice_read(bytes, len, reader->line.slot, &notice) == OK) {
            reader->must_check = true; // the slot itself is asked; a notice alone proves nothing
        }
    }
}

// The order decides: what is there, what it must be, and only then what somebody wants.
void usb_card_kick(struct usb_card_reader *reader)
{
    if (!reader->is_open || reader->work != USB_CARD_RESTS) {
        return;
    }
    static const struct ccid_head look = {.kind = CCID_SLOT_STATUS};
    static const struct ccid_head off = {.kind = CCID_POWER_OFF};
    bool is_to_power = (reader->card == USB_CARD_LIES || reader->card == USB_CARD_MUTE) &&
                       usb_card_now(reader) >= reader->power_ms;
    if (must_look_now(reader)) {
        ask(reader, USB_CARD_LOOKS, &look, NULL, USB_CARD_STATUS_MS);
    } else if (reader->wants_off || (is_to_power && reader->is_powered)) {
        ask(reader, USB_CARD_POWERS_OFF, &off, NULL, USB_CARD_STATUS_MS);
    } else if (is_to_power) {
        begin_power(reader);
    } else if (reader->card == USB_CARD_STARTS && begin_start(reader)) {
        return;
    } else if (reader->card == USB_CARD_ON && reader->has_command) {
        begin_exchange(reader);
    } else if (begin_light(reader)) {
        return;
    }
}

int64_t usb_card_wake_ms(const struct usb_card_reader *reader)
{
    if (reader->work != USB_CARD_RESTS) {
        return ccid_line_wake_ms(&reader->line);
    }
    if (reader->card == USB_CARD_FAILING || reader->card == USB_CARD_STARTS ||
        reader->has_command || reader->wants_off) {
        return 1; // the rounds of one poll were not enough
    }
    int64_t at_ms = is_watched(reader) ? reader->checked_ms + USB_CARD_LOOK_MS : INT64_MAX;
    if ((reader->card == USB_CARD_LIES || reader->card == USB_CARD_MUTE) &&
        reader->power_ms < at_ms) {
        at_ms = reader->power_ms;
    }
    int64_t in_ms = at_ms == INT64_MAX ? 0 : at_ms - usb_card_now(reader);
    return at_ms != INT64_MAX && in_ms < 1 ? 1 : in_ms;
}

void usb_card_lifted(struct usb_card_reader *reader)
{
    bool was_told = reader->is_told;
    reader->card = USB_CARD_NONE;
    reader->is_told = false;
    reader->is_told_mute = false;
    reader->is_powered = false;
    reader->wants_off = false;
    reader->has_command = false;
    reader->is_abandoned = reader->work != USB_CARD_RESTS;
    card_talk_wipe(&reader->talk);
    wipe(reader->atr_private, sizeof reader->atr_private);
    reader->atr_len = 0;
    if (was_told) {
        usb_card_tell(reader, &(struct card_reader_event){.kind = CARD_READER_LIFTED});
    }
}

static bool must_look_now(const struct usb_card_reader *reader)
{
    bool is_busy = reader->card == USB_CARD_STARTS || reader->has_command || reader->wants_off;
    int64_t since_ms = usb_card_now(reader) - reader->checked_ms;
    int64_t pause_ms = is_watched(reader) ? USB_CARD_LOOK_MS : USB_CARD_IDLE_LOOK_MS;
    return reader->card == USB_CARD_FAILING ||
           (!is_busy && (reader->must_check || since_ms >= pause_ms));
}

// Asked all the time: where a card lies, and where nothing tells when one does.
static bool is_watched(const struct usb_card_reader *reader)
{
    bool is_deaf = reader->model != NULL && reader->model->is_deaf;
    return reader->card != USB_CARD_NONE || is_deaf || !reader->has_notices;
}

// The voltages it has, one after the other, where it does not find the right one itself.
static void begin_power(struct usb_card_reader *reader)
{
    uint8_t choices[3];
    size_t count = 0;
    for (size_t i = 0; i < sizeof choices; i++) {
        if ((reader->about.voltages & 1U << i) != 0) {
            choices[count++] = (uint8_t)(i + 1);
        }
    }
    bool picks = reader->about.picks_voltage || count == 0;
    struct ccid_head head = {.kind = CCID_POWER_ON};
    head.specific[0] = picks ? 0 : choices[reader->power_tries % count];
    reader->is_powered = true;
    ask(reader, USB_CARD_POWERS_ON, &head, NULL, USB_CARD_POWER_MS);
}

// False: nothing is left to set.
static bool begin_start(struct usb_card_reader *reader)
{
    const struct card_atr *atr = &reader->atr;
    if (reader->must_set) {
        // Without a PPS the card keeps to its first rate, unless it has chosen another (TA2).
        uint8_t rate = atr->is_specific ? atr->rate : FI_DI_DEFAULT;
        uint8_t inverse = atr->is_inverse ? 2 : 0;
        const uint8_t t0[] = {rate, inverse, atr->guard_time, atr->waiting, 0};
        uint8_t check = atr->uses_crc ? 1 : 0;
        const uint8_t t1[] = {rate,
                              (uint8_t)(0x10U | inverse | check),
                              atr->guard_time,
                              atr->block_times,
                              0,
                              atr->ifsc,
                              0};
        bool is_t1 = atr->protocol == 1;
        const struct ccid_head head = {.kind = CCID_SET_PARAMETERS,
                                       .specific = {is_t1 ? 1 : 0},
                                       .len = is_t1 ? sizeof t1 : sizeof t0};
        reader->must_set = false;
        ask(reader, USB_CARD_SETS, &head, is_t1 ? t1 : t0, USB_CARD_STATUS_MS);
        return true;
    }
    if (reader->must_offer) {
        struct ccid_head head = {.kind = CCID_TRANSFER};
        const uint8_t *block = card_t1_block(&reader->talk.t1, &head.len);
        ask(reader, USB_CARD_OFFERS, &head, block, USB_CARD_TRANSFER_MS);
        return true;
    }
    return false;
}

static void begin_exchange(struct usb_card_reader *reader)
{
    struct card_piece piece;
    card_talk_piece(&reader->talk, &piece);
    const struct ccid_head head = {
        .kind = CCID_TRANSFER,
        .specific = {piece.wait_for > 1 ? piece.wait_for : 0, (uint8_t)piece.part, 0},
        .len = piece.len};
    ask(reader, USB_CARD_EXCHANGES, &head, piece.data_private,
        (int64_t)USB_CARD_TRANSFER_MS * piece.wait_for);
}

// False: nothing is to be shown, or nothing can show it.
static bool begin_light(struct usb_card_reader *reader)
{
    const struct card_lights *lights = reader->model == NULL ? NULL : reader->model->lights;
    bool must_greet = lights != NULL && !reader->has_greeted && lights->hello.len > 0;
    if (lights == NULL || (!must_greet && reader->shown == reader->signal)) {
        return false;
    }
    const struct card_light *light = must_greet ? &lights->hello : &lights->signals[reader->signal];
    reader->shown = must_greet ? reader->shown : reader->signal;
    reader->has_greeted = true;
    const struct ccid_head head = {.kind = CCID_ESCAPE, .len = light->len};
    if (light->len > 0) {
        ask(reader, USB_CARD_SHINES, &head, light->bytes, USB_CARD_LIGHT_MS);
    }
    return light->len > 0;
}

static void ask(struct usb_card_reader *reader, enum usb_card_work work,
                const struct ccid_head *head, const uint8_t *data, int64_t wait_ms)
{
    int64_t factor = reader->model == NULL ? 1 : reader->model->wait_factor;
    reader->work = work;
    wait_ms *= factor;
    ccid_line_ask(&reader->line, head, data,
                  wait_ms < USB_CARD_COMMAND_MS ? wait_ms : USB_CARD_COMMAND_MS);
}

// `answer` is NULL when none came.
static void finish(struct usb_card_reader *reader, const struct ccid_answer *answer)
{
    enum usb_card_work work = reader->work;
    bool was_abandoned = reader->is_abandoned;
    reader->work = USB_CARD_RESTS;
    reader->is_abandoned = false;
    // What a maker's own message says of the slot is not to be relied on; and some call a card
    // absent that has no field any more. Both are asked about.
    bool is_absent = answer != NULL && answer->card == CCID_CARD_ABSENT;
    reader->must_check = reader->must_check || is_absent;
    if (is_absent && work != USB_CARD_SHINES && work != USB_CARD_POWERS_OFF) {
        reader->checked_ms = usb_card_now(reader);
        reader->must_check = false;
        usb_card_lifted(reader);
        return;
    }
    if (was_abandoned && work >= USB_CARD_POWERS_ON && work <= USB_CARD_EXCHANGES) {
        card_talk_wipe(&reader->talk);
        ccid_line_wipe(&reader->line);
        return;
    }
    switch (work) {
    case USB_CARD_RESTS:
    case USB_CARD_SHINES:
        break;
    case USB_CARD_LOOKS:
        looked(reader, answer);
        break;
    case USB_CARD_POWERS_OFF:
        reader->is_powered = false;
        reader->wants_off = false;
        break;
    case USB_CARD_POWERS_ON:
        powered(reader, answer);
        break;
    case USB_CARD_SETS: // one that cannot be set has what it needs, or fails at the first command
        started(reader);
        break;
    case USB_CARD_OFFERS:
        offered(reader, answer);
        break;
    case USB_CARD_EXCHANGES:
        exchanged(reader, answer);
        break;
    }
}

static void looked(struct usb_card_reader *reader, const struct ccid_answer *answer)
{
    reader->checked_ms = usb_card_now(reader);
    reader->must_check = false;
    if (reader->card == USB_CARD_FAILING) {
        struct card_reader_event event = {.kind = CARD_READER_FAILED};
        (void)fault_set(&event.fault, ERR_TIMEOUT, "card reader: the card did not answer");
        power_anew(reader);
        usb_card_tell(reader, &event);
    } else if (answer == NULL) {
        return; // it will be asked again
    } else if (reader->card == USB_CARD_NONE) {
        power_anew(reader);
        reader->is_powered = answer->card == CCID_CARD_ACTIVE;
    } else if (reader->card == USB_CARD_ON && answer->card == CCID_CARD_INACTIVE) {
        usb_card_lifted(reader); // between two looks, and another one, or the same, laid down
        if (reader->is_open) {
            power_anew(reader);
        }
    }
}

static void powered(struct usb_card_reader *reader, const struct ccid_answer *answer)
{
    bool is_atr = answer != NULL && !answer->has_failed && answer->len >= 2 &&
                  answer->len <= sizeof reader->atr_private;
    if (!is_atr) {
        reader->power_tries++;
        reader->power_ms = usb_card_now(reader) + USB_CARD_AGAIN_MS;
        if (reader->power_tries >= USB_CARD_POWER_TRIES || reader->card == USB_CARD_MUTE) {
            be_mute(reader, ERR_TIMEOUT, "what lies there does not answer");
        }
        return;
    }
    memcpy(reader->atr_private, answer->data, answer->len);
    reader->atr_len = answer->len;
    if (!prepare_talk(reader)) {
        be_mute(reader, ERR_UNSUPPORTED, "the card speaks no protocol of this reader");
        return;
    }
    reader->card = USB_CARD_STARTS;
    started(reader);
}

// False: the reader cannot speak as the card does.
static bool prepare_talk(struct usb_card_reader *reader)
{
    const struct ccid_about *about = &reader->about;
    struct card_atr *atr = &reader->atr;
    size_t room = about->message_bytes - CCID_HEAD_BYTES;
    room = room < CCID_LINE_OUT_BYTES ? room : CCID_LINE_OUT_BYTES;
    enum err err = card_atr_read(reader->atr_private, reader->atr_len, atr);
    reader->is_contactless =
        reader->model != NULL ? reader->model->is_contactless : atr->is_contactless;
    // A reader that sees to the protocol may know better than the ATR says.
    reader->must_set = err == OK && !about->sets_parameters;
    reader->must_offer = false;
    if (about->level != CCID_TPDU) {
        bool is_extended = about->level == CCID_EXTENDED_APDU;
        card_talk_init(&reader->talk, is_extended ? CARD_WAY_PARTS : CARD_WAY_WHOLE, room);
        return true;
    }
    // What a reader says for a chip without contacts names both; no PPS lies between them. QEMU's
    // reader speaks T=0 alone.
    if (err == OK && atr->is_contactless && !about->has_t1) {
        atr->protocol = 0;
    }
    if (err != OK || (atr->protocol == 1 ? !about->has_t1 : !about->has_t0)) {
        return false;
    }
    card_talk_init(&reader->talk, atr->protocol == 1 ? CARD_WAY_T1 : CARD_WAY_T0, room);
    if (atr->protocol == 1) {
        size_t field = room > BLOCK_AROUND_BYTES ? room - BLOCK_AROUND_BYTES : 1;
        card_t1_init(&reader->talk.t1, atr->ifsc,
                     (uint8_t)(field < CCID_IFSD_MAX ? field : CCID_IFSD_MAX), atr->uses_crc);
        reader->must_offer = !about->sends_ifs;
        if (reader->must_offer) {
            card_t1_offer_ifsd(&reader->talk.t1, about->ifsd);
        } else {
            reader->talk.t1.ifsd = CCID_IFSD_MAX; // as much as the reader has told it
        }
    }
    return true;
}

static void offered(struct usb_card_reader *reader, const struct ccid_answer *answer)
{
    enum card_turn turn = answer == NULL ? CARD_BROKEN : card_talk_take(&reader->talk, answer);
    if (turn == CARD_SENDS) {
        return; // once more, or more time for it
    }
    reader->must_offer = false; // refused: the card keeps to 32 bytes
    started(reader);
}

static void started(struct usb_card_reader *reader)
{
    if (reader->must_set || reader->must_offer) {
        return;
    }
    reader->card = USB_CARD_ON;
    reader->is_told = true;
    reader->power_tries = 0;
    reader->checked_ms = usb_card_now(reader);
    usb_card_tell(reader, &(struct card_reader_event){.kind = CARD_READER_LAID,
                                                      .bytes_private = reader->atr_private,
                                                      .len = reader->atr_len,
                                                      .is_contactless = reader->is_contactless,
                                                      .takes_extended =
                                                          card_talk_takes_extended(&reader->talk)});
}

static void exchanged(struct usb_card_reader *reader, const struct ccid_answer *answer)
{
    enum card_turn turn = answer == NULL ? CARD_BROKEN : card_talk_take(&reader->talk, answer);
    if (turn == CARD_SENDS && usb_card_now(reader) - reader->command_ms < USB_CARD_COMMAND_MS) {
        return;
    }
    reader->has_command = false;
    card_talk_end(&reader->talk);
    reader->checked_ms = usb_card_now(reader); // it was there just now
    if (turn == CARD_DONE) {
        usb_card_tell(reader,
                      &(struct card_reader_event){.kind = CARD_READER_ANSWER,
                                                  .bytes_private = reader->talk.answer_private,
                                                  .len = reader->talk.answer_len});
        wipe(reader->talk.answer_private, sizeof reader->talk.answer_private);
    } else {
        card_talk_wipe(&reader->talk);
        reader->card = USB_CARD_FAILING;
    }
}

static void power_anew(struct usb_card_reader *reader)
{
    reader->card = USB_CARD_LIES;
    reader->is_told_mute = false;
    reader->power_tries = 0;
    reader->power_ms = usb_card_now(reader);
}

// Tried again now and then: a card that lies askew may be moved without being lifted.
static void be_mute(struct usb_card_reader *reader, enum err err, const char *words)
{
    struct card_reader_event event = {.kind = CARD_READER_MUTE};
    (void)fault_set(&event.fault, err, "card reader: %s", words);
    reader->card = USB_CARD_MUTE;
    reader->power_ms = usb_card_now(reader) + USB_CARD_MUTE_AGAIN_MS;
    if (!reader->is_told_mute) {
        reader->is_told = true;
        reader->is_told_mute = true;
        usb_card_tell(reader, &event);
    }
}
