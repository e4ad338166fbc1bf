// SPDX-License-Identifier: EUPL-1.2
//
// What the files of the conversation share and nobody else sees: its state, the reading of files,
// and each step's question and answer.
#ifndef INLOOP_DRIVERS_DOCUMENT_DOCUMENT_PARTS_H
#define INLOOP_DRIVERS_DOCUMENT_DOCUMENT_PARTS_H

#include "base/bytes.h"
#include "base/text.h"
#include "drivers/document/active_auth.h"
#include "drivers/document/bac.h"
#include "drivers/document/chip_auth.h"
#include "drivers/document/document.h"
#include "drivers/document/files.h"
#include "drivers/document/pace.h"
#include "drivers/document/password.h"
#include "drivers/document/secure.h"
#include "drivers/document/trust.h"

enum {
    DOCUMENT_FILE_BYTES_MAX = 0x8000, // what READ BINARY can reach with fifteen bits
    DOCUMENT_GROUP_ZONE = 1,
    DOCUMENT_GROUP_CHIP = 14,
    DOCUMENT_GROUP_ACTIVE = 15,
};

struct document_file {
    uint8_t short_id;
    uint16_t id;
    uint32_t tag;
};

enum document_read_how { READ_BY_SHORT_ID, READ_SELECTING, READ_SELECTED };

struct document_reading {
    struct document_file file;
    enum document_read_how how;
    size_t asked;
    size_t have;
    size_t whole; // 0: not known yet
};

enum document_read { READ_MORE, READ_DONE, READ_ABSENT, READ_REFUSED, READ_BROKEN };

enum document_access { ACCESS_READ, ACCESS_ROOT, ACCESS_LENGTHS };

struct document {
    const struct trust *trust;
    struct document_password_private password;
    bool takes_extended;
    int64_t now_s;
    struct date today;

    bool is_begun;
    enum document_step step;
    enum document_end end;
    size_t apdus;
    bool is_asked; // a command is with the caller
    bool is_sealed;
    uint8_t command[APDU_BYTES_MAX];
    size_t command_len;
    uint8_t plain[SECURE_ANSWER_BYTES_MAX];

    enum document_access access;
    struct password_private secret;
    bool needs_zone;
    bool has_pace;
    size_t answer_bytes_max; // of the chip with extended lengths; 0: it said nothing
    struct pace_private pace;
    struct bac_private bac;
    struct secure_private secure;
    bool is_proof_open; // the next answer under the new keys is chip authentication's proof

    struct document_reading reading;
    size_t read_bytes;
    uint8_t file_private[DOCUMENT_FILE_BYTES_MAX];
    struct sod_hashes hashes;
    struct chip_infos infos;
    struct chip_auth_private chip;
    struct active_auth active;

    struct document_checks checks;
    struct document_holder_private holder;
};

// An answer without protection and status.
struct document_answer {
    const uint8_t *data;
    size_t len;
    uint16_t status;
};

// Ends the conversation; wipes what no later question needs. `reason` only with
// DOCUMENT_TO_COUNTER.
void document_close(struct document *document, enum document_end end, enum document_reason reason);
// As that with DOCUMENT_NOT_NOW for a status that stops us; fills `fault`.
void document_stop(struct document *document, uint16_t status, struct fault *fault);

// document_read.c: one file after the other into `file_private`.
void document_read_begin(struct document *document, const struct document_file *file);
void document_read_ask(struct document *document, struct apdu *apdu);
enum document_read document_read_take(struct document *document,
                                      const struct document_answer *answer, struct fault *fault);
// The longest plain answer that may be asked for.
size_t document_room(const struct document *document);

typedef void (*document_ask_fn)(struct document *document, struct apdu *apdu);
typedef void (*document_take_fn)(struct document *document, const struct document_answer *answer,
                                 struct fault *fault);

// document_access.c: until keys are shared with the application. document_proof.c: what it holds.
void document_ask_access(struct document *document, struct apdu *apdu);
void document_take_access(struct document *document, const struct document_answer *answer,
                          struct fault *fault);
void document_ask_pace(struct document *document, struct apdu *apdu);
void document_take_pace(struct document *document, const struct document_answer *answer,
                        struct fault *fault);
void document_ask_select(struct document *document, struct apdu *apdu);
void document_take_select(struct document *document, const struct document_answer *answer,
                          struct fault *fault);
void document_ask_bac(struct document *document, struct apdu *apdu);
void document_take_bac(struct document *document, const struct document_answer *answer,
                       struct fault *fault);

void document_begin_com(struct document *document);
void document_begin_sod(struct document *document);
void document_take_com(struct document *document, const struct document_answer *answer,
                       struct fault *fault);
void document_take_sod(struct document *document, const struct document_answer *answer,
                       struct fault *fault);
void document_take_dg14(struct document *document, const struct document_answer *answer,
                        struct fault *fault);
void document_ask_chip(struct document *document, struct apdu *apdu);
void document_take_chip(struct document *document, const struct document_answer *answer,
                        struct fault *fault);
void document_take_dg15(struct document *document, const struct document_answer *answer,
                        struct fault *fault);
void document_ask_active(struct document *document, struct apdu *apdu);
void document_take_active(struct document *document, const struct document_answer *answer,
                          struct fault *fault);
void document_take_dg1(struct document *document, const struct document_answer *answer,
                       struct fault *fault);

#endif
