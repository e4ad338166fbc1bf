// SPDX-License-Identifier: EUPL-1.2
//
// What the application holds: the security object, the chip's proof that it is no copy, and last,
// when all of that holds, the zone. A file is used once it is the one that was signed, not before.
#include "drivers/document/document_parts.h"

#include "drivers/document/zone.h"

#include <string.h>

static const struct document_file file_com = {0x1e, 0x011e, 0x60};
static const struct document_file file_sod = {0x1d, 0x011d, 0x77};
static const struct document_file file_dg1 = {0x01, 0x0101, 0x61};
static const struct document_file file_dg14 = {0x0e, 0x010e, 0x6e};
static const struct document_file file_dg15 = {0x0f, 0x010f, 0x6f};

static bool read_on(struct document *document, const struct document_answer *answer,
                    enum document_reason absent, struct fault *fault);
static bool is_named(const struct document *document, unsigned group);
static bool is_as_signed(struct document *document, unsigned group, struct fault *fault);
static void go_on(struct document *document, enum document_step step,
                  const struct document_file *file);
static void send_to_counter(struct document *document, enum document_reason reason,
                            const char *words, struct fault *fault);
static void choose_proof(struct document *document, struct fault *fault);
static bool is_proved_by_mapping(const struct document *document);
static void restart(struct document *document, struct fault *fault);
static void finish(struct document *document, struct fault *fault);

void document_begin_com(struct document *document)
{
    go_on(document, DOCUMENT_STEP_COM, &file_com);
}

void document_begin_sod(struct document *document)
{
    go_on(document, DOCUMENT_STEP_SOD, &file_sod);
}

// Asked of older chips only: what a newer one holds its security object says, and signed.
void document_take_com(struct document *document, const struct document_answer *answer,
                       struct fault *fault)
{
    uint32_t groups = 0;
    if (!read_on(document, answer, DOCUMENT_SOD_UNREADABLE, fault)) {
        return;
    }
    if (files_com(document->file_private, document->reading.whole, &groups) != OK) {
        (void)fault_set(fault, ERR_MALFORMED, "not a list of files");
        document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
    } else if ((groups & 1U << DOCUMENT_GROUP_ZONE) == 0) {
        (void)fault_set(fault, ERR_NOT_FOUND, "no zone among its files");
        document_close(document, DOCUMENT_NOT_OURS, DOCUMENT_NO_REASON);
    } else {
        document_begin_sod(document);
    }
}

void document_take_sod(struct document *document, const struct document_answer *answer,
                       struct fault *fault)
{
    if (!read_on(document, answer, DOCUMENT_SOD_UNREADABLE, fault)) {
        return;
    }
    document->step = DOCUMENT_STEP_VERIFY;
    const enum document_reason reason =
        trust_check(document->trust, document->file_private, document->reading.whole,
                    document->now_s, &document->hashes, fault);
    if (reason != DOCUMENT_NO_REASON) {
        document_close(document, DOCUMENT_TO_COUNTER, reason);
        return;
    }
    document->checks.is_genuine = true;
    if (!is_named(document, DOCUMENT_GROUP_ZONE)) {
        send_to_counter(document, DOCUMENT_HASH_WRONG, "the zone was not signed", fault);
    } else if (is_named(document, DOCUMENT_GROUP_CHIP)) {
        go_on(document, DOCUMENT_STEP_DG14, &file_dg14);
    } else {
        choose_proof(document, fault);
    }
}

void document_take_dg14(struct document *document, const struct document_answer *answer,
                        struct fault *fault)
{
    if (!read_on(document, answer, DOCUMENT_HASH_WRONG, fault) ||
        !is_as_signed(document, DOCUMENT_GROUP_CHIP, fault)) {
        return;
    }
    if (files_dg14(document->file_private, document->reading.whole, &document->infos) != OK) {
        document->infos = (struct chip_infos){.keys_count = 0}; // signed so, and of no use to us
    }
    choose_proof(document, fault);
}

void document_ask_chip(struct document *document, struct apdu *apdu)
{
    if (document->step == DOCUMENT_STEP_CHIP_SET) {
        chip_auth_ask_set(&document->chip, apdu);
    } else {
        chip_auth_ask_agree(&document->chip, apdu);
    }
}

void document_take_chip(struct document *document, const struct document_answer *answer,
                        struct fault *fault)
{
    if (answer->status != APDU_OK) {
        (void)fault_set(fault, ERR_CRYPTO, "status %04x", answer->status);
        document_close(document, DOCUMENT_TO_COUNTER, DOCUMENT_CHIP_UNPROVEN);
    } else if (document->step == DOCUMENT_STEP_CHIP_SET && chip_auth_has_second(&document->chip)) {
        document->step = DOCUMENT_STEP_CHIP_AGREE;
    } else {
        restart(document, fault);
    }
}

void document_take_dg15(struct document *document, const struct document_answer *answer,
                        struct fault *fault)
{
    if (!read_on(document, answer, DOCUMENT_HASH_WRONG, fault) ||
        !is_as_signed(document, DOCUMENT_GROUP_ACTIVE, fault)) {
        return;
    }
    if (active_auth_begin(&document->active, document->file_private, document->reading.whole,
                          &document->infos) != OK) {
        send_to_counter(document, DOCUMENT_CHIP_SILENT, "a key that we cannot use", fault);
        return;
    }
    document->step = DOCUMENT_STEP_ACTIVE;
}

void document_ask_active(struct document *document, struct apdu *apdu)
{
    const struct public_key *key = &document->active.key;
    const bool is_long =
        key->kind == PUBLIC_KEY_RSA &&
        key->rsa.modulus_len > secure_room(document->secure.encrypt.cipher, APDU_SHORT_ANSWER);
    active_auth_ask(&document->active, is_long && document->takes_extended, apdu);
}

void document_take_active(struct document *document, const struct document_answer *answer,
                          struct fault *fault)
{
    if (answer->status != APDU_OK) {
        (void)fault_set(fault, ERR_CRYPTO, "status %04x", answer->status);
        document_close(document, DOCUMENT_TO_COUNTER, DOCUMENT_CHIP_UNPROVEN);
    } else if (active_auth_take(&document->active, answer->data, answer->len) != OK) {
        send_to_counter(document, DOCUMENT_CHIP_UNPROVEN, "not signed by the chip's key", fault);
    } else {
        document->checks.not_cloned = DOCUMENT_CLONE_ACTIVE;
        go_on(document, DOCUMENT_STEP_DG1, &file_dg1);
    }
}

void document_take_dg1(struct document *document, const struct document_answer *answer,
                       struct fault *fault)
{
    if (!read_on(document, answer, DOCUMENT_HASH_WRONG, fault) ||
        !is_as_signed(document, DOCUMENT_GROUP_ZONE, fault)) {
        return;
    }
    // Older documents hold a BSN in the optional data: it lives until this line and not beyond.
    const enum err err = zone_read(document->file_private, document->reading.whole, document->today,
                                   &document->holder);
    wipe(document->file_private, document->reading.whole);
    document->step = DOCUMENT_STEP_VERIFY;
    if (err != OK) {
        send_to_counter(document, DOCUMENT_ZONE_UNREADABLE, "a zone against its own rules", fault);
        return;
    }
    if (!sod_is_of(&document->hashes, document->holder.issuer)) {
        document->checks.is_genuine = false;
        send_to_counter(document, DOCUMENT_UNKNOWN_SIGNER, "signed by another state", fault);
        return;
    }
    finish(document, fault);
}

// True once the file is whole. Otherwise it goes on, or it has ended.
static bool read_on(struct document *document, const struct document_answer *answer,
                    enum document_reason absent, struct fault *fault)
{
    switch (document_read_take(document, answer, fault)) {
    case READ_DONE:
        return true;
    case READ_MORE:
        return false;
    case READ_ABSENT:
        document_close(document, DOCUMENT_TO_COUNTER, absent);
        return false;
    case READ_REFUSED:
    case READ_BROKEN:
        document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
        return false;
    }
    CHECK(false);
    return false;
}

static bool is_named(const struct document *document, unsigned group)
{
    return (document->hashes.groups & 1U << group) != 0;
}

static bool is_as_signed(struct document *document, unsigned group, struct fault *fault)
{
    if (sod_has(&document->hashes, group, document->file_private, document->reading.whole)) {
        return true;
    }
    document->checks.is_genuine = false;
    send_to_counter(document, DOCUMENT_HASH_WRONG, "not the file that was signed", fault);
    return false;
}

static void go_on(struct document *document, enum document_step step,
                  const struct document_file *file)
{
    document->step = step;
    document_read_begin(document, file);
}

static void send_to_counter(struct document *document, enum document_reason reason,
                            const char *words, struct fault *fault)
{
    (void)fault_set(fault, ERR_CRYPTO, "%s", words);
    document_close(document, DOCUMENT_TO_COUNTER, reason);
}

// The mapping proves it already; chip authentication; active authentication; or nothing does.
static void choose_proof(struct document *document, struct fault *fault)
{
    const bool is_mapped = document->checks.is_pace && document->pace.has_proof;
    if (is_mapped && is_proved_by_mapping(document)) {
        document->checks.not_cloned = DOCUMENT_CLONE_MAPPING;
        go_on(document, DOCUMENT_STEP_DG1, &file_dg1);
        return;
    }
    const enum err err = chip_auth_begin(&document->chip, &document->infos);
    if (err == OK) {
        document->step = DOCUMENT_STEP_CHIP_SET;
    } else if (err != ERR_NOT_FOUND) {
        send_to_counter(document, DOCUMENT_CHIP_UNPROVEN, "a key beside its curve", fault);
    } else if (is_named(document, DOCUMENT_GROUP_ACTIVE)) {
        go_on(document, DOCUMENT_STEP_DG15, &file_dg15);
    } else {
        send_to_counter(document, is_mapped ? DOCUMENT_CHIP_UNPROVEN : DOCUMENT_CHIP_SILENT,
                        "nothing proves that the chip is no copy", fault);
    }
}

static bool is_proved_by_mapping(const struct document *document)
{
    for (size_t i = 0; i < document->infos.keys_count; i++) {
        if (pace_is_proof_of(&document->pace, &document->infos.keys[i])) {
            return true;
        }
    }
    return false;
}

static void restart(struct document *document, struct fault *fault)
{
    if (chip_auth_restart(&document->chip, &document->secure) != OK) {
        send_to_counter(document, DOCUMENT_CHIP_UNPROVEN, "no agreement with its key", fault);
        return;
    }
    wipe(&document->chip, sizeof document->chip);
    document->is_proof_open = true;
    go_on(document, DOCUMENT_STEP_DG1, &file_dg1);
}

static void finish(struct document *document, struct fault *fault)
{
    char today[DATE_TEXT_BYTES];
    date_to_text(document->today, today);
    document->checks.is_valid = strcmp(document->holder.expiry_iso, today) >= 0;
    if (!document->checks.is_valid) {
        send_to_counter(document, DOCUMENT_EXPIRED, "past its date of expiry", fault);
        return;
    }
    document_close(document, DOCUMENT_VERIFIED, DOCUMENT_NO_REASON);
}
