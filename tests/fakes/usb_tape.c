// SPDX-License-Identifier: EUPL-1.2
//
// Descriptors after USB 2.0 chapter 9, packets after Linux's usbmon (struct usb_header_mmapped).
#include "tests/fakes/usb_tape.h"

#include <string.h>

enum { INTERRUPT = 1, CONTROL = 2, BULK = 3 };
enum { HEADER_BYTES = 64, PRESENT = 0, ABSENT = '-', LINK_TYPE = 220, SNAP_BYTES = 262144 };
enum { IN = 0x81, OUT = 0x02, NOTICE = 0x83, SERIAL_INDEX = 3, STRING_ASKED = 255 };
enum { DEVICE_BYTES = 18, CONFIG_BYTES = 9, INTERFACE_BYTES = 9, ENDPOINT_BYTES = 7 };

struct packet {
    uint64_t id;
    char event;
    uint8_t type;
    uint8_t endpoint;
    const uint8_t *setup; // NULL: none
    uint32_t urb_bytes;
    const uint8_t *data;
    size_t len;
};

static void put(uint8_t *to, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

static void write_all(FILE *file, const void *bytes, size_t len)
{
    CHECK(len == 0 || fwrite(bytes, 1, len, file) == len);
}

static void record(struct usb_tape *tape, struct packet packet)
{
    uint8_t head[16 + HEADER_BYTES] = {0};
    put(head + 8, HEADER_BYTES + packet.len, 4);
    put(head + 12, HEADER_BYTES + packet.len, 4);
    uint8_t *usb = head + 16;
    put(usb, packet.id, 8);
    usb[8] = (uint8_t)packet.event;
    usb[9] = packet.type;
    usb[10] = packet.endpoint;
    usb[11] = tape->number;
    put(usb + 12, 1, 2); // bus
    usb[14] = packet.setup != NULL ? PRESENT : ABSENT;
    usb[15] = packet.len > 0 ? PRESENT : ABSENT;
    put(usb + 32, packet.urb_bytes, 4);
    put(usb + 36, packet.len, 4);
    if (packet.setup != NULL) {
        memcpy(usb + 40, packet.setup, 8);
    }
    write_all(tape->pcap, head, sizeof head);
    write_all(tape->pcap, packet.data, packet.len);
}

// What sysfs and the device node show: device, configuration, interface, its endpoints.
static size_t describe(const struct usb_tape *tape, uint8_t *out)
{
    bool is_hid = tape->class_code == USB_CLASS_HID;
    bool is_card = tape->class_code == USB_CLASS_CARD;
    uint8_t kind = is_hid ? 3 : 2; // interrupt or bulk, in an endpoint's own numbering
    uint8_t subclass = is_hid || is_card ? 0 : 1;
    uint8_t protocol = is_hid || is_card ? 0 : 2;
    uint8_t endpoints = is_card ? 3 : 2;
    const uint8_t bytes[] = {
        // clang-format off
        DEVICE_BYTES, 1, 0, 2, 0, 0, 0, 64, 0, 0, 0, 0, 0, 1, 0, 0, SERIAL_INDEX, 1,
        CONFIG_BYTES, 2, CONFIG_BYTES + INTERFACE_BYTES + 2 * ENDPOINT_BYTES, 0, 1, 1, 0, 0x80, 50,
        INTERFACE_BYTES, 4, 0, 0, endpoints, tape->class_code, subclass, protocol, 0,
        ENDPOINT_BYTES, 5, IN, kind, 64, 0, 1,
        ENDPOINT_BYTES, 5, OUT, kind, 64, 0, 1,
        ENDPOINT_BYTES, 5, NOTICE, 3, 8, 0, 16, // a card reader's alone
        // clang-format on
    };
    size_t len = sizeof bytes - (is_card ? 0 : ENDPOINT_BYTES);
    memcpy(out, bytes, len);
    if (tape->class_descriptor_len > 0) {
        memcpy(out + len, tape->class_descriptor, tape->class_descriptor_len);
    }
    len += tape->class_descriptor_len;
    put(out + 8, tape->about.vendor, 2);
    put(out + 10, tape->about.product, 2);
    put(out + DEVICE_BYTES + 2, len - DEVICE_BYTES, 2); // the configuration's whole length
    return len;
}

static void write_device(const struct usb_tape *tape)
{
    uint8_t bytes[200];
    char hex[2 * sizeof bytes + 1];
    size_t len = describe(tape, bytes);
    for (size_t i = 0; i < len; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02X", bytes[i]); // always fits
    }
    FILE *file = fopen(tape->device_path, "w");
    CHECK(file != NULL);
    CHECK(fprintf(file,
                  "P: /devices/pci0000:00/0000:00:14.0/usb1/1-%u\n"
                  "N: bus/usb/001/%03u=%s\n"
                  "E: DEVNAME=/dev/bus/usb/001/%03u\n"
                  "E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: BUSNUM=001\nE: DEVNUM=%03u\n"
                  "E: MAJOR=189\nE: MINOR=%u\n"
                  "A: busnum=1\\n\nA: devnum=%u\\n\nA: bConfigurationValue=1\\n\nA: speed=12\\n\n"
                  "H: descriptors=%s\n",
                  tape->number, tape->number, hex, tape->number, tape->number, tape->number - 1U,
                  tape->number, hex) > 0);
    CHECK(fclose(file) == 0);
}

void usb_tape_open(struct usb_tape *tape, const char *folder)
{
    (void)snprintf(tape->device_path, sizeof tape->device_path, "%s/1-%u.umockdev", folder,
                   tape->number);
    (void)snprintf(tape->pcap_path, sizeof tape->pcap_path, "%s/1-%u.pcap", folder, tape->number);
    write_device(tape);
    uint8_t head[24] = {0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4};
    put(head + 16, SNAP_BYTES, 4);
    put(head + 20, LINK_TYPE, 4);
    tape->pcap = fopen(tape->pcap_path, "wb");
    CHECK(tape->pcap != NULL);
    write_all(tape->pcap, head, sizeof head);
    tape->next_id = 1;
}

static void control_in(struct usb_tape *tape, const uint8_t setup[8], const uint8_t *bytes,
                       size_t len)
{
    uint64_t id = tape->next_id++;
    record(tape, (struct packet){.id = id,
                                 .event = 'S',
                                 .type = CONTROL,
                                 .endpoint = 0x80,
                                 .setup = setup,
                                 .urb_bytes = setup[6] + 256U * setup[7]});
    record(tape, (struct packet){.id = id,
                                 .event = 'C',
                                 .type = CONTROL,
                                 .endpoint = 0x80,
                                 .urb_bytes = (uint32_t)len,
                                 .data = bytes,
                                 .len = len});
}

void usb_tape_serial(struct usb_tape *tape)
{
    static const uint8_t setup[8] = {0x80, 6, SERIAL_INDEX, 3, 0x09, 0x04, STRING_ASKED, 0};
    uint8_t string[2 + 2 * USB_SERIAL_BYTES] = {0, 3};
    size_t len = strlen(tape->about.serial);
    for (size_t i = 0; i < len; i++) {
        string[2 + 2 * i] = (uint8_t)tape->about.serial[i];
    }
    string[0] = (uint8_t)(2 + 2 * len);
    control_in(tape, setup, string, string[0]);
}

void usb_tape_hid_descriptor(struct usb_tape *tape, const uint8_t *bytes, size_t len)
{
    static const uint8_t setup[8] = {0x81, 6, 0, 0x22, 0, 0, 0, 0x10}; // up to 4,096 bytes
    control_in(tape, setup, bytes, len);
}

static uint8_t data_type(const struct usb_tape *tape)
{
    return tape->class_code == USB_CLASS_HID ? INTERRUPT : BULK;
}

static uint64_t submit_read(struct usb_tape *tape)
{
    uint64_t id = tape->next_id++;
    record(tape, (struct packet){.id = id,
                                 .event = 'S',
                                 .type = data_type(tape),
                                 .endpoint = IN,
                                 .urb_bytes = USB_PACKET_BYTES});
    return id;
}

void usb_tape_listen(struct usb_tape *tape)
{
    for (size_t i = 0; i < USB_TAPE_READS; i++) {
        tape->reads[i] = submit_read(tape);
    }
}

void usb_tape_in(struct usb_tape *tape, const uint8_t *bytes, size_t len)
{
    record(tape, (struct packet){.id = tape->reads[0],
                                 .event = 'C',
                                 .type = data_type(tape),
                                 .endpoint = IN,
                                 .urb_bytes = (uint32_t)len,
                                 .data = bytes,
                                 .len = len});
    memmove(tape->reads, tape->reads + 1, sizeof tape->reads - sizeof tape->reads[0]);
    tape->reads[USB_TAPE_READS - 1] = submit_read(tape);
}

void usb_tape_out(struct usb_tape *tape, const uint8_t *bytes, size_t len)
{
    uint64_t id = tape->next_id++;
    record(tape, (struct packet){.id = id,
                                 .event = 'S',
                                 .type = BULK,
                                 .endpoint = OUT,
                                 .urb_bytes = (uint32_t)len,
                                 .data = bytes,
                                 .len = len});
    record(tape,
           (struct packet){
               .id = id, .event = 'C', .type = BULK, .endpoint = OUT, .urb_bytes = (uint32_t)len});
}

void usb_tape_listen_messages(struct usb_tape *tape)
{
    record(tape, (struct packet){.id = tape->next_id++,
                                 .event = 'S',
                                 .type = INTERRUPT,
                                 .endpoint = NOTICE,
                                 .urb_bytes = USB_NOTICE_BYTES});
}

void usb_tape_exchange(struct usb_tape *tape, const uint8_t *question, size_t question_len,
                       const uint8_t *answer, size_t answer_len, size_t read_bytes)
{
    usb_tape_out(tape, question, question_len);
    uint64_t id = tape->next_id++;
    record(tape, (struct packet){.id = id,
                                 .event = 'S',
                                 .type = BULK,
                                 .endpoint = IN,
                                 .urb_bytes = (uint32_t)read_bytes});
    record(tape, (struct packet){.id = id,
                                 .event = 'C',
                                 .type = BULK,
                                 .endpoint = IN,
                                 .urb_bytes = (uint32_t)answer_len,
                                 .data = answer,
                                 .len = answer_len});
}

void usb_tape_close(struct usb_tape *tape)
{
    CHECK(fclose(tape->pcap) == 0);
}
