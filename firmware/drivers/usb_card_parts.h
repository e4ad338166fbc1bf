// SPDX-License-Identifier: EUPL-1.2
//
// What the two halves of the USB card reader (the device, the card in it) share. Nobody else
// includes it.
#ifndef INLOOP_DRIVERS_USB_CARD_PARTS_H
#define INLOOP_DRIVERS_USB_CARD_PARTS_H

#include "drivers/usb_card_reader.h"

int64_t usb_card_now(const struct usb_card_reader *reader);
// Wipes what the line holds and tells; whoever hears it may change everything.
void usb_card_tell(struct usb_card_reader *reader, const struct card_reader_event *event);
// The device is of no use any more.
void usb_card_lose(struct usb_card_reader *reader, const char *words, bool must_reset);

// A device was opened: whatever lies there is not known yet.
void usb_card_begin(struct usb_card_reader *reader);
// Takes notices and answers and asks what is to be asked, as far as it goes without waiting.
void usb_card_move_on(struct usb_card_reader *reader);
// Begins what is to be done, when the line rests.
void usb_card_kick(struct usb_card_reader *reader);
// It was taken away, or its reader was.
void usb_card_lifted(struct usb_card_reader *reader);
// When usb_card_move_on must be called again although nothing comes; 0: not at all.
int64_t usb_card_wake_ms(const struct usb_card_reader *reader);

#endif
