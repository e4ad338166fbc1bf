// SPDX-License-Identifier: EUPL-1.2
//
// A USB bus of a test's own behind the seam (drivers/usb.h): devices are plugged in and out, say
// what the test tells them to, and take what is written as far as they like.
#ifndef INLOOP_TESTS_USB_SCRIPT_H
#define INLOOP_TESTS_USB_SCRIPT_H

#include "drivers/usb.h"

enum { USB_SCRIPT_DEVICES = 12, USB_SCRIPT_PACKETS = 128, USB_SCRIPT_DESCRIPTORS = 4 };
enum { USB_SCRIPT_NOTICES = 8 };

// What a device does with bytes that are written to it.
struct usb_script_device_ops {
    // Takes as much as it likes now; the rest is offered again. May answer with usb_script_say.
    size_t (*take)(void *ctx, const uint8_t *data, size_t len);
    void (*reset)(void *ctx);                            // soft reset of a printer, or on its port
    bool (*port_status)(void *ctx, uint8_t *to);         // false: no answer
    bool (*abort)(void *ctx, uint8_t slot, uint8_t seq); // false: no answer
    bool (*clear)(void *ctx);                            // false: no answer
    void *ctx;
};

struct usb_script_device {
    struct usb_device about;
    uint8_t class_code;
    bool is_plugged;
    const uint8_t *descriptors[USB_SCRIPT_DESCRIPTORS];
    size_t descriptor_lens[USB_SCRIPT_DESCRIPTORS];
    size_t descriptors_count;
    bool gives_notices;
    struct usb_script_device_ops ops;
};

struct usb_script {
    struct usb port; // first, so that the port is the script
    struct usb_script_device devices[USB_SCRIPT_DEVICES];
    size_t devices_count;
    bool has_changed;
    struct usb_script_device *open; // NULL: none
    size_t listens_to;
    bool is_listening;
    size_t message_bytes; // 0: it listens to packets
    uint8_t notices[USB_SCRIPT_NOTICES][USB_NOTICE_BYTES];
    size_t notice_lens[USB_SCRIPT_NOTICES];
    size_t notices_count;
    struct {
        uint8_t bytes[USB_PACKET_BYTES];
        size_t len;
    } packets[USB_SCRIPT_PACKETS];
    size_t packets_first;
    size_t packets_count;
    uint8_t writing[USB_WRITE_BYTES];
    size_t writing_len;
    size_t written_len;
    // What goes wrong, when a test says so; OK: nothing.
    enum err open_err;
    enum err descriptor_err;
    enum err listen_err;
    enum err read_err;
    enum err write_err;
    enum err written_err;
    // What was asked of the bus.
    unsigned looks_count;
    unsigned opens_count;
    int64_t wake_ms; // the last alarm
};

void usb_script_init(struct usb_script *script);
// Plugs one in; the device stays the script's. `about` says all but `has_class`, which is true.
struct usb_script_device *usb_script_plug(struct usb_script *script, uint8_t class_code,
                                          const struct usb_device *about);
// Keeps `bytes`: the report descriptor, or those of the class, of the device's next interface.
void usb_script_describe(struct usb_script_device *device, const uint8_t *bytes, size_t len);
void usb_script_unplug(struct usb_script *script, struct usb_script_device *device);
// The same one into the same place.
void usb_script_plug_back(struct usb_script *script, struct usb_script_device *device);
// The open device says this, as one packet.
void usb_script_say(struct usb_script *script, const void *bytes, size_t len);
// The open device gives this notice.
void usb_script_notify(struct usb_script *script, const void *bytes, size_t len);

#endif
