// SPDX-License-Identifier: EUPL-1.2
//
// What a card reader needs of libusb beyond transfers: its endpoints, its class descriptor, its
// ABORT, and a reset on its port.
#include "drivers/usb_host_parts.h"

#include <libusb.h>
#include <string.h>

enum { ABORT = 1 }; // CCID 1.1 section 5.3.1

static void append(const uint8_t *bytes, int len, uint8_t *out, size_t out_bytes, size_t *out_len);

// Bulk both ways, and an interrupt endpoint where the reader has one (CCID 1.1 section 4.4).
void usb_host_note_card(struct usb_host_interface *to,
                        const struct libusb_interface_descriptor *one)
{
    to->endpoint_in = 0;
    to->endpoint_out = 0;
    for (uint8_t i = 0; i < one->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *endpoint = &one->endpoint[i];
        bool is_in = (endpoint->bEndpointAddress & (uint8_t)LIBUSB_ENDPOINT_IN) != 0;
        uint8_t kind = endpoint->bmAttributes & (uint8_t)LIBUSB_TRANSFER_TYPE_MASK;
        if (kind == LIBUSB_TRANSFER_TYPE_INTERRUPT && is_in) {
            to->endpoint_notice = endpoint->bEndpointAddress;
        } else if (kind == LIBUSB_TRANSFER_TYPE_BULK) {
            *(is_in ? &to->endpoint_in : &to->endpoint_out) = endpoint->bEndpointAddress;
            to->packet_bytes = is_in ? endpoint->wMaxPacketSize : to->packet_bytes;
        }
    }
}

enum err usb_host_class_descriptors(struct usb *usb, size_t index, uint8_t *out, size_t out_bytes,
                                    size_t *out_len)
{
    const struct usb_host *host = (const struct usb_host *)usb;
    struct libusb_config_descriptor *config = NULL;
    *out_len = 0;
    if (host->handle == NULL || index >= host->interfaces_count) {
        return host->handle == NULL ? ERR_STATE : ERR_NOT_FOUND;
    }
    if (libusb_get_active_config_descriptor(libusb_get_device(host->handle), &config) != 0) {
        return ERR_IO;
    }
    for (uint8_t i = 0; i < config->bNumInterfaces; i++) {
        const struct libusb_interface_descriptor *one = config->interface[i].altsetting;
        if (config->interface[i].num_altsetting == 0 ||
            one->bInterfaceNumber != host->interfaces[index].number) {
            continue;
        }
        append(one->extra, one->extra_length, out, out_bytes, out_len);
        for (uint8_t j = 0; j < one->bNumEndpoints; j++) {
            append(one->endpoint[j].extra, one->endpoint[j].extra_length, out, out_bytes, out_len);
        }
    }
    libusb_free_config_descriptor(config);
    return OK;
}

enum err usb_host_card_abort(struct usb *usb, uint8_t slot, uint8_t seq)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle == NULL || !host->is_listening) {
        return ERR_STATE;
    }
    return usb_host_outcome(libusb_control_transfer(
        host->handle, (uint8_t)LIBUSB_REQUEST_TYPE_CLASS | (uint8_t)LIBUSB_RECIPIENT_INTERFACE,
        ABORT, (uint16_t)(seq << 8 | slot), host->interfaces[host->listens_to].number, NULL, 0,
        USB_WAIT_MS));
}

void usb_host_reset(struct usb *usb)
{
    struct usb_host *host = (struct usb_host *)usb;
    if (host->handle != NULL) {
        usb_host_stop(host);
        (void)libusb_reset_device(host->handle); // looking around tells what became of it
    }
    usb_host_close(usb);
}

static void append(const uint8_t *bytes, int len, uint8_t *out, size_t out_bytes, size_t *out_len)
{
    size_t room = out_bytes - *out_len;
    size_t more = len < 0 ? 0 : (size_t)len;
    more = more < room ? more : room;
    if (more > 0) {
        memcpy(out + *out_len, bytes, more);
    }
    *out_len += more;
}
