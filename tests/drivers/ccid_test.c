// SPDX-License-Identifier: EUPL-1.2
//
// Card readers as bytes: descriptors of real ones and of hostile ones, messages, what a card says
// when it is powered, and T=1 and T=0 against scripted cards on a bad wire.
#include "base/text.h"
#include "drivers/card_atr.h"
#include "drivers/card_t0.h"
#include "drivers/card_t1.h"
#include "drivers/ccid.h"
#include "drivers/usb_card_reader.h"
#include "tests/fakes/card_ears.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/t1_card.h"
#include "tests/fakes/usb_script.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DUMP_INTERFACES_MAX = 4, DUMP_LINE_BYTES = 200 };

// A file of vectors/ccid: what lsusb and libccid's parser print, as descriptors again.
struct dump {
    struct usb_device about;
    bool has_notices;
    uint8_t interfaces[DUMP_INTERFACES_MAX][CCID_DESCRIPTOR_BYTES];
    size_t interfaces_count;
};

static void put_u32(uint8_t *to, unsigned long value)
{
    for (unsigned i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

// The number behind `name`, at the start of the line but for blanks.
static bool is_field(const char *line, const char *name, unsigned long *value)
{
    while (*line == ' ') {
        line++;
    }
    size_t len = strlen(name);
    if (strncmp(line, name, len) != 0 || line[len] != ':') {
        return false;
    }
    *value = strtoul(line + len + 1, NULL, 0);
    return true;
}

static void read_line(struct dump *dump, const char *line)
{
    unsigned long value = 0;
    if (is_field(line, "idVendor", &value)) {
        assert_true(dump->interfaces_count < DUMP_INTERFACES_MAX);
        dump->about.vendor = (uint16_t)value;
        uint8_t *bytes = dump->interfaces[dump->interfaces_count++];
        bytes[0] = CCID_DESCRIPTOR_BYTES;
        bytes[1] = 0x21;
        return;
    }
    assert_true(dump->interfaces_count > 0);
    uint8_t *bytes = dump->interfaces[dump->interfaces_count - 1];
    if (is_field(line, "idProduct", &value)) {
        dump->about.product = (uint16_t)value;
    } else if (is_field(line, "bNumEndpoints", &value)) {
        dump->has_notices = value == 3;
    } else if (is_field(line, "bMaxSlotIndex", &value)) {
        bytes[4] = (uint8_t)value;
    } else if (is_field(line, "bVoltageSupport", &value)) {
        bytes[5] = (uint8_t)value;
    } else if (is_field(line, "dwProtocols", &value)) {
        put_u32(bytes + 6, strtoul(strrchr(line, ' '), NULL, 0));
    } else if (is_field(line, "dwMaxIFSD", &value)) {
        put_u32(bytes + 28, value);
    } else if (is_field(line, "dwFeatures", &value)) {
        put_u32(bytes + 40, value);
    } else if (is_field(line, "dwMaxCCIDMessageLength", &value)) {
        put_u32(bytes + 44, value);
    }
}

static void read_dump(const char *name, struct dump *dump)
{
    char path[300];
    char line[DUMP_LINE_BYTES];
    const char *shared = getenv("INLOOP_SHARED");
    (void)snprintf(path, sizeof path, "%s/vectors/ccid/%s.txt",
                   shared == NULL ? "../shared" : shared, name);
    memset(dump, 0, sizeof *dump);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        read_line(dump, line);
    }
    assert_int_equal(fclose(file), 0);
}

static const struct {
    const char *name;
    size_t interfaces_count;
    size_t interface;
    enum ccid_level level;
    size_t message_bytes;
    uint8_t ifsd;
    uint8_t slots_count;
    bool has_t0;
    bool sets_parameters;
    bool picks_voltage;
    bool sends_ifs;
} readers[] = {
    {"ACR122U_PICC", 1, 0, CCID_SHORT_APDU, 271, 254, 1, false, true, false, false},
    {"ACS_ACR1252_Dual_Reader", 2, 0, CCID_EXTENDED_APDU, 522, 254, 1, false, true, false, false},
    {"Elatec_TWN4_SmartCard_NFC", 1, 0, CCID_TPDU, 64, 50, 6, true, true, false, false},
    {"HID_Global_OMNIKEY_5022_Smart_Card_Reader", 1, 0, CCID_EXTENDED_APDU, 520, 254, 1, true, true,
     true, true},
    {"Identiv_uTrust_3700_F_CL_Reader", 1, 0, CCID_EXTENDED_APDU, 1034, 254, 1, true, true, true,
     true},
};

// Through the whole driver, which opens the one interface visitors lay cards on.
static void every_known_reader_is_opened_at_its_right_interface(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        static struct usb_script script;
        static struct usb_card_reader reader;
        struct card_ears ears = {0};
        struct dump dump;
        int64_t now_ms = 1000000;
        const struct usb_rule rule = {0};
        read_dump(readers[i].name, &dump);
        assert_int_equal(dump.interfaces_count, readers[i].interfaces_count);
        usb_script_init(&script);
        assert_int_equal(text_copy(dump.about.port, sizeof dump.about.port, "1-2"), OK);
        struct usb_script_device *device = usb_script_plug(&script, USB_CLASS_CARD, &dump.about);
        device->gives_notices = dump.has_notices;
        for (size_t j = 0; j < dump.interfaces_count; j++) {
            usb_script_describe(device, dump.interfaces[j], CCID_DESCRIPTOR_BYTES);
        }
        usb_card_reader_init(&reader, &script.port, hand_clock(&now_ms), &rule);
        assert_int_equal(reader.port.ops->open(&reader.port, card_ears_hear, &ears, NULL), OK);
        reader.port.ops->poll(&reader.port);

        assert_int_equal(card_ears_last(&ears), CARD_READER_READY);
        assert_int_equal(script.listens_to, readers[i].interface);
        assert_int_equal(script.message_bytes, readers[i].message_bytes);
        assert_int_equal(reader.line.slot, 0);
        const struct ccid_about *about = &reader.about;
        assert_int_equal(about->level, readers[i].level);
        assert_int_equal(about->message_bytes, readers[i].message_bytes);
        assert_int_equal(about->ifsd, readers[i].ifsd);
        assert_int_equal(about->slots_count, readers[i].slots_count);
        assert_true(about->has_t1);
        assert_int_equal(about->has_t0, readers[i].has_t0);
        assert_int_equal(about->sets_parameters, readers[i].sets_parameters);
        assert_int_equal(about->picks_voltage, readers[i].picks_voltage);
        assert_int_equal(about->sends_ifs, readers[i].sends_ifs);
        reader.port.ops->close(&reader.port);
    }
}

// A sound one: extended APDUs, 520 bytes.
static void describe(uint8_t bytes[CCID_DESCRIPTOR_BYTES])
{
    memset(bytes, 0, CCID_DESCRIPTOR_BYTES);
    bytes[0] = CCID_DESCRIPTOR_BYTES;
    bytes[1] = 0x21;
    bytes[6] = 3;
    put_u32(bytes + 28, 254);
    put_u32(bytes + 40, 0x404BA);
    put_u32(bytes + 44, 520);
}

static void a_descriptor_is_found_among_others(void **state)
{
    (void)state;
    uint8_t bytes[100] = {5, 0x24, 1, 2, 3, 9, 0x21, 0, 0, 0, 0, 0, 0, 0};
    struct ccid_about about;
    describe(bytes + 14);
    assert_int_equal(ccid_descriptor_read(bytes, 14 + CCID_DESCRIPTOR_BYTES, &about), OK);
    assert_int_equal(about.message_bytes, 520);
    assert_int_equal(ccid_descriptor_read(bytes, 14, &about), ERR_NOT_FOUND);
    for (size_t len = 0; len < 14 + CCID_DESCRIPTOR_BYTES; len++) {
        assert_int_equal(ccid_descriptor_read(bytes, len, &about), ERR_NOT_FOUND);
    }
}

static void a_descriptor_that_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint32_t value; // four bytes
        enum err err;
    } cases[] = {
        {0, 0x01002136, OK},            // as it is
        {0, 0x00002135, ERR_NOT_FOUND}, // 53 bytes
        {0, 0x00002237, ERR_NOT_FOUND}, // of another kind
        {0, 0x00002100, ERR_NOT_FOUND}, // no length: it would never end
        {4, 0x000000FF, ERR_MALFORMED}, // 256 slots
        {44, 0, ERR_MALFORMED},         // messages of nothing
        {44, 14, ERR_MALFORMED},        // that hold no block
        {44, 15, OK},
        {44, UINT32_MAX, OK},
        {40, 0x000004BA, ERR_UNSUPPORTED}, // single characters
        {6, 0, ERR_UNSUPPORTED},           // no protocol
        {6, 4, ERR_UNSUPPORTED},           // another one
        {28, 0, OK},
        {28, UINT32_MAX, OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[CCID_DESCRIPTOR_BYTES];
        struct ccid_about about;
        describe(bytes);
        put_u32(bytes + cases[i].at, cases[i].value);
        assert_int_equal(ccid_descriptor_read(bytes, sizeof bytes, &about), cases[i].err);
        if (cases[i].err == OK) {
            assert_in_range(about.ifsd, 1, CCID_IFSD_MAX);
            assert_true(about.message_bytes >= (size_t)CCID_HEAD_BYTES + about.ifsd + 4);
        }
    }
}

static void a_question_is_laid_out_as_the_standard_says(void **state)
{
    (void)state;
    const struct ccid_head head = {
        .kind = CCID_TRANSFER, .slot = 2, .seq = 0xFE, .specific = {7, 0x10, 0}, .len = 0x010203};
    static const uint8_t wanted[] = {0x6F, 0x03, 0x02, 0x01, 0x00, 0x02, 0xFE, 0x07, 0x10, 0x00};
    uint8_t bytes[CCID_HEAD_BYTES];
    ccid_head_write(&head, bytes);
    assert_memory_equal(bytes, wanted, sizeof wanted);
}

static void an_answer_is_read_with_its_states(void **state)
{
    (void)state;
    struct ccid_answer answer;
    static const uint8_t data[] = {0x80, 2, 0, 0, 0, 1, 9, 0x00, 0x00, 0x03, 0x90, 0x00, 0xFF};
    assert_int_equal(ccid_answer_read(data, sizeof data, &answer), OK);
    assert_int_equal(answer.kind, CCID_DATA);
    assert_int_equal(answer.slot, 1);
    assert_int_equal(answer.seq, 9);
    assert_int_equal(answer.card, CCID_CARD_ACTIVE);
    assert_int_equal(answer.specific, CCID_GOES_ON);
    assert_int_equal(answer.len, 2);
    assert_memory_equal(answer.data, data + 10, 2);
    assert_int_equal(ccid_answer_bytes(data, sizeof data), 12);
    for (size_t len = 0; len < 12; len++) {
        assert_int_equal(ccid_answer_read(data, len, &answer), ERR_EMPTY);
    }
    static const uint8_t failed[] = {0x81, 0, 0, 0, 0, 0, 9, 0x42, 0xFE, 0};
    assert_int_equal(ccid_answer_read(failed, sizeof failed, &answer), OK);
    assert_true(answer.has_failed && !answer.wants_time);
    assert_int_equal(answer.card, CCID_CARD_ABSENT);
    assert_int_equal(answer.error, CCID_ERROR_MUTE);
    static const uint8_t later[] = {0x80, 0, 0, 0, 0, 0, 9, 0x80, 5, 0};
    assert_int_equal(ccid_answer_read(later, sizeof later, &answer), OK);
    assert_true(answer.wants_time && !answer.has_failed);
    assert_int_equal(answer.error, 5);
}

static void an_answer_that_is_none_is_refused(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[CCID_HEAD_BYTES];
        enum err err;
    } cases[] = {
        {{0x6F, 0, 0, 0, 0, 0, 0, 0, 0, 0}, ERR_MALFORMED},
        {{0x85, 0, 0, 0, 0, 0, 0, 0, 0, 0}, ERR_MALFORMED},
        {{0x81, 0, 0, 0, 0, 0, 0, 0x03, 0, 0}, ERR_MALFORMED},
        {{0x81, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0}, ERR_MALFORMED},
        {{0x80, 0x03, 0x10, 0, 0, 0, 0, 0, 0, 0}, ERR_TOO_BIG},
        {{0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0}, ERR_TOO_BIG},
        {{0x80, 0x02, 0x10, 0, 0, 0, 0, 0, 0, 0}, ERR_EMPTY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ccid_answer answer;
        assert_int_equal(ccid_answer_read(cases[i].bytes, CCID_HEAD_BYTES, &answer), cases[i].err);
    }
}

static void a_notice_is_about_its_own_slot(void **state)
{
    (void)state;
    struct ccid_notice notice;
    static const uint8_t six[] = {0x50, 0x03, 0x08}; // slot 0 laid, slot 5 lifted
    assert_int_equal(ccid_notice_read(six, sizeof six, 0, &notice), OK);
    assert_true(notice.is_change && notice.is_present && notice.has_changed);
    assert_int_equal(ccid_notice_read(six, sizeof six, 1, &notice), OK);
    assert_false(notice.is_present || notice.has_changed);
    assert_int_equal(ccid_notice_read(six, sizeof six, 5, &notice), OK);
    assert_true(!notice.is_present && notice.has_changed);
    assert_int_equal(ccid_notice_read(six, sizeof six, 8, &notice), ERR_NOT_FOUND);
    static const uint8_t hardware[] = {0x51, 1, 7, 1};
    assert_int_equal(ccid_notice_read(hardware, sizeof hardware, 1, &notice), OK);
    assert_false(notice.is_change);
    assert_int_equal(ccid_notice_read(hardware, sizeof hardware, 0, &notice), ERR_NOT_FOUND);
    assert_int_equal(ccid_notice_read(six, 1, 0, &notice), ERR_MALFORMED);
    assert_int_equal(ccid_notice_read(six, 0, 0, &notice), ERR_MALFORMED);
    assert_int_equal(ccid_notice_read((const uint8_t *)"\x4F\x03", 2, 0, &notice), ERR_MALFORMED);
}

static enum err read_atr(const char *hex, struct card_atr *atr)
{
    uint8_t bytes[40];
    size_t len = 0;
    for (; hex[2 * len] != '\0'; len++) {
        const char two[] = {hex[2 * len], hex[2 * len + 1], '\0'};
        bytes[len] = (uint8_t)strtoul(two, NULL, 16);
    }
    return card_atr_read(bytes, len, atr);
}

static void an_atr_says_how_the_card_wants_to_be_spoken_to(void **state)
{
    (void)state;
    struct card_atr atr;
    // A contactless chip names T=0 first and means T=1.
    assert_int_equal(read_atr("3B8980014A434F5034315632324D", &atr), OK);
    assert_true(atr.is_contactless);
    assert_int_equal(atr.protocol, 1);
    assert_int_equal(atr.ifsc, 32);
    // Contact, T=0 by default, no check byte: TA1 and TC1.
    assert_int_equal(read_atr("3B52110561", &atr), ERR_MALFORMED);
    assert_int_equal(read_atr("3B5218056162", &atr), OK);
    assert_int_equal(atr.protocol, 0);
    assert_int_equal(atr.rate, 0x18);
    assert_int_equal(atr.guard_time, 0x05);
    assert_false(atr.is_contactless);
    // T=1 first: TA3 is IFSC, TB3 the times, TC3 the check.
    assert_int_equal(read_atr("3BF01300008171FE4501A9", &atr), OK);
    assert_int_equal(atr.protocol, 1);
    assert_int_equal(atr.ifsc, 0xFE);
    assert_int_equal(atr.block_times, 0x45);
    assert_true(atr.uses_crc);
    // T=0 and T=1, and the card has chosen T=1 itself (TA2).
    assert_int_equal(read_atr("3B8090110100", &atr), OK);
    assert_true(atr.is_specific);
    assert_int_equal(atr.protocol, 1);
    // Inverse convention.
    assert_int_equal(read_atr("3F00", &atr), OK);
    assert_true(atr.is_inverse);
    assert_int_equal(atr.protocol, 0);
}

static void an_atr_that_is_none_is_told_so(void **state)
{
    (void)state;
    struct card_atr atr;
    assert_int_equal(read_atr("", &atr), ERR_MALFORMED);
    assert_int_equal(read_atr("3B", &atr), ERR_MALFORMED);
    assert_int_equal(read_atr("3C00", &atr), ERR_MALFORMED);
    assert_int_equal(read_atr("3B01", &atr), ERR_MALFORMED);
    assert_int_equal(read_atr("3B0000", &atr), ERR_MALFORMED);
    assert_int_equal(read_atr("3B80", &atr), ERR_MALFORMED);
    assert_int_equal(read_atr("3B80800102", &atr), ERR_MALFORMED); // its check byte
    assert_int_equal(read_atr("3B80808080808080808080", &atr), ERR_MALFORMED);
    assert_int_equal(read_atr("3B800E8E", &atr), ERR_UNSUPPORTED); // T=14 alone
    assert_int_equal(read_atr("3B0F000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
                              "2021",
                              &atr),
                     ERR_MALFORMED); // 34 bytes and more
}

// What the wire does to the blocks of one direction.
enum spoil { SOUND, LOST, BENT, CUT, LONGER };

struct wire {
    struct card_t1 t1;
    struct t1_card card;
    unsigned count; // blocks so far, both ways
    enum spoil spoils[64];
    unsigned turns;
    uint8_t answer[CARD_ANSWER_BYTES];
};

static size_t through(struct wire *wire, uint8_t *block, size_t len)
{
    enum spoil spoil = wire->count < 64 ? wire->spoils[wire->count] : SOUND;
    wire->count++;
    switch (spoil) {
    case SOUND:
        return len;
    case LOST:
        return 0;
    case BENT:
        block[len / 2] ^= 0x10;
        return len;
    case CUT:
        return len - (len > 0 ? 1 : 0);
    case LONGER:
        block[len] = 0;
        return len + 1;
    }
    return 0;
}

// Until the answer is there or the protocol is given up.
static enum card_turn run(struct wire *wire)
{
    enum card_turn turn = CARD_SENDS;
    while (turn == CARD_SENDS) {
        uint8_t bytes[T1_CARD_BLOCK_BYTES + 1];
        uint8_t back[T1_CARD_BLOCK_BYTES + 1];
        size_t len = 0;
        const uint8_t *block = card_t1_block(&wire->t1, &len);
        assert_true(len <= CARD_T1_BLOCK_BYTES);
        memcpy(bytes, block, len);
        len = through(wire, bytes, len);
        len = t1_card_take(&wire->card, bytes, len, back);
        len = through(wire, back, len);
        turn = card_t1_take(&wire->t1, back, len);
        wire->turns++;
        assert_true(wire->turns < 3000);
    }
    return turn;
}

// Twice the bytes it was told, and 9000.
static size_t twice(void *ctx, const uint8_t *apdu, size_t len, uint8_t *out, size_t out_bytes)
{
    (void)ctx;
    assert_true(2 * len + 2 <= out_bytes);
    memcpy(out, apdu, len);
    memcpy(out + len, apdu, len);
    out[2 * len] = 0x90;
    out[2 * len + 1] = 0x00;
    return 2 * len + 2;
}

static const struct fake_card doubler = {.answer = twice};

static void begin(struct wire *wire, uint8_t ifsc, bool uses_crc)
{
    memset(wire, 0, sizeof *wire);
    wire->card =
        (struct t1_card){.card = &doubler, .uses_crc = uses_crc, .ifsc = ifsc, .wtx_value = 3};
    t1_card_reset(&wire->card);
    card_t1_init(&wire->t1, ifsc, CCID_IFSD_MAX, uses_crc);
}

static void speak(struct wire *wire, const uint8_t *command, size_t len)
{
    card_t1_begin(&wire->t1, command, len, wire->answer, sizeof wire->answer);
}

static bool is_doubled(const struct wire *wire, const uint8_t *command, size_t len)
{
    return wire->t1.answer_len == 2 * len + 2 && memcmp(wire->answer, command, len) == 0 &&
           memcmp(wire->answer + len, command, len) == 0 && wire->answer[2 * len] == 0x90;
}

static void fill(uint8_t *command, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        command[i] = (uint8_t)(i * 11 + 5);
    }
}

static void commands_of_every_length_go_over_t1_in_blocks(void **state)
{
    (void)state;
    static const size_t lens[] = {1, 4, 31, 32, 33, 64, 65, 254, 255, 500, 1000};
    for (int crc = 0; crc < 2; crc++) {
        for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
            static struct wire wire;
            uint8_t command[1000];
            fill(command, lens[i]);
            begin(&wire, i % 2 == 0 ? 32 : 254, crc == 1);
            for (int j = 0; j < 3; j++) { // numbers go on from one command to the next
                speak(&wire, command, lens[i]);
                assert_int_equal(run(&wire), CARD_DONE);
                assert_true(is_doubled(&wire, command, lens[i]));
            }
            assert_int_equal(wire.card.commands_count, 3);
            assert_int_equal(wire.card.resyncs_count, 0);
        }
    }
}

// The example of the standard's annex: every block on the wire is as printed there.
static void blocks_look_as_the_standard_prints_them(void **state)
{
    (void)state;
    static struct card_t1 t1;
    uint8_t answer[16];
    size_t len = 0;
    card_t1_init(&t1, 32, 254, false);
    card_t1_offer_ifsd(&t1, 0xFE);
    assert_memory_equal(card_t1_block(&t1, &len), "\x00\xC1\x01\xFE\x3E", 5);
    assert_int_equal(card_t1_take(&t1, (const uint8_t *)"\x00\xE1\x01\xFE\x1E", 5), CARD_DONE);
    assert_int_equal(t1.ifsd, 0xFE);
    card_t1_begin(&t1, (const uint8_t *)"\x00\xA4\x00\x00", 4, answer, sizeof answer);
    assert_memory_equal(card_t1_block(&t1, &len), "\x00\x00\x04\x00\xA4\x00\x00\xA0", 8);
    assert_int_equal(len, 8);
    assert_int_equal(card_t1_take(&t1, (const uint8_t *)"\x00\x00\x02\x90\x00\x93", 6), CARD_SENDS);
    assert_memory_equal(card_t1_block(&t1, &len), "\x00\x81\x00\x81", 4); // bad check
    assert_int_equal(card_t1_take(&t1, NULL, 0), CARD_SENDS);
    assert_memory_equal(card_t1_block(&t1, &len), "\x00\x82\x00\x82", 4); // something else
    assert_int_equal(card_t1_take(&t1, (const uint8_t *)"\x00\x00\x02\x90\x00\x92", 6), CARD_DONE);
    assert_memory_equal(answer, "\x90\x00", 2);
    card_t1_begin(&t1, (const uint8_t *)"\x00\xB0\x00\x00", 4, answer, sizeof answer);
    assert_memory_equal(card_t1_block(&t1, &len), "\x00\x40\x04\x00\xB0\x00\x00\xF4", 8);
    // A CRC is a byte longer.
    card_t1_init(&t1, 32, 254, true);
    card_t1_begin(&t1, (const uint8_t *)"\x00\xA4\x00\x00", 4, answer, sizeof answer);
    (void)card_t1_block(&t1, &len);
    assert_int_equal(len, 9);
}

static void one_bad_block_anywhere_is_made_good(void **state)
{
    (void)state;
    static struct wire wire;
    uint8_t command[100];
    fill(command, sizeof command);
    begin(&wire, 32, false);
    speak(&wire, command, sizeof command);
    assert_int_equal(run(&wire), CARD_DONE);
    unsigned blocks = wire.count;
    assert_true(blocks >= 20);
    for (enum spoil spoil = LOST; spoil <= LONGER; spoil++) {
        for (unsigned at = 0; at < blocks; at++) {
            begin(&wire, 32, false);
            wire.spoils[at] = spoil;
            speak(&wire, command, sizeof command);
            assert_int_equal(run(&wire), CARD_DONE);
            assert_true(is_doubled(&wire, command, sizeof command));
            assert_int_equal(wire.card.commands_count, 1);
            assert_int_equal(wire.card.resyncs_count, 0);
        }
    }
}

static void two_bad_blocks_anywhere_are_made_good(void **state)
{
    (void)state;
    static struct wire wire;
    uint8_t command[70];
    fill(command, sizeof command);
    for (unsigned first = 0; first < 20; first++) {
        for (unsigned second = first + 1; second < 24; second++) {
            begin(&wire, 32, true);
            wire.spoils[first] = BENT;
            wire.spoils[second] = LOST;
            speak(&wire, command, sizeof command);
            assert_int_equal(run(&wire), CARD_DONE);
            assert_true(is_doubled(&wire, command, sizeof command));
        }
    }
}

static void what_stays_bad_is_resynchronised_and_then_given_up(void **state)
{
    (void)state;
    static struct wire wire;
    uint8_t command[40];
    fill(command, sizeof command);
    begin(&wire, 32, false);
    for (unsigned i = 0; i < 6; i++) {
        wire.spoils[i] = BENT;
    }
    speak(&wire, command, sizeof command);
    assert_int_equal(run(&wire), CARD_DONE);
    assert_true(is_doubled(&wire, command, sizeof command));
    assert_int_equal(wire.card.resyncs_count, 1);

    begin(&wire, 32, false);
    for (unsigned i = 0; i < 64; i++) {
        wire.spoils[i] = LOST;
    }
    speak(&wire, command, sizeof command);
    assert_int_equal(run(&wire), CARD_BROKEN);
    assert_true(wire.turns < 30);
}

static void a_card_may_ask_for_time(void **state)
{
    (void)state;
    static struct wire wire;
    uint8_t command[4];
    fill(command, sizeof command);
    begin(&wire, 32, false);
    wire.card.wtx_wanted = 5;
    speak(&wire, command, sizeof command);
    size_t len = 0;
    uint8_t back[T1_CARD_BLOCK_BYTES];
    len = t1_card_take(&wire.card, wire.t1.block_private, wire.t1.block_len, back);
    assert_int_equal(card_t1_take(&wire.t1, back, len), CARD_SENDS);
    assert_int_equal(wire.t1.wait_for, 3);
    assert_memory_equal(wire.t1.block_private, "\x00\xE3\x01\x03\xE1", 5);
    assert_int_equal(run(&wire), CARD_DONE);
    assert_int_equal(wire.t1.wait_for, 1);
    assert_true(is_doubled(&wire, command, sizeof command));

    wire.card.wtx_wanted = UINT32_MAX; // for ever
    wire.turns = 0;
    speak(&wire, command, sizeof command);
    assert_int_equal(run(&wire), CARD_BROKEN);
}

static void a_card_may_take_longer_blocks_from_now_on(void **state)
{
    (void)state;
    static struct wire wire;
    uint8_t command[300];
    fill(command, sizeof command);
    begin(&wire, 32, false);
    wire.card.ifsc_wanted = 254;
    speak(&wire, command, sizeof command);
    assert_int_equal(run(&wire), CARD_DONE);
    unsigned before = wire.count;
    speak(&wire, command, sizeof command);
    assert_int_equal(run(&wire), CARD_DONE);
    assert_true(wire.count - before < before);
    assert_true(is_doubled(&wire, command, sizeof command));
}

static void what_the_reader_takes_is_offered_and_may_be_refused(void **state)
{
    (void)state;
    static struct wire wire;
    uint8_t command[200];
    fill(command, sizeof command);
    begin(&wire, 254, false);
    card_t1_offer_ifsd(&wire.t1, 100);
    assert_int_equal(run(&wire), CARD_DONE);
    assert_int_equal(wire.card.ifsd, 100);
    assert_int_equal(wire.t1.ifsd, 100);

    begin(&wire, 254, false);
    wire.card.refuses_ifsd = true;
    card_t1_offer_ifsd(&wire.t1, 100);
    assert_int_equal(run(&wire), CARD_BROKEN);
    assert_int_equal(wire.t1.ifsd, 32);
    speak(&wire, command, sizeof command);
    assert_int_equal(run(&wire), CARD_DONE);
    assert_true(is_doubled(&wire, command, sizeof command));
}

// Blocks with a right check that break a rule: none is taken for an answer, and all end.
static void blocks_that_break_the_rules_bring_nothing(void **state)
{
    (void)state;
    static const uint8_t blocks[][6] = {
        {0x01, 0x00, 0x02, 0x90, 0x00, 0x93}, // another node
        {0x00, 0x40, 0x02, 0x90, 0x00, 0xD2}, // a number that is not due
        {0x00, 0x01, 0x02, 0x90, 0x00, 0x93}, // a bit that is reserved
        {0x00, 0x80, 0x02, 0x90, 0x00, 0x12}, // a receipt with contents
        {0x00, 0xE1, 0x02, 0x90, 0x00, 0x73}, // a response nobody asked for
        {0x00, 0xE0, 0x02, 0x90, 0x00, 0x72},
        {0x00, 0xC1, 0x02, 0x90, 0x00, 0x53}, // requests of the wrong length
        {0x00, 0xC3, 0x02, 0x90, 0x00, 0x51},
        {0x00, 0xC0, 0x02, 0x90, 0x00, 0x52}, // the card may not ask for this
        {0x00, 0xC2, 0x02, 0x90, 0x00, 0x50}, // it breaks off
    };
    uint8_t answer[8];
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        static struct card_t1 t1;
        card_t1_init(&t1, 32, 254, false);
        card_t1_begin(&t1, (const uint8_t *)"\x00\xA4\x00\x00", 4, answer, sizeof answer);
        enum card_turn turn = CARD_SENDS;
        for (int j = 0; j < 40 && turn == CARD_SENDS; j++) {
            turn = card_t1_take(&t1, blocks[i], sizeof blocks[i]);
        }
        assert_int_equal(turn, CARD_BROKEN);
    }
}

static void an_endless_answer_ends(void **state)
{
    (void)state;
    uint8_t answer[8];
    static struct card_t1 t1;
    static const uint8_t more[2][6] = {{0x00, 0x20, 0x02, 0x01, 0x02, 0x21},
                                       {0x00, 0x60, 0x02, 0x01, 0x02, 0x61}};
    card_t1_init(&t1, 32, 254, false);
    card_t1_begin(&t1, (const uint8_t *)"\x00\xB0\x00\x00", 4, answer, sizeof answer);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(card_t1_take(&t1, more[i % 2], 6), CARD_SENDS);
    }
    assert_int_equal(card_t1_take(&t1, more[0], 6), CARD_BROKEN);
    assert_int_equal(t1.answer_len, 8);
}

static void t0_fetches_what_the_card_keeps(void **state)
{
    (void)state;
    static struct card_t0 t0;
    uint8_t answer[64];
    size_t len = 0;
    static const uint8_t command[] = {0x0C, 0xA4, 0x04, 0x0C, 0x02, 0x3F, 0x00, 0x00};
    assert_int_equal(card_t0_begin(&t0, command, sizeof command, answer, sizeof answer), OK);
    assert_memory_equal(card_t0_command(&t0, &len), command, 7);
    assert_int_equal(len, 7); // what is expected back is fetched
    assert_int_equal(card_t0_take(&t0, (const uint8_t *)"\x61\x04", 2), CARD_SENDS);
    assert_memory_equal(card_t0_command(&t0, &len), "\x00\xC0\x00\x00\x04", 5);
    assert_int_equal(card_t0_take(&t0, (const uint8_t *)"\x6C\x03", 2), CARD_SENDS);
    assert_memory_equal(card_t0_command(&t0, &len), "\x00\xC0\x00\x00\x03", 5);
    assert_int_equal(card_t0_take(&t0, (const uint8_t *)"abc\x61\x01", 5), CARD_SENDS);
    assert_int_equal(card_t0_take(&t0, (const uint8_t *)"d\x90\x00", 3), CARD_DONE);
    assert_int_equal(t0.answer_len, 6);
    assert_memory_equal(answer, "abcd\x90\x00", 6);
}

static void t0_takes_short_commands_of_every_case(void **state)
{
    (void)state;
    static struct card_t0 t0;
    uint8_t answer[64];
    size_t len = 0;
    assert_int_equal(card_t0_begin(&t0, (const uint8_t *)"\0\xA4\0\0", 4, answer, 64), OK);
    assert_memory_equal(card_t0_command(&t0, &len), "\0\xA4\0\0\0", 5);
    assert_int_equal(len, 5);
    assert_int_equal(card_t0_begin(&t0, (const uint8_t *)"\0\xB0\0\0\x08", 5, answer, 64), OK);
    assert_memory_equal(card_t0_command(&t0, &len), "\0\xB0\0\0\x08", 5);
    assert_int_equal(card_t0_begin(&t0, (const uint8_t *)"\0\xA4\0\0\x01\x07", 6, answer, 64), OK);
    (void)card_t0_command(&t0, &len);
    assert_int_equal(len, 6);
    assert_int_equal(card_t0_begin(&t0, (const uint8_t *)"\0\xA4\0\0\x03\x07", 6, answer, 64),
                     ERR_MALFORMED);
    assert_int_equal(card_t0_begin(&t0, (const uint8_t *)"\0\xA4\0\0\0\x01\0", 7, answer, 64),
                     ERR_UNSUPPORTED);
}

static void a_t0_card_that_always_keeps_more_ends(void **state)
{
    (void)state;
    static struct card_t0 t0;
    uint8_t answer[64];
    static const char *const says[] = {"\x61\x01", "\x6C\x01"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(card_t0_begin(&t0, (const uint8_t *)"\0\xB0\0\0\x08", 5, answer, 64), OK);
        enum card_turn turn = CARD_SENDS;
        int rounds = 0;
        while (turn == CARD_SENDS) {
            turn = card_t0_take(&t0, (const uint8_t *)says[i], 2);
            rounds++;
            assert_true(rounds <= CARD_T0_ROUNDS_MAX + 1);
        }
        assert_int_equal(turn, CARD_BROKEN);
    }
    assert_int_equal(card_t0_begin(&t0, (const uint8_t *)"\0\xB0\0\0\x08", 5, answer, 4), OK);
    assert_int_equal(card_t0_take(&t0, (const uint8_t *)"abc\x90\x00", 5), CARD_BROKEN);
    assert_int_equal(card_t0_take(&t0, (const uint8_t *)"\x90", 1), CARD_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_reader_is_opened_at_its_right_interface),
        cmocka_unit_test(a_descriptor_is_found_among_others),
        cmocka_unit_test(a_descriptor_that_cannot_be_is_refused),
        cmocka_unit_test(a_question_is_laid_out_as_the_standard_says),
        cmocka_unit_test(an_answer_is_read_with_its_states),
        cmocka_unit_test(an_answer_that_is_none_is_refused),
        cmocka_unit_test(a_notice_is_about_its_own_slot),
        cmocka_unit_test(an_atr_says_how_the_card_wants_to_be_spoken_to),
        cmocka_unit_test(an_atr_that_is_none_is_told_so),
        cmocka_unit_test(commands_of_every_length_go_over_t1_in_blocks),
        cmocka_unit_test(blocks_look_as_the_standard_prints_them),
        cmocka_unit_test(one_bad_block_anywhere_is_made_good),
        cmocka_unit_test(two_bad_blocks_anywhere_are_made_good),
        cmocka_unit_test(what_stays_bad_is_resynchronised_and_then_given_up),
        cmocka_unit_test(a_card_may_ask_for_time),
        cmocka_unit_test(a_card_may_take_longer_blocks_from_now_on),
        cmocka_unit_test(what_the_reader_takes_is_offered_and_may_be_refused),
        cmocka_unit_test(blocks_that_break_the_rules_bring_nothing),
        cmocka_unit_test(an_endless_answer_ends),
        cmocka_unit_test(t0_fetches_what_the_card_keeps),
        cmocka_unit_test(t0_takes_short_commands_of_every_case),
        cmocka_unit_test(a_t0_card_that_always_keeps_more_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
