// SPDX-License-Identifier: EUPL-1.2
//
// A card reader of the CCID class on the scripted bus: any level, any size of message, with a fake
// card on it, and the bad habits of real ones.
#ifndef INLOOP_TESTS_USB_CCID_H
#define INLOOP_TESTS_USB_CCID_H

#include "tests/fakes/t1_card.h"
#include "tests/fakes/usb_script.h"

enum { USB_CCID_DESCRIPTOR_BYTES = 54, USB_CCID_MESSAGE_BYTES = 10 + CARD_ANSWER_BYTES };

// What it is; zero: as the usual one.
struct usb_ccid_kind {
    uint16_t vendor; // 0: an OMNIKEY 5022
    uint16_t product;
    uint32_t features;      // dwFeatures with the level; 0: extended APDUs, all automatic
    uint32_t message_bytes; // 0: 520
    uint32_t protocols;     // 0: T=0 and T=1
    uint8_t slot;           // the one that has the card
    bool has_no_notices;
};

struct usb_ccid {
    struct usb_script *script;
    struct usb_script_device *device;
    struct usb_ccid_kind kind;
    uint8_t descriptor[USB_CCID_DESCRIPTOR_BYTES];
    const struct fake_card *card; // NULL: none
    bool is_active;
    struct t1_card t1; // with TPDUs
    // Habits; the test's to change. Counts run down.
    unsigned extends_time; // of each command, before its answer
    uint8_t holds_back;    // questions of this type, until the card is lifted or it is let go
    uint8_t held[USB_CCID_MESSAGE_BYTES];
    size_t held_len;
    unsigned stale_answers; // to the question before, in front of each answer
    unsigned mute_count;    // questions it does not answer
    unsigned busy_count;    // questions it says it is busy to
    unsigned fails_count;   // commands it fails, with this bError
    uint8_t fails_error;
    bool is_wedged;       // answers nothing until its pipes are cleared, or nothing at all
    bool is_cleared_well; // clearing helps
    bool aborts_well;     // an abort is answered
    bool says_empty_packets;
    bool pads;          // says zeros behind an answer
    size_t piece_bytes; // says longer messages in pieces; 0: whole
    // What it was asked.
    size_t counts[256]; // by message type
    size_t clears_count;
    size_t resets_count;
    uint8_t parameters[7]; // of the last CCID_SET_PARAMETERS
    size_t parameters_len;
    uint8_t power_select; // of the last CCID_POWER_ON
    uint8_t waits[4];     // bBWI of the last transfers, the newest first
    uint8_t escape[16];   // the last one
    size_t escape_len;
    // A chained command, and a chained answer.
    uint8_t command[CARD_COMMAND_BYTES];
    size_t command_len;
    uint8_t answer[CARD_ANSWER_BYTES];
    size_t answer_len;
    size_t answer_at;
    bool has_begun; // telling it
};

// Plugs one in at port 1-5.
void usb_ccid_plug(struct usb_ccid *reader, struct usb_script *script,
                   const struct usb_ccid_kind *kind);
// NULL lifts what lies there. Tells by a notice where it has them.
void usb_ccid_lay(struct usb_ccid *reader, const struct fake_card *card);
// What was held back is answered now.
void usb_ccid_let_go(struct usb_ccid *reader);

#endif
