// SPDX-License-Identifier: EUPL-1.2
//
// Writes what umockdev-run plays back to the real libusb: a device as sysfs describes it, and a
// recording of its transfers as usbmon would have made it (pcap, link type 220).
#ifndef INLOOP_TESTS_USB_TAPE_H
#define INLOOP_TESTS_USB_TAPE_H

#include "drivers/usb_host.h"

#include <stdio.h>

enum { USB_TAPE_PATH_BYTES = 100, USB_TAPE_READS = USB_READS };

// One full-speed device of one interface on port 1-`number`, with one endpoint each way; a card
// reader has one for notices too, and its class's descriptor behind that.
struct usb_tape {
    struct usb_device about; // vendor, product, serial
    uint8_t class_code;
    uint8_t number;
    char device_path[USB_TAPE_PATH_BYTES];
    char pcap_path[USB_TAPE_PATH_BYTES];
    FILE *pcap;
    const uint8_t *class_descriptor; // NULL: none
    size_t class_descriptor_len;
    uint64_t next_id;
    uint64_t reads[USB_TAPE_READS]; // in flight, oldest first
};

// Begins both files in `folder`.
void usb_tape_open(struct usb_tape *tape, const char *folder);
// The device gives its serial number when it is looked at.
void usb_tape_serial(struct usb_tape *tape);
// It is asked for its report descriptor.
void usb_tape_hid_descriptor(struct usb_tape *tape, const uint8_t *bytes, size_t len);
// From here on its reads are in flight.
void usb_tape_listen(struct usb_tape *tape);
// It says this; the read goes out anew.
void usb_tape_in(struct usb_tape *tape, const uint8_t *bytes, size_t len);
// It must be told exactly this, and takes it.
void usb_tape_out(struct usb_tape *tape, const uint8_t *bytes, size_t len);
// A card reader: from here on its notice is in flight, and none comes.
void usb_tape_listen_messages(struct usb_tape *tape);
// It is asked exactly this, then read for an answer of at most so many bytes, and answers.
void usb_tape_exchange(struct usb_tape *tape, const uint8_t *question, size_t question_len,
                       const uint8_t *answer, size_t answer_len, size_t read_bytes);
void usb_tape_close(struct usb_tape *tape);

#endif
