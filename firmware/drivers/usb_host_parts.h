// SPDX-License-Identifier: EUPL-1.2
//
// What the parts of the libusb host (asking, transferring, card readers) share. Nobody else
// includes it.
#ifndef INLOOP_DRIVERS_USB_HOST_PARTS_H
#define INLOOP_DRIVERS_USB_HOST_PARTS_H

#include "drivers/usb_host.h"

struct libusb_interface_descriptor;

// libusb's result as ours; 0 and above is OK.
enum err usb_host_outcome(int result);

// Everything libusb waits for becomes part of the one descriptor, and plugging is noticed.
void usb_host_watch(struct usb_host *host);
void usb_host_unwatch(struct usb_host *host);
// Takes every transfer back; the device is still open.
void usb_host_stop(struct usb_host *host);

// A card reader's endpoints of one interface.
void usb_host_note_card(struct usb_host_interface *to,
                        const struct libusb_interface_descriptor *one);

// Operations of the seam.
bool usb_host_changed(struct usb *usb);
enum err usb_host_listen(struct usb *usb, size_t index);
enum err usb_host_read(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len);
enum err usb_host_write(struct usb *usb, const uint8_t *data, size_t len);
enum err usb_host_written(struct usb *usb);
size_t usb_host_cancel(struct usb *usb);
enum err usb_host_listen_messages(struct usb *usb, size_t index, size_t message_bytes);
enum err usb_host_notice(struct usb *usb, uint8_t *out, size_t out_bytes, size_t *out_len);
enum err usb_host_clear(struct usb *usb);
enum err usb_host_class_descriptors(struct usb *usb, size_t index, uint8_t *out, size_t out_bytes,
                                    size_t *out_len);
enum err usb_host_card_abort(struct usb *usb, uint8_t slot, uint8_t seq);
void usb_host_reset(struct usb *usb);
void usb_host_close(struct usb *usb);
int usb_host_fd(const struct usb *usb);
void usb_host_wake_in(struct usb *usb, int64_t in_ms);

#endif
