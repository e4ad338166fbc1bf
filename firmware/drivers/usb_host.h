// SPDX-License-Identifier: EUPL-1.2
//
// libusb behind the seam (usb.h): one context, at most one open device, every transfer without
// waiting. One descriptor stands for all that libusb waits for and an alarm.
#ifndef INLOOP_DRIVERS_USB_HOST_H
#define INLOOP_DRIVERS_USB_HOST_H

#include "drivers/usb.h"

enum { USB_READS = 4 }; // in flight at once, so that reports in a row are not lost

struct libusb_context;
struct libusb_device_handle;
struct libusb_transfer;

struct usb_host_interface {
    uint8_t number;
    uint8_t endpoint_in; // 0: none
    uint8_t endpoint_out;
    uint8_t endpoint_notice; // 0: none
    bool is_interrupt;       // reads are interrupt transfers, else bulk
    uint16_t packet_bytes;   // of reads
};

// One transfer and its memory. libusb keeps both until `is_busy` is false.
struct usb_host_transfer {
    struct libusb_transfer *transfer;
    bool is_busy;
    bool is_done; // and not yet looked at
    enum err err; // of the last one
    size_t len;   // that moved
    uint8_t *bytes;
};

struct usb_host {
    struct usb port; // first, so that the port is the host
    struct libusb_context *context;
    struct libusb_device_handle *handle;
    struct usb_host_interface interfaces[USB_INTERFACES_MAX];
    size_t interfaces_count;
    size_t listens_to;
    bool is_listening;
    struct usb_host_transfer reads[USB_READS];
    size_t read_next;     // the oldest
    size_t message_bytes; // 0: reads are packets, several in flight; else one of so many bytes
    struct usb_host_transfer notice;
    uint8_t notice_bytes[USB_NOTICE_BYTES];
    struct usb_host_transfer write;
    uint8_t read_bytes[USB_READS][USB_PACKET_BYTES];
    uint8_t write_bytes[USB_WRITE_BYTES];
    bool has_hotplug; // the library hears of plugging
    bool has_changed;
    int uevents;    // for a library that does not; -1: not opened, or this kernel tells nobody
    int looks_left; // since the kernel told last
    int epoll_fd;   // -1: none
    int timer_fd;
};

// Never fails: without USB nothing is ever found. `host` must not move afterwards.
void usb_host_init(struct usb_host *host);
// Closes what is open and lets the library go; allowed on zeroed memory.
void usb_host_free(struct usb_host *host);

#endif
