// SPDX-License-Identifier: EUPL-1.2
//
// From the card that was laid down to keys shared with its application: EF.CardAccess, PACE or BAC.
#include "drivers/document/document_parts.h"

#include <string.h>

enum {
    STATUS_WRONG = 0x6300, // the password, no number told
    STATUS_TRIES = 0x63c0, // with how many tries are left
    STATUS_NOT_SATISFIED = 0x6982,
    STATUS_BAD_SEAL = 0x6988, // BAC: our code was made with other keys
};

static void choose_access(struct document *document, struct fault *fault);
static void refuse_password(struct document *document, struct fault *fault);
static void take_lengths(struct document *document, const struct document_answer *answer);
static enum err take_pace_step(struct document *document, const struct document_answer *answer,
                               struct fault *fault);
static bool is_wrong_password(uint16_t status);
static void share_bac_keys(struct document *document);

void document_ask_access(struct document *document, struct apdu *apdu)
{
    switch (document->access) {
    case ACCESS_READ:
        document_read_ask(document, apdu);
        return;
    case ACCESS_ROOT:
        *apdu = (struct apdu){.cla = 0x00, .ins = 0xa4, .p2 = 0x0c, .data = {0x3f, 0x00}, .len = 2};
        return;
    case ACCESS_LENGTHS: // EF.ATR/INFO
        *apdu =
            (struct apdu){.cla = 0x00, .ins = 0xb0, .p1 = 0x81, .answer_bytes = APDU_SHORT_ANSWER};
        return;
    }
}

void document_take_access(struct document *document, const struct document_answer *answer,
                          struct fault *fault)
{
    if (document->access == ACCESS_ROOT) {
        document->access = ACCESS_READ; // a chip that refuses it is in its root all the same
        return;
    }
    if (document->access == ACCESS_LENGTHS) {
        take_lengths(document, answer);
        document->step = DOCUMENT_STEP_PACE_SET;
        return;
    }
    switch (document_read_take(document, answer, fault)) {
    case READ_MORE:
        document->access = document->reading.how == READ_SELECTING ? ACCESS_ROOT : ACCESS_READ;
        return;
    case READ_BROKEN:
        document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
        return;
    case READ_DONE: {
        struct pace_info *info = &document->pace.info;
        const enum err err = files_pace(document->file_private, document->reading.whole, info);
        if (err == ERR_MALFORMED) {
            (void)fault_set(fault, err, "the chip's offer cannot be read");
            document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
            return;
        }
        document->has_pace = err == OK;
        break;
    }
    case READ_ABSENT:
    case READ_REFUSED:
        break;
    }
    choose_access(document, fault);
}

void document_ask_pace(struct document *document, struct apdu *apdu)
{
    if (document->step == DOCUMENT_STEP_PACE_SET) {
        pace_ask_set(&document->pace, apdu);
    } else if (document->step == DOCUMENT_STEP_PACE_NONCE) {
        pace_ask_nonce(apdu);
    } else if (document->step == DOCUMENT_STEP_PACE_MAP) {
        pace_ask_map(&document->pace, NULL, apdu);
    } else if (document->step == DOCUMENT_STEP_PACE_AGREE) {
        pace_ask_agree(&document->pace, NULL, apdu);
    } else {
        pace_ask_token(&document->pace, apdu);
    }
}

void document_take_pace(struct document *document, const struct document_answer *answer,
                        struct fault *fault)
{
    const enum document_step step = document->step;
    // The first answer may tell how many tries are left, as long as there are any.
    const bool is_warning = step == DOCUMENT_STEP_PACE_SET && is_wrong_password(answer->status) &&
                            answer->status != STATUS_WRONG;
    if (step == DOCUMENT_STEP_PACE_TOKEN && is_wrong_password(answer->status)) {
        (void)fault_set(fault, ERR_REFUSED, "status %04x", answer->status);
        document_close(document, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
        return;
    }
    if (answer->status != APDU_OK && !is_warning) {
        document_stop(document, answer->status, fault);
        return;
    }
    if (take_pace_step(document, answer, fault) != OK) {
        document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
        return;
    }
    document->step = (enum document_step)(step + 1); // they stand in their order; SELECT follows
    if (step == DOCUMENT_STEP_PACE_TOKEN) {
        secure_open(&document->secure, &document->pace.encrypt, &document->pace.authenticate, NULL);
        pace_finish(&document->pace);
        document->checks.is_pace = true;
    }
}

void document_ask_select(struct document *document, struct apdu *apdu)
{
    static const uint8_t application[] = {0xa0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
    (void)document;
    *apdu =
        (struct apdu){.cla = 0x00, .ins = 0xa4, .p1 = 0x04, .p2 = 0x0c, .len = sizeof application};
    memcpy(apdu->data, application, sizeof application);
}

void document_take_select(struct document *document, const struct document_answer *answer,
                          struct fault *fault)
{
    if (answer->status != APDU_OK) {
        (void)fault_set(fault, ERR_NOT_FOUND, "status %04x", answer->status);
        document_close(document, DOCUMENT_NOT_OURS, DOCUMENT_NO_REASON);
    } else if (document->checks.is_pace) {
        document_begin_sod(document);
    } else if (document->needs_zone) {
        (void)fault_set(fault, ERR_UNSUPPORTED, "a chip without PACE and a password without zone");
        document_close(document, DOCUMENT_NEEDS_ZONE, DOCUMENT_NO_REASON);
    } else {
        document->step = DOCUMENT_STEP_BAC_CHALLENGE;
    }
}

void document_ask_bac(struct document *document, struct apdu *apdu)
{
    if (document->step == DOCUMENT_STEP_BAC_CHALLENGE) {
        bac_ask_challenge(apdu);
    } else {
        bac_ask_authenticate(&document->bac, NULL, apdu);
    }
}

void document_take_bac(struct document *document, const struct document_answer *answer,
                       struct fault *fault)
{
    const bool is_challenge = document->step == DOCUMENT_STEP_BAC_CHALLENGE;
    const uint16_t status = answer->status;
    if (!is_challenge && (is_wrong_password(status) || status == STATUS_NOT_SATISFIED ||
                          status == STATUS_BAD_SEAL)) {
        (void)fault_set(fault, ERR_REFUSED, "status %04x", status);
        document_close(document, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
        return;
    }
    if (status != APDU_OK) {
        document_stop(document, status, fault);
        return;
    }
    const enum err err =
        is_challenge ? bac_take_challenge(&document->bac, answer->data, answer->len, fault)
                     : bac_take_authenticate(&document->bac, answer->data, answer->len, fault);
    if (err != OK) {
        document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
    } else if (is_challenge) {
        document->step = DOCUMENT_STEP_BAC_AUTHENTICATE;
    } else {
        share_bac_keys(document);
        document_begin_com(document);
    }
}

// The password ends here: from now on there are only keys.
static void choose_access(struct document *document, struct fault *fault)
{
    struct password_private *secret = &document->secret;
    const struct pace_info info = document->pace.info;
    enum err err = ERR_EMPTY;
    document->step = DOCUMENT_STEP_SELECT;
    if (document->has_pace) {
        err = password_from_can(&document->password, secret);
    }
    if (err == ERR_EMPTY) {
        err = password_from_zone(&document->password, secret);
    }
    document->needs_zone =
        !document->has_pace && err == ERR_EMPTY && document->password.can[0] != '\0';
    wipe(&document->password, sizeof document->password);
    if (err != OK && !document->needs_zone) {
        document->step = DOCUMENT_STEP_ACCESS;
        refuse_password(document, fault);
        return;
    }
    if (document->has_pace) {
        pace_begin(&document->pace, &info, secret);
        document->access = ACCESS_LENGTHS;
        document->step = document->takes_extended ? DOCUMENT_STEP_ACCESS : DOCUMENT_STEP_PACE_SET;
    } else if (err == OK) {
        bac_begin(&document->bac, secret);
    }
    wipe(secret, sizeof *secret);
}

static void refuse_password(struct document *document, struct fault *fault)
{
    (void)fault_set(fault, ERR_MALFORMED, "a password that no document has");
    document_close(document, DOCUMENT_WRONG_PASSWORD, DOCUMENT_NO_REASON);
}

// What it says of itself is believed only downwards: never more than we take (document_room).
static void take_lengths(struct document *document, const struct document_answer *answer)
{
    size_t command_bytes = 0;
    size_t answer_bytes = 0;
    if ((answer->status == APDU_OK || answer->status == APDU_END_OF_FILE) &&
        files_extended(answer->data, answer->len, &command_bytes, &answer_bytes) == OK &&
        command_bytes >= APDU_BYTES_MAX) {
        document->answer_bytes_max = answer_bytes;
    }
}

static enum err take_pace_step(struct document *document, const struct document_answer *answer,
                               struct fault *fault)
{
    struct pace_private *pace = &document->pace;
    if (document->step == DOCUMENT_STEP_PACE_NONCE) {
        return pace_take_nonce(pace, answer->data, answer->len, fault);
    }
    if (document->step == DOCUMENT_STEP_PACE_MAP) {
        return pace_take_map(pace, answer->data, answer->len, fault);
    }
    if (document->step == DOCUMENT_STEP_PACE_AGREE) {
        return pace_take_agree(pace, answer->data, answer->len, fault);
    }
    if (document->step == DOCUMENT_STEP_PACE_TOKEN) {
        return pace_take_token(pace, answer->data, answer->len, fault);
    }
    return answer->len == 0 ? OK : fault_set(fault, ERR_MALFORMED, "data where there is none");
}

// One wrong try more or less; with none left the chip is blocked, and asking again is no use.
static bool is_wrong_password(uint16_t status)
{
    return status == STATUS_WRONG || ((status & 0xfff0) == STATUS_TRIES && status != STATUS_TRIES);
}

static void share_bac_keys(struct document *document)
{
    struct bac_private *bac = &document->bac;
    struct cipher_key_private encrypt;
    struct cipher_key_private authenticate;
    cipher_derive(CIPHER_3DES, CIPHER_ENCRYPT, bac->seed, sizeof bac->seed, &encrypt);
    cipher_derive(CIPHER_3DES, CIPHER_AUTHENTICATE, bac->seed, sizeof bac->seed, &authenticate);
    secure_open(&document->secure, &encrypt, &authenticate, bac->counter);
    wipe(&encrypt, sizeof encrypt);
    wipe(&authenticate, sizeof authenticate);
    wipe(bac, sizeof *bac);
}
