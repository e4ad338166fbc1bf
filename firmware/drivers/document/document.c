// SPDX-License-Identifier: EUPL-1.2
//
// The machine: which step asks, seals and opens its messages, and ends it. Steps are in
// document_access.c and document_proof.c, files in document_read.c.
#include "drivers/document/document_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400 };

static const struct {
    const char *name;
    document_ask_fn ask;
    document_take_fn take;
} steps[DOCUMENT_STEPS_COUNT] = {
    [DOCUMENT_STEP_ACCESS] = {"access", document_ask_access, document_take_access},
    [DOCUMENT_STEP_PACE_SET] = {"pace set", document_ask_pace, document_take_pace},
    [DOCUMENT_STEP_PACE_NONCE] = {"pace nonce", document_ask_pace, document_take_pace},
    [DOCUMENT_STEP_PACE_MAP] = {"pace map", document_ask_pace, document_take_pace},
    [DOCUMENT_STEP_PACE_AGREE] = {"pace agree", document_ask_pace, document_take_pace},
    [DOCUMENT_STEP_PACE_TOKEN] = {"pace token", document_ask_pace, document_take_pace},
    [DOCUMENT_STEP_SELECT] = {"select", document_ask_select, document_take_select},
    [DOCUMENT_STEP_BAC_CHALLENGE] = {"bac challenge", document_ask_bac, document_take_bac},
    [DOCUMENT_STEP_BAC_AUTHENTICATE] = {"bac authenticate", document_ask_bac, document_take_bac},
    [DOCUMENT_STEP_COM] = {"com", document_read_ask, document_take_com},
    [DOCUMENT_STEP_SOD] = {"sod", document_read_ask, document_take_sod},
    [DOCUMENT_STEP_DG14] = {"dg14", document_read_ask, document_take_dg14},
    [DOCUMENT_STEP_CHIP_SET] = {"chip set", document_ask_chip, document_take_chip},
    [DOCUMENT_STEP_CHIP_AGREE] = {"chip agree", document_ask_chip, document_take_chip},
    [DOCUMENT_STEP_DG15] = {"dg15", document_read_ask, document_take_dg15},
    [DOCUMENT_STEP_ACTIVE] = {"active", document_ask_active, document_take_active},
    [DOCUMENT_STEP_DG1] = {"dg1", document_read_ask, document_take_dg1},
    [DOCUMENT_STEP_VERIFY] = {"verify", NULL, NULL},
    [DOCUMENT_STEP_DONE] = {"done", NULL, NULL},
};

static bool open_answer(struct document *document, const uint8_t *bytes, size_t len,
                        struct document_answer *answer, struct fault *fault);
static bool is_chip_proving(const struct document *document);
static void wipe_session(struct document *document);

struct document *document_new(const struct trust *trust)
{
    CHECK(trust != NULL);

    struct document *document = calloc(1, sizeof *document);
    CHECK(document != NULL);
    document->trust = trust;
    return document;
}

void document_free(struct document *document)
{
    if (document != NULL) {
        wipe(document, sizeof *document);
        free(document);
    }
}

void document_begin(struct document *document, const struct document_password_private *password,
                    bool takes_extended, int64_t now_s)
{
    static const struct document_file card_access = {0x1c, 0x011c, 0x31};
    document_forget(document);
    document->password = *password;
    document->takes_extended = takes_extended;
    document->now_s = now_s;
    document->today = date_from_days(now_s / DAY_S);
    document->is_begun = true;
    document->end = DOCUMENT_GOING_ON;
    document->step = DOCUMENT_STEP_ACCESS;
    document_read_begin(document, &card_access);
}

bool document_command(struct document *document, const uint8_t **apdu, size_t *len)
{
    if (!document->is_begun || document->end != DOCUMENT_GOING_ON) {
        return false;
    }
    if (!document->is_asked) {
        struct apdu plain = {.len = 0};
        steps[document->step].ask(document, &plain);
        document->is_sealed = document->secure.is_open;
        document->command_len = document->is_sealed
                                    ? secure_command(&document->secure, &plain, document->command)
                                    : apdu_write(&plain, document->command);
        document->is_asked = true;
        document->apdus += 1;
        wipe(&plain, sizeof plain);
    }
    *apdu = document->command;
    *len = document->command_len;
    return true;
}

enum document_end document_answer(struct document *document, const uint8_t *bytes, size_t len,
                                  struct fault *fault)
{
    CHECK(document->is_asked);

    struct document_answer answer = {.len = 0};
    const enum document_step step = document->step;
    document->is_asked = false;
    if (open_answer(document, bytes, len, &answer, fault)) {
        steps[step].take(document, &answer, fault);
        wipe(document->plain, answer.len);
    }
    if (document->end == DOCUMENT_GOING_ON && document->apdus >= DOCUMENT_APDUS_MAX) {
        (void)fault_set(fault, ERR_TOO_BIG, "more commands than any document takes");
        document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
    }
    if (document->end != DOCUMENT_GOING_ON && document->end != DOCUMENT_VERIFIED) {
        (void)fault_prefix(fault, steps[document->step].name);
    }
    return document->end;
}

enum document_step document_step(const struct document *document)
{
    return document->step;
}

const char *document_step_name(enum document_step step)
{
    CHECK(step < DOCUMENT_STEPS_COUNT);

    return steps[step].name;
}

const char *document_reason_name(enum document_reason reason)
{
    static const char *const names[DOCUMENT_REASONS_COUNT] = {
        [DOCUMENT_NO_REASON] = "none",
        [DOCUMENT_UNKNOWN_STATE] = "unknown_state",
        [DOCUMENT_UNKNOWN_SIGNER] = "unknown_signer",
        [DOCUMENT_WITHDRAWN_SIGNER] = "withdrawn_signer",
        [DOCUMENT_SIGNER_EXPIRED] = "signer_expired",
        [DOCUMENT_SIGNATURE_WRONG] = "signature_wrong",
        [DOCUMENT_HASH_WRONG] = "hash_wrong",
        [DOCUMENT_SOD_UNREADABLE] = "sod_unreadable",
        [DOCUMENT_CHIP_SILENT] = "chip_silent",
        [DOCUMENT_CHIP_UNPROVEN] = "chip_unproven",
        [DOCUMENT_EXPIRED] = "expired",
        [DOCUMENT_ZONE_UNREADABLE] = "zone_unreadable",
    };
    CHECK(reason < DOCUMENT_REASONS_COUNT);

    return names[reason];
}

enum document_end document_end(const struct document *document)
{
    return document->end;
}

size_t document_apdus(const struct document *document)
{
    return document->apdus;
}

const struct document_checks *document_checks(const struct document *document)
{
    const bool has = document->end == DOCUMENT_VERIFIED || document->end == DOCUMENT_TO_COUNTER;
    return has ? &document->checks : NULL;
}

const struct document_holder_private *document_holder(const struct document *document)
{
    return document->end == DOCUMENT_VERIFIED ? &document->holder : NULL;
}

void document_forget(struct document *document)
{
    const struct trust *trust = document->trust;
    wipe(document, sizeof *document);
    document->trust = trust;
    document->end = DOCUMENT_NOT_NOW; // nothing is going on
}

void document_close(struct document *document, enum document_end end, enum document_reason reason)
{
    document->end = end;
    document->checks.reason = reason;
    if (end == DOCUMENT_VERIFIED) {
        document->step = DOCUMENT_STEP_DONE;
    } else {
        wipe(&document->holder, sizeof document->holder);
    }
    wipe_session(document);
}

void document_stop(struct document *document, uint16_t status, struct fault *fault)
{
    (void)fault_set(fault, ERR_REFUSED, "status %04x", status);
    document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
}

// False: it was not as it must be, and that is the end.
static bool open_answer(struct document *document, const uint8_t *bytes, size_t len,
                        struct document_answer *answer, struct fault *fault)
{
    if (!document->is_sealed) {
        if (len < 2) {
            (void)fault_set(fault, ERR_MALFORMED, "an answer without a status");
            document_close(document, DOCUMENT_NOT_NOW, DOCUMENT_NO_REASON);
            return false;
        }
        *answer = (struct document_answer){
            .data = bytes,
            .len = len - 2,
            .status = (uint16_t)(bytes[len - 2] << 8 | bytes[len - 1]),
        };
        return true;
    }
    const bool was_proving = is_chip_proving(document);
    answer->data = document->plain;
    if (secure_answer(&document->secure, bytes, len, document->plain, sizeof document->plain,
                      &answer->len, &answer->status, fault) != OK) {
        document_close(document, was_proving ? DOCUMENT_TO_COUNTER : DOCUMENT_NOT_NOW,
                       was_proving ? DOCUMENT_CHIP_UNPROVEN : DOCUMENT_NO_REASON);
        return false;
    }
    if (document->is_proof_open) {
        document->is_proof_open = false;
        document->checks.not_cloned = DOCUMENT_CLONE_CHIP;
    }
    return true;
}

// A session that breaks while the chip proves itself says that it cannot: some of June 2018 do.
static bool is_chip_proving(const struct document *document)
{
    return document->is_proof_open || document->step == DOCUMENT_STEP_CHIP_SET ||
           document->step == DOCUMENT_STEP_CHIP_AGREE;
}

static void wipe_session(struct document *document)
{
    wipe(&document->password, sizeof document->password);
    wipe(&document->secret, sizeof document->secret);
    wipe(&document->pace, sizeof document->pace);
    wipe(&document->bac, sizeof document->bac);
    wipe(&document->chip, sizeof document->chip);
    wipe(&document->active, sizeof document->active);
    wipe(&document->hashes, sizeof document->hashes);
    wipe(&document->infos, sizeof document->infos);
    secure_close(&document->secure);
    wipe(document->file_private, sizeof document->file_private);
    wipe(document->plain, sizeof document->plain);
    wipe(document->command, sizeof document->command);
}
