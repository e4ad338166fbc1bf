// SPDX-License-Identifier: EUPL-1.2
//
// A reader of the CCID class on USB as a card_reader. Moved on by poll alone; nothing here waits
// for a card.
#ifndef INLOOP_DRIVERS_USB_CARD_READER_H
#define INLOOP_DRIVERS_USB_CARD_READER_H

#include "drivers/card_atr.h"
#include "drivers/card_models.h"
#include "drivers/card_talk.h"
#include "drivers/ccid_line.h"
#include "drivers/models.h"
#include "drivers/usb_refused.h"

enum {
    USB_CARD_LOOK_MS = 250,       // between two questions whether a card lies there
    USB_CARD_IDLE_LOOK_MS = 4500, // where notices tell and none does: with a poll that comes anyway
    USB_CARD_STATUS_MS = 3000,    // some take a second for their first answer
    USB_CARD_POWER_MS = 5000,     // waits for answers
    USB_CARD_TRANSFER_MS = 5000,
    USB_CARD_LIGHT_MS = 1000,
    USB_CARD_COMMAND_MS = 60000, // longest time of one command with all its blocks
    USB_CARD_AGAIN_MS = 100,     // between two tries to power a card that is being laid down
    USB_CARD_MUTE_AGAIN_MS = 1000,
    USB_CARD_POWER_TRIES = 3,
    USB_CARD_SILENCES_MAX = 3, // questions in a row without an answer; then the reader is reset
};

// What the line is used for.
enum usb_card_work {
    USB_CARD_RESTS,
    USB_CARD_LOOKS,
    USB_CARD_POWERS_OFF,
    USB_CARD_POWERS_ON,
    USB_CARD_SETS,   // parameters by the ATR
    USB_CARD_OFFERS, // our block size, T=1
    USB_CARD_EXCHANGES,
    USB_CARD_SHINES, // lights and buzzer
};

// What lies there.
enum usb_card_state {
    USB_CARD_NONE,
    USB_CARD_LIES,    // is to be powered
    USB_CARD_STARTS,  // is powered; parameters come next
    USB_CARD_ON,      // told
    USB_CARD_FAILING, // a command got no answer; whether it lies there still is asked first
    USB_CARD_MUTE,
    USB_CARD_OFF, // released
};

struct usb_card_reader {
    struct card_reader port; // first: the port's operations find the rest behind it
    struct usb *usb;
    struct clock clock;
    struct usb_rule rule;
    card_reader_event_fn on_event; // NULL: closed
    void *ctx;
    bool has_told;
    bool told_open; // what was told last
    bool is_open;
    bool must_look;   // round on the bus, as soon as the last look is USB_RETRY_MS ago
    bool is_seen;     // the open device, in this look
    int64_t tried_ms; // when that was
    struct usb_device device;
    struct usb_refused refused;
    bool has_candidate;
    struct usb_device candidate;
    // The open device.
    const struct card_model *model; // NULL: not in the table
    struct ccid_about about;
    bool has_notices;
    struct ccid_line line;
    enum usb_card_work work;
    bool must_check; // whether a card lies there
    int64_t checked_ms;
    unsigned silences;
    // The card.
    enum usb_card_state card;
    bool is_told; // LAID or MUTE, since it lies there
    bool is_told_mute;
    bool is_powered; // or may be
    unsigned power_tries;
    int64_t power_ms; // not before
    bool must_set;
    bool must_offer;
    bool wants_off;
    bool has_command;
    bool is_abandoned; // what is on its way was; its answer is nobody's
    int64_t command_ms;
    uint8_t atr_private[CARD_ATR_BYTES];
    size_t atr_len;
    struct card_atr atr;
    bool is_contactless;
    struct card_talk talk;
    // The lights.
    bool has_greeted;
    enum card_signal signal;
    enum card_signal shown;
};

// Keeps `usb`, which must have no other user. A rule that is not given: the models we know.
void usb_card_reader_init(struct usb_card_reader *reader, struct usb *usb, struct clock clock,
                          const struct usb_rule *rule);

#endif
