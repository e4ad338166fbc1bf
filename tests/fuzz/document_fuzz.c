// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a chip may say in a whole conversation. The first byte chooses where it begins: 'a' with
// the card just laid down, every answer as it comes; 'g' behind the security object, in a session
// whose keys are known here. There the input holds three files (DG14, DG15, DG1), each with two
// bytes of length, which count as signed; what is read of them is sealed as it must be. Records
// that follow change one command's answer: number, how, two bytes of length, data.
#include "base/bytes.h"
#include "drivers/document/document_parts.h"
#include "tests/fakes/sealed_answer.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { NOW_S = 1795780800, FILES = 3, COMMANDS_MAX = 200, HOW_BARE = 1, HOW_DATA_BYTES = 3000 };

struct input {
    struct bytes_in in;
    const uint8_t *files[FILES];
    size_t lens[FILES];
    struct bytes_in records;
};

static struct trust *trust;
static struct document *document;

static void begin(void);
static void begin_signed(struct input *input);
static void sign_group(unsigned group, const uint8_t *file, size_t len);
static size_t answer_plain(struct input *input, uint8_t *answer);
static size_t answer_sealed(struct input *input, size_t command, uint8_t *answer);
static bool take_record(struct input *input, size_t command, uint8_t *how, const uint8_t **data,
                        size_t *len);
static size_t read_file(const struct input *input, const uint8_t **data);
static void expect_sense(const struct fault *fault);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t answer[SEALED_ANSWER_BYTES];
    struct input input = {.files = {NULL}};
    struct fault fault = {.err = OK};
    const uint8_t *apdu = NULL;
    size_t apdu_len = 0;
    if (len == 0) {
        return 0;
    }
    if (document == NULL) {
        trust = trust_new();
        document = document_new(trust);
    }
    bytes_in_init(&input.in, data + 1, len - 1);
    begin();
    if (data[0] == 'g') {
        begin_signed(&input);
    }
    for (size_t i = 0; i < COMMANDS_MAX && document_command(document, &apdu, &apdu_len); i++) {
        CHECK(apdu_len >= 4 && apdu_len <= APDU_BYTES_MAX);
        const size_t answer_len = document->secure.is_open ? answer_sealed(&input, i, answer)
                                                           : answer_plain(&input, answer);
        (void)document_answer(document, answer, answer_len, &fault);
    }
    expect_sense(&fault);
    document_forget(document);
    return 0;
}

static void begin(void)
{
    const struct document_password_private password = {
        .can = "123456", .number = "SPECI2014", .birth = "840312", .expiry = "300315"};
    document_begin(document, &password, true, NOW_S);
}

static void begin_signed(struct input *input)
{
    static const unsigned groups[FILES] = {DOCUMENT_GROUP_CHIP, DOCUMENT_GROUP_ACTIVE,
                                           DOCUMENT_GROUP_ZONE};
    static const struct document_file dg14 = {0x0e, 0x010e, 0x6e};
    static const struct document_file dg15 = {0x0f, 0x010f, 0x6f};
    for (size_t i = 0; i < FILES; i++) {
        input->lens[i] = bytes_in_u16be(&input->in);
        input->files[i] = bytes_in_take(&input->in, input->lens[i]);
        if (input->files[i] != NULL && input->lens[i] > 0) {
            sign_group(groups[i], input->files[i], input->lens[i]);
        }
    }
    memcpy(document->hashes.state, "NL", 3);
    input->records = input->in;
    document->checks.is_genuine = true;
    document->answer_bytes_max = 2048;
    secure_open_secret(&document->secure, CIPHER_AES128, (const uint8_t *)"known", 5);
    const bool has_chip = input->lens[0] > 0;
    document->step = has_chip ? DOCUMENT_STEP_DG14 : DOCUMENT_STEP_DG15;
    document_read_begin(document, has_chip ? &dg14 : &dg15);
}

static void sign_group(unsigned group, const uint8_t *file, size_t len)
{
    document->hashes.hash = HASH_SHA256;
    document->hashes.groups |= 1U << group;
    hash_once(HASH_SHA256, file, len, document->hashes.hashes[group]);
}

// Two bytes of length and as many of answer; nothing left: no such command.
static size_t answer_plain(struct input *input, uint8_t *answer)
{
    const size_t len = bytes_in_u16be(&input->in) % HOW_DATA_BYTES;
    const uint8_t *data = bytes_in_take(&input->in, len);
    if (data == NULL) {
        memcpy(answer, "\x6d\x00", 2);
        return 2;
    }
    memcpy(answer, data, len);
    return len;
}

static size_t answer_sealed(struct input *input, size_t command, uint8_t *answer)
{
    struct sealed_answer sealed = {.encrypt = &document->secure.encrypt,
                                   .authenticate = &document->secure.authenticate,
                                   .counter = document->secure.counter,
                                   .status = 0x9000};
    const uint8_t *data = NULL;
    size_t len = 0;
    uint8_t how = 0;
    if (take_record(input, command, &how, &data, &len)) {
        if (how == HOW_BARE) {
            memcpy(answer, data, len);
            return len;
        }
        sealed.status = (uint16_t)(0x6200 | how);
    } else {
        len = read_file(input, &data);
    }
    if (len > 0) {
        sealed.plain = data;
        sealed.plain_len = len;
    }
    return sealed_answer_write(&sealed, answer);
}

static bool take_record(struct input *input, size_t command, uint8_t *how, const uint8_t **data,
                        size_t *len)
{
    struct bytes_in records = input->records;
    if (bytes_in_left(&records) < 4 || bytes_in_u8(&records) != command) {
        return false;
    }
    *how = bytes_in_u8(&records);
    *len = bytes_in_u16be(&records) % HOW_DATA_BYTES;
    *data = bytes_in_take(&records, *len);
    if (*data == NULL) {
        return false;
    }
    input->records = records;
    return true;
}

// What an honest chip answers to a reading; a status alone to everything else.
static size_t read_file(const struct input *input, const uint8_t **data)
{
    const struct document_reading *reading = &document->reading;
    const size_t index = document->step == DOCUMENT_STEP_DG14   ? 0
                         : document->step == DOCUMENT_STEP_DG15 ? 1
                         : document->step == DOCUMENT_STEP_DG1  ? 2
                                                                : FILES;
    if (index == FILES || input->files[index] == NULL || reading->how == READ_SELECTING ||
        reading->have >= input->lens[index]) {
        return 0;
    }
    const size_t left = input->lens[index] - reading->have;
    *data = input->files[index] + reading->have;
    return left < reading->asked ? left : reading->asked;
}

static void expect_sense(const struct fault *fault)
{
    static const struct secure_private nothing;
    const enum document_end end = document_end(document);
    const struct document_checks *checks = document_checks(document);
    if (end == DOCUMENT_GOING_ON) {
        return; // more commands than we had patience for
    }
    CHECK(memcmp(&document->secure, &nothing, sizeof nothing) == 0);
    CHECK((document_holder(document) != NULL) == (end == DOCUMENT_VERIFIED));
    CHECK((checks != NULL) == (end == DOCUMENT_VERIFIED || end == DOCUMENT_TO_COUNTER));
    if (end == DOCUMENT_VERIFIED) {
        CHECK(checks->is_genuine && checks->is_valid && checks->not_cloned != DOCUMENT_CLONE_NONE);
        CHECK(checks->reason == DOCUMENT_NO_REASON);
    } else {
        CHECK(strchr(fault->text, ':') != NULL && text_is_printable(fault->text));
        CHECK(end != DOCUMENT_TO_COUNTER || checks->reason != DOCUMENT_NO_REASON);
    }
}
