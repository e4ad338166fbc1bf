// SPDX-License-Identifier: EUPL-1.2
//
// A conversation with the chip of a passport, identity card or residence document (ICAO Doc 9303
// parts 10, 11): which command comes next, what its answer means, and at the end what was verified.
// Bytes in and out only: no reader, no clock, no screen. Photograph (DG2) and fingerprints (DG3)
// are never asked for.
#ifndef INLOOP_DRIVERS_DOCUMENT_H
#define INLOOP_DRIVERS_DOCUMENT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trust; // drivers/document/trust.h: the signers of states, from master lists

enum {
    DOCUMENT_CAN_BYTES = 7, // six digits
    DOCUMENT_NAME_BYTES = 40,
    DOCUMENT_STATE_BYTES = 4,        // "NLD", "D" (ICAO Doc 9303-3 section 5)
    DOCUMENT_NUMBER_BYTES = 23,      // TD1 with its long form
    DOCUMENT_DATE_BYTES = 7,         // yymmdd, as the machine-readable zone has it
    DOCUMENT_READ_BYTES_MAX = 65536, // all files of one conversation together
    DOCUMENT_APDUS_MAX = 600,        // an endless file ends here at the latest
};

// What opens the chip. Digits of the CAN, or three fields of the machine-readable zone without
// their check digits.
struct document_password_private {
    char can[DOCUMENT_CAN_BYTES]; // empty: the zone's fields
    char number[DOCUMENT_NUMBER_BYTES];
    char birth[DOCUMENT_DATE_BYTES];
    char expiry[DOCUMENT_DATE_BYTES];
};

// Where the conversation is; for the screen's words ("opening", "reading", "checking") and, by
// name, for the log.
enum document_step {
    DOCUMENT_STEP_ACCESS, // EF.CardAccess
    DOCUMENT_STEP_PACE_SET,
    DOCUMENT_STEP_PACE_NONCE,
    DOCUMENT_STEP_PACE_MAP,
    DOCUMENT_STEP_PACE_AGREE,
    DOCUMENT_STEP_PACE_TOKEN,
    DOCUMENT_STEP_SELECT, // the application
    DOCUMENT_STEP_BAC_CHALLENGE,
    DOCUMENT_STEP_BAC_AUTHENTICATE,
    DOCUMENT_STEP_COM,
    DOCUMENT_STEP_SOD,
    DOCUMENT_STEP_DG14,
    DOCUMENT_STEP_CHIP_SET, // chip authentication
    DOCUMENT_STEP_CHIP_AGREE,
    DOCUMENT_STEP_DG15,
    DOCUMENT_STEP_ACTIVE,
    DOCUMENT_STEP_DG1,
    DOCUMENT_STEP_VERIFY, // no command: signature, chain, hashes
    DOCUMENT_STEP_DONE,
    DOCUMENT_STEPS_COUNT,
};

// How it ended. Nothing here ever says "forged": a machine at a door has no such opinion.
enum document_end {
    DOCUMENT_GOING_ON,
    DOCUMENT_VERIFIED,       // read; `checks` says what was verified
    DOCUMENT_WRONG_PASSWORD, // ask again and begin anew; the chip lies there still
    DOCUMENT_NEEDS_ZONE,     // older: opens with the three fields of its zone, not with a CAN
    DOCUMENT_NOT_OURS,       // a card, but no travel document
    DOCUMENT_NOT_NOW,        // it broke its protocol: lay it down again; twice, then the counter
    DOCUMENT_TO_COUNTER,     // read, but not verified: `checks.reason` says why, for staff
};

// Why a document that was read goes to the counter.
enum document_reason {
    DOCUMENT_NO_REASON,
    DOCUMENT_UNKNOWN_STATE,    // no signer of that state is known here
    DOCUMENT_UNKNOWN_SIGNER,   // the state is known, this signer's chain does not close
    DOCUMENT_WITHDRAWN_SIGNER, // the document signer is on a list of withdrawn ones
    DOCUMENT_SIGNER_EXPIRED,   // not valid when the document was signed
    DOCUMENT_SIGNATURE_WRONG,  // of the security object, or of the chain
    DOCUMENT_HASH_WRONG,       // a file is not the one that was signed
    DOCUMENT_SOD_UNREADABLE,   // not a security object we understand
    DOCUMENT_CHIP_SILENT,      // proves nothing about itself: data alone can be copied
    DOCUMENT_CHIP_UNPROVEN,    // tried to, and it failed (the series of June 2018 among others)
    DOCUMENT_EXPIRED,          // the document itself
    DOCUMENT_ZONE_UNREADABLE,  // DG1 breaks its own check digits or form
    DOCUMENT_REASONS_COUNT,
};

enum document_clone_check {
    DOCUMENT_CLONE_NONE,
    DOCUMENT_CLONE_CHIP,    // chip authentication (EAC v1)
    DOCUMENT_CLONE_MAPPING, // PACE with chip-authentication mapping, by the key in DG14
    DOCUMENT_CLONE_ACTIVE,  // active authentication
};

struct document_checks {
    bool is_pace;    // else BAC
    bool is_genuine; // passive authentication: signature, chain, hash of every file read
    enum document_clone_check not_cloned;
    bool is_valid;               // not past its date of expiry
    enum document_reason reason; // DOCUMENT_NO_REASON when all of it holds
};

// What the machine-readable zone in the chip says, once its hash was checked. A personal number
// (optional data) is wiped there and never comes out.
struct document_holder_private {
    char kind[3]; // "P", "I", "ID", ...: document code
    char issuer[DOCUMENT_STATE_BYTES];
    char surname[DOCUMENT_NAME_BYTES]; // as printed: capitals A-Z, one space between parts
    char given[DOCUMENT_NAME_BYTES];   // the same; empty when the document has none
    bool is_name_cut;                  // the zone's line was full: the register's may be longer
    char birth[DOCUMENT_DATE_BYTES];   // yymmdd; "<<" stands for what is unknown
    char birth_iso[11];                // 1984-03-12; "1984-00-00" where unknown; century reckoned
    char expiry_iso[11];
};

struct document; // of one reader; made once at the program's start, large

// Keeps `trust`, which may be empty but not NULL. Caller frees with document_free.
struct document *document_new(const struct trust *trust);
void document_free(struct document *document); // wipes; NULL allowed

// Begins with a card that was just powered. Copies the password and wipes it at the end of the
// access step. With a CAN and the zone's fields both, the CAN is tried by PACE and the fields by
// BAC. `now_s` is wall time (UTC). `takes_extended` as the reader's LAID said.
void document_begin(struct document *document, const struct document_password_private *password,
                    bool takes_extended, int64_t now_s);
// The next command; borrowed until document_answer. False: it has ended (document_end says how).
bool document_command(struct document *document, const uint8_t **apdu, size_t *len);
// The answer to it, status bytes included. May take as long as a few scalar multiplications.
// `fault` is filled when this answer ended the conversation otherwise than well: the step by name
// and what was wrong with it, never a content.
enum document_end document_answer(struct document *document, const uint8_t *answer, size_t len,
                                  struct fault *fault);
enum document_step document_step(const struct document *document);
const char *document_step_name(enum document_step step);       // "pace map"
const char *document_reason_name(enum document_reason reason); // "signer_expired": the API's words
enum document_end document_end(const struct document *document);
size_t document_apdus(const struct document *document); // commands given so far
// After DOCUMENT_VERIFIED and DOCUMENT_TO_COUNTER.
const struct document_checks *document_checks(const struct document *document);
// Only after DOCUMENT_VERIFIED; NULL otherwise: what was not verified is nobody's name.
const struct document_holder_private *document_holder(const struct document *document);
// Forgets keys, files and holder; allowed at any time.
void document_forget(struct document *document);

#endif
