// SPDX-License-Identifier: EUPL-1.2
//
// Reads a command, does it, protects the answer; files and their lies.
#include "demo/chip/chip.h"

#include "base/bytes.h"
#include "base/entropy.h"

#include <string.h>

enum {
    SW_OK = 0x9000,
    SW_END = 0x6282,
    SW_DENIED = 0x6982,
    SW_NO_SESSION = 0x6988,
    SW_NO_FILE = 0x6a82,
    SW_NO_REFERENCE = 0x6985,
    SW_LENGTH = 0x6700,
    SW_OFFSET = 0x6b00,
    SW_INSTRUCTION = 0x6d00,
};
enum { ROOM_3DES = 0xe7, ROOM_AES = 0xdf, ROOM_PLAIN = 0x100, ANNOUNCED_BYTES = 60000 };

static bool read_command(const uint8_t *apdu, size_t len, struct chip_command *command);
static bool read_long(struct bytes_in *in, struct chip_command *command);
static void serve(struct chip *chip, const struct chip_command *command, struct chip_reply *reply);
static void serve_security(struct chip *chip, const struct chip_command *command,
                           struct chip_reply *reply);
static void select_file(struct chip *chip, const struct chip_command *command,
                        struct chip_reply *reply);
static void read_binary(struct chip *chip, const struct chip_command *command,
                        struct chip_reply *reply);
static uint8_t byte_at(const struct chip *chip, const struct chip_file *file, size_t pos);
static size_t file_end(const struct chip *chip, const struct chip_file *file);
static size_t write_plain(const struct chip_reply *reply, uint8_t *out);
static void close_again(struct chip *chip);
static void end_session(struct chip *chip);

static const uint8_t application[] = {0xa0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};

void chip_open(struct chip *chip, const struct chip_card *card, enum chip_lie lie)
{
    *chip = (struct chip){.card = card, .lie = lie, .pulled_after = 9};
    chip_power(chip);
}

void chip_close(struct chip *chip)
{
    chip_pace_forget(&chip->pace);
    wipe(chip, sizeof *chip);
}

void chip_power(struct chip *chip)
{
    end_session(chip);
    chip_pace_forget(&chip->pace);
    close_again(chip);
    chip->uid_len = chip->card->uid_len;
    memcpy(chip->uid, chip->card->uid, sizeof chip->uid);
    if (chip->uid_len == 0) {
        // Random ones begin with 08 (ISO/IEC 14443-3 section 6.5.4).
        entropy_fill(chip->uid, 4);
        chip->uid[0] = 0x08;
        chip->uid_len = 4;
    }
}

size_t chip_atr(const struct chip *chip, uint8_t out[CHIP_ATR_BYTES])
{
    // As a contactless reader makes them up (PC/SC part 3 section 3.1.3.2.3): DESFire's, and one
    // whose card capabilities tell of long commands and answers.
    static const uint8_t pass[] = {0x3b, 0x81, 0x80, 0x01, 0x80};
    static const uint8_t document[] = {0x3b, 0x88, 0x80, 0x01, 0x80, 0x73,
                                       0xc8, 0x21, 0x40, 0x82, 0x90, 0x00};
    const uint8_t *atr = chip->card->is_pass ? pass : document;
    size_t len = chip->card->is_pass ? sizeof pass : sizeof document;
    memcpy(out, atr, len);
    uint8_t check = 0;
    for (size_t i = 1; i < len; i++) {
        check ^= out[i];
    }
    out[len] = check;
    return len + 1;
}

size_t chip_answer(struct chip *chip, const uint8_t *apdu, size_t len,
                   uint8_t out[CHIP_ANSWER_BYTES])
{
    static struct chip_reply reply; // large
    uint8_t plain[CHIP_DATA_BYTES];
    struct chip_command command;
    reply.len = 0;
    reply.status = SW_OK;
    chip->commands += 1;
    if (chip->lie == CHIP_PULLED && chip->commands > chip->pulled_after) {
        return 0;
    }
    if (!read_command(apdu, len, &command)) {
        reply.status = SW_LENGTH;
        return write_plain(&reply, out);
    }
    const bool is_pseudo = command.cla == 0xff; // for the reader, not for the card
    const bool is_protected = (command.cla & 0x0c) == 0x0c && !is_pseudo;
    if (is_protected != chip->is_protected && !is_pseudo) {
        end_session(chip); // what is said in the open ends a protected talk
        close_again(chip);
    }
    if (is_protected && (!chip->is_protected || !chip_unwrap(chip, &command, plain))) {
        end_session(chip);
        close_again(chip);
        reply.status = SW_NO_SESSION;
        return write_plain(&reply, out);
    }
    serve(chip, &command, &reply);
    const bool is_plain_lie = chip->lie == CHIP_PLAIN_STATUS && chip->is_application;
    const size_t out_len =
        is_protected && !is_plain_lie ? chip_wrap(chip, &reply, out) : write_plain(&reply, out);
    if (chip->has_next) {
        chip->session = chip->next;
        chip->has_next = false;
        chip->is_protected = true;
    }
    wipe(plain, sizeof plain);
    return out_len;
}

// ISO/IEC 7816-4 section 5.1.
static bool read_command(const uint8_t *apdu, size_t len, struct chip_command *command)
{
    struct bytes_in in;
    bytes_in_init(&in, apdu, len);
    *command = (struct chip_command){.cla = bytes_in_u8(&in)};
    command->ins = bytes_in_u8(&in);
    command->p1 = bytes_in_u8(&in);
    command->p2 = bytes_in_u8(&in);
    if (in.failed || bytes_in_left(&in) == 0) {
        return !in.failed;
    }
    const size_t first = bytes_in_u8(&in);
    if (bytes_in_left(&in) == 0) {
        command->wants = first == 0 ? 256 : first;
        return true;
    }
    if (first == 0) {
        return read_long(&in, command);
    }
    command->len = first;
    command->data = bytes_in_take(&in, first);
    if (!in.failed && bytes_in_left(&in) > 0) {
        const size_t wants = bytes_in_u8(&in);
        command->wants = wants == 0 ? 256 : wants;
    }
    return !in.failed && bytes_in_left(&in) == 0;
}

static bool read_long(struct bytes_in *in, struct chip_command *command)
{
    command->is_extended = true;
    const size_t first = bytes_in_u16be(in);
    if (bytes_in_left(in) == 0) {
        command->wants = first == 0 ? 65536 : first;
        return !in->failed;
    }
    command->len = first;
    command->data = bytes_in_take(in, first);
    if (!in->failed && bytes_in_left(in) > 0) {
        const size_t wants = bytes_in_u16be(in);
        command->wants = wants == 0 ? 65536 : wants;
    }
    return !in->failed && bytes_in_left(in) == 0;
}

static void serve(struct chip *chip, const struct chip_command *command, struct chip_reply *reply)
{
    if (command->cla == 0xff && command->ins == 0xca && command->p1 == 0) {
        memcpy(reply->data, chip->uid, chip->uid_len);
        reply->len = chip->uid_len;
    } else if (chip->card->is_pass) {
        reply->status = command->ins == 0xa4 ? SW_NO_FILE : SW_INSTRUCTION;
    } else if (command->ins == 0xa4) {
        select_file(chip, command, reply);
    } else if (command->ins == 0xb0) {
        read_binary(chip, command, reply);
    } else {
        serve_security(chip, command, reply);
    }
}

static void serve_security(struct chip *chip, const struct chip_command *command,
                           struct chip_reply *reply)
{
    const struct chip_card *card = chip->card;
    const unsigned place = (unsigned)command->p1 << 8 | command->p2;
    if (command->ins == 0x22 && place == 0xc1a4 && card->has_pace) {
        chip_pace_set(chip, command, reply);
    } else if (command->ins == 0x22 && (place == 0x41a4 || place == 0x41a6)) {
        chip_proof_set(chip, command, reply);
    } else if (command->ins == 0x86 && chip->is_chip_set) {
        chip_proof_agree(chip, command, reply);
    } else if (command->ins == 0x86 && card->has_pace) {
        chip_pace_go_on(chip, command, reply);
    } else if (command->ins == 0x84 && card->has_bac && chip->is_application) {
        chip_bac_challenge(chip, reply);
    } else if (command->ins == 0x82 && card->has_bac && chip->is_application) {
        chip_bac_authenticate(chip, command, reply);
    } else if (command->ins == 0x88) {
        chip_proof_sign(chip, command, reply);
    } else {
        reply->status = SW_INSTRUCTION;
    }
}

static void select_file(struct chip *chip, const struct chip_command *command,
                        struct chip_reply *reply)
{
    if (command->p1 == 0x04) {
        const bool is_ours = command->len == sizeof application &&
                             memcmp(command->data, application, sizeof application) == 0;
        const bool may = chip->is_open || chip->card->has_bac;
        chip->is_application = is_ours && may;
        chip->file = NULL;
        reply->status = chip->is_application ? SW_OK : is_ours ? SW_DENIED : SW_NO_FILE;
        return;
    }
    if (command->p1 == 0x00 &&
        (command->len == 0 || (command->len == 2 && command->data[0] == 0x3f))) {
        chip->is_application = false;
        chip->file = NULL;
        return;
    }
    if (command->p1 != 0x02 || command->len != 2) {
        reply->status = SW_NO_FILE;
        return;
    }
    unsigned id = (unsigned)command->data[0] << 8 | command->data[1];
    if (!chip->is_application && id == CHIP_EF_SOD) {
        id = CHIP_EF_CARD_SECURITY;
    }
    if (!chip->is_application && (id == CHIP_EF_DG1 || id == 0x2f01)) {
        id = CHIP_EF_ATR_INFO;
    }
    const bool is_free = id == CHIP_EF_CARD_ACCESS || id == CHIP_EF_ATR_INFO;
    const bool is_outside = is_free || id == CHIP_EF_CARD_SECURITY;
    const struct chip_file *file = chip_card_file(chip->card, id);
    if (file == NULL || is_outside == chip->is_application) {
        reply->status = SW_NO_FILE;
    } else if (!chip->is_open && !is_free) {
        reply->status = SW_DENIED;
    } else {
        chip->file = file;
    }
}

static void read_binary(struct chip *chip, const struct chip_command *command,
                        struct chip_reply *reply)
{
    size_t offset = (size_t)command->p1 << 8 | command->p2;
    if ((command->p1 & 0x80) != 0) {
        const uint8_t id[2] = {0x01, command->p1 & 0x1f};
        const struct chip_command selects = {.p1 = 0x02, .data = id, .len = 2};
        select_file(chip, &selects, reply);
        if (reply->status != SW_OK) {
            return;
        }
        offset = command->p2;
    }
    const struct chip_file *file = chip->file;
    if (file == NULL) {
        reply->status = SW_NO_REFERENCE;
        return;
    }
    chip->portrait_readings += file->id == CHIP_EF_DG2 ? 1 : 0;
    const size_t end = file_end(chip, file);
    if (offset >= end) {
        reply->status = SW_OFFSET;
        return;
    }
    // What fits in the answer, its protection included.
    const size_t room = command->is_extended                        ? CHIP_DATA_BYTES - 64
                        : !chip->is_protected                       ? ROOM_PLAIN
                        : chip->session.encrypt.cipher == CHIP_3DES ? ROOM_3DES
                                                                    : ROOM_AES;
    size_t len = command->wants < room ? command->wants : room;
    len = chip->lie == CHIP_DRIPPING_FILE && chip->is_open ? 1 : len;
    if (len > end - offset) {
        len = end - offset;
        reply->status = command->wants == 256 || command->wants == 65536 ? SW_OK : SW_END;
    }
    for (size_t i = 0; i < len; i++) {
        reply->data[i] = byte_at(chip, file, offset + i);
    }
    reply->len = len;
}

static size_t file_end(const struct chip *chip, const struct chip_file *file)
{
    if (chip->lie == CHIP_TRUNCATED_FILE && file->id == CHIP_EF_SOD) {
        return file->len / 2;
    }
    return chip->lie == CHIP_ENDLESS_FILE && chip->is_open ? ANNOUNCED_BYTES + 4 : file->len;
}

// The two lies about a length are told in the file's own head.
static uint8_t byte_at(const struct chip *chip, const struct chip_file *file, size_t pos)
{
    static const uint8_t huge[] = {0x77, 0x83, 0x01, 0x00, 0x00};
    const uint8_t endless[] = {file->bytes[0], 0x82, ANNOUNCED_BYTES >> 8, ANNOUNCED_BYTES & 0xff};
    if (chip->lie == CHIP_HUGE_LENGTH && file->id == CHIP_EF_SOD && pos < sizeof huge) {
        return huge[pos];
    }
    if (chip->lie == CHIP_ENDLESS_FILE && chip->is_open) {
        return pos < sizeof endless ? endless[pos] : 0;
    }
    return file->bytes[pos];
}

static size_t write_plain(const struct chip_reply *reply, uint8_t *out)
{
    memcpy(out, reply->data, reply->len);
    out[reply->len] = (uint8_t)(reply->status >> 8);
    out[reply->len + 1] = (uint8_t)reply->status;
    return reply->len + 2;
}

static void close_again(struct chip *chip)
{
    chip->is_open = false;
    chip->is_application = false;
    chip->has_challenge = false;
    chip->file = NULL;
}

static void end_session(struct chip *chip)
{
    chip->is_protected = false;
    chip->has_next = false;
    chip->is_chip_set = false;
    wipe(&chip->session, sizeof chip->session);
    wipe(&chip->next, sizeof chip->next);
}
